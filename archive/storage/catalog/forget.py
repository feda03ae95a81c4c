"""What the catalog knows of what was let go, and how the last of it goes from the database's own pages."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from archive.errors import StorageError
from archive.frozen import frozen
from archive.storage.catalog import rows
from archive.storage.catalog.database import connect, sql_errors
from archive.storage.catalog.dialect import (
    AMONG,
    CHECKPOINT,
    COMPACT,
    CONTAINS,
    Db,
    insert_once,
    listed,
    upsert,
    writing,
)
from archive.storage.places import Where

if TYPE_CHECKING:
    from archive.storage.warc.records import Act

Sha256 = Callable[[str, int, int], bytes]
_NAMELESS = (  # what nobody mentions any more
    "DELETE FROM mentions WHERE entry NOT IN (SELECT num FROM entries)",
    "DELETE FROM spellings WHERE stories <= 0 OR name NOT IN (SELECT name FROM mentions)",
    "DELETE FROM acronyms WHERE stories <= 0 OR name NOT IN (SELECT name FROM mentions)",
    "DELETE FROM names WHERE num NOT IN (SELECT name FROM mentions)",
    "DELETE FROM things WHERE num NOT IN (SELECT thing FROM names WHERE thing IS NOT NULL)",
)


@frozen
class LetGo:
    """That something was let go: an entry by its id, or a payload by its digest. `until`: hidden until then."""

    id: str
    at: datetime
    reason: str
    until: datetime | None = None

    def __str__(self) -> str:
        why = f": {self.reason}" if self.reason else ""
        return f"was forgotten on {self.at:%Y-%m-%d}{why}"


class ForgottenTable:
    """Seen from inside one transaction or one snapshot."""

    def __init__(self, db: Db) -> None:
        self._db = db

    def among(self, ids: Iterable[str]) -> dict[str, LetGo]:
        """Those of these entries and digests that were let go for good."""
        sql = f"SELECT id, at, reason, until FROM forgotten WHERE until IS NULL AND id {AMONG}"  # noqa: S608 -- constant
        return {one.id: one for one in map(_let_go, self._db.execute(sql, (listed(ids),)))}

    def hidden(self, ids: Iterable[str] | None = None) -> dict[str, LetGo]:
        """Those of these entries (None: of all) that are under embargo now, the one that comes back first before."""
        sql = "SELECT id, at, reason, until FROM forgotten WHERE until > ?"
        asked = rows.time_text(datetime.now(UTC))
        if ids is None:
            found = self._db.execute(f"{sql} ORDER BY until, id", (asked,))
        else:
            found = self._db.execute(f"{sql} AND id {AMONG} ORDER BY until, id", (asked, listed(ids)))
        return {one.id: one for one in map(_let_go, found)}

    def over(self) -> list[str]:
        """Entries whose embargo has ended, and which were not logged as back."""
        now = rows.time_text(datetime.now(UTC))
        return [row[0] for row in self._db.execute("SELECT id FROM forgotten WHERE until <= ? ORDER BY id", (now,))]

    def hide(self, act: Act) -> None:
        """An act that hides: reason, until when."""
        reason, until = act.values
        row = act.subject, rows.time_text(act.at), rows.text(reason), rows.time_text(datetime.fromisoformat(until))
        self._db.execute(upsert("forgotten", "id, at, reason, until", "id"), row)

    def show(self, entry_id: str) -> None:
        """The entry is under no embargo."""
        self._db.execute("DELETE FROM forgotten WHERE id = ? AND until IS NOT NULL", (entry_id,))

    def is_now(self, old: str, new: str) -> None:
        """An entry turned out to be another one, which is under the embargo of both."""
        found = self._db.execute("SELECT at, reason, until FROM forgotten WHERE id = ? AND until IS NOT NULL", (old,))
        for row in found.fetchall():
            self._db.execute(insert_once("forgotten", "id, at, reason, until"), (new, *row))
            self.show(old)

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


@frozen
class Purge:
    """What goes: entries by id, captures by id, payloads by digest; and the WARC files that were written anew."""

    entries: Collection[str]
    captures: Collection[str]
    digests: Collection[str]
    files: Collection[str]


def silence(path: Where, said: Iterable[str]) -> None:
    """Takes out what jobs and notices say in any of these words, and short links that lead to such an address."""
    with sql_errors(path), closing(connect(path, write=True)) as db, writing(db):
        for one in said:
            like = (rows.text(one),)
            db.execute(f"UPDATE job_items SET item = '{{}}', detail = '' WHERE {CONTAINS.format('item')}", like)  # noqa: S608
            db.execute(f"DELETE FROM outbox WHERE {CONTAINS.format('notice')}", like)  # noqa: S608 -- constant
            db.execute("DELETE FROM short_links WHERE short = ? OR long = ?", like * 2)


def unsaid(path: Where, entries: Iterable[str]) -> None:
    """Takes out what waits to be sent of these entries."""
    with sql_errors(path), closing(connect(path, write=True)) as db:
        for entry in entries:
            db.execute(f"DELETE FROM outbox WHERE {CONTAINS.format('notice')}", (entry,))  # noqa: S608 -- constant


def purge(path: Where, what: Purge, sha256: Sha256) -> None:
    """Takes the rest out of the catalog, in one transaction, then what SQLite keeps in free pages and its log.

    StorageError where somebody reads for so long that the log cannot be emptied. Can be done twice.
    """
    with sql_errors(path), closing(connect(path, write=True)) as db:
        with writing(db):
            _rows(db, what)
            _stretches(db, what.files, sha256)
        db.execute(COMPACT)
        busy = db.execute(CHECKPOINT).fetchone()[0]
    if busy:
        raise StorageError(f"{path}: somebody reads it just now, so that its log cannot be emptied: try again")


def _rows(db: Db, what: Purge) -> None:
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


def _stretches(db: Db, files: Collection[str], sha256: Sha256) -> None:
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
