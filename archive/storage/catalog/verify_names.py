"""Holding the table of names against the stories: what the catalog says of names must follow from its readings.

Every reading is gone through once and counted in temporary tables (on disk where they grow, so that memory stays as it
is), the rules of archive.entities.merging are applied to those counts, and what the catalog has is compared row by row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby

from archive.entities.acronyms import acronym
from archive.entities.merging import identity, other_forms, shown
from archive.model import Kind
from archive.storage.catalog import rows
from archive.storage.catalog.database import connect, sql_errors
from archive.storage.catalog.dialect import BEGIN_READING, MAY_WRITE_TEMPORARY, Db, add_to, insert, temporary
from archive.storage.catalog.names import mentioned
from archive.storage.places import Where

_ENTITIES = frozenset({Kind.PERSON.value, Kind.PLACE.value, Kind.ORG.value})
_AT_ONCE = 20_000  # names counted in memory before they are added to the temporary tables
_NAME = "kind TEXT, canonical TEXT, country TEXT, site TEXT"
_SUMS = ("stories", "times", "entries", "products")
_COUNTED = (
    temporary(
        "sighted", f"{_NAME}, {', '.join(f'{each} INTEGER' for each in _SUMS)}", "kind, canonical, country, site"
    ),
    temporary("written", f"{_NAME}, text TEXT, stories INTEGER", "kind, canonical, country, site, text"),
    temporary("said", "site TEXT, short TEXT, canonical TEXT, stories INTEGER", "site, short, canonical"),
    temporary("meant", "kind TEXT, key TEXT, country TEXT, canonical TEXT, stories INTEGER"),
)
# Of each name: what the stories say, what the catalog says, what its mentions come to, and the entity it leads to.
# Mentions are compared by sums over the numbers of their entries.
_NAMES = """
WITH listed AS (SELECT name, count(*) AS n, sum(times) AS times, sum(entry) AS entries, sum(entry * times) AS products
                FROM mentions GROUP BY name)
SELECT s.kind, s.canonical, s.country, s.site, s.stories, s.times, n.num, n.stories, n.times,
       l.n = s.stories AND l.times = s.times AND l.entries = s.entries AND l.products = s.products,
       t.kind, t.key, t.country
