"""What swap.py does, for a catalog on PostgreSQL: a schema takes the place of another in one transaction."""

from __future__ import annotations

import time

import psycopg

from archive.errors import StorageError
from archive.storage.catalog.postgresql import Connection, connect, errors, is_there, plain
from archive.storage.places import Server

PATIENCE = 600.0  # seconds in which whoever reads a moment of the old catalog may come to an end
_KEPT = (  # what warc/ does not know; which watches there are stands there: only what they have seen is taken over
    "INSERT INTO {new}.jobs ({jobs}) SELECT {jobs} FROM {old}.jobs",
    "INSERT INTO {new}.job_items ({job_items}) SELECT {job_items} FROM {old}.job_items",
    "UPDATE {new}.watches w SET (due, state) = (o.due, o.state) FROM {old}.watches o WHERE o.id = w.id",
    "INSERT INTO {new}.watched ({watched}) SELECT {watched} FROM {old}.watched WHERE EXISTS ({watch})",
    "INSERT INTO {new}.outbox ({outbox}) SELECT {outbox} FROM {old}.outbox",
)
_WATCH = "SELECT 1 FROM {new}.watches WHERE id = watch"
_COLUMNS = (
    "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute "
    "WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped"
)


def replace(where: Server, fresh: Server, *, keep: bool) -> None:
    """Makes `where` what `fresh` is (closed, complete), with `keep` also with the jobs, watches and outbox it had.

    StorageError where somebody reads a moment of the old one for so long that it cannot go.
    """
    if is_there(where):
        connect(where, write=True).close()  # of this format from now on: whole rows are copied
    connect(fresh, write=True).close()
    db = plain(where)
    try:
        with errors(where):
            _swap(db, where.schema, fresh.schema, keep=keep)
    finally:
        db.close()


def _swap(db: Connection, old: str, new: str, *, keep: bool) -> None:
    run = db.raw.execute
    there = run(b"SELECT to_regclass($1)", (f"{old}.meta",)).fetchone() != (None,)
    if there:
        _lock(db, old)
        if keep:
            columns = {
                table: (run(_COLUMNS.encode(), (f"{new}.{table}",)).fetchone() or ("",))[0]
                for table in ("jobs", "job_items", "watched", "outbox")
            }
            for statement in _KEPT:
                run(statement.format(old=old, new=new, watch=_WATCH.format(new=new), **columns).encode())
    else:
        run(b"BEGIN")
    run(f"SET LOCAL search_path = {new}".encode())
    db.renumber()
    run(f"SET LOCAL client_min_messages = warning; DROP SCHEMA IF EXISTS {old} CASCADE".encode(), prepare=False)
    run(f"ALTER SCHEMA {new} RENAME TO {old}".encode())
    run(b"COMMIT")


def _lock(db: Connection, schema: str) -> None:
    """Begins a transaction in which nobody else reads. Asked for again and again, so that readers never wait long."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            script = f"BEGIN; SET LOCAL lock_timeout = '1s'; LOCK TABLE {schema}.meta IN ACCESS EXCLUSIVE MODE"
            db.raw.execute(script.encode(), prepare=False)
        except psycopg.errors.LockNotAvailable as error:
            db.raw.execute(b"ROLLBACK")
            if time.monotonic() >= until:
                what = "somebody reads the catalog for so long that the new one cannot take its place"
                raise StorageError(f"{db.server}: {what}: try again") from error
            time.sleep(0.5)
        else:
            db.raw.execute(b"SET LOCAL lock_timeout = 0")
            return
