"""Each of a list of names held against the whole index: in how many articles, since when, where, and who may be meant.

A name is looked up as `person:"Marisol Venn"` is: words side by side, in any form that an article knows the name by.
What is merely like it is never counted, but named beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import lru_cache, partial

from archive import Entry
from index import asking
from index.analysis import cut
from index.config import SearchSettings
from index.edits import distance
from index.engines import Answer, Engine, Row, Tally
from index.errors import QueryError
from index.fields import FIELDS, Field, Shape, by_name
from index.follow import Followed
from index.naming import passage
from index.overview import Reads
from index.plan import AllOf, Count, Grain, NotOf, Plan, Sort
from index.query.compile import edits_of, leaf_condition, scoped
from index.query.nodes import Fuzzy, Leaf, Or, Phrase
from index.snippets import Needles

_PASSAGES = 3
_SITES = 1000  # of a name that are listed
_DAYS = 10**7  # all there are
_CANDIDATES = 5  # names that may be meant
_TRIED = 200  # values among which they are looked for
_MORE_WORDS = 1  # that a candidate may have: a middle name, "Jr."
LONGEST = 200  # characters of a name; longer ones are sentences


@dataclass(frozen=True, slots=True)
class Passage:
    """An article that has the name, and the stretch of its text that shows it."""

    id: str
    url: str
    title: str
    site: str
    date: date | None
    text: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name that is like the one that was looked up, and in how many articles without that one it is."""

    name: str
    articles: int


@dataclass(frozen=True, slots=True)
class Found:
    """What the index has of a name. `aliases`: other names that it was found by; `sites`: those with most first.

    `ids`: of all its articles, in order.
    """

    articles: int
    first: date | None
    last: date | None
    sites: tuple[str, ...]
    aliases: tuple[str, ...]
    passages: tuple[Passage, ...]
    fuzzy: tuple[Candidate, ...]
    ids: tuple[str, ...]


_TITLES = frozenset(
    "mr mrs ms miss mx dr prof sir dame lord lady hon rev fr sen rep gov pres judge justice capt col gen lt maj sgt"
    " herr frau m mme mlle monsieur madame sr sra srta señor señora don doña sig signor signora dott mevr dhr pan pani"
    " president senator governor minister professor doctor king queen prince princess pope".split()
)


