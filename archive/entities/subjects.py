"""IPTC Media Topics for a story: the publisher's labels that name a concept, then what its words suggest.

Data: data/subjects.tsv.gz holds the names of the concepts (IPTC Media Topics 2023-10-24, CC BY 4.0) and a table of
which words speak for which of the 17 top-level subjects, distilled by scripts/train_topics.py. Suggestions are
guesses by words alone, for English; they are marked as such.
"""

from __future__ import annotations

import gzip
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

_FILE = Path(__file__).parent / "data" / "subjects.tsv.gz"
_LEAST = 0.02  # share above the usual, below which a subject is not suggested
_CLOSE = 0.5  # the part of what the first subject says that each further one must say
# The part of the largest share above the usual that each must have: the fewer words speak, the more chance is in it.
_MARGIN, _WORDS = 0.5, 50
_ENOUGH = 8  # words that speak for some subject, below which nothing is suggested


@dataclass(frozen=True, slots=True)
class Subject:
    """A concept of the IPTC Media Topics: its code ("medtop:02000000") and its name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Table:
    """`roots` are the top-level subjects; `rarity` says how rare a word is, in nats (most words of a text: below 5).

    `places` are the rows of words in `weights`, which has a column for each root, in tenths.
    """

    roots: tuple[Subject, ...]
    usual: tuple[float, ...]  # the share of each root in everyday text
    by_name: Mapping[str, Subject]
    rarity: Mapping[str, float]
    places: Mapping[str, int]
    weights: npt.NDArray[np.int16]


@lru_cache(maxsize=1)
def load() -> Table:
    """The table, loaded once per process."""
    roots: dict[int, Subject] = {}
    usual: tuple[float, ...] = ()
    names: dict[str, Subject] = {}
    rarity: dict[str, float] = {}
    places: dict[str, int] = {}
    filled: list[tuple[int, ...]] = []  # row, column, weight
    for line in gzip.decompress(_FILE.read_bytes()).decode().splitlines():
        first, *cells = line.split("\t")
        if first == "S":
            subject = Subject(cells[0], cells[2])
            names[cells[2].casefold()] = subject
            roots.setdefault(int(cells[1]), subject)
        elif first == "B":
            usual = tuple(map(float, cells[0].split()))
        elif len(cells) == 2:
            rarity[first] = int(cells[0]) / 10
            pairs = cells[1].split()
            if pairs:
                places[first] = row = len(places)
                filled += [(row, *map(int, pair.split(":"))) for pair in pairs]
    weights = np.zeros((len(places), len(roots)), np.int16)
    rows, columns, values = np.array(filled).T
    weights[rows, columns] = values
    return Table(tuple(roots[i] for i in sorted(roots)), usual, names, rarity, places, weights)


def named(label: str) -> Subject | None:
    """The concept that a publisher's label names exactly, in any case, also in plural ("Elections")."""
    names, label = load().by_name, " ".join(label.casefold().split())
    return names.get(label) or names.get(label.removesuffix("s"))


def suggested(words: Counter[str], title: Iterable[str]) -> list[tuple[Subject, float]]:
    """At most three top-level subjects that the words of a text (lower case) speak for, with their shares."""
    table = load()
    doubled, place_of = set(title), table.places.get
    places, weights = list[int](), list[float]()
    for word, count in words.items():
        place = place_of(word)
        if place is not None:
            places.append(place)
            weights.append((1 + math.log(count) if count > 1 else 1.0) * (2 if word in doubled else 1))
    if len(places) < _ENOUGH:
        return []
    strengths = table.weights.take(places, axis=0) / 10
    strengths *= np.array(weights)[:, None]
    scores: list[float] = np.add.reduce(strengths, axis=0).tolist()
    whole = sum(scores)
    if whole <= 0:
        return []
    above = [score / whole - usual for score, usual in zip(scores, table.usual, strict=True)]
    # A share varies from text to text with the square root of what is usual: that measures how much it says.
    telling = [share / math.sqrt(usual) for share, usual in zip(above, table.usual, strict=True)]
    best = sorted(range(len(above)), key=lambda i: -telling[i])[:3]
    most = max(above[i] for i in best)
    margin = min(_MARGIN, _WORDS / len(places))
    kept = [i for i in best if above[i] >= max(_LEAST, margin * most) and telling[i] >= _CLOSE * telling[best[0]]]
    return [(table.roots[i], above[i]) for i in kept]
