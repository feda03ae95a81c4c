"""Opening a catalog: of SQLite here, with durable settings, migrations, and its errors as ours; else postgresql.py.

A catalog written by a newer version is refused, never touched. Each migration and its record are one transaction.
"""

from __future__ import annotations

import errno
import os
import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from archive.errors import DamagedError, StorageError, UsageError
from archive.folder import shared_as_folder
from archive.storage.catalog.dialect import Db
from archive.storage.places import Where

APPLICATION_ID = 0x42414B46  # "BAKF": tells `file` and us whose database this is
SCHEMA = 7
# Steps from the format of an older release to the next: MIGRATIONS[n] makes n into n + 1. Release 1 is the first.
MIGRATIONS: dict[int, str] = {
    1: """
        ALTER TABLE jobs ADD COLUMN claim TEXT NOT NULL DEFAULT '';
        ALTER TABLE jobs ADD COLUMN waiting INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE jobs ADD COLUMN done INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE jobs ADD COLUMN failed INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE jobs ADD COLUMN rejected INTEGER NOT NULL DEFAULT 0;
        UPDATE jobs SET (waiting, done, failed, rejected) = (
            SELECT coalesce(sum(state = 'waiting'), 0), coalesce(sum(state = 'done'), 0),
            coalesce(sum(state = 'failed'), 0), coalesce(sum(state = 'rejected'), 0) FROM job_items WHERE job = num);
    """,
    2: """
        CREATE TABLE resources (
          capture   INTEGER NOT NULL REFERENCES captures(seq) ON DELETE CASCADE,
          n         INTEGER NOT NULL,
          url       TEXT NOT NULL,
          at        TEXT NOT NULL,
          resource  TEXT NOT NULL,
          record_id TEXT NOT NULL DEFAULT '',
          content_file   INTEGER REFERENCES warc_files(num),
          content_offset INTEGER,
          PRIMARY KEY (capture, n)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX resources_by_url ON resources(url, at) WHERE content_file IS NOT NULL;
    """,
    # Tags that differ by case become one, spelled as on the entry that came first; their entries are logged as changed.
    3: """
        CREATE TABLE new_tags (
          entry INTEGER NOT NULL REFERENCES entries(num) ON DELETE CASCADE,
          key   TEXT NOT NULL,
          tag   TEXT NOT NULL,
          PRIMARY KEY (entry, key)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO new_tags
          SELECT DISTINCT entry, tag_key(tag),
          first_value(tag) OVER (PARTITION BY tag_key(tag) ORDER BY entry, tag) FROM tags WHERE tag_key(tag) <> '';
        INSERT OR REPLACE INTO changes (id, deleted)
          SELECT id, 0 FROM entries WHERE num IN (
            SELECT t.entry FROM tags t LEFT JOIN new_tags n ON n.entry = t.entry AND n.tag = t.tag WHERE n.tag IS NULL)
          ORDER BY num;
        DROP TABLE tags;
        ALTER TABLE new_tags RENAME TO tags;
        CREATE INDEX tags_by_key ON tags(key);
        ALTER TABLE entries ADD COLUMN added_by TEXT NOT NULL DEFAULT '';
        ALTER TABLE entries ADD COLUMN edits TEXT NOT NULL DEFAULT '';
        ALTER TABLE captures ADD COLUMN added_by TEXT NOT NULL DEFAULT '';
    """,
    4: """
        ALTER TABLE captures ADD COLUMN login INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE captures ADD COLUMN memento TEXT;
    """,
    5: """
        CREATE TABLE forgotten (
          id     TEXT PRIMARY KEY,
          at     TEXT NOT NULL,
          reason TEXT NOT NULL,
          until  TEXT
        ) STRICT, WITHOUT ROWID;
    """,
    # The next transaction counts the names of what is under embargo no longer.
    6: """
        ALTER TABLE readings ADD COLUMN counted INTEGER NOT NULL DEFAULT 1;
        CREATE INDEX readings_uncounted ON readings(entry) WHERE counted = 0;
        CREATE INDEX forgotten_until ON forgotten(until) WHERE until IS NOT NULL;
    """,
}
_SHARED = 2**16  # bytes, twice what SQLite asks for at once
_OTHER_FORM = re.compile("no such (?:column|table)|has no column named|duplicate column name|already exists")
_REMEDY = "`backfile rebuild` makes the catalog anew from warc/"
_BUSY = 30_000  # milliseconds a statement waits for another process's transaction


