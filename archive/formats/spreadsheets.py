"""Spreadsheets: Excel's .xlsx and its XML of 2003, OpenDocument's .ods. Each sheet is read as a table is.

A cell that is a link is its address where the column is one of addresses, and beside its words where none is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from itertools import chain, count, islice
from posixpath import basename
from zipfile import ZipFile

from archive.formats.fields import has_text_fields, has_url_field, normal_name
from archive.formats.headings import field_called
from archive.formats.item import Broken, Item, Reject
from archive.formats.opening import ZIP_ERRORS, ImportFile
from archive.formats.tables import Row, items_of
from archive.formats.xmls import Element, elements

_MAX_MEMBER = 2**27  # bytes of one part
_COLUMNS = 500  # of a sheet that are read
_SAMPLE = 50  # rows that say whether a sheet has links
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_NUMBERS = re.compile(r"\d+")
_CELL = re.compile(r"([A-Z]{1,3})(\d+)")
_LINK = re.compile(r"""\bHYPERLINK\(\s*"(https?://[^"]+)\"""", re.IGNORECASE)
_MIDNIGHT = re.compile(r"(?<=\d)T00:00:00(?:\.0+)?\Z")  # of what is a day
_ADDRESS = re.compile(r"\s*https?://\S+\s*")


@dataclass(slots=True)
class _Line:
    """A row of a sheet: its cells, and where those lead that are links, by their columns."""

    number: int
    cells: list[str] = field(default_factory=list)
    links: dict[int, str] = field(default_factory=dict)

    def put(self, column: int, text: str, link: str = "") -> None:
        if column >= _COLUMNS:
            return
        self.cells += [""] * (column + 1 - len(self.cells))
        self.cells[column] = " ".join(text.split("\r")).strip()
        if link:
            self.links[column] = link


def read_xml(source: ImportFile) -> Iterator[Item | Reject]:
    """The rows of a workbook in XML."""
    lines: list[_Line] = []
    for element in elements(source, frozenset({"row"}), frozenset({"worksheet"})):
        if element.name == "worksheet":
            yield from _of_sheet(source, lines)
            lines = []
        elif line := _of_xml(element):
            lines.append(line)
    yield from _of_sheet(source, lines)


def read(source: ImportFile) -> Iterator[Item | Reject]:
    """The rows of every sheet of a packed spreadsheet."""
    try:
        archive = ZipFile(BytesIO(source.whole()))
    except (*ZIP_ERRORS, ValueError) as error:
        raise Broken(f"not a spreadsheet that can be read: {error}") from error
    with archive:
        names = archive.namelist()
        part = _part_of(source, archive)
        if "content.xml" in names:
            yield from _of_opendocument(source, part("content.xml"))
            return
        shared = [element.text for element in _elements(part, names, "xl/sharedStrings.xml", "si")]
        for name in sorted(filter(_SHEET.fullmatch, names), key=lambda name: int((_NUMBERS.findall(name) or [0])[-1])):
            links = _links(part, names, name)
            rows = elements(part(name), frozenset({"row"}))
            yield from _of_sheet(source, (_of_excel(row, shared, links) for row in rows))


def _part_of(source: ImportFile, archive: ZipFile) -> Callable[[str], ImportFile]:
    def part(name: str) -> ImportFile:
        try:
            with archive.open(name) as file:
                data = file.read(_MAX_MEMBER + 1)
        except (*ZIP_ERRORS, KeyError, ValueError) as error:
            raise Broken(f"{name}: {error}") from error
        if len(data) > _MAX_MEMBER:
            raise Broken(f"{name} is larger than {_MAX_MEMBER} bytes")
        return ImportFile(source.path, source.name, source.format_name, opened=lambda: BytesIO(data))

    return part


def _elements(part: Callable[[str], ImportFile], names: list[str], name: str, wanted: str) -> Iterator[Element]:
    return elements(part(name), frozenset({wanted})) if name in names else iter(())


def _links(part: Callable[[str], ImportFile], names: list[str], sheet: str) -> dict[str, str]:
    """Where the cells of a sheet lead, by their names ("B2")."""
    relations = f"xl/worksheets/_rels/{basename(sheet)}.rels"
    targets = {
        one.attributes.get("id", ""): one.attributes.get("target", "")
        for one in _elements(part, names, relations, "relationship")
    }
    found = {
        one.attributes.get("ref", "").split(":")[0]: targets.get(one.attributes.get("id", ""), "")
        for one in _elements(part, names, sheet, "hyperlink")
    }
    return {cell: link for cell, link in found.items() if _ADDRESS.fullmatch(link)}


def _of_excel(row: Element, shared: list[str], links: dict[str, str]) -> _Line:
    numbers = _NUMBERS.fullmatch(row.attributes.get("r", ""))
    line = _Line(int(numbers[0]) if numbers else 0)
    for place, cell in enumerate(child for child in row.children if child.name == "c"):
        name = cell.attributes.get("r", "")
        value, at = cell.value("v", "is"), _CELL.fullmatch(name)
        if cell.attributes.get("t") == "s":
            value = shared[int(value)] if value.isdecimal() and int(value) < len(shared) else ""
        formula = _LINK.search(cell.value("f"))
        line.put(_column(at[1]) if at else place, value, links.get(name, formula[1] if formula else ""))
    return line


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number - 1


def _of_opendocument(source: ImportFile, content: ImportFile) -> Iterator[Item | Reject]:
    lines: list[_Line] = []
    for element in elements(content, frozenset({"table-row"}), frozenset({"table"})):
        if element.name == "table":
            yield from _of_sheet(source, lines)
            lines = []
            continue
        line, column = _Line(len(lines) + 1), 0
        for cell in element.children:
            text = "\n".join(child.text for child in cell.children if child.name == "p")
            times = cell.attributes.get("number-columns-repeated", "1")
            if text:
                line.put(column, cell.attributes.get("date-value") or text, _first_link(cell))
            column += int(times) if times.isdecimal() and len(times) < 6 else 1
        if line.cells:
            lines.append(line)
    yield from _of_sheet(source, lines)


def _first_link(element: Element) -> str:
    for child in element.children:
        link = child.attributes.get("href", "") if child.name == "a" else _first_link(child)
        if _ADDRESS.fullmatch(link):
            return link
    return ""


def _of_xml(row: Element) -> _Line | None:
    line, column = _Line(row.line), 0
    for cell in (child for child in row.children if child.name == "cell"):
        index = cell.attributes.get("index", "")
        column = int(index) - 1 if index.isdecimal() and 0 < len(index) < 6 else column
        link, formula = cell.attributes.get("href", ""), _LINK.search(cell.attributes.get("formula", ""))
        line.put(
            column,
            _MIDNIGHT.sub("", cell.value("data")),
            link if _ADDRESS.fullmatch(link) else formula[1] if formula else "",
        )
        column += 1
    return line if line.cells else None


def _of_sheet(source: ImportFile, lines: Iterable[_Line]) -> Iterator[Item | Reject]:
    """The items of a sheet, read as a table: empty rows left out, links in the column of addresses."""
    numbered = (line for line in lines if any(line.cells))
    ahead = list(islice(numbered, _SAMPLE))
    called = [field_called(normal_name(cell)) for cell in ahead[0].cells] if ahead else []
    has_addresses = any(line.links or any(map(_ADDRESS.fullmatch, line.cells)) for line in ahead)
    if not has_addresses and not has_text_fields(called):
        return
    own = next((at for at, name in enumerate(called) if has_url_field([name])), None)
    add = own is None and not ahead[0].links and any(line.links for line in ahead)
    width = max(len(line.cells) for line in ahead)
    rows = (
        _row(line, own, width, add=add, is_header=place == 0) for place, line in zip(count(), chain(ahead, numbered))
    )
    yield from items_of(source, rows)


def _row(line: _Line, own: int | None, width: int, *, add: bool, is_header: bool) -> Row:
    cells = list(line.cells)
    link = next(iter(line.links.values()), "")
    if own is not None and own in line.links:
        cells[own] = line.links[own]
    elif own is not None and link and not "".join(cells[own : own + 1]):
        cells += [""] * (own + 1 - len(cells))
        cells[own] = link
    elif add or own is None:
        cells += [""] * (width - len(cells))
        cells += ["url" if is_header and add else link] if add or link else []
    return Row(line.number, cells, " | ".join(cells))
