"""A question as people put it, made a Plan; and errors put into the words of the question. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import repeat

from archive import frozen
from index.analysis import cut
from index.config import SearchSettings
from index.engines import Tally
from index.errors import DateError, QueryError, TooBroadError, as_text
from index.fields import FIELDS, Field, Shape, by_name
from index.plan import (
    After,
    AllOf,
    Choice,
    Chosen,
    Condition,
    Count,
    Everything,
    Grain,
    Limits,
    NotOf,
    Overrun,
    Plan,
    Sort,
    grain_of,
    repeated,
)
from index.query.compile import all_of, any_of, condition, scoped
from index.query.explain import explain_part
from index.query.nodes import And, At, Leaf, Node, Not, Or, Word
from index.query.parse import parse
from index.query.sentence import PARAGRAPH, Sentence, is_closed, is_question, joined, read, stems_of, without_brackets
from index.query.split import split
from index.results import Clause, Facet, FacetValue

Rarity = Callable[[Sequence[str]], Sequence[float]]  # terms → what each is worth in all its forms


@frozen
class Question:
    """What is asked. `text` is the query as it was typed, or what its tree prints."""

    text: str
    node: Node
    today: date
    plan: Plan
    sentence: Sentence
    held: Node  # the query without the words of a sentence that exclude nothing
    given: tuple[Choice, ...] = ()  # choices of facet values that the query does not type
    timed: tuple[Node, ...] = ()  # words of the sentence that say when

    @property
    def is_written(self) -> bool:
        """Whether it is asked as one writes, and no list of words."""
        return self.sentence.is_long or bool(self.sentence.idle) or is_closed(self.text)

    def parts(self) -> list[tuple[Node, int]]:
        """What is counted by itself: each part of the query, and behind a group its parts, so many levels down."""
        top = self.held.parts if isinstance(self.held, And) else (self.held,)
        return [row for part in dict.fromkeys(top) for row in _parts(part, 0)]

    def conditions(self) -> tuple[Condition, ...]:
        """What each of `parts` looks for, among the entries that the query is asked of."""
        return tuple(scoped(self.node, condition(node, self.today)) for node, _ in self.parts())

    def missing(self, found: Sequence[Clause]) -> list[Leaf]:
        """The leaves that nothing was found for; `found` are the clauses of `parts`."""
        rows = zip(self.parts(), found, strict=True)
        return [part for (part, _), clause in rows if not clause.count and not isinstance(part, And | Or | Not)]


def question(
    query: str | Node,
    settings: SearchSettings,
    *,
    facets: Sequence[str] = (),
    choose: Mapping[str, Sequence[str]] | None = None,
    exclude: Mapping[str, Sequence[str]] | None = None,
    sort: Sort = Sort.RELEVANCE,
    limit: int = 10,
    after: After | None = None,
    today: date,
    explain: bool = False,
    values: int | Mapping[str, int] = 10,
    significant: bool = False,
    searches: Mapping[str, str] | None = None,
    rarity: Rarity | None = None,
) -> Question:
    """All that can be decided without an engine. QueryError for the query and for names of facets.

    `searches` are the saved queries by name. `rarity`: what each term is worth; of a paragraph only the words that are
    worth most are asked.
    """
    whole = parse(query, searches or {}) if isinstance(query, str) else query
    text = as_text(query) if isinstance(query, str) else str(whole)
    bracketless = without_brackets(whole)
    node = _apart(bracketless)
    given = (*_choices(choose or {}), *_choices(exclude or {}, excluded=True))
    rest, typed = _taken_apart(node, given)
    choices = (*given, *typed)
    sentence = read(rest, asking=is_question(text) or node != bracketless)
    if sentence.is_paragraph and rarity:
        sentence = _weightiest(sentence, rarity)
    try:
        asked = scoped(node, condition(sentence.held, today))
        scored = _scored(sentence, today)
    except DateError as error:
        raise QueryError(str(error), query=text, position=0, length=len(text)) from error
    plan = Plan(
        condition=asked,
        choices=choices,
        counts=tuple(_count(name, choices, _listed(name, values), significant=significant) for name in facets),
        sort=sort,
        limit=limit,
        after=after,
        limits=Limits(settings.seconds, settings.expansion),
        background=scoped(node, Everything()),
        scored=scored,
    )
    asked_for = Question(text, node, today, plan, sentence, _held(node, rest, sentence), given)
    return replace(asked_for, plan=replace(plan, clauses=asked_for.conditions())) if explain else asked_for


def opened(asked: Question, names: Sequence[str], values: int, *, significant: bool) -> tuple[Question, Sequence[str]]:
    """The question, and the facets `names` that it counts, with the one that answers it, where it asks for one."""
    asks = asked.sentence.asks
    if not asks or asks in names:
        return asked, names
    count = _count(asks, asked.plan.choices, values, significant=significant)
    return replace(asked, plan=replace(asked.plan, counts=(*asked.plan.counts, count))), (*names, asks)


def _listed(name: str, values: int | Mapping[str, int]) -> int:
    return values if isinstance(values, int) else values[name]


def loosened(asked: Question, limit: int, after: After | None = None, *, exact: bool = False) -> Plan:
    """The plan for what has some of the words but not all (or if `exact` for that as well), best first."""
    sentence, today = asked.sentence, asked.today
    some = any_of(condition(word, today) for word in sentence.pieces if word not in asked.timed)
    wanted = [some, *(condition(part, today) for part in sentence.fixed)]
    if not exact:
        wanted.append(NotOf(asked.plan.condition))
    return replace(
        asked.plan,
        condition=scoped(asked.node, all_of(wanted)),
        counts=(),
        clauses=(),
        sort=Sort.RELEVANCE,
        limit=limit,
        after=after,
        scored=(not sentence.is_cut and asked.plan.scored) or _adding((*sentence.fixed, *sentence.pieces), today),
    )


def without_time(asked: Question, at: At) -> Question:
    """The question, where the words within `at` say when: an exact hit has them, but no other is found or ranked by
    them. They would find figures ("5 March 1987")."""
    sentence = asked.sentence
    timed = tuple(word for word in sentence.words if isinstance(word, Word) and at[0] <= word.at[0] < at[1])
    words = [word for word in sentence.words if word not in timed]
    if not timed or not words:
        return asked
    idle = () if sentence.is_long else sentence.idle
    scored = _adding((*sentence.fixed, *words, *idle), asked.today)
    return replace(asked, timed=timed, plan=replace(asked.plan, scored=scored))


def _scored(sentence: Sentence, today: date) -> tuple[Condition, ...]:
    """What scores are made of, where it is not what is held: short questions are scored by their idle words, too."""
    if not sentence.idle or sentence.is_long:
        return ()
    return _adding((*sentence.fixed, *sentence.words, *sentence.idle), today)


def _adding(nodes: Iterable[Node], today: date) -> tuple[Condition, ...]:
    """The conditions of these, with the weight of those that are there several times."""
    whole = all_of(condition(node, today) for node in nodes)
    return whole.parts if isinstance(whole, AllOf) else (whole,)


def _weightiest(sentence: Sentence, rarity: Rarity) -> Sentence:
    """The sentence with those of its words alone that are rare, or often there."""
    import heapq

    often = sentence.stems
    terms = sentence.terms
    worth = dict(zip(terms, rarity(list(terms.values())), strict=True))
    weights = {word: max(worth[stem] * repeated(often[stem]) for stem in stems_of(word)) for word in sentence.words}
    kept = set(heapq.nlargest(PARAGRAPH, weights, key=lambda word: weights[word]))
    return sentence.only(kept.__contains__)


def _held(node: Node, rest: Node, sentence: Sentence) -> Node:
    """The tree without those parts of its `rest` that exclude nothing."""
    left_out = set(rest.parts if isinstance(rest, And) else ()) - {*sentence.fixed, *sentence.words}
    return joined([part for part in node.parts if part not in left_out]) if isinstance(node, And) else node


def again(asked: Question, text: str, settings: SearchSettings) -> Question:
    """The same question with another query, for its total alone."""
    other = question(text, settings, today=asked.today, limit=0)
    return replace(other, plan=replace(other.plan, choices=(*asked.given, *other.plan.choices)))


def facet_field(name: str) -> tuple[Field, Grain | None]:
    """The field and grain of a facet's name: "person", "place", "date" (by month), "date.year". QueryError if none."""
    base, _, fine = name.lower().partition(".")
    field = by_name().get(base)
    if field and field.facet:
        if field.shape is not Shape.DATE and not fine:
            return field, None
        if field.shape is Shape.DATE and fine in ("", *Grain):
            return field, Grain(fine or Grain.MONTH)
    from difflib import get_close_matches

    known = facet_names()
    near = get_close_matches(name.lower(), known, n=1)
    raise QueryError(
        f"there is no facet “{name}”",
        query=name,
        position=0,
        length=len(name),
        expected=f"one of {', '.join(known)}",
        suggestion=near[0] if near else "",
    )


