"""Words that tell what a name beside them is, by kind and language (data/names_words.tsv)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from archive.entities.tables import rows

_FILE = Path(__file__).parent / "data" / "names_words.tsv"


@cache
def words_of(kind: str, lang: str = "") -> frozenset[str]:
    """The words of a kind in a language, or in all."""
    return frozenset(
        word for known, of, words in rows(_FILE) if known == kind and lang in ("", of) for word in words.split()
    )
