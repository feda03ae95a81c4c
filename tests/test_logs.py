"""What is logged where the parts meet: enough for a report from the field, nothing secret, and nothing unasked."""

from __future__ import annotations

import logging
import re
import subprocess
import sys
from pathlib import Path

import pytest
from newsroom import Newsroom
from test_archive_handed_in import FEED, PAPER, STORY, Shelf, over, rss, story

from archive import ArchiveSettings, Outcome, create_archive, open_archive
from archive.logs import Veiled
from index import open_index


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    create_archive(tmp_path / "archive").close()
    return tmp_path / "archive"


def logged(caplog: pytest.LogCaptureFixture) -> str:
    return "\n".join(f"{record.levelname} {record.name}: {record.getMessage()}" for record in caplog.records)


@pytest.fixture(autouse=True)
def everything(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="archive")
    caplog.set_level(logging.DEBUG, logger="index")


def test_each_hop_and_its_end_are_logged(folder: Path, newsroom: Newsroom, caplog: pytest.LogCaptureFixture) -> None:
    newsroom.redirect("https://short.example/1", "https://paper.example/story")
    newsroom.add("https://paper.example/story", story("The bridge"))
    with open_archive(folder, ArchiveSettings(fetch=newsroom.settings())) as archive:
        list(archive.add(["https://short.example/1", "https://paper.example/none"], depth=0))
    said = logged(caplog)
    assert re.search(r"DEBUG archive.fetch.fetcher: GET https://short.example/1 \(start\): returned 302", said)
    assert re.search(r"DEBUG archive.fetch.fetcher: GET https://paper.example/story .*: returned 200, \d+ bytes", said)
    assert re.search(
        r"INFO archive.fetch.fetcher: https://short.example/1: ok, returned 200 \(2 exchanges, [\d.]+ s", said
    )
    assert re.search(r"INFO archive.fetch.fetcher: https://paper.example/none: not found, returned 404", said)


def test_nothing_secret_is_logged(folder: Path, newsroom: Newsroom, caplog: pytest.LogCaptureFixture) -> None:
    url = "https://paper.example/feed?id=7&access_token=s3cret#access_token=s3cret"
    newsroom.add("https://paper.example/feed?id=7&access_token=s3cret", story("T"), headers={"Set-Cookie": "a=s3cret"})
    refused = "https://reader:s3cret@paper.example/story"
    with open_archive(folder, ArchiveSettings(fetch=newsroom.settings())) as archive:
        added = list(archive.add([url, refused], depth=0))
        assert [page.outcome for page in added] == [Outcome.OK, Outcome.REFUSED]
        list(archive.import_items([], name="https://reader:s3cret@paper.example/list"))
    said = logged(caplog)
    assert "s3cret" not in said
    assert "id=7&access_token=…" in said
    for header in ("cookie", "authorization"):
        assert header not in said.lower()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://a.example/?q=bridge&page=2", "https://a.example/?q=bridge&page=2"),
        ("https://a.example/?X-Amz-Signature=12ab&x=1", "https://a.example/?X-Amz-Signature=…&x=1"),
        ("redirected to https://u:p@a.example/?sid=9, twice", "redirected to https://…@a.example/?sid=… twice"),
        ("no address at all", "no address at all"),
    ],
)
def test_what_lets_somebody_in_is_left_out(text: str, shown: str) -> None:
    assert str(Veiled(text)) == shown


def test_an_import_is_logged_with_its_files_and_counts(
    folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    listed = tmp_path / "links.txt"
    listed.write_text(f"{STORY}\n{PAPER}\n", encoding="utf-8")
    with over(folder, Shelf({STORY: story("The bridge")})) as archive:
        list(archive.import_files([listed]))
    said = logged(caplog)
    assert f"INFO archive.importing.run: import 1 begins: {listed}" in said
    assert re.search(rf"DEBUG archive.importing.run: import 1, item 1: done, {STORY}", said)
    assert re.search(r"INFO archive.importing.run: import 1: .*1 done.*1 failed|.*1 failed.*1 done", said)


def test_a_watch_run_is_logged(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    shelf = Shelf({FEED: rss(PAPER), PAPER: story("The paper")})
    with over(folder, shelf) as archive:
        archive.watches.add(FEED)
        list(archive.watches.run())
    said = logged(caplog)
    assert f"INFO archive.watching.run: looked at {FEED}: lists 1 page; 1 not seen before" in said
    assert f"DEBUG archive.watching.run: looked at {PAPER}: new" in said
    caplog.clear()
    with over(folder, Shelf({})) as archive:
        due = archive.watches.next_due()
        assert due is not None
        list(archive.watches.run(due.replace(year=due.year + 1)))
    assert f"looked at {FEED}: failed: not on the shelf" in logged(caplog)


def test_what_is_catalogued_again_and_indexed_is_logged(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    with over(folder, Shelf({STORY: story("The bridge")})) as archive, open_index(archive, folder) as index:
        list(archive.add([STORY]))
        index.update()
        archive.rebuild()
        index.rebuild()
    said = logged(caplog)
    assert "INFO archive.keeper: catalogued 1 items of warc/ that the catalog did not have" in said
    assert re.search(r"INFO index.updating: .*index made anew to position 1: 1 written, 0 removed", said)
    assert re.search(r"DEBUG index.updating: commit at position 1: 1 written, 0 removed", said)


def test_nothing_is_said_unasked(folder: Path) -> None:
    """Not even a warning, which Python would print where nobody listens."""
    program = """
import sys
from threading import Lock
from archive import open_archive
class Rooted:
    name, lock = "rooted", Lock()
    def __init__(self): self.own = Lock()
    def spans(self, text, lang): return []
with open_archive(sys.argv[1], recogniser=Rooted()) as archive:
    archive.rebuild()
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(folder)], capture_output=True, text=True, timeout=120, check=True
    )
    assert (done.stdout, done.stderr) == ("", "")
