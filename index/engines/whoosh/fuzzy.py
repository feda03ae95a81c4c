"""Which of many terms are within one or two edits of a word.

An edit brings in, or takes away, one letter at the most. So what has other letters than the word, or lacks some, is out
at once; the distance is worked out of the rest: by the recurrence over all of them at once, or of a few one by one.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from index.edits import distance
from index.engines.whoosh.arrays import Strings
from index.engines.whoosh.packing import Array

_FEW = 32  # terms for which the recurrence is quicker done one by one
_AT_ONCE = 50_000  # terms
_LETTERS = ~np.uint64(1)  # by their last six bits; 0 stands for no letter


def within(terms: Strings, word: str, edits: int, check: Callable[[], None]) -> list[tuple[int, int]]:
    """(number, distance) of each of the terms with the first character of `word` that are at most `edits` from it.

    By index.edits.distance. `check` is called now and then.
    """
    if not word:
        return []
    first, after = terms.span(word[0])
    found = []
    for start in range(first, after, _AT_ONCE):
        check()
        found += _within(terms, start, min(start + _AT_ONCE, after), word, edits)
    return found


def _within(terms: Strings, first: int, after: int, word: str, edits: int) -> list[tuple[int, int]]:
    letters, starts = terms.letters(first, after)
    sizes = np.diff(starts)
    places = np.flatnonzero(np.abs(sizes - len(word)) <= edits)
    if not len(places):
        return []
    sizes = sizes[places]
    columns = np.arange(int(sizes.max()))
    table = letters[np.minimum(starts[places, None] + columns, len(letters) - 1)]
    table[columns >= sizes[:, None]] = 0
    near = np.flatnonzero(_differing(table, word) <= edits)
    places, table, sizes = places[near], table[near], sizes[near]
    if len(places) < _FEW:
        distances = [distance(terms[first + place], word) for place in places.tolist()]
    else:
        distances = _distances(table, sizes, word).tolist()
    numbers = (places + first).tolist()
    return [pair for pair in zip(numbers, distances, strict=True) if pair[1] <= edits]


def _differing(table: Array, word: str) -> Array:
    """For each row, how many letters at least the one has that the other lacks."""
    one = np.uint64(1)
    own = np.bitwise_or.reduce(one << (table & 63).astype(np.uint64), axis=1) & _LETTERS
    wanted = np.bitwise_or.reduce([one << np.uint64(ord(char) & 63) for char in word]) & _LETTERS
    most: Array = np.maximum(np.bitwise_count(own & ~wanted), np.bitwise_count(wanted & ~own))
    return most


def _distances(table: Array, sizes: Array, word: str) -> Array:
    """Optimal string alignment distance of the term in each row to `word`; a column after the other."""
    wanted = [ord(char) for char in word]
    row = np.repeat(np.arange(len(word) + 1, dtype=np.int16)[:, None], len(table), axis=1)
    before = row
    result: Array = row[-1].copy()
    for i in range(table.shape[1]):
        letter = table[:, i]
        above, row = row, np.empty_like(row)
        row[0] = i + 1
        for j, char in enumerate(wanted):
            cost = np.minimum(above[j + 1], row[j]) + 1
            np.minimum(cost, above[j] + (letter != char), out=cost)
            if i and j:
                swapped = (letter == wanted[j - 1]) & (table[:, i - 1] == char)
                np.minimum(cost, np.where(swapped, before[j - 1] + 1, np.int16(32767)), out=cost)
            row[j + 1] = cost
        before = above
        result = np.where(sizes == i + 1, row[-1], result)
    return result
