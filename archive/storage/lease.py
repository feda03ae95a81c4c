"""Who writes to an archive whose catalog stands on PostgreSQL: `turns.Turn` with locks of the server instead of files.

Advisory locks of one connection, which the server frees when that ends, however its holder died: a machine that went
away without a word is noticed after 25 seconds. Each write transaction asks whether the lease still stands
(`postgresql.Connection.under`): nobody goes on writing whose connection was cut while another one has begun.
"""

from __future__ import annotations

import os
import socket
import sys
import time
from contextlib import closing, suppress
from pathlib import PurePath

from archive.errors import ArchiveError, LockedError
from archive.storage.catalog import postgresql
from archive.storage.catalog.postgresql import POLL, Connection, Lease, lock_number, locked
from archive.storage.places import Server
from archive.storage.turns import Lending
from archive.urls import veiled

PUTTING = 60.0  # seconds in which a worker that puts an object for a run that is gone may come to an end
# The holder of a lock: of two halves of a number, as pg_locks has them. Its connection began at a moment of its own.
_HOLDER = """
    SELECT a.pid || '-' || extract(epoch FROM a.backend_start), a.application_name FROM pg_locks l
    JOIN pg_stat_activity a ON a.pid = l.pid JOIN pg_database d ON d.oid = l.database AND d.datname = current_database()
    WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted AND l.mode = 'ExclusiveLock'
    AND (l.classid::bigint << 32 | l.objid::bigint) = ?
"""

# Whether others hold a lock: it is taken and let go in one statement.
_IS_HELD = "SELECT CASE WHEN pg_try_advisory_lock(?) THEN NOT pg_advisory_unlock(?) ELSE true END"


class ServerTurn(Lending):
    """The right to write, from construction to `close()`."""

    poll = POLL

    def __init__(self, server: Server, *, wait: float = 0.0, short: bool = False) -> None:
        """Waits up to `wait` seconds for another writer: LockedError names it. StorageError without the server."""
        super().__init__(is_long=not short)
        self._server = server
        self._db = postgresql.plain(server, as_whom())
        try:
            until = time.monotonic() + wait
            if short:
                self._ask("SELECT pg_advisory_lock_shared(?)", "wish")
            else:
                self._take("long", until)
            self._take("lock", until)
            if short:
                self._ask("SELECT pg_advisory_unlock_shared(?)", "wish")
                self.is_guest = _holder(self._db, server, "long")[0] != ""
            else:
                self._await_putting()
            self.token = _holder(self._db, server, "lock")[0]
        except BaseException:
            self._db.close()
            raise

    @property
    def lease(self) -> Lease:
        """What a transaction asks for."""
        return Lease(lock_number(self._server, "lock"), int(self.token.partition("-")[0]))

    def close(self) -> None:
        """Ends it; harmless when done twice."""
        self._db.close()

    def _await_putting(self) -> None:
        """Whoever puts an object for a run that has ended comes to an end with it first: what is there now is all."""
        if self._locked("putting", time.monotonic() + PUTTING):
            self._ask("SELECT pg_advisory_unlock(?)", "putting")

    def _has_wish(self) -> bool:
        number = lock_number(self._server, "wish")
        return bool(self._db.execute(_IS_HELD, (number, number)).fetchone()[0])

    def _let_go(self) -> None:
        self._ask("SELECT pg_advisory_unlock(?)", "lock")

    def _take_again(self, wait: float) -> None:
        self._take("lock", time.monotonic() + wait)

    def _take(self, purpose: str, until: float) -> None:
        if not self._locked(purpose, until):
            who = _holder(self._db, self._server, purpose)[1] or "another process"
            raise LockedError(f"the archive is being written by {who}", holder=who)

    def _locked(self, purpose: str, until: float) -> bool:
        return locked(self._db, lock_number(self._server, purpose), until)

    def _ask(self, sql: str, purpose: str) -> bool:
        return bool(self._db.execute(sql, (lock_number(self._server, purpose),)).fetchone()[0])


def as_whom() -> str:
    """How a connection is told apart from others, by people: the server keeps 63 bytes of it."""
    command = veiled(" ".join([PurePath(sys.argv[0]).name, *sys.argv[1:3]]))
    return f"process {os.getpid()} on {socket.gethostname()} ({command})".encode("ascii", "replace")[:63].decode()


def is_writing(server: Server) -> bool:
    """Whether some process is writing just now, or has lent its turn."""
    return any(_looked(server, purpose)[0] for purpose in ("long", "lock"))


def writer(server: Server) -> str:
    """Who writes just now, or has lent its turn, in words; "" for nobody."""
    return _looked(server, "long")[1] or _looked(server, "lock")[1]


def token(server: Server) -> str:
    """The token of the long writer that is there now, "" where none is."""
    return _looked(server, "long")[0]


def _looked(server: Server, purpose: str) -> tuple[str, str]:
    with suppress(ArchiveError), closing(postgresql.plain(server)) as db:
        return _holder(db, server, purpose)
    return "", ""


def _holder(db: Connection, server: Server, purpose: str) -> tuple[str, str]:
    """Token and description of who holds a lock; "" where nobody does."""
    found = db.execute(_HOLDER, (lock_number(server, purpose),)).fetchone()
    return (str(found[0]), str(found[1] or "")) if found else ("", "")
