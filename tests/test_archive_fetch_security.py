"""What must never be reached or given away (S01–S21): the gate stands on every hop, whatever led there."""

from __future__ import annotations

import itertools
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from newsroom import Newsroom

from archive.config import FetchSettings
from archive.errors import SettingsError
from archive.fetch import Fetcher
from archive.model import Fetched, HopKind, Outcome, Request

URL = "http://www.example.org/page"


def fetch(newsroom: Newsroom, url: str = URL, *, by_hand: bool = True, **settings: object) -> Fetched:
    with Fetcher(newsroom.settings(**settings)) as fetcher:
        return fetcher.fetch(Request(url, by_hand=by_hand))


@pytest.fixture
def listener() -> Iterator[tuple[int, list[object]]]:
    """A port on loopback and the connections that were made to it."""
    connects: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def count() -> None:
            while True:
                try:
                    connection, peer = server.accept()
                except OSError:
                    return
                connects.append(peer)
                connection.close()

        threading.Thread(target=count, daemon=True).start()
        yield server.getsockname()[1], connects


LOOPBACK = ["127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0x7f.1", "0", "localhost", "①②⑦.⓪.⓪.①"]


@pytest.mark.parametrize("host", [*LOOPBACK, "127。0。0。1", "[::ffff:127.0.0.1]", "[::127.0.0.1]"])
@pytest.mark.parametrize("by_hand", [True, False])
def test_s01_loopback_is_never_connected_to(listener: tuple[int, list[object]], host: str, by_hand: bool) -> None:
    port, connects = listener
    with Fetcher(FetchSettings()) as fetcher:
        fetched = fetcher.fetch(Request(f"http://{host}:{port}/", by_hand=by_hand))
    assert fetched.outcome is Outcome.REFUSED
    assert fetched.exchanges == ()
    assert "127.0.0.1" in fetched.detail or "0.0.0.0" in fetched.detail
    assert connects == []


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://[fd00:ec2::254]/",
        "http://192.0.0.192/",
        "http://168.63.129.16/",
        "http://100.100.100.200/",
        "http://10.1.2.3/",
        "http://[fe80::1]/",
        "http://[64:ff9b::a9fe:a9fe]/",
        "http://169.254.169.254:8888\\@httpbin.org/",
        "http:127.0.0.1/",
        "http://user@127.0.0.1/",
        "file:///etc/passwd",
        "ftp://www.example.org/",
        "//www.example.org/",
        "",
        "http://a\nb/",
    ],
)
def test_refused_without_a_connection(newsroom: Newsroom, url: str) -> None:
    """Also by a fetcher whose `connect_to` takes every name to the newsroom: an address is not a name."""
    fetched = fetch(newsroom, url)
    assert (fetched.outcome, fetched.exchanges) == (Outcome.REFUSED, ())
    assert fetched.detail
    assert fetched.final_url == url
    assert newsroom.connects == 0


def test_connect_to_passes_the_same_gate(newsroom: Newsroom) -> None:
    """A route in the settings is no permission: the address it leads to must be allowed, too."""
    newsroom.add(URL, "ok")
    assert fetch(newsroom).outcome is Outcome.OK
    fetched = fetch(newsroom, allow_addresses=())
    assert fetched.outcome is Outcome.REFUSED
    assert newsroom.connects == 1


def test_s12_a_name_is_resolved_once_and_the_connection_goes_to_that_answer(newsroom: Newsroom) -> None:
    newsroom.add(URL, "ok")
    answers = itertools.chain(["127.0.0.1"], itertools.repeat("10.0.0.1"))
    asked: list[str] = []

    def rebinding(host: str, _port: int) -> list[str]:
        asked.append(host)
        return [next(answers)]

    route = {"www.example.org:80": f"rebind.example:{newsroom.port('http')}"}
    with Fetcher(newsroom.settings(connect_to=route), lookup=rebinding) as fetcher:
        fetched = fetcher.fetch(Request(URL, by_hand=True))
        assert (fetched.outcome, asked) == (Outcome.OK, ["rebind.example"])
        assert fetched.exchanges[0].address == f"127.0.0.1:{newsroom.port('http')}"


