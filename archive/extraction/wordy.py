"""Dates in words and in the order of some country: "Fri, 31 Jan 2025 2:17 PM CEST", "31. Januar 2025", "1/31/2025".

Pure. Mail (https://www.rfc-editor.org/rfc/rfc5322) asks for one form and feeds have all of them. A zone is an offset,
with or without a colon, or a name of the table below. A moment in a zone that nobody knows is only a day.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import NamedTuple

_CLOCK = re.compile(
    r"(?<![\d:.+-])(?P<day_part>오전|오후|上午|下午)?\s*(?P<hour>\d{1,2})"
    r"(?:[:h](?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d|60)(?:[.,]\d{1,9})?)?(?!\d)(?:\s*(?P<half>[ap])\.?\s?m\b\.?)?"
    r"|\s*(?P<half_alone>[ap])\.?\s?m\b\.?)",
    re.IGNORECASE,
)
_OFFSET = re.compile(r"\s*(?:(?:GMT|UTC|UT|Z)\s?)?([+\u2212-])(\d{1,2})(?::?([0-5]\d))?(?=[\s)]|\Z)", re.IGNORECASE)
_ZONE_NAME = re.compile(r"\s*\(?([A-Za-z]{1,6}|[A-Z][a-z]+/[A-Za-z_]+)\)?(?=[\s,;]|\Z)")
_AT_THE_END = re.compile(r"(?<=[\d\s])\(?(?P<zone>[A-Za-z]{2,5})\)?\s*\Z")
_REMARK = re.compile(r"\([^()]*\)")
_WEEKDAY_FIRST = re.compile(r"\s*[^\W\d_]+\.?,")
_EAST_ASIAN = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]")
_MONTH_SECOND = re.compile(r"(\d{1,2})\s*(\d{1,2})\s*[月월]\s*(\d{4})")  # as Java writes RFC 822 in these languages
_PART = re.compile(r"\d+|[^\W\d_]+")
_SHORT_DAY = re.compile(r"\d{1,2}\.\d{1,2}\.\d{2}")
_ORDINAL = re.compile(r"(\d{4})-?(\d{3})")

_HOURS = {
    "ut utc gmt z wet": 0, "bst west cet mez met wat": 1, "cest mesz mest eet sast cat": 2,
    "eest msk eat trt idt fet": 3, "irst": 3.5, "msd gst samt": 4, "aft": 4.5, "pkt uzt": 5, "ist": 5.5, "npt": 5.75,
    "bdt almt": 6, "mmt": 6.5, "ict wib": 7, "hkt sgt myt pht wita awst": 8, "jst kst wit": 9, "acst": 9.5,
    "aest chst": 10, "acdt": 10.5, "aedt": 11, "nzst": 12, "nzdt": 13,
    "brt art clst uyt adt": -3, "ndt": -2.5, "nst": -3.5, "ast edt clt vet bot hae": -4, "est cdt cot pet hne": -5,
    "cst mdt": -6, "mst pdt": -7, "pst akdt": -8, "akst": -9, "hst": -10,
}  # fmt: skip
ZONES = {name: timedelta(hours=hours) for names, hours in _HOURS.items() for name in names.split()}
_AMERICAN = {"et": -5, "ct": -6, "mt": -7, "pt": -8}  # an hour more in summer
_MONTH_NAMES = """
    january jan januar jaenner janner janvier janv enero ene gennaio gen janeiro januari stycznia styczen sty
    ianuarie ocak oca ledna leden января январь янв січня січ ιανουαριου ιαν;
    february feb februar februari fevrier fevr fev febrero febbraio fevereiro lutego luty februarie subat unora
    unor februara февраля февраль фев лютого лют φεβρουαριου φεβ;
    march mar maerz marz mrz mars marzo marco maart mrt marca marzec martie mart brezna brezen maret marcius
    marc марта март мар березня бер μαρτιου μαρ;
    april apr avril avr abril abr aprile kwietnia kwiecien kwi aprilie nisan nis dubna duben aprilis апреля
    апрель апр квітня кві απριλιου απρ;
    may mai mayo maggio mag maio mei maj maja mayis kvetna kveten majus мая май травня тра μαιου μαι;
    june jun juni juin junio giugno giu junho czerwca czerwiec cze iunie haziran haz cervna cerven junius июня
    июнь июн червня чер ιουνιου ιουν;
    july jul juli juillet juil julio luglio lug julho lipca lipiec lip iulie temmuz tem cervence cervenec julius
    июля июль июл липня лип ιουλιου ιουλ;
    august aug aout agosto ago augustus augusti agustus sierpnia sierpien sie agustos agu srpna srpen augusztus
    августа август авг серпня сер αυγουστου αυγ;
    september sep sept septembre septiembre settembre set setembro septembrie wrzesnia wrzesien wrz eylul eyl
    zari szeptember сентября сентябрь сен сент вересня вер σεπτεμβριου σεπ;
    october oct oktober okt octobre octubre ottobre ott outubro out octombrie pazdziernika pazdziernik paz ekim
    eki rijna rijen октября октябрь окт жовтня жов οκτωβριου οκτ;
    november nov listopada novembre noviembre novembro noiembrie kasim kas ноября ноябрь ноя листопада лис
    νοεμβριου νοε;
    december dec dezember dez decembre diciembre dic dicembre dezembro desember des decembrie grudnia grudzien
    gru aralik ara prosince prosinec декабря декабрь дек грудня гру δεκεμβριου δεκ
    """


def _folded(word: str) -> str:
    """In lower case, without accents."""
    plain = unicodedata.normalize("NFD", word.lower()).replace("ı", "i")
    return "".join(char for char in plain if not unicodedata.combining(char))


_MONTHS = {_folded(name): number for number, names in enumerate(_MONTH_NAMES.split(";"), 1) for name in names.split()}
_PASSED_OVER = frozenset(
    "mon tue tues wed weds thu thur thurs fri sat sun monday tuesday wednesday thursday friday saturday sunday "
    "st nd rd th of at on the t de del der den le el um uhr o clock a".split()
)


def in_words(text: str) -> datetime | date | None:
    """The moment (aware; in UTC where no zone is named) or day that `text` means, None where it is none."""
    clock = _CLOCK.search(text)
    if clock is None:
        return _day_in(text)
    zone, rest = _zone_behind(text, clock)
    day = _day_in(rest)
    naive = _at(day, clock) if day else None
    if naive is None:
        return None
    at = zone.of(naive) if zone else UTC
    return naive.replace(tzinfo=at) if at else day


def clock_in(text: str, day: date) -> tuple[datetime, bool] | None:
    """The moment of `day` that the first time of day in `text` says, in UTC where no zone that is known is named, and
    whether one is; None where it has none."""
    clock = _CLOCK.search(text)
    naive = _at(day, clock) if clock else None
    if clock is None or naive is None:
        return None
    zone, _ = _zone_behind(text, clock)
    at = zone.of(naive) if zone else None
    return naive.replace(tzinfo=at or UTC), at is not None


class _Zone(NamedTuple):
    """A zone as it is written: an offset or a name."""

    offset: re.Match[str] | None
    name: str

    def of(self, naive: datetime) -> tzinfo | None:
        """The zone at that time; None for one that is not known."""
        return _of_offset(self.offset) if self.offset else _of_name(self.name, naive)


def _zone_behind(text: str, clock: re.Match[str]) -> tuple[_Zone | None, str]:
    """The zone behind a time of day, and what is left of `text` without both."""
    before, after = text[: clock.start()], text[clock.end() :]
    offset = _OFFSET.match(after)
    named = None if offset else _ZONE_NAME.match(after)
    name = named[1].lower() if named and named[1].lower() not in _MONTHS.keys() | _PASSED_OVER else ""
    end = offset.end() if offset else named.end() if named and name else 0
    after = after[end:]
    if not end and (last := _AT_THE_END.search(after)) and last["zone"].lower() in ZONES.keys() | _AMERICAN.keys():
        name, after = last["zone"].lower(), after[: last.start()]  # 12:30 PM, Mar 4, 2025 ET
    return _Zone(offset, name) if offset or name else None, f"{before} {after}"


def _at(day: date, clock: re.Match[str]) -> datetime | None:
    """The day at that time, in no zone yet; midnight at its end is the next day's."""
    hour, minute, second = int(clock["hour"]), int(clock["minute"] or 0), min(int(clock["second"] or 0), 59)
    half = (
        clock["half"] or clock["half_alone"] or {"오전": "a", "上午": "a"}.get(clock["day_part"] or "x", "")
    ).lower()
    half = half or ("p" if clock["day_part"] else "")
    if half and hour <= 12:
        hour = hour % 12 + 12 * (half == "p")
    if hour > 24 or (hour == 24 and (minute or second)):
        return None
    try:
        return datetime.combine(day, time()) + timedelta(hours=hour, minutes=minute, seconds=second)
    except OverflowError:
        return None


