"""HTML as a stream of tags: no tree is built, however badly the tags nest."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from archive.formats.opening import Block

_MAX_TEXT = 2**22  # characters of one element
_MAX_TAG = 2**20  # characters of one HTML tag: bookmarks carry their icons in an attribute
_TAG = re.compile(r"""<(/?[A-Za-z][A-Za-z0-9]*)((?:"[^"]*"|'[^']*'|[^>"'])*+)>|<!--.*?-->""", re.DOTALL)
_ATTRIBUTE = re.compile(r"""([A-Za-z_:-][\w:.-]*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")


class Tag(NamedTuple):
    """A tag of HTML and the text between it and the next one. `name` is in lower case, "/a" for an end tag."""

    name: str
    attributes: str
    text: str
    line: int
    written: str  # the tag itself, as it stands there


def tags(blocks: Iterable[Block]) -> Iterator[Tag]:
    """The tags of an HTML file in their order, however badly they nest."""
    text, line = "", 1
    pending: tuple[str, str, int, str] | None = None
    parts: list[str] = []
    for block in blocks:
        text += block.text
        position = 0
        for match in _TAG.finditer(text):
            parts.append(text[position : match.start()])
            line += text.count("\n", position, match.start())
            position = match.end()
            if match[1] is not None:
                if pending:
                    yield Tag(pending[0], pending[1], _joined(parts), pending[2], pending[3])
                parts.clear()
                pending = match[1].lower(), match[2], line, match[0]
            line += text.count("\n", match.start(), position)
        left = text.find("<", position)
        keep = left if left >= 0 and len(text) - left < _MAX_TAG else len(text)
        parts.append(text[position:keep])
        line += text.count("\n", position, keep)
        text = text[keep:]
    if pending:
        parts.append(text)
        yield Tag(pending[0], pending[1], _joined(parts), pending[2], pending[3])


def attributes(text: str) -> dict[str, str]:
    """The attributes of a tag; names in lower case, character references undone."""
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(text):
        found.setdefault(name.lower(), html.unescape(double or single or bare).strip())
    return found


def _joined(parts: list[str]) -> str:
    return html.unescape("".join(parts)[:_MAX_TEXT])
