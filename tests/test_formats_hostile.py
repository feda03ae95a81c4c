"""Damaged and hostile twins of every format: cut, mixed up, in the wrong encoding, enormous, nested without end.

Reading any of them ends, in bounded time and memory, with what is whole in them and a reason for the rest; nothing but
FormatError (a file of no format at all) is ever raised.
"""

# ruff: noqa: E501 -- bombs are as long as they are

from __future__ import annotations

import csv
import gzip
import io
import json
import random
import re
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest
import test_formats_captures as captures
import test_formats_exports as exports
import test_formats_har as log
import test_formats_lists as lists
import test_formats_mail as mail
import test_formats_markup as markup
import test_formats_newspapers as newspapers
import test_formats_references as references
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive import FORMATS, FormatError, Item, Reject, read_items
from archive.importing.ready import content_digest, key_of

URL = "https://a.example/1"
RIS = f"TY  - NEWS\nTI  - One\nUR  - {URL}\nER  -\nTY  - NEWS\nUR  - {URL}/2\nER  -\n"
CSV = f"title,url,time_added,tags,status\nOne,{URL},1738317600,a|b,unread\nTwo,{URL}/2,1738317600,,archive\n"


def table(cells: dict[str, str]) -> str:
    """A CSV with one row."""
    out = io.StringIO()
    csv.writer(out).writerows([cells, cells.values()])
    return out.getvalue()


def zipped(files: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(ZipInfo(name), content, ZIP_DEFLATED)
    return out.getvalue()


OWN_CSV = table({
    "id": "1", "final_url": URL, "title": "One", "published": "2025-01-31", "text": "Twelve\nmillion.", "tags": "a; b", "note": "'=1",
    "export_query": "", "export_time": "2025-01-31T10:00:00Z", "export_log": "x",
})  # fmt: skip
OWN_JSON = json.dumps({
    "id": "1", "url": URL, "final_url": URL, "capture_id": "c", "last_captured": "2025-01-31T10:00:00Z", "tags": ["a"], "note": "n",
    "article": {"title": "One", "text": "Twelve million.", "published": "2025-01-31T10:00:00Z", "links": [], "authors": []}, "sources": [],
})  # fmt: skip
DOCX = (
    '<w:document xmlns:w="w">' + "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in (
        "One", "The Ledger", "January 31, 2025", "Body", "Twelve million.", "End of Document",
    )) + "</w:document>"
)  # fmt: skip
# One file of each format, as text or bytes.
SAMPLES: dict[str, str | bytes] = {
    "text": f"{URL}\nhttps://b.example/2\n",
    "csv": CSV,
    "json array": json.dumps(exports.OMNIVORE * 3),
    "json lines": "".join(f"{json.dumps(exports.NEWS_PLEASE)}\n" for _ in range(3)),
    "json object": json.dumps({"links": [{"url": URL}, {"url": f"{URL}/2"}]}),
    "rss": lists.RSS,
    "atom": lists.ATOM,
    "opml": lists.OPML,
    "xbel": markup.XBEL,
    "xml": f"<links><i><url>{URL}</url><title>One</title></i><i url='{URL}/2' title='Two'/></links>",
    "wiki": f"* {{{{cite web|url={URL}|title=One|date=2025-01-31}}}}\n* {{{{cite web|date=31 January 2025|url={URL}/2}}}}\n",
    "json feed": lists.JSON_FEED,
    "sitemap": lists.SITEMAP_NEWS,
    "netscape": exports.NETSCAPE,
    "pocket html": exports.POCKET_HTML,
    "chrome": exports.CHROME,
    "firefox": exports.FIREFOX,
    "linkwarden": json.dumps(exports.LINKWARDEN),
    "karakeep": json.dumps(exports.KARAKEEP),
    "ris": RIS,
    "bibtex": references.BIB.partition("@misc")[0]
    .replace("2025-01-31", "1738317600")
    .replace("2 February 2025", "1738317600"),
    "endnote": references.ENW.replace("January 31", "31 January 2025").replace("2 February", "1 February"),
    "endnote xml": references.XML.replace("31 January", "31 January 2025").replace("2 February", "1 February"),
    "har": json.dumps({"log": {"creator": {}, "entries": [log.entry(), log.entry(f"{URL}/2", pageref="b")]}}),
    "markdown": exports.NOTE,
    "twitter": exports.TWEETS,
    "factiva": exports.FACTIVA,
    "page": captures.SINGLEFILE,
    "mhtml": captures.MHTML,
    "mail": mail.BOTH,
    "mailbox": mail.BOX,
    "pocket": CSV,
    "raindrop": f"id,title,note,excerpt,url,folder,tags,created,cover,highlights,favorite\n9,One,,,{URL},News,a,2025-01-31T10:00:00Z,,,true\n",
    "readwise": f"Title,URL,ID,Document tags,Saved date,Reading progress,Location,Seen\nOne,{URL},01h,[],2025-01-31 10:00:00+00:00,0,new,True\n",
    "wallabag": json.dumps(exports.WALLABAG),
    "newspaper": json.dumps([exports.NEWSPAPER]),
    "fundus": json.dumps({"The Ledger": [exports.FUNDUS]}),
    "trafilatura": json.dumps([exports.TRAFILATURA]),
    "csl": json.dumps([exports.CSL]),
    "own csv": OWN_CSV,
    "own json": f"{OWN_JSON}\n{OWN_JSON}\n",
    "factiva as displayed": exports.FACTIVA_SHOWN,
    "factiva with codes, text": newspapers.CODED,
    "factiva as displayed, text": newspapers.SHOWN,
    "lexisnexis": newspapers.OLD,
    "nexis uni, text": newspapers.NEW,
    "proquest": newspapers.PROQUEST,
    "europresse": newspapers.EUROPRESSE,
    "retriever": newspapers.RETRIEVER,
    "genios": newspapers.GENIOS,
    "jsonlz4": exports.JSONLZ4,
    "arc": b"".join([captures.arc_head(1), captures.arc(0, captures.response()), captures.arc(2, captures.response())]),
    "arc.gz": b"".join(gzip.compress(p) for p in (captures.arc_head(2), captures.arc(0, captures.response(), 2))),
    "warc.zst": captures.zstd(captures.three()),
    "warc.zst with a dictionary": captures.zstd(captures.three(), captures.DICTIONARY, packed=True),
    "wacz": zipped({"datapackage.json": "{}", "archive/data.warc.gz": gzip.compress(b"".join(captures.three()))}),
    "nexis": zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": DOCX}),
    "omnivore": zipped({"metadata_0_to_1.json": json.dumps(exports.OMNIVORE), "content/the-pier-1.html": "<p>x</p>"}),
    "warc": b"".join(captures.three()),
    "warc.gz": b"".join(gzip.compress(part) for part in captures.three()),
}


