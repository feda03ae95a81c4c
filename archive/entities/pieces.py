"""Words cut into known pieces, longest first, so that a word never seen before still resembles others.

The vocabulary is that of BERT's uncased English models; the algorithm is WordPiece (Wu et al. 2016, arXiv:1609.08144):
from left to right the longest piece that is known, pieces after the first marked "##".
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

_LONGEST = 24  # longer words are addresses and noise


def plain(word: str) -> str:
    """Lower case without accents, as the vocabulary is written."""
    low = word.lower()
    if low.isascii():
        return low
    return "".join(sign for sign in unicodedata.normalize("NFD", low) if not unicodedata.combining(sign))


def pieces(word: str, vocabulary: Mapping[str, int]) -> list[int]:
    """Numbers of the pieces of `word`; empty where no cut into known pieces was found."""
    text = plain(word)
    known = vocabulary.get(text)
    if known is not None:
        return [known]
    found: list[int] = []
    start, size = 0, len(text)
    if size > _LONGEST:
        return found
    while start < size:
        prefix = "##" if start else ""
        for end in range(size, start, -1):
            known = vocabulary.get(prefix + text[start:end])
            if known is not None:
                found.append(known)
                start = end
                break
        else:
            return []
    return found
