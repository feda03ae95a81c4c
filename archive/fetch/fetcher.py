"""A Request → Fetched: hop after hop, each vetted, paced, limited and kept, until there is a page or a reason.

What a URL or a server does is an outcome, never an exception. One Fetcher serves many threads; what it remembers
between requests (robots.txt, the pace of each host) is in memory only.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from archive.addresses import Lookup
from archive.config import FetchSettings
from archive.errors import UsageError
from archive.fetch import outcome as judge
from archive.fetch.connect import Connector, NoConnectionError
from archive.fetch.cookies import Cookies
from archive.fetch.decode import Decoded, Problem, decode
from archive.fetch.pace import HostRestsError, Pace, StoppedError
from archive.fetch.redirect import Next, by_location, by_page
from archive.fetch.robots import Robots
from archive.fetch.wire import TRUNCATED, Deadline, Limits, Reply, exchange, request_bytes
from archive.model import Exchange, Fetched, HopKind, Outcome, Request
from archive.urls import Url, normal, parse

_ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
_ACCEPT_ENCODING = "gzip, deflate, br"
_REDIRECT_DECODED = 2**16  # nobody reads the body of a redirect; a bomb in it stops here


@dataclass(frozen=True, slots=True)
class _Answer:
    """One exchange, what it amounts to if nothing comes after it, and what comes after it."""

    exchange: Exchange
    outcome: Outcome
    detail: str
    next: Next | None = None
    retry_after: float | None = None


class Fetcher:
    """Fetches pages. Thread-safe; close it (or use it as a context manager) when done.

    `lookup` replaces the system's name resolution. Raises SettingsError at once for settings that cannot be used.
    """

    def __init__(self, settings: FetchSettings, *, lookup: Lookup | None = None) -> None:
        self._settings = settings
        self._connector = Connector(settings, lookup)
        self._limits = Limits(settings.first_byte_timeout, settings.max_headers, settings.max_body)
        self._pace = Pace(
            per_host=settings.per_host,
            delay=settings.delay,
            patience=settings.timeout,
            max_pause=settings.max_retry_after,
        )
        self._slots = threading.BoundedSemaphore(max(1, settings.concurrency))
        product = settings.user_agent.partition("/")[0].partition(" ")[0]
        self._robots = Robots(product, self._fetch_robots)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Stop: threads that wait for a host's turn come back at once with a failed outcome."""
        self._pace.stop()

    def fetch(self, request: Request) -> Fetched:
        """Ask for one URL and follow it to its end. Never raises for what a URL or a server does."""
        return self._follow(request, obey=self._settings.robots and not request.by_hand)

    def _fetch_robots(self, request: Request) -> Fetched:
        return self._follow(request, obey=False, is_robots=True)

    def _follow(self, request: Request, *, obey: bool, is_robots: bool = False) -> Fetched:
        chain: list[Exchange] = []

        def done(outcome: Outcome, detail: str, url: object, retry_after: float | None = None) -> Fetched:
            return Fetched(request, tuple(chain), outcome, detail, str(url), retry_after)

        try:
            url = parse(normal(request.url))
        except UsageError as error:
            return done(Outcome.REFUSED, str(error), request.url)
        kind, cookies, seen = HopKind.START, Cookies(), set()
        while len(chain) <= self._settings.max_redirects:
            if (str(url), cookies.header(url.origin)) in seen:
                return done(Outcome.REDIRECTS, f"redirected in a circle, back to {url}", url)
            seen.add((str(url), cookies.header(url.origin)))
            verdict = self._robots.verdict(url) if obey else None
            if verdict is not None and verdict.outcome is not None:
                return done(verdict.outcome, verdict.detail, url, verdict.retry_after)
            try:
                delay = verdict.delay if verdict is not None else None
                follows = bool(chain) and parse(chain[-1].url).host == url.host
                with self._pace.turn(url.host, delay=delay, at_once=follows or is_robots, counts=not is_robots):
                    answer = self._ask(request, url, kind, cookies, str(chain[0].url if chain else url))
            except HostRestsError as error:
                return done(Outcome.BLOCKED, str(error), url, error.seconds)
            except StoppedError:
                return done(Outcome.FAILED, "stopped before it was asked for", url)
            if answer.outcome is Outcome.REFUSED and answer.exchange.address is None:
                return done(answer.outcome, answer.detail, url)  # nothing was asked, so there is no exchange
            chain.append(answer.exchange)
            if answer.next is None:
                return done(answer.outcome, answer.detail, url, answer.retry_after)
            if answer.next.url is None:
                return done(Outcome.REFUSED, f"redirected to what is not fetched: {answer.next.detail}", url)
            kind, url = answer.next.kind, parse(answer.next.url)
        return done(Outcome.REDIRECTS, f"redirected more than {self._settings.max_redirects} times", url)

    # -- one hop ---------------------------------------------------------------------------------------------------

    def _ask(self, request: Request, url: Url, kind: HopKind, cookies: Cookies, start: str) -> _Answer:
        conditional = kind is HopKind.START and (request.etag is not None or request.last_modified is not None)
        headers = self._headers(url, request if conditional else None, cookies)
        with self._slots:
            started = datetime.now(UTC)
            deadline = Deadline.after(self._settings.timeout)
            try:
                connection = self._connector.open(url, deadline)
            except NoConnectionError as error:
                nothing = Exchange(str(url), kind, started, b"", b"", error.address, None, (), b"")
                return _Answer(nothing, error.outcome, str(error))
            try:
                sent = request_bytes(url.target, headers, connection.protocol)
                reply = exchange(connection, sent, self._limits, deadline)
            finally:
                connection.close()
        cookies.take(url.origin, reply.values("set-cookie"))
        decoded = self._decoded(reply)
        outcome, detail = _observed(url, start, reply, decoded, conditional=conditional)
        next_ = _next(str(url), reply, decoded, outcome)
        kept = Exchange(
            url=str(url),
            kind=kind,
            started=started,
            sent=sent,
            received=bytes(reply.received),
            address=connection.address,
            status=reply.status,
            headers=reply.headers,
            payload=decoded.payload,
            truncated=_truncated(reply, decoded),
            location=next_.url if next_ is not None else None,
            tls_verified=connection.tls_verified,
        )
        retry_after = next(iter(reply.values("retry-after")), None)
        return _Answer(kept, outcome, detail, next_, self._pace.answered(url.host, reply.status, retry_after))

    def _headers(self, url: Url, conditions: Request | None, cookies: Cookies) -> list[tuple[str, str]]:
        headers = [
            ("Host", url.authority),
            ("User-Agent", self._settings.user_agent),
            ("Accept", _ACCEPT),
            ("Accept-Encoding", _ACCEPT_ENCODING),
            ("Connection", "close"),
        ]
        if conditions is not None:
            for name, value in (("If-None-Match", conditions.etag), ("If-Modified-Since", conditions.last_modified)):
                if value and value.isascii() and value.isprintable():
                    headers.append((name, value.strip()))
        held = cookies.header(url.origin)
        return [*headers, ("Cookie", held)] if held else headers

    def _decoded(self, reply: Reply) -> Decoded:
        if reply.redirects:
            return Decoded(decode(reply.body, reply.values("content-encoding"), _REDIRECT_DECODED).payload)
        return decode(reply.body, reply.values("content-encoding"), self._settings.max_decoded)


