"""WARC files that Backfile wrote or exported: whole captures as the journal tells them, with what their pages are shown
with, and the tags, notes and edits on them.

A foreign reader sees pages; the journal records say which requests belong together, what each hop was, and which entry
a tag is on. Nothing in them is believed about bytes: records are found by id within the file, digests are checked.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from archive.errors import UsageError
from archive.formats.item import Item, Origin, Reject
from archive.formats.moments import instant
from archive.formats.opening import ImportFile
from archive.formats.segments import Segments
from archive.formats.warc_records import BadRecord, ForeignRecord, wrong_digest
from archive.model import Capture, Edit, Exchange, Fetched, Hop, HopKind, Method, Request, ResourceLink
from archive.storage.acts import ActKind
from archive.storage.catalog import editing
from archive.storage.catalog.tags import tag_key
from archive.storage.warc.http import Message, decode_content, entity_body, media_type, parse_response
from archive.storage.warc.packing import Brought, Saved
from archive.storage.warc.records import JOURNAL_TYPE, Act, JournalRecord, ResourceNote, decode_journal
from archive.urls import entry_id, key

_MAX_PENDING = 2**28  # bytes of records that wait for their journal record
_MAX_BODIES = 2**26  # bytes of bodies that a later record may repeat
_MAX_ENTRIES = 2_000_000
_OF_ENTRIES = (ActKind.TAGS, ActKind.TAG, ActKind.UNTAG, ActKind.NOTE, ActKind.EDIT, ActKind.UNEDIT)
_SOFTWARE = "software: backfile "


def is_own(record: ForeignRecord | BadRecord) -> bool:
    """Whether the file that begins with this record, or has it, was written by us."""
    if isinstance(record, BadRecord):
        return False
    is_journal = record.kind == "metadata" and record.fields.get("content-type") == JOURNAL_TYPE
    return is_journal or (record.kind == "warcinfo" and _SOFTWARE.encode() in record.block[:4096])


@dataclass(slots=True)
class _Marks:
    """What a person said of an entry, as far as it holds: what was taken away again or replaced is gone."""

    origin: Origin
    at: datetime | None = None
    tags: dict[str, str] = field(default_factory=dict)  # as written, by their keys
    note: str = ""
    edits: dict[str, Edit] = field(default_factory=dict)  # by when they were made

    def add(self, act: Act) -> None:
        """One more act, later than those before."""
        self.at = self.at or act.at
        if act.kind is ActKind.NOTE:
            self.note = "".join(act.values[:1])
        elif act.kind is ActKind.EDIT:
            self.edits[act.at.isoformat()] = Edit(act.at, act.by, editing.read(act.values))
        elif act.kind is ActKind.UNEDIT:
            for at in act.values:
                self.edits.pop(at, None)
        else:
            if act.kind is ActKind.TAGS:
                self.tags.clear()
            for tag in act.values:
                if act.kind is ActKind.UNTAG:
                    self.tags.pop(tag_key(tag), None)
                else:
                    self.tags.setdefault(tag_key(tag), tag)

    def on(self, url: str) -> Item | Reject:
        """All of it on the entry of `url`; "": there is none in the file."""
        tags, edits = tuple(self.tags.values()), tuple(self.edits.values())
        if url:
            return Item(url, self.origin, tags=tags, note=self.note, edits=edits, added=self.at, only_marks=True)
        kinds = [name for name, there in (("tags", tags), ("a note", self.note), ("edits", edits)) if there]
        said = "; ".join([*tags, *([self.note] if self.note else []), *(repr(edit.fields) for edit in edits)])
        return Reject(self.origin, f"{', '.join(kinds)} of an entry that is not in the file", said)


class Together:
    """Files that are read one after the other: what is said of an entry of ours, and further parts of anybody's record,
    may stand in another one than it."""

    def __init__(self) -> None:
        self._reading: OwnReading | None = None
        self.segments = Segments()

    def begin(self, source: ImportFile) -> OwnReading:
        """For the next file."""
        self._reading = self._reading or OwnReading(source)
        self._reading.begin(source)
        return self._reading

    def rest(self) -> Iterator[Item | Reject]:
        """What holds at the end of the last one, and what was left out of all."""
        if self._reading is not None:
            yield from self._reading.rest()


class OwnReading:
    """What is remembered of the records so far; the same two methods as for foreign files."""

    def __init__(self, source: ImportFile) -> None:
        self._source = source
        self._pending: dict[str, ForeignRecord] = {}
        self._size = 0
        self._bodies: OrderedDict[str, bytes] = OrderedDict()
        self._held = 0
        self._shown: OrderedDict[str, ForeignRecord] = OrderedDict()  # records of resources: others may have them, too
        self._shown_size = 0
        self._urls: dict[str, str] = {}  # of the entries met so far, by id
        self._marks: dict[str, _Marks] = {}  # on entries, by their ids
        self._left_out: Counter[str] = Counter()

    def begin(self, source: ImportFile) -> None:
        """Go on with a file; what others repeat of those before is remembered."""
        self._source = source
        self._pending.clear()
        self._size = 0

    def record(self, record: ForeignRecord | BadRecord) -> Iterator[Item | Reject]:
        """The item that a journal record completes, if it does."""
        if isinstance(record, BadRecord):
            yield Reject(self._source.origin(record.number), record.reason, lost=True)
            return
        if record.kind == "metadata" and record.fields.get("content-type") == JOURNAL_TYPE:
            yield from self._journal(record)
            self._pending.clear()
            self._size = 0
        elif self._size + len(record.block) <= _MAX_PENDING:
            self._pending[_bare(record.fields.get("warc-record-id", ""))] = record
            self._size += len(record.block)

    def rest(self) -> Iterator[Item | Reject]:
        """The tags, notes and edits that hold at the end of the file, and what was left out."""
        for entry, marks in self._marks.items():
            if marks.tags or marks.note or marks.edits:
                yield marks.on(self._urls.get(entry, ""))
        if self._left_out:
            told = ", ".join(f"{count} {what}" for what, count in self._left_out.most_common())
            yield Reject(self._source.origin(), f"left out: {told}")

    def _journal(self, record: ForeignRecord) -> Iterator[Item | Reject]:
        try:
            journal = decode_journal(record.block)
        except ValueError as error:
            yield Reject(self._source.origin(record.number), f"journal record: {error}", record.url, lost=True)
            return
        if journal.capture is not None:
            try:
                found = self._captured(journal.capture, record.number)
            except ValueError as error:
                yield Reject(self._source.origin(record.number), str(error), journal.capture.url, lost=True)
                return
            if found is not None:
                package = journal.capture.package
                resources = tuple(self._resources(journal))
                yield replace(found, resources=resources, package=package, shown=self._as_shown(journal))
        elif journal.act is not None:
            yield from self._act(journal.act, record.number)

    def _captured(self, capture: Capture, number: int) -> Item | None:
        """The capture with its bytes. ValueError where some are not there or not as they were."""
        self._remember(capture)
        origin = self._source.origin(number, capture.id)
        exchanges: list[Exchange] = []
        for hop in capture.hops:
            if hop.record_id is None:
                continue
            record = self._pending.get(hop.record_id)
            if record is None:
                raise ValueError(f"the record {hop.record_id} of this capture is not in the file")
            if record.kind in ("resource", "conversion") or (record.kind == "revisit" and not record.block):
                return self._saved(capture, record, origin_number=number)
            exchanges.append(self._exchange(hop, record, capture.at))
        if not exchanges:
            self._left_out["captures without an answer"] += 1
            return None
        return Item(capture.url, origin, exchanges=tuple(exchanges), captured=capture.at, depth=capture.depth)

    def _resources(self, journal: JournalRecord) -> Iterator[Brought]:
        """What the page is shown with; of what is not here, or not as it was, that alone is lost."""
        assert journal.capture is not None
        for note in journal.resources:
            try:
                yield self._resource(note, journal.capture.at)
            except ValueError as error:
                self._left_out[f"resources of pages ({error})"] += 1

    def _resource(self, note: ResourceNote, at: datetime) -> Brought:
        said = note.resource
        link = ResourceLink(said.url, said.kind, said.instead_of)
        records = [(hop, self._shown_by(hop.record_id)) for hop in said.hops if hop.record_id]
        if not records and note.at is not None:  # captured before, for this page or another one
            record = self._shown_by(note.at.record_id)
            records = [(Hop(record.url, HopKind.START, None, None, note.at.record_id), record)]
        if records and records[-1][1].kind != "response" and parse_response(records[-1][1].block) is None:
            _, record = records[-1]
            kind, charset = media_type(record.fields.get("content-type"))
            payload = record.block if record.kind == "resource" else self._original(record)
            saved = Saved(said.url, said.at, payload, kind or "application/octet-stream", charset)
            return Brought(link, saved=saved)
        exchanges = tuple(
            replace(self._exchange(hop, record, at), started=instant(record.fields.get("warc-date")) or said.at)
            for hop, record in records
        )
        return Brought(link, Fetched(Request(said.url), exchanges, said.outcome, said.detail, said.final_url))

    def _as_shown(self, journal: JournalRecord) -> Saved | None:
        """The page as a browser showed it; None where it was not, or where that is not here."""
        capture, content = journal.capture, journal.content
        if capture is None or content is None or capture.method is not Method.BROWSER:
            return None
        try:
            record = self._shown_by(content.record_id)
            payload = record.block if record.kind == "resource" else self._original(record)
            _check(record, [payload])
        except ValueError as error:
            self._left_out[f"pages as a browser showed them ({error})"] += 1
            return None
        return Saved(capture.final_url, capture.at, payload, capture.media_type or "text/html", capture.charset)

    def _shown_by(self, record_id: str) -> ForeignRecord:
        """A record of this capture, or one of an earlier one that showed a resource."""
        record = self._pending.get(record_id) or self._shown.get(record_id)
        if record is None:
            raise ValueError("their records are not in the file, or too far before")
        if record_id not in self._shown:
            self._shown[record_id] = record
            self._shown_size += len(record.block)
            while self._shown_size > _MAX_BODIES and len(self._shown) > 1:
                self._shown_size -= len(self._shown.popitem(last=False)[1].block)
        return record

    def _remember(self, capture: Capture) -> None:
        """Which entries its tags and notes may be on."""
        for url in (capture.url, capture.final_url):
            if len(self._urls) < _MAX_ENTRIES:
                self._urls[entry_id(_key(url))] = url

    def _saved(self, capture: Capture, record: ForeignRecord, *, origin_number: int) -> Item:
        if record.kind == "revisit":
            payload = self._original(record)
        else:
            payload = record.block
            _check(record, [payload])
            self._keep(record, payload)
        kind, charset = media_type(record.fields.get("content-type"))
        return Item(
            capture.url, self._source.origin(origin_number, capture.id), payload=payload,
            media_type=kind or "text/html", charset=charset, captured=capture.at, depth=capture.depth,
        )  # fmt: skip

    def _exchange(self, hop: Hop, record: ForeignRecord, at: datetime) -> Exchange:
        message = parse_response(record.block)
        received = record.block
        if record.kind == "revisit" and message is not None:
            body = self._original(record)
            received = message.head + (b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body) if message.chunked else body)
            message = parse_response(received)
        elif message is not None:
            body = entity_body(message)
            _check(record, [message.body, body])
            self._keep(record, body)
        payload = _payload(message)
        request = next((one for one in self._pending.values() if one.kind == "request" and one.url == record.url), None)
        address = record.fields.get("warc-ip-address")
        return Exchange(
            hop.url, hop.kind, at, request.block if request else b"", received,
            hop.address or (f"{address}:0" if address else None),
            message.status if message else None, message.headers if message else (), payload,
            record.fields.get("warc-truncated"), hop.location, hop.tls_verified,
            hop.certificate,
        )  # fmt: skip

    def _act(self, act: Act, number: int) -> Iterator[Item | Reject]:
        origin = self._source.origin(number)
        if act.kind is ActKind.SHORT_LINK and act.values:
            yield Item(act.subject, origin, short_links=((act.subject, act.values[0]),), added=act.at, only_marks=True)
        elif act.kind in _OF_ENTRIES and len(self._marks) < _MAX_ENTRIES:
            self._marks.setdefault(act.subject, _Marks(origin)).add(act)

    def _original(self, record: ForeignRecord) -> bytes:
        wanted = _bare(record.fields.get("warc-refers-to", ""))
        if wanted not in self._bodies and (original := self._pending.get(wanted)) is not None:
            message = parse_response(original.block) if original.kind == "response" else None
            body = entity_body(message) if message else original.block
            _check(original, [body, original.block])
            self._keep(original, body)
            self._shown_by(wanted)  # later captures may point to it
        if wanted not in self._bodies:
            raise ValueError("what this capture repeats is not in the file, or too far before it")
        return self._bodies[wanted]

    def _keep(self, record: ForeignRecord, body: bytes) -> None:
        self._bodies[_bare(record.fields.get("warc-record-id", ""))] = body
        self._held += len(body)
        while self._held > _MAX_BODIES and self._bodies:
            self._held -= len(self._bodies.popitem(last=False)[1])


def _check(record: ForeignRecord, bodies: list[bytes]) -> None:
    if wrong := wrong_digest(record, bodies):
        raise ValueError(wrong)


def _payload(message: Message | None) -> bytes:
    return decode_content(entity_body(message), message.header("content-encoding")) if message else b""


def _bare(record_id: str) -> str:
    return record_id.strip("<>").removeprefix("urn:uuid:")


def _key(url: str) -> str:
    try:
        return key(url)
    except UsageError:
        return url
