"""WARC records of foreign files, one at a time: versions 1.0 and 1.1, gzipped by the record, as a whole, or not at all.

Trusts nothing: header and record sizes are capped as they are expanded, a length must be followed by the end of the
record, digests are checked. What is wrong costs the record that is wrong: reading goes on with the next that begins.
"""

from __future__ import annotations

import base64
import hashlib
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

MAX_HEADER = 2**16
MAX_BLOCK = 2**26  # bytes of one record that is taken over
_CHUNK = 2**18
_MAGIC = b"\x1f\x8b\x08"
_BEGIN = re.compile(rb"WARC/1\.[01]\r?\n")
_BEGIN_OF_LINE = re.compile(rb"(?<=\n)WARC/1\.[01]\r?\n")


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


class _Bad(Exception):  # noqa: N818 - told as BadRecord
    pass


def records(file: BinaryIO) -> Iterator[ForeignRecord | BadRecord]:
    """Every record of a file that can be sought in."""
    stream: _Plain | _Gzip = _Gzip(file) if file.read(2) == _MAGIC[:2] else _Plain(file)
    stream.seek(0)
    number = 0
    while True:
        number += 1
        try:
            record = _record(stream, number)
        except _Bad as problem:
            yield BadRecord(number, str(problem))
            if not stream.recover():
                return
            continue
        if record is None:
            return
        yield record


def wrong_digest(record: ForeignRecord, bodies: list[bytes]) -> str:
    """What is wrong with the digests of a record, "" for nothing. `bodies`: what its payload may be taken to be."""
    declared = record.fields.get("warc-block-digest")
    if declared and _matches(declared, [record.block]) is False:
        return f"its bytes do not have the digest {declared}"
    declared = record.fields.get("warc-payload-digest")
    if declared and record.kind != "revisit" and _matches(declared, bodies) is False:
        return f"its payload does not have the digest {declared}"
    return ""


def _matches(declared: str, bodies: list[bytes]) -> bool | None:
    """Whether one of `bodies` has the digest; None for an algorithm that we do not know."""
    algorithm, _, value = declared.strip().partition(":")
    name = algorithm.lower().replace("-", "")
    if name not in ("sha1", "sha256", "md5", "sha512"):
        return None
    for body in bodies:
        raw = hashlib.new(name, body, usedforsecurity=False).digest()
        if value.lower() == raw.hex() or value.rstrip("=").upper() == base64.b32encode(raw).decode().rstrip("="):
            return True
    return False


