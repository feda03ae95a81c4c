"""Organisations by what stands around their names."""

from __future__ import annotations

import pytest

from archive.entities.decode import TokenSpan
from archive.entities.default import DATA
from archive.entities.drafts import DraftMention, tidy
from archive.entities.features import Lexicon, load_lexicon
from archive.entities.known_organisations import known
from archive.entities.names import settle
from archive.entities.organisations import bodies, branded, joined, possessed, traded
from archive.entities.repair import datelines, partisans, shouted
from archive.entities.tokens import tokenize
from archive.model import Kind, Part


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon(DATA)


def marked(words: list[str], name: str, kind: str, score: float = 0.5) -> list[TokenSpan]:
    return [TokenSpan(kind, at, at + 1, score) for at, word in enumerate(words) if word == name]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("the law firm Petrov said", "ORG"),
        ("the Zug-based Petrov said", "ORG"),
        ("analysts at Petrov said", "ORG"),
        ("the acquisition of Petrov ended", "ORG"),
        ("a stake in Petrov", "ORG"),
        ("Petrov employees were told", "ORG"),
        ("Petrov, the New York hedge fund, lost", "ORG"),
        ("Petrov, a rights group, said", "ORG"),
        ("the arrest of Petrov", "PER"),
        ("Petrov, a father of the group, said", "PER"),
        ("Petrov, the former banker, said", "PER"),
        ("looked at Petrov and smiled", "PER"),
        ("Ivan Petrov ran. Analysts at Petrov", "PER"),
    ],
)
def test_a_company_is_known_by_what_is_said_of_it(lexicon: Lexicon, text: str, kind: str) -> None:
    words = tokenize(text).words
    found = marked(words, "Petrov", "PER")
    if words[0] == "Ivan":
        found[0] = TokenSpan("PER", 0, 2, 0.9)
    assert traded(words, found, lexicon)[-1].type == kind


def test_who_stands_in_a_row_with_sure_organisations_is_one(lexicon: Lexicon) -> None:
    words = "UBS and Quillow advise , Ivanov and Sidorov watch".split()
    people = [TokenSpan("PER", at, at + 1, 0.5) for at in (2, 5, 7)]
    found = joined(words, [TokenSpan("ORG", 0, 1, 0.9), *people], lexicon)
    assert [name.type for name in found] == ["ORG", "ORG", "PER", "PER"]
    unsure = joined(words, [TokenSpan("ORG", 0, 1, 0.4), *people], lexicon)
    assert [name.type for name in unsure] == ["ORG", "PER", "PER", "PER"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("at the Perry County Sheriff's Office today", "Perry County Sheriff 's Office"),
        ("The Nurses and Midwives' Association says", "Nurses and Midwives ' Association"),
        ("of Petrov's Office today", ""),
        ("the mayor's office", ""),
    ],
)
def test_what_an_office_has_for_an_owner_is_part_of_its_name(lexicon: Lexicon, text: str, name: str) -> None:
    words = tokenize(text).words
    found = possessed(words, [], lexicon)
    assert [" ".join(words[span.start : span.end]) for span in found] == ([name] if name else [])


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Petrov's and Fitch left it. A Petrov's store burned.", True),
        ("Petrov's has moved.", True),
        ("Petrov's house burned.", False),
        ("Petrov's and Fitch left it. Petrov wept.", False),
        ("He was a friend of Petrov's.", False),
    ],
)
def test_an_ending_belongs_to_the_name_where_nothing_is_owned(text: str, kept: bool) -> None:
    words = tokenize(text).words
    found = branded(words, marked(words, "Petrov", "PER"))
    assert all((name.type == "ORG") is kept and name.end - name.start == 1 + kept for name in found)


