"""The writing end of a run: captures appended to warc/ and catalogued a group at a time (pipeline.Keeping)."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from itertools import islice
from typing import Protocol, cast

from archive.cataloguing import Catalogued, Cataloguing
from archive.errors import DamagedError
from archive.extraction.page import Page
from archive.logs import logger
from archive.model import Added, Fetched, Link, Method, Outcome
from archive.pipeline import Held, Take
from archive.reading import Read, Reader
from archive.storage import (
    Act,
    Brought,
    Catalog,
    Damage,
    Facts,
    PendingLink,
    Place,
    Saved,
    Store,
    Stored,
    StoredResource,
)
from archive.storage.limits import IN_A_FOLDER, Limits
from archive.storage.shelves import Records
from archive.urls import entry_id, identity

_log = logger(__name__)
_GROUP = 32  # stored captures read and committed together
_AHEAD = 96  # pages that are being read while others are catalogued: enough for some fifty cores

_Group = list[tuple[Stored | Act | Damage, Future[Read | None] | None]]


@dataclass(frozen=True, slots=True)
class StoredPage:
    """A page to read whose payload stands at `place`; the rest is as Page has it."""

    place: Place
    url: str
    charset: str | None
    media_type: str | None
    captured: datetime

    def found(self, records: Records) -> Page | None:
        """The page itself; None where it is damaged: `verify` names the record, the capture itself is still a fact."""
        try:
            payload = records.payload(self.place)
        except DamagedError:
            return None
        return Page(self.url, payload, self.charset, self.media_type, self.captured)


class ReadsAgain(Protocol):
    """Who reads stored pages."""

    @property
    def ahead(self) -> int:
        """How many are best under way while others are catalogued."""

    def submit(self, page: StoredPage) -> Future[Read | None]:
        """Have it read; None where its payload is damaged. StorageError."""


class OwnReading:
    """Our own reader."""

    ahead = _AHEAD

    def __init__(self, reader: Reader, records: Records) -> None:
        self._reader = reader
        self._records = records

    def submit(self, page: StoredPage) -> Future[Read | None]:
        """See `ReadsAgain`."""
        found = page.found(self._records)
        if found is not None:
            return cast("Future[Read | None]", self._reader.submit(found))
        done: Future[Read | None] = Future()
        done.set_result(None)
        return done


class Open(Protocol):
    """What is looked into: a Store, or as much of one as a worker has."""

    @property
    def catalog(self) -> Catalog: ...

    @property
    def reader(self) -> Records: ...


class Looking:
    """What is held, as whoever fetches asks for it."""

    def __init__(self, opened: Open) -> None:
        self._opened = opened

    def let_go(self, *urls: str, digest: str = "") -> str:
        """That one of these pages, or a payload, was let go, in words; "" where none was."""
        ids = {entry_id(identity(url)) for url in urls} | ({digest} if digest else set())
        found = self._opened.catalog.let_go(ids)
        return next((str(one) for one in found.values()), "")

    def held(self, url: str) -> Held | None:
        """What is held on `url`, whatever address led there."""
        key, catalog = identity(url), self._opened.catalog
        if catalog.held(key) is None:
            return None
        with catalog.snapshot():
            page = catalog.held(key)
            if page is None:
                return None
            capture = catalog.latest_capture(key)
            if capture is None:  # never asked for by this URL, but another one's chain passed here
                return Held(page.id, page.final_url, page.title, page.outcome, page.last_captured, None, None)
            gathered = catalog.gathered(key)
        # What a redirect led to has validators of its own: they mean nothing to the first address.
        direct = len(capture.hops) == 1 and capture.outcome.has_content
        return Held(
            page.id, capture.final_url, page.title, capture.outcome, capture.at,
            capture.etag if direct else None, capture.last_modified if direct else None,
            gathered,
        )  # fmt: skip

    def links(self, entry_id: str) -> Sequence[Link]:
        return self._opened.catalog.links(entry_id)

    def cited_on(self, entry_id: str) -> datetime | None:
        """The day on which the entry was published that cites something; None where nobody knows."""
        entry = self._opened.catalog.get(entry_id)
        day = entry.article.published_on if entry and entry.article else None
        return datetime.combine(day, time(12), UTC) if day else None

    def held_resource(self, url: str, since: datetime) -> StoredResource | None:
        """A resource of that address that was captured since then."""
        return self._opened.catalog.held_resource(url, since)

    def payload(self, place: Place) -> bytes:
        """The decoded body of what is stored at `place`. DamagedError."""
        return self._opened.reader.payload(place)

    def failed(self) -> Iterable[PendingLink]:
        """Cited URLs whose latest try failed in a way that may pass, oldest try first."""
        return self._opened.catalog.pending_links()


class Keeper(Looking):
    """Everything that is put into one open Store."""

    def __init__(self, store: Store, limits: Limits = IN_A_FOLDER) -> None:
        """`limits`: how much is best committed together."""
        super().__init__(store)
        self._store = store
        self.limits = limits

    def keep(self, takes: Sequence[Take]) -> list[Added]:
        """Append and catalogue a group; when this returns, all of it is safe."""
        with self._store.batch() as rows:
            cataloguing = Cataloguing(rows)
            handed = [one.handed.stored.capture.id for take in takes for one in captures_of(take) if one.handed]
            cataloguing.expect((url for take in takes for url in urls_of(take.fetched)), handed)
            return [self._keep(take, cataloguing) for take in takes]

    def keep_saved(self, saved: Saved, facts: Facts, read: Read, resources: Sequence[Brought] = ()) -> Added:
        """As `keep`, for a page that came without a response."""
        with self._store.batch() as rows:
            stored = self._store.append_saved(saved, facts, resources)
            return added(Cataloguing(rows).put(stored, read))

    def act(self, *acts: Act) -> None:
        """Journal what a person did, and do it; all of it or nothing."""
        with self._store.batch():
            for act in acts:
                self._store.act(act)

    def give_way(self) -> None:
        """Let the acts of others in that wait for their turn."""
        self._store.give_way()

    def recover(self, reader: ReadsAgain) -> Iterator[Damage | None]:
        """Catalogue what warc/ holds beyond the catalog; yields a Damage, or None, for each item it came upon."""
        done = 0
        for group in self._groups_ahead(reader):
            with self._store.batch() as rows:
                cataloguing = Cataloguing(rows)
                captures = [item.capture for item, _ in group if isinstance(item, Stored)]
                cataloguing.expect(
                    (url for each in captures for url in (each.url, each.final_url, *(hop.url for hop in each.hops))),
                    [each.id for each in captures],
                )
                for item, read in group:
                    if isinstance(item, Stored):
                        cataloguing.put(item, read.result() if read else None)
                    elif isinstance(item, Act):
                        rows.apply(item)
            done += len(group)
            _log.debug("catalogued %d items of warc/ so far", done)
            yield from (item if isinstance(item, Damage) else None for item, _ in group)
        if done:
            _log.info("catalogued %d items of warc/ that the catalog did not have", done)

    def _groups_ahead(self, reader: ReadsAgain) -> Iterator[_Group]:
        """What is to be catalogued, each page on its way to being read; the next groups are while one is catalogued."""
        items = self._store.uncatalogued()
        waiting = deque[_Group]()
        while True:
            while len(waiting) * _GROUP <= reader.ahead and (some := list(islice(items, _GROUP))):
                waiting.append([(item, self._reading(item, reader)) for item in some])
            if not waiting:
                return
            yield waiting.popleft()

    def _reading(self, item: Stored | Act | Damage, reader: ReadsAgain) -> Future[Read | None] | None:
        if not isinstance(item, Stored) or item.content is None or item.capture.outcome is not Outcome.OK:
            return None
        one = item.capture
        return reader.submit(StoredPage(item.content, one.final_url, one.charset, one.media_type, one.at))

    def _keep(self, take: Take, cataloguing: Cataloguing) -> Added:
        *_, last = [cataloguing.put(self._stored(one), one.read) for one in captures_of(take)]
        return added(last)

    def _stored(self, take: Take) -> Stored:
        if take.handed is not None:
            return self._store.bring(take.handed)
        return self._store.append(take.fetched, facts_of(take), take.resources, take.shown)


def captures_of(take: Take) -> tuple[Take, ...]:
    """Each of which a capture is kept: of a page that is gone, too, and then of the copy that was found of it."""
    return (take,) if take.rescue is None else (replace(take, rescue=None), take.rescue)


def facts_of(take: Take) -> Facts:
    """What is known of a capture beside what was sent and answered."""
    wanted = take.wanted
    method = Method.MEMENTO if take.memento else Method.BROWSER if take.shown else Method.FETCH
    return Facts(
        identity(wanted.url), depth=wanted.depth, cited_by=wanted.cited_by, stated=wanted.stated, method=method,
        memento=take.memento,
    )  # fmt: skip


def urls_of(what: Fetched | Saved) -> list[str]:
    """The URLs that its capture passes through."""
    if isinstance(what, Saved):
        return [what.url]
    return [what.request.url, what.final_url, *(exchange.url for exchange in what.exchanges)]


def added(done: Catalogued) -> Added:
    """What is reported of a capture that has been catalogued."""
    capture = done.capture
    return Added(
        done.entry_id, capture.url, capture.final_url, capture.outcome, capture.detail, done.title, capture.depth,
        capture.cited_by, done.new_version, done.news,
    )  # fmt: skip
