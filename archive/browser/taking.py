"""A page that was fetched, as a browser shows it; as it was served where that cannot be, which is told.

Scripts may have led on to another page: what was let go does not come back by them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from archive.browser.showing import Shown, show
from archive.config import FetchSettings
from archive.extraction.page import Page
from archive.model import Outcome, ResourceKind
from archive.pipeline import Take
from archive.reading import Reader
from archive.storage.warc.packing import MIN_REVISIT
from archive.storage.warc.records import digest

LetGo = Callable[..., str]


def shown(take: Take, settings: FetchSettings, reader: Reader, let_go: LetGo | None) -> Take:
    """The page with everything that it was made of. UsageError where there is no browser.

    `let_go` says in words that one of these addresses, or a body, was let go; None: that does not matter.
    """
    found = show(take.fetched.final_url, settings)
    if let_go is not None and (why := _let_go(found, let_go)):
        url = take.wanted.url
        nothing = replace(take.fetched, exchanges=(), outcome=Outcome.REFUSED, detail=why, final_url=url)
        return replace(take, fetched=nothing, read=None)
    if found.page is None:
        fetched = replace(take.fetched, detail=f"{take.fetched.detail}; {found.problem}")
        return replace(take, fetched=fetched, resources=found.resources)
    page = found.page
    read = reader.read(Page(page.url, page.payload, page.charset, page.media_type, page.at))
    return replace(take, read=read, resources=found.resources, shown=page)


def _let_go(found: Shown, let_go: LetGo) -> str:
    """That it has led to something that was let go, in words; "" where it has not."""
    documents = [one for one in found.resources if one.link.kind is ResourceKind.DOCUMENT]
    if why := let_go(*([found.page.url] if found.page else []), *(one.link.url for one in documents)):
        return why
    bodies = (one.fetched.last.payload for one in documents if one.fetched and one.fetched.last)
    return next(filter(None, (let_go(digest=digest(one)) for one in bodies if len(one) >= MIN_REVISIT)), "")
