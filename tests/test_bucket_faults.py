"""A bucket that answers late, with an error or not at all; writers that are killed when they have put an object."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import pytest
from buckets import LocalBucket, serving
from captures import catalogue, facts, new_folder, page, put
from commands import ENVIRONMENT
from prefork import prefork

from archive import create_archive, open_archive
from archive.config import StoreSettings
from archive.errors import StorageError
from archive.storage import Catalog, Store, Stored
from archive.storage.bucket.s3 import Patience, S3Objects
from archive.storage.bucket.vault import BucketVault
from archive.storage.turns import Turn
from archive.storage.verify import verify


@dataclass
class Proxy:
    """Stands before a bucket. `faults`: of the next requests, one each: a status, "hang", "cut" or "" for none."""

    upstream: int
    port: int = 0
    delay: float = 0.0
    faults: list[int | str] = field(default_factory=list)
    always: int | str = ""
    asked: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    def env(self, bucket: LocalBucket) -> dict[str, str]:
        return bucket.env | {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.port}"}


@contextmanager
def proxied(bucket: LocalBucket) -> Iterator[Proxy]:
    proxy = Proxy(bucket.port)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: Any) -> None:
            pass

        def handle_any(self) -> None:
            proxy.asked += 1
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            fault = proxy.faults.pop(0) if proxy.faults else proxy.always
            time.sleep(proxy.delay)
            if fault == "hang":
                proxy.over.wait()
                self.close_connection = True
                return
            if isinstance(fault, int):
                self.answer(fault, {}, b"<Error><Code>SlowDown</Code></Error>")
                return
            upstream = HTTPConnection("127.0.0.1", proxy.upstream)
            upstream.request(self.command, self.path, body, dict(self.headers))
            response = upstream.getresponse()
            data = response.read()
            upstream.close()
            if fault == "cut":  # it was done, and nobody hears of it
                self.close_connection = True
                return
            self.answer(response.status, dict(response.headers), data)

        def answer(self, status: int, headers: dict[str, str], data: bytes) -> None:
            self.send_response(status)
            for name, value in headers.items():
                if name.lower() not in ("content-length", "connection", "date", "server"):
                    self.send_header(name, value)
            self.send_header("Content-Length", headers["Content-Length"] if self.command == "HEAD" else str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_PUT = do_HEAD = do_DELETE = do_POST = handle_any  # noqa: N815 -- as the base class calls them

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    proxy.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.over.set()
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def bucket(tmp_path: Path) -> Iterator[LocalBucket]:
    with serving(tmp_path / "buckets") as bucket:
        yield bucket


@pytest.fixture
def proxy(bucket: LocalBucket) -> Iterator[Proxy]:
    with proxied(bucket) as proxy:
        yield proxy


def store_on(folder: Path, objects: S3Objects) -> Store:
    """An archive's store, on objects of a patience of our own."""
    vault = BucketVault(folder, StoreSettings(captures=objects.address), objects)
    catalog = Catalog(folder / "catalog.sqlite", write=True)
    shelf = vault.shelf(catalog.committed())
    return Store(
        folder, Turn(folder / "warc"), catalog, shelf, vault.shelf, shelf.repaired, vault.manifest, fresh=False
    )


def urls(store: Store) -> set[str]:
    return {entry.url for entry in store.catalog.entries()}


def test_what_goes_wrong_now_and_then_costs_nothing(bucket: LocalBucket, proxy: Proxy, tmp_path: Path) -> None:
    """Errors, cut answers, a request that hangs: all that was reported is there, once, and the chain is whole."""
    new_folder(tmp_path / "a")
    chance = random.Random(16)
    faults: list[int | str] = ["", "", 500, 503, 429, "cut"]
    objects = S3Objects(bucket.address("a"), Patience(timeout=1.0, tries=6, pause=0.001), proxy.env(bucket))
    with store_on(tmp_path / "a", objects) as store:
        for number in range(30):
            proxy.faults = [chance.choice(faults) for _ in range(3)]
            with store.batch():
                put(store, page(f"https://paper.example/{number}"))
        proxy.faults = ["hang"]
        with store.batch():
            put(store, page("https://paper.example/late"))
        assert len(urls(store)) == 31
    vault = BucketVault(tmp_path / "a", StoreSettings(), S3Objects(bucket.address("a"), env=bucket.env))
    assert list(verify(tmp_path / "a", None, vault)) == []
    assert len(vault.lengths()) == 31


