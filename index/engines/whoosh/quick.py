"""The best of words alone, with the exact total: what most questions are, without a look at most of the lists.

One word: the total is known without reading, and only those blocks of its list are read whose best posting can be among
the best. All of several: what has them all, and how often, is looked up in one row. Any of several: what each document
can be worth at most is added up in one row, by the words that it has; some that can be worth most are scored, and then
those that can be worth as much as the best of these. Everything else, and what cannot be done so, goes the long way
(snapshot.py) and comes to the same.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property, reduce

import numpy as np

from archive import frozen
from index.engines.whoosh.arrays import kept
from index.engines.whoosh.combined import FIELD, TEXT, TITLE, stem_of
from index.engines.whoosh.lists import Blocks
from index.engines.whoosh.matching import Matcher
from index.engines.whoosh.packing import Array, Ints, Scores
from index.engines.whoosh.postings import apart
from index.engines.whoosh.scoring import SLACK, Scorer
from index.engines.whoosh.segment import SegmentData
from index.engines.whoosh.sets import contained, distinct
from index.plan import AllOf, AnyOf, Combined, Condition, NotOf, Plan, Sort, Stem

WHOLE = 200  # blocks up to which a list is read whole
FIRST = 16  # blocks of a longer one that are read to see what the best are worth
SKIPPED = 3  # of so many blocks at least two must be out, or all are read at once
HIDDEN = 1000  # documents that are deleted or excluded and have texts; with more, lists are read whole
FEWER = 32  # a list this many times longer is looked up in, not spread over the segment
FEW = 8000  # postings that are all scored sooner than added up by what they can be worth
SCORED = 4000  # documents that are all scored sooner than it is found out which of them can be among the best
SEEN = 20  # times as many as are asked for are scored to see what the best are worth
WORDS = 32  # up to so many, what a document can be worth is told in 255 steps
_NONE = np.zeros(0, np.int64)


@frozen
class Asked:
    """Words without a field, and what each of them counts: all of them, or any; and what is excluded."""

    words: tuple[tuple[Stem, float], ...]
    all: bool
    excluded: tuple[Condition, ...]


@frozen
class Found:
    """Of one segment: how many match, and the best of them, in any order, with their scores."""

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
    words = [(stem, part.boost) for part in within if isinstance(part, Combined) and (stem := stem_of(part))]
    return Asked(tuple(words), not isinstance(asked, AnyOf), excluded) if len(words) == len(within) else None


class Quick:
    """Answers over some segments; `dead`: the deleted documents of each."""

    def __init__(self, matchers: Sequence[Matcher], dead: Sequence[Ints], limit: int) -> None:
        self._matchers = matchers
        self._dead = dead
        self._limit = limit
        self._scorer = Scorer(matchers)
        self._least = 0.0  # what the last of the best so far has

    def found(self, asked: Asked) -> list[Found]:
        words = [[_Word(matcher.data, stem) for stem, _ in asked.words] for matcher in self._matchers]
        for (_, boost), *own in zip(asked.words, *words, strict=True):
            weight = self._scorer.weight_of(boost, sum(word.size for word in own))
            for word in own:
                word.weight = weight
        each_of = self._one if len(asked.words) == 1 else self._all if asked.all else self._any
        found = []
        for matcher, dead, own in zip(self._matchers, self._dead, words, strict=True):
            matcher.guard.check()
            found.append(each_of(matcher, self._hidden(matcher, dead, asked), own))
        return found

    @staticmethod
    def _hidden(matcher: Matcher, dead: Ints, asked: Asked) -> Ints:
        """Documents with texts that are no hits, whatever words they have."""
        out = [dead, *(matcher.docs(part) for part in asked.excluded)]
        docs = distinct(np.sort(np.concatenate(out))) if sum(map(len, out)) else _NONE
        if not len(docs):
            return docs
        lengths = [words.lengths[docs] for name in (TITLE, TEXT) if (words := matcher.data.words(name))]
        return kept(docs, np.any([own > 0 for own in lengths], axis=0)) if lengths else _NONE

    def _one(self, matcher: Matcher, hidden: Ints, words: Sequence[_Word]) -> Found:
        [word] = words
        blocks = word.blocks if len(hidden) <= HIDDEN else None
        if blocks is None or len(blocks.best) <= WHOLE:
            return self._of(matcher, word, hidden, *word.listed)
        total = word.size
        if len(hidden):
            total -= int(np.count_nonzero(contained(hidden, blocks.some(blocks.holding(hidden))[0], matcher.documents)))
        best = blocks.best
        if not self._least:
            first = np.sort(np.argpartition(best, len(best) - FIRST)[len(best) - FIRST :])
            self._raise(self._of(matcher, word, hidden, *blocks.some(first)).scores)
        need = self._least * (1 - SLACK) / (self._scorer.bound(matcher) * float(word.weight)) * 65535
        chosen = np.flatnonzero(best >= int(need))
        if not len(chosen):
            return Found(total, _NONE, np.zeros(0))
        part = word.listed if len(chosen) * SKIPPED > len(best) else blocks.some(chosen)
        found = self._of(matcher, word, hidden, *part)
        return Found(total, found.docs, found.scores)

    def _of(self, matcher: Matcher, word: _Word, hidden: Ints, docs: Ints, often: Array) -> Found:
        if len(hidden):
            shown = np.flatnonzero(~contained(docs, hidden, matcher.documents))
            docs, often = docs[shown], often[shown]
        scores = self._scorer.in_both(matcher, word.weight, docs, often).astype(np.float64)
        self._raise(scores)
        return Found(len(docs), docs, scores)

    def _raise(self, scores: Scores) -> None:
        if len(scores) >= self._limit:
            self._least = max(self._least, least_of(scores, self._limit))

    def _all(self, matcher: Matcher, hidden: Ints, words: Sequence[_Word]) -> Found:
        order = sorted(words, key=lambda word: word.size)
        docs, often = order[0].listed
        if len(hidden):
            shown = np.flatnonzero(~contained(docs, hidden, matcher.documents))
            docs, often = docs[shown], often[shown]
        counts = [often]
        for word in order[1:]:
            if not len(docs):
                break
            own = word.at(docs)
            both = np.flatnonzero(own != 0)
            docs, counts = docs[both], [each[both] for each in (*counts, own)]
        total = np.zeros(len(docs))
        if len(docs):
            for word, own in zip(order, counts, strict=True):
                total += self._scorer.in_both(matcher, word.weight, docs, own)
        return Found(len(docs), docs, total)

    def _any(self, matcher: Matcher, hidden: Ints, words: Sequence[_Word]) -> Found:
        if sum(word.size for word in words) <= FEW:
            docs, scores = self._summed(matcher, [(*word.listed, word.weight) for word in words])
            if len(hidden):
                shown = np.flatnonzero(~contained(docs, hidden, matcher.documents))
                docs, scores = docs[shown], scores[shown]
            return Found(len(docs), docs, scores)
        bound = self._scorer.bound(matcher)
        lists = [_List(*row, word.weight, word.best * bound) for word in words for row in word.rows]
        most, step = _most(lists, matcher.documents)
        most[hidden] = 0
        total = int(np.count_nonzero(most))
        if total <= max(SCORED, self._limit * SEEN):
            return Found(total, *self._added_up(matcher, lists, most, 1))
        least = max(1, int(least_of(most, self._limit * SEEN)))
        docs, scores = self._added_up(matcher, lists, most, least)
        self._raise(scores)
        enough = max(1, math.ceil(self._least * (1 - SLACK) / step))
        return Found(total, *(self._added_up(matcher, lists, most, enough) if enough < least else (docs, scores)))

    def _added_up(self, matcher: Matcher, lists: Sequence[_List], most: Array, least: int) -> tuple[Ints, Scores]:
        """The documents that can be worth `least` steps, in no order, and what each is worth in all lists, exactly."""
        even = [each for each in lists if each.docs is None]
        parts = [each.inside(most, least) for each in lists if each.docs is not None]
        if least <= sum(each.steps for each in even):  # some that are in no other list
            docs = np.flatnonzero(most >= least)
            parts.append((docs, np.zeros(len(docs), np.uint8), np.float32(0)))
        docs, scores = self._summed(matcher, parts)
        for each in even:
            scores += self._scorer.in_both(matcher, each.weight, docs, each.often[docs])
        return docs, scores

    def _summed(self, matcher: Matcher, parts: Sequence[tuple[Ints, Array, np.float32]]) -> tuple[Ints, Scores]:
        """Each document of some lists, in no order, and what it is worth in all of them.

        Of each list the documents, how often they have the word, and what that weighs.
        """
        if not parts:
            return _NONE, np.zeros(0)
        columns = list(zip(*parts, strict=True))
        found, often = map(np.concatenate, columns[:2])
        weights = np.repeat(np.array(columns[2]), list(map(len, columns[0])))
        worth = self._scorer.in_both(matcher, weights, found, often)
        places = np.arange(len(found), dtype=np.int32)
        last = np.empty(matcher.documents, np.int32)
        last[found] = places
        of = last[found]
        own = np.flatnonzero(of == places)
        scores: Array = np.bincount(of, worth, len(found))[own]
        return found[own], scores


class _Word:
    """A word in one segment: a list for each of its keys, of which a document has one at most."""

    weight = np.float32(0)

    def __init__(self, data: SegmentData, stem: Stem) -> None:
        words = data.words(FIELD)
        found = [words.find(key) for key in data.spoken.keys(stem)] if words else []
        self._numbers = [number for number in found if number >= 0]
        self._lists = words.lists if words else None
        self._documents = data.documents
        self.size = sum(map(self._lists.size, self._numbers)) if self._lists else 0

    @cached_property
    def rows(self) -> list[tuple[Ints | None, Array]]:
        """As Lists.row gives them."""
        return [self._lists.row(number, 0, self._documents) for number in self._numbers] if self._lists else []

    @cached_property
    def blocks(self) -> Blocks | None:
        """The list by blocks, where there is one that can be read so."""
        return self._lists.blocks(self._numbers[0]) if self._lists and len(self._numbers) == 1 else None

    @property
    def best(self) -> float:
        """What the best posting is worth at most, in Scorer.bound."""
        return float(self.weight) * (int(self.blocks.best.max()) / 65535 if self.blocks else 1)

    @property
    def listed(self) -> tuple[Ints, Array]:
        """The documents that have the word, in order, and how often each does."""
        parts = []
        for docs, often in self.rows:
            own = np.flatnonzero(often != 0) if docs is None else docs
            parts.append((own, often[own] if docs is None else often))
        if len(parts) == 1:
            return parts[0]
        found = apart(self._documents, parts)
        return found.docs, found.at(found.docs)

    def at(self, docs: Ints) -> Array:
        """How often each of `docs` has the word, 0 for not at all."""
        found = [self._at(row, docs) for row in self.rows]
        return reduce(np.add, found) if found else np.zeros(len(docs), np.uint8)

    def _at(self, row: tuple[Ints | None, Array], docs: Ints) -> Array:
        own, often = row
        if own is None:
            return often[docs]
        if not len(own):
            return np.zeros(len(docs), np.uint8)
        if len(docs) * FEWER < len(own):
            places = np.minimum(np.searchsorted(own, docs), len(own) - 1)
            return np.where(own[places] == docs, often[places], often.dtype.type(0))
        table = np.zeros(self._documents, often.dtype)
        table[own] = often
        return table[docs]


class _List:
    """Documents with a word, and how often each has it; or (None) how often each of all documents has it.

    `bound`: what one of these is worth at most.
    """

    steps = 0  # the same in steps, rounded up

    def __init__(self, docs: Ints | None, often: Array, weight: np.float32, bound: float) -> None:
        self.docs, self.often, self.weight, self.bound = docs, often, weight, bound
        self._most: Array | None = None

    def inside(self, most: Array, least: int) -> tuple[Ints, Array, np.float32]:
        """The documents of a list that can be worth `least` steps, how often they have the word, and what it weighs."""
        assert self.docs is not None
        if self._most is None:
            self._most = most[self.docs]
        own = np.flatnonzero(self._most >= least)
        return self.docs[own], self.often[own], self.weight


def _most(lists: Sequence[_List], documents: int) -> tuple[Array, float]:
    """What each document can be worth at most, in steps, one at least for each word; and what a step is worth."""
    kind: type[np.uint8 | np.uint16] = np.uint8 if len(lists) <= WORDS else np.uint16
    row = np.zeros(documents, kind)
    step = sum(each.bound for each in lists) / (np.iinfo(kind).max - len(lists)) or 1.0
    for each in lists:
        each.steps = max(1, math.ceil(each.bound / step))
        if each.docs is None:
            np.add(row, np.multiply(each.often != 0, kind(each.steps)), out=row)  # `where` would take far longer
        else:
            np.add.at(row, each.docs, kind(each.steps))
    return row, step


def least_of(scores: Array, limit: int) -> float:
    """At most what the last of the `limit` highest is; of very many, by the highest of each 64, which is quicker."""
    if len(scores) > 64 * max(64, 4 * limit):
        scores = scores[: len(scores) // 64 * 64].reshape(64, -1).max(axis=0)
    return float(np.partition(scores, len(scores) - limit)[len(scores) - limit])
