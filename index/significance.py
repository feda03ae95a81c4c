"""Which values stand out in a result: more frequent there than in the rest of the archive, and not by chance. Pure.

The measure is the log-likelihood ratio G² of the two-by-two table (in the result or not, with the value or not), after
Dunning, "Accurate Methods for the Statistics of Surprise and Coincidence", Computational Linguistics 19(1), 1993. It
needs no large counts, and follows a chi-squared distribution with one degree of freedom.
"""

from __future__ import annotations

from math import log

LEAST_COUNT = 2  # hits that a value must have: one alone is no pattern
LEAST_SCORE = 6.63  # by chance in one value of a hundred
DIGITS = 6  # of a score that count


def significance(count: int, hits: int, background: int, archive: int) -> float:
    """How surprising it is that `count` of `hits` have a value that `background` of all `archive` documents have.

    0.0 unless it is more frequent among the hits than elsewhere. The hits are some of the documents.
    """
    if count * archive <= background * hits:
        return 0.0
    cells = (
        (count, hits, background),
        (hits - count, hits, archive - background),
        (background - count, archive - hits, background),
        (archive - hits - background + count, archive - hits, archive - background),
    )
    total = sum(cell * log(cell * archive / (row * column)) for cell, row, column in cells if cell)
    return round(max(0.0, 2 * total), DIGITS)


def stands_out(count: int, score: float) -> bool:
    """Whether a value of `count` hits with this score is worth showing."""
    return count >= LEAST_COUNT and score >= LEAST_SCORE
