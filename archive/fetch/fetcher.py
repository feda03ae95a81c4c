"""A Request → Fetched: hop after hop, each vetted, paced, limited and kept, until there is a page or a reason.

What a URL or a server does is an outcome, never an exception. One Fetcher serves many threads; what it remembers
between requests (robots.txt, the pace of each host, open connections) is in memory only.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic
from types import TracebackType
from typing import Self

from archive.config import FetchSettings
from archive.errors import SettingsError, UsageError
from archive.fetch.addresses import Lookup
from archive.fetch.answer import Answer, answer_to
from archive.fetch.client import Client
from archive.fetch.connect import NoConnectionError
from archive.fetch.cookies import Cookies
from archive.fetch.pace import HostRestsError, Pace, StoppedError
from archive.fetch.redirect import Next
from archive.fetch.robots import Robots, Verdict
from archive.logs import Veiled, logger
from archive.model import Exchange, Fetched, HopKind, Outcome, Request
from archive.seams import Opening
from archive.urls import Url, normal, parse

_log = logger(__name__)
_ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
_ACCEPT_ENCODING = "gzip, deflate, br"
_DECODING = 2  # bodies at once: each may need several times `max_decoded` of memory for a moment
_STOPPED = "stopped before it was answered"


@dataclass(slots=True)
class _Chain:
    """One request on its way: what has been asked so far."""

    request: Request
    obey: bool  # robots.txt
    is_robots: bool = False  # this is the request for a robots.txt
    exchanges: list[Exchange] = field(default_factory=list)
    cookies: Cookies = field(default_factory=Cookies)
    seen: set[tuple[str, str]] = field(default_factory=set)

    @property
    def start(self) -> str | None:
        """The URL of the first exchange."""
        return self.exchanges[0].url if self.exchanges else None

    def comes_back_to(self, url: Url) -> bool:
        """Whether this very request was made before in this chain; notes that it is made now."""
        asked = (str(url), self.cookies.header(url.origin))
        back = asked in self.seen
        self.seen.add(asked)
        return back

    def stays_at(self, url: Url) -> bool:
        """Whether `url` is on the host that the last answer came from."""
        return bool(self.exchanges) and parse(self.exchanges[-1].url).host == url.host

    def end(self, outcome: Outcome, detail: str, url: object, retry_after: float | None = None) -> Fetched:
        return Fetched(self.request, tuple(self.exchanges), outcome, detail, str(url), retry_after)


class Fetcher:
    """Fetches pages. Thread-safe; close it (or use it as a context manager) when done.

    `lookup` replaces the system's name resolution. Raises SettingsError at once for settings that cannot be used.
    """

    def __init__(self, settings: FetchSettings, *, lookup: Lookup | None = None) -> None:
        if not (settings.user_agent.isascii() and settings.user_agent.isprintable() and settings.user_agent.strip()):
            raise SettingsError("must be a line of printable ASCII", file="backfile.toml", key="fetch.user_agent")
        self._settings = settings
        self._client = Client(settings, lookup)
        self._pace = Pace(
            per_host=settings.per_host,
            delay=settings.delay,
            patience=settings.timeout,
            max_pause=settings.max_retry_after,
        )
        self._decoding = threading.BoundedSemaphore(_DECODING)
        self._slots = threading.BoundedSemaphore(max(1, settings.concurrency))
        product = settings.user_agent.partition("/")[0].partition(" ")[0]
        self._robots = Robots(product, lambda request: self._follow(_Chain(request, obey=False, is_robots=True)))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Stop: threads that wait for a turn or an answer come back at once with a failed outcome."""
        self._pace.stop()
        self._client.close()

    def host(self, url: str) -> str:
        """Whose pace a request for `url` begins with; "" for what is not fetched."""
        try:
            return parse(normal(url)).host
        except UsageError:
            return ""

    def opening(self, host: str) -> Opening:
        """How `host` may be asked now."""
        return self._pace.opening(host) if host else Opening(at_once=self._settings.concurrency)

    def fetch(self, request: Request) -> Fetched:
        """Ask for one URL and follow it to its end. Never raises for what a URL or a server does."""
        started = monotonic()
        found = self._follow(_Chain(request, obey=self._settings.robots and not request.by_hand))
        _log.info(
            "%s: %s, %s (%d exchanges, %.2f s)",
            Veiled(request.url), found.outcome.value, Veiled(found.detail), len(found.exchanges), monotonic() - started,
        )  # fmt: skip
        return found

    def _follow(self, chain: _Chain) -> Fetched:
        try:
            url = parse(normal(chain.request.url))
        except UsageError as error:
            return chain.end(Outcome.REFUSED, str(error), chain.request.url)
        kind = HopKind.START
        while True:
            if chain.comes_back_to(url):
                return chain.end(Outcome.REDIRECTS, f"redirected in a circle, back to {url}", url)
            if len(chain.exchanges) > self._settings.max_redirects:
                return chain.end(Outcome.REDIRECTS, f"redirected more than {self._settings.max_redirects} times", url)
            next_ = self._hop(chain, url, kind)
            if isinstance(next_, Fetched):
                return next_
            if next_.url is None:
                return chain.end(Outcome.REFUSED, f"redirected to what is not fetched: {next_.detail}", url)
            kind, url = next_.kind, parse(next_.url)

    def _hop(self, chain: _Chain, url: Url, kind: HopKind) -> Fetched | Next:
        """Ask for `url` as the next exchange of `chain`: what comes next, or the end of the chain."""
        verdict = self._robots.verdict(url) if chain.obey else Verdict()
        if verdict.outcome is not None:
            return chain.end(verdict.outcome, verdict.detail, url, verdict.retry_after)
        at_once = chain.is_robots or chain.stays_at(url)
        try:
            with (
                self._pace.turn(url.host, delay=verdict.delay, at_once=at_once, counts=not chain.is_robots),
                self._slots,
            ):
                answer = self._ask(chain, url, kind)
        except HostRestsError as error:
            return chain.end(Outcome.BLOCKED, str(error), url, error.seconds)
        except StoppedError:
            return chain.end(Outcome.FAILED, _STOPPED, url)
        if self._pace.stopped:  # a connection that ended may have been ended by us, which says nothing about the page
            return chain.end(Outcome.FAILED, _STOPPED, url)
        if answer.exchange is not None:
            chain.exchanges.append(answer.exchange)
            _log.debug(
                "GET %s (%s): %s, %d bytes from %s",
                Veiled(answer.exchange.url), kind.value, Veiled(answer.detail), len(answer.exchange.received),
                answer.exchange.address,
            )  # fmt: skip
        return answer.next or chain.end(answer.outcome, answer.detail, url, answer.retry_after)

    def _ask(self, chain: _Chain, url: Url, kind: HopKind) -> Answer:
        conditions = chain.request if kind is HopKind.START else None
        conditional = conditions is not None and bool(conditions.etag or conditions.last_modified)
        started = datetime.now(UTC)
        try:
            got = self._client.get(url, self._headers(url, conditions, chain.cookies))
        except NoConnectionError as error:
            # Where nothing may be asked, nothing was: a refused address leaves no exchange.
            tried = Exchange(str(url), kind, started, b"", b"", error.address, None, (), b"")
            return Answer(None if error.outcome is Outcome.REFUSED else tried, error.outcome, str(error))
        chain.cookies.take(url.origin, got.reply.values("set-cookie"))
        retry_after = next(iter(got.reply.values("retry-after")), None)
        pause = self._pace.answered(url.host, got.reply.status, retry_after, asked=got.reply.asked)
        with self._decoding:
            return answer_to(
                got,
                url,
                kind,
                start=chain.start or str(url),
                conditional=conditional,
                max_decoded=self._settings.max_decoded,
                retry_after=pause,
            )

    def _headers(self, url: Url, conditions: Request | None, cookies: Cookies) -> list[tuple[str, str]]:
        headers = [
            ("Host", url.authority),
            ("User-Agent", self._settings.user_agent.strip()),
            ("Accept", _ACCEPT),
            ("Accept-Encoding", _ACCEPT_ENCODING),
        ]
        if conditions is not None:
            for name, value in (("If-None-Match", conditions.etag), ("If-Modified-Since", conditions.last_modified)):
                if value and value.isascii() and value.isprintable():
                    headers.append((name, value.strip()))
        held = cookies.header(url.origin)
        return [*headers, ("Cookie", held)] if held else headers
