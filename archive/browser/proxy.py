"""The proxy that the browser goes through: each request is vetted as every fetch is, sent on, and kept with its answer.

It listens on loopback, for one page, and knows one request to a connection. What the gate refuses, what there is no
room for, and whatever else is no HTTP request gets an answer of ours, and is told as what it was.
"""

from __future__ import annotations

import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import cast

import h11

from archive.browser.certificates import Certificates
from archive.config import FetchSettings
from archive.errors import UsageError
from archive.fetch.addresses import Lookup
from archive.fetch.answer import answer_to
from archive.fetch.client import Got
from archive.fetch.connect import Connector, NoConnectionError
from archive.fetch.wire import Deadline, Limits, exchange
from archive.model import Fetched, HopKind, Outcome, Request, ResourceKind, ResourceLink
from archive.seams import Room
from archive.storage import Brought
from archive.urls import Url, parse

_MAX_REQUEST = 2**20  # bytes of the body of one request
_MAX_HEAD = 2**16
_OWN = frozenset(
    ("connection", "proxy-connection", "keep-alive", "proxy-authorization", "te", "trailer", "transfer-encoding",
     "upgrade", "accept-encoding", "content-length")
)  # fmt: skip
_KINDS = {
    "document": ResourceKind.DOCUMENT, "iframe": ResourceKind.DOCUMENT, "image": ResourceKind.IMAGE,
    "style": ResourceKind.STYLE, "font": ResourceKind.FONT, "script": ResourceKind.SCRIPT,
}  # fmt: skip


class Recorder:
    """Sends requests on and keeps them with their answers. Thread-safe."""

    def __init__(self, settings: FetchSettings, lookup: Lookup | None = None) -> None:
        self._settings = settings
        self._connector = Connector(settings, lookup)
        self._room = Room(
            count=settings.resources_per_page, total=settings.max_resources, each=settings.max_resource,
            seconds=settings.resources_timeout,
        )  # fmt: skip
        self._kept: dict[tuple[str, str], Brought] = {}
        self._lock = threading.Lock()

    def kept(self) -> tuple[Brought, ...]:
        """What was asked for, and what came of it, in that order; each address once."""
        with self._lock:
            return tuple(self._kept.values())

    def close(self) -> None:
        """Whoever waits goes on at once."""
        self._connector.abort()

    def answer(self, url: str, request: h11.Request, body: bytes) -> bytes:
        """What the browser is told."""
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers]
        dest = next((value for name, value in headers if name.lower() == "sec-fetch-dest"), "")
        method = request.method.decode("ascii", "replace")
        try:
            fetched, reply = self._asked(parse(url), method, headers, body)
        except UsageError as error:
            return _of_ours(403, str(error))
        link = ResourceLink(url, _KINDS.get(dest, ResourceKind.DATA))
        with self._lock:
            self._kept.setdefault((method, url), Brought(link, fetched))
        return reply

    def _asked(self, url: Url, method: str, headers: list[tuple[str, str]], body: bytes) -> tuple[Fetched, bytes]:
        most = self._room.take()
        if isinstance(most, str):
            return _without(url, Outcome.TOO_LARGE, most), _of_ours(503, most)
        started, deadline = datetime.now(UTC), Deadline.after(self._settings.timeout)
        try:
            connection = self._connector.open(url, deadline)
        except NoConnectionError as error:
            status = 403 if error.outcome is Outcome.REFUSED else 502
            return _without(url, error.outcome, str(error)), _of_ours(status, str(error))
        with connection.sock:
            own = [("Accept-Encoding", "gzip, deflate, br"), ("Connection", "close")]
            own += [("Content-Length", str(len(body)))] if body else []
            passed = [(name, value) for name, value in headers if name.lower() not in _OWN]
            event = h11.Request(method=method, target=url.target, headers=[*passed, *own])
            parts = [connection.protocol.send(each) for each in (event, *_data(body), h11.EndOfMessage())]
            sent = b"".join(part for part in parts if part)
            first_byte = min(self._settings.first_byte_timeout, self._settings.timeout)
            limits = Limits(first_byte, self._settings.max_headers, most)
            reply = exchange(connection, sent, limits, deadline)
        self._room.spend(len(reply.received))
        got = Got(started, sent, reply, connection.address, connection.tls_verified, connection.certificate)
        made = answer_to(
            got, url, HopKind.START, start=str(url), conditional=False, max_decoded=self._settings.max_decoded,
            retry_after=None,
        )  # fmt: skip
        exchanges = (made.exchange,) if made.exchange else ()
        fetched = Fetched(Request(str(url)), exchanges, made.outcome, made.detail, str(url))
        return fetched, reply.received or _of_ours(502, reply.detail)


@contextmanager
def listening(recorder: Recorder, certificates: Certificates) -> Iterator[int]:
    """The port of a proxy on loopback."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            sock = cast("socket.socket", self.request)
            sock.settimeout(60.0)
            with suppress(OSError, h11.RemoteProtocolError, ValueError):
                _serve(sock, recorder, certificates)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False
        request_queue_size = 64

        def handle_error(self, *_: object) -> None:
            """Somebody at the other end has gone."""

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            recorder.close()
            server.shutdown()
            thread.join()


def _serve(sock: socket.socket, recorder: Recorder, certificates: Certificates) -> None:
    """One request, plain or (behind CONNECT) in TLS."""
    request, body = _received(sock)
    target = request.target.decode("latin-1")
    if request.method != b"CONNECT":
        sock.sendall(recorder.answer(target, request, body))
        return
    host, _, port = target.rpartition(":")
    sock.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
    with certificates.context(host).wrap_socket(sock, server_side=True) as inner:
        request, body = _received(inner)
        at = host if port == "443" else f"{host}:{port}"
        inner.sendall(recorder.answer(f"https://{at}{request.target.decode('latin-1')}", request, body))
        with suppress(OSError, ssl.SSLError):
            inner.unwrap()


def _received(sock: socket.socket) -> tuple[h11.Request, bytes]:
    """A request with its body. ValueError for one that is too large, or an upgrade; RemoteProtocolError; OSError."""
    request: h11.Request | None = None
    body = b""
    for event in _events(sock):
        if isinstance(event, h11.Request):
            request = event
        elif isinstance(event, h11.Data):
            body += event.data
            if len(body) > _MAX_REQUEST:
                raise ValueError
        elif isinstance(event, h11.EndOfMessage) and request is not None:
            return request, body
        else:
            break
    raise ConnectionError


def _events(sock: socket.socket) -> Iterator[object]:
    """What comes, until the other side ends."""
    protocol = h11.Connection(h11.SERVER, max_incomplete_event_size=_MAX_HEAD)
    while True:
        event = protocol.next_event()
        if event is not h11.NEED_DATA:
            yield event
        elif data := sock.recv(2**16):
            protocol.receive_data(data)
        else:
            return


def _data(body: bytes) -> list[h11.Data]:
    return [h11.Data(data=body)] if body else []


def _without(url: Url, outcome: Outcome, detail: str) -> Fetched:
    return Fetched(Request(str(url)), (), outcome, detail, str(url))


def _of_ours(status: int, why: str) -> bytes:
    body = why.encode("utf-8", "replace")
    head = f"HTTP/1.1 {status} Not asked\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"Connection: close\r\n\r\n" + body
