"""Words that are no names for all their capital: small words, frequent ones, days and months, in many languages.

The network for other languages takes some first words of sentences for people ("Nella", "Mardi"). Doubted are single
words that the article has in lower case, too, or that lists know; the lists come with packages that the product needs
for other things: function words (Snowball's, in Whoosh), the most frequent words of Wikipedia (justext), and what days
and months are called (dateparser). They are read as files: to load the packages takes far longer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from runpy import run_path

from babel import Locale

from archive.entities.decode import TokenSpan
from archive.entities.gazetteer import Gazetteer
from archive.entities.languages import listed_as
from archive.entities.tokens import Tokens

# A name that the network is this sure of stays. Over the 33 sets in languages with spaces (bench/recogniser.py) the
# lists give 0.13 of facet F1 with this bound and 0.11 without; with words in lower case nearby 0.20 in all.
_SURE = 0.8
_NAMES = ("FIRST", "FIRST2", "LAST", "POLITICIAN", "MFIRST", "MLAST")  # lists of people
_LEAST = 3  # letters of a frequent word
_LEAST_CALENDAR = 4  # shorter ones are abbreviations
_FREQUENT = {"no": "Norwegian_Bokmal", "nb": "Norwegian_Bokmal", "nn": "Norwegian_Nynorsk"}  # what justext calls them
_DAYS_AND_MONTHS = (
    "january february march april may june july august september october november december "
    "monday tuesday wednesday thursday friday saturday sunday"
).split()


@dataclass(frozen=True, slots=True)
class SmallWords:
    """`gazetteer` has the lists of people: frequent words of Wikipedia are names, too ("Juan", "Карл")."""

    gazetteer: Gazetteer

    def without(self, tokens: Tokens, names: Sequence[TokenSpan], lang: str) -> list[TokenSpan]:
        """The names but for single words that are none, unless a longer name of the text has the word, too."""
        words = tokens.words
        doubted = set(self._doubted(tokens, names, lang))
        if not doubted:
            return list(names)
        longer = {word for name in names if name.end - name.start > 1 for word in words[name.start : name.end]}
        return [name for name in names if name not in doubted or words[name.start] in longer]

    def _doubted(self, tokens: Tokens, names: Sequence[TokenSpan], lang: str) -> Iterator[TokenSpan]:
        firsts = set(tokens.sentences)
        lower: set[str] | None = None
        for name in names:
            word = tokens.words[name.start]
            low = word.lower()
            if name.end - name.start > 1 or word[0] == low[0] or word[1:] != low[1:]:
                continue
            if name.start in firsts:
                if lower is None:
                    lower = {other for other in tokens.words if other[0].islower()}
                if low in lower:
                    yield name
                    continue
            if name.score < _SURE and (low in small(lang) or (name.type == "PER" and self.is_common(low, lang))):
                yield name

    def is_common(self, low: str, lang: str) -> bool:
        """Whether a word in lower case is a frequent one of a language, and nobody's name."""
        return low in frequent(lang) and not self.gazetteer.mask(low) & self.gazetteer.bits(_NAMES)


@cache
def small(lang: str) -> frozenset[str]:
    """Function words of a language, its days and months, today and yesterday, in lower case; empty where unknown."""
    words = _function_words().get(listed_as(lang), frozenset())
    return words | calendar(lang)


@cache
def frequent(lang: str) -> frozenset[str]:
    """The most frequent words of a language, names among them, in lower case; empty where unknown."""
    name = _FREQUENT.get(lang) or Locale("en").languages.get(lang, "")
    file = _folder("justext") / "stoplists" / f"{name}.txt"
    if not file.is_file():
        return frozenset()
    words = file.read_text(encoding="utf-8").lower().splitlines()
    return frozenset(word for word in words if len(word) >= _LEAST and word.isalpha())


@cache
def _function_words() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = run_path(str(_folder("whoosh") / "lang" / "stopwords.py"))["stoplists"]
    return found


def _folder(package: str) -> Path:
    """Where an installed package stands. It is not loaded."""
    spec = find_spec(package)
    assert spec is not None
    return Path((spec.submodule_search_locations or [""])[0])


@cache
def calendar(lang: str) -> frozenset[str]:
    """Days and months of a language, today and yesterday, in lower case; empty where unknown."""
    if lang not in Locale("en").languages:
        return frozenset()
    file = _folder("dateparser") / "data" / "date_translation_data" / f"{'nb' if lang == 'no' else lang}.py"
    if not file.is_file():
        return frozenset()
    known = run_path(str(file))["info"]
    words = [word for key in _DAYS_AND_MONTHS for word in known.get(key, ())]
    words += [word for phrases in known.get("relative-type", {}).values() for word in phrases]
    return frozenset(word.lower() for word in words if len(word) >= _LEAST_CALENDAR and " " not in word)
