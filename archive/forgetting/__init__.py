"""Letting go of articles: what would go (`looking`), and how it goes from every file of the archive (`letting_go`).

What was decided is written down first, without a word of what is to go. Whoever is killed after that is followed by the
next writer, who does the rest: every step can be done twice.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from archive.model import Entry
from archive.storage.places import FORGETTING

if TYPE_CHECKING:
    from archive.storage import Catalog


def is_pending(folder: Path) -> bool:
    """Whether somebody was interrupted while letting go."""
    return (folder / FORGETTING).exists()


def without_hidden(entry: Entry, catalog: Catalog) -> Entry | None:
    """The entry as it is shown: None where it is hidden, and of its sources and of who cites it nothing that is."""
    sources = {source.id for source in entry.sources if source.id}
    hidden = catalog.hidden({entry.id, *sources, *(one.id for one in entry.cited_by)})
    if not hidden:
        return entry
    if entry.id in hidden:
        return None
    shown = tuple(
        replace(one, id=None, title="", outcome=None, detail="", chain=(), final_url=one.link.url)
        if one.id in hidden
        else one
        for one in entry.sources
    )
    return replace(entry, sources=shown, cited_by=tuple(one for one in entry.cited_by if one.id not in hidden))
