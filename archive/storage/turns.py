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
_POLL = 0.01


class Turns(Protocol):
    """The right to write, from when it was given to `close()`: by files (Turn), or by a server (lease.ServerTurn)."""

    @property
    def token(self) -> str: ...

    @property
    def lease(self) -> Any:
        """What a transaction of the catalog asks for: postgresql.Lease; None where nothing is to be asked."""

    @property
    def is_wanted(self) -> bool: ...

    def lend(self) -> None: ...

    def close(self) -> None: ...


def turn_of(folder: Path, *, wait: float = 0.0, short: bool = False) -> Turns:
    """The right to write to the archive in a folder. Errors as those of `Turn`."""
    where = catalog_of(folder)
    if isinstance(where, Path):
        return Turn(folder / WARC, wait=wait, short=short)
    from archive.storage.lease import ServerTurn

    return ServerTurn(where, wait=wait, short=short)


class Turn:
    """See `Turns`."""

    lease = None

    def __init__(self, folder: Path, *, wait: float = 0.0, short: bool = False) -> None:
        """Waits up to `wait` seconds for another writer: LockedError names it. StorageError where nothing can lock."""
        self._folder = folder
        with ExitStack() as held:
            self._long = None if short else WriterLock(folder / LONG, wait=wait)
            if self._long is not None:
                held.callback(self._long.close)
            self._wish = held.enter_context(_open(folder / WISH))
            self._deaf_until = 0.0
            with self._wished() if short else contextlib.nullcontext():
                self._lock = WriterLock(folder / LOCK, wait=wait)
            self._held = held.pop_all()

    @property
    def token(self) -> str:
        """Names this holding: what is claimed by it is claimed for as long as it lasts."""
        return (self._long or self._lock).token

    @property
    def is_wanted(self) -> bool:
        """Whether a short writer waits for us."""
        return self._long is not None and time.monotonic() >= self._deaf_until and self._has_wish()

    def _has_wish(self) -> bool:
        try:
            fcntl.flock(self._wish, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
        fcntl.flock(self._wish, fcntl.LOCK_UN)
        return False

    def lend(self) -> None:
        """Let short writers in, and come back when none waits any more. LockedError when one does not end."""
        self._lock.close()
        until = time.monotonic() + PATIENCE
        while wished := self._has_wish():
            if time.monotonic() >= until:
                break
            time.sleep(_POLL)
        if wished:
            self._deaf_until = time.monotonic() + DEAF
        self._lock = WriterLock(self._folder / LOCK, wait=SHORT)

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
        raise StorageError(f"{path}: cannot open the lock file: {error.strerror}") from error
    try:
        yield fd
    finally:
        os.close(fd)
