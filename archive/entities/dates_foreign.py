"""Dates in languages other than English.

Those of the table in dates_words: days, months with a year, weekdays, today and yesterday, by the names of months and
days alone; those that have a row in dates_phrases, too: months and years alone, ranges, quarters, seasons, decades,
centuries, last week, three years ago. Chinese, Japanese and Korean: see dates_east_asian. Any other language:
dateparser's search, over the first 2,000 characters and for full dates only, because it is slow and takes many words
for dates, and where that finds none the names of months that CLDR has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

from archive.entities import dates_east_asian
from archive.entities.dates_around import Around, Sides, around
from archive.entities.dates_calendar import nearest
from archive.entities.dates_joined import Hit, Joints, join
from archive.entities.dates_words import LIKE, WORDS
from archive.extraction.calendars import BUDDHIST, of_iran

_DAY = timedelta(days=1)
_CAPITAL_DAYS = frozenset({"de", "el", "id", "tr", "ar", "fa", "he"})  # the last three have no capitals
_DAYS_BACK = 0, 1, 2, -1  # of `today` of the table
_MONTHS = 12  # of our calendar; what is behind them in the table is of Iran's
_OF_IRAN = range(1210, 1635)  # years that are meant in its calendar
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "0123456789" * 2)
_DIGIT = re.compile("[٠-٩۰-۹]")  # most texts have none: to look for one is much faster than to exchange them
# Whole dates, and months with their year.
_ORDER = (
    r"(?P<d>[1-3]?\d)(?:\.|er|º|ro)?\s(?:de\s|d['’])?(?P<mon>{month})(?:,?\s(?:de[l]?\s)?(?P<y>(?:1[5-9]|20)\d\d))?"
    r"|(?P<mon2>{month})\s(?:de[l]?\s)?(?P<y2>(?:1[5-9]|20)\d\d)"
    r"|(?P<d3>[0-3]?\d)[./](?P<m3>[01]?\d)[./](?P<y3>(?:19|20)\d\d)"
)
_PIECE, _LAP = 340, 60  # characters that are looked at together, and those of the next that may belong to it
_CAP = 2000
_BESIDE = 16  # characters before a weekday that are looked at
LANGUAGES = WORDS.keys() | LIKE.keys()
# "sagte am Dienstag, die Stadt werde": the verb of another clause says nothing.
_CLAUSE = re.compile(
    r"[,;:.!?()„“”»«\"\n–—]|(?<!\w)(?:dass|daß|que|che|dat|weil|parce|porque|perché|omdat|att|at|că|że|že|что|що|че|"
    r"ότι|että|bahwa)(?!\w)"
)
_NEAR_MONTHS = 2  # so far ahead a month is the next one where no verb tells
_NEAR = 60  # characters of a clause on either side that are looked at


@dataclass(frozen=True, slots=True)
class _Language:
    pattern: re.Pattern[str]
    months: tuple[re.Pattern[str], ...]
    weekdays: tuple[re.Pattern[str], ...]
    today: tuple[re.Pattern[str], ...]
    next: Sides
    past: Sides
    future: re.Pattern[str]
    around: Around | None
    small_days: bool  # days and months are written in small letters


@cache
def _language(lang: str) -> _Language:
    words = WORDS[lang]
    month, weekday, near = (_any(names) for names in (words.months, words.weekdays, words.today))
    phrases = around(lang)
    pattern = (
        (words.order or _ORDER) + r"|(?P<iso>\d{4}-\d\d-\d\d)"
        rf"|(?P<wd>{weekday})|(?P<near>{near})" + (phrases.scanned if phrases else "")
    ).replace("{month}", f"(?:{month})")
    begin = rf"(?:(?<!\w)|(?<=(?<!\w)[{phrases.lead}]))" if phrases and phrases.lead else r"(?<!\w)"
    return _Language(
        re.compile(rf"{begin}(?:{pattern})(?!\w)"),
        _numbered(words.months),
        _numbered(words.weekdays),
        _numbered(words.today),
        _beside(*words.next),
        _beside(*words.past),
        re.compile(rf"(?<!\w)(?:{words.future or '(?!)'})(?!\w)"),
        phrases,
        lang not in _CAPITAL_DAYS,
    )


def _beside(before: str, behind: str) -> Sides:
    """Words right before and right behind a weekday."""
    return Sides(
        re.compile(rf"(?<!\w)(?:{before or '(?!)'})\s$"), re.compile(rf"\s(?:{behind or '(?!)'})(?!\w)"), _BESIDE
    )


def _any(names: str) -> str:
    """The longest first: one may be the beginning of another."""
    return "|".join(sorted(re.split(r"[,|]", names), key=len, reverse=True))


def _numbered(names: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(one) for one in names.split(","))


def _number(names: tuple[re.Pattern[str], ...], word: str) -> int:
    return next(number for number, name in enumerate(names) if name.fullmatch(word))


def find(text: str, published: date | None, lang: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, TIMEX3 value) of each date expression, in order. Never raises on any text."""
    if lang in LANGUAGES:
        text = text.translate(_DIGITS) if _DIGIT.search(text) else text
        language = _language(LIKE.get(lang, lang))
        joints = language.around.joints if language.around else Joints()
        small = _in_small_letters(text, lang)
        for hit in join(small, _by_names(small, text, published, language), joints):
            yield hit.start, hit.end, hit.value
    elif lang in dates_east_asian.LANGUAGES:
        yield from dates_east_asian.find(text, published, lang)
    elif lang:
        yield from _by_dateparser(text[:_CAP], published, lang)


