"""The posting lists of one field as they are stored: which documents have each term, how often, and where.

The lists of all terms stand one after the other: documents in one stream of packed numbers (packing.py), counts in
another, positions in a third. Long lists of documents and counts stand apart from the short ones: the gaps between
documents are packed, each list in one width with what is wider patched in afterwards, so that reading one takes a
handful of operations. A term that is in a large part of all documents is kept as one count for every document instead,
and that is how it is read. Written by listing.py.

Names of the arrays, after "words/f/":

    docs, counts            those of the short lists (x.widths: see packing.Stream)
    spots                   the positions of all terms
    docs.starts             per term, where its list would start if all of them were short; spots.starts likewise
    long                    the terms with long lists, by number; long.before: postings of long lists before each
    long.docs               gaps between documents, less one (x.widths, x.patches, x.at, x.high: see Patched)
    long.counts             counts, less one; for an even list the count of every document. long.even: which are so
    long.bases              one more than the document before each block, long list by long list
    long.best               of title+text: what the best posting of each block is worth (see combined.bounds), in
                            65535ths, rounded up; for an even list of each block of documents
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import cached_property
from itertools import chain

import numpy as np

from index.engines.whoosh.arrays import ArrayFile
from index.engines.whoosh.packing import (
    BLOCK,
    UNIT,
    Array,
    Ints,
    Stream,
    blocks_of,
    smallest,
    spread,
    starts_of,
    unpack,
)
from index.engines.whoosh.recent import RECENT
from index.engines.whoosh.sets import distinct

LONG = 512  # postings from which on a list is packed by itself
PLAIN = 8192  # documents of a segment up to which none is: unpacked once, a small segment is read without more ado
EVEN = 4  # a term that one in so many documents has is kept as a count for each of them
_FEW = 64  # times that short lists are read one at a time before all are unpacked …
_SHARE = 16  # … unless a time is for more than this part of them


def stream(file: ArrayFile, name: str) -> Stream:
    return Stream(file.get(name), file.get(f"{name}.widths"))


class Patched:
    """Reads what a PatchedWriter has written: `widths` of the lists, and where their patches begin."""

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
        if begin < end:
            at = self._at[begin:end].astype(np.int64)
            row = np.minimum(np.searchsorted(chosen, at // BLOCK), len(chosen) - 1)
            inside = np.flatnonzero(chosen[row] == at // BLOCK)
            places = row[inside] * BLOCK + at[inside] % BLOCK
            values = _patched(values, places, self._high[begin:end][inside].astype(np.int64) << width, width)
        return values.reshape(-1, BLOCK)

    def _patch(self, values: Array, number: int, width: int, first: int) -> Array:
        begin, end = int(self._patches[number]), int(self._patches[number + 1])
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


class Lists:
    """Reads the lists of one field."""

    def __init__(self, file: ArrayFile, base: str, documents: int) -> None:
        self.documents = documents
        self.has_spots = f"{base}/spots" in file
        self.has_counts = f"{base}/counts" in file
        self.starts = file.get(f"{base}/docs.starts")
        self._file, self._base = file, base
        self._long = file.get(f"{base}/long")
        self._before = file.get(f"{base}/long.before")

    @cached_property
    def _packed(self) -> _Long:
        return _Long(self._file, f"{self._base}/long", self.documents, self._before)

    @cached_property
    def _docs(self) -> _Short:
        return self._short("docs")

    @cached_property
    def _counts(self) -> _Short:
        return self._short("counts")

    def _short(self, name: str) -> _Short:
        return _Short(stream(self._file, f"{self._base}/{name}"), int(self.starts[-1]) - int(self._before[-1]))

    @cached_property
    def token_starts(self) -> Array:
        """Per term, where its positions start."""
        return self._file.get(f"{self._base}/spots.starts")

    @cached_property
    def _spots(self) -> Stream:
        return stream(self._file, f"{self._base}/spots")

    @cached_property
    def _all_spots(self) -> Array:
        return self._spots.stretch(0, int(self.token_starts[-1]))

    def size(self, number: int) -> int:
        """How many documents have the term."""
        return int(self.starts[number + 1]) - int(self.starts[number])

    def sizes_of(self, numbers: Ints) -> Ints:
        return self.starts[numbers + 1].astype(np.int64) - self.starts[numbers]

    def sizes(self) -> Ints:
        return sizes_between(self.starts)

    def weights(self) -> Ints:
        """How much there is to read of each term: tokens, or documents where there are no positions."""
        return sizes_between(self.token_starts) if self.has_spots else self.sizes()

    def _place(self, number: int) -> tuple[int, bool]:
        """How many long lists are before this one, and whether it is one itself."""
        place = bisect_left(self._long.data, number)
        return place, place < len(self._long) and int(self._long[place]) == number

    def row(self, number: int, first: int, after: int) -> tuple[Ints | None, Array]:
        """The documents first … after - 1 that have the term, counted from `first`, and how often each does.

        For a term that very many have: None, and how often each of these documents does, 0 included.
        """
        place, is_long = self._place(number)
        if is_long and first <= 0 and after >= self.documents:
            return RECENT.get((self._file, self._base), place, lambda: self._packed.row(place, first, after))
        if is_long:
            return self._packed.row(place, first, after)
        before = int(self._before[place])
        here = slice(int(self.starts[number]) - before, int(self.starts[number + 1]) - before)
        docs = self._docs.stretch(here).astype(np.int64)
        counts = self._counts.stretch(here) if self.has_counts else np.ones(len(docs), np.uint8)
        return trimmed(docs, counts, first, after)

    def blocks(self, number: int) -> Blocks | None:
        """The term's list by blocks, None where it is not one that is read so."""
        place, is_long = self._place(number)
        return Blocks(self._packed, place) if is_long else None

    def postings(self, number: int) -> tuple[Ints, Array]:
        """Of the term with this number: documents in order, and how often each has it."""
        docs, counts = self.row(number, 0, self.documents)
        if docs is None:
            docs = np.flatnonzero(counts != 0)
            counts = counts[docs]
        return docs, counts

    def several(self, numbers: Ints) -> tuple[Ints, Array]:
        """Of all these terms, in no order: documents, and how often."""
        numbers = np.sort(numbers)
        places = np.searchsorted(self._long, numbers)
        is_long = self._long[np.minimum(places, len(self._long) - 1)] == numbers if len(self._long) else places > 0
        short = numbers[~is_long]
        begin = self.starts[short].astype(np.int64)
        here = spread(begin - self._before[places[~is_long]], self.starts[short + 1] - begin)
        rows = [self.postings(number) for number in numbers[is_long].tolist()]
        counts = self._counts.at(here) if self.has_counts else np.ones(len(here), np.uint8)
        return (
            np.concatenate([self._docs.at(here).astype(np.int64), *(docs for docs, _ in rows)]),
            np.concatenate([counts, *(often for _, often in rows)]),
        )

    def spots(self, number: int, tokens: Ints | None = None) -> Array:
        """Where the term is in its documents; of all its tokens, or of these (by their place in its list, in order)."""
        begin = int(self.token_starts[number])
        if self.documents <= PLAIN:
            row = self._all_spots[begin : int(self.token_starts[number + 1])]
            return row if tokens is None else row[tokens]
        if tokens is None:
            return self._spots.stretch(begin, int(self.token_starts[number + 1]))
        return self._spots.at(tokens + begin)

    def stretch(self, first: int, after: int) -> tuple[Ints, Ints, Array]:
        """Of the terms first … after - 1, one after the other: documents, how often, and positions if there are any."""
        a, b = np.searchsorted(self._long, (first, after)).tolist()
        size = int(self.starts[after]) - int(self.starts[first])
        docs, counts = np.empty(size, np.int64), np.ones(size, np.int64)
        ranges = [(int(self.starts[n]), int(self.starts[n + 1])) for n in self._long[a:b].tolist()]
        edges = np.array([int(self.starts[first]), *chain.from_iterable(ranges), int(self.starts[after])])
        begins, ends = (edges - edges[0]).reshape(-1, 2).T  # of the short lists, between the long ones
        short = spread(begins, ends - begins)
        here = slice(int(self.starts[first]) - int(self._before[a]), int(self.starts[after]) - int(self._before[b]))
        docs[short] = self._docs.stretch(here)
        if self.has_counts:
            counts[short] = self._counts.stretch(here)
        for number, (start, stop) in zip(self._long[a:b].tolist(), ranges, strict=True):
            place = slice(start - int(edges[0]), stop - int(edges[0]))
            docs[place], counts[place] = self.postings(number)
        if not self.has_spots:
            return docs, counts, docs[:0]
        return docs, counts, self._spots.stretch(int(self.token_starts[first]), int(self.token_starts[after]))


