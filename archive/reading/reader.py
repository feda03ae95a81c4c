"""Whoever has pages to read asks a Reader: a single page is read right here, a batch by worker processes.

Extraction holds the interpreter's lock, so a batch needs processes; starting one costs more than reading a page.
"""

from __future__ import annotations

import os
import threading
from concurrent.futures import Future
from types import TracebackType
from typing import TYPE_CHECKING, Self

from archive.logs import logger
from archive.reading.once import Read, read

if TYPE_CHECKING:
    from archive.entities import Recogniser
    from archive.extraction import Page
    from archive.reading.workers import Workers

_log = logger("archive.reading")


class Reader:
    """Reads pages, in this process until `use_workers` is called. Safe to call from several threads."""

    def __init__(self, recogniser: str | Recogniser) -> None:
        self._recogniser = recogniser
        self._workers: Workers | None = None
        self._stays = False  # in this process: the recogniser cannot be taken to another one
        self._one_at_a_time = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def use_workers(self, count: int | None = None) -> None:
        """Read in `count` processes from now on (default: one per core), if the recogniser can be taken there."""
        if self._workers is not None or self._stays:
            return
        try:
            self._workers = self._started(count or os.cpu_count() or 1)
        except Exception as error:  # noqa: BLE001 - what an object of others does when it is pickled
            self._stays = True
            _log.warning(
                "reading stays in this process, one page at a time: the recogniser %r cannot be taken to worker "
                "processes (%s: %s); make it of a class in a module that can be imported, and of values that pickle",
                self._recogniser, type(error).__name__, error,
            )  # fmt: skip

    def _started(self, count: int) -> Workers:
        """The workers, once a recogniser that was handed in has arrived there; one that is named is loaded by each."""
        from archive.reading.workers import Workers

        workers = Workers(count, self._recogniser, self._read)
        if not isinstance(self._recogniser, str):
            try:
                workers.try_one()
            except BaseException:
                workers.close()
                raise
        return workers

    def read(self, page: Page) -> Read:
        """What `page` says. Blocks until it is read."""
        return self.submit(page).result()

    def submit(self, page: Page) -> Future[Read]:
        """As `read`, without waiting where there are workers."""
        if self._workers is not None:
            return self._workers.submit(page)
        done: Future[Read] = Future()
        done.set_result(self._read(page))
        return done

    def close(self) -> None:
        """End the workers, also those that are reading: what they read is not waited for."""
        if self._workers is not None:
            self._workers.close()
            self._workers = None

    def _read(self, page: Page) -> Read:
        with self._one_at_a_time:
            return read(page, self._recogniser)
