"""What a database is asked in words of its own, in one place: as SQLite has them, which postgresql.py says otherwise.

Whatever else is asked is written in the SQL that both understand. Lists of values go into a statement as one
parameter, so that the facts of a whole batch come with one round trip and one prepared statement.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import msgspec

BEGIN_WRITING = "BEGIN IMMEDIATE"
BEGIN_READING = "BEGIN"
LISTED = "json_each(?) AS listed"
"""A table with one column `value`: the texts that `listed` was given."""
AMONG = f"IN (SELECT value FROM {LISTED})"  # noqa: S608 -- constant
"""Of texts or of numbers."""
TUPLES = "json_each(?) AS tuples"
LOG = "INSERT OR REPLACE INTO changes (id, deleted)"
"""Puts rows into the change log under new numbers, in the place of those that their entries had."""
INTEGRITY = "PRAGMA integrity_check(20)"
REFERENCES = "PRAGMA foreign_key_check"
COMPACT = "VACUUM"
"""Writes the database anew, without what its free pages still say."""
CHECKPOINT = "PRAGMA wal_checkpoint(TRUNCATE)"
"""Empties the log into the database; its first column says whether somebody was in the way."""
CONTAINS = "instr({}, ?) > 0"
MAY_WRITE_TEMPORARY = "PRAGMA query_only = OFF"


class Cursor(Protocol):
    """What a statement came to; rows are tuples."""

    @property
    def rowcount(self) -> int:
        """How many rows were changed, by all of its parameters together."""

    @property
    def description(self) -> Any:
        """Of each column, a sequence that its name is the first of."""

    def fetchone(self) -> Any: ...

    def fetchall(self) -> list[Any]: ...

    def __iter__(self) -> Iterator[Any]: ...


class Db(Protocol):
    """A connection to a catalog. Errors of the database are raised as ours."""

    @property
    def in_transaction(self) -> bool:
        """Whether one was begun and has not ended."""

    @property
    def lost(self) -> bool:
        """Whether the other side is gone, so that a new connection is needed."""

    def execute(self, sql: str, parameters: Any = (), /) -> Cursor: ...

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> Cursor: ...

    def each(self, sql: str, parameters: Any = (), /) -> Iterator[Any]:
        """The rows of a statement that there may be too many of for memory, inside a transaction."""

    def under(self, lease: Any) -> None:
        """Nothing is written any more once a lease (postgresql.Lease) has ended."""

    def renumber(self) -> None:
        """After rows were put with numbers of their own: numbers that the database gives go on behind those."""

    def close(self) -> None: ...


@contextmanager
def writing(db: Db) -> Iterator[None]:
    """One transaction: all of it is on the medium when the block ends, or none of it happened."""
    db.execute(BEGIN_WRITING)
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


class Listed(tuple[Any, ...]):
    """Values as one parameter: texts, numbers, or tuples of texts."""

    __slots__ = ()

    def __conform__(self, _: object) -> str:
        """As SQLite takes it."""
        return msgspec.json.encode(tuple(self)).decode()


def listed(values: Iterable[str | int | tuple[str, ...]]) -> Listed:
    """The parameter for LISTED, AMONG and TUPLES: one value, or one tuple of texts, to a row."""
    return Listed(values)


def _columns(width: int, named: bool = False) -> str:
    names = (f" AS a{number}" if named else "" for number in range(width))
    return ", ".join(f"json_extract(value, '$[{number}]'){name}" for number, name in enumerate(names))


def among_rows(width: int) -> str:
    """As AMONG, for tuples of so many columns."""
    return f"IN (SELECT {_columns(width)} FROM {TUPLES})"  # noqa: S608 -- constant


def numbered(width: int) -> str:
    """A table of what `listed` was given, tuples of so many texts: `place`, from 0, and the columns a0, a1 …"""
    return f"(SELECT key AS place, {_columns(width, named=True)} FROM {TUPLES})"  # noqa: S608 -- constant


def insert(table: str, columns: str) -> str:
    """One row; columns are named with commas between them."""
    return f"INSERT INTO {table} ({columns}) VALUES ({marks(columns)})"  # noqa: S608 -- names of ours


def insert_once(table: str, columns: str) -> str:
    """One row, unless it is there."""
    return f"{insert(table, columns)} ON CONFLICT DO NOTHING"


def upsert(table: str, columns: str, key: str) -> str:
    """One row, in the place of the one with its key."""
    return f"{insert(table, columns)} {_replacing(columns, key)}"


def upsert_where(table: str, columns: str, key: str, condition: str) -> str:
    """As `upsert`, where `condition` holds; its parameters come behind those of the columns."""
    selected = f"INSERT INTO {table} ({columns}) SELECT {marks(columns)} WHERE {condition}"
    return f"{selected} {_replacing(columns, key)}"


def _replacing(columns: str, key: str) -> str:
    keys = key.split(", ")
    setting = ", ".join(f"{column} = excluded.{column}" for column in columns.split(", ") if column not in keys)
    return f"ON CONFLICT ({key}) DO UPDATE SET {setting}"


def add_to(table: str, columns: str, key: str, *counts: str) -> str:
    """One row, or its `counts` more in the row with its key."""
    adding = ", ".join(f"{count} = {table}.{count} + excluded.{count}" for count in counts)
    return f"{insert(table, columns)} ON CONFLICT ({key}) DO UPDATE SET {adding}"


def temporary(table: str, columns: str, key: str = "") -> str:
    """A table of this connection alone; columns with their types."""
    keyed = (f", PRIMARY KEY ({key})", " WITHOUT ROWID") if key else ("", "")
    return f"CREATE TEMP TABLE {table} ({columns}{keyed[0]}){keyed[1]}"


def at_most(limit: int) -> str:
    """The end of a query for so many rows; negative: for all of them."""
    return f" LIMIT {limit:d}" if limit >= 0 else ""


def marks(columns: str) -> str:
    return ",".join("?" * (columns.count(",") + 1))
