"""URLs as text: identity, normal form, what is refused by its look, and URLs found in any text."""

from __future__ import annotations

import re
import string
import subprocess
import sys
import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from archive.errors import UsageError
from archive.urls import Found, check_url, entry_id, find_urls, join, key, normal, parse, scan_urls, site_of

KEYS = [
    pytest.param("http://example.org", "https://example.org/", id="scheme and empty path"),
    pytest.param("HTTPS://Example.ORG./", "https://example.org/", id="case and final dot of host"),
    pytest.param("http://example.org:80/a", "https://example.org/a", id="default port of http"),
    pytest.param("https://example.org:443/a", "https://example.org/a", id="default port of https"),
    pytest.param("https://example.org:8443/a", "https://example.org:8443/a", id="other port"),
    pytest.param("https://example.org/a/./b/../c", "https://example.org/a/c", id="dot segments"),
    pytest.param("https://example.org/a/%2E%2e/c", "https://example.org/c", id="encoded dot segments"),
    pytest.param("https://example.org/../../c", "https://example.org/c", id="dot segments above the root"),
    pytest.param("https://example.org/%7Euser/%c3%a9", "https://example.org/~user/%C3%A9", id="percent-encoding"),
    pytest.param("https://example.org/é x", "https://example.org/%C3%A9%20x", id="characters to encode"),
    pytest.param("https://example.org/100%", "https://example.org/100%25", id="lone percent sign"),
    pytest.param("https://example.org/a%2Fb", "https://example.org/a%2Fb", id="encoded slash is no slash"),
    pytest.param("https://bücher.example/", "https://xn--bcher-kva.example/", id="IDNA"),
    pytest.param("https://BÜCHER.example/", "https://xn--bcher-kva.example/", id="IDNA, upper case"),
    pytest.param("https://example.org/?", "https://example.org/", id="empty query"),
    pytest.param("https://example.org/?b=2&a=1", "https://example.org/?b=2&a=1", id="order of parameters kept"),
    pytest.param(
        "https://example.org/?utm_source=x&id=7&fbclid=y&UTM_Medium=z", "https://example.org/?id=7", id="trackers"
    ),
    pytest.param("https://example.org/?gclid=1", "https://example.org/", id="only trackers"),
    pytest.param(
        "https://example.org/?ref=x&source=y", "https://example.org/?ref=x&source=y", id="no tracker for sure"
    ),
    pytest.param("https://example.org/a#top", "https://example.org/a", id="fragment"),
    pytest.param("https://example.org/#!/a", "https://example.org/#!/a", id="fragment that is an address"),
    pytest.param("  https://example.org/a\n", "https://example.org/a", id="space around"),
    pytest.param("http://[2001:DB8::0:1]:8080/", "https://[2001:db8::1]:8080/", id="IPv6"),
]


@pytest.mark.parametrize(("url", "expected"), KEYS)
def test_key(url: str, expected: str) -> None:
    assert key(url) == expected
    assert key(expected) == expected


def test_normal_keeps_what_the_server_may_need() -> None:
    url = "HTTP://Example.org:80/a/../b?utm_source=x&&q=%7e#top"
    assert normal(url) == "http://example.org/b?utm_source=x&&q=~"


REFUSED = [
    pytest.param("http://169.254.169.254:8888\\@httpbin.org/", "backslash", id="S10 backslash"),
    pytest.param("http://exa\tmple.org/", "control character", id="S11 tab in host"),
    pytest.param("http://exa\nmple.org/", "control character", id="S11 newline in host"),
    pytest.param("http://example.org/\x00", "control character", id="NUL"),
    pytest.param("http://example.org/\ud800", "control character", id="lone surrogate"),
    pytest.param("http:127.0.0.1/", "no host", id="S11 no slashes"),
    pytest.param("http:/127.0.0.1/", "no host", id="S11 one slash"),
    pytest.param("http:///127.0.0.1/", "no host", id="S11 three slashes"),
    pytest.param("http://example.org@127.0.0.1/", "user names", id="S11 user"),
    pytest.param("http://user:pass@example.org/", "user names", id="S11 user and password"),
    pytest.param("http://@example.org/", "user names", id="S11 empty user"),
    pytest.param("file:///etc/passwd", "only http and https", id="S15 file"),
    pytest.param("ftp://example.org/", "only http and https", id="S15 ftp"),
    pytest.param("gopher://example.org/", "only http and https", id="S15 gopher"),
    pytest.param("javascript:alert(1)", "only http and https", id="S15 javascript"),
    pytest.param("data:text/html,x", "only http and https", id="S15 data"),
    pytest.param("www.example.org/a", "does not begin with http", id="no scheme"),
    pytest.param("", "does not begin with http", id="empty"),
    pytest.param("http://", "no host", id="nothing after the scheme"),
    pytest.param("http://exa mple.org/", "not a host name", id="space in host"),
    pytest.param("http://%31%32%37.0.0.1/", "not a host name", id="percent-encoded host"),
    pytest.param("http://a..b/", "not a host name", id="empty label"),
    pytest.param("http://-a.org/", "not a host name", id="label that begins with a hyphen"),
    pytest.param(f"http://{'a' * 64}.org/", "not a host name", id="long label"),
    pytest.param("http://ex\u200bample\u2044.org/", "not a host name", id="a slash that is none"),
    pytest.param("http://[::1/", "not a host name", id="open bracket"),
    pytest.param("http://[1.2.3.4]/", "not an IPv6 address", id="IPv4 in brackets"),
    pytest.param("http://[fe80::1%25eth0]/", "zone", id="IPv6 zone"),
    pytest.param("http://example.org:0/", "no port 0", id="port 0"),
    pytest.param("http://example.org:65536/", "no port 65536", id="port too high"),
    pytest.param("http://example.org:８０/", "not a host name", id="port in other digits"),
    pytest.param("http://example.org:80:80/", "not a host name", id="two ports"),
    pytest.param("http://example.org/" + "a" * 9000, "longer than 8192", id="too long"),
]