class _Short:
    """What the short lists of a field hold, one list after the other.

    Whoever asks once, as a command does, gets what is asked for; whoever goes on has it all unpacked, from which a list
    is read in a microsecond, not fifty.
    """

    def __init__(self, packed: Stream, size: int) -> None:
        self._packed = packed
        self._size = size
        self._asked = 0

    @cached_property
    def _whole(self) -> Array:
        return self._packed.stretch(0, self._size)

    def _is_worth_all(self) -> bool:
        self._asked += 1
        return self._asked > _FEW

    def stretch(self, here: slice) -> Array:
        if here.start == here.stop:
            return np.zeros(0, np.uint8)
        wide = (here.stop - here.start) * _SHARE > self._size
        return self._whole[here] if wide or self._is_worth_all() else self._packed.stretch(here.start, here.stop)

    def at(self, places: Ints) -> Array:
        """What is at these places, which ascend."""
        wide = len(places) * _SHARE > self._size
        return self._whole[places] if wide or self._is_worth_all() else self._packed.at(places)


class Blocks:
    """A long list, of which some blocks can be read; see the methods of _Long."""

    def __init__(self, long: _Long, place: int) -> None:
        self.best = long.best(place)
        self._long, self._place = long, place

    def some(self, chosen: Ints) -> tuple[Ints, Array]:
        return self._long.some(self._place, chosen)

    def holding(self, docs: Ints) -> Ints:
        return self._long.holding(self._place, docs)


