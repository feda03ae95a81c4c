"""Dates in Chinese, Japanese and Korean: numbers before the signs for year, month and day.

Read are days and months with a year (of the common era, of a Japanese one, in two digits, or counted from this year),
years in four digits, days of a month, days in figures, today and yesterday. A day without its month ("13日") is left
out: it may be a count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

from archive.entities.dates_calendar import nearest

LANGUAGES = frozenset({"ja", "ko", "zh"})
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "明治": 1867}  # the year before the first of each
_YEARS = {
    "ja": {"昨年": -1, "去年": -1, "今年": 0, "来年": 1},
    "ko": {"지난해": -1, "작년": -1, "올해": 0, "내년": 1},
    "zh": {"去年": -1, "今年": 0, "明年": 1},
}
_DAYS = {
    "ja": {"一昨日": 2, "昨日": 1, "今日": 0, "本日": 0},
    "ko": {"그저께": 2, "어제": 1, "오늘": 0},
    "zh": {"前天": 2, "昨天": 1, "昨日": 1, "今天": 0, "今日": 0},
}
_NOT_THESE = "(?!(?<=오늘)날|(?<=前天)气)"  # "these days", "before the weather"
_FIGURES = str.maketrans("０１２３４５６７８９", "0123456789")
_MONTH = r"(?:1[0-2]|0?[1-9])"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])"


@cache
def _pattern(lang: str) -> re.Pattern[str]:
    year = (
        rf"(?:(?P<era>{'|'.join(_ERAS)})\s?(?P<of_era>元|\d{{1,2}})|(?P<y>(?:1[5-9]|20)\d\d)|(?P<short>\d\d))\s?[年년]"
        rf"|(?P<near_year>{'|'.join(_YEARS[lang])})[の\s]?"
    )
    return re.compile(
        rf"(?<!\d)(?:(?:{year})\s?(?P<m>{_MONTH})\s?[月월](?:\s?(?P<d>{_DAY})\s?[日일号號])?"
        rf"|(?P<m2>{_MONTH})\s?[月월]\s?(?P<d2>{_DAY})\s?[日일号號]"
        r"|(?P<alone>(?:1[5-9]|20)\d\d)\s?[年년](?![間间])"
        rf"|(?P<iso>(?:19|20)\d\d(?P<sign>[./-])0?(?:1[0-2]|[1-9])(?P=sign){_DAY})(?!\d))"
        rf"|(?P<near_day>{'|'.join(_DAYS[lang])}){_NOT_THESE}"
    )


def find(text: str, published: date | None, lang: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, TIMEX3 value) of each date expression, in order; `lang` is one of LANGUAGES."""
    for match in _pattern(lang).finditer(text.translate(_FIGURES)):
        try:
            value = _value(match, published, lang)
        except (ValueError, OverflowError):  # 31 February, two days before the year 1
            continue
        if value:
            yield match.start(), match.end(), value


def _value(match: re.Match[str], published: date | None, lang: str) -> str | None:
    if match["iso"]:
        return date(*map(int, match["iso"].split(match["sign"]))).isoformat()
    if match["m"]:
        year, month = _year(match, published, lang), int(match["m"])
        if year is None:
            return None
        return date(year, month, int(match["d"])).isoformat() if match["d"] else f"{year:04d}-{month:02d}"
    if match["alone"]:
        return match["alone"]
    if published is None:
        return None
    if match["m2"]:
        return nearest(int(match["m2"]), int(match["d2"]), published).isoformat()
    return (published - timedelta(days=_DAYS[lang][match["near_day"]])).isoformat()


def _year(match: re.Match[str], published: date | None, lang: str) -> int | None:
    if match["era"]:
        return _ERAS[match["era"]] + (1 if match["of_era"] == "元" else int(match["of_era"]))
    if match["y"]:
        return int(match["y"])
    if published is None:
        return None
    if match["near_year"]:
        return published.year + _YEARS[lang][match["near_year"]]
    year = 2000 + int(match["short"])
    return year if year <= published.year + 1 else year - 100
