"""Dates as a query writes them, read as stretches of calendar days. Pure: the day it is asked on is passed in.

    one stretch   2025 · 2025-01 · 2025-01-31 · 2025-Q1 · Jan 2025 · 31 January 2025 · January 31, 2025
    relative      today · yesterday · tomorrow · this, last or next week, month, quarter or year ·
                  last 7 days (or weeks, months, years; they end today) · 3 weeks ago (that day, week, month, year)
    ranges        A..B · ..B · A.. · >=A · >A · <A · <=A

Weeks begin on Monday. "last week" is the calendar week before this one; "last 7 days" ends with today.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta
from unicodedata import normalize

from archive import frozen
from index.errors import DateError
from index.plan import FIRST_DAY, LAST_DAY

EXPECTED = (
    "a day (2025-01-31), a month (2025-01), a year (2025), a range (2025-01..2025-03, >=2025-01-15) or “last week”"
)

_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
_SIGNS = {ord("≥"): ">=", ord("≤"): "<="}
_NAMED_DAYS = {"today": 0, "yesterday": -1, "tomorrow": 1}
_WHICH = {"this": 0, "last": -1, "previous": -1, "next": 1}


@frozen
class Stretch:
    """Calendar days from `first` to `last`, both included."""

    first: date
    last: date


def read(text: str, today: date) -> tuple[int, int]:
    """The first and last day, as `date.toordinal()`, that `text` speaks of. DateError says what is wrong with it.

    "before the first day of the calendar" and "after the last one" lie one day outside it, where nothing is.
    """
    text = " ".join(normalize("NFKC", text).translate(_SIGNS).lower().split())
    if compared := re.fullmatch(r"(>=|<=|>|<)\s*(.*)", text):
        return _compared(compared[1], _stretch(compared[2], today))
    if ".." not in text:
        whole = _stretch(text, today)
        return whole.first.toordinal(), whole.last.toordinal()
    begin, _, end = (part.strip(" .") for part in text.partition(".."))
    if not begin and not end:
        raise DateError("a range needs a date on one side at least")
    first = _side(begin, today, f"{{}}..{end}").first.toordinal() if begin else FIRST_DAY
    last = _side(end, today, f"{begin}..{{}}").last.toordinal() if end else LAST_DAY
    if last < first:
        raise DateError("the range ends before it begins", f"{end}..{begin}")
    return first, last


def _side(text: str, today: date, written: str) -> Stretch:
    """One side of a range; `written`: the range, with {} for that side."""
    try:
        return _stretch(text, today)
    except DateError as error:
        meant = error.suggestion if ".." not in error.suggestion else ""
        raise DateError(str(error), written.format(meant) if meant else "") from None


def _compared(operator: str, edge: Stretch) -> tuple[int, int]:
    first, last = edge.first.toordinal(), edge.last.toordinal()
    match operator:
        case ">=":
            return first, LAST_DAY
        case ">":
            return last + 1, max(last + 1, LAST_DAY)
        case "<":
            return min(first - 1, FIRST_DAY), first - 1
        case _:
            return FIRST_DAY, last


def _stretch(text: str, today: date) -> Stretch:
    for pattern, reader in _FORMS:
        if match := pattern.fullmatch(text):
            try:
                return reader(match, today)
            except (OverflowError, calendar.IllegalMonthError):
                raise DateError("that is outside the calendar (years 1 to 9999)") from None
    if len(readings := _readings(text)) > 1:
        raise DateError(f"“{text}” may be {' or '.join(readings)}")
    raise DateError(f"“{text[:40]}” is not a date", _other_order(text) or _as_range(text))


def _year(match: re.Match[str], _today: date) -> Stretch:
    year = int(match["year"])
    if year == 0:
        raise DateError("there is no year 0")
    return Stretch(date(year, 1, 1), date(year, 12, 31))


def _month(match: re.Match[str], _today: date) -> Stretch:
    return _whole_month(int(match["year"]), _month_number(match["month"]))


def _day(match: re.Match[str], _today: date) -> Stretch:
    year, month, day = int(match["year"]), _month_number(match["month"]), int(match["day"])
    whole = _whole_month(year, month)
    if not 1 <= day <= whole.last.day:
        raise DateError(f"{calendar.month_name[month]} {year} has days 1 to {whole.last.day}")
    return Stretch(date(year, month, day), date(year, month, day))


def _quarter(match: re.Match[str], _today: date) -> Stretch:
    return _whole_quarter(int(match["year"]), int(match["quarter"]))


def _named_day(match: re.Match[str], today: date) -> Stretch:
    day = today + timedelta(days=_NAMED_DAYS[match[0]])
    return Stretch(day, day)


def _named_stretch(match: re.Match[str], today: date) -> Stretch:
    return _unit(match["unit"], _WHICH[match["which"]], today)


def _up_to_today(match: re.Match[str], today: date) -> Stretch:
    count = int(match["count"])
    if count == 0:
        raise DateError("that is no time at all")
    return Stretch(_back(today, count, match["unit"]) + timedelta(days=1), today)


def _ago(match: re.Match[str], today: date) -> Stretch:
    unit = match["unit"]
    if unit == "day":
        return _unit("day", 0, _back(today, int(match["count"]), unit))
    return _unit(unit, -int(match["count"]), today)


def _month_number(text: str) -> int:
    month = _MONTHS.get(text.rstrip(".")) or (int(text) if text.isdigit() else 0)
    if not 1 <= month <= 12:
        raise DateError(f"there is no month {text}")
    return month


def _whole_month(year: int, month: int) -> Stretch:
    if year == 0:
        raise DateError("there is no year 0")
    return Stretch(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))


def _whole_quarter(year: int, quarter: int) -> Stretch:
    return Stretch(
        _whole_month(year, 3 * quarter - 2).first,
        _whole_month(year, 3 * quarter).last,
    )


def _unit(unit: str, offset: int, today: date) -> Stretch:
    """The calendar day, week, month, quarter or year that is `offset` of them after today's."""
    match unit:
        case "day":
            day = today + timedelta(days=offset)
            return Stretch(day, day)
        case "week":
            monday = today - timedelta(days=today.weekday()) + timedelta(weeks=offset)
            return Stretch(monday, monday + timedelta(days=6))
        case "month":
            year, month = divmod(today.year * 12 + today.month - 1 + offset, 12)
            return _whole_month(_in_calendar(year), month + 1)
        case "quarter":
            year, quarter = divmod(today.year * 4 + (today.month - 1) // 3 + offset, 4)
            return _whole_quarter(_in_calendar(year), quarter + 1)
        case _:
            year = _in_calendar(today.year + offset)
            return Stretch(date(year, 1, 1), date(year, 12, 31))


def _back(today: date, count: int, unit: str) -> date:
    """The day `count` units before today; the 31st becomes the last day of a shorter month."""
    if unit in ("day", "week"):
        return today - timedelta(days=count * (7 if unit == "week" else 1))
    months = count * {"month": 1, "quarter": 3}.get(unit, 12)
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    last = _whole_month(_in_calendar(year), month + 1).last
    return last.replace(day=min(today.day, last.day))


def _in_calendar(year: int) -> int:
    if not 1 <= year <= 9999:
        raise OverflowError
    return year


def _other_order(text: str) -> str:
    """31.01.2025 and 01/31/2025 in our order, when only one reading is a date; the day of 2025-01-31T12:00Z."""
    if timed := re.fullmatch(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[t ][0-9:.]+(?:z|[+-][0-9:]+)?", text):
        return timed[1]
    readings = _readings(text)
    return readings[0] if len(readings) == 1 else ""


def _readings(text: str) -> list[str]:
    """The dates that 31.01.2025 can be, the day before the month first."""
    match = re.fullmatch(r"([0-9]{1,2})[./-]([0-9]{1,2})[./-]([0-9]{4})", text)
    if match is None:
        return []
    one, two, year = map(int, match.groups())
    orders = ((one, two), (two, one))
    found = (f"{year:04}-{month:02}-{day:02}" for day, month in orders if 1 <= month <= 12 and 1 <= day <= 31)
    return list(dict.fromkeys(found))


def _as_range(text: str) -> str:
    """Two dates with other signs or words between them than ours, as a range."""
    bare = re.sub(r"^(?:from|between|von|zwischen) ", "", text)
    joint = r" (?:to|until|till|through|bis|[-–—]) |[-–—/]|, ?" + ("| (?:and|und) " if bare != text else "")
    for found in re.finditer(joint, bare):
        ends = bare[: found.start()], bare[found.end() :]
        if all(any(pattern.fullmatch(end) for pattern, _ in _FORMS) for end in ends):
            return "..".join(ends)
    return ""


_NAME = "|".join(sorted(_MONTHS, key=len, reverse=True))
_UNITS = "(?P<unit>day|week|month|quarter|year)"
_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], Stretch]], ...] = tuple(
    (re.compile(pattern, re.ASCII), reader)
    for pattern, reader in (
        (r"(?P<year>[0-9]{4})", _year),
        (r"(?P<year>[0-9]{4})[-/](?P<month>[0-9]{1,2})", _month),
        (r"(?P<year>[0-9]{4})[-/](?P<month>[0-9]{1,2})[-/](?P<day>[0-9]{1,2})", _day),
        (r"(?P<year>[0-9]{4})-?q(?P<quarter>[1-4])", _quarter),
        (rf"(?P<month>(?:{_NAME})\.?),? (?P<year>[0-9]{{4}})", _month),
        (rf"(?P<year>[0-9]{{4}})[ -](?P<month>(?:{_NAME})\.?)", _month),
        (rf"(?P<month>(?:{_NAME})\.?) (?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?,? (?P<year>[0-9]{{4}})", _day),
        (rf"(?P<day>[0-9]{{1,2}})(?:\.|st|nd|rd|th)? (?:of )?(?P<month>(?:{_NAME})\.?),? (?P<year>[0-9]{{4}})", _day),
        ("|".join(_NAMED_DAYS), _named_day),
        (rf"(?P<which>this|last|previous|next) {_UNITS}", _named_stretch),
        (rf"(?:last|past) (?P<count>[0-9]{{1,4}}) {_UNITS}s?", _up_to_today),
        (rf"(?P<count>[0-9]{{1,4}}) {_UNITS}s? ago", _ago),
    )
)
