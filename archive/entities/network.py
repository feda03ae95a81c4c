"""The shipped model: a small convolutional network over the words of an article, computed with numpy.

A word's vector is the sum of its attributes' vectors and of a projection of its pieces (first, last, mean); it is
worked out once per word and kept. The article is one stream of vectors with a mark before each sentence; a window of
five words, then dilated windows of three with residuals (Strubell et al. 2017, arXiv:1702.02098), then one score a
label.

Not for several threads at once: each takes its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from threadpoolctl import ThreadpoolController

from archive.entities.features import Ints, Lexicon, attributes, cases, fold, place_features
from archive.entities.pieces import pieces
from archive.entities.tokens import Tokens, blocks

MODEL_FILE = "names.npz"
MARK = "</s>"  # the attribute of the mark before a sentence
FREQUENT = 7  # binary magnitude of use from which a word is worked out beforehand
_AT_ONCE = 256
MOST_WORDS = 24_000  # vectors kept at once: 12 MB; then the store begins anew
BLOCK = 1500  # tokens read at once: what fits the processor's cache, and bounds the memory for any text

Floats = npt.NDArray[np.float32]


class Network:
    """Scores for the labels of every word. `labels` are O and B-, I-, L-, U- of each type."""

    def __init__(self, folder: Path, lexicon: Lexicon) -> None:
        # Matrices this small are multiplied faster by one core than by several that wait for each other.
        self._libraries = ThreadpoolController().select(user_api="blas")
        with np.load(folder / MODEL_FILE) as arrays:
            self._read(arrays)
        self._lexicon = lexicon
        with self._libraries.limit(limits=1):
            self._forget()

    def _read(self, arrays: Any) -> None:
        self.labels: list[str] = _lines(arrays["labels"])
        self._attributes = {name: row for row, name in enumerate(_lines(arrays["attributes"]))}
        self._pieces = {name: row for row, name in enumerate(_lines(arrays["pieces"]))}
        self._attribute_vectors = _Table(arrays, "attribute_vectors")
        self._piece_vectors = _Table(arrays, "piece_vectors")
        self._projection = arrays["projection"].astype(np.float32)
        self._projection_bias = arrays["projection_bias"].astype(np.float32)
        self._place = arrays["place"].astype(np.float32)
        self._window = arrays["window"].astype(np.float32)
        self._window_bias = arrays["window_bias"].astype(np.float32)
        self._dilations = [int(step) for step in arrays["dilations"]]
        self._layers = [arrays[f"layer{n}"].astype(np.float32) for n in range(len(self._dilations))]
        self._layer_biases = [arrays[f"layer{n}_bias"].astype(np.float32) for n in range(len(self._dilations))]
        self._out = arrays["out"].astype(np.float32)
        self._out_bias = arrays["out_bias"].astype(np.float32)

    def _forget(self) -> None:
        self._rows: dict[str, int] = {}
        self._low = [MARK]
        mark = self._attribute_vectors.rows([self._attributes[MARK]]) + self._projection_bias
        self._vectors: Floats = np.maximum(mark, 0)
        self._cases: Ints = np.zeros((1, 3), np.intp)
        frequent = [word for word, code in self._lexicon.background.items() if code & 15 >= FREQUENT]
        for begin in range(0, len(frequent), _AT_ONCE):
            self._learn(frequent[begin : begin + _AT_ONCE])

    def probabilities(self, tokens: Tokens) -> Floats:
        """For each token the probability of each label. Long texts are read in blocks of whole sentences."""
        if not tokens.words:
            return np.zeros((0, len(self.labels)), np.float32)
        with self._libraries.limit(limits=1):
            return np.concatenate([self._block(block) for block in blocks(tokens, BLOCK)])

    def _block(self, tokens: Tokens) -> Floats:
        words = tokens.words
        rows = self._rows_of(words)
        marks = np.asarray(tokens.sentences, np.intp)
        order = np.arange(len(words))
        own = order + np.searchsorted(marks, order, side="right")  # where the words are among the marks
        lower = [self._low[row] for row in rows.tolist()]
        places, features = place_features(tokens, self._cases[rows], lower, self._lexicon.gazetteer)
        hidden = self._hidden(np.insert(rows, marks, 0), own[places], features)
        scores: Floats = hidden[own] @ self._out + self._out_bias
        return _softmax(scores)

    def _hidden(self, stream: Ints, places: Ints, features: Ints) -> Floats:
        width = self._window_bias.shape[0]
        parts = self._vectors[stream] @ self._window
        hidden: Floats = parts[:, 2 * width : 3 * width] + self._window_bias
        for column, step in enumerate((-2, -1, 0, 1, 2)):
            if step:
                _add_shifted(hidden, parts[:, column * width : (column + 1) * width], step)
        np.add.at(hidden, places, self._place[features])
        np.maximum(hidden, 0, out=hidden)
        for step, weights, bias in zip(self._dilations, self._layers, self._layer_biases, strict=True):
            parts = hidden @ weights
            change = parts[:, width : 2 * width] + bias
            _add_shifted(change, parts[:, :width], -step)
            _add_shifted(change, parts[:, 2 * width :], step)
            np.maximum(change, 0, out=change)
            hidden += change
        return hidden

    def _rows_of(self, words: Sequence[str]) -> Ints:
        known = self._rows
        if len(known) > MOST_WORDS:
            self._forget()
            known = self._rows
        missing = [word for word in dict.fromkeys(words) if word not in known]
        if missing:
            self._learn(missing)
        return np.fromiter(map(known.__getitem__, words), np.intp, len(words))

    def _learn(self, words: Sequence[str]) -> None:
        """Work out the vectors of new words and keep them."""
        flat: list[int] = []
        starts: list[int] = []
        for word in words:
            starts.append(len(flat))
            flat += [row for row in map(self._attributes.get, attributes(word, self._lexicon)) if row is not None]
            self._rows[word] = len(self._low)
            self._low.append(fold(word))
        sums = np.add.reduceat(self._attribute_vectors.rows(flat), starts, axis=0)
        sums += self._cut(words) @ self._projection + self._projection_bias
        np.maximum(sums, 0, out=sums)
        first, last = len(self._low) - len(words), len(self._low)
        if last > len(self._vectors):
            more = max(last - len(self._vectors), len(self._vectors))
            self._vectors = np.concatenate([self._vectors, np.zeros((more, sums.shape[1]), np.float32)])
            self._cases = np.concatenate([self._cases, np.zeros((more, 3), np.intp)])
        self._vectors[first:last] = sums
        self._cases[first:last] = [cases(word) for word in words]

    def _cut(self, words: Sequence[str]) -> Floats:
        """Mean, first and last of the vectors of each word's pieces, side by side; zeros where there are no pieces."""
        flat: list[int] = []
        starts: list[int] = []
        places: list[int] = []
        for place, word in enumerate(words):
            found = pieces(word, self._pieces)
            if found:
                places.append(place)
                starts.append(len(flat))
                flat += found
        width = self._piece_vectors.width
        shared = np.zeros((len(words), 3 * width), np.float32)
        if places:
            vectors = self._piece_vectors.rows(flat)
            ends = np.array([*starts[1:], len(flat)])
            shared[places, :width] = np.add.reduceat(vectors, starts, axis=0) / (ends - starts)[:, None]
            shared[places, width : 2 * width] = vectors[starts]
            shared[places, 2 * width :] = vectors[ends - 1]
        return shared


def _add_shifted(target: Floats, parts: Floats, step: int) -> None:
    """target[i] += parts[i + step] where that exists."""
    if step < 0:
        target[-step:] += parts[:step]
    else:
        target[:-step] += parts[step:]


def _softmax(scores: Floats) -> Floats:
    scores -= scores.max(axis=1, keepdims=True)
    np.exp(scores, out=scores)
    scores /= scores.sum(axis=1, keepdims=True)
    return scores


def _lines(array: Any) -> list[str]:
    return bytes(array).decode().split("\n")


class _Table:
    """Rows of floats, kept as small whole numbers of a step per row."""

    def __init__(self, arrays: Any, name: str) -> None:
        self._numbers = arrays[name]
        self._steps = arrays[f"{name}_step"].astype(np.float32)
        self.width = int(self._numbers.shape[1])

    def rows(self, numbers: list[int]) -> Floats:
        wide: Floats = self._numbers[numbers] * self._steps[numbers, None]
        return wide
