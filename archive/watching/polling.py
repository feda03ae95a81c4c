"""What a feed or sitemap lists, read from bytes that a server sent; and the feed that a page names.

Formats are read as `archive.formats` reads files: as a stream, without entities, in bounded memory.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from archive.errors import UsageError
from archive.formats.item import Broken, Item
from archive.formats.markup import attributes, tags
from archive.formats.moments import moment
from archive.formats.opening import ImportFile
from archive.formats.registry import BY_NAME, recognised
from archive.formats.xmls import elements
from archive.storage import WatchKind
from archive.urls import check_url

MAX_ITEMS = 50_000  # of one list, as the sitemap protocol has it
MAX_PAGES = 200_000  # of all sitemaps of an index together, so that a look takes some 100 MB at the most
MAX_PARTS = 20  # sitemaps of an index that are read at one look
RECENT = timedelta(days=2)  # as the protocol of news sitemaps counts news
_KINDS = {"rss": WatchKind.FEED, "json-feed": WatchKind.FEED, "sitemap": WatchKind.SITEMAP}
_FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"})
_HEAD = 2**19  # bytes of a page in which a feed may be named


@dataclass(frozen=True, slots=True)
class Part:
    """A sitemap that an index names."""

    url: str
    modified: datetime | date | None


@dataclass(frozen=True, slots=True)
class Listing:
    """What a feed or sitemap says. `detail`: why it could not be read any further, "" when it was read to its end.

    `left_out`: how many of its entries are none, and why the first of them is not; "" when there are none such.
    """

    items: tuple[Item, ...] = ()
    parts: tuple[Part, ...] = ()
    detail: str = ""
    left_out: str = ""


def kind_of(url: str, payload: bytes) -> WatchKind:
    """What the bytes served at `url` are to a watch; whatever is no list is a page."""
    return _KINDS.get(recognised(_source(url, payload)), WatchKind.PAGE)


def listing_of(url: str, payload: bytes, charset: str | None = None) -> Listing:
    """The articles that a feed or sitemap lists, at most MAX_ITEMS, and the sitemaps that an index names.

    `url` is the address that answered, `charset` what its Content-Type says.
    """
    source = _source(url, payload, charset)
    name = recognised(source)
    if name not in _KINDS:
        return Listing(detail="what was served is no feed and no sitemap")
    source.format_name = name
    items: list[Item] = []
    parts: list[Part] = []
    lost, why = 0, ""
    detail = ""
    try:
        if name == "sitemap":
            parts = _parts(source)
        named = {part.url for part in parts}
        for found in BY_NAME[name].read(source):
            if isinstance(found, Item) and len(items) < MAX_ITEMS:
                items.append(found)
            elif isinstance(found, Item) or found.raw not in named:
                lost += 1
                why = why or (f"there are more than {MAX_ITEMS}" if isinstance(found, Item) else found.reason)
    except Broken as problem:
        detail = str(problem)
    return Listing(tuple(items), tuple(parts), detail, f"{lost} left out: {why}" if lost else "")


def feeds_of(url: str, payload: bytes) -> list[str]:
    """The feeds that a page names in <link rel=alternate>, as absolute addresses, in its order."""
    found: list[str] = []
    base = url
    for tag in tags(_source(url, payload[:_HEAD]).blocks()):
        if tag.name not in ("link", "base"):
            continue
        given = attributes(tag.attributes)
        if tag.name == "base":
            base = urljoin(url, given.get("href", ""))
        elif "alternate" in given.get("rel", "").lower().split() and given.get("type", "").lower() in _FEED_TYPES:
            found.append(urljoin(base, given.get("href", "")))
    return [feed for feed in dict.fromkeys(found) if _is_url(feed)]


def is_front(url: str) -> bool:
    """Whether an address is that of a whole site."""
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query


def is_recent(when: datetime | date | None, now: datetime) -> bool:
    """Whether that is news: at most RECENT ago."""
    if isinstance(when, datetime):
        return now - when <= RECENT
    return when is not None and now.date() - when <= RECENT


def is_news(item: Item, now: datetime) -> bool:
    """Whether a page that a sitemap lists was published or changed lately."""
    return is_recent(item.published, now) or is_recent(item.modified, now)


def worth_asking(parts: tuple[Part, ...], now: datetime) -> tuple[list[str], str]:
    """The sitemaps of an index that may have news: changed lately, or not saying; of many the first and the last.

    And what is left out by that, "" where nothing is.
    """
    fresh = [part.url for part in parts if is_recent(part.modified, now)]
    undated = [part.url for part in parts if part.modified is None]
    dated = _ends(fresh, MAX_PARTS)
    asked = [*dated, *_ends(undated, MAX_PARTS - len(dated))]
    missed = len(fresh) + len(undated) - len(asked)
    told = f"{missed} of its {len(parts)} sitemaps left out: at most {MAX_PARTS} are asked for at one look"
    return asked, told if missed else ""


def _ends(urls: list[str], room: int) -> list[str]:
    """All of them, or of more than there is room for the first and the last."""
    return urls if len(urls) <= room else urls[: room - room // 2] + urls[len(urls) - room // 2 :]


def _parts(source: ImportFile) -> list[Part]:
    named = [Part(element.value("loc"), moment(element.value("lastmod"))) for element in elements(source, _SITEMAP)]
    return [part for part in named if _is_url(part.url)]


_SITEMAP = frozenset({"sitemap"})


def _is_url(url: str) -> bool:
    try:
        check_url(url)
    except UsageError:
        return False
    return True


def _source(url: str, payload: bytes, charset: str | None = None) -> ImportFile:
    """Bytes as a file that lies nowhere, so that nothing beside it is read."""
    name = re.sub(r"[^\w.-]", "_", urlsplit(url).path.rpartition("/")[2])[:80] or "list"
    return ImportFile(
        Path("/nonexistent") / name, url, opened=lambda: io.BytesIO(payload), address=url, charset=charset
    )
