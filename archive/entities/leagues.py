"""Teams that a story calls by their place or their nickname alone, of leagues that we know (data/names_teams.tsv).

"Warriors" may be of many places: whose they are is told by the place or the full name in the same story, or by other
teams of one league in it. What several teams may be called stays as it is written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from functools import cache
from pathlib import Path

from archive.entities.places import fold
from archive.entities.tables import rows

_FILE = Path(__file__).parent / "data" / "names_teams.tsv"
_ENOUGH = 2  # teams of a league by nickname that make a story one of that league


@cache
def _leagues() -> list[list[tuple[str, str, str]]]:
    """Of each league the full name of every team, and folded its place and its nickname."""
    pairs = ([tuple(team.split("/")) for team in teams.split("|")] for _, teams in rows(_FILE))
    return [[(f"{place} {nick}", fold(place), fold(nick)) for place, nick in league] for league in pairs]


@cache
def team_nicknames() -> frozenset[str]:
    """What teams are called without their places, folded."""
    return frozenset(nick for league in _leagues() for _, _, nick in league)


def league_teams(organisations: Collection[str], places: Collection[str]) -> dict[str, str]:
    """What a story calls teams by (place or nickname, folded) → the full name, where just one team may be meant.

    `organisations` and `places` are the folded names of the story. Its places may be teams, too.
    """
    if not any(name in team_nicknames() or name.rpartition(" ")[2] in team_nicknames() for name in organisations):
        return {}
    named = {*organisations, *places}
    found: dict[str, set[str]] = defaultdict(set)  # by nickname
    for league in _leagues():
        told = [team for team in league if team[2] in organisations or fold(team[0]) in organisations]
        whole = len(told) >= _ENOUGH
        for full, place, nick in told:
            if whole or place in named or fold(full) in organisations:
                found[nick].add(full)
    teams = {nick: full.pop() for nick, full in found.items() if len(full) == 1}
    places_of: dict[str, set[str]] = defaultdict(set)
    for nick, full in teams.items():
        places_of[fold(full).removesuffix(nick).strip()].add(full)
    return teams | {place: full.pop() for place, full in places_of.items() if len(full) == 1}
