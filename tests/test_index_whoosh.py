"""The default engine against the oracle, plan by plan, and against Whoosh's own searcher over the same files."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import whoosh.index
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh import query, scoring

from index.analysis import cut
from index.engines import Batch, ChecksItself, Completes, Engine, Row
from index.engines.memory import MemoryEngine
from index.engines.whoosh import WhooshEngine, cutting, lists, matching, open_engine, writer
from index.engines.whoosh.segment import SegmentData
from index.engines.whoosh.vocabulary import Vocabulary
from index.fields import DEFAULT, Card, Document
from index.plan import (
    After,
    AllOf,
    AnyOf,
    Choice,
    Chosen,
    Combined,
    Condition,
    Count,
    Days,
    Everything,
    Fuzzy,
    Grain,
    Has,
    Leaf,
    Limits,
    Near,
    NotOf,
    Overrun,
    Phrase,
    Plan,
    Prefix,
    Sort,
    Stem,
    Term,
)

ALL = 10_000
WORDS = ["raid", "raids", "raided", "rail", "ice", "ices", "larry", "lary", "krasner", "the", "of", "a", "東京", "é"]
TEXTS = ("title", "text", "person")
DAY = date(2025, 1, 15).toordinal()

words = st.sampled_from(WORDS)
value = st.lists(words, max_size=6).map(" ".join)
values = st.lists(value, max_size=3).map(tuple)
day_ranges = st.tuples(st.integers(DAY, DAY + 500), st.integers(0, 60)).map(lambda d: (d[0], d[0] + d[1]))


def document(id_: str, **parts: object) -> Document:
    """A document with these texts, and the other parts by `terms_x`, `days_x`, `facets_x`."""
    kinds: dict[str, dict[str, object]] = {"texts": {}, "terms": {}, "days": {}, "facets": {}}
    day = parts.pop("date", None)
    captured = parts.pop("captured", 0)
    for name, given_ in parts.items():
        kind, _, field = name.partition("_")
        kinds[kind if field else "texts"][field or name] = given_
    moment = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=captured)  # type: ignore[arg-type]
    card = Card(id_, f"https://x.org/{id_}", f"Title {id_}", "x.org", day, moment)  # type: ignore[arg-type]
    return Document(card, **kinds)  # type: ignore[arg-type]


@st.composite
def documents(draw: st.DrawFn) -> Document:
    id_ = draw(st.sampled_from([f"d{number}" for number in range(12)]))
    parts: dict[str, object] = {name: texts for name in TEXTS if (texts := draw(values))}
    if tags := draw(st.lists(words, max_size=2, unique=True).map(tuple)):
        parts |= {"terms_tag": tags, "facets_tag": tags}
    if people := draw(st.lists(words, max_size=3, unique=True).map(tuple)):
        parts["facets_person"] = people
    if days := draw(st.lists(day_ranges, max_size=3).map(tuple)):
        parts["days_mentioned"] = days
    day = draw(st.none() | st.dates(date(2024, 12, 20), date(2025, 2, 10)))
    if day:
        parts |= {"date": day, "days_date": ((day.toordinal(), day.toordinal()),)}
    return document(id_, captured=draw(st.integers(0, 3)), **parts)


batches = st.lists(
    st.builds(
        lambda kept, gone: (list({d.id: d for d in kept}.values()), sorted(set(gone) - {d.id for d in kept})),
        st.lists(documents(), max_size=5),
        st.lists(st.sampled_from([f"d{number}" for number in range(14)]), max_size=3),
    ),
    min_size=1,
    max_size=6,
)

text_field = st.sampled_from(TEXTS)
of_texts = st.one_of(
    st.builds(partial, st.just(Stem), stem=st.sampled_from(["raid", "ice", "larri", "krasner"])),
    st.builds(partial, st.just(Term), term=words),
    st.builds(partial, st.just(Phrase), terms=st.lists(words, min_size=2, max_size=2).map(tuple)),
    st.builds(partial, st.just(Prefix), prefix=st.sampled_from(["r", "raid", "東", "zz"])),
)


def in_both(of: Callable[..., Leaf]) -> tuple[Leaf, ...]:
    """The same leaf of title and text, as a word without a field is asked."""
    return tuple(of(field=name, boost=weight) for name, weight in DEFAULT.asks)


leaves: st.SearchStrategy[Condition] = st.one_of(
    st.builds(Term, text_field | st.just("tag"), words),
    st.builds(Stem, text_field, st.sampled_from(["raid", "ice", "larri", "krasner"])),
    st.builds(Phrase, text_field, st.lists(words, min_size=2, max_size=3).map(tuple)),
    st.builds(Near, text_field, st.lists(words, min_size=2, max_size=3, unique=True).map(tuple), st.integers(1, 8)),
    st.builds(Prefix, text_field | st.just("tag"), st.sampled_from(["r", "ra", "raid", "東", "zz", "ic"])),
    st.builds(Fuzzy, text_field | st.just("tag"), st.sampled_from(["raid", "lary", "krasnre"]), st.integers(1, 2)),
    st.builds(lambda f, d: Days(f, *d), st.sampled_from(["date", "mentioned"]), day_ranges),
    st.builds(Has, st.sampled_from(["title", "person", "tag", "date", "mentioned", "note"])),
    st.builds(Chosen, st.sampled_from(["person", "tag"]), st.lists(words, min_size=1, max_size=2).map(tuple)),
    st.builds(Chosen, st.just("mentioned"), st.just(("2025-02", "2025-13", "x")), st.just(Grain.MONTH)),
    st.builds(lambda of, boost: Combined(in_both(of), boost), of_texts, st.sampled_from([1.0, 0.5])),
    st.just(Everything()),
)
conditions = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(AllOf, st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(AnyOf, st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(NotOf, inner),
    ),
    max_leaves=5,
)
COUNTS = (
    Count("person", limit=2, selected=("larry",)),
    Count("tag"),
    Count("note"),
    Count("mentioned", Grain.YEAR, selected=("1999",)),
    Count("mentioned", Grain.MONTH, limit=2),
    Count("date", Grain.DAY),
)


@pytest.fixture
def unsynced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.fsync", lambda handle: None)


@pytest.fixture
def small_tiers(monkeypatch: pytest.MonkeyPatch, unsynced: None) -> None:
    """Merge every few commits and pack lists of two, so that merging and packing take part in everything."""
    monkeypatch.setattr(writer, "TIER", 3)
    monkeypatch.setattr(writer, "SMALL", 4)
    monkeypatch.setattr(lists, "LONG", 2)
    monkeypatch.setattr(lists, "PLAIN", 3)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(commits=batches, asked=st.lists(conditions, min_size=1, max_size=4), choice=leaves, sort=st.sampled_from(Sort))
def test_any_plan_is_answered_as_the_oracle_does(
    tmp_path_factory: pytest.TempPathFactory,
    small_tiers: None,
    commits: Sequence[tuple[list[Document], list[str]]],
    asked: Sequence[Condition],
    choice: Condition,
    sort: Sort,
) -> None:
    """Whatever was taken in, replaced, deleted and merged: same ids, totals, order by date, facets and clauses."""
    engine, oracle = open_engine(tmp_path_factory.mktemp("index")), MemoryEngine()
    for position, (kept, gone) in enumerate(commits, 1):
        for each in (engine, oracle):
            each.apply(Batch(kept, gone, position))
    assert engine.position() == len(commits)
    assert engine.size() == oracle.size()
    assert sorted(engine.ids()) == sorted(oracle.ids())
    assert list(engine.faults()) == []
    choices = (Choice(choice, excluded=bool(len(commits) % 2)),) if isinstance(choice, Chosen) else ()
    for condition in asked:
        plan = Plan(condition, choices, COUNTS, clauses=(condition, choice), sort=sort, limit=ALL)
        mine, theirs = engine.run(plan), oracle.run(plan)
        assert (mine.total, mine.facets, mine.clauses) == (theirs.total, theirs.facets, theirs.clauses)
        if sort is Sort.RELEVANCE:
            assert {row.card.id: row.card for row in mine.rows} == {row.card.id: row.card for row in theirs.rows}
        else:
            assert mine.rows == theirs.rows
    for start in ("r", "kras", "東"):
        assert engine.complete("person", [start], 5) == oracle.complete("person", [start], 5)
        assert engine.complete("person", [start, "l"], 5) == oracle.complete("person", [start, "l"], 5)
        assert engine.similar("text", start + "id", 5) == oracle.similar("text", start + "id", 5)
    engine.close()


def test_words_of_one_beginning_are_counted_however_many_a_text_has(tmp_path: Path, unsynced: None) -> None:
    """2**16 of them would be none in a number of 16 bits."""
    engine, oracle = open_engine(tmp_path), MemoryEngine()
    long = document("book", title=("Ice",), text=("raids raid " * 2**15,))
    for each in (engine, oracle):
        each.apply(Batch([long, document("note", text=("a raid",))], [], 1))
    plan = Plan(Combined(in_both(partial(Prefix, prefix="rai"))), sort=Sort.RELEVANCE, limit=ALL)
    mine, theirs = engine.run(plan), oracle.run(plan)
    assert mine.total == 2
    assert [row.card.id for row in mine.rows] == ["book", "note"]
    assert [row.score for row in mine.rows] == pytest.approx([row.score for row in theirs.rows])
    engine.close()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    documents=st.lists(documents(), min_size=1, max_size=12, unique_by=lambda one: one.id),
    condition=conditions,
    scored=st.lists(conditions, max_size=3).map(tuple),
)
def test_scores_are_those_of_the_oracle(
    tmp_path_factory: pytest.TempPathFactory,
    small_tiers: None,
    documents: list[Document],
    condition: Condition,
    scored: tuple[Condition, ...],
) -> None:
    """The formula of index.plan, whatever is asked, in segments of any size."""
    engine, oracle = open_engine(tmp_path_factory.mktemp("index")), MemoryEngine()
    for position, start in enumerate(range(0, len(documents), 3), 1):
        for each in (engine, oracle):
            each.apply(Batch(documents[start : start + 3], [], position))
    plan = Plan(condition, limit=ALL, scored=scored)
    theirs = {row.card.id: pytest.approx(row.score, rel=1e-5, abs=1e-9) for row in oracle.run(plan).rows}
    assert {row.card.id: row.score for row in engine.run(plan).rows} == theirs
    engine.close()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(commits=batches, condition=conditions, sort=st.sampled_from(Sort), limit=st.integers(1, 4))
def test_pages_are_the_whole_list_cut_up(
    tmp_path_factory: pytest.TempPathFactory,
    small_tiers: None,
    commits: Sequence[tuple[list[Document], list[str]]],
    condition: Condition,
    sort: Sort,
    limit: int,
) -> None:
    """Each page begins where the one before ended, also among hits of equal rank."""
    engine = open_engine(tmp_path_factory.mktemp("index"))
    for position, (kept, gone) in enumerate(commits, 1):
        engine.apply(Batch(kept, gone, position))
    whole = engine.run(Plan(condition, sort=sort, limit=ALL)).rows
    assert [(row.key, row.card.id) for row in whole] == sorted((row.key, row.card.id) for row in whole)
    after: After | None = None
    paged: list[Row] = []
    while rows := engine.run(Plan(condition, sort=sort, limit=limit, after=after)).rows:
        paged += rows
        after = After(rows[-1].key, rows[-1].card.id)
    assert tuple(paged) == whole


@pytest.mark.parametrize("many", [0, cutting.MANY])
@given(
    texts=st.lists(
        st.text(
            st.sampled_from("aBé’'._,;:!?()<>[]\"-&1 \t\n\x00\x1c\x85\xa0\u2009\u202f\u3000東京ﬁ🙂\u0301\ud800"),
            max_size=40,
        )
        | st.sampled_from(
            ("J. K. Rowling", "1\u202f200,50 €", "an otherwise unremarkable word-of-many-letters", "ab cd")
        )
    ),
    before=st.sampled_from(("", "ab ab cd J. K. Rowling")),
)
def test_texts_that_are_cut_together_give_the_terms_of_each(texts: list[str], before: str, many: int) -> None:
    """Whether numpy finds their pieces or not, and whatever was met before."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cutting, "MANY", many)
        cutter = cutting.Cutter()
        cutter.cut([before])
        numbers, sizes = cutter.cut(texts)
    words = [cutter.vocabulary.string(number) for number in numbers.tolist()]
    assert words == [term for text in texts for term, _ in cut(text)]
    assert sizes.tolist() == [len(cut(text)) for text in texts]


