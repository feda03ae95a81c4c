"""Words side by side, and words near each other: by the positions of the documents that have them all."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.engines.whoosh.arrays import kept
from index.engines.whoosh.cards import BOUNDARY
from index.engines.whoosh.packing import Array, Ints, spread, starts_of
from index.engines.whoosh.segment import Words
from index.engines.whoosh.sets import in_both, intersection

_NONE = np.zeros(0, np.int64)


def phrase(words: Words, terms: Sequence[str]) -> tuple[Ints, Ints]:
    """Documents with these terms side by side in this order, and how often."""
    found = Tokens.of(words, terms)
    if found is None:
        return _NONE, _NONE
    begins = [keys - keys.dtype.type(shift) for shift, keys in enumerate(found.keys)]
    order = sorted(begins, key=len)
    left = order[0]
    for other in order[1:]:
        left = in_both(left, other)
    return found.by_document(left)


def near(words: Words, terms: Sequence[str], window: int) -> tuple[Ints, Ints]:
    """Documents with all these terms within `window` positions of one value, and at how many places."""
    found = Tokens.of(words, terms)
    if found is None:
        return _NONE, _NONE
    keys = [np.sort(each).astype(np.int64) for each in found.keys]
    begins = np.sort(np.concatenate(keys))
    end = begins.copy()
    for each in keys:
        following = np.append(each, np.iinfo(np.int64).max)[np.searchsorted(each, begins)]
        end = np.maximum(end, following)
    good = (end - begins <= window) & (end >> found.bits == begins >> found.bits)
    boundary = words.terms.find(BOUNDARY)
    if boundary >= 0:
        edges = found.keys_of(words, boundary, words.lists.row(boundary, 0, words.lists.documents))
        good &= np.searchsorted(edges, begins) == np.searchsorted(edges, end)
    return found.by_document(kept(begins, good))


class Tokens:
    """The tokens of some terms in `docs`, the documents that have them all.

    `keys`: for each term, its tokens in no order, each as the place of its document in `docs` times 2**`bits`, plus its
    position, plus the number of terms (so that a phrase cannot begin before its document).
    """

    def __init__(self, docs: Ints, count: int, documents: int) -> None:
        self.docs = docs
        self.bits = 0
        self.keys: list[Array] = []
        self._shift = count
        self._mask = np.zeros(documents, bool)
        self._mask[docs] = True

    @classmethod
    def of(cls, words: Words, terms: Sequence[str]) -> Tokens | None:
        """None when no document has all the terms."""
        numbers = [words.find(term) for term in terms]
        if min(numbers) < 0:
            return None
        lists = words.lists
        docs: Ints | None = None
        rows: dict[int, tuple[Ints | None, Array]] = {}
        for number in sorted(set(numbers), key=lists.size):
            rows[number] = own, counts = lists.row(number, 0, lists.documents)
            if docs is None:
                docs = np.flatnonzero(counts != 0) if own is None else own
            elif own is None:
                docs = kept(docs, counts[docs] > 0)
            else:
                docs = intersection(docs, own, lists.documents)
        if docs is None or not len(docs):
            return None
        found = cls(docs, len(terms), lists.documents)
        spots = {number: found._spots(words, number, row) for number, row in rows.items()}
        found.bits = (max(int(where.max(initial=0)) for _, where in spots.values()) + len(terms)).bit_length()
        keys = {number: found._keys(*each) for number, each in spots.items()}
        found.keys = [keys[number] for number in numbers]
        return found

    def _spots(self, words: Words, number: int, row: tuple[Ints | None, Array]) -> tuple[Ints, Array]:
        """Of the tokens in the documents: in which each is, by its place among them, and where it is.

        First those that are the first of their document, which most are; then the others.
        """
        own, counts = row
        if own is None:
            own = np.flatnonzero(counts != 0)
            counts = counts[own]
        ends = np.cumsum(counts, dtype=np.int64)
        if len(own) > len(self.docs):
            places = np.flatnonzero(self._mask[own])
            ends, counts = ends[places], counts[places]
        begins = ends - counts
        several = np.flatnonzero(counts > 1)
        more = counts[several].astype(np.int64) - 1
        tokens = np.concatenate((begins, spread(begins[several] + 1, more)))
        return np.repeat(several, more), words.lists.spots(number, tokens)

    def _keys(self, others: Ints, spots: Array) -> Array:
        """`others`: the documents of the tokens behind those that are the first of each."""
        short = len(self.docs) << self.bits < 2**32  # such numbers are sorted much faster
        bases = ((np.arange(len(self.docs)) << self.bits) + self._shift).astype(np.uint32 if short else np.int64)
        keys: Array = np.concatenate((bases, bases[others])) + spots
        return keys

    def keys_of(self, words: Words, number: int, row: tuple[Ints | None, Array]) -> Array:
        """The keys of a term that not all of the documents need have."""
        own, counts = row
        if own is None:
            own = np.flatnonzero(counts != 0)
            counts = counts[own]
        places = np.flatnonzero(self._mask[own])
        sizes = counts[places].astype(np.int64)
        spots = words.lists.spots(number, spread(starts_of(counts)[places], sizes)).astype(np.int64)
        return np.repeat((np.searchsorted(self.docs, own[places]) << self.bits) + self._shift, sizes) + spots

    def by_document(self, keys: Array) -> tuple[Ints, Ints]:
        """The documents of these keys, and how many of them each has."""
        places = keys >> keys.dtype.type(self.bits)
        new = np.flatnonzero(np.append(True, places[1:] != places[:-1])) if len(places) else _NONE
        return self.docs[places[new]], np.diff(new, append=len(places))
