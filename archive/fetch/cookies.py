"""Cookies for the length of one redirect chain, given back only to the very origin that set them.

Some sites set a cookie and redirect to themselves until they see it again. Nothing is kept beyond the chain, nothing
crosses to another host, scheme or port. Cookies of accounts are in logins.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_PAIR = re.compile(
    r"\s*([!#$%&'*+.^_`|~0-9A-Za-z-]{1,256})=([\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e\" ]{0,4096})(?:;|\Z)"
)
_EXPIRED = re.compile(r";\s*max-age\s*=\s*-?0*\s*(?:;|\Z)", re.IGNORECASE)
_MAX_COOKIES = 30


class Cookies:
    """The cookies of one chain."""

    def __init__(self) -> None:
        self._held: dict[str, dict[str, str]] = {}

    def take(self, origin: str, set_cookie: Iterable[str]) -> None:
        """Note the Set-Cookie values of an answer from `origin`; what is malformed is ignored."""
        held = self._held.setdefault(origin, {})
        for line in set_cookie:
            match = _PAIR.match(line)
            if match is None:
                continue
            if _EXPIRED.search(line):
                held.pop(match[1], None)
            elif match[1] in held or len(held) < _MAX_COOKIES:
                held[match[1]] = match[2].strip()

    def of(self, origin: str) -> dict[str, str]:
        """Those for a request to `origin`, by name."""
        return self._held.get(origin, {})

    def header(self, origin: str) -> str:
        """The Cookie header for a request to `origin`; "" for none."""
        return "; ".join(f"{name}={value}" for name, value in self._held.get(origin, {}).items())
