"""Expressions that are one with what stands beside them: "May of last year", "summer 2022", "from 3 to 5 May"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from archive.entities.dates_calendar import interval

_LONGEST = 150  # years between the ends of a range
_DAY_LONG = len("2025-01-31")
_YEAR_LONG = len("2025")
_BEFORE = 40  # characters that are looked at for the first day of a range
_NEVER = re.compile("(?!)")


@dataclass(frozen=True, slots=True)
class Hit:
    """An expression at [start, end). `loose`: a date only if it is one with what stands beside it ("2016", "summer").
    `yearless`: its year is a guess."""

    start: int
    end: int
    value: str
    loose: bool = False
    yearless: bool = False


@dataclass(frozen=True, slots=True)
class Joints:
    """What stands between the parts of one expression in a language."""

    of: re.Pattern[str] = _NEVER
    year_first: re.Pattern[str] = _NEVER
    to: re.Pattern[str] = _NEVER
    between: re.Pattern[str] = _NEVER
    both: re.Pattern[str] = _NEVER
    first_day: re.Pattern[str] = _NEVER
    other_day: re.Pattern[str] = _NEVER

    @classmethod
    def of_words(cls, of: str, year_first: str, to: str, between: tuple[str, str]) -> Joints:
        begin, both = (part.replace(" ", r"\s") for part in between)
        of, to = of.replace(" ", r"\s"), to.replace(" ", r"\s")
        small = r"(?:\.|er|º|°|-?го|-?е)?"
        days = rf"(?<![\w.,:/])(?P<d>[1-3]?\d){small}(?:{to})"
        if begin:
            days += rf"|(?<!\w)(?:{begin})\s(?P<d2>[1-3]?\d){small}\s(?:{both})\s?"
        return cls(
            re.compile(of),
            re.compile(year_first or "(?!)"),
            re.compile(to),
            re.compile(rf"(?<!\w)(?:{begin or '(?!)'})\s?(?:[^\W\d_]+\s)?$"),
            re.compile(rf"\s?(?:{both or '(?!)'})\s?"),
            re.compile(rf"(?:{days})$"),
            re.compile(rf"(?<![\w.,:/])(?P<d>[1-3]?\d){small}\s(?:{both or '(?!)'})\s?$"),
        )


def join(text: str, hits: Iterable[Hit], joints: Joints) -> Iterator[Hit]:
    """The expressions in order, those that are one joined; what is loose and stays alone is left out."""
    last: Hit | None = None
    for found in hits:
        hit = found
        if last is not None:
            if both := _of_year(text, last, hit, joints) or _range(text, last, hit, joints):
                last = both
                continue
            if not last.loose:
                yield last
        floor = last.end if last else 0
        last = _from_day(text, hit, floor, joints)
        if last is hit and (other := _other_day(text, hit, floor, joints)):
            yield other
    if last is not None and not last.loose:
        yield last


def _of_year(text: str, last: Hit, hit: Hit, joints: Joints) -> Hit | None:
    """ "September" and "of last year", "summer" and "2022"; in some languages the year comes first."""
    if last.yearless and len(hit.value) == _YEAR_LONG and joints.of.fullmatch(text, last.end, hit.start):
        return _whole(last.start, hit.end, hit.value + last.value[4:])
    if hit.yearless and len(last.value) == _YEAR_LONG and joints.year_first.fullmatch(text, last.end, hit.start):
        return _whole(last.start, hit.end, last.value + hit.value[4:])
    return None


def _range(text: str, last: Hit, hit: Hit, joints: Joints) -> Hit | None:
    """ "28 December to 4 January 2025", "2014 to 2016": the year of one end is the other's where it is not said."""
    if len(last.value) != len(hit.value) or "/" in last.value or hit.start - last.end > _BEFORE:
        return None
    if not joints.to.fullmatch(text, last.end, hit.start) and not (
        joints.both.fullmatch(text, last.end, hit.start)
        and joints.between.search(text, max(0, last.start - _BEFORE), last.start)
    ):
        return None
    first, end = last.value, hit.value
    if hit.yearless:
        end = first[:4] + end[4:]
        end = _other_year(end, 1) if end < first else end
    elif last.yearless:
        first = end[:4] + first[4:]
        first = _other_year(first, -1) if first > end else first
    if not first < end or int(end[:4]) - int(first[:4]) > _LONGEST:
        return None
    return _whole(last.start, hit.end, f"{first}/{end}")


def _from_day(text: str, hit: Hit, floor: int, joints: Joints) -> Hit:
    """The first day of "3 to 5 May", which has no month of its own."""
    if len(hit.value) != _DAY_LONG or not (
        found := joints.first_day.search(text, max(floor, hit.start - _BEFORE), hit.start)
    ):
        return hit
    first = f"{hit.value[:8]}{int(found['d'] or found.groupdict().get('d2') or 0):02d}"
    return (_whole(found.start(), hit.end, f"{first}/{hit.value}") if first < hit.value else None) or hit


def _other_day(text: str, hit: Hit, floor: int, joints: Joints) -> Hit | None:
    """The first of "12 and 13 May"."""
    if len(hit.value) != _DAY_LONG or not (
        found := joints.other_day.search(text, max(floor, hit.start - _BEFORE), hit.start)
    ):
        return None
    other = f"{hit.value[:8]}{int(found['d']):02d}"
    return _whole(found.start(), found.end("d"), other) if other < hit.value else None


def _whole(start: int, end: int, value: str) -> Hit | None:
    """None where no calendar has such a day."""
    return Hit(start, end, value) if interval(value) else None


def _other_year(value: str, step: int) -> str:
    return f"{int(value[:4]) + step:04d}{value[4:]}"