def test_pieces_that_share_a_place_in_the_table_stay_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cutting, "MANY", 0)
    monkeypatch.setattr(cutting, "_SLOTS", 3)
    cutter = cutting.Cutter()
    texts = [f"a{n} aa{n % 7} {'b' * (n % 20)}" for n in range(200)]
    for part in (texts[:50], texts[50:], texts):
        numbers, _ = cutter.cut(part)
        assert list(map(cutter.vocabulary.string, numbers.tolist())) == " ".join(part).split()


@given(st.lists(st.lists(st.text(max_size=3), min_size=1), max_size=4), st.integers(1, 30))
def test_strings_are_in_order_whatever_came_in_batches_before(batches: list[list[str]], step: int) -> None:
    vocabulary = Vocabulary()
    for batch in batches:
        used = np.unique([vocabulary[string] for string in batch])[::step]
        wanted = sorted(map(vocabulary.string, used.tolist()))
        strings, places = vocabulary.sort(used)
        assert strings == [string.encode("utf-8", "surrogatepass") for string in wanted]
        assert [wanted[place] for place in places[used].tolist()] == list(map(vocabulary.string, used.tolist()))


def test_what_is_longer_than_a_word_is_not_remembered() -> None:
    cutter = cutting.Cutter()
    for _ in range(2):
        numbers, sizes = cutter.cut(["a" * 70 + " " + "東京" * 50 + " ab", "東京" * 50])
        assert sizes.tolist() == [102, 100]
        assert cutter.vocabulary.string(int(numbers[-1])) == "京"
    assert list(cutter._pieces) == [b"ab"]


