"""Strings by numbers, and the keys of terms (see index/stemming.py) by numbers, each made once for many batches."""

from __future__ import annotations

import numpy as np

from index.engines.whoosh.arrays import ENCODING, ERRORS
from index.engines.whoosh.packing import Ints
from index.stemming import key

_FEW = 8  # times as many strings in all from which on a choice is put in order by itself


class Vocabulary(dict[str, int]):
    """Numbers strings in the order in which they come."""

    def __init__(self) -> None:
        super().__init__()
        self._strings: list[str] = []
        self._encoded: list[bytes] = []
        self._order = np.zeros(0, np.int64)

    def __missing__(self, string: str) -> int:
        self[string] = number = len(self)
        self._strings.append(string)
        return number

    def string(self, number: int) -> str:
        return self._strings[number]

    def ordered(self, used: Ints) -> Ints:
        """These numbers in the order of their strings: by code point, which is also that of the encoded strings."""
        if len(used) * _FEW < len(self):
            return np.array(sorted(used.tolist(), key=self._strings.__getitem__), np.int64)
        chosen = np.zeros(len(self), bool)
        chosen[used] = True
        order = self._in_order()
        return order[chosen[order]]

    def _in_order(self) -> Ints:
        """All numbers in the order of their strings; most of them were put in order for a batch before."""
        if len(self._order) < len(self):
            key = self._strings.__getitem__
            new = sorted(range(len(self._order), len(self)), key=key)
            self._order = np.array(sorted([*self._order.tolist(), *new], key=key), np.int64)  # two runs: a merge
        return self._order

    def encoded(self, numbers: Ints) -> list[bytes]:
        if len(self._encoded) < len(self):
            self._encoded += [string.encode(ENCODING, ERRORS) for string in self._strings[len(self._encoded) :]]
        return list(map(self._encoded.__getitem__, numbers.tolist()))

    def sort(self, used: Ints | None = None) -> tuple[list[bytes], Ints]:
        """The strings (with these numbers) encoded and sorted, and for each number the place of its string."""
        ordered = self.ordered(np.arange(len(self)) if used is None else used)
        return self.encoded(ordered), places_of(ordered, len(self))


def places_of(ordered: Ints, size: int) -> Ints:
    """For each number below `size` its place in `ordered`."""
    places = np.zeros(size, np.int64)
    places[ordered] = np.arange(len(ordered))
    return places


class Keys:
    """The keys of a vocabulary's terms, numbered in a vocabulary of their own."""

    def __init__(self, terms: Vocabulary) -> None:
        self.vocabulary = Vocabulary()
        self._terms = terms
        self._of: dict[str, Ints] = {}

    def of(self, terms: Ints, speech: str) -> Ints:
        """The number of the key of each of these terms in a speech."""
        known = self._of.get(speech, np.zeros(0, np.int64))
        if len(known) < len(self._terms):
            known = self._of[speech] = np.append(known, np.full(len(self._terms) - len(known), -1))
        new = terms[known[terms] < 0]
        known[new] = [self.vocabulary[key(self._terms.string(number), speech)] for number in new.tolist()]
        return known[terms]
