"""The text between the tags, without a tree: what is left to do for a page that no parser stands. Pure, linear."""

from __future__ import annotations

import html
import re

from archive.extraction.decode import clean_text

_LIMIT = 8_000_000  # characters of markup looked at
_SKIPPED = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|noscript|template|svg)\b[^>]*>.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE
)
_TITLE = re.compile(r"<title\b[^>]{0,500}>([^<]{1,1000})", re.IGNORECASE)
_INLINE = re.compile(
    r"""</?(?:a|abbr|b|bdi|bdo|cite|code|em|font|i|mark|q|s|small|span|strong|sub|sup|time|u|wbr)\b(?:[^>=]++|=\s*+"[^"]*+(?:"|\Z)|=\s*+'[^']*+(?:'|\Z)|=)*+(?:>|\Z)""",
    re.IGNORECASE,
)
_ANY = re.compile(r"""</?[a-zA-Z!](?:[^>=]++|=\s*+"[^"]*+(?:"|\Z)|=\s*+'[^']*+(?:'|\Z)|=)*+(?:>|\Z)""")
_SPACE = re.compile(r"[^\S\n]+")


def plain_text(markup: str) -> str:
    """Paragraphs of `markup` separated by newlines, menus and all."""
    text = _SKIPPED.sub(" ", markup[:_LIMIT])
    text = _ANY.sub("\n", _INLINE.sub("", text.replace("\n", " ")))
    lines = (clean_text(" ".join(line.split())) for line in html.unescape(text).split("\n"))
    return "\n".join(line for line in lines if line)


def plain_title(markup: str) -> str:
    """What the title element says."""
    match = _TITLE.search(markup[:1_000_000])
    return clean_text(" ".join(html.unescape(match[1]).split())) if match else ""
