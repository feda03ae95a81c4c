"""A newsroom on loopback: HTTP and HTTPS servers that serve any page under its real host name, well or badly.

    newsroom.add("https://www.example.org/story", "<h1>…</h1>")
    with Fetcher(newsroom.settings()) as fetcher:
        fetcher.fetch(Request("https://www.example.org/story"))

`settings()` sends every name to it through `connect_to` and trusts its certificates, which are made as names are asked
for. Hosts nobody added answer 404. tests/conftest.py has the fixture: one server per run, an empty table per test.
"""

from __future__ import annotations

import html
import json
import socket
import ssl
import tempfile
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import trustme

from archive.config import FetchSettings
from archive.urls import DEFAULT_PORTS, normal, parse

Piece = bytes | float  # what a raw answer is made of: bytes to send, or seconds to wait
Pieces = Iterable[Piece] | Callable[[], Iterable[Piece]]
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Seen:
    """A request that came in."""

    url: str
    headers: Mapping[str, str]  # names in lower case
    at: datetime
    head: bytes  # as it came


@dataclass(slots=True)
class _Table:
    """What one test has set up."""

    pages: dict[str, Pieces] = field(default_factory=dict)
    honest: set[str] = field(default_factory=set)  # pages after which the connection may stay open
    dead: set[str] = field(default_factory=set)
    seen: list[Seen] = field(default_factory=list)
    connects: int = 0
    over: threading.Event = field(default_factory=threading.Event)


