"""All hits, one id after the other: sorted within each segment as arrays, merged over the segments as they are read."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from index.engines.whoosh.packing import Ints
from index.engines.whoosh.segment import SegmentData

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BLOCK = 4096  # ids made at a time


@dataclass(frozen=True, slots=True)
class Column:
    """Hits of one segment and what they are ordered by."""

    data: SegmentData
    keys: NDArray[np.floating[Any]]
    docs: Ints

    def rows(self) -> Iterator[tuple[float, str]]:
        """(key, id) in order."""
        order = np.lexsort((self.data.ranks[self.docs], self.keys))
        keys, docs = self.keys[order], self.docs[order].astype(np.uint32)
        for start in range(0, len(docs), _BLOCK):
            block = slice(start, start + _BLOCK)
            yield from zip(keys[block].tolist(), map(self.data.id, docs[block].tolist()), strict=True)


def in_order(columns: Iterable[Column]) -> Iterator[str]:
    """The ids of all of them, by key, then by id."""
    return (id_ for _, id_ in heapq.merge(*(column.rows() for column in columns)))
