"""What a run asks of the catalog: what is held on a URL, what a text links to, what is to be asked for again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from archive.model import Link, Outcome
from archive.storage.catalog import rows
from archive.storage.catalog.dialect import Db

_PAGE = 1000  # short links read at a time
_PENDING = f"""
    SELECT c.url, c.key, c.outcome, c.detail, c.at, (SELECT count(*) FROM captures o WHERE o.key = c.key), c.depth,
        c.cited_by
    FROM captures c
    WHERE c.depth > 0 AND c.outcome IN ({{}})
        AND c.seq = {rows.LATEST.format("c.key")} ORDER BY c.seq
"""  # noqa: S608 -- constant


@dataclass(frozen=True, slots=True)
class HeldPage:
    """An entry as the run knows it that may ask for it again."""

    id: str
    final_url: str
    title: str
    outcome: Outcome
    last_captured: datetime


@dataclass(frozen=True, slots=True)
class PendingLink:
    """A cited URL whose latest try failed in a way that may pass."""

    url: str
    key: str
    outcome: Outcome
    detail: str
    last_try: datetime
    tries: int
    depth: int
    cited_by: str | None


@dataclass(frozen=True, slots=True)
class ShortLink:
    """What a short link stood for, and when that was last seen."""

    short: str
    long: str
    at: datetime


def held(db: Db, key: str) -> HeldPage | None:
    """See `Catalog.held`."""
    row = db.execute(
        "SELECT e.id, final_url, title, outcome, last_captured FROM aliases a JOIN entries e ON e.num = a.entry "
        "WHERE a.key = ?",
        (key,),
    ).fetchone()
    if row is None:
        return None
    entry_id, final_url, title, outcome, captured = row
    return HeldPage(entry_id, final_url, title, Outcome(outcome), datetime.fromisoformat(captured))


def links(db: Db, entry_id: str) -> tuple[Link, ...]:
    """See `Catalog.links`."""
    row = db.execute(
        "SELECT article_z FROM entries e JOIN versions v ON v.entry = e.num AND v.number = e.version WHERE e.id = ?",
        (entry_id,),
    ).fetchone()
    return rows.article(row[0]).links if row else ()


def pending(db: Db) -> list[PendingLink]:
    """See `Catalog.pending_links`."""
    retry = [outcome.value for outcome in Outcome if outcome.worth_retrying]
    found = db.execute(_PENDING.format(",".join("?" * len(retry))), retry)
    return [
        PendingLink(url, key, Outcome(outcome), detail, datetime.fromisoformat(at), tries, depth, cited_by)
        for url, key, outcome, detail, at, tries, depth, cited_by in found
    ]


def short_links(reading: Callable[[], AbstractContextManager[Db]]) -> Iterator[ShortLink]:
    """See `Catalog.short_links`; `reading` gives a connection for each page of them."""
    last = ""
    while True:
        with reading() as db:
            found = db.execute(
                "SELECT short, long, at FROM short_links WHERE short > ? ORDER BY short LIMIT ?", (last, _PAGE)
            ).fetchall()
        if not found:
            return
        for short, long, at in found:
            yield ShortLink(short, long, datetime.fromisoformat(at))
        last = found[-1][0]
