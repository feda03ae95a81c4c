"""Saved searches and news of a query, as a user runs them."""

from __future__ import annotations

import pytest
from commands import Command
from newsroom import Newsroom

TEXT = (
    "The council of Lindholm met on Tuesday to talk about the old {0}. Mayor Ada Brandt said that the {0} would be "
    "mended before the winter, and that the work would cost twelve million crowns. Nobody spoke against the plan."
)


def page(word: str) -> str:
    body = f"<article><h1>The {word} of Lindholm</h1><p>{TEXT.format(word)}</p></article>"
    return f"<html><head><title>The {word} of Lindholm</title></head><body>{body}</body></html>"


def url(word: str) -> str:
    return f"https://paper.example/{word}"


@pytest.fixture(scope="module")
def backfile(tmp_path_factory: pytest.TempPathFactory, newsroom_server: Newsroom) -> Command:
    """An archive of two stories; tests must stand that others save and add."""
    newsroom_server.reset()
    for word in ("bridge", "ferry", "canal"):
        newsroom_server.add(url(word), page(word))
    command = Command(tmp_path_factory.mktemp("saved") / "archive", newsroom_server)
    assert command("add", url("bridge"), url("ferry")).code == 0
    return command


@pytest.mark.slow
def test_a_saved_search_stands_for_its_query_and_survives_a_rebuild(backfile: Command) -> None:
    assert backfile("saved", "add", "Crossing", "bridge", "OR", "tunnel").out == (
        "Saved: saved:crossing is bridge OR tunnel\n"
    )
    assert len(backfile("search", "--json", "saved:crossing").rows) == 1
    assert len(backfile("search", "--json", "ferry -saved:CROSSING").rows) == 1
    assert backfile("rebuild").code == 0
    assert backfile("saved", "list", "--json").rows[0]["query"] == "bridge OR tunnel"
    assert "articles that (either contain “bridge” in any form" in backfile("search", "saved:crossing").out
    assert backfile("saved", "add", "crossing", "ferry").out == "Saved anew: saved:crossing is ferry\n"
    assert backfile("saved", "add", "all", "saved:crossing OR bridge").code == 0
    assert len(backfile("search", "--json", "saved:all").rows) == 2
    assert backfile("saved", "list").out == "all       saved:crossing OR bridge\ncrossing  ferry\n"
    assert backfile("saved", "remove", "crossing").out == "Forgotten: crossing\n"
    ran = backfile("search", "saved:all")
    assert ran.code == 11
    assert "no search is saved as “crossing”" in ran.err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("add", "x", "persn:Brandt"), 11, "there is no field"),
        (("add", "x", "saved:x"), 11, "no search is saved as “x”"),
        (("add", "no name", "bridge"), 2, "no name for a search"),
        (("remove", "nothing"), 3, "no search is saved as 'nothing'"),
    ],
)
def test_what_cannot_be_saved_is_refused(backfile: Command, arguments: tuple[str, ...], code: int, said: str) -> None:
    ran = backfile("saved", *arguments)
    assert ran.code == code
    assert said in ran.err
    assert not {"x", "no name"} & {row["name"] for row in backfile("saved", "list", "--json").rows}


def test_news_since_a_day_are_what_was_first_captured_then(backfile: Command) -> None:
    ran = backfile("watch", "bridge", "--new-since", "yesterday")
    assert ran.code == 17
    assert "The bridge of Lindholm" in ran.out
    assert "ferry" not in ran.out
    again = backfile("watch", "--new-since", "2025-01-31", "Lindholm -canal", "--json")
    assert again.code == 17
    assert {row["kind"] for row in again.rows} == {"match"}
    assert len(again.rows) == 2
    none = backfile("watch", "query", "Lindholm", "--new-since", "tomorrow")
    assert (none.code, none.out) == (0, "")


@pytest.mark.slow
def test_news_since_the_last_time_are_told_once(backfile: Command) -> None:
    first = backfile("watch", "Lindholm", "--new-since", "last")
    assert (first.code, first.out) == (0, "")
    assert "from now on" in first.err
    assert backfile("watch", "Lindholm", "--new-since", "last").code == 0
    assert backfile("add", url("canal")).code == 0
    told = backfile("watch", "Lindholm", "--new-since", "last")
    assert told.code == 17
    assert "The canal of Lindholm" in told.out
    assert backfile("watch", "Lindholm", "--new-since", "last").code == 0


def test_a_command_of_watch_that_is_none_is_no_query(backfile: Command) -> None:
    ran = backfile("watch", "lst")
    assert ran.code == 2
    assert "No such command 'lst'" in ran.err
    assert backfile("watch", "Lindholm", "--new-since", "the day").code == 11
