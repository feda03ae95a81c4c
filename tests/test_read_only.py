"""An archive that may be read and not written: of another owner, or on a medium that is mounted read-only."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from test_archive_handed_in import PAPER, STORY, Shelf, over, story

from archive import StorageError, create_archive, open_archive
from index import Index, IndexStorageError, SearchSettings, Updated, open_index

NOBODY = 65534
WITHOUT_RIGHTS = ("setpriv", "--bounding-set=-all", "--inh-caps=-all")  # root that may do what others may
Ran = subprocess.CompletedProcess[str]
Reader = Callable[..., Ran]


def _as_somebody_else() -> tuple[str, ...]:
    """Whom to read as: root may write anywhere, so without its rights; skips where that cannot be done."""
    if os.geteuid():
        return ()
    if shutil.which("setpriv") is None:
        pytest.skip("setpriv is not here, and root may write anywhere")
    tried = subprocess.run([*WITHOUT_RIGHTS, sys.executable, "-c", "import archive"], capture_output=True, check=False)
    if tried.returncode:
        pytest.skip("root can put none of its rights away")
    return WITHOUT_RIGHTS


@pytest.fixture
def folder() -> Iterator[Path]:
    """An archive of two articles and its index, not yet closed to others; outside of pytest's own private folder."""
    with tempfile.TemporaryDirectory(prefix="backfile-read-only-") as made:
        Path(made).chmod(0o755)
        place = Path(made) / "archive"
        create_archive(place).close()
        with over(place, Shelf({STORY: story("The bridge", PAPER), PAPER: story("The paper")})) as archive:
            list(archive.add([STORY]))
            with open_index(archive, place) as index:
                index.update()
        yield place
        _allow(place, files=0o644, folders=0o755)


def _allow(folder: Path, *, files: int, folders: int) -> None:
    """The modes of what is in a folder; where root runs the tests, all of it is another one's."""
    folder.chmod(0o755)
    for path in (folder, *folder.rglob("*")):
        if not os.geteuid():
            os.chown(path, NOBODY, NOBODY)
        path.chmod(folders if path.is_dir() else files)
    folder.chmod(folders)


@pytest.fixture
def read(folder: Path) -> Reader:
    """`backfile` on the archive, which nobody may write any more."""
    under = _as_somebody_else()
    _allow(folder, files=0o444, folders=0o555)

    def run(*arguments: str, env: dict[str, str] | None = None) -> Ran:
        executable = Path(sys.executable).with_name("backfile")
        return subprocess.run(
            [*under, str(executable), "--dir", str(folder), *arguments], capture_output=True, text=True, timeout=120,
            check=False, cwd="/", env={**os.environ, **(env or {})},
        )  # fmt: skip

    return run


def _files(folder: Path) -> dict[str, tuple[int, int]]:
    return {str(path): (path.stat().st_size, path.stat().st_mtime_ns) for path in folder.rglob("*")}


@pytest.mark.parametrize(
    "arguments",
    [
        ("search", "bridge"),
        ("search", "--json", "bridge"),
        ("facets", "--facet", "person", "bridge"),
        ("show", STORY),
        ("links", STORY),
        ("versions", STORY),
        ("similar", STORY),
        ("export", "--format", "jsonl", "bridge"),
        ("status",),
        ("verify",),
        ("watch", "list"),
        ("saved", "list"),
    ],
    ids=" ".join,
)
def test_what_only_reads_works(folder: Path, read: Reader, arguments: tuple[str, ...]) -> None:
    before = _files(folder)
    done = read(*arguments)
    assert done.returncode == 0, done.stderr
    assert "index is made" not in done.stderr
    assert _files(folder) == before


def test_what_is_found_is_all_there_is(read: Reader) -> None:
    done = read("search", "--json", "bridge")
    assert {json.loads(line)["title"] for line in done.stdout.splitlines()} == {"The bridge", "The paper"}


@pytest.mark.parametrize(
    "arguments",
    [
        ("tag", STORY, "good"),
        ("add", STORY),
        ("rebuild",),
        ("reindex",),
        ("forget", STORY, "--reason", "x"),
        ("import", "list.txt"),
        ("tag", STORY, "--remove", "none"),
        ("watch", "run"),
        ("token", "add", "x", "--scope", "read"),
    ],
    ids=lambda arguments: " ".join(arguments[:2]),
)
def test_what_writes_says_that_it_may_not(folder: Path, read: Reader, arguments: tuple[str, ...]) -> None:
    before = _files(folder)
    (folder.parent / "list.txt").write_text("https://paper.example/another\n")
    done = read(*(str(folder.parent / one) if one == "list.txt" else one for one in arguments))
    assert done.returncode == 7
    assert "ermission denied" in done.stderr or "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr
    assert _files(folder) == before


def test_an_import_says_what_ended_it(read: Reader) -> None:
    """And not that the index cannot be written either."""
    done = read("import", "/nowhere.csv")
    assert (done.returncode, done.stderr) == (8, "backfile: /nowhere.csv: there is no such file\n")


