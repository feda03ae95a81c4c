"""Any text with addresses in it: a list, notes, Markdown, a page's source."""

from __future__ import annotations

from collections.abc import Iterator

from archive.formats.item import Item, Reject
from archive.formats.opening import ImportFile
from archive.urls import scan_urls


def items(source: ImportFile) -> Iterator[Item | Reject]:
    """Every address, in the order of the text. Lines that begin with # and a space are remarks."""
    for block in source.blocks():
        line, position = block.number, 0
        for found in scan_urls(block.text):
            line += block.text.count("\n", position, found.start)
            position = found.start
            begin = block.text.rfind("\n", 0, found.start) + 1
            if not block.text.startswith("# ", begin):
                yield Item(found.url, source.origin(line))
