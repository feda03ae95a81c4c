"""XML as a stream of elements: no tree is built, nothing can be made to explode.

Entities that a file declares are read as far as each stands for a few words; a file with others, or with some that
stand elsewhere, is refused. Names of HTML characters (&nbsp;) are read although nobody declared them. From where a file
is not well-formed it is read once more by what its tags look like: a bare ampersand, a character that is none, a tag of
HTML that is never closed cost nothing but themselves.
"""

from __future__ import annotations

import html
import re
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urljoin
from xml.parsers import expat

from archive.formats.item import Broken
from archive.formats.opening import ImportFile

MAX_DEPTH = 200
_MAX_TEXT = 2**22  # characters of one element
_MAX_TAG = 2**20  # characters of one tag
_TAG = re.compile(r"""<(/?)([A-Za-z_][\w.:-]*)((?:"[^"]*"|'[^']*'|[^<>"'])*+)>""")
# What is no tag: how it begins, how it ends, and whether what is between is text.
_OTHERS = (("<![CDATA[", "]]>", True), ("<!--", "-->", False), ("<?", "?>", False))
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z_][\w.-]{0,63});", re.ASCII)
_GIVEN = re.compile(r"""([A-Za-z_][\w.:-]*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_CONTROLS = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0x7F, 0xFFFE, 0xFFFF])
_ENTITY = "<!ENTITY"
_DECLARED = re.compile(r"""<!ENTITY\s+([^\s%"'<>]+)\s+(?:"([^"]*)"|'([^']*)'|[A-Z][^<>]*)\s*>""")
_MAX_ENTITY = 500  # characters that an entity stands for
# Parts of a feed's entry that never stand within each other: one that begins ends the one before.
_PARTS = frozenset(
    "title link guid pubdate description comments author category enclosure published updated id".split()
)
# Namespaces by the prefix that they usually have, "" for those of plain feeds; without "/" or "#" at their end.
_SPACES = {
    "http://purl.org/rss/1.0": "",
    "http://my.netscape.com/rdf/simple/0.9": "",
    "http://www.w3.org/2005/atom": "atom",
    "http://purl.org/atom/ns": "atom",
    "http://search.yahoo.com/mrss": "media",
    "http://purl.org/dc/elements/1.1": "dc",
    "http://purl.org/dc/terms": "dcterms",
    "http://purl.org/rss/1.0/modules/content": "content",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
}


@dataclass(slots=True)
class Element:
    """One element: name in lower case and without its prefix, `space` the usual prefix of its namespace.

    `base` is what xml:base says here, "" for nothing. Children are those of elements that were asked for; `outer` is
    what such an element is in.
    """

    name: str
    attributes: dict[str, str]
    line: int
    space: str = ""
    base: str = ""
    children: list[Element] = field(default_factory=list)
    outer: Element | None = None
    lead: str = ""  # the text before the first child
    tail: str = ""  # the text behind it, in the element that it is in

    @property
    def text(self) -> str:
        """All text within, in order."""
        return "".join(_texts(self))

    def child(self, *names: str) -> Element | None:
        """The first child with one of these names, the first name first."""
        return next((one for name in names for one in self.children if one.name == name), None)

    def value(self, *names: str) -> str:
        """The text of that child, "" when there is none."""
        found = self.child(*names)
        return found.text.strip() if found else ""


def _texts(element: Element) -> Iterator[str]:
    yield element.lead
    for child in element.children:
        yield from _texts(child)
        yield child.tail


def elements(source: ImportFile, wanted: frozenset[str], opened: frozenset[str] = frozenset()) -> Iterator[Element]:
    """Each element named in `wanted`, with its children, when it ends; each in `opened` bare, when it begins.

    Raises Broken where the file declares long entities, nests too deep, is cut off, or no XML at all.
    """
    done = number = 0
    try:
        for element in _strict(source, wanted, opened):
            done += 1
            yield element
    except _NotWellFormed as problem:
        for number, element in enumerate(_lenient(source, wanted, opened), 1):
            if number > done:
                yield element
        if not number:
            raise Broken(str(problem), line=problem.line) from problem


class _NotWellFormed(Exception):  # noqa: N818 - caught here
    def __init__(self, problem: str, line: int) -> None:
        self.line = line
        super().__init__(f"not well-formed XML from here on: {problem}")


class _Builder:
    """Keeps the open elements, gives away the wanted ones."""

    def __init__(self, wanted: frozenset[str], opened: frozenset[str]) -> None:
        self.wanted = wanted
        self._opened = opened
        self.open: list[Element] = []
        self.within = 0  # how many open elements are wanted ones
        self._spaces: list[dict[str, str]] = [{}]  # of each open element: its prefixes
        self.ready: list[Element] = []
        self._entities: dict[str, str] = {}

    def declare(self, name: str, value: str | None, line: int) -> None:
        """An entity that stands for some words, which may have others in them. Broken where these are too many, or are
        elsewhere."""
        if value is None:
            raise Broken("the XML declares entities that stand in other files", line=line)
        words = self.undone(value)
        if len(words) > _MAX_ENTITY or _REFERENCE.search(words):
            raise Broken("the XML declares entities that stand for more than a few words", line=line)
        self._entities.setdefault(name, words)

    def undone(self, text: str) -> str:
        """`text` without its references: those that end. "a=1&copy=2" is no ©, as it is none in an address of HTML."""
        return _REFERENCE.sub(lambda found: self._entities.get(found[0][1:-1]) or html.unescape(found[0]), text)

    def start(self, name: str, given: dict[str, str], line: int) -> None:
        if len(self.open) >= MAX_DEPTH:
            raise Broken(f"elements nest deeper than {MAX_DEPTH}", line=line)
        self._spaces.append(self._declared(given))
        prefix, _, local = name.lower().rpartition(":")
        outer = self.open[-1] if self.open else None
        base = joined(outer.base if outer else "", given.get("xml:base", ""))
        space = self._spaces[-1].get(prefix, prefix)
        plain = {key.rpartition(":")[2].lower(): value for key, value in given.items() if ":" in key}
        plain.update({key.lower(): value for key, value in given.items() if ":" not in key})
        element = Element(local, plain, line, space, base)
        if self.within and outer:
            outer.children.append(element)
        else:
            element.outer = outer
        self.open.append(element)
        self.within += local in self.wanted
        if local in self._opened:
            self.ready.append(element)

    def close(self, depth: int) -> None:
        """End elements until so many are open."""
        while len(self.open) > depth:
            self.end()

    def end(self) -> None:
        element = self.open.pop()
        self._spaces.pop()
        if element.name in self.wanted:
            self.within -= 1
            if not self.within:
                self.ready.append(element)

    def characters(self, data: str) -> None:
        if not self.within or not self.open:
            return
        top = self.open[-1]
        if not top.children:
            if len(top.lead) < _MAX_TEXT:
                top.lead += data
        elif len(top.children[-1].tail) < _MAX_TEXT:
            top.children[-1].tail += data

    def _declared(self, given: dict[str, str]) -> dict[str, str]:
        """The prefixes that mean something within an element with these attributes."""
        known = self._spaces[-1]
        for name, value in given.items():
            if name == "xmlns" or name.startswith("xmlns:"):
                prefix = name[6:].lower()
                known = {**known, prefix: _SPACES.get(value.strip().rstrip("/#").lower(), prefix)}
        return known


def joined(base: str, reference: str) -> str:
    """`reference` at `base`, either of which may be nonsense."""
    try:
        return urljoin(base, reference.strip())
    except ValueError:
        return base


def _strict(source: ImportFile, wanted: frozenset[str], opened: frozenset[str]) -> Iterator[Element]:
    """By the rules of XML."""
    parser = expat.ParserCreate("utf-8")  # whatever the file says: it is decoded by then
    parser.buffer_text = True
    parser.UseForeignDTD(True)  # so that undeclared entities are passed on instead of ending the file
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    builder = _Builder(wanted, opened)

    def other(data: str) -> None:
        if data.startswith("&") and data.endswith(";"):  # an entity that nobody declared
            builder.characters(builder.undone(data))

    def declared(name: str, is_parameter: bool, value: str | None, *_: object) -> None:
        if not is_parameter:
            builder.declare(name, value, parser.CurrentLineNumber)

    parser.StartElementHandler = lambda name, given: builder.start(name, given, parser.CurrentLineNumber)
    parser.EndElementHandler = lambda _name: builder.end()
    parser.CharacterDataHandler = builder.characters
    parser.DefaultHandler = other
    parser.EntityDeclHandler = declared
    begun = False
    try:
        for text in source.texts():
            parser.Parse((text if begun else text.lstrip()).encode("utf-8", "replace"), False)
            begun = True
            yield from _given_away(builder)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        yield from _given_away(builder)
        raise _NotWellFormed(expat.errors.messages[error.code], error.lineno) from error
    yield from _given_away(builder)


def _given_away(builder: _Builder) -> list[Element]:
    ready, builder.ready = builder.ready, []
    return ready


def _lenient(source: ImportFile, wanted: frozenset[str], opened: frozenset[str]) -> Iterator[Element]:
    """By what tags look like: an end tag ends what is open of its name, and all that is open in that."""
    builder = _Builder(wanted, opened)
    line = 1
    for token in _tokens(source.texts()):
        _take(builder, token, line)
        line += token.written.count("\n")
        yield from _given_away(builder)
    if builder.within:
        begun = next(one for one in builder.open if one.name in wanted)
        raise Broken(f"the file is cut off within <{begun.name}>", line=begun.line, raw=begun.text[:1000])
    if builder.open:
        raise Broken(f"the file ends without </{builder.open[0].name}>: it may be cut off", line=line)


def _take(builder: _Builder, token: _Token, line: int) -> None:
    if token.is_tag:
        tag = _TAG.fullmatch(token.written)
        assert tag
        _tag(builder, tag, line)
    elif token.is_raw:
        builder.characters(token.written)
    elif declared := _DECLARED.fullmatch(token.written):
        builder.declare(declared[1], declared[3] if declared[2] is None else declared[2], line)
    else:
        builder.characters(builder.undone(token.written))


def _tag(builder: _Builder, tag: re.Match[str], line: int) -> None:
    name = tag[2].lower()
    local = name.rpartition(":")[2]
    names = [one.name for one in builder.open]
    if tag[1]:
        if local in names:
            builder.close(len(names) - 1 - names[::-1].index(local))
        return
    if local in builder.wanted and local in names:  # the one before was not ended
        builder.close(names.index(local))
    elif name in _PARTS and builder.within and names[-1] in _PARTS:
        builder.end()
    given = {one[0]: builder.undone(one[1] or one[2] or one[3]) for one in _GIVEN.findall(tag[3])}
    builder.start(name, given, line)
    if tag[3].endswith("/"):
        builder.end()


class _Token(NamedTuple):
    """A tag, or what stands between two; `is_raw`: text in which nothing is to be undone."""

    written: str
    is_tag: bool = False
    is_raw: bool = False


def _tokens(texts: Iterable[str]) -> Iterator[_Token]:
    held = ""
    for text in texts:
        held += text.translate(_CONTROLS)
        held = yield from _whole_tokens(held, final=False)
    yield from _whole_tokens(held, final=True)


def _whole_tokens(held: str, *, final: bool) -> Generator[_Token, None, str]:
    """The tokens that end within `held`; returns what is left of it, which may be the beginning of one."""
    position = 0
    missing: set[str] = set()  # ends that do not come any more, so that they are looked for once
    while (at := held.find("<", position)) >= 0:
        if at > position:
            yield _Token(held[position:at])
        found = _token(held, at, missing)
        if found is None:
            if not final and len(held) - at < _MAX_TAG:
                return held[at:]
            found = _Token("<"), at + 1
        token, position = found
        yield token
    cut = -1 if final else held.rfind("&", max(position, len(held) - 32))
    cut = cut if cut >= 0 else len(held)
    if cut > position:
        yield _Token(held[position:cut])
    return held[cut:]


def _token(held: str, at: int, missing: set[str]) -> tuple[_Token, int] | None:
    """The token that begins at `at`, and where it ends; None where it does not, or is none."""
    for begin, end, is_text in _OTHERS:
        if held.startswith(begin, at):
            stop = -1 if end in missing else held.find(end, at + len(begin))
            if stop < 0:
                missing.add(end)
                return None
            inner = held[at + len(begin) : stop]
            return _Token(inner if is_text else "", is_raw=True), stop + len(end)
    if held.startswith("<!", at):
        declared = _DECLARED.match(held, at)
        if declared is None and held.startswith(_ENTITY, at) and ">" not in held[at:]:
            return None
        return (_Token(declared[0]), declared.end()) if declared else (_Token(""), at + 2)
    tag = _TAG.match(held, at)
    return (_Token(tag[0], is_tag=True), tag.end()) if tag else None
