"""Articles in Chinese, Japanese, Korean and Thai as the accurate recogniser's network reads them: runs of pieces.

As multilingual.py, but that each of a piece's signs has its own labels, so that a name may begin or end within a piece.
Training and production share it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from archive.entities.multilingual import LONGEST, MOST_WORDS, SPECIAL, Ints, Run, runs_of
from archive.entities.tokens import Tokens
from archive.entities.unigram import WORD_START, Unigrams

PLACES = 6  # of signs of a piece that have labels of their own; the signs of a longer one share the last
_LONGEST = 40  # signs that are cut into pieces together
_SPLIT = 24  # … from how many on one that is no letter is the last


class SignEncoder:
    """Knows the pieces, among which SPECIAL is. Several threads may use it at once."""

    def __init__(self, vocabulary: Sequence[str], scores: Sequence[float]) -> None:
        numbers = {name: number for number, name in enumerate(vocabulary)}
        self._begin, self._end, unknown = (numbers[name] for name in SPECIAL)
        unigrams = Unigrams(vocabulary, scores, unknown)
        self._lengths = [len(name.removeprefix(WORD_START)) for name in vocabulary]
        self._lengths[unknown] = 1
        self._cut = lru_cache(MOST_WORDS)(unigrams.cut)

    def runs(self, tokens: Tokens) -> list[Tokens]:
        """See `multilingual.runs_of`."""
        owners = self._pieces(tokens)[1]
        return runs_of(tokens, np.diff(owners, prepend=-1).tolist())

    def encode(self, run: Tokens) -> Run:
        """What a run of one sign or more is to the network; `firsts` are rows of labels: PLACES for each piece."""
        numbers, owners = self._pieces(run)
        # A run that begins within a sentence can be cut into more pieces than where the text was cut as a whole.
        numbers, pieces = numbers[:LONGEST], np.minimum(owners, LONGEST - 1) + 1
        return Run(np.array([self._begin, *numbers, self._end], np.int64), pieces * PLACES + places(pieces))

    def _pieces(self, tokens: Tokens) -> tuple[list[int], list[int]]:
        """The numbers of the pieces, and which of them covers each sign."""
        numbers, owners = list[int](), list[int]()
        for begin, end, after_blank in _segments(tokens):
            signs = [unicodedata.normalize("NFKC", sign) for sign in tokens.words[begin:end]]
            text = "".join(signs)
            if unicodedata.normalize("NFKC", text) != text:  # some signs became one: each counts for itself
                signs = [sign[:1] for sign in tokens.words[begin:end]]
                text = "".join(signs)
            found = self._cut(text, after_blank)
            ends = np.cumsum([self._lengths[number] for number in found])
            firsts = np.cumsum([0, *map(len, signs[:-1])])
            # A sign belongs to the piece that has its first letter, one beyond what is read to the last.
            own = np.minimum(np.searchsorted(ends, firsts, side="right"), len(found) - 1)
            owners += (own + len(numbers)).tolist()
            numbers += found
        return numbers, owners


def places(pieces: npt.NDArray[np.int64]) -> Ints:
    """Which of its piece's signs each is, at most PLACES - 1; `pieces` has the piece of each sign."""
    order = np.arange(len(pieces))
    opens = np.append(True, pieces[1:] != pieces[:-1])
    found: Ints = np.minimum(order - np.maximum.accumulate(np.where(opens, order, 0)), PLACES - 1)
    return found


def _segments(tokens: Tokens) -> Iterator[tuple[int, int, bool]]:
    """Signs without a gap between them: the first, the one after the last, whether there is a gap before."""
    starts, begin, blank = tokens.starts, 0, True
    for index in range(1, len(starts) + 1):
        gap = index == len(starts) or starts[index] != starts[index - 1] + 1
        size = index - begin
        if gap or size == _LONGEST or (size >= _SPLIT and not tokens.words[index - 1].isalnum()):
            yield begin, index, blank
            begin, blank = index, gap