def _in_small_letters(text: str, lang: str) -> str:
    """As long as the text: to look for small letters alone takes a third of the time."""
    return (text.replace("I", "ı") if lang == "tr" else text).replace("İ", "i").lower()


def _by_names(text: str, written: str, published: date | None, language: _Language) -> Iterator[Hit]:
    day: Hit | None = None  # of the week, which may belong to the date behind it
    whole = 0, ""  # where the last date that names its month ends, and which it is
    for match in language.pattern.finditer(text):
        if match["wd"]:
            if language.small_days and _is_name(written, *match.span()):
                continue  # "Plácido Domingo"
            if _is_said_again(text, match, whole, language):
                continue  # "május 6-án, kedden"
            if day:
                yield day
            day = _weekday(text, match, language, published) if published is not None else None
            continue
        try:
            hit = _hit(match, written, language, published)
        except ValueError:  # 31 February
            continue
        if hit and day and match["mon"] and _BETWEEN.fullmatch(text, day.end, match.start()):
            yield replace(hit, start=day.start)  # "martes, 6 de mayo"
        else:
            if day:
                yield day
            if hit:
                yield hit
        day = None
        whole = (match.end(), hit.value) if hit and match["mon"] else whole
    if day:
        yield day


def _month(match: re.Match[str], language: _Language, published: date | None) -> Hit:
    """A month without a year: the last one, or one that is near ahead; the next where a verb looks ahead."""
    start, end = match.span()
    month = _number(language.months, match["mon0"]) + 1
    year = 0
    if published is not None:
        away, coming = month - published.month, _looks_ahead(match.string, start, end, language)
        year = published.year + (coming and away < -_NEAR_MONTHS) - (not coming and away > _NEAR_MONTHS)
    return Hit(start, end, f"{year:04d}-{month:02d}", loose=not year, yearless=True)


def _is_name(written: str, start: int, end: int) -> bool:
    """Whether a capital stands where such a word has none, or the next word has one, too."""
    if written[start].islower():
        return False
    return not _SENTENCE_BEGINS.search(written, max(0, start - 3), start) or written[end + 1 : end + 2].isupper()


_SENTENCE_BEGINS = re.compile(r"(?:^|[.!?:„“\"\n]\s*)$")


def _hit(match: re.Match[str], written: str, language: _Language, published: date | None) -> Hit | None:
    (start, end), text = match.span(), match.string
    if language.around is None or not match.re.groupindex.keys() & {"mon0"}:
        value = _value(match, language, published)
        return Hit(start, end, value) if value else None
    if match["mon0"]:
        if language.small_days and _is_name(written, start, end):
            return None
        return language.around.month(text, _month(match, language, published))
    if any(match[name] for name in ("mon", "mon2", "d3", "iso", "near")):
        if written[start:end] == "Morgen" and not _SENTENCE_BEGINS.search(written, max(0, start - 3), start):
            return None  # the German for "morning"
        value = _value(match, language, published)
        return Hit(start, end, value, yearless=bool(match["mon"] and not match["y"])) if value else None
    return language.around.read(match, written, published)


_BETWEEN = re.compile(r",?\s{1,2}(?:(?:den|dem|le|el|il|op|a)\s)?")
_BEHIND = re.compile(r",?\s{1,2}\(?|\s?\(")


def _is_said_again(text: str, match: re.Match[str], whole: tuple[int, str], language: _Language) -> bool:
    """Whether a day of the week only says which one the date right before it is."""
    end, value = whole
    if not value or not _BEHIND.fullmatch(text, end, match.start()):
        return False
    return date.fromisoformat(value).weekday() == _number(language.weekdays, match["wd"])


