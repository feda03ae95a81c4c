"""Where the index lies: numbered folders, and a pointer that says which of them is the index now.

    index/current.json      {"format": 1, "schema": "…", "engine": "whoosh", "folder": "g0007", "log": "…"}
    index/g0007/            what the engine keeps
    index/g0007.copies      which articles have one text (see copies/)
    index/lock              held by the one process that writes

A new generation is filled beside the old one and becomes current by one rename; a crash before leaves the old one.
Readers that still hold the old generation's files go on reading them.
"""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from archive import LockedError, StorageError, frozen
from index.errors import (
    IndexBusyError,
    IndexDamagedError,
    IndexStorageError,
)
from index.fields import schema
from index.patterns import later

if TYPE_CHECKING:
    from archive import FolderLock

FORMAT = 1
_POINTER = "current.json"
_NAME = later(r"g[0-9]{4,}")
_COPIES = later(r"(g[0-9]{4,})\.copies(?:-journal)?")


@frozen
class Generation:
    """One index. `log` identifies the change log it follows: positions in another log mean nothing to it.

    `schema` stands for the fields and the analysis that it was filled by (see fields.schema).
    """

    engine: str
    folder: str
    log: str
    schema: str
    format: int = FORMAT


def current(folder: Path) -> Generation | None:
    """The generation in use, None when no index was ever made.

    IndexDamagedError when the pointer cannot be read, or is that of another version.
    """
    path = folder / _POINTER
    try:
        now = path.stat()
        found = _pointed_at(path, now.st_ino, now.st_mtime_ns, now.st_size)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise IndexStorageError(f"{path}: {error.strerror}") from error
    except (msgspec.DecodeError, ValueError, TypeError) as error:
        raise IndexDamagedError(f"{_POINTER} does not say which index is in use", folder=str(folder)) from error
    if found.format != FORMAT:
        message = f"the index has format {found.format}, this version reads {FORMAT}"
        raise IndexDamagedError(message, folder=str(folder), outdated=True)
    if found.schema != schema():
        message = "the index was made for other fields than this version has"
        raise IndexDamagedError(message, folder=str(folder), outdated=True)
    if not isinstance(found.folder, str) or not _NAME.fullmatch(found.folder):
        raise IndexDamagedError(f"{_POINTER} names no folder of an index", folder=str(folder))
    return found


@lru_cache(maxsize=8)
def _pointed_at(path: Path, *_: int) -> Generation:
    """Read once as long as the file is the same: every answer looks at it several times. Each one is a new file."""
    return Generation(**msgspec.json.decode(path.read_bytes()))


def begin(folder: Path, engine: str, log: str) -> Generation:
    """An empty folder for a new generation; remains of ones that never became current are removed."""

    try:
        _make(folder)
        with contextlib.suppress(IndexDamagedError):
            clean(folder)
        used = [int(path.name[1:]) for path in folder.iterdir() if _NAME.fullmatch(path.name)]
        generation = Generation(engine, f"g{max(used, default=0) + 1:04}", log, schema())
        _make(folder / generation.folder)
    except OSError as error:
        raise IndexStorageError(f"{folder}: {error.strerror}") from error
    return generation


def make_current(folder: Path, generation: Generation) -> None:
    """Point at `generation`, durably and at once, then remove what it replaces."""
    temporary = folder / f"{_POINTER}.new"
    try:
        with temporary.open("w", encoding="utf-8") as file:
            temporary.chmod(folder.stat().st_mode & 0o666)
            file.write(msgspec.json.encode(generation).decode())
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(folder / _POINTER)
        _sync(folder)
    except OSError as error:
        raise IndexStorageError(f"{folder}: {error.strerror}") from error
    clean(folder)


def clean(folder: Path) -> None:
    """Remove every generation but the current one. Only under the lock."""
    import shutil

    kept = current(folder)
    for path in folder.iterdir():
        if _NAME.fullmatch(path.name) and (kept is None or path.name != kept.folder):
            shutil.rmtree(path, ignore_errors=True)
        elif (beside := _COPIES.fullmatch(path.name)) and (kept is None or beside.group(1) != kept.folder):
            path.unlink(missing_ok=True)


def copies_of(folder: Path, generation: Generation) -> Path:
    """The file beside a generation that knows which articles are copies."""
    return folder / f"{generation.folder}.copies"


def lock(folder: Path, wait: float, waiting: Callable[[str], None] | None = None) -> FolderLock:
    """The right to write. If another process has it, `waiting` is told who and it is waited for `wait` seconds.

    IndexBusyError names the holder when that was not enough; IndexStorageError says where nothing may be written.
    """
    from archive import FolderLock

    try:
        _make(folder)
        if not os.access(folder, os.W_OK | os.X_OK):
            raise IndexStorageError(f"{folder}: it cannot be written", read_only=True)
        try:
            return FolderLock(folder / "lock")
        except LockedError as busy:
            if waiting:
                waiting(busy.holder)
            return FolderLock(folder / "lock", wait=wait)
    except LockedError as error:
        raise IndexBusyError(f"the index is being written by {error.holder}", holder=error.holder) from error
    except StorageError as error:
        raise _refused(error.__cause__, str(error)) from error
    except OSError as error:
        raise _refused(error, f"{folder}: {error.strerror}") from error


def _refused(cause: BaseException | None, message: str) -> IndexStorageError:
    """The system's refusal to write, as ours."""
    read_only = isinstance(cause, OSError) and cause.errno in (errno.EACCES, errno.EPERM, errno.EROFS)
    return IndexStorageError(message, read_only=read_only)


def _make(folder: Path) -> None:
    """Who may look into the folder around it may look into this one. An archive that is gone is not made again."""
    folder.mkdir(mode=folder.parent.stat().st_mode & 0o777, exist_ok=True)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
