"""What can be handed to `open_archive` in the place of our own: who asks for pages. Who finds names is a `Recogniser`.

Light on purpose: whoever only opens an archive imports nothing of what fetches.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from time import monotonic
from typing import Protocol, runtime_checkable

from archive.config import FetchSettings
from archive.frozen import frozen
from archive.model import Fetched, Outcome, Request


@frozen
class Opening:
    """How a host may be asked: in `after` seconds, for `at_once` pages at a time, begun `apart` seconds one by one."""

    after: float = 0.0
    at_once: int = 1
    apart: float = 0.0
    hopeless: bool = False  # it goes on saying that it is asked too much: what it refuses need not be tried again


class Room:
    """How much the resources of one page may still take: how many, how many bytes, until when. Thread-safe."""

    def __init__(self, *, count: int, total: int, each: int, seconds: float) -> None:
        self._count = count
        self._total = total
        self._each = each
        self._until = monotonic() + seconds
        self._lock = threading.Lock()

    def take(self) -> int | str:
        """Room for one more: the bytes that it may have, or why there is none."""
        with self._lock:
            if self._count <= 0:
                return "the page has more resources than are asked for"
            if self._total <= 0:
                return "the resources of the page are larger than the limit for all of them"
            if monotonic() >= self._until:
                return "the time for the resources of the page was over"
            self._count -= 1
            return min(self._each, self._total)

    def spend(self, size: int) -> None:
        """So many bytes came."""
        with self._lock:
            self._total -= size


class Fetching(Protocol):
    """Whoever asks for pages: a browser under control, a cache, a queue; without one, our own client does.

    Called by up to `fetch.concurrency` threads at once, whether for pages, feeds or robots.txt of its own. Whoever
    made it closes it: the archive does not. Where it is no `Paces` too, `fetch.per_host` and `fetch.delay` hold for
    each host.
    """

    def fetch(self, request: Request) -> Fetched:
        """Ask for one URL and follow it to its end.

        What a URL or a server does is an outcome, never an exception. The last exchange has the bytes that are kept:
        `received` is what a server sends (status line, headers, an empty line, body), `payload` the decoded body.
        `request.by_hand` says that a person named the URL, else robots.txt is to be obeyed; `etag` and `last_modified`
        are what is held already, so that outcome UNCHANGED may be the answer.
        """


@runtime_checkable
class Paces(Protocol):
    """A Fetching that knows how its hosts want to be asked."""

    def host(self, url: str) -> str:
        """Whose pace a request for `url` begins with; "" for what is not fetched."""

    def opening(self, host: str) -> Opening:
        """How that host may be asked now."""


@runtime_checkable
class FetchesTogether(Protocol):
    """A Fetching that can ask for what belongs to one page within one turn of each host."""

    def together(self, requests: Sequence[Request], beside: str, room: Room) -> list[Fetched]:
        """What each request led to, in their order, as far as there is `room`. The page at `beside` came just now."""


class PacedFetching(Fetching, Paces, FetchesTogether, Protocol):
    """What a run works with."""


class Paced:
    """A fetcher that was handed in, with the pace of the settings where it has none of its own."""

    def __init__(self, fetcher: Fetching, settings: FetchSettings) -> None:
        self._fetcher = fetcher
        self._own = fetcher if isinstance(fetcher, Paces) else None
        self._opening = Opening(at_once=max(1, settings.per_host), apart=settings.delay)

    def fetch(self, request: Request) -> Fetched:
        return self._fetcher.fetch(request)

    def together(self, requests: Sequence[Request], beside: str, room: Room) -> list[Fetched]:
        """One after the other, where the fetcher knows no better."""
        if isinstance(self._fetcher, FetchesTogether):
            return self._fetcher.together(requests, beside, room)
        return [self._within(request, room) for request in requests]

    def _within(self, request: Request, room: Room) -> Fetched:
        most = room.take()
        if isinstance(most, str):
            return Fetched(request, (), Outcome.TOO_LARGE, most, request.url)
        fetched = self._fetcher.fetch(replace(request, most=most))
        room.spend(len(fetched.last.received) if fetched.last else 0)
        return fetched

    def host(self, url: str) -> str:
        from archive.urls import site_of

        return self._own.host(url) if self._own else site_of(url)

    def opening(self, host: str) -> Opening:
        return self._own.opening(host) if self._own else self._opening
