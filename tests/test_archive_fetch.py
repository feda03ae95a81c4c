"""Fetching, end to end over real sockets: pages, redirect chains, robots.txt, pace, connections, outcomes."""

from __future__ import annotations

import gzip
import itertools
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import h11
import pytest
from newsroom import Newsroom, Piece

from archive.config import FetchSettings
from archive.fetch import Fetcher
from archive.fetch.redirect import Next, by_page, by_refresh
from archive.fetch.wire import Connection, Deadline, Limits, exchange, request_bytes
from archive.model import Fetched, HopKind, Outcome, Request

STORY = "https://www.example.org/2025/01/31/story"
ROBOTS = "https://www.example.org/robots.txt"


def fetch(newsroom: Newsroom, url: str = STORY, *, by_hand: bool = True, **settings: object) -> Fetched:
    with Fetcher(newsroom.settings(**settings)) as fetcher:
        return fetcher.fetch(Request(url, by_hand=by_hand))


# -- one page --------------------------------------------------------------------------------------------------------


def test_a_page_arrives_as_it_was_served(newsroom: Newsroom) -> None:
    coded = gzip.compress(b"<p>Hello")
    newsroom.add(STORY, coded, headers={"Content-Encoding": "gzip"})
    before = datetime.now(UTC)
    fetched = fetch(newsroom)
    assert (fetched.outcome, fetched.detail, fetched.final_url) == (Outcome.OK, "returned 200", STORY)
    [exchange] = fetched.exchanges
    assert exchange.payload == b"<p>Hello"
    assert exchange.received.startswith(b"HTTP/1.1 200 Whatever\r\nContent-Type: text/html")
    assert exchange.received.endswith(b"\r\n\r\n" + coded)
    assert exchange.sent == newsroom.requests[0].head
    assert exchange.headers[0] == ("Content-Type", "text/html; charset=utf-8")
    assert exchange.tls_verified is True
    assert exchange.address == f"127.0.0.1:{newsroom.port('https')}"
    assert before <= exchange.started <= datetime.now(UTC)


def test_what_is_sent(newsroom: Newsroom) -> None:
    newsroom.add("http://www.example.org/ä?b=c d", "ok")
    fetch(newsroom, "http://WWW.example.org:80/ä?b=c d#top", user_agent="newsbot/1.0 (+https://newsbot.example)")
    assert newsroom.requests[0].head == (
        b"GET /%C3%A4?b=c%20d HTTP/1.1\r\nHost: www.example.org\r\n"
        b"User-Agent: newsbot/1.0 (+https://newsbot.example)\r\n"
        b"Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n"
        b"Accept-Encoding: gzip, deflate, br\r\n\r\n"
    )


def test_a_chunked_page_is_kept_in_chunks_and_read_out_of_them(newsroom: Newsroom) -> None:
    raw = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\nTrailer: z\r\n\r\n"
    newsroom.raw(STORY, [raw[:50], 0.05, raw[50:]])
    [exchange] = fetch(newsroom).exchanges
    assert (exchange.received, exchange.payload) == (raw, b"abcdefg")


def test_a_page_that_ends_with_its_connection(newsroom: Newsroom) -> None:
    newsroom.raw(STORY, [b"HTTP/1.0 200 OK\r\n\r\n<p>Hello"])
    fetched = fetch(newsroom)
    assert (fetched.outcome, fetched.exchanges[0].payload) == (Outcome.OK, b"<p>Hello")


