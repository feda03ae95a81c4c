"""One name for one thing within a story: "Krasner" is Larry Krasner, "ICE" Immigration and Customs Enforcement.

Strong evidence only: the full name stands in the same story and no other fits; the story spells the acronym out; a
list of places or office holders says so. Where two would fit, the name stays as it is written.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from archive.entities import places
from archive.entities.acronyms import initials, plain, well_known
from archive.entities.movements import movement
from archive.entities.offices import holder
from archive.entities.places import fold
from archive.model import Geo, Kind, Part

_TITLES = (
    r"Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Sir|Dame|Lord|Lady|Rev|Reverend|Father|Sister|Rabbi|Imam|Sheikh|Judge|Justice|"
    r"Sen|Senator|Rep|Representative|Gov|Governor|Lt|Gen|General|Col|Colonel|Maj|Major|Capt|Captain|Sgt|Sergeant|Cpl|"
    r"Pvt|Adm|Admiral|Cmdr|Commander|Officer|Detective|Inspector|Chief|Sheriff|Deputy|Mayor|Councilman|Councilwoman|"
    r"Councilmember|Alderman|Commissioner|Secretary|Minister|Premier|Chancellor|President|Ambassador|Congressman|"
    r"Congresswoman|Speaker|Treasurer|Chairman|Chairwoman|Chair|Coach|Herr|Frau|Monsieur|Madame|Señor|Señora|"
    r"Attorney General|District Attorney|Prime Minister|Vice President|Secretary of State"
)
_TITLE = re.compile(
    rf"(?:(?:former|ex-|acting|then-|U\.S\.|US|Vice|Deputy|Assistant|Lieutenant)\s?)?(?:{_TITLES})\.?\s+(?=\w)", re.I
)
_EDGE = " \t\r\n\xa0,;:\"“”„‘’'`()[]<>*_–—-|/\\"
_POSSESSIVE = re.compile(r"(?:['’]s|(?<=s)['’])$")
_LEGAL = re.compile(r",?\s+(?:Inc|Corp|Ltd|LLC|L\.L\.C|LLP|PLC|plc|N\.V|S\.A|S\.p\.A|AG|GmbH|SE|Co)\.?$")
_AGENCY = re.compile(
    r"U\.?S\.?\s+(?=.*\b(?:Department|Court|Agency|Service|Services|Bureau|Office|Commission|Administration|Enforcement|"
    r"Army|Navy|Air Force|Marine Corps|Marines|Coast Guard|Attorney|Congress|Senate|House|Embassy|Treasury|Patrol|"
    r"Protection|Survey|Census|Trade Representative|Capitol|Border)\b)"
)
_MIDDLE = re.compile(r"\s(?:[A-Z]\.?|[\"“‘(][^\"”’)]+[\"”’)])(?=\s)")
_SUFFIX = re.compile(r",?\s(?:Jr|Sr|II|III|IV)\.?$")
_DEPARTMENT = re.compile(
    r"(?:Department|Ministry) of (?:the )?(?P<of>[A-Z][\w ]+)|(?P<plain>[A-Z][\w ]+) (?:Department|Ministry)"
)


@dataclass(frozen=True, slots=True)
class DraftMention:
    """A name as a recogniser marked it, made tidy, with the text around it; `canonical` and `geo` once settled."""

    kind: Kind
    text: str
    part: Part
    start: int
    end: int
    confidence: float
    before: str = ""
    after: str = ""
    canonical: str = ""
    geo: Geo | None = None


def tidy(kind: Kind, text: str, start: int, end: int, part: Part, confidence: float) -> DraftMention | None:
    """The name at [start, end) without quotes, possessive and titles; None where nothing of it is left."""
    end = start + len(text[start:end].rstrip(_EDGE))
    if match := _POSSESSIVE.search(text, start, end):
        end = match.start()
    start = end - len(text[start:end].lstrip(_EDGE))
    if text[start : start + 4].lower() == "the " and kind is not Kind.PERSON:
        start += 4
    if text.startswith(" Attorney", end) and text.endswith(" District", start, end):
        kind, end = Kind.PLACE, end - len(" District")  # "Philadelphia District Attorney Larry Krasner"
    while kind is Kind.PERSON and (match := _TITLE.match(text, start, end)):
        start = match.end()
    if end - start < 2 or not any(c.isalpha() for c in text[start:end]):
        return None
    before, after = text[max(0, start - 60) : start], text[end : end + 40]
    return DraftMention(kind, text[start:end], part, start, end, confidence, before, after)


_OF_COUNTRY = re.compile(r"(?P<country>U\.S\.|US|U\.K\.|UK|EU)\s+(?=[A-Z])")
_LAW = re.compile(r"\b(?:Constitution|Act|Amendment|Bill of Rights|Code|Treaty)$")


def divided(name: DraftMention) -> list[DraftMention]:
    """The country and the agency in "U.S. Immigration and Customs Enforcement"; a law is no organisation."""
    if name.kind is not Kind.ORG:
        return [name]
    match = _OF_COUNTRY.match(name.text)
    law = _LAW.search(name.text) is not None
    if match is None or not (law or _AGENCY.match(name.text)):
        return [] if law else [name]
    middle = name.start + match.end("country")
    country = replace(
        name, kind=Kind.PLACE, text=match["country"], end=middle, after=name.text[match.end("country") :] + name.after
    )
    start = name.start + match.end()
    agency = replace(name, text=name.text[match.end() :], start=start, before=name.before + name.text[: match.end()])
    return [country] if law else [country, agency]


def settle(
    names: Sequence[DraftMention], spelled: dict[str, str], published: date | None, lang: str = "en"
) -> list[DraftMention]:
    """The names of one story with canonical names, kinds that a list knows better, and positions of places.

    `spelled` maps the acronyms that the story explains to what they stand for (see acronyms.definitions).
    """
    names = [_retyped(part) for name in names for part in divided(name)]
    people = _people([n for n in names if n.kind is Kind.PERSON], published)
    orgs = _organisations([n for n in names if n.kind is Kind.ORG], spelled)
    spots = _places([n for n in names if n.kind is Kind.PLACE], lang)
    cased = {fold(n.text): n.text for n in names if n.kind is Kind.PLACE and not n.text.isupper()}
    settled = []
    for name in names:
        if name.kind is Kind.PERSON:
            settled.append(replace(name, canonical=people[name.before, name.text]))
        elif name.kind is Kind.ORG:
            settled.append(replace(name, canonical=orgs[name.text]))
        else:
            spot = spots[name.text]
            shown = spot.canonical
            if shown.isupper():  # a dateline: "LINDHOLM — The council …"
                shown = cased.get(fold(shown)) or _mixed_case(shown)
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


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _mixed_case(text: str) -> str:
    """ "LARRY KRASNER" as "Larry Krasner"; a single short word may be an acronym and stays."""
    if text.isupper() and (" " in text or len(text) > 5):
        return re.sub(r"[^\W\d_]+", lambda m: m.group() if len(m.group()) < 2 else m.group().capitalize(), text)
    return text


class _People:
    """The full names of a story, by their ends and first names, to find whom a part of a name means."""

    def __init__(self, names: Iterable[str]) -> None:
        self.forms: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
        self.in_office: dict[str, str] = {}
        for name in names:
            self.forms[self.key(name)][name] += 1
        self._drop_parts()
        self._by_end: dict[tuple[str, ...], list[tuple[str, ...]]] = defaultdict(list)
        self._by_first: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for key in self.forms:
            for start in range(1, len(key)):
                self._by_end[key[start:]].append(key)
            if key:
                self._by_first[key[0]].append(key)

    def _drop_parts(self) -> None:
        """Forget names that are the end of a longer one: "von der Leyen" beside "Ursula von der Leyen"."""
        ends = Counter(key[start:] for key in self.forms for start in range(1, len(key) - 1))
        for key in [key for key in self.forms if ends[key] == 1]:
            del self.forms[key]

    @staticmethod
    def key(name: str) -> tuple[str, ...]:
        return tuple(fold(_SUFFIX.sub("", _MIDDLE.sub("", name))).split())

    def full(self, key: tuple[str, ...]) -> str:
        """The form used most; among equals one that is not in capitals, then the longest."""
        forms = self.forms[key]
        return max(forms, key=lambda form: (forms[form], not form.isupper(), len(form)))

    def meant(self, name: str) -> str:
        """The full name that `name` is a part of, when just one is; else `name`."""
        key = self.key(name)
        if key in self.forms:
            return self.full(key)
        if len(key) == 1 and key[0] in self.in_office:
            return self.in_office[key[0]]
        found = self._by_end.get(key) or (self._by_first.get(key[0], []) if len(key) == 1 else [])
        return self.full(found[0]) if len(found) == 1 else _mixed_case(name)


def _people(names: list[DraftMention], published: date | None) -> dict[tuple[str, str], str]:
    """(text before, name) → canonical. The text before matters: "Ivanka Trump" and "President Trump" are two."""
    people = _People(_mixed_case(words) for words in (_one_line(name.text) for name in names) if " " in words)
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
    return {(n.before, n.text): people.meant(_one_line(n.text)) for n in names}


def _organisations(names: list[DraftMention], spelled: dict[str, str]) -> dict[str, str]:
    cleaned = {n.text: _clean_organisation(_one_line(n.text)) for n in names}
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
        result[text] = first.setdefault(organisation_key(name), name)
    ends: dict[str, set[str]] = defaultdict(set)
    for name in set(result.values()):
        words = name.split()
        for start in range(1, len(words) - 1):
            ends[" ".join(words[start:])].add(name)
    return {text: _longer(name, ends.get(name, set())) for text, name in result.items()}


def without_legal_form(name: str) -> str:
    """ "Apple Inc." as "Apple"."""
    return _LEGAL.sub("", name) or name


def _clean_organisation(name: str) -> str:
    name = _AGENCY.sub("", without_legal_form(name), count=1) or name
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


def _places(names: list[DraftMention], lang: str) -> dict[str, places.Settled]:
    following: dict[str, str] = {}
    known = {name.start: name.text for name in names}
    for name in names:
        after = re.match(r",\s{1,2}", name.after)
        if after and (follower := known.get(name.end + after.end())):
            following.setdefault(name.text, follower)
    return places.settle([name.text for name in names], following, lang)
