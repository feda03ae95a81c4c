"""Keeping watch over both halves: the archive looks at pages and lists, the index says what matches stored queries.

what is due is captured ─▶ the index takes it in ─▶ stored queries tell what they did not match before ─▶ delivery
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from typing import TYPE_CHECKING

from archive import ArchiveError, Job, JobKind, Notice, NoticeKind, Watch, WatchKind
from index import QueryError, Sort

if TYPE_CHECKING:
    from backfile.desk.core import Desk
    from backfile.desk.progress import Progress

_NAP = 60.0  # seconds between two looks at the most: stored queries have no time of their own


@dataclass(frozen=True, slots=True)
class Watched:
    """A watch, and how many pages it has shown."""

    watch: Watch
    pages: int


class Watching:
    """What a desk watches; `Desk.watching` gives it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._watches = desk.archive.watches

    # -- the list --------------------------------------------------------------------------------------------------

    def all(self) -> list[Watched]:
        """Every watch, oldest first."""
        counts = self._watches.counts()
        return [Watched(one, counts.get(one.id, 0)) for one in self._watches.all()]

    def add(self, target: str, kind: WatchKind | None = None, progress: Progress | None = None) -> Watch:
        """Watch a feed, a sitemap, a page, or (when `kind` says so) a query.

        Without `kind` the address is asked for and looked at. What matches a query already is not told. Raises
        UsageError for an address that shows nothing to be watched, QueryError for what is no query.
        """
        return self._query(target, progress) if kind is WatchKind.QUERY else self._watches.add(target, kind)

    def add_all(
        self, given: Iterable[str], kind: WatchKind | None = None, progress: Progress | None = None
    ) -> Iterator[Watch | ArchiveError]:
        """Watch each address among the words `given`, and what is left of them as one query.

        Yields the watch of each, or the error that says why one cannot be watched: the others are all the same.
        """
        for text, known_as in _targets(given, kind):
            try:
                yield self.add(text, known_as, progress)
            except ArchiveError as error:
                yield error

    def remove(self, target: str) -> Watch:
        """Watch it (an id, a URL, a query) no longer; what it brought in stays. NotFoundError."""
        return self._watches.remove(target)

    # -- looking ---------------------------------------------------------------------------------------------------

    def look(self, progress: Progress | None = None) -> Generator[Notice]:
        """Look at everything that is due, once: first at lists and pages, then ask the stored queries.

        Yields what is new, changed or matched for the first time; then what is to be told by e-mail or webhook is sent
        (a notice says what could not be), and the Atom file of the settings is written.
        """
        archive = self._desk.archive
        yield from chain(self._watches.run(), self._queries(progress), self._watches.deliver(archive.folder))
        if atom := archive.settings.watch.atom:
            self._watches.write_atom(archive.folder / atom, archive.log_id())
        self._desk.index.update()  # also where no query is watched; what is to be told does not wait for it

    def last_run(self) -> Job | None:
        """What the latest look at pages came to; None where none was ever due."""
        return next(iter(self._desk.jobs(JobKind.WATCH)), None)

    def nap(self) -> float:
        """Seconds to the next look, from 1 to 60."""
        due = self._watches.next_due()
        wait = (due - datetime.now(UTC)).total_seconds() if due else _NAP
        return max(1.0, min(wait, _NAP))

    def untold(self, query: str, progress: Progress | None = None) -> Iterator[Notice] | None:
        """What matches a query and was never told.

        None where it was not watched before: it is from now on, and what matches it already is not told.
        """
        known = (one for one in self._watches.all() if one.kind is WatchKind.QUERY and one.target == query)
        if one := next(known, None):
            return self._matches(one, progress)
        self._query(query, progress)
        return None

    def captured_since(self, query: str, since: str, progress: Progress | None = None) -> Iterator[Notice]:
        """What matches a query and was captured for the first time on the day `since` (in UTC) or later."""
        index = self._desk.index
        asked = index.parse(query)
        index.parse(f'captured:">={since}"')  # so that an error speaks of the date alone
        first_captured = f'({asked}) captured:">={since}" -captured:"<{since}"'
        return self._notices(query, self._desk.ids(first_captured, sort=Sort.CAPTURED, progress=progress))

    # -- stored queries --------------------------------------------------------------------------------------------

    def _query(self, text: str, progress: Progress | None) -> Watch:
        """Watch a query from now on; QueryError when it is none."""
        self._desk.index.parse(text)
        added = self._watches.add(text, WatchKind.QUERY)
        ids = self._desk.ids(added.target, sort=Sort.CAPTURED, progress=progress)
        self._watches.seen(added, ids, report=False)
        return added

    def _queries(self, progress: Progress | None) -> Iterator[Notice]:
        for one in self._watches.all():
            if one.kind is WatchKind.QUERY:
                try:
                    yield from self._matches(one, progress)
                except QueryError as error:  # a saved search in it is gone, or it takes too long: the others go on
                    yield Notice(NoticeKind.FAILED, one.target, datetime.now(UTC), title=one.target, detail=str(error))

    def _matches(self, one: Watch, progress: Progress | None) -> Iterator[Notice]:
        """New matches of a stored query; a query that was never looked at has none."""
        # All of them, not only the latest: an import brings what was captured long ago, and a tag may make a match.
        ids = self._watches.unseen(one, self._desk.ids(one.target, sort=Sort.CAPTURED, progress=progress))
        said: list[Notice] = []
        if one.state.looked is not None:
            for notice in self._notices(one.target, ids):
                said.append(notice)
                yield notice
        if ids or one.state.looked is None:
            self._watches.seen(one, ids, report=one.state.looked is not None, notices=said)

    def _notices(self, query: str, ids: Iterable[str]) -> Iterator[Notice]:
        """That these match, but for what has gone from the archive since the index was asked."""
        now = datetime.now(UTC)
        for id_ in ids:
            if entry := self._desk.archive.get(id_):
                title = entry.article.title if entry.article else ""
                yield Notice(NoticeKind.MATCH, query, now, entry.id, entry.final_url, title)


def _targets(given: Iterable[str], kind: WatchKind | None) -> Iterator[tuple[str, WatchKind | None]]:
    """What is to be watched, and as what: addresses each, the words of a query together."""
    words = []
    for one in given:
        if kind is WatchKind.QUERY or (kind is None and not one.lower().startswith(("http://", "https://"))):
            words.append(one)
        else:
            yield one, kind
    if words:
        yield " ".join(words), WatchKind.QUERY