@pytest.mark.parametrize(("url", "reason"), REFUSED)
def test_refused_by_its_look(url: str, reason: str) -> None:
    for judge in (check_url, key, normal):
        with pytest.raises(UsageError, match=re.escape(reason)):
            judge(url)


def test_s09_digits_of_other_scripts_are_the_address_they_resolve_to() -> None:
    assert parse("http://①②⑦.⓪.⓪.①/").host == "127.0.0.1"
    assert parse("http://127。0。0。1/").host == "127.0.0.1"


def test_the_reason_quotes_no_control_characters() -> None:
    with pytest.raises(UsageError) as caught:
        check_url("http://a\x1b[31m/\u202e")
    assert str(caught.value).isascii()
    assert str(caught.value).isprintable()


PATH = st.text(st.sampled_from(string.ascii_letters + string.digits + "/.%~-_ é&=?+:@!$'()*,;[]|^`{}<>\""), max_size=30)
HOST = st.from_regex(r"[a-z0-9]{1,8}(\.[a-z0-9]{1,8}){1,3}", fullmatch=True)
URL = st.builds(
    lambda scheme, host, port, rest: f"{scheme}://{host}{port}/{rest}",
    st.sampled_from(["http", "https", "HTTP"]),
    HOST,
    st.sampled_from(["", ":80", ":443", ":8080"]),
    PATH,
)


@given(URL)
def test_keys_and_normal_forms_are_final(url: str) -> None:
    assert key(key(url)) == key(url)
    assert normal(normal(url)) == normal(url)
    assert key(normal(url)) == key(url)
    assert str(parse(str(parse(url)))) == str(parse(url))


@given(URL, st.sampled_from(["utm_source=a", "fbclid=b", "gclid=c&UTM_X=d"]))
def test_the_way_a_reader_came_does_not_change_the_key(url: str, tracking: str) -> None:
    assume(url == url.strip())
    assert key(url + ("&" if "?" in url else "?") + tracking) == key(url)
    assert key(url + "#section") == key(url)


@given(URL)
def test_the_scheme_does_not_change_the_key(url: str) -> None:
    assume(":80" not in url and ":443" not in url)
    assert key(re.sub("^https?", "https", url, flags=re.IGNORECASE)) == key(re.sub("^https?", "http", url, flags=re.I))


@given(st.text(max_size=60) | st.builds("http://{}".format, st.text(max_size=60)))
def test_what_is_accepted_is_one_printable_line_of_ascii(text: str) -> None:
    """And what is said of the others is one printable line."""
    try:
        url = normal(text)
    except UsageError as refused:
        said, url = str(refused), "https://refused.example/"
    else:
        said = ""
    assert said.isprintable()
    assert re.fullmatch(r"https?://[a-z0-9._:\[\]-]+/[!-~]*", url)
    assert "@" not in url.split("/")[2]


@given(URL)
def test_ids_are_short_and_stable(url: str) -> None:
    assert re.fullmatch("[a-z2-7]{12}", entry_id(key(url)))
    assert entry_id(key(url)) == entry_id(key(url))


def test_the_id_of_a_key_never_changes() -> None:
    """Ids are in people's notes and scripts; a new scheme would break them."""
    assert entry_id("https://www.example.org/story") == "2nivb4fexwjf"


