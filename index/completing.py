"""Names as they are typed: those whose own words begin so, and those that are known by another name that does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import chain, islice

from archive import Entry
from index.analysis import cut
from index.engines import Completes, Engine
from index.follow import Followed
from index.plan import AllOf, Choice, Chosen, Condition, Count, Limits, Overrun, Plan, Prefix
from index.values import forms

_LETTERS = 2  # that a word must have to be looked for among other names
_TRIED = 10  # values that may be meant by another name
_READ = 3  # entries that may show it, of each
_SECONDS = 1.0  # for other names


def completions(
    engine: Engine, source: Followed, field: str, words: Sequence[str], limit: int, *, others: bool = True
) -> list[tuple[str, int]]:
    """Facet values and how many entries have each, most first: for each of `words` one of their words begins so.

    With `others`, where they are too few: one of the words of another of their names does.
    """
    if not isinstance(engine, Completes):
        return []
    found = dict(engine.complete(field, words, limit))
    if others and len(found) < limit and words and min(map(len, words)) >= _LETTERS:
        with suppress(Overrun):  # where so many words begin so, other names are no help
            found |= _otherwise_called(engine, source, field, words, found)
    return sorted(found.items(), key=lambda item: (-item[1], item[0]))[:limit]


def _otherwise_called(
    engine: Engine, source: Followed, field: str, words: Sequence[str], known: Iterable[str]
) -> Iterator[tuple[str, int]]:
    """Values that some entry calls by a name with these words, out of those that entries with such words have."""
    parts: list[Condition] = [Prefix(field, word) for word in words]
    written = AllOf(tuple(parts)) if len(parts) > 1 else parts[0]
    limits = Limits(_SECONDS)
    (beside,) = engine.run(Plan(written, counts=(Count(field, limit=_TRIED),), limit=0, limits=limits)).facets
    tried = {value: Chosen(field, (value,)) for value, _ in beside.values if value not in known}
    with_it = {
        value: tuple(islice(engine.hits(Plan(written, (Choice(chosen),), limits=limits)), _READ))
        for value, chosen in tried.items()
    }
    held = source.get_many(dict.fromkeys(chain.from_iterable(with_it.values())))
    for value, chosen in tried.items():
        if any(_is_called(held[id_], field, value, words) for id_ in with_it[value] if id_ in held):
            yield value, engine.run(Plan(chosen, limit=0, limits=limits)).total


def _is_called(entry: Entry, field: str, value: str, words: Sequence[str]) -> bool:
    """Whether one of the names of `value` in this entry has for each of `words` a word that begins so."""
    names = [[term for term, _ in cut(form)] for form in forms(entry, field, value)]
    return any(all(any(term.startswith(word) for term in name) for word in words) for name in names)
