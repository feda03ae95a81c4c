"""The headline, by a weighted vote between the places a page gives it in. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from archive.extraction.decode import clean_text

_SEPARATORS = re.compile(r"\s+[|\-–—•·»«›:/~*]+\s+|\s*[|ㅣ]\s*|\s+::\s+")
_AFTER = re.compile(r"^\s*(?:[|ㅣ•·»›~*]|\s[-–—:/]\s|-)")
_PREFIX = re.compile(r"([^|:]{2,40}?)(?:\s*[|ㅣ:]\s+|\s+[|\-–—•·»«›/~*]+\s+)")
_WORDS = re.compile(r"\w+")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "–": "-", "—": "-"})
_SURE = 10  # letters that two titles do not share by chance

# What JSON-LD calls the headline is what the publisher calls so. og:title is often written for social networks, title
# and twitter:title for search engines: they decide only where nothing better speaks.
_WEIGHTS = {"json-ld headline": 10.0, "h1": 3.0, "og:title": 2.5, "title": 1.0, "twitter:title": 0.5, "meta title": 0.5}


def choose_title(candidates: Iterable[tuple[str, str]], sites: Iterable[str]) -> tuple[str, str]:
    """The headline among (text, rule) candidates in order of trust, without the site's name; ("", "") if none.

    A candidate also speaks for another that it begins with before a separator, so a headline wins over itself with a
    section behind it. An h1 that shares no words with any of the others is a logo or a label, not the headline.
    """
    names = [name for name in sites if name]
    cleaned = [(without_site(clean_text(" ".join(text.split())), names), rule) for text, rule in candidates]
    cleaned = [(text, rule) for text, rule in cleaned if text]
    cleaned = [(text, rule) for text, rule in cleaned if not _is_site(text, names)] or cleaned
    cleaned = [(text, rule) for text, rule in cleaned if rule != "h1" or _is_echoed(text, cleaned)]
    if not cleaned:
        return "", ""
    votes = [sum(_WEIGHTS.get(rule, 0.5) for other, rule in cleaned if speaks_for(other, text)) for text, _ in cleaned]
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
    first = _PREFIX.match(title)
    if first and _is_site(first[1], sites):
        return title[first.end() :].strip()
    return title


def speaks_for(title: str, other: str) -> bool:
    """Whether `title` is `other`, but for quotes, dashes, case and spacing, or `other` with a section behind it."""
    letters = _letters(other)
    if _letters(title) == letters:
        return True
    if len(letters) < _SURE or not title.startswith(other):
        return False
    return bool(_AFTER.match(title[len(other) :]))


def _is_echoed(heading: str, candidates: list[tuple[str, str]]) -> bool:
    """Whether a heading has words in common with what the page says elsewhere (or there is nothing else)."""
    others = [_words(text) for text, rule in candidates if rule != "h1"]
    own = _words(heading)
    return not others or any(10 * len(own & other) >= 3 * min(len(own), len(other)) for other in others)


def _words(text: str) -> set[str]:
    return set(_WORDS.findall(text.casefold()))


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
