"""The values of one facet in a segment, which documents have them, and how often each stands in a set of documents."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from index.engines.whoosh.arrays import ArrayFile, Ragged, Strings, kept, narrow
from index.engines.whoosh.packing import Array, Ints, smallest, spread

OFTEN = 8  # countings: as much as it costs to set up the columns, they spare in so many
_LAST = 64  # a column that fewer than one document in so many has is not worth its own


class Facet:
    """The values of one field and which documents have them."""

    def __init__(self, file: ArrayFile, name: str) -> None:
        self.values = Strings(file, f"facets/{name}/values")
        self.hashes = file.get(f"facets/{name}/hashes")
        self.docs = Ragged(file, f"facets/{name}/docs")
        self._file, self._base = file, f"facets/{name}"
        self._asked = 0

    @cached_property
    def _words(self) -> Strings:
        return Strings(self._file, f"{self._base}/words")

    @cached_property
    def _word_values(self) -> Ragged:
        return Ragged(self._file, f"{self._base}/words.values")

    def beginning(self, start: str) -> Ints:
        """The values with a word that begins with `start` (folded), or that begin so themselves."""
        places, _ = self._word_values.at(np.arange(*self._words.span(start)))
        return np.unique(self._word_values.values[places]).astype(np.int64)

    @cached_property
    def owners(self) -> Ints:
        return self.docs.owners()  # as wide as numpy's own indices: narrow ones take six times as long

    def having(self, wanted: tuple[str, ...]) -> Ints:
        """The documents with any of these values."""
        numbers = [number for value in wanted if (number := self.values.find(value)) >= 0]
        hit = np.isin(self.docs.values, numbers)
        return np.unique(kept(self.owners, hit)).astype(np.int64)

    @cached_property
    def _sizes(self) -> Array:
        return narrow(self.docs.sizes())

    @cached_property
    def _has_each_one(self) -> bool:
        return bool((self._sizes == 1).all())

    @cached_property
    def _columns(self) -> Columns:
        return Columns(self.docs, self._sizes, len(self.values))

    def count(self, docs: Ints) -> Ints:
        """How many of these documents have each value."""
        if self._has_each_one:
            return self._times(self.docs.values[docs])
        documents = len(self.docs.starts) - 1
        if len(docs) * 2 <= documents:
            return self._times(self._of(docs))
        mask = np.ones(documents, bool)
        mask[docs] = False
        return self._of_all - self._times(self._of(np.flatnonzero(mask)))

    def _of(self, docs: Ints) -> Array:
        """All values of these documents, in no order that means anything."""
        self._asked += 1
        if self._asked > OFTEN:
            return self._columns.of(docs)
        sizes = self._sizes[docs]
        having = np.flatnonzero(sizes)
        starts, sizes = self.docs.starts[docs[having]], sizes[having]
        several = np.flatnonzero(sizes > 1)
        others = spread(starts[several] + 1, sizes[several] - 1)
        return np.concatenate((self.docs.values[starts], self.docs.values[others]))

    @cached_property
    def _of_all(self) -> Ints:
        return self._times(self.docs.values)

    def _times(self, numbers: Array) -> Ints:
        return np.bincount(numbers, minlength=len(self.values))[: len(self.values)]


class Columns:
    """Rows of different lengths as columns: the first value of each row, the second of each that has two, and so on.

    The rows with several values stand in the order of their lengths, longest first, so that those with a value in a
    column are its first ones: to pick the values of some rows takes work in proportion to how many these are, not to
    how many there are. What only the longest rows have stands aside.
    """

    def __init__(self, rows: Ragged, sizes: Array, none: int) -> None:
        """`none` stands for the value of a row that has none; it is more than any."""
        having, several = np.flatnonzero(sizes), np.flatnonzero(sizes > 1)
        self._first = np.full(len(sizes), none, smallest(none))
        self._first[having] = rows.values[rows.starts[having]]
        self._order = order = several[np.argsort(sizes.max(initial=0) - sizes[several], kind="stable")]
        starts, left = rows.starts[order].astype(np.int64) + 1, sizes[order] - 1
        self._columns: list[Array] = []
        while len(left) and len(left) * _LAST >= len(sizes):
            self._columns.append(rows.values[starts])
            longer = np.count_nonzero(left > 1)
            starts, left = starts[:longer] + 1, left[:longer] - 1
        self._rest = rows.values[spread(starts, left)]
        self._owners = np.repeat(np.arange(len(left)), left)  # of the rest, by their places in the order

    def of(self, rows: Ints) -> Array:
        """All values of these rows, in no order that means anything."""
        mask = np.zeros(len(self._first), bool)
        mask[rows] = True
        mine = mask[self._order]
        places = np.flatnonzero(mine)
        parts = [column[places[: np.searchsorted(places, len(column))]] for column in self._columns]
        return np.concatenate((self._first[rows], *parts, kept(self._rest, mine[self._owners])))
