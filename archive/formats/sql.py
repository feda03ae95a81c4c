"""Dumps of databases in SQL: the rows of tables that have a column of addresses (INSERT of MySQL, SQLite and others,
COPY of PostgreSQL). Nothing is executed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from archive.formats.fields import GENERIC, has_url_field
from archive.formats.item import Item, Reject
from archive.formats.jsons import item_of
from archive.formats.nested import is_address
from archive.formats.opening import ImportFile

_BEGINS = re.compile(
    r"(?:--[^\n]*|/\*|\s*(?:CREATE|INSERT|DROP|BEGIN|COPY|SET|PRAGMA|LOCK|USE|START|REPLACE)\s)", re.IGNORECASE
)
_ROWS = re.compile(
    r"^(?:INSERT|REPLACE)\s[^\n]{0,300}\bVALUES\b|^INSERT\s+INTO\s|^COPY\s[^\n]+\sFROM\s+stdin",
    re.IGNORECASE | re.MULTILINE,
)
_NAME = r"""(?:[`"\[]?\w+[`"\]]?\.)?[`"\[]?([\w-]+)[`"\]]?"""
_CREATE = re.compile(rf"CREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?{_NAME}\s*\(", re.IGNORECASE)
_COLUMN = re.compile(r"""^\s*[`"\[]?([\w-]+)[`"\]]?\s+\w""")
_NO_COLUMN = frozenset("primary key unique constraint foreign index fulltext check".split())
_INSERTS = re.compile(r"(?:INSERT|REPLACE)\s", re.IGNORECASE)
_INSERT = re.compile(
    rf"(?:INSERT|REPLACE)\s+(?:\w+\s+)?(?:INTO\s+)?{_NAME}\s*(?:\(([^()]*)\)\s*)?VALUES?", re.IGNORECASE
)
_COPY = re.compile(rf"COPY\s+{_NAME}\s*\(([^()]*)\)\s+FROM\s+stdin", re.IGNORECASE)
_VALUE = re.compile(
    r"""\s*(?:[NE]?'(?P<text>(?:[^'\\]|\\.|'')*+)'|"(?P<other>(?:[^"\\]|\\.|"")*+)"|(?P<mark>[(),;])|(?P<word>[^\s'"(),;]+))""",
    re.DOTALL | re.IGNORECASE,
)
_OPENS = re.compile("['\"]")
_CLOSES = {quote: re.compile(rf"(?:[^{quote}\\]|\\.)*+{quote}", re.DOTALL) for quote in "'\""}
_ESCAPED = re.compile(r"\\(.)|''|\"\"", re.DOTALL)
_MEANT = {"n": "\n", "r": "\r", "t": "\t", "0": ""}
_MAX_STATEMENT = 2**25  # characters
_SHOWN = 1000  # of them, of a statement that cannot be read


def is_dump(text: str) -> bool:
    """Whether the sample of a file is SQL that holds rows."""
    return _BEGINS.match(text) is not None and _ROWS.search(text) is not None


def items(source: ImportFile) -> Iterator[Item | Reject]:
    """The rows with an address, of whichever table."""
    dump = _Dump()
    found = False
    for number, record in dump.records(source):
        found = True
        if isinstance(record, str):
            yield Reject(source.origin(number), "a statement that cannot be read to its end", record, lost=True)
        else:
            yield item_of(source, GENERIC, number, record)
    if not found:
        reason = (
            "no table in this SQL has a column of addresses: export the table with the links as CSV and import that"
        )
        yield Reject(source.origin(), reason)


