"""What an engine can be told to count over all hits, beyond the facets of a page: lists of values, tables, pairs. Pure.

    Listing ─▶ Tally       a stretch of the values of one facet, in any order, those with some words alone
    Axis × Axis ─▶ Crossed hits by the values of one facet and of another
    Pairing ─▶ Paired      which values of two facets stand in the same documents, and since when

A hit has a value if its facet counts it (see plan.Chosen). All of it is exact, whatever the number of hits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from index.plan import Grain


class ValueOrder(StrEnum):
    """Order of the values of a facet."""

    COUNT = "count"  # most hits first, equal ones by value
    NAME = "name"  # by alphabet, whatever the case and the accents; days from the earliest
    SIGNIFICANCE = "significance"  # those that stand out against the background, most first (see significance.py)


@dataclass(frozen=True, slots=True)
class Listing:
    """Values `offset` … `offset + limit - 1` (limit None: all from there on) of a facet.

    Counted as plan.Count says: without the choices of its own field. Without an `order`: by count, days from the
    latest. If there are `starts` (folded words), only values in which each of them begins some word or the whole value;
    of days, only those that begin with each of them.
    """

    field: str
    grain: Grain | None = None
    starts: tuple[str, ...] = ()
    order: ValueOrder | None = None
    offset: int = 0
    limit: int | None = 50


@dataclass(frozen=True, slots=True)
class Axis:
    """One side of a table: the `limit` values with most hits, equal ones by value. None: all.

    Of days the latest ones, from the earliest of them on.
    """

    field: str
    grain: Grain | None = None
    limit: int | None = 20


@dataclass(frozen=True, slots=True)
class Side:
    """What an axis came to: its values with the hits that have each, and how many values there are in all."""

    values: tuple[tuple[str, int], ...]
    distinct: int


@dataclass(frozen=True, slots=True)
class Crossed:
    """A table. `cells`: place of the row, place of the column, hits that have both; in this order, without zeros."""

    rows: Side
    columns: Side
    cells: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Pairing:
    """The `limit` pairs of a value of `field` and one of `by` (no days; the same field: of two different values).

    By count, or by significance, and then only those that stand out; equal ones by value and other.
    """

    field: str
    by: str
    order: ValueOrder = ValueOrder.COUNT  # not by name
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Pair:
    """`count` hits have both values, `value_count` have `value`, `other_count` have `other`.

    Of one field `value` is the one with more hits, or the first by code point. `score` says how surprising it is that
    so many hits have both, given how many have each (significance.significance over the hits). `first` and `last`: the
    earliest and the latest day of publication of those that have both.
    """

    value: str
    other: str
    count: int
    value_count: int
    other_count: int
    score: float
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Paired:
    """The pairs that were asked for, and how many there are in all."""

    pairs: tuple[Pair, ...]
    distinct: int
