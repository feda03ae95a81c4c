"""The sample newsroom on loopback: real HTTP and HTTPS for all its hosts at once, told apart by the Host header."""

from __future__ import annotations

import gzip
import hashlib
import json
import socket
import ssl
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import trustme

from sample_newsroom.pages import Answer, Newsroom, Story, load


@dataclass(frozen=True)
class Running:
    """A newsroom that is being served. `asked` grows by the URL of each request that comes in."""

    newsroom: Newsroom
    http_port: int
    https_port: int
    ca_bundle: Path
    asked: list[str]

    @property
    def stories(self) -> tuple[Story, ...]:
        return self.newsroom.stories

    @property
    def urls(self) -> list[str]:
        """The front stories, oldest first."""
        return [story.url for story in self.stories if story.front]

    @property
    def connect_to(self) -> dict[str, str]:
        """For `[fetch.connect_to]`: every name leads here, so nothing leaves the machine."""
        return {"*:80": f"127.0.0.1:{self.http_port}", "*:443": f"127.0.0.1:{self.https_port}"}

    def settings(self) -> str:
        """The text of a backfile.toml that archives from this newsroom, without a pause between pages."""
        routes = "\n".join(f"{json.dumps(source)} = {json.dumps(target)}" for source, target in self.connect_to.items())
        return (
            f'[fetch]\nallow_addresses = ["127.0.0.0/8"]\nca_bundle = {json.dumps(str(self.ca_bundle))}\n'
            f"delay = 0.0\n\n[fetch.connect_to]\n{routes}\n"
        )


@contextmanager
def serve(*, http_port: int = 0, https_port: int = 0) -> Iterator[Running]:
    """Serves the newsroom until the block ends. Port 0 takes a free one; OSError when a given one is taken."""
    newsroom = load()
    authority = trustme.CA(organization_name="Sample newsroom")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*sorted(newsroom.hosts | newsroom.closed)).configure_cert(tls)
    asked: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        ca_bundle = Path(folder) / "ca.pem"
        authority.cert_pem.write_to_path(str(ca_bundle))
        with (
            _listening(newsroom, asked, http_port, None) as plain,
            _listening(newsroom, asked, https_port, tls) as secure,
        ):
            yield Running(newsroom, plain, secure, ca_bundle, asked)


@contextmanager
def _listening(newsroom: Newsroom, asked: list[str], port: int, tls: ssl.SSLContext | None) -> Iterator[int]:
    with _Server(newsroom, asked, port, tls) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="sample newsroom")
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()
            server.hang_up()


class _Server(ThreadingHTTPServer):
    """Knows its open connections, so that it can end at once and leave none behind."""

    daemon_threads = False
    allow_reuse_address = True

    def __init__(self, newsroom: Newsroom, asked: list[str], port: int, tls: ssl.SSLContext | None) -> None:
        self.newsroom = newsroom
        self.asked = asked
        self.scheme = "https" if tls else "http"
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        super().__init__(("127.0.0.1", port), _Handler)
        if tls:
            # The handshake is left to the thread of the connection: a slow client holds up nobody else.
            self.socket = tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """Ends the connections that clients keep open; `server_close` then waits for their threads."""
        with self._lock:
            for connection in self._open:
                with suppress(OSError):
                    socket.socket.shutdown(connection, socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), OSError):  # a client that went away is no news
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "newsroom"
    sys_version = ""
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        host = self.headers.get("Host", "").partition(":")[0].lower()
        url = f"{self.server.scheme}://{host}{self.path}"
        self.server.asked.append(url)
        self._send(self.server.newsroom.answer(url))

    do_HEAD = do_GET  # noqa: N815 - the name is http.server's

    def _send(self, answer: Answer) -> None:
        etag = f'"{hashlib.sha256(answer.body).hexdigest()[:16]}"'
        unchanged = answer.status == 200 and self.headers.get("If-None-Match") == etag
        body = b"" if unchanged else answer.body
        self.send_response(304 if unchanged else answer.status)
        if answer.location:
            self.send_header("Location", answer.location)
        if answer.status == 200:
            self.send_header("ETag", etag)
        if answer.modified:
            self.send_header("Last-Modified", format_datetime(answer.modified.astimezone(UTC), usegmt=True))
        if not unchanged:
            self.send_header("Content-Type", answer.media_type)
            if "gzip" in self.headers.get("Accept-Encoding", "") and answer.media_type.startswith("text/"):
                body = gzip.compress(body, mtime=0)
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is http.server's
        """Says nothing: what was asked is in `asked`."""
