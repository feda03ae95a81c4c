"""What was meant by a date that is none, as the language has dates; for messages. Pure.

Other engines count back from today (now-7d), other languages have other names for months and days, and tables have
weeks, decades and days without hyphens.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from archive import find_dates
from index.errors import DateError
from index.patterns import later
from index.query import dates
from index.query.when import named, short

_DAY, _OTHER_DAY = date(2000, 2, 29), date(2010, 7, 1)  # what both see alike does not depend on today
_UNITS = {"d": "days", "w": "weeks", "m": "months", "y": "years"}
_NUMBERS = {
    name: str(number) for number, name in enumerate("one two three four five six seven eight nine ten".split(), 1)
}
_COUNTED = "|".join(_NUMBERS)
_LANGUAGES = "en de fr es it pt nl sv da nb fi pl cs ru uk tr el ro hu id ja zh ko ar".split()
_ANY = ("any", "all", "anytime", "ever", "exists", "notnull")
_NONE = ("none", "null", "nil", "unknown", "missing", "empty", "nodate", "undated")
_LONGEST = 60  # characters of a date


def meant(text: str) -> str:
    """A date, a stretch or a range as the language writes it; "" where nobody knows."""
    text = " ".join(text.lower().split())
    if len(text) > _LONGEST:
        return ""
    compared, _, rest = text.rpartition("=") if text[:2] in (">=", "<=") else (text[:1], "", text[1:])
    if compared[:1] in ("<", ">"):
        side = _stretch(rest.strip())
        return f"{text[: len(text) - len(rest)].strip()}{side}" if side and ".." not in side else ""
    if ".." in text:
        sides = [part.strip(" .") for part in text.split("..", 1)]
        read = [_stretch(part) if part else "" for part in sides]
        known = all(one or not part for one, part in zip(read, sides, strict=True))
        return "..".join(read) if known and any(read) and not any(".." in one for one in read) else ""
    return _stretch(text)


def of_values(text: str, field: str) -> str:
    """A query for articles without any date, or with any, where `text` says so; else ""."""
    text = text.lower().strip()
    return f"-{field}:*" if text in _NONE else f"{field}:*" if text in _ANY else ""


def _stretch(text: str) -> str:
    return next(filter(_is_read, _candidates(text)), "")


def _candidates(text: str) -> Iterator[str]:
    yield text
    for pattern, written in _FORMS:
        if found := pattern.fullmatch(text):
            yield written(found)
    yield named(text)
    if not any(map(str.isalpha, text)):  # which of two numbers is the month, nobody knows
        return
    for language in _LANGUAGES:
        if said := _named(text, language):
            yield said


def _is_read(text: str) -> bool:
    try:
        dates.read(text, _DAY)
    except DateError:
        return False
    return True


def _named(text: str, language: str) -> str:
    """A date in words of a language; "" where it has none, or which one depends on the year that it is."""
    if any(map(str.isdigit, text)):
        found, other = (_whole(text, today, language) for today in (_DAY, _OTHER_DAY))
        return short(*found) if found and found == other else ""
    found = _whole(text, _OTHER_DAY, language)
    if found and found[0] == found[1]:
        return {-1: "yesterday", 0: "today", 1: "tomorrow"}.get((found[0] - _OTHER_DAY).days, "")
    return ""


def _whole(text: str, today: date, language: str) -> tuple[date, date] | None:
    found = next(iter(find_dates(text, today, language)), None)
    if found is None or found.when is None or (found.start, found.end) != (0, len(text)):
        return None
    return found.when.first, found.when.last


def _week(found: re.Match[str]) -> str:
    year, week = sorted(map(int, found.group(1, 2)), reverse=True)
    try:
        monday = date.fromisocalendar(year, week, 1)
    except ValueError:
        return ""
    return f"{monday}..{monday + timedelta(days=6)}"


def _back(found: re.Match[str]) -> str:
    return f"last {found[1]} {_UNITS[found[2]]}"


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (later(r"(\d{4})(\d\d)(\d\d)?"), lambda found: "-".join(filter(None, found.groups()))),
    (later(r"(\d{4})[._](\d{1,2})(?:[._](\d{1,2}))?\.?"), lambda found: "-".join(filter(None, found.groups()))),
    (later(r"(\d{4}(?:-\d\d)?)(?:-?0?\*|-xx)+"), lambda found: found[1]),
    (later(r"(\d{3})0s"), lambda found: f"{found[1]}0..{found[1]}9"),
    (
        later(r"q([1-4])[ /-]?(\d{4})|([1-4])q ?(\d{4})"),
        lambda found: f"{found[2] or found[4]}-Q{found[1] or found[3]}",
    ),
    (later(r"(\d{4})[ /]q([1-4])"), lambda found: f"{found[1]}-Q{found[2]}"),
    (later(r"(\d{4})-?w(\d{1,2})"), _week),
    (later(r"(?:week|kw|cw) ?(\d{1,2})[ /-](\d{4})"), _week),
    (later(r"(?:now ?-|-|last |past )? ?(\d{1,4}) ?([dwmy])(?:/[dwmy])?"), _back),
    (later(r"now"), lambda _: "today"),
    (later(r"past (day|week|month|quarter|year)"), lambda found: f"last 1 {found[1]}"),
    (later(r"(this|last|next|previous)[_-]?(week|month|quarter|year)"), lambda found: f"{found[1]} {found[2]}"),
    (
        later(rf"(last|past) ({_COUNTED}) ((?:day|week|month|quarter|year)s?)|({_COUNTED}) (\w+ ago)"),
        lambda found: f"last {_NUMBERS[found[2]]} {found[3]}" if found[1] else f"{_NUMBERS[found[4]]} {found[5]}",
    ),
)
