"""Rules over an article in another language than English, after the network has read it.

Each takes names and gives names, sorted and not overlapping. They are kept because they help, or cost nothing, over the
33 sets in languages with spaces (bench/recogniser.py): together 0.2 of facet F1 on their mean, 0.17 of it by titles.
The words are those of data/names_words.tsv.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from archive.entities import foreign_capitals as capitals
from archive.entities import foreign_neighbours as neighbours
from archive.entities import foreign_nouns as nouns
from archive.entities import foreign_people as people
from archive.entities import titles
from archive.entities.decode import TokenSpan
from archive.entities.foreign import countries
from archive.entities.foreign_arabic import LANG as ARABIC
from archive.entities.foreign_arabic import Arabic
from archive.entities.foreign_cues import cues
from archive.entities.foreign_datelines import datelined
from archive.entities.foreign_joined import Joined
from archive.entities.foreign_quoted import quoted
from archive.entities.foreign_sides import sides
from archive.entities.gazetteer import Gazetteer
from archive.entities.languages import listed_as
from archive.entities.name_words import words_of
from archive.entities.small_words import SmallWords, calendar
from archive.entities.tokens import Tokens

_PLACES = ("COUNTRY", "BIGCITY", "MCOUNTRY", "MREGION", "MCITY")
_LANDS = ("COUNTRY", "MCOUNTRY", "MREGION", "STATE", "REGION")
_FIRST = ("FIRST", "FIRST2", "MFIRST")
_PEOPLE = (*_FIRST, "LAST", "POLITICIAN", "MLAST")
# A lone word that the network is this sure is a person is one, whatever lists of places say.
_SURE = 0.8
_JOINTS = 3  # small words between an office and what it is for: "ministre de la Santé", "ministro dell' Interno"
_ROMAN = frozenset("IVX")


class ForeignRules:
    """`gazetteer` has the lists of people and places."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._places, self._people, self._first = map(gazetteer.bits, (_PLACES, _PEOPLE, _FIRST))
        self._small, self._joined, self._arabic = SmallWords(gazetteer), Joined(gazetteer), Arabic(gazetteer)
        self._lands = gazetteer.bits(_LANDS)
        self._towns = self._places | gazetteer.bits(("CITY",))

    def mended(self, tokens: Tokens, names: Sequence[TokenSpan], lang: str) -> list[TokenSpan]:
        """The names after all rules."""
        words = tokens.words
        if lang == ARABIC:
            names = self._arabic.mended(words, names)
        found = cues(words, lang)
        firsts = set(tokens.sentences)  # before which stands what another sentence ends with, or a title
        free = [name for name in names if neighbours.apart(tokens, name, lang)]
        free = [part for name in people.with_initials(tokens, free) for part in people.divided(tokens, name, lang)]
        parts = [part for name in free for part in neighbours.divided(words, name, lang)]
        ended = [neighbours.ended(words, name, lang) for name in parts if not neighbours.is_office(words, name, lang)]
        bare = [neighbours.trimmed(words, name, lang, name.start in firsts, self._small.is_common) for name in ended]
        dated = [self._dateless(words, name, lang) if name.start in firsts else name for name in bare]
        kept = [name for name in dated if name and (name.start in firsts or not self._is_portfolio(words, name, lang))]
        kept = self._made(words, kept, lang, firsts)
        kept = [_untitled(words, self._placed(words, name, lang, name.start in firsts), lang) for name in kept]
        full = [name for name in kept if name.type == "PER" and name.end - name.start > 1]
        surnames = {words[name.end - 1] for name in full if not words[name.start].isupper()}
        kept = [part for name in kept for part in self._joined.apart(words, name, lang, surnames)]
        kept = [_uncalled(words, name, lang, name.start in firsts) for name in kept]
        kept = nouns.told(words, _headed(words, kept, listed_as(lang)), lang, firsts, found)
        kept = neighbours.bodies(words, kept, lang, found)
        kept = [
            name if name.start in firsts else neighbours.told(words, name, lang, self._gazetteer)
            for name in neighbours.whole(words, kept, lang)
        ]
        named = [name for name in kept if not neighbours.is_noun(words, name, lang)]
        kept = [one for name in named if (one := capitals.alone(words, name, lang, self._gazetteer))]
        kept = capitals.called(words, list(capitals.as_laws(words, kept, lang)), lang, firsts, found)
        kept = datelined(tokens, people.addressed(tokens, kept, lang, found), lang, self._gazetteer)
        return quoted(words, sides(words, kept, lang, found), lang)

    def _dateless(self, words: Sequence[str], name: TokenSpan, lang: str) -> TokenSpan | None:
        """ "Mercoledì Mattarella" without the day, unless that is a first name, too; None for "Ayer el Gobierno"."""
        day = words[name.start].lower()
        given = name.type == "PER" and self._gazetteer.mask(day) & self._first
        if name.end - name.start == 1 or day not in calendar(lang) or given:
            return name
        return None if words[name.start + 1].islower() else replace(name, start=name.start + 1)

    def _is_portfolio(self, words: Sequence[str], name: TokenSpan, lang: str) -> bool:
        """Whether a name is what a minister is for: "ministra de Trabajo". A minister of a country has its name."""
        at = _before(words, name.start, _JOINTS, words_of("joint"))
        if name.type == "PER" or at in (-1, name.start - 1) or words[at].lower() not in words_of("office"):
            return False
        country = words[name.start] in countries(lang) or self._mask(words, name) & self._lands
        return not country and not words[name.start].isupper()

    def _made(
        self, words: Sequence[str], names: Sequence[TokenSpan], lang: str, firsts: Collection[int]
    ) -> list[TokenSpan]:
        """Organisations by what one mention calls them ("le constructeur Renault"), all through the article."""
        called = words_of("called", listed_as(lang))
        full = [name for name in names if name.type == "PER" and name.end - name.start > 1]
        people = {word for name in full for word in words[name.start : name.end]}
        known = {
            tuple(words[name.start : name.end])
            for name in names
            if name.start not in firsts and words[name.start - 1] in called and words[name.start] not in people
            and (name.end - name.start == 1 or name.type == "LOC") and not self._mask(words, name) & self._places
        }  # fmt: skip
        return [
            replace(name, type="ORG")
            if name.type in ("PER", "LOC") and tuple(words[name.start : name.end]) in known
            else name
            for name in names
        ]

    def _placed(self, words: Sequence[str], name: TokenSpan, lang: str, opens: bool) -> TokenSpan:
        """ "Addis Abeba" is no person: lists of places have it, those of people do not. Nor is "Gunung Sugih", by its
        first word. "A Procida" is a place, too."""
        if name.type == "PER" and name.end - name.start > 1 and words[name.start] in words_of("land", lang):
            return replace(name, type="LOC")
        known = self._mask(words, name) if name.type in ("PER", "ORG") else 0
        if not known & self._towns:
            return name
        sure = name.end - name.start == 1 and name.score >= _SURE
        nobody = name.type == "PER" and not known & self._people
        long = name.end - name.start > 1 and not self._is_first(words[name.start])
        alone = nobody and (long or (known & self._places and not sure))
        at = not opens and words[name.start - 1] in words_of("at", lang) and not words[name.start].isupper()
        there = at and not (name.type == "PER" and known & self._people and name.score > _SURE)
        return replace(name, type="LOC") if alone or there else name

    def _is_first(self, word: str) -> bool:
        return bool(self._gazetteer.mask(word.lower()) & self._first)

    def _mask(self, words: Sequence[str], name: TokenSpan) -> int:
        return self._gazetteer.mask(" ".join(words[name.start : name.end]).lower())


