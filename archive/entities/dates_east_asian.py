"""Dates in Chinese, Japanese and Korean: numbers before the signs for year, month and day, and words for periods.

A day without its month ("13日") is read only where a time of day, a comma or a verb of saying follows: it may be a
count. How the three say what is near: dates_east_asian_words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from archive.entities.dates_calendar import interval, month_end, nearest, shift, shift_months
from archive.entities.dates_east_asian_words import SIGNS, Signs
from archive.entities.dates_joined import Hit, Joints, join

LANGUAGES = SIGNS.keys()
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "明治": 1867}  # the year before the first of each
_FIGURES = str.maketrans("０１２３４５６７８９", "0123456789")
_NUMBERS = {sign: number for number, sign in enumerate("〇一二三四五六七八九十")} | {"两": 2, "兩": 2, "半": 0}
_MONTH = r"(?:1[0-2]|0?[1-9])"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])"
_SEASONS = ("SP", "SU", "FA", "WI")
_TO = r"\s?(?:至|到|から|부터|에서|[-–—－~〜～∼])\s?"
_JOINTS = Joints(to=re.compile(_TO))
_NEAR_MONTHS = 2  # so far ahead a month is the next one where no verb tells
_AROUND = 24  # characters on either side in which a verb tells where the clause looks
_CLAUSE = re.compile("[，。、；！？,.;!?\n「」“”]")
Match = re.Match[str]


@dataclass(frozen=True, slots=True)
class _Language:
    starts: re.Pattern[str]  # signs that an expression may begin with: few do
    pattern: re.Pattern[str]
    years: dict[str, int]
    days: dict[str, int]
    near: dict[str, tuple[str, int]]  # "上周" → week, -1
    weekdays: str
    seasons: tuple[str, ...]
    units: dict[str, str]
    numbers: dict[str, int]
    future: re.Pattern[str]


def _any(words: dict[str, int] | dict[str, str] | dict[str, tuple[str, int]]) -> str:
    """The longest first: one may be the beginning of another."""
    return "|".join(sorted(words, key=len, reverse=True))


@cache
def _language(lang: str) -> _Language:
    signs = SIGNS[lang]
    numbers = _NUMBERS | signs.numbers
    words = [*_ERAS, *numbers, *signs.years, *signs.days, *signs.near, *signs.half.split("|"), signs.last_century]
    return _Language(
        re.compile(f"[{''.join({word[0] for word in words})}{signs.weekdays}0-9第周週星礼]"),
        re.compile(_pattern(signs)),
        signs.years,
        signs.days,
        signs.near,
        signs.weekdays,
        signs.seasons,
        signs.units,
        numbers,
        re.compile(signs.future),
    )


def _pattern(signs: Signs) -> str:
    year = (
        rf"(?:(?P<era>{'|'.join(_ERAS)})\s?(?P<of_era>元|\d{{1,2}})|(?P<y>(?:1[5-9]|20)\d\d)|(?P<short>\d\d))\s?[年년]"
        rf"|(?P<near_year>{_any(signs.years)})[の的\s]?"
    )
    any_year = rf"(?:(?P<y_{{0}}>(?:1[5-9]|20)\d\d)\s?[年년][の的\s]?度?|(?P<near_{{0}}>{_any(signs.years)})[の的\s]?)"
    number = rf"\d{{1,3}}|[一二三四五六七八九十两兩]{{1,3}}|{'|'.join(signs.numbers) or '(?!)'}"
    of_week = rf"\s?[（(](?:周|星期|週)?[{signs.weekdays}](?:曜日?|요일)?[)）]"
    days = (
        rf"(?P<d{{0}}>{_DAY})\s?(?:[日일号號](?:{of_week})?(?:{_TO}(?P<to{{0}}>{_DAY})\s?[日일号號])?"
        rf"|(?:{_TO}|[、,，・])(?P<end{{0}}>{_DAY})\s?[日일号號])"
    )
    return (
        rf"(?<!\d)(?:(?:{year})\s?(?P<m>{_MONTH})\s?[月월](?:\s?{days.format('')})?"
        rf"|(?P<of_near>{_any({word: near for word, near in signs.near.items() if near[0] == 'month'})})\s?"
        rf"(?P<of_day>{_DAY})\s?[日일号號]"
        rf"|(?P<way>(?:지난|오는)\s?)?(?P<m2>{_MONTH})\s?[月월]\s?{days.format('2')}"
        rf"|{any_year.format('q')}?{signs.quarter}"
        rf"|{any_year.format('h')}?(?P<half>{signs.half})"
        rf"|{any_year.format('s')}(?P<season>{'|'.join(signs.seasons)})(?![节節晚运運])"
        rf"|(?:{signs.last_century}|(?P<of_cen>\d\d)\s?世[纪紀]\s?|(?P<cc>1[5-9]|20))?(?P<dec>[1-9]0)\s?(?:年代|년대)"
        r"|(?P<cen>\d\d)\s?(?:世[纪紀]|세기)"
        rf"|(?P<n>{number})\s?(?P<unit>{_any(signs.units)})\s?[前전](?![后後])"
        r"|(?P<alone>(?:1[5-9]|20)\d\d)\s?[年년](?![间間代대])"
        rf"|(?P<from>(?:1[89]|20)\d\d){_TO}(?P<until>(?:1[89]|20)\d\d)\s?[年년]"
        rf"|(?P<iso>(?:19|20)\d\d(?P<sign>[./-])0?(?:1[0-2]|[1-9])(?P=sign){_DAY})(?!\d)"
        rf"|(?P<first_month>{_MONTH})\s?月?{_TO}(?P<last_month>{_MONTH})\s?[月월](?!\s?\d)"
        rf"|(?P<way2>(?:지난|오는)\s?)?(?P<lone_month>{_MONTH})\s?[月월](?![号號間]|\s?\d)"
        rf"|(?P<lone_day>{_DAY})\s?[日일]{signs.behind_day})"
        rf"|(?P<week>{_any({word: near for word, near in signs.near.items() if near[0] == 'week'})})?[の\s]?"
        rf"(?<![每毎매]){signs.weekday}"
        rf"|(?P<near_day>{_any(signs.days)}){signs.not_these}|(?P<near>{_any(signs.near)})"
        rf"|(?P<year_alone>{_any(signs.years)})"
    )


def find(text: str, published: date | None, lang: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, TIMEX3 value) of each date expression, in order; `lang` is one of LANGUAGES."""
    text = text.translate(_FIGURES)
    for hit in join(text, _hits(text, published, _language(lang)), _JOINTS):
        yield hit.start, hit.end, hit.value


