"""Words that are printed with a backslash before them, so that they are read as they stand. Pure.

What a sign in a word means depends on what stands around it, and in a text from elsewhere (is_pasted) it means nothing.
A node is printed without knowing its neighbours: whatever may be read as more than a word anywhere is marked.
"""

from __future__ import annotations

from index.query.foreign import has_meaning
from index.query.leaf import CONNECTING, OPERATORS, SINGLE_QUOTES, as_a_word
from index.query.nodes import AS_IT_STANDS
from index.query.parse import names_field
from index.query.syntax import Kind, cut

_FIRST = frozenset("-+!:：<>=~^*|[{/" + AS_IT_STANDS)


def has_sign(text: str, *, named: bool) -> bool:
    """Whether a word may be read as more than one; `named`: right behind the name of a field."""
    return (
        text[0] in _FIRST
        or text.startswith("..")
        or (named and text[0] in SINGLE_QUOTES)
        or text in OPERATORS
        or text.rstrip("0123456789") in CONNECTING
        or (not named and names_field(text))
        or has_meaning(text, named=named)
        or as_a_word(text, named=named) != text
        or not _is_one(text, named=named)
    )


def _is_one(text: str, *, named: bool) -> bool:
    """Whether it is cut into one word."""
    *name, word = cut(f"{'text:' if named else ''}{text}")
    return len(name) == named and word.kind is Kind.WORD and word.text == text
