"""Text on terminals: how many columns it takes, and that it stays within those there are."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import Op, Piece
from backfile.cli.columns import clipped, columns, padded, wrapped
from backfile.cli.history import shown_pieces
from backfile.cli.render import Screen
from backfile.cli.tables import _coloured, _wrapped, show_facets
from index import Facet, FacetValue, Snippet

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


def test_a_difference_is_broken_between_words_and_each_line_has_its_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "24")
    monkeypatch.delenv("NO_COLOR", raising=False)
    pieces = [
        Piece(Op.KEPT, "Nine workers\nwere led "),
        Piece(Op.REMOVED, "away from the cold store"),
        Piece(Op.KEPT, " on "),
    ]
    pieces += [Piece(Op.ADDED, "Monday"), Piece(Op.KEPT, ".")]
    red, green, off = "\x1b[31m\x1b[9m", "\x1b[32m\x1b[1m", "\x1b[0m"
    shown = shown_pieces(Screen(), pieces)
    assert shown.split("\n") == [
        "Nine workers", f"were led {red}away from the{off}", f"{red}cold store{off} on {green}Monday{off}."
    ]  # fmt: skip
    monkeypatch.setenv("NO_COLOR", "1")
    assert shown_pieces(Screen(), pieces).split("\n")[1:] == [
        "were led [-away from the",
        "cold store-] on",
        "{+Monday+}.",
    ]
    assert shown_pieces(Screen(), pieces, wrap=False).count("\n") == 1


def test_a_facet_alone_has_room_for_whole_names(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "International Committee of the Red Cross"
    facet = Facet("org", "org", (FacetValue(name, 3),), 1)
    for width, count, whole in ((80, 1, True), (80, 2, False), (40, 1, False)):
        monkeypatch.setenv("COLUMNS", str(width))
        show_facets(Screen(), [facet] * count)
        shown = capsys.readouterr().out
        assert (name in shown) is whole
        assert all(columns(line) <= width for line in shown.splitlines())
