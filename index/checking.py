"""What is wrong with an index: what its engine finds in its files, and what it knows that the archive does not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from archive import Problem
from index import follow, generations
from index.engines import ChecksItself
from index.follow import Followed
from index.opened import Opened

_REMEDY = "backfile reindex"


def problems(folder: Path, opened: Opened, source: Followed, batch: int) -> Iterator[Problem]:
    """Each of them, with the way to mend it; `batch` entries of the archive are read at a time.

    Changes that are not yet taken in are no problem. IndexDamagedError for an index that cannot be asked at all.
    """
    where = str(folder)
    if generations.current(folder) is None:
        if source.last_change():
            yield Problem("index", where, "there is no index yet", _REMEDY)
        return
    faults, known, position = opened.read(
        lambda engine: (
            list(engine.faults()) if isinstance(engine, ChecksItself) else [],
            set(engine.ids()),
            engine.position(),
        )
    )
    yield from (Problem("index", where, fault, _REMEDY) for fault in faults)
    if position > source.last_change():
        yield Problem("index", where, "it follows a change log that is gone", _REMEDY)
        return
    archived = set(follow.ids(source, batch))
    late = follow.pending(source, position, batch)
    for id_ in sorted(archived - known - late):
        yield Problem("index", id_, "the entry is in the archive but not in the index", _REMEDY)
    for id_ in sorted(known - archived - late):
        yield Problem("index", id_, "the entry is in the index but not in the archive", _REMEDY)
