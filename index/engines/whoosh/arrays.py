"""One file of named arrays: what a segment is stored in, and the sorted strings and ragged rows kept in it.

    magic · arrays, each at a multiple of 64 bytes · directory (JSON) · footer (where the directory is, its checksum)

The directory gives each array's type, place and CRC-32 (which covers the padding before it). Integers may be packed: of
each block of them (packing.py) a width, the smallest, and by how much each is above that; `get` unpacks them. A file is
written once, front to back, and then read through one memory map; numbers are little-endian. Opening checks footer and
directory; `faults` reads everything.
"""

from __future__ import annotations

import mmap
import struct
import zlib
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
import numpy as np

from index.engines.whoosh.packing import (
    BLOCK,
    UNIT,
    Array,
    Ints,
    bits_of,
    in_blocks,
    pack,
    smallest,
    spread,
    starts_of,
    unpack_mixed,
)

MAGIC = b"BFARR\x00\x00\x02"  # the last byte is the version of the format
_FOOTER = struct.Struct("<QII8s")  # offset and length of the directory, its CRC-32, MAGIC
_ALIGN = 64
LEVEL = 6  # of zlib
ENCODING = "utf-8"
ERRORS = "surrogatepass"  # a lone surrogate in a query must find nothing, not fail


class BadFileError(Exception):
    """The file is not one that ArrayWriter has finished."""


def narrow(values: Array) -> Array:
    """`values` (none negative) in the narrowest type."""
    return values.astype(smallest(int(values.max()) if len(values) else 0))


def kept(values: Array, mask: Array) -> Array:
    """`values[mask]`, several times faster where the mask is neither nearly empty nor nearly full."""
    return values[places(mask)]


