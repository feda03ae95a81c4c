"""Words that tell what a name beside them is, by kind and language (data/names_words.tsv)."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from archive.entities.tables import rows

_FILE = Path(__file__).parent / "data" / "names_words.tsv"


@lru_cache(maxsize=128)
def words_of(kind: str, lang: str = "") -> frozenset[str]:
    """The words of a kind in a language, or in all."""
    return frozenset(
        word for known, of, words in _rows() if known == kind and lang in ("", of) for word in words.split()
    )


@lru_cache(maxsize=1)
def _rows() -> list[list[str]]:
    """The file's rows: kind, language, words."""
    return rows(_FILE)
