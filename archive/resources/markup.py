"""Markup as browsers cut it into tags and text (pure): one walk forward, however broken the page is.

By the tokenization of the HTML standard, without a tree. Its time grows with the page and nothing else. Limits: what
scripts write is not seen, and the content of SVG and MathML is cut as that of HTML is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape
from html.entities import html5
from typing import NamedTuple

_OPEN = re.compile(r"<(/?)([A-Za-z][^\t\n\f\r />]*+)")
_ATTRIBUTE = re.compile(
    r"[\t\n\f\r /]*+([^\t\n\f\r />][^\t\n\f\r />=]*+)"
    r"(?:[\t\n\f\r ]*+=[\t\n\f\r ]*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\t\n\f\r >\"'][^\t\n\f\r >]*+)|(?=>)))?"
)
_CLOSE = re.compile(r"[\t\n\f\r /]*+>")
_COMMENT_END = re.compile(r"--!?>")
_MOST_ATTRIBUTES = 500  # of one tag; those behind them are not read
# What is no markup up to the end tag of the same name. In the last two, character references count.
_RAW = frozenset("script style xmp iframe noembed noframes".split())
_TITLES = frozenset(("textarea", "title"))
_ENDS = {name: re.compile(rf"</{name}(?=[\t\n\f\r />])", re.IGNORECASE) for name in _RAW | _TITLES}
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7};?|#[xX][0-9A-Fa-f]{1,6};?|[A-Za-z][A-Za-z0-9]{0,31}(?:;|(?![;=A-Za-z0-9])))")

Attributes = Mapping[str, str]


class Tag(NamedTuple):
    """A start tag, its names in lower case. An attribute that stands twice has its first value."""

    name: str
    attributes: Attributes


class End(NamedTuple):
    """An end tag."""

    name: str


class Text(NamedTuple):
    """Characters between tags, character references undone. `within`: the element whose content is no markup, or ""."""

    text: str
    within: str = ""


class Doctype(NamedTuple):
    """The line that says which rules a page is laid out by."""

    text: str


Token = Tag | End | Text | Doctype


def tokens(markup: str) -> Iterator[Token]:
    """The tags and texts of a page; comments are left out."""
    position, length = 0, len(markup)
    while position < length:
        opening = markup.find("<", position)
        if opening < 0:
            opening = length
        if opening > position:
            yield Text(unescape(markup[position:opening]))
        if opening == length:
            return
        found, position = _tag(markup, opening)
        if found is None:
            continue
        yield found
        if isinstance(found, Tag) and (found.name in _ENDS or found.name == "plaintext"):
            end = _ENDS[found.name].search(markup, position) if found.name in _ENDS else None
            stop = end.start() if end else length
            inner = markup[position:stop]
            yield Text(unescape(inner) if found.name in _TITLES else inner, found.name)
            position = stop


def _tag(markup: str, at: int) -> tuple[Token | None, int]:
    """What stands at a "<", and where the next thing begins."""
    opening = _OPEN.match(markup, at)
    if opening is None:
        return _other(markup, at)
    attributes, position = _attributes(markup, opening.end())
    closing = _CLOSE.match(markup, position)
    if closing is None:  # the page ends within the tag
        return None, len(markup)
    name = opening[2].lower()
    return (End(name) if opening[1] else Tag(name, attributes)), closing.end()


def _attributes(markup: str, position: int) -> tuple[dict[str, str], int]:
    found: dict[str, str] = {}
    while (match := _ATTRIBUTE.match(markup, position)) is not None:
        position = match.end()
        if len(found) < _MOST_ATTRIBUTES:
            value = next((part for part in match.groups()[1:] if part is not None), "")
            found.setdefault(match[1].lower(), attribute_text(value))
    return found, position


def _other(markup: str, at: int) -> tuple[Token | None, int]:
    """A comment, a doctype, or a "<" that is text."""
    if markup.startswith("<!--", at):
        if markup.startswith((">", "->"), at + 4):
            return None, markup.index(">", at) + 1
        end = _COMMENT_END.search(markup, at + 4)
        return None, end.end() if end else len(markup)
    if markup.startswith(("<!", "<?", "</"), at):
        end_at = markup.find(">", at)
        stop = len(markup) if end_at < 0 else end_at + 1
        doctype = markup[at + 2 : at + 9].lower() == "doctype" and markup[at + 1] == "!"
        return (Doctype(markup[at:stop]) if doctype else None), stop
    return Text("<"), at + 1


def attribute_text(value: str) -> str:
    """An attribute's value with its character references undone, by the rules for attributes ("&copy=" stays)."""
    return _REFERENCE.sub(_character, value) if "&" in value else value


def _character(match: re.Match[str]) -> str:
    name = match[0][1:]
    return unescape(match[0]) if name.startswith("#") or name in html5 else match[0]
