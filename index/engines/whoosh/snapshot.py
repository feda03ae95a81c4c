"""One commit, open for reading: its segments, and a Plan answered over them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import repeat
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.engines import Answer, Row, Tally
from index.engines.whoosh import quick
from index.engines.whoosh.arrays import kept
from index.engines.whoosh.contents import Contents
from index.engines.whoosh.matching import Guard, Matcher, stretch
from index.engines.whoosh.packing import Array, Ints
from index.engines.whoosh.scoring import Scorer
from index.engines.whoosh.segment import SegmentData
from index.engines.whoosh.sets import intersection
from index.plan import After, Choice, Condition, Count, Plan, Sort

if TYPE_CHECKING:
    from index.engines.whoosh.counting import FacetUnion, Known
    from index.engines.whoosh.streaming import Column

_NONE = np.zeros(0, np.int64)
Keys = np.ndarray[tuple[Any, ...], np.dtype[np.floating[Any]]]


class Segment:
    """A segment as one commit sees it."""

    def __init__(self, data: SegmentData, dead: Array) -> None:
        self.data = data
        self.dead = np.flatnonzero(dead)
        self.living = len(dead) - len(self.dead)
        self._alive = ~dead

    def alive(self, docs: Ints) -> Ints:
        """Those of `docs` that are not deleted."""
        return docs if self.living == len(self._alive) else kept(docs, self._alive[docs])


class Snapshot:
    """Does not change; the next commit is another one, which takes over the segments they share."""

    def __init__(self, contents: Contents, folder: Path, known: dict[str, SegmentData]) -> None:
        """FileNotFoundError when a file has gone meanwhile, BadFileError when one is not what it should be."""
        self.contents = contents
        self.data = {
            segment.filename: known.get(segment.filename) or SegmentData(folder / segment.filename, segment.size)
            for segment in contents.segments
        }
        self.segments = [Segment(self.data[s.filename], s.dead_mask()) for s in contents.segments]
        self._unions: dict[str, FacetUnion] = {}
        self.readers = 0
        for data in self.data.values():
            data.holders += 1

    def close(self) -> None:
        """Let go of the segments that no other snapshot has. It is not to be asked again."""
        self._unions.clear()
        self.segments.clear()
        for data in self.data.values():
            data.holders -= 1
            if not data.holders:
                data.close()
        self.data.clear()

    def union(self, field: str) -> FacetUnion:
        """The values of a facet in all segments, numbered together."""
        from index.engines.whoosh.counting import FacetUnion

        if field not in self._unions:
            facets = [segment.data.facet(field) for segment in self.segments]
            self._unions[field] = FacetUnion(facets, [segment.living for segment in self.segments])
        return self._unions[field]

    @cached_property
    def size(self) -> int:
        return sum(segment.living for segment in self.segments)

    def ids(self) -> Iterator[str]:
        for segment in self.segments:
            yield from map(segment.data.id, segment.alive(np.arange(segment.data.documents)).tolist())

    def run(self, plan: Plan) -> Answer:
        return _Run(self, plan).answer()

    def found(self, plan: Plan, beside: str = "") -> list[Ints]:
        """The hits, segment by segment, whatever was chosen of the field `beside`."""
        return _Run(self, plan).found(beside)

    def background(self, plan: Plan) -> list[Ints]:
        """The documents that the plan's background holds for, segment by segment."""
        return _Run(self, plan).background()

    def hits(self, plan: Plan) -> Iterator[str]:
        """Ids of all hits; the matching is done when this returns."""
        from index.engines.whoosh.streaming import in_order

        return in_order(_Run(self, plan).ordered())


