"""Phrases and words near each other, in fields of one value and of several, are found as the plain engine does."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.engines import Batch
from index.engines.memory import MemoryEngine
from index.engines.whoosh import WhooshEngine, lists, open_engine, phrases
from index.fields import DEFAULT, Card, Document
from index.plan import Combined, Condition, Near, Phrase, Plan

WORDS = ["oil", "gas", "gold", "wheat", "rice", "tea"]
WEIGHTS = [40, 20, 9, 5, 2, 1]


def document(number: int, **texts: tuple[str, ...]) -> Document:
    card = Card(f"d{number:04}", "https://x.org", "T", "x.org", None, datetime(2025, 1, 1, tzinfo=UTC))
    return Document(card, texts, {}, {}, {})


def some_text(rng: random.Random, most: int) -> str:
    return " ".join(rng.choices(WORDS, WEIGHTS, k=rng.randint(1, most)))


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[WhooshEngine, MemoryEngine]]:
    """Lists of each kind: a count for every document, long ones, short ones; captions are several values."""
    rng = random.Random(6)
    documents = [
        document(
            number,
            title=(some_text(rng, 3),),
            text=(some_text(rng, 25),),
            caption=tuple(some_text(rng, 4) for _ in range(rng.choice([0, 0, 1, 4]))),
        )
        for number in range(300)
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lists, "LONG", 20)
        patch.setattr(lists, "PLAIN", 100)
        opened, oracle = open_engine(tmp_path_factory.mktemp("index")), MemoryEngine()
        for each in (opened, oracle):
            each.apply(Batch(documents, [], 1))
    yield opened, oracle
    opened.close()


def assert_same(opened: WhooshEngine, oracle: MemoryEngine, asked: Condition) -> None:
    plan = Plan(asked, limit=1000)
    mine, theirs = opened.run(plan), oracle.run(plan)
    assert mine.total == theirs.total
    assert {row.card.id: row.score for row in mine.rows} == {
        row.card.id: pytest.approx(row.score, rel=1e-5) for row in theirs.rows
    }


asked_for = st.lists(st.sampled_from([*WORDS, "none"]), min_size=2, max_size=4)


@pytest.mark.parametrize("longer", [0, 2, 1000])
@given(terms=asked_for, field=st.sampled_from(["title", "text", "caption", "note"]))
def test_a_phrase_in_a_field(
    engines: tuple[WhooshEngine, MemoryEngine], longer: int, terms: list[str], field: str
) -> None:
    """Also where no more of a list is read than the documents of the rarest term have."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(phrases, "LONGER", longer)
        assert_same(*engines, Phrase(field, tuple(terms)))


@pytest.mark.parametrize("longer", [0, 2, 1000])
@given(terms=asked_for)
def test_a_phrase_in_title_and_text(engines: tuple[WhooshEngine, MemoryEngine], longer: int, terms: list[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(phrases, "LONGER", longer)
        assert_same(*engines, Combined(tuple(Phrase(name, tuple(terms), weight) for name, weight in DEFAULT.asks)))


@given(
    terms=st.lists(st.sampled_from([*WORDS, "none"]), min_size=2, max_size=3, unique=True),
    window=st.integers(1, 9),
    field=st.sampled_from(["title", "text", "caption", "note"]),
)
def test_words_near_each_other(
    engines: tuple[WhooshEngine, MemoryEngine], terms: list[str], window: int, field: str
) -> None:
    assert_same(*engines, Near(field, tuple(terms), window))


def test_values_far_behind_the_words_end_nothing_in_the_next_document(tmp_path: Path) -> None:
    """Where one value ends and the next begins is told by document, however far from all that is asked for."""
    opened, oracle = open_engine(tmp_path), MemoryEngine()
    documents = [document(0, caption=("oil gas", "tea " * 7, "tea")), document(1, caption=("tea oil rice gas",))]
    for each in (opened, oracle):
        each.apply(Batch(documents, [], 1))
    for window in range(1, 5):
        assert_same(opened, oracle, Near("caption", ("oil", "gas"), window))


@pytest.mark.parametrize("field", ["title", "text"])
def test_many_documents_with_far_positions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, field: str) -> None:
    """More than 32 bits tell of all their tokens."""
    opened, oracle = open_engine(tmp_path), MemoryEngine()
    documents = [document(number, **{field: (some_text(random.Random(number), 9),)}) for number in range(60)]
    for each in (opened, oracle):
        each.apply(Batch(documents, [], 1))
    bits = phrases._Tokens.__init__

    def far(self: phrases._Tokens, fields: list[list[phrases._Term]], room: int) -> None:
        bits(self, fields, room + 2**30)

    monkeypatch.setattr(phrases._Tokens, "__init__", far)
    assert_same(opened, oracle, Phrase(field, ("oil", "gas")))
