"""A table on disk for what an export has to remember, so that memory stays flat however much is exported.

SQLite's private temporary database: it lives in the system's folder for temporary files once it outgrows its cache, and
is gone when it is closed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Self
from uuid import UUID

_SCHEMA = """
CREATE TABLE wanted (capture BLOB PRIMARY KEY) WITHOUT ROWID;            -- captures to copy
CREATE TABLE met (entry TEXT PRIMARY KEY) WITHOUT ROWID;                   -- entries whose captures are wanted
CREATE TABLE placed (record BLOB PRIMARY KEY, offset INTEGER) WITHOUT ROWID; -- records copied, and where they stand
CREATE TABLE acts (kind TEXT, subject TEXT, value TEXT);                  -- tags, notes, edits, to follow the captures
CREATE TABLE lines (line TEXT);                                           -- of the index, in the order of the records
"""


class Scratch:
    """What one export remembers; a context manager."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._db.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -16384;")
        self._db.executescript(_SCHEMA)
        self._db.execute("BEGIN")

    def is_new(self, entry: str) -> bool:
        """Whether the entry is met for the first time."""
        return self._db.execute("INSERT OR IGNORE INTO met VALUES (?)", (entry,)).rowcount > 0

    def want(self, capture: str) -> None:
        self._db.execute("INSERT OR IGNORE INTO wanted VALUES (?)", (_packed(capture),))

    def wants(self, capture: str) -> bool:
        return self._db.execute("SELECT 1 FROM wanted WHERE capture = ?", (_packed(capture),)).fetchone() is not None

    def place(self, record: str, offset: int) -> None:
        self._db.execute("INSERT OR IGNORE INTO placed VALUES (?, ?)", (_packed(record), offset))

    def placed(self, record: str) -> int | None:
        """Where the record with this id stands in the export; None: it is not in it."""
        found = self._db.execute("SELECT offset FROM placed WHERE record = ?", (_packed(record),)).fetchone()
        return found[0] if found else None

    def note(self, kind: str, subject: str, value: str) -> None:
        self._db.execute("INSERT INTO acts VALUES (?, ?, ?)", (kind, subject, value))

    def noted(self) -> Iterator[tuple[str, str, str]]:
        yield from self._db.execute("SELECT kind, subject, value FROM acts ORDER BY rowid")

    def index(self, line: str) -> None:
        self._db.execute("INSERT INTO lines VALUES (?)", (line,))

    def indexed(self) -> Iterator[str]:
        """The lines of the index in their order, byte by byte."""
        for (line,) in self._db.execute("SELECT line FROM lines ORDER BY line"):
            yield line

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()


def _packed(id_: str) -> bytes:
    """The 16 bytes of a UUID; ids of foreign records may be anything."""
    try:
        return UUID(id_).bytes
    except ValueError:
        return id_.encode("utf-8", "replace")
