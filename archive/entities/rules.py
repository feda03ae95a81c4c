"""The user's corrections to names: rules.toml, read with clear errors and applied to entries as they are indexed.

    [[same]]                                      one entity under several names; the first is what facets count
    kind = "person"
    names = ["Larry Krasner", "Lawrence Krasner"]

    [[hide]]                                      no entity at all
    kind = "org"
    names = ["Getty Images"]

    [[split]]                                     two entities of one name, told apart by where the story stands
    kind = "person"
    name = "Michael Jackson"
    as = "Michael Jackson (general)"
    when = ["British Army", "Kosovo"]             any of these as a name in the story, or in its topics

    [[kind]]                                      an entity of another kind
    names = ["Proud Boys"]
    kind = "org"

    [[add]]                                       a name that the recogniser missed, wherever it stands
    kind = "person"
    names = ["Callum Ilott", "Ilott"]             counted under the first

Any rule with `article = "ID"` holds for that article alone.

`same = [["A", "B"], …]` and `hide = ["A", …]` at the top are short for rules of any kind. Every rule but split means a
thing by any name that the archive merged into it (Mention.aliases). Applying changes nothing that is stored: take a
rule away, index again, and its effect is gone.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from archive.entities.added import with_added
from archive.entities.known import Entity
from archive.entities.places import fold
from archive.errors import SettingsError
from archive.model import Entry, Kind, Mention, Reading

_KINDS = {kind.value: kind for kind in (Kind.PERSON, Kind.PLACE, Kind.ORG)}
_KEYS = {
    "same": {"kind", "names", "article"},
    "hide": {"kind", "names", "article"},
    "split": {"kind", "name", "as", "when", "article"},
    "kind": {"kind", "names", "article"},
    "add": {"kind", "names", "article"},
}
FILE = "rules.toml"
_PASSES = 4  # rules that fit only after so many others are taken for a circle


@dataclass(frozen=True, slots=True)
class Same:
    """`names` are one entity, counted under the first. `kind` None: whatever kind they are of."""

    names: tuple[str, ...]
    kind: Kind | None = None
    article: str = ""


@dataclass(frozen=True, slots=True)
class Hide:
    """`names` are left out."""

    names: tuple[str, ...]
    kind: Kind | None = None
    article: str = ""


@dataclass(frozen=True, slots=True)
class Split:
    """`name` counts as `into` in stories that also name one of `when`."""

    name: str
    into: str
    when: tuple[str, ...]
    kind: Kind | None = None
    article: str = ""


@dataclass(frozen=True, slots=True)
class Retype:
    """`names` are of `kind`, whatever the recogniser took them for."""

    names: tuple[str, ...]
    kind: Kind
    article: str = ""


@dataclass(frozen=True, slots=True)
class Add:
    """`names` are an entity of `kind` wherever they stand, counted under the first."""

    names: tuple[str, ...]
    kind: Kind
    article: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules of a rules.toml, in their order. `article` of each is the id of the one it holds for, "" for all."""

    same: tuple[Same, ...] = ()
    hide: tuple[Hide, ...] = ()
    split: tuple[Split, ...] = ()
    retype: tuple[Retype, ...] = ()
    add: tuple[Add, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.same or self.hide or self.split or self.retype or self.add)

    def of(self, article: str) -> Rules:
        """Those that hold for the article of this id; "" for those that hold for all."""
        known = "", article
        return Rules(
            tuple(rule for rule in self.same if rule.article in known),
            tuple(rule for rule in self.hide if rule.article in known),
            tuple(rule for rule in self.split if rule.article in known),
            tuple(rule for rule in self.retype if rule.article in known),
            tuple(rule for rule in self.add if rule.article in known),
        )


