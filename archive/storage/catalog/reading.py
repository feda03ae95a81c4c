"""Reading the catalog: what the archive holds, assembled for people, the index and the pipeline.

Each thread reads on its own connection and is never blocked by the writer (WAL).
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Self

from archive.errors import DamagedError, NotFoundError, UsageError
from archive.frozen import frozen
from archive.model import Article, Capture, Change, CitedSource, Entry, Link, Outcome, Resource, Resources, Version
from archive.storage.catalog import assemble, rows
from archive.storage.catalog.database import connect, sql_errors
from archive.storage.catalog.dialect import AMONG, BEGIN_READING, INTEGRITY, REFERENCES, Db, listed, writing
from archive.storage.places import Where

if TYPE_CHECKING:
    from archive.entities.known import Entity
    from archive.storage.bucket.rules import KeptRules
    from archive.storage.catalog.forget import LetGo
    from archive.storage.catalog.jobs import JobTable
    from archive.storage.catalog.links import HeldPage, PendingLink, ShortLink
    from archive.storage.catalog.names import NameCount, Numbers
    from archive.storage.catalog.postgresql import Lease
    from archive.storage.catalog.watches import WatchTable
    from archive.storage.catalog.writing import CatalogWriter
    from archive.storage.warc.records import Body, Place, StoredResource

_CAPTURE = ", ".join("c." + name for name in rows.CAPTURE_COLUMNS.split(", "))
_VERSION = "number, capture, first_seen, last_seen, title, text_digest, changes, removed"
_ID_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyz234567")
_ID_LENGTH = 12
_AT_A_TIME = 20  # entries: one long story weighs a megabyte


@frozen
class Counts:
    """What the catalog shows, which is not what is under embargo.

    `outcomes` counts entries by their latest outcome, `tries` captures by theirs.
    """

    entries: int
    articles: int
    versions: int
    captures: int
    outcomes: Mapping[Outcome, int]
    tries: Mapping[Outcome, int]
    payload_bytes: int  # sum of all captures' decoded bodies
    warc_bytes: int  # catalogued, as stored
    warc_files: int
    short_links: int
    last_seq: int


class Catalog:
    """The catalog of one archive. Reading methods are safe from any thread; `write()` from one at a time."""

    def __init__(self, path: Where, *, write: bool = False, lease: Lease | None = None) -> None:
        """Opens it; with `write` creates it where it is missing and brings an older format up to date.

        `lease`: on a server, what is held to write; nothing is written any more once that has ended.

        Raises DamagedError (missing, not ours, malformed), UsageError (newer format), StorageError.
        """
        self._path = path
        self._local = threading.local()
        self._open: dict[threading.Thread, Db] = {}
        self._guard = threading.Lock()
        self._writer = connect(path, write=True) if write else None
        if self._writer is not None and lease is not None:
            self._writer.under(lease)

    def close(self) -> None:
        """Closes every connection; the last writer leaves one file, without a log beside it."""
        with self._guard:
            for db in self._open.values():
                db.close()
            self._open.clear()
        self._local = threading.local()
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @cached_property
    def _names(self) -> Numbers:
        from archive.storage.catalog.names import Numbers

        return Numbers()

    def forget(self) -> None:
        """What is remembered from one transaction to the next is read again: somebody else has written."""
        self._names.clear()

    @contextmanager
    def write(self) -> Iterator[CatalogWriter]:
        """One transaction: all of it is on the medium when the block ends, or none of it happened."""
        from archive.storage.catalog.forget import ForgottenTable
        from archive.storage.catalog.jobs import JobTable
        from archive.storage.catalog.names import NameTable
        from archive.storage.catalog.tables import Tables
        from archive.storage.catalog.watches import WatchTable
        from archive.storage.catalog.writing import CatalogWriter

        if self._writer is None:
            raise UsageError(f"{self._path} is open for reading only")
        db = self._writer
        try:
            with sql_errors(self._path), writing(db):
                tables = Tables(db, self._names.files)
                names = NameTable(db, self._names)
                inside = CatalogWriter(tables, tables, names, JobTable(db), WatchTable(db), ForgottenTable(db))
                yield inside
                inside.finish()
        except BaseException:
            self._names.clear()
            raise

    # -- entries -------------------------------------------------------------------------------------------------

    def get(self, entry_id: str) -> Entry | None:
        """Everything held on one entry, as of one moment; None when there is no such entry."""
        return next(iter(self.get_many([entry_id])), None)

    def get_many(self, entry_ids: Iterable[str], *, sources: bool = True, reading: bool = True) -> list[Entry]:
        """Everything held on those of these entries that there are, as of one moment, in the order they came.

        Without `sources` what became of their links is left out, without `reading` what was understood.
        """
        sql = f"SELECT {assemble.ENTRY_COLUMNS} FROM entries WHERE id {AMONG} ORDER BY num"  # noqa: S608 -- constant
        with self._reading() as db:
            found = db.execute(sql, (listed(entry_ids),)).fetchall()
            return list(assemble.entries(db, found, sources=sources, reading=reading))

    def entries(self, *, after: str | None = None, limit: int | None = None) -> Iterator[Entry]:
        """Every entry in the order they came, from the one behind `after` on. They are read a few at a time."""
        start = self._number(after) if after else 0
        left = limit
        sql = f"SELECT {assemble.ENTRY_COLUMNS} FROM entries WHERE num > ? ORDER BY num LIMIT ?"  # noqa: S608 -- constant
        while left is None or left > 0:
            some = _AT_A_TIME if left is None else min(left, _AT_A_TIME)
            with self._reading() as db:
                found = db.execute(sql, (start, some)).fetchall()
                read = list(assemble.entries(db, found))
            if not found:
                return
            yield from read
            start = found[-1][0]
            left = None if left is None else left - len(found)

    def resolve(self, text: str) -> list[str]:
        """Ids that `text` may mean: an id, the beginning of one (four letters or more), or any URL that led to one.

        The id of a capture, or its beginning with the first dash, means the entry of that.
        """
        text = text.strip()
        with self._reading() as db:
            if captures := self.captures_named(text):
                return sorted({entry for _, entry in captures})
            if 4 <= len(text) <= _ID_LENGTH and _ID_CHARACTERS.issuperset(text):
                found = db.execute("SELECT id FROM entries WHERE id >= ? AND id < ? ORDER BY id", (text, text + "~"))
                if ids := [row[0] for row in found]:
                    return ids
            from archive import urls

            try:
                key = urls.key(text)
            except UsageError:
                return []
            found = db.execute("SELECT id FROM aliases JOIN entries ON num = entry WHERE aliases.key = ?", (key,))
            return [row[0] for row in found]

    def captures_named(self, text: str) -> list[tuple[str, str]]:
        """Captures that `text` may mean, by id or its beginning up to the first dash or more, each with its entry."""
        from archive.history.which import as_capture_id

        text = as_capture_id(text)
        if not text:
            return []
        sql = (
            "SELECT c.id, e.id FROM captures c JOIN entries e ON e.num = c.entry WHERE c.id >= ? AND c.id < ? LIMIT 20"
        )
        with self._reading() as db:
            return db.execute(sql, (text, text + "~")).fetchall()

    def sources(self, links: tuple[Link, ...]) -> tuple[CitedSource, ...]:
        """What became of links, whichever text of whichever page they stand in."""
        from archive import urls

        with self._reading() as db:
            return assemble.sources(db, links, (rows.text(urls.identity(link.url)) for link in links))

    def versions(self, entry_id: str) -> list[Version]:
        """The entry's versions, oldest first; NotFoundError when there is no such entry."""
        number = self._number(entry_id)
        with self._reading() as db:
            found = db.execute(f"SELECT {_VERSION} FROM versions WHERE entry = ? ORDER BY number", (number,))  # noqa: S608 -- constant
            return [rows.version(row) for row in found]

    def article_at(self, entry_id: str, version: int) -> Article:
        """The text that the entry carried as `version`; NotFoundError when it never had one of that number."""
        number = self._number(entry_id)
        with self._reading() as db:
            found = db.execute(
                "SELECT article_z FROM versions WHERE entry = ? AND number = ?", (number, version)
            ).fetchone()
        if found is None:
            raise NotFoundError(f"{entry_id} has no version {version}")
        return rows.article(found[0])

    # -- captures ------------------------------------------------------------------------------------------------

    def capture(self, capture_id: str) -> Capture:
        """NotFoundError when there is no such capture."""
        with self._reading() as db:
            row = db.execute(f"SELECT {_CAPTURE} FROM captures c WHERE id = ?", (capture_id,)).fetchone()  # noqa: S608 -- constant
        if row is None:
            raise NotFoundError(f"there is no capture {capture_id}")
        return rows.capture(row)

    def captures(self, entry_id: str) -> list[Capture]:
        """Every capture of the entry, oldest first; NotFoundError when there is no such entry."""
        number = self._number(entry_id)
        with self._reading() as db:
            found = db.execute(f"SELECT {_CAPTURE} FROM captures c WHERE entry = ? ORDER BY placed, seq", (number,))  # noqa: S608 -- constant
            return [rows.capture(row) for row in found]

    def latest_capture(self, key: str) -> Capture | None:
        """The last time that the URL with this key was asked for, whatever came of it."""
        with self._reading() as db:
            sql = f"SELECT {_CAPTURE} FROM captures c WHERE key = ? ORDER BY placed DESC, seq DESC LIMIT 1"  # noqa: S608 -- constant
            row = db.execute(sql, (key,)).fetchone()
        return rows.capture(row) if row else None

    def content(self, capture_id: str) -> Place | None:
        """Where in warc/ the payload of a capture is, for `WarcReader.payload`; None when it has none."""
        from archive.storage.warc.records import Place

        with self._reading() as db:
            row = db.execute(
                "SELECT name, content_offset FROM captures c JOIN warc_files f ON f.num = content_file WHERE c.id = ?",
                (capture_id,),
            ).fetchone()
        return Place(row[0], row[1]) if row else None

    def resources(self, capture_id: str) -> list[StoredResource]:
        """What the page of a capture is shown with, in the order in which it was found."""
        from archive.storage.catalog.resources import resources

        with self._reading() as db:
            return resources(db, capture_id)

    def gathered(self, key: str) -> Resources:
        """What the page of a URL is shown with was asked for so far, by what there is: of one kind, it is images."""
        from archive.storage.catalog.resources import gathered

        with self._reading() as db:
            return gathered(db, key)

    def resources_alone(self, entry_id: str) -> list[Resource]:
        """What is held of that which the pages of an entry are shown with, and no other entry's page is."""
        from archive.storage.catalog.resources import resources_alone

        with self._reading() as db:
            return resources_alone(db, entry_id)

    def names_alone(self, entry_id: str) -> list[str]:
        """The names of people, places and organisations that no entry but this one has, in their order."""
        from archive.storage.catalog.names import names_alone

        with self._reading() as db:
            return names_alone(db, entry_id)

    def fullest_capture(self, capture_id: str) -> str:
        """The capture of the same text of the same page with most of what it is shown with; of equals the earliest."""
        from archive.storage.catalog.resources import fullest_capture

        with self._reading() as db:
            return fullest_capture(db, capture_id)

    def held_resource(self, url: str, since: datetime) -> StoredResource | None:
        """The latest held resource of that address, captured at or after `since`."""
        from archive.storage.catalog.resources import held_resource

        with self._reading() as db:
            return held_resource(db, url, since)

    def captures_of(self, entry_id: str) -> list[str]:
        """Ids of the captures of an entry, and of what an entry of its addresses had that was taken out before."""
        number = self._number(entry_id)
        sql = (
            "SELECT id FROM captures WHERE entry = ? OR "
            "(entry IS NULL AND key IN (SELECT key FROM aliases WHERE entry = ?)) ORDER BY seq"
        )
        with self._reading() as db:
            return [row[0] for row in db.execute(sql, (number, number))]

    def addresses(self, entry_id: str) -> set[str]:
        """Every address that led to an entry, as they were written and as keys."""
        number = self._number(entry_id)
        with self._reading() as db:
            found = {row[0] for row in db.execute("SELECT key FROM aliases WHERE entry = ?", (number,))}
            sql = "SELECT url, final_url, hops FROM captures WHERE entry = ?"
            for url, final_url, hops in db.execute(sql, (number,)):
                found |= {url, final_url, *(hop.url for hop in rows.hops(hops))}
        return found

    def showing(self, digests: Iterable[str]) -> list[str]:
        """Ids of the entries of which a capture has one of these payloads."""
        sql = f"SELECT DISTINCT e.id FROM captures c JOIN entries e ON e.num = c.entry WHERE c.digest {AMONG}"  # noqa: S608
        with self._reading() as db:
            return sorted(row[0] for row in db.execute(sql, (listed(digests),)))

    def let_go(self, ids: Iterable[str]) -> dict[str, LetGo]:
        """Those of these entries (by id) and payloads (by digest) that were let go."""
        from archive.storage.catalog.forget import ForgottenTable

        with self._reading(once=True) as db:
            return ForgottenTable(db).among(ids)

    def hidden(self, ids: Iterable[str] | None = None) -> dict[str, LetGo]:
        """Those of these entries (None: of all) that are under embargo, the one that comes back first before."""
        from archive.storage.catalog.forget import ForgottenTable

        with self._reading() as db:
            return ForgottenTable(db).hidden(ids)

    def embargoes_over(self) -> list[str]:
        """Entries whose embargo has ended, and which were not logged as back."""
        from archive.storage.catalog.forget import ForgottenTable

        with self._reading() as db:
            return ForgottenTable(db).over()

    def journal(self, capture_id: str) -> Place:
        """Where the journal record of a capture stands. NotFoundError when there is no such capture."""
        from archive.storage.warc.records import Place

        with self._reading() as db:
            row = db.execute(
                "SELECT name, journal FROM captures c JOIN warc_files f ON f.num = c.file WHERE c.id = ?", (capture_id,)
            ).fetchone()
        if row is None:
            raise NotFoundError(f"there is no capture {capture_id}")
        return Place(row[0], row[1])

    def has_capture(self, capture_id: str) -> bool:
        with self._reading(once=True) as db:
            return db.execute("SELECT 1 FROM captures WHERE id = ?", (capture_id,)).fetchone() is not None

    def body(self, digest: str) -> Body | None:
        """The stored payload with this WARC digest ("sha256:…")."""
        with self._reading(once=True) as db:
            from archive.storage.catalog.tables import body

            return body(db, digest)

    def journal_of(self, file: str) -> dict[int, tuple[str, str | None]]:
        """Id and digest of each capture whose journal record is in a WARC file, by that record's offset."""
        sql = "SELECT journal, c.id, digest FROM captures c JOIN warc_files f ON f.num = c.file WHERE name = ?"
        with self._reading() as db:
            return {journal: (capture_id, digest) for journal, capture_id, digest in db.execute(sql, (file,))}

    def stretches(self, file: str) -> list[tuple[int, int, bytes]]:
        """Start, end and SHA-256 of each stretch of a WARC file that one commit added, in order."""
        sql = "SELECT start, stop, sha256 FROM stretches JOIN warc_files ON num = file WHERE name = ? ORDER BY start"
        with self._reading() as db:
            return list(db.execute(sql, (file,)))

    def damage(self) -> Iterator[str]:
        """What is wrong inside the catalog itself: its pages, references, stored texts."""
        try:
            with self._reading() as db:
                yield from (row[0] for row in db.execute(INTEGRITY) if row[0] != "ok")
                yield from (f"{row[0]} refers to no row of {row[2]}" for row in db.execute(REFERENCES))
                for entry, number, blob in db.each("SELECT entry, number, article_z FROM versions"):
                    if not rows.is_readable(blob, rows.article):
                        yield f"version {number} of entry number {entry} cannot be read"
                for entry, blob in db.each("SELECT entry, reading_z FROM readings"):
                    if not rows.is_readable(blob, rows.reading):
                        yield f"what was understood in entry number {entry} cannot be read"
        except DamagedError as error:
            yield str(error)

    def committed(self) -> dict[str, int]:
        """How far each WARC file is catalogued, in bytes."""
        with self._reading() as db:
            return dict(db.execute("SELECT name, committed FROM warc_files"))

    # -- the change log ------------------------------------------------------------------------------------------

    @property
    def identity(self) -> str:
        """Names this catalog; a rebuilt one has another. A follower that knows another must start from 0."""
        with self._reading() as db:
            return str(db.execute("SELECT value FROM meta WHERE name = 'identity'").fetchone()[0])

    def rules(self) -> KeptRules:
        """The rules for names of all folders of the archive, as the one that wrote last left them."""
        from archive.storage.catalog import ruling

        with self._reading() as db:
            return ruling.kept(db)

    def keep_rules(self, rules: KeptRules) -> None:
        """They are these from now on. StorageError."""
        from archive.storage.catalog import ruling

        assert self._writer is not None
        with sql_errors(self._path):
            ruling.keep(self._writer, rules)

    def changes(self, since: int, limit: int = 1000) -> list[Change]:
        """The newest change of each entry that changed after `since`, oldest first, at most `limit`."""
        with self._reading() as db:
            found = db.execute(
                "SELECT seq, id, deleted FROM changes WHERE seq > ? ORDER BY seq LIMIT ?", (since, limit)
            )
            return [Change(seq, entry_id, bool(deleted)) for seq, entry_id, deleted in found]

    def last_seq(self) -> int:
        """The seq of the newest change; 0 when nothing was ever stored."""
        with self._reading() as db:
            return int(db.execute("SELECT coalesce(max(seq), 0) FROM changes").fetchone()[0])

    # -- overviews -----------------------------------------------------------------------------------------------

    def counts(self) -> Counts:
        """The archive in numbers."""
        with self._reading() as db:
            hidden = listed(self._numbers_of(self.hidden()))

            def number(sql: str) -> int:
                return int(db.execute(sql).fetchone()[0])

            def shown(what: str, table: str, entry: str) -> int:
                sql = f"SELECT {what} FROM {table} WHERE NOT coalesce({entry}, 0) {AMONG}"  # noqa: S608 -- ours
                return int(db.execute(sql, (hidden,)).fetchone()[0])

            def outcomes(table: str, entry: str) -> dict[Outcome, int]:
                sql = f"SELECT outcome, count(*) FROM {table} WHERE NOT coalesce({entry}, 0) {AMONG}"  # noqa: S608 -- ours
                found = db.execute(f"{sql} GROUP BY outcome ORDER BY 2 DESC", (hidden,))
                return {Outcome(outcome): count for outcome, count in found}

            entries, captures = outcomes("entries", "num"), outcomes("captures", "entry")
            files = dict(db.execute("SELECT name, committed FROM warc_files"))
            return Counts(
                entries=sum(entries.values()),
                articles=shown("count(CASE WHEN version > 0 THEN 1 END)", "entries", "num"),
                versions=shown("count(*)", "versions", "entry"),
                captures=sum(captures.values()),
                outcomes=entries,
                tries=captures,
                payload_bytes=shown("coalesce(sum(size), 0)", "captures", "entry"),
                warc_bytes=sum(files.values()),
                warc_files=len(files),
                short_links=number("SELECT count(*) FROM short_links"),
                last_seq=number("SELECT coalesce(max(seq), 0) FROM changes"),
            )

    def names(self, kind: str, *, prefix: str = "", limit: int = 100) -> list[NameCount]:
        """Names of one kind that begin with `prefix` (letter case counts), by how many entries mention them."""
        from archive.storage.catalog.names import counted

        with self._reading() as db:
            return counted(db, kind, prefix, limit)

    def entities(self, kind: str = "", limit: int = -1) -> list[Entity]:
        """What the archive takes for one thing under all its names, most stories first; a negative `limit`: all."""
        from archive.storage.catalog.entities import listing

        with self._reading() as db:
            return listing(db, kind, limit)

    def named(self, entries: Sequence[Entry]) -> list[Entry]:
        """The entries with the names that the archive shows for those their stories have."""
        from archive.entities.known import named
        from archive.storage.catalog.entities import names_of

        with self._reading() as db:
            found = names_of(db, entries)
        return [named(entry, names) if names else entry for entry, names in zip(entries, found, strict=True)]

    def tag_forms(self, keys: Collection[str]) -> dict[str, str]:
        """How the tags with these keys are written, where any entry has them."""
        with self._reading() as db:
            from archive.storage.catalog.tables import tag_forms

            return tag_forms(db, keys)

    def held(self, key: str) -> HeldPage | None:
        """What any URL with this key led to, without its text; None where nothing is held on it."""
        from archive.storage.catalog.links import held

        with self._reading(once=True) as db:
            return held(db, key)

    def links(self, entry_id: str) -> tuple[Link, ...]:
        """The links of the entry's current text."""
        from archive.storage.catalog.links import links

        with self._reading() as db:
            return links(db, entry_id)

    def pending_links(self) -> Iterator[PendingLink]:
        """Cited URLs whose latest try failed in a way that may pass, oldest try first."""
        from archive.storage.catalog.links import pending

        with self._reading() as db:
            return iter(pending(db))

    def short_links(self) -> Iterator[ShortLink]:
        """Every short link that was ever resolved, in order of its URL, read page by page."""
        from archive.storage.catalog.links import short_links

        return short_links(self._reading)

    @contextmanager
    def jobs(self) -> Iterator[JobTable]:
        """The jobs as of one moment, for reading."""
        from archive.storage.catalog.jobs import JobTable

        with self._reading() as db:
            yield JobTable(db)

    @contextmanager
    def watches(self) -> Iterator[WatchTable]:
        """What is watched, as of one moment, for reading."""
        from archive.storage.catalog.watches import WatchTable

        with self._reading() as db:
            yield WatchTable(db)

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Whatever this thread reads inside is of one moment. Not for hours: the log of the writer grows meanwhile."""
        with self._reading():
            yield

    # -- inside --------------------------------------------------------------------------------------------------

    @contextmanager
    def _reading(self, *, once: bool = False) -> Iterator[Db]:
        """This thread's connection, inside one snapshot. Whoever reads but `once` there sees a moment without it."""
        db: Db | None = getattr(self._local, "db", None)
        if db is None or db.lost:
            db = self._local.db = self._connected()
        with sql_errors(self._path):
            if once or db.in_transaction:  # one method inside another: the outer one's snapshot
                yield db
                return
            db.execute(BEGIN_READING)
            try:
                yield db
            finally:
                db.execute("ROLLBACK")

    def _connected(self) -> Db:
        """A connection of this thread. Those of threads that have ended are closed: a server has many in its life."""
        db = connect(self._path, write=False)
        with self._guard:
            for thread in [one for one in self._open if not one.is_alive()]:
                self._open.pop(thread).close()
            self._open[threading.current_thread()] = db
        return db

    def _numbers_of(self, ids: Iterable[str]) -> list[int]:
        sql = f"SELECT num FROM entries WHERE id {AMONG}"  # noqa: S608 -- constant
        with self._reading() as db:
            return [row[0] for row in db.execute(sql, (listed(ids),))]

    def _number(self, entry_id: str) -> int:
        with self._reading() as db:
            row = db.execute("SELECT num FROM entries WHERE id = ?", (entry_id,)).fetchone()
        if row is None:
            raise NotFoundError(f"there is no entry {entry_id}")
        return int(row[0])
