"""Snippets: the stretch of the text that shows best why it matches, and what to highlight in it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from index_stories import BY_ID, TODAY

from index.naming import named_spans
from index.query.compile import condition
from index.query.parse import parse
from index.snippets import Needles, Snippet, highlights, snippet

TEXT = (
    "The council met on Monday. Nothing was decided, and most of those who came left early because the heating had "
    "failed again, as it had before. District Attorney Larry Krasner spoke last. He said that the ICE raid on "
    "Tuesday was the first this year, and that there would be more raids to come.\n"
    "Agents of Immigration and Customs Enforcement did not comment. Krasner’s office did."
)


def shown(query: str, text: str = TEXT, width: int = 76) -> str:
    """The snippet with [marks]."""
    return drawn(snippet(text, Needles(condition(parse(query), TODAY)), width))


def drawn(found: Snippet) -> str:
    parts: list[str] = []
    done = 0
    for start, end in found.marks:
        parts += [found.text[done:start], "[", found.text[start:end], "]"]
        done = end
    return "".join([*parts, found.text[done:]])


OPENING = "The council met on Monday. Nothing was decided, and most of those who came…"
SNIPPETS = [
    ("nothing-like-it", OPENING),
    ("tag:krasner", OPENING),
    ("krasner", "District Attorney Larry [Krasner] spoke last. He said that the ICE raid on…"),
    ("person:Krasner raid", "District Attorney Larry [Krasner] spoke last. He said that the ICE [raid] on…"),
    ('"ICE raid"', "He said that the [ICE] [raid] on Tuesday was the first this year, and that…"),
    ("raids", "He said that the ICE [raid] on Tuesday was the first this year, and that…"),
    ('"raids"', "…said that the ICE raid on Tuesday was the first this year, and that there would be more [raids]…"),
    ("immigra* -raid", "Agents of [Immigration] and Customs Enforcement did not comment. Krasner’s…"),
    ("offise~", "Krasner’s [office] did."),
    ('"Customs agents"~5', "[Agents] of Immigration and [Customs] Enforcement did not comment. Krasner’s…"),
    ("heating", "Nothing was decided, and most of those who came left early because the [heating]…"),
]


@pytest.mark.parametrize(("query", "expected"), SNIPPETS, ids=[row[0] for row in SNIPPETS])
def test_it_opens_at_the_sentence_and_marks_what_matched(query: str, expected: str) -> None:
    assert shown(query) == expected


def test_it_prefers_where_more_of_the_words_stand_together() -> None:
    text = "Alpha alone here. " + "filler " * 60 + "end. Then alpha beside beta. " + "filler " * 60
    assert shown("alpha beta", text).startswith("Then [alpha] beside [beta].")


def test_unspaced_scripts() -> None:
    assert shown("移民政策", "会議は終わった。移民政策について語った。", 40) == "[移民政策]について語った。"


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("12500", "Es kamen 12\u202f500 Menschen.", "Es kamen [12 500] Menschen."),
        ('"12 500"', "Es kamen 12\u202f500 Menschen.", "Es kamen [12 500] Menschen."),
        ('"12\u202f500"', "Es kamen 12 500 Menschen.", "Es kamen [12] [500] Menschen."),
        ("250", "They counted ٢٥٠ there.", "They counted [٢٥٠] there."),
        ("JK", "It is said that J. K. Rowling came.", "It is said that [J. K.] Rowling came."),
        ("k", "Vitamin K is not J. K. Rowling.", "Vitamin [K] is not J. K. Rowling."),
    ],
)  # fmt: skip
def test_blanks_within_numbers_and_initials_cut_nothing_apart(query: str, text: str, expected: str) -> None:
    assert shown(query, text) == expected


def test_highlights_in_a_title() -> None:
    wanted = Needles(condition(parse("title:raid person:Krasner"), TODAY))
    assert highlights("Raids and Krasner's raid", wanted) == ((0, 5), (10, 17), (20, 24))


@given(
    text=st.text(st.sampled_from("ab .\n東京。’'é"), max_size=400),
    query=st.sampled_from(["a", "a b", '"a b"', "a*", "b~1", "東京", '"a b"~3', "zzz"]),
    width=st.integers(1, 120),
)
def test_marks_lie_in_order_within_the_snippet(text: str, query: str, width: int) -> None:
    found = snippet(text, Needles(condition(parse(query), TODAY)), width)
    assert "\n" not in found.text
    ends = 0
    for start, end in found.marks:
        assert ends <= start < end <= len(found.text)
        assert found.text[start:end].strip(" …")
        ends = end


def test_a_text_full_of_matches_takes_no_time() -> None:
    began = time.process_time()
    snippet("a b " * 500_000, Needles(condition(parse('a b "a b" "b a"~50'), TODAY)), 240)
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("raid", "Police\n\nA raid at dawn.", "A [raid] at dawn."),
        ("police raid", "Police\n\nA raid at dawn.", "[Police] — A [raid] at dawn."),
        ("dawn noon", "A raid at dawn.\nAnother  one\tat noon.", "A raid at [dawn]. Another one at [noon]."),
        ("dawn noon", "“A raid at dawn.”\nAnother at noon.", "“A raid at [dawn].” Another at [noon]."),
        ("one three", "• one\n• two\n• three", "• [one] — • two — • [three]"),
        (
            "strake",
            "It ended. Mr. J. Strake left the U.S. Senate at noon.",
            "Mr. J. [Strake] left the U.S. Senate at noon.",
        ),
    ],
)
def test_lines_are_joined_so_that_a_heading_is_seen_to_be_one(query: str, text: str, expected: str) -> None:
    assert shown(query, text) == expected


def test_a_word_without_an_end_does_not_fill_the_screen() -> None:
    assert len(snippet("x" * 50_000, Needles(condition(parse("x*"), TODAY)), 80).text) <= 161
    assert len(snippet("x " + "y" * 50_000, Needles(condition(parse("x"), TODAY)), 80).text) <= 161


@pytest.mark.parametrize("character", ["e\u0301", "👩🏽\u200d🚒", "क्षि", "a\u0323\u0307"])
def test_what_people_see_as_one_character_is_not_cut(character: str) -> None:
    text = "x " + character * 100
    for width in range(2, 60):
        found = snippet(text, Needles(condition(parse("x"), TODAY)), width).text
        kept = found.removeprefix("x").removesuffix("…").strip()
        assert kept == character * (len(kept) // len(character)), width


@given(
    text=st.text(st.sampled_from("ab .\n\t\u0301\u200d👍é"), max_size=300),
    query=st.sampled_from(["a", "a b", "b~1", "zzz"]),
    width=st.integers(1, 80),
    spans=st.lists(st.tuples(st.integers(0, 250), st.integers(1, 12)), max_size=4),
)
def test_spans_and_words_are_marked_in_one_line(
    text: str, query: str, width: int, spans: list[tuple[int, int]]
) -> None:
    there = [
        (start, start + size)
        for start, size in spans
        if text[start : start + size].strip() == text[start : start + size] != ""
    ]
    found = snippet(text, Needles(condition(parse(query), TODAY)), width, there)
    assert len(found.text.splitlines()) <= 1
    assert "  " not in found.text
    ends = 0
    for start, end in found.marks:
        assert ends <= start < end <= len(found.text)
        ends = end


def test_a_name_is_marked_by_whichever_of_its_names_stands_there() -> None:
    """org:ICE finds, and marks, a story that spells it out; the words of the query are marked where they stand."""
    entry = BY_ID["raid"]
    assert entry.article
    wanted = Needles(condition(parse("org:ICE person:Krasner"), TODAY))
    marked = {entry.article.text[start:end] for start, end in named_spans(entry, wanted)}
    assert marked == {"Larry Krasner", "Krasner", "Immigration and Customs Enforcement", "ICE"}
    text = entry.article.text
    found = drawn(snippet(text, wanted, 400, list(named_spans(entry, wanted))))
    assert "Larry [Krasner] said" in found
    assert "Agents of [Immigration and Customs Enforcement] arrested" in found
    by_topic = Needles(condition(parse("topic:ICE"), TODAY))
    assert "ICE" in {text[start:end] for start, end in named_spans(entry, by_topic)}
    assert not list(named_spans(entry, Needles(condition(parse("ICE -org:ICE"), TODAY))))
