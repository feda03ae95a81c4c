"""An archive moves from its folder to a bucket, whole, whatever stops it, and comes back."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from buckets import LocalBucket, serving
from captures import opened, page, put
from commands import run
from test_bucket import seen
from test_forget import TEXT, story

from archive import Archive, StorageError, UsageError, create_archive, entry_id, open_archive
from archive.storage import Act, ActKind
from archive.storage.catalog.comparing import different_rows
from archive.urls import key


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalBucket]:
    with serving(tmp_path_factory.mktemp("buckets")) as bucket, pytest.MonkeyPatch.context() as patch:
        for name, value in bucket.env.items():
            patch.setenv(name, value)
        yield bucket


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Five pages in several files, one of them twice, so that a record points into another file; a tag."""
    folder = tmp_path / "archive"
    create_archive(folder).close()
    for name in "abcdea":
        with opened(folder, max_warc=1200) as store, store.batch():
            put(store, page(f"https://paper.example/{name}", story(name, f"{name} {TEXT}").encode()))
    with open_archive(folder) as archive:
        archive.add_tags(entry_id(key("https://paper.example/b")), ["kept"])
    (folder / "rules.toml").write_text('hide = ["Nobody Knows"]\n')
    assert len(list((folder / "warc").glob("*.gz"))) > 3
    return folder


@pytest.fixture
def target(tmp_path: Path, bucket: LocalBucket) -> Path:
    folder = tmp_path / "team"
    create_archive(folder, {"store": {"captures": bucket.address(tmp_path.name)}}).close()
    return folder


@pytest.mark.slow
def test_all_of_it_is_there_as_it_was(source: Path, target: Path, bucket: LocalBucket, tmp_path: Path) -> None:
    done = run("move", str(source), "--to", str(target), "--json", cwd=tmp_path)
    assert done.code == 0, done.err
    (row,) = done.rows
    files = {path.name: path.read_bytes() for path in (source / "warc").glob("*.gz")}
    assert {path.name: path.read_bytes() for path in (bucket.folder / tmp_path.name / "warc").iterdir()} == files
    assert row["files"] == len(files)
    assert row["size"] == row["put"] == sum(map(len, files.values()))
    assert different_rows(source / "catalog.sqlite", target / "catalog.sqlite") == (row["rows"], [])
    with open_archive(source) as before, open_archive(target) as after:
        assert seen(before) == seen(after)
        assert list(after.verify()) == []
        after.add_tags(entry_id(key("https://paper.example/c")), ["new"])
        assert list(after.verify()) == []
        after.forget([entry_id(key("https://paper.example/d"))], "asked to")
        assert list(after.verify()) == []
        after.rebuild()
        assert after.find("https://paper.example/b").tags == ("kept",)
        assert len(after.entries()) == 4
        assert list(after.verify()) == []
    assert (target / "rules.toml").read_bytes() == (source / "rules.toml").read_bytes()


@pytest.mark.parametrize("after", range(2, 12))
def test_stopped_anywhere_it_goes_on(source: Path, target: Path, bucket: LocalBucket, after: int) -> None:
    with open_archive(source) as archive:
        bucket.allowed["PUT"] = after
        with suppress(StorageError):
            archive.move(target)
        bucket.allowed.clear()
        bucket.asked.clear()
        done = archive.move(target)
        assert done.put <= done.size
        again = archive.move(target)
        assert (again.put, again.rows) == (0, done.rows)
    with open_archive(target) as moved:
        assert list(moved.verify()) == []


def test_what_does_not_read_back_is_told(source: Path, target: Path, bucket: LocalBucket, tmp_path: Path) -> None:
    with open_archive(source) as archive:
        archive.move(target)
        path = next((bucket.folder / tmp_path.name / "warc").iterdir())
        content = path.read_bytes()
        path.write_bytes(content[:-1] + bytes((content[-1] ^ 1,)))
        with pytest.raises(StorageError, match="does not read back as it was"):
            archive.move(target)


def test_what_cannot_be_moved_is_refused(source: Path, target: Path, bucket: LocalBucket, tmp_path: Path) -> None:
    """To a folder, from a bucket, over another archive, and after an interruption."""
    create_archive(tmp_path / "plain").close()
    create_archive(tmp_path / "other").close()
    with opened(tmp_path / "other") as store, store.batch():
        put(store, page("https://paper.example/x"))
    with open_archive(source) as archive:
        with pytest.raises(UsageError, match="make it with `backfile init --captures"):
            archive.move(tmp_path / "plain")
        archive.move(target)
    with open_archive(tmp_path / "other") as other, pytest.raises(UsageError, match="holds another archive"):
        other.move(target)
    with open_archive(target) as moved, pytest.raises(UsageError, match="in a bucket already"):
        moved.move(target)
    with opened(source) as store:
        store.append(*_stored("https://paper.example/late"))
        store.commit()
    with open_archive(source) as archive, pytest.raises(UsageError, match="was interrupted"):
        archive.move(target)


def _stored(url: str) -> tuple:  # type: ignore[type-arg]
    from captures import facts

    what = page(url)
    return what, facts(what)


@pytest.mark.slow
def test_it_comes_back_by_a_copy_and_a_rebuild(source: Path, target: Path, tmp_path: Path) -> None:
    with open_archive(source) as archive:
        archive.move(target)
        before = urls(archive)
    with open_archive(target) as archive:
        archive.add_tags(entry_id(key("https://paper.example/e")), ["there"])
        archive.copy(tmp_path / "back")
    with open_archive(tmp_path / "back") as archive:
        archive.rebuild()
        assert urls(archive) == before
        assert archive.find("https://paper.example/e").tags == ("there",)
        assert list(archive.verify()) == []


def urls(archive: Archive) -> set[str]:
    return {entry.url for entry in archive.entries()}


def test_other_rows_are_noticed(source: Path, tmp_path: Path) -> None:
    shutil.copytree(source, tmp_path / "twin")
    ours, theirs = source / "catalog.sqlite", tmp_path / "twin" / "catalog.sqlite"
    assert different_rows(ours, theirs)[1] == []
    with opened(tmp_path / "twin") as store, store.batch():
        store.act(Act(ActKind.NOTE, entry_id(key("https://paper.example/a")), ("x",), page("x").exchanges[0].started))
    assert "entries" in different_rows(ours, theirs)[1]


@pytest.mark.servers
def test_it_moves_to_a_bucket_and_a_database(
    source: Path, postgresql: str, bucket: LocalBucket, tmp_path: Path
) -> None:
    """Row by row, also when it is moved again; and what is done there is done there."""
    catalog, target = f"{postgresql}?schema=moved", tmp_path / "team"
    settings = {"store": {"captures": bucket.address(f"{tmp_path.name}-pg"), "catalog": catalog}}
    create_archive(target, settings).close()
    with open_archive(source) as archive:
        first = archive.move(target)
        assert (archive.move(target).put, first.put) == (0, first.size)
        before = seen(archive)
    with open_archive(target) as archive:
        assert seen(archive) == before
        assert list(archive.verify()) == []
        archive.add_tags(entry_id(key("https://paper.example/c")), ["there"])
        archive.forget([entry_id(key("https://paper.example/d"))], "asked to")
        archive.rebuild()
        assert archive.find("https://paper.example/c").tags == ("there",)
        assert len(archive.entries()) == 4
        assert list(archive.verify()) == []
        archive.copy(tmp_path / "back")
        kept = seen(archive)
    with open_archive(tmp_path / "back") as archive:
        assert seen(archive) == kept
        assert list(archive.verify()) == []
