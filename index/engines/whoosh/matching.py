"""Conditions → the documents of one segment that match, as sorted arrays of numbers. No Python per document.

A leaf gives its postings: documents and how often each matches. Several terms that stand for one leaf (stem, prefix,
fuzzy) count together. Deleted documents match like all others; the executor leaves them out at the end.

Documents are ordered by date, so a condition that asks for a time can match in one stretch of them alone (`stretch`). A
Matcher is made for a stretch and reads no more than that of any list.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from index.engines.whoosh.arrays import kept, places
from index.engines.whoosh.combined import FIELD, TITLE, UNITS, both, stem_of
from index.engines.whoosh.lists import trimmed
from index.engines.whoosh.packing import BLOCK, Array, Ints, smallest
from index.engines.whoosh.postings import Postings, added_up, apart, listed
from index.engines.whoosh.recent import RECENT
from index.engines.whoosh.segment import SegmentData, Words, bucket_number
from index.engines.whoosh.sets import contained, distinct, intersection
from index.plan import (
    MOST,
    AllOf,
    AnyOf,
    Chosen,
    Combined,
    Condition,
    Days,
    Everything,
    Fuzzy,
    Has,
    Leaf,
    Limits,
    Near,
    NotOf,
    Overrun,
    Phrase,
    Prefix,
    Scored,
    Stem,
    Term,
)
from index.stemming import speech_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

REMEMBERED = 2**25  # bytes of postings that one run keeps for each segment; what is beyond is read again when needed
_NONE = np.zeros(0, np.int64)


class Guard:
    """The limits of one run."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._until = time.monotonic() + limits.seconds

    def check(self) -> None:
        if time.monotonic() > self._until:
            raise Overrun(f"it takes longer than {self._limits.seconds:g} seconds")

    def check_expansion(self, count: int, leaf: Leaf) -> None:
        if count > self._limits.expansion:
            raise Overrun(f"it stands for more than {self._limits.expansion:,} words", leaf)


def stretch(data: SegmentData, condition: Condition) -> tuple[int, int]:
    """The documents of a segment, from … to, outside which nothing matches `condition`."""
    first, after = 0, data.documents
    for part in condition.parts if isinstance(condition, AllOf) else (condition,):
        if isinstance(part, Days) and (days := data.days(part.field)):
            begin, end = days.span(part.first, part.last)
            first, after = max(first, begin), min(after, end)
    return (first, after) if first < after else (0, 0)


