"""Rows of one entry → `Entry`: article, what was understood, what became of each link, who cites it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from archive.model import Article, Citation, CitedSource, Edit, Entry, Link, Outcome, Reading
from archive.storage.catalog import editing, rows
from archive.storage.catalog.dialect import listed, numbered

ENTRY_COLUMNS = (
    "num, id, key, url, final_url, outcome, detail, first_captured, last_captured, capture, media_type, version, "
    "changes, depth, note, added_by, edits"
)
# A link's key leads to the last capture of just that URL (its chain and outcome), to the entry it belongs to by now,
# and, where neither shows content, to what a short link was once known to stand for.
_SOURCES = f"""
    SELECT l.n, l.key, c.outcome, c.detail, c.final_url, c.hops, e.id, e.title, e.outcome, e.detail, e.final_url, s.long
    FROM {{}} l
    LEFT JOIN captures c ON c.seq = {rows.LATEST.format("l.key")}
    LEFT JOIN aliases a ON a.key = l.key
    LEFT JOIN entries e ON e.num = a.entry
    LEFT JOIN short_links s ON s.key = l.key
    {{}} ORDER BY l.n
"""  # noqa: S608 -- constant
_CURRENT_SOURCES = _SOURCES.format("links", "WHERE l.entry = ?")
_LISTED_SOURCES = _SOURCES.format(f"(SELECT place AS n, a0 AS key FROM {numbered(1)})", "")  # noqa: S608 -- constant
_CITED_BY = """
    SELECT DISTINCT e.id, e.url, e.title, e.num
    FROM aliases a JOIN links l ON l.key = a.key JOIN entries e ON e.num = l.entry
    WHERE a.entry = ? AND e.num <> ? ORDER BY e.num
"""


def entry(db: sqlite3.Connection, row: tuple[Any, ...]) -> Entry:
    """From a row of ENTRY_COLUMNS; everything else is read on `db`, which holds one snapshot."""
    (
        num,
        entry_id,
        key,
        url,
        final_url,
        outcome,
        detail,
        first,
        last,
        capture,
        media_type,
        version,
        changes,
        depth,
        note,
        added_by,
        edited,
    ) = row
    edits = rows.edits(edited)
    article, reading = _edited(*_current(db, num, version), edits)
    shown = db.execute("SELECT login, memento FROM captures WHERE id = ?", (capture,)).fetchone() or (0, None)
    return Entry(
        id=entry_id,
        key=key,
        url=url,
        final_url=final_url,
        outcome=Outcome(outcome),
        detail=detail,
        first_captured=datetime.fromisoformat(first),
        last_captured=datetime.fromisoformat(last),
        article=article,
        reading=reading,
        capture_id=capture,
        media_type=media_type,
        versions=int(db.execute("SELECT count(*) FROM versions WHERE entry = ?", (num,)).fetchone()[0])
        if version
        else 0,
        changes=rows.unlines(changes),
        depth=depth,
        sources=_sources(db, num, article.links) if article and article.links else (),
        cited_by=tuple(Citation(*found[:3]) for found in db.execute(_CITED_BY, (num, num))),
        tags=tuple(found[0] for found in db.execute("SELECT tag FROM tags WHERE entry = ? ORDER BY tag", (num,))),
        note=note,
        removed=_removed(db, num) if version > 1 else (),
        login=bool(shown[0]),
        memento=rows.memento(shown[1]),
        added_by=added_by,
        edits=edits,
        version=version,
    )


def sources(db: sqlite3.Connection, links: tuple[Link, ...], keys: Iterable[str]) -> tuple[CitedSource, ...]:
    """What became of `links`, whichever text they stand in; `keys` are theirs, in order."""
    return tuple(_source(links[row[0]], row) for row in db.execute(_LISTED_SOURCES, (listed((key,) for key in keys),)))


def _edited(article: Article | None, reading: Reading, edits: tuple[Edit, ...]) -> tuple[Article | None, Reading]:
    if article is None or not edits:
        return article, reading
    now = editing.edited(article, edits)
    return now, editing.moved(reading, article.title, now.title)


def _removed(db: sqlite3.Connection, num: int) -> tuple[str, ...]:
    found = db.execute("SELECT removed FROM versions WHERE entry = ? ORDER BY number", (num,))
    return tuple(passage for (removed,) in found for passage in rows.passages(removed))


def _current(db: sqlite3.Connection, num: int, version: int) -> tuple[Article | None, Reading]:
    if not version:
        return None, Reading()
    article = db.execute("SELECT article_z FROM versions WHERE entry = ? AND number = ?", (num, version)).fetchone()
    reading = db.execute("SELECT reading_z FROM readings WHERE entry = ?", (num,)).fetchone()
    return rows.article(article[0]), rows.reading(reading[0]) if reading else Reading()


def _sources(db: sqlite3.Connection, num: int, links: tuple[Link, ...]) -> tuple[CitedSource, ...]:
    return tuple(_source(links[row[0]], row) for row in db.execute(_CURRENT_SOURCES, (num,)) if row[0] < len(links))


def _source(link: Link, row: tuple[Any, ...]) -> CitedSource:
    _, key, tried, detail, final_url, hops, entry_id, title, entry_outcome, entry_detail, entry_url, long = row
    if tried is None:  # never asked for itself, but some other URL's chain may have passed here
        outcome = Outcome(entry_outcome) if entry_outcome else None
        detail = entry_detail or (f"not followed: {link.unfollowed}" if link.unfollowed else "")
        return CitedSource(link, key, entry_url or long or link.url, (), outcome, detail, entry_id, title or "")
    outcome = Outcome(tried)
    chain = tuple(hop.url for hop in rows.hops(hops))
    if long and not outcome.has_content:
        final_url = long
    return CitedSource(link, key, final_url, chain, outcome, detail, entry_id, title or "")
