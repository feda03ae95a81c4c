"""Importing a WARC beside what other tools make of the same pages: python bench/tools.py [--pages N] [--python FILE]

Runs `backfile import`, trafilatura's command line over a folder with the pages, and news-please's reading of WARC
records as its Common Crawl extractor does it, each in as many processes as there are cores; prints pages a second, with
the start of everything. `--python` names the interpreter of an environment that has trafilatura and news-please; what
is not installed there is passed over.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from importing import body, write_warc

from archive import create_archive

NEWS_PLEASE = """
import json, multiprocessing, sys
def read(path):
    from newsplease import NewsPlease
    from warcio.archiveiterator import ArchiveIterator
    done = 0
    with open(path, "rb") as file, open(path + ".jsonl", "w") as out:
        for record in ArchiveIterator(file):
            try:
                article = NewsPlease.from_warc(record, fetch_images=False)
            except Exception:  # some languages need packages that it does not ask for: its own extractor goes on, too
                continue
            out.write(json.dumps(article.get_serializable_dict()) + "\\n")
            done += bool(article.maintext)
    return done
if __name__ == "__main__":
    with multiprocessing.get_context("spawn").Pool(len(sys.argv) - 1) as pool:
        print(sum(pool.map(read, sys.argv[1:])))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--python", type=Path, default=Path(sys.executable))
    given = parser.parse_args()
    cores = os.cpu_count() or 1
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        folder = Path(scratch)
        write_warc(folder / "pages.warc.gz", given.pages)
        for recogniser in ("none", "default"):
            command = imports(folder, recogniser)
            told(f"backfile import, recogniser {recogniser}", given.pages, command, folder)
        pages = folder / "pages"
        pages.mkdir()
        for number in range(given.pages):
            (pages / f"{number}.html").write_bytes(body(number))
        tool = given.python.with_name("trafilatura")
        texts = [tool, "--parallel", cores, "--input-dir", pages, "--output-dir", folder / "texts"]
        told("trafilatura", given.pages, texts, folder)
        told("trafilatura --json --with-metadata", given.pages, [*texts, "--json", "--with-metadata"], folder)
        parts = [folder / f"part{n}.warc.gz" for n in range(cores)]
        for n, part in enumerate(parts):
            write_warc(part, given.pages // cores, first=n * (given.pages // cores))
        (folder / "news_please.py").write_text(NEWS_PLEASE)
        told("news-please", given.pages, [given.python, folder / "news_please.py", *parts], folder)


def imports(folder: Path, recogniser: str) -> list[object]:
    archive = folder / recogniser
    create_archive(archive).close()
    (archive / "backfile.toml").write_text(f'[entities]\nrecogniser = "{recogniser}"\n')
    backfile = Path(sys.executable).with_name("backfile")
    return [backfile, "--quiet", "--dir", archive, "import", folder / "pages.warc.gz", "--no-fetch"]


def told(name: str, pages: int, command: Sequence[object], folder: Path) -> None:
    """Run a command and say how fast it was."""
    begun, spent = time.monotonic(), sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])
    try:
        ran = subprocess.run([str(part) for part in command], cwd=folder, capture_output=True, text=True)
    except FileNotFoundError:
        print(f"{name:36} is not installed", flush=True)
        return
    took, spent = time.monotonic() - begun, sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2]) - spent
    what = (
        f"{pages / took:7.1f} pages/s, {1000 * spent / pages:5.0f} ms of processor time a page"
        if ran.returncode == 0
        else f"failed: {ran.stderr.strip()[-200:]}"
    )
    print(f"{name:36}{what}", flush=True)


if __name__ == "__main__":
    main()
