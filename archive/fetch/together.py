"""What belongs to one page, asked for together: one turn of each host for all of it, at most MOST requests at once.

Redirects that leave their host wait for the next round, so that no thread holds one host's turn while it waits for
another's. The turns of a round are taken in the order of the hosts' names, so that no two pages wait for each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace

from archive.fetch.chain import Step
from archive.fetch.pace import HostRestsError, Pace, StoppedError
from archive.fetch.robots import MAX_CRAWL_DELAY, Verdict
from archive.model import Fetched, Outcome, Request
from archive.seams import Room
from archive.urls import parse

MOST = 4  # requests at once for one page
_PATIENCE = MAX_CRAWL_DELAY  # seconds that the resources of a page wait for the turn of their host

STOPPED = "stopped before it was answered"

_End = tuple[Outcome, str, float | None]


class Together:
    """The requests of one page, with what the fetcher does for each of their steps.

    `check` says whether a step may be taken, `ask` takes one while it is the turn of its host.
    """

    def __init__(
        self,
        begin: Callable[[Request], Step | Fetched],
        check: Callable[[Step], Verdict | Fetched],
        ask: Callable[[Step], Step | Fetched],
        pace: Pace,
        room: Room,
    ) -> None:
        self._begin = begin
        self._check = check
        self._ask = ask
        self._pace = pace
        self._room = room
        self._resting: dict[str, _End] = {}  # hosts that are not asked (any more) for this page

    def fetched(self, requests: Sequence[Request], beside: str) -> list[Fetched]:
        """What each request led to, in their order. The page at `beside` came just now, in a turn of its host."""
        done: dict[int, Fetched] = {}
        waiting = self._sorted(enumerate(map(self._begin, requests)), done)
        near = parse(beside).host
        while waiting:
            waiting = self._round(waiting, near, done)
            near = ""  # the turn that the page had is over
        return [done[number] for number in range(len(requests))]

    def _sorted(self, found: Iterable[tuple[int, Step | Fetched]], done: dict[int, Fetched]) -> list[tuple[int, Step]]:
        """Those that go on; what has come to its end is in `done`."""
        going = []
        for number, one in found:
            if isinstance(one, Fetched):
                done[number] = one
            else:
                going.append((number, one))
        return going

    def _round(self, waiting: list[tuple[int, Step]], near: str, done: dict[int, Fetched]) -> list[tuple[int, Step]]:
        """Take the steps within one turn of each host; what goes on at another host is left."""
        delays: dict[str, float] = {}
        going: list[tuple[int, Step]] = []
        for number, step in waiting:
            verdict = self._check(step)
            if isinstance(verdict, Fetched):
                done[number] = verdict
                continue
            going.append((number, step))
            delays[step.url.host] = max(delays.get(step.url.host, 0.0), verdict.delay or 0.0)
        with ExitStack() as held:
            for host in sorted(delays):
                stays = any(step.url.host == host and step.chain.stays_at(step.url) for _, step in going)
                if refusal := self._enter(held, host, delays[host], at_once=stays or host == near):
                    self._resting[host] = refusal
            with ThreadPoolExecutor(MOST, thread_name_prefix="backfile-resource") as pool:
                return self._sorted(list(pool.map(self._take, going)), done)

    def _enter(self, held: ExitStack, host: str, delay: float, *, at_once: bool) -> _End | None:
        """Hold a turn of the host from here on; why not, where it cannot be had."""
        rest = 0.0 if at_once else self._pace.opening(host).after
        if rest > _PATIENCE:
            return Outcome.BLOCKED, f"the host is left alone for another {rest:.0f} s", rest
        try:
            held.enter_context(self._pace.turn(host, delay=delay, at_once=at_once))
        except HostRestsError as error:
            return Outcome.BLOCKED, str(error), error.seconds
        except StoppedError:
            return Outcome.FAILED, STOPPED, None
        return None

    def _take(self, numbered: tuple[int, Step]) -> tuple[int, Step | Fetched]:
        """Take one step, while the turn of its host is held."""
        number, step = numbered
        chain, host = step.chain, step.url.host
        if host in self._resting:
            outcome, detail, seconds = self._resting[host]
            return number, chain.end(outcome, detail, step.url, seconds)
        if not chain.exchanges:
            most = self._room.take()
            if isinstance(most, str):
                return number, chain.end(Outcome.TOO_LARGE, most, step.url)
            chain.request = replace(chain.request, most=most)
        one = self._ask(step)
        self._room.spend(len(chain.exchanges[-1].received) if chain.exchanges else 0)
        if isinstance(one, Fetched) and one.outcome is Outcome.BLOCKED and one.retry_after is not None:
            self._resting[host] = (one.outcome, "the host said that it is asked too much", one.retry_after)
        return number, one
