"""What is counted over all hits: lists of facet values, tables and pairs, on every engine, each against the oracle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import combinations

import pytest
from engine_makes import ENGINES, search_settings
from hypothesis import given
from hypothesis import strategies as st
from index_stories import TODAY
from test_index_contract import ALL_HITS, _filled, _lawful, everywhere, nodes

from index import FacetPage, Index, QueryError, SearchSettings, ValueOrder
from index.query.nodes import And, Exact, Node

FACETS = ["person", "place", "org", "topic", "site", "tag", "is", "link", "date", "date.year", "mentioned.day"]
NAMES = ["person", "place", "org", "topic", "site", "tag"]


@pytest.fixture(scope="module", params=ENGINES)
def index(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    yield from _filled(search_settings(request, request.param, batch=7), tmp_path_factory)


@pytest.fixture(scope="module")
def oracle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    yield from _filled(SearchSettings(engine="memory", batch=7), tmp_path_factory)


def counted(page: FacetPage) -> list[tuple[str, int]]:
    return [(value.value, value.count) for value in page.values]


def test_values_are_those_of_the_facet(index: Index) -> None:
    """The same values with the same counts, in the same order, and a hit in each page: without a ceiling."""
    for name in FACETS:
        (facet,) = index.facets("-bread", [name], values=ALL_HITS, today=TODAY)
        whole = [(value.value, value.count) for value in facet.values]
        assert counted(index.overview.values("-bread", name, limit=None, today=TODAY)) == whole
        paged: list[tuple[str, int]] = []
        while (page := index.overview.values("-bread", name, offset=len(paged), limit=2, today=TODAY)).values:
            paged += counted(page)
            assert page.distinct == len(whole)
            assert page.more == (len(paged) < len(whole))
        assert paged == whole


@pytest.mark.parametrize(
    ("name", "find", "expected"),
    [
        ("person", "kras", ["Larry Krasner", "Jacob Krassner"]),
        ("person", "KRAS larry", ["Larry Krasner"]),
        ("person", "rasner", []),
        ("person", "oneil", ["Tip O’Neil"]),
        ("place", "zurich", ["Zürich"]),
        ("date.day", "2025-01-3", ["2025-01-31", "2025-01-30"]),
        ("link", "nbc", ["nbcphiladelphia.com"]),
    ],
)
def test_values_are_found_by_the_beginnings_of_their_words(
    index: Index, name: str, find: str, expected: list[str]
) -> None:
    page = index.overview.values("", name, find=find, limit=None, today=TODAY)
    assert [value.value for value in page.values] == expected
    assert page.distinct == len(expected)


def test_values_come_by_name(index: Index) -> None:
    """Whatever the case and the accents; days from the earliest."""
    names = [value for value, _ in counted(index.overview.values("", "place", order=ValueOrder.NAME, limit=None))]
    assert names[0] == "City Hall"
    assert names.index("Łódź") < names.index("Milwaukee") < names.index("Zürich") < names.index("東京都")
    days = [value for value, _ in counted(index.overview.values("", "date.day", order=ValueOrder.NAME, limit=None))]
    assert days == sorted(days)


def test_values_by_significance_are_those_that_stand_out(index: Index) -> None:
    for name in ("org", "topic", "date.year"):
        (facet,) = index.facets("topic:ICE OR is:pdf", [name], significant=True, today=TODAY)
        page = index.overview.values("topic:ICE OR is:pdf", name, order=ValueOrder.SIGNIFICANCE, today=TODAY)
        assert page.values == facet.values
        assert page.distinct == facet.distinct


def test_those_without_a_value_are_counted_as_a_query_counts_them(index: Index) -> None:
    for name in FACETS:
        page = index.overview.values("-bread", name, today=TODAY)
        assert page.none == index.search(f"-bread -{page.field}:*", limit=0, today=TODAY).total


def test_a_chosen_value_is_marked_and_left_out_of_its_own_counts(index: Index) -> None:
    plain = index.overview.values("Krasner", "person", today=TODAY)
    typed = index.overview.values('Krasner person:="Emil Bove"', "person", today=TODAY)
    assert (counted(typed), typed.none) == (counted(plain), plain.none)
    assert [value.value for value in typed.values if value.selected] == ["Emil Bove"]
    left_out = index.overview.values("Krasner", "person", exclude={"person": ["Emil Bove"]}, today=TODAY)
    assert [value.value for value in left_out.values if value.excluded] == ["Emil Bove"]


def test_a_chosen_value_behind_the_cut_is_there_at_the_end(index: Index) -> None:
    (facet,) = index.facets("*", ["person"], choose={"person": ["Tip O’Neil", "Nobody"]}, values=1)
    page = index.overview.values("*", "person", choose={"person": ["Tip O’Neil", "Nobody"]}, limit=1)
    assert page.values == facet.values
    assert page.more
    assert counted(index.overview.values("*", "person", choose={"person": ["Nobody"]}, offset=1, limit=1))[0][1]


def test_what_is_no_facet_or_has_no_letter_is_an_error(index: Index) -> None:
    for ask in (
        lambda: index.overview.values("", "persn"),
        lambda: index.overview.values("", "person", find="…"),
        lambda: index.overview.table("", "person", "text"),
        lambda: index.overview.pairs("", "date"),
    ):
        with pytest.raises(QueryError):
            ask()


@_lawful
@given(
    node=nodes,
    name=st.sampled_from(FACETS),
    order=st.sampled_from([None, *ValueOrder]),
    find=st.sampled_from(["", "", "k", "la kr", "2025", "m"]),
    offset=st.integers(0, 4),
)
def test_every_engine_lists_as_the_oracle_does(
    index: Index, oracle: Index, node: Node, name: str, order: ValueOrder | None, find: str, offset: int
) -> None:
    one, other = (
        each.overview.values(node, name, order=order, find=find, offset=offset, limit=5, today=TODAY)
        for each in (index, oracle)
    )
    assert one == other


@_lawful
@given(node=nodes, name=st.sampled_from(FACETS), by=st.sampled_from(FACETS), limit=st.sampled_from([1, 3, None]))
def test_every_engine_makes_the_tables_of_the_oracle(
    index: Index, oracle: Index, node: Node, name: str, by: str, limit: int | None
) -> None:
    one, other = (each.overview.table(node, name, by, limit=limit, by_limit=4, today=TODAY) for each in (index, oracle))
    assert one == other


@pytest.mark.parametrize(("name", "by"), [("person", "site"), ("topic", "date"), ("site", "date.year"), ("org", "org")])
def test_a_cell_counts_what_choosing_both_finds(index: Index, name: str, by: str) -> None:
    table = index.overview.table("-bread", name, by, limit=None, by_limit=None, today=TODAY).crossed
    cells = {(row, column): count for row, column, count in table.cells}
    assert cells
    for row, (value, total) in enumerate(table.rows.values):
        chosen = Exact((value,), name.partition(".")[0])
        assert index.search(f"-bread {chosen}", limit=0, today=TODAY).total == total
        for column, (other, _) in enumerate(table.columns.values):
            both = f"-bread {chosen} {Exact((other,), by.partition('.')[0])}"
            assert index.search(both, limit=0, today=TODAY).total == cells.get((row, column), 0)


def test_dates_of_a_table_are_the_latest_from_the_earliest_on(index: Index) -> None:
    crossed = index.overview.table("", "person", "date", by_limit=2, today=TODAY).crossed
    (facet,) = index.facets("", ["date"], values=2, today=TODAY)
    assert [value for value, _ in crossed.columns.values] == [value.value for value in reversed(facet.values)]


@_lawful
@given(
    node=nodes,
    name=st.sampled_from(NAMES),
    by=st.sampled_from(NAMES),
    order=st.sampled_from([ValueOrder.COUNT, ValueOrder.SIGNIFICANCE]),
    limit=st.sampled_from([1, 3, ALL_HITS]),
)
def test_every_engine_pairs_as_the_oracle_does(
    index: Index, oracle: Index, node: Node, name: str, by: str, order: ValueOrder, limit: int
) -> None:
    one, other = (
        each.overview.pairs(node, name, by, order=order, limit=limit, today=TODAY) for each in (index, oracle)
    )
    assert one == other


def test_a_pair_is_named_once_and_counted_as_a_query_counts_it(index: Index) -> None:
    found = index.overview.pairs("", "person", limit=ALL_HITS, today=TODAY)
    assert found.distinct == len(found.pairs)
    assert len({frozenset((pair.value, pair.other)) for pair in found.pairs}) == found.distinct
    for pair in found.pairs:
        both = And((Exact((pair.value,), "person"), Exact((pair.other,), "person")))
        results = index.search(everywhere(both), limit=ALL_HITS, today=TODAY)
        assert results.total == pair.count
        days = [hit.date for hit in results.hits if hit.date]
        assert (min(days, default=None), max(days, default=None)) == (pair.first, pair.last)
    names = [
        {value.value for value in index.facets(f"url:{id_}", ["person"])[0].values} for id_ in index.ids("person:*")
    ]
    expected = Counter(frozenset(pair) for one in names for pair in combinations(sorted(one), 2))
    assert {frozenset((pair.value, pair.other)): pair.count for pair in found.pairs} == expected