def _value(match: re.Match[str], language: _Language, published: date | None) -> str | None:
    if match["iso"]:
        return date.fromisoformat(match["iso"]).isoformat()
    if match["mon2"]:
        month = _number(language.months, match["mon2"]) + 1
        return f"{match['y2']}-{month:02d}" if month <= _MONTHS else None
    if match["d3"]:
        year, month, day = int(match["y3"]), int(match["m3"]), int(match["d3"])
        return (of_iran(year, month, day) if year in _OF_IRAN else date(year, month, day)).isoformat()
    if match["mon"]:
        month, day = _number(language.months, match["mon"]) + 1, int(match["d"])
        return _day(int(match["y"]) if match["y"] else None, month, day, published)
    if published is None:
        return None
    return (published - _DAYS_BACK[_number(language.today, match["near"])] * _DAY).isoformat()


def _weekday(text: str, match: re.Match[str], language: _Language, published: date) -> Hit:
    """The nearest such day: to come where words beside it or the verb of its clause say so, else the last one."""
    start, end = match.span()
    ahead = (_number(language.weekdays, match["wd"]) - published.weekday()) % 7
    if place := language.next.around(text, start, end):
        return Hit(*place, (published + (ahead or 7) * _DAY).isoformat())
    if place := language.past.around(text, start, end):
        return Hit(*place, (published - (7 - ahead) * _DAY).isoformat())
    days = ahead if _looks_ahead(text, start, end, language) else -((7 - ahead) % 7)
    return Hit(start, end, (published + days * _DAY).isoformat())


def _looks_ahead(text: str, start: int, end: int, language: _Language) -> bool:
    return language.future.search(_clause(text, start, end)) is not None


def _clause(text: str, start: int, end: int) -> str:
    """What stands around [start, end) up to the next comma, quotation mark or "that"."""
    before = _CLAUSE.split(text[max(0, start - _NEAR) : start])[-1]
    behind = _CLAUSE.split(text[end : end + _NEAR])[0]
    return f"{before}{text[start:end]}{behind}"


def _day(year: int | None, month: int, day: int, published: date | None) -> str | None:
    """Without a year: that of the nearest such day, as far as half a year from publication."""
    if month > _MONTHS:
        found = _day_of_iran(year, month - _MONTHS, day, published)
        return found.isoformat() if found else None
    if year is not None:
        return date(year, month, day).isoformat()
    return nearest(month, day, published).isoformat() if published else None


def _day_of_iran(year: int | None, month: int, day: int, published: date | None) -> date | None:
    """As `_day`, of its calendar. Its year begins in the 622nd of ours or so: three may be the nearest."""
    if year is not None:
        return of_iran(year, month, day)
    if published is None:
        return None
    near = [of_iran(published.year - past, month, day) for past in (622, 621, 620) if day < 30 or month < 12]
    return min(near, key=lambda one: abs(one - published), default=None)


def _by_dateparser(text: str, published: date | None, lang: str) -> Iterator[tuple[int, int, str]]:
    from datetime import datetime, time

    from dateparser.search import search_dates

    base = datetime.combine(published, time(12)) if published else None
    settings: dict[str, object] = {"REQUIRE_PARTS": ["day", "month", "year"], "PARSERS": ["absolute-time"]}
    if base:
        settings["RELATIVE_BASE"] = base
    try:
        hits = search_dates(text, languages=[lang], settings=settings) or []
    except Exception:  # noqa: BLE001  a language it does not know, or one of its own errors: no dates then
        return
    position = 0
    for words, moment in hits:
        start = text.find(words, position)
        if start >= 0 and len(words) > 5 and any(c.isdigit() for c in words):
            position = start + len(words)
            if day := _of_our_era(moment.date(), lang):
                yield start, position, day.isoformat()
    if not position:
        yield from _by_calendar(text, lang)


def _of_our_era(day: date, lang: str) -> date | None:
    """A day whose year may be counted as Thailand does; None for one that no calendar has."""
    if lang != "th" or day.year < BUDDHIST + 1800:
        return day
    try:
        return day.replace(year=day.year - BUDDHIST)
    except ValueError:  # 29 February
        return None


def _by_calendar(text: str, lang: str) -> Iterator[tuple[int, int, str]]:
    """Full dates by CLDR's names of months, where dateparser sees none: of inflected names, of years of an era."""
    from archive.extraction.spelled import Habits, days_in

    begin = done = 0
    for line in text.splitlines(keepends=True):
        for at in range(0, len(line), _PIECE):
            for found in days_in(line[at : at + _PIECE + _LAP], Habits(lang, month_first=False)):
                start = begin + at + found.start
                if found.start < _PIECE and start >= done:
                    done = begin + at + found.end
                    yield start, done, found.day.isoformat()
        begin += len(line)
