"""The table of texts on disk: which bands each has, which group each is in, and who of a group came first.

One SQLite file beside the engine's folder. A batch of the index is one transaction of it and a few statements, however
many texts there are. A text that changed gets a new number; bands of its old one stay behind and mean nothing.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.errors import IndexDamagedError, IndexStorageError

_SCHEMA = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS texts (
  num    INTEGER PRIMARY KEY AUTOINCREMENT,
  id     TEXT NOT NULL UNIQUE,
  digest BLOB NOT NULL,             -- of its words
  grp    TEXT,                      -- the smallest id of its group; NULL: it has no copies
  moment INTEGER,                   -- when it came out, in seconds since 1970; of those in a group
  site   TEXT
);
CREATE INDEX IF NOT EXISTS texts_by_digest ON texts(digest);
CREATE INDEX IF NOT EXISTS texts_by_group ON texts(grp) WHERE grp IS NOT NULL;
-- Of texts with the same words one alone has its bands here, so that a thousand notices are as cheap as one.
CREATE TABLE IF NOT EXISTS bands (band INTEGER, num INTEGER, PRIMARY KEY (band, num)) WITHOUT ROWID;
-- Entries that the engine must have anew, because their group is another one; and with which position it has them.
CREATE TABLE IF NOT EXISTS stale (id TEXT PRIMARY KEY, position INTEGER NOT NULL) WITHOUT ROWID;
"""
_CACHE = 16_000  # kilobytes: the bands of a batch are all over the table
_COMPARED = 50  # texts of one band: among the 20,000 stories of Reuters-21578 the most frequent one has 22
_WAIT = 30.0  # seconds for another process that is just committing


@dataclass(frozen=True, slots=True)
class Member:
    """An article of a group of copies."""

    id: str
    moment: int  # when it came out, in seconds since 1970
    site: str


@dataclass(frozen=True, slots=True)
class Group:
    """Articles with one text, in the order in which they came out."""

    name: str
    members: tuple[Member, ...]

    @property
    def first(self) -> Member:
        """Who was first."""
        return self.members[0]

    @property
    def sites(self) -> tuple[str, ...]:
        """Who ran it, the first one first."""
        return tuple(dict.fromkeys(member.site for member in self.members))


@dataclass(frozen=True, slots=True)
class Text:
    """A row: its number, its group if it has one, and the digest of its words."""

    num: int
    id: str
    group: str | None
    digest: bytes


