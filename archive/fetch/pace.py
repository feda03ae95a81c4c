"""How fast one host is asked: connections at once, the pause between requests, and the longer pauses it asks for.

Waiting happens in the thread that wants to ask, and ends when the fetcher is closed. What a host is, is its name: sites
that share a machine do not slow each other down, and a site with many names is its owner's choice.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Protocol

from archive.seams import Opening

_BACK_OFF = 2.0  # seconds after the first 429 or 503 that names no time; doubles with each further one
_HOPELESS = 5  # 429 and 503 in a row after which a host is not waited for any more
_MAX_HOSTS = 10_000  # hosts remembered; beyond that, those at rest are forgotten


@dataclass(slots=True)
class _Host:
    slots: threading.BoundedSemaphore
    lock: threading.Lock = field(default_factory=threading.Lock)
    next_at: float = 0.0  # monotonic: the next request may start then
    delay: float = 0.0  # between the request of the last turn and the next one
    closed_until: float = 0.0  # monotonic: the host asked to be left alone until then
    refusals: int = 0  # 429 and 503 in a row
    hopeless: bool = False  # not worth waiting for
    users: int = 0


class HostRestsError(Exception):
    """The host is left alone for longer than the caller would wait; `seconds` are left."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(f"the host said that it is asked too much and is left alone for another {seconds:.0f} s")


class StoppedError(Exception):
    """The fetcher was closed while this thread waited for its turn."""


class SharedPace(Protocol):
    """The turns of hosts among several processes (team.pacing.ServerPace). Thread-safe."""

    def enter(self, host: str, slots: int, stopped: threading.Event) -> int:
        """Waits for one of the slots of a host, and holds it. StoppedError when `stopped` is set meanwhile."""

    def turn(self, host: str, delay: float, patience: float) -> float:
        """The next turn of a host is the caller's: in so many seconds. HostRestsError when it is too far away."""

    def not_before(self, host: str, seconds: float) -> None:
        """Nobody asks the host for so many seconds from now."""

    def leave(self, host: str, slot: int) -> None:
        """The slot is free."""


class Pace:
    """The turns of all hosts, in this process, and with `shared` among several. Thread-safe."""

    def __init__(
        self, *, per_host: int, delay: float, patience: float, max_pause: float, shared: SharedPace | None = None
    ) -> None:
        self._shared = shared
        self._per_host = max(1, per_host)
        self._delay = delay
        self._patience = patience
        self._max_pause = max_pause
        self._hosts: dict[str, _Host] = {}
        self._lock = threading.Lock()
        self._stopped = threading.Event()

    @contextmanager
    def turn(
        self, host: str, *, delay: float | None = None, at_once: bool = False, counts: bool = True
    ) -> Iterator[None]:
        """Wait for a turn at `host` and hold one of its slots. `delay` replaces the setting when it is longer.

        `at_once`: no pause before this one (a redirect is followed as a browser would). `counts`: the next one pauses.
        Raises HostRestsError and StoppedError.
        """
        state = self._enter(host)
        try:
            while not state.slots.acquire(timeout=0.5):
                if self._stopped.is_set():
                    raise StoppedError
            try:
                apart = max(self._delay, delay or 0.0) if counts else 0.0
                self._wait(state, apart, at_once=at_once)
                with self._among_all(host, apart, at_once=at_once):
                    yield
            finally:
                state.slots.release()
        finally:
            with self._lock:
                state.users -= 1

    @contextmanager
    def _among_all(self, host: str, delay: float, *, at_once: bool) -> Iterator[None]:
        """As `turn`, among all processes that share the pace."""
        if self._shared is None:
            yield
            return
        slot = self._shared.enter(host, self._per_host, self._stopped)
        try:
            if delay and not at_once and self._stopped.wait(self._shared.turn(host, delay, self._patience)):
                raise StoppedError
            yield
        finally:
            self._shared.leave(host, slot)

    def opening(self, host: str) -> Opening:
        """How `host` may be asked now, for those who would rather ask another one than wait.

        One that said it is asked too much is asked by one thread until it answers. One that goes on saying so, or wants
        to be left alone for longer than anybody waits, is not waited for: `turn` says that it rests.
        """
        with self._lock:
            state = self._hosts.get(host)
        if state is None:
            return Opening(0.0, self._per_host, self._delay)
        with state.lock:
            if state.hopeless:
                return Opening(hopeless=True)
            after = max(state.next_at, state.closed_until) - time.monotonic()
            return Opening(max(0.0, after), 1 if state.refusals else self._per_host, self._delay)

    def answered(self, host: str, status: int | None, retry_after: str | None, *, asked: float) -> float | None:
        """Take note of an answer to what was asked at that moment (monotonic).

        Returns the seconds for which the host wants to be left alone, capped, if any.
        """
        with self._lock:
            state = self._hosts.get(host)
        if state is None:
            return None
        with state.lock:
            # A turn begins with connecting, which may take long: the host counts from the request on.
            state.next_at = max(state.next_at, asked + state.delay)
            if self._shared is not None and (left := asked + state.delay - time.monotonic()) > 0:
                self._shared.not_before(host, left)
            if status not in (429, 503):
                if status is not None:
                    state.refusals, state.hopeless = 0, False
                return None
            wanted = seconds_of(retry_after)
            pause = _BACK_OFF * 2 ** min(state.refusals, 10) if wanted is None else wanted
            state.refusals += 1
            state.hopeless = state.refusals >= _HOPELESS or pause >= self._max_pause
            pause = min(pause, self._max_pause)
            state.closed_until = max(state.closed_until, time.monotonic() + pause)
            if self._shared is not None:
                self._shared.not_before(host, pause)
            return pause

    def stop(self) -> None:
        """Wake every thread that waits; they raise StoppedError."""
        self._stopped.set()

    @property
    def stopped(self) -> bool:
        return self._stopped.is_set()

    def _enter(self, host: str) -> _Host:
        with self._lock:
            state = self._hosts.get(host)
            if state is None:
                if len(self._hosts) >= _MAX_HOSTS:
                    self._forget()
                state = self._hosts[host] = _Host(threading.BoundedSemaphore(self._per_host))
            state.users += 1
            return state

    def _forget(self) -> None:
        now = time.monotonic()
        at_rest = [h for h, s in self._hosts.items() if not s.users and max(s.next_at, s.closed_until) < now]
        for host in at_rest:
            del self._hosts[host]

    def _wait(self, state: _Host, delay: float, *, at_once: bool) -> None:
        with state.lock:
            now = time.monotonic()
            rest = state.closed_until - now
            if rest > (0.0 if state.hopeless else self._patience):
                raise HostRestsError(rest)
            start = max(now, state.closed_until, 0.0 if at_once else state.next_at)
            state.delay = delay
            state.next_at = max(state.next_at, start + delay)
        if self._stopped.wait(start - now) if start > now else self._stopped.is_set():
            raise StoppedError


def seconds_of(retry_after: str | None) -> float | None:
    """A Retry-After value (seconds or an HTTP date) in seconds, never negative; None when it says neither."""
    text = (retry_after or "").strip()
    if text.isascii() and text.isdecimal():
        return float(text[:12])
    try:
        at = parsedate_to_datetime(text)
        return max(0.0, at.timestamp() - time.time())
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
