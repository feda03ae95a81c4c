"""Label probabilities → names: the most probable labels that fit together, sentence by sentence.

Labels are O and B-, I-, L-, U- of each type (begin, inside, last, unit): Ratinov and Roth 2009.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from archive.entities.tokens import Tokens

Floats = npt.NDArray[np.float32]
TYPES = ("", "PER", "LOC", "ORG", "MISC")  # "" is no name
_NEVER = np.float32(-1e9)


@dataclass(frozen=True, slots=True)
class Name:
    """A name at tokens [start, end); `type` is PER, LOC, ORG or MISC, `score` how sure, in (0, 1]."""

    type: str
    start: int
    end: int
    score: float = 1.0


class Decoder:
    """Knows which label may follow which."""

    def __init__(self, labels: Sequence[str]) -> None:
        self.labels = list(labels)
        self.types = np.array([TYPES.index(label[2:]) for label in labels])
        free = np.array([label == "O" for label in labels])
        opens = np.array([label[0] in "OBU" for label in labels])
        closes = np.array([label[0] in "OLU" for label in labels])
        same = (self.types[:, None] == self.types[None, :]) & ~free[:, None]
        self.follows = np.where(closes[:, None], opens[None, :], ~opens[None, :] & same)
        self._opens, self._closes = opens, closes
        self._steps = np.where(self.follows, np.float32(0), _NEVER)

    def masses(self, probabilities: Floats) -> Floats:
        """For each token the probability of each of TYPES."""
        return np.stack([probabilities[:, self.types == kind].sum(axis=1) for kind in range(len(TYPES))], axis=1)

    def names(self, tokens: Tokens, probabilities: Floats) -> list[Name]:
        """The names in all sentences, sorted."""
        best = probabilities.argmax(axis=1)
        # Where the best labels of a sentence fit together, no other path can be better.
        broken = np.zeros(len(best) + 1, bool)
        broken[1:-1] = ~self.follows[best[:-1], best[1:]]
        begins = np.asarray(tokens.sentences, np.intp)
        broken[begins] = False
        lasts = np.append(begins[1:], len(best)) - 1
        wrong = np.add.reduceat(broken[:-1], begins, dtype=np.intp) > 0
        wrong |= ~self._opens[best[begins]] | ~self._closes[best[lasts]]
        for sentence in np.flatnonzero(wrong).tolist():
            for begin, end in _runs(best, int(begins[sentence]), int(lasts[sentence]) + 1):
                best[begin:end] = self._path(probabilities[begin:end])
        return self._spell(best, self.masses(probabilities))

    def _path(self, probabilities: Floats) -> list[int]:
        """The most probable labels of one sentence that fit together (Viterbi)."""
        scores = np.log(probabilities + np.float32(1e-6))
        value = np.where(self._opens, scores[0], _NEVER)
        back = np.zeros(scores.shape, np.intp)
        for index in range(1, len(scores)):
            ways = value[:, None] + self._steps
            back[index] = ways.argmax(axis=0)
            value = ways.max(axis=0) + scores[index]
        label = int(np.where(self._closes, value, 2 * _NEVER).argmax())
        path = [label]
        for index in range(len(scores) - 1, 0, -1):
            label = int(back[index, label])
            path.append(label)
        return path[::-1]

    def _spell(self, best: npt.NDArray[np.intp], masses: Floats) -> list[Name]:
        names: list[Name] = []
        start = -1
        for index in np.flatnonzero(best).tolist():
            label = self.labels[best[index]]
            if label[0] in "BU":
                start = index
            if label[0] in "LU":
                kind = TYPES.index(label[2:])
                names.append(Name(label[2:], start, index + 1, float(masses[start : index + 1, kind].min())))
        return names


def _runs(best: npt.NDArray[np.intp], begin: int, end: int) -> list[tuple[int, int]]:
    """The parts of a sentence in which labels other than O stand close together, each with a word to either side."""
    marked = np.flatnonzero(best[begin:end]) + begin
    parts = np.split(marked, np.flatnonzero(np.diff(marked) > 3) + 1)
    return [(max(begin, int(part[0]) - 1), min(end, int(part[-1]) + 2)) for part in parts]
