"""The pages that look across articles: a name, an outlet, coverage over time, who is named with whom."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import islice, repeat
from typing import TYPE_CHECKING

from archive import Kind
from backfile.desk import Cell, exactly, sheet
from backfile.desk.checking import Checked, UnreadName
from backfile.desk.coverage import Coverage, CoverageLine, Step
from backfile.desk.pairs import Together
from backfile.web import charts, graphs, urls
from backfile.web.calls import Call, Moved, Sent
from backfile.web.pages.searching import BARS, DAYS, HEADINGS, Item, Panel, by_day, item, over_time, panel
from backfile.web.problems import Refusal
from backfile.web.rendering import Frame, render, spreadsheet
from backfile.web.site import Site
from index import QueryError, Sort

if TYPE_CHECKING:
    from archive import Correction
    from backfile.desk import Desk

_LATEST = 10
_BESIDE = 12  # names beside a name
_NOUNS = {"person": "person", "place": "place", "org": "organisation"}
_DRAWN = 36  # names in a picture
_READ = 20  # articles that are looked through for other names of it
MOST = 6  # queries that are compared
_BARS = 120  # months that can be seen beside each other on a telephone
_PAIRS = 60
_SENTENCES = 300  # articles that are read for the sentences of pairs
_OF_NAME = ("person", "org", "place", "topic", "site")
_OF_SITE = ("author", "person", "org", "topic", "changed")


@dataclass(frozen=True, slots=True)
class ProfilePage:
    """What profile.html shows: a name, or an outlet."""

    heading: str
    kind: str
    search: str
    total: int
    others: tuple[str, ...]
    chart: charts.Chart
    days: tuple[str, str]
    panels: tuple[Panel, ...]
    items: tuple[Item, ...]
    field: str  # "person", "place" or "org"; "" for an outlet
    noun: str
    rules: tuple[Correction, ...]  # those that speak of the name
    behind: int  # changes that the index has still to take in
    more: tuple[tuple[str, str], ...]  # what else there is to see, with addresses
    atom: str


@dataclass(frozen=True, slots=True)
class CoverageParams:
    """Up to six queries; `by` week, month or year; `share`: of all that was published then.

    Without `by` months, or years where there are too many months for their bars to be seen.
    """

    q: tuple[str, ...] = ()
    by: Step | None = None
    share: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One query over time."""

    query: str
    url: str
    total: int
    undated: int
    chart: charts.Chart


@dataclass(frozen=True, slots=True)
class CoveragePage:
    """What coverage.html shows."""

    queries: tuple[str, ...]
    by: str
    steps: tuple[str, ...]
    share: bool
    lines: tuple[Line, ...]
    ends: tuple[str, str]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    csv: str
    most: int


@dataclass(frozen=True, slots=True)
class TogetherParams:
    """`q`: of which articles; `name` and `by`: the two facets."""

    q: str = ""
    name: str = "person"
    by: str = "person"


@dataclass(frozen=True, slots=True)
class Both:
    """Two names, and the search for articles with both."""

    pair: Together
    url: str


@dataclass(frozen=True, slots=True)
class TogetherPage:
    """What together.html shows."""

    q: str
    name: str
    by: str
    fields: tuple[tuple[str, str], ...]
    pairs: tuple[Both, ...]
    distinct: int
    unread: int  # pairs in too many articles to read them all for their sentences
    back: str
    graph: graphs.Graph  # of the first of the pairs


# -- a name, an outlet -----------------------------------------------------------------------------------------------


def name(site: Site, call: Call[object]) -> Sent | Moved:
    """Somebody or something that is named: other names, when, where, beside whom."""
    kind, value = call.path["kind"], call.path["name"]
    if kind not in (Kind.PERSON.value, Kind.PLACE.value, Kind.ORG.value):
        raise Refusal("not-found", f"there are pages of persons, places and organisations, not of {kind!r}")
    try:
        return _profile(site, kind, value, _OF_NAME)
    except Refusal:
        if _rules(site, kind, value):  # it is hidden, or another name's by now
            return Moved(urls.rules())
        raise


def outlet(site: Site, call: Call[object]) -> Sent:
    """A site that publishes: when, by whom, about whom, what it changed."""
    value = call.path["name"]
    return _profile(site, "site", value, _OF_SITE)


