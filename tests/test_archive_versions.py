"""Same, noise or new; and a diff that can be read back into both texts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.model import Article, Link, Role
from archive.versions import Decision, Op, compare, diff, text_digest

STORY = Article(
    url="https://paper.example/story",
    title="Council votes on the bridge",
    text='The council met on Monday.\n"We will build it," Mayor Ada Brandt said.\nThe work costs 12 million dollars.',
    authors=("Jo March",),
    published_on=date(2025, 1, 31),
    modified=datetime(2025, 1, 31, 9, tzinfo=UTC),
)


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        pytest.param("12 million", "15 million", {"numbers", "added", "removed", "silent"}, id="number"),
        pytest.param(
            '"We will build it,"', '"We might build it,"', {"quotes", "added", "removed", "silent"}, id="quote"
        ),
        pytest.param("The work costs 12 million dollars.", "", {"removed", "numbers", "silent"}, id="removed"),
        pytest.param("on Monday.", "on Monday. Nobody spoke.", {"added", "silent"}, id="added"),
        pytest.param(
            "dollars.", "dollars.\nCorrection: the sum is right.", {"added", "correction"}, id="correction note"
        ),
    ],
)
def test_a_real_change_is_a_version_and_is_classified(old: str, new: str, changes: set[str]) -> None:
    result = compare(STORY, replace(STORY, text=STORY.text.replace(old, new)))
    assert (result.decision, result.changes) == (Decision.NEW, frozenset(changes))


@pytest.mark.parametrize(
    "line",
    [
        "14 comments",
        "3.1k shares",
        "Updated 5 minutes ago",
        "Last updated: Jan. 31, 2025 at 10:04",
        "2 hours ago",
        "Advertisement",
    ],
)
def test_counters_and_print_dates_are_noise(line: str) -> None:
    noisy = replace(STORY, text=f"{line}\n{STORY.text}")
    assert compare(STORY, noisy).decision is Decision.NOISE
    assert text_digest(noisy) == text_digest(STORY)


@pytest.mark.parametrize(
    ("lang", "old", "new", "differs"),
    [
        pytest.param("en", "seven people", "nine people", True, id="words"),
        pytest.param("en", "twenty-five people", "25 people", False, id="the same in digits"),
        pytest.param("", "two people", "some people", True, id="no language said"),
        pytest.param("de", "sieben Menschen", "neun Menschen", True, id="german"),
        pytest.param("fr-CA", "dix-sept morts", "17 morts", False, id="french"),
        pytest.param("de", "the ten", "the few", False, id="words of another language"),
        pytest.param("ar", "٢٥٠ شخصا", "250 شخصا", False, id="digits of Arabic"),
        pytest.param("ar", "٢٥٠ شخصا", "٢٦٠ شخصا", True, id="another number in digits of Arabic"),
        pytest.param("fa", "۲۵۰ نفر", "٢٥٠ نفر", False, id="digits of Persian"),
        pytest.param("de", "12 500 Menschen", "12.500 Leute", False, id="groups set apart by another mark"),
        pytest.param("en", "12,500 people", "12,600 people", True, id="another number in groups"),
        pytest.param("en", "one of them", "some of them", False, id="one is no number"),
    ],
)
def test_numbers_in_words_are_numbers(lang: str, old: str, new: str, differs: bool) -> None:
    before, after = (replace(STORY, lang=lang, text=f"{STORY.text}\nThey spoke of {part}.") for part in (old, new))
    assert ("numbers" in compare(before, after).changes) is differs


def test_typography_is_noise() -> None:
    curly = replace(STORY, text=STORY.text.replace('"We will build it,"', "“We  will build it,”"))
    assert compare(STORY, curly).decision is Decision.NOISE


def test_a_sentence_that_only_looks_like_a_counter_is_kept() -> None:
    """What a reader would call the story is never taken for noise."""
    longer = replace(
        STORY, text=STORY.text + "\n14 people were hurt and 3 comments were struck.\nUpdated figures show 12 dead."
    )
    assert "numbers" in compare(STORY, longer).changes
    assert compare(STORY, longer).decision is Decision.NEW


def test_hostile_lines_are_judged_at_once() -> None:
    """No line can make the noise rules run for long."""
    for line in ("updated " + "am" * 65, "1 " * 69, "updated " + "1 a " * 33 + "!", "1" * 139):
        compare(STORY, replace(STORY, text=(line + "\n") * 200))


def test_the_same_reading_is_the_same() -> None:
    assert compare(STORY, replace(STORY)).decision is Decision.SAME


def test_an_announced_edit_is_not_silent() -> None:
    edited = replace(STORY, text=STORY.text + " More.", modified=datetime(2025, 2, 1, tzinfo=UTC))
    assert "silent" not in compare(STORY, edited).changes


def test_headline_byline_and_links_are_named() -> None:
    link = Link("https://a.example/", Role.CITED, "a", "a")
    edited = replace(
        STORY, title="Council delays the bridge", authors=("Al Roe",), links=(link,), text=STORY.text + " More."
    )
    assert {"headline", "byline", "links"} <= compare(STORY, edited).changes


SAID = {"published": "json-ld datePublished"}


@pytest.mark.parametrize(
    ("rules", "changes"),
    [
        pytest.param(SAID, {"date"}, id="declared"),
        pytest.param({"published": "htmldate"}, set(), id="guessed"),
        pytest.param({"published": "meta date"}, set(), id="perhaps the day of the page"),
    ],
)
def test_another_date_of_publication_is_a_change_where_the_page_declares_it(
    rules: dict[str, str], changes: set[str]
) -> None:
    old, new = (replace(STORY, rules=rules, published_on=date(2025, 1, day)) for day in (30, 31))
    assert compare(old, new).changes == changes


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        pytest.param("https://a.example/1", "https://b.example/2", {"links"}, id="leads elsewhere"),
        pytest.param("https://a.example/1", None, {"links"}, id="no link any more"),
        pytest.param("https://a.example/1?utm_source=x", "http://a.example/1", set(), id="the same page"),
        pytest.param("https://a.example/?session=1", "https://a.example/?session=2", set(), id="one for each reader"),
    ],
)
def test_where_words_of_the_same_text_lead(old: str, new: str | None, changes: set[str]) -> None:
    """A source exchanged under the words that cite it is a version; what comes and goes between the words is none."""
    before, after = (
        replace(STORY, links=(Link(url, Role.CITED, "The work", "The work costs"),) if url else ())
        for url in (old, new)
    )
    assert compare(before, after).changes == changes
    promos = [Link(f"https://a.example/promo/{n}", Role.CITED, "More on this", "More on this") for n in (1, 2)]
    assert compare(*(replace(STORY, links=(promo,)) for promo in promos)).decision is Decision.NOISE


WORDS = st.text(alphabet='ab ,.\n"é', max_size=60)


@given(WORDS, WORDS)
def test_a_diff_reads_back_into_both_texts(old: str, new: str) -> None:
    pieces = diff(old, new)
    assert "".join(piece.text for piece in pieces if piece.op is not Op.ADDED) == old
    assert "".join(piece.text for piece in pieces if piece.op is not Op.REMOVED) == new
    assert all(one.op is not other.op for one, other in pairwise(pieces))


@given(WORDS)
def test_a_text_differs_from_itself_in_nothing(text: str) -> None:
    assert all(piece.op is Op.KEPT for piece in diff(text, text))
    assert compare(replace(STORY, text=text), replace(STORY, text=text)).decision is Decision.SAME