def test_texts_are_divided_at_all_white_space() -> None:
    blanks = [char for char in map(chr, range(0x110000)) if char.isspace()]
    numbers, sizes = cutting.Cutter().cut([f"a{blank}b" for blank in blanks])
    assert set(sizes.tolist()) == {2}
    assert set(numbers.tolist()) == {0, 1}


@given(st.text(st.sampled_from("aB’'._,1 \t\n\u3000\u0301東京ﬁß🙂\u200d-U.S")))
def test_no_token_reaches_over_white_space(text: str) -> None:
    """What the engine relies on when it cuts texts at white space first."""
    assert cut(text) == [pair for chunk in text.split() for pair in cut(chunk)]


@pytest.fixture
def many(tmp_path: Path) -> Iterator[WhooshEngine]:
    """Three segments, with some documents replaced and deleted."""
    engine = open_engine(tmp_path / "index")
    texts = [" ".join(WORDS[(n * k) % len(WORDS)] for k in range(1, 3 + n % 9)) for n in range(300)]
    for start in range(0, 300, 100):
        batch = [document(f"d{n}", text=(texts[n],), title=(WORDS[n % 7],)) for n in range(start, start + 100)]
        engine.apply(Batch(batch, [], start))
    engine.apply(Batch([document("d5", text=("raid raid",))], ["d6", "d7"], 301))
    yield engine
    engine.close()


