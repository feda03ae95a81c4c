"""Days as people write them in text: "31. Januar 2025", "Jan. 31, 2025", "31/1/2025", "2025年1月31日". Pure.

Names of months are those of the page's language and English (Unicode CLDR, by way of babel), whole or cut to three
letters or more. Which of two numbers is the month follows the page's country; where that is open, nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from archive.extraction import calendars
from archive.extraction.months import month_of, weekday_of

_EARLIEST = 1600
_BUDDHIST_YEARS = 2400  # a later year is one of the Buddhist era
_FIRST_SHORT = 1993  # … and a year of two numbers that would be earlier is none
_MARKS = frozenset("-/.")
# Signs of vowels and the like, which are no letters to `re`: of Latin, Arabic and Hebrew, of India, of Thai to Khmer.
_SIGNS = (
    "\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u0900-\u0963\u0971-\u0dff\u0e31-\u0e4e\u0eb1-\u0ece\u102b-\u103e\u17b6-\u17d3"
    "\u200c\u200d"
)
LETTER = rf"(?:(?![\d_])[\w{_SIGNS}])"
# Thai shortens names of months to letters with dots; May has two letters in Hindi and most languages of India, in
# Persian, Pashto, Urdu, Amharic and Burmese; four months of the Levant and two of Ireland have two words; Yoruba has
# hyphens.
_WORD = (
    rf"(?:(?:كانون|تشرين)\s(?:الأول|الاول|الثاني)|(?:Meán|Deireadh)\sFómhair|(?:t-)?{LETTER}{{3,}}(?:-{LETTER}{{2,3}}(?!{LETTER}))?"
    r"|(?:م[هیېۍئ]|[\u1200-\u137f]{2})\b|[\u0e00-\u0e4e]{1,3}\.[\u0e00-\u0e4e]{1,3}\."
    r"|(?:(?!\d)[\u0900-\u0dff]){2}|(?:(?!\d)[\u1000-\u109f]){2})"
)
# Between a day and its month; behind a day that stands behind its month; between a month and its year.
_OF = r"(?:(?:den?|dhen|d[ao]|of|ng|ga|a[nm]|нч[ыеи]|oṣù|ọjọ́)\s+|ខែ|ເດືອນ\s?|(?:d|ta)['’]\s?|ב)?"
_DAYS = r"(?:st|nd|rd|th|\s?(?:ရက်|ቀን|දින))?"
_IN_YEAR = r"(?:(?:del?|of|соли)\b|พ\.ศ\.|ค\.ศ\.|ឆ្នាំ|ປີ|,)?"
_DAY_FIRST = re.compile(
    rf"(?:(?<![\d./-])|(?<=ב-)|(?<=ika-))(\d{{1,2}})(?:\s?(?:st|nd|rd|th|er)\b|\s?[.ºª°]|-?{LETTER}{{1,3}}(?!{LETTER})|\sቀን)?\s*-?\s*{_OF}({_WORD})"
    rf"\s?[.,،'’]?\s?-?{_IN_YEAR}\s*(\d{{4}}|(?<=['’])\d\d)(?!\d)",
    re.IGNORECASE,
)
_SHORT = re.compile(rf"(?<![\d./-])(\d{{1,2}})-({_WORD})-(\d{{2}})(?![\d:/-])")  # 31-Jan-25
_SHORT_THAI = re.compile(r"(?<!\d)(\d{1,2})\s?([\u0e00-\u0e4e]{1,3}\.[\u0e00-\u0e4e]{1,3}\.)\s?(\d\d)(?![\d:])")
_MONTH_FIRST = re.compile(rf"({_WORD})\s?\.?\s*(\d{{1,2}}){_DAYS}\s*[,،፣၊]?\s*(\d{{4}})(?![\d:])", re.IGNORECASE)
# What stands behind a year that comes first: Latvian, Lithuanian, Basque, Kazakh, Kyrgyz, Tatar, Uzbek, Armenian,
# Uyghur, Burmese.
_OF_YEAR = (
    r"\.?\s?gada|\s?m\.|eko|\s?ж(?:ыл\w*|\.)|-?\s?жыл\w*|\s?ел\w*"
    r"|-?\s?yil\w*|\s?թ(?:\.|վական\w*)|\.|-?\s?يىل\w*|\s?ခုနှစ်၊?"
)
_YEAR_FIRST = re.compile(
    rf"(?<![\d./-])(\d{{4}})(?:{_OF_YEAR})?,?\s+(?:(\d{{1,2}})(?:\.\s*|-|\s+))?({_WORD})(?:\.?\s+(\d{{1,2}}))?(?!\d)",
    re.IGNORECASE,
)
_LAST_WORD = re.compile(rf"({LETTER}{{2,12}})\.?,?\s*$")
_ISO = re.compile(r"(?<![\d./-])(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?![\d/-])\.?")
_NUMBERS = re.compile(r"(?<![\d./-])(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2}(?![\d:]))(?![\d/-]|\.\d)")
# Numbers are also written in signs, and the same year in another count stands in brackets: 2025年(令和7年)5月6日.
_HAN = "〇零一二三四五六七八九"
_NUMBER, _ASIDE = rf"(\d{{1,2}}|[{_HAN}十]{{1,3}})", r"(?:[(（][^()（）]{1,8}[)）])?"
_YEAR, _MONTH_DAY = rf"\s?(?:[年년]\s?{_ASIDE}|{_ASIDE}年)\s?", rf"{_NUMBER}\s?[月월]\s?{_NUMBER}\s?[日일]"
_EAST = re.compile(rf"(\d{{4}}|[{_HAN}○]{{4}}){_YEAR}{_MONTH_DAY}")
# Years of an era: of emperors of Japan (元年 is the first), and of the Republic of China.
_ERA = re.compile(
    rf"(?:中[華华])?(令和|平成|昭和|大正|明治|民國|民国)\s?(\d{{1,3}}|元|[{_HAN}十百]{{1,6}}){_YEAR}{_MONTH_DAY}"
)
_BEFORE_ERA = {
    "令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "明治": 1867, "民國": 1911, "民国": 1911,
    "R": 2018, "H": 1988, "S": 1925,
}  # fmt: skip
_ERALETTER = re.compile(r"(?<![A-Za-z\d])([RHS])(\d{1,2})[.年/]\s?(\d{1,2})[.月/]\s?(\d{1,2})(?!\d)")
_REPUBLIC = re.compile(r"(?<![\d./-])(1\d\d)([年/.-])(\d{1,2})[月/.-](\d{1,2})(?![\d/-])")
_MONGOLIAN = re.compile(r"(\d{4})\s+оны\s+(\d{1,2})(?:\s?-?р|\s+д[уү]г[аэ]{2}р)?\s+сарын\s+(\d{1,2})", re.IGNORECASE)
_VIETNAMESE = re.compile(r"(\d{1,2})\s+tháng\s+(\d{1,2}),?\s+(?:năm\s+)?(\d{4})", re.IGNORECASE)
_MONTHS_OF_IRAN = f"{calendars.MONTHS_OF_IRAN},{calendars.MONTHS_OF_AFGHANISTAN}".split(",")
_NAMES_OF_IRAN = "|".join(_MONTHS_OF_IRAN).replace("ی", "[یي]")
_OF_IRAN = re.compile(
    rf"(?<![\d./-])(?P<day>\d{{1,2}})\s+(?P<month>{_NAMES_OF_IRAN})(?:[\s\u200c]?ماه)?\s*[،,]?\s*(?P<year>\d{{4}})(?!\d)"
    rf"|(?<!\d)(?:د\s+)?(?P<year2>\d{{4}})\s+کال\s+د\s+(?P<month2>{_NAMES_OF_IRAN})\s+(?:د\s+|میاشتې\s+)*(?P<day2>\d{{1,2}})(?!\d)"
)
_NAMES_OF_ETHIOPIA = calendars.MONTHS_OF_ETHIOPIA.replace(",", "|")
_OF_ETHIOPIA = re.compile(
    rf"(?P<month>{_NAMES_OF_ETHIOPIA})\s+(?P<day>\d{{1,2}})(?:\s+ቀን)?\s*[፣,]?\s*(?P<year>\d{{4}})(?!\d)"
    rf"|(?<!\d)(?P<day2>\d{{1,2}})\s+(?:ቀን\s+)?(?P<month2>{_NAMES_OF_ETHIOPIA})\s*[፣,]?\s*(?P<year2>\d{{4}})(?!\d)"
)
_MONTH_BEFORE_DAY = frozenset(
    "US PH FM MH PW PR GU VI AS".split()
)  # countries that write 1/31/2025 (CLDR, short dates)
_MOST = 400  # characters of a text that are looked at


@dataclass(frozen=True, slots=True)
class Habits:
    """How a page writes dates: its language ("" if unknown), whether the month comes first in 1/31/2025 (None: open),
    and the language that it says it is in, where that is another: templates print dates in their own.
    """

    lang: str = ""
    month_first: bool | None = None
    said: str = ""

    @property
    def langs(self) -> tuple[str, ...]:
        """The languages that names of months and weekdays may be in."""
        return tuple(dict.fromkeys((self.lang, self.said, "en")))


@dataclass(frozen=True, slots=True)
class Spelled:
    """A day found at [start, end) of a text."""

    day: date
    start: int
    end: int


def habits(lang: str, region: str, host: str, said: str = "") -> Habits:
    """The habits of a page, by language, the country that its language tag names, and its host."""
    if (said or lang) not in ("", "en"):
        month_first = (said or lang) == "fil" or (region in _MONTH_BEFORE_DAY and (said or lang) != "es")
        return Habits(lang, month_first, said)
    country = region or _country(host)
    return Habits(lang, country in _MONTH_BEFORE_DAY if country else None, said)


def of_languages(langs: tuple[str, ...]) -> Habits:
    """The habits of a text in the first of these languages, on a page that says the second."""
    lang, said, *_ = (*langs, "", "")
    return Habits(lang, None, said)


def days_in(text: str, how: Habits) -> list[Spelled]:
    """The full dates in a short text, in order; overlapping readings once, the first pattern that fits winning."""
    found: list[Spelled] = []
    for one in _all(text[:_MOST], how):
        if all(one.end <= other.start or one.start >= other.end for other in found):
            found.append(one)
    return sorted(found, key=lambda one: one.start)


def without_days(text: str, how: Habits) -> str:
    """`text` with a bar in place of every date in it."""
    for one in reversed(days_in(text, how)):
        text = f"{text[: one.start]} | {text[one.end :]}"
    return text


def day_of_numbers(first: int, second: int, year: int, how: Habits) -> date | None:
    """The day of "11/05/2007": by what can be, else by the page's habit; None where that is not known."""
    if first > 12 or second > 12 or first == second:
        month, day = (second, first) if first > 12 else (first, second)
        return _date(year, month, day)
    if how.month_first is None:
        return None
    return _date(year, first, second) if how.month_first else _date(year, second, first)


