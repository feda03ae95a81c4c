"""What is said to an OpenSearch that is busy, slow, gone, or something else: asked again, within bounds, and told."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from archive import SettingsError
from index import IndexStorageError, SearchSettings, check_search
from index.config import read_settings
from index.engines.opensearch.server import Server
from index.plan import Overrun

HELLO = {"version": {"distribution": "opensearch", "number": "3.8.0"}}
Say = Callable[["_Handler"], tuple[int, Any] | None]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    say: ClassVar[list[Say]] = []  # one for each request behind the greeting; the last one for all that follow
    asked: ClassVar[list[str]] = []
    headers_seen: ClassVar[list[str]] = []

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.headers_seen.append(self.headers.get("Authorization", ""))
        said: tuple[int, Any] | None = (200, HELLO)
        if self.path != "/":
            self.asked.append(self.path)
            said = (self.say.pop(0) if len(self.say) > 1 else self.say[0])(self)
        if said is None:
            self.close_connection = True
            return
        status, body = said
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(sent)))
        if status == 429:
            self.send_header("Retry-After", "0")
        self.end_headers()
        self.wfile.write(sent)

    do_GET = do_PUT = do_POST = do_DELETE = _answer  # noqa: N815

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def answering(*say: Say) -> Iterator[tuple[Server, type[_Handler]]]:
    """A server that answers so, one after the other, and one of ours that asks it with short pauses."""
    handler = type("Handler", (_Handler,), {"say": list(say), "asked": [], "headers_seen": []})
    listening = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    server = Server(f"http://127.0.0.1:{listening.server_port}", reading=(0.0, 0.0), writing=(0.0, 0.0, 0.0))
    try:
        yield server, handler
    finally:
        server.close()
        listening.shutdown()
        listening.server_close()
        thread.join()


def say(status: int, body: Any = None) -> Say:
    return lambda _: (status, body if body is not None else {"error": {"type": "busy", "reason": "so it goes"}})


def drop(_: _Handler) -> None:
    """Closes the connection without an answer."""


@pytest.mark.parametrize("fault", [say(429), say(500), say(502, b"<html>Bad Gateway</html>"), say(503), drop])
def test_a_busy_server_is_asked_again(fault: Say) -> None:
    with answering(fault, fault, say(200, {"ok": 1})) as (server, handler):
        assert server.ask("GET", "/x") == {"ok": 1}
        assert handler.asked == ["/x"] * 3


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (say(429), r"answers 429 \(so it goes\); asked 3 times"),
        (say(503, b"<html>\n no\n</html>"), r"answers 503 \(<html> no </html>\); asked 3 times"),
        (drop, r"cannot be reached \(.*\): is it running, and is \[search\] url right\?; asked 3 times"),
    ],
)
def test_it_is_not_asked_for_ever(fault: Say, message: str) -> None:
    with answering(fault) as (server, handler):
        with pytest.raises(IndexStorageError, match=message) as told:
            server.ask("GET", "/x")
        assert told.value.passes
        assert len(handler.asked) in (3, 4)  # once more where the connection of the greeting was closed
        with pytest.raises(IndexStorageError, match="asked 4 times"):
            server.ask("PUT", "/x", {}, patient=True)


def test_one_that_hangs_is_given_up_when_the_time_is_over() -> None:
    over = threading.Event()

    def hang(_: _Handler) -> None:
        over.wait(20)

    with answering(hang) as (server, handler):
        begun = time.monotonic()
        with pytest.raises(IndexStorageError, match=r"does not answer within 0\.2 seconds; asked once"):
            server.ask("GET", "/x", seconds=0.2)
        with pytest.raises(IndexStorageError, match=r"does not answer within 0\.1 seconds; asked 4 times"):
            server.ask("PUT", "/x", {}, seconds=0.1, patient=True)
        assert time.monotonic() - begun < 15
        assert len(handler.asked) == 5
        over.set()


def test_one_that_is_not_there_is_named() -> None:
    with answering(say(200, {})) as (server, _):
        url = server.url
    gone = Server(url, reading=(0.0,))
    with pytest.raises(IndexStorageError, match=rf"OpenSearch at {url} cannot be reached \(Connection refused\)"):
        gone.ask("GET", "/x")


def test_a_connection_that_was_closed_meanwhile_is_no_failure() -> None:
    def last(handler: _Handler) -> tuple[int, Any]:
        handler.close_connection = True  # without a word of it
        return 200, {"n": 1}

    with answering(last, say(200, {"n": 2})) as (server, handler):
        assert server.ask("GET", "/x") == {"n": 1}
        assert server.ask("GET", "/x") == {"n": 2}
        assert len(handler.asked) == 2


@pytest.mark.parametrize(
    ("hello", "message"),
    [
        ({"version": {"number": "8.19.2"}}, "is no OpenSearch 8.19.2; what is needed is OpenSearch 3 or newer"),
        ({"version": {"distribution": "opensearch", "number": "2.19.6"}}, "is opensearch 2.19.6"),
        (b"<html>It works!</html>", "does not answer as OpenSearch does"),
        ([1, 2], "does not answer as OpenSearch does"),
    ],
)
def test_what_is_no_opensearch_of_ours_is_named(monkeypatch: pytest.MonkeyPatch, hello: Any, message: str) -> None:
    monkeypatch.setattr("test_index_opensearch_server.HELLO", hello)
    with answering(say(200, {})) as (server, handler):
        with pytest.raises(IndexStorageError, match=message):
            server.ask("GET", "/x")
        assert handler.asked == []


def test_who_asks_is_said_and_a_refusal_names_the_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACKFILE_SEARCH_USER", "desk")
    monkeypatch.setenv("BACKFILE_SEARCH_PASSWORD", "söcret")
    with answering(say(401, {"error": "no"})) as (server, handler):
        with pytest.raises(IndexStorageError, match="BACKFILE_SEARCH_USER and BACKFILE_SEARCH_PASSWORD"):
            server.ask("GET", "/x")
        assert handler.headers_seen == ["Basic ZGVzazpzw7ZjcmV0"] * 2


def test_an_index_that_is_closed_to_writing_is_no_question_of_who_asks() -> None:
    blocked = {"error": {"type": "cluster_block_exception", "reason": "index [x] blocked by: read-only"}}
    told = pytest.raises(IndexStorageError, match=r"blocked by: read-only \(cluster_block_exception, 403\)$")
    with answering(say(403, blocked)) as (server, _), told:
        server.ask("PUT", "/x", {})


def test_what_a_question_did_wrong_is_not_asked_again() -> None:
    error = {"error": {"type": "outer", "reason": "all", "root_cause": [{"type": "parse", "reason": "no such field"}]}}
    with answering(say(400, error)) as (server, handler):
        with pytest.raises(IndexStorageError, match=r"refuses a request: no such field \(parse, 400\)"):
            server.ask("GET", "/x")
        assert len(handler.asked) == 1


def test_a_question_that_took_too_long_there_is_too_broad() -> None:
    with answering(say(500, {"error": {"type": "query_phase", "reason": "Time exceeded"}})) as (server, handler):
        with pytest.raises(Overrun):
            server.ask("POST", "/x", {})
        assert len(handler.asked) == 1


@pytest.mark.parametrize("url", ["", "localhost:9200", "ftp://x", "http://"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(IndexStorageError, match=r"\[search\] url must be like http://HOST:9200"):
        Server(url)


def test_an_address_holds_no_secrets(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="BACKFILE_SEARCH_PASSWORD in the environment"):
        check_search(SearchSettings(engine="opensearch", url="http://desk:secret@127.0.0.1:9"), tmp_path)


@pytest.mark.parametrize("name", ["", "Backfile", "_x", "a b", "x" * 101])
def test_a_name_that_opensearch_does_not_take_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(SettingsError, match="must be lower-case letters") as caught:
        check_search(SearchSettings(engine="opensearch", url="http://127.0.0.1:9", index=name), tmp_path)
    assert caught.value.key == "search.index"


def test_settings_must_say_where_it_is(tmp_path: Path) -> None:
    (tmp_path / "backfile.toml").write_text('[search]\nengine = "opensearch"\n')
    with pytest.raises(SettingsError, match="where OpenSearch is") as caught:
        read_settings(tmp_path)
    assert caught.value.key == "search.url"
    (tmp_path / "backfile.toml").write_text('[search]\nengine = "opensearch"\nurl = "http://search:9200"\nshards = 3\n')
    assert read_settings(tmp_path).index == "backfile"
