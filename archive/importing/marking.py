"""Tags and notes that rows put on entries, beside what is there; journaled."""

from __future__ import annotations

from datetime import UTC, datetime

from archive.importing import decide
from archive.importing.rows import Row
from archive.storage import Act, ActKind, CatalogWriter, Store


def mark(store: Store, rows: CatalogWriter, entry: str, row: Row) -> None:
    """Give an entry the tags and the note of a row."""
    tags, note = decide.marks(*rows.marks(entry), row)
    now = datetime.now(UTC)
    if tags:
        store.act(Act(ActKind.TAG, entry, tuple(sorted(tags)), now))
    if note is not None:
        store.act(Act(ActKind.NOTE, entry, (note,), now))
