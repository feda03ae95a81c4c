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


def alike(tokens: Tokens, probabilities: Floats, names: Sequence[TokenSpan], decoder: Decoder) -> list[TokenSpan]:
    """The names, those of several words wherever the article has them, as what all these places together say.

    There, parts of such a name and one that was taken for something else give way to it; what is part of a longer name
    stays so.
    """
    places = _places(tokens.words, names)
    if not places:
        return list(names)
    by_index = {index: name for name in names for index in range(name.start, name.end)}
    gone: set[TokenSpan] = set()
    more: list[TokenSpan] = []
    for size, starts in places:
        there = {start: {by_index[at] for at in range(start, start + size) if at in by_index} for start in starts}
        free = {
            start: inside
            for start, inside in there.items()
            if gone.isdisjoint(inside) and all(start <= name.start and name.end <= start + size for name in inside)
        }
        whole = [name for inside in free.values() for name in inside if name.end - name.start == size]
        kinds = {name.type for name in whole}
        if not whole or (len(kinds) == 1 and len(whole) == len(free)):
            continue
        rows = np.array([range(start, start + size) for start in free])
        votes = decoder.masses(probabilities[rows.ravel()]).reshape(*rows.shape, len(TYPES)).mean(axis=1).sum(axis=0)
        kind = max(kinds, key=lambda kind: (votes[TYPES.index(kind)], kind))
        score = max(name.score for name in whole if name.type == kind)
        for start, inside in free.items():
            gone |= inside
            more.append(TokenSpan(kind, start, start + size, score))
    return sorted([*(name for name in names if name not in gone), *more], key=lambda name: name.start)


def _places(words: Sequence[str], names: Sequence[TokenSpan]) -> list[tuple[int, list[int]]]:
    """Of names of several words that stand more than once: how many words, and where; longest first. Where a capital
    follows, a longer name begins so."""
    runs: dict[str, set[tuple[str, ...]]] = {}
    for name in names:
        if name.end - name.start > 1:
            runs.setdefault(words[name.start], set()).add(tuple(words[name.start : name.end]))
    found: dict[tuple[str, ...], list[int]] = {}
    whole = {(name.start, name.end) for name in names}
    for index in [index for index, word in enumerate(words) if word in runs]:
        for run in runs[words[index]]:
            end = index + len(run)
            lone = (index, end) in whole or not words[end : end + 1] or not words[end][0].isupper()
            if lone and tuple(words[index:end]) == run:
                found.setdefault(run, []).append(index)
    several = [(len(run), starts) for run, starts in found.items() if len(starts) > 1]
    return sorted(several, key=lambda place: (-place[0], place[1]))
