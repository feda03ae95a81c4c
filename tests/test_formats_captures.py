"""Web captures: WARC, WACZ, saved pages, MHTML, zip files. Hostile ones cost what is wrong in them and no more."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import itertools
import os
import time
import tracemalloc
import zlib
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest
import zstandard

from archive import FormatError, Item, Reject, detect_format, read_items
from archive.formats import Repeats

AT = datetime(2025, 1, 31, 10, tzinfo=UTC)
PAGE = b"<html><head><title>The pier</title></head><body><p>Twelve million pounds.</p></body></html>"


def split(path: Path) -> tuple[list[Item], list[Reject]]:
    found = list(read_items(path))
    return [f for f in found if isinstance(f, Item)], [f for f in found if isinstance(f, Reject)]


def response(status: str = "200 OK", body: bytes = PAGE, **headers: str) -> bytes:
    given = {"Content-Type": "text/html; charset=utf-8", **{k.replace("_", "-"): v for k, v in headers.items()}}
    head = "".join(f"{name}: {value}\r\n" for name, value in given.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body


def record(
    url: str, block: bytes, kind: str = "response", version: str = "1.0", length: object = None, **fields: str
) -> bytes:
    given = {
        "WARC-Type": kind, "WARC-Target-URI": url, "WARC-Date": "2025-01-31T10:00:00Z",
        "WARC-Record-ID": f"<urn:uuid:{url}>", "Content-Type": "application/http; msgtype=response",
        **{f"WARC-{k.replace('_', '-')}" if k != "Content_Type" else "Content-Type": v for k, v in fields.items()},
        "Content-Length": str(len(block) if length is None else length),
    }  # fmt: skip
    head = "".join(f"{name}: {value}\r\n" for name, value in given.items())
    return f"WARC/{version}\r\n{head}\r\n".encode() + block + b"\r\n\r\n"


def url(number: int) -> str:
    return f"https://h{number}.example/page"


def three() -> list[bytes]:
    return [record(url(n), response(body=PAGE + str(n).encode())) for n in range(3)]


def warc(folder: Path, parts: list[bytes], *, packed: bool = True, name: str = "x.warc.gz") -> Path:
    path = folder / name
    path.write_bytes(b"".join(gzip.compress(part) if packed else part for part in parts))
    return path


@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize("packing", ["members", "whole", "none"])
def test_records_are_taken_over_as_they_are(tmp_path: Path, version: str, packing: str) -> None:
    info = record("", b"software: x\r\n", "warcinfo", version)
    request = record(url(1), b"GET /page HTTP/1.1\r\nHost: h1.example\r\n\r\n", "request", version)
    block = response()
    parts = [info, request, record(url(1), block, version=version, IP_Address="192.0.2.7")]
    if packing == "whole":
        parts = [b"".join(parts)]
    path = warc(tmp_path, parts, packed=packing != "none", name="anything.bin")
    assert detect_format(path).name == "warc"
    (item,), rejects = split(path)
    (exchange,) = item.exchanges
    assert (item.url, item.captured, rejects) == (url(1), AT, [])
    assert (exchange.received, exchange.payload, exchange.status) == (block, PAGE, 200)
    assert exchange.sent.startswith(b"GET /page")
    assert exchange.address == "192.0.2.7:0"


def zstd(parts: list[bytes], dictionary: bytes = b"", *, packed: bool = False) -> bytes:
    """Records as `.warc.zst` files have them: a frame each, in front the dictionary in a skippable frame."""
    shared = zstandard.ZstdCompressionDict(dictionary) if dictionary else None
    frames = [zstandard.ZstdCompressor(dict_data=shared).compress(part) for part in parts]
    stored = zstandard.compress(dictionary) if packed else dictionary
    head = b"\x5d\x2a\x4d\x18" + len(stored).to_bytes(4, "little") + stored
    return b"".join([head if dictionary else b"", *frames])


DICTIONARY = b"".join(
    record(f"https://h{n}.example/page", b"HTTP/1.1 200 OK\r\nContent-Type: text/html") for n in range(9)
)


@pytest.mark.parametrize(
    ("dictionary", "packed"),
    [(b"", False), (DICTIONARY, False), (DICTIONARY, True)],
    ids=["plain", "dictionary", "packed"],
)
def test_records_in_zstandard(tmp_path: Path, dictionary: bytes, packed: bool) -> None:
    """With a dictionary in front, packed or not, or without; damage in one frame costs one record."""
    path = tmp_path / "x.warc.zst"
    data = zstd(three(), dictionary, packed=packed)
    path.write_bytes(data)
    assert detect_format(path).name == "warc"
    items, rejects = split(path)
    assert ([item.url for item in items], rejects) == ([url(0), url(1), url(2)], [])
    assert items[1].exchanges[0].payload == PAGE + b"1"
    start = len(data) - len(zstd(three()[1:], dictionary)) + (len(zstd([], dictionary)) if dictionary else 0)
    damaged = bytearray(data)
    damaged[start + 20 : start + 60] = bytes(40)
    path.write_bytes(damaged)
    items, rejects = split(path)
    assert [item.url for item in items] == [url(0), url(2)]
    assert len(rejects) == 1
    last = len(zstd(three()[2:], dictionary)) - len(zstd([], dictionary))
    for cut in range(1, last, 11):
        path.write_bytes(data[:-cut])
        items, rejects = split(path)
        assert [item.url for item in items] == [url(0), url(1)]
        assert len(rejects) == 1


def test_damage_before_a_long_frame_costs_one_record(tmp_path: Path) -> None:
    """A frame shows what it holds only once its first block is whole: that may be a good deal of it."""
    noise = base64.b64encode(b"".join(hashlib.sha256(bytes([n % 256, n // 256])).digest() for n in range(9000)))
    parts = [record(url(n), response(body=PAGE + noise)) for n in range(3)]
    data = bytearray(zstd(parts))
    second = len(zstd(parts[:1]))
    data[second + 4 : second + 12] = b"\xff" * 8
    path = tmp_path / "x.warc.zst"
    path.write_bytes(data)
    items, rejects = split(path)
    assert [item.url for item in items] == [url(0), url(2)]
    assert len(rejects) == 1
    path.write_bytes(data[second:])
    items, rejects = split(path)
    assert ([item.url for item in items], len(rejects)) == ([url(2)], 1)


@pytest.mark.parametrize("size", [2**31, 1000, 0])
def test_a_dictionary_that_is_not_there(tmp_path: Path, size: int) -> None:
    path = tmp_path / "x.warc.zst"
    path.write_bytes(b"\x5d\x2a\x4d\x18" + size.to_bytes(4, "little") + b"abc")
    with pytest.raises(FormatError):
        split(path)
    items, rejects = [*read_items(path, "warc")], 1
    assert len(items) == rejects
    assert isinstance(items[0], Reject)


def test_a_frame_that_expands_without_end_is_passed_over(tmp_path: Path) -> None:
    """W06 for Zstandard: 300 MB in 10 kB are counted, not held."""
    head = record(url(1), b"", length=300 * 2**20)[:-4]
    bomb = zstandard.compress(head + bytes(300 * 2**20) + b"\r\n\r\n")
    frames = [zstandard.compress(part) for part in three()]
    path = tmp_path / "x.warc.zst"
    path.write_bytes(frames[0] + bomb + frames[2])
    tracemalloc.start()
    items, rejects = split(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [item.url for item in items] == [url(0), url(2)]
    assert "too large" in rejects[0].reason
    assert peak < 128 * 2**20


def arc_head(version: int) -> bytes:
    """The block that an ARC file begins with."""
    columns = "URL IP-address Archive-date Content-type"
    more = " Result-code Checksum Location Offset Filename" if version == 2 else ""
    block = f"{version} 0 Archive\n{columns}{more} Archive-length\n".encode()
    facts = "200 - - 0 x.arc " if version == 2 else ""
    return f"filedesc://x.arc 0.0.0.0 20250131100000 text/plain {facts}{len(block)}\n".encode() + block + b"\n"


def arc(number: int, block: bytes, version: int = 1, kind: str = "text/html") -> bytes:
    more = "200 - - 0 x.arc " if version == 2 else ""
    return f"{url(number)} 192.0.2.7 20250131100000 {kind} {more}{len(block)}\n".encode() + block + b"\n"


@pytest.mark.parametrize("packed", [True, False], ids=["gzip", "plain"])
@pytest.mark.parametrize("version", [1, 2])
def test_arc(tmp_path: Path, version: int, packed: bool) -> None:
    parts = [
        arc_head(version),
        arc(0, response(), version),
        arc(1, response(Content_Type="image/png"), version, "image/png"),
        arc(2, b"Just text", version, "text/plain"),
    ]
    path = warc(tmp_path, parts, packed=packed, name="x.arc.gz")
    assert detect_format(path).name == "arc"
    (page, text), (told,) = split(path)
    (exchange,) = page.exchanges
    assert (page.url, page.captured, exchange.payload, exchange.status) == (url(0), AT, PAGE, 200)
    assert exchange.address == "192.0.2.7:0"
    assert (text.url, text.payload) == (url(2), b"Just text")
    assert "1 image/png" in told.reason


@pytest.mark.parametrize("packed", [True, False], ids=["gzip", "plain"])
def test_a_wrong_length_in_an_arc_costs_that_record(tmp_path: Path, packed: bool) -> None:
    wrong = arc(1, response()).replace(f"{len(response())}\n".encode(), b"99\n", 1)
    parts = [arc_head(1), arc(0, response()), wrong, arc(2, response())]
    items, rejects = split(warc(tmp_path, parts, packed=packed))
    assert [item.url for item in items] == [url(0), url(2)]
    assert "length" in rejects[0].reason


def test_other_programs_read_our_fixtures_the_same(tmp_path: Path) -> None:
    """ARC and Zstandard fixtures are what warcio and fastwarc take for such files."""
    warcio = pytest.importorskip("warcio.archiveiterator")
    path = warc(tmp_path, [arc_head(1), arc(0, response()), arc(2, response())], name="x.arc.gz")
    with path.open("rb") as file:
        found = [(r.rec_headers.get_header("uri"), r.content_stream().read()) for r in warcio.ArchiveIterator(file)]
    assert found[1:] == [(url(0), PAGE), (url(2), PAGE)]


SHA1 = "sha1:" + base64.b32encode(hashlib.sha1(PAGE).digest()).decode()
LATER = "2025-02-01T10:00:00Z"


def revisit(of: int, block: bytes | None = None, **fields: str) -> bytes:
    head = response(body=b"") if block is None else block
    return record(url(of), head, "revisit", **{"Date": LATER, "Record_ID": f"<urn:uuid:again-{of}>", **fields})


@pytest.mark.parametrize(
    "fields",
    [
        {"Refers_To": f"<urn:uuid:{url(1)}>"},
        {"Refers_To_Target_URI": url(1), "Refers_To_Date": "2025-01-31T10:00:00Z"},
        {"Payload_Digest": SHA1},
        {"Refers_To_Target_URI": url(1), "Refers_To_Date": "2025-01-31T10:00:00Z", "Payload_Digest": SHA1},
    ],
    ids=["id", "address and date", "digest", "all"],
)
@pytest.mark.parametrize("chunked", [False, True])
def test_a_revisit_gets_the_body_that_it_repeats(tmp_path: Path, fields: dict[str, str], chunked: bool) -> None:
    """Of another address too; framed as its own headers say."""
    head = response(body=b"", Transfer_Encoding="chunked") if chunked else None
    parts = [record(url(1), response(), Payload_Digest=SHA1), revisit(2, head, **fields)]
    (first, again), rejects = split(warc(tmp_path, parts))
    assert (again.url, again.captured, rejects) == (url(2), datetime(2025, 2, 1, 10, tzinfo=UTC), [])
    assert again.exchanges[0].payload == first.exchanges[0].payload == PAGE
    assert again.exchanges[0].received == (head or response(body=b"")) + (
        b"5b\r\n%s\r\n0\r\n\r\n" % PAGE if chunked else PAGE
    )
    assert again.repeats is None


@pytest.mark.parametrize("block", [None, b""], ids=["headers", "nothing"])
def test_a_revisit_of_what_is_elsewhere_is_kept_and_says_so(tmp_path: Path, block: bytes | None) -> None:
    fields = {
        "Refers_To_Target_URI": url(1),
        "Refers_To_Date": "2025-01-31T10:00:00Z",
        "Payload_Digest": "sha1:" + "A" * 32,
    }
    other = record(url(1), response())  # the same address and date, but another body than the one that is meant
    (_, again), rejects = split(warc(tmp_path, [other, revisit(2, block, **fields)]))
    assert (again.url, again.repeats, rejects) == (url(2), Repeats("sha1:" + "A" * 32, url(1), AT), [])
    assert (again.exchanges[0].received, again.exchanges[0].truncated) == (
        response(body=b"") if block is None else b"",
        "unspecified",
    )


def test_a_revisit_that_was_not_modified_stays_what_was_answered(tmp_path: Path) -> None:
    parts = [
        record(url(1), response()),
        revisit(1, b"HTTP/1.1 304 Not Modified\r\n\r\n", Refers_To=f"<urn:uuid:{url(1)}>"),
    ]
    (_, again), rejects = split(warc(tmp_path, parts))
    assert (again.exchanges[0].status, again.exchanges[0].payload, again.repeats, rejects) == (304, b"", None, [])


def test_revisits_hold_no_more_than_a_bounded_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What fell out of memory is looked for in the archive instead."""
    monkeypatch.setattr("archive.formats.revisits._MAX_HELD", 4 * len(PAGE))
    parts = [*three(), revisit(2, Refers_To=f"<urn:uuid:{url(2)}>"), revisit(0, Refers_To=f"<urn:uuid:{url(0)}>")]
    items, _ = split(warc(tmp_path, parts))
    assert [item.repeats is None for item in items] == [True, True, True, True, False]