class Connection(sqlite3.Connection):
    """A connection whose statements raise our errors."""

    path = Path()
    lost = False
    is_alone = False  # nobody else was there to write, and nothing is locked

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        if self.is_alone and _is_shared(self.path):
            self.lost = True
            raise StorageError(f"{self.path}: another process writes again where there was no room: ask once more")
        try:
            return super().execute(sql, parameters)
        except sqlite3.DatabaseError as error:
            raise _as_ours(error, self.path) from error

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> sqlite3.Cursor:
        try:
            return super().executemany(sql, parameters)
        except sqlite3.DatabaseError as error:
            raise _as_ours(error, self.path) from error

    def each(self, sql: str, parameters: Any = (), /) -> Iterator[Any]:
        return self.execute(sql, parameters)

    def under(self, lease: Any) -> None:
        """The lock of a file is this process's for as long as it is there."""

    def renumber(self) -> None:
        """SQLite does so by itself."""


def connect(where: Where, *, write: bool) -> Db:
    """A connection to a catalog, which must be there unless `write`. Readers neither block nor are blocked.

    DamagedError (missing, not ours, malformed), UsageError (of a newer format), StorageError.
    """
    if isinstance(where, Path):
        return connect_file(where, write=write)
    from archive.storage.catalog import postgresql

    return postgresql.connect(where, write=write)


def is_there(where: Where) -> bool:
    """Whether there is a catalog. StorageError where nobody can say."""
    if isinstance(where, Path):
        return where.exists()
    from archive.storage.catalog import postgresql

    return postgresql.is_there(where)


def connect_file(path: Path, *, write: bool) -> Connection:
    """See `connect`, for a file of SQLite."""
    with sql_errors(path):
        if not write and not path.parent.is_dir():
            raise StorageError(f"{path.parent}: the archive is gone: its folder was moved, renamed or removed")
        if not write and not path.exists():
            raise DamagedError("the catalog is missing", file=str(path), remedy="`backfile rebuild` makes it anew")
        if write and not path.exists():
            os.close(shared_as_folder(str(path), os.O_RDWR | os.O_CREAT))  # its log and shared memory follow it
        # A reader opens for writing too: SQLite needs it to share the log; query_only keeps it to reading.
        without_room = not write and _is_without_room(path)
        sealed = without_room or (not write and _is_sealed(path))
        db = sqlite3.connect(
            f"{path.absolute().as_uri()}?immutable=1" if sealed else path, uri=sealed, isolation_level=None,
            timeout=_BUSY / 1000, check_same_thread=False, factory=Connection,
        )  # fmt: skip
        db.path, db.is_alone = path, without_room
        try:
            db.execute("PRAGMA foreign_keys = ON")
            db.execute(f"PRAGMA cache_size = -{65536 if write else 2048}")  # KiB; of readers, each thread has one
            if write:
                from archive.storage.catalog.tags import tag_key

                db.execute("PRAGMA journal_mode = WAL")
                db.execute("PRAGMA synchronous = FULL")
                db.execute("PRAGMA fullfsync = ON")
                db.create_function("tag_key", 1, tag_key, deterministic=True)  # for migrations
                _bring_up(db, path)
            else:
                if 0 < _check(db, path) < SCHEMA:
                    with suppress(StorageError):  # where nothing can be written, the rest can be read all the same
                        connect_file(path, write=True).close()
                db.execute("PRAGMA query_only = ON")
        except BaseException:
            db.close()
            raise
    return db


def _is_sealed(path: Path) -> bool:
    """Whether a catalog lies where we may not write, so that SQLite can neither make a shared log nor lock it.

    With a log beside it that others have made, it can be read as ever. StorageError where a log is there that only a
    writer can read.
    """
    if os.access(path.parent, os.W_OK) or _shared(path).exists():
        return False
    log = path.with_name(f"{path.name}-wal")
    if _size(log):
        raise StorageError(
            f"{path}: whoever wrote it was interrupted, and {log.name} can only be read where one may write: "
            "copy the folder to such a place"
        )
    return True


def _is_without_room(path: Path) -> bool:
    """Whether the disk has no room for the memory that readers share with a writer, and there is no writer. What a log
    holds that was left behind cannot be read like this."""
    log = path.with_name(f"{path.name}-wal")
    return not _is_shared(path) and not _size(log) and _is_full(path.parent)


