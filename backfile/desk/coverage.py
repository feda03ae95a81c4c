"""How much was published on what, and when: articles of each query by week, month or year.

Desk.coverage ─▶ Coverage (a line for each query, every stretch of time in it) ─▶ rows | CSV | coverage_svg
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index import Index


class Step(StrEnum):
    """How long each stretch of time is."""

    WEEK = "week"  # from Monday, as ISO 8601 has it
    MONTH = "month"
    YEAR = "year"

    def start(self, day: date) -> date:
        """The first day of the stretch that holds `day`."""
        match self:
            case Step.WEEK:  # the first day of the calendar is a Monday
                return day - timedelta(days=day.weekday())
            case Step.MONTH:
                return day.replace(day=1)
            case Step.YEAR:
                return day.replace(month=1, day=1)

    def name_of(self, start: date) -> str:
        """What a stretch is called that begins so: 2025, 2025-03, or its first day."""
        return f"{start}"[: {Step.WEEK: 10, Step.MONTH: 7, Step.YEAR: 4}[self]]

    def after(self, start: date) -> date | None:
        """The first day of the next stretch; None at the end of the calendar."""
        days = {Step.WEEK: 7, Step.MONTH: 31, Step.YEAR: 366}[self]
        try:
            return self.start(start + timedelta(days=days))
        except OverflowError:
            return None


@dataclass(frozen=True, slots=True)
class CoveragePoint:
    """`count` articles from the day `start` on, and the `share` that they are of all that the archive has of then.

    None where it has nothing of then at all.
    """

    start: date
    count: int
    share: float | None


@dataclass(frozen=True, slots=True)
class CoverageLine:
    """One query (of one site, where sites are told apart): every stretch of time, those without articles too."""

    query: str
    points: tuple[CoveragePoint, ...]
    site: str = ""
    undated: int = 0  # articles of the query without a date of publication, which are in no point

    @property
    def total(self) -> int:
        """The articles in all points."""
        return sum(point.count for point in self.points)


@dataclass(frozen=True, slots=True)
class Coverage:
    """All lines have the same stretches, from the first to the last in which any query has an article."""

    step: Step
    lines: tuple[CoverageLine, ...]


def coverage(index: Index, queries: Sequence[str], step: Step, *, sites: int = 0) -> Coverage:
    """What each query covers, step by step; with `sites` for each of the so many sites with most of its articles."""
    drawn = [one for query in queries for one in _drawn(index, query, step, sites)]
    whole = {site: _whole(index, step, site) for site in {one.site for one in drawn}}
    starts = list(_starts(step, [start for one in drawn for start in one.counts]))
    lines = (
        CoverageLine(
            one.query, tuple(_point(start, one.counts, whole[one.site]) for start in starts), one.site, one.undated
        )
        for one in drawn
    )
    return Coverage(step, tuple(lines))


@dataclass(frozen=True, slots=True)
class _Drawn:
    """The articles of a line by the stretch that they are in."""

    query: str
    site: str
    counts: Mapping[date, int]
    undated: int


def _drawn(index: Index, query: str, step: Step, sites: int) -> Iterator[_Drawn]:
    if not sites:
        # What is chosen of the dates holds too, which in a facet of theirs it would not.
        days = index.overview.table(query, "date.day", "lang", limit=None, by_limit=0).crossed.rows.values
        counted = _counted(days, step)
        yield _Drawn(query, "", counted, index.search(query, limit=0).total - counted.total())
        return
    table = index.overview.table(query, "site", "date.day", limit=sites, by_limit=None).crossed
    days = table.columns.values
    of_site: list[list[tuple[str, int]]] = [[] for _ in table.rows.values]
    for row, column, count in table.cells:
        of_site[row].append((days[column][0], count))
    for (site, total), mine in zip(table.rows.values, of_site, strict=True):
        counted = _counted(mine, step)
        yield _Drawn(query, site, counted, total - counted.total())


def _whole(index: Index, step: Step, site: str) -> Mapping[date, int]:
    """What the archive has, of this site where one is named."""
    choose = {"site": [site]} if site else {}
    table = index.overview.table("", "date.day", "lang", limit=None, by_limit=0, choose=choose)
    return _counted(table.crossed.rows.values, step)


def _counted(days: Iterable[tuple[str, int]], step: Step) -> Counter[date]:
    counts: Counter[date] = Counter()
    for day, count in days:
        counts[step.start(date.fromisoformat(day))] += count
    return counts


def _starts(step: Step, known: Sequence[date]) -> Iterator[date]:
    """Every stretch from the first to the last of those known."""
    start: date | None = min(known, default=None)
    last = max(known, default=date.min)
    while start is not None and start <= last:
        yield start
        start = step.after(start)


def _line(drawn: _Drawn, starts: Sequence[date], whole: Mapping[date, int]) -> CoverageLine:
    points = tuple(_point(start, drawn.counts, whole) for start in starts)
    return CoverageLine(drawn.query, points, drawn.site, drawn.undated)


def _point(start: date, counts: Mapping[date, int], whole: Mapping[date, int]) -> CoveragePoint:
    count, of = counts.get(start, 0), whole.get(start, 0)
    return CoveragePoint(start, count, round(count / of, 6) if of else None)
