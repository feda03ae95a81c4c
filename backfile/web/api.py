"""The JSON API, version 1: the rows of the command line, under addresses. Fields are only ever added."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import islice
from typing import Any, TypeVar
from urllib.parse import urlsplit

from archive import Entry, JobKind
from backfile.desk import Run, facet_names
from backfile.views.asking import FacetRow, PageRow, SimilarRow, ValuesRow, facet_row
from backfile.views.bringing import ImportedRow, JobRow
from backfile.views.files import MentionRow
from backfile.views.keeping import NoteRow, SavedRow, SearchRow, StatusRow, TagsRow, WatchRow
from backfile.views.names import NameRow
from backfile.views.reading import CaptureRow, CitationRow, DifferenceRow, EntryRow, LinkRow, PieceRow, VersionRow
from backfile.web import asked as ask
from backfile.web import params, urls
from backfile.web.asked import Listed
from backfile.web.calls import JSON, Call, Moved, Sent, Streamed, as_json, encode
from backfile.web.exporting import streamed
from backfile.web.problems import Refusal
from backfile.web.site import Site
from index import FIELDS, FLAGS, QueryError, Results

T = TypeVar("T")
_SUGGESTED = 8
_NAMES = ("person", "place", "org", "topic")  # what is completed before a field is named
TEXT = "text/plain; charset=utf-8"
BYTES = "application/octet-stream"


# -- asking ----------------------------------------------------------------------------------------------------------


def search(site: Site, call: Call[ask.SearchParams]) -> Sent:
    """A page of hits."""
    asked = call.params
    _known(asked.facet)
    found, runs = _results(site, asked)
    following = None
    if found.cursor:
        flags = {name: "true" if getattr(asked, name) else "" for name in ("significant", "strict", "group")}
        following = urls.api(
            "/search", q=asked.q, sort=asked.sort.value, limit=asked.limit, cursor=found.cursor, facet=asked.facet,
            values=asked.values, **flags,
        )  # fmt: skip
    headers = {"link": f'<{following}>; rel="next"'} if following else {}
    return Sent(encode(PageRow.page(found, following, significant=asked.significant, runs=runs)), JSON, 200, headers)


def _results(site: Site, asked: ask.SearchParams) -> tuple[Results, Mapping[str, Run] | None]:
    """The page; of each text once, with how far each went, where that is asked for."""
    facts: dict[str, Any] = {
        "facets": asked.facet, "sort": asked.sort, "limit": asked.limit, "cursor": asked.cursor or None,
        "explain": asked.explain, "values": asked.values, "significant": asked.significant, "strict": asked.strict,
        "answering": True,
    }  # fmt: skip
    if not asked.group:
        return site.desk.search(asked.q, **facts), None
    grouped = site.desk.grouped(asked.q, **facts)
    return grouped.results, grouped.runs


def facet(site: Site, call: Call[ask.FacetParams]) -> Sent:
    """The values of one facet."""
    asked, name = call.params, call.path["field"]
    _known((name,))
    (found,) = site.desk.facets(asked.q, [name], values=asked.limit, significant=asked.significant)
    rows = tuple(facet_row(name, value, significant=asked.significant) for value in found.values)
    return as_json(ValuesRow(name, found.distinct, rows))


def suggest(site: Site, call: Call[ask.SuggestParams]) -> Sent:
    """What may be meant by what has been typed: words of the language, names with counts, saved searches."""
    asked = call.params
    if asked.field:
        _known((asked.field,))
        rows = [
            FacetRow(asked.field, value, count) for value, count in site.desk.suggest(asked.field, asked.q, asked.limit)
        ]
        return as_json(Listed(tuple(rows)))
    return as_json(Listed(tuple(islice(_completed(site, asked.q.strip()), asked.limit))))


def _completed(site: Site, typed: str) -> Iterator[FacetRow]:
    """`field` is where a value belongs; "" is a word of the language itself, with how many values it may have as -1."""
    field, colon, start = typed.partition(":")
    start = start.lstrip('="')
    known = {one.name for one in FIELDS if one.facet} | {alias for one in FIELDS if one.facet for alias in one.aliases}
    if colon and field == "saved":
        yield from (FacetRow("saved", one.name, 0) for one in site.desk.searches() if one.name.startswith(start))
    elif colon and field == "is":
        yield from (FacetRow("is", flag, 0) for flag in FLAGS if flag.startswith(start))
    elif colon and field in known:
        yield from _values(site, field, start)
    elif typed and not colon:
        yield from (FacetRow("", f"{one.name}:", 0) for one in FIELDS if one.name.startswith(typed))
        if len(typed) > 1:
            rows = [row for name in _NAMES for row in _values(site, name, typed, others=False)]
            if len(rows) < _SUGGESTED:
                rows = [row for name in _NAMES for row in _values(site, name, typed)]
            yield from sorted(rows, key=lambda row: -row.count)


def _values(site: Site, field: str, start: str, *, others: bool = True) -> list[FacetRow]:
    """`others`: names too that are written so in articles, which have to be read for it."""
    try:
        found = site.desk.suggest(field, start, _SUGGESTED, others=others)
        return [FacetRow(field, value, count) for value, count in found]
    except QueryError:  # days and addresses have no names
        return []


def _known(names: Sequence[str]) -> None:
    there = facet_names()
    if missing := [name for name in names if name not in there]:
        raise Refusal("parameter", f"there is no facet “{missing[0]}”; there are {', '.join(there)}")


def export(site: Site, call: Call[ask.ExportParams]) -> Streamed:
    """Every article that matches, as a file that is made while it is sent."""
    return streamed(site, call.params.q, call.params.format, call.params.sort)


# -- reading ---------------------------------------------------------------------------------------------------------


def found(site: Site, call: Call[ask.FindParams]) -> Sent:
    """The article of an address, if it is archived."""
    if not call.params.url:
        raise Refusal("parameter", "name the address: url=…")
    return as_json(EntryRow.of(site.desk.find(call.params.url)))


def article(site: Site, call: Call[object]) -> Sent:
    """Everything that is held on one page."""
    entry = _entry(site, call)
    body = encode(EntryRow.of(entry))
    headers = {"etag": marks_tag(entry, body), "last-modified": f"{entry.last_captured:%a, %d %b %Y %H:%M:%S GMT}"}
    return Sent(body, JSON, 200, headers)


def text(site: Site, call: Call[object]) -> Sent:
    """The text alone."""
    entry = _entry(site, call)
    if entry.article is None:
        raise Refusal("not-found", "no capture of this page has shown an article")
    return Sent(entry.article.text.encode("utf-8", "replace"), TEXT)


def mentions(site: Site, call: Call[object]) -> Sent:
    """The names and dates in the article, in its order."""
    entry = _entry(site, call)
    return as_json(Listed(tuple(MentionRow.of(entry.id, mention) for mention in entry.reading.mentions)))


def links(site: Site, call: Call[object]) -> Sent:
    """The sources that it cites, and what became of each."""
    entry = _entry(site, call)
    return as_json(Listed(tuple(LinkRow.of(source, entry.id) for source in entry.sources)))


def cited_by(site: Site, call: Call[object]) -> Sent:
    """The archived articles that cite it."""
    return as_json(Listed(tuple(map(CitationRow.of, _entry(site, call).cited_by))))


def similar(site: Site, call: Call[ask.LimitParams]) -> Sent:
    """Articles like it, with what they share."""
    found = site.desk.similar(call.path["id"], call.params.limit)
    return as_json(Listed(tuple(map(SimilarRow.alike, found))))


def versions(site: Site, call: Call[object]) -> Sent:
    """The texts that the page has carried, oldest first."""
    entry = _entry(site, call)
    return as_json(Listed(tuple(VersionRow.of(one, entry.id) for one in site.desk.versions(entry.id))))


def captures(site: Site, call: Call[object]) -> Sent:
    """Every capture of the page, oldest first."""
    return as_json(Listed(tuple(map(CaptureRow.of, site.desk.captures(call.path["id"])))))


def diff(site: Site, call: Call[object]) -> Sent:
    """How one version became another."""
    old, new = call.number("old"), call.number("new")
    entry = _entry(site, call)
    if old > entry.versions or new > entry.versions:
        raise Refusal("not-found", f"this page has no version {max(old, new)}: its newest is {entry.versions}")
    found = site.desk.compare(entry.id, old, new)
    pieces = tuple(map(PieceRow.of, found.difference.pieces))
    return as_json(DifferenceRow(old, new, found.difference.changes, str(found.difference), pieces))


def capture(site: Site, call: Call[object]) -> Sent:
    """One capture."""
    return as_json(CaptureRow.of(site.desk.capture(call.path["id"])))


def payload(site: Site, call: Call[object]) -> Sent:
    """What a capture holds, byte for byte, to be kept as a file: no browser shows it here."""
    one = site.desk.capture(call.path["id"])
    body = site.desk.payload(one.id)
    name = (urlsplit(one.final_url).path.rpartition("/")[2] or "page")[:80]
    safe = "".join(char if char.isascii() and (char.isalnum() or char in "-_.") else "_" for char in name)
    return Sent(body, BYTES, 200, {"content-disposition": f'attachment; filename="{safe}"'})


def names(site: Site, call: Call[ask.NamesParams]) -> Sent:
    """Whom and what the archive names, most stories first."""
    return as_json(Listed(tuple(map(NameRow.of, site.desk.names(call.params.kind, call.params.limit)))))


def saved(site: Site, _: Call[object]) -> Sent:
    """The saved searches."""
    return as_json(Listed(tuple(map(SearchRow.of, site.desk.searches()))))


def watches(site: Site, _: Call[object]) -> Sent:
    """What is watched."""
    return as_json(Listed(tuple(map(WatchRow.of, site.desk.watching.all()))))


def tags(site: Site, call: Call[ask.FacetParams]) -> Sent:
    """The tags that are in use."""
    (found,) = site.desk.facets(call.params.q, ["tag"], values=call.params.limit)
    return as_json(
        ValuesRow("tag", found.distinct, tuple(facet_row("tag", one, significant=False) for one in found.values))
    )


def status(site: Site, _: Call[object]) -> Sent:
    """The archive in numbers."""
    return as_json(StatusRow.of(site.desk.status()))


# -- adding ----------------------------------------------------------------------------------------------------------


def jobs(site: Site, call: Call[ask.JobsParams]) -> Sent:
    """The jobs that there were, newest first."""
    kinds = call.params.kind or (JobKind.ADD, JobKind.IMPORT)
    return as_json(Listed(tuple(JobRow.of(site.runner.seen(one)) for one in site.desk.jobs(*kinds))))


def begin_job(site: Site, call: Call[object]) -> Sent:
    """Writes down a job, which is done as soon as nobody else writes. With an Idempotency-Key: once."""
    asked = _sent(ask.AddJob, call)
    key = call.headers.get("idempotency-key", "")
    if len(key) > 200:
        raise Refusal("parameter", "an Idempotency-Key has 200 characters at most")
    job = site.desk.plan_add(
        asked.urls, depth=asked.depth, tags=asked.tags, note=asked.note, key=key, browser=asked.browser
    )
    site.runner.wake()
    return Sent(encode(JobRow.of(job)), JSON, 202, {"location": urls.api(f"/jobs/{job.number}")})


def job(site: Site, call: Call[object]) -> Sent:
    """How far a job is."""
    return as_json(JobRow.of(site.runner.seen(site.desk.job(call.number("number")))))


def job_items(site: Site, call: Call[ask.ItemsParams]) -> Sent:
    """The items of a job that are in one state."""
    asked, number = call.params, call.number("number")
    site.desk.job(number)
    rows = tuple(
        islice((item for item in site.desk.job_items(number, (asked.state,)) if item.n > asked.after), asked.limit)
    )
    following = None
    if len(rows) == asked.limit:
        following = urls.api(f"/jobs/{number}/items", state=asked.state.value, after=rows[-1].n, limit=asked.limit)
    return as_json(Listed(tuple(map(ImportedRow.of, rows)), following))


def stop_job(site: Site, call: Call[object]) -> Sent:
    """Stops a job between two pages; what it has archived stays."""
    number = call.number("number")
    site.desk.job(number)
    site.runner.stop(number)
    return as_json(JobRow.of(site.desk.job(number)), 202)


# -- editing ---------------------------------------------------------------------------------------------------------


def marks_tag(entry: Entry, body: bytes = b"") -> str:
    """The ETag of what a person has put on an article: another one whenever tags or note are. That of `body`, which
    tells more, begins with it.
    """
    marks, rest = (sha256(held).hexdigest()[:24] for held in (encode([sorted(entry.tags), entry.note]), body))
    return f'"{marks}.{rest}"' if body else f'"{marks}"'


def article_tags(site: Site, call: Call[object]) -> Sent:
    """The tags on an article."""
    entry = _entry(site, call)
    return Sent(encode(TagsRow(entry.id, tuple(sorted(entry.tags)))), JSON, 200, {"etag": marks_tag(entry)})


def tag(site: Site, call: Call[object]) -> Sent:
    """Puts tags on an article and takes others away; with If-Match only where nobody did meanwhile."""
    asked = _sent(ask.Tags, call)
    entry = _unchanged(site, call)
    add = [" ".join(one.split()) for one in asked.add]
    kept = site.desk.tag(entry.id, filter(None, add), asked.remove)
    return Sent(encode(TagsRow(entry.id, kept)), JSON, 200, {"etag": marks_tag(site.desk.find(entry.id))})


def note(site: Site, call: Call[object]) -> Sent:
    """Writes the note on an article; with If-Match only where nobody did meanwhile."""
    asked = _sent(ask.Note, call)
    entry = _unchanged(site, call)
    kept = site.desk.note(entry.id, asked.note)
    return Sent(encode(NoteRow(entry.id, kept)), JSON, 200, {"etag": marks_tag(site.desk.find(entry.id))})


def save(site: Site, call: Call[object]) -> Sent:
    """Gives a query a name."""
    asked = _sent(ask.Save, call)
    done = site.desk.save(asked.name, asked.query)
    return as_json(SavedRow.done(done), 201)


def forget(site: Site, call: Call[object]) -> Sent:
    """Forgets a saved search."""
    return as_json(SearchRow.of(site.desk.forget_search(call.path["name"])))


# -- parts -----------------------------------------------------------------------------------------------------------


def as_page_json(_: Site, call: Call[object]) -> Moved:
    """The JSON of a page by its suffix."""
    return Moved(urls.api(f"/articles/{call.path['id']}"), 307)


def _entry(site: Site, call: Call[object]) -> Entry:
    return site.desk.find(call.path["id"])


def _unchanged(site: Site, call: Call[object]) -> Entry:
    """The article, if what If-Match says is still so."""
    entry = _entry(site, call)
    wanted = call.headers.get("if-match", "*").strip()
    marks = {one.strip().strip('"').partition(".")[0] for one in wanted.split(",")}
    if wanted != "*" and marks_tag(entry).strip('"') not in marks:
        raise Refusal("changed")
    return entry


def _sent(kind: type[T], call: Call[object]) -> T:
    if call.headers.get("content-type", "").partition(";")[0].strip().lower() != JSON:
        raise Refusal("media-type")
    return params.read_json(kind, call.body)
