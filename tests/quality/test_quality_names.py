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
    "es": (82.6, 88.6, 71.5, 72.1),
    "fr": (74.9, 89.0, 68.9, 73.7),
    "it": (84.5, 74.9, 65.5, 66.0),
    "nl": (87.4, 89.1, 76.9, 69.1),
    "pl": (79.9, 92.0, 71.9, 66.6),
}
ACCURATE = {
    # the same, of the recogniser `accurate`; none of its mistakes were looked at
    "es": (89.8, 94.1, 80.7, 80.7),
    "fr": (85.2, 89.9, 80.3, 80.9),
    "it": (96.4, 79.2, 83.8, 75.4),
    "nl": (91.2, 90.2, 86.6, 81.8),
    "pl": (86.2, 96.6, 83.4, 74.5),
}
KINDS = {"PER": Kind.PERSON, "LOC": Kind.PLACE, "ORG": Kind.ORG}
_MARKED = re.compile(r"\[(?P<kind>PER|LOC|ORG) (?P<name>[^\]]+)\]")
Facets = set[tuple[Kind, str]]

pytestmark = pytest.mark.quality


def stories(lang: str) -> Iterator[tuple[str, Facets]]:
    """Each story without its marks, and the names in it by kind."""
    for story in (FOLDER / f"{lang}.txt").read_text(encoding="utf-8").strip().split("\n\n"):
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


def f1(read: list[tuple[Facets, Facets]]) -> float:
    """F1 in per cent of (found, marked) names of stories."""
    right = sum(len(found & marked) for found, marked in read)
    return 200 * right / sum(len(found) + len(marked) for found, marked in read)
