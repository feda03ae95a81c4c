"""The lists of title and text together, made of those of each: the writing side of combined.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from index.engines.whoosh.arrays import ArrayWriter, Strings
from index.engines.whoosh.combined import FIELD, TEXT, TITLE, TITLE_WEIGHT, both, in_text, in_title
from index.engines.whoosh.listing import Kept, ListsWriter, Worth
from index.engines.whoosh.packing import Array, Ints, spread, starts_of
from index.engines.whoosh.sets import distinct
from index.engines.whoosh.spoken import Spoken
from index.engines.whoosh.vocabulary import Keys
from index.plan import K1, length_weight

_COUNT, _DOC = 16, 24  # bits of a key: how often, which document; the stem has the rest
OFTEN = 10_000  # times in one text; more are counted as so many


@dataclass(frozen=True, slots=True)
class Source:
    """One of the fields: its terms in order, by their numbers; of each posting the term, the document and how often.

    `has_boundary`: whether the first of the terms is what stands between two values.
    """

    numbers: Ints
    has_boundary: bool
    of_term: Ints
    docs: Ints
    counts: Ints
    lengths: Ints


def write(writer: ArrayWriter, sources: Mapping[str, Source], documents: int, spoken: Spoken, keys: Keys) -> None:
    """The lists of both fields together, out of those of each."""
    parts = [_keys(source, name, spoken, keys) for name, source in sources.items()]
    used = np.zeros(len(keys.vocabulary), bool)
    for each in parts:
        used[each >> (_COUNT + _DOC)] = True
    ordered, places = keys.vocabulary.sort(np.flatnonzero(used))
    stems, docs, counts = _summed(np.concatenate([_renumbered(each, places) for each in parts]))
    base = f"words/{FIELD}"
    lengths = {name: source.lengths for name, source in sources.items()}
    Strings.write(writer, f"{base}/terms", ordered)
    lists = ListsWriter(documents, spots=False, counts=True, spools=[Kept() for _ in range(6)], worth=bounds(lengths))
    lists.put(np.bincount(stems, minlength=len(ordered)), docs, counts, docs[:0])
    lists.write(writer, base)


def bounds(lengths: Mapping[str, Ints]) -> Worth:
    """tf / (tf + K1) of postings, as index.plan says, by the averages of this segment.

    By others it is more by no more than the factor by which an average is (see quick.py).
    """
    measures = {field: _measure(own, length_weight(field)) for field, own in lengths.items()}

    def worth(docs: Ints, often: Array) -> Array:
        tf = np.zeros(len(docs))
        if TEXT in measures:
            tf += measures[TEXT][docs] * in_text(often)
        if TITLE in measures:
            tf += measures[TITLE][docs] * in_title(often) * TITLE_WEIGHT
        found: Array = tf / (tf + K1)
        return found

    return worth


def _measure(lengths: Ints, b: float) -> Array:
    average = max(int(lengths.sum()), 1) / max(len(lengths), 1)
    measure: Array = 1 / (1 - b + b / average * lengths)
    return measure


def _keys(source: Source, field: str, spoken: Spoken, keys: Keys) -> Array:
    """Of each posting one number: its stem's, its document, and how often."""
    stems = np.full(len(source.of_term), -1, np.int64)
    for speech, own in spoken.postings(source.docs).items():
        terms = source.of_term[own]
        table = np.full(len(source.numbers), -1, np.int64)
        used = distinct(terms)
        table[used] = keys.of(source.numbers[used], speech)
        stems[own] = table[terms]
    if source.has_boundary:
        stems[source.of_term == 0] = -1
    real = np.flatnonzero(stems >= 0)
    often = both(np.minimum(source.counts[real], OFTEN), field)
    found: Array = (stems[real] << (_COUNT + _DOC)) | (source.docs[real] << _COUNT) | often
    return found


def _renumbered(keys: Array, places: Ints) -> Array:
    low = keys & (2 ** (_COUNT + _DOC) - 1)
    renumbered: Array = (places[keys >> (_COUNT + _DOC)] << (_COUNT + _DOC)) | low
    return renumbered


def _summed(keys: Array) -> tuple[Ints, Ints, Ints]:
    """Stems, documents and how often, in order; what is there several times added up."""
    keys.sort()
    where = keys >> _COUNT
    new = np.ones(len(where) + 1, bool)
    np.not_equal(where[1:], where[:-1], out=new[1:-1])
    begin = np.flatnonzero(new)
    often = keys & (2**_COUNT - 1)
    found, sizes = often[begin[:-1]], np.diff(begin)
    several = np.flatnonzero(sizes > 1)
    if len(several):  # each apart: forms of a word in one title may be more often there than is counted
        sizes = sizes[several]
        own, starts = often[spread(begin[several], sizes)], starts_of(sizes)[:-1]
        parts = ((TITLE, in_title(own)), (TEXT, in_text(own)))
        found[several] = sum(both(np.add.reduceat(part, starts), field) for field, part in parts)
    where = where[begin[:-1]]
    return where >> _DOC, where & (2**_DOC - 1), found
