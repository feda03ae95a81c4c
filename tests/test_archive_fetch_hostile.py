"""Hostile and broken servers (H01–H11): every limit holds, every fault is named, what came is kept."""

from __future__ import annotations

import gzip
import itertools
import socket
import time
import tracemalloc
import zlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import brotli
import h11
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st
from newsroom import Newsroom, Piece

from archive.codings import Problem, decode
from archive.fetch import Fetcher
from archive.fetch.pace import seconds_of
from archive.fetch.wire import Connection, Deadline, Limits, exchange, request_bytes
from archive.model import Exchange, Fetched, Outcome, Request

URL = "http://www.example.org/page"
MIB = 2**20


def fetch(newsroom: Newsroom, url: str = URL, **overrides: object) -> Fetched:
    with Fetcher(newsroom.settings(**overrides)) as fetcher:
        return fetcher.fetch(Request(url, by_hand=True))


def last(fetched: Fetched) -> Exchange:
    assert fetched.last is not None
    return fetched.last


def bomb(coding: str) -> bytes:
    """300 MB of zeros in very few bytes."""
    zeros = bytes(MIB)
    if coding == "br":
        compressor = brotli.Compressor(quality=4)
        return bytes(b"".join(compressor.process(zeros) for _ in range(300)) + compressor.finish())
    if coding == "zstd":
        return zstandard.compress(zeros * 300)
    stream = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    once = b"".join(stream.compress(zeros) for _ in range(300)) + stream.flush()
    return once if coding == "gzip" else gzip.compress(once)


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd", "gzip, gzip"])
def test_h01_a_bomb_stops_at_the_limit(newsroom: Newsroom, coding: str) -> None:
    newsroom.add(URL, bomb(coding), headers={"Content-Encoding": coding})
    tracemalloc.start()
    try:
        fetched = fetch(newsroom, max_decoded=4 * MIB)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert fetched.outcome is Outcome.TOO_LARGE
    assert "more than 4,194,304 bytes once decoded" in fetched.detail
    assert len(last(fetched).payload) <= 4 * MIB
    assert last(fetched).received.endswith(bomb(coding)[-100:])
    assert peak < 60 * MIB


def test_many_small_gzip_members_take_no_time() -> None:
    started = time.process_time()
    decoded = decode(gzip.compress(b"") * 500_000, ["gzip"], MIB)
    assert decoded.problem is Problem.DAMAGED
    assert time.process_time() - started < 10


PAGE = b"<p>A page with something in it.</p>" * 200
CODED = {
    "gzip": gzip.compress(PAGE),
    "x-gzip": gzip.compress(PAGE),
    "deflate": zlib.compress(PAGE),
    "Deflate": zlib.compress(PAGE)[2:-4],  # without its wrapper, as some servers send it
    "br": brotli.compress(PAGE),
    "zstd": zstandard.compress(PAGE),
    "gzip, br": brotli.compress(gzip.compress(PAGE)),
    "GZIP ,identity": gzip.compress(PAGE[:99]) + gzip.compress(PAGE[99:]),
    "utf-8": PAGE,
}


@pytest.mark.parametrize("coding", CODED)
def test_h02_every_known_coding_is_undone(newsroom: Newsroom, coding: str) -> None:
    newsroom.add(URL, CODED[coding], headers={"Content-Encoding": coding})
    fetched = fetch(newsroom)
    assert (fetched.outcome, last(fetched).payload) == (Outcome.OK, PAGE)
    assert last(fetched).received.endswith(CODED[coding])


def test_h02_an_unknown_coding_is_no_text(newsroom: Newsroom) -> None:
    newsroom.add(URL, b"\x00\x01", headers={"Content-Encoding": "xpress"})
    fetched = fetch(newsroom)
    assert fetched.outcome is Outcome.FAILED
    assert "unknown content coding 'xpress'" in fetched.detail


def test_a_page_labelled_gzip_that_is_not_is_taken_as_it_is(newsroom: Newsroom) -> None:
    newsroom.add(URL, PAGE, headers={"Content-Encoding": "gzip"})
    assert last(fetch(newsroom)).payload == PAGE


