"""JSON Lines, JSON arrays and JSON objects, one value at a time: a long array is never held whole.

Values that stand one behind the other (with or without commas, brackets, line breaks) are read as they come. A bad line
of JSON Lines costs that line; damage inside an array ends the file, with everything before it read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from archive.formats.fields import BY_NAME, GENERIC, OWN_JSON, Fields, has_url_field, known_by, normal_name
from archive.formats.item import Broken, Item, Reject, clipped
from archive.formats.opening import ImportFile
from archive.formats.own_records import of_object
from archive.formats.posts import bare, unfolded
from archive.formats.records import listed, to_item
from archive.formats.tables import items as read_table

_MAX_VALUE = 2**26  # characters of one value in an array
_SPACE = " \t\r\n,\ufeff"
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
_DEEPEST = 4  # objects that the list of records is in
_BEGIN = re.compile(r"\[")
_MAX_BEGIN = 1_000  # characters of what an array begins with
_decoder = json.JSONDecoder()


class Value(NamedTuple):
    """One value of the file; `number` counts lines in JSON Lines and values in an array, from 1."""

    number: int
    value: object


class Bad(NamedTuple):
    """A line that is no JSON."""

    number: int
    reason: str
    raw: str


def items(source: ImportFile) -> Iterator[Item | Reject]:
    """Records one a line, in an array, or in an object: under "items", "links", "list" …"""
    named = BY_NAME.get(source.format_name)
    if named and named is not GENERIC and source.sample.lstrip(_SPACE)[:1] not in ("[", "{"):
        yield from read_table(source)  # the same fields as columns, as newspaper4k can write them
        return
    for found in records(source):
        for whole_value in _inside(found) if isinstance(found, Value) and found.number == 0 else [found]:
            for value in _unfolded(whole_value):
                fields = named if named and named is not GENERIC else _known(value)
                yield each_item(source, fields, value)


def records(source: ImportFile) -> Iterator[Value | Bad]:
    """The values one a line or in an array, each with its number; else the whole file as one with number 0."""
    if source.sample.lstrip(_SPACE).startswith("["):
        return array_values(source)
    return line_values(source) if _is_lines(source) else iter([Value(0, whole(source))])


def whole(source: ImportFile) -> dict[str, object]:
    """The file as one object. Broken when it is none."""
    value = parsed(source.text())
    if not isinstance(value, dict):
        raise Broken("the file is not a JSON object")
    return value


def parsed(text: str) -> object:
    """JSON as a value. Broken, with line and reason, when it is not JSON or nested too deep."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        around = text[max(0, error.pos - 40) : error.pos + 40]
        raise Broken(f"not JSON from here on: {error.msg}", line=error.lineno, raw=around) from error
    except (ValueError, RecursionError) as error:
        raise Broken("the JSON is nested too deep or has a number too long") from error


def line_values(source: ImportFile) -> Iterator[Value | Bad]:
    """The value of each line of JSON Lines."""
    for line in source.lines():
        if not line.text.strip():
            continue
        if not line.whole:
            yield Bad(line.number, "the line is too long", line.text)
            continue
        try:
            yield Value(line.number, json.loads(line.text))
        except (ValueError, RecursionError) as error:
            yield Bad(line.number, f"not JSON: {error}", line.text)


def array_values(source: ImportFile, begin: re.Pattern[str] = _BEGIN) -> Iterator[Value | Bad]:
    """The values of the array that begins with what is first like `begin`, each as soon as it is there."""
    array = _Array(block.text for block in source.blocks())
    array.find(begin)
    while not array.is_closed():
        yield Value(array.number, array.value())


class _Array:
    """An array as its text comes in; `number` is that of the value at hand, from 1."""

    def __init__(self, blocks: Iterator[str]) -> None:
        self.number = 0
        self._blocks = blocks
        self._text = ""
        self._at = 0

    def find(self, begin: re.Pattern[str]) -> None:
        """Go to what is behind `begin`."""
        for block in self._blocks:
            self._text = self._text[-_MAX_BEGIN:] + block
            if found := begin.search(self._text):
                self._at = found.end()
                return
        self._at = len(self._text)

    def is_closed(self) -> bool:
        """Whether no value follows, for good."""
        self._at = _skip(self._text, self._at)
        while self._at == len(self._text):
            self._more()
            self._at = _skip(self._text, self._at)
        if self._text.startswith("]", self._at):
            self._at = _skip(self._text, self._at + 1)
            while self._at == len(self._text) and (more := next(self._blocks, "")):
                self._text, self._at = more, _skip(more, 0)
            # newspaper4k's command closes its list behind each record and goes on: `[{…},]{…}]`
            return not self._text.startswith("{", self._at)
        self.number += 1
        return False

    def value(self) -> object:
        """The value at hand. Broken where it does not end, or is none."""
        while (found := _value(self._text, self._at)) is None:
            if len(self._text) - self._at > _MAX_VALUE:
                raise Broken(
                    f"record {self.number} is larger than {_MAX_VALUE} characters", raw=self._text[self._at :][:200]
                )
            self._more()
        self._at = found[1]
        return found[0]

    def _more(self) -> None:
        """Twice as much text: the work stays linear however long a value is."""
        text = self._text[self._at :]
        more = _at_least(self._blocks, min(max(len(text), 1), _MAX_VALUE))
        if not more:
            reason = "the array is not closed: the file is cut off" if _cut(text) else "not JSON"
            raise Broken(f"{reason}, after record {max(self.number - bool(text), 0)}", raw=clipped(text))
        self._text, self._at = text + more, 0


