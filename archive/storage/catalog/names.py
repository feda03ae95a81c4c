"""Which names and topics each entry's current text mentions, counted over the archive while entries come and go.

What one transaction changes is counted in memory and written at its end (`finish`), so that the cost is that of the
different names in the batch. What the names stand for is settled in entities.py.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache

from archive.model import Kind, Reading
from archive.storage.catalog import rows

_MAX_NAMES = 200_000  # kept in memory from one transaction to the next
TOPIC = "topic"
Key = tuple[str, str, str, str]  # kind, canonical, country, site: what makes a row of names
_ORG = Kind.ORG.value
_ENTITIES = frozenset({Kind.PERSON.value, Kind.PLACE.value, _ORG})


@dataclass(frozen=True, slots=True)
class NameCount:
    """A name (or topic) and how many entries mention it, how often in all. `kind` is a model.Kind value or "topic"."""

    kind: str
    canonical: str
    entries: int
    times: int


@dataclass(slots=True)
class Name:
    """A row of names as this transaction leaves it. `stories` and `times` are counted only where there is an entity."""

    num: int
    entity: int | None
    stories: int
    times: int
    written: int  # the stories that the table has
    alone: bool = False  # new, and the only name of its entity when it came: nothing is to be settled


@dataclass(slots=True)
class Numbers:
    """Names and files known to be in their tables; emptied when a transaction is rolled back."""

    names: dict[Key, Name] = field(default_factory=dict)
    files: dict[str, int] = field(default_factory=dict)

    def clear(self) -> None:
        self.names.clear()
        self.files.clear()


class NameTable:
    """The tables names, mentions, spellings, acronyms, things and readings, inside one transaction."""

    def __init__(self, db: sqlite3.Connection, cache: Numbers) -> None:
        self._db = db
        self._cache = cache
        self._counted: dict[int, Name] = {}
        self._spelled: Counter[tuple[int, str]] = Counter()
        self._said: Counter[tuple[str, str, int]] = Counter()  # site, acronym, number of the long name
        self._shorts: set[tuple[str, str]] = set()  # site and acronym of names that are new
        if len(cache.names) > _MAX_NAMES:
            cache.names.clear()

    def put(self, num: int, reading: Reading, site: str | None = None) -> None:
        """What entry `num`, a text of `site` (None: the one it was of), mentions from now on."""
        before = self.forget(num)
        site = before or "" if site is None else rows.text(site)
        self._db.execute("INSERT INTO readings VALUES (?, ?, ?)", (num, site, rows.squeeze(reading)))
        names = [
            (self._count(key, site, texts, 1), num, sum(texts.values())) for key, texts in mentioned(reading, site)
        ]
        self._db.executemany("INSERT INTO mentions VALUES (?,?,?)", sorted(names))

    def forget(self, num: int) -> str | None:
        """Entry `num` mentions nothing any more and has no reading; returns the site it was of, None if it had none."""
        before = self._db.execute("SELECT site, reading_z FROM readings WHERE entry = ?", (num,)).fetchone()
        if before is None:
            return None
        site = str(before[0])
        names = [(self._count(key, site, texts, -1), num) for key, texts in mentioned(rows.reading(before[1]), site)]
        self._db.executemany("DELETE FROM mentions WHERE name = ? AND entry = ?", names)
        self._db.execute("DELETE FROM readings WHERE entry = ?", (num,))
        return site

    def finish(self) -> None:
        """Writes the counts, settles what the names stand for, and logs the entries that show other names now."""
        counted = self._counted.values()
        stirred = {n.entity for n in counted if n.stories.bit_length() != n.written.bit_length() and not n.alone}
        self._write_counts()
        shorts = self._shorts | {(site, short) for site, short, _ in self._said}
        if stirred or shorts:
            from archive.storage.catalog.entities import settle

            moved = settle(self._db, shorts, {entity for entity in stirred if entity})
            for key, entity in moved.items():
                if key in self._cache.names:
                    self._cache.names[key].entity = entity

    # -- inside --------------------------------------------------------------------------------------------------

    def _count(self, key: Key, site: str, texts: dict[str, int], sign: int) -> int:
        """Notes one story more or less in which the name is written as `texts`; returns the name's number."""
        name = self._cache.names.get(key) or self._name(key)
        if name.entity is None:
            return name.num
        self._counted[name.num] = name
        name.stories += sign
        kind, canonical, _, _ = key
        for text, times in texts.items():
            name.times += sign * times
            if text != canonical:
                self._spelled[name.num, text] += sign
                if kind == _ORG and " " in canonical and site and (short := letters(text)):
                    self._said[site, short, name.num] += sign
        return name.num

    def _name(self, key: Key) -> Name:
        """From its table, where it is put if need be."""
        kind, canonical, country, site = key
        short = letters(canonical) if site else ""
        entity, shown = entity_of(self._db, kind, canonical, country) if kind in _ENTITIES else (None, "")
        num, entity, stories, times = self._db.execute(
            "INSERT INTO names (kind, canonical, country, site, short, thing) VALUES (?,?,?,?,?,?) "
            "ON CONFLICT (kind, canonical, country, site) DO UPDATE SET short = short "
            "RETURNING num, thing, stories, times",
            (*key, short, entity),
        ).fetchone()
        if short and not stories:
            self._shorts.add((site, short))
        alone = not stories and not short and shown == canonical
        name = self._cache.names[key] = Name(num, entity, stories, times, stories, alone)
        return name

    def _write_counts(self) -> None:
        counted = self._counted.values()
        self._db.executemany(
            "UPDATE names SET stories = ?, times = ? WHERE num = ?", [(n.stories, n.times, n.num) for n in counted]
        )
        for name in counted:
            name.written, name.alone = name.stories, False
        self._add("spellings", "name, text", self._spelled)
        self._add("acronyms", "site, short, name", self._said)

    def _add(self, table: str, columns: str, counts: Counter[tuple[str, str, int]] | Counter[tuple[int, str]]) -> None:
        """Adds to the stories of rows; those left without any go."""
        marks = ",".join("?" * (columns.count(",") + 2))
        self._db.executemany(
            f"INSERT INTO {table} VALUES ({marks}) "  # noqa: S608 -- names of ours
            f"ON CONFLICT ({columns}) DO UPDATE SET stories = stories + excluded.stories",
            [(*key, count) for key, count in counts.items() if count],
        )
        where = columns.replace(", ", " = ? AND ") + " = ?"
        self._db.executemany(
            f"DELETE FROM {table} WHERE {where} AND stories = 0",  # noqa: S608 -- names of ours
            [key for key, count in counts.items() if count < 0],
        )


