"""Who is named with whom: pairs out of the index, and in how many sentences of the articles they stand together."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from archive import Entry, Kind, Mention, Part, sentence_starts
from index import Pair, ValueOrder

if TYPE_CHECKING:
    from backfile.desk.progress import Stage
    from index import Index

_IN_TEXTS = {kind.value for kind in (Kind.PERSON, Kind.PLACE, Kind.ORG)}  # the facets of what stands in a sentence


@dataclass(frozen=True, slots=True)
class Together:
    """Two names that stand in the same articles.

    `articles`: how many have both; `sentences`: in how many sentences of theirs both are named (a headline is one);
    None for what is no name in a text, as a topic, and where the articles were not read.
    `score` says how far beyond chance it is that so many have both, given in how many each is; 6.63 is reached by
    chance in one pair of a hundred. `first` and `last`: when the earliest and the latest of the articles came out.
    """

    value: str
    other: str
    articles: int
    sentences: int | None
    score: float
    first: date | None
    last: date | None
    value_articles: int  # those that have this one
    other_articles: int


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of values of the facets `name` and `by`, and how many there are in all.

    `unread`: of how many of those `found` the sentences were not counted, since that would be too much to read.
    """

    name: str
    by: str
    found: tuple[Together, ...]
    distinct: int
    unread: int = 0


def pairs(
    index: Index,
    each: Callable[[Iterable[str]], Iterator[Entry]],
    query: str,
    name: str,
    by: str,
    *,
    order: ValueOrder | None,
    limit: int,
    read: int | None = None,
    at: Stage | None = None,
) -> Pairs:
    """The pairs; every article that has one of them is read once, for its sentences.

    At most `read` articles: then pairs for which more would have to be read go without their sentences.
    """
    found = index.overview.pairs(query, name, by, order=order or ValueOrder.COUNT, limit=limit)
    counts: list[int | None] = [None] * len(found.pairs)
    in_texts = {name, by} <= _IN_TEXTS
    if in_texts:
        places, articles = _articles(index, query, name, by, found.pairs, read)
        sentences = _sentences(each, articles, name, by, found.pairs, at)
        for place in places:
            counts[place] = sentences[place]
    rows = (_together(pair, sentences) for pair, sentences in zip(found.pairs, counts, strict=True))
    return Pairs(name, by, tuple(rows), found.distinct, counts.count(None) if in_texts else 0)


def _together(pair: Pair, sentences: int | None) -> Together:
    return Together(
        pair.value, pair.other, pair.count, sentences, pair.score, pair.first, pair.last, pair.value_count,
        pair.other_count,
    )  # fmt: skip


def _sentences(
    each: Callable[[Iterable[str]], Iterator[Entry]],
    articles: Mapping[str, Sequence[int]],
    name: str,
    by: str,
    found: Sequence[Pair],
    at: Stage | None,
) -> list[int]:
    """For each pair, in how many sentences of its articles it stands."""
    counts = [0] * len(found)
    for number, entry in enumerate(each(articles), 1):
        ones, others = _named(entry, name), _named(entry, by)
        for place in articles[entry.id]:
            counts[place] += len(ones[found[place].value] & others[found[place].other])
        if at:
            at(number, len(articles))
    return counts


def _articles(
    index: Index, query: str, name: str, by: str, found: Sequence[Pair], read: int | None
) -> tuple[Sequence[int], Mapping[str, list[int]]]:
    """The places of the pairs whose articles are to be read, and by id of an article the places that it has."""
    articles: dict[str, list[int]] = defaultdict(list)
    places = []
    for place, pair in enumerate(found):
        if read is not None and pair.count > read:
            continue
        ids = list(index.overview.together(query, name, pair.value, by, pair.other))
        if read is None or len(articles.keys() | ids) <= read:
            places.append(place)
            for id_ in ids:
                articles[id_].append(place)
    return places, articles


def _named(entry: Entry, field: str) -> Mapping[str, set[tuple[str, int]]]:
    """Name → the sentences that it stands in: the part of the article, and a number."""
    starts: dict[Part, list[int]] = {}
    named: dict[str, set[tuple[str, int]]] = defaultdict(set)
    for mention in entry.reading.mentions:
        if mention.kind.value == field:
            if mention.part not in starts:
                starts[mention.part] = _starts(entry, mention)
            number = bisect_right(starts[mention.part], mention.start)
            named[mention.canonical].add((mention.part.value, number))
    return named


def _starts(entry: Entry, mention: Mention) -> list[int]:
    """Where the sentences begin of the part that a mention stands in; a headline is one sentence."""
    if entry.article is None or mention.part is not Part.TEXT:
        return [0]
    return sentence_starts(entry.article.prose)