class Roster:
    """Looks names up in one field. QueryError for a field that has neither names nor text."""

    def __init__(self, read: Reads, source: Followed, settings: SearchSettings, field: str) -> None:
        known = by_name().get(field.lower())
        if known is None or known.shape not in (Shape.NAME, Shape.TEXT):
            expected = f"one of {', '.join(one.name for one in FIELDS if one.shape in (Shape.NAME, Shape.TEXT))}"
            raise QueryError(f"there are no names in “{field}”", query=field, position=0, expected=expected)
        self._field: Field = known
        self._read = read
        self._source = source
        self._settings = settings

    def look_up(self, name: str, aliases: Sequence[str] = ()) -> Found:
        """All that is known of a name, which may have aliases. QueryError for what has no letter or is too long."""
        forms = tuple(dict.fromkeys(self._checked(form) for form in (name, *aliases)))
        plan = self._plan(forms)
        answer = self._read(name, lambda engine: engine.run(plan))
        sites, days = answer.facets
        wanted = Needles(plan.condition)
        held = self._source.get_many([row.card.id for row in answer.rows])
        entries = [(row, held.get(row.card.id)) for row in answer.rows]
        matched = [form for form, count in zip(forms, answer.clauses, strict=True) if count]
        known = [also for _, entry in entries if entry for also in self._known_as(entry, wanted)]
        return Found(
            articles=answer.total,
            first=_day(days, -1),
            last=_day(days, 0),
            sites=tuple(value for value, _ in sites.values),
            aliases=tuple(dict.fromkeys(form for form in (*matched, *known) if form != name)),
            passages=tuple(self._passage(row, entry, wanted) for row, entry in entries),
            fuzzy=tuple(self._candidates(forms, plan)),
            ids=tuple(self._ids(name, plan, answer)),
        )

    def _ids(self, name: str, plan: Plan, answer: Answer) -> Iterable[str]:
        if answer.total <= len(answer.rows):
            return sorted(row.card.id for row in answer.rows)
        return self._read(name, lambda engine: engine.hits(replace(plan, sort=Sort.ID)))

    def _checked(self, form: str) -> str:
        form = " ".join(form.split())
        if len(form) > LONGEST:
            raise QueryError(f"a name has at most {LONGEST} characters", query=form, position=LONGEST)
        if not cut(form):
            raise QueryError("there is no letter in it", query=form, position=0, expected="a name")
        return form

    def _plan(self, forms: Sequence[str]) -> Plan:
        leaves = tuple(Phrase(form, self._field.name) for form in forms)
        today = datetime.now(UTC).date()
        node = Or(leaves) if len(leaves) > 1 else leaves[0]
        plan = asking.question(node, self._settings, limit=_PASSAGES, today=today).plan
        counts = (Count("site", limit=_SITES), Count("date", Grain.DAY, _DAYS))
        return replace(plan, counts=counts, clauses=tuple(leaf_condition(leaf, today) for leaf in leaves))

    def _known_as(self, entry: Entry, wanted: Needles) -> Iterator[str]:
        """The names that an article has for what is looked up: as it writes it, and as the archive does."""
        field = self._field.name
        for mention in entry.reading.mentions:
            if mention.kind.value == field and wanted.in_names(
                field, (mention.canonical, mention.text, *mention.aliases)
            ):
                yield from (mention.canonical, mention.text)
        for topic in entry.reading.topics:
            if field == "topic" and wanted.in_names(field, (topic.name, *topic.aliases)):
                yield topic.name

    def _passage(self, row: Row, entry: Entry | None, wanted: Needles) -> Passage:
        card = row.card
        text = passage(entry, wanted, self._settings.snippet).text
        return Passage(card.id, card.url, card.title, card.site, card.date, text)

    def _candidates(self, forms: Sequence[str], plan: Plan) -> Iterator[Candidate]:
        """Values of the facet that are like one of the names, in articles that have none of them."""
        if not self._field.facet:
            return
        found: dict[str, int] = {}
        for form in dict.fromkeys((*forms, *filter(None, map(_untitled, forms)))):
            leaf: Leaf = Fuzzy(form, self._field.name)
            near = scoped(leaf, AllOf((leaf_condition(leaf, datetime.now(UTC).date()), NotOf(plan.condition))))
            asked = Plan(near, counts=(Count(self._field.name, limit=_TRIED),), limit=0, limits=plan.limits)
            try:
                (tally,) = self._read(form, partial(_run, asked)).facets
            except QueryError:  # so many words are like it that none is meant
                continue
            words = _words(form)
            found |= {value: count for value, count in tally.values if _are_like(_words(value), words)}
        best = sorted(found.items(), key=lambda item: (-item[1], item[0]))[:_CANDIDATES]
        yield from (Candidate(value, count) for value, count in best)


def _run(plan: Plan, engine: Engine) -> Answer:
    return engine.run(plan)


@lru_cache(maxsize=10_000)  # the same people are like many of a list
def _words(name: str) -> tuple[str, ...]:
    return tuple(term for term, _ in cut(name))


def _untitled(name: str) -> str:
    """A name without the title before it ("Mrs. Thatcher"); "" where there is none."""
    first, _, rest = name.partition(" ")
    return rest if first.casefold().rstrip(".") in _TITLES and cut(rest) else ""


def _are_like(words: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether each word that is wanted is like one of a value's, which has hardly more of them."""
    if len(words) > len(wanted) + _MORE_WORDS:
        return False
    return all(
        any(word[:1] == term[:1] and distance(word, term) <= edits_of(term) for word in words) for term in wanted
    )


def _day(days: Tally, place: int) -> date | None:
    """Days come from the latest."""
    return date.fromisoformat(days.values[place][0]) if days.values else None
