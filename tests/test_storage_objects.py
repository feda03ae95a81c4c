"""What every make of objects does (`archive.storage.objects.Objects`): the same checks over a folder and over buckets.

The quick ones are a folder and localbucket; test_ceph.py runs them over Ceph's gateway.
"""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from io import BufferedIOBase
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import IO

import pytest
from buckets import serving

from archive.errors import StorageError, UsageError
from archive.storage.bucket.s3 import Patience, S3Objects, split_address
from archive.storage.objects import FolderObjects, Objects

Make = Callable[[Path], AbstractContextManager[Objects]]


@contextmanager
def in_folder(path: Path) -> Iterator[Objects]:
    yield FolderObjects(path)


@contextmanager
def in_bucket(path: Path) -> Iterator[Objects]:
    with serving(path) as bucket:
        yield S3Objects(bucket.address("some/archive"), Patience(timeout=5, pause=0.01), bucket.env)


MAKES: dict[str, Make] = {"folder": in_folder, "bucket": in_bucket}


def what_was_put_can_be_read(objects: Objects) -> None:
    """All of it, or any part; beyond its end there is nothing."""
    data = bytes(range(256)) * 40
    assert objects.put("warc/2026/11/28/a-b.warc.gz", data)
    read = objects.read
    assert read("warc/2026/11/28/a-b.warc.gz") == data
    assert read("warc/2026/11/28/a-b.warc.gz", 100, 200) == data[100:200]
    assert read("warc/2026/11/28/a-b.warc.gz", 9000) == data[9000:]
    assert read("warc/2026/11/28/a-b.warc.gz", 10000, 20000) == data[10000:]
    assert read("warc/2026/11/28/a-b.warc.gz", 10240, 10250) == b""
    assert read("warc/2026/11/28/a-b.warc.gz", 20000, 20001) == b""
    assert read("warc/2026/11/28/a-b.warc.gz", 7, 7) == b""
    assert objects.size("warc/2026/11/28/a-b.warc.gz") == len(data)


def nothing_is_overwritten(objects: Objects) -> None:
    assert objects.put("manifest/00000001.json", b"first")
    assert not objects.put("manifest/00000001.json", b"second")
    assert objects.read("manifest/00000001.json") == b"first"


