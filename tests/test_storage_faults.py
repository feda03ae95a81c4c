"""The contracts of the storage seams catch what they are for: each fault, in each make, fails some of their checks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import ModuleType
from typing import Any

import plain_rows
import plain_shelf
import pytest
import test_storage_catalog_contract as rows
import test_storage_warc_contract as warc
from faults import with_fault

from archive.storage.catalog import tables
from archive.storage.warc import reader, writer
from archive.storage.warc.shelf import FolderShelf

ROWS = [
    (
        "sqlite",
        "the first capture passes for the latest",
        'rows.LATEST.format("value")',
        'rows.LATEST.format("value").replace("DESC", "ASC")',
    ),
    ("sqlite", "an entry is not found by its own key", '            entries |= self._entries("key", keys)\n', ""),
    ("sqlite", "an entry is not found by its id", 'self._entries("id", ids)', "{}"),
    (
        "sqlite",
        "an entry does not know all its keys",
        '*read(f"SELECT key, entry FROM aliases WHERE entry {AMONG}", nums)',
        "",
    ),
    (
        "sqlite",
        "an entry's newest capture is its oldest",
        "max(placed) FROM captures WHERE",
        "min(placed) FROM captures WHERE",
    ),
    ("sqlite", "versions come as they were stored", "ORDER BY entry, number", "ORDER BY num"),
    ("sqlite", "the text is that of another version", "v.number = e.version", "v.number = e.version - 1"),
    ("sqlite", "links come in the order of their keys", 'ORDER BY entry, n"', 'ORDER BY entry, key"'),
    (
        "sqlite",
        "links are added to those before",
        'self._many(f"DELETE FROM {table} WHERE entry = ?", [(num,) for num in found])',
        "pass",
    ),
    ("sqlite", "a time itself does not count as before it", "<= ? ORDER BY", "< ? ORDER BY"),
    ("sqlite", "what showed nothing counts", "if outcome.has_content", ""),
    ("sqlite", "a capture that asks finds itself", "id <> ?", "id IS NOT ? || 'x'"),
    ("sqlite", "captures stay with what they were merged from", "[(new, old) for old, new in decided.merged]", "[]"),
    (
        "sqlite",
        "a payload moves to where it was stored again",
        'insert_once("bodies", ',
        'upsert("bodies", key="digest", columns=',
    ),
    (
        "sqlite",
        "a capture that is put again keeps its number",
        'upsert("captures", _CAPTURE, "id")',
        'insert_once("captures", _CAPTURE)',
    ),
    ("sqlite", "the log forgets what was deleted", "list(changed.items())", "[(each, False) for each in changed]"),
    ("sqlite", "a length is not kept", "(length, self._files[name])", "(0, self._files[name])"),
    (
        "sqlite",
        "a title is not changed",
        'upsert("entries", _ENTRY, "num")',
        'upsert("entries", _ENTRY, "num").replace("title = excluded.title, ", "")',
    ),
    ("plain", "the first capture passes for the latest", "last = max(found", "last = min(found"),
    ("plain", "an entry is not found by its own key", "row.key in keys or ", ""),
    ("plain", "an entry is not found by its id", "row.id in ids or ", ""),
    ("plain", "an entry does not know all its keys", "if key in led or num in nums", "if key in led"),
    ("plain", "an entry's newest capture is its oldest", "(num, max(placed))", "(num, min(placed))"),
    (
        "plain",
        "versions come as they were stored",
        "key=lambda row: (row.entry, row.version.number)",
        "key=lambda row: row.num",
    ),
    ("plain", "the text is that of another version", "self.entries[num].version)", "self.entries[num].version - 1)"),
    ("plain", "a time itself does not count as before it", "row.placed <= rows", "row.placed < rows"),
    ("plain", "what showed nothing counts", " and row.stored.capture.outcome.has_content", ""),
    (
        "plain",
        "captures stay with what they were merged from",
        "        for old, new in decided.merged:\n            self._hand_over(old, new)\n",
        "",
    ),
    ("plain", "captures go with their entry", "        self._hand_over(num, 0)\n", "        self.captures = {}\n"),
    (
        "plain",
        "a payload moves to where it was stored again",
        "self.bodies.setdefault(body.digest, body)",
        "self.bodies[body.digest] = body",
    ),
    ("plain", "links stay when their entry goes", "        self.links.pop(num, None)\n", ""),
    (
        "plain",
        "the log forgets what was deleted",
        "Change(self._seq, entry_id, deleted)",
        "Change(self._seq, entry_id)",
    ),
    (
        "plain",
        "a changed row keeps its place in the log",
        "            self._seq += 1\n",
        "            self._seq += entry_id not in self.changes\n",
    ),
    ("plain", "numbers begin where there is room", "max(self.entries, default=0)", "len(self.entries)"),
]


_AGAIN = "            self._undo(file, file.synced)\n"
_SCAN = "    position = {}\n    while position < size:\n        file.seek(position)\n        place = "
SHELF = [
    (writer, "what comes after a failed sync goes on in its file", _AGAIN + "            self._abandon()\n", _AGAIN),
    (writer, "what a failed sync was for stays", _AGAIN, ""),
    (writer, "a loss is not counted", "self.losses += lost", "self.losses += 0"),
    (writer, "nothing is synced", "            self._ops.fsync(file.fd)\n", ""),
    (writer, "records overlap", "file.size = start + len(data)", "file.size = start + len(data) - 1"),
    (writer, "another place is told", "return self._file.name, self._file.size", "return self._file.name, 0"),
    (writer, "files grow for ever", "self._file.size >= self._settings.max_warc", "self._file.size < 0"),
    (writer, "a file begins without its head", "head = warcinfo(name, now, self._settings)", 'head = b""'),
    (writer, "a file is begun anew over itself", "size = path.stat().st_size", "size = 0"),
    (reader, "nothing is read behind damage", "position = size if following is None else following", "position = size"),
    (reader, "a digest is of the file's beginning", "file.seek(start)\n                while", "while"),
    (reader, "a scan begins elsewhere", _SCAN.format("start"), _SCAN.format("0")),
    (reader, "a scan does not end", "size = file.seek(0, 2) if stop is None else stop", "size = file.seek(0, 2)"),
    (reader, "an error names no file", "DamagedError(str(error), file=place.file", 'DamagedError(str(error), file=""'),
    (plain_shelf, "a batch begins with its end", "self._batch += data", "self._batch = data + self._batch"),
    (plain_shelf, "another place is told", "Place(self._name(), len(self._batch))", "Place(self._name(), 0)"),
    (plain_shelf, "a loss is not counted", "            self.losses += 1\n", ""),
    (plain_shelf, "an object goes on", ', self._batch = self._name(), self._batch, b""', " = self._name(), self._batch"),  # noqa: E501
    (plain_shelf, "nobody is told that it failed", '            raise StorageError(f"{name}: cannot be put")\n', ""),
    (plain_shelf, "an object takes another's place", "            self._begun += 1\n", ""),
    (plain_shelf, "the newest comes first", "sorted(self.objects.items())", "reversed(self.objects.items())"),
    (plain_shelf, "lengths are not known", "name: len(content)", "name: 0"),
    (plain_shelf, "what is not put cannot be read", "self._batch if name == self._name() and self._batch else ", ""),
    (plain_shelf, "an object begins without its head", 'member("warcinfo"', 'member("resource"'),
    (plain_shelf, "a sync without anything puts an object", "        if not self._batch:\n            return\n", ""),
    (
        plain_shelf, "what could not be put is there",
        "        if self.broken:\n", "        self.objects[name] = batch\n        if self.broken:\n",
    ),
    (plain_shelf, "numbers begin anew", "max((int(name[9:14]) for name in objects), default=0)", "len(objects) - 1"),
]  # fmt: skip


def folder_shelf(module: ModuleType, faulty: ModuleType) -> type[FolderShelf]:
    """A folder whose writer or reader is the faulty one."""
    if module is reader:
        for name in ("Damage", "Record", "RecordError"):
            setattr(faulty, name, getattr(reader, name))  # whoever asks for them knows no others
        found = {name: getattr(faulty.RecordReader, name) for name in ("read", "payload", "scan", "sha256")}
        return type("FaultyShelf", (FolderShelf,), found)

    class FaultyShelf(FolderShelf):
        def __init__(self, folder: Path, settings: Any, committed: Any, ops: Any = None) -> None:
            super().__init__(folder, settings, committed, ops)
            self._writer.close()
            self._writer = faulty.WarcWriter(folder, settings, ops=ops, resume=self.repaired.resume)

    return FaultyShelf


@pytest.mark.parametrize(
    ("module", "fault", "right", "wrong"), SHELF, ids=[f"{module.__name__}: {fault}" for module, fault, *_ in SHELF]
)
def test_the_contract_of_the_bytes_catches(
    module: ModuleType, fault: str, right: str, wrong: str, tmp_path: Path
) -> None:
    with with_fault(module, right, wrong) as faulty:

        def made(folder: Path) -> AbstractContextManager[warc.Make]:
            if module is plain_shelf:
                return warc.plain(folder, faulty.PlainShelf)
            return warc.in_folder(folder, folder_shelf(module, faulty))

        assert noticed(warc.CONTRACT, made, tmp_path)


def noticed(
    contract: Sequence[Callable[[Any], None]], made: Callable[[Path], AbstractContextManager[Any]], tmp_path: Path
) -> bool:
    """Whether one of the checks fails, each in a folder of its own."""
    for number, check in enumerate(contract):
        try:
            with made(tmp_path / str(number)) as make:
                check(make)
        except (NameError, TypeError, AttributeError):
            raise  # the fault itself is wrong
        except (Exception, pytest.fail.Exception):  # noqa: BLE001 -- however the check notices
            return True
    return False


@pytest.mark.parametrize(
    ("make", "fault", "right", "wrong"), ROWS, ids=[f"{make}: {fault}" for make, fault, *_ in ROWS]
)
def test_the_contract_of_the_rows_catches(make: str, fault: str, right: str, wrong: str, tmp_path: Path) -> None:
    with with_fault(tables if make == "sqlite" else plain_rows, right, wrong) as faulty:

        def made(folder: Path) -> AbstractContextManager[rows.Make]:
            folder.mkdir()
            return rows.on_sqlite(folder, faulty.Tables) if make == "sqlite" else rows.plain(folder, faulty.PlainRows)

        assert noticed(rows.CONTRACT, made, tmp_path)
