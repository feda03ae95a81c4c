"""Pictures of numbers as SVG: bars over time, each of them a link where it leads somewhere. Pure.

The elements carry classes, so that colours follow the page; a table with the same numbers stands beside every picture.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

HEIGHT = 64  # units of the picture
_WIDTH = 1000
_MOST = 400  # bars


@dataclass(frozen=True, slots=True)
class Bar:
    """One stretch of time: its name ("2025-03"), how many, where it leads, and how it is drawn."""

    name: str
    count: int
    url: str = ""
    selected: bool = False
    x: float = 0.0
    y: float = 0.0
    width: float = 0.0
    height: float = 0.0


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars side by side in a box of `width` by `height` units."""

    bars: tuple[Bar, ...]
    width: int = _WIDTH
    height: int = HEIGHT
    top: int = 0  # the largest count


def chart(bars: Sequence[Bar], top: int = 0) -> Chart:
    """The bars side by side; `top` (default: the largest) is as high as the picture, and what is there can be seen."""
    top = max((bar.count for bar in bars), default=0) if top < 1 else top
    step = _WIDTH / max(1, len(bars))
    gap = min(2.0, step * 0.15)
    drawn = []
    for number, bar in enumerate(bars):
        height = max(2.0, HEIGHT * bar.count / top) if bar.count else 0.0
        drawn.append(
            Bar(
                bar.name, bar.count, bar.url, bar.selected, round(number * step + gap / 2, 2),
                round(HEIGHT - height, 2), round(step - gap, 2), round(height, 2),
            )
        )  # fmt: skip
    return Chart(tuple(drawn), top=top)


def filled(counts: Mapping[str, int], grain: str) -> list[tuple[str, int]]:
    """`counts` by year, month or day in order, with the empty ones in between where that is not too many."""
    names = sorted(counts)
    if not names:
        return []
    first, last = (_number(name, grain) for name in (names[0], names[-1]))
    if last - first >= _MOST:
        return [(name, counts[name]) for name in names[-_MOST:]]
    return [(name, counts.get(name, 0)) for name in (_name(number, grain) for number in range(first, last + 1))]


def _number(name: str, grain: str) -> int:
    if grain == "day":
        return date.fromisoformat(name).toordinal()
    year, _, month = name.partition("-")
    return int(year) * 12 + int(month) - 1 if grain == "month" else int(year)


def _name(number: int, grain: str) -> str:
    if grain == "day":
        return date.fromordinal(number).isoformat()
    return f"{number // 12:04}-{number % 12 + 1:02}" if grain == "month" else f"{number:04}"
