"""Tags, notes and edits that rows put on entries, beside what is there; journaled."""

from __future__ import annotations

from datetime import UTC, datetime

from archive.importing import decide
from archive.importing.rows import Row
from archive.storage import Act, ActKind, CatalogWriter, Store
from archive.storage.catalog import editing


def mark(store: Store, rows: CatalogWriter, entry: str, row: Row) -> None:
    """Give an entry the tags, the note and the edits of a row."""
    tags, note = decide.marks(*rows.marks(entry), row)
    now = datetime.now(UTC)
    if tags:
        store.act(Act(ActKind.TAG, entry, tuple(sorted(tags)), now))
    if note is not None:
        store.act(Act(ActKind.NOTE, entry, (note,), now))
    for edit in row.edits:
        store.act(Act(ActKind.EDIT, entry, editing.journaled(edit.fields), edit.at, edit.by))
