"""Floors for names in marked news of five languages that have no openly licensed news with marks (names/README.md)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from archive.entities.recogniser import load_recogniser
from archive.model import Kind

FOLDER = Path(__file__).parent / "names"
PARTS = (0, 10, 20, 40, 60)  # of the stories: names/README.md
FLOORS = {
    # language: facet F1 of each part; the mistakes of the first and the third were looked at
    "es": (88.5, 85.5, 76.2, 75.2),
    "fr": (79.9, 84.1, 71.3, 70.3),
    "it": (89.4, 76.1, 68.5, 70.1),
    "nl": (88.8, 86.8, 74.3, 72.4),
    "pl": (83.5, 89.1, 72.7, 68.0),
}
ACCURATE = {
    # the same, of the recogniser `accurate`; none of its mistakes were looked at
    "es": (87.9, 95.7, 83.0, 81.3),
    "fr": (88.5, 89.1, 80.9, 80.3),
    "it": (95.7, 79.3, 83.4, 75.5),
    "nl": (91.3, 90.3, 86.7, 82.3),
    "pl": (86.3, 96.7, 82.4, 72.7),
}
TODAY = {
    # language: facet F1 of the first three and the last three stories of today_LANG.txt; the mistakes of the first were
    # looked at
    "de": (66.4, 72.8),
    "es": (75.2, 76.1),
    "fr": (86.5, 65.2),
    "it": (76.9, 62.7),
    "pt": (90.6, 73.0),
    "ru": (86.7, 66.4),
    "tr": (71.1, 61.2),
}
KINDS = {"PER": Kind.PERSON, "LOC": Kind.PLACE, "ORG": Kind.ORG}
_MARKED = re.compile(r"\[(?P<kind>PER|LOC|ORG) (?P<name>[^\]]+)\]")
Facets = set[tuple[Kind, str]]

pytestmark = pytest.mark.quality


def stories(file: str) -> Iterator[tuple[str, Facets]]:
    """Each story of a file without its marks, and the names in it by kind."""
    for story in (FOLDER / f"{file}.txt").read_text(encoding="utf-8").strip().split("\n\n"):
        names = {(KINDS[match["kind"]], match["name"]) for match in _MARKED.finditer(story)}
        yield _MARKED.sub(lambda match: match["name"], story), names


@pytest.mark.parametrize("lang", FLOORS)
@pytest.mark.parametrize(("name", "floors"), [("default", FLOORS), ("accurate", ACCURATE)])
def test_finds_names_in_marked_news_at_least_as_well_as_measured(
    name: str, floors: dict[str, tuple[float, ...]], lang: str
) -> None:
    recogniser = load_recogniser(name)
    read = [
        ({(span.kind, text[span.start : span.end]) for span in recogniser.spans(text, lang)}, names)
        for text, names in stories(lang)
    ]
    assert len(read) == PARTS[-1]
    scores = [f1(read[first:last]) for first, last in pairwise(PARTS)]
    assert all(score >= floor for score, floor in zip(scores, floors[lang], strict=True)), scores


@pytest.mark.parametrize("lang", TODAY)
def test_finds_names_in_stories_of_2026(lang: str) -> None:
    recogniser = load_recogniser("default")
    read = [
        ({(span.kind, text[span.start : span.end]) for span in recogniser.spans(text, lang)}, names)
        for text, names in stories(f"today_{lang}")
    ]
    half = len(read) // 2
    scores = f1(read[:half]), f1(read[half:])
    assert all(score >= floor for score, floor in zip(scores, TODAY[lang], strict=True)), scores


def f1(read: list[tuple[Facets, Facets]]) -> float:
    """F1 in per cent of (found, marked) names of stories."""
    right = sum(len(found & marked) for found, marked in read)
    return 200 * right / sum(len(found) + len(marked) for found, marked in read)
