"""What is known of other languages than English without a network: glued small words, and the names of countries."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from babel import Locale, UnknownLocaleError

from archive.entities.decode import TokenSpan
from archive.entities.tokens import tokenize

_LISTED = 0.7  # confidence of a country that nothing but its name tells
_NOUNS_HAVE_CAPITALS = frozenset({"de", "lb"})  # and a genitive: "Frankreichs"
_UNIONS = frozenset({"EU", "UN"})
_NO_PLACES = frozenset({"EZ", "QO", "XA", "XB", "ZZ"})
_ELISION = re.compile(r"\b(?:[ldnsmtcj]|qu|jusqu|lorsqu|puisqu|dell|all|nell|sull|dall|un|quest)['’](?=[^\W\d_])", re.I)


def unelided(text: str, lang: str) -> str:
    """ "l'Allemagne" as two words, every letter where it was."""
    if lang not in ("fr", "it", "ca"):
        return text
    return _ELISION.sub(lambda match: match.group()[:-1] + " ", text)


def with_countries(words: Sequence[str], names: Sequence[TokenSpan], lang: str) -> list[TokenSpan]:
    """The names, and countries that were passed over, or of which but a part was seen. Sorted."""
    at = {index: name for name in names for index in range(name.start, name.end)}
    gone: set[TokenSpan] = set()
    more: list[TokenSpan] = []
    for country in _countries(words, lang):
        inside = {at[index] for index in range(country.start, country.end) if index in at}
        size = country.end - country.start
        if all(name.start >= country.start and name.end <= country.end for name in inside) and all(
            name.end - name.start < size for name in inside
        ):
            gone |= inside
            more.append(country)
    return sorted([*(name for name in names if name not in gone), *more], key=lambda name: name.start)


@lru_cache(maxsize=16)
def countries(lang: str) -> dict[str, str]:
    """The names of countries and of unions of them in a language → LOC or ORG; empty for an unknown language."""
    try:
        territories = Locale.parse(lang).territories
    except (UnknownLocaleError, ValueError):
        return {}
    found: dict[str, str] = {}
    for code, given in territories.items():
        name = str(given)
        if len(code) == 2 and code.isalpha() and code not in _NO_PLACES and name[0].isupper() and "(" not in name:
            found[" ".join(tokenize(name).words)] = "ORG" if code in _UNIONS else "LOC"
    return found


@lru_cache(maxsize=16)
def _longest(lang: str) -> dict[str, int]:
    """How many words the longest name of a country has that begins with a word."""
    found: dict[str, int] = {}
    for name in countries(lang):
        first, *others = name.split(" ")
        found[first] = max(found.get(first, 0), 1 + len(others))
    return found


def _countries(words: Sequence[str], lang: str) -> Iterator[TokenSpan]:
    genitive = "s" if lang in _NOUNS_HAVE_CAPITALS else ""
    known, longest = countries(lang), _longest(lang)
    free = 0
    for index, word in enumerate(words):
        if index < free or not word[0].isupper():
            continue
        most = longest.get(word) or longest.get(word.removesuffix(genitive)) or 0
        for end in range(min(index + most, len(words)), index, -1):
            phrase = " ".join(words[index:end])
            kind = known.get(phrase) or (known.get(phrase.removesuffix(genitive)) if len(phrase) > 4 else None)
            if kind is not None:
                yield TokenSpan(kind, index, end, _LISTED)
                free = end
                break