def test_s13_a_name_with_a_private_record_among_public_ones_is_refused(newsroom: Newsroom) -> None:
    newsroom.add(URL, "ok")
    route = {"www.example.org:80": f"mixed.example:{newsroom.port('http')}"}
    with Fetcher(newsroom.settings(connect_to=route), lookup=lambda _h, _p: ["127.0.0.1", "10.0.0.1"]) as fetcher:
        fetched = fetcher.fetch(Request(URL, by_hand=True))
    assert fetched.outcome is Outcome.REFUSED
    assert "10.0.0.1 is a private address" in fetched.detail
    assert newsroom.connects == 0


PRIVATE = "http://169.254.169.254/latest/meta-data/"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("by_hand", [True, False])
def test_s14_a_redirect_to_a_private_address_ends_there(newsroom: Newsroom, status: int, by_hand: bool) -> None:
    newsroom.redirect(URL, PRIVATE, status=status)
    fetched = fetch(newsroom, by_hand=by_hand)
    assert (fetched.outcome, fetched.final_url) == (Outcome.REFUSED, PRIVATE)
    assert "link-local" in fetched.detail
    assert [exchange.location for exchange in fetched.exchanges] == [PRIVATE]


def test_s14_after_five_hops_and_by_meta_and_script(newsroom: Newsroom) -> None:
    newsroom.redirect("http://one.example/", "http://two.example/")
    newsroom.redirect("http://two.example/", "https://three.example/")
    newsroom.meta_redirect("https://three.example/", "https://four.example/")
    newsroom.script_redirect("https://four.example/", "https://five.example/")
    newsroom.meta_redirect("https://five.example/", PRIVATE)
    fetched = fetch(newsroom, "http://one.example/")
    assert (fetched.outcome, fetched.final_url) == (Outcome.REFUSED, PRIVATE)
    assert [exchange.kind for exchange in fetched.exchanges] == [
        HopKind.START,
        HopKind.HTTP,
        HopKind.HTTP,
        HopKind.META,
        HopKind.SCRIPT,
    ]


def test_s14_a_script_to_a_private_address_ends_there(newsroom: Newsroom) -> None:
    newsroom.script_redirect(URL, PRIVATE)
    assert fetch(newsroom).outcome is Outcome.REFUSED


@pytest.mark.parametrize(
    "target",
    [
        "file:///etc/passwd",
        "ftp://www.example.org/",
        "data:text/html,<p>hello",
        "gopher://www.example.org/",
        "javascript:alert(1)",
        "http://user:secret@www.example.org/",
        "http://www.example.org\\@127.0.0.1/",
        "//[::1",
        "http://",
    ],
)
@pytest.mark.parametrize("kind", ["http", "meta", "script"])
def test_s15_a_redirect_to_anything_else_is_refused(newsroom: Newsroom, target: str, kind: str) -> None:
    if kind == "http":
        newsroom.redirect(URL, target)
    elif kind == "meta":
        newsroom.meta_redirect(URL, target)
    else:
        newsroom.script_redirect(URL, target)
    fetched = fetch(newsroom)
    assert (fetched.outcome, fetched.final_url) == (Outcome.REFUSED, URL)
    assert "redirected to what is not fetched" in fetched.detail
    assert [exchange.location for exchange in fetched.exchanges] == [None]
    assert len(newsroom.requests) == 1


def test_s16_a_loop_is_noticed_and_kept(newsroom: Newsroom) -> None:
    newsroom.redirect("http://a.example/", "http://b.example/")
    newsroom.redirect("http://b.example/", "http://a.example/")
    fetched = fetch(newsroom, "http://a.example/")
    assert (fetched.outcome, fetched.final_url) == (Outcome.REDIRECTS, "http://a.example/")
    assert "in a circle" in fetched.detail
    assert [exchange.url for exchange in fetched.exchanges] == ["http://a.example/", "http://b.example/"]


