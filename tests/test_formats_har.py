"""HAR files: which entries are pages, what of them is kept, and above all what is not."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

import pytest

from archive import Archive, ArchiveSettings, Item, Outcome, Reject, create_archive, detect_format, read_items

AT = "2025-01-31T10:00:00.000+01:00"
TEXT = "The harbour board voted on Tuesday to spend twelve million pounds on the pier, which storms have battered. " * 3
PAGE = f"<html><head><title>The pier – plans</title></head><body><article><p>{TEXT}</p></article></body></html>"
URL = "https://paper.example/pier"


def entry(
    url: str = URL, text: str | None = PAGE, status: int = 200, kind: str = "text/html", **more: object
) -> object:
    """One exchange as a browser writes it; `asked`, `answered` are headers, `content` more of the body's part."""
    content = {"size": len(text or ""), "mimeType": kind, **({} if text is None else {"text": text})}
    given = {"Content-Type": kind, **more.pop("answered", {})}  # type: ignore[dict-item]
    return {
        "startedDateTime": AT, "time": 12.5, "pageref": "page_1", "serverIPAddress": "192.0.2.7", "cache": {},
        "request": {
            "method": more.pop("method", "GET"), "url": url, "httpVersion": "h2", "cookies": [],
            "headers": [{"name": n, "value": v} for n, v in more.pop("asked", {}).items()],  # type: ignore[attr-defined]
        },
        "response": {
            "status": status, "statusText": "", "httpVersion": "h2", "redirectURL": more.pop("to", ""),
            "cookies": [{"name": "sid", "value": "SECRET-4"}],
            "headers": [{"name": n, "value": str(v)} for n, v in given.items()],
            "content": {**content, **more.pop("content", {})},  # type: ignore[dict-item]
        },
        **more,
    }  # fmt: skip


def har(folder: Path, *entries: object) -> Path:
    path = folder / "visit.har"
    pages = [{"startedDateTime": AT, "id": "page_1", "title": "The pier", "pageTimings": {}}]
    log = {"version": "1.2", "creator": {"name": "WebInspector", "version": "537.36"}, "pages": pages}
    path.write_text(json.dumps({"log": {**log, "entries": entries}}, indent=2))
    return path


def split(path: Path) -> tuple[list[Item], list[Reject]]:
    found = list(read_items(path))
    return [f for f in found if isinstance(f, Item)], [f for f in found if isinstance(f, Reject)]


def test_a_page_with_its_body_is_a_capture_of_its_moment(tmp_path: Path) -> None:
    path = har(tmp_path, entry(answered={"Content-Encoding": "br", "Last-Modified": "Fri, 31 Jan 2025 08:00:00 GMT"}))
    assert detect_format(path).name == "har"
    (item,), rejects = split(path)
    (exchange,) = item.exchanges
    assert (item.url, item.captured, rejects) == (URL, datetime(2025, 1, 31, 9, tzinfo=UTC), [])
    assert (exchange.status, exchange.payload, exchange.address) == (200, PAGE.encode(), "192.0.2.7:0")
    assert dict(exchange.headers) == {
        "Content-Type": "text/html; charset=utf-8", "Last-Modified": "Fri, 31 Jan 2025 08:00:00 GMT"
    }  # fmt: skip


def test_nothing_that_signs_somebody_in_is_kept(tmp_path: Path) -> None:
    """Neither in the archive's files nor in the list of what could not be read."""
    secrets = {"Cookie": "sid=SECRET-1", "Authorization": "Bearer SECRET-2", "X-Api-Key": "SECRET-3"}
    answered = {"Set-Cookie": "sid=SECRET-5", "X-Auth-Token": "SECRET-6", "WWW-Authenticate": "Basic SECRET-7"}
    bad = entry(f"{URL}/2", "?", asked=secrets, answered=answered, content={"encoding": "base64"}, pageref="b")
    path = har(tmp_path, entry(asked=secrets, answered=answered, _securityState="SECRET-8"), bad)
    create_archive(tmp_path / "archive").close()
    with Archive(tmp_path / "archive", ArchiveSettings()) as archive:
        done = list(archive.import_files([path], fetch=False))
    assert [one.outcome for one in done] == [Outcome.OK, None]
    (tmp_path / "visit.har").unlink()
    for file in (file for file in tmp_path.rglob("*") if file.is_file()):
        data = file.read_bytes()
        assert b"SECRET" not in data, file
    from gzip import decompress

    (warc,) = (tmp_path / "archive" / "warc").glob("*.warc.gz")
    assert b"SECRET" not in decompress(warc.read_bytes())
    assert b"The pier" in decompress(warc.read_bytes())


def test_redirects_lead_to_their_page(tmp_path: Path) -> None:
    first = entry("http://paper.example/p", None, 301, answered={"Location": "https://paper.example/p"})
    second = entry("https://paper.example/p", None, 302, to="/pier")
    (item,), _ = split(har(tmp_path, first, second, entry()))
    assert [(hop.url, hop.status, hop.location) for hop in item.exchanges] == [
        ("http://paper.example/p", 301, "https://paper.example/p"),
        ("https://paper.example/p", 302, URL), (URL, 200, None),
    ]  # fmt: skip
    assert item.url == "http://paper.example/p"


