"""Any text with addresses in it: a list, notes, Markdown, a page's source, references of a wiki."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from archive.errors import UsageError
from archive.extraction.links.hrefs import unwrapped
from archive.formats.called import called, is_name
from archive.formats.citations import CITED, template_of
from archive.formats.defanged import Harmless, scan_harmless, why
from archive.formats.item import Item, Origin, Reject
from archive.formats.opening import ImportFile
from archive.formats.records import to_item
from archive.urls import Found, check_url, scan_urls, veiled_address

# Markdown and BibTeX write so what has a meaning of its own for them: "https://a.example/a\_b".
_HREF = re.compile(r"""<a\s[^<>]{0,2000}?\bhref\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)'|([^\s"'<>]+))""", re.IGNORECASE)
_ABSOLUTE = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:|www\.|#|\Z)", re.IGNORECASE)
_ESCAPED = re.compile(r"\\(?=[_%&#~*])")


class Relative(NamedTuple):
    """A link that says where it leads from the page that it stood on."""

    url: str
    start: int
    end: int


def items(source: ImportFile) -> Iterator[Item | Reject]:
    """Every address, in the order of the text. Lines that begin with # and a space are remarks."""
    is_markup = source.sample.lstrip().startswith("<")
    for block in source.blocks():
        line, position = block.number, 0
        text = _ESCAPED.sub("", block.text) if "\\" in block.text else block.text
        harmless = list(scan_harmless(text))
        others: list[Harmless | Relative] = [*harmless, *(_relative(text) if is_markup else ())]
        there: list[Found | Harmless | Relative] = [*scan_urls(text, refused=True), *others]
        for found in sorted(there, key=lambda one: one.start) if others else there:
            if isinstance(found, Found) and any(one.start <= found.start < one.end for one in harmless):
                continue  # a part of one
            line += text.count("\n", position, found.start)
            position = found.start
            begin = text.rfind("\n", 0, found.start) + 1
            if not text.startswith("# ", begin) and not is_name(text, found.start):
                yield _item(text, found, source.origin(line))


def _relative(text: str) -> Iterator[Relative]:
    for found in _HREF.finditer(text):
        written = next(filter(None, found.groups()), "")
        if not _ABSOLUTE.match(written):
            yield Relative(written, found.end() - len(written), found.end())


def _item(text: str, found: Found | Harmless | Relative, origin: Origin) -> Item | Reject:
    if isinstance(found, Relative):
        return Reject(origin, "a relative link, and nothing says of which page", found.url)
    if isinstance(found, Harmless):
        written = text[found.start : found.end]
        return Reject(origin, why(written, found.url), written)
    try:
        check_url(found.url)
    except UsageError as error:
        return Reject(origin, str(error), veiled_address(found.url))
    if "{{" in text and (template := template_of(text, found.start)) is not None:
        return to_item(CITED, {**template.says, "url": found.url}, origin)
    return Item(unwrapped(found.url), origin, title=called(text, found.start, found.end))
