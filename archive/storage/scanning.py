"""Where in warc/ the records of captures, and the acts on entries, stand: one pass over every file."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from archive.storage.acts import ActKind
from archive.storage.shelves import Records
from archive.storage.warc.journal import is_journal, is_tombstone, stored_from
from archive.storage.warc.reader import Damage, Record
from archive.storage.warc.records import Act, Body, JournalRecord, Place, decode_journal
from archive.storage.warc.tombstones import Region, Stays

_HOLDS_PAYLOAD = frozenset({"response", "resource", "conversion"})
_SHORT = 64 * 2**10  # bytes of a block that may be the head of an answer


@dataclass(slots=True)
class Found:
    """Regions by file, the bodies that stay in them, and the digests of those that do not."""

    regions: dict[str, list[Region]] = field(default_factory=dict)
    bodies: list[Body] = field(default_factory=list)
    digests: set[str] = field(default_factory=set)
    size: int = 0


@dataclass(slots=True)
class _Repeat:
    """A record of another capture that repeats a payload."""

    url: str
    date: str
    head: bytes


class Scan:
    """Finds everything that belongs to some entries."""

    def __init__(self, reader: Records, captures: Collection[str], entries: Collection[str]) -> None:
        """`captures`: ids of their captures; `entries`: their ids, by which acts name them."""
        self._reader = reader
        self._captures = frozenset(captures)
        self._entries = frozenset(entries)
        self._spans: list[tuple[str, int, int]] = []
        self._theirs: dict[str, tuple[Place, int]] = {}  # by id: records with a payload, and where each ends
        self._bodies: dict[str, Body] = {}  # by record id: payloads that they stored first
        self._repeated: dict[str, _Repeat] = {}  # by record id
        self._shown: set[str] = set()  # ids of records that other captures show without repeating them

    def run(self, lengths: Mapping[str, int]) -> Found:
        """All files, in the order in which they were begun, up to these lengths."""
        for name, length in lengths.items():
            self._file(name, length)
        return self._found()

    def _file(self, name: str, length: int) -> None:
        begin = 0
        group: list[Record] = []
        for record in self._reader.scan(name, 0, length):
            if isinstance(record, Damage):
                continue
            if record.kind == "warcinfo" or is_tombstone(record):
                begin = record.end
            elif is_journal(record):
                self._journal(record, begin, group)
                begin = record.end
                group = []
            else:
                group.append(_light(record))

    def _journal(self, record: Record, begin: int, group: list[Record]) -> None:
        try:
            journal = decode_journal(record.block)
        except ValueError:
            return  # of a newer version: `verify` tells it
        if self._is_theirs(journal):
            self._spans.append((record.place.file, begin, record.end))
            if journal.capture:
                self._theirs |= {one.id: (one.place, one.end) for one in group if one.kind in _HOLDS_PAYLOAD}
                self._bodies |= {body.record_id: body for body in stored_from(record, journal, begin).bodies}
            return
        self._shown |= {
            note.at.record_id for note in journal.resources if note.at and note.at.record_id in self._theirs
        }
        for one in group:
            refers = (one.field("warc-refers-to") or "").strip("<>").removeprefix("urn:uuid:")
            if one.kind == "revisit" and refers in self._theirs and refers not in self._repeated:
                uri, date = one.field("warc-target-uri") or "", one.field("warc-date") or ""
                self._repeated[refers] = _Repeat(uri, date, one.block)

    def _is_theirs(self, journal: JournalRecord) -> bool:
        if journal.capture:
            return journal.capture.id in self._captures
        return journal.act is not None and _is_of(journal.act, self._entries)

    def _found(self) -> Found:
        found = Found()
        stays: dict[str, list[Stays]] = {}
        for record_id, (place, end) in self._theirs.items():
            body, repeat = self._bodies.get(record_id), self._repeated.get(record_id)
            if repeat is None and record_id not in self._shown:
                found.digests |= {body.digest} if body else set()
                continue
            if repeat is not None:
                one = Stays(place.offset, end, record_id, repeat.url, repeat.date, repeat.head)
                body = body and Body(body.digest, record_id, repeat.url, repeat.date, body.place)
            else:
                one = Stays(place.offset, end, record_id)
            found.bodies += [body] if body else []
            stays.setdefault(place.file, []).append(one)
        for name, start, end in _joined(self._spans):
            inside = sorted(
                (one for one in stays.get(name, ()) if start <= one.offset < end), key=lambda one: one.offset
            )
            found.regions.setdefault(name, []).append(Region(start, end, tuple(inside)))
            found.size += end - start
        return found


def _is_of(act: Act, entries: Collection[str]) -> bool:
    return act.subject in entries and act.kind not in (ActKind.FORGET, ActKind.DELETE)


def _light(record: Record) -> Record:
    """Without its block, unless that may be the head of an answer that repeats a payload."""
    if record.kind == "revisit" and len(record.block) <= _SHORT:
        return record
    return Record(record.place, record.end, record.kind, record.fields, b"")


def _joined(spans: list[tuple[str, int, int]]) -> Iterator[tuple[str, int, int]]:
    """Spans that touch as one."""
    held: tuple[str, int, int] | None = None
    for name, start, end in sorted(spans):
        if held and held[0] == name and held[2] == start:
            held = name, held[1], end
            continue
        if held:
            yield held
        held = name, start, end
    if held:
        yield held
