"""Names in languages that the model was not trained on: what capitals, lists and the words around make likely.

Most European languages mark names by capitals as English does, so the network reads them too, with less certainty. A
run of words with capitals inside a sentence is a name; of which kind is told by the network, by lists of places and
first names, and by titles and prepositions before it. German capitalises every noun and is held to more. Everything
found carries a lower confidence; scripts without capitals give nothing. Limits: the first word of a sentence alone is a
name only where the rest of the text says so; works and events are taken for organisations.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from babel import Locale, UnknownLocaleError

from archive.entities import places
from archive.entities.decode import TYPES, TokenSpan
from archive.entities.fallback_words import (
    FACILITIES,
    LINKS,
    MEASURES,
    OFFICES,
    OPENERS,
    ORGANISATIONS,
    PREPOSITIONS,
    TITLE_ENDS,
    TITLES,
    WITHIN,
)
from archive.entities.gazetteer import Gazetteer
from archive.entities.pieces import plain
from archive.entities.tokens import Tokens, tokenize

# The thresholds below are for precision first: a name that is none is counted as a facet, one that is missed is still
# found as words. The stories in tests/resources/names hold them. "p 54 → 44" is what moving the number as said does to
# precision (strict, in percent) on a set of the shared corpora, r to recall; bench/thresholds.py moves and measures.

# Confidence of what is certain here; below 1, since these rules see less than the model does in English. At 0.4 no
# name passes _SURE, at 1.0 the doubtful ones do: es_mxnews p 54 → 51.
TRUST = 0.7
_LISTED = 0.7  # confidence of a country: as certain as anything here
# From this confidence on the last name alone is taken for the person. 0.3: es_mxnews p 54 → 51, de_sonar 55 → 53. 0.85,
# which nothing passes: p 60 and 56, but the stories lose last names (German r 83 → 79, French 92 → 89).
_SURE = 0.6
_NOUNS_HAVE_CAPITALS = frozenset({"de", "lb"})
# Evidence from which a run of capitalised words is a name. 0.15: fr_wikineural p 81 → 74, es_mxnews 54 → 44, r + 2
# each. 0.5: p 84 and 55, r - 3 and - 1.
_LEAST = 0.3
# Where nouns have capitals: of several words, of one. Several at 0.4: de_sonar p 55 → 47, de_uner_pud 72 → 66, r + 2
# each. One at 0.7: p 49 and 66, r + 2 and + 4, which is better by F1 and worse by what facets show.
_LEAST_OF_NOUNS, _LEAST_OF_A_NOUN = 0.6, 0.88
# In languages whose small words we do not know. 0.4: sv_uner_pud p 80 → 74, da_uner_ddt 88 → 77, r + 8 and + 9.
# 0.85: p 82 and 90, r - 6 and - 3.
_LEAST_ELSEWHERE = 0.65
_KNOWN_LANGUAGES = frozenset({"fr", "es", "it", "pt", "nl", "ca"})
_LONGEST, _MOST_SHOUTED = 8, 2  # words of a name, of one in capitals throughout
_ADJECTIVE = ("e", "en", "er", "es", "em")
_FIRST_NAMES = frozenset({"FIRST", "FIRST2"})
# Weights of places (log10 of people): a town's name may be meant, a city's more likely so. _TOWN at 5.0: de_sonar
# r 17.1 → 16.0, fr_wikineural 68.2 → 66.7; at 3.5 nothing changes. _CITY between 4.5 and 6.0: r within 0.4.
_CITY, _TOWN = 5.0, 4.2
_AFTER = frozenset("\"'“”„«»‘’‚›‹(:–—…")  # signs after which a sentence may begin anew
_UNIONS = frozenset({"EU", "UN"})
_NO_PLACES = frozenset({"EZ", "QO", "XA", "XB", "ZZ"})
_ELISION = re.compile(r"\b(?:[ldnsmtcj]|qu|jusqu|lorsqu|puisqu|dell|all|nell|sull|dall|un|quest)['’](?=[^\W\d_])", re.I)

Floats = npt.NDArray[np.float32]


def unelided(text: str, lang: str) -> str:
    """ "l'Allemagne" as two words, every letter where it was."""
    if lang not in ("fr", "it", "ca"):
        return text
    return _ELISION.sub(lambda match: match.group()[:-1] + " ", text)


def foreign(tokens: Tokens, masses: Floats, gazetteer: Gazetteer, lang: str) -> list[TokenSpan]:
    """The names in a text in `lang`, sorted. `masses` has for each word the network's probability of each of TYPES."""
    words = tokens.words
    countries_found = list(_countries(words, lang, "s" if lang in _NOUNS_HAVE_CAPITALS else ""))
    taken = {index for name in countries_found for index in range(name.start, name.end)}
    reader = _Reader(tokens, masses, masses.tolist(), gazetteer, gazetteer.bits(_FIRST_NAMES), lang)
    found = [
        name
        for start, end in reader.runs()
        if taken.isdisjoint(range(start, end)) and (name := reader.judged(start, end)) is not None
    ]
    return sorted([*countries_found, *_again(words, found, taken)], key=lambda name: name.start)


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