def _hits(text: str, published: date | None, language: _Language) -> Iterator[Hit]:
    position = 0
    for start in language.starts.finditer(text):
        if start.start() < position or not (match := language.pattern.match(text, start.start())):
            continue
        position = match.end()
        try:
            value = _value(match, published, language)
        except (ValueError, OverflowError):  # 31 February, two days before the year 1
            continue
        if value:
            yield Hit(match.start(), match.end(), value, yearless=bool(match["m2"] or match["lone_month"]))


def _value(match: Match, published: date | None, language: _Language) -> str | None:
    if match["iso"]:
        return date(*map(int, match["iso"].split(match["sign"]))).isoformat()
    if match["m"]:
        year, month = _year(match, published, language), int(match["m"])
        if year is None:
            return None
        return (
            _days(date(year, month, int(match["d"])), match["to"] or match["end"])
            if match["d"]
            else f"{year:04d}-{month:02d}"
        )
    if match["alone"]:
        return match["alone"]
    if match["from"]:
        return f"{match['from']}/{match['until']}" if match["from"] < match["until"] else None
    if match["dec"]:
        return f"{match['cc'] or int(match['of_cen'] or 20) - 1}{match['dec'][0]}"
    if match["cen"]:
        return f"{int(match['cen']) - 1:02d}" if int(match["cen"]) < 23 else None
    if value := _part_of_year(match, published, language):
        return value
    return _near(match, published, language) if published is not None else None


def _days(first: date, last: str | None) -> str:
    if not last or int(last) <= first.day:
        return first.isoformat()
    return f"{first}/{first.replace(day=int(last))}"


def _part_of_year(match: Match, published: date | None, language: _Language) -> str | None:
    """A quarter, a half or a season of a year."""
    if match["quarter"]:
        name, part = "q", f"Q{_number(match['quarter'], language)}"
    elif match["half"]:
        name, part = "h", "H1" if match["half"][0] in "上상" else "H2"
    elif match["season"]:
        name, part = (
            "s",
            _SEASONS[next(at for at, one in enumerate(language.seasons) if match["season"] in one.split("|"))],
        )
    else:
        return None
    if match[f"y_{name}"]:
        return f"{match[f'y_{name}']}-{part}"
    if published is None:
        return None
    if match[f"near_{name}"]:
        return f"{published.year + language.years[match[f'near_{name}']]:04d}-{part}"
    when = interval(f"{published.year:04d}-{part}")
    return f"{published.year - (when is not None and when.first > published):04d}-{part}"


