"""Files and folders that appear whole or not at all: written beside their place, synced, renamed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from archive.errors import StorageError, UsageError


@contextmanager
def file_aside(target: Path) -> Iterator[BinaryIO]:
    """A file that is `target` when the block has ended well, taking the place of one that was there.

    Raises UsageError when `target` is a folder or its folder is not there, StorageError when the disk refuses.
    """
    if target.is_dir():
        raise UsageError(f"{target} is a folder: name a file")
    if target.exists() and not target.is_file():  # a pipe or a device: it is written to, never replaced
        with _refusals(target), target.open("wb") as file:
            yield file
        return
    part = _beside(target)
    try:
        with _refusals(target), part.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        with _refusals(target):
            part.replace(target)
            _sync(target.parent)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


@contextmanager
def folder_aside(target: Path) -> Iterator[Path]:
    """A folder that is `target` when the block has ended well. UsageError when there is something in `target`."""
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UsageError(f"{target} is there already: name a new folder, or an empty one")
    part = _beside(target)
    try:
        with _refusals(target):
            part.mkdir()
            yield part
            for path in part.iterdir():
                _sync(path)
            _sync(part)
            part.replace(target)
            _sync(target.parent)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _beside(target: Path) -> Path:
    if not target.parent.is_dir():
        raise UsageError(f"there is no folder {target.parent}")
    return target.with_name(f".{target.name[:100]}.{uuid4().hex[:8]}.part")


def _sync(path: Path) -> None:
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


@contextmanager
def _refusals(target: Path) -> Iterator[None]:
    """What the system refuses, as our error."""
    try:
        yield
    except OSError as error:
        raise StorageError(f"{target}: cannot be written: {error.strerror or error}") from error
