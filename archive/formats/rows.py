"""Rows of tables within text, and what the cells beside an address say of it: Markdown, MediaWiki, HTML (pure).

Below headings that `headings.py` knows a cell is what its heading says; in a table without any, a cell that is a day is
the day of the story.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from archive.formats.fields import GENERIC, normal_name
from archive.formats.headings import day_comes_first, field_called, with_full_year, with_points
from archive.formats.moments import moment

_RULE = re.compile(r"^[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*\r?$")
_WIKI_ROW = re.compile(r"^\|-+[^|\n]*$", re.MULTILINE)
_LINE = re.compile(r"[^\n]+")
_BAR = re.compile(r"(?<!\\)\|")
_WIKI_BAR = re.compile(r"\|\||!!")
_STYLE = re.compile(r"\s*[\w-]+\s*=[^|\[\]]*\|(?!\|)")  # of a cell in MediaWiki: style="…" |
_TAGS = re.compile(r"<(/?)(table|tr|t[hd])\b[^<>]*>", re.IGNORECASE)
_MARKS = re.compile(r"<[^<>]*>|[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}|\[\[(?:[^\[\]|]*\|)?|\]\]|'{2,5}")
_ABOUT = frozenset(
    (*GENERIC.title, *GENERIC.authors, *GENERIC.site, *GENERIC.lang, *GENERIC.published, *GENERIC.added, *GENERIC.tags,
     *GENERIC.note)
)  # fmt: skip
_DAYS = frozenset((*GENERIC.published, *GENERIC.added))
_LONGEST = 500  # characters of a cell


@dataclass(slots=True)
class Row:
    """A row at [start, end) of a text, and what its cells say by the usual names of fields."""

    start: int
    end: int
    cells: list[str]
    says: dict[str, str] = field(default_factory=dict)


class Tables:
    """The tables of one text, which comes in pieces: a table may go on in the next."""

    def __init__(self) -> None:
        self._header: list[str] = []
        self._is_open = False

    def rows(self, text: str) -> list[Row]:
        """The rows in a piece of the text, in order."""
        if "<t" in text or "<T" in text:
            return _said(list(_of_html(text)))
        if "|" not in text:
            self._is_open = False
            return []
        return list(self._of_lines(text))

    def _of_lines(self, text: str) -> Iterator[Row]:
        rows: list[Row] = []
        if "{|" in text or _WIKI_ROW.search(text):
            yield from _said(list(_of_wiki(text)))
            return
        header, position = self._header, 0
        before: list[str] = []
        for line in _LINE.finditer(text):
            written = line[0]
            if "\n" in text[position : line.start()].replace("\n", "", 1) or "|" not in written:  # the table ends
                yield from _named(header, rows)
                rows, self._is_open, before = [], False, []
            position = line.end()
            if "|" not in written:
                continue
            cells = _cells(written)
            if "-" in written and _RULE.match(written):
                header, self._header = before, before
                rows, self._is_open = [], True
            elif self._is_open:
                rows.append(Row(line.start(), line.end(), cells))
            before = cells
        yield from _named(header, rows)


def _cells(line: str) -> list[str]:
    cells = _BAR.split(line.strip())
    return cells[line.strip().startswith("|") : len(cells) - (len(cells) > 1 and not cells[-1].strip())]


def _of_wiki(text: str) -> Iterator[Row]:
    """The rows of MediaWiki's tables; the one of headings first, with `end` before any text."""
    row: Row | None = None
    for line in _LINE.finditer(text):
        written = line[0].strip()
        mark = written[:2]
        if mark in ("{|", "|-", "|}"):
            if row is not None and row.cells:
                yield row
            row = None if mark == "|}" else Row(line.end(), line.end(), [])
        elif row is not None and written[:1] in ("|", "!") and mark != "|+":
            parts = _WIKI_BAR.split(written[1:]) if written[0] == "!" else written[1:].split("||")
            row.cells += [_STYLE.sub("", part, count=1) if _STYLE.match(part) else part for part in parts]
        if row is not None:
            row.end = line.end()
    if row is not None and row.cells:
        yield row


def _of_html(text: str) -> Iterator[Row]:
    row: Row | None = None
    begin = -1
    for tag in _TAGS.finditer(text):
        name, is_end = tag[2].lower(), bool(tag[1])
        if row is not None and begin >= 0:
            row.cells.append(text[begin : tag.start()])
            begin = -1
        if name in ("tr", "table"):
            if row is not None:
                row.end = tag.start()
                yield row
            row = None if is_end or name == "table" else Row(tag.end(), tag.end(), [])
        elif row is not None and not is_end:
            begin = tag.end()
    if row is not None:
        row.end = len(text)
        yield row


def _said(rows: list[Row]) -> list[Row]:
    """Rows of which those without any address are headings of the ones below."""
    header: list[str] = []
    waiting: list[Row] = []
    done: list[Row] = []
    for row in rows:
        if any("://" in cell for cell in row.cells):
            waiting.append(row)
        elif len(row.cells) > 1 and not any(map(moment, map(_plain, row.cells))):
            done += _named(header, waiting)
            header, waiting = row.cells, []
    return done + list(_named(header, waiting))


def _named(header: Sequence[str], rows: list[Row]) -> Iterator[Row]:
    """Rows with what their cells say."""
    plain = [_plain(cell) for cell in header]
    names = [field_called(normal_name(cell)) for cell in plain]
    columns = {at for at, name in enumerate(names) if name in _ABOUT}
    first = {
        at: day_comes_first(normal_name(plain[at]), [_plain(row.cells[at]) for row in rows if at < len(row.cells)], "|")
        for at in columns
        if names[at] in _DAYS
    }
    for row in rows:
        cells = [(_plain(cell), "://" in cell) for cell in row.cells]
        if any(names):
            told = [(names[at], _day(cells[at][0], first.get(at))) for at in sorted(columns) if at < len(cells)]
            linked = {at for at, (_, is_link) in enumerate(cells) if is_link}
            several = sum(cell.count("://") for cell in row.cells) > 1
            pairs = zip(sorted(columns), told, strict=False)
            row.says = {
                name: cell for at, (name, cell) in pairs if cell and at not in linked and (name in _DAYS or not several)
            }
        else:
            days = [cell for cell, is_link in cells if not is_link and moment(cell)]
            row.says = {"published": days[0]} if len(days) == 1 else {}
        yield row


def _day(cell: str, day_first: bool | None) -> str:
    if day_first is None or "/" not in cell:
        return cell
    told = with_points(cell) if day_first else with_full_year(cell)
    return told if moment(told) else cell


def _plain(cell: str) -> str:
    return " ".join(html.unescape(_MARKS.sub("", cell[:_LONGEST])).split())
