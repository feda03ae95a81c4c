"""What the API is asked for and sent: one declaration gives parsing, errors and the description."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Generic, Literal, TypeVar

import msgspec
from msgspec import Meta

from archive import ExportFormat, JobKind, JobState, Kind
from backfile.web.pages.bringing import MOST
from index import Sort

T = TypeVar("T")
PAGE = 200  # rows of one answer at the most
Count = Annotated[int, Meta(ge=1, le=PAGE, description="how many rows at the most")]
Query = Annotated[str, Meta(description="a query, as docs/query.md has the language")]


@dataclass(frozen=True, slots=True)
class Listed(Generic[T]):
    """Rows, and the address of those behind them."""

    items: tuple[T, ...]
    next: str | None = None


# -- what is asked for -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SearchParams:
    """Of `search`."""

    q: Query = ""
    sort: Annotated[Sort, Meta(description="order of the hits")] = Sort.RELEVANCE
    limit: Annotated[int, Meta(ge=0, le=PAGE, description="how many hits; 0 for the counts alone")] = 20
    cursor: Annotated[str, Meta(description="where to go on: `cursor` of the page before")] = ""
    facet: Annotated[tuple[str, ...], Meta(description="a facet to count; may be repeated")] = ()
    values: Annotated[int, Meta(ge=1, le=1000, description="how many values of each facet")] = 10
    significant: Annotated[bool, Meta(description="the values that stand out against the whole archive")] = False
    explain: Annotated[bool, Meta(description="count every part of the query")] = False
    strict: Annotated[bool, Meta(description="only what has all of it, however little that is")] = False
    group: Annotated[bool, Meta(description="one hit for each text, with how many articles and sites have it")] = False


@dataclass(frozen=True, slots=True)
class FacetParams:
    """Of `facets`."""

    q: Query = ""
    limit: Annotated[int, Meta(ge=1, le=20_000, description="how many values")] = 50
    significant: Annotated[bool, Meta(description="the values that stand out against the whole archive")] = False


@dataclass(frozen=True, slots=True)
class SuggestParams:
    """Of `suggest`. Without a field what is typed may be a word of the language or any name."""

    q: Annotated[str, Meta(description="what has been typed", max_length=200)] = ""
    field: Annotated[str, Meta(description="complete a value of this facet")] = ""
    limit: Annotated[int, Meta(ge=1, le=50)] = 10


@dataclass(frozen=True, slots=True)
class FindParams:
    """Of `articles`."""

    url: Annotated[str, Meta(description="the address of a page, or an id")] = ""


@dataclass(frozen=True, slots=True)
class LimitParams:
    """How many rows."""

    limit: Count = 10


@dataclass(frozen=True, slots=True)
class NamesParams:
    """Of `names`."""

    kind: Annotated[Kind | None, Meta(description="`person`, `place` or `org`")] = None
    limit: Annotated[int, Meta(ge=1, le=20_000)] = 100


@dataclass(frozen=True, slots=True)
class JobsParams:
    """Of `jobs`."""

    kind: Annotated[tuple[JobKind, ...], Meta(description="may be repeated")] = ()


@dataclass(frozen=True, slots=True)
class ItemsParams:
    """Of the items of a job."""

    state: Annotated[JobState, Meta(description="where the items stand")] = JobState.FAILED
    after: Annotated[int, Meta(ge=0, le=2**53, description="number of the item to go on behind")] = 0
    limit: Count = 100


@dataclass(frozen=True, slots=True)
class ExportParams:
    """Of `export`."""

    q: Query = ""
    format: Annotated[ExportFormat, Meta(description="of the file")] = ExportFormat.JSONL
    sort: Annotated[Sort, Meta(description="order of the articles")] = Sort.OLDEST


# -- what is sent ----------------------------------------------------------------------------------------------------


class AddJob(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A job that archives pages."""

    kind: Annotated[Literal["add"], Meta(description="`add`")]
    urls: Annotated[list[Annotated[str, Meta(max_length=8000)]], Meta(min_length=1, max_length=MOST)]
    depth: Annotated[int, Meta(ge=0, le=3, description="how deep cited sources are followed")] | None = None
    tags: Annotated[list[Annotated[str, Meta(max_length=200)]], Meta(max_length=50)] = []
    note: Annotated[str, Meta(max_length=100_000)] = ""
    browser: Annotated[bool, Meta(description="a browser shows each page, where the server has one")] = False


class Tags(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Tags to put on and to take away."""

    add: Annotated[list[Annotated[str, Meta(max_length=200)]], Meta(max_length=200)] = []
    remove: Annotated[list[Annotated[str, Meta(max_length=200)]], Meta(max_length=200)] = []


class Note(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A note, "" for none."""

    note: Annotated[str, Meta(max_length=100_000)]


class Save(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A query and its name."""

    name: Annotated[str, Meta(max_length=64)]
    query: Annotated[str, Meta(max_length=2000)]
