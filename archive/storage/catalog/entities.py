"""The entities in the catalog (table `things`): what each name stands for, by the rules of archive.entities.merging.

`settle` runs at the end of a transaction, over the names for which something may have changed: one that is new or gone,
whose count passed a power of two, or whose acronym was explained. Everything it decides follows from what the archive
holds then, so that a catalog that grew and one that was rebuilt are the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from archive.entities.known import Entity
from archive.model import Entry, Kind
from archive.storage.catalog.dialect import AMONG, LOG, Db, among_rows, at_most, listed
from archive.storage.catalog.names import Key, entities_of, key_of

Names = dict[tuple[Kind, str, str], tuple[str, tuple[str, ...]]]
_ORG = Kind.ORG.value


# -- writing -----------------------------------------------------------------------------------------------------------


def settle(db: Db, shorts: Collection[tuple[str, str]], stirred: set[int]) -> dict[Key, int]:
    """Settles the acronyms `shorts` (site, letters) and the entities `stirred`; logs the entries that show other names.

    Returns the names that stand for another entity than before, with that entity.
    """
    moved = _moved(db, shorts) if shorts else []
    if moved:
        db.executemany("UPDATE names SET thing = ? WHERE num = ?", [(each.after, each.name) for each in moved])
    entities = stirred | {entity for each in moved for entity in (each.before, each.after)}
    changed = {each.name for each in moved} | _show(db, entities)
    if changed:
        db.executemany(
            f"{LOG} SELECT id, 0 FROM mentions JOIN entries ON num = entry WHERE name = ?",  # noqa: S608 -- constant
            [(name,) for name in sorted(changed)],
        )
    return {each.key: each.after for each in moved}


@dataclass(frozen=True, slots=True)
class _Move:
    """A name that stands for another entity from now on."""

    name: int
    key: Key
    before: int
    after: int


def _moved(db: Db, shorts: Collection[tuple[str, str]]) -> list[_Move]:
    """The names of sites written with these letters that must move, by what their sites say they mean.

    One that its site does not explain, or explains in several ways, stands for itself.
    """
    pairs = listed(sorted(shorts))
    names = db.execute(
        "SELECT site, short, num, canonical, thing FROM names "  # noqa: S608 -- constants
        f"WHERE (site, short) {among_rows(2)} AND short <> '' ORDER BY site, short, num",  # as its index has it
        (pairs,),
    ).fetchall()
    meant: dict[tuple[str, str], dict[int, int]] = defaultdict(dict)  # long names, with what they stand for
    for site, short, name, entity in db.execute(
        "SELECT a.site, a.short, name, thing FROM acronyms a JOIN names ON num = name "  # noqa: S608 -- constants
        f"WHERE (a.site, a.short) {among_rows(2)}",
        (pairs,),
    ):
        meant[site, short][name] = entity
    own = entities_of(db, [(_ORG, canonical, "") for *_, canonical, _ in names])
    moves: dict[int, _Move] = {}
    for (site, short), group in groupby(names, key=itemgetter(0, 1)):
        explained = {moves[name].after if name in moves else held for name, held in meant[site, short].items()}
        for _, _, num, canonical, entity in group:
            target = next(iter(explained)) if len(explained) == 1 else own[_ORG, canonical, ""][0]
            if target != entity:
                moves[num] = _Move(num, (_ORG, canonical, "", site), entity, target)
    return list(moves.values())


def _show(db: Db, entities: set[int]) -> set[int]:
    """Chooses the names that are shown for entities; returns the numbers of names that entries show differently now.

    An acronym that only its site explains is never shown for what has a longer name.
    """
    stories: dict[int, dict[str, int]] = defaultdict(dict)
    facts: dict[int, tuple[str, str, str, str]] = {}
    for num, kind, key, name, aliases, canonical, count in db.execute(
        f"SELECT t.num, t.kind, t.key, t.name, aliases, canonical, stories FROM things t "  # noqa: S608 -- constant
        f"JOIN names n ON thing = t.num WHERE t.num {AMONG} AND stories > 0",
        (listed(sorted(entities)),),
    ):
        stories[num][canonical] = stories[num].get(canonical, 0) + count
        facts[num] = kind, key, name, aliases
    chosen = {num: _chosen(Kind(kind), key, stories[num]) for num, (kind, key, _, _) in facts.items()}
    now = {num: best for num, best in chosen.items() if best != facts[num][2:]}
    # Whoever mentions an entity again that nobody mentions finds it as if it were new.
    idle = [(num,) for num in sorted(entities - facts.keys())]
    if idle:
        db.executemany("UPDATE things SET aliases = '' WHERE num = ?", idle)
    if not now:
        return set()
    db.executemany("UPDATE things SET name = ?, aliases = ? WHERE num = ?", [(*best, num) for num, best in now.items()])
    sql = f"SELECT num FROM names WHERE thing {AMONG}"  # noqa: S608 -- constant
    return {row[0] for row in db.execute(sql, (listed(now),))}


def _chosen(kind: Kind, key: str, stories: dict[str, int]) -> tuple[str, str]:
    """The name and the aliases of an entity whose names stand in so many stories."""
    if len(stories) == 1:
        return next(iter(stories)), ""
    from archive.entities.merging import identity, other_forms, shown

    own = {name: count for name, count in stories.items() if identity(kind, name) == key}
    name = shown(own or stories)
    return name, "\n".join(other_forms(name, stories))


# -- reading -----------------------------------------------------------------------------------------------------------


def names_of(db: Db, entries: Sequence[Entry]) -> list[Names]:
    """For each entry: kind, canonical name and country in its story → the name that the archive shows, and its aliases.

    Only those that differ from what the story itself says.
    """
    keys = [dict(_keys_of(entry)) for entry in entries]
    wanted = {key for of_entry in keys for key in of_entry.values()}
    held = _shown_for(db, wanted) if wanted else {}
    return [
        {
            mention: shown_for
            for mention, key in of_entry.items()
            if (shown_for := held.get(key)) and shown_for != (mention[1], ())
        }
        for of_entry in keys
    ]


def _keys_of(entry: Entry) -> Iterator[tuple[tuple[Kind, str, str], Key]]:
    site = entry.article.site if entry.article else ""
    for mention in {(m.kind, m.canonical, m.geo.country if m.geo else "") for m in entry.reading.mentions}:
        if mention[0] is not Kind.DATE:
            yield mention, key_of(*mention, site)


def _shown_for(db: Db, keys: Iterable[Key]) -> dict[Key, tuple[str, tuple[str, ...]]]:
    """What the archive shows for names, and its aliases; names that it does not have are left out."""
    found = db.execute(
        "SELECT n.kind, canonical, n.country, site, name, aliases "  # noqa: S608 -- constants
        "FROM names n JOIN things t ON t.num = thing "
        f"WHERE (n.kind, canonical, n.country, site) {among_rows(4)}",
        (listed(keys),),
    )
    return {row[:4]: (row[4], tuple(row[5].split("\n")) if row[5] else ()) for row in found}


def listing(db: Db, kind: str = "", limit: int = -1) -> list[Entity]:
    """The entities, most stories first, as `merging.merge` makes it. A negative `limit`: all of it."""
    found = db.execute(
        "SELECT t.num, t.kind, t.key, t.name, t.country, sum(times), CASE count(*) WHEN 1 THEN max(stories) "  # noqa: S608 -- a number
        "ELSE (SELECT count(DISTINCT entry) FROM mentions WHERE name IN (SELECT num FROM names WHERE thing = t.num)) "
        "END AS found "
        "FROM things t JOIN names n ON thing = t.num WHERE stories > 0 AND (? = '' OR t.kind = ?) "
        f"GROUP BY t.num ORDER BY found DESC, 6 DESC, t.kind, t.name, t.country{at_most(limit)}",
        (kind, kind),
    ).fetchall()
    return [
        Entity(Kind(kind), name, aliases, stories, times, evidence, country)
        for num, kind, key, name, country, times, stories in found
        for aliases, evidence in [_details(db, num, Kind(kind), key, name)]
    ]


def _details(db: Db, entity: int, kind: Kind, key: str, shown_name: str) -> tuple[tuple[str, ...], ...]:
    """The aliases of an entity, and the evidence for them."""
    from archive.entities.merging import identity

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
