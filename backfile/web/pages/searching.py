"""The search page: hits, the panel of facets, the query in words, and what else could be asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated

from msgspec import Meta

from backfile.desk import Desk, Narrowed, Run, exactly
from backfile.web import charts, params, urls
from backfile.web.calls import Call, Sent
from backfile.web.marks import Piece, highlighted
from backfile.web.rendering import Frame, render
from backfile.web.site import Site
from index import FLAGS, Clause, Facet, FacetValue, Hit, Results, Sort

PAGE = 20  # hits
VALUES = 8  # of each facet beside them
OPEN = ("person", "place", "org", "topic", "site")  # facets that are open, in their order
MORE = ("author", "tag", "is", "lang", "link", "changed")
HEADINGS = {
    "person": "People", "place": "Places", "org": "Organisations", "topic": "Topics", "site": "Sites",
    "author": "Authors", "tag": "Your tags", "is": "What is known", "lang": "Languages", "link": "Cites",
    "changed": "Changed in", "date": "Published", "mentioned": "Speaks of", "captured": "Captured",
}  # fmt: skip
BADGES = {
    "changed": "changed", "cited": "cited", "paywall": "paywall", "gone": "gone", "pdf": "PDF", "doubtful": "doubtful",
    "blocked": "blocked", "copy": "copy", "failed": "no article", "unreachable": "unreachable",
}  # fmt: skip
BARS = {"date.year": 400, "date.month": 60, "date.day": 62}  # of a chart at the most: five years, two months (_grain)
DAYS = tuple(BARS)
_ANY, _NONE = "any.", "none."
VIEWS = ("table", "explain", "texts")

To = Callable[[str], str]  # a query → the address of its page, in the same order and view


@dataclass(frozen=True, slots=True)
class SearchParams:
    """What the search page is asked for."""

    q: str = ""
    sort: Sort = Sort.RELEVANCE
    cursor: str = ""
    start: Annotated[int, Meta(ge=0, le=10**9)] = 0
    view: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet: `url` chooses it alone, `without` leaves out what has it, `off` undoes either."""

    value: str
    count: int
    selected: bool
    excluded: bool
    url: str
    without: str
    off: str


@dataclass(frozen=True, slots=True)
class Panel:
    """One facet beside the hits. `rest`: the query without what is chosen of it, for its form."""

    field: str
    heading: str
    values: tuple[Choice, ...]
    distinct: int
    all: str  # address of the page with all values
    none: str  # of the articles without any value
    rest: str
    chosen: bool
    open: bool


@dataclass(frozen=True, slots=True)
class Chip:
    """Something that is chosen or left out, and the address without it."""

    field: str
    value: str
    excluded: bool
    off: str


@dataclass(frozen=True, slots=True)
class Item:
    """A hit as it is drawn."""

    id: str
    url: str
    title: tuple[Piece, ...]
    snippet: tuple[Piece, ...]
    site: str
    date: str
    address: str
    badges: tuple[tuple[str, str], ...]
    lang: str
    removed: bool
    lacks: tuple[str, ...]  # words of the query that it does not have
    run: Run | None  # how many articles it stands for, where it stands for more than itself
    copies: str  # the search for all of them


@dataclass(frozen=True, slots=True)
class Told:
    """A part of the query: what it was taken for, how many articles match it alone, and the query without it."""

    query: str
    words: str
    count: int
    depth: int
    off: str


@dataclass(frozen=True, slots=True)
class SearchPage:
    """What search.html shows. `exact` of the items match; those behind them lack some of the words, or where they are
    `mixed` those among them.
    """

    q: str
    words: str
    total: int
    first: int
    last: int
    exact: int
    mixed: bool
    items: tuple[Item, ...]
    panels: tuple[Panel, ...]
    chips: tuple[Chip, ...]
    chart: charts.Chart
    days: tuple[str, str]  # first and last bar, "" where there is none
    narrowed_days: str  # address without what was chosen of the dates, "" where nothing is
    sort: str
    sorts: tuple[tuple[str, str, str], ...]  # name, heading, address
    view: str
    next: str
    told: tuple[Told, ...]
    suggestions: tuple[tuple[str, str], ...]  # query, address
    dated: tuple[str, str] | None  # query, address
    behind: int
    table: str
    list: str
    texts: str
    explained: str


SORTS = {
    Sort.RELEVANCE: "best match", Sort.NEWEST: "newest", Sort.OLDEST: "oldest", Sort.CAPTURED: "last captured",
}  # fmt: skip


def search(site: Site, call: Call[SearchParams]) -> Sent:
    """The page of one query."""
    asked = call.params
    desk = site.desk
    narrowed = desk.narrow(asked.q)
    found, runs = _found(desk, asked)
    days, facets = by_day(found.facets)
    found = replace(found, facets=tuple(recounted(desk, narrowed, facet, VALUES) for facet in facets))
    page = _page(asked, narrowed, found, runs, over_time(desk, narrowed, days))
    frame = Frame(
        title=f"{asked.q or 'Everything'} · search", q=asked.q, here="search", sort=asked.sort.value,
        json=urls.api("/search", q=asked.q, sort=asked.sort.value), atom=urls.search(asked.q, form="atom"),
        jsonfeed=urls.search(asked.q, form="jsonfeed"), next=page.next,
    )  # fmt: skip
    return render("search.html", frame, page)


