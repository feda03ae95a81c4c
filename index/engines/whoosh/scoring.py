"""How well a document matches: BM25F with Whoosh's formula and constants, over arrays.

    idf = ln(N / (n + 1)) + 1          N documents in the index, n that match the leaf
    part = boost · idf · tf · (K1 + 1) / (tf + K1 · (1 - B + B · length / average length))

tf is how often the leaf matches in the document, so a phrase or a prefix is scored as one word that occurs so often; n
of a leaf that stands for several terms is the sum of theirs (N at most), which is known without reading their lists.
Fields of whole terms have no lengths. The parts of all leaves that match are added. N, n and the average count deleted
documents until they are merged away, as Whoosh does.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence

import numpy as np

from index.engines.whoosh.matching import Matcher, contained
from index.engines.whoosh.packing import Ints
from index.engines.whoosh.postings import Floats
from index.engines.whoosh.segment import K1, Words
from index.plan import AllOf, AnyOf, Chosen, Condition, Days, Everything, Has, Leaf, NotOf

Scores = Floats
Silent = Everything | NotOf | Days | Has | Chosen  # what adds nothing to a score


class _Scratch(threading.local):
    """Two rows for sums in between, for each thread."""

    def __init__(self) -> None:
        self._rows = np.empty((2, 0), np.float32)

    def rows(self, size: int) -> tuple[Floats, Floats]:
        if self._rows.shape[1] < size:
            self._rows = np.empty((2, size), np.float32)
        return self._rows[0, :size], self._rows[1, :size]


_SCRATCH = _Scratch()


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
                return self._all_of(matcher, _scoring(parts), docs)
            case AnyOf(parts=parts):
                return self._any_of(matcher, _scoring(parts), docs)
            case Everything() | NotOf() | Days() | Has() | Chosen():
                return np.zeros(len(docs), np.float32)
            case _:
                return self._worth(matcher, condition, docs)

    def _all_of(self, matcher: Matcher, parts: Sequence[Condition], docs: Ints) -> Scores:
        total = np.zeros(len(docs), np.float32)
        for part in parts:
            total += self.score(matcher, part, docs)
        return total

    def _any_of(self, matcher: Matcher, parts: Sequence[Condition], docs: Ints) -> Scores:
        documents = matcher.documents
        if len(docs) * 8 > documents:  # then it is cheaper to score what each part matches than to look for it
            everywhere = np.zeros(documents, np.float32)
            self._add_everywhere(matcher, parts, everywhere)
            return everywhere[docs]
        total = np.zeros(len(docs), np.float32)
        for part in parts:
            inside = np.flatnonzero(contained(docs, matcher.docs(part), documents))
            total[inside] += self.score(matcher, part, docs[inside])
        return total

    def _add_everywhere(self, matcher: Matcher, parts: Sequence[Condition], total: Scores) -> None:
        """To the total of each document of the segment, add what these parts are worth there."""
        for part in parts:
            if isinstance(part, AnyOf):
                self._add_everywhere(matcher, _scoring(part.parts), total)
                continue
            row = None if isinstance(part, AllOf | Silent) else matcher.postings(part).row
            if isinstance(part, AllOf | Silent) or row is None:
                docs = matcher.docs(part)
                total[docs] += self.score(matcher, part, docs)
            else:
                self._add_row(matcher, part, row, total)

    def _add_row(self, matcher: Matcher, leaf: Leaf, row: Scores, total: Scores) -> None:
        """`_worth` for every document at once, in memory that is used again and again: fresh memory costs more."""
        words = matcher.data.words(leaf.field)
        if words is None or not words.is_text:
            total += (row > 0) * self._weight(leaf)
            return
        above, below = _SCRATCH.rows(len(row))
        np.multiply(row, self._weight(leaf) * np.float32(K1 + 1), out=above)
        np.add(row, self._against(matcher, words, leaf), out=below)
        np.divide(above, below, out=above)
        total += above

    def _worth(self, matcher: Matcher, leaf: Leaf, docs: Ints) -> Scores:
        """The formula, for some documents that match a leaf."""
        words = matcher.data.words(leaf.field)
        if words is None or not words.is_text:
            return np.full(len(docs), self._weight(leaf))
        tf = matcher.postings(leaf).at(docs)
        below = self._against(matcher, words, leaf)[docs]
        below += tf
        tf *= self._weight(leaf) * np.float32(K1 + 1)
        tf /= below
        return tf

    def _against(self, matcher: Matcher, words: Words, leaf: Leaf) -> Scores:
        return words.weights_against(self._average_length(leaf.field))[matcher.first : matcher.after]

    def _weight(self, leaf: Leaf) -> np.float32:
        return np.float32(getattr(leaf, "boost", 1.0) * self._idf(leaf))

    def _idf(self, leaf: Leaf) -> float:
        if leaf not in self._rarity:
            matching = sum(matcher.matching(leaf) for matcher in self._matchers)
            self._rarity[leaf] = math.log(self._documents / (matching + 1)) + 1
        return self._rarity[leaf]

    def _average_length(self, field: str) -> float:
        if field not in self._average:
            total = sum(words.total for matcher in self._matchers if (words := matcher.data.words(field)))
            self._average[field] = max(total, 1) / max(self._documents, 1)
        return self._average[field]


def _scoring(parts: Sequence[Condition]) -> list[Condition]:
    """The parts that add anything."""
    return [part for part in parts if not isinstance(part, Silent)]
