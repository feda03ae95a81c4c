"""Days as people write them in text: "31. Januar 2025", "Jan. 31, 2025", "31/1/2025", "2025年1月31日". Pure.

Names of months are those of the page's language and English (Unicode CLDR, by way of babel), whole or cut to three
letters or more. Which of two numbers is the month follows the page's country; where that is open, nothing is guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from archive.extraction.calendars import BUDDHIST, MONTHS_OF_IRAN, YEARS_OF_IRAN, of_iran

_EARLIEST = 1600
# Signs of vowels and the like, which are no letters to `re`: of Latin, Arabic and Hebrew, of India, of Thai to Khmer.
_SIGNS = (
    "\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u0900-\u0963\u0971-\u0dff\u0e31-\u0e4e\u0eb1-\u0ece\u102b-\u103e\u17b6-\u17d3"
    "\u200c\u200d"
)
_LETTER = rf"(?:(?![\d_])[\w{_SIGNS}])"
# Thai shortens names of months to letters with dots; May has two letters in Hindi and most languages of India; four
# months of the Levant and two of Ireland have two words; May has two letters in Persian and Amharic.
_WORD = (
    rf"(?:(?:كانون|تشرين)\s(?:الأول|الاول|الثاني)|(?:Meán|Deireadh)\sFómhair|{_LETTER}{{3,}}|(?:مه|می|[\u1200-\u137f]{{2}})\b|[\u0e00-\u0e4e]{{1,3}}\.[\u0e00-\u0e4e]{{1,3}}\."
    r"|(?:(?!\d)[\u0900-\u0dff]){2})"
)
# Countries whose months have other names than their language has elsewhere: the Levant, Algeria, Afghanistan.
_ALSO = {"ar": ("ar_SY", "ar_DZ"), "fa": ("fa_AF",)}
_DAY_FIRST = re.compile(
    rf"(?:(?<![\d./-])|(?<=ב-)|(?<=ika-))(\d{{1,2}})(?:\s?(?:st|nd|rd|th|er)\b|\s?[.ºª°])?\s*-?\s*(?:(?:de|of|ng)\s+|(?:d|ta)['’]\s?"
    rf"|ב)?({_WORD})\s?[.,،]?\s?-?(?:(?:del?|of)\b|,)?\s*(\d{{4}})(?!\d)",
    re.IGNORECASE,
)
_SHORT = re.compile(rf"(?<![\d./-])(\d{{1,2}})-({_WORD})-(\d{{2}})(?![\d:/-])")  # 31-Jan-25
_MONTH_FIRST = re.compile(rf"({_WORD})\s?\.?\s*(\d{{1,2}})(?:st|nd|rd|th)?\s*,?\s*(\d{{4}})(?![\d:])", re.IGNORECASE)
# What stands behind a year that comes first: Latvian, Lithuanian, Basque, Kazakh, Kyrgyz, Tatar, Uzbek, Armenian.
_OF_YEAR = r"\.?\s?gada|\s?m\.|eko|\s?ж(?:ыл\w*|\.)|-?\s?жыл\w*|\s?ел\w*|-?\s?yil\w*|\s?թ(?:\.|վական\w*)|\."
_YEAR_FIRST = re.compile(
    rf"(?<![\d./-])(\d{{4}})(?:{_OF_YEAR})?,?\s+(?:(\d{{1,2}})(?:\.\s*|-|\s+))?({_WORD})(?:\.?\s+(\d{{1,2}}))?(?!\d)",
    re.IGNORECASE,
)
_ISO = re.compile(r"(?<![\d./-])(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?![\d/-])\.?")
_NUMBERS = re.compile(r"(?<![\d./-])(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2}(?![\d:]))(?![\d/-]|\.\d)")
_EAST = re.compile(r"(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]")
# Years of an era: of emperors of Japan (元年 is the first), and of the Republic of China.
_ERA = re.compile(r"(令和|平成|昭和|大正|明治|民國|民国)\s?(\d{1,3}|元)\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})\s?日")
_BEFORE_ERA = {"令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "明治": 1867, "民國": 1911, "民国": 1911}
_MONGOLIAN = re.compile(r"(\d{4})\s+оны\s+(\d{1,2})(?:\s?-?р|\s+д[уү]г[аэ]{2}р)?\s+сарын\s+(\d{1,2})", re.IGNORECASE)
_VIETNAMESE = re.compile(r"(\d{1,2})\s+tháng\s+(\d{1,2}),?\s+(?:năm\s+)?(\d{4})", re.IGNORECASE)
_MONTHS_OF_IRAN = MONTHS_OF_IRAN.replace(",", "|").replace("ی", "[یي]")
_OF_IRAN = re.compile(rf"(?<![\d./-])(\d{{1,2}})\s+({_MONTHS_OF_IRAN})(?:[\s\u200c]?ماه)?\s*[،,]?\s*(\d{{4}})(?!\d)")
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


def month_of(word: str, langs: tuple[str, ...]) -> int | None:
    """The number of the month that a word names in one of some languages, whole or cut."""
    folded = _fold(word)
    for lang in langs:
        names = _months(lang)
        if folded in names:
            return names[folded]
        numbers = {number for name, number in names.items() if len(folded) >= 3 and name.startswith(folded)}
        if lang != "en":
            numbers = numbers or {number for name, number in names.items() if _is_inflected(folded, name)}
        if len(numbers) == 1:
            return numbers.pop()
    return None


def _is_inflected(word: str, name: str) -> bool:
    """Whether a word is a case of a name that CLDR does not list.

    Serbian марта of март, Latvian martā of marts, Basque maiatzaren of maiatza.
    """
    common = next((at for at, (one, other) in enumerate(zip(word, name, strict=False)) if one != other), None)
    common = min(len(word), len(name)) if common is None else common
    return (
        common >= max(3, len(name) - 2)
        and (common >= 4 or common == len(name))
        and len(word) <= len(name) + (3 if common >= 5 else 2)
    )


def _all(text: str, how: Habits) -> Iterator[Spelled]:
    for pattern, read in _FORMS:
        for match in pattern.finditer(text):
            day = read(match, how)
            if day is not None:
                yield Spelled(day, match.start(), match.end())


def _year_month_day(match: re.Match[str], how: Habits) -> date | None:
    year, month, day = (int(number) for number in match.groups() if number.isdigit())
    if year in YEARS_OF_IRAN and ("fa" in how.langs or not match[0].isascii()):
        return _date_of_iran(year, month, day)
    return _date(year, month, day)


def _of_iran(match: re.Match[str], _: Habits) -> date | None:
    names = MONTHS_OF_IRAN.split(",")
    said = match[2].replace("ي", "ی")  # as keyboards of Arabic have it
    month = next(number for number, name in enumerate(names, 1) if said in name.split("|"))
    return _date_of_iran(int(match[3]), month, int(match[1])) if int(match[3]) in YEARS_OF_IRAN else None


def _of_era(match: re.Match[str], _: Habits) -> date | None:
    year = 1 if match[2] == "元" else int(match[2])
    return _date(_BEFORE_ERA[match[1]] + year, int(match[3]), int(match[4]))


def _vietnamese(match: re.Match[str], _: Habits) -> date | None:
    return _date(int(match[3]), int(match[2]), int(match[1]))


def _day_month(match: re.Match[str], how: Habits) -> date | None:
    return _named(match[3], match[2], match[1], how)


def _day_month_short(match: re.Match[str], how: Habits) -> date | None:
    return _named(str(_whole(int(match[3]))), match[2], match[1], how)


def _whole(year: int) -> int:
    """The year of two digits, as POSIX strptime has it."""
    return year if year >= 100 else year + (1900 if year >= 69 else 2000)


def _month_day(match: re.Match[str], how: Habits) -> date | None:
    return _named(match[3], match[1], match[2], how)


def _year_first(match: re.Match[str], how: Habits) -> date | None:
    """2025. május 6. or 2025 m. gegužės 6 d., but not both days at once."""
    return _named(match[1], match[3], match[2] or match[4], how) if bool(match[2]) != bool(match[4]) else None


def _numbers(match: re.Match[str], how: Habits) -> date | None:
    first, second, year = int(match[1]), int(match[3]), _whole(int(match[4]))
    if (
        match[2] != "/" and (how.said or how.lang) != "en"
    ):  # with dots and hyphens the day comes first everywhere but in English
        return _date(year, second, first)
    return day_of_numbers(first, second, year, how)


def _named(year: str, month: str, day: str, how: Habits) -> date | None:
    number = month_of(month, how.langs)
    if number is None:
        return None
    shift = BUDDHIST if "th" in how.langs and int(year) > 2400 else 0
    return _date(int(year) - shift, number, int(day))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year >= _EARLIEST else None
    except ValueError:
        return None


def _date_of_iran(year: int, month: int, day: int) -> date | None:
    try:
        return of_iran(year, month, day)
    except ValueError:
        return None


def is_weekday(word: str, langs: tuple[str, ...]) -> bool:
    """Whether a word is the name of a weekday in one of some languages, whole or cut to two letters or more."""
    folded = _fold(word)
    names = (name for lang in langs for name in _weekdays(lang))
    return len(folded) >= 2 and any(name.startswith(folded) or _is_inflected(folded, name) for name in names)


@cache
def _weekdays(lang: str) -> frozenset[str]:
    """Their names, folded, and the words of those that have several ("thứ ba")."""
    names = [name for _, name in _names("days", lang)]
    return frozenset(
        filter(None, map(_fold, [*names, *(word for name in names for word in re.split(r"[\s\u200c]", name))]))
    )


@cache
def _months(lang: str) -> dict[str, int]:
    """Names and short forms of months, folded."""
    found: dict[str, int] = {}
    for number, name in (one for locale in (lang, *_ALSO.get(lang, ())) for one in _names("months", locale)):
        if len(word := _fold(name)) >= 2 and not word.isdigit():
            found.setdefault(word, number)
    return found


def _names(kind: str, lang: str) -> Iterator[tuple[int, str]]:
    """Names of months or days with their numbers, whole and short, as they stand alone and within a date."""
    from babel import Locale, UnknownLocaleError

    try:
        calendar = getattr(Locale.parse(lang or "en"), kind)
    except (ValueError, UnknownLocaleError):
        return
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            yield from calendar[context][width].items()


def _fold(word: str) -> str:
    """Its letters, with the vowels of scripts that write these as signs, without accents."""
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(char for char in plain if char.isalpha() or _is_vowel(char))


def _is_vowel(char: str) -> bool:
    return unicodedata.category(char)[0] == "M" and not unicodedata.combining(char)


def _country(host: str) -> str:
    """The country of a host that is registered in one, "" for .com and the like."""
    last = host.rsplit(".", 1)[-1].upper()
    return {"UK": "GB", "GOV": "US", "MIL": "US", "EDU": "US"}.get(last, last if len(last) == 2 else "")


# In order of trust: what an earlier one reads, no later one reads again.
_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], Habits], date | None]], ...] = (
    (_ERA, _of_era),
    (_EAST, _year_month_day),
    (_MONGOLIAN, _year_month_day),
    (_VIETNAMESE, _vietnamese),
    (_OF_IRAN, _of_iran),
    (_DAY_FIRST, _day_month),
    (_SHORT, _day_month_short),
    (_MONTH_FIRST, _month_day),
    (_YEAR_FIRST, _year_first),
    (_ISO, _year_month_day),
    (_NUMBERS, _numbers),
)
