"""How well a document matches: the formula of index.plan over arrays.

The part of each leaf is a float32; they are added in float64, where the sum of some hundred of them is exact: so it
does not depend on the order in which they are added, nor a page on how it was found. N, n and the average count
deleted documents until they are merged away.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence

import numpy as np

from index.engines.whoosh.combined import TEXT, TITLE, TITLE_WEIGHT, in_text, in_title
from index.engines.whoosh.matching import Matcher
from index.engines.whoosh.packing import Array, Floats, Ints, Scores
from index.engines.whoosh.sets import contained
from index.plan import (
    K1,
    AllOf,
    AnyOf,
    Chosen,
    Combined,
    Condition,
    Days,
    Everything,
    Has,
    Leaf,
    NotOf,
    Plan,
    Scored,
    length_weight,
)

SLACK = 1e-5  # relative: for what rounding may add to a score beyond its bound
_MANY = 8  # one in so many documents: to look for those with a word in the title takes longer than to score it for all
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
        self._weights: dict[Scored, np.float32] = {}
        self._average: dict[str, float] = {}

    def scores(self, matcher: Matcher, plan: Plan, docs: Ints) -> Scores:
        """What the plan orders its hits by, highest first, for some of them."""
        if plan.scored:
            return self._any_of(matcher, _scoring(plan.scored), docs)
        return self.score(matcher, plan.condition, docs)

    def score(self, matcher: Matcher, condition: Condition, docs: Ints) -> Scores:
        """The score of each of `docs`, which all match `condition`."""
        match condition:
            case AllOf(parts=parts):
                return self._all_of(matcher, _scoring(parts), docs)
            case AnyOf(parts=parts):
                return self._any_of(matcher, _scoring(parts), docs)
            case Everything() | NotOf() | Days() | Has() | Chosen():
                return np.zeros(len(docs))
            case _:
                return self._worth(matcher, condition, docs).astype(np.float64)

    def _all_of(self, matcher: Matcher, parts: Sequence[Condition], docs: Ints) -> Scores:
        total = np.zeros(len(docs))
        for part in parts:
            total += self.score(matcher, part, docs)
        return total

    def _any_of(self, matcher: Matcher, parts: Sequence[Condition], docs: Ints) -> Scores:
        documents = matcher.documents
        if len(docs) * 8 > documents:  # then it is cheaper to score what each part matches than to look for it
            everywhere = np.zeros(documents)
            self._add_everywhere(matcher, parts, everywhere)
            return everywhere[docs]
        total = np.zeros(len(docs))
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
            if isinstance(part, AllOf | Silent | Combined) or row is None:
                docs = matcher.docs(part)
                total[docs] += self.score(matcher, part, docs)
            else:
                self._add_row(matcher, part, row, total)

    def bound(self, matcher: Matcher) -> float:
        """What a posting of a word of weight 1 is worth at most, of one that its block has as 1 (see lists.py).

        That was said by the averages of the segment: by others a match counts as many times more as the average is.
        """
        grown = 1.0
        for field in (TITLE, TEXT):
            if words := matcher.data.words(field):
                own = max(words.total, 1) / max(matcher.data.documents, 1)
                grown = max(grown, self._average_length(field) / own)
        return (K1 + 1) * grown * (1 + SLACK)

    def _add_row(self, matcher: Matcher, leaf: Leaf, row: Floats, total: Scores) -> None:
        """`_worth` for every document at once, in memory that is used again and again: fresh memory costs more."""
        words = matcher.data.words(leaf.field)
        if words is None or not words.is_text:
            total += (row > 0) * self._weight(leaf)
            return
        above, below = _SCRATCH.rows(len(row))
        np.multiply(row, self._measure(matcher, leaf.field), out=above)
        np.add(above, np.float32(K1), out=below)
        np.multiply(above, self._weight(leaf) * np.float32(K1 + 1), out=above)
        np.divide(above, below, out=above)
        total += above

    def _worth(self, matcher: Matcher, leaf: Scored, docs: Ints) -> Floats:
        """The formula, for some documents that match a leaf."""
        often = matcher.postings(leaf).at(docs)
        if isinstance(leaf, Combined):
            return self.in_both(matcher, self._weight(leaf), docs, often)
        if not (words := matcher.data.words(leaf.field)) or not words.is_text:
            return np.full(len(docs), self._weight(leaf))
        tf = self._measure(matcher, leaf.field)[docs]
        tf *= often
        return _saturated(tf, self._weight(leaf))

    def in_both(self, matcher: Matcher, weight: np.float32 | Floats, docs: Ints, often: Array) -> Floats:
        """The formula, for words of such a weight (or each of its own) in title and text, by numbers for both."""
        tf = self._measure(matcher, TEXT)[docs]
        tf *= in_text(often).astype(np.float32)  # wider whole numbers would be multiplied as float64
        titled = in_title(often)
        many = len(docs) * _MANY > matcher.documents
        having: slice | Ints = slice(None) if many else np.flatnonzero(titled != 0)  # quicker with truth values
        found = self._measure(matcher, TITLE)[docs[having]]
        found *= np.float32(TITLE_WEIGHT)
        found *= titled[having]
        tf[having] += found
        return _saturated(tf, weight)

    def _measure(self, matcher: Matcher, field: str) -> Floats:
        """What a match counts in each document."""
        words = matcher.data.words(field)
        if words is None:
            return np.ones(matcher.documents, np.float32)
        return words.measure(self._average_length(field), length_weight(field))[matcher.first : matcher.after]

    def weight_of(self, boost: float, matching: int) -> np.float32:
        """What is said of what so many documents match, but for how often."""
        return np.float32(boost * math.log(1 + (self._documents - matching + 0.5) / (matching + 0.5)))

    def _weight(self, leaf: Scored) -> np.float32:
        if (known := self._weights.get(leaf)) is not None:
            return known
        matching = sum(matcher.matching(leaf) for matcher in self._matchers)
        return self._weights.setdefault(leaf, self.weight_of(getattr(leaf, "boost", 1.0), matching))

    def _average_length(self, field: str) -> float:
        if field not in self._average:
            total = sum(words.total for matcher in self._matchers if (words := matcher.data.words(field)))
            self._average[field] = max(total, 1) / max(self._documents, 1)
        return self._average[field]


def _saturated(tf: Floats, weight: np.float32 | Floats) -> Floats:
    """The formula, of how often; `tf` is used up."""
    below = tf + np.float32(K1)
    tf *= weight * np.float32(K1 + 1)
    tf /= below
    return tf


def _scoring(parts: Sequence[Condition]) -> list[Condition]:
    """The parts that add anything."""
    return [part for part in parts if not isinstance(part, Silent)]
