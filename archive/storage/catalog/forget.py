"""What the catalog knows of what was let go, and how the last of it goes from the database's own pages."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from archive.errors import StorageError
from archive.storage.catalog import rows
from archive.storage.catalog.database import connect, sql_errors
from archive.storage.catalog.dialect import AMONG, BEGIN_WRITING, CHECKPOINT, COMPACT, CONTAINS, listed, upsert
from archive.storage.warc.records import Act

Sha256 = Callable[[str, int, int], bytes]
_NAMELESS = (  # what nobody mentions any more
    "DELETE FROM mentions WHERE entry NOT IN (SELECT num FROM entries)",
    "DELETE FROM spellings WHERE stories <= 0 OR name NOT IN (SELECT name FROM mentions)",
    "DELETE FROM acronyms WHERE stories <= 0 OR name NOT IN (SELECT name FROM mentions)",
    "DELETE FROM names WHERE num NOT IN (SELECT name FROM mentions)",
    "DELETE FROM things WHERE num NOT IN (SELECT thing FROM names WHERE thing IS NOT NULL)",
)


@dataclass(frozen=True, slots=True)
class LetGo:
    """That something was let go: an entry by its id, or a payload by its digest. `until`: hidden until then."""

    id: str
    at: datetime
    reason: str
    until: datetime | None = None

    def __str__(self) -> str:
        why = f": {self.reason}" if self.reason else ""
        if self.until:
            return f"under embargo until {self.until:%Y-%m-%d}{why}"
        return f"was forgotten on {self.at:%Y-%m-%d}{why}"


class ForgottenTable:
    """Seen from inside one transaction or one snapshot."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def among(self, ids: Iterable[str]) -> dict[str, LetGo]:
        """Those of these entries and digests that were let go, and are not back."""
        sql = f"SELECT id, at, reason, until FROM forgotten WHERE id {AMONG}"  # noqa: S608 -- constant
        found = (_let_go(row) for row in self._db.execute(sql, (listed(ids),)))
        now = datetime.now(UTC)
        return {one.id: one for one in found if one.until is None or one.until > now}

    def all(self) -> list[LetGo]:
        """Every entry that was let go, oldest first."""
        found = self._db.execute(
            "SELECT id, at, reason, until FROM forgotten WHERE id NOT LIKE 'sha256:%' ORDER BY at, id"
        )
        return list(map(_let_go, found))

    def put(self, act: Act) -> bool:
        """An act that lets go: reason, then the digests of what went."""
        at, (reason, *digests) = rows.time_text(act.at), act.values
        self._db.executemany(
            upsert("forgotten", "id, at, reason, until", "id"),
            [(one, at, rows.text(reason), None) for one in (act.subject, *digests)],
        )
        return True


@dataclass(frozen=True, slots=True)
class Purge:
    """What goes: entries by id, captures by id, payloads by digest; and the WARC files that were written anew."""

    entries: Collection[str]
    captures: Collection[str]
    digests: Collection[str]
    files: Collection[str]


def silence(path: Path, said: Iterable[str]) -> None:
    """Takes out what jobs and notices say in any of these words, and short links that lead to such an address."""
    with sql_errors(path), closing(connect(path, write=True)) as db:
        db.execute(BEGIN_WRITING)
        for one in said:
            like = (rows.text(one),)
            db.execute(f"UPDATE job_items SET item = '{{}}', detail = '' WHERE {CONTAINS.format('item')}", like)  # noqa: S608
            db.execute(f"DELETE FROM outbox WHERE {CONTAINS.format('notice')}", like)  # noqa: S608 -- constant
            db.execute("DELETE FROM short_links WHERE short = ? OR long = ?", like * 2)
        db.execute("COMMIT")


def purge(path: Path, what: Purge, sha256: Sha256) -> None:
    """Takes the rest out of the catalog, in one transaction, then what SQLite keeps in free pages and its log.

    StorageError where somebody reads for so long that the log cannot be emptied. Can be done twice.
    """
    with sql_errors(path), closing(connect(path, write=True)) as db:
        db.execute(BEGIN_WRITING)
        try:
            _rows(db, what)
            _stretches(db, what.files, sha256)
            db.execute("COMMIT")
        except BaseException:
            db.execute("ROLLBACK")
            raise
        db.execute(COMPACT)
        busy = db.execute(CHECKPOINT).fetchone()[0]
    if busy:
        raise StorageError(f"{path}: somebody reads it just now, so that its log cannot be emptied: try again")


def _rows(db: sqlite3.Connection, what: Purge) -> None:
    entries = listed(what.entries)
    db.execute(f"DELETE FROM captures WHERE id {AMONG}", (listed(what.captures),))  # noqa: S608 -- constant
    digests = [(bytes.fromhex(one.removeprefix("sha256:")),) for one in what.digests]
    db.executemany("DELETE FROM bodies WHERE digest = ?", digests)
    db.execute(f"DELETE FROM watched WHERE item {AMONG}", (entries,))  # noqa: S608 -- constant
    db.execute(f"UPDATE job_items SET item = '{{}}', detail = '' WHERE entry {AMONG}", (entries,))  # noqa: S608 -- constant
    for entry in what.entries:
        db.execute(f"DELETE FROM outbox WHERE {CONTAINS.format('notice')}", (entry,))  # noqa: S608 -- constant
    for statement in _NAMELESS:
        db.execute(statement)


def _stretches(db: sqlite3.Connection, files: Collection[str], sha256: Sha256) -> None:
    """Digests of the files as they are now, where they were before."""
    for name in files:
        sql = "SELECT file, start, stop FROM stretches JOIN warc_files ON num = file WHERE name = ?"
        found: Sequence[tuple[int, int, int]] = db.execute(sql, (name,)).fetchall()
        db.executemany(
            "UPDATE stretches SET sha256 = ? WHERE file = ? AND start = ?",
            [(sha256(name, start, stop), file, start) for file, start, stop in found],
        )


def _let_go(row: tuple[str, str, str, str | None]) -> LetGo:
    id_, at, reason, until = row
    return LetGo(id_, datetime.fromisoformat(at), reason, datetime.fromisoformat(until) if until else None)
