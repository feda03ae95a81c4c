"""What becomes of the rows of the catalog: facts in, decisions out, all of them plain values (pure).

A capture changes the entry that it belongs to, where its addresses lead, and which texts the entry has carried. What is
decided here is read from the facts of a batch, seen through what the batch has decided before (view.py).
Texts are as the catalog stores them (rows.text), times ISO 8601 in UTC, so that their order is that of time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum, auto

from archive import urls
from archive.model import Capture, Edit, Method, Version
from archive.storage.catalog import editing, rows
from archive.storage.warc.records import Stored

# -- facts -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EntryRow:
    """A row of the table entries, in the order of its columns."""

    num: int
    id: str
    key: str
    url: str
    final_url: str
    outcome: str
    detail: str
    media_type: str
    depth: int
    first_captured: str
    last_captured: str
    title: str = ""
    version: int = 0  # number of the current version; 0: none yet
    changes: str = ""
    capture: str = ""
    note: str = ""
    added_by: str = ""
    edits: str = ""  # rows.edits


@dataclass(frozen=True, slots=True)
class Latest:
    """What the latest capture of a URL showed, and when it is placed."""

    outcome: str
    detail: str
    final_url: str
    chain: tuple[str, ...]
    placed: str


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version of an entry. `num` stays when its number among the versions does not."""

    num: int
    entry: int
    version: Version


@dataclass(frozen=True, slots=True)
class CaptureRow:
    """A capture, its place in the order of captures, and its entry."""

    seq: int
    entry: int
    placed: str
    stored: Stored


@dataclass(frozen=True, slots=True)
class LastNumbers:
    """The highest numbers in use; 0 where a table is empty."""

    entry: int = 0
    capture: int = 0
    version: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """What is held on some keys and entries. `entries` are those asked for, and those that the keys asked for lead to.

    `aliases` are the keys asked for and all keys of the entries; `latest` is of the keys asked for; `placed` is when
    the newest capture of an entry is placed; `articles` are the stored texts of current versions, by VersionRow.num.
    """

    entries: Sequence[EntryRow] = ()
    aliases: Sequence[tuple[str, int]] = ()
    latest: Sequence[tuple[str, Latest]] = ()
    placed: Sequence[tuple[int, str]] = ()
    versions: Sequence[VersionRow] = ()  # by number
    articles: Sequence[tuple[int, bytes]] = ()
    links: Sequence[tuple[int, str]] = ()  # entry and key, in the order of the links
    tags: Sequence[tuple[int, str]] = ()


# -- decisions ---------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Decided:
    """What a batch writes, in this order. Rows are put in the place of those with their number or key.

    `links` and `tags` are all that an entry has from now on. `merged` entries (old, new) hand over their captures.
    """

    entries: list[EntryRow] = field(default_factory=list)
    captures: list[CaptureRow] = field(default_factory=list)
    aliases: list[tuple[str, int]] = field(default_factory=list)
    versions: list[VersionRow] = field(default_factory=list)
    articles: dict[int, bytes] = field(default_factory=dict)  # by VersionRow.num: those that are new or another
    links: dict[int, tuple[str, ...]] = field(default_factory=dict)
    tags: dict[int, frozenset[str]] = field(default_factory=dict)
    short_links: list[tuple[str, str, str, str]] = field(default_factory=list)  # key, short, long, at
    merged: list[tuple[int, int]] = field(default_factory=list)
    removed: list[int] = field(default_factory=list)


class Lead(Enum):
    """What becomes of a key that a capture of an entry passed through."""

    THERE = auto()  # leads to the entry already
    NEW = auto()  # leads to it from now on
    TAKEN = auto()  # led to another entry, and leads to this one from now on
    STAYS = auto()  # leads to another entry since after this capture
    OWNED = auto()  # is the own key of an entry that has a text
    MERGED = auto()  # is the own key of an entry without a text, which turns out to be this one


# -- entries -----------------------------------------------------------------------------------------------------------