@pytest.mark.parametrize("fault", [503, "hang"])
def test_what_does_not_pass_ends_in_time_with_a_sentence(
    bucket: LocalBucket, proxy: Proxy, tmp_path: Path, fault: int | str
) -> None:
    """Nothing of the batch is reported or kept, and the next one is taken as soon as the store is back."""
    new_folder(tmp_path / "a")
    objects = S3Objects(bucket.address("a"), Patience(timeout=0.2, tries=3, pause=0.001), proxy.env(bucket))
    with store_on(tmp_path / "a", objects) as store:
        with store.batch():
            put(store, page("https://paper.example/1"))
        proxy.always, proxy.asked = fault, 0
        with pytest.raises(StorageError, match=r"writing s3://newsroom/a/warc/.*3 times in \d+ s"), store.batch():
            put(store, page("https://paper.example/2"))
        assert proxy.asked == 3
        proxy.always = ""
        assert urls(store) == {"https://paper.example/1"}
        with store.batch():
            put(store, page("https://paper.example/3"))
        assert urls(store) == {"https://paper.example/1", "https://paper.example/3"}


def test_a_slow_network_is_asked_little(bucket: LocalBucket, proxy: Proxy, tmp_path: Path) -> None:
    """A batch of pages is one request, however many they are; opening and closing cost some more."""
    new_folder(tmp_path / "a")
    proxy.delay = 0.001
    objects = S3Objects(bucket.address("a"), env=proxy.env(bucket))
    with store_on(tmp_path / "a", objects) as store:
        opened, proxy.asked = proxy.asked, 0
        for group in range(3):
            with store.batch():
                for number in range(20):
                    put(store, page(f"https://paper.example/{group}/{number}"))
        assert proxy.asked == 3
    assert opened <= 6
    assert proxy.asked <= 3 + 5


def test_what_was_put_and_not_catalogued_is_swept(bucket: LocalBucket, tmp_path: Path) -> None:
    """Objects that no row names, of whatever writer, are catalogued by the next one, each once."""
    new_folder(tmp_path / "a")
    objects = S3Objects(bucket.address("a"), env=bucket.env)
    store = store_on(tmp_path / "a", objects)
    with store.batch():
        put(store, page("https://paper.example/1"))
    for number in (2, 3):
        store.append(page(f"https://paper.example/{number}"), facts(page(f"https://paper.example/{number}")))
        store._shelf.sync()  # put, and killed before the rows
    store._shelf.close()
    store._turn.close()
    with store_on(tmp_path / "a", objects) as again:
        left = [item for item in again.uncatalogued() if isinstance(item, Stored)]
        with again.batch() as rows:
            for item in left:
                catalogue(rows, item)
        assert len(left) == 2
        assert urls(again) == {f"https://paper.example/{number}" for number in (1, 2, 3)}
    with store_on(tmp_path / "a", objects) as again:
        assert not list(again.uncatalogued())


@pytest.mark.slow
@pytest.mark.parametrize("kills", [3, pytest.param(100, marks=pytest.mark.kills)])
def test_killed_between_the_bucket_and_the_catalog(bucket: LocalBucket, tmp_path: Path, kills: int) -> None:
    """The command is killed when its object is there, and it has not heard so: nothing is lost, nothing is twice."""
    folder, pid = tmp_path / "archive", 0
    with pytest.MonkeyPatch.context() as patch:
        for name, value in bucket.env.items():
            patch.setenv(name, value)
        create_archive(folder, {"store": {"captures": bucket.address("a")}}).close()
        with (folder / "backfile.toml").open("a") as settings:
            settings.write('\n[entities]\nrecogniser = "none"\n')

        def kill(path: str) -> None:
            if "/warc/" in path:
                os.kill(pid, signal.SIGKILL)
                time.sleep(0.05)

        for number in range(kills):
            (tmp_path / "page.html").write_text(f"<h1>Page {number}</h1><p>Some words of number {number}.</p>")
            with TemporaryFile() as out:
                arguments = ("add", "--html", str(tmp_path / "page.html"), "--url", f"https://paper.example/{number}")
                run = prefork().start(arguments, folder, {**os.environ, **ENVIRONMENT}, [out.fileno()] * 3)
                pid, bucket.after_put = run.pid, kill
                assert run.wait() == -signal.SIGKILL
                out.seek(0)
                assert f"/{number}" not in out.read().decode()  # nothing was reported
        bucket.after_put = None
        with open_archive(folder) as archive:
            with suppress(StopIteration):
                next(archive.add_page(b"<h1>Last</h1><p>The last one.</p>", "https://paper.example/last"))
            found = {entry.url: len(archive.captures(entry.id)) for entry in archive.entries()}
            assert found == {f"https://paper.example/{n}": 1 for n in [*range(kills), "last"]}
            assert list(archive.verify()) == []
