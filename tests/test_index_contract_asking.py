"""What every engine answers where not all words are found: the same law over each of them, on a small newsroom."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from engine_makes import ENGINES, search_settings
from index_stories import STORIES, TODAY, FakeArchive, story

from index import Hit, Index, Results, SearchSettings, Sort, open_index
from index.searching import EXPANDED


@pytest.fixture(scope="module", params=ENGINES)
def settings(request: pytest.FixtureRequest) -> SearchSettings:
    return search_settings(request, request.param, batch=7)


@pytest.fixture(scope="module")
def index(settings: SearchSettings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    with open_index(FakeArchive(STORIES), tmp_path_factory.mktemp(settings.engine), settings) as opened:
        opened.update()
        yield opened


def ask(index: Index, query: str, **facts: object) -> Results:
    return index.search(query, **{"limit": 100, "today": TODAY, **facts})  # type: ignore[arg-type]


def exactly(index: Index, query: str) -> set[str]:
    return {hit.id for hit in ask(index, query, strict=True).hits}


LOOSE = [
    ("two words", "raid agents", ["raid", "agents"], ""),
    ("one that is nowhere", "xylophone raid", ["xylophone", "raid"], ""),
    ("none of them anywhere", "xylophone zither", ["xylophone", "zither"], ""),
    ("a hyphenated word is one", "well-known Krasner", ["well-known", "Krasner"], ""),
    ("alternatives are one", "(bread OR budget) raid", ["bread OR budget", "raid"], ""),
    ("beginnings and other spellings", "immigra* budgit~", ["immigra*", "budgit~"], ""),
    ("words behind a field", "raid agents person:Krasner", ["raid", "agents"], "person:Krasner"),
    ("words beside a phrase", 'raid agents "car wash"', ["raid", "agents"], '"car wash"'),
    ("words without another", "raid agents -Krasner", ["raid", "agents"], "-Krasner"),
    ("words of a day", "raid agents date:2025-01-31", ["raid", "agents"], "date:2025-01-31"),
    ("a question", "Who raided the car wash?", ["raided", "car", "wash"], ""),
    ("an aside in parentheses", "agents (and the raid)", ["agents", "raid"], ""),
]


UNSPACED = [
    story("minister", "首相が会見", "日本の総理は、首相として東京で会見した。", lang="ja"),
    story("tokyo", "東京の天気", "東京は晴れ。日本では珍しい。", lang="ja"),
    story("school", "校长", "北京的大学今天有了新的校长。", lang="zh"),
    story("english", "AI rules", "Parliament debates rules for AI.", lang="en"),
]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("東京", {"minister": (), "tokyo": ()}),
        ("日本の首相", {"minister": ("日本の首相",), "tokyo": ("首相",)}),
        ("北京大学校长", {"school": ("北京大学校长",)}),
        ("AI規制", {"english": ("規制",)}),
        ("東京 首相", {"minister": (), "tokyo": ("首相",)}),
        ("すしを食べる", {}),
        ('"日本の首相"', {}),
        ("title:日本の首相", {}),
    ],
    ids=str,
)
def test_what_is_written_without_spaces_is_looked_for_in_parts(
    settings: SearchSettings, tmp_path: Path, query: str, found: dict[str, tuple[str, ...]]
) -> None:
    with open_index(FakeArchive(UNSPACED), tmp_path, settings) as index:
        index.update()
        assert {hit.id: hit.lacks for hit in ask(index, query).hits} == found
        exact = ask(index, query, strict=True)
        assert {hit.id for hit in exact.hits} == {id_ for id_, lacks in found.items() if not lacks}


@pytest.mark.parametrize(("query", "words", "held"), [row[1:] for row in LOOSE], ids=[row[0] for row in LOOSE])
def test_articles_with_some_of_the_words_come_behind_and_say_what_they_lack(
    index: Index, query: str, words: list[str], held: str
) -> None:
    """Exact hits first, and the total is theirs; then all that have some of the words, and all that must hold."""
    found = ask(index, query)
    having = {word: exactly(index, f"({word}) {held}") for word in words}
    exact = set.intersection(*having.values())
    assert found.total == len(exact)
    assert {hit.id for hit in found.hits[: found.total]} == exact
    assert len({hit.id for hit in found.hits}) == len(found.hits)
    assert {hit.id for hit in found.hits} == set.union(*having.values())
    for hit in found.hits:
        assert hit.lacks == tuple(word for word in words if hit.id not in having[word])
    behind = [hit.score for hit in found.hits[found.total :]]
    assert all(score > 0 for score in behind)
    assert behind == sorted(behind, reverse=True)


def paged(index: Index, query: str) -> list[str]:
    """The ids of all hits, one page of two behind the other."""
    found = ask(index, query, limit=2)
    ids = [hit.id for hit in found.hits]
    while found.cursor:
        found = ask(index, query, limit=2, cursor=found.cursor)
        ids += [hit.id for hit in found.hits]
    return ids


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
@pytest.mark.parametrize("sort", [Sort.RELEVANCE, Sort.NEWEST, Sort.ID])
@pytest.mark.parametrize(
    "query", ["raid agents", "xylophone raid", "who raided the car wash and took agents and a judge along"]
)
def test_a_cursor_runs_across_both(index: Index, query: str, sort: Sort, limit: int) -> None:
    whole = ask(index, query, sort=sort)
    hits: list[Hit] = []
    cursor: str | None = None
    while True:
        page = ask(index, query, sort=sort, limit=limit, cursor=cursor)
        assert page.total == whole.total
        assert len(page.hits) <= limit
        hits += page.hits
        cursor = page.cursor
        if cursor is None:
            break
    assert [(hit.id, hit.lacks) for hit in hits] == [(hit.id, hit.lacks) for hit in whole.hits]


@pytest.mark.parametrize(
    "query",
    [
        "person:Krasner person:Nobody",
        '"car wash" "no such"',
        'raid "no such"',
        "xylophone",
        "is:cited tag:none",
        "raid tag:none",
        "",
    ],
)
def test_a_query_of_fields_and_phrases_or_of_one_word_is_taken_at_its_word(index: Index, query: str) -> None:
    found = ask(index, query)
    assert len(found.hits) == found.total
    assert not any(hit.lacks for hit in found.hits)


def test_strict_ids_and_facets_are_of_the_exact_query(index: Index) -> None:
    exact = exactly(index, "raid agents")
    assert len(ask(index, "raid agents", strict=True).hits) == len(exact)
    assert set(index.ids("raid agents", today=TODAY)) == exact
    people = index.facets("raid agents", ["site"], today=TODAY)[0].values
    assert sum(value.count for value in people) == len(exact)
    assert ask(index, "raid agents", facets=["site"]).facets[0].values == people


def test_who_and_where_are_answered_by_a_facet_of_the_exact_hits(index: Index) -> None:
    question = "who raided the car wash?"
    found = ask(index, question, answering=True, limit=1)
    assert (found.asks, [facet.name for facet in found.facets]) == ("person", ["person"])
    assert found.facets == index.facets("raided car wash", ["person"], values=10, today=TODAY)
    assert found.facets[0].values
    assert found.cursor
    assert ask(index, question, answering=True, cursor=found.cursor).facets == ()
    assert [facet.name for facet in ask(index, question, answering=True, facets=["topic", "person"]).facets] == [
        "topic",
        "person",
    ]
    assert [facet.name for facet in ask(index, "where was the raid", answering=True, facets=["topic"]).facets] == [
        "topic",
        "place",
    ]
    assert ask(index, question).facets == ask(index, "raided car wash", answering=True).facets == ()


def test_where_enough_is_found_nothing_follows(index: Index) -> None:
    """Five exact hits and more: the others would only be in the way."""
    found = ask(index, "raid OR Krasner the")
    assert found.total >= 5
    assert len(found.hits) == found.total


QUESTION = "which harbour pilots boarded the northern ferry in a heavy storm?"
FILLER = "The bakery on Main Street sells bread again, as its owners said in a letter to the mayor. "
NEARLY = "Pilots of the harbour boarded the ferry in the storm. The ferry waits for its pilots. "
PORT = [
    story("passing", "The week", f"{FILLER * 20} Heavy harbour. {FILLER * 20} Northern storm pilots boarded a ferry."),
    *(story(f"nearly{n}", "Pilots board the ferry in a storm", NEARLY) for n in range(3)),
    *(story(f"port{n}", "The port", f"The harbour and the mud in it, a thing seen {n} times.") for n in range(6)),
    *(story(f"ferry{n}", "The ferry", f"The ferry was late for the {n}th time.") for n in range(3)),
    *(story(f"else{n}", "Bread", FILLER) for n in range(20)),
]


@pytest.fixture(scope="module")
def port(settings: SearchSettings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    with open_index(FakeArchive(PORT), tmp_path_factory.mktemp("port"), settings) as opened:
        opened.update()
        yield opened


def test_a_long_question_is_answered_by_scores_alone(port: Index) -> None:
    """An article that has all of a dozen words in passing does not come before those that are about most of them."""
    found = ask(port, QUESTION)
    assert (found.total, found.mixed) == (1, True)
    order = [hit.id for hit in found.hits]
    assert order.index("passing") >= 3
    assert set(order[:3]) == {"nearly0", "nearly1", "nearly2"}
    lacks = {hit.id: hit.lacks for hit in found.hits}
    assert (lacks["passing"], lacks["nearly1"]) == ((), ("northern", "heavy"))
    assert [hit.score for hit in found.hits] == sorted((hit.score for hit in found.hits), reverse=True)
    assert set(order) == {story.id for story in PORT if not story.id.startswith("else")}
    assert [hit.id for hit in ask(port, QUESTION, strict=True).hits] == ["passing"]
    assert ask(port, QUESTION, limit=0).total == 1
    newest = ask(port, QUESTION, sort=Sort.NEWEST)
    assert (newest.hits[0].id, newest.mixed) == ("passing", False)


@pytest.mark.parametrize(
    ("query", "follow"),
    [
        ("harbour mud", False),
        ("harbour mud thing", False),
        ("the harbour and the mud", True),
        ("harbour mud?", True),
        ("harbour mud thing.", True),
    ],
)
def test_a_short_question_goes_on_where_it_is_written_as_one_writes(port: Index, query: str, follow: bool) -> None:
    """Those with all words come first; a list of words that finds enough is taken at its word."""
    found = ask(port, query)
    assert (found.total, found.mixed) == (6, False)
    assert [hit.id[:4] for hit in found.hits[:6]] == ["port"] * 6
    assert {hit.id for hit in found.hits[6:]} == ({"passing", "nearly0", "nearly1", "nearly2"} if follow else set())


@pytest.mark.parametrize("engine", ENGINES)
def test_what_does_not_exclude_still_counts_for_the_order(
    request: pytest.FixtureRequest, engine: str, tmp_path: Path
) -> None:
    """In a short question; of two texts with the same subject the one that has the whole question comes first."""
    texts = {
        "a": "The inquiry into the port came to nothing.",
        "b": "Inquiry: port. Nothing new at all, said they.",
    }
    archive = FakeArchive([story(id_, "Title", text) for id_, text in texts.items()])
    with open_index(archive, tmp_path, search_settings(request, engine)) as index:
        found = ask(index, "the inquiry into the port")
        assert [hit.id for hit in found.hits] == ["a", "b"]
        assert found.total == 2
        assert found.words == "articles that contain “inquiry” in any form and contain “port” in any form"


@pytest.mark.parametrize("engine", ENGINES)
def test_a_long_question_is_answered_by_what_its_best_hits_have_in_common(
    request: pytest.FixtureRequest, engine: str, tmp_path: Path
) -> None:
    """An article that speaks of the same in other words comes before one that has as much of the question."""
    question = "which harbour pilots boarded ships during heavy storm season near northern lighthouse"
    about = (
        "Harbour pilots boarded ships in heavy storm season near the northern lighthouse. "
        "The Ellsmere association spoke."
    )
    archive = FakeArchive(
        [
            *(story(f"about{n}", "Pilots", about) for n in range(4)),
            story(
                "akin", "Storm", "The Ellsmere association met again. Its association spoke of pilots and nothing else."
            ),
            story(
                "far",
                "Storm",
                "The bakery on Main Street sells bread again. Its baker spoke of pilots and nothing else.",
            ),
        ]
    )
    with open_index(archive, tmp_path, search_settings(request, engine)) as index:
        order = [hit.id for hit in ask(index, question).hits]
        assert order.index("akin") < order.index("far")
        assert order == [*index.ids(question, sort=Sort.RELEVANCE), *order[4:]]
    assert len(set(question.split())) > EXPANDED


def test_a_pasted_paragraph_is_answered_by_its_weightiest_words(index: Index) -> None:
    """Four thousand characters of text are a question, too."""
    filler = " ".join(f"filler{n}" for n in range(330))
    paragraph = f"{filler} Agents raided the car wash"[-4000:]
    found = ask(index, paragraph, limit=3)
    assert found.hits
    assert found.hits[0].id in exactly(index, "raid")
    assert len(found.clauses) <= 40


def test_the_time_that_a_question_speaks_of_is_offered_as_days_where_articles_came_out_then(index: Index) -> None:
    """It changes no exact hit, and stands on the first page alone; others are found by the other words."""
    question = "what did Krasner say about the raid in January 2025?"
    found = ask(index, question, limit=1)
    assert found.dated == "date:2025-01 what did Krasner say about the raid?"
    assert ask(index, found.dated).total
    assert found.cursor
    assert ask(index, question, cursor=found.cursor).dated == ""
    assert ask(index, "agents of last week", choose={"date": ["2025-01"]}).dated == 'date:"last week" agents'
    assert ask(index, "agents of last week", choose={"date": ["2024-01"]}).dated == ""
    for nothing in ("what did Krasner say about the raid in January 1999?", "xylophone in January 2025", "raid", "may"):
        assert ask(index, nothing).dated == ""
    some = ask(index, "xylophone raid in January 2025")  # where articles have some of the words
    assert (some.total, some.dated) == (0, "date:2025-01 xylophone raid")
    assert {hit.id for hit in some.hits} == exactly(index, "raid")
    assert all({"xylophone"} <= {*hit.lacks} <= {"xylophone", "January", "2025"} for hit in some.hits)
    assert [hit.id for hit in some.hits] == paged(index, "xylophone raid in January 2025")
