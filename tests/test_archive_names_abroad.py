"""One name for one thing in stories in other languages than English: acronyms, countries, bodies, clubs."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from archive.entities import titles
from archive.entities.acronyms import definitions
from archive.entities.declined import listed_form
from archive.entities.drafts import DraftMention
from archive.entities.foreign import countries, uncased
from archive.entities.lands import bodies
from archive.entities.names import settle
from archive.entities.places import meaning
from archive.model import Kind, Part


def settled(lang: str, kind: Kind, names: Sequence[str], spelled: dict[str, str] | None = None) -> list[str]:
    """What each of the names of a story is called in the end."""
    drafts = [DraftMention(kind, name, Part.TEXT, 90 * at, 90 * at + len(name), 0.9) for at, name in enumerate(names)]
    return [name.canonical for name in settle(drafts, spelled or {}, None, lang)]


@pytest.mark.parametrize(
    ("lang", "short", "country"),
    [
        ("ru", "США", "US"),
        ("es", "EE. UU.", "US"),
        ("es", "EEUU", "US"),
        ("tr", "ABD", "US"),
        ("id", "AS", "US"),
        ("el", "ΗΠΑ", "US"),
        ("nl", "VK", "GB"),
        ("cs", "Česká republika", "CZ"),
        ("nb", "Hviterussland", "BY"),
        ("ru", "Великобритании", "GB"),
        ("de", "Niederlande", "NL"),
        ("it", "Vaticano", "VA"),
    ],
)
def test_a_country_is_one_by_what_a_language_calls_it_for_short(lang: str, short: str, country: str) -> None:
    name = settled(lang, Kind.PLACE, [short])
    assert name == settled(
        "en",
        Kind.PLACE,
        [
            {
                "US": "USA",
                "GB": "Britain",
                "CZ": "Czech Republic",
                "BY": "Belarus",
                "NL": "Netherlands",
                "VA": "Vatican",
            }[country]
        ],
    )


def test_parts_of_countries_and_continents_have_one_name_in_all_languages() -> None:
    assert settled("it", Kind.PLACE, ["Inghilterra"]) == ["England"]
    assert settled("ru", Kind.PLACE, ["Крыму"]) == ["Crimea"]
    assert settled("pl", Kind.PLACE, ["Europie"]) == ["Europe"]
    assert countries("tr")["ABD"] == "LOC"
    assert countries("ru")["ООН"] == "ORG"


@pytest.mark.parametrize(
    ("lang", "names"),
    [
        ("es", ["UE", "Unión Europea"]),
        ("ru", ["ЕС", "Европейский союз", "Европейском союзе"]),
        ("pl", ["UE", "Unii Europejskiej", "Unia Europejska"]),
        ("de", ["EU", "Europäische Union"]),
    ],
)
def test_a_union_of_countries_is_one_in_all_languages(lang: str, names: list[str]) -> None:
    assert set(settled(lang, Kind.ORG, names)) == {"European Union"}
    assert bodies(lang)[names[0]] == "European Union"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Европейский центральный банк (ЕЦБ) ждёт.", {"ЕЦБ": "Европейский центральный банк"}),
        ("Česká národní banka (ČNB) čeká.", {"ČNB": "Česká národní banka"}),
        ("Das meldet der Österreichische Rundfunk (ORF).", {"ORF": "Österreichische Rundfunk"}),
        ("Η Ευρωπαϊκή Κεντρική Τράπεζα (ΕΚΤ) περιμένει.", {"ΕΚΤ": "Ευρωπαϊκή Κεντρική Τράπεζα"}),
        ("Centrum pro výzkum lesa (CVL) radí.", {"CVL": "Centrum pro výzkum lesa"}),
        ("El diputado Juan Pérez (PP) habló.", {}),
    ],
)
def test_an_acronym_is_explained_in_any_script(text: str, expected: dict[str, str]) -> None:
    assert definitions(text) == expected


def test_what_an_acronym_stands_for_has_the_form_that_the_story_names_it_by() -> None:
    names = ["СК", "Следственного комитета", "Следственный комитет"]
    assert set(settled("ru", Kind.ORG, names, {"СК": "Следственного комитета"})) == {"Следственный комитет"}


def test_a_body_is_the_one_that_the_story_names_in_full() -> None:
    assert settled("es", Kind.ORG, ["Comisión Europea", "Comisión"]) == ["European Commission"] * 2
    assert settled("es", Kind.ORG, ["Comisión Nacional", "Comisión"]) == ["Comisión Nacional"] * 2
    names = ["Comisión Nacional", "Comisión de la Verdad", "Comisión"]
    assert settled("es", Kind.ORG, names) == names, "there are two of them"


@pytest.mark.parametrize(
    ("lang", "names", "body"),
    [
        ("de", ["Europäischen Zentralbank", "EZB"], "European Central Bank"),
        ("de", ["Vereinten Nationen"], "United Nations"),
        ("fr", ["Otan", "OTAN"], "NATO"),
        ("it", ["Bce"], "European Central Bank"),
        ("pl", ["Międzynarodowego Funduszu Walutowego", "MFW"], "International Monetary Fund"),
        ("ru", ["Всемирной организации здравоохранения", "ВОЗ"], "World Health Organization"),
        ("uk", ["НАТО"], "NATO"),
        ("cs", ["Evropské komise"], "European Commission"),
        ("tr", ["Dünya Sağlık Örgütü"], "World Health Organization"),
        ("zh", ["世卫组织", "世界卫生组织"], "World Health Organization"),
        ("ar", ["صندوق النقد الدولي"], "International Monetary Fund"),
    ],
)
def test_a_body_of_many_countries_has_one_name_in_all_languages(lang: str, names: list[str], body: str) -> None:
    assert settled(lang, Kind.ORG, names) == [body] * len(names)


def test_what_the_story_says_an_acronym_means_comes_before_what_others_mean_by_it() -> None:
    spelled = {"FMI": "Federación Murciana de Industrias"}
    assert settled("es", Kind.ORG, ["FMI"], spelled) == ["Federación Murciana de Industrias"]


def test_a_club_is_one_with_and_without_its_letters() -> None:
    names = ["FC Bayern München", "Bayern München", "FC Bayern", "Bayern"]
    assert set(settled("de", Kind.ORG, names)) == {"FC Bayern München"}
    names = ["SC Lindau", "FC Lindau", "Lindau"]
    assert settled("de", Kind.ORG, names)[2] == "Lindau", "it may be either"


def test_forms_of_short_names_are_found_in_lists() -> None:
    assert listed_form("Києві", "uk", lambda name: meaning(name, "uk")) == "Київ"
    assert listed_form("Suomessa", "fi", lambda name: meaning(name, "fi")) == "Suomi"
    assert "PiS-u"[: uncased("PiS-u", "pl")] == "PiS"


def test_a_town_in_a_case_is_that_town_before_a_country_too() -> None:
    text = "Se tapahtui Helsingissä, Suomessa."
    drafts = [
        DraftMention(Kind.PLACE, "Helsingissä", Part.TEXT, 12, 23, 0.9, text[:12], text[23:]),
        DraftMention(Kind.PLACE, "Suomessa", Part.TEXT, 25, 33, 0.9, text[:25], text[33:]),
    ]
    assert [name.canonical for name in settle(drafts, {}, None, "fi")] == ["Helsinki", "Finland"]


@pytest.mark.parametrize(
    ("lang", "words", "leading"),
    [
        ("ru", "Вдова Алексея Навального", 1),
        ("tr", "Oğlu Ali Demir", 1),
        ("it", "Vedova Rossi", 1),
        ("es", "Eşi Ay", 0),
    ],
)
def test_whose_relative_somebody_is_stands_before_the_name(lang: str, words: str, leading: int) -> None:
    assert titles.leading(words.split(), lang) == leading