def test_the_ending_of_such_a_name_is_shown() -> None:
    shown = [tidy(kind, "Macy's said so", 0, 6, Part.TEXT, 0.9) for kind in (Kind.ORG, Kind.PERSON)]
    assert [name.text for name in shown if name] == ["Macy's", "Macy"]
    owner = tidy(Kind.ORG, "Google's phones", 0, 8, Part.TEXT, 0.9)
    assert owner
    assert owner.text == "Google"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("said Perry Water District today", "Perry Water District"),
        ("said Zora Dom, a rights group, today", "Zora Dom"),
        ("said Zora Dom, a mother of two, today", ""),
    ],
)
def test_a_body_is_known_by_its_last_words_or_by_what_it_is_called(lexicon: Lexicon, text: str, name: str) -> None:
    words = tokenize(text).words
    last = max(at for at, word in enumerate(words) if word.istitle()) + 1
    found = bodies(words, [TokenSpan("PER", 1, last, 0.5)], lexicon)
    assert [" ".join(words[span.start : span.end]) for span in found if span.type == "ORG"] == ([name] if name else [])


def test_an_organisation_of_one_name_is_found_whatever_it_was_taken_for() -> None:
    words = "NPR and Al Jazeera saw the Reuters-backed NASA Johnson School".split()
    school = TokenSpan("ORG", 6, 9, 0.9)
    found = known(words, [TokenSpan("PER", 0, 1, 0.5), TokenSpan("LOC", 3, 4, 0.5), school])
    assert [(name.type, name.start, name.end) for name in found] == [("ORG", 0, 1), ("ORG", 2, 4), ("ORG", 6, 9)]


def test_what_is_one_word_with_another_is_no_organisation() -> None:
    assert known("a Reuters - Ipsos poll".split(), []) == []


def test_a_last_name_in_capitals_is_that_person() -> None:
    words = "MULVANEY : I met Craig Mulvaney , DE KLERK and Ann ABC".split()
    people = [TokenSpan("PER", 4, 6, 0.9), TokenSpan("PER", 10, 12, 0.9)]
    found = shouted(words, [TokenSpan("ORG", 0, 1, 0.9), *people])
    assert found == [TokenSpan("PER", 0, 1, 0.9), *people]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Ohio Republican", "Ohio"),
        ("Republican Perry County", "Perry County"),
        ("Young Republicans", "Young Republicans"),
    ],
)
def test_a_member_of_a_party_is_no_part_of_a_place(lexicon: Lexicon, text: str, place: str) -> None:
    words = text.split()
    (found,) = partisans(words, [TokenSpan("ORG", 0, len(words), 0.5)], lexicon)
    assert " ".join(words[found.start : found.end]) == place
    assert found.type == ("ORG" if place == text else "LOC")


def test_a_town_that_no_list_has_is_a_place_before_its_state(lexicon: Lexicon) -> None:
    tokens = tokenize("QUILLOW, Mich. - A bus burned.")
    assert datelines(tokens, [], lexicon) == [TokenSpan("LOC", 0, 1, 0.9)]


def test_the_town_of_a_dateline_is_the_town_of_the_story() -> None:
    names = [
        DraftMention(Kind.PLACE, "SPRINGFIELD", Part.TEXT, 0, 11, 0.9, "", ", Mass. - A"),
        DraftMention(Kind.PLACE, "Springfield", Part.TEXT, 40, 51, 0.9, "swimmers of ", " wept."),
    ]
    assert {name.canonical for name in settle(names, {}, None)} == {"Springfield, Massachusetts"}


@pytest.mark.parametrize(
    ("full", "first", "shown"),
    [
        ("Quillow Capital Partners", "Quillow", "Quillow Capital Partners"),
        ("Quillow Rovers", "Quillow", "Quillow Rovers"),
        ("Quillow Research", "Quillow", "Quillow Research"),
        ("Google Research", "Google", "Google"),
    ],
)
def test_a_body_of_some_kinds_is_known_by_its_first_word(full: str, first: str, shown: str) -> None:
    names = [DraftMention(Kind.ORG, text, Part.TEXT, 0, len(text), 0.9) for text in (full, first)]
    assert settle(names, {}, None)[1].canonical == shown
