"""The headline, by a vote between the places a page gives it in. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from archive.extract.decode import clean_text

_SEPARATORS = re.compile(r"\s+[|\-–—•·»«›:/~]+\s+|\s*\|\s*|\s+::\s+")
_WORDS = re.compile(r"\w+")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "–": "-", "—": "-"})


def choose_title(candidates: Iterable[tuple[str, str]], sites: Iterable[str]) -> tuple[str, str]:
    """The headline among (text, rule) candidates in order of trust, without the site's name; ("", "") if none.

    The text that most candidates agree on wins; among equals the earlier. Social-media variants stand alone, so they
    lose against headline, h1 and the page's title.
    """
    names = [name for name in sites if name]
    cleaned = [(without_site(clean_text(" ".join(text.split())), names), rule) for text, rule in candidates]
    cleaned = [(text, rule) for text, rule in cleaned if text and not _is_site(text, names)]
    if not cleaned:
        return "", ""
    votes = [sum(same(text, other) for other, _ in cleaned) for text, _ in cleaned]
    best = max(range(len(cleaned)), key=lambda index: (votes[index], -index))
    text, rule = cleaned[best]
    whole = next((other for other, _ in cleaned if _is_cut(text, other)), text)
    return whole, rule


def without_site(title: str, sites: list[str]) -> str:
    """`title` without " | Site" at its end or "Site: " at its beginning."""
    parts = list(_SEPARATORS.finditer(title))
    for match in reversed(parts):
        if _is_site(title[match.end() :], sites):
            return without_site(title[: match.start()].strip(), sites)
    if parts and _is_site(title[: parts[0].start()], sites):
        return title[parts[0].end() :].strip()
    return title


def same(one: str, other: str) -> bool:
    """Whether two titles differ in nothing but quotes, dashes, case and spacing."""
    return _letters(one) == _letters(other)


def _letters(text: str) -> str:
    return "".join(_WORDS.findall(text.translate(_QUOTES).casefold()))


def _is_site(part: str, sites: list[str]) -> bool:
    letters = _letters(part)
    if not letters or len(letters) > 40:
        return False
    return any(
        letters == name or (len(name) > 3 and letters.startswith(name) and len(letters) < 2 * len(name))
        for name in map(_letters, sites)
    )


def _is_cut(text: str, other: str) -> bool:
    """Whether `text` is the beginning of `other`, cut for length."""
    stem = text.rstrip(" .…")
    return len(stem) < len(text) and len(other) > len(text) and other.startswith(stem)
