"""How documents lie in OpenSearch: the fields of an index, what a Document becomes, how terms are written.

    id            keyword: what hits of equal rank are ordered by           has        keyword: fields with any value
    newest        its day, negative, for the order; what has none is last   oldest     likewise
    captured      seconds since 1970, negative                              day        of publication, where it has one
    t_FIELD       our terms, joined by blanks, under an analyser that cuts at blanks and does nothing else
    s_FIELD       our stems, or keys of other languages than English (see index/stemming.py), likewise
    k_FIELD       strings that match whole                                  d_FIELD    stretches of days
    f_FIELD       facet values                                              c_FIELD    word, U+0001, facet value: to
    y_, m_, e_    facet values of days: year, month, day                               complete what is typed

The analysis is ours alone: what OpenSearch gets is cut already, so that every engine finds the same. The source that it
gives back is the card and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import cache
from typing import Any

from index.analysis import cut, cut_in
from index.fields import FIELDS, Card, Document, Shape
from index.plan import K1, MOST, Grain, length_weight

FORMAT = 2  # of this layout: raised whenever the same document would lie otherwise
NO_DAY = 4_000_000.0  # behind date.max
_GAP = 10_000  # between two values of a field: more than any words can be apart in a question (query.leaf.MAX_WITHIN)
_LONGEST_TERM = 120  # characters of a token; OpenSearch's tokenizer cuts at 255 units
_LONGEST_STRING = 8000  # characters of a string; Lucene takes 32,766 bytes
_BLANK = "\u2423"  # stands for a blank in a term, which a few signs of Japanese become
SEPARATOR = "\u0001"
ALIKE = "alike"  # the analyzer of terms of a question, joined by blanks, that are to count as one
GRAINS = {Grain.YEAR: "y_", Grain.MONTH: "m_", Grain.DAY: "e_"}
_WIDTHS = {Grain.YEAR: 4, Grain.MONTH: 7, Grain.DAY: 10}
TEXTS = frozenset(field.name for field in FIELDS if field.texts)


def token(term: str) -> str:
    """A term of ours as it stands in OpenSearch."""
    return term.replace(" ", _BLANK)[:_LONGEST_TERM]


def string(value: str) -> str:
    """A whole value as it stands in OpenSearch."""
    return value[:_LONGEST_STRING]


def facet(field: str, grain: Grain | None) -> str:
    """Where the values of a facet stand."""
    return f"{GRAINS[grain] if grain else 'f_'}{field}"


def source(document: Document) -> dict[str, Any]:
    """What is sent of a document."""
    card = document.card
    made: dict[str, Any] = {
        "id": card.id,
        "card": [card.url, card.title, card.site, card.date and card.date.isoformat(), card.captured.isoformat()],
        "newest": -float(card.date.toordinal()) if card.date else NO_DAY,
        "oldest": float(card.date.toordinal()) if card.date else NO_DAY,
        "captured": -card.captured.timestamp(),
    }
    if card.date:
        made["day"] = card.date.toordinal()
    for parts in (_texts(document), _strings(document), _days(document), _facets(document)):
        made |= parts
    made["has"] = sorted({name[2:] for name in made if name[:2] in ("t_", "k_", "d_")})
    return made


def card(id_: str, said: Any) -> Card:
    """What a hit shows, out of a source."""
    url, title, site, day, captured = said["card"]
    return Card(id_, url, title, site, date.fromisoformat(day) if day else None, datetime.fromisoformat(captured))


def _texts(document: Document) -> Iterator[tuple[str, list[str]]]:
    for name, values in document.texts.items():
        pairs = [found for value in values if (found := cut_in(value, document.speech(name)))]
        if pairs:
            yield f"t_{name}", [" ".join(token(term) for term, _ in found) for found in pairs]
            yield f"s_{name}", [" ".join(token(stem) for _, stem in found) for found in pairs]


def _strings(document: Document) -> Iterator[tuple[str, list[str]]]:
    for name, values in document.terms.items():
        yield f"k_{name}", list(map(string, values))


def _days(document: Document) -> Iterator[tuple[str, Any]]:
    for name, spans in document.days.items():
        yield f"d_{name}", [{"gte": first, "lte": last} for first, last in spans]
        for grain, prefix in GRAINS.items():
            if buckets := {found for span in spans if (found := _bucket(span, _WIDTHS[grain]))}:
                yield f"{prefix}{name}", sorted(buckets)


def _bucket(span: tuple[int, int], width: int) -> str:
    """The year, month or day that holds the whole stretch, or ""."""
    first, last = (date.fromordinal(day).isoformat()[:width] for day in span)
    return first if first == last else ""


def _facets(document: Document) -> Iterator[tuple[str, list[str]]]:
    for name, values in document.facets.items():
        yield f"f_{name}", list(map(string, values))
        words = {string(f"{word}{SEPARATOR}{value}") for value in values for word, _ in cut(value)}
        if words:
            yield f"c_{name}", sorted(words)


@cache
def _properties() -> dict[str, Any]:
    keyword = {"type": "keyword"}
    made: dict[str, Any] = {
        "id": keyword,
        "has": {"type": "keyword", "doc_values": False},
        "card": {"type": "object", "enabled": False},
        "day": {"type": "integer"},
        **{name: {"type": "double"} for name in ("newest", "oldest", "captured")},
    }
    for field in FIELDS:
        if field.texts:
            similarity = "title" if field.name == "title" else "body"
            for prefix in ("t_", "s_"):
                made[f"{prefix}{field.name}"] = {
                    "type": "text", "analyzer": "ours", "position_increment_gap": _GAP, "similarity": similarity,
                }  # fmt: skip
        if field.terms:
            made[f"k_{field.name}"] = {"type": "keyword", "doc_values": False}
        if field.shape is Shape.DATE:
            made[f"d_{field.name}"] = {"type": "integer_range", "doc_values": False}
            made |= {f"{prefix}{field.name}": keyword for prefix in GRAINS.values()}
        if field.facets:
            made |= {f"f_{field.name}": keyword, f"c_{field.name}": {"type": "keyword", "index": False}}
    return made


def index_body(meta: dict[str, Any], aliases: Iterable[str], shards: int) -> dict[str, Any]:
    """What an index is made from."""
    return {
        "settings": {
            "number_of_shards": shards,
            "auto_expand_replicas": "0-1",  # a copy of each shard as soon as there is a second node for it
            "refresh_interval": -1,  # what a batch brings is seen when all of it is there
            "analysis": {
                "tokenizer": {"blanks": {"type": "whitespace", "max_token_length": 255}},
                "filter": {"each": {"type": "pattern_capture", "patterns": [r"(\S+)"], "preserve_original": False}},
                "analyzer": {
                    "ours": {"type": "custom", "tokenizer": "blanks"},
                    ALIKE: {"type": "custom", "tokenizer": "keyword", "filter": ["each"]},
                },
            },
            "similarity": {
                "body": _similarity("doc.freq", length_weight("text")),
                "title": _similarity(f"Math.min(doc.freq, {MOST}.0)", length_weight("title")),
            },
        },
        "mappings": {
            "dynamic": "strict",
            "_meta": {"backfile": meta},
            "_source": {"includes": ["card"]},
            "properties": _properties(),
        },
        "aliases": {name: {} for name in aliases},
    }


def _similarity(often: str, b: float) -> dict[str, Any]:
    """A score that is how often a term stands in a field of this length: tf of plan.py, times the boost."""
    average = "field.sumTotalTermFreq / (double) field.docCount"
    made = f"query.boost * {often} / ({1 - b} + {b} * doc.length / ({average}))"
    return {"type": "scripted", "script": {"source": f"return {made};"}}


# What a term that is found so often adds to a score (plan.py), given its weight.
SATURATED = f"double often = _score; double weight = params.weight; return weight * often * {K1 + 1} / (often + {K1});"
