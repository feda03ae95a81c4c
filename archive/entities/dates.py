"""Date expressions in a text: where they stand, and which days they mean, counted from the publication date.

English is ours: one alternation over the patterns of dates_grammar, one resolver per type (dates_absolute,
dates_relative), linear time. Other languages are read by dates_foreign, with less. Limits: seasons are the northern
ones; fiscal years count as calendar years; holidays are those of the United States and of the Christian calendar.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from archive.entities.dates_absolute import ABSOLUTE
from archive.entities.dates_calendar import interval, shift
from archive.entities.dates_clock import Clock, count_of
from archive.entities.dates_grammar import COUNT, PATTERNS, TIME, S
from archive.entities.dates_relative import RELATIVE
from archive.entities.dates_starts import starts
from archive.model import Interval


@dataclass(frozen=True, slots=True)
class Found:
    """A date expression at characters [start, end). `value` is its TIMEX3 value; `when` the days it names, if any."""

    start: int
    end: int
    value: str
    when: Interval | None


_RESOLVERS = ABSOLUTE | RELATIVE


@cache
def _any() -> re.Pattern[str]:
    """Whichever expression begins here: its group has the name of its type."""
    types = (f"(?P<{name}>{re.sub(r'[(][?]P<[a-z0-9]+>', '(?:', pattern)})" for name, pattern in PATTERNS.items())
    return re.compile(r"(?<![\w$£€])(?:" + "|".join(types) + r")(?!\w)", re.IGNORECASE)


@cache  # most types come up late, or never: all at once would be a tenth of a second of each start
def _rule(name: str) -> re.Pattern[str]:
    """An expression of one type, with its parts."""
    return re.compile(PATTERNS[name], re.IGNORECASE)


def find(text: str, published: date | None, lang: str = "en") -> list[Found]:
    """Every date expression of a text, in order, not overlapping. `lang` "" is taken as English.

    Without a publication date, only expressions that need none are found. Durations and vague references ("three
    months", "recently") are there too, with `when` None.
    """
    if lang not in ("en", ""):
        from archive.entities import dates_foreign

        return [Found(*hit, interval(hit[2])) for hit in dates_foreign.find(text, published, lang)]
    return _find_english(text, published)


def _find_english(text: str, published: date | None) -> list[Found]:
    clock, any_type = Clock(text, published), _any()
    found: list[Found] = []
    position = 0
    for start in starts(text):
        if start < position or (match := any_type.match(text, start)) is None:
            continue
        name = match.lastgroup
        assert name is not None
        detail = _rule(name).match(text, start)
        assert detail is not None
        value = _resolve(name, detail, clock)
        if not value:
            position = _next_word(text, start) if value is None else detail.end()
            continue
        first, value = _with_time(text, _LEADING.match(text, start).end(), value)  # type: ignore[union-attr]
        first, value = _with_offset(text, first, value)
        while found and found[-1].end > first:
            found.pop()
        found.append(_note(Found(first, detail.end(), value, interval(value)), clock, name))
        position = detail.end()
    return found


_LEADING = re.compile(
    r"(?:(?:in|of|since|until|till|by|before|after|during|from|to|through|between|over|for|within|at|around|and|circa)[\s\xa0]{1,3})?"
    r"(?:the[\s\xa0]{1,3}(?=(?:1[5-9]|20)\d\d(?!\d|['’]?s)))?",
    re.IGNORECASE,
)
_TIME_BEFORE = re.compile(rf"\b(?:{TIME}),?{S}(?:on{S}|of{S})?$", re.IGNORECASE)


def _with_time(text: str, start: int, value: str) -> tuple[int, str]:
    """Take in the time of day that stands before a day: "10 p.m. Wednesday"."""
    if len(value) != 10 or (match := _TIME_BEFORE.search(text, max(0, start - 24), start)) is None:
        return start, value
    if match["word"]:
        return match.start(), value + ("T12:00" if match["word"].lower() == "noon" else "T24:00")
    hour = int(match["h"]) % 12 + 12 * (match["half"].lower() == "p")
    return match.start(), f"{value}T{hour:02d}:{match['min'] or '00'}"


_OFFSET_BEFORE = re.compile(
    rf"\b(?:the|(?P<n>{COUNT})){S}(?P<unit>day|week|month|year)s?{S}(?P<way>before|after){S}(?:the{S})?$", re.IGNORECASE
)


def _with_offset(text: str, start: int, value: str) -> tuple[int, str]:
    """Count from a day what stands before it: "the day before Thanksgiving", "two weeks after Jan. 3"."""
    if len(value) != 10 or (match := _OFFSET_BEFORE.search(text, max(0, start - 40), start)) is None:
        return start, value
    count = count_of(match["n"].lower()) if match["n"] else 1
    if count is None:
        return start, value
    step = count if match["way"].lower() == "after" else -count
    try:
        return match.start(), shift(date.fromisoformat(value), match["unit"].lower(), step)
    except OverflowError:  # before the year 1, after 9999
        return start, value


def _next_word(text: str, position: int) -> int:
    """Where to look on after an expression that turned out to be none: its second word may begin another."""
    space = text.find(" ", position, position + 40)
    return space + 1 if space >= 0 else position + 1


def _resolve(name: str, match: re.Match[str], clock: Clock) -> str | None:
    """The value; None where the words are no date; "" where they are one that no calendar has, or that stays open."""
    try:
        return _RESOLVERS[name](match, clock)
    except (ValueError, OverflowError, LookupError):  # 31 February, the year 10000, no publication date
        return ""


_LOOKING_BACK = frozenset({"ago", "year_ago_quarter", "year_quarter_word"})
"""Types that compare the quarter a text is about with an earlier one."""


def _note(found: Found, clock: Clock, name: str) -> Found:
    """Remember what the text speaks of now, for what counts from it."""
    if "-Q" in found.value and name not in _LOOKING_BACK:
        clock.quarter, clock.quarter_at = found.value, found.start
    if found.when is not None and found.when.grain == "day":
        clock.anchor = found.when.last
    elif found.when is not None and found.when.grain in ("month", "year"):
        clock.anchor = found.when.first
    return found
