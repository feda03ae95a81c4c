"""Networks as pictures: who stands with whom on a circle, what cites what in three columns. Pure, and always the same.

A table stands beside each of them: a picture shows where to look, not how much of what.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_LABEL = 30  # characters of a name that are written out; those of Chinese, Japanese and Korean take the room of two
_NARROW = 290  # of what a phone shows: 320 pixels less its margins
_NARROW_LABEL = 26
_RADIUS = 190  # of a circle with few names
_APART = 11  # of the radius for each name: so what is written at the top and at the bottom does not overlap
_ROW = 22  # height of a name in a column
_SPACE = 235  # beside the circle, for names
_WIDEST = 6.0  # of a line


@dataclass(frozen=True, slots=True)
class Name:
    """Something that stands in a network. `kind` gives its colour."""

    label: str
    url: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """Two of the names, by their places; `says` is what a pointer on it shows."""

    one: int
    other: int
    weight: int
    says: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Dot:
    """A name with its place. `side`: whether what is written begins there, ends there or has its middle there."""

    name: Name
    text: str
    x: float
    y: float
    side: str
    text_x: float
    text_y: float


@dataclass(frozen=True, slots=True)
class Curve:
    """A link as a path."""

    link: Link
    path: str
    width: float


@dataclass(frozen=True, slots=True)
class Graph:
    """A picture of so many units."""

    width: int
    height: int
    dots: tuple[Dot, ...]
    curves: tuple[Curve, ...]


def circle(names: Sequence[Name], links: Sequence[Link]) -> Graph:
    """The names around a circle, those that are linked most strongly side by side."""
    order = _order(len(names), links)
    radius = max(_RADIUS, _APART * len(names))
    width, height = 2 * (radius + _SPACE), 2 * radius + 4 * _ROW
    center, middle = width / 2, height / 2
    places: dict[int, tuple[float, float]] = {}
    dots = []
    for place, number in enumerate(order):
        angle = 2 * math.pi * place / max(1, len(order)) - math.pi / 2
        x, y = center + radius * math.cos(angle), middle + radius * math.sin(angle)
        places[number] = x, y
        side = "middle" if abs(x - center) < 1 else "start" if x > center else "end"
        away = {"start": 10, "end": -10, "middle": 0}[side]
        beside = y + (-12 if y < middle else 20) if side == "middle" else y + 5
        dots.append(_dot(names[number], (x, y), side, (x + away, beside)))
    curves = (
        Curve(link, _bent(places[link.one], places[link.other], (center, middle)), _width(link, links))
        for link in sorted(links, key=lambda link: link.weight)
    )
    return Graph(width, height, tuple(dots), tuple(curves))


def columns(left: Sequence[Name], middle: Name, right: Sequence[Name]) -> Graph:
    """What leads to something, that itself, and what it leads to."""
    rows = max(len(left), len(right), 1)
    width, height = 900, (rows + 2) * _ROW
    at = height / 2
    dots = [_dot(middle, (width / 2, at), "middle", (width / 2, _ROW * 0.7))]  # above every line
    curves = []
    for some, x, side in ((left, 290, "end"), (right, width - 290, "start")):
        top = at - (len(some) - 1) * _ROW / 2
        for row, name in enumerate(some):
            y = top + row * _ROW
            dots.append(_dot(name, (x, y), side, (x + (10 if side == "start" else -10), y + 5)))
            link = Link(0, len(dots) - 1, 1, name.label)
            curves.append(Curve(link, f"M{width / 2:.0f} {at:.0f} C{(x + width / 2) / 2:.0f} {at:.0f} "
                                      f"{(x + width / 2) / 2:.0f} {y:.0f} {x:.0f} {y:.0f}", 1.5))  # fmt: skip
    return Graph(width, height, tuple(dots), tuple(curves))


def stacked(left: Sequence[Name], middle: Name, right: Sequence[Name]) -> Graph:
    """The same as columns, from top to bottom for a narrow screen: what leads there, that itself, what it leads to."""
    at = (len(left) + 1) * _ROW
    dots = [_dot(middle, (20, at), "start", (30, at + 5), _NARROW_LABEL)]
    curves = []
    for row, name in (*enumerate(left, 1), *enumerate(right, len(left) + 2)):
        y = row * _ROW
        dots.append(_dot(name, (50, y), "start", (60, y + 5), _NARROW_LABEL))
        curves.append(Curve(Link(0, len(dots) - 1, 1, name.label), f"M20 {at} Q20 {y} 50 {y}", 1.5))
    return Graph(_NARROW, (len(dots) + 1) * _ROW, tuple(dots), tuple(curves))


def _dot(
    name: Name, at: tuple[float, float], side: str, text_at: tuple[float, float], longest: int = _LABEL
) -> Dot:  # fmt: skip
    text = _short(name.label, longest)
    x, y, text_x, text_y = (round(one, 1) for one in (*at, *text_at))
    return Dot(name, text, x, y, side, text_x, text_y)


def _short(label: str, longest: int) -> str:
    """A name in so much room."""
    room = 0
    for place, char in enumerate(label):
        room += 2 if unicodedata.east_asian_width(char) in "WF" else 1
        if room > longest:
            return f"{label[: place - 1].rstrip()}…"
    return label


def _order(count: int, links: Sequence[Link]) -> list[int]:
    """Each name behind the one that it is linked with most strongly of those that are left."""
    strength: dict[tuple[int, int], int] = {}
    for link in links:
        for pair in ((link.one, link.other), (link.other, link.one)):
            strength[pair] = strength.get(pair, 0) + link.weight
    left = list(range(count))
    order: list[int] = []
    while left:
        last = order[-1] if order else -1
        best = max(left, key=lambda one: (strength.get((last, one), 0), -one))
        order.append(best)
        left.remove(best)
    return order


def _bent(one: tuple[float, float], other: tuple[float, float], center: tuple[float, float]) -> str:
    """A line that bends towards the middle, so that lines between neighbours can be told apart."""
    x, y = ((one[axis] + other[axis]) / 2 * 0.35 + center[axis] * 0.65 for axis in (0, 1))
    return f"M{one[0]:.0f} {one[1]:.0f} Q{x:.0f} {y:.0f} {other[0]:.0f} {other[1]:.0f}"


def _width(link: Link, links: Sequence[Link]) -> float:
    most = max(each.weight for each in links)
    return round(1 + (_WIDEST - 1) * link.weight / most, 1)
