"""Stretches of WARC files that are looked at by processes of their own, as many as there are cores, in their order.

Such a process knows nothing of the program that started it but where modules are found, and ends when its standard
input does. What one cannot do, or dies of, is done here.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import Self

from archive.storage.verify_bytes import Event, Stretch, look
from archive.storage.warc.reader import RecordReader

WORTH = 64 * 2**20  # bytes from which on it is: a process needs the time of some ten to start

Task = tuple[RecordReader, Stretch]


class Apart:
    """`count` processes. A context manager."""

    def __init__(self, count: int) -> None:
        self._free: SimpleQueue[subprocess.Popen[bytes]] = SimpleQueue()
        self._count = count
        self._held = ExitStack()
        self._threads = ThreadPoolExecutor(count, "backfile-verify")

    def looked(self, tasks: Iterable[Task]) -> Iterator[tuple[Stretch, Iterable[Event]]]:
        """Each stretch in its turn, with what there is to know of it; some are asked for ahead. Errors as `look`."""
        waiting = deque[tuple[Task, Future[list[Event] | None] | None]]()
        for task in tasks:
            reader = task[0].apart(task[1].name)
            waiting.append((task, self._threads.submit(self._asked, (reader, task[1])) if reader else None))
            if len(waiting) > self._count:
                yield _taken(*waiting.popleft())
        while waiting:
            yield _taken(*waiting.popleft())

    def _asked(self, task: Task) -> list[Event] | None:
        process = self._free.get()
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            pickle.dump(task, process.stdin, pickle.HIGHEST_PROTOCOL)
            process.stdin.flush()
            answer: list[Event] | None = pickle.load(process.stdout)  # noqa: S301 - written by our own child
        except (OSError, EOFError, pickle.UnpicklingError):  # it was killed, or never came up: slower, but alive
            return None
        else:
            return answer
        finally:
            self._free.put(process)

    def __enter__(self) -> Self:
        for _ in range(self._count):
            process = _started()
            self._held.callback(_end, process)
            self._free.put(process)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._held.close()


def _taken(task: Task, coming: Future[list[Event] | None] | None) -> tuple[Stretch, Iterable[Event]]:
    events = coming.result() if coming else None
    return task[1], look(*task) if events is None else events


def _started() -> subprocess.Popen[bytes]:
    path = os.pathsep.join([str(Path(__file__).parents[2]), *filter(None, [os.environ.get("PYTHONPATH")])])
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "archive.storage.verify_apart"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    for pipe in (process.stdin, process.stdout):
        with suppress(OSError):  # what it was not sent any more
            if pipe:
                pipe.close()
    process.wait()


def serve() -> None:
    """What such a process does until its standard input ends. None is the answer where whoever asks is to try."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the caller to answer
    sources, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints is no part of the answer
    with suppress(EOFError, BrokenPipeError):
        while True:
            reader, stretch = pickle.load(sources)  # noqa: S301 - from our parent
            answer: list[Event] | None
            try:
                answer = list(look(reader, stretch))
            except Exception:  # noqa: BLE001 - our parent meets it too, and says what it is
                answer = None
            pickle.dump(answer, answers, pickle.HIGHEST_PROTOCOL)
            answers.flush()


if __name__ == "__main__":
    from archive.storage import verify_apart

    verify_apart.serve()
