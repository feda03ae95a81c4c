"""Places as circles on a piece of the globe, drawn on the server: nothing is asked of anybody for it. Pure.

Longitude goes right and latitude up, both in even steps (that of longitude as short as it is in the middle of the
piece). What is land shows in the cells of a degree or two that have towns in them. A table stands beside each picture.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from itertools import groupby

WIDTH = 900  # units of the picture
_HEIGHT = 520  # at the most
_SMALLEST = 12.0  # degrees of latitude that a picture has at least: less than that nobody recognises
_AROUND = 0.12  # of what the places span, on each side
_RADIUS = (4.0, 22.0)  # of a circle: the smallest, and the largest
_LABELS = 18
_LETTER, _LINE = 7.6, 15.0  # width and height of what is written
_FINE = 90.0  # degrees of longitude up to which a cell is one degree; beyond that two


@dataclass(frozen=True, slots=True)
class Spot:
    """Something at a place, with how much of it there is. `wide`: somewhere in what has its middle there."""

    label: str
    count: int
    latitude: float
    longitude: float
    wide: bool
    url: str


@dataclass(frozen=True, slots=True)
class Circle:
    """A spot as it is drawn; `text` is what is written beside it from `text_x` on, "" where there is no room."""

    spot: Spot
    x: float
    y: float
    radius: float
    text: str
    text_x: float
    side: str


@dataclass(frozen=True, slots=True)
class Map:
    """A picture of so many units: the land as a path, and circles, the large ones first."""

    width: int
    height: int
    land: str
    circles: tuple[Circle, ...]


@dataclass(frozen=True, slots=True)
class _Window:
    """Which piece of the globe is shown, and how many units a degree has. `west` may be beyond 180°."""

    north: float
    south: float
    west: float
    span: float
    across: float
    down: float

    def at(self, latitude: float, longitude: float) -> tuple[float, float]:
        return ((longitude - self.west) % 360) * self.across, (self.north - latitude) * self.down


def drawn(spots: Sequence[Spot], cells: AbstractSet[tuple[int, int]]) -> Map:
    """The spots on as much of the globe as they need; `cells`: (south, west) of each degree that has towns."""
    window = _window(spots)
    height = math.ceil((window.north - window.south) * window.down)
    ordered = sorted(spots, key=lambda spot: (-spot.count, spot.label))
    return Map(WIDTH, height, _land(cells, window), tuple(_circles(ordered, window, height)))


def _window(spots: Sequence[Spot]) -> _Window:
    """The smallest piece with every spot and some room around it."""
    north = max((spot.latitude for spot in spots), default=60.0)
    south = min((spot.latitude for spot in spots), default=-40.0)
    west, span = _stretch([spot.longitude for spot in spots]) if spots else (-180.0, 360.0)
    tall = max(_SMALLEST, (north - south) * (1 + 2 * _AROUND))
    middle = (north + south) / 2
    squeezed = max(0.2, math.cos(math.radians(middle)))  # how long a degree of longitude is there
    wide = min(360.0, max(span * (1 + 2 * _AROUND), tall * WIDTH / _HEIGHT / squeezed))
    tall = min(180.0, max(tall, wide * squeezed * 0.35))
    top = min(90.0, middle + tall / 2)
    down = WIDTH / wide / squeezed
    down = min(down, _HEIGHT / tall)
    return _Window(top, max(-90.0, top - tall), west + span / 2 - wide / 2, wide, WIDTH / wide, down)


def _stretch(longitudes: Iterable[float]) -> tuple[float, float]:
    """West end and length of the shortest stretch with all of them: it leaves out the widest gap between two."""
    around = sorted({round(longitude, 6) % 360 for longitude in longitudes})
    gaps = [(here - before) % 360 or 360.0 for before, here in zip([around[-1], *around], around, strict=False)]
    widest = max(range(len(around)), key=gaps.__getitem__)
    return around[widest], 360.0 - gaps[widest]


def _land(cells: AbstractSet[tuple[int, int]], window: _Window) -> str:
    """The cells as one path, those side by side as one box."""
    size = 1 if window.span <= _FINE else 2
    coarse = {(south // size * size, west // size * size) for south, west in cells}
    inside = [
        (south, round((west - window.west) % 360 // size))
        for south, west in coarse
        if window.south - size < south < window.north and (west - window.west) % 360 < window.span
    ]
    boxes = []
    shift = math.floor(window.west / size) * size - window.west  # so that a cell stands where its degrees are
    for south, row in groupby(sorted(inside), key=lambda cell: cell[0]):
        columns = [column for _, column in row]
        top, tall = round((window.north - south - size) * window.down), round(size * window.down + 0.5)
        for first, length in _runs(columns):
            left = round(((first + 1) * size + shift) * window.across)
            boxes.append(f"M{left} {top}h{round(length * size * window.across)}v{tall}H{left}z")
    return "".join(boxes)


def _runs(numbers: Sequence[int]) -> Iterable[tuple[int, int]]:
    """Ascending numbers as stretches without gaps: first, and how many."""
    for _, group in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        stretch = [number for _, number in group]
        yield stretch[0], len(stretch)


def _circles(spots: Sequence[Spot], window: _Window, height: int) -> Iterable[Circle]:
    """Areas go by counts; names are written as long as they cover no other name."""
    least, most = _RADIUS
    top = max((spot.count for spot in spots), default=1)
    taken: list[tuple[float, float, float, float]] = []
    for number, spot in enumerate(spots):
        x, y = window.at(spot.latitude, spot.longitude)
        radius = least + (most - least) * math.sqrt(spot.count / top)
        length = len(spot.label) * _LETTER
        written = Circle(spot, round(x, 1), round(y, 1), round(radius, 1), "", 0.0, "start")
        for side, left in (("start", x + radius + 4), ("end", x - radius - 4 - length)):
            box = (left, y - _LINE / 2, length, _LINE)
            inside = left >= 0 and left + length <= WIDTH and 0 < y < height
            if number < _LABELS and inside and not any(_overlap(box, other) for other in taken):
                taken.append(box)
                text_x = left if side == "start" else left + length
                written = replace(written, text=spot.label, text_x=round(text_x, 1), side=side)
                break
        yield written


def _overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return all(one[axis] < other[axis] + other[axis + 2] and other[axis] < one[axis] + one[axis + 2] for axis in (0, 1))
