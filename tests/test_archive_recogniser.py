"""The recogniser that ships with the package finds the names of a news story."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.entities.recogniser import load_recogniser
from archive.errors import UsageError
from archive.model import Kind

STORY = """Maple County Sheriff Harriet Quigley spoke to reporters outside the courthouse in Chicago on Tuesday.
"We will not do their work," Quigley said. She was joined by Senator Tom Alvarez, a Democrat.
The Environmental Protection Agency (EPA) opened an office in Nairobi last year."""


SEED = Path(__file__).parents[1].parent / "shared" / "seed" / "000_f109908ab14ccdfa.txt"


@pytest.fixture(scope="module")
def found() -> set[tuple[Kind, str]]:
    return {(span.kind, STORY[span.start : span.end]) for span in load_recogniser().spans(STORY, "en")}


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (Kind.PERSON, "Harriet Quigley"),
        (Kind.PERSON, "Quigley"),
        (Kind.PERSON, "Tom Alvarez"),
        (Kind.PLACE, "Chicago"),
        (Kind.PLACE, "Nairobi"),
        (Kind.ORG, "Environmental Protection Agency"),
    ],
)
def test_finds(found: set[tuple[Kind, str]], kind: Kind, name: str) -> None:
    assert (kind, name) in found


def test_a_democrat_is_no_person(found: set[tuple[Kind, str]]) -> None:
    assert (Kind.PERSON, "Democrat") not in found


def test_an_unknown_recogniser_is_refused_with_the_choices() -> None:
    with pytest.raises(UsageError, match="default, accurate, none, spacy:MODEL or gliner:MODEL"):
        load_recogniser("oracle")


@pytest.mark.quality
@pytest.mark.skipif(not SEED.is_file(), reason="the seed story is not beside the checkout")
@pytest.mark.parametrize("name", ["default", "accurate"])
def test_the_seed_story_reads_as_a_careful_reader_would_list_it(name: str) -> None:
    text = SEED.read_text(encoding="utf-8")
    found = {(span.kind, text[span.start : span.end]) for span in load_recogniser(name).spans(text, "en")}
    people = {name for kind, name in found if kind is Kind.PERSON}
    places = {name for kind, name in found if kind is Kind.PLACE}
    orgs = {name for kind, name in found if kind is Kind.ORG}
    assert people == {"Larry Krasner", "Krasner", "Trump", "Brian O'Neil", "Patrick Dugan", "Emil Bove"}
    assert places == {"Philadelphia", "North Philadelphia", "City Hall", "U.S.", "D.C."}
    expected = {"U.S. Immigration and Customs Enforcement", "ICE", "City Council", "Justice Department", "Proud Boy"}
    assert orgs == expected


def test_what_was_read_before_changes_nothing() -> None:
    """A rebuild, in processes of its own, finds what adding found, to the digit."""
    text = (
        "LINDHOLM - The council of Lindholm met on Tuesday. Mayor Ada Brandt of the Harbour Board spoke in Oslo. " * 3
    )
    fresh, used = load_recogniser(), load_recogniser()
    for number in range(40):
        used.spans(f"Officer Jan Kubrick{number} of Unit{number} went from Bergen{number} to Trondheim in May.", "en")
    assert used.spans(text, "en") == fresh.spans(text, "en")
