"""Offices, ranks and forms of address before a name, in all our languages (data/names_titles.tsv): no part of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from archive.entities.peoples import names_of_peoples
from archive.entities.tables import rows

_FILE = Path(__file__).parent / "data" / "names_titles.tsv"
_QUALIFIER = re.compile(
    r"(?:then|ex|former|late|acting|interim|incoming|outgoing|assistant|associate|deputy|vice|lieutenant|us|uk|eu|"
    r"retired|state|federal|presidential|senior|junior)"
)
# One word that is an office in many forms: "Außenministerin", "министром", "finansministeren".
_COMPOUND = re.compile(
    r"\w{3,}(?:minister|ministerin|präsident|präsidentin|bürgermeister|bürgermeisterin|sprecher|sprecherin|sekretär|"
    r"sekretärin|staatsanwalt|kommissar|kommissarin|ministeren|ministern|ministeri|ministerijs|inspektör)"
    r"|(?:вице-)?(?:президент|премьер|министр|губернатор|сенатор|депутат|генерал|полковник|канцлер|прокурор|міністр)"
    r"(?:а|у|ом|ем|е|і)"
)
_LOOSE = ".,'’‘-"
# First names that are also what a people or one of it is called.
_GIVEN = frozenset(
    "German Roman Dane Norman Israel Jordan Chad Frank Scot Christian Paris Dominican Holland Finn".split()
)
# What stands after a name in the line that says who made a story, and what a page asks its reader to do.
TRAILERS = frozenset(
    "editing reporting writing additional compiled edited written reported photography photo photos graphics updated "
    "contributing translated produced".split()
)


@dataclass(frozen=True, slots=True)
class _Table:
    """Offices by their first word, longest first; those of one language; as written only; those that may be names."""

    offices: dict[str, list[tuple[str, ...]]]
    own: frozenset[tuple[str, str]]
    short: frozenset[str]
    maybe: frozenset[str]


@lru_cache(maxsize=1)
def _table() -> _Table:
    offices: dict[str, list[tuple[str, ...]]] = {}
    own: set[tuple[str, str]] = set()
    others: dict[str, set[str]] = {"short": set(), "maybe": set()}
    for kind, language, forms in rows(_FILE):
        if kind in ("own", "kin"):
            own.update((language, form) for form in forms.split("|"))
        elif kind != "office":
            others[kind].update(forms.split("|"))
        else:
            for words in map(str.split, forms.split("|")):
                offices.setdefault(words[0], []).append(tuple(words))
    for known in offices.values():
        known.sort(key=len, reverse=True)
    return _Table(offices, frozenset(own), frozenset(others["short"]), frozenset(others["maybe"]))


@cache
def offices(lang: str) -> frozenset[str]:
    """What a language calls offices and people in one word of three letters and more, in lower case."""
    own = [forms.split("|") for kind, language, forms in rows(_FILE) if language == lang and kind in ("office", "own")]
    return frozenset(form for forms in own for form in forms if " " not in form and len(form) > 2)


def _plain(word: str) -> str:
    """A word of a title as the table has it: "Lt." as "lt", "Dato’" as "dato"."""
    return word.lower().strip(_LOOSE).replace("’", "'").removesuffix("-elect")


def leading(words: Sequence[str], lang: str = "en") -> int:
    """How many words of a name, from its first, are offices, ranks and forms of address."""
    count = 0
    while count < len(words) and (count or _may_open(words[0], lang)):
        at = count
        while at + 1 < len(words) and _qualifies(words[at]):
            at += 1
        size = next((place - count + found for place in (at, count) if (found := _office(words, place, lang))), 0)
        if not size and count and not words[count].strip(_LOOSE):
            size = 1  # the apostrophe of "Dato'", a hyphen, where each is a word of its own
        if not size:
            break
        count += size
    return count


@lru_cache(maxsize=2**14)
def _may_open(word: str, lang: str) -> bool:
    """Whether a name that begins with this word may begin with an office: most do not, and are not looked at again."""
    first = _plain(word)
    bare = first.removeprefix("ex-").removeprefix("then-").removeprefix("vice-")
    table = _table()
    known = first in table.offices or bare in table.offices or (lang, first) in table.own
    return known or word.rstrip(".") in table.short or _qualifies(word) or _COMPOUND.fullmatch(first) is not None


def _qualifies(word: str) -> bool:
    return _QUALIFIER.fullmatch(word.lower().replace(".", "").strip(_LOOSE)) is not None


def _office(words: Sequence[str], at: int, lang: str) -> int:
    """How many words from `at` on are one office, 0 for none."""
    table, word = _table(), words[at]
    first = _plain(word)
    forms = table.offices.get(first, ()) if word[:1].isalpha() else ()
    for form in forms:
        if len(form) > 1 and tuple(map(_plain, words[at : at + len(form)])) == form:
            return len(form)
    if is_short(words, at):
        return 1
    if not word[:1].isalpha() or (word.isupper() and word in table.short):
        return 0
    if (first,) in forms:
        after = words[at + 1] if at + 1 < len(words) else ""
        return int(len(word) != 2 or not word.isupper() or after.isupper())  # "MS Dhoni", but "DR PATEL"
    if (lang, first) in table.own:
        return int(len(first) > 1 or word.endswith("."))  # "M. Macron", but "M Pokora"
    bare = first.removeprefix("ex-").removeprefix("then-").removeprefix("vice-")
    return int((bare != first and (bare,) in table.offices.get(bare, ())) or _COMPOUND.fullmatch(first) is not None)


def is_short(words: Sequence[str], at: int) -> bool:
    """Whether an office in short stands at `at`: "DA Krasner". In a name all in capitals it may be a particle."""
    if words[at].rstrip(".") not in _table().short:
        return False
    after = words[at + 1] if at + 1 < len(words) else ""
    return not words[at].isupper() or (after[:1].isupper() and (not after.isupper() or len(after.replace(".", "")) < 4))


def possibly(word: str) -> bool:
    """Whether a first word may be an office as well as a name: "Don", "Dean"."""
    return _plain(word) in _table().maybe


def of_a_people(words: Sequence[str]) -> int:
    """How many words from the first name a people before two words of a name: "Briton Callum Ilott"."""
    for size in (2, 1):
        if len(words) > size + 1 and " ".join(words[:size]) in names_of_peoples() and words[0] not in _GIVEN:
            return size
    return 0
