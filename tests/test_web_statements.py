"""How often a page asks the catalog: each statement is a round trip, and a page of hits must not make one for each."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

import pytest

from archive import ArchiveSettings, EntitySettings, Item, LinkSettings, Origin, create_archive
from archive.storage.catalog import database
from backfile.desk import Desk, open_desk
from backfile.desk.settings import WebSettings
from backfile.desk.tokens import Tokens
from backfile.web import params
from backfile.web.calls import Call, Sent
from backfile.web.jobs import Runner
from backfile.web.openapi import description
from backfile.web.routes import ROUTES, Handler
from backfile.web.sessions import Sessions
from backfile.web.site import Origins, Site

PAGES = 25
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
        yield served(desk)


def served(desk: Desk) -> Site:
    origins = Origins("http://127.0.0.1:1", "http://localhost:2", frozenset(), frozenset())
    tokens = Tokens(desk.folder)
    return Site(desk, origins, WebSettings(), tokens, Sessions(tokens), Runner(desk), description)


def shown(site: Site, path: str, **parts: str) -> str:
    """The page at an address, as its route's handler makes it."""
    place = urlsplit(path)
    (route,) = [one for one in ROUTES if one.method == "GET" and one.path == place.path]
    given: Any = params.read(route.params, parse_qsl(place.query), lax=True)
    with site.desk.archive.snapshot():
        answer = cast(Handler, route.handler)(site, Call("GET", path, parts, given, {}))
    assert isinstance(answer, Sent)
    return answer.body.decode()


def test_a_page_of_hits_asks_once_for_all_of_them(site: Site) -> None:
    """Words, a name, a value that is chosen and one that is left out; and each article of the page is there."""
    for query in ("Krasner", 'person:"Larry+Krasner"', "person:%3D%22Larry+Krasner%22", "-tag:%3Dharbour", ""):
        shown(site, f"/search?q={query}")
        statements.clear()
        page = shown(site, f"/search?q={query}")
        assert statements.total() <= MOST, (query, statements.most_common())
        assert page.count("<li>\n<h3") == (0 if query.startswith("-") else 20)


def test_no_page_asks_for_much(site: Site) -> None:
    (hit, *_) = site.desk.search("Krasner", limit=1).hits
    entry = site.desk.find(hit.id)
    assert len(entry.sources) == len(entry.cited_by) == 2, "the test itself: what a page is about has neighbours"
    one = {"id": hit.id}
    pages: list[tuple[str, dict[str, str]]] = [
        ("/", {}), ("/article/{id}?q=Krasner", one), ("/article/{id}/sources", one), ("/article/{id}/versions", one),
        ("/article/{id}/evidence", one), ("/article/{id}/similar", one), ("/facets/{field}", {"field": "person"}),
        ("/name/{kind}/{name:path}", {"kind": "person", "name": "Larry Krasner"}), ("/changes", {}), ("/jobs", {}),
        ("/site/{name:path}", {"name": "paper.example"}), ("/coverage?q=Krasner&q=Parker", {}), ("/saved", {}),
        ("/together?q=Krasner", {}), ("/watch", {}), ("/status", {}),
        ("/page/{capture}", {"capture": entry.capture_id}),
    ]  # fmt: skip
    asked = {}
    for path, parts in pages:
        shown(site, path, **parts)
        statements.clear()
        assert shown(site, path, **parts)
        asked[path] = statements.total()
    assert {path: count for path, count in asked.items() if count > MOST} == {}