def _is_lines(source: ImportFile) -> bool:
    """Whether the first line is a value by itself (or too long to tell) and not the only one."""
    lines = (line for line in source.lines() if line.text.strip())
    first = next(lines, None)
    if first is None or next(lines, None) is None:
        return False
    try:
        return not first.whole or isinstance(json.loads(first.text), dict)
    except (ValueError, RecursionError):
        return False


def _value(text: str, position: int) -> tuple[object, int] | None:
    """The value at `position` and its end; None where it does not end in `text`, or is none."""
    try:
        value, end = _decoder.raw_decode(text, position)
    except (ValueError, RecursionError):
        return None
    if end == len(text) and not isinstance(value, dict | list | str):
        return None  # a number may go on
    return value, end


def _at_least(blocks: Iterator[str], size: int) -> str:
    """So much more text, or what there is."""
    parts, length = [], 0
    for block in blocks:
        parts.append(block)
        length += len(block)
        if length >= size:
            break
    return "".join(parts)


def _skip(text: str, position: int) -> int:
    while position < len(text) and text[position] in _SPACE:
        position += 1
    return position


def _cut(text: str) -> bool:
    """Whether damage can be explained by the file's end alone."""
    return text.count("{") >= text.count("}") or not text


def each_item(source: ImportFile, fields: Fields, found: Value | Bad) -> Item | Reject:
    """What a value of the file is."""
    if isinstance(found, Bad):
        return Reject(source.origin(found.number), found.reason, clipped(found.raw))
    if isinstance(found.value, str):
        return item_of(source, GENERIC, found.number, {"url": found.value})
    if not isinstance(found.value, Mapping):
        return Reject(source.origin(found.number), "not a record with named fields", clipped(found.value))
    return item_of(source, fields, found.number or 1, found.value)


def item_of(source: ImportFile, fields: Fields, number: int, record: Mapping[str, object]) -> Item | Reject:
    """The item that a record is, or why it is none."""
    origin = source.origin(number)
    try:
        return of_object(record, origin) if fields is OWN_JSON else to_item(fields, record, origin)
    except ValueError as error:
        return Reject(origin, str(error), clipped(json.dumps(record, ensure_ascii=False, default=str)))


def _inside(found: Value) -> Iterator[Value]:
    """The records that an object holds: its longest list, those that it has by their addresses, or itself."""
    document = found.value
    assert isinstance(document, dict)
    inner: Iterable[object] = [document]
    lists = [records for value in document.values() if (records := listed(value))] or list(_lists(document, _DEEPEST))
    if isinstance(document.get("list"), Mapping):  # what Pocket's API gave
        inner = document["list"].values()
    elif document and all(map(_ADDRESS.match, document)):
        inner = (
            {"url": url, **(said if isinstance(said, dict) else {"title": said})} for url, said in document.items()
        )
    elif lists and not known_by(_names(document)):
        longest = max(lists, key=len)
        inner = longest
    elif "orderedItems" in document:  # of addresses alone, as bookmarks of Mastodon are
        inner = ({"url": each} for each in _values(document["orderedItems"]))
    return (Value(number, record) for number, record in enumerate(inner, 1))


def _values(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _lists(document: Mapping[str, object], deep: int) -> Iterator[list[Mapping[str, object]]]:
    """The lists of records with an address in objects within."""
    for value in document.values():
        if isinstance(value, Mapping) and deep:
            yield from _lists(value, deep - 1)
        elif (records := listed(value)) and has_url_field(map(str, bare(records[0]))):
            yield records


def _unfolded(found: Value | Bad) -> Iterator[Value | Bad]:
    """The values that one stands for, as posts do for what they link to."""
    if isinstance(found, Value) and isinstance(found.value, Mapping):
        yield from (found._replace(value=record) for record in unfolded(found.value))
    else:
        yield found


def _known(found: Value | Bad) -> Fields:
    value = found.value if isinstance(found, Value) else None
    return (known_by(_names(value)) if isinstance(value, Mapping) else None) or GENERIC


def _names(record: Mapping[str, object]) -> set[str]:
    return {normal_name(str(name)) for name in record}
