"""The accurate recogniser with its real model: what it finds, in any text, and what is said where it is missing."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.entities.recogniser import Recogniser, load_recogniser
from archive.errors import UsageError
from archive.model import Kind

STORY = """LINDHOLM, Denmark — Maple County Sheriff Harriet Quigley spoke to reporters outside a court in Chicago.
"We will not do their work," Quigley said. She was joined by Senator Tom Alvarez, a Democrat.
The Environmental Protection Agency (EPA) opened an office in Nairobi last year; the EPA declined to comment."""


@pytest.fixture(scope="module")
def accurate() -> Recogniser:
    return load_recogniser("accurate")


@pytest.fixture(scope="module")
def found(accurate: Recogniser) -> set[tuple[Kind, str]]:
    return {(span.kind, STORY[span.start : span.end]) for span in accurate.spans(STORY, "en")}


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (Kind.PERSON, "Harriet Quigley"),
        (Kind.PERSON, "Quigley"),
        (Kind.PERSON, "Tom Alvarez"),
        (Kind.PLACE, "Denmark"),
        (Kind.PLACE, "Chicago"),
        (Kind.PLACE, "Nairobi"),
        (Kind.ORG, "Environmental Protection Agency"),
        (Kind.ORG, "EPA"),
    ],
)
def test_finds(found: set[tuple[Kind, str]], kind: Kind, name: str) -> None:
    assert (kind, name) in found


def test_a_democrat_is_no_person(found: set[tuple[Kind, str]]) -> None:
    assert (Kind.PERSON, "Democrat") not in found


def test_it_is_named_in_what_it_finds(accurate: Recogniser) -> None:
    assert accurate.name == "accurate"


AWKWARD = {
    "empty": "",
    "blank": " \n\t\n ",
    "one sign": "—",
    "a huge word": "Krasner" * 20_000,
    "a huge word of one sign": "é" * 100_000,
    "an endless sentence": "Ada Brandt and " * 3_000,
    "a list without sentences": "Oslo\n" * 2_000,
    "emoji": "👩‍🚒 Ada Brandt 🇳🇴 of Oslo 🎉",
    "Chinese": "习近平在北京会见了安哥拉总统。",
    "Arabic": "وصل الرئيس إلى القاهرة اليوم",
    "control characters": "Ada\x00Brandt\x1fof\u2028Oslo\ufeff",
    "lone surrogate": "Ada Brandt \ud83d of Oslo",
    "combining accents": "Jose\u0301 Di\u0301az of Bogota\u0301",
}


@pytest.mark.parametrize("text", AWKWARD.values(), ids=AWKWARD.keys())
def test_any_text_gives_sorted_spans_within_it(accurate: Recogniser, text: str) -> None:
    check(accurate, text, "en")


@given(st.text(max_size=300), st.sampled_from(["en", "de", "", "zh"]))
@settings(max_examples=60, deadline=None)
def test_spans_are_sorted_apart_and_inside(text: str, lang: str) -> None:
    check(_SHARED[0], text, lang)


_SHARED: list[Recogniser] = []


@pytest.fixture(scope="module", autouse=True)
def _shared(accurate: Recogniser) -> None:
    _SHARED[:] = [accurate]


def check(recogniser: Recogniser, text: str, lang: str) -> None:
    place = 0
    for span in recogniser.spans(text, lang):
        assert place <= span.start < span.end <= len(text)
        assert text[span.start : span.end].strip() == text[span.start : span.end]
        assert 0 < span.confidence <= 1
        place = span.end


def test_other_languages_keep_what_can_be_relied_on(accurate: Recogniser) -> None:
    text = "Angela Merkel traf am Montag in Berlin den Präsidenten Emmanuel Macron.\nDie Kanzlerin sprach danach."
    found = {text[span.start : span.end] for span in accurate.spans(text, "de")}
    assert {"Angela Merkel", "Berlin", "Emmanuel Macron"} <= found
    assert found.isdisjoint({"Montag", "Präsidenten", "Kanzlerin", "Die"})


def test_what_was_read_before_or_beside_changes_nothing(accurate: Recogniser) -> None:
    """Fresh, used, and in four threads at once: the same names with the same confidence."""
    expected = load_recogniser("accurate").spans(STORY, "en")
    others = [f"Officer Jan Kubrick{number} of Unit{number} went from Bergen to Trondheim." for number in range(20)]
    for text in others:
        accurate.spans(text, "en")
    assert accurate.spans(STORY, "en") == expected
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda text: accurate.spans(text, "en"), [STORY, *others] * 3))
    assert found[:: len(others) + 1] == [expected] * 3


@pytest.mark.parametrize("name", ["backfile_accurate", "onnxruntime"])
def test_without_its_packages_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(UsageError, match=rf"{name.replace('_', '-')}: pip install 'backfile\[accurate\]'"):
        load_recogniser("accurate")
