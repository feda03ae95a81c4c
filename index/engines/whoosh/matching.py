"""Conditions → the documents of one segment that match, as sorted arrays of numbers. No Python per document.

A leaf gives its postings: documents and how often each matches. Several terms that stand for one leaf (stem, prefix,
fuzzy) count together. Deleted documents match like all others; the executor leaves them out at the end.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from index.engines.whoosh.arrays import Array, Ints, kept, spread
from index.engines.whoosh.builder import BOUNDARY
from index.engines.whoosh.fuzzy import within
from index.engines.whoosh.postings import Postings, listed
from index.engines.whoosh.segment import SegmentData, Words, bucket_number, distinct
from index.plan import (
    AllOf,
    AnyOf,
    Chosen,
    Condition,
    Days,
    Everything,
    Fuzzy,
    Has,
    Leaf,
    Limits,
    Near,
    NotOf,
    Overrun,
    Phrase,
    Prefix,
    Stem,
    Term,
)

REMEMBERED = 2**25  # bytes of postings that one run keeps for each segment; what is beyond is read again when needed
_NONE = np.zeros(0, np.int64)


class Guard:
    """The limits of one run."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._until = time.monotonic() + limits.seconds

    def check(self) -> None:
        if time.monotonic() > self._until:
            raise Overrun(f"it takes longer than {self._limits.seconds:g} seconds")

    def check_expansion(self, count: int, leaf: Leaf) -> None:
        if count > self._limits.expansion:
            raise Overrun(f"it stands for more than {self._limits.expansion:,} words", leaf)


class Matcher:
    """Answers conditions over one segment; remembers what it was asked."""

    def __init__(self, data: SegmentData, guard: Guard) -> None:
        self.data = data
        self._guard = guard
        self._postings: dict[Leaf, Postings] = {}
        self._room = REMEMBERED
        self._matching: dict[Leaf, int] = {}

    def docs(self, condition: Condition) -> Ints:
        """The documents that match, in order."""
        match condition:
            case Everything():
                return np.arange(self.data.documents)
            case AllOf(parts=parts):
                return self._all_of(parts)
            case AnyOf(parts=parts):
                return self._any_of(parts)
            case NotOf(part=part):
                return self._complement(self.docs(part))
            case _:
                return self.postings(condition).docs

    def postings(self, leaf: Leaf) -> Postings:
        """The documents that match a leaf, and how often."""
        if leaf in self._postings:
            return self._postings[leaf]
        self._guard.check()
        found = self._find(leaf)
        self._matching[leaf] = found.count
        if found.nbytes <= self._room:
            self._room -= found.nbytes
            self._postings[leaf] = found
        return found

    def matching(self, leaf: Leaf) -> int:
        """How many documents match a leaf."""
        return self._matching[leaf] if leaf in self._matching else self.postings(leaf).count

    def _all_of(self, parts: Sequence[Condition]) -> Ints:
        """Positive parts from the rarest on; what is excluded is taken away from the rest."""
        wanted = sorted((self.docs(part) for part in parts if not isinstance(part, NotOf)), key=len)
        found = wanted[0] if wanted else np.arange(self.data.documents)
        for docs in wanted[1:]:
            found = intersection(found, docs, self.data.documents)
        for part in parts:
            if isinstance(part, NotOf):
                found = kept(found, ~contained(found, self.docs(part.part), self.data.documents))
        return found

    def _any_of(self, parts: Sequence[Condition]) -> Ints:
        mask = np.zeros(self.data.documents, bool)
        self._mark(parts, mask)
        return np.flatnonzero(mask)

    def _mark(self, parts: Sequence[Condition], mask: NDArray[np.bool_]) -> None:
        for part in parts:
            if isinstance(part, AnyOf):
                self._mark(part.parts, mask)
            elif isinstance(part, Everything | AllOf | NotOf):
                mask[self.docs(part)] = True
            else:
                self.postings(part).mark(mask)

    def _complement(self, docs: Ints) -> Ints:
        mask = np.ones(self.data.documents, bool)
        mask[docs] = False
        return np.flatnonzero(mask)

    def _find(self, leaf: Leaf) -> Postings:
        words = self.data.words(leaf.field)
        match leaf:
            case Days(first=first, last=last):
                days = self.data.days(leaf.field)
                return self._listed(days.overlapping(first, last) if days else _NONE)
            case Has():
                return self._listed(self._having(leaf.field))
            case Chosen():
                return self._listed(self._chosen(leaf))
            case Phrase(terms=terms):
                return self._listed(*phrase(words, terms)) if words and words.is_text else self._listed(_NONE)
            case Near(terms=terms, window=window):
                return self._listed(*near(words, terms, window)) if words and words.is_text else self._listed(_NONE)
        return words.of(self._numbers(words, leaf)) if words else self._listed(_NONE)

    def _numbers(self, words: Words, leaf: Term | Stem | Prefix | Fuzzy) -> Ints:
        """The terms that the leaf stands for."""
        match leaf:
            case Term(term=term):
                number = words.terms.find(term) if term else -1
                return np.array([number]) if number >= 0 else _NONE
            case Stem(stem=stem):
                return words.with_stem(stem)
            case Prefix(prefix=prefix):
                first, after = words.span(prefix)
                self._guard.check_expansion(after - first, leaf)
                return np.arange(first, after)
            case Fuzzy(term=term, edits=edits):
                numbers = similar_terms(words, term, edits, self._guard.check)
                self._guard.check_expansion(len(numbers), leaf)
                return numbers

    def _listed(self, docs: Ints, often: Array | None = None) -> Postings:
        return listed(self.data.documents, docs, often)

    def _having(self, name: str) -> Ints:
        if words := self.data.words(name):
            return np.flatnonzero(words.lengths)
        days = self.data.days(name)
        return np.flatnonzero(days.sizes) if days else _NONE

    def _chosen(self, leaf: Chosen) -> Ints:
        if leaf.grain is None:
            facet = self.data.facet(leaf.field)
            return facet.having(leaf.values) if facet else _NONE
        days = self.data.days(leaf.field)
        if days is None:
            return _NONE
        docs, buckets = days.buckets(leaf.grain)
        wanted = [number for value in leaf.values if (number := bucket_number(value, leaf.grain)) is not None]
        return distinct(kept(docs, np.isin(buckets, wanted)))


