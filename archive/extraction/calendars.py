"""Calendars other than the Gregorian, as far as dates in texts are written in them (pure)."""

from __future__ import annotations

from datetime import date, timedelta

BUDDHIST = 543  # years that Thailand is ahead
_YEARS_OF_THAILAND = range(2443, 2643)  # 1900 to 2099
# Years that are meant in Iran's calendar where nothing says which: 1921 to 2121.
YEARS_OF_IRAN = range(1300, 1500)
MONTHS_OF_IRAN = "فروردین,اردیبهشت,خرداد,تیر,مرداد|امرداد,شهریور,مهر,آبان,آذر,دی,بهمن,اسفند"
# The same months as Afghanistan calls them, in Dari and in Pashto.
MONTHS_OF_AFGHANISTAN = (
    "حمل|وری,ثور|غویی,جوزا|غبرګولی,سرطان|چنګاښ,اسد|زمری,سنبله|وږی,"
    "میزان|تله,عقرب|لړم,قوس|لیندۍ,جدی|مرغومی,دلو|سلواغه,حوت|کب"
)
MONTHS_OF_ETHIOPIA = "መስከረም,ጥቅምት,ኅዳር|ህዳር|ሕዳር,ታኅሣሥ|ታህሳስ|ታኅሳስ,ጥር,የካቲት,መጋቢት,ሚያዝያ|ሚያዚያ,ግንቦት,ሰኔ,ሐምሌ|ሀምሌ,ነሐሴ|ነሀሴ,ጳጉሜን|ጳጉሜ"
_FIRST_OF_ETHIOPIA = date(8, 8, 27)  # its year 1 began on that day of ours
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


def of_ethiopia(year: int, month: int, day: int) -> date:
    """The day of Ethiopia's calendar: twelve months of 30 days, and 5 at the end, 6 every fourth year. ValueError."""
    if year < 1 or not 1 <= month <= 13 or not 1 <= day <= (30 if month < 13 else 6 if year % 4 == 3 else 5):
        raise ValueError("outside the calendar")
    return _FIRST_OF_ETHIOPIA + (365 * (year - 1) + year // 4 + 30 * (month - 1) + day - 1) * _DAY


def of_any(year: int, month: int, day: int) -> date:
    """A day by its numbers, in Iran's calendar or Thailand's years where they can be no others. ValueError."""
    if year in YEARS_OF_IRAN:
        return of_iran(year, month, day)
    return date(year - BUDDHIST if year in _YEARS_OF_THAILAND else year, month, day)
