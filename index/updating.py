"""Batches into an engine, one after the other or many at once, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from index.engines import Batch, Engine, Loads

Progress = Callable[[int], None]  # how many entries are done so far


@dataclass(frozen=True, slots=True)
class Updated:
    """What an update did: entries written and removed, and the position in the change log that was reached.

    `why` says what was wrong with an index that had to be made anew for it, "" where nothing was.
    """

    written: int
    removed: int
    position: int
    rebuilt: bool = False
    why: str = ""


def take_in(engine: Engine, batches: Iterable[Batch], position: int, progress: Progress | None) -> Updated:
    """Apply `batches` to an engine that stands at `position`."""
    from index.logs import logger

    log = logger(__name__)
    written = removed = 0
    for batch in _taken_in(engine, batches):
        written += len(batch.documents)
        removed += len(batch.deleted)
        position = batch.position
        log.debug("commit at position %d: %d written, %d removed", position, len(batch.documents), len(batch.deleted))
        if progress:
            progress(written + removed)
    return Updated(written, removed, position)


def noted(folder: Path, done: Updated) -> Updated:
    """`done`, in the log too."""
    from index.logs import logger

    verb = "made anew" if done.rebuilt else "updated"
    logger(__name__).info(
        "%s %s to position %d: %d written, %d removed", folder, verb, done.position, done.written, done.removed
    )
    return done


def tell(sentence: str, told: Callable[[str], None] | None) -> None:
    """What a person should know, to the log and to whoever is there to be `told`."""
    from index.logs import logger

    logger(__name__).warning("%s", sentence)
    if told:
        told(sentence)


def _taken_in(engine: Engine, batches: Iterable[Batch]) -> Iterator[Batch]:
    """Each batch when it is in the index."""
    if isinstance(engine, Loads):
        yield from engine.load(batches)
        return
    for batch in batches:
        engine.apply(batch)
        yield batch
