"""The query as a tree: frozen nodes, each printing itself in the query language so that parse(str(q)) == q.

A leaf knows the field it asks (`""`: the default, title and text) and `at`, its place in the query text, for messages
only: it takes no part in comparison. Nothing here knows an engine.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import TypeAlias

from archive import frozen
from index.patterns import later

At: TypeAlias = tuple[int, int]  # start and end offset in the query text
NOWHERE: At = (0, 0)
QUOTES = '"“”„＂'  # of which each opens and closes what the others do
AS_IT_STANDS = "\\"  # before a word: no sign in it is one of the language
_TO_ESCAPE = later(rf"[{QUOTES}\\]")
_LONE_STAR = later(r'(?<![^\s"])\*+(?![^\s"])')
_INITIALS = later(r"(?<!\w)[^\W\d_]\.\n[^\W\d_]\.")
_ESCAPED = r"\\\g<0>"


@frozen
class Everything:
    """`*`, or an empty query."""

    at: At = dataclasses.field(default=NOWHERE, compare=False, repr=False)

    def __str__(self) -> str:
        return "*"


@frozen
class Word:
    """A bare word: in texts it also matches its other forms (raid: raids, raided). Also a flag (`is:changed`)."""

    text: str
    field: str = ""
    at: At = dataclasses.field(default=NOWHERE, compare=False, repr=False)

    def __str__(self) -> str:
        return _said(self.field, self.text)


@frozen
class Phrase:
    """Quoted words, exactly these: side by side in order, or in any order with at most `within` others between them."""

    text: str
    field: str = ""
    within: int | None = None
    at: At = dataclasses.field(default=NOWHERE, compare=False, repr=False)

    def __str__(self) -> str:
        near = "" if self.within is None else f"~{self.within}"
        return f"{_prefix(self.field)}{_LONE_STAR.sub(_ESCAPED, _quoted(self.text))}{near}"


@frozen
class Prefix:
    """`immigra*`: any word that begins so."""

    text: str
    field: str = ""
    at: At = dataclasses.field(default=NOWHERE, compare=False, repr=False)

    def __str__(self) -> str:
        return f"{_said(self.field, self.text)}*"


@frozen
class Fuzzy:
    """`Krasnr~`: any word with the same first letter that is at most `edits` edits away (None: by length, 1 or 2)."""

    text: str
    field: str = ""
    edits: int | None = None
    at: At = dataclasses.field(default=NOWHERE, compare=False, repr=False)

    def __str__(self) -> str:
        return f"{_said(self.field, self.text)}~{'' if self.edits is None else self.edits}"


@frozen
class When:
    """A stretch of days as it was written: `2025-01`, `2025-01-01..2025-01-31`, `>=2025-01-15`, `last week`.

    It stays in words, so that a stored query with `last week` means the week before the day it is asked.
    """

    text: str
    field: str
    at: At = dataclasses.field(default=NOWHERE, compare=False, repr=False)

    def __str__(self) -> str:
        return (
            f'{self.field}:"{self.text}"' if any(char.isspace() for char in self.text) else f"{self.field}:{self.text}"
        )


@frozen
class Has:
    """`person:*`: the field has any value."""

    field: str
    at: At = dataclasses.field(default=NOWHERE, compare=False, repr=False)

    def __str__(self) -> str:
        return f"{self.field}:*"


@frozen
class Exact:
    """`person:="Venn"`: the facet of the field has one of these values, just as it shows them."""

    values: tuple[str, ...]  # one or more, in one line each
    field: str
    at: At = dataclasses.field(default=NOWHERE, compare=False, repr=False)

    def __str__(self) -> str:
        quoted = " OR ".join(map(_quoted, self.values))
        return f"{self.field}:={quoted}" if len(self.values) == 1 else f"{self.field}:=({quoted})"


@frozen
class And:
    """All of two or more."""

    parts: tuple[Node, ...]

    def __str__(self) -> str:
        said = [f"({part})" if isinstance(part, And) else _inside(part) for part in self.parts]
        return " ".join(
            f"{AS_IT_STANDS}{one}" if place and _INITIALS.search(f"{said[place - 1][-3:]}\n{one}") else one
            for place, one in enumerate(said)  # J. and K., which are two words
        )


@frozen
class Or:
    """Any of two or more. OR binds closer than standing side by side: `a b OR c` is `a (b OR c)`."""

    parts: tuple[Node, ...]

    def __str__(self) -> str:
        return " OR ".join(f"({part})" if isinstance(part, And | Or) else _inside(part) for part in self.parts)


@frozen
class Not:
    """Everything but."""

    part: Node

    def __str__(self) -> str:
        if isinstance(self.part, Not):
            return f"NOT {self.part}"
        return f"-({self.part})" if isinstance(self.part, And | Or) else f"-{self.part}"


Leaf: TypeAlias = Everything | Word | Phrase | Prefix | Fuzzy | When | Has | Exact
Node: TypeAlias = Leaf | And | Or | Not


def leaves(node: Node) -> Iterator[Leaf]:
    """The leaves from left to right."""
    if isinstance(node, And | Or):
        for part in node.parts:
            yield from leaves(part)
    elif isinstance(node, Not):
        yield from leaves(node.part)
    else:
        yield node


def moved(node: Node, at: At) -> Node:
    """`node` with all its leaves at one place."""
    if isinstance(node, And | Or):
        return dataclasses.replace(node, parts=tuple(moved(part, at) for part in node.parts))
    if isinstance(node, Not):
        return Not(moved(node.part, at))
    return dataclasses.replace(node, at=at)


def _inside(part: Node) -> str:
    """`part` within And or Or. An Or among ANDed parts needs no parentheses but reads better with them."""
    return f"({part})" if isinstance(part, Or) else str(part)


def _quoted(text: str) -> str:
    """In quotes, with those within it and the sign that says so written as the grammar reads them."""
    return f'"{_TO_ESCAPE.sub(_ESCAPED, text)}"'


def _prefix(name: str) -> str:
    return f"{name}:" if name else ""


def _said(name: str, text: str) -> str:
    """A word of a field, so that it is read as one wherever it stands."""
    plain = text.isalpha() and not text.isupper()  # most words: nothing else has to be loaded
    if not plain:
        from index.query.marked import has_sign

        plain = not has_sign(text, named=bool(name))
    return f"{_prefix(name)}{'' if plain else AS_IT_STANDS}{text}"
