"""Conditions of a Plan in OpenSearch's query language. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from math import log
from typing import Any

from index.engines.opensearch import layout
from index.engines.opensearch.layout import TEXTS, string, token
from index.plan import (
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
    Near,
    NotOf,
    Phrase,
    Prefix,
    Scored,
    Stem,
    Term,
)

Query = dict[str, Any]

# A question may have 1,024 clauses in all, and one that finds is another one than one that scores. So of many parts the
# weightiest count for the order, and of a beginning so many of the words that it stands for.
SCORED = 128
_EXPANDED = 64
_EXPANDED_IN_ALL = 320


def matching(condition: Condition) -> Query:
    """What finds the documents of a condition, without scores."""
    match condition:
        case Everything():
            return {"match_all": {}}
        case AllOf(parts=parts):
            never = [matching(part.part) for part in parts if isinstance(part, NotOf)]
            always = [matching(part) for part in parts if not isinstance(part, NotOf)]
            return {"bool": {"filter": always, "must_not": never}}
        case AnyOf(parts=parts):
            return any_of(list(_alternatives(parts)))
        case NotOf(part=part):
            return {"bool": {"must_not": [matching(part)]}}
        case Combined(parts=leaves):
            return any_of([_leaf(leaf) for leaf in leaves])
        case _:
            return _leaf(condition)


def _alternatives(parts: Iterable[Condition]) -> Iterator[Query]:
    """A query for each of them, and one for all words of a field together, however many they are."""
    words: dict[str, list[str]] = {}
    for part in parts:
        for leaf in part.parts if isinstance(part, Combined) else (part,):
            if isinstance(leaf, Stem):
                words.setdefault(f"s_{leaf.field}", []).extend(map(token, leaf.keys))
            elif isinstance(leaf, Term):
                ((field, word),) = _leaf(leaf)["term"].items()
                words.setdefault(field, []).append(word)
            else:
                yield matching(leaf)
    for field, some in words.items():
        yield {"terms": {field: some}} if len(some) > 1 else {"term": {field: some[0]}}


def any_of(queries: list[Query]) -> Query:
    """At least one of them."""
    return {"bool": {"should": queries, "minimum_should_match": 1}}


def all_of(queries: list[Query]) -> Query:
    """Every one of them."""
    return {"bool": {"filter": queries}} if queries else {"match_all": {}}


def rarity(documents: int, having: int) -> float:
    """What it says of a document to be one of those `having` something, out of so many (plan.py)."""
    return log(1 + max(0.0, documents - having + 0.5) / (having + 0.5))


def weighed(condition: Condition) -> Iterator[Scored]:
    """The parts that add to a score, each of which wants a weight."""
    match condition:
        case AllOf(parts=parts) | AnyOf(parts=parts):
            for part in parts:
                yield from weighed(part)
        case Term() | Stem() | Phrase() | Near() | Prefix() | Fuzzy() | Combined() if condition.boost:
            yield condition


def heaviest(weights: Mapping[Scored, float]) -> Mapping[Scored, float]:
    """The parts that count for the order, where there are many."""
    return {part: weights[part] for part in sorted(weights, key=lambda part: -weights[part])[:SCORED]}


def scoring(condition: Condition, weights: Mapping[Scored, float], *, hit: bool = False) -> list[Query]:
    """What adds the scores of plan.py, to be put beside what finds; `hit`: whatever is scored matches the condition."""
    match condition:
        case AllOf(parts=parts) | AnyOf(parts=parts):
            found = [query for part in parts for query in scoring(part, weights)]
            if isinstance(condition, AnyOf) or hit or not found:
                return found
            return [{"bool": {"filter": [matching(condition)], "should": found}}]
        case Term() | Stem() | Phrase() | Near() | Prefix() | Fuzzy() | Combined() if weights.get(condition):
            beginnings = sum(isinstance(leaf, Prefix | Fuzzy) for part in weights for leaf in _leaves(part))
            return [_score(condition, weights[condition], min(_EXPANDED, _EXPANDED_IN_ALL // max(1, beginnings)))]
        case _:
            return []


def _leaves(part: Scored) -> tuple[Leaf, ...]:
    return part.parts if isinstance(part, Combined) else (part,)


def _score(leaf: Scored, weight: float, expanded: int) -> Query:
    if not isinstance(leaf, Combined) and getattr(leaf, "field", "") not in TEXTS:
        return {"constant_score": {"filter": matching(leaf), "boost": weight}}
    within = isinstance(leaf, Combined)
    often = [_often(part, getattr(part, "boost", 1.0) if within else 1.0, expanded) for part in _leaves(leaf)]
    asked = {"bool": {"should": often}} if len(often) > 1 else often[0]
    script = {"source": layout.SATURATED, "params": {"weight": weight}}
    return {"script_score": {"query": asked, "script": script}}


def _often(leaf: Leaf, boost: float, expanded: int) -> Query:
    """Scores by how often the leaf matches, times `boost`: what layout's similarity makes of it."""
    match leaf:
        case Term(field=name, term=term):
            return {"term": {f"t_{name}": {"value": token(term), "boost": boost}}}
        case Stem(field=name, keys=keys):  # as one term that stands wherever one of them does
            asked = {"query": " ".join(map(token, keys)), "analyzer": layout.ALIKE, "boost": boost}
            return {"match": {f"s_{name}": asked}}
        case Phrase(terms=terms):  # the similarity is asked once for each term
            return _boosted(_leaf(leaf), boost / len(terms))
        case Near(terms=terms):
            return _boosted(_leaf(leaf), boost / len(terms))
        case Prefix() | Fuzzy():
            ((kind, by_field),) = _leaf(leaf).items()
            ((field, facts),) = by_field.items()
            several = {**facts, "rewrite": f"top_terms_{max(1, expanded)}", "boost": boost}
            beyond = {"constant_score": {"filter": _leaf(leaf), "boost": 1e-6}}
            return any_of([{kind: {field: several}}, beyond])
        case _:
            return {"constant_score": {"filter": _leaf(leaf), "boost": boost}}


