"""An index that cannot be used, as a user meets it: made anew by itself, with a line that says so, and no exit code."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from commands import Command
from newsroom import Newsroom

from archive.storage.catalog.database import SCHEMA

PAGE = "https://paper.example/bridge"
TEXT = (
    "The council of Lindholm met on Tuesday to talk about the old bridge. Mayor Ada Brandt said that it would be built "
    "again before the winter, and that the work would cost twelve million crowns. Nobody spoke against the plan. "
)


def page(title: str) -> str:
    return (
        f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1><p>{TEXT}</p></article></body></html>"
    )


@pytest.fixture
def backfile(tmp_path: Path, newsroom: Newsroom) -> Command:
    """An archive with one article and its index."""
    newsroom.add(PAGE, page("The bridge"))
    command = Command(tmp_path / "archive", newsroom)
    assert command("add", PAGE).code == 0
    return command


def outdate(folder: Path) -> None:
    pointer = folder / "index" / "current.json"
    pointer.write_text(json.dumps({**json.loads(pointer.read_text()), "schema": "that of an older version"}))


def damage(folder: Path) -> None:
    (folder / "index" / "current.json").write_text("{")


def test_after_an_upgrade_a_search_makes_the_index_anew(backfile: Command) -> None:
    outdate(backfile.folder)
    done = backfile("search", "--json", "bridge")
    assert (done.code, [row["title"] for row in done.rows]) == (0, ["The bridge"])
    assert "The index is made anew: the index was made for other fields than this version has." in done.err
    assert "anew" not in backfile("search", "bridge").err


@pytest.mark.slow
@pytest.mark.parametrize("spoil", [outdate, damage])
@pytest.mark.parametrize("arguments", [("add", "https://paper.example/2"), ("tag", PAGE, "good")], ids=["add", "tag"])
def test_what_was_archived_does_not_end_with_an_error_of_the_index(
    backfile: Command, newsroom: Newsroom, spoil: object, arguments: tuple[str, ...]
) -> None:
    newsroom.add("https://paper.example/2", page("Another bridge"))
    spoil(backfile.folder)  # type: ignore[operator]
    done = backfile(*arguments)
    assert done.code == 0, done.err
    assert "The index is made anew: " in done.err
    assert backfile("search", "--json", "bridge").code == 0


def test_a_damaged_index_is_told_to_whoever_only_asks(backfile: Command) -> None:
    damage(backfile.folder)
    done = backfile("search", "bridge")
    assert done.code == 13
    assert "backfile reindex" in done.err


def test_verify_says_that_an_index_of_another_version_was_not_checked(backfile: Command) -> None:
    outdate(backfile.folder)
    done = backfile("verify")
    assert done.code == 0, done.out
    assert "The index was not checked: the index was made for other fields than this version has; the next" in done.err
    damage(backfile.folder)
    done = backfile("verify")
    assert done.code == 9
    assert done.out.count(str(backfile.folder / "index")) == 1
    assert "backfile reindex" in done.out


# How catalogs differ that were written before formats had numbers: with the number of the first one, or by now with the
# last, since steps that nothing stood in the way of were taken.
@pytest.mark.parametrize("made", [1, 6, SCHEMA], ids=["of the first format", "of an earlier one", "of the last one"])
def test_a_catalog_of_another_form_is_told_with_what_to_do_and_stays_as_it_is(backfile: Command, made: int) -> None:
    path = backfile.folder / "catalog.sqlite"
    with closing(sqlite3.connect(path)) as db:
        db.executescript(f"DROP TABLE watched; DROP TABLE watches; PRAGMA user_version = {made}")
        for arguments in [("watch", "list"), ("add", PAGE)] if made < SCHEMA else [("watch", "list")]:
            told = backfile(*arguments)
            assert told.code == 6
            assert "it has another form than this version reads" in told.err
            assert told.err.endswith("`backfile rebuild` makes the catalog anew from warc/\n")
        assert db.execute("PRAGMA user_version").fetchone() == (made,)
    assert backfile("rebuild").code == 0
    assert backfile("watch", "list").code == 0


def test_verify_reads_what_is_stored_beside_a_catalog_of_another_form(backfile: Command) -> None:
    with closing(sqlite3.connect(backfile.folder / "catalog.sqlite")) as db:
        db.executescript("DROP TABLE watched; PRAGMA user_version = 6")
    done = backfile("verify")
    assert done.code == 9
    (row,) = done.out.replace("\n", " ").split("catalog: ")[1:]
    assert row.count("`backfile rebuild`") == 1
    assert row.count("catalog.sqlite") == 1
