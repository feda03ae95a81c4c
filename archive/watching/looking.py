"""Asking a feed or a sitemap what it lists, conditionally, and an address what there is to watch at it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from archive import urls
from archive.errors import UsageError
from archive.model import Fetched, Request
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
    items = list(listing.items)
    before = watch.state.parts
    # An index that was not modified may name sitemaps that were.
    named = polling.worth_asking(listing.parts, now) if state.detail != _SAME else list(before)
    kept = {}
    lost = [listing.left_out] if listing.left_out else []
    for url in named:
        etag, last_modified = before.get(url, (None, None))
        found, after, _ = _asked(fetcher, url, WatchState(etag, last_modified))
        kept[url] = after.etag, after.last_modified
        items += found.items if found else ()
        if found is None or found.detail:
            lost.append(f"{url}: {found.detail if found else after.detail}")
    is_feed = watch.kind is WatchKind.FEED
    recent = frozenset(item.url for item in items if is_feed or polling.is_recent(item.published, now))
    listed = {urls.entry_id(urls.key(item.url)): item.url for item in items}
    told = "; ".join((state.detail, *lost))
    detail = listing.detail or (told if lost and told != watch.state.detail else "")
    return Look(
        watch, replace(state, parts=kept, detail=told), listed, recent, bool(listing.detail), detail, retry_after,
        {urls.entry_id(urls.key(item.url)): item.stated for item in items if item.title or item.published},
    )  # fmt: skip


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
    told = listing.detail or f"lists {len(listing.items)} pages"
    return listing, replace(state, etag=validators[0], last_modified=validators[1], detail=told), fetched.retry_after


def _payload(fetched: Fetched) -> bytes | None:
    """The body that was served with status 200, whole; None where there is none."""
    last = fetched.last
    return last.payload if last and last.status == 200 and last.payload and not last.truncated else None
