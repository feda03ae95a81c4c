"""Retriever (Mediearkivet, Atekst), text: papers between rules of equals signs, each headline, newspaper and day."""

from __future__ import annotations

import re
from collections.abc import Iterator

from archive.formats.item import Item, Reject, clipped
from archive.formats.newspapers.documents import lines_of
from archive.formats.newspapers.paper import Paper, item_of, joined, parted
from archive.formats.newspapers.signs import PAPER, PRINTED
from archive.formats.opening import ImportFile, Line
from archive.urls import find_urls

_RULE, _UNDER = re.compile(r"[ \t]*={20,}[ \t]*"), re.compile(r"[ \t]*-{10,}[ \t]*")
_PAPER, _PRINTED = re.compile(PAPER), re.compile(PRINTED)
_PAGE = re.compile(r"(?:Sida|Sidan|Side|Page|Sivu):? (\S.{0,40})", re.IGNORECASE)
_SECTION = re.compile(r"(?:Seksjon|Sektion|Sektionen|Section|Del):? (\S.{0,80})", re.IGNORECASE)
_LINK = re.compile(
    r"(?:Se|Läs|Les|Læs|See|Read)\b.{0,60}?\bhttps?://\S+|https?://(?:ret\.nu|www\.retriever-info\.com)/\S+",
    re.IGNORECASE,
)
_RIGHTS = re.compile(r"(?:©|\(c\)).*", re.IGNORECASE)
_NOT_PASSED_ON = re.compile(
    r"Artik[a-zæøå]+ (?:får ej|får inte|må ikke|kan ikke) (?:distrib|videre|vidare).*", re.IGNORECASE
)
_NO_PAPER = "no article: no line says its newspaper and day"


def read(source: ImportFile) -> Iterator[Item | Reject]:
    """The papers; the list of what was found before the first is none."""
    for part, _ in parted(lines_of(source), _RULE):
        there = [line for line in part if line.text.strip()]
        at = next((at for at, line in enumerate(part) if _PAPER.fullmatch(line.text.strip())), None)
        if at is not None:
            yield _of(source, part, at)
        elif there and not all(_NOT_PASSED_ON.match(line.text.strip()) for line in there):
            yield Reject(source.origin(there[0].number), _NO_PAPER, clipped(joined(there)), lost=True)


def _of(source: ImportFile, part: list[Line], at: int) -> Item | Reject:
    found = _PAPER.fullmatch(part[at].text.strip())
    paper = Paper(part[at].number, site=found["site"] if found else "", day=found["day"] if found else "")
    title: list[str] = []
    for line in reversed(part[:at]):
        if not line.text.strip() or line.text.lstrip().startswith(">"):
            if title:
                break
            continue
        if not _UNDER.fullmatch(line.text):
            title.insert(0, line.text.strip())
            paper.line = line.number
    paper.title = " ".join(title)
    begin = _take_facts(paper, part, at + 1)
    text = list(part[begin:])
    while text and (_is_foot(text[-1].text.strip()) or not text[-1].text.strip()):
        last = text.pop().text
        if _LINK.match(last.strip()):
            paper.url = next(iter(find_urls(last)), "")
    paper.text = joined(text)
    return item_of(source, "retriever", paper)


def _is_foot(text: str) -> bool:
    return bool(_LINK.fullmatch(text) or _RIGHTS.fullmatch(text) or _NOT_PASSED_ON.fullmatch(text))


def _take_facts(paper: Paper, part: list[Line], start: int) -> int:
    """Page, section and where it was published; where the text begins behind them."""
    for at in range(start, len(part)):
        text = part[at].text.strip()
        if not text or _UNDER.fullmatch(text):
            continue
        if found := _PAGE.fullmatch(text):
            paper.facts.append(("Page", found[1]))
        elif found := _SECTION.fullmatch(text):
            paper.facts.append(("Section", found[1]))
        elif not _PRINTED.match(text):
            return at
    return len(part)
