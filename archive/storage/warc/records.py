"""The WARC/1.1 records we write, as bytes, and the journal entries in them (pure).

One gzip member holds one record. Digests are `sha256:` and lower-case hexadecimal. A payload digest is written only
where the standard defines it beyond doubt (an unchunked, complete response), because checkers disagree on the rest;
the journal entry always has it. Record ids are UUIDs ordered by time; here they are bare, in a record `<urn:uuid:…>`.
"""

from __future__ import annotations

import os
import re
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

import msgspec

from archive.model import Capture, Resource
from archive.storage.acts import ActKind
from archive.storage.warc.members import pack

JOURNAL_TYPE = "application/vnd.backfile.journal+json"
JOURNAL_FORMAT = 1
TOMBSTONE_TYPE = "application/vnd.backfile.tombstone+json"
REVISIT_PROFILE = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
_UNSAFE = re.compile(r"[\x00-\x20\x7f\ud800-\udfff]")
_PACKED = (
    b"\r\ncontent-encoding:",
    b"\r\ncontent-type: image/",
    b"\r\ncontent-type: font/",
    b"\r\ncontent-type: application/pdf",
)

Fields = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record begins: file name within warc/, and offset in bytes."""

    file: str
    offset: int


@dataclass(frozen=True, slots=True)
class Body:
    """A payload in the store: what a later identical response refers to. `digest` is over the transfer-decoded body."""

    digest: str
    record_id: str
    url: str
    date: str  # WARC-Date of its record
    place: Place


@dataclass(frozen=True, slots=True)
class StoredResource:
    """A resource of a capture, and the record that holds its payload: one of the capture's own, or an earlier one.

    `place` is None, and `record_id` empty, where nothing of it is held.
    """

    resource: Resource
    record_id: str = ""
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """A capture and where its bytes are: first record at `start`, journal record from `journal` to `end` of `file`.

    `content` is the record that holds the payload (an earlier one for a revisit), None where there is none.
    `bodies` are the payloads that this capture stored for the first time, those of its resources among them.
    """

    capture: Capture
    file: str
    start: int
    journal: int
    end: int
    content: Place | None = None
    bodies: tuple[Body, ...] = ()
    resources: tuple[StoredResource, ...] = ()


@dataclass(frozen=True, slots=True)
class PutObject:
    """An object of captures alone, `captures` of them, that somebody has put. `sha256`: of all its bytes."""

    file: str
    size: int
    sha256: bytes
    captures: int


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A capture that is safe already, in an object of whoever fetched it, and waits to be catalogued."""

    stored: Stored
    within: PutObject


@dataclass(frozen=True, slots=True)
class Act:
    """One act of a person, journaled so that a rebuild repeats it."""

    kind: ActKind
    subject: str
    values: tuple[str, ...]
    at: datetime
    by: str = ""  # who did it; "": nobody knows
    bodies: tuple[Body, ...] = ()  # of FORGET: payloads that stay where they are, as those of other captures


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where a record is, seen from a journal record: `back` bytes before its start, or at an absolute place."""

    record_id: str
    back: int | None = None
    file: str | None = None
    offset: int | None = None


@dataclass(frozen=True, slots=True)
class BodyNote:
    """A payload that this capture stored for the first time. `digest` is over the body without transfer coding."""

    digest: str
    url: str
    date: str
    at: Pointer


@dataclass(frozen=True, slots=True)
class ResourceNote:
    """A resource of the capture; `at` is where its payload is, None where none is held."""

    resource: Resource
    at: Pointer | None = None


@dataclass(frozen=True, slots=True)
class JournalRecord:
    """The JSON of a journal record: a capture with where its bytes are, or an act."""

    format: int
    capture: Capture | None = None
    content: Pointer | None = None
    bodies: tuple[BodyNote, ...] = ()
    act: Act | None = None
    resources: tuple[ResourceNote, ...] = ()


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(JournalRecord)


def encode_journal(record: JournalRecord) -> bytes:
    """JSON in UTF-8; half characters (lone surrogates), which UTF-8 cannot hold, become U+FFFD."""
    try:
        return _encoder.encode(record)
    except UnicodeEncodeError:
        return _encoder.encode(scrub(msgspec.to_builtins(record)))


def decode_journal(block: bytes) -> JournalRecord:
    """ValueError when it is not a journal record, or one of a newer format."""
    record = _decoder.decode(block)  # msgspec.DecodeError is a ValueError
    if record.format > JOURNAL_FORMAT:
        raise ValueError(f"written by a newer version of this program (journal format {record.format})")
    return record


def scrub(value: object) -> object:
    """`value` (builtins only) with every lone surrogate replaced."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, list | tuple):
        return [scrub(item) for item in value]
    if isinstance(value, dict):
        return {scrub(key): scrub(item) for key, item in value.items()}
    return value


def new_id() -> str:
    """A UUID of version 7 (RFC 9562): unique, and later ones sort later as far as the clock goes forward."""
    number = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10), "big")
    number = number & ~(0xF << 76) | 0x7 << 76
    number = number & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=number))


def digest(data: bytes) -> str:
    return "sha256:" + sha256(data).hexdigest()


def warc_date(at: datetime) -> str:
    """W3C date with microseconds, in UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def urn(record_id: str) -> str:
    return f"<urn:uuid:{record_id}>"


def warc_uri(url: str) -> str:
    """`url` fit for a header line: nothing in it can end the line or the header."""
    return _UNSAFE.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "replace")), url)


def member(kind: str, record_id: str, date: str, fields: Fields, block: bytes) -> bytes:
    """One record as one gzip member."""
    lines = [
        f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: {urn(record_id)}\r\nWARC-Date: {date}\r\n",
        *(f"{name}: {value}\r\n" for name, value in fields),
        f"WARC-Block-Digest: {digest(block)}\r\nContent-Length: {len(block)}\r\n\r\n",
    ]
    # Level 4 packs pages in 0.8 of the time of level 6 and to 1.03 of the size; what is packed already is only wrapped.
    begin = block[:4096].lower()
    level = 1 if any(sign in begin for sign in _PACKED) else 4
    return pack(level, "".join(lines).encode(), block, b"\r\n\r\n")


def refers_to(original: Body) -> list[tuple[str, str]]:
    """The fields by which a revisit names the record that it repeats."""
    return [
        ("WARC-Profile", REVISIT_PROFILE),
        ("WARC-Refers-To", urn(original.record_id)),
        ("WARC-Refers-To-Target-URI", warc_uri(original.url)),
        ("WARC-Refers-To-Date", original.date),
    ]


def ip_of(address: str) -> str:
    """The address of `ip:port` or `[ip]:port`."""
    host, colon, _ = address.rpartition(":")
    return (host if colon else address).strip("[]")
