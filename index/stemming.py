"""The stems of words by the language of the article that they stand in, so that a bare word finds its other forms.

A key is what an engine stores of a token beside its term: its stem, and before it which stemmer made it, so that the
forms of two languages never meet:

    English, and articles whose language is not known     raids → raid
    languages that Snowball has a stemmer for             Häuser → de:haus
    all others: the term, as no stemmer is forced on it   domy → :domy

A query does not know in which language an article will be: it asks for the keys of its word in every one of them.
Stemmers are given terms as analysis.fold leaves them, without accents; what they would need of those, in endings, is
put back (`_RESTORED`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from types import MappingProxyType

import Stemmer

from index.patterns import later

# Those of Snowball's stemmers that do well without accents and leave a word its first letter (but for Dutch ge-).
SNOWBALL: Mapping[str, str] = MappingProxyType(
    {
        "ca": "catalan", "da": "danish", "de": "german", "es": "spanish", "fi": "finnish", "fr": "french",
        "hu": "hungarian", "it": "italian", "nl": "dutch", "no": "norwegian", "pt": "portuguese",
        "ro": "romanian", "ru": "russian", "sv": "swedish",
    }
)  # fmt: skip
_SAME = {"nb": "no", "nn": "no"}
_ENGLISH = frozenset({"", "en", "und"})
_MARK = ":"  # no term has one
UNSTEMMED = _MARK  # the speech of languages without a stemmer
_RESTORED: Mapping[str, tuple[tuple[re.Pattern[str], str], ...]] = MappingProxyType(
    {
        "ca": ((later("cio\\Z"), "ció"),),
        "pt": (
            (later("(?<=.)c(?=(?:oes|ao)\\Z)"), "ç"),
            (later("(?<=.)oes\\Z"), "ões"),
            (later("(?<=.)aes\\Z"), "ães"),
            (later("(?<=.)ao\\Z"), "ão"),
        ),
        "ru": ((later("(?<=[аеиоуыэюя])и\\Z"), "й"),),
    }
)
_stem_word = Stemmer.Stemmer("english").stemWord


@lru_cache(maxsize=2**16)
def stem(term: str) -> str:
    """The English stem of a folded term."""
    return _stem_word(term) if term.isascii() and term.isalpha() else term


@cache
def speech(lang: str) -> str:
    """What the keys of an article in `lang` begin with."""
    lang = _SAME.get(lang, lang)
    if lang in _ENGLISH:
        return ""
    return lang + _MARK if lang in SNOWBALL else UNSTEMMED


def speech_of(key: str) -> str:
    """What `speech` gave for the articles that have this key."""
    lang, mark, _ = key.partition(_MARK)
    return lang + mark if mark else ""


def beginnings(key: str) -> tuple[str, ...]:
    """How a word that has this key may begin."""
    lang, _, found = key.rpartition(_MARK)
    if lang:
        return (found[:1], "g") if lang == "nl" else (found[:1],)  # über and ueber → uber; gebouw → bouw
    return (found[:2], found[:1] + "y") if found[1:2] == "i" else (found[:2],)  # dying → die


def key(term: str, speech: str) -> str:
    """What is stored of a folded term in an article of this speech (see above)."""
    return _maker(speech)(term) if speech else stem(term)


@lru_cache(maxsize=2**12)
def foreign_keys(term: str) -> tuple[str, ...]:
    """The keys of a folded term in all languages but English."""
    return tuple(key(term, each) for each in (*(lang + _MARK for lang in SNOWBALL), UNSTEMMED))


@cache
def _maker(speech: str) -> Callable[[str], str]:
    """What makes keys of terms in one speech."""
    if speech == UNSTEMMED:
        return speech.__add__
    lang = speech.removesuffix(_MARK)
    stem_word: Callable[[str], str] = Stemmer.Stemmer(SNOWBALL[lang]).stemWord
    restored = _RESTORED.get(lang, ())

    @lru_cache(maxsize=2**16)
    def made(term: str) -> str:
        if not term.isalpha():
            return speech + term
        for pattern, letters in restored:
            term = pattern.sub(letters, term)
        return speech + stem_word(term)

    return made
