"""Batches → commits: one new segment a batch (more for a large one), deletions, merging, and the table of contents.

    lock ─ read the latest commit ─ sweep ─ build segments ─ mark replaced documents ─ merge ─ sync, commit ─ sweep

Nothing is true before the table of contents has its name. What fails before leaves the index as it was, and the files
it has left are swept at once (or, after a crash, by the next writer).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from index.engines import Batch
from index.engines.whoosh import toc
from index.engines.whoosh.arrays import ArrayWriter, BadFileError
from index.engines.whoosh.builder import Builder
from index.engines.whoosh.merging import merge
from index.engines.whoosh.segment import SegmentData
from index.engines.whoosh.storage import DurableStorage, WriteLock
from index.engines.whoosh.toc import ArraySegment, Contents
from index.fields import Document

PATIENCE = 10.0  # seconds to wait for another writer
TOKENS = 4_000_000  # that a batch may hold in memory before it goes on in another segment
TIER = 6  # segments of about one size that are merged into one
SMALL = 100  # documents; segments below count as one size


class Opened:
    """A segment of a commit with its data and its deleted documents."""

    def __init__(self, segment: ArraySegment, data: SegmentData) -> None:
        self.segment = segment
        self.data = data
        self.dead = segment.dead_mask()

    @property
    def living(self) -> int:
        return self.segment.documents - int(self.dead.sum())


def commit(storage: DurableStorage, batch: Batch, contents: Contents) -> Contents:
    """Make `batch` the next commit after `contents`, the latest. The caller holds the lock."""
    toc.sweep(storage, contents)
    documents = {document.id: document for document in batch.documents}  # the last one of an id stands
    old = [Opened(segment, _data(storage, segment)) for segment in contents.segments]
    try:
        _bury(old, [*batch.deleted, *documents])
        new = [Opened(s, _data(storage, s)) for s in _build(storage, documents.values())]
        segments = _merged(storage, [*old, *new])
        after = Contents(contents.generation + 1, batch.position, tuple(segments))
        toc.write(storage, after)
    except BaseException:
        storage.forget()
        toc.sweep(storage, contents)
        raise
    toc.sweep(storage, after)
    return after


def create(storage: DurableStorage) -> Contents:
    """The empty commit that every index begins with."""
    contents = Contents(0, 0, ())
    toc.write(storage, contents)
    return contents


def lock(storage: DurableStorage) -> WriteLock:
    return WriteLock(storage, f"{toc.NAME}_WRITELOCK", PATIENCE)


def _data(storage: DurableStorage, segment: ArraySegment) -> SegmentData:
    path = storage.path / segment.filename
    try:
        return SegmentData(path, segment.size)
    except FileNotFoundError as error:
        raise BadFileError(f"{path} is missing") from error


def _bury(segments: Iterable[Opened], ids: Sequence[str]) -> None:
    for opened in segments:
        found = [number for id_ in ids for number in opened.data.find(id_)]
        opened.dead[found] = True


def _build(storage: DurableStorage, documents: Iterable[Document]) -> list[ArraySegment]:
    """Segments with these documents, written but not yet part of the index."""
    segments = []
    builder = Builder()
    for document in documents:
        builder.add(document)
        if builder.tokens >= TOKENS:
            segments.append(_written(storage, builder))
            builder = Builder()
    if builder.documents:
        segments.append(_written(storage, builder))
    return segments


def _written(storage: DurableStorage, builder: Builder) -> ArraySegment:
    segment = ArraySegment(documents=builder.documents)
    with storage.create_raw(segment.filename) as file:
        builder.write(ArrayWriter(file))
        segment.size = file.tell()
    return segment


def _merged(storage: DurableStorage, segments: list[Opened]) -> list[ArraySegment]:
    """The segments after merging what is due, oldest first."""
    kept = [opened for opened in segments if opened.living]
    while due := _due([(opened.living, opened.segment.documents) for opened in kept]):
        merging = [kept[place] for place in due]
        segment = ArraySegment()
        with storage.create_raw(segment.filename) as file:
            parts = [(opened.data, opened.dead) for opened in merging]
            segment.documents = merge(parts, ArrayWriter(file), storage.path)
            segment.size = file.tell()
        merged = Opened(segment, _data(storage, segment))
        kept = [opened for place, opened in enumerate(kept) if place not in due]
        kept.insert(min(due), merged)
    return [_with_dead(opened) for opened in kept]


def _with_dead(opened: Opened) -> ArraySegment:
    if np.array_equal(opened.dead, opened.segment.dead_mask()):
        return opened.segment
    return toc.with_dead(opened.segment, opened.dead)


def _due(sizes: Sequence[tuple[int, int]]) -> list[int]:
    """Which segments, given (living, all) documents of each, are to become one now; none: [].

    Segments fall into tiers by size, each TIER times the one below; a tier that is full is merged. So each document is
    written once per tier, and there are at most TIER - 1 segments in each. One that is mostly dead is written anew.
    """
    tiers: dict[int, list[int]] = {}
    for place, (living, documents) in enumerate(sizes):
        if living * 2 < documents:
            return [place]
        tier = 0
        while living >= SMALL * TIER**tier:
            tier += 1
        tiers.setdefault(tier, []).append(place)
    return next((places for _, places in sorted(tiers.items()) if len(places) >= TIER), [])
