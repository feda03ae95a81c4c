"""gzip members, one of which holds one record of a WARC file: packed and unpacked by zlib-ng (pure)."""

from __future__ import annotations

from typing import Protocol, cast

from zlib_ng import zlib_ng

_GZIP = 31  # window bits: the largest window, with gzip's header and checksum around it

MemberError = cast("type[Exception]", zlib_ng.error)  # a class, whatever its stub says
"""What an unpacker raises where the bytes are damaged."""


class Unpacker(Protocol):
    """Undoes one member, as `zlib.decompressobj` does."""

    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    @property
    def unconsumed_tail(self) -> bytes: ...

    def decompress(self, data: bytes, max_length: int = 0, /) -> bytes: ...


def pack(level: int, *parts: bytes) -> bytes:
    """`parts`, one behind the other, as one member."""
    packer = zlib_ng.compressobj(level, zlib_ng.DEFLATED, _GZIP)
    return b"".join([*map(packer.compress, parts), packer.flush()])


def unpacker() -> Unpacker:
    """For one member."""
    return zlib_ng.decompressobj(_GZIP)
