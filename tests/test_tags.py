"""Tags that differ by case are one, everywhere; and many articles are marked as a stream, indexed once."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import ArchiveSettings, EntitySettings, NotFoundError, UsageError
from archive.storage.catalog.database import SCHEMA
from archive.storage.catalog.tags import cleaned, tag_key, without
from backfile.desk import Desk, create_desk, open_desk

SETTINGS = ArchiveSettings(entities=EntitySettings("none"))


def url(number: int) -> str:
    return f"https://harbour.example/{number}"


def filled(folder: Path, count: int, **more: Sequence[str]) -> Desk:
    """A desk whose archive has so many notes; `more` by key: values of each, as far as they go."""
    create_desk(folder / "archive").close()
    rows = [{"url": url(n), "text": f"Ferry number {n} sails at noon from the old pier."} for n in range(count)]
    for key, values in more.items():
        for row, value in zip(rows, values, strict=False):
            row[key] = value
    export = folder / "export.jsonl"
    export.write_text("".join(json.dumps(row) + "\n" for row in rows))
    desk = open_desk(folder / "archive", SETTINGS)
    assert len(list(desk.import_files([export], fetch=False))) == count
    return desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with filled(tmp_path, 4) as opened:
        yield opened


def tags_of(desk: Desk, *numbers: int) -> list[tuple[str, ...]]:
    return [desk.find(url(number)).tags for number in numbers]


def counted(desk: Desk) -> list[tuple[str, int]]:
    (facet,) = desk.facets("", ["tag"])
    return sorted((value.value, value.count) for value in facet.values)


# -- one tag, however it is written ------------------------------------------------------------------------------------


def test_tags_that_differ_by_case_are_one_written_as_at_first(desk: Desk) -> None:
    desk.tag(url(0), ["ICE", "To check"])
    assert desk.tag(url(1), ["ice", "to CHECK", "Ice"]) == ("ICE", "To check")
    assert desk.tag(url(0), ["ice"]) == ("ICE", "To check"), "it is there"
    assert counted(desk) == [("ICE", 2), ("To check", 2)]
    for query in ("tag:ice", "tag:ICE", 'tag:="ICE"', 'tag:="ice"'):
        assert desk.search(query).total == 2, query
    assert desk.tag(url(1), remove=["iCE"]) == ("To check",)
    assert counted(desk) == [("ICE", 1), ("To check", 2)]


@pytest.mark.slow
def test_what_nobody_has_any_more_is_written_as_it_comes_next(desk: Desk) -> None:
    desk.tag(url(0), ["iCE"])
    desk.tag(url(0), remove=["ICE"])
    assert desk.tag(url(1), ["ICE"]) == ("ICE",)
    desk.archive.set_tags(desk.find(url(1)).id, ["ice", "new"])
    assert tags_of(desk, 1) == [("ICE", "new")], "it never was without it"
    desk.archive.set_tags(desk.find(url(1)).id, ["new"])
    desk.archive.set_tags(desk.find(url(2)).id, ["Ice"])
    assert tags_of(desk, 1, 2) == [("new",), ("Ice",)]
    before = tags_of(desk, 0, 1, 2, 3)
    desk.rebuild()
    assert tags_of(desk, 0, 1, 2, 3) == before, "also where a rebuild repeats all of it in one transaction"


@pytest.mark.slow
def test_imported_tags_are_one_too(tmp_path: Path) -> None:
    with filled(tmp_path, 4, tags=["Boats", "boats, Piers", "BOATS,  piers ", ""]) as desk:
        assert tags_of(desk, 0, 1, 2, 3) == [("Boats",), ("Boats", "Piers"), ("Boats", "Piers"), ()]
        desk.archive.mark([desk.find(url(3)).id], ["bOATS"], "seen")
        assert counted(desk) == [("Boats", 4), ("Piers", 2)]
        desk.rebuild()
        assert counted(desk) == [("Boats", 4), ("Piers", 2)]
        assert list(desk.verify()) == []


def test_quotes_in_a_tag_can_be_asked_for(desk: Desk) -> None:
    desk.tag(url(0), ['say "hi"', "it's"])
    desk.tag(url(1), ["say hi"])
    assert list(desk.ids(r'tag:"say \"hi\""')) == [desk.find(url(0)).id]
    assert list(desk.ids(r'tag:="say \"HI\""')) == [desk.find(url(0)).id]
    assert list(desk.ids('tag:"it\'s"')) == [desk.find(url(0)).id]


def test_an_older_archive_is_brought_up(desk: Desk) -> None:
    """Its tags become one, written as on the entry that came first, and the index hears of it."""
    desk.tag(url(0), ["ICE"])
    desk.tag(url(3), ["alone"])
    ids = [desk.find(url(n)).id for n in range(4)]
    folder = desk.folder
    desk.close()
    older(
        folder / "catalog.sqlite",
        [(ids[0], "ICE"), (ids[1], "ice"), (ids[1], "Ice"), (ids[2], "iCE"), (ids[3], "alone")],
    )
    with open_desk(folder, SETTINGS) as again:
        assert tags_of(again, 0, 1, 2, 3) == [("ICE",), ("ICE",), ("ICE",), ("alone",)]
        assert counted(again) == [("ICE", 3), ("alone", 1)]
        assert again.tag(url(3), ["icE"]) == ("ICE", "alone")
    with closing(sqlite3.connect(folder / "catalog.sqlite")) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (SCHEMA,)


def older(path: Path, tags: Iterable[tuple[str, str]]) -> None:
    """The catalog as releases before left it, with these tags by entry."""
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("DROP INDEX readings_uncounted")
        for table, column in (
            ("entries", "added_by"), ("entries", "edits"), ("captures", "added_by"), ("captures", "login"),
            ("captures", "memento"), ("readings", "counted"),
        ):  # fmt: skip
            db.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
        db.execute("DROP TABLE forgotten")
        db.execute("DROP TABLE tags")
        db.execute("CREATE TABLE tags (entry INTEGER NOT NULL, tag TEXT NOT NULL, PRIMARY KEY (entry, tag)) STRICT")
        db.executemany("INSERT INTO tags SELECT num, ? FROM entries WHERE id = ?", [(tag, of) for of, tag in tags])
        db.execute("DELETE FROM migrations WHERE number > 3")
        db.execute("PRAGMA user_version = 3")


@given(st.lists(st.text(max_size=4)), st.lists(st.text(max_size=4)))
def test_laws_of_tags(tags: list[str], those: list[str]) -> None:
    for tag in tags:
        assert tag_key(cleaned(tag)) == tag_key(tag) == tag_key(tag_key(tag))
    left = without(tags, those)
    assert left <= set(tags)
    assert not {tag_key(tag) for tag in left} & {tag_key(tag) for tag in those}
    assert without(tags, []) == set(tags)


def test_a_tag_without_a_character_is_refused(desk: Desk) -> None:
    with pytest.raises(UsageError, match="a tag has"):
        desk.tag(url(0), ["good", "  "])
    assert tags_of(desk, 0) == [()]


# -- many articles -----------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_many_are_marked_as_they_come_and_indexed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with filled(tmp_path, 450) as desk:
        updates = []
        update = desk.index.update

        def counted_update() -> None:
            updates.append(desk.index.lag())
            update()

        monkeypatch.setattr(desk.index, "update", counted_update)
        taken: list[int] = []

        def refs() -> Iterator[str]:
            for number in range(450):
                taken.append(number)
                yield url(number)

        done = desk.tag_all(refs(), ["Ferry"])
        first = next(done)
        assert (first.ref, first.tags, first.error) == (url(0), ("Ferry",), None)
        assert len(taken) < 450, "no list is read to its end before anything is done"
        assert len(list(done)) == 449
        assert updates == [450]
        assert desk.search("tag:ferry").total == 450
        assert all(one.note == "all of them" for one in desk.note_all(map(url, range(450)), "all of them"))
        assert updates == [450, 450]
        assert {one.tags for one in desk.tag_all(map(url, range(450)))} == {("Ferry",)}
        assert updates == [450, 450], "looking changes nothing"


def test_what_means_nothing_comes_with_its_error(desk: Desk) -> None:
    done = list(desk.tag_all([url(0), "https://nowhere.example/", url(1)], ["seen"], ["unseen"]))
    assert [one.tags for one in done] == [("seen",), (), ("seen",)]
    assert isinstance(done[1].error, NotFoundError)
    with pytest.raises(NotFoundError):
        desk.note("https://nowhere.example/", "lost")


def test_who_stops_early_keeps_what_was_done(desk: Desk) -> None:
    done = desk.tag_all([url(0), url(1)], ["seen"])
    next(done)
    done.close()
    assert desk.search("tag:seen").total == 2
