"""Where the words stand that rules for other languages than English turn on (data/names_words.tsv).

Each word of an article is looked up once for all rules, and what it is has been worked out once for all articles.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import compress, count

from archive.entities.languages import listed_as
from archive.entities.name_words import words_of

Cues = dict[str, list[int]]
ROAD = re.compile(r"(?:A|AP|N|D|E|DK|DW|B|S|M|R|L|SS|SP|RN|BR|PR|EN|IC|IP|Rv|Fv)(?P<number>\d{1,4})?")
_MISTER = frozenset({"н", "жа", "ну", "же", "на", "жи", "ном", "жой"})  # of "г-н", "г-жа"
_MOST = 2**16  # words of a language that are remembered


class _Kinds(dict[str, tuple[str, ...]]):
    """What each word of a language is for rules; most are nothing."""

    def __init__(self, lang: str) -> None:
        code = listed_as(lang)
        self._lang = lang
        self._own = {kind: words_of(kind, lang) for kind in ("street", "chamber", "short")}
        self._address, self._sport = words_of("address", code), words_of("sport", code)
        self._begun = {kind: tuple(words_of(kind, lang)) for kind in ("last", "place", "noun")}
        self._begun["court"] = tuple(words_of("court", code))
        self._heads, self._stems = words_of("body", lang), tuple(words_of("stem", lang))
        self._roads = tuple(words_of("road", lang))
        stems = {stem for of_kind in self._begun.values() for stem in of_kind}
        self._any_stem = (*stems, *self._stems, *self._roads)
        self._any = frozenset().union(*self._own.values(), self._address, self._sport, self._heads, _MISTER)

    def __missing__(self, word: str) -> tuple[str, ...]:
        if len(self) >= _MOST:
            self.clear()
        low = word.lower()
        told = not word.isalpha() or len(word) == 1 or word in self._any or low in self._any
        told |= word.startswith(self._any_stem) or low.startswith(self._roads) or bool(self._roads and word.isupper())
        if not told:  # as most words are
            self[word] = ()
            return ()
        kinds = [kind for kind, words in self._own.items() if word in words]
        kinds += [kind for kind, stems in self._begun.items() if word.startswith(stems)]
        others = {
            "body": word in self._heads or word.startswith(self._stems),
            "address": word.removesuffix(".") in self._address,
            "mister": self._lang == "ru" and word in _MISTER,
            "sport": low in self._sport,
            "road": low.startswith(self._roads),
            "number": bool(self._roads) and ROAD.fullmatch(word) is not None,
        }
        self[word] = found = (*kinds, *(kind for kind, is_one in others.items() if is_one))
        return found


@cache
def _kinds(lang: str) -> _Kinds:
    return _Kinds(lang)


def cues(words: Sequence[str], lang: str) -> Cues:
    """The places of the words of each kind; no kind that the article lacks."""
    kinds = _kinds(lang)
    found: Cues = {}
    for index in compress(count(), map(kinds.__getitem__, words)):
        for kind in kinds[words[index]]:
            found.setdefault(kind, []).append(index)
    return found
