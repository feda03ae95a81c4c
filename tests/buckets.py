"""A bucket on this machine: localbucket's own handler in a thread, whose next answers can be spoiled."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any

from localbucket import S3Handler

BUCKET = "newsroom"


@dataclass
class LocalBucket:
    """`folder` holds what is in the bucket. `refusals`: statuses that the next requests are answered with, by method.

    `asked` are the requests that came, as (method, path).
    """

    root: Path
    port: int = 0
    refusals: dict[str, deque[int]] = field(default_factory=dict)
    allowed: dict[str, int] = field(default_factory=dict)  # how many more requests are taken; the rest is refused
    lost: dict[str, int] = field(default_factory=dict)  # how many requests are done, and then answered with 500
    after_put: Callable[[str], None] | None = None  # is told the path of what was put, before that is answered
    asked: list[tuple[str, str]] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        return self.root / BUCKET

    @property
    def env(self) -> dict[str, str]:
        return {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.port}", "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "reporter", "AWS_SECRET_ACCESS_KEY": "not-a-secret",
        }  # fmt: skip

    def address(self, prefix: str) -> str:
        return f"s3://{BUCKET}/{prefix}"

    def refuse(self, method: str, *statuses: int) -> None:
        self.refusals.setdefault(method, deque()).extend(statuses)


@contextmanager
def serving(root: Path) -> Iterator[LocalBucket]:
    """Serves the buckets below `root`, one of which is BUCKET."""
    (root / BUCKET).mkdir(parents=True)
    bucket = LocalBucket(root)

    class Handler(S3Handler):  # type: ignore[misc] # it has no annotations
        data_root = root

        def log_message(self, *_: Any) -> None:
            pass

        def _dispatch(self, action: Any) -> None:
            bucket.asked.append((self.command, self.path))
            waiting = bucket.refusals.get(self.command)
            left = bucket.allowed.get(self.command)
            if left is not None:
                bucket.allowed[self.command] = left - 1
                if left <= 0:
                    waiting = deque([403])
            if waiting:
                self.close_connection = True
                self._read_body()
                self._send(HTTPStatus(waiting.popleft()), b"<Error><Code>SlowDown</Code></Error>")
                return
            if bucket.lost.get(self.command):
                bucket.lost[self.command] -= 1
                self.wfile, out = BytesIO(), self.wfile
                super()._dispatch(action)
                self.wfile = out
                self._send(HTTPStatus.INTERNAL_SERVER_ERROR)
                return
            self.wfile, out = BytesIO(), self.wfile
            super()._dispatch(action)
            self.wfile, answer = out, self.wfile
            if bucket.after_put and self.command == "PUT":
                bucket.after_put(self.path)
            self.wfile.write(answer.getvalue())

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    bucket.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield bucket
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
