"""Objects: bytes put once under a name, which never change. A folder is one make, a bucket (bucket/s3.py) another.

A name is a path below the place of the archive, such as `manifest/00000042.json`, in ASCII.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from archive.errors import StorageError
from archive.storage.ops import Ops

_FRESH = "next"  # an object that is being written


class Objects(Protocol):
    """What is asked of the place. Safe to use from several threads."""

    @property
    def at_once(self) -> int:
        """How many requests are well made at the same time."""

    def where(self, name: str) -> str:
        """What people call the object."""

    def put(self, name: str, data: bytes) -> bool:
        """True once all of it is safe; False where something has that name, which stays as it is. StorageError."""

    def read(self, name: str, start: int = 0, stop: int | None = None) -> bytes:
        """Bytes [start, stop), or as many of them as there are. FileNotFoundError, StorageError."""

    def size(self, name: str) -> int:
        """How many bytes. FileNotFoundError, StorageError."""

    def sizes(self, folder: str) -> dict[str, int]:
        """Bytes of everything below a folder, which ends with a slash, in the order of names. StorageError."""

    def delete(self, name: str) -> None:
        """Nothing is under that name from now on, whether or not something was. StorageError."""


class FolderObjects:
    """Files below one folder, each by write, sync, rename. One process puts at a time (lock.py)."""

    at_once = 1

    def __init__(self, folder: Path, ops: Ops | None = None) -> None:
        self.folder = folder
        self._ops = ops or Ops()

    def where(self, name: str) -> str:
        return str(self.folder / name)

    def put(self, name: str, data: bytes) -> bool:
        path = self.folder / name
        if path.exists():
            return False
        try:
            self._make(path.parent)
            fresh = path.parent / _FRESH
            fresh.unlink(missing_ok=True)
            fd = self._ops.create(fresh)
            try:
                self._ops.write(fd, data, 0)
                self._ops.fsync(fd)
            finally:
                self._ops.close(fd)
            self._ops.rename(fresh, path)
            self._ops.fsync_folder(path.parent)
        except OSError as error:
            raise StorageError(f"{path}: cannot be written: {error.strerror or error}") from error
        return True

    def read(self, name: str, start: int = 0, stop: int | None = None) -> bytes:
        try:
            with (self.folder / name).open("rb") as file:
                file.seek(start)
                return file.read(-1 if stop is None else max(0, stop - start))
        except FileNotFoundError:
            raise
        except OSError as error:
            raise StorageError(f"{self.folder / name}: cannot be read: {error.strerror}") from error

    def size(self, name: str) -> int:
        return (self.folder / name).stat().st_size

    def sizes(self, folder: str) -> dict[str, int]:
        paths = (path for path in (self.folder / folder).rglob("*") if path.is_file() and path.name != _FRESH)
        return dict(sorted((path.relative_to(self.folder).as_posix(), path.stat().st_size) for path in paths))

    def delete(self, name: str) -> None:
        path = self.folder / name
        try:
            if path.exists():
                self._ops.unlink(path)
                self._ops.fsync_folder(path.parent)
        except OSError as error:
            raise StorageError(f"{path}: cannot be deleted: {error.strerror}") from error

    def _make(self, folder: Path) -> None:
        """The folder, open to those who may read the one around it."""
        if not folder.is_dir():
            self._make(folder.parent)
            folder.mkdir(mode=folder.parent.stat().st_mode & 0o777)
            self._ops.fsync_folder(folder.parent)