def completed(name: str, start: str) -> tuple[str, list[str]]:
    """The field that is meant by `name`, and the beginnings of words that `start` asks for. QueryError if none."""
    field, _ = facet_field(name)
    words = [term for term, _ in cut(start)]
    if field.shape is Shape.DATE:
        expected = f"one of {', '.join(one.name for one in FIELDS if one.facet and one.shape is not Shape.DATE)}"
        raise QueryError(f"{field.name} has no names", query=name, position=0, length=len(name), expected=expected)
    if start.strip() and not words:
        raise QueryError("there is no letter in it", query=start, position=0, expected="the beginning of a name")
    return field.name, words


def facet_names() -> list[str]:
    """Every facet there is."""
    names: list[str] = []
    for field in FIELDS:
        if field.facet:
            names.append(field.name)
            names += [f"{field.name}.{grain}" for grain in Grain if field.shape is Shape.DATE]
    return names


def clauses(asked: Question, counts: Sequence[int]) -> tuple[Clause, ...]:
    """What each part of the query came to; nothing when it was not counted."""
    counted = zip(asked.parts(), counts, strict=True) if counts else ()
    return tuple(Clause(str(node), explain_part(node, asked.today), count, depth) for (node, depth), count in counted)


def facets(names: Iterable[str], plan: Plan, tallies: Iterable[Tally]) -> tuple[Facet, ...]:
    """The facets that were asked for by `names`, out of the engine's tallies."""
    return tuple(
        Facet(
            name=name,
            field=count.field,
            values=tuple(_facet_values(count, plan.choices, tally)),
            distinct=tally.distinct,
            about=tally.about,
        )
        for name, count, tally in zip(names, plan.counts, tallies, strict=True)
    )


