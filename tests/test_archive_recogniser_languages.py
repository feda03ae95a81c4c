"""Names in other languages than English: floors over short stories that were written for this test.

resources/names/LANG.txt has eight stories of five sentences in each language, made up for this project (the people in
public office are real, what they do is not); names stand in brackets with their kind: people without titles, places
with what is built there, organisations with clubs and companies; no nationalities, works and events. A small set: it
keeps what works working, and says little about how well other texts are read.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.entities import understand
from archive.entities.decode import TokenSpan
from archive.entities.default import DATA
from archive.entities.foreign import countries, known_names, unelided
from archive.entities.languages import Reader, reader_of, told, unread
from archive.entities.name_words import words_of
from archive.entities.recogniser import Recogniser, load_recogniser
from archive.entities.signs import SignNetwork, with_surnames, without_days
from archive.entities.small_words import calendar, frequent, small
from archive.entities.titles import offices
from archive.extraction.language import of_paragraph
from archive.model import Article, Kind, Span

FOLDER = Path(__file__).parent / "resources" / "names"
KINDS = {"PER": Kind.PERSON, "LOC": Kind.PLACE, "ORG": Kind.ORG}
_MARKED = re.compile(r"\[(?P<kind>PER|LOC|ORG) (?P<name>[^\]]+)\]")
Found = set[tuple[Kind, int, int]]


def stories(lang: str) -> Iterator[tuple[str, Found]]:
    """Each story without its marks, and the names in it."""
    for story in (FOLDER / f"{lang}.txt").read_text(encoding="utf-8").strip().split("\n\n"):
        text, names, last = "", set(), 0
        for match in _MARKED.finditer(story):
            text += story[last : match.start()]
            names.add((KINDS[match["kind"]], len(text), len(text) + len(match["name"])))
            text += match["name"]
            last = match.end()
        yield text + story[last:], names


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return load_recogniser()


def test_what_is_known_of_a_language_is_worked_out_once_however_many_an_import_has(recogniser: Recogniser) -> None:
    """Else each of its texts would cost six times as much."""
    told_once = (countries, known_names, words_of, calendar, frequent, small, offices)
    languages = "da de es fr fi hr hu id it lv nb nl pl pt ro ru sk sr sv tr ar el he uk cs bg ca et lt sl".split()
    text = "\n".join(text for text, _ in stories("de"))
    misses = []
    for _ in range(2):
        for lang in languages:
            recogniser.spans(text, lang)
        misses.append([known.cache_info().misses for known in told_once])
    assert misses[1] == misses[0]


@pytest.mark.parametrize(
    ("lang", "precision", "recall"), [
        ("de", 0.99, 0.97), ("fr", 0.94, 0.97), ("es", 0.91, 0.91), ("it", 0.94, 0.97), ("nl", 0.99, 0.99),
        ("pl", 0.92, 0.92),
    ],
)  # fmt: skip
def test_names_in_other_languages(recogniser: Recogniser, lang: str, precision: float, recall: float) -> None:
    right = said = there = 0
    for text, names in stories(lang):
        found = {(span.kind, span.start, span.end) for span in recogniser.spans(text, lang)}
        right += len(found & names)
        said += len(found)
        there += len(names)
    assert (len(list(stories(lang))), there > 35) == (8, True)
    assert right / said >= precision
    assert right / there >= recall


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("de", "Am Montag lobte die Opposition den Kompromiss. Schwere Unwetter zogen auf. Die Polizei warnt."),
        ("de", "Rund zwei Millionen Euro kostet die Sanierung der Schule. Anfang März beginnen die Arbeiten."),
        ("fr", "Hier, la ministre de l'Économie a promis des aides. « Nous verrons. » Le Premier ministre approuve."),
        ("es", "Ayer el Gobierno aprobó la ley. “Vamos a ver”, dijo la ministra de Trabajo. Los vecinos protestan."),
        ("fr", "Mardi, le gouvernement a approuvé la loi. Hier, il pleuvait."),
        ("it", "Nella città piove. Il sindaco torna."),
        ("es", "La nota dice: LOS VECINOS PIDEN AYUDA AL ALCALDE POR LAS LLUVIAS, y nada más."),
    ],
    ids=["nouns", "measures", "French offices", "Spanish offices", "French days", "Italian small words", "shouting"],
)  # fmt: skip
def test_capitals_that_make_no_name(recogniser: Recogniser, lang: str, text: str) -> None:
    assert [text[span.start : span.end] for span in recogniser.spans(text, lang)] == []


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("fr", "l'Allemagne et d’Italie, jusqu'Aix", "l Allemagne et d Italie, jusqu Aix"),
        ("it", "dell'Università", "dell Università"),
        ("de", "Wie geht's, O'Neil", "Wie geht's, O'Neil"),
        ("fr", "O'Neil, aujourd'hui", "O'Neil, aujourd'hui"),
    ],
)
def test_small_words_that_are_glued_on_are_cut_off_in_place(lang: str, text: str, expected: str) -> None:
    assert unelided(text, lang) == expected


PARTS = "Die Der La L'Italia Anna von der Leyen Berlin Berlins USA 3 . - , « » né FC ß Ǆ".split()


@settings(deadline=None, max_examples=150)
@given(
    st.lists(st.sampled_from(PARTS), max_size=30).map(" ".join) | st.text(max_size=60),
    st.sampled_from(["de", "fr", "es", "tr", "ja", "th", "he", "xx"]),
)
def test_any_text_in_any_language_gives_sorted_names_that_do_not_overlap(
    recogniser: Recogniser, text: str, lang: str
) -> None:
    spans = recogniser.spans(text, lang)
    assert all(0 <= span.start < span.end <= len(text) and 0 < span.confidence <= 1 for span in spans)
    assert all(before.end <= after.start for before, after in itertools.pairwise(spans))


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("de", "Er flog in die Vereinigten Staaten und nach Bosnien und Herzegowina.", ["Bosnien und Herzegowina"]),
        ("de", "Die Grenzen Frankreichs und die Küste Sri Lankas sind lang.", ["Frankreichs", "Sri Lankas"]),
        ("fr", "Il a quitté la Corée du Sud pour la Nouvelle-Zélande.", ["Corée du Sud", "Nouvelle-Zélande"]),
        ("es", "Viajó de Trinidad y Tobago a Estados Unidos.", ["Trinidad y Tobago", "Estados Unidos"]),
        ("fi", "Hän lähti Ruotsi ja Norja.", ["Ruotsi", "Norja"]),
    ],
)
def test_countries_are_found_by_their_names(recogniser: Recogniser, lang: str, text: str, expected: list[str]) -> None:
    found = [text[span.start : span.end] for span in recogniser.spans(text, lang) if span.kind is Kind.PLACE]
    assert set(expected) <= set(found)


@pytest.mark.parametrize(
    ("lang", "reader"),
    [
        ("", Reader.ENGLISH), ("en", Reader.ENGLISH), ("de", Reader.WORDS), ("it", Reader.WORDS), ("vi", Reader.WORDS),
        ("zh", Reader.SIGNS), ("ko", Reader.SIGNS), ("th", Reader.SIGNS), ("he", Reader.NONE), ("hi", Reader.NONE),
    ],
)  # fmt: skip
def test_each_language_has_its_network_or_none(lang: str, reader: Reader) -> None:
    assert reader_of(lang) is reader


def test_what_no_network_reads_is_named_and_gives_no_names(recogniser: Recogniser) -> None:
    assert recogniser.spans("בנימין נתניהו ביקר בירושלים.", "he") == []
    assert (unread("he"), unread("de"), unread("")) == ("Hebrew (he)", "", "")


@pytest.mark.parametrize(("lang", "as_other"), [("nb", "no"), ("bs", "hr"), ("cs", "sk"), ("de", "de"), ("xx", "xx")])
def test_a_language_is_told_as_itself_or_as_one_that_is_close(lang: str, as_other: str) -> None:
    assert told(lang) == as_other


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("zh", "中国国家主席习近平在北京会见了德国总理默克尔。", {(Kind.PLACE, "北京"), (Kind.PERSON, "习近平")}),
        ("ja", "安倍晋三首相は東京で記者会見を開いた。", {(Kind.PERSON, "安倍晋三"), (Kind.PLACE, "東京")}),
        ("ko", "이재용 부회장은 서울에서 기자들을 만났다.", {(Kind.PERSON, "이재용"), (Kind.PLACE, "서울")}),
        (
            "ru",
            "Президент Владимир Путин прилетел в Берлин.",
            {(Kind.PERSON, "Владимир Путин"), (Kind.PLACE, "Берлин")},
        ),
    ],
)
def test_names_in_other_scripts(recogniser: Recogniser, lang: str, text: str, expected: set[tuple[Kind, str]]) -> None:
    assert expected <= {(span.kind, text[span.start : span.end]) for span in recogniser.spans(text, lang)}


ENGLISH = (
    "The council said on Tuesday that it would not sign the agreement, which had been announced by the minister. Mayor "
    "Ada Brandt was not in the room when they voted, and the members of the board have said that they will be back. "
    "They would have liked to hear from the people who live by the river, and so would the press."
)
GERMAN = (
    "Der Stadtrat erklärte am Dienstag, dass er das Abkommen nicht unterzeichnen werde, das der Minister angekündigt "
    "hatte. Bürgermeister Jens Petersen war nicht im Saal, als abgestimmt wurde, und die Mitglieder des Ausschusses "
    "wollen im nächsten Monat wieder zusammenkommen, um über die Brücke in Hamburg zu sprechen."
)


@pytest.mark.parametrize(
    ("text", "given", "expected"),
    [
        ("国家主席习近平在北京", (5, 7), "习近平"),
        ("市長陳其邁也到場", (3, 5), "陳其邁"),
        ("总理李强在上海", (2, 4), "李强"),  # it has one
        ("会见马克龙时", (2, 5), "马克龙"),  # longer than a given name
        ("他说近平很好", (2, 4), "近平"),
    ],
)
def test_a_chinese_given_name_has_the_surname_before_it(text: str, given: tuple[int, int], expected: str) -> None:
    found = with_surnames(text, [TokenSpan("PER", *given, 0.6)], SignNetwork(DATA).is_surname)
    assert [text[name.start : name.end] for name in found] == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("特朗普周二", "特朗普"),
        ("習近平星期三", "習近平"),
        ("岸田文雄月曜日", "岸田文雄"),
        ("이재명월요일", "이재명"),
        ("周一围", "周一围"),
    ],
)
def test_a_day_of_the_week_is_no_part_of_a_name(text: str, expected: str) -> None:
    (found,) = without_days(text, [TokenSpan("PER", 0, len(text), 0.6)])
    assert text[found.start : found.end] == expected


def test_a_surname_that_belongs_to_another_name_stays_there() -> None:
    names = [TokenSpan("LOC", 0, 2, 0.6), TokenSpan("PER", 2, 4, 0.6)]
    assert with_surnames("金陈其邁", names, SignNetwork(DATA).is_surname) == names


@pytest.mark.parametrize(
    ("text", "lang", "found"),
    [(ENGLISH, "de", "en"), (GERMAN, "en", "de"), (GERMAN, "de", "de"), (ENGLISH, "en", "en"), ("Ja.", "en", "en"),
     ("政府は火曜日、協定に署名しないと発表した。大臣が以前に明らかにしたもので、議会は反対していた。" * 4, "en",
      "ja")],
)  # fmt: skip
def test_a_paragraph_is_in_another_language_only_where_it_plainly_is(text: str, lang: str, found: str) -> None:
    assert of_paragraph(text, lang) == found


def test_each_paragraph_of_an_article_is_read_in_its_own_language() -> None:
    asked: list[tuple[str, str]] = []

    class Asked:
        name = "asked"

        def spans(self, text: str, lang: str) -> list[Span]:
            asked.append((text, lang))
            place = text.find("Brandt" if lang == "en" else "Petersen")
            return [Span(Kind.PERSON, place, place + 6)] if place >= 0 else []

    article = Article(
        url="https://a.example/1", title="Zwei Städte", text=f"{GERMAN}\n\n{ENGLISH}\n{ENGLISH}\n{GERMAN}", lang="de"
    )
    reading = understand(article, Asked())
    assert [lang for _, lang in asked] == ["de", "en", "de"]
    people = {article.text[m.start : m.end] for m in reading.mentions if m.kind is Kind.PERSON}
    assert people == {"Brandt", "Peters"}
