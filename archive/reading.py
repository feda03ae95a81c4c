"""Bytes → article → what is in it: the part of the pipeline that costs CPU, in this process or in a pool of workers.

A batch is read by processes (extraction holds the interpreter's lock), a single page right here, because starting a
process costs more than reading a page. Hostile pages are guarded one level down, in archive.extraction.
"""

from __future__ import annotations

import gc
import logging
import os
import pickle
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

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Read:
    """What reading one page gave. `outcome` is OK, or why there is no article."""

    article: Article | None
    reading: Reading
    outcome: Outcome
    detail: str
    media_type: str


def read(page: Page, recogniser: str | Recogniser) -> Read:
    """Extract the article of `page` and understand it. A `recogniser` by name is one that `load_recogniser` knows.

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


def loaded(recogniser: str | Recogniser) -> Recogniser:
    """The recogniser itself, where only its name may be given."""
    return named(recogniser) if isinstance(recogniser, str) else recogniser


@cache
def named(name: str) -> Recogniser:
    """The recogniser of that name, loaded once in a process."""
    from archive.entities import load_recogniser

    return load_recogniser(name)


# -- in a worker process, which does nothing else ----------------------------------------------------------------------

_pickled: list[bytes] = []  # the recogniser, as it came


def _begin(pickled: bytes) -> None:
    """Before the first page. Ctrl-C is for the parent alone to answer."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _pickled.append(pickled)


@cache
def _arrived() -> str | Recogniser:
    found: str | Recogniser = pickle.loads(_pickled[0])  # noqa: S301 - our own parent made it
    return found


def _get_ready() -> None:
    _arrived()


def _work(page: Page) -> Read:
    answer = read(page, _arrived())
    _settle_down()
    return answer


@cache
def _settle_down() -> None:
    """What the first page has loaded stays, and pages leave next to no cycles: looking for some was 3 % of the work."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)


class Reader:
    """Reads pages, in this process until `workers` is asked for. Safe to call from several threads."""

    def __init__(self, recogniser: str | Recogniser) -> None:
        self._recogniser = recogniser
        self._pool: ProcessPoolExecutor | None = None
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
        if self._pool is not None or self._stays:
            return
        try:
            self._pool = self._workers(count or os.cpu_count() or 1)
        except Exception as error:  # noqa: BLE001 - what an object of others does when it is pickled
            self._stays = True
            _log.warning(
                "reading stays in this process, one page at a time: the recogniser %r cannot be taken to worker "
                "processes (%s: %s); make it of a class in a module that can be imported, and of values that pickle",
                self._recogniser, type(error).__name__, error,
            )  # fmt: skip

    def _workers(self, count: int) -> ProcessPoolExecutor:
        """The pool, once a recogniser that was handed in has arrived there; one that is named is loaded by each."""
        pickled = pickle.dumps(self._recogniser)
        # spawn: forked children would inherit our locks, database handles and threads.
        pool = ProcessPoolExecutor(count, get_context("spawn"), _begin, (pickled,))
        if not isinstance(self._recogniser, str):
            try:
                pool.submit(_get_ready).result()
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
        return pool

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
            return self._pool.submit(_work, page)
        done: Future[Read] = Future()
        done.set_result(self.read(page))
        return done

    def close(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None
