"""The resources of a captured page, asked for: those it names, then what its styles name, within the limits of a page.

What was captured a short while ago, for this page or another one, is not asked for again. Everything that the page
names comes back with what became of it. Runs in the thread that fetched the page.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from threading import Lock

from archive.config import FetchSettings
from archive.errors import DamagedError
from archive.model import Outcome, Request, ResourceKind, ResourceLink, Resources
from archive.resources.finding import resources_of_style
from archive.resources.styles import decoded
from archive.seams import FetchesTogether, Room
from archive.storage import Brought, Place, StoredResource
from archive.storage.warc.http import media_type

_ROUNDS = 4  # style sheets that import each other, with what the last of them names
_REMEMBERED = 200  # style sheets whose addresses are known without reading them again
_MOST_STYLE = 4 * 2**20  # bytes; nothing is looked for in larger ones

Held = Callable[[str, datetime], StoredResource | None]
"""A resource of that address captured since then."""


class Gatherer:
    """Gathers for many pages. Thread-safe."""

    def __init__(
        self, settings: FetchSettings, fetcher: FetchesTogether, held: Held, payload: Callable[[Place], bytes]
    ) -> None:
        self._settings = settings
        self._fetcher = fetcher
        self._held = held
        self._payload = payload
        self._styles: OrderedDict[str, list[ResourceLink]] = OrderedDict()  # by digest and address
        self._lock = Lock()

    def gather(
        self, url: str, links: Sequence[ResourceLink], *, by_hand: bool, saved: Sequence[Brought] = ()
    ) -> tuple[Brought, ...]:
        """What became of each of `links`, which the page at `url` names, and of what the styles among them name.

        What was `saved` with the page comes first and is not asked for, only what it names and is not among it.
        """
        settings = self._settings
        room = Room(
            count=settings.resources_per_page, total=settings.max_resources, each=settings.max_resource,
            seconds=settings.resources_timeout,
        )  # fmt: skip
        brought = list(saved)
        here = {one.link.url for one in saved}
        if settings.resources is Resources.PAGE:
            links = [*links, *self._named_in_all(saved)]
        known = {url, *here, *(link.url for link in links)}
        waiting = list({link.url: link for link in reversed(links) if link.url not in here}.values())[::-1]
        for _ in range(_ROUNDS):
            came = self._round(url, waiting, room, by_hand=by_hand)
            brought += came
            named = self._named_in_all(came)
            waiting = list({link.url: link for link in named if link.url not in known}.values())
            known |= {link.url for link in waiting}
            if not waiting:
                break
        return tuple(brought)

    def _round(self, url: str, links: Iterable[ResourceLink], room: Room, *, by_hand: bool) -> list[Brought]:
        since = datetime.now(UTC) - timedelta(seconds=self._settings.fresh_for)
        found = [(link, self._held(link.url, since)) for link in links]
        asked = [link for link, held in found if held is None]
        requests = [Request(link.url, by_hand=by_hand) for link in asked]
        came = iter(self._fetcher.together(requests, url, room) if requests else ())
        return [Brought(link, held=held) if held else Brought(link, next(came)) for link, held in found]

    def _named_in_all(self, brought: Iterable[Brought]) -> Iterator[ResourceLink]:
        return (link for one in brought if one.link.kind is ResourceKind.STYLE for link in self._named_in(one))

    def _named_in(self, style: Brought) -> list[ResourceLink]:
        """What a style sheet names, from where it came in the end."""
        if (saved := style.saved) is not None:
            return self._read(saved.payload, saved.charset, saved.url, "")
        if style.held is not None:
            held = style.held
            base = held.resource.final_url or style.link.url
            key = f"{held.resource.digest} {base}"
            with self._lock:
                known = self._styles.get(key)
            if known is not None:
                return known
            assert held.place is not None
            try:
                payload = self._payload(held.place)
            except DamagedError:
                return []  # `verify` names the record
            return self._read(payload, held.resource.charset, base, key)
        fetched = style.fetched
        if fetched is None or fetched.outcome is not Outcome.OK or fetched.last is None:
            return []
        charset = media_type(fetched.last.header("content-type"))[1]
        return self._read(fetched.last.payload, charset, fetched.final_url, "")

    def _read(self, payload: bytes, charset: str | None, base: str, key: str) -> list[ResourceLink]:
        if len(payload) > _MOST_STYLE:
            return []
        links = resources_of_style(decoded(payload, charset), base)
        if key:
            with self._lock:
                self._styles[key] = links
                while len(self._styles) > _REMEMBERED:
                    self._styles.popitem(last=False)
        return links


def total(brought: Iterable[Brought]) -> int:
    """Bytes that wait in memory."""
    return sum(one.size for one in brought)
