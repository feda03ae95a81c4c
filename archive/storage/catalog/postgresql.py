"""A catalog on PostgreSQL: connecting, its schema, what dialect.py says put in its words, and its errors as ours.

A catalog is a schema of its own. Whoever reads it holds a shared lock on its table `meta` as long as a transaction
lasts, and whoever puts another catalog in its place (swap_server.py) an exclusive one: so nobody sees a bit of both.
Whoever writes holds an advisory lock until the transaction ends, so that changes are numbered in the order in which
they are committed: a follower would miss for good what is committed after a higher number.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import blake2b
from importlib import resources
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import msgspec

from archive.errors import ArchiveError, DamagedError, StorageError, UsageError
from archive.storage.catalog import database, dialect
from archive.storage.catalog.dialect import Cursor, Listed
from archive.storage.catalog.rows import text
from archive.storage.places import Server

try:
    import psycopg
    from psycopg.pq import TransactionStatus

    from archive.storage.catalog.watched import Watched
except ImportError as error:
    raise UsageError("a catalog on PostgreSQL needs psycopg: pip install 'backfile[postgresql]'") from error

if TYPE_CHECKING:
    from psycopg.abc import Params

OLDEST = 13  # the oldest version of the server that is still looked after when this was written
_CONNECT = 10  # seconds
_AT_ONCE = 500  # rows of a result that is too large for memory
POLL = 0.1  # seconds between two tries for a lock that somebody else holds
# A machine that went away without a word is noticed after 25 seconds, on both sides: what it held is free then. The
# first three where nothing is under way, the last (milliseconds) where something was sent that nobody has received.
_ALIVE: Mapping[str, int] = {
    "tcp_keepalives_idle": 10, "tcp_keepalives_interval": 5, "tcp_keepalives_count": 3, "tcp_user_timeout": 25_000,
}  # fmt: skip
_ALIVE_HERE: Mapping[str, Any] = {name.replace("tcp_keep", "keep"): value for name, value in _ALIVE.items()}
_WRITING = "BEGIN; SELECT pg_advisory_xact_lock({}); LOCK TABLE meta IN ACCESS SHARE MODE"
_STANDS = (
    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1 AND granted "
    "AND (classid::bigint << 32 | objid::bigint) = {} AND pid = {}"
)
_READING = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; LOCK TABLE meta IN ACCESS SHARE MODE"
_ON_ITS_OWN = {  # what stands for a whole statement
    dialect.BEGIN_READING: _READING,
    dialect.INTEGRITY: "SELECT 'ok'",  # the server looks after its own pages
    dialect.REFERENCES: "SELECT NULL WHERE false",  # … and has no way to hold a row that refers to none
    dialect.MAY_WRITE_TEMPORARY: "SELECT 1",
    dialect.CHECKPOINT: "SELECT 0",
}
_TABLES = b"SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace($1) AND relkind = 'r'"
_TEXTS = "unnest(?::text[]) AS listed(value)"
_TUPLES = (  # an empty list, which is a parameter of no type, is written {}
    "(SELECT value, n - 1 AS key FROM jsonb_array_elements(nullif(?::text, '{}')::jsonb) "
    "WITH ORDINALITY e(value, n)) AS tuples"
)
_NUMBERED = (("warc_files", "num"), ("jobs", "num"), ("outbox", "num"), ("changes", "seq"))
_ELEMENT = re.compile(r"json_extract\(value, '\$\[(\d+)\]'\)")


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to write: an advisory lock, and the process of the server that holds it for its connection."""

    number: int
    process: int


