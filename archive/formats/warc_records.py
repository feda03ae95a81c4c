"""Records of foreign WARC files (0.17 to 1.1; packed by the record, as a whole, or not at all) and of ARC files.

Trusts nothing: header and record sizes are capped as they are expanded, a length must be followed by the end of the
record, digests are checked. What is wrong costs the record that is wrong: reading goes on with the next that begins.
"""

from __future__ import annotations

import base64
import hashlib
import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import BinaryIO

from archive.formats import arc
from archive.formats.packed import MAGICS
from archive.formats.streams import Bad, Begins, Stream, opened
from archive.storage.warc.http import entity_body, parse_response

MAX_HEADER = 2**16
MAX_BLOCK = 2**26  # bytes of one record that is taken over
_LINE_END = rb"\r{0,2}\n"  # two of them where a program put one more before each line feed
_BEGINS = re.compile(
    rb"WARC/(?:1\.[01]|0\.1[78])[ \t]*" + _LINE_END
)  # drafts of 2007 and 2008 differ in nothing we read
_OTHER = re.compile(rb"WARC/(\d{1,3}(?:\.\d{1,3})?)[ \t]*\r?\n")
_EITHER = Begins(
    re.compile(_BEGINS.pattern + b"|" + arc.BEGINS.pattern),
    re.compile(_BEGINS.pattern + rb"(?=[A-Za-z-]{1,40}:)|\n" + arc.BEGINS.pattern),
)
_NO_RECORD = "no record begins here"
_HEADER_END = re.compile(_LINE_END * 2)


class LineEnds(Enum):
    """What became of a record's line ends on the way here: FTP changes them in text mode, and so do editors."""

    KEPT = auto()
    RESTORED = auto()  # they were changed; length and digests say that the record is as it was written
    CHANGED = auto()  # how they were is not to be told


@dataclass(frozen=True, slots=True)
class ForeignRecord:
    """One record. `fields` has lower-case names, the first value of each; `number` counts from 1."""

    number: int
    fields: dict[str, str]
    block: bytes
    line_ends: LineEnds = LineEnds.KEPT

    @property
    def kind(self) -> str:
        return self.fields.get("warc-type", "").lower()

    @property
    def url(self) -> str:
        return self.fields.get("warc-target-uri", "").strip("<>")


@dataclass(frozen=True, slots=True)
class BadRecord:
    """A record, or a stretch of the file, that is none."""

    number: int
    reason: str


def records(file: BinaryIO) -> Iterator[ForeignRecord | BadRecord]:
    """Every record of a file that can be sought in."""
    stream: Stream | None = None
    number, told = 1, False
    try:
        stream = opened(file, _EITHER)
        while True:
            try:
                record = _record(stream, number)
                if record is None:
                    break
                yield record
                told = False
            except Bad as problem:
                yield BadRecord(number, str(problem))
                told = True
                if not stream.recover():
                    break
            number += 1
        if stream.problem and not told:
            yield BadRecord(number, stream.problem)
    except Bad as problem:
        yield BadRecord(number, str(problem))
    finally:
        if stream is not None:
            stream.close()


def begins_anywhere(file: BinaryIO) -> bool:
    """Whether there is a record in a file, however much of its beginning is damaged."""
    stream: Stream | None = None
    try:
        stream = opened(file, _EITHER)
        return stream.starts() or stream.recover()
    except Bad:
        return False
    finally:
        if stream is not None:
            stream.close()


class Digests(Enum):
    """What the digests of a record say of its bytes."""

    RIGHT = auto()
    EXCHANGED = auto()  # the payload's stands where the block's belongs
    WRONG_BLOCK = auto()
    WRONG_PAYLOAD = auto()


def check_digests(record: ForeignRecord, bodies: list[bytes]) -> Digests:
    """Holds a record against its digests. `bodies`: what its payload may be taken to be."""
    block, payload = record.fields.get("warc-block-digest"), record.fields.get("warc-payload-digest")
    exchanged = False
    if block and matches(block, [record.block]) is False:
        exchanged = matches(block, bodies) is True
        if not exchanged:
            return Digests.WRONG_BLOCK
    if payload and record.kind != "revisit" and matches(payload, bodies) is False:
        return Digests.WRONG_PAYLOAD
    return Digests.EXCHANGED if exchanged else Digests.RIGHT


