"""What keeps an index up to date with its archive: made, brought on, made anew, checked, let go of."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Self

from archive import Problem
from index import follow, generations
from index.config import SearchSettings
from index.errors import IndexBusyError, IndexDamagedError, IndexStorageError
from index.follow import Followed
from index.opened import Opened, of_this_version

if TYPE_CHECKING:
    from tempfile import TemporaryDirectory

    from index.updating import Progress, Updated

Waiting = Callable[[str], None]  # who holds the lock that is waited for
Told = Callable[[str], None]  # what a person should know


class Upkeep:
    """The half of an index that follows its archive, and knows where it lies."""

    def __init__(self, source: Followed, folder: Path, settings: SearchSettings, told: Told | None = None) -> None:
        self.folder = self._home = folder  # another one while that can be neither used nor written
        self.settings = settings
        self._source = source
        self._told = told
        self._opened = Opened(folder, settings)
        self._making = threading.Lock()
        self._aside: TemporaryDirectory[str] | None = None

    def update(
        self, progress: Progress | None = None, waiting: Waiting | None = None, *, wait: float | None = None
    ) -> Updated:
        """Take in what the archive logged since the last time; make the index if there is none, or none of this log.

        One that cannot be used, because another version made it or it is damaged, is made anew: `Updated.why` says so,
        and whoever is to be told is. IndexBusyError when another process writes longer than `wait` (default:
        settings.lock_wait) seconds, IndexStorageError (read_only) where nothing can be.
        """
        from index.updating import brought_on, tell

        with generations.lock(self.folder, self.settings.lock_wait if wait is None else wait, waiting):
            why = ""
            for find in (self._reached, self._adopted):
                try:
                    if (position := find()) is not None:
                        with self._opened.engine() as engine:
                            return brought_on(self.folder, engine, self.settings, self._source, position, progress)
                except IndexDamagedError as error:
                    why = error.reason
            if why:
                tell(f"The index is made anew: {why}.", self._told)
            return self._rebuild(progress, why)

    def catch_up(self, progress: Progress | None = None) -> None:
        """`update` where that can be done at once: another process that writes is doing it, some may not write, and a
        disk may have no room."""
        try:
            self.update(progress, wait=0.0)
        except IndexBusyError:
            pass
        except IndexStorageError as error:
            if not error.leaves_reading:
                raise

    def rebuild(self, progress: Progress | None = None, waiting: Waiting | None = None) -> Updated:
        """Make the index anew beside the old one, with the engine of the settings, and put it in its place at once."""
        with generations.lock(self.folder, self.settings.lock_wait, waiting):
            return self._rebuild(progress)

    def lag(self) -> int:
        """How many changes of the archive the index does not know yet; all of them when it follows another log."""
        last = self._source.last_change()
        position = of_this_version(self._reached, None)
        return last if position is None else last - position

    @property
    def place(self) -> str:
        """Where the index of these settings lies: a folder, or an address."""
        from index import elsewhere

        return elsewhere.place_of(self.folder, self.settings)

    def size(self) -> int:
        """How many entries the index knows, 0 when there is none, or none of this version."""
        return of_this_version(lambda: self._opened.read(lambda engine: engine.size()) if self._is_made() else 0, 0)

    def check(self) -> Iterator[Problem]:
        """What is wrong with the index, held against the archive. Changes not yet taken in are no problem, nor is an
        index of another version, which is told."""
        from index.checking import problems
        from index.updating import tell

        try:
            yield from problems(self.folder, self._opened, self._source, self.settings.batch)
        except IndexDamagedError as error:
            if error.outdated:
                tell(f"The index was not checked: {error.reason}; the next search makes it anew.", self._told)
            else:
                yield Problem("index", error.folder, error.reason, "backfile reindex")

    def close(self) -> None:
        self._opened.close()
        if self._aside:
            self._aside.cleanup()
            self._aside = None
            self._move(self._home)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _ready(self) -> None:
        """Make the index now if there is none of this version; where it cannot be written, in a place for us alone."""
        if self._is_ready():
            return
        from tempfile import TemporaryDirectory

        from index.updating import tell

        with self._making:
            try:
                if not self._is_ready():
                    self.update()
            except IndexStorageError as error:
                if not error.leaves_reading:
                    raise
                tell(f"The index is made for this once, in a place of its own: {error}.", self._told)
                self._aside = TemporaryDirectory(prefix="backfile-index-")
                self._move(Path(self._aside.name))
                self.update()

    def _move(self, folder: Path) -> None:
        self._opened.close()
        self.folder = folder
        self._opened = Opened(folder, self.settings)

    def _is_ready(self) -> bool:
        return of_this_version(lambda: self._is_made() and not self._is_empty(), False)

    def _is_made(self) -> bool:
        return generations.current(self.folder) is not None

    def _reached(self) -> int | None:
        """The position in the log that the index has come to, None where it is to begin anew."""
        generation = generations.current(self.folder)
        if generation is None or generation.log != follow.log_of(self._source):
            return None
        position = self._opened.read(lambda engine: engine.position())
        return position if position <= self._source.last_change() else None  # this log began anew and cannot say so

    def _is_empty(self) -> bool:
        """Whether nothing was ever taken in though there is something, as with an engine that keeps nothing on disk."""
        return not self._opened.read(lambda engine: engine.position()) and self._source.last_change() > 0

    def _adopted(self) -> int | None:
        """Likewise, where a server has an index of this log that another folder made."""
        from index import elsewhere

        return self._reached() if elsewhere.adopted(self.folder, self.settings, self._source) else None

    def _rebuild(self, progress: Progress | None, why: str = "") -> Updated:
        from index.updating import made_anew

        generation, engine, done = made_anew(self.folder, self.settings, self._source, progress, why)
        self._opened.exchange(generation, engine)
        return done