def _day_in(text: str) -> date | None:
    """The day that a text without a time means, if it means nothing else."""
    text = _WEEKDAY_FIRST.sub(" ", _REMARK.sub(" ", text), count=1)
    text = _EAST_ASIAN.sub(r"\1-\2-\3", _MONTH_SECOND.sub(r"\3-\2-\1", text)).strip(" ,;")
    if ordinal := _ORDINAL.fullmatch(text):
        return _built(int(ordinal[1]), 1, 1, plus=int(ordinal[2]) - 1)
    parts = [_folded(part) for part in _PART.findall(text)]
    parts = [part for part in parts if part not in _PASSED_OVER and part not in ZONES]
    numbers = [part for part in parts if part.isdecimal()]
    names = [_MONTHS.get(part, 0) for part in parts if not part.isdecimal()]
    if len(names) == 1 and len(numbers) == 2:
        return _with_month(names[0], *numbers)
    return _of_numbers(numbers, text) if not names and len(numbers) == 3 else None


def _with_month(month: int, first: str, second: str) -> date | None:
    """Of two numbers beside a month the longer one is the year; of two short ones the last."""
    if len(first) > 2:
        first, second = second, first
    return _built(_year(second), month, int(first)) if len(first) <= 2 else None


def _of_numbers(numbers: list[str], text: str) -> date | None:
    """The day in three numbers: the year comes first or last; "/" is American, where that is possible."""
    a, b, c = map(int, numbers)
    if len(numbers[0]) == 4:
        return _built(a, b, c)
    if _SHORT_DAY.fullmatch(text):  # 26.05.25, as German and Russian tables have it
        return _built(_year(numbers[2]), b, a)
    if len(numbers[2]) != 4:
        return None
    american = "/" in text
    if american:
        return _built(c, a, b) or _built(c, b, a)
    return _built(c, b, a) or _built(c, a, b)