class CopyTable:
    """Open for one process at a time to write, for any to read. Errors: IndexDamagedError, IndexStorageError."""

    def __init__(self, path: Path, *, write: bool = False, fresh: bool = False) -> None:
        """IndexDamagedError where there is none to read.

        A `fresh` one is of no use before it is whole: it is written without a journal, and `settle` makes it safe.
        """
        self._path = path
        with self._told():
            address = f"{path.absolute().as_uri()}?mode={'rwc' if write else 'ro'}"
            self._db = sqlite3.connect(address, uri=True, timeout=_WAIT, isolation_level=None, check_same_thread=False)
            if write:
                path.chmod(path.parent.stat().st_mode & 0o666)
                self._db.executescript(_SCHEMA)
                self._db.execute(f"PRAGMA cache_size = -{_CACHE}")
            if fresh:
                self._db.execute("PRAGMA journal_mode = MEMORY")
                self._db.execute("PRAGMA synchronous = OFF")

    def settle(self) -> None:
        """All that was written is on the medium."""
        with self._told(), self._path.open("rb") as file:
            os.fsync(file.fileno())

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    # -- writing ---------------------------------------------------------------------------------------------------

    @contextmanager
    def commit(self, position: int) -> Iterator[None]:
        """What is written inside is there as a whole, with the position in the change log, or not at all."""
        with self._told():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("INSERT OR REPLACE INTO facts VALUES ('position', ?)", (position,))
                self._db.execute("COMMIT")
            except BaseException:
                self._db.execute("ROLLBACK")
                raise

    def position(self) -> int:
        """The change up to which it is true; 0 where it is empty."""
        with self._told():
            row = self._db.execute("SELECT value FROM facts WHERE name = 'position'").fetchone()
            return int(row[0]) if row else 0

    def known(self, ids: Sequence[str]) -> Mapping[str, Text]:
        """The rows of those of the ids that have one."""
        found = self._among("SELECT num, id, grp, digest FROM texts WHERE id IN ({})", ids)
        return {row[1]: Text(*row) for row in found}

    def by_number(self, numbers: Sequence[int]) -> Mapping[int, Text]:
        """The rows of those of the numbers that have one."""
        found = self._among("SELECT num, id, grp, digest FROM texts WHERE num IN ({})", numbers)
        return {row[0]: Text(*row) for row in found}

    def drop(self, ids: Sequence[str]) -> None:
        """These have no text any more."""
        self._among("DELETE FROM texts WHERE id IN ({})", ids)

    def add(self, texts: Iterable[tuple[str, bytes, Sequence[int]]]) -> list[int]:
        """New texts: id, digest and bands of each; their numbers."""
        numbers, bands = [], []
        for id_, digest, keys in texts:
            cursor = self._db.execute("INSERT INTO texts (id, digest) VALUES (?, ?)", (id_, digest))
            numbers.append(int(cursor.lastrowid or 0))
            bands += [(band, numbers[-1]) for band in keys]
        self.band(sorted(bands))
        return numbers

    def twins(self, digests: Sequence[bytes]) -> Mapping[bytes, Text]:
        """For those of the digests that some text has, the oldest one that has it."""
        sql = "SELECT min(num), id, grp, digest FROM texts WHERE digest IN ({}) GROUP BY digest"
        return {row[3]: Text(*row) for row in self._among(sql, digests)}

    def with_digest(self, digest: bytes) -> Iterator[Text]:
        """Every text that has it, the oldest one first."""
        sql = "SELECT num, id, grp, digest FROM texts WHERE digest = ? ORDER BY num"
        yield from (Text(*row) for row in self._db.execute(sql, (digest,)).fetchall())

    def band(self, bands: Iterable[tuple[int, int]]) -> None:
        """Texts have these bands (band, number), if they had not."""
        self._db.executemany("INSERT OR IGNORE INTO bands VALUES (?, ?)", bands)

    def near(self, bands: Iterable[tuple[int, int]]) -> Sequence[tuple[int, int]]:
        """Of texts' bands (band, number): pairs of a number and another one, most bands in common first.

        Of a band that very many have, the others are the first of them: its words are those of a form that was filled
        in (a weather report, a notice of a court), and all pairs of such texts would be too many to look at.
        """
        self._db.execute("CREATE TEMP TABLE IF NOT EXISTS asked (band INTEGER, num INTEGER, below INTEGER)")
        self._db.execute("DELETE FROM asked")
        self._db.executemany("INSERT INTO asked VALUES (?, ?, NULL)", bands)
        self._db.execute(
            "UPDATE asked SET below = (SELECT num FROM bands WHERE band = asked.band ORDER BY num LIMIT 1 OFFSET ?)",
            (_COMPARED,),
        )
        return self._db.execute(
            "SELECT a.num, b.num FROM asked a JOIN bands b ON b.band = a.band AND b.num <> a.num "
            "AND b.num < coalesce(a.below, b.num + 1) GROUP BY a.num, b.num ORDER BY a.num, count(*) DESC, b.num"
        ).fetchall()

    def put_in(self, ids: Iterable[str], group: str) -> None:
        """These are in this group from now on."""
        self._db.executemany("UPDATE texts SET grp = ? WHERE id = ?", [(group, id_) for id_ in ids])

    def take_out(self, ids: Iterable[str]) -> None:
        """These are in no group; when they came out is asked again when they come into one."""
        sql = "UPDATE texts SET grp = NULL, moment = NULL, site = NULL WHERE id = ?"
        self._db.executemany(sql, [(id_,) for id_ in ids])

    def rename(self, group: str, name: str) -> None:
        """The members of `group` are in that of `name`."""
        self._db.execute("UPDATE texts SET grp = ? WHERE grp = ?", (name, group))

    def tell(self, members: Iterable[Member]) -> None:
        """When these came out, and on which site."""
        rows = [(member.moment, member.site, member.id) for member in members]
        self._db.executemany("UPDATE texts SET moment = ?, site = ? WHERE id = ?", rows)

    def untold(self, group: str) -> list[str]:
        """The members of a group of which that is not known."""
        return [row[0] for row in self._db.execute("SELECT id FROM texts WHERE grp = ? AND moment IS NULL", (group,))]

    def make_stale(self, ids: Iterable[str], position: int) -> None:
        """The engine is to have these anew, in the batch of this position or a later one."""
        self._db.executemany("INSERT OR REPLACE INTO stale VALUES (?, ?)", [(id_, position) for id_ in ids])

    def stale(self, position: int) -> list[str]:
        """Those that an engine at this position does not have yet; the others are settled."""
        self._db.execute("DELETE FROM stale WHERE position <= ?", (position,))
        return [row[0] for row in self._db.execute("SELECT id FROM stale ORDER BY id")]

    # -- reading ---------------------------------------------------------------------------------------------------

    def group_of(self, id_: str) -> str | None:
        """The name of the group that an article is in."""
        with self._told():
            row = self._db.execute("SELECT grp FROM texts WHERE id = ?", (id_,)).fetchone()
            return row[0] if row else None

    def group(self, name: str) -> Group:
        """A group with its members, in the order in which they came out."""
        with self._told():
            found = self._db.execute(
                "SELECT id, coalesce(moment, 0), coalesce(site, '') FROM texts WHERE grp = ? ORDER BY 2, 1", (name,)
            )
            return Group(name, tuple(Member(*row) for row in found))

    def counts(self) -> tuple[int, int]:
        """How many articles are copies of an earlier one, and of how many."""
        with self._told():
            grouped, groups = self._db.execute(
                "SELECT count(*), count(DISTINCT grp) FROM texts WHERE grp IS NOT NULL"
            ).fetchone()
            return grouped - groups, groups

    # -- inside ----------------------------------------------------------------------------------------------------

    def _among(self, sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """The rows of a statement with `{}` for some of the values, asked for a few hundred at a time."""
        rows: list[tuple[Any, ...]] = []
        for start in range(0, len(values), _TOGETHER):
            some = values[start : start + _TOGETHER]
            rows += self._db.execute(sql.format(", ".join("?" * len(some))), some).fetchall()
        return rows

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What SQLite says, in the words of an index."""
        try:
            yield
        except sqlite3.OperationalError as error:
            if not self._path.exists():
                raise IndexDamagedError("it has no table of copies", folder=str(self._path.parent)) from error
            raise IndexStorageError(f"{self._path}: {error}") from error
        except sqlite3.DatabaseError as error:
            message = f"its table of copies cannot be read: {error}"
            raise IndexDamagedError(message, folder=str(self._path.parent)) from error


_TOGETHER = 500  # values in one statement
