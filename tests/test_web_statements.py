"""How often a page asks the catalog: each statement is a round trip, and a page of hits must not make one for each."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from sites import as_served, shown

from archive import Archive, ArchiveSettings, EntitySettings, Entry, Item, LinkSettings, Origin, create_archive
from archive.storage.catalog import database
from backfile.desk import open_desk
from backfile.web.pages import exploring
from backfile.web.site import Site

PAGES = 25
_SENTENCES = re.compile(r'articles with [^<]*</span></a></td><td class="n">(\d*)</td>')
MOST = 30  # statements to a page, those that begin and end a reading among them

statements: Counter[str] = Counter()


class Counted(database.Connection):
    """Counts what a connection to a catalog is given."""

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        statements[sql] += 1
        return super().execute(sql, parameters)

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> sqlite3.Cursor:
        statements[sql] += 1
        return super().executemany(sql, parameters)


def item(number: int) -> Item:
    """A page with names that cites two others."""
    text = "<p>Mayor Cherelle Parker and Larry Krasner met the board of Sillmouth in Philadelphia on Tuesday.</p>" * 5
    links = "".join(f'<p>See <a href="https://paper.example/{(number + n) % PAGES}">that</a>.</p>' for n in (1, 2))
    page = f"<html><title>Story {number}</title><body><article><h1>Story {number}</h1>{text}{links}</article></body>"
    return Item(
        f"https://paper.example/{number}", Origin("list", "pages"), payload=page.encode(), media_type="text/html",
        tags=("harbour",),
    )  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An archive as it is served, without a server; its connections are counted."""
    folder = tmp_path_factory.mktemp("asked") / "archive"
    create_archive(folder).close()
    settings = ArchiveSettings(links=LinkSettings(depth=0), entities=EntitySettings(recogniser="default"))
    with pytest.MonkeyPatch.context() as patch, open_desk(folder, settings, keeps_up=False) as desk:
        list(desk.archive.import_items(map(item, range(PAGES)), name="pages", fetch=False))
        desk.catch_up()
        desk.close()
        patch.setattr(database, "Connection", Counted)
        yield as_served(desk)


def test_a_page_of_hits_asks_once_for_all_of_them(site: Site) -> None:
    """Words, a name, a value that is chosen and one that is left out; and each article of the page is there."""
    for query in ("Krasner", 'person:"Larry+Krasner"', "person:%3D%22Larry+Krasner%22", "-tag:%3Dharbour", ""):
        shown(site, f"/search?q={query}")
        statements.clear()
        page = shown(site, f"/search?q={query}")
        assert statements.total() <= MOST, (query, statements.most_common())
        assert page.count("<li>\n<h3") == (0 if query.startswith("-") else 20)


def test_a_page_of_hits_reads_only_what_it_shows(site: Site) -> None:
    """What became of links is on no page of hits; names are read where a passage is shown for them."""
    for query, named in (("Krasner", False), ('person:"Larry+Krasner"', True), ("person:%3D%22Larry+Krasner%22", True)):
        statements.clear()
        page = shown(site, f"/search?q={query}")
        assert "<mark>Larry Krasner</mark>" in page or "<mark>Krasner</mark>" in page
        read = " ".join(statements)
        assert ("names n JOIN things" in read, "reading_z" in read) == (named, named)
        assert "links l" not in read.replace("CROSS JOIN links l", "")


def test_no_page_asks_for_much(site: Site) -> None:
    (hit, *_) = site.desk.search("Krasner", limit=1).hits
    entry = site.desk.find(hit.id)
    assert len(entry.sources) == len(entry.cited_by) == 2, "the test itself: what a page is about has neighbours"
    about = f"/article/{hit.id}"
    pages = [
        "/", f"{about}?q=Krasner", f"{about}/sources", f"{about}/versions", f"{about}/evidence", f"{about}/similar",
        "/facets/person", "/name/person/Larry Krasner", "/changes", "/jobs", "/site/paper.example", "/saved", "/watch",
        "/coverage?q=Krasner&q=Parker", "/together?q=Krasner", "/map?q=Krasner", "/status", "/rules",
        "/search.atom?q=Krasner", "/search.jsonfeed?q=Krasner", "/changes.atom", "/changes.jsonfeed",
        f"/page/{entry.capture_id}",
    ]  # fmt: skip
    asked = {}
    for path in pages:
        shown(site, path)
        statements.clear()
        assert shown(site, path)
        asked[path] = statements.total()
    assert {path: count for path, count in asked.items() if count > MOST} == {}


def test_who_is_named_with_whom_reads_few_articles(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """All stories have all pairs: whose sentences would take more reading than that goes without them, and is told."""
    read: list[str] = []

    def each(ids: Iterable[str]) -> Iterator[Entry]:
        for entry in Archive.each(site.desk.archive, ids):
            read.append(entry.id)
            yield entry

    monkeypatch.setattr(site.desk.archive, "each", each)
    monkeypatch.setattr(exploring, "_SENTENCES", PAGES)
    page = shown(site, "/together?name=person&by=place")
    assert len(read) == PAGES
    assert _SENTENCES.findall(page) == ["125"] * 4
    assert "Sentences are counted" not in page
    read.clear()
    monkeypatch.setattr(exploring, "_SENTENCES", PAGES - 1)
    page = shown(site, "/together?name=person&by=place")
    assert not read
    assert "of 4 pairs they are not" in page
    assert _SENTENCES.findall(page) == [""] * 4
