"""Damaged and hostile twins of every format: cut, mixed up, in the wrong encoding, enormous, nested without end.

Reading any of them ends, in bounded time and memory, with what is whole in them and a reason for the rest; nothing but
FormatError (a file of no format at all) is ever raised.
"""

# ruff: noqa: E501 -- bombs are as long as they are

from __future__ import annotations

import gzip
import json
import random
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import test_sources_captures as captures
import test_sources_exports as exports
import test_sources_lists as lists
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive import FORMATS, FormatError, Item, Reject, read_items

URL = "https://a.example/1"
RIS = f"TY  - NEWS\nTI  - One\nUR  - {URL}\nER  -\nTY  - NEWS\nUR  - {URL}/2\nER  -\n"
CSV = f"title,url,time_added,tags,status\nOne,{URL},1738317600,a|b,unread\nTwo,{URL}/2,1738317600,,archive\n"
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
    "json feed": lists.JSON_FEED,
    "sitemap": lists.SITEMAP_NEWS,
    "netscape": exports.NETSCAPE,
    "pocket html": exports.POCKET_HTML,
    "chrome": exports.CHROME,
    "firefox": exports.FIREFOX,
    "linkwarden": json.dumps(exports.LINKWARDEN),
    "karakeep": json.dumps(exports.KARAKEEP),
    "ris": RIS,
    "twitter": exports.TWEETS,
    "factiva": exports.FACTIVA,
    "page": captures.SINGLEFILE,
    "mhtml": captures.MHTML,
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
    ],
)
def test_a_hundred_megabytes_in_one_line(tmp_path: Path, make: Callable[[], bytes]) -> None:
    """Bounded memory, a reason, and the rows behind it where there are any."""
    path = tmp_path / "file"
    path.write_bytes(make())
    behind = path.read_bytes()[-200:].count(URL.encode())
    begun = time.monotonic()
    found = read(path)
    assert len(urls(found)) == behind
    assert len(found) <= behind + 1
    assert time.monotonic() - begun < 30


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
            '<!DOCTYPE x [<!ENTITY % a SYSTEM "http://127.0.0.1:1/x">%a;]><rss><item><link>https://a.example/</link></item></rss>',
            id="parameter entity",
        ),
        pytest.param("<rss>" + "<item>" * 100_000, id="nested"),
        pytest.param("<opml><body>" + "<outline text='x'>" * 100_000, id="nested outlines"),
    ],
)  # fmt: skip
def test_xml_bombs(tmp_path: Path, bomb: str) -> None:
    """X01, X02, X03: refused within a second; nothing of this machine is in what comes out."""
    path = tmp_path / "file"
    path.write_text(bomb)
    begun = time.monotonic()
    (reject,) = read(path)
    assert time.monotonic() - begun < 1
    assert isinstance(reject, Reject)
    assert "root:" not in f"{reject.reason}{reject.raw}"


@pytest.mark.parametrize("text", ["[" * 200_000, '{"a":' * 200_000, '[{"url":' + "[" * 200_000, "[" + "9" * 10_000])
def test_json_without_end(tmp_path: Path, text: str) -> None:
    path = tmp_path / "file"
    path.write_text(text)
    for name in (None, "json", "karakeep", "twitter"):
        assert urls(read(path, name)) == []


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
