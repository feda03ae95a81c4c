"""The records that stand somewhere in nested lists and objects, as JSON, YAML and TOML have them. Pure.

What is in a list or object with a name of its own gets that as its folder: {"harbour": ["https://…"]}.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from archive.formats.fields import has_text_fields, has_url_field, known_by, normal_name
from archive.formats.headings import column_of_addresses
from archive.formats.records import is_record as has_address
from archive.formats.records import linked

Record = Mapping[str, object]
_DEEPEST = 8
_ADDRESS = re.compile(r"(?:https?://|hxxps?://|www\.)\S+\Z", re.IGNORECASE)
# Names of lists that say nothing of what is in them.
_VAGUE = frozenset(
    "addresses articles bookmarks children content contents data docs documents entries feed files hits href hrefs "
    "items lines link links list lists objects pages payload posts records response results rows sites sources stories "
    "tabs uris url urls value values windows".split()
)
# Lists of what a page is shown with.
ASSETS = frozenset("avatars enclosures favicons icons images media photos thumbnails".split())
_CALLED = ("name", "title", "label", "folder", "category", "topic")


def is_address(value: object) -> bool:
    """Whether a value is an address, and nothing else."""
    return isinstance(value, str) and _ADDRESS.match(linked(value.strip())[0]) is not None


def is_record(value: Record) -> bool:
    """Whether an object is a record of a page: it has an address in a field for one, is known for what it is, or has a
    text that stands for itself."""
    names = {normal_name(str(name)) for name in value}
    return known_by(names) is not None or has_address(value) or has_text_fields(names)


def records(value: object) -> Iterator[Record]:
    """The records in a value, at any depth; none where there is no address in it."""
    yield from _walk(value, (), _DEEPEST)


def _walk(value: object, folder: tuple[str, ...], deep: int) -> Iterator[Record]:
    if isinstance(value, str):
        if is_address(value):
            yield _filed({"url": value}, folder)
    elif isinstance(value, Mapping):
        if is_record(value):
            yield _filed(value, folder)
        elif deep:
            yield from _of_mapping(value, folder, deep - 1)
    elif isinstance(value, Sequence) and deep:
        if (rows := as_table(value)) is not None:
            yield from (_filed(row, folder) for row in rows)
        else:
            for each in value:
                yield from _walk(each, folder, deep - 1)


def _of_mapping(value: Record, folder: tuple[str, ...], deep: int) -> Iterator[Record]:
    if value and all(map(is_address, value.values())):
        yield from (_filed({"url": url, "title": _name(name)}, folder) for name, url in value.items())
        return
    holds = any(isinstance(each, Mapping | list) for each in value.values())  # then other addresses are its own
    is_grouped = len(value) > 1 and all(isinstance(each, Mapping | list) for each in value.values())
    called = next((str(value[name]) for name in _CALLED if isinstance(value.get(name), str)), "")
    for name, each in value.items():
        if is_address(name):
            said = each if isinstance(each, Mapping) else {"title": each if isinstance(each, str) else ""}
            yield _filed({"url": name, **said}, folder)
        elif str(name).lower() not in ASSETS and not (holds and isinstance(each, str)):
            own = str(name) if not called and (is_grouped or _is_list_of_addresses(each)) and _says(str(name)) else ""
            yield from _walk(each, (*folder, *filter(None, (called, own))), deep)


def as_table(value: Sequence[object]) -> list[Record] | None:
    """The rows of a list of lists as records, by the names in the first of them, if it has any; None for any other."""
    if not value or not all(isinstance(row, list) for row in value):
        return None
    rows = cast("list[list[object]]", value)
    if not any(map(is_address, rows[-1])) and not any(map(is_address, rows[0])):
        return None
    names = [normal_name(str(cell)) for cell in rows[0]]
    if any(map(is_address, rows[0])):
        return [record for row in rows if (record := _without_names(row))]
    if (
        not has_url_field(names)
        and (at := column_of_addresses(names, [list(map(str, row)) for row in rows[1:50]])) is not None
    ):
        names[at] = "url"
    return [dict(zip(names, row, strict=False)) for row in rows[1:]]


def _without_names(row: list[object]) -> Record | None:
    url = next((cell for cell in row if is_address(cell)), None)
    words = [cell for cell in row if isinstance(cell, str) and not is_address(cell)]
    return {"url": url, "title": max(words, key=len, default="")} if url else None


def _filed(record: Record, folder: tuple[str, ...]) -> Record:
    named = tuple(name.strip().replace("/", "-") for name in folder if name.strip())
    return {**record, "folder": "/".join(named)} if named and not record.get("folder") else record


def _name(written: object) -> str:
    return str(written) if _says(str(written)) else ""


def _is_list_of_addresses(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(map(is_address, value))


def _says(name: str) -> bool:
    """Whether a name is one that a person gave, as far as can be told."""
    return name.lower() not in _VAGUE and not has_url_field([name]) and not name.isdigit() and name[:1] not in "_@$"
