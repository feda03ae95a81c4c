"""Lists of facet values and tables of two facets, by arrays, over all hits of a plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from index.counting import Axis, Crossed, Listing, Side, ValueOrder
from index.engines import Tally
from index.engines.whoosh.arrays import kept
from index.engines.whoosh.counting import FacetUnion, count_days
from index.engines.whoosh.packing import Array, Ints, spread
from index.engines.whoosh.segment import bucket_name
from index.engines.whoosh.significant import scores_of
from index.engines.whoosh.snapshot import Snapshot
from index.plan import Grain, Plan
from index.significance import significance

TOGETHER = 2**20  # pairs of values that are held at once: some 50 MB
_SPARSE = 2**21  # different keys that are kept before equal ones are added up


def listed(snapshot: Snapshot, plan: Plan, listing: Listing) -> Tally:
    """As counting.Listing says."""
    found = snapshot.found(plan, beside=listing.field)
    by_significance = listing.order is ValueOrder.SIGNIFICANCE
    background = snapshot.background(plan) if by_significance else []
    if listing.grain is not None:
        return _listed_days(snapshot, found, background, listing, listing.grain)
    union = snapshot.union(listing.field)
    counts = union.count(found)
    keys: Array = counts
    against = counts
    if by_significance:
        against = union.count(background)
        keys = scores_of(counts, against, _size(found), _size(background))
    if listing.starts:
        keys = keys * union.where(lambda facet: reduce(np.intersect1d, map(facet.beginning, listing.starts)))
    distinct = int(np.count_nonzero(keys))
    end = distinct if listing.limit is None else min(distinct, listing.offset + listing.limit)
    if listing.order is ValueOrder.NAME:
        order = kept(union.by_name, keys[union.by_name] > 0)[listing.offset : end].tolist()
        shown = [(union.value(number), number) for number in order]
    else:
        shown = union.best(keys, end)[listing.offset :]
    rows = [(value, int(counts[number]), int(against[number])) for value, number in shown]
    return _tally(rows, distinct, found, background)


def _listed_days(
    snapshot: Snapshot, found: Sequence[Ints], background: Sequence[Ints], listing: Listing, grain: Grain
) -> Tally:
    """Days, months or years: few enough to be put in order one by one."""
    data = [segment.data for segment in snapshot.segments]
    counted = count_days(data, found, listing.field, grain)
    counts = {bucket_name(bucket, grain): count for bucket, count in counted.items()}
    values = sorted(value for value in counts if all(map(value.startswith, listing.starts)))
    against = Counter(counts)
    match listing.order:
        case ValueOrder.NAME:
            pass
        case ValueOrder.COUNT:
            values.sort(key=lambda value: -counts[value])
        case ValueOrder.SIGNIFICANCE:
            behind = count_days(data, background, listing.field, grain)
            against = Counter({bucket_name(bucket, grain): count for bucket, count in behind.items()})
            scores = scores_of(
                np.array([counts[value] for value in values], np.int64),
                np.array([against[value] for value in values], np.int64),
                _size(found),
                _size(background),
            )
            order = np.argsort(-scores, kind="stable")[: int(np.count_nonzero(scores))]
            values = [values[place] for place in order.tolist()]
        case None:
            values.reverse()
    shown = values[listing.offset :][: listing.limit]
    return _tally([(value, counts[value], against[value]) for value in shown], len(values), found, background)


def _tally(
    rows: Sequence[tuple[str, int, int]], distinct: int, found: Sequence[Ints], background: Sequence[Ints]
) -> Tally:
    """The rows (value, hits, documents of the background), with scores where there is a background."""
    values = tuple((value, count) for value, count, _ in rows)
    if not background:
        return Tally(values, distinct)
    hits, archive = _size(found), _size(background)
    scores = ((against, significance(count, hits, against, archive)) for _, count, against in rows)
    return Tally(values, distinct, tuple(scores))


def _size(docs: Sequence[Ints]) -> int:
    return sum(map(len, docs))


@dataclass(frozen=True, slots=True)
class Held:
    """Which documents of a segment (ascending) have which values."""

    owners: Ints
    numbers: Ints

    def only(self, mask: Array) -> Held:
        """What `mask` says of each."""
        return Held(self.owners[mask], self.numbers[mask])


def crossed(snapshot: Snapshot, plan: Plan, rows: Axis, columns: Axis) -> Crossed:
    """As counting.Crossed says."""
    found = snapshot.found(plan)
    (one, down), (other, across) = (_side(snapshot, found, axis) for axis in (rows, columns))
    width = max(1, len(other.values))
    tallied = Tallied()
    for segment in range(len(found)):
        left = _held(snapshot, segment, found[segment], rows, down)
        right = _held(snapshot, segment, found[segment], columns, across)
        for here, there in beside(left, right):
            tallied.add(left.numbers[here] * width + right.numbers[there])
    keys, counts = tallied.counted()
    cells = zip((keys // width).tolist(), (keys % width).tolist(), counts.tolist(), strict=True)
    return Crossed(one, other, tuple(cells))


def _side(snapshot: Snapshot, found: Sequence[Ints], axis: Axis) -> tuple[Side, Ints]:
    """The values of a side, and their numbers (of a facet's union) or buckets, in this order."""
    if axis.grain is not None:
        counted = count_days([segment.data for segment in snapshot.segments], found, axis.field, axis.grain)
        order = sorted(sorted(counted, reverse=True)[: axis.limit])
        values = tuple((bucket_name(bucket, axis.grain), counted[bucket]) for bucket in order)
        return Side(values, len(counted)), np.array(order, np.int64)
    union = snapshot.union(axis.field)
    counts = union.count(found)
    distinct = int(np.count_nonzero(counts))
    best = union.best(counts, distinct if axis.limit is None else min(axis.limit, distinct))
    numbers = np.array([number for _, number in best], np.int64)
    return Side(tuple((value, int(counts[number])) for value, number in best), distinct), numbers


def _held(snapshot: Snapshot, segment: int, docs: Ints, axis: Axis, shown: Ints) -> Held:
    """What these documents of a segment have of the values `shown`, each by its place among them."""
    if axis.grain is None:
        held = held_values(snapshot.union(axis.field), segment, docs)
    else:
        held = _held_days(snapshot, segment, docs, axis.field, axis.grain)
    order = np.argsort(shown)
    at = np.searchsorted(shown[order], held.numbers)
    at[at == len(shown)] = 0
    mask = shown[order][at] == held.numbers if len(shown) else np.zeros(len(held.numbers), bool)
    return Held(held.owners[mask], order[at[mask]])


def held_values(union: FacetUnion, segment: int, docs: Ints) -> Held:
    """The values that these documents of a segment have, by the numbers of the union."""
    known = union.numbers(segment)
    if known is None or not len(docs):
        return Held(np.zeros(0, np.int64), np.zeros(0, np.int64))
    facet, numbers = known
    places, sizes = facet.docs.at(docs)
    return Held(np.repeat(docs, sizes), numbers[facet.docs.values[places]])


def _held_days(snapshot: Snapshot, segment: int, docs: Ints, field: str, grain: Grain) -> Held:
    data = snapshot.segments[segment].data
    days = data.days(field)
    if days is None or not len(docs):
        return Held(np.zeros(0, np.int64), np.zeros(0, np.int64))
    owners, buckets = days.buckets(grain)
    mask = np.zeros(data.documents, bool)
    mask[docs] = True
    return Held(owners, buckets).only(mask[owners])


def beside(left: Held, right: Held) -> Iterator[tuple[Ints, Ints]]:
    """Places in `left` and in `right` of every two values that one document has; about TOGETHER of them at a time."""
    first = np.searchsorted(right.owners, left.owners, "left")
    sizes = np.searchsorted(right.owners, left.owners, "right") - first
    ends = np.cumsum(sizes)
    start = 0
    while start < len(sizes):
        done = int(ends[start - 1]) if start else 0
        stop = max(start + 1, int(np.searchsorted(ends, done + TOGETHER, "right")))
        some = sizes[start:stop]
        yield np.repeat(np.arange(start, stop), some), spread(first[start:stop], some)
        start = stop


class Tallied:
    """How often each key came; equal ones are added up before they take much room."""

    def __init__(self) -> None:
        self._keys: list[Ints] = []
        self._counts: list[Ints] = []
        self._size = 0

    def add(self, keys: Ints) -> None:
        """These came once more, each as often as it stands here."""
        different, counts = np.unique(keys, return_counts=True)
        self._keys.append(different)
        self._counts.append(counts)
        self._size += len(different)
        if self._size > _SPARSE:
            together = self.counted()
            self._keys, self._counts, self._size = [together[0]], [together[1]], 0

    def counted(self) -> tuple[Ints, Ints]:
        """The keys, ascending, and how often each came."""
        if not self._keys:
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        keys, places = np.unique(np.concatenate(self._keys), return_inverse=True)
        counts = np.bincount(places, np.concatenate(self._counts), len(keys)).astype(np.int64)
        return keys, counts
