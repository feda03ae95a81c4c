"""One name for one thing within a story: "Krasner" is Larry Krasner, "ICE" Immigration and Customs Enforcement.

Strong evidence only: the full name stands in the same story and no other fits; the story spells the acronym out; a
list of places or office holders says so. Where two would fit, the name stays as it is written.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from archive.entities import places
from archive.entities.acronyms import initials, plain, well_known
from archive.entities.declined import declines, first_forms, listed_form
from archive.entities.drafts import AGENCY, DraftMention, divided
from archive.entities.kinds import outer, playing, teams, voted
from archive.entities.known_organisations import named_alone, named_in
from archive.entities.movements import movement
from archive.entities.offices import holder
from archive.entities.people import People, mixed_case
from archive.entities.places import fold
from archive.model import Kind

_LEGAL = re.compile(
    r",?\s+(?:Inc|Incorporated|Corp|Ltd|Limited|LLC|L\.L\.C|LLP|PLC|Plc|plc|NV|N\.V|SA|S\.A|SpA|S\.p\.A|AG|AB|ASA|A/S|Oyj|"
    r"GmbH|KGaA|SE|Bhd|Pte|Pty|Co)\.?$"
)
# The last word of the name of a company, a club or another body that is known by its first word alone.
_KIND = re.compile(
    r" (?:Management|Partners|Capital|Therapeutics|Pharmaceuticals|Pharma|Holdings|Group|International|Industries|"
    r"Technologies|Systems|Airlines|Airways|Motors?|Brothers|Securities|Investments|Energy|Oil|Steel|Foods|Stores|"
    r"Rovers|Wanderers|Albion|Athletic|Hotspur|Rangers|Argyle|Villa|Palace|Watch)$"
)
_DEPARTMENT = re.compile(
    r"(?:Department|Ministry) of (?:the )?(?P<of>[A-Z][\w ]+)|(?P<plain>[A-Z][\w ]+) (?:Department|Ministry)"
)


def settle(
    names: Sequence[DraftMention], spelled: dict[str, str], published: date | None, lang: str = "en"
) -> list[DraftMention]:
    """The names of one story with canonical names, kinds that a list knows better, and positions of places.

    `spelled` maps the acronyms that the story explains to what they stand for (see acronyms.definitions).
    """
    names = voted([_retyped(part) for name in names for part in divided(name)], spelled)
    clubs = teams(names)
    names = [_club(name, clubs) for name in names]
    names = _declined(names, lang)
    people = _people([n for n in names if n.kind is Kind.PERSON], published, lang)
    orgs = _organisations([n for n in names if n.kind is Kind.ORG], spelled, clubs, lang)
    spots = _places([n for n in names if n.kind is Kind.PLACE], lang)
    cased = {fold(n.text): n.text for n in names if n.kind is Kind.PLACE and not n.text.isupper()}
    settled = []
    for name in names:
        if name.kind is Kind.PERSON:
            settled.append(replace(name, canonical=people[name.before, name.text]))
        elif name.kind is Kind.ORG:
            settled.append(replace(name, canonical=orgs[name.text]))
        else:
            spot = spots[name.text, name.after]
            shown = spot.canonical
            if shown.isupper():  # a dateline: "LINDHOLM — The council …"
                shown = cased.get(fold(shown)) or mixed_case(shown)
            settled.append(replace(name, canonical=shown, geo=spot.geo))
    return settled


def _retyped(name: DraftMention) -> DraftMention:
    """Countries are places whatever a recogniser took them for ("Russia said …")."""
    if name.kind is Kind.PLACE:
        return name
    found = places.load().find(name.text)
    country = any(p.kind == "country" and fold(p.name) == fold(name.text) for p in found)
    if country and len(found) == 1:
        return replace(name, kind=Kind.PLACE)
    return name


def _declined(names: list[DraftMention], lang: str) -> list[DraftMention]:
    """A place that no list knows is a person, where it is a case form of one's last name: "Dvořáka" of Jan Dvořák."""
    last = {words[-1] for n in names if n.kind is Kind.PERSON and len(words := n.text.split()) > 1}
    forms = first_forms({n.text for n in names if n.kind in (Kind.PERSON, Kind.PLACE)}, lang) if last else {}
    return [
        replace(name, kind=Kind.PERSON)
        if name.kind is Kind.PLACE and forms.get(name.text) in last and not places.load().find(name.text)
        else name
        for name in names
    ]


def _club(name: DraftMention, clubs: Mapping[str, str]) -> DraftMention:
    """A place that plays is its club, in a story that names just one of it."""
    plays = name.kind is Kind.PLACE and fold(name.text) in clubs and playing(name)
    return replace(name, kind=Kind.ORG) if plays else name


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _people(names: list[DraftMention], published: date | None, lang: str) -> dict[tuple[str, str], str]:
    """(text before, name) → canonical. The text before matters: "Ivanka Trump" and "President Trump" are two."""
    forms = first_forms({_one_line(name.text) for name in names}, lang)
    firsts = {name.text: forms.get(words := _one_line(name.text), words) for name in names}
    people = People(mixed_case(words) for words in (firsts[name.text] for name in names) if " " in words)
    offices: dict[tuple[str, str], str] = {}
    for name in names:
        if len(_one_line(name.text).split()) == 1:
            full = holder(name.text, name.before, name.after, published)
            if full:
                offices[name.before, name.text] = full
                people.in_office.setdefault(fold(name.text), full)
    for full in set(offices.values()):
        key = people.key(full)
        if key in people.forms:
            people.in_office[key[-1]] = people.full(key)
    return {(n.before, n.text): people.meant(firsts[n.text]) for n in names}


