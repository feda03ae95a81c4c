"""Dates as exports write them: counts since 1970 or 1601, ISO 8601, and what `wordy` reads. Pure.

What is no date, or one that cannot be (year 0, 9999, next year), is None: unknown, never today.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta

from archive.extraction.calendars import of_any
from archive.extraction.wordy import in_words
from archive.urls import veiled

_FIRST_YEAR = 1600
_GRACE = timedelta(days=2)  # clocks of others
_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE]\+?\d{1,2})?")  # spreadsheets write 1.748271845E+9
_SERIAL = re.compile(r"[2-6]\d{4}(\.\d+)?")  # 1954 to 2091
_SPREADSHEETS = datetime(1899, 12, 30, tzinfo=UTC)  # from which spreadsheets count days
_DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_TWELVE_HOURS = re.compile(r"(\d{1,2})/(\d{1,2})/(\d\d),?\s+(\d{1,2}:\d\d(?::\d\d)?\s?[ap]\.?\s?m\.?)", re.IGNORECASE)
_ZONE_TWICE = re.compile(r",? ([+-]\d{4}) UTC\Z")  # "05/06/2025, 10:30 AM, +0000 UTC"
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:[T ]?(\d{2})(\d{2})(\d{2})Z?)?")
# A month or a year alone is right, but no day: nothing is wrong with it, and none is made up.
_NO_DAY = re.compile(r"(?:[^\W\d_]{3,12}\.?,? )?(?:1[5-9]|20)\d\d(?:[-/.](?:0?[1-9]|1[0-2]))?[-/.\s]*")
_NO_DATE = re.compile(
    r"[0\s:/.TZ-]*|-1|null|none|nil|nan|n/?a|n\.?\s?d\.?|unknown|undated|\d\d?:\d\d(?::\d\d)?(?: ?[ap]\.?m\.?)?",
    re.IGNORECASE,
)
# Tried one after the other, those of the most readers first, where no other way of writing a date fits.
_LANGUAGES = "zh hi ar bn ja tr th fa ur ko ta he cs el hu bg sr uk sk hr ro ka hy lt lv".split()
_BESIDE = 4  # signs that may stand around: "г.", a full stop
_1601 = datetime(1601, 1, 1, tzinfo=UTC)


def moment(value: object) -> datetime | date | None:
    """The moment (aware; without a named zone taken as UTC) or the day that `value` means, None for what is neither."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return epoch(value)
    text = str(value).strip()[:80]
    if not text:
        return None
    found = _read(text)
    return found if found is not None and _sane(found) else None


def wrong_date(value: object) -> str:
    """What is stated as a date but is none, to be told; "" for a date, for what says that there is none, and for
    a year or a month alone."""
    if value is None or isinstance(value, bool) or moment(value) is not None:
        return ""
    text = " ".join(str(value).split())[:80]
    return "" if _NO_DATE.fullmatch(text) or _NO_DAY.fullmatch(text) else text


def lost_dates(*stated: tuple[str, object]) -> tuple[str, ...]:
    """A sentence for each of these dates, with the names of their fields, that is none, where none of them is one."""
    if any(moment(value) is not None for _, value in stated):
        return ()
    wrong = ((name, wrong_date(value)) for name, value in stated)
    return tuple(
        veiled(f"{name}: {said!r} is no date that can be: taken in without it") for name, said in wrong if said
    )


def instant(value: object) -> datetime | None:
    """As `moment`, in UTC, a day alone taken as its beginning."""
    found = moment(value)
    if found is None or isinstance(found, datetime):
        return found and found.astimezone(UTC)
    return datetime(found.year, found.month, found.day, tzinfo=UTC)


def epoch(count: float) -> datetime | None:
    """Seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by their size."""
    for divisor in (1, 1_000, 1_000_000, 1_000_000_000):
        if 0 < count / divisor < 4e9:
            at = datetime.fromtimestamp(count / divisor, UTC)
            return at if _sane(at) else None
    return None


def since_1601(value: object) -> datetime | None:
    """Microseconds since 1601, as Chrome writes dates."""
    try:
        at = _1601 + timedelta(microseconds=int(str(value)))
    except (ValueError, OverflowError):
        return None
    return at if at.year > 1970 and _sane(at) else None


def _read(text: str) -> datetime | date | None:
    text = _ZONE_TWICE.sub(r" \1", text)
    if short := _TWELVE_HOURS.fullmatch(text):  # who writes so begins with the month, unless it can be none
        year = int(short[3])
        century = 2000 if year <= (datetime.now(UTC).year + 1) % 100 else 1900
        first, second = sorted(map(int, short.group(1, 2))) if int(short[1]) > 12 else map(int, short.group(1, 2))
        text = f"{first:02}/{second:02}/{century + year} {short[4]}"
    compact = _COMPACT.fullmatch(text)
    if compact and 1600 <= int(compact[1]) <= 2200 and int(compact[2]) <= 12:
        return _built(compact.groups())
    if _SERIAL.fullmatch(text):
        at = _SPREADSHEETS + timedelta(days=float(text))
        return at if at.time() != time() else at.date()
    if _NUMBER.fullmatch(text):
        return epoch(float(text)) if len(text) > 8 else None
    day = _DAY.fullmatch(text)
    if day:
        return _built((*day.groups(), None, None, None))
    for whole in (date.fromisoformat, _moment):  # a day by its week, too: 2025-W10-2
        with suppress(ValueError):
            return whole(text)
    if (found := in_words(text)) is not None:
        return found
    begins = _DAY.match(text)
    return _built((*begins.groups(), None, None, None)) if begins else _in_other_words(text)


def _in_other_words(text: str) -> date | None:
    """The day that all but a few signs of a text say in a language that `wordy` does not know."""
    if not any(char.isdigit() for char in text) or not any(char.isalpha() for char in text):
        return None
    from archive.extraction.spelled import Habits, days_in

    for lang in _LANGUAGES:
        found = days_in(text, Habits(lang))
        said = text[found[0].start : found[0].end] if len(found) == 1 else ""
        if any(map(str.isalpha, said)) and len(text) - len(said) <= _BESIDE:
            return found[0].day
    return None


def _built(parts: tuple[str | None, ...]) -> datetime | date | None:
    try:
        day = of_any(int(parts[0] or 0), int(parts[1] or 0), int(parts[2] or 0))
        if parts[3] is None:
            return day
        return datetime(day.year, day.month, day.day, int(parts[3]), int(parts[4] or 0), int(parts[5] or 0), tzinfo=UTC)
    except ValueError:
        return None


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text.replace(" UTC", "+00:00"))
    day = of_any(found.year, found.month, found.day)
    return datetime.combine(day, found.timetz() if found.tzinfo else found.time().replace(tzinfo=UTC))


def _sane(found: datetime | date) -> bool:
    day = found.date() if isinstance(found, datetime) else found
    return day.year >= _FIRST_YEAR and day <= (datetime.now(UTC) + _GRACE).date()
