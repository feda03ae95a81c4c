"""Bytes that are no UTF-8, names that are hard to type, and signals: what people hand to the command by accident."""

from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path

import pytest
from commands import Command, run
from newsroom import Newsroom

from archive import Outcome, create_archive, open_archive
from archive.storage.catalog.database import _as_ours

BYTE = os.fsdecode(b"caf\xe9")  # Latin-1: no UTF-8, and a name that a file can have


TEXT = "The council of Lindholm met on Tuesday to talk about the old bridge, and Mayor Ada Brandt spoke for it. " * 4
PAGE = "https://paper.example/bridge"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, newsroom_server: Newsroom) -> Command:
    """An archive with one page."""
    newsroom_server.reset()
    newsroom_server.add(PAGE, f"<title>A bridge</title><article><h1>A bridge</h1><p>{TEXT}</p></article>")
    command = Command(tmp_path_factory.mktemp("typed") / "archive", newsroom_server)
    assert command("add", PAGE).code == 0
    return command


@pytest.fixture
def backfile(tmp_path: Path, newsroom: Newsroom) -> Command:
    newsroom.add(PAGE, f"<html><title>A bridge</title><body><article><h1>A bridge</h1><p>{TEXT}</p></article>")
    return Command(tmp_path / "my archive", newsroom)


@pytest.mark.parametrize(
    "words",
    [
        ("search", BYTE), ("tag", "URL", BYTE), ("note", "URL", BYTE), ("edit", "URL", "--title", BYTE),
        ("saved", "add", BYTE, "raid"), ("saved", "add", "raids", BYTE), ("watch", "add", BYTE),
        ("add", f"https://www.paper.example/{BYTE}"), ("--by", BYTE, "tag", "URL", "x"), ("show", BYTE),
        ("token", "add", BYTE, "--scope", "read"), ("forget", "URL", "--reason", BYTE), ("suggest", "person", BYTE),
    ],
    ids=" ".join,
)  # fmt: skip
def test_bytes_that_are_no_text_are_refused_and_change_nothing(filled: Command, words: tuple[str, ...]) -> None:
    before = filled("show", PAGE, "--json").out
    done = filled(*(PAGE if word == "URL" else word for word in words))
    assert (done.code, "is not text in UTF-8" in done.err) == (2, True), done.err
    assert filled("show", PAGE, "--json").out == before


def test_a_list_in_another_encoding_is_read(backfile: Command) -> None:
    added = backfile("add", "-", "--json", stdin=f"{BYTE} {PAGE}\nhttps://nobody.example/{BYTE}\n")
    assert {row["url"]: row["outcome"] for row in added.rows} == {
        PAGE: "ok",
        "https://nobody.example/café": "not found",
    }
    assert backfile("tag", "-", "seen", stdin=f"\ufeff{PAGE}\n").code == 0


def test_an_address_that_is_no_text_is_refused_from_python(tmp_path: Path) -> None:
    create_archive(tmp_path / "a").close()
    with open_archive(tmp_path / "a") as archive:
        assert [one.outcome for one in archive.add([f"https://paper.example/{BYTE}"])] == [Outcome.REFUSED]


def test_files_may_have_names_that_are_no_text(backfile: Command) -> None:
    row = {"url": "https://www.paper.example/a", "title": "Raid at the docks", "text": "Nine were led away. " * 9}
    file = backfile.folder / f"{BYTE}.jsonl"
    file.write_text(json.dumps(row) + "\nno row\n")
    assert backfile("import", file.name).code == 0
    again = backfile("import", file.name)
    assert (again.code, "nothing was left to do" in again.err) == (0, True), again.err
    assert backfile("import", "--resume").code == 0
    assert len(backfile("jobs", "--json").rows) == 1


def test_a_folder_may_have_a_name_that_is_no_text(tmp_path: Path, newsroom: Newsroom) -> None:
    backfile = Command(tmp_path / BYTE, newsroom)
    (backfile.folder / "list.txt").write_text(PAGE)
    assert backfile("import", "list.txt", "--no-fetch").code == 0
    assert backfile("rebuild").code == 0
    assert [row["number"] for row in backfile("jobs", "--json").rows] == [1]  # which warc/ knows nothing of
    assert backfile("verify").code == 0


def test_a_name_that_no_file_can_have_is_told(backfile: Command) -> None:
    done = backfile("export", "-o", f"{'x' * 255}.csv")
    assert (done.code, done.err.count("\n")) == (7, 1)
    assert "File name too long" in done.err


@pytest.mark.parametrize(("name", "there"), [("my archive", "'my archive'"), ("-x", "./-x"), ("a'b", """'a'"'"'b'""")])
def test_init_says_what_can_be_typed(tmp_path: Path, name: str, there: str) -> None:
    made = run("init", "--", name, cwd=tmp_path)
    assert f"cd {there} && backfile add URL" in made.err


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("backfile.toml", b"[links]\n# caf\xe9\n", "backfile.toml: line 2 is not text in UTF-8"),
        ("rules.toml", b"\n\n# caf\xe9\n", "rules.toml: line 3 is not text in UTF-8"),
        ("backfile.toml", b"[fetch]\ntimeout = nan\n", "backfile.toml: fetch.timeout: must be a number, not nan"),
        ("backfile.toml", b"[fetch]\ndelay = inf\n", "backfile.toml: fetch.delay: must be a number, not inf"),
        ("backfile.toml", b"[web]\nport = 99999\n", "backfile.toml: web.port: must be 65535 or less, not 99999"),
        ("backfile.toml", b"[web]\nports = 9\n", "backfile.toml: web.ports: unknown key"),
        ("backfile.toml", b"[fetch]\nper_host = 0\n", "backfile.toml: fetch.per_host: must be 1 or more, not 0"),
        ("backfile.toml", b"[search]\nseconds = 0\n", "backfile.toml: search.seconds: must be 0.001 or more, not 0"),
        (
            "backfile.toml",
            b"[watch.email]\nsecurity = 'ssl'\n",
            "backfile.toml: watch.email.security: must be 'starttls' or 'tls' or 'none', not 'ssl'",
        ),
    ],
)
def test_a_file_that_cannot_be_read_says_where(backfile: Command, file: str, text: bytes, said: str) -> None:
    (backfile.folder / file).write_bytes(text)
    done = backfile("search", "raid")
    assert (done.code, said in done.err) == (4, True), done.err


def test_an_editor_may_begin_the_settings_with_a_mark(backfile: Command) -> None:
    file = backfile.folder / "backfile.toml"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    assert backfile("status").code == 0


def test_a_disk_without_room_is_told_as_that(tmp_path: Path) -> None:
    """What SQLite calls an I/O error: /proc has no room for anything, which is all that is looked at here."""
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorname = "SQLITE_IOERR_SHMSIZE"
    assert "No space left on device" in str(_as_ours(error, Path("/proc/catalog.sqlite")))
    assert "disk I/O error" in str(_as_ours(error, tmp_path / "catalog.sqlite"))
