"""HTTP messages as bytes (pure): where the head ends, what the body is without its transfer and content coding.

Works on stored bytes, so it is lenient: what cannot be decoded stays as it is. It never expands past a limit.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass

_HEAD_END = re.compile(rb"\r?\n\r?\n")
_STATUS = re.compile(rb"HTTP/\d(?:\.\d)? (\d{3})(?: |\r?$)", re.MULTILINE)
MAX_DECODED = 256 * 2**20  # no payload is expanded past this


@dataclass(frozen=True, slots=True)
class Message:
    """A response taken apart. `head` includes the empty line; `body` still has its codings."""

    status: int
    headers: tuple[tuple[str, str], ...]
    head: bytes
    body: bytes

    def header(self, name: str) -> str | None:
        """First value of a header, by lower-case name."""
        return next((value for key, value in self.headers if key.lower() == name), None)

    @property
    def chunked(self) -> bool:
        """Whether the body is in chunked transfer coding."""
        return "chunked" in (self.header("transfer-encoding") or "").lower()


def parse_response(raw: bytes) -> Message | None:
    """The final response in `raw` (interim 1xx heads are part of `head`), or None where it is not HTTP."""
    start = 0
    while True:
        found = _STATUS.match(raw, start)
        if found is None:
            return None
        end = _HEAD_END.search(raw, start)
        stop = end.end() if end else len(raw)
        status = int(found.group(1))
        if status >= 200 or status == 101 or stop >= len(raw):
            return Message(status, _headers(raw[start:stop]), raw[:stop], raw[stop:])
        start = stop


def _headers(head: bytes) -> tuple[tuple[str, str], ...]:
    lines = head.decode("latin-1").splitlines()[1:]
    pairs = (line.partition(":") for line in lines if ":" in line)
    return tuple((name.strip(), value.strip()) for name, _, value in pairs)


def media_type(header: str | None) -> tuple[str | None, str | None]:
    """Media type (lower case) and charset of a Content-Type header; None for what it does not say."""
    if not header:
        return None, None
    kind, *parameters = header.split(";")
    charset = None
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset" and charset is None:
            charset = value.strip().strip("\"'") or None
    return kind.strip().lower() or None, charset


def entity_body(message: Message) -> bytes:
    """The body without transfer coding: what WARC calls the payload of a response."""
    return dechunk(message.body) if message.chunked else message.body


def dechunk(body: bytes) -> bytes:
    """The content of a chunked body; up to the damage where the framing is broken."""
    parts: list[bytes] = []
    position = 0
    while (line_end := body.find(b"\n", position)) >= 0:
        size_text = body[position:line_end].split(b";")[0].strip()
        try:
            size = int(size_text, 16)
        except ValueError:
            break
        if size <= 0:
            break
        start = line_end + 1
        parts.append(body[start : start + size])
        position = start + size
        if body.startswith(b"\r\n", position):
            position += 2
        elif body.startswith(b"\n", position):
            position += 1
    return b"".join(parts)


def decode_content(body: bytes, encoding: str | None, limit: int = MAX_DECODED) -> bytes:
    """`body` without its content codings, at most `limit` bytes.

    With an unknown coding it stays as it is; a broken end costs only what is behind it.
    """
    names = [name.strip().lower() for name in (encoding or "").split(",")]
    for name in reversed(names):
        if name in ("", "identity"):
            continue
        decoded = _decode(name, body, limit)
        if decoded is None:
            return body
        body = decoded
    return body


def _decode(name: str, body: bytes, limit: int) -> bytes | None:
    if not body:
        return b""
    if name in ("gzip", "x-gzip"):
        return _inflate(body, 31, limit)
    if name == "deflate":  # some servers send it with the zlib wrapper, some without
        return _inflate(body, 15, limit) or _inflate(body, -15, limit)
    if name == "br":
        return _brotli(body, limit)
    if name == "zstd":
        return _zstd(body, limit)
    return None


def _inflate(body: bytes, window: int, limit: int) -> bytes:
    parts: list[bytes] = []
    room = limit
    while body and room > 0:
        decoder = zlib.decompressobj(window)
        try:
            part = decoder.decompress(body, room)
        except zlib.error:
            part = _inflate_slowly(body, window, room)
            parts.append(part)
            break
        parts.append(part)
        room -= len(part)
        body = decoder.unused_data if decoder.eof and window == 31 else b""
    return b"".join(parts)


def _inflate_slowly(body: bytes, window: int, limit: int) -> bytes:
    """What stands before the damage: zlib keeps output back when a call fails, so feed it little by little."""
    decoder = zlib.decompressobj(window)
    parts: list[bytes] = []
    room = limit
    try:
        for start in range(0, len(body), 256):
            part = decoder.decompress(body[start : start + 256], room)
            parts.append(part)
            room -= len(part)
            if room <= 0 or decoder.eof:
                break
    except zlib.error:
        pass  # the bytes before the damage are the answer
    return b"".join(parts)


def _brotli(body: bytes, limit: int) -> bytes:
    import brotli

    decoder = brotli.Decompressor()
    parts: list[bytes] = []
    size = 0
    try:
        for start in range(0, len(body), 2**12):
            part = decoder.process(body[start : start + 2**12])
            parts.append(part)
            size += len(part)
            if size >= limit:
                break
    except brotli.error:
        pass  # as for gzip: what came before
    return b"".join(parts)[:limit]


def _zstd(body: bytes, limit: int) -> bytes:
    import zstandard

    parts: list[bytes] = []
    size = 0
    try:
        reader = zstandard.ZstdDecompressor().stream_reader(body, read_across_frames=True)
        while size < limit and (part := reader.read(min(2**16, limit - size))):
            parts.append(part)
            size += len(part)
    except zstandard.ZstdError:
        pass  # as for gzip: what came before
    return b"".join(parts)
