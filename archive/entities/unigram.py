"""Words cut into the pieces of a multilingual model: of all ways the one whose pieces are together the most probable.

The vocabulary is that of XLM-R, of which the frequent pieces are kept; the algorithm is that of unigram language models
(Kudo 2018, arXiv:1804.10959). Capitals count.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

from archive.entities.foreign_words import WORD_START

__all__ = ["WORD_START", "Unigrams"]

_LONGEST = 16  # signs of a piece
_MOST = 48  # signs of a word that are read
_UNLIKELY = 10.0  # how much less probable than the rarest piece a sign is that no piece has


class Unigrams:
    """Pieces with the logarithm of how probable each is.

    A sign that no piece has is number `unknown`; those up to it stand for no text.
    """

    def __init__(self, pieces: Sequence[str], scores: Sequence[float], unknown: int) -> None:
        self._known: Mapping[str, tuple[float, int]] = {
            piece: (score, number)
            for number, (piece, score) in enumerate(zip(pieces, scores, strict=True))
            if number > unknown
        }
        self._unknown = (min(scores) - _UNLIKELY, unknown)

    def cut(self, word: str, after_blank: bool) -> list[int]:
        """Numbers of the pieces of a word, one or more; only the beginning of a very long one is read."""
        text = unicodedata.normalize("NFKC", word[:_MOST])
        text = (WORD_START if after_blank else "") + "".join(sign for sign in text if not sign.isspace())[:_MOST]
        return self._best(text) or [self._unknown[1]]

    def _best(self, text: str) -> list[int]:
        size = len(text)
        ways: list[tuple[float, int, int]] = [(0.0, 0, 0)]  # to each place: how probable, from where, by which piece
        for end in range(1, size + 1):
            last = end - 1
            score, number = self._known.get(text[last:end], self._unknown)
            best = (ways[last][0] + score, last, number)
            for start in range(max(0, end - _LONGEST), last):
                found = self._known.get(text[start:end])
                if found is not None and ways[start][0] + found[0] > best[0]:
                    best = (ways[start][0] + found[0], start, found[1])
            ways.append(best)
        numbers = []
        while size:
            _, size, number = ways[size]
            numbers.append(number)
        return numbers[::-1]
