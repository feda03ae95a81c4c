"""The arithmetic that all shipped networks share: a window of five, dilated windows of three, one score a label.

The windows have residuals (Strubell et al. 2017, arXiv:1702.02098). Of places nobody asks for, no more is worked out
than what the others depend on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import cache
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt
from threadpoolctl import ThreadpoolController

from archive.entities.features import Ints
from archive.entities.tokens import Tokens

EDGE = 8  # rows of zeros on either side of a block: no step is longer
_WINDOW = (-2, -1, 0, 1, 2)
# The number of threads of the library that multiplies matrices is one for the whole process.
_ONE_AT_A_TIME = Lock()

Floats = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]


class Convolution:
    """The layers above the vectors. `labels` are O and B-, I-, L-, U- of each type."""

    def __init__(self, arrays: Any) -> None:
        self.labels: list[str] = lines(arrays["labels"])
        self.window: Floats = arrays["window"].astype(np.float32)
        self._place = arrays["place"].astype(np.float32)
        self.place_count = len(self._place)
        self._window_bias = arrays["window_bias"].astype(np.float32)
        steps = [int(step) for step in arrays["dilations"]]
        assert max(steps) <= EDGE
        self._layers = [
            # Weights of the place before, the place itself and the one after, below each other.
            (step, np.array([-step, 0, step]),
             np.concatenate(np.split(arrays[f"layer{n}"].astype(np.float32), 3, axis=1)),
             arrays[f"layer{n}_bias"].astype(np.float32))
            for n, step in enumerate(steps)
        ]  # fmt: skip
        self._out = arrays["out"].astype(np.float32)
        self._out_bias = arrays["out_bias"].astype(np.float32)

    def scored(self, parts: Floats, stream: Ints, given: Floats, wanted: Ints, mark: Floats | None = None) -> Floats:
        """The probabilities at the places `wanted` of the stream.

        `parts` are products with `window`, `stream` a row of them for each place, `given` the features of each place,
        `mark` what the language of the text adds everywhere.
        """
        size = len(stream)
        asked = np.zeros(size, bool)
        asked[wanted] = True
        needed = [wanted]
        for step, *_ in reversed(self._layers):
            asked = spread(asked, step)
            asked[:EDGE] = asked[size - EDGE :] = False
            needed.append(asked.nonzero()[0])
        hidden = np.zeros((size, len(self._window_bias)), np.float32)
        inside = needed.pop()
        hidden[inside] = self._windows(parts, stream, given, inside, mark)
        for _, offsets, weights, bias in self._layers:
            places = needed.pop()
            around = (places[:, None] + offsets).ravel()
            near = hidden.take(around, axis=0, mode="clip").reshape(len(places), -1)  # inside: faster than by index
            change: Floats = near @ weights
            change += bias
            np.maximum(change, 0, out=change)
            change += near[:, change.shape[1] : 2 * change.shape[1]]
            hidden[places] = change
        scores: Floats = hidden[wanted] @ self._out + self._out_bias
        return _softmax(scores)

    def _windows(self, parts: Floats, stream: Ints, given: Floats, places: Ints, mark: Floats | None) -> Floats:
        total: Floats = given[places] @ self._place
        total += self._window_bias
        if mark is not None:
            total += mark
        flat = parts.reshape(-1, total.shape[1])
        for column, step in enumerate(_WINDOW):
            rows = stream.take(places + step) * len(_WINDOW) + column
            total += flat.take(rows, axis=0, mode="clip")
        np.maximum(total, 0, out=total)
        return total


@contextmanager
def taking_turns() -> Iterator[None]:
    """One thread at a time multiplies, on one core: matrices this small are multiplied faster so than by several."""
    with _ONE_AT_A_TIME, nullcontext() if _has_one_thread() else _libraries().limit(limits=1):
        yield


@cache
def _has_one_thread() -> bool:
    """Whether there is nothing to limit, as in processes that only read: to look each time is 2 % of reading."""
    return all(library["num_threads"] == 1 for library in _libraries().info())


@cache
def _libraries() -> ThreadpoolController:
    return ThreadpoolController().select(user_api="blas")


def lines(array: Any) -> list[str]:
    """A text that is kept as an array of bytes, by lines."""
    return bytes(array).decode().split("\n")


def language_marks(arrays: Any) -> dict[str, Floats]:
    """What each language that a network can be told of adds at every place."""
    if "languages" not in arrays:
        return {}
    marks = arrays["language_marks"].astype(np.float32)
    return dict(zip(lines(arrays["languages"]), marks, strict=True))


def no_names(labels: Sequence[str], count: int) -> Floats:
    """Probabilities for `count` tokens of which none is a name."""
    found = np.zeros((count, len(labels)), np.float32)
    found[:, labels.index("O")] = 1
    return found


def stream_places(tokens: Tokens) -> tuple[Ints, int]:
    """Where the tokens are among the marks before sentences and the edges, and how many places there are."""
    order, marks = np.arange(len(tokens.words)), np.asarray(tokens.sentences, np.intp)
    own = order + np.searchsorted(marks, order, side="right") + EDGE
    return own, len(order) + len(marks) + 2 * EDGE


def spread(places: Bools, step: int) -> Bools:
    """The places that are one of `places`, or `step` before or after one."""
    found = places.copy()
    found[step:] |= places[:-step]
    found[:-step] |= places[step:]
    return found


def within(places: Bools, most: int) -> Bools:
    """The places that are one of `places`, or at most `most` before or after one."""
    for _ in range(most):
        places = spread(places, 1)
    return places


def _softmax(scores: Floats) -> Floats:
    scores -= scores.max(axis=1, keepdims=True)
    np.exp(scores, out=scores)
    scores /= scores.sum(axis=1, keepdims=True)
    return scores
