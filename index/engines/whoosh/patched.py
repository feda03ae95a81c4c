"""Numbers packed in the width that takes least room, with what is wider patched in: the reading side of listing.py.

Lists, each in its own width: x (units, see packing.py), x.widths (of each list), x.starts (the unit where it begins),
x.patches (how many there are before each list's), x.at (which number of its list each is for) and x.high (its bits
above the width).

A long row, all in one width: x, x.width (one number), x.at and x.high. The width is one that unpacks in two steps, or
in three of which two are short (WIDTHS); one of 8 or 16 bits is no more than a view of the file.
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

WIDTHS = (0, 1, 2, 4, 5, 8, 9, 12, 16, 17, 18, 20, 24, 32)

DENSE = 4  # numbers of which one in so many is asked for are unpacked together


class Patched:
    """Reads what a PatchedWriter has written."""

    def __init__(self, file: ArrayFile, name: str, sizes: Ints) -> None:
        self._units = file.get(name)
        self._sizes = sizes
        self._widths = file.get(f"{name}.widths")
        self._starts = file.get(f"{name}.starts")
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
            values = patched(values, places, self._high[begin:end][inside].astype(np.int64) << width, width)
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
        starts = np.repeat(self._starts[numbers].astype(np.int64), blocks)
        starts += spread(np.zeros_like(blocks), blocks) * widths
        values = unpack_mixed(self._units, starts, widths).reshape(-1)
        first = self._patches[numbers].astype(np.int64)
        patches = self._patches[numbers + 1] - first
        if patches.any():
            here = spread(first, patches)
            high = self._high[here].astype(np.int64) << np.repeat(self._widths[numbers], patches)
            places = self._at[here] + np.repeat(starts_of(blocks)[:-1] * BLOCK, patches)
            values = patched(values, places, high, int(widths.max()))
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
        return patched(values, places, self._high[begin:end].astype(np.int64) << width, width)


class Flat:
    """Reads what a FlatWriter has written: any stretch or choice of a long row of numbers, in a few operations."""

    def __init__(self, file: ArrayFile, name: str) -> None:
        self._width = int(file.get(f"{name}.width")[0])
        self._blocks = file.get(name).reshape(-1, max(self._width, 1) * UNIT)
        self._at = file.get(f"{name}.at")
        self._high = file.get(f"{name}.high")

    def stretch(self, first: int, after: int) -> Array:
        """The numbers at first … after - 1."""
        if first >= after:
            return np.zeros(0, np.uint8)
        begin = first // BLOCK
        values = self._unpacked(slice(begin, -(-after // BLOCK)), after - begin * BLOCK)[first - begin * BLOCK :]
        at = self._at.data
        a, b = bisect_left(at, first), bisect_left(at, after)
        return values if a == b else self._patched(values, self._at[a:b].astype(np.int64) - first, slice(a, b))

    def at(self, places: Ints) -> Array:
        """The numbers at these places, which ascend."""
        if not len(places):
            return np.zeros(0, np.uint8)
        begin, after = int(places[0]), int(places[-1]) + 1
        if after - begin < len(places) * DENSE:
            near: Array = self.stretch(begin, after)[places - begin]
            return near
        own = places // BLOCK
        chosen = distinct(own)
        values: Array = self._unpacked(chosen, len(chosen) * BLOCK)[
            np.searchsorted(chosen, own) * BLOCK + places % BLOCK
        ]
        first, last = bisect_left(self._at.data, begin), bisect_left(self._at.data, after)
        if first == last:
            return values
        at = self._at[first:last]
        found = np.minimum(np.searchsorted(at, places), len(at) - 1)
        wide = np.flatnonzero(at[found] == places)
        return self._patched(values, wide, found[wide] + first) if len(wide) else values

    def _unpacked(self, blocks: slice | Ints, count: int) -> Array:
        """The lower bits of the first `count` numbers of some blocks."""
        if not self._width:
            return np.zeros(count, np.uint8)
        return unpack(self._blocks[blocks].reshape(-1), self._width)[:count]

    def _patched(self, values: Array, places: Ints, own: slice | Ints) -> Array:
        return patched(values, places, self._high[own].astype(np.int64) << self._width, self._width)


def patched(values: Array, places: Ints, high: Ints, width: int) -> Array:
    """`values`, with the bits above `width` of those at `places`; they are used up, unless they are the file's own."""
    largest = smallest(int(high.max(initial=0)) + 2**width - 1)
    values = values.astype(max(largest, values.dtype), copy=not values.flags.writeable)
    values[places] |= high.astype(values.dtype)
    return values
