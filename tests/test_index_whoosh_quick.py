"""The short way to the best of words alone gives what the long way does: the same total, rows and scores."""

from __future__ import annotations

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from index import SearchSettings
from index.engines import Answer, Batch, opener
from index.engines.whoosh import WhooshEngine, matching, open_engine, quick, recent
from index.engines.whoosh.lists import Blocks
from index.engines.whoosh.matching import Matcher
from index.engines.whoosh.packing import Array, Floats, Ints
from index.engines.whoosh.scoring import Scorer
from index.fields import DEFAULT, Card, Document
from index.plan import (
    After,
    AllOf,
    AnyOf,
    Combined,
    Condition,
    Limits,
    NotOf,
    Overrun,
    Phrase,
    Plan,
    Prefix,
    Stem,
    Term,
)

STEMS = [f"w{number}" for number in range(60)]
WEIGHTS = [1 / (number + 1) for number in range(60)]


def word(stem: str) -> Combined:
    return Combined(tuple(Stem(name, stem, weight) for name, weight in DEFAULT.asks))


def document(rng: random.Random, number: int) -> Document:
    card = Card(f"d{number:05}", "https://x.org", "T", "x.org", None, datetime(2025, 1, 1, tzinfo=UTC))
    texts = {
        "title": (" ".join(rng.choices(STEMS, WEIGHTS, k=rng.randint(1, 6))),),
        "text": (" ".join(rng.choices(STEMS, WEIGHTS, k=rng.randint(3, 40))),),
    }
    return Document(card, texts, {"is": ("failed",)} if number % 97 == 0 else {}, {}, {})


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WhooshEngine]:
    """A segment of 9,500 documents with lists of every kind, a small one, and documents that were deleted."""
    rng = random.Random(4)
    opened = open_engine(tmp_path_factory.mktemp("index"))
    opened.apply(Batch([document(rng, number) for number in range(9_500)], [], 1))
    opened.apply(Batch([document(rng, number) for number in range(9_400, 9_900)], ["d00007", "d00500", "d09000"], 2))
    yield opened
    opened.close()


FAILED = NotOf(Term("is", "failed", 0.0))
ASKED: list[Condition] = [
    *(word(stem) for stem in ("w0", "w1", "w2", "w5", "w9", "w30", "w59", "none")),
    *(AllOf((word(stem), FAILED)) for stem in ("w0", "w3", "w12")),
    AllOf((word("w0"), word("w1"))),
    AllOf((AllOf((word("w4"), word("w40"), word("w2"))), FAILED)),
    AllOf((word("w1"), word("none"))),
    AnyOf((word("w7"), word("w8"), word("w20"), word("none"))),
    AllOf((AnyOf((word("w0"), word("w50"))), FAILED)),
    AnyOf((word("w0"), word("w59"), word("w52"), word("w45"))),
    AllOf((AnyOf((word("w0"), word("w1"), *(word(f"w{number}") for number in range(50, 60)))), FAILED)),
]


def long_way(engine: WhooshEngine, plan: Plan, monkeypatch: pytest.MonkeyPatch) -> Answer:
    with monkeypatch.context() as patched:
        patched.setattr(quick, "asked", lambda _: None)
        return engine.run(plan)


@pytest.mark.parametrize("first", [1, 16])
@pytest.mark.parametrize("limit", [1, 3, 10, 200])
@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_the_short_way_and_the_long_way_come_to_the_same(
    engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch, asked: Condition, limit: int, first: int
) -> None:
    monkeypatch.setattr(quick, "FIRST", first)
    monkeypatch.setattr(quick, "WHOLE", first * 3)
    plan = Plan(asked, limit=limit)
    assert quick.asked(plan)
    expected = long_way(engine, plan, monkeypatch)
    assert engine.run(plan) == expected
    for name, value in [("HIDDEN", 0), ("FEW", 0), ("SCORED", 0), ("SEEN", 1), ("WORDS", 0)]:
        monkeypatch.setattr(quick, name, value)
        assert engine.run(plan) == expected


