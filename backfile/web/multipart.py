"""A form as browsers send it when there is a file in it (RFC 7578), read as it comes. Pure.

Only what browsers send is taken: parts between boundaries, each with a Content-Disposition in front. The file goes out
as it comes in; what stands beside it is short.
"""

from __future__ import annotations

import re

FORM = "multipart/form-data"
_FIELD = 100_000  # bytes of a field beside the file
_HEADERS = 8_000  # bytes that may stand before a part
_BOUNDARY = re.compile(rf'{FORM}\s*;.*?\bboundary=(?:"([^"]{{1,70}})"|([^\s;"]{{1,70}}))', re.IGNORECASE)
_NAMES = re.compile(rb'[;\s](filename|name)="([^"\r\n]*)"', re.IGNORECASE)
_END = b"\r\n\r\n"


class FormError(ValueError):
    """It is no such form, or too much of one."""


def boundary_of(content_type: str) -> bytes:
    """What stands between the parts. FormError where the header names none."""
    found = _BOUNDARY.match(content_type)
    if found is None:
        raise FormError(f"a file is sent as {FORM}")
    return (found[1] or found[2]).encode("latin-1", "replace")


class Form:
    """Reads one form. `fields` are those beside the field `file`, `name` is what its file is called."""

    def __init__(self, boundary: bytes, file: str = "file") -> None:
        self.fields: dict[str, str] = {}
        self.name = ""
        self._file = file
        self._between = b"\r\n--" + boundary
        self._waiting = bytearray(b"\r\n")  # the first boundary has no line before it
        self._inside: str | None = None  # the field that is read now, None before the first part
        self._text = bytearray()
        self._over = False

    def read(self, some: bytes) -> bytes:
        """What of the file is in the next stretch of the body. FormError."""
        self._waiting += some
        out = bytearray()
        while not self._over:
            place = self._waiting.find(self._between)
            if place < 0:
                keep = len(self._between) - 1
                self._take(out, max(0, len(self._waiting) - keep))
                break
            head = self._waiting[place + len(self._between) :]
            if head.startswith(b"--"):
                self._take(out, place)
                self._close()
                self._over = True
            elif (end := head.find(_END)) >= 0:
                self._take(out, place)
                self._close()
                self._open(bytes(head[: end + 2]))
                self._waiting = head[end + len(_END) :]
            elif len(head) > _HEADERS:
                raise FormError("what stands before a part is too long")
            else:
                self._take(out, place)
                break
        return bytes(out)

    def end(self) -> None:
        """The body is over. FormError where the form is not."""
        if not self._over:
            raise FormError("the form is cut off")

    def _take(self, out: bytearray, count: int) -> None:
        """The next bytes belong to what is read now."""
        some = self._waiting[:count]
        del self._waiting[:count]
        if self._inside == self._file:
            out += some
        elif self._inside is not None:
            self._text += some
            if len(self._text) > _FIELD:
                raise FormError(f"the field {self._inside} is too long")

    def _open(self, headers: bytes) -> None:
        names = {name.lower(): value.decode("utf-8", "replace") for name, value in _NAMES.findall(headers)}
        if b"name" not in names:
            raise FormError("a part has no name")
        self._inside = names[b"name"]
        if self._inside == self._file:
            self.name = names.get(b"filename", "")

    def _close(self) -> None:
        if self._inside is not None and self._inside != self._file:
            try:
                self.fields[self._inside] = self._text.decode()
            except UnicodeDecodeError as error:
                raise FormError(f"the field {self._inside} is not text in UTF-8") from error
        self._inside, self._text = None, bytearray()
