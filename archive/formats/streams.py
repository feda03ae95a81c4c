"""Records one behind the other in a file that can be sought in: as it is, in gzip members, or in Zstandard frames.

What a record is, `begins` says: a pattern for its first line. After damage the next record that begins is looked for.
"""

from __future__ import annotations

import re
from typing import BinaryIO

from archive.formats.packed import ERRORS, Decoder, Packing, PackingError, packing

_CHUNK = 2**18
_PEEK = 512  # bytes that show whether a record begins with them


class Bad(Exception):  # noqa: N818 - told as BadRecord
    """What begins here is no record, or not a whole one."""


def opened(file: BinaryIO, begins: re.Pattern[bytes]) -> Stream:
    """The file from its beginning, whose records begin as `begins` says. Bad when it cannot be unpacked."""
    try:
        found, _ = packing(file.read)
    except PackingError as error:
        raise Bad(str(error)) from error
    stream: Stream = Members(file, begins, found) if found else Plain(file, begins)
    stream.seek(found.start if found else 0)
    return stream


class Stream:
    """Bytes to come, with those that are here in `held[at:]`."""

    def __init__(self, file: BinaryIO, begins: re.Pattern[bytes]) -> None:
        self.file = file
        self.begins = begins
        self.held = b""
        self.at = 0

    def seek(self, offset: int) -> None:
        """Go on at `offset` of the file."""
        self.file.seek(offset)
        self.held, self.at = b"", 0

    def more(self) -> bytes:
        """The next bytes, b"" at the end of the file (or of what belongs together)."""
        raise NotImplementedError

    def next_part(self) -> bool:
        """Go to the next member; whether there is one."""
        raise NotImplementedError

    def recover(self) -> bool:
        """Go to the next record that begins; whether there is one."""
        raise NotImplementedError

    def have(self, count: int) -> bool:
        """Whether `count` bytes are here, after reading as far as that needs."""
        if len(self.held) - self.at >= count:
            return True
        parts = [self.held[self.at :]]
        size = len(parts[0])
        while size < count and (data := self.more()):
            parts.append(data)
            size += len(data)
        self.held, self.at = b"".join(parts), 0
        return size >= count

    def skip(self, count: int) -> bool:
        """Pass over `count` bytes without keeping them; whether there were so many."""
        here = min(count, len(self.held) - self.at)
        self.at += here
        count -= here
        while count:
            data = self.more()
            if not data:
                return False
            if len(data) > count:
                self.held, self.at = data, count
                return True
            count -= len(data)
        return True

    def pass_blank(self) -> bool:
        """Pass over line ends between records; whether anything is left."""
        while self.have(1):
            if self.held[self.at] not in b"\r\n":
                return True
            self.at += 1
        return False


class Plain(Stream):
    """A file as it is."""

    def more(self) -> bytes:
        return self.file.read(_CHUNK)

    def next_part(self) -> bool:
        return False

    def recover(self) -> bool:
        """Go to the next line that begins a record; whether there is one."""
        self.at = min(self.at + 1, len(self.held))
        begins_line = re.compile(rb"(?<=\n)" + self.begins.pattern)
        while True:
            found = begins_line.search(self.held, self.at)
            if found:
                self.at = found.start()
                return True
            tail = self.held[max(self.at, len(self.held) - _PEEK) :]
            data = self.more()
            if not data:
                return False
            self.held, self.at = tail + data, 0


class Members(Stream):
    """gzip members or Zstandard frames; a record lies within one."""

    def __init__(self, file: BinaryIO, begins: re.Pattern[bytes], packed: Packing) -> None:
        super().__init__(file, begins)
        self._packed = packed
        self._raw = b""  # read and not yet expanded
        self._raw_at = 0  # where that begins in the file
        self._decoder: Decoder = packed.decoder()
        self._member_at = 0

    def seek(self, offset: int) -> None:
        super().seek(offset)
        self._raw, self._raw_at, self._member_at = b"", offset, offset
        self._decoder = self._packed.decoder()

    def more(self) -> bytes:
        while not self._decoder.eof:
            data = self._decoder.unconsumed_tail or self._raw or self.file.read(_CHUNK)
            if not data:
                if self._raw_at > self._member_at:
                    raise Bad("the file is cut off within this record")
                return b""
            if data is not self._decoder.unconsumed_tail:
                self._raw_at += len(data)
                self._raw = b""
            try:
                part = self._decoder.decompress(data, _CHUNK)
            except ERRORS as error:
                raise Bad(f"the compressed bytes are damaged ({error})") from error
            if part:
                return part
        return b""

    def next_part(self) -> bool:
        """Go to the next member; whether there is one."""
        if not self._decoder.eof:
            return False
        rest = self._decoder.unused_data
        self._member_at = self._raw_at - len(rest)
        stripped = rest.lstrip(b"\0")
        if not stripped:
            stripped = self.file.read(_CHUNK)
            self._raw_at += len(stripped)
        if not stripped:
            return False
        self._raw = stripped
        self._raw_at -= len(stripped)
        self._member_at = self._raw_at
        self._decoder = self._packed.decoder()
        self.held, self.at = b"", 0
        return True

    def recover(self) -> bool:
        """Go to the next member that begins with a record; whether there is one."""
        position = self._member_at + 1
        while True:
            self.file.seek(position)
            window = self.file.read(_CHUNK)
            if len(window) < len(self._packed.magic):
                return False
            at = window.find(self._packed.magic)
            while at >= 0:
                if self._begins_record(position + at):
                    self.seek(position + at)
                    return True
                at = window.find(self._packed.magic, at + 1)
            position += len(window) - len(self._packed.magic) + 1

    def _begins_record(self, offset: int) -> bool:
        self.file.seek(offset)
        try:
            begin = self._packed.decoder().decompress(self.file.read(self._packed.peek), _PEEK)
            return self.begins.match(begin) is not None
        except ERRORS:
            return False
