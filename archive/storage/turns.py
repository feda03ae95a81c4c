"""Who writes to an archive, and for how long: one long writer at a time, who lets short acts in between its commits.

    warc/.lock        whoever writes at this moment holds it
    warc/.lock.long   a long writer (add, import, watch run, rebuild) holds it from its beginning to its end
    warc/.lock.wish   shared by the short writers (a tag, a note) that wait for their turn

A long writer that finds a wish lets go of warc/.lock; nobody but short writers can take it then. All three are freed by
the system when their holder dies.
"""

from __future__ import annotations

import contextlib
import os
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Protocol

from archive.errors import StorageError
from archive.folder import shared_as_folder
from archive.storage.lock import WriterLock, is_locked, token_of
from archive.storage.places import WARC, catalog_of
from archive.storage.posix import fcntl

LOCK = ".lock"
LONG = ".lock.long"
WISH = ".lock.wish"
PATIENCE = 5.0  # seconds in which a wish that is not taken up is waited for: its holder may be stopped (Ctrl-Z)
DEAF = 60.0  # seconds for which wishes are passed over then
SHORT = 60.0  # seconds that short writers may take of a long one's time, all together


class Turns(Protocol):
    """The right to write, from when it was given to `close()`: by files (Turn), or by a server (lease.ServerTurn)."""

    @property
    def token(self) -> str: ...

    @property
    def lease(self) -> Any:
        """What a transaction of the catalog asks for: postgresql.Lease; None where nothing is to be asked."""

    @property
    def is_wanted(self) -> bool: ...

    @property
    def is_guest(self) -> bool:
        """Whether a long writer has let us in."""

    def lend(self) -> None: ...

    def close(self) -> None: ...


def turn_of(folder: Path, *, wait: float = 0.0, short: bool = False) -> Turns:
    """The right to write to the archive in a folder. Errors as those of `Turn`."""
    where = catalog_of(folder)
    if isinstance(where, Path):
        return Turn(folder / WARC, wait=wait, short=short)
    from archive.storage.lease import ServerTurn

    return ServerTurn(where, wait=wait, short=short)


class Lending(ABC):
    """A right to write that its long holder lends to short ones: when, and for how long, whatever the locks are."""

    poll = 0.01  # seconds between two looks for wishes

    def __init__(self, *, is_long: bool) -> None:
        self._is_long = is_long
        self._deaf_until = 0.0
        self.is_guest = False

    @property
    def is_wanted(self) -> bool:
        """Whether a short writer waits for us."""
        return self._is_long and time.monotonic() >= self._deaf_until and self._has_wish()

    def lend(self) -> None:
        """Let short writers in, and come back when none waits any more. LockedError when one does not end."""
        self._let_go()
        until = time.monotonic() + PATIENCE
        while wished := self._has_wish():
            if time.monotonic() >= until:
                break
            time.sleep(self.poll)
        if wished:
            self._deaf_until = time.monotonic() + DEAF
        self._take_again(SHORT)

    @abstractmethod
    def _has_wish(self) -> bool:
        """Whether a short writer waits for its turn."""

    @abstractmethod
    def _let_go(self) -> None:
        """Short writers can take it from now on."""

    @abstractmethod
    def _take_again(self, wait: float) -> None:
        """It is ours again, at the latest in so many seconds. LockedError."""


class Turn(Lending):
    """See `Turns`."""

    lease = None

    def __init__(self, folder: Path, *, wait: float = 0.0, short: bool = False) -> None:
        """Waits up to `wait` seconds for another writer: LockedError names it. StorageError where nothing can lock."""
        super().__init__(is_long=not short)
        self._folder = folder
        with ExitStack() as held:
            self._long = None if short else WriterLock(folder / LONG, wait=wait)
            if self._long is not None:
                held.callback(self._long.close)
            self._wish = held.enter_context(_open(folder / WISH))
            with self._wished() if short else contextlib.nullcontext():
                self._lock = WriterLock(folder / LOCK, wait=wait)
            self.is_guest = short and is_locked(folder / LONG)
            self._held = held.pop_all()

    @property
    def token(self) -> str:
        """Names this holding: what is claimed by it is claimed for as long as it lasts."""
        return (self._long or self._lock).token

    def _has_wish(self) -> bool:
        try:
            fcntl.flock(self._wish, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
        fcntl.flock(self._wish, fcntl.LOCK_UN)
        return False

    def _let_go(self) -> None:
        self._lock.close()

    def _take_again(self, wait: float) -> None:
        self._lock = WriterLock(self._folder / LOCK, wait=wait)

    def close(self) -> None:
        """Ends it; harmless when done twice."""
        self._lock.close()
        self._held.close()

    @contextmanager
    def _wished(self) -> Iterator[None]:
        fcntl.flock(self._wish, fcntl.LOCK_SH)
        try:
            yield
        finally:
            fcntl.flock(self._wish, fcntl.LOCK_UN)


def is_writing(folder: Path) -> bool:
    """Whether some process is writing to the archive in a folder just now, or has lent its turn."""
    where = catalog_of(folder)
    if isinstance(where, Path):
        return is_locked(folder / WARC / LONG) or is_locked(folder / WARC / LOCK)
    from archive.storage import lease

    return lease.is_writing(where)


def token(folder: Path) -> str:
    """The token of the long writer that is at the archive in a folder now, "" where none is."""
    where = catalog_of(folder)
    if isinstance(where, Path):
        return token_of(folder / WARC / LONG)
    from archive.storage import lease

    return lease.token(where)


@contextmanager
def _open(path: Path) -> Iterator[int]:
    try:
        fd = shared_as_folder(str(path), os.O_RDWR | os.O_CREAT)
    except OSError as error:
        raise StorageError(f"{path.parent}: nothing can be written here: {error.strerror}") from error
    try:
        yield fd
    finally:
        os.close(fd)
