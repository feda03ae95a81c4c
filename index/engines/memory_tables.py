"""The oracle for lists of values, tables and pairs: counted one document after the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from itertools import product
from typing import Protocol

from index.analysis import cut
from index.counting import Axis, Crossed, Listing, Pair, Paired, Pairing, Side, ValueOrder
from index.engines import Tally
from index.folding import fold
from index.plan import Grain
from index.significance import significance, stands_out


class Stored(Protocol):
    """A document as the oracle keeps it."""

    def facet(self, name: str, grain: Grain | None) -> AbstractSet[str]:
        """The values that the facet counts it under."""

    @property
    def day(self) -> date | None:
        """When it was published."""


def listed(found: Sequence[Stored], background: Sequence[Stored], listing: Listing) -> Tally:
    """As counting.Listing says, of the documents `found` without the choices of its field."""
    counts = _counted(found, listing.field, listing.grain)
    against = _counted(background, listing.field, listing.grain)
    scores = {v: significance(n, len(found), against[v], len(background)) for v, n in counts.items()}
    values = [value for value in counts if _begins(value, listing)]
    match listing.order:
        case ValueOrder.NAME:
            values.sort(key=lambda value: (fold(value), value))
        case ValueOrder.SIGNIFICANCE:
            values = [value for value in values if stands_out(counts[value], scores[value])]
            values.sort(key=lambda value: (-scores[value], value))
        case None if listing.grain is not None:
            values.sort(reverse=True)
        case _:
            values.sort(key=lambda value: (-counts[value], value))
    shown = values[listing.offset :][: listing.limit]
    scored = [(against[v], scores[v]) for v in shown] if listing.order is ValueOrder.SIGNIFICANCE else []
    return Tally(tuple((value, counts[value]) for value in shown), len(values), tuple(scored))


def crossed(found: Sequence[Stored], rows: Axis, columns: Axis) -> Crossed:
    """As counting.Crossed says."""
    sides = [_side(found, axis) for axis in (rows, columns)]
    places = [{value: place for place, (value, _) in enumerate(side.values)} for side in sides]
    cells: Counter[tuple[int, int]] = Counter()
    for one in found:
        here = [
            [at[value] for value in one.facet(axis.field, axis.grain) if value in at]
            for axis, at in zip((rows, columns), places, strict=True)
        ]
        cells.update(product(*here))  # type: ignore[arg-type]  # two of them
    return Crossed(sides[0], sides[1], tuple((row, column, count) for (row, column), count in sorted(cells.items())))


def paired(found: Sequence[Stored], asked: Pairing) -> Paired:
    """As counting.Pairing says."""
    one, other = _counted(found, asked.field), _counted(found, asked.by)
    together: dict[tuple[str, str], list[date | None]] = {}
    for document in found:
        for pair in _pairs(document, asked, one):
            together.setdefault(pair, []).append(document.day)
    pairs = [
        _pair(value, by, days, one[value], other[by], len(found)) for (value, by), days in together.items()
    ]  # fmt: skip
    if asked.order is ValueOrder.SIGNIFICANCE:
        pairs = [pair for pair in pairs if stands_out(pair.count, pair.score)]
        pairs.sort(key=lambda pair: (-pair.score, pair.value, pair.other))
    else:
        pairs.sort(key=lambda pair: (-pair.count, pair.value, pair.other))
    return Paired(tuple(pairs[: asked.limit]), len(pairs))


def _pairs(document: Stored, asked: Pairing, counts: Counter[str]) -> Iterator[tuple[str, str]]:
    values, others = document.facet(asked.field, None), document.facet(asked.by, None)
    for value, other in product(values, others):
        if asked.field != asked.by or (-counts[value], value) < (-counts[other], other):
            yield value, other


def _pair(value: str, other: str, days: Sequence[date | None], one: int, two: int, hits: int) -> Pair:
    known = [day for day in days if day is not None]
    score = significance(len(days), one, two, hits)
    return Pair(value, other, len(days), one, two, score, min(known, default=None), max(known, default=None))


def _counted(found: Iterable[Stored], field: str, grain: Grain | None = None) -> Counter[str]:
    return Counter(value for one in found for value in one.facet(field, grain))


def _side(found: Sequence[Stored], axis: Axis) -> Side:
    counts = _counted(found, axis.field, axis.grain)
    if axis.grain is None:
        order = sorted(counts, key=lambda value: (-counts[value], value))[: axis.limit]
    else:
        order = sorted(sorted(counts, reverse=True)[: axis.limit])
    return Side(tuple((value, counts[value]) for value in order), len(counts))


def _begins(value: str, listing: Listing) -> bool:
    if listing.grain is not None:
        return all(value.startswith(start) for start in listing.starts)
    words = [fold(value), *(term for term, _ in cut(value))]
    return all(any(word.startswith(start) for word in words) for start in listing.starts)
