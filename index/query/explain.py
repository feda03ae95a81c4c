"""The query said back in words, so that a person sees what was understood. Pure."""

from __future__ import annotations

from datetime import date

from index.fields import DEFAULT, FLAGS, Field, Shape, by_name
from index.plan import FIRST_DAY, LAST_DAY
from index.query.compile import is_address
from index.query.nodes import And, Everything, Exact, Fuzzy, Has, Leaf, Node, Not, Or, Phrase, Prefix, When, Word

_SUBJECT = "articles that "
_CALLED = {"org": "organisation", "lang": "language", "is": "flag"}  # fields whose names are no words


def explain(node: Node, today: date) -> str:
    """`node` as an English sentence part: "articles that mention the person “Krasner” and are about “ICE”"."""
    return "all articles" if isinstance(node, Everything) else _SUBJECT + explain_part(node, today)


def explain_part(node: Node, today: date) -> str:
    """One part of the query, as its part of the sentence: "mention the person “Krasner”"."""
    match node:
        case And(parts=parts):
            return " and ".join(
                f"({explain_part(part, today)})" if isinstance(part, And) else explain_part(part, today)
                for part in parts
            )
        case Or(parts=parts):
            return f"(either {' or '.join(explain_part(part, today) for part in parts)})"
        case Not(part=part):
            if isinstance(part, And | Or | Not):
                return f"are not among those that ({explain_part(part, today)})"
            return _negated(_leaf(part, today))
        case _:
            return _leaf(node, today)


def _leaf(leaf: Leaf, today: date) -> str:
    match leaf:
        case Everything():
            return "exist"
        case When(text=text, field=name):
            return by_name()[name].says.format(_days(text, today))
        case Has(field=name):
            return f"have any {_CALLED.get(name, name)}"
        case Exact(values=values, field=name):
            return f"have exactly the {_CALLED.get(name, name)} {' or '.join(f'“{value}”' for value in values)}"
        case Word(field="") | Prefix(field="") if is_address(leaf):
            return f"have or cite the address {_value(leaf, DEFAULT)}"
        case Word(text=text, field="is"):
            return f"are “{text}” ({FLAGS[text]})"
        case _:
            field = by_name()[leaf.field] if leaf.field else DEFAULT
            return field.says.format(_value(leaf, field))


def _negated(said: str) -> str:
    verb, _, rest = said.partition(" ")
    return f"{verb} not {rest}" if verb in ("are", "were") else f"do not {said}"


def _value(leaf: Word | Phrase | Prefix | Fuzzy, field: Field) -> str:
    match leaf:
        case Phrase(text=text, within=None) if field.shape is Shape.TEXT:
            return f"exactly “{text}”"
        case Phrase(text=text, within=int(within)):
            return f"the words “{text}” with at most {within} others between them"
        case Prefix(text=text):
            return f"“{text}…”"
        case Fuzzy(text=text, edits=edits):
            return f"“{text}” or like it" + (f" (by {edits} letters at most)" if edits else "")
        case Word(text=text) if field.stemmed and text.isalpha():
            return f"“{text}” in any form"
        case _:
            return f"“{leaf.text}”"


def _days(text: str, today: date) -> str:
    from index.query import dates

    first, last = dates.read(text, today)
    if not FIRST_DAY <= first <= last <= LAST_DAY:
        return "on no day at all"
    begin, end = (date.fromordinal(day).isoformat() for day in (first, last))
    if first == last:
        return f"on {begin}"
    if first == FIRST_DAY:
        return f"on or before {end}"
    if last == LAST_DAY:
        return f"on or after {begin}"
    return f"from {begin} to {end}"
