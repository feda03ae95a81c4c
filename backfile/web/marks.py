"""A text as blocks of pieces: the structure of its page, names, links, what a search asked for. Pure.

Whoever strips the tags of what is drawn from the blocks has the text again, character by character: marks carry none.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from archive import Article, Caption, Kind, Mark, MarkKind, Mention, Part

Span = tuple[int, int]
_CELL = " | "  # between the cells of a row, in the text


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that is drawn alike. `name`: number of the mention it is part of, None for none; `first`: it

    begins there. `hit`: a search asked for it. `url`: where it leads, "" nowhere. `separates`: it stands between cells.
    """

    text: str
    name: int | None = None
    first: bool = False
    hit: bool = False
    url: str = ""
    separates: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A line of the text. `kind` None: a paragraph; `items` are the lists it stands in, outermost first: True where one
    is numbered. `begins`: it is the first line of its item. `cells` are those of a row. `beside`: a caption that the
    text has not. `number`: of the line, from 1, by which it is linked to.
    """

    pieces: tuple[Piece, ...]
    kind: MarkKind | None = None
    level: int = 0
    items: tuple[bool, ...] = ()
    begins: bool = True
    quoted: bool = False
    cells: tuple[tuple[Piece, ...], ...] = ()
    beside: bool = False
    number: int = 0

    @property
    def text(self) -> str:
        """What it says."""
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Named:
    """A mention that is drawn. `number` counts them from 0 in the order of the text, `of` those with the same name."""

    number: int
    kind: Kind
    canonical: str
    start: int
    end: int
    nth: int
    of: int
    mention: Mention


@dataclass(frozen=True, slots=True)
class Laid:
    """A block where it stands: elements that end before it, and that begin; `tag` is its own, "" where an item is it.

    `breaks`: a line break stands behind it in the text.
    """

    block: Block
    closed: tuple[str, ...]
    opened: tuple[str, ...]
    tag: str
    breaks: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """Blocks in their elements, and those that are still open behind the last."""

    laid: tuple[Laid, ...]
    closed: tuple[str, ...]


def layout(found: Sequence[Block]) -> Layout:
    """Headings, lists within lists, quotes and tables, as HTML nests them. The highest heading is one of level 2."""
    opened: list[str] = []
    laid = []
    lines = sum(not block.beside for block in found)
    top = min((block.level for block in found if block.kind is MarkKind.HEADING), default=1)
    for block in found:
        wanted = _elements(block, opened)
        keep = next((n for n, (a, b) in enumerate(zip(opened, wanted, strict=False)) if a != b), None)
        keep = min(len(opened), len(wanted)) if keep is None else keep
        if block.kind is MarkKind.ITEM and block.begins and not block.beside:
            keep = min(keep, len(wanted) - 1)  # an item of its own
        fresh = wanted[keep:]
        closed = tuple(reversed(opened[keep:]))
        laid.append(Laid(block, closed, tuple(fresh), _tag(block, top), not block.beside and block.number < lines))
        opened = wanted
    return Layout(tuple(laid), tuple(reversed(opened)))


def _elements(block: Block, opened: Sequence[str]) -> list[str]:
    """What a block stands in. A caption that the text has not stands in whatever is open."""
    if block.beside:
        return [] if opened and opened[-1] == "tbody" else list(opened)
    around = ["blockquote"] if block.quoted else []
    if block.kind is MarkKind.ROW:
        around += ["table", "tbody"]
    elif block.kind is MarkKind.ITEM:
        for ordered in block.items or (False,):
            around += ["ol" if ordered else "ul", "li"]
    return around


def _tag(block: Block, top: int) -> str:
    if block.beside:
        return "p"
    if block.kind is MarkKind.HEADING:
        return f"h{min(6, block.level - top + 2)}"
    if block.kind is MarkKind.ROW:
        return "tr"
    return "" if block.kind is MarkKind.ITEM and block.begins else "p"


def named(mentions: Iterable[Mention], part: Part = Part.TEXT) -> list[Named]:
    """The mentions in one part of an article, in order, without those that overlap an earlier one."""
    kept: list[Mention] = []
    for mention in sorted((one for one in mentions if one.part is part), key=lambda one: (one.start, -one.end)):
        if mention.start < mention.end and (not kept or kept[-1].end <= mention.start):
            kept.append(mention)
    total: dict[tuple[Kind, str], int] = {}
    for mention in kept:
        total[mention.kind, mention.canonical] = total.get((mention.kind, mention.canonical), 0) + 1
    seen: dict[tuple[Kind, str], int] = {}
    found = []
    for number, mention in enumerate(kept):
        name = (mention.kind, mention.canonical)
        seen[name] = seen.get(name, 0) + 1
        found.append(
            Named(number, *name, mention.start, mention.end, seen[name], total[name], mention)
        )  # fmt: skip
    return found


def highlighted(text: str, spans: Sequence[Span]) -> list[Piece]:
    """A short text with what a search asked for."""
    return list(_pieces(text, 0, len(text), [], spans, []))


def blocks(article: Article, names: Sequence[Named], hits: Sequence[Span]) -> list[Block]:
    """The lines of an article in order, those without words too, and the captions that stand beside them."""
    text = article.text
    lines = list(_lines(article.prose))
    around = _around(lines, article.structure.marks)
    links = [(mark.start, mark.end, mark.url) for mark in article.structure.marks if mark.kind is MarkKind.LINK]
    drawn = _Drawn(text, names, hits, sorted(links))
    beside = sorted(article.structure.captions, key=lambda caption: caption.at)
    found: list[Block] = []
    for number, (start, end) in enumerate(lines):
        while beside and beside[0].at <= start:
            found.append(_beside(beside.pop(0)))
        found.append(_block(drawn, number + 1, (start, end), around.get(number, ())))
    return [*found, *map(_beside, beside)]


class _Drawn:
    """The text with all that stands in it, to be cut into pieces line by line."""

    def __init__(
        self, text: str, names: Sequence[Named], hits: Sequence[Span], links: Sequence[tuple[int, int, str]]
    ) -> None:
        self.text = text
        self._names = [(one.start, one.end, one.number) for one in names]
        self._hits = list(hits)
        self._links = _apart(links)

    def pieces(self, start: int, end: int) -> tuple[Piece, ...]:
        """The stretch [start, end) of the text."""
        return tuple(
            _pieces(
                self.text, start, end, _within(self._names, start, end), _within(self._hits, start, end),
                _within(self._links, start, end),
            )
        )  # fmt: skip


def _lines(text: str) -> Iterator[Span]:
    start = 0
    for line in text.split("\n"):
        yield start, start + len(line)
        start += len(line) + 1


def _around(lines: Sequence[Span], marks: Sequence[Mark]) -> Mapping[int, tuple[Mark, ...]]:
    """By the number of a line, the marks that it stands in, outermost first; links aside."""
    starts = [start for start, _ in lines]
    found: dict[int, tuple[Mark, ...]] = {}
    for mark in sorted(marks, key=lambda mark: (mark.start, -mark.end)):
        if mark.kind is MarkKind.LINK:
            continue
        number = max(0, bisect_right(starts, mark.start) - 1)
        while number < len(lines) and lines[number][0] < max(mark.end, mark.start + 1):
            found[number] = (*found.get(number, ()), mark)
            number += 1
    return found


def _block(drawn: _Drawn, number: int, line: Span, around: Sequence[Mark]) -> Block:
    quoted = any(mark.kind is MarkKind.QUOTE for mark in around)
    items = [mark for mark in around if mark.kind is MarkKind.ITEM]
    inner = next((mark for mark in reversed(around) if mark.kind is not MarkKind.QUOTE), None)
    pieces = drawn.pieces(*line)
    if inner is None:
        return Block(pieces, MarkKind.QUOTE if quoted else None, quoted=quoted, number=number)
    cells = tuple(_cells(drawn, *line)) if inner.kind is MarkKind.ROW else ()
    lists = _lists(items) if inner.kind is MarkKind.ITEM else ()
    begins = inner.start == line[0]
    return Block(pieces, inner.kind, inner.level, lists, begins, quoted, cells, number=number)


def _lists(items: Sequence[Mark]) -> tuple[bool, ...]:
    """The lists that a line stands in; those around its own item's that have no item of their own here are plain."""
    if not items:
        return ()
    by_level = {mark.level: mark.ordered for mark in items}
    return tuple(by_level.get(level, False) for level in range(1, max(1, items[-1].level) + 1))


