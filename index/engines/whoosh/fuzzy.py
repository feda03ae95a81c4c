"""Which of many terms are within one or two edits of a word: the recurrence of the distance, over all terms at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.engines.whoosh.arrays import ENCODING, ERRORS
from index.engines.whoosh.packing import Array


def within(terms: Sequence[bytes], word: str, edits: int) -> list[tuple[int, int]]:
    """(place in `terms`, distance) of each term at most `edits` from `word`, by index.edits.distance."""
    if not terms:
        return []
    decoded = [term.decode(ENCODING, ERRORS) for term in terms]
    sizes = np.fromiter(map(len, decoded), np.int64, len(decoded))
    places = np.flatnonzero(np.abs(sizes - len(word)) <= edits)
    if not len(places):
        return []
    distances = _distances([decoded[place] for place in places.tolist()], sizes[places], word)
    near = distances <= edits
    return list(zip(places[near].tolist(), distances[near].tolist(), strict=True))


def _distances(terms: Sequence[str], sizes: Array, word: str) -> Array:
    """Optimal string alignment distance of each term to `word`; one row of the table a character of the terms."""
    longest = int(sizes.max())
    letters = np.frombuffer(
        "".join(term.ljust(longest, "\0") for term in terms).encode("utf-32-le", ERRORS), "<u4"
    ).reshape(len(terms), longest)
    wanted = [ord(char) for char in word]
    row = np.repeat(np.arange(len(word) + 1, dtype=np.int16)[:, None], len(terms), axis=1)
    before = row
    result: Array = row[-1].copy()
    for i in range(longest):
        letter = letters[:, i]
        above, row = row, np.empty_like(row)
        row[0] = i + 1
        for j, char in enumerate(wanted):
            cost = np.minimum(above[j + 1], row[j]) + 1
            np.minimum(cost, above[j] + (letter != char), out=cost)
            if i and j:
                swapped = (letter == wanted[j - 1]) & (letters[:, i - 1] == char)
                np.minimum(cost, np.where(swapped, before[j - 1] + 1, np.int16(32767)), out=cost)
            row[j + 1] = cost
        before = above
        result = np.where(sizes == i + 1, row[-1], result)
    return result
