"""The time that a question speaks of, asked as days of publication. Pure.

"what did Reagan say between March 1 and March 5 1987?" asks for its words, as every question does. What was meant may
be `date:1987-03-01..1987-03-05 what did Reagan say?`, and that is for whoever asks to decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from typing import NamedTuple

from archive import FoundDate, find_dates, frozen
from index.errors import DateError
from index.fields import Shape, by_name
from index.patterns import later
from index.query import dates
from index.query.nodes import And, At, Node, When, Word, leaves
from index.query.sentence import SENTENCE, Sentence, is_question

_YEAR = later(r"(?<![\w$£€¥.,-])(?:1[5-9]|20)\d\d(?![\w%]|[.,-]\w)")
_LASTING = later(r"P(?P<count>\d{1,4})(?P<unit>[DWMY])")  # a TIMEX3 duration
_OF_A_YEAR = later(r"\d{4}-\d\d(?P<day>-\d\d)?(?:/\d{4}-\d\d(?:-\d\d)?)?")
_A_YEAR = later(r"\d{4}(?=-)")
_LEAP_DAY = (2, 29)
_TWO = 2
_LEFT = " ,、にの"  # what links a time to what stands behind it
_UNITS = {"D": "day", "W": "week", "M": "month", "Y": "year"}
_UP_TO_NOW = later(r"(?:the\s)?(?:last|past|previous)\s", re.IGNORECASE)

# Calendar weeks, months and years as other languages say them, by what `dates` says.
_RELATIVE = {
    "last week": "(?:letzte|vergangene|vorige)n? woche|semaine (?:dernière|passée)|semana pasada|semana passada"
    "|settimana scorsa|scorsa settimana|(?:vorige|afgelopen) week|förra veckan|forrige uke|sidste uge|zeszłym tygodniu"
    "|прошлой неделе|минулого тижня|geçen hafta",
    "this week": "dieser? woche|cette semaine|n?esta semana|questa settimana|deze week|denna vecka|denne uken"
    "|denne uge|tym tygodniu|этой неделе|цього тижня|bu hafta",
    "last month": "(?:letzten|vergangenen|vorigen) monat|mois (?:dernier|passé)|mes pasado|mês passado|mese scorso"
    "|scorso mese|(?:vorige|afgelopen) maand|förra månaden|forrige måned|sidste måned|zeszłym miesiącu|прошлом месяце"
    "|минулого місяця|geçen ay",
    "this month": "diese[nm] monat|ce mois(?:-ci)?|este mes|n?este mês|questo mese|deze maand|denna månad"
    "|denne måneden?|tym miesiącu|этом месяце|цього місяця|bu ay",
    "last year": "(?:letzte|vergangene|vorige)[sn] jahr|l['’]an(?:née)? (?:dernière?|passée?)|año pasado|ano passado"
    "|anno scorso|scorso anno|(?:vorig|afgelopen) jaar|förra året|i fjor|sidste år|zeszłym roku|прошлом году"
    "|минулого року|geçen yıl",
    "this year": "diese[sm] jahr|cette année|este año|n?este ano|quest['’]anno|dit jaar|detta år|tym roku"
    "|этом году|цього року|bu yıl",
}
_OTHERS = later("|".join(rf"(?<!\w)({words})(?!\w)" for words in _RELATIVE.values()), re.IGNORECASE)


class _Words(NamedTuple):
    """What stands before a time in a language, by the side of it that is meant (`at`: the time itself), and between two
    times of which the first begins and the second ends what is meant."""

    since: str
    before: str
    after: str
    until: str
    at: str
    joint: str


_BESIDE = {
    "en": _Words(
        "since|ever since", "before|prior to", "after", "until|till|up to|by",
        "in|on|during|from|of|at|for|over|within|between|the|year|early|late|mid", "and|to|until|till|through",
    ),
    "de": _Words(
        "seit|seit dem|ab|ab dem", "vor|vor dem", "nach|nach dem", "bis|bis zum",
        "im|am|in|der|dem|den|vom|von|zwischen|jahr|jahre|anfang|mitte|ende", "und|und dem|bis|bis zum",
    ),
    "fr": _Words(
        "depuis|depuis le|dès", "avant|avant le", "après|après le", "jusqu['’]en|jusqu['’]au|jusqu['’]à",
        "en|au|aux|du|le|la|de|d['’]|dans|entre|entre le|pendant|année|l['’]année", "et|et le|au|à",
    ),
    "es": _Words(
        "desde|desde el", "antes de|antes del", "después de|después del|tras", "hasta|hasta el",
        "en|el|del|de|la|entre|entre el|durante|año", "y|y el|a|al|hasta|hasta el",
    ),
    "it": _Words(
        "dal?|dalla|dall['’]", "prima di|prima del?|prima dell['’]", "dopo|dopo il", "fino a|fino al",
        "in|a|ad|il|nel|nella|nell['’]|di|del|della|dell['’]|tra|tra il|anno", "e|e il|a|al",
    ),
    "pt": _Words(
        "desde|desde o|a partir de", "antes de|antes do", "depois de|depois do|após", "até|até o",
        "em|no|na|o|a|de|do|da|entre|entre o|durante|ano", "e|e o|a|ao|até",
    ),
    "nl": _Words("sinds|vanaf", "voor|vóór", "na", "tot|tot en met", "in|op|de|het|van|tussen|jaar", "en|tot"),
    "sv": _Words("sedan|från och med", "före|innan", "efter", "till|fram till", "i|på|under|mellan|från", "och|till"),
    "da": _Words("siden|fra og med", "før|inden", "efter", "til|indtil", "i|på|den|under|mellem|fra|år|året", "og|til"),
    "pl": _Words("od", "przed", "po", "do", "w|we|na|z|między|roku", "a|do|i"),
    "ru": _Words("с|со|начиная с", "до", "после", "по", "в|во|на|за|между|году", "и|по|до"),
    "uk": _Words("з|від|із", "до", "після", "по", "в|у|на|за|між|році|року", "та|і|й|по|до"),
}  # fmt: skip


@frozen
class _Time:
    """Days from `first` to `last`, both included, that the characters at [start, end) name.

    `said`: what the query language has for it, if that is seen from today; `has_year`: whether its words say the year.
    """

    start: int
    end: int
    first: date
    last: date
    said: str = ""
    has_year: bool = False

    @classmethod
    def read(cls, said: str, at: At, today: date, *, has_year: bool = False) -> _Time:
        """A stretch as the query language has it. DateError."""
        first, last = map(date.fromordinal, dates.read(said, today))
        return cls(*at, first, last, "" if said[:1].isdigit() else said, has_year)


@frozen
class Dated:
    """A `query` with the time that it speaks of as a date, and `at`: where the words stood that said so."""

    query: str
    at: At


def dated(text: str, node: Node, sentence: Sentence, today: date) -> Dated | None:
    """The query `text`, read as `node` and as `sentence`, with its time as a date.

    None where it speaks of none or of several that are no stretch, of one to come, or has a date of its own.
    """
    fields = {name for leaf in leaves(node) if (name := getattr(leaf, "field", ""))}
    if any(by_name()[name].shape is Shape.DATE for name in fields):
        return None
    words = _words(node, len(text))
    plain = _without_others(text, words)
    beside = _BESIDE.get(sentence.language, _BESIDE["en"])
    times = _joined(list(_times(plain, today, sentence.language)), plain, beside.joint)
    if len(times) != 1 or times[0].first > today:
        return None
    start, side = _beside(plain, times[0].start, beside)
    gone = [(start, times[0].end)]
    left = [at for at in words if at[1] <= start or at[0] >= times[0].end]
    idle = {word.at for word in sentence.idle if isinstance(word, Word)}.intersection(left)
    if idle.issuperset(left) or (len(left) < SENTENCE and not is_question(text)):
        gone += idle  # so few words that all of them would have to be there
    rest = _cut(text, gone)
    if len(words) == 1 and not rest:  # a day by itself is no question
        return None
    return Dated(f"{_written(times[0], side)} {rest}".strip(), gone[0])


def named(text: str) -> str:
    """What the query language has for a calendar week, month or year in words of another one; "" for anything else."""
    found = _OTHERS.search(text)
    return [*_RELATIVE][(found.lastindex or 1) - 1] if found and not text[found.end() :].strip() else ""


def _words(node: Node, end: int) -> list[At]:
    """Where the words are that have no field and stand in no group."""
    parts = node.parts if isinstance(node, And) else (node,)
    return [part.at for part in parts if isinstance(part, Word) and not part.field and part.at[1] <= end]


def _without_others(text: str, words: Sequence[At]) -> str:
    """`text` as long as it is, with nothing but these words in it and the blanks and signs between them."""
    kept = {place for start, end in words for place in range(start, end)}
    return "".join(char if place in kept or not char.isalnum() else "\n" for place, char in enumerate(text))


def _times(text: str, today: date, language: str) -> Iterator[_Time]:
    """The times that a text speaks of, seen from `today`, in order, not overlapping."""
    found = [time for one in find_dates(text, today, language) if (time := _time(one, text, today))]
    others = [(match.span(), _in_english(match)) for match in _OTHERS.finditer(text)]
    others += [(match.span(), match[0]) for match in _YEAR.finditer(text)]
    for at, said in others:
        if not any(time.start < at[1] and at[0] < time.end for time in found):
            found.append(_Time.read(said, at, today, has_year=True))
    yield from sorted(found, key=lambda time: time.start)


def _time(found: FoundDate, text: str, today: date) -> _Time | None:
    """What an expression names; None where that is no stretch of days that has begun."""
    at, words = (found.start, found.end), " ".join(text[found.start : found.end].lower().split())
    if found.when is None:
        lasting = _LASTING.fullmatch(found.value) if _UP_TO_NOW.match(words) else None
        return _read(f"last {lasting['count']} {_UNITS[lasting['unit']]}s", at, today) if lasting else None
    time = _Time(*at, found.when.first, found.when.last, has_year=bool(_YEAR.search(words)))
    if time.first > today:
        round_ = None if time.has_year else _OF_A_YEAR.fullmatch(found.value)
        if round_ is None or (round_["day"] and not any(map(str.isdigit, words))):  # "on Friday", "tomorrow"
            return None
        year_before = _A_YEAR.sub(lambda year: f"{int(year[0]) - 1:04}", found.value)
        return _read(year_before.replace("/", ".."), at, today)
    other = _OTHERS.search(words)
    said = None if any(map(str.isdigit, words)) else _read(_in_english(other) if other else words, at, today)
    return said if said and said.said and (said.first, said.last) == (time.first, time.last) else time


def _in_english(match: re.Match[str]) -> str:
    """The time that a match of `_OTHERS` speaks of, as `dates` says it."""
    return [*_RELATIVE][(match.lastindex or 1) - 1]


def _read(said: str, at: At, today: date) -> _Time | None:
    """A stretch as the query language has it; None where it is none there (29 February of another year)."""
    try:
        return _Time.read(said, at, today)
    except DateError:
        return None


def _joined(times: Sequence[_Time], text: str, joint: str) -> Sequence[_Time]:
    """Two times with nothing but a joint between them as one: "January to March 2025", "3. bis 5. März"."""
    joint = rf"\s*(?:[-–—]|{joint})\s*"
    if len(times) == 1 and (
        day := re.search(rf"(?<!\w)(\d{{1,2}})(?:\.|er|º)?{joint}\Z", text[: times[0].start], re.I)
    ):
        (one,) = times
        number = int(day[1])
        in_month = one.first == one.last and 0 < number < one.first.day
        return [replace(one, start=day.start(), first=one.first.replace(day=number), said="")] if in_month else times
    if len(times) != _TWO:
        return times
    one, two = times
    if not re.fullmatch(joint, text[one.end : two.start], re.IGNORECASE):
        return times
    first = one.first
    if two.has_year and not one.has_year and (first.month, first.day) != _LEAP_DAY:  # which the second says for both
        first = first.replace(year=two.last.year - (first.month > two.last.month))
    return [_Time(one.start, two.end, first, two.last)] if first <= two.last else times


def _beside(text: str, start: int, words: _Words) -> tuple[int, str]:
    """Where a time begins with what stands before it, and the side of it that is meant by that ("at": itself)."""
    side = "at"
    while found := _ahead(words).search(text, 0, start):
        start = found.start()
        side = found.lastgroup or side if side == "at" else side
    return start, side


@cache
def _ahead(words: _Words) -> re.Pattern[str]:
    """Finds what ends right before a time, in the group of its side."""
    sides = (
        f"(?P<{side}>{_longest_first(getattr(words, side))})" for side in ("since", "before", "after", "until", "at")
    )
    return re.compile(rf"(?<!\w)(?:{'|'.join(sides)})(?:\s+|(?<=['’]))\Z", re.IGNORECASE)


def _longest_first(names: str) -> str:
    return "|".join(sorted(names.split("|"), key=len, reverse=True))


def _written(time: _Time, side: str) -> str:
    """The time as the query language has it: a leaf of days of publication."""
    first, last = f"{time.first}", f"{time.last}"
    match side:
        case "since":
            said = f"{first}.."
        case "before":
            said = f"<{first}"
        case "after":
            said = f">{last}"
        case "until":
            said = f"..{last}"
        case _:
            said = time.said or short(time.first, time.last)
    return str(When(said, "date"))


def short(first: date, last: date) -> str:
    """A year, a month or a day by itself, else from when to when."""
    day = f"{first}"
    for said in (day[:4], day[:7], day):
        if dates.read(said, first) == (first.toordinal(), last.toordinal()):
            return said
    return f"{day}..{last}"


def _cut(text: str, gone: Iterable[At]) -> str:
    """The text without these places, and without the blanks and commas that they leave."""
    for start, end in sorted(gone, reverse=True):
        text = f"{text[:start].rstrip()} {text[end:].lstrip(_LEFT)}"
    text = re.sub(r"\s+(?=[?!.]*\Z)", "", " ".join(text.split()))
    return text if any(map(str.isalnum, text)) else ""
