"""The oracle: every condition of a Plan matched in plain Python over a list of documents.

It keeps nothing on disk, so an index on it is filled anew at every start; it knows no limits, and no cleverness.
What it answers is what every engine answers: the same ids, totals and facet counts, and the same scores but for
rounding, while no document of another engine's is deleted and still counted.
"""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from pathlib import Path

from index.analysis import Pair, cut, cut_in
from index.config import SearchSettings
from index.counting import Axis, Crossed, Listing, Paired, Pairing
from index.edits import distance
from index.engines import Answer, Batch, Row, Tally, memory_tables
from index.fields import Document
from index.plan import (
    K1,
    MOST,
    AllOf,
    AnyOf,
    Chosen,
    Combined,
    Condition,
    Count,
    Days,
    Everything,
    Fuzzy,
    Grain,
    Has,
    Leaf,
    Near,
    NotOf,
    Overrun,
    Phrase,
    Plan,
    Prefix,
    Scored,
    Sort,
    Stem,
    Term,
    length_weight,
)
from index.significance import significance, stands_out
from index.values import DayRange


def open_engine(folder: Path, settings: SearchSettings | None = None) -> MemoryEngine:  # noqa: ARG001 - an Opener
    return MemoryEngine()


class MemoryEngine:
    """An Engine (that Completes and Tabulates) over a dict."""

    def __init__(self) -> None:
        self._stored: dict[str, _Stored] = {}
        self._position = 0

    def apply(self, batch: Batch) -> None:
        for id_ in batch.deleted:
            self._stored.pop(id_, None)
        self._stored.update((document.id, _Stored(document)) for document in batch.documents)
        self._position = batch.position

    def position(self) -> int:
        return self._position

    def size(self) -> int:
        return len(self._stored)

    def ids(self) -> Iterator[str]:
        yield from sorted(self._stored)

    def close(self) -> None:
        pass

    def run(self, plan: Plan) -> Answer:
        return self._run(plan).answer()

    def hits(self, plan: Plan) -> Iterator[str]:
        return self._run(plan).ids()

    def complete(self, field: str, starts: Sequence[str], limit: int) -> list[tuple[str, int]]:
        values = Counter(
            value
            for stored in self._stored.values()
            for value in stored.document.facets.get(field, ())
            if all(any(term.startswith(start) for term, _ in cut(value)) for start in starts)
        )
        return sorted(values.items(), key=lambda item: (-item[1], item[0]))[:limit]

    def similar(self, field: str, term: str, limit: int) -> list[str]:
        terms = Counter(found for stored in self._stored.values() for found, _ in stored.tokens(field))
        near = sorted(
            (distance(term, found), -count, found)
            for found, count in terms.items()
            if found != term and found[:1] == term[:1] and distance(term, found) <= 2
        )
        return [found for _, _, found in near[:limit]]

    def list_values(self, plan: Plan, listing: Listing) -> Tally:
        run = self._run(plan)
        return memory_tables.listed(run.found(beside=listing.field), run.background(), listing)

    def cross(self, plan: Plan, rows: Axis, columns: Axis) -> Crossed:
        return memory_tables.crossed(self._run(plan).found(), rows, columns)

    def pair(self, plan: Plan, asked: Pairing) -> Paired:
        return memory_tables.paired(self._run(plan).found(), asked)

    def _run(self, plan: Plan) -> _Run:
        return _Run(plan, list(self._stored.values()))

    def frequencies(self, field: str, stems: Sequence[str]) -> list[int]:
        having = Counter(stem for stored in self._stored.values() for stem in {s for _, s in stored.tokens(field)})
        return [having[stem] for stem in stems]