def stock_scores(engine: WhooshEngine, asked: query.Query) -> dict[str, float]:
    """What Whoosh itself finds in the index: id → BM25F score."""
    with whoosh.index.open_dir(str(engine.folder)).searcher(weighting=scoring.BM25F()) as searcher:
        return {hit["id"]: hit.score for hit in searcher.search(asked, limit=None)}


asked_of_both = st.recursive(
    st.builds(Term, st.sampled_from(("text", "title")), st.sampled_from(("raid", "ice", "krasner", "東京", "none"))),
    lambda parts: st.builds(
        lambda kind, some: kind(tuple(some)),
        st.sampled_from((AllOf, AnyOf)),
        st.lists(parts, min_size=2, max_size=3, unique=True),
    ),
    max_leaves=8,
)


def as_whoosh(condition: Condition) -> query.Query:
    if isinstance(condition, Term):
        return query.Term(condition.field, condition.term)
    assert isinstance(condition, AllOf | AnyOf)
    return (query.And if isinstance(condition, AllOf) else query.Or)([as_whoosh(part) for part in condition.parts])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked_of_both)
def test_whoosh_itself_finds_the_same_whatever_is_asked(many: WhooshEngine, asked: Condition) -> None:
    """The folder is an index that Whoosh opens, and its own searcher has the same hits."""
    rows = many.run(Plan(asked, limit=ALL)).rows
    assert {row.card.id for row in rows} == set(stock_scores(many, as_whoosh(asked)))


