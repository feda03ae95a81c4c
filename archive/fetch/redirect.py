"""(pure) Where an answer sends its reader next: Location, Refresh (header or page), or the script of a short link.

Only a page that is nothing but a redirect counts as one: small, with next to no text to read. An article that reloads
itself, a page that jumps after half a minute, a script with anything more in it than the jump are no redirects.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from archive.errors import UsageError
from archive.fetch.skim import skim
from archive.model import HopKind
from archive.urls import join, key

_MAX_PAGE = 32 * 2**10  # t.co writes the target, which may be long, three times
_MAX_TEXT = 400  # characters a reader sees: "You are being redirected …"
_MAX_SCRIPT = 1500  # characters of script beside the URL itself
_MAX_DELAY = 10.0  # seconds; a longer refresh is meant to be read before

_HINT = re.compile(rb"http-equiv|location", re.IGNORECASE)
_REFRESH = re.compile(
    r"\s*([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:\s*[;,]\s*|\s+)(?:url\s*=)?\s*(.+)", re.IGNORECASE | re.DOTALL
)
_STRING = r"""(?P<quote>["'])(?P<url>(?:(?!(?P=quote))[^\\\n]|\\.){1,8192})(?P=quote)"""
_JUMP = re.compile(
    rf"\blocation\s*(?:\.\s*(?:replace|assign)\s*\(\s*{_STRING}\s*\)"
    rf"|(?:\.\s*href\s*)?=(?!=)\s*{_STRING.replace('quote', 'quote2').replace('<url>', '<url2>')}\s*(?:[;}}\n]|\Z))"
)
_ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|(.))", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Next:
    """The next hop; `url` is absolute and normal, or None when it leads nowhere we go (`detail` says why)."""

    kind: HopKind
    url: str | None
    detail: str = ""


def by_location(url: str, location: str) -> Next:
    """The hop that a 30x answer with this Location header asks for."""
    try:
        return Next(HopKind.HTTP, join(url, location))
    except UsageError as error:
        return Next(HopKind.HTTP, None, str(error))


def by_page(url: str, payload: bytes) -> Next | None:
    """The hop that a page which is nothing but a redirect asks for; None when it is a page."""
    if len(payload) > _MAX_PAGE or not _HINT.search(payload):
        return None
    page = skim(payload)
    if page.shown > _MAX_TEXT:
        return None
    base = _base(url, page.base)
    return _by_script(url, page.scripts, base) or _by_refresh(url, page.refreshes, base)


def by_refresh(url: str, refresh: str, payload: bytes) -> Next | None:
    """The hop that a `Refresh` header asks for, which says what a meta refresh says; None beside a page to be read."""
    if len(payload) > _MAX_PAGE or skim(payload).shown > _MAX_TEXT:
        return None
    return _by_refresh(url, (refresh,), url)


def _base(url: str, declared: str) -> str:
    """What the addresses in a page at `url` are relative to, where it says so itself."""
    try:
        return join(url, declared) if declared else url
    except UsageError:
        return url


def _by_script(url: str, scripts: Iterable[str], base: str) -> Next | None:
    script = "\n".join(scripts)
    targets = {_unescaped(match["url"] or match["url2"]) for match in _JUMP.finditer(script)}
    if len(targets) != 1:
        return None
    (target,) = targets
    if len(_JUMP.sub("", script)) > _MAX_SCRIPT:
        return None
    return _hop(HopKind.SCRIPT, url, target, base)


def _by_refresh(url: str, refreshes: Iterable[str], base: str) -> Next | None:
    for content in refreshes:
        match = _REFRESH.match(content)
        if match is not None and float(match[1]) <= _MAX_DELAY:
            return _hop(HopKind.META, url, _unquoted(match[2].strip()), base)
    return None


def _hop(kind: HopKind, url: str, target: str, base: str = "") -> Next | None:
    try:
        absolute = join(base or url, target)
    except UsageError as error:
        return Next(kind, None, str(error))
    return None if key(absolute) == key(url) else Next(kind, absolute)


def _unquoted(text: str) -> str:
    """What is between quotes, if `text` begins with one: HTML's rule for the URL of a refresh."""
    return text[1:].partition(text[0])[0] if text.startswith(("'", '"')) else text


def _unescaped(text: str) -> str:
    """A JavaScript string literal's value, as far as URLs need it."""

    def value(match: re.Match[str]) -> str:
        digits = match[1] or match[2]
        return chr(int(digits, 16)) if digits else match[3]

    return _ESCAPE.sub(value, text)
