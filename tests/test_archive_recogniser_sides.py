"""Teams that a sports story calls by their towns."""

from __future__ import annotations

import pytest

from archive.entities.decode import TokenSpan
from archive.entities.default import DATA
from archive.entities.features import Lexicon, load_lexicon
from archive.entities.sides import sides
from archive.entities.tokens import tokenize

SPORT = "\nThe striker scored in the second half of the match, the last of the season."


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon(DATA)


def types(text: str, name: str, lexicon: Lexicon, kind: str = "LOC") -> list[str]:
    """What each mention of `name` is, that was taken for `kind`."""
    tokens = tokenize(text)
    size = len(name.split())
    starts = [at for at in range(len(tokens.words)) if " ".join(tokens.words[at : at + size]) == name]
    found = sides(tokens, [TokenSpan(kind, at, at + size, 0.5) for at in starts], lexicon)
    return [span.type for span in found if span.start in starts]


@pytest.mark.parametrize(
    "text",
    [
        "Halifax 2-1 Barrow",
        "Barrow 0 Halifax 3",
        "Barrow 7, Halifax 3",
        "Barrow v Halifax",
        "FOOTBALL: Barrow v Halifax; Hyde v Leigh.",
        "HALIFAX AT BARROW",
        "Halifax 4 2 1 1 6 5 7",
        "They beat Halifax on Saturday.",
        "They lost to Halifax, who beat Barrow, on Saturday.",
        "In May Halifax fired their coach.",
        "In May Halifax will be without him.",
        "The winner meets Halifax on Friday.",
        "They open at top-seeded Halifax on Friday.",
        "Halifax are third.",
        "Halifax captain Joe Bloggs left early.",
        "It was a fine win over Halifax.",
        "They lost 2-0 to Halifax.",
        "They won 3-0 at Halifax.",
        "The winger, on loan from Halifax, limped off.",
    ],
)
def test_a_team_is_known_by_the_match_it_plays(lexicon: Lexicon, text: str) -> None:
    name = "HALIFAX" if text.isupper() else "Halifax"
    assert types(text + SPORT, name, lexicon) == ["ORG"]


@pytest.mark.parametrize(
    "text",
    [
        "The race in Halifax was fast.",
        "The people of Halifax were glad.",
        "HALIFAX (AP) - A bus burned.",
        "Halifax, Nova Scotia, is cold.",
        "Barrow 7 miles, Halifax 3 hours",
    ],
)
def test_a_town_stays_a_town(lexicon: Lexicon, text: str) -> None:
    name = "HALIFAX" if text.startswith("HALIFAX") else "Halifax"
    assert types(text + SPORT, name, lexicon) == ["LOC"]


def test_what_one_mention_tells_holds_for_those_that_do_not_say_that_the_town_is_meant(lexicon: Lexicon) -> None:
    text = "They beat Halifax. For Halifax it was too late. A bus burned in Halifax."
    assert types(text + SPORT, "Halifax", lexicon) == ["ORG", "ORG", "LOC"]


def test_a_nation_that_plays_stays_a_place(lexicon: Lexicon) -> None:
    assert types("Germany beat Spain." + SPORT, "Germany", lexicon) == ["LOC"]
    assert types("Germany 2-1 Spain" + SPORT, "Spain", lexicon) == ["LOC"]


def test_a_state_has_a_team_of_its_own(lexicon: Lexicon) -> None:
    assert types("Oregon beat Hawaii by 10." + SPORT, "Hawaii", lexicon) == ["ORG"]


def test_nobody_plays_where_no_sport_is_told_of(lexicon: Lexicon) -> None:
    assert types("They beat Halifax to the contract. Halifax won it.", "Halifax", lexicon) == ["LOC", "LOC"]


def test_a_person_named_in_full_is_no_team(lexicon: Lexicon) -> None:
    assert types("Joe Bloggs 6-3 Hal Ifax" + SPORT, "Joe Bloggs", lexicon, "PER") == ["PER"]
