"""Topics: the publisher's labels, subjects, organisations and key phrases of a story."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.entities import load_recogniser, understand
from archive.entities.phrases import phrases
from archive.entities.subjects import load, named, suggested
from archive.entities.topics import topics
from archive.model import Article, Kind, Mention, Part, Topic

STORY = """\
Allegheny County Sheriff Marta Quill told reporters Friday that her deputies will not take part in immigration raids.
"We hold the door open for the courts and the law, not for raids," Quill said after a press conference.
Agents of the U.S. Immigration and Customs Enforcement agency (ICE) arrested nine immigrants in South Pittsburgh.
ICE agents did not answer questions about the raids. The Justice Department said in a memo that police officers who
obstruct federal immigration law could be prosecuted, and that judges would decide whether an arrest was illegal.
The council passed a resolution against the immigration raids; a lawyer for the detained immigrants spoke in court.
"""
MENTIONS = (
    Mention(Kind.PERSON, "Marta Quill", 24, 35, "Marta Quill"),
    Mention(Kind.ORG, "U.S. Immigration and Customs Enforcement agency", 0, 47, "Immigration and Customs Enforcement"),
    Mention(Kind.ORG, "ICE", 0, 3, "Immigration and Customs Enforcement"),
    Mention(Kind.ORG, "ICE", 0, 3, "Immigration and Customs Enforcement"),
    Mention(Kind.ORG, "Justice Department", 0, 18, "Justice Department"),
)
ARTICLE = Article(url="u", title="Sheriff stays out of immigration raids", text=STORY, lang="en")


def matches(found: tuple[Topic, ...], wanted: str) -> bool:
    """Whether a search for a topic finds one of these: any of its names holds the words."""
    return any(wanted.casefold() in name.casefold() for topic in found for name in (topic.name, *topic.aliases))


@pytest.mark.parametrize(
    "wanted",
    ["ICE", "Immigration and Customs Enforcement", "immigration", "crime, law and justice", "immigration raids"],
)
def test_a_reader_finds_the_story_under(wanted: str) -> None:
    assert matches(topics(ARTICLE, MENTIONS), wanted)


def test_a_topic_says_where_it_comes_from_and_whether_the_publisher_said_so() -> None:
    article = replace(ARTICLE, keywords=("Elections; raids",), sections=("Local",))
    by_source = {topic.source: topic for topic in topics(article, MENTIONS)}
    assert by_source["keyword"].name in ("Elections", "raids")
    assert not by_source["keyword"].suggested
    assert by_source["section"].name == "Local"
    assert by_source["phrase"].suggested
    assert by_source["organisation"].aliases[0] == "ICE"


def test_a_publisher_label_that_names_a_concept_gets_its_code() -> None:
    found = topics(replace(ARTICLE, keywords=("Immigration", "elections")), ())
    by_name = {topic.name: topic for topic in found if not topic.suggested}
    immigration, election = named("immigration"), named("Elections")
    assert immigration is not None
    assert election is not None
    assert (by_name["Immigration"].source, by_name["Immigration"].code) == ("keyword", immigration.code)
    assert (by_name["election"].source, by_name["election"].code) == ("subject", election.code)
    assert by_name["election"].aliases == ("elections",)


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (("news", "https://x.example/a", "#Budget", " Budget "), ["Budget"]),
        (("war in Ukraine|NATO · Poland",), ["war in Ukraine", "NATO", "Poland"]),
        (("crime, law and justice",), ["crime, law and justice"]),
        (("politics, potholes, Politics",), ["politics", "potholes"]),
        (("a" * 80, "12345", "---", ""), []),
        (("Thai", "Swiss", "Danes", "methanol"), ["Danes", "methanol"]),
    ],
    ids=["noise", "dividers", "concept with comma", "repeated", "nothing", "adjectives of peoples"],
)
def test_labels_are_divided_and_cleaned(labels: tuple[str, ...], expected: list[str]) -> None:
    found = topics(Article(url="u", title="", text="", keywords=labels), ())
    assert [topic.name for topic in found if topic.source == "keyword"] == expected


def test_there_are_at_most_fifteen_and_no_name_twice() -> None:
    found = topics(replace(ARTICLE, keywords=tuple(f"label {n}" for n in range(40))), MENTIONS)
    assert len(found) <= 15
    assert len({topic.name.casefold() for topic in found}) == len(found)
    assert all(0 < topic.weight <= 1 for topic in found)
    assert {"organisation", "phrase", "subject"} <= {topic.source for topic in found}


def test_phrases_are_repeated_words_and_never_people() -> None:
    best = [phrase for phrase, _ in phrases(ARTICLE.title, STORY, ["Marta Quill", "Quill"], load().rarity)]
    assert best[0] == "immigration raids"
    assert not any("quill" in phrase.casefold() for phrase in best)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("It was a ferry, one of the ferrys; the FERRY was old.", "ferry"),
        ("They fear the tariff, and all tariffs.", "tariff"),
        ("The copper tariff rises. Copper tariffs harm.", "copper tariff"),
        ("A harbour-master, and all the harbour-masters.", "harbour-master"),
        ("A levee broke. The river rose.", None),
    ],
)
def test_a_phrase_stands_twice_whatever_its_case_and_plural(text: str, shown: str | None) -> None:
    best = [phrase.casefold().removesuffix("s") for phrase, _ in phrases("", text, [], load().rarity)]
    assert best[:1] == ([shown] if shown else [])


@given(st.lists(st.sampled_from(["reserves", "study", "raid", "raids", "the", ".", "Quill", "ICE"]), max_size=60))
def test_phrases_are_never_more_than_asked_for_and_never_said_twice(words: list[str]) -> None:
    found = phrases("reserves study", " ".join(words), ["Quill"], load().rarity, most=3)
    assert len(found) <= 3
    assert len({phrase for phrase, _ in found}) == len(found)
    assert all(score > 0 for _, score in found)


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        (("The striker scored two goals as the team won the league match; "
         "the coach praised his players at the stadium."), "sport"),
        (("The vaccine protects patients against the virus, "
         "doctors at the hospital said after an outbreak of the disease."), "health"),
        (("Prosecutors charged the suspect with murder; "
         "the judge set bail and the jury trial begins at the court in May."), "crime, law and justice"),
        (("Voters elect a new parliament; the party of the prime minister "
         "leads the polls before the election campaign ends."), "politics"),
        (("The central bank raised interest rates as inflation and prices rose; "
         "stocks fell and investors sold bonds."), "economy, business and finance"),
        (("Rebels attacked the army base; soldiers and militants fought "
         "near the border until a ceasefire began."), "conflict, war and peace"),
    ],
    ids=lambda value: value if len(value) < 40 else "",
)  # fmt: skip
def test_words_suggest_the_subject(text: str, subject: str) -> None:
    from collections import Counter

    words = Counter(word.strip(".,;").lower() for word in text.split())
    assert suggested(words, [])[0][0].name == subject


def test_a_few_words_suggest_nothing() -> None:
    from collections import Counter

    assert suggested(Counter(["election"]), []) == []


def test_other_languages_get_labels_and_organisations_only() -> None:
    found = topics(replace(ARTICLE, lang="de", keywords=("Politik",)), MENTIONS)
    assert {topic.source for topic in found} == {"keyword", "organisation"}


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (
            ("Category: Sport", "Subject: National Security", "Language: English", "WC: 1000-1999"),
            ["Sport", "National Security"],
        ),
        (("PERSON", "Front Page", "AP Top News", "NE State Wire", "Featured"), []),
        (("Bhopal news", "Bhopal latest news", "Bhopal news live"), ["Bhopal"]),
        (("splitscreenimagerightinset", "ice"), ["ice"]),
        (("United States of America", "US", "U.S."), ["United States of America"]),
        (("Labour", "Labour Party"), ["Labour"]),
        (("Potholes", "pothole"), ["Potholes"]),
    ],
    ids=["labelled", "plumbing", "news of", "machine's", "a country", "a party", "plural"],
)
def test_a_publisher_s_plumbing_goes_and_a_thing_stands_once(labels: tuple[str, ...], expected: list[str]) -> None:
    found = topics(Article(url="u", title="", text="", keywords=labels), ())
    assert [topic.name for topic in found] == expected


@pytest.mark.parametrize(
    ("lang", "labels", "expected"),
    [
        ("de", ("Leitzins", "Newsticker", "Startseite", "Foto", "dpa", "Exklusiv"), ["Leitzins"]),
        ("fr", ("À la une", "Actualités", "Vidéos", "grève", "Abonnés"), ["grève"]),
        ("es", ("Última hora", "Portada", "sequía", "Lea también"), ["sequía"]),
        ("ru", ("Новости", "Читайте также", "пожар", "ТАСС", "Россия", "РФ"), ["пожар", "Россия"]),
        ("tr", ("son dakika", "deprem", "ekonomi haberleri"), ["deprem", "ekonomi"]),
        ("it", ("Unione Europea", "Ue", "Ultime notizie"), ["Unione Europea"]),
        ("nl", ("Ajax", "AFC Ajax", "Nieuws"), ["Ajax"]),
        ("es-ES", ("Real Madrid", "Real Madrid CF", "Vídeo"), ["Real Madrid"]),
        ("cs", ("Česko", "Česká republika", "povodně"), ["Česko", "povodně"]),
        ("zh", ("要闻", "地震"), ["地震"]),
        ("en", ("Foto", "Portada"), ["Foto", "Portada"]),
    ],
)
def test_plumbing_in_other_languages_goes_and_a_thing_stands_once(
    lang: str, labels: tuple[str, ...], expected: list[str]
) -> None:
    article = Article(url="u", title="", text="", keywords=labels, lang=lang)
    assert [topic.name for topic in topics(article, ())] == expected


def test_what_stands_once_is_found_by_its_other_names() -> None:
    article = Article(url="u", title="", text="", keywords=("Holidays", "ICE"), lang="en")
    holiday, ice = topics(article, MENTIONS)
    assert (holiday.name, holiday.source, holiday.suggested) == ("holiday", "subject", False)
    assert "Holidays" in holiday.aliases
    assert (ice.name, ice.source) == ("ICE", "keyword")
    assert "Immigration and Customs Enforcement" in ice.aliases


def test_what_a_publisher_names_is_no_suggestion_however_often_the_text_names_it() -> None:
    """The story's own weight goes before the label's; who said so does not go with it."""
    article = Article(url="u", title="", text="", keywords=(*(f"label {n}" for n in range(6)), "ICE"), lang="en")
    found = topics(article, MENTIONS * 3)
    ice = next(topic for topic in found if "ICE" in (topic.name, *topic.aliases))
    assert (ice.source, ice.suggested) == ("organisation", False)


@pytest.mark.parametrize(
    ("site", "shown"), [("The Harbour Post", False), ("Post", False), ("Hill Post", True), ("", True)]
)
def test_a_publisher_is_no_topic_of_its_own_story(site: str, shown: bool) -> None:
    name = "Harbour Post"
    text = f"He told the {name} so. " * 3
    mentions = [Mention(Kind.ORG, name, match.start(), match.end(), name) for match in re.finditer(name, text)]
    article = Article(url="u", title="Talks", text=text, site=site, lang="en")
    assert (name in [topic.name for topic in topics(article, mentions)]) is shown


@pytest.mark.parametrize(
    ("title", "text", "word"),
    [
        ("", "The message is proud. Nine men sent the message; nine were proud.", None),
        ("The worst famine in years", "It is bad. There is a famine, she said.", "famine"),
        ("", "x. " + "A house stands there. " * 30 + "The famine came. The famine went.", None),
    ],
    ids=["vague", "rare, in the headline", "late"],
)
def test_a_single_word_is_rare_and_stands_early(title: str, text: str, word: str | None) -> None:
    found = [name for name, _ in phrases(title, text, [], load().rarity) if " " not in name]
    assert found == ([word] if word else [])


SEED = Path(__file__).parents[1].parent / "shared" / "seed"


@pytest.mark.skipif(not SEED.is_dir(), reason="the seed story is not here")
def test_the_seed_story_is_found_under_its_topics() -> None:
    text = next(SEED.glob("*.txt")).read_text(encoding="utf-8")
    article = Article(url="u", title="", text=text, lang="en", published_on=date(2025, 1, 31))
    reading = understand(article, load_recogniser())
    for wanted in ("ICE", "Immigration and Customs Enforcement", "immigration", "crime, law and justice"):
        assert matches(reading.topics, wanted), wanted
    people = {m.canonical for m in reading.mentions if m.kind is Kind.PERSON}
    assert {"Larry Krasner", "Donald Trump", "Brian O'Neil", "Patrick Dugan", "Emil Bove"} <= people
    places = {m.canonical for m in reading.mentions if m.kind is Kind.PLACE}
    assert {"Philadelphia", "North Philadelphia"} <= places
    dates = {m.text: m.when for m in reading.mentions if m.kind is Kind.DATE}
    assert str(dates["next fall"].first) == "2025-09-01"  # type: ignore[union-attr]
    assert all(m.part is Part.TEXT for m in reading.mentions)


def test_what_people_are_called_suggests_no_subject() -> None:
    text = (
        "Ben Stokes took five wickets and Steve Smith fell to Josh Carey for 17 at the ground. Jamie Smith hooked "
        "Ricky Allan to fine leg, and Pat Mitchell, the curator, watched Matt Graham bowl six overs. Stokes said the "
        "pitch was slow. Smith and Graham agreed."
    )
    article = Article("https://news.example/1", "Stokes takes five wickets", text, lang="en")
    read = understand(article, load_recogniser())
    assert [one.name for one in read.topics if one.source == "subject"] == ["sport"]