def _profile(site: Site, kind: str, value: str, fields: tuple[str, ...]) -> Sent:
    desk, query = site.desk, exactly(kind, [value])
    narrowed = desk.narrow(query)
    others = [field for field in fields if field != kind]
    found = desk.search(
        query, facets=(*others, *DAYS), sort=Sort.NEWEST, limit=_LATEST,
        values={**dict.fromkeys(others, _BESIDE), **BARS},
    )  # fmt: skip
    if not found.total:
        raise Refusal("not-found", f"nothing in this archive has the {kind} “{value}”")
    days, beside = by_day(found.facets)
    timeline = over_time(desk, narrowed, days)
    panels = [panel(facet, narrowed) for facet in beside]
    if kind in _NOUNS:
        panels.insert(fields.index(kind), _named_beside(desk, kind, value, query))
    more = [("coverage by month", urls.coverage((query,))), ("on a map", urls.on_map(query))]
    if kind == "site":
        asked = {"what it changed": "is:changed", "what failed": "is:failed", "what is gone": "is:gone"}
        more += [(said, urls.search(f"{query} {flag}")) for said, flag in asked.items()]
    else:
        more.append(("named with whom", urls.together(query, kind, "person")))
    page = ProfilePage(
        value, HEADINGS.get(kind, kind), urls.search(query), found.total,
        _other_names(site, kind, value, query) if kind != "site" else (), timeline.chart, timeline.ends,
        tuple(panels), tuple(item(hit, query) for hit in found.hits),
        kind if kind in _NOUNS else "", _NOUNS.get(kind, ""),
        _rules(site, kind, value) if kind in _NOUNS else (), found.behind, tuple(more), urls.search(query, form="atom"),
    )  # fmt: skip
    return render("profile.html", Frame(value, q=query, here="search", atom=page.atom), page)


def _named_beside(desk: Desk, kind: str, value: str, query: str) -> Panel:
    """Names of the same kind in the articles that `query` finds, which chooses the name `value`.

    A facet shows what else could be chosen, so here the name is asked for as what is no choice.
    """
    (facet,) = desk.facets(f"NOT -{query}", [kind], values=_BESIDE + 1)
    beside = tuple(one for one in facet.values if one.value != value)
    found = replace(facet, values=beside, distinct=facet.distinct - 1)
    return panel(found, desk.narrow(""), lambda other: urls.search(f"{query} {other}"))


def _other_names(site: Site, kind: str, value: str, query: str) -> tuple[str, ...]:
    """How else the newest articles call it, and what the archive takes for the same."""
    seen: dict[str, None] = {}
    for entry in site.desk.each(islice(site.desk.ids(query, sort=Sort.NEWEST), _READ)):
        for mention in entry.reading.mentions:
            if mention.kind.value == kind and mention.canonical == value:
                seen.update(dict.fromkeys((mention.text, *mention.aliases)))
    seen.pop(value, None)
    return tuple(seen)


def _rules(site: Site, kind: str, value: str) -> tuple[Correction, ...]:
    """The corrections that speak of a name."""
    return tuple(one for one in site.desk.corrections() if value in one.names and (one.kind or kind) == kind)


# -- coverage --------------------------------------------------------------------------------------------------------


def coverage(site: Site, call: Call[CoverageParams]) -> Sent:
    """How many articles of each query there were, step by step."""
    asked = call.params
    queries = _queries(asked)
    found = _covered(site, asked, queries)
    points = found.lines[0].points if found.lines else ()
    starts, ends = [f"{point.start}" for point in points], [found.step.name_of(point.start) for point in points]
    top = max((_of(line, n, asked.share) for line in found.lines for n in range(len(starts))), default=0)
    page = CoveragePage(
        queries, found.step.value, tuple(Step), asked.share,
        tuple(_line(line, asked.share, top) for line in found.lines), (ends[0], ends[-1]) if ends else ("", ""),
        tuple((start, tuple(_cell(line, n, asked.share) for line in found.lines)) for n, start in enumerate(starts)),
        urls.coverage(queries, by=found.step.value, share=asked.share, form="csv"), MOST,
    )  # fmt: skip
    return render("coverage.html", Frame("Coverage", here="search"), page)


def _covered(site: Site, asked: CoverageParams, queries: Sequence[str]) -> Coverage:
    step = asked.by or Step.MONTH
    found = site.desk.coverage(queries, step) if queries else Coverage(step, ())
    if asked.by or not found.lines or len(found.lines[0].points) <= _BARS:
        return found
    return site.desk.coverage(queries, Step.YEAR)


def coverage_csv(site: Site, call: Call[CoverageParams]) -> Sent:
    """All lines in one table."""
    asked = call.params
    found = site.desk.coverage(_queries(asked), asked.by or Step.MONTH)
    starts = [point.start for point in found.lines[0].points] if found.lines else []
    rows: Iterable[list[Cell]] = (
        [start, *(_cell(line, n, asked.share) for line in found.lines)] for n, start in enumerate(starts)
    )
    return spreadsheet("coverage", sheet(["start", *(line.query for line in found.lines)], rows))


def _queries(asked: CoverageParams) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(filter(None, map(str.strip, asked.q))))
    if len(found) > MOST:
        raise Refusal("parameter", f"{MOST} queries can be compared at once, not {len(found)}")
    return found


