"""Queries that may have been meant when one found nothing. Pure.

What is missing is asked of another field, or one word is respelled as a word that the index knows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice, product, takewhile

from archive import language_code
from index.analysis import tokens
from index.edits import distance
from index.errors import QueryError
from index.fields import DEFAULT, FIELDS, Field, Shape, by_name
from index.patterns import later
from index.query.nodes import At, Exact, Leaf, Phrase, Prefix, When, Word
from index.query.parse import parse
from index.query.said import of_values

Similar = Callable[[str, str, int], list[str]]  # field, term, limit → terms
_NAMED = later(r"(?<!\w)\w+[:：]\s*\Z")
_BORDER = later(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
_SIGNS = later(r'["()]|\s[-!+]')
_CAPITALS = later(
    r"(?<![^\s(])[^\W\d_a-z][\w.’'-]*(?: (?:(?:de|van|von|der|al|bin|da|di|du) )*[^\W\d_a-z][\w.’'-]*)+(?=[\s?!.,)]|\Z)"
)
_INITIALS = later(r"(?<!\w)(?:[^\W\d_] ){2,}(?=\w)")
_OF_NAMES = ("author", "person", "org")
_LONGEST = 4  # words behind the first one of a name
_ELIDED = ("O", "D", "L")  # O'Neil, D'Angelo
_OPERATORS = {
    **dict.fromkeys("ODER OU O OF ELLER LUB ALBO VEYA ИЛИ АБО".split(), "OR"),
    **dict.fromkeys("UND ET Y E EN OCH OG I ORAZ VE И І ТА".split(), "AND"),
    **dict.fromkeys("NICHT OHNE SAUF PAS NO NON NIET INTE IKKE NIE НЕ".split(), "NOT"),
}
_TITLE = 4  # letters: Mrs, M., Sen.
_PER_WORD = 3
_EACH = 2  # spellings of each of several words
_SHORTEST, _SHORT = 3, 5  # letters: shorter words have too many neighbours, and up to here two letters are too many


def elsewhere(text: str, missing: Iterable[Leaf], words: Sequence[Leaf], *, days: bool = True) -> Iterator[str]:
    """`text` with one of the leaves (those that found nothing) asked of another field, likeliest first.

    `words`: what the query asks; where all of it is bare words, they may be one name. `days`: fields of days as well.
    """
    yield from filter(_is_query, _elsewhere(text, missing, words, days=days))


def _elsewhere(text: str, missing: Iterable[Leaf], words: Sequence[Leaf], *, days: bool) -> Iterator[str]:
    if len(words) > 1 and all(isinstance(word, Word) and not word.field for word in words):
        whole = " ".join(word.text for word in words if isinstance(word, Word))
        yield from _of_fields(text, (0, len(text)), Phrase(whole), "", days=days)
    yield from _names(text, words)
    if (operated := _operated(text)) != text:
        yield operated
    if grouped := _grouped(text):
        yield grouped
    for leaf in missing:
        start, end = leaf.at
        if end > len(text):
            continue
        for other in _others(leaf):
            yield f"{text[:start]}{other}{text[end:]}"
        if isinstance(leaf, Word | Phrase):
            named = _NAMED.search(text, 0, start) if leaf.field else None
            if bool(named) == bool(leaf.field):
                place = (named.start() if named else start, end)
                if leaf.field and (has := of_values(leaf.text, leaf.field)):
                    yield f"{text[: place[0]]}{has}{text[end:]}"
                yield from _of_fields(text, place, leaf, leaf.field, days=days)


def _names(text: str, words: Sequence[Leaf]) -> Iterator[str]:
    """`text` with what may be one name of several words in quotes.

    Those behind a field ("author:Ann Reed", "tag:to check"), the longest name first; and those with capitals in a line
    of small letters, asked of the fields of people and bodies.
    """
    for place, leaf in enumerate(words):
        if not isinstance(leaf, Word | When | Exact) or not leaf.field or leaf.at[1] > len(text):
            continue
        start = leaf.at[0] if not isinstance(leaf, Exact) else text.find(":=", leaf.at[0]) + 2
        row = takewhile(lambda one: isinstance(one, Word) and not one.field, words[place + 1 :])
        for end in reversed([one.at[1] for one in islice(row, _LONGEST)]):
            if not _SIGNS.search(text, start, end):
                yield f'{text[:start]}"{text[start:end]}"{text[end:]}'
    if any(map(str.islower, text.split())):
        for found in _CAPITALS.finditer(text):
            yield from (f"{text[: found.start()]}{Phrase(found[0], name)}{text[found.end() :]}" for name in _OF_NAMES)


def _operated(text: str) -> str:
    """`text` with the operators of another language, in capitals among words that are not, as ours."""
    words = text.split(" ")
    small = any(map(str.islower, words))
    return " ".join(_OPERATORS.get(word, word) for word in words) if small else text


def _grouped(text: str) -> str:
    """`text` with OR between all that stands on its sides, where it is between two words; "" where there is none."""
    sides = text.split(" OR ")
    plain = len(sides) > 1 and not set(text) & set('"():') and any(" " in side for side in sides)
    return " OR ".join(f"({side})" if " " in side else side for side in sides) if plain else ""


def _others(leaf: Leaf) -> Iterator[Phrase | Prefix | str]:
    """What else may have been meant: an ending cut off, initials without points, a name without what is before it, a
    value that is not just this one."""
    if isinstance(leaf, Word | Phrase) and (turned := _turned(leaf.text)):
        yield Phrase(turned)
    if isinstance(leaf, Word) and leaf.text.endswith("!"):
        yield Prefix(leaf.text.rstrip("!"))
    elif isinstance(leaf, Word) and leaf.field and "," in leaf.text.strip(","):
        yield f"({' OR '.join(filter(None, leaf.text.split(',')))})"
    elif isinstance(leaf, Phrase) and leaf.field:
        first, _, rest = leaf.text.partition(" ")
        if (joined := _INITIALS.sub(lambda found: found[0].replace(" ", "."), leaf.text)) != leaf.text:
            yield Phrase(joined)
        if rest and first.upper() in _ELIDED:
            yield Phrase(f"{first}'{rest}")
        if rest and len(first.rstrip(".")) <= _TITLE:
            yield Phrase(rest)
    elif isinstance(leaf, Exact) and len(leaf.values) == 1:
        yield Phrase(leaf.values[0], leaf.field)


def _turned(name: str) -> str:
    """`Reed, Ann` as texts have it."""
    last, _, first = map(str.strip, name.partition(","))
    return f"{first} {last}" if first and last else ""


def _of_fields(text: str, at: At, leaf: Word | Phrase, asked: str, *, days: bool) -> Iterator[str]:
    """`text` where at this place stands what asks for the same as `leaf`, of every field but the one `asked`, and but
    those of days unless these are wanted (`days`)."""
    for field in sorted(FIELDS, key=lambda one: (one is not DEFAULT, not one.facet)):
        name = "" if field is DEFAULT else field.name
        value = language_code(leaf.text) if name == "lang" else leaf.text.lstrip("#@") if name else leaf.text
        if not value or name == "title" or (name, value) == (asked, leaf.text) or field.shape is Shape.FLAG:
            continue
        if field.shape is Shape.DATE and not days:
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
    if field.shape not in (Shape.TEXT, Shape.NAME) or leaf.text[0] in "#@":  # what those name is spelled so
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
        is_day = field.shape is Shape.DATE and ":*" not in error.suggestion
        return error.suggestion if is_day else ""
    return text


def _is_query(text: str) -> bool:
    try:
        parse(text)
    except QueryError:
        return False
    return True
