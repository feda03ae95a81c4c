"""The queue on the server of the catalog: pages that a run hands to whoever has the time, and what they came to.

A claim ends with the connection of its holder, or LIFE seconds after its last sign of life; then another one has it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from importlib import resources
from typing import Self

from archive.errors import StorageError
from archive.storage.catalog import postgresql
from archive.storage.catalog.dialect import Listed
from archive.storage.catalog.postgresql import lock_number, locked
from archive.storage.places import Server

LIFE = 30.0  # seconds
_LIVE = (
    "SELECT pid || '-' || extract(epoch FROM backend_start) FROM pg_stat_activity WHERE datname = current_database()"
)
_AT_WORK = (
    f"SELECT token FROM workers WHERE seen > clock_timestamp() - interval '{LIFE} seconds' AND token IN ({_LIVE})"  # noqa: S608
)
_FREE = f"NOT ended AND (claim IS NULL OR claim NOT IN ({_AT_WORK}))"
_MINE = "claim = ? AND NOT ended"
_IS_NEW = "SELECT EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = 'queue'::regclass AND attname = 'asked')"
_NEWS = """
    WITH ended AS (DELETE FROM queue WHERE run = ? AND ended RETURNING num, done),
    asked AS (UPDATE queue SET asked = false WHERE run = ? AND asked AND NOT ended RETURNING num)
    SELECT num, done, true FROM ended UNION ALL SELECT num, NULL, false FROM asked