class _Dump:
    """What is known of a dump so far."""

    def __init__(self) -> None:
        self._columns: dict[str, list[str]] = {}  # of each table
        self._copied: list[str] | None = None  # columns of the rows that follow as they are

    def records(self, source: ImportFile) -> Iterator[tuple[int, dict[str, object] | str]]:
        """Each row with an address, and the line that its statement begins in. A statement that is too long, or has no
        end, is read as far as it goes, and its beginning told."""
        parts, size, begun, quote = list[str](), 0, 0, ""
        for line in source.lines():
            if self._copied is not None:
                yield from ((line.number, record) for record in self._copied_row(line.text, self._copied))
                continue
            if not quote and (not line.text.strip() or line.text.lstrip().startswith("--")):
                continue
            if not parts:
                begun, size = line.number, 0
            parts.append(f"{line.text}\n" if parts else f"{line.text.lstrip()}\n")
            size += len(parts[-1])
            if _INSERTS.match(parts[0]):
                quote = _open_behind(parts[-1], quote)
            if size > _MAX_STATEMENT or (not quote and line.text.rstrip().endswith(";")):
                yield from ((begun, record) for record in self._rows_of("".join(parts)))
                parts, quote = [], ""
        yield from ((begun, record) for record in self._rows_of("".join(parts)))

    def _copied_row(self, text: str, names: list[str]) -> Iterator[dict[str, object]]:
        if text == "\\.":
            self._copied = None
        elif has_url_field(names):
            cells = (_undone(cell) if cell != "\\N" else "" for cell in text.split("\t"))
            yield dict(zip(names, cells, strict=False))

    def _rows_of(self, statement: str) -> Iterator[dict[str, object] | str]:
        """The rows with an address in a statement, and its beginning where not all of it can be read."""
        if copy := _COPY.match(statement):
            self._copied = _names(copy[2])
        elif create := _CREATE.match(statement):
            self._columns[create[1].lower()] = _columns(statement[statement.index("(") + 1 :])
        elif insert := _INSERT.match(statement):
            rows, whole = _rows(statement, insert.end())
            names = _names(insert[2]) if insert[2] else self._columns.get(insert[1].lower(), [])
            yield from (record for row in rows if (record := _record(names, row)))
            if not whole:
                yield statement[:_SHOWN]


def _record(names: list[str], row: list[str]) -> dict[str, object]:
    """A row by the names of its columns; without any, its first address and its longest text. Empty: it is none."""
    if names:
        return dict(zip(names, row, strict=False)) if has_url_field(names) else {}
    url = next(filter(is_address, row), "")
    return (
        {"url": url, "title": max((cell for cell in row if not is_address(cell)), key=len, default="")} if url else {}
    )


def _open_behind(text: str, quote: str) -> str:
    """The quote that is open behind a part of a statement, "" for none; `quote` is what was open before it."""
    position = 0
    while True:
        if quote:
            closed = _CLOSES[quote].match(text, position)
            if closed is None:
                return quote
            position = closed.end()
        opened = _OPENS.search(text, position)
        if opened is None:
            return ""
        quote, position = opened[0], opened.end()


def _rows(text: str, position: int) -> tuple[list[list[str]], bool]:
    """The rows behind VALUES, and whether they go on to the end of the statement."""
    rows: list[list[str]] = []
    row: list[str] = []
    deep, cell = 0, ""
    while (value := _VALUE.match(text, position)) is not None:
        position = value.end()
        mark = value["mark"]
        if mark == ";" and not deep:
            return rows, True
        if mark == "(":
            deep += 1
            row, cell = ([], "") if deep == 1 else (row, cell)
        elif mark == ")":
            deep -= 1
            if deep == 0:
                rows.append([*row, cell])
        elif mark == "," and deep == 1:
            row.append(cell)
            cell = ""
        elif mark is None:
            quoted = value["text"] if value["text"] is not None else value["other"]
            cell = _undone(quoted) if quoted is not None else "" if value["word"].upper() == "NULL" else value["word"]
    return rows, False


def _undone(text: str) -> str:
    return _ESCAPED.sub(lambda found: _MEANT.get(found[1], found[1]) if found[1] else found[0][0], text)


def _names(written: str) -> list[str]:
    return [name.strip().strip('`"[]').lower() for name in written.split(",")]


def _columns(body: str) -> list[str]:
    """The names of the columns of CREATE TABLE."""
    found = (_COLUMN.match(line) for part in body.split("\n") for line in (part.split(",\t")))
    return [match[1].lower() for match in found if match and match[1].lower() not in _NO_COLUMN]
