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
from archive.formats.streams import Bad, Stream, opened

MAX_HEADER = 2**16
MAX_BLOCK = 2**26  # bytes of one record that is taken over
_BEGINS = re.compile(rb"WARC/(?:1\.[01]|0\.1[78])\r?\n")  # the drafts of 2007 and 2008 differ in nothing we read
_OTHER = re.compile(rb"WARC/(\d{1,3}\.\d{1,3})\r?\n")
_HEADER_END = re.compile(rb"\r?\n\r?\n")


@dataclass(frozen=True, slots=True)
class ForeignRecord:
    """One record. `fields` has lower-case names, the first value of each; `number` counts from 1."""

    number: int
    fields: dict[str, str]
    block: bytes

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
    number = 0
    stream: Stream | None = None
    while True:
        number += 1
        try:
            stream = stream or opened(file, _BEGINS)
            record = _record(stream, number)
        except Bad as problem:
            yield BadRecord(number, str(problem))
            if stream is None or not stream.recover():
                return
            continue
        if record is None:
            return
        yield record


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
    if number == 1 and stream.have(len(arc.MAGIC)) and stream.held.startswith(arc.MAGIC, stream.at):
        stream.begins = arc.BEGINS
    is_arc = stream.begins is arc.BEGINS
    fields, length = arc.header(stream) if is_arc else _header(stream)
    if length > MAX_BLOCK:
        start = stream.at
        if not stream.skip(length):
            stream.at = min(start, len(stream.held))
            raise Bad(f"its length is given as {length}, which is more than there is")
        return ForeignRecord(number, {**fields, "warc-type": "too large"}, b"")
    if not stream.have(length):
        raise Bad(f"its length is given as {length}, which is more than there is")
    block = stream.held[stream.at : stream.at + length]
    _check_end(stream, length)
    stream.at += length
    return ForeignRecord(number, arc.completed(fields, block) if is_arc else fields, block)


def _header(stream: Stream) -> tuple[dict[str, str], int]:
    size = 2**10
    while True:
        stream.have(size)
        if not _BEGINS.match(stream.held, stream.at):
            other = _OTHER.match(stream.held, stream.at)
            raise Bad(f"WARC/{other[1].decode()} is not read" if other else "no record begins here")
        end = _HEADER_END.search(stream.held, stream.at, stream.at + MAX_HEADER)
        if end:
            break
        if size >= MAX_HEADER or len(stream.held) - stream.at < size:
            raise Bad("its header does not end" if size < MAX_HEADER else "its header is longer than 64 KiB")
        size *= 4
    lines = stream.held[stream.at : end.start()].decode("utf-8", "replace").splitlines()[1:]
    fields: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(":")
        fields.setdefault(name.strip().lower(), value.strip())
    length = fields.get("content-length", "")
    if not (length.isascii() and length.isdigit() and len(length) < 16):
        raise Bad(f"its length is given as {length[:40]!r}")
    stream.at = end.end()
    return fields, int(length)


def _check_end(stream: Stream, length: int) -> None:
    """A record ends with line ends, then comes the next one or nothing: else its length is wrong."""
    stream.have(length + 32)
    after = stream.held[stream.at + length : stream.at + length + 32].lstrip(b"\r\n")
    follows = arc.follows(after) if stream.begins is arc.BEGINS else after.startswith(b"WARC/"[: len(after)])
    if after and not follows:
        raise Bad(f"its length is given as {length}, but no record ends there")
