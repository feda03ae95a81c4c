"""The writing side of an archive: lock, warc/ and catalog together, so that what is committed is safe in both.

    with open_store(folder, settings.store) as store:
        for item in store.uncatalogued(): …            # what a crash left stored but not catalogued
        with store.batch() as catalog:
            stored = store.append(fetched, Facts(key))   # bytes go to warc/
            catalog.put_capture(stored, key, aliases)    # rows go into one transaction
        # here: warc/ is synced, then the transaction was committed; now it may be reported

A rebuild is the same from nothing: `open_store(…, fresh=True)` catalogues into a new file beside the old one,
`uncatalogued()` gives everything there is, `adopt()` puts the new catalog in place.
Not for use from several threads at once.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Self

from archive.errors import ArchiveError, StorageError
from archive.logs import logger
from archive.model import Fetched
from archive.storage.catalog.reading import Catalog
from archive.storage.catalog.swap import remove_catalog, replace_catalog
from archive.storage.catalog.writing import CatalogWriter
from archive.storage.handed import Handed
from archive.storage.manifest import Manifest
from archive.storage.places import catalog_of, fresh_of
from archive.storage.shelves import Records, Shelf
from archive.storage.turns import Turns
from archive.storage.warc.journal import entries
from archive.storage.warc.packing import Brought, Facts, Known, Saved, pack_act, pack_fetched, pack_saved
from archive.storage.warc.reader import Damage
from archive.storage.warc.records import Act, Body, HandedIn, Place, Stored
from archive.storage.warc.repair import Repaired
from archive.storage.warc.writer import dated

STEP_EVERY = 60.0  # seconds after which a long writer lets the manifest cover what it has stored
_log = logger(__name__)


class Store:
    """An archive opened for writing; made by `opening.open_store`, a context manager."""

    def __init__(
        self,
        folder: Path,
        turn: Turns,
        catalog: Catalog,
        shelf: Shelf,
        again: Callable[[Mapping[str, int]], Shelf],
        repaired: Repaired,
        manifest: Manifest,
        *,
        fresh: bool,
        by: str = "",
    ) -> None:
        self.catalog = catalog
        self.repaired = repaired
        self.reader: Records = shelf
        self._folder = folder
        self._turn = turn
        self._shelf = shelf
        self._again = again  # opens the shelf anew, where files are catalogued so far
        self._manifest = manifest
        self._fresh = fresh
        self._by = by  # who writes, as the journal has it
        self._closed = False
        self._stepped = monotonic()  # when the manifest was last brought up to date
        self._open: tuple[AbstractContextManager[CatalogWriter], CatalogWriter] | None = None
        self._pending: dict[str, tuple[str, int]] = {}  # captures stored, not yet catalogued: where they begin
        self._unsynced: list[str] = []  # of these, the ones that a failed sync would take away
        self._acts: list[tuple[Act, str, int]] = []  # acts stored, not yet committed: where they begin
        self._held: list[tuple[str, int]] = []  # acts whose transaction was rolled back
        self._ends: dict[str, int] = {}  # how far each file touched since the last commit is stored or scanned
        self._bodies: dict[str, Body] = {}  # payloads of pending captures, by digest
        self._handed = Handed()  # what others have stored
        self._leaves = turn.is_guest  # captures in objects of others to the run that waits for them
        self._unscanned = self._tails()

    # -- storing -------------------------------------------------------------------------------------------------

    def append(
        self, fetched: Fetched, facts: Facts, resources: Sequence[Brought] = (), shown: Saved | None = None
    ) -> Stored:
        """Stores the exchanges of one fetch, its page's resources and its journal entry; safe after the next `commit`.
        `shown`: its content, as a browser showed it. On StorageError nothing is stored. Where even earlier, uncommitted
        captures were lost, the open transaction is rolled back: all since the last commit must be done again.
        """
        facts = replace(facts, added_by=self._by)
        now = datetime.now(UTC)
        return self._append(lambda known, where: pack_fetched(fetched, facts, now, known, where, resources, shown))

    def append_saved(self, saved: Saved, facts: Facts, resources: Sequence[Brought] = ()) -> Stored:
        """As `append`, for a page or text that came without a response."""
        facts = replace(facts, added_by=self._by)
        return self._append(lambda known, where: pack_saved(saved, facts, known, where, resources))

    def bring(self, handed: HandedIn) -> Stored:
        """A capture that somebody else has stored, to be put into the open transaction. StorageError as `append`."""
        with self._guarded():
            self._shelf.know(handed.within)
        self._handed.take(handed)
        return handed.stored

    def act(self, act: Act) -> bool:
        """Journals an act and applies it to the open transaction; False when its entry is not there."""
        act = replace(act, by=act.by or self._by)
        file, start = self._write(pack_act(act))
        self._acts.append((act, file, start))
        return self.rows.apply(act)

    # -- transactions --------------------------------------------------------------------------------------------

    @property
    def rows(self) -> CatalogWriter:
        """The open catalog transaction; begins one where there is none."""
        if self._open is None:
            context = self.catalog.write()
            self._open = context, context.__enter__()
        return self._open[1]

    def commit(self) -> None:
        """Syncs warc/, then commits the catalog: everything put since the last commit may be reported after this.

        On an error neither is promised: the transaction is rolled back. What reached warc/ all the same is found by
        `uncatalogued` when the archive is next opened.
        """
        try:
            self._sync()
            if self._open is None and not self._acts and not self._ends:
                return
            rows = self.rows
            done = rows.catalogued
            whole = self._handed.whole(done)
            lengths = self._settled(done, rows.applied) | whole
            rows.put_committed(lengths, self.reader.sha256)
            self._end(None)
        except BaseException as error:
            self._end(error)
            raise
        for capture_id in done:
            self._pending.pop(capture_id, None)
        self._handed.settle(done, whole)
        self._acts = [one for one in self._acts if id(one[0]) not in rows.applied]
        # Where something still waits to be catalogued, the rest behind it does too.
        self._ends = {file: end for file, end in self._ends.items() if lengths.get(file, 0) < end}
        if not self._pending:
            self._bodies.clear()
        if monotonic() - self._stepped >= STEP_EVERY:
            self._step()
        self.give_way()

    def give_way(self) -> None:
        """Lets the acts of others in that wait for their turn, unless something of ours is under way. So does `commit`.

        What they left half done is done. StorageError where that is more than acts: the next opening catalogues it.
        """
        busy = self._open is not None or self._pending or self._ends or self._acts or self._held or self._unscanned
        if busy or self._fresh or not self._turn.is_wanted:
            return
        self._step()
        self._shelf.close()
        self._turn.lend()
        self.catalog.forget()
        self._leaves = True
        self._look_again()
        if not self._unscanned:
            return
        with self.batch() as rows:
            for item in self.uncatalogued():
                if isinstance(item, Stored):
                    raise StorageError("another program stored pages in between and ended: run the command again")
                if isinstance(item, Act):
                    rows.apply(item)

    def look_again(self) -> bool:
        """Whether others may have left something for `uncatalogued`, whose run this was. To be asked at its end."""
        if not self._handed.any:
            return False
        self._leaves = False
        self._look_again()
        return bool(self._unscanned)

    @property
    def token(self) -> str:
        """Names this writer for as long as it is there: what jobs are claimed by."""
        return self._turn.token

    def rollback(self) -> None:
        """Forgets what was put into the catalog since the last commit."""
        self._end(_RolledBack())

    @contextmanager
    def batch(self) -> Iterator[CatalogWriter]:
        """`rows`, committed at the end of the block or rolled back when it raises."""
        try:
            yield self.rows
        except BaseException as error:
            self._end(error)
            raise
        self.commit()

    # -- after a crash, and for a rebuild ------------------------------------------------------------------------

    def uncatalogued(self) -> Iterator[Stored | Act | Damage]:
        """What warc/ holds beyond the catalog, in the order it was stored; with `fresh`, everything.

        Put each item (`put_capture`, `apply`) and commit now and then: what is not committed comes again next time.
        What has been looked at and not put is not committed, nor what stands behind it in its file: whoever puts may be
        some way behind. Damage is only told. To be gone through before anything is appended. Objects of captures that a
        run beside or around this one may be about to catalogue are left to it, or to the next opening.
        """
        for file in self._shelf.in_order(list(self._unscanned)):
            self._ends[file] = start = self._unscanned[file]
            for found in entries(self._shelf, file, start):
                if isinstance(found, Damage):
                    self._ends[file] = found.end
                    yield found
                    continue
                item = found.item
                if isinstance(item, Stored):
                    if self._leaves and dated(file):
                        del self._ends[file]
                        break
                    if not self._fresh and self.catalog.has_capture(item.capture.id):
                        continue
                    self._pending[item.capture.id] = file, found.start
                    if not self._fresh:  # where nothing will be appended before all of it is committed
                        self._bodies.update((body.digest, body) for body in item.bodies)
                else:
                    self._acts.append((item, file, found.start))
                self._ends[file] = found.end
                yield item
            else:
                self._ends[file] = self._shelf.lengths()[file]
            del self._unscanned[file]

    def adopt(self) -> None:
        """Puts a fresh catalog in the place of the old one, in one step; jobs are taken over. Ends this Store."""
        self.commit()
        self._step(adopted=True)
        self.catalog.close()
        where = catalog_of(self._folder)
        replace_catalog(where, fresh_of(where))
        self.close()

    def lengths(self) -> Mapping[str, int]:
        """Bytes in each file, in the order in which they were begun."""
        return self._shelf.lengths()

    @contextmanager
    def rewriting(self) -> Iterator[None]:
        """Files may be written anew inside, as long as they were: nothing of ours is open. Nothing may be under way."""
        self._shelf.close()
        try:
            yield
        finally:
            self.reader = self._shelf = self._again(self.catalog.committed())

    # -- the end -------------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Frees everything; uncommitted changes to the catalog are forgotten."""
        self.rollback()
        self._step()
        self._closed = True
        self._shelf.close()
        self.catalog.close()
        if self._fresh:
            remove_catalog(fresh_of(catalog_of(self._folder)))
        self._turn.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- inside --------------------------------------------------------------------------------------------------

    def _look_again(self) -> None:
        self._shelf.close()
        self.reader = self._shelf = self._again(self.catalog.committed())
        self._unscanned = self._tails()

    def _tails(self) -> dict[str, int]:
        committed = {} if self._fresh else self.catalog.committed()
        lengths = self._shelf.lengths()
        return {name: committed.get(name, 0) for name, length in lengths.items() if length > committed.get(name, 0)}

    def step(self, forgotten: Mapping[str, str] | None = None) -> None:
        """Lets the manifest cover what is catalogued. `forgotten`: as `Manifest.extend` has it. StorageError."""
        committed, sizes = self.catalog.committed(), self._shelf.lengths()
        whole = {name: committed[name] for name in sizes if 0 < committed.get(name, 0) <= sizes[name]}
        self._manifest.extend(whole, self._shelf.sha256, forgotten)

    def _step(self, *, adopted: bool = False) -> None:
        """As `step`; what cannot be covered now, the next writer covers."""
        self._stepped = monotonic()
        if self._closed or (self._fresh and not adopted):
            return
        try:
            self.step()
        except ArchiveError as error:
            _log.warning("the manifest was not brought up to date: %s", error)

    def _append(self, pack: Callable[[Known, Place], tuple[bytes, Stored]]) -> Stored:
        with self._guarded():
            where = self._shelf.place()
        data, stored = pack(self._known, where)
        # Noted before it is written: an interrupt in between must not let the catalogued length run past it.
        self._pending[stored.capture.id] = stored.file, stored.start
        try:
            self._write(data)
        except StorageError:
            self._pending.pop(stored.capture.id, None)
            raise
        self._unsynced.append(stored.capture.id)
        if self._open is not None:
            self._open[1].is_new(stored.capture.id)
        self._bodies.update((body.digest, body) for body in stored.bodies)
        return stored

    def _write(self, data: bytes) -> tuple[str, int]:
        with self._guarded():
            place = self._shelf.append(data)
        self._ends[place.file] = place.offset + len(data)
        return place.file, place.offset

    def _sync(self) -> None:
        with self._guarded():
            self._shelf.sync()
        self._unsynced.clear()

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """Around the WARC writer: when it gave up records, everything that counted on them goes too."""
        losses = self._shelf.losses
        try:
            yield
        except StorageError as error:
            if self._shelf.losses > losses:
                for capture_id in self._unsynced:
                    self._pending.pop(capture_id, None)
                self._unsynced.clear()
                self._bodies.clear()
                self._end(error)
                self._held.clear()
                self._ends.clear()
            raise

    def _known(self, digest: str) -> Body | None:
        catalog = self._open[1] if self._open else self.catalog
        return self._bodies.get(digest) or catalog.body(digest)

    def _settled(self, done: set[str], applied: Mapping[int, Act]) -> dict[str, int]:
        """How far each file is catalogued once `done` and `applied` are: up to the first that is neither.

        A file of which all was only looked at so far is left as it is.
        """
        items = [(capture_id in done, *place) for capture_id, place in self._pending.items()]
        items += [(id(act) in applied, file, start) for act, file, start in self._acts]
        begun = {file for is_done, file, _ in items if is_done}
        waiting = [(file, start) for is_done, file, start in items if not is_done]
        unbegun = {file for file, _ in waiting} - begun
        lengths = {file: end for file, end in self._ends.items() if file not in unbegun}
        for file, start in (*waiting, *self._held):
            if file in lengths:
                lengths[file] = min(lengths[file], start)
        return lengths

    def _end(self, error: BaseException | None) -> None:
        """Closes the open transaction: commits without an error, rolls back with one."""
        if error is not None:
            self._held += [(file, start) for _, file, start in self._acts]
            self._acts.clear()
        if self._open is None:
            return
        context, self._open = self._open[0], None
        if error is None:
            context.__exit__(None, None, None)
            return
        with contextlib.suppress(type(error), ArchiveError):
            context.__exit__(type(error), error, error.__traceback__)


class _RolledBack(Exception):  # noqa: N818 -- never seen outside
    """Ends a transaction that is not to be kept."""