class Connection:
    """See `dialect.Db`."""

    def __init__(self, server: Server, raw: psycopg.Connection[Any]) -> None:
        self.server = server
        self.raw = raw
        self._writing = _WRITING.format(lock_number(server, "write"))
        self._lease: Lease | None = None

    @property
    def in_transaction(self) -> bool:
        return self.raw.info.transaction_status not in (TransactionStatus.IDLE, TransactionStatus.UNKNOWN)

    @property
    def lost(self) -> bool:
        return self.raw.closed

    def execute(self, sql: str, parameters: Any = (), /) -> Cursor:
        with errors(self.server):
            if sql == dialect.BEGIN_WRITING:
                return self._begin()
            if sql == "ROLLBACK" and self.raw.closed:
                return self.raw.cursor()  # it ended with the connection
            if sql == dialect.COMPACT:
                return self._compact()
            if sql in _ON_ITS_OWN:
                return self.raw.execute(_ON_ITS_OWN[sql].encode(), prepare=False)
            return self.raw.execute(translated(sql).encode(), _adapted(parameters) if parameters else None)

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> Cursor:
        with errors(self.server):
            cursor = self.raw.cursor()
            cursor.executemany(translated(sql).encode(), map(_adapted, parameters))
            return cursor

    def each(self, sql: str, parameters: Any = (), /) -> Iterator[Any]:
        with errors(self.server), psycopg.RawServerCursor(self.raw, f"each_{uuid4().hex}") as cursor:
            cursor.itersize = _AT_ONCE
            cursor.execute(translated(sql).encode(), _adapted(parameters) if parameters else None)
            yield from cursor

    def under(self, lease: Lease) -> None:
        """Nothing is written any more once the lease has ended."""
        self._lease = lease

    def _begin(self) -> Cursor:
        lease = self._lease
        if lease is None:
            return self.raw.execute(self._writing.encode(), prepare=False)
        stands = _STANDS.format(lease.number, lease.process)
        cursor = self.raw.execute(f"{self._writing}; {stands}".encode(), prepare=False)
        while cursor.nextset():
            pass
        if cursor.fetchone() == (0,):
            self.raw.execute(b"ROLLBACK")
            raise StorageError(f"{self.server}: the connection that the right to write hung on was cut: try again")
        return cursor

    def _compact(self) -> Cursor:
        """The tables of the catalog alone. Whoever reads one of them is waited for, but not for ever."""
        found = self.raw.execute(_TABLES, (self.server.schema,)).fetchall()
        self.raw.execute(b"SET lock_timeout = '60s'")
        names = ", ".join(f'"{name}"' for (name,) in found)
        return self.raw.execute(f"VACUUM (FULL) {names}".encode(), prepare=False)

    def script(self, sql: str) -> None:
        """Several statements in one transaction, as they stand here."""
        with errors(self.server):
            self.raw.execute(f"BEGIN; {sql}; COMMIT".encode(), prepare=False)

    def renumber(self) -> None:
        for table, column in _NUMBERED:
            sequence = f"pg_get_serial_sequence('{table}', '{column}')"
            self.execute(f"SELECT setval({sequence}, max({column})) FROM {table}")  # noqa: S608 -- ours

    def close(self) -> None:
        self.raw.close()


# -- opening -----------------------------------------------------------------------------------------------------------


def connect(server: Server, *, write: bool) -> Connection:
    """See `database.connect`. With `write` a schema that is not there is made, and an older one brought up to date."""
    db = plain(server)
    try:
        _refuse_old(db)
        if write:
            _bring_up(db)
        else:
            _refuse_missing(db)
    except BaseException:
        if db.in_transaction:
            with suppress(ArchiveError):
                db.execute("ROLLBACK")
        db.close()
        raise
    return db


def plain(server: Server, said: str = "backfile") -> Connection:
    """A connection that looks into a schema, whatever is in it. StorageError where the server does not answer."""
    alive = " ".join(f"-c {name}={value}" for name, value in _ALIVE.items())
    try:
        raw = Watched.to(
            server.address, autocommit=True, connect_timeout=_CONNECT, application_name=said,
            options=f"-c search_path={server.schema} -c client_encoding=UTF8 {alive}", cursor_factory=psycopg.RawCursor,
            **_ALIVE_HERE,
        )  # fmt: skip
    except psycopg.Error as error:
        raise StorageError(f"the catalog at {server} cannot be reached: {reason(error)}") from error
    from psycopg.types.numeric import IntLoader

    raw.adapters.register_loader("numeric", IntLoader)  # sums of whole numbers
    return Connection(server, raw)


