"""Tree → text of the article, by trafilatura: paragraphs separated by newlines, NFC, plain."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

from trafilatura import bare_extraction
from trafilatura.settings import Document

from archive.extraction.blocks import Blocks, key
from archive.extraction.decode import clean_text
from archive.extraction.density import densest_text

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_RULE_ROW = re.compile(r"^[|\s:-]+$")
_PARAGRAPH = 80  # letters
_ENOUGH = 600  # characters of a first answer that may stand
_LONG = 1_500  # characters that a paragraph has on average only where the breaks between them are lost
_MOST = 0.8
_BULLET = re.compile(r"^[-*•] (?=\S)")

# It logs an error for each page without an article; the outcome says so already.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


def body_text(tree: HtmlElement, blocks: Blocks) -> str:
    """The article's text, "" where there is none. `tree` stays as it is; `blocks` are its own.

    trafilatura's fallbacks cost half as much again and change one page in twenty, so they are asked only where the
    first answer leaves out half of what reads like paragraphs.
    """
    first = _paragraphs_of(bare_extraction(tree, with_metadata=False, include_comments=False, fast=True))
    unbroken = len(first) > _LONG * (1 + first.count("\n"))
    if unbroken and len(dense := densest_text(blocks)) > _MOST * len(first):
        return dense  # the same without its paragraphs: from the page's data, or from an element full of line breaks
    if len(first) >= _ENOUGH and covers(first, blocks):
        return first
    return _paragraphs_of(bare_extraction(tree, with_metadata=False, include_comments=False))


def generous_text(tree: HtmlElement) -> str:
    """As `body_text`, but rather too much than too little."""
    return _paragraphs_of(bare_extraction(tree, with_metadata=False, include_comments=False, favor_recall=True))


def covers(text: str, blocks: Blocks) -> bool:
    """Whether a text holds half of what reads like paragraphs on its page, menus and boxes left out."""
    letters = key(text)
    long = {r.letters for r in blocks.runs if len(r.letters) >= _PARAGRAPH and not r.caption and r.zone is None}
    return 2 * sum(len(one) for one in long if one in letters) >= sum(map(len, long))


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
