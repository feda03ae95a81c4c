"""Whom and what the archive names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from archive import Entity, Kind, Suggestion
from backfile.views.row import Same


@dataclass(frozen=True, slots=True)
class NameRow(Same[Entity]):
    """Whom or what the archive names."""

    kind: Annotated[Kind, "`person`, `place` or `org`"]
    name: Annotated[str, "the name that facets count"]
    aliases: Annotated[tuple[str, ...], "the other names of it"]
    stories: Annotated[int, "how many articles name it"]
    mentions: Annotated[int, "how often they do"]
    evidence: Annotated[tuple[str, ...], "why the names are taken for one"]
    country: Annotated[str, "of a place"]


@dataclass(frozen=True, slots=True)
class RemarkRow:
    """What is to be said of rules.toml."""

    remark: Annotated[str, "which rule touches nothing in the archive"]


@dataclass(frozen=True, slots=True)
class SuggestionRow(Same[Suggestion]):
    """Two names that may be one thing."""

    kind: Annotated[Kind, "`person`, `place` or `org`"]
    name: Annotated[str, "the one"]
    other: Annotated[str, "the other"]
    reason: Annotated[str, "why they may be one"]
    weight: Annotated[float, "how much speaks for it, beside other suggestions"]
