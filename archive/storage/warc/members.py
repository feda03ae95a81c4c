"""gzip members, one of which holds one record of a WARC file: packed and unpacked by zlib-ng (pure)."""

from __future__ import annotations

from typing import Protocol, cast

from zlib_ng import zlib_ng

MAX_COMMENT = 4096  # bytes by which a member may be longer than it has to be
_HEAD = 10  # bytes of a member's header without names, comments and the like
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
    return cast("Unpacker", zlib_ng.decompressobj(_GZIP))


def commented(member: bytes, room: int) -> bytes:
    """A member that `pack` made, longer by `room` bytes: a comment of blanks in its header (RFC 1952, 2.3.1)."""
    if room == 0:
        return member
    flags = member[3] | 16
    return member[:3] + bytes((flags,)) + member[4:_HEAD] + b" " * (room - 1) + b"\0" + member[_HEAD:]
