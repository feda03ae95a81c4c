"""Acronyms and what they stand for, by the story's own evidence: "Immigration and Customs Enforcement (ICE)".

First the plain reading, that the letters are the initials of the words before the bracket; else the algorithm of
A. Schwartz and M. Hearst, "A simple algorithm for identifying abbreviation definitions in biomedical text" (2003),
which lets letters stand inside words. Both orders are read: long (SHORT) and SHORT (long).
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

from archive.entities.tables import rows

_CAPITAL = "[A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢĪİĶĹĽŁŃŅŇŌŐŒŘŚŞŠȘŢŤȚŪŮŰŹŻŽΑ-ΩА-ЯЁЄІЇҐЂЈЉЊЋЏЎ]"
_VOWEL = re.compile("[aeiouy]", re.IGNORECASE)
_BRACKET = re.compile(r"(?<=[\w.'’]) ?\(([^()\n]{2,90})\)")
_SHORT = re.compile(rf"(?:{_CAPITAL}{{1,3}}&)?{_CAPITAL}[^\W\d_]{{0,7}}{_CAPITAL}s?|(?:{_CAPITAL}\.){{2,6}}")
_WORD = re.compile(r"[^\W_][\w.'’&-]*")
_JOINING = frozenset(
    "and of the for in on to at & de la le les du des d et l y e o el los las del da do das dos para por em di della "
    "dei degli delle per a al alla und für der die das zur zum im van voor och av i og om til w z na oraz ve ja "
    "и в по на при с та й у з із v pro și în pentru ale al kai και του της των για".split()
)
_CONTEXT = 120  # characters before a bracket in which the long form must lie
_TRAILING = re.compile(
    r"\s+(?:agency|department|office|group|party|union|committee|organi[sz]ation|company|program(?:me)?)$"
)
_LEADING = re.compile(
    r"^(?:the|a|an|its|their|his|her|our|by|with|from|at|to|of|in|for|and|U\.?S\.?['’]?s?)\s+", re.IGNORECASE
)
_LONGEST = 17  # characters: eight letters with dots, and a plural s


def definitions(text: str) -> dict[str, str]:
    """Acronym → long form for every definition in the text, as the first one gives it."""
    found: dict[str, str] = {}
    for match in _BRACKET.finditer(text):
        inner = match.group(1).strip()
        before = text[max(0, match.start() - _CONTEXT) : match.start()].rsplit("\n", 1)[-1]
        if _SHORT.fullmatch(inner):
            _note(found, inner, _long_form(inner, before))
        elif " " in inner and _SHORT.fullmatch(short := _last_word(before)):
            _note(found, short, _long_form(short, inner, whole=True))
    return found


def _note(found: dict[str, str], short: str, long: str | None) -> None:
    if long:
        found.setdefault(plain(short), long)


def plain(short: str) -> str:
    """An acronym without dots and plural: "U.N." and "NGOs" as "UN" and "NGO"."""
    short = short.replace(".", "")
    return short[:-1] if short.endswith("s") and short[:-1].isupper() and len(short) > 2 else short


def acronym(spelling: str) -> str:
    """The letters of a spelling that may stand for a longer name ("U.N." → "UN"), "" for what is no acronym."""
    short = plain(spelling) if len(spelling) <= _LONGEST else ""
    return short if 2 <= len(short) <= 8 and short.isupper() and short.isalpha() else ""


def _last_word(text: str) -> str:
    words = text.split()
    return words[-1] if words else ""


def _long_form(short: str, text: str, *, whole: bool = False) -> str | None:
    """The end of `text` that `short` abbreviates (all of it when `whole`), without articles and generic nouns."""
    letters = [c for c in plain(short) if c.isalnum()]
    words = [(m.start(), m.end(), m.group()) for m in _WORD.finditer(text)]
    start_end = _by_initials(letters, words) or _by_letters(letters, text)
    if start_end is None:
        return None
    start, end = start_end
    if whole and (start > 4 or end < len(text) - 1):
        return None
    long = _TRAILING.sub("", text[start:end].strip(" ,;:\"“”'‘"))
    while (lead := _LEADING.match(long)) and lead.end() < len(long):
        long = long[lead.end() :]
    return long if len(long) > len(short) and " " in long and plain(short) not in long.split() else None


def _by_initials(letters: list[str], words: list[tuple[int, int, str]]) -> tuple[int, int] | None:
    """The run of words, ending at the end of the text but for two small words, whose initials are the letters."""
    for last in range(len(words) - 1, max(-1, len(words) - 4), -1):
        need, index = len(letters) - 1, last
        while index >= 0 and need >= 0:
            word = words[index][2]
            if _same(word[0], letters[need]) and (word[0].isupper() or word.lower() not in _JOINING):
                need -= 1
            elif word.lower() not in _JOINING:
                break
            index -= 1
        if need < 0 and all(not w[2][0].isupper() for w in words[last + 1 :]):
            return words[index + 1][0], words[last][1]
    return None


def _by_letters(letters: list[str], text: str) -> tuple[int, int] | None:
    """Schwartz and Hearst: each letter somewhere, right to left, the first at the start of a word."""
    text = text.rstrip()
    position = len(text)
    for index in range(len(letters) - 1, -1, -1):
        letter = letters[index].lower()
        position -= 1
        while position >= 0 and (
            not _same(text[position], letter) or (index == 0 and position > 0 and text[position - 1].isalnum())
        ):
            position -= 1
        if position < 0:
            return None
    words = text[position:].split()
    enough = len(words) <= min(len(letters) + 5, len(letters) * 2) and any(c.isupper() for c in text[position:])
    return (position, len(text)) if enough and len(words) > 1 else None


def _same(one: str, other: str) -> bool:
    """Whether two letters are one but for their case and accents: "Österreichischer Rundfunk (ORF)"."""
    return one.lower() == other.lower() or _plain_letter(one) == _plain_letter(other)


@cache
def _plain_letter(letter: str) -> str:
    return unicodedata.normalize("NFD", letter.lower())[:1]


def initials(name: str) -> str:
    """The acronym a name would have: the capitals at the starts of its words ("Saint-Germain" is two); small words do
    not count."""
    return "".join(word[0] for word in name.replace("-", " ").split() if word[0].isupper())


def is_clipped(word: str) -> bool:
    """Whether it has no vowel, as abbreviations of figures have none ("dlrs", "Shr")."""
    return word.isascii() and _VOWEL.search(word) is None


@lru_cache(maxsize=1)
def well_known() -> dict[str, str]:
    """Acronyms that a story may use without saying what they mean (data/names_acronyms.tsv, compiled here)."""
    return {row[0]: row[1] for row in rows(Path(__file__).parent / "data" / "names_acronyms.tsv")}
