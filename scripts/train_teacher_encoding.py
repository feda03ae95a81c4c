"""Articles as the teacher of English reads them: runs of sentences that give each other context, as pieces and marks.

The pieces are uncased; what capitals tell, where sentences begin and in which lists a word stands is fed beside each
piece as marks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from archive.entities.gazetteer import Gazetteer
from archive.entities.multilingual import MOST_WORDS, Ints, runs_of
from archive.entities.pieces import pieces
from archive.entities.tokens import Tokens

BEGIN, END, UNKNOWN = "[CLS]", "[SEP]", "[UNK]"
LONGEST_WORD = 8  # pieces; the rest of a longer word is not read
# Marks: eight of case, then this one, then the lists: of the word, of a phrase's first word, of its other words.
_SENTENCE_START = 8

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Encoded:
    """A run: the number of each piece, the marks of each, and where the first piece of each word is."""

    pieces: Ints
    marks: Floats
    firsts: Ints


class Encoder:
    """Knows the pieces and the lists. Several threads may use it at once."""

    def __init__(self, vocabulary: Mapping[str, int], gazetteer: Gazetteer) -> None:
        self._vocabulary, self._gazetteer = vocabulary, gazetteer
        self._lists = len(gazetteer.lists)
        self.mark_count = _SENTENCE_START + 1 + 3 * self._lists
        self._cut = lru_cache(MOST_WORDS)(self._pieces)

    def runs(self, tokens: Tokens) -> list[Tokens]:
        """See `runs_of`."""
        return runs_of(tokens, [len(self._cut(word)) for word in tokens.words])

    def length(self, word: str) -> int:
        """How many pieces `word` is cut into."""
        return len(self._cut(word))

    def encode(self, run: Tokens) -> Encoded:
        """What a run of one word or more is to the network."""
        cut = [self._cut(word) for word in run.words]
        ends = np.cumsum([len(found) for found in cut])
        numbers = [self._vocabulary[BEGIN], *(number for found in cut for number in found), self._vocabulary[END]]
        firsts = np.concatenate([[1], ends[:-1] + 1])
        marks = np.zeros((len(numbers), self.mark_count), np.float32)
        marks[1:-1] = np.repeat(self._marks(run), np.diff(ends, prepend=0), axis=0)
        return Encoded(np.array(numbers, np.int64), marks, firsts)

    def _pieces(self, word: str) -> list[int]:
        return pieces(word, self._vocabulary)[:LONGEST_WORD] or [self._vocabulary[UNKNOWN]]

    def _marks(self, run: Tokens) -> Floats:
        marks = np.zeros((len(run.words), self.mark_count), np.float32)
        marks[np.arange(len(run.words)), [case(word) for word in run.words]] = 1
        marks[run.sentences, _SENTENCE_START] = 1
        lower = [word.lower() for word in run.words]
        capitals = [index for index, word in enumerate(run.words) if word[0].isupper()]
        for index in capitals:
            marks[index, self._bits(self._gazetteer.mask(lower[index]), 0)] = 1
        for start, end, mask in self._gazetteer.phrases(lower, capitals):
            marks[start, self._bits(mask, 1)] = 1
            for bit in self._bits(mask, 2):
                marks[start + 1 : end, bit] = 1
        return marks

    def _bits(self, mask: int, part: int) -> list[int]:
        begin = _SENTENCE_START + 1 + part * self._lists
        return [begin + bit for bit in range(self._lists) if mask >> bit & 1]


def case(word: str) -> int:
    """Which of eight uses of capitals and digits a word shows."""
    if word.islower():
        return 1
    if word.isupper():
        return 2 if len(word) > 1 else 3
    if word[0].isupper():
        return 4 if word[1:].islower() else 5
    if word[0].isdigit():
        return 6
    return 7 if any(sign.isupper() for sign in word) else 0
