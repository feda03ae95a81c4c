"""Tree → text of the article, by trafilatura: paragraphs separated by newlines, NFC, plain."""

from __future__ import annotations

import logging
import re
from bisect import bisect_left
from collections import Counter
from itertools import accumulate
from operator import itemgetter
from typing import TYPE_CHECKING

from trafilatura import bare_extraction
from trafilatura.settings import Document

from archive.extraction.blocks import Blocks, Run, key
from archive.extraction.decode import clean_text
from archive.extraction.density import densest_text
from archive.extraction.prepare import Prepared, prepared

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_RULE_ROW = re.compile(r"^[|\s:-]+$")
_PARAGRAPH = 80  # letters
_ENOUGH = 600  # characters of a first answer that may stand
_LONG = 1_500  # characters that a paragraph has on average only where the breaks between them are lost
_MOST = 0.8
_HEADINGS = frozenset("h2 h3 h4".split())
_JOINED = 100  # characters of a line that may be several put together
_SURE = 15  # bytes of the letters of a line that stands only where it belongs
_MENU = 20  # lines
_ITEM = 60  # characters that a line of a menu has on average at the most
_BULLET = re.compile(r"^[-*•] (?=\S)")

# It logs an error for each page without an article; the outcome says so already.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


def body_text(tree: HtmlElement, blocks: Blocks) -> str:
    """The article's text, "" where there is none. `tree` stays as it is; `blocks` are its own.

    trafilatura's fallbacks cost half as much again and change one page in twenty, so they are asked only where the
    first answer leaves out half of what reads like paragraphs.
    """
    ready = prepared(tree, blocks)
    first = _text_of(ready, fast=True)
    unbroken = len(first) > _LONG * (1 + first.count("\n"))
    if unbroken and len(dense := densest_text(blocks)) > _MOST * len(first):
        return dense  # the same without its paragraphs: from the page's data, or from an element full of line breaks
    if len(first) >= _ENOUGH and covers(first, blocks):
        return first
    second = _text_of(ready)
    if len(second) >= _ENOUGH and (is_menu(second, blocks) or 2 * prose(second, blocks) < prose(first, blocks)):
        return max(second, first, densest_text(blocks), key=lambda text: prose(text, blocks))
    return second


def _text_of(ready: Prepared, *, fast: bool = False) -> str:
    found = bare_extraction(ready.tree, with_metadata=False, include_comments=False, fast=fast)
    return _in_order(_divided(ready.restored(_paragraphs_of(found)), ready.blocks), ready.blocks)


def _divided(text: str, blocks: Blocks) -> str:
    """`text` with a line for each block of the page: all that a short page says comes as one line, headline and all.

    Rows of tables stay together, and so do the lines of one element where the text has others beside it.
    """
    lines = text.split("\n")
    known = {run.letters for run in blocks.runs}
    if all(len(line) < _JOINED or " | " in line or key(line) in known for line in lines):
        return text
    runs = [run for run in blocks.runs if run.letters]
    starts = list(accumulate((len(run.letters) for run in runs), initial=0))
    whole = "".join(run.letters for run in runs)
    return "\n".join(
        part for line in lines for part in _parts_of(line, runs, starts, whole, alone=len(lines) == 1) or [line]
    )


def _parts_of(line: str, runs: list[Run], starts: list[int], whole: str, *, alone: bool) -> list[str]:
    """The texts of the runs that a line is put together from; [] where it is not."""
    letters = key(line)
    at = whole.find(letters) if len(line) >= _JOINED and " | " not in line else -1
    if at < 0:
        return []
    first, last = bisect_left(starts, at), bisect_left(starts, at + len(letters))
    if starts[first] != at or starts[last] != at + len(letters) or last - first < 2:
        return []
    joined = runs[first:last]
    if not alone and len({run.element for run in joined}) == 1:
        return []
    return [" ".join(clean_text(run.text).split()) for run in joined]


def _in_order(text: str, blocks: Blocks) -> str:
    """`text` with its lines in the order of the page: of a short story, what was found last is put first.

    Short lines, and those that stand nowhere in the page or at several places, stay behind the one before them.
    """
    places: dict[str, int] = {}
    for number, run in enumerate(blocks.runs):
        sure = len(run.letters.encode()) >= _SURE or run.element.tag in _HEADINGS
        places[run.letters] = number if sure and run.letters not in places else -1
    lines = text.split("\n")
    keys = [key(line) for line in lines]
    once = {letters for letters, count in Counter(keys).items() if count == 1}
    found = [places.get(letters, -1) if letters in once else -1 for letters in keys]
    known = [place for place in found if place >= 0]
    if known == sorted(known):
        return text
    ranked: list[tuple[int, str]] = []
    for place, line in zip(found, lines, strict=True):
        ranked.append((place if place >= 0 or not ranked else ranked[-1][0], line))
    return "\n".join(line for _, line in sorted(ranked, key=itemgetter(0)))


def covers(text: str, blocks: Blocks) -> bool:
    """Whether a text holds half of what reads like paragraphs on its page, menus and boxes left out.

    Where all of it stands in menus and boxes by their names, these are not believed.
    """
    long = _long(blocks, anywhere=False) or _long(blocks, anywhere=True)
    letters = key(text)
    return 2 * sum(len(one) for one in long if one in letters) >= sum(map(len, long)) and not is_menu(text, blocks)


def _long(blocks: Blocks, *, anywhere: bool) -> set[str]:
    """The letters of what reads like paragraphs."""
    return {
        run.letters
        for run in blocks.runs
        if len(run.letters) >= _PARAGRAPH and not run.caption and (anywhere or run.zone is None)
    }


def prose(text: str, blocks: Blocks) -> int:
    """How many letters of a text stand in the page as paragraphs that are not links."""
    letters = key(text)
    found = {run.letters for run in blocks.runs if len(run.letters) >= _PARAGRAPH and run.linked < 0.5}
    return sum(len(one) for one in found if one in letters)


def is_menu(text: str, blocks: Blocks) -> bool:
    """Whether a text of many short lines is mostly links where it stands in the page."""
    lines = text.split("\n")
    if len(lines) < _MENU or len(text) > _ITEM * len(lines):
        return False
    keys = set(map(key, lines))
    found = [run for run in blocks.runs if run.letters in keys]
    return 2 * sum(len(run.letters) for run in found if run.linked > 0.5) > sum(len(run.letters) for run in found)


def _paragraphs_of(document: object) -> str:
    if not isinstance(document, Document) or not document.text:
        return ""
    bullets = document.body is not None and next(document.body.iter("item"), None) is not None
    return as_paragraphs(document.text, bullets=bullets)


def as_paragraphs(text: str, *, bullets: bool = False) -> str:
    """`text` with one paragraph a line; list markers (where there are lists) and table rules dropped."""
    lines: list[str] = []
    for raw in text.split("\n"):
        line = " ".join(clean_text(raw).split())
        if line.startswith("|") and line.endswith("|"):
            if _RULE_ROW.match(line):
                continue
            line = " | ".join(filter(None, (cell.strip() for cell in line.strip("|").split("|"))))
        elif bullets:
            line = _BULLET.sub("", line)
        if line:
            lines.append(line)
    return "\n".join(lines)