def _of(line: CoverageLine, n: int, share: bool) -> int:
    """The height of a bar: a count, or a share in thousandths."""
    point = line.points[n]
    return round((point.share or 0) * 1000) if share else point.count


def _line(line: CoverageLine, share: bool, top: int) -> Line:
    bars = [charts.Bar(f"{point.start}", _of(line, n, share)) for n, point in enumerate(line.points)]
    return Line(line.query, urls.search(line.query), line.total, line.undated, charts.chart(bars, top))


def _cell(line: CoverageLine, n: int, share: bool) -> str:
    point = line.points[n]
    if not share:
        return str(point.count)
    return "" if point.share is None else f"{point.share * 100:.1f} %"


# -- who is named with whom ------------------------------------------------------------------------------------------


def together(site: Site, call: Call[TogetherParams]) -> Sent:
    """Pairs of names that stand in the same articles."""
    asked = call.params
    fields = tuple((field, HEADINGS[field]) for field in ("person", "org", "place", "topic", "site", "author"))
    known = [field for field, _ in fields]
    if asked.name not in known or asked.by not in known:
        raise QueryError("that has no names", query=asked.name, position=0, expected=f"one of {', '.join(known)}")
    found = site.desk.pairs(asked.q, asked.name, asked.by, limit=_PAIRS, read=_SENTENCES)
    narrowed = site.desk.narrow(asked.q)
    whole = narrowed.whole
    pairs = tuple(
        Both(one, urls.search(f"{whole} {exactly(asked.name, [one.value])} {exactly(asked.by, [one.other])}".strip()))
        for one in found.found
    )
    page = TogetherPage(
        asked.q, asked.name, asked.by, fields, pairs, found.distinct, found.unread, urls.search(asked.q),
        _drawn(pairs, asked.name, asked.by),
    )  # fmt: skip
    return render("together.html", Frame("Named together", q=asked.q, here="search"), page)


def _drawn(pairs: Sequence[Both], field: str, by: str) -> graphs.Graph:
    """The first of the pairs as a picture: a name that stands in several of them once, and not too many names."""
    sides: dict[tuple[str, str], None] = {}
    drawn = 0
    for one in pairs:
        more = {**sides, (field, one.pair.value): None, (by, one.pair.other): None}
        if len(more) > _DRAWN:
            break
        sides, drawn = more, drawn + 1
    pairs = pairs[:drawn]
    places = {side: place for place, side in enumerate(sides)}
    names = [
        graphs.Name(
            value, urls.name(kind, value) if kind in _NOUNS else urls.search(exactly(kind, [value])),
            kind if kind in _NOUNS else "",
        )
        for kind, value in sides
    ]  # fmt: skip
    links = [
        graphs.Link(
            places[field, one.pair.value], places[by, one.pair.other], one.pair.articles,
            f"{one.pair.value}, {one.pair.other}: {one.pair.articles}", one.url,
        )
        for one in pairs
    ]  # fmt: skip
    return graphs.circle(names, links)


# -- a list of names -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CheckForm:
    """Names, one a line, or CSV with a column `name`; `field`: what they are names of."""

    names: str = ""
    field: str = "person"


@dataclass(frozen=True, slots=True)
class Looked:
    """A name of the list with what was found, or a row that is no name (`unread`: why)."""

    name: str
    found: Checked | None
    url: str
    unread: str = ""


@dataclass(frozen=True, slots=True)
class CheckPage:
    """What check.html shows."""

    names: str
    field: str
    fields: tuple[str, ...]
    rows: tuple[Looked, ...]
    asked: bool


_CHECKED = ("person", "org", "place")
_MOST_NAMES = 2000


def check_form(_: Site, __: Call[object]) -> Sent:
    """The form for a list of names."""
    return render("check.html", Frame("Check names", here="search"), CheckPage("", "person", _CHECKED, (), asked=False))


def check(site: Site, call: Call[CheckForm]) -> Sent:
    """Which names of a list the archive has, in how many articles, since when, and which are like one."""
    asked = call.params
    if asked.names.count("\n") > _MOST_NAMES:
        raise Refusal("too-large", f"at most {_MOST_NAMES:,} names at once: `backfile check FILE` takes more")
    names = BytesIO(asked.names.encode("utf-8", "replace"))
    rows = tuple(map(_looked, site.desk.check(names, field=asked.field, remember=False), repeat(asked.field)))
    page = CheckPage(asked.names, asked.field, _CHECKED, rows, asked=True)
    return render("check.html", Frame("Names checked", here="search"), page)


def _looked(row: Checked | UnreadName, field: str) -> Looked:
    if isinstance(row, UnreadName):
        return Looked(row.text, None, "", row.reason)
    name = row.listed.name
    return Looked(name, row, urls.search(f"{field}:{json.dumps(name, ensure_ascii=False)}") if row.articles else "")
