"""Articles in languages with spaces as the accurate recogniser's multilingual network reads them: runs of pieces.

As encoding.py, for a vocabulary with capitals in many scripts, and without marks. Training and production share it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from archive.entities.encoding import LONGEST_WORD, MOST_WORDS, Ints, runs_of
from archive.entities.tokens import Tokens
from archive.entities.unigram import Unigrams

SPECIAL = ("<s>", "</s>", "<unk>")  # the first of the vocabulary: what begins a run, what ends it, an unknown sign
_BEGIN, _END, UNKNOWN = range(3)


@dataclass(frozen=True, slots=True)
class Run:
    """The number of each piece, and where the first piece of each word is."""

    pieces: Ints
    firsts: Ints


class PieceEncoder:
    """Knows the pieces. Several threads may use it at once."""

    def __init__(self, vocabulary: Sequence[str], scores: Sequence[float]) -> None:
        unigrams = Unigrams(vocabulary, scores, UNKNOWN)
        self._cut = lru_cache(MOST_WORDS)(lambda word, after_blank: unigrams.cut(word, after_blank)[:LONGEST_WORD])

    def runs(self, tokens: Tokens) -> list[Tokens]:
        """See `encoding.runs_of`."""
        return runs_of(tokens, [len(found) for found in self._pieces(tokens)])

    def encode(self, run: Tokens) -> Run:
        """What a run of one word or more is to the network."""
        cut = self._pieces(run)
        ends = np.cumsum([len(found) for found in cut])
        numbers = [_BEGIN, *(number for found in cut for number in found), _END]
        return Run(np.array(numbers, np.int64), np.concatenate([[1], ends[:-1] + 1]))

    def _pieces(self, tokens: Tokens) -> list[list[int]]:
        """A word that follows the one before at once is cut otherwise than one after a blank."""
        found, end = [], -1
        for word, start in zip(tokens.words, tokens.starts, strict=True):
            found.append(self._cut(word, start != end))
            end = start + len(word)
        return found