def parse(text: str, file: str = FILE) -> Rules:
    """Rules from the text of a rules.toml. SettingsError names the file and the key of what is wrong."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"is not TOML: {error}", file=file) from error
    unknown = next((key for key in data if key not in _KEYS), None)
    if unknown is not None:
        raise SettingsError(f"unknown key; the keys are {', '.join(_KEYS)}", file=file, key=unknown)
    rules = Rules(
        tuple(
            Same(_names(t, k, file, least=2), _kind(t, k, file), _article(t, k, file))
            for k, t in _tables(data, "same", file)
        ),
        tuple(
            Hide(_names(t, k, file), _kind(t, k, file), _article(t, k, file)) for k, t in _tables(data, "hide", file)
        ),
        tuple(_split(t, k, file) for k, t in _tables(data, "split", file)),
        tuple(Retype(*_of_a_kind(t, k, file)) for k, t in _tables(data, "kind", file)),
        tuple(Add(*_of_a_kind(t, k, file)) for k, t in _tables(data, "add", file)),
    )
    _refuse_contradictions(rules, file)
    return rules


def _tables(data: Mapping[str, object], section: str, file: str) -> Iterator[tuple[str, Mapping[str, object]]]:
    """(key for messages, table) for every rule of a section; the short forms are made into tables."""
    rows = data.get(section, [])
    if not isinstance(rows, list):
        raise SettingsError("must be a list", file=file, key=section)
    if section in ("hide", "same") and rows and all(isinstance(row, str) for row in rows):
        rows = [{"names": rows}]
    for number, row in enumerate(rows, 1):
        key = f"{section}[{number}]"
        if isinstance(row, list):
            row = {"names": row}
        if not isinstance(row, dict):
            raise SettingsError("must be a table or a list of names", file=file, key=key)
        unknown = next((name for name in row if name not in _KEYS[section]), None)
        if unknown is not None:
            allowed = ", ".join(sorted(_KEYS[section]))
            raise SettingsError(f"unknown key; the keys are {allowed}", file=file, key=f"{key}.{unknown}")
        yield key, row


def _names(
    table: Mapping[str, object], key: str, file: str, *, least: int = 1, field: str = "names"
) -> tuple[str, ...]:
    value = table.get(field)
    if not isinstance(value, list) or not all(isinstance(name, str) and name.strip() for name in value):
        raise SettingsError("must be a list of names", file=file, key=f"{key}.{field}")
    names = tuple(" ".join(name.split()) for name in value)
    if len(set(map(fold, names))) < least:
        raise SettingsError(f"needs at least {least} different names", file=file, key=f"{key}.{field}")
    return names


def _name(table: Mapping[str, object], key: str, file: str, field: str) -> str:
    value = table.get(field)
    if not isinstance(value, str) or not value.strip():
        raise SettingsError("must be a name", file=file, key=f"{key}.{field}")
    return " ".join(value.split())


def _article(table: Mapping[str, object], key: str, file: str) -> str:
    """The id of the one article that a rule holds for, "" where it says none."""
    return _name(table, key, file, "article") if "article" in table else ""


def _of_a_kind(table: Mapping[str, object], key: str, file: str) -> tuple[tuple[str, ...], Kind, str]:
    return _names(table, key, file), _certain_kind(table, key, file), _article(table, key, file)


def _kind(table: Mapping[str, object], key: str, file: str) -> Kind | None:
    return _certain_kind(table, key, file) if "kind" in table else None


def _certain_kind(table: Mapping[str, object], key: str, file: str) -> Kind:
    kind = table.get("kind")
    if not isinstance(kind, str) or kind not in _KINDS:
        raise SettingsError(f"must be one of {', '.join(_KINDS)}", file=file, key=f"{key}.kind")
    return _KINDS[kind]


def _split(table: Mapping[str, object], key: str, file: str) -> Split:
    return Split(
        _name(table, key, file, "name"),
        _name(table, key, file, "as"),
        _names(table, key, file, field="when"),
        _kind(table, key, file),
        _article(table, key, file),
    )


def _refuse_contradictions(rules: Rules, file: str) -> None:
    """One name cannot be the same as two, nor both hidden and something."""
    heads: dict[tuple[str, Kind | None, str], str] = {}
    for number, rule in enumerate(rules.same, 1):
        for name in rule.names:
            other = heads.setdefault((fold(name), rule.kind, rule.article), rule.names[0])
            if fold(other) != fold(rule.names[0]):
                message = f"{name!r} is already the same as {other!r}"
                raise SettingsError(message, file=file, key=f"same[{number}].names")
    for number, hidden in enumerate(rules.hide, 1):
        for name in hidden.names:
            if (fold(name), hidden.kind, hidden.article) in heads:
                raise SettingsError(f"{name!r} is in a same rule too", file=file, key=f"hide[{number}].names")


def apply(entry: Entry, rules: Rules) -> Entry:
    """The entry with its mentions and topics as the rules want them. Applying twice is applying once."""
    rules = rules.of(entry.id)
    if not rules:
        return entry
    if rules.add and entry.article is not None:
        wanted = [(rule.kind, rule.names) for rule in rules.add]
        mentions = with_added(entry.article, entry.reading.mentions, wanted)
        entry = replace(entry, reading=replace(entry.reading, mentions=mentions))
    story = _story(entry.reading)
    mentions = tuple(m for m in (_corrected(mention, rules, story) for mention in entry.reading.mentions) if m)
    meant = {
        before.canonical: after.canonical
        for before in entry.reading.mentions
        if before.kind is Kind.ORG and (after := _corrected(before, rules, story)) and after.kind is Kind.ORG
    }
    topics = []
    hidden = {fold(name) for rule in rules.hide for name in rule.names}
    for topic in entry.reading.topics:
        if topic.source == "organisation" and fold(topic.name) in hidden:
            continue
        head = next((r for r in rules.same if r.kind in (None, Kind.ORG) and _among(topic.name, r.names)), None)
        name = head.names[0] if head else meant.get(topic.name, topic.name)
        if topic.source == "organisation" and topic.name != name:
            topic = replace(topic, name=name, aliases=(topic.name, *topic.aliases))
        topics.append(topic)
    return replace(entry, reading=Reading(mentions, tuple(topics)))


def _story(reading: Reading) -> frozenset[str]:
    """What a story speaks of, for `when`: canonical names and topics."""
    names = [name for m in reading.mentions for name in (m.canonical, *m.aliases)] + [t.name for t in reading.topics]
    return frozenset(map(fold, names))


def _among(name: str, names: Iterable[str]) -> bool:
    wanted = fold(name)
    return any(fold(other) == wanted for other in names)


def _touches(mention: Mention, names: Iterable[str]) -> bool:
    """Whether `names` has any name of the thing that is mentioned."""
    wanted = {fold(name) for name in (mention.canonical, *mention.aliases)}
    return any(fold(name) in wanted for name in names)


def _corrected(mention: Mention, rules: Rules, story: frozenset[str]) -> Mention | None:
    """The mention as the rules want it; one rule may make another fit, so they are applied until nothing changes.

    None: hidden.
    """
    if mention.kind is Kind.DATE:
        return mention
    for _ in range(_PASSES):
        before = mention
        mention = _renamed(mention, rules, story)
        if mention == before:
            break
    hidden = any(h.kind in (None, mention.kind) and _touches(mention, h.names) for h in rules.hide)
    return None if hidden else mention


def _renamed(mention: Mention, rules: Rules, story: frozenset[str]) -> Mention:
    """One pass: first the kind, then split, then same."""
    for retype in rules.retype:
        if _touches(mention, retype.names):
            geo = mention.geo if retype.kind is Kind.PLACE else None
            mention = replace(mention, kind=retype.kind, geo=geo)
    for split in rules.split:
        fits = split.kind in (None, mention.kind) and fold(split.name) == fold(mention.canonical)
        if fits and any(fold(other) in story for other in split.when):
            mention = replace(mention, canonical=split.into, aliases=())  # they are those of the other one
    fitting = [same for same in rules.same if same.kind in (None, mention.kind)]
    # A name that a rule says itself goes before one that the archive takes for the same thing.
    one = next((same for same in fitting if _among(mention.canonical, same.names)), None)
    one = one or next((same for same in fitting if _touches(mention, same.names)), None)
    return _one(mention, one.names) if one else mention


def _one(mention: Mention, names: tuple[str, ...]) -> Mention:
    """The mention under the first of `names`; the others find it too."""
    head, *others = names
    aliases = dict.fromkeys((*mention.aliases, mention.canonical, *others))
    aliases.pop(head, None)
    return replace(mention, canonical=head, aliases=tuple(aliases))


def apply_to_names(table: Iterable[Entity], rules: Rules | None) -> list[Entity]:
    """The canonical table as the rules want it, most stories first; `split`, which stories decide, leaves it alone.

    Where rules bring names together, stories that have several of them count more than once.
    """
    rules = rules.of("") if rules else None
    found: dict[tuple[Kind, str, str], Entity] = {}
    for row in table:
        asked = Mention(row.kind, row.name, 0, 0, row.name)
        mention = _corrected(asked, rules, frozenset()) if rules else asked
        if mention is None:
            continue
        key = mention.kind, mention.canonical, row.country if mention.kind is Kind.PLACE else ""
        same = found.get(key)
        stories, mentions = row.stories + (same.stories if same else 0), row.mentions + (same.mentions if same else 0)
        aliases = (*(same.aliases if same else ()), *row.aliases, *mention.aliases)
        found[key] = replace(
            row, kind=mention.kind, name=mention.canonical, aliases=tuple(dict.fromkeys(aliases)),
            stories=stories, mentions=mentions, country=key[2],
        )  # fmt: skip
    return sorted(found.values(), key=lambda row: (-row.stories, -row.mentions, row.kind, row.name, row.country))


def check(rules: Rules, names: Iterable[tuple[Kind, str]]) -> list[str]:
    """Observations on rules that touch none of the archive's canonical names: spelling mistakes, mostly."""
    known: dict[str, set[Kind]] = {}
    for kind, name in names:
        known.setdefault(fold(name), set()).add(kind)
    said = []
    for label, rule_names, wanted in _mentioned(rules):
        for name in rule_names:
            kinds = known.get(fold(name), set())
            if not kinds:
                said.append(f"{label}: no story names {name!r}")
            elif wanted is not None and wanted not in kinds:
                said.append(
                    f"{label}: {name!r} is known as {', '.join(sorted(k.value for k in kinds))}, not {wanted.value}"
                )
    return said


def _mentioned(rules: Rules) -> Iterator[tuple[str, tuple[str, ...], Kind | None]]:
    for number, same in enumerate(rules.same, 1):
        yield f"same[{number}]", same.names, same.kind
    for number, hide in enumerate(rules.hide, 1):
        yield f"hide[{number}]", hide.names, hide.kind
    for number, split in enumerate(rules.split, 1):
        yield f"split[{number}]", (split.name,), split.kind
    for number, retype in enumerate(rules.retype, 1):  # their kind is what the archive does not know yet
        yield f"kind[{number}]", retype.names, None