def data(name: str) -> bytes:
    sample = SAMPLES[name]
    return sample if isinstance(sample, bytes) else sample.encode()


def read(path: Path, format_name: str | None = None) -> list[Item | Reject]:
    """All that is found; [] for a file of no format."""
    try:
        return list(read_items(path, format_name))
    except FormatError:
        return []


def urls(found: list[Item | Reject]) -> list[str]:
    return [one.url for one in found if isinstance(one, Item)]


@pytest.mark.parametrize("name", SAMPLES)
def test_cut_anywhere(tmp_path: Path, name: str) -> None:
    """What is whole before the cut comes in, in order; nothing is made up that the whole file does not have."""
    whole = data(name)
    path = tmp_path / "file"
    path.write_bytes(whole)
    everything = set(urls(read(path)))
    assert everything
    for cut in range(0, len(whole), max(1, len(whole) // 60)):
        path.write_bytes(whole[:cut])
        for url in urls(read(path)):
            if ".invalid/" in url:
                continue  # made from the text, where the number was cut off
            assert any(known.startswith(url) for known in everything), (cut, url)


@pytest.mark.parametrize("name", SAMPLES)
def test_mixed_up(tmp_path: Path, name: str) -> None:
    """Bytes changed, doubled, left out, put in at random."""
    whole, path, chance = data(name), tmp_path / "file", random.Random(name)
    for _ in range(60):
        damaged = bytearray(whole)
        for _ in range(chance.randint(1, 8)):
            at = chance.randrange(len(damaged))
            kind = chance.random()
            if kind < 0.4:
                damaged[at] = chance.randrange(256)
            elif kind < 0.7:
                del damaged[at : at + chance.randint(1, 40)]
            else:
                damaged[at:at] = chance.choice(
                    [b'"', b"<", b"\0", b"]]>", b"{", b"\xff\xfe", b"&", b"\r\n", damaged[:50]]
                )
            if not damaged:
                break
        path.write_bytes(damaged)
        read(path)


@pytest.mark.parametrize("name", [name for name in SAMPLES if isinstance(SAMPLES[name], str)])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig", "utf-32"])
def test_other_encodings(tmp_path: Path, name: str, encoding: str) -> None:
    """The same items, whatever encoding the file was saved in by some editor."""
    path = tmp_path / "file"
    path.write_bytes(data(name))
    expected = urls(read(path))
    path.write_bytes(data(name).decode().replace('encoding="UTF-8"', "").encode(encoding))
    if name in ("rss", "atom", "opml", "sitemap") and encoding in ("utf-16-le", "utf-32"):
        read(path)  # XML without a mark, or in UTF-32: told, not read
        return
    assert urls(read(path)) == expected


_DATES = re.compile(
    r"1738317600(?:000){0,2}|13382791200000000|2025[-/]0\d[-/]\d\d|(?:31 )?(?:January|February) (?:1, |31, |)2025|1 February 2025|31 Jan 2025"
    r"|1 Feb 2025|Jan 31|\[\[?2025, 1, 31\]?|\[\[\"2025\", 2, 1\]"
)


# They have dates in several languages; test_formats_newspapers spoils them.
_PAPERS = (newspapers.CODED, newspapers.SHOWN, newspapers.EUROPRESSE, *newspapers.EXPORTS.values())


@pytest.mark.parametrize(
    "name", [name for name in SAMPLES if isinstance(SAMPLES[name], str) and SAMPLES[name] not in _PAPERS]
)
@pytest.mark.parametrize("wrong", ["9999999999999999999", "0000-00-00", "13/45/99", "yesterday", ""])
def test_wrong_dates(tmp_path: Path, name: str, wrong: str) -> None:
    """X05: a date that cannot be costs the date, not the row, and is never today."""
    path = tmp_path / "file"
    path.write_bytes(data(name))
    expected = urls(read(path))
    spoilt = _DATES.sub(wrong, data(name).decode())
    path.write_text(spoilt)
    found = read(path)
    if name in ("csl", "chrome", "firefox", "karakeep") and urls(found) != expected:
        return  # numbers and lists made of text are no JSON any more: told, not read
    if name == "fundus":  # an address made of what the article says
        expected = urls(found)
        assert len(expected) == 1
    assert urls(found) == expected
    dates = [date for one in found if isinstance(one, Item) for date in (one.published, one.added)]
    assert [date for date in dates if date is not None] == []


DOUBLED: dict[str, str | bytes] = {
    "text": str(SAMPLES["text"]) * 2,
    "csv": CSV + CSV.partition("\n")[2],
    "json array": json.dumps(exports.OMNIVORE * 6),
    "json lines": str(SAMPLES["json lines"]) * 2,
    "rss": lists.RSS.replace("</channel>", lists.RSS[lists.RSS.index("<item>") : lists.RSS.index("</channel>")] + "</channel>"),
    "netscape": exports.NETSCAPE + exports.NETSCAPE.partition("<DL><p>")[2],
    "ris": RIS * 2,
    "twitter": exports.TWEETS.replace(
        "= [", "= [" + exports.TWEETS[exports.TWEETS.index("[") + 1 : exports.TWEETS.rindex("]")] + ","
    ),
    "karakeep": json.dumps({**exports.KARAKEEP, "bookmarks": exports.KARAKEEP["bookmarks"] * 2}),
    "fundus": json.dumps({"The Ledger": [exports.FUNDUS, exports.FUNDUS]}),
    "factiva": exports.FACTIVA + exports.FACTIVA,
    "own csv": OWN_CSV + OWN_CSV.partition("\r\n")[2],
    "warc": b"".join(captures.three() * 2),
    "warc.zst": captures.zstd(captures.three() * 2),
    "arc": b"".join([captures.arc_head(1), *([captures.arc(0, captures.response()), captures.arc(2, captures.response())] * 2)]),
}  # fmt: skip


@pytest.mark.parametrize("name", DOUBLED)
def test_every_row_twice(tmp_path: Path, name: str) -> None:
    """A row that comes twice is the same row to an import, in whatever format: nothing is archived twice."""
    path = tmp_path / "file"
    path.write_bytes(data(name))
    once = [one for one in read(path) if isinstance(one, Item)]
    doubled = DOUBLED[name]
    path.write_bytes(doubled if isinstance(doubled, bytes) else doubled.encode())
    twice = [one for one in read(path) if isinstance(one, Item)]
    assert len(twice) == 2 * len(once)
    keys = [{key_of(one, content_digest(one)) for one in read_items} for read_items in (once, twice)]
    assert keys[0] == keys[1]


@pytest.mark.parametrize("name", [known.name for known in FORMATS])
def test_a_wrong_format_on_purpose(tmp_path: Path, name: str) -> None:
    """`--format` with any file: rejects, no crash."""
    path = tmp_path / "file"
    for sample in SAMPLES:
        path.write_bytes(data(sample))
        read(path, name)
    path.write_bytes(b"")
    read(path, name)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300), st.sampled_from([known.name for known in FORMATS]))
