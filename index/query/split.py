"""A tree taken apart into what is asked and what is chosen, so that a typed choice counts as one on a page. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from archive import frozen
from index.plan import grain_of
from index.query.nodes import And, Everything, Exact, Node, Not


@frozen
class Split:
    """`rest`, and facet values by field: of each field in `chosen` an entry has one, of each in `excluded` none.

    All together match what the whole tree matched.
    """

    rest: Node
    chosen: Mapping[str, tuple[str, ...]]
    excluded: Mapping[str, tuple[str, ...]]

    def node(self) -> Node:
        """One tree again, the choices behind the rest."""
        exact: list[Node] = [Exact(values, field) for field, values in self.chosen.items()]
        exact += [Not(Exact(values, field)) for field, values in self.excluded.items()]
        rest = self.rest.parts if isinstance(self.rest, And) else (self.rest,)
        parts = (*(part for part in rest if not isinstance(part, Everything)), *exact)
        return And(parts) if len(parts) > 1 else parts[0] if parts else Everything()


def split(node: Node) -> Split:
    """The exact leaves that hold for every hit, apart from the rest of `node`.

    Two choices of one field stay in the rest: both must hold, and a choice is any of its values. Exclusions of one
    field are one, but for days, months and years of it, which are not counted together.
    """
    parts = list(_conjuncts(node))
    times = Counter(part.field for part in parts if isinstance(part, Exact))
    chosen: dict[str, tuple[str, ...]] = {}
    excluded: dict[str, tuple[str, ...]] = {}
    rest: list[Node] = []
    for part in parts:
        match part:
            case Exact(field=field, values=values) if times[field] == 1:
                chosen[field] = values
            case Not(part=Exact(field=field, values=values)) if _are_alike(values, excluded.get(field, values)):
                excluded[field] = tuple(dict.fromkeys((*excluded.get(field, ()), *values)))
            case _:
                rest.append(part)
    return Split(And(tuple(rest)) if len(rest) > 1 else rest[0] if rest else Everything(), chosen, excluded)


def _are_alike(values: Sequence[str], others: Sequence[str]) -> bool:
    return grain_of(values) == grain_of(others)


def _conjuncts(node: Node) -> Iterator[Node]:
    if isinstance(node, And):
        for part in node.parts:
            yield from _conjuncts(part)
    else:
        yield node
