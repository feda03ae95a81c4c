"""Any text with addresses in it: a list, notes, Markdown, a page's source."""

from __future__ import annotations

import re
from collections.abc import Iterator

from archive.errors import UsageError
from archive.extraction.links.hrefs import unwrapped
from archive.formats.called import called, is_name
from archive.formats.defanged import Harmless, scan_harmless, why
from archive.formats.item import Item, Origin, Reject
from archive.formats.opening import ImportFile
from archive.urls import Found, check_url, scan_urls, veiled_address

# Markdown and BibTeX write so what has a meaning of its own for them: "https://a.example/a\_b".
_ESCAPED = re.compile(r"\\(?=[_%&#~*])")


def items(source: ImportFile) -> Iterator[Item | Reject]:
    """Every address, in the order of the text. Lines that begin with # and a space are remarks."""
    for block in source.blocks():
        line, position = block.number, 0
        text = _ESCAPED.sub("", block.text) if "\\" in block.text else block.text
        harmless = list(scan_harmless(text))
        there: list[Found | Harmless] = [*scan_urls(text, refused=True), *harmless]
        for found in sorted(there, key=lambda one: one.start) if harmless else there:
            if isinstance(found, Found) and any(one.start <= found.start < one.end for one in harmless):
                continue  # a part of one
            line += text.count("\n", position, found.start)
            position = found.start
            begin = text.rfind("\n", 0, found.start) + 1
            if not text.startswith("# ", begin) and not is_name(text, found.start):
                yield _item(text, found, source.origin(line))


def _item(text: str, found: Found | Harmless, origin: Origin) -> Item | Reject:
    if isinstance(found, Harmless):
        written = text[found.start : found.end]
        return Reject(origin, why(written, found.url), written)
    try:
        check_url(found.url)
    except UsageError as error:
        return Reject(origin, str(error), veiled_address(found.url))
    return Item(unwrapped(found.url), origin, title=called(text, found.start, found.end))
