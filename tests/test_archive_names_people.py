"""The people of one story by parts of their names, and its teams by place or nickname."""

from __future__ import annotations

import pytest

from archive.entities.leagues import league_teams
from archive.entities.people import People


@pytest.mark.parametrize(
    ("names", "part", "meant"),
    [
        (["Stephen Curry", "Devin Booker"], "Steph", "Stephen Curry"),
        (["Stephen Curry", "Stephanie Gray"], "Steph", "Steph"),
        (["Martina Gray"], "Martin", "Martin"),
        (["Daniel Gray"], "Dan", "Daniel Gray"),
        (['Dorothy Mae "Dottie" Fairweather', "Dottie Fairweather"], "Dottie", "Dorothy Mae Fairweather"),
        (["Marvin Gray Jr.", "Marvin Gray Sr."], "Marvin Gray Jr.", "Marvin Gray Jr."),
        (["Marvin Gray Jr.", "Marvin Gray Sr."], "Marvin Gray Sr.", "Marvin Gray Sr."),
        (["Marvin Gray Jr.", "Marvin Gray"], "Gray", "Marvin Gray Jr."),
    ],
)
def test_a_part_of_a_name_means_who_alone_may_be_meant(names: list[str], part: str, meant: str) -> None:
    assert People(names).meant(part) == meant


@pytest.mark.parametrize(
    ("organisations", "places", "expected"),
    [
        ({"rockets"}, {"houston"}, {"rockets": "Houston Rockets", "houston": "Houston Rockets"}),
        ({"rockets"}, {"lima"}, {}),
        ({"giants"}, {"new york", "san francisco"}, {}),
        ({"panthers", "oilers"}, set(), {"panthers": "Florida Panthers", "florida": "Florida Panthers",
                                         "oilers": "Edmonton Oilers", "edmonton": "Edmonton Oilers"}),
        ({"houston rockets"}, set(), {"rockets": "Houston Rockets", "houston": "Houston Rockets"}),
        ({"lakers", "clippers"}, {"los angeles"}, {"lakers": "Los Angeles Lakers", "clippers": "Los Angeles Clippers"}),
        (set(), {"houston"}, {}),
    ],
)  # fmt: skip
def test_a_team_is_known_by_its_place_or_its_league(
    organisations: set[str], places: set[str], expected: dict[str, str]
) -> None:
    assert league_teams(organisations, places) == expected
