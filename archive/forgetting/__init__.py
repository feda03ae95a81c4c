"""Letting go of articles: what would go (`looking`), and how it goes from every file of the archive (`letting_go`).

What was decided is written down first, without a word of what is to go. Whoever is killed after that is followed by the
next writer, who does the rest: every step can be done twice.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
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


def without_hidden(entries: Sequence[Entry], catalog: Catalog) -> list[Entry]:
    """The entries as they are shown: not those that are hidden, and of sources and of who cites them none that is."""
    sources = {source.id for entry in entries for source in entry.sources if source.id}
    citing = {one.id for entry in entries for one in entry.cited_by}
    hidden = catalog.hidden({*(entry.id for entry in entries), *sources, *citing})
    if not hidden:
        return list(entries)
    return [_without(entry, hidden) for entry in entries if entry.id not in hidden]


def _without(entry: Entry, hidden: Collection[str]) -> Entry:
    shown = tuple(
        replace(one, id=None, title="", outcome=None, detail="", chain=(), final_url=one.link.url)
        if one.id in hidden
        else one
        for one in entry.sources
    )
    return replace(entry, sources=shown, cited_by=tuple(one for one in entry.cited_by if one.id not in hidden))
