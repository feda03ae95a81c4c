"""What is counted over all articles of a query: tables of two facets, pairs of names, coverage."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Self

from backfile.desk import Coverage, Pairs
from backfile.views.row import Keyed
from index import FacetTable


@dataclass(frozen=True, slots=True)
class CrossRow:
    """A value of a facet together with one of another; with `--by`."""

    field: Annotated[str, "the facet"]
    value: Annotated[str, "as facets show it"]
    by: Annotated[str, "the other facet"]
    by_value: Annotated[str, "the value of it"]
    count: Annotated[int, "how many of the articles have both"]

    @classmethod
    def all_of(cls, table: FacetTable) -> Iterator[Self]:
        """The cells of a table that are not zero, row by row."""
        rows, columns = table.crossed.rows.values, table.crossed.columns.values
        for row, column, count in table.crossed.cells:
            yield cls(table.name, rows[row][0], table.by, columns[column][0], count)


@dataclass(frozen=True, slots=True)
class PairRow:
    """Two names that stand in the same articles."""

    field: Annotated[str, "the facet"]
    value: Annotated[str, "as facets show it"]
    by: Annotated[str, "the other facet, or the same"]
    by_value: Annotated[str, "the value of it"]
    count: Annotated[int, "how many of the articles have both"]
    sentences: Annotated[int | None, "in how many sentences both are named; null for what stands in no sentence"]
    score: Annotated[float, "how far beyond chance it is that so many have both"]
    first: Annotated[date | None, "the day on which the earliest of these articles was published"]
    last: Annotated[date | None, "the latest of these days"]

    @classmethod
    def all_of(cls, pairs: Pairs) -> Iterator[Self]:
        """The pairs in their order."""
        for one in pairs.found:
            yield cls(
                pairs.name, one.value, pairs.by, one.other, one.articles, one.sentences, one.score, one.first, one.last
            )


@dataclass(frozen=True, slots=True)
class CoverageRow(Keyed):
    """A week, month or year of a query."""

    query: Annotated[str, "as it was typed"]
    from_: Annotated[date, "the first day of the week, month or year"]
    count: Annotated[int, "how many articles that match were published in it"]
    share: Annotated[float | None, "which part they are of all that the archive has of then; null where it has none"]

    @classmethod
    def all_of(cls, coverage: Coverage) -> Iterator[CoverageRow]:
        """Every stretch of every line, line by line."""
        for line in coverage.lines:
            for point in line.points:
                row = CoverageRow(line.query, point.start, point.count, point.share)
                yield SiteCoverageRow.at(row, line.site) if line.site else row


@dataclass(frozen=True, slots=True)
class SiteCoverageRow(CoverageRow):
    """A week, month or year of a query on one site; with `--site`. The share is that of the site's own articles."""

    site: Annotated[str, "who published them"]

    @classmethod
    def at(cls, row: CoverageRow, site: str) -> Self:
        """The row of this site."""
        return cls(row.query, row.from_, row.count, row.share, site)
