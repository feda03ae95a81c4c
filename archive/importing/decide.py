"""What becomes of an imported row, and of what was asked for (pure): facts in, decision out.

The job knows it already: what it says more is added · it cannot be read: rejected · only marks: put on the entry that
is there · nothing that could be stored, or too little of it: asked for by its address · the archive has it: marked ·
else it is stored, as is a text that an import brought before in other words.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from archive.formats import Item, Reject
from archive.importing.rows import Row, decoded, merged, of_item, of_reject, tags_of
from archive.jobs.decide import state_of, told
from archive.model import Capture
from archive.storage import JobItem, JobState
from archive.storage.catalog.tags import without
from archive.urls import site_of

HAS_TEXT = "the archive has a text of this page: only tags and note are added"
HAS_CAPTURE = "was in the archive already"
BRING_BACK = "import it with --again to bring it back"
NO_ENTRY = "tags or a note for a page that is not in the archive"


_TEASER = 40  # bytes: a sentence has more; "Read on", a headline's first words have not


class Fate(Enum):
    """What is done with a row."""

    NOTHING = "nothing"
    MERGE = "merge"  # into the item that the job has: `known` as it is from now on
    WAIT = "wait"  # until its address is asked for
    REJECT = "reject"
    MARK = "mark"  # the entry that is there; not reported
    HAVE = "have"  # as MARK, and reported as unchanged
    STORE = "store"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known when a row's turn has come.

    `known`: the item of the job with its key. `entry`: what its address leads to, and whether that `has_text`.
    `captured`: the entry that has this very capture. `storable`: something of it could be stored. `unreadable`: what
    could be stored is no article. `fetch`: whether the network may be asked.
    """

    found: Item | Reject
    known: JobItem | None = None
    entry: str | None = None
    has_text: bool = False
    captured: str | None = None
    storable: bool = False
    unreadable: bool = False
    fetch: bool = True
    let_go: str = ""  # that it was let go before, in words
    is_changed: bool = False  # the entry's text came by an import as well, and was another one


@dataclass(frozen=True, slots=True)
class Decision:
    """What is done with a row, and what its job notes of it."""

    fate: Fate
    row: Row
    detail: str = ""
    entry: str | None = None  # that is marked
    short_links: tuple[tuple[str, str], ...] = ()  # kept whatever its fate


def of_row(facts: Facts) -> Decision:
    """What becomes of a row."""
    found = facts.found
    if facts.known is not None:
        return _again(facts.known, of_reject(found) if isinstance(found, Reject) else of_item(found))
    if isinstance(found, Reject):
        return Decision(Fate.REJECT, of_reject(found), found.reason)
    if facts.let_go:
        origin = found.origin
        return Decision(Fate.REJECT, Row(origin.file, origin.line, origin.format), f"{facts.let_go}; {BRING_BACK}")
    return _of_new(facts, found)


def _of_new(facts: Facts, found: Item) -> Decision:
    """An item that its job did not have before."""
    row, links = of_item(found), found.short_links
    if found.only_marks:
        fate, detail = _of_marks(row, facts.entry)
        return Decision(fate, row, detail, facts.entry, links)
    if not facts.storable or (facts.fetch and (is_teaser(found) or (facts.unreadable and _came_as_text(found)))):
        return Decision(Fate.WAIT, row, short_links=links)
    if facts.entry is not None and facts.has_text and not facts.is_changed and _is_only_text(found):
        return Decision(Fate.HAVE, row, HAS_TEXT, facts.entry, links)
    if facts.captured is not None:
        return Decision(Fate.HAVE, row, HAS_CAPTURE, facts.captured, links)
    return Decision(Fate.STORE, row, short_links=links)


def of_capture(capture: Capture) -> tuple[JobState, str]:
    """The state of an item that was stored, and what its job notes of it."""
    return state_of(capture.outcome), told(capture.outcome, capture.detail)


def marks(tags: frozenset[str], note: str, row: Row) -> tuple[frozenset[str], str | None]:
    """The tags that an entry with `tags` and `note` gets more by a row, and its new note; None: it stays."""
    more = f"{note}\n\n{row.note}".strip() if row.note and row.note not in note else None
    return without(tags_of(row), tags), more


def _again(known: JobItem, row: Row) -> Decision:
    """The same item a second time."""
    before = decoded(known.item)
    now = merged(before, row)
    if known.state is JobState.REJECTED or now == before:
        return Decision(Fate.NOTHING, before)
    return Decision(Fate.MERGE, now, entry=known.entry)


def _of_marks(row: Row, entry: str | None) -> tuple[Fate, str]:
    if entry is not None:
        return Fate.MARK, ""
    return (Fate.REJECT, NO_ENTRY) if tags_of(row) or row.note or row.edits else (Fate.NOTHING, "")


def is_teaser(item: Item) -> bool:
    """Whether a text is too little to stand for the page at its address, where that can be asked for."""
    if not item.text or item.html or item.payload or item.exchanges or site_of(item.url).endswith(".invalid"):
        return False
    return len(item.text.encode("utf-8", "replace").strip()) < _TEASER  # bytes: a character of Chinese says more


def _came_as_text(item: Item) -> bool:
    return bool(item.text or item.html)


def _is_only_text(item: Item) -> bool:
    """What was served weighs more."""
    return _came_as_text(item) and not (item.payload or item.exchanges)