@pytest.mark.parametrize("gone", ["no index", "an index of another version"])
def test_without_an_index_of_use_one_is_made_for_the_command(
    folder: Path, request: pytest.FixtureRequest, gone: str
) -> None:
    if gone == "no index":
        shutil.rmtree(folder / "index")
    else:
        pointer = folder / "index" / "current.json"
        pointer.write_text(json.dumps({**json.loads(pointer.read_text()), "schema": "x"}))
    read: Reader = request.getfixturevalue("read")
    before = _files(folder)
    with tempfile.TemporaryDirectory(prefix="backfile-read-only-") as aside:
        Path(aside).chmod(0o777)
        done = read("search", "--json", "bridge", env={"TMPDIR": aside})
        assert {json.loads(line)["title"] for line in done.stdout.splitlines()} == {"The bridge", "The paper"}
        assert "made for this once" in done.stderr
        assert list(Path(aside).iterdir()) == [], "nothing of it is left"
    assert _files(folder) == before


def test_what_its_owner_has_just_written_is_read_too(folder: Path, request: pytest.FixtureRequest) -> None:
    """The owner's catalog is open, with its newest changes in the log beside it."""
    with over(folder, None) as owner:
        owner.set_note(owner.find(STORY).id, "seen by the owner")
        assert (folder / "catalog.sqlite-wal").exists()
        read: Reader = request.getfixturevalue("read")
        done = read("note", STORY)
        assert (done.returncode, done.stdout.strip()) == (0, "seen by the owner")


def test_an_index_that_was_made_aside_is_gone_when_it_is_closed(folder: Path, tmp_path: Path) -> None:
    """And using it again begins where it should be."""

    class Refused(Index):
        def update(self, *args: Any, **kwargs: Any) -> Updated:
            if self.folder == folder / "index":
                raise IndexStorageError("it cannot be written", read_only=True)
            return super().update(*args, **kwargs)

    shutil.rmtree(folder / "index")
    told: list[str] = []
    with over(folder, None) as archive:
        index = Refused(archive, folder / "index", SearchSettings(), told.append)
        assert index.search("bridge").total == 2
        aside = index.folder
        index.close()
        assert not aside.exists()
        assert index.folder == folder / "index"
        assert index.search("bridge").total == 2
        index.close()
    assert len(told) == 2, told


def test_a_log_that_only_a_writer_can_read_is_named(folder: Path, request: pytest.FixtureRequest) -> None:
    """A crash left it, and a copy left out what would make it readable."""
    (folder / "catalog.sqlite-wal").write_bytes(b"changes")
    read: Reader = request.getfixturevalue("read")
    done = read("show", STORY)
    assert done.returncode == 7
    assert "copy the folder to such a place" in done.stderr


# -- a disk without any room -------------------------------------------------------------------------------------------


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own."""
    at = tmp_path / "disk"
    at.mkdir()
    mounted = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(at)]
    if shutil.which("mount") is None or subprocess.run(mounted, capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody mount")
    try:
        yield at
    finally:
        subprocess.run(["umount", "--lazy", str(at)], check=True)


def _fill(disk: Path) -> None:
    with suppress(OSError), (disk / "filled").open("wb", buffering=0) as file:
        while True:
            file.write(bytes(512))


def _asked(place: Path, *words: str) -> Ran:
    command = [sys.executable, "-m", "backfile", "--dir", str(place), *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


READING = [
    ("search", "bridge"), ("status",), ("show", STORY), ("links", STORY), ("tag", STORY), ("note", STORY),
    ("facets", "--facet", "site"), ("export", "--format", "jsonl"), ("verify",),
]  # fmt: skip


def test_a_disk_without_room_can_be_read(disk: Path, folder: Path) -> None:
    """Each command ended with "No space left on device": SQLite wants memory beside the catalog that it can share."""
    place = Path(shutil.copytree(folder, disk / "archive"))
    _fill(disk)
    for _ in range(2):  # what a writer leaves that finds no room must not matter
        for words in READING:
            done = _asked(place, *words)
            assert (done.returncode, "No space" in done.stderr) == (0, False), words
        refused = _asked(place, "tag", STORY, "later")
        assert (refused.returncode, "No space left on device" in refused.stderr) == (7, True)
    (disk / "filled").unlink()
    assert _asked(place, "tag", STORY, "later").returncode == 0
    assert "The bridge" in _asked(place, "search", "tag:later").stdout
    assert _asked(place, "verify").returncode == 0


def test_an_index_that_finds_no_room_is_made_elsewhere(disk: Path, folder: Path) -> None:
    place = Path(shutil.copytree(folder, disk / "archive"))
    shutil.rmtree(place / "index")
    _fill(disk)
    done = _asked(place, "search", "bridge")
    assert (done.returncode, "The bridge" in done.stdout) == (0, True)
    assert "in a place of its own" in done.stderr


def test_an_index_that_finds_no_room_answers_as_far_as_it_is(disk: Path, folder: Path) -> None:
    """What is marked after the index was made is not in it: each question tried to take it in, and ended there."""
    with open_archive(folder) as archive:
        archive.add_tags(archive.find(STORY).id, ["later"])
    place = Path(shutil.copytree(folder, disk / "archive"))
    _fill(disk)
    done = _asked(place, "search", "bridge")
    assert (done.returncode, "The bridge" in done.stdout) == (0, True), done.stderr


def test_who_reads_without_room_is_told_when_it_is_written_again(disk: Path, folder: Path) -> None:
    place = Path(shutil.copytree(folder, disk / "archive"))
    _fill(disk)
    with open_archive(place) as archive:
        assert archive.find(STORY).url == STORY
        (disk / "filled").unlink()
        with open_archive(place) as writer:
            writer.add_tags(writer.find(STORY).id, ["later"])
            with pytest.raises(StorageError, match="another process writes again"):
                archive.find(STORY)
            assert archive.find(STORY).tags == ("later",)
