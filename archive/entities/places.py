"""Which place a name means: countries, their first-level divisions, cities of 15,000 people and more, some regions.

Data: data/places.tsv.gz (GeoNames, CC BY 4.0, reduced by scripts/build_places.py) and data/places_names.tsv (other
names and the names of peoples, compiled here). A name that several places have is settled by what the story says
("Paris, Texas"), then by the other places in it, then by population; a small place that nothing speaks for stays
without a position. Limits: no streets, rivers or villages; states that are gone carry their withdrawn ISO codes.
"""

from __future__ import annotations

import gzip
import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cache, cached_property, lru_cache
from pathlib import Path

from archive.entities import lands
from archive.model import Geo

_DATA = Path(__file__).parent / "data"
NAMES = _DATA / "places_names.tsv"
_PLAIN = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "’": "'", "-": " ", ".": "", ",": ""})
_DIRECTION = re.compile(
    r"(?i)(?:(?:North|South)?(?:East|West)(?:ern)?|(?:North|South)(?:ern)?|Central|Center|Downtown|Greater|Inner|Upper|"
    r"Lower|Outer|Metro|Suburban|Metropolitan)[\s-]+(?=\w)"
)
_ALIKE = 0.5  # share of signs from which another name of a city is a spelling of its own
_SMALL = 5.0  # log10 of the people from which a city is meant without further evidence
_TOWN = 4.4  # … and when the story is set in its country
_RIVAL = 0.4  # and by how much it must be ahead of others of its name
# What speaks for a place, in tenfolds of people: that the story names its country, its division, another town there.
# Chosen so that "the governor of Utah visited Washington" leaves Washington where it is, and Maine has its Portland.
_COUNTRY, _DIVISION, _TOWNS = 1.0, 1.0, 0.5
_OTHER_NAME = 1.5  # what a city is less likely under a name that is not its own: Amman was Philadelphia once
_CAPITAL = 0.7
_GOVERNMENT = {("US", "Washington"): 0.5}  # capitals that stand for a government more than others do
_NATIONS = frozenset({("GB", "England")})  # countries of a country: to name England says little of where in it


@dataclass(frozen=True, slots=True)
class Place:
    """A place that the lists know. `kind` is country, admin, city, region or seat ("White House", "Gaza").

    `weight` says how often it is meant: for a city the logarithm of its people, and a capital counts more.
    """

    kind: str
    name: str
    country: str
    admin: str = ""
    latitude: float | None = None
    longitude: float | None = None
    weight: float = 0.0

    @property
    def geo(self) -> Geo | None:
        return Geo(self.country, self.admin, self.latitude, self.longitude) if self.country else None


@dataclass(frozen=True, slots=True)
class Settled:
    """What a name in a story means: the name to count it under, and where it is, if known."""

    canonical: str
    geo: Geo | None = None


@lru_cache(maxsize=2**13)
def fold(name: str) -> str:
    """A name as it is looked up: no case, accents, dots or hyphens; "Saint" as "st". "L.A." is not "La."."""
    return _folded(name)


def _folded(name: str) -> str:
    if name.isalpha() and name.isascii():
        return _SHORTER.get(name.casefold(), name.casefold())
    if _DOTTED.fullmatch(name):
        return name.casefold()
    if not name.isascii():
        name = "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))
    name = " ".join(name.casefold().translate(_PLAIN).split()).removeprefix("the ")
    return _SHORT.sub(lambda match: _SHORTER[match.group()], name) if _SHORT.search(name) else name


_OTHER_SCRIPT = re.compile("[\u0370-\u1dff\u2e80-\uffef]")
_DOTTED = re.compile(r"(?:[A-Za-z]\.){2,}")
_SHORTER = {"saint": "st", "mt": "mount", "ft": "fort"}
_SHORT = re.compile(r"\b(?:saint|mt|ft)\b")


