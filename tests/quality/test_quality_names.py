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
    "es": (90.8, 87.4, 75.9, 81.2),
    "fr": (85.0, 85.0, 75.3, 71.8),
    "it": (91.2, 83.5, 72.7, 68.7),
    "nl": (87.0, 88.4, 77.9, 74.5),
    "pl": (82.9, 90.1, 72.4, 68.7),
}
ACCURATE = {
    # the same, of the recogniser `accurate`; none of its mistakes were looked at. Its eight-bit activations are rounded
    # otherwise from processor to processor (Intel with VNNI, AMD with AVX2): a name or two of a part, 1.6 at the most
    "es": (90.1, 97.4, 82.6, 81.7),
    "fr": (91.8, 89.2, 79.1, 80.4),
    "it": (95.8, 79.4, 83.0, 76.0),
    "nl": (91.4, 90.4, 86.8, 82.8),
    "pl": (86.4, 96.8, 82.5, 73.2),
}
SPREAD = 1.0  # … and of processors that these were not measured on
TODAY = {
    # language: facet F1 of the first three and the last three stories of today_LANG.txt; the mistakes of the first were
    # looked at
    "ar": (60.2, 37.8),
    "de": (91.3, 72.8),
    "es": (90.3, 79.1),
    "fr": (96.0, 79.1),
    "it": (94.7, 72.5),
    "nl": (89.4, 75.2),
    "pl": (85.5, 67.4),
    "pt": (96.2, 88.3),
    "ru": (97.7, 79.8),
    "tr": (82.4, 57.6),
}
# facet F1 of the first and the second half of the stories of abroad_LANG.txt, of all its languages together
ABROAD = (87.3, 80.3)
ABROAD_IN = "cs de es fi fr it pl pt ru sv tr uk".split()
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
    spread = SPREAD if floors is ACCURATE else 0.0
    assert all(score >= floor - spread for score, floor in zip(scores, floors[lang], strict=True)), scores


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


def test_finds_names_in_stories_of_twelve_languages() -> None:
    recogniser = load_recogniser("default")
    halves: tuple[list[tuple[Facets, Facets]], ...] = ([], [])
    for lang in ABROAD_IN:
        read = [
            ({(span.kind, text[span.start : span.end]) for span in recogniser.spans(text, lang)}, names)
            for text, names in stories(f"abroad_{lang}")
        ]
        halves[0].extend(read[: len(read) // 2])
        halves[1].extend(read[len(read) // 2 :])
    assert len(halves[0]) == len(halves[1]) == 20
    scores = f1(halves[0]), f1(halves[1])
    assert all(score >= floor for score, floor in zip(scores, ABROAD, strict=True)), scores


def f1(read: list[tuple[Facets, Facets]]) -> float:
    """F1 in per cent of (found, marked) names of stories."""
    right = sum(len(found & marked) for found, marked in read)
    return 200 * right / sum(len(found) + len(marked) for found, marked in read)