def wrong_digest(record: ForeignRecord, bodies: list[bytes]) -> str:
    """What is wrong with the digests of a record, "" for nothing that its bytes could be blamed for."""
    found = check_digests(record, bodies)
    if found is Digests.WRONG_BLOCK:
        return f"its bytes do not have the digest {record.fields['warc-block-digest']}"
    if found is Digests.WRONG_PAYLOAD:
        return f"its payload does not have the digest {record.fields['warc-payload-digest']}"
    return ""


def matches(declared: str, bodies: list[bytes]) -> bool | None:
    """Whether one of `bodies` has the digest, in base 16, 32 or 64; None for an algorithm that we do not know, and for
    what can be no digest."""
    algorithm, _, value = declared.strip().partition(":")
    name = algorithm.lower().replace("-", "")
    if name not in ("sha1", "sha256", "md5", "sha512"):
        return None
    said = value.rstrip("=")
    if all(len(said) != len(written) for written in _written(name, b"")):
        return None
    return any(_is_written(said, name, body) for body in bodies)


def _is_written(said: str, algorithm: str, body: bytes) -> bool:
    in_16, in_32, in_64 = _written(algorithm, body)
    return said.lower() == in_16 or said.upper() == in_32 or said.replace("-", "+").replace("_", "/") == in_64


def _written(algorithm: str, body: bytes) -> tuple[str, str, str]:
    """The digest of a body in base 16, 32 and 64."""
    raw = hashlib.new(algorithm, body, usedforsecurity=False).digest()
    return raw.hex(), base64.b32encode(raw).decode().rstrip("="), base64.b64encode(raw).decode().rstrip("=")


def _record(stream: Stream, number: int) -> ForeignRecord | None:
    """The record at hand, None at the end of the file."""
    while not stream.pass_blank():
        if not stream.next_part():
            return None
    if number == 1 and stream.have(len(BOM_UTF8)) and stream.held.startswith(BOM_UTF8, stream.at):
        stream.at += len(BOM_UTF8)
        stream.pass_blank()
    is_arc = not (stream.have(5) and stream.held.startswith(b"WARC/", stream.at)) and arc.is_at(stream)
    fields, length = arc.header(stream) if is_arc else _header(stream)
    if length > MAX_BLOCK:
        start = stream.at
        if stream.skip(length):
            return ForeignRecord(number, {**fields, "warc-type": "too large"}, b"")
        stream.at = min(start, len(stream.held))
    line_ends = LineEnds.RESTORED if stream.is_restored else LineEnds.KEPT
    if problem := _wrong_length(stream, fields, length, is_arc=is_arc):
        there = stream.until_next(MAX_BLOCK)
        rest = stream.held[stream.at : stream.at + there]
        if (block := _by_digest(rest, fields)) is None:
            block, line_ends = _with_line_ends(rest, fields, length)
        if block is None:
            raise Bad(problem)
        stream.at += there
    else:
        block = stream.held[stream.at : stream.at + length]
        stream.at += length
    return ForeignRecord(number, arc.completed(fields, block) if is_arc else fields, block, line_ends)


def _by_digest(rest: bytes, fields: dict[str, str]) -> bytes | None:
    """The block of a record whose length is wrong, in what there is before the next record; None where nothing proves
    that it is that."""
    return next((block for block in _without_end(rest) if _is_proved(ForeignRecord(0, fields, block))), None)


def _without_end(rest: bytes) -> Iterator[bytes]:
    """What may be the block of the record in `rest`."""
    yield from (rest.removesuffix(end) for end in (b"\r\n\r\n", b"\n\n", b"") if rest.endswith(end))


def _with_line_ends(rest: bytes, fields: dict[str, str], length: int) -> tuple[bytes | None, LineEnds]:
    """The block of a record whose length is wrong because its line ends were changed: as it was written where length
    and digests prove that, else as it is where changed line ends explain the length."""
    for written in _as_written(rest):
        for block in _without_end(written):
            if len(block) == length and _is_unspoilt(ForeignRecord(0, fields, block)):
                return block, LineEnds.RESTORED
    block = next(_without_end(rest))
    pairs, more = rest.count(b"\r\n"), len(block) - length
    have_grown = 0 < more <= pairs == rest.count(b"\n")
    have_shrunk = 0 < -more <= block.count(b"\n") and not pairs
    return (block, LineEnds.CHANGED) if have_grown or have_shrunk else (None, LineEnds.KEPT)


