"""An import as a job: what a source holds is taken in once, in an order of its own, however often the run is killed.

    items of the source ─┬─ with content ─▶ read (worker processes) ─▶ warc/ and catalog ─▶ done
                         ├─ links ─▶ waiting ─▶ fetched by the pipeline ─▶ done or failed
                         └─ bad rows ─▶ rejected

Each item has one row in the catalog's table of jobs, found again by what it is, not by where it stands: the same item a
second time only adds its tags and notes. A row's state is committed with or after what was stored for it; a page that
was stored just before a crash is found in the catalog, not asked for again. What becomes of a row is for decide.py.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from archive.formats import Item, Reject
from archive.importing import repeats
from archive.importing.group import Group
from archive.importing.marking import mark
from archive.importing.ready import Ready, content_digest, grouped
from archive.importing.rows import Imported, decoded, imported, remarked, stated_in
from archive.jobs.ledger import Ledger, Settled
from archive.pipeline import BATCH, Run
from archive.reading import Reader
from archive.storage import CatalogWriter, Job, Store
from archive.urls import identity

AHEAD = 2  # groups that are read while one is stored


class Importing:
    """One run of one job."""

    def __init__(self, store: Store, reader: Reader, job: Job) -> None:
        self._store = store
        self._reader = reader
        self._job = job
        self._contents = 0  # items with content so far
        self._again = False

    # -- taking in -------------------------------------------------------------------------------------------------

    def take_in(self, found: Iterable[Item | Reject], *, fetch: bool, again: bool = False) -> Iterator[Imported]:
        """Record what a source holds; store what has content. Yields what is over with, once it is safe, and remarks.

        What was let go stays away unless `again`.
        """
        self._again = again
        waiting: deque[list[Ready]] = deque()
        remarks: list[Imported] = []
        for group in grouped(self._without_remarks(found, remarks)):
            yield from remarks
            remarks.clear()
            self._prepare(group)
            waiting.append(group)
            if len(waiting) > AHEAD:
                yield from self._store_group(waiting.popleft(), fetch=fetch)
        yield from remarks
        while waiting:
            yield from self._store_group(waiting.popleft(), fetch=fetch)

    def _without_remarks(self, found: Iterable[Item | Reject], remarks: list[Imported]) -> Iterator[Item | Reject]:
        for each in found:
            if isinstance(each, Reject) and each.remark:
                remarks.append(remarked(self._job.number, each.origin, each.reason))
            else:
                yield each

    def _prepare(self, group: list[Ready]) -> None:
        """Begin to read what of a group is not in the archive yet."""
        new = self._new(ready for ready in group if ready.has_content)
        self._contents += len(new)
        if self._contents >= BATCH:
            self._reader.use_workers()
        for ready in new:
            ready.begin(self._reader)

    def _store_group(self, group: list[Ready], *, fetch: bool) -> list[Imported]:
        repeating = (ready for ready in group if isinstance(ready.found, Item) and ready.found.repeats is not None)
        for ready in self._new(repeating):
            self._look_up(ready)
        reads = [ready.read.result() if ready.read else None for ready in group]
        with self._store.batch() as rows:
            inside = Group(self._store, rows, self._job.number, group, fetch=fetch, again=self._again)
            for ready, read in zip(group, reads, strict=True):
                inside.obey(ready, read)
            return inside.write()

    def _look_up(self, ready: Ready) -> None:
        """Take the body that an item repeats from the archive, where it stands there, and begin to read it."""
        assert isinstance(ready.found, Item)
        ready.found = repeats.resolved(ready.found, self._store)
        ready.digest = content_digest(ready.found)
        ready.begin(self._reader)

    def _new(self, some: Iterable[Ready]) -> list[Ready]:
        """Those that the job does not know."""
        asked = list(some)
        if not asked:
            return []
        with self._store.catalog.jobs() as jobs:
            known = jobs.known(self._job.number, [ready.key for ready in asked])
        return [ready for ready in asked if ready.key not in known]

    # -- fetching --------------------------------------------------------------------------------------------------

    def fetch(self, run: Run) -> Iterator[Imported]:
        """Ask for every link that waits, in turns of their hosts; yields what became of each, once it is recorded."""
        ledger = Ledger(self._store, self._job, lambda item: decoded(item.item).url, self._mark, stated_in)
        for added in run.pages(ledger.waiting()):
            ledger.came(added)
            if ledger.is_due:
                yield from map(self._told, ledger.flush())
        ledger.left_over()
        yield from map(self._told, ledger.flush())

    def _mark(self, rows: CatalogWriter, settled: Sequence[Settled]) -> None:
        """Give the entries of fetched links what their rows say."""
        told = [(one.item.entry, decoded(one.item.item)) for one in settled if one.item.entry]
        rows.expect(identity(row.url) for _, row in told)
        for entry, row in told:
            mark(self._store, rows, entry, row)

    def _told(self, settled: Settled) -> Imported:
        row, added = decoded(settled.item.item), settled.added
        told = imported(self._job.number, settled.item, row, added.detail, added.outcome)
        return replace(told, title=added.title or row.title, new_version=added.new_version, news=added.news)