def _untitled(words: Sequence[str], name: TokenSpan, lang: str) -> TokenSpan:
    """A person without offices and forms of address in front, unless no name is left ("Sultan II")."""
    if name.type != "PER" or name.end - name.start == 1:
        return name
    count = titles.leading(words[name.start : name.end], lang)
    if not 0 < count < name.end - name.start:
        return name
    first = words[name.start + count]
    return replace(name, start=name.start + count) if first[0].isalpha() and not _ROMAN.issuperset(first) else name


def _uncalled(words: Sequence[str], name: TokenSpan, lang: str, opens: bool) -> TokenSpan:
    """ "l'association Greenpeace": what the organisation is called before its name is no part of that. Nor is it a
    first name where a sentence opens: "Бумаги Ozon"."""
    first = words[name.start]
    alone = opens and name.type != "ORG" and name.end - name.start == 2
    first = first.lower() if alone else first
    called = name.end - name.start > 1 and first.islower() and first in words_of("called", listed_as(lang))
    if not called or not words[name.start + 1][0].isupper() or not (name.type == "ORG" or alone):
        return name
    return replace(name, start=name.start + 1, type="ORG")


def _headed(words: Sequence[str], names: Sequence[TokenSpan], lang: str) -> list[TokenSpan]:
    """ "Politecnico di Milano": the school, not the place, whether the network saw its first word as a name or not."""
    found: list[TokenSpan] = []
    for name in names:
        at = _before(words, name.start, 2, words_of("joint", lang)) if name.type == "LOC" else -1
        headed = at >= 0 and words[at] in words_of("head", lang)
        if headed and found and found[-1].end > at:
            headed = (found[-1].start, found[-1].end) == (at, at + 1)
            if headed:
                found.pop()
        found.append(replace(name, type="ORG", start=at) if headed else name)
    return found


def _before(words: Sequence[str], start: int, most: int, joints: Collection[str]) -> int:
    """The place of the word before `start` and up to `most` small words that join; -1 where there is none."""
    at = start - 1
    while at >= 0 and start - 1 - at < most and words[at].lower() in joints:
        at -= 1
    return at
