"""Whether two texts are copies: the same story, cut, corrected, or with some paragraphs more. Pure.

What reports of one kind have in common is most of their words ("The Federal Reserve entered the market to arrange …"),
so words alone do not tell. Their numbers do: copies have the same ones, next week's report has others. The thresholds
come from pairs of Reuters-21578 that were judged by reading (tests/quality/test_quality_copies.py has the measures).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

import numpy as np

from index.copies.sketch import Hashes, shingles_of, words_of

LEAST_PART = 1 / 8  # of the longer text that the shorter one must have: less is a quotation, or an item of a digest
NEARLY_ALL = 0.92  # of the shorter one's shingles in the longer one: numbers may differ by then (a correction)
MOST = 0.6  # of them, where the numbers are the same
SAME_NUMBERS = 0.95
_NUMBER = re.compile(r"\d(?:[\d,./:-]*\d)?")


@dataclass(frozen=True, slots=True)
class Reading:
    """What two texts are compared by."""

    words: int
    shingles: Hashes
    numbers: Counter[str]

    @classmethod
    def of(cls, text: str) -> Reading:
        """Of a text; without shingles if it is too short to have copies."""
        words = words_of(text)
        return cls(len(words), shingles_of(words), Counter(_NUMBER.findall(text)))


def are_copies(one: Reading, other: Reading) -> bool:
    """Whether the shorter text stands in the longer one, but for what an editor changes."""
    shorter, longer = sorted((one, other), key=lambda reading: reading.words)
    if not len(shorter.shingles) or shorter.words < LEAST_PART * longer.words:
        return False
    common = len(np.intersect1d(shorter.shingles, longer.shingles, assume_unique=True)) / len(shorter.shingles)
    return common >= NEARLY_ALL or (common >= MOST and _same_numbers(shorter, longer))


def _same_numbers(shorter: Reading, longer: Reading) -> bool:
    total = shorter.numbers.total()
    return (shorter.numbers & longer.numbers).total() >= SAME_NUMBERS * total
