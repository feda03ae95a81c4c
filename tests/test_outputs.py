"""What is written never lands on what an archive is made of, and never keeps a password of a refused address."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from newsroom import Newsroom
from test_import import Opened, opened, story, write  # noqa: F401 - `opened` is a fixture

from archive import (
    Archive,
    ArchiveSettings,
    ExportFormat,
    ExportStamp,
    NotFoundError,
    Outcome,
    SettingsError,
    UsageError,
    WatchSettings,
    create_archive,
    export_entries,
    read_items,
)
from archive.urls import parse, veiled

OURS = [
    "warc/backfile.warc.gz", "warc/new/x.csv", "catalog.sqlite", "catalog.sqlite-wal", "backfile.toml",
    "rules.toml", "index/x", "sub/../warc/x.gz", "rejects-1.jsonl", "link/x.gz", "same.csv",
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An archive with all that it may have, and with two other ways to what is its own."""
    place = tmp_path / "a"
    create_archive(place).close()
    (place / "rules.toml").write_text("")
    (place / "sub").mkdir()
    (place / "index").mkdir()
    (place / "link").symlink_to(place / "warc")
    (place / "same.csv").hardlink_to(place / "backfile.toml")
    return place


def export(folder: Path, target: Path) -> None:
    with Archive(folder, ArchiveSettings()) as archive:
        export_entries(archive, [], ExportFormat.CSV, ExportStamp("", datetime.now(UTC), "x"), target)


@pytest.mark.parametrize("name", OURS)
def test_an_export_never_replaces_what_is_ours(name: str, folder: Path) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(UsageError, match="is part of the archive in"):
        export(folder, folder / name)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_an_export_never_replaces_what_is_another_archives(folder: Path, tmp_path: Path) -> None:
    create_archive(tmp_path / "b").close()
    with pytest.raises(UsageError, match="is part of the archive in"):
        export(folder, tmp_path / "b" / "warc" / "x.gz")


@pytest.mark.parametrize("name", ["ice.csv", "index.csv", "sub/warc", "catalog.csv", "warc.csv"])
def test_an_export_may_lie_beside_it(name: str, folder: Path) -> None:
    export(folder, folder / name)
    assert (folder / name).exists()


@pytest.mark.parametrize("name", [*OURS[:8], "../x.xml", "sub/../../x", "/tmp/x.xml"])
def test_the_atom_feed_stays_in_the_folder_and_off_what_is_ours(name: str, folder: Path) -> None:
    """The key is named, before anything is asked; and by `write_atom` too."""
    with Archive(folder, ArchiveSettings(watch=WatchSettings(atom=name))) as archive:
        with pytest.raises(SettingsError) as told:
            list(archive.watches.run())
        assert told.value.key == "watch.atom"
        with pytest.raises(SettingsError):
            archive.watches.write_atom(folder / name, archive.log_id())


def test_the_atom_feed_is_written_in_the_folder(folder: Path) -> None:
    with Archive(folder, ArchiveSettings(watch=WatchSettings(atom="sub/news.xml"))) as archive:
        list(archive.watches.run())
        archive.watches.write_atom(folder / "sub" / "news.xml", archive.log_id())
        with pytest.raises(UsageError):
            archive.watches.write_atom(folder / "warc" / "x", archive.log_id())
    assert (folder / "sub" / "news.xml").read_text().startswith("<?xml")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://user:hunter2@a.example/x", "https://…@a.example/x"),
        ("https://token@a.example/", "https://…@a.example/"),
        ("see https://a:b@c.example, http://d:e@f.example.", "see https://…@c.example, http://…@f.example."),
        ('{"u": "https:\\/\\/a:hunter2@c.example"}', '{"u": "https:\\/\\/…@c.example"}'),
        ("ftp://me:pw@h/", "ftp://…@h/"),
        ("https://a.example/@user:x@y", "https://a.example/@user:x@y"),
        ("mail me@a.example", "mail me@a.example"),
        ("https://a.example:8080/?u=a:b@c", "https://a.example:8080/?u=a:b@c"),
        ("https://p@ss:word@a.example/", "https://…@a.example/"),
    ],
)
def test_names_and_passwords_are_veiled(text: str, shown: str) -> None:
    assert veiled(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("http://me:hunter 2@a.example/x", "http://…@a.example/x"),
        ("http://me:hun/ter2@a.example/x", "http://…@a.example/x"),
        ("//me:hunter2@a.example/x", "//…@a.example/x"),
        ("me:hunter2@a.example/x", "…@a.example/x"),
        ("https:/me:hunter2@a.example/x", "https:/…@a.example/x"),
        ("https:\\\\me:hunter2@a.example/x", "https:\\\\…@a.example/x"),
        ("me:hun:ter@2@a.example", "…@a.example"),
        ("http://a.example:99999/@me", "http://a.example:99999/@me"),
        ("mailto:me@a.example", "mailto:me@a.example"),
        ("ftp://a.example/me:x@y", "ftp://a.example/me:x@y"),
        ("http://münchen.example:0/…", "http://münchen.example:0/…"),
    ],
)
def test_refused_addresses_are_shown_without_names_and_passwords(text: str, shown: str) -> None:
    """In whatever way they are written wrongly, and as people write: no escapes of letters."""
    with pytest.raises(UsageError) as refused:
        parse(text)
    assert repr(shown) in str(refused.value)
    assert "hun" not in str(refused.value)


def test_a_password_is_nowhere_after_an_import(newsroom: Newsroom, opened: Opened, tmp_path: Path) -> None:  # noqa: F811
    """Not in what is said, nor in any file of the archive."""
    bad = "https://user:hunter2@a.example/"
    given = [
        write(tmp_path, "links.txt", f"{bad}\n{newsroom.add('https://a.example/1', story('One'))}\n"),
        write(tmp_path, "links.csv", f"url,title\n{bad},One\n"),
        write(tmp_path, "links.jsonl", json.dumps({"url": bad, "title": "One"}).replace("/", "\\/") + "\n"),
    ]
    archive = opened()
    said = [item.detail + item.url for file in given for item in archive.import_files([file])]
    said += [repr(found) for file in given for found in read_items(file)]
    others = ["//user:hunter2@a.example/", "user:hunter2@a.example", "https://user:x hunter2@a.example/"]
    refused = list(archive.add([bad, *others]))
    assert [added.outcome for added in refused] == [Outcome.REFUSED] * 4
    said.append(repr(refused))
    for ask in (lambda: archive.find(bad), lambda: archive.watches.add(bad)):
        with pytest.raises((NotFoundError, UsageError)) as told:
            ask()
        said.append(str(told.value))
    assert "a.example" in "".join(said)
    assert "hunter2" not in "".join(said)
    archive.close()
    for path in archive.folder.rglob("*"):
        assert path.is_dir() or b"hunter2" not in path.read_bytes(), path
