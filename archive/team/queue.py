"""The queue on the server of the catalog: pages that a run hands to whoever has the time, and what they came to.

A claim ends with the connection of its holder, or LIFE seconds after its last sign of life; then another one has it.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from importlib import resources
from typing import Self

from archive.storage.catalog import postgresql
from archive.storage.places import Server

LIFE = 30.0  # seconds
_LIVE = (
    "SELECT pid || '-' || extract(epoch FROM backend_start) FROM pg_stat_activity WHERE datname = current_database()"
)
_AT_WORK = (
    f"SELECT token FROM workers WHERE seen > clock_timestamp() - interval '{LIFE} seconds' AND token IN ({_LIVE})"  # noqa: S608
)
_FREE = f"NOT ended AND (claim IS NULL OR claim NOT IN ({_AT_WORK}))"
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
    """A page to be fetched and read, packed; `done` is what it came to, None where that cannot be sent."""

    num: int
    work: bytes
    done: bytes | None = None


class Queue:
    """One connection to it: a run's, or a worker's. Safe to use from several threads."""

    def __init__(self, server: Server, said: str = "backfile") -> None:
        """StorageError where the server does not answer."""
        self._db = postgresql.plain(server.team, said)
        postgresql.define(self._db, (resources.files("archive.team") / "team.sql").read_text(encoding="utf-8"))
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

    def ended(self) -> list[Piece]:
        """What has come to its end; it is out of the queue."""
        sql = "DELETE FROM queue WHERE run = ? AND ended RETURNING num, work, done"
        return [Piece(num, work, done) for num, work, done in self._db.execute(sql, (self.token,))]

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

    def hand_in(self, num: int, done: bytes | None) -> bool:
        """What a page came to; False where the claim has ended meanwhile, and another one has it."""
        sql = "UPDATE queue SET ended = true, done = ? WHERE num = ? AND claim = ? AND NOT ended"
        return self._db.execute(sql, (done, num, self.token)).rowcount > 0

    def is_idle(self) -> bool:
        """Whether no page waits and none is being fetched."""
        sql = f"SELECT EXISTS (SELECT 1 FROM queue WHERE NOT ended AND run IN ({_LIVE}))"  # noqa: S608 -- constant
        return not self._db.execute(sql).fetchone()[0]