def test_of_any_of_several_words_only_what_can_be_among_the_best_is_scored(
    engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    scored: list[int] = []
    in_both = Scorer.in_both

    def counted(scorer: Scorer, matcher: Matcher, weight: np.float32 | Floats, docs: Ints, often: Array) -> Floats:
        scored.append(len(docs))
        return in_both(scorer, matcher, weight, docs, often)

    monkeypatch.setattr(Scorer, "in_both", counted)
    asked = AnyOf((word("w0"), word("w59"), word("w52"), word("w45")))
    assert engine.run(Plan(asked, limit=3)).total > 9000
    assert 0 < sum(scored) < 2000


def test_most_blocks_of_a_long_list_are_not_read(engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    some = Blocks.some

    def counted(blocks: Blocks, chosen: Ints) -> tuple[Ints, Array]:
        read.append(len(chosen))
        return some(blocks, chosen)

    monkeypatch.setattr(Blocks, "some", counted)
    monkeypatch.setattr(quick, "FIRST", 2)
    monkeypatch.setattr(quick, "WHOLE", 2)
    assert engine.run(Plan(word("w2"), limit=1)).total > 4000
    assert 0 < sum(read) < 20


def test_pages_go_on_where_the_short_way_ended(engine: WhooshEngine) -> None:
    whole = engine.run(Plan(word("w6"), limit=100)).rows
    first = engine.run(Plan(word("w6"), limit=10)).rows
    after = After(first[-1].key, first[-1].card.id)
    assert (*first, *engine.run(Plan(word("w6"), limit=90, after=after)).rows) == whole


def test_threads_get_the_same_answers(engine: WhooshEngine) -> None:
    plans = [Plan(asked) for asked in ASKED] * 6
    expected = [engine.run(plan) for plan in plans]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(engine.run, plans)) == expected


def test_lists_that_were_unpacked_are_kept_up_to_a_limit_and_let_go_with_their_file(tmp_path: Path) -> None:
    kept = recent.Recent(1000)
    made: list[int] = []

    def asked(file: object, number: int, size: int) -> None:
        def make() -> recent.List:
            made.append(number)
            return None, np.zeros(size, np.uint8)

        assert len(kept.get((file, "words"), number, make)[1]) == size

    for number, size in [(1, 400), (2, 400), (1, 400), (3, 400), (1, 400), (2, 400), (4, 2000), (1, 400)]:
        asked("a", number, size)
    assert made == [1, 2, 3, 2, 4]
    kept.forget("a")
    asked("a", 1, 400)
    assert made[-1] == 1


def test_forms_of_a_word_in_one_title_count_together(tmp_path: Path) -> None:
    """As often as is counted at most, and none of them as if it were in the text."""
    titles = ["price " * 3 + "prices " * 3, "price " * 3, "price prices priced", "tea"]
    at = datetime(2025, 1, 1, tzinfo=UTC)
    documents = [
        Document(
            Card(f"d{n}", "https://x.org", "T", "x.org", None, at), {"title": (title,), "text": (text,)}, {}, {}, {}
        )
        for n, (title, text) in enumerate(zip(titles, ["tea", "tea", "tea prices", "tea"], strict=True))
    ]
    plan = Plan(word("price"), limit=10)
    found = []
    for opened in (open_engine(tmp_path), opener("memory")(tmp_path / "memory", SearchSettings())):
        opened.apply(Batch(documents, [], 1))
        found.append([(row.card.id, round(row.score, 5)) for row in opened.run(plan).rows])
        opened.close()
    assert found[0] == found[1]


def phrase(*terms: str) -> Combined:
    return Combined(tuple(Phrase(name, terms, weight) for name, weight in DEFAULT.asks))


def prefix(start: str) -> Combined:
    return Combined(tuple(Prefix(name, start, weight) for name, weight in DEFAULT.asks))


@pytest.mark.parametrize("asked", [phrase("w0", "w1"), prefix("w1"), prefix("none")], ids=str)
def test_what_was_united_for_one_question_is_kept_for_the_next(
    engine: WhooshEngine, asked: Condition, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = Plan(asked, limit=50)
    monkeypatch.setattr(matching, "RECENT", recent.Recent(0))
    wanted = engine.run(plan)
    monkeypatch.setattr(matching, "RECENT", recent.Recent(2**24))
    assert engine.run(plan) == wanted
    monkeypatch.setattr(Matcher, "_united", lambda *_: lambda: pytest.fail("it is united again"))
    assert engine.run(plan) == wanted


def test_a_limit_holds_for_what_is_kept(engine: WhooshEngine) -> None:
    plan = Plan(prefix("w"), limit=10)
    assert engine.run(plan).total
    with pytest.raises(Overrun):
        engine.run(replace(plan, limits=Limits(expansion=3)))


def test_words_of_a_title_count_together_up_to_a_limit(tmp_path: Path) -> None:
    """Whatever the text has of them; one list is for both."""
    titles = ["wa wb wc wd we wf", "wa wb wc", "wa", "x"]
    texts = ["x", "x", "x", "wa wb wa wd wa wf wa wh"]
    answers = []
    for name in ("whoosh", "memory"):
        opened = opener(name)(tmp_path / name, SearchSettings())
        card = Card("", "https://x.org", "T", "x.org", None, datetime(2025, 1, 1, tzinfo=UTC))
        documents = [
            Document(replace(card, id=f"d{number}"), {"title": (title,), "text": (text,)}, {}, {}, {})
            for number, (title, text) in enumerate(zip(titles, texts, strict=True))
        ]
        opened.apply(Batch(documents, [], 1))
        rows = opened.run(Plan(prefix("w"), limit=10)).rows
        answers.append({row.card.id: row.score for row in rows})
    assert answers[0] == pytest.approx(answers[1], rel=1e-5)
    assert len(answers[0]) == 4