STATUSES = [
    (200, Outcome.OK, "returned 200"),
    (203, Outcome.OK, "returned 203 (non-authoritative information)"),
    (204, Outcome.FAILED, "returned 204 (no content)"),
    (206, Outcome.INCOMPLETE, "returned 206 (partial content), a part that was not asked for"),
    (301, Outcome.FAILED, "returned 301 (moved permanently) without saying where to"),
    (304, Outcome.FAILED, "returned 304 (not modified), which was not asked for"),
    (400, Outcome.FAILED, "returned 400 (bad request)"),
    (401, Outcome.BLOCKED, "returned 401 (unauthorized)"),
    (403, Outcome.BLOCKED, "returned 403 (forbidden)"),
    (404, Outcome.NOT_FOUND, "returned 404 (not found)"),
    (410, Outcome.GONE, "returned 410 (gone)"),
    (429, Outcome.BLOCKED, "returned 429 (too many requests)"),
    (451, Outcome.GONE, "returned 451 (unavailable for legal reasons)"),
    (500, Outcome.FAILED, "returned 500 (internal server error)"),
    (503, Outcome.BLOCKED, "returned 503 (service unavailable)"),
    (520, Outcome.FAILED, "returned 520"),
    (999, Outcome.BLOCKED, "returned 999"),
]


@pytest.mark.parametrize(("status", "outcome", "detail"), STATUSES)
def test_outcomes_say_what_was_returned(newsroom: Newsroom, status: int, outcome: Outcome, detail: str) -> None:
    body = b"" if status in (204, 304) else b"<p>the body"
    newsroom.add(STORY, body, status=status)
    fetched = fetch(newsroom)
    assert (fetched.outcome, fetched.detail) == (outcome, detail)
    assert [exchange.payload for exchange in fetched.exchanges] == [body]


def test_a_conditional_request_ends_unchanged(newsroom: Newsroom) -> None:
    newsroom.add(STORY, status=304, headers={"ETag": '"a"'})
    with Fetcher(newsroom.settings()) as fetcher:
        fetched = fetcher.fetch(Request(STORY, True, '"a"', "Fri, 31 Jan 2025 10:00:00 GMT"))
    assert (fetched.outcome, fetched.detail) == (Outcome.UNCHANGED, "returned 304 (not modified)")
    sent = newsroom.requests[0].headers
    assert (sent["if-none-match"], sent["if-modified-since"]) == ('"a"', "Fri, 31 Jan 2025 10:00:00 GMT")


def test_only_the_first_hop_is_conditional(newsroom: Newsroom) -> None:
    newsroom.redirect("https://t.co/1", STORY)
    newsroom.add(STORY, "ok")
    with Fetcher(newsroom.settings()) as fetcher:
        assert fetcher.fetch(Request("https://t.co/1", True, '"a"')).outcome is Outcome.OK
    assert ["if-none-match" in seen.headers for seen in newsroom.requests] == [True, False]


