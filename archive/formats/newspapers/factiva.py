"""Factiva as text, and in what becomes of it (DOCX, RTF): with codes ("HD", "TD" …), or as it is displayed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from archive.extraction.byline_words import BY
from archive.extraction.people import is_person
from archive.formats.item import Item, Reject, clipped
from archive.formats.newspapers.documents import lines_of
from archive.formats.newspapers.paper import (
    MAX_LINES,
    Paper,
    authors_in,
    day_in,
    flat,
    is_rights,
    item_of,
    joined,
    language_named,
)  # fmt: skip
from archive.formats.newspapers.signs import NUMBER, WORDS
from archive.formats.opening import ImportFile, Line

# In the order that they have in every paper. https://www.dowjones.com/professional/factiva/
_CODES = "CLM SE HD CR BY WC PD ET SN SC ED PG VOL LA CY LP TD ART DLN CT RF CO IN NS RE DE IPC IPD PUB AN".split()
_PLACE = {code: place for place, code in enumerate(_CODES)}
_CODED = re.compile(rf"[ \t]*({'|'.join(_CODES)})(?:[ \t\u00a0]*\|)?(?:([ \t\u00a0]+)(.*)|[ \t]*)", re.DOTALL)
_OF_TEXT = ("LP", "TD", "ART", "CT")
_SAID = {
    "SE": "Section", "CLM": "Column", "ED": "Edition", "PG": "Page", "VOL": "Volume", "CR": "Credit", "CO": "Company",
    "IN": "Industry", "NS": "Subject", "RE": "Place", "DE": "Descriptor",
}  # fmt: skip
_WORDS, _NUMBER = re.compile(WORDS, re.IGNORECASE), re.compile(NUMBER)
_CLOCK = re.compile(r"\d{1,2}[:.]\d{2}(?: ?[AP]M)?(?: [A-Z]{2,4})?", re.IGNORECASE)
_SOURCE_CODE = re.compile(r"[A-Z][A-Z0-9]{2,9}")
_PAGE = re.compile(r"(?:[A-Z]{0,4}\d{1,4}|[A-Z]\d?)(?:[-,;] ?[A-Z]{0,4}\d{1,4})*")
_SUMMARY = re.compile(
    r"(?:Search Summary|Zusammenfassung der Suche|Résumé de la recherche|Resumen de la búsqueda)", re.IGNORECASE
)
_FOOT = re.compile(r"\W{0,3}\d{4} (?:Dow Jones )?Factiva(?:, Inc\.?)?.{0,60}", re.IGNORECASE)
_LONGEST_FACT = 60  # characters
_FACTS = 12  # lines between the number of words and the text
_CUT_OFF = "its end is missing: what there is of it was taken in"


def read(source: ImportFile) -> Iterator[Item | Reject]:
    """The papers, in whichever of the two ways the first of them comes."""
    lines = (line for line in lines_of(source) if not _FOOT.fullmatch(line.text.strip()))
    ahead: list[Line] = []
    for line in lines:
        ahead.append(line)
        if _WORDS.fullmatch(line.text) or len(ahead) > MAX_LINES:
            break
        if (found := _CODED.fullmatch(line.text)) and found[1] in ("HD", "SE", "CLM", "WC", "BY", "PD"):
            yield from _coded(source, chain(ahead, lines))
            return
    yield from _shown(source, chain(ahead, lines))


def _coded(source: ImportFile, lines: Iterator[Line]) -> Iterator[Item | Reject]:
    """Each code with its value, which may go on below it."""
    values: dict[str, list[Line]] = {}
    last, start = "", 1
    for line in lines:
        code, value = _code(line.text, last)
        if code and (last in ("AN", "") or _PLACE[code] <= _PLACE[last]) and (values.keys() & {"HD", "LP", "TD", "AN"}):
            yield paper_of(source, start, {name: joined(of) for name, of in values.items()})
            values = {}
        if code:
            start = line.number if not values else start
            last = code
            values[code] = [line._replace(text=value)] if value.strip() else []
        elif last == "AN" and line.text.strip() and values.get("AN"):
            last = ""  # what stands behind a paper is none of it
        elif last and len(values[last]) < MAX_LINES:
            values[last].append(line)
    if values:
        yield paper_of(source, start, {name: joined(of) for name, of in values.items()})


def _code(text: str, last: str) -> tuple[str, str]:
    """The code that a line begins with and what stands behind it; within a text only one that may follow counts."""
    found = _CODED.fullmatch(text)
    if found is None:
        return "", ""
    code, space, value = found[1], found[2] or "", found[3] or ""
    if last in _OF_TEXT:
        apart = "\t" in space or len(space) > 1 or not value.strip() or (code == "AN" and _NUMBER.fullmatch(value))
        if not apart or (_PLACE[code] <= _PLACE[last] and code not in ("HD", "SE", "CLM")):
            return "", ""
    return code, value


def paper_of(source: ImportFile, line: int, values: dict[str, str]) -> Item | Reject:
    """The paper whose values have these codes."""
    number = values.get("AN", "").strip()
    found = _NUMBER.match(number.splitlines()[0]) if number else None
    text = "\n\n".join(filter(None, (values.get(code, "").strip("\n") for code in _OF_TEXT)))
    paper = Paper(
        line, title=values.get("HD", ""), site=values.get("SN", ""), byline=values.get("BY", ""),
        day=values.get("PD", ""), lang=values.get("LA", ""), text=text, url=values.get("URL", ""),
        number=(found[0] if found else number or " ").split(" ")[-1],
        facts=[(label, values[code]) for code, label in _SAID.items() if values.get(code)],
    )  # fmt: skip
    if not number and source.format_name == "factiva":
        paper.remarks.append(_CUT_OFF)
    return item_of(source, "factiva", paper)


def _shown(source: ImportFile, lines: Iterator[Line]) -> Iterator[Item | Reject]:
    """Headline, byline, number of words, day, newspaper, code, language, rights, text, "Document" and its number."""
    part: list[Line] = []
    for line in lines:
        if _NUMBER.fullmatch(line.text) and any(_WORDS.fullmatch(one.text) for one in part):
            yield _displayed(source, part, line.text.split()[-1])
            part = []
        elif len(part) < MAX_LINES:
            part.append(line)
    there = [line for line in part if line.text.strip()]
    if not there or _SUMMARY.match(there[0].text.strip()):
        return
    if any(_WORDS.fullmatch(line.text) for line in part):
        yield _displayed(source, part, "")
    else:
        why = "no article: neither a number of words nor of a document stands in it"
        yield Reject(source.origin(there[0].number), why, clipped(joined(there)))


def _displayed(source: ImportFile, part: list[Line], number: str) -> Item | Reject:
    at = next(place for place, line in enumerate(part) if _WORDS.fullmatch(line.text))
    paper = Paper(part[at].number, number=number)
    _headline(paper, [line for line in part[:at] if line.text.strip()])
    begin = _take_facts(paper, part, at + 1)
    paper.text = joined(part[begin:])
    if not number:
        paper.remarks.append(_CUT_OFF)
    return item_of(source, "factiva", paper)


def _headline(paper: Paper, head: list[Line]) -> None:
    """Section, headline and byline, which are lines above the number of words."""
    if head:
        paper.line = head[0].number
    last = head[-1].text.strip() if len(head) > 1 else ""
    if last and (BY.match(last) or ((names := authors_in(last)) and all(map(is_person, names)))):
        paper.byline = last
        head = head[:-1]
    paper.title = flat(head[-1:])
    if len(head) > 1:
        paper.facts.append(("Section", flat(head[:-1])))


def _take_facts(paper: Paper, part: list[Line], start: int) -> int:
    """Day, clock, newspaper, page, code, language and rights; where the text begins behind them."""
    end, seen = start, 0
    for at in range(start, len(part)):
        text = part[at].text.strip()
        if not text:
            continue
        seen += 1
        if seen > _FACTS:
            break
        if is_rights(text):
            return at + 1
        if not paper.day and day_in(text):
            paper.day = text
        elif _CLOCK.fullmatch(text):
            pass
        elif not paper.site and paper.day:
            paper.site = text
        elif language_named(text) and not _SOURCE_CODE.fullmatch(text):
            paper.lang = text
        elif _PAGE.fullmatch(text) and any(map(str.isdigit, text)):
            paper.facts.append(("Page", text))
        elif _SOURCE_CODE.fullmatch(text):
            pass
        elif paper.lang or not paper.day or len(text) > _LONGEST_FACT:
            return at
        else:
            paper.facts.append(("Edition", text))
        end = at + 1
    return end