def test_site() -> None:
    assert site_of("https://WWW.Example.org:8080/a") == "example.org"
    assert site_of("https://news.example.org/") == "news.example.org"
    assert site_of("no url") == ""


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("/b", "https://example.org/b"),
        ("c?d", "https://example.org/a/c?d"),
        ("?d", "https://example.org/a/b?d"),
        ("//other.example/x", "https://other.example/x"),
        ("http://other.example", "http://other.example/"),
        (" /é b ", "https://example.org/%C3%A9%20b"),
        ("../../../x", "https://example.org/x"),
        ("", "https://example.org/a/b"),
    ],
)
def test_join(reference: str, expected: str) -> None:
    assert join("https://example.org/a/b", reference) == expected


@pytest.mark.parametrize(
    "reference",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "\\\\evil.example\\x",
        "/\\evil.example",
        "//a@b/",
        "//[::1",
        "/a\nb",
        "data:,x",
    ],
)
def test_join_refuses_what_leads_nowhere(reference: str) -> None:
    with pytest.raises(UsageError):
        join("https://example.org/a/b", reference)


TEXTS = [
    pytest.param("https://t.co/XRawnqNPLg via @x", ["https://t.co/XRawnqNPLg"], id="short link and credit"),
    pytest.param("see t.co/XRawnqNPLg.", ["https://t.co/XRawnqNPLg"], id="short link without a scheme"),
    pytest.param("(www.example.org/a)", ["https://www.example.org/a"], id="www without a scheme"),
    pytest.param("at https://example.org/a, and", ["https://example.org/a"], id="comma"),
    pytest.param("is it https://example.org/a?!", ["https://example.org/a"], id="question"),
    pytest.param("https://example.org/a?b=c.", ["https://example.org/a?b=c"], id="full stop after a query"),
    pytest.param("“https://example.org/a”", ["https://example.org/a"], id="curly quotes"),
    pytest.param("'https://example.org/a'", ["https://example.org/a"], id="quotes"),
    pytest.param("<a href='https://example.org/a'>", ["https://example.org/a"], id="attribute"),
    pytest.param("(https://e.org/A_(b))", ["https://e.org/A_(b)"], id="balanced brackets"),
    pytest.param("[text](https://example.org/a)", ["https://example.org/a"], id="Markdown"),
    pytest.param("https://t.co/aaahttps://t.co/bbb", ["https://t.co/aaa", "https://t.co/bbb"], id="glued together"),
    pytest.param("https://w.org/2020/https://e.org/", ["https://w.org/2020/https://e.org/"], id="URL in a URL"),
    pytest.param("https://t.co/XRaw…", [], id="cut short"),
    pytest.param("https://e.org/a https://e.org/a", ["https://e.org/a"], id="each once"),
    pytest.param("HTTPS://E.org/a", ["HTTPS://E.org/a"], id="as written"),
    pytest.param("见https://e.org/a。", ["https://e.org/a"], id="full-width stop"),
    pytest.param("mailto:x@bit.ly/abc, about.co/x, xt.co/abc, ftp://e.org/", [], id="none"),
    pytest.param("http:// https://@ http://a b", ["http://a"], id="broken ones"),
    pytest.param("url,title\nhttps://e.org/a,Some title\n", ["https://e.org/a,Some"], id="CSV is for the CSV reader"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), TEXTS)
def test_urls_in_text(text: str, expected: list[str]) -> None:
    assert find_urls(text) == expected


def test_places_of_urls_in_text() -> None:
    text = "a t.co/x1 b https://e.org/c."
    assert list(scan_urls(text)) == [Found("https://t.co/x1", 2, 9), Found("https://e.org/c", 12, 27)]


@given(st.lists(URL.filter(lambda url: not re.search(r"[^\w/:.%?=-]|[^\w/]\Z", url)), max_size=4))
def test_urls_between_words_are_found_again(urls: list[str]) -> None:
    assert find_urls(" and ".join(["Read", *urls, "today"])) == list(dict.fromkeys(urls))


@pytest.mark.parametrize(
    "piece", ["https://", "t.co/", "t.co/aaaa", "www.", "https://a", "https://a/(", "http://a.b/…", "https://a.b/)))))"]
)
def test_hostile_text_takes_no_more_time_than_its_length(piece: str) -> None:
    started = time.process_time()
    find_urls(piece * (400_000 // len(piece)))
    find_urls("https://a.b/" + piece[-1] * 400_000)
    assert time.process_time() - started < 5


def test_importing_urls_stays_light() -> None:
    code = "import sys, archive.urls; print(sorted({'ssl', 'h11', 'idna', 'lxml', 'bs4'} & set(sys.modules)))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