def _found(desk: Desk, asked: SearchParams) -> tuple[Results, Mapping[str, Run]]:
    """The hits, and how many articles those stand for that stand for more than themselves."""
    values = {**dict.fromkeys((*OPEN, *MORE), VALUES), **BARS}
    cursor = asked.cursor or None
    if asked.view == "texts":
        grouped = desk.grouped(asked.q, facets=tuple(values), sort=asked.sort, limit=PAGE, cursor=cursor, values=values)
        return grouped.results, grouped.runs
    explain = asked.view == "explain"
    return desk.search(
        asked.q, facets=tuple(values), sort=asked.sort, limit=PAGE, cursor=cursor, values=values, explain=explain
    ), {}


def tidy(path: str, given: Sequence[tuple[str, str]]) -> str:
    """The address in its one form: no empty or repeated parameters, and what a form of facets chose in the query.

    "" where it has it already. A query that cannot be read stays as it is: the page will say so.
    """
    known = params.names(SearchParams)
    kept = {name: value for name, value in given if name in known and value != ""}
    boxes = [(name, value) for name, value in given if name.startswith((_ANY, _NONE)) or name in ("from", "to")]
    kept = {**kept, "q": " ".join(kept.get("q", "").split())} if "q" in kept else kept
    if kept.get("sort") == Sort.RELEVANCE.value:
        del kept["sort"]
    if kept.get("q") == "":
        del kept["q"]
    if not boxes and [(name, value) for name, value in given] == list(kept.items()):
        return ""
    if boxes:
        kept["q"] = _boxed(kept.get("q", ""), boxes)
        kept.pop("cursor", None)
        kept.pop("start", None)
    return urls.again(path, kept)


def _boxed(query: str, boxes: Sequence[tuple[str, str]]) -> str:
    """The query with what the boxes and date fields of a form say behind it."""
    by_field: dict[tuple[str, bool], list[str]] = {}
    for name, value in boxes:
        if value and name not in ("from", "to"):
            by_field.setdefault((name.partition(".")[2], name.startswith(_NONE)), []).append(value)
    leaves = [f"{'-' if out else ''}{exactly(field, values)}" for (field, out), values in by_field.items()]
    days = dict(boxes)
    begin, end = days.get("from", ""), days.get("to", "")
    if begin or end:
        leaves.append(f"date:{begin}..{end}" if begin != end else f"date:{begin}")
    return " ".join(filter(None, (query, *leaves)))


# -- the parts of the page -------------------------------------------------------------------------------------------


def _page(
    asked: SearchParams, narrowed: Narrowed, found: Results, runs: Mapping[str, Run], timeline: Timeline
) -> SearchPage:
    first = asked.start + 1 if found.hits else 0
    last = asked.start + len(found.hits)
    sort, view = asked.sort.value, asked.view if asked.view in VIEWS else ""
    to = partial(urls.search, sort=sort, view="" if view == "explain" else view)
    return SearchPage(
        q=asked.q, words=found.words, total=found.total, first=first, last=last,
        exact=sum(not hit.lacks for hit in found.hits), mixed=found.mixed and found.total > 0,
        items=tuple(item(hit, asked.q, sort, runs.get(hit.id)) for hit in found.hits),
        panels=tuple(
            panel(facet, narrowed, to) for facet in sorted(found.facets, key=lambda facet: facet.field != found.asks)
        ),
        chips=tuple(_chips(narrowed, to)),
        chart=timeline.chart, days=timeline.ends, narrowed_days=timeline.off, sort=sort,
        sorts=tuple((one.value, said, urls.search(asked.q, sort=one.value, view=view)) for one, said in SORTS.items()),
        view=view,
        next=urls.search(asked.q, sort=sort, cursor=found.cursor, start=last, view=view) if found.cursor else "",
        told=_told(found.clauses, narrowed, to),
        suggestions=tuple((text, to(text)) for text in found.suggestions),
        dated=(found.dated, to(found.dated)) if found.dated else None,
        behind=found.behind, table=urls.search(asked.q, sort=sort, view="table"), list=urls.search(asked.q, sort=sort),
        texts=urls.search(asked.q, sort=sort, view="texts"),
        explained=urls.search(asked.q, sort=sort, view="explain") if asked.q.strip() else "",
    )  # fmt: skip


def item(hit: Hit, q: str, sort: str = "", run: Run | None = None) -> Item:
    """A hit as a list shows it. `run`: of a text that it stands for."""
    title = highlighted(hit.title, hit.title_marks) if hit.title else highlighted(hit.url, ())
    return Item(
        hit.id, urls.article(hit.id, q=q, sort=sort), tuple(title),
        tuple(highlighted(hit.snippet.text, hit.snippet.marks)), hit.site, f"{hit.date}" if hit.date else "",
        hit.url, tuple((BADGES[flag], FLAGS[flag]) for flag in hit.flags if flag in BADGES), hit.lang,
        hit.snippet.removed, hit.lacks, run if run and run.articles > 1 else None,
        urls.search(f"copyof:{hit.id}") if run else "",
    )  # fmt: skip


