"""Rows as CSV (RFC 4180), for spreadsheets: nothing that is archived is taken for a formula there."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import chain
from pathlib import Path
from typing import TypeAlias

from archive import check_output, file_aside, guarded, joined

Cell: TypeAlias = str | float | date | Sequence[str] | None  # a whole number is a float to Python's types, too
SHEET_MARK = "\ufeff"  # at the beginning of a file: without it spreadsheets take UTF-8 for another encoding


def sheet(header: Sequence[str], rows: Iterable[Sequence[Cell]], *, raw: bool = False) -> Iterator[str]:
    """The lines, each with its end; lists are joined by "; ", what is not known is empty. `raw`: formulas, too."""
    out = io.StringIO()
    writer = csv.writer(out)
    for row in chain((header,), rows):
        writer.writerow([_cell(value, raw=raw) for value in row])
        yield out.getvalue()
        out.seek(0)
        out.truncate()


def write_lines(target: Path, lines: Iterable[str]) -> None:
    """Put them into a file, in UTF-8 (of the name .csv: marked as such), which appears whole in the place of another.

    UsageError, StorageError.
    """
    mark = SHEET_MARK.encode() if target.suffix.lower() == ".csv" else b""
    write_bytes(target, chain((mark,), (line.encode("utf-8", "replace") for line in lines)))


def write_bytes(target: Path, pieces: Iterable[bytes]) -> None:
    """Put them into a file, which appears whole in the place of another. UsageError, StorageError."""
    check_output(target)
    with file_aside(target) as out:
        out.writelines(pieces)


def _cell(value: Cell, *, raw: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float):
        return str(value)
    text = value if isinstance(value, str) else joined(value)
    return text if raw else guarded(text)
