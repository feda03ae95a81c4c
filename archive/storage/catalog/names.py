"""Which names and topics each entry's current text mentions, counted over the archive while entries come and go.

What one transaction changes is counted in memory and written at its end (`finish`), so that the cost is that of the
different names in the batch. What the names stand for is settled in entities.py. What is under embargo is not counted:
no name, spelling or acronym is shown that nobody else has.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from archive.frozen import frozen
from archive.model import Kind, Reading
from archive.storage.catalog import rows
from archive.storage.catalog.dialect import AMONG, Db, add_to, among_rows, insert, listed, upsert

_MAX_NAMES = 200_000  # kept in memory from one transaction to the next
TOPIC = "topic"
Key = tuple[str, str, str, str]  # kind, canonical, country, site: what makes a row of names
_ORG = Kind.ORG.value
_ENTITIES = frozenset({Kind.PERSON.value, Kind.PLACE.value, _ORG})
_COUNTED = "SELECT entry, site, reading_z FROM readings WHERE counted = 1 AND entry"
_UNCOUNTED = "SELECT entry, site, reading_z FROM readings WHERE counted = 0 AND entry"
_HIDDEN = "SELECT num FROM entries JOIN forgotten USING (id) WHERE until IS NOT NULL"
Stored = dict[int, tuple[str, bytes]]  # site and reading of entries, as their table has them


@frozen
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
    """The tables names, mentions, spellings, acronyms, things and readings, inside one transaction.

    Nothing is written before `finish`, which reads and writes for all entries at once.
    """

    def __init__(self, db: Db, cache: Numbers) -> None:
        self._db = db
        self._cache = cache
        self._told: dict[int, tuple[str, Reading]] = {}  # site and reading of entries, from now on
        self._untold: Stored = {}  # of entries that are forgotten, where they were counted
        self._gone: set[int] = set()  # entries that are forgotten
        self._counted: dict[int, Name] = {}
        self._spelled: Counter[tuple[int, str]] = Counter()
        self._said: Counter[tuple[str, str, int]] = Counter()  # site, acronym, number of the long name
        self._shorts: set[tuple[str, str]] = set()  # site and acronym of names that are new
        if len(cache.names) > _MAX_NAMES:
            cache.names.clear()

    def put(self, num: int, reading: Reading, site: str) -> None:
        """What entry `num`, a text of `site`, mentions from now on."""
        self._told[num] = site, reading

    def forget(self, num: int) -> None:
        """Entry `num`, still in its table, mentions nothing any more and has no reading."""
        self._told.pop(num, None)
        self._untold |= self._held([num])
        self._gone.add(num)

    def finish(self) -> None:
        """Writes mentions and counts, settles what the names stand for, logs the entries that show other names now."""
        self._write_mentions()
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

    def _held(self, nums: Collection[int]) -> Stored:
        """Site and stored reading of those of the entries that are counted."""
        return self._stored(f"{_COUNTED} {AMONG}", (listed(nums),))

    def _stored(self, sql: str, values: tuple[object, ...] = ()) -> Stored:
        return {num: (site, reading) for num, site, reading in self._db.execute(sql, values)}

    def _write_mentions(self) -> None:
        """What entries mentioned before goes, what they mention now comes; none of those that are hidden is counted."""
        hidden = {num for (num,) in self._db.execute(_HIDDEN)}
        muted = self._held(hidden) if hidden else {}
        heard = self._stored(f"{_UNCOUNTED} NOT IN ({_HIDDEN})")
        gone = self._untold | muted | (self._held(self._told) if self._told else {})
        said = {num: (site, rows.reading(blob)) for num, (site, blob) in heard.items()} | self._told
        before = [(num, site, mentioned(rows.reading(blob), site)) for num, (site, blob) in gone.items()]
        now = [(num, site, mentioned(told, site)) for num, (site, told) in said.items() if num not in hidden]
        self._learn({key: None for _, _, names in (*before, *now) for key, _ in names})
        dropped = [(self._count(key, site, texts, -1), num) for num, site, names in before for key, texts in names]
        kept = [
            (self._count(key, site, texts, 1), num, sum(texts.values()))
            for num, site, names in now
            for key, texts in names
        ]
        self._many("DELETE FROM mentions WHERE name = ? AND entry = ?", dropped)
        self._many("DELETE FROM readings WHERE entry = ?", [(num,) for num in self._gone])
        readings = [(num, site, rows.squeeze(told), num not in hidden) for num, (site, told) in self._told.items()]
        self._many(upsert("readings", "entry, site, reading_z, counted", "entry"), readings)
        turned = [(num in heard, num) for num in (*muted, *heard)]
        self._many("UPDATE readings SET counted = ? WHERE entry = ?", turned)
        self._many(insert("mentions", "name, entry, times"), sorted(kept))

    def _count(self, key: Key, site: str, texts: dict[str, int], sign: int) -> int:
        """Notes one story more or less in which the name is written as `texts`; returns the name's number."""
        name = self._cache.names[key]
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

    def _learn(self, keys: Iterable[Key]) -> None:
        """Sees to it that these names are in their table and known here."""
        unknown = [key for key in keys if key not in self._cache.names]
        if not unknown:
            return
        held = names_among(self._db, unknown)
        # One that nobody mentioned, or mentions any more, is as good as new.
        idle = [key for key in unknown if key not in held or not held[key].stories]
        entities = entities_of(self._db, [key[:3] for key in idle if key[0] in _ENTITIES])
        last = last_number(self._db, "names")
        new = []
        for key in unknown:
            kind, canonical, country, site = key
            entity, shown = entities.get((kind, canonical, country), (None, ""))
            short = letters(canonical) if site else ""
            name = held.get(key)
            if name is None:
                last += 1
                name = Name(last, entity, 0, 0, 0)
                new.append((last, *key, short, entity))
            if short and not name.stories:
                self._shorts.add((site, short))
            name.alone = not name.stories and not short and shown == canonical
            self._cache.names[key] = name
        self._many(insert("names", "num, kind, canonical, country, site, short, thing"), new)

    def _write_counts(self) -> None:
        counted = self._counted.values()
        self._many(
            "UPDATE names SET stories = ?, times = ? WHERE num = ?", [(n.stories, n.times, n.num) for n in counted]
        )
        for name in counted:
            name.written, name.alone = name.stories, False
        self._add("spellings", "name, text", self._spelled)
        self._add("acronyms", "site, short, name", self._said)

    def _add(self, table: str, columns: str, counts: Counter[tuple[str, str, int]] | Counter[tuple[int, str]]) -> None:
        """Adds to the stories of rows; those left without any go."""
        more = [(*key, count) for key, count in sorted(counts.items()) if count]
        self._many(add_to(table, f"{columns}, stories", columns, "stories"), more)
        where = columns.replace(", ", " = ? AND ") + " = ?"
        self._many(
            f"DELETE FROM {table} WHERE {where} AND stories = 0",  # noqa: S608 -- names of ours
            [key for key, count in counts.items() if count < 0],
        )

    def _many(self, sql: str, values: Sequence[tuple[object, ...]]) -> None:
        if values:
            self._db.executemany(sql, values)


