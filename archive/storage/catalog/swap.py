"""Putting a rebuilt catalog in the place of the old one without a moment in which there is none.

Readers may have the old one open, so it is overwritten in one transaction rather than renamed over; only one that is
no database any more is replaced as a file. On a server, a schema takes the place of another (swap_server.py).
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path

from archive.errors import ArchiveError
from archive.storage.catalog.database import connect_file, sql_errors
from archive.storage.ops import Ops
from archive.storage.places import Where

_JOBS = tuple(f"INSERT INTO main.{table} SELECT * FROM old.{table}" for table in ("jobs", "job_items"))  # noqa: S608
# Which watches there are stands in warc/: only what they have seen is taken over.
_WATCHES = (
    "UPDATE main.watches SET (due, state) = (old.due, old.state) FROM old.watches old WHERE old.id = main.watches.id",
    "INSERT INTO main.watched SELECT * FROM old.watched WHERE watch IN (SELECT id FROM main.watches)",
)
_OUTBOX = "INSERT INTO main.outbox SELECT * FROM old.outbox"


def replace_catalog(path: Where, fresh: Where) -> None:
    """Makes `path` what `fresh` is (closed, complete), with the jobs, watches and outbox of `path`; removes `fresh`."""
    if not isinstance(path, Path):
        from archive.storage.catalog import swap_server

        assert not isinstance(fresh, Path)
        swap_server.replace(path, fresh, keep=True)
        return
    assert isinstance(fresh, Path)
    _keep(path, fresh, *_JOBS)
    _keep(path, fresh, *_WATCHES)
    _keep(path, fresh, _OUTBOX)
    put_in_place(path, fresh)


def remove_catalog(path: Where) -> None:
    """Removes a catalog: its file, and what SQLite keeps beside it; its schema."""
    if not isinstance(path, Path):
        from archive.storage.catalog import postgresql

        postgresql.remove(path)
        return
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def snapshot(path: Where, fresh: Path) -> None:
    """Makes `fresh` what the catalog at `path` is at one moment, whoever writes to that. DamagedError, StorageError."""
    if not isinstance(path, Path):
        from archive.storage.catalog.transfer import transfer

        transfer(path, fresh)
        return
    with (
        sql_errors(path),
        contextlib.closing(connect_file(path, write=False)) as source,
        contextlib.closing(sqlite3.connect(fresh)) as target,
    ):
        source.backup(target)


def put_in_place(path: Path, fresh: Path) -> None:
    """Makes `path` what `fresh` is (closed, complete) with all that is in it, in one step; removes `fresh`."""
    if not _overwrite(path, fresh):
        _move(fresh, path)
    remove_catalog(fresh)


def _move(fresh: Path, path: Path) -> None:
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    fd = os.open(fresh, os.O_RDONLY)
    try:
        Ops().fsync(fd)
    finally:
        os.close(fd)
    fresh.replace(path)
    Ops().fsync_folder(path.parent)


def _keep(path: Path, fresh: Path, *statements: str) -> None:
    """Copies what warc/ does not know; an old catalog that cannot be read has nothing to give."""
    if not path.exists():
        return
    with contextlib.suppress(ArchiveError, sqlite3.Error):
        connect_file(path, write=True).close()  # ours, and of this format from now on: whole rows are copied
        with contextlib.closing(connect_file(fresh, write=True)) as db:
            db.execute("ATTACH ? AS old", (os.fsencode(path),))
            db.execute("BEGIN")
            for statement in statements:
                db.execute(statement)
            db.execute("COMMIT")


def _overwrite(path: Path, fresh: Path) -> bool:
    """False when `path` is missing or no longer a database of ours."""
    if not path.exists():
        return False
    try:
        with sql_errors(path), contextlib.closing(connect_file(path, write=True)) as old:
            with contextlib.closing(connect_file(fresh, write=False)) as new:
                new.backup(old)
            old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except ArchiveError:
        return False
    return True
