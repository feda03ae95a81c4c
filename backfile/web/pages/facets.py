"""All values of a facet: searched, sorted, a hundred a page; and as CSV for whoever counts further."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from itertools import islice
from typing import Annotated

from msgspec import Meta

from backfile.desk import Narrowed, facet_names, sheet
from backfile.web import urls
from backfile.web.calls import Call, Sent
from backfile.web.pages.searching import HEADINGS, Choice, choices
from backfile.web.problems import Refusal
from backfile.web.rendering import Frame, render, spreadsheet
from backfile.web.site import Site
from index import FacetPage as Listed
from index import FacetValue, ValueOrder

PAGE = 100  # values
_DAYS = "."  # in the names of facets of days: "date.month"


class Order(StrEnum):
    """Of the values of a facet: most hits first (of days the latest), by alphabet, or what stands out first."""

    COUNT = "count"
    NAME = "name"
    SIGNIFICANT = "significant"


_ORDERS = {Order.COUNT: None, Order.NAME: ValueOrder.NAME, Order.SIGNIFICANT: ValueOrder.SIGNIFICANCE}
_SAID = {Order.COUNT: "most first", Order.NAME: "A–Z", Order.SIGNIFICANT: "what stands out"}
_SAID_OF_DAYS = {**_SAID, Order.COUNT: "latest first", Order.NAME: "earliest first"}


@dataclass(frozen=True, slots=True)
class FacetParams:
    """What the page of a facet is asked for."""

    q: str = ""
    find: str = ""
    order: Order = Order.COUNT
    page: Annotated[int, Meta(ge=1, le=1000)] = 1


@dataclass(frozen=True, slots=True)
class CsvParams(FacetParams):
    """As the page; `raw`: cells as they are, also those that a spreadsheet takes for formulas."""

    raw: bool = False


@dataclass(frozen=True, slots=True)
class Valued:
    """A value with how far it stands out against the whole archive, where that was asked."""

    choice: Choice
    background: int | None
    score: float | None


@dataclass(frozen=True, slots=True)
class FacetPage:
    """What facet.html shows. `found`: how many values there are, of those with what is looked for where that is."""

    field: str
    heading: str
    q: str
    find: str
    order: str
    orders: tuple[tuple[str, str, str], ...]
    values: tuple[Valued, ...]
    found: int
    first: int
    last: int
    lacking: int  # articles without any value
    without: str  # the search for them
    before: str
    next: str
    back: str
    csv: str
    significant: bool
    bar: int  # the largest count


def facet(site: Site, call: Call[FacetParams]) -> Sent:
    """The page of one facet."""
    asked, field = call.params, call.path["field"]
    narrowed = site.desk.narrow(asked.q)
    first = (asked.page - 1) * PAGE
    listed = _listed(site, asked, field, narrowed, first, PAGE)
    values = [*_touched(site, asked, narrowed, listed), *listed.values]
    last = min(first + PAGE, listed.distinct)
    to = partial(urls.facet, field, asked.q, find=asked.find)
    said = _SAID_OF_DAYS if _DAYS in field else _SAID
    drawn = choices(listed.field, values, narrowed, narrowed.choosing(listed.field, ()))
    page = FacetPage(
        field, HEADINGS.get(listed.field, listed.field), asked.q, asked.find, asked.order,
        tuple((name.value, words, to(order=name)) for name, words in said.items()),
        tuple(Valued(choice, value.background, value.score) for choice, value in zip(drawn, values, strict=True)),
        listed.distinct, first + 1 if last > first else 0, last, listed.none,
        urls.search(narrowed.without_any(listed.field)),
        to(order=asked.order, page=asked.page - 1) if asked.page > 1 else "",
        to(order=asked.order, page=asked.page + 1) if last < listed.distinct else "",
        urls.search(asked.q), to(order=asked.order, form="csv"),
        asked.order is Order.SIGNIFICANT, max((value.count for value in values), default=1),
    )  # fmt: skip
    frame = Frame(f"{page.heading} · {asked.q or 'everything'}", q=asked.q, here="search",
                  json=urls.api(f"/facets/{field}", q=asked.q))  # fmt: skip
    return render("facet.html", frame, page)


def as_csv(site: Site, call: Call[CsvParams]) -> Sent:
    """Every value with its count; cells that a spreadsheet would take for formulas have an apostrophe before them."""
    asked, field = call.params, call.path["field"]
    narrowed = site.desk.narrow(asked.q)
    listed = _listed(site, asked, field, narrowed, 0, None)
    values = (*_touched(site, asked, narrowed, listed), *listed.values)
    rows = ((value.value, value.count) for value in values)
    return spreadsheet(field.replace(".", "-"), sheet((field, "count"), rows, raw=asked.raw))


def _listed(site: Site, asked: FacetParams, field: str, narrowed: Narrowed, offset: int, limit: int | None) -> Listed:
    """The values from `offset` on, each counted as what is found when it is chosen."""
    if field not in facet_names():
        raise Refusal("not-found", f"there is no facet {field!r}; there are {', '.join(facet_names())}")
    base = field.partition(_DAYS)[0]
    if asked.find.strip() and not any(map(str.isalnum, asked.find)):
        return Listed(field, base, (), 0, 0)
    query = narrowed.counting(base) if field in narrowed.excluded else asked.q
    order = _ORDERS[asked.order]
    found = site.desk.facet_page(query, field, find=asked.find, order=order, offset=offset, limit=limit)
    chosen = narrowed.chosen.get(base, ())
    there = islice(found.values, limit and min(limit, max(0, found.distinct - offset)))  # what is chosen may be behind
    return replace(found, values=tuple(replace(one, selected=one.value in chosen) for one in there))


def _touched(site: Site, asked: FacetParams, narrowed: Narrowed, listed: Listed) -> Sequence[FacetValue]:
    """Before the first of all values those that are left out, and what is chosen but stands further behind."""
    own = {*narrowed.chosen, *narrowed.excluded}
    if listed.field not in own or listed.offset or asked.find.strip():
        return ()
    (whole,) = site.desk.facets(asked.q, [listed.name], values=0)
    there = {value.value for value in listed.values}
    return [value for value in whole.values if value.value not in there]
