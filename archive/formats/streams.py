"""Records one behind the other in a file that can be sought in: as they are, in gzip members, in Zstandard frames …

A part is a member, a frame, or a stretch that is not packed; a file may have parts of every kind. What a record is,
`Begins` says. After damage the next record that begins is looked for, in the part at hand and then behind it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import BinaryIO, cast

from archive.formats.packed import HEAD, MAGICS, Decoder, Packing, PackingError, packing, packing_of

_CHUNK = 2**18
_PEEK = 512  # bytes that show whether a record begins with them
_BLANK = re.compile(rb"[\r\n\0]*")
_MANY = 6  # line feeds, before all of which there would hardly be a carriage return by chance
_DEEPEST = 3  # times that a file may be packed as a whole
_MAX_UNPACKED = 2**32  # bytes of a file that is packed more than once


class Bad(Exception):  # noqa: N818 - told as BadRecord
    """What begins here is no record, or not a whole one."""


@dataclass(frozen=True, slots=True)
class Begins:
    """How a record begins: where one is expected, and (more strictly) in damaged bytes, behind a line end or not."""

    here: re.Pattern[bytes]
    anywhere: re.Pattern[bytes]


def opened(file: BinaryIO, begins: Begins, depth: int = 1) -> Stream:
    """The file from its beginning, whose records begin as `begins` says. Bad when it cannot be unpacked.

    What is packed more than once is unpacked into a temporary file, which is the stream's to `close`.
    """
    try:
        found, _ = packing(file.read)
    except PackingError as error:
        raise Bad(str(error)) from error
    if found is not None and depth == 1 and _was_sent_as_text(file, begins):
        return _restored(file, begins)
    stream = Stream(file, begins, found)
    stream.seek(found.start if found else 0)
    if found is None or depth == _DEEPEST or not stream.is_packed_within():
        return stream
    return _unpacked(stream, depth)


def _was_sent_as_text(file: BinaryIO, begins: Begins) -> bool:
    """Whether a packed file has carriage returns put before all its line feeds, as FTP does in text mode."""
    file.seek(0)
    begin = file.read(_CHUNK)
    return begin.count(b"\n") == begin.count(b"\r\n") >= _MANY and not begins.anywhere.search(begin)


def _restored(file: BinaryIO, begins: Begins) -> Stream:
    """The stream of a file as it was before that."""
    inner = cast("BinaryIO", TemporaryFile())  # noqa: SIM115 - closed with the stream
    file.seek(0)
    held = b""
    while data := file.read(_CHUNK):
        held = (held + data).replace(b"\r\n", b"\n")
        whole = len(held) - held.endswith(b"\r")
        inner.write(held[:whole])
        held = held[whole:]
    inner.write(held)
    inner.seek(0)
    stream = opened(inner, begins, 2)
    stream.is_own = stream.is_restored = True
    if stream.file is not inner:
        inner.close()
    return stream


def _unpacked(stream: Stream, depth: int) -> Stream:
    """The stream of what is packed in `stream`."""
    inner = cast("BinaryIO", TemporaryFile())  # noqa: SIM115 - closed with the stream
    size, problem = 0, ""
    try:
        while data := stream.held or stream.more() or (stream.next_part() and stream.more()):
            stream.held = b""
            size += len(data)
            if size > _MAX_UNPACKED:
                problem = f"it is packed more than once, and more than {_MAX_UNPACKED} bytes: unpack it first"
                break
            inner.write(data)
    except Bad as error:
        problem = str(error)
    inner.seek(0)
    found = opened(inner, stream.begins, depth + 1)
    found.is_own, found.problem = True, found.problem or problem
    if found.file is not inner:
        inner.close()
    return found


class Stream:
    """Bytes to come, with those that are here in `held[at:]`."""

    def __init__(self, file: BinaryIO, begins: Begins, first: Packing | None) -> None:
        self.file = file
        self.begins = begins
        self.held = b""
        self.at = 0
        self.problem = ""  # why what is behind the last record could not be had, if that is not seen there
        self.is_own = False  # whether nobody else closes the file
        self.is_restored = False  # whether its line ends were changed, and are put right
        self._first = first  # how the first part is packed, and with which dictionary
        self._packed: Packing | None = None
        self._decoder: Decoder | None = None
        self._raw = b""  # read and not yet expanded
        self._raw_at = 0  # where that begins in the file
        self._part_at = 0

    def close(self) -> None:
        """Let go of what the stream alone has."""
        if self.is_own:
            self.file.close()

    def seek(self, offset: int) -> None:
        """Go on with the part that begins at `offset` of the file."""
        self.file.seek(offset)
        self._raw_at = offset
        self._begin(self.file.read(_CHUNK))

    def _begin(self, raw: bytes) -> None:
        self._raw, self._part_at = raw, self._raw_at
        self._packed = packing_of(raw, self._first)
        self._decoder = self._packed.decoder() if self._packed else None
        self.held, self.at = b"", 0

    def more(self) -> bytes:
        """The next bytes, b"" at the end of the part. Bad where they are damaged."""
        if self._decoder is None:
            data = self._raw or self.file.read(_CHUNK)
            self._raw = b""
            self._raw_at += len(data)
            return data
        while not self._decoder.eof:
            data = self._decoder.unconsumed_tail or self._raw or self.file.read(_CHUNK)
            if not data:
                raise Bad("the file is cut off within this record")
            if data is not self._decoder.unconsumed_tail:
                self._raw_at += len(data)
                self._raw = b""
            try:
                part = self._decoder.decompress(data, _CHUNK)
            except PackingError as error:
                raise Bad(f"the compressed bytes are damaged ({error})") from error
            if part:
                return part
        return b""

    def next_part(self) -> bool:
        """Go to the part behind this one; whether there is one."""
        if self._decoder is None or not self._decoder.eof:
            return False
        rest = self._decoder.unused_data
        self._raw_at -= len(rest)
        if len(rest) < _PEEK:
            rest += self.file.read(_CHUNK)
        self._begin(rest)
        return bool(rest)

    def join(self) -> bool:
        """Go on with the part behind this one as if both were one, unless a record begins there; whether it did."""
        if self._decoder is None or not self._decoder.eof:
            return False
        behind, here = self._raw_at - len(self._decoder.unused_data), self.held[self.at :]
        begin = self._peek(behind)
        if begin is None or self.begins.here.match(begin):
            return False
        self.seek(behind)
        self.held = here
        return True

    def have(self, count: int) -> bool:
        """Whether `count` bytes are here, after reading as far as that needs."""
        if len(self.held) - self.at >= count:
            return True
        parts = [self.held[self.at :]]
        size = len(parts[0])
        try:
            while size < count and (data := self.more()):
                parts.append(data)
                size += len(data)
        finally:
            self.held, self.at = b"".join(parts), 0
        return size >= count

    def until_next(self, most: int) -> int:
        """How many bytes there are before the next record, or the end of the part; no more than about `most`."""
        size = _CHUNK
        while True:
            is_more = self.have(size)
            found = self.begins.anywhere.search(self.held, self.at)
            if found or not is_more or size > most:
                return (_start(found) if found else len(self.held)) - self.at
            size *= 2

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
        """Pass over line ends and zeros between records; whether anything is left."""
        while self.have(1):
            blank = _BLANK.match(self.held, self.at)
            assert blank is not None
            self.at = blank.end()
            if self.at < len(self.held):
                if not self._is_plain_before_packed():
                    return True
                self.seek(self._here())
        return False

    def is_packed_within(self) -> bool:
        """Whether what comes next is packed, once more if it was."""
        try:
            return self.have(HEAD) and self.held.startswith(MAGICS, self.at)
        except Bad:
            return False

    def starts(self) -> bool:
        """Whether a record begins here."""
        try:
            if not self.pass_blank():
                return False
            self.have(_PEEK)
        except Bad:
            return False
        return self.begins.here.match(self.held, self.at) is not None

    def recover(self) -> bool:
        """Go to the next record that begins; whether there is one."""
        self.at = min(self.at + 1, len(self.held))
        if self._decoder is None:
            return self._scan(0)
        try:
            if self._search():
                return True
            plain = position = self._raw_at - len(self._decoder.unused_data)
        except Bad:
            # What is not packed is looked for behind the damage alone: members may hold bytes as they are.
            position, plain = self._part_at + 1, self._raw_at - len(self._decoder.unconsumed_tail)
        self.file.seek(position)
        self._raw, self._raw_at, self._part_at = b"", position, position
        self._packed = self._decoder = None
        self.held, self.at = b"", 0
        return self._scan(plain)

    def _search(self) -> bool:
        """Go to the next record in this part; whether there is one."""
        while True:
            if found := self.begins.anywhere.search(self.held, self.at):
                self.at = _start(found)
                return True
            tail = self.held[max(self.at, len(self.held) - _PEEK) :]
            data = self.more()
            if not data:
                return False
            self.held, self.at = tail + data, 0

    def _scan(self, plain: int) -> bool:
        """Go to the next record in bytes that were not unpacked: a packed one, or one that is not from `plain` on."""
        signs = re.compile(b"|".join([*map(re.escape, MAGICS), self.begins.anywhere.pattern]))
        while True:
            start = self._here() - self.at
            for found in signs.finditer(self.held, self.at):
                if found[0] not in MAGICS and start + found.start() >= plain:
                    self.at = _start(found)
                    return True
                if found[0] in MAGICS and self._is_packed_record(found.start()):
                    self.seek(start + found.start())
                    return True
            tail = self.held[max(self.at, len(self.held) - _PEEK) :]
            data = self.more()
            if not data:
                return False
            self.held, self.at = tail + data, 0

    def _is_packed_record(self, at: int) -> bool:
        """Whether a packed record begins at `held[at]`."""
        packed = packing_of(self.held[at : at + HEAD], self._first)
        if packed is None:
            return False
        while len(self.held) - at < packed.peek and (data := self.more()):
            self.held += data
        begin = self._begin_of(packed, self.held[at : at + packed.peek])
        return begin is not None and self.begins.here.match(begin) is not None

    def _peek(self, offset: int) -> bytes | None:
        """The first bytes of the packed part that begins at `offset`; None where none does."""
        self.file.seek(offset)
        head = self.file.read(HEAD)
        packed = packing_of(head, self._first)
        begin = self._begin_of(packed, head + self.file.read(packed.peek)) if packed else None
        self.file.seek(self._raw_at + len(self._raw))
        return begin

    @staticmethod
    def _begin_of(packed: Packing, data: bytes) -> bytes | None:
        try:
            return packed.decoder().decompress(data, _PEEK)
        except PackingError:
            return None

    def _is_plain_before_packed(self) -> bool:
        """Whether a part that is not packed ends here, since a record begins that is."""
        return self._decoder is None and self.is_packed_within() and self._is_packed_record(self.at)

    def _here(self) -> int:
        """Where the next byte of what is not packed stands in the file."""
        return self._raw_at - len(self.held) + self.at


def _start(found: re.Match[bytes]) -> int:
    return found.start() + found[0].startswith(b"\n")
