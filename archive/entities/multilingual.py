"""Articles in languages with spaces as the accurate recogniser's network reads them: runs of pieces.

A run is sentences that give each other context. The vocabulary has capitals, in many scripts. Training and production
share it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil

import numpy as np
import numpy.typing as npt

from archive.entities.tokens import Tokens
from archive.entities.unigram import Unigrams

SPECIAL = ("<s>", "</s>", "<unk>")  # the first of the vocabulary: what begins a run, what ends it, an unknown sign
_BEGIN, _END, UNKNOWN = range(3)
CONTEXT = 180  # pieces of sentences shown together
LONGEST = 254  # pieces of one run: longer sentences are cut
_LONGEST_WORD = 8  # pieces; the rest of a longer word is not read
MOST_WORDS = 50_000  # words whose pieces are remembered

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Run:
    """The number of each piece, and where the first piece of each word is."""

    pieces: Ints
    firsts: Ints


class PieceEncoder:
    """Knows the pieces. Several threads may use it at once."""

    def __init__(self, vocabulary: Sequence[str], scores: Sequence[float]) -> None:
        unigrams = Unigrams(vocabulary, scores, UNKNOWN)
        self._cut = lru_cache(MOST_WORDS)(lambda word, after_blank: unigrams.cut(word, after_blank)[:_LONGEST_WORD])

    def runs(self, tokens: Tokens) -> list[Tokens]:
        """See `runs_of`."""
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


def runs_of(tokens: Tokens, sizes: Sequence[int]) -> list[Tokens]:
    """The tokens in runs of whole sentences, about as long as each other and of at most CONTEXT pieces.

    A longer sentence is a run of its own; beyond LONGEST pieces it is cut. `sizes` has the pieces of each token.
    """
    parts = [part for begin, end in tokens.bounds() for part in _parts(sizes, begin, end)]
    total = sum(sizes)
    wanted = total / max(1, ceil(total / CONTEXT))
    found: list[Tokens] = []
    first = size = 0
    for begin, end in parts:
        more = sum(sizes[begin:end])
        if size and (size >= wanted or size + more > CONTEXT):
            found.append(_slice(tokens, first, begin))
            first, size = begin, 0
        size += more
    found.append(_slice(tokens, first, len(tokens.words)))
    return found


def _parts(sizes: Sequence[int], begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Words [begin, end) in parts of at most LONGEST pieces."""
    first = begin
    size = 0
    for index in range(begin, end):
        if size + sizes[index] > LONGEST:
            yield first, index
            first, size = index, 0
        size += sizes[index]
    yield first, end


def _slice(tokens: Tokens, begin: int, end: int) -> Tokens:
    starts = [0, *(start - begin for start in tokens.sentences if begin < start < end)]
    return Tokens(tokens.words[begin:end], tokens.starts[begin:end], starts)
