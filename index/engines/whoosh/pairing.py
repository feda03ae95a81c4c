"""Which values of two facets the hits have together, by arrays.

Every pair is counted, so that none is missed that a list of the most frequent values would not have: the values are
gone through in stretches, each with so many pairs that they fit in memory, and the best of each stretch are kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from index.counting import Pair, Paired, Pairing, ValueOrder
from index.engines.whoosh.packing import Array, Ints
from index.engines.whoosh.significant import scores_of
from index.engines.whoosh.snapshot import Snapshot
from index.engines.whoosh.tables import Held, Tallied, beside, held_values
from index.plan import Plan
from index.significance import LEAST_COUNT, significance

_STRETCH = 2**22  # pairs (each counted in every document that has it) of the values that are gone through at once


def paired(snapshot: Snapshot, plan: Plan, asked: Pairing) -> Paired:
    """As counting.Pairing says."""
    found = snapshot.found(plan)
    facets = _Facets(snapshot, found, asked)
    best, distinct = _Best(facets, asked), 0
    for first, after in facets.stretches():
        distinct += best.take(*facets.counted(first, after))
    days = _Days(snapshot, best.keys, facets)
    return Paired(tuple(best.pairs(days)), distinct)


class _Facets:
    """The values of both facets among the hits, by the numbers of their unions."""

    def __init__(self, snapshot: Snapshot, found: Sequence[Ints], asked: Pairing) -> None:
        self.one, self.other = snapshot.union(asked.field), snapshot.union(asked.by)
        self.is_same = asked.field == asked.by
        self.hits = sum(map(len, found))
        self.counts, self.other_counts = self.one.count(found), self.other.count(found)
        least = LEAST_COUNT if asked.order is ValueOrder.SIGNIFICANCE else 1
        self.held = [
            (
                _frequent(held_values(self.one, segment, docs), self.counts, least),
                _frequent(held_values(self.other, segment, docs), self.other_counts, least),
            )
            for segment, docs in enumerate(found)
        ]
        self.width = max(1, len(self.other))
        self.places = _places(self.one.by_value)
        self.other_places = self.places if self.is_same else _places(self.other.by_value)

    def stretches(self) -> Iterator[tuple[int, int]]:
        """Numbers of values, from … to, with about _STRETCH pairs each."""
        weights = np.zeros(len(self.one), np.int64)
        for left, right in self.held:
            sizes = np.searchsorted(right.owners, left.owners, "right") - np.searchsorted(right.owners, left.owners)
            weights += np.bincount(left.numbers, sizes, len(weights)).astype(np.int64)
        ends = np.cumsum(weights)
        first = 0
        while first < len(weights):
            done = int(ends[first - 1]) if first else 0
            after = max(first + 1, int(np.searchsorted(ends, done + _STRETCH, "right")))
            yield first, after
            first = after

    def counted(self, first: int, after: int) -> tuple[Ints, Ints]:
        """The pairs of values first … after - 1 with any other, as keys, and how many hits have each."""
        tallied = Tallied()
        for left, right in self.held:
            some = left.only((left.numbers >= first) & (left.numbers < after))
            for here, there in beside(some, right):
                tallied.add(self.keys(some.numbers[here], right.numbers[there]))
        return tallied.counted()

    def keys(self, one: Ints, other: Ints) -> Ints:
        """Of values that stand together; of one facet those alone where the first is the one that comes first."""
        if self.is_same:
            earlier = self._comes_first(one, other)
            one, other = one[earlier], other[earlier]
        return one * self.width + other

    def _comes_first(self, one: Ints, other: Ints) -> NDArray[np.bool_]:
        more, less = self.counts[one], self.counts[other]
        earlier: NDArray[np.bool_] = (more > less) | ((more == less) & (self.places[one] < self.places[other]))
        return earlier


def _frequent(held: Held, counts: Ints, least: int) -> Held:
    return held.only(counts[held.numbers] >= least) if least > 1 else held


def _places(order: Ints) -> Ints:
    places = np.empty_like(order)
    places[order] = np.arange(len(order))
    return places


class _Best:
    """The best pairs so far, in their order."""

    def __init__(self, facets: _Facets, asked: Pairing) -> None:
        self._facets = facets
        self._limit = asked.limit
        self._by_score = asked.order is ValueOrder.SIGNIFICANCE
        self.keys = np.zeros(0, np.int64)
        self._counts = np.zeros(0, np.int64)
        self._ranks: Array = np.zeros(0)

    def take(self, keys: Ints, counts: Ints) -> int:
        """How many of these pairs count at all; the best ones are kept."""
        facets = self._facets
        one, other = keys // facets.width, keys % facets.width
        ranks: Array = counts
        if self._by_score:
            ranks = scores_of(counts, facets.other_counts[other], facets.counts[one], facets.hits)
            inside = np.flatnonzero(ranks)
            keys, counts, ranks = keys[inside], counts[inside], ranks[inside]
        distinct = len(keys)
        keys, counts = np.concatenate((self.keys, keys)), np.concatenate((self._counts, counts))
        ranks = np.concatenate((self._ranks, ranks))
        if len(ranks) > self._limit:
            edge = np.partition(ranks, len(ranks) - self._limit)[len(ranks) - self._limit]
            near = np.flatnonzero(ranks >= edge)
            keys, counts, ranks = keys[near], counts[near], ranks[near]
        one, other = keys // facets.width, keys % facets.width
        order = np.lexsort((facets.other_places[other], facets.places[one], -ranks))[: self._limit]
        self.keys, self._counts, self._ranks = keys[order], counts[order], ranks[order]
        return distinct

    def pairs(self, days: _Days) -> Iterator[Pair]:
        facets = self._facets
        for place, (key, count) in enumerate(zip(self.keys.tolist(), self._counts.tolist(), strict=True)):
            one, other = divmod(key, facets.width)
            having, beside_it = int(facets.counts[one]), int(facets.other_counts[other])
            score = significance(count, having, beside_it, facets.hits)
            values = facets.one.value(one), facets.other.value(other)
            yield Pair(*values, count, having, beside_it, score, *days.of(place))


class _Days:
    """The earliest and the latest day of publication of the documents that have each of the pairs `keys`."""

    def __init__(self, snapshot: Snapshot, keys: Ints, facets: _Facets) -> None:
        self._first = np.full(len(keys), np.iinfo(np.int64).max)
        self._last = np.zeros(len(keys), np.int64)
        if not len(keys):
            return
        order = np.argsort(keys)
        in_order = keys[order]
        ones, others = np.unique(keys // facets.width), np.unique(keys % facets.width)
        for segment, (left, right) in zip(snapshot.segments, facets.held, strict=True):
            some, rest = left.only(np.isin(left.numbers, ones)), right.only(np.isin(right.numbers, others))
            for here, there in beside(some, rest):
                found = some.numbers[here] * facets.width + rest.numbers[there]
                at = np.minimum(np.searchsorted(in_order, found), len(keys) - 1)
                days = segment.data.dates[some.owners[here]].astype(np.int64)
                mask = (in_order[at] == found) & (days > 0)
                np.minimum.at(self._first, order[at[mask]], days[mask])
                np.maximum.at(self._last, order[at[mask]], days[mask])

    def of(self, place: int) -> tuple[date | None, date | None]:
        """Of the pair at this place."""
        if not self._last[place]:
            return None, None
        return date.fromordinal(int(self._first[place])), date.fromordinal(int(self._last[place]))
