"""What an archive knows by name: an entity under all its names, and two names that may be one thing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from archive.model import Entry, Kind, Reading, Topic


@dataclass(frozen=True, slots=True)
class Entity:
    """One thing of the archive: the name that facets count, its other names, and why they are taken for one."""

    kind: Kind
    name: str
    aliases: tuple[str, ...] = ()
    stories: int = 0
    mentions: int = 0
    evidence: tuple[str, ...] = ()
    country: str = ""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two names that may be one thing, and why; weightiest first. Nothing is merged by it."""

    kind: Kind
    name: str
    other: str
    reason: str
    weight: float


def named(entry: Entry, names: Mapping[tuple[Kind, str, str], tuple[str, tuple[str, ...]]]) -> Entry:
    """The entry under the names of the archive: (kind, canonical, country) in the story → name and aliases.

    Topics that are organisations of the story follow.
    """
    mentions = []
    orgs: dict[str, tuple[str, tuple[str, ...]]] = {}
    for mention in entry.reading.mentions:
        found = names.get((mention.kind, mention.canonical, mention.geo.country if mention.geo else ""))
        if found:
            if mention.kind is Kind.ORG:
                orgs[mention.canonical] = found
            mention = replace(mention, canonical=found[0], aliases=found[1])
        mentions.append(mention)
    topics: dict[str, Topic] = {}
    for topic in entry.reading.topics:
        if topic.source == "organisation" and topic.name in orgs:
            name, others = orgs[topic.name]
            also = tuple(dict.fromkeys((*topic.aliases, topic.name, *others)))
            topic = replace(topic, name=name, aliases=tuple(other for other in also if other != name))
        same = topics.setdefault(topic.name.casefold(), topic)
        if same is not topic:  # two topics have become one
            aliases = tuple(dict.fromkeys((*same.aliases, *topic.aliases)))
            topics[topic.name.casefold()] = replace(same, aliases=aliases)
    return replace(entry, reading=Reading(tuple(mentions), tuple(topics.values())))
