"""What stands in the place of records that were let go: as long as they were, so that no other record moves.

A WARC file is written anew beside its place, with one tombstone for each stretch, synced, and put in the place of the
old one by one rename. A tombstone says when, why, and how much; it holds nothing of what was there. A payload that
another capture repeats stays where it is, as the response of that one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from archive.errors import StorageError
from archive.storage.ops import Ops
from archive.storage.warc.http import entity_body
from archive.storage.warc.members import MAX_COMMENT, commented, pack
from archive.storage.warc.reader import Record, RecordReader, WarcReader
from archive.storage.warc.records import TOMBSTONE_TYPE, Place, digest, new_id, urn, warc_date, warc_uri

FRESH = ".forgetting"  # the suffix of a file that is being written anew
_PIECE = 2**20  # bytes copied at a time


@dataclass(frozen=True, slots=True)
class Stays:
    """The record at [offset, end), whose payload another capture shows.

    Where that one repeats it, `url`, `date` and the `head` of the answer (empty where there was none) are its own; else
    `date` is "", and the record stays as it is: a picture, a style.
    """

    offset: int
    end: int
    record_id: str
    url: str = ""
    date: str = ""
    head: bytes = b""


@dataclass(frozen=True, slots=True)
class Region:
    """Bytes [start, end) of a WARC file that are let go, but for records that stay."""

    start: int
    end: int
    stays: tuple[Stays, ...] = ()


@dataclass(frozen=True, slots=True)
class Epitaph:
    """What a tombstone says, as far as there is room for it."""

    at: datetime
    reason: str
    entries: tuple[str, ...]
    digests: tuple[str, ...]  # of the payloads that are gone


def rewrite(folder: Path, name: str, regions: Sequence[Region], epitaph: Epitaph, ops: Ops) -> None:
    """Puts the file without these regions, as long as it was, in its place. StorageError: it is as it was."""
    path = folder / name
    fresh = path.with_suffix(FRESH)
    try:
        _write(fresh, anew(WarcReader(folder), name, regions, epitaph), ops)
        ops.rename(fresh, path)
        ops.fsync_folder(path.parent)
    except OSError as error:
        raise StorageError(f"{path}: cannot be written anew: {error.strerror or error}") from error


def anew(reader: RecordReader, name: str, regions: Sequence[Region], epitaph: Epitaph) -> Iterator[bytes]:
    """The file without these regions, as long as it is, piece by piece. StorageError, OSError."""
    pieces = [piece for region in regions for piece in _pieces(reader, name, region, epitaph)]
    with reader.open(name) as old:
        size, done = old.seek(0, 2), 0
        for start, data in (*pieces, (size, b"")):
            old.seek(done)
            while done < start:
                piece = old.read(min(_PIECE, start - done))
                if not piece:
                    raise OSError(f"ends at byte {done}, not at {start}")
                yield piece
                done += len(piece)
            yield data
            done += len(data)


def sweep(folder: Path) -> None:
    """Removes what a killed process had begun to write anew."""
    for path in folder.rglob(f"*{FRESH}"):
        path.unlink(missing_ok=True)


def tombstone(size: int, epitaph: Epitaph) -> bytes:
    """A record of `size` bytes. StorageError where there is no room for one (some 300 bytes)."""
    full = {
        "forgotten": epitaph.at, "reason": epitaph.reason, "entries": epitaph.entries, "bytes": size,
        "digests": epitaph.digests,
    }  # fmt: skip
    for said in (full, {**full, "digests": ()}, {"forgotten": epitaph.at, "bytes": size}, {}):
        if made := _fitted(size, _Said(msgspec.json.encode(said), epitaph.at, new_id())):
            return made
    raise StorageError(f"there is no room for a tombstone in {size} bytes")


@dataclass(frozen=True, slots=True)
class _Said:
    """A tombstone's record with more or less padding."""

    block: bytes
    at: datetime
    record_id: str

    def record(self, padding: int) -> bytes:
        block = self.block + b" " * padding
        head = (
            f"WARC/1.1\r\nWARC-Type: metadata\r\nWARC-Record-ID: {urn(self.record_id)}\r\n"
            f"WARC-Date: {warc_date(self.at)}\r\nContent-Type: {TOMBSTONE_TYPE}\r\n"
            f"WARC-Block-Digest: {digest(block)}\r\nContent-Length: {len(block)}\r\n\r\n"
        )
        return b"".join((head.encode(), block, b"\r\n\r\n"))


def _fitted(size: int, said: _Said) -> bytes | None:
    """The record as one member of exactly `size` bytes; None where it needs more.

    Small ones are packed, and the rest goes into a comment in the member's header; large ones are padded with blanks
    that are not packed, as only these have a length that is known beforehand.
    """
    made = pack(9, said.record(0))
    padding = 0
    while not 0 <= size - len(made) <= MAX_COMMENT:
        if size < len(made):
            return None
        padding += size - len(made) - MAX_COMMENT // 2
        made = pack(0, said.record(padding))
    return commented(made, size - len(made))


def _pieces(reader: RecordReader, name: str, region: Region, epitaph: Epitaph) -> Iterator[tuple[int, bytes]]:
    """What stands in the place of a region: bytes, and where each begin."""
    at = region.start
    for number, stays in enumerate(region.stays):
        if stays.offset > at:
            yield at, tombstone(stays.offset - at, epitaph)
        limit = region.stays[number + 1].offset if number + 1 < len(region.stays) else region.end
        if not stays.date:
            at = stays.end
            continue
        made = _response(reader.read(Place(name, stays.offset)), stays)
        room = limit - stays.offset - len(made)
        if room < 0:
            raise StorageError(f"{name} at byte {stays.offset}: there is no room for the response that stays")
        made = commented(made, room) if room <= MAX_COMMENT else made
        yield stays.offset, made
        at = stays.offset + len(made)
    if at < region.end:
        yield at, tombstone(region.end - at, epitaph)


def _response(record: Record, stays: Stays) -> bytes:
    """The payload of a record, as the response of the capture that repeats it."""
    message = record.http() if record.kind == "response" else None
    block = stays.head + (entity_body(message) if message else record.block)
    kind, served = "response", "application/http;msgtype=response"
    if not stays.head:
        kind, served = "resource", record.field("content-type") or "application/octet-stream"
    head = (
        f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: {urn(stays.record_id)}\r\nWARC-Date: {stays.date}\r\n"
        f"WARC-Target-URI: {warc_uri(stays.url)}\r\nContent-Type: {warc_uri(served)}\r\n"
        f"WARC-Block-Digest: {digest(block)}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return pack(9, head.encode(), block, b"\r\n\r\n")


def _write(fresh: Path, pieces: Iterator[bytes], ops: Ops) -> None:
    fresh.unlink(missing_ok=True)
    fd, done = ops.create(fresh), 0
    try:
        for piece in pieces:
            if piece:
                ops.write(fd, piece, done)
                done += len(piece)
        ops.fsync(fd)
    finally:
        ops.close(fd)
