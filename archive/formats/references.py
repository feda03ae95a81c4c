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
    record = _Record(1)
    for line in source.lines():
        tagged = _TAGGED.match(line.text)
        tag = tagged[1] if tagged else ""
        if tag == "TY" and record.values:  # the one before was not closed
            yield _reference(source, record)
        if tag == "TY" or not record.values:
            record = _Record(line.number)
        record.take(line.text, tagged)
        if tag == "ER" and record.values:
            yield _reference(source, record)
            record = _Record(line.number + 1)
    if record.values:
        yield _reference(source, record)


class _Record:
    """The lines from TY to ER: values by their tags in lower case, and the lines as they came."""

    def __init__(self, line: int) -> None:
        self.line = line
        self.values: dict[str, list[str]] = {}
        self.raw: list[str] = []
        self._last = ""

    def take(self, text: str, tagged: re.Match[str] | None) -> None:
        if len(self.raw) >= _MAX_LINES or not (self.values or tagged):
            return
        self.raw.append(text)
        if tagged:
            self._last = tagged[1].lower()
            self.values.setdefault(self._last, []).append((tagged[2] or "").strip())
        elif text.strip() and self.values.get(self._last) and self._last not in RIS.url:
            self.values[self._last][-1] += f" {text.strip()}"  # a value that goes on


def _reference(source: ImportFile, record: _Record) -> Item | Reject:
    flat: dict[str, object] = {}
    for name, values in record.values.items():
        flat[name] = values if name in ("au", "a1", "kw") else "\n".join(values) if name == "n1" else values[0]
    try:
        if not any(str(flat.get(name, "")).startswith("http") for name in RIS.url):
            flat["ur"] = any_address(value for values in record.values.values() for value in values)
        return to_item(RIS, flat, source.origin(record.line))
    except ValueError as error:
        return Reject(source.origin(record.line), str(error), clipped("\n".join(record.raw)))