def _cells(drawn: _Drawn, start: int, end: int) -> Iterator[tuple[Piece, ...]]:
    """The cells of a row; the signs between two of them belong to the first, and are not to be seen."""
    at = start
    while (stop := drawn.text.find(_CELL, at, end)) >= 0:
        yield (*drawn.pieces(at, stop), Piece(_CELL, separates=True))
        at = stop + len(_CELL)
    yield drawn.pieces(at, end)


def _beside(caption: Caption) -> Block:
    return Block((Piece(caption.text),), MarkKind.CAPTION, beside=True)


def _within(spans: Sequence[tuple[int, ...] | tuple[int, int, str]], start: int, end: int) -> list[tuple]:  # type: ignore[type-arg]
    """Those of `spans`, which are in order and apart, that overlap [start, end)."""
    first = bisect_right([span[1] for span in spans], start)
    found = []
    for span in spans[first:]:
        if span[0] >= end:
            break
        found.append(span)
    return found


def _apart(links: Sequence[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    kept: list[tuple[int, int, str]] = []
    for link in links:
        if link[0] < link[1] and (not kept or kept[-1][1] <= link[0]):
            kept.append(link)
    return kept


def _pieces(
    text: str, start: int, end: int, names: Sequence[tuple[int, int, int]], hits: Sequence[Span],
    links: Sequence[tuple[int, int, str]],
) -> Iterator[Piece]:  # fmt: skip
    """[start, end) of `text` cut wherever a name, a hit or a link begins or ends."""
    edges = {start, end}
    for spans in (names, hits, links):
        edges.update(edge for span in spans for edge in span[:2] if start < edge < end)
    places = sorted(edges)
    for at, to in pairwise(places):
        name = next((span for span in names if span[0] <= at < span[1]), None)
        link = next((span for span in links if span[0] <= at < span[1]), None)
        yield Piece(
            text[at:to], name[2] if name else None, name is not None and name[0] == at,
            any(span[0] <= at < span[1] for span in hits), link[2] if link else "",
        )  # fmt: skip
