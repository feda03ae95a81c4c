"""Pictures of networks: everything is in them, inside the picture, and always at the same place."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backfile.web.graphs import Graph, Link, Name, circle, columns, stacked

NAMES = st.lists(st.text(min_size=1, max_size=50), min_size=1, max_size=40).map(
    lambda some: [Name(label, f"/name/{n}") for n, label in enumerate(some)]
)
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def inside(graph: Graph) -> bool:
    """Whether every dot and every end of a line is in the picture."""
    places = [(dot.x, dot.y) for dot in graph.dots]
    for curve in graph.curves:
        numbers = list(map(float, NUMBER.findall(curve.path)))
        places += list(zip(numbers[::2], numbers[1::2], strict=True))
    return all(0 <= x <= graph.width and 0 <= y <= graph.height for x, y in places)


@given(NAMES, st.data())
def test_a_circle_has_every_name_once(names: list[Name], data: st.DataObject) -> None:
    place = st.integers(0, len(names) - 1)
    pairs = data.draw(st.lists(st.tuples(place, place, st.integers(1, 1000)), max_size=30))
    links = [Link(one, other, weight, "") for one, other, weight in pairs if one != other]
    graph = circle(names, links)
    assert sorted(dot.name.url for dot in graph.dots) == sorted(name.url for name in names)
    assert sorted(curve.link.weight for curve in graph.curves) == sorted(link.weight for link in links)
    assert inside(graph)
    assert graph == circle(names, links)
    assert len({(dot.x, dot.y) for dot in graph.dots}) == len(names)
    assert all(len(dot.text) <= 30 for dot in graph.dots)
    widths = [curve.width for curve in sorted(graph.curves, key=lambda curve: curve.link.weight)]
    assert widths == sorted(widths)


def test_who_is_linked_most_strongly_stands_side_by_side() -> None:
    names = [Name(letter, letter) for letter in "abcdef"]
    graph = circle(names, [Link(0, 5, 9, ""), Link(5, 3, 7, ""), Link(1, 2, 1, "")])
    assert [dot.name.label for dot in graph.dots][:3] == ["a", "f", "d"]


@given(NAMES, NAMES)
def test_columns_have_what_leads_there_and_where_it_leads(left: list[Name], right: list[Name]) -> None:
    graph = columns(left, Name("here", "/"), right)
    assert [dot.name for dot in graph.dots] == [Name("here", "/"), *left, *right]
    assert len(graph.curves) == len(left) + len(right)
    assert inside(graph)
    assert {dot.side for dot in graph.dots[1 : len(left) + 1]} == {"end"}


@given(NAMES, NAMES)
def test_what_stands_one_below_the_other_is_the_same(left: list[Name], right: list[Name]) -> None:
    graph = stacked(left, Name("here", "/"), right)
    assert [dot.name for dot in graph.dots] == [Name("here", "/"), *left, *right]
    assert len(graph.curves) == len(left) + len(right)
    assert inside(graph)
    rows = [dot.y for dot in (*graph.dots[1 : len(left) + 1], graph.dots[0], *graph.dots[len(left) + 1 :])]
    assert rows == sorted(set(rows))


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("a" * 26, "a" * 26),
        ("a" * 27, f"{'a' * 25}…"),
        ("橋" * 13, "橋" * 13),
        ("橋" * 14, f"{'橋' * 12}…"),
        ("in  the middle of many words ends", "in  the middle of many wo…"),
    ],
)
def test_a_name_takes_no_more_room_than_there_is(label: str, text: str) -> None:
    graph = stacked([], Name(label, "/"), [])
    assert graph.dots[0].text == text
