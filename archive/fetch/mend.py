"""(pure) The head of a reply that breaks HTTP's rules → one that says the same and keeps them.

Browsers read on past a header line without a colon or with a space in its name, so publishers never notice that they
send one. What decides where the body ends is left alone, except where it can mean one thing only.
"""

from __future__ import annotations

import re

_END = re.compile(rb"\r?\n\r?\n")
_STATUS = re.compile(rb"HTTP/1\.[01] [0-9]{3}(?: |\Z)")
_FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]*:(.*)", re.DOTALL)


def mend(received: bytes) -> bytes | None:
    """`received` with its head put right; None when the head is not whole or nothing like HTTP."""
    start = received.lstrip(b"\r\n")
    end = _END.search(start)
    if end is None:
        return None
    status, *lines = re.split(rb"\r?\n", start[: end.start()])
    if not _STATUS.match(status):
        return None
    fields = [match.groups() for match in map(_FIELD.fullmatch, lines) if match is not None]
    clean = [(name, re.sub(rb"[\x00\r]", b" ", value).strip()) for name, value in fields]
    kept = [field for field in clean if field[0].lower() != b"transfer-encoding"]
    codings = {value.lower() for name, value in clean if name.lower() == b"transfer-encoding"} - {b"identity", b""}
    kept = [(name, value) for name, value in kept if value or name.lower() != b"content-length"]
    kept += [(b"Transfer-Encoding", coding) for coding in sorted(codings)]
    head = b"".join(b"%s: %s\r\n" % field for field in kept)
    return b"%s\r\n%s\r\n%s" % (status, head, start[end.end() :])
