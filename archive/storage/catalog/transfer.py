"""Every row of one catalog into another, new one, on whichever database either stands."""

from __future__ import annotations

import re
from contextlib import closing
from importlib import resources
from itertools import islice

from archive.storage.catalog.database import connect, sql_errors
from archive.storage.catalog.dialect import BEGIN_READING, Db, insert, upsert, writing
from archive.storage.places import Where

_OWN = frozenset({"meta", "migrations"})  # what each catalog says of itself
_AT_ONCE = 500  # rows
_FORMAT = "format"


def tables() -> tuple[str, ...]:
    """The tables of a catalog; whatever a row refers to stands in one before its own."""
    schema = (resources.files("archive.storage.catalog") / "schema.sql").read_text(encoding="utf-8")
    return tuple(re.findall(r"^CREATE TABLE (\w+)", schema, flags=re.MULTILINE))


def transfer(source: Where, target: Where) -> None:
    """Makes `target`, which is empty or not there, what `source` is at one moment. Errors as `connect`."""
    with (
        sql_errors(source),
        closing(connect(source, write=False)) as read,
        closing(connect(target, write=True)) as write,
    ):
        read.execute(BEGIN_READING)
        with writing(write):
            for table in tables():
                if table not in _OWN:
                    _copy(read, write, table)
            found = read.execute("SELECT name, value FROM meta WHERE name <> ?", (_FORMAT,)).fetchall()
            write.executemany(upsert("meta", "name, value", "name"), found)
            write.renumber()
        read.execute("ROLLBACK")


def _copy(read: Db, write: Db, table: str) -> None:
    head = read.execute(f"SELECT * FROM {table} LIMIT 0")  # noqa: S608 -- names of ours
    columns = ", ".join(f'"{column[0]}"' for column in head.description or ())
    found = read.each(f"SELECT {columns} FROM {table}")  # noqa: S608 -- names of ours
    while some := list(islice(found, _AT_ONCE)):
        write.executemany(insert(table, columns), some)
