"""The recogniser that ships with the package finds the names of a news story."""

from __future__ import annotations

import pytest

from archive.entities.recogniser import load_recogniser
from archive.errors import UsageError
from archive.model import Kind

STORY = """Maple County Sheriff Harriet Quigley spoke to reporters outside the courthouse in Chicago on Tuesday.
"We will not do their work," Quigley said. She was joined by Senator Tom Alvarez, a Democrat.
The Environmental Protection Agency (EPA) opened an office in Nairobi last year."""


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
    with pytest.raises(UsageError, match="default, spacy:MODEL or gliner:MODEL"):
        load_recogniser("oracle")
