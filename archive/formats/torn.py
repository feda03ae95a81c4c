"""Zip files whose directory is gone, as after a download that ended early: their members, by what stands before each.

A zip file names its members at its end, but each has a header of its own, too
(https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3.7). The last one may be cut off.
"""

from __future__ import annotations

import re
import struct
from io import SEEK_END
from pathlib import Path
from typing import BinaryIO, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipExtFile, ZipInfo

_HEADER = struct.Struct("<4s5H3I2H")  # what stands before a member: signature to lengths of name and extra field
_SIGN = b"PK\x03\x04"
_ENDS = re.compile(rb"PK\x03\x04|PK\x01\x02|PK\x05\x06")
_DESCRIPTOR = re.compile(rb"PK\x07\x08(?:.{12}|.{20})\Z", re.DOTALL)  # sizes behind a member, where not before it
_STREAMED, _UTF_8, _LOCKED = 8, 0x800, 1
_UNSAID = 0xFFFFFFFF  # a size that stands in the extra field
_CHUNK = 2**20


class AnySum(int):
    """A check sum that fits everything: zipfile keeps what it read last to itself where one does not fit."""

    def __ne__(self, _: object) -> bool:
        return False

    __hash__ = int.__hash__


class Torn:
    """The members of a zip file without a directory, as far as they are there."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._size = path.stat().st_size
        self._starts: dict[str, int] = {}  # where the bytes of each member begin
        self._infos: list[ZipInfo] = []
        with path.open("rb") as file:
            self._read(file)

    def infolist(self) -> list[ZipInfo]:
        """The members in the order in which they stand."""
        return self._infos

    def open(self, info: ZipInfo) -> BinaryIO:
        """The bytes of a member, to the end of the file where it is cut off; its check sum is not looked at."""
        file = self._path.open("rb")
        file.seek(self._starts[info.filename])
        return cast("BinaryIO", ZipExtFile(file, "r", info, close_fileobj=True))

    def _read(self, file: BinaryIO) -> None:
        position = _next(file, 0)
        while position < self._size:
            file.seek(position)
            head = file.read(_HEADER.size)
            if len(head) < _HEADER.size or not head.startswith(_SIGN):
                return
            _, _, flags, method, _, _, _, packed, size, name_length, extra = _HEADER.unpack(head)
            name = file.read(name_length).decode("utf-8" if flags & _UTF_8 else "cp437", "replace")
            start = position + _HEADER.size + name_length + extra
            is_said = packed != _UNSAID and not (flags & _STREAMED and not packed)
            position = start + packed if is_said else _next(file, start)
            end = min(position, self._size)
            if (
                name.partition("\0")[0]
                and method in (ZIP_STORED, ZIP_DEFLATED)
                and not flags & _LOCKED
                and start < self._size
            ):
                self._put(file, name, method, start, end, size if is_said else -1)
            if is_said:
                position = _next(file, position)  # behind what describes it

    def _put(self, file: BinaryIO, name: str, method: int, start: int, end: int, size: int) -> None:
        file.seek(max(start, end - 24))
        if size < 0 and (descriptor := _DESCRIPTOR.search(file.read(end - max(start, end - 24)))):
            end -= len(descriptor[0])
        info = ZipInfo(name)
        info.compress_type, info.compress_size = method, end - start
        info.file_size = end - start if method == ZIP_STORED else size if size >= 0 else 2**62
        info.CRC = AnySum()
        self._starts[name] = start
        self._infos.append(info)


def _next(file: BinaryIO, position: int) -> int:
    """Where the next header begins, of a member or of the directory; the end of the file where none does."""
    while True:
        file.seek(position)
        window = file.read(_CHUNK)
        if found := _ENDS.search(window):
            return position + found.start()
        if len(window) < _CHUNK:
            return file.seek(0, SEEK_END)
        position += _CHUNK - len(_SIGN)