def _as_written(rest: bytes) -> Iterator[bytes]:
    """What a record may have been before its line ends were changed, all of them or those of its body or head alone."""
    end = _HEADER_END.search(rest)
    head, body = (rest[: end.end()], rest[end.end() :]) if end else (b"", rest)
    if b"\r\n" in rest:
        yield rest.replace(b"\r\n", b"\n")
        yield head + body.replace(b"\r\n", b"\n")
    else:
        yield rest.replace(b"\n", b"\r\n")
        yield head.replace(b"\n", b"\r\n") + body


def _is_unspoilt(record: ForeignRecord) -> bool:
    """Whether no digest says that a record is another one."""
    return check_digests(record, _bodies(record)) in (Digests.RIGHT, Digests.EXCHANGED)


def _bodies(record: ForeignRecord) -> list[bytes]:
    message = parse_response(record.block) if record.kind == "response" else None
    return [message.body, entity_body(message)] if message else [record.block]


def _is_proved(record: ForeignRecord) -> bool:
    """Whether a digest, or the length that the server stated, says that all of a record is here."""
    declared = [record.fields.get(name, "") for name in ("warc-block-digest", "warc-payload-digest")]
    if any(declared):
        known = any(matches(digest, [record.block, *_bodies(record)]) for digest in declared if digest)
        return known and _is_unspoilt(record)
    message = parse_response(record.block) if record.kind == "response" else None
    return message is not None and message.header("content-length") == str(len(message.body))


def _header(stream: Stream) -> tuple[dict[str, str], int]:
    """The fields of a record, and its length; -1 where that is no number."""
    size = 2**10
    while True:
        stream.have(size)
        if not _BEGINS.match(stream.held, stream.at):
            other = _OTHER.match(stream.held, stream.at)
            raise Bad(f"WARC/{other[1].decode()} is not read" if other else _NO_RECORD)
        end = _HEADER_END.search(stream.held, stream.at, stream.at + MAX_HEADER)
        if end:
            break
        if size >= MAX_HEADER or len(stream.held) - stream.at < size:
            if size < MAX_HEADER and stream.join():
                continue
            raise Bad("its header does not end" if size < MAX_HEADER else "its header is longer than 64 KiB")
        size *= 4
    lines = stream.held[stream.at : end.start()].decode("utf-8", "replace").splitlines()[1:]
    fields: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(":")
        fields.setdefault(name.strip().lower(), value.strip())
    length = fields.get("content-length", "")
    stream.at = end.end()
    return fields, int(length) if length.isascii() and length.isdigit() and len(length) < 16 else -1


def _have(stream: Stream, count: int) -> bool:
    """Whether there are `count` bytes; programs that pack as they write end members within a record."""
    while not stream.have(count):
        if not stream.join():
            return False
    return True


def _wrong_length(stream: Stream, fields: dict[str, str], length: int, *, is_arc: bool) -> str:
    """What is wrong with the length of the record whose block is at hand, "" for nothing.

    A record ends with line ends, then comes the next one or nothing.
    """
    if length < 0:
        return f"its length is given as {fields.get('content-length', '')[:40]!r}"
    if length > MAX_BLOCK or not _have(stream, length):
        return f"its length is given as {length}, which is more than there is"
    if stream.held.endswith(b"\r\r\n", 0, stream.at):
        return "its line ends were changed on the way here (a transfer as text)"
    stream.have(length + 32)
    behind = stream.held[stream.at + length : stream.at + length + 32]
    after = behind.lstrip(b"\r\n\0")
    follows = arc.follows(after) if is_arc else after.startswith(b"WARC/"[: len(after)])
    if not after or follows or after.startswith((b"WARC/", *MAGICS)):
        return ""
    # What comes behind the end of a record is not its fault, unless the end is that of its headers.
    block = stream.held[stream.at : stream.at + length]
    ends = b"\r\n\r\n" if stream.begins.anywhere.search(block) else (b"\r\n\r\n", b"\n\n")
    if behind.startswith(ends) and (_HEADER_END.search(block) or not block.startswith(b"HTTP/")):
        return ""
    return f"its length is given as {length}, but no record ends there"
