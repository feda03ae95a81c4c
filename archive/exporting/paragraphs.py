"""An article's text as its page has it: headings, items, quotes, rows, captions and paragraphs, in order (pure).

What cannot be shown (control characters, turns of direction) is left out of every piece, as in exporting/text.py.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archive.exporting import text
from archive.model import Article
from archive.structure import Caption, Mark, MarkKind

Pieces = tuple[tuple[str, str], ...]
"""Stretches of a line: what is shown, and where it leads ("" where it is no link)."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One line of an article. `kind`: None for a paragraph. A caption that is no line of the text has its `image`.

    `level` is that of a heading, or how many lists an item stands in (1: one). `begins`: the line is the first of its
    item. `quoted`: it stands in a quote, whatever else it is. `cells` are those of a row.
    """

    pieces: Pieces
    kind: MarkKind | None = None
    level: int = 0
    ordered: bool = False
    begins: bool = True
    quoted: bool = False
    cells: tuple[Pieces, ...] = ()
    image: str = ""

    @property
    def words(self) -> str:
        return "".join(shown for shown, _ in self.pieces)

    @staticmethod
    def of(article: Article) -> Iterator[Paragraph]:
        """The lines of the text that say something, and the captions between them."""
        return article_paragraphs(article)


def article_paragraphs(article: Article) -> Iterator[Paragraph]:
    """The lines of the text that say something, and the captions between them."""
    whole = article.prose
    lines = _lines(whole)
    around, links = _by_line(lines, article.structure.marks)
    captions = sorted(article.structure.captions, key=lambda caption: caption.at)
    for number, (start, end) in enumerate(lines):
        while captions and captions[0].at <= start:
            yield from _beside(captions.pop(0))
        part = _part(whole, start, end, around[number], links[number])
        if part.words.strip():
            yield part
    for caption in captions:
        yield from _beside(caption)


def _beside(caption: Caption) -> Iterator[Paragraph]:
    words = text.line(caption.text)
    if words:
        yield Paragraph(((words, ""),), MarkKind.CAPTION, image=_web(caption.image))


def _lines(whole: str) -> list[tuple[int, int]]:
    found, start = [], 0
    for line in whole.split("\n"):
        found.append((start, start + len(line)))
        start += len(line) + 1
    return found


def _by_line(
    lines: Sequence[tuple[int, int]], marks: Sequence[Mark]
) -> tuple[defaultdict[int, list[Mark]], defaultdict[int, list[Mark]]]:
    """For each line the marks that it stands in, outermost first, and the links that stand in it."""
    around: defaultdict[int, list[Mark]] = defaultdict(list)
    links: defaultdict[int, list[Mark]] = defaultdict(list)
    begins = {start: number for number, (start, _) in enumerate(lines)}
    for mark in sorted(marks, key=lambda mark: (mark.start, -mark.end)):
        if mark.kind is MarkKind.LINK:
            continue
        number = begins.get(mark.start)
        while number is not None and number < len(lines) and lines[number][0] < mark.end:
            around[number].append(mark)
            number += 1
    number = 0
    for mark in sorted((mark for mark in marks if mark.kind is MarkKind.LINK), key=lambda mark: mark.start):
        while number < len(lines) - 1 and lines[number][1] < mark.start:
            number += 1
        if lines[number][0] <= mark.start <= mark.end <= lines[number][1]:
            links[number].append(mark)
    return around, links


def _part(whole: str, start: int, end: int, around: list[Mark], links: list[Mark]) -> Paragraph:
    pieces = _pieces(whole, start, end, links)
    quoted = any(mark.kind is MarkKind.QUOTE for mark in around)
    inner = next((mark for mark in reversed(around) if mark.kind is not MarkKind.QUOTE), None)
    if inner is None:
        return Paragraph(pieces, MarkKind.QUOTE if quoted else None, quoted=quoted)
    cells = tuple(_cells(whole, start, end, links)) if inner.kind is MarkKind.ROW else ()
    return Paragraph(
        pieces, inner.kind, inner.level, inner.ordered, inner.start == start, quoted, cells, _web(inner.url)
    )


def _pieces(whole: str, start: int, end: int, links: list[Mark]) -> Pieces:
    """A stretch of the text, cut where its links begin and end."""
    found: list[tuple[str, str]] = []
    at = start
    for link in links:
        if at <= link.start and link.end <= end and link.start >= start:
            found += [(whole[at : link.start], ""), (whole[link.start : link.end], link.url)]
            at = link.end
    found.append((whole[at:end], ""))
    cleaned = [(_spaced(shown), _web(url)) for shown, url in found]
    return tuple((shown, url) for shown, url in cleaned if shown)


def _web(url: str) -> str:
    """The address of a page or an image of the web, fit to be shown; "" for any other."""
    return text.address(url) if text.is_web(url) else ""


def _spaced(shown: str) -> str:
    """A stretch in one line, with the space at its ends, if it has any."""
    inner = text.line(shown)
    if not inner:
        return " " if shown else ""
    return f"{' ' if shown[0].isspace() else ''}{inner}{' ' if shown[-1].isspace() else ''}"


def _cells(whole: str, start: int, end: int, links: list[Mark]) -> Iterator[Pieces]:
    for cell in whole[start:end].split(" | "):
        yield _pieces(whole, start, start + len(cell), links)
        start += len(cell) + len(" | ")
