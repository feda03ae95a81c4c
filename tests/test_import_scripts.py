"""The scripts that show bulk imports: each does what its first lines say, and is short."""

from __future__ import annotations

import gzip
import subprocess
import sys
from pathlib import Path

import pytest
from newsroom import Newsroom

from archive import Archive, create_archive, open_archive

ROOT = Path(__file__).parents[1]
TEXT = "The harbour board voted on Tuesday to spend twelve million pounds on the pier, which storms have battered. " * 3
STORY = f"<title>The pier</title><article><p>{TEXT}</p></article>"


@pytest.fixture
def folder(tmp_path: Path, newsroom: Newsroom) -> Path:
    create_archive(tmp_path / "archive").close()
    (tmp_path / "archive" / "backfile.toml").write_text(newsroom.toml())
    return tmp_path / "archive"


def run(script: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / script), *arguments],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_csv(newsroom: Newsroom, folder: Path, tmp_path: Path) -> None:
    url = newsroom.add("https://a.example/1", STORY)
    table = tmp_path / "links.csv"
    table.write_text(f"href,tags\n{url},pier\nhttps://a.example/gone,\n")
    out = run("import_csv.py", str(table), "--dir", str(folder))
    assert out.splitlines()[-1] == "1 pages imported"
    assert "line 3: failed: returned 404" in out
    with open_archive(folder) as archive:
        assert archive.find(url).tags == ("pier",)


def test_saved_pages(newsroom: Newsroom, folder: Path, tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "a.html").write_text(f"<!-- saved from url=(0019)https://a.example/1 --><html>{STORY}</html>")
    out = run("import_saved_pages.py", str(pages), "--dir", str(folder), "--tag", "mine")
    assert out.startswith("done  The pier")
    with open_archive(folder) as archive:
        assert archive.find("https://a.example/1").tags == ("mine",)
    assert newsroom.requests == []


def test_a_crawl(newsroom: Newsroom, folder: Path, tmp_path: Path) -> None:
    """Only the sites that were asked for; a second run goes over it again and stores nothing twice."""
    parts = []
    for url in ("https://www.paper.example/1", "https://other.example/1"):
        block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + STORY.encode()
        head = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2025-01-31T10:00:00Z\r\n"
            f"WARC-Record-ID: <urn:x:1>\r\nContent-Length: {len(block)}\r\n\r\n"
        )
        parts.append(gzip.compress(head.encode() + block + b"\r\n\r\n"))
    path = tmp_path / "news.warc.gz"
    path.write_bytes(b"".join(parts))
    for expected in ("1 pages imported", "0 pages imported"):
        assert run("import_common_crawl.py", str(path), "--dir", str(folder), "--site", "paper.example").startswith(
            expected
        )
    with open_archive(folder) as archive:
        assert [entry.url for entry in archive.entries()] == ["https://www.paper.example/1"]
        assert captures(archive) == 1


def captures(archive: Archive) -> int:
    return archive.counts().captures


@pytest.mark.parametrize("name", ["import_csv.py", "import_saved_pages.py", "import_common_crawl.py"])
def test_they_are_short(name: str) -> None:
    assert len((ROOT / "scripts" / name).read_text(encoding="utf-8").splitlines()) < 60
