"""Numbers in as few bits as they need, 128 at a time, in a layout that numpy unpacks without a loop.

A block holds 128 numbers of one width (0 … 32 bits) in `width` units of 16 bytes. The width is cut into parts, lowest
bits first, and each part of all numbers stands together: 16 bits of each, then 8, then 4, as far as the width has them,
and what is left bit by bit. So a part is unpacked by a few operations on whole stretches. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeAlias

import numpy as np

# As numpy.typing.NDArray writes them, which is a module more to load.
Array: TypeAlias = np.ndarray[tuple[Any, ...], np.dtype[Any]]
Ints: TypeAlias = np.ndarray[tuple[Any, ...], np.dtype[np.int64]]
Floats: TypeAlias = np.ndarray[tuple[Any, ...], np.dtype[np.float32]]
Scores: TypeAlias = np.ndarray[tuple[Any, ...], np.dtype[np.float64]]
Bools: TypeAlias = np.ndarray[tuple[Any, ...], np.dtype[np.bool_]]

BLOCK = 128
_FEW_BITS = 2**12  # numbers below are looked up
UNIT = 16  # bytes: one bit of every number of a block
_PARTS = (32, 16, 8, 4)
_TYPES = tuple(map(np.dtype, ("<u1", "<u2", "<u4", "<u8")))


def smallest(largest: int) -> np.dtype[Any]:
    """The narrowest unsigned type that holds 0 … `largest`."""
    return _TYPES[0 if largest < 2**8 else 1 if largest < 2**16 else 2 if largest < 2**32 else 3]


def starts_of(sizes: Array) -> Ints:
    """Where each of consecutive runs of these sizes starts, and where the last one ends."""
    starts = np.zeros(len(sizes) + 1, np.int64)
    np.cumsum(sizes, out=starts[1:])
    return starts


def spread(starts: Array, sizes: Array) -> Ints:
    """The indexes start, start + 1 … of each run, one run after the other."""
    sizes = np.asarray(sizes, np.int64)
    ends = np.cumsum(sizes)
    found = np.repeat(np.asarray(starts, np.int64) - ends + sizes, sizes)
    found += np.arange(len(found))
    return found


def joined(edges: Ints, which: Sequence[Ints], parts: Sequence[Array]) -> Array:
    """One row of lists that begin and end at `edges`, out of parts, each of those lists of it that `which` tells."""
    [filled, *others] = [place for place, part in enumerate(parts) if len(part)] or [0]
    if not others:
        return parts[filled]
    row = np.empty(edges[-1], np.result_type(*parts))
    for own, part in zip(which, parts, strict=False):
        row[spread(edges[own], edges[own + 1] - edges[own])] = part
    return row


def blocks_of(sizes: Array) -> Ints:
    """How many blocks rows of these sizes take."""
    return (np.asarray(sizes, np.int64) + BLOCK - 1) // BLOCK


def bits_of(values: Array) -> Array:
    """How many bits each of `values` (below 2**32) needs."""
    if len(values) and int(values.max()) < _FEW_BITS:
        return _bits()[values]
    return np.frexp(values.astype(np.float64))[1].astype(np.uint8)


@cache
def _bits() -> Array:
    return np.frexp(np.arange(_FEW_BITS, dtype=np.float64))[1].astype(np.uint8)


def pack(values: Array, widths: Array) -> Array:
    """(blocks, BLOCK) numbers, each block in its width, as units one block after the other; higher bits are lost."""
    starts = np.cumsum(widths, dtype=np.int64) - widths
    units = np.zeros((int(widths.sum(dtype=np.int64)), UNIT), np.uint8)
    for width in np.flatnonzero(np.bincount(widths)).tolist():
        if width:
            chosen = np.flatnonzero(widths == width)
            packed = _packed(values[chosen], width)
            units[spread(starts[chosen], widths[chosen])] = packed.reshape(-1, UNIT)
    return units.reshape(-1)


def unpack(units: Array, width: int) -> Array:
    """The numbers of consecutive blocks of one width (not 0), block by block, in the narrowest type."""
    blocks = units.reshape(-1, width * UNIT)
    result: Array | None = None
    for part, shift in reversed(_layout(width)):
        piece = _unpacked(blocks[:, shift * UNIT : (shift + part) * UNIT], part)
        if result is None:
            result = piece
            continue
        result = result.astype(smallest(2 ** (width - shift) - 1), copy=False)  # no wider than it must be
        if part == 1:  # adding and multiplying are several times faster than shifting
            result += result
        else:
            result *= result.dtype.type(2**part)
        result |= piece
    assert result is not None
    return result.reshape(-1)


def unpack_mixed(units: Array, starts: Array, widths: Array) -> Array:
    """The numbers of blocks that begin at these units, each of its own width: (blocks, BLOCK).

    The blocks come in ascending order.
    """
    result = np.zeros((len(widths), BLOCK), smallest(2 ** int(widths.max(initial=0)) - 1))
    table = units.reshape(-1, UNIT)
    for width in np.flatnonzero(np.bincount(widths)).tolist():
        if not width:
            continue
        chosen = np.flatnonzero(widths == width)
        first, last = int(chosen[0]), int(chosen[-1])
        begin, end = int(starts[first]), int(starts[last]) + width
        if last - first + 1 == len(chosen) and end - begin == len(chosen) * width:  # one behind the other
            own = unpack(table[begin:end].reshape(-1), width).reshape(-1, BLOCK)
            if len(own) == len(widths):
                return own
            result[first : last + 1] = own
        else:
            own = table[(starts[chosen][:, None] + np.arange(width)).reshape(-1)]
            result[chosen] = unpack(own.reshape(-1), width).reshape(-1, BLOCK)
    return result


def in_blocks(values: Array) -> Array:
    """A row of numbers, filled up with its last one to whole blocks: (blocks, BLOCK)."""
    return np.concatenate((values, np.repeat(values[-1:], -len(values) % BLOCK))).reshape(-1, BLOCK)


@cache
def _layout(width: int) -> tuple[tuple[int, int], ...]:
    """The parts of a width: how many bits, and how many are before it (which is also the unit where it begins)."""
    parts = (*(part for part in _PARTS if width & part), *([1] * (width % _PARTS[-1])))
    return tuple((part, sum(parts[:place])) for place, part in enumerate(parts))


def _packed(values: Array, width: int) -> Array:
    values = values.astype(smallest(2**width - 1))
    number = values.dtype.type
    return np.concatenate(
        [_folded((values >> number(shift)) & number(2**part - 1), part) for part, shift in _layout(width)],
        axis=1,
    )


def _folded(values: Array, part: int) -> Array:
    """Blocks of numbers of `part` bits as bytes."""
    if part >= 8:
        return values.astype(f"<u{part // 8}").view(np.uint8)
    values = values.astype(np.uint8)
    if part == 1:
        return np.packbits(values, axis=1)
    both: Array = values[:, : BLOCK // 2] | (values[:, BLOCK // 2 :] << np.uint8(4))
    return both


def _unpacked(packed: Array, part: int) -> Array:
    if part >= 8:
        return np.ascontiguousarray(packed).view(f"<u{part // 8}")
    if part == 1:
        return np.unpackbits(packed, axis=1)
    result = np.empty((len(packed), BLOCK), np.uint8)
    np.bitwise_and(packed, np.uint8(15), out=result[:, : BLOCK // 2])
    np.right_shift(packed, np.uint8(4), out=result[:, BLOCK // 2 :])
    return result
