"""What an archive knows by name: an entity under all its names, and two names that may be one thing."""

from __future__ import annotations

from dataclasses import dataclass

from archive.model import Kind


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
