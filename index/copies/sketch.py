"""A text as numbers that similar texts share: words, runs of words (shingles), and bands of a MinHash. Pure.

The sketch is a one-permutation MinHash (Li, Owen, Zhang: "One Permutation Hashing", NIPS 2012) with empty bins filled
from others (Shrivastava: "Optimal Densification for Fast and Accurate Minwise Hashing", ICML 2017), cut into bands as
Broder's "On the resemblance and containment of documents" (1997) and every LSH since: two texts with resemblance r
share one of BANDS bands of ROWS numbers with a probability of 1 - (1 - r**ROWS)**BANDS.
"""

from __future__ import annotations

import re
import zlib
from functools import lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]

SHINGLE = 4  # words: enough that two stories on one thing hardly share any by chance
LEAST_WORDS = 25  # a shorter text is a caption, a notice or an error: those are alike without being copies
BANDS, ROWS = 16, 2
_BINS = BANDS * ROWS
_MOST_WORDS = 50_000  # of a text that count
_WORD = re.compile(r"[぀-ヿ㐀-鿿가-힯]|\w+")  # scripts without spaces sign by sign
_MULTIPLIERS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5)  # odd, of xxHash
_MIX = np.uint64(0xFF51AFD7ED558CCD)  # of MurmurHash3's last step
_EMPTY = np.uint64(2**64 - 1)


def words_of(text: str) -> Hashes:
    """A number for each word, in order, whatever its case; none for a text that is too short to have copies."""
    words = _WORD.findall(text.casefold())[:_MOST_WORDS]
    if len(words) < LEAST_WORDS:
        return np.zeros(0, np.uint64)
    return np.fromiter(map(_number, words), np.uint64, len(words))


@lru_cache(maxsize=2**16)
def _number(word: str) -> int:
    return zlib.crc32(word.encode("utf-8", "surrogatepass"))


def digest_of(words: Hashes) -> bytes:
    """Eight bytes that stand for just these words."""
    return blake2b(words.tobytes(), digest_size=8).digest()


def shingles_of(words: Hashes) -> Hashes:
    """The different runs of SHINGLE words, ascending."""
    return np.unique(_runs(words))


def _runs(words: Hashes) -> Hashes:
    count = len(words) - SHINGLE + 1
    if count < 1:
        return np.zeros(0, np.uint64)
    total = np.zeros(count, np.uint64)
    for place, multiplier in enumerate(_MULTIPLIERS[:SHINGLE]):
        total += words[place : place + count] * np.uint64(multiplier)
    total ^= total >> np.uint64(33)
    total *= _MIX
    total ^= total >> np.uint64(33)
    return total


def bands_of(words: Hashes) -> list[int]:
    """BANDS numbers of 32 bits, each of a band of its own; none of a text without shingles."""
    runs = _runs(words)
    if not len(runs):
        return []
    least = np.full(_BINS, _EMPTY)
    np.minimum.at(least, (runs % np.uint64(_BINS)).astype(np.intp), runs // np.uint64(_BINS))
    rows = _filled(least).reshape(BANDS, ROWS)
    keys = np.arange(1, BANDS + 1, dtype=np.uint64) * np.uint64(_MULTIPLIERS[0])
    for column in range(ROWS):
        keys = (keys ^ rows[:, column]) * _MIX
        keys ^= keys >> np.uint64(29)
    found: list[int] = (keys >> np.uint64(32)).tolist()
    return found


def _filled(least: Hashes) -> Hashes:
    """Each empty bin with what another one has, the same one for every text that has something there."""
    empty = np.flatnonzero(least == _EMPTY)
    if not len(empty):
        return least
    filled = least.copy()
    for place in empty.tolist():
        for other in _ELSEWHERE[place]:
            if least[other] != _EMPTY:
                filled[place] = least[other]
                break
    return filled


# For each bin, in which order the others are asked.
_ELSEWHERE = [
    sorted((one for one in range(_BINS) if one != place), key=lambda one: zlib.crc32(f"{place} {one}".encode()))
    for place in range(_BINS)
]
