"""Queries that may have been meant when one found nothing. Pure.

What is missing is asked of another field, or one word is respelled as a word that the index knows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from archive import language_code
from index.analysis import tokens
from index.edits import distance
from index.errors import QueryError
from index.fields import DEFAULT, FIELDS, Field, Shape, by_name
from index.patterns import later
from index.query.nodes import At, Leaf, Phrase, Word
from index.query.parse import parse

Similar = Callable[[str, str, int], list[str]]  # field, term, limit → terms
_NAMED = later(r"(?<!\w)\w+[:：]\s*\Z")
_PER_WORD = 3
_SHORTEST, _SHORT = 3, 5  # letters: shorter words have too many neighbours, and up to here two letters are too many


def elsewhere(text: str, missing: Iterable[Leaf], words: Sequence[Leaf]) -> Iterator[str]:
    """`text` with one of the leaves (those that found nothing) asked of another field, likeliest first.

    `words`: what the query asks; where all of it is bare words, they may be one name.
    """
    if len(words) > 1 and all(isinstance(word, Word) and not word.field for word in words):
        whole = " ".join(word.text for word in words if isinstance(word, Word))
        yield from _of_fields(text, (0, len(text)), Phrase(whole), "")
    for leaf in missing:
        if isinstance(leaf, Word | Phrase) and leaf.at[1] <= len(text):
            start, end = leaf.at
            if turned := _turned(leaf.text):
                yield f"{text[:start]}{Phrase(turned)}{text[end:]}"
            named = _NAMED.search(text, 0, start) if leaf.field else None
            if bool(named) == bool(leaf.field):
                yield from _of_fields(text, (named.start() if named else start, end), leaf, leaf.field)


def _turned(name: str) -> str:
    """`Reed, Ann` as texts have it."""
    last, _, first = map(str.strip, name.partition(","))
    return f"{first} {last}" if first and last else ""


def _of_fields(text: str, at: At, leaf: Word | Phrase, asked: str) -> Iterator[str]:
    """`text` where at this place stands what asks for the same as `leaf`, of every field but the one `asked`."""
    for field in sorted(FIELDS, key=lambda one: (one is not DEFAULT, not one.facet)):
        name = "" if field is DEFAULT else field.name
        value = language_code(leaf.text) if name == "lang" else leaf.text
        if not value or name == "title" or (name, value) == (asked, leaf.text) or field.shape is Shape.FLAG:
            continue
        query = f"{text[: at[0]]}{replace(leaf, text=value, field=name)}{text[at[1] :]}"
        if meant := _meant(query, field):
            yield meant


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


def _meant(text: str, field: Field) -> str:
    """The query, of a date as the language has dates; "" where it is none."""
    try:
        parse(text)
    except QueryError as error:
        return error.suggestion if field.shape is Shape.DATE else ""
    return text


def _is_query(text: str) -> bool:
    try:
        parse(text)
    except QueryError:
        return False
    return True
