"""The shipped model: a small convolutional network over the words of an article, computed with numpy.

The article is one stream of word vectors (vectors.py) with a mark before each sentence; a window of five words, then
dilated windows of three with residuals (Strubell et al. 2017, arXiv:1702.02098), then one score a label. Only words
beside a capital or a hyphen can be part of a name: of the others no more is worked out than what those depend on.

The same text gives the same numbers, whatever was read before, and in any thread: threads take turns.
"""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt
from threadpoolctl import ThreadpoolController

from archive.entities.features import Ints, Lexicon, place_features
from archive.entities.tokens import Tokens, blocks
from archive.entities.vectors import AT_ONCE, MARK, WordVectors, lines

__all__ = ["MARK", "MODEL_FILE", "Network"]

MODEL_FILE = "names.npz"
NEAR = 1  # words from a capital or hyphen within which a word may be part of a name: measured, farther finds less
_WINDOW = (-2, -1, 0, 1, 2)
_EDGE = 8  # rows of zeros on either side of a block: no step is longer

Floats = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]
# The number of threads of the library that multiplies matrices is one for the whole process.
_ONE_AT_A_TIME = Lock()


class Network:
    """Scores for the labels of every word. `labels` are O and B-, I-, L-, U- of each type."""

    def __init__(self, folder: Path, lexicon: Lexicon) -> None:
        # Matrices this small are multiplied faster by one core than by several that wait for each other.
        self._libraries = ThreadpoolController().select(user_api="blas")
        self._gazetteer = lexicon.gazetteer
        with np.load(folder / MODEL_FILE) as arrays, _ONE_AT_A_TIME, self._libraries.limit(limits=1):
            self._words = WordVectors(arrays, lexicon)
            self._read(arrays)

    def _read(self, arrays: Any) -> None:
        self.labels: list[str] = lines(arrays["labels"])
        self._free = self.labels.index("O")
        self._place = arrays["place"].astype(np.float32)
        self._window = arrays["window"].astype(np.float32)
        self._window_bias = arrays["window_bias"].astype(np.float32)
        steps = [int(step) for step in arrays["dilations"]]
        assert max(steps) <= _EDGE
        self._layers = [
            # Weights of the word before, the word itself and the one after, below each other.
            (step, np.concatenate(np.split(arrays[f"layer{n}"].astype(np.float32), 3, axis=1)),
             arrays[f"layer{n}_bias"].astype(np.float32))
            for n, step in enumerate(steps)
        ]  # fmt: skip
        self._out = arrays["out"].astype(np.float32)
        self._out_bias = arrays["out_bias"].astype(np.float32)
        # What each word adds to its five neighbours: for the frequent words once and for all, then those of a block,
        # and a row of zeros for what is beyond the edges.
        always = self._words.frequent
        self._parts = np.zeros((always + AT_ONCE + 1, self._window.shape[1]), np.float32)
        np.matmul(self._words.vectors[:always], self._window, out=self._parts[:always])
        self._where = np.arange(len(self._words.vectors))  # a word's row in _parts; of rare ones, in this block

    def probabilities(self, tokens: Tokens) -> Floats:
        """For each token the probability of each label. Long texts are read in blocks of whole sentences."""
        found = np.zeros((len(tokens.words), len(self.labels)), np.float32)
        found[:, self._free] = 1
        begin = 0
        with _ONE_AT_A_TIME, self._libraries.limit(limits=1):
            for block in blocks(tokens, AT_ONCE):
                self._block(block, found[begin : begin + len(block.words)])
                begin += len(block.words)
        return found

    def _block(self, tokens: Tokens, found: Floats) -> None:
        """Sets the rows of `found` for words that may be part of a name."""
        words, count = self._words, len(tokens.words)
        numbers = words.rows(tokens.words)
        rows, marks = np.array(numbers, np.intp), np.asarray(tokens.sentences, np.intp)
        order = np.arange(count)
        own = order + np.searchsorted(marks, order, side="right") + _EDGE  # where the words are among the marks
        size = count + len(marks) + 2 * _EDGE
        near = _spread(np.flatnonzero(words.marked[rows]), NEAR, count)
        if not near.any():
            return
        lower = [words.low[number] for number in numbers]
        places, features = place_features(tokens, words.cases[rows], lower, self._gazetteer)
        given = np.zeros((size, len(self._place)), np.float32)
        given[own[places], features] = 1
        stream = np.full(size, len(self._parts) - 1)
        stream[_EDGE : size - _EDGE] = 0  # the mark's row
        stream[own] = self._prepared(rows, numbers)
        found[near] = self._scored(stream, given, own[near])

    def _prepared(self, rows: Ints, numbers: list[int]) -> Ints:
        """Rows of _parts for rows of words; those of words that are not frequent are worked out, in order."""
        always = self._words.frequent
        rare = list(dict.fromkeys([number for number in numbers if number >= always]))
        if rare:
            end = always + len(rare)
            np.matmul(self._words.vectors[rare], self._window, out=self._parts[always:end])
            self._where[rare] = np.arange(always, end)
        return self._where[rows]

    def _scored(self, stream: Ints, given: Floats, wanted: Ints) -> Floats:
        """The probabilities at the places `wanted` of the stream."""
        size = len(stream)
        needed = [wanted]
        for step, _, _ in reversed(self._layers):
            needed.append(_spread_by(needed[-1], step, size))
        hidden = np.zeros((size, self._window.shape[0]), np.float32)
        inside = needed.pop()
        hidden[inside] = self._windows(stream, given, inside)
        for step, weights, bias in self._layers:
            places = needed.pop()
            around = np.add.outer(places, (-step, 0, step)).ravel()
            near = hidden.take(around, axis=0, mode="clip").reshape(len(places), -1)  # inside: faster than by index
            change: Floats = near @ weights
            change += bias
            np.maximum(change, 0, out=change)
            change += near[:, change.shape[1] : 2 * change.shape[1]]
            hidden[places] = change
        scores: Floats = hidden[wanted] @ self._out + self._out_bias
        return _softmax(scores)

    def _windows(self, stream: Ints, given: Floats, places: Ints) -> Floats:
        total: Floats = given[places] @ self._place
        total += self._window_bias
        parts = self._parts.reshape(-1, total.shape[1])
        for column, step in enumerate(_WINDOW):
            rows = stream.take(places + step) * len(_WINDOW) + column
            total += parts.take(rows, axis=0, mode="clip")
        np.maximum(total, 0, out=total)
        return total


def _spread(places: Ints, reach: int, size: int) -> Bools:
    """Which of `size` places are at most `reach` from one of `places`."""
    found = np.zeros(size + 2 * reach, bool)
    for step in range(2 * reach + 1):
        found[places + step] = True
    return found[reach : size + reach]


def _spread_by(places: Ints, step: int, size: int) -> Ints:
    """The places that are one of `places`, or `step` before or after one, but for those of the edges."""
    found = np.zeros(size, bool)
    for offset in (-step, 0, step):
        found[places + offset] = True
    return np.flatnonzero(found[_EDGE : size - _EDGE]) + _EDGE


def _softmax(scores: Floats) -> Floats:
    scores -= scores.max(axis=1, keepdims=True)
    np.exp(scores, out=scores)
    scores /= scores.sum(axis=1, keepdims=True)
    return scores
