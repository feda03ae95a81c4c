"""One page of hits: the exact ones in their order, and below them, where they are few, those that lack some words.

    question ─▶ exact rows, total, facets ─▶ few? ─▶ rows that have some of the words, best first

Below those of a sentence, however many they are, others follow too. A long question is answered by all that have some
of its words, best first, whether they lack any or not: an article that has a dozen words is mostly a long one. It is
asked twice: what its best hits have in common is asked as well (expanding.py), for the order alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from archive import Entry, frozen
from index.asking import Question, loosened
from index.engines import Answer, Completes, Engine, Row
from index.fields import DEFAULT, document
from index.follow import Followed, glances_of
from index.naming import passage
from index.plan import After, Combined, Condition, Plan, Sort, Stem, repeated
from index.query.compile import condition
from index.query.nodes import And, Node, Not, Or, leaves
from index.query.sentence import runs_of
from index.query.stopwords import FUNCTION_WORDS
from index.results import Hit, Place
from index.snippets import Needles, highlights
from index.stemming import foreign_keys, stem
from index.values import flags

FEW = 5  # exact hits; with fewer, others follow
EXPANDED = 7  # different stems from which on a question is expanded: shorter ones ask for one thing, and lose by it
PUNCTUATION = ".,;:!?…'’"

Run = Callable[[Plan], Answer]
GetMany = Callable[[Iterable[str]], Mapping[str, Entry]]


@frozen
class Page:
    """`answer` to the exact question; `rows` of this page, the first `exact` of them exact; `next` if there are more.

    `mixed`: all of them stand by their scores, those that lack some words and those that do not.
    """

    answer: Answer
    rows: tuple[Row, ...]
    exact: int
    next: Place | None
    mixed: bool = False


def page(asked: Question, limit: int, place: Place, run: Run, get_many: GetMany, *, strict: bool) -> Page:
    """At most `limit` rows from `place` on. `strict`: exact ones alone."""
    asked = expanded(asked, run, get_many) if limit else asked
    room = limit + 1 if limit else 0  # one more says whether there is a next page
    mixed = bool(limit) and not strict and _is_mixed(asked)
    after = None if place.lacking else place.after
    answer = run(replace(asked.plan, limit=0 if place.lacking or mixed else room, after=after))
    rows, exact = list(answer.rows), len(answer.rows)
    if mixed:
        rows = list(run(loosened(asked, room, place.after, exact=True)).rows)
    elif room > exact and not strict and _goes_on(asked, answer.total):
        rows += run(loosened(asked, room - exact, place.after if place.lacking else None)).rows
    exact = min(exact, limit)
    return Page(answer, tuple(rows[:limit]), exact, _next(rows, exact, limit), mixed)


def _is_mixed(asked: Question) -> bool:
    """Whether so many words are asked that to have them all is no test."""
    sentence = asked.sentence
    return sentence.is_loose and sentence.is_long and not sentence.is_cut and asked.plan.sort is Sort.RELEVANCE


def _goes_on(asked: Question, total: int) -> bool:
    """Whether others follow the exact hits: these are few, or what is asked is written as a sentence."""
    return asked.sentence.is_loose and (total < FEW or asked.is_written)


def _next(rows: Sequence[Row], exact: int, limit: int) -> Place | None:
    if not len(rows) > limit > 0:
        return None
    last = rows[limit - 1]
    if exact == limit:  # the next one is exact, too, or the first that is not
        return Place(After(last.key, last.card.id))
    return Place(After(last.key, last.card.id), lacking=True)


def expanded(asked: Question, run: Run, get_many: GetMany) -> Question:
    """The same question, scored by what its best hits have in common as well, if it is long."""
    stems = asked.sentence.stems
    if len(stems) < EXPANDED or asked.sentence.is_cut:
        return asked
    from index import expanding

    first = loosened(asked, expanding.HITS, exact=True)
    best = {row.card.id: row.score for row in run(first).rows}
    entries = get_many(best)
    hits = [(document(entries[id_]), score) for id_, score in best.items() if id_ in entries]
    weights = {stem: repeated(times) for stem, times in stems.items()}
    more = expanding.expansion(hits, weights, FUNCTION_WORDS[asked.sentence.language])
    return replace(asked, plan=replace(asked.plan, scored=tuple(_with(first.scored, more))))


def _with(scored: Iterable[Condition], more: Mapping[str, float]) -> Iterator[Condition]:
    """What is scored, and these stems; one that is there already with the weight of both."""
    left = dict(more)
    for part in scored:
        keys = part.parts[0].keys if isinstance(part, Combined) and isinstance(part.parts[0], Stem) else ()
        weight = sum(left.pop(each, 0.0) for each in keys)
        yield replace(part, boost=part.boost + weight) if isinstance(part, Combined) else part
    for key, weight in left.items():
        yield Combined(tuple(Stem(name, key, each) for name, each in DEFAULT.asks), weight)


def rarity(engine: Engine, terms: Sequence[str]) -> list[float]:
    """idf of each term in all its forms, as index.plan has it; 0.0 where no document has it, or nobody counts them."""
    size = engine.size()
    keys = [(stem(term), *foreign_keys(term)) for term in terms]
    flat = [each for own in keys for each in own]
    found = iter(engine.frequencies("text", flat) if isinstance(engine, Completes) else [size] * len(flat))
    having = [min(size, sum(next(found) for _ in own)) for own in keys]
    return [math.log(1 + max(0, size - n + 0.5) / (n + 0.5)) if n else 0.0 for n in having]


class Lacking:
    """Says which words of a question an entry does not have."""

    def __init__(self, asked: Question) -> None:
        self._words = {word: runs_of(word) for word in asked.sentence.words}
        parts = [part for word, runs in self._words.items() for part in (word, *runs)]
        self._needles = {leaf: Needles(condition(leaf, asked.today)) for part in parts for leaf in leaves(part)}

    def of(self, entry: Entry | None) -> tuple[str, ...]:
        """They, as they were typed but for punctuation around them."""
        texts = document(entry).texts if entry else {}
        lang = entry.article.lang if entry and entry.article else ""
        values = [value for name, _ in DEFAULT.asks for value in texts.get(name, ())]
        lacks = [
            part
            for word, runs in self._words.items()
            if not self._has(values, lang, word)
            for part in [run for run in runs if not self._has(values, lang, run)] or [word]
        ]
        return tuple(str(part).strip(PUNCTUATION) for part in lacks)

    def _has(self, values: Sequence[str], lang: str, word: Node) -> bool:
        match word:
            case And(parts=parts):
                return all(self._has(values, lang, part) for part in parts)
            case Or(parts=parts):
                return any(self._has(values, lang, part) for part in parts)
            case Not():
                return not self._has(values, lang, word.part)
            case _:
                return self._needles[word].of(lang).are_in(values)


def hits(asked: Question, found: Page, source: Followed, width: int) -> Iterator[Hit]:
    """The rows of a page as they are shown, with snippets of about `width` characters."""
    wanted = Needles(asked.plan.condition, asked.plan.choices)
    lacking = Lacking(asked) if found.exact < len(found.rows) else None
    if lacking and asked.sentence.is_cut and not found.exact:
        wanted = Needles(loosened(asked, 0).condition, asked.plan.choices)
    glances = glances_of(source, named=wanted.speaks_of_names)
    entries = glances([row.card.id for row in found.rows]) if found.rows else {}
    for number, row in enumerate(found.rows):
        entry = entries.get(row.card.id)
        shown = hit(row, wanted, entry, width)
        yield replace(shown, lacks=lacking.of(entry)) if lacking and number >= found.exact else shown


def hit(row: Row, wanted: Needles, entry: Entry | None, width: int) -> Hit:
    """One row as it is shown."""
    card = row.card
    lang = entry.article.lang if entry and entry.article else ""
    return Hit(
        card.id, card.url, card.title, card.site, card.date, card.captured, row.score,
        snippet=passage(entry, wanted, width),
        title_marks=highlights(card.title, wanted.of(lang)),
        flags=tuple(flags(entry)) if entry else (),
        lang=lang,
    )  # fmt: skip
