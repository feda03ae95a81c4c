"""Whether two catalogs have the same rows, whatever order they stand in and whichever database they stand on."""

from __future__ import annotations

from contextlib import closing
from hashlib import blake2b

from archive.storage.catalog.database import connect, sql_errors
from archive.storage.catalog.dialect import BEGIN_READING, Db
from archive.storage.catalog.transfer import tables
from archive.storage.places import Where

_OWN = frozenset({"meta", "migrations"})  # what each says of itself
_MODULUS = 1 << 256


def different_rows(one: Where, other: Where) -> tuple[int, list[str]]:
    """How many rows `one` has, and the tables whose rows are not the same in both. Errors as `connect`."""
    with (
        sql_errors(one),
        closing(connect(one, write=False)) as first,
        closing(connect(other, write=False)) as second,
    ):
        first.execute(BEGIN_READING)
        second.execute(BEGIN_READING)
        rows, different = 0, []
        for table in tables():
            if table in _OWN:
                continue
            ours, theirs = _sum(first, table), _sum(second, table)
            rows += ours[0]
            if ours != theirs:
                different.append(table)
    return rows, different


def _sum(db: Db, table: str) -> tuple[int, int]:
    """How many rows, and the sum of their digests: equal for equal rows in any order."""
    count = total = 0
    for row in db.each(f"SELECT * FROM {table}"):  # noqa: S608 -- names of ours
        said = repr(tuple(bytes(value) if isinstance(value, memoryview) else value for value in row))
        total += int.from_bytes(blake2b(said.encode("utf-8", "surrogatepass"), digest_size=32).digest())
        count += 1
    return count, total % _MODULUS
