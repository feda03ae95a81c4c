"""What an import says of an item, and what the table of jobs keeps of it: all but the content, as JSON (pure)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

import msgspec

from archive.formats import Item, Origin, Reject
from archive.model import Edit, News, Outcome, Stated
from archive.storage import JobItem, JobState
from archive.storage.catalog.rows import to_json

_STARRED = "starred"
_UNREAD = "unread"


@dataclass(frozen=True, slots=True)
class Row:
    """An item without its content, or a bad row with its reason."""

    file: str = ""
    line: int | None = None
    format: str = ""
    url: str = ""
    title: str = ""
    published: str = ""  # ISO 8601
    added: datetime | None = None
    tags: tuple[str, ...] = ()
    folder: tuple[str, ...] = ()
    note: str = ""
    starred: bool = False
    read: bool | None = None
    reason: str = ""
    raw: str = ""
    lost: bool = False  # it would have been content
    edits: tuple[Edit, ...] = ()
    remarks: tuple[str, ...] = ()  # what it was taken in without


@dataclass(frozen=True, slots=True)
class Imported:
    """One item of an import that has come to its end, safely recorded. `id` is the entry's, "" where there is none.

    `lost`: content that the file holds could not be taken over. `remark`: it is no item that has come to its end, but
    what is to be known of its file (number 0), or what a row (with the number of its item) was taken in without, said
    in `detail`. Lists of a job have no remarks of their own: those on an item are its `remarks`.
    """

    job: int
    n: int
    state: JobState
    url: str
    id: str
    outcome: Outcome | None
    detail: str
    title: str
    file: str
    line: int | None
    new_version: bool = False
    lost: bool = False
    news: News | None = None  # None: nobody knows any more
    remark: bool = False
    remarks: tuple[str, ...] = ()


_decoder = msgspec.json.Decoder(Row)


def of_item(item: Item) -> Row:
    """What is kept of an item."""
    origin = item.origin
    return Row(
        origin.file, origin.line, origin.format, item.url, item.title,
        item.published.isoformat() if item.published else "", item.added,
        item.tags, (item.folder,) if item.folder else (), item.note, item.starred, item.read, edits=item.edits,
        remarks=item.remarks,
    )  # fmt: skip


def of_reject(reject: Reject) -> Row:
    """What is kept of a bad row."""
    return Row(
        reject.origin.file,
        reject.origin.line,
        reject.origin.format,
        reason=reject.reason,
        raw=reject.raw,
        lost=reject.lost,
    )


def encoded(row: Row) -> str:
    return to_json(row).decode()


def decoded(text: str) -> Row:
    return _decoder.decode(text)


def merged(first: Row, second: Row) -> Row:
    """Two rows of one item as one: tags and folders joined, the earlier dates, both notes, the first title."""
    return replace(
        first,
        title=first.title or second.title,
        published=min(filter(None, (first.published, second.published)), default=""),
        added=min(filter(None, (first.added, second.added)), default=None),
        tags=tuple(dict.fromkeys(first.tags + second.tags)),
        folder=tuple(dict.fromkeys(first.folder + second.folder)),
        note=first.note if second.note in first.note else f"{first.note}\n\n{second.note}".strip(),
        edits=(*first.edits, *(edit for edit in second.edits if edit not in first.edits)),
        remarks=tuple(dict.fromkeys(first.remarks + second.remarks)),
        starred=first.starred or second.starred,
        read=first.read if second.read is None else second.read if first.read is None else first.read or second.read,
    )


def stated_in(item: JobItem) -> Stated | None:
    """What the row of an item states about the page at its address."""
    row = decoded(item.item)
    if not (row.title or row.published):
        return None
    if len(row.published) <= len("2025-01-31"):
        return Stated(row.title, published_on=date.fromisoformat(row.published) if row.published else None)
    at = datetime.fromisoformat(row.published)
    return Stated(row.title, published=at, published_on=at.date())


def tags_of(row: Row) -> frozenset[str]:
    """The tags that the entry gets: the item's own, its folders as paths, and marks as words."""
    marks = [_STARRED] * row.starred + [_UNREAD] * (row.read is False)
    return frozenset(filter(None, (tag.strip() for tag in (*row.tags, *row.folder, *marks))))


def imported(job: int, item: JobItem, row: Row, detail: str, outcome: Outcome | None) -> Imported:
    """An item of a job that has come to its end."""
    return Imported(
        job, item.n, item.state, row.url, item.entry or "", outcome, detail, row.title, row.file, row.line,
        lost=row.lost, remarks=row.remarks,
    )  # fmt: skip


def remarked(job: int, origin: Origin, said: str, n: int = 0, url: str = "") -> Imported:
    """What is to be known of a file, or of the row of item `n`."""
    return Imported(
        job, n, JobState.DONE, url, "", None, said, "", origin.file, origin.line, news=News.NOTHING, remark=True
    )


def recalled(job: int, item: JobItem) -> Imported:
    """What the table says of an item."""
    return imported(job, item, decoded(item.item), item.detail, None)
