"""Notices on their way to somebody: kept from the moment they were noticed until they were delivered.

A notice is put here in the transaction that records it as told, and taken out after the other side has taken it. What
goes out together is fixed before it goes, so that a message that goes twice is the same message.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from archive.storage.catalog.dialect import Db
from archive.storage.warc.records import new_id

PER_MESSAGE = 100  # notices


@dataclass(frozen=True, slots=True)
class Parcel:
    """What goes out in one message to one place. `notices` are JSON as they were put in; `id` stays the same."""

    id: str
    notices: tuple[str, ...]


class Outbox:
    """Seen from inside one transaction or one snapshot, as the table of watches is."""

    def __init__(self, db: Db) -> None:
        self._db = db

    def put(self, places: Iterable[str], notices: Iterable[str]) -> None:
        """Keep each notice for each place."""
        rows = [(place, notice) for notice in notices for place in places]
        self._db.executemany("INSERT INTO outbox (place, notice) VALUES (?, ?)", rows)

    def waits(self) -> bool:
        """Whether there is anything to deliver."""
        return self._db.execute("SELECT 1 FROM outbox").fetchone() is not None

    def keep_only(self, places: Iterable[str]) -> None:
        """Drop what waits for any other place than these."""
        wanted = tuple(places)
        marks = ",".join("?" * len(wanted))
        self._db.execute(f"DELETE FROM outbox WHERE place NOT IN ({marks})", wanted)  # noqa: S608 -- question marks

    def next(self, place: str) -> Parcel | None:
        """What goes to `place` next: what was packed and not delivered, else the oldest of what waits, packed now."""
        found = self._db.execute("SELECT parcel FROM outbox WHERE place = ? AND parcel <> ''", (place,)).fetchone()
        parcel = str(found[0]) if found else new_id()
        if not found:
            self._db.execute(
                "UPDATE outbox SET parcel = ? WHERE num IN "
                "(SELECT num FROM outbox WHERE place = ? AND parcel = '' ORDER BY num LIMIT ?)",
                (parcel, place, PER_MESSAGE),
            )
        notices = self._db.execute("SELECT notice FROM outbox WHERE parcel = ? ORDER BY num", (parcel,)).fetchall()
        return Parcel(parcel, tuple(notice for (notice,) in notices)) if notices else None

    def delivered(self, parcel: str) -> None:
        """Forget what was taken."""
        self._db.execute("DELETE FROM outbox WHERE parcel = ?", (parcel,))
