"""The tables of entries, captures and versions inside one transaction: facts of a batch read, decisions written.

This is the make of `writing.Rows` that stands on SQLite. A batch costs the same few statements however large it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from operator import attrgetter
from typing import Any

from archive.errors import NotFoundError
from archive.model import Outcome
from archive.storage.catalog import rows
from archive.storage.catalog.decide import (
    CaptureRow,
    Decided,
    EntryRow,
    Facts,
    LastNumbers,
    Latest,
    VersionRow,
)
from archive.storage.catalog.dialect import AMONG, LISTED, LOG, Db, insert, insert_once, listed, upsert
from archive.storage.catalog.tags import tag_key
from archive.storage.warc.records import Body, Place, Stored, StoredResource

_ENTRY = ", ".join(each.name for each in fields(EntryRow))
_entry_values = attrgetter(*(each.name for each in fields(EntryRow)))
_VERSION = "num, entry, number, capture, first_seen, last_seen, title, text_digest, changes, removed"
_CAPTURE = f"{rows.CAPTURE_COLUMNS}, seq, placed, entry, file, journal, content_file, content_offset"
_CONTENT = ", ".join(f"'{outcome.value}'" for outcome in Outcome if outcome.has_content)
_LATEST = f"""
    SELECT c.key, outcome, detail, final_url, hops, placed FROM {LISTED}
    JOIN captures c ON c.seq = {rows.LATEST.format("value")}