def test_coded_bodies_are_decoded_and_kept(tmp_path: Path) -> None:
    packed = gzip.compress(PAGE)
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(packed), packed)
    block = response(body=chunked, Content_Encoding="gzip", Transfer_Encoding="chunked")
    digest = "sha1:" + base64.b32encode(hashlib.sha1(packed).digest()).decode()
    (item,), rejects = split(warc(tmp_path, [record(url(1), block, Payload_Digest=digest)]))
    assert (item.exchanges[0].payload, item.exchanges[0].received, rejects) == (PAGE, block, [])


def test_redirects_become_the_chain_of_their_page(tmp_path: Path) -> None:
    short, middle, page = "https://t.co/abc", "http://h1.example/page", "https://h1.example/page"
    parts = [
        record(short, response("301 Moved", b"", Location=middle)),
        record(middle, response("302 Found", b"", Location="https://h1.example/page?x=1")),
        record(f"{page}?x=1", response()),
        record("https://dead.example/", response("302 Found", b"", Location="https://nowhere.example/")),
    ]
    (item, dead), rejects = split(warc(tmp_path, parts))
    assert item.url == short
    assert [hop.url for hop in item.exchanges] == [short, middle, f"{page}?x=1"]
    assert (dead.url, dead.exchanges[-1].location) == ("https://dead.example/", "https://nowhere.example/")
    assert rejects == []


