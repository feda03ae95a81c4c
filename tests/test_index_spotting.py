"""Spotting: the words a query speaks of are found without analysing the others, and none is missed."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis import Token, tokens
from index.spotting import Spotter
from index.stemming import beginnings, stem

TRICKY = st.text("oiOI1.,'’ʼ_- \n\u00a0éİſ\u00ad\u0301東カﾞß“…", max_size=60)
WORDS = "oil Oil’s O'Il I.C.E. ice l'ice U.S. us 1,200 1200.5 lie lying dying well-known @ice ice_oil “oil” — at the"
ENGLISH = st.lists(st.sampled_from(WORDS.split()), max_size=30).map(" ".join)
BLANKS = st.text("125٢JK.,' \u00a0\u202f", max_size=40)  # within numbers and initials
TEXTS = TRICKY | BLANKS | ENGLISH | st.text(max_size=60)


def spotted(text: str, terms: set[str], stems: set[str], *, exact: bool) -> list[Token]:
    starts = {term[:2] for term in terms} | {start for each in stems for start in beginnings(each)}
    return Spotter(starts, lambda term, stem_: term in terms or stem_ in stems, exact=exact).find(text)


@given(text=TEXTS, data=st.data())
def test_it_finds_what_reading_the_whole_text_finds(text: str, data: st.DataObject) -> None:
    every = list(tokens(text))
    chosen = data.draw(st.sets(st.sampled_from(every), max_size=3)) if every else set()
    terms, stems = {token.term for token in chosen if token.start % 2}, {t.stem for t in chosen if not t.start % 2}
    expected = [token for token in every if token.term in terms or token.stem in stems]
    assert spotted(text, terms, stems, exact=True) == expected

    found = spotted(text, terms, stems, exact=False)
    assert [token._replace(position=0) for token in found] == [token._replace(position=0) for token in expected]
    for (one, other), (first, second) in zip(pairwise(found), pairwise(expected), strict=True):
        assert min(other.position - one.position, 2) == min(second.position - first.position, 2)


@pytest.mark.parametrize(
    "word", ["dying", "lying", "tying", "skies", "skis", "idly", "aing", "oed", "ying", "by", "is"]
)
def test_a_word_begins_as_its_stem_does(word: str) -> None:
    assert word.startswith(beginnings(stem(word)))


@given(st.from_regex(r"[a-z]{1,8}(?:ing|ed|s|ies|ied|ingly|ational|y|e|ly)?", fullmatch=True))
def test_any_word_begins_as_its_stem_does(word: str) -> None:
    assert word.startswith(beginnings(stem(word)))


def test_other_scripts_are_found() -> None:
    text = "Миграционная полиция и миграционная служба. " * 3
    found = spotted(text, {"полиция"}, set(), exact=True)
    assert [text[token.start : token.end] for token in found] == ["полиция"] * 3
