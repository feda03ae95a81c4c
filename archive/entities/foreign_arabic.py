"""Arabic names: without capitals, and with small words glued to them ("وباريس", "لحزب الله"). Rules over an article.

"البرتغالي" is what belongs to a country and no place; "بن أبي سفيان" is the rest of a person's name; who speaks and
has a known first name is a person; what stands behind "in" and is a listed town is a place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from archive.entities.decode import TokenSpan
from archive.entities.foreign import countries, known_names
from archive.entities.gazetteer import Gazetteer
from archive.entities.name_words import words_of
from archive.entities.small_words import frequent, small
from archive.entities.tokens import Tokens

LANG = "ar"
_GLUED = frozenset("وبلفك")
_THE = "ال"
_LEAST = 3  # letters of a name that something is glued to, and of a last name
_PLACES = ("MCITY", "MCOUNTRY")
_FIRST = ("MFIRST",)
_OF_A_COUNTRY = ("يين", "يون", "يات", "ية", "ي", "ى")
_PLURAL = ("يين", "يون", "يات")
_SON = frozenset({"بن", "بنت"})
_PARTICLES = frozenset({"أبو", "أبي", "أبا", "ابن", "عبد", "آل"})
_PREPOSITION = "علي"  # as many write "on", too, which is a first name
_HONOURS = (("كرم", "الله"), ("رضي", "الله"), ("صلى", "الله"), ("رحمه", "الله"), ("عليه", "السلام"))
_LONGEST = 4  # words of a body
_TOLD = 0.6  # confidence of what nothing but the words beside it tells


def unglued(tokens: Tokens, gazetteer: Gazetteer) -> Tokens:
    """The tokens, with "و" and other small words divided from names that the lists have."""
    known = gazetteer.bits((*_PLACES, "MFIRST", "MLAST"))
    firsts = _first_words()

    def is_name(word: str) -> bool:
        return word in firsts or bool(gazetteer.mask(word) & known)

    words, starts, moved = list[str](), list[int](), list[int]()
    for word, start in zip(tokens.words, tokens.starts, strict=True):
        moved.append(len(words))
        if _is_glued(word, is_name):
            words.append(word[0])
            starts.append(start)
            word, start = word[1:], start + 1
        words.append(word)
        starts.append(start)
    return Tokens(words, starts, [moved[at] for at in tokens.sentences]) if len(words) > len(moved) else tokens


def _is_glued(word: str, is_name: Callable[[str], bool]) -> bool:
    rest = word[1:]
    if word[0] not in _GLUED or len(rest) < _LEAST or is_name(word) or word in frequent(LANG):
        return False
    return is_name(rest)


@cache
def _first_words() -> frozenset[str]:
    return frozenset(name.split(" ", 1)[0] for name in known_names(LANG))


@dataclass(frozen=True, slots=True)
class Arabic:
    """`gazetteer` has the lists of people and places."""

    gazetteer: Gazetteer

    def mended(self, words: Sequence[str], names: Sequence[TokenSpan]) -> list[TokenSpan]:
        """The names after all rules, sorted."""
        kept = [part for name in names if (part := self._within(words, name)) is not None]
        kept = _with_bodies(words, list(self._begun(words, kept)))
        taken = {index for name in kept for index in range(name.start, name.end)}
        return sorted([*kept, *self._passed_over(words, taken)], key=lambda name: name.start)

    def _within(self, words: Sequence[str], name: TokenSpan) -> TokenSpan | None:
        """A name without what belongs to a country ("جزيرة ماديرا البرتغالية") and without a blessing."""
        end = name.end
        if name.type == "PER":
            blessed = (at for at in range(name.start + 1, end - 1) if tuple(words[at : at + 2]) in _HONOURS)
            end = next(blessed, end)
            while end < len(words) and words[end - 1] in _SON | _PARTICLES and words[end].isalpha():
                end += 1
        single = end - name.start == 1
        if name.type == "LOC" or (single and (name.type == "ORG" or words[end - 1].endswith(_PLURAL))):
            while end > name.start and _is_of_a_country(words[end - 1]):
                end -= 1
        return None if end == name.start else replace(name, end=end)

    def _begun(self, words: Sequence[str], names: Sequence[TokenSpan]) -> Iterator[TokenSpan]:
        """People with the first name, the father or the particle that stands before what was found of them."""
        free = 0
        for name in names:
            start = name.start
            while name.type == "PER" and start > free and self._opens(words[start - 1], words[start]):
                start -= 1
            yield replace(name, start=start)
            free = name.end

    def _opens(self, before: str, first: str) -> bool:
        if first in _SON:
            return before.isalpha() and before not in small(LANG)
        return before in _SON | _PARTICLES or self._is_first(before)

    def _is_first(self, word: str) -> bool:
        return word != _PREPOSITION and bool(self.gazetteer.mask(word) & self.gazetteer.bits(_FIRST))

    def _passed_over(self, words: Sequence[str], taken: set[int]) -> Iterator[TokenSpan]:
        papers, at = words_of("paper", LANG), words_of("at", LANG)
        says = words_of("says", LANG) | words_of("person", LANG)
        free = 0
        for index in range(1, len(words)):
            before, word = words[index - 1], words[index]
            if index < free or index in taken or word in small(LANG):
                continue
            after = words[index + 1] if index + 1 < len(words) else ""
            if before in papers and word.startswith(_THE):
                yield TokenSpan("ORG", index, index + 1, _TOLD)
            elif before in at and (end := self._town(words, index)) and taken.isdisjoint(range(index, end)):
                yield TokenSpan("LOC", index, end, _TOLD)
                free = end
            elif before in says and self._is_first(word) and self._is_last(after) and index + 1 not in taken:
                yield TokenSpan("PER", index, index + 2, _TOLD)
                free = index + 2

    def _town(self, words: Sequence[str], start: int) -> int:
        """Where a listed place ends that starts here; 0 where none does."""
        bits = self.gazetteer.bits(_PLACES)
        ends = range(min(start + 3, len(words)), start, -1)
        return next((end for end in ends if self.gazetteer.mask(" ".join(words[start:end])) & bits), 0)

    def _is_last(self, word: str) -> bool:
        return word.isalpha() and len(word) >= _LEAST and word not in small(LANG) and word not in frequent(LANG)


def _with_bodies(words: Sequence[str], names: Sequence[TokenSpan]) -> list[TokenSpan]:
    """ "نقابة الصحفيين التونسيين": what makes a body of what follows, and all that follows with an article."""
    heads, at = words_of("body", LANG), {index: name for name in names for index in range(name.start, name.end)}
    gone, found = set[TokenSpan](), list[TokenSpan]()
    for start, word in enumerate(words):
        if word not in heads and not (word[0] in _GLUED and word[1:] in heads):
            continue
        end = start + 1
        while end < min(start + _LONGEST, len(words)) and words[end].startswith(_THE) and len(words[end]) > _LEAST + 2:
            end += 1
        inside = {at[index] for index in range(start, end) if index in at}
        if end > start + 1 and all(name.start >= start and name.end <= end for name in inside):
            gone |= inside
            found.append(TokenSpan("ORG", start, end, max([_TOLD, *(name.score for name in inside)])))
    return sorted([*(name for name in names if name not in gone), *found], key=lambda name: name.start)


def _is_of_a_country(word: str) -> bool:
    """ "البرتغالي", "اللبنانية": an adjective, and no country."""
    known = countries(LANG)
    if word in known or not word.startswith(_THE):
        return False
    for ending in _OF_A_COUNTRY:
        stem = word.removesuffix(ending)
        if stem != word:
            bare = stem.removeprefix(_THE)
            return any(f"{form}{last}" in known for form in (stem, bare) for last in ("", "ا", "ة", "يا", "ية"))
    return False