def test_a_name_that_does_not_resolve(newsroom: Newsroom) -> None:
    def nobody(_host: str, _port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with Fetcher(newsroom.settings(connect_to={}), lookup=nobody) as fetcher:
        fetched = fetcher.fetch(Request(STORY, by_hand=True))
    assert fetched.outcome is Outcome.FAILED
    assert fetched.detail == "the name www.example.org does not resolve (Name or service not known)"
    assert [(exchange.status, exchange.received, exchange.address) for exchange in fetched.exchanges] == [
        (None, b"", None)
    ]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def test_a_refused_connection(newsroom: Newsroom) -> None:
    port = free_port()
    fetched = fetch(newsroom, connect_to={"*:443": f"127.0.0.1:{port}"})
    assert (fetched.outcome, fetched.detail) == (Outcome.FAILED, "www.example.org refused the connection")
    assert fetched.exchanges[0].address == f"127.0.0.1:{port}"


def test_the_next_address_is_tried_when_one_does_not_answer(newsroom: Newsroom) -> None:
    newsroom.add("http://www.example.org/", "ok")
    route = {"www.example.org:80": f"two.example:{newsroom.port('http')}"}
    allowed = ("127.0.0.0/8", "::1/128")
    lookup = lambda _host, _port: ["::1", "127.9.9.9", "127.0.0.1"]  # noqa: E731
    with Fetcher(newsroom.settings(connect_to=route, allow_addresses=allowed), lookup=lookup) as fetcher:
        fetched = fetcher.fetch(Request("http://www.example.org/", by_hand=True))
    assert fetched.outcome is Outcome.OK
    assert fetched.exchanges[0].address == f"127.0.0.1:{newsroom.port('http')}"


def test_ipv6() -> None:
    try:
        server = socket.create_server(("::1", 0), family=socket.AF_INET6)
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")
    asked: list[bytes] = []

    def serve() -> None:
        connection, _peer = server.accept()
        with connection:
            asked.append(connection.recv(2**16))
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    with server:
        port = server.getsockname()[1]
        threading.Thread(target=serve, daemon=True).start()
        with Fetcher(FetchSettings(allow_addresses=("::1/128",))) as fetcher:
            fetched = fetcher.fetch(Request(f"http://[0:0::1]:{port}/", by_hand=True))
    assert (fetched.outcome, fetched.final_url) == (Outcome.OK, f"http://[::1]:{port}/")
    assert fetched.exchanges[0].address == f"[::1]:{port}"
    assert f"\r\nHost: [::1]:{port}\r\n".encode() in asked[0]


# -- chains ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [HopKind.HTTP, HopKind.META, HopKind.SCRIPT])
@pytest.mark.parametrize("to", [STORY, STORY + "?a=b&c='d'"])
def test_the_three_kinds_of_short_links_are_followed(newsroom: Newsroom, kind: HopKind, to: str) -> None:
    newsroom.add(to, "<p>Hello")
    add: dict[HopKind, Callable[[str, str], str]] = {
        HopKind.HTTP: newsroom.redirect,
        HopKind.META: newsroom.meta_redirect,
        HopKind.SCRIPT: newsroom.script_redirect,
    }
    short = add[kind]("https://t.co/XRawnqNPLg", to)
    fetched = fetch(newsroom, short)
    assert (fetched.outcome, fetched.final_url) == (Outcome.OK, to), fetched.detail
    assert [exchange.kind for exchange in fetched.exchanges] == [HopKind.START, kind]
    assert [exchange.location for exchange in fetched.exchanges] == [to, None]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_every_redirect_status_is_followed_relative_to_its_page(newsroom: Newsroom, status: int) -> None:
    newsroom.redirect("https://www.example.org/a/b", "../c d?e=é", status=status)
    newsroom.add("https://www.example.org/c d?e=é", "ok")
    fetched = fetch(newsroom, "https://www.example.org/a/b")
    assert (fetched.outcome, fetched.final_url) == (Outcome.OK, "https://www.example.org/c%20d?e=%C3%A9")


def test_a_site_that_wants_its_cookie_back(newsroom: Newsroom) -> None:
    def first_without() -> Iterator[Piece]:
        if "cookie" in newsroom.requests[-1].headers:
            yield b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
        else:
            yield (
                b"HTTP/1.1 302 Found\r\nLocation: " + STORY.encode() + b"\r\nSet-Cookie: seen=1; Path=/; Secure\r\n\r\n"
            )

    newsroom.raw(STORY, first_without)
    fetched = fetch(newsroom)
    assert (fetched.outcome, len(fetched.exchanges)) == (Outcome.OK, 2)


LONG = "<p>" + "This page has a text of its own to read. " * 30
PAGES = [
    ("<meta http-equiv=refresh content='0;url=/b'>", "/b", HopKind.META),
    ("<META HTTP-EQUIV='Refresh' CONTENT='3 ; URL = \"/b\"'>", "/b", HopKind.META),
    ("<meta content='0; /b' http-equiv='refresh'>You are being redirected", "/b", HopKind.META),
    ("<noscript><meta http-equiv=refresh content='0;url=/b'></noscript>", "/b", HopKind.META),
    ("<script>window.location.href = '/b';</script>", "/b", HopKind.SCRIPT),
    ("<script>location='/b'</script>", "/b", HopKind.SCRIPT),
    ('<script>top.location.assign( "/b" )</script>', "/b", HopKind.SCRIPT),
    (r'<script>location.replace("https:\/\/www.example.org\u002Fb\x3Fc")</script>', "/b?c", HopKind.SCRIPT),
    (
        "<title>Moved</title><script>if (1) { location.href='/b' }</script>Moved <a href=/b>here</a>",
        "/b",
        HopKind.SCRIPT,
    ),
    ("<meta http-equiv=refresh content=0;url=/b>", "/b", HopKind.META),
    ("<meta http-equiv=refresh content=0;url='/b'>", "/b", HopKind.META),
    ("<meta http-equiv=refresh content='0 /b'>", "/b", HopKind.META),
    ("<base href='/dir/'><meta http-equiv=refresh content='0;url=b'>", "/dir/b", HopKind.META),
    ("<base target=_top><base href='/dir/x'><script>location='b'</script>", "/dir/b", HopKind.SCRIPT),
    (f"<meta http-equiv=refresh content='0;url=/b'>{LONG}", None, None),
    (f"<script>location.replace('/b')</script>{LONG}", None, None),
    ("<meta http-equiv=refresh content='300'>", None, None),
    ("<meta http-equiv=refresh content='0; url= '>", None, None),
    ("<meta http-equiv=refresh content='0; url=\"'>", None, None),
    ("<meta http-equiv=refresh content='0;url=/a'>", None, None),
    ("<meta http-equiv=refresh content='60;url=/b'>", None, None),
    ("<!-- <meta http-equiv=refresh content='0;url=/b'> -->", None, None),
    ("<script>// location.replace\nif (location == '/b') {}</script>", None, None),
    ("<script>location.href = base + '/b'; location.href = '/b' + x;</script>", None, None),
    ("<script>if (a) location='/b'; else location='/c'</script>", None, None),
    (f"<script>location='/b'; {'work();' * 500}</script>", None, None),
    ("<script type=application/json>location='/b'</script>", None, None),
    ("<textarea>location='/b'</textarea>", None, None),
    ("<meta http-equiv=refresh content='0;url=/b'>" + " " * 40_000, None, None),
    ("<!DOCTYPE html><meta http-equiv=refresh content='0;url=/b'>", "/b", HopKind.META),
    ("<![foo[<meta http-equiv=refresh content='0;url=/b'>", None, None),
    ("<meta http-equiv=refresh><meta http-equiv=refresh content=x><p>location", None, None),
]


@pytest.mark.parametrize(("page", "to", "kind"), PAGES)
def test_only_a_page_that_is_nothing_else_redirects(page: str, to: str | None, kind: HopKind | None) -> None:
    found = by_page("https://www.example.org/a", page.encode())
    assert found == (Next(kind, f"https://www.example.org{to}") if kind and to else None)


@pytest.mark.parametrize(
    ("refresh", "payload", "to"),
    [
        ("0; url=http://other.example/story", b"", "http://other.example/story"),
        ("3;URL='/b'", b"You will be taken on", "https://www.example.org/b"),
        ("0;url=/a", b"", None),
        ("300", b"", None),
        ("60; url=/b", b"", None),
        ("0; url=/b", LONG.encode(), None),
    ],
)
def test_a_refresh_header_redirects_as_a_refresh_in_a_page_does(refresh: str, payload: bytes, to: str | None) -> None:
    assert by_refresh("https://www.example.org/a", refresh, payload) == (Next(HopKind.META, to) if to else None)


# -- robots.txt ------------------------------------------------------------------------------------------------------


class Late(socket.socket):
    """A connection whose requests take their time to go out."""

    def sendall(self, data: object, flags: int = 0) -> None:
        time.sleep(0.1)
        super().sendall(data, flags)  # type: ignore[arg-type]


def test_a_request_counts_as_asked_once_it_is_out() -> None:
    """The pause before the next one begins then: a thread that was held up must not make the two stand closer."""
    near, far = socket.socketpair()
    with Late(fileno=near.detach()) as ours, far:
        far.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        connection = Connection(ours, "127.0.0.1:80", None, h11.Connection(h11.CLIENT))
        sent = request_bytes("/", [("Host", "a.example")], connection.protocol)
        began = time.monotonic()
        reply = exchange(connection, sent, Limits(5.0, 2**16, 2**20), Deadline.after(5.0))
    assert reply.status == 200
    assert reply.asked - began >= 0.1


def test_robots_txt_is_asked_once_and_obeyed_for_what_nobody_named_by_hand(newsroom: Newsroom) -> None:
    newsroom.robots("https://www.example.org", "User-agent: *\nDisallow: /2025/\n")
    newsroom.add(STORY, "ok")
    newsroom.add("https://www.example.org/about", "ok")
    with Fetcher(newsroom.settings()) as fetcher:
        refused = fetcher.fetch(Request(STORY))
        assert (refused.outcome, refused.exchanges, refused.final_url) == (Outcome.ROBOTS, (), STORY)
        assert fetcher.fetch(Request("https://www.example.org/about")).outcome is Outcome.OK
        assert fetcher.fetch(Request(STORY, by_hand=True)).outcome is Outcome.OK
    assert newsroom.hits(ROBOTS) == 1


def test_robots_txt_can_speak_to_us_by_name(newsroom: Newsroom) -> None:
    newsroom.robots("https://www.example.org", "User-agent: Backfile\nDisallow: /\n\nUser-agent: *\nDisallow:\n")
    newsroom.add(STORY, "ok")
    assert fetch(newsroom, by_hand=False).outcome is Outcome.ROBOTS
    assert fetch(newsroom, by_hand=False, user_agent="newsbot/1.0 (backfile)").outcome is Outcome.OK
    assert fetch(newsroom, by_hand=False, robots=False).outcome is Outcome.OK


def test_robots_txt_of_every_host_on_the_way_is_obeyed(newsroom: Newsroom) -> None:
    newsroom.robots("https://www.example.org", "User-agent: *\nDisallow: /")
    newsroom.redirect("https://other.example/a", STORY)
    newsroom.add(STORY, "ok")
    fetched = fetch(newsroom, "https://other.example/a", by_hand=False)
    assert (fetched.outcome, fetched.final_url, len(fetched.exchanges)) == (Outcome.ROBOTS, STORY, 1)


def test_a_short_link_is_an_address_and_asks_no_robots_txt(newsroom: Newsroom) -> None:
    newsroom.robots("https://t.co", "User-agent: *\nDisallow: /")
    newsroom.redirect("https://t.co/XRawnqNPLg", STORY)
    newsroom.add(STORY, "ok")
    assert fetch(newsroom, "https://t.co/XRawnqNPLg", by_hand=False).outcome is Outcome.OK
    assert newsroom.hits("https://t.co/robots.txt") == 0
    assert newsroom.hits(ROBOTS) == 1


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (404, Outcome.OK),
        (403, Outcome.OK),
        (410, Outcome.OK),
        (500, Outcome.FAILED),
        (503, Outcome.BLOCKED),
        (429, Outcome.BLOCKED),
    ],
)
def test_robots_txt_that_cannot_be_had(newsroom: Newsroom, status: int, outcome: Outcome) -> None:
    """RFC 9309: no rules when there is no file, no requests when the server is in trouble."""
    newsroom.robots("https://www.example.org", "no", status=status)
    newsroom.add(STORY, "ok")
    fetched = fetch(newsroom, by_hand=False)
    assert fetched.outcome is outcome
    if outcome is not Outcome.OK:
        assert fetched.detail.startswith(f"robots.txt: returned {status}")
        assert newsroom.hits(STORY) == 0
        assert fetched.outcome.worth_retrying


