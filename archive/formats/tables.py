"""CSV, TSV and their kin: the delimiter and the meaning of the columns are found by looking, a bad row costs that row.

A quote that is never closed must not swallow the rest of the file: a row that would run over many lines, or that only
runs on because of a stray quote, is taken to end with its line.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain, islice
from typing import NamedTuple

from archive.formats.fields import (
    BY_NAME,
    GENERIC,
    OWN_CSV,
    Fields,
    has_text_fields,
    has_url_field,
    known_by,
    normal_name,
)
from archive.formats.headings import (
    column_of_addresses,
    column_of_texts,
    day_comes_first,
    field_called,
    with_full_year,
    with_points,
)
from archive.formats.item import Item, Reject, clipped
from archive.formats.moments import moment
from archive.formats.opening import ImportFile, Line
from archive.formats.own_records import of_row
from archive.formats.records import address, is_record, to_item
from archive.urls import veiled

DELIMITERS = ",\t;|"
_SEPARATOR = re.compile(r"""["']?sep=(.)["']?[,;|\t]*""", re.IGNORECASE)
_ADDRESS = re.compile(r"""https?://(?:(?!https?://)[^\s"'<>])+""")
_WHOLE = re.compile(r"\s*https?://\S+\s*")
# What shows that an address goes on behind a delimiter: a page's ending, a parameter, a place on a map.
_PARTS_OF_ADDRESS = re.compile(
    r"[,;|][^,;|/?#]{0,200}\.(?:[sx]?html?|php\d?|aspx?|jspx?|cfm|pdf|ece)(?=[?#,;|]|$)|;[\w.-]{1,40}=[^,;|]*"
    r"|@-?\d+\.\d+,-?\d+\.\d+(?:,[\w.]+z)?",
    re.IGNORECASE,
)
_MAX_ADDRESS = 2_048  # characters of one that are looked at
_SHIELD = "\ufdd0"  # a code point that is no character, and in no text
_SWAPPED = str.maketrans("'\"", "\"'")
_SINGLE_CELL = r"\s*'(?:[^']|'')*'\s*"
_SINGLE = re.compile(rf"{_SINGLE_CELL}(?:[,;\t|](?:{_SINGLE_CELL}|[^',;\t|]*))+")
_REMARK = re.compile(r"#\s|#$")  # how a line before the header begins that is none of the table
_RULE = ' \t\r|:-+,;"'  # what a line between rows is made of, in text and in Markdown
_ROW = 2  # cells
_SAMPLE = 50  # rows that say what the columns are
_MAX_ROW_LINES = 2_000
_MAX_ROW = 2**22  # characters
_MAX_OWN = 2**25  # lines and characters of a row of ours: its quotes are known to be closed


class Row(NamedTuple):
    """The cells of one row, the line it begins in, and its text."""

    number: int
    cells: list[str]
    raw: str
    problem: str = ""


def items(source: ImportFile) -> Iterator[Item | Reject]:
    """The rows of a table with or without a header."""
    rows = _rows(source)
    first = next(rows, None)
    if first is not None and first.number == 1 and separator(first.raw):
        first = next(rows, None)
    if first is not None:
        yield from items_of(source, chain([first], rows), delimiter(source.sample))


def items_of(source: ImportFile, rows: Iterator[Row], mark: str = "") -> Iterator[Item | Reject]:
    """The items that rows are, the first of which may name the columns; `mark` stands between their cells."""
    first = next(rows, None)
    if first is None:
        return
    ahead = list(islice(rows, _SAMPLE))
    header = headings(first.cells, [row.cells for row in ahead])
    if not is_header(header):
        yield from _without_header(source, chain([first], ahead, rows))
        return
    named = BY_NAME.get(source.format_name)
    fields = named if named and named is not GENERIC else known_by(header) or GENERIC
    days = _days_first(header, map(normal_name, first.cells), ahead, mark) if fields is GENERIC else {}
    for row in chain(ahead, rows):
        yield _item(source, fields, header, row._replace(cells=_told_apart(row.cells, days)) if days else row)


def headings(cells: list[str], rows: list[list[str]]) -> list[str]:
    """The names of the columns, as `fields.py` knows them, that a first row of `cells` gives to the `rows` below it."""
    names = [normal_name(cell) for cell in cells]
    if known_by(names):
        return names
    taken = set(names)
    called = [(field if (field := field_called(name)) not in taken else name) for name in names]
    if not has_url_field(called) and (at := column_of_addresses(cells, rows)) is not None:
        called[at] = "url"
    if (at := column_of_texts(called, rows)) is not None:
        called[at] = "text"
    return called


def _days_first(header: list[str], said: Iterable[str], rows: list[Row], mark: str) -> dict[int, bool]:
    """The columns of days, and whether the day comes before the month in them, though they are written with slashes."""
    return {
        at: day_comes_first(heading, [row.cells[at] for row in rows if len(row.cells) > at], mark)
        for at, (name, heading) in enumerate(zip(header, said, strict=True))
        if name in (*GENERIC.published, *GENERIC.added)
    }


def _told_apart(cells: list[str], days: Mapping[int, bool]) -> list[str]:
    """`cells` with the days among them so that everybody takes the right number for the day; what is no day stays."""
    plain = {
        at: with_points(cells[at]) if is_first else with_full_year(cells[at])
        for at, is_first in days.items() if at < len(cells) and "/" in cells[at]
    }  # fmt: skip
    return [plain[at] if at in plain and moment(plain[at]) else cell for at, cell in enumerate(cells)]


def without_remarks(lines: list[str]) -> list[str]:
    """Lines without the remarks that stand before the header."""
    first = next((place for place, line in enumerate(lines) if not _REMARK.match(line)), len(lines))
    return lines[first:]


def is_spaced(header: str, mark: str) -> bool:
    """Whether a space follows every delimiter: it is how the table is written, and no part of its cells."""
    return header.count(mark) > 0 and header.count(mark) == header.count(f"{mark} ")


def is_header(names: list[str]) -> bool:
    """Whether the cells of a first row are names of columns."""
    is_known = has_url_field(names) or has_text_fields(names) or known_by(names) is not None
    return is_known and not any("://" in name for name in names)


def delimiter(sample: str) -> str:
    """The delimiter of a table: as its first line says, else what its lines have most of and agree on.

    What stands in quotes or within an address does not count.
    """
    sample = straight(sample) if in_single_quotes(sample) else sample
    lines = without_remarks([line for line in sample.split("\n")[:20] if line.strip()])
    if not lines:
        return ","
    if said := separator(lines[0]):
        return said
    counts = {one: [_outside_quotes(shielded(line, one)).count(one) for line in lines] for one in DELIMITERS}
    return max(DELIMITERS, key=lambda one: (counts[one][0] > 0, counts[one].count(counts[one][0]), counts[one][0]))


def straight(text: str) -> str:
    """`text` with each of the two kinds of quotes for the other: cells in single ones then stand in double ones. Done
    twice, it is undone."""
    return text.translate(_SWAPPED)


def in_single_quotes(sample: str) -> bool:
    """Whether the cells of a table stand in single quotes."""
    lines = [line.strip("\ufeff\r") for line in sample.split("\n")[:20] if line.strip()]
    if '"' in "".join(lines):
        return False
    return 2 * sum(_SINGLE.fullmatch(line) is not None for line in lines) > len(lines)


def separator(line: str) -> str:
    """The delimiter that a first line names in the way of spreadsheets ("sep=;"), "" for any other line."""
    found = _SEPARATOR.fullmatch(line.strip("\ufeff\r\n"))
    return found[1] if found else ""


def shielded(line: str, mark: str) -> str:
    """`line` with something else for each delimiter that is part of an address; `_bared` undoes it."""
    if "://" not in line or mark not in line:
        return line
    return _ADDRESS.sub(lambda found: _shielded_address(found[0], mark), line)


def _shielded_address(written: str, mark: str) -> str:
    parts = _PARTS_OF_ADDRESS.findall(written[:_MAX_ADDRESS])
    if not parts:
        return written
    end = max(written.rfind(part) + len(part) for part in parts)
    return written[:end].replace(mark, _SHIELD) + written[end:]


def _bared(text: str, mark: str) -> str:
    return text.replace(_SHIELD, mark) if _SHIELD in text else text


def split_row(text: str, mark: str) -> list[str]:
    """The cells of a row that is one line; none where it is no row."""
    try:
        return next(csv.reader([text[:_MAX_ROW]], delimiter=mark), [])
    except csv.Error:
        return []


def _outside_quotes(line: str) -> str:
    return "".join(line.split('"')[::2])


def _without_header(source: ImportFile, rows: Iterator[Row]) -> Iterator[Item | Reject]:
    """A table that begins with data: the first address of a row is its address, the longest other cell its title."""
    for row in rows:
        for cell in row.cells:
            try:
                url = address(cell)
            except ValueError:
                continue
            others = [other.strip() for other in row.cells if other is not cell and _is_title(other)]
            yield Item(url, source.origin(row.number), title=max(others, key=len, default=""))
            break
        else:
            yield Reject(source.origin(row.number), row.problem or "the row has no address", clipped(row.raw))


def _is_title(cell: str) -> bool:
    return "://" not in cell and any(map(str.isalpha, cell)) and not moment(cell)


def _item(source: ImportFile, fields: Fields, header: list[str], row: Row) -> Item | Reject:
    origin = source.origin(row.number)
    if row.problem:
        return Reject(origin, row.problem, clipped(row.raw))
    cells, behind = _fitted(row.cells, len(header))
    record: dict[str, str] = {}
    more: list[str] = []  # addresses in a second column of that name
    for name, cell in zip(header, cells, strict=False):
        if cell and name not in record:
            record[name] = cell
        elif cell and _WHOLE.fullmatch(cell) and cell not in record.values():
            more.append(veiled(f"the row has one more address, which was left out: {cell.strip()}"))
    if fields is GENERIC and not is_record(record):  # its own column is empty
        record.update(("url", cell) for cell in reversed(cells) if _WHOLE.fullmatch(cell))
    try:
        item = of_row(record, origin) if fields is OWN_CSV else to_item(fields, record, origin)
    except ValueError as error:
        reason = str(error)
        if len(row.cells) != len(header):
            reason += f" (the row has {len(row.cells)} cells, the header {len(header)})"
        return Reject(origin, reason, clipped(row.raw))
    if more:
        item = replace(item, remarks=(*item.remarks, *more))
    if behind:
        told = f"the row has {len(row.cells)} cells, the header {len(header)}: what is behind was left out: {behind!r}"
        return replace(item, remarks=(*item.remarks, veiled(told)))
    return item


def _fitted(cells: list[str], width: int) -> tuple[list[str], str]:
    """The cells of a row that has more than the header, and what is behind them.

    Nobody writes a space before a cell, but everybody behind a comma: such a one was not meant to divide. An address
    has none.
    """
    fitted: list[str] = []
    surplus = len(cells) - width
    for cell in cells:
        if surplus > 0 and fitted and cell.startswith(" ") and "://" not in fitted[-1] + cell:
            fitted[-1] += f",{cell}"
            surplus -= 1
        else:
            fitted.append(cell)
    return fitted, " ".join(filter(None, map(str.strip, fitted[width:])))[:200]


def _rows(source: ImportFile) -> Iterator[Row]:
    """The rows that have anything in them."""
    mark = delimiter(source.sample)
    width = 0
    turned = straight if in_single_quotes(source.sample) else str
    lines = _Ahead(line._replace(text=shielded(turned(line.text), mark)) for line in source.lines())
    csv.field_size_limit(2 * _MAX_OWN)
    own = spaced = False
    while (line := lines.take()) is not None:
        if not line.text.strip(_RULE) or (not width and _REMARK.match(line.text)):
            continue
        spaced = spaced or (not width and is_spaced(line.text, mark))
        if not line.whole:
            yield Row(line.number, [], line.text, "the line is too long")
            continue
        try:
            row = _row(line, lines, mark, width, own=own, spaced=spaced)
        except csv.Error as error:
            yield Row(line.number, [], _bared(line.text, mark), f"not a row: {error}")
            continue
        row = Row(row.number, [turned(_bared(cell, mark)) for cell in row.cells], turned(_bared(row.raw, mark)))
        own = own or (not width and known_by(map(normal_name, row.cells)) is OWN_CSV)
        width = width or len(row.cells) * (not separator(row.raw))
        yield row


def _row(line: Line, lines: _Ahead, mark: str, width: int, *, own: bool, spaced: bool) -> Row:
    """The row that begins with `line`: with the lines after it for as long as a quote is open."""
    feed = _Feed(line.text, lines, own=own)
    cells = next(csv.reader(feed, delimiter=mark, skipinitialspace=spaced), [])
    stray = width and len(cells) != width and len(line.text.split(mark)) == width
    if feed.taken and (
        feed.is_over or stray or _holds_row(feed.given, mark)
    ):  # the quote was never closed, or by chance in some other row
        cells = split_row(line.text, mark)
        bare = split_row(line.text.replace('"', ""), mark)
        return Row(line.number, bare if len(cells) < width == len(bare) else cells, line.text)
    lines.drop(feed.taken)
    return Row(line.number, cells, "\n".join(feed.given))


def _holds_row(lines: list[str], mark: str) -> bool:
    """Whether a line below the first is a row itself: with as many cells, and an address in the same place."""
    first = split_row(lines[0].replace('"', ""), mark)
    at = next((at for at, cell in enumerate(first) if _WHOLE.fullmatch(cell)), None)
    if at is None or len(first) < _ROW:
        return False
    rows = (split_row(line.replace('"', ""), mark) for line in lines[1:] if "://" in line)
    return any(len(row) == len(first) and _WHOLE.fullmatch(row[at]) for row in rows)


class _Feed:
    """A line and as many of those after it as the reader of one row asks for, within reason."""

    def __init__(self, first: str, lines: _Ahead, *, own: bool) -> None:
        self._more = lines.peek()
        self._most_lines = _MAX_OWN if own else _MAX_ROW_LINES
        self._most = _MAX_OWN if own else _MAX_ROW
        self._size = 0
        self.given = [first]
        self.taken = 0
        self.is_over = False  # the reader asked for more than there was
        self._begun = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if not self._begun:
            self._begun = True
            return self.given[0] + "\n"
        following = next(self._more, None)
        if following is None or not following.whole or self.taken >= self._most_lines or self._size > self._most:
            self.is_over = True
            self.taken = max(self.taken, 1)
            raise StopIteration
        self.taken += 1
        self._size += len(following.text)
        self.given.append(following.text)
        return following.text + "\n"


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
