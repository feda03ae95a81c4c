"""gzip members, Zstandard frames, bzip2 and xz streams, one behind the other: how they begin, and decoders of bounded
output.

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
XZ = b"\xfd7zXZ\x00"
_BZIP2 = tuple(b"BZh%d1AY&SY" % level for level in range(1, 10))  # with the sign of the first block
MAGICS = (GZIP + b"\x08", ZSTD, XZ, *_BZIP2)  # with what a member begins
HEAD = 10  # bytes that show how a member is packed
ZSTD_DICTIONARY = b"\x5d\x2a\x4d\x18"
_DICTIONARY_HEAD = 8
_LEAST_DICTIONARY = 8  # bytes, which are its own header
_MAX_DICTIONARY = 2**25
_MAX_MEMORY = 2**27  # bytes that a frame or a stream may ask for, as `zstd` itself allows at most
_PEEK_GZIP = 512
_PEEK_ZSTD = 2**18  # a block comes out when all of it is there: 128 KiB at most, and the frame's header
_PEEK_BZIP2 = 2**20  # a block, too: 900 kB at most before they are packed
_PEEK_XZ = 2**12
_PIECE = 128  # bytes given to a decoder at once: what comes out of so few is bounded, and lost where they are damaged


class PackingError(Exception):
    """The bytes are not what they begin as."""


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
    head = read(HEAD)
    if head.startswith(GZIP):
        return Packing(MAGICS[0], _gzip, _PEEK_GZIP), head
    if head.startswith(ZSTD):
        return Packing(ZSTD, _zstd, _PEEK_ZSTD), head
    if head.startswith(XZ):
        return Packing(XZ, _xz, _PEEK_XZ), head
    if head.startswith(_BZIP2):
        return Packing(head, _bzip2, _PEEK_BZIP2), head
    if not head.startswith(ZSTD_DICTIONARY) or len(head) < HEAD:
        return None, head
    size = int.from_bytes(head[4:_DICTIONARY_HEAD], "little")
    if not _LEAST_DICTIONARY <= size <= _MAX_DICTIONARY:
        raise PackingError(f"its dictionary is said to have {size} bytes")
    dictionary = head[_DICTIONARY_HEAD:] + read(size - HEAD + _DICTIONARY_HEAD)
    if len(dictionary) < size:
        raise PackingError("the file is cut off within its dictionary")
    if dictionary.startswith(ZSTD):
        dictionary = _zstd().decompress(dictionary, _MAX_DICTIONARY)
    return Packing(ZSTD, lambda: _zstd(dictionary), _PEEK_ZSTD, _DICTIONARY_HEAD + size), b""


def packing_of(head: bytes, first: Packing | None) -> Packing | None:
    """How what begins like this is packed, with the dictionary of the `first` of its file; None where it is not."""
    if first is not None and head.startswith(first.magic):
        return first
    return packing(lambda size: head[:size])[0] if head.startswith(MAGICS) else None


class _Inner(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, /) -> bytes: ...


class _Pieces:
    """One member or frame, a few bytes at a time: of a damaged one all comes out that stands before the damage, to
    what is in these few bytes; then the error."""

    def __init__(self, inner: _Inner, *errors: type[Exception]) -> None:
        self._inner = inner
        self._errors = errors
        self._tail = b""
        self._failed: PackingError | None = None

    @property
    def eof(self) -> bool:
        return self._failed is None and self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data + self._tail if self._inner.eof else b""

    @property
    def unconsumed_tail(self) -> bytes:
        return b"" if self._inner.eof else self._tail

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        """What comes out of the beginning of `data`: `max_length` bytes or some more; the rest is `unconsumed_tail`."""
        if self._failed is not None:
            raise self._failed
        parts: list[bytes] = []
        size = position = 0
        while position < len(data) and size < max_length and not self._inner.eof:
            try:
                part = self._inner.decompress(data[position : position + _PIECE])
            except self._errors as error:
                self._failed = PackingError(str(error))
                if size:
                    break
                raise self._failed from error
            position += _PIECE
            parts.append(part)
            size += len(part)
        self._tail = data[position:]
        return b"".join(parts)


def _gzip() -> Decoder:
    return _Pieces(unpacker(), MemberError)


def _zstd(dictionary: bytes = b"") -> Decoder:
    from zstandard import DICT_TYPE_AUTO, ZstdCompressionDict, ZstdDecompressor, ZstdError

    try:
        shared = ZstdCompressionDict(dictionary, dict_type=DICT_TYPE_AUTO) if dictionary else None
        frame = ZstdDecompressor(dict_data=shared, max_window_size=_MAX_MEMORY).decompressobj()
    except ZstdError as error:
        raise PackingError(str(error)) from error
    return _Pieces(frame, ZstdError)


def _bzip2() -> Decoder:
    try:
        from bz2 import BZ2Decompressor
    except ImportError as error:  # where Python was built without it
        raise PackingError(str(error)) from error
    return _Pieces(BZ2Decompressor(), OSError)


def _xz() -> Decoder:
    try:
        from lzma import LZMADecompressor, LZMAError
    except ImportError as error:
        raise PackingError(str(error)) from error
    return _Pieces(LZMADecompressor(memlimit=_MAX_MEMORY), LZMAError)