def test_robots_txt_that_does_not_come(newsroom: Newsroom) -> None:
    newsroom.raw(ROBOTS, [60.0])
    fetched = fetch(newsroom, by_hand=False, first_byte_timeout=0.3)
    assert (fetched.outcome, fetched.detail) == (Outcome.TIMED_OUT, "robots.txt: no answer within 0.3 s")


@pytest.mark.parametrize(
    "body",
    [
        b"<!DOCTYPE html><title>Not found</title>User-agent: *\nDisallow: /",
        b"\xff\xfe\x00\x01" * 1000,
        b"",
        b"# only a comment\n" * 200_000 + b"User-agent: *\nDisallow: /",  # behind the 500 KiB that count
        b"Disallow: /\n",  # for nobody
    ],
    ids=["a page", "binary", "empty", "too long", "no agent"],
)
def test_robots_txt_that_says_nothing(newsroom: Newsroom, body: bytes) -> None:
    newsroom.add(ROBOTS, body)
    newsroom.add(STORY, "ok")
    assert fetch(newsroom, by_hand=False).outcome is Outcome.OK


def test_robots_txt_with_hostile_patterns_takes_no_time(newsroom: Newsroom) -> None:
    newsroom.robots("https://www.example.org", "User-agent: *\n" + "Disallow: /" + "*a" * 2000 + "*b\n")
    url = newsroom.add("https://www.example.org/" + "a" * 4000, "ok")
    started = time.monotonic()
    assert fetch(newsroom, url, by_hand=False).outcome is Outcome.OK
    assert time.monotonic() - started < 10


