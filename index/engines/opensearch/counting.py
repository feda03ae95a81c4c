"""Facet values counted by OpenSearch, and set out as the Protocol wants them.

A shard of several hands in its own most frequent values, so a list may miss some; OpenSearch says by how much a count
may be wrong. Where that is not zero we ask again, for more values of each shard, and say `about` when all that may be
asked for is not enough. With one shard, and wherever values are named, all counts are exact.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from index.analysis import cut
from index.counting import Axis, Crossed, Listing, Pair, Paired, Pairing, Side, ValueOrder
from index.engines import Tally
from index.engines.opensearch import layout
from index.engines.opensearch.layout import string
from index.engines.opensearch.queries import Query
from index.engines.opensearch.searches import LARGEST_PAGE, Searches, total
from index.folding import fold
from index.plan import Count
from index.significance import LEAST_COUNT, significance, stands_out

_MOST = 65_535  # buckets that one answer may have
_FIRST = 1_000  # values that each shard is asked for at first
_EXACT_DISTINCT = 40_000  # different values up to which OpenSearch counts them, and does not guess
_CELLS = 30_000  # of a table, at once

Values = list[tuple[str, int]]


def aggregation(count: Count, shard_size: int = _FIRST) -> dict[str, Any]:
    """What is asked for a facet: its values, how many there are, and those selected."""
    field = layout.facet(count.field, count.grain)
    size = _MOST if count.significant else max(1, count.limit)
    least = LEAST_COUNT if count.significant else 1
    asked = {
        "values": _terms(field, size, newest=count.grain is not None, shard_size=shard_size, min_doc_count=least),
        "distinct": {"cardinality": {"field": field, "precision_threshold": _EXACT_DISTINCT}},
    }
    if count.selected:
        asked["selected"] = _named(field, count.selected)
    return asked


def is_exact(answer: dict[str, Any]) -> bool:
    """Whether no shard can have left out anything."""
    return not answer["values"].get("doc_count_error_upper_bound")


def tally(count: Count, answer: dict[str, Any]) -> Tally:
    """The counts of a facet that is not of significant values."""
    found = _buckets(answer["values"])
    distinct = len(found) if not answer["values"].get("sum_other_doc_count") else int(answer["distinct"]["value"])
    shown = found[: count.limit]
    known = {value for value, _ in shown}
    selected = dict(_buckets(answer["selected"])) if count.selected else {}
    more = [(value, selected.get(string(value), 0)) for value in dict.fromkeys(count.selected) if value not in known]
    about = not is_exact(answer) or (distinct > len(found) and distinct > _EXACT_DISTINCT)
    return Tally((*shown, *more), distinct, about=about)


def significant(searches: Searches, count: Count, answer: dict[str, Any], hits: int, background: Query) -> Tally:
    """The counts of a facet of significant values, out of `hits`; the background is asked for."""
    counts = dict(_buckets(answer["values"]))
    selected = dict(_buckets(answer["selected"])) if count.selected else {}
    counts |= {value: selected.get(string(value), 0) for value in count.selected}
    field = layout.facet(count.field, count.grain)
    against, archive = named_values(searches, background, field, list(counts))
    scores = {value: significance(n, hits, against[value], archive) for value, n in counts.items()}
    best = [value for value, n in counts.items() if stands_out(n, scores[value])]
    best.sort(key=lambda value: (-scores[value], value))
    shown = list(dict.fromkeys((*best[: count.limit], *count.selected)))
    return Tally(
        values=tuple((value, counts[value]) for value in shown),
        distinct=len(best),
        scores=tuple((against[value], scores[value]) for value in shown),
        about=not is_exact(answer) or len(answer["values"]["buckets"]) >= _MOST,
    )


def named_values(searches: Searches, query: Query, field: str, values: Sequence[str]) -> tuple[Counter[str], int]:
    """How many of the documents of a query have each of these values, and how many documents there are."""
    found: Counter[str] = Counter()
    documents = 0
    for some in [*_batches(values, LARGEST_PAGE)] or [[]]:
        body = {"query": query, "size": 0, "track_total_hits": True}
        if some:
            body["aggs"] = {"values": _named(field, some)}
        answer = searches.one(body)
        documents = total(answer)
        for value, n in _buckets(answer["aggregations"]["values"]) if some else ():
            found[value] = n
    return found, documents


def all_values(searches: Searches, query: Query, field: str) -> Counter[str]:
    """Every value that the documents of a query have, however many."""
    body = {"query": query, "size": 0, "aggs": {"values": _terms(field, _MOST, shard_size=_MOST)}}
    answer = searches.one(body)["aggregations"]["values"]
    if len(answer["buckets"]) < _MOST and not answer.get("doc_count_error_upper_bound"):
        return Counter(dict(_buckets(answer)))
    pages = _composite(searches, query, [{"value": {"terms": {"field": field}}}])
    return Counter({bucket["key"]["value"]: bucket["doc_count"] for bucket in pages})


def listed(searches: Searches, base: Query, background: Query, listing: Listing) -> Tally:
    """As counting.Listing says, of the documents of `base`, from which choices of its own field are left out."""
    field = layout.facet(listing.field, listing.grain)
    counts = all_values(searches, base, field)
    values = [value for value in counts if _begins(value, listing)]
    scores: dict[str, float] = {}
    against: Counter[str] = Counter()
    match listing.order:
        case ValueOrder.NAME:
            values.sort(key=lambda value: (fold(value), value))
        case ValueOrder.SIGNIFICANCE:
            (hits,) = searches.counts([base])
            values = [value for value in values if counts[value] >= LEAST_COUNT]
            against, archive = named_values(searches, background, field, values)
            scores = {value: significance(counts[value], hits, against[value], archive) for value in values}
            values = [value for value in values if stands_out(counts[value], scores[value])]
            values.sort(key=lambda value: (-scores[value], value))
        case None if listing.grain is not None:
            values.sort(reverse=True)
        case _:
            values.sort(key=lambda value: (-counts[value], value))
    shown = values[listing.offset :][: listing.limit]
    scored = [(against[value], scores[value]) for value in shown] if scores else []
    return Tally(tuple((value, counts[value]) for value in shown), len(values), tuple(scored))


def crossed(searches: Searches, query: Query, rows: Axis, columns: Axis) -> Crossed:
    """As counting.Crossed says, of the documents of `query`."""
    sides = [_side(searches, query, axis) for axis in (rows, columns)]
    names = [layout.facet(axis.field, axis.grain) for axis in (rows, columns)]
    places = [{value: place for place, (value, _) in enumerate(side.values)} for side in sides]
    cells = []
    for some in _batches(places[1], LARGEST_PAGE):
        for few in _batches(places[0], max(1, _CELLS // len(some))):
            asked = {**_named(names[0], few), "aggs": {"columns": _named(names[1], some)}}
            answer = searches.one({"query": query, "size": 0, "aggs": {"rows": asked}})
            cells += [
                (places[0][row["key"]], places[1][column["key"]], column["doc_count"])
                for row in answer["aggregations"]["rows"]["buckets"]
                for column in row["columns"]["buckets"]
            ]
    return Crossed(sides[0], sides[1], tuple(sorted(cells)))


def paired(searches: Searches, query: Query, asked: Pairing) -> Paired:
    """As counting.Pairing says, of the documents of `query`."""
    names = [layout.facet(name, None) for name in (asked.field, asked.by)]
    one = all_values(searches, query, names[0])
    other = one if names[0] == names[1] else all_values(searches, query, names[1])
    (hits,) = searches.counts([query])
    sources = [{key: {"terms": {"field": name}}} for key, name in zip(("value", "other"), names, strict=True)]
    days = {"first": {"min": {"field": "day"}}, "last": {"max": {"field": "day"}}}
    pairs = []
    for bucket in _composite(searches, query, sources, days):
        value, by = bucket["key"]["value"], bucket["key"]["other"]
        if asked.field == asked.by and (-one[value], value) >= (-other[by], by):
            continue
        count, n, m = bucket["doc_count"], one[value], other[by]
        first, last = _day(bucket["first"]["value"]), _day(bucket["last"]["value"])
        pairs.append(Pair(value, by, count, n, m, significance(count, n, m, hits), first, last))
    if asked.order is ValueOrder.SIGNIFICANCE:
        pairs = [pair for pair in pairs if stands_out(pair.count, pair.score)]
        pairs.sort(key=lambda pair: (-pair.score, pair.value, pair.other))
    else:
        pairs.sort(key=lambda pair: (-pair.count, pair.value, pair.other))
    return Paired(tuple(pairs[: asked.limit]), len(pairs))


def completed(searches: Searches, field: str, starts: Sequence[str], limit: int) -> Values:
    """The most frequent facet values: for each of `starts` one of their words begins so."""
    everything = {"query": {"match_all": {}}, "size": 0}
    if not starts:
        asked = _terms(layout.facet(field, None), limit, shard_size=_FIRST)
        return _buckets(searches.one({**everything, "aggs": {"values": asked}})["aggregations"]["values"])
    include = f"{_escaped(max(starts, key=len))}.*"
    for size in (_FIRST, _MOST):
        asked = {**_terms(f"c_{field}", size, shard_size=size)}
        asked["terms"]["include"] = include
        answer = searches.one({**everything, "aggs": {"values": asked}})["aggregations"]["values"]
        whole = {word.partition(layout.SEPARATOR)[2]: count for word, count in _buckets(answer)}
        found = [(value, count) for value, count in whole.items() if _completes(value, starts)]
        if len(found) >= limit or not answer.get("sum_other_doc_count"):
            break
    return sorted(found, key=lambda item: (-item[1], item[0]))[:limit]


def _completes(value: str, starts: Sequence[str]) -> bool:
    words = [word for word, _ in cut(value)]
    return all(any(word.startswith(start) for word in words) for start in starts)


def _begins(value: str, listing: Listing) -> bool:
    if listing.grain is not None:
        return all(value.startswith(start) for start in listing.starts)
    words = [fold(value), *(term for term, _ in cut(value))] if listing.starts else []
    return all(any(word.startswith(start) for word in words) for start in listing.starts)


def _side(searches: Searches, query: Query, axis: Axis) -> Side:
    if axis.limit is None:
        counts = all_values(searches, query, layout.facet(axis.field, axis.grain))
        values = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        distinct = len(values)
    else:
        count = Count(axis.field, axis.grain, axis.limit)
        found = tally(count, exact(searches, query, count))
        values, distinct = list(found.values), found.distinct
    return Side(tuple(sorted(values) if axis.grain is not None else values), distinct)


def exact(searches: Searches, query: Query, count: Count) -> dict[str, Any]:
    """What `aggregation` comes to, asked with as many values of each shard as it takes, or as may be asked for."""
    answer: dict[str, Any] = {}
    for size in (_FIRST, 10 * _FIRST, _MOST):
        answer = searches.one({"query": query, "size": 0, "aggs": aggregation(count, size)})["aggregations"]
        if is_exact(answer):
            break
    return answer


def _terms(field: str, size: int, *, newest: bool = False, **facts: int) -> dict[str, Any]:
    order = [{"_key": "desc"}] if newest else [{"_count": "desc"}, {"_key": "asc"}]
    size = min(max(1, size), _MOST)
    facts["shard_size"] = min(max(facts.get("shard_size", size), size), _MOST)
    return {"terms": {"field": field, "size": size, "order": order, **facts}}


def _batches(values: Iterable[str], size: int) -> Iterator[list[str]]:
    left = list(values)
    for start in range(0, len(left), size):
        yield left[start : start + size]


def _named(field: str, values: Sequence[str]) -> dict[str, Any]:
    asked = list(dict.fromkeys(map(string, values)))
    return {"terms": {"field": field, "size": len(asked), "include": asked}}


def _composite(
    searches: Searches, query: Query, sources: list[dict[str, Any]], beside: dict[str, Any] | None = None
) -> Iterator[dict[str, Any]]:
    """Every bucket, page by page."""
    asked: dict[str, Any] = {"size": LARGEST_PAGE, "sources": sources}
    while True:
        aggregated = {"composite": asked, **({"aggs": beside} if beside else {})}
        answer = searches.one({"query": query, "size": 0, "aggs": {"all": aggregated}})["aggregations"]["all"]
        yield from answer["buckets"]
        if "after_key" not in answer:
            return
        asked["after"] = answer["after_key"]


def _buckets(answer: dict[str, Any]) -> Values:
    return [(bucket["key"], bucket["doc_count"]) for bucket in answer["buckets"]]


def _day(number: float | None) -> date | None:
    return None if number is None else date.fromordinal(int(number))


def _escaped(text: str) -> str:
    """`text` in a regular expression of Lucene."""
    return "".join(f"\\{char}" if char in '.?+*|{}[]()"\\#@&<>~^-' else char for char in text)
