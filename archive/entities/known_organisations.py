"""Organisations that news text in a language calls by one name, and that mean one thing (data/names_known.tsv)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from archive.entities.decode import TokenSpan
from archive.entities.tables import rows
from archive.entities.tokens import tokenize

_FILE = Path(__file__).parent / "data" / "names_known.tsv"
LISTED = 0.7  # confidence of what nothing but its name tells
_JOINS = frozenset({"-", "–", "/"})


def organisations(*languages: str) -> list[str]:
    """Those of these languages, as they are written; "*" are those that are called so in all."""
    return [name for of, names in rows(_FILE) if of in languages for name in names.split("|")]


@cache
def _english() -> dict[str, list[tuple[str, ...]]]:
    """By their first words, longest first."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for name in organisations("*", "en"):
        words = tuple(tokenize(name).words)
        found.setdefault(words[0], []).append(words)
    for known in found.values():
        known.sort(key=len, reverse=True)
    return found


def known(words: Sequence[str], names: Sequence[TokenSpan]) -> list[TokenSpan]:
    """The names of an English article, and those organisations that were passed over, taken for something else, or of
    which but a part was seen. What is part of a longer name stays so, and what is one word with another is none."""
    firsts = _english()
    at = {index: name for name in names for index in range(name.start, name.end)}
    gone: set[TokenSpan] = set()
    more: list[TokenSpan] = []
    free = 0
    for index in [index for index, word in enumerate(words) if word in firsts]:
        run = next((run for run in firsts[words[index]] if tuple(words[index : index + len(run)]) == run), None)
        if run is None or index < free:
            continue
        free = end = index + len(run)
        inside = {at[place] for place in range(index, end) if place in at}
        larger = any(name.start < index or name.end > end for name in inside)
        joined = not _JOINS.isdisjoint((*words[max(index - 1, 0) : index], *words[end : end + 1]))
        if not larger and not joined and all(name.type != "ORG" or name.end - name.start < len(run) for name in inside):
            gone |= inside
            more.append(TokenSpan("ORG", index, end, LISTED))
    return (
        sorted([*(name for name in names if name not in gone), *more], key=lambda name: name.start)
        if more
        else list(names)
    )