def _all(text: str, how: Habits) -> Iterator[Spelled]:
    for pattern, read in _FORMS:
        for match in pattern.finditer(text):
            day = read(match, how)
            if day is not None:
                yield Spelled(day, match.start(), match.end())


def _year_month_day(match: re.Match[str], how: Habits) -> date | None:
    year, month, day = (_counted(number) for number in match.groups() if number not in _MARKS)
    if year in calendars.YEARS_OF_IRAN and ("fa" in how.langs or not match[0].isascii()):
        return _of(calendars.of_iran, year, month, day)
    return _date(_of_our_era(year, how), month, day)


def _counted(number: str) -> int:
    """The number in digits or in signs: 二〇二五 (one after the other) or 三十一 and 百十四 (in words)."""
    if number.isdecimal():
        return int(number)
    if not set(number) & set("十百"):
        return int("".join(str(max(_HAN.find(sign) - 1, 0)) for sign in number))
    hundreds, _, rest = number.rpartition("百")
    tens, ten, ones = rest.rpartition("十")
    parts = (hundreds or "一" if "百" in number else "", tens or "一" if ten else "", ones.lstrip("零〇"))
    return sum(_counted(part) * unit for part, unit in zip(parts, (100, 10, 1), strict=True) if part)


def _of_our_era(year: int, how: Habits) -> int:
    return year - calendars.BUDDHIST if "th" in how.langs and year > _BUDDHIST_YEARS else year


