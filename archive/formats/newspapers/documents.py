"""The lines of a document, whatever it is packed in: text, DOCX, RTF, HTML. Headers of pages are left out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import islice
from zipfile import ZipFile

from archive.formats.item import Broken, Item, Reject
from archive.formats.markup import tags
from archive.formats.newspapers import rtf
from archive.formats.newspapers.signs import database_in
from archive.formats.opening import ZIP_ERRORS, Block, ImportFile, Line
from archive.formats.xmls import Element, elements

_MAX_DOCUMENT = 2**26  # bytes of text in one DOCX
_RTF = b"{\\rtf"
_LOOKED_AT = 4_000  # lines that say which database a document is from
INLINE = frozenset("a b i u em strong span font sup sub small mark ins abbr cite q code tt s wbr".split())
_HIDDEN = frozenset(("script", "style", "title", "head"))
_PAGE = re.compile(
    r"\W{0,3}(?:Page|Seite|Pagina|Página|Sida|Side|Sivu|Strona) \d{1,5} ?(?:of|von|de|sur|di|van|av|af|/|z) ?\d{1,5}\b"
    r".{0,100}",
    re.IGNORECASE,
)
_FULL_STOP = re.compile(r"""[.!?…:;。！？]["'”’»)\]]*\Z""")


def is_rtf(head: bytes) -> bool:
    """Whether a file that begins so is RTF."""
    return head.lstrip(b"\xef\xbb\xbf\r\n \t").startswith(_RTF)


def database_of(source: ImportFile) -> str:
    """The database that a DOCX or RTF is from, "" for any other document, and for one that cannot be read."""
    try:
        return database_in("\n".join(line.text for line in islice(_lines(source), _LOOKED_AT)))
    except Broken:
        return ""


def database_of_markup(text: str) -> str:
    """The database that the HTML of a file is from; "" for any other page."""
    return database_in("\n".join(line.text for line in _of_markup([Block(1, text)])))


def lines_of(source: ImportFile) -> Iterator[Line]:
    """The lines; paragraphs of documents have an empty line between them. Broken where the document is damaged."""
    return without_headers(_lines(source))


def _lines(source: ImportFile) -> Iterator[Line]:
    if source.head.startswith(b"PK"):
        return _spaced(_of_docx(source))
    if is_rtf(source.head):
        return _spaced(rtf.paragraphs(source.chunks()))
    if source.sample.lstrip(" \t\r\n\ufeff").startswith("<"):
        return _of_markup(source.blocks())
    return (line._replace(text=line.text.replace("\f", "")) for line in source.lines())


def read_factiva(source: ImportFile) -> Iterator[Item | Reject]:
    """The papers of an export of Factiva: HTML has places that its text has not."""
    from archive.formats.newspapers import factiva, factiva_html

    is_markup = source.sample.lstrip(" \t\r\n\ufeff").startswith("<") and not source.head.startswith(b"PK")
    yield from (factiva_html if is_markup else factiva).read(source)


def read_any(source: ImportFile) -> Iterator[Item | Reject]:
    """The addresses in a document that is no export of a database."""
    from archive.formats.text import items

    text = "\n".join(line.text for line in _lines(source))
    inner = ImportFile(source.path, source.name, source.format_name, opened=lambda: BytesIO(text.encode()))
    yield from items(inner)


def without_headers(lines: Iterable[Line]) -> Iterator[Line]:
    """Lines without "Page 2 of 3", and without the title that is repeated below it; a paragraph over two pages is one
    again."""
    blanks: list[Line] = []
    last, running = "", ""
    turned = fresh = False
    for line in lines:
        text = line.text.strip()
        if _PAGE.fullmatch(text):
            turned = True
        elif not text:
            blanks.append(line)
        elif (turned or fresh) and text == running:
            fresh = False
        else:
            if not (turned and last and not _FULL_STOP.search(last) and text[:1].islower()):
                yield from blanks
            running, fresh = (text, True) if turned else (running, False)
            yield line
            blanks, last, turned = [], text, False


def _spaced(paragraphs: Iterable[str]) -> Iterator[Line]:
    for number, paragraph in enumerate(paragraphs, 1):
        for text in paragraph.split("\n"):
            yield Line(number, text)
        yield Line(number, "")


def _of_docx(source: ImportFile) -> Iterator[str]:
    try:
        with ZipFile(BytesIO(source.whole())) as archive, archive.open("word/document.xml") as file:
            data = file.read(_MAX_DOCUMENT + 1)
    except (*ZIP_ERRORS, KeyError, ValueError) as error:
        raise Broken(f"not a DOCX that can be read: {error}") from error
    if len(data) > _MAX_DOCUMENT:
        raise Broken(f"the document is larger than {_MAX_DOCUMENT} bytes")
    inner = ImportFile(source.path, source.name, source.format_name, opened=lambda: BytesIO(data))
    for paragraph in elements(inner, frozenset({"p"})):
        yield "".join(_runs(paragraph)).strip()


def _runs(element: Element) -> Iterator[str]:
    for child in element.children:
        if child.name == "t":
            yield child.text
        elif child.name == "tab":
            yield "\t"
        elif child.name in ("br", "cr"):
            yield "\n"
        else:
            yield from _runs(child)


def _of_markup(blocks: Iterable[Block]) -> Iterator[Line]:
    """A line for each block, with an empty one between paragraphs."""
    parts: list[str] = []
    number, hidden = 1, ""
    for tag in tags(blocks):
        if tag.name in _HIDDEN or tag.name.lstrip("/") == hidden:
            hidden = "" if tag.name.startswith("/") else tag.name
        if tag.name.lstrip("/") not in INLINE:
            yield Line(number, " ".join("".join(parts).split()))
            if tag.name != "br" and parts:
                yield Line(number, "")
            parts, number = [], tag.line
        if not hidden and tag.text:
            parts.append(tag.text)
    yield Line(number, " ".join("".join(parts).split()))
