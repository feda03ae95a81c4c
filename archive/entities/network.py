"""The shipped models: small convolutional networks over the words of an article, computed with numpy.

The article is one stream of word vectors (vectors.py) with a mark before each sentence, through the layers of
convolution.py. Only words beside a capital, a letter of a script without capitals or a hyphen can be part of a name: of
the others no more is worked out than what those depend on.

The same text gives the same numbers, whatever was read before, and in any thread: threads take turns.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from archive.entities.convolution import (
    EDGE,
    Convolution,
    Floats,
    language_marks,
    no_names,
    stream_places,
    taking_turns,
    within,
)
from archive.entities.features import Ints, place_features
from archive.entities.tokens import Tokens, blocks
from archive.entities.vectors import AT_ONCE, MARK, WordLore, WordVectors

__all__ = ["MARK", "MODEL_FILE", "Network"]

MODEL_FILE = "names.npz"  # of English
NEAR = 1  # words from a capital or hyphen within which a word may be part of a name: measured, farther finds less


class Network:
    """Scores for the labels of every word. `labels` are O and B-, I-, L-, U- of each type.

    A network for many languages has `languages`, the codes whose marks it knows.
    """

    def __init__(self, folder: Path, lore: WordLore) -> None:
        self._gazetteer = lore.gazetteer
        with np.load(folder / lore.model) as arrays, taking_turns():
            self._words = WordVectors(arrays, lore)
            self._convolution = Convolution(arrays)
            self.labels = self._convolution.labels
            self.languages = language_marks(arrays)
        # What each word adds to its five neighbours: for the frequent words once and for all, then those of a block,
        # and a row of zeros for what is beyond the edges.
        always = self._words.frequent
        self._parts = np.zeros((always + AT_ONCE + 1, self._convolution.window.shape[1]), np.float32)
        np.matmul(self._words.vectors[:always], self._convolution.window, out=self._parts[:always])
        self._where = np.arange(len(self._words.vectors))  # a word's row in _parts; of rare ones, in this block

    def probabilities(self, tokens: Tokens, lang: str = "") -> Floats:
        """For each token the probability of each label. Long texts are read in blocks of whole sentences.

        `lang` is one of `languages`; any other is not told to the network.
        """
        found = no_names(self.labels, len(tokens.words))
        begin = 0
        with taking_turns():
            for block in blocks(tokens, AT_ONCE):
                self._block(block, found[begin : begin + len(block.words)], self.languages.get(lang))
                begin += len(block.words)
        return found

    def _block(self, tokens: Tokens, found: Floats, mark: Floats | None) -> None:
        """Sets the rows of `found` for words that may be part of a name."""
        words = self._words
        numbers = words.rows(tokens.words)
        rows = np.array(numbers, np.intp)
        near = within(words.marked[rows], NEAR).nonzero()[0]
        if not len(near):
            return
        own, size = stream_places(tokens)
        lower = list(map(words.low.__getitem__, numbers))
        places, features = place_features(tokens, words.cases[rows], lower, self._gazetteer)
        given = np.zeros((size, self._convolution.place_count), np.float32)
        given[own[places], features] = 1
        stream = np.full(size, len(self._parts) - 1)
        stream[EDGE : size - EDGE] = 0  # the mark's row
        stream[own] = self._prepared(rows, numbers)
        found[near] = self._convolution.scored(self._parts, stream, given, own[near], mark)

    def _prepared(self, rows: Ints, numbers: list[int]) -> Ints:
        """Rows of _parts for rows of words; those of words that are not frequent are worked out, in order."""
        always = self._words.frequent
        rare = list(dict.fromkeys([number for number in numbers if number >= always]))
        if rare:
            end = always + len(rare)
            np.matmul(self._words.vectors[rare], self._convolution.window, out=self._parts[always:end])
            self._where[rare] = np.arange(always, end)
        return self._where[rows]
