"""Signs that other engines give a meaning and this language does not, told with what to write instead. Pure.

To read them as words would be to answer another question in silence. What stands in quotes, and addresses, may hold
any of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from index.errors import DateError
from index.fields import Field, Shape, by_name
from index.patterns import later

_RANGE = later(r"([\[{])\s*(.+?)\s+TO\s+(.+?)\s*([\]}])", re.DOTALL)
_ANY_DAY = date(2000, 2, 29)
_WORDS = (Shape.TEXT, Shape.NAME)
_QUOTES = "quotes around it, where the sign is part of what you look for"


class Told(NamedTuple):
    """What is said of a part of a query; `instead`: what to write in its place, "" where that is not plain."""

    message: str
    expected: str
    instead: str = ""


def as_range(text: str) -> str:
    """ "[A TO B]" of dates as the language writes it, A..B; anything else as it is."""
    found = _RANGE.fullmatch(text)
    if not found or found[1] + found[4] != "[]":
        return text
    begin, end = (side.strip('"') for side in found.group(2, 3))
    return f"{'' if begin == '*' else begin}..{'' if end == '*' else end}"


def told(text: str, field: Field, behind: str) -> Told | None:
    """What is wrong with an unquoted `text` asked of `field`, or None; `behind` is the character before it."""
    if found := _RANGE.fullmatch(text):
        return _of_range(text, found, field)
    if field.shape in (Shape.KEYWORD, Shape.URL):
        within = "*" in text.rstrip("*")
        return (
            Told("a * counts only at the end", f"the beginning and a *, or {_QUOTES}", f'"{text}"') if within else None
        )
    if field.shape not in _WORDS:
        return None
    if found := _EXPRESSION.fullmatch(text):
        instead = found[1] if found[1].isalnum() else ""
        return Told("regular expressions are not read", f"words, beginnings of words (immigra*), or {_QUOTES}", instead)
    if _ADDRESS.search(text):
        return None
    if behind in ('"', "”", "»", ")") and (sign := _OF_GROUP.fullmatch(text)):
        return _of_group(sign[0])
    return next((say(found) for pattern, say in _SIGNS if (found := pattern.fullmatch(text))), None)


def _of_range(text: str, found: re.Match[str], field: Field) -> Told | None:
    if field.shape is Shape.DATE:
        if as_range(text) != text:
            return None
        signs = (">" if found[1] == "{" else ">=", "<" if found[4] == "}" else "<=")
        edges = [sign + edge for sign, edge in zip(signs, found.group(2, 3), strict=True) if edge != "*"]
        return Told(
            "both ends of a range belong to it",
            "A..B with both ends, or > and < without",
            f" {field.name}:".join(edges),
        )
    from index.query import dates

    between = as_range(text)
    try:
        dates.read(between, _ANY_DAY)
    except DateError:
        between = ""
    bare = field.name == "text" and between
    return Told("only dates have ranges", f"date:2025-01..2025-03, or {_QUOTES}", f"date:{between}" if bare else "")


def _of_group(sign: str) -> Told:
    if sign.startswith("^"):
        return _weighted("")
    return Told("a ~ behind quotes has a whole number", '"two words"~5: at most five others between them')


def _weighted(word: str) -> Told:
    return Told("no word weighs more than another by a ^", f"the words alone, or {_QUOTES}", word)


def _assigned(name: str, value: str) -> Told | None:
    field = by_name().get(name.lower())
    if not field:
        return None
    return Told(
        "a field and what is asked of it have a colon between them", f"{field.name}:…, or {_QUOTES}", f"{name}:{value}"
    )


def _of_letters(before: str, after: str) -> Told | None:
    """Of a "?" between letters; where a sentence begins behind it ("Why?Because") it is punctuation."""
    if not (after.islower() or after.isdigit() or (before[-1:].isupper() and after.isupper())):
        return None
    instead = f"{before}*" if before else ""
    return Told("a ? stands for no letter", f"its beginning with a *, word~ for words like it, or {_QUOTES}", instead)


# An address without its beginning, too: a ? in it begins its parameters.
_ADDRESS = later(r"https?://|/.*\?|\?.*[=/]|^[\w-]+(?:\.[\w-]+)+/")
_EXPRESSION = later(r"/(.+)/")
_OF_GROUP = later(r"~\d*\.?\d+|\^\d*\.?\d+")
_LETTER = r"[^\W\d_]"
_SIGNS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Told | None]], ...] = (
    (later(rf"(.*{_LETTER}.*|)\^\d*\.?\d+"), lambda found: _weighted(found[1])),
    (
        later(rf"(.*{_LETTER})~\d*\.\d+"),
        lambda found: Told(
            "how alike words are is told in letters",
            "~, ~1 or ~2 behind the word: so many letters may differ",
            f"{found[1]}~",
        ),
    ),
    (
        later(rf"\*+([^*]*{_LETTER}.*?)\**"),
        lambda found: Told(
            "a * counts only at the end of a word", f"the word, its beginning with a *, or {_QUOTES}", found[1]
        ),
    ),
    (
        later(rf"((?:.*\w)?{_LETTER})\*+{_LETTER}.*|(.*\w)\*+{_LETTER}.*"),
        lambda found: Told(
            "a * counts only at the end of a word",
            f"its beginning with a *, word~ for words like it, or {_QUOTES}",
            f"{found[1] or found[2]}*",
        ),
    ),
    (later(r"((?:.*[^\W_])?)\?+([^\W_]).*"), lambda found: _of_letters(found[1], found[2])),
    (later(r"(\w+)==?(.*)"), lambda found: _assigned(found[1], found[2])),
    (
        later(r"_exists_:(\w+)"),
        lambda found: Told("that a field has any value is asked by a *", "person:*", f"{found[1]}:*"),
    ),
    (
        later(r"(?:near|onear|w|n|pre|adj|within|around)/\d+", re.IGNORECASE),
        lambda found: Told(
            "words near each other stand in quotes",
            f'"two words"~{found[0].rpartition("/")[2]}: at most so many others between them',
        ),
    ),
)
