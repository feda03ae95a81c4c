"""Names of an article written in brackets: "[PER Ann Reed] sat", for tests of rules over them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from archive.entities.decode import TokenSpan

_MARKED = re.compile(r"\[(PER|ORG|LOC|MISC) ([^\]]*)\]")


def given(marked: str) -> tuple[list[str], list[TokenSpan]]:
    """Words and names of "[PER Ann Reed] sat"; tokens have blanks between them."""
    words, names, at = list[str](), list[TokenSpan](), 0
    for match in _MARKED.finditer(marked):
        words += marked[at : match.start()].split()
        inner = match[2].split()
        names.append(TokenSpan(match[1], len(words), len(words) + len(inner), 0.5))
        words += inner
        at = match.end()
    return words + marked[at:].split(), names


def shown(words: Sequence[str], names: Sequence[TokenSpan]) -> list[str]:
    return [f"{name.type} {' '.join(words[name.start : name.end])}" for name in names]
