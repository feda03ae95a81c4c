"""File operations that go wrong on purpose: fail, tear, stop, or lose what was not synced."""

from __future__ import annotations

import errno
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from archive.storage.ops import Ops


class Stop(BaseException):
    """The machine stops here: nothing after this operation happens."""


class Counting(Ops):
    """Counts the operations, and lets a subclass act at one of them (from 1)."""

    def __init__(self, at: int = 0) -> None:
        self.count = 0
        self.at = at
        self.names: list[str] = []

    def _due(self, name: str) -> bool:
        self.count += 1
        self.names.append(name)
        return self.strikes(self.count)

    def strikes(self, number: int) -> bool:
        return number == self.at

    def strike(self, name: str) -> None:
        """What happens; by default nothing."""

    def create(self, path: Path) -> int:
        if self._due("create"):
            self.strike("create")
        return super().create(path)

    def open(self, path: Path) -> int:
        if self._due("open"):
            self.strike("open")
        return super().open(path)

    def write(self, fd: int, data: bytes, offset: int) -> None:
        if self._due("write"):
            self.tear(fd, data, offset)
            self.strike("write")
        super().write(fd, data, offset)

    def tear(self, fd: int, data: bytes, offset: int) -> None:
        """Part of the bytes may arrive before a write fails."""

    def fsync(self, fd: int) -> None:
        if self._due("fsync"):
            self.strike("fsync")
        super().fsync(fd)

    def fsync_folder(self, path: Path) -> None:
        if self._due("fsync_folder"):
            self.strike("fsync_folder")
        super().fsync_folder(path)

    def truncate(self, fd: int, size: int) -> None:
        if self._due("truncate"):
            self.strike("truncate")
        super().truncate(fd, size)

    def rename(self, source: Path, target: Path) -> None:
        if self._due("rename"):
            self.strike("rename")
        super().rename(source, target)

    def unlink(self, path: Path) -> None:
        if self._due("unlink"):
            self.strike("unlink")
        super().unlink(path)


class Failing(Counting):
    """The operation gives an error: once, or from then on until `mended`. A write may leave a part of its bytes."""

    def __init__(self, at: int, code: int = errno.ENOSPC, *, torn: bool = False, for_ever: bool = False) -> None:
        super().__init__(at)
        self.code = code
        self.torn = torn
        self.for_ever = for_ever
        self.mended = False

    def strikes(self, number: int) -> bool:
        return not self.mended and (number == self.at or (self.for_ever and number > self.at > 0))

    def strike(self, name: str) -> None:
        raise OSError(self.code, os.strerror(self.code))

    def tear(self, fd: int, data: bytes, offset: int) -> None:
        if self.torn:
            Ops().write(fd, data[: len(data) // 2], offset)


class Stopping(Counting):
    """The process ends at the operation; a write may have been half done."""

    def __init__(self, at: int, *, torn: bool = False) -> None:
        super().__init__(at)
        self.torn = torn

    def strike(self, name: str) -> None:
        raise Stop

    def tear(self, fd: int, data: bytes, offset: int) -> None:
        if self.torn:
            Ops().write(fd, data[: len(data) // 2], offset)


@dataclass
class _Disk:
    """What is on the medium for sure: contents as last synced, names as last synced."""

    synced: dict[int, bytes] = field(default_factory=dict)  # inode → content
    names: dict[str, int] = field(default_factory=dict)


class PowerCut(Stopping):
    """As `Stopping`, and knows what had reached the medium by then.

    What stands in the folder at first counts as synced, unless `volatile`: then none of it does.
    """

    def __init__(self, folder: Path, at: int, *, volatile: bool = False) -> None:
        super().__init__(at)
        self.folder = folder
        self.disk = _Disk()
        for path in () if volatile else folder.glob("*.gz"):
            self.disk.synced[path.stat().st_ino] = path.read_bytes()
            self.disk.names[path.name] = path.stat().st_ino

    def fsync(self, fd: int) -> None:
        super().fsync(fd)
        facts = os.fstat(fd)
        self.disk.synced[facts.st_ino] = os.pread(fd, facts.st_size, 0)

    def fsync_folder(self, path: Path) -> None:
        super().fsync_folder(path)
        if path == self.folder:
            self.disk.names = {file.name: file.stat().st_ino for file in path.glob("*.gz")}

    def after(self, target: Path, *, kept: str) -> None:
        """The archive as it is found when power is back, as `target`.

        Of what was not synced, `kept` says what arrived all the same: "nothing", "zeros" (the length, but not the
        bytes) or "half".
        """
        shutil.copytree(self.folder.parent, target)
        for path in (target / "warc").glob("*.gz"):
            path.unlink()
        now = {file.stat().st_ino: file.read_bytes() for file in self.folder.glob("*.gz")}
        names = {file.name: file.stat().st_ino for file in self.folder.glob("*.gz")}
        for name, inode in (self.disk.names if kept == "nothing" else names | self.disk.names).items():
            safe = self.disk.synced.get(inode, b"")
            written = now.get(inode, safe)
            extra = len(written) - len(safe)
            content = safe
            if kept == "zeros" and extra > 0:
                content = safe + bytes(extra)
            elif kept == "half" and extra > 0:
                content = safe + bytes(extra // 3) + written[len(safe) + extra // 3 :]
            (target / "warc" / name).write_bytes(content)
