"""What trafilatura is given: the tree, or a copy in which stands otherwise what it would lose. Pure.

It makes one line of each row of a table, though a whole page be laid out in it. It drops lists and quotes within cells,
and every character that is not printable to Python, among them the joiners that words of Persian and of Indian
languages are spelled with, and those of emoji.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from archive.extraction.blocks import Blocks, Run

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_LOST = re.compile("[\u200c\u200d\U000e0020-\U000e007f]")  # ZWNJ, ZWJ; tags, as in the flags of Scotland and Wales
# Letters that hardly a page holds (Bamum): each stands for one of those on its way through.
_STAND_INS = range(0xA6A0, 0xA6E6)
_CELLS = frozenset({"td", "th"})
_OF_TABLES = _CELLS | {"tr", "tbody", "thead", "tfoot"}
_PARAGRAPH, _SEVERAL = 60, 2  # letters of a paragraph, and how many make a cell a column of text
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
    layouts = _layouts(tree, blocks)
    if not lost and not any(layouts) and not _in_cells(tree):
        return Prepared(tree, blocks)
    copy = deepcopy(tree)
    column = _column(tree, blocks) if any(layouts) else None
    for table, is_layout in zip(list(copy.iter("table")), layouts, strict=True):
        if is_layout:
            _unfold(table)
    if column is not None:
        next(islice(copy.iter(), column, None)).tag = "article"
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


def _layouts(tree: HtmlElement, blocks: Blocks) -> list[bool]:
    """Of each table, whether it has cells that hold paragraphs: then it is no table but a layout."""
    return [any(_holds_paragraphs(part, blocks) for part in _parts(table)) for table in tree.iter("table")]


def _column(tree: HtmlElement, blocks: Blocks) -> int | None:
    """The place of the innermost cell with most of the paragraphs of a page, where nothing is called an article."""
    if next(tree.iter("article", "main"), None) is not None:
        return None
    long = [_is_paragraph(run) for run in blocks.runs]
    found = None
    for place, element in enumerate(tree.iter()):
        if element.tag in _CELLS and 4 * sum(long[slice(*blocks.spans.get(element, (0, 0)))]) > 3 * sum(long):
            found = place
    return found


def _is_paragraph(run: Run) -> bool:
    return len(run.letters) >= _PARAGRAPH and run.linked < 0.5


def _parts(table: HtmlElement) -> Iterator[HtmlElement]:
    """Rows and cells of a table, not those of the tables within it."""
    for child in table:
        if child.tag in _OF_TABLES:
            yield child
            yield from _parts(child) if child.tag not in _CELLS else ()


def _holds_paragraphs(part: HtmlElement, blocks: Blocks) -> bool:
    low, high = blocks.spans.get(part, (0, 0)) if part.tag in _CELLS else (0, 0)
    return len(list(islice(filter(_is_paragraph, blocks.runs[low:high]), _SEVERAL))) == _SEVERAL


def _unfold(table: HtmlElement) -> None:
    for part in (table, *_parts(table)):
        part.tag = "div"


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
