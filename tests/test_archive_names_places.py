"""Places: which one a name means, in several languages, and which countries a story is about."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.entities.countries import countries
from archive.entities.places import fold, load, peoples, settle

ABOUT = [
    ("French farmers protest", "Farmers blocked roads near Lyon and Toulouse.", ["FR"]),
    ("Floods in Texas", "Houston was under water. A Mexican volunteer helped.", ["US", "MX"]),
    ("TALKS IN TOKYO", "Officials met on Monday.", ["JP"]),
    ("", "West German and Soviet envoys met; the Soviet side left.", ["SU", "DE"]),
    ("Profit rises", "Acme Plc <ACM.L> said profit rose.", ["GB"]),
    ("Profit rises", "Acme said profit rose to 15 pence.", ["GB"]),
    ("Profit rises", "Acme Inc <ACM> said profit rose.", ["US"]),
    ("A recipe", "Reading in the orange light, mobile and central.", []),
    ("Vote in Georgia", "Tbilisi saw protests; Georgians voted.", ["GE"]),
    ("The White House", "The Kremlin said no to the White House.", ["US", "RU"]),
]


@pytest.mark.parametrize(("title", "text", "expected"), ABOUT, ids=[title or text[:20] for title, text, _ in ABOUT])
def test_a_story_is_about_the_countries_it_names(title: str, text: str, expected: list[str]) -> None:
    assert sorted(countries(title, text)) == sorted(expected)


@pytest.mark.parametrize(
    ("lang", "name", "canonical", "country"),
    [
        ("de", "Deutschland", "Germany", "DE"),
        ("de", "Vereinigte Staaten", "United States", "US"),
        ("fr", "Allemagne", "Germany", "DE"),
        ("es", "Reino Unido", "United Kingdom", "GB"),
        ("en", "Saudi", "Saudi Arabia", "SA"),
        ("en", "the Netherlands", "Netherlands", "NL"),
        ("en", "KYIV", "Kyiv", "UA"),
        ("en", "Sao Paulo", "São Paulo", "BR"),
        ("en", "L.A.", "Los Angeles", "US"),
        ("en", "La.", "Louisiana", "US"),
        ("en", "the Gaza Strip", "Gaza", "PS"),
        ("en", "Soviet Union", "Soviet Union", "SU"),
        ("en", "Washington, D.C.", "Washington", "US"),
        ("en", "northern Mexico", "northern Mexico", "MX"),
        ("zz", "France", "France", "FR"),
    ],
)
def test_one_name_stands_for_a_place_however_it_is_written(lang: str, name: str, canonical: str, country: str) -> None:
    found = settle([name], lang=lang)[name]
    assert found.geo is not None
    assert (found.canonical, found.geo.country) == (canonical, country)


@pytest.mark.parametrize("name", ["City Hall", "Middle-earth", "the hospital", "Europe", "Springfield", ""])
def test_a_place_that_no_list_knows_for_sure_stays_as_it_is(name: str) -> None:
    found = settle([name])[name]
    assert (found.canonical, found.geo) == (name, None)


def test_a_town_is_meant_where_the_story_is_set() -> None:
    british = settle(["Plymouth", "Leeds", "Manchester", "Cornwall", "Tamworth"])
    assert british["Cornwall"].geo is None, "not the town in Ontario"
    assert british["Tamworth"].geo is not None
    assert british["Tamworth"].geo.country == "GB"
    assert settle(["North East"])["North East"].geo is None


def test_a_people_belongs_to_a_place() -> None:
    text = "Dutch, South Korean and Philadelphian voters; a londoner, Londoners."
    assert [(text[a:b], place.name) for a, b, place in peoples(text)] == [
        ("Dutch", "Netherlands"),
        ("South Korean", "South Korea"),
        ("Londoners", "London"),
    ]


def test_every_country_is_there_once_and_found_by_its_name() -> None:
    codes = [place.country for place in load().countries]
    assert len(codes) == len(set(codes)) > 240
    for place in load().countries:
        assert place.country in {found.country for found in load().find(place.name)}


@given(st.text(max_size=60))
def test_any_name_can_be_looked_up(name: str) -> None:
    assert fold(fold(name)) == fold(name)
    assert settle([name])[name].canonical in {name, settle([name])[name].canonical}
    countries(name, name)


def test_hostile_text_costs_no_more_than_its_length() -> None:
    for text in ("A" * 200_000, "New " * 50_000, "U.S." * 50_000, "South Korea" * 20_000, "a." * 100_000):
        start = time.process_time()
        countries("", text)
        assert time.process_time() - start < 5
