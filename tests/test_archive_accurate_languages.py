"""The accurate recogniser in other languages with spaces, with its real model: how it cuts words, and what it finds."""

from __future__ import annotations

import itertools
import math
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import onnxruntime
import pytest
from backfile_accurate import FOLDER
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.entities.accurate import MULTILINGUAL, Mixed, Transformer
from archive.entities.default import DATA
from archive.entities.features import load_lexicon
from archive.entities.foreign_words import load_lore
from archive.entities.multilingual import CONTEXT, LONGEST, SPECIAL, UNKNOWN, PieceEncoder
from archive.entities.network import Network
from archive.entities.recogniser import Recogniser, load_recogniser
from archive.entities.tokens import tokenize
from archive.entities.unigram import WORD_START, Unigrams
from archive.errors import UsageError
from archive.model import Kind

STORIES = {
    "de": "Die Ministerin Annegret Quandt sprach am Montag in Rostock mit der Hanseatischen Werftgesellschaft.\n"
    "Quandt sagte, die Werft in Wismar bleibe offen.",
    "es": "La ministra Rosalía Bengoechea visitó ayer Cartagena y se reunió con la Comisión Federal de Electricidad.\n"
    "Bengoechea viaja hoy a Bogotá.",
    "ru": "Министр Наталья Кузнецова приехала в Новосибирск и встретилась с главой Газпрома.\n"
    "Кузнецова вернётся в Москву во вторник.",
    "uk": "Міністерка Оксана Петренко прибула до Харкова.\nПетренко повернеться до Києва у вівторок.",
}
FOUND = {
    "de": {(Kind.PERSON, "Annegret Quandt"), (Kind.PERSON, "Quandt"), (Kind.PLACE, "Rostock"), (Kind.PLACE, "Wismar"),
           (Kind.ORG, "Hanseatischen Werftgesellschaft")},
    "es": {(Kind.PERSON, "Rosalía Bengoechea"), (Kind.PERSON, "Bengoechea"), (Kind.PLACE, "Cartagena"),
           (Kind.PLACE, "Bogotá"), (Kind.ORG, "Comisión Federal de Electricidad")},
    "ru": {(Kind.PERSON, "Наталья Кузнецова"), (Kind.PERSON, "Кузнецова"), (Kind.PLACE, "Новосибирск"),
           (Kind.PLACE, "Москву"), (Kind.ORG, "Газпрома")},
    "uk": {(Kind.PERSON, "Оксана Петренко"), (Kind.PERSON, "Петренко"), (Kind.PLACE, "Харкова"), (Kind.PLACE, "Києва")},
}  # fmt: skip


@pytest.fixture(scope="module")
def accurate() -> Recogniser:
    return load_recogniser("accurate")


@pytest.fixture(scope="module")
def encoder() -> PieceEncoder:
    rows = [line.split("\t") for line in (FOLDER / f"{MULTILINGUAL}.txt").read_text(encoding="utf-8").split("\n")]
    return PieceEncoder([piece for piece, _ in rows], [float(score) for _, score in rows])


@pytest.fixture(scope="module")
def network() -> Network:
    return Network(DATA, load_lore(DATA, load_lexicon(DATA).gazetteer))


@pytest.mark.parametrize("lang", STORIES)
def test_finds(accurate: Recogniser, lang: str) -> None:
    text = STORIES[lang]
    assert {(span.kind, text[span.start : span.end]) for span in accurate.spans(text, lang)} == FOUND[lang]


def test_what_was_read_before_or_beside_changes_nothing(accurate: Recogniser) -> None:
    expected = {lang: load_recogniser("accurate").spans(text, lang) for lang, text in STORIES.items()}
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda lang: (lang, accurate.spans(STORIES[lang], lang)), [*STORIES] * 4))
    assert all(spans == expected[lang] for lang, spans in found)


@pytest.mark.parametrize("text", ["", "—", "Ada" * 9_000, "Oslo og " * 900, "Ada\x00Brandt\u2028Oslo", "\ud83d Oslo"])
def test_any_text_gives_sorted_spans_within_it(accurate: Recogniser, text: str) -> None:
    place = 0
    for span in accurate.spans(text, "nb"):
        assert place <= span.start < span.end <= len(text)
        place = span.end


