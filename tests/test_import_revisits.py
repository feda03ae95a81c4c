"""Foreign revisit records in an import: their bodies are found in the file, in another file, or in the archive."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from test_formats_captures import record, response, warc

from archive import (
    Archive,
    ArchiveSettings,
    EntitySettings,
    Imported,
    JobState,
    Outcome,
    create_archive,
    open_archive,
)

FIRST, AGAIN, COPY = "https://paper.example/story", "https://paper.example/story", "https://copy.example/story"
TEXT = (
    "The council of Lindholm met on Tuesday to talk about the old bridge. Mayor Ada Brandt said that it would be built "
    "again before the winter, and that the work would cost twelve million crowns. Nobody spoke against the plan. "
)
PAGE = f"<html><head><title>A bridge</title></head><body><article><p>{TEXT * 2}</p></article></body></html>".encode()
BY_PLACE = {"Refers_To_Target_URI": FIRST, "Refers_To_Date": "2025-01-31T10:00:00Z"}
BY_SHA1 = {"Payload_Digest": "sha1:" + base64.b32encode(hashlib.sha1(PAGE).digest()).decode()}
BY_SHA256 = {"Payload_Digest": "sha256:" + base64.b32encode(hashlib.sha256(PAGE).digest()).decode()}


def revisit(url: str, **fields: str) -> bytes:
    return record(url, response(body=b""), "revisit", Date="2025-02-01T10:00:00Z", Record_ID="<urn:uuid:2>", **fields)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    create_archive(tmp_path / "archive").close()
    with open_archive(tmp_path / "archive", ArchiveSettings(entities=EntitySettings("none"))) as opened:
        yield opened


def imported(archive: Archive, *paths: Path, again: bool = False) -> list[Imported]:
    return list(archive.import_files(paths, fetch=False, again=again))


@pytest.mark.parametrize("fields", [BY_PLACE, {**BY_PLACE, **BY_SHA1}, BY_SHA256], ids=["place", "with sha1", "sha256"])
@pytest.mark.parametrize("apart", [True, False], ids=["in the archive", "in the same import"])
def test_the_body_is_taken_from_another_file(
    archive: Archive, tmp_path: Path, fields: dict[str, str], apart: bool
) -> None:
    """Both captures show the page; a rebuild says the same; the bytes are stored once."""
    one = warc(tmp_path, [record(FIRST, response(body=PAGE))], name="1.warc.gz")
    two = warc(tmp_path, [revisit(COPY, **fields)], name="2.warc.gz")
    done = imported(archive, one) + imported(archive, two) if apart else imported(archive, one, two)
    assert [(item.state, item.outcome) for item in done] == [(JobState.DONE, Outcome.OK)] * 2
    for rebuilt in (False, True):
        if rebuilt:
            archive.rebuild()
        entry = archive.find(COPY)
        assert entry.article is not None
        assert "Ada Brandt" in entry.article.text
        assert archive.payload(entry.capture_id) == PAGE
    assert list(archive.verify()) == []


OTHER_TIME = {"Refers_To_Target_URI": FIRST, "Refers_To_Date": "2024-12-31T10:00:00Z"}


@pytest.mark.parametrize(
    ("url", "fields"),
    [
        pytest.param(AGAIN, BY_SHA1, id="digest alone"),
        pytest.param(COPY, {"Refers_To_Target_URI": FIRST, **BY_SHA1}, id="no date"),
        pytest.param(COPY, {**OTHER_TIME, **BY_SHA1}, id="a date that nothing has"),
    ],
)
@pytest.mark.parametrize("apart", [True, False], ids=["in the archive", "in the same import"])
def test_a_body_by_another_digest_than_ours(
    archive: Archive, tmp_path: Path, url: str, fields: dict[str, str], apart: bool
) -> None:
    """Of several captures of the address the one with that body."""
    other = record(FIRST, response(body=PAGE.replace(b"twelve", b"ten")), Date="2025-01-30T10:00:00Z", Record_ID="<o>")
    one = warc(tmp_path, [other, record(FIRST, response(body=PAGE))], name="1.warc.gz")
    two = warc(tmp_path, [revisit(url, **fields)], name="2.warc.gz")
    done = imported(archive, one) + imported(archive, two) if apart else imported(archive, one, two)
    assert done[-1].state is JobState.DONE
    assert archive.payload(archive.captures(archive.find(url).id)[-1].id) == PAGE


def test_the_same_page_again_is_no_new_version(archive: Archive, tmp_path: Path) -> None:
    parts = [record(FIRST, response(body=PAGE)), revisit(AGAIN, **BY_PLACE)]
    imported(archive, warc(tmp_path, parts))
    entry = archive.find(FIRST)
    assert (entry.versions, len(archive.captures(entry.id))) == (1, 2)


def test_what_is_nowhere_is_kept_without_content(archive: Archive, tmp_path: Path) -> None:
    """Its headers, its time and what it repeats; once the page is there, importing it again fills it in."""
    path = warc(tmp_path, [revisit(COPY, **BY_PLACE, **BY_SHA1)], name="2.warc.gz")
    (item,) = imported(archive, path)
    assert (item.state, item.outcome) == (JobState.FAILED, Outcome.INCOMPLETE)
    assert item.detail == (
        f"repeats a capture of {FIRST} of 2025-01-31T10:00:00Z ({BY_SHA1['Payload_Digest']}) that is not here: "
        "only its headers were kept"
    )
    (capture,) = archive.captures(archive.find(COPY).id)
    assert (capture.outcome, capture.status, capture.size) == (Outcome.INCOMPLETE, 200, 0)
    imported(archive, warc(tmp_path, [record(FIRST, response(body=PAGE))], name="1.warc.gz"))
    (item,) = imported(archive, path, again=True)
    assert (item.state, item.outcome) == (JobState.DONE, Outcome.OK)
    assert len(archive.captures(archive.find(COPY).id)) == 2


def test_another_body_than_the_one_meant_is_not_taken(archive: Archive, tmp_path: Path) -> None:
    """The digest decides: the address and time may be those of some other answer."""
    imported(archive, warc(tmp_path, [record(FIRST, response(body=PAGE.replace(b"twelve", b"ten")))], name="1.warc.gz"))
    (item,) = imported(archive, warc(tmp_path, [revisit(COPY, **BY_PLACE, **BY_SHA1)], name="2.warc.gz"))
    assert item.outcome is Outcome.INCOMPLETE


def test_a_redirect_without_its_page_is_kept(archive: Archive, tmp_path: Path) -> None:
    """As what it is: what the short link stood for is known from now on, by a rebuild too."""
    short = record("https://t.co/abc", response("301 Moved", b"", Location=FIRST))
    (item,) = imported(archive, warc(tmp_path, [short]))
    assert (item.state, item.outcome, item.lost) == (JobState.FAILED, Outcome.INCOMPLETE, False)
    assert item.detail == f"redirects to {FIRST}, which is not with it"
    archive.rebuild()
    (capture,) = archive.captures(archive.find("https://t.co/abc").id)
    assert capture.hops[-1].location == FIRST


def test_what_is_lost_is_said(archive: Archive, tmp_path: Path) -> None:
    """A record with a wrong digest is; pictures that were left out are not."""
    bad = record(FIRST, response(body=PAGE), Payload_Digest="sha1:" + "A" * 32)
    picture = record(f"{FIRST}.png", response(body=b"\x89PNG", Content_Type="image/png"), Record_ID="<p>")
    done = imported(archive, warc(tmp_path, [bad, picture]))
    assert [(item.state, item.lost) for item in done] == [(JobState.REJECTED, True), (JobState.REJECTED, False)]
