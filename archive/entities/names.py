"""One name for one thing within a story: "Krasner" is Larry Krasner, "ICE" Immigration and Customs Enforcement.

Strong evidence only: the full name stands in the same story and no other fits; the story spells the acronym out; a
list of places or office holders says so. Where two would fit, the name stays as it is written.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache

from archive.entities import lands, places
from archive.entities.acronyms import initials, is_clipped, plain, well_known
from archive.entities.declined import declines, first_forms, listed_form
from archive.entities.drafts import AGENCY, DraftMention, divided
from archive.entities.kinds import full_names, outer, playing, teams, voted
from archive.entities.known_organisations import named_alone, named_in
from archive.entities.languages import Reader, reader_of
from archive.entities.movements import movement
from archive.entities.name_words import words_of
from archive.entities.offices import REGNAL, holder
from archive.entities.people import People, mixed_case
from archive.entities.places import fold
from archive.entities.places_signs import within
from archive.model import Kind

_LEGAL = re.compile(
    r",?\s+(?:Inc|Incorporated|Corp|Ltd|Limited|LLC|L\.L\.C|LLP|PLLC|PLC|Plc|plc|NV|N\.V|SA|S\.A|SpA|S\.p\.A|AG|AB|ASA|A/S|Oyj|"
    r"GmbH|KGaA|SE|Bhd|Pte|Pty|(?<!\band )(?<!& )Co)\.?$"
)
_AND_CO = re.compile(r"(?<= )(\S+),? (?:and|&) Co\.?$")  # what "Morgan Stanley" does without, and "Deere" does not
# What bodies are called for short, each by its last or first word: alone it names none.
_BODIES = frozenset(
    "Agency Association Authority Bank Board Bureau Commission Committee Company Corporation Council Department "
    "Exchange Federation Foundation Fund Group Institute Ministry Society Tribunal Trust".split()
)
# The last word of the name of a company, a club or another body that is known by its first word alone.
_KIND = re.compile(
    r" (?:Management|Partners|Capital|Therapeutics|Pharmaceuticals|Pharma|Holdings|Group|International|Industries|"
    r"Technologies|Systems|Airlines|Airways|Motors?|Brothers|Securities|Investments|Energy|Oil|Steel|Foods|Stores|"
    r"Rovers|Wanderers|Albion|Athletic|Hotspur|Rangers|Argyle|Villa|Palace|Watch)$"
)
_SHOUTED = 12  # letters in capitals that are no acronym
_SMALL = frozenset("And At By For In Of On The To".split())
# What stands before those who are known by one name, or a name and a number.
_GIVEN = {
    "en": "King|Queen|Prince|Princess|Pope|Patriarch|Emperor|Empress|Sultan|Emir|Mother|Father|Sister|Brother|Saint",
    "de": "König|Königin|Prinz|Prinzessin|Papst|Patriarch|Kaiser",
    "fr": "roi|reine|prince|princesse|pape|patriarche|empereur|sœur",
    "es": "rey|reina|príncipe|princesa|papa|patriarca|emperador|emperatriz|sor|santa",
    "it": "re|regina|principe|principessa|papa|patriarca|imperatore|suor",
    "pt": "rei|rainha|príncipe|princesa|papa|patriarca|imperador|irmã",
    "nl": "koning|koningin|prins|prinses|paus|keizer|zuster",
    "sv": "kung|drottning|prins|prinsessan|kronprinsessan|påve",
    "da": "kong|dronning|prins|prinsesse|kronprins|pave",
    "no": "kong|dronning|prins|prinsesse|kronprins|pave",
}
_PEERS = "|Sheikh|Sheikha|Lord|Lady|Baroness|Baron|Viscount|Count|Countess|Duke|Duchess|Dame"


@cache
def _style(lang: str, more: str = "") -> re.Pattern[str] | None:
    """What stands before those whom a language calls by one name, or a name and a number."""
    given = _GIVEN.get({"": "en", "nb": "no", "nn": "no"}.get(lang, lang))
    return re.compile(rf"\b(?P<style>{given}{more})\s$", 0 if more else re.IGNORECASE) if given else None


_WATER = re.compile(r"(?:River|Lake|Loch|Lough|Mount) (?P<of>[A-Z]\w+)")
_COUNTIES = re.compile(r"(?:(?:,| and|, and) [A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+)?){0,2} [Cc]ounties\b")
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
            if orgs[name.text] not in _BODIES:
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
    meant = {(n.before, n.text): people.meant(firsts[n.text]) for n in names}
    given = _style(lang)
    for name in names:
        full = meant[name.before, name.text]
        if given and " " not in name.text and not _is_regnal(full) and given.search(name.before):
            meant[name.before, name.text] = offices.get(
                (name.before, name.text), mixed_case(name.text)
            )  # no Harry Kane
    return _styled(names, meant, lang)


def _is_regnal(name: str) -> bool:
    """Whether it is one name, or one and a number: "Leo XIV"."""
    return len([word for word in name.split() if not REGNAL.fullmatch(word)]) == 1


def _styled(
    names: Sequence[DraftMention], meant: Mapping[tuple[str, str], str], lang: str
) -> dict[tuple[str, str], str]:
    """ "Prince Harry", "Pope Leo XIV", "Lady Gaga": who has no last name is known by style."""
    styles: dict[str, Counter[str]] = defaultdict(Counter)
    style = _style(lang, _PEERS if lang in ("en", "") else "")
    for name in names:
        full = meant[name.before, name.text]
        if style and _is_regnal(full) and (match := style.search(name.before)):
            styles[full][match["style"][0].upper() + match["style"][1:]] += 1
    best = {full: found.most_common(1)[0][0] for full, found in styles.items()}
    return {key: f"{best[full]} {full}" if full in best else full for key, full in meant.items()}


def _organisations(
    names: list[DraftMention], spelled: dict[str, str], clubs: Mapping[str, str], lang: str
) -> dict[str, str]:
    cleaned = {n.text: _clean_organisation(_one_line(n.text)) for n in names}
    spelled = {short: _clean_organisation(long) for short, long in spelled.items()}
    forms = first_forms([*cleaned.values(), *spelled.values()], lang)
    cleaned = {
        text: clean if plain(clean) in spelled else _known_form(forms.get(clean, clean), lang)
        for text, clean in cleaned.items()
    }
    spelled = {short: lands.bodies(lang).get(long, forms.get(long, long)) for short, long in spelled.items()}
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
    bodies = _bodies(result, lang) | full_names(set(result.values()))
    result = {text: bodies.get(name, name) for text, name in result.items()}
    return {text: clubs.get(fold(name)) or _longer(name, ends.get(name, set())) for text, name in result.items()}


def _bodies(names: Mapping[str, str], lang: str) -> dict[str, str]:
    """ "Commission" → "European Commission", "Comisión" → "Comisión Europea": the one commission of the story."""
    bodies = _BODIES | words_of("body", lang) | words_of("chamber", lang) | words_of("short", lang)
    found: dict[str, set[str]] = defaultdict(set)
    for text, name in names.items():
        for words in {_one_line(text), name}:
            for word in bodies.intersection(words.split()) if " " in words else ():
                found[word].add(name)
    return {word: several.pop() for word, several in found.items() if len(several) == 1}


def _known_form(name: str, lang: str) -> str:
    """ "Facebookkal" as Facebook, the first form of what all news in a language calls so; "ООН" as the United Nations:
    bodies of many countries have one name in all languages."""
    if declines(lang):
        known = named_in(lang) | lands.bodies(lang).keys()
        first = listed_form(name, lang, lambda form: form if form in known else None)
        again = first and name in known and listed_form(first, lang, lambda form: form if form == name else None)
        name = first if first and not again else name
    return lands.bodies(lang).get(name, name)


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
    return _AND_CO.sub(r"\1", _LEGAL.sub("", name)) or name


def _clean_organisation(name: str) -> str:
    name = AGENCY.sub("", without_legal_form(name), count=1) or name
    return movement(re.sub(r"^[Tt]he (?=[A-Z])", "", _unshouted(name)))


def _unshouted(name: str) -> str:
    """ "UNITED STATES COURT OF APPEALS" as it is written elsewhere; acronyms in it stay."""
    if not name.isupper() or len(name) < _SHOUTED or " " not in name or not name.isascii():
        return name
    words = [
        word if word in well_known() or is_clipped(word) or not word.isalpha() else word.capitalize()
        for word in name.split(" ")
    ]
    return " ".join([words[0], *(word.lower() if word in _SMALL else word for word in words[1:])])


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
    if reader_of(lang) is Reader.SIGNS:
        forms |= {n.text: within(n.text, lambda name: places.meaning(name, lang) is not None) for n in names}
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
    following = {forms.get(key[0], key[0]): outer for key, outer in outers.items() if key[0] not in several}
    shouted = {mixed_case(text): outer for text, outer in following.items() if text.isupper()}  # a dateline
    following = shouted | following
    asked = {key: f"{key[0]}, {outer}" for key, outer in outers.items() if key[0] in several}
    asked |= {(n.text, n.after): county for n in names if (county := _county(n))}
    waters = {
        match["of"]: n.text
        for n in names
        if (match := _WATER.fullmatch(n.text)) and not places.load().find(match["of"])
    }
    asked |= {(n.text, n.after): waters[n.text] for n in names if n.text in waters}  # "the Teviot" is the River Teviot
    settled = places.settle([*(name.text for name in names), *forms.values(), *asked.values()], following, lang)
    return {(n.text, n.after): settled[asked.get((n.text, n.after), forms.get(n.text, n.text))] for n in names}


def _county(name: DraftMention) -> str:
    """ "Knox County" for either of "Knox and Waldo Counties"; "" where no county is named."""
    if name.text.endswith(" Counties"):
        return name.text.removesuffix("ies") + "y"
    return f"{name.text} County" if _COUNTIES.match(name.after) else ""
