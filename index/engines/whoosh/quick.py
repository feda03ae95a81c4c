"""The best of words alone, with the exact total: what most questions are, without a look at most of the lists.

One word: the total is known without reading, and only those blocks of its list are read whose best posting can be among
the best. Several: what all have, and how often, is looked up in one row; what any has is added up in one, a
common word only for documents that it can make one of the best. Everything else, and what cannot be done so, goes the
long way (snapshot.py) and comes to the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from archive import frozen
from index.engines.whoosh.arrays import kept
from index.engines.whoosh.combined import TEXT, TITLE, stem_of
from index.engines.whoosh.matching import Matcher
from index.engines.whoosh.packing import Array, Floats, Ints, Scores
from index.engines.whoosh.scoring import SLACK, Scorer
from index.engines.whoosh.sets import contained, distinct
from index.plan import AllOf, AnyOf, Combined, Condition, NotOf, Plan, Sort

FIRST = 16  # blocks of a list that are read to see what the best are worth
SKIPPED = 3  # of so many blocks at least two must be out, or all are read at once
HIDDEN = 1000  # documents that are deleted or excluded and have texts; with more, lists are read whole
COMMON = 6  # words that more than one in so many documents has are added up only where that can make one of the best
ROUGH = 1e-4  # relative: more than float32 loses when as many words are added up as a query may have
_NONE = np.zeros(0, np.int64)
_Worth: TypeAlias = tuple[Ints, Floats]  # documents in order, and what each is worth


@frozen
class Asked:
    """Words without a field: all of them, or any; and what is excluded."""

    words: tuple[Combined, ...]
    all: bool
    excluded: tuple[Condition, ...]


@frozen
class Found:
    """Of one segment: how many match, and the best of them with their scores, in the order of documents."""

    total: int
    docs: Ints
    scores: Scores


def asked(plan: Plan) -> Asked | None:
    """The words that a plan asks for, if that is all it does."""
    if plan.choices or plan.counts or plan.scored or plan.sort is not Sort.RELEVANCE or not plan.limit or plan.after:
        return None
    parts = plan.condition.parts if isinstance(plan.condition, AllOf) else (plan.condition,)
    excluded = tuple(part.part for part in parts if isinstance(part, NotOf))
    rest = [part for part in parts if not isinstance(part, NotOf)]
    asked = rest[0] if len(rest) == 1 else AllOf(tuple(rest)) if rest else plan.condition
    within = asked.parts if isinstance(asked, AllOf | AnyOf) else (asked,)
    words = tuple(part for part in within if isinstance(part, Combined) and stem_of(part))
    return Asked(words, not isinstance(asked, AnyOf), excluded) if len(words) == len(within) else None


class Quick:
    """Answers over some segments; `dead`: the deleted documents of each."""

    def __init__(self, matchers: Sequence[Matcher], dead: Sequence[Ints], limit: int) -> None:
        self._matchers = matchers
        self._dead = dead
        self._limit = limit
        self._scorer = Scorer(matchers)
        self._least = 0.0  # what the last of the best so far has

    def found(self, asked: Asked) -> list[Found]:
        hidden = [self._hidden(*each, asked) for each in zip(self._matchers, self._dead, strict=True)]
        if len(asked.words) == 1:
            return [self._one(*each, asked.words[0]) for each in zip(self._matchers, hidden, strict=True)]
        each_of = self._all if asked.all else self._any
        return [each_of(*each, asked.words) for each in zip(self._matchers, hidden, strict=True)]

    @staticmethod
    def _hidden(matcher: Matcher, dead: Ints, asked: Asked) -> Ints:
        """Documents with texts that are no hits, whatever words they have."""
        out = [dead, *(matcher.docs(part) for part in asked.excluded)]
        docs = distinct(np.sort(np.concatenate(out))) if sum(map(len, out)) else _NONE
        if not len(docs):
            return docs
        lengths = [words.lengths[docs] for name in (TITLE, TEXT) if (words := matcher.data.words(name))]
        return kept(docs, np.any([own > 0 for own in lengths], axis=0)) if lengths else _NONE

    def _one(self, matcher: Matcher, hidden: Ints, word: Combined) -> Found:
        blocks = matcher.blocks(word) if len(hidden) <= HIDDEN else None
        if blocks is None or len(blocks.best) <= FIRST * SKIPPED:
            docs, often = matcher.listed(word)
            return self._of(matcher, word, hidden, docs, often)
        total = matcher.matching(word)
        if len(hidden):
            total -= int(np.count_nonzero(contained(hidden, blocks.some(blocks.holding(hidden))[0], matcher.documents)))
        best = blocks.best
        if not self._least:
            first = np.sort(np.argpartition(best, len(best) - FIRST)[len(best) - FIRST :])
            self._raise(self._of(matcher, word, hidden, *blocks.some(first)).scores)
        need = self._least * (1 - SLACK) / self._scorer.bound(matcher, word) * 65535
        chosen = np.flatnonzero(best >= int(need))
        if not len(chosen):
            return Found(total, _NONE, np.zeros(0))
        part = matcher.listed(word) if len(chosen) * SKIPPED > len(best) else blocks.some(chosen)
        found = self._of(matcher, word, hidden, *part)
        return Found(total, found.docs, found.scores)

    def _of(self, matcher: Matcher, word: Combined, hidden: Ints, docs: Ints, often: Array) -> Found:
        if len(hidden):
            shown = np.flatnonzero(~contained(docs, hidden, matcher.documents))
            docs, often = docs[shown], often[shown]
        scores = self._scorer.worth(matcher, word, docs, often).astype(np.float64)
        self._raise(scores)
        return Found(len(docs), docs, scores)

    def _raise(self, scores: Scores) -> None:
        if len(scores) >= self._limit:
            self._least = max(self._least, least_of(scores, self._limit))

    def _all(self, matcher: Matcher, hidden: Ints, words: Sequence[Combined]) -> Found:
        order = sorted(words, key=matcher.matching)
        docs, often = matcher.listed(order[0])
        if len(hidden):
            shown = np.flatnonzero(~contained(docs, hidden, matcher.documents))
            docs, often = docs[shown], often[shown]
        counts = [often]
        for word in order[1:]:
            if not len(docs):
                break
            own = matcher.at(word, docs)
            both = np.flatnonzero(own != 0)
            docs, counts = docs[both], [each[both] for each in (*counts, own)]
        total = np.zeros(len(docs))
        if len(docs):
            for word, own in zip(order, counts, strict=True):
                total += self._scorer.worth(matcher, word, docs, own)
        return Found(len(docs), docs, total)

    def _any(self, matcher: Matcher, hidden: Ints, words: Sequence[Combined]) -> Found:
        order = sorted(words, key=matcher.matching)
        rough = np.zeros(matcher.documents, np.float32)  # half the memory, and so half the time, of exact sums
        lists: list[_Worth] = []
        least = rest = 0.0
        for place, word in enumerate(order):
            if place and matcher.matching(word) * COMMON > matcher.documents:
                rest = sum(self._scorer.bound(matcher, other) for other in order[place:])
                if rest < (least := self._last_of(rough)):
                    break
            docs, often = matcher.listed(word)
            lists.append((docs, self._scorer.worth(matcher, word, docs, often)))
            np.add.at(rough, *lists[-1])
            rough[hidden] = 0
        else:
            least, rest = self._last_of(rough), 0.0
        matching = rough != 0
        common = order[len(lists) :]
        for word in common:
            matcher.mark(word, matching)
        matching[hidden] = False
        docs = np.flatnonzero(rough >= least - rest if least else matching)
        if common:
            docs = self._lifted(matcher, common, docs, rough[docs], lists)
        return Found(int(np.count_nonzero(matching)), docs, _added_up(lists, docs))

    def _lifted(
        self, matcher: Matcher, common: Sequence[Combined], docs: Ints, rough: Floats, lists: list[_Worth]
    ) -> Ints:
        """Those of `docs` that can be among the best when common words, too, are added to their rough sums."""
        for word in common:
            often = matcher.at(word, docs)
            having = np.flatnonzero(often)
            lists.append((docs[having], self._scorer.worth(matcher, word, docs[having], often[having])))
            rough[having] += lists[-1][1]
        return kept(docs, rough >= self._last_of(rough))

    def _last_of(self, rough: Floats) -> float:
        """At most what the last of the best has, by rough sums; 0 where there are not so many."""
        return least_of(rough, self._limit) * (1 - ROUGH) if len(rough) > self._limit else 0.0


def _added_up(lists: Sequence[_Worth], docs: Ints) -> Scores:
    """What each of `docs` is worth in all the lists together, exactly."""
    scores = np.zeros(len(docs))
    for own, worth in lists:
        if len(own):
            places = np.minimum(np.searchsorted(own, docs), len(own) - 1)
            scores += np.where(own[places] == docs, worth[places], np.float32(0))
    return scores


def least_of(scores: Array, limit: int) -> float:
    """At most what the last of the `limit` highest is; of very many, by the highest of each 64, which is quicker."""
    if len(scores) > 64 * max(64, 4 * limit):
        scores = scores[: len(scores) // 64 * 64].reshape(64, -1).max(axis=0)
    return float(np.partition(scores, len(scores) - limit)[len(scores) - limit])
