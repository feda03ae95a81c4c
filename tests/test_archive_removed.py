"""What versions dropped: kept with the version, found by `removed:` and `changed:`, shown as a page."""

from __future__ import annotations

import re
from pathlib import Path
from time import process_time

import pytest
from captures import article
from commands import Command
from newsroom import Newsroom

from archive.versions import MAX_REMOVED, removed

TEXT = (
    "The council of Lindholm met on Tuesday to talk about the old bridge. Mayor Ada Brandt said that it would be built "
    "again before the winter, and that the work would cost twelve million crowns. Nobody spoke against the plan. "
)
PAGE = "https://paper.example/1"


def story(title: str, text: str = TEXT) -> str:
    body = f"<article><h1>{title}</h1><p>{text}</p></article>"
    return f"<html><head><title>{title}</title></head><body>{body}</body></html>"


@pytest.mark.parametrize(
    ("old", "new", "dropped"),
    [
        pytest.param("It cost twelve crowns.", "It cost fourteen crowns.", ["twelve"], id="a word"),
        pytest.param("One.\nHe lied to them all.", "One.", ["He lied to them all."], id="a paragraph"),
        pytest.param("One is here now.\nTwo is not here.", "Two is not here.\nOne is here now.", [], id="moved"),
        pytest.param("The same.", "The same.", [], id="nothing"),
        pytest.param("Yes!", "Yes.", [], id="a mark"),
        pytest.param("He said “no”.", "He said.", ['"no"'], id="typography"),
    ],
)
def test_what_a_version_dropped(old: str, new: str, dropped: list[str]) -> None:
    before, after = article(PAGE, title="A title", text=old), article(PAGE, title="A title", text=new)
    assert removed(before, after) == dropped


def test_a_dropped_headline_counts() -> None:
    assert removed(article(PAGE, title="Mayor lied"), article(PAGE, title="Mayor erred")) == ["lied"]


def test_a_page_that_was_emptied_does_not_fill_the_catalog() -> None:
    long = "\n".join(f"Paragraph {n} of a very long page says this." for n in range(20_000))
    start = process_time()
    dropped = removed(article(PAGE, text=long), article(PAGE, text="Gone."))
    assert sum(map(len, dropped)) <= MAX_REMOVED
    assert process_time() - start < 10


@pytest.fixture
def changed(tmp_path: Path, newsroom: Newsroom) -> Command:
    """A story that was changed, beside one that was not."""
    backfile = Command(tmp_path / "archive", newsroom)
    newsroom.add(PAGE, story("A bridge for Lindholm"))
    newsroom.add("https://paper.example/2", story("The ferry stays", TEXT * 2))
    backfile("add", PAGE, "https://paper.example/2")
    newsroom.add(PAGE, story("No <b>bridge</b> &lt;script&gt;", TEXT.replace("twelve million", "a lot of")))
    backfile("add", "--again", PAGE)
    return backfile


@pytest.mark.slow
def test_changes_are_found(changed: Command) -> None:
    """By what differs, and by words that are no longer there; a rebuild finds the same."""
    for _ in range(2):
        for query, found in (
            ("changed:headline", 1), ("changed:numbers", 1), ('removed:"twelve million"', 1), ("removed:lindholm", 1),
            ("removed:crowns", 0), ("removed:ferry", 0), ("dropped:million -title:ferry", 1),
        ):  # fmt: skip
            assert len(changed("search", "--json", query).rows) == found, query
        (hit,) = changed("search", "--json", 'removed:"twelve million"').rows
        assert "twelve million" in str(hit["snippet"])
        assert hit["removed"] is True
        assert "no longer there:" in changed("search", "removed:lindholm").out
        first, second = changed("versions", PAGE, "--json").rows
        assert first["removed"] == []
        assert "twelve million" in second["removed"]  # type: ignore[operator]
        assert changed("rebuild").code == 0
    facets = changed("facets", "--facet", "changed", "--json").rows
    assert {"field": "changed", "value": "headline", "count": 1} in facets


def test_a_diff_is_a_page_that_needs_nothing_else(changed: Command) -> None:
    """U02: what the page said is text. An edit without a note is told in words of observation."""
    ran = changed("diff", PAGE, "--html")
    assert ran.code == 0, ran.err
    assert "<del>twelve</del>" in ran.out
    assert "<ins>lot of</ins>" in ran.out
    assert "<script" not in ran.out
    assert "&lt;script&gt;" in ran.out
    assert not re.search(r"\bsrc=|@import|url\(", ran.out)
    assert "the page names neither another time of modification nor a correction" in ran.out