def _observed(url: Url, start: str, reply: Reply, decoded: Decoded, *, conditional: bool) -> tuple[Outcome, str]:
    """The outcome and its wording, as if nothing came after this reply."""
    if reply.fault is not None:
        detail = reply.detail if reply.status is None else f"returned {reply.status}, but {reply.detail}"
        return judge.of_fault(reply.fault), detail
    assert reply.status is not None
    outcome, detail = judge.of_status(reply.status, conditional=conditional)
    if outcome in (Outcome.OK, Outcome.BLOCKED, Outcome.FAILED) and _may_be_page(reply, decoded.payload):
        found = judge.wall(str(url), start, reply.headers, decoded.payload, status=reply.status)
        if found is not None:
            return found
    if outcome is Outcome.OK and decoded.problem is not None:
        return judge.of_problem(decoded.problem), f"{detail}, but {decoded.detail}"
    return outcome, detail


def _next(url: str, reply: Reply, decoded: Decoded, outcome: Outcome) -> Next | None:
    if reply.redirects:
        return by_location(url, reply.values("location")[0])
    if outcome is Outcome.OK and _may_be_page(reply, decoded.payload):
        return by_page(url, decoded.payload)
    return None


def _may_be_page(reply: Reply, payload: bytes) -> bool:
    """Whether this is HTML, or nobody says what it is."""
    media_type = next(iter(reply.values("content-type")), "").partition(";")[0].strip().lower()
    return media_type in ("text/html", "application/xhtml+xml") or (
        not media_type and payload[:64].lstrip()[:1] == b"<"
    )


def _truncated(reply: Reply, decoded: Decoded) -> str | None:
    if reply.fault is not None:
        return TRUNCATED[reply.fault]
    if decoded.problem in (Problem.INCOMPLETE, Problem.DAMAGED):
        return "unspecified"
    return None