def places(mask: Array) -> Ints:
    """Where `mask` is True. Up to one in ten numpy looks for each by itself, which soon takes longer than all do."""
    count, size = np.count_nonzero(mask), len(mask)
    if not size < count * 25 <= size * 2.5:
        return np.flatnonzero(mask)
    more = np.ones(size + size // 8 + 1, bool)
    more[:size] = mask
    return np.flatnonzero(more)[:count]


class ArrayWriter:
    """Writes one file; `finish` completes it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._directory: dict[str, list[Any]] = {}
        self._place = file.write(MAGIC)

    def add(self, name: str, values: Array) -> None:
        self.stream(name, values.dtype, (values,))

    def pack(self, name: str, values: Array) -> None:
        """Integers in as few bits as their block needs; as they are where that is no gain."""
        blocks = in_blocks(values.astype(np.int64))
        bases = blocks.min(axis=1, initial=2**62)
        above = blocks - bases[:, None]
        narrowed = narrow(values) if not len(values) or values.min() >= 0 else values
        if above.max(initial=0) < 2**32:
            widths = bits_of(above.max(axis=1, initial=0))
            parts = [widths.tobytes(), bases.astype(narrowed.dtype).tobytes(), pack(above, widths).tobytes()]
            if (size := sum(map(len, parts))) < narrowed.nbytes:
                self.add(name, np.frombuffer(b"".join(parts), np.uint8))
                _, start, _, crc = self._directory[name]
                self._directory[name] = [narrowed.dtype.newbyteorder("<").str, start, len(values), crc, size]
                return
        self.add(name, narrowed)

    def stream(self, name: str, dtype: np.dtype[Any], chunks: Iterable[Array]) -> None:
        """An array that comes in parts, each of them of `dtype`."""
        padding = b"\0" * (-self._place % _ALIGN)
        self._put(padding)
        start, count, crc = self._place, 0, zlib.crc32(padding)
        for chunk in chunks:
            data = np.ascontiguousarray(chunk, dtype.newbyteorder("<")).data.cast("B") if len(chunk) else b""
            self._put(data)
            crc = zlib.crc32(data, crc)
            count += len(chunk)
        self._directory[name] = [dtype.newbyteorder("<").str, start, count, crc]

    def finish(self, **facts: int) -> None:
        directory = msgspec.json.encode({"arrays": self._directory, "facts": facts})
        start = self._place
        self._put(directory)
        self._put(_FOOTER.pack(start, len(directory), zlib.crc32(directory), MAGIC))

    def _put(self, data: bytes | memoryview) -> None:
        self._file.write(data)
        self._place += len(data)


class ArrayFile:
    """The arrays of a finished file, by name. BadFileError when it is not one; arrays are views of the file."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            try:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            except ValueError as error:
                raise BadFileError("it is empty") from error
        self.size = len(self._map)
        self.facts: dict[str, int] = {}
        self._directory = self._read_directory()
        self._packed = {name for name, facts in self._directory.items() if len(facts) > 4}

    def _read_directory(self) -> dict[str, list[Any]]:
        if self.size < len(MAGIC) + _FOOTER.size:
            raise BadFileError("it is cut short")
        start, length, crc, magic = _FOOTER.unpack(self._map[-_FOOTER.size :])
        if magic != MAGIC or self._map[: len(MAGIC)] != MAGIC:
            raise BadFileError("it is cut short, or in another format")
        directory = self._map[start : start + length]
        if len(directory) != length or zlib.crc32(directory) != crc:
            raise BadFileError("its directory is damaged")
        content = msgspec.json.decode(directory)
        self.facts = content["facts"]
        return dict(content["arrays"])

    def __contains__(self, name: str) -> bool:
        return name in self._directory

    def names(self) -> Iterator[str]:
        return iter(self._directory)

    def get(self, name: str) -> Array:
        dtype, start, count, *_ = self._directory[name]
        if name not in self._packed:
            return np.frombuffer(self._map, np.dtype(dtype), count, start)
        blocks = -(-count // BLOCK)
        widths = np.frombuffer(self._map, np.uint8, blocks, start)
        bases = np.frombuffer(self._map, np.dtype(dtype), blocks, start + blocks)
        starts = starts_of(widths)
        begin = start + blocks * (1 + bases.itemsize)
        units = np.frombuffer(self._map, np.uint8, int(starts[-1]) * UNIT, begin)
        values = unpack_mixed(units, starts[:-1], widths).astype(bases.dtype, copy=False)
        values += bases[:, None]
        return values.reshape(-1)[:count]

    def close(self) -> None:
        """Let go of the file, unless somebody still has an array of it: then when that is gone."""
        with suppress(BufferError):
            self._map.close()

    def faults(self) -> Iterator[str]:
        """The arrays that are not as they were written."""
        end = len(MAGIC)
        for name, (dtype, start, count, crc, *packed) in self._directory.items():
            before, end = end, start + (packed[0] if packed else count * np.dtype(dtype).itemsize)
            if zlib.crc32(memoryview(self._map)[before:end]) != crc:
                yield name


class Strings(Sequence[str]):
    """Strings in one array: sorted by code point, or (without `find` and `span`) in any order."""

    def __init__(self, file: ArrayFile, name: str) -> None:
        self._bytes = file.get(name).data
        self._ends = file.get(f"{name}.ends").data

    @staticmethod
    def write(writer: ArrayWriter, name: str, encoded: Sequence[bytes]) -> None:
        writer.add(name, np.frombuffer(b"".join(encoded), np.uint8))
        writer.pack(f"{name}.ends", starts_of(np.fromiter(map(len, encoded), np.int64, len(encoded))))

    def __len__(self) -> int:
        return len(self._ends) - 1

    def raw(self, number: int) -> bytes:
        return bytes(self._bytes[self._ends[number] : self._ends[number + 1]])

    def __getitem__(self, number: int) -> str:  # type: ignore[override]  # slices are not needed
        return self.raw(number).decode(ENCODING, ERRORS)

    def raws(self, first: int = 0, last: int | None = None) -> list[bytes]:
        """Strings first … last - 1, encoded."""
        ends = self._ends[first : (len(self) if last is None else last) + 1].tolist()
        data = bytes(self._bytes[ends[0] : ends[-1]])
        base = ends[0]
        return [data[a - base : b - base] for a, b in pairwise(ends)]

    def letters(self, first: int, after: int) -> tuple[Array, Ints]:
        """The code points of strings first … after - 1, one string behind the other, and where each begins and ends."""
        ends = np.asarray(self._ends[first : after + 1]).astype(np.int64)
        data = bytes(self._bytes[int(ends[0]) : int(ends[-1])])
        begins = np.frombuffer(data, np.uint8) & 0xC0 != 0x80  # no further byte of a code point
        points = np.frombuffer(data.decode(ENCODING, ERRORS).encode("utf-32-le", ERRORS), "<u4")
        return points, np.append(0, np.cumsum(begins))[ends - ends[0]]

    def place(self, string: str) -> int:
        """How many strings are smaller than `string`."""
        return bisect_left(range(len(self)), string.encode(ENCODING, ERRORS), key=self.raw)

    def find(self, string: str) -> int:
        """The number of `string`, -1 if it is not there."""
        at = self.place(string)
        return at if at < len(self) and self[at] == string else -1

    def span(self, prefix: str) -> tuple[int, int]:
        """The strings that begin with `prefix`: first number, and the number after the last."""
        wanted = prefix.encode(ENCODING, ERRORS)
        size = len(wanted)
        first = bisect_left(range(len(self)), wanted, key=self.raw)
        after = bisect_left(range(len(self)), True, first, key=lambda number: self.raw(number)[:size] > wanted)
        return first, after


class Compressed:
    """Strings that are read a few at a time: raw DEFLATE over some together, which begins from some of all of them."""

    TOGETHER = 4
    _SAMPLE = 128  # strings that all begin from …
    _SHARE = 16  # … but no more than one in so many
    _WINDOW = -13  # as zlib counts: raw, 8 KB
    _MEMORY = 5  # as zlib counts: what little is packed at a time needs no more, which is set up for each

    def __init__(self, file: ArrayFile, name: str) -> None:
        self._blocks = Strings(file, name)
        self._common = file.get(f"{name}.common").tobytes()

    @classmethod
    def write(cls, writer: ArrayWriter, name: str, count: int, read: Callable[[int], bytes]) -> None:
        """`read` gives the string of each number below `count`, so that not all of them need be in memory."""
        some = range(0, count, max(cls._SHARE, count // cls._SAMPLE))
        common = b"".join(map(read, some))[: 2**-cls._WINDOW]
        begun = zlib.compressobj(LEVEL, zlib.DEFLATED, cls._WINDOW, cls._MEMORY, zdict=common)
        blocks = []
        for first in range(0, count, cls.TOGETHER):
            block = list(map(read, range(first, min(first + cls.TOGETHER, count))))
            lengths = np.fromiter(map(len, block), "<u4", len(block)).tobytes()
            packer = begun.copy()
            blocks.append(packer.compress(bytes([len(block)]) + lengths + b"".join(block)) + packer.flush())
        Strings.write(writer, name, blocks)
        writer.add(f"{name}.common", np.frombuffer(common, np.uint8))

    def _block(self, number: int) -> tuple[bytes, tuple[int, ...]]:
        """The strings of one block joined, behind a head of some length, and the length of each."""
        unpacker = zlib.decompressobj(self._WINDOW, self._common)
        data = unpacker.decompress(self._blocks.raw(number))
        if not unpacker.eof:
            raise BadFileError("what it has compressed is cut short")
        return data, struct.unpack_from(f"<{data[0]}I", data, 1)

    def __getitem__(self, number: int) -> bytes:
        block, place = divmod(number, self.TOGETHER)
        data, sizes = self._block(block)
        start = 1 + 4 * len(sizes) + sum(sizes[:place])
        return data[start : start + sizes[place]]


class Ragged:
    """Rows of different lengths: row i is values[starts[i]:starts[i + 1]]."""

    def __init__(self, file: ArrayFile, name: str) -> None:
        self.values = file.get(name)
        self.starts = file.get(f"{name}.starts")

    @staticmethod
    def write(writer: ArrayWriter, name: str, values: Array, sizes: Array) -> None:
        writer.pack(name, values)
        writer.pack(f"{name}.starts", starts_of(sizes))

    def row(self, number: int) -> Array:
        return self.values[int(self.starts[number]) : int(self.starts[number + 1])]

    def sizes(self) -> Array:
        """How many values each row has."""
        sizes: Array = self.starts[1:] - self.starts[:-1]  # as narrow as they are stored: none is negative
        return sizes

    def owners(self) -> Ints:
        """For each value, the number of its row."""
        return np.repeat(np.arange(len(self.starts) - 1), self.sizes())

    def at(self, rows: Array) -> tuple[Ints, Ints]:
        """Where the values of these rows stand, and how many each row has."""
        first = self.starts[rows].astype(np.int64)
        sizes = self.starts[rows + 1].astype(np.int64) - first
        return spread(first, sizes), sizes
