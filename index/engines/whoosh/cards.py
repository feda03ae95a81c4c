"""Cards and ids as a segment keeps them, and what stands between two values of one document."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from index.engines.whoosh.arrays import ENCODING, ERRORS

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
BOUNDARY = ""  # the term between two values of one document
_LENGTH = struct.Struct("<I")


def joined(texts: Sequence[bytes]) -> bytes:
    """The texts of a card as one: a length before each but the last."""
    return b"".join([_LENGTH.pack(len(text)) + text for text in texts[:-1]]) + texts[-1]


def parted(packed: bytes, count: int) -> list[str]:
    """The `count` texts that `joined` made one of."""
    texts, place = [], 0
    for _ in range(count - 1):
        begin = place + _LENGTH.size
        place = begin + _LENGTH.unpack_from(packed, place)[0]
        texts.append(packed[begin:place].decode(ENCODING, ERRORS))
    return [*texts, packed[place:].decode(ENCODING, ERRORS)]


def mark(id_: bytes) -> int:
    """16 bits of an id."""
    return zlib.crc32(id_) & 0xFFFF