def test_robots_txt_is_fetched_once_for_many_threads(newsroom: Newsroom) -> None:
    newsroom.raw(ROBOTS, [0.2, b"HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\nUser-agent: *"])
    urls = [newsroom.add(f"https://www.example.org/{number}", "ok") for number in range(12)]
    with Fetcher(newsroom.settings()) as fetcher, ThreadPoolExecutor(6) as pool:
        assert {f.outcome for f in pool.map(fetcher.fetch, map(Request, urls))} == {Outcome.OK}
    assert newsroom.hits(ROBOTS) == 1


# -- pace ------------------------------------------------------------------------------------------------------------


def gaps(newsroom: Newsroom, *urls: str) -> list[float]:
    """Seconds between the requests for these URLs, in the order they came."""
    at = [seen.at for seen in newsroom.requests if seen.url in urls]
    return [(later - earlier).total_seconds() for earlier, later in itertools.pairwise(at)]


def test_a_host_gets_a_pause_between_requests_and_others_do_not_wait_for_it(newsroom: Newsroom) -> None:
    slow = [newsroom.add(f"http://slow.example/{number}", "ok") for number in range(4)]
    others = [newsroom.add(f"http://other{number}.example/", "ok") for number in range(4)]
    with Fetcher(newsroom.settings(delay=0.5)) as fetcher, ThreadPoolExecutor(8) as pool:
        requests = [Request(url, by_hand=True) for url in slow + others]
        assert {fetched.outcome for fetched in pool.map(fetcher.fetch, requests)} == {Outcome.OK}
    assert min(gaps(newsroom, *slow)) > 0.3
    assert newsroom.requests[-1].url in slow


