"""Reading warc/: one record at a known place, or a whole file in order with its damage named and stepped over.

Trusts nothing: header size, declared length and expanded size are capped, a gzip member must hold exactly one record,
and after damage the scan goes on with the next member that begins a record. Memory holds one record at a time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from archive.errors import DamagedError, StorageError
from archive.storage.warc.http import Message, decode_content, entity_body, parse_response
from archive.storage.warc.members import MAX_COMMENT, MemberError, Unpacker, unpacker
from archive.storage.warc.records import Place, digest

MAX_HEADER = 64 * 2**10
MAX_BLOCK = 128 * 2**20
_CHUNK = 2**18
_BEGINS = 2 * MAX_COMMENT  # bytes in which the first of a record stand, behind the comment of a tombstone
_MAGIC = b"\x1f\x8b\x08"
_VERSION = re.compile(rb"WARC/1\.[01]\r\n")
_ID = re.compile(r"<?(?:urn:uuid:)?([^<>\s]+)>?")


@dataclass(frozen=True, slots=True)
class Record:
    """One WARC record. `fields` has lower-case names; `block` is everything after the WARC header."""

    place: Place
    end: int  # offset of the first byte after its gzip member
    kind: str
    fields: tuple[tuple[str, str], ...]
    block: bytes

    def field(self, name: str) -> str | None:
        """First value of a header field, by lower-case name."""
        return next((value for key, value in self.fields if key == name), None)

    @property
    def id(self) -> str:
        """The record id, bare."""
        found = _ID.match(self.field("warc-record-id") or "")
        return found[1] if found else ""

    def http(self) -> Message | None:
        """The HTTP response in the block, None where there is none."""
        return parse_response(self.block)


@dataclass(frozen=True, slots=True)
class Damage:
    """Bytes that are no readable record, from `place` up to `end`; `at_end`: nothing readable follows them."""

    place: Place
    end: int
    what: str
    at_end: bool = False


class RecordError(ValueError):
    """The bytes at hand are not one whole record; str() says why."""


def parse_record(place: Place, end: int, data: bytes) -> Record:
    """The record that an expanded gzip member holds; RecordError where it is not exactly one whole record."""
    stop = data.find(b"\r\n\r\n", 0, MAX_HEADER + 4)
    if stop < 0:
        raise RecordError("the record header does not end within its limit" if len(data) > MAX_HEADER else "cut off")
    if not _VERSION.match(data):
        raise RecordError("not a WARC/1.x record")
    lines = data[:stop].decode("utf-8", "replace").split("\r\n")[1:]
    fields = tuple((name.strip().lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines))
    values = dict(fields)
    length_text = values.get("content-length", "")
    if not length_text.isascii() or not length_text.isdigit() or len(length_text) > 15:
        raise RecordError(f"Content-Length is {length_text[:40]!r}")
    start = stop + 4
    length = int(length_text)
    if len(data) != start + length + 4 or data[start + length :] != b"\r\n\r\n":
        raise RecordError(f"Content-Length is {length}, the record has {len(data) - start - 4} bytes")
    return Record(place, end, values.get("warc-type", ""), fields, data[start : start + length])


def check_digests(record: Record) -> str | None:
    """What is wrong with the record's block or payload digest; None: both are right, absent, or not checkable here."""
    declared = record.field("warc-block-digest")
    if declared and declared.startswith("sha256:") and declared != digest(record.block):
        return f"block digest is {digest(record.block)}, not {declared}"
    declared = record.field("warc-payload-digest")
    if declared and declared.startswith("sha256:") and record.kind in ("response", "resource", "conversion"):
        message = record.http() if record.kind == "response" else None
        body = entity_body(message) if message else record.block
        if declared != digest(body):
            return f"payload digest is {digest(body)}, not {declared}"
    return None


