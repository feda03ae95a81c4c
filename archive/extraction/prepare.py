"""What trafilatura is given: the tree, or a copy in which stands otherwise what it would lose. Pure.

It drops lists and quotes within cells of tables, and every character that is not printable to Python, among them the
joiners that words of Persian and of Indian languages are spelled with, and those of emoji.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archive.extraction.blocks import Blocks

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_LOST = re.compile("[\u200c\u200d\U000e0020-\U000e007f]")  # ZWNJ, ZWJ; tags, as in the flags of Scotland and Wales
# Letters that hardly a page holds (Bamum): each stands for one of those on its way through.
_STAND_INS = range(0xA6A0, 0xA6E6)
_IN_CELLS = {"ul": "div", "ol": "div", "dl": "div", "li": "p", "dt": "p", "dd": "p", "blockquote": "div"}


@dataclass(frozen=True, slots=True)
class Prepared:
    """A tree for trafilatura, and what in its answer stands for something else."""

    tree: HtmlElement
    blocks: Blocks
    stand_ins: dict[int, str] = field(default_factory=dict)

    def restored(self, text: str) -> str:
        return text.translate(self.stand_ins) if self.stand_ins else text


def prepared(tree: HtmlElement, blocks: Blocks) -> Prepared:
    """`tree` itself where nothing in it would be lost; `blocks` are its own."""
    lost = _lost(run.text for run in blocks.runs)
    if not lost and not _in_cells(tree):
        return Prepared(tree, blocks)
    copy = deepcopy(tree)
    for element in _in_cells(copy):
        element.tag = _IN_CELLS[element.tag]
    if lost:
        _replace(copy, str.maketrans(lost))
    return Prepared(copy, blocks, {ord(stand_in): char for char, stand_in in lost.items()})


def _lost(texts: Iterable[str]) -> dict[str, str]:
    """The characters that would be lost, and a letter for each that the page does not hold."""
    foreign = [text for text in texts if not text.isascii()]
    found = sorted({char for text in foreign for char in _LOST.findall(text)})
    if not found:
        return {}
    held = set().union(*foreign)
    free = [chr(code) for code in _STAND_INS if chr(code) not in held]
    return dict(zip(found, free, strict=False))


def _in_cells(tree: HtmlElement) -> list[HtmlElement]:
    """Lists and quotes within cells, and what they are made of, each once; lists of links alone are menus."""
    return list(dict.fromkeys(element for cell in tree.iter("td", "th") for element in _lists(cell)))


def _lists(cell: HtmlElement) -> Iterator[HtmlElement]:
    for element in cell.iter("ul", "ol", "dl", "blockquote"):
        words = len("".join("".join(element.itertext()).split()))
        linked = sum(len("".join("".join(link.itertext()).split())) for link in element.iter("a"))
        if 2 * linked < words:
            yield element
            yield from (part for part in element if part.tag in ("li", "dt", "dd"))


def _replace(tree: HtmlElement, table: dict[int, str]) -> None:
    for element in tree.iter():
        if element.text and not element.text.isascii():
            element.text = element.text.translate(table)
        if element.tail and not element.tail.isascii():
            element.tail = element.tail.translate(table)
