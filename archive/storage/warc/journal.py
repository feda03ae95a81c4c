"""What warc/ says happened, in the order it was written: captures, acts, and the damage between them.

Reads journal records only in so far as they are whole; memory holds one record at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from archive.storage.warc.packing import stored_from
from archive.storage.warc.reader import Damage, Record, WarcReader
from archive.storage.warc.records import JOURNAL_TYPE, Act, Stored, decode_journal


@dataclass(frozen=True, slots=True)
class Journaled:
    """One whole journal entry: what it tells, and where the bytes that belong to it begin and end."""

    item: Stored | Act
    file: str
    start: int
    end: int


def entries(reader: WarcReader, file: str, start: int = 0) -> Iterator[Journaled | Damage]:
    """The journal entries of one WARC file from byte `start` on, and its damage.

    `start` must be where a record begins. An entry that this version cannot read comes as Damage.
    """
    begin = start
    there: set[int] = set()  # where the records since the last entry begin
    for found in reader.scan(file, start):
        if isinstance(found, Damage):
            yield found
            continue
        if not is_journal(found):
            there.add(found.place.offset)
            if found.kind == "warcinfo":
                begin = found.end
            continue
        try:
            journal = decode_journal(found.block)
        except ValueError as error:
            yield Damage(found.place, found.end, f"journal record: {error}")
        else:
            item = journal.act or (_whole(stored_from(found, journal, begin), there) if journal.capture else None)
            if item is None:
                yield Damage(found.place, found.end, "journal record: tells nothing")
            else:
                yield Journaled(item, file, begin, found.end)
        begin = found.end
        there.clear()


def _whole(stored: Stored, there: set[int]) -> Stored:
    """`stored` without the bodies that damage took: nothing stored later may refer to them."""
    bodies = tuple(body for body in stored.bodies if body.place.offset in there)
    return stored if len(bodies) == len(stored.bodies) else replace(stored, bodies=bodies)


def is_journal(record: Record) -> bool:
    """Whether the record is one of our journal entries."""
    return record.kind == "metadata" and record.field("content-type") == JOURNAL_TYPE
