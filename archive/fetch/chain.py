"""One request on its way through its redirects: what has been asked so far, and what is asked next."""

from __future__ import annotations

from dataclasses import dataclass, field

from archive.fetch.cookies import Cookies
from archive.model import Exchange, Fetched, HopKind, Outcome, Request
from archive.urls import Url, parse


@dataclass(slots=True)
class Chain:
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


@dataclass(frozen=True, slots=True)
class Step:
    """What a request asks for next."""

    chain: Chain
    url: Url
    kind: HopKind
