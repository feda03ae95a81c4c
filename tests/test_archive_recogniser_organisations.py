"""Organisations by what stands around their names."""

from __future__ import annotations

import pytest

from archive.entities.decode import TokenSpan
from archive.entities.default import DATA
from archive.entities.drafts import tidy
from archive.entities.features import Lexicon, load_lexicon
from archive.entities.organisations import branded, joined, possessed, traded
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
