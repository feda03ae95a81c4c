"""What makes an article like another one: its rare words, and whom and what it names. Pure.

    Entry ─▶ Profile (weighted words and names) ─▶ Condition for an engine ─▶ for each hit, what is shared

Words weigh by how often they stand in the article, with diminishing returns, and by how rare they are in the archive
(tf·idf, with BM25's saturation of tf); names by how often they are mentioned and by the kind of name. Words that only
this article has, or that nearly all have, say nothing. What a match is worth is then the engine's own formula.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log
from types import MappingProxyType
from typing import TypeVar

from archive import Entry, Kind
from index.analysis import Finder, cut, cut_in, url_term
from index.fields import document
from index.plan import AllOf, AnyOf, Condition, NotOf, Phrase, Stem, Term
from index.query.stopwords import FUNCTION_WORDS
from index.stemming import speech

_WORDS = 25  # of an article that are asked for
_NAMES = 12
_WEIGHED = 120  # different words whose rarity is looked up
_READ = 50_000  # characters of an article that are weighed
_COMMON = 0.1  # of all documents: a word or name in more of them says little, and costs most
_FEW = 20  # documents are no proof that it is common
_IN_TITLE = 1.5  # a word that the article has in its title counts for as many
_KINDS: Mapping[str, float] = MappingProxyType({"person": 3.0, "org": 2.0, "topic": 2.0, "place": 1.5})

Frequencies = Callable[[str, Sequence[str]], Sequence[int]]  # field, stems → how many documents have each there

T = TypeVar("T", str, "SharedName")


@dataclass(frozen=True, slots=True)
class SharedName:
    """A name that two articles have in common, as facets show it."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Profile:
    """What to look for: stems and names with the boost of each; those that say most come first."""

    stems: Mapping[str, float]
    names: Mapping[SharedName, float]
    addresses: tuple[str, ...]  # the article's own

    def condition(self) -> Condition | None:
        """Articles that are like it, itself left out; None when there is nothing to look for."""
        wanted: list[Condition] = []
        for stem, weight in self.stems.items():
            wanted += [Stem("text", stem, weight), Stem("title", stem, weight)]
        wanted += [_named(name, weight) for name, weight in self.names.items() if cut(name.value)]
        if not wanted:
            return None
        itself = [NotOf(Term("url", address, 0.0)) for address in self.addresses]
        return AllOf((AnyOf(tuple(wanted)), *itself, NotOf(Term("is", "failed", 0.0))))

    def shared_with(self, other: Entry) -> tuple[tuple[SharedName, ...], tuple[str, ...]]:
        """The names and the words that `other` has, too; words as it writes them, without those of the shared names."""
        facets = document(other).facets
        names = tuple(name for name in self.names if name.value in facets.get(name.field, ()))
        spoken, text = _speech(other), _text(other)
        known = {stem for name in names for _, stem in cut_in(name.value, spoken)}
        found = {token.stem: text[token.start : token.end] for token in reversed(self._finder(spoken).find(text))}
        return names, tuple(found[stem].lower() for stem in self.stems if stem in found and stem not in known)

    def _finder(self, spoken: str) -> Finder:
        return Finder(lambda _, stem: stem in self.stems, spoken)


def profile(entry: Entry, frequencies: Frequencies, documents: int) -> Profile:
    """What there is to look for, in an archive of so many `documents`."""
    stems = _stems(entry)
    names = _names(entry)
    having = dict(zip(stems, frequencies("text", list(stems)), strict=True))
    spoken = document(entry).speech
    named = {
        name: min(frequencies(name.field, [key for _, key in cut_in(name.value, spoken(name.field))]), default=0)
        for name in names
    }
    return Profile(
        _telling(stems, having, documents, _WORDS), _telling(names, named, documents, _NAMES), tuple(_addresses(entry))
    )


def _telling(weights: Mapping[T, float], having: Mapping[T, int], documents: int, limit: int) -> dict[T, float]:
    """Those with the highest tf·idf. The weight stays that of tf: the engine multiplies with idf."""
    common = max(_FEW, documents * _COMMON)
    worth = {
        one: weight * log(1 + documents / having[one]) for one, weight in weights.items() if 1 < having[one] <= common
    }
    return {one: weights[one] for one in sorted(worth, key=lambda one: -worth[one])[:limit]}


def _stems(entry: Entry) -> dict[str, float]:
    spoken = _speech(entry)
    often = Counter(stem for term, stem in cut_in(_text(entry), spoken) if _is_telling(term))
    title = [stem for _, stem in cut_in(entry.article.title, spoken) if stem in often] if entry.article else []
    stems = dict.fromkeys([*(stem for stem, _ in often.most_common(_WEIGHED)), *title])
    return {stem: _saturated(often[stem]) * (_IN_TITLE if stem in title else 1.0) for stem in stems}


def _is_telling(term: str) -> bool:
    return len(term) > 1 and not term.isdigit() and term not in FUNCTION_WORDS["en"]


def _names(entry: Entry) -> dict[SharedName, float]:
    mentioned = Counter(mention.canonical for mention in entry.reading.mentions if mention.kind is not Kind.DATE)
    facets = document(entry).facets
    return {
        SharedName(field, value): weight * _saturated(max(1, mentioned[value]))
        for field, weight in _KINDS.items()
        for value in facets.get(field, ())
    }


def _saturated(count: int) -> float:
    return 2.2 * count / (count + 1.2)


def _named(name: SharedName, weight: float) -> Condition:
    terms = tuple(term for term, _ in cut(name.value))
    return Phrase(name.field, terms, weight) if len(terms) > 1 else Term(name.field, terms[0], weight)


def _addresses(entry: Entry) -> Iterator[str]:
    """What the article itself is found by, other copies of it too; no bare host, which stands for all of a site."""
    yield entry.id
    article = entry.article
    for url in (entry.url, entry.final_url, article.canonical_url if article else ""):
        if "/" in (term := url_term(url)):
            yield term


def _speech(entry: Entry) -> str:
    return speech(entry.article.lang) if entry.article else ""


def _text(entry: Entry) -> str:
    article = entry.article
    return f"{article.title}\n{article.text[:_READ]}" if article else ""
