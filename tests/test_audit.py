"""What a package tells of persons and secrets is listed, by kind and host, and no value of it is printed."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from captures import exchange, fetched, opened, put
from commands import Command
from newsroom import Newsroom
from test_forget import PLAIN, story

from archive import (
    ExportFormat,
    ExportStamp,
    Finding,
    FindingKind,
    FormatError,
    StorageError,
    audit_entries,
    audit_file,
    create_archive,
    export_entries,
)
from archive.auditing.findings import findings, redacted
from archive.formats.warc_records import ForeignRecord
from archive.storage.warc.records import JOURNAL_TYPE

URL = "https://paper.example/story"
SECRETS = ("hunter2", "a1b2c3d4e5f6a7b8", "ada@brandt.example", "eyJhbGciOiJI", "203.0.113.7", "8.8.4.4")
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl"


def record(kind: str, block: str = "", url: str = URL, **fields: str) -> ForeignRecord:
    named = {"warc-type": kind, "warc-target-uri": url, "warc-record-id": "<urn:uuid:1>"}
    return ForeignRecord(1, named | {name.replace("_", "-"): value for name, value in fields.items()}, block.encode())


def told(one: ForeignRecord) -> set[tuple[str, str]]:
    return {(found.kind.value, found.name) for found in findings(one)}


@pytest.mark.parametrize(
    ("address", "kind", "name"),
    [
        ("https://a.example/?sid=a1b2c3d4e5f6a7b8", "token in address", "sid"),
        ("https://a.example/?access_token=hunter2", "token in address", "access_token"),
        ("https://a.example/x;jsessionid=hunter2?page=2", "token in address", "jsessionid"),
        ("https://a.example/#access_token=hunter2", "token in address", "access_token"),
        ("https://a.example/?X-Amz-Signature=hunter2&w=3", "token in address", "X-Amz-Signature"),
        (f"https://a.example/?r={JWT}", "token in address", "r"),
        (f"https://a.example/confirm/{JWT}", "token in address", "JSON web token"),
        ("https://a.example/?email=ada%40brandt.example", "person in address", "email"),
        ("https://a.example/?next=ada@brandt.example", "person in address", "next"),
        ("https://a.example/unsubscribe/ada@brandt.example/", "person in address", "e-mail address"),
        ("https://a.example/?user_id=hunter2", "person in address", "user_id"),
        ("https://a.example/?fbclid=hunter2", "click id in address", "fbclid"),
        ("https://ada:hunter2@a.example/", "token in address", "name and password"),
    ],
)
def test_an_address(address: str, kind: str, name: str) -> None:
    assert told(record("resource", url=address)) == {(kind, name)}
    assert not any(secret in redacted(address) for secret in (*SECRETS, "ada%40"))


@pytest.mark.parametrize(
    "address",
    [
        "https://a.example/story?page=2&lang=en&utm_source=feed",
        "https://a.example/?sid=12",  # the number of a section
        "https://a.example/?code=1234&key=world",
        "https://a.example/?token=",
        "https://a.example/2024/05/tokens-and-sessions?s=budget",
    ],
)
def test_an_ordinary_address(address: str) -> None:
    assert told(record("resource", url=address)) == set()
    assert redacted(address) == address


def test_a_request() -> None:
    block = (
        "GET / HTTP/1.1\r\nHost: a.example\r\nCookie: sid=hunter2; seen=1; mine=-\r\nAuthorization: Bearer hunter2\r\n"
        "User-Agent: archive (ada@brandt.example)\r\nX-Forwarded-For: 203.0.113.7\r\n"
        "Referer: https://a.example/?session=hunter2\r\nAccept: */*\r\n\r\n"
    )
    assert told(record("request", block)) == {
        ("cookie sent", "sid"), ("cookie sent", "seen"), ("login", "authorization"), ("who asked", "user-agent"),
        ("address of the one who asked", "x-forwarded-for"), ("token in address", "session"),
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["response", "revisit"])
def test_a_response(kind: str) -> None:
    block = (
        "HTTP/1.1 302 Found\r\nSet-Cookie: geo=8.8.4.4; Path=/\r\nset-cookie: own=*******; HttpOnly\r\n"
        "X-Client: 8.8.4.4\r\nX-Version: 1.2.3.4.5\r\nX-Backend: 10.0.0.3\r\n"
        "Location: https://a.example/?sig=hunter2\r\n\r\nSet-Cookie: no=header\r\n"
    )
    assert told(record(kind, block, warc_ip_address="192.0.2.1")) == {
        ("cookie set", "geo"), ("address of the one who asked", "cookie geo"),
        ("address of the one who asked", "x-client"), ("token in address", "sig"), ("address of a server", "192.0.2.1"),
    }  # fmt: skip


def test_what_we_add_ourselves() -> None:
    said = {"capture": {"added_by": "ada", "hops": [{"address": "[2001:db8::1]:443"}]}}
    assert told(record("metadata", json.dumps(said), content_type=JOURNAL_TYPE)) == {
        ("who added", "ada"), ("address of a server", "2001:db8::1"),
    }  # fmt: skip
    said = {"act": {"kind": "note", "by": "bo"}}
    assert told(record("metadata", json.dumps(said), content_type=JOURNAL_TYPE)) == {
        ("who added", "bo"), ("note or tag", "note"),
    }  # fmt: skip
    for odd in ("{", "[]", '{"capture": null}'):
        assert told(record("metadata", odd, content_type=JOURNAL_TYPE)) == set()
    assert told(record("warcinfo", "operator: Ada\r\nsoftware: x\r\nhttp-header-user-agent: b ada@b.example")) == {
        ("who asked", "operator"), ("who asked", "http-header-user-agent"),
    }  # fmt: skip


def alike(found: Iterable[Finding]) -> list[Finding]:
    """Notes and tags are written anew in each package, under ids of their own."""
    return [replace(one, record="") for one in found]


def test_a_file_and_what_an_export_would_be(tmp_path: Path) -> None:
    """The same is told of articles as of the package that is made of them."""
    with create_archive(tmp_path / "archive") as archive:
        headers = ("Set-Cookie", "sid=hunter2"), ("Content-Type", "text/html")
        with opened(archive.folder) as store:
            for fetch in (
                fetched(exchange(URL, b"<p>A story of a bridge</p>", headers=headers)),
                fetched(exchange("https://other.example/?token=hunter2", b"<p>Another story of a ferry</p>")),
            ):
                put(store, fetch)
            store.commit()
        (one, other) = archive.entries()
        archive.set_note(one.id, "ask hunter2")
        stamp = ExportStamp("sid", datetime(2025, 1, 31, tzinfo=UTC), archive.log_id())
        ids = [one.id, other.id]
        audit = audit_entries(archive, ids, stamp)
        for form in (ExportFormat.WARC, ExportFormat.WACZ):
            export_entries(archive, ids, form, stamp, tmp_path / f"out.{form}")
        assert audit_entries(archive, [other.id], stamp).records < audit.records
    packed = audit_file(tmp_path / "out.wacz")
    assert alike(audit_file(tmp_path / "out.warc").findings) == alike(audit.findings)
    assert alike(packed.findings[:-1]) == alike(audit.findings)
    assert (packed.findings[-1].kind, packed.findings[-1].name) == (FindingKind.QUERY, "sid")
    kinds = {(one.kind, one.host) for one in audit.findings}
    assert kinds >= {
        (FindingKind.COOKIE_SET, "paper.example"), (FindingKind.TOKEN, "other.example"), (FindingKind.MARK, ""),
    }  # fmt: skip
    assert "hunter2" not in repr(packed)


def test_what_is_no_package(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("url\nhttps://a.example/\n")
    with pytest.raises(FormatError, match="neither a WARC file nor a WACZ"):
        audit_file(tmp_path / "list.csv")
    (tmp_path / "bad.zip").write_bytes(b"PK\x03\x04" + bytes(60))
    with pytest.raises(FormatError):
        audit_file(tmp_path / "bad.zip")
    with pytest.raises((FormatError, StorageError)):
        audit_file(tmp_path / "missing.warc")
    data = BytesIO()
    with zipfile.ZipFile(data, "w") as package:
        package.writestr("archive/data.warc", b"WARC/1.1\r\nWARC-Type: response\r\nContent-Length: 900\r\n\r\ncut")
    (tmp_path / "cut.wacz").write_bytes(data.getvalue())
    assert audit_file(tmp_path / "cut.wacz").unread == 1


def test_the_command(newsroom: Newsroom, tmp_path: Path) -> None:
    backfile = Command(tmp_path / "archive", newsroom)
    newsroom.add(URL, story("A bridge", PLAIN), headers={"Set-Cookie": "sid=hunter2"})
    assert backfile("--by", "ada", "add", URL).code == 0
    rows = backfile("audit", "--json").rows
    assert {(row["kind"], row["name"], row["host"]) for row in rows} >= {
        ("cookie set", "sid", "paper.example"), ("who added", "ada", ""),
    }  # fmt: skip
    assert backfile("audit", "title:nothing", "--json").rows == []
    assert backfile("export", "-o", "../out.wacz").code == 0
    missing = backfile("audit", "../uot.wacz")
    assert missing.code == 8, "a misspelt name is no query without any finding"
    assert "uot.wacz: there is no such file" in missing.err
    ran = backfile("audit", "../out.wacz", "--exit-code")
    assert ran.code == 17
    assert "cookie set" in ran.out
    assert "hunter2" not in ran.out
