"""What a query gives: hits, and values of facets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Self

from backfile.views.row import Same
from index import Clause, FacetValue, Hit, Results, SharedName, Similar

if TYPE_CHECKING:
    from backfile.desk import Run


@dataclass(frozen=True, slots=True)
class FoundRow:
    """An article that was found."""

    id: Annotated[str, "of the article"]
    url: Annotated[str, "its address"]
    title: Annotated[str, "its headline"]
    site: Annotated[str, "who published it"]
    date: Annotated[date | None, "the day of publication, as the publisher counts it"]
    score: Annotated[float, "how well it matches, beside other hits of the same query"]
    snippet: Annotated[str, "a passage that shows why"]
    removed: Annotated[bool, "whether a later version no longer has that passage"]
    image: Annotated[str, "the address of the image whose caption that passage is"]


@dataclass(frozen=True, slots=True)
class HitRow(FoundRow):
    """An article that matches."""

    lacks: Annotated[tuple[str, ...], "words of the query that it does not have; none for a hit that matches exactly"]

    @classmethod
    def of(cls, hit: Hit) -> Self:
        """The row of a hit."""
        return cls(**_facts(hit), lacks=hit.lacks)


@dataclass(frozen=True, slots=True)
class RunRow(HitRow):
    """An article that stands for all with its text; with `--group`."""

    articles: Annotated[int, "how many of the articles that match have this text"]
    sites: Annotated[int, "how many sites they are on"]
    first: Annotated[str, "the id of the article that was first with it, whether it matches or not"]

    @classmethod
    def standing(cls, hit: Hit, run: Run | None) -> Self:
        """The row of a hit, which stands for itself alone where there is no `run`."""
        facts = (run.articles, run.sites, run.first) if run else (1, 1, hit.id)
        return cls(**_facts(hit), lacks=hit.lacks, articles=facts[0], sites=facts[1], first=facts[2])


@dataclass(frozen=True, slots=True)
class SimilarRow(FoundRow):
    """An article that is like another one."""

    names: Annotated[tuple[SharedName, ...], "the names that both have (`field` and `value`), weightiest first"]
    words: Annotated[tuple[str, ...], "the other words that both have"]

    @classmethod
    def alike(cls, one: Similar) -> Self:
        """The row of an article with what it shares."""
        return cls(**_facts(one.hit), names=one.names, words=one.words)


def _facts(hit: Hit) -> dict[str, Any]:
    """The fields of FoundRow."""
    facts = {field.name: getattr(hit, field.name) for field in fields(FoundRow) if hasattr(hit, field.name)}
    shown = hit.snippet
    return facts | {
        "score": round(hit.score, 4), "snippet": shown.text, "removed": shown.removed, "image": shown.image,
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class FacetRow:
    """A value of a facet."""

    field: Annotated[str, "the facet"]
    value: Annotated[str | None, "as facets show it; null for those without any, with `--none`"]
    count: Annotated[int, "how many of the articles have it"]


@dataclass(frozen=True, slots=True)
class MetaRow:
    """What `search --meta` says of all hits, before them."""

    total: Annotated[int, "how many articles match, however many are listed"]
    facets: Annotated[tuple[FacetRow, ...], "the values of each `--facet`, as `facets --json` prints them"]
    cursor: Annotated[str | None, "for `--cursor`, where more follow"]
    behind: Annotated[int, "changes that these results do not know yet"]
    asks: Annotated[
        str, "the facet that a question asks for, listed with the others: `person` for who, `place` for where"
    ]
    dated: Annotated[
        str, "the query with the time that it speaks of as days of publication, where articles came out then"
    ]

    @classmethod
    def of(cls, found: Results, *, significant: bool) -> Self:
        """The row of a page of results."""
        rows = (facet_row(one.name, value, significant=significant) for one in found.facets for value in one.values)
        return cls(found.total, tuple(rows), found.cursor, found.behind, found.asks, found.dated)


@dataclass(frozen=True, slots=True)
class SignificantRow(FacetRow):
    """A value of a facet that stands out; with `--significant`."""

    background: Annotated[int | None, "how many articles of the whole archive have it"]
    score: Annotated[float | None, "how far it stands out"]


def facet_row(field: str, value: FacetValue, *, significant: bool) -> FacetRow:
    """The row of one value of the facet `field`."""
    if significant:
        return SignificantRow(field, value.value, value.count, value.background, value.score)
    return FacetRow(field, value.value, value.count)


@dataclass(frozen=True, slots=True)
class ClauseRow(Same[Clause]):
    """A part of a query."""

    query: Annotated[str, "as it was understood"]
    words: Annotated[str, "the same said in words"]
    count: Annotated[int, "how many articles match it by itself"]
    depth: Annotated[int, "0; parts of a group stand behind it, one deeper"]


@dataclass(frozen=True, slots=True)
class PageRow(MetaRow):
    """A page of hits, as the API gives it."""

    query: Annotated[str, "as it was understood"]
    words: Annotated[str, "the same said in words"]
    hits: Annotated[
        tuple[HitRow, ...], "the articles of this page; with `group` each with `articles`, `sites` and `first` as well"
    ]
    next: Annotated[str | None, "address of the next page, `null` at the end"]
    clauses: Annotated[tuple[ClauseRow, ...], "parts of the query; where asked for, and where nothing was found"]
    suggestions: Annotated[tuple[str, ...], "queries that may have been meant, where nothing was found"]

    @classmethod
    def page(
        cls, found: Results, following: str | None, *, significant: bool, runs: Mapping[str, Run] | None = None
    ) -> Self:
        """The row of a page, with the address of the one behind it. `runs`: of hits that are each text once."""
        meta = MetaRow.of(found, significant=significant)
        hits = tuple(HitRow.of(hit) if runs is None else RunRow.standing(hit, runs.get(hit.id)) for hit in found.hits)
        return cls(
            meta.total, meta.facets, meta.cursor, meta.behind, meta.asks, meta.dated, found.query, found.words, hits,
            following, tuple(map(ClauseRow.of, found.clauses)), found.suggestions,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ValuesRow:
    """A facet with its values, as the API gives it."""

    field: Annotated[str, "the facet"]
    distinct: Annotated[int, "how many values there are"]
    values: Annotated[tuple[FacetRow, ...], "the values that were asked for, most frequent first"]