class Newsroom:
    """The servers and the pages of the running test."""

    def __init__(self) -> None:
        self._table = _Table()
        self._authority = trustme.CA()
        self._stranger = trustme.CA()  # whom nobody trusts
        self._contexts: dict[str, ssl.SSLContext] = {}
        self._contexts_lock = threading.Lock()
        self._folder = tempfile.TemporaryDirectory(prefix="newsroom-")
        self.ca_file = Path(self._folder.name) / "ca.pem"
        self._authority.cert_pem.write_to_path(str(self.ca_file))
        self._front = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._authority.issue_cert("newsroom.invalid").configure_cert(self._front)
        self._front.sni_callback = self._choose_certificate
        self._listeners = {scheme: socket.create_server(("127.0.0.1", 0), backlog=256) for scheme in ("http", "https")}
        for scheme, listener in self._listeners.items():
            threading.Thread(
                target=self._accept, args=(scheme, listener), daemon=True, name=f"newsroom {scheme}"
            ).start()

    # -- what tests say ----------------------------------------------------------------------------------------------

    def add(
        self,
        url: str,
        body: str | bytes = "",
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        type: str | None = HTML,  # noqa: A002 - the word that HTTP uses
        wait: float = 0.0,
    ) -> str:
        """Serve `body` at `url`, `wait` seconds after it was asked for. Returns `url`.

        A Content-Length among `headers` may lie; None leaves it out.
        """
        data = body.encode() if isinstance(body, str) else body
        given = {"Content-Type": type, "Content-Length": str(len(data)), **(headers or {})}
        lines = "".join(f"{name}: {value}\r\n" for name, value in given.items() if value is not None)
        self.raw(url, [wait, f"HTTP/1.1 {status} Whatever\r\n{lines}\r\n".encode(), data])
        if given["Content-Length"] == str(len(data)) and status not in (204, 304):
            self._table.honest.add(normal(url))
        return url

    def redirect(self, url: str, to: str, *, status: int = 302, body: str | bytes = "") -> str:
        """A short link of the first kind: a 30x with Location."""
        return self.add(url, body, status=status, headers={"Location": to})

    def meta_redirect(self, url: str, to: str, *, delay: float = 0) -> str:
        """A short link of the second kind: a page with <meta http-equiv=refresh>."""
        return self.add(
            url, f'<html><head><meta http-equiv="refresh" content="{delay:g}; url={html.escape(to)}"></head></html>'
        )

    def script_redirect(self, url: str, to: str) -> str:
        """A short link of the third kind: the page that t.co serves to browsers."""
        jump = f"location.replace({json.dumps(to)})".replace("/", "\\/")
        return self.add(
            url,
            f'<head><noscript><META http-equiv="refresh" content="0;URL={html.escape(to)}"></noscript>'
            f"<title>{html.escape(to)}</title></head><script>window.opener = null; {jump}</script>",
        )

    def raw(self, url: str, pieces: Pieces) -> str:
        """Answer with exactly these bytes, waiting where a number (of seconds) stands, then close the connection."""
        self._table.pages[normal(url)] = pieces
        self._table.honest.discard(normal(url))
        return url

    def robots(self, origin: str, text: str, *, status: int = 200) -> None:
        """The robots.txt of `origin` ("https://www.example.org")."""
        self.add(f"{origin}/robots.txt", text, status=status, type="text/plain")

    def dead(self, host: str) -> None:
        """Connections for this host are closed without an answer."""
        self._table.dead.add(host)

    def certificate(self, host: str, fault: str) -> None:
        """Give `host` a certificate that is "expired", "untrusted" or for "another host"."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if fault == "expired":
            past = datetime(2020, 1, 1, tzinfo=UTC)
            leaf = self._authority.issue_cert(host, not_before=past, not_after=past.replace(year=2021))
        elif fault == "untrusted":
            leaf = self._stranger.issue_cert(host)
        else:
            leaf = self._authority.issue_cert("another.invalid")
        leaf.configure_cert(context)
        with self._contexts_lock:
            self._contexts[host] = context

    def settings(self, **overrides: object) -> FetchSettings:
        """Settings that reach this server for every name, without pauses; change what the test is about."""
        base = FetchSettings(
            timeout=10.0,
            first_byte_timeout=5.0,
            delay=0.0,
            ca_bundle=str(self.ca_file),
            allow_addresses=("127.0.0.0/8",),
            connect_to=self.connect_to,
        )
        return replace(base, **overrides)  # type: ignore[arg-type]

    @property
    def connect_to(self) -> dict[str, str]:
        return {f"*:{DEFAULT_PORTS[scheme]}": f"127.0.0.1:{self.port(scheme)}" for scheme in self._listeners}

    def toml(self) -> str:
        """The [fetch] section of a backfile.toml for `settings()`: for tests that run the command."""
        routes = "".join(f'"{source}" = "{target}"\n' for source, target in self.connect_to.items())
        return (
            f'[fetch]\ntimeout = 10.0\nfirst_byte_timeout = 5.0\ndelay = 0.0\nca_bundle = "{self.ca_file}"\n'
            f'allow_addresses = ["127.0.0.0/8"]\n\n[fetch.connect_to]\n{routes}'
        )

    def port(self, scheme: str) -> int:
        port: int = self._listeners[scheme].getsockname()[1]
        return port

    # -- what tests ask ----------------------------------------------------------------------------------------------

    @property
    def requests(self) -> list[Seen]:
        """All requests so far, in the order they came."""
        return list(self._table.seen)

    def hits(self, url: str) -> int:
        """How often `url` was asked for."""
        return sum(seen.url == normal(url) for seen in self._table.seen)

    @property
    def connects(self) -> int:
        """TCP connections so far."""
        return self._table.connects

    # -- the servers -------------------------------------------------------------------------------------------------

    def reset(self) -> None:
        """Forget all pages and requests; answers that are still being sent end."""
        self._table.over.set()
        self._table = _Table()
        with self._contexts_lock:
            self._contexts = {}

    def close(self) -> None:
        self._table.over.set()
        for listener in self._listeners.values():
            listener.close()
        self._folder.cleanup()

    def _choose_certificate(self, sock: ssl.SSLObject, name: str | None, _context: ssl.SSLContext) -> None:
        if not name:
            return
        with self._contexts_lock:
            if name not in self._contexts:
                context = self._contexts[name] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                self._authority.issue_cert(name).configure_cert(context)
            sock.context = self._contexts[name]

    def _accept(self, scheme: str, listener: socket.socket) -> None:
        while True:
            try:
                sock, _peer = listener.accept()
            except OSError:
                return
            self._table.connects += 1
            threading.Thread(target=self._serve, args=(scheme, sock, self._table), daemon=True).start()

    def _serve(self, scheme: str, sock: socket.socket, table: _Table) -> None:
        try:
            with sock:
                sock.settimeout(30)
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                if scheme == "http":
                    while self._answer(scheme, sock, table):
                        pass
                    return
                with self._front.wrap_socket(sock, server_side=True) as wrapped:
                    while self._answer(scheme, wrapped, table):
                        pass
        except (OSError, ValueError):
            pass  # the client went away, as clients do

    def _answer(self, scheme: str, sock: socket.socket, table: _Table) -> bool:
        """Answer one request. Whether the connection may be used for the next one."""
        head = b""
        while b"\r\n\r\n" not in head:
            data = sock.recv(2**16)
            if not data:
                return False
            head += data
        lines = head.decode("latin-1").split("\r\n")
        headers = {
            name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:] if line)
        }
        url = normal(f"{scheme}://{headers['host']}{lines[0].split(' ')[1]}")
        table.seen.append(Seen(url, headers, datetime.now(UTC), head))
        if parse(url).host in table.dead:
            return False
        pieces = table.pages.get(url)
        if pieces is None:
            sock.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\n\r\nNot found")
            return True
        for piece in pieces() if callable(pieces) else pieces:
            if isinstance(piece, bytes):
                sock.sendall(piece)
            elif table.over.wait(piece):
                return False
        return url in table.honest and headers.get("connection", "").lower() != "close"
