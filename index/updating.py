"""Batches into an engine, one after the other or many at once: an index brought on, or made anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from index import follow, generations
from index.config import SearchSettings
from index.elsewhere import followed_to, not_before
from index.engines import Batch, Engine, Loads, Publishes, opener
from index.follow import Followed
from index.generations import Generation

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


def brought_on(
    folder: Path, engine: Engine, settings: SearchSettings, source: Followed, position: int, progress: Progress | None
) -> Updated:
    """What the log says after `position`, to which the engine of the index in `folder` has come, taken in."""
    from index.copies.files import Copies

    copies = Copies(folder)
    since = followed_to(engine, copies, position)
    with copies.marking(source, since) as marked:
        batches = marked(follow.changed(source, since, settings.batch))
        return noted(folder, take_in(engine, not_before(position, batches), position, progress))


def made_anew(
    folder: Path, settings: SearchSettings, source: Followed, progress: Progress | None, why: str
) -> tuple[Generation, Engine, Updated]:
    """An index of everything, made beside the old one with the engine of the settings, and put in its place at once."""
    from index.copies.files import Copies

    position = source.last_change()  # what comes later is taken in again from the log
    generation = generations.begin(folder, settings.engine, follow.log_of(source))
    engine = opener(generation.engine)(folder / generation.folder, settings)
    size = settings.batch
    try:
        with Copies(folder).marking(source, 0, generation) as marked:
            filled = take_in(engine, marked(follow.everything(source, position, size)), position, progress)
            late = take_in(engine, marked(follow.changed(source, position, size)), position, progress)
        if isinstance(engine, Publishes):
            engine.publish(generation.log)
        generations.make_current(folder, generation)
    except BaseException:
        engine.close()
        raise
    done = Updated(filled.written + late.written, 0, late.position, rebuilt=True, why=why)
    return generation, engine, noted(folder, done)


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
