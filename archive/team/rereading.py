"""Stored pages that are read again for a rebuild: by the processes of the one that writes first, and what these are too
busy for by whoever works for the archive.

A page goes as the place where its payload stands. What nobody takes up, or whoever took it up has died over, comes back
to our own processes.
"""

from __future__ import annotations

import os
from concurrent.futures import Future
from threading import Event, Lock, Thread
from time import monotonic
from types import TracebackType
from typing import Self

from archive.errors import StorageError
from archive.keeper import OwnReading, StoredPage
from archive.reading import Read
from archive.team.packing import packed_page, unpacked_read
from archive.team.queue import Queue

_LOOK = 0.05  # seconds between two looks at the queue
_COUNT = 2.0  # seconds for which a number of workers holds
_OWN = 2  # pages for each core: the next one is at hand when one is done
_EACH = 32  # pages under way for each worker: a machine has tens of cores at most
_MOST = 1_000  # under way in all: what was read of them waits in memory


class TeamReading:
    """See `keeper.ReadsAgain`. A context manager."""

    def __init__(self, own: OwnReading, queue: Queue) -> None:
        self._own = own
        self._queue = queue
        self._most = _OWN * (os.cpu_count() or 1)
        self._guard = Lock()  # around all that follows
        self._busy = 0  # pages that our own processes have
        self._away: dict[int, tuple[StoredPage, Future[Read | None]]] = {}
        self._failed: StorageError | None = None
        self._workers = queue.workers()
        self._over = Event()
        self._thread = Thread(target=self._mind, name="backfile-again", daemon=True)

    @property
    def ahead(self) -> int:
        """As many pages as keep everybody busy."""
        return min(_MOST, self._own.ahead + _EACH * self._workers)

    def submit(self, page: StoredPage) -> Future[Read | None]:
        """Have it read, here or elsewhere. StorageError where the queue does not answer any more."""
        done: Future[Read | None] = Future()
        with self._guard:
            if self._failed:
                raise self._failed
            packed = packed_page(page) if self._workers and self._busy >= self._most else None
            if packed is not None:
                self._away[self._queue.put(packed)] = page, done
                return done
        self._read_here(page, done)
        return done

    def _read_here(self, page: StoredPage, done: Future[Read | None]) -> None:
        def end(read: Future[Read | None]) -> None:
            with self._guard:
                self._busy -= 1
            if read.cancelled():
                done.cancel()
            elif error := read.exception():
                done.set_exception(error)
            else:
                done.set_result(read.result())

        with self._guard:
            self._busy += 1
        try:
            reading = self._own.submit(page)
        except StorageError as error:
            reading = Future()
            reading.set_exception(error)
        reading.add_done_callback(end)

    def _mind(self) -> None:
        counted = monotonic()
        while not self._over.wait(_LOOK):
            try:
                if monotonic() - counted > _COUNT:
                    self._workers, counted = self._queue.workers(), monotonic()
                for page, done in self._come_back():
                    self._read_here(page, done)
            except StorageError as error:
                with self._guard:
                    self._failed = error
                    left, self._away = self._away, {}
                for _, done in left.values():
                    done.set_exception(error)
                return

    def _come_back(self) -> list[tuple[StoredPage, Future[Read | None]]]:
        """What is to be read here after all; what others have read is told to whoever waits for it."""
        with self._guard:
            news = [(self._away.pop(piece.num, None), piece.done) for piece in self._queue.news() if piece.ended]
            free = self._most - self._busy if self._away else 0
            back = [piece for _ in range(free) if (piece := self._queue.taken_back())]
            here = [one for piece in back if (one := self._away.pop(piece.num, None))]
        for one, read in news:
            if one is None:
                continue
            came = unpacked_read(read) if read is not None else None
            if came is None:
                here.append(one)  # whatever went wrong there is seen here, as ever
            else:
                one[1].set_result(came)
        return here

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()
        self._queue.close()
