"""Dates that name a day, month, season, year or longer: "Jan. 31, 2025", "in March", "next fall", "the 1990s".

What is not said (the year of "Jan. 31") is the nearest that the clause allows. One function per type of expression;
it takes the match of its pattern and returns a TIMEX3 value, or None where the words turn out to be no date.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from archive.entities.dates_calendar import SEASON_MONTH, holiday, interval, shift, week_value
from archive.entities.dates_clock import (
    STEP,
    Clock,
    Match,
    direction,
    group,
    looks_ahead,
    month_number,
    nearest_year,
    ordinal,
    year_of,
)
from archive.entities.dates_grammar import NUMBERS, SEASONS


def _day(year: int, month: int, day: int) -> str:
    return date(year, month, day).isoformat()


def _iso(match: Match, _clock: Clock) -> str:
    return _day(int(match["y"]), int(match["m"]), int(match["d"]))


def _iso_week(match: Match, _clock: Clock) -> str:
    return f"{match['y']}-W{match['w']}"


def _slashed(match: Match, _clock: Clock) -> str:
    """Month first, as American publishers write, unless the first number can be no month; with dots, day first."""
    a, b = int(match["a"]), int(match["b"])
    year = int(match["y"]) if len(match["y"]) == 4 else 2000 + int(match["y"]) - 100 * (int(match["y"]) > 50)
    day_first = match["sep"] == "." or a > 12
    return _day(year, b if day_first else a, a if day_first else b)


def _attacks(_match: Match, _clock: Clock) -> str:
    return "2001-09-11"


def _written_day(match: Match, clock: Clock, day: int, month: int) -> str:
    if not match["mon"][0].isupper():
        raise ValueError("a verb, not a month")
    if match["y"]:
        return _day(int(match["y"]), month, day)
    if where := group(match, "dir"):
        step, today = STEP[where], (clock.today.month, clock.today.day)
        return _day(clock.today.year + step * (((month, day) > today) is (step < 0)), month, day)
    return _day(nearest_year(clock, month, day, match.start(), match.end()), month, day)


def _month_day(match: Match, clock: Clock) -> str:
    first = _written_day(match, clock, int(match["d"]), month_number(group(match, "mon")))
    if not match["d2"]:
        return first
    month = month_number(group(match, "mon2") or group(match, "mon"))
    day = date.fromisoformat(first)
    last = date(day.year + (month < day.month), month, int(match["d2"]))
    if match["y"] and last.year > day.year:  # the year that is said is that of the last day
        day, last = (one.replace(year=one.year - 1) for one in (day, last))
    return f"{day}/{last}" if last > day else first


def _month_ordinal(match: Match, clock: Clock) -> str:
    return _written_day(match, clock, ordinal(group(match, "nth")), month_number(group(match, "mon")))


def _day_month(match: Match, clock: Clock) -> str:
    month, last = month_number(group(match, "mon")), ordinal(group(match, "nth"))
    value = _written_day(match, clock, last, month)
    if match["d1"] and int(match["d1"]) < last:
        return f"{value[:8]}{int(match['d1']):02d}/{value}"
    return value


def _week_of(match: Match, clock: Clock) -> str:
    return week_value(
        date.fromisoformat(_written_day(match, clock, int(match["d"]), month_number(group(match, "mon"))))
    )


def _month_year(match: Match, clock: Clock) -> str:
    month = month_number(group(match, "mon"))
    year = int(match["y"]) if match["y"] else year_of(clock, group(match, "rel"))
    return f"{year:04d}-{month:02d}"


def _holiday(match: Match, clock: Clock) -> str | None:
    name = re.sub(r"st ", "st. ", group(match, "name").replace("jr day", "jr. day"))
    name = re.sub(r"(new year|valentine|mother|father|patrick|fool)'?s'? ", r"\1's ", name).replace(
        "april fool's", "april fools'"
    )
    if not match["name"][0].isupper():
        return None
    if match["y"]:
        return holiday(name, int(match["y"])).isoformat()
    today, where = clock.today, group(match, "dir")
    days = [holiday(name, year) for year in (today.year - 1, today.year, today.year + 1)]
    if where == "last":
        return max(day for day in days if day < today).isoformat()
    if where in ("next", "this"):
        return min(day for day in days if day >= today).isoformat()
    return min(days, key=lambda day: abs((day - today).days)).isoformat()


def _decade(match: Match, _clock: Clock) -> str:
    if match["y"]:
        return match["y"]
    return f"19{match['yy'] or _DECADES[group(match, 'word')]}"


_DECADES = dict(
    zip("twenties thirties forties fifties sixties seventies eighties nineties".split(), range(2, 10), strict=True)
)


def _century(match: Match, clock: Clock) -> str:
    if match["nth"]:
        return f"{ordinal(group(match, 'nth')) - 1:02d}"
    return shift(clock.today, "century", STEP[group(match, "dir")])


def _year_range(match: Match, _clock: Clock) -> str | None:
    first, last = match["y"] or match["y3"], match["y2"]
    if len(last) == 2:
        last = first[:2] + last
    return f"{first}/{last}" if first < last else None


def _spelled_year(match: Match, _clock: Clock) -> str | None:
    if match["k"]:
        return str(2000 + NUMBERS.get(group(match, "n"), 0))
    century = {"nineteen": 1900, "twenty": 2000}[group(match, "c")]
    if match["t"]:
        return str(century + NUMBERS[group(match, "t")] + NUMBERS.get(group(match, "o"), 0))
    number = NUMBERS[group(match, "teen")]
    return str(century + number) if number >= 10 else None


def _season_year(match: Match, _clock: Clock) -> str:
    return f"{match['y']}-{SEASONS[group(match, 'season')]}"


_COUNTED = re.compile(
    r"[\s-](?:people|men|women|children|workers|employees|jobs|troops|soldiers|dollars|euros|pounds|miles|kilomet\w{2,3}|km|"
    r"met\w{2,3}|feet|acres|tons?|tonnes|barrels|shares|points|square|homes|houses|votes|students|members|cases|deaths|"
    r"copies|units|times|percent|other|more|such|of (?:them|these|those|us))\b"
)


_LAW = re.compile(r"\b(?:Act|Code|Ordinance),? (?:of )?$")
_LAW_LENGTH = 16


def _year(match: Match, clock: Clock) -> str | None:
    year, cue = int(match["y"]), group(match, "cue").strip(" -")
    before = clock.text[max(0, match.start("y") - 1) : match.start("y")]
    if before and before in "$£€#.,:/-+" and not cue:
        return None
    if _LAW.search(clock.text, max(0, match.start("y") - _LAW_LENGTH), match.start("y")):
        return None  # "the Securities Exchange Act of 1934" is its name
    if _COUNTED.match(clock.text, match.end()) or (not 1850 <= year <= 2060 and not cue):
        return None
    return f"{year:04d}"


_NAME_AFTER = re.compile(r"\s[A-Z][a-z'’]")  # "April O'Neil"
_MONTH_CUE = re.compile(
    r"\b(?:in|since|until|till|by|of|from|to|through|before|after|during|for|and|late|early|mid|a|the|or|between|next)[\s-]+$",
    re.I,
)


def _month(match: Match, clock: Clock) -> str | None:
    if not match["mon"][0].isupper():
        return None
    word, where = group(match, "mon"), group(match, "dir").split()[-1:]
    month = month_number(word)
    if where in (["each"], ["every"]):
        return f"XXXX-{month:02d}"
    bare = not where and not match["mod"]
    if len(word) < 4 and word != "may":
        return None
    unsure = bare and (word in ("may", "march", "august") or _NAME_AFTER.match(clock.text, match.end()) is not None)
    if unsure and not _MONTH_CUE.search(clock.text, max(0, match.start() - 12), match.start()):
        return None
    today = clock.today
    year = today.year
    if where and STEP.get(where[0]):
        step = STEP[where[0]]
        year += step if (month - today.month) * step <= 0 else 0
    elif not where:
        side, ahead = direction(clock, match.start(), match.end()), month - today.month
        year += (side > 0 and ahead < -2) - (side < 1 and ahead > 2)
    return f"{year:04d}-{month:02d}"


# "the fall of the wall", "the spring of his life": behind these words the two are no seasons.
_OTHERWISE = {"fall": ("the", "of", "that"), "spring": ("of", "that", "the", "same")}


def _season(match: Match, clock: Clock) -> str | None:
    season, where = SEASONS[group(match, "season")], group(match, "dir")
    if where in ("each", "every"):
        return f"XXXX-{season}"
    if match["y"] or match["rel"]:
        return f"{int(match['y']) if match['y'] else year_of(clock, group(match, 'rel')):04d}-{season}"
    last = where.split()[-1]
    if last in _OTHERWISE.get(match["season"].lower(), ()):
        return None
    return f"{_year_of_season(season, last, match, clock):04d}-{season}"


def _year_of_season(season: str, last: str, match: Match, clock: Clock) -> int:
    """The year in which the season begins that is meant by the word before it, or by the tense."""
    today = clock.today
    start = today.replace(day=1, month=SEASON_MONTH[season])
    if last in ("next", "coming"):
        return today.year + (start <= today)
    if last in ("last", "past", "previous"):
        running = interval(f"{today.year - (today.month < 3):04d}-{season}")
        ended = running is not None and running.last < today
        return today.year - (0 if ended and today.month >= 3 else 1)
    if last == "this" and season == "WI":
        return today.year - (today.month < 5)
    year = today.year - (season == "WI" and today.month < 7)
    stays = year < today.year or start <= today or last == "this" or looks_ahead(clock, match.start(), match.end())
    return year if stays else year - 1


ABSOLUTE: dict[str, Callable[[Match, Clock], str | None]] = {
    "iso": _iso,
    "iso_week": _iso_week,
    "slashed": _slashed,
    "attacks": _attacks,
    "month_day": _month_day,
    "month_ordinal": _month_ordinal,
    "day_month": _day_month,
    "week_of": _week_of,
    "month_year": _month_year,
    "month": _month,
    "holiday": _holiday,
    "season": _season,
    "season_year": _season_year,
    "decade": _decade,
    "century": _century,
    "year_range": _year_range,
    "spelled_year": _spelled_year,
    "fiscal_year": lambda match, _clock: match["y"],
    "year": _year,
}
"""Type of expression → its resolver."""
