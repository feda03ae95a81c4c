"""A paper of a database, as its lines state it, and the item that it becomes.

What is printed is text; what the database says of it (section, page, subjects) is the note. A paper without an address
gets one that is never fetched (https://nexis.invalid/…): of its number in the database, else of its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from urllib.parse import urlsplit

from archive.extraction.capitals import as_names_are
from archive.extraction.people import is_person, names_in
from archive.formats.item import Item, Reject, clipped
from archive.formats.moments import lost_dates, moment
from archive.formats.opening import ImportFile, Line
from archive.formats.records import made_address
from archive.urls import find_urls

_HEAD = 8  # lines that rights may stand in before the newspaper's name
MAX_LINES = 100_000  # of one paper
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_WORD = re.compile(r"\w+")
_MOST = 4_000  # characters of a note
_DAY = re.compile(
    r"\d{4}-\d\d-\d\d|\d{1,2}\.\d{1,2}\.(?:\d{4}|\d\d\b)|\d{4}年\d{1,2}月\d{1,2}日"
    r"|[^\W\d_]{3,12}\.? \d{1,2},? \d{4}"
    r"|\d{1,2}(?:\.|er|st|nd|rd|th)? (?:de |d['’])?[^\W\d_]{3,12}\.?,? (?:de |del )?\d{4}"
)
_ORDINAL = re.compile(r"(?<=\d)(?:er|st|nd|rd|th)\b")
_RIGHTS = re.compile(
    r"\W{0,3}(?:Copyright\b|©|\(c\) ?|All Rights Reserved|Alle Rechte vorbehalten|Tous droits réservés"
    r"|Todos los derechos).{0,300}",
    re.IGNORECASE | re.DOTALL,
)
_NAMED_IN = ("en", "de", "fr", "es", "it", "nl", "pt", "sv", "nb", "da", "fi", "pl")


@dataclass
class Paper:
    """What is known of one paper. `day` and `lang` are words as they stand there, `facts` labels and values."""

    line: int
    title: str = ""
    site: str = ""
    byline: str = ""
    day: str = ""
    lang: str = ""
    text: str = ""
    number: str = ""
    url: str = ""
    facts: list[tuple[str, str]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def item_of(source: ImportFile, database: str, paper: Paper) -> Item | Reject:
    """The item that a paper is; a Reject for one without text."""
    origin = source.origin(paper.line, paper.number[:200])
    title, site = " ".join(paper.title.split()), " ".join(paper.site.split())
    if not paper.text.strip():
        return Reject(origin, "an article without text", clipped("\n".join(filter(None, (title, site, paper.day)))))
    authors, day = authors_in(paper.byline), day_in(paper.day)
    facts = [*([] if authors or not paper.byline else [("Byline", paper.byline)]), *paper.facts]
    note = "\n".join(f"{label}: {' '.join(value.split())}" for label, value in facts if value.strip())
    words = " ".join(_WORD.findall(f"{site} {day or ''} {title} {paper.text}".casefold()))
    number = _UNSAFE.sub("-", paper.number).strip("-")
    stated = next(iter(find_urls(paper.url)), "")
    if stated and not urlsplit(stated).path.strip("/"):  # that of the newspaper, which all its articles have
        stated = ""
    return Item(
        stated or (f"https://{database}.invalid/{number}" if number else made_address(database, words)),
        origin,
        title=title,
        text=paper.text,
        authors=authors,
        site=site,
        lang=language_in(paper.lang),
        published=day,
        note=note if len(note) <= _MOST else f"{note[:_MOST]}…",
        remarks=(*(() if day else lost_dates(("date", paper.day))), *paper.remarks),
    )


def authors_in(byline: str) -> tuple[str, ...]:
    """The names in a byline, as names are written."""
    names = names_in(" ".join(byline.split()), langs=("en", "de", "fr"))
    return tuple(as_names_are(name, (), "") if name.isupper() and is_person(name) else name for name in names)


def day_in(text: str) -> date | None:
    """The first day in some words, in any of our languages."""
    for found in _DAY.finditer(" ".join(text.split())):
        at = moment(_ORDINAL.sub("", found[0]))
        if at is not None:
            return at.date() if isinstance(at, datetime) else at
    at = moment(text)
    return at.date() if isinstance(at, datetime) else at


def language_in(text: str) -> str:
    """The code of the language that is named first ("GERMAN; DEUTSCH"), in one of a dozen languages; "" for none."""
    for name in re.split(r"[;,/|]", text.casefold()):
        if code := language_named(name.strip()):
            return code
    return ""


def language_named(name: str) -> str:
    """The code of a language by its name, "" for what is none."""
    return _languages().get(name.casefold(), name.lower() if re.fullmatch(r"[A-Za-z]{2}", name) else "")


@cache
def _languages() -> dict[str, str]:
    from babel import Locale

    return {
        name.casefold(): code
        for locale in reversed(_NAMED_IN)
        for code, name in Locale(locale).languages.items()
        if len(code) == 2
    }


def is_rights(text: str) -> bool:
    """Whether a line says nothing but whose rights there are."""
    return _RIGHTS.fullmatch(text.strip()) is not None


def without_rights(lines: Iterable[Line]) -> Iterator[Line]:
    """Lines without those that say whose rights there are, and the rest of their paragraphs; at the beginning
    the newspaper's name may follow in these."""
    inside, seen = False, 0
    for line in lines:
        there = bool(line.text.strip())
        seen += there
        inside = is_rights(line.text) or (inside and there and seen > _HEAD)
        if not inside:
            yield line


def joined(lines: Iterable[Line | str]) -> str:
    """Lines as a text: no empty line at its ends, and one between paragraphs."""
    kept: list[str] = []
    for line in lines:
        text = (line if isinstance(line, str) else line.text).rstrip()
        if text or (kept and kept[-1]):
            kept.append(text)
    return "\n".join(kept).rstrip("\n")


def blocks_of(lines: Iterable[Line]) -> list[list[Line]]:
    """Lines by the paragraphs that they are in."""
    found: list[list[Line]] = [[]]
    for line in lines:
        if line.text.strip():
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return [block for block in found if block]


def flat(lines: Iterable[Line]) -> str:
    """Lines as one."""
    return " ".join(line.text.strip() for line in lines)


def parted(lines: Iterable[Line], ends: re.Pattern[str]) -> Iterator[tuple[list[Line], Line | None]]:
    """The lines before each one that `ends` matches whole, with that line; None for it at the end of the file."""
    part: list[Line] = []
    for line in lines:
        if ends.fullmatch(line.text):
            yield part, line
            part = []
        elif len(part) < MAX_LINES:
            part.append(line)
    yield part, None
