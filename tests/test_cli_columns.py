"""Text on terminals: how many columns it takes, and that it stays within those there are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backfile.cli.columns import clipped, columns, padded, wrapped
from backfile.cli.tables import _coloured, _wrapped
from index import Snippet

some_text = st.text(st.sampled_from("ab é\u0301東京。 👍\u200d-"), max_size=60)


@pytest.mark.parametrize(
    ("text", "expected"), [("raid", 4), ("東京", 4), ("e\u0301", 1), ("\u200d", 0), ("Łódź", 4), ("", 0), ("ｆ", 2)]
)
def test_columns_are_those_of_a_terminal(text: str, expected: int) -> None:
    assert columns(text) == expected
    assert padded(text, 10) == text + " " * (10 - expected)


@given(text=some_text, width=st.integers(2, 20))
def test_wrapped_lines_fit_and_lose_nothing(text: str, width: int) -> None:
    lines = list(wrapped(text, width))
    assert all(columns(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@given(text=some_text, width=st.integers(2, 20))
def test_clipped_text_fits_and_says_so(text: str, width: int) -> None:
    found = clipped(text, width)
    assert columns(found) <= width
    assert found == text or found.endswith("…")


def test_lines_break_at_blanks_and_between_wide_characters() -> None:
    assert list(wrapped("the raid on Tuesday", 8)) == ["the raid", "on", "Tuesday"]
    assert list(wrapped("a 東京都知事 b", 6)) == ["a 東京", "都知事", "b"]
    assert list(wrapped("https://example.org/x", 10)) == ["https://ex", "ample.org/", "x"]
    assert list(wrapped("at https://example.org/x now", 10, whole=True)) == ["at", "https://example.org/x", "now"]
    assert list(wrapped("東京都知事。", 10)) == ["東京都知", "事。"], "no line begins with what closes"


def test_colour_ends_with_its_line_and_goes_on_in_the_next() -> None:
    on, off = "\x1b[33m\x1b[1m", "\x1b[0m"
    assert list(_coloured(["a \x00b", "c\x01 d"])) == [f"a {on}b{off}", f"{on}c{off} d"]
    assert list(_wrapped(Snippet("a raid b", ((2, 6),)), 20, False)) == ["a *raid* b"]
    assert list(_wrapped(Snippet("long raid b", ((5, 9),)), 6, True)) == ["long", f"{on}raid{off} b"]