def _facet_values(count: Count, choices: Sequence[Choice], tally: Tally) -> Iterator[FacetValue]:
    chosen, left_out = (
        {
            value
            for choice in choices
            if choice.field == count.field and choice.excluded is excluded
            for value in choice.of.values
        }
        for excluded in (False, True)
    )
    scored = tally.scores or repeat((None, None), len(tally.values))
    for (value, number), (background, score) in zip(tally.values, scored, strict=True):
        yield FacetValue(value, number, value in chosen, background, score, value in left_out)


def too_broad(overrun: Overrun, text: str) -> TooBroadError:
    """The engine's refusal, with its place in the query."""
    start, end = overrun.leaf.at if overrun.leaf and not isinstance(overrun.leaf, Chosen) else (0, len(text))
    expected = "more letters before the *, or a narrower query" if overrun.leaf else "a narrower query"
    return TooBroadError(str(overrun), query=text, position=start, length=end - start, expected=expected)


def _parts(node: Node, depth: int) -> Iterator[tuple[Node, int]]:
    """A group, then what is in it. What negates a single leaf is told as one."""
    yield node, depth
    inside = node.part if isinstance(node, Not) else node
    if isinstance(inside, And | Or):
        for part in dict.fromkeys(inside.parts):
            yield from _parts(part, depth + 1)


def _apart(node: Node) -> Node:
    """See `unspaced.apart`, which no question in Latin letters needs."""
    if str(node).isascii():
        return node
    from index.query.unspaced import apart

    return apart(node)


def _taken_apart(node: Node, given: Sequence[Choice]) -> tuple[Node, tuple[Choice, ...]]:
    """The query without the exact leaves that are choices, and these; fields chosen otherwise are left in it."""
    parts = split(node)
    if {choice.field for choice in given} & (parts.chosen.keys() | parts.excluded.keys()):
        return node, ()
    return parts.rest, (*_choices(parts.chosen), *_choices(parts.excluded, excluded=True))


def _choices(given: Mapping[str, Sequence[str]], *, excluded: bool = False) -> tuple[Choice, ...]:
    """One choice per field, whatever names it was given under."""
    gathered: dict[str, list[str]] = {}
    for name, values in given.items():
        gathered.setdefault(facet_field(name)[0].name, []).extend(values)
    return tuple(
        Choice(Chosen(name, tuple(dict.fromkeys(values)), _grain(name, values)), excluded)
        for name, values in gathered.items()
        if values
    )


def _grain(name: str, values: Sequence[str]) -> Grain | None:
    """The grain that the chosen values of a field of days have in common."""
    if by_name()[name].shape is not Shape.DATE:
        return None
    grain = grain_of(values)
    if grain is None:
        shown = ", ".join(values)
        expected = "years (2025), months (2025-01) or days (2025-01-31), not mixed"
        raise QueryError(f"{name} cannot be chosen so", query=shown, position=0, length=len(shown), expected=expected)
    return grain


def _count(name: str, choices: Sequence[Choice], values: int, *, significant: bool) -> Count:
    field, grain = facet_field(name)
    own = [choice.of for choice in choices if choice.field == field.name and choice.of.grain == grain]
    selected = tuple(dict.fromkeys(value for chosen in own for value in chosen.values))
    return Count(field.name, grain, values, selected, significant)