def test_h03_the_body_of_a_redirect_is_not_read(newsroom: Newsroom) -> None:
    sent = 0
    begun = bomb("gzip")[:1000]  # takes longer to make than a busy machine's first byte may take

    def endless() -> Iterator[Piece]:
        nonlocal sent
        yield b"HTTP/1.1 302 Found\r\nLocation: /end\r\nContent-Encoding: gzip\r\n\r\n" + begun
        while True:
            yield bytes(2**14)
            sent += 2**14

    newsroom.raw(URL, endless)
    newsroom.add("http://www.example.org/end", "end")
    fetched = fetch(newsroom)
    assert (fetched.outcome, last(fetched).payload) == (Outcome.OK, b"end")
    assert len(fetched.exchanges[0].received) < 2**17
    assert len(fetched.exchanges[0].payload) <= 2**16
    assert fetched.exchanges[0].truncated == "length"
    assert sent < 32 * MIB  # what the socket buffers took


def test_h03_a_redirect_whose_body_does_not_come_is_followed(newsroom: Newsroom) -> None:
    newsroom.raw(URL, [b"HTTP/1.1 301 Moved\r\nLocation: /end\r\nContent-Length: 100\r\n\r\n", 60.0])
    newsroom.add("http://www.example.org/end", "end")
    started = time.monotonic()
    assert fetch(newsroom).outcome is Outcome.OK
    assert time.monotonic() - started < 20


def drip(head: bytes, text: bytes) -> Iterator[Piece]:
    yield head
    for byte in itertools.cycle(text):
        yield bytes([byte])
        yield 0.05


