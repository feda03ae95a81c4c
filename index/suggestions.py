"""Queries that may have been meant when one found nothing: one word respelled as a word that the index knows. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from index.analysis import tokens
from index.edits import distance
from index.errors import QueryError
from index.fields import DEFAULT, Field, Shape, by_name
from index.query.nodes import Leaf, Phrase, Word
from index.query.parse import parse

Similar = Callable[[str, str, int], list[str]]  # field, term, limit → terms
_PER_WORD = 3
_SHORTEST, _SHORT = 3, 5  # letters: shorter words have too many neighbours, and up to here two letters are too many


def respelled(text: str, missing: Iterable[Leaf], similar: Similar) -> Iterator[str]:
    """`text` with one word of one of the leaves (those that found nothing) replaced, likeliest first for each word."""
    for field, begin, end, typed in _words(text, missing):
        near = dict.fromkeys(term for name, _ in field.asks for term in similar(name, typed, _PER_WORD))
        for term in [term for term in near if _is_near(term, typed)][:_PER_WORD]:
            query = f"{text[:begin]}{term}{text[end:]}"
            if _is_query(query):
                yield query


def _words(text: str, missing: Iterable[Leaf]) -> Iterator[tuple[Field, int, int, str]]:
    """The words of `text` that may have been misspelled: field, begin and end, term."""
    for leaf in missing:
        if not isinstance(leaf, Word | Phrase) or leaf.at[1] > len(text):
            continue
        field = by_name()[leaf.field] if leaf.field else DEFAULT
        if field.shape in (Shape.TEXT, Shape.NAME):
            start, end = leaf.at
            for token in tokens(text[start:end]):
                if len(token.term) >= _SHORTEST:
                    yield field, start + token.start, start + token.end, token.term


def _is_near(term: str, typed: str) -> bool:
    """Two letters may differ in a long word, one in a short one."""
    return len(typed) > _SHORT or distance(term, typed) == 1


def _is_query(text: str) -> bool:
    try:
        parse(text)
    except QueryError:
        return False
    return True
