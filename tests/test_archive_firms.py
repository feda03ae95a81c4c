"""What business news writes: firms by how their names end, what bodies are called for short, and what is no name."""

from __future__ import annotations

import re

import pytest
from marked_names import given, shown

from archive import Kind, Part, recognise
from archive.entities.decode import TokenSpan
from archive.entities.default import DATA
from archive.entities.drafts import DraftMention
from archive.entities.features import Lexicon, load_lexicon
from archive.entities.firms import firms
from archive.entities.known_organisations import known, unsigned
from archive.entities.names import settle, without_legal_form
from archive.entities.phrases import phrases
from archive.entities.repair import trim
from archive.entities.tokens import tokenize
from archive.entities.told_apart import persons


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon(DATA)


@pytest.mark.parametrize(
    ("marked", "wanted"),
    [
        ("[PER Drexel Burnham Lambert Inc] said", ["ORG Drexel Burnham Lambert Inc"]),
        ("[PER Drexel Burnham Lambert] Inc. said", ["ORG Drexel Burnham Lambert Inc."]),
        ("[PER Morgan Stanley] and [ORG Co Inc] said", ["ORG Morgan Stanley and Co Inc"]),
        ("[ORG Wertheim] & Co. said", ["ORG Wertheim & Co."]),
        ("[PER Brown] and [ORG Sons Inc] said", ["ORG Brown and Sons Inc"]),
        ("[PER Acme Widgets] , Inc. , a maker", ["ORG Acme Widgets , Inc."]),
        ("[MISC Deere & Co. Morgan Stanley] said", ["ORG Deere & Co.", "MISC Morgan Stanley"]),
        ("the [ORG Co] said [ORG Ltd] fell", []),
        ("[PER Ann Reed] and [PER Bo Lind] sat", ["PER Ann Reed", "PER Bo Lind"]),
        ("[LOC Las Vegas] NV and [LOC Texas] AG [PER Ken Paxton]", ["LOC Las Vegas", "LOC Texas", "PER Ken Paxton"]),
        ("[ORG Partners] and [ORG Partners in Health] met", ["ORG Partners", "ORG Partners in Health"]),
    ],
)
def test_a_firm_is_known_by_how_its_name_ends(marked: str, wanted: list[str]) -> None:
    words, names = given(marked)
    assert shown(words, firms(words, names)) == wanted


def test_a_listed_pair_is_one_firm_with_either_joint() -> None:
    words, names = given(
        "[PER Johnson] and [PER Johnson] and [ORG Procter] & [PER Gamble] , but [PER Ann] and [PER Bo]"
    )
    assert shown(words, known(words, names)) == ["ORG Johnson and Johnson", "ORG Procter & Gamble", "PER Ann", "PER Bo"]


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("Apple Inc.", "Apple"),
        ("Morgan Stanley and Co Inc", "Morgan Stanley"),
        ("Kidder Peabody & Co.", "Kidder Peabody"),
        ("Deere & Co.", "Deere & Co."),
        ("Deere and Co Ltd", "Deere and Co"),
        ("Ford Motor Co", "Ford Motor"),
    ],
)
def test_a_joint_is_not_left_without_what_it_joins(name: str, bare: str) -> None:
    assert without_legal_form(name) == bare


def test_a_body_called_by_its_kind_is_the_one_of_the_story_or_none() -> None:
    def names(text: str) -> set[str]:
        return {one.canonical for one in recognise(text, lang="en").mentions if one.kind is Kind.ORG}

    one = (
        "The Bank of England said it gave help on Monday. The Bank bought bills, dealers said, and the Bank sold some."
    )
    assert names(one) == {"Bank of England"}
    two = "The Bank of England and the Bank of Japan met in London. The Bank bought bills, dealers said."
    assert names(two) == {"Bank of England", "Bank of Japan"}


@pytest.mark.parametrize(
    ("marked", "wanted"),
    [
        ("[PER Washington] wants others to set goals .", ["LOC Washington"]),
        ("[PER Denzel Washington] spoke . [PER Washington] smiled .", ["PER Denzel Washington", "PER Washington"]),
        ("Mr. [PER Washington] smiled .", ["PER Washington"]),
        ("[PER Shr] loss 31 cts vs [ORG Mths] .", []),
        ("[PER Ng] said so to the [ORG BBC] .", ["PER Ng", "ORG BBC"]),
    ],
)
def test_a_capital_is_its_government_and_a_clipped_word_no_name(
    lexicon: Lexicon, marked: str, wanted: list[str]
) -> None:
    words, names = given(marked)
    tokens = tokenize(" ".join(words))
    assert tokens.words == words
    assert shown(words, persons(tokens, names, lexicon)) == wanted


def test_what_a_side_scored_is_no_part_of_its_name() -> None:
    words, names = given("[ORG Lakers 112] , Celtics 108 on [ORG Channel 4] , [ORG Studio 54] and others")
    bounds = [trim(words, name) for name in names]
    assert shown(words, [name for name in bounds if name]) == ["ORG Lakers", "ORG Channel 4", "ORG Studio 54"]


def test_a_body_in_capitals_is_shown_as_it_is_written_elsewhere() -> None:
    read = recognise("UNITED STATES COURT OF APPEALS FOR THE NINTH CIRCUIT\n\nThe court denied the motion.", lang="en")
    assert "United States Court of Appeals" in {one.canonical for one in read.mentions}
    assert settled("NBC UNIVERSAL GROUP") == "NBC Universal Group"
    assert settled("BBC NEWS") == "BBC NEWS"


def settled(name: str) -> str:
    (one,) = settle([DraftMention(Kind.ORG, name, Part.TEXT, 0, len(name), 0.9)], {}, None)
    return one.canonical


def test_the_agency_that_signs_a_story_is_not_in_it() -> None:
    tokens = tokenize("Officials told Reuters so.\nREUTER")
    names = [TokenSpan("ORG", 2, 3, 0.9), TokenSpan("ORG", 5, 6, 0.9)]
    assert unsigned(tokens, names) == names[:1]
    assert unsigned(tokenize("Officials told Reuters"), names[:1]) == names[:1]
    assert unsigned(tokens, []) == []


def test_a_topic_is_made_of_words() -> None:
    text = (
        "The bond of 200 mln dlrs is due. The bond pays 5 mln dlrs. Blah blah blah. The USDA sees the dlrs of a bond."
    )
    found = {name for name, _ in phrases("BOND OF 200 MLN DLRS", text, (), {})}
    assert "bond" in {name.lower() for name in found}
    assert not [name for name in found if re.search(r"(?i)dlr|mln|blah", name)]
