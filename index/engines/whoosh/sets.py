"""Sorted arrays of documents as sets, and rows of numbers in order."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.engines.whoosh.arrays import kept
from index.engines.whoosh.packing import Array, Ints

KEY = 63  # bits of a number that is sorted in place of a row


def intersection(few: Ints, many: Ints, documents: int) -> Ints:
    return kept(few, contained(few, many, documents))


def contained(docs: Ints, other: Ints, documents: int) -> Array:
    """For each of `docs`, whether it is in `other` (both sorted)."""
    if not len(other):
        return np.zeros(len(docs), bool)
    if len(docs) * 32 < len(other):
        return sorted_in(docs, other)
    mask = np.zeros(documents, bool)
    mask[other] = True
    return mask[docs]


def sorted_in(some: Array, other: Array) -> Array:
    if not len(other):
        return np.zeros(len(some), bool)
    return np.equal(other[np.minimum(np.searchsorted(other, some), len(other) - 1)], some)


def distinct(ordered: Ints) -> Ints:
    """The different values of a sorted array."""
    if len(ordered) < 2:
        return ordered
    keep = np.empty(len(ordered), bool)
    keep[0] = True
    np.not_equal(ordered[1:], ordered[:-1], out=keep[1:])
    return kept(ordered, keep)


def in_order(*columns: Ints) -> Sequence[Ints]:
    """Rows of numbers, none negative, in order: by the first column, then by the next, and so on."""
    widths = [int(column.max(initial=0)).bit_length() for column in columns]
    if sum(widths) > KEY:
        order = np.lexsort(columns[::-1])
        return [column[order] for column in columns]
    key = columns[0].copy()  # the row as one number: such are sorted several times faster
    for column, width in zip(columns[1:], widths[1:], strict=True):
        key <<= width
        key |= column
    key.sort()
    found = []
    for width in reversed(widths[1:]):
        found.append(key & (2**width - 1))
        key >>= width
    return [key, *reversed(found)]
