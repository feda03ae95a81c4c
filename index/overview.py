"""What is counted over all hits of a query: lists of facet values, tables of two facets, pairs of names.

Index.overview gives it. Everything here asks the engine once or twice, and holds no more than what is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import repeat
from typing import TYPE_CHECKING, Protocol, TypeVar

from index import asking
from index.analysis import cut
from index.config import SearchSettings
from index.counting import Axis, Crossed, Listing, Paired, Pairing, ValueOrder
from index.engines import Engine, Tabulates, Tally
from index.errors import QueryError
from index.fields import Shape
from index.follow import Followed
from index.plan import AllOf, Choice, Count, Has, NotOf, Plan, Sort
from index.query.nodes import And, Exact, Node
from index.query.parse import parse
from index.results import FacetValue

if TYPE_CHECKING:
    from index.roster import Roster

T = TypeVar("T")
Choices = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class FacetPage:
    """A stretch of the values of one facet, as if nothing of this facet had been chosen.

    `distinct` is how many values there are (of those asked for, where some were looked for), `none` how many hits have
    no value at all. `offset`: how many values come before these.
    """

    name: str  # as it was asked for: "person", "date.month"
    field: str
    values: tuple[FacetValue, ...]
    distinct: int
    none: int
    offset: int = 0

    @property
    def more(self) -> bool:
        """Whether there are values behind these."""
        return self.offset + sum(1 for value in self.values if value.count) < self.distinct


@dataclass(frozen=True, slots=True)
class FacetTable:
    """Hits by the values of two facets: `crossed` has the values of both sides and the cells."""

    name: str
    by: str
    crossed: Crossed


class Reads(Protocol):
    """Gives what is asked of the engine; a limit that it reaches is told in terms of the query's text."""

    def __call__(self, text: str, ask: Callable[[Engine], T], /) -> T: ...


