"""JSON Lines, JSON arrays and JSON objects, one value at a time: a long array is never held whole.

Values that stand one behind the other (with or without commas, brackets, line breaks) are read as they come. A bad line
of JSON Lines costs that line; damage inside an array ends the file, with everything before it read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from archive.sources.fields import BY_NAME, GENERIC, KARAKEEP, LINKWARDEN, Fields, known_by, normal_name, to_item
from archive.sources.item import Broken, Item, Reject, clipped
from archive.sources.opening import Source, as_text

_MAX_VALUE = 2**26  # characters of one value in an array
_SLUG = re.compile(r"[\w-][\w.-]{0,250}")  # a file name, and nothing that leads elsewhere
_SPACE = " \t\r\n,\ufeff"
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


def read(source: Source) -> Iterator[Item | Reject]:
    """Records one a line, in an array, or in an object."""
    if source.sample.lstrip(_SPACE).startswith("["):
        return _items(source, array_values(source))
    return _items(source, line_values(source)) if _is_lines(source) else read_object(source)


def read_object(source: Source) -> Iterator[Item | Reject]:
    """One object that holds a list of records: under "items", "links", "list" …, or is one record itself."""
    document = whole(source)
    lists = [found for value in document.values() if (found := _list(value))]
    records: Iterable[object] = [document]
    listed = document.get("list")
    if isinstance(listed, Mapping):  # what Pocket's API gave
        records = listed.values()
    elif lists and not known_by(_names(document)):
        longest = max(lists, key=len)
        records = longest
    yield from _items(source, (Value(number, record) for number, record in enumerate(records, 1)))


def read_linkwarden(source: Source) -> Iterator[Item | Reject]:
    """Linkwarden's backup: collections with their links."""
    number = 0
    for collection in _list(whole(source).get("collections")):
        name = str(collection.get("name") or "")
        for link in _list(collection.get("links")):
            number += 1
            yield _item(source, LINKWARDEN, number, {**link, "folder": name})


def read_karakeep(source: Source) -> Iterator[Item | Reject]:
    """Karakeep's (Hoarder's) export. Bookmarks that are notes or images have no address and are rejected with that."""
    for number, bookmark in enumerate(_list(whole(source).get("bookmarks")), 1):
        content = bookmark.get("content")
        inner = content if isinstance(content, Mapping) else {}
        yield _item(source, KARAKEEP, number, {**inner, **{k: v for k, v in bookmark.items() if v is not None}})


def whole(source: Source) -> dict[str, object]:
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


def line_values(source: Source) -> Iterator[Value | Bad]:
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


def array_values(source: Source, begin: str = "[") -> Iterator[Value | Bad]:
    """The values of the array that begins with the first `begin`, each as soon as it is there."""
    blocks = (block.text for block in source.blocks())
    text, position, number = "", 0, 0
    for block in blocks:
        text += block
        if (at := text.find(begin)) >= 0:
            position = at + len(begin)
            break
    while True:
        position = _skip(text, position)
        if text.startswith("]", position):
            return
        found = _value(text, position) if position < len(text) else None
        if found is not None:
            number += 1
            yield Value(number, found[0])
            position = found[1]
            continue
        if len(text) - position > _MAX_VALUE:
            raise Broken(f"record {number + 1} is larger than {_MAX_VALUE} characters", raw=text[position:][:200])
        text, position = text[position:], 0
        more = _at_least(blocks, min(max(len(text), 1), _MAX_VALUE))
        if not more:
            reason = "the array is not closed: the file is cut off" if _cut(text) else "not JSON"
            raise Broken(f"{reason}, after record {number}", raw=clipped(text))
        text += more


def _is_lines(source: Source) -> bool:
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
    """As much more text: doubling keeps the work linear however long a value is."""
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


def _items(source: Source, values: Iterable[Value | Bad]) -> Iterator[Item | Reject]:
    """Each record as an item. The fields are those of the named format, else of the one that the record shows."""
    named = BY_NAME.get(source.format_name)
    for found in values:
        if isinstance(found, Bad):
            yield Reject(source.origin(found.number), found.reason, clipped(found.raw))
        elif isinstance(found.value, str):
            yield _item(source, GENERIC, found.number, {"url": found.value})
        elif not isinstance(found.value, Mapping):
            yield Reject(source.origin(found.number), "not a record with named fields", clipped(found.value))
        else:
            fields = named if named and named is not GENERIC else known_by(_names(found.value)) or GENERIC
            yield _item(source, fields, found.number, found.value)


def _item(source: Source, fields: Fields, number: int, record: Mapping[str, object]) -> Item | Reject:
    try:
        item = to_item(fields, record, source.origin(number))
    except ValueError as error:
        return Reject(source.origin(number), str(error), clipped(json.dumps(record, ensure_ascii=False, default=str)))
    slug = str(record.get("slug") or "")
    if fields.name == "omnivore" and _SLUG.fullmatch(slug):
        content = source.beside(f"content/{slug}.html")
        return replace(item, html=as_text(content)) if content else item
    return item


def _names(record: Mapping[str, object]) -> set[str]:
    return {normal_name(str(name)) for name in record}


def _list(value: object) -> list[Mapping[str, object]]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []
