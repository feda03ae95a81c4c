"""The text of a page by Beautiful Soup, for what stays too deep for libxml2. Runs in the guarded child only.

Python's own parser under it knows no limit of depth, but may be slow on what was made to be slow: hence the deadline.
"""

from __future__ import annotations

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PreformattedString, Tag

from archive.extraction.blocks import INLINE
from archive.extraction.decode import clean_text

_SILENT = "script style template noscript svg head title".split()


def soup_text(markup: str) -> tuple[str, str]:
    """Title and text of `markup`, a paragraph a line, menus and all."""
    soup = BeautifulSoup(markup, "html.parser")
    title = " ".join(clean_text(soup.title.get_text()).split()) if soup.title is not None else ""
    for silent in soup(_SILENT):
        silent.decompose()
    lines: list[str] = []
    parts: list[str] = []
    for node in soup.descendants:
        if isinstance(node, Tag):
            if node.name not in INLINE:
                lines.append("".join(parts))
                parts = []
        elif isinstance(node, NavigableString) and not isinstance(node, PreformattedString):
            parts.append(str(node))
    lines.append("".join(parts))
    cleaned = (" ".join(clean_text(line).split()) for line in lines)
    return title, "\n".join(line for line in cleaned if line)