def test_whoosh_itself_finds_phrases_prefixes_and_documents(many: WhooshEngine) -> None:
    found = many.run(Plan(Phrase("text", ("raids", "raided")), limit=ALL))
    assert found.total
    assert {row.card.id for row in found.rows} == set(stock_scores(many, query.Phrase("text", ["raids", "raided"])))
    found = many.run(Plan(Prefix("text", "ra"), limit=ALL))
    assert {row.card.id for row in found.rows} == set(stock_scores(many, query.Prefix("text", "ra")))
    assert set(stock_scores(many, query.Term("id", "d5"))) == {"d5"}
    assert stock_scores(many, query.Term("id", "d6")) == {}
    with whoosh.index.open_dir(str(many.folder)).reader() as reader:
        assert reader.doc_count() == many.size() == 298
        assert "krasner" in {term.decode() for term in reader.lexicon("text")}
        assert b"" not in set(reader.lexicon("text"))


def test_rarer_words_and_titles_weigh_more_and_length_weighs_against(tmp_path: Path) -> None:
    engine = open_engine(tmp_path)
    long = " ".join(["word"] * 200)
    engine.apply(
        Batch(
            [
                document("rare", text=("zebra " + long,)),
                document("common", text=("raid " + long,)),
                *(document(f"c{n}", text=("raid",)) for n in range(20)),
            ],
            [],
            1,
        )
    )
    rows = engine.run(Plan(AnyOf((Term("text", "zebra"), Term("text", "raid"))), limit=ALL)).rows
    order = [row.card.id for row in rows]
    assert order.index("rare") < order.index("common")
    assert order.index("c0") < order.index("common")
    assert math.isclose(rows[0].key, -rows[0].score)


def test_an_unknown_folder_is_an_empty_index(tmp_path: Path) -> None:
    """Asking does not make anything."""
    engine = open_engine(tmp_path / "no" / "such")
    assert (engine.position(), engine.size(), list(engine.ids())) == (0, 0, [])
    answer = engine.run(Plan(Everything(), counts=COUNTS, clauses=(Has("text"),)))
    assert (answer.total, answer.rows, answer.clauses) == (0, (), (0,))
    assert not (tmp_path / "no").exists()


def test_a_search_does_not_wait_for_whoosh_to_be_imported(many: WhooshEngine) -> None:
    """Only writing needs it; a search on the command line is over before it would be there."""
    code = (
        "import sys; from pathlib import Path; from index.engines import opener; from index.plan import Plan, Term;"
        "engine = opener('whoosh')(Path(sys.argv[1])); assert engine.run(Plan(Term('text', 'raid'))).total;"
        "assert 'whoosh' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code, str(many.folder)], check=True)


def test_it_can_do_all_that_an_engine_can(tmp_path: Path) -> None:
    engine: Engine = open_engine(tmp_path)
    assert isinstance(engine, Completes)
    assert isinstance(engine, ChecksItself)


def test_strings_come_back_as_they_were(tmp_path: Path) -> None:
    """Lone surrogates, line ends, NUL and emoji in names, titles and addresses are data like any other."""
    odd = ["\ud800", "a\nb\0c", "🙂", "ﬁ", "e\u0301", "\U0010ffff", "\uffff"]
    engine = open_engine(tmp_path)
    captured = datetime(2025, 2, 3, 4, 5, 6, 789012, tzinfo=UTC)
    cards = [Card(f"id{text}", text, text, text, date.min, captured) for text in odd]
    engine.apply(Batch([Document(card, {}, {}, {}, {"tag": (card.title,)}) for card in cards], [], 1))
    assert sorted(engine.ids()) == sorted(card.id for card in cards)
    answer = engine.run(Plan(Everything(), counts=(Count("tag"),), sort=Sort.OLDEST))
    assert [row.card for row in answer.rows] == sorted(cards, key=lambda card: card.id)
    assert answer.facets[0].values == tuple((text, 1) for text in sorted(odd))
    assert engine.run(Plan(Chosen("tag", ("\ud800",)))).total == 1


def test_a_large_batch_goes_into_several_segments_of_one_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "TOKENS", 50)
    engine = open_engine(tmp_path)
    engine.apply(Batch([document(f"d{n}", text=("raid " * 10,)) for n in range(40)], [], 1))
    assert engine.run(Plan(Term("text", "raid"))).total == engine.size() == 40
    assert engine.position() == 1


