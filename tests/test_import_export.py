"""Out and in again: what one archive exports, another imports as the same articles, versions, tags and notes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from newsroom import Newsroom

from archive import (
    Archive,
    ArchiveSettings,
    ExportFormat,
    ExportStamp,
    JobState,
    LinkSettings,
    create_archive,
    export_to,
    open_archive,
)

STAMP = ExportStamp("", datetime(2025, 1, 31, 12, tzinfo=UTC), "log-1")
TEXT = (
    "The council of Lindholm met on Tuesday to talk about the old bridge. Mayor Ada Brandt said that it would be built "
    "again before the winter, and that the work would cost twelve million crowns. Nobody spoke against the plan. "
)
BRIDGE, FERRY, COPY = "https://paper.example/bridge", "https://paper.example/ferry", "https://copy.example/bridge"
SHORT, SAVED = "https://t.example/x", "https://saved.example/page"


def story(title: str, text: str = TEXT) -> str:
    cited = f'<p>The <a href="{SHORT}">paper of the council</a> says more.</p>'
    body = f"<article><h1>{title}</h1><p>{text}</p>{cited}</article>"
    return f"<html><head><title>{title}</title></head><body>{body}</body></html>"


@pytest.fixture
def archive(tmp_path: Path, newsroom: Newsroom) -> Iterator[Archive]:
    """Two versions, a short link that a script follows, a page that repeats another, a saved page, tags, a note."""
    folder = tmp_path / "one"
    create_archive(folder).close()
    newsroom.add(BRIDGE, story("A bridge for Lindholm"))
    newsroom.script_redirect(SHORT, FERRY)
    newsroom.add(FERRY, story("The ferry stays", TEXT.replace("bridge", "ferry") * 2))
    newsroom.add(COPY, story("A bridge for Lindholm"))
    settings = ArchiveSettings(fetch=newsroom.settings(), links=LinkSettings(depth=1))
    with open_archive(folder, settings) as opened:
        list(opened.add([BRIDGE, COPY]))
        newsroom.add(BRIDGE, story("No bridge for Lindholm", TEXT.replace("twelve", "fourteen")))
        list(opened.add([BRIDGE], again=True))
        list(opened.add([BRIDGE], again=True))
        list(opened.add_page(story("Saved by hand", TEXT * 2).encode(), SAVED))
        opened.set_tags(opened.find(BRIDGE).id, ["bridges", "to check"])
        opened.set_note(opened.find(BRIDGE).id, "Call the mayor.")
        yield opened


def told(archive: Archive) -> dict[str, object]:
    """All that a reader sees of an archive, without what depends on when it was made."""
    seen: dict[str, object] = {}
    for entry in archive.entries():
        versions = [archive.article(entry.id, version.number).text for version in archive.versions(entry.id)]
        sources = [(source.link.url, source.final_url, source.chain, source.id) for source in entry.sources]
        captures = [(capture.url, capture.at, capture.digest, capture.depth) for capture in archive.captures(entry.id)]
        seen[entry.id] = (
            entry.url, entry.final_url, entry.depth, versions, sources, captures, entry.tags, entry.note,
            entry.reading.mentions,
        )  # fmt: skip
    return seen


@pytest.mark.parametrize("form", [ExportFormat.WARC, ExportFormat.WACZ])
def test_round_trip(archive: Archive, newsroom: Newsroom, tmp_path: Path, form: ExportFormat) -> None:
    """W12: the same articles, versions, sources, tags and notes; the same payload digests; nothing asked of anyone."""
    path = tmp_path / "export"
    with path.open("wb") as out:
        export_to(out, archive, [entry.id for entry in archive.entries()], form, STAMP)
    asked = len(newsroom.requests)
    create_archive(tmp_path / "two").close()
    with open_archive(tmp_path / "two") as other:
        imported = list(other.import_files([path]))
        assert [item.detail for item in imported if item.state is JobState.REJECTED] == []
        assert told(other) == told(archive)
        again = list(other.import_files([path], again=True))
        assert {item.detail for item in again} == {"was in the archive already"}
        assert told(other) == told(archive)
        other.rebuild()
        assert told(other) == told(archive)
    assert len(newsroom.requests) == asked


def test_json_lines_bring_texts_tags_and_notes(archive: Archive, newsroom: Newsroom, tmp_path: Path) -> None:
    path = tmp_path / "export.jsonl"
    with path.open("wb") as out:
        export_to(out, archive, [entry.id for entry in archive.entries() if entry.article], ExportFormat.JSONL, STAMP)
    asked = len(newsroom.requests)
    create_archive(tmp_path / "two").close()
    with open_archive(tmp_path / "two") as other:
        imported = list(other.import_files([path]))
        assert {item.state for item in imported} == {JobState.DONE}
        for entry in archive.entries():
            if entry.article:
                same = other.find(entry.final_url)
                assert same.article is not None
                assert same.article.text.split() == entry.article.text.split()
                assert (same.id, same.article.title) == (entry.id, entry.article.title)
                assert (same.tags, same.note) == (entry.tags, entry.note)
        again = list(other.import_files([path], again=True))
        assert {item.detail.partition(":")[0] for item in again} == {"the archive has a text of this page"}
    assert len(newsroom.requests) == asked
