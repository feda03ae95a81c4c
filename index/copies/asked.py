"""copyof:ID in a plan: the group that the article is in, without the article itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from index.plan import AllOf, AnyOf, Condition, NotOf, Plan, Term

if TYPE_CHECKING:
    from index.copies.table import Group

FIELD = "copyof"


def term_of(group: str) -> str:
    """What documents of a group have in the field: no id, so that a plan is not translated twice."""
    return f"={group}"


def in_groups(plan: Plan, group_of: Callable[[str], Group | None]) -> Plan:
    """The plan as an engine understands it, which knows the names of groups; to do it twice is to do it once."""
    if not any(map(_asks, (plan.condition, *plan.clauses))):
        return plan
    return replace(
        plan,
        condition=_named(plan.condition, group_of),
        clauses=tuple(_named(part, group_of) for part in plan.clauses),
    )


def _asks(part: Condition) -> bool:
    match part:
        case AllOf(parts=parts) | AnyOf(parts=parts):
            return any(map(_asks, parts))
        case NotOf(part=inside):
            return _asks(inside)
        case Term(field="copyof"):
            return True
        case _:
            return False


def _named(part: Condition, group_of: Callable[[str], Group | None]) -> Condition:
    match part:
        case AllOf(parts=parts) | AnyOf(parts=parts):
            return replace(part, parts=tuple(_named(one, group_of) for one in parts))
        case NotOf(part=inside):
            return NotOf(_named(inside, group_of))
        case Term(field="copyof", term=id_) if group := group_of(id_):
            return AllOf((replace(part, term=term_of(group.name)), NotOf(Term("url", id_, 0.0))))
        case _:
            return part
