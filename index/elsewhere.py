"""An index on a server, which another folder of the same archive may have made: it is followed, not made again.

Beside each folder lies its own table of copies. It is filled when the folder begins to follow, and where somebody else
brought the engine further than it, the changes since then are gone through again. Entries are read as they are now, so
a table may know of changes that the engine does not: then the engine is given what the table was filled from, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from index import follow, generations
from index.config import SearchSettings
from index.engines import Batch, Engine, Publishes, opener, served
from index.follow import Followed
from index.generations import Generation

if TYPE_CHECKING:
    from index.copies.files import Copies


def place_of(folder: Path, settings: SearchSettings) -> str:
    """Where the index lies: a folder, or an address."""
    other = served(settings.engine)
    return other.where(settings) if other else str(folder)


def adopted(folder: Path, settings: SearchSettings, source: Followed) -> Generation | None:
    """The generation of this folder that stands for what a server has of this log, made current; None for nothing.

    Only under the lock. Errors: those of the engine.
    """
    from index.copies.files import Copies

    if (other := served(settings.engine)) is None:
        return None
    log = follow.log_of(source)
    generation = generations.begin(folder, settings.engine, log)
    if not other.adopt(folder / generation.folder, settings, log):
        return None
    with closing(opener(generation.engine)(folder / generation.folder, settings)) as engine:
        position, last = engine.position(), source.last_change()
        if position > last:
            return None  # the log is that of an older copy of the archive
        with Copies(folder).marking(source, 0, generation) as marked:
            for batch in marked(follow.everything(source, position, settings.batch)):
                if position < last:
                    engine.apply(batch)
    generations.make_current(folder, generation)
    return generation


def followed_to(engine: Engine, copies: Copies, position: int) -> int:
    """From where on an engine at this position is to follow, so that the table of copies comes with it."""
    return min(position, copies.position()) if isinstance(engine, Publishes) else position


def not_before(position: int, batches: Iterable[Batch]) -> Iterator[Batch]:
    """The batches, those that an engine at this position has had as of it: no document gives way to an older one."""
    for batch in batches:
        yield batch if batch.position >= position else replace(batch, position=position)
