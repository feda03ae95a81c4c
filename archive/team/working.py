"""A worker: claims pages that runs have no hands left for, fetches and reads each as the run would, and hands it in; so
it does with stored pages that a rebuild reads again.

Where the archive lies in a bucket, it stores them itself, many in one object, and hands in where each stands. It
catalogues nothing: who holds the lease does. What goes wrong with a page here is left to the run, which asks for it
again itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING

from archive.errors import ArchiveError, StorageError
from archive.fetch.turns import Hands
from archive.keeper import Looking, StoredPage
from archive.logs import logger
from archive.model import Added, Outcome
from archive.pipeline import Run, Take
from archive.reading import Read, Reader
from archive.seams import PacedFetching
from archive.storage import Catalog, JobKind
from archive.storage.limits import IN_A_BUCKET, IN_A_FOLDER
from archive.storage.places import Server
from archive.storage.shelves import Records
from archive.team import Worked
from archive.team.packing import packed_read, packed_take, unpacked_page, unpacked_work, without_bytes
from archive.team.queue import Piece, Queue
from archive.wiring import Wiring

if TYPE_CHECKING:
    from archive.team.putting import Putting

_SIGN = 5.0  # seconds between two signs of life
_LOOK = 0.2  # seconds between two looks at an empty queue
_IDLE = 1.0  # seconds without anything to do after which what waits is put
_log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Opened:
    """What a worker looks things up in."""

    catalog: Catalog
    reader: Records


@dataclass(frozen=True, slots=True)
class _Done:
    """What came of a page: the `take` of one that was fetched, the `read` of a stored one; neither: it is left."""

    piece: Piece
    url: str
    take: Take | None = None
    by: str = ""
    read: Read | None = None

    @property
    def is_to_keep(self) -> bool:
        """Whether its capture can be stored here. What a host said it is asked too much for may be asked for again."""
        if self.take is None or (self.take.fetched.outcome is Outcome.BLOCKED and self.take.fetched.retry_after):
            return False
        return packed_take(without_bytes(self.take)) is not None

    @property
    def packed(self) -> bytes | None:
        """What is handed in."""
        if self.read is not None:
            return packed_read(self.read)
        return packed_take(self.take) if self.take else None

    @property
    def detail(self) -> str:
        """What came of it, in words."""
        if self.read is not None:
            return "read again"
        return self.take.fetched.outcome.value if self.take else "left to the run"


class _Elsewhere(Looking):
    """A run that keeps nothing here: who asked for the page does."""

    limits = IN_A_FOLDER

    def keep(self, takes: Sequence[Take]) -> list[Added]:
        raise NotImplementedError("a worker keeps nothing")

    def give_way(self) -> None:
        """Nobody waits for a worker."""


class Worker:
    """One process that works for an archive."""

    def __init__(self, wiring: Wiring, server: Server, opened: Opened) -> None:
        self._wiring = wiring
        self._server = server
        self._opened = opened

    def pages(self, *, until_idle: bool = False) -> Iterator[Worked]:
        """Work, and say of each page that it was handed in. With `until_idle` it ends when nothing is left to do.

        Nothing is: no page waits or is being fetched anywhere, and no job that was written down waits for a run.
        StorageError where the bucket refuses what was fetched: the runs ask for it again.
        """
        with ExitStack() as held:
            queue = held.enter_context(Queue(self._server, "backfile work"))
            reader = held.enter_context(self._wiring.reader())
            fetcher = held.enter_context(self._wiring.fetching())
            shift = _Shift(queue, self._putting())
            reader.use_workers()
            most = self._wiring.settings.fetch.concurrency
            work: Callable[[Piece], _Done] = lambda piece: self._done(piece, reader, fetcher)  # noqa: E731
            hands = held.enter_context(Hands(work, most))
            held.enter_context(_signs_of_life(queue))
            while True:
                for piece in queue.claim(most - hands.busy) if hands.free else ():
                    hands.begin(piece)
                yield from shift.take(hands.collect(_LOOK))
                if shift.is_due(busy=hands.busy > 0):
                    yield from shift.put()
                if until_idle and not hands.busy and queue.is_idle() and not self._has_plans():
                    return

    def _putting(self) -> Putting | None:
        """Who puts objects; None where the captures lie in the folder of the one that writes."""
        if not self._wiring.settings.store.captures:
            return None
        from archive.storage.bucket.vault import BucketVault
        from archive.team.putting import Putting

        vault = self._wiring.vault
        assert isinstance(vault, BucketVault)
        vault.check()
        return Putting(vault.objects, self._wiring.settings.store, self._opened.catalog)

    def _done(self, piece: Piece, reader: Reader, fetcher: PacedFetching) -> _Done:
        if page := unpacked_page(piece.work):
            return self._read_again(piece, page, reader)
        work = unpacked_work(piece.work)
        if work is None:
            return _Done(piece, "a page of another version of this program")
        url = work.due.wanted.url
        fetch = replace(self._wiring.settings.fetch, resources=work.resources, rescue=work.rescue)
        settings = replace(self._wiring.settings, fetch=fetch)
        run = Run(settings, fetcher, reader, _Elsewhere(self._opened), 0, work.again, work.whole)
        try:
            return _Done(piece, url, run.take(work.due, run.gatherer())[1], work.by)
        except ArchiveError as error:
            _log.warning("a page is left to the run that asked for it: %s", error)
            return _Done(piece, url)

    def _read_again(self, piece: Piece, page: StoredPage, reader: Reader) -> _Done:
        try:
            found = page.found(self._opened.reader)
        except ArchiveError as error:
            _log.warning("a stored page is left to the rebuild that asked for it: %s", error)
            found = None
        return _Done(piece, page.url, read=reader.read(found) if found else None)

    def _has_plans(self) -> bool:
        from archive.jobs.planned import plan_of

        with self._opened.catalog.jobs() as jobs:
            return any(plan_of(job) is not None and job.ended is None for job in jobs.all(JobKind.ADD, JobKind.IMPORT))


class _Shift:
    """What a worker has fetched, on its way to the runs: one by one, or first into an object together with others."""

    def __init__(self, queue: Queue, putting: Putting | None) -> None:
        self._queue = queue
        self._putting = putting
        self._waiting: dict[int, _Done] = {}
        self._size = 0
        self._since = 0.0  # when the first of them came
        self._last = 0.0  # when the last time was that something came or was under way

    def take(self, came: Sequence[_Done]) -> Iterator[Worked]:
        """What is not stored here is handed in at once."""
        kept = {done.piece.num: done for done in came if self._putting and done.is_to_keep}
        if kept and not self._waiting:
            self._since = monotonic()
        if kept:
            self._waiting |= kept
            self._size += sum(done.take.size for done in kept.values() if done.take)
            self._queue.asked(tuple(kept))
        for done in came:
            if done.piece.num not in kept:
                packed = done.packed
                came_in = self._queue.hand_in({done.piece.num: packed})
                yield _worked(done, came=packed is not None and bool(came_in))

    def is_due(self, *, busy: bool) -> bool:
        """Whether an object is to be put: it is large, has waited long enough, or nothing more seems to come."""
        now = monotonic()
        if busy or not self._waiting:
            self._last = now
        full = IN_A_BUCKET.are_reached(len(self._waiting), self._size, now - self._since)
        return bool(self._waiting) and (full or now - self._last >= _IDLE)

    def put(self) -> Iterator[Worked]:
        """Stores what waits, as far as somebody waits for it still, and hands it in: all of it at once."""
        assert self._putting is not None
        waiting, self._waiting, self._size = self._waiting, {}, 0
        stored: dict[int, bytes | None] = {}
        came: set[int] = set()
        with self._queue.putting(tuple(waiting)) as mine:
            pages = ((num, one.take, one.by) for num, one in waiting.items() if num in mine and one.take)
            try:
                for num, take in self._putting.put(pages):
                    stored[num] = packed_take(take)
            finally:  # what the store refuses is asked for again by the runs
                came = self._queue.hand_in({num: stored.get(num) for num in mine})
        for num, done in waiting.items():
            yield _worked(done, came=num in came and stored.get(num) is not None)


def _worked(done: _Done, *, came: bool) -> Worked:
    return Worked(done.url, done.detail, came)


@contextmanager
def _signs_of_life(queue: Queue) -> Iterator[None]:
    """A worker is known to be there inside, whatever it waits for."""
    over = Event()

    def sign() -> None:
        with suppress(StorageError):  # whoever uses the connection next hears of it
            while not over.wait(_SIGN):
                queue.live()

    queue.live()
    thread = Thread(target=sign, name="backfile-signs", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