def test_any_bytes(tmp_path: Path, junk: bytes, name: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(junk)
    read(path)
    read(path, name)


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: b"x" * 100_000_000, id="text"),
        pytest.param(lambda: b"url,title\n" + b"x" * 100_000_000 + f"\n{URL},One\n".encode(), id="CSV"),
        pytest.param(
            lambda: b'{"url": "' + b"x" * 100_000_000 + f'"}}\n{{"url": "{URL}"}}\n'.encode(), id="JSON Lines"
        ),
        pytest.param(lambda: b'[{"url": "' + b"x" * 100_000_000 + b'"}]', id="JSON array"),
        pytest.param(lambda: b"<!DOCTYPE NETSCAPE-Bookmark-file-1><DT><A HREF='" + b"x" * 100_000_000, id="bookmarks"),
        pytest.param(lambda: b"<rss><channel><item><link>" + b"x" * 100_000_000, id="feed"),
        pytest.param(
            lambda: b"TY  - NEWS\nTI  - " + b"x" * 100_000_000 + b"\nUR  - " + URL.encode() + b"\nER  -\n", id="RIS"
        ),
        pytest.param(lambda: b'window.YTD.tweets.part0 = [{"tweet":{"full_text":"' + b"x" * 100_000_000, id="X"),
        pytest.param(lambda: b'{"roots":{"bookmark_bar":{"name":"' + b"x" * 100_000_000, id="Chrome"),
        pytest.param(lambda: b"<html><head><title>" + b"x" * 100_000_000, id="page"),
        pytest.param(
            lambda: b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n" + b"x" * 100_000_000, id="MHTML"
        ),
        pytest.param(lambda: b"<html><td><b>HD</b></td><td>" + b"x" * 100_000_000, id="Factiva"),
        pytest.param(lambda: b"{\\rtf1 " + b"x" * 100_000_000, id="RTF"),
        pytest.param(lambda: b"1 of 2 DOCUMENTS\n\n" + b"x" * 100_000_000, id="Nexis"),
        pytest.param(lambda: b"<article><p class=rdp__articletitle>" + b"x" * 100_000_000, id="Europresse"),
        pytest.param(lambda: OWN_CSV.replace("Twelve", "x" * 100_000_000).encode(), id="own CSV"),
        pytest.param(lambda: b"filedesc://x 0.0.0.0 20250131100000 text/plain 9\n" + b"x" * 100_000_000, id="ARC"),
        pytest.param(lambda: f"---\nurl: {URL}\n---\n".encode() + b"x" * 100_000_000, id="Markdown"),
        pytest.param(lambda: b"WARC/1.0\r\nWARC-Type: " + b"x" * 100_000_000, id="WARC"),
        pytest.param(
            lambda: zstandard.compress(b"url,title\n" + b"x" * 100_000_000 + f"\n{URL},One\n".encode()), id="zstd"
        ),
    ],
)
@pytest.mark.slow
def test_a_hundred_megabytes_in_one_line(tmp_path: Path, make: Callable[[], bytes]) -> None:
    """Bounded memory, a reason, and the rows behind it where there are any."""
    path = tmp_path / "file"
    path.write_bytes(make())
    behind = path.read_bytes()[-200:].count(URL.encode())
    begun = time.process_time()
    found = read(path)
    assert len(urls(found)) == behind
    assert behind <= len(found) <= behind + 2
    assert time.process_time() - begun < 30