FROM sighted s LEFT JOIN names n USING (kind, canonical, country, site)
LEFT JOIN listed l ON l.name = n.num LEFT JOIN things t ON t.num = n.thing
"""
_UNSEEN = """
SELECT n.kind, n.canonical, n.stories FROM names n LEFT JOIN sighted s USING (kind, canonical, country, site)
WHERE s.kind IS NULL AND (n.stories > 0 OR n.times > 0 OR EXISTS (SELECT 1 FROM mentions WHERE name = n.num))
"""
_ODD = """
SELECT e.id, counted FROM readings r JOIN entries e ON e.num = r.entry LEFT JOIN forgotten f ON f.id = e.id
WHERE (counted = 1) = (until IS NOT NULL)
"""
_WRITTEN = "SELECT kind, canonical, country, site, text, stories FROM written"
_SPELLED = "SELECT kind, canonical, country, site, text, s.stories FROM spellings s JOIN names n ON n.num = s.name"
_SAID = "SELECT site, short, canonical, stories FROM said"
_EXPLAINED = "SELECT a.site, a.short, canonical, a.stories FROM acronyms a JOIN names n ON n.num = a.name"


def wrong_names(path: Where) -> Iterator[tuple[str, str]]:
    """(name, what is wrong with it) for everything in the table of names that the readings do not bear out.

    `path` is where a catalog lies whose readings can all be read. One moment is looked at, beside any writer.
    """
    db = connect(path, write=False)
    try:
        with sql_errors(path):
            db.execute(MAY_WRITE_TEMPORARY)  # for temporary tables; nothing else is written here
            for statement in _COUNTED:
                db.execute(statement)
            db.execute(BEGIN_READING)
            _count(db)
            yield from _hidden(db)
            yield from _names(db)
            yield from _unseen(db)
            yield from _differences(db)
            yield from _shown(db)
    finally:
        db.close()


# -- what the stories say ----------------------------------------------------------------------------------------------


def _count(db: Db) -> None:
    counts = _Counts(db)
    for entry, site, reading in db.each("SELECT entry, site, reading_z FROM readings WHERE counted = 1"):
        counts.add(entry, site, reading)
    counts.flush()


class _Counts:
    """Sums over the stories, moved to the temporary tables from time to time."""

    def __init__(self, db: Db) -> None:
        self._db = db
        self._sighted: dict[tuple[str, ...], list[int]] = {}
        self._written: Counter[tuple[str, ...]] = Counter()
        self._said: Counter[tuple[str, ...]] = Counter()

    def add(self, entry: int, site: str, reading: bytes) -> None:
        for key, texts in mentioned(rows.reading(reading), site):
            kind, canonical, _, _ = key
            times = sum(texts.values())
            sums = self._sighted.setdefault(key, [0, 0, 0, 0])
            for index, more in enumerate((1, times, entry, entry * times)):
                sums[index] += more
            for text in texts if kind in _ENTITIES else ():
                if text != canonical:
                    self._written[*key, text] += 1
                    if kind == Kind.ORG and " " in canonical and site and (short := acronym(text)):
                        self._said[site, short, canonical] += 1
        if len(self._sighted) + len(self._written) > _AT_ONCE:
            self.flush()

    def flush(self) -> None:
        named = "kind, canonical, country, site"
        self._put("sighted", named, _SUMS, ((*key, *sums) for key, sums in self._sighted.items()))
        self._put("written", f"{named}, text", ("stories",), ((*key, count) for key, count in self._written.items()))
        self._put("said", "site, short, canonical", ("stories",), ((*key, n) for key, n in self._said.items()))
        for counts in (self._sighted, self._written, self._said):
            counts.clear()

    def _put(self, table: str, key: str, sums: tuple[str, ...], found: Iterable[tuple[str | int, ...]]) -> None:
        self._db.executemany(add_to(table, f"{key}, {', '.join(sums)}", key, *sums), found)


# -- what the catalog says ---------------------------------------------------------------------------------------------


def _hidden(db: Db) -> Iterator[tuple[str, str]]:
    for entry, counted in db.each(_ODD):
        yield f"entry {entry}", "is hidden, and its names are counted" if counted else "is shown, and has no names"


def _names(db: Db) -> Iterator[tuple[str, str]]:
    """Names that lead nowhere or elsewhere, and counts that are wrong. Notes what each entity must be named after."""
    for kind, canonical, country, site, stories, times, num, has, has_times, listed, *led in db.each(_NAMES):
        name = _label(kind, canonical)
        if num is None:
            yield name, f"stands in {stories} stories, but not in the table of names"
            continue
        if not listed:
            yield name, f"the list of entries that mention it is not that of the {stories} stories that do"
        if kind not in _ENTITIES:
            continue
        if (has, has_times) != (stories, times):
            yield name, f"counted {has_times} times in {has} stories; it stands {times} times in {stories}"
        key = identity(Kind(kind), _meaning(db, site, canonical) or canonical)
        db.execute(insert("meant", "kind, key, country, canonical, stories"), (kind, key, country, canonical, stories))
        if led != [kind, key, country]:
            yield name, f"leads to {_label(*led[:2])} instead of {key!r}" if led[0] else "leads nowhere"


def _meaning(db: Db, site: str, canonical: str) -> str | None:
    """What an acronym stands for at a site: the long name by which its stories explain it, if they agree."""
    if not site:
        return None
    found = db.execute("SELECT canonical FROM said WHERE site = ? AND short = ?", (site, acronym(canonical)))
    longs = {identity(Kind.ORG, name): name for (name,) in found}
    return next(iter(longs.values())) if len(longs) == 1 else None


def _unseen(db: Db) -> Iterator[tuple[str, str]]:
    for kind, canonical, stories in db.each(_UNSEEN):
        yield _label(kind, canonical), f"counted in {stories} stories, but no story has it"


def _differences(db: Db) -> Iterator[tuple[str, str]]:
    """Spellings, and what acronyms mean, that only the stories or only the catalog have, or in another number."""
    for kind, canonical, _, _, text, stories in db.execute(f"{_WRITTEN} EXCEPT {_SPELLED}"):
        yield _label(kind, canonical), f"the spelling {text!r} is not counted in the {stories} stories that have it"
    for kind, canonical, _, _, text, stories in db.execute(f"{_SPELLED} EXCEPT {_WRITTEN}"):
        yield _label(kind, canonical), f"the spelling {text!r} is counted in {stories} stories; that is wrong"
    for site, short, canonical, stories in db.execute(f"{_SAID} EXCEPT {_EXPLAINED}"):
        yield _label("org", canonical), f"{stories} stories of {site} explain {short} so; that is not counted"
    for site, short, canonical, stories in db.execute(f"{_EXPLAINED} EXCEPT {_SAID}"):
        yield _label("org", canonical), f"{stories} stories of {site} are said to explain {short} so; that is wrong"


def _shown(db: Db) -> Iterator[tuple[str, str]]:
    """Things under another name, or found by other names, than merging gives them."""
    found = db.execute(
        "SELECT m.kind, m.key, m.country, t.name, t.aliases, m.canonical, sum(m.stories) "
        "FROM meant m JOIN things t USING (kind, key, country) GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3"
    )
    for (kind, key, _, name, aliases), group in groupby(found, key=lambda row: row[:5]):
        stories = {canonical: count for *_, canonical, count in group}
        # An acronym that only its site explains speaks for no name.
        own = {each: count if identity(Kind(kind), each) == key else 0 for each, count in stories.items()}
        best = shown(own)
        if name != best:
            yield _label(kind, name), f"is shown for what must be shown as {best!r}"
        elif aliases != (also := "\n".join(other_forms(best, stories))):
            yield _label(kind, name), f"is found by {aliases.splitlines()} instead of {also.splitlines()}"


def _label(kind: str, name: str) -> str:
    return f"{kind} {name!r}"
