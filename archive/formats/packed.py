"""gzip members and Zstandard frames, one behind the other: how they begin, and decoders of bounded output.

A WARC file in Zstandard may begin with a skippable frame that holds the dictionary of all others
(https://iipc.github.io/warc-specifications/specifications/warc-zstd/), itself packed or not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from archive.storage.warc.members import MemberError, unpacker

GZIP = b"\x1f\x8b"
ZSTD = b"\x28\xb5\x2f\xfd"
MAGICS = (GZIP + b"\x08", ZSTD)  # with what a member begins
ZSTD_DICTIONARY = b"\x5d\x2a\x4d\x18"
_MAX_DICTIONARY = 2**25  # bytes
_MAX_WINDOW = 2**27  # bytes of memory that a frame may ask for, as `zstd` itself allows at most
_PEEK_GZIP = 512
_PEEK_ZSTD = 2**18  # a block comes out when all of it is there: 128 KiB at most, and the frame's header
_BIT = 64  # bytes of a damaged member given to gzip at once
_PIECE = 512  # bytes given to Zstandard at once: no more than 16 MiB can come out of so few


class PackingError(Exception):
    """The bytes are not what they begin as."""


ERRORS = (MemberError, PackingError)  # all that a decoder raises


class Decoder(Protocol):
    """Undoes one member or frame, as `zlib.decompressobj` does."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    @property
    def unconsumed_tail(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Packing:
    """How a file is packed: what a member begins with, who undoes it, and where the first one begins.

    `peek`: bytes of a member after which its decoder has given something, whatever is in it.
    """

    magic: bytes
    decoder: Callable[[], Decoder]
    peek: int
    start: int = 0


def packing(read: Callable[[int], bytes]) -> tuple[Packing | None, bytes]:
    """How the file is packed that `read` begins to give (None: it is not), and what was read of its members so far.

    PackingError when there is a dictionary that cannot be used.
    """
    head = read(8)
    if head.startswith(GZIP):
        return Packing(MAGICS[0], _Gzip, _PEEK_GZIP), head
    if head.startswith(ZSTD):
        return Packing(ZSTD, _Zstd, _PEEK_ZSTD), head
    if not head.startswith(ZSTD_DICTIONARY) or len(head) < 8:
        return None, head
    size = int.from_bytes(head[4:], "little")
    if size > _MAX_DICTIONARY:
        raise PackingError(f"its dictionary has {size} bytes, which is too many")
    dictionary = read(size)
    if len(dictionary) < size:
        raise PackingError("the file is cut off within its dictionary")
    if dictionary.startswith(ZSTD):
        dictionary = _Zstd().decompress(dictionary, _MAX_DICTIONARY)
    return Packing(ZSTD, lambda: _Zstd(dictionary), _PEEK_ZSTD, len(head) + size), b""


def packing_of(head: bytes, first: Packing | None) -> Packing | None:
    """How what begins like this is packed, with the dictionary of the `first` of its file; None where it is not."""
    if first is not None and head.startswith(first.magic):
        return first
    return packing(lambda size: head[:size])[0] if head.startswith(MAGICS) else None


class _Gzip:
    """One member. Of a damaged one all comes out that stands before the damage, to a few bytes; then the error."""

    def __init__(self) -> None:
        self._member = unpacker()
        self._tail = b""
        self._failed: Exception | None = None

    @property
    def eof(self) -> bool:
        return self._failed is None and self._member.eof

    @property
    def unused_data(self) -> bytes:
        return self._member.unused_data

    @property
    def unconsumed_tail(self) -> bytes:
        return self._tail or self._member.unconsumed_tail

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        if self._failed is not None:
            raise self._failed
        before, self._tail = self._member.copy(), b""
        try:
            return self._member.decompress(data, max_length)
        except MemberError as error:
            self._member = before
            return self._salvaged(data, max_length, error)

    def _salvaged(self, data: bytes, max_length: int, error: Exception) -> bytes:
        parts: list[bytes] = []
        size = position = 0
        while position < len(data) and size < max_length:
            before = self._member.copy()
            try:
                parts.append(self._member.decompress(data[position : position + _BIT]))
            except MemberError:
                self._member, self._failed = before, error
                break
            size += len(parts[-1])
            position += _BIT
        self._tail = data[position:]
        if not size:
            raise error
        return b"".join(parts)


class _Zstd:
    """One frame."""

    def __init__(self, dictionary: bytes = b"") -> None:
        from zstandard import DICT_TYPE_AUTO, ZstdCompressionDict, ZstdDecompressor, ZstdError

        self._error: type[Exception] = ZstdError
        try:
            shared = ZstdCompressionDict(dictionary, dict_type=DICT_TYPE_AUTO) if dictionary else None
            self._frame = ZstdDecompressor(dict_data=shared, max_window_size=_MAX_WINDOW).decompressobj()
        except ZstdError as error:
            raise PackingError(str(error)) from error
        self._tail = b""
        self._failed: Exception | None = None

    @property
    def eof(self) -> bool:
        return self._failed is None and self._frame.eof

    @property
    def unused_data(self) -> bytes:
        return self._frame.unused_data + self._tail if self._frame.eof else b""

    @property
    def unconsumed_tail(self) -> bytes:
        return b"" if self._frame.eof else self._tail

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        """What comes out of the beginning of `data`: `max_length` bytes or some more; the rest is `unconsumed_tail`."""
        if self._failed is not None:
            raise self._failed
        parts: list[bytes] = []
        size = position = 0
        while position < len(data) and size < max_length and not self._frame.eof:
            try:
                part = self._frame.decompress(data[position : position + _PIECE])
            except self._error as error:
                self._failed = PackingError(str(error))
                if size:
                    break
                raise self._failed from error
            position += _PIECE
            parts.append(part)
            size += len(part)
        self._tail = data[position:]
        return b"".join(parts)
