"""Completions of names as they are typed, and other spellings of a word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import reduce

import numpy as np

from index.engines.whoosh.fuzzy import within
from index.engines.whoosh.snapshot import Snapshot


def completions(snapshot: Snapshot, field: str, starts: Sequence[str], limit: int) -> list[tuple[str, int]]:
    """As index.engines.Completes says."""
    union = snapshot.union(field)
    counts = union.count([segment.alive(np.arange(segment.data.documents)) for segment in snapshot.segments])
    if starts:
        counts = counts * union.where(lambda facet: reduce(np.intersect1d, map(facet.beginning, starts)))
    best = union.best(counts, min(limit, int(np.count_nonzero(counts))))
    return [(value, int(counts[number])) for value, number in best]


def frequencies(snapshot: Snapshot, field: str, stems: Sequence[str]) -> list[int]:
    """As index.engines.Completes says; deleted documents count until they are merged away."""
    words = [found for segment in snapshot.segments if (found := segment.data.words(field))]
    return [sum(one.frequency(stem) for one in words) for stem in stems]


def similar(snapshot: Snapshot, field: str, term: str, limit: int) -> list[str]:
    """As index.engines.Completes says."""
    distances: dict[str, int] = {}
    often: Counter[str] = Counter()
    for segment in snapshot.segments:
        words = segment.data.words(field)
        if words is None:
            continue
        for number, distance in within(words.terms, term, 2, lambda: None):
            docs, counts = words.postings(number)
            alive = np.isin(docs, segment.alive(docs))
            found = words.terms[number]
            often[found] += int(counts[alive].sum())
            distances[found] = distance
    near = sorted((distances[found], -count, found) for found, count in often.items() if count and found != term)
    return [found for _, _, found in near[:limit]]
