"""Places on a map: where they are, that none is outside the picture, and what the page shows beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sites import as_served, shown

from archive import (
    ArchiveSettings,
    EntitySettings,
    Geo,
    Item,
    LinkSettings,
    Origin,
    create_archive,
    populated,
    position,
)
from backfile.desk import open_desk
from backfile.web import maps
from backfile.web.maps import Spot
from backfile.web.site import Site

CELLS = populated()
SOME = frozenset(sorted(CELLS)[::200])
SPOTS = st.builds(
    Spot,
    st.text(min_size=1, max_size=30),
    st.integers(1, 10**6),
    st.floats(-90, 90),
    st.floats(-180, 180),
    st.booleans(),
    st.just("/"),
)


@given(st.lists(SPOTS, min_size=1, max_size=20))
def test_every_place_is_in_the_picture(spots: list[Spot]) -> None:
    drawn = maps.drawn(spots, SOME)
    assert sorted(circle.spot.label for circle in drawn.circles) == sorted(spot.label for spot in spots)
    counts = [circle.spot.count for circle in drawn.circles]
    assert counts == sorted(counts, reverse=True), "small ones lie upon large ones"
    assert 0 < drawn.height <= drawn.width
    for circle in drawn.circles:
        assert -0.1 <= circle.x <= drawn.width + 0.1
        assert -0.1 <= circle.y <= drawn.height + 0.1


@given(st.lists(SPOTS, min_size=1, max_size=20))
def test_no_name_is_written_over_another(spots: list[Spot]) -> None:
    boxes = []
    for one in maps.drawn(spots, SOME).circles:
        if one.text:
            left = one.text_x if one.side == "start" else one.text_x - 7.6 * len(one.text)
            boxes.append((left, one.y, left + 7.6 * len(one.text)))
    for place, (left, y, right) in enumerate(boxes):
        for other_left, other_y, other_right in boxes[:place]:
            assert left >= other_right - 0.2 or other_left >= right - 0.2 or abs(y - other_y) >= 14.8


def test_the_land_is_where_the_towns_are() -> None:
    """A place lies on a cell of its town; in the middle of an ocean there is none."""
    for latitude, longitude, is_land in ((51.5, -0.1, True), (35.7, 139.7, True), (0.0, -30.0, False)):
        drawn = maps.drawn([Spot("here", 1, latitude, longitude, wide=False, url="/")], CELLS)
        (circle,) = drawn.circles
        boxes = [tuple(map(int, found)) for found in re.findall(r"M(-?\d+) (-?\d+)h(\d+)v(\d+)", drawn.land)]
        over = [
            1 for x, y, wide, tall in boxes if x - 1 <= circle.x <= x + wide + 1 and y - 1 <= circle.y <= y + tall + 1
        ]
        assert bool(over) is is_land, (latitude, longitude)


def test_a_map_across_the_date_line_is_in_one_piece() -> None:
    drawn = maps.drawn([Spot("Suva", 2, -18.1, 178.4, False, "/"), Spot("Apia", 1, -13.8, -171.8, False, "/")], CELLS)
    suva, apia = drawn.circles
    assert 200 < apia.x - suva.x < drawn.width


def test_where_a_country_or_a_division_is() -> None:
    assert position(Geo("FR", "", 48.9, 2.4)) == (48.9, 2.4)
    for geo, near in ((Geo("US", "Texas"), (31, -97)), (Geo("DE"), (51, 9)), (Geo("FJ"), (-18, 178))):
        found = position(geo)
        assert found
        assert abs(found[0] - near[0]) < 2
        assert abs(found[1] - near[1]) < 2
    assert position(Geo("QQ")) is None


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder: Path = tmp_path_factory.mktemp("maps") / "archive"
    create_archive(folder).close()
    settings = ArchiveSettings(links=LinkSettings(depth=0), entities=EntitySettings(recogniser="default"))
    texts = (
        "The mayor of Philadelphia met the governor in Pennsylvania on Tuesday.",
        "Reporters went from Philadelphia to Paris and on to Tokyo on Friday.",
        "In Paris the minister spoke about France for an hour on Monday.",
    )
    items = (
        Item(f"https://paper.example/{n}", Origin("list", "x"), title="Story", text=f"{text} " * 3)
        for n, text in enumerate(texts)
    )
    with open_desk(folder, settings) as desk:
        list(desk.archive.import_items(items, name="x", fetch=False))
        yield as_served(desk)


def test_the_places_of_a_search_stand_on_a_map_and_in_a_table(site: Site) -> None:
    page = shown(site, "/map")
    circles = dict(re.findall(r"<title>([^<]+): (\d+)</title></a>", page))
    (facet,) = site.desk.facets("", ["place"])
    assert circles == {value.value: str(value.count) for value in facet.values}
    assert {"Philadelphia", "Paris", "Tokyo", "France"} <= circles.keys()
    rows = re.findall(
        r'<tr><td dir="auto"><a href="([^"]+)">([^<]+)</a></td><td>(\w*)</td><td class="n">(\d+)</td>'
        r'<td class="n">(about )?(-?[\d.]+), -?[\d.]+</td>',
        page,
    )
    assert len(rows) == facet.distinct
    told = {name: (country, bool(about), float(latitude)) for _, name, country, _, about, latitude in rows}
    assert told["Paris"] == ("FR", False, 48.9)
    assert told["France"][:2] == ("FR", True)
    for url, name, _, count, *_ in rows:
        assert f'<h1 class="count">{count} article' in shown(site, unescape(url)), name


def test_a_map_of_nothing_is_told(site: Site) -> None:
    page = shown(site, "/map?q=zebra")
    assert "<svg" not in page
    assert "Nothing that matches names a place." in page
    narrowed = shown(site, "/map?q=Tokyo+-place:%3DParis")
    assert ">Paris<" not in narrowed
    assert ">Tokyo<" in narrowed
