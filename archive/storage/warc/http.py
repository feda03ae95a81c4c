"""HTTP messages as bytes (pure): where the head ends, what the body is without its transfer and content coding.

Works on stored bytes, so it is lenient: what cannot be decoded stays as it is. It never expands past a limit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from archive.codings import decode

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


def decode_content(body: bytes, encoding: str | None) -> bytes:
    """`body` without its content codings, as far as they can be undone; one with a coding unknown to us stays as it is.

    Nothing is expanded past MAX_DECODED.
    """
    return decode(body, [encoding or ""], MAX_DECODED).payload
