"""Lists in XML of any kind: an element is a record where it has an address in an attribute or child that is named so.

What a record says beside its address is read by the usual names of such fields. An address that stands outside of every
record is read as it is in any text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from html import unescape

from archive.formats.fields import GENERIC, has_url_field
from archive.formats.item import Item, Reject
from archive.formats.jsons import item_of
from archive.formats.nested import ASSETS
from archive.formats.opening import ImportFile
from archive.formats.text import items as addresses_in
from archive.formats.xmls import MAX_DEPTH, Element, elements
from archive.urls import find_urls

_TAG = re.compile(
    r"""<(/?)([A-Za-z_][\w.:-]*)((?:"[^"]*"|'[^']*'|[^<>"'])*+)>(?:\s*<!\[CDATA\[)?\s*([^<\s]{0,8})""", re.DOTALL
)
_GIVEN = re.compile(r"""([A-Za-z_][\w.:-]*)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_ADDRESS = re.compile(r"\s*(?:https?://|www\.)", re.IGNORECASE)
# Elements that say in an attribute which field they are: <field name="url">.
_FIELDS = frozenset(
    "field column col str date property attribute value int long arr entry data cell string text".split()
)
# Of a track in a playlist (XSPF): its page, and what is heard or seen.
_PLAYED = {"info": "url", "location": "link"}
_NAMED = ("name", "key", "n", "id")
_NO_RECORDS = ASSETS | {name.removesuffix("s") for name in ASSETS}


class _Open:
    """An element whose end was not met."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.fields: set[str] = set()  # for addresses, met in it


def is_list(text: str) -> bool:
    """Whether the sample of an XML file has records with an address."""
    return bool(_records_in([text]))


def items(source: ImportFile) -> Iterator[Item | Reject]:
    """The records of an XML file, then the addresses outside of them."""
    there = set[str]()
    for element in elements(source, _records_in(source.texts())):
        record = _record(element)
        there.update(url for text in _strings(record) for url in find_urls(text))
        yield item_of(source, GENERIC, element.line, record)
    for found in addresses_in(source):
        if isinstance(found, Reject) or unescape(found.url) not in there:
            yield found


def _records_in(texts: Iterable[str]) -> frozenset[str]:
    """Names of the elements that are records: those with an address of their own that no other is a part of."""
    counts = Counter[str]()
    around: set[tuple[str, str]] = set()  # an element, and what is in it
    within: list[_Open] = []
    for holder in _holders(texts, within):
        counts[holder] += 1
        around.update((one.name, holder) for one in within if one.name != holder)
    if len(counts) > 1 and max(counts.values()) == 1:
        return frozenset()
    parts = {inner if counts[outer] >= counts[inner] else outer for outer, inner in around if counts[outer]}
    return frozenset(counts) - parts


def _holders(texts: Iterable[str], within: list[_Open]) -> Iterator[str]:
    """The name of each element that has an address; `within`: those that are open around it.

    It ends where elements nest deeper than is read.
    """
    for name, is_end, is_empty, given, begin in _tags(texts):
        if is_end:
            at = next((at for at in range(len(within) - 1, -1, -1) if within[at].name == name), None)
            if at is not None:
                del within[at:]
            continue
        is_address = any(has_url_field([key]) and _ADDRESS.match(value) for key, value in given.items())
        field = _field(name, given, begin)
        if not has_url_field([field]):
            if is_address and name not in _NO_RECORDS:
                yield name
        elif within and (is_address or _ADDRESS.match(begin)) and within[-1].name not in _NO_RECORDS:
            yield name if field in within[-1].fields else within[-1].name
            within[-1].fields.add(field)
        if not is_empty:
            within.append(_Open(name))
        if len(within) > MAX_DEPTH:
            return


def _tags(texts: Iterable[str]) -> Iterator[tuple[str, bool, bool, Mapping[str, str], str]]:
    """Each tag: its name, whether it is an end, or empty, its attributes, and what the text behind it begins with."""
    held = ""
    for text in texts:
        held += text
        end = 0
        for found in _TAG.finditer(held, 0):
            if found.end() > len(held) - 100:
                break  # its text may go on
            end = found.end()
            yield _tag(found)
        held = held[end:][-(2**20) :]
    yield from map(_tag, _TAG.finditer(held))


def _tag(found: re.Match[str]) -> tuple[str, bool, bool, Mapping[str, str], str]:
    given = {_local(name): one or other for name, one, other in _GIVEN.findall(found[3])}
    return _local(found[2]), bool(found[1]), found[3].endswith("/"), given, found[4]


def _local(name: str) -> str:
    return name.rpartition(":")[2].lower()


def _field(name: str, given: Mapping[str, str], begin: str) -> str:
    """What the field is called that an element is, whose text has this beginning."""
    if name in _PLAYED and _ADDRESS.match(begin):
        return _PLAYED[name]
    return next((given[key].lower() for key in _NAMED if given.get(key)), name) if name in _FIELDS else name


def _record(element: Element) -> dict[str, object]:
    fields: dict[str, object] = {**element.attributes}
    for child in element.children:
        name, value = _field(child.name, child.attributes, child.lead), _value(child)
        if name in fields:
            before = fields[name]
            value = [*(before if isinstance(before, list) else [before]), value]
        fields[name] = value
    if text := element.lead.strip():
        fields.setdefault("url" if _ADDRESS.match(text) else "title", text)
    return fields


def _value(element: Element) -> object:
    """What a field says: its text, its attributes where it has none, a list of what is in it where all is alike."""
    if not element.children or element.lead.strip():
        return element.text.strip() or {**element.attributes}
    if len({child.name for child in element.children}) == 1:
        return [text for child in element.children if (text := child.text.strip())]
    return _record(element)


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list):
        for each in value.values() if isinstance(value, Mapping) else value:
            yield from _strings(each)