def test_a_package_of_another_version_is_refused(network: Network, tmp_path: Path) -> None:
    """One without the network, and one whose network has other labels."""
    with pytest.raises(UsageError, match="do not fit"):
        Transformer(tmp_path, MULTILINGUAL, PieceEncoder, onnxruntime)
    transformer = Transformer(FOLDER, MULTILINGUAL, PieceEncoder, onnxruntime)
    Mixed(transformer, network)
    transformer.labels = transformer.labels[:-1]
    with pytest.raises(UsageError, match="do not fit"):
        Mixed(transformer, network)


def test_runs_hold_every_word_once_and_no_more_than_the_network_reads(encoder: PieceEncoder) -> None:
    tokens = tokenize(STORIES["de"] + "\n" + "Ada Brandt aus Rostock und " * 200 + ".\n" + "Der Rat tagte. " * 100)
    runs = encoder.runs(tokens)
    assert [word for run in runs for word in run.words] == tokens.words
    encoded = [encoder.encode(run) for run in runs]
    assert all(len(run.pieces) <= LONGEST + 2 for run in encoded)
    for run, cut in zip(runs, encoded, strict=True):
        assert len(cut.pieces) <= CONTEXT + 2 or "Brandt" in run.words
        assert len(cut.firsts) == len(run.words)
        assert (cut.pieces[cut.firsts] >= UNKNOWN).all()


def test_a_word_is_cut_by_whether_a_blank_stands_before_it(encoder: PieceEncoder) -> None:
    apart, together = (encoder.encode(tokenize(text)) for text in ("Oslo - Oslo", "Oslo-Oslo"))
    assert apart.pieces[apart.firsts[0]] == together.pieces[together.firsts[0]]
    assert apart.pieces[apart.firsts[2]] != together.pieces[together.firsts[2]]


@pytest.mark.parametrize("word", ["Łódź", "Đorđević", "İstanbul", "Ђоковић", "Київ", "Αθήνα", "القاهرة", "Þórsmörk"])
def test_words_of_many_scripts_can_be_cut(encoder: PieceEncoder, word: str) -> None:
    assert UNKNOWN not in encoder.encode(tokenize(word)).pieces


VOCABULARY = [*SPECIAL, WORD_START, "a", "b", "ab", "ba", "aba", WORD_START + "a", WORD_START + "ab", "bbb"]
SCORES = [0.0, 0.0, 0.0, -3.0, -4.0, -4.5, -6.0, -6.1, -7.0, -5.0, -9.5, -8.0]


@given(st.text("abc", min_size=1, max_size=9), st.booleans())
@settings(max_examples=300, deadline=None)
def test_of_all_cuts_the_most_probable_is_taken(word: str, after_blank: bool) -> None:
    known = dict(zip(VOCABULARY, SCORES, strict=True))
    text = WORD_START * after_blank + word

    def worth(pieces: list[str]) -> float:
        return sum(known.get(piece, -19.5 if len(piece) == 1 else -math.inf) for piece in pieces)

    found = Unigrams(VOCABULARY, SCORES, UNKNOWN).cut(word, after_blank)
    best = max(worth(cut) for cut in _cuts(text))
    place, spelt = 0, list[str]()
    for number in found:
        piece = text[place] if number == UNKNOWN else VOCABULARY[number]
        assert text.startswith(piece, place)
        spelt.append(piece)
        place += len(piece)
    assert place == len(text)
    assert worth(spelt) == pytest.approx(best)


def _cuts(text: str) -> list[list[str]]:
    return [
        [text[begin:end] for begin, end in itertools.pairwise([0, *places, len(text)])]
        for count in range(len(text))
        for places in itertools.combinations(range(1, len(text)), count)
    ]


def test_letters_that_are_written_in_several_ways_are_alike() -> None:
    unigrams = Unigrams([*SPECIAL, WORD_START + "é"], [0.0, 0.0, 0.0, -3.0], UNKNOWN)
    assert unigrams.cut("e\u0301", True) == unigrams.cut("é", True) == [3]
    assert unigrams.cut("\u3000", False) == [UNKNOWN]


def test_marks_of_the_vocabulary_are_not_found_in_text() -> None:
    unigrams = Unigrams([*SPECIAL, "<", "s", ">"], [0.0, 0.0, 0.0, -9.0, -9.0, -9.0], UNKNOWN)
    assert unigrams.cut(SPECIAL[0], False) == [3, 4, 5]