def counted(db: sqlite3.Connection, kind: str, prefix: str, limit: int) -> list[NameCount]:
    """Names as the stories have them, of one kind, that begin with `prefix`, by how many entries mention them."""
    found = db.execute(
        "SELECT canonical, count(DISTINCT entry), sum(m.times) FROM names JOIN mentions m ON name = num "
        "WHERE kind = ? AND canonical >= ? AND substr(canonical, 1, ?) = ? "
        "GROUP BY canonical ORDER BY 2 DESC, 3 DESC, canonical LIMIT ?",
        (kind, prefix, len(prefix), prefix, limit),
    )
    return [NameCount(kind, *row) for row in found]


def entity_of(db: sqlite3.Connection, kind: str, canonical: str, country: str) -> tuple[int, str]:
    """The entity that a name stands for by its spelling alone, and its name; made under it where there is none."""
    from archive.entities.merging import identity

    found = db.execute(
        "INSERT INTO things (kind, key, country, name) VALUES (?,?,?,?) "
        "ON CONFLICT (kind, key, country) DO UPDATE SET kind = kind RETURNING num, name",
        (kind, identity(Kind(kind), canonical), country, canonical),
    ).fetchone()
    return int(found[0]), str(found[1])


def mentioned(reading: Reading, site: str) -> list[tuple[Key, dict[str, int]]]:
    """The names and topics of one story, each with how it is written, how often."""
    written = Counter([(m.kind, m.canonical, m.geo.country if m.geo else "", m.text) for m in reading.mentions])
    found: dict[Key, dict[str, int]] = {}
    for (kind, canonical, country, text), times in written.items():
        texts = found.setdefault(key_of(kind, canonical, country, site), {})
        text = _one_line(text)
        texts[text] = texts.get(text, 0) + times
    for topic in reading.topics:
        found[TOPIC, rows.text(topic.name), "", ""] = {"": 1}
    return list(found.items())


@lru_cache(maxsize=2**15)
def _one_line(text: str) -> str:
    return " ".join(rows.text(text).split())


@lru_cache(maxsize=2**15)
def key_of(kind: Kind, canonical: str, country: str, site: str) -> Key:
    """Which row of names a name in a story of `site` is."""
    canonical = rows.text(canonical)
    return kind.value, canonical, country, site if kind is Kind.ORG and letters(canonical) else ""


@lru_cache(maxsize=2**16)
def letters(name: str) -> str:
    """See `merging.acronym`."""
    from archive.entities.merging import acronym

    return acronym(name)
