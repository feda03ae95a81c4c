"""Dates in languages other than English.

German, French, Spanish, Italian, Portuguese and Dutch: days, months with a year, weekdays, today and yesterday, by the
names of months and days alone. Chinese, Japanese and Korean: see dates_east_asian. Any other language: dateparser's
search, over the first 2,000 characters and for full dates only, because it is slow and takes many words for dates, and
where that finds none the names of months that CLDR has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from archive.entities import dates_east_asian
from archive.entities.dates_calendar import nearest

_DAY = timedelta(days=1)
_BUDDHIST = 543  # years that Thailand is ahead
_PIECE, _LAP = 340, 60  # characters that are looked at together, and those of the next that may belong to it
_CAP = 2000
_NAMES = {
    "de": (
        "januar|jänner,februar|feber,märz,april,mai,juni,juli,august,september,oktober,november,dezember",
        "montag,dienstag,mittwoch,donnerstag,freitag,samstag|sonnabend,sonntag",
        "heute,gestern,vorgestern",
    ),
    "fr": (
        "janvier,février,mars,avril,mai,juin,juillet,août,septembre,octobre,novembre,décembre",
        "lundi,mardi,mercredi,jeudi,vendredi,samedi,dimanche",
        "aujourd['’]hui,hier,avant-hier",
    ),
    "es": (
        "enero,febrero,marzo,abril,mayo,junio,julio,agosto,septiembre|setiembre,octubre,noviembre,diciembre",
        "lunes,martes,miércoles,jueves,viernes,sábado,domingo",
        "hoy,ayer,anteayer",
    ),
    "it": (
        "gennaio,febbraio,marzo,aprile,maggio,giugno,luglio,agosto,settembre,ottobre,novembre,dicembre",
        "lunedì,martedì,mercoledì,giovedì,venerdì,sabato,domenica",
        "oggi,ieri,l['’]altro ieri",
    ),
    "pt": (
        "janeiro,fevereiro,março,abril,maio,junho,julho,agosto,setembro,outubro,novembro,dezembro",
        "segunda-feira,terça-feira,quarta-feira,quinta-feira,sexta-feira,sábado,domingo",
        "hoje,ontem,anteontem",
    ),
    "nl": (
        "januari,februari,maart,april,mei,juni,juli,augustus,september,oktober,november,december",
        "maandag,dinsdag,woensdag,donderdag,vrijdag,zaterdag,zondag",
        "vandaag,gisteren,eergisteren",
    ),
}
LANGUAGES = frozenset(_NAMES)
# What says that a weekday is to come or over: words before it, words behind it; and verbs of its clause that are in the
# future. "sagte am Dienstag, die Stadt werde": the verb of another clause says nothing.
_NEXT = {
    "de": (r"(?:kommend|nächst|künftig)e[nrms]?", ""),
    "fr": (r"prochain", r"prochain|qui vient|à venir"),
    "es": (r"próximo", r"próximo|que viene|entrante"),
    "it": (r"prossim[oa]", r"prossim[oa]|che viene"),
    "pt": (r"próxim[oa]", r"próxim[oa]|que vem"),
    "nl": (r"(?:komende|aanstaande|volgende)", ""),
}
_PAST = {
    "de": (r"(?:vergangen|letzt|vorig)e[nrms]?", ""),
    "fr": (r"", r"dernier|passé"),
    "es": (r"pasado|último", r"pasado|último"),
    "it": (r"scors[oa]", r"scors[oa]|passat[oa]"),
    "pt": (r"passad[oa]|últim[oa]", r"passad[oa]"),
    "nl": (r"(?:afgelopen|vorige)", ""),
}
_FUTURE = {
    "de": r"wird|werden|wirst|will|wollen|soll|sollen|plant|planen|möchte|möchten",
    "fr": r"[^\W\d_]{2,}(?:era|ira|dra|tra|ura|ront)|v(?:a|ont)\s[^\W\d_]+(?:er|ir|re)|doi(?:t|vent)",
    "es": r"[^\W\d_]{2,}(?:rá|rán|remos)|van?\sa\s[^\W\d_]+r",
    "it": r"[^\W\d_]{2,}(?:rà|ranno|remo)",
    "pt": r"[^\W\d_]{2,}(?:rá|rão)|v(?:ai|ão)\s[^\W\d_]+r",
    "nl": r"zal|zullen|wil|willen|gaat|gaan",
}
_CLAUSE = re.compile(
    r"[,;:.!?()„“”»«\"\n–—]|(?<!\w)(?:dass|daß|que|che|dat|weil|parce|porque|perché|omdat)(?!\w)", re.IGNORECASE
)
_NEAR = 60  # characters of a clause on either side that are looked at


@dataclass(frozen=True, slots=True)
class _Beside:
    """Words right before and right behind a weekday."""

    before: re.Pattern[str]
    behind: re.Pattern[str]

    @classmethod
    def of(cls, before: str, behind: str) -> _Beside:
        return cls(
            re.compile(rf"(?<!\w)(?:{before or '(?!)'})\s$", re.IGNORECASE),
            re.compile(rf"\s(?:{behind or '(?!)'})(?!\w)", re.IGNORECASE),
        )

    def around(self, text: str, start: int, end: int) -> tuple[int, int] | None:
        """Where the weekday at [start, end) begins and ends with such words, None where there are none."""
        if found := self.before.search(text, max(0, start - 16), start):
            return found.start(), end
        if found := self.behind.match(text, end):
            return start, found.end()
        return None


@dataclass(frozen=True, slots=True)
class _Language:
    pattern: re.Pattern[str]
    months: dict[str, int]
    weekdays: dict[str, int]
    today: tuple[re.Pattern[str], ...]  # today, yesterday, the day before
    next: _Beside
    past: _Beside
    future: re.Pattern[str]


@cache
def _language(lang: str) -> _Language:
    months, weekdays, near = _NAMES[lang]
    month, weekday = months.replace(",", "|"), weekdays.replace(",", "|")
    pattern = (
        rf"(?P<d>[1-3]?\d)(?:\.|er|º|ro)?\s(?:de\s|d['’])?(?P<mon>{month})(?:,?\s(?:de[l]?\s)?(?P<y>(?:1[5-9]|20)\d\d))?"
        rf"|(?P<mon2>{month})\s(?:de[l]?\s)?(?P<y2>(?:1[5-9]|20)\d\d)"
        r"|(?P<d3>[0-3]?\d)[./](?P<m3>[01]?\d)[./](?P<y3>(?:19|20)\d\d)"
        r"|(?P<iso>\d{4}-\d\d-\d\d)"
        rf"|(?P<wd>{weekday})|(?P<near>{near.replace(',', '|')})"
    )
    return _Language(
        re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE),
        {name: n for n, names in enumerate(months.split(","), 1) for name in names.split("|")},
        {name: n for n, names in enumerate(weekdays.split(",")) for name in names.split("|")},
        tuple(re.compile(word, re.IGNORECASE) for word in near.split(",")),
        _Beside.of(*_NEXT[lang]),
        _Beside.of(*_PAST[lang]),
        re.compile(rf"(?<!\w)(?:{_FUTURE[lang]})(?!\w)", re.IGNORECASE),
    )


def find(text: str, published: date | None, lang: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, TIMEX3 value) of each date expression, in order. Never raises on any text."""
    if lang in LANGUAGES:
        yield from _by_names(text, published, _language(lang))
    elif lang in dates_east_asian.LANGUAGES:
        yield from dates_east_asian.find(text, published, lang)
    elif lang:
        yield from _by_dateparser(text[:_CAP], published, lang)


