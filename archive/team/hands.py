"""The hands of a run in a team: its own threads first, and where these are busy, whoever works for the archive.

What nobody takes up, or whoever took it up has died over, comes back to the run's own threads: so a run alone comes to
its end as ever, and no page is lost with a worker.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from time import monotonic
from typing import Generic, TypeVar

from archive.fetch.turns import Hands, HandsOf
from archive.pipeline import Due, HandsFor, Run, Take, Taking
from archive.storage.places import Server
from archive.team.packing import packed_work, unpacked_take
from archive.team.queue import Queue

T = TypeVar("T")
R = TypeVar("R")
_LOOK = 0.05  # seconds between two looks at the queue while something of ours is in it
_COUNT = 2.0  # seconds for which a number of workers holds


class TeamHands(Generic[T, R]):
    """See `turns.HandsOf`. `pack` and `unpack` are the way of an item to a worker, and of what it came to back."""

    def __init__(
        self, work: Callable[[T], R], most: int, queue: Queue, pack: Callable[[T], bytes | None],
        unpack: Callable[[T, bytes], R | None],
    ) -> None:  # fmt: skip
        self._own = Hands(work, most)
        self._most = most
        self._queue = queue
        self._pack = pack
        self._unpack = unpack
        self._away: dict[int, T] = {}
        self._with_host: set[int] = set()  # of these, the ones that are still to be asked for
        self._asked: list[T] = []  # that needs its host no more, and nobody knows yet
        self._again: list[T] = []  # for our own hands
        self._workers = 0
        self._counted = float("-inf")

    @property
    def busy(self) -> int:
        """Begun and not yet collected."""
        return self._own.busy + len(self._away) + len(self._again)

    @property
    def free(self) -> bool:
        """Whether one more can be begun."""
        if self._again:
            return False
        return self._own.free or len(self._with_host) < self._most * self._at_work()

    def begin(self, item: T) -> None:
        """Have `item` worked on, here or elsewhere."""
        packed = None if self._own.free else self._pack(item)
        if packed is None:
            self._own.begin(item)
        else:
            number = self._queue.put(packed)
            self._away[number] = item
            self._with_host.add(number)

    def collect(self, wait: float | None) -> list[R]:
        """What has finished; waits so many seconds (None: without end) for the first."""
        if not self._away and not self._again:
            return self._own.collect(wait)
        until = None if wait is None else monotonic() + wait
        while True:
            found = self._own.collect(0) + self._come_back()
            self._take_back()
            left = _LOOK if until is None else min(_LOOK, until - monotonic())
            if found or self._asked or left <= 0:
                return found
            if found := self._own.collect(left):
                return found

    def asked(self) -> Sequence[T]:
        """What a worker has fetched, and will hand in together with others."""
        found, self._asked = self._asked, []
        return found

    def _come_back(self) -> list[R]:
        found: list[R] = []
        for piece in self._queue.news() if self._away else ():
            if (item := self._away.get(piece.num)) is None:
                continue
            with_host = piece.num in self._with_host
            self._with_host.discard(piece.num)
            if not piece.ended:
                if with_host:  # else a worker has died over it, and another one has fetched it again
                    self._asked.append(item)
                continue
            del self._away[piece.num]
            result = self._unpack(item, piece.done) if piece.done is not None else None
            if result is None:
                self._again.append(item)  # whatever went wrong there is seen here, as ever
            else:
                found.append(result)
        return found

    def _take_back(self) -> None:
        """Our own hands are no longer busy: what waits is theirs."""
        while self._own.free:
            if self._again:
                self._own.begin(self._again.pop())
                continue
            piece = self._queue.taken_back() if self._away else None
            if piece is None:
                return
            self._with_host.discard(piece.num)
            if (item := self._away.pop(piece.num, None)) is not None:
                self._own.begin(item)

    def _at_work(self) -> int:
        if monotonic() - self._counted > _COUNT:
            self._workers, self._counted = self._queue.workers(), monotonic()
        return self._workers

    def __enter__(self) -> TeamHands[T, R]:
        return self

    def __exit__(self, *error: object) -> None:
        self._own.__exit__(*error)
        self._queue.close()


def of_team(server: Server) -> HandsFor:
    """The hands of a run in a team."""

    def hands(run: Run, take: Taking) -> AbstractContextManager[HandsOf[Due, tuple[Due, Take]]]:
        def unpacked(due: Due, data: bytes) -> tuple[Due, Take] | None:
            came = unpacked_take(data)
            return None if came is None else (due, came)

        most = run.settings.fetch.concurrency
        return TeamHands(take, most, Queue(server, "backfile run"), lambda due: packed_work(run, due), unpacked)

    return hands
