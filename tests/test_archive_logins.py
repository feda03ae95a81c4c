"""Cookies of an account go to the one host that they are for, and are blanked in what is stored."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from commands import Command
from newsroom import Newsroom

from archive import Request, SettingsError
from archive.fetch import Fetcher
from archive.fetch.logins import Logins, blanked_request, blanked_response
from archive.urls import parse

STORY = "https://paper.example/pier"
SECRET, FRESH = "tOpSeCrEt", "nEwSeSsIoN"
COOKIES = f"""# Netscape HTTP Cookie File
#HttpOnly_paper.example\tFALSE\t/\tTRUE\t0\tsession\t{SECRET}
.paper.example\tTRUE\t/members\tTRUE\t4102444800\tmember\tyes
paper.example\tFALSE\t/\tTRUE\t1000000000\told\tgone
other.example\tFALSE\t/\tTRUE\t0\telse\tnever
"""
TEXT = "<p>The harbour board voted on Tuesday to spend twelve million pounds on the pier.</p>" * 4


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "cookies.txt"
    path.write_text(COOKIES)
    return path


@pytest.mark.parametrize(
    ("url", "sent"),
    [
        ("https://paper.example/pier", {"session": SECRET}),
        ("https://paper.example/members", {"session": SECRET, "member": "yes"}),
        ("https://paper.example/members/x", {"session": SECRET, "member": "yes"}),
        ("https://paper.example/membership", {"session": SECRET}),
        ("http://paper.example/pier", {}),
        ("https://www.paper.example/members/", {}),
        ("https://other.example/", {}),
    ],
)
def test_cookies_go_where_a_browser_would_send_them_and_to_that_host_alone(
    file: Path, url: str, sent: dict[str, str]
) -> None:
    assert Logins({"paper.example": str(file)}).of(parse(url)) == sent


@pytest.mark.parametrize("line", ["a b c", "paper.example\tFALSE\t/\tTRUE\tsoon\ta\tb", "x\tFALSE\t/\tTRUE\t0\ta\té"])
def test_a_line_that_is_none_is_named(tmp_path: Path, line: str) -> None:
    file = tmp_path / "cookies.txt"
    file.write_text(f"# comment\n\n{line}\n")
    with pytest.raises(SettingsError, match=r"line 3") as found:
        Logins({"paper.example": str(file)})
    assert found.value.key == 'fetch.cookies."paper.example"'


def test_a_file_that_is_not_there_is_named_at_once(newsroom: Newsroom) -> None:
    with pytest.raises(SettingsError, match="nowhere"):
        Fetcher(newsroom.settings(cookies={"paper.example": "/nowhere/cookies.txt"}))


def test_what_is_stored_has_no_cookies_in_it() -> None:
    sent = b"GET / HTTP/1.1\r\nHost: a\r\nCookie: a=b; c=d\r\nAccept: x\r\n\r\n"
    assert blanked_request(sent) == b"GET / HTTP/1.1\r\nHost: a\r\nCookie: -\r\nAccept: x\r\n\r\n"
    early = b"HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n"
    received = early + b"HTTP/1.1 200 OK\r\nset-cookie: s=secret; Path=/\r\nX: y\r\n\r\nSet-Cookie: a=b"
    assert blanked_response(received) == received.replace(b"secret", b"******")


def test_redirects_and_resources_elsewhere_get_none(newsroom: Newsroom, file: Path) -> None:
    newsroom.redirect(STORY, "https://other.example/pier")
    newsroom.add("https://other.example/pier", TEXT)
    with Fetcher(newsroom.settings(cookies={"paper.example": str(file)})) as fetcher:
        found = fetcher.fetch(Request(STORY))
    assert [exchange.login for exchange in found.exchanges] == [True, False]
    assert [seen.headers.get("cookie") for seen in newsroom.requests if "robots" not in seen.url] == [
        f"session={SECRET}", None,
    ]  # fmt: skip
    assert not any("cookie" in seen.headers for seen in newsroom.requests if "robots" in seen.url)


@pytest.mark.slow
def test_the_archive_says_so_and_keeps_no_secret(newsroom: Newsroom, tmp_path: Path) -> None:
    newsroom.add(STORY, f"<h1>Pier</h1>{TEXT}<img src=/a.png>", headers={"Set-Cookie": f"session={FRESH}; Path=/"})
    newsroom.add("https://paper.example/free", f"<h1>Quay</h1>{TEXT.replace('pier', 'quay')}")
    newsroom.add("https://paper.example/a.png", b"\x89PNG\r\n\x1a\n" * 60, type="image/png")
    command = Command(tmp_path / "archive", newsroom)
    assert command("add", "https://paper.example/free").code == 0
    (tmp_path / "cookies.txt").write_text(COOKIES)
    with (command.folder / "backfile.toml").open("a") as settings:
        settings.write('\n[fetch.cookies]\n"paper.example" = "../cookies.txt"\n')
    assert command("add", STORY, "--resources", "page").code == 0
    assert "captured with a login" in command("show", STORY).out
    assert [command("show", url, "--json").rows[0]["login"] for url in (STORY, "https://paper.example/free")] == [
        True, False,
    ]  # fmt: skip
    assert len(command("search", "is:login", "--json").rows) == 1
    asked = [seen for seen in newsroom.requests if seen.headers.get("cookie")]
    assert {seen.url for seen in asked} == {STORY, "https://paper.example/a.png"}
    for path in command.folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            whole = data + (gzip.decompress(data) if path.suffix == ".gz" else b"")
            assert SECRET.encode() not in whole, path
            assert FRESH.encode() not in whole, path
    assert command("prove", STORY, "-o", str(tmp_path / "proof.html")).code == 0
    assert json.loads((tmp_path / "proof.json").read_bytes())["login"] is True
    assert "those of an account were sent" in (tmp_path / "proof.html").read_text()
    assert command("verify").code == 0
    assert command("rebuild").code == 0
    assert command("show", STORY, "--json").rows[0]["login"] is True
