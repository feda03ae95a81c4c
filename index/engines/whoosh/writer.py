"""Batches → commits: one new segment a batch (more for a large one), deletions, merging, and the table of contents.

    lock ─ read the latest commit ─ sweep ─ build segments ─ mark replaced documents ─ merge ─ sync, commit ─ sweep

Nothing is true before the table of contents has its name. What fails before leaves the index as it was, and the files
it has left are swept at once (or, after a crash, by the next writer).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from index.engines import Batch
from index.engines.whoosh import toc
from index.engines.whoosh.arrays import ArrayWriter, BadFileError
from index.engines.whoosh.builder import Builder
from index.engines.whoosh.contents import NAME, Contents, SegmentFacts
from index.engines.whoosh.merging import merge
from index.engines.whoosh.segment import SegmentData, Wanted
from index.engines.whoosh.storage import DurableStorage, WriteLock
from index.fields import Document

PATIENCE = 10.0  # seconds to wait for another writer
TOKENS = 4_000_000  # that a batch may hold in memory before it goes on in another segment
TIER = 6  # segments of about one size that are merged into one
LOADING = 8  # times as many while a load goes on, whose last commit merges what is left: so all is written less often
SMALL = 100  # documents; segments below count as one size
WHOLE = 100_000  # documents; a load leaves no two segments below: each one costs every question as much as another


class Opened:
    """A segment of a commit with its data and its deleted documents."""

    def __init__(self, segment: SegmentFacts, data: SegmentData) -> None:
        self.segment = segment
        self.data = data
        self.dead = segment.dead_mask()

    @property
    def living(self) -> int:
        return self.segment.documents - int(self.dead.sum())


def commit(
    storage: DurableStorage,
    batch: Batch,
    contents: Contents,
    built: Sequence[SegmentFacts] | None = None,
    under_way: Sequence[str] = (),
    *,
    loading: bool = False,
    last: bool = False,
) -> Contents:
    """Make `batch` the next commit after `contents`, the latest. The caller holds the lock.

    `built`: segments with the documents of the batch, if there are some already; `under_way`: what the names of
    segments begin with that are being built for later commits; `loading`: many of them follow, until the `last`.
    """
    toc.sweep(storage, contents, [*under_way, *(segment.id for segment in built or ())])
    documents = {document.id: document for document in batch.documents}  # the last one of an id stands
    held = ExitStack()
    try:
        old = [Opened(segment, _data(storage, segment, held)) for segment in contents.segments]
        _bury(old, Wanted([*batch.deleted, *documents]))
        if built is None:
            built = build(storage, documents.values(), toc.new_id())
        storage.created(segment.filename for segment in built)
        new = [Opened(s, _data(storage, s, held)) for s in built]
        choose = _rest if last else partial(_due, full=TIER * LOADING) if loading else _due
        segments = _merged(storage, [*old, *new], held, choose)
        after = Contents(contents.generation + 1, batch.position, tuple(segments))
        toc.write(storage, after)
    except BaseException:
        storage.forget()
        toc.sweep(storage, contents, under_way)
        raise
    finally:
        held.close()
    toc.sweep(storage, after, under_way)
    return after


def create(storage: DurableStorage) -> Contents:
    """The empty commit that every index begins with."""
    contents = Contents(0, 0, ())
    toc.write(storage, contents)
    return contents


def open_storage(folder: Path) -> DurableStorage:
    """The folder, made if there is none."""
    storage = DurableStorage(folder)
    storage.create()
    return storage


def lock(storage: DurableStorage) -> WriteLock:
    return WriteLock(storage, f"{NAME}_WRITELOCK", PATIENCE)


def _data(storage: DurableStorage, segment: SegmentFacts, held: ExitStack) -> SegmentData:
    path = storage.path / segment.filename
    try:
        data = SegmentData(path, segment.size)
    except FileNotFoundError as error:
        raise BadFileError(f"{path} is missing") from error
    held.callback(data.close)
    return data


def _bury(segments: Iterable[Opened], ids: Wanted) -> None:
    for opened in segments:
        opened.dead[opened.data.find_all(ids)] = True


def build(storage: DurableStorage, documents: Iterable[Document], name: str) -> list[SegmentFacts]:
    """Segments with these documents, written but not yet part of the index; their names begin with `name`."""
    segments: list[SegmentFacts] = []
    builder = Builder()
    for document in documents:
        builder.add(document)
        if builder.tokens >= TOKENS:
            segments.append(_written(storage, builder, f"{name}{len(segments)}"))
            builder = Builder()
    if builder.documents:
        segments.append(_written(storage, builder, f"{name}{len(segments)}"))
    return segments


def _written(storage: DurableStorage, builder: Builder, name: str) -> SegmentFacts:
    def write(writer: ArrayWriter) -> int:
        builder.write(writer)
        return builder.documents

    return _new_segment(storage, write, name)


def _new_segment(storage: DurableStorage, write: Callable[[ArrayWriter], int], name: str) -> SegmentFacts:
    """A segment that `write` fills and tells the number of documents of."""
    segment = SegmentFacts(name, 0, 0)
    with storage.create_raw(segment.filename) as file:
        documents = write(ArrayWriter(file))
        return replace(segment, documents=documents, size=file.tell())


def _merged(
    storage: DurableStorage,
    segments: list[Opened],
    held: ExitStack,
    choose: Callable[[Sequence[tuple[int, int]]], list[int]],
) -> list[SegmentFacts]:
    """The segments after merging what `choose` says is due, oldest first."""
    kept = [opened for opened in segments if opened.living]
    while due := choose([(opened.living, opened.segment.documents) for opened in kept]):
        parts = [(kept[place].data, kept[place].dead) for place in due]
        segment = _new_segment(storage, partial(merge, parts, storage.path), toc.new_id())
        merged = Opened(segment, _data(storage, segment, held))
        kept = [opened for place, opened in enumerate(kept) if place not in due]
        kept.insert(min(due), merged)
    return [_with_dead(opened) for opened in kept]


def _with_dead(opened: Opened) -> SegmentFacts:
    if np.array_equal(opened.dead, opened.segment.dead_mask()):
        return opened.segment
    return opened.segment.with_dead(opened.dead)


def _due(sizes: Sequence[tuple[int, int]], full: int | None = None) -> list[int]:
    """Which segments, given (living, all) documents of each, are to become one now; none: [].

    Segments fall into tiers by size, each TIER times the one below; a tier that is full is merged: of as many, or of
    `full`. So each document is written once per tier, and there are at most TIER - 1 segments in each. One that is
    mostly dead is written anew.
    """
    tiers: dict[int, list[int]] = {}
    for place, (living, documents) in enumerate(sizes):
        if living * 2 < documents:
            return [place]
        tiers.setdefault(_tier(living), []).append(place)
    return next((places for _, places in sorted(tiers.items()) if len(places) >= (full or TIER)), [])


def _rest(sizes: Sequence[tuple[int, int]]) -> list[int]:
    """As `_due`, and then all that are small, or a tier or more below the largest."""
    if due := _due(sizes):
        return due
    tiers = [_tier(living) for living, _ in sizes]
    smaller = [place for place, tier in enumerate(tiers) if sizes[place][0] < WHOLE or tier < max(tiers)]
    return smaller if len(smaller) > 1 else []


def _tier(living: int) -> int:
    tier = 0
    while living >= SMALL * TIER**tier:
        tier += 1
    return tier
