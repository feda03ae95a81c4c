"""An archive whose catalog stands on PostgreSQL: every verb on it, and what is said where the server will not do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from sample_newsroom.server import Running, serve

from archive import DamagedError, JobKind, Kind, SettingsError, StorageError, UsageError
from archive.storage import Catalog
from archive.storage.catalog.database import connect
from archive.storage.catalog.dialect import BEGIN_WRITING, LOG
from archive.storage.catalog.transfer import tables, transfer
from archive.storage.places import CATALOG, catalog_of, server_of
from backfile.desk import Desk, create_desk, open_desk

pytestmark = pytest.mark.servers


@pytest.fixture(scope="module")
def sample() -> Iterator[Running]:
    with serve() as running:
        yield running


@pytest.fixture(scope="module")
def desk(sample: Running, tmp_path_factory: pytest.TempPathFactory, postgresql: str) -> Iterator[Desk]:
    """Pages of the sample newsroom and their sources, with the catalog on PostgreSQL."""
    folder, catalog = tmp_path_factory.mktemp("team") / "archive", address(postgresql)
    create_desk(folder, catalog=catalog).close()
    settings = f'{sample.settings()}\n[store]\ncatalog = "{catalog}"\n'
    (folder / "backfile.toml").write_text(settings, encoding="utf-8")
    with open_desk(folder) as desk:
        list(desk.add(sample.urls[:8], depth=1, tags=["dock"]))
        yield desk


def address(server: str) -> str:
    return f"{server}?schema=t{uuid4().hex}"


_SAID = {
    "entries": "SELECT id, key, url, final_url, outcome, title, version FROM entries",
    "versions": "SELECT id, number, v.title, text_digest FROM versions v JOIN entries e ON e.num = v.entry",
    "links": "SELECT id, n, l.key FROM links l JOIN entries ON num = entry",
    "names": "SELECT n.kind, canonical, n.country, site, stories, times, t.name, aliases "
    "FROM names n LEFT JOIN things t ON t.num = thing",
    "mentions": "SELECT e.id, kind, canonical, m.times FROM mentions m JOIN names n ON n.num = name "
    "JOIN entries e ON e.num = entry",
    "spellings": "SELECT canonical, text, s.stories FROM spellings s JOIN names n ON n.num = name",
}


def rows(place: Any) -> dict[str, list[tuple[Any, ...]]]:
    """All that a catalog says of pages, whatever its rows are numbered."""
    with closing(connect(place, write=False)) as db:
        return {name: sorted(db.execute(sql), key=repr) for name, sql in _SAID.items()}


def test_it_says_the_same_as_a_catalog_in_a_file(desk: Desk, tmp_path: Path) -> None:
    """A copy lies in its folder alone; what its catalog says, and what a rebuild of it says, is that, too."""
    there = rows(catalog_of(desk.folder))
    assert [len(there[name]) > 10 for name in there] == [True] * len(there)
    assert not (desk.folder / CATALOG).exists()
    desk.copy(tmp_path / "copy")
    assert catalog_of(tmp_path / "copy") == tmp_path / "copy" / CATALOG
    with open_desk(tmp_path / "copy") as copy:
        assert rows(tmp_path / "copy" / CATALOG) == there
        assert copy.archive.log_id() == desk.archive.log_id()
        assert copy.archive.names(Kind.PERSON) == desk.archive.names(Kind.PERSON)
        assert [hit.id for hit in copy.search("Sillmouth").hits] == [hit.id for hit in desk.search("Sillmouth").hits]
        assert copy.archive.entries() == desk.archive.entries()
        copy.rebuild()
    assert rows(tmp_path / "copy" / CATALOG) == there


def test_a_rebuild_makes_the_same_and_keeps_the_jobs(desk: Desk) -> None:
    place = catalog_of(desk.folder)
    before, log, jobs = rows(place), desk.archive.log_id(), desk.jobs()
    assert desk.rebuild() >= desk.archive.counts().captures
    assert rows(place) == before
    assert desk.archive.log_id() != log
    assert desk.jobs() == jobs
    assert list(desk.verify()) == []
    list(desk.add([desk.archive.entries()[0].url]))
    assert len(desk.jobs(*JobKind)) == len(jobs) + 2


def test_whoever_reads_a_moment_sees_it_whole_while_another_catalog_takes_its_place(desk: Desk) -> None:
    """The new one waits until the moment is over; it is there at once for who comes then."""
    with Catalog(catalog_of(desk.folder)) as reader, open_desk(desk.folder) as other:
        before = reader.counts()
        with reader.snapshot():
            assert reader.identity == desk.archive.log_id()
            rebuilding = Thread(target=other.archive.rebuild)
            rebuilding.start()
            rebuilding.join(1.5)
            assert rebuilding.is_alive()
            assert reader.counts() == before
            assert len(list(reader.entries())) == before.entries
        rebuilding.join(60)
        assert not rebuilding.is_alive()
        assert reader.counts().entries == before.entries
        assert reader.identity == other.archive.log_id() != ""


def test_what_a_person_does_is_kept_and_what_is_forgotten_is_gone(desk: Desk) -> None:
    one, two = (hit.id for hit in desk.search("tag:dock").hits[:2])
    desk.edit(one, title="A title \0 by hand", authors=["Ana\0"])
    desk.note(one, "a note with \0 in it")
    assert desk.archive.find(one).article.authors != ()  # type: ignore[union-attr]
    text = desk.archive.find(two).article.text[:60].encode()  # type: ignore[union-attr]
    assert desk.forget([two], "asked to") > 0
    assert desk.archive.get(two) is None
    assert list(desk.verify()) == []
    assert all(text not in path.read_bytes() for path in desk.folder.rglob("*") if path.is_file())


def test_a_follower_sees_changes_in_the_order_of_their_numbers(postgresql: str) -> None:
    """A second writer waits until the first has committed: none of its numbers is lower than one that was seen."""
    place = server_of(address(postgresql))
    with closing(connect(place, write=True)) as first, closing(connect(place, write=True)) as second:
        first.execute(BEGIN_WRITING)
        first.execute(f"{LOG} VALUES (?, ?)", ("early", 0))
        done: list[str] = []

        def write() -> None:
            second.execute(BEGIN_WRITING)
            second.execute(f"{LOG} VALUES (?, ?)", ("late", 0))
            second.execute("COMMIT")
            done.append("late")

        thread = Thread(target=write)
        thread.start()
        thread.join(0.5)
        assert done == []
        first.execute("COMMIT")
        thread.join(30)
        assert first.execute("SELECT id FROM changes ORDER BY seq").fetchall() == [("early",), ("late",)]


def test_a_catalog_goes_there_and_back(desk: Desk, postgresql: str, tmp_path: Path) -> None:
    """Row by row, on either side; numbers that the server gives go on behind those that came."""
    place, back = server_of(address(postgresql)), tmp_path / "back.sqlite"
    transfer(catalog_of(desk.folder), tmp_path / "there.sqlite")
    transfer(tmp_path / "there.sqlite", place)
    transfer(place, back)
    assert all_rows(back) == all_rows(tmp_path / "there.sqlite")
    with closing(connect(place, write=True)) as db:
        db.execute("INSERT INTO jobs (kind, source, settings, begun) VALUES ('add', '', '{}', '')")
        assert db.execute("SELECT count(*) FROM jobs").fetchone()[0] == len(all_rows(back)["jobs"]) + 1


def all_rows(path: Path) -> dict[str, list[Any]]:
    with closing(connect(path, write=False)) as db:
        return {
            table: sorted(db.execute(f"SELECT * FROM {table}"), key=repr) for table in tables() if table != "migrations"
        }


def test_many_statements_of_a_kind_are_one(desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What a batch of pages costs over a network: the same statements as on a file, few for each article."""
    from archive.storage.catalog import postgresql as make

    asked: list[str] = []
    for name in ("execute", "executemany", "each"):
        plain = getattr(make.Connection, name)

        def counted(self: Any, sql: str, *more: Any, plain: Any = plain) -> Any:
            asked.append(sql)
            return plain(self, sql, *more)

        monkeypatch.setattr(make.Connection, name, counted)
    count = desk.archive.rebuild()
    assert len(asked) <= 15 * count, sorted(asked)


