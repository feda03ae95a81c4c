"""Which documents of a segment match a leaf, and how often: as a sorted list, or as one number for every document.

The list suits leaves that match few documents, the whole row those that match many: adding up and masking rows needs no
look-ups, and a row becomes a list only when somebody asks for it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.engines.whoosh.packing import Array, Bools, Floats, Ints

MANY = 32  # a list this many times shorter than the segment is looked up in, not spread over it
SORTED = 8  # documents this many times fewer than the segment has are sorted, not counted in a row for all of them


class Postings:
    """Made by `listed`, `rowed` or `added`."""

    def __init__(self, documents: int, docs: Ints | None, often: Array, count: int) -> None:
        self.documents = documents  # of the segment
        self.count = count  # of those that match
        self._docs = docs
        self._often = often
        self._is_row = docs is None

    @property
    def row(self) -> Floats | None:
        """How often each document of the segment matches, if that is how they are kept."""
        return self._often if self._is_row else None

    @property
    def docs(self) -> Ints:
        """The documents that match, in order."""
        if self._docs is None:
            self._docs = np.flatnonzero(self._often > 0)
        return self._docs

    @property
    def nbytes(self) -> int:
        return self._often.nbytes + self.count * 8

    def mark(self, mask: Bools) -> None:
        """Make `mask` True for each document that matches."""
        if self._is_row:
            np.logical_or(mask, self._often > 0, out=mask)
        else:
            mask[self.docs] = True

    def at(self, docs: Ints) -> Array:
        """How often each of `docs` matches; all of them do."""
        if (row := self.row) is not None:
            return row[docs]
        found = self.docs
        if len(docs) == len(found):
            return self._often
        if len(docs) * MANY < len(found):
            return self._often[np.searchsorted(found, docs)]
        table = np.zeros(self.documents, self._often.dtype)
        table[found] = self._often
        return table[docs]


def listed(documents: int, docs: Ints, often: Array | None = None) -> Postings:
    """`docs`, sorted, and beside them how often (else: once)."""
    return Postings(documents, docs, np.ones(len(docs), np.uint8) if often is None else often, len(docs))


def added(documents: int, parts: Sequence[tuple[Ints | None, Array]]) -> Postings:
    """Several lists as one; a document that is in more than one matches as often as in all of them together.

    A part without documents has a count for each of them.
    """
    lists = [(docs, often) for docs, often in parts if docs is not None]
    rows = [often for docs, often in parts if docs is None]
    if len(lists) < 2 and not rows:
        return listed(documents, *lists[0]) if lists else listed(documents, np.zeros(0, np.int64))
    if not rows and sum(len(docs) for docs, _ in lists) * SORTED < documents:
        return listed(documents, *added_up(*map(np.concatenate, zip(*lists, strict=True))))
    row = rows[0].astype(np.float32) if rows else np.zeros(documents, np.float32)
    for often in rows[1:]:
        row += often
    for docs, often in lists:
        np.add.at(row, docs, often.astype(np.float32))
    return rowed(row)


def added_up(docs: Ints, often: Array) -> tuple[Ints, Ints]:
    """Documents in any order, some several times: each once, in order, as often as in all places together."""
    keys = np.sort((docs << 32) | often)
    found = keys >> 32
    keys &= 2**32 - 1
    if not len(new := np.flatnonzero(np.append(True, found[1:] != found[:-1])[: len(found)])):
        return found, keys
    return found[new], np.add.reduceat(keys, new)


def apart(documents: int, parts: Sequence[tuple[Ints, Array]]) -> Postings:
    """Several lists as one, of which no two have a document in common."""
    if len(parts) < 2:
        return listed(documents, *parts[0]) if parts else listed(documents, np.zeros(0, np.int64))
    docs = np.concatenate([docs for docs, _ in parts])
    order = np.argsort(docs)
    return listed(documents, docs[order], np.concatenate([often for _, often in parts])[order])


def rowed(row: Floats) -> Postings:
    return Postings(len(row), None, row, int(np.count_nonzero(row > 0)))
