"""Dates as pages write them in markup, made aware; never in the future. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from archive.extraction.calendars import of_any
from archive.extraction.spelled import Habits, days_in
from archive.extraction.wordy import clock_in

_ISO = re.compile(
    r"(\d{4})-(\d\d?)-(\d\d?)(?:[T ]\s*(\d\d?):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d|[+-]\d\d)?)?",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"^(\d{4})(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)?)?(Z)?$")
_SLASHED = re.compile(r"^(\d{4})[/.](\d\d?)[/.](\d\d?)(?:[T ]+(\d\d?):(\d\d)(?::(\d\d))?)?")
# Seconds since 1970, or thousandths or millionths of them, as JavaScript and ASP.NET write them, too.
_EPOCH = re.compile(r"^(?:/?Date\()?([1-9]\d{8,9})(\d{3}){0,2}(?:\.\d+)?(?:[+-]\d{4})?(?:\)/?)?$")
_ZONE_NAME = re.compile(r"(?<=[+-]\d{4})\s*\([^()]{1,80}\)\Z")  # "GMT+0100 (Central European Standard Time)"
_HALF = re.compile(r"\d\s?[ap]\.?\s?m\b", re.IGNORECASE)  # of the day: ten is ten or twenty-two
_IN_URL = re.compile(r"[/_.=-](20\d\d|19\d\d)[/_-]?(0[1-9]|1[0-2]|[1-9])[/_-]?(0[1-9]|[12]\d|3[01]|[1-9])(?=[/_.-]|$)")
_MONTH_URL = re.compile(r"/(20\d\d)/(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*/(\d\d?)/", re.IGNORECASE)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_EARLIEST = date(1600, 1, 1)  # newspapers are no older
# What programs write that know no date: the beginnings of the counts of Unix, Excel, OLE and MySQL.
_NONE = frozenset(map(date.fromisoformat, "1970-01-01 1969-12-31 1899-12-30 1899-12-31 1900-01-01 1601-01-01".split()))
_SHORT = 60  # characters of a value that holds a date and little else
_UNKNOWN = Habits()


@dataclass(frozen=True, slots=True)
class Moment:
    """A date as a page gives it: `at` is None for a day alone; `zoned` says whether the page named an offset."""

    day: date
    at: datetime | None
    zoned: bool


def read_moment(value: str, now: datetime, how: Habits = _UNKNOWN) -> Moment | None:
    """The date in a string that should be one; None for what is none, lies after `now` (and a day's grace), or stands
    for no date. `how` decides which number of 11/05/2007 is the month.
    """
    text = _ZONE_NAME.sub("", value.strip().replace("\u2212", "-"))  # a minus as mathematics has it
    moment = _read(text) or _spelled(text, how) or _mail(text)
    if moment is None or not _EARLIEST <= moment.day <= (now + timedelta(days=1)).date() or moment.day in _NONE:
        return None
    if moment.at is not None and moment.zoned and moment.at > now + timedelta(minutes=10):
        return None
    return moment


def _spelled(text: str, how: Habits) -> Moment | None:
    """The one day in a short text as people write it, and the time of day beside it."""
    found = days_in(text, how) if len(text) <= _SHORT else []
    if len(found) != 1:
        return None
    day = found[0].day
    at, zoned = clock_in(f"{text[: found[0].start]} {text[found[0].end :]}", day) or (None, False)
    return Moment(at.date() if at else day, at, zoned)


def url_day(url: str) -> date | None:
    """The day that an address names in full, as in /2025/01/31/."""
    month = _MONTH_URL.search(url)
    if month:
        return _day(int(month[1]), _MONTHS.index(month[2].lower()) + 1, int(month[3]))
    match = _IN_URL.search(url)
    return _day(int(match[1]), int(match[2]), int(match[3])) if match else None


def _read(text: str) -> Moment | None:
    match = None if _HALF.search(text[:_SHORT]) else _ISO.search(text[:_SHORT])
    if match:
        return _moment(match.groups()[:6], match[7])
    compact = _COMPACT.match(text)
    if compact and (found := _moment(compact.groups()[:6], compact[7])):
        return found
    slashed = None if _HALF.search(text[:_SHORT]) else _SLASHED.match(text)
    if slashed:
        return _moment(slashed.groups(), None)
    epoch = _EPOCH.match(text)
    if epoch:
        at = datetime.fromtimestamp(int(epoch[1]), UTC)
        return Moment(at.date(), at, zoned=True)
    return None


def _mail(text: str) -> Moment | None:
    """The form of RFC 5322 ("Fri, 31 Jan 2025 10:00:00 +0100"), and what is like it, as feeds write it."""
    if len(text) >= _SHORT or not re.search(r"[A-Za-z]{3}", text) or not re.search(r"\d{4}", text):
        return None
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    zoned = at.tzinfo is not None
    return Moment(at.date(), at if zoned else at.replace(tzinfo=UTC), zoned=zoned)


def _moment(numbers: tuple[str | None, ...], zone: str | None) -> Moment | None:
    year, month, day, hour, minute, second = (int(number) if number else None for number in numbers)
    found = _day(year or 0, month or 0, day or 0)
    if found is None:
        return None
    if hour is None or minute is None:
        return Moment(found, None, zoned=False)
    try:
        at = datetime(found.year, found.month, found.day, hour, minute, second or 0, tzinfo=_zone(zone))
    except ValueError:
        return Moment(found, None, zoned=False)
    return Moment(found, at, zoned=zone is not None)


def _zone(text: str | None) -> timezone:
    if text is None or text[0] in "zZuUgG":
        return UTC
    digits = text[1:].replace(":", "")
    hours, minutes = int(digits[:2]), int(digits[2:4] or 0)
    if hours > 14 or minutes > 59:
        return UTC
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if text[0] == "-" else offset)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return of_any(year, month, day)
    except ValueError:
        return None
