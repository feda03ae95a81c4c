"""What one sentence leaves open, the others of the article settle: occurrences of a word lend each other evidence."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from archive.entities.decode import TYPES, Decoder, Name
from archive.entities.tokens import Tokens

Floats = npt.NDArray[np.float32]
SHARE = 0.85  # how much of a lone word's evidence comes from its other occurrences
_FLOOR = 1e-4
# What an occurrence weighs as evidence, by the part of a name it was first taken for.
_LONE, _SURNAME, _FORENAME, _SENTENCE_START = 1.0, 2.0, 0.5, 0.3


def agree(tokens: Tokens, probabilities: Floats, names: Sequence[Name], decoder: Decoder) -> Floats:
    """New probabilities: each capitalised word that stands alone moves towards what the whole article says of it.

    `names` are those of a first reading. Words inside longer names keep their probabilities, but a person's surname
    and first name count as evidence for the same word alone ("Larry Krasner … Krasner").
    """
    masses = decoder.masses(probabilities).astype(np.float64)
    weights = _weights(tokens, names)
    totals: dict[str, tuple[npt.NDArray[np.float64], float]] = {}
    for index, (weight, _) in weights.items():
        total, sum_of_weights = totals.get(tokens.words[index], (np.zeros(len(TYPES)), 0.0))
        totals[tokens.words[index]] = (total + weight * masses[index], sum_of_weights + weight)
    changed = probabilities.copy()
    for index, (weight, alone) in weights.items():
        total, sum_of_weights = totals[tokens.words[index]]
        if alone and sum_of_weights > weight:
            wanted = (1 - SHARE) * masses[index] + SHARE * total / sum_of_weights
            changed[index] *= ((wanted + _FLOOR) / (masses[index] + _FLOOR))[decoder.types]
            changed[index] /= changed[index].sum()
    return changed


def _weights(tokens: Tokens, names: Sequence[Name]) -> dict[int, tuple[float, bool]]:
    """Capitalised words that are evidence: index → (weight, stands alone)."""
    inside = {index: name for name in names for index in range(name.start, name.end)}
    firsts = set(tokens.sentences)
    weights: dict[int, tuple[float, bool]] = {}
    for index, word in enumerate(tokens.words):
        if not word[0].isupper():
            continue
        name = inside.get(index)
        if name is None:
            weights[index] = (_SENTENCE_START if index in firsts else _LONE, True)
        elif name.end - name.start == 1:
            weights[index] = (_LONE, True)
        elif name.type == "PER":
            weights[index] = (_SURNAME if index == name.end - 1 else _FORENAME, False)
    return weights