def test_every_redirect_is_kept(tmp_path: Path) -> None:
    """To the same page by another scheme, twice to one page, behind the page that it leads to, round and round."""
    secure, page = url(1), record(url(1), response())
    parts = [
        record("http://h1.example/page", response("301 Moved", b"", Location=secure)), page,
        record("https://t.co/a", response("301 Moved", b"", Location=url(2))),
        record("https://t.co/b", response("301 Moved", b"", Location=url(2))), record(url(2), response()),
        record("https://t.co/c", response("301 Moved", b"", Location=url(2))),
        record("https://t.co/d", response("301 Moved", b"", Location="https://t.co/d")),
    ]  # fmt: skip
    found, (round_and_round,) = split(warc(tmp_path, parts))
    assert [[hop.url for hop in item.exchanges] for item in found] == [
        ["http://h1.example/page", secure], ["https://t.co/a"], ["https://t.co/b", url(2)], ["https://t.co/c"]
    ]  # fmt: skip
    assert round_and_round.raw == "https://t.co/d"


CHUNKED = {"Transfer_Encoding": "chunked"}


@pytest.mark.parametrize(
    ("body", "payload"),
    [
        pytest.param(PAGE, PAGE, id="a page without chunks"),
        pytest.param(b"%x\r\n%s\r\n0\r\n\r\n" % (len(PAGE), PAGE), PAGE, id="a chunk"),
        pytest.param(b"%x;a=b\r\n%s\r\n" % (len(PAGE), PAGE), PAGE, id="a chunk, the last is missing"),
        pytest.param(b"%x\r\n%s" % (len(PAGE) + 50, PAGE), PAGE, id="cut within a chunk"),
        pytest.param(b"%x\n%s\n0\n\n" % (len(PAGE), PAGE), PAGE, id="chunks with bare line feeds"),
        pytest.param(b"0\r\n\r\n", b"", id="nothing, in chunks"),
        pytest.param(b"2025\nThe pier", b"2025\nThe pier", id="a text that begins with a number"),
        pytest.param(b"ada\r\n" + b"x" * 3000, b"ada\r\n" + b"x" * 3000, id="or with hexadecimal letters"),
        pytest.param(b"", b"", id="nothing"),
    ],
)  # fmt: skip
def test_bodies_with_and_without_the_chunks_that_their_header_says(tmp_path: Path, body: bytes, payload: bytes) -> None:
    (item,), rejects = split(warc(tmp_path, [record(url(1), response(body=body, **CHUNKED))]))
    assert (item.exchanges[0].payload, rejects) == (payload, [])


