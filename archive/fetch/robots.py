"""robots.txt: what a host asks machines not to fetch, and how fast it wants to be asked.

Read as RFC 9309 says: a 4xx answer means there are no rules; a file that cannot be had (5xx, no answer in time, a
broken reply) means that nothing may be asked for now, and that is reported as what it is. Protego reads the rules.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from archive.model import Fetched, Outcome, Request
from archive.urls import SHORTENERS, Url

MAX_CRAWL_DELAY = 30.0  # seconds; more would mean an hour for a hundred pages
_MAX_FILE = 500 * 2**10  # bytes, RFC 9309 section 2.5
_FRESH = 3600.0
_FRESH_FAILURE = 300.0  # a host that was down is asked again sooner
_MAX_HOSTS = 10_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a URL may be asked for. `outcome` is None when it may; `delay` is the pause that the host asks for."""

    outcome: Outcome | None = None
    detail: str = ""
    delay: float | None = None
    retry_after: float | None = None


class _Rules(Protocol):
    def can_fetch(self, url: str, user_agent: str) -> bool: ...
    def crawl_delay(self, user_agent: str) -> float | None: ...


@dataclass(slots=True)
class _Entry:
    """What is known of one origin. Its lock is held while the file is fetched, so that it is fetched once."""

    lock: threading.Lock
    until: float = 0.0  # monotonic
    rules: _Rules | None = None
    failure: Fetched | None = None


class Robots:
    """The rules of all origins asked so far. Thread-safe."""

    def __init__(self, user_agent: str, fetch: Callable[[Request], Fetched]) -> None:
        self._user_agent = user_agent
        self._fetch = fetch
        self._entries: dict[str, _Entry] = {}
        self._lock = threading.Lock()

    def verdict(self, url: Url) -> Verdict:
        """Whether `url` may be asked for, fetching the origin's robots.txt when it is not known yet."""
        if url.host in SHORTENERS:
            return Verdict()  # a short link is an address: following it reads nothing but where it leads
        entry = self._entry(url.origin)
        with entry.lock:
            if time.monotonic() >= entry.until:
                self._load(entry, url.origin)
            rules, failure = entry.rules, entry.failure
        if failure is not None:
            outcome = Outcome.FAILED if failure.outcome.has_content else failure.outcome
            return Verdict(outcome, f"robots.txt: {failure.detail}", retry_after=failure.retry_after)
        if rules is None:
            return Verdict()
        delay = rules.crawl_delay(self._user_agent)
        delay = None if delay is None else min(max(float(delay), 0.0), MAX_CRAWL_DELAY)
        if rules.can_fetch(str(url), self._user_agent):
            return Verdict(delay=delay)
        return Verdict(Outcome.ROBOTS, "robots.txt asks machines not to fetch this page", delay)

    def _entry(self, origin: str) -> _Entry:
        with self._lock:
            if origin not in self._entries and len(self._entries) >= _MAX_HOSTS:
                self._entries.clear()  # it is only a cache
            return self._entries.setdefault(origin, _Entry(threading.Lock()))

    def _load(self, entry: _Entry, origin: str) -> None:
        fetched = self._fetch(Request(f"{origin}/robots.txt", by_hand=True))
        status = fetched.last.status if fetched.last is not None else None
        entry.rules = entry.failure = None
        entry.until = time.monotonic() + _FRESH
        if fetched.outcome in (Outcome.OK, Outcome.TOO_LARGE) and fetched.last is not None:
            entry.rules = _parse(fetched.last.payload)
        elif fetched.outcome is not Outcome.REDIRECTS and (status is None or status == 429 or not 400 <= status < 500):
            entry.failure = fetched
            pause = _FRESH_FAILURE if fetched.retry_after is None else min(fetched.retry_after, _FRESH_FAILURE)
            entry.until = time.monotonic() + pause


def _parse(payload: bytes) -> _Rules | None:
    from protego import Protego

    text = payload[:_MAX_FILE].decode("utf-8", errors="replace")
    if text.lstrip("\ufeff \r\n\t").startswith("<"):
        return None  # a page that says "not found" with status 200
    rules: _Rules = Protego.parse(text)
    return rules
