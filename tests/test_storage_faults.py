"""The contracts of the storage seams catch what they are for: each fault, in each make, fails some of their checks."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from types import ModuleType

import plain_rows
import pytest
from faults import with_fault
from test_storage_catalog_contract import CONTRACT, Make, on_sqlite, plain

from archive.storage.catalog import tables

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
    ("sqlite", "another payload at that moment will do", " AND digest = ?", " AND ? <> ''"),
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


@pytest.mark.parametrize(
    ("make", "fault", "right", "wrong"), ROWS, ids=[f"{make}: {fault}" for make, fault, *_ in ROWS]
)
def test_the_contract_of_the_rows_catches(make: str, fault: str, right: str, wrong: str, tmp_path: Path) -> None:
    module = tables if make == "sqlite" else plain_rows

    def made(faulty: ModuleType, folder: Path) -> AbstractContextManager[Make]:
        return on_sqlite(folder, faulty.Tables) if make == "sqlite" else plain(folder, faulty.PlainRows)

    caught = []
    with with_fault(module, right, wrong) as faulty:
        for number, check in enumerate(CONTRACT):
            folder = tmp_path / str(number)
            folder.mkdir()
            try:
                with made(faulty, folder) as rows:
                    check(rows)
            except (NameError, TypeError, AttributeError):
                raise  # the fault itself is wrong
            except Exception:  # noqa: BLE001 -- however the check notices
                caught.append(check.__name__)
    assert caught
    assert len(caught) < len(CONTRACT), "a fault that breaks everything shows nothing"
