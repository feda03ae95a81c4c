"""What warc/ says happened, in the order it was written: captures, acts, and the damage between them.

Reads journal records only in so far as they are whole; memory holds one record at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from archive.storage.warc.reader import Damage, Record
from archive.storage.warc.records import (
    JOURNAL_TYPE,
    TOMBSTONE_TYPE,
    Act,
    Body,
    JournalRecord,
    Place,
    Pointer,
    Stored,
    StoredResource,
    decode_journal,
)


@dataclass(frozen=True, slots=True)
class Journaled:
    """One whole journal entry: what it tells, and where the bytes that belong to it begin and end."""

    item: Stored | Act
    file: str
    start: int
    end: int


class Scans(Protocol):
    """Whatever reads the records of a file in their order (reader.WarcReader)."""

    def scan(self, name: str, start: int = 0, stop: int | None = None) -> Iterator[Record | Damage]: ...


def entries(reader: Scans, file: str, start: int = 0) -> Iterator[Journaled | Damage]:
    """The journal entries of one WARC file from byte `start` on, and its damage.

    `start` must be where a record begins. An entry that this version cannot read comes as Damage.
    """
    begin = start
    there: set[int] = set()  # where the records since the last entry begin
    for found in reader.scan(file, start):
        if isinstance(found, Damage):
            yield found
        elif is_journal(found):
            yield _entry(found, begin, there)
            begin = found.end
            there.clear()
        else:
            there.add(found.place.offset)
            begin = found.end if found.kind == "warcinfo" or is_tombstone(found) else begin


def _entry(record: Record, begin: int, there: set[int]) -> Journaled | Damage:
    """What a journal record tells; the records that belong to it begin at `begin`, and those in `there` are whole."""
    try:
        journal = decode_journal(record.block)
    except ValueError as error:
        return Damage(record.place, record.end, f"journal record: {error}")
    if journal.act:
        return Journaled(journal.act, record.place.file, begin, record.end)
    if journal.capture:
        item = _whole(stored_from(record, journal, begin), there)
        return Journaled(item, record.place.file, begin, record.end)
    return Damage(record.place, record.end, "journal record: tells nothing")


def _whole(stored: Stored, there: set[int]) -> Stored:
    """`stored` without the bodies and resources that damage took: nothing stored later may refer to them."""
    bodies = tuple(body for body in stored.bodies if body.place.offset in there)
    if len(bodies) == len(stored.bodies):
        return stored
    resources = tuple(
        replace(one, record_id="", place=None) if _is_lost(one.place, stored, there) else one
        for one in stored.resources
    )
    return replace(stored, bodies=bodies, resources=resources)


def _is_lost(place: Place | None, stored: Stored, there: set[int]) -> bool:
    own = place is not None and place.file == stored.file and stored.start <= place.offset < stored.journal
    return own and place is not None and place.offset not in there


def is_tombstone(record: Record) -> bool:
    """Whether the record stands for others that were let go."""
    return record.kind == "metadata" and record.field("content-type") == TOMBSTONE_TYPE


def is_journal(record: Record) -> bool:
    """Whether the record is one of our journal entries."""
    return record.kind == "metadata" and record.field("content-type") == JOURNAL_TYPE


def stored_from(record: Record, journal: JournalRecord, start: int) -> Stored:
    """What `pack_…` returned for the capture whose journal record this is; `start` is where its first record begins."""
    assert journal.capture is not None
    content = _place(record, journal.content) if journal.content else None
    bodies = (
        Body(note.digest, note.at.record_id, note.url, note.date, _place(record, note.at)) for note in journal.bodies
    )
    resources = (
        StoredResource(note.resource, note.at.record_id, _place(record, note.at))
        if note.at
        else StoredResource(note.resource)
        for note in journal.resources
    )
    file, offset = record.place.file, record.place.offset
    return Stored(journal.capture, file, start, offset, record.end, content, tuple(bodies), tuple(resources))


def _place(record: Record, pointer: Pointer) -> Place:
    if pointer.back is not None:
        return Place(record.place.file, record.place.offset - pointer.back)
    return Place(pointer.file or "", pointer.offset or 0)
