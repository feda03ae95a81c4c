"""Adjectives and names of peoples: "South Korean", "Danes", "Londoners"."""

from __future__ import annotations

import re
from functools import lru_cache

from archive.entities.places import NAMES, Place, load


@lru_cache(maxsize=1)
def names_of_peoples() -> frozenset[str]:
    """Adjectives and names of peoples ("South Korean", "Danes"), without loading the rest of the lists."""
    rows = (line.split("\t") for line in NAMES.read_text(encoding="utf-8").splitlines())
    return frozenset(name for row in rows if len(row) > 4 and row[0][0] != "#" for name in row[4].split("|") if name)


@lru_cache(maxsize=1)
def _peoples() -> re.Pattern[str]:
    names = sorted(load().demonyms, key=len, reverse=True)
    return re.compile(r"\b(?:" + "|".join(map(re.escape, names)) + r")\b")


def peoples(text: str) -> list[tuple[int, int, Place]]:
    """Adjectives and names of peoples in a text ("Japanese", "Londoners"), with the place each belongs to."""
    demonyms = load().demonyms
    return [(m.start(), m.end(), demonyms[m.group()]) for m in _peoples().finditer(text)]