class RecordReader:
    """Reads WARC files wherever they lie; safe to use from several threads."""

    def open(self, name: str) -> BinaryIO:
        """A file, for reading at any place of it; FileNotFoundError where it is missing."""
        raise NotImplementedError

    def where(self, name: str) -> str:
        """What people call the file."""
        return name

    def read(self, place: Place) -> Record:
        """The record at `place`. DamagedError when there is none, StorageError when the system refuses."""
        try:
            with self.open(place.file) as file:
                file.seek(place.offset)
                return _read_member(file, place)
        except FileNotFoundError as error:
            raise DamagedError("the file is missing", file=place.file, offset=place.offset) from error
        except OSError as error:
            raise StorageError(f"{self.where(place.file)}: cannot read: {error.strerror}") from error
        except RecordError as error:
            raise DamagedError(str(error), file=place.file, offset=place.offset) from error

    def payload(self, place: Place) -> bytes:
        """The decoded body of the response, saved page or text at `place` (`Stored.content`, `Catalog.content`).

        Digests are checked: DamagedError rather than wrong bytes.
        """
        record = self.read(place)
        wrong = check_digests(record)
        if wrong:
            raise DamagedError(wrong, file=place.file, offset=place.offset)
        if record.kind != "response":
            return record.block
        message = record.http()
        if message is None:
            return b""
        return decode_content(entity_body(message), message.header("content-encoding"))

    def sha256(self, name: str, start: int, stop: int) -> bytes:
        """SHA-256 of bytes [start, stop) of file `name` as they stand there."""
        state = sha256()
        try:
            with self.open(name) as file:
                file.seek(start)
                while start < stop and (piece := file.read(min(_CHUNK, stop - start))):
                    state.update(piece)
                    start += len(piece)
        except OSError as error:
            raise StorageError(f"{self.where(name)}: cannot read: {error.strerror}") from error
        return state.digest()

    def in_order(self, names: Iterable[str]) -> Iterator[str]:
        """The same names, each to be read before the next one is asked for. Where files are far away, what comes is
        fetched meanwhile. StorageError when the system refuses.
        """
        return iter(names)

    def apart(self, name: str) -> RecordReader | None:  # noqa: ARG002 -- others have what they read at hand
        """One that another process can be given to read this file; None where it cannot."""
        return None

    def scan(self, name: str, start: int = 0, stop: int | None = None) -> Iterator[Record | Damage]:
        """Every record of file `name` from byte `start` on, and every stretch between them that is none.

        `start` must be where a record begins. Reads to `stop`, or the end of the file as it is when reached.
        """
        try:
            with self.open(name) as file:
                yield from _scan(file, name, start, stop)
        except FileNotFoundError as error:
            raise DamagedError("the file is missing", file=name) from error
        except OSError as error:
            raise StorageError(f"{self.where(name)}: cannot read: {error.strerror}") from error


class WarcReader(RecordReader):
    """Reads the WARC files of one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def open(self, name: str) -> BinaryIO:
        return (self.folder / name).open("rb")

    def where(self, name: str) -> str:
        return str(self.folder / name)

    def apart(self, name: str) -> WarcReader:  # noqa: ARG002 -- it reads all of them
        """Itself."""
        return self


class BytesReader(RecordReader):
    """Reads one file that is in memory, whatever name it is asked for by."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def open(self, name: str) -> BinaryIO:  # noqa: ARG002 -- there is one
        return BytesIO(self._data)


def _scan(file: BinaryIO, name: str, start: int, stop: int | None) -> Iterator[Record | Damage]:
    size = file.seek(0, 2) if stop is None else stop
    position = start
    while position < size:
        file.seek(position)
        place = Place(name, position)
        try:
            record = _read_member(file, place)
        except RecordError as error:
            following = _next_member(file, position + 1, size)
            yield Damage(place, size if following is None else following, str(error), at_end=following is None)
            position = size if following is None else following
        else:
            yield record
            position = record.end


def _read_member(file: BinaryIO, place: Place) -> Record:
    """The record in the gzip member at the file's position; RecordError where that is not a whole one."""
    decoder = unpacker()
    data = bytearray()
    consumed = 0
    while not decoder.eof:
        chunk = file.read(_CHUNK)
        if not chunk:
            raise RecordError("cut off" if consumed else "nothing there")
        consumed += len(chunk)
        _unpack(decoder, chunk, data)
        if len(data) > MAX_HEADER and data.find(b"\r\n\r\n", 0, MAX_HEADER + 4) < 0:
            raise RecordError("the record header does not end within its limit")
    return parse_record(place, place.offset + consumed - len(decoder.unused_data), bytes(data))


def _unpack(decoder: Unpacker, chunk: bytes, data: bytearray) -> None:
    """Adds to `data` what `chunk` says, within the limit of a record."""
    while chunk:
        try:
            data += decoder.decompress(chunk, MAX_BLOCK + MAX_HEADER - len(data) + 1)
        except MemberError as error:
            raise RecordError(f"not gzip as written ({error})") from error
        if len(data) > MAX_BLOCK + MAX_HEADER:
            raise RecordError(f"more than {MAX_BLOCK} bytes in one record")
        chunk = decoder.unconsumed_tail


def _next_member(file: BinaryIO, start: int, size: int) -> int | None:
    """Where the next gzip member that begins with a WARC record stands; None when there is none before `size`."""
    position = start
    while position < size:
        file.seek(position)
        window = file.read(_CHUNK)
        if not window:
            return None
        at = window.find(_MAGIC)
        while at >= 0:
            if position + at < size and _begins_record(file, position + at):
                return position + at
            at = window.find(_MAGIC, at + 1)
        position += max(len(window) - len(_MAGIC) + 1, 1)
    return None


def _begins_record(file: BinaryIO, offset: int) -> bool:
    file.seek(offset)
    try:
        return _VERSION.match(unpacker().decompress(file.read(_BEGINS), 16)) is not None
    except MemberError:
        return False