def test_crawl_delay_is_respected_and_does_not_apply_to_robots_txt_itself(newsroom: Newsroom) -> None:
    newsroom.robots("https://www.example.org", "User-agent: *\nCrawl-delay: 1")
    urls = [newsroom.add(f"https://www.example.org/{number}", "ok") for number in range(3)]
    with Fetcher(newsroom.settings()) as fetcher:
        for url in urls:
            assert fetcher.fetch(Request(url)).outcome is Outcome.OK
    assert min(gaps(newsroom, *urls)) > 0.6
    assert gaps(newsroom, ROBOTS, urls[0])[0] < 0.6


def test_a_redirect_on_the_same_host_is_followed_without_a_pause(newsroom: Newsroom) -> None:
    newsroom.redirect("http://www.example.org/a", "/b")
    newsroom.add("http://www.example.org/b", "ok")
    started = time.monotonic()
    assert fetch(newsroom, "http://www.example.org/a", delay=20.0).outcome is Outcome.OK
    assert time.monotonic() - started < 10


def test_no_more_connections_to_a_host_and_at_all_than_the_settings_say(newsroom: Newsroom) -> None:
    lock = threading.Lock()
    now: dict[str, int] = {}
    most: dict[str, int] = {}

    def answer(host: str) -> Iterator[Piece]:
        with lock:
            for name in (host, "all"):
                now[name] = now.get(name, 0) + 1
                most[name] = max(most.get(name, 0), now[name])
        yield 0.1
        with lock:
            for name in (host, "all"):
                now[name] -= 1
        yield b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

    urls = [f"http://host{number % 4}.example/{number}" for number in range(24)]
    for number, url in enumerate(urls):
        newsroom.raw(url, lambda host=f"host{number % 4}": answer(host))  # type: ignore[misc]
    with Fetcher(newsroom.settings(per_host=2, concurrency=5)) as fetcher, ThreadPoolExecutor(16) as pool:
        outcomes = {f.outcome for f in pool.map(fetcher.fetch, [Request(url, by_hand=True) for url in urls])}
    assert outcomes == {Outcome.OK}
    assert most.pop("all") == 5
    assert set(most.values()) <= {1, 2}


