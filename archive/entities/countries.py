"""Which countries a story is about: cities, divisions, peoples and governments rolled up, by lists alone.

Independent of the recogniser: names are looked up wherever a capitalised word stands, so it works on any English text
and at the speed of a scan. A country counts when the headline or the first lines name it, or when the text does so
again. A company's ticker ("<ICI.L>") speaks for the country of its exchange. Limits: English names; a city whose name
is a common word ("Reading") does not count here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from archive.entities import places, subjects
from archive.entities.peoples import peoples
from archive.entities.places import Place

_TOKEN = re.compile(r"(?:[A-Z]\.){2,}|[^\W_][\w'’-]*")
_LONGEST = 4  # words of a place's name
_COMMON = 6.5  # nats: a single word more common than this is no city
_BIG = 5.3  # log10 of the people of a city that counts
_HUGE = 6.2  # from which even a common word or another name may be meant; divisions of English-speaking federations
_LEAD = 300  # characters of the text that say what it is about
_IN_TITLE = 3  # mentions that one in the headline is worth
_GEORGIA = "Georgia"
_LISTED = 3  # mentions that a listed company is worth
_SHARE = 0.34  # of the country named most
_TICKER = re.compile(r"<[A-Z]{1,5}(?:\.(?P<at>[A-Z]{1,2}))?>")
_EXCHANGES = {
    "": "US",
    "L": "GB",
    "T": "JP",
    "F": "DE",
    "PA": "FR",
    "MI": "IT",
    "AS": "NL",
    "TO": "CA",
    "M": "CA",
    "S": "CH",
    "HK": "HK",
    "SI": "SG",
    "ST": "SE",
    "BR": "BE",
    "O": "US",
    "OL": "NO",
    "SY": "AU",
}
"""Where a company is listed, by the end of its ticker as agencies write it: "<ICI.L>"; without an end, New York."""
_CLUES = {
    "GB": re.compile(r"\bstg\b|\bpence\b|£|\b[Pp]lc\b|\bPLC\b"),
    "JP": re.compile(r"\byen\b|¥"),
    "DE": re.compile(r"\bGmbH\b|\bAG\b"),
    "IT": re.compile(r"\bSpA\b|\bS\.p\.A\b|\blire\b"),
}
"""Money and legal forms of companies: what tells the country of a story that names none."""


def countries(title: str, text: str) -> list[str]:
    """ISO codes of the countries a story is about, the one named most first; empty where it names none."""
    counts = _counted([(_IN_TITLE, place) for _, place in _named(title.title() if title.isupper() else title)])
    counts += _counted([(2 if start < _LEAD else 1, place) for start, place in _named(text)])
    georgia = counts.pop(_GEORGIA, 0)
    if georgia:  # the state, unless the story speaks of the country by other names
        counts["GE" if counts["GE"] and not counts["US"] else "US"] += georgia
    for ticker in _TICKER.finditer(f"{title}\n{text[:_LEAD]}"):
        if country := _EXCHANGES.get(ticker["at"] or ""):
            counts[country] += _LISTED
    if not counts:
        return [country for country, clue in _CLUES.items() if clue.search(text)][:1]
    least = _SHARE * max(counts.values())
    return [country for country, count in counts.most_common() if count >= least]


def _counted(votes: list[tuple[int, Place]]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for weight, place in votes:
        counts[_GEORGIA if place.kind == "admin" and place.name == _GEORGIA else place.country] += weight
    return counts


def _named(text: str) -> Iterator[tuple[int, Place]]:
    """(position, place) of the names of places and peoples that belong to a country."""
    for start, _, place in peoples(text):
        yield start, place
    words = [(m.start(), m.end()) for m in _TOKEN.finditer(text)]
    index = 0
    while index < len(words):
        found = _longest(text, words, index) if text[words[index][0]].isupper() else None
        if found:
            yield words[index][0], found[0]
        index += found[1] if found else 1


def _longest(text: str, words: list[tuple[int, int]], index: int) -> tuple[Place, int] | None:
    """The place whose name is the longest that starts at a word, and how many words it has."""
    known = places.load()
    for size in range(min(_LONGEST, len(words) - index), 0, -1):
        name = (
            " ".join(text[words[index][0] : words[index + size - 1][1]].split()).removesuffix("'s").removesuffix("’s")
        )
        fits = [p for p in known.find(name) if p.country and _counts(p, name)]
        if fits:
            return max(fits, key=lambda p: (places.fold(p.name) == places.fold(name), p.weight)), size
    return None


def _counts(place: Place, name: str) -> bool:
    if name[:4].lower() == "the " or (len(name) < 4 and not name.isupper()):
        return False
    if place.kind in ("country", "seat"):
        return place.country != "GE"  # "Georgia" is counted as the state first
    if place.kind == "city" and places.fold(place.name) != places.fold(name):
        return place.weight > _HUGE  # old and foreign names of smaller cities are other things mostly
    rare = " " in name or subjects.load().rarity.get(name.lower(), 9.0) > _COMMON or place.weight > _HUGE
    return rare and (place.weight > _HUGE if place.kind == "admin" else place.weight >= _BIG)


_SHARED = {
    "jordan",
    "georgia",
    "chad",
    "guinea",
    "niger",
    "mali",
    "dominica",
    "grenada",
    "jersey",
    "turkey",
    "togo",
}
"""Countries whose names are also those of people, states, animals: left to the recogniser."""


@lru_cache(maxsize=1)
def country_names() -> re.Pattern[str]:
    """Finds the names of countries that mean nothing else, as they are written in running text."""
    names = {p.name for p in places.load().countries} | {"U.S.", "U.K.", "U.S.A.", "Britain", "UAE"}
    plain = sorted((n for n in names if places.fold(n) not in _SHARED and len(n) > 3), key=len, reverse=True)
    dotted = [name for name in plain if name.endswith(".")]  # "U.S. President" is no name of several words
    rest = [name for name in plain if not name.endswith(".")]
    return re.compile(
        rf"(?=[A-Z])(?<![\w-])(?:(?:{'|'.join(map(re.escape, dotted))})"  # capitals first: most positions have none
        rf"|(?:{'|'.join(map(re.escape, rest))})(?!\s[A-Z]))(?![\w-])"
    )
