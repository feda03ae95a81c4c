"""Where what matches takes place: the places that most articles name, and where on the globe each of them is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING

from archive import Entry, Geo, Kind, populated, position

if TYPE_CHECKING:
    from backfile.desk.narrowing import Narrowed
    from index import Index

_READ = 3  # articles that say where a place is, of each


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that `articles` of those that match name, and where it is: degrees in WGS 84.

    `country`: its ISO code. `wide`: a whole country or division, or somewhere in it; the position is the middle of its
    towns. Both numbers are None for what nobody knows the place of.
    """

    name: str
    articles: int
    country: str
    latitude: float | None
    longitude: float | None
    wide: bool


@dataclass(frozen=True, slots=True)
class Spots:
    """The places that most articles name, most first, and how many places there are in all.

    `towns`: where people live, as `populated` of the archive has it: what a picture takes for land.
    """

    found: tuple[Spot, ...]
    distinct: int
    towns: frozenset[tuple[int, int]]


def spots(index: Index, each: Callable[[Iterable[str]], Iterator[Entry]], narrowed: Narrowed, limit: int) -> Spots:
    """The first `limit` places, counted as their facet counts them.

    Where each is, some of the articles say that name it: most of them, if they differ.
    """
    (facet,) = index.facets(narrowed.text, ["place"], values=limit)
    shown = [value for value in facet.values if value.count and not value.excluded]
    naming = {value.value: list(islice(index.ids(narrowed.choosing("place", [value.value])), _READ)) for value in shown}
    entries = {entry.id: entry for entry in each(dict.fromkeys(chain.from_iterable(naming.values())))}
    found = (
        _spot(value.value, value.count, [entries[id_] for id_ in naming[value.value] if id_ in entries])
        for value in shown
    )
    return Spots(tuple(found), facet.distinct, populated())


def _spot(name: str, articles: int, entries: Sequence[Entry]) -> Spot:
    said = Counter(geo for entry in entries if (geo := _meant(entry, name)))
    if not said:
        return Spot(name, articles, "", None, None, wide=False)
    ((geo, _),) = said.most_common(1)
    latitude, longitude = position(geo) or (None, None)
    return Spot(name, articles, geo.country, latitude, longitude, wide=geo.latitude is None)


def _meant(entry: Entry, name: str) -> Geo | None:
    """Where an article has the place."""
    found = (one.geo for one in entry.reading.mentions if one.kind is Kind.PLACE and one.canonical == name)
    return next(filter(None, found), None)