BYTES = "<title>Größe</title><p>Ä".encode("latin-1")
BODIES = [
    ("text of an old charset", "<p>Größe", "text/html; charset=ISO-8859-1", {}, "<p>Größe".encode(), "utf-8"),
    ("bytes", base64.b64encode(BYTES).decode(), "text/html; charset=iso-8859-1", {"encoding": "base64"}, BYTES,
     "iso-8859-1"),
    ("a document of PDF", base64.b64encode(b"%PDF-1.4 x").decode(), "application/pdf", {"encoding": "base64"},
     b"%PDF-1.4 x", ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "kind", "content", "body", "charset"), [row[1:] for row in BODIES], ids=[r[0] for r in BODIES]
)
def test_bodies(tmp_path: Path, text: str, kind: str, content: object, body: bytes, charset: str) -> None:
    """Text is as the browser had decoded it, whatever the server called it; bytes are as they were served."""
    (item,), _ = split(har(tmp_path, entry(text=text, kind=kind, content=content)))
    exchange = item.exchanges[-1]
    assert exchange.payload == body
    assert dict(exchange.headers)["Content-Type"].partition("charset=")[2] == charset


def test_pages_without_a_body_are_addresses(tmp_path: Path) -> None:
    items, rejects = split(har(tmp_path, entry(text=None), entry(f"{URL}/0", None, 0, kind="", pageref="page_2")))
    assert [(one.url, one.has_content, one.added) for one in items] == [
        (URL, False, datetime(2025, 1, 31, 9, tzinfo=UTC)), (f"{URL}/0", False, datetime(2025, 1, 31, 9, tzinfo=UTC))
    ]  # fmt: skip
    assert rejects == []


def test_what_is_in_a_page_is_none(tmp_path: Path) -> None:
    frame = entry("https://ads.example/frame", "<p>Buy</p>", asked={"Sec-Fetch-Dest": "iframe"})
    older = entry("https://ads.example/other", "<p>Buy</p>", _resourceType="document")
    data = entry("https://paper.example/more", "<p>More</p>", _resourceType="xhr")
    sent = entry("https://paper.example/login", "<p>Welcome</p>", method="POST", pageref="page_3")
    picture = entry("https://paper.example/a.png", "iVBO", kind="image/png", content={"encoding": "base64"})
    inline = entry("data:text/html,x", "x", pageref="page_4")
    (item,), (told,) = split(har(tmp_path, frame, entry(), older, data, sent, picture, inline))
    assert item.url == URL
    assert told.reason == "records that are no pages were left out: 5 text/html, 1 image/png"
    assert not told.lost


def test_a_second_page_of_one_tab(tmp_path: Path) -> None:
    """A log that goes on while its reader follows a link calls both one page; the browser says what it asked for."""
    asked = {"Sec-Fetch-Dest": "document"}
    items, _ = split(har(tmp_path, entry(asked=asked), entry(f"{URL}/2", asked=asked)))
    assert [one.url for one in items] == [URL, f"{URL}/2"]


def test_a_page_from_the_cache_has_its_body_without_the_answer(tmp_path: Path) -> None:
    (item,), _ = split(har(tmp_path, entry(status=304)))
    assert (item.payload, item.charset, item.exchanges) == (PAGE.encode(), "utf-8", ())
    assert item.captured == datetime(2025, 1, 31, 9, tzinfo=UTC)


def test_a_body_that_was_cut(tmp_path: Path) -> None:
    data = base64.b64encode(PAGE.encode()).decode()
    (item,), _ = split(har(tmp_path, entry(text=data, content={"encoding": "base64", "size": 5_000_000})))
    assert item.exchanges[-1].truncated == "length"


@pytest.mark.parametrize("text", [PAGE, None])
def test_a_page_of_no_known_moment_is_taken_in_without_it(tmp_path: Path, text: str | None) -> None:
    (item,), rejects = split(har(tmp_path, entry(text=text, startedDateTime="soon")))
    assert (item.url, item.payload.decode(), item.captured, rejects) == (URL, text or "", None, [])
    assert item.remarks == ("startedDateTime: 'soon' is no date that can be: taken in without it",)


BAD = [
    ("no status", entry(status=7), "its status is 7"),
    ("no base64", entry(text="?", content={"encoding": "base64"}), "base64"),
    ("no address", {"startedDateTime": AT}, "without the address"),
    ("no object", 7, "without the address"),
    ("a password, from the cache", entry("https://ann:hunter2@paper.example/", status=304), "…@paper.example"),
    ("a password", entry("https://ann:hunter2@paper.example/"), "…@paper.example"),
]


@pytest.mark.parametrize(("bad", "reason"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_bad_entries_are_told_by_their_number(tmp_path: Path, bad: object, reason: str) -> None:
    items, (told,) = split(har(tmp_path, bad, entry(f"{URL}/2", pageref="page_2")))
    assert [one.url for one in items] == [f"{URL}/2"]
    assert (told.origin.line, told.lost) == (1, True)
    assert reason in f"{told.reason} {told.raw}"
    assert "hunter2" not in f"{told.reason} {told.raw}"


def test_a_log_that_is_cut_off_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    path = har(tmp_path, entry(), entry(f"{URL}/2", pageref="page_2"))
    path.write_text(path.read_text().partition(f"{URL}/2")[0])
    (item,), (told,) = split(path)
    assert item.url == URL
    assert "the file is cut off, after record 1" in told.reason


def test_a_log_with_its_bodies_beside_it(tmp_path: Path) -> None:
    """As Playwright writes them, in a zip file or in a folder."""
    log = har(
        tmp_path,
        entry(text=None, content={"_file": "f00.html"}),
        entry(f"{URL}/2", None, content={"_file": "../x"}, pageref="b"),
    )
    (tmp_path / "f00.html").write_text(PAGE)
    packed = tmp_path / "visit.har.zip"
    with ZipFile(packed, "w") as out:
        out.write(log, "har.har")
        out.write(tmp_path / "f00.html", "f00.html")
    for path in (log, packed):
        items, rejects = split(path)
        assert [(one.url, one.exchanges[-1].payload if one.exchanges else b"") for one in items] == [
            (URL, PAGE.encode()), (f"{URL}/2", b"")
        ]  # fmt: skip
        assert rejects == []
