"""Kills `add` many more times than the test suite does: python bench/kills.py [--rounds 1000] [--seed N].

Prints how many kills met a running writer, and every complaint (a reported page that is gone, a call that did not
complete, whatever `verify` finds). None is the only good number of those.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1] / "tests"
sys.path.insert(0, str(TESTS))

from newsroom import Newsroom  # noqa: E402 - found beside the tests
from test_kill import serve_rounds  # noqa: E402

from archive import create_archive  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    newsroom = Newsroom()
    serve_rounds(newsroom, options.rounds)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "archive"
        create_archive(folder).close()
        (folder / "backfile.toml").write_text(newsroom.toml())
        driver = [sys.executable, str(TESTS / "kill_driver.py"), str(folder), str(options.rounds), str(options.seed)]
        return subprocess.run(driver).returncode


if __name__ == "__main__":
    sys.exit(main())