def similar_terms(words: Words, term: str, edits: int, check: Callable[[], None]) -> Ints:
    """The terms with the first character of `term` that are at most `edits` from it."""
    if not term:
        return _NONE
    first, after = words.span(term[0])
    found = []
    for start in range(first, after, 50_000):
        check()
        block = words.terms.raws(start, min(start + 50_000, after))
        found += [start + place for place, _ in within(block, term, edits)]
    return np.array(found, np.int64)


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


def phrase(words: Words, terms: Sequence[str]) -> tuple[Ints, Ints]:
    """Documents with these terms side by side in this order, and how often."""
    found = _places(words, terms)
    if found is None:
        return _NONE, _NONE
    begins = [keys - shift for shift, keys in enumerate(found)]
    order = sorted(begins, key=len)
    left = order[0]
    for other in order[1:]:
        left = kept(left, sorted_in(left, other))
    return _by_document(left)


def near(words: Words, terms: Sequence[str], window: int) -> tuple[Ints, Ints]:
    """Documents with all these terms within `window` positions of one value, and at how many places."""
    found = _places(words, terms)
    if found is None:
        return _NONE, _NONE
    begins = np.sort(np.concatenate(found))
    window = min(window, 2**31)  # a document's positions are far from the next one's
    end = begins.copy()
    for keys in found:
        following = np.append(keys, np.iinfo(np.int64).max)[np.searchsorted(keys, begins)]
        end = np.maximum(end, following)
    good = (end - begins <= window) & (end >> 32 == begins >> 32)
    boundary = words.terms.find(BOUNDARY)
    if boundary >= 0:
        edges = _keys(*words.positions(boundary))
        good &= np.searchsorted(edges, begins) == np.searchsorted(edges, end)
    return _by_document(kept(begins, good))


def _places(words: Words, terms: Sequence[str]) -> list[Ints] | None:
    """For each term, document and position of each token in documents that have all the terms; None without any."""
    numbers = [words.terms.find(term) if term else -1 for term in terms]
    if min(numbers) < 0:
        return None
    documents = len(words.lengths)
    common: Ints | None = None
    for number in sorted(set(numbers), key=lambda number: len(words.docs.row(number))):
        docs = words.postings(number)[0]
        common = docs if common is None else intersection(common, docs, documents)
    if common is None or not len(common):
        return None
    return [_keys_within(words, number, common) for number in numbers]


def _keys_within(words: Words, number: int, common: Ints) -> Ints:
    docs, counts = words.postings(number)
    spots = words.spots.row(number)
    if len(common) == len(docs):
        return _keys(np.repeat(docs, counts), spots.astype(np.int64))
    at = np.searchsorted(docs, common)
    starts = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=starts[1:])
    sizes = counts[at]
    return _keys(np.repeat(common, sizes), spots[spread(starts[at], sizes)].astype(np.int64))


def _keys(docs: Ints, spots: Ints) -> Ints:
    """Document and position in one number. Positions are shifted so that a phrase cannot begin before its document."""
    return (docs << 32) | (spots + 2**20)


def sorted_in(some: Ints, other: Ints) -> Array:
    if not len(other):
        return np.zeros(len(some), bool)
    return np.equal(other[np.minimum(np.searchsorted(other, some), len(other) - 1)], some)


def _by_document(keys: Ints) -> tuple[Ints, Ints]:
    docs = keys >> 32
    found = distinct(docs)
    return found, np.diff(np.searchsorted(docs, found), append=len(docs))