# -- what will not do ----------------------------------------------------------------------------------------------


def test_what_will_not_do_is_one_sentence(postgresql: str, tmp_path: Path) -> None:
    taken = address(postgresql)
    create_desk(tmp_path / "first", catalog=taken).close()
    foreign = address(postgresql)
    with psycopg.connect(postgresql, autocommit=True) as db:
        db.execute(f"CREATE SCHEMA {server_of(foreign).schema}".encode())
        db.execute(f"CREATE TABLE {server_of(foreign).schema}.others (a int)".encode())
        db.execute("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    for catalog, error, said in (
        (taken, UsageError, "holds the catalog of an archive already"),
        (foreign, UsageError, "has tables of another program"),
        (postgresql.replace("/postgres", "/latin"), UsageError, "stores texts in LATIN1; a catalog needs"),
        (postgresql.replace("/postgres", "/nowhere"), StorageError, 'be reached: .*"nowhere" does not exist'),
        ("postgresql://127.0.0.1:9/x", StorageError, "cannot be reached: .*Connection refused"),
        ("postgresql://me:secret@127.0.0.1/x", UsageError, "no password in it: put that into the environment"),
        ("mysql://127.0.0.1/x", UsageError, "must be the address of a database"),
        ("postgresql://127.0.0.1/x?schema=a-b", UsageError, "names the schema 'a-b'"),
    ):  # fmt: skip
        with pytest.raises(error, match=said) as raised:
            create_desk(tmp_path / "other", catalog=catalog)
        assert "\n" not in str(raised.value)
        assert "secret" not in str(raised.value)
        assert not (tmp_path / "other").exists()


def test_a_missing_and_a_newer_catalog_and_bad_settings_are_named(postgresql: str, tmp_path: Path) -> None:
    catalog = address(postgresql)
    with create_desk(tmp_path / "archive", catalog=catalog) as desk, psycopg.connect(postgresql, autocommit=True) as db:
        schema = server_of(catalog).schema
        db.execute(f"UPDATE {schema}.meta SET value = '99' WHERE name = 'format'".encode())
        desk.archive.close()
        with pytest.raises(UsageError, match="written by a newer version of this program"):
            desk.status()
        db.execute(f"DROP SCHEMA {schema} CASCADE".encode())
        with pytest.raises(DamagedError, match="the catalog is missing; `backfile rebuild` makes it anew"):
            desk.status()
    (tmp_path / "archive" / "backfile.toml").write_text('[store]\ncatalog = "postgresql://a:b@c/d"\n')
    with (
        pytest.raises(SettingsError, match="must have no password in it"),
        open_desk(tmp_path / "archive") as desk,
    ):
        desk.status()


def test_a_connection_that_was_cut_is_made_anew(desk: Desk, postgresql: str) -> None:
    before = desk.archive.counts()
    with psycopg.connect(postgresql, autocommit=True) as db:
        db.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'backfile%'")
    with pytest.raises(StorageError, match="refused or went away"):
        desk.archive.counts()
    assert desk.archive.counts() == before
