"""Export as CSV (RFC 4180): one row an entry, lists joined by "; ".

A cell that a spreadsheet would take for a formula gets an apostrophe in front; an import takes it off again.
"""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from typing import BinaryIO

from archive.exporting.cells import guarded, joined
from archive.exporting.columns import COLUMNS, Value
from archive.exporting.selection import Selection


def write(selection: Selection, out: BinaryIO) -> None:
    """UTF-8 with a byte order mark, without which spreadsheets take it for another encoding."""
    wrapped = io.TextIOWrapper(out, encoding="utf-8", errors="replace", newline="", write_through=True)
    try:
        wrapped.write("\ufeff")
        rows = csv.writer(wrapped)
        rows.writerow([column.name for column in COLUMNS])
        for entry in selection.entries():
            rows.writerow([_cell(column.value(entry, selection.stamp)) for column in COLUMNS])
    finally:
        wrapped.detach()


def _cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        value = joined(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int):
        return str(value)
    return guarded(value)
