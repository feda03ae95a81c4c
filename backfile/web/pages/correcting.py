"""Corrections to names: which rules there are, and the forms that make one and take one back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive import Kind, NotFoundError, UsageError
from backfile.desk import exactly
from backfile.web import urls
from backfile.web.calls import Call, Moved, Sent
from backfile.web.rendering import Frame, render
from backfile.web.site import Site

if TYPE_CHECKING:
    from archive import Correction  # what reads rules is loaded when there are some

KINDS = {kind.value: kind for kind in (Kind.PERSON, Kind.PLACE, Kind.ORG)}


@dataclass(frozen=True, slots=True)
class SameForm:
    """A name, what it is one with, and whether both are shown as the other one."""

    kind: str = ""
    name: str = ""
    other: str = ""
    shown: str = ""


@dataclass(frozen=True, slots=True)
class HideForm:
    """A name that is none."""

    kind: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class BackForm:
    """The lines of a rule that is to go."""

    lines: str = ""


@dataclass(frozen=True, slots=True)
class RulesPage:
    """What rules.html shows. `behind`: changes that the index has still to take in."""

    rules: tuple[Correction, ...]
    behind: int


def rules(site: Site, _: Call[object]) -> Sent:
    """Every rule that takes names for one, or for none."""
    page = RulesPage(tuple(site.desk.corrections()), site.desk.status().index_lag)
    return render("rules.html", Frame("Corrections to names", here="rules"), page)


def same(site: Site, call: Call[SameForm]) -> Moved:
    """Takes two names for one."""
    asked = call.params
    kind = _kind(asked.kind)
    written = exactly(asked.kind, [asked.other]).replace(":=", ":", 1)  # as any article has it
    if asked.other.strip() and not site.desk.search(written, limit=0).total:
        raise UsageError(f"no article names {asked.other.strip()!r}: write the name as articles or the facet have it")
    names = [asked.name, asked.other] if asked.shown != "other" else [asked.other, asked.name]
    made = site.desk.take_for_one(names, kind)
    return Moved(urls.name(asked.kind, made.names[0]))


def hide(site: Site, call: Call[HideForm]) -> Moved:
    """Takes a name for none."""
    site.desk.take_for_none(call.params.name, _kind(call.params.kind))
    return Moved(urls.rules())


def back(site: Site, call: Call[BackForm]) -> Moved:
    """Takes a rule back."""
    site.desk.take_back(call.params.lines.replace("\r\n", "\n"))
    return Moved(urls.rules())


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise NotFoundError(f"there are rules for {', '.join(KINDS)}, not for {name!r}")
    return KINDS[name]
