"""XML as a stream of elements, and HTML as a stream of tags: neither builds a tree, neither can be made to explode.

XML that declares entities is refused; names of HTML characters (&nbsp;) are read although nobody declared them. Where a
file is not well-formed because of bare ampersands, it is read once more with these mended.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.parsers import expat

from archive.formats.item import Broken
from archive.formats.opening import Block, ImportFile

_MAX_DEPTH = 200
_MAX_TEXT = 2**22  # characters of one element
_MAX_TAG = 2**20  # characters of one HTML tag: bookmarks carry their icons in an attribute
_BARE = re.compile(
    r"(<!\[CDATA\[.*?\]\]>)|&(?!(?:[A-Za-z][A-Za-z0-9]{1,30}|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});)", re.DOTALL
)
_TAG = re.compile(r"""<(/?[A-Za-z][A-Za-z0-9]*)((?:"[^"]*"|'[^']*'|[^>"'])*+)>|<!--.*?-->""", re.DOTALL)
_ATTRIBUTE = re.compile(r"""([A-Za-z_:-][\w:.-]*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")


@dataclass(slots=True)
class Element:
    """One element without its namespace: name in lower case, attributes, own text, children if they were asked for."""

    name: str
    attributes: dict[str, str]
    line: int
    text: str = ""
    children: list[Element] = field(default_factory=list)

    def child(self, *names: str) -> Element | None:
        """The first child with one of these names, the first name first."""
        return next((one for name in names for one in self.children if one.name == name), None)

    def value(self, *names: str) -> str:
        """The text of that child, "" when there is none."""
        found = self.child(*names)
        return found.text.strip() if found else ""


class Tag(NamedTuple):
    """A tag of HTML and the text between it and the next one. `name` is in lower case, "/a" for an end tag."""

    name: str
    attributes: str
    text: str
    line: int


def elements(source: ImportFile, wanted: frozenset[str], opened: frozenset[str] = frozenset()) -> Iterator[Element]:
    """Each element named in `wanted`, with its children, when it ends; each in `opened` bare, when it begins.

    Raises Broken where the file is not XML (any further), declares entities or nests too deep.
    """
    done = 0
    try:
        for element in _parsed((chunk for chunk in source.chunks()), wanted, opened):
            done += 1
            yield element
    except _NotWellFormed as problem:
        mended = _mended(source)
        if mended is None:
            raise Broken(str(problem), line=problem.line) from problem
        try:
            for number, element in enumerate(_parsed([mended], wanted, opened), 1):
                if number > done:
                    yield element
        except _NotWellFormed as again:
            raise Broken(str(again), line=again.line) from again


def tags(blocks: Iterable[Block]) -> Iterator[Tag]:
    """The tags of an HTML file in their order, however badly they nest."""
    text, line = "", 1
    pending: tuple[str, str, int] | None = None
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
                    yield Tag(pending[0], pending[1], _joined(parts), pending[2])
                parts.clear()
                pending = match[1].lower(), match[2], line
            line += text.count("\n", match.start(), position)
        left = text.find("<", position)
        keep = left if left >= 0 and len(text) - left < _MAX_TAG else len(text)
        parts.append(text[position:keep])
        line += text.count("\n", position, keep)
        text = text[keep:]
    if pending:
        parts.append(text)
        yield Tag(pending[0], pending[1], _joined(parts), pending[2])


def attributes(text: str) -> dict[str, str]:
    """The attributes of a tag; names in lower case, character references undone."""
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(text):
        found.setdefault(name.lower(), html.unescape(double or single or bare).strip())
    return found


def _joined(parts: list[str]) -> str:
    return html.unescape("".join(parts)[:_MAX_TEXT])


class _NotWellFormed(Exception):  # noqa: N818 - caught here, told as Broken
    def __init__(self, message: str, line: int) -> None:
        self.line = line
        super().__init__(message)


class _Builder:
    """What expat calls: keeps the open elements, gives away the wanted ones."""

    def __init__(self, parser: expat.XMLParserType, wanted: frozenset[str], opened: frozenset[str]) -> None:
        self._parser = parser
        self._wanted = wanted
        self._opened = opened
        self._open: list[Element] = []
        self._within = 0  # how many open elements are wanted ones
        self.ready: list[Element] = []
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.characters
        parser.DefaultHandler = self.other
        parser.EntityDeclHandler = self.entity

    def start(self, name: str, given: dict[str, str]) -> None:
        if len(self._open) >= _MAX_DEPTH:
            raise Broken(f"elements nest deeper than {_MAX_DEPTH}", line=self._parser.CurrentLineNumber)
        local = name.rpartition(":")[2].lower()
        element = Element(local, {key.rpartition(":")[2].lower(): value for key, value in given.items()}, self.line)
        if self._within and self._open:
            self._open[-1].children.append(element)
        self._open.append(element)
        self._within += local in self._wanted
        if local in self._opened:
            self.ready.append(element)

    def end(self, _name: str) -> None:
        element = self._open.pop()
        if element.name in self._wanted:
            self._within -= 1
            if not self._within:
                self.ready.append(element)

    def characters(self, data: str) -> None:
        if self._within and self._open and len(self._open[-1].text) < _MAX_TEXT:
            self._open[-1].text += data

    def other(self, data: str) -> None:
        if data.startswith("&") and data.endswith(";"):  # an entity that nobody declared
            self.characters(html.unescape(data))

    def entity(self, *_: object) -> None:
        raise Broken("the XML declares entities, which no list of addresses needs", line=self.line)

    @property
    def line(self) -> int:
        return self._parser.CurrentLineNumber


def _parsed(chunks: Iterable[bytes], wanted: frozenset[str], opened: frozenset[str]) -> Iterator[Element]:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.UseForeignDTD(True)  # so that undeclared entities are passed on instead of ending the file
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    builder = _Builder(parser, wanted, opened)
    first = True
    try:
        for chunk in chunks:
            parser.Parse(chunk.lstrip() if first else chunk, False)
            first = False
            yield from builder.ready
            builder.ready.clear()
        parser.Parse(b"", True)
        yield from builder.ready
    except expat.ExpatError as error:
        yield from builder.ready
        problem = expat.errors.messages[error.code]
        raise _NotWellFormed(f"not well-formed XML from here on: {problem}", error.lineno) from error
    except (ValueError, LookupError) as error:  # an encoding that Python does not know
        raise Broken(f"the XML cannot be decoded: {error}") from error


def _mended(source: ImportFile) -> bytes | None:
    """The file in UTF-8 with bare ampersands escaped; None when there are none."""
    text = source.text()
    text = re.sub(r"^(\s*<\?xml[^>]{0,200}?)\sencoding=[\"'][^\"']*[\"']", r"\1", text, count=1)
    fixed, count = _BARE.subn(lambda found: found[1] or "&amp;", text)
    changed = count and fixed != text
    return fixed.strip().encode("utf-8", "replace") if changed else None
