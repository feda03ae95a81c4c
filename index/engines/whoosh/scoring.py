"""How well a document matches: BM25F with Whoosh's formula and constants, over arrays.

    idf = ln(N / (n + 1)) + 1          N documents in the index, n that match the leaf
    part = boost · idf · tf · (K1 + 1) / (tf + K1 · (1 - B + B · length / average length))

tf is how often the leaf matches in the document, so a phrase or a prefix is scored as one word that occurs so often.
Fields of whole terms have no lengths. The parts of all leaves that match are added. N, n and the average count deleted
documents until they are merged away, as Whoosh does.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.engines.whoosh.arrays import Ints
from index.engines.whoosh.matching import Matcher, contained
from index.plan import AllOf, AnyOf, Chosen, Condition, Days, Everything, Has, Leaf, NotOf

B = 0.75
K1 = 1.2

Scores = NDArray[np.float64]


class Scorer:
    """Scores over all segments of a snapshot, whose matchers these are."""

    def __init__(self, matchers: Sequence[Matcher]) -> None:
        self._matchers = matchers
        self._documents = sum(matcher.data.documents for matcher in matchers)
        self._rarity: dict[Leaf, float] = {}
        self._average: dict[str, float] = {}

    def score(self, matcher: Matcher, condition: Condition, docs: Ints) -> Scores:
        """The score of each of `docs`, which all match `condition`."""
        match condition:
            case AllOf(parts=parts):
                return self._sum(matcher, parts, docs, all_match=True)
            case AnyOf(parts=parts):
                return self._sum(matcher, parts, docs, all_match=False)
            case Everything() | NotOf() | Days() | Has() | Chosen():
                return np.zeros(len(docs))
            case _:
                return self._leaf(matcher, condition, docs)

    def _sum(self, matcher: Matcher, parts: Sequence[Condition], docs: Ints, *, all_match: bool) -> Scores:
        total = np.zeros(len(docs))
        for part in parts:
            if all_match:
                total += self.score(matcher, part, docs)
                continue
            inside = contained(docs, matcher.docs(part), matcher.data.documents)
            total[inside] += self.score(matcher, part, docs[inside])
        return total

    def _leaf(self, matcher: Matcher, leaf: Leaf, docs: Ints) -> Scores:
        found, often = matcher.postings(leaf)
        tf = often.astype(np.float64) if len(found) == len(docs) else _at(found, often, docs, matcher.data.documents)
        words = matcher.data.words(leaf.field)
        boost = getattr(leaf, "boost", 1.0) * self._idf(leaf)
        if words is None or not words.is_text:
            return np.full(len(docs), boost)
        length = words.lengths[docs] / self._average_length(leaf.field)
        return np.asarray(boost * tf * (K1 + 1) / (tf + K1 * (1 - B + B * length)))

    def _idf(self, leaf: Leaf) -> float:
        if leaf not in self._rarity:
            matching = sum(len(matcher.postings(leaf)[0]) for matcher in self._matchers)
            self._rarity[leaf] = math.log(self._documents / (matching + 1)) + 1
        return self._rarity[leaf]

    def _average_length(self, field: str) -> float:
        if field not in self._average:
            total = sum(words.total for matcher in self._matchers if (words := matcher.data.words(field)))
            self._average[field] = max(total, 1) / max(self._documents, 1)
        return self._average[field]


def _at(found: Ints, often: NDArray[np.generic], docs: Ints, documents: int) -> Scores:
    """The counts that stand beside `docs` (all of them in `found`)."""
    if len(docs) * 32 < len(found):
        return often[np.searchsorted(found, docs)].astype(np.float64)
    table = np.zeros(documents)
    table[found] = often
    return table[docs]