"""
_COUNTS = (
    f"SELECT (SELECT count(*) FROM ({_AT_WORK}) at_work), count(*) FILTER (WHERE {_FREE}), "  # noqa: S608 -- constants
    f"count(*) FILTER (WHERE NOT ({_FREE})) FROM queue WHERE NOT ended AND run IN ({_LIVE})"
)


def counts(server: Server) -> tuple[int, int, int]:
    """How many workers there are, and how many pages wait and are claimed. Changes nothing. StorageError."""
    with closing(postgresql.plain(server.team)) as db:
        if db.execute("SELECT to_regclass('queue') IS NULL").fetchone()[0]:
            return 0, 0, 0  # nothing was ever handed to anybody
        workers, waiting, claimed = db.execute(_COUNTS).fetchone()
    return int(workers), int(waiting), int(claimed)


@dataclass(frozen=True, slots=True)
class Piece:
    """A page to be fetched and read, packed. Once it has `ended`, `done` is what it came to: None where it is to be
    asked for again.
    """

    num: int
    work: bytes
    done: bytes | None = None
    ended: bool = False


class Queue:
    """One connection to it: a run's, or a worker's. Safe to use from several threads."""

    def __init__(self, server: Server, said: str = "backfile") -> None:
        """StorageError where the server does not answer."""
        self._db = postgresql.plain(server.team, said)
        postgresql.define(self._db, (resources.files("archive.team") / "team.sql").read_text(encoding="utf-8"))
        self._server = server
        if not self._db.execute(_IS_NEW).fetchone()[0]:
            self._db.execute("ALTER TABLE queue ADD COLUMN IF NOT EXISTS asked BOOLEAN NOT NULL DEFAULT false")
        self.token = str(self._db.execute(f"{_LIVE} AND pid = pg_backend_pid()").fetchone()[0])

    def close(self) -> None:
        """Whatever this one has claimed is free from now on, and what it has put in is worth nothing."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- for a run ---------------------------------------------------------------------------------------------------

    def put(self, work: bytes) -> int:
        """A page for whoever has the time; its number."""
        sql = "INSERT INTO queue (run, work) VALUES (?, ?) RETURNING num"
        return int(self._db.execute(sql, (self.token, work)).fetchone()[0])

    def news(self) -> list[Piece]:
        """What has ended since the last look, which is out of the queue; and what needs its host no more."""
        return [Piece(num, b"", done, ended) for num, done, ended in self._db.execute(_NEWS, (self.token, self.token))]

    def taken_back(self) -> Piece | None:
        """The oldest page of this run that nobody is at; it is out of the queue."""
        found = self._db.execute(
            "DELETE FROM queue WHERE num = (SELECT num FROM queue "  # noqa: S608 -- constants
            f"WHERE run = ? AND {_FREE} ORDER BY num LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING num, work",
            (self.token,),
        ).fetchone()
        return Piece(*found) if found else None

    def workers(self) -> int:
        """How many offer to work."""
        return int(self._db.execute(f"SELECT count(*) FROM ({_AT_WORK}) at_work").fetchone()[0])  # noqa: S608 -- constant

    # -- for a worker ------------------------------------------------------------------------------------------------

    def live(self) -> None:
        """A sign of life; what runs and workers that are gone have left is taken out."""
        self._db.execute(
            "INSERT INTO workers (token, seen) VALUES (?, clock_timestamp()) "
            "ON CONFLICT (token) DO UPDATE SET seen = excluded.seen",
            (self.token,),
        )
        self._db.execute(f"DELETE FROM queue WHERE run NOT IN ({_LIVE})")  # noqa: S608 -- constant
        self._db.execute(f"DELETE FROM workers WHERE token NOT IN ({_LIVE})")  # noqa: S608 -- constant

    def claim(self, most: int) -> Sequence[Piece]:
        """Pages that nobody is at, the oldest first: this worker's from now on."""
        found = self._db.execute(
            "UPDATE queue SET claim = ? WHERE num IN (SELECT num FROM queue "  # noqa: S608 -- constants
            f"WHERE run IN ({_LIVE}) AND {_FREE} ORDER BY num LIMIT ? FOR UPDATE SKIP LOCKED) RETURNING num, work",
            (self.token, most),
        )
        return [Piece(num, work) for num, work in found]

    def asked(self, numbers: Sequence[int]) -> None:
        """These pages have been fetched: their hosts may be asked for others."""
        sql = f"UPDATE queue SET asked = true WHERE num = ANY(?::bigint[]) AND {_MINE}"  # noqa: S608 -- constants
        self._db.execute(sql, (Listed(numbers), self.token))

    def hand_in(self, done: Mapping[int, bytes | None]) -> set[int]:
        """What pages came to, all at once; of which the claim stands, and no other one has them meanwhile."""
        sql = (
            "UPDATE queue SET ended = true, done = came.done "  # noqa: S608 -- constants
            "FROM unnest(?::bigint[], ?::bytea[]) AS came(num, done) "
            f"WHERE queue.num = came.num AND {_MINE} RETURNING queue.num"
        )
        found = self._db.execute(sql, (Listed(done), Listed(done.values()), self.token))
        return {int(num) for (num,) in found}

    @contextmanager
    def putting(self, numbers: Sequence[int]) -> Iterator[set[int]]:
        """An object of these pages may be put inside: of those that are claimed still, and whose run waits for them.

        Whoever opens the archive for a run waits for that (lease.ServerTurn), and finds all objects of earlier ones.
        """
        lock = lock_number(self._server, "putting")
        locked(self._db, lock, shared=True)
        try:
            sql = f"SELECT num FROM queue WHERE num = ANY(?::bigint[]) AND run IN ({_LIVE}) AND {_MINE}"  # noqa: S608 -- constants
            yield {int(num) for (num,) in self._db.execute(sql, (Listed(numbers), self.token))}
        finally:
            with suppress(StorageError):  # it went with the connection
                self._db.execute("SELECT pg_advisory_unlock_shared(?)", (lock,))

    def is_idle(self) -> bool:
        """Whether no page waits and none is being fetched."""
        sql = f"SELECT EXISTS (SELECT 1 FROM queue WHERE NOT ended AND run IN ({_LIVE}))"  # noqa: S608 -- constant
        return not self._db.execute(sql).fetchone()[0]
