"""Which names and topics each entry's current text mentions, so that they can be counted over the archive."""

from __future__ import annotations

import sqlite3
from collections import Counter

from archive.model import Reading
from archive.storage import rows

_MAX_NAMES = 200_000  # kept in memory


class Numbers:
    """Numbers of names and files known to be in their tables; emptied when a transaction is rolled back."""

    def __init__(self) -> None:
        self.names: dict[tuple[str, str], int] = {}
        self.files: dict[str, int] = {}

    def clear(self) -> None:
        self.names.clear()
        self.files.clear()


class NameTable:
    """The tables names, mentions and readings, inside one transaction."""

    def __init__(self, db: sqlite3.Connection, cache: Numbers) -> None:
        self._db = db
        self._cache = cache

    def put(self, num: int, reading: Reading) -> None:
        """What entry `num` mentions from now on."""
        self.forget(num)
        self._db.execute("INSERT OR REPLACE INTO readings VALUES (?, ?)", (num, rows.squeeze(reading)))
        found = sorted((self._number(name), num, times) for name, times in _counted(reading).items())
        # Two names may become one where half characters were replaced.
        self._db.executemany("INSERT OR REPLACE INTO mentions VALUES (?,?,?)", found)

    def forget(self, num: int) -> None:
        """Entry `num` mentions nothing any more; its reading stays until it is replaced or goes with the entry."""
        before = self._db.execute("SELECT reading_z FROM readings WHERE entry = ?", (num,)).fetchone()
        if before is not None:
            names = [(self._number(name), num) for name in _counted(rows.reading(before[0]))]
            self._db.executemany("DELETE FROM mentions WHERE name = ? AND entry = ?", names)

    def _number(self, name: tuple[str, str]) -> int:
        numbers = self._cache.names
        number = numbers.get(name)
        if number is None:
            if len(numbers) >= _MAX_NAMES:
                numbers.clear()
            kind, canonical = name
            found = self._db.execute(
                "INSERT INTO names (kind, canonical) VALUES (?, ?) "
                "ON CONFLICT (kind, canonical) DO UPDATE SET kind = kind RETURNING num",
                (kind, rows.text(canonical)),
            ).fetchone()
            number = numbers[name] = int(found[0])
        return number


def _counted(reading: Reading) -> Counter[tuple[str, str]]:
    """How often each name and topic is mentioned."""
    counts = Counter[tuple[str, str]]((str(mention.kind), mention.canonical) for mention in reading.mentions)
    counts.update({("topic", topic.name): 1 for topic in reading.topics})
    return counts