def test_closing_wakes_whoever_waits_for_a_turn(newsroom: Newsroom) -> None:
    newsroom.add("http://www.example.org/", "ok")
    fetcher = Fetcher(newsroom.settings(delay=60.0))
    fetcher.fetch(Request("http://www.example.org/", by_hand=True))
    with ThreadPoolExecutor(3) as pool:
        waiting = [pool.submit(fetcher.fetch, Request("http://www.example.org/", by_hand=True)) for _ in range(3)]
        started = time.monotonic()
        threading.Timer(0.2, fetcher.close).start()
        assert {future.result().outcome for future in waiting} == {Outcome.FAILED}
    assert time.monotonic() - started < 20
    assert fetcher.fetch(Request("http://www.example.org/", by_hand=True)).detail == "stopped before it was answered"


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_closing_ends_what_is_under_way(newsroom: Newsroom, scheme: str) -> None:
    url = newsroom.raw(f"{scheme}://www.example.org/", [b"HTTP/1.1 200 OK\r\n\r\nabc", 60.0])
    fetcher = Fetcher(newsroom.settings())
    with ThreadPoolExecutor(2) as pool:
        waiting = [pool.submit(fetcher.fetch, Request(url, by_hand=True)) for _ in range(2)]
        started = time.monotonic()
        threading.Timer(0.3, fetcher.close).start()
        ends = [future.result() for future in waiting]
    assert time.monotonic() - started < 10
    assert [(end.outcome, end.exchanges) for end in ends] == [(Outcome.FAILED, ())] * 2


# -- connections -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_connection_serves_many_requests(newsroom: Newsroom, scheme: str) -> None:
    urls = [newsroom.add(f"{scheme}://www.example.org/{number}", f"page {number}") for number in range(5)]
    with Fetcher(newsroom.settings()) as fetcher:
        bodies = [fetcher.fetch(Request(url, by_hand=True)).exchanges[0].payload for url in urls]
    assert bodies == [f"page {number}".encode() for number in range(5)]
    assert newsroom.connects == 1


def test_a_connection_that_the_server_closed_is_replaced(newsroom: Newsroom) -> None:
    url = "http://www.example.org/"
    newsroom.raw(url, [b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"])  # closes without having said so
    with Fetcher(newsroom.settings()) as fetcher:
        outcomes = [fetcher.fetch(Request(url, by_hand=True)).outcome for _ in range(3)]
    assert outcomes == [Outcome.OK] * 3
    assert newsroom.connects == 3


def test_what_a_server_says_unasked_is_never_taken_for_an_answer(newsroom: Newsroom) -> None:
    url = "http://www.example.org/"
    planted = b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nplanted"
    newsroom.raw(url, [b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 0.2, planted, 1.0])
    newsroom.add(url + "other", "other")
    with Fetcher(newsroom.settings()) as fetcher:
        fetcher.fetch(Request(url, by_hand=True))
        time.sleep(0.5)
        assert fetcher.fetch(Request(url + "other", by_hand=True)).exchanges[0].payload == b"other"


def test_one_fetcher_serves_many_threads(newsroom: Newsroom) -> None:
    urls = [newsroom.add(f"https://host{number % 7}.example/{number}", f"page {number}") for number in range(70)]
    with Fetcher(newsroom.settings()) as fetcher, ThreadPoolExecutor(8) as pool:
        fetched = list(pool.map(fetcher.fetch, [Request(url) for url in urls]))
    assert [f.exchanges[0].payload.decode() for f in fetched] == [f"page {number}" for number in range(70)]
