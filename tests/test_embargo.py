"""What is under embargo is shown nowhere until its day, is all there, and comes back by itself."""

from __future__ import annotations

import json
import shutil
import sqlite3
import zipfile
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import pytest
from commands import Command
from newsroom import Newsroom
from test_forget import OTHER, PAGE, PLAIN, TEXT, story
from website import serving

from archive import ExportFormat, NotFoundError, Outcome, UsageError, create_archive, open_archive
from archive.storage.catalog.rows import time_text
from archive.storage.places import CATALOG
from archive.storage.verify import verify
from backfile.desk import Desk, create_desk, open_desk
from backfile.web.routes import ROUTES

FAR = datetime(2999, 1, 1, tzinfo=UTC)
FAR_TEXT = time_text(FAR)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, newsroom_server: Newsroom) -> Path:
    """A story, and another one that cites it."""
    newsroom_server.reset()
    newsroom_server.add(PAGE, story("Marzipan for all", TEXT))
    newsroom_server.add(OTHER, story("The ferry stays", PLAIN, "https://sho.rt/z"))
    newsroom_server.redirect("https://sho.rt/z", PAGE)
    folder = tmp_path_factory.mktemp("embargo") / "archive"
    create_archive(folder).close()
    (folder / "backfile.toml").write_text(newsroom_server.toml())
    return filled(folder)


def filled(folder: Path) -> Path:
    with open_desk(folder) as desk:
        assert [one.outcome for one in desk.add([OTHER])] == [Outcome.OK, Outcome.OK]
    return folder


@pytest.fixture
def folder(tmp_path: Path, made: Path) -> Path:
    shutil.copytree(made, tmp_path / "archive")
    return tmp_path / "archive"


def hide(folder: Path, until: datetime = FAR) -> str:
    """Hides the story; returns its id."""
    with open_desk(folder) as desk:
        id_ = desk.find(PAGE).id
        (hidden,) = desk.hide([id_], until, "the trial is on")
        assert (hidden.id, hidden.title, hidden.reason, hidden.until) == (
            id_, "Marzipan for all", "the trial is on", until,
        )  # fmt: skip
        return id_


def shown(desk: Desk) -> set[str]:
    """Titles of what is found."""
    return {hit.title for hit in desk.search("").hits}


def is_all_there(desk: Desk) -> None:
    """Whether the story is shown wherever it can be."""
    found = desk.find(PAGE)
    assert shown(desk) == {"Marzipan for all", "The ferry stays"}
    assert found.reading.mentions
    assert [one.title for one in found.cited_by] == ["The ferry stays"]
    assert [one.id for one in desk.find(OTHER).sources] == [found.id]
    assert "Quintessa Xylander" in {one.name for one in desk.names()}


def is_nowhere(desk: Desk, id_: str, capture: str) -> None:
    """Whether nobody can come upon the story."""
    assert shown(desk) == {"The ferry stays"}
    assert desk.search("marzipan").total == 0
    (facet,) = desk.facets("", ["person"])
    assert "Quintessa Xylander" not in {one.value for one in facet.values}
    names = {one.name: one.stories for one in desk.names()}
    assert "Quintessa Xylander" not in names
    assert names["Ada Brandt"] == 1
    assert desk.archive.counts().articles == 1
    assert desk.archive.get(id_) is None
    assert [one.id for one in desk.archive.entries()] == [desk.find(OTHER).id]
    assert [one.id for one in desk.find(OTHER).sources] == [None]
    for ask in (
        lambda: desk.find(PAGE), lambda: desk.find(capture), lambda: desk.page(PAGE), lambda: desk.payload(capture),
        lambda: desk.archive.captures(id_), lambda: desk.archive.versions(id_), lambda: desk.archive.article(id_, 1),
        lambda: desk.archive.resources(capture), lambda: desk.sealed(capture), lambda: desk.capture(capture),
    ):  # fmt: skip
        with pytest.raises(NotFoundError, match="under embargo until 2999-01-01"):
            ask()


def test_it_is_shown_nowhere_and_lifted(folder: Path) -> None:
    with open_desk(folder) as desk:
        is_all_there(desk)
        capture = desk.find(PAGE).capture_id
    id_ = hide(folder)
    with open_desk(folder) as desk:
        is_nowhere(desk, id_, capture)
        desk.lift([id_])
        is_all_there(desk)
        assert desk.hidden() == []
        with pytest.raises(NotFoundError, match="under no embargo"):
            desk.lift([id_])


@pytest.mark.slow
def test_a_rebuild_keeps_it_hidden(folder: Path) -> None:
    id_ = hide(folder)
    with open_desk(folder) as desk:
        desk.rebuild()
        assert [one.id for one in desk.hidden()] == [id_]
        assert shown(desk) == {"The ferry stays"}
        assert "Quintessa Xylander" not in {one.name for one in desk.names()}
        desk.lift([id_])
        desk.rebuild()
        is_all_there(desk)
    assert list(verify(folder)) == []