def one_of_many_at_once_gets_the_name(objects: Objects) -> None:
    if objects.at_once == 1:
        return  # whoever writes there holds a lock
    won: list[bool] = []
    threads = [
        threading.Thread(target=lambda n=n: won.append(objects.put("manifest/00000007.json", b"%d" % n)))
        for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == [False] * 7 + [True]


def what_is_missing_is_a_missing_file(objects: Objects) -> None:
    for ask in (objects.read, objects.size):
        with pytest.raises(FileNotFoundError):
            ask("warc/nothing")
    with pytest.raises(FileNotFoundError):
        objects.read("warc/nothing", 3, 10)


def names_come_in_order_with_their_sizes(objects: Objects) -> None:
    """Of one folder with all below it, however many there are."""
    names = [f"warc/2026/11/{day:02d}/{n}.warc.gz" for day in (1, 2, 30) for n in range(12)]
    for name in [*reversed(names), "warc/backfile-00001-20261128231723.warc.gz", "manifest/00000001.json"]:
        assert objects.put(name, name.encode())
    found = objects.sizes("warc/")
    assert list(found) == sorted([*names, "warc/backfile-00001-20261128231723.warc.gz"])
    assert all(size == len(name) for name, size in found.items())
    assert list(objects.sizes("warc/2026/11/02/")) == sorted(names[12:24])
    assert objects.sizes("nothing/") == {}


def what_was_deleted_is_gone(objects: Objects) -> None:
    """And its name is free; deleting nothing is no error."""
    assert objects.put("warc/a.warc.gz", b"1")
    objects.delete("warc/a.warc.gz")
    objects.delete("warc/a.warc.gz")
    assert objects.sizes("warc/") == {}
    assert objects.put("warc/a.warc.gz", b"2")
    assert objects.read("warc/a.warc.gz") == b"2"


CONTRACT = [
    what_was_put_can_be_read, nothing_is_overwritten, one_of_many_at_once_gets_the_name,
    what_is_missing_is_a_missing_file, names_come_in_order_with_their_sizes, what_was_deleted_is_gone,
]  # fmt: skip


@pytest.mark.parametrize("check", CONTRACT, ids=lambda check: check.__name__)
@pytest.mark.parametrize("make", MAKES)
def test_every_make(make: str, check: Callable[[Objects], None], tmp_path: Path) -> None:
    with MAKES[make](tmp_path / "objects") as objects:
        check(objects)


# -- what passes, and what does not ------------------------------------------------------------------------------------


def test_what_passes_is_tried_again_and_what_does_not_is_told(tmp_path: Path) -> None:
    with serving(tmp_path) as bucket:
        objects = S3Objects(bucket.address("a"), Patience(timeout=5, tries=4, pause=0.01), bucket.env)
        bucket.refuse("PUT", 500, 503, 429)
        assert objects.put("warc/x", b"1")
        bucket.refuse("GET", 503, 500)
        assert objects.read("warc/x") == b"1"
        bucket.refuse("GET", 500)
        assert objects.sizes("warc/") == {"warc/x": 1}
        bucket.refuse("PUT", *[503] * 4)
        with pytest.raises(StorageError, match=r"writing s3://newsroom/a/warc/y: the store answered 503.*4 times"):
            objects.put("warc/y", b"2")
        bucket.asked.clear()
        bucket.refuse("PUT", 403)
        with pytest.raises(StorageError, match="403"):
            objects.put("warc/y", b"2")
        assert len(bucket.asked) == 1
        assert objects.sizes("warc/") == {"warc/x": 1}


def test_an_answer_that_was_lost_is_no_second_object(tmp_path: Path) -> None:
    """The bytes are there, the answer said 500: what is there is what was put."""
    with serving(tmp_path) as bucket:
        objects = S3Objects(bucket.address("a"), Patience(timeout=5, pause=0.01), bucket.env)
        bucket.lost["PUT"] = 1
        assert objects.put("manifest/00000001.json", b"ours")
        assert objects.read("manifest/00000001.json") == b"ours"
        bucket.refuse("PUT", 500)
        assert not objects.put("manifest/00000001.json", b"another's")


@contextmanager
def hanging_up(port: int, reset: bool) -> Iterator[tuple[int, list[bytes]]]:
    """Stands before a bucket, answers one request a connection, and hangs up at the next one. Gives its port, and what
    was asked."""
    asked: list[bytes] = []

    class Handler(StreamRequestHandler):
        def handle(self) -> None:
            if (request := self.whole(self.rfile)) is None:
                return
            with socket.create_connection(("127.0.0.1", port)) as upstream:
                upstream.sendall(request)
                answer = self.whole(upstream.makefile("rb"))
            self.wfile.write(answer or b"")
            self.wfile.flush()
            self.whole(self.rfile)
            if reset:
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

        def whole(self, stream: IO[bytes] | BufferedIOBase) -> bytes | None:
            """A request or an answer, all of it."""
            lines = [*iter(stream.readline, b"\r\n")] if (first := stream.readline()) else []
            if not first:
                return None
            if first.startswith(b"HTTP/") is False:
                asked.append(first)
            size = next((int(line.split(b":")[1]) for line in lines if line.lower().startswith(b"content-length:")), 0)
            return b"".join([first, *lines, b"\r\n", stream.read(size)])

    with ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server.server_address[1], asked
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("reset", [False, True])
def test_a_connection_that_the_store_has_closed_is_no_try(tmp_path: Path, reset: bool) -> None:
    """Stores close what is idle: a request over such a connection was an error at once."""
    with serving(tmp_path) as bucket, hanging_up(bucket.port, reset) as (port, asked):
        env = bucket.env | {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}"}
        objects = S3Objects(bucket.address("a"), Patience(timeout=5, tries=1), env)
        for number in range(4):
            assert objects.put(f"warc/{number}", b"1")
        assert objects.read("warc/2") == b"1"
        assert objects.sizes("warc/") == {f"warc/{number}": 1 for number in range(4)}
        assert len(asked) > 6


def test_nobody_there_is_told_in_a_sentence(tmp_path: Path) -> None:
    with serving(tmp_path) as bucket:
        env = bucket.env
        other = S3Objects("s3://other/a", Patience(timeout=5, tries=2, pause=0.01), env)
        with pytest.raises(StorageError, match="there is no bucket 'other' there"):
            other.put("x", b"1")
        with pytest.raises(StorageError, match="404"):
            other.sizes("warc/")
    gone = S3Objects("s3://newsroom/a", Patience(timeout=1, tries=2, pause=0.01), env)
    with pytest.raises(StorageError, match=r"reading s3://newsroom/a/x: no answer .*2 times"):
        gone.read("x")


def test_a_probe_says_nothing_where_nothing_is_overwritten(tmp_path: Path) -> None:
    with serving(tmp_path) as bucket:
        objects = S3Objects(bucket.address("a"), env=bucket.env)
        for asked in (2, 1):  # the second time the name is taken already
            bucket.asked.clear()
            objects.probe()
            assert len(bucket.asked) == asked


@pytest.mark.parametrize(
    ("address", "parts"),
    [("s3://newsroom", ("newsroom", "")), ("s3://newsroom/", ("newsroom", "")), ("s3://b-1.x/a/b/", ("b-1.x", "a/b"))],
)
def test_addresses_of_buckets(address: str, parts: tuple[str, str]) -> None:
    assert split_address(address) == parts


@pytest.mark.parametrize(
    "address", ["", "newsroom", "s3://", "s3://N", "http://x/y", "s3://news/a//b", "s3://news/../x", "s3://news/a b"]
)
def test_what_is_no_address_of_a_bucket(address: str) -> None:
    with pytest.raises(UsageError, match="write s3://BUCKET/PREFIX"):
        split_address(address)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"AWS_ACCESS_KEY_ID": ""}, "AWS_ACCESS_KEY_ID is not set"),
        ({"AWS_SECRET_ACCESS_KEY": ""}, "AWS_SECRET_ACCESS_KEY is not set"),
        ({"AWS_ENDPOINT_URL": "http://192.0.2.7:9000"}, "plain http is spoken to this machine alone"),
        ({"AWS_ENDPOINT_URL": "store.example"}, "must be https://HOST"),
    ],
)
def test_what_the_environment_lacks(change: dict[str, str], said: str) -> None:
    env = {"AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": "s"}
    with pytest.raises(UsageError, match=said):
        S3Objects("s3://newsroom/a", env=env | change)
