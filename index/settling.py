"""A plan in the archive's own terms: tags as it spells them, and for copies of an article the group that it is in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from index.follow import Followed, forms_of
from index.plan import AllOf, AnyOf, Chosen, Condition, NotOf, Plan, Term

if TYPE_CHECKING:
    from index.copies.table import Group

COPIES = "copyof"
_TAG = "tag"


def term_of(group: str) -> str:
    """What documents of a group have in the field COPIES: no id, so that to settle a plan twice is to do it once."""
    return f"={group}"


def settled(plan: Plan, source: Followed, group_of: Callable[[str], Group | None]) -> Plan:
    """The plan as an engine understands it. `source` and `group_of` are asked only where there is something to ask."""
    parts = [leaf for part in (plan.condition, *plan.clauses) for leaf in _leaves(part)]
    chosen = [*(leaf for leaf in parts if isinstance(leaf, Chosen)), *(choice.of for choice in plan.choices)]
    tags = {tag for one in chosen if one.field == _TAG for tag in one.values}
    copies = {leaf.term for leaf in parts if isinstance(leaf, Term) and leaf.field == COPIES}
    if not tags and not copies:
        return plan
    known = forms_of(source, tags) if tags else {}
    groups = {id_: group.name for id_ in copies if (group := group_of(id_))}

    def put(leaf: Condition) -> Condition:
        match leaf:
            case Chosen(field="tag"):
                return _spelled(leaf, known)
            case Term(field="copyof", term=id_) if id_ in groups:
                return AllOf((replace(leaf, term=term_of(groups[id_])), NotOf(Term("url", id_, 0.0))))
            case _:
                return leaf

    return replace(
        plan,
        condition=_with(plan.condition, put),
        choices=tuple(replace(choice, of=_spelled(choice.of, known)) for choice in plan.choices),
        clauses=tuple(_with(part, put) for part in plan.clauses),
        counts=tuple(
            replace(count, selected=_each(count.selected, known)) if count.field == _TAG else count
            for count in plan.counts
        ),
    )


def _leaves(part: Condition) -> Iterator[Condition]:
    match part:
        case AllOf(parts=parts) | AnyOf(parts=parts):
            for one in parts:
                yield from _leaves(one)
        case NotOf(part=inside):
            yield from _leaves(inside)
        case _:
            yield part


def _with(part: Condition, put: Callable[[Condition], Condition]) -> Condition:
    """The condition with something else in the place of its leaves."""
    match part:
        case AllOf(parts=parts) | AnyOf(parts=parts):
            return replace(part, parts=tuple(_with(one, put) for one in parts))
        case NotOf(part=inside):
            return NotOf(_with(inside, put))
        case _:
            return put(part)


def _spelled(chosen: Chosen, known: Mapping[str, str]) -> Chosen:
    return replace(chosen, values=_each(chosen.values, known)) if chosen.field == _TAG else chosen


def _each(values: Iterable[str], known: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(known.get(value, value) for value in values))