def test_h04_dripping_headers_meet_the_deadline(newsroom: Newsroom) -> None:
    newsroom.raw(URL, lambda: drip(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n"))
    started = time.monotonic()
    fetched = fetch(newsroom, timeout=1.0)
    assert time.monotonic() - started < 20
    assert fetched.outcome is Outcome.TIMED_OUT
    assert "headers did not end in time" in fetched.detail
    assert last(fetched).truncated == "time"


def test_h05_a_dripping_body_meets_the_deadline_and_its_part_is_kept(newsroom: Newsroom) -> None:
    newsroom.raw(URL, lambda: drip(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", b"<p>word "))
    started = time.monotonic()
    fetched = fetch(newsroom, timeout=1.0)
    assert time.monotonic() - started < 20
    assert fetched.outcome is Outcome.TIMED_OUT
    assert "body did not end in time" in fetched.detail
    assert last(fetched).truncated == "time"
    assert last(fetched).payload.startswith(b"<p>")


def test_a_server_that_says_nothing_is_left_after_the_first_byte_limit(newsroom: Newsroom) -> None:
    newsroom.raw(URL, [60.0])
    started = time.monotonic()
    fetched = fetch(newsroom, first_byte_timeout=0.5)
    assert time.monotonic() - started < 20
    assert (fetched.outcome, fetched.detail) == (Outcome.TIMED_OUT, "no answer within 0.5 s")
    assert last(fetched).status is None


@pytest.mark.parametrize("framing", [b"", b"Transfer-Encoding: chunked\r\n"], ids=["until close", "chunked"])
def test_h06_an_endless_body_stops_at_the_limit(newsroom: Newsroom, framing: bytes) -> None:
    def endless() -> Iterator[Piece]:
        yield b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + framing + b"\r\n"
        while True:
            yield b"1000\r\n" + b"a" * 4096 + b"\r\n"

    newsroom.raw(URL, endless)
    fetched = fetch(newsroom, max_body=MIB)
    assert (fetched.outcome, last(fetched).truncated) == (Outcome.TOO_LARGE, "length")
    assert "larger than 1,048,576 bytes" in fetched.detail
    assert MIB <= len(last(fetched).received) < MIB + 1000
    assert len(last(fetched).payload) <= MIB


def test_h06_a_body_announced_as_too_large_is_not_asked_to_come(newsroom: Newsroom) -> None:
    newsroom.raw(URL, [b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", b"abc", 60.0])
    fetched = fetch(newsroom)
    assert (fetched.outcome, last(fetched).truncated) == (Outcome.TOO_LARGE, "length")
    assert "99,999,999,999 bytes" in fetched.detail
    assert last(fetched).received.endswith(b"\r\n\r\n")


CUT = {
    "H07 length too long": b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<p>some",
    "H09 cut chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n100\r\n<p>some",
    "H09 no last chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7\r\n<p>some\r\n",
}


@pytest.mark.parametrize("name", CUT)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_body_that_ends_early_is_incomplete_and_kept(newsroom: Newsroom, name: str, scheme: str) -> None:
    url = newsroom.raw(f"{scheme}://www.example.org/cut", [CUT[name]])
    fetched = fetch(newsroom, url)
    assert (fetched.outcome, last(fetched).truncated) == (Outcome.INCOMPLETE, "disconnect")
    assert fetched.detail == "returned 200, but the connection ended before the reply did"
    assert last(fetched).received == CUT[name]
    assert last(fetched).payload == b"<p>some"


@pytest.mark.parametrize("length", ["shorter", "exact"])
@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_h08_a_coding_cut_short_is_incomplete(newsroom: Newsroom, coding: str, length: str) -> None:
    cut = CODED[coding][: len(CODED[coding]) * 3 // 4]
    headers = {"Content-Encoding": coding} | ({"Content-Length": "100000"} if length == "shorter" else {})
    newsroom.add(URL, cut, headers=headers)
    fetched = fetch(newsroom)
    assert fetched.outcome is Outcome.INCOMPLETE
    assert last(fetched).truncated == ("disconnect" if length == "shorter" else "unspecified")
    assert PAGE.startswith(last(fetched).payload)


def test_h08_a_damaged_coding_is_incomplete(newsroom: Newsroom) -> None:
    data = CODED["gzip"][:40] + b"\xff\xff\xff\xff" + CODED["gzip"][44:]
    newsroom.add(URL, data, headers={"Content-Encoding": "gzip"})
    fetched = fetch(newsroom)
    assert (fetched.outcome, last(fetched).truncated) == (Outcome.INCOMPLETE, "unspecified")
    assert "the gzip data is damaged" in fetched.detail


@pytest.mark.parametrize(
    "chunk", [b"zz\r\nabc\r\n", b"-5\r\nabc\r\n", b"fffffffffffffffffffffff\r\nabc\r\n", b"3\r\nabcdef\r\n"]
)
def test_h09_a_bad_chunk_is_an_error(newsroom: Newsroom, chunk: bytes) -> None:
    newsroom.raw(URL, [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\ngood\r\n" + chunk])
    fetched = fetch(newsroom)
    assert fetched.outcome is Outcome.INCOMPLETE
    assert last(fetched).payload.startswith(b"good")


def headers_without_end(line: bytes) -> Iterator[Piece]:
    yield b"HTTP/1.1 200 OK\r\n"
    for _ in range(20 * MIB // (len(line) * 100)):
        yield line * 100


NOT_HTTP: dict[str, tuple[Iterable[Piece], Outcome]] = {
    "100k headers": (headers_without_end(b"X-A: b\r\n"), Outcome.TOO_LARGE),
    "10 MB header": (headers_without_end(b"a" * 1000), Outcome.TOO_LARGE),
    "garbage": ([b"\x00\x01\x02\x03" * 100], Outcome.FAILED),
    "no status": ([b"<html><p>Hello</html>"], Outcome.FAILED),
    "long status": ([b"HTTP/1.1 2000 \x1b[31m\xff" + b"a" * 30_000 + b"\r\n\r\n"], Outcome.FAILED),
    "bad status": ([b"HTTP/1.1 abc OK\r\n\r\n"], Outcome.FAILED),
    "another protocol": ([b"220 mail.example.org ESMTP\r\n"], Outcome.FAILED),
    "TLS on http": ([b"\x15\x03\x01\x00\x02\x02\x16"], Outcome.FAILED),
    "empty": ([], Outcome.FAILED),
    "half a head": ([b"HTTP/1.1 200 OK\r\nContent-"], Outcome.INCOMPLETE),
    "switching": ([b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"], Outcome.FAILED),
    "preliminary only": ([b"HTTP/1.1 103 Early Hints\r\n\r\n" * 1000], Outcome.FAILED),
    "two lengths": ([b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 5\r\n\r\nabcde"], Outcome.FAILED),
    "bad length": ([b"HTTP/1.1 200 OK\r\nContent-Length: -3\r\n\r\nabcde"], Outcome.FAILED),
    "unknown transfer coding": ([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: zip\r\n\r\nabc"], Outcome.FAILED),
}  # fmt: skip


@pytest.mark.parametrize("name", NOT_HTTP)
def test_h10_what_is_not_http_is_a_failure_with_a_reason(newsroom: Newsroom, name: str) -> None:
    pieces, expected = NOT_HTTP[name]
    newsroom.raw(URL, pieces)
    started = time.monotonic()
    fetched = fetch(newsroom)
    assert fetched.outcome is expected
    assert 0 < len(fetched.detail) < 200
    assert fetched.detail.isascii()
    assert fetched.detail.isprintable()
    assert len(last(fetched).received) < MIB
    assert time.monotonic() - started < 20


OK = b"HTTP/1.1 200 OK\r\n"
SLOPPY = {
    "a space in a name": OK + b"X Foo: bar\r\nContent-Length: 2\r\n\r\nok",
    "a line without a colon": OK + b"Junk\r\nContent-Length: 2\r\n\r\nok",
    "a space before the colon": OK + b"Content-Length : 2\r\n\r\nok and more",
    "no name": OK + b": a\r\nContent-Length: 2\r\n\r\nok",
    "NUL": OK + b"X-A: a\x00b\r\nContent-Length: 2\r\n\r\nok",
    "a lone CR": OK + b"X-A: a\rContent-Length: 1\r\nContent-Length: 2\r\n\r\nok",
    "no coding, named": OK + b"Transfer-Encoding: identity\r\nContent-Length: 2\r\n\r\nok",
    "chunked, said twice": OK + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: Chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
    "a length of nothing": OK + b"Content-Length:\r\n\r\nok",
    "a blank line first": b"\r\n" + OK + b"Content-Length: 2\r\n\r\nok",
    "line feeds only": OK.replace(b"\r", b"") + b"Bad header: x\nContent-Length: 2\n\nok",
    "after a preliminary answer": b"HTTP/1.1 103 Hints\r\n\r\n" + OK + b"Junk\r\nContent-Length: 2\r\n\r\nok",
}


@pytest.mark.parametrize("name", SLOPPY)
def test_what_browsers_put_up_with_is_read_and_kept_as_it_came(newsroom: Newsroom, name: str) -> None:
    newsroom.raw(URL, [SLOPPY[name][:25], 0.02, SLOPPY[name][25:]])
    fetched = fetch(newsroom)
    assert (fetched.outcome, last(fetched).payload) == (Outcome.OK, b"ok")
    response = SLOPPY[name][SLOPPY[name].rfind(b"HTTP/1.1 200") :]
    assert last(fetched).received == response.removesuffix(b" and more")


RESPONSE = (
    OK
    + b"Content-Type: text/html\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<p>so\r\n0\r\n\r\n"
)
MUTATION = st.tuples(st.integers(0, len(RESPONSE)), st.integers(0, 12), st.binary(max_size=12))


@settings(max_examples=300, deadline=None)
@given(st.lists(MUTATION, max_size=4) | st.binary(max_size=200))
def test_no_reply_is_more_than_the_reader_can_take(changes: list[tuple[int, int, bytes]] | bytes) -> None:
    raw = changes if isinstance(changes, bytes) else bytearray(RESPONSE)
    for at, gone, new in [] if isinstance(changes, bytes) else changes:
        raw[at : at + gone] = new  # type: ignore[index]
    here, there = socket.socketpair()
    with here, there:
        there.sendall(raw)
        there.shutdown(socket.SHUT_WR)
        connection = Connection(here, "any", None, h11.Connection(h11.CLIENT, max_incomplete_event_size=4096))
        sent = request_bytes("/", [("Host", "any")], connection.protocol)
        reply = exchange(connection, sent, Limits(1.0, 4096, 4096), Deadline.after(1.0))
    assert (reply.fault is None) <= (reply.status is not None)
    assert reply.received in bytes(raw)
    decode(reply.body, reply.values("content-encoding"), 4096)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(["gzip", "deflate", "br", "zstd"]), st.binary(max_size=300), st.integers(0, 60), st.booleans())
def test_no_data_is_more_than_the_decoder_can_take(coding: str, noise: bytes, at: int, valid: bool) -> None:
    good = CODED[coding]
    decoded = decode(good[:at] + noise + good[at:] if valid else noise, [coding], 1000)
    assert len(decoded.payload) <= 1000


def test_preliminary_answers_are_not_the_response(newsroom: Newsroom) -> None:
    final = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
    newsroom.raw(
        URL, [b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", 0.05, b"HTTP/1.1 100 Continue\r\n\r\n" + final]
    )
    fetched = fetch(newsroom)
    assert (fetched.outcome, last(fetched).received) == (Outcome.OK, final)


def test_what_comes_after_the_body_is_not_part_of_it(newsroom: Newsroom) -> None:
    final = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
    newsroom.raw(URL, [final + b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nsmuggled!"])
    assert last(fetch(newsroom)).received == final


IN_TEN_YEARS = format_datetime(datetime.now(UTC) + timedelta(days=3650))


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("315360000", 300.0, id="ten years"),
        pytest.param(IN_TEN_YEARS, 300.0, id="ten years as a date"),
        pytest.param("9" * 5000, 300.0, id="endless number"),
        pytest.param("Wed, 21 Oct 2015 07:28:00 GMT", 0.0, id="past"),
        pytest.param("-5", 2.0, id="negative"),
        pytest.param("soon", 2.0, id="text"),
        pytest.param(None, 2.0, id="none"),
        pytest.param("120", 120.0, id="two minutes"),
    ],
)
def test_h11_retry_after_is_capped_and_reported(
    newsroom: Newsroom, status: int, value: str | None, expected: float
) -> None:
    newsroom.add(URL, "later", status=status, headers={} if value is None else {"Retry-After": value})
    fetched = fetch(newsroom)
    assert (fetched.outcome, fetched.retry_after) == (Outcome.BLOCKED, expected)
    assert f"returned {status}" in fetched.detail


def test_h11_a_host_that_asked_for_a_long_pause_is_not_asked_again(newsroom: Newsroom) -> None:
    newsroom.add(URL, "later", status=429, headers={"Retry-After": "120"})
    with Fetcher(newsroom.settings()) as fetcher:
        fetcher.fetch(Request(URL, by_hand=True))
        again = fetcher.fetch(Request(URL + "/other", by_hand=True))
    assert again.outcome is Outcome.BLOCKED
    assert again.outcome.worth_retrying
    assert again.retry_after is not None
    assert 100 < again.retry_after <= 120
    assert "is left alone for another 1" in again.detail
    assert len(newsroom.requests) == 1


def test_h11_a_short_pause_is_waited_for(newsroom: Newsroom) -> None:
    newsroom.add(URL, "later", status=429, headers={"Retry-After": "1"})
    newsroom.add(URL + "/other", "ok")
    with Fetcher(newsroom.settings()) as fetcher:
        fetcher.fetch(Request(URL, by_hand=True))
        started = time.monotonic()
        assert fetcher.fetch(Request(URL + "/other", by_hand=True)).outcome is Outcome.OK
    assert 0.9 < time.monotonic() - started < 20


def test_retry_after_values() -> None:
    assert seconds_of("10") == 10
    assert seconds_of("1e9") is None
    assert seconds_of("٣") is None
    assert seconds_of("") is None