def _by_names(text: str, published: date | None, language: _Language) -> Iterator[tuple[int, int, str]]:
    day: tuple[int, int, str] | None = None  # of the week, which may belong to the date behind it
    for match in language.pattern.finditer(text):
        if match["wd"]:
            if day:
                yield day
            day = _weekday(text, match, language, published) if published is not None else None
            continue
        try:
            value = _value(match, language, published)
        except ValueError:  # 31 February
            continue
        if value and day and match["mon"] and _BETWEEN.fullmatch(text, day[1], match.start()):
            yield day[0], match.end(), value  # "martes, 6 de mayo"
        else:
            if day:
                yield day
            if value:
                yield match.start(), match.end(), value
        day = None
    if day:
        yield day


_BETWEEN = re.compile(r",?\s{1,2}(?:(?:den|dem|le|el|il|op|a)\s)?")


def _value(match: re.Match[str], language: _Language, published: date | None) -> str | None:
    if match["iso"]:
        return date.fromisoformat(match["iso"]).isoformat()
    if match["mon2"]:
        return f"{match['y2']}-{language.months[match['mon2'].lower()]:02d}"
    if match["d3"]:
        return date(int(match["y3"]), int(match["m3"]), int(match["d3"])).isoformat()
    if match["mon"]:
        month, day = language.months[match["mon"].lower()], int(match["d"])
        return _day(int(match["y"]) if match["y"] else None, month, day, published)
    if published is None:
        return None
    days = next(n for n, word in enumerate(language.today) if word.fullmatch(match["near"]))
    return (published - days * _DAY).isoformat()


def _weekday(text: str, match: re.Match[str], language: _Language, published: date) -> tuple[int, int, str]:
    """The nearest such day: to come where words beside it or the verb of its clause say so, else the last one."""
    start, end = match.span()
    ahead = (language.weekdays[match["wd"].lower()] - published.weekday()) % 7
    if place := language.next.around(text, start, end):
        return *place, (published + (ahead or 7) * _DAY).isoformat()
    if place := language.past.around(text, start, end):
        return *place, (published - (7 - ahead) * _DAY).isoformat()
    days = ahead if language.future.search(_clause(text, start, end)) else -((7 - ahead) % 7)
    return start, end, (published + days * _DAY).isoformat()


def _clause(text: str, start: int, end: int) -> str:
    """What stands around [start, end) up to the next comma, quotation mark or "that"."""
    before = _CLAUSE.split(text[max(0, start - _NEAR) : start])[-1]
    behind = _CLAUSE.split(text[end : end + _NEAR])[0]
    return f"{before}{text[start:end]}{behind}"


def _day(year: int | None, month: int, day: int, published: date | None) -> str | None:
    """Without a year: that of the nearest such day, as far as half a year from publication."""
    if year is not None:
        return date(year, month, day).isoformat()
    return nearest(month, day, published).isoformat() if published else None


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
    if lang != "th" or day.year < _BUDDHIST + 1800:
        return day
    try:
        return day.replace(year=day.year - _BUDDHIST)
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
