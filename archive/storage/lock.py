"""One writer at a time: an advisory lock on warc/.lock that says who holds it and ends with its process.

The lock is `flock`, so the system frees it however the holder dies; the text in the file is only for people.
Children do not keep it: the descriptor is closed on exec and, after a bare fork, in the child.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import socket
import sys
import time
import weakref
from datetime import UTC, datetime
from pathlib import Path
from typing import Self
from uuid import uuid4

from archive.errors import LockedError, StorageError
from archive.folder import shared_as_folder
from archive.storage.posix import fcntl
from archive.urls import veiled

_POLL = 0.05  # seconds between two tries while waiting


class WriterLock:
    """Held from construction to `close()`; also a context manager."""

    def __init__(self, path: Path, *, wait: float = 0.0) -> None:
        """Takes the lock, trying for `wait` seconds. LockedError names the holder; StorageError when it cannot be."""
        self._path = path
        self._fd: int | None = None
        self.token = uuid4().hex  # names this holding of it, for as long as it lasts
        try:
            fd = shared_as_folder(str(path), os.O_RDWR | os.O_CREAT)
        except OSError as error:
            raise StorageError(f"{path.parent}: nothing can be written here: {error.strerror}") from error
        try:
            _take(fd, path, time.monotonic() + wait)
            _describe(fd, self.token)
        except BaseException:
            os.close(fd)
            raise
        self._fd = fd
        _held.add(self)

    def close(self) -> None:
        """Frees the lock; harmless when done twice."""
        if self._fd is not None:
            fd, self._fd = self._fd, None
            _held.discard(self)
            with contextlib.suppress(OSError):
                os.ftruncate(fd, 0)
            os.close(fd)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def forget(self) -> None:
        """In a forked child: drop the inherited descriptor without freeing the parent's lock."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None


def is_locked(path: Path) -> bool:
    """Whether some process is writing just now."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False  # never written to
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    else:
        return False
    finally:
        os.close(fd)


def token_of(path: Path) -> str:
    """The token of whoever holds the lock now, "" where nobody does."""
    if not is_locked(path):
        return ""
    try:
        return str(json.loads(path.read_text(encoding="utf-8"))["token"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def holder(path: Path) -> str:
    """Who holds (or last held) the lock, in words."""
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
        return f"process {facts['pid']} on {facts['host']} ({facts['command']}), since {facts['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"


def _take(fd: int, path: Path, deadline: float) -> None:
    while True:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.EACCES):
                raise StorageError(f"{path}: this file system cannot lock files: {error.strerror}") from error
        else:
            return
        if time.monotonic() >= deadline:
            who = holder(path)
            raise LockedError(f"the archive is being written by {who}", holder=who)
        time.sleep(_POLL)


def _describe(fd: int, token: str) -> None:
    facts = {
        "pid": os.getpid(),
        "host": socket.gethostname(),
        "command": veiled(" ".join(sys.argv))[:200],
        "since": datetime.now(UTC).isoformat(timespec="seconds"),
        "token": token,
    }
    with contextlib.suppress(OSError):  # a full disk must not keep anyone from writing what still fits
        os.ftruncate(fd, 0)
        os.pwrite(fd, json.dumps(facts).encode(), 0)


_held: weakref.WeakSet[WriterLock] = weakref.WeakSet()


def _after_fork() -> None:
    for lock in list(_held):
        lock.forget()


os.register_at_fork(after_in_child=_after_fork)
