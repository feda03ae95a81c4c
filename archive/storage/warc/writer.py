"""Appending to warc/: whole captures at a time, durable after `sync()`, and back to the last good byte after an error.

Bytes go out unbuffered at explicit offsets, so the writer always knows what stands where. It decides nothing about
content: it is handed finished gzip members. One writer per folder (see lock.py).
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from heapq import merge
from pathlib import Path

from archive.config import StoreSettings
from archive.errors import StorageError
from archive.storage.ops import Ops
from archive.storage.warc.records import member, new_id, warc_date

_NUMBERED = re.compile(r"backfile-(\d+)-(\d{14})\.warc\.gz")  # as a folder has them, and
_DATED = re.compile(r"\d{4}/\d\d/\d\d/(\d{20})-[a-z0-9]+-[0-9a-f]+\.warc\.gz")  # as a bucket has them
SOFTWARE = "backfile (https://pypi.org/project/backfile/)"


def warc_files(folder: Path) -> list[str]:
    """Names of our WARC files in the order they were begun; those that came from a bucket stand in folders by day."""
    below = (path for pattern in ("*.gz", "[0-9]*/[0-9]*/[0-9]*/*.gz") for path in folder.glob(pattern))
    return by_age(path.relative_to(folder).as_posix() for path in below)


def by_age(names: Iterable[str]) -> list[str]:
    """Those of these names that are of WARC files of ours, in the order in which they were begun.

    Those of a folder by serial number (not by clock), those of a bucket by the time in their name; these two by time.
    """
    names = list(names)
    numbered = sorted((serial(name), name) for name in names if serial(name))
    objects = sorted((dated(name), name) for name in names if dated(name))
    both = (((begun(name), name) for _, name in numbered), iter(objects))
    return [name for _, name in merge(*both, key=lambda one: one[0])]


def begun(name: str) -> str:
    """The time in the name of a file to the microsecond, of one that has seconds the last of them.

    So whatever is begun in the same second behind an object stands behind it, and the writer of objects sees to it that
    these have a later time than any file.
    """
    found = _NUMBERED.fullmatch(name)
    return f"{found[2]}999999" if found else dated(name)


def serial(name: str) -> int:
    """The number in the name of a file that is appended to, 0 for one that never is."""
    found = _NUMBERED.fullmatch(name)
    return int(found[1]) if found else 0


def dated(name: str) -> str:
    """The time in the name of an object, to the microsecond; "" for a file that is none."""
    found = _DATED.fullmatch(name)
    return found[1] if found else ""


def warcinfo(name: str, now: datetime, settings: StoreSettings) -> bytes:
    """The record that a file begins with."""
    lines = {
        "software": SOFTWARE,
        "format": "WARC File Format 1.1",
        "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
    }
    if settings.operator:
        lines["operator"] = " ".join(settings.operator.split())
    block = "".join(f"{key}: {value}\r\n" for key, value in lines.items()).encode("utf-8", "replace")
    fields = [("WARC-Filename", name), ("Content-Type", "application/warc-fields")]
    return member("warcinfo", new_id(), warc_date(now), fields, block)


@dataclass(slots=True)
class _Open:
    name: str
    fd: int
    size: int  # end of the last whole append
    synced: int  # end of what is known to be on the medium
    new: bool  # its name is not yet known to be on the medium


class WarcWriter:
    """Appends to the newest file of `folder`, or to a new one once that holds `settings.max_warc` bytes."""

    def __init__(self, folder: Path, settings: StoreSettings, *, ops: Ops, resume: str | None = None) -> None:
        """`resume` names the file to go on with; it must end with a whole record."""
        self._folder = folder
        self._settings = settings
        self._ops = ops
        names = warc_files(folder)
        self._serial = max(map(serial, names), default=0)
        self._latest = max(map(dated, names), default="")  # of objects that were brought here from a bucket
        self._file: _Open | None = None
        self.losses = 0  # how often appended, not yet synced records were given up
        if resume is not None and (folder / resume).stat().st_size < settings.max_warc:
            self._file = self._reopen(resume)

    def place(self) -> tuple[str, int]:
        """File and offset that the next append will have; begins a new file where one is due.

        StorageError when the file that is to be left cannot be synced or the new one cannot be written.
        """
        if self._file is not None and self._file.size >= self._settings.max_warc:
            self.sync()
            self._abandon()
        if self._file is None:
            self._file = self._begin()
        return self._file.name, self._file.size

    def append(self, data: bytes) -> tuple[str, int]:
        """Writes whole records and says where. On StorageError nothing of them stays in the file."""
        self.place()
        file = self._file
        assert file is not None
        start = file.size
        try:
            self._ops.write(file.fd, data, start)
        except OSError as error:
            self._undo(file, start)
            raise StorageError(f"{self._folder / file.name}: cannot write: {error.strerror}") from error
        file.size = start + len(data)
        return file.name, start

    def sync(self) -> None:
        """Returns when everything appended is on the medium.

        On StorageError everything appended since the last sync is gone from the archive, and the next append begins a
        new file: after a failed fsync the system may have dropped the pages and report success the next time.
        """
        file = self._file
        if file is None or (file.size == file.synced and not file.new):
            return
        try:
            self._ops.fsync(file.fd)
            if file.new:
                self._ops.fsync_folder(self._folder)
        except OSError as error:
            self._undo(file, file.synced)
            self._abandon()
            raise StorageError(f"{self._folder / file.name}: cannot sync: {error.strerror}") from error
        file.synced = file.size
        file.new = False

    def close(self) -> None:
        """Closes the file; what was not synced is not promised."""
        self._abandon()

    def _begin(self) -> _Open:
        now = datetime.now(UTC)
        time = max(f"{now:%Y%m%d%H%M%S}", self._latest[:14])  # also where their clock was ahead of ours
        name = f"backfile-{self._serial + 1:05d}-{time}.warc.gz"
        path = self._folder / name
        head = warcinfo(name, now, self._settings)
        try:
            fd = self._ops.create(path)
        except OSError as error:
            raise StorageError(f"{path}: cannot create: {error.strerror}") from error
        self._serial += 1
        try:
            self._ops.write(fd, head, 0)
        except OSError as error:
            self._close_quietly(fd)
            with contextlib.suppress(OSError):
                self._ops.unlink(path)
            raise StorageError(f"{path}: cannot write: {error.strerror}") from error
        return _Open(name, fd, len(head), 0, new=True)

    def _reopen(self, name: str) -> _Open:
        path = self._folder / name
        try:
            fd = self._ops.open(path)
        except OSError as error:
            raise StorageError(f"{path}: cannot open for writing: {error.strerror}") from error
        size = path.stat().st_size
        return _Open(name, fd, size, size, new=False)

    def _undo(self, file: _Open, size: int) -> None:
        """Back to `size` bytes; a file that cannot even be cut is left to the next opening's repair."""
        lost = size < file.size
        try:
            self._ops.truncate(file.fd, size)
        except OSError:
            lost = lost or file.synced < size
            self._abandon()
        else:
            file.size = size
        self.losses += lost

    def _abandon(self) -> None:
        if self._file is not None:
            self._close_quietly(self._file.fd)
            self._file = None

    def _close_quietly(self, fd: int) -> None:
        with contextlib.suppress(OSError):
            self._ops.close(fd)