class Places:
    """The lists, in memory: about 60,000 names; cities are made of their lines when asked for. `load()` loads once."""

    def __init__(self, data: Path = _DATA) -> None:
        self._data = data
        self._by_name: dict[str, list[Place | str]] = {}
        self._added: set[str] = set()  # names of all that is more than a line
        self.demonyms: dict[str, Place] = {}
        self._named: dict[str, Place] = {}  # "US", "US/California"
        self._vouched: set[tuple[str, str, str]] = set()  # folded name, country and name of a place: from our own list
        self._capitals: dict[tuple[str, str], str] = {}  # the line of each
        self._divisions: dict[tuple[str, str], str] = {}
        self._cities: dict[str, Place] = {}  # by their lines
        self._lines: dict[Place | str, str] = {}  # and the other way round
        self._read_geonames(data / "places.tsv.gz")
        renamed: dict[int, Place] = {}
        self._read_names(data / NAMES.name, renamed)
        self._rename(renamed)

    def find(self, name: str) -> list[Place]:
        """Every place of that name, in any case and with or without accents; empty where there is none."""
        names = self._by_name if name.isascii() or not _OTHER_SCRIPT.search(name) else self._other_scripts
        return [self._city(place) if isinstance(place, str) else place for place in names.get(fold(name), ())]

    @cached_property
    def _other_scripts(self) -> dict[str, list[Place | str]]:
        """Cities by their names in other scripts than Latin; read when the first such name is asked for."""
        found: dict[str, list[Place | str]] = {}
        for row in gzip.decompress((self._data / "places_scripts.tsv.gz").read_bytes()).decode().splitlines():
            if not row.startswith("#"):
                start, _, names = row.rpartition("\t")
                known = self._by_name[_folded(start.split("\t")[3])]
                line = next(p for p in known if isinstance(p, str) and p.startswith(f"{start}\t"))
                for other in names.split("|"):
                    found.setdefault(_folded(other), []).append(line)
        return found

    def calls(self, name: str, place: Place) -> bool:
        """Whether a place goes by a name: its own, one of our list, one much like its own, or that of a metropolis.

        GeoNames lists old names and parts of cities too: Jonestown is a part of Baltimore.
        """
        asked, own = fold(name.partition(",")[0]), fold(place.name)
        if place.kind != "city" or asked == own or self.vouches(asked, place):
            return True
        if _OTHER_SCRIPT.search(asked):
            return True
        return place.weight - _OTHER_NAME >= _SMALL or SequenceMatcher(None, asked, own).ratio() >= _ALIKE

    def vouches(self, name: str, place: Place) -> bool:
        """Whether our own list says that the place goes by a name."""
        return (fold(name), place.country, place.name) in self._vouched

    @property
    def countries(self) -> list[Place]:
        """The countries there are, each once."""
        return [place for label, place in self._named.items() if "/" not in label]

    def _add(self, name: str, place: Place | str) -> None:
        folded = _folded(name)  # all are new: no cache helps
        self._added.add(folded)
        known = self._by_name.setdefault(folded, [])
        if (kept := self._lines.get(place, place)) not in known:
            known.append(kept)

    def _read_geonames(self, path: Path) -> None:
        capitals: set[tuple[str, str]] = set()
        for line in gzip.decompress(path.read_bytes()).decode().splitlines():
            kind, country, third, name, *_ = (*line.split("\t", 4), "", "", "")
            if kind == "C":
                capitals.add((country, name))
                self._remember(country, Place("country", third, country, weight=9.0))
            elif kind == "A":
                self._divisions[country, third] = name
                weight = 6.3 if country in ("US", "CA", "GB", "AU") else 4.9
                self._remember(f"{country}/{name}", Place("admin", name, country, name, weight=weight))
            elif kind == "P":
                if (country, name) in capitals:
                    self._capitals.setdefault((country, name), line)
                for called in (name, *(line.rpartition("\t")[2].split("|") if line[-1] != "\t" else ())):
                    known = self._by_name.setdefault(_folded(called), [])
                    if line not in known:
                        known.append(line)

    def _city(self, line: str) -> Place:
        """The city that a line is about."""
        known = self._cities.get(line)
        if known is None:
            _, country, code, name, latitude, longitude, people, _ = line.split("\t")
            size = math.log10(int(people) + 1)
            if self._capitals.get((country, name)) == line:
                size += _CAPITAL + _GOVERNMENT.get((country, name), 0.0)
            where = self._divisions.get((country, code), ""), float(latitude), float(longitude)
            known = self._cities[line] = Place("city", name, country, *where, size)
            self._lines[known] = line
        return known

    def _remember(self, label: str, place: Place) -> None:
        if (known := self._named.get(label)) is None or known.weight < place.weight:
            self._named[label] = place
        self._add(place.name, place)

    def _rename(self, renamed: dict[int, Place]) -> None:
        self._cities = {line: renamed.get(id(place), place) for line, place in self._cities.items()}
        for name in self._added:
            places = self._by_name[name]
            places[:] = [place if isinstance(place, str) else renamed.get(id(place), place) for place in places]
        self.demonyms = {name: renamed.get(id(place), place) for name, place in self.demonyms.items()}

    def _read_names(self, path: Path, renamed: dict[int, Place]) -> None:
        for line in path.read_text(encoding="utf-8").splitlines():
            if not line or line.startswith("#"):
                continue
            kind, label, preferred, others, peoples = (*line.split("\t"), "", "", "")[:5]
            place = self._place(kind, label, preferred)
            if preferred and preferred != place.name:
                renamed[id(place)] = replace(place, name=preferred)
                self._add(preferred, place)
            for name in others.split("|") if others else ():
                self._add(name, place)
                self._vouched.add((fold(name), place.country, preferred or place.name))
            self.demonyms |= dict.fromkeys(peoples.split("|") if peoples else (), place)

    def _place(self, kind: str, label: str, preferred: str) -> Place:
        """The place a line of names is about."""
        if kind in ("region", "former", "seat"):
            place = Place("country" if kind == "former" else kind, preferred, label, weight=8.5)
            self._add(preferred, place)
            return place
        country, _, name = label.partition("/")
        named = [p for p in self.find(name) if p.kind == "city" and (p.country, p.name) == (country, name)]
        named += [self._named[label]] if label in self._named else []
        if not named:
            named = [Place(kind, name or preferred, country, name if kind == "admin" else "", weight=6.3)]
            self._remember(label, named[0])
        known = max(named, key=lambda place: place.weight)
        if kind == "admin" and known.kind != "admin":
            known = next(p for p in self.find(known.name) if p.kind == "admin" and p.country == known.country)
        return known


