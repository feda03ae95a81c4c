"""The posting lists of one field as they are stored: which documents have each term, how often, and where.

The lists of all terms stand one after the other: documents in one row of numbers (patched.py), counts in another,
positions in a third. Long lists stand apart from the short ones: gaps between documents, counts and positions
are packed, each list in one width with what is wider patched in afterwards (patched.py), so that reading one takes a
handful of operations. A term that is in a large part of all documents is kept as one count for every document instead,
and that is how it is read. A term of the text that alone has its stem has no list of its own where the one of that stem
over title and text says the same. Written by listing.py.

Names of the arrays, after "words/f/":

    docs, counts, spots     those of the short lists (see patched.py)
    docs.starts             per term, where its list would start if all of them were short; spots.starts likewise
    keys                    of the text: per term, 1 more than the number of its key in title+text, or 0
    within                  likewise: 1 for a term whose list is part of that of its key, and is not here; its positions
                            are
    long                    the terms with long lists, by number; long.before: postings of long lists before each;
                            long.tokens: positions likewise
    long.docs               gaps between documents, less one
    long.counts             counts, less one; for an even list the count of every document. long.even: which are so
    long.spots              positions
    long.bases              one more than the document before each block, long list by long list
    long.best               of title+text: what the best posting of each block is worth (see combined.bounds), in
                            65535ths, rounded up; for an even list of each block of documents
    long.bases.starts       where those of each long list begin; long.best.starts likewise
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import cached_property
from itertools import pairwise

import numpy as np

from index.engines.whoosh.arrays import ArrayFile
from index.engines.whoosh.arrays import places as places_of
from index.engines.whoosh.combined import BITS, Within, in_text
from index.engines.whoosh.packing import BLOCK, Array, Ints, blocks_of, joined, spread, starts_of
from index.engines.whoosh.patched import Flat, Patched
from index.engines.whoosh.recent import RECENT
from index.engines.whoosh.sets import distinct

LONG = 512  # postings from which on a list is packed by itself
PLAIN = 8192  # documents of a segment up to which none is
EVEN = 4  # a term that one in so many documents has is kept as a count for each of them
ALONE = 8  # lists that are read one by one sooner than all together
_NONE = np.zeros(0, np.int64), np.zeros(0, np.uint8)


class Lists:
    """Reads the lists of one field; `whole`: those that some of its lists are part of."""

    def __init__(self, file: ArrayFile, base: str, documents: int, whole: Lists | None = None) -> None:
        self.documents = documents
        self._whole = whole
        self._within = Within(file, base) if f"{base}/within" in file else None
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
    def _packed_spots(self) -> Patched:
        return Patched(self._file, f"{self._base}/long.spots", sizes_between(self._tokens_before))

    @cached_property
    def _tokens_before(self) -> Array:
        return self._file.get(f"{self._base}/long.tokens")

    @cached_property
    def _docs(self) -> Flat:
        """Of the short lists, like what follows."""
        return Flat(self._file, f"{self._base}/docs")

    @cached_property
    def _counts(self) -> Flat:
        return Flat(self._file, f"{self._base}/counts")

    @cached_property
    def _spots(self) -> Flat:
        return Flat(self._file, f"{self._base}/spots")

    @cached_property
    def token_starts(self) -> Array:
        """Per term, where its positions would start if those of all terms stood together."""
        return self._file.get(f"{self._base}/spots.starts")

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
        if self._whole and self._within and self._within.mask[number]:
            docs, often = self._whole.row(int(self._within.wholes(number)), first, after)
            return (None, in_text(often)) if docs is None else _having(docs, in_text(often))
        place, is_long = self._place(number)
        if is_long and first <= 0 and after >= self.documents:
            return RECENT.get((self._file, self._base), place, lambda: self._packed.row(place, first, after))
        if is_long:
            return self._packed.row(place, first, after)
        begin = int(self._begins(number, place))
        here = begin, begin + self.size(number)
        docs = self._docs.stretch(*here).astype(np.int64)
        counts = self._counts.stretch(*here) if self.has_counts else np.ones(len(docs), np.uint8)
        return trimmed(docs, counts, first, after)

    def _begins(self, numbers: Ints | int, places: Ints | int) -> Array:
        """Where short lists begin in the row of all; `places`: the long lists before each."""
        if self._begin is not None:
            return self._begin[numbers]
        return self.starts[numbers] - self._before[places].astype(np.int64)

    @cached_property
    def _begin(self) -> Ints | None:
        """Per term, where its list begins or would begin in the row of short lists, if some are elsewhere."""
        if self._within is None:
            return None
        sizes = self.sizes()
        sizes[self._long] = 0
        sizes[self._within.mask] = 0
        return starts_of(sizes)

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

    def tally(self, numbers: Ints, row: Array, unit: int = 1, less: int = 0) -> None:
        """To a number for each document, and for BLOCK more, add `unit` as often as it has any of these terms.

        They ascend. `less`: so many of the lowest bits of how often do not count.
        """
        if self._whole and self._within:
            wholes, numbers = self._within.by_key(numbers)
            self._whole.tally(wholes, row, unit, BITS)
        places, is_long = self._places(numbers)
        docs, counts = self._short_lists(numbers[~is_long], places[~is_long])
        np.add.at(row, docs.astype(np.int64), (counts >> less).astype(row.dtype) * row.dtype.type(unit))
        if is_long.any():
            self._packed.tally(places[is_long], row, unit, less)

    def _places(self, numbers: Ints) -> tuple[Ints, Array]:
        """As _place, for several terms."""
        places = np.searchsorted(self._long, numbers)
        return places, self._long[np.minimum(places, len(self._long) - 1)] == numbers if len(self._long) else places > 0

    def _short_lists(self, numbers: Ints, places: Ints) -> tuple[Array, Array]:
        """Of terms with short lists: documents, and how often. `places`: the long lists before each."""
        begin = self._begins(numbers, places)
        sizes = self.sizes_of(numbers)
        if int(sizes.sum()) == (int(begin[-1] + sizes[-1] - begin[0]) if len(begin) else 0):  # one behind the other
            here = (int(begin[0]), int(begin[-1] + sizes[-1])) if len(begin) else (0, 0)
            docs = self._docs.stretch(*here)
            return docs, self._counts.stretch(*here) if self.has_counts else np.ones(len(docs), np.uint8)
        at = spread(begin, sizes)
        return self._docs.at(at), self._counts.at(at) if self.has_counts else np.ones(len(at), np.uint8)

    def several(self, numbers: Ints) -> tuple[Array, Array]:
        """Of some terms, in any order, one after the other: documents, and how often."""
        order = np.argsort(numbers, kind="stable")
        places, is_long = self._places(numbers[order])
        short = self._short_lists(numbers[order][~is_long], places[~is_long])
        long = self._packed.several(places[is_long]) if is_long.any() else _NONE
        edges, own = starts_of(self.sizes_of(numbers)), (order[~is_long], order[is_long])
        return joined(edges, own, (short[0], long[0])), joined(edges, own, (short[1], long[1]))

    def spots(self, number: int, tokens: Ints | None = None) -> Array:
        """Where the term is in its documents; of all its tokens, or of these (by their places in its list)."""
        place, is_long = self._place(number)
        if is_long:
            return self._long_spots(place, tokens)
        before = int(self._tokens_before[place])
        row = self._spots.stretch(int(self.token_starts[number]) - before, int(self.token_starts[number + 1]) - before)
        return row if tokens is None else row[tokens]

    def _long_spots(self, place: int, tokens: Ints | None) -> Array:
        size = int(self._tokens_before[place + 1]) - int(self._tokens_before[place])
        if tokens is not None and len(tokens) * BLOCK < size:
            return self._packed_spots.at(place, tokens)
        _, row = RECENT.get((self._file, f"{self._base}/spots"), place, lambda: (None, self._packed_spots.row(place)))
        return row if tokens is None else row[tokens]

    def stretch(self, first: int, after: int) -> tuple[Array, Array, Array]:
        """Of the terms first … after - 1, one after the other: documents, how often, and positions if there are any."""
        numbers = np.arange(first, after)
        places, is_long = self._places(numbers)
        within = self._within.mask[first:after] if self._within else np.zeros(len(numbers), bool)
        own = [np.flatnonzero(which) for which in (~is_long & ~within, is_long & ~within, within)]
        found = [self._short_lists(numbers[own[0]], places[own[0]]), _NONE, _NONE]
        if len(own[1]):
            found[1] = self._packed.several(places[own[1]])
        if self._whole and self._within and len(own[2]):
            docs, often = self._whole.several(self._within.wholes(numbers[own[2]]))
            found[2] = _having(docs, in_text(often))
        edges = self.starts[first : after + 1].astype(np.int64) - int(self.starts[first])
        docs, counts = (joined(edges, own, each) for each in zip(*found, strict=True))
        if not self.has_spots:
            return docs, counts if self.has_counts else np.ones_like(docs), docs[:0]
        tokens = self.token_starts[first : after + 1].astype(np.int64)
        here = (tokens[[0, -1]] - self._tokens_before[np.searchsorted(self._long, (first, after))]).tolist()
        spots = self._spots.stretch(*here)
        if is_long.any():
            which = np.flatnonzero(~is_long), np.flatnonzero(is_long)
            spots = joined(tokens - tokens[0], which, (spots, self._packed_spots.joined(places[is_long])))
        return docs, counts, spots


def _having(docs: Ints, counts: Array) -> tuple[Ints, Array]:
    """Without those that do not have it."""
    here = places_of(counts != 0)
    return (docs, counts) if len(here) == len(docs) else (docs[here], counts[here])


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
        self._bases_of = file.get(f"{name}.bases.starts")
        self._best = file.get(f"{name}.best") if f"{name}.best" in file else np.zeros(0, np.uint16)
        self._best_of = file.get(f"{name}.best.starts") if f"{name}.best" in file else np.zeros(0, np.uint8)

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
        docs = gaps.astype(np.int64)
        docs += 1
        docs[0] += int(bases[begin]) - 1
        np.cumsum(docs, out=docs)
        counts = self._counts.row(place, begin, end)
        counts = np.add(counts, 1, dtype=np.uint16 if counts.dtype.itemsize == 1 else np.uint32)
        return (docs, counts) if whole else trimmed(docs, counts, first, after)

    def several(self, places: Ints) -> tuple[Ints, Array]:
        """Of several lists, which ascend, one after the other: documents, and how often."""
        docs, often, sizes = np.zeros(0, np.int64), np.zeros(0, np.int64), self._sizes[places]
        even = self._even[places]
        if len(uneven := places[~even]):
            here = spread(starts_of(blocks_of(sizes[~even]))[:-1] * BLOCK, sizes[~even])
            docs = self._running(uneven, self._docs.several(uneven)).T.reshape(-1)[here]
            often = self._counts.joined(uneven).astype(np.int64) + 1
        if not even.any():
            return docs, often
        rows = [self.row(place, 0, self._documents)[1] for place in places[even].tolist()]
        owns = [np.flatnonzero(row != 0) for row in rows]
        begins = starts_of(sizes)[:-1]
        here = np.concatenate((spread(begins[~even], sizes[~even]), spread(begins[even], sizes[even])))
        both = np.empty((2, len(here)), np.int64)
        both[0, here] = np.concatenate((docs, *owns))
        both[1, here] = np.concatenate((often, *(row[own] for row, own in zip(rows, owns, strict=True))))
        return both[0], both[1]

    def tally(self, places: Ints, row: Array, unit: int, less: int) -> None:
        """As Lists.tally."""
        alone = self._even[places] | (len(places) <= ALONE)
        for place in places[alone].tolist():
            docs, often = self.row(place, 0, self._documents)
            often = (often >> less).astype(row.dtype) * row.dtype.type(unit)
            if docs is None:
                row[: self._documents] += often
            else:
                np.add.at(row, docs, often)
        places = places[~alone]
        if not len(places):
            return
        often = self._counts.several(places).T.astype(np.uint32, order="C")
        often += np.uint32(1)
        often >>= np.uint32(less)
        often = often.astype(row.dtype, copy=False)
        often *= row.dtype.type(unit)
        ends = starts_of(blocks_of(self._sizes[places]))[1:] - 1
        beyond = -self._sizes[places] % BLOCK
        often[spread(BLOCK - beyond, beyond), np.repeat(ends, beyond)] = 0
        docs = self._running(places, self._docs.several(places))
        np.add.at(row, docs.reshape(-1), often.reshape(-1))

    def _running(self, places: Ints, gaps: Array) -> Ints:
        """The documents of several lists, of whose blocks these are the gaps: (BLOCK, blocks)."""
        docs = gaps.T.astype(np.int64, order="C")  # so each step is one for all blocks: numpy's cumsum is far slower
        docs[0] += self._bases[spread(self._bases_of[places], blocks_of(self._sizes[places]))]
        docs[1:] += 1
        for before, own in pairwise(docs):
            own += before
        return docs

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
