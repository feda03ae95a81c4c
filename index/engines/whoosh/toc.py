"""The table of contents: which segments make up the index, and how far in the change log they go.

A file `_MAIN_n.toc` begins as Whoosh writes it, so that Whoosh itself can open the index, and goes on with a part of
ours: JSON with the same facts, checksums of everything before, and a magic number at the very end. This engine reads
the second part alone and so never unpickles anything: a foreign or tampered index is refused, not run.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import struct
import time
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.codec.base import Segment
from whoosh.filedb.filestore import RamStorage
from whoosh.index import TOC

from index.engines.whoosh.arrays import Array
from index.engines.whoosh.schema import schema
from index.engines.whoosh.storage import DurableStorage

NAME = "MAIN"
EXTENSION = ".bfs"
FORMAT = 1
_MAGIC = b"BFTOC\x00\x00\x01"
_FOOTER = struct.Struct("<Q32s8s")  # length of our JSON, SHA-256 of all before the footer, magic
_TOC_NAME = re.compile(rf"^_{NAME}_([0-9]+)\.toc$")
_TEMPORARY = re.compile(rf"^_{NAME}_[0-9]+\.toc\..+$")
_SEGMENT_NAME = re.compile(rf"^{NAME}_[0-9a-z]+{re.escape(EXTENSION)}$")


class BadTocError(Exception):
    """The file is not a table of contents that this version wrote."""


class ArraySegment(Segment):
    """What Whoosh knows of a segment: its name, its documents, and which of them are deleted."""

    def __init__(self, indexname: str = NAME, *, documents: int = 0, size: int = 0) -> None:
        super().__init__(indexname)
        self.documents = documents
        self.size = size  # bytes of its file
        self.dead = b""  # a bit for each document, packed, compressed; b"" when all live

    @property
    def filename(self) -> str:
        return str(self.make_filename(EXTENSION))

    def codec(self) -> Any:
        from index.engines.whoosh.codec import ArrayCodec  # the codec needs this class

        return ArrayCodec()

    def should_assemble(self) -> bool:
        return False

    def doc_count_all(self) -> int:
        return self.documents

    def set_doc_count(self, doccount: int) -> None:
        self.documents = doccount

    def dead_mask(self) -> Array:
        """True for each deleted document."""
        if not self.dead:
            return np.zeros(self.documents, bool)
        bits = np.frombuffer(zlib.decompress(self.dead), np.uint8)
        return np.unpackbits(bits, count=self.documents).astype(bool)

    def set_dead(self, mask: Array) -> None:
        self.dead = zlib.compress(np.packbits(mask).tobytes(), 1) if mask.any() else b""

    def deleted_count(self) -> int:
        return int(self.dead_mask().sum())

    def deleted_docs(self) -> set[int]:
        return set(np.flatnonzero(self.dead_mask()).tolist())

    def is_deleted(self, docnum: int) -> bool:
        return bool(self.dead_mask()[docnum])

    def delete_document(self, docnum: int, delete: bool = True) -> None:
        mask = self.dead_mask()
        mask[docnum] = delete
        self.set_dead(mask)


@dataclass(frozen=True, slots=True)
class Contents:
    """One commit. Segments are not to be changed: copy with `with_dead`."""

    generation: int
    position: int
    segments: tuple[ArraySegment, ...]


def with_dead(segment: ArraySegment, mask: Array) -> ArraySegment:
    """The same segment with these documents deleted."""
    other = ArraySegment(segment.indexname, documents=segment.documents, size=segment.size)
    other.segid = segment.segid
    other.set_dead(mask)
    return other


def latest(folder: Path) -> int:
    """Generation of the newest table of contents, -1 if there is none."""
    return max((int(match[1]) for name in _names(folder) if (match := _TOC_NAME.match(name))), default=-1)


def is_untouched(folder: Path) -> bool:
    """Whether there is nothing in `folder` that an index would lose by beginning anew."""
    mine = re.compile(rf"^{NAME}_WRITELOCK(\.holder)?$")
    return all(_TEMPORARY.match(name) or mine.match(name) or name.startswith(".") for name in _names(folder))


def _names(folder: Path) -> list[str]:
    try:
        return [path.name for path in folder.iterdir()]
    except FileNotFoundError:
        return []


def read(folder: Path, generation: int) -> Contents:
    """FileNotFoundError when it is no longer there, BadTocError when it is not as it was written."""
    content = (folder / _toc_name(generation)).read_bytes()
    if len(content) < _FOOTER.size:
        raise BadTocError("the table of contents is cut short")
    size, digest, magic = _FOOTER.unpack(content[-_FOOTER.size :])
    if magic != _MAGIC:
        raise BadTocError("the table of contents is cut short, or was written by something else")
    covered = memoryview(content)[: -_FOOTER.size]
    if hashlib.sha256(covered).digest() != digest:
        raise BadTocError("the table of contents is damaged")
    facts = json.loads(bytes(covered[len(covered) - size :]))
    if facts["format"] != FORMAT or facts["generation"] != generation:
        raise BadTocError("the table of contents is of another format")
    return Contents(generation, facts["position"], tuple(map(_segment, facts["segments"])))


def write(storage: DurableStorage, contents: Contents) -> None:
    """The commit: once this returns, the index is these contents, whatever happens."""
    ram = RamStorage()
    TOC(schema(), list(contents.segments), contents.generation).write(ram, NAME)
    name = _toc_name(contents.generation)
    facts = {
        "format": FORMAT,
        "generation": contents.generation,
        "position": contents.position,
        "segments": [
            {"id": s.segid, "documents": s.documents, "size": s.size, "dead": base64.b85encode(s.dead).decode("ascii")}
            for s in contents.segments
        ],
    }
    ours = json.dumps(facts).encode("ascii")
    covered = ram.files[name] + ours
    temporary = f"{name}.{time.time_ns()}"
    with storage.create_raw(temporary) as file:
        file.write(covered + _FOOTER.pack(len(ours), hashlib.sha256(covered).digest(), _MAGIC))
    storage.rename_file(temporary, name, safe=True)


def sweep(storage: DurableStorage, contents: Contents) -> None:
    """Delete what no commit needs: older tables of contents, segments out of use, what a crash has left."""
    needed = {segment.filename for segment in contents.segments} | {_toc_name(contents.generation)}
    for name in _names(storage.path):
        if name not in needed and (_TOC_NAME.match(name) or _TEMPORARY.match(name) or _SEGMENT_NAME.match(name)):
            try:
                storage.delete_file(name)
            except OSError:
                continue  # open elsewhere, on systems that mind; the next commit tries again


def _toc_name(generation: int) -> str:
    return f"_{NAME}_{generation}.toc"


def _segment(facts: dict[str, Any]) -> ArraySegment:
    segment = ArraySegment(documents=facts["documents"], size=facts["size"])
    segment.segid = facts["id"]
    segment.dead = base64.b85decode(facts["dead"])
    if not re.fullmatch("[0-9a-z]+", segment.segid):
        raise BadTocError("the table of contents names a file that cannot be")
    return segment