def test_it_comes_back_by_itself(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On the day, with the next question that is asked."""
    id_ = hide(folder, datetime.now(UTC) + timedelta(days=2))
    with open_desk(folder) as desk:
        assert shown(desk) == {"The ferry stays"}

    class Later(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return datetime.now(UTC) + timedelta(days=3)

    monkeypatch.setattr("archive.storage.catalog.forget.datetime", Later)
    with open_desk(folder) as desk:
        assert desk.archive.get(id_) is not None, "as soon as the day has come"
        is_all_there(desk)
        assert desk.hidden() == []
        before = desk.archive.last_change()
        is_all_there(desk)
        assert desk.archive.last_change() == before, "it comes back once"
    assert list(verify(folder)) == []


def test_what_is_captured_meanwhile_is_kept_and_hidden(folder: Path, newsroom: Newsroom) -> None:
    newsroom.add(PAGE, story("Marzipan for some", TEXT.replace("Tuesday", "Friday")))
    id_ = hide(folder)
    with open_desk(folder) as desk:
        assert [one.id for one in desk.add([PAGE], again=True)] == [id_]
        assert shown(desk) == {"The ferry stays"}
        desk.lift([id_])
        assert desk.find(PAGE).versions == 2


def test_nobody_hides_until_yesterday_or_what_is_not_there(folder: Path) -> None:
    with open_desk(folder) as desk:
        with pytest.raises(UsageError, match="is past"):
            desk.hide([desk.find(PAGE).id], datetime(2020, 1, 1, tzinfo=UTC), "late")
        with pytest.raises(NotFoundError):
            desk.hide(["aaaaaaaaaaaa"], FAR, "nothing")


def test_a_copy_and_a_package(folder: Path, tmp_path: Path) -> None:
    """A package leaves it out and says so; a copy has it, and hides it."""
    id_ = hide(folder)
    with open_desk(folder) as desk:
        package = tmp_path / "all.wacz"
        done = desk.export(package, format=ExportFormat.WACZ)
        assert (done.count, done.hidden) == (1, 1)
        desk.copy(tmp_path / "copy")
    with zipfile.ZipFile(package) as members:
        assert "1 articles of it are under embargo" in json.loads(members.read("datapackage.json"))["description"]
        assert b"zanzibar" not in members.read("pages/pages.jsonl") + members.read("indexes/index.cdxj")
    with open_desk(tmp_path / "copy") as copy:
        assert shown(copy) == {"The ferry stays"}
        assert [one.id for one in copy.hidden()] == [id_]
        copy.lift([id_])
        assert "Marzipan for all" in shown(copy)


def test_what_is_hidden_can_be_forgotten(folder: Path) -> None:
    id_ = hide(folder)
    with open_desk(folder) as desk:
        desk.forget([desk.named_or_hidden(PAGE)], "asked to")
        assert desk.hidden() == []
        with pytest.raises(NotFoundError, match="nothing is archived"):
            desk.find(id_)
    with open_archive(folder) as archive:
        assert archive.get(id_) is None


def test_the_command(folder: Path, newsroom: Newsroom, tmp_path: Path) -> None:
    backfile = Command(tmp_path / "other", newsroom)
    backfile.folder.joinpath("backfile.toml").unlink()
    shutil.rmtree(backfile.folder)
    shutil.copytree(folder, backfile.folder)
    dry = backfile("forget", PAGE, "--until", "2999-01-01", "--reason", "a trial", "--dry-run")
    assert "would be hidden until 2999-01-01 00:00 UTC" in dry.err
    (row,) = backfile("forget", PAGE, "--until", "2999-01-01", "--reason", "a trial", "--json").rows
    assert (row["reason"], row["until"]) == ("a trial", "2999-01-01T00:00:00Z")
    gone = backfile("show", PAGE)
    assert gone.code == 3
    assert "under embargo until 2999-01-01" in gone.err
    assert "a trial" not in gone.err, "why is for whoever lists what is hidden"
    assert backfile("forget", "--list", "--json").rows == [row]
    assert "1 under embargo are not in it." in backfile("export", "-o", str(tmp_path / "all.csv")).err
    assert backfile("forget", "--lift", PAGE).code == 0
    assert backfile("show", PAGE).code == 0
    assert backfile("forget", PAGE).code == 2, "it asks for a reason"
    assert backfile("forget", "--lift").code == 2


def test_no_name_is_spelled_as_only_it_does(tmp_path: Path, newsroom: Newsroom) -> None:
    """Where others name the same, in names, facets, suggestions, aliases and articles."""
    hidden = "Zoë Lindqvist of the Justice Department met the council on Tuesday, and the harbour stays open all year."
    shown_text = "Zoe Lindqvist of the Department of Justice met the council on Friday, and the ferry goes on for now."
    newsroom.add(PAGE, story("The harbour", hidden * 3))
    newsroom.add(OTHER, story("The ferry", shown_text * 3))
    create_archive(tmp_path / "names").close()
    (tmp_path / "names" / "backfile.toml").write_text(newsroom.toml())
    with open_desk(tmp_path / "names") as desk:
        assert [one.outcome for one in desk.add([PAGE, OTHER])] == [Outcome.OK, Outcome.OK]
        before = said_of_names(desk)
        assert {"Zoë Lindqvist", "Zoe Lindqvist", "Justice Department", "Department of Justice"} <= set(before)
        desk.hide([desk.find(PAGE).id], FAR, "the trial is on")
        after = said_of_names(desk)
        assert {"Zoe Lindqvist", "Department of Justice"} <= set(after)
        assert not {"Zoë Lindqvist", "Justice Department"} & set(after)
        assert list(verify(desk.archive.folder)) == []
        newsroom.add(PAGE, story("The harbour", hidden * 4))
        assert [one.new_version for one in desk.add([PAGE], again=True)] == [True]
        assert said_of_names(desk) == after, "also when it is captured meanwhile"
        desk.lift([desk.named_or_hidden(PAGE)])
        assert set(said_of_names(desk)) == set(before)
        desk.hide([desk.find(PAGE).id], FAR, "the trial is on")
        desk.forget([desk.named_or_hidden(PAGE)], "asked to")
        assert said_of_names(desk) == after
        assert list(verify(desk.archive.folder)) == []


def test_a_catalog_from_before_counts_its_names_no_longer(folder: Path) -> None:
    """Of an older format: the next command that writes takes them out."""
    with open_desk(folder) as desk:
        id_ = desk.find(PAGE).id
    with closing(sqlite3.connect(folder / CATALOG)) as db:
        db.executescript(
            "DROP INDEX readings_uncounted; DROP INDEX forgotten_until; ALTER TABLE readings DROP COLUMN counted;"
            "DELETE FROM migrations WHERE number = 7; PRAGMA user_version = 6;"
        )
        db.execute("INSERT INTO forgotten VALUES (?, '2026-01-01T00:00:00.000000Z', 'a trial', ?)", (id_, FAR_TEXT))
        db.commit()
    with open_desk(folder) as desk:
        desk.tag(OTHER, ["later"])
        assert "Quintessa Xylander" not in {one.name for one in desk.names()}
        assert list(verify(folder)) == []
        desk.lift([id_])
        is_all_there(desk)
    assert list(verify(folder)) == []


def said_of_names(desk: Desk) -> list[str]:
    """Every name of a person or an organisation that somebody who asks is shown, as it is spelled, and how often."""
    desk.search("")
    facets = [one.value for facet in desk.facets("", ["person", "org"]) for one in facet.values]
    listed = [word for one in desk.names() for word in (one.name, *one.aliases, *one.evidence, str(one.stories))]
    entry = desk.find(OTHER)
    own = [word for one in entry.reading.mentions for word in (one.canonical, one.text, *one.aliases)]
    return sorted([*facets, *listed, *own])


@pytest.mark.slow
def test_no_door_shows_it(folder: Path) -> None:
    """Pages, feeds, suggestions, API: what every route without a parameter says, and those of the article."""
    with open_desk(folder) as desk:
        capture = desk.find(PAGE).capture_id
    id_ = hide(folder)
    plain = {one.path for one in ROUTES if one.method == "GET" and "{" not in one.path}
    with serving(folder) as site:
        for path in sorted(plain - {"/api/v1/openapi.json"}):
            asked = site.get(f"{path}?q=lindholm&url={quote(PAGE)}").text.lower()
            said = site.get(path).text.lower()
            for word in ("marzipan", "quintessa", "xylander", "zweihander", "trial"):
                assert word not in asked + said, f"{path} says {word}"
            assert id_ not in said, path
        for path in (f"/article/{id_}", f"/article/{id_}/versions", f"/article/{id_}/proof", f"/page/{capture}"):
            assert site.get(path).status in (303, 404), path
            assert "marzipan" not in site.get(path).text.lower(), path
        assert site.get(f"/api/v1/articles/{id_}").status == 404


@pytest.mark.servers
def test_it_is_the_same_with_the_catalog_on_a_server(
    newsroom: Newsroom, postgresql: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hidden, rebuilt, back by itself, copied, forgotten: each of these tests begins with the story shown."""
    newsroom.add(PAGE, story("Marzipan for all", TEXT))
    newsroom.add(OTHER, story("The ferry stays", PLAIN, "https://sho.rt/z"))
    newsroom.redirect("https://sho.rt/z", PAGE)
    folder, catalog = tmp_path / "team", f"{postgresql}?schema=t{uuid4().hex}"
    create_desk(folder, catalog=catalog).close()
    (folder / "backfile.toml").write_text(f'{newsroom.toml()}\n[store]\ncatalog = "{catalog}"\n')
    filled(folder)
    assert not (folder / CATALOG).exists()
    test_it_is_shown_nowhere_and_lifted(folder)
    test_a_rebuild_keeps_it_hidden(folder)
    test_nobody_hides_until_yesterday_or_what_is_not_there(folder)
    with monkeypatch.context() as patched:
        test_it_comes_back_by_itself(folder, patched)
    test_a_copy_and_a_package(folder, tmp_path)
    with open_desk(folder) as desk:
        desk.lift([desk.named_or_hidden(PAGE)])
    test_what_is_hidden_can_be_forgotten(folder)
