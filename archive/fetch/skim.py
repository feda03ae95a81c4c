"""(pure) The little that must be known of a page before it is parsed: its text, its scripts, its meta refreshes.

Walks forward only, so its time grows with the page and nothing else; html.parser takes eight seconds for 32 kB that are
made for it. Limits: no tree, no entities in the text, no tags with angle brackets in their attributes.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

# In the lower-cased page. What stands in these elements is not shown to a reader (or, in <textarea>, is not markup).
_OPENING = re.compile(rb"<(?:(script|style|noscript|template|title|svg|textarea|meta|base)(?=[\s/>])([^<>]*+)>|!(--)?)")
_META = re.compile(rb"<meta(?=[\s/])([^<>]*+)>")
_TAG = re.compile(rb"<[^<>]*+>")
_ATTRIBUTE = re.compile(r"(?<![A-Za-z-])([A-Za-z-]{1,30})\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>][^\s>]*))")
_SCRIPT_TYPES = frozenset({"", "text/javascript", "application/javascript", "module"})


@dataclass(frozen=True, slots=True)
class Skimmed:
    """`text` is what a reader sees, in lower case with tags as spaces; `refreshes` are contents of meta refreshes.

    `base` is what the page says that relative addresses in it are relative to, "" where it says nothing.
    """

    text: bytes
    scripts: tuple[str, ...]
    refreshes: tuple[str, ...]
    base: str = ""

    @property
    def shown(self) -> int:
        """Roughly how many characters of text the page shows, space not counted."""
        return len(b"".join(self.text.split()))


def skim(page: bytes) -> Skimmed:
    """Skim a page in UTF-8 or anything that agrees with it on ASCII."""
    lower = page.lower()  # as long as the page, so that places in one are places in the other
    kept: list[bytes] = []
    scripts: list[str] = []
    refreshes: list[str] = []
    base = ""
    position = 0
    while opening := _OPENING.search(lower, position):
        kept.append(lower[position : opening.start()])
        name = opening[1]
        if name in (b"meta", b"base"):
            tag = page[opening.start(2) : opening.end(2)]
            refreshes += _refresh(tag) if name == b"meta" else []
            base = base or (_attributes(tag).get("href", "") if name == b"base" else "")
            position = opening.end()
            continue
        closing = b"</" + name if name else b"-->" if opening[3] else b">"
        end = lower.find(closing, opening.end())
        if end < 0:
            position = len(page)
            break
        inner = page[opening.end() : end]
        if name == b"script" and _attributes(opening[2]).get("type", "").strip() in _SCRIPT_TYPES:
            scripts.append(inner.decode("utf-8", errors="replace"))
        elif name == b"noscript":  # t.co keeps its refresh in there
            for meta in _META.finditer(lower, opening.end(), end):
                refreshes += _refresh(page[meta.start(1) : meta.end(1)])
        position = end + len(closing)
    kept.append(lower[position:])
    return Skimmed(_TAG.sub(b" ", b" ".join(kept)), tuple(scripts), tuple(refreshes), base)


def _refresh(tag: bytes) -> list[str]:
    attributes = _attributes(tag)
    refresh = attributes.get("http-equiv", "").strip().lower() == "refresh"
    return [attributes["content"]] if refresh and "content" in attributes else []


def _attributes(tag: bytes) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(tag.decode("utf-8", errors="replace")):
        found.setdefault(match[1].lower(), html.unescape(match[2] or match[3] or match[4] or ""))
    return found
