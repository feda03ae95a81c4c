"""What Lighthouse says of the pages of `backfile serve`: its four scores, and the times and sizes behind them.

    scripts/bench lighthouse --lighthouse PATH/TO/node_modules/.bin/lighthouse [--archive FOLDER]

Without a folder the sample newsroom is archived first. Lighthouse (npm install lighthouse@12; newer ones want a newer
Node) belongs to no part of this program, and asks for nothing but the pages. It opens them in the system's Chromium as
on a telephone: a slow one, with a slow line, both simulated. On a busy machine the scores for speed are lower.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))

import screenshots

PAGES = ("home", "search", "facet", "article", "sources", "map", "coverage", "add")
SCORES = ("performance", "accessibility", "best-practices", "seo")
FIGURES = {"largest-contentful-paint": "LCP ms", "cumulative-layout-shift": "CLS", "total-blocking-time": "TBT ms",
           "total-byte-weight": "bytes"}  # fmt: skip


def main() -> None:
    """Prints a row for each page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lighthouse", type=Path, required=True, help="its command")
    parser.add_argument("--archive", type=Path, help="one that was made of the sample newsroom before")
    given = parser.parse_args()
    print("| page | " + " | ".join((*SCORES, *FIGURES.values())) + " |")
    print("|---" * (1 + len(SCORES) + len(FIGURES)) + "|")
    with (
        tempfile.TemporaryDirectory() as folder,
        archive_of(given.archive, Path(folder)) as archive,
        screenshots.served(archive) as site,
    ):
        for name, path in screenshots.pages(site).items():
            if name in PAGES:
                print(row(name, report(given.lighthouse, site + path)), flush=True)


@contextlib.contextmanager
def archive_of(given: Path | None, folder: Path) -> Iterator[Path]:
    """The folder that was given, or a new one."""
    if given:
        yield given
    else:
        with screenshots.archived(folder) as made:
            yield made


def report(lighthouse: Path, url: str) -> Any:
    """All that Lighthouse has to say."""
    flags = "--headless --no-sandbox" if os.geteuid() == 0 else "--headless"
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    command = [str(lighthouse), url, "--output=json", "--quiet", f"--chrome-flags={flags}"]
    ran = subprocess.run(command, capture_output=True, check=True, env={**os.environ, "CHROME_PATH": str(chromium)})
    return json.loads(ran.stdout)


def row(name: str, said: Any) -> str:
    """A row of a table in Markdown; behind it what takes points away, for whoever wants to mend it."""
    scores = [f"{100 * (said['categories'][one]['score'] or 0):.0f}" for one in SCORES]
    figures = [f"{said['audits'][one]['numericValue']:.{3 if 'shift' in one else 0}f}" for one in FIGURES]
    for category in SCORES:
        for ref in said["categories"][category]["auditRefs"]:
            audit = said["audits"][ref["id"]]
            if ref["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                print(f"  {name}: {category}: {audit['title']}", file=sys.stderr)
    return f"| {name} | " + " | ".join((*scores, *figures)) + " |"


if __name__ == "__main__":
    main()
