"""Bytes → article → what is in it: the part of the pipeline that costs CPU, in this process or in a pool of workers.

A batch is read by processes (extraction holds the interpreter's lock), a single page right here, because starting a
process costs more than reading a page. Hostile pages are guarded one level down, in archive.extraction.
"""

from __future__ import annotations

import gc
import os
import signal
import threading
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from types import TracebackType
from typing import TYPE_CHECKING, Self

from archive.model import Article, Outcome, Reading

if TYPE_CHECKING:
    from archive.entities import Recogniser
    from archive.extraction import Page


@dataclass(frozen=True, slots=True)
class Read:
    """What reading one page gave. `outcome` is OK, or why there is no article."""

    article: Article | None
    reading: Reading
    outcome: Outcome
    detail: str
    media_type: str


def read(page: Page, recogniser: str) -> Read:
    """Extract the article of `page` and understand it. `recogniser` is a name that `load_recogniser` knows.

    Whatever the page does to the code that reads it, there is an answer: its bytes are kept, the batch goes on, and a
    rebuild reads it again.
    """
    from archive.entities import understand
    from archive.extraction import extract

    names = loaded(recogniser)  # outside: a recogniser that is not there is nobody's page's fault
    try:
        found = extract(page)
        reading = understand(found.article, names) if found.article else Reading()
    except Exception as error:  # noqa: BLE001 - see above
        detail = f"the page could not be read ({type(error).__name__}: {error})"
        return Read(None, Reading(), Outcome.NO_TEXT, detail, page.media_type or "")
    return Read(found.article, reading, found.outcome, found.detail, found.media_type)


def _work(page: Page, recogniser: str) -> Read:
    """`read`, in a worker process, which does nothing else."""
    answer = read(page, recogniser)
    _settle_down()
    return answer


@cache
def _settle_down() -> None:
    """What the first page has loaded stays, and pages leave next to no cycles: looking for some was 3 % of the work."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)


@cache
def loaded(name: str) -> Recogniser:
    """The recogniser of that name, loaded once in a process."""
    from archive.entities import load_recogniser

    return load_recogniser(name)


class Reader:
    """Reads pages, in this process until `workers` is asked for. Safe to call from several threads."""

    def __init__(self, recogniser: str) -> None:
        self._recogniser = recogniser
        self._pool: ProcessPoolExecutor | None = None
        self._one_at_a_time = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def use_workers(self, count: int | None = None) -> None:
        """Read in `count` processes from now on (default: one per core). Ctrl-C is for this process alone to answer."""
        if self._pool is None:
            # spawn: forked children would inherit our locks, database handles and threads.
            cores = count or os.cpu_count() or 1
            self._pool = ProcessPoolExecutor(
                cores, get_context("spawn"), signal.signal, (signal.SIGINT, signal.SIG_IGN)
            )

    def read(self, page: Page) -> Read:
        """What `page` says. Blocks until it is read."""
        if self._pool is not None:
            try:
                return self.submit(page).result()
            except BrokenProcessPool:
                # A worker was killed from outside (memory, an operator): go on here, slower but alive.
                self.close()
        with self._one_at_a_time:
            return read(page, self._recogniser)

    def submit(self, page: Page) -> Future[Read]:
        """As `read`, without waiting where there are workers."""
        if self._pool is not None:
            return self._pool.submit(_work, page, self._recogniser)
        done: Future[Read] = Future()
        done.set_result(self.read(page))
        return done

    def close(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None
