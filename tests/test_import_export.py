"""Out and in again: what one archive exports, another imports as the same articles, versions, tags and notes."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from newsroom import Newsroom

from archive import (
    Archive,
    ArchiveSettings,
    ExportFormat,
    ExportStamp,
    Item,
    JobState,
    LinkSettings,
    StoreSettings,
    UsageError,
    create_archive,
    detect_format,
    export_entries,
    export_to,
    open_archive,
    read_items,
)
from archive.exporting.cells import bare, divided, guarded, joined
from archive.exporting.columns import COLUMNS

STAMP = ExportStamp("", datetime(2025, 1, 31, 12, tzinfo=UTC), "log-1")
TEXT = (
    "The council of Lindholm met on Tuesday to talk about the old bridge. Mayor Ada Brandt said that it would be built "
    "again before the winter, and that the work would cost twelve million crowns. Nobody spoke against the plan. "
)
BRIDGE, COPY = "https://paper.example/bridge", "https://copy.example/bridge"
FERRY = "https://paper.example/2025/01/the-ferry-stays"
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


NOTES = ["=SUM(A1:A9)", "'=cmd|' /C calc'!A1", "@mayor\nsecond line", 'It\'s "quoted"; with, marks', "'plain"]
TAGS = ["bridges", "+1", "a; b", '"quoted"', "#hash", "ends;", "[list]", "'apostrophe", "-", "später, viel später"]


@pytest.mark.parametrize("form", [ExportFormat.JSONL, ExportFormat.CSV])
def test_texts_tags_notes_and_links_come_back(
    archive: Archive, newsroom: Newsroom, tmp_path: Path, form: ExportFormat
) -> None:
    """U12: JSON Lines and CSV hold the current text; whatever guards a cell against spreadsheets is taken off again."""
    entries = [entry for entry in archive.entries() if entry.article]
    for entry, note in zip(entries, NOTES, strict=False):
        archive.set_note(entry.id, note)
        archive.set_tags(entry.id, TAGS)
    path = tmp_path / "export"
    with path.open("wb") as out:
        export_to(out, archive, [entry.id for entry in entries], form, STAMP)
    asked = len(newsroom.requests)
    create_archive(tmp_path / "two").close()
    with open_archive(tmp_path / "two") as other:
        imported = list(other.import_files([path]))
        assert {item.state for item in imported} == {JobState.DONE}
        for entry in map(archive.find, (entry.final_url for entry in entries)):
            assert entry.article is not None
            same = other.find(entry.final_url)
            assert same.article is not None
            assert (same.id, same.article.title, same.article.text) == (
                entry.id, entry.article.title, entry.article.text,
            )  # fmt: skip
            assert (same.tags, same.note) == (entry.tags, entry.note)
            if form is ExportFormat.JSONL:
                assert same.article.links == entry.article.links
            cited = {one.final_url for one in entry.sources} - {entry.final_url}
            assert {one.final_url for one in same.sources} - {entry.final_url} == cited
        again = list(other.import_files([path], again=True))
        assert {item.detail.partition(":")[0] for item in again} == {"the archive has a text of this page"}
    assert len(newsroom.requests) == asked


def test_notes_come_back(archive: Archive, newsroom: Newsroom, tmp_path: Path) -> None:
    """A folder of Markdown: what each article says, and what was written beside it; its list of sources is no text."""
    entries = [entry for entry in archive.entries() if entry.article]
    for entry, note in zip(entries, NOTES, strict=False):
        archive.set_note(entry.id, note)
        archive.set_tags(entry.id, TAGS)
    folder = tmp_path / "notes"
    export_entries(archive, [entry.id for entry in entries], ExportFormat.MARKDOWN, STAMP, folder)
    asked = len(newsroom.requests)
    create_archive(tmp_path / "two").close()
    with open_archive(tmp_path / "two") as other:
        assert {item.state for item in other.import_files([folder])} == {JobState.DONE}
        for entry in map(archive.find, (entry.final_url for entry in entries)):
            assert entry.article is not None
            same = other.find(entry.final_url)
            assert same.article is not None
            assert (same.article.title, same.article.text) == (entry.article.title, entry.article.text)
            assert (same.tags, same.note) == (entry.tags, entry.note)
    assert len(newsroom.requests) == asked


def test_a_csv_of_ours_brings_a_text_of_any_length(tmp_path: Path) -> None:
    """However many lines a text has: its row is one row."""
    text = "\n".join(f"Line {n} of the council's minutes." for n in range(9000))
    cells = {column.name: "" for column in COLUMNS} | {
        "final_url": BRIDGE, "text": text, "export_query": "bridge", "note": "'=1",
    }  # fmt: skip
    path = tmp_path / "export.csv"
    with path.open("w", newline="", encoding="utf-8-sig") as out:
        csv.writer(out).writerows([cells, cells.values()])
    assert detect_format(path).name == "backfile-csv"
    (item,) = read_items(path)
    assert isinstance(item, Item)
    assert (item.url, item.note, item.html.count("<p>")) == (BRIDGE, "=1", 9000)


@pytest.mark.parametrize("before", ["", " ", "\t", "\n", "\r", "\u3000", "\u200b"])
def test_whatever_a_spreadsheet_passes_over_a_formula_is_guarded(before: str) -> None:
    assert guarded(f"{before}=1+1") == f"'{before}=1+1"


@settings(deadline=None)
@given(st.text())
def test_a_guard_is_taken_off_exactly(text: str) -> None:
    assert bare(guarded(text)) == text


@settings(deadline=None)
@given(st.lists(st.text(min_size=1).filter(lambda part: part == part.strip() and ";" not in part[:1])))
def test_a_list_in_a_cell_is_the_list_again(parts: list[str]) -> None:
    assert divided(joined(parts)) == parts


def test_an_archive_brings_what_holds_and_nothing_that_was_taken_back(archive: Archive, tmp_path: Path) -> None:
    """Of its folder the WARC files alone are read: an index and lists are made from them."""
    bridge, copy = archive.find(BRIDGE).id, archive.find(COPY).id
    archive.add_tags(bridge, ["wrong"])
    archive.remove_tags(bridge, ["Wrong", "to check"])
    archive.set_note(copy, "wrong")
    archive.set_note(copy, "")
    archive.edit(copy, title="Wrong")
    archive.undo_edit(copy)
    archive.edit(copy, authors=["Ann Berg"])
    (archive.folder / "index").mkdir()
    (archive.folder / "index" / "current.json").write_text("{}", encoding="utf-8")
    create_archive(tmp_path / "two").close()
    with open_archive(tmp_path / "two") as other:
        imported = list(other.import_files([archive.folder], fetch=False))
        assert [item.detail for item in imported if item.state is JobState.REJECTED] == []
        assert told(other) == told(archive)
        assert [edit.fields for edit in other.find(COPY).edits] == [{"author": ("Ann Berg",)}]
        same = list(other.import_files([archive.folder], fetch=False, again=True))
        assert told(other) == told(archive)
        assert len(same) == len(imported)


def test_marks_may_stand_in_another_file_than_their_page(newsroom: Newsroom, tmp_path: Path) -> None:
    """They were rejected, and what was taken back in a later file came back."""
    settings = ArchiveSettings(store=StoreSettings(max_warc=2**12))
    create_archive(tmp_path / "one").close()
    newsroom.add(BRIDGE, story("A bridge for Lindholm"))
    newsroom.add(FERRY, story("The ferry stays", TEXT.replace("bridge", "ferry") * 2))
    settings = replace(settings, fetch=newsroom.settings())
    with open_archive(tmp_path / "one", settings) as one:
        list(one.add([BRIDGE, FERRY]))
        bridge, ferry = one.find(BRIDGE).id, one.find(FERRY).id
        one.add_tags(bridge, ["right", "wrong"])
        one.edit(ferry, title="Wrong")
        for n in range(20):  # into other files
            one.set_note(ferry, f"{TEXT} {n}")
        one.remove_tags(bridge, ["wrong"])
        one.undo_edit(ferry)
        one.edit(bridge, authors=["Ann Berg"])
        wanted = told(one)
    warcs = sorted((tmp_path / "one" / "warc").glob("*.warc.gz"))
    assert len(warcs) > 2
    for number, paths in enumerate(([tmp_path / "one"], warcs)):
        create_archive(tmp_path / f"two-{number}").close()
        with open_archive(tmp_path / f"two-{number}") as two:
            imported = list(two.import_files(paths, fetch=False))
            assert [item.detail for item in imported if item.state is JobState.REJECTED] == []
            assert told(two) == wanted
            assert [edit.fields for edit in two.find(BRIDGE).edits] == [{"author": ("Ann Berg",)}]
            assert two.find(FERRY).edits == ()


def test_marks_of_a_file_whose_first_record_is_damaged(archive: Archive, tmp_path: Path) -> None:
    """It was read as one of another program: without tags, notes and edits, and nobody was told."""
    (warc,) = (archive.folder / "warc").glob("*.warc.gz")
    data = bytearray(warc.read_bytes())
    data[5:25] = bytes(20)
    copy = tmp_path / "copy.warc.gz"
    copy.write_bytes(data)
    items = [found for found in read_items(copy) if isinstance(found, Item)]
    assert [item.tags for item in items if item.tags]


@pytest.mark.parametrize("below", ["", "warc"])
def test_an_archive_is_not_brought_into_itself(archive: Archive, below: str) -> None:
    with pytest.raises(UsageError, match="is this archive itself"):
        list(archive.import_files([archive.folder / below]))
