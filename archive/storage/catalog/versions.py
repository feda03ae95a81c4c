"""The versions of an entry: the texts that its page carried, numbered in the order of time.

What was fetched comes last, whatever its clock says. What an import brings has a time of its own and may be older than
what is held: it takes its place among the versions, and those behind it move up.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from datetime import datetime

from archive.model import Article, Capture, Method, Outcome, Version
from archive.storage.catalog import rows

Text = tuple[Version, Article]
_COLUMNS = "number, capture, first_seen, last_seen, title, text_digest, changes, removed, article_z"
_CONTENT = ", ".join(f"'{outcome.value}'" for outcome in Outcome if outcome.has_content)


@dataclass(frozen=True, slots=True)
class Around:
    """The texts that an entry carried before and after a capture; `after` None: the capture is the newest.

    They are one and the same version where the page was seen with that text on both sides.
    """

    before: Text | None = None
    after: Text | None = None


class VersionTable:
    """The versions of all entries, inside one transaction. Entries go by their number."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def around(self, entry: int, capture: Capture) -> Around:
        """Where `capture` stands among the versions."""
        if capture.method is not Method.IMPORT:
            return Around(self.current(entry))
        at = rows.time_text(capture.at)
        before = self._one("entry = ? AND first_seen <= ? ORDER BY number DESC", entry, at)
        if before is not None and before[0].last_seen > capture.at:
            return Around(before, before)
        return Around(before, self._one("entry = ? AND number = ?", entry, before[0].number + 1 if before else 1))

    def current(self, entry: int) -> Text | None:
        """The newest version and its text."""
        return self._one("entry = ? ORDER BY number DESC", entry)

    def put(self, entry: int, version: Version, article: Article) -> None:
        """Store a version; one that has its number is replaced (as when it was read again)."""
        self._db.execute(
            f"INSERT INTO versions (entry, {_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?) "  # noqa: S608 -- constant
            "ON CONFLICT (entry, number) DO UPDATE SET capture = excluded.capture, "
            "last_seen = excluded.last_seen, title = excluded.title, text_digest = excluded.text_digest, "
            "changes = excluded.changes, removed = excluded.removed, article_z = excluded.article_z",
            (
                entry,
                version.number,
                version.capture_id,
                rows.time_text(version.first_seen),
                rows.time_text(version.last_seen),
                rows.text(version.title),
                rows.text(version.text_digest),
                rows.lines(version.changes),
                rows.text("\n".join(version.removed)),
                rows.squeeze(article),
            ),
        )

    def insert(self, entry: int, around: Around, version: Version, article: Article, behind: Version) -> None:
        """Store a version between those of `around`. `behind`: the one after it, as it differs from the new one."""
        assert around.after is not None
        if around.before is around.after:
            earlier, later, seen = self._sightings(entry, version, behind)
            self._shift(entry, version.number, 2)
            self._db.execute(
                "UPDATE versions SET last_seen = ? WHERE entry = ? AND number = ?", (earlier, entry, behind.number)
            )
            behind = replace(behind, capture_id=later, first_seen=seen)
        else:
            self._shift(entry, version.number, 1)
        self.put(entry, version, article)
        self.put(entry, replace(behind, number=version.number + 1), around.after[1])

    def seen(self, entry: int, number: int, capture: Capture) -> None:
        """`capture` shows the text of a version. Clocks go back, so only an import makes the version older."""
        at = rows.time_text(capture.at)
        self._db.execute(
            "UPDATE versions SET last_seen = max(last_seen, ?1), first_seen = iif(?2, min(first_seen, ?1), first_seen) "
            "WHERE entry = ?3 AND number = ?4",
            (at, capture.method is Method.IMPORT, entry, number),
        )

    def changes(self, entry: int) -> frozenset[str]:
        """Everything that ever differed from one version to the next."""
        found = self._db.execute("SELECT changes FROM versions WHERE entry = ?", (entry,))
        return frozenset().union(*(rows.unlines(row[0]) for row in found))

    def _sightings(self, entry: int, version: Version, whole: Version) -> tuple[str, str, datetime]:
        """Where `version` cuts another in two: the end of its first part, and capture and start of its second."""
        sql = f"SELECT id, at FROM captures WHERE entry = ? AND id <> ? AND outcome IN ({_CONTENT}) AND placed "  # noqa: S608 -- constant
        values = (entry, version.capture_id, rows.time_text(version.first_seen))
        earlier = self._db.execute(f"{sql} <= ? ORDER BY placed DESC, seq DESC LIMIT 1", values).fetchone()
        later = self._db.execute(f"{sql} > ? ORDER BY placed, seq LIMIT 1", values).fetchone()
        end = earlier[1] if earlier else rows.time_text(whole.first_seen)
        return (end, later[0], datetime.fromisoformat(later[1])) if later else (end, whole.capture_id, whole.last_seen)

    def _shift(self, entry: int, start: int, by: int) -> None:
        """Make room before the version `start`: in two steps, as no number may be there twice even for a moment."""
        self._db.execute(
            "UPDATE versions SET number = -(number + ?) WHERE entry = ? AND number >= ?", (by, entry, start)
        )
        self._db.execute("UPDATE versions SET number = -number WHERE entry = ? AND number < 0", (entry,))

    def _one(self, where: str, *values: object) -> Text | None:
        row = self._db.execute(f"SELECT {_COLUMNS} FROM versions WHERE {where} LIMIT 1", values).fetchone()  # noqa: S608 -- ours
        return (rows.version(row[:8]), rows.article(row[8])) if row else None
