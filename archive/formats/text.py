"""Any text with addresses in it: a list, notes, Markdown, a page's source."""

from __future__ import annotations

import re
from collections.abc import Iterator

from archive.errors import UsageError
from archive.formats.item import Item, Origin, Reject
from archive.formats.opening import ImportFile
from archive.urls import check_url, scan_urls, veiled_address

# Markdown and BibTeX write so what has a meaning of its own for them: "https://a.example/a\_b".
_ESCAPED = re.compile(r"\\(?=[_%&#~*])")


def items(source: ImportFile) -> Iterator[Item | Reject]:
    """Every address, in the order of the text. Lines that begin with # and a space are remarks."""
    for block in source.blocks():
        line, position = block.number, 0
        text = _ESCAPED.sub("", block.text) if "\\" in block.text else block.text
        for found in scan_urls(text, refused=True):
            line += text.count("\n", position, found.start)
            position = found.start
            begin = text.rfind("\n", 0, found.start) + 1
            if not text.startswith("# ", begin):
                yield _item(found.url, source.origin(line))


def _item(url: str, origin: Origin) -> Item | Reject:
    try:
        check_url(url)
    except UsageError as error:
        return Reject(origin, str(error), veiled_address(url))
    return Item(url, origin)
