"""What a worker read, as bytes for the way to its parent: MessagePack, far quicker than pickling its objects."""

from __future__ import annotations

import msgspec

from archive.reading.once import Read

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Read)


def packed(read: Read) -> bytes | Read:
    """`read` as bytes; itself where these cannot hold it (half characters, a number of another library)."""
    try:
        return _encoder.encode(read)
    except (UnicodeEncodeError, TypeError, ValueError):
        return read


def unpacked(answer: object) -> Read | None:
    """What `packed` was given; None for what is no such answer."""
    if isinstance(answer, bytes):
        try:
            return _decoder.decode(answer)
        except msgspec.ValidationError:  # a recogniser of others put something else into a field
            return None
    return answer if isinstance(answer, Read) else None