def _is_shared(path: Path) -> bool:
    """Whether a process that has the catalog open shares memory with others: where it found no room, it has not."""
    return _size(_shared(path)) >= _SHARED // 2


def _size(path: Path) -> int:
    """Bytes of a file, 0 where there is none."""
    with suppress(OSError):
        return path.stat().st_size
    return 0


def _shared(path: Path) -> Path:
    """The memory that processes share while one of them has a catalog open."""
    return path.with_name(f"{path.name}-shm")


@contextmanager
def sql_errors(where: Where) -> Iterator[None]:
    """SQLite's errors as DamagedError (not a database, malformed) or StorageError (the system refused)."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise _as_ours(error, Path(str(where))) from error


def _as_ours(error: sqlite3.DatabaseError, path: Path) -> Exception:
    if type(error) is sqlite3.DatabaseError:  # SQLITE_CORRUPT, SQLITE_NOTADB
        return DamagedError(f"{error}", file=str(path), remedy=_REMEDY)
    if isinstance(error, sqlite3.OperationalError):
        if _OTHER_FORM.search(str(error)):
            what = f"it has another form than this version reads ({error}): another version made it"
            here = "" if os.access(path.parent, os.W_OK) else "in a copy of the folder that may be written, "
            return DamagedError(what, file=str(path), remedy=f"{here}{_REMEDY}")
        full = getattr(error, "sqlite_errorname", "").startswith("SQLITE_IOERR") and _is_full(path.parent)
        return StorageError(f"{path}: {os.strerror(errno.ENOSPC) if full else error}")
    return error  # a bug of ours, not a state of the disk


def _is_full(folder: Path) -> bool:
    """Whether there is no room for the memory that processes share (SQLite says "disk I/O error")."""
    with suppress(OSError):
        facts = os.statvfs(folder)
        return facts.f_bavail * facts.f_frsize < _SHARED
    return False


def _bring_up(db: sqlite3.Connection, path: Path) -> None:
    version = _check(db, path)
    if version == 0:
        _step(db, range(1, SCHEMA + 1), _schema())
        db.execute("INSERT INTO meta VALUES ('identity', ?)", (uuid4().hex,))
    elif version < SCHEMA:
        _step(db, range(version + 1, SCHEMA + 1), ";".join(MIGRATIONS[number] for number in range(version, SCHEMA)))


def _schema() -> str:
    return Path(__file__).with_name("schema.sql").read_text(encoding="utf-8")


def _step(db: sqlite3.Connection, numbers: range, script: str) -> None:
    """Runs `script`, which brings the format to the last of `numbers`, and records them, in one transaction.

    DamagedError where that does not give the tables of this version, as with catalogs from before the first release.
    """
    now = datetime.now(UTC).isoformat(timespec="seconds")
    done = ", ".join(f"({number}, '{now}')" for number in numbers)
    record = f"INSERT INTO migrations VALUES {done}; PRAGMA user_version = {numbers[-1]};"  # noqa: S608 -- no input
    try:
        db.executescript(f"BEGIN IMMEDIATE; PRAGMA application_id = {APPLICATION_ID}; {script}; {record}")
        if numbers[0] > 1:
            with closing(sqlite3.connect(":memory:")) as new:
                new.executescript(_schema())
                if missing := sorted(_columns(new) - _columns(db)):
                    raise sqlite3.OperationalError(f"no such column: {'.'.join(missing[0])}")
        db.execute("COMMIT")
    except sqlite3.Error:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def _columns(db: sqlite3.Connection) -> set[tuple[str, str]]:
    """All columns, each with its table before it."""
    return set(
        db.execute("SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'")
    )


def _check(db: sqlite3.Connection, path: Path) -> int:
    """The format of the database; raises for one that is not ours or newer than we are."""
    version = int(db.execute("PRAGMA user_version").fetchone()[0])
    owner = int(db.execute("PRAGMA application_id").fetchone()[0])
    if version == 0 and owner == 0 and not db.execute("SELECT 1 FROM sqlite_master").fetchone():
        return 0
    if owner != APPLICATION_ID:
        raise DamagedError("this is not a catalog of ours", file=str(path))
    if version > SCHEMA:
        raise UsageError(
            f"{path}: written by a newer version of this program (format {version}, this one knows {SCHEMA}); "
            "update it, or rebuild the catalog with `backfile rebuild`"
        )
    return version
