"""How often an import asks its catalog: each statement is a round trip where a catalog lies across a network."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from archive import ArchiveSettings, EntitySettings, LinkSettings, create_archive, open_archive
from archive.formats import Item, Origin
from archive.storage.catalog import database

PAGES = 90
MOST = 15  # statements to an article


def item(number: int) -> Item:
    """A page with names, some shared by all and one of its own, that cites two others."""
    text = (
        f"<p>Mayor Cherelle Parker and Larry Krasner met the board of Sillmouth {number} in Philadelphia on Tuesday. "
        f"The Immigration and Customs Enforcement agency (ICE) sent Officer Maria Lopez{number}.</p>" * 6
    )
    links = "".join(f'<p>See <a href="https://paper.example/{(number + n) % PAGES}">that</a>.</p>' for n in (1, 2))
    page = (
        f"<html><head><title>Story {number}</title></head><body><article><h1>Story {number}</h1>{text}{links}</article>"
    )
    return Item(
        f"https://paper.example/{number}", Origin("list", "pages"), payload=page.encode(), media_type="text/html"
    )


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Every statement that any connection to a catalog is given; one that is given for many rows at once is one."""
    found: Counter[str] = Counter()

    class Counted(database.Connection):
        def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
            found[sql] += 1
            return super().execute(sql, parameters)

        def executemany(self, sql: str, parameters: Iterable[Any], /) -> sqlite3.Cursor:
            found[sql] += 1
            return super().executemany(sql, parameters)

    monkeypatch.setattr(database, "Connection", Counted)
    return found


def test_an_import_asks_little_for_each_article(tmp_path: Path, statements: Counter[str]) -> None:
    create_archive(tmp_path / "archive").close()
    settings = ArchiveSettings(links=LinkSettings(depth=0), entities=EntitySettings(recogniser="default"))
    with open_archive(tmp_path / "archive", settings) as archive:
        statements.clear()
        done = list(archive.import_items(map(item, range(PAGES)), name="pages", fetch=False))
        asked = statements.total()
        assert len(done) == PAGES
        assert archive.counts().articles == PAGES
        assert len(archive.names()) > PAGES
    most = statements.most_common(8)
    assert asked <= MOST * PAGES, f"{asked / PAGES:.1f} statements to an article; most often {most}"


def test_cataloguing_asks_the_same_for_many_pages_as_for_one(tmp_path: Path, statements: Counter[str]) -> None:
    """A rebuild, which is cataloguing alone, of captures in groups of 32."""
    create_archive(tmp_path / "archive").close()
    settings = ArchiveSettings(links=LinkSettings(depth=0), entities=EntitySettings(recogniser="default"))
    with open_archive(tmp_path / "archive", settings) as archive:
        list(archive.import_items(map(item, range(64)), name="pages", fetch=False))
        statements.clear()
        assert archive.rebuild() == 64
    assert statements.total() <= 3 * 64, statements.most_common(8)


def test_a_capture_is_read_without_looking_its_article_up(tmp_path: Path, statements: Counter[str]) -> None:
    """While nothing is under embargo, one look says so."""
    create_archive(tmp_path / "archive").close()
    settings = ArchiveSettings(links=LinkSettings(depth=0), entities=EntitySettings(recogniser="none"))
    with open_archive(tmp_path / "archive", settings) as archive:
        list(archive.import_items([item(1)], name="pages", fetch=False))
        (entry,) = archive.entries()
        for ask in (archive.payload, archive.resources, archive.capture):
            statements.clear()
            ask(entry.capture_id)
            asked = [sql for sql in statements.elements() if sql.startswith("SELECT")]
            assert (len(asked), any("FROM forgotten" in sql for sql in asked)) == (2, True), asked
