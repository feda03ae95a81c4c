"""Commands that lead on from one article or the beginning of a name, as a user runs them."""

from __future__ import annotations

import contextlib
import os
import pty
import subprocess

import pytest
from commands import EXECUTABLE, Command
from newsroom import Newsroom

BRIDGE = (
    "The council of Lindholm met on Tuesday to talk about the old bridge. Mayor Ada Brandt said that the masonry would "
    "be mended before the winter, and that the scaffold would cost twelve million crowns. Nobody spoke against it."
)
MASONRY = (
    "Engineers looked at the masonry of the bridge on Friday. The scaffold will stand until March, Mayor Ada Brandt "
    "told reporters in Lindholm, and the crossing stays closed for lorries. The contractor has done it before."
)
BAKERY = (
    "A bakery on the market square of Torvik sells rye bread again after forty years. Its owner, Jonas Ek, baked the "
    "first loaves on Monday at four in the morning. People queued around the corner, and all was gone by nine."
)


def page(title: str, text: str) -> str:
    body = f"<article><h1>{title}</h1><p>{text}</p></article>"
    return f"<html><head><title>{title}</title></head><body>{body}</body></html>"


@pytest.fixture(scope="module")
def backfile(tmp_path_factory: pytest.TempPathFactory, newsroom_server: Newsroom) -> Command:
    newsroom_server.reset()
    pages = {"bridge": ("A bridge is mended", BRIDGE), "masonry": ("Masons arrive", MASONRY)}
    pages |= {f"rye{hour}": (f"Rye at {hour}", BAKERY.replace("four", f"{hour} sharp")) for hour in range(9)}
    for name, (title, text) in pages.items():
        newsroom_server.add(f"https://paper.example/{name}", page(title, text))
    command = Command(tmp_path_factory.mktemp("explore") / "archive", newsroom_server)
    assert command("add", *(f"https://paper.example/{name}" for name in pages)).code == 0
    return command


def test_similar_articles_are_listed_with_what_they_share(backfile: Command) -> None:
    ran = backfile("similar", "https://paper.example/bridge")
    assert ran.code == 0
    assert "1. Masons arrive" in ran.out
    assert "shares Ada Brandt" in ran.out
    assert "scaffold" in ran.out.partition("shares")[2]
    assert "A bridge is mended" not in ran.out


def test_similar_as_json_names_what_is_shared(backfile: Command) -> None:
    (first, *_) = backfile("similar", "https://paper.example/bridge", "--json", "--limit", "1").rows
    assert set(first) == {
        "id",
        "url",
        "title",
        "site",
        "date",
        "score",
        "snippet",
        "removed",
        "image",
        "names",
        "words",
    }
    assert {"field": "person", "value": "Ada Brandt"} in first["names"]  # type: ignore[operator]
    assert "masonry" in first["words"]  # type: ignore[operator]


def test_similar_to_what_is_not_archived_is_an_error(backfile: Command) -> None:
    ran = backfile("similar", "https://paper.example/other")
    assert ran.code == 3
    assert not ran.out


def test_names_are_completed_with_their_counts(backfile: Command) -> None:
    assert backfile("suggest", "person", "bra").out == "2  Ada Brandt\n"
    assert backfile("suggest", "people", "ada", "B", "--json").rows == [
        {"field": "people", "value": "Ada Brandt", "count": 2}
    ]


def test_a_name_that_nobody_has_is_no_error(backfile: Command) -> None:
    ran = backfile("suggest", "person", "zzz")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == "No name in the archive begins so.\n"


def test_a_field_that_cannot_be_completed_is_an_error(backfile: Command) -> None:
    ran = backfile("suggest", "persn", "bra")
    assert ran.code == 11
    assert "did you mean: person" in ran.err
    assert backfile("suggest", "date", "2025").code == 11


def test_facets_tell_what_stands_out(backfile: Command) -> None:
    ran = backfile("facets", "bridge", "--facet", "person", "--significant")
    assert "Ada Brandt  2 of 2 █" in ran.out
    (row,) = backfile("facets", "bridge", "--facet", "person", "--significant", "--json").rows
    assert row.pop("score") == pytest.approx(10.4, abs=0.1)
    assert row == {"field": "person", "value": "Ada Brandt", "count": 2, "background": 2}


def on_a_terminal(backfile: Command, *arguments: str, **environment: str) -> str:
    """What the command writes where standard output is a terminal."""
    leader, follower = pty.openpty()
    environ = {key: value for key, value in os.environ.items() if key != "NO_COLOR"} | {"COLUMNS": "40"} | environment
    running = subprocess.Popen(
        [str(EXECUTABLE), *arguments], cwd=backfile.folder, env=environ, stdin=subprocess.DEVNULL, stdout=follower,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(follower)
    shown = b""
    with contextlib.suppress(OSError):  # how the end is told
        while part := os.read(leader, 4096):
            shown += part
    os.close(leader)
    assert running.wait(60) == 0
    return shown.decode()


def test_a_terminal_gets_colours_unless_they_are_not_wanted(backfile: Command) -> None:
    coloured = on_a_terminal(backfile, "search", "masonry", "--limit", "1")
    assert "\x1b[33m\x1b[1mmasonry\x1b[0m" in coloured
    plain = on_a_terminal(backfile, "search", "masonry", "--limit", "1", NO_COLOR="1")
    assert "\x1b" not in plain
    assert "*masonry*" in plain


def test_prose_and_facets_fit_a_narrow_terminal(backfile: Command) -> None:
    shown = on_a_terminal(backfile, "facets", "--facet", "person", "--facet", "topic", NO_COLOR="1")
    assert shown
    assert max(map(len, shown.splitlines())) <= 40
    prose = on_a_terminal(backfile, "search", "masonry", "--limit", "1", NO_COLOR="1").splitlines()
    assert max(len(line) for line in prose if line.startswith("    ") and "·" not in line) <= 40


def test_a_reader_that_goes_away_is_no_error(backfile: Command) -> None:
    with backfile.start("search", "Torvik OR Lindholm", "--limit", "50") as running:
        assert running.stdout
        running.stdout.close()
        assert running.stderr
        said = running.stderr.read()
        assert running.wait(60) == 0
    assert "Traceback" not in said
    assert "Broken" not in said
