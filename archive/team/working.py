"""A worker: claims pages that runs have no hands left for, fetches and reads each as the run would, and hands it in.

It stores nothing and catalogues nothing: who holds the lease does. What goes wrong with a page here is left to the run,
which asks for it again itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from time import monotonic

from archive.errors import ArchiveError
from archive.fetch.turns import Hands
from archive.keeper import Looking
from archive.logs import logger
from archive.model import Added
from archive.pipeline import Run, Take
from archive.reading import Reader
from archive.seams import PacedFetching
from archive.storage import Catalog, JobKind
from archive.storage.limits import IN_A_FOLDER
from archive.storage.places import Server
from archive.storage.store import Records
from archive.team import Worked
from archive.team.packing import packed_take, unpacked_work
from archive.team.queue import Piece, Queue
from archive.wiring import Wiring

_SIGN = 5.0  # seconds between two signs of life
_LOOK = 0.2  # seconds between two looks at an empty queue
_log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Opened:
    """What a worker looks things up in."""

    catalog: Catalog
    reader: Records


@dataclass(frozen=True, slots=True)
class _Done:
    piece: Piece
    url: str
    take: Take | None


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
        """
        with ExitStack() as held:
            queue = held.enter_context(Queue(self._server, "backfile work"))
            reader = held.enter_context(self._wiring.reader())
            fetcher = held.enter_context(self._wiring.fetching())
            reader.use_workers()
            most = self._wiring.settings.fetch.concurrency
            work: Callable[[Piece], _Done] = lambda piece: self._done(piece, reader, fetcher)  # noqa: E731
            hands = held.enter_context(Hands(work, most))
            signed = float("-inf")
            while True:
                if monotonic() - signed >= _SIGN:
                    queue.live()
                    signed = monotonic()
                for piece in queue.claim(most - hands.busy) if hands.free else ():
                    hands.begin(piece)
                for done in hands.collect(_LOOK):
                    yield self._handed_in(queue, done)
                if until_idle and not hands.busy and queue.is_idle() and not self._has_plans():
                    return

    def _done(self, piece: Piece, reader: Reader, fetcher: PacedFetching) -> _Done:
        work = unpacked_work(piece.work)
        if work is None:
            return _Done(piece, "a page of another version of this program", None)
        url = work.due.wanted.url
        fetch = replace(self._wiring.settings.fetch, resources=work.resources, rescue=work.rescue)
        settings = replace(self._wiring.settings, fetch=fetch)
        run = Run(settings, fetcher, reader, _Elsewhere(self._opened), 0, work.again, work.whole)
        try:
            return _Done(piece, url, run.take(work.due, run.gatherer())[1])
        except ArchiveError as error:
            _log.warning("a page is left to the run that asked for it: %s", error)
            return _Done(piece, url, None)

    def _handed_in(self, queue: Queue, done: _Done) -> Worked:
        packed = packed_take(done.take) if done.take else None
        came = queue.hand_in(done.piece.num, packed) and packed is not None
        return Worked(done.url, done.take.fetched.outcome.value if done.take else "left to the run", came)

    def _has_plans(self) -> bool:
        from archive.jobs.planned import plan_of

        with self._opened.catalog.jobs() as jobs:
            return any(plan_of(job) is not None and job.ended is None for job in jobs.all(JobKind.ADD, JobKind.IMPORT))
