"""What the bytes of a stretch of a WARC file say by themselves, without the catalog: verify.py holds one against the
other. So the stretches of many files can be read side by side (verify_apart.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from archive.storage.places import WARC
from archive.storage.warc.journal import is_journal, stored_from
from archive.storage.warc.reader import Damage, Record, RecordReader, check_digests
from archive.storage.warc.records import JournalRecord, Place, decode_journal


@dataclass(frozen=True, slots=True)
class Stretch:
    """Bytes [start, stop) of a file. A record begins at `start`, and a capture's records all stand inside."""

    name: str
    start: int
    stop: int
    ranges: tuple[tuple[int, int], ...] = ()  # of which a digest is wanted


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is not as it was written."""

    where: str
    what: str


@dataclass(frozen=True, slots=True)
class Journaled:
    """The journal entry of a capture, at `offset`."""

    where: str
    offset: int
    capture: str
    url: str
    digest: str | None


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Something of a capture is said to stand in another one's records."""

    where: str
    what: str
    place: Place
    record_id: str


@dataclass(frozen=True, slots=True)
class Revisit:
    """A record that refers to a payload by its digest."""

    where: str
    digest: str


@dataclass(frozen=True, slots=True)
class Digest:
    """The SHA-256 of bytes [start, stop)."""

    start: int
    stop: int
    sha256: bytes


@dataclass(frozen=True, slots=True)
class ReadTo:
    """How far it was read."""

    end: int


Event = Wrong | Journaled | Elsewhere | Revisit | Digest | ReadTo


def look(reader: RecordReader, stretch: Stretch) -> Iterator[Event]:
    """All that there is to know of it, in its order. DamagedError where the file is gone, StorageError."""
    group: dict[str, int] = {}  # of the records since the last journal entry: their offsets, by their ids
    for found in reader.scan(stretch.name, stretch.start, stretch.stop):
        if isinstance(found, Damage):
            size = found.end - found.place.offset
            yield Wrong(place_of(stretch.name, found.place.offset), f"{size} bytes: {found.what}")
        else:
            if wrong := check_digests(found):
                yield Wrong(_of(found), wrong)
            if is_journal(found):
                yield from _journal(found, group)
                group = {}
            else:
                group[found.id] = found.place.offset
                if found.kind == "revisit":
                    yield Revisit(_of(found), found.field("warc-payload-digest") or "")
        yield ReadTo(found.end)
    for start, stop in stretch.ranges:
        yield Digest(start, stop, reader.sha256(stretch.name, start, stop))


def _journal(record: Record, group: dict[str, int]) -> Iterator[Event]:
    try:
        journal = decode_journal(record.block)
    except ValueError as error:
        yield Wrong(_of(record), f"journal record: {error}")
        return
    if journal.capture is None:
        return
    hops = chain(journal.capture.hops, *(note.resource.hops for note in journal.resources))
    missing = [hop.url for hop in hops if hop.record_id and hop.record_id not in group]
    for url in missing:
        yield Wrong(_of(record), f"the response of {url} is not there")
    if not missing:
        yield from _content(record, journal, group)
    capture = journal.capture
    yield Journaled(_of(record), record.place.offset, capture.id, capture.url, capture.digest)


def _content(record: Record, journal: JournalRecord, group: dict[str, int]) -> Iterator[Event]:
    """The payloads of the page and its resources must be where the journal entry says."""
    stored = stored_from(record, journal, 0)
    said = [(one.record_id, one.place, f"its resource {one.resource.url}") for one in stored.resources]
    if journal.content is not None:
        said.insert(0, (journal.content.record_id, stored.content, "its payload"))
    for record_id, place, what in said:
        # Stored before, by another capture, unless it is one of its own.
        if place and group.get(record_id) != place.offset:
            yield Elsewhere(_of(record), what, place, record_id)


def place_of(name: str, offset: int) -> str:
    """As people are told of it."""
    return f"{WARC}/{name} at byte {offset}"


def _of(record: Record) -> str:
    uri = record.field("warc-target-uri")
    about = f"{record.kind} record {record.id}" + (f" of {uri}" if uri else "")
    return f"{place_of(record.place.file, record.place.offset)} ({about})"
