"""Terms of the text whose lists are part of those of title and text: what is asked of them is answered all the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from index.engines import Batch
from index.engines.memory import MemoryEngine
from index.engines.whoosh import WhooshEngine, lists, open_engine, writer
from index.engines.whoosh.contents import latest, read
from index.engines.whoosh.segment import SegmentData
from index.fields import DEFAULT, Card, Document
from index.plan import AllOf, Combined, Condition, Fuzzy, Near, Phrase, Plan, Prefix, Stem, Term


@pytest.fixture(autouse=True)
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Segments of four documents are merged as large ones are."""
    monkeypatch.setattr("os.fsync", lambda handle: None)
    monkeypatch.setattr(writer, "TIER", 3)
    monkeypatch.setattr(writer, "SMALL", 4)
    monkeypatch.setattr(lists, "LONG", 3)
    monkeypatch.setattr(lists, "PLAIN", 3)


def document(number: int, title: str, text: str) -> Document:
    card = Card(f"d{number}", "https://x.org", title, "x.org", None, datetime(2025, 1, 1, tzinfo=UTC))
    return Document(card, {"title": (title,), "text": (text,)}, {}, {}, {})


STORIES = [
    ("Wheat", "wheat prices rose and the price of oil"),
    ("Oil", "crude oil prices"),
    ("Oil and wheat", "a tanker"),
    ("Tanker", "crude oil, crude oil and the tanker"),
    ("Wheat", "the tanker had wheat, no oil"),
    ("Rice", "oils are not crude"),
    ("Oil", "wheat wheat wheat and crude"),
    ("Crude", "priced by the tanker"),
    ("Wheat tanker", "nothing of them"),
]


@pytest.fixture
def engines(tmp_path: Path) -> Iterator[tuple[WhooshEngine, MemoryEngine]]:
    """Merged twice, some documents deleted in between."""
    opened, oracle = open_engine(tmp_path), MemoryEngine()
    for position in range(1, 28):
        kept = [document(number, *STORIES[number % len(STORIES)]) for number in range(position * 3, position * 3 + 3)]
        for each in (opened, oracle):
            each.apply(Batch(kept, [f"d{position * 2}"] if position % 2 else [], position))
    yield opened, oracle
    opened.close()


def segments(folder: Path) -> list[SegmentData]:
    found = read(folder, latest(folder)).segments
    return [SegmentData(folder / segment.filename, segment.size) for segment in found]


def test_a_term_that_alone_has_its_key_has_no_list_of_its_own(
    engines: tuple[WhooshEngine, MemoryEngine], tmp_path: Path
) -> None:
    data = max(segments(tmp_path), key=lambda one: one.documents)
    words = data.words("text")
    assert words
    within = data.file.get("words/text/within")
    told = {words.terms[number]: bool(within[number]) for number in range(len(words.terms))}
    assert {word: told[word] for word in ("crude", "wheat", "price", "prices")} == {
        "crude": True,
        "wheat": True,
        "price": False,  # one stem has both
        "prices": False,
    }
    kept = int(words.lists.sizes()[within == 0].sum())
    assert kept < int(words.lists.sizes().sum()) / 2
    numbers = {word: words.find(word) for word in ("crude", "wheat")}
    for word, number in numbers.items():
        having = [n for n in range(data.documents) if word in data.card(n).title.lower().split()]
        docs, counts = words.postings(number)
        assert counts.min() > 0, "what has it in the title alone does not have it in the text"
        assert not set(having) <= set(docs.tolist())


def both(leaf: type[Stem | Phrase | Prefix], value: object) -> Combined:
    return Combined(tuple(leaf(name, value, weight) for name, weight in DEFAULT.asks))  # type: ignore[arg-type]


ASKED: list[Condition] = [
    *(Term("text", word) for word in ("crude", "wheat", "oil", "tanker", "none")),
    *(Term("title", word) for word in ("crude", "wheat")),
    *(Stem("text", stem) for stem in ("crude", "wheat", "oil", "price")),
    *(Phrase("text", terms) for terms in (("crude", "oil"), ("wheat", "wheat"), ("crude", "oil", "prices"))),
    Near("text", ("crude", "tanker"), 6),
    *(Prefix("text", start) for start in ("w", "crud", "pri", "t", "o")),
    *(both(Prefix, start) for start in ("w", "crud", "pri", "price", "t", "o")),
    *(both(Phrase, terms) for terms in (("crude", "oil"), ("wheat", "tanker"))),
    Fuzzy("text", "wheet", 1),
    AllOf((both(Stem, "wheat"), both(Prefix, "o"))),
]


@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_they_are_found_and_scored_as_others(engines: tuple[WhooshEngine, MemoryEngine], asked: Condition) -> None:
    opened, oracle = engines
    plan = Plan(asked, limit=100)
    mine, theirs = opened.run(plan), oracle.run(plan)
    assert mine.total == theirs.total
    assert {row.card.id: row.score for row in mine.rows} == {
        row.card.id: pytest.approx(row.score, rel=1e-5) for row in theirs.rows
    }


def test_a_term_that_a_text_has_more_often_than_the_list_of_its_key_says_has_its_own(tmp_path: Path) -> None:
    opened, oracle = open_engine(tmp_path), MemoryEngine()
    for position in range(1, 10):
        often = 12_000 if position == 4 else position
        kept = [document(position, "Report", "crude " * often + "wheat"), document(position + 50, "Crude", "wheat")]
        for each in (opened, oracle):
            each.apply(Batch(kept, [], position))
    data = max(segments(tmp_path), key=lambda one: one.documents)
    words = data.words("text")
    assert words
    assert data.file.get("words/text/within")[[words.find("crude"), words.find("wheat")]].tolist() == [0, 1]
    assert max(words.postings(words.find("crude"))[1]) == 12_000
    for asked in (both(Prefix, "cru"), Prefix("text", "cru"), Term("text", "crude")):
        mine, theirs = (each.run(Plan(asked, limit=100)) for each in (opened, oracle))
        assert {row.card.id: row.score for row in mine.rows} == {
            row.card.id: pytest.approx(row.score) for row in theirs.rows
        }
    opened.close()