class _Run:
    def __init__(self, snapshot: Snapshot, plan: Plan) -> None:
        self._snapshot = snapshot
        self._plan = plan
        self._guard = Guard(plan.limits)
        self._by_day: Known = {}  # of the hits
        self._matchers = [
            Matcher(segment.data, self._guard, *stretch(segment.data, plan.condition)) for segment in snapshot.segments
        ]

    def answer(self) -> Answer:
        plan = self._plan
        if (words := quick.asked(plan)) and all(matcher is matcher.whole for matcher in self._matchers):
            return self._of_words(words)
        asked = self._docs(plan.condition)
        hits = self._narrowed(asked, plan.choices)
        return Answer(
            total=sum(map(len, hits)),
            rows=tuple(self._rows(hits)),
            facets=tuple(self._tally(asked, hits, count) for count in plan.counts),
            clauses=self._clauses(),
        )

    def _of_words(self, words: quick.Asked) -> Answer:
        """As `answer`, for words alone."""
        dead = [segment.dead for segment in self._snapshot.segments]
        found = quick.Quick(self._matchers, dead, self._plan.limit).found(words)
        columns = [(matcher.data, -one.scores, one.docs) for matcher, one in zip(self._matchers, found, strict=True)]
        return Answer(sum(one.total for one in found), tuple(self._page(columns)), clauses=self._clauses())

    def found(self, beside: str) -> list[Ints]:
        others = [choice for choice in self._plan.choices if choice.field != beside]
        return self._narrowed(self._docs(self._plan.condition), others)

    def background(self) -> list[Ints]:
        return self._everywhere(self._plan.background)

    def ordered(self) -> list[Column]:
        """All hits, segment by segment."""
        from index.engines.whoosh.streaming import Column

        hits = self._narrowed(self._docs(self._plan.condition), self._plan.choices)
        scorer = Scorer(self._matchers)
        columns = []
        for matcher, docs in zip(self._matchers, hits, strict=True):
            if not len(docs):
                continue
            self._guard.check()
            keys = self._keys(scorer, matcher, docs)
            if self._plan.after:
                keys, docs = _later(matcher.data, keys, docs, self._plan.after)
            columns.append(Column(matcher.data, keys, docs))
        return columns

    def _docs(self, condition: Condition) -> list[Ints]:
        """The living documents of the stretches that match, segment by segment."""
        return [
            segment.alive(_shifted(matcher.docs(condition), matcher.first)) if matcher.documents else _NONE
            for segment, matcher in zip(self._snapshot.segments, self._matchers, strict=True)
        ]

    @cached_property
    def _whole(self) -> list[Matcher]:
        """Matchers of whole segments."""
        return [matcher.whole for matcher in self._matchers]

    def _everywhere(self, condition: Condition) -> list[Ints]:
        """The living documents of the whole index that match, segment by segment."""
        pairs = zip(self._snapshot.segments, self._whole, strict=True)
        return [segment.alive(matcher.docs(condition)) for segment, matcher in pairs]

    def _clauses(self) -> tuple[int, ...]:
        """How many documents of the whole index match each of the plan's clauses."""
        return tuple(sum(map(len, self._everywhere(clause))) for clause in self._plan.clauses)

    def _narrowed(self, docs: Sequence[Ints], choices: Sequence[Choice]) -> list[Ints]:
        narrowed = list(docs)
        for choice in choices:
            for place, matcher in enumerate(self._matchers):
                chosen = matcher.docs(choice.condition) + matcher.first
                narrowed[place] = intersection(narrowed[place], chosen, matcher.data.documents)
        return narrowed

    def _tally(self, asked: Sequence[Ints], hits: Sequence[Ints], count: Count) -> Tally:
        self._guard.check()
        others = [choice for choice in self._plan.choices if choice.field != count.field]
        chosen = hits if len(others) == len(self._plan.choices) else self._narrowed(asked, others)
        data = [segment.data for segment in self._snapshot.segments]
        if count.significant:
            from index.engines.whoosh.significant import tally_significant, tally_significant_days

            background = self._everywhere(self._plan.background)
            if count.grain is not None:
                return tally_significant_days(data, chosen, background, count, count.grain)
            union = self._snapshot.union(count.field)
            return tally_significant(union, chosen, background, count.selected, count.limit)
        if count.grain is not None:
            from index.engines.whoosh.counting import tally_days

            return tally_days(data, chosen, count, count.grain, self._by_day if chosen is hits else None)
        return self._snapshot.union(count.field).tally(chosen, count.limit, count.selected)

    def _rows(self, hits: Sequence[Ints]) -> list[Row]:
        plan = self._plan
        if not plan.limit:
            return []
        scorer = Scorer(self._matchers)
        pairs = zip(self._matchers, hits, strict=True)
        return self._page((m.data, self._keys(scorer, m, docs), docs) for m, docs in pairs if len(docs))

    def _page(self, columns: Iterable[tuple[SegmentData, Keys, Ints]]) -> list[Row]:
        """The first rows of hits, segment by segment: what they are ordered by, and their documents."""
        plan = self._plan
        best: list[tuple[float, SegmentData, int]] = []
        for data, keys, docs in columns:
            self._guard.check()
            if plan.after:
                keys, docs = _later(data, keys, docs, plan.after)
            places = _first(data, keys, docs, plan.limit)
            best += zip(keys[places].tolist(), repeat(data), docs[places].tolist(), strict=False)
        best.sort(key=itemgetter(0))
        if len(best) > plan.limit:  # only those that can be on the page are worth their ids
            best = [row for row in best if row[0] <= best[plan.limit - 1][0]]
        named = ((key, data.id(number), data, number) for key, data, number in best)
        page = sorted(named, key=itemgetter(0, 1))[: plan.limit]
        by_score = plan.sort is Sort.RELEVANCE
        return [Row(data.card(number, id_), key, -key if by_score else 0.0) for key, id_, data, number in page]

    def _keys(self, scorer: Scorer, matcher: Matcher, docs: Ints) -> Keys:
        match self._plan.sort:
            case Sort.RELEVANCE:
                scores = scorer.scores(matcher, self._plan, _shifted(docs, -matcher.first))
                return np.negative(scores, out=scores)
            case Sort.CAPTURED:
                return -matcher.data.captured[docs] / 1e6
            case Sort.ID:
                return np.zeros(len(docs))
            case Sort.NEWEST | Sort.OLDEST:
                days = matcher.data.dates[docs].astype(np.float64)
                known = days > 0
                return np.where(known, -days if self._plan.sort is Sort.NEWEST else days, math.inf)


