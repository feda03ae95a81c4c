"""The entities in the catalog (table `things`): what each name stands for, by the rules of archive.entities.merging.

`settle` runs at the end of a transaction, over the names for which something may have changed: one that is new or gone,
whose count passed a power of two, or whose acronym was explained. Everything it decides follows from what the archive
holds then, so that a catalog that grew and one that was rebuilt are the same.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable

from archive.entities.merging import Entity, identity, other_forms, shown
from archive.model import Entry, Kind
from archive.storage.catalog.names import Key, entity_of, key_of

Names = dict[tuple[Kind, str, str], tuple[str, tuple[str, ...]]]
_ORG = Kind.ORG.value


# -- writing -----------------------------------------------------------------------------------------------------------


def settle(db: sqlite3.Connection, shorts: Iterable[tuple[str, str]], stirred: set[int]) -> dict[Key, int]:
    """Settles the acronyms `shorts` (site, letters) and the entities `stirred`; logs the entries that show other names.

    Returns the names that stand for another entity than before, with that entity.
    """
    moved: dict[Key, int] = {}
    changed: set[int] = set()  # numbers of names
    for site, short in sorted(shorts):
        for name, key, before, after in _explained(db, site, short):
            db.execute("UPDATE names SET thing = ? WHERE num = ?", (after, name))
            moved[key] = after
            changed.add(name)
            stirred |= {before, after}
    changed |= _show(db, stirred)
    db.executemany(
        "INSERT OR REPLACE INTO changes (id, deleted) "
        "SELECT id, 0 FROM mentions JOIN entries ON num = entry WHERE name = ?",
        [(name,) for name in sorted(changed)],
    )
    return moved


def _explained(db: sqlite3.Connection, site: str, short: str) -> list[tuple[int, Key, int, int]]:
    """Names of a site written with these letters that must move: number, key, its entity and the one it belongs to."""
    meant = db.execute(
        "SELECT DISTINCT thing FROM acronyms a JOIN names ON num = name WHERE a.site = ? AND a.short = ?", (site, short)
    ).fetchall()
    moving = []
    for num, canonical, entity in db.execute(
        "SELECT num, canonical, thing FROM names WHERE site = ? AND short = ? AND short <> ''",  # as its index has it
        (site, short),
    ).fetchall():
        target = meant[0][0] if len(meant) == 1 else entity_of(db, _ORG, canonical, "")[0]
        if target != entity:
            moving.append((num, (_ORG, canonical, "", site), entity, target))
    return moving


def _show(db: sqlite3.Connection, entities: set[int]) -> set[int]:
    """Chooses the names that are shown for entities; returns the numbers of names that entries show differently now.

    An acronym that only its site explains is never shown for what has a longer name.
    """
    stories: dict[int, dict[str, int]] = defaultdict(dict)
    facts: dict[int, tuple[str, str, str, str]] = {}
    for num, kind, key, name, aliases, canonical, count in db.execute(
        "SELECT t.num, t.kind, t.key, t.name, aliases, canonical, stories FROM json_each(?) "
        "JOIN things t ON t.num = value JOIN names n ON thing = t.num WHERE stories > 0",
        (json.dumps(sorted(entities)),),
    ):
        stories[num][canonical] = stories[num].get(canonical, 0) + count
        facts[num] = kind, key, name, aliases
    now = []
    changed: set[int] = set()
    for num, (kind, key, *before) in facts.items():
        chosen = _chosen(Kind(kind), key, stories[num])
        if chosen != tuple(before):
            now.append((*chosen, num))
            changed |= {row[0] for row in db.execute("SELECT num FROM names WHERE thing = ?", (num,))}
    db.executemany("UPDATE things SET name = ?, aliases = ? WHERE num = ?", now)
    # Whoever mentions such an entity again finds it as if it were new.
    db.executemany("UPDATE things SET aliases = '' WHERE num = ?", [(num,) for num in entities - facts.keys()])
    return changed


def _chosen(kind: Kind, key: str, stories: dict[str, int]) -> tuple[str, str]:
    """The name and the aliases of an entity whose names stand in so many stories."""
    if len(stories) == 1:
        return next(iter(stories)), ""
    own = {name: count for name, count in stories.items() if identity(kind, name) == key}
    name = shown(own or stories)
    return name, "\n".join(other_forms(name, stories))


# -- reading -----------------------------------------------------------------------------------------------------------


def names_of(db: sqlite3.Connection, entry: Entry) -> Names:
    """Kind, canonical name and country in the story → the name that the archive shows for it, and its aliases.

    Only those that differ from what the story itself says.
    """
    site = entry.article.site if entry.article else ""
    mentions = {(m.kind, m.canonical, m.geo.country if m.geo else "") for m in entry.reading.mentions}
    found: Names = {}
    for kind, canonical, country in mentions:
        if kind is Kind.DATE:
            continue
        row = db.execute(
            "SELECT name, aliases FROM names n JOIN things t ON t.num = thing "
            "WHERE n.kind = ? AND canonical = ? AND n.country = ? AND site = ?",
            key_of(kind, canonical, country, site),
        ).fetchone()
        if row and row != (canonical, ""):
            found[kind, canonical, country] = row[0], tuple(row[1].split("\n")) if row[1] else ()
    return found


def listing(db: sqlite3.Connection, kind: str = "", limit: int = -1) -> list[Entity]:
    """The entities, most stories first, as `merging.merge` makes it. A negative `limit`: all of it."""
    found = db.execute(
        "SELECT t.num, t.kind, t.key, t.name, t.country, sum(times), iif(count(*) = 1, max(stories), "
        "(SELECT count(DISTINCT entry) FROM mentions WHERE name IN (SELECT num FROM names WHERE thing = t.num))) found "
        "FROM things t JOIN names n ON thing = t.num WHERE stories > 0 AND (?1 = '' OR t.kind = ?1) "
        "GROUP BY t.num ORDER BY found DESC, 6 DESC, t.kind, t.name, t.country LIMIT ?2",
        (kind, limit),
    ).fetchall()
    return [
        Entity(Kind(kind), name, aliases, stories, times, evidence, country)
        for num, kind, key, name, country, times, stories in found
        for aliases, evidence in [_details(db, num, Kind(kind), key, name)]
    ]


def _details(db: sqlite3.Connection, entity: int, kind: Kind, key: str, shown_name: str) -> tuple[tuple[str, ...], ...]:
    """The aliases of an entity, and the evidence for them."""
    aliases, evidence = set(), set()
    for num, name, site, short in db.execute(
        "SELECT num, canonical, site, short FROM names WHERE thing = ? AND stories > 0", (entity,)
    ).fetchall():
        aliases |= {name, *(row[0] for row in db.execute("SELECT text FROM spellings WHERE name = ?", (num,)))}
        if identity(kind, name) != key:
            (long,) = db.execute(
                "SELECT min(canonical) FROM acronyms a JOIN names ON num = name WHERE a.site = ? AND a.short = ?",
                (site, short),
            ).fetchone()
            evidence.add(f"{site} spells {name} out as {long}")
        elif name != shown_name:
            evidence.add(f"spelled {name} too")
    return tuple(sorted(aliases - {shown_name})), tuple(sorted(evidence))
