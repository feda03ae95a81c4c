"""Whoosh's file storage, made to outlast a power cut, and its lock, made to say who holds it.

Whoosh never syncs. Here, whatever was created is synced, and then its folder, before a file is renamed (which is how a
table of contents, and with it a commit, comes to be), and the folder once more after.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO

from whoosh.filedb.filestore import FileStorage

from index.errors import IndexBusyError


class DurableStorage(FileStorage):
    """One folder. Files are flat in it; `folder` need not exist before `create`."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder))
        self.path = folder
        self._unsynced: set[str] = set()

    @property
    def shared(self) -> int:
        """The mode of files here: who may read and write the folder may read and write them."""
        return self.path.stat().st_mode & 0o666

    def create_file(self, name: str, excl: bool = False, mode: str = "wb", **kwargs: Any) -> Any:
        self._unsynced.add(name)
        return super().create_file(name, excl, mode, **kwargs)

    def create_raw(self, name: str) -> BinaryIO:
        """A new file to write bytes to."""
        self._unsynced.add(name)
        return (self.path / name).open("xb")

    def created(self, names: Iterable[str]) -> None:
        """Files that others have written into the folder, to be synced with the rest."""
        self._unsynced.update(names)

    def delete_file(self, name: str) -> None:
        super().delete_file(name)
        self._unsynced.discard(name)

    def forget(self) -> None:
        """What was created since the last rename is not going to be used."""
        self._unsynced.clear()

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        for name in sorted(self._unsynced):
            self._sync_file(name)
        self._unsynced.clear()
        self._sync_folder()
        self._rename(oldname, newname, safe=safe)
        self._sync_folder()

    def _rename(self, oldname: str, newname: str, *, safe: bool) -> None:
        super().rename_file(oldname, newname, safe=safe)

    def _sync_file(self, name: str) -> None:
        handle = os.open(self.path / name, os.O_RDWR)
        try:
            os.fchmod(handle, self.shared)
            os.fsync(handle)
        finally:
            os.close(handle)

    def _sync_folder(self) -> None:
        if os.name == "nt":  # a folder cannot be opened there, and its entries are journaled
            return
        handle = os.open(self.path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


class WriteLock:
    """Whoosh's lock (freed by the system when its process dies) and, beside it, who holds it."""

    def __init__(self, storage: DurableStorage, name: str, patience: float) -> None:
        """Waits up to `patience` seconds; IndexBusyError names the holder."""
        self._note = storage.path / f"{name}.holder"
        self._lock = storage.lock(name)
        until = time.monotonic() + patience
        while not self._lock.acquire(False):
            if time.monotonic() > until:
                holder = self._holder()
                raise IndexBusyError(f"another process is writing to the index: {holder}", holder=holder)
            time.sleep(0.02)
        self._note.write_text(f"process {os.getpid()}", encoding="utf-8")
        for path in (self._note, storage.path / name):
            path.chmod(storage.shared)

    def _holder(self) -> str:
        try:
            return self._note.read_text(encoding="utf-8") or "unknown"
        except OSError:
            return "unknown"

    def release(self) -> None:
        self._note.unlink(missing_ok=True)
        self._lock.release()
