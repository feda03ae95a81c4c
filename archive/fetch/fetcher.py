"""A Request → Fetched: hop after hop, each vetted, paced, limited and kept, until there is a page or a reason.

What a URL or a server does is an outcome, never an exception. One Fetcher serves many threads; what it remembers
between requests (robots.txt, the pace of each host, open connections) is in memory only.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from time import monotonic
from types import TracebackType
from typing import Self

from archive.config import FetchSettings
from archive.errors import SettingsError, UsageError
from archive.fetch.addresses import Lookup
from archive.fetch.answer import Answer, answer_to
from archive.fetch.chain import Chain, Step
from archive.fetch.client import Client
from archive.fetch.connect import NoConnectionError
from archive.fetch.logins import Logins
from archive.fetch.pace import HostRestsError, Pace, SharedPace, StoppedError
from archive.fetch.robots import Robots, Verdict
from archive.fetch.together import STOPPED, Together
from archive.logs import Veiled, logger
from archive.model import Exchange, Fetched, HopKind, Outcome, Request
from archive.seams import Opening, Room
from archive.urls import Url, normal, parse

_log = logger(__name__)
_ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
_ACCEPT_ENCODING = "gzip, deflate, br"
_DECODING = 2  # bodies at once: each may need several times `max_decoded` of memory for a moment


class Fetcher:
    """Fetches pages. Thread-safe; close it (or use it as a context manager) when done.

    `lookup` replaces the system's name resolution; `shared` is the pace that several processes keep.
    Raises SettingsError at once for settings that cannot be used.
    """

    def __init__(
        self, settings: FetchSettings, *, lookup: Lookup | None = None, shared: SharedPace | None = None
    ) -> None:
        if not (settings.user_agent.isascii() and settings.user_agent.isprintable() and settings.user_agent.strip()):
            raise SettingsError("must be a line of printable ASCII", file="backfile.toml", key="fetch.user_agent")
        self._settings = settings
        self._client = Client(settings, lookup)
        self._logins = Logins(settings.cookies)
        self._pace = Pace(
            per_host=settings.per_host,
            delay=settings.delay,
            patience=settings.timeout,
            max_pause=settings.max_retry_after,
            shared=shared,
        )
        self._decoding = threading.BoundedSemaphore(_DECODING)
        self._slots = threading.BoundedSemaphore(max(1, settings.concurrency))
        product = settings.user_agent.partition("/")[0].partition(" ")[0]
        self._robots = Robots(product, lambda request: self._follow(Chain(request, obey=False, is_robots=True)))

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
        found = self._follow(Chain(request, obey=self._settings.robots and not request.by_hand))
        _log.info(
            "%s: %s, %s (%d exchanges, %.2f s)",
            Veiled(request.url), found.outcome.value, Veiled(found.detail), len(found.exchanges), monotonic() - started,
        )  # fmt: skip
        return found

    def together(self, requests: Sequence[Request], beside: str, room: Room) -> list[Fetched]:
        """Ask for what belongs to the page at `beside`, which came just now: one turn of each host for all of it."""
        return Together(self._begin, self._check, self._ask_in_turn, self._pace, room).fetched(requests, beside)

    def _begin(self, request: Request) -> Step | Fetched:
        """The first step of a request."""
        return self._first(Chain(request, obey=self._settings.robots and not request.by_hand))

    def _follow(self, chain: Chain) -> Fetched:
        step = self._first(chain)
        while isinstance(step, Step):
            step = self._hop(step)
        return step

    def _first(self, chain: Chain) -> Step | Fetched:
        try:
            return Step(chain, parse(normal(chain.request.url)), HopKind.START)
        except UsageError as error:
            return chain.end(Outcome.REFUSED, str(error), chain.request.url)

    def _check(self, step: Step) -> Verdict | Fetched:
        """Whether a step may be taken; what robots.txt says of it, or the end of the chain."""
        chain, url = step.chain, step.url
        if chain.comes_back_to(url):
            return chain.end(Outcome.REDIRECTS, f"redirected in a circle, back to {url}", url)
        if len(chain.exchanges) > self._settings.max_redirects:
            return chain.end(Outcome.REDIRECTS, f"redirected more than {self._settings.max_redirects} times", url)
        verdict = self._robots.verdict(url) if chain.obey else Verdict()
        if verdict.outcome is not None:
            return chain.end(verdict.outcome, verdict.detail, url, verdict.retry_after)
        return verdict

    def _hop(self, step: Step) -> Step | Fetched:
        """Take a step: the next one, or the end of the chain."""
        chain, url = step.chain, step.url
        verdict = self._check(step)
        if isinstance(verdict, Fetched):
            return verdict
        at_once = chain.is_robots or chain.stays_at(url)
        try:
            with self._pace.turn(url.host, delay=verdict.delay, at_once=at_once, counts=not chain.is_robots):
                return self._ask_in_turn(step)
        except HostRestsError as error:
            return chain.end(Outcome.BLOCKED, str(error), url, error.seconds)
        except StoppedError:
            return chain.end(Outcome.FAILED, STOPPED, url)

    def _ask_in_turn(self, step: Step) -> Step | Fetched:
        """Ask for the URL of a step, while it is the turn of its host."""
        chain, url, kind = step.chain, step.url, step.kind
        with self._slots:
            answer = self._ask(chain, url, kind)
        if self._pace.stopped:  # a connection that ended may have been ended by us, which says nothing about the page
            return chain.end(Outcome.FAILED, STOPPED, url)
        if answer.exchange is not None:
            chain.exchanges.append(answer.exchange)
            _log.debug(
                "GET %s (%s): %s, %d bytes from %s",
                Veiled(answer.exchange.url), kind.value, Veiled(answer.detail), len(answer.exchange.received),
                answer.exchange.address,
            )  # fmt: skip
        next_ = answer.next
        if next_ is None:
            return chain.end(answer.outcome, answer.detail, url, answer.retry_after)
        if next_.url is None:
            return chain.end(Outcome.REFUSED, f"redirected to what is not fetched: {next_.detail}", url)
        return Step(chain, parse(next_.url), next_.kind)

    def _ask(self, chain: Chain, url: Url, kind: HopKind) -> Answer:
        conditions = chain.request if kind is HopKind.START else None
        conditional = conditions is not None and bool(conditions.etag or conditions.last_modified)
        started = datetime.now(UTC)
        try:
            login = {} if chain.is_robots else self._logins.of(url)
            headers = self._headers(url, conditions, {**login, **chain.cookies.of(url.origin)})
            got = self._client.get(url, headers, chain.request.most)
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
                login=bool(login),
            )

    def _headers(self, url: Url, conditions: Request | None, cookies: Mapping[str, str]) -> list[tuple[str, str]]:
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
            if conditions.accept_datetime:
                headers.append(("Accept-Datetime", format_datetime(conditions.accept_datetime, usegmt=True)))
        held = "; ".join(f"{name}={value}" for name, value in cookies.items())
        return [*headers, ("Cookie", held)] if held else headers
