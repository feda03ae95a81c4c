"""What an engine is told: a tree of conditions over analysed terms, with nothing left to interpret.

    Node (as asked) ──compile──▶ Plan (conditions, facets to count, order, page)

The words of a Plan are those of `fields.Document`: a condition on `texts` speaks of tokens as `analysis.tokens` cuts
them, one on `terms` of whole strings, one on `days` of day numbers (`date.toordinal()`), `Chosen` of facet values.

What each condition matches (every engine, no exception; engines/memory.py says the same in code):

    Everything          every document
    AllOf/AnyOf/NotOf   and, or, complement over every document
    Term                texts: some token's `term` is equal.  terms: some string is equal
    Stem                texts: some token's key in an article of this language (see stemming.py) is one of `keys`: the
                        `stem`, and where there is a `term`, its keys in all languages but English
    Phrase              texts: tokens with these `term`s at positions p, p+1, p+2 … of one value
    Near                texts: one token for each of the (distinct) terms within one value, so that
                        last position - first position <= window; in any order
    Prefix              texts: some token's `term` begins so.  terms: some string begins so
    Fuzzy               texts: some token's `term` has the same first character and is at most `edits` away
                        (insert, delete, replace, swap of neighbours: optimal string alignment).  terms: likewise
    Days                days: some (first, last) of the field overlaps [first, last]
    Has                 the field has any value in texts (a token), terms or days
    Combined            any of its leaves matches; scored as one
    Chosen              facets: some value of the field is one of `values`. For a field of days the values are
                        "2025", "2025-01" or "2025-01-31" by `grain`, and an interval has a value at a grain only if
                        it lies within that year, month or day

Scores order the hits and nothing else; every engine computes the same ones (but for rounding). A leaf or Combined adds

    boost · ln(1 + (N - n + .5) / (n + .5)) · tf · (K1 + 1) / (tf + K1)
    tf = how often it matches in the document / (1 - b + b · length / average length)

N documents in the index, n that it matches; length: the tokens of its field in the document, the average over all
documents; b: `length_weight` of the field. For a Combined tf is the sum over its leaves, each times its boost, and in
the title it matches MOST times at most. This is BM25F (Robertson and Zaragoza, The Probabilistic Relevance Framework,
2009) with Lucene's idf, which never falls below zero. Fields of `terms` have no lengths: there a match adds
boost · ln(…). NotOf, Days, Has and Chosen add nothing. N, n and the averages may count documents that were deleted
since they were written.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from enum import StrEnum
from typing import TypeAlias

from archive import frozen
from index.patterns import later
from index.query.nodes import NOWHERE, At
from index.stemming import foreign_keys

FIRST_DAY = 1  # date.min
LAST_DAY = 3_652_059  # date.max
K1 = 1.2  # of BM25: the textbook's
K3 = 7.0  # of Okapi's weight of words that a question repeats
MOST = 3  # times that a word counts in one title
_B, _B_TITLE = 0.75, 0.5  # of BM25: the textbook's; titles are of one length, and say as much when they are long


class Sort(StrEnum):
    """Order of the hits. Documents without the date in question come last."""

    RELEVANCE = "relevance"
    NEWEST = "newest"  # by date of publication
    OLDEST = "oldest"
    CAPTURED = "captured"  # latest capture first
    ID = "id"  # whatever is added, the others stay in this order


class Grain(StrEnum):
    """How finely a facet over days counts."""

    YEAR = "year"
    MONTH = "month"
    DAY = "day"


_BUCKET = later(r"(?P<year>[0-9]{4})|(?P<month>[0-9]{4}-[0-9]{2})|(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})")


def grain_of(values: Iterable[str]) -> Grain | None:
    """The grain that values of a field of days have in common, None where one is no such value or they are mixed."""
    grains = {match and match.lastgroup for match in map(_BUCKET.fullmatch, values)}
    grain = grains.pop() if len(grains) == 1 else None
    return Grain(grain) if grain else None


@frozen
class Everything:
    """Every document."""


@frozen
class Term:
    """Documents with this word or string."""

    field: str
    term: str
    boost: float = 1.0
    at: At = dataclasses.field(default=NOWHERE, compare=False, repr=False)


@frozen
class Stem:
    """Documents with a word of this stem."""

    field: str
    stem: str
    boost: float = 1.0
    term: str = ""
    at: At = dataclasses.field(default=NOWHERE, compare=False, repr=False)

    @property
    def keys(self) -> tuple[str, ...]:
        return (self.stem, *foreign_keys(self.term)) if self.term else (self.stem,)


@frozen
class Phrase:
    """Documents with these words side by side."""

    field: str
    terms: tuple[str, ...]  # two or more
    boost: float = 1.0
    at: At = dataclasses.field(default=NOWHERE, compare=False, repr=False)


@frozen
class Near:
    """Documents with these words near each other."""

    field: str
    terms: tuple[str, ...]  # two or more, all different
    window: int
    boost: float = 1.0
    at: At = dataclasses.field(default=NOWHERE, compare=False, repr=False)


@frozen
class Prefix:
    """Documents with a word or string that begins so."""

    field: str
    prefix: str
    boost: float = 1.0
    at: At = dataclasses.field(default=NOWHERE, compare=False, repr=False)


@frozen
class Fuzzy:
    """Documents with a word or string that is spelled nearly so."""

    field: str
    term: str
    edits: int  # 1 or 2
    boost: float = 1.0
    at: At = dataclasses.field(default=NOWHERE, compare=False, repr=False)


@frozen
class Days:
    """Documents that are about, or of, one of these days."""

    field: str
    first: int  # both included
    last: int
    at: At = dataclasses.field(default=NOWHERE, compare=False, repr=False)


@frozen
class Has:
    """Documents that have the field at all."""

    field: str
    at: At = dataclasses.field(default=NOWHERE, compare=False, repr=False)


@frozen
class Chosen:
    """A facet choice: any of these values, exactly as the facet shows them."""

    field: str
    values: tuple[str, ...]
    grain: Grain | None = None  # only for fields of days


@frozen
class Combined:
    """The same asked of title and text, by a leaf each, whose boost is what its field weighs (fields.DEFAULT.asks)."""

    parts: tuple[Leaf, ...]  # in the order of those fields
    boost: float = 1.0

    @property
    def at(self) -> At:
        return NOWHERE if isinstance(self.parts[0], Chosen) else self.parts[0].at


@frozen
class Choice:
    """Facet values chosen, or excluded: what its own facet is counted without (see Count)."""

    of: Chosen
    excluded: bool = False

    @property
    def field(self) -> str:
        return self.of.field

    @property
    def condition(self) -> Condition:
        """What it asks of a hit."""
        return NotOf(self.of) if self.excluded else self.of


@frozen
class AllOf:
    """Documents for which all parts hold."""

    parts: tuple[Condition, ...]  # two or more


@frozen
class AnyOf:
    """Documents for which one part holds at least."""

    parts: tuple[Condition, ...]  # two or more


@frozen
class NotOf:
    """Documents for which the part does not hold."""

    part: Condition


Leaf: TypeAlias = Term | Stem | Phrase | Near | Prefix | Fuzzy | Days | Has | Chosen
Scored: TypeAlias = Leaf | Combined  # what is matched and scored by itself
Condition: TypeAlias = Everything | Scored | AllOf | AnyOf | NotOf


def length_weight(field: str) -> float:
    """How far the length of a field of texts weighs against a match (b of BM25)."""
    return _B_TITLE if field == "title" else _B


def repeated(times: float) -> float:
    """What a word weighs that a question has so many times (Okapi's k3; 1 for once)."""
    return (K3 + 1) * times / (K3 + times)


@frozen
class Count:
    """One facet to count over the documents that match the query and every choice but those of its own field.

    Values come by count, most first, equal counts by value; those of a field of days latest first. `limit` cuts the
    list; each of `selected` is counted even when it falls behind the cut (and then stands at the end, in this order).
    If `significant`, only values that stand out against the plan's background are there (see significance.py), highest
    score first, equal scores by value.
    """

    field: str
    grain: Grain | None = None
    limit: int = 10
    selected: tuple[str, ...] = ()
    significant: bool = False


@frozen
class Limits:
    """What one run may cost. The engine raises `Overrun` beyond it."""

    seconds: float = 10.0
    expansion: int = 20_000  # index terms that one Prefix or Fuzzy may stand for


class Overrun(Exception):  # noqa: N818 - not an error by itself: index.core turns it into TooBroadError with the query's text
    """A limit was reached: `leaf` is the condition that did it, None for the time of the whole run."""

    def __init__(self, message: str, leaf: Scored | None = None) -> None:
        self.leaf = leaf
        super().__init__(message)


@frozen
class After:
    """Where the page before ended: the `key` and `id` of its last row."""

    key: float
    id: str


@frozen
class Plan:
    """One question to an engine.

    A document is a hit if it matches `condition` and every one of `choices`. Rows come in
    ascending (key, id); the key is -score for RELEVANCE, -day for NEWEST, day for OLDEST (no date: infinity), -seconds
    since 1970 for CAPTURED, 0 for ID; those not above `after` are left out (they still count in the total). `clauses`
    are conditions to be counted each by itself, over the whole index. `scored`, where there are any, are what scores
    are made of in the place of the condition: each adds its part where it matches. `background` holds for every hit;
    significant values are those that the hits have more often than the documents it holds for.
    """

    condition: Condition
    choices: tuple[Choice, ...] = ()
    counts: tuple[Count, ...] = ()
    clauses: tuple[Condition, ...] = ()
    sort: Sort = Sort.RELEVANCE
    limit: int = 10  # rows; 0 for the total and facets alone
    after: After | None = None
    limits: Limits = Limits()
    background: Condition = Everything()
    scored: tuple[Condition, ...] = ()
