"""Case forms: the names of a story in languages that decline them are one name each."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.entities import understand
from archive.entities.declined import first_forms, listed_form
from archive.entities.drafts import DraftMention
from archive.entities.names import settle
from archive.entities.recogniser import load_recogniser
from archive.model import Article, Kind, Part

FORMS = [
    ("ru", "Сергей Рогожин", {"Рогожина": "Рогожин", "Сергея Рогожина": "Сергей Рогожин", "Рогожиным": "Рогожин"}),
    ("ru", "Анна Ветрова", {"Ветровой": "Ветрова", "Анной Ветровой": "Анна Ветрова"}),
    ("ru", "Игорь Левицкий", {"Левицкого": "Левицкий", "Игорем Левицким": "Игорь Левицкий"}),
    ("uk", "Олена Гончаренко", {"Олени Гончаренко": "Олена Гончаренко"}),
    ("uk", "Тарас Бойко", {"Бойком": "Бойко", "Тараса Бойка": "Тарас Бойко"}),
    ("pl", "Donald Malik", {"Malika": "Malik", "Malikiem": "Malik", "Donaldowi Malikowi": "Donald Malik"}),
    ("pl", "Anna Zalewska", {"Anną Zalewską": "Anna Zalewska", "Zalewskiej": "Zalewska"}),
    ("pl", "Paweł Wrona", {"Pawła Wrony": "Paweł Wrona"}),
    ("cs", "Karel Havlíček", {"Havlíčka": "Havlíček", "Karlem Havlíčkem": "Karel Havlíček"}),
    ("cs", "Eva Nováková", {"Novákové": "Nováková", "Evu Novákovou": "Eva Nováková"}),
    ("sk", "Peter Kováč", {"Kováčovi": "Kováč", "Petra Kováča": "Peter Kováč"}),
    ("hr", "Ivan Horvat", {"Horvata": "Horvat", "Ivanom Horvatom": "Ivan Horvat"}),
    ("sr", "Милан Петровић", {"Петровића": "Петровић", "Миланом Петровићем": "Милан Петровић"}),
    ("sr", "Milan Petrović", {"Petroviću": "Petrović"}),
    ("sl", "Janez Kos", {"Kosom": "Kos"}),
    ("lt", "Jonas Petraitis", {"Petraitį": "Petraitis"}),
    ("lv", "Egils Ozols", {"Ozolam": "Ozols"}),
    ("fi", "Anna Virtanen", {"Virtasen": "Virtanen", "Virtasella": "Virtanen"}),
    ("fi", "Vladimir Kuusik", {"Kuusikin": "Kuusik"}),
    ("et", "Kaja Kallas", {"Kallasele": "Kallas"}),
    ("hu", "Kovács Péter", {"Kovácsnak": "Kovács", "Kovács Péterrel": "Kovács Péter"}),
    ("hu", "Varga Judit", {"Vargának": "Varga"}),
    ("el", "Κώστας Παπαδάκης", {"Παπαδάκη": "Παπαδάκης"}),
    ("de", "Robert Lindner", {"Lindners": "Lindner"}),
    ("nb", "Kari Solheim", {"Solheims": "Solheim"}),
    ("en", "Larry Krasner", {"Krasners": ""}),
    ("es", "Ana Rosa", {"Rosas": ""}),
]


@pytest.mark.parametrize(("lang", "name", "forms"), FORMS, ids=[f"{lang} {name}" for lang, name, _ in FORMS])
def test_forms_of_a_name(lang: str, name: str, forms: dict[str, str]) -> None:
    assert first_forms([name, *forms], lang) == {form: first for form, first in forms.items() if first}


@pytest.mark.parametrize(
    ("lang", "names"),
    [
        ("ru", ["Сергей Рогожин", "Анна Рогожина", "Рогожина"]),  # she has that name
        ("pl", ["Jan Nowak", "Anny Zalewskiej"]),  # of whom the story has no first form
        ("cs", ["Jan Novák", "Nováková"]),  # a name of its own
        ("pl", ["Jan Malik", "Ewa Malika"]),
        ("hr", ["Ana", "Anu"]),  # two letters tell nothing
    ],
    ids=["another's name", "no first form", "a woman's name", "two people", "short"],
)
def test_what_is_no_form_of_another_name(lang: str, names: list[str]) -> None:
    assert first_forms(names, lang) == {}


def test_what_may_be_a_form_of_two_names_is_of_neither() -> None:
    assert first_forms(["Ivan Marin", "Eva Marina", "Marinom"], "hr") == {}
    assert first_forms(["Ivan Marko", "Ivo Mark", "Markom"], "hr") == {}
    assert first_forms(["Kosovo", "Kosova", "Kosovu"], "hr") == {}


@pytest.mark.parametrize(
    ("lang", "form", "place"),
    [
        ("pl", "Krakowie", "Kraków"),
        ("pl", "Wrocławia", "Wrocław"),
        ("pl", "Stalowej Woli", "Stalowa Wola"),
        ("cs", "Ostravě", "Ostrava"),
        ("sk", "Bratislave", "Bratislava"),
        ("hu", "Debrecenben", "Debrecen"),
        ("fi", "Helsingissä", "Helsinki"),
        ("lt", "Vilniuje", "Vilnius"),
        ("lv", "Jelgavai", "Jelgava"),
        ("ru", "Казани", "Kazan"),
        ("ru", "Нижнем Новгороде", "Nizhniy Novgorod"),
        ("uk", "Львові", "Lviv"),
        ("uk", "Україні", "Ukraine"),
        ("el", "Λάρισας", "Lárisa"),
    ],
)
def test_a_case_form_of_a_place_that_a_list_knows_is_that_place(lang: str, form: str, place: str) -> None:
    found = settle([DraftMention(Kind.PLACE, form, Part.TEXT, 0, len(form), 0.9)], {}, None, lang)
    assert found[0].canonical == place


@pytest.mark.parametrize(
    ("lang", "names", "expected"),
    [
        ("hu", ["Facebookkal"], ["Facebook"]),  # which all the world calls so
        ("hu", ["Facebookon", "Quillowban"], ["Facebook", "Quillowban"]),
        ("pl", ["Facebooka"], ["Facebook"]),
        ("ru", ["Кволлов", "Кволлова", "Кволловом"], ["Кволлов", "Кволлов", "Кволлов"]),  # as the story has it
        ("ru", ["Кволлова"], ["Кволлова"]),
        ("en", ["Facebooka"], ["Facebooka"]),
    ],
)
def test_a_case_form_of_an_organisation_is_that_organisation(lang: str, names: list[str], expected: list[str]) -> None:
    drafts = [
        DraftMention(Kind.ORG, name, Part.TEXT, 20 * at, 20 * at + len(name), 0.9) for at, name in enumerate(names)
    ]
    assert [name.canonical for name in settle(drafts, {}, None, lang)] == expected


@pytest.mark.parametrize(
    ("listed", "form", "expected"),
    [
        ({"Malin": "a town"}, "Malinie", "Malin"),
        ({"Malin": "a town", "Malina": "another"}, "Malinie", ""),
        ({"Malin": "a town", "Malina": "a town"}, "Malinie", "Malin"),
        ({"Nowy Malin": "a town"}, "Nowym Malinie", "Nowy Malin"),
        ({}, "Malinie", ""),
    ],
    ids=["one", "two", "two names of one", "two words", "none"],
)
def test_a_form_leads_to_a_list_where_that_knows_one_thing_by_it(
    listed: dict[str, str], form: str, expected: str
) -> None:
    assert listed_form(form, "pl", listed.get) == expected
    assert listed_form(form, "en", listed.get) == ""


WORDS = st.text(st.sampled_from("аевийоуыMarinšćNowskaię"), min_size=1, max_size=8)
NAMES = st.lists(st.lists(WORDS, min_size=1, max_size=3).map(" ".join), max_size=8)


@given(NAMES, st.sampled_from(["ru", "pl", "hr", "sr", "fi", "hu", "xx"]))
def test_a_first_form_stands_in_the_story_and_is_no_form_itself(names: list[str], lang: str) -> None:
    forms = first_forms(names, lang)
    words = {word for name in names for word in name.split()}
    for name, first in forms.items():
        assert name in names
        assert first not in forms
        assert set(first.split()) <= words
        assert len(first.split()) == len(name.split())


POLISH = (
    "Premier Donald Malik spotkał się w Warszawie z posłami. Zdaniem Malika to dobry znak. Anna Zalewska "
    "rozmawiała z Malikiem w środę. Posłowie podziękowali Zalewskiej."
)
CZECH = (
    "Ministr Jan Dvořák navštívil Ostravu. Podle Dvořáka se situace zlepšila. S Dvořákem jednala primátorka Eva "
    "Nováková. Nováková uvedla, že město pomůže."
)
STORIES = [("pl", POLISH, {"Donald Malik", "Anna Zalewska"}), ("cs", CZECH, {"Jan Dvořák", "Eva Nováková"})]


@pytest.mark.parametrize(("lang", "text", "people"), STORIES, ids=[lang for lang, _, _ in STORIES])
def test_people_of_a_story_are_shown_once(lang: str, text: str, people: set[str]) -> None:
    article = Article("https://a.example/1", "", lang=lang, text=text)
    found = understand(article, load_recogniser())
    assert {mention.canonical for mention in found.mentions if mention.kind is Kind.PERSON} == people
