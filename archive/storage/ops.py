"""The few file operations that the storage promises rest on, in one object that tests can make fail, tear or forget.

Everything here is unbuffered and raises OSError; callers turn that into StorageError.
"""

from __future__ import annotations

import os
from pathlib import Path

from archive.folder import shared_as_folder
from archive.storage.posix import fcntl

_FULL_SYNC: int | None = getattr(fcntl, "F_FULLFSYNC", None)  # macOS: fsync alone stops at the drive's cache


class Ops:
    """The real thing: thin names over `os`."""

    def create(self, path: Path) -> int:
        """A new file, opened for reading and writing; FileExistsError when it is there already."""
        return shared_as_folder(str(path), os.O_RDWR | os.O_CREAT | os.O_EXCL)

    def open(self, path: Path) -> int:
        return os.open(path, os.O_RDWR | os.O_CLOEXEC)

    def write(self, fd: int, data: bytes, offset: int) -> None:
        """All of `data` at `offset`; on an error some of it may have been written."""
        view = memoryview(data)
        while view:
            done = os.pwrite(fd, view, offset)
            view = view[done:]
            offset += done

    def fsync(self, fd: int) -> None:
        """Returns when the file's bytes and length are on the medium."""
        if _FULL_SYNC is not None:
            fcntl.fcntl(fd, _FULL_SYNC)
        else:
            os.fsync(fd)

    def fsync_folder(self, path: Path) -> None:
        """Returns when the names in the folder are on the medium."""
        fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)

    def truncate(self, fd: int, size: int) -> None:
        os.ftruncate(fd, size)

    def rename(self, source: Path, target: Path) -> None:
        source.replace(target)

    def unlink(self, path: Path) -> None:
        path.unlink()

    def close(self, fd: int) -> None:
        os.close(fd)
