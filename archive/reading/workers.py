"""Worker processes that read pages, and what happens when one of them dies.

Each worker reads one page at a time, so the page that it died of is known. It is given to a new worker once more: it
may have been killed for what another one needed. Where that dies too, the page is what cannot be read. Short texts are
given to a worker some at a time: the way there and back would cost as much as a tenth of reading them. Where it dies of
them, they are read one by one.
"""

from __future__ import annotations

import pickle
import sys
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from queue import SimpleQueue
from typing import TYPE_CHECKING

from archive.extraction import is_text
from archive.model import Outcome, Reading
from archive.reading.nursery import Nursery, Process
from archive.reading.once import Read
from archive.reading.packing import unpacked

if TYPE_CHECKING:
    from archive.entities import Recogniser
    from archive.extraction import Page

TRIES = 2  # workers that one page may cost
TOGETHER = 8  # texts that a worker is given at once
_SHORT = 20_000  # bytes of a text that others may wait for
# Of these nothing runs in threads: they can be loaded before a process is forked.
_LOADED_ONCE = frozenset({"default", "none"})


class NoStartError(Exception):
    """No worker could be started: that says nothing of a page."""


class Workers:
    """`count` processes, each started when there is a page for it. Safe to call from several threads."""

    def __init__(self, count: int, recogniser: str | Recogniser, here: Callable[[Page], Read]) -> None:
        """`recogniser` is pickled, or its name is, and what that raises is raised.

        `here` reads in this process: for where no worker can be started.
        """
        self._recogniser = pickle.dumps(recogniser)
        self._here = here
        self._nursery = Nursery(recogniser if isinstance(recogniser, str) and recogniser in _LOADED_ONCE else "")
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="backfile-read")
        self._idle: SimpleQueue[_Worker] = SimpleQueue()
        self._texts: deque[tuple[Page, Future[Read]]] = deque()
        self._called = 0  # how often a thread was called for them
        self._all: set[_Worker] = set()
        self._guard = threading.Lock()
        self._closed = False
        for _ in range(count):
            self._idle.put(self._new())

    def try_one(self) -> None:
        """Start a worker. NoStartError says why it is of no use."""
        worker = self._idle.get()
        try:
            self._start(worker, texts=False)
        finally:
            self._idle.put(worker)

    def submit(self, page: Page) -> Future[Read]:
        """Have `page` read."""
        if len(page.payload) > _SHORT or not is_text(page):
            return self._threads.submit(self._read, page)
        done: Future[Read] = Future()
        with self._guard:
            self._texts.append((page, done))
            if len(self._texts) > TOGETHER * self._called:
                self._threads.submit(self._read_texts)
                self._called += 1
        return done

    def close(self) -> None:
        """End every worker at once, whatever it is doing."""
        with self._guard:
            self._closed = True
            for worker in self._all:
                worker.kill()
        self._threads.shutdown(cancel_futures=True)
        for _, done in self._texts:
            done.cancel()
        for worker in self._all:
            worker.close()
        self._nursery.close()

    def _read(self, page: Page) -> Read:
        worker = self._idle.get()
        try:
            ends = []
            for _ in range(TRIES):
                try:
                    self._start(worker, texts=is_text(page))
                except NoStartError:
                    return self._here(page)
                try:
                    return worker.read(page) or self._here(page)
                except (EOFError, OSError, pickle.UnpicklingError):
                    ends.append(worker.close())
                    worker = self._replaced(worker)
            return Read(None, Reading(), Outcome.NO_TEXT, _told(ends), page.media_type or "")
        finally:
            self._idle.put(worker)

    def _read_texts(self) -> None:
        """Read some of the texts that wait."""
        with self._guard:
            self._called -= 1
            some = [self._texts.popleft() for _ in range(min(TOGETHER, len(self._texts)))]
        some = [one for one in some if one[1].set_running_or_notify_cancel()]
        try:
            reads = self._read_together([page for page, _ in some])
        except BaseException as error:  # noqa: BLE001 - whoever waits for one is told
            for _, done in some:
                done.set_exception(error)
            return
        for read, (page, done) in zip(reads, some, strict=True):
            try:
                done.set_result(read or self._read(page))
            except BaseException as error:  # noqa: BLE001 - as above
                done.set_exception(error)

    def _read_together(self, pages: Sequence[Page]) -> Sequence[Read | None]:
        """What they say; None for what is to be read by itself: all, where the worker did not start, or died of one."""
        if len(pages) < 2:
            return [None] * len(pages)
        worker = self._idle.get()
        try:
            self._start(worker, texts=True)
            return worker.read_all(pages)
        except NoStartError:
            pass
        except (EOFError, OSError, pickle.UnpicklingError):
            worker.close()
            worker = self._replaced(worker)
        finally:
            self._idle.put(worker)
        return [None] * len(pages)

    def _new(self) -> _Worker:
        worker = _Worker()
        self._all.add(worker)
        return worker

    def _replaced(self, dead: _Worker) -> _Worker:
        with self._guard:
            self._all.discard(dead)
            return self._new()

    def _start(self, worker: _Worker, *, texts: bool) -> None:
        if not self._closed:
            worker.launch(self._nursery, texts=texts)  # the first takes seconds: who submits more is not held up
        with self._guard:
            if self._closed:
                worker.kill()
                raise RuntimeError("the reader was closed")
        worker.greet(self._recogniser)


class _Worker:
    """One process, or the place for one."""

    def __init__(self) -> None:
        self._process: Process | None = None
        self._ready = False

    def launch(self, nursery: Nursery, *, texts: bool) -> None:
        """Start the process, if that was not done. NoStartError where the system refuses."""
        if self._process is not None:
            return
        try:
            self._process = nursery.new(texts=texts)
        except OSError as error:
            raise NoStartError(str(error)) from error

    def greet(self, recogniser: bytes) -> None:
        """Tell a new process what it needs. NoStartError where it does not come up."""
        if self._ready:
            return
        try:
            refusal = self._ask((sys.path, recogniser))
        except (EOFError, OSError, pickle.UnpicklingError) as error:
            refusal = f"it ended ({error})"
        if refusal:
            self.close()
            raise NoStartError(refusal)
        self._ready = True

    def read(self, page: Page) -> Read | None:
        """What the page says, None where it could not be tried. EOFError or OSError when the process died."""
        return unpacked(self._ask(page))

    def read_all(self, pages: Sequence[Page]) -> list[Read | None]:
        """As `read`, for each of several."""
        answers = self._ask(tuple(pages))
        return list(map(unpacked, answers)) if isinstance(answers, tuple) else [None] * len(pages)

    def kill(self) -> None:
        process = self._process
        if process is not None:
            process.kill()

    def close(self) -> int:
        """End the process, and give its exit status back."""
        if self._process is None:
            return 0
        process, self._process, self._ready = self._process, None, False
        process.kill()
        for pipe in (process.stdin, process.stdout):
            assert pipe is not None
            with suppress(OSError):  # what it was not sent any more
                pipe.close()
        return process.wait()

    def _ask(self, what: object) -> object:
        process = self._process
        assert process is not None
        assert process.stdin is not None
        assert process.stdout is not None
        pickle.dump(what, process.stdin, pickle.HIGHEST_PROTOCOL)
        process.stdin.flush()
        return pickle.load(process.stdout)  # noqa: S301 - written by our own child


def _told(ends: list[int]) -> str:
    how = " and ".join(f"signal {-end}" if end < 0 else f"status {end}" for end in dict.fromkeys(ends))
    return f"the page could not be read: each of {len(ends)} processes that read it ended ({how})"