def test_bodies_without_the_coding_that_their_header_says(tmp_path: Path) -> None:
    (item,), _ = split(warc(tmp_path, [record(url(1), response(Content_Encoding="gzip"))]))
    assert item.exchanges[0].payload == PAGE


@pytest.mark.parametrize(
    "label",
    ['"text/html"', "text/html charset=utf-8", "text/html,text/html", "TEXT/HTML ; charset='utf-8'", "html", "*/*",
     "application/octet-stream", "charset=utf-8", ";", "unknown/unknown"],
)  # fmt: skip
def test_a_content_type_that_is_written_wrongly(tmp_path: Path, label: str) -> None:
    (item,), rejects = split(warc(tmp_path, [record(url(1), response(Content_Type=label))]))
    assert (item.exchanges[0].payload, rejects) == (PAGE, [])


@pytest.mark.parametrize("label", ["application/octet-stream", "*/*", ""])
def test_a_picture_that_nobody_labelled_is_no_page(tmp_path: Path, label: str) -> None:
    found, (told,) = split(warc(tmp_path, [record(url(1), response(body=b"\x89PNG\r\n\x1a\n\0", Content_Type=label))]))
    assert (found, told.lost) == ([], False)


@pytest.mark.parametrize("version", ["0.17", "0.18"])
def test_the_drafts_of_warc(tmp_path: Path, version: str) -> None:
    (item,), rejects = split(warc(tmp_path, [record(url(1), response(), version=version)]))
    assert (item.url, item.captured, rejects) == (url(1), AT, [])


