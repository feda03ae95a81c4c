"""An import as a job: what a source holds is taken in once, in an order of its own, however often the run is killed.

    items of the source ─┬─ with content ─▶ read (worker processes) ─▶ warc/ and catalog ─▶ done
                         ├─ links ─▶ waiting ─▶ fetched by the pipeline ─▶ done or failed
                         └─ bad rows ─▶ rejected

Each item has one row in the catalog's table of jobs, found again by what it is, not by where it stands: the same item a
second time only adds its tags and notes. A row's state is committed with or after what was stored for it; a page that
was stored just before a crash is found in the catalog, not asked for again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from time import monotonic

from archive.cataloguing import Catalogued, Cataloguing
from archive.errors import StorageError
from archive.formats import Item, Reject
from archive.importing import converting, repeats
from archive.importing.rows import Imported, Row, decoded, encoded, merged, of_item, of_reject, tags_of
from archive.keeper import Keeper, urls_of
from archive.model import Added, Capture, Fetched, Method, Outcome
from archive.pipeline import BATCH, Run, Wanted
from archive.pipeline import page_of as page_of_fetched
from archive.reading import Read, Reader
from archive.storage import Act, ActKind, CatalogWriter, Facts, Job, JobItem, JobState, Saved, Store
from archive.storage.warc.records import digest
from archive.urls import identity

GROUP = 64  # items committed together
GROUP_BYTES = 2**24  # or as many as have this much content
AHEAD = 2  # groups that are read while one is stored
FLUSH_EVERY = 1.0  # seconds between two commits of what became of fetched links
FLUSH_ITEMS = 200


@dataclass(slots=True)
class _Ready:
    """An item on its way into the archive; `read` is what its content says, once that is known."""

    found: Item | Reject
    digest: str  # of the bytes that are stored of it, "" where there are none
    key: str
    stored_as: Saved | Fetched | None = None
    read: Future[Read] | None = None

    @property
    def has_content(self) -> bool:
        """Whether there is something in it to read."""
        return isinstance(self.found, Item) and self.found.has_content and not self.found.leans

    @property
    def size(self) -> int:
        item = self.found
        if isinstance(item, Reject):
            return 0
        return len(item.payload) + len(item.text) + len(item.html) + sum(len(x.received) for x in item.exchanges)


class Importing:
    """One run of one job."""

    def __init__(self, store: Store, reader: Reader, job: Job) -> None:
        self._store = store
        self._keeper = Keeper(store)
        self._reader = reader
        self._job = job
        self._contents = 0  # items with content so far

    @property
    def number(self) -> int:
        """Of the job."""
        return self._job.number

    # -- taking in -------------------------------------------------------------------------------------------------

    def take_in(self, found: Iterable[Item | Reject], *, fetch: bool) -> Iterator[Imported]:
        """Record what a source holds; store what has content. Yields what is over with, once it is safe."""
        waiting: deque[list[_Ready]] = deque()
        for group in _grouped(found):
            self._prepare(group)
            waiting.append(group)
            if len(waiting) > AHEAD:
                yield from self._store_group(waiting.popleft(), fetch=fetch)
        while waiting:
            yield from self._store_group(waiting.popleft(), fetch=fetch)

    def _prepare(self, group: list[_Ready]) -> None:
        """Begin to read what of a group is not in the archive yet."""
        with self._store.catalog.jobs() as jobs:
            new = [x for x in group if x.has_content and jobs.known(self._job.number, x.key) is None]
        self._contents += len(new)
        if self._contents >= BATCH:
            self._reader.use_workers()
        for ready in new:
            assert isinstance(ready.found, Item)
            if ready.found.exchanges:
                ready.stored_as = converting.fetched(ready.found)
                page = page_of_fetched(ready.stored_as)
            else:
                ready.stored_as = converting.saved(ready.found, datetime.now(UTC))
                ready.digest = ready.digest or digest(ready.stored_as.payload)  # of a page made of a text
                page = converting.page_of(ready.stored_as)
            ready.read = self._reader.submit(page) if page else None

    def _store_group(self, group: list[_Ready], *, fetch: bool) -> list[Imported]:
        with self._store.batch() as rows:
            cataloguing = Cataloguing(rows)
            cataloguing.expect(url for ready in group if ready.stored_as for url in urls_of(ready.stored_as))
            done = [self._put(ready, rows, cataloguing, fetch=fetch) for ready in group]
        return [imported for imported in done if imported is not None]

    def _put(self, ready: _Ready, rows: CatalogWriter, cataloguing: Cataloguing, *, fetch: bool) -> Imported | None:
        """One item into its table, and into the archive if it has content; None for what waits or was there."""
        found = ready.found
        row = of_reject(found) if isinstance(found, Reject) else of_item(found)
        key = ready.key
        known = rows.jobs.known(self._job.number, key)
        if known is not None:
            self._merge(known, row, rows)
            return None
        if isinstance(found, Reject):
            n = rows.jobs.put(self._job.number, key, encoded(row), JobState.REJECTED, found.reason)
            return self._told(n, JobState.REJECTED, row, found.reason)
        for short, long in found.short_links:
            self._store.act(Act(ActKind.SHORT_LINK, short, (long,), found.added or datetime.now(UTC)))
        if found.only_marks:
            return self._put_marks(row, key, rows)
        if found.repeats is not None:
            found = self._look_up(ready, found)
        read = ready.read.result() if ready.read else None
        too_little = read is not None and read.article is None and bool(found.text or found.html)
        if ready.stored_as is None or (too_little and fetch):
            rows.jobs.put(self._job.number, key, encoded(row))
            return None
        if (entry := self._known_text(found)) is not None:
            return self._had(entry, "the archive has a text of this page: only tags and note are added", row, key, rows)
        if (entry := self._there(found, ready.stored_as, ready.digest, rows)) is not None:
            return self._had(entry, "was in the archive already", row, key, rows)
        try:
            done = self._archive(found, ready.stored_as, ready.digest, read, cataloguing)
        except StorageError as error:
            if rows is not self._store.rows:
                raise  # more than this item was lost: the run ends here, and goes on from the last commit
            n = rows.jobs.put(self._job.number, key, encoded(row), JobState.REJECTED, str(error))
            return self._told(n, JobState.REJECTED, row, str(error))
        return self._archived(done, row, key, rows)

    def _had(self, entry: str, detail: str, row: Row, key: str, rows: CatalogWriter) -> Imported:
        """What the archive has is not stored again, only marked."""
        n = rows.jobs.put(self._job.number, key, encoded(row), JobState.DONE, detail, entry)
        self._mark(entry, row, rows)
        return replace(self._told(n, JobState.DONE, row, detail), id=entry, outcome=Outcome.UNCHANGED)

    def _look_up(self, ready: _Ready, item: Item) -> Item:
        """An item whose body stands in the archive with that body, read."""
        item = repeats.resolved(item, self._store)
        ready.stored_as, ready.digest = converting.fetched(item), content_digest(item)
        page = page_of_fetched(ready.stored_as)
        ready.read = self._reader.submit(page) if page else None
        return item

    def _put_marks(self, row: Row, key: str, rows: CatalogWriter) -> Imported | None:
        """Tags and a note for an entry that is there."""
        entries = self._store.catalog.resolve(row.url)
        if not entries:
            if tags_of(row) or row.note:
                reason = "tags or a note for a page that is not in the archive"
                n = rows.jobs.put(self._job.number, key, encoded(row), JobState.REJECTED, reason)
                return self._told(n, JobState.REJECTED, row, reason)
            return None
        rows.jobs.put(self._job.number, key, encoded(row), JobState.DONE, "", entries[0])
        self._mark(entries[0], row, rows)
        return None

    def _known_text(self, item: Item) -> str | None:
        """The entry that has an article already, for an item that is only a text: what was served weighs more."""
        if item.payload or item.exchanges or not (item.text or item.html):
            return None
        entries = self._store.catalog.resolve(item.url)
        entry = self._store.catalog.get(entries[0]) if entries else None
        return entry.id if entry is not None and entry.article is not None else None

    @staticmethod
    def _there(item: Item, what: Saved | Fetched, content: str, rows: CatalogWriter) -> str | None:
        """The entry that has this very capture: by another import, or because the file was exported here."""
        if isinstance(what, Saved):
            if not item.captured:
                return None
            at = what.at
        else:
            at = what.exchanges[0].started
        return rows.captured(identity(item.url), at, content)

    def _archive(
        self, item: Item, what: Saved | Fetched, content: str, read: Read | None, cataloguing: Cataloguing
    ) -> Catalogued:
        facts = Facts(identity(item.url), Method.IMPORT, depth=item.depth, digest=content)
        append = self._store.append_saved(what, facts) if isinstance(what, Saved) else self._store.append(what, facts)
        return cataloguing.put(append, read)

    def _archived(self, done: Catalogued, row: Row, key: str, rows: CatalogWriter) -> Imported:
        capture = done.capture
        state = _state(capture.outcome)
        n = rows.jobs.put(self._job.number, key, encoded(row), state, _why(capture), done.entry_id)
        self._mark(done.entry_id, row, rows)
        return replace(
            self._told(n, state, row, capture.detail), id=done.entry_id, outcome=capture.outcome,
            title=done.title or row.title, new_version=done.new_version,
        )  # fmt: skip

    def _merge(self, known: JobItem, row: Row, rows: CatalogWriter) -> None:
        """The same item a second time: what this row knows more is added to what was known."""
        if known.state is JobState.REJECTED:
            return
        before = decoded(known.item)
        now = merged(before, row)
        if now != before:
            rows.jobs.amend(self._job.number, known.n, encoded(now))
            if known.entry:
                self._mark(known.entry, now, rows)

    # -- fetching --------------------------------------------------------------------------------------------------

    def fetch(self, run: Run) -> Iterator[Imported]:
        """Ask for every link that waits, in turns of their hosts; yields what became of each, once it is recorded."""
        queue = _Queue(self._store, self._job)
        buffer: list[tuple[JobItem, Added]] = []
        flushed = monotonic()
        for added in run.pages(queue):
            item = queue.asked.pop(added.url, None) if added.depth == 0 else None
            if item is not None:
                buffer.append((item, added))
            buffer += queue.already
            queue.already.clear()
            if len(buffer) >= FLUSH_ITEMS or monotonic() - flushed >= FLUSH_EVERY:
                yield from self._settle(buffer)
                buffer, flushed = [], monotonic()
        # Links that the run met as sources of others before their turn came are reported as those.
        buffer += queue.already
        buffer += [(item, self._as_held(item)) for item in queue.asked.values()]
        yield from self._settle(buffer)

    def _as_held(self, item: JobItem) -> Added:
        url = decoded(item.item).url
        held = self._keeper.held(url)
        if held is None:
            return Added("", url, url, Outcome.FAILED, "was not asked for", "", 0, None)
        return Added(
            held.id, url, held.final_url, held.outcome, "captured as a source of another page", held.title, 0, None
        )

    def _settle(self, buffer: list[tuple[JobItem, Added]]) -> list[Imported]:
        """Record what became of fetched links, and mark their entries."""
        if not buffer:
            return []
        done = []
        with self._store.batch() as rows:
            for item, added in buffer:
                # The item may have learned more since it was queued.
                row = decoded(item.item)
                state = _state(added.outcome)
                detail = "" if added.outcome is Outcome.OK else f"{added.outcome.value}: {added.detail}".rstrip(": ")
                rows.jobs.settle(self._job.number, item.n, state, detail, added.id or None)
                if added.id:
                    self._mark(added.id, row, rows)
                done.append(replace(
                    self._told(item.n, state, row, added.detail), id=added.id, outcome=added.outcome,
                    title=added.title or row.title, new_version=added.new_version,
                ))  # fmt: skip
        return done

    # -- both ------------------------------------------------------------------------------------------------------

    def _mark(self, entry_id: str, row: Row, rows: CatalogWriter) -> None:
        """Give the entry the tags and the note of an item, beside those it has; journaled."""
        tags, note = tags_of(row), row.note
        if not tags and not note:
            return
        has, noted = rows.marks(entry_id)
        now = datetime.now(UTC)
        if not has >= tags:
            self._store.act(Act(ActKind.TAGS, entry_id, tuple(sorted(has | tags)), now))
        if note and note not in noted:
            self._store.act(Act(ActKind.NOTE, entry_id, (f"{noted}\n\n{note}".strip(),), now))

    def _told(self, n: int, state: JobState, row: Row, detail: str) -> Imported:
        return Imported(self._job.number, n, state, row.url, "", None, detail, row.title, row.file, row.line)


class _Queue:
    """The waiting links of a job, in the order of its source."""

    def __init__(self, store: Store, job: Job) -> None:
        self._store = store
        self._job = job
        self.asked: dict[str, JobItem] = {}  # by URL: given out, not yet settled
        self.already: list[tuple[JobItem, Added]] = []  # stored just before an earlier run was killed

    def __iter__(self) -> Iterator[Wanted]:
        last = 0
        while True:
            with self._store.catalog.jobs() as jobs:
                items = list(jobs.items(self._job.number, JobState.WAITING, last))
            if not items:
                return
            last = items[-1].n
            for item in items:
                url = decoded(item.item).url
                if not self._is_stored(item, url):
                    self.asked[url] = item
                    yield Wanted(url)

    def _is_stored(self, item: JobItem, url: str) -> bool:
        """Whether a run of this job asked for the link and was killed before it could say so here."""
        if item.entry is not None:
            return False  # it failed before, and is to be tried again
        capture = self._store.catalog.latest_capture(identity(url))
        if capture is None or capture.at < self._job.begun or capture.method is not Method.FETCH:
            return False
        held = Keeper(self._store).held(url)
        if held is None:
            return False
        self.already.append((item, Added(
            held.id, url, capture.final_url, capture.outcome, capture.detail, held.title, 0, None
        )))  # fmt: skip
        return True


def content_digest(found: Item | Reject) -> str:
    """Of the bytes that came with an item, also of an answer without any; "" where nothing came."""
    if isinstance(found, Reject) or not (found.exchanges or found.payload):
        return ""
    return digest(found.exchanges[-1].payload if found.exchanges else found.payload)


def key_of(found: Item | Reject, content: str) -> str:
    """What makes a row of a source the same as another: its page; with content, its page, time and that.

    `content` is the row's `content_digest`.
    """
    if isinstance(found, Reject):
        return f"reject {found.origin.file} {found.origin.line} {_digest(found.reason, found.raw)}"
    if found.only_marks:
        return f"marks {identity(found.url)} {_digest(*found.tags, found.note, *map(str, found.short_links))}"
    if not found.exchanges and not found.payload:
        return identity(found.url)
    at = found.captured.isoformat() if found.captured else ""
    if found.exchanges and not found.exchanges[-1].payload:
        content = digest(found.exchanges[-1].received)
    return f"{identity(found.url)} {at} {content}"


def _digest(*parts: str) -> str:
    return sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:32]


def _grouped(found: Iterable[Item | Reject]) -> Iterator[list[_Ready]]:
    group: list[_Ready] = []
    size = 0
    for each in found:
        content = content_digest(each)
        ready = _Ready(each, content, key_of(each, content))
        if isinstance(each, Item) and each.leans and group and not _leans(group[-1]):
            yield group  # what it marks or repeats must be in the archive first
            group, size = [], 0
        group.append(ready)
        size += ready.size
        if len(group) >= GROUP or size >= GROUP_BYTES:
            yield group
            group, size = [], 0
    if group:
        yield group


def _leans(ready: _Ready) -> bool:
    return isinstance(ready.found, Item) and ready.found.leans


def _state(outcome: Outcome) -> JobState:
    """Done: the page is in the archive, as what it is."""
    return JobState.DONE if outcome.has_content or outcome is Outcome.NOT_TEXT else JobState.FAILED


def _why(capture: Capture) -> str:
    return "" if capture.outcome is Outcome.OK else f"{capture.outcome.value}: {capture.detail}".rstrip(": ")
