"""The Engine over a folder: the latest commit for readers, one writer at a time, errors in the engine's own words."""

from __future__ import annotations

import threading
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from index.engines import Answer, Batch
from index.engines.whoosh.arrays import BadFileError
from index.engines.whoosh.contents import BadTocError, Contents, is_untouched, latest, read
from index.engines.whoosh.snapshot import Snapshot
from index.engines.whoosh.suggesting import completions, frequencies, similar
from index.errors import IndexDamagedError, IndexStorageError
from index.plan import Plan

if TYPE_CHECKING:
    from index.engines.whoosh.storage import DurableStorage

TRIES = 50  # to read a commit that the next one is just replacing


def open_engine(folder: Path) -> WhooshEngine:
    """Opens at once; the folder is made when the first batch is applied."""
    return WhooshEngine(folder)


class WhooshEngine:
    """An Engine that also Completes and ChecksItself. May be used from several threads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._snapshot: Snapshot | None = None
        self._writing = threading.Lock()  # Whoosh's lock keeps processes apart, this one threads
        self._opening = threading.Lock()

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
                generation = latest(self.folder)
                if generation < 0 and not is_untouched(self.folder):
                    raise self._damaged("it has no table of contents")
                contents = read(self.folder, generation) if generation >= 0 else writer.create(storage)
            yield storage, contents

    def position(self) -> int:
        snapshot = self._latest()
        return snapshot.contents.position if snapshot else 0

    def size(self) -> int:
        snapshot = self._latest()
        return snapshot.size if snapshot else 0

    def run(self, plan: Plan) -> Answer:
        snapshot = self._latest()
        with self._told():
            return (snapshot or _EMPTY).run(plan)

    def ids(self) -> Iterator[str]:
        snapshot = self._latest()
        with self._told():
            yield from (snapshot or _EMPTY).ids()

    def hits(self, plan: Plan) -> Iterator[str]:
        snapshot = self._latest()
        with self._told():
            return self._reading((snapshot or _EMPTY).hits(plan))

    def complete(self, field: str, starts: Sequence[str], limit: int) -> list[tuple[str, int]]:
        snapshot = self._latest()
        with self._told():
            return completions(snapshot or _EMPTY, field, starts, limit)

    def similar(self, field: str, term: str, limit: int) -> list[str]:
        snapshot = self._latest()
        with self._told():
            return similar(snapshot or _EMPTY, field, term, limit)

    def frequencies(self, field: str, stems: Sequence[str]) -> list[int]:
        snapshot = self._latest()
        with self._told():
            return frequencies(snapshot or _EMPTY, field, stems)

    def faults(self) -> Iterator[str]:
        try:
            snapshot = self._latest()
        except IndexDamagedError as error:
            yield str(error)
            return
        for data in snapshot.data.values() if snapshot else ():
            for name in data.file.faults():
                yield f"{data.path}: {name} is not as it was written"

    def close(self) -> None:
        with self._opening:
            self._snapshot = None

    def _latest(self) -> Snapshot | None:
        """The newest commit, None while there is none. A commit that vanishes while it is read is asked for again."""
        with self._opening, self._told():
            for _ in range(TRIES):
                generation = latest(self.folder)
                if generation < 0:
                    if not is_untouched(self.folder):
                        raise self._damaged("it has no table of contents")
                    return None
                if self._snapshot and self._snapshot.contents.generation == generation:
                    return self._snapshot
                try:
                    self._snapshot = self._open(generation)
                except FileNotFoundError as error:
                    if latest(self.folder) == generation:
                        raise self._damaged(f"{error.filename} is missing") from error
            if self._snapshot is None:
                raise self._damaged("its table of contents keeps changing")
            return self._snapshot

    def _open(self, generation: int) -> Snapshot:
        known = self._snapshot.data if self._snapshot else {}
        return Snapshot(read(self.folder, generation), self.folder, known)

    def _damaged(self, message: str) -> IndexDamagedError:
        return IndexDamagedError(message, folder=str(self.folder))

    def _reading(self, found: Iterator[str]) -> Iterator[str]:
        with self._told():
            yield from found

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What goes wrong below, in the words of the Engine."""
        try:
            yield
        except (BadTocError, BadFileError) as error:
            raise self._damaged(str(error)) from error
        except OSError as error:
            raise IndexStorageError(f"{self.folder}: {error.strerror or error}") from error
        except (LookupError, ValueError, OverflowError, zlib.error) as error:  # numbers in the arrays that cannot be
            raise self._damaged(f"what it holds makes no sense ({error})") from error


_EMPTY = Snapshot(Contents(0, 0, ()), Path(), {})
