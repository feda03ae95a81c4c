"""Which page is asked for next, and the threads that ask.

What waits is held by host. A host that rests, or that is being asked already, holds up nobody else: a free thread takes
the next page of another one. Limits: a chain of redirects that leads to a resting host waits there, in its thread.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count, islice
from queue import Empty, SimpleQueue
from typing import Generic, Protocol, TypeVar

from archive.seams import Opening

T = TypeVar("T")
R = TypeVar("R")


@dataclass(slots=True)
class _Host(Generic[T]):
    waiting: deque[T] = field(default_factory=deque)
    running: int = 0
    listed: bool = False  # stands in one of the heaps


class Feed(Generic[T]):
    """What waits, by host; hosts take turns. All times are seconds on one clock. For one thread.

    `opening` says how a host may be asked now.
    """

    def __init__(self, opening: Callable[[str], Opening]) -> None:
        self._opening = opening
        self._hosts: dict[str, _Host[T]] = {}
        self._turns: list[tuple[float, int, str]] = []  # hosts that may be asked from that time on
        self._resting: list[tuple[float, int, str, T]] = []  # what is not to be tried before its time
        self._order = count()
        self._waiting = 0

    def __len__(self) -> int:
        return self._waiting + len(self._resting)

    def put(self, host: str, item: T) -> None:
        """Let `item` wait for a turn of `host`."""
        known = self._hosts.setdefault(host, _Host())
        known.waiting.append(item)
        self._waiting += 1
        self._list(host, known, 0.0)

    def rest(self, host: str, item: T, until: float) -> None:
        """As `put`, but not before `until`."""
        heappush(self._resting, (until, next(self._order), host, item))

    def next(self, now: float, *, beside: bool = False) -> T | None:
        """An item whose host may be asked at `now`; `beside`: also of one that is being asked already."""
        while self._resting and self._resting[0][0] <= now:
            _, _, name, item = heappop(self._resting)
            self.put(name, item)
        passed: list[tuple[float, int, str]] = []
        try:
            while self._turns and self._turns[0][0] <= now:
                turn = heappop(self._turns)
                name = turn[2]
                host, opening = self._hosts[name], self._opening(name)
                if host.running >= opening.at_once:
                    host.listed = False  # until `over`
                elif opening.after > 0:
                    heappush(self._turns, (now + opening.after, next(self._order), name))
                elif host.running and not beside:
                    passed.append(turn)
                else:
                    return self._taken(name, host, now + opening.apart)
            return None
        finally:
            for turn in passed:
                heappush(self._turns, turn)

    def over(self, host: str) -> None:
        """An item of `host` that was taken has come to its end."""
        known = self._hosts[host]
        known.running -= 1
        if known.waiting:
            self._list(host, known, 0.0)
        elif not known.running:
            del self._hosts[host]

    def pause(self, now: float) -> float | None:
        """Seconds until `next` may have something that no call of `over` or `put` brings; None where that is never."""
        times = [heap[0][0] for heap in (self._turns, self._resting) if heap]
        return max(0.0, min(times) - now) if times else None

    def _taken(self, name: str, host: _Host[T], again: float) -> T:
        host.running += 1
        self._waiting -= 1
        item = host.waiting.popleft()
        host.listed = False
        if host.waiting:
            self._list(name, host, again)
        return item

    def _list(self, name: str, host: _Host[T], at: float) -> None:
        if not host.listed:
            host.listed = True
            heappush(self._turns, (at, next(self._order), name))


class HandsOf(Protocol[T, R]):
    """Who works on items: threads (Hands), or a team (team.hands.TeamHands)."""

    @property
    def busy(self) -> int:
        """Begun and not yet collected."""

    @property
    def free(self) -> bool:
        """Whether one more can be begun."""

    def begin(self, item: T) -> None:
        """Have `item` worked on."""

    def collect(self, wait: float | None) -> list[R]:
        """What has finished; waits so many seconds (None: without end) for the first."""

    def asked(self) -> Sequence[T]:
        """What needs its host no more and is not finished, once each: others may be begun for that host."""


class Hands(Generic[T, R]):
    """`work` done in threads, at most `most` at a time. A context manager: leaving it drops what has not begun."""

    def __init__(self, work: Callable[[T], R], most: int) -> None:
        self._work = work
        self._most = max(1, most)
        self._pool = ThreadPoolExecutor(self._most, thread_name_prefix="backfile")
        self._done: SimpleQueue[Future[R]] = SimpleQueue()
        self.busy = 0  # begun and not yet collected

    @property
    def free(self) -> bool:
        return self.busy < self._most

    def begin(self, item: T) -> None:
        """Have `item` worked on."""
        self.busy += 1
        self._pool.submit(self._work, item).add_done_callback(self._done.put)

    def collect(self, wait: float | None) -> list[R]:
        """What has finished; waits so many seconds (None: without end) for the first."""
        found: list[R] = []
        try:
            found.append(self._result(self._done.get(timeout=wait) if wait != 0 else self._done.get_nowait()))
            while True:
                found.append(self._result(self._done.get_nowait()))
        except Empty:
            return found

    def asked(self) -> Sequence[T]:
        """Nothing: whatever has been asked for is finished."""
        return ()

    def _result(self, future: Future[R]) -> R:
        self.busy -= 1
        return future.result()

    def __enter__(self) -> Hands[T, R]:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)


def finished(work: Callable[[T], R], items: Sequence[T], *, workers: int) -> Iterator[list[R]]:
    """`map(work, items)` in threads: yields what has finished since the last yield, in groups of at least one.

    At most `2 × workers` items are begun and not yet taken. Closing the iterator drops what has not begun.
    """
    waiting = iter(items)
    pool = ThreadPoolExecutor(max(1, min(workers, len(items))), thread_name_prefix="backfile")
    running: set[Future[R]] = set()
    try:
        while True:
            running |= {pool.submit(work, item) for item in islice(waiting, 2 * workers - len(running))}
            if not running:
                return
            done, running = wait(running, return_when=FIRST_COMPLETED)
            yield [future.result() for future in done]
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
