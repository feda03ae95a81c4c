"""What a capital tells, and what it does not, in other languages than English.

"La Comisión", "il Parlamento" and "a Câmara" within a sentence are organisations, for all that the same words in lower
case are any commission's; so is what begins the name of a body that the story names in full: "la Corte", of the Corte
Suprema. Laws, prizes and cups have capitals, too, and are none; nor is "señora Comisaria" anybody's name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from archive.entities import titles
from archive.entities.acronyms import is_clipped
from archive.entities.decode import TokenSpan
from archive.entities.foreign_cues import Cues
from archive.entities.gazetteer import Gazetteer
from archive.entities.known_organisations import LISTED
from archive.entities.languages import listed_as
from archive.entities.name_words import words_of
from archive.entities.small_words import small

_SHORTEST, _LONGEST = 3, 5  # letters of an acronym that is written as a word
_SYLLABIC = frozenset("cs sk sl hr sr bs mk bg".split())  # languages whose r and l make syllables: "Krk", "Brň"
_PEOPLE = ("FIRST", "FIRST2", "LAST", "POLITICIAN", "MFIRST", "MLAST")


def called(
    words: Sequence[str], names: Sequence[TokenSpan], lang: str, firsts: Collection[int], cues: Cues
) -> list[TokenSpan]:
    """The names, and the bodies that one word calls within a sentence, in place of a person or place there."""
    places, told = {*cues.get("body", ()), *cues.get("short", ())}, {*cues.get("chamber", ())}
    if not (places or told):
        return list(names)
    full = {words[name.start] for name in names if name.type == "ORG" and name.end - name.start > 1}
    told |= {index for index in places if words[index] in full}
    at = {index: name for name in names for index in range(name.start, name.end)} if told else {}
    gone, more = set[TokenSpan](), list[TokenSpan]()
    for index in sorted(told.difference(firsts)):
        name = at.get(index)
        if name is not None and (name.type == "ORG" or name.end - name.start > 1):
            continue
        behind = words[index - 1].islower() or (
            index - 1 in firsts
            and words[index - 1].lower() in small(lang)
            and words_of("joint", lang).isdisjoint(words[index + 1 : index + 2])
        )
        if behind and not _goes_on(words, index + 1, lang):
            more.append(TokenSpan("ORG", index, index + 1, LISTED))
            if name is not None:
                gone.add(name)
    return sorted([*(name for name in names if name not in gone), *more], key=lambda name: name.start)


def _goes_on(words: Sequence[str], at: int, lang: str) -> bool:
    """Whether a name goes on there: "Comisión Europea", "Parlamento de Cataluña"."""
    joints = words_of("joint", lang)
    after = next((word for word in words[at : at + 3] if word not in joints), "")
    return after[:1].isupper()


def as_laws(words: Sequence[str], names: Sequence[TokenSpan], lang: str) -> Iterator[TokenSpan]:
    """The names, with laws, prizes and cups as what they are, and the acronyms that stand in brackets behind those."""
    firsts = words_of("none", listed_as(lang))
    laws = {
        name
        for name in names
        if words[name.start] in firsts and name.type in ("ORG", "LOC") and name.end - name.start > 1
    }
    shorts = {words[name.end + 1] for name in laws if words[name.end : name.end + 1] == ["("]}
    for name in names:
        short = name.end - name.start == 1 and name.type != "PER" and words[name.start] in shorts
        yield replace(name, type="MISC") if name in laws or short else name


def alone(words: Sequence[str], name: TokenSpan, lang: str, gazetteer: Gazetteer) -> TokenSpan | None:
    """A name of one word: none where it is but what an office is called, and nobody's last name; an organisation where
    it is spelled without a vowel, as no person and hardly a place is ("Tsmc")."""
    word = words[name.start]
    if name.end - name.start > 1 or word.isupper():
        return name
    if word.lower() in titles.offices(lang) and not gazetteer.mask(word.lower()) & gazetteer.bits(_PEOPLE):
        return None
    short = name.type in ("PER", "LOC") and _SHORTEST <= len(word) <= _LONGEST and lang not in _SYLLABIC
    return replace(name, type="ORG") if short and is_clipped(word) and word.isalpha() else name