def panel(facet: Facet, narrowed: Narrowed, to: To = urls.search) -> Panel:
    """A facet with the addresses of each of its values."""
    field = facet.field
    rest = narrowed.choosing(field, ())
    values = sorted(facet.values, key=lambda value: not (value.selected or value.excluded))
    return Panel(
        field, HEADINGS.get(field, field), tuple(choices(field, values, narrowed, rest, to)), facet.distinct,
        urls.facet(field, narrowed.text), to(narrowed.without_any(field)), rest,
        chosen=field in narrowed.chosen or field in narrowed.excluded,
        open=facet.field in OPEN or field in narrowed.chosen or field in narrowed.excluded,
    )  # fmt: skip


def recounted(desk: Desk, narrowed: Narrowed, facet: Facet, values: int) -> Facet:
    """A facet of which values are left out, with the others counted as what is found when they are chosen as well."""
    if facet.field not in narrowed.excluded or "." in facet.name:
        return facet
    (inside,) = desk.facets(narrowed.counting(facet.field), [facet.name], values=values)
    chosen = set(narrowed.chosen.get(facet.field, ()))
    counted = [replace(value, selected=value.value in chosen) for value in inside.values]
    there = {value.value for value in counted}
    left = [value for value in facet.values if value.excluded or (value.selected and value.value not in there)]
    return replace(facet, values=(*left, *counted))


def choices(
    field: str, values: Sequence[FacetValue], narrowed: Narrowed, rest: str, to: To = urls.search
) -> Iterator[Choice]:
    """Values of a facet with their addresses. `rest`: the query without what is chosen of the field."""
    # More can be written behind a whole query: so trees are printed once, not for every value.
    more, less = urls.behind(to, rest), urls.behind(to, narrowed.whole)
    for value in values:
        leaf = exactly(field, [value.value])
        chosen = to(narrowed.choosing(field, [value.value])) if value.excluded else more(leaf)
        without = to(narrowed.excluding(field, [value.value])) if value.selected else less(f"-{leaf}")
        touched = value.selected or value.excluded
        yield Choice(
            value.value, value.count, value.selected, value.excluded, chosen, without,
            to(narrowed.admitting(field, value.value)) if touched else "",
        )  # fmt: skip


def _chips(narrowed: Narrowed, to: To) -> Iterator[Chip]:
    for excluded, held in ((False, narrowed.chosen), (True, narrowed.excluded)):
        for field, values in held.items():
            for value in values:
                yield Chip(HEADINGS.get(field, field), value, excluded, to(narrowed.admitting(field, value)))


def _told(clauses: Sequence[Clause], narrowed: Narrowed, to: To) -> tuple[Told, ...]:
    """The parts of the query; those that all must match with the address of the query without them."""
    off = dict(narrowed.clauses())
    return tuple(
        Told(
            clause.query, clause.words, clause.count, clause.depth,
            to(off[clause.query]) if clause.depth == 0 and clause.query in off else "",
        )
        for clause in clauses
    )  # fmt: skip


# -- over time -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Timeline:
    """The hits over time: bars, the first and last of them, and the address without what is chosen of the dates."""

    chart: charts.Chart
    ends: tuple[str, str]
    off: str


def by_day(facets: Sequence[Facet]) -> tuple[Mapping[str, Facet], Sequence[Facet]]:
    """Those of DAYS by their names, and the others."""
    return {facet.name: facet for facet in facets if facet.name in DAYS}, [
        facet for facet in facets if facet.name not in DAYS
    ]


def over_time(desk: Desk, narrowed: Narrowed, days: Mapping[str, Facet] | None = None) -> Timeline:
    """By year, month or day, as finely as there is room; within what is chosen, the months of a year or days of one.

    `days`: the facets of days of the query itself, where they have been counted.
    """
    chosen = narrowed.chosen.get("date", ())
    inside = chosen[0][:7] if len(chosen) == 1 else ""
    query = narrowed.during("date", inside) if inside else narrowed.choosing("date", ())
    counted = days
    if counted is None or inside or "date" in narrowed.excluded:
        counted = {facet.name: facet for facet in desk.facets(query, DAYS, values=BARS)}
    grain = _grain(inside, {name: facet.distinct for name, facet in counted.items()})
    counts = {value.value: value.count for value in counted[f"date.{grain}"].values}
    rest = narrowed.choosing("date", ())
    bars = [
        charts.Bar(
            name, count, urls.search(f"{rest} {exactly('date', [name])}".strip()) if count else "", name in chosen
        )
        for name, count in charts.filled(counts, grain)
    ]
    ends = (bars[0].name, bars[-1].name) if bars else ("", "")
    return Timeline(charts.chart(bars), ends, urls.search(rest) if chosen else "")


def _grain(inside: str, distinct: Mapping[str, int]) -> str:
    if inside:
        return "month" if len(inside) == len("2025") else "day"
    if distinct["date.year"] > 5:
        return "year"
    return "month" if distinct["date.month"] > 2 else "day"