@pytest.mark.parametrize("packed", [True, False], ids=["packed", "plain"])
@pytest.mark.parametrize("before", [b"\r\n\r\n", b"\n" * 40, b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n"])
def test_what_editors_put_before_the_first_record(tmp_path: Path, before: bytes, packed: bool) -> None:
    first, *others = three()
    path = warc(tmp_path, [before + first, *others], packed=packed, name="pages.warc.gz" if packed else "pages.warc")
    found, rejects = split(path)
    assert [item.url for item in found] == [url(n) for n in range(3)]
    assert rejects == []


def test_other_versions_are_named(tmp_path: Path) -> None:
    found, (reject,) = split(warc(tmp_path, [record(url(1), response(), version="0.9")]))
    assert (found, reject.reason, reject.lost) == ([], "WARC/0.9 is not read", True)


def test_the_digest_of_the_payload_in_the_place_of_the_blocks(tmp_path: Path) -> None:
    digest = "sha1:" + base64.b32encode(hashlib.sha1(PAGE).digest()).decode()
    parts = [record(url(n), response(), Block_Digest=digest) for n in range(3)]
    found, (told,) = split(warc(tmp_path, [*parts, record(url(4), response(body=b"<p>x"), Block_Digest=digest)][:3]))
    assert [item.url for item in found] == [url(0), url(1), url(2)]
    assert (told.lost, told.reason.partition(" records")[0]) == (False, "3")
    found, (reject,) = split(warc(tmp_path, [record(url(4), response(body=b"<p>x"), Block_Digest=digest)]))
    assert (found, reject.lost) == ([], True)


def in_parts(number: int, *cuts: int, total: int | None = None, **first: str) -> list[bytes]:
    """A record in parts that end there, the last with the length of all."""
    block, origin = response(), f"<urn:uuid:part-{number}>"
    ends = [*cuts, len(block)]
    parts = [record(url(number), block[: ends[0]], Segment_Number="1", Record_ID=origin, **first)]
    for place, (begin, end) in enumerate(itertools.pairwise(ends), 2):
        last = {"Segment_Total_Length": str(len(block) if total is None else total)} if end == len(block) else {}
        said = {"Segment_Number": str(place), "Segment_Origin_ID": origin, **last}
        parts.append(record(url(number), block[begin:end], "continuation", **said))
    return parts


@pytest.mark.parametrize("order", [[0, 1, 2], [0, 2, 1]])
def test_a_record_that_is_stored_in_parts_is_joined(tmp_path: Path, order: list[int]) -> None:
    """Only its beginning was taken over."""
    digest = "sha1:" + base64.b32encode(hashlib.sha1(PAGE).digest()).decode()
    parts = in_parts(0, 30, 90, Payload_Digest=digest)
    others = in_parts(1, 50)
    found, rejects = split(
        warc(tmp_path, [*(parts[place] for place in order), others[0], record(url(2), response()), others[1]])
    )
    assert rejects == []
    assert {item.url: (item.exchanges[-1].payload, item.exchanges[-1].truncated) for item in found} == {
        url(0): (PAGE, None), url(1): (PAGE, None), url(2): (PAGE, None),
    }  # fmt: skip


def test_a_record_of_which_a_part_is_missing_is_its_beginning_and_told(tmp_path: Path) -> None:
    head = len(response()) - len(PAGE)
    for kept, parts in (
        ("2 of its parts", [in_parts(0, head + 40, head + 60)[place] for place in (0, 2)]),
        ("1 of its parts", in_parts(0, head + 40)[:1]),
        ("2 of its parts", in_parts(0, head + 40, total=7)),
    ):
        (item,), (told,) = split(warc(tmp_path, parts))
        assert (item.exchanges[-1].payload, item.exchanges[-1].truncated) == (PAGE[:40], "unspecified")
        assert kept in told.reason
        assert told.lost


@pytest.mark.parametrize("names", [("a", "b"), ("b", "a")])
def test_a_record_in_parts_that_lie_in_several_files_is_joined(tmp_path: Path, names: tuple[str, str]) -> None:
    """Whichever of them is read first; what is not there in any is told of the file in which the record begins."""
    first, second, third = in_parts(0, 30, 90)
    one = warc(tmp_path, [first, third, record(url(2), response())], name=f"{names[0]}.warc.gz")
    other = warc(tmp_path, [second, in_parts(1, 50)[0]], name=f"{names[1]}.warc.gz")
    found, (told,) = split(tmp_path)
    assert {item.url: item.exchanges[-1].truncated for item in found} == {
        url(0): None, url(1): "unspecified", url(2): None,
    }  # fmt: skip
    assert {item.url: item.origin.file for item in found if item.url != url(2)} == {
        url(0): str(one), url(1): str(other),
    }  # fmt: skip
    assert ("1 of its parts" in told.reason, told.origin.file, told.lost) == (True, str(other), True)


def test_many_small_parts_take_time_as_they_are_many(tmp_path: Path) -> None:
    """Four times the parts, at most eight times the time."""

    def seconds(count: int) -> float:
        body = PAGE + b"x" * count
        head = record(url(0), response(body=body)[:-count], Segment_Number="1", Record_ID="<urn:uuid:part-0>")
        rest = [
            record(url(0), b"x", "continuation", Segment_Number=str(n), Segment_Origin_ID="<urn:uuid:part-0>")
            for n in range(2, count + 2)
        ]
        path = warc(tmp_path, [head, *rest], packed=False, name="x.warc")
        began = time.process_time()
        assert len(split(path)[0]) == 1
        return time.process_time() - began

    assert seconds(8_000) < max(8 * seconds(2_000), 0.5)


def test_a_part_without_a_beginning_or_with_a_wrong_digest_is_told(tmp_path: Path) -> None:
    found, (told,) = split(warc(tmp_path, in_parts(0, 40)[1:]))
    assert (found, "its beginning is not there" in told.reason, told.lost) == ([], True, True)
    first, _ = in_parts(0, len(response()) - len(PAGE) + 20)
    origin, digest = "<urn:uuid:part-0>", "sha1:" + "A" * 32
    said = {"Segment_Number": "2", "Segment_Origin_ID": origin, "Segment_Total_Length": "1", "Block_Digest": digest}
    (item,), rejects = split(warc(tmp_path, [first, record(url(0), PAGE[20:], "continuation", **said)]))
    assert item.exchanges[-1].truncated == "unspecified"
    assert any("do not have the digest" in told.reason for told in rejects)


def test_what_is_no_page_is_counted(tmp_path: Path) -> None:
    parts = [
        record(url(1), response(Content_Type="image/png")),
        record(url(2), response(Content_Type="text/css")),
        record("https://h3.example/robots.txt", response(Content_Type="text/plain")),
        record("dns:h1.example", b"20250131 h1.example", "response", Content_Type="text/dns"),
        record("https://h4.example/i.png", b"", "revisit"),
        record("https://h5.example/i", response(body=b"", Content_Type="image/png"), "revisit"),
        record(url(5), b"Just text", "resource", Content_Type="text/plain"),
    ]
    (item,), (told,) = split(warc(tmp_path, parts))
    assert (item.url, item.payload, item.media_type) == (url(5), b"Just text", "text/plain")
    assert "1 image/png" in told.reason
    assert "1 text/css" in told.reason
    assert "1 revisit (image/png)" in told.reason


def test_cut_anywhere_in_the_last_record(tmp_path: Path) -> None:
    """W01: whatever is missing of the last record, the records before it come in, and the last is told."""
    first, last = gzip.compress(three()[0]), gzip.compress(three()[1])
    path = tmp_path / "x.warc.gz"
    for cut in range(1, len(last), 7):
        path.write_bytes(first + last[:cut])
        items, rejects = split(path)
        assert [item.url for item in items] == [url(0)]
        assert len(rejects) == 1
    plain = three()
    for cut in range(1, len(plain[1]) - 4, 17):
        path.write_bytes(plain[0] + plain[1][:cut])
        items, rejects = split(path)
        assert [item.url for item in items] == [url(0)], cut
        assert len(rejects) == 1


@pytest.mark.parametrize("packed", [True, False], ids=["gzip", "plain"])
@pytest.mark.parametrize("length", [-1, "", "1e9", 10**14, 10, 5000, "99999999999999999999", "４"])
def test_a_wrong_length_costs_that_record(tmp_path: Path, length: object, packed: bool) -> None:
    """W02: too long, too short, negative, huge, no number: the record is rejected, the next one is found."""
    parts = three()
    parts[1] = record(url(1), response(), length=length)
    items, rejects = split(warc(tmp_path, parts, packed=packed))
    assert [item.url for item in items] == [url(0), url(2)]
    assert len(rejects) == 1
    assert "length" in rejects[0].reason


@pytest.mark.parametrize("kind", ["Block_Digest", "Payload_Digest"])
def test_a_wrong_digest_costs_that_record(tmp_path: Path, kind: str) -> None:
    """W03: what does not have the digest it was written with is not what was captured."""
    parts = three()
    parts[1] = record(url(1), response(), **{kind: "sha1:" + "A" * 32})
    items, rejects = split(warc(tmp_path, parts))
    assert [item.url for item in items] == [url(0), url(2)]
    assert "digest" in rejects[0].reason


@pytest.mark.parametrize("base", ["64", "64 for addresses", "none"])
def test_digests_in_base_64_and_what_is_none(tmp_path: Path, base: str) -> None:
    raw = hashlib.sha256(PAGE).digest()
    said = {"64": base64.b64encode, "64 for addresses": base64.urlsafe_b64encode}
    digest = said[base](raw).decode() if base in said else "unknown"
    items, rejects = split(warc(tmp_path, [record(url(1), response(), Payload_Digest=f"sha-256:{digest}")]))
    assert ([item.url for item in items], rejects) == ([url(1)], [])
    wrong = base64.b64encode(hashlib.sha256(b"x").digest()).decode()
    items, rejects = split(warc(tmp_path, [record(url(1), response(), Payload_Digest=f"sha-256:{wrong}")]))
    assert (items, len(rejects)) == ([], 1)


def test_the_scheme_of_an_address_may_be_in_capitals(tmp_path: Path) -> None:
    """Such a record was left out, and nobody was told."""
    (item,), rejects = split(warc(tmp_path, [record(url(1).replace("https", "HTTPS"), response())]))
    assert (item.url.lower(), rejects) == (url(1), [])


def test_one_flipped_bit_costs_one_record(tmp_path: Path) -> None:
    """W04: wherever in the middle record the bit is."""
    members = [gzip.compress(part) for part in three()]
    start = len(members[0])
    for place in range(start + 3, start + len(members[1]), 11):
        data = bytearray(b"".join(members))
        data[place] ^= 4
        path = tmp_path / "x.warc.gz"
        path.write_bytes(data)
        items, _ = split(path)
        urls = [item.url for item in items]
        assert urls in ([url(0), url(2)], [url(0), url(1), url(2)]), place
        if url(1) in urls:  # only gzip's own header can be flipped without harm
            assert items[1].exchanges[0].payload == PAGE + b"1", place


def test_an_endless_header_is_no_header(tmp_path: Path) -> None:
    """W05: 50 MB of header cost a moment, not minutes."""
    parts = three()
    parts[1] = b"WARC/1.0\r\n" + b"X-Y: zzzzzzzzzzzzzzzzzzzzzzzz\r\n" * 1_700_000
    begun = time.process_time()
    for packed in (True, False):
        items, rejects = split(warc(tmp_path, parts, packed=packed))
        assert [item.url for item in items] == [url(0), url(2)]
        assert rejects
    assert time.process_time() - begun < 10


def test_a_record_that_expands_without_end_is_passed_over(tmp_path: Path) -> None:
    """W06: 300 MB in 300 kB of gzip are counted, not held."""
    size = 300 * 2**20
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    head = record(url(1), b"", length=size)[:-4]
    bomb = packer.compress(head) + b"".join(packer.compress(bytes(2**20)) for _ in range(300))
    bomb += packer.compress(b"\r\n\r\n") + packer.flush()
    members = [gzip.compress(part) for part in three()]
    path = tmp_path / "x.warc.gz"
    path.write_bytes(members[0] + bomb + members[2])
    tracemalloc.start()
    items, rejects = split(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [item.url for item in items] == [url(0), url(2)]
    assert "too large" in rejects[0].reason
    assert peak < 64 * 2**20


def test_wacz(tmp_path: Path) -> None:
    path = tmp_path / "x.wacz"
    with ZipFile(path, "w") as archive:
        archive.writestr("datapackage.json", "{}")
        archive.writestr("archive/data.warc.gz", b"".join(gzip.compress(part) for part in three()))
        archive.writestr("pages/pages.jsonl", f'{{"url": "{url(9)}"}}\n')
        archive.writestr("indexes/index.cdx", "x")
    items, rejects = split(path)
    assert [item.url for item in items] == [url(0), url(1), url(2)]
    assert rejects == []
    assert items[0].origin.file.endswith("x.wacz!archive/data.warc.gz")


@pytest.mark.parametrize("name", ["../up.txt", "/abs.txt", "a/../../up.txt", "back\\slash.txt", "c:/x.txt"])
def test_a_member_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    """W07: nothing is written anywhere, and what has such a name is not read."""
    path = tmp_path / "in" / "x.zip"
    path.parent.mkdir()
    with ZipFile(path, "w") as archive:
        archive.writestr(ZipInfo(name), url(1))
        archive.writestr("good.txt", url(2))
    before = sorted(tmp_path.rglob("*"))
    items, rejects = split(path)
    assert [item.url for item in items] == [url(2)]
    assert "member with a name" in rejects[0].reason
    assert sorted(tmp_path.rglob("*")) == before


def test_a_link_in_a_zip_file_is_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(url(1))
    info = ZipInfo("link.txt")
    info.external_attr = 0o120777 << 16
    with ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr(info, str(secret))
    items, (reject,) = split(tmp_path / "x.zip")
    assert (items, reject.reason) == ([], "a member that is a link")


def test_a_zip_bomb_ends_at_its_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """W08: what counts are the bytes that come out, over all members together."""
    monkeypatch.setattr("archive.formats.zips._FLOOR", 2**22)
    path = tmp_path / "x.zip"
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr("0.txt", url(1))
        for n in range(1, 9):
            archive.writestr(f"{n}.txt", b"x " * 2**19)
    items, rejects = split(path)
    assert [item.url for item in items] == [url(1)]
    assert "far more than its size" in rejects[-1].reason


def test_a_size_that_lies(tmp_path: Path) -> None:
    """W09: the directory says that a member is small and whole; what comes out says otherwise."""
    path = tmp_path / "x.zip"
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", f"{url(1)}\n" * 1000)
        archive.writestr("b.txt", url(2))
    data = path.read_bytes()
    with ZipFile(path) as archive:
        crc = archive.getinfo("a.txt").CRC.to_bytes(4, "little")
    path.write_bytes(data.replace(crc, b"\1\2\3\4"))
    items, rejects = split(path)
    assert items[-1].url == url(2)
    assert any("CRC" in reject.reason for reject in rejects)


def test_other_things_in_a_zip_file_are_left_alone(tmp_path: Path) -> None:
    """W11: an index of some other program, pictures, a zip inside: none is opened as what it is not."""
    inner = io.BytesIO()
    with ZipFile(inner, "w") as archive:
        archive.writestr("a.txt", url(1))
    with ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("index/_MAIN_1.toc", b"\x80\x04\x95" + b"\0" * 40)
        archive.writestr("i.png", b"\x89PNG\r\n\x1a\n\0\0")
        archive.writestr("inner.zip", inner.getvalue())
        archive.writestr("good.txt", url(2))
    items, rejects = split(tmp_path / "x.zip")
    assert [item.url for item in items] == [url(2)]
    assert [reject.reason for reject in rejects] == ["a zip file inside of a zip file is not opened: unpack it first"]


SINGLEFILE = b"""<!DOCTYPE html> <html lang=en><!--
 Page saved with SingleFile
 url: https://h1.example/page?a=1
 saved date: Fri Jan 31 2025 11:00:00 GMT+0100 (Central European Standard Time)
--><meta charset=utf-8><title>The pier</title><p>Twelve million pounds."""
MONOLITH = b"""<!-- Saved from https://h1.example/page?a=1 at 2025-01-31T10:00:00Z using monolith v2.8.1 -->
<!DOCTYPE html><html><head><title>The pier</title></head><body><p>Twelve million.</body></html>"""
SAVED_AS = b"""<!DOCTYPE html>
<!-- saved from url=(0030)https://h1.example/page?a=1 -->
<html><head><title>The pier</title></head><body><p>Twelve million.</body></html>"""
CANONICAL = b"""<!doctype html><html><head><title>The pier</title>
<link href="https://h1.example/page?a=1" rel="canonical"></head><body><p>Twelve million.</body></html>"""


@pytest.mark.parametrize(
    ("data", "dated"),
    [(SINGLEFILE, True), (MONOLITH, True), (SAVED_AS, False), (CANONICAL, False)],
    ids=["SingleFile", "monolith", "save as", "canonical link"],
)
def test_saved_pages(tmp_path: Path, data: bytes, dated: bool) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(data)
    os.utime(path, (1738400000, 1738400000))
    assert detect_format(path).name == "page"
    (item,), rejects = split(path)
    assert (item.url, item.payload, item.title, rejects) == ("https://h1.example/page?a=1", data, "The pier", [])
    assert item.captured == (AT if dated else datetime.fromtimestamp(1738400000, UTC))


def test_a_page_that_does_not_say_where_it_is_from(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(PAGE)
    items, (reject,) = split(path)
    assert items == []
    assert "--format text" in reject.reason


MHTML = b"""From: <Saved by Blink>
Snapshot-Content-Location: https://h1.example/page?a=1
Subject: The pier
Date: Fri, 31 Jan 2025 10:00:00 -0000
MIME-Version: 1.0
Content-Type: multipart/related;
\ttype="text/html";
\tboundary="----x"

------x
Content-Type: text/html
Content-ID: <frame-1@mhtml.blink>
Content-Transfer-Encoding: quoted-printable
Content-Location: https://h1.example/page?a=1

<html><title>The pier</title><p class=3D"a">Twelve mil=
lion.</p></html>
------x
Content-Type: image/png
Content-Transfer-Encoding: base64
Content-Location: https://h1.example/i.png

iVBORw0KGgo=
------x--
"""


def test_mhtml(tmp_path: Path) -> None:
    path = tmp_path / "page.mhtml"
    path.write_bytes(MHTML.replace(b"\n", b"\r\n"))
    assert detect_format(path).name == "mhtml"
    (item,), rejects = split(path)
    assert (item.url, item.captured, item.media_type) == ("https://h1.example/page?a=1", AT, "text/html")
    assert item.payload == b'<html><title>The pier</title><p class="a">Twelve million.</p></html>'
    assert rejects == []


def test_mhtml_without_a_page(tmp_path: Path) -> None:
    path = tmp_path / "page.mhtml"
    path.write_bytes(MHTML.replace(b"text/html", b"text/css"))
    items, (reject,) = split(path)
    assert (items, reject.reason) == ([], "there is no page in the MHTML file")


def test_a_folder_of_pages(tmp_path: Path) -> None:
    """What lies beside the pages is no page; folders inside are read too; the order is that of the names."""
    (tmp_path / "2025").mkdir()
    (tmp_path / "2025" / "b.html").write_bytes(MONOLITH.replace(b"page", b"b"))
    (tmp_path / "a.html").write_bytes(SINGLEFILE)
    (tmp_path / "a_files").mkdir()
    (tmp_path / "a_files" / "frame.html").write_bytes(SAVED_AS)
    (tmp_path / "style.css").write_text("a { background: url(https://x.example/) }")
    (tmp_path / "i.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    items, rejects = split(tmp_path)
    assert [item.url for item in items] == ["https://h1.example/b?a=1", "https://h1.example/page?a=1"]
    assert rejects == []
