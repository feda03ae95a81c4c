"""Names that a noun in them tells, where the network sees but a part: by what stands last, or in lower case.

"Ege Üniversitesi" and "Örnekköy Mezarlığı" end in what they are, "Oulun käräjäoikeus" and "Göteborgs tingsrätt" do so
in lower case, in "Krajský soud v Plzni" and "Следственный комитет" the adjective alone has a capital, a street has its
word before it ("via Marche"), and a road a number.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from archive.entities.decode import TokenSpan
from archive.entities.foreign_cues import ROAD, Cues
from archive.entities.known_organisations import LISTED
from archive.entities.languages import listed_as
from archive.entities.name_words import words_of

_AND = frozenset({"ve"})
_KINDS = frozenset({"last", "place", "court", "noun", "number", "street"})
_GENITIVES = {"fi": "n", "sv": "s", "da": "s", "no": "s"}
_LOWER = 2  # adjectives in lower case between the first and the noun: "Вищий антикорупційний суд"
_LEAST = 5  # letters of an adjective
_ADJECTIVES = {
    "cs": ("ý", "á", "é", "í", "ého", "ému", "ém", "ým", "ou", "ího", "ímu", "ím"),
    "sk": ("ý", "á", "é", "í", "y", "ého", "ému", "om", "ým", "ej", "ou", "ú", "ieho", "iemu"),
    "hr": ("i", "a", "o", "og", "oga", "om", "ome", "oj", "u", "im", "e"),
    "ru": ("ий", "ый", "ой", "ая", "ое", "его", "ого", "ему", "ому", "им", "ым", "ом", "ем", "ую", "ей"),
    "uk": ("ий", "ій", "а", "е", "ого", "ому", "им", "ім", "ої", "у", "ою"),
}
_ADJECTIVES["sr"] = _ADJECTIVES["hr"]


def told(
    words: Sequence[str], names: Sequence[TokenSpan], lang: str, firsts: Collection[int], cues: Cues
) -> list[TokenSpan]:
    """The names, and those that their nouns tell in place of what lies within."""
    if _KINDS.isdisjoint(cues):
        return list(names)
    at = {index: name for name in names for index in range(name.start, name.end)}
    runs = [*_last(words, firsts, at, cues), *_behind_adjectives(words, lang, firsts, at, cues)]
    runs += [*_behind_genitives(words, lang, cues), *_roads(words, cues), *_streets(words, lang, at, cues)]
    gone, more, free = set[TokenSpan](), list[TokenSpan](), 0
    for start, end, kind in sorted(runs):
        inside = {at[index] for index in range(start, end) if index in at}
        whole = at.get(start)
        if whole is not None and whole.start == start and whole.end >= end and whole.type == kind:
            continue
        if start < free or any(name.start < start or name.end > end for name in inside):
            continue
        gone |= inside
        free = end
        more.append(TokenSpan(kind, start, end, max([LISTED, *(name.score for name in inside)])))
    return sorted([*(name for name in names if name not in gone), *more], key=lambda name: name.start)


def _last(
    words: Sequence[str], firsts: Collection[int], at: dict[int, TokenSpan], cues: Cues
) -> Iterator[tuple[int, int, str]]:
    """Runs of words with capitals that end in what they are, whatever case that has."""
    for kind, table in (("ORG", "last"), ("LOC", "place")):
        for index in cues.get(table, ()):
            start = index
            while start and _is_part(words, start - 1, firsts, at):
                start -= 1
                if start in firsts:
                    break
            start += words[start] in _AND
            if start < index:
                yield start, index + 1, kind


def _is_part(words: Sequence[str], index: int, firsts: Collection[int], at: dict[int, TokenSpan]) -> bool:
    word = words[index]
    if word in _AND:
        return index > 0 and words[index - 1][0].isupper()
    return word[0].isupper() and "'" not in word and "’" not in word and (index not in firsts or index in at)


def _behind_genitives(words: Sequence[str], lang: str, cues: Cues) -> Iterator[tuple[int, int, str]]:
    """ "Oulun käräjäoikeus": a noun in lower case behind one word in the genitive."""
    ending = _GENITIVES.get(listed_as(lang), "")
    for index in cues.get("court", ()) if ending else ():
        if index and words[index - 1][0].isupper() and words[index - 1].endswith(ending):
            yield index - 1, index + 1, "ORG"


def _behind_adjectives(
    words: Sequence[str], lang: str, firsts: Collection[int], at: dict[int, TokenSpan], cues: Cues
) -> Iterator[tuple[int, int, str]]:
    """ "Вищий антикорупційний суд", "Krajský soud v Plzni": an adjective with a capital, a noun in lower case. Where a
    sentence opens, all words have one: there it is a court, or an adjective that tells."""
    endings, ranks, courts = _ADJECTIVES.get(lang, ()), tuple(words_of("rank", lang)), cues.get("court", ())
    for index in cues.get("noun", ()):
        start = index - 1
        while start > 0 and index - start <= _LOWER and words[start].islower() and words[start].endswith(endings):
            start -= 1
        first = words[max(start, 0)]
        if start < 0 or not first[0].isupper() or len(first) < _LEAST or not first.endswith(endings):
            continue
        court = index in courts
        if start in firsts and not court and not first.startswith(ranks):
            continue
        end = index + 1
        place = at.get(index + 2) if court and words[end : end + 1] and words[end] in words_of("at", lang) else None
        yield start, place.end if place is not None and place.start == index + 2 else end, "ORG"


def _roads(words: Sequence[str], cues: Cues) -> Iterator[tuple[int, int, str]]:
    """ "A12", "N-340", "DW213", in a text that speaks of roads."""
    for at in cues.get("number", ()) if "road" in cues else ():
        match = ROAD.fullmatch(words[at])
        if match and match["number"]:
            yield at, at + 1, "LOC"
        elif words[at + 1 : at + 2] == ["-"] and words[at + 2 : at + 3] and words[at + 2].isdigit():
            yield at, at + 3, "LOC"


def _streets(words: Sequence[str], lang: str, at: dict[int, TokenSpan], cues: Cues) -> Iterator[tuple[int, int, str]]:
    """ "via Marche", "plaza de la Constitución"."""
    joints = words_of("joint", lang)
    for index in cues.get("street", ()):
        begin = index + 1
        while begin < len(words) and begin - index <= 2 and words[begin] in joints:
            begin += 1
        name = at.get(begin)
        if name is not None and name.start == begin:
            yield index, name.end, "LOC"
        elif name is None and begin < len(words) and words[begin][0].isupper() and words[begin].isalpha():
            yield index, begin + 1, "LOC"