def _season(word: str, language: _Language) -> int:
    return next(at for at, forms in enumerate(language.seasons) if word in forms.split("|"))


def _near(match: Match, published: date, language: _Language) -> str | None:
    if match["m2"]:
        day = nearest(int(match["m2"]), int(match["d2"]), published)
        if match["way"] and (day > published) != match["way"].startswith("오"):
            day = day.replace(year=day.year + (1 if day < published else -1))
        return _days(day, match["to2"] or match["end2"])
    if match["of_near"]:
        month = shift(published, *language.near[match["of_near"]])
        return date.fromisoformat(f"{month}-{int(match['of_day']):02d}").isoformat()
    if match["unit"]:
        return shift(published, language.units[match["unit"]], -_number(match["n"], language))
    if match["wd"]:
        return _weekday(match, published, language)
    if match["near_day"]:
        return (published - timedelta(days=language.days[match["near_day"]])).isoformat()
    if match["near"]:
        return shift(published, *language.near[match["near"]])
    if match["year_alone"]:
        return f"{published.year + language.years[match['year_alone']]:04d}"
    if match["lone_day"]:
        return _day_alone(match, published, language).isoformat()
    if match["first_month"]:
        first = _month_alone(match, int(match["first_month"]), published, language)
        last = f"{first[:5]}{int(match['last_month']):02d}"
        return f"{first}/{last}" if first < last else None
    return _month_alone(match, int(match["lone_month"]), published, language)


def _month_alone(match: Match, month: int, published: date, language: _Language) -> str:
    ahead, coming = month - published.month, _looks_ahead(match, language)
    if match["way2"]:
        coming = match["way2"].startswith("오")
        return f"{published.year + (coming and ahead < 0) - (not coming and ahead > 0):04d}-{month:02d}"
    year = published.year + (coming and ahead < -_NEAR_MONTHS) - (not coming and ahead > _NEAR_MONTHS)
    return f"{year:04d}-{month:02d}"


def _day_alone(match: Match, published: date, language: _Language) -> date:
    """The last day of that number, or the next where a verb says so; tomorrow may be today elsewhere."""
    day, coming = int(match["lone_day"]), _looks_ahead(match, language)
    latest = published + timedelta(days=1)
    months = [shift_months(published.replace(day=1), step) for step in (-2, -1, 0, 1, 2)]
    days = [one.replace(day=day) for one in months if day <= month_end(one.year, one.month).day]
    return min(one for one in days if one >= published) if coming else max(one for one in days if one <= latest)


def _weekday(match: Match, published: date, language: _Language) -> str:
    weekday = language.weekdays.index(match["wd"]) % 7
    if match["week"]:
        monday = published - timedelta(days=published.weekday()) + timedelta(weeks=language.near[match["week"]][1])
        return (monday + timedelta(days=weekday)).isoformat()
    ahead = (weekday - published.weekday()) % 7
    days = ahead if _looks_ahead(match, language) else -((7 - ahead) % 7)
    return (published + timedelta(days=days)).isoformat()


def _looks_ahead(match: Match, language: _Language) -> bool:
    text = match.string
    before = _CLAUSE.split(text[max(0, match.start() - _AROUND) : match.start()])[-1]
    behind = _CLAUSE.split(text[match.end() : match.end() + _AROUND])[0]
    return language.future.search(before + behind) is not None


def _number(said: str, language: _Language) -> int:
    """ "3", "三", "十二", "세" as a number."""
    if said.isdigit():
        return int(said)
    if said in language.numbers:
        return language.numbers[said]
    tens, _, ones = said.partition("十")
    return 10 * language.numbers.get(tens, 1) + language.numbers.get(ones, 0)


def _year(match: Match, published: date | None, language: _Language) -> int | None:
    if match["era"]:
        return _ERAS[match["era"]] + (1 if match["of_era"] == "元" else int(match["of_era"]))
    if match["y"]:
        return int(match["y"])
    if published is None:
        return None
    if match["near_year"]:
        return published.year + language.years[match["near_year"]]
    year = 2000 + int(match["short"])
    return year if year <= published.year + 1 else year - 100
