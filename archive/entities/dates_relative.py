"""Dates that count from the day of publication, or from the day last spoken of: "Friday", "two weeks ago", "last year".

Durations and vague references ("three months", "recently") are here too: they name no days, but they belong to what
annotators of dates mark. One function per type of expression, as in dates_absolute.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from archive.entities.dates_calendar import interval, quarter_of, shift
from archive.entities.dates_clock import (
    DAY,
    PART_OF_DAY,
    STEP,
    Clock,
    Match,
    count_of,
    duration,
    group,
    looks_ahead,
    ordinal,
    unit_of,
    year_of,
)
from archive.entities.dates_grammar import WEEKDAYS

# What tells a quarter of a game from one of a year, in so many characters around it.
_GAME_AROUND = 300
_GAME = re.compile(
    r"\b(?:touchdowns?|quarterback|rebounds?|assists|free throws?|three-pointers?|field goals?|interceptions?|halftime|"
    r"half-time|overtime|yards?|scored|scoring|coach|referees?|umpires?|layups?|dunk|fouls?|ejected|playoffs?|jumper|"
    r"game|match|goals|fumble|punt)\b",
    re.IGNORECASE,
)
_TRADE = re.compile(
    r"\b(?:fiscal|revenues?|profits?|earnings|earned|sales|losses|income|econom\w+|GDP|growth|shares|shareholders|"
    r"forecast|analysts?|inflation|billion|investors?|dividend|year-earlier|orders|shipments|deliver\w+|output)\b",
    re.IGNORECASE,
)


def _toward(day: date, weekday: int, step: int) -> date:
    """The nearest such weekday strictly after (step 1) or before (-1) a day, or on or before it (0)."""
    if step > 0:
        return day + ((weekday - day.weekday() - 1) % 7 + 1) * DAY
    return day - ((day.weekday() - weekday - (step < 0)) % 7 + (step < 0)) * DAY


def _weekday(match: Match, clock: Clock) -> str | None:
    if not match["wd"][0].isupper():
        return None
    weekday, where = WEEKDAYS[group(match, "wd")], group(match, "dir")
    if where in ("each", "every") or match["s"] or match["parts"]:
        return f"XXXX-WXX-{weekday + 1}{PART_OF_DAY.get(group(match, 'part'), '')}"
    today = clock.today
    if match["rel"]:
        monday = today - today.weekday() * DAY + 7 * STEP[group(match, "rel")] * DAY
        return (monday + weekday * DAY).isoformat()
    day = _weekday_near(clock, weekday, where, match)
    part = group(match, "part")
    return day.isoformat() + (PART_OF_DAY[part] if part else "")


def _weekday_near(clock: Clock, weekday: int, where: str, match: Match) -> date:
    last = where.split()[-1] if where else ""
    if last in ("previous", "preceding", "following") and clock.anchor:
        return _toward(clock.anchor, weekday, STEP[last])
    if last in ("this", "coming", "next"):
        if last == "this" and weekday == clock.today.weekday():
            return clock.today
        return _toward(clock.today, weekday, 1)
    if last in ("last", "past"):
        return _toward(clock.today, weekday, -1)
    if weekday == clock.today.weekday():
        return clock.today
    return _toward(clock.today, weekday, 1 if looks_ahead(clock, match.start(), match.end()) else 0)


def _from_day(match: Match, clock: Clock) -> str | None:
    count, word = count_of(group(match, "n")), group(match, "wd")
    if count is None:
        return None
    start = clock.today + DAY * (word == "tomorrow")
    if word in WEEKDAYS:
        start = _toward(clock.today, WEEKDAYS[word], 1)
    return (start + 7 * count * DAY).isoformat()


def _deictic(match: Match, clock: Clock) -> str:
    word = group(match, "word")
    days = -1 if "yesterday" in word or word == "last night" else int("tomorrow" in word)
    days *= 1 + ("before" in word or "after" in word)
    part = group(match, "part")
    time = PART_OF_DAY.get(part, "TNI" if word in ("tonight", "overnight", "last night") else "")
    return (clock.today + days * DAY).isoformat() + time


def _this_part(match: Match, clock: Clock) -> str:
    return clock.today.isoformat() + PART_OF_DAY[group(match, "part")]


def _next_part(match: Match, clock: Clock) -> str:
    same = "same" in match.group().lower()
    return (clock.then + DAY * (not same)).isoformat() + PART_OF_DAY[group(match, "part")]


def _part_of_year(match: Match, year: int) -> str:
    nth, what = group(match, "nth"), group(match, "what")
    number = (4 if what == "quarter" else 2) if nth == "last" else ordinal(nth)
    return f"{year:04d}-{'Q' if what == 'quarter' else 'H'}{number}"


def _of_year_quarter(match: Match, clock: Clock) -> str:
    year = int(match["y"]) if match["y"] else year_of(clock, group(match, "rel"))
    return _part_of_year(match, year)


def _quarter(match: Match, clock: Clock) -> str | None:
    nth, what = group(match, "nth"), group(match, "what")
    if what == "half" and ((not match["y"] and not match["rel"]) or ordinal("first" if nth == "last" else nth) > 2):
        return None
    if match["y"]:
        return _part_of_year(match, int(match["y"]))
    if match["rel"]:
        rel = group(match, "rel")
        return _part_of_year(match, clock.today.year - (rel in ("last", "previous")) + (rel == "next"))
    if _is_played(match, clock):
        return None
    if nth == "last":
        return shift(clock.today, "quarter", -1)
    return _near_quarter(clock, ordinal(nth), match)


def _is_played(match: Match, clock: Clock) -> bool:
    """Whether the quarter is one of a game: "ejected in the third quarter"."""
    around = clock.text[max(0, match.start() - _GAME_AROUND) : match.end() + _GAME_AROUND]
    return _GAME.search(around) is not None and _TRADE.search(around) is None


def _near_quarter(clock: Clock, number: int, match: Match) -> str:
    now = quarter_of(clock.today)
    year = clock.today.year
    ahead = looks_ahead(clock, match.start(), match.end())
    if number > now and not (ahead or (number == now + 1 and clock.today.month % 3 == 0)):
        year -= 1
    elif number < now and ahead and now - number > 1:
        year += 1
    return f"{year:04d}-Q{number}"


def _q_number(match: Match, clock: Clock) -> str:
    if match["y"]:
        year = int(match["y"])
        return f"{year if year > 99 else 2000 + year:04d}-Q{match['q']}"
    return _near_quarter(clock, int(match["q"]), match)


def _year_ago_quarter(match: Match, clock: Clock) -> str:
    near = clock.near_quarter(match.start())
    if near:
        return f"{int(near[:4]) - 1:04d}{near[4:]}"
    if match["what"]:
        last = shift(clock.today, "quarter", -1)
        return f"{int(last[:4]) - 1:04d}{last[4:]}"
    return str(clock.today.year - 1)


def _year_quarter_word(match: Match, clock: Clock) -> str | None:
    near = clock.near_quarter(match.start())
    year = int(match["y"]) if match["y"] else clock.today.year - 1
    if near:
        return f"{year:04d}{near[4:]}"
    return f"{year:04d}" if match["what"].lower() == "period" else None


def _relative_unit(match: Match, clock: Clock) -> str | None:
    unit, words = group(match, "unit"), group(match, "dir").split()
    step = STEP[words[-1]]
    base = clock.then if words[-1] in ("following", "previous", "preceding", "that", "same") else clock.today
    if words[-1] == "next" and words[0] == "the" and unit == "day":
        base = clock.then
    if words[-1] in ("last", "past") and words[0] == "the" and unit != "weekend":
        return duration(1, unit)
    if unit == "day" and words[-1] in ("this", "last", "current", "past"):
        return None
    return shift(base, unit, step)


def _latest(match: Match, clock: Clock) -> str:
    unit = group(match, "unit")
    if unit in ("quarter", "period"):
        near = clock.near_quarter(match.start())
        return near if near and unit == "period" else shift(clock.today, "quarter", -1)
    return shift(clock.today, unit, -1 if unit != "year" else 0)


_EVENT = re.compile(r"\s\w")  # "ten days before the murder", "… before he left": that names no day


def _ago(match: Match, clock: Clock) -> str | None:
    count, unit, way = count_of(group(match, "n")), unit_of(group(match, "unit")), group(match, "way")
    if way == "before" and _EVENT.match(clock.text, match.end()):
        return duration(count, unit)
    if count is None:
        return "PAST_REF" if way in ("ago", "earlier", "before", "previously") else "FUTURE_REF"
    near = clock.near_quarter(match.start())
    if unit == "year" and count == 1 and near and way in ("ago", "earlier", "before"):
        return f"{int(near[:4]) - 1:04d}{near[4:]}"
    base = clock.today if way in ("ago", "from now", "hence") else clock.then
    if unit in ("second", "minute", "hour"):
        return None
    step = count if way in ("later", "afterwards", "afterward", "after", "from now", "hence") else -count
    if unit == "decade":
        return shift(base, "year", 10 * step)
    if unit == "year" and (match["half"] or match["half2"]):
        return shift(base, "month", 12 * step + (6 if step > 0 else -6))[:4]
    return shift(base, unit, step)


def _within(match: Match, clock: Clock) -> str:
    return shift(clock.today, group(match, "unit"), 0)


def _edge(match: Match, clock: Clock) -> str:
    unit, where = group(match, "unit"), group(match, "dir")
    value = shift(clock.today, unit, STEP.get(where, 0))
    days = interval(value)
    if days is not None and where == "the" and unit == "month":
        return (days.last if group(match, "edge") == "end" else days.first).isoformat()
    return value


def _year_end(_match: Match, clock: Clock) -> str:
    return f"{clock.today.year:04d}-12-31"


def _set(match: Match, _clock: Clock) -> str:
    adverb = group(match, "adverb")
    if adverb:
        unit = {"daily": "day", "annually": "year", "yearly": "year", "hourly": "hour"}.get(
            adverb, adverb.removesuffix("ly")
        )
        return duration(1, unit)
    return duration(count_of(group(match, "n")) if match["n"] else 1, unit_of(group(match, "unit")))


def _the_unit(match: Match, clock: Clock) -> str | None:
    unit, the = group(match, "unit"), group(match, "the")
    if unit in ("quarter", "period"):
        near = clock.near_quarter(match.start())
        return near or (shift(clock.today, "quarter", -1) if unit == "quarter" else None)
    if the == "the":
        return f"{shift(clock.today, unit, 0)}" if unit in ("week", "weekend") else ("P1Y" if unit == "year" else None)
    return shift(clock.then, unit, 0)


def _unit_beside(match: Match, clock: Clock) -> str:
    return shift(clock.then, group(match, "unit"), 1 if group(match, "way") == "after" else -1)


def _the_weekend(match: Match, clock: Clock) -> str:
    today = clock.today
    ahead = looks_ahead(clock, match.start(), match.end())
    return shift(today, "weekend", 0 if ahead or today.weekday() >= 5 else -1)


def _span(match: Match, _clock: Clock) -> str:
    half = bool(group(match, "half") or group(match, "half2"))
    return duration(count_of(group(match, "n")), unit_of(group(match, "unit")), half=half)


def _vague_span(match: Match, _clock: Clock) -> str:
    return duration(None, unit_of(group(match, "unit").removesuffix("s")))


def _long(match: Match, _clock: Clock) -> str:
    return duration(1, group(match, "unit"))


def _reference(match: Match, _clock: Clock) -> str:
    return "PRESENT_REF" if match["present"] else "PAST_REF" if match["past"] else "FUTURE_REF"


RELATIVE: dict[str, Callable[[Match, Clock], str | None]] = {
    "weekday": _weekday,
    "from_day": _from_day,
    "deictic": _deictic,
    "this_part": _this_part,
    "next_part": _next_part,
    "of_year_quarter": _of_year_quarter,
    "quarter": _quarter,
    "q_number": _q_number,
    "year_ago_quarter": _year_ago_quarter,
    "year_quarter_word": _year_quarter_word,
    "relative_unit": _relative_unit,
    "anchored_span": _span,
    "latest": _latest,
    "ago": _ago,
    "within": _within,
    "edge": _edge,
    "year_end": _year_end,
    "set": _set,
    "the_unit": _the_unit,
    "unit_beside": _unit_beside,
    "the_weekend": _the_weekend,
    "duration": _span,
    "vague_span": _vague_span,
    "long": _long,
    "reference": _reference,
}
"""Type of expression → its resolver."""
