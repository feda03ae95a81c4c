"""What a word for a period of time means by the words right before and right behind it, in languages of dates_phrases.

"Jahr" is a date in "vor drei Jahren" and "letztes Jahr", "Quartal" in "im dritten Quartal", "März" in "Ende März".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from archive.entities.dates_calendar import SEASON_MONTH, interval, shift
from archive.entities.dates_joined import Hit, Joints
from archive.entities.dates_phrases import PHRASES
from archive.entities.dates_phrasing import Phrases

_UNITS = ("day", "week", "month", "year")
_SEASONS = ("SP", "SU", "FA", "WI")
_REACH = 44  # characters before that are looked at
_ROMAN = {"i": 1, "v": 5, "x": 10, "х": 10, "і": 1}  # the last two are Cyrillic
_PLAIN = range(1850, 2061)  # years that need no more than a word before them
_LIKELY = range(1960, 2036)  # years that need nothing: as counts such numbers are rare
_COUNTED_WORDS = re.compile(
    r"\s(?:euro|dollar|dólar|долл|евро|руб|грн|zł|kč|lei|kron|km|kg|m[²³]|ha(?!\w)|met[er]|person|mensch|people|os[óo]b|"
    r"человек|людей|осіб|чел|kişi|lidí|ljudi|mensen|hect|شخص|stimmen|vot|места|голос|cas[ois]|fälle|случа|штук)"
)
_SIGNS = re.compile(r"\s?[%€$£°]|[.,:/]\d|-\d(?!\d{3})")  # behind a number that is no year
_YEAR_BEHIND = re.compile(r"\s(?:1[5-9]|20)\d\d")
_AFTER = re.compile(r"\s(?:после|після|després|después|depois|après|dopo|după|efter|etter|na|po|od)(?!\w)")
_COUNTED = re.compile(r"\s[^\W\d_]")
Match = re.Match[str]


def _words(pattern: str) -> str:
    return pattern.replace(" ", r"\s")


def _members(row: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(_words(one)) for one in row.split(",")) if row else ()


def _any(row: str) -> str:
    return "|".join(_words(one) for one in row.split(",")) or "(?!)"


def _number(members: tuple[re.Pattern[str], ...], word: str) -> int | None:
    return next((at for at, member in enumerate(members) if member.fullmatch(word)), None)


@dataclass(frozen=True, slots=True)
class Sides:
    """Words right before something, or right behind it."""

    before: re.Pattern[str]
    behind: re.Pattern[str]
    reach: int = _REACH

    @classmethod
    def of(cls, before: str, behind: str) -> Sides:
        return cls(
            re.compile(rf"(?<!\w)(?:{_words(before) or '(?!)'})(?:\s|(?<=['’-]))$"),
            re.compile(rf"\s(?:{_words(behind) or '(?!)'})(?!\w)"),
        )

    def around(self, text: str, start: int, end: int) -> tuple[int, int] | None:
        """Where what stands at [start, end) begins and ends with such words, None where there are none."""
        if found := self.before.search(text, max(0, start - self.reach), start):
            return found.start(), end
        if found := self.behind.match(text, end):
            return start, found.end()
        return None


def _counted(template: str, numbers: str) -> tuple[Sides, ...]:
    """What stands around a unit of time whose number says how far away a day is."""
    number = rf"(?P<n>\d{{1,3}}|{_any(numbers)}) "
    found = []
    for one in template.split(",") if template else ():
        before, _, behind = one.partition("{u}")
        before = before.replace("{n} ", number).replace("{n?} ", f"(?:{number})?")
        found.append(
            Sides(
                re.compile(rf"(?<!\w){_words(before)}$"),
                re.compile(_words(behind) + r"(?!\w)"),
            )
        )
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Around:
    """The words of one language, ready to be looked for."""

    scanned: str  # alternatives of the pattern that is looked for in a text
    joints: Joints
    units: tuple[re.Pattern[str], ...]
    numbers: tuple[re.Pattern[str], ...]
    ago: tuple[Sides, ...]
    ahead: tuple[Sides, ...]
    near: tuple[tuple[Sides, int], ...]  # last, this, next
    cue_before: re.Pattern[str]
    cue_behind: re.Pattern[str]
    seasons: tuple[re.Pattern[str], ...]
    parts: tuple[re.Pattern[str], ...]  # quarter, half
    ordinals: tuple[Sides, ...]
    tens: tuple[re.Pattern[str], ...]
    hundreds: tuple[re.Pattern[str], ...]
    years: tuple[re.Pattern[str], ...]
    dual: re.Pattern[str]
    lead: str

    def read(self, match: Match, written: str, published: date | None) -> Hit | None:
        """What `match` of `scanned` says, in a text in small letters that was `written` so."""
        start, end, text = match.start(), match.end(), match.string
        groups = match.groupdict()
        if groups["bare"]:
            return self._year(text, start, end)
        if groups["centuryname"] and written[start].islower():
            return None  # "ottocento persone"
        if value := self._age(groups):
            return Hit(start, end, value)
        if groups["q"]:
            return self._part_of_year(Hit(start, end, f"Q{groups['q']}"), published)
        if groups["part"]:
            return self._part(text, start, end, published)
        if groups["season"]:
            return self._season(text, start, end, published)
        if published is None:
            return None
        if groups["unit"]:
            return self._unit(text, start, end, published)
        if groups["oneyear"]:
            step = _number(self.years, groups["oneyear"])
            return Hit(start, end, shift(published, "year", step - 1)) if step is not None else None
        return None

    def month(self, text: str, hit: Hit) -> Hit:
        """A month without a year: by itself it may be no date."""
        return replace(hit, loose=hit.loose or not self._has_cue(text, hit.start, hit.end))

    def _has_cue(self, text: str, start: int, end: int) -> bool:
        return bool(self.cue_before.search(text, max(0, start - _REACH), start) or self.cue_behind.match(text, end))

    def _year(self, text: str, start: int, end: int) -> Hit | None:
        if (start and text[start - 1] in ".,:/-–+$£€#") or _SIGNS.match(text, end):
            if not start or text[start - 1] not in "-–":
                return None
            named = text[start - 2 : start - 1].isalpha() and int(text[start:end]) in _LIKELY  # "выборы-2021"
            return Hit(start, end, text[start:end], loose=not named)
        sure = self.cue_behind.match(text, end) is not None or text[start - 1 : end + 1] == f"({text[start:end]})"
        year, round_number = int(text[start:end]), text[start + 2 : end] in ("00", "50")
        if not sure and not (_COUNTED if round_number else _COUNTED_WORDS).match(text, end):
            told = self.cue_before.search(text, max(0, start - _REACH), start) is not None
            sure = year in _PLAIN and (told or (not round_number and year in _LIKELY))
        return Hit(start, end, text[start:end], loose=not sure)

    def _age(self, groups: dict[str, str | None]) -> str | None:
        """A decade or a century."""
        if said := groups.get("cen") or groups.get("cen2"):
            number = int(said) if said.isdigit() else _of_roman(said)
            return f"{number - 1:02d}" if 1 <= number <= 21 else None
        if said := groups.get("cenw"):
            return f"{15 + _ARABIC.index(said.split()[0]):02d}"
        if said := groups.get("hundred"):
            return said
        if said := groups.get("dec"):
            return said[:3]
        if said := groups.get("dec2") or groups.get("dec3"):
            return f"{'20' if said < '30' and said != '20' else '19'}{said[0]}"
        if (said := groups.get("decw")) and (ten := _number(self.tens, said)) is not None:
            return f"19{ten + 2}"
        if said := groups["centuryname"]:
            return f"{15 + (_number(self.hundreds, said) or 0)}"
        return None

    def _unit(self, text: str, start: int, end: int, published: date) -> Hit | None:
        word = text[start:end]
        unit = _UNITS[_number(self.units, word) or 0]
        if unit == "year" and _YEAR_BEHIND.match(text, end):
            return None  # "vor dem Jahr 2011"
        for sides, step in (*((one, -1) for one in self.ago), *((one, 1) for one in self.ahead)):
            before = sides.before.search(text, max(0, start - _REACH), start)
            behind = sides.behind.match(text, end)
            if before and behind and not (step > 0 and _AFTER.match(text, behind.end())):
                count = self._count(before.groupdict().get("n"), word)
                return _shifted(before.start(), behind.end(), published, unit, step * count)
        if unit == "day":
            return None
        for sides, step in self.near:
            if place := sides.around(text, start, end):
                return _shifted(*place, published, unit, step)
        return None

    def _count(self, said: str | None, unit: str) -> int:
        if said is None:
            return 2 if self.dual.fullmatch(unit) else 1
        return int(said) if said.isdigit() else (_number(self.numbers, said) or 0) + 1

    def _season(self, text: str, start: int, end: int, published: date | None) -> Hit:
        season = _SEASONS[_number(self.seasons, text[start:end]) or 0]
        for sides, step in self.near:
            if published and (place := sides.around(text, start, end)):
                return Hit(*place, f"{_season_year(season, step, published):04d}-{season}")
        return Hit(start, end, f"{published.year if published else 0:04d}-{season}", loose=True, yearless=True)

    def _part(self, text: str, start: int, end: int, published: date | None) -> Hit | None:
        """A quarter or a half of a year, by its number."""
        half = _number(self.parts, text[start:end]) == 1
        for number, sides in enumerate(self.ordinals[: 2 if half else 4], 1):
            if place := sides.around(text, start, end):
                return self._part_of_year(Hit(*place, f"{'H' if half else 'Q'}{number}"), published)
        return None

    @staticmethod
    def _part_of_year(hit: Hit, published: date | None) -> Hit:
        """The last such quarter that has begun. A half of something may be of a game."""
        year = published.year if published else 0
        value = f"{year:04d}-{hit.value}"
        if published and (when := interval(value)) and when.first > published:
            value = f"{year - 1:04d}-{hit.value}"
        return replace(hit, value=value, yearless=True, loose=published is None or hit.value[0] == "H")


_ARABIC = ("السادس", "السابع", "الثامن", "التاسع", "العشرين", "الحادي")


def _of_roman(said: str) -> int:
    """0 where the letters are no number."""
    numbers = [_ROMAN.get(letter, 0) for letter in said]
    if 0 in numbers:
        return 0
    return sum(-one if one < following else one for one, following in zip(numbers, [*numbers[1:], 0], strict=True))


def _shifted(start: int, end: int, published: date, unit: str, step: int) -> Hit | None:
    try:
        return Hit(start, end, shift(published, unit, step))
    except (ValueError, OverflowError):  # before the year 1
        return None


def _season_year(season: str, step: int, published: date) -> int:
    """In which the season begins that was the last one, is the next one, or belongs to this year."""
    begun = SEASON_MONTH[season] <= published.month
    if step > 0:
        return published.year + begun
    if step < 0:
        running = interval(f"{published.year - (published.month < 3):04d}-{season}")
        over = running is not None and running.last < published
        return published.year - (0 if over and published.month >= 3 else 1)
    return published.year


@cache
def around(lang: str) -> Around | None:
    """None where the language has no row."""
    row = PHRASES.get(lang)
    return _compiled(row) if row else None


def _compiled(row: Phrases) -> Around:
    near = ((row.last, -1), (row.this, 0), (row.next, 1))
    decade = row.decade.replace("{tens}", _any(row.tens))
    scanned = (
        rf"|(?:{_words(row.century)})|(?:{_words(decade)})(?!\s?[-–/]\s?\d)|(?P<centuryname>{_any(row.hundreds)})"
        rf"|(?P<unit>{_any(row.units)})|(?P<season>{_any(row.seasons)})"
        rf"|(?P<part>{_words(row.quarter)}|{_words(row.half)})|q(?P<q>[1-4])|(?P<oneyear>{_any(row.years)})"
        r"|(?P<mon0>{month})|(?P<bare>(?:1[5-9]|20)\d\d)"
    )
    roman = ("i", "ii", "iii", "iv")
    ordinals = tuple(
        Sides.of(rf"{one}|{number}(?:\.|[-–:]?[^\W\d_]{{1,3}}|º|ª)?|{roman[number - 1]}", one)
        for number, one in enumerate(row.ordinals.split(","), 1)
    )
    return Around(
        scanned,
        Joints.of_words(row.of, row.year_first, row.to, row.between),
        _members(row.units),
        _members(row.numbers),
        _counted(row.ago, row.numbers),
        _counted(row.ahead, row.numbers),
        tuple((Sides.of(*words), step) for words, step in near),
        Sides.of(row.cue, "").before,
        re.compile(row.cue_behind or "(?!)"),
        _members(row.seasons),
        _members(f"{row.quarter},{row.half}"),
        ordinals,
        _members(row.tens),
        _members(row.hundreds),
        _members(row.years),
        re.compile(row.dual or "(?!)"),
        row.lead,
    )
