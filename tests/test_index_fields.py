"""The table of fields, the documents made by it, and the errors of searching."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from index_stories import BY_ID, STORIES, cited, story

import index
from archive import ArchiveError, Article, Entry, Interval, Kind, Mention, Outcome, Reading, Topic
from index import FIELDS, FLAGS, QueryError, SearchError, Shape
from index.fields import Card, document


def test_a_story_as_a_document() -> None:
    made = document(BY_ID["raid"])
    assert made.card == Card(
        id="raid",
        url="https://www.inquirer.com/news/ice-raid-car-wash-20250131.html?utm_source=t.co",
        title="ICE agents raid a Philadelphia car wash",
        site="The Philadelphia Inquirer",
        date=date(2025, 1, 31),
        captured=datetime(2025, 1, 31, 9, 30, tzinfo=UTC),
    )
    assert made.texts["person"] == ("Larry Krasner", "Krasner")
    assert made.texts["topic"] == ("Immigration and Customs Enforcement", "ICE", "Immigration")
    assert made.texts["site"] == ("The Philadelphia Inquirer", "inquirer.com")
    assert made.facets["person"] == ("Larry Krasner",)
    assert made.facets["link"] == ("nbcphiladelphia.com", "ice.gov")
    assert made.terms["tag"] == ("to check", "court")
    assert made.facets["tag"] == ("to check", "Court")
    assert {"t.co/XRawnqNPLg", "t.co", "co", "bit.ly/3abc", "nbcphiladelphia.com", "nbc"} <= set(made.terms["link"])
    day = date(2025, 1, 31).toordinal()
    assert made.days == {
        "date": ((day, day),),
        "mentioned": ((day - 3, day - 3), (day, day)),
        "captured": ((day, day),),
    }
    assert made.terms["is"] == made.facets["is"] == ("changed",)


def test_both_headlines_of_a_page_are_asked_by_title_and_one_is_shown() -> None:
    entry = BY_ID["raid"]
    assert entry.article is not None
    made = document(replace(entry, article=replace(entry.article, other_title="Agents at the wash")))
    assert made.texts["title"] == ("ICE agents raid a Philadelphia car wash", "Agents at the wash")
    assert made.card.title == "ICE agents raid a Philadelphia car wash"


def test_a_capture_that_failed_is_a_document_without_text() -> None:
    made = document(BY_ID["missing"])
    assert made.terms["is"] == ("gone", "failed")
    assert set(made.texts) == {"site"}
    assert made.card.site == "inquirer.com"
    assert made.card.title == ""


@pytest.mark.parametrize("entry", STORIES, ids=[entry.id for entry in STORIES])
def test_values_are_never_empty_and_stand_once(entry: Entry) -> None:
    made = document(entry)
    for values in (made.texts, made.terms, made.days, made.facets):
        for found in values.values():
            assert found
            assert all(found)
            assert len(found) == len(set(found))


def test_documents_use_the_fields_of_the_table_by_their_shape() -> None:
    for field in FIELDS:
        texts, terms, days = field.texts is not None, field.terms is not None, field.days is not None
        assert (texts, terms, days) == (
            field.shape in (Shape.TEXT, Shape.NAME),
            field.shape in (Shape.KEYWORD, Shape.URL, Shape.FLAG),
            field.shape is Shape.DATE,
        )
        assert field.facet == (field.facets is not None or field.shape is Shape.DATE)
        assert field.help
        assert "{}" in field.says


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_without_an_article_has_a_flag_that_says_why(outcome: Outcome) -> None:
    made = document(replace(BY_ID["missing"], outcome=outcome))
    flags = set(made.terms["is"])
    assert "failed" in flags
    assert flags <= set(FLAGS)
    assert len(flags) == (1 if outcome in (Outcome.OK, Outcome.UNCHANGED) else 2)


def test_the_day_of_publication_is_the_publishers() -> None:
    """Late in the evening in Philadelphia is the next day in UTC."""
    evening = datetime(2025, 1, 31, 22, tzinfo=timezone(-timedelta(hours=5)))
    entry = story("x", "t", "text")
    article = Article("https://x.org/", "t", "text", published=evening)
    assert document(replace(entry, article=article)).card.date == date(2025, 1, 31)
    article = replace(article, published_on=date(2025, 1, 30))
    assert document(replace(entry, article=article)).card.date == date(2025, 1, 30)


def test_captured_days_are_in_utc() -> None:
    late = datetime(2025, 1, 31, 22, tzinfo=timezone(-timedelta(hours=5)))
    day = date(2025, 2, 1).toordinal()
    assert document(replace(BY_ID["dead"], first_captured=late, last_captured=late)).days["captured"] == ((day, day),)


def test_a_description_that_begins_the_text_is_not_taken_twice() -> None:
    text = "The council met on Monday and decided nothing. More follows."
    assert document(story("x", "t", text, description=text[:50])).texts["text"] == (text,)
    assert document(story("x", "t", text, description="Nothing was decided")).texts["text"] == (
        text,
        "Nothing was decided",
    )


def test_facet_values_are_one_line() -> None:
    topic = Topic("Street\n  fairs", "keyword")
    assert document(story("x", "t", "text", topics=[topic])).facets["topic"] == ("Street fairs",)


def test_a_link_that_was_not_tried_counts_by_its_own_host() -> None:
    made = document(story("x", "t", "text", sources=(cited("https://www.a.org/1", outcome=None),)))
    assert made.facets["link"] == ("a.org",)


def _exceptions(root: type[Exception]) -> list[type[Exception]]:
    return [root, *(found for child in root.__subclasses__() for found in _exceptions(child))]


def test_exit_codes_are_distinct_over_both_packages() -> None:
    errors = [*_exceptions(SearchError), *_exceptions(ArchiveError)]
    own = [error for error in errors if error.__module__.startswith(("index", "archive"))]
    codes = [error.exit_code for error in own]  # type: ignore[attr-defined]
    assert len(codes) == len(set(codes))
    assert 0 not in codes


def test_the_error_tree_is_public_and_drawn() -> None:
    drawn = index.errors.__doc__ or ""
    for error in _exceptions(SearchError):
        assert error.__name__ in index.__all__
        assert re.search(rf"\b{error.__name__} +{error.exit_code}\b", drawn)  # type: ignore[attr-defined]


@given(query=st.text(max_size=300), position=st.integers(0, 300), length=st.integers(0, 300), width=st.integers(10, 90))
def test_the_caret_is_two_lines_of_bounded_width(query: str, position: int, length: int, width: int) -> None:
    position = min(position, len(query))
    shown, carets = QueryError("x", query=query, position=position, length=length).caret(width).split("\n")
    assert len(shown) <= width
    assert carets.strip(" ").strip("^") == ""
    assert "^" in carets


def test_mentions_of_dates_without_a_time_are_left_out() -> None:
    mention = Mention(Kind.DATE, "soon", 0, 4, "soon")
    when = Interval(date(2025, 1, 1), date(2025, 12, 31), "year")
    entry = replace(BY_ID["bakery"], reading=Reading((mention, replace(mention, when=when))))
    assert document(entry).days["mentioned"] == ((when.first.toordinal(), when.last.toordinal()),)
