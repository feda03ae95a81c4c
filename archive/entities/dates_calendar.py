"""Calendar arithmetic behind the dates in a text: TIMEX3 values to intervals, shifts by a unit, holidays.

A TIMEX3 value is the short form annotators of news text use: "2025-01-31", "2025-01", "2025", "2025-W05", "2025-Q1",
"2025-H1", "2025-FA", "202" (a decade), "20" (a century), "2025-W05-WE" (a weekend), each possibly followed by a time
("T14:30", "TMO"). Values that name no calendar days ("P3M", "PRESENT_REF", "XXXX-WXX-1") have no interval.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache

from archive.model import Interval

_DAY = timedelta(days=1)
SEASON_MONTH = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}
"""First month of each season, as meteorologists of the northern hemisphere count; "2024-WI" is December to February."""


def month_end(year: int, month: int) -> date:
    """Last day of a month; 31 December 9999 where the calendar ends."""
    if (year, month) == (date.max.year, 12):
        return date.max
    return date(year + month // 12, month % 12 + 1, 1) - _DAY


def shift_months(day: date, count: int) -> date:
    """The same day `count` months on (or the last day of that month). OverflowError outside the years 1 to 9999."""
    months = day.year * 12 + day.month - 1 + count
    year, month = divmod(months, 12)
    if not date.min.year <= year <= date.max.year:
        raise OverflowError("outside the calendar")
    return date(year, month + 1, min(day.day, month_end(year, month + 1).day))


def nearest(month: int, day: int, published: date) -> date:
    """The nearest such day, as far as half a year from publication. ValueError where its year has none."""
    months = (month - published.month) + (day - published.day) / 31
    return date(published.year - (months > 6) + (months < -6), month, day)


def week_value(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year:04d}-W{week:02d}"


def quarter_of(day: date) -> int:
    return (day.month + 2) // 3


def shift(day: date, unit: str, count: int) -> str:
    """Value of the calendar unit that lies `count` units from `day`: shift(2025-01-31, "week", -1) is "2025-W04"."""
    if unit == "day":
        return (day + count * _DAY).isoformat()
    if unit == "week":
        return week_value(day + 7 * count * _DAY)
    if unit == "weekend":
        return week_value(day + 7 * count * _DAY) + "-WE"
    if unit == "month":
        moved = shift_months(day, count)
        return f"{moved.year:04d}-{moved.month:02d}"
    if unit == "quarter":
        moved = shift_months(day, 3 * count)
        return f"{moved.year:04d}-Q{quarter_of(moved)}"
    years = {"year": 1, "decade": 10, "century": 100}[unit]
    year = shift_months(day, 12 * years * count).year
    return f"{year:04d}"[: {"year": 4, "decade": 3, "century": 2}[unit]]


def _whole_days(year: int, month: int, months: int, grain: str) -> Interval:
    first = date(year, month, 1)
    last = shift_months(first, months - 1)
    return Interval(first, month_end(last.year, last.month), grain)


def _week(value: str) -> Interval:
    first = date.fromisocalendar(int(value[:4]), int(value[6:8]), 1)
    if value.endswith("-WE"):
        return Interval(first + 5 * _DAY, first + 6 * _DAY, "day")
    return Interval(first, first + 6 * _DAY, "week")


def _day(value: str) -> Interval:
    day = date.fromisoformat(value)
    return Interval(day, day, "day")


_FORMS: tuple[tuple[re.Pattern[str], Callable[[str], Interval]], ...] = (
    (re.compile(r"\d{4}-\d\d-\d\d"), _day),
    (re.compile(r"\d{4}-W\d\d(?:-WE)?"), _week),
    (re.compile(r"\d{4}-Q[1-4]"), lambda v: _whole_days(int(v[:4]), 3 * int(v[6]) - 2, 3, "quarter")),
    (re.compile(r"\d{4}-H[12]"), lambda v: _whole_days(int(v[:4]), 6 * int(v[6]) - 5, 6, "quarter")),
    (re.compile(r"\d{4}-(?:SP|SU|FA|WI)"), lambda v: _whole_days(int(v[:4]), SEASON_MONTH[v[5:]], 3, "season")),
    (re.compile(r"\d{4}-\d\d"), lambda v: _whole_days(int(v[:4]), int(v[5:]), 1, "month")),
    (re.compile(r"\d{4}"), lambda v: _whole_days(int(v), 1, 12, "year")),
    (re.compile(r"\d{3}"), lambda v: _whole_days(int(v) * 10, 1, 120, "decade")),
    (re.compile(r"\d{2}"), lambda v: _whole_days(int(v) * 100, 1, 1200, "decade")),
)


@lru_cache(maxsize=4096)
def interval(value: str) -> Interval | None:
    """The days a value stands for, or None where it names none (durations, references, days no calendar has).

    "a/b" is the range from the first day of a to the last of b, as finely as a speaks.
    """
    first, slash, last = value.partition("/")
    if slash:
        start, end = interval(first), interval(last)
        return Interval(start.first, end.last, start.grain) if start and end and start.first <= end.last else None
    value = value.partition("T")[0]
    for form, read in _FORMS:
        if form.fullmatch(value):
            try:
                return read(value)
            except (ValueError, OverflowError):
                return None
    return None


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar, by the anonymous algorithm (Nature, 20 April 1876)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (b - (b + 8) // 25 + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month, day = divmod(h + weekday - 7 * m + 114, 31)
    return date(year, month, day + 1)


def _nth(year: int, month: int, weekday: int, number: int) -> date:
    """The `number`th weekday (Monday is 0) of a month; -1 is the last."""
    if number < 0:
        last = month_end(year, month)
        return last - ((last.weekday() - weekday) % 7) * _DAY
    first = date(year, month, 1)
    return first + ((weekday - first.weekday()) % 7 + 7 * (number - 1)) * _DAY


_FIXED = {
    "christmas": (12, 25),
    "christmas day": (12, 25),
    "christmas eve": (12, 24),
    "boxing day": (12, 26),
    "new year's day": (1, 1),
    "new year's eve": (12, 31),
    "valentine's day": (2, 14),
    "st. patrick's day": (3, 17),
    "april fools' day": (4, 1),
    "earth day": (4, 22),
    "may day": (5, 1),
    "cinco de mayo": (5, 5),
    "juneteenth": (6, 19),
    "independence day": (7, 4),
    "fourth of july": (7, 4),
    "july fourth": (7, 4),
    "halloween": (10, 31),
    "veterans day": (11, 11),
    "armistice day": (11, 11),
    "bastille day": (7, 14),
}
_MOVING: dict[str, Callable[[int], date]] = {
    "martin luther king jr. day": lambda year: _nth(year, 1, 0, 3),
    "presidents day": lambda year: _nth(year, 2, 0, 3),
    "mother's day": lambda year: _nth(year, 5, 6, 2),
    "memorial day": lambda year: _nth(year, 5, 0, -1),
    "father's day": lambda year: _nth(year, 6, 6, 3),
    "labor day": lambda year: _nth(year, 9, 0, 1),
    "columbus day": lambda year: _nth(year, 10, 0, 2),
    "election day": lambda year: _nth(year, 11, 0, 1) + _DAY,
    "thanksgiving": lambda year: _nth(year, 11, 3, 4),
    "thanksgiving day": lambda year: _nth(year, 11, 3, 4),
    "black friday": lambda year: _nth(year, 11, 3, 4) + _DAY,
    "easter": easter,
    "easter sunday": easter,
    "easter monday": lambda year: easter(year) + _DAY,
    "good friday": lambda year: easter(year) - 2 * _DAY,
    "palm sunday": lambda year: easter(year) - 7 * _DAY,
    "ash wednesday": lambda year: easter(year) - 46 * _DAY,
}
HOLIDAYS = (*_FIXED, *_MOVING)
"""Names of the holidays known, lower case: those of the United States, and the Christian ones of many countries."""


def holiday(name: str, year: int) -> date:
    """The day of a holiday (a name in HOLIDAYS) in a year."""
    moving = _MOVING.get(name)
    return moving(year) if moving else date(year, *_FIXED[name])
