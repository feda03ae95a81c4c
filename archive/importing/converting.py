"""An imported item as something that can be stored and read (pure): a saved page, a page made of its text, an exchange.

What the item's source had as bytes is kept as those bytes. Text that came without a page is put into one that holds it
word for word beside what the source states (`extraction.stated`); a piece of HTML into one that says what the source
knows in its head. Reading either, now or at a rebuild, needs nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape

from archive.extraction.page import Page
from archive.extraction.stated import written
from archive.fetch import outcome as judge
from archive.formats import Item, Repeats
from archive.model import Fetched, Outcome, Request
from archive.storage import Saved

_PAGE_SIGNS = ("<html", "<!doctype html", "<body")


def saved(item: Item, now: datetime) -> Saved:
    """The item as a page without a response. `now` is its time where nobody knows a better one."""
    at = min(item.captured or item.added or now, now)
    if item.payload:
        return Saved(item.url, at, item.payload, item.media_type or "text/html", item.charset)
    if any(sign in item.html[:2000].lower() for sign in _PAGE_SIGNS):
        return Saved(item.url, at, item.html.encode("utf-8", "replace"), "text/html", "utf-8")
    page = page_around(item).encode("utf-8", "replace") if item.html else written(item.text, item.stated)
    return Saved(item.url, at, page, "text/html", "utf-8", converted=True)


def fetched(item: Item) -> Fetched:
    """The item's exchanges as the fetch that they were."""
    last = item.exchanges[-1]
    if last.status is None:
        outcome, detail = Outcome.FAILED, "no answer that is HTTP"
    else:
        outcome, detail = judge.of_status(last.status, conditional=True)
        if outcome in (Outcome.OK, Outcome.BLOCKED, Outcome.FAILED):
            wall = judge.wall(last.url, item.exchanges[0].url, last.headers, last.payload, status=last.status)
            outcome, detail = wall or (outcome, detail)
        if outcome is Outcome.OK and last.truncated:
            outcome, detail = Outcome.INCOMPLETE, f"{detail}, but was cut when it was captured ({last.truncated})"
    if last.location and last.status and 300 <= last.status < 400:
        outcome, detail = Outcome.INCOMPLETE, f"redirects to {last.location}, which is not with it"
    if item.repeats is not None:
        outcome, detail = Outcome.INCOMPLETE, _without_body(item.repeats)
    return Fetched(Request(item.url), item.exchanges, outcome, detail, last.url)


def _without_body(repeats: Repeats) -> str:
    """What was observed where the record that a revisit repeats is neither in the import nor in the archive."""
    when = f" of {repeats.at:%Y-%m-%dT%H:%M:%SZ}" if repeats.at else ""
    digest = f" ({repeats.digest})" if repeats.digest else ""
    return f"repeats a capture of {repeats.url}{when}{digest} that is not here: only its headers were kept"


def page_of(saved: Saved) -> Page:
    """The saved page, to be read."""
    return Page(saved.url, saved.payload, saved.charset, saved.media_type, saved.at.astimezone(UTC))


def page_around(item: Item) -> str:
    """A page that says what the item says, around its piece of HTML."""
    lang = f' lang="{escape(item.lang)}"' if item.lang else ""
    head = "\n".join(_head(item))
    return (
        f'<!doctype html>\n<html{lang}>\n<head>\n<meta charset="utf-8">\n{head}\n</head>\n<body>\n<article>\n'
        f"<h1>{escape(item.title)}</h1>\n{item.html}\n</article>\n</body>\n</html>\n"
    )


def _head(item: Item) -> Iterator[str]:
    yield f"<title>{escape(item.title)}</title>"
    yield f'<link rel="canonical" href="{escape(item.url)}">'
    yield f'<meta property="og:title" content="{escape(item.title)}">'
    if item.site:
        yield f'<meta property="og:site_name" content="{escape(item.site)}">'
    for author in item.authors:
        yield f'<meta name="author" content="{escape(author)}">'
    if item.published is not None:
        yield f'<meta property="article:published_time" content="{item.published.isoformat()}">'
