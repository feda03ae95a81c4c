"""Buckets as they are met outside: Ceph's gateway over two storage daemons, and a store that overwrites."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
import server_ceph
import servers
import test_storage_objects as contract
from newsroom import Newsroom
from test_forget import OTHER, PAGE, serve

from archive import StorageError, create_archive, entry_id, open_archive
from archive.storage.bucket.s3 import S3Objects
from archive.storage.objects import Objects
from archive.urls import key

pytestmark = pytest.mark.servers


@pytest.fixture(scope="module")
def below(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a Ceph that is up, with its variables set."""
    if lacks := server_ceph.missing():
        pytest.skip(lacks)
    with servers.running("ceph") as variables, pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        yield Path(variables["BACKFILE_CEPH_FOLDER"])


@pytest.fixture
def address(below: Path, request: pytest.FixtureRequest) -> str:
    """A prefix of its own."""
    name = "".join(letter if letter.isalnum() else "-" for letter in request.node.name)
    return f"s3://{server_ceph.BUCKET}/{name}"


@pytest.mark.parametrize("check", contract.CONTRACT, ids=lambda check: check.__name__)
def test_ceph_does_what_every_make_does(address: str, check: Callable[[Objects], None]) -> None:
    check(S3Objects(address))


def test_the_probe_is_content(address: str) -> None:
    objects = S3Objects(address)
    objects.probe()
    objects.probe()


def test_an_archive_lives_in_ceph_and_in_a_new_folder(
    address: str, below: Path, newsroom: Newsroom, tmp_path: Path
) -> None:
    """Also while one of the two storage daemons is gone: added, changed, forgotten, rebuilt, verified."""
    settings = f'{newsroom.toml()}\n[entities]\nrecogniser = "none"\n\n[store]\ncaptures = "{address}"\n'
    create_archive(tmp_path / "one", {"store": {"captures": address}}).close()
    (tmp_path / "one" / "backfile.toml").write_text(settings)
    serve(newsroom, "Tuesday")
    with open_archive(tmp_path / "one") as archive:
        assert len(list(archive.add([OTHER]))) == 2
        archive.add_tags(entry_id(key(OTHER)), ["ferries"])
        archive.forget([entry_id(key(PAGE))], "asked to")
        assert list(archive.verify()) == []
        server_ceph.kill_storage(below, 1)
        archive.add_tags(entry_id(key(OTHER)), ["winter"])
    create_archive(tmp_path / "two", {"store": {"captures": address}}).close()
    (tmp_path / "two" / "backfile.toml").write_text(settings)
    with open_archive(tmp_path / "two") as archive:
        archive.rebuild()
        assert [(entry.url, entry.tags) for entry in archive.entries()] == [(OTHER, ("ferries", "winter"))]
        assert list(archive.verify()) == []


# -- a store that overwrites -------------------------------------------------------------------------------------------


@contextmanager
def nanio(folder: Path) -> Iterator[Mapping[str, str]]:
    (folder / "newsroom").mkdir(parents=True)
    port, log = servers.free_port(), folder.with_suffix(".log")
    env = {"NANIO_ACCESS_KEY": "reporterreporter", "NANIO_SECRET_KEY": "not-a-secret-not-a-secret"}
    command = ["serve", "--host", "127.0.0.1", "--port", str(port), "--data-dir", str(folder), "--no-access-log"]
    with log.open("wb") as out:
        process = subprocess.Popen(
            [str(Path(sys.executable).with_name("nanio")), *command], env=env, stdout=out, stderr=out
        )
    try:
        servers.until(lambda: server_ceph._answers(port), 60, "nanio", log)
        yield {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}", "AWS_ACCESS_KEY_ID": env["NANIO_ACCESS_KEY"],
            "AWS_SECRET_ACCESS_KEY": env["NANIO_SECRET_KEY"], "AWS_REGION": "us-east-1",
        }  # fmt: skip
    finally:
        process.kill()
        process.wait()


def test_a_store_that_overwrites_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When an archive is made, and when one is opened for writing; nothing of an archive is left there."""
    with nanio(tmp_path / "data") as env:
        for name, value in env.items():
            monkeypatch.setenv(name, value)
        for _ in range(2):
            with pytest.raises(StorageError, match="this store overwrites what is there"):
                create_archive(tmp_path / "archive", {"store": {"captures": "s3://newsroom/a"}})
        assert not (tmp_path / "archive").exists()
        create_archive(tmp_path / "archive").close()
        with (tmp_path / "archive" / "backfile.toml").open("a") as settings:
            settings.write('\n[store]\ncaptures = "s3://newsroom/a"\n')
        with open_archive(tmp_path / "archive") as archive, pytest.raises(StorageError, match="overwrites"):
            list(archive.add_page(b"<p>Hello</p>", "https://paper.example/x"))
        assert not [path for path in (tmp_path / "data").rglob("*") if "warc" in path.name or "manifest" in path.name]
