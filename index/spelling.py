"""Tags in a plan, spelled as the archive spells them: it has one spelling of each, whichever is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from index.follow import Followed, forms_of
from index.plan import AllOf, AnyOf, Chosen, Condition, NotOf, Plan

TAG = "tag"


def spelled(plan: Plan, source: Followed) -> Plan:
    """The plan with its exact tags as `source` spells them, which is asked only where there is one."""
    wanted = {tag for part in (plan.condition, *plan.clauses) for tag in _tags(part)}
    wanted.update(tag for choice in plan.choices for tag in _tags(choice.of))
    if not wanted:
        return plan
    known = forms_of(source, wanted)
    return replace(
        plan,
        condition=_spelled(plan.condition, known),
        choices=tuple(replace(choice, of=_chosen(choice.of, known)) for choice in plan.choices),
        clauses=tuple(_spelled(part, known) for part in plan.clauses),
        counts=tuple(
            replace(count, selected=_each(count.selected, known)) if count.field == TAG else count
            for count in plan.counts
        ),
    )


def _tags(part: Condition) -> Iterator[str]:
    match part:
        case AllOf(parts=parts) | AnyOf(parts=parts):
            for one in parts:
                yield from _tags(one)
        case NotOf(part=inside):
            yield from _tags(inside)
        case Chosen(field="tag", values=values):
            yield from values


def _spelled(part: Condition, known: Mapping[str, str]) -> Condition:
    match part:
        case AllOf(parts=parts) | AnyOf(parts=parts):
            return replace(part, parts=tuple(_spelled(one, known) for one in parts))
        case NotOf(part=inside):
            return NotOf(_spelled(inside, known))
        case Chosen():
            return _chosen(part, known)
        case _:
            return part


def _chosen(chosen: Chosen, known: Mapping[str, str]) -> Chosen:
    return replace(chosen, values=_each(chosen.values, known)) if chosen.field == TAG else chosen


def _each(values: Iterable[str], known: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(known.get(value, value) for value in values))
