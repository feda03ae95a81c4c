"""CSV, TSV and their kin: the delimiter and the meaning of the columns are found by looking, a bad row costs that row.

A quote that is never closed must not swallow the rest of the file: a row that would run over many lines, or that only
runs on because of a stray quote, is taken to end with its line.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import chain, islice
from typing import NamedTuple

from archive.sources.fields import BY_NAME, GENERIC, Fields, address, has_url_field, known_by, normal_name, to_item
from archive.sources.item import Item, Reject, clipped
from archive.sources.opening import Line, Source

DELIMITERS = ",\t;|"
_MAX_ROW_LINES = 2_000
_MAX_ROW = 2**22  # characters


class Row(NamedTuple):
    """The cells of one row, the line it begins in, and its text."""

    number: int
    cells: list[str]
    raw: str
    problem: str = ""


def read(source: Source) -> Iterator[Item | Reject]:
    """The rows of a table with or without a header."""
    rows = _rows(source)
    first = next(rows, None)
    if first is None:
        return
    header = [normal_name(cell) for cell in first.cells]
    if not is_header(header):
        yield from _without_header(source, chain([first], rows))
        return
    named = BY_NAME.get(source.format_name)
    fields = named if named and named is not GENERIC else known_by(header) or GENERIC
    for row in rows:
        yield _item(source, fields, header, row)


def is_header(names: list[str]) -> bool:
    """Whether the cells of a first row are names of columns."""
    return has_url_field(names) and not any("://" in name for name in names)


def delimiter(sample: str) -> str:
    """The delimiter of a table, by what its first lines have most of (outside of quotes) and agree on."""
    lines = [line for line in sample.splitlines()[:20] if line.strip()]
    if not lines:
        return ","
    counts = {one: [_outside_quotes(line).count(one) for line in lines] for one in DELIMITERS}
    return max(DELIMITERS, key=lambda one: (counts[one][0] > 0, counts[one].count(counts[one][0]), counts[one][0]))


def split_row(text: str, mark: str) -> list[str]:
    """The cells of a row that is one line; none where it is no row."""
    try:
        return next(csv.reader([text[:_MAX_ROW]], delimiter=mark), [])
    except csv.Error:
        return []


def _outside_quotes(line: str) -> str:
    return "".join(line.split('"')[::2])


def _without_header(source: Source, rows: Iterator[Row]) -> Iterator[Item | Reject]:
    """A table that begins with data: the first address of a row is its address, the longest other cell its title."""
    for row in rows:
        for cell in row.cells:
            try:
                url = address(cell)
            except ValueError:
                continue
            others = [other.strip() for other in row.cells if other is not cell and "://" not in other]
            yield Item(url, source.origin(row.number), title=max(others, key=len, default=""))
            break
        else:
            yield Reject(source.origin(row.number), row.problem or "the row has no address", clipped(row.raw))


def _item(source: Source, fields: Fields, header: list[str], row: Row) -> Item | Reject:
    origin = source.origin(row.number)
    if row.problem:
        return Reject(origin, row.problem, clipped(row.raw))
    record: dict[str, object] = {}
    for name, cell in zip(header, row.cells, strict=False):
        if cell and name not in record:
            record[name] = cell
    try:
        item = to_item(fields, record, origin)
    except ValueError as error:
        reason = str(error)
        if len(row.cells) != len(header):
            reason += f" (the row has {len(row.cells)} cells, the header {len(header)})"
        return Reject(origin, reason, clipped(row.raw))
    return item


def _rows(source: Source) -> Iterator[Row]:
    """The rows that have anything in them."""
    mark = "\t" if source.format_name == "tsv" else delimiter(source.sample)
    width = 0
    lines = _Ahead(source.lines())
    csv.field_size_limit(2 * _MAX_ROW)
    while (line := lines.take()) is not None:
        if not line.text.strip():
            continue
        if not line.whole:
            yield Row(line.number, [], line.text, "the line is too long")
            continue
        text = _whole_row(line, lines, mark, width)
        try:
            cells = next(csv.reader([text], delimiter=mark), []) if "\n" not in text else _parse(text, mark)
        except csv.Error as error:
            yield Row(line.number, [], text, f"not a row: {error}")
            continue
        width = width or len(cells)
        yield Row(line.number, cells, text)


def _whole_row(line: Line, lines: _Ahead, mark: str, width: int) -> str:
    """The row that begins with `line`: with the lines after it for as long as a quote is open."""
    text = line.text
    if text.count('"') % 2 == 0:
        return text
    parts, size = [text], len(text)
    for count, following in enumerate(lines.peek(), 1):
        if not following.whole or size > _MAX_ROW or count > _MAX_ROW_LINES:
            return text
        parts.append(following.text)
        size += len(following.text)
        if following.text.count('"') % 2:
            together = "\n".join(parts)
            alone = len(text.split(mark))
            if width and alone == width and len(_parse(together, mark)) != width:
                return text  # the quote is a stray one: the line was a row by itself
            lines.drop(count)
            return together
    return text


def _parse(text: str, mark: str) -> list[str]:
    return next(csv.reader(text.splitlines(keepends=True), delimiter=mark), [])


class _Ahead:
    """Lines that can be looked at before they are taken."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines
        self._held: list[Line] = []

    def take(self) -> Line | None:
        return self._held.pop(0) if self._held else next(self._lines, None)

    def peek(self) -> Iterator[Line]:
        """The lines to come, still to be taken."""
        position = 0
        while True:
            while position >= len(self._held):
                more = list(islice(self._lines, 1))
                if not more:
                    return
                self._held += more
            yield self._held[position]
            position += 1

    def drop(self, count: int) -> None:
        del self._held[:count]
