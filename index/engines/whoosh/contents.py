"""Which segments make up the index, and how far in the change log they go: what one commit says.

A file `_MAIN_n.toc` begins as Whoosh writes it (see toc.py), so that Whoosh itself can open the index, and goes on with
a part of ours: JSON with the same facts, checksums of everything before, and a magic number at the very end. This
engine reads the second part alone and so never unpickles anything: a foreign or tampered index is refused, not run.
"""

from __future__ import annotations

import os
import re
import struct
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from archive import frozen
from index.engines.whoosh.packing import Array
from index.patterns import later

NAME = "MAIN"
EXTENSION = ".bfs"
FORMAT = 9
_MAGIC = b"BFTOC\x00\x00\x02"  # the last byte is the version of the footer
_FOOTER = struct.Struct("<QI8s")  # length of our JSON, CRC-32 of all before the footer, magic
_WHOOSHS = b"\x04\x08\x04" + struct.pack(">i", -12345)  # sizes of numbers, and one that tells their byte order
_OTHER = "the index is of another format than this version reads"
_FOREIGN = (
    "its table of contents was written by Whoosh, not by Backfile: a program that opened the folder with Whoosh and "
    "committed to it has replaced the index"
)
_TOC_NAME = later(rf"^_{NAME}_([0-9]+)\.toc$")
_TEMPORARY = later(rf"^_{NAME}_[0-9]+\.toc\..+$")
_SEGMENT_NAME = later(rf"^{NAME}_[0-9a-z]+{re.escape(EXTENSION)}$")
_LOCK_NAME = later(rf"^{NAME}_WRITELOCK(\.holder)?$")


class BadTocError(Exception):
    """The file is not a table of contents that this version wrote."""


class OtherFormatError(BadTocError):
    """It was written whole, by another version."""


@frozen
class SegmentFacts:
    """A segment as one commit has it."""

    id: str
    documents: int
    size: int  # bytes of its file
    dead: bytes = b""  # a bit for each document, packed, compressed; b"" when all live

    @property
    def filename(self) -> str:
        return f"{NAME}_{self.id}{EXTENSION}"

    def dead_mask(self) -> Array:
        """True for each deleted document."""
        return unpacked(self.dead, self.documents)

    def with_dead(self, mask: Array) -> SegmentFacts:
        """The same segment with these documents deleted."""
        return replace(self, dead=zlib.compress(np.packbits(mask).tobytes(), 1) if mask.any() else b"")


@frozen
class Contents:
    """One commit."""

    generation: int
    position: int
    segments: tuple[SegmentFacts, ...]


def unpacked(dead: bytes, documents: int) -> Array:
    if not dead:
        return np.zeros(documents, bool)
    return np.unpackbits(np.frombuffer(zlib.decompress(dead), np.uint8), count=documents).astype(bool)


def latest(folder: Path) -> int:
    """Generation of the newest table of contents, -1 if there is none."""
    return max((int(match[1]) for name in names(folder) if (match := _TOC_NAME.match(name))), default=-1)


def is_untouched(folder: Path) -> bool:
    """Whether there is nothing in `folder` that an index would lose by beginning anew."""
    return all(_TEMPORARY.match(name) or _LOCK_NAME.match(name) or name.startswith(".") for name in names(folder))


def names(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)  # noqa: PTH208 - asked before every search, and several times faster
    except FileNotFoundError:
        return []


def toc_name(generation: int) -> str:
    return f"_{NAME}_{generation}.toc"


def is_ours(name: str) -> bool:
    """Whether a file of this name belongs to some commit, finished or not."""
    return bool(_TOC_NAME.match(name) or _TEMPORARY.match(name) or _SEGMENT_NAME.match(name))


def read(folder: Path, generation: int) -> Contents:
    """FileNotFoundError when it is no longer there, BadTocError when it is not as it was written."""
    content = (folder / toc_name(generation)).read_bytes()
    if len(content) < _FOOTER.size:
        raise BadTocError("the table of contents is cut short")
    size, crc, magic = _FOOTER.unpack(content[-_FOOTER.size :])
    if magic != _MAGIC:
        if magic[:-1] == _MAGIC[:-1]:
            raise OtherFormatError(_OTHER)
        raise BadTocError(_FOREIGN if _is_whooshs(content) else "the table of contents is cut short")
    covered = memoryview(content)[: -_FOOTER.size]
    if zlib.crc32(covered) != crc:
        raise BadTocError("the table of contents is damaged")
    facts = msgspec.json.decode(covered[len(covered) - size :])
    if facts["format"] != FORMAT or facts["generation"] != generation:
        raise OtherFormatError(_OTHER)
    return Contents(generation, facts["position"], tuple(map(_segment, facts["segments"])))


def _is_whooshs(content: bytes) -> bool:
    """Whether this is a whole table of contents by Whoosh alone: its numbers at the start, the end of a pickle."""
    return content.startswith(_WHOOSHS) and content.endswith(b".")


def sealed(whooshs: bytes, contents: Contents) -> bytes:
    """The bytes of a table of contents that begins with Whoosh's part."""
    facts = {
        "format": FORMAT,
        "generation": contents.generation,
        "position": contents.position,
        "segments": [
            {"id": s.id, "documents": s.documents, "size": s.size, "dead": _as_text(s.dead)} for s in contents.segments
        ],
    }
    ours = msgspec.json.encode(facts)
    covered = whooshs + ours
    return covered + _FOOTER.pack(len(ours), zlib.crc32(covered), _MAGIC)


def _segment(facts: dict[str, Any]) -> SegmentFacts:
    if not re.fullmatch("[0-9a-z]+", facts["id"]):
        raise BadTocError("the table of contents names a file that cannot be")
    return SegmentFacts(facts["id"], facts["documents"], facts["size"], _as_bytes(facts["dead"]))


def _as_text(dead: bytes) -> str:
    from base64 import b85encode

    return b85encode(dead).decode("ascii")


def _as_bytes(dead: str) -> bytes:
    if not dead:
        return b""
    from base64 import b85decode

    return b85decode(dead)
