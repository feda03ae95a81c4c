"""What is watched, when it is due, and what it has shown so far; and the searches that were saved.

The lists of watches and of saved searches are a person's and journaled; the rest may be lost without harm: it is looked
at once more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

import msgspec

from archive import urls
from archive.storage.acts import ActKind
from archive.storage.catalog import rows
from archive.storage.catalog.dialect import Db, listed, numbered, upsert, upsert_where
from archive.storage.catalog.outbox import Outbox
from archive.storage.warc.records import Act

_STORY = "watch, item, url, since, due, told"


class WatchKind(StrEnum):
    """What a watch looks at."""

    FEED = "feed"
    SITEMAP = "sitemap"
    PAGE = "page"
    QUERY = "query"


@dataclass(frozen=True, slots=True)
class WatchState:
    """What the last look left. `parts` are the sitemaps of an index with their validators; times are of our clock."""

    etag: str | None = None
    last_modified: str | None = None
    looked: datetime | None = None  # None: never
    news: datetime | None = None  # when it last showed something new
    failures: int = 0  # in a row
    detail: str = ""  # what was observed
    parts: Mapping[str, tuple[str | None, str | None]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Watch:
    """One watch. `target` is a URL, or a query as it was written; `due` is when it is looked at next."""

    id: str
    kind: WatchKind
    target: str
    added: datetime
    due: datetime
    state: WatchState = WatchState()


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A query that a person gave a name (in lower case); both as they stand in the journal."""

    name: str
    query: str
    added: datetime


@dataclass(frozen=True, slots=True)
class Story:
    """A page that a watch has shown. `due` None: not to be looked at again. `told`: versions reported so far."""

    watch: str
    item: str
    url: str
    since: datetime
    due: datetime | None
    told: int = 0


class WatchTable:
    """Seen from inside one transaction (`CatalogWriter.watches`) or one snapshot (`Catalog.watches`)."""

    def __init__(self, db: Db) -> None:
        self._db = db

    @property
    def outbox(self) -> Outbox:
        """What was noticed and is still to be delivered."""
        return Outbox(self._db)

    def apply(self, act: Act) -> bool:
        """Does what a journaled act says; False when there was nothing to end."""
        if act.kind is ActKind.SEARCH:
            return self._save(act)
        if act.kind is ActKind.UNWATCH:
            return self._db.execute("DELETE FROM watches WHERE target = ?", (act.subject,)).rowcount > 0
        at = rows.time_text(act.at)
        state = msgspec.json.encode(WatchState()).decode()
        self._db.execute(
            "INSERT INTO watches VALUES (?,?,?,?,?,?) ON CONFLICT (id) DO UPDATE SET kind = excluded.kind",
            (urls.entry_id(act.subject), act.values[0], act.subject, at, at, state),
        )
        return True

    def all(self) -> list[Watch]:
        """Every watch, oldest first."""
        found = self._db.execute("SELECT id, kind, target, added, due, state FROM watches ORDER BY added, id")
        return [
            Watch(
                id_, WatchKind(kind), target, datetime.fromisoformat(added), datetime.fromisoformat(due),
                msgspec.json.decode(state, type=WatchState),
            )
            for id_, kind, target, added, due, state in found
        ]  # fmt: skip

    def searches(self) -> list[SavedSearch]:
        """The saved searches, by name."""
        found = self._db.execute("SELECT name, query, added FROM searches ORDER BY name")
        return [SavedSearch(name, query, datetime.fromisoformat(added)) for name, query, added in found]

    def _save(self, act: Act) -> bool:
        if not act.values:
            return self._db.execute("DELETE FROM searches WHERE name = ?", (act.subject,)).rowcount > 0
        saved = act.subject, act.values[0], rows.time_text(act.at)
        self._db.execute(upsert("searches", "name, query, added", "name"), saved)
        return True

    def looked(self, watch: Watch) -> None:
        """Keeps the state of `watch` and when it is due."""
        self._db.execute(
            "UPDATE watches SET due = ?, state = ? WHERE id = ?",
            (rows.time_text(watch.due), rows.to_json(watch.state).decode(), watch.id),
        )

    def unseen(self, watch: str, items: Iterable[str]) -> list[str]:
        """Those of `items` that the watch has not shown yet, in their order."""
        found = self._db.execute(
            f"SELECT a0 FROM {numbered(1)} j WHERE NOT EXISTS "  # noqa: S608 -- constant
            "(SELECT 1 FROM watched WHERE watch = ? AND item = a0) ORDER BY place",
            (listed((item,) for item in items), watch),
        )
        return [str(item) for (item,) in found]

    def versions(self, pages: Mapping[str, str]) -> dict[str, int]:
        """How many versions the archive has of each of these pages (URLs by names of your own) that it has at all."""
        found = self._db.execute(
            f"SELECT j.a0, version FROM {numbered(2)} j JOIN aliases a ON a.key = j.a1 JOIN entries ON num = a.entry",  # noqa: S608 -- constant
            (listed((name, rows.text(urls.key(url))) for name, url in pages.items()),),
        )
        return dict(found)

    def put(self, stories: Iterable[Story]) -> None:
        """Keeps stories, new or as they are now. Those of a watch that has ended are passed over."""
        self._db.executemany(
            upsert_where(
                "watched",
                "watch, item, url, since, due, told",
                "watch, item",
                "EXISTS (SELECT 1 FROM watches WHERE id = ?)",
            ),
            [
                (
                    s.watch,
                    s.item,
                    rows.text(s.url),
                    rows.time_text(s.since),
                    s.due and rows.time_text(s.due),
                    s.told,
                    s.watch,
                )
                for s in stories
            ],
        )

    def due(self, now: datetime, limit: int) -> list[Story]:
        """At most `limit` stories that are due, longest due first."""
        found = self._db.execute(
            f"SELECT {_STORY} FROM watched WHERE due <= ? ORDER BY due LIMIT ?",  # noqa: S608 -- constant
            (rows.time_text(now), limit),
        )
        return list(map(_story, found))

    def latest(self, limit: int) -> list[Story]:
        """The stories that were reported last, newest first."""
        found = self._db.execute(
            f"SELECT {_STORY} FROM watched WHERE told > 0 ORDER BY since DESC, item LIMIT ?",  # noqa: S608 -- constant
            (limit,),
        )
        return list(map(_story, found))

    def counts(self) -> Iterator[tuple[str, int]]:
        """How many pages each watch has shown."""
        yield from self._db.execute("SELECT watch, count(*) FROM watched GROUP BY watch")

    def next_due(self) -> datetime | None:
        """When the next page, feed or sitemap is to be looked at."""
        found = self._db.execute(
            "SELECT min(due) FROM (SELECT min(due) AS due FROM watched WHERE due IS NOT NULL "
            "UNION ALL SELECT min(due) FROM watches WHERE kind IN ('feed', 'sitemap')) soonest"
        ).fetchone()
        return datetime.fromisoformat(found[0]) if found[0] else None


def _story(row: tuple[str, str, str, str, str | None, int]) -> Story:
    watch, item, url, since, due, told = row
    return Story(watch, item, url, datetime.fromisoformat(since), datetime.fromisoformat(due) if due else None, told)
