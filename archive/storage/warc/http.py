"""HTTP messages as bytes (pure): where the head ends, what the body is without its transfer and content coding.

Works on stored bytes, so it is lenient: what cannot be decoded stays as it is. It never expands past a limit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from archive.codings import Problem, decode

_HEAD_END = re.compile(rb"\r?\n\r?\n")
_STATUS = re.compile(rb"HTTP/\d(?:\.\d)? (\d{3})(?: |\r?$)", re.MULTILINE)
_KIND = re.compile(r"""[\s"']*([^\s"';,=]+)(?![^\s"';,]*=)""")
_CHARSET = re.compile(r"""(?:^|[\s"';,])charset\s*=\s*["']?([^\s"';,]+)""", re.IGNORECASE)
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\r\n]{0,1000})?(\r?\n)")
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
    """Media type (lower case) and charset of a Content-Type header; None for what it does not say.

    Read as browsers read it, and as it is meant where it is written wrongly: in quotes, or without the semicolon.
    """
    if not header:
        return None, None
    kind = _KIND.match(header)
    charset = _CHARSET.search(header)
    return kind[1].lower() if kind else None, charset[1] if charset else None


def entity_body(message: Message) -> bytes:
    """The body without transfer coding: what WARC calls the payload of a response.

    Some recorders keep the header that says "chunked" and the body without its chunks.
    """
    return dechunk(message.body) if message.chunked and _has_chunks(message.body) else message.body


def _has_chunks(body: bytes) -> bool:
    """Whether a body begins with a chunk, or with what is left of one."""
    first = _CHUNK_SIZE.match(body)
    if first is None:
        return False
    end = first.end() + int(first[1], 16)
    # A text may begin with a line that is a number; behind a chunk there is a line end, and not just by chance.
    return body.startswith((b"\r\n", b"\n"), end) or (len(body) <= end and first[2] == b"\r\n")


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

    Nothing is expanded past MAX_DECODED. What is in no coding at all, whatever its header says, stays as it is, too.
    """
    found = decode(body, [encoding or ""], MAX_DECODED)
    return body if found.problem is Problem.DAMAGED and not found.payload else found.payload
