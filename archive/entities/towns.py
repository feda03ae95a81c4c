"""Where on the globe people live and places are, out of the gazetteer's towns: what a map needs. See places.py."""

from __future__ import annotations

import gzip
import math
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from archive.model import Geo

_FILE = Path(__file__).parent / "data" / "places.tsv.gz"


@dataclass(frozen=True, slots=True)
class _Towns:
    cells: frozenset[tuple[int, int]]
    middles: dict[tuple[str, str], tuple[float, float]]


def populated() -> frozenset[tuple[int, int]]:
    """The cells of one degree that have a town of 15,000 people or more: (south, west) edge of each, in degrees."""
    return _towns().cells


def position(geo: Geo) -> tuple[float, float] | None:
    """Latitude and longitude of a place; of a division or a country where its towns have their middle, by people.

    None for what has neither a position nor towns.
    """
    if geo.latitude is not None and geo.longitude is not None:
        return geo.latitude, geo.longitude
    middles = _towns().middles
    return middles.get((geo.country, geo.admin)) or middles.get((geo.country, ""))


@lru_cache(maxsize=1)
def _towns() -> _Towns:
    """Read once in a process, a tenth of a second."""
    cells = set()
    divisions: dict[tuple[str, str], str] = {}
    sums: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for line in gzip.decompress(_FILE.read_bytes()).decode().splitlines():
        if line.startswith("A\t"):
            _, country, code, name = line.split("\t")[:4]
            divisions[country, code] = name
        elif line.startswith("P\t"):
            _, country, code, _, north, east, people = line.split("\t")[:7]
            latitude, longitude = float(north), float(east)
            cells.add((math.floor(latitude), math.floor(longitude)))
            place = _on_globe(latitude, longitude, int(people) + 1)
            for key in {(country, ""), (country, divisions.get((country, code), ""))}:
                sums[key][:] = (one + more for one, more in zip(sums[key], place, strict=True))
    return _Towns(frozenset(cells), {name: _in_degrees(*held) for name, held in sums.items()})


def _on_globe(latitude: float, longitude: float, weight: float) -> tuple[float, float, float]:
    """As a vector of this length from the middle of the globe: so a country may lie across 180° east."""
    north, east = math.radians(latitude), math.radians(longitude)
    return (
        weight * math.cos(north) * math.cos(east),
        weight * math.cos(north) * math.sin(east),
        weight * math.sin(north),
    )


def _in_degrees(x: float, y: float, z: float) -> tuple[float, float]:
    return math.degrees(math.atan2(z, math.hypot(x, y))), math.degrees(math.atan2(y, x))
