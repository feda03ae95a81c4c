"""All values of a facet: searched, sorted, a hundred a page; and as CSV for whoever counts further."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from msgspec import Meta

from backfile.desk import Narrowed, facet_names, sheet
from backfile.web import urls
from backfile.web.calls import Call, Sent
from backfile.web.pages.searching import HEADINGS, Choice, choices, recounted
from backfile.web.problems import Refusal
from backfile.web.rendering import Frame, render, spreadsheet
from backfile.web.site import Site
from index import Facet, FacetValue

PAGE = 100  # values
MOST = 20_000  # values that are looked through: more than that no person reads

Order = Literal["count", "name", "significant"]


@dataclass(frozen=True, slots=True)
class FacetParams:
    """What the page of a facet is asked for."""

    q: str = ""
    find: str = ""
    order: Order = "count"
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
    """What facet.html shows."""

    field: str
    heading: str
    q: str
    find: str
    order: str
    orders: tuple[tuple[str, str, str], ...]
    values: tuple[Valued, ...]
    distinct: int
    found: int
    first: int
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
    some_do = _in_order(asked, field, narrowed)
    whole, values = _found(site, asked, field, first + PAGE if some_do else MOST)
    found = min(whole.distinct, MOST) if some_do else len(values)
    some = values[first : first + PAGE]
    rest = narrowed.choosing(whole.field, ())
    drawn = choices(whole.field, some, narrowed, rest)
    page = FacetPage(
        field, HEADINGS.get(whole.field, whole.field), asked.q, asked.find, asked.order,
        tuple((name, said, urls.facet(field, asked.q, find=asked.find, order=name)) for name, said in (
            ("count", "most first"), ("name", "A–Z"), ("significant", "what stands out"))),
        tuple(Valued(choice, value.background, value.score) for choice, value in zip(drawn, some, strict=True)),
        whole.distinct, found, first + 1 if some else 0,
        urls.facet(field, asked.q, find=asked.find, order=asked.order, page=asked.page - 1) if asked.page > 1 else "",
        urls.facet(field, asked.q, find=asked.find, order=asked.order, page=asked.page + 1)
        if first + PAGE < found else "",
        urls.search(asked.q), urls.facet(field, asked.q, find=asked.find, order=asked.order, form="csv"),
        asked.order == "significant", max((value.count for value in some), default=1),
    )  # fmt: skip
    frame = Frame(f"{page.heading} · {asked.q or 'everything'}", q=asked.q, here="search",
                  json=urls.api(f"/facets/{field}", q=asked.q))  # fmt: skip
    return render("facet.html", frame, page)


def as_csv(site: Site, call: Call[CsvParams]) -> Sent:
    """Every value with its count; cells that a spreadsheet would take for formulas have an apostrophe before them."""
    asked, field = call.params, call.path["field"]
    _, values = _found(site, asked, field, MOST)
    rows = ((value.value, value.count) for value in values)
    return spreadsheet(field.replace(".", "-"), sheet((field, "count"), rows, raw=asked.raw))


def _in_order(asked: FacetParams, field: str, narrowed: Narrowed) -> bool:
    """Whether the index gives the values as the page has them: then those up to the page's end are enough."""
    base = field.partition(".")[0]
    touched = base in narrowed.chosen or base in narrowed.excluded
    return asked.order == "count" and not asked.find.strip() and not touched


def _found(site: Site, asked: FacetParams, field: str, most: int) -> tuple[Facet, list[FacetValue]]:
    """The facet, and those of its first `most` values that have what is looked for in them, in their order."""
    if field not in facet_names():
        raise Refusal("not-found", f"there is no facet {field!r}; there are {', '.join(facet_names())}")
    significant = asked.order == "significant"
    (whole,) = site.desk.facets(asked.q, [field], values=min(most, MOST), significant=significant)
    if not significant:
        whole = recounted(site.desk, site.desk.narrow(asked.q), whole, MOST)
    values = list(whole.values)
    if asked.find.strip():
        wanted = asked.find.casefold().split()
        values = [value for value in values if all(word in value.value.casefold() for word in wanted)]
    if asked.order == "name":
        values.sort(key=lambda value: value.value.casefold())
    return whole, values