@dataclass(frozen=True, slots=True)
class _Reader:
    """Finds runs of capitalised words in a text, and judges what they are."""

    tokens: Tokens
    masses: Floats
    rows: list[list[float]]  # the same
    gazetteer: Gazetteer
    forenames: int  # the lists of these, as bits
    lang: str

    @property
    def nouns(self) -> bool:
        return self.lang in _NOUNS_HAVE_CAPITALS

    def runs(self) -> Iterator[tuple[int, int]]:
        """Words with capitals in a row, small words between them let in, without what only opens a sentence."""
        words, sentences = self.tokens.words, {*self.tokens.sentences}
        inside = {
            word
            for index, word in enumerate(words)
            if word[0].isupper() and index not in sentences and words[index - 1] not in _AFTER
        }
        index = 0
        while index < len(words):
            start = index
            index += 1
            if not words[start][0].isupper():
                continue
            while (after := self._joined(start, index)) and not sentences & set(range(index, after)):
                index = after
            opens = start in sentences or words[start - 1] in _AFTER
            if opens and index - start == 1 and words[start] not in inside:
                continue
            if opens and self._opener(start, index):
                start = next((i for i in range(start + 1, index) if words[i][0].isupper()), index)
            if start < index:
                yield self._without_nouns(start, index), index

    def _opener(self, start: int, end: int) -> bool:
        """Whether a first word has its capital from the sentence: "El Real Madrid", "Alumnos de la Universidad"."""
        word = self.tokens.words[start].lower()
        if word in OPENERS:
            return True
        common = end - start > 1 and (
            self.tokens.words[start + 1] in LINKS - {"-"} or (self.nouns and word.endswith(_ADJECTIVE))
        )
        return common and word not in ORGANISATIONS and not self._first(start)

    def _joined(self, start: int, index: int) -> int:
        """The index after the next capitalised word that goes on the run; 0 where none does."""
        words = self.tokens.words
        for after in range(index, min(index + 3, len(words))):
            if words[after][0].isupper():
                glued = "-" not in words[index:after] or self._glued(index - 1, after)
                # In German "Präsident der Ukraine" is two things, "Ursula von der Leyen" one.
                links_allowed = (
                    not self.nouns
                    or after == index
                    or "-" in words[index:after]
                    or (index == start + 1 and self._first(start))
                )
                return after + 1 if glued and links_allowed else 0
            if words[after].lower() not in LINKS:
                return 0
        return 0

    def _glued(self, start: int, end: int) -> bool:
        starts, words = self.tokens.starts, self.tokens.words
        return all(starts[i] + len(words[i]) == starts[i + 1] for i in range(start, end))

    def _without_nouns(self, start: int, end: int) -> int:
        """Where a name begins in "Feuerwehrsprecher Jens Petersen", "Autohersteller Volkswagen"."""
        words = self.tokens.words
        while end - start > 1 and (self._title(start) or words[start].lower() in MEASURES or self._noun(start, end)):
            start += 1
        return start

    def _noun(self, start: int, end: int) -> bool:
        """Whether a word stands before a name, and is none itself."""
        word = self.tokens.words[start]
        if not self.nouns or self.tokens.words[start + 1] in LINKS or self._first(start) or word.isupper():
            return False
        if self._first(start + 1) and end - start > 2:
            return True
        known = word.lower() in ORGANISATIONS or word.endswith(_ADJECTIVE) or places.load().find(word)
        return start > 0 and self.tokens.words[start - 1].lower() in OPENERS and not known

    def _title(self, index: int) -> bool:
        word = self.tokens.words[index].lower().rstrip(".")
        return word in TITLES or (self.nouns and word.endswith(TITLE_ENDS))

    def _first(self, index: int) -> bool:
        return bool(self.gazetteer.mask(plain(self.tokens.words[index])) & self.forenames)

    def judged(self, start: int, end: int) -> TokenSpan | None:
        """The run as a name of the kind that most speaks for, None where too little does."""
        words = self.tokens.words[start:end]
        alone = len(words) == 1
        if words[0].lower() in MEASURES or len(words[0]) < 2 or (alone and self._no_name(start)):
            return None
        if len(words) > _LONGEST or (len(words) > _MOST_SHOUTED and all(word.isupper() for word in words)):
            return None
        weights = self._weights(start, end)
        kind = max(("PER", "LOC", "ORG"), key=weights.__getitem__)
        least = _LEAST if self.lang in _KNOWN_LANGUAGES else _LEAST_ELSEWHERE
        if self.nouns:
            listed = kind == "LOC" and self._place(start, end) > _LEAST_OF_NOUNS
            least = _LEAST_OF_A_NOUN if alone and not listed else _LEAST_OF_NOUNS
        if weights[kind] < max(least, weights["MISC"]):
            return None
        return TokenSpan(kind, start, end, TRUST * min(weights[kind], 1.0))

    def _no_name(self, index: int) -> bool:
        """Whether a word alone is a title, a kind of organisation, or the field of an office."""
        words = self.tokens.words
        return (
            self._title(index)
            or words[index].lower() in ORGANISATIONS
            or not OFFICES.isdisjoint(word.lower() for word in words[max(0, index - 3) : index])
        )

    def _weights(self, start: int, end: int) -> dict[str, float]:
        """How much speaks for each kind: the network, lists, the words of the run, the word before it.

        The numbers were set by hand, by what they do to pages of newspapers.
        """
        words = self.tokens.words[start:end]
        small = {word.lower() for word in words}
        capitals = [index for index in range(start, end) if self.tokens.words[index][0].isupper()]
        several, first = len(capitals) > 1, self._first(start)
        mean = self.masses[capitals].mean(axis=0).tolist() if several else self.rows[capitals[0]]
        weights = dict(zip(TYPES, mean, strict=True))
        place = self._place(start, end)
        if not several and (place > 0.5 or (start > 0 and self.tokens.words[start - 1].lower() in WITHIN)):
            weights["LOC"] += 0.7 * weights["PER"]  # "maire de Grenoble" is no surname
            weights["PER"] *= 0.3
        weights["LOC"] += place + 0.6 * (several and not FACILITIES.isdisjoint(small))
        people = start > 0 and self._title(start - 1)
        if self.nouns and not people and not first:
            weights["PER"] *= 0.7
        weights["PER"] += 0.6 * people + 0.4 * (several and first)
        club = several and not first and place == 0 and self._known(words[-1]) >= _TOWN
        acronym = not several and words[0].isupper() and words[0].isalpha() and len(words[0]) < 9
        weights["ORG"] += 0.6 * (several and not ORGANISATIONS.isdisjoint(small)) + 0.35 * club + 0.5 * acronym
        if self.lang in _KNOWN_LANGUAGES and weights["MISC"] < 0.5:
            weights["ORG"] += 0.2  # a name of some kind; of companies and clubs the lists know least
        elif self.nouns and start > 0 and self._noun_before(start):
            weights["ORG"] += 0.3  # "der Konzern Volkswagen"
        return weights

    def _noun_before(self, start: int) -> bool:
        before = self.tokens.words[start - 1]
        return before[0].isupper() and not self._title(start - 1) and before.lower() not in OPENERS | MEASURES

    def _place(self, start: int, end: int) -> float:
        """How much lists and the word before speak for a place."""
        words, starts = self.tokens.words, self.tokens.starts
        name = words[start]
        for index in range(start + 1, end):
            glued = starts[index - 1] + len(words[index - 1]) == starts[index]
            name += words[index] if glued else f" {words[index]}"
        known = self._known(name)
        if known < _TOWN:
            return 0.0
        placed = start > 0 and words[start - 1].lower() in PREPOSITIONS
        doubtful = self.nouns and not placed and known < _CITY + 0.5
        return 0.3 + 0.2 * (known >= _CITY) + 0.4 * placed - 0.3 * doubtful

    def _known(self, name: str) -> float:
        """The weight of the place of that name, 0 where there is none. German has a genitive: "Hamburgs"."""
        names = [name, name.removesuffix("s"), name.removesuffix("es")] if self.nouns and len(name) > 5 else [name]
        return max(
            (place.weight for each in names for place in places.load().find(each) if place.kind != "seat"), default=0.0
        )


def _again(words: Sequence[str], found: list[TokenSpan], taken: set[int]) -> list[TokenSpan]:
    """The names, and where only the last name of a person stands, that person."""
    full = [name for name in found if name.type == "PER" and name.end - name.start > 1 and name.score > _SURE]
    last = {words[name.end - 1]: name.score for name in full if len(words[name.end - 1]) > 2}
    settled = [
        replace(name, type="PER") if name.end - name.start == 1 and words[name.start] in last else name
        for name in found
    ]
    taken = taken | {index for name in settled for index in range(name.start, name.end)}
    more = [
        TokenSpan("PER", index, index + 1, last[word])
        for index, word in enumerate(words)
        if word in last and index not in taken
    ]
    return settled + more


def _countries(words: Sequence[str], lang: str, genitive: str) -> Iterator[TokenSpan]:
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
