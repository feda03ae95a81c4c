"""What a line of a list or a chat says beside its address: the day, the title, when it was said. Pure.

    6 May 2024 - Ferry strike goes on - https://paper.example/ferry
    [06/05/2024, 07:08:09] Ann: Look https://paper.example/ferry

A day in a list is that of the page; one before a message is when it was sent.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import NamedTuple

from archive.formats.headings import day_comes_first, with_full_year, with_points
from archive.formats.moments import moment

_DAY = (
    r"(?:\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./](?:\d{4}|\d\d)(?!\d)"
    r"|\d{1,2}\.?(?:st|nd|rd|th)?\s(?:de\s)?[^\W\d_]{3,12}\.?,?\s(?:de\s)?\d{4}|[^\W\d_]{3,12}\.?\s\d{1,2}(?:st|nd|rd|th)?,?\s\d{4})"
)
_CLOCK = r"\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?:[\s\u202f\u00a0]?[ap]\.?[\s\u202f\u00a0]?m\.?)?"
# "[06/05/2024, 07:08:09] Ann: …", "06.05.24, 07:08 - Ann: …", "2024-05-06 07:08:09 <ann> …"
_STAMP = re.compile(
    rf"^[\u200e\u200f\ufeff]?\[?(?P<day>{_DAY}),?(?:\s|\sat\s|T)(?P<clock>{_CLOCK})\]?"
    rf"(?:\s[-–]\s|:?\s)[\u200e~]?(?:<[^<>\n]{{1,60}}>|[^\n:<>]{{1,60}}:)\s",
    re.IGNORECASE | re.MULTILINE,
)
_BULLET = re.compile(r"\s*(?:[-*•+>]\s+|\d{1,4}[.)]\s+|\[[ xX]\]\s+)*")
_AHEAD = re.compile(rf"\(?({_DAY})\)?(?:\s*[-–—:|,;]\s*|\s+|\Z)", re.IGNORECASE)
_BEHIND = re.compile(rf"(?:\A|\s*[-–—|,;]\s*|\s+)[(\[]?({_DAY})[)\]]?\s*\Z", re.IGNORECASE)
_AROUND = " \t\r|-–—:;,•<>\"'“”„"
_TRACK = re.compile(r"^#EXTINF:[^,\n]*,([^\n]+)\n\Z", re.MULTILINE)
_HINT = re.compile(r"\d{4}-\d\d|\d[./]\d|(?<!\d)(?:1[6-9]|20)\d\d(?!\d)")  # that a day may be there
_MARKDOWN = re.compile(r"\[[^\[\]\n]*\]\(<?\Z")
_VISITED = re.compile(
    r"\b(?:accessed|retrieved|read|saved|seen|gelesen|lu|leído|visited|checked|abgerufen|aufgerufen|consult[ée]e?|consultad[oa]|acess[oa]|consultato|geraadpleegd"
    r"|hämtad|lest|dostęp)\b",
    re.IGNORECASE,
)  # a day on which somebody looked at the page
_LABEL = re.compile(
    r"\W*\b(?:published|posted|dated|vom|veröffentlicht|publié|publicado|pubblicato)(?:\s(?:on|am|le|el|il))?\W*\Z",
    re.IGNORECASE,
)  # right before the day
_LONGEST = 400  # characters of a line, but for its address
_BACK = 1_500  # characters before an address in which the message begins that it stands in


class Beside(NamedTuple):
    """What stands beside an address. `sent`: when the message was, in which it stands."""

    title: str = ""
    published: datetime | date | None = None
    sent: datetime | None = None


_NOTHING = Beside()


class Lines:
    """The lines of one text, in which days are written in one order."""

    def __init__(self, sample: str) -> None:
        stamps = [found["day"] for found in _STAMP.finditer(sample)]
        american = re.search(r"\d\s?[AP]M\b", sample) is not None and not any(day.startswith("0") for day in stamps)
        self._days_first = day_comes_first("date" if american else "", stamps, "")
        self._is_chat = bool(stamps)
        self._is_playlist = sample.startswith("#EXTM3U") or "\n#EXTINF:" in sample
        self._told_apart = self._is_chat or self._is_playlist

    def is_alone(self, text: str, start: int, end: int) -> bool:
        """Whether the address is its whole line, and other lines say nothing of it."""
        return text[end : end + 1] == "\n" and text[start - 1 : start] in ("\n", "") and not self._told_apart

    def beside(self, text: str, start: int, end: int) -> Beside:
        """What the line says beside the address at `text[start:end]`; nothing where it has several."""
        if self._is_chat and (sent := self._sent(text, start)) is not None:
            return Beside(sent=sent)
        if self._is_playlist and (track := _TRACK.search(text[max(0, start - _LONGEST) : start])):
            return Beside(title=" ".join(track[1].split()))
        before = text[max(0, start - _LONGEST) : start].rpartition("\n")[2]
        behind = text[end : end + _LONGEST].partition("\n")[0]
        if not (_HINT.search(before) or _HINT.search(behind)) or len(before) + len(behind) >= _LONGEST:
            return _NOTHING
        if linked := _MARKDOWN.search(before):
            before, behind = before[: linked.start()], behind.lstrip(">)")
        if "://" in before or "://" in behind or "](" in before or "<a" in before:
            return _NOTHING
        return self._dated(_BULLET.sub("", before, count=1), behind)

    def _dated(self, before: str, behind: str) -> Beside:
        """The day that a line begins or ends with, and what else it says; nothing of a line without one."""
        if found := _AHEAD.match(before):
            rest = (before[found.end() :], behind)
        elif found := _BEHIND.search(before.rstrip(_AROUND)):
            rest = (_LABEL.sub("", before[: found.start()]), behind)
        elif found := _BEHIND.search(behind):
            rest = (before, _LABEL.sub("", behind[: found.start()]))
        elif found := _AHEAD.match(behind.lstrip(_AROUND)):
            rest = (before, behind.lstrip(_AROUND)[found.end() :])
        else:
            return _NOTHING
        day = moment(self._ordered(found[1]))
        if day is None or any(map(_VISITED.search, rest)):
            return _NOTHING
        words = [part.strip(_AROUND + "()[]") for part in rest]
        return Beside(title=" ".join(" – ".join(filter(None, words)).split()), published=day)

    def _sent(self, text: str, start: int) -> datetime | None:
        """When the message was sent that an address stands in, in the line where it begins or below."""
        stamps = list(_STAMP.finditer(text[max(0, start - _BACK) : start]))
        return self._moment(stamps[-1]) if stamps else None

    def _moment(self, found: re.Match[str]) -> datetime | None:
        clock = re.sub(r"[\s\u202f\u00a0]+", " ", found["clock"]).replace(".", ":", 2).rstrip(":")
        at = moment(f"{self._ordered(found['day'])} {clock}")
        return at if isinstance(at, datetime) else None

    def _ordered(self, day: str) -> str:
        """A day in slashes so that everybody takes the right number for the day."""
        if "/" not in day:
            return day
        whole = with_full_year(day)
        return with_points(whole) if self._days_first else whole