def _of_iran(match: re.Match[str], _: Habits) -> date | None:
    said = _first(match, "month").replace("ي", "ی")  # as keyboards of Arabic have it
    month = next(number for number, names in enumerate(_MONTHS_OF_IRAN) if said in names.split("|")) % 12 + 1
    year = int(_first(match, "year"))
    return _of(calendars.of_iran, year, month, int(_first(match, "day"))) if year in calendars.YEARS_OF_IRAN else None


def _of_ethiopia(match: re.Match[str], how: Habits) -> date | None:
    """In Amharic; in Tigrinya most of these names are those of our months."""
    said = _first(match, "month")
    months = enumerate(calendars.MONTHS_OF_ETHIOPIA.split(","), 1)
    month = next(number for number, names in months if said in names.split("|"))
    year, day = int(_first(match, "year")), int(_first(match, "day"))
    return _of(calendars.of_ethiopia, year, month, day) if "am" in how.langs else None


def _first(match: re.Match[str], name: str) -> str:
    """What one of two ways to write a date has under a name."""
    return match[name] or match[f"{name}2"]


def _of_era(match: re.Match[str], _: Habits) -> date | None:
    year = 1 if match[2] == "元" else _counted(match[2])
    return _date(_BEFORE_ERA[match[1]] + year, _counted(match[3]), _counted(match[4]))


