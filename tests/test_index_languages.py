"""A bare word finds its forms in the language of each article, and quotes ask for one form: over every engine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from engine_makes import ENGINES, search_settings
from hypothesis import given
from hypothesis import strategies as st
from index_stories import TODAY, FakeArchive, story

from archive import Topic
from index import Index, SearchSettings, open_index
from index.folding import fold
from index.stemming import SNOWBALL, beginnings, foreign_keys, key, speech, speech_of

STORIES = [
    story("haus", "Die Häuser von Berlin", "Zwei Razzien in einem Hause. Die Behörden schwiegen.", lang="de"),
    story(
        "mur",
        "Grève à Paris",
        "Les manifestations des étrangers ont duré.",
        lang="fr",
        topics=[Topic("élections", "keyword")],
    ),
    story("ley", "Nuevas leyes", "Las acciones de los inmigrantes.", lang="es"),
    story("prisao", "Operações no Rio", "Duas prisões e novas leis.", lang="pt"),
    story("rus", "Новые аресты", "В России новый закон. Правительства молчали.", lang="ru"),
    story("huis", "Huizen te koop", "De gebouwen van de gemeente.", lang="nl"),
    story("hus", "Nya husen", "Flickorna i huset.", lang="sv"),
    story("norsk", "Husene i Oslo", "Pågripelsen ble kjent.", lang="nb"),
    story("dom", "Nowe domy", "Domy i raids w Warszawie.", lang="pl"),
    story("raid", "Raids in Reno", "Houses were raided. The dies were cast.", lang="en"),
    story("bare", "House", "A raid.", lang=""),
    story("kyoto", "京都の家", "京都", lang="ja"),
]


@pytest.fixture(scope="module", params=ENGINES)
def index(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """Taken in by small commits, so that segments are merged."""
    yield from _filled(search_settings(request, request.param, batch=3), tmp_path_factory)


@pytest.fixture(scope="module")
def oracle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    yield from _filled(SearchSettings(engine="memory"), tmp_path_factory)


def _filled(settings: SearchSettings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    archive = FakeArchive([])
    with open_index(archive, tmp_path_factory.mktemp("index"), settings) as opened:
        for number in range(0, len(STORIES), 2):
            for entry in STORIES[number : number + 2]:
                archive.put(entry)
            opened.update()
        yield opened


def ids(index: Index, query: str) -> list[str]:
    return [hit.id for hit in index.search(query, limit=50, today=TODAY, strict=True).hits]


FORMS = [
    ("German", "Haus", "haus"),
    ("German, as the query has it", "Häusern", "haus"),
    ("German, written without the dots", "Haeuser", "haus"),
    ("German, in the text", "Behörde", "haus"),
    ("French", "manifestation", "mur"),
    ("French, feminine", "étrangère", "mur"),
    ("Spanish", "ley", "ley"),
    ("Spanish, with an accent", "acción", "ley"),
    ("Portuguese", "operação", "prisao"),
    ("Russian", "арест", "rus"),
    ("Russian, an adjective", "новая", "rus"),
    ("Russian, a short i", "новый", "rus"),
    ("Dutch, by z", "huis", "huis"),
    ("Dutch, without its beginning", "gebouw", "huis"),
    ("Swedish and Norwegian", "hus", "hus norsk"),
    ("Norwegian", "pågripelser", "norsk"),
    ("a language without a stemmer: the form alone", "domy", "dom"),
    ("… and no other", "domu", ""),
    ("English forms are of English alone", "raid", "raid bare"),
    ("… but the form itself is found anywhere", "raids", "raid bare dom"),
    ("an unknown language is read as English", "houses", "raid bare"),
    ("forms of two languages are not mixed", "die", "haus raid"),
    ("Japanese", "京都", "kyoto"),
    ("a topic", "topic:élection", "mur"),
    ("a title", "title:hus", "hus norsk"),
    ("quotes ask for one form", '"Häuser"', "haus"),
    ("… and for no other", '"Haus"', ""),
    ("in several words", "hus (Oslo OR flicka)", "hus norsk"),
    ("excluded", "hus -flicka", "norsk"),
]


@pytest.mark.parametrize(("query", "expected"), [case[1:] for case in FORMS], ids=[case[0] for case in FORMS])
def test_forms_are_found_in_the_language_of_the_article(index: Index, query: str, expected: str) -> None:
    assert sorted(ids(index, query)) == sorted(expected.split())


WORDS = "Haus Häuser hus house houses raid raids die dies ley leyes huis domy новый manifestation acción 京都 2025"


@given(st.lists(st.sampled_from(WORDS.split()), min_size=1, max_size=4, unique=True), st.booleans())
def test_every_engine_finds_and_orders_the_same(index: Index, oracle: Index, words: Sequence[str], any_: bool) -> None:
    query = (" OR " if any_ else " ").join(words)
    found, expected = (each.search(query, limit=50, today=TODAY, strict=True) for each in (index, oracle))
    assert found.total == expected.total
    scores = [{hit.id: hit.score for hit in one.hits} for one in (found, expected)]
    assert scores[0] == pytest.approx(scores[1], rel=1e-3)


@pytest.mark.parametrize(
    ("query", "id_", "marked"),
    [
        ("Razzien", "haus", ["Razzien"]),
        ("Haus", "haus", ["Hause"]),
        ("gebouw", "huis", ["gebouwen"]),
        ("новая", "rus", ["новый"]),
        ("raid", "raid", ["raided"]),
        ("flicka", "hus", ["Flickorna"]),
    ],
)
def test_snippets_mark_the_forms(index: Index, query: str, id_: str, marked: list[str]) -> None:
    (hit,) = [hit for hit in index.search(query, limit=50, today=TODAY).hits if hit.id == id_]
    assert [hit.snippet.text[start:end] for start, end in hit.snippet.marks] == marked


def test_a_title_marks_the_forms(index: Index) -> None:
    (hit,) = index.search("Haus", today=TODAY).hits
    assert [hit.title[start:end] for start, end in hit.title_marks] == ["Häuser"]


def test_what_lacks_a_word_has_its_forms(index: Index) -> None:
    hits = {hit.id: hit.lacks for hit in index.search("Haus Behörde Oslo", today=TODAY).hits}
    assert hits["haus"] == ("Oslo",)


@given(st.sampled_from(sorted(SNOWBALL)), st.text("abcdefghijklmnoprstuvyzieaonij", min_size=1, max_size=10))
def test_a_word_begins_as_its_key_says(lang: str, word: str) -> None:
    assert word.startswith(beginnings(key(word, speech(lang))))


@given(st.text(max_size=12).map(fold))
def test_keys_say_whose_they_are(term: str) -> None:
    asked = foreign_keys(term) if term and " " not in term and ":" not in term else ()
    assert len({speech_of(each) for each in asked}) == len(asked)
    assert {speech_of(each) for each in asked} == {speech(lang) for lang in (*SNOWBALL, "pl")} or not asked
