"""The same name across the archive: which canonical names of single stories are one thing, on strong evidence only.

A name merges into another when
    its spelling differs only in case, accents, dots or legal form ("Apple Inc." and "Apple"),
    it is the department turned round ("Department of Justice", "Justice Department"), or
    it is an acronym that stories of the same site spell out, always in the same way.
Likeness alone never merges; what looks alike is only suggested, for a person to decide (`suggest`, rules.toml).

Everything here is a function of the stories there are, not of the order in which they came: an archive that grew and
one that was rebuilt show the same names. So that a name that is shown does not change with every story, counts are
compared by their powers of two (`shown`).

What the catalog must keep per story, kind and canonical name: how often it stands there, the spellings, the site, the
country of a place, and the long form when the story spells an acronym out. `EntryName` is that row. The catalog keeps
the table of `merge` up to date story by story (storage/catalog/names.py); `merge` is what it must come to.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from archive.entities.acronyms import acronym, plain
from archive.entities.known import Entity, Suggestion
from archive.entities.likeness import alike, in_other_letters
from archive.entities.names import organisation_key, without_legal_form
from archive.entities.places import fold
from archive.model import Kind

_WORDS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class EntryName:
    """One canonical name in one story. `country` tells places of one name apart ("" for what is no place)."""

    kind: Kind
    name: str
    entry: str
    site: str = ""
    count: int = 1
    spellings: tuple[str, ...] = ()
    country: str = ""


def merge(rows: Iterable[EntryName]) -> list[Entity]:
    """The canonical table of an archive: every name once, most stories first. The order of the rows does not matter."""
    rows = sorted(rows, key=lambda row: (row.kind, row.name, row.entry))
    expansions = _expansions(rows)
    groups: dict[tuple[Kind, str, str], list[tuple[EntryName, str]]] = defaultdict(list)
    for row in rows:
        long = expansions.get((row.site, acronym(row.name))) if row.kind is Kind.ORG else None
        why = f"{row.site} spells {row.name} out as {long}" if long and long != row.name else ""
        groups[row.kind, identity(row.kind, long or row.name), row.country].append((row, why))
    table = [_entity(kind, country, found) for (kind, _, country), found in groups.items()]
    return sorted(table, key=lambda c: (-c.stories, -c.mentions, c.kind, c.name, c.country))


def identity(kind: Kind, name: str) -> str:
    """What all spellings of one name share."""
    return organisation_key(without_legal_form(name)) if kind is Kind.ORG else fold(name)


def shown(stories: Mapping[str, int]) -> str:
    """Which of several spellings stands for all: the most frequent one, if it is clearly so.

    `stories` says in how many stories each stands. Counts are compared by their powers of two, so that the choice
    changes seldom (at most once per doubling of each count) and yet never depends on what was shown before. Among
    equals: one with capitals and small letters, the one with more accents, the shorter one, the last in the alphabet.
    """
    return max(stories, key=lambda name: (stories[name].bit_length(), *_care(name)))


def _care(name: str) -> tuple[bool, int, int, str]:
    return name != name.upper() and name != name.lower(), sum(not c.isascii() for c in name), -len(name), name


def other_forms(name: str, stories: Mapping[str, int]) -> tuple[str, ...]:
    """Of the spellings in `stories`, those by which a search would find something else than by `name`, each form once.

    Case, accents and punctuation make no difference to a search.
    """
    forms: dict[str, dict[str, int]] = defaultdict(dict)
    for other, count in stories.items():
        forms[_as_searched(other)][other] = count
    forms.pop(_as_searched(name), None)
    return tuple(sorted(shown(found) for found in forms.values()))


def _as_searched(name: str) -> str:
    if not name.isascii():
        name = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return " ".join(_WORDS.findall(name.casefold()))


def _expansions(rows: list[EntryName]) -> dict[tuple[str, str], str]:
    """(site, acronym) → long form, where the stories of the site that spell it out all agree."""
    found: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for row in rows:
        if row.kind is Kind.ORG and " " in row.name and row.site:
            for spelling in row.spellings:
                if short := acronym(spelling):
                    found[row.site, short].setdefault(identity(row.kind, row.name), row.name)
    return {key: next(iter(longs.values())) for key, longs in found.items() if len(longs) == 1}


def _entity(kind: Kind, country: str, found: list[tuple[EntryName, str]]) -> Entity:
    names: Counter[str] = Counter()
    others: set[str] = set()
    for row, why in found:
        names[row.name] += 0 if why else 1
        others.update((row.name, *row.spellings))
    best = shown(names)
    aliases = tuple(sorted(others - {best}))
    evidence = {why for _, why in found if why}
    evidence |= {f"spelled {name} too" for name, count in names.items() if count and name != best}
    stories = len({row.entry for row, _ in found})
    return Entity(kind, best, aliases, stories, sum(r.count for r, _ in found), tuple(sorted(evidence)), country)


def suggest(table: Iterable[Entity], most: int = 50) -> list[Suggestion]:
    """Pairs of names that a person may want to merge: a last name alone, a first name's short form, a missing part, an
    office, initials, another spelling of the same sounds; `reason` says which."""
    table = list(table)
    found = [*_lone_last_names(table), *_first_names(table), *_acronyms(table), *_alike(table)]
    best: dict[tuple[Kind, frozenset[str]], Suggestion] = {}
    for suggestion in sorted(found, key=lambda s: -s.weight):
        best.setdefault((suggestion.kind, frozenset((suggestion.name, suggestion.other))), suggestion)
    return sorted(best.values(), key=lambda s: (-s.weight, s.name, s.other))[:most]


def _lone_last_names(table: list[Entity]) -> Iterable[Suggestion]:
    """ "Krasner" where one person of that last name is known, and few stories speak of others."""
    by_last: dict[str, list[Entity]] = defaultdict(list)
    people = [c for c in table if c.kind is Kind.PERSON]
    for person in people:
        if " " in person.name:
            by_last[fold(person.name).split()[-1]].append(person)
    for person in people:
        known = by_last.get(fold(person.name), [])
        if " " not in person.name and len(known) == 1:
            weight = known[0].stories / (known[0].stories + 2)
            yield Suggestion(Kind.PERSON, known[0].name, person.name, "the only person of this last name", weight)


_NAMESAKES = 200  # people of one last name that are held against each other: their pairs grow with the square


def _first_names(table: list[Entity]) -> Iterable[Suggestion]:
    """Same last name, and first names of which one begins the other, or that differ by a middle name."""
    by_last: dict[str, list[tuple[str, list[str]]]] = defaultdict(list)
    for person in table:
        words = fold(person.name).split()
        if person.kind is Kind.PERSON and len(words) > 1:
            by_last[words[-1]].append((person.name, words))
    pairs = (pair for people in by_last.values() for pair in combinations(people[:_NAMESAKES], 2))
    for (name, first), (other, second) in pairs:
        if first[0] == second[0] and len(first) != len(second):
            yield Suggestion(Kind.PERSON, name, other, "the same but for a middle name", 0.8)
        elif len(first) == len(second) == 2 and _short_form(first[0], second[0]):
            yield Suggestion(Kind.PERSON, name, other, "one first name may be short for the other", 0.5)


def _short_form(first: str, second: str) -> bool:
    short, long = sorted((first, second), key=len)
    return len(short) > 1 and short != long and (long.startswith(short) or short[:3] == long[:3])


def _alike(table: list[Entity]) -> Iterable[Suggestion]:
    """People whose names differ by initials, an office, or the way their sounds are written, and organisations that
    another alphabet spells; most stories first."""
    people = [entity.name for entity in table if entity.kind is Kind.PERSON]
    for name, other, reason, weight in alike(people):
        yield Suggestion(Kind.PERSON, name, other, reason, weight)
    for name, other, reason, weight in in_other_letters([one.name for one in table if one.kind is Kind.ORG]):
        yield Suggestion(Kind.ORG, name, other, reason, weight)


def _acronyms(table: list[Entity]) -> Iterable[Suggestion]:
    """An acronym and the one organisation that has these initials."""
    from archive.entities.acronyms import initials

    by_initials: dict[str, list[Entity]] = defaultdict(list)
    for org in table:
        if org.kind is Kind.ORG and " " in org.name:
            by_initials[initials(org.name)].append(org)
    for org in table:
        known = by_initials.get(plain(org.name), [])
        if org.kind is Kind.ORG and org.name.isupper() and len(plain(org.name)) > 2 and len(known) == 1:
            yield Suggestion(Kind.ORG, known[0].name, org.name, "has these initials", 0.6)
