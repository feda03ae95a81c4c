"""What the lines of the extracted text are in the page: headings, items, quotes, rows, captions and links. Pure.

Each line is found again among the runs of blocks.py, long ones first and in order, short ones between these. The
elements around its runs say what it is, so the structure is the page's own markup whatever made the text.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING

from archive.extraction.blocks import Blocks, Run, key
from archive.extraction.decode import clean_text
from archive.extraction.images import best_address
from archive.extraction.links.hrefs import unwrapped
from archive.extraction.links.targets import absolute
from archive.structure import Caption, Mark, MarkKind, Structure

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_SURE = 25  # letters that stand at one place of a page alone
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_ITEMS = frozenset("li dt dd".split())
_CELLS = frozenset("td th".split())
_LISTS = frozenset("ul ol dl menu".split())
_AROUND = 5  # elements around a caption in which its image is looked for
_MOST = 5_000  # marks of one article


@dataclass(slots=True)
class _Line:
    """A line of the text: its characters, and the runs [low, high) that it was made of; low is -1 where none is."""

    start: int
    end: int
    letters: str
    low: int = -1
    high: int = -1


def structure_of(blocks: Blocks, text: str) -> Structure:
    """The structure of the page in `text`, which was extracted from it."""
    lines = list(_lines(text))
    _locate(lines, blocks.runs)
    marks = [*_Marks(blocks, lines).all(), *_links(blocks, lines, text)]
    marks.sort(key=lambda mark: (mark.start, -mark.end))
    return Structure(tuple(marks[:_MOST]), tuple(_captions(blocks, lines, text)))


def _lines(text: str) -> Iterator[_Line]:
    start = 0
    for line in text.split("\n"):
        yield _Line(start, start + len(line), key(line))
        start += len(line) + 1


# -- where a line stands in the page -------------------------------------------------------------------------------


def _locate(lines: list[_Line], runs: list[Run]) -> None:
    """Give each line its runs."""
    page = _Page(runs)
    cursor = 0
    for line in lines:
        if len(line.letters) >= _SURE and page.place(line, cursor, len(runs)):
            cursor = max(cursor, line.high - 1)
    before = 0
    after = len(runs)
    bounds: list[int] = []
    for line in reversed(lines):
        bounds.append(after)
        after = line.low if line.low >= 0 else after
    for line, bound in zip(lines, reversed(bounds), strict=True):
        if line.low < 0 and line.letters:
            page.place(line, before, max(bound, before) if bound > before else len(runs))
        if line.low >= 0:
            before = line.high - 1 if line.letters else before


class _Page:
    """The letters of all runs in a row."""

    def __init__(self, runs: list[Run]) -> None:
        self._runs = runs
        self._exact: defaultdict[str, list[int]] = defaultdict(list)
        for number, run in enumerate(runs):
            if run.letters:
                self._exact[run.letters].append(number)
        self._ends = list(accumulate((len(run.letters) for run in runs), initial=0))
        self._letters = "".join(run.letters for run in runs)

    def place(self, line: _Line, low: int, high: int) -> bool:
        """Find a line between two runs, or else anywhere; one that is a run of its own first, menus and boxes last."""
        exact = self._exact.get(line.letters, ())
        number = min(exact, key=lambda one: (not low <= one < high, self._runs[one].zone is not None, one), default=-1)
        if number >= 0:
            line.low, line.high = number, number + 1
            return True
        if len(line.letters) < _SURE // 3:
            return False
        at = self._letters.find(line.letters, self._ends[low], self._ends[high])
        if at < 0 and len(line.letters) >= _SURE:
            at = self._letters.find(line.letters)
        if at < 0:
            return False
        line.low = bisect_right(self._ends, at) - 1
        line.high = bisect_right(self._ends, at + len(line.letters) - 1)
        return True


# -- what it is there ----------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Open:
    """An element that the lines so far stand in."""

    kind: MarkKind
    element: HtmlElement
    start: int
    end: int
    cells: list[tuple[int, int, bool]] = field(default_factory=list)


class _Marks:
    """The marks of the elements around lines: one for each run of lines that stand in it one after the other."""

    def __init__(self, blocks: Blocks, lines: list[_Line]) -> None:
        self._blocks = blocks
        self._lines = lines
        self._tables: dict[HtmlElement, bool] = {}

    def all(self) -> Iterator[Mark]:
        opened: dict[HtmlElement, _Open] = {}
        for line in self._lines:
            around = dict(self._around(line))
            for element in [element for element in opened if element not in around]:
                yield self._mark(opened.pop(element))
            for element, kind in around.items():
                mark = opened.setdefault(element, _Open(kind, element, line.start, line.end))
                mark.end = line.end
        for mark in opened.values():
            yield self._mark(mark)

    def _around(self, line: _Line) -> Iterator[tuple[HtmlElement, MarkKind]]:
        """The elements that hold all of a line and say what it is."""
        if line.low < 0:
            return
        runs = [run for run in self._blocks.runs[line.low : line.high] if run.letters]
        first, last = runs[0].element, runs[-1].element
        held = None if last is first else set(_chain(last))
        joined = held is not None and all(any(outer.tag in _ITEMS for outer in _chain(run.element)) for run in runs)
        for element in _chain(first):
            kind = self._kind(element, runs)
            if kind is not None and (held is None or element in held or (joined and kind is MarkKind.ITEM)):
                yield element, kind
                if kind is MarkKind.HEADING:
                    return  # what a heading stands in says nothing of it: lists of cards, sections in tables

    def _kind(self, element: HtmlElement, runs: list[Run]) -> MarkKind | None:
        tag = element.tag
        if tag in _HEADINGS or element.get("role") == "heading":
            return MarkKind.HEADING
        if tag in _ITEMS:
            return MarkKind.ITEM
        if tag == "blockquote":
            return MarkKind.QUOTE
        if tag in ("figcaption", "caption"):
            return MarkKind.CAPTION
        return MarkKind.ROW if tag == "tr" and self._is_row(element, runs) else None

    def _is_row(self, row: HtmlElement, runs: list[Run]) -> bool:
        """Whether a row is one of data: its table has one with two cells or more in a line of the text."""
        table = next((outer for outer in row.iterancestors("table")), row)
        if len({cell for run in runs if (cell := _cell(run.element)) is not None}) > 1:
            self._tables[table] = True
        return self._tables.get(table, False)

    def _mark(self, found: _Open) -> Mark:
        level, ordered = 0, False
        if found.kind is MarkKind.HEADING:
            level = _HEADINGS.get(found.element.tag) or _aria_level(found.element)
        elif found.kind is MarkKind.ITEM:
            lists = [outer for outer in found.element.iterancestors() if outer.tag in _LISTS]
            level, ordered = max(1, len(lists)), bool(lists) and lists[0].tag == "ol"
        elif found.kind is MarkKind.CAPTION:
            return Mark(found.kind, found.start, found.end, url=_image(found.element, self._blocks.base))
        return Mark(found.kind, found.start, found.end, level, ordered)


def _chain(element: HtmlElement) -> Iterator[HtmlElement]:
    yield element
    yield from element.iterancestors()


def _cell(element: HtmlElement) -> HtmlElement | None:
    return next((outer for outer in _chain(element) if outer.tag in _CELLS), None)


def _aria_level(element: HtmlElement) -> int:
    value = element.get("aria-level") or ""
    return min(6, max(1, int(value))) if value.isascii() and value.isdigit() and len(value) < 3 else 2


# -- links and captions --------------------------------------------------------------------------------------------


def _links(blocks: Blocks, lines: list[_Line], text: str) -> Iterator[Mark]:
    """The anchors of each line, where their words stand in it in that order."""
    for line in lines:
        at = line.start
        for run in blocks.runs[line.low : line.high] if line.low >= 0 else ():
            for anchor in run.anchors:
                words = clean_text(" ".join(run.text[anchor.start : anchor.end].split()))
                start = text.find(words, at, line.end) if words else -1
                if start < 0:
                    continue
                at = start + len(words)
                target = absolute(anchor.href, blocks.base)
                if target:
                    yield Mark(MarkKind.LINK, start, at, url=unwrapped(target))


def _captions(blocks: Blocks, lines: list[_Line], text: str) -> Iterator[Caption]:
    """The captions in the body that are not in the text, each with the offset of the line that it stands before."""
    placed = [line for line in lines if line.low >= 0]
    if not placed:
        return
    held = {number for line in placed for number in range(line.low, line.high)}
    sure = [line.low for line in placed if len(line.letters) >= _SURE] or [placed[0].low]
    starts = sorted((line.low, line.start) for line in placed)
    figures: dict[HtmlElement, tuple[int, list[str]]] = {}
    for number in range(max(0, min(sure) - 10), min(len(blocks.runs), max(sure) + 10)):
        run = blocks.runs[number]
        if not run.caption or number in held or len(run.letters) < 3 or run.zone is not None:
            continue
        figure = next((outer for outer in _chain(run.element) if outer.tag == "figure"), run.element)
        after = bisect_right(starts, (number, 0))
        at = starts[after][1] if after < len(starts) else len(text)
        figures.setdefault(figure, (at, []))[1].append(" ".join(clean_text(run.text).split()))
    for figure, (at, parts) in figures.items():
        yield Caption(" ".join(dict.fromkeys(parts)), at, _image(figure, blocks.base))


def _image(element: HtmlElement, base: str) -> str:
    """The best address of the image that a caption stands under: the first one in the elements around it."""
    holder: HtmlElement | None = element
    for _ in range(_AROUND):
        if holder is None or holder.tag in ("body", "article", "main"):
            return ""
        for image in holder.iter("img"):
            if found := best_address(image, base):
                return found
        if holder.tag == "figure":
            return ""
        holder = holder.getparent()
    return ""
