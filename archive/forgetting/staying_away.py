"""What was let go stays away, whatever leads to it: another address, a redirect, the very same bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from archive.exchange import Fetched, Outcome
from archive.storage.warc.packing import MIN_REVISIT
from archive.storage.warc.records import digest


def but_let_go(fetched: Fetched, let_go: Callable[..., str]) -> Fetched:
    """What was fetched, without what led to a page that was let go; `let_go(*urls, digest=…)` says so in words."""
    last = fetched.last
    if last is None:
        return fetched
    urls = (fetched.final_url, *(exchange.url for exchange in fetched.exchanges))
    why = let_go(*urls, digest=digest(last.payload) if len(last.payload) >= MIN_REVISIT else "")
    if not why:
        return fetched
    return replace(fetched, exchanges=(), outcome=Outcome.REFUSED, detail=why, final_url=fetched.request.url)
