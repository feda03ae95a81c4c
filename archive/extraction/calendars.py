"""Calendars other than the Gregorian, as far as dates in texts are written in them (pure)."""

from __future__ import annotations

from datetime import date, timedelta

BUDDHIST = 543  # years that Thailand is ahead
# Years that are meant in Iran's calendar where nothing says which: 1921 to 2121.
YEARS_OF_IRAN = range(1300, 1500)
MONTHS_OF_IRAN = "فروردین,اردیبهشت,خرداد,تیر,مرداد|امرداد,شهریور,مهر,آبان,آذر,دی,بهمن,اسفند"
_LEAP_OF_IRAN = frozenset({1, 5, 9, 13, 17, 22, 26, 30})  # years of its cycle of 33 that have a day more
_DAY = timedelta(days=1)


def of_iran(year: int, month: int, day: int) -> date:
    """The day of Iran's calendar (Solar Hijri). ValueError where it has none, and outside its years 1210 to 1634.

    Within these a year begins on the day of the equinox by a cycle of 33 years, of which eight have a day more
    (K. M. Borkowski: The Persian Calendar for 3000 Years, Earth, Moon, and Planets 74, 1996).
    """
    if not 1210 <= year < 1635 or not 1 <= month <= 12:
        raise ValueError("outside the calendar")
    length = 31 if month <= 6 else 30 if month < 12 or year % 33 in _LEAP_OF_IRAN else 29
    if not 1 <= day <= length:
        raise ValueError("no such day")
    leap = sum(one % 33 in _LEAP_OF_IRAN for one in range(1210, year))
    before = 365 * (year - 1210) + leap + 31 * min(month - 1, 6) + 30 * max(month - 7, 0)
    return date(1831, 3, 21) + (before + day - 1) * _DAY