class Matcher:
    """Answers conditions over the documents first … after - 1 of a segment, counted from `first`; remembers answers."""

    def __init__(self, data: SegmentData, guard: Guard, first: int = 0, after: int | None = None) -> None:
        self.data = data
        self.first = first
        self.after = data.documents if after is None else after
        self.documents = self.after - self.first
        self.guard = guard
        self._postings: dict[Scored, Postings] = {}
        self._room = REMEMBERED
        self._matching: dict[Scored, int] = {}
        self._looked_up: dict[Combined, Ints | None] = {}  # terms, as `_terms` gives them

    @cached_property
    def whole(self) -> Matcher:
        """One for the whole segment."""
        return self if self.documents == self.data.documents else Matcher(self.data, self.guard)

    def docs(self, condition: Condition) -> Ints:
        """The documents that match, in order."""
        match condition:
            case Everything():
                return np.arange(self.documents)
            case AllOf(parts=parts):
                return self._all_of(parts)
            case AnyOf(parts=parts):
                return self._any_of(parts)
            case NotOf(part=part):
                return self._complement(self.docs(part))
            case _:
                return self.postings(condition).docs

    def postings(self, leaf: Scored) -> Postings:
        """The documents that match a leaf, and how often."""
        if leaf in self._postings:
            return self._postings[leaf]
        self.guard.check()
        found = self._find(leaf)
        if found.nbytes <= self._room:
            self._room -= found.nbytes
            self._postings[leaf] = found
        return found

    def words(self, leaf: Scored) -> Words | None:
        """The terms among which a leaf is looked for, and by whose lengths it is scored."""
        return self.data.words(FIELD if isinstance(leaf, Combined) else leaf.field)

    def matching(self, leaf: Scored) -> int:
        """How many documents of the whole segment match a leaf."""
        if leaf not in self._matching and self.whole is self and leaf in self._postings:
            self._matching[leaf] = self._postings[leaf].count
        elif leaf not in self._matching:
            words = self.words(leaf)
            numbers = self._terms(words, leaf) if words and isinstance(leaf, Term | Stem | Combined) else None
            if words and numbers is not None and self._is_sum(leaf, numbers):
                self._matching[leaf] = sum(map(words.lists.size, numbers.tolist()))
            else:
                self._matching[leaf] = self.whole.postings(leaf).count
        return self._matching[leaf]

    def _is_sum(self, leaf: Scored, terms: Ints) -> bool:
        """Whether the documents that match a leaf are those of its terms, each of which stands in others."""
        if isinstance(leaf, Stem) and self.data.spoken.of is not None:
            return False  # only those in one speech are meant
        return len(terms) < 2 or isinstance(leaf, Combined)

    def _all_of(self, parts: Sequence[Condition]) -> Ints:
        """Positive parts from the rarest on; what is excluded is taken away from the rest."""
        positive = (self.docs(part) for part in parts if not isinstance(part, NotOf))
        wanted = sorted((docs for docs in positive if len(docs) < self.documents), key=len)
        found = wanted[0] if wanted else np.arange(self.documents)
        for docs in wanted[1:]:
            found = intersection(found, docs, self.documents)
        for part in parts:
            if isinstance(part, NotOf):
                found = kept(found, ~contained(found, self.docs(part.part), self.documents))
        return found

    def _any_of(self, parts: Sequence[Condition]) -> Ints:
        mask = np.zeros(self.documents, bool)
        self._mark(parts, mask)
        return np.flatnonzero(mask)

    def _mark(self, parts: Sequence[Condition], mask: NDArray[np.bool_]) -> None:
        for part in parts:
            if isinstance(part, AnyOf):
                self._mark(part.parts, mask)
            elif isinstance(part, Everything | AllOf | NotOf):
                mask[self.docs(part)] = True
            else:
                self.postings(part).mark(mask)

    def _complement(self, docs: Ints) -> Ints:
        mask = np.ones(self.documents, bool)
        mask[docs] = False
        return np.flatnonzero(mask)

    def _find(self, leaf: Scored) -> Postings:
        words = self.words(leaf)
        match leaf:
            case Days(first=first, last=last):
                days = self.data.days(leaf.field)
                return self._listed(leaf, days.overlapping(first, last) if days else _NONE)
            case Has():
                return self._listed(leaf, self._having(leaf.field))
            case Chosen():
                return self._listed(leaf, self._chosen(leaf))
            case Phrase(terms=terms):
                found = self._phrases([leaf.field], terms)
                return self._listed(leaf, *found.get(leaf.field, (_NONE,)))
            case Near(terms=terms, window=window):
                from index.engines.whoosh.phrases import near

                return self._listed(leaf, *(near(words, terms, window) if words and words.is_text else (_NONE,)))
        if words is None:
            return self._listed(leaf, _NONE)
        if isinstance(leaf, Stem) and self.data.spoken.of is not None:
            return self._spoken(leaf, words)
        numbers = self._terms(words, leaf)
        if isinstance(leaf, Combined):
            return self._combined(leaf, words, numbers)
        assert numbers is not None
        return words.of(numbers, self.first, self.after)

    def _combined(self, leaf: Combined, words: Words, numbers: Ints | None) -> Postings:
        if numbers is None:
            docs, often = RECENT.get((self.data.file, FIELD), leaf.parts, self._united(leaf))
            assert docs is not None
            return self._listed(leaf, docs, often)
        if not len(numbers):
            return listed(self.documents, _NONE)
        parts = []
        for number in numbers.tolist():
            docs_, often = words.lists.row(number, self.first, self.after)
            if docs_ is None:
                docs_ = np.flatnonzero(often != 0)
                often = often[docs_]
            parts.append((docs_, often))
        return apart(self.documents, parts)

    def _united(self, leaf: Combined) -> Callable[[], tuple[Ints, Array]]:
        """What finds the documents with any of the parts, and how often in both fields; limits are looked at now."""
        numbers: dict[str, Ints] = {}
        for part in leaf.parts:
            if not isinstance(part, Prefix | Fuzzy):
                return lambda: self._of_fields(leaf)
            if words := self.words(part):
                numbers[part.field] = np.sort(self._numbers(words, part))
        return lambda: self._tallied(numbers)

    def _tallied(self, numbers: Mapping[str, Ints]) -> tuple[Ints, Array]:
        fields = {field: words for field in numbers if (words := self.data.words(field))}
        row = np.zeros(self.data.documents + BLOCK, np.uint32)
        for field, unit in UNITS.items():
            if words := fields.get(field):
                words.lists.tally(numbers[field], row, unit)
            if field == TITLE and int(row.max()) > MOST:  # which takes a fraction of the time of np.minimum
                np.minimum(row, MOST, out=row)
        docs = places(row != 0)
        often = row[docs]
        return docs, often.astype(smallest(int(often.max(initial=0))))

    def _of_fields(self, leaf: Combined) -> tuple[Ints, Array]:
        first = leaf.parts[0]
        if isinstance(first, Phrase):
            found = self._phrases([part.field for part in leaf.parts], first.terms)
        else:
            postings = {part.field: self.whole.postings(part) for part in leaf.parts}
            found = {field: (own.docs, own.at(own.docs).astype(np.int64)) for field, own in postings.items()}
        parts = [(docs, both(often, field)) for field, (docs, often) in found.items()] or [(_NONE, _NONE)]
        return added_up(*map(np.concatenate, zip(*parts, strict=True)))

    def _phrases(self, fields: Sequence[str], terms: Sequence[str]) -> dict[str, tuple[Ints, Ints]]:
        """For each of these fields that has texts: documents with the terms side by side, and how often."""
        from index.engines.whoosh.phrases import phrase

        texts = {field: words for field in fields if (words := self.data.words(field)) and words.is_text}
        return dict(zip(texts, phrase(list(texts.values()), terms), strict=True))

    def _spoken(self, leaf: Stem, words: Words) -> Postings:
        """Documents of several speeches: of each those that have the key which is theirs."""
        parts = []
        for key in self.data.spoken.keys(leaf):
            if len(numbers := words.with_stem(key)):
                found = words.of(numbers, self.first, self.after)
                own = kept(found.docs, self.data.spoken.inside(speech_of(key), found.docs + self.first))
                parts.append((own, found.at(own)))
        return apart(self.documents, parts)

    def _terms(self, words: Words, leaf: Term | Stem | Prefix | Fuzzy | Combined) -> Ints | None:
        """The terms that the leaf stands for; None where its parts are asked each by itself."""
        if not isinstance(leaf, Combined):
            return self._numbers(words, leaf)
        if leaf not in self._looked_up:
            stem = stem_of(leaf)
            keys = self.data.spoken.keys(stem) if stem else []
            found = [number for key in keys if (number := words.find(key)) >= 0]
            self._looked_up[leaf] = np.array(found, np.int64) if stem else None
        return self._looked_up[leaf]

    def _numbers(self, words: Words, leaf: Term | Stem | Prefix | Fuzzy) -> Ints:
        """The terms that the leaf stands for."""
        match leaf:
            case Term(term=term):
                number = words.find(term)
                return np.array([number]) if number >= 0 else _NONE
            case Stem():
                return np.concatenate([_NONE, *map(words.with_stem, self.data.spoken.keys(leaf))])
            case Prefix(prefix=prefix):
                first, after = words.span(prefix)
                self.guard.check_expansion(after - first, leaf)
                return np.arange(first, after)
            case Fuzzy(term=term, edits=edits):
                from index.engines.whoosh.fuzzy import within

                near = within(words.terms, term, edits, self.guard.check)
                numbers = np.array([number for number, _ in near], np.int64)
                self.guard.check_expansion(len(numbers), leaf)
                return numbers

    def _listed(self, leaf: Scored, docs: Ints, often: Array | None = None) -> Postings:
        """Documents of the whole segment, cut to the stretch."""
        self._matching[leaf] = len(docs)
        often = np.ones(len(docs), np.uint8) if often is None else often
        return listed(self.documents, *trimmed(docs, often, self.first, self.after))

    def _having(self, name: str) -> Ints:
        if words := self.data.words(name):
            return np.flatnonzero(words.lengths)
        days = self.data.days(name)
        return np.flatnonzero(days.sizes) if days else _NONE

    def _chosen(self, leaf: Chosen) -> Ints:
        if leaf.grain is None:
            facet = self.data.facet(leaf.field)
            return facet.having(leaf.values) if facet else _NONE
        days = self.data.days(leaf.field)
        if days is None:
            return _NONE
        docs, buckets = days.buckets(leaf.grain)
        wanted = [number for value in leaf.values if (number := bucket_number(value, leaf.grain)) is not None]
        return distinct(kept(docs, np.isin(buckets, wanted)))