@lru_cache(maxsize=1)
def load() -> Places:
    """The lists, loaded once per process."""
    return Places()


@dataclass(frozen=True, slots=True)
class _Story:
    """What a story says for sure about where it is: the countries and divisions it names, the towns (in how many names
    of each division), and the country of most. Of a division the names are kept: Quebec does not speak for itself."""

    countries: set[str]
    admins: Mapping[tuple[str, str], set[str]]
    home: str
    towns: Mapping[tuple[str, str], int]

    def score(self, place: Place, name: str) -> float:
        """How likely the story means `place` by `name`, in tenfolds of people."""
        if place.kind == "country" and place.country == "GE" and "US" in self.countries:
            return 6.0  # Georgia, in a story that speaks of the United States
        score = _weight(place, name) + _COUNTRY * (place.country in self.countries)
        if place.kind == "city" and (place.country, place.admin) not in _NATIONS:
            division = place.country, place.admin
            others = self.admins.get(division, set()) - {name}
            score += _DIVISION * bool(others) + _TOWNS * (self.towns.get(division, 0) > 0)
        return score

    def speaks_for(self, place: Place) -> bool:
        """Whether a small place may be meant, because the story is set there."""
        return (place.country, place.admin) in self.admins or (place.country == self.home and place.weight > _TOWN)


@cache
def _countries_in(lang: str) -> dict[str, Place]:
    """Names of countries, parts of them and continents in another language: "Deutschland" in German."""
    shown = ((place, load().find(place.name)) for place in load().countries)
    known = {place.country: next((p for p in found if p.kind == "country"), place) for place, found in shown}
    known |= {
        name: found[0] for name in set(lands.also(lang).values()) if len(name) > 2 and (found := load().find(name))
    }
    known |= {name: load().find(name)[0] for name in lands.CONTINENTS}
    names = lands.territories(lang) | lands.also(lang)
    return {fold(name): known[code] for name, code in names.items() if code in known}


def meaning(name: str, lang: str) -> Hashable | None:
    """What a name stands for in a language: the largest place that is called so, None where no list knows it."""
    found = _countries_in(lang).get(fold(name))
    return found or max(load().find(name), key=lambda place: place.weight, default=None)


def settle(names: Iterable[str], following: Mapping[str, str] | None = None, lang: str = "en") -> dict[str, Settled]:
    """What each of the place names of one story means.

    `following` gives, for a name, the name that stands after it and a comma, where one does ("Paris" → "Texas").
    `lang` is the language of the story; its names of countries are known too.
    """
    places, names = load(), list(dict.fromkeys(names))
    following = following or {}
    candidates = {name: _candidates(places, name) for name in names}
    if lang not in ("en", ""):
        local = _countries_in(lang)
        candidates |= {name: [local[fold(name)]] for name in names if fold(name) in local}
    certain = _certain(candidates)
    countries = {p.country for p in certain.values() if p.country}
    admins: dict[tuple[str, str], set[str]] = defaultdict(set)
    for name, place in certain.items():
        if place.kind == "admin":
            admins[place.country, place.admin].add(name)
    likely = Counter(found[0].country for found in candidates.values() if found and found[0].country)
    home = max(likely, key=lambda country: likely[country], default="")
    towns = Counter((p.country, p.admin) for p in certain.values() if p.kind == "city")
    story = _Story(countries, admins, home if likely[home] > 1 else "", towns)
    return {name: _settled(name, candidates[name], following.get(name, ""), story) for name in names}


