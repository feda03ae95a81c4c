"""The pages at the edges: where a link of an archived page would lead, captures of an address, exports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from email.utils import format_datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from archive import Entry, NotFoundError, UsageError, Which
from backfile.web import urls
from backfile.web.calls import JSON, Call, Moved, Sent, Streamed
from backfile.web.exporting import ExportParams, streamed
from backfile.web.problems import Refusal
from backfile.web.rendering import Frame, is_web, render
from backfile.web.site import Site

LINKS = "application/link-format"


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


@dataclass(frozen=True, slots=True)
class ProofParams:
    """`form`: html or json."""

    form: Literal["html", "json"] = "html"


def proof(site: Site, call: Call[ProofParams]) -> Sent:
    """What can be proved of the article, to be kept: a page that needs nothing else, or the same as JSON."""
    entry = site.desk.find(call.path["id"])
    with TemporaryDirectory(prefix="backfile-proof-") as folder:
        sheet = Path(folder) / f"{entry.id}.html"
        site.desk.prove(entry.id, Which(), sheet)
        file = sheet if call.params.form == "html" else sheet.with_suffix(".json")
        body = file.read_bytes()
    type_ = "text/html; charset=utf-8" if call.params.form == "html" else JSON
    return Sent(body, type_, 200, {"content-disposition": f'attachment; filename="proof-{file.name}"'})


def time_map(site: Site, call: Call[object]) -> Sent:
    """When the page was captured, as a TimeMap (RFC 7089): a line for each capture that shows it."""
    entry = site.desk.find(call.path["url"])
    original, own = urls.iri(entry.url), site.origins.own
    shown = [one for one in site.desk.captures(entry.id) if one.outcome.has_content]
    stamps = [(format_datetime(one.at.astimezone(UTC), usegmt=True), own + urls.page(one.id)) for one in shown]
    lines = [f'<{original}>; rel="original"', f'<{urls.iri(own + call.address)}>; rel="self"; type="{LINKS}"']
    for n, (at, address) in enumerate(stamps):
        ends = ("first " if n == 0 else "") + ("last " if n == len(stamps) - 1 else "")
        lines.append(f'<{address}>; rel="{ends}memento"; datetime="{at}"')
    return Sent(",\n".join(lines).encode("utf-8", "replace") + b"\n", LINKS)
