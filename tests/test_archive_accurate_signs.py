"""The accurate recogniser in Chinese, Japanese, Korean and Thai, with its real model: how it cuts text, and finds."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from backfile_accurate import FOLDER
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.entities.accurate import SIGNS, Transformer
from archive.entities.multilingual import LONGEST, SPECIAL, UNKNOWN
from archive.entities.recogniser import Recogniser, load_recogniser
from archive.entities.sign_pieces import PLACES, SignEncoder, places
from archive.entities.signs import divide
from archive.entities.unigram import WORD_START
from archive.errors import UsageError
from archive.model import Kind

STORIES = {
    "zh": "浙江省省长王浩在杭州会见了荷兰首相斯霍夫。双方讨论了阿斯麦公司的投资。",
    "ja": "熊本市の大西一史市長は6日、東京で河野太郎氏と会談した。トヨタ自動車の佐藤恒治社長も出席した。",
    "ko": "오세훈 서울시장은 6일 부산에서 삼성전자 이재용 회장을 만났다.",
    "th": "นายชัชชาติ สิทธิพันธุ์ ผู้ว่าราชการกรุงเทพมหานคร เดินทางไปเชียงใหม่เมื่อวันจันทร์",
}
FOUND = {
    "zh": {(Kind.PERSON, "王浩"), (Kind.PLACE, "杭州"), (Kind.PERSON, "斯霍夫"), (Kind.ORG, "阿斯麦公司")},
    "ja": {(Kind.PERSON, "大西一史"), (Kind.PLACE, "東京"), (Kind.PERSON, "河野太郎"), (Kind.ORG, "トヨタ自動車"),
           (Kind.PERSON, "佐藤恒治")},
    "ko": {(Kind.PERSON, "오세훈"), (Kind.PLACE, "부산"), (Kind.ORG, "삼성전자"), (Kind.PERSON, "이재용")},
    "th": {(Kind.PLACE, "เชียงใหม่")},
}  # fmt: skip


@pytest.fixture(scope="module")
def accurate() -> Recogniser:
    return load_recogniser("accurate")


@pytest.fixture(scope="module")
def encoder() -> SignEncoder:
    rows = [line.split("\t") for line in (FOLDER / f"{SIGNS}.txt").read_text(encoding="utf-8").split("\n")]
    return SignEncoder([piece for piece, _ in rows], [float(score) for _, score in rows])


@pytest.mark.parametrize("lang", STORIES)
def test_finds(accurate: Recogniser, lang: str) -> None:
    text = STORIES[lang]
    assert {(span.kind, text[span.start : span.end]) for span in accurate.spans(text, lang)} >= FOUND[lang]


def test_what_was_read_before_or_beside_changes_nothing(accurate: Recogniser) -> None:
    expected = {lang: load_recogniser("accurate").spans(text, lang) for lang, text in STORIES.items()}
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda lang: (lang, accurate.spans(STORIES[lang], lang)), [*STORIES] * 4))
    assert all(spans == expected[lang] for lang, spans in found)


@pytest.mark.parametrize(
    "text", ["", "。", "東京" * 9_000, "가" + "\u0301" * 90, "東京\x00\u2028大阪", "\ud83d 東京", "ﷺ東"]
)
def test_any_text_gives_sorted_spans_within_it(accurate: Recogniser, text: str) -> None:
    place = 0
    for span in accurate.spans(text, "ja"):
        assert place <= span.start < span.end <= len(text)
        place = span.end


def test_a_package_without_the_network_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="do not fit"):
        Transformer(tmp_path, SIGNS, SignEncoder, onnxruntime)


@given(st.text("東京都大阪ｶﾞがカ가각กำ้ \n。A1é", max_size=300))
@settings(max_examples=100, deadline=None)
def test_runs_hold_every_sign_once_and_a_row_for_each(encoder: SignEncoder, text: str) -> None:
    tokens = divide(text)
    if not tokens.words:
        return
    runs = encoder.runs(tokens)
    assert [sign for run in runs for sign in run.words] == tokens.words
    for run in runs:
        encoded = encoder.encode(run)
        assert len(encoded.pieces) <= LONGEST + 2
        owners = encoded.firsts // PLACES
        assert len(owners) == len(run.words)
        assert (np.diff(owners) >= 0).all()
        assert 1 <= owners[0] <= owners[-1] <= len(encoded.pieces) - 2
        assert (encoded.firsts % PLACES == places(owners)).all()


def test_a_sign_belongs_to_the_piece_that_covers_it() -> None:
    vocabulary = [*SPECIAL, WORD_START, "東京", "都", WORD_START + "東"]
    encoder = SignEncoder(vocabulary, [0.0, 0.0, 0.0, -2.0, -3.0, -3.0, -9.0])
    found = encoder.encode(divide("東京都x"))
    names = [vocabulary[number] for number in found.pieces[1:-1]]
    assert names == [WORD_START, "東京", "都", vocabulary[UNKNOWN]]
    assert found.firsts.tolist() == [2 * PLACES, 2 * PLACES + 1, 3 * PLACES, 4 * PLACES]


def test_the_last_signs_of_a_long_piece_share_a_row() -> None:
    assert places(np.array([1, 1, 2, 2, 2, 2, 2, 2, 2, 3])).tolist() == [0, 1, 0, 1, 2, 3, 4, 5, 5, 0]
