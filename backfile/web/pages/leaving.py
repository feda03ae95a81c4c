"""The pages at the edges: where a link of an archived page would lead, captures of an address, exports."""

from __future__ import annotations

from dataclasses import dataclass

from archive import Entry, NotFoundError, UsageError
from backfile.web import urls
from backfile.web.calls import Call, Moved, Sent, Streamed
from backfile.web.exporting import ExportParams, streamed
from backfile.web.problems import Refusal
from backfile.web.rendering import Frame, is_web, render
from backfile.web.site import Site


@dataclass(frozen=True, slots=True)
class OutParams:
    """`u`: the address that a link leads to."""

    u: str = ""


@dataclass(frozen=True, slots=True)
class UrlParams:
    """`url`: the address of a page."""

    url: str = ""


@dataclass(frozen=True, slots=True)
class OutPage:
    """What out.html shows: an address, and what is archived of it."""

    url: str
    entry: Entry | None
    article: str
    add: str


def out(site: Site, call: Call[OutParams]) -> Sent:
    """Where a link leads: nobody is sent there without seeing where it is."""
    url = call.params.u
    if not is_web(url) or not url.isprintable():
        raise Refusal("parameter", "u must be an address that begins with http:// or https://")
    try:
        entry: Entry | None = site.desk.find(url)
    except (NotFoundError, UsageError):
        entry = None
    page = OutPage(url, entry, urls.article(entry.id) if entry else "", urls.add(url))
    return render("out.html", Frame("A link to elsewhere"), page)


def captures(site: Site, call: Call[UrlParams]) -> Moved:
    """The captures of an address that cannot be part of ours."""
    return Moved(urls.part(site.desk.find(call.params.url).id, "versions"))


def export(site: Site, call: Call[ExportParams]) -> Streamed:
    """What matches, as a file."""
    return streamed(site, call.params.q, call.params.format, call.params.sort)