def _boosted(query: Query, boost: float) -> Query:
    return {"bool": {"must": [query], "boost": boost}}


def _leaf(leaf: Leaf | Scored) -> Query:
    match leaf:
        case Term(field=name, term=term):
            return {"term": {f"t_{name}": token(term)}} if name in TEXTS else {"term": {f"k_{name}": string(term)}}
        case Stem(field=name, keys=keys):
            return {"terms": {f"s_{name}": list(map(token, keys))}}
        case Phrase(field=name, terms=terms):
            return {"match_phrase": {f"t_{name}": " ".join(map(token, terms))}}
        case Near(field=name, terms=terms, window=window):
            return _near(f"t_{name}", [token(term) for term in terms], window)
        case Prefix(field=name, prefix=prefix):
            if name in TEXTS:
                return {"prefix": {f"t_{name}": {"value": token(prefix)}}}
            return {"prefix": {f"k_{name}": {"value": string(prefix)}}}
        case Fuzzy(field=name, term=term, edits=edits):
            facts = {"fuzziness": edits, "prefix_length": 1, "transpositions": True, "rewrite": "constant_score"}
            where, value = (f"t_{name}", token(term)) if name in TEXTS else (f"k_{name}", string(term))
            return {"fuzzy": {where: {"value": value, **facts}}}
        case Days(field=name, first=first, last=last):
            return {"range": {f"d_{name}": {"gte": first, "lte": last, "relation": "intersects"}}}
        case Has(field=name):
            return {"term": {"has": name}}
        case Chosen(field=name, values=values, grain=grain):
            return {"terms": {layout.facet(name, grain): list(map(string, values))}}
    raise AssertionError(leaf)


def _near(field: str, terms: list[str], window: int) -> Query:
    """Lucene counts what stands between the terms, a window how far the first and the last are apart."""
    between = window + 1 - len(terms)
    if between < 0:
        return {"match_none": {}}
    clauses = [{"span_term": {field: term}} for term in terms]
    return {"span_near": {"clauses": clauses, "slop": between, "in_order": False}}
