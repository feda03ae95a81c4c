"""Where in an English text a date expression may begin, so that the grammar is tried nowhere else.

Every expression begins with one of a few words or a digit, has none but words of the grammar, and soon has one that
only few sentences have: a number, a month, a day, a unit of time. What this passes over, the patterns of dates_grammar
do not match (a test holds it to that); what it lets through, they may.
"""

from __future__ import annotations

import re

from archive.entities.dates_calendar import HOLIDAYS
from archive.entities.dates_grammar import MONTHS, NUMBERS, ORDINALS, PATTERNS, SEASONS, WEEKDAYS

_REACH = 100  # characters from the beginning of an expression to its first telling word, at the most
_UNITS = "second minute hour day week weekend month quarter year decade centurie"
_TELLING = frozenset(
    {
        *MONTHS, *WEEKDAYS, *SEASONS,
        *(f"{name}s" for name in WEEKDAYS),
        *(f"{unit}{end}" for unit in _UNITS.split() for end in ("", "s")),
        *(f"{unit}long" for unit in _UNITS.split()),
        *(re.findall(r"\w+", name)[-1] for name in HOLIDAYS),
        *(f"{part}{end}" for part in ("morning", "afternoon", "evening", "night") for end in ("", "s")),
        *"century centurys period half nineteen twenty thousand".split(),
        *"twenties thirties forties fifties sixties seventies eighties nineties".split(),
        *"today yesterday tomorrow tonight overnight daily weekly monthly annually yearly hourly".split(),
        *"now currently moment present presently nowadays current recently past future term".split(),
    }
)  # fmt: skip
_LEADING = frozenset(
    {
        *NUMBERS, *(word.split("-")[0] for word in ORDINALS),
        *(re.split(r"\W", form)[0] for name in HOLIDAYS for form in (name, name.replace("'", ""))),
        *"a an couple several few many about nearly almost over some around".split(),
        *"the this that last next past previous coming following preceding current same latest final".split(),
        *"early earlier mid middle late later beginning start end each every its their fiscal".split(),
        *"comparable corresponding prior in during by since until till of for from between to within".split(),
        *"at before after through circa and right these recent q".split(),
    }
)  # fmt: skip
_WORDING = " ".join([*PATTERNS.values(), *HOLIDAYS, *(name.replace("'", "") for name in HOLIDAYS)])
_GRAMMAR = frozenset(re.findall(r"[a-z]+", re.sub(r"\\x..|\\.|\(\?P<\w+>", " ", _WORDING).lower()))
"""Every word that stands in a pattern. Those built of several pieces are telling ones."""
_WORDS = re.compile(r"[^\W\d_½]+|\d+|['’](?=\d)")


def starts(text: str) -> list[int]:
    """The places in `text` where a date expression may begin, in order."""
    found: list[int] = []
    leading: list[int] = []  # beginnings that no telling word has followed yet
    for match in _WORDS.finditer(text):
        word = match[0].lower()
        start = match.start()
        if word in _TELLING or not word[0].isalpha():
            found += [place for place in leading if start - place <= _REACH]
            leading.clear()
            found.append(start)
        elif word in _LEADING:
            leading.append(start)
        elif leading and word not in _GRAMMAR:
            leading.clear()
    return found
