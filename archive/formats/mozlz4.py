"""Mozilla's LZ4 files (bookmarkbackups/*.jsonlz4): eight bytes of name, four of size, one LZ4 block.

The block format is https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md. What comes out is bounded by what the
file says, and that by a limit of ours.
"""

from __future__ import annotations

from archive.formats.item import Broken

MAGIC = b"mozLz40\0"
MAX_SIZE = 2**27  # bytes, packed or not
_LEAST = 4  # bytes of a repetition


def unpacked(data: bytes) -> bytes:
    """What the bytes behind MAGIC hold. Broken when they are damaged, or say that they hold too much."""
    size = int.from_bytes(data[:4], "little")
    if size > MAX_SIZE or len(data) > MAX_SIZE:
        raise Broken(f"the file expands to more than {MAX_SIZE} bytes")
    out = bytearray()
    position = 4
    try:
        while position < len(data):
            position = _sequence(data, position, out, size)
    except (IndexError, _Damaged):  # the first: it ends within a length
        pass
    if len(out) != size:
        raise Broken("the compressed file is damaged or cut off")
    return bytes(out)


class _Damaged(Exception):  # noqa: N818 - caught here, told as Broken
    pass


def _sequence(data: bytes, position: int, out: bytearray, size: int) -> int:
    """Append what the sequence at `position` stands for, bytes and a repetition; where the next one begins."""
    token = data[position]
    count, position = _length(data, position + 1, token >> 4)
    if position + count > len(data) or len(out) + count > size:
        raise _Damaged
    out += data[position : position + count]
    position += count
    if position == len(data):
        return position
    offset = int.from_bytes(data[position : position + 2], "little")
    count, position = _length(data, position + 2, token & 15)
    if not 0 < offset <= len(out) or len(out) + count + _LEAST > size:
        raise _Damaged
    _repeat(out, offset, count + _LEAST)
    return position


def _length(data: bytes, position: int, count: int) -> tuple[int, int]:
    """A count that goes on in further bytes where it is 15, and where it ends."""
    if count == 15:
        while (more := data[position]) == 255:
            count += more
            position += 1
        count += more
        position += 1
    return count, position


def _repeat(out: bytearray, offset: int, count: int) -> None:
    """Append the `count` bytes that begin `offset` before the end, those that are being appended included."""
    piece = bytes(out[len(out) - offset : len(out) - offset + count])
    out += (piece * (count // len(piece) + 1))[:count]
