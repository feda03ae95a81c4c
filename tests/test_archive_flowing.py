"""Texts whose lines were cut to a width: stored as they came, read as they flow."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import Article, recognise
from archive.entities.flowing import flowing
from archive.exporting.paragraphs import article_paragraphs
from archive.structure import Mark, MarkKind, Structure

BOARD = (
    "The harbour board of Whitby said on Tuesday that it would not pay for the pier before the Ministry of Public "
    "Works and the heirs of Sir Marmaduke Penhaligon had agreed who owns it."
)
STORM = (
    "Alice Marlow, who speaks for the board, told reporters in New York that the storm of January had moved the piles "
    "by a hand's breadth, and that nobody was hurt."
)
PARAGRAPHS = (BOARD, STORM, "A decision is due in spring.")


def cut(width: int, indent: str = "", between: str = "\n\n") -> str:
    return between.join(textwrap.fill(one, width, initial_indent=indent) for one in PARAGRAPHS)


@pytest.mark.parametrize("width", [52, 65, 72, 78])
@pytest.mark.parametrize(("indent", "between"), [("", "\n\n"), ("    ", "\n"), ("", "\n \n")])
def test_lines_that_were_cut_to_a_width_flow(width: int, indent: str, between: str) -> None:
    assert flowing(cut(width, indent, between)) == between.join(indent + one for one in PARAGRAPHS)


def test_a_first_line_that_lost_its_beginning_flows_as_well() -> None:
    """A wire's dateline stood there and was taken out."""
    whole = cut(65, "    ", "\n")
    lines = whole.removeprefix("    The harbour board of ").split("\n")
    assert len(lines[0]) < 45
    assert flowing("\n".join(lines)).startswith("Whitby said on Tuesday that it would not pay for the pier")
    assert flowing("\n".join(lines)).count("\n") == len(PARAGRAPHS) - 1


TABLE = "Port              Ships\nWhitby               12\nHull                 88"
VERSE = """\
The sea is calm tonight,
the tide is full, the moon lies fair
Upon the straits; on the French coast the light
Gleams and is gone; the cliffs of England stand,
Glimmering and vast, out in the tranquil bay."""
FIGURES = """\
Shr 37.0 cents vs 60.0
Net 88.67 mln vs 144.04 mln
Turnover 400.42 mln vs 506.51 mln before these
Revs 1 vs 2"""
STANDING = {
    "a paragraph a line": "\n".join(PARAGRAPHS),
    "a heading, and paragraphs": "Who owns the pier\n" + "\n".join(PARAGRAPHS),
    "names": "Alice Marlow\nPeter Quill\nMarmaduke Penhaligon the Younger, of Whitby\nJohn Ashdown\nRuth Bell",
    "a table": f"{TABLE}\nScarborough, with the yard             9",
    "verse": VERSE,
    "figures": FIGURES,
    "items": "\n".join(f"- {one[:60]}" for one in PARAGRAPHS * 3),
    "no blanks": "\n".join(["港の委員会は火曜日に桟橋の費用を払わないと発表した。" * 2] * 5),
    "one line": PARAGRAPHS[0],
    "nothing": "",
}


@pytest.mark.parametrize("text", STANDING.values(), ids=STANDING)
def test_lines_that_mean_something_stand(text: str) -> None:
    assert flowing(text) == text


def test_in_a_text_that_was_cut_what_is_set_apart_stands_apart() -> None:
    tail = f"Ships in port:\n- Kestrel\n- Anna Lind\n\n{TABLE}"
    assert flowing(f"{cut(65)}\n\n{tail}") == "\n\n".join((*PARAGRAPHS, tail))


@given(st.text(st.sampled_from("ab Z.\n-\t|港"), max_size=400) | st.text(max_size=200))
def test_nothing_but_ends_of_lines_is_changed(text: str) -> None:
    read = flowing(text)
    assert len(read) == len(text)
    assert all(one == other or (one, other) == ("\n", " ") for one, other in zip(text, read, strict=True))
    assert flowing(read).count("\n") <= read.count("\n")


def test_names_and_dates_are_found_across_the_ends_of_such_lines() -> None:
    text = cut(58) + "\n\nThe board of Whitby will meet the owners again on January\n5, 2026, as Ms. Marlow announced."
    read = recognise(text, lang="en")
    whole = recognise(flowing(text), lang="en")
    names = {(one.kind, one.canonical) for one in read.mentions}
    assert {name for _, name in names} >= {"Marmaduke Penhaligon", "Ministry of Public Works", "New York", "2026-01-05"}
    assert read == whole
    assert all(flowing(text)[one.start : one.end] == one.text for one in read.mentions)
    assert any("\n" in text[one.start : one.end] for one in read.mentions)


def test_a_paragraph_is_shown_as_one() -> None:
    article = Article("https://a.example/", "The pier", cut(60))
    assert [one.words for one in article_paragraphs(article)] == list(PARAGRAPHS)
    heading = Structure((Mark(MarkKind.HEADING, 0, len(article.text.split("\n")[0]), level=2),))
    marked = Article("https://a.example/", "The pier", cut(60), structure=heading)
    assert [one.words for one in article_paragraphs(marked)] == [line for line in cut(60).split("\n") if line]
