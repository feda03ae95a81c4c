"""The engine of the current generation, open: shared by threads, exchanged when the index is replaced.

An engine whose folder another process clears away may say that it holds nothing. So no answer counts before the
pointer was looked at once more: only if it still names the generation that was asked was nothing cleared away.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from index import generations
from index.config import SearchSettings
from index.engines import ENGINES, Engine, opener
from index.errors import IndexDamagedError, IndexStorageError
from index.generations import Generation

T = TypeVar("T")


def of_this_version(ask: Callable[[], T], otherwise: T) -> T:
    """What `ask` gives; `otherwise` where it meets an index that another version made."""
    try:
        return ask()
    except IndexDamagedError as error:
        if not error.outdated:
            raise
        return otherwise


class _Open:
    """Closed when it is retired and nobody uses it any more."""

    def __init__(self, generation: Generation, engine: Engine) -> None:
        self.generation, self.engine = generation, engine
        self.users, self.retired = 0, False


class Opened:
    """Opens what the pointer in `folder` names, when it is first asked for. May be used from several threads."""

    def __init__(self, folder: Path, settings: SearchSettings) -> None:
        self._folder = folder
        self._settings = settings
        self._open: _Open | None = None
        self._guard = threading.Lock()

    def read(self, ask: Callable[[Engine], T]) -> T:
        """What `ask` returns or raises on the current generation; asked again when that was replaced meanwhile.

        IndexDamagedError when there is no index, or none that this version can open.
        """
        while True:
            asked = generations.current(self._folder)
            try:
                with self.engine() as engine:
                    answer = ask(engine)
            except (IndexDamagedError, IndexStorageError):
                if generations.current(self._folder) == asked:
                    raise
            else:
                if generations.current(self._folder) == asked:
                    return answer

    @contextmanager
    def engine(self) -> Iterator[Engine]:
        """The engine of the current generation. Safe only for who holds the lock; others `read`."""
        with self._guard:
            held = self._current()
            held.users += 1
        try:
            yield held.engine
        finally:
            with self._guard:
                held.users -= 1
                if held.retired and not held.users:
                    held.engine.close()

    def exchange(self, generation: Generation, engine: Engine) -> None:
        """Take over an engine that is open already, of the generation that just became current."""
        with self._guard:
            self._retire()
            self._open = _Open(generation, engine)

    def close(self) -> None:
        with self._guard:
            self._retire()

    def _current(self) -> _Open:
        generation = generations.current(self._folder)
        if generation is None:
            raise IndexDamagedError("there is no index", folder=str(self._folder))
        if self._open is None or self._open.generation != generation:
            self._retire()
            self._open = _Open(generation, self._opened(generation))
        return self._open

    def _opened(self, generation: Generation) -> Engine:
        if generation.engine not in ENGINES:
            message = f"it was made by an engine this version does not have ({generation.engine})"
            raise IndexDamagedError(message, folder=str(self._folder), outdated=True)
        if not (self._folder / generation.folder).is_dir():
            raise IndexDamagedError(f"the folder {generation.folder} is gone", folder=str(self._folder))
        return opener(generation.engine)(self._folder / generation.folder, self._settings)

    def _retire(self) -> None:
        held, self._open = self._open, None
        if held:
            held.retired = True
            if not held.users:
                held.engine.close()