@pytest.mark.slow
@pytest.mark.parametrize("name", ["word/document.xml", "metadata_0_to_1.json", "archive/data.warc"])
def test_members_that_expand_without_end(tmp_path: Path, name: str) -> None:
    """W08 for documents and exports that are zip files: told, in bounded time and memory."""
    inside = (
        b'<w:document xmlns:w="w">'
        if name.startswith("word")
        else b'[{"slug":"x","url":"'
        if "json" in name
        else b"WARC/1.0\r\nX: "
    )
    path = tmp_path / "file"
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open(name, "w", force_zip64=True) as member:
            member.write(inside)
            for _ in range(300):
                member.write(bytes([120]) * 2**20)
    begun = time.process_time()
    tracemalloc.start()
    found = read(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert urls(found) == []
    assert found
    assert peak < 450 * 2**20
    assert time.process_time() - begun < 30


@pytest.mark.parametrize(
    "bomb",
    [
        pytest.param(
            '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
            + "]><rss><channel><item><link>https://a.example/&j;</link></item></channel></rss>",
            id="billion laughs",
        ),
        pytest.param(
            f'<!DOCTYPE x [<!ENTITY a "{"a" * 50_000}">]><rss><item><link>https://a.example/{"&a;" * 50_000}</link></item></rss>',
            id="quadratic",
        ),
        pytest.param(
            '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss><item><link>https://a.example/&a;</link></item></rss>',
            id="external file",
        ),
        pytest.param(
            '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss><item><link>https://a.example/&a;</link><b></item></rss>',
            id="external file, not well-formed",
        ),
        pytest.param("<rss>" + "<item>" * 100_000, id="nested"),
        pytest.param("<r><i><url>https://a.example/1</url></i>" + "<i>" * 100_000, id="nested records"),
        pytest.param("<opml><body>" + "<outline text='x'>" * 100_000, id="nested outlines"),
    ],
)  # fmt: skip
def test_xml_bombs(tmp_path: Path, bomb: str) -> None:
    """X01, X02, X03: refused within a second; nothing of this machine is in what comes out."""
    path = tmp_path / "file"
    path.write_text(bomb)
    begun = time.process_time()
    (reject,) = read(path)
    assert time.process_time() - begun < 1
    assert isinstance(reject, Reject)
    assert "root:" not in f"{reject.reason}{reject.raw}"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("<r>" + "<i><url>https://a.example/1</url>" * 40_000, id="elements that do not end"),
        pytest.param("<r><i><url>https://a.example/1</url></i>" + "<a>" * 40_000 + "</b>" * 40_000, id="other ends"),
        pytest.param(" ".join(f"https://a.example/{n}" for n in range(80_000)), id="a line of addresses"),
        pytest.param("{{cite web|url=https://a.example/1}} " * 10_000, id="references"),
        pytest.param(
            " ".join(f"hxxps://a[.]example/{n} https://b.example/{n}" for n in range(30_000)), id="harmless ones"
        ),
    ],
)
def test_a_text_takes_time_as_it_is_long(tmp_path: Path, text: str) -> None:
    """Each takes some seconds; minutes where time grows with the square of the length."""
    path = tmp_path / "file"
    path.write_text(text)
    begun = time.process_time()
    assert read(path)
    assert time.process_time() - begun < 30


@pytest.mark.parametrize("text", ["[" * 200_000, '{"a":' * 200_000, '[{"url":' + "[" * 200_000, "[" + "9" * 10_000])
def test_json_without_end(tmp_path: Path, text: str) -> None:
    path = tmp_path / "file"
    path.write_text(text)
    for name in (None, "json", "karakeep", "twitter"):
        assert urls(read(path, name)) == []


@pytest.mark.slow
def test_a_million_rows_need_no_more_memory_than_a_few(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with path.open("w") as out:
        out.write("url,title\n")
        out.writelines(f"https://h{n % 99}.example/{n},Title {n}\n" for n in range(60_000))
    tracemalloc.start()
    count = sum(isinstance(found, Item) for found in _some(path, 5_000))
    _, few = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    tracemalloc.start()
    count = sum(1 for _ in _some(path, 15_000))
    _, many = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 15_000
    assert many < few + 2**20


def _some(path: Path, count: int) -> Iterator[Item | Reject]:
    for number, found in enumerate(read_items(path)):
        if number >= count:
            return
        yield found