@pytest.mark.usefixtures("unsynced")
def test_segments_stay_few_and_no_document_is_written_too_often(tmp_path: Path) -> None:
    engine = open_engine(tmp_path)
    written = 0
    for number in range(150):
        known = {path.name for path in tmp_path.glob("*.bfs")}
        engine.apply(Batch([document(f"d{number}", text=("raid",))], [], number))
        written += sum(
            SegmentData(path, path.stat().st_size).documents
            for path in tmp_path.glob("*.bfs")
            if path.name not in known
        )
        assert len(list(tmp_path.glob("*.bfs"))) < 2 * writer.TIER
    assert written < 150 * writer.TIER * 2
    assert engine.size() == 150


def test_what_is_mostly_deleted_is_written_anew(tmp_path: Path) -> None:
    engine = open_engine(tmp_path)
    engine.apply(Batch([document(f"d{n}", text=("raid " * 50,)) for n in range(100)], [], 1))
    before = sum(path.stat().st_size for path in tmp_path.glob("*.bfs"))
    engine.apply(Batch([], [f"d{n}" for n in range(60)], 2))
    assert sum(path.stat().st_size for path in tmp_path.glob("*.bfs")) < before
    engine.apply(Batch([], [f"d{n}" for n in range(100)], 3))
    assert engine.size() == 0
    assert not list(tmp_path.glob("*.bfs"))


@pytest.fixture(scope="module")
def broad(tmp_path_factory: pytest.TempPathFactory) -> WhooshEngine:
    """Five thousand documents, a hundred thousand words."""
    engine = open_engine(tmp_path_factory.mktemp("broad"))
    texts = [" ".join(f"w{n * 20 + k:x}" for k in range(20)) for n in range(5000)]
    engine.apply(Batch([document(f"d{n}", text=(text,)) for n, text in enumerate(texts)], [], 1))
    return engine


@pytest.mark.parametrize(
    "leaf",
    [Prefix("text", "w"), Fuzzy("text", "w12345", 2)],
    ids=["prefix", "fuzzy"],
)
def test_a_clause_that_stands_for_too_many_words_is_refused(broad: WhooshEngine, leaf: Prefix | Fuzzy) -> None:
    """Q05, Q06: the clause is named, and no work is done beyond the limit."""
    with pytest.raises(Overrun) as caught:
        broad.run(Plan(leaf, limits=Limits(expansion=50)))
    assert caught.value.leaf == leaf


def test_expansion_up_to_the_limit_is_answered(broad: WhooshEngine) -> None:
    assert broad.run(Plan(Prefix("text", "w"), limits=Limits(expansion=100_000))).total == 5000


def test_time_is_limited(broad: WhooshEngine) -> None:
    """Q07: a run that takes too long ends."""
    parts = tuple(Fuzzy("text", f"w{n:x}", 2) for n in range(10_000, 10_400))
    with pytest.raises(Overrun) as caught:
        broad.run(Plan(AnyOf(parts), limits=Limits(seconds=0.2)))
    assert caught.value.leaf is None


def test_postings_that_do_not_fit_in_memory_are_read_again(many: WhooshEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer is the same when nothing may be remembered."""
    plan = Plan(AnyOf((Stem("text", "raid"), AllOf((Stem("text", "ice"), NotOf(Prefix("text", "la")))))), limit=ALL)
    expected = many.run(plan)
    monkeypatch.setattr(matching, "REMEMBERED", 0)
    assert many.run(plan) == expected


@pytest.mark.parametrize("depth", [2, 60])
@pytest.mark.parametrize("joined", [AllOf, AnyOf])
def test_deep_and_wide_conditions_are_answered(
    broad: WhooshEngine, joined: Callable[[tuple[Condition, ...]], Condition], depth: int
) -> None:
    """Q01, Q02: as deep and wide as the planner may let through."""
    condition: Condition = Term("text", "w0")
    for _ in range(depth):
        condition = NotOf(NotOf(joined((condition, Term("text", "w1")))))
    assert broad.run(Plan(condition)).total == 1
    wide = AnyOf(tuple(Term("text", f"w{n:x}") for n in range(2000)))
    assert broad.run(Plan(wide)).total == 100