def test_s16_a_redirect_to_itself_is_noticed(newsroom: Newsroom) -> None:
    newsroom.redirect(URL, URL + "#top")
    fetched = fetch(newsroom)
    assert (fetched.outcome, len(fetched.exchanges)) == (Outcome.REDIRECTS, 1)


@pytest.mark.parametrize("limit", [0, 3, 10])
def test_s16_an_endless_chain_stops_at_the_limit(newsroom: Newsroom, limit: int) -> None:
    for number in range(30):
        newsroom.redirect(f"http://a.example/{number}", f"/{number + 1}")
    fetched = fetch(newsroom, "http://a.example/0", max_redirects=limit)
    assert (fetched.outcome, len(fetched.exchanges)) == (Outcome.REDIRECTS, limit + 1)
    assert fetched.final_url == f"http://a.example/{limit + 1}"
    assert f"more than {limit} times" in fetched.detail


def test_s17_robots_txt_passes_the_same_gate(newsroom: Newsroom) -> None:
    newsroom.redirect("http://www.example.org/robots.txt", PRIVATE)
    newsroom.add(URL, "ok")
    fetched = fetch(newsroom, by_hand=False)
    assert fetched.outcome is Outcome.REFUSED
    assert newsroom.hits(URL) == 0


def test_s18_proxies_in_the_environment_are_not_used(
    newsroom: Newsroom, listener: tuple[int, list[object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    port, connects = listener
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{port}")
    newsroom.add(URL, "ok")
    assert fetch(newsroom).outcome is Outcome.OK
    assert fetch(newsroom, PRIVATE).outcome is Outcome.REFUSED
    assert connects == []


def test_s19_cookies_go_back_to_their_own_origin_only(newsroom: Newsroom) -> None:
    def sets(to: str) -> dict[str, str]:
        return {"Location": to, "Set-Cookie": "secret=1; Path=/; Domain=.example.org"}

    newsroom.add("https://a.example.org/", status=302, headers=sets("https://a.example.org/again"))
    newsroom.add("https://a.example.org/again", status=302, headers=sets("http://a.example.org/"))
    newsroom.add("http://a.example.org/", status=302, headers=sets("https://b.example.org/"))
    newsroom.add("https://b.example.org/", "ok")
    assert fetch(newsroom, "https://a.example.org/").outcome is Outcome.OK
    assert [seen.headers.get("cookie") for seen in newsroom.requests] == [None, "secret=1", None, None]
    assert not any("authorization" in seen.headers for seen in newsroom.requests)


def test_cookies_end_with_the_chain(newsroom: Newsroom) -> None:
    newsroom.add(URL, "ok", headers={"Set-Cookie": "a=1"})
    with Fetcher(newsroom.settings()) as fetcher:
        for _ in range(2):
            fetcher.fetch(Request(URL, by_hand=True))
    assert [seen.headers.get("cookie") for seen in newsroom.requests] == [None, None]


def test_a_site_that_redirects_to_itself_until_its_cookie_comes_back(newsroom: Newsroom) -> None:
    newsroom.add(URL, status=302, headers={"Location": "/set"})
    newsroom.add("http://www.example.org/set", status=302, headers={"Location": URL, "Set-Cookie": "seen=1"})
    fetched = fetch(newsroom)
    assert fetched.outcome is Outcome.REDIRECTS  # this one never has enough
    assert [seen.headers.get("cookie") for seen in newsroom.requests] == [None, None, "seen=1", "seen=1"]


@pytest.mark.parametrize("value", ["a=b\x01c", "=b", "a", "a b=c", "ä=b", "x" * 300 + "=1", "a=" + "b" * 5000])
def test_malformed_cookies_are_not_sent_back(newsroom: Newsroom, value: str) -> None:
    newsroom.add(URL, status=302, headers={"Location": "/b", "Set-Cookie": value})
    newsroom.add("http://www.example.org/b", "ok")
    assert fetch(newsroom).outcome is Outcome.OK
    assert "cookie" not in newsroom.requests[1].headers


def test_an_etag_cannot_smuggle_headers(newsroom: Newsroom) -> None:
    newsroom.add(URL, "ok")
    with Fetcher(newsroom.settings()) as fetcher:
        fetcher.fetch(Request(URL, by_hand=True, etag='"a"\r\nX-Evil: 1', last_modified="x\ny"))
    assert "x-evil" not in newsroom.requests[0].headers
    assert "if-none-match" not in newsroom.requests[0].headers


SECURE = "https://www.example.org/page"


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("expired", "certificate has expired"),
        ("untrusted", "unable to get local issuer"),
        ("another host", "www.example"),
    ],
)
def test_s20_a_bad_certificate_is_a_failure(newsroom: Newsroom, fault: str, said: str) -> None:
    newsroom.add(SECURE, "ok")
    newsroom.certificate("www.example.org", fault)
    fetched = fetch(newsroom, SECURE)
    assert fetched.outcome is Outcome.FAILED
    assert "the certificate of www.example.org is not valid" in fetched.detail
    assert said in fetched.detail
    assert newsroom.requests == []


def test_s20_unverified_only_by_a_setting_and_it_is_recorded(newsroom: Newsroom) -> None:
    newsroom.add(SECURE, "ok")
    newsroom.certificate("www.example.org", "untrusted")
    fetched = fetch(newsroom, SECURE, verify_tls=False)
    assert fetched.outcome is Outcome.OK
    assert [exchange.tls_verified for exchange in fetched.exchanges] == [False]


def test_s20_the_systems_roots_do_not_know_the_newsroom(newsroom: Newsroom) -> None:
    newsroom.add(SECURE, "ok")
    assert fetch(newsroom, SECURE, ca_bundle="").outcome is Outcome.FAILED


def test_tls_to_a_server_that_speaks_none(newsroom: Newsroom) -> None:
    route = {"www.example.org:443": f"127.0.0.1:{newsroom.port('http')}"}
    fetched = fetch(newsroom, SECURE, connect_to=route, timeout=2.0)
    assert fetched.outcome in (Outcome.FAILED, Outcome.TIMED_OUT)
    assert "www.example.org" in fetched.detail


def test_s21_a_dead_short_link_has_an_outcome_of_its_own(newsroom: Newsroom) -> None:
    newsroom.dead("t.co")
    fetched = fetch(newsroom, "https://t.co/XRawnqNPLg", by_hand=False)
    assert (fetched.outcome, fetched.final_url) == (Outcome.FAILED, "https://t.co/XRawnqNPLg")
    assert "without an answer" in fetched.detail
    assert fetched.outcome.worth_retrying


@pytest.mark.parametrize(
    ("route", "key"),
    [
        ({"www.example.org": "127.0.0.1:80"}, "www.example.org"),
        ({"*:443": "*:80"}, "*:443"),
        ({"a:1": "b"}, "a:1"),
        ({"a:1": "127.0.0.1:65536"}, "a:1"),
    ],
)
def test_a_route_that_is_none_is_a_settings_error(route: dict[str, str], key: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Fetcher(FetchSettings(connect_to=route))
    assert caught.value.key == f'fetch.connect_to."{key}"'


def test_a_missing_ca_bundle_is_a_settings_error() -> None:
    with pytest.raises(SettingsError, match="ca_bundle"):
        Fetcher(replace(FetchSettings(), ca_bundle="/nowhere/ca.pem"))


@pytest.mark.parametrize("agent", ["", " ", "a\r\nX-Evil: 1", "Zeitung/1.0 (für alle)"])
def test_a_user_agent_that_cannot_be_sent_is_a_settings_error(agent: str) -> None:
    with pytest.raises(SettingsError, match="user_agent"):
        Fetcher(FetchSettings(user_agent=agent))
