"""Records in JSON: one a line, in an array, or in lists at any depth of an object."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import cast

from archive.formats import nested
from archive.formats.fields import (
    BY_NAME,
    GENERIC,
    OWN_JSON,
    Fields,
    has_text_fields,
    has_url_field,
    known_by,
    normal_name,
)
from archive.formats.item import Item, Reject, clipped
from archive.formats.json_values import Bad, Value, records, start_of
from archive.formats.opening import ImportFile
from archive.formats.own_records import of_object
from archive.formats.posts import bare, unfolded
from archive.formats.records import listed, to_item
from archive.formats.tables import items as read_table

_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
_DEEPEST = 4  # objects that the list of records is in


def items(source: ImportFile) -> Iterator[Item | Reject]:
    """Records one a line, in an array, or in an object: under "items", "links", "list" …"""
    named = BY_NAME.get(source.format_name)
    if named and named is not GENERIC and start_of(source.sample)[:1] not in ("[", "{"):
        yield from read_table(source)  # the same fields as columns, as newspaper4k can write them
        return
    for found in _spread(records(source)):
        for value in _unfolded(found):
            fields = named if named and named is not GENERIC else _known(value)
            yield each_item(source, fields, value)


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


def _spread(values: Iterable[Value | Bad]) -> Iterator[Value | Bad]:
    """Each record that stands in a value, at whatever depth, by itself; a value with none in it as it is."""
    names: list[str] = []  # of the columns, where the values are rows
    for at, found in enumerate(values):
        if isinstance(found, Bad):
            yield found
        elif isinstance(row := found.value, list) and not at and len(row) > 1 and all(map(_is_name, row)):
            names = [normal_name(name) for name in row]
        elif isinstance(row, list) and (names or any(map(nested.is_address, row))):
            of_row = [dict(zip(names, row, strict=False))] if names else nested.as_table([row]) or []
            yield from (found._replace(value=one) for one in of_row)
        elif found.number == 0 and isinstance(found.value, Mapping):
            yield from _spread(Value(number, record) for number, record in enumerate(_inside(found.value), 1))
        else:
            yield from (found._replace(value=record) for record in _records_in(found.value))


def _inside(document: Mapping[str, object]) -> Iterator[object]:
    """The records that an object holds: those of its lists, those that it has by their addresses, or itself."""
    held = {name: value for name, value in document.items() if str(name).lower() not in nested.ASSETS}
    lists = [records for value in held.values() if (records := listed(value))] or list(_lists(held, _DEEPEST))
    if isinstance(document.get("list"), Mapping):  # what Pocket's API gave
        yield from cast("Mapping[str, object]", document["list"]).values()
    elif not lists or known_by(_names(document)) or all(map(_ADDRESS.match, document)) or _is_article(document):
        yield document
    else:
        longest = max(lists, key=len)
        yield from (record for one in lists if one is longest or _has_address(one) for record in one)
        if not nested.is_record(document):
            yield from _addresses(held, _DEEPEST)


def _is_name(value: object) -> bool:
    return isinstance(value, str) and not nested.is_address(value)


def _is_article(document: Mapping[str, object]) -> bool:
    """Whether an object that has lists in it, too, is a page itself: with its address and its text."""
    return nested.is_record(document) and not _names(document).isdisjoint((*GENERIC.text, *GENERIC.html))


def _records_in(value: object) -> Iterable[object]:
    """The records within a value that is none itself."""
    if not isinstance(value, Mapping | list):
        return [value]
    if isinstance(value, Mapping):
        own = [*unfolded(value)]
        if nested.is_record(value) or len(own) != 1 or own[0] is not bare(value):
            return [value]
    return [*nested.records(value)] or [value]


def _lists(document: Mapping[str, object], deep: int) -> Iterator[list[Mapping[str, object]]]:
    """The lists of records with an address in objects within."""
    for value in document.values():
        if isinstance(value, Mapping) and deep:
            yield from _lists(value, deep - 1)
        elif (records := listed(value)) and _has_address(records):
            yield records


def _addresses(document: Mapping[str, object], deep: int) -> Iterator[object]:
    """Those that stand in lists by themselves, in objects within that are no records."""
    for value in document.values():
        if isinstance(value, Mapping) and deep and not nested.is_record(value):
            yield from _addresses(value, deep - 1)
        elif isinstance(value, list) and not listed(value):
            yield from filter(nested.is_address, value)


def _has_address(records: list[Mapping[str, object]]) -> bool:
    names = [str(name) for name in bare(records[0])]
    return has_url_field(names) or has_text_fields(names)


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
