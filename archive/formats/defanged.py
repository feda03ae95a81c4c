"""Addresses written so that nobody follows them, as people do who warn of them: hxxps://bad[.]example (pure).

They are never asked for; but they are told, with what they would have to be to be asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from archive.errors import UsageError
from archive.urls import check_url

_DOT = r"\[(?:\.|dot)\]|\((?:\.|dot)\)|\{(?:\.|dot)\}"
_SCHEME = r"(?:hxxps?|h\*\*ps?|https?)(?:\[:\]//|\[://\]|:\[//\]|\[:\]\[/\]\[/\]|:\\?/\\?/)"
_LABELS = rf"[\w-]+(?:(?:\.|{_DOT})[\w-]+)+"
_ANY = re.compile(rf"(?<![\w@.\]-])(?:{_SCHEME}{_LABELS}|{_LABELS})(?::\d+)?(?:[/?#][^\s\"'<>|,;]*)?", re.IGNORECASE)
_SIGN = re.compile(rf"{_DOT}|\[:\]|\[://\]|:\[//\]|\bhxxps?\b|\bh\*\*ps?:", re.IGNORECASE)
_DOTS = re.compile(_DOT, re.IGNORECASE)
_BEGIN = re.compile(rf"{_SCHEME}", re.IGNORECASE)


class Harmless(NamedTuple):
    """An address that is written so that nobody follows it: what it stands for, and where it stands."""

    url: str
    start: int
    end: int


def meant(text: str) -> str:
    """The address that a text which is one, made harmless, stands for; "" for any other text."""
    found = _ANY.fullmatch(text.strip()) if _SIGN.search(text) else None
    return _meant(found[0]) if found else ""


def why(text: str, url: str) -> str:
    """Why such an address is not asked for."""
    return f"{text!r} is written so that nobody follows it: write {url} to have it archived"


def scan_harmless(text: str) -> Iterator[Harmless]:
    """Such addresses in a text: those with a scheme, others where they are alone in a line."""
    if not _SIGN.search(text):
        return
    for found in _ANY.finditer(text):
        if not _SIGN.search(found[0]):
            continue
        begin, end = text.rfind("\n", 0, found.start()) + 1, text.find("\n", found.end())
        before, behind = text[begin : found.start()], text[found.end() : end if end >= 0 else None]
        alone = not before.strip(" \t-*•>\"'") and not behind.strip()
        if (alone or _BEGIN.match(found[0])) and (url := _meant(found[0])):
            yield Harmless(url, found.start(), found.end())


def _meant(written: str) -> str:
    begin = _BEGIN.match(written)
    secure = begin is None or "s" in begin[0].lower()
    rest = _DOTS.sub(".", written[begin.end() if begin else 0 :]).replace("[/]", "/").replace("[:]", ":")
    url = f"http{'s' * secure}://{rest}"
    try:
        check_url(url)
    except UsageError:
        return ""
    return url
