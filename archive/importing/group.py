"""One group of an import, in one transaction: its facts are read, each row is decided, and what was decided is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from archive.cataloguing import Catalogued, Cataloguing
from archive.errors import StorageError
from archive.formats import Item
from archive.importing import decide
from archive.importing.decide import Decision, Facts, Fate
from archive.importing.marking import mark
from archive.importing.ready import Ready
from archive.importing.rows import Imported, decoded, encoded, imported, remarked
from archive.keeper import urls_of
from archive.model import Method, News, Outcome
from archive.reading import Read
from archive.storage import Act, ActKind, CatalogWriter, JobItem, JobState, Saved, Store
from archive.storage import Facts as CaptureFacts
from archive.storage.catalog.jobs import Keyed
from archive.urls import entry_id, identity

_STATES = {
    Fate.WAIT: JobState.WAITING, Fate.REJECT: JobState.REJECTED, Fate.MARK: JobState.DONE, Fate.HAVE: JobState.DONE,
}  # fmt: skip


class Group:
    """The rows of a group, each as the ones before it leave things."""

    def __init__(self, store: Store, rows: CatalogWriter, job: int, group: Sequence[Ready], *, fetch: bool,
        again: bool = False,
    ) -> None:  # fmt: skip
        self._store = store
        self._rows = rows
        self._job = job
        self._fetch = fetch
        self._cataloguing = Cataloguing(rows)
        self._cataloguing.expect(url for ready in group if ready.stored_as for url in urls_of(ready.stored_as))
        self._known = rows.jobs.known(job, [ready.key for ready in group])
        self._captured = rows.jobs.captured(filter(None, (ready.capture for ready in group)))
        items = [ready.found for ready in group if isinstance(ready.found, Item)]
        self._entries = rows.jobs.entries(identity(item.url) for item in items if not (item.payload or item.exchanges))
        self._let_go = {} if again else store.catalog.let_go(one for ready in group for one in _known_as(ready))
        self._last = rows.jobs.last(job)
        self._put: list[Keyed] = []
        self._amended: dict[int, JobItem] = {}
        self._told: list[Imported] = []

    def obey(self, ready: Ready, read: Read | None) -> None:
        """One row into its job, and into the archive if there is something in it that is not there."""
        known = self._known.get(ready.key)
        decision = decide.of_row(self._facts(ready, read))
        for short, long in decision.short_links:
            assert isinstance(ready.found, Item)
            self._store.act(Act(ActKind.SHORT_LINK, short, (long,), ready.found.added or datetime.now(UTC)))
        if decision.fate is Fate.MERGE:
            self._merge(ready.key, decision)
        elif decision.fate is Fate.STORE:
            self._store_it(ready, read, decision)
        elif state := _STATES.get(decision.fate):
            item = self._note(ready.key, decision, state)
            if decision.fate in (Fate.REJECT, Fate.HAVE):
                self._tell(item, decision, Outcome.UNCHANGED if decision.fate is Fate.HAVE else None)
        self._remark(ready, known)

    def write(self) -> list[Imported]:
        """What was noted goes into the table of jobs; returns what is over with."""
        self._rows.jobs.put(self._job, self._put)
        self._rows.jobs.amend(self._job, self._amended.values())
        return self._told

    def _remark(self, ready: Ready, before: JobItem | None) -> None:
        """Tell what a row was taken in without, unless its job knew that `before`."""
        item = self._known.get(ready.key)
        if not isinstance(ready.found, Item) or not ready.found.remarks or item is None:
            return
        told = decoded(before.item).remarks if before else ()
        for said in decoded(item.item).remarks:
            if said not in told:
                self._told.append(remarked(self._job, ready.found.origin, said, item.n, ready.found.url))

    def _facts(self, ready: Ready, read: Read | None) -> Facts:
        known, found = self._known.get(ready.key), ready.found
        if known is not None or not isinstance(found, Item):
            return Facts(found, known)
        entry, has_text, brought = self._entries.get(identity(found.url), (None, False, ""))
        return Facts(
            found, None, entry, has_text, self._captured.get(ready.capture) if ready.capture else None,
            ready.stored_as is not None, read is not None and read.article is None, self._fetch,
            next((str(self._let_go[one]) for one in _known_as(ready) if one in self._let_go), ""),
            is_changed=bool(found.text and brought) and brought != ready.digest,
        )  # fmt: skip

    def _note(self, key: str, decision: Decision, state: JobState) -> JobItem:
        """A new item of the job, and the marks that its row puts on its entry."""
        entry = decision.entry if state is JobState.DONE or decision.fate is Fate.STORE else None
        item = JobItem(self._last + len(self._put) + 1, state, encoded(decision.row), decision.detail, entry)
        self._put.append((key, item))
        self._known[key] = item
        if entry:
            mark(self._store, self._rows, entry, decision.row)
        return item

    def _merge(self, key: str, decision: Decision) -> None:
        item = replace(self._known[key], item=encoded(decision.row))
        self._known[key] = item
        new = item.n - self._last - 1
        if new >= 0:  # it came with this very group
            self._put[new] = key, item
        else:
            self._amended[item.n] = item
        if decision.entry:
            mark(self._store, self._rows, decision.entry, decision.row)

    def _store_it(self, ready: Ready, read: Read | None, decision: Decision) -> None:
        try:
            done = self._archive(ready, read)
        except StorageError as error:
            if self._rows is not self._store.rows:
                raise  # more than this item was lost: the run ends here, and goes on from the last commit
            refused = replace(decision, fate=Fate.REJECT, row=replace(decision.row, lost=True), detail=str(error))
            self._tell(self._note(ready.key, refused, JobState.REJECTED), refused)
            return
        capture = done.capture
        state, detail = decide.of_capture(capture)
        if ready.capture:
            self._captured[ready.capture] = done.entry_id
        item = self._note(ready.key, replace(decision, detail=detail, entry=done.entry_id), state)
        told = imported(self._job, item, decision.row, capture.detail, capture.outcome)
        title = done.title or decision.row.title
        self._told.append(replace(told, title=title, new_version=done.new_version, news=done.news))

    def _archive(self, ready: Ready, read: Read | None) -> Catalogued:
        item, what = ready.found, ready.stored_as
        assert isinstance(item, Item)
        assert what is not None
        method = Method.BROWSER if item.shown else Method.IMPORT
        known = "" if item.shown else ready.digest
        facts = CaptureFacts(identity(item.url), method, depth=item.depth, digest=known, package=item.package)
        if isinstance(what, Saved):
            stored = self._store.append_saved(what, facts, item.resources)
        else:
            stored = self._store.append(what, facts, item.resources, item.shown)
        return self._cataloguing.put(stored, read)

    def _tell(self, item: JobItem, decision: Decision, outcome: Outcome | None = None) -> None:
        news = News.UNCHANGED if outcome is Outcome.UNCHANGED else News.NOTHING
        self._told.append(replace(imported(self._job, item, decision.row, decision.detail, outcome), news=news))


def _known_as(ready: Ready) -> set[str]:
    """What tells that it was let go: ids of the entries that its addresses mean, and the digest of its page."""
    if not isinstance(ready.found, Item):
        return set()
    urls = [ready.found.url, *(urls_of(ready.stored_as) if ready.stored_as else ())]
    return {entry_id(identity(url)) for url in urls} | ({ready.digest} if ready.digest else set())