"""  # noqa: S608 -- constant


class Tables:
    """See `writing.Rows`. `files` are numbers of WARC files that are known to be in their table."""

    def __init__(self, db: Db, files: dict[str, int]) -> None:
        self._db = db
        self._files = files

    # -- facts -------------------------------------------------------------------------------------------------------

    def last_numbers(self) -> LastNumbers:
        """The highest numbers in use."""
        found = self._db.execute(
            "SELECT coalesce((SELECT max(num) FROM entries), 0), coalesce((SELECT max(seq) FROM captures), 0), "
            "coalesce((SELECT max(num) FROM versions), 0)"
        ).fetchone()
        return LastNumbers(*found)

    def facts(self, keys: Collection[str], ids: Collection[str] = ()) -> Facts:
        """What is held on keys, and on entries by their ids."""
        asked = (listed(keys),)
        led, latest, entries = [], [], self._entries("id", ids)
        if keys:
            led = self._db.execute(f"SELECT key, entry FROM aliases WHERE key {AMONG}", asked).fetchall()  # noqa: S608 -- constant
            latest = [(row[0], _latest(row)) for row in self._db.execute(_LATEST, asked)]
            entries |= self._entries("key", keys)
            entries |= self._entries("num", {num for _, num in led} - entries.keys())
        return self._of_entries(entries, led, latest) if entries else Facts(latest=latest)

    def known(self, capture_ids: Collection[str]) -> dict[str, str]:
        """Those of the captures that are there under an entry, with its id."""
        sql = f"SELECT c.id, e.id FROM captures c JOIN entries e ON e.num = c.entry WHERE c.id {AMONG}"  # noqa: S608 -- constant
        return dict(self._db.execute(sql, (listed(capture_ids),)))

    def article(self, version: int) -> bytes:
        """The stored text of a version, by VersionRow.num."""
        found = self._db.execute("SELECT article_z FROM versions WHERE num = ?", (version,)).fetchone()
        if found is None:
            raise NotFoundError(f"there is no version of number {version}")
        return bytes(found[0])

    def shown_beside(
        self, entry: int, capture_id: str, at: datetime
    ) -> tuple[datetime | None, tuple[str, datetime] | None]:
        """The captures that showed the page of an entry next before and next after a time, leaving one out.

        When the one before it was; id and time of the one after it.
        """
        sql = f"SELECT id, at FROM captures WHERE entry = ? AND id <> ? AND outcome IN ({_CONTENT}) AND placed "  # noqa: S608 -- constant
        values = (entry, capture_id, rows.time_text(at))
        before = self._db.execute(f"{sql} <= ? ORDER BY placed DESC, seq DESC LIMIT 1", values).fetchone()
        after = self._db.execute(f"{sql} > ? ORDER BY placed, seq LIMIT 1", values).fetchone()
        return (
            datetime.fromisoformat(before[1]) if before else None,
            (after[0], datetime.fromisoformat(after[1])) if after else None,
        )

    def citing(self, keys: Collection[str]) -> set[str]:
        """Ids of the entries whose current text links to one of the keys."""
        sql = f"SELECT DISTINCT e.id FROM links l JOIN entries e ON e.num = l.entry WHERE l.key {AMONG}"  # noqa: S608 -- constant
        return {row[0] for row in self._db.execute(sql, (listed(keys),))}

    def led_to(self, keys: Collection[str]) -> dict[str, tuple[int, str]]:
        """Number and id of the entry that each key leads to, where it leads to one."""
        sql = f"SELECT a.key, num, id FROM aliases a JOIN entries ON num = entry WHERE a.key {AMONG}"  # noqa: S608 -- constant
        return {key: (num, entry_id) for key, num, entry_id in self._db.execute(sql, (listed(keys),))}

    def tag_forms(self, keys: Collection[str]) -> dict[str, str]:
        """How the tags that are in use are written, by what their spellings share."""
        return tag_forms(self._db, keys)

    # -- decisions ---------------------------------------------------------------------------------------------------

    def write(self, decided: Decided) -> None:
        """All that was decided, in one order: whatever a row refers to is there before it."""
        self._many(upsert("entries", _ENTRY, "num"), map(_entry_values, decided.entries))
        self._captures(decided.captures)
        self._many(upsert("aliases", "key, entry", "key"), decided.aliases)
        self._versions(decided.versions, decided.articles)
        self._all_of("links", decided.links, "entry, n, key", enumerate)
        self._all_of(
            "tags", decided.tags, "entry, key, tag", lambda tags: ((tag_key(tag), tag) for tag in sorted(tags))
        )
        self._many(upsert("short_links", "key, short, long, at", "key"), decided.short_links)
        merged = [(new, old) for old, new in decided.merged]
        self._many("UPDATE captures SET entry = ? WHERE entry = ?", merged)
        self._many("DELETE FROM entries WHERE num = ?", [(num,) for num in decided.removed])

    def log(self, changed: Mapping[str, bool]) -> None:
        """One row of the change log for each entry, in this order; True where it was deleted."""
        self._many(f"{LOG} VALUES (?, ?)", list(changed.items()))

    def commit_lengths(self, lengths: Mapping[str, int], stretches: Iterable[tuple[str, int, int, bytes]]) -> None:
        """How far each WARC file is catalogued, and the digests of what was added (file, start, stop, SHA-256)."""
        self._number(lengths)
        self._many(
            "UPDATE warc_files SET committed = ? WHERE num = ?",
            [(length, self._files[name]) for name, length in lengths.items()],
        )
        self._many(
            insert("stretches", "file, start, stop, sha256"), [(self._files[name], *rest) for name, *rest in stretches]
        )

    def keep_bodies(self, bodies: Iterable[Body]) -> None:
        """Payloads that stay as those of other captures than the ones that stored them."""
        kept = list(bodies)
        self._number(body.place.file for body in kept)
        columns = 'digest, file, "offset", record_id, url, date'
        self._many(upsert("bodies", columns, "digest"), [self._body_values(body) for body in kept])

    def committed(self, names: Collection[str]) -> dict[str, int]:
        """How far WARC files are catalogued; those that nothing is known of are left out."""
        sql = f"SELECT name, committed FROM warc_files WHERE name {AMONG}"  # noqa: S608 -- constant
        return dict(self._db.execute(sql, (listed(names),)))

    def body(self, digest: str) -> Body | None:
        """The stored payload with this WARC digest."""
        return body(self._db, digest)

    # -- inside --------------------------------------------------------------------------------------------------

    def _entries(self, column: str, values: Collection[str] | Collection[int]) -> dict[int, EntryRow]:
        if not values:
            return {}
        sql = f"SELECT {_ENTRY} FROM entries WHERE {column} {AMONG}"  # noqa: S608 -- ours
        return {row[0]: EntryRow(*row) for row in self._db.execute(sql, (listed(values),))}

    def _of_entries(
        self, entries: dict[int, EntryRow], led: list[tuple[str, int]], latest: list[tuple[str, Latest]]
    ) -> Facts:
        nums = (listed(entries),)
        texts = (listed([num for num, entry in entries.items() if entry.version]),)
        read = self._db.execute
        return Facts(
            list(entries.values()),
            [*led, *read(f"SELECT key, entry FROM aliases WHERE entry {AMONG}", nums)],  # noqa: S608 -- constant
            latest,
            read(f"SELECT entry, max(placed) FROM captures WHERE entry {AMONG} GROUP BY entry", nums).fetchall(),  # noqa: S608
            [
                VersionRow(row[0], row[1], rows.version(row[2:]))
                for row in read(f"SELECT {_VERSION} FROM versions WHERE entry {AMONG} ORDER BY entry, number", texts)  # noqa: S608
            ],
            read(
                "SELECT v.num, article_z FROM entries e JOIN versions v ON v.entry = e.num AND v.number = e.version "  # noqa: S608
                f"WHERE e.num {AMONG}",
                texts,
            ).fetchall(),
            read(f"SELECT entry, key FROM links WHERE entry {AMONG} ORDER BY entry, n", texts).fetchall(),  # noqa: S608
            read(f"SELECT entry, tag FROM tags WHERE entry {AMONG}", nums).fetchall(),  # noqa: S608
        )

    def _many(self, sql: str, values: Iterable[tuple[Any, ...]]) -> None:
        found = list(values)
        if found:
            self._db.executemany(sql, found)

    def _captures(self, captures: list[CaptureRow]) -> None:
        self._number(_files_of(captures))
        self._many(upsert("captures", _CAPTURE, "id"), map(self._capture_values, captures))
        self._many(
            insert_once("bodies", 'digest, file, "offset", record_id, url, date'),
            [self._body_values(body) for row in captures for body in row.stored.bodies],
        )
        self._many(
            insert_once("resources", "capture, n, url, at, resource, record_id, content_file, content_offset"),
            [
                (row.seq, n, *self._resource_values(one))
                for row in captures
                for n, one in enumerate(row.stored.resources)
            ],
        )

    def _capture_values(self, row: CaptureRow) -> tuple[Any, ...]:
        stored = row.stored
        content = stored.content
        place = (self._files[content.file], content.offset) if content else (None, None)
        values = rows.capture_values(stored.capture)
        return (*values, row.seq, row.placed, row.entry, self._files[stored.file], stored.journal, *place)

    def _resource_values(self, one: StoredResource) -> tuple[Any, ...]:
        resource, place = one.resource, one.place
        where = (self._files[place.file], place.offset) if place else (None, None)
        at = rows.time_text(resource.at)
        return (rows.text(resource.url), at, rows.to_json(resource).decode(), one.record_id, *where)

    def _body_values(self, body: Body) -> tuple[Any, ...]:
        place = self._files[body.place.file], body.place.offset
        return (digest_bytes(body.digest), *place, body.record_id, rows.text(body.url), body.date)

    def _versions(self, versions: list[VersionRow], articles: Mapping[int, bytes]) -> None:
        """Numbers may change places: all are put aside first, as no number may be there twice even for a moment."""
        told = {row.num for row in versions}
        self._many("UPDATE versions SET number = -num WHERE num = ?", [(num,) for num in sorted(told)])
        columns = _VERSION.partition(", ")[2].replace(",", " = ?,")
        known = [row for row in versions if row.num not in articles]
        self._many(f"UPDATE versions SET {columns} = ? WHERE num = ?", [(*_version(r), r.num) for r in known])  # noqa: S608
        whole = [(row.num, *_version(row), articles[row.num]) for row in versions if row.num in articles]
        self._many(upsert("versions", f"{_VERSION}, article_z", "num"), whole)

    def _all_of(self, table: str, found: Mapping[int, Any], columns: str, values: Any) -> None:
        """Rows of `table` that are all that each entry has of them."""
        self._many(f"DELETE FROM {table} WHERE entry = ?", [(num,) for num in found])  # noqa: S608 -- ours
        self._many(insert(table, columns), [(num, *row) for num, each in found.items() for row in values(each)])

    def _number(self, names: Iterable[str]) -> None:
        """Sees to it that WARC files have their numbers."""
        new = sorted({name for name in names if name not in self._files})
        if new:
            self._many(insert_once("warc_files", "name, committed"), [(name, 0) for name in new])
            sql = f"SELECT name, num FROM warc_files WHERE name {AMONG}"  # noqa: S608 -- constant
            self._files.update(self._db.execute(sql, (listed(new),)))


def _latest(row: tuple[Any, ...]) -> Latest:
    _, outcome, detail, final_url, hops, placed = row
    return Latest(outcome, detail, final_url, tuple(hop.url for hop in rows.hops(hops)), placed)


def _version(row: VersionRow) -> tuple[Any, ...]:
    """In the order of _VERSION, from entry on."""
    version = row.version
    return (
        row.entry,
        version.number,
        version.capture_id,
        rows.time_text(version.first_seen),
        rows.time_text(version.last_seen),
        version.title,
        version.text_digest,
        rows.lines(version.changes),
        "\n".join(version.removed),
    )


def _files_of(captures: Iterable[CaptureRow]) -> Iterable[str]:
    for row in captures:
        yield row.stored.file
        yield from (place.file for place in _places(row.stored))


def _places(stored: Stored) -> Iterable[Place]:
    if stored.content:
        yield stored.content
    yield from (body.place for body in stored.bodies)
    yield from (one.place for one in stored.resources if one.place)


def digest_bytes(digest: str) -> bytes:
    """A WARC digest ("sha256:…") as its bytes; ValueError where it is none."""
    return bytes.fromhex(digest.removeprefix("sha256:"))


def tag_forms(db: Db, keys: Collection[str]) -> dict[str, str]:
    """How the tags that are in use are written, by what their spellings share."""
    form = "(SELECT tag FROM tags WHERE tags.key = value LIMIT 1)"
    found = db.execute(f"SELECT value, {form} FROM {LISTED}", (listed(keys),))  # noqa: S608 -- constant
    return {key: tag for key, tag in found if tag is not None}


def body(db: Db, digest: str) -> Body | None:
    """The stored payload with this WARC digest."""
    row = db.execute(
        'SELECT record_id, url, date, name, "offset" FROM bodies JOIN warc_files ON num = file WHERE digest = ?',
        (digest_bytes(digest),),
    ).fetchone()
    return Body(digest, row[0], row[1], row[2], Place(row[3], row[4])) if row else None
