"""Facet values that stand out, by arrays: every value scored at once, the best ones scored again as the oracle does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from index.engines import Tally
from index.engines.whoosh.counting import FacetUnion, at, count_days
from index.engines.whoosh.packing import Array, Ints
from index.engines.whoosh.segment import SegmentData, bucket_name, bucket_number
from index.plan import Count, Grain
from index.significance import DIGITS, LEAST_COUNT, LEAST_SCORE, significance

if TYPE_CHECKING:
    from numpy.typing import NDArray


def tally_significant(
    union: FacetUnion, chosen: Sequence[Ints], background: Sequence[Ints], selected: Sequence[str], limit: int
) -> Tally:
    """Values of the `chosen` documents that stand out against those of the `background`, segment by segment."""
    hits, archive = sum(map(len, chosen)), sum(map(len, background))
    counts, against = union.count(chosen), union.count(background)
    scores = scores_of(counts, against, hits, archive)
    distinct = int(np.count_nonzero(scores))
    best = union.shown(union.best(scores, min(limit, distinct)), selected)
    found = [(value, at(counts, number), at(against, number)) for value, number in best]
    return _tally(found, distinct, hits, archive)


def tally_significant_days(
    segments: Sequence[SegmentData], chosen: Sequence[Ints], background: Sequence[Ints], count: Count, grain: Grain
) -> Tally:
    hits, archive = sum(map(len, chosen)), sum(map(len, background))
    counts = count_days(segments, chosen, count.field, grain)
    against = count_days(segments, background, count.field, grain)
    buckets = sorted(counts)
    scores = scores_of(
        np.array([counts[b] for b in buckets], np.int64),
        np.array([against[b] for b in buckets], np.int64),
        hits,
        archive,
    )
    order = np.argsort(-scores, kind="stable")[: min(count.limit, int(np.count_nonzero(scores)))]
    shown = [bucket_name(buckets[place], grain) for place in order.tolist()]
    shown += [value for value in dict.fromkeys(count.selected) if value not in shown]
    numbers = [bucket_number(value, grain) for value in shown]
    found = [(value, counts[b or 0], against[b or 0]) for value, b in zip(shown, numbers, strict=True)]
    return _tally(found, int(np.count_nonzero(scores)), hits, archive)


def _tally(found: Sequence[tuple[str, int, int]], distinct: int, hits: int, archive: int) -> Tally:
    return Tally(
        values=tuple((value, count) for value, count, _ in found),
        distinct=distinct,
        scores=tuple((against, significance(count, hits, against, archive)) for _, count, against in found),
    )


def scores_of(counts: Ints, against: Ints, all_hits: int | Ints, archive: int) -> NDArray[np.float64]:
    """`significance` of each value, 0.0 where it does not stand out; the hits may be others for each."""
    scores = np.zeros(len(counts))
    likely = np.flatnonzero((counts >= LEAST_COUNT) & (counts * archive > against * all_hits))
    count, background = counts[likely], against[likely]
    hits = all_hits if isinstance(all_hits, int) else all_hits[likely]
    total = (
        _part(count, hits, background, archive)
        + _part(hits - count, hits, archive - background, archive)
        + _part(background - count, archive - hits, background, archive)
        + _part(archive - hits - background + count, archive - hits, archive - background, archive)
    )
    found = np.round(2 * total, DIGITS)
    scores[likely] = np.where(found >= LEAST_SCORE, found, 0.0)
    return scores


def _part(cell: Ints, row: int | Ints, column: Ints, archive: int) -> Array:
    expected = np.maximum(column.astype(np.float64) * row, 1.0)  # is 0 only where the cell is, too
    return cell * np.log(np.maximum(cell, 1) * archive / expected)
