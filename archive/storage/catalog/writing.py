"""Writing the catalog: one transaction with everything a batch changes, and one change-log row per entry it touched.

Decides nothing about content (same, noise or new is the caller's); keeps identity in order: which entry a URL belongs
to, and what other entries show differently because of it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from archive import urls
from archive.errors import NotFoundError
from archive.model import Article, Capture, Method, Reading, Version
from archive.storage.catalog import rows
from archive.storage.catalog.jobs import JobTable
from archive.storage.catalog.names import NameTable, Numbers
from archive.storage.catalog.versions import Around, VersionTable
from archive.storage.catalog.watches import WatchTable
from archive.storage.warc.records import Act, ActKind, Stored


class CatalogWriter:
    """The inside of one transaction; get it from `Catalog.write()` or `Store.commit()`, use it in one thread."""

    def __init__(self, db: sqlite3.Connection, cache: Numbers) -> None:
        self._db = db
        self._cache = cache
        self._names = NameTable(db, cache)
        self._versions = VersionTable(db)
        self.jobs = JobTable(db)
        self.watches = WatchTable(db)
        self._changed: dict[str, bool] = {}  # entry id → deleted?
        self.catalogued: set[str] = set()  # ids of the captures put here

    # -- captures and entries ------------------------------------------------------------------------------------

    def put_capture(self, stored: Stored, entry_key: str, aliases: Iterable[str] = ()) -> str:
        """Catalogues a capture under the entry with `entry_key` (made if need be) and says the entry's id.

        `entry_key`: the key of the final URL when the chain ended in content, else that of the URL asked for.
        `aliases`: keys of all hops. When the capture has content, each leads to this entry from now on, and an entry
        without any text that had one of them as its own is merged into this one (and logged as deleted). Without
        content it goes to the entry that `entry_key` led to before, if there is one, and moves no alias.
        Cataloguing the same capture twice changes nothing.
        """
        capture = stored.capture
        self.catalogued.add(capture.id)
        known = self._one("SELECT e.id FROM captures c JOIN entries e ON e.num = c.entry WHERE c.id = ?", capture.id)
        if known is not None:
            return str(known[0])
        num, entry_id = self._entry_for(stored, rows.text(entry_key))
        placed = self._placed(capture, num)
        if self._differs_from_last_time(capture, placed):
            self._changed.update(dict.fromkeys(self._citing_ids([rows.text(capture.key)]), False))
        content_file = self._file(stored.content.file) if stored.content else None
        content_offset = stored.content.offset if stored.content else None
        places = (self._file(stored.file), stored.journal, content_file, content_offset)
        self._db.execute(
            f"INSERT OR REPLACE INTO captures ({rows.CAPTURE_COLUMNS}, "  # noqa: S608 -- constant
            "placed, entry, file, journal, content_file, content_offset) "
            "VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (*rows.capture_values(capture), placed, num, *places),
        )
        self._db.executemany(
            "INSERT OR IGNORE INTO bodies VALUES (?,?,?,?,?,?)",
            [
                (
                    _digest_bytes(b.digest),
                    self._file(b.place.file),
                    b.place.offset,
                    b.record_id,
                    rows.text(b.url),
                    b.date,
                )
                for b in stored.bodies
            ],
        )
        if capture.outcome.has_content:
            for alias in dict.fromkeys((entry_key, capture.key, *aliases)):
                self._alias(rows.text(alias), num, placed)
        return entry_id

    def around(self, entry_id: str, capture: Capture) -> Around:
        """The texts that the entry carried before and after `capture`, as this transaction leaves them."""
        found = self._one("SELECT num FROM entries WHERE id = ?", entry_id)
        return self._versions.around(int(found[0]), capture) if found else Around()

    def put_version(
        self, entry_id: str, version: Version, article: Article, reading: Reading, link_keys: Sequence[str]
    ) -> None:
        """Makes `version` the current text of the entry. `link_keys`: the key of each of `article.links`, in order.

        A version with a number that is there already is replaced (as when it was read again by a better reader).
        """
        num = self._num(entry_id)
        title = rows.text(version.title)
        before = self._one("SELECT title FROM entries WHERE num = ?", num)
        assert before is not None
        self._versions.put(num, version, article)
        self._db.execute("UPDATE entries SET title = ? WHERE num = ?", (title, num))
        self._show_current(num, version)
        self._put_links(num, [rows.text(key) for key in link_keys])
        self._names.put(num, reading, article.site)
        self._changed[entry_id] = False
        if before[0] != title:  # which others show: those that cite this one, and those that it cites
            self._touch_citing(num)
            self._changed.update(dict.fromkeys(self._cited_ids(num), False))

    def insert_version(
        self, entry_id: str, around: Around, version: Version, article: Article, behind: Version
    ) -> None:
        """Stores a text older than the current one. `behind`: the version after it, as it differs from the new one."""
        num = self._num(entry_id)
        self._versions.insert(num, around, version, article, behind)
        current = self._versions.current(num)
        assert current is not None
        self._show_current(num, current[0])
        self._changed[entry_id] = False

    def touch_version(self, entry_id: str, number: int, capture: Capture) -> None:
        """`capture` shows the text of a version that is there."""
        self._versions.seen(self._num(entry_id), number, capture)
        self._changed[entry_id] = False

    def delete_entry(self, entry_id: str) -> bool:
        """Takes the entry out (its captures' rows and bytes stay). False when there is none."""
        found = self._one("SELECT num FROM entries WHERE id = ?", entry_id)
        if found is None:
            return False
        num = int(found[0])
        self._touch_citing(num)
        self._changed.update(dict.fromkeys(self._cited_ids(num), False))
        self._remove(num, entry_id)
        return True

    # -- acts of a person ----------------------------------------------------------------------------------------

    def apply(self, act: Act) -> bool:
        """Does what a journaled act says; False when its entry is not there (any more). Doing it twice is harmless."""
        if act.kind is ActKind.SHORT_LINK:
            self.put_short_link(act.subject, act.values[0], act.at)
            return True
        if act.kind in (ActKind.WATCH, ActKind.UNWATCH, ActKind.SEARCH):
            return self.watches.apply(act)
        if act.kind is ActKind.DELETE:
            return self.delete_entry(act.subject)
        if act.kind is ActKind.TAGS:
            return self.set_tags(act.subject, act.values)
        return self.set_note(act.subject, act.values[0] if act.values else "")

    def marks(self, entry_id: str) -> tuple[frozenset[str], str]:
        """The tags and the note of an entry, as this transaction leaves them; none where there is no such entry."""
        found = self._one("SELECT num, note FROM entries WHERE id = ?", entry_id)
        if found is None:
            return frozenset(), ""
        return frozenset(
            row[0] for row in self._db.execute("SELECT tag FROM tags WHERE entry = ?", (found[0],))
        ), found[1]

    def set_tags(self, entry_id: str, tags: Iterable[str]) -> bool:
        """The entry has exactly these tags from now on. False when there is no such entry."""
        found = self._one("SELECT num FROM entries WHERE id = ?", entry_id)
        if found is None:
            return False
        self._db.execute("DELETE FROM tags WHERE entry = ?", found)
        self._db.executemany(
            "INSERT INTO tags VALUES (?, ?)", [(found[0], rows.text(tag)) for tag in dict.fromkeys(tags)]
        )
        self._changed[entry_id] = False
        return True

    def set_note(self, entry_id: str, note: str) -> bool:
        """Sets, or with "" removes, the entry's note. False when there is no such entry."""
        done = self._db.execute("UPDATE entries SET note = ? WHERE id = ?", (rows.text(note), entry_id)).rowcount
        if done:
            self._changed[entry_id] = False
        return done > 0

    def put_short_link(self, short: str, long: str, at: datetime) -> None:
        """Keeps for good that `short` stood for `long`."""
        key = urls.key(short)
        self._db.execute(
            "INSERT INTO short_links VALUES (?,?,?,?) "
            "ON CONFLICT (key) DO UPDATE SET long = excluded.long, at = excluded.at",
            (key, rows.text(short), rows.text(long), rows.time_text(at)),
        )
        self._changed.update(dict.fromkeys(self._citing_ids([key]), False))

    # -- for Store -----------------------------------------------------------------------------------------------

    def put_committed(self, lengths: Mapping[str, int], sha256: Callable[[str, int, int], bytes]) -> None:
        """Notes how far each WARC file is catalogued; `sha256(file, start, stop)` is the digest of those bytes."""
        for name, length in lengths.items():
            num = self._file(name)
            found = self._one("SELECT committed FROM warc_files WHERE num = ?", num)
            assert found is not None
            start = int(found[0])
            if length > start:
                self._db.execute("UPDATE warc_files SET committed = ? WHERE num = ?", (length, num))
                self._db.execute(
                    "INSERT INTO stretches VALUES (?,?,?,?)", (num, start, length, sha256(name, start, length))
                )

    def finish(self) -> None:
        """Settles names and appends the change log; the last act of a transaction."""
        self._names.finish()
        self._db.executemany("INSERT OR REPLACE INTO changes (id, deleted) VALUES (?, ?)", list(self._changed.items()))

    # -- inside --------------------------------------------------------------------------------------------------

    def _show_current(self, num: int, version: Version) -> None:
        self._db.execute(
            "UPDATE entries SET version = ?, capture = ?, changes = ? WHERE num = ?",
            (version.number, version.capture_id, rows.lines(self._versions.changes(num)), num),
        )

    def _one(self, sql: str, *values: object) -> tuple[Any, ...] | None:
        row: tuple[Any, ...] | None = self._db.execute(sql, values).fetchone()
        return row

    def _num(self, entry_id: str) -> int:
        found = self._one("SELECT num FROM entries WHERE id = ?", entry_id)
        if found is None:
            raise NotFoundError(f"there is no entry {entry_id}")
        return int(found[0])

    def _file(self, name: str) -> int:
        number = self._cache.files.get(name)
        if number is None:
            self._db.execute("INSERT OR IGNORE INTO warc_files (name, committed) VALUES (?, 0)", (name,))
            found = self._one("SELECT num FROM warc_files WHERE name = ?", name)
            assert found is not None
            number = self._cache.files[name] = int(found[0])
        return number

    def _entry_for(self, stored: Stored, key: str) -> tuple[int, str]:
        """The entry a capture belongs to, brought up to date with it, or a new one."""
        capture = stored.capture
        if capture.outcome.has_content:
            found = self._one("SELECT num, id, outcome, detail, final_url FROM entries WHERE key = ?", key)
        else:
            found = self._one(
                "SELECT num, id, outcome, detail, final_url FROM aliases a JOIN entries ON num = entry WHERE a.key = ?",
                key,
            )
        if found is None:
            return self._new_entry(stored, key)
        num, entry_id, shown = int(found[0]), str(found[1]), found[2:]
        older = self._is_older(capture, num)
        self._db.execute(
            "UPDATE entries SET depth = min(depth, ?1), first_captured = min(first_captured, ?2), "
            "outcome = iif(?3, outcome, ?4), detail = iif(?3, detail, ?5), last_captured = iif(?3, last_captured, ?2), "
            "final_url = iif(iif(version, ?3 OR NOT ?6, ?3 AND NOT ?6), final_url, ?7), "
            "media_type = iif(iif(version, ?3 OR NOT ?6, ?3 AND NOT ?6), media_type, coalesce(?8, media_type)) "
            "WHERE num = ?9",
            (
                capture.depth,
                rows.time_text(capture.at),
                older,
                capture.outcome.value,
                rows.text(capture.detail),
                capture.outcome.has_content,
                rows.text(capture.final_url),
                capture.media_type and rows.text(capture.media_type),
                num,
            ),
        )
        self._changed[entry_id] = False
        if not older and shown != (capture.outcome.value, rows.text(capture.detail), rows.text(capture.final_url)):
            self._touch_citing(num)
        return num, entry_id

    def _is_older(self, capture: Capture, num: int) -> bool:
        """Whether an import brings a capture from before the latest one of the entry."""
        return capture.method is Method.IMPORT and rows.time_text(capture.at) < self._newest("entry", num)

    def _placed(self, capture: Capture, num: int) -> str:
        """The time by which a capture is ordered: its own, but what was fetched never stands before what was there."""
        at = rows.time_text(capture.at)
        if capture.method is Method.IMPORT:
            return at
        return max(at, self._newest("entry", num), self._newest("key", rows.text(capture.key)))

    def _newest(self, column: str, value: object) -> str:
        """When the latest of the captures with that `entry` or `key` is placed; "" where there is none."""
        found = self._one(f"SELECT max(placed) FROM captures WHERE {column} = ?", value)  # noqa: S608 -- ours
        return (found and found[0]) or ""

    def _differs_from_last_time(self, capture: Capture, placed: str) -> bool:
        """Whether a link to the URL of `capture` shows something else than it did."""
        last = self._one(
            "SELECT outcome, detail, final_url, hops, placed FROM captures "
            "WHERE key = ? ORDER BY placed DESC, seq DESC LIMIT 1",
            rows.text(capture.key),
        )
        if last is None:
            return True
        chain = [rows.text(hop.url) for hop in capture.hops]
        shown = (capture.outcome.value, rows.text(capture.detail), rows.text(capture.final_url))
        return placed >= last[4] and (shown != last[:3] or chain != [hop.url for hop in rows.hops(last[3])])

    def _new_entry(self, stored: Stored, key: str) -> tuple[int, str]:
        capture, entry_id, at = stored.capture, urls.entry_id(key), rows.time_text(stored.capture.at)
        num = self._db.execute(
            "INSERT INTO entries "
            "(id, key, url, final_url, outcome, detail, media_type, depth, first_captured, last_captured) "
            "VALUES (?,?,?,?,?,?,?,?,?,?)",
            (
                entry_id,
                key,
                rows.text(capture.url),
                rows.text(capture.final_url),
                capture.outcome.value,
                rows.text(capture.detail),
                rows.text(capture.media_type or ""),
                capture.depth,
                at,
                at,
            ),
        ).lastrowid
        assert num is not None
        self._changed[entry_id] = False
        self._alias(key, num, at)
        return num, entry_id

    def _alias(self, key: str, num: int, placed: str) -> None:
        """Lets `key` lead to entry `num`, unless it is the own key of another entry that has a text, or leads to
        another one since after `placed`.
        """
        found = self._one(
            "SELECT entry, e.key = a.key, version, id FROM aliases a JOIN entries e ON num = entry WHERE a.key = ?",
            key,
        )
        if found is None:
            self._db.execute("INSERT INTO aliases VALUES (?, ?)", (key, num))
        elif found[0] == num:
            return
        elif not found[1]:
            if self._one("SELECT 1 FROM captures WHERE key = ? AND placed > ?", key, placed):
                return
            self._touch_citing(int(found[0]))
            self._changed[str(found[3])] = False  # those who cite `key` cite it no longer
            self._db.execute("UPDATE aliases SET entry = ? WHERE key = ?", (num, key))
        elif not found[2]:
            self._merge(int(found[0]), num)
        self._touch_citing(num)

    def _merge(self, old: int, new: int) -> None:
        """Entry `old`, which never had a text, turned out to be `new`."""
        found = self._one("SELECT id, depth, first_captured, note FROM entries WHERE num = ?", old)
        assert found is not None
        self._db.execute("UPDATE captures SET entry = ? WHERE entry = ?", (new, old))
        self._db.execute("UPDATE aliases SET entry = ? WHERE entry = ?", (new, old))
        self._db.execute("INSERT OR IGNORE INTO tags SELECT ?, tag FROM tags WHERE entry = ?", (new, old))
        self._db.execute(
            "UPDATE entries SET depth = min(depth, ?), first_captured = min(first_captured, ?), "
            "note = iif(note = '', ?, note) WHERE num = ?",
            (found[1], found[2], found[3], new),
        )
        self._remove(old, str(found[0]))

    def _remove(self, num: int, entry_id: str) -> None:
        self._names.forget(num)
        self._db.execute("DELETE FROM entries WHERE num = ?", (num,))
        self._changed[entry_id] = True

    def _touch_citing(self, num: int) -> None:
        """Entries that cite this one show something else now."""
        keys = [row[0] for row in self._db.execute("SELECT key FROM aliases WHERE entry = ?", (num,))]
        self._changed.update(dict.fromkeys(self._citing_ids(keys), False))

    def _citing_ids(self, keys: Iterable[str]) -> list[str]:
        sql = "SELECT e.id FROM links l JOIN entries e ON e.num = l.entry WHERE l.key = ?"
        return [row[0] for key in keys for row in self._db.execute(sql, (key,))]

    def _cited_ids(self, num: int) -> set[str]:
        sql = (
            "SELECT e.id FROM links l JOIN aliases a ON a.key = l.key JOIN entries e ON e.num = a.entry "
            "WHERE l.entry = ?1 AND a.entry <> ?1"
        )
        return {row[0] for row in self._db.execute(sql, (num,))}

    def _put_links(self, num: int, keys: Sequence[str]) -> None:
        before = [row[0] for row in self._db.execute("SELECT key FROM links WHERE entry = ? ORDER BY n", (num,))]
        if before == list(keys):
            return
        cited = self._cited_ids(num) if before else set()
        self._db.execute("DELETE FROM links WHERE entry = ?", (num,))
        self._db.executemany("INSERT INTO links VALUES (?,?,?)", [(num, n, key) for n, key in enumerate(keys)])
        self._changed.update(dict.fromkeys(cited ^ self._cited_ids(num), False))


def _digest_bytes(digest: str) -> bytes:
    return bytes.fromhex(digest.removeprefix("sha256:"))
