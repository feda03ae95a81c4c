"""One kind for one thing within a story: what a recogniser took for two is settled by lists, context and vote."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from archive.entities import places
from archive.entities.acronyms import plain, well_known
from archive.entities.drafts import DraftMention
from archive.entities.leagues import league_teams
from archive.entities.places import fold
from archive.model import Kind

_SEATS = frozenset({"white house", "kremlin", "pentagon", "elysee palace", "downing street"})
"""Buildings that stand for who governs in them: organisations, so that an archive counts them as one kind."""
_CLUB = re.compile(
    r"(?:[A-Z][\w'’-]+s|Sox|Heat|Jazz|Magic|Thunder|Lightning|Avalanche|Wild|Kraken|Fever|Storm|Sun|Sky|Liberty|Dynamo|"
    r"United|City|Rovers|Athletic|Albion|Crimson Tide|Fire|Galaxy|Revolution|Union)"
)
_PLAYS = re.compile(
    r"\s(?:beat|beats|won|wins|win|lost|loses|lose|lead|leads|led|trail|trails|trailed|ran|run|scored?|scores|play|plays|"
    r"played|host|hosts|hosted|drafted|signed|traded|fired|hired|defeated|defeats|defense|defence|offense|coach|"
    r"quarterback|striker|goalkeeper|pitcher|manager|captain|forward|midfielder|took|rallied|advanced|drew|finished|"
    r"(?:have|has|had) (?:won|lost|scored|signed))\b"
)
_PLAYED = re.compile(
    r"\b(?:beat|beats|beating|defeated|defeats|over|against|vs\.?|versus|host|hosts|hosted|face|faces|faced|visit|for|thrash|"
    r"edged|stunned|trounced|routed|swept)\s(?:the\s)?$"
)
# What stands before a club's name in many countries, and is left out for short.
_CLUBS = frozenset(
    "FC SC SV TSV VfB VfL VfR FSV TSG AC AS SS SSC UC US CF RC CD UD SD AD AFC CA CR SL BK IF IFK FK KS GKS MKS HK BC "
    "NK HNK GNK OFK SK SSV KSV KV RSC KAA ФК ХК БК 1."
    .split()
)  # fmt: skip
_LARGE = 4.9  # log10 of the people of a town that has clubs of its own
_OUTER = re.compile(r"[A-Z][\w'’-]*\.?(?:[A-Z]\.)*(?: [A-Z][\w'’-]*){0,2}")
_SPOKEN_FOR = 2  # kinds that the marks of one name must have before there is anything to settle


def voted(names: Sequence[DraftMention], spelled: Mapping[str, str]) -> list[DraftMention]:
    """The names with one kind for each thing; teams that a story calls by their place are the teams."""
    names = _seated(names)
    marks: dict[str, list[DraftMention]] = defaultdict(list)
    for name in names:
        marks[_thing(name.text, spelled)].append(name)
    winners: dict[str, Kind] = {}
    for thing, found in marks.items():
        if len({name.kind for name in found}) >= _SPOKEN_FOR:
            kind = _kind(found, names)
            if kind is not None:
                winners[thing] = kind
    if winners:
        names = [replace(name, kind=winners.get(_thing(name.text, spelled), name.kind)) for name in names]
    return names


def _seated(names: Sequence[DraftMention]) -> list[DraftMention]:
    return [replace(name, kind=Kind.ORG) if fold(name.text) in _SEATS else name for name in names]


def _thing(text: str, spelled: Mapping[str, str]) -> str:
    """What marks of one thing share: "U.N." and "United Nations"."""
    if not text.isupper():
        return fold(text)
    short = plain(text)
    return fold(spelled.get(short) or well_known().get(short, text))


def _kind(found: Sequence[DraftMention], names: Sequence[DraftMention]) -> Kind | None:
    """The kind that most marks give, the surer where they are as many; None where two things bear the name."""
    text = fold(found[0].text)
    kinds = {name.kind for name in found}
    known = places.load().find(found[0].text)
    if Kind.PLACE in kinds and known and any(fold(n.text).endswith(f" {text}") for n in names if n.kind is Kind.PERSON):
        return None  # Denzel Washington in Washington
    if {Kind.PLACE, Kind.ORG} <= kinds and known and _team(text, names):
        return None  # the city, and the team that is called by it
    if Kind.PLACE in kinds and any(name.after.startswith(", ") and outer(name.after[2:]) for name in found):
        return Kind.PLACE  # "Norman, Okla."
    weight: dict[Kind, tuple[int, float]] = {}
    for kind in kinds:
        marks = [name.confidence for name in found if name.kind is kind]
        weight[kind] = (len(marks), sum(marks))
    return max(weight, key=lambda kind: (weight[kind], kind is Kind.ORG))


def teams(names: Sequence[DraftMention]) -> dict[str, str]:
    """What clubs that the story names in full, or that a league has, are called by (folded), where just one is: "New
    England" and "Patriots" for the New England Patriots."""
    found: dict[str, set[str]] = defaultdict(set)
    for name in names:
        if name.kind is Kind.ORG and " " in name.text:
            text = " ".join(name.text.split())
            for cut in [match.start() for match in re.finditer(" ", text)]:
                place, nickname = text[:cut], text[cut + 1 :]
                if _CLUB.fullmatch(nickname) and _has_clubs(place) and not places.load().find(nickname):
                    found[fold(place)].add(text)
                    found[fold(nickname)].add(text)
    known = league_teams(
        {fold(name.text) for name in names if name.kind is Kind.ORG},
        {fold(name.text) for name in names if name.kind is Kind.PLACE},
    )
    for short, club in known.items():
        found[short].add(club)
    return {short: clubs.pop() for short, clubs in found.items() if len(clubs) == 1}


def _has_clubs(place: str) -> bool:
    """Whether a large town, a division or a region bears the name: clubs of smaller ones are written in full."""
    known = places.load().find(place)
    return any(p.kind in ("admin", "region", "seat") or (p.kind == "city" and p.weight > _LARGE) for p in known)


def _team(text: str, names: Sequence[DraftMention]) -> bool:
    return text in teams(names)


def playing(name: DraftMention) -> bool:
    """Whether a place in the text is its team: "New England ran for 200 yards", "a win over Boston"."""
    return _PLAYS.match(name.after) is not None or _PLAYED.search(name.before) is not None


def outer(text: str) -> str:
    """The name of a division or country that a text begins with, "" for none: "Ill., on Monday" → "Ill."."""
    match = _OUTER.match(text)
    words = match.group().split() if match else []
    for size in range(len(words), 0, -1):
        name = " ".join(words[:size])
        if any(place.kind in ("admin", "country") for place in places.load().find(name)):
            return name
    return ""


def full_names(names: Iterable[str]) -> dict[str, str]:
    """Short names of clubs → the full one, where the story has one that fits: "FC Bayern" of FC Bayern München."""
    found: dict[str, set[str]] = defaultdict(set)
    names = set(names)
    for name in names:
        words = name.split()
        club = next((at for at, word in enumerate(words) if word not in _CLUBS), 0)
        for short in (
            (" ".join(words[club:]), " ".join(words[: club + 1]), words[club]) if 0 < club < len(words) else ()
        ):
            if short in names and short != name:
                found[short].add(name)
    fits = {short: max(longer, key=len) for short, longer in found.items() if _in_one(longer)}
    return {short: fits.get(full, full) for short, full in fits.items()}


def _in_one(names: Iterable[str]) -> bool:
    """Whether all of these are parts of the longest of them."""
    longest = max(names, key=len)
    return all(name in longest for name in names)
