"""Who "President Trump" is: the holder of an office by title, last name and date (data/names_offices.tsv).

The list covers heads of state and government that news text names by last name alone; it is no directory. A name is
completed only where exactly one holder fits the title and the day of the story.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from archive.entities.places import fold

_TITLE = re.compile(
    r"(?P<former>(?:\bformer\s|\bex-|\bthen-|\blate\s)(?:[A-Z][\w.]*\s){0,2}?)?\b"
    r"(?P<title>Vice President|President|Prime Minister|Chancellor|Secretary-General|Pope|King|Queen)(?:-elect)?\s+$",
    re.IGNORECASE,
)
REGNAL = re.compile(r"[IVX]+")  # behind the name of a king or a pope
_GOVERNMENT = re.compile(r"['’]?s?\s(?:administration|White House)\b")
_ELECT = timedelta(days=80)  # from election to office: the president-elect is called so, or simply by name


@dataclass(frozen=True, slots=True)
class Term:
    """A person in an office, from the first day to the last (None: when the list was compiled, still in it)."""

    title: str
    name: str
    first: date
    last: date | None


@lru_cache(maxsize=1)
def _terms() -> dict[str, list[Term]]:
    terms: dict[str, list[Term]] = {}
    path = Path(__file__).parent / "data" / "names_offices.tsv"
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            title, name, first, last, _country = line.split("\t")
            term = Term(title.lower(), name, date.fromisoformat(first), date.fromisoformat(last) if last else None)
            words = name.split()
            called = words[:-1] if REGNAL.fullmatch(words[-1]) else words  # "Pope Leo"
            for count in (1, 2):
                terms.setdefault(fold(" ".join(called[-count:])), []).append(term)
    return terms


def holder(last_name: str, before: str, after: str, published: date | None) -> str | None:
    """The full name of the office holder that `last_name` means between the texts `before` and `after`, if one fits."""
    terms = _terms().get(fold(last_name))
    if not terms:
        return None
    match = _TITLE.search(before[-60:])
    if match:
        title, former = match["title"].lower(), bool(match["former"])
    elif _GOVERNMENT.match(after):
        title, former = "president", True
    else:
        return None
    names = {term.name for term in terms if term.title == title and _fits(term, published, former)}
    return names.pop() if len(names) == 1 else None


def _fits(term: Term, published: date | None, former: bool) -> bool:
    if published is None:
        return True
    if published < term.first - _ELECT:
        return False
    return former or term.last is None or published <= term.last + _ELECT