def _year(text: str) -> int:
    year = int(text)
    return year if len(text) > 2 else year + (2000 if year < 69 else 1900)


def _built(year: int, month: int, day: int, plus: int = 0) -> date | None:
    try:
        return date(year, month, day) + timedelta(plus)
    except (ValueError, OverflowError):
        return None


def _of_offset(offset: re.Match[str]) -> tzinfo | None:
    digits, minutes = offset[2], offset[3]
    hours = int(digits)
    if hours > 14:
        return None
    ahead = timedelta(hours=hours, minutes=int(minutes or 0))
    return timezone(ahead if offset[1] == "+" else -ahead)


def _of_name(name: str, at: datetime) -> tzinfo | None:
    """The zone of that name; None for one that is not known."""
    if name in ZONES:
        return timezone(ZONES[name]) if ZONES[name] else UTC
    if name in _AMERICAN:
        return timezone(timedelta(hours=_AMERICAN[name] + _is_american_summer(at)))
    if "/" in name:
        from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

        try:
            return ZoneInfo("/".join(part.title() for part in name.split("/")))
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return None
    return None


def _is_american_summer(at: datetime) -> bool:
    """Whether clocks in the United States are an hour ahead, by the Energy Policy Act of 2005 and the law before it."""
    recent = at.year >= 2007
    begins = _sunday(at.year, 3, 8) if recent else _sunday(at.year, 4, 1)
    ends = _sunday(at.year, 11, 1) if recent else _sunday(at.year, 10, 25)
    return begins + timedelta(hours=2) <= at < ends + timedelta(hours=2)


def _sunday(year: int, month: int, least: int) -> datetime:
    """The first Sunday of a month from day `least` on."""
    first = datetime(year, month, least)  # noqa: DTZ001 - a day in the zone that is asked about
    return first + timedelta(days=(6 - first.weekday()) % 7)
