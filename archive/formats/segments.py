"""Records that are stored in several parts (WARC 1.1, 7): their beginning, and what goes on in continuations.

Parts are joined when all of them are in the files that are read together, in whatever order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import chain

from archive.formats.item import Reject
from archive.formats.opening import ImportFile
from archive.formats.warc_records import MAX_BLOCK, ForeignRecord, wrong_digest

NUMBER = "warc-segment-number"
_HEADLESS = "a part of a record that is stored in several, and its beginning is not there"
_MOST = 2 * MAX_BLOCK  # bytes that wait for their other parts


@dataclass(slots=True)
class Parts:
    """A record of which parts are known: its beginning, the request before that, and the others by their numbers.

    `source` is the file in which it begins.
    """

    first: ForeignRecord
    request: ForeignRecord | None
    source: ImportFile
    size: int  # bytes of all of them
    total: int = 0  # as the last part says
    others: dict[int, ForeignRecord] = field(default_factory=dict)

    def add(self, number: int, record: ForeignRecord) -> None:
        """Take one of the others."""
        self.others[number] = record
        self.size += len(record.block)
        self.total = self.total or _number(record, "warc-segment-total-length")

    def whole(self) -> ForeignRecord | None:
        """The record, where all parts are there."""
        if self.total != self.size or max(self.others, default=0) != len(self.others) + 1:
            return None
        blocks = [self.first.block, *(self.others[number].block for number in sorted(self.others))]
        fields = {name: value for name, value in self.first.fields.items() if name not in (NUMBER, "warc-block-digest")}
        return replace(self.first, fields=fields, block=b"".join(blocks))


class Segments:
    """The records of one file or several whose parts are waited for, and parts whose record has not begun yet."""

    def __init__(self) -> None:
        self._waiting: dict[str, Parts] = {}
        self._early: dict[str, list[tuple[ForeignRecord, ImportFile]]] = {}
        self._size = 0

    def __bool__(self) -> bool:
        """Whether parts are there whose record is not whole."""
        return bool(self._waiting or self._early)

    def begin(self, record: ForeignRecord, request: ForeignRecord | None, source: ImportFile) -> bool:
        """Whether a record is the first part of one."""
        name = record.fields.get("warc-record-id", "")
        if _number(record, NUMBER) != 1 or not name or name in self._waiting:
            return False
        self._waiting[name] = Parts(record, request, source, len(record.block))
        self._size += len(record.block)
        return True

    def of_the_begun(self, record: ForeignRecord) -> list[tuple[ForeignRecord, ImportFile]]:
        """The parts that were met before their beginning, which `record` is."""
        parts = self._early.pop(record.fields.get("warc-record-id", ""), [])
        self._size -= sum(len(part.block) for part, _ in parts)
        return parts

    def add(self, record: ForeignRecord, source: ImportFile) -> tuple[str, Parts | None]:
        """Take a part. Why it is of no use, "" where it is; and the record, where that is whole with it."""
        name, number = record.fields.get("warc-segment-origin-id", ""), _number(record, NUMBER)
        if wrong := wrong_digest(record, []):
            return f"a part of a record that is stored in several: {wrong}", None
        parts = self._waiting.get(name)
        if parts is None:
            if not name or self._size + len(record.block) > _MOST:
                return _HEADLESS, None
            self._early.setdefault(name, []).append((record, source))
            self._size += len(record.block)
            return "", None
        if number < 2 or number in parts.others:
            return "a part of a record that is stored in several, and its number cannot be", None
        parts.add(number, record)
        self._size += len(record.block)
        return "", self._gone(name) if parts.total == parts.size and parts.whole() else None

    def headless(self) -> Iterator[Reject]:
        """The parts, at the end, whose beginning never came."""
        for record, source in chain.from_iterable(self._early.values()):
            yield Reject(source.origin(record.number), _HEADLESS, record.url, lost=True)
        self._early.clear()

    def given_up(self, *, all_of_them: bool = False) -> Iterator[Parts]:
        """Those that wait for too much, the oldest first."""
        while self._waiting and (all_of_them or self._size > _MOST):
            yield self._gone(next(iter(self._waiting)))

    def _gone(self, name: str) -> Parts:
        parts = self._waiting.pop(name)
        self._size -= parts.size
        return parts


def _number(record: ForeignRecord, name: str) -> int:
    said = record.fields.get(name, "").strip()
    return int(said) if said.isascii() and said.isdigit() and len(said) < 18 else 0
