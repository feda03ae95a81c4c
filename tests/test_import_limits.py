"""What cannot be, told in a line: folders without files, tags without end, days to come."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from commands import run

from archive import (
    Archive,
    ArchiveSettings,
    EntitySettings,
    FormatError,
    Item,
    JobState,
    Reject,
    UsageError,
    create_archive,
    open_archive,
    read_items,
)
from backfile.desk.bringing import Found, preview

URL = "https://paper.example/ferry"
LONG = "x" * 201


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    create_archive(tmp_path / "archive").close()
    with open_archive(tmp_path / "archive", ArchiveSettings(entities=EntitySettings("none"))) as opened:
        path = tmp_path / "rows.jsonl"
        path.write_text(json.dumps({"url": URL, "title": "Ferry", "text": "The ferries were tied up by the quay." * 3}))
        assert len(list(opened.import_files([path], fetch=False))) == 1
        yield opened


def test_a_folder_without_files_is_told(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "empty" / "below").mkdir(parents=True)
    with pytest.raises(FormatError, match="no file in this folder"):
        list(archive.import_files([tmp_path / "empty"]))
    with pytest.raises(FormatError, match="no file in this folder"):
        list(read_items(tmp_path / "empty"))


def test_importing_an_empty_folder_ends_with_a_code(tmp_path: Path) -> None:
    assert run("init", "archive", cwd=tmp_path).code == 0
    (tmp_path / "empty").mkdir()
    for more in ((), ("--dry-run",)):
        done = run("--dir", "archive", "import", "empty", *more, cwd=tmp_path)
        assert (done.code, "no file in this folder" in done.err) == (8, True)


def test_a_tag_has_an_end(archive: Archive, tmp_path: Path) -> None:
    entry = archive.find(URL).id
    for given in (archive.add_tags, archive.set_tags):
        with pytest.raises(UsageError, match="200 characters at most, and this one 201"):
            given(entry, [LONG])
    with pytest.raises(UsageError, match="200 characters"):
        archive.mark([entry], [LONG])
    with pytest.raises(UsageError, match="200 characters"):
        archive.change_marks([entry], add=[LONG])
    with pytest.raises(UsageError, match="200 characters"):
        archive.plan_add([URL], tags=[LONG])
    archive.add_tags(entry, [LONG[1:]])
    assert archive.find(URL).tags == (LONG[1:],)


def test_an_imported_tag_without_end_is_left_out_and_told(tmp_path: Path) -> None:
    path = tmp_path / "rows.json"
    path.write_text(json.dumps([{"url": URL, "tags": ["pier", LONG]}]))
    (item,) = read_items(path)
    assert isinstance(item, Item)
    assert item.tags == ("pier",)
    assert any("200 characters" in remark for remark in item.remarks)


def test_a_day_to_come_is_no_day_of_publication(archive: Archive) -> None:
    entry = archive.find(URL).id
    with pytest.raises(UsageError, match="2100-01-01 is to come"):
        archive.edit(entry, published_on="2100-01-01")
    today = datetime.now(UTC).date()
    assert archive.edit(entry, published_on=today).article is not None
    with pytest.raises(UsageError, match="is to come"):
        archive.edit(entry, published_on=today + timedelta(days=3))


def test_a_file_of_no_format_among_several_costs_itself(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "empty.csv").touch()
    (tmp_path / "noise.dat").write_bytes(bytes(range(256)) * 4)
    (tmp_path / "rows.csv").write_text(f"url,title,text\nhttps://a.example/1,Pier,{'The pier is closed. ' * 9}\n")
    files = [tmp_path / name for name in ("empty.csv", "noise.dat", "rows.csv")]
    found = list(archive.import_files(files, fetch=False))
    assert [(one.state, Path(one.file).name, one.lost) for one in found] == [
        (JobState.REJECTED, "empty.csv", True),
        (JobState.REJECTED, "noise.dat", True),
        (JobState.DONE, "rows.csv", False),
    ]
    assert found[0].detail == "it is empty"
    assert [type(one) for one in preview(files)] == [Reject, Reject, Found]