def is_there(server: Server) -> bool:
    """Whether there is a catalog of ours. StorageError where the server does not answer."""
    db = plain(server)
    try:
        _refuse_old(db)
        return _format(db) is not None
    finally:
        db.close()


def remove(server: Server) -> None:
    """Removes a catalog, if one is there."""
    db = plain(server)
    try:
        db.script(f"SET LOCAL client_min_messages = warning; DROP SCHEMA IF EXISTS {server.schema} CASCADE")
    finally:
        db.close()


def lock_number(server: Server, purpose: str) -> int:
    """The number of the advisory lock for a purpose: they are numbered for a whole database."""
    digest = blake2b(f"backfile {server.schema} {purpose}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def locked(db: Connection, number: int, until: float = float("inf"), *, shared: bool = False) -> bool:
    """Waits for an advisory lock until so many seconds of `time.monotonic`; whether it is this connection's then."""
    sql = f"SELECT pg_try_advisory_lock{'_shared' * shared}(?)"
    while not db.execute(sql, (number,)).fetchone()[0]:
        if time.monotonic() >= until:
            return False
        time.sleep(POLL)
    return True


def _refuse_old(db: Connection) -> None:
    version, encoding = db.raw.info.server_version // 10000, db.raw.info.parameter_status("server_encoding")
    if version < OLDEST:
        raise UsageError(f"{db.server} runs PostgreSQL {version}; a catalog needs {OLDEST} or later")
    if encoding != "UTF8":
        raise UsageError(f"{db.server} stores texts in {encoding}; a catalog needs a database in UTF8")


def _format(db: Connection) -> int | None:
    """The format of the catalog in a schema, None where there is none. UsageError where the schema is another's."""
    tables = db.execute("SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace(?)", (db.server.schema,))
    found = {name for (name,) in tables}
    if not found:
        return None
    if not {"meta", "changes"} <= found:
        raise UsageError(
            f"the schema {db.server.schema} at {db.server} has tables of another program: name another schema, as in "
            "postgresql://host/database?schema=newsroom"
        )
    row = db.execute("SELECT value FROM meta WHERE name = 'format'").fetchone()
    return int(row[0]) if row else None


def _refuse_missing(db: Connection) -> None:
    version = _format(db)
    if version is None:
        raise DamagedError("the catalog is missing; `backfile rebuild` makes it anew", file=str(db.server))
    _refuse_newer(db, version)


def _refuse_newer(db: Connection, version: int) -> None:
    if version > database.SCHEMA:
        raise UsageError(
            f"{db.server}: written by a newer version of this program (format {version}, this one knows "
            f"{database.SCHEMA}); update it, or rebuild the catalog with `backfile rebuild`"
        )


def _bring_up(db: Connection) -> None:
    version = _format(db)
    if version == database.SCHEMA:
        return
    schema, lock = db.server.schema, lock_number(db.server, "write")
    db.raw.execute(f"BEGIN; SELECT pg_advisory_xact_lock({lock})".encode(), prepare=False)
    version = _format(db)  # somebody may have been there first
    if version is None:
        text_ = (resources.files("archive.storage.catalog") / "schema.sql").read_text(encoding="utf-8")
        _define(db, f"CREATE SCHEMA IF NOT EXISTS {schema}")
        _step(db, range(1, database.SCHEMA + 1), text_)
        db.execute("INSERT INTO meta VALUES ('identity', ?)", (uuid4().hex,))
    else:
        _refuse_newer(db, version)
        for number in range(version, database.SCHEMA):
            _step(db, range(number + 1, number + 2), database.MIGRATIONS[number])
    db.execute("COMMIT")


def _step(db: Connection, numbers: range, script: str) -> None:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    _define(db, defined(script))
    db.executemany("INSERT INTO migrations VALUES (?, ?)", [(number, now) for number in numbers])
    db.execute(dialect.upsert("meta", "name, value", "name"), ("format", str(numbers[-1])))


def define(db: Connection, script: str) -> None:
    """Sees to it that the schema of a connection is there, with what `script` defines in it; once, whoever comes."""
    lock = lock_number(db.server, "define")
    if db.execute("SELECT to_regnamespace(?)", (db.server.schema,)).fetchone()[0] is None:
        db.script(f"SELECT pg_advisory_xact_lock({lock}); CREATE SCHEMA IF NOT EXISTS {db.server.schema}; {script}")


def _define(db: Connection, script: str) -> None:
    with errors(db.server):
        db.raw.execute(script.encode(), prepare=False)


# -- words -------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def translated(sql: str) -> str:
    """A statement as PostgreSQL understands it, its parameters numbered."""
    if sql.startswith("CREATE TEMP TABLE"):
        return defined(sql)
    for ours, theirs in ((dialect.AMONG, "= ANY(?)"), (dialect.LISTED, _TEXTS), (dialect.TUPLES, _TUPLES)):
        sql = sql.replace(ours, theirs)
    sql = _ELEMENT.sub(r"value->>\1", sql).replace("instr(", "strpos(")
    sql = sql.replace("CROSS JOIN", "JOIN")  # tells SQLite to join in just that order; here statistics do
    if sql.startswith(dialect.LOG):
        head = dialect.LOG.replace(" OR REPLACE", "")
        sql = f"{head}{sql.removeprefix(dialect.LOG)} {_AGAIN}"
    first, *rest = sql.split("?")
    return first + "".join(f"${number}{part}" for number, part in enumerate(rest, 1))


_AGAIN = "ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, deleted = excluded.deleted"
_TYPES = (
    (r"--[^\n]*", ""),
    (r"INTEGER PRIMARY KEY( AUTOINCREMENT)?", "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY"),
    (r"\bINTEGER\b", "BIGINT"),
    (r"\bTEXT\b", 'TEXT COLLATE "C"'),  # texts are ordered by their bytes, as keys and times are
    (r"\bBLOB\b", "BYTEA"),
    (r"\boffset\b", '"offset"'),
    (r"\)\s*(STRICT|WITHOUT ROWID)(,\s*WITHOUT ROWID)?", ")"),
)


def defined(script: str) -> str:
    """Definitions of tables as PostgreSQL understands them."""
    for pattern, theirs in _TYPES:
        script = re.sub(pattern, theirs, script)
    return script


def _adapted(parameters: Sequence[Any]) -> Params:
    return [_value(each) if type(each) in _SPECIAL else each for each in parameters]


def _value(value: Any) -> Any:
    if isinstance(value, Listed):
        return msgspec.json.encode(tuple(value)).decode() if value and isinstance(value[0], tuple) else list(value)
    return int(value) if isinstance(value, bool) else text(value)


_SPECIAL = frozenset({Listed, bool, str})


# -- errors ------------------------------------------------------------------------------------------------------------


@contextmanager
def errors(server: Server) -> Iterator[None]:
    """PostgreSQL's errors as ours: DamagedError where tables are missing, StorageError where it refuses or is gone."""
    try:
        yield
    except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName) as error:
        raise DamagedError("the catalog is missing; `backfile rebuild` makes it anew", file=str(server)) from error
    except (psycopg.OperationalError, psycopg.InterfaceError, psycopg.errors.InsufficientPrivilege) as error:
        raise StorageError(f"the catalog at {server} refused or went away: {reason(error)}") from error


def reason(error: psycopg.Error) -> str:
    """What a server or the system said, in one line."""
    said = error.diag.message_primary or str(error) or type(error).__name__
    return said.strip().splitlines()[0].removeprefix("connection failed: ")
