"""Names in other languages than English that run into each other, and such as are told by what stands before them.

"ΠΑΣΟΚ Νίκος Ανδρουλάκης", "Magyar Péter Debrecenben", "υπουργός Υποδομών Χρίστος Δήμας" are what a network takes for
one person; "Bupati Lampung" and "мэр Екатеринбурга" have an office and a place, and nobody's name (foreign_rules.py).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from archive.entities import titles
from archive.entities.declined import listed_form
from archive.entities.decode import TokenSpan
from archive.entities.foreign import countries
from archive.entities.gazetteer import Gazetteer
from archive.entities.places import meaning

_FIRST = ("FIRST", "FIRST2", "MFIRST")
_PEOPLE = (*_FIRST, "LAST", "POLITICIAN", "MLAST")
_PLACES = ("ADMIN", "COUNTRY", "BIGCITY", "CITY", "MCOUNTRY", "MREGION", "MCITY", "STATE", "REGION")
_ROMAN = frozenset("IVXLC")
_HYPHENS = frozenset("-–")
_ACRONYM = 3  # letters at least
_CASE, _STEM = 2, 4  # letters at the end in which forms of a last name may differ, and those before
_FULL = 2  # words of a person's name
_MINISTER = re.compile(r"(?:υφ|αντι)?υπουργ", re.IGNORECASE)
_SLAVIC = frozenset({"cs", "sk", "pl", "sl", "hr", "sr", "bs", "uk", "ru", "be"})
_GOVERNED = _SLAVIC | {"el", "lv", "lt"}  # languages in which an office has what it is over in a case of its own
_GENITIVE = frozenset("aeiuyíéůаеиіїыуюя")
# Who speaks for a body, beside the offices.
_SPEAKERS = frozenset(
    "mluvčí mluvčím mluvčího hovorca hovorkyňa rzecznik rzeczniczka glasnogovornik glasnogovornica tajnik tajnica "
    "portparol представитель представительница пресс-секретарь секретарь речник речниця прессекретар советник "
    "помощник".split()
)
# Whom a party has: "o líder do Chega" says that Chega is nobody.
_LEADERS = frozenset({"líder", "leader", "porta-voz", "portavoz", "portavoce", "secretário-geral", "secretária-geral"})
_OF = frozenset({"do", "da", "dos", "das", "del", "de", "della", "dei"})
_ROMANCE = frozenset({"pt", "gl", "es", "it", "ca"})
_OFFICE_FIRST = frozenset({"id", "ms"})  # languages in which a place follows an office without a word or an ending
# In Turkish, what makes a body of the name before it, whatever its case.
_TURKISH = re.compile(
    r"(?:gazetesi|dergisi|televizyonu|ajansı|şirketi|bankası|partisi|kulübü|vakfı|derneği)(?:n[ieaıuü]\w*)?"
)


@dataclass(frozen=True, slots=True)
class Joined:
    """`gazetteer` has the lists of people and places."""

    gazetteer: Gazetteer

    def apart(
        self, words: Sequence[str], name: TokenSpan, lang: str, surnames: Collection[str] = ()
    ) -> Iterator[TokenSpan]:
        """A name without what stands beside it, and that, where it is one, as a name of its own.

        `surnames` are the last words of full names of the article: "według CBA Stachowski" are two names beside them.
        """
        short = name.type == "PER" and name.end - name.start == _FULL and _is_acronym(words[name.start])
        if short and any(_is_alike(words[name.end - 1], surname) for surname in surnames):
            yield replace(name, end=name.end - 1, type="ORG")
            yield replace(name, start=name.end - 1)
            return
        if name.type != "PER" or name.end - name.start <= _FULL:
            yield self._told(words, name, lang)
            return
        cut = _behind_acronym(words, name)
        if cut:
            country = cut == name.start + 1 and words[name.start] in countries(lang)
            yield replace(name, end=cut, type="LOC" if country else "ORG")
            yield replace(name, start=cut)
            return
        yield from self._without_place(words, replace(name, start=self._begun(words, name, lang)), lang)

    def _begun(self, words: Sequence[str], name: TokenSpan, lang: str) -> int:
        """Where a person's name begins: "υπουργός Εθνικής Άμυνας Νίκος Δένδιας", "mluvčí Hradu Vít Kolář"."""
        start, before = name.start, words[name.start - 1] if name.start else ""
        if lang == "el" and _MINISTER.match(before):
            return name.end - _FULL
        office = before.lower() in _SPEAKERS or before.lower() in titles.offices(lang)
        if lang not in _SLAVIC or not office or words[start][-1] not in _GENITIVE:
            return start
        person = self._is(_FIRST, words[start]) or listed_form(words[start], lang, self._given)
        return start + 1 if not person and self._is(_FIRST, words[start + 1]) else start

    def _given(self, word: str) -> str | None:
        """For `listed_form`: a first name is a thing by itself."""
        return word if self._is(_FIRST, word) else None

    def _without_place(self, words: Sequence[str], name: TokenSpan, lang: str) -> Iterator[TokenSpan]:
        """ "Magyar Péter Debrecenben": who, and where."""
        last = words[name.end - 1]
        long = lang == "hu" and name.end - name.start > _FULL and not self.gazetteer.mask(last.lower())
        if long and listed_form(last, lang, lambda form: meaning(form, lang)):
            yield replace(name, end=name.end - 1)
            yield replace(name, start=name.end - 1, type="LOC")
        else:
            yield name

    def _told(self, words: Sequence[str], name: TokenSpan, lang: str) -> TokenSpan:
        """The name, of the kind that the words beside it say, and without an office before a place."""
        run = words[name.start : name.end]
        if name.type == "LOC" and lang in _OFFICE_FIRST and len(run) > 1:
            count = titles.leading(run, lang)
            return replace(name, start=name.start + count) if 0 < count < len(run) else name
        after = words[name.end] if name.end < len(words) else ""
        if name.type in ("PER", "LOC") and lang == "tr" and _TURKISH.fullmatch(after):
            country = " ".join(run) in countries(lang)
            return name if country else replace(name, type="ORG")
        if name.type != "PER" or len(run) > 1:
            return name
        earlier, before = ["", "", *words[max(name.start - 2, 0) : name.start]][-2:]
        if lang in _ROMANCE and before in _OF and earlier in _LEADERS:
            return replace(name, type="ORG")
        return replace(name, type="LOC") if self._is_governed(before, run[0], lang) else name

    def _is_governed(self, before: str, word: str, lang: str) -> bool:
        """ "Gubernur Lampung", "мэр Екатеринбурга": whether what stands behind an office is a place."""
        if before.lower() not in titles.offices(lang) or self._is(_PEOPLE, word):
            return False
        if lang in _OFFICE_FIRST:
            return self._is(_PLACES, word)
        return lang in _GOVERNED and bool(listed_form(word, lang, lambda form: meaning(form, lang)))

    def _is(self, lists: Collection[str], word: str) -> bool:
        return bool(self.gazetteer.mask(word.lower()) & self.gazetteer.bits(lists))


def _behind_acronym(words: Sequence[str], name: TokenSpan) -> int:
    """Where a person's name begins behind the body whose acronym was taken for part of it, 0 where none was."""
    run = words[name.start : name.end]
    at = next((at for at, word in enumerate(run) if _is_acronym(word)), len(run))
    rest = run[at + 1 :]
    full = sum(word.istitle() for word in rest) >= _FULL and rest[0] not in _HYPHENS
    return name.start + at + 1 if full and all(word.istitle() or word in _HYPHENS for word in rest) else 0


def _is_alike(word: str, surname: str) -> bool:
    """Whether two words may be forms of one last name."""
    size = min(len(word), len(surname)) - _CASE
    return word == surname or (size >= _STEM and word[:size] == surname[:size])


def _is_acronym(word: str) -> bool:
    return len(word) >= _ACRONYM and word.isupper() and word.isalpha() and not _ROMAN.issuperset(word)
