"""(pure) Content codings: a body as received → the payload, never more than a given size.

gzip, deflate, br and zstd, also stacked. Every step is bounded while it runs, so a few hundred bytes that stand for
gigabytes stop at the limit. What is cut short or damaged is said, never passed over: most clients take half a gzip
stream for a whole one.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto

_STEP = 16 * 2**10  # input bytes fed at once; what was decoded before an error is kept in such steps
_ZSTD_STEP = 256  # this decoder takes no output limit: 256 bytes can stand for 11 MB at most
_ZSTD_WINDOW = 2**23  # RFC 9659: the largest that a sender may ask for
_MAX_MEMBERS = 1000  # concatenated gzip members; each costs time, however small
_NOT_A_CODING = frozenset(
    {"", "identity", "none", "utf-8", "utf8", "binary", "text"}
)  # servers say these, meaning none


class Problem(Enum):
    """What is wrong with an encoded body."""

    TOO_LARGE = auto()
    INCOMPLETE = auto()
    DAMAGED = auto()
    UNKNOWN = auto()


@dataclass(frozen=True, slots=True)
class Decoded:
    """The payload, as far as it could be decoded, and what stopped it."""

    payload: bytes
    problem: Problem | None = None
    detail: str = ""


class _CutError(Exception):
    """The data ends before its coding does."""


class _DamagedError(Exception):
    """The data is not in its coding."""


def decode(body: bytes, content_encoding: Iterable[str], limit: int) -> Decoded:
    """Undo the codings of the Content-Encoding header values, last one first; no step grows beyond `limit` bytes."""
    names = [name.strip().lower() for value in content_encoding for name in value.split(",")]
    codings = [name for name in names if name not in _NOT_A_CODING]
    if len(codings) > 4:
        return Decoded(b"", Problem.UNKNOWN, f"{len(codings)} content codings on top of each other")
    for name in reversed(codings):
        coding = _CODINGS.get(name)
        if coding is None:
            return Decoded(body, Problem.UNKNOWN, f"unknown content coding {name[:40]!a}")
        step = _bounded(coding, name, body, limit)
        if step.problem is not None:
            return step
        body = step.payload
    return Decoded(body)


def _bounded(coding: Callable[[bytes], Iterator[bytes]], name: str, body: bytes, limit: int) -> Decoded:
    out = io.BytesIO()  # hands its bytes over without a second copy
    try:
        for piece in coding(body):
            out.write(piece)
            if out.tell() > limit:
                out.truncate(limit)
                return Decoded(out.getvalue(), Problem.TOO_LARGE, f"more than {limit:,} bytes once decoded")
    except _CutError:
        return Decoded(out.getvalue(), Problem.INCOMPLETE, f"the {name} data ends early")
    except _DamagedError as error:
        return Decoded(out.getvalue(), Problem.DAMAGED, f"the {name} data is damaged: {error}")
    return Decoded(out.getvalue())


def _pieces(data: bytes, size: int) -> Iterator[bytes]:
    return (data[start : start + size] for start in range(0, len(data), size))


def _gzip(data: bytes) -> Iterator[bytes]:
    if not data or data[:2] != b"\x1f\x8b"[: len(data)]:
        yield data  # some servers label what they forgot to compress
        return
    for _member in range(_MAX_MEMBERS):
        inflater = zlib.decompressobj(zlib.MAX_WBITS | 16)
        data = yield from _inflated(inflater, data)
        if not data.startswith(b"\x1f\x8b"):
            return  # padding after the last member is nobody's text
    raise _DamagedError(f"more than {_MAX_MEMBERS} members")


def _deflate(data: bytes) -> Iterator[bytes]:
    if not data:
        return
    # RFC 9110 means zlib's format; some servers send the bare stream.
    wrapped = len(data) > 1 and data[0] & 0x0F == 8 and int.from_bytes(data[:2], "big") % 31 == 0
    yield from _inflated(zlib.decompressobj(zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS), data)


def _inflated(inflater: zlib._Decompress, data: bytes) -> Generator[bytes, None, bytes]:
    """Yield what one deflate stream holds; return what follows it."""
    for start in range(0, len(data), _STEP):
        piece = data[start : start + _STEP]
        try:
            while piece:
                yield inflater.decompress(piece, 2**20)
                piece = inflater.unconsumed_tail
        except zlib.error as error:
            raise _DamagedError(str(error)) from error
        if inflater.eof:
            return inflater.unused_data + data[start + _STEP :]
    raise _CutError


def _brotli(data: bytes) -> Iterator[bytes]:
    if not data:
        return
    import brotli

    decompressor = brotli.Decompressor()
    try:
        for piece in _pieces(data, _STEP):
            yield decompressor.process(piece, output_buffer_limit=2**20)
            while not decompressor.can_accept_more_data() and not decompressor.is_finished():
                yield decompressor.process(b"", output_buffer_limit=2**20)
            if decompressor.is_finished():
                return
    except brotli.error as error:
        raise _DamagedError(str(error)) from error
    raise _CutError


def _zstd(data: bytes) -> Iterator[bytes]:
    import zstandard

    decompressor = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
    for _frame in range(_MAX_MEMBERS):
        if not data:
            return
        stream = decompressor.decompressobj()
        pieces = _pieces(data, _ZSTD_STEP)
        try:
            for number, piece in enumerate(pieces, 1):
                yield stream.decompress(piece)
                if stream.eof:
                    data = stream.unused_data + data[number * _ZSTD_STEP :]
                    break
            else:
                raise _CutError
        except zstandard.ZstdError as error:
            raise _DamagedError(str(error)) from error
    raise _DamagedError(f"more than {_MAX_MEMBERS} frames")


_CODINGS: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
