"""A proxy before a server, which answers in its place, hangs, or loses the answer, as a test wants it."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

# What becomes of a request, by its number (from 1), its method and its path.
Plan = Callable[[int, str, str], str]  # "" passes on; "503" answers so; "lose", "hang", or "slow" (by a millisecond)


class Proxy:
    """Its address, what it does from now on, and how many requests have come."""

    def __init__(self, target: str) -> None:
        parts = urlsplit(target)
        self.target = (parts.hostname or "", parts.port or 80)
        self.plan: Plan = lambda *_: ""
        self.requests = 0
        self.url = ""
        self.over = threading.Event()
        self.guard = threading.Lock()

    def fate(self, method: str, path: str) -> str:
        """What is to become of the next request."""
        with self.guard:
            self.requests += 1
            return self.plan(self.requests, method, path)


@contextmanager
def proxied(target: str) -> Iterator[Proxy]:
    """A proxy before the server at `target`."""
    proxy = Proxy(target)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            fate = proxy.fate(self.command, self.path)
            if fate == "hang":
                proxy.over.wait(60)
            if fate == "slow":
                time.sleep(0.001)
            if fate.isdigit():
                self._answer(int(fate), b"<html>the proxy is out of sorts</html>")
                return
            connection = http.client.HTTPConnection(*proxy.target, timeout=60)
            try:
                kind = self.headers["Content-Type"]
                connection.request(self.command, self.path, body, {"Content-Type": kind} if kind else {})
                answer = connection.getresponse()
                said = answer.read()
            finally:
                connection.close()
            if fate in ("lose", "hang"):
                self.close_connection = True
                return
            self._answer(answer.status, said)

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_PUT = do_POST = do_DELETE = _pass_on  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    proxy.url = f"http://127.0.0.1:{listening.server_port}"
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield proxy
    finally:
        proxy.over.set()
        listening.shutdown()
        listening.server_close()
        thread.join()
