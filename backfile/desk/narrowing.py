"""A query seen from a page: what is typed, what is chosen and left out of its facets, and the queries one step away.

The text is the whole state: a facet value that is clicked becomes an exact leaf of it (person:="Venn"), and an exact
leaf that was typed is a value that is chosen. What a person typed stays as it was typed wherever that says the same.
Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index import And, Everything, Exact, Has, Node, Not, Or, QueryError, Split, When, parse_query, split_query

_PROBE = Exact(("probe",), "tag")  # shows whether a leaf behind a text is one more thing that must match


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A query that can be read. `text` is as it was typed, `split` what it is made of."""

    text: str
    node: Node
    split: Split
    loose: str | None  # what was typed without the choices, where more can simply be written behind it

    @classmethod
    def of(cls, text: str, searches: Mapping[str, str]) -> Narrowed:
        """QueryError for what is no query; `searches` are the saved ones by name."""
        node = parse_query(text, searches)
        apart = split_query(node)
        typed = text.strip()
        loose = None
        if not apart.chosen and not apart.excluded and _goes_on(typed, node, searches):
            loose = typed
        return cls(text, node, apart, loose)

    @property
    def chosen(self) -> Mapping[str, tuple[str, ...]]:
        """By field, the values of which an article has one."""
        return self.split.chosen

    @property
    def excluded(self) -> Mapping[str, tuple[str, ...]]:
        """By field, the values of which an article has none."""
        return self.split.excluded

    @property
    def rest(self) -> str:
        """What is asked besides, "" for nothing."""
        return self._written(Split(self.split.rest, {}, {}))

    @property
    def whole(self) -> str:
        """All that is asked, so that one more thing that must match can be written behind it; "" for nothing."""
        if self.loose is not None:
            return "" if self.loose == "*" else self.loose
        return "" if isinstance(self.node, Everything) else str(self.node)

    def counting(self, field: str) -> Node:
        """The query whose facet of the field counts what choosing a value would find: with what is left out of it.

        A facet counts as if nothing of its field were chosen, or left out; what is left out here is no choice, but a
        part of the query (a group, which is never taken for a choice).
        """
        chosen = {name: held for name, held in self.chosen.items() if name != field}
        excluded = {name: held for name, held in self.excluded.items() if name != field}
        leaf = Exact(self.excluded[field], field)
        return And((*_parts(Split(self.split.rest, chosen, excluded).node()), Not(Or((leaf, leaf)))))

    def choosing(self, field: str, values: Sequence[str]) -> str:
        """With just these values of the field chosen (none: any), and none of them left out."""
        chosen = {name: held for name, held in self.chosen.items() if name != field}
        if values:
            chosen[field] = tuple(dict.fromkeys(values))
        return self._written(Split(self.split.rest, chosen, _less(self.excluded, field, values)))

    def excluding(self, field: str, values: Sequence[str]) -> str:
        """With these values of the field left out as well, and not chosen any more."""
        excluded = {**self.excluded, field: tuple(dict.fromkeys((*self.excluded.get(field, ()), *values)))}
        return self._written(Split(self.split.rest, _less(self.chosen, field, values), excluded))

    def admitting(self, field: str, value: str) -> str:
        """Without the value chosen or left out."""
        values = (value,)
        return self._written(
            Split(self.split.rest, _less(self.chosen, field, values), _less(self.excluded, field, values))
        )

    def without_any(self, field: str) -> str:
        """Those articles that have no value of the field at all."""
        chosen = {name: held for name, held in self.chosen.items() if name != field}
        return self._and(Split(self.split.rest, chosen, self.excluded), Not(Has(field)))

    def during(self, field: str, days: str) -> str:
        """With `days` ("2025-03", "2025-01..2025-03") in place of what was chosen or asked of a field of days."""
        parts = self.split.rest.parts if isinstance(self.split.rest, And) else (self.split.rest,)
        kept = tuple(part for part in parts if not (isinstance(part, When) and part.field == field))
        rest = And(kept) if len(kept) > 1 else kept[0] if kept else Everything()
        apart = Split(rest, {name: held for name, held in self.chosen.items() if name != field}, self.excluded)
        return self._and(apart, When(days, field))

    def clauses(self) -> list[tuple[str, str]]:
        """The parts that must all match, each as text, with the query that is left without it."""
        if not isinstance(self.node, And):
            return [] if isinstance(self.node, Everything) else [(str(self.node), "")]
        found = []
        for number, part in enumerate(self.node.parts):
            others = tuple(other for place, other in enumerate(self.node.parts) if place != number)
            left = And(others) if len(others) > 1 else others[0]
            found.append((f"({part})" if isinstance(part, Or) else str(part), str(left)))
        return found

    def _and(self, apart: Split, more: Node) -> str:
        rest = apart.node()
        parts = (more,) if isinstance(rest, Everything) else (*_parts(rest), more)
        return str(And(parts) if len(parts) > 1 else parts[0])

    def _written(self, apart: Split) -> str:
        if self.loose is None or apart.rest != self.split.rest:
            node = apart.node()
            return "" if isinstance(node, Everything) else str(node)
        choices = Split(Everything(), apart.chosen, apart.excluded).node()
        said = "" if isinstance(choices, Everything) else str(choices)
        return " ".join(filter(None, ("" if self.loose == "*" else self.loose, said)))


def exactly(field: str, values: Sequence[str]) -> str:
    """The query for articles with one of these values of a facet."""
    return str(Exact(tuple(values), field))


def _parts(node: Node) -> tuple[Node, ...]:
    return node.parts if isinstance(node, And) else (node,)


def _less(given: Mapping[str, tuple[str, ...]], field: str, values: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """`given` without these values of the field."""
    left = {name: tuple(one for one in held if name != field or one not in values) for name, held in given.items()}
    return {name: held for name, held in left.items() if held}


def _goes_on(typed: str, node: Node, searches: Mapping[str, str]) -> bool:
    """Whether a leaf written behind the text is one more thing that must match: no operator waits for a partner."""
    if not typed or typed == "*":
        return True
    try:
        return parse_query(f"{typed} {_PROBE}", searches) == And((*_parts(node), _PROBE))
    except QueryError:  # it is as long as a query may be
        return False
