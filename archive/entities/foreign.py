"""What is known of other languages than English without a network: glued small words, the names of countries, and
organisations that all the world calls by one name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from archive.entities import lands
from archive.entities.decode import TokenSpan
from archive.entities.known_organisations import LISTED, is_joined, named_in, organisations, with_listed
from archive.entities.languages import Reader, reader_of, told
from archive.entities.tokens import tokenize

_NOUNS_HAVE_CAPITALS = frozenset({"de", "lb"})  # and a genitive: "Frankreichs"
_NO_PLACES = frozenset({"EZ", "QO", "XA", "XB", "ZZ"})
_COLON = re.compile(r":([^\W\d_]+)$")
_HYPHEN = re.compile(r"(?<=\w[A-ZÀ-ÞĀ-ŽА-Я])-([^\W\d_]+)$")  # behind an acronym alone: "MÁV-nak", "PiS-u", "PSD-ul"
_CASE_SIGNS = {
    "tr": re.compile(r"['’]([^\W\d_]+)$"),
    **dict.fromkeys(("fi", "sv"), _COLON),
    **dict.fromkeys(("bs", "et", "hr", "hu", "mk", "pl", "ro", "sl", "sr"), _HYPHEN),
}
_ELISION = re.compile(r"\b(?:[ldnsmtcj]|qu|jusqu|lorsqu|puisqu|dell|all|nell|sull|dall|un|quest)['’](?=[^\W\d_])", re.I)


def unelided(text: str, lang: str) -> str:
    """ "l'Allemagne" as two words, every letter where it was."""
    if lang not in ("fr", "it", "ca"):
        return text
    return _ELISION.sub(lambda match: match.group()[:-1] + " ", text)


def uncased(name: str, lang: str) -> int:
    """How many signs of a name are left without the case that a sign divides from it: "Diyarbakır'da", "MÁV-nak"."""
    sign = _CASE_SIGNS.get(lang)
    case = sign.search(name) if sign else None
    return case.start() if case and case.start() and case.group(1).islower() else len(name.rstrip(":"))


def with_known(words: Sequence[str], names: Sequence[TokenSpan], lang: str) -> list[TokenSpan]:
    """The names, and countries and well-known organisations that were passed over, or of which but a part was seen; and
    such organisations that were taken for people or places. Sorted."""
    signs = reader_of(lang) is Reader.SIGNS
    return with_listed(names, _found_signs(words, told(lang)) if signs else _found(words, lang))


@cache
def countries(lang: str) -> dict[str, str]:
    """The names of countries and of unions of them in a language → LOC or ORG; empty for an unknown language."""
    named = {name: code for name, code in lands.territories(lang).items() if len(code) == 2 and code not in _NO_PLACES}
    found: dict[str, str] = {}
    for name, code in (named | lands.also(lang)).items():
        if not name[0].islower() and "(" not in name:
            found[" ".join(tokenize(name).words)] = "ORG" if code in lands.UNIONS else "LOC"
    return found


@cache
def known_names(lang: str) -> dict[str, str]:
    """Countries, unions of them, and organisations that are well known by their names in a language → LOC or ORG."""
    return countries(lang) | {" ".join(tokenize(name).words): "ORG" for name in named_in(lang)}


@cache
def _known_signs(lang: str) -> tuple[frozenset[str], dict[str, int]]:
    """Organisations in a language of which signs are read, and how many signs the longest has that begins with one."""
    names = frozenset(organisations(lang))
    return names, {name[0]: max(len(other) for other in names if other[0] == name[0]) for name in names}


def _found_signs(signs: Sequence[str], lang: str) -> Iterator[TokenSpan]:
    """Organisations alone: a country's name is too often part of another word."""
    known, longest = _known_signs(lang)
    free = 0
    for index, sign in enumerate(signs):
        if sign not in longest or index < free:
            continue
        for end in range(min(index + longest[sign], len(signs)), index + 1, -1):
            if "".join(signs[index:end]) in known:
                yield TokenSpan("ORG", index, end, LISTED)
                free = end
                break


@cache
def _longest(lang: str) -> dict[str, int]:
    """How many words the longest known name has that begins with a word."""
    found: dict[str, int] = {}
    for name in known_names(lang):
        first, *others = name.split(" ")
        found[first] = max(found.get(first, 0), 1 + len(others))
    return found


def _found(words: Sequence[str], lang: str) -> Iterator[TokenSpan]:
    genitive = "s" if lang in _NOUNS_HAVE_CAPITALS else ""
    known, longest = known_names(lang), _longest(lang)
    free = 0
    for index, word in enumerate(words):
        if index < free or word[0].islower():
            continue
        most = longest.get(word) or longest.get(word.removesuffix(genitive)) or 0
        for end in range(min(index + most, len(words)), index, -1):
            phrase = " ".join(words[index:end])
            kind = known.get(phrase) or (known.get(phrase.removesuffix(genitive)) if len(phrase) > 4 else None)
            if kind is not None:
                if kind == "LOC" or not is_joined(words, index, end):
                    yield TokenSpan(kind, index, end, LISTED)
                free = end
                break
