"""What date expressions are resolved against: the day of publication, the clause around them, the words in them.

A weekday or month without a direction is the nearest past one, unless its clause looks ahead ("will meet on Tuesday").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from archive.entities.dates_calendar import shift_months
from archive.entities.dates_grammar import MONTHS, NUMBERS, ORDINALS, TIME, VAGUE

DAY = timedelta(days=1)


STEP = {
    "last": -1,
    "past": -1,
    "previous": -1,
    "preceding": -1,
    "next": 1,
    "coming": 1,
    "following": 1,
    "this": 0,
    "that": 0,
    "current": 0,
    "same": 0,
}


_LETTERS = {
    "second": ("PT", "S", 1),
    "minute": ("PT", "M", 1),
    "hour": ("PT", "H", 1),
    "day": ("P", "D", 1),
    "week": ("P", "W", 1),
    "weekend": ("P", "D", 2),
    "month": ("P", "M", 1),
    "quarter": ("P", "M", 3),
    "year": ("P", "Y", 1),
    "decade": ("P", "Y", 10),
    "century": ("P", "Y", 100),
}


PART_OF_DAY = {"morning": "TMO", "afternoon": "TAF", "evening": "TEV", "night": "TNI"}


_AHEAD = re.compile(
    r"\b(?:will|won['’]t|shall|would|going to|(?:is|are|be) (?:to|set|due)|due (?:on|to|by)|plan(?:s|ned)? (?:an?|to)|"
    r"planning|agree(?:d|ment)? to|"
    r"expects?|expected|scheduled|slated|set (?:to|for)|upcoming|deadline|as (?:early|soon|late) as|"
    r"(?:no )?later than|payable|arriving|effective|starting|hopes?|"
    r"opens|begins|flies|retires|premieres|airs|expires|takes effect|takes office|comes out|goes on sale|kicks off|"
    r"to (?:meet|vote|begin|start|speak|decide|announce|visit|hold|appear|open|close|leave|return|give|expire))\b"
    rf"|['’]ll\b|\b(?:until|through|by|before)(?: the| (?:{TIME}))? $",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"\b(?:said|told|was|were|had|did|made|came|went|took|began|met|won|lost|fell|rose|held|led|gave|got|found|left|"
    r"ran|saw|wrote|spoke|set (?:on|at|in)|"
    r"(?-i:(?!expected|scheduled|slated|planned|need)[a-z]{2,20}ed)|since|last|ago|"
    r"been)\b",
    re.IGNORECASE,
)
_SINCE = re.compile(r"\bsince\s+(?:the\s+)?$", re.IGNORECASE)
_ATTACK = re.compile(r"\s(?:\w+\s){0,2}(?:attacks?|massacres?|killings?|shootings?|crash|raid|riots?|earthquake)\b")
_CLAUSE_END = re.compile(r"(?<![A-Z])(?<!\.m)(?<!Mr)(?<!Mrs)(?<!Ms)(?<!Dr)[.;!?](?=\s)|\n\n|['’]{2}|[\"“”]")


@dataclass(slots=True)
class Clock:
    """What expressions are resolved against: the text, the day of publication, and what the text spoke of so far."""

    text: str
    published: date | None
    anchor: date | None = None  # the day last spoken of
    quarter: str = ""  # the quarter last spoken of
    quarter_at: int = -10_000

    @property
    def today(self) -> date:
        """The publication date. LookupError where the article has none: then only absolute dates can be resolved."""
        if self.published is None:
            raise LookupError("no publication date")
        return self.published

    @property
    def then(self) -> date:
        return self.anchor or self.today

    def near_quarter(self, position: int) -> str:
        return self.quarter if position - self.quarter_at < 600 else ""


Match = re.Match[str]


def group(match: Match, name: str) -> str:
    """A group in lower case with single spaces; "" where it is absent or has not matched."""
    value = match.groupdict().get(name)
    return re.sub(r"[\s\xa0]+", " ", value.lower()).replace("’", "'") if value else ""


def direction(clock: Clock, start: int, end: int) -> int:
    """Where the clause around [start, end) looks: 1 ahead, -1 back, -2 back for certain, 0 unsaid.

    Its last cue before counts, else its first after.
    """
    after = clock.text[end : end + 70]
    if after.startswith(("'s ", "’s ")):
        return -1
    before = clock.text[max(0, start - 90) : start]
    if _SINCE.search(before) or _ATTACK.match(after):
        return -2
    ends = [mark.end() for mark in _CLAUSE_END.finditer(before)]
    before = before[ends[-1] :] if ends else before
    ahead = max((m.start() for m in _AHEAD.finditer(before)), default=-1)
    behind = max((m.start() for m in _BEHIND.finditer(before)), default=-1)
    if ahead >= 0 or behind >= 0:
        return 1 if ahead > behind and " had " not in before[:ahead] else -1
    after = _CLAUSE_END.split(after, maxsplit=1)[0]
    first, past = _AHEAD.search(after), _BEHIND.search(after)
    if first and (past is None or first.start() < past.start()):
        return 1
    return -1 if past else 0


def looks_ahead(clock: Clock, start: int, end: int) -> bool:
    return direction(clock, start, end) > 0


def year_of(clock: Clock, word: str) -> int:
    return shift_months(clock.today, 12 * STEP[word.split()[-1]]).year


def count_of(words: str) -> int | None:
    """ "three" → 3, "twenty-four" → 24, "a couple of" → 2; None where the text is vague ("several")."""
    words = words.replace("-", " ")
    if words.isdigit():
        return int(words)
    if "few" in words or words in VAGUE:
        return None
    if "couple" in words:
        return 2
    scale = next((n for word, n in (("hundred", 100), ("thousand", 1000), ("dozen", 12)) if word in words), 1)
    return scale * (sum(NUMBERS.get(word, 0) for word in words.split()) or 1)


def ordinal(words: str) -> int:
    return int(re.sub(r"\D", "", words) or 0) or ORDINALS[words]


def unit_of(words: str) -> str:
    return "century" if words.startswith("centur") else words


_HALVES = {"minute": "30S", "hour": "30M", "day": "T12H", "year": "6M"}


def duration(count: int | None, unit: str, *, half: bool = False) -> str:
    """The TIMEX3 value of so many units, and of half a one more."""
    prefix, letter, factor = _LETTERS[unit]
    if count is None:
        return f"{prefix}X{letter}"
    return f"{prefix}{count * factor}{letter}{_HALVES.get(unit, '') if half else ''}"


def month_number(words: str) -> int:
    return MONTHS[words.rstrip(".")]


def nearest_year(clock: Clock, month: int, day: int, start: int, end: int) -> int:
    """The year of a day whose year is not said: the nearest one, leaning to where the clause looks."""
    today = clock.today
    months = (month - today.month) + (day - today.day) / 31
    back, on = {1: (9, -2), 0: (5, -8), -1: (3.5, -9), -2: (0.0, -12)}[direction(clock, start, end)]
    if months > back:
        return today.year - 1
    return today.year + (months < on)