class _Long:
    """The long lists of one field."""

    def __init__(self, file: ArrayFile, name: str, documents: int, before: Array) -> None:
        sizes = sizes_between(before)
        self._documents = documents
        self._sizes = sizes
        self._even = file.get(f"{name}.even").astype(bool)
        self._docs = Patched(file, f"{name}.docs", np.where(self._even, 0, sizes))
        self._counts = Patched(file, f"{name}.counts", np.where(self._even, documents, sizes))
        self._bases = file.get(f"{name}.bases")
        self._bases_of = starts_of(np.where(self._even, 0, blocks_of(sizes)))
        self._best = file.get(f"{name}.best") if f"{name}.best" in file else np.zeros(0, np.uint16)
        self._best_of = starts_of(np.where(self._even, -(-documents // BLOCK), blocks_of(sizes)))

    def row(self, place: int, first: int, after: int) -> tuple[Ints | None, Array]:
        """As Lists.row."""
        if self._even[place]:
            begin = first // BLOCK
            counts = self._counts.row(place, begin, -(-after // BLOCK))
            return None, counts[first - begin * BLOCK : after - begin * BLOCK]
        bases = self._bases[int(self._bases_of[place]) : int(self._bases_of[place + 1])]
        whole = first <= 0 and after >= self._documents
        begin = 0 if whole else max(bisect_right(bases.data, first) - 1, 0)
        end = len(bases) if whole else bisect_left(bases.data, after)
        if begin >= end:
            return np.zeros(0, np.int64), np.zeros(0, np.uint8)
        gaps = self._docs.row(place, begin, end)
        docs = np.cumsum(np.add(gaps, 1, dtype=np.int32), dtype=np.int64)
        docs += int(bases[begin]) - 1
        counts = self._counts.row(place, begin, end)
        counts = np.add(counts, 1, dtype=np.uint16 if counts.dtype.itemsize == 1 else np.uint32)
        return (docs, counts) if whole else trimmed(docs, counts, first, after)

    def best(self, place: int) -> Array:
        """What the best posting of each block is worth, in 65535ths."""
        return self._best[int(self._best_of[place]) : int(self._best_of[place + 1])]

    def some(self, place: int, chosen: Ints) -> tuple[Ints, Array]:
        """Of some blocks, which ascend: documents in order, and how often."""
        if self._even[place]:
            counts = self._counts.blocks(place, chosen).reshape(-1)
            docs = ((chosen * BLOCK)[:, None] + np.arange(BLOCK)).reshape(-1)
            having = np.flatnonzero(counts != 0)
            return docs[having], counts[having]
        bases = self._bases[int(self._bases_of[place]) : int(self._bases_of[place + 1])]
        docs = np.cumsum(self._docs.blocks(place, chosen).astype(np.int64) + 1, axis=1)
        docs += (bases[chosen].astype(np.int64) - 1)[:, None]
        counts = self._counts.blocks(place, chosen)
        counts = np.add(counts, 1, dtype=np.uint16 if counts.dtype.itemsize == 1 else np.uint32)
        size = docs.size
        if chosen[-1] == len(bases) - 1:
            size -= -int(self._sizes[place]) % BLOCK
        return docs.reshape(-1)[:size], counts.reshape(-1)[:size]

    def holding(self, place: int, docs: Ints) -> Ints:
        """The blocks in which these documents stand, if they are there at all."""
        if self._even[place]:
            return distinct(docs // BLOCK)
        bases = self._bases[int(self._bases_of[place]) : int(self._bases_of[place + 1])]
        return distinct(np.maximum(np.searchsorted(bases, docs, "right") - 1, 0))


def sizes_between(starts: Array) -> Ints:
    """How many numbers there are from each of these to the next."""
    wide = starts.astype(np.int64)
    return wide[1:] - wide[:-1]


def trimmed(docs: Ints, counts: Array, first: int, after: int) -> tuple[Ints, Array]:
    """Those from `first` to `after` - 1, counted from `first`."""
    if not len(docs) or (first <= docs[0] and docs[-1] < after):
        return docs - first if first else docs, counts
    begin, end = int(docs.searchsorted(first)), int(docs.searchsorted(after))
    return docs[begin:end] - first, counts[begin:end]