class _Stored:
    """A document and the tokens of its texts, value by value."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.values: dict[str, list[list[Pair]]] = {
            name: [cut_in(value, document.speech(name)) for value in values] for name, values in document.texts.items()
        }

    @property
    def day(self) -> date | None:
        return self.document.card.date

    def tokens(self, field: str) -> Iterator[Pair]:
        for value in self.values.get(field, ()):
            yield from value

    def length(self, field: str) -> int:
        return sum(map(len, self.values.get(field, ())))

    def count(self, leaf: Scored) -> int:
        """How often the document matches `leaf`: 0 for not at all."""
        match leaf:
            case Combined(parts=parts):
                return sum(map(self.count, parts))
            case Term(field=name, term=term):
                return sum(found == term for found in self._strings(name))
            case Prefix(field=name, prefix=prefix):
                return sum(found.startswith(prefix) for found in self._strings(name))
            case Fuzzy(field=name, term=term, edits=edits):
                return sum(found[:1] == term[:1] and distance(found, term) <= edits for found in self._strings(name))
            case Stem(field=name):
                return sum(found in leaf.keys for _, found in self.tokens(name))
            case Phrase(field=name, terms=terms):
                return sum(_phrases([term for term, _ in value], terms) for value in self.values.get(name, ()))
            case Near(field=name, terms=terms, window=window):
                return sum(_near([t for t, _ in value], terms, window) for value in self.values.get(name, ()))
            case Days(field=name, first=first, last=last):
                return sum(first <= end and start <= last for start, end in self.document.days.get(name, ()))
            case Has(field=name):
                return any(True for _ in self._strings(name)) or name in self.document.days
            case Chosen(field=name, values=values, grain=grain):
                return not self.facet(name, grain).isdisjoint(values)

    def facet(self, name: str, grain: Grain | None) -> set[str]:
        if grain is None:
            return set(self.document.facets.get(name, ()))
        return {bucket for days in self.document.days.get(name, ()) if (bucket := _bucket(days, grain))}

    def _strings(self, name: str) -> Iterator[str]:
        yield from (term for term, _ in self.tokens(name))
        yield from self.document.terms.get(name, ())


class _Run:
    """One plan over one list of documents."""

    def __init__(self, plan: Plan, stored: Sequence[_Stored]) -> None:
        self._plan = plan
        self._stored = stored
        self._until = time.monotonic() + plan.limits.seconds
        self._counts: dict[Scored, list[int]] = {}
        self._groups: dict[AllOf, set[int]] = {}
        self._averages: dict[str, float] = {}

    def answer(self) -> Answer:
        plan = self._plan
        asked = self._matches(plan.condition)
        hits = self._narrowed(asked)
        return Answer(
            total=len(hits),
            rows=tuple(self._rows(hits)[: plan.limit]),
            facets=tuple(self._tally(asked, count) for count in plan.counts),
            clauses=tuple(len(self._matches(clause)) for clause in plan.clauses),
        )

    def found(self, beside: str = "") -> list[_Stored]:
        """The hits, whatever was chosen of the field `beside`."""
        others = (self._matches(choice.condition) for choice in self._plan.choices if choice.field != beside)
        return [self._stored[number] for number in self._matches(self._plan.condition).intersection(*others)]

    def background(self) -> list[_Stored]:
        return [self._stored[number] for number in self._matches(self._plan.background)]

    def ids(self) -> Iterator[str]:
        rows = self._rows(self._narrowed(self._matches(self._plan.condition)))
        return iter([row.card.id for row in rows])

    def _narrowed(self, asked: set[int]) -> set[int]:
        return asked.intersection(*(self._matches(choice.condition) for choice in self._plan.choices))

    def _rows(self, hits: Iterable[int]) -> list[Row]:
        rows = sorted((self._row(number) for number in hits), key=lambda row: (row.key, row.card.id))
        if after := self._plan.after:
            rows = [row for row in rows if (row.key, row.card.id) > (after.key, after.id)]
        return rows

    def _matches(self, condition: Condition) -> set[int]:
        """Numbers of the documents that match."""
        match condition:
            case Everything():
                return set(range(len(self._stored)))
            case AllOf(parts=parts):
                return set.intersection(*map(self._matches, parts))
            case AnyOf(parts=parts):
                return set.union(*map(self._matches, parts))
            case NotOf(part=part):
                return set(range(len(self._stored))) - self._matches(part)
            case _:
                return {number for number, count in enumerate(self._leaf(condition)) if count}

    def _all_of(self, condition: AllOf) -> set[int]:
        if condition not in self._groups:
            self._groups[condition] = self._matches(condition)
        return self._groups[condition]

    def _leaf(self, leaf: Scored) -> list[int]:
        if leaf not in self._counts:
            if time.monotonic() > self._until:
                raise Overrun(f"it takes longer than {self._plan.limits.seconds:g} seconds")
            self._counts[leaf] = [stored.count(leaf) for stored in self._stored]
        return self._counts[leaf]

    def _row(self, number: int) -> Row:
        card = self._stored[number].document.card
        day = card.date.toordinal() if card.date else None
        match self._plan.sort:
            case Sort.NEWEST:
                return Row(card, math.inf if day is None else -float(day), 0.0)
            case Sort.OLDEST:
                return Row(card, math.inf if day is None else float(day), 0.0)
            case Sort.CAPTURED:
                return Row(card, -card.captured.timestamp(), 0.0)
            case Sort.ID:
                return Row(card, 0.0, 0.0)
            case Sort.RELEVANCE:
                score = sum(self._score(part, number) for part in self._plan.scored or (self._plan.condition,))
                return Row(card, -score, score)

    def _score(self, condition: Condition, number: int) -> float:
        match condition:
            case AllOf() if number not in self._all_of(condition):
                return 0.0
            case AllOf(parts=parts) | AnyOf(parts=parts):
                return sum(self._score(part, number) for part in parts)
            case Term() | Stem() | Phrase() | Near() | Prefix() | Fuzzy() | Combined():
                return self._worth(condition, number)
            case _:
                return 0.0

    def _worth(self, leaf: Scored, number: int) -> float:
        """As index.plan says."""
        counts = self._leaf(leaf)
        if not counts[number]:
            return 0.0
        having = sum(map(bool, counts))
        weight = _weight(leaf) * math.log(1 + (len(counts) - having + 0.5) / (having + 0.5))
        if isinstance(leaf, Combined):
            often = sum(_weight(part) * self._often(part, number, MOST) for part in leaf.parts)
        elif self._stored[number].length(leaf.field):
            often = self._often(leaf, number)
        else:
            return weight
        return weight * often * (K1 + 1) / (often + K1)

    def _often(self, leaf: Leaf, number: int, most: int = 0) -> float:
        """How often the leaf matches, in the measure of its field's length; in a title at most so many times."""
        count = self._leaf(leaf)[number]
        if most and leaf.field == "title":
            count = min(count, most)
        lengths = [stored.length(leaf.field) for stored in self._stored]
        if leaf.field not in self._averages:
            self._averages[leaf.field] = max(sum(lengths), 1) / len(lengths)
        b = length_weight(leaf.field)
        return count / (1 - b + b * lengths[number] / self._averages[leaf.field])

    def _tally(self, asked: set[int], count: Count) -> Tally:
        others = (self._matches(choice.condition) for choice in self._plan.choices if choice.field != count.field)
        base = asked.intersection(*others)
        found = self._values(base, count)
        if count.significant:
            return self._significant(base, found, count)
        if count.grain is None:
            order = sorted(found, key=lambda value: (-found[value], value))
        else:
            order = sorted(found, reverse=True)
        shown = order[: count.limit]
        shown += [value for value in dict.fromkeys(count.selected) if value not in shown]
        return Tally(tuple((value, found[value]) for value in shown), len(found))

    def _values(self, numbers: Iterable[int], count: Count) -> Counter[str]:
        return Counter(value for number in numbers for value in self._stored[number].facet(count.field, count.grain))

    def _significant(self, base: set[int], found: Counter[str], count: Count) -> Tally:
        documents = self._matches(self._plan.background)
        against = self._values(documents, count)
        scores = {v: significance(found[v], len(base), against[v], len(documents)) for v in (*found, *count.selected)}
        best = sorted(
            (value for value in found if stands_out(found[value], scores[value])),
            key=lambda value: (-scores[value], value),
        )
        shown = list(dict.fromkeys((*best[: count.limit], *count.selected)))
        return Tally(
            values=tuple((value, found[value]) for value in shown),
            distinct=len(best),
            scores=tuple((against[value], scores[value]) for value in shown),
        )


def _weight(leaf: Scored) -> float:
    return getattr(leaf, "boost", 1.0)


def _phrases(terms: Sequence[str], wanted: Sequence[str]) -> int:
    return sum(tuple(terms[at : at + len(wanted)]) == tuple(wanted) for at in range(len(terms) - len(wanted) + 1))


def _near(terms: Sequence[str], wanted: Iterable[str], window: int) -> int:
    """At how many positions a stretch of window + 1 tokens begins with a wanted term and holds them all."""
    need = set(wanted)
    return sum(
        term in need and need.issubset(islice(terms, at, at + window + 1)) for at, term in enumerate(terms)
    )  # fmt: skip


def _bucket(days: DayRange, grain: Grain) -> str:
    """The year, month or day that holds the whole range, or ""."""
    width = {Grain.YEAR: 4, Grain.MONTH: 7, Grain.DAY: 10}[grain]
    first, last = (date.fromordinal(day).isoformat()[:width] for day in days)
    return first if first == last else ""
