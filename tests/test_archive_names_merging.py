"""The canonical table: one thing under several names, on strong evidence only."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.entities.known import Entity
from archive.entities.merging import EntryName, merge, suggest
from archive.model import Kind


def org(name: str, entry: str, site: str = "inquirer.example", *spellings: str) -> EntryName:
    return EntryName(Kind.ORG, name, entry, site, 1, spellings or (name,))


def person(name: str, entry: str, count: int = 1) -> EntryName:
    return EntryName(Kind.PERSON, name, entry, "s", count, (name,))


def names(table: list[Entity]) -> list[str]:
    return [row.name for row in table]


def test_spelling_case_accents_and_legal_form_make_no_second_thing() -> None:
    table = merge(
        [person("José Díaz", "1"), person("Jose Diaz", "2"), person("JOSE DIAZ", "3"), person("José Díaz", "4")]
    )
    assert [(c.name, c.stories) for c in table] == [("José Díaz", 4)]
    assert names(merge([org("Apple", "1"), org("Apple Inc.", "2"), org("Apple", "3")])) == ["Apple"]


def test_a_department_may_be_turned_round() -> None:
    (row,) = merge([org("Justice Department", "1"), org("Justice Department", "2"), org("Department of Justice", "3")])
    assert (row.name, row.aliases) == ("Justice Department", ("Department of Justice",))


def test_an_acronym_means_what_the_site_says_it_means() -> None:
    spelled = org("Immigration and Customs Enforcement", "1", "inquirer.example", "ICE")
    table = merge([spelled, org("ICE", "2"), org("ICE", "3", "railways.example")])
    by_name = {row.name: row for row in table}
    assert by_name["Immigration and Customs Enforcement"].stories == 2
    assert "inquirer.example spells ICE out" in by_name["Immigration and Customs Enforcement"].evidence[0]
    assert by_name["ICE"].stories == 1, "another site has not said what it means by ICE"


def test_an_acronym_that_a_site_spells_out_in_two_ways_stays_as_it_is() -> None:
    one = org("Immigration and Customs Enforcement", "1", "s", "ICE")
    two = org("Intercontinental Exchange", "2", "s", "ICE")
    assert "ICE" in names(merge([one, two, org("ICE", "3", "s")]))


def test_likeness_alone_merges_nobody() -> None:
    rows = [
        person("Larry Krasner", "1"),
        person("Lawrence Krasner", "2"),
        person("Krasner", "3"),
        person("L. Krasner", "4"),
    ]
    assert len(merge(rows)) == 4


def test_places_of_one_name_in_two_countries_stay_two() -> None:
    rows = [
        EntryName(Kind.PLACE, "Georgia", "1", country="US"),
        EntryName(Kind.PLACE, "Georgia", "2", country="GE"),
    ]
    assert sorted(row.country for row in merge(rows)) == ["GE", "US"]


def test_a_person_and_an_organisation_of_one_name_stay_two() -> None:
    assert len(merge([person("Philip Morris", "1"), org("Philip Morris", "2")])) == 2


def test_what_is_likely_is_suggested_and_not_done() -> None:
    rows = [person("Larry Krasner", str(n)) for n in range(5)]
    rows += [person("Krasner", "9"), person("Daniel P. Davison", "1"), person("Daniel Davison", "2")]
    rows += [org("Securities and Exchange Commission", "1", "a"), org("SEC", "2", "b")]
    found = {(s.name, s.other) for s in suggest(merge(rows))}
    assert ("Larry Krasner", "Krasner") in found
    assert ("Securities and Exchange Commission", "SEC") in found
    assert {"Daniel P. Davison", "Daniel Davison"} in [set(pair) for pair in found]


ONE_PERSON = [
    ("Volodymyr Zelensky", "Volodymyr Zelenskyy", "sounds"),
    ("Volodymyr Zelensky", "Володимир Зеленський", "sounds"),
    ("Vladimir Putin", "Владимир Путин", "sounds"),
    ("Muammar Gaddafi", "Moammar Qadhafi", "sounds"),
    ("Mikhail Khodorkovsky", "Michail Chodorkowski", "sounds"),
    ("Kyriakos Mitsotakis", "Κυριάκος Μητσοτάκης", "sounds"),
    ("Osama bin Laden", "Usama bin Laden", "sounds"),
    ("Mohammed bin Salman", "Mohammad bin Salman", "sounds"),
    ("Yevgeny Prigozhin", "Evgeny Prigozhin", "sounds"),
    ("Volodymyr Zelensky", "Wolodymyr Selenskyj", "sounds"),
    ("Vladimir Putin", "فلاديمير بوتين", "alphabet"),
    ("Alexander Lukashenko", "Alexandre Loukachenko", "sounds"),
    ("Alexander Lukashenko", "Александром Лукашенко", "case"),
    ("Benjamin Netanyahu", "Binjaminem Netanjahuem", "case"),
    ("Alexei Navalny", "Алексея Навального", "case"),
    ("Piotr Zieliński", "Piotra Zielińskiego", "sounds"),
    ("Martina Navrátil", "Martina Navrátilová", "case"),
    ("Luis Ortiz", "Comandante Luis Ortiz", "Comandante"),
    ("Larry Krasner", "DA Larry Krasner", "DA"),
    ("Larry Krasner", "L. Krasner", "initials"),
    ("Joanne Rowling", "J.K. Rowling", "initials"),
]


@pytest.mark.parametrize(("name", "other", "why"), ONE_PERSON, ids=[row[1] for row in ONE_PERSON])
def test_initials_offices_and_other_spellings_are_suggested_with_a_reason(name: str, other: str, why: str) -> None:
    table = merge([person(name, "1"), person(name, "2"), person(other, "3")])
    assert len(table) == 2
    (found,) = suggest(table)
    assert (found.name, found.other) == (name, other)
    assert why in found.reason


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Mary Lopez", "Mauro Lopez"),
        ("Ann Lee", "Anna Li"),
        ("John Smith", "Jane Smith"),
        ("Jon Smith", "Jan Smith"),
        ("Al Gore", "A. Moore"),
    ],
)
def test_people_who_are_merely_alike_are_not_suggested(name: str, other: str) -> None:
    assert suggest(merge([person(name, "1"), person(other, "2")])) == []


def test_of_many_spellings_each_is_held_against_the_most_frequent_one_alone() -> None:
    names = [
        "Volodymyr Zelensky",
        "Wolodymyr Selenskyj",
        "Wołodymyr Zełenski",
        "Владимир Зеленский",
        "Volodimir Zelenskiy",
    ]
    rows = [person(name, f"{name}{at}") for name in names for at in range(1 + 2 * (name == names[0]))]
    found = suggest(merge(rows))
    assert {one.name for one in found} == {names[0]}
    assert sorted(one.other for one in found) == sorted(names[1:])


def test_an_organisation_in_another_alphabet_is_suggested() -> None:
    (found,) = suggest(merge([org("Gazprom", "1"), org("Gazprom", "2"), org("Газпром", "3"), org("Роснефть", "4")]))
    assert (found.name, found.other) == ("Gazprom", "Газпром")


def test_initials_that_fit_two_people_suggest_nobody() -> None:
    rows = [person(name, "1") for name in ("Jane Smith", "John Smith", "J. Smith")]
    assert not [s for s in suggest(merge(rows)) if "J. Smith" in (s.name, s.other)]


def test_a_last_name_that_two_people_have_is_not_suggested() -> None:
    rows = [person("Bill Clinton", "1"), person("Hillary Clinton", "2"), person("Clinton", "3")]
    assert not [s for s in suggest(merge(rows)) if s.other == "Clinton"]


sighting = st.builds(
    EntryName,
    st.sampled_from([Kind.PERSON, Kind.ORG, Kind.PLACE]),
    st.sampled_from(["A B", "a b", "AB", "Á B", "B Inc.", "B", "Department of B", "B Department"]),
    st.sampled_from("123"),
    st.sampled_from(["x", "y", ""]),
    st.integers(1, 3),
    st.lists(st.sampled_from(["AB", "A B", "a b"]), max_size=2).map(tuple),
)


@given(st.lists(sighting, max_size=12), st.randoms())
def test_the_order_of_stories_does_not_matter_and_nothing_is_lost(rows: list[EntryName], random: object) -> None:
    table = merge(rows)
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert merge(shuffled) == table
    assert sum(c.mentions for c in table) == sum(row.count for row in rows)
    known = {(c.kind, name) for c in table for name in (c.name, *c.aliases)}
    assert {(row.kind, row.name) for row in rows} <= known
