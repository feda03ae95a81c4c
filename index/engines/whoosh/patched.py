"""Lists of numbers, each packed in the width that takes least room, with what is wider patched in: the reading side.

Names of the arrays: x (units, see packing.py), x.widths (of each list), x.patches (how many there are before each
list's), x.at (which number of its list each is for) and x.high (its bits above the width). Written by listing.py.
"""

from __future__ import annotations

from bisect import bisect_left

import numpy as np

from index.engines.whoosh.arrays import ArrayFile
from index.engines.whoosh.packing import (
    BLOCK,
    UNIT,
    Array,
    Ints,
    blocks_of,
    smallest,
    spread,
    starts_of,
    unpack,
    unpack_mixed,
)
from index.engines.whoosh.sets import distinct


class Patched:
    """Reads what a PatchedWriter has written."""

    def __init__(self, file: ArrayFile, name: str, sizes: Ints) -> None:
        self._units = file.get(name)
        self._sizes = sizes
        self._widths = file.get(f"{name}.widths")
        self._starts = starts_of(blocks_of(sizes) * self._widths)
        self._patches = file.get(f"{name}.patches")
        self._at = file.get(f"{name}.at")
        self._high = file.get(f"{name}.high")

    def row(self, number: int, first: int = 0, after: int | None = None) -> Array:
        """The numbers of a list, or of its blocks first … after - 1."""
        size, width = int(self._sizes[number]), int(self._widths[number])
        blocks = -(-size // BLOCK)
        after = blocks if after is None else min(after, blocks)
        count = min(size, after * BLOCK) - first * BLOCK
        if count <= 0:
            return np.zeros(0, np.uint8)
        if width:
            start = int(self._starts[number])
            place = slice((start + first * width) * UNIT, (start + after * width) * UNIT)
            values = unpack(self._units[place], width)[:count]
        else:
            values = np.zeros(count, np.uint8)
        return self._patch(values, number, width, first * BLOCK)

    def blocks(self, number: int, chosen: Ints) -> Array:
        """The numbers of some blocks of a list, which ascend: (blocks, BLOCK), what is beyond the end 0."""
        width = int(self._widths[number])
        if width:
            start, whole = int(self._starts[number]), -(-int(self._sizes[number]) // BLOCK)
            table = self._units[start * UNIT : (start + whole * width) * UNIT].reshape(whole, width * UNIT)
            values = unpack(table[chosen].reshape(-1), width)
        else:
            values = np.zeros(len(chosen) * BLOCK, np.uint8)
        begin, end = int(self._patches[number]), int(self._patches[number + 1])
        if begin < end and len(chosen):
            at = self._at[begin:end].astype(np.int64)
            row = np.minimum(np.searchsorted(chosen, at // BLOCK), len(chosen) - 1)
            inside = np.flatnonzero(chosen[row] == at // BLOCK)
            places = row[inside] * BLOCK + at[inside] % BLOCK
            values = _patched(values, places, self._high[begin:end][inside].astype(np.int64) << width, width)
        return values.reshape(-1, BLOCK)

    def at(self, number: int, places: Ints) -> Array:
        """The numbers at a few places of a list."""
        own = places // BLOCK
        chosen = distinct(np.sort(own))
        found: Array = self.blocks(number, chosen)[np.searchsorted(chosen, own), places % BLOCK]
        return found

    def several(self, numbers: Ints) -> Array:
        """The numbers of some lists, which ascend, one list after the other: (blocks, BLOCK); beyond an end 0."""
        blocks = blocks_of(self._sizes[numbers])
        widths = np.repeat(self._widths[numbers], blocks)
        starts = np.repeat(self._starts[numbers], blocks) + spread(np.zeros_like(blocks), blocks) * widths
        values = unpack_mixed(self._units, starts, widths).reshape(-1)
        first = self._patches[numbers].astype(np.int64)
        patches = self._patches[numbers + 1] - first
        if patches.any():
            here = spread(first, patches)
            high = self._high[here].astype(np.int64) << np.repeat(self._widths[numbers], patches)
            places = self._at[here] + np.repeat(starts_of(blocks)[:-1] * BLOCK, patches)
            values = _patched(values, places, high, int(widths.max()))
        return values.reshape(-1, BLOCK)

    def joined(self, numbers: Ints) -> Array:
        """The numbers of some lists, which ascend, one list right after the other."""
        sizes = self._sizes[numbers]
        return self.several(numbers).reshape(-1)[spread(starts_of(blocks_of(sizes))[:-1] * BLOCK, sizes)]

    def _patch(self, values: Array, number: int, width: int, first: int) -> Array:
        begin, end = int(self._patches[number]), int(self._patches[number + 1])
        if len(values) < int(self._sizes[number]):
            at = self._at.data
            begin, end = bisect_left(at, first, begin, end), bisect_left(at, first + len(values), begin, end)
        if begin == end:
            return values
        places = self._at[begin:end].astype(np.int64) - first
        return _patched(values, places, self._high[begin:end].astype(np.int64) << width, width)


def _patched(values: Array, places: Ints, high: Ints, width: int) -> Array:
    """A copy of `values`, which may be the file's own bytes, with the bits above `width` of those at `places`."""
    largest = smallest(int(high.max(initial=0)) + 2**width - 1)
    values = values.astype(max(largest, values.dtype))
    values[places] |= high.astype(values.dtype)
    return values