def _certain(candidates: Mapping[str, list[Place]]) -> dict[str, Place]:
    """The places that a story names for sure: what one place alone is called, countries, and divisions whose name no
    town of like weight has."""
    certain = {name: found[0] for name, found in candidates.items() if found and _clear(found)}
    if any(place.country == "US" for place in certain.values()):
        towns = any(place.country == "GE" and place.kind == "city" for place in certain.values())
        state = next((p for p in load().find("Georgia") if p.kind == "admin"), None)
        if state and not towns:  # Georgia is the state, unless a town speaks for the country
            certain = {name: state if place.country == "GE" else place for name, place in certain.items()}
    return certain


def _clear(found: list[Place]) -> bool:
    best, *others = found
    ahead = all(place.weight < best.weight - 1 for place in others if place.admin != best.admin)
    return not others or best.kind == "country" or (best.kind == "admin" and ahead)


def _candidates(places: Places, name: str) -> list[Place]:
    found = places.find(name)
    if not found and "," in name:
        head, _, tail = name.partition(",")
        inside = places.find(tail)
        found = [p for p in places.find(head) if any(_lies_in(p, outer) for outer in inside)]
    return sorted(found, key=lambda p: -_weight(p, name))


def _weight(place: Place, name: str) -> float:
    """How often `name` means the place: less when it is only another name of it."""
    return place.weight - _OTHER_NAME * (place.kind == "city" and fold(place.name) != fold(name.partition(",")[0]))


def _lies_in(place: Place, outer: Place) -> bool:
    if outer.kind == "country":
        return place.country == outer.country
    return outer.kind == "admin" and (place.country, place.admin) == (outer.country, outer.admin)


def _settled(name: str, found: list[Place], after: str, story: _Story) -> Settled:
    people = load().demonyms.get(name)
    if not found:  # "Saudi officials", taken for a place
        return Settled(people.name, people.geo) if people is not None else _part_of(name, story)
    said = [p for p in found if after and any(_lies_in(p, outer) for outer in load().find(after))]
    if said or ("," in name and not load().find(name)):  # "Springfield, Ill." as a name of its own
        best = (said or found)[0]
    else:
        best = max(_bearers(found, name, story), key=lambda p: story.score(p, name))
        if not load().calls(name, best):
            return Settled(name)
        unsure = best.weight < _SMALL or _rivalled(best, found)
        if best.kind == "city" and unsure and not story.speaks_for(best):
            return Settled(name)
    return Settled(_full_name(best), best.geo)


def _bearers(found: list[Place], name: str, story: _Story) -> list[Place]:
    """Without those of another name, where a town bears this one and nothing speaks for them: Monterrey, Monterey."""
    own = [p for p in found if p.kind != "city" or fold(p.name) == fold(name) or load().vouches(name, p)]
    return [p for p in found if p in own or p.country in story.countries] if own else found


def _rivalled(best: Place, found: list[Place]) -> bool:
    """Whether another city of the same name is nearly as large: Springfield, Cambridge."""
    return any(p is not best and p.name == best.name and p.weight > best.weight - _RIVAL for p in found)


def _full_name(place: Place) -> str:
    """The name; for a city that a larger one shares its name with, also the division it lies in."""
    if place.kind != "city" or not place.admin or place.admin == place.name:
        return place.name
    larger = any(p.weight > place.weight and p.name == place.name and p.kind == "city" for p in load().find(place.name))
    return f"{place.name}, {place.admin}" if larger else place.name


def _part_of(name: str, story: _Story) -> Settled:
    """ "North Philadelphia" is a place of its own that lies where Philadelphia does."""
    direction = _DIRECTION.match(name)
    if direction is None:
        return Settled(name)
    whole = sorted(load().find(name[direction.end() :]), key=lambda p: -p.weight)
    if not whole or whole[0].kind == "region":
        return Settled(name)
    rest = name[direction.end() :]
    best = max(whole, key=lambda p: story.score(p, rest))
    if best.weight < _SMALL and not story.speaks_for(best):
        return Settled(name)
    where = (best.latitude, best.longitude) if best.kind == "city" else (None, None)
    return Settled(name, Geo(best.country, best.admin, *where))
