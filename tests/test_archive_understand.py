"""`understand()`: from an article to its people, places, organisations, dates and topics."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from archive.entities import understand
from archive.entities.acronyms import definitions
from archive.model import Article, Kind, Mention, Part, Span

STORY = """\
PITTSBURGH - Allegheny County Sheriff Marta Quill told reporters Friday that her deputies will not take part in raids.
"We hold the door open," Quill said. She was joined by City Council members. President Trump signed the order last week.
Agents of the U.S. Immigration and Customs Enforcement agency (ICE) arrested nine people in South Pittsburgh on Jan. 28.
ICE did not answer questions about immigration raids. Mayor Tom Ostrow, who is Quill's cousin, spoke earlier this month.
Philly and Erie, Pa., passed similar rules. The Justice Department said in a memo that Ostrow could face prosecution.
"""
NAMES = {
    Kind.PERSON: ["Marta Quill", "Quill", "President Trump", "Trump's", "Tom Ostrow", "Quill's", "Ostrow"],
    Kind.PLACE: ["PITTSBURGH", "South Pittsburgh", "Philly", "Erie", "Pa."],
    Kind.ORG: ["City Council", "U.S. Immigration and Customs Enforcement agency", "ICE", "Justice Department"],
}


class Listed:
    """A recogniser that knows the names above and nothing else."""

    name = "listed"

    def spans(self, text: str, lang: str) -> list[Span]:
        found: list[Span] = []
        for kind, names in NAMES.items():
            for name in sorted(names, key=len, reverse=True):
                start = -1
                while (start := text.find(name, start + 1)) >= 0:
                    if not any(s.start < start + len(name) and start < s.end for s in found):
                        found.append(Span(kind, start, start + len(name), 0.9))
        return sorted(found, key=lambda span: span.start)


class Everything(Listed):
    """A recogniser that marks every word, to see what understanding makes of nonsense."""

    name = "everything"

    def spans(self, text: str, lang: str) -> list[Span]:
        words, start = [], 0
        for number, word in enumerate(text.split()):
            start = text.index(word, start)
            words.append(Span(list(Kind)[number % 3], start, start + len(word)))
            start += len(word)
        return words


ARTICLE = Article(
    url="https://news.example/raids",
    title="Sheriff Quill says no to ICE",
    text=STORY,
    published_on=date(2025, 1, 31),
    lang="en",
    keywords=("immigration, Pittsburgh", "Immigration"),
    sections=("Local news",),
)


def canonical(kind: Kind, article: Article = ARTICLE) -> set[str]:
    return {m.canonical for m in understand(article, Listed()).mentions if m.kind is kind}


def texts(article: Article, mention: Mention) -> str:
    return article.title if mention.part is Part.TITLE else article.text


def test_people_are_counted_under_their_full_names() -> None:
    assert canonical(Kind.PERSON) == {"Marta Quill", "Donald Trump", "Tom Ostrow"}


def test_a_letter_alone_is_nobodys_name() -> None:
    class Marked(Listed):
        def spans(self, text: str, lang: str) -> list[Span]:
            return [Span(Kind.PERSON, *found.span()) for found in re.finditer(r"\bJ\.|Ann Reed", text)]

    text = "The court ruled. CASTELLANE, J. Ann Reed was there, J. said."
    found = understand(Article(url="u", title="Order", text=text, lang="en"), Marked())
    assert [one.canonical for one in found.mentions if one.kind is Kind.PERSON] == ["Ann Reed"]


def test_organisations_are_counted_under_what_their_acronyms_stand_for() -> None:
    assert canonical(Kind.ORG) == {"City Council", "Immigration and Customs Enforcement", "Justice Department"}


def test_places_have_one_name_and_a_position() -> None:
    cities = {"Pittsburgh", "South Pittsburgh", "Philadelphia", "Erie", "Pennsylvania"}
    assert canonical(Kind.PLACE) == cities | {"United States"}
    for mention in understand(ARTICLE, Listed()).mentions:
        if mention.canonical in cities:
            assert mention.geo is not None, mention
            assert (mention.geo.country, mention.geo.admin) == ("US", "Pennsylvania")


def test_dates_are_counted_from_the_day_of_publication() -> None:
    dates = {m.text: m.when for m in understand(ARTICLE, Listed()).mentions if m.kind is Kind.DATE}
    found = {text: (str(when.first), str(when.last), when.grain) for text, when in dates.items() if when}
    assert found == {
        "Friday": ("2025-01-31", "2025-01-31", "day"),
        "last week": ("2025-01-20", "2025-01-26", "week"),
        "Jan. 28": ("2025-01-28", "2025-01-28", "day"),
        "earlier this month": ("2025-01-01", "2025-01-31", "month"),
    }


def test_a_morning_counts_under_its_day() -> None:
    article = replace(ARTICLE, title="", text="It happened Thursday night, and again this morning.")
    found = [(m.text, m.canonical) for m in understand(article, Listed()).mentions if m.kind is Kind.DATE]
    assert found == [("Thursday night", "2025-01-30"), ("this morning", "2025-01-31")]


def test_the_headline_is_read_too_and_shares_the_names_of_the_text() -> None:
    titled = [m for m in understand(ARTICLE, Listed()).mentions if m.part is Part.TITLE]
    assert [(m.text, m.canonical) for m in titled] == [
        ("Quill", "Marta Quill"),
        ("ICE", "Immigration and Customs Enforcement"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Paris, Texas, is a town.", {"Paris": "Paris, Texas", "Texas": "Texas"}),
        ("In Paris and in Texas.", {"Paris": "Paris", "Texas": "Texas"}),
        ("Officials in Georgia and the U.S. met in Atlanta.", {"Georgia": "Georgia"}),
        ("He left D.C. for NYC and L.A.", {"D.C.": "Washington", "NYC": "New York", "L.A.": "Los Angeles"}),
        ("From Birmingham to Montgomery, Alabama.", {"Birmingham": "Birmingham, Alabama"}),
        ("He lives in Springfield.", {"Springfield": "Springfield"}),
        ("Troops in Kiev and Saigon.", {"Kiev": "Kyiv", "Saigon": "Ho Chi Minh City"}),
        ("In Saint Louis and St. Louis.", {"Saint Louis": "St. Louis", "St. Louis": "St. Louis"}),
    ],
)
def test_a_place_is_the_one_the_story_speaks_of(text: str, expected: dict[str, str]) -> None:
    class Places(Listed):
        def spans(self, text: str, lang: str) -> list[Span]:
            names = [
                "Paris",
                "Texas",
                "Georgia",
                "Atlanta",
                "D.C.",
                "NYC",
                "L.A.",
                "Birmingham",
                "Montgomery",
                "Alabama",
            ]
            names += ["Springfield", "Kiev", "Saigon", "Saint Louis", "St. Louis"]
            found = [Span(Kind.PLACE, text.index(n), text.index(n) + len(n)) for n in names if n in text]
            return sorted(found, key=lambda span: span.start)

    mentions = understand(Article(url="u", title="", text=text, lang="en"), Places()).mentions
    canonical = {m.text: m.canonical for m in mentions}
    assert canonical | expected == canonical


def test_a_country_that_the_recogniser_passed_over_is_found() -> None:
    class Nothing(Listed):
        def spans(self, text: str, lang: str) -> list[Span]:
            return []

    text = "Talks between South Korea and Japan, but not the China Film Corp; Jordan plays in the U.S. League."
    found = understand(Article(url="u", title="", text=text, lang="en"), Nothing()).mentions
    assert [(m.canonical, m.geo.country) for m in found if m.geo] == [
        ("South Korea", "KR"),
        ("Japan", "JP"),
        ("United States", "US"),
    ]


@pytest.mark.parametrize(
    ("text", "day", "who"),
    [
        ("said President Bush today", date(1990, 5, 1), "George H. W. Bush"),
        ("said President Bush today", date(2005, 5, 1), "George W. Bush"),
        ("said former President Bush today", date(1995, 5, 1), "George H. W. Bush"),
        ("said President Bush today", None, "Bush"),
        ("the Bush administration said", date(2003, 5, 1), "Bush"),
        ("said Bush today", date(2005, 5, 1), "Bush"),
        ("said Prime Minister Starmer today", date(2024, 10, 1), "Keir Starmer"),
        ("said President Trump today", date(1995, 1, 1), "Trump"),
    ],
)
def test_an_office_tells_who_is_meant_when_just_one_fits(text: str, day: date | None, who: str) -> None:
    name = next(n for n in ("Bush", "Starmer", "Trump") if n in text)

    class Person(Listed):
        def spans(self, text: str, lang: str) -> list[Span]:
            return [Span(Kind.PERSON, text.index(name), text.index(name) + len(name))]

    article = Article(url="u", title="", text=text, lang="en", published_on=day)
    assert [m.canonical for m in understand(article, Person()).mentions if m.kind is Kind.PERSON] == [who]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["Bill Clinton", "Hillary Clinton", "Clinton"], ["Bill Clinton", "Hillary Clinton", "Clinton"]),
        (["Ursula von der Leyen", "von der Leyen"], ["Ursula von der Leyen", "Ursula von der Leyen"]),
        (["Hillary Clinton", "Hillary"], ["Hillary Clinton", "Hillary Clinton"]),
        (["LARRY KRASNER", "Krasner"], ["Larry Krasner", "Larry Krasner"]),
        (["Daniel P. Davison", "Daniel Davison", "Davison"], ["Daniel P. Davison"] * 3),
        (["José Díaz", "Diaz"], ["José Díaz", "José Díaz"]),
        (["Judge Ann Lee", "Ms. Lee"], ["Ann Lee", "Ann Lee"]),
        (["Martin Luther King Jr.", "King"], ["Martin Luther King Jr.", "Martin Luther King Jr."]),
    ],
    ids=lambda value: value[0],
)
def test_a_part_of_a_name_is_the_whole_when_only_one_fits(names: list[str], expected: list[str]) -> None:
    text = "\n".join(f"It was {name} who spoke." for name in names)

    class People(Listed):
        def spans(self, text: str, lang: str) -> list[Span]:
            at = [text.index(f"It was {name} who") + 7 for name in names]
            return [Span(Kind.PERSON, start, start + len(name)) for start, name in zip(at, names, strict=True)]

    mentions = understand(Article(url="u", title="", text=text, lang="en"), People()).mentions
    assert [m.canonical for m in mentions if m.kind is Kind.PERSON] == expected


ACRONYMS = [
    ("the World Health Organization (WHO) said", {"WHO": "World Health Organization"}),
    ("the FBI (Federal Bureau of Investigation) said", {"FBI": "Federal Bureau of Investigation"}),
    ("U.S. Immigration and Customs Enforcement agency (ICE)", {"ICE": "Immigration and Customs Enforcement"}),
    ("non-governmental organizations (NGOs) said", {}),
    ("the Southern Poverty Law Center (S.P.L.C.) said", {"SPLC": "Southern Poverty Law Center"}),
    ("Deutsche Bahn (DB) sagte", {"DB": "Deutsche Bahn"}),
    ("Larry Krasner (left) and Emil Bove (R) met", {}),
    ("WASHINGTON (AP) - It said", {}),
    ("the gross domestic product (GDP) rose", {}),
    ("(ICE) (ICE) ((((", {}),
]


@pytest.mark.parametrize(("text", "expected"), ACRONYMS, ids=[text[:30] for text, _ in ACRONYMS])
def test_acronyms_are_learned_where_the_story_explains_them(text: str, expected: dict[str, str]) -> None:
    found = {short: long for short, long in definitions(text).items() if not long.islower()}
    assert found == expected


def test_acronyms_in_hostile_text_cost_no_more_than_its_length() -> None:
    for text in ("(AB" * 50_000, "A B (AB) " * 20_000, "x" * 100_000 + " (XX)", "a (" + "b " * 50_000 + ")"):
        start = time.process_time()
        definitions(text)
        assert time.process_time() - start < 5


def test_thousands_of_names_cost_no_more_than_their_number() -> None:
    kinds = [Kind.PERSON, Kind.ORG, Kind.PLACE]
    names = [f"{'ABCDEFGHIJ'[n % 10]}x{n % 97} {'KLMNOPQRST'[n % 7]}y{n}" for n in range(12_000)]
    text = "The Big House (TBH) and TBH. " * 500 + "; ".join(names)

    class Many(Listed):
        def spans(self, text: str, lang: str) -> list[Span]:
            found, start = [Span(Kind.ORG, text.index("Big House"), text.index("Big House") + 9)], text.index(names[0])
            for number, name in enumerate(names):
                found.append(Span(kinds[number % 3], start, start + len(name)))
                start += len(name) + 2
            return found

    start = time.process_time()
    assert len(understand(Article(url="u", title="", text=text, lang="en"), Many()).mentions) >= 12_000
    assert time.process_time() - start < 10


def test_a_text_without_end_is_read_as_far_as_a_story_goes() -> None:
    article = Article(url="u", title="", text="It was Friday. " * 200_000, lang="en", published_on=date(2025, 1, 31))
    start = time.process_time()
    mentions = understand(article, Listed()).mentions
    assert time.process_time() - start < 20
    assert 0 < mentions[-1].end <= 1_000_000


def test_a_headline_in_capitals_counts_only_what_the_text_has() -> None:
    shouting = replace(ARTICLE, title="Quill Tells Agents From Erie Nothing Whatsoever", text="Marta Quill said no.")
    titled = {m.text for m in understand(shouting, Listed()).mentions if m.part is Part.TITLE}
    assert titled == {"Quill"}


def test_offsets_slice_back_to_the_text() -> None:
    for mention in understand(ARTICLE, Listed()).mentions:
        assert texts(ARTICLE, mention)[mention.start : mention.end] == mention.text


def test_titles_possessives_and_quotes_are_no_part_of_a_name() -> None:
    mentions = understand(replace(ARTICLE, title="Trump's order"), Listed()).mentions
    assert {m.text for m in mentions if m.canonical == "Donald Trump"} == {"Trump"}


def test_without_a_date_nobody_is_dated_and_relative_dates_stay_unsaid() -> None:
    undated = understand(replace(ARTICLE, published_on=None), Listed()).mentions
    assert not [m for m in undated if m.kind is Kind.DATE]


def test_an_empty_article_is_understood_as_nothing() -> None:
    assert understand(Article(url="u", title="", text=""), Listed()).mentions == ()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(title=st.text(max_size=60), text=st.text(max_size=400), lang=st.sampled_from(["en", "de", "fr", "", "zz"]))
@example(title="", text="Feb. 31, 2024; 99/99/9999; the 0th century; 9999 years ago", lang="en")
@example(title="\ud800", text="(\ud800) President \ud800 (ICE)", lang="en")
def test_understanding_never_raises_and_offsets_hold(title: str, text: str, lang: str) -> None:
    article = Article(url="u", title=title, text=text, lang=lang, published_on=date(2025, 1, 31), keywords=(title,))
    reading = understand(article, Everything())
    last = (Part.TITLE, 0)
    for mention in reading.mentions:
        assert texts(article, mention)[mention.start : mention.end] == mention.text != ""
        assert mention.canonical.strip()
        if mention.when:
            assert mention.when.first <= mention.when.last
        if mention.part is last[0]:
            assert mention.start >= last[1]
        last = (mention.part, mention.end)
    assert len(reading.topics) <= 15
    assert all(0 < topic.weight <= 1 for topic in reading.topics)


@pytest.mark.parametrize("word", ["Washington", "Jordan", "May", "Sunday Times", "Black Friday"])
def test_overlapping_names_and_dates_leave_the_longer(word: str) -> None:
    class One(Listed):
        def spans(self, text: str, lang: str) -> list[Span]:
            return [Span(Kind.ORG, text.index(word), text.index(word) + len(word))]

    article = Article(url="u", title="", text=f"They read the {word} on Friday.", published_on=date(2025, 1, 31))
    found = [m.text for m in understand(article, One()).mentions]
    assert found == [word, "Friday"]


class Lindholm(Listed):
    """A recogniser that knows an invented town, in capitals and not."""

    name = "lindholm"

    def spans(self, text: str, lang: str) -> list[Span]:
        found = ((name, text.find(name)) for name in ("LINDHOLM", "Lindholm", "EASTGATE"))
        return sorted((Span(Kind.PLACE, at, at + len(name)) for name, at in found if at >= 0), key=lambda s: s.start)


def test_a_place_in_capitals_is_the_same_place() -> None:
    """Datelines count with the town they name, also one that no list knows."""
    article = Article("", "", "LINDHOLM - The council met in EASTGATE on Friday. Lindholm has a bridge.")
    found = {mention.text: mention.canonical for mention in understand(article, Lindholm()).mentions}
    assert found | {"Friday": ""} == {
        "LINDHOLM": "Lindholm",
        "Lindholm": "Lindholm",
        "EASTGATE": "Eastgate",
        "Friday": "",
    }