def new_entry(num: int, key: str, capture: Capture) -> EntryRow:
    """The entry that a capture begins."""
    at = rows.time_text(capture.at)
    return EntryRow(
        num, urls.entry_id(key), key, rows.text(capture.url), rows.text(capture.final_url), capture.outcome.value,
        rows.text(capture.detail), rows.text(capture.media_type or ""), capture.depth, at, at,
        added_by=rows.text(capture.added_by),
    )  # fmt: skip


def captured_again(entry: EntryRow, capture: Capture, *, older: bool) -> EntryRow:
    """The entry after a further capture. `older`: the capture is from before its latest one (`is_older`)."""
    at = rows.time_text(capture.at)
    entry = replace(entry, depth=min(entry.depth, capture.depth), first_captured=min(entry.first_captured, at))
    if not older:
        entry = replace(entry, outcome=capture.outcome.value, detail=rows.text(capture.detail), last_captured=at)
    if not _shows_address(entry, capture, older=older):
        return entry
    kind = entry.media_type if capture.media_type is None else rows.text(capture.media_type)
    return replace(entry, final_url=rows.text(capture.final_url), media_type=kind)


def _shows_address(entry: EntryRow, capture: Capture, *, older: bool) -> bool:
    """Whether the entry's address and type are those of the capture: of a text, those of the latest that showed it."""
    if entry.version:
        return not older and capture.outcome.has_content
    return not older or capture.outcome.has_content


def is_older(capture: Capture, placed: str) -> bool:
    """Whether an import brings a capture from before the entry's newest one, which is placed then ("": none is)."""
    return capture.method is Method.IMPORT and rows.time_text(capture.at) < placed


def placed(capture: Capture, of_entry: str, of_key: str) -> str:
    """The time by which a capture is ordered: its own, but what was fetched never stands before what was there.

    `of_entry` and `of_key`: when the newest capture of its entry, and of its URL, is placed; "" where there is none.
    """
    at = rows.time_text(capture.at)
    return at if capture.method is Method.IMPORT else max(at, of_entry, of_key)


def as_latest(capture: Capture, placed: str) -> Latest:
    """What a capture shows of its URL."""
    chain = tuple(rows.text(hop.url) for hop in capture.hops)
    return Latest(capture.outcome.value, rows.text(capture.detail), rows.text(capture.final_url), chain, placed)


def shows_otherwise(before: Latest | None, now: Latest) -> bool:
    """Whether a link to the URL of a capture shows something else after it."""
    return before is None or (now.placed >= before.placed and replace(now, placed=before.placed) != before)


def entry_shows_otherwise(before: EntryRow, capture: Capture, *, older: bool) -> bool:
    """Whether those that cite the entry show something else of it after a further capture."""
    shown = capture.outcome.value, rows.text(capture.detail), rows.text(capture.final_url)
    return not older and shown != (before.outcome, before.detail, before.final_url)


def lead(key: str, num: int, holder: EntryRow | None, *, since: str, placed: str) -> Lead:
    """What becomes of a key that leads to `holder`, where a capture of entry `num`, placed then, passed through it.

    `since`: when the newest capture of that URL is placed.
    """
    if holder is None:
        return Lead.NEW
    if holder.num == num:
        return Lead.THERE
    if holder.key == key:
        return Lead.OWNED if holder.version else Lead.MERGED
    return Lead.STAYS if since > placed else Lead.TAKEN


def merged(entry: EntryRow, old: EntryRow) -> EntryRow:
    """The entry with what was known of `old`, which turned out to be this one."""
    first = min(entry, old, key=lambda row: row.first_captured)
    entry = entry if entry.edits else with_edits(entry, entry.title, rows.edits(old.edits))
    return replace(
        entry, depth=min(entry.depth, old.depth), first_captured=first.first_captured, added_by=first.added_by,
        note=entry.note or old.note,
    )  # fmt: skip


