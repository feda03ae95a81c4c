"""Words side by side, and words near each other: by where their tokens are.

A token is one number that tells field, document and position, so that those of all terms and fields are put in order,
and looked through, at once. Of a list no more is looked at than what is in the documents of the rarer terms, where
these are far fewer or there are more terms to come.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from archive import frozen
from index.engines.whoosh.arrays import kept
from index.engines.whoosh.cards import BOUNDARY
from index.engines.whoosh.lists import Lists
from index.engines.whoosh.packing import Array, Ints, spread
from index.engines.whoosh.segment import Words
from index.engines.whoosh.sets import contained

LONGER = 4  # times as many documents
_NONE = np.zeros(0, np.int64)


def phrase(fields: Sequence[Words], terms: Sequence[str]) -> list[tuple[Ints, Ints]]:
    """For each field of one segment: documents with these terms side by side in this order, and how often."""
    last = len(terms) - 1
    tokens = _Tokens([_read_all(words, terms) for words in fields], last)
    ends = np.concatenate([tokens.of(place, last - place) for place in range(len(terms))])
    ends.sort()
    return tokens.by_field(ends[np.flatnonzero(ends[last:] == ends[: len(ends) - last])])  # there for each of the terms


def near(words: Words, terms: Sequence[str], window: int) -> tuple[Ints, Ints]:
    """Documents with all these terms within `window` positions of one value, and at how many places."""
    read = _read_all(words, terms)
    boundary = words.terms.find(BOUNDARY)
    edges = _read(words.lists, boundary, min((each.docs for each in read), key=len)) if read and boundary >= 0 else None
    tokens = _Tokens([[*read, edges] if edges else read], 0)
    *each_term, between = [tokens.of(place).astype(np.int64) for place in range(len(read) + 1)]
    begins = np.sort(np.concatenate([_NONE, *each_term]))
    end = begins.copy()
    for each in each_term:
        following = np.append(each, np.iinfo(np.int64).max)[np.searchsorted(each, begins)]
        end = np.maximum(end, following)
    good = (end - begins <= window) & (end >> tokens.bits == begins >> tokens.bits)
    good &= np.searchsorted(between, begins) == np.searchsorted(between, end)
    [found] = tokens.by_field(kept(begins, good))
    return found


@frozen
class _Term:
    """A term in one field: documents, how often each has it, and where, one document after the other."""

    docs: Ints
    often: Array
    spots: Array


def _read_all(words: Words, terms: Sequence[str]) -> list[_Term]:
    """Each of the terms; nothing unless all of them are there."""
    numbers = [words.find(term) for term in terms]
    if min(numbers) < 0:
        return []
    lists = words.lists
    first, *others = sorted(set(numbers), key=lists.size)
    read = {first: _read(lists, first)}
    fewest = read[first].docs
    for number in others:
        narrow = number != others[-1] or lists.size(number) > LONGER * len(fewest)
        read[number] = _read(lists, number, fewest if narrow else None)
        fewest = read[number].docs if narrow else fewest
    return [read[number] for number in numbers]


def _read(lists: Lists, number: int, within: Ints | None = None) -> _Term:
    """A term, in some documents alone or in all."""
    docs, often = lists.row(number, 0, lists.documents)
    if within is None:
        if docs is None:
            docs = np.flatnonzero(often != 0)
            often = often[docs]
        return _Term(docs, often, lists.spots(number))
    ends = np.cumsum(often, dtype=np.int64)
    if docs is None:
        docs = places = kept(within, often[within] != 0)
    else:
        places = np.flatnonzero(contained(docs, within, lists.documents))
        docs = docs[places]
    often = often[places]
    return _Term(docs, often, lists.spots(number, spread(ends[places] - often, often)))


class _Tokens:
    """The tokens of some terms in some fields, each as a number: above `bits` of it, field and document."""

    def __init__(self, fields: Sequence[Sequence[_Term]], room: int) -> None:
        """`room`: by how much a position may be moved up."""
        read = [each for terms in fields for each in terms if len(each.docs)]
        self._fields = fields
        self._documents = max((int(each.docs[-1]) for each in read), default=0) + 1
        self.bits = (max((int(each.spots.max(initial=0)) for each in read), default=0) + room).bit_length()
        most = len(fields) * self._documents << self.bits
        self._kind = np.dtype(np.uint32 if most < 2**32 else np.int64)  # the former are sorted much faster

    def of(self, place: int, up: int = 0) -> Array:
        """Those of the term at this place, in order, with positions moved up."""
        parts = [np.zeros(0, self._kind)]
        for number, terms in enumerate(self._fields):
            for each in terms[place : place + 1]:
                begins = each.docs << self.bits
                begins += (number * self._documents << self.bits) + up
                parts.append(np.repeat(begins.astype(self._kind), each.often))
                parts[-1] += each.spots
        return np.concatenate(parts)

    def by_field(self, tokens: Array) -> list[tuple[Ints, Ints]]:
        """Of some tokens, in order: for each field the documents that they are in, and how many are in each."""
        where = tokens >> tokens.dtype.type(self.bits)
        new = np.flatnonzero(np.concatenate((where[:1] >= 0, where[1:] != where[:-1])))
        docs, often = where[new].astype(np.int64), np.diff(np.append(new, len(where)))
        edges = np.searchsorted(docs, np.arange(len(self._fields) + 1) * self._documents).tolist()
        return [
            (docs[begin:end] - number * self._documents, often[begin:end])
            for number, (begin, end) in enumerate(pairwise(edges))
        ]
