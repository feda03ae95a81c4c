"""The Engine over a folder: the latest commit for readers, one writer at a time, errors in the engine's own words."""

from __future__ import annotations

import struct
import threading
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from index.engines import Answer, Batch, Tally
from index.engines.whoosh.arrays import BadFileError
from index.engines.whoosh.contents import BadTocError, Contents, OtherFormatError, is_untouched, latest, read
from index.engines.whoosh.leaving import Leaving
from index.engines.whoosh.snapshot import Snapshot
from index.errors import IndexDamagedError, IndexStorageError
from index.plan import Plan

if TYPE_CHECKING:
    from index.config import SearchSettings
    from index.counting import Axis, Crossed, Listing, Paired, Pairing
    from index.engines.whoosh.storage import DurableStorage

TRIES = 50  # to read a commit that the next one is just replacing


def open_engine(folder: Path, settings: SearchSettings | None = None) -> WhooshEngine:  # noqa: ARG001 - an Opener
    """Opens at once; the folder is made when the first batch is applied."""
    return WhooshEngine(folder)


class WhooshEngine:
    """An Engine that also Completes, Tabulates and ChecksItself. May be used from several threads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._snapshot: Snapshot | None = None
        self._writing = threading.Lock()  # Whoosh's lock keeps processes apart, this one threads
        self._opening = Leaving()  # which each answer does at its end

    def apply(self, batch: Batch) -> None:
        from index.engines.whoosh import writer

        with self._written() as (storage, contents), self._told():
            writer.commit(storage, batch, contents)

    def load(self, batches: Iterable[Batch]) -> Iterator[Batch]:
        from index.engines.whoosh.loading import load

        with self._written() as (storage, contents):
            yield from load(storage, contents, batches, self._told)

    @contextmanager
    def _written(self) -> Iterator[tuple[DurableStorage, Contents]]:
        """The folder and its latest commit, for the one writer."""
        from index.engines.whoosh import writer  # brings Whoosh, which a search need not wait for

        with self._writing, ExitStack() as held:
            with self._told():
                storage = writer.open_storage(self.folder)
                held.callback(writer.lock(storage).release)
                generation = self._generation()
                contents = read(self.folder, generation) if generation >= 0 else writer.create(storage)
            yield storage, contents

    def position(self) -> int:
        with self._read() as snapshot:
            return snapshot.contents.position

    def size(self) -> int:
        with self._read() as snapshot:
            return snapshot.size

    def run(self, plan: Plan) -> Answer:
        with self._read() as snapshot:
            return snapshot.run(plan)

    def ids(self) -> Iterator[str]:
        with self._read() as snapshot:
            yield from snapshot.ids()

    def hits(self, plan: Plan) -> Iterator[str]:
        with ExitStack() as held:
            found = held.enter_context(self._read()).hits(plan)
            return self._given(found, held.pop_all())

    @staticmethod
    def _given(found: Iterator[str], held: ExitStack) -> Iterator[str]:
        with held:
            yield from found

    def complete(self, field: str, starts: Sequence[str], limit: int) -> list[tuple[str, int]]:
        from index.engines.whoosh.suggesting import completions

        with self._read() as snapshot:
            return completions(snapshot, field, starts, limit)

    def similar(self, field: str, term: str, limit: int) -> list[str]:
        from index.engines.whoosh.suggesting import similar

        with self._read() as snapshot:
            return similar(snapshot, field, term, limit)

    def list_values(self, plan: Plan, listing: Listing) -> Tally:
        from index.engines.whoosh.tables import listed

        with self._read() as snapshot:
            return listed(snapshot, plan, listing)

    def cross(self, plan: Plan, rows: Axis, columns: Axis) -> Crossed:
        from index.engines.whoosh.tables import crossed

        with self._read() as snapshot:
            return crossed(snapshot, plan, rows, columns)

    def pair(self, plan: Plan, asked: Pairing) -> Paired:
        from index.engines.whoosh.pairing import paired

        with self._read() as snapshot:
            return paired(snapshot, plan, asked)

    def frequencies(self, field: str, stems: Sequence[str]) -> list[int]:
        from index.engines.whoosh.suggesting import frequencies

        with self._read() as snapshot:
            return frequencies(snapshot, field, stems)

    def faults(self) -> Iterator[str]:
        try:
            with self._read() as snapshot:
                for data in snapshot.data.values():
                    for name in data.file.faults():
                        yield f"{data.path}: {name} is not as it was written"
        except IndexDamagedError as error:
            yield str(error)

    def close(self) -> None:
        """Files are closed now, or when the last question that is being answered is."""
        with self._opening:
            self._replace(None)

    @contextmanager
    def _read(self) -> Iterator[Snapshot]:
        """The newest commit, whose files stay open meanwhile; errors in the engine's words."""
        with self._told():
            with self._opening:
                snapshot = self._latest()
                snapshot.readers += 1
            try:
                yield snapshot
            finally:
                self._opening.leave(partial(self._let_go, snapshot))

    def _let_go(self, snapshot: Snapshot) -> None:
        """One answer less reads it."""
        snapshot.readers -= 1
        if snapshot is not self._snapshot and not snapshot.readers:
            snapshot.close()

    def _replace(self, snapshot: Snapshot | None) -> None:
        """The caller holds `_opening`."""
        before, self._snapshot = self._snapshot, snapshot
        if before and not before.readers:
            before.close()

    def _latest(self) -> Snapshot:
        """The newest commit; an empty one while there is none. The caller holds `_opening`.

        A commit that vanishes while it is read is asked for again.
        """
        for _ in range(TRIES):
            if (generation := self._generation()) < 0:
                return Snapshot(Contents(0, 0, ()), self.folder, {})
            if self._snapshot and self._snapshot.contents.generation == generation:
                return self._snapshot
            try:
                known = self._snapshot.data if self._snapshot else {}
                self._replace(Snapshot(read(self.folder, generation), self.folder, known))
            except FileNotFoundError as error:
                if latest(self.folder) == generation:
                    raise self._damaged(f"{error.filename} is missing") from error
        if self._snapshot is None:
            raise self._damaged("its table of contents keeps changing")
        return self._snapshot

    def _generation(self) -> int:
        """That of the latest commit, -1 where there was none yet."""
        generation = latest(self.folder)
        if generation < 0 and not is_untouched(self.folder):
            raise self._damaged("it has no table of contents")
        return generation

    def _damaged(self, message: str) -> IndexDamagedError:
        return IndexDamagedError(message, folder=str(self.folder))

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What goes wrong below, in the words of the Engine."""
        try:
            yield
        except OtherFormatError as error:
            raise IndexDamagedError(str(error), folder=str(self.folder), outdated=True) from error
        except (BadTocError, BadFileError) as error:
            raise self._damaged(str(error)) from error
        except OSError as error:
            raise IndexStorageError(f"{self.folder}: {error.strerror or error}") from error
        except (LookupError, ValueError, OverflowError, struct.error, zlib.error) as error:  # numbers that cannot be
            raise self._damaged(f"what it holds makes no sense ({error})") from error
