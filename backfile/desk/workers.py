"""`map` over many items in processes, in order, with flat memory; an item that kills its process is an answer, too.

The processes (worker.py) know nothing of the script that started them, so that it is not run again in each of them, as
it would be by multiprocessing.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import Generic, TypeVar, cast

T = TypeVar("T")
R = TypeVar("R")
TRIES = 2  # processes that one item may cost: the first may have been killed for what another one needed
_AHEAD = 8  # items a process that are read before they are wanted: none waits, and memory stays flat
_ROOT = Path(__file__).parents[2]


def mapped(
    work: Callable[[T], R], items: Iterable[T], lost: Callable[[T, str], R], *, processes: int | None = None
) -> Iterator[R]:
    """`map(work, items)`, by so many processes (default: one per core).

    `lost` says what an item is that ends its process each time it is tried; it is told how. `work` must be found by its
    name in a module. What it raises is raised here, as if it had been called here.
    """
    count = processes or os.cpu_count() or 1
    crew = _Crew(work, lost, count)
    waiting: deque[Future[R]] = deque()
    try:
        for item in items:
            waiting.append(crew.submit(item))
            if len(waiting) >= count * _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        crew.close()


class _Crew(Generic[T, R]):
    """So many processes, and a thread for each that is asked."""

    def __init__(self, work: Callable[[T], R], lost: Callable[[T, str], R], count: int) -> None:
        self._lost = lost
        self._all: list[_Process[T, R]] = [_Process(work) for _ in range(count)]
        self._idle: SimpleQueue[_Process[T, R]] = SimpleQueue()
        for process in self._all:
            self._idle.put(process)
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="backfile-files")

    def submit(self, item: T) -> Future[R]:
        return self._threads.submit(self._ask, item)

    def close(self) -> None:
        """End every process at once, whatever it is doing."""
        for process in self._all:
            process.close()
        self._threads.shutdown(cancel_futures=True)
        for process in self._all:
            process.close()  # what was started while the first ones were closed

    def _ask(self, item: T) -> R:
        process = self._idle.get()
        try:
            return process.ask(item, self._lost)
        finally:
            self._idle.put(process)


class _Process(Generic[T, R]):
    """One process, started when there is something to ask it."""

    def __init__(self, work: Callable[[T], R]) -> None:
        self._work = work
        self._running: subprocess.Popen[bytes] | None = None
        self._closed = False

    def ask(self, item: T, lost: Callable[[T, str], R]) -> R:
        how = ""
        for _ in range(TRIES):
            if self._closed:
                break
            try:
                done, answer = self._answer(item)
            except (EOFError, OSError, pickle.UnpicklingError):
                how = _how(self._end())
            else:
                return cast("R", answer) if done else self._work(item)
        return lost(item, f"each of {TRIES} processes that read it ended ({how})")

    def close(self) -> None:
        """End it at once, whatever it is doing."""
        self._closed = True
        if self._running is not None:
            self._running.kill()
            self._end()

    def _answer(self, item: T) -> tuple[bool, object]:
        if self._running is None:
            self._running = _start()
            self._send(sys.path)
            self._send(self._work)
        self._send(item)
        assert self._running.stdout is not None
        answer = pickle.load(self._running.stdout)  # noqa: S301 - written by our own child
        return cast("tuple[bool, object]", answer)

    def _send(self, what: object) -> None:
        assert self._running is not None
        assert self._running.stdin is not None
        pickle.dump(what, self._running.stdin, pickle.HIGHEST_PROTOCOL)
        self._running.stdin.flush()

    def _end(self) -> int:
        running, self._running = self._running, None
        if running is None:
            return 0
        running.kill()
        for pipe in (running.stdin, running.stdout):
            assert pipe is not None
            with suppress(OSError):  # what it was not sent any more
                pipe.close()
        return running.wait()


def _start() -> subprocess.Popen[bytes]:
    path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "backfile.desk.worker"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": path},
    )  # fmt: skip


def _how(end: int) -> str:
    return f"signal {-end}" if end < 0 else f"status {end}"
