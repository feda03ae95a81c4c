"""Rows of entries → `Entry`: article, what was understood, what became of each link, who cites it.

However many entries there are, each table is read with one statement.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from archive.errors import DamagedError
from archive.frozen import frozen
from archive.model import Article, Citation, CitedSource, Edit, Entry, Link, Method, Outcome, Reading
from archive.storage.catalog import rows
from archive.storage.catalog.dialect import AMONG, Db, listed, numbered

ENTRY_COLUMNS = (
    "num, id, key, url, final_url, outcome, detail, first_captured, last_captured, capture, media_type, version, "
    "changes, depth, note, added_by, edits"
)
# A link's key leads to the last capture of just that URL (its chain and outcome), to the entry it belongs to by now,
# and, where neither shows content, to what a short link was once known to stand for.
_SOURCES = f"""
    SELECT {{}} l.n, l.key, c.outcome, c.detail, c.final_url, c.hops, e.id, e.title, e.outcome, e.detail, e.final_url, s.long
    FROM {{}} l
    LEFT JOIN captures c ON c.seq = {rows.LATEST.format("l.key")}
    LEFT JOIN aliases a ON a.key = l.key
    LEFT JOIN entries e ON e.num = a.entry
    LEFT JOIN short_links s ON s.key = l.key
    {{}} ORDER BY {{}} l.n
"""  # noqa: S608, E501 -- constant
_CURRENT_SOURCES = _SOURCES.format("l.entry,", "links", f"WHERE l.entry {AMONG}", "l.entry,")
_LISTED_SOURCES = _SOURCES.format("", f"(SELECT place AS n, a0 AS key FROM {numbered(1)} asked)", "", "")  # noqa: S608
_TEXTS = f"""
    SELECT e.num, article_z, {{}} FROM entries e
    JOIN versions v ON v.entry = e.num AND v.number = e.version {{}} WHERE e.num {AMONG}
"""  # noqa: S608 -- constant
_UNDERSTOOD_TEXTS = _TEXTS.format("reading_z", "LEFT JOIN readings r ON r.entry = e.num")
_BARE_TEXTS = _TEXTS.format("NULL", "")
_VERSIONS = f"SELECT entry, removed FROM versions WHERE entry {AMONG} ORDER BY entry, number"  # noqa: S608
_TAGS = f"SELECT entry, tag FROM tags WHERE entry {AMONG} ORDER BY entry, tag"  # noqa: S608
_SHOWN = f"SELECT id, login, memento, method FROM captures WHERE id {AMONG}"  # noqa: S608
# CROSS, for SQLite: from the few entries that are asked for to those that cite them, not the other way.
_CITED_BY = f"""
    SELECT DISTINCT a.entry, e.id, e.url, e.title, e.num
    FROM aliases a CROSS JOIN links l ON l.key = a.key CROSS JOIN entries e ON e.num = l.entry
    WHERE a.entry {AMONG} AND e.num <> a.entry ORDER BY a.entry, e.num
"""  # noqa: S608

_Rows = dict[int, list[tuple[Any, ...]]]  # by the number of their entry, without it


def entries(db: Db, found: Sequence[tuple[Any, ...]], *, sources: bool = True, reading: bool = True) -> Iterator[Entry]:
    """From rows of ENTRY_COLUMNS, in their order; everything else is read on `db`, which holds one snapshot.

    Without `sources` what became of their links is left out, without `reading` what was understood.
    """
    if found:
        beside = _Beside.of(db, found, sources=sources, reading=reading)
        yield from (beside.entry(row) for row in found)


@frozen
class _Beside:
    """What the other tables have on some entries."""

    texts: _Rows
    versions: _Rows
    links: _Rows
    cited_by: _Rows
    tags: _Rows
    shown: dict[str, tuple[Any, ...]]

    @classmethod
    def of(cls, db: Db, found: Sequence[tuple[Any, ...]], *, sources: bool, reading: bool) -> _Beside:
        nums = (listed(row[0] for row in found),)
        captures = db.execute(_SHOWN, (listed(row[9] for row in found),))
        return cls(
            texts=_by_entry(db.execute(_UNDERSTOOD_TEXTS if reading else _BARE_TEXTS, nums)),
            versions=_by_entry(db.execute(_VERSIONS, nums)),
            links=_by_entry(db.execute(_CURRENT_SOURCES, nums)) if sources else {},
            cited_by=_by_entry(db.execute(_CITED_BY, nums)),
            tags=_by_entry(db.execute(_TAGS, nums)),
            shown={capture: how for capture, *how in captures},
        )

    def entry(self, row: tuple[Any, ...]) -> Entry:
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
        article, reading = _edited(*self._current(num, entry_id, version), edits)
        login, memento, method = self.shown.get(capture, (0, None, Method.FETCH))
        links = article.links if article else ()
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
            versions=len(self.versions.get(num, ())) if version else 0,
            changes=rows.unlines(changes),
            depth=depth,
            sources=tuple(_source(links[one[0]], one) for one in self.links.get(num, ()) if one[0] < len(links)),
            cited_by=tuple(Citation(*one[:3]) for one in self.cited_by.get(num, ())),
            tags=tuple(tag for (tag,) in self.tags.get(num, ())),
            note=note,
            removed=tuple(self._removed(num)) if version > 1 else (),
            login=bool(login),
            memento=rows.memento(memento),
            method=Method(method),
            added_by=added_by,
            edits=edits,
            version=version,
        )

    def _current(self, num: int, entry_id: str, version: int) -> tuple[Article | None, Reading]:
        if not version:
            return None, Reading()
        if num not in self.texts:
            raise DamagedError(f"version {version} of {entry_id} is missing", file="catalog.sqlite")
        ((article, reading),) = self.texts[num]
        return rows.article(article), rows.reading(reading) if reading else Reading()

    def _removed(self, num: int) -> Iterator[str]:
        for (removed,) in self.versions[num]:
            yield from rows.passages(removed)


def _by_entry(found: Iterable[tuple[Any, ...]]) -> _Rows:
    by_entry: _Rows = defaultdict(list)
    for num, *row in found:
        by_entry[num].append(tuple(row))
    return by_entry


def sources(db: Db, links: tuple[Link, ...], keys: Iterable[str]) -> tuple[CitedSource, ...]:
    """What became of `links`, whichever text they stand in; `keys` are theirs, in order."""
    return tuple(_source(links[row[0]], row) for row in db.execute(_LISTED_SOURCES, (listed((key,) for key in keys),)))


def _edited(article: Article | None, reading: Reading, edits: tuple[Edit, ...]) -> tuple[Article | None, Reading]:
    if article is None or not edits:
        return article, reading
    from archive.storage.catalog import editing

    now = editing.edited(article, edits)
    return now, editing.moved(reading, article.title, now.title)


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