def _organisations(
    names: list[DraftMention], spelled: dict[str, str], clubs: Mapping[str, str], lang: str
) -> dict[str, str]:
    cleaned = {n.text: _clean_organisation(_one_line(n.text)) for n in names}
    forms = first_forms(cleaned.values(), lang)
    cleaned = {text: forms.get(clean) or _known_form(clean, lang) for text, clean in cleaned.items()}
    spelled = {short: _clean_organisation(long) for short, long in spelled.items()}
    whole = {fold(long): long for long in spelled.values()}
    by_initials: dict[str, set[str]] = defaultdict(set)
    for clean in cleaned.values():
        if " " in clean:
            by_initials[initials(clean)].add(clean)
    first: dict[str, str] = {}
    result = {}
    for text, clean in cleaned.items():
        name = _spelled_out(clean, spelled, whole, by_initials)
        key = organisation_key(name)
        result[text] = key
        shouted = key in first and first[key].isupper() and not name.isupper() and first[key] not in well_known()
        if key not in first or shouted:  # not the headline's "ROLM"
            first[key] = name
    result = {text: first[key] for text, key in result.items()}
    firsts = _first_words(result)
    result = {text: firsts.get(name, name) for text, name in result.items()}
    ends: dict[str, set[str]] = defaultdict(set)
    for name in set(result.values()):
        words = name.split()
        for start in range(1, len(words) - 1):
            ends[" ".join(words[start:])].add(name)
    return {text: clubs.get(fold(name)) or _longer(name, ends.get(name, set())) for text, name in result.items()}


def _known_form(name: str, lang: str) -> str:
    """ "Facebookkal" as Facebook: what all news in the language calls so, where a list knows no such name."""
    known = named_in(lang) if declines(lang) else frozenset()
    return name if name in known else listed_form(name, lang, lambda form: form if form in known else None) or name


def _first_words(names: Mapping[str, str]) -> dict[str, str]:
    """ "Hughes" → "Hughes Tool", where that is the one body of the story that begins so, and Hughes is nobody else."""
    longer: dict[str, set[str]] = defaultdict(set)
    short = {name for name in names.values() if " " not in name and not name.isupper() and not _is_known(name)}
    for text, name in names.items():
        first = name.split()[0]
        if " " in name and (first in short or _LEGAL.search(text) or _KIND.search(name)):
            longer[first].add(name)
    return {first: found.pop() for first, found in longer.items() if len(found) == 1}


def _is_known(name: str) -> bool:
    """Whether this is what an organisation or a place is called by all news, and so need not be short for another."""
    return name in named_alone() or bool(places.load().find(name))


def without_legal_form(name: str) -> str:
    """ "Apple Inc." as "Apple"."""
    return _LEGAL.sub("", name) or name


def _clean_organisation(name: str) -> str:
    name = AGENCY.sub("", without_legal_form(name), count=1) or name
    return movement(re.sub(r"^[Tt]he (?=[A-Z])", "", name))


def _spelled_out(name: str, spelled: dict[str, str], whole: dict[str, str], by_initials: dict[str, set[str]]) -> str:
    short = plain(name)
    if short in spelled:
        return spelled[short]
    key = fold(name)
    for long_key, long in whole.items():
        if key == long_key or (key.startswith(long_key + " ") and name[len(long) :].strip().islower()):
            return long
    if short.isupper() and " " not in short:
        named = by_initials.get(short, set())
        if len(short) > 2 and len(named) == 1:
            return next(iter(named))
        return well_known().get(short, name)
    return name


def organisation_key(name: str) -> str:
    """What two spellings of an organisation share: "Department of Justice" and "Justice Department"."""
    match = _DEPARTMENT.fullmatch(name)
    return fold(f"{match['of'] or match['plain']} department" if match else name)


def _longer(name: str, endings: set[str]) -> str:
    """ "City Council" → "Philadelphia City Council", when a place makes the difference and no other name fits."""
    longer = [other for other in endings if places.load().find(other[: -len(name)].strip())]
    return longer[0] if len(longer) == 1 else name


def _places(names: list[DraftMention], lang: str) -> dict[tuple[str, str], places.Settled]:
    """(name, text after) → what it means. "Springfield, Ill." once says which Springfield the whole story means, unless
    it names two."""
    marked = {(name.part, name.start): name.text for name in names}
    forms = first_forms({name.text for name in names}, lang)
    for text in {name.text for name in names} if declines(lang) else ():
        form = forms.get(text, text)
        if places.meaning(form, lang) is None:
            forms[text] = listed_form(text, lang, lambda name: places.meaning(name, lang)) or form
    outers: dict[tuple[str, str], str] = {}
    said: dict[str, set[str]] = defaultdict(set)
    for name in names:
        after = re.match(r",\s{1,2}", name.after)
        if after is None:
            continue
        follower = marked.get((name.part, name.end + after.end())) or outer(name.after[after.end() :])
        if follower:
            outers[name.text, name.after] = follower
            said[name.text].add(places.fold(follower))
    several = {name for name, found in said.items() if len(found) > 1}
    following = {key[0]: outer for key, outer in outers.items() if key[0] not in several}
    shouted = {mixed_case(text): outer for text, outer in following.items() if text.isupper()}  # a dateline
    following = shouted | following
    asked = {key: f"{key[0]}, {outer}" if key[0] in several else key[0] for key, outer in outers.items()}
    settled = places.settle([*(name.text for name in names), *forms.values(), *asked.values()], following, lang)
    return {(n.text, n.after): settled[asked.get((n.text, n.after), forms.get(n.text, n.text))] for n in names}
