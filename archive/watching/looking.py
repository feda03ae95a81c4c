"""Asking a feed or a sitemap what it lists, conditionally, and an address what there is to watch at it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from archive import urls
from archive.errors import UsageError
from archive.model import Fetched, Request, Stated
from archive.seams import Fetching
from archive.storage import Watch, WatchKind, WatchState
from archive.storage.warc.http import media_type
from archive.watching import polling
from archive.watching.decide import Look
from archive.watching.polling import Listing

_SAME = "not modified"


def look_at(fetcher: Fetching, watch: Watch, now: datetime) -> Look:
    """Ask one feed or sitemap, and the parts of an index."""
    listing, state, retry_after = _asked(fetcher, watch.target, watch.state)
    if listing is None:
        return Look(watch, state, failed=True, detail=state.detail, retry_after=retry_after)
    pages = _Pages(watch.kind, now)
    pages.take(listing, "")
    before = watch.state.parts
    # An index that was not modified may name sitemaps that were.
    named, missed = polling.worth_asking(listing.parts, now) if state.detail != _SAME else (list(before), "")
    pages.lost += [missed] if missed else []
    kept = {}
    for url in named:
        etag, last_modified = before.get(url, (None, None))
        found, after, _ = _asked(fetcher, url, WatchState(etag, last_modified))
        kept[url] = after.etag, after.last_modified
        pages.take(found or Listing(detail=after.detail), f"{url}: ")
    told = "; ".join((state.detail, *pages.lost))
    detail = listing.detail or (told if pages.lost and told != watch.state.detail else "")
    return Look(
        watch, replace(state, parts=kept, detail=told), pages.listed, frozenset(pages.recent), bool(listing.detail),
        detail, retry_after, pages.stated,
    )  # fmt: skip


class _Pages:
    """The pages of a list and of its parts, as far as there is room for them, and what of them could not be had."""

    def __init__(self, kind: WatchKind, now: datetime) -> None:
        self.listed: dict[str, str] = {}  # URLs by the id of their entry
        self.recent: set[str] = set()  # URLs
        self.stated: dict[str, Stated] = {}  # by the same ids
        self.lost: list[str] = []
        self._is_feed = kind is WatchKind.FEED
        self._now = now

    def take(self, listing: Listing, where: str) -> None:
        """One list; `where` it is, for what is lost of it, "" for the one that is watched."""
        over = 0
        for item in listing.items:
            if len(self.listed) >= polling.MAX_PAGES:
                over += 1
                continue
            page = urls.entry_id(urls.key(item.url))
            self.listed[page] = item.url
            if self._is_feed or polling.is_news(item, self._now):
                self.recent.add(item.url)
            if item.title or item.published:
                self.stated[page] = item.stated
        full = f"{over} left out: there are more than {polling.MAX_PAGES} pages" if over else ""
        unread = listing.detail if where else ""  # of the watched one it is told by itself
        self.lost += [f"{where}{what}" for what in (unread, listing.left_out, full) if what]


def what_is_at(fetcher: Fetching, url: str, kind: WatchKind | None) -> tuple[str, WatchKind]:
    """What is to be watched at `url`, and as what: of a front page its feed. UsageError where that cannot be told."""
    fetched = fetcher.fetch(Request(url, by_hand=True))
    payload = _payload(fetched)
    if payload is None:
        raise UsageError(f"{url}: {fetched.detail}; with --as page it is watched all the same")
    served = polling.kind_of(url, payload)
    if served is not WatchKind.PAGE:
        return url, served
    feeds = polling.feeds_of(fetched.final_url, payload)
    if feeds and (kind is WatchKind.FEED or polling.is_front(url)):
        return feeds[0], WatchKind.FEED
    if kind is WatchKind.FEED:
        raise UsageError(f"{url} is no feed, and names none")
    return url, WatchKind.PAGE


def _asked(fetcher: Fetching, url: str, state: WatchState) -> tuple[Listing | None, WatchState, float | None]:
    """The list at `url` (None: it cannot be had), the state with its validators, and how long we are asked to wait."""
    fetched = fetcher.fetch(Request(url, by_hand=True, etag=state.etag, last_modified=state.last_modified))
    if fetched.last is not None and fetched.last.status == 304:
        return Listing(), replace(state, detail=_SAME), fetched.retry_after
    payload = _payload(fetched)
    if payload is None:
        return None, replace(state, detail=fetched.detail), fetched.retry_after
    charset = media_type(fetched.last.header("content-type"))[1] if fetched.last else None
    listing = polling.listing_of(fetched.final_url, payload, charset)
    direct = fetched.last if len(fetched.exchanges) == 1 and not listing.detail else None
    validators = (direct.header("etag"), direct.header("last-modified")) if direct else (None, None)
    count = len(listing.items)
    told = listing.detail or f"lists {count} page{'s' * (count != 1)}"
    return listing, replace(state, etag=validators[0], last_modified=validators[1], detail=told), fetched.retry_after


def _payload(fetched: Fetched) -> bytes | None:
    """The body that was served with status 200, whole; None where there is none."""
    last = fetched.last
    return last.payload if last and last.status == 200 and last.payload and not last.truncated else None