def _shifted(docs: Ints, by: int) -> Ints:
    return docs + by if by else docs


def _later(data: SegmentData, keys: Keys, docs: Ints, after: After) -> tuple[Keys, Ints]:
    """Those that come after the row where the page before ended."""
    keep = keys > after.key
    if len(same := np.flatnonzero(keys == after.key)):
        rank = data.rank(after.id) + len(data.find(after.id))
        keep[same] = data.ranks[docs[same]] >= rank
    return kept(keys, keep), kept(docs, keep)


def _first(data: SegmentData, keys: Keys, docs: Ints, limit: int) -> Ints:
    """Places of the `limit` smallest (key, id), in any order."""
    if len(keys) <= limit:
        return np.arange(len(keys))
    near = np.flatnonzero(keys <= -quick.least_of(-keys, limit))
    return near[_least(data, keys[near], docs[near], limit)]


def _least(data: SegmentData, keys: Keys, docs: Ints, limit: int) -> Ints:
    """As _first, where it is worth to look at each."""
    edge = np.partition(keys, limit - 1)[limit - 1]
    sure = np.flatnonzero(keys < edge)
    tied = np.flatnonzero(keys == edge)
    missing = limit - len(sure)
    if len(tied) > missing:
        ranks = data.ranks[docs[tied]]
        tied = tied[np.argpartition(ranks, missing - 1)[:missing]]
    return np.concatenate((sure, tied))
