"""What one sentence leaves open, the others of the article settle: occurrences of a word lend each other evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from archive.entities.decode import TYPES, Decoder, TokenSpan
from archive.entities.tokens import Tokens

Floats = npt.NDArray[np.float32]
SHARE = 0.85  # how much of a lone word's evidence comes from its other occurrences
_FLOOR = 1e-4
# What an occurrence weighs as evidence, by the part of a name it was first taken for.
_LONE, _SURNAME, _FORENAME, _SENTENCE_START = 1.0, 2.0, 0.5, 0.3


def agree(tokens: Tokens, probabilities: Floats, names: Sequence[TokenSpan], decoder: Decoder) -> Floats:
    """New probabilities: each capitalised word that stands alone moves towards what the whole article says of it.

    `names` are those of a first reading. Words inside longer names keep their probabilities, but a person's surname
    and first name count as evidence for the same word alone ("Larry Krasner … Krasner").
    """
    words = tokens.words
    evidence = _evidence(tokens, names)
    counts = Counter([words[index] for index, _, _ in evidence])
    numbers = {word: number for number, word in enumerate(word for word, count in counts.items() if count > 1)}
    if not numbers:
        return probabilities
    evidence = [row for row in evidence if words[row[0]] in numbers]
    places = np.array([index for index, _, _ in evidence])
    weights = np.array([weight for _, weight, _ in evidence])
    groups = np.array([numbers[words[index]] for index, _, _ in evidence])
    masses = decoder.masses(probabilities[places]).astype(np.float64)
    totals = np.zeros((len(numbers), len(TYPES)))
    np.add.at(totals, groups, masses * weights[:, None])
    shared = totals[groups] / np.bincount(groups, weights)[groups, None]
    factors = ((1 - SHARE) * masses + SHARE * shared + _FLOOR) / (masses + _FLOOR)
    changing = np.flatnonzero([alone for _, _, alone in evidence])
    rows = places[changing]
    moved = probabilities[rows] * factors[changing][:, decoder.types]
    changed = probabilities.copy()
    changed[rows] = moved / moved.sum(axis=1, keepdims=True)
    return changed


def _evidence(tokens: Tokens, names: Sequence[TokenSpan]) -> list[tuple[int, float, bool]]:
    """Capitalised words that are evidence: (index, weight, stands alone)."""
    words = tokens.words
    inside = {index: name for name in names for index in range(name.start, name.end)}
    firsts = set(tokens.sentences)
    found: list[tuple[int, float, bool]] = []
    for index in [index for index, word in enumerate(words) if word[0].isupper()]:
        name = inside.get(index)
        if name is None:
            found.append((index, _SENTENCE_START if index in firsts else _LONE, True))
        elif name.end - name.start == 1:
            found.append((index, _LONE, True))
        elif name.type == "PER":
            found.append((index, _SURNAME if index == name.end - 1 else _FORENAME, False))
    return found
