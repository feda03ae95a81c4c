"""Which tags are one (pure): those that differ by case alone, or by how blanks and accents are encoded."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable


def tag_key(tag: str) -> str:
    """What the spellings of one tag have in common: `ICE` and `ice` are one, `café` and `cafe` are two."""
    return unicodedata.normalize("NFC", " ".join(tag.split()).casefold())


def cleaned(tag: str) -> str:
    """A tag as it is kept: one line, without blanks around it."""
    return unicodedata.normalize("NFC", " ".join(tag.split()))


def without(tags: Iterable[str], those: Iterable[str]) -> frozenset[str]:
    """The tags that are none of `those`, however either is written."""
    gone = set(map(tag_key, those))
    return frozenset(tag for tag in tags if tag_key(tag) not in gone)
