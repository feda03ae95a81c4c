"""The accurate recogniser with its real model: what it finds, in any text, and what is said where it is missing."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import onnxruntime
import pytest
from backfile_accurate import FOLDER
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.entities.accurate import VOCABULARY_FILE, Transformer
from archive.entities.default import DATA
from archive.entities.encoding import CONTEXT, LONGEST, Encoder
from archive.entities.features import Lexicon, load_lexicon
from archive.entities.recogniser import Recogniser, load_recogniser
from archive.entities.tokens import tokenize
from archive.errors import UsageError
from archive.model import Kind

STORY = """LINDHOLM, Denmark — Maple County Sheriff Harriet Quigley spoke to reporters outside a court in Chicago.
"We will not do their work," Quigley said. She was joined by Senator Tom Alvarez, a Democrat.
The Environmental Protection Agency (EPA) opened an office in Nairobi last year; the EPA declined to comment."""


@pytest.fixture(scope="module")
def accurate() -> Recogniser:
    return load_recogniser("accurate")


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon(DATA)


@pytest.fixture(scope="module")
def encoder(lexicon: Lexicon) -> Encoder:
    pieces = (FOLDER / VOCABULARY_FILE).read_text(encoding="utf-8").split("\n")
    return Encoder({piece: number for number, piece in enumerate(pieces)}, lexicon.gazetteer)


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


def test_a_model_that_knows_other_lists_is_refused(lexicon: Lexicon) -> None:
    other = replace(lexicon, gazetteer=replace(lexicon.gazetteer, lists=("PLANET",)))
    with pytest.raises(UsageError, match="do not fit"):
        Transformer(FOLDER, other, onnxruntime)


def test_runs_hold_every_word_once_and_no_more_than_the_network_reads(encoder: Encoder) -> None:
    text = STORY + "\n" + "Ada Brandt of Oslo and " * 200 + ".\n" + "The council met. " * 100
    tokens = tokenize(text)
    runs = encoder.runs(tokens)
    assert [word for run in runs for word in run.words] == tokens.words
    assert [start for run in runs for start in run.starts] == tokens.starts
    assert all(len(encoder.encode(run).pieces) <= LONGEST + 2 for run in runs)
    begins = {tokens.starts[index] for index in tokens.sentences}
    whole = [run for run in runs if sum(map(encoder.length, run.words)) <= CONTEXT]
    assert sum(run.starts[0] not in begins for run in whole) <= 1  # the rest of the endless sentence


def test_short_texts_are_one_run_and_long_ones_are_divided_evenly(encoder: Encoder) -> None:
    assert len(encoder.runs(tokenize(STORY))) == 1
    sizes = [sum(map(encoder.length, run.words)) for run in encoder.runs(tokenize("The council met in Oslo. " * 45))]
    assert len(sizes) > 1
    assert max(sizes) <= 1.3 * min(sizes)


def test_each_word_has_its_first_piece_and_its_marks(encoder: Encoder) -> None:
    run = tokenize("Ada Brandtholm of NEW YORK")
    encoded = encoder.encode(run)
    assert encoded.firsts.tolist() == [1 + sum(map(encoder.length, run.words[:i])) for i in range(len(run.words))]
    assert not encoded.marks[[0, -1]].any()
    second, after = encoded.firsts[1], encoded.firsts[2]
    assert (encoded.marks[second:after] == encoded.marks[second]).all(), "all pieces of a word have its marks"
    assert not np.array_equal(encoded.marks[encoded.firsts[2]], encoded.marks[encoded.firsts[3]])


def test_every_word_of_latin_letters_can_be_cut(encoder: Encoder) -> None:
    """The vocabulary holds the frequent pieces and every letter."""
    unknown = encoder.encode(tokenize("漢")).pieces[1]
    for word in ("Xqzvtkwy", "Þórsmörk", "Łódź", "Nguyễn", "d'Ørsted"):
        assert unknown not in encoder.encode(tokenize(word)).pieces, word
