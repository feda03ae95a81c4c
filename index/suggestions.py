"""Queries that may have been meant when one found nothing. Pure.

What is missing is asked of another field, or one word is respelled as a word that the index knows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import product

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
_BORDER = later(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
_PER_WORD = 3
_EACH = 2  # spellings of each of several words
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


def respelled(text: str, missing: Sequence[Leaf], similar: Similar) -> Iterator[str]:
    """`text` with one word of the leaves (those that found nothing) replaced, likeliest first for each word.

    Of several leaves that are one word each, all are replaced.
    """
    words = [[*_joined(text, leaf), *_similar(text, leaf, similar)] for leaf in missing]
    several = len(words) > 1 and all(isinstance(leaf, Word) for leaf in missing)
    changes = product(*(each[:_EACH] for each in words)) if several else ((one,) for each in words for one in each)
    for change in changes:
        query = text
        for (begin, end), term in sorted(change, reverse=True):
            query = f"{query[:begin]}{term}{query[end:]}"
        if _is_query(query):
            yield query


def _joined(text: str, leaf: Leaf) -> Iterator[tuple[At, str]]:
    """A word with its hyphens taken out, or with one between its letters and its digits."""
    if isinstance(leaf, Word) and leaf.at[1] <= len(text):
        for other in (leaf.text.replace("-", ""), _BORDER.sub("-", leaf.text)):
            if other != leaf.text and text[slice(*leaf.at)] == leaf.text:
                yield leaf.at, other


def _similar(text: str, leaf: Leaf, similar: Similar) -> Iterator[tuple[At, str]]:
    """The words of a leaf that may have been misspelled: where each is, and what it may have been."""
    if not isinstance(leaf, Word | Phrase) or leaf.at[1] > len(text):
        return
    field = by_name()[leaf.field] if leaf.field else DEFAULT
    if field.shape not in (Shape.TEXT, Shape.NAME):
        return
    start, end = leaf.at
    for token in tokens(text[start:end]):
        typed = token.term
        if len(typed) < _SHORTEST:
            continue
        near = dict.fromkeys(term for name, _ in field.asks for term in similar(name, typed, _PER_WORD))
        likely = sorted((term for term in near if _is_near(term, typed)), key=partial(distance, typed))
        for term in likely[:_PER_WORD]:
            yield (start + token.start, start + token.end), term


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
