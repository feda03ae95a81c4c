"""A copy is an archive: consistent beside a writer, incremental, resumable, without what was forgotten (`copy`)."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from pathlib import Path

import pytest
from captures import opened, page, put
from commands import Command
from faulty import Counting, Failing, Stop, Stopping
from newsroom import Newsroom
from test_forget import OTHER, PAGE, PLAIN, TEXT, story, traces

from archive import StorageError, UsageError, create_archive, entry_id, open_archive
from archive.copying import copy
from archive.storage import Catalog
from archive.storage.verify import verify
from archive.urls import key


def filled(folder: Path, names: str, max_warc: int = 2**30) -> None:
    """Each name is a page of one commit."""
    for name in names:
        with opened(folder, max_warc=max_warc) as store, store.batch():
            put(store, page(f"https://paper.example/{name}", story(name, f"{name} {TEXT}").encode()))


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "archive"
    create_archive(folder).close()
    filled(folder, "abc", max_warc=1200)
    return folder


def urls(folder: Path) -> set[str]:
    with Catalog(folder / "catalog.sqlite") as catalog:
        return {entry.url for entry in catalog.entries()}


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for part in ("warc", "manifest") for path in (folder / part).glob("*0*")}


def test_a_copy_has_all_and_later_only_what_is_new(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy"
    first = copy(source, target)
    assert first.copied == sum(path.stat().st_size for path in (source / "warc").glob("*.gz"))
    assert bytes_of(target) == bytes_of(source)
    assert copy(source, target).copied == 0
    filled(source, "d", max_warc=1200)
    again = copy(source, target)
    assert 0 < again.copied < first.copied
    assert bytes_of(target) == bytes_of(source)
    assert list(verify(target)) == []
    assert urls(target) == urls(source)
    filled(target, "e")  # restored: it goes on by itself
    assert list(verify(target)) == []


@pytest.mark.slow
def test_a_copy_is_searched_and_forgets(newsroom: Newsroom, tmp_path: Path) -> None:
    """By the commands: what was forgotten is in no file of the copy, its index included, the next time it is copied."""
    backfile = Command(tmp_path / "archive", newsroom)
    newsroom.add(PAGE, story("Marzipan for all", TEXT))
    newsroom.add(OTHER, story("The ferry stays", PLAIN))
    assert backfile("add", PAGE, OTHER).code == 0
    target = tmp_path / "copy"
    assert backfile("copy", str(target)).code == 0
    assert len(backfile("--dir", str(target), "search", "marzipan", "--json").rows) == 1
    assert traces(target)
    assert backfile("forget", PAGE, "--reason", "asked to").code == 0
    (row,) = backfile("copy", str(target), "--json").rows
    assert row["forgot"] is True
    assert traces(target) == []
    assert backfile("--dir", str(target), "verify").out == ""
    assert backfile("--dir", str(target), "show", OTHER, "--text").code == 0
    assert backfile("--dir", str(target), "show", PAGE).code == 3
    (row,) = backfile("copy", str(target), "--json").rows
    assert (row["copied"], row["forgot"]) == (0, False)


def test_what_is_no_copy_is_left_alone(source: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    create_archive(other).close()
    filled(other, "xyz")
    before = bytes_of(other)
    with pytest.raises(UsageError, match="no copy of this archive"):
        copy(source, other)
    assert bytes_of(other) == before
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "a.txt").write_text("mine")
    for place in (tmp_path / "full", source / "inside", source, source / "warc", tmp_path):
        with pytest.raises(UsageError):
            copy(source, place)
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["a.txt"]


def test_a_copy_that_was_written_to_is_left_alone(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy"
    copy(source, target)
    filled(target, "e")
    before = bytes_of(target)
    with pytest.raises(UsageError, match=r"no copy of this archive|was written to"):
        copy(source, target)
    assert bytes_of(target) == before


@pytest.mark.parametrize("forget", [False, True])
def test_a_stop_or_a_failure_at_every_operation(source: Path, tmp_path: Path, forget: bool) -> None:
    """Whatever ends it: the same call goes on, and the copy is as it should be."""
    made = tmp_path / "made"
    copy(source, made)
    filled(source, "d", max_warc=1200)
    if forget:
        with open_archive(source) as archive:
            archive.forget([entry_id(key("https://paper.example/a"))], "asked to")
    shutil.copytree(made, tmp_path / "count")
    ops = Counting()
    copy(source, tmp_path / "count", ops=ops)
    for at in range(1, ops.count + 1):
        for number, broken in enumerate((Stopping(at, torn=True), Failing(at))):
            target = tmp_path / f"{at}-{number}"
            shutil.copytree(made, target)
            with pytest.raises((Stop, StorageError, OSError)):
                copy(source, target, ops=broken)
            copy(source, target)
            assert bytes_of(target) == bytes_of(source)
            assert list(verify(target)) == []
            assert urls(target) == urls(source)


@pytest.mark.parametrize("rounds", [4, pytest.param(60, marks=pytest.mark.kills)])
def test_kills_beside_a_writer(source: Path, tmp_path: Path, rounds: int) -> None:
    """Whenever it is killed, and whatever is written meanwhile, a copy that has ended is whole."""
    target, chance = tmp_path / "copy", random.Random(3)
    for number in range(rounds):
        child = os.fork()
        if child == 0:
            try:
                copy(source, target)
            finally:
                os._exit(0)
        filled(source, chr(ord("A") + number % 26) + str(number)[-1], max_warc=5000)
        time.sleep(chance.uniform(0, 0.05))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        copy(source, target)
        assert list(verify(target)) == []
        assert urls(target) == urls(source)
