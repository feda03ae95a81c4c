"""Pictures of the pages of `backfile serve`, of the sample newsroom, for a person to look at one by one.

    scripts/screenshots.py [--into FOLDER] [--docs]

Pages × light and dark × 1280 and 390 pixels, and a printed article as PDF. Archives the sample newsroom into a
temporary folder first, serves it, and opens it in Chromium; nothing leaves the machine. `--docs`: the three pictures of
README.md and docs/web.md.
Needs the extra dev, and Chromium (on Debian: apt install chromium).
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright
from sample_newsroom.server import Running, serve

BACKFILE = Path(sys.executable).with_name("backfile")
LEAD = "https://www.sillmouthledger.example/2025/03/14/venn-docks-fpsa"
QUERY = "person:Venn topic:FPSA"
SIZES = {"wide": (1280, 900), "narrow": (390, 844)}
DOCS = Path(__file__).resolve().parents[1] / "docs"
SHOWN = {"search": (1100, 760), "article": (1100, 900), "coverage": (1100, 760)}  # the pictures of the documentation


def main() -> None:
    """Takes the pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--into", type=Path, default=Path("screenshots"), help="the folder to write into")
    parser.add_argument("--docs", action="store_true", help="the pictures of the documentation alone")
    given = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        archived(Path(folder)) as archive,
        served(archive) as site,
        sync_playwright() as playwright,
    ):
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
        browser = playwright.chromium.launch(executable_path=found, args=sandbox)
        if given.docs:
            for name, box in SHOWN.items():
                picture(browser, site + pages(site)[name], DOCS / f"{name}.jpg", box, "light", whole=False)
                print(DOCS / f"{name}.jpg")
        else:
            all_pages(browser, site, given.into)
        browser.close()


def all_pages(browser: Any, site: str, into: Path) -> None:
    """Every page in every look."""
    into.mkdir(parents=True, exist_ok=True)
    for name, path in pages(site).items():
        for size, box in SIZES.items():
            for look in ("light", "dark"):
                file = into / f"{name}-{size}-{look}.png"
                picture(browser, site + path, file, box, look)
                print(file, flush=True)
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(site + pages(site)["article"])
    page.pdf(path=into / "article-printed.pdf", format="A4")
    page.close()
    print(into / "article-printed.pdf")


def picture(browser: Any, url: str, file: Path, box: tuple[int, int], look: str, *, whole: bool = True) -> None:
    """One picture."""
    page = browser.new_page(viewport={"width": box[0], "height": box[1]}, color_scheme=look)
    page.goto(url, wait_until="networkidle")  # also what stands in a frame
    page.screenshot(path=file, full_page=whole, **({"type": "jpeg", "quality": 72} if file.suffix == ".jpg" else {}))
    page.close()


def pages(site: str) -> dict[str, str]:
    """The addresses of the pages by name."""
    lead = get(site, f"/api/v1/articles?{urllib.parse.urlencode({'url': LEAD})}")
    article = f"/article/{lead['id']}"
    return {
        "home": "/",
        "search": search(QUERY),
        "search-chosen": search('topic:FPSA person:="Marisol Venn" -place:="Sillmouth"'),
        "search-nothing": search("person:Venn topic:FPSA zebra"),
        "search-lacking": search("Venn harbour FPSA zebra"),
        "search-texts": f"{search('topic:FPSA')}&view=texts",
        "search-mistake": search("person:Venn dat:2025"),
        "facet": f"/facets/person?{urllib.parse.urlencode({'q': 'topic:FPSA'})}",
        "article": f"{article}?{urllib.parse.urlencode({'q': QUERY})}",
        "sources": f"{article}/sources",
        "versions": f"{article}/versions",
        "evidence": f"{article}/evidence",
        "page": f"/page/{lead['capture_id']}",
        "add": "/add",
        "coverage": f"/coverage?{urllib.parse.urlencode([('q', 'person:Venn'), ('q', 'topic:FPSA'), ('by', 'week')])}",
        "together": f"/together?{urllib.parse.urlencode({'q': 'topic:FPSA'})}",
        "map": f"/map?{urllib.parse.urlencode({'q': 'topic:FPSA'})}",
        "name": "/name/person/Marisol%20Venn",
        "similar": f"{article}/similar",
        "jobs": "/jobs",
        "watch": "/watch",
        "rules": "/rules",
    }


def search(query: str) -> str:
    """The search page of a query."""
    return f"/search?{urllib.parse.urlencode({'q': query})}"


def get(site: str, path: str) -> Any:
    """The JSON at an address."""
    with urllib.request.urlopen(site + path) as answer:  # noqa: S310 - our own server
        return json.load(answer)


@contextlib.contextmanager
def archived(folder: Path) -> Iterator[Path]:
    """An archive of the sample newsroom."""
    archive = folder / "newsroom"
    run("init", str(archive))
    with serve() as newsroom:
        settings = (archive / "backfile.toml").read_text(encoding="utf-8")
        (archive / "backfile.toml").write_text(newsroom.settings(), encoding="utf-8")
        add(archive, newsroom)
        (archive / "backfile.toml").write_text(settings, encoding="utf-8")
    run("--dir", str(archive), "saved", "add", "docks", QUERY)
    yield archive


def add(archive: Path, newsroom: Running) -> None:
    """Archives the front stories with their sources."""
    run("--dir", str(archive), "--quiet", "add", *newsroom.urls)


def run(*arguments: str) -> None:
    """Runs a command."""
    subprocess.run([BACKFILE, *arguments], check=True, stdout=subprocess.DEVNULL)


@contextlib.contextmanager
def served(archive: Path) -> Iterator[str]:
    """The archive, served; its address."""
    command = [str(BACKFILE), "--dir", str(archive), "serve", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        said = iter(server.stderr.readline, "")
        found = next(filter(None, (re.search(r"http://[^\s;]+", line) for line in said)))
        try:
            yield found[0]
        finally:
            server.terminate()


if __name__ == "__main__":
    main()