def _of_era_letter(match: re.Match[str], how: Habits) -> date | None:
    return _of_era(match, how) if "ja" in how.langs else None


def _of_republic(match: re.Match[str], how: Habits) -> date | None:
    """Years of the Republic of China without a word for it, as authorities of Taiwan write them."""
    return _date(_BEFORE_ERA["民國"] + int(match[1]), int(match[3]), int(match[4])) if "zh" in how.langs else None


def _vietnamese(match: re.Match[str], _: Habits) -> date | None:
    return _date(int(match[3]), int(match[2]), int(match[1]))


def _day_month(match: re.Match[str], how: Habits) -> date | None:
    return _named(match[3], match[2], match[1], how)


def _day_month_short(match: re.Match[str], how: Habits) -> date | None:
    return _named(str(_whole(int(match[3]))), match[2], match[1], how)


def _whole(year: int) -> int:
    """The year of two digits, as POSIX strptime has it."""
    return year if year >= 100 else year + (1900 if year >= 69 else 2000)


def _short_thai(match: re.Match[str], how: Habits) -> date | None:
    """6 พ.ค. 68: the last two numbers of a year of the Buddhist era, those that can be."""
    year = int(match[3]) + 2500 - calendars.BUDDHIST
    return _named(str(year if year > _FIRST_SHORT else int(match[3]) + 2000), match[2], match[1], how)


def _month_day(match: re.Match[str], how: Habits) -> date | None:
    return _named(match[3], match[1], match[2], how)


def _year_first(match: re.Match[str], how: Habits) -> date | None:
    """2025. május 6. or 2025 m. gegužės 6 d., but not both days at once."""
    return _named(match[1], match[3], match[2] or match[4], how) if bool(match[2]) != bool(match[4]) else None


def _numbers(match: re.Match[str], how: Habits) -> date | None:
    first, second, year = int(match[1]), int(match[3]), _of_our_era(_whole(int(match[4])), how)
    if (
        match[2] != "/" and (how.said or how.lang) != "en"
    ):  # with dots and hyphens the day comes first everywhere but in English
        return _date(year, second, first)
    return day_of_numbers(first, second, year, how) or _by_weekday(match, first, second, year, how)


def _by_weekday(match: re.Match[str], first: int, second: int, year: int, how: Habits) -> date | None:
    """The day of two numbers, either of which may be the month, that is the weekday before them: Tue, 05/06/2025."""
    word = _LAST_WORD.search(match.string[: match.start()])
    weekday = weekday_of(word[1], how.langs) if word else None
    days = [day for day in (_date(year, first, second), _date(year, second, first)) if day and day.weekday() == weekday]
    return days[0] if len(days) == 1 else None


def _named(year: str, month: str, day: str, how: Habits) -> date | None:
    number = month_of(month, how.langs)
    if number is None:
        return None
    return _date(_of_our_era(_whole(int(year)), how), number, int(day))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year >= _EARLIEST else None
    except ValueError:
        return None


def _of(calendar: Callable[[int, int, int], date], year: int, month: int, day: int) -> date | None:
    try:
        return calendar(year, month, day)
    except ValueError:
        return None


def _country(host: str) -> str:
    """The country of a host that is registered in one, "" for .com and the like."""
    last = host.rsplit(".", 1)[-1].upper()
    return {"UK": "GB", "GOV": "US", "MIL": "US", "EDU": "US"}.get(last, last if len(last) == 2 else "")


# In order of trust: what an earlier one reads, no later one reads again.
_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], Habits], date | None]], ...] = (
    (_ERA, _of_era),
    (_EAST, _year_month_day),
    (_ERALETTER, _of_era_letter),
    (_REPUBLIC, _of_republic),
    (_MONGOLIAN, _year_month_day),
    (_VIETNAMESE, _vietnamese),
    (_OF_IRAN, _of_iran),
    (_OF_ETHIOPIA, _of_ethiopia),
    (_DAY_FIRST, _day_month),
    (_SHORT, _day_month_short),
    (_SHORT_THAI, _short_thai),
    (_MONTH_FIRST, _month_day),
    (_YEAR_FIRST, _year_first),
    (_ISO, _year_month_day),
    (_NUMBERS, _numbers),
)