class _Stream:
    """Bytes to come, with those that are here in `held[at:]`."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.held = b""
        self.at = 0

    def seek(self, offset: int) -> None:
        """Go on at `offset` of the file."""
        self.file.seek(offset)
        self.held, self.at = b"", 0

    def more(self) -> bytes:
        """The next bytes, b"" at the end of the file (or of what belongs together)."""
        raise NotImplementedError

    def have(self, count: int) -> bool:
        """Whether `count` bytes are here, after reading as far as that needs."""
        if len(self.held) - self.at >= count:
            return True
        parts = [self.held[self.at :]]
        size = len(parts[0])
        while size < count and (data := self.more()):
            parts.append(data)
            size += len(data)
        self.held, self.at = b"".join(parts), 0
        return size >= count

    def skip(self, count: int) -> bool:
        """Pass over `count` bytes without keeping them; whether there were so many."""
        here = min(count, len(self.held) - self.at)
        self.at += here
        count -= here
        while count:
            data = self.more()
            if not data:
                return False
            if len(data) > count:
                self.held, self.at = data, count
                return True
            count -= len(data)
        return True

    def pass_blank(self) -> bool:
        """Pass over line ends between records; whether anything is left."""
        while self.have(1):
            if self.held[self.at] not in b"\r\n":
                return True
            self.at += 1
        return False


class _Plain(_Stream):
    """A file as it is."""

    def more(self) -> bytes:
        return self.file.read(_CHUNK)

    def next_part(self) -> bool:
        return False

    def recover(self) -> bool:
        """Go to the next line that begins a record; whether there is one."""
        self.at = min(self.at + 1, len(self.held))
        while True:
            found = _BEGIN_OF_LINE.search(self.held, self.at)
            if found:
                self.at = found.start()
                return True
            tail = self.held[max(self.at, len(self.held) - 16) :]
            data = self.more()
            if not data:
                return False
            self.held, self.at = tail + data, 0


class _Gzip(_Stream):
    """gzip members; a record lies within one."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(file)
        self._raw = b""  # read and not yet expanded
        self._raw_at = 0  # where that begins in the file
        self._decoder = zlib.decompressobj(31)
        self._member_at = 0

    def seek(self, offset: int) -> None:
        super().seek(offset)
        self._raw, self._raw_at, self._member_at = b"", offset, offset
        self._decoder = zlib.decompressobj(31)

    def more(self) -> bytes:
        while not self._decoder.eof:
            data = self._decoder.unconsumed_tail or self._raw or self.file.read(_CHUNK)
            if not data:
                if self._raw_at > self._member_at:
                    raise _Bad("the file is cut off within this record")
                return b""
            if data is not self._decoder.unconsumed_tail:
                self._raw_at += len(data)
                self._raw = b""
            try:
                part = self._decoder.decompress(data, _CHUNK)
            except zlib.error as error:
                raise _Bad(f"the compressed bytes are damaged ({error})") from error
            if part:
                return part
        return b""

    def next_part(self) -> bool:
        """Go to the next member; whether there is one."""
        if not self._decoder.eof:
            return False
        rest = self._decoder.unused_data
        self._member_at = self._raw_at - len(rest)
        stripped = rest.lstrip(b"\0")
        if not stripped:
            stripped = self.file.read(_CHUNK)
            self._raw_at += len(stripped)
        if not stripped:
            return False
        self._raw = stripped
        self._raw_at -= len(stripped)
        self._member_at = self._raw_at
        self._decoder = zlib.decompressobj(31)
        self.held, self.at = b"", 0
        return True

    def recover(self) -> bool:
        """Go to the next member that begins with a record; whether there is one."""
        position = self._member_at + 1
        while True:
            self.file.seek(position)
            window = self.file.read(_CHUNK)
            if len(window) < len(_MAGIC):
                return False
            at = window.find(_MAGIC)
            while at >= 0:
                if self._begins_record(position + at):
                    self.seek(position + at)
                    return True
                at = window.find(_MAGIC, at + 1)
            position += len(window) - len(_MAGIC) + 1

    def _begins_record(self, offset: int) -> bool:
        self.file.seek(offset)
        try:
            return _BEGIN.match(zlib.decompressobj(31).decompress(self.file.read(512), 16)) is not None
        except zlib.error:
            return False


def _record(stream: _Plain | _Gzip, number: int) -> ForeignRecord | None:
    """The record at hand, None at the end of the file."""
    while not stream.pass_blank():
        if not stream.next_part():
            return None
    fields, length = _header(stream)
    if length > MAX_BLOCK:
        start = stream.at
        if not stream.skip(length):
            stream.at = min(start, len(stream.held))
            raise _Bad(f"its length is given as {length}, which is more than there is")
        return ForeignRecord(number, {**fields, "warc-type": "too large"}, b"")
    if not stream.have(length):
        raise _Bad(f"its length is given as {length}, which is more than there is")
    block = stream.held[stream.at : stream.at + length]
    _check_end(stream, length)
    stream.at += length
    return ForeignRecord(number, fields, block)


def _header(stream: _Stream) -> tuple[dict[str, str], int]:
    size = 2**10
    while True:
        stream.have(size)
        if not _BEGIN.match(stream.held, stream.at):
            raise _Bad("no record begins here")
        end = re.compile(rb"\r?\n\r?\n").search(stream.held, stream.at, stream.at + MAX_HEADER)
        if end:
            break
        if size >= MAX_HEADER or len(stream.held) - stream.at < size:
            raise _Bad("its header does not end" if size < MAX_HEADER else "its header is longer than 64 KiB")
        size *= 4
    lines = stream.held[stream.at : end.start()].decode("utf-8", "replace").splitlines()[1:]
    fields: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(":")
        fields.setdefault(name.strip().lower(), value.strip())
    length = fields.get("content-length", "")
    if not (length.isascii() and length.isdigit() and len(length) < 16):
        raise _Bad(f"its length is given as {length[:40]!r}")
    stream.at = end.end()
    return fields, int(length)


def _check_end(stream: _Stream, length: int) -> None:
    """A record ends with two line ends, then comes the next one or nothing: else its length is wrong."""
    stream.have(length + 16)
    rest = stream.held[stream.at + length : stream.at + length + 16]
    after = rest.lstrip(b"\r\n")
    if after and not after.startswith(b"WARC/"[: len(after)]):
        raise _Bad(f"its length is given as {length}, but no record ends there")