def names_among(db: Db, keys: Collection[Key]) -> dict[Key, Name]:
    """Those of the names that are in their table."""
    found = db.execute(
        "SELECT kind, canonical, country, site, num, thing, stories, times FROM names "  # noqa: S608 -- constants
        f"WHERE (kind, canonical, country, site) {among_rows(4)}",
        (listed(keys),),
    )
    return {row[:4]: Name(row[4], row[5], row[6], row[7], written=row[6]) for row in found}


def entities_of(db: Db, names: Collection[tuple[str, str, str]]) -> dict[tuple[str, str, str], tuple[int, str]]:
    """The entity that each name (kind, canonical, country) stands for by its spelling alone, and the entity's name.

    Where there is none it is made, under the first of its names.
    """
    from archive.entities.merging import identity

    if not names:
        return {}
    keys = {name: (name[0], identity(Kind(name[0]), name[1]), name[2]) for name in names}
    found = db.execute(
        f"SELECT kind, key, country, num, name FROM things WHERE (kind, key, country) {among_rows(3)}",  # noqa: S608
        (listed(keys.values()),),
    )
    entities = {row[:3]: row[3:] for row in found}
    new: dict[tuple[str, str, str], tuple[int, str]] = {}
    last = last_number(db, "things")
    for (_, canonical, _), key in keys.items():
        if key not in entities and key not in new:
            new[key] = last + len(new) + 1, canonical
    if new:
        db.executemany(insert("things", "kind, key, country, num, name"), [(*key, *made) for key, made in new.items()])
    entities |= new
    return {name: entities[key] for name, key in keys.items()}


def last_number(db: Db, table: str) -> int:
    """The highest number in use in a table; 0 where it is empty."""
    return int(db.execute(f"SELECT coalesce(max(num), 0) FROM {table}").fetchone()[0])  # noqa: S608 -- names of ours


def counted(db: Db, kind: str, prefix: str, limit: int) -> list[NameCount]:
    """Names as the stories have them, of one kind, that begin with `prefix`, by how many entries mention them."""
    found = db.execute(
        "SELECT canonical, count(DISTINCT entry), sum(m.times) FROM names JOIN mentions m ON name = num "
        "WHERE kind = ? AND canonical >= ? AND substr(canonical, 1, ?) = ? "
        "GROUP BY canonical ORDER BY 2 DESC, 3 DESC, canonical LIMIT ?",
        (kind, prefix, len(prefix), prefix, limit),
    )
    return [NameCount(kind, *row) for row in found]


def names_alone(db: Db, entry_id: str) -> list[str]:
    """See `Catalog.names_alone`."""
    sql = (
        "SELECT DISTINCT canonical FROM mentions m JOIN names n ON n.num = m.name "
        "WHERE m.entry = (SELECT num FROM entries WHERE id = ?) AND thing IS NOT NULL AND stories = 1 ORDER BY 1"
    )
    return [row[0] for row in db.execute(sql, (entry_id,))]


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


@lru_cache(maxsize=2**12)
def _one_line(text: str) -> str:
    return " ".join(rows.text(text).split())


@lru_cache(maxsize=2**12)
def key_of(kind: Kind, canonical: str, country: str, site: str) -> Key:
    """Which row of names a name in a story of `site` is."""
    canonical = rows.text(canonical)
    return kind.value, canonical, country, site if kind is Kind.ORG and letters(canonical) else ""


@lru_cache(maxsize=2**12)
def letters(name: str) -> str:
    """See `acronyms.acronym`."""
    from archive.entities.acronyms import acronym

    return acronym(name)
