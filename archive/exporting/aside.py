"""Files and folders that appear whole or not at all: written beside their place, synced, renamed.

What is being written is locked by whoever writes it. What a killed program left beside the same place is not, and is
removed by the next one that writes there.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from archive.errors import StorageError, UsageError
from archive.storage.ops import Ops
from archive.storage.posix import fcntl

_NAME = 100  # characters of the target's name that stand in that of what is beside it


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
        with _refusals(target), _locked(part, os.O_RDWR | os.O_CREAT | os.O_EXCL) as fd:
            with os.fdopen(fd, "w+b", closefd=False) as file:
                yield file
            Ops().fsync(fd)
            _move(part, target)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


@contextmanager
def folder_aside(target: Path, is_same: Callable[[Path, Path], bool] | None = None) -> Iterator[Path]:
    """A folder that is `target` when the block has ended well. UsageError when there is something in `target`.

    With `is_same`, what is there may be just what is written now, as it is when a program was killed at its very end.
    """
    taken = target.exists() and (not target.is_dir() or any(target.iterdir()))
    refusal = UsageError(f"{target} is there already: name a new folder, or an empty one")
    if taken and is_same is None:
        raise refusal
    part = _beside(target)
    try:
        with _refusals(target):
            part.mkdir()
            with _locked(part, os.O_RDONLY | os.O_DIRECTORY):
                yield part
                if taken:
                    if is_same is None or not is_same(part, target):
                        raise refusal
                    return
                for path in part.iterdir():
                    with path.open("rb") as file:
                        Ops().fsync(file.fileno())
                Ops().fsync_folder(part)
                _move(part, target)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _beside(target: Path) -> Path:
    """A new name beside `target`, once what was left under such names is gone."""
    if not target.parent.is_dir():
        raise UsageError(f"there is no folder {target.parent}")
    begin = f".{target.name[:_NAME]}."
    ours = re.compile(rf"{re.escape(begin)}[0-9a-f]{{8}}\.part")
    for path in target.parent.iterdir():
        if ours.fullmatch(path.name) and not path.is_symlink():
            _remove_if_left(path)
    return target.with_name(f"{begin}{uuid4().hex[:8]}.part")


def _remove_if_left(path: Path) -> None:
    """Remove what nobody has locked; what cannot be removed is left where it is."""
    with suppress(OSError), _locked(path, os.O_RDONLY):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink()


@contextmanager
def _locked(path: Path, flags: int) -> Iterator[int]:
    """The file or folder at `path`, open and locked until the block or this program ends. OSError if it is locked."""
    fd = os.open(path, flags | os.O_CLOEXEC, 0o666)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield fd
    finally:
        os.close(fd)


def _move(part: Path, target: Path) -> None:
    part.replace(target)
    Ops().fsync_folder(target.parent)


@contextmanager
def _refusals(target: Path) -> Iterator[None]:
    """What the system refuses, as our error."""
    try:
        yield
    except OSError as error:
        raise StorageError(f"{target}: cannot be written: {error.strerror or error}") from error