def with_edits(entry: EntryRow, title: str, edits: tuple[Edit, ...]) -> EntryRow:
    """The entry with these edits laid over what was read, of which `title` is the title."""
    return replace(entry, edits=rows.edits_text(edits), title=rows.text(editing.title_of(edits, title)))


def showing(entry: EntryRow, version: Version, versions: Sequence[VersionRow]) -> EntryRow:
    """The entry with `version` as its current one; `changes` are those of all its versions."""
    changes = frozenset[str]().union(*(row.version.changes for row in versions))
    return replace(entry, version=version.number, capture=version.capture_id, changes=rows.lines(changes))


# -- versions: the texts that a page carried, numbered in the order of time --------------------------------------------


def around(versions: Sequence[VersionRow], capture: Capture) -> tuple[VersionRow | None, VersionRow | None]:
    """Between which versions a capture stands; one and the same twice where it was seen on both sides.

    What was fetched comes last, whatever its clock says. What an import brings has a time of its own.
    """
    if capture.method is not Method.IMPORT:
        return (versions[-1] if versions else None), None
    begun = [row for row in versions if row.version.first_seen <= capture.at]
    before = begun[-1] if begun else None
    if before is not None and before.version.last_seen > capture.at:
        return before, before
    following = before.version.number + 1 if before else 1
    return before, next((row for row in versions if row.version.number == following), None)


def seen(version: Version, capture: Capture) -> Version:
    """A version that a capture shows again. Clocks go back, so only an import makes it older."""
    first = min(version.first_seen, capture.at) if capture.method is Method.IMPORT else version.first_seen
    return replace(version, first_seen=first, last_seen=max(version.last_seen, capture.at))


def read_again(before: Version, now: Version) -> Version:
    """A version in the place of one with its number: the text was first seen when it was."""
    return replace(now, first_seen=before.first_seen)


def as_stored(version: Version) -> Version:
    """With texts as the catalog holds them."""
    return replace(
        version, title=rows.text(version.title), text_digest=rows.text(version.text_digest),
        removed=rows.passages(rows.text("\n".join(version.removed))),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Split:
    """Where a text came between two sightings of another: the end of its first part, and its second part's beginning.

    `capture_id` is the capture that the second part begins with.
    """

    end: datetime
    capture_id: str
    begin: datetime


def split(whole: Version, earlier: datetime | None, later: tuple[str, datetime] | None) -> Split:
    """`earlier` and `later`: the nearest captures of the entry that showed its page, before and after the new text."""
    capture_id, begin = later or (whole.capture_id, whole.last_seen)
    return Split(earlier or whole.first_seen, capture_id, begin)


def inserted(
    versions: Sequence[VersionRow], number: int, behind: Version, apart: Split | None
) -> tuple[list[VersionRow], Version | None]:
    """Room for a new version of that number: the rows that change, and the version behind it where it is a new row.

    `behind` is the version after the new one, as it differs from it. `apart`: the new one stands in the middle of it.
    """
    by = 2 if apart else 1
    moved = [
        replace(row, version=replace(row.version, number=row.version.number + by))
        for row in versions
        if row.version.number >= number
    ]
    following = replace(behind, number=number + 1)
    if apart is None:
        first = moved[0]
        return [replace(first, version=read_again(first.version, following)), *moved[1:]], None
    whole = next(row for row in versions if row.version.number == behind.number)
    cut = replace(whole, version=replace(whole.version, last_seen=apart.end))
    return [cut, *moved], replace(following, capture_id=apart.capture_id, first_seen=apart.begin)


@dataclass(slots=True)
class Cited:
    """What an entry linked to when the transaction began, and what it links to now; `all`: it shows another title."""

    before: tuple[str, ...]
    after: tuple[str, ...] = ()
    all: bool = False

    def shown(self, led: Mapping[str, tuple[int, str]]) -> set[tuple[int, str]]:
        """The entries that show something else of it."""
        before, after = ({led[key] for key in keys if key in led} for keys in (self.before, self.after))
        return before | after if self.all else before ^ after