class Overview:
    """Answers about all hits of a query. Errors: those of Index.search."""

    def __init__(
        self,
        ready: Callable[[], None],
        read: Reads,
        searches: Callable[[str | Node], Mapping[str, str]],
        settled: Callable[[Plan], Plan],
        source: Followed,
        settings: SearchSettings,
    ) -> None:
        self._ready = ready
        self._read = read
        self._searches = searches
        self._settled = settled
        self._source = source
        self._settings = settings

    def roster(self, field: str) -> Roster:
        """What looks up each of a list of names in one field. QueryError for one that has neither names nor text."""
        from index.roster import Roster

        roster = Roster(self._read, self._source, self._settings, field)
        self._ready()
        return roster

    def values(
        self,
        query: str | Node,
        name: str,
        *,
        find: str = "",
        order: ValueOrder | None = None,
        offset: int = 0,
        limit: int | None = 50,
        choose: Choices | None = None,
        exclude: Choices | None = None,
        today: date | None = None,
    ) -> FacetPage:
        """`limit` values (None: all) of a facet from the one at `offset` on, however many there are.

        `find`: only values in which each of its words begins a word; of dates, those that begin so. Without `order`:
        by count, days from the latest. The counts are those of the facet in `search`; on the first page what was chosen
        stands at the end where it is not among them.
        """
        asked = self._asked(query, choose=choose, exclude=exclude, today=today)
        field, grain = asking.facet_field(name)
        starts = tuple(find.split()) if grain is not None else tuple(term for term, _ in cut(find))
        if find.strip() and not starts:
            raise QueryError("there is no letter in it", query=find, position=0, expected="the beginning of a word")
        listing = Listing(field.name, grain, starts, order, max(0, offset), limit)
        plan = asked.plan
        others = tuple(choice for choice in plan.choices if choice.field != field.name)
        without = replace(plan, condition=AllOf((plan.condition, NotOf(Has(field.name)))), choices=others, limit=0)
        tally = self._ask(asked.text, lambda engine: engine.list_values(plan, listing))
        values = _values(tally, plan.choices, field.name)
        if not starts and not offset:
            values += self._chosen(asked, listing, {value.value for value in values})
        return FacetPage(
            name=name,
            field=field.name,
            values=tuple(values),
            distinct=tally.distinct,
            none=self._read(asked.text, lambda engine: engine.run(without)).total,
            offset=listing.offset,
        )

    def table(
        self,
        query: str | Node,
        name: str,
        by: str,
        *,
        limit: int | None = 20,
        by_limit: int | None = 20,
        choose: Choices | None = None,
        exclude: Choices | None = None,
        today: date | None = None,
    ) -> FacetTable:
        """The hits by their values of the facet `name` and of the facet `by`.

        Of each side the `limit` values with most hits, of dates the latest ones. A cell counts the hits that have both;
        unlike in a facet, what was chosen of these fields holds too.
        """
        asked = self._asked(query, choose=choose, exclude=exclude, today=today)
        rows, columns = _axis(name, limit), _axis(by, by_limit)
        return FacetTable(name, by, self._ask(asked.text, lambda engine: engine.cross(asked.plan, rows, columns)))

    def pairs(
        self,
        query: str | Node,
        name: str = "person",
        by: str = "",
        *,
        order: ValueOrder = ValueOrder.COUNT,
        limit: int = 50,
        choose: Choices | None = None,
        exclude: Choices | None = None,
        today: date | None = None,
    ) -> Paired:
        """Which values of the facet `name` and of `by` (default: the same) stand in the same hits, most hits first.

        By significance: those that stand together more often than chance would have it. QueryError for a date.
        """
        asked = self._asked(query, choose=choose, exclude=exclude, today=today)
        fields = [_named(one) for one in (name, by or name)]
        pairing = Pairing(fields[0], fields[1], order, limit)
        return self._ask(asked.text, lambda engine: engine.pair(asked.plan, pairing))

    def together(
        self, query: str | Node, name: str, value: str, by: str, other: str, *, today: date | None = None
    ) -> Iterator[str]:
        """The ids of the hits that have both values of a pair, in their order."""
        node = parse(query, self._searches(query)) if isinstance(query, str) else query
        both = And((node, Exact((value,), _named(name)), Exact((other,), _named(by))))
        asked = self._asked(both, choose=None, exclude=None, today=today)
        plan = replace(asked.plan, sort=Sort.ID)
        self._ready()
        return self._read(asked.text, lambda engine: engine.hits(plan))

    def _chosen(self, asked: asking.Question, listing: Listing, shown: AbstractSet[str]) -> list[FacetValue]:
        """What was chosen or excluded of the facet and is not `shown`: as in `search` it stands at the end."""
        own = [one.of for one in asked.plan.choices if one.field == listing.field and one.of.grain == listing.grain]
        missing = tuple(dict.fromkeys(value for one in own for value in one.values if value not in shown))
        if not missing:
            return []
        count = Count(listing.field, listing.grain, 0, missing, listing.order is ValueOrder.SIGNIFICANCE)
        plan = replace(asked.plan, counts=(count,), limit=0)
        (tally,) = self._read(asked.text, lambda engine: engine.run(plan)).facets
        return _values(tally, plan.choices, listing.field)

    def _asked(
        self, query: str | Node, *, choose: Choices | None, exclude: Choices | None, today: date | None
    ) -> asking.Question:
        asked = asking.question(
            query,
            self._settings,
            choose=choose,
            exclude=exclude,
            limit=0,
            today=today or datetime.now(UTC).date(),
            searches=self._searches(query),
        )
        self._ready()
        return replace(asked, plan=self._settled(asked.plan))

    def _ask(self, text: str, ask: Callable[[Tabulates], T]) -> T:
        def asked(engine: Engine) -> T:
            assert isinstance(engine, Tabulates), "every engine of ours does"
            return ask(engine)

        self._ready()
        return self._read(text, asked)


def _axis(name: str, limit: int | None) -> Axis:
    field, grain = asking.facet_field(name)
    return Axis(field.name, grain, limit)


def _named(name: str) -> str:
    """The field of a facet that is no date. QueryError."""
    field, _ = asking.facet_field(name)
    if field.shape is Shape.DATE:
        raise QueryError(f"{field.name} has no names", query=name, position=0, length=len(name))
    return field.name


def _values(tally: Tally, choices: Sequence[Choice], field: str) -> list[FacetValue]:
    chosen, left_out = (
        {v for one in choices if one.field == field and one.excluded is excluded for v in one.of.values}
        for excluded in (False, True)
    )
    scored = tally.scores or repeat((None, None), len(tally.values))
    return [
        FacetValue(value, count, value in chosen, background, score, value in left_out)
        for (value, count), (background, score) in zip(tally.values, scored, strict=True)
    ]
