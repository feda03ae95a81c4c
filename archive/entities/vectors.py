"""A vector for every word: the sum of its attributes' vectors and of a projection of its pieces (first, last, mean).

A word's vector is worked out once and kept. It is the same in whatever company it is worked out: every sum is over the
numbers of one word in their order, but for the products of matrices, which are of whole numbers so small that they
are exact in any order. Not for several threads at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from archive.entities.convolution import Floats, lines
from archive.entities.features import Ints, cases, fold
from archive.entities.gazetteer import Gazetteer

MARK = "</s>"  # the attribute of the mark before a sentence, which has row 0
MOST_WORDS = 20_000  # vectors kept at once: 10 MB; then the store begins anew
AT_ONCE = 1000  # words that may be asked for at once: what fits the cache of a processor, for any text
_BATCH = 256
# The projection is counted in this unit. Its columns sum up to less than eight a part, so that 128 products with
# numbers of pieces (below 2^7) stay below 2^24, to which a float adds whole numbers without loss.
UNIT = 2.0**-14


class WordLore(Protocol):
    """What is known of words before a text is read, in one language or many. `model` is the file of the network."""

    @property
    def model(self) -> str: ...

    @property
    def gazetteer(self) -> Gazetteer: ...

    def attributes(self, word: str) -> list[str]:
        """Everything the model may know of `word` alone."""

    def pieces(self, word: str, vocabulary: Mapping[str, int]) -> list[int]:
        """Numbers of the known pieces of `word`, none where it cannot be cut."""

    def marked(self, word: str) -> bool:
        """Whether a word can be a name, or join the words of one."""

    def beforehand(self, attributes: Sequence[str]) -> tuple[int, list[str]]:
        """How many words are frequent, and those words, followed by others whose vectors are worked out beforehand.

        `attributes` are the model's.
        """


class WordVectors:
    """The words that are known by now. `vectors`, `low` (folded forms), `cases` and `marked` have a row for each.

    `cases` are those of features.cases, `marked` is WordLore.marked.
    """

    def __init__(self, arrays: Any, lore: WordLore) -> None:
        self._lore = lore
        self._attributes = {name: row for row, name in enumerate(lines(arrays["attributes"]))}
        self._pieces = {name: row for row, name in enumerate(lines(arrays["pieces"]))}
        self._attribute_vectors = Table(arrays, "attribute_vectors")
        self._piece_vectors = Table(arrays, "piece_vectors")
        # Of every piece (for the mean), of the first and of the last.
        parts = np.split(np.rint(arrays["projection"].astype(np.float32) / UNIT), 3)
        self._every, self._first, self._last = parts
        self._bias = arrays["projection_bias"].astype(np.float32)
        # Memory that is not used yet costs nothing.
        size = MOST_WORDS + AT_ONCE
        self.vectors: Floats = np.zeros((size, len(self._bias)), np.float32)
        self.cases: Ints = np.zeros((size, 3), np.intp)
        self.marked = np.zeros(size, bool)
        self.vectors[0] = np.maximum(self._attribute_vectors.rows([self._attributes[MARK]])[0] + self._bias, 0)
        self._rows: dict[str, int] = {}
        self.low = [MARK]
        frequent, beforehand = lore.beforehand(list(self._attributes))
        for begin in range(0, len(beforehand), _BATCH):
            self._learn(beforehand[begin : begin + _BATCH])
        self._frequent, self._beforehand = 1 + frequent, beforehand

    @property
    def frequent(self) -> int:
        """How many rows are always there, and always the same: the mark and the most frequent words."""
        return self._frequent

    def rows(self, words: Sequence[str]) -> list[int]:
        """The row of each of at most AT_ONCE words. Rows told before may mean others now, but for the frequent ones."""
        if len(self._rows) > MOST_WORDS:
            self._forget()
        known = self._rows
        try:
            return list(map(known.__getitem__, words))
        except KeyError:
            self._learn([word for word in dict.fromkeys(words) if word not in known])
            return list(map(known.__getitem__, words))

    def _forget(self) -> None:
        """All but the words of beforehand, whose rows are the first."""
        self._rows = {word: row for row, word in enumerate(self._beforehand, start=1)}
        del self.low[1 + len(self._beforehand) :]

    def _learn(self, words: Sequence[str]) -> None:
        """Work out the vectors of new words and keep them."""
        first, last = len(self.low), len(self.low) + len(words)
        known, flat, starts = self._attributes.get, list[int](), list[int]()
        for word in words:
            starts.append(len(flat))
            flat += [row for row in map(known, self._lore.attributes(word)) if row is not None]
        self._rows.update(zip(words, range(first, last), strict=True))
        self.low += map(fold, words)
        sums = np.add.reduceat(self._attribute_vectors.rows(flat), starts, axis=0)
        self._add_pieces(sums, words)
        sums += self._bias
        np.maximum(sums, 0, out=self.vectors[first:last])
        self.cases[first:last] = [cases(word) for word in words]
        self.marked[first:last] = list(map(self._lore.marked, words))

    def _add_pieces(self, sums: Floats, words: Sequence[str]) -> None:
        """Adds the projection of the mean, the first and the last of each word's pieces; nothing where it has none."""
        flat, starts, places = list[int](), list[int](), list[int]()
        for place, word in enumerate(words):
            found = self._lore.pieces(word, self._pieces)
            if found:
                places.append(place)
                starts.append(len(flat))
                flat += found
        if not flat:
            return
        ends = np.array([*starts[1:], len(flat)])
        found_pieces = self._piece_vectors.numbers[flat].astype(np.float32)
        steps = self._piece_vectors.steps[flat, None] * np.float32(UNIT)
        change = np.add.reduceat((found_pieces @ self._every) * steps, starts, axis=0)
        change /= (ends - starts)[:, None]
        change += (found_pieces[starts] @ self._first) * steps[starts]
        change += (found_pieces[ends - 1] @ self._last) * steps[ends - 1]
        sums[places] += change


class Table:
    """Rows of floats, kept as small whole numbers of a step per row."""

    def __init__(self, arrays: Any, name: str) -> None:
        self.numbers: npt.NDArray[np.int8] = arrays[name]
        self.steps: Floats = arrays[f"{name}_step"].astype(np.float32)

    def rows(self, numbers: list[int]) -> Floats:
        wide: Floats = self.numbers[numbers] * self.steps[numbers, None]
        return wide
