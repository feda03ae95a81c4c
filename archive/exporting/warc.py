"""Export as WARC: the records of the entries' captures, byte for byte, and whatever they refer to.

    entries ─▶ captures wanted, tags and notes     (read once, remembered on disk)
    warc/   ─▶ each stretch with a wanted capture ─▶ its records, checked, copied
                   a revisit's original is copied in front of it where it is not there yet

The export stands alone: other programs replay it, and `backfile rebuild` in a folder whose warc/ holds nothing but this
file makes an archive with the same articles, versions, tags and notes. For the latter the journal records come along;
they are the only ones that may be written anew, where they say how far back a record stands.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO, Protocol

import msgspec

from archive.errors import ArchiveError
from archive.exporting import cdxj, text
from archive.exporting.scratch import Scratch
from archive.exporting.selection import Selection, Stamp
from archive.model import Edit, Entry, Problem
from archive.storage import Act, ActKind, Catalog, Damage, Place, Record
from archive.storage.catalog import editing
from archive.storage.catalog.rows import to_json
from archive.storage.places import catalog_of
from archive.storage.vault import Vault
from archive.storage.warc.http import entity_body
from archive.storage.warc.journal import is_journal
from archive.storage.warc.packing import pack_act
from archive.storage.warc.reader import RecordReader, check_digests
from archive.storage.warc.records import (
    Body,
    BodyNote,
    Pointer,
    decode_journal,
    digest,
    encode_journal,
    member,
    new_id,
    warc_date,
)
from archive.storage.warc.writer import SOFTWARE

_HOLDS_PAGE = frozenset({"response", "resource", "conversion"})


class Sink(Protocol):
    """What is written to."""

    def write(self, data: bytes, /) -> int: ...


def write(selection: Selection, out: BinaryIO, folder: Path, vault: Vault) -> None:
    """One .warc.gz. Damaged records are left out and named in `selection.problems`."""
    with Scratch() as scratch:
        for entry in selection.entries():
            want(selection, entry, scratch)
        copy(selection, scratch, folder, vault, out, "")


def want(selection: Selection, entry: Entry, scratch: Scratch) -> bool:
    """Remember the captures of `entry`, its tags, note and edits; once, however many of its texts come: True then."""
    if not scratch.is_new(entry.id):
        return False
    for capture in selection.archive.captures(entry.id):
        scratch.want(capture.id)
    for tag in entry.tags:
        scratch.note(ActKind.TAGS, entry.id, tag)
    if entry.note:
        scratch.note(ActKind.NOTE, entry.id, entry.note)
    for edit in entry.edits:
        scratch.note(ActKind.EDIT, entry.id, to_json(edit).decode())
    return True


def copy(selection: Selection, scratch: Scratch, folder: Path, vault: Vault, out: Sink, name: str) -> None:
    """Copy what is wanted from the archive in `folder` to `out`; with a `name` also index it in `scratch`."""
    reader = vault.reader
    with Catalog(catalog_of(folder)) as catalog:
        copier = _Copier(reader, catalog, scratch, out, name, selection.problems)
        copier.put(_warcinfo(selection.stamp))
        for file in vault.lengths():
            for record in _wanted(reader, catalog, scratch, file, selection.problems):
                copier.copy(record)
        for act in _acts(scratch, selection.stamp):
            copier.put(pack_act(act))


def _wanted(
    reader: RecordReader, catalog: Catalog, scratch: Scratch, file: str, problems: list[Problem]
) -> Iterator[Record]:
    """The whole records of wanted captures in a WARC file, in order."""
    ids = {offset: capture for offset, (capture, _) in catalog.journal_of(file).items()}
    journals = sorted(ids)  # a capture's records are those up to its journal record
    chosen = frozenset(offset for offset, capture in ids.items() if scratch.wants(capture))
    for start, stop, _ in catalog.stretches(file):
        first = bisect_left(journals, start)
        if not chosen.intersection(journals[first : bisect_left(journals, stop)]):
            continue
        for record in reader.scan(file, start, stop):
            after = bisect_left(journals, record.place.offset)
            if after == len(journals) or journals[after] not in chosen:
                continue
            wrong = record.what if isinstance(record, Damage) else check_digests(record)
            if wrong:
                problems.append(_problem(f"{file} at byte {record.place.offset}", wrong))
            elif isinstance(record, Record) and record.kind != "warcinfo":
                yield record


def _acts(scratch: Scratch, stamp: Stamp) -> Iterator[Act]:
    """Tags, notes and edits as the acts that make them."""
    tags: tuple[str, list[str]] | None = None
    for kind, subject, value in scratch.noted():
        if tags and (kind != ActKind.TAGS or tags[0] != subject):
            yield Act(ActKind.TAGS, tags[0], tuple(tags[1]), stamp.at)
            tags = None
        if kind == ActKind.NOTE:
            yield Act(ActKind.NOTE, subject, (value,), stamp.at)
        elif kind == ActKind.EDIT:
            edit = msgspec.json.decode(value, type=Edit)
            yield Act(ActKind.EDIT, subject, editing.journaled(edit.fields), edit.at, edit.by)
        elif tags:
            tags[1].append(value)
        else:
            tags = subject, [value]
    if tags:
        yield Act(ActKind.TAGS, tags[0], tuple(tags[1]), stamp.at)


@dataclass
class _Copier:
    """Writes members one behind the other, and knows where each stands."""

    reader: RecordReader
    catalog: Catalog
    scratch: Scratch
    out: Sink
    name: str
    problems: list[Problem]
    end: int = 0
    brought: list[Body] = field(default_factory=list)  # originals from outside, since the last journal record

    def put(self, data: bytes) -> None:
        self.out.write(data)
        self.end += len(data)

    def copy(self, record: Record) -> None:
        """The record as it is; a revisit behind its original, a journal record with its pointers set right."""
        if record.kind == "revisit":
            self._original_of(record)
        if is_journal(record):
            self._resources_of(record)
        data = self._bytes_of(record)
        if is_journal(record):
            data = self._pointed(record, data)
        elif record.kind in _HOLDS_PAGE:
            self.scratch.place(record.id, self.end)
        if self.name and (line := cdxj.line(record, self.end, len(data), self.name)):
            self.scratch.index(line)
        self.put(data)

    def _original_of(self, record: Record) -> None:
        refers = (record.field("warc-refers-to") or "").strip("<>").removeprefix("urn:uuid:")
        body = self.catalog.body(record.field("warc-payload-digest") or "")
        if self.scratch.placed(refers) is not None:
            return
        if body is None or body.record_id != refers:
            self.problems.append(_problem(record.field("warc-target-uri") or "", "what it repeats is not there"))
            return
        self._bring(body.place)

    def _resources_of(self, record: Record) -> None:
        """Bring along the resources of a capture that stand in earlier ones."""
        try:
            notes = decode_journal(record.block).resources
        except ValueError:
            return
        for note in notes:
            at = note.at
            if at is not None and at.file is not None and self.scratch.placed(at.record_id) is None:
                self._bring(Place(at.file, at.offset or 0))

    def _bring(self, place: Place) -> None:
        """A record that other captures share, checked, and noted where a later record may repeat its body."""
        try:
            original = self.reader.read(place)
            wrong = check_digests(original)
        except ArchiveError as error:
            wrong = str(error)
        if wrong:
            self.problems.append(_problem(f"{place.file} at byte {place.offset}", wrong))
            return
        self.copy(original)
        message = original.http()
        body = self.catalog.body(digest(entity_body(message) if message else original.block))
        if body is not None and body.record_id == original.id:
            self.brought.append(body)

    def _bytes_of(self, record: Record) -> bytes:
        with self.reader.open(record.place.file) as file:
            file.seek(record.place.offset)
            return file.read(record.end - record.place.offset)

    def _pointed(self, record: Record, data: bytes) -> bytes:
        """The journal record with each pointer counted back from where it stands now."""
        try:
            journal = decode_journal(record.block)
        except ValueError:  # of a newer version: nothing here can read it, another program might
            return data
        content = self._moved(journal.content)
        bodies = tuple(replace(body, at=at) for body in journal.bodies if (at := self._moved(body.at)))
        resources = tuple(replace(note, at=self._moved(note.at)) for note in journal.resources)
        moved = replace(journal, content=content, bodies=(*bodies, *self._notes()), resources=resources)
        if moved == journal:
            return data
        kept = ("warc-target-uri", "content-type", "warc-concurrent-to")
        names = {"warc-target-uri": "WARC-Target-URI", "content-type": "Content-Type"}
        fields = [(names.get(key, "WARC-Concurrent-To"), value) for key, value in record.fields if key in kept]
        return member("metadata", record.id, record.field("warc-date") or "", fields, encode_journal(moved))

    def _notes(self) -> Iterator[BodyNote]:
        """The originals that came along with this capture: in the export it is the one that stored them."""
        for body in self.brought:
            if at := self._moved(Pointer(body.record_id)):
                yield BodyNote(body.digest, body.url, body.date, at)
        self.brought.clear()

    def _moved(self, pointer: Pointer | None) -> Pointer | None:
        at = self.scratch.placed(pointer.record_id) if pointer else None
        return Pointer(pointer.record_id, back=self.end - at) if pointer and at is not None else None


def _warcinfo(stamp: Stamp) -> bytes:
    lines = {
        "software": SOFTWARE,
        "format": "WARC File Format 1.1",
        "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "description": f"Exported {stamp.time} from the archive {stamp.log}; query: {text.line(stamp.asked)}",
    }
    block = "".join(f"{key}: {value}\r\n" for key, value in lines.items()).encode("utf-8", "replace")
    return member("warcinfo", new_id(), warc_date(stamp.at), [("Content-Type", "application/warc-fields")], block)


def _problem(where: str, what: str) -> Problem:
    return Problem("export", where, what, "backfile verify")
