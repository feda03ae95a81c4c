"""RIS, the format of reference managers: tagged lines, a record from TY to ER. (CSL-JSON is read as JSON records.)"""

from __future__ import annotations

import re
from collections.abc import Iterator

from archive.formats.fields import RIS
from archive.formats.item import Item, Reject, clipped
from archive.formats.opening import ImportFile
from archive.formats.records import any_address, to_item

_TAGGED = re.compile(r"([A-Z][A-Z0-9]) {1,2}-(?: (.*))?$")
_MAX_LINES = 5_000  # of one record


def read_ris(source: ImportFile) -> Iterator[Item | Reject]:
    """The references that have an address, in UR or elsewhere in the record."""
    record: dict[str, list[str]] = {}
    raw: list[str] = []
    start, last = 1, ""
    for line in source.lines():
        tagged = _TAGGED.match(line.text)
        if not record:
            start = line.number
        if tagged and tagged[1] == "TY" and record:  # the one before was not closed
            yield _reference(source, start, record, raw)
            record, raw, start = {}, [], line.number
        if len(raw) < _MAX_LINES and (record or tagged):
            raw.append(line.text)
            if tagged:
                last = tagged[1].lower()
                record.setdefault(last, []).append((tagged[2] or "").strip())
            elif line.text.strip() and record.get(last) and last not in RIS.url:
                record[last][-1] += f" {line.text.strip()}"  # a value that goes on
        if tagged and tagged[1] == "ER" and record:
            yield _reference(source, start, record, raw)
            record, raw = {}, []
    if record:
        yield _reference(source, start, record, raw)


def _reference(source: ImportFile, line: int, record: dict[str, list[str]], raw: list[str]) -> Item | Reject:
    flat: dict[str, object] = {}
    for name, values in record.items():
        flat[name] = values if name in ("au", "a1", "kw") else "\n".join(values) if name == "n1" else values[0]
    try:
        if not any(str(flat.get(name, "")).startswith("http") for name in RIS.url):
            flat["ur"] = any_address(value for values in record.values() for value in values)
        return to_item(RIS, flat, source.origin(line))
    except ValueError as error:
        return Reject(source.origin(line), str(error), clipped("\n".join(raw)))
