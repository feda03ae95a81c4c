"""Facet counts over sets of documents in several segments, and which of the values to show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from index.engines import Tally
from index.engines.whoosh.arrays import ENCODING, ERRORS, kept
from index.engines.whoosh.facets import Facet
from index.engines.whoosh.packing import Array, Ints
from index.engines.whoosh.segment import Days, SegmentData, bucket_name, bucket_number, bucket_of
from index.folding import fold
from index.plan import Count, Grain

if TYPE_CHECKING:
    from numpy.typing import NDArray

Known: TypeAlias = dict[tuple[Days, Grain], tuple[Ints, Ints]]  # buckets and counts of one set of documents


class FacetUnion:
    """The values of one field in all segments, numbered together: equal values are known by their hashes.

    `living`: how many documents there are in each segment. What all of them have is counted once.
    """

    def __init__(self, facets: Sequence[Facet | None], living: Sequence[int]) -> None:
        self._facets = facets
        self._living = list(living)
        self._of_all: Ints | None = None
        hashes = [facet.hashes for facet in facets if facet]
        self._size = 0
        self._numbers: list[Ints | None] = [None] * len(facets)
        if len(hashes) == 1:
            self._size = len(hashes[0])
            self._numbers = [np.arange(self._size) if facet else None for facet in facets]
        elif hashes:
            different, numbers = np.unique(np.concatenate(hashes), return_inverse=True)
            self._size = len(different)
            place = 0
            for index, facet in enumerate(facets):
                if facet:
                    self._numbers[index] = numbers[place : place + len(facet.hashes)]
                    place += len(facet.hashes)

    def count(self, chosen: Sequence[Ints]) -> Ints:
        """How many of these documents (living ones, each once), segment by segment, have each value."""
        if [*map(len, chosen)] != self._living:
            return self._counted(chosen)
        if self._of_all is None:
            self._of_all = self._counted(chosen)
            self._of_all.flags.writeable = False
        return self._of_all

    def _counted(self, chosen: Sequence[Ints]) -> Ints:
        if len(self._facets) == 1 and self._facets[0]:
            return self._facets[0].count(chosen[0])
        total = np.zeros(self._size, np.int64)
        for facet, numbers, docs in zip(self._facets, self._numbers, chosen, strict=True):
            if facet is None or numbers is None:
                continue
            total[numbers] += facet.count(docs)
        return total

    def tally(self, chosen: Sequence[Ints], limit: int, selected: Sequence[str]) -> Tally:
        counts = self.count(chosen)
        distinct = int(np.count_nonzero(counts))
        best = self.shown(self.best(counts, min(limit, distinct)), selected)
        return Tally(tuple((value, at(counts, number)) for value, number in best), distinct)

    def best(self, keys: Array, limit: int) -> list[tuple[str, int]]:
        """The `limit` values with the highest keys (one for each number), equal ones by value; and their numbers."""
        if not limit:
            return []
        some = keys[keys > 0]  # often a small part of them
        among = some if len(some) >= limit else keys
        least = np.partition(among, len(among) - limit)[len(among) - limit]
        found: dict[str, int] = {}
        for facet, numbers in zip(self._facets, self._numbers, strict=True):
            if facet is None or numbers is None:
                continue
            here = keys[numbers] if len(self._facets) > 1 else keys
            # Values are sorted within a segment, so of those on the edge only the first ones can be needed.
            for local in (*np.flatnonzero(here > least).tolist(), *np.flatnonzero(here == least)[:limit].tolist()):
                found[facet.values[local]] = int(numbers[local])
        return sorted(found.items(), key=lambda item: (-keys[item[1]], item[0]))[:limit]

    def numbers(self, segment: int) -> tuple[Facet, Ints] | None:
        """The facet of a segment, and for each of its values its number in all; None where it has no values."""
        facet, numbers = self._facets[segment], self._numbers[segment]
        return None if facet is None or numbers is None else (facet, numbers)

    def value(self, number: int) -> str:
        """The value of this number."""
        for facet, numbers in zip(self._facets, self._numbers, strict=True):
            if facet is not None and numbers is not None and len(place := np.flatnonzero(numbers == number)):
                return facet.values[int(place[0])]
        raise LookupError(number)

    @cached_property
    def by_value(self) -> Ints:
        """The numbers in the order of their values by code point."""
        return self._ordered(lambda value: value)

    @cached_property
    def by_name(self) -> Ints:
        """The numbers in alphabetical order: whatever the case and the accents, equal ones by code point."""
        return self._ordered(lambda value: (fold(value), value))

    def _ordered(self, key: Callable[[str], Any]) -> Ints:
        values = [""] * self._size
        for segment in range(len(self._facets)):
            if held := self.numbers(segment):
                facet, numbers = held
                for number, value in zip(numbers.tolist(), facet.values.raws(), strict=True):
                    values[number] = value.decode(ENCODING, ERRORS)
        return np.array(sorted(range(self._size), key=lambda number: key(values[number])), np.int64)

    def __len__(self) -> int:
        return self._size

    def where(self, choose: Callable[[Facet], Ints]) -> NDArray[np.bool_]:
        """For each number, whether `choose` names its value in some segment."""
        mask = np.zeros(self._size, bool)
        for facet, numbers in zip(self._facets, self._numbers, strict=True):
            if facet is not None and numbers is not None:
                mask[numbers[choose(facet)]] = True
        return mask

    def shown(self, best: list[tuple[str, int]], selected: Sequence[str]) -> list[tuple[str, int]]:
        """`best`, and behind them those of `selected` that are missing."""
        missing = [value for value in dict.fromkeys(selected) if value not in dict(best)]
        return [*best, *((value, self._number(value)) for value in missing)]

    def _number(self, value: str) -> int:
        """-1 when no document has the value."""
        for facet, numbers in zip(self._facets, self._numbers, strict=True):
            if facet is not None and numbers is not None and (local := facet.values.find(value)) >= 0:
                return int(numbers[local])
        return -1


def at(counts: Ints, number: int) -> int:
    return int(counts[number]) if number >= 0 else 0


def tally_days(
    segments: Sequence[SegmentData], chosen: Sequence[Ints], count: Count, grain: Grain, known: Known | None = None
) -> Tally:
    """Years, months or days, latest first. `known`: what was counted of these documents before, and is from now on."""
    buckets, counts = _by_day(segments, chosen, count.field, grain, {} if known is None else known)
    latest = slice(None, -count.limit - 1, -1)
    pairs = zip(buckets[latest].tolist(), counts[latest].tolist(), strict=True)
    shown = [(bucket_name(bucket, grain), number) for bucket, number in pairs]
    names = {name for name, _ in shown}
    missing = [value for value in dict.fromkeys(count.selected) if value not in names]
    total = dict(zip(buckets.tolist(), counts.tolist(), strict=True)) if missing else {}
    rest = ((value, 0 if (b := bucket_number(value, grain)) is None else total.get(b, 0)) for value in missing)
    return Tally((*shown, *rest), len(buckets))


def count_days(segments: Sequence[SegmentData], chosen: Sequence[Ints], field: str, grain: Grain) -> Counter[int]:
    """How many of these documents, segment by segment, have each year, month or day."""
    buckets, counts = _by_day(segments, chosen, field, grain, {})
    return Counter(dict(zip(buckets.tolist(), counts.tolist(), strict=True)))


def _by_day(
    segments: Sequence[SegmentData], chosen: Sequence[Ints], field: str, grain: Grain, known: Known
) -> tuple[Ints, Ints]:
    """The buckets that any of these documents has, in order, and how many have each."""
    parts = []
    for data, docs in zip(segments, chosen, strict=True):
        days = data.days(field)
        if days and len(docs):
            of_one_day = days.is_one_day and grain is not Grain.DAY
            parts.append((_by_one_day_in if of_one_day else _by_day_in)(data, days, docs, grain, known))
    if not parts:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    if len(parts) == 1:
        return parts[0]
    buckets, places = np.unique(np.concatenate([one for one, _ in parts]), return_inverse=True)
    counts = np.zeros(len(buckets), np.int64)
    np.add.at(counts, places, np.concatenate([one for _, one in parts]))
    return buckets, counts


def _by_one_day_in(data: SegmentData, days: Days, docs: Ints, grain: Grain, known: Known) -> tuple[Ints, Ints]:
    """Of months or years, from those of days, which are few beside the documents."""
    day, counts = _by_day_in(data, days, docs, Grain.DAY, known)
    buckets, first = np.unique(bucket_of(day, grain), return_index=True)
    return buckets, np.add.reduceat(counts, first)


def _by_day_in(data: SegmentData, days: Days, docs: Ints, grain: Grain, known: Known) -> tuple[Ints, Ints]:
    if (days, grain) not in known:
        known[days, grain] = _counted_in(data, days, docs, grain)
    return known[days, grain]


def _counted_in(data: SegmentData, days: Days, docs: Ints, grain: Grain) -> tuple[Ints, Ints]:
    owners, buckets, places = days.numbered(grain)
    if days.has_each_one and len(places) == data.documents:
        found = places[docs]
    else:
        mask = np.zeros(data.documents, bool)
        mask[docs] = True
        found = kept(places, mask[owners])
    counts = np.bincount(found, minlength=len(buckets))
    there = np.flatnonzero(counts)
    return buckets[there], counts[there]
