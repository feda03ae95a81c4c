"""Writing a commit: Whoosh's table of contents with ours behind it, and sweeping up what no commit needs."""

from __future__ import annotations

import time
import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from whoosh.codec.base import Segment
from whoosh.filedb.filestore import RamStorage
from whoosh.index import TOC

from index.engines.whoosh.contents import (
    EXTENSION,
    NAME,
    Contents,
    SegmentFacts,
    is_ours,
    names,
    sealed,
    toc_name,
    unpacked,
)
from index.engines.whoosh.packing import Array
from index.engines.whoosh.schema import schema
from index.engines.whoosh.storage import DurableStorage


class ArraySegment(Segment):
    """A segment as Whoosh knows it: its name, its documents, and which of them are deleted."""

    def __init__(self, indexname: str = NAME) -> None:
        super().__init__(indexname)
        self.documents = 0
        self.size = 0
        self.dead = b""

    @classmethod
    def of(cls, facts: SegmentFacts) -> ArraySegment:
        segment = cls()
        segment.segid, segment.documents, segment.size, segment.dead = facts.id, facts.documents, facts.size, facts.dead
        return segment

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
        return unpacked(self.dead, self.documents)

    def deleted_count(self) -> int:
        return int(self.dead_mask().sum())

    def deleted_docs(self) -> set[int]:
        return set(np.flatnonzero(self.dead_mask()).tolist())

    def is_deleted(self, docnum: int) -> bool:
        return bool(self.dead_mask()[docnum])

    def delete_document(self, docnum: int, delete: bool = True) -> None:
        mask = self.dead_mask()
        mask[docnum] = delete
        self.dead = zlib.compress(np.packbits(mask).tobytes(), 1) if mask.any() else b""


def new_id() -> str:
    """A name for a segment that no other has."""
    return str(ArraySegment().segid)


def write(storage: DurableStorage, contents: Contents) -> None:
    """The commit: once this returns, the index is these contents, whatever happens."""
    ram = RamStorage()
    TOC(schema(), list(map(ArraySegment.of, contents.segments)), contents.generation).write(ram, NAME)
    name = toc_name(contents.generation)
    temporary = f"{name}.{time.time_ns()}"
    with storage.create_raw(temporary) as file:
        file.write(sealed(ram.files[name], contents))
    storage.rename_file(temporary, name, safe=True)


def sweep(storage: DurableStorage, contents: Contents, under_way: Sequence[str] = ()) -> None:
    """Delete what no commit needs: older tables of contents, segments out of use, what a crash has left.

    `under_way`: what the names of segments begin with that are still being made.
    """
    spared = tuple(f"{NAME}_{name}" for name in under_way)
    needed = {segment.filename for segment in contents.segments} | {toc_name(contents.generation)}
    for name in names(storage.path):
        if name not in needed and is_ours(name) and not name.startswith(spared):
            try:
                storage.delete_file(name)
            except OSError:
                continue  # open elsewhere, on systems that mind; the next commit tries again
