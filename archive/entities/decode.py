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
_NEVER = -1e9


@dataclass(frozen=True, slots=True)
class TokenSpan:
    """A name at tokens [start, end); `type` is PER, LOC, ORG or MISC, `score` how sure, in (0, 1]."""

    type: str
    start: int
    end: int
    score: float = 1.0


class Decoder:
    """Knows which label may follow which."""

    def __init__(self, labels: Sequence[str]) -> None:
        self.labels = list(labels)
        self._free = self.labels.index("O")
        self.types = np.array([TYPES.index(label[2:]) for label in labels])
        free = np.array([label == "O" for label in labels])
        opens = np.array([label[0] in "OBU" for label in labels])
        closes = np.array([label[0] in "OLU" for label in labels])
        same = (self.types[:, None] == self.types[None, :]) & ~free[:, None]
        self.follows = np.where(closes[:, None], opens[None, :], ~opens[None, :] & same)
        self._opens, self._closes = opens, closes
        self._columns = [np.flatnonzero(self.types == kind) for kind in range(len(TYPES))]
        self._same = (self.types[:, None] == self.types[None, :]).astype(np.float32)
        ways: dict[tuple[int, ...], list[int]] = {}
        for label in range(len(labels)):
            ways.setdefault(tuple(np.flatnonzero(self.follows[:, label]).tolist()), []).append(label)
        self._ways = list(ways.items())  # labels that may come before, and those that may come after any of them

    def masses(self, probabilities: Floats) -> Floats:
        """For each token the probability of each of TYPES."""
        return np.stack([probabilities[:, columns].sum(axis=1) for columns in self._columns], axis=1)

    def names(
        self, tokens: Tokens, probabilities: Floats, paths: dict[bytes, list[int]] | None = None
    ) -> list[TokenSpan]:
        """The names in all sentences, sorted. `paths` keeps what is worked out, for a second reading of most of it."""
        paths = {} if paths is None else paths
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
                run = probabilities[begin:end]
                known = run.tobytes()
                if known not in paths:
                    paths[known] = self._path(run)
                best[begin:end] = paths[known]
        return self._spell(best, probabilities)

    def _path(self, probabilities: Floats) -> list[int]:
        """The most probable labels of one sentence that fit together (Viterbi)."""
        scores: list[list[float]] = np.log(probabilities + np.float32(1e-6)).tolist()
        value = [score if may else _NEVER for score, may in zip(scores[0], self._opens, strict=True)]
        back: list[list[int]] = []
        for row in scores[1:]:
            before = [0] * len(row)
            for earlier, labels in self._ways:
                best = max(earlier, key=value.__getitem__)
                for label in labels:
                    before[label] = best
            back.append(before)
            value = [value[label] + score for label, score in zip(before, row, strict=True)]
        path = [max(np.flatnonzero(self._closes).tolist(), key=value.__getitem__)]
        for before in reversed(back):
            path.append(before[path[-1]])
        return path[::-1]

    def _spell(self, best: npt.NDArray[np.intp], probabilities: Floats) -> list[TokenSpan]:
        places = np.flatnonzero(best != self._free)
        masses: list[float] = (probabilities[places] * self._same[best[places]]).sum(axis=1).tolist()
        names: list[TokenSpan] = []
        first = 0
        for index, (place, label) in enumerate(zip(places.tolist(), best[places].tolist(), strict=True)):
            part, kind = self.labels[label][0], self.labels[label][2:]
            if part in "BU":
                first = index
            if part in "LU":
                score = min(masses[first : index + 1])
                names.append(TokenSpan(kind, place - index + first, place + 1, score))
        return names


def _runs(best: npt.NDArray[np.intp], begin: int, end: int) -> list[tuple[int, int]]:
    """The parts of a sentence in which labels other than O stand close together, each with a word to either side."""
    runs: list[tuple[int, int]] = []
    for place in (np.flatnonzero(best[begin:end]) + begin).tolist():
        if runs and place - runs[-1][1] < 3:
            runs[-1] = (runs[-1][0], place + 1)
        else:
            runs.append((place, place + 1))
    return [(max(begin, first - 1), min(end, last + 1)) for first, last in runs]
