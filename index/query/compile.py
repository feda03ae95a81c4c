"""The tree as conditions: words analysed, dates as stretches of days. Pure; the day it is asked on is passed in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import replace
from datetime import date

from index import plan
from index.analysis import Pair, grouped_in, is_single_unspaced, query_terms, url_prefix, url_term
from index.fields import DEFAULT, FAILURES, Field, Shape, by_name
from index.folding import fold
from index.patterns import later
from index.query.nodes import (
    And,
    Everything,
    Exact,
    Fuzzy,
    Has,
    Leaf,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    When,
    Word,
    leaves,
)

_ADDRESS = later("https?://", re.IGNORECASE)
# An address without a field: entries at it, and entries that cite it.
_ADDRESS_FIELDS = ("url", "link")
_GROUPS = plan.Everything | plan.Combined | plan.AllOf | plan.AnyOf | plan.NotOf


def condition(node: Node, today: date) -> plan.Condition:
    """What an engine looks for. DateError only when a relative date leaves the calendar."""
    match node:
        case And(parts=parts):
            return all_of([condition(part, today) for part in parts])
        case Or(parts=parts):
            return any_of([condition(part, today) for part in parts])
        case Not(part=part):
            return _not(condition(part, today))
        case _:
            return leaf_condition(node, today)


def scoped(node: Node, asked: plan.Condition) -> plan.Condition:
    """`asked` without the captures that failed, unless the query itself speaks of failures (see fields.FAILURES)."""
    # An exact leaf is a choice within what its facet counts: it brings nothing in.
    names = {leaf.text for leaf in leaves(node) if isinstance(leaf, Word) and leaf.field == "is"}
    return asked if names & FAILURES else all_of([asked, plan.NotOf(plan.Term("is", "failed", 0.0))])


def leaf_condition(leaf: Leaf, today: date) -> plan.Condition:
    """What one leaf looks for."""
    match leaf:
        case Everything():
            return plan.Everything()
        case When(text=text, field=name, at=at):
            from index.query import dates

            first, last = dates.read(text, today)
            return plan.Days(name, first, last, at)
        case Exact(values=values, field=name):
            return plan.Chosen(name, values, plan.grain_of(values) if by_name()[name].shape is Shape.DATE else None)
        case Has(field=name, at=at):
            return any_of([plan.Has(stored, at) for stored, _ in by_name()[name].asks])
        case Word() | Phrase() | Prefix() | Fuzzy():
            return _words(leaf, by_name()[leaf.field] if leaf.field else DEFAULT)


def _words(leaf: Word | Phrase | Prefix | Fuzzy, field: Field) -> plan.Condition:
    if field.shape in (Shape.KEYWORD, Shape.URL, Shape.FLAG):
        return _whole(leaf, field)
    if is_address(leaf):
        return any_of([_whole(leaf, by_name()[name]) for name in _ADDRESS_FIELDS])
    spellings = grouped_in(leaf.text) if isinstance(leaf, Word | Phrase) else (leaf.text,)
    found = [_spelled(leaf, query_terms(text), field) for text in spellings]
    return any_of(found) if len(found) > 1 else found[0]


def _spelled(leaf: Word | Phrase | Prefix | Fuzzy, pairs: list[Pair], field: Field) -> plan.Condition:
    if not pairs:
        return plan.Everything()
    return _combined([_tokens(leaf, pairs, name, boost, stemmed=field.stemmed) for name, boost in field.asks])


def _combined(parts: list[plan.Condition]) -> plan.Condition:
    """The same in several fields, scored as one; several terms in each are scored field by field."""
    found = tuple(part for part in parts if not isinstance(part, _GROUPS))
    return plan.Combined(found) if len(found) == len(parts) > 1 else any_of(parts)


def is_address(leaf: Leaf) -> bool:
    """Whether this is an address without a field, which asks for entries at it and for those that cite it."""
    return isinstance(leaf, Word | Prefix) and not leaf.field and _ADDRESS.match(leaf.text) is not None


def _whole(leaf: Word | Phrase | Prefix | Fuzzy, field: Field) -> plan.Condition:
    """A value that matches whole, or its beginning."""
    address = field.shape is Shape.URL
    name, boost = field.asks[0]
    if isinstance(leaf, Prefix):
        return plan.Prefix(name, url_prefix(leaf.text) if address else fold(leaf.text), boost, leaf.at)
    return plan.Term(name, url_term(leaf.text) if address else fold(leaf.text), boost, leaf.at)


def _tokens(
    leaf: Word | Phrase | Prefix | Fuzzy, pairs: list[Pair], name: str, boost: float, *, stemmed: bool
) -> plan.Condition:
    """`leaf`, analysed as `pairs` (one or more), in the stored field `name`."""
    terms = tuple(term for term, _ in pairs)
    match leaf:
        case Prefix(at=at):
            whole = [plan.Term(name, term, boost, at) for term in terms[:-1]]
            return all_of([*whole, plan.Prefix(name, terms[-1], boost, at)])
        case Fuzzy(edits=edits, at=at):
            return all_of([_fuzzy(plan.Fuzzy(name, term, edits_of(term, edits), boost, at)) for term in terms])
        case Word(at=at) if stemmed and len(pairs) == 1 and not is_single_unspaced(terms[0]):
            return plan.Stem(name, pairs[0][1], boost, terms[0], at)
        case Phrase(within=int(within), at=at):
            return _near(plan.Near(name, tuple(dict.fromkeys(terms)), within, boost, at))
        case _ if len(terms) == 1:
            return _one(plan.Term(name, terms[0], boost, leaf.at))
        case _:
            return plan.Phrase(name, terms, boost, leaf.at)


def _one(term: plan.Term) -> plan.Condition:
    """A single character of a script without spaces stands in pairs in the texts, which begin with it."""
    if is_single_unspaced(term.term):
        return plan.Prefix(term.field, term.term, term.boost, term.at)
    return term


def _near(near: plan.Near) -> plan.Condition:
    """`near.window` counts the words in between; an engine is told how far the first and last may be apart."""
    if len(near.terms) == 1:
        return _one(plan.Term(near.field, near.terms[0], near.boost, near.at))
    return plan.Near(near.field, near.terms, near.window + len(near.terms) - 1, near.boost, near.at)


def edits_of(term: str, asked: int | None = None) -> int:
    """By default a word of up to two letters is as it is, one of up to five may differ by one, others by two."""
    if asked is not None:
        return asked
    return 0 if len(term) <= 2 else 1 if len(term) <= 5 else 2


def _fuzzy(fuzzy: plan.Fuzzy) -> plan.Condition:
    return fuzzy if fuzzy.edits else plan.Term(fuzzy.field, fuzzy.term, fuzzy.boost, fuzzy.at)


def all_of(parts: Iterable[plan.Condition]) -> plan.Condition:
    """Every one of them; what is there several times weighs more."""
    kept = _weighted(part for part in parts if part != plan.Everything())
    return plan.AllOf(kept) if len(kept) > 1 else kept[0] if kept else plan.Everything()


def any_of(parts: Iterable[plan.Condition]) -> plan.Condition:
    """At least one of them; what is there several times weighs more."""
    kept = _weighted(parts)
    if plan.Everything() in kept:
        return plan.Everything()
    return plan.AnyOf(kept) if len(kept) > 1 else kept[0]


def _weighted(parts: Iterable[plan.Condition]) -> tuple[plan.Condition, ...]:
    """Each once; words of title and text that are asked several times, in whatever form, with the weight of that."""
    kept = Counter(parts)
    often = Counter[Hashable]()
    for part, times in kept.items():
        often[_word(part)] += times
    return tuple(
        replace(part, boost=part.boost * plan.repeated(often[_word(part)]) * times / often[_word(part)])
        if isinstance(part, plan.Combined)
        else part
        for part, times in kept.items()
    )


def _word(part: plan.Condition) -> Hashable:
    """The English stem that a word is asked by in title and text; all else is only like itself."""
    first = part.parts[0] if isinstance(part, plan.Combined) else None
    return first.stem if isinstance(first, plan.Stem) else part


def _not(part: plan.Condition) -> plan.Condition:
    return part.part if isinstance(part, plan.NotOf) else plan.NotOf(part)
