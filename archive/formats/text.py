"""Any text with addresses in it: a list, notes, Markdown, a page's source, references of a wiki."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from archive.errors import UsageError
from archive.extraction.links.hrefs import unwrapped
from archive.formats.bare import scan_bare
from archive.formats.called import called, is_name
from archive.formats.citations import CITED, said_of
from archive.formats.defanged import Harmless, scan_harmless, why
from archive.formats.fields import GENERIC
from archive.formats.item import Item, Origin, Reject
from archive.formats.lines import Lines
from archive.formats.moments import moment
from archive.formats.newspapers.signs import looks_like_one
from archive.formats.opening import ImportFile
from archive.formats.records import to_item
from archive.formats.rows import Tables
from archive.urls import Found, check_url, scan_urls, veiled_address

_HREF = re.compile(r"""<a\s[^<>]{0,2000}?\bhref\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)'|([^\s"'<>]+))""", re.IGNORECASE)
_ABSOLUTE = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:|www\.|#|\Z)", re.IGNORECASE)
# A line that is an address but for how its scheme is written.
_ALMOST = re.compile(
    r"^[ \t]*(?:(?:[-*•+>]|\d{1,4}[.)])[ \t]+)?"
    r"(h?t{1,3}ps{0,2}[:;.]?/{1,3}[^\W_][\w-]*(?:\.[\w-]+)+(?:[/?#:]\S*)?)[ \t\r]*$",
    re.IGNORECASE | re.MULTILINE,
)
_SCHEME = re.compile(r"https?://", re.IGNORECASE)
# Markdown and BibTeX write so what has a meaning of its own for them: "https://a.example/a\_b".
_ESCAPED = re.compile(r"\\(?=[_%&#~*])")

_UNKNOWN_SHAPE = (
    "it looks like an export of {}, in a shape that is not known: only the addresses in it were read, no article of it"
    " was taken in. docs/importing.md lists the shapes that are; a table with a column of texts is another way"
)


class Unread(NamedTuple):
    """What is meant for an address and is none as it stands there: a relative link, a scheme that is misspelled."""

    url: str
    start: int
    end: int
    why: str


def items(source: ImportFile) -> Iterator[Item | Reject]:
    """Every address, in the order of the text. Lines that begin with # and a space are remarks."""
    is_markup = source.sample.lstrip().startswith("<")
    if source.format_name == "text" and (name := looks_like_one(source.sample)):
        yield Reject(source.origin(), _UNKNOWN_SHAPE.format(name), remark=True)
    tables, lines = Tables(), Lines("" if is_markup else source.sample)
    for block in source.blocks():
        line, position, end = block.number, 0, 0  # the end of the last address that was made harmless
        text = _ESCAPED.sub("", block.text) if "\\" in block.text else block.text
        harmless, cites = list(scan_harmless(text)), "{{" in text
        others: list[Harmless | Unread] = [*harmless, *(_relative(text) if is_markup else _misspelled(text))]
        written = list(scan_urls(text, refused=True))
        there: list[Found | Harmless | Unread] = [*written, *others]
        if not is_markup and (bare := _outside(scan_bare(text), [*written, *others])):
            there += bare
        rows = iter(tables.rows(text))
        row = next(rows, None)
        for found in sorted(there, key=lambda one: (one.start, isinstance(one, Found))):
            if isinstance(found, Harmless):
                end = found.end
            elif found.start < end:
                continue  # a part of one
            while row is not None and row.end <= found.start:
                row = next(rows, None)
            says = row.says if row is not None and row.start <= found.start else {}
            line += text.count("\n", position, found.start)
            position = found.start
            begin = text.rfind("\n", 0, found.start) + 1
            if not text.startswith("# ", begin) and not is_name(text, found.start):
                yield _item(text, found, source.origin(line), says, lines, cites=cites)


def _relative(text: str) -> Iterator[Unread]:
    for found in _HREF.finditer(text):
        written = next(filter(None, found.groups()), "")
        if not _ABSOLUTE.match(written):
            yield Unread(
                written, found.end() - len(written), found.end(), "a relative link, and nothing says of which page"
            )


def _misspelled(text: str) -> Iterator[Unread]:
    for found in _ALMOST.finditer(text) if "/" in text else ():
        if not _SCHEME.match(found[1]):
            yield Unread(found[1], found.start(1), found.end(1), "no address as it is written: it begins with https://")


def _outside(bare: Iterable[Found], others: list[Found | Harmless | Unread]) -> list[Found]:
    """Those of `bare` that are no part of another address; both in order."""
    ahead = iter(sorted(others, key=lambda one: one.start))
    other = next(ahead, None)
    outside: list[Found] = []
    for found in bare:
        while other is not None and other.end <= found.start:
            other = next(ahead, None)
        if other is None or other.start >= found.end:
            outside.append(found)
    return outside


def _item(
    text: str,
    found: Found | Harmless | Unread,
    origin: Origin,
    says: Mapping[str, str],
    lines: Lines,
    *,
    cites: bool,
) -> Item | Reject:
    """`cites`: there are references of a wiki in the text; `says`: what the cells of a table say beside the address."""
    if isinstance(found, Unread):
        return Reject(origin, found.why, found.url)
    if isinstance(found, Harmless):
        written = text[found.start : found.end]
        return Reject(origin, why(written, found.url), written)
    try:
        check_url(found.url)
    except UsageError as error:
        return Reject(origin, str(error), veiled_address(found.url))
    if cites and (said := said_of(text, found.start)) is not None:
        return to_item(CITED, {**said, "url": found.url}, origin)
    if says:
        title = called(text, found.start, found.end)
        return to_item(GENERIC, {**says, **({"title": title} if title else {}), "url": found.url}, origin)
    if lines.is_alone(text, found.start, found.end):
        return Item(unwrapped(found.url), origin)
    title, beside = called(text, found.start, found.end), lines.beside(text, found.start, found.end)
    if not title or (beside.published and moment(title)):
        title = beside.title
    return Item(unwrapped(found.url), origin, title=title, published=beside.published, added=beside.sent)
