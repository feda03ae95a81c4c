"""What warc/ holds beyond the catalog is read ahead of being catalogued: nothing is skipped, wherever that ends."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from archive import Archive, StorageError, create_archive, keeper, open_archive
from archive.storage import Store

PAGES = 9


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An archive of pages and acts, one after the other, whose catalog knows the first page alone."""
    monkeypatch.setattr(keeper, "_GROUP", 2)
    folder = tmp_path / "archive"
    with create_archive(folder) as archive:
        for number in range(PAGES):
            page = f"<title>Story {number}</title><article><p>{f'What was said of item {number}. ' * 9}</p></article>"
            (added,) = archive.add_page(page.encode(), f"https://paper.example/{number}", depth=0)
            if number == 0:
                archive.close()
                shutil.copy(folder / "catalog.sqlite", tmp_path / "first")
            archive.add_tags(added.id, [f"tag{number}"])
            archive.set_note(added.id, f"note {number}")
    shutil.copytree(folder, tmp_path / "whole")
    shutil.copy(tmp_path / "first", folder / "catalog.sqlite")
    return folder


def said(archive: Archive) -> list[tuple[object, ...]]:
    return [(one.id, one.url, one.tags, one.note, one.versions, one.article) for one in archive.entries()]


def test_a_run_that_ends_anywhere_leaves_the_rest_to_the_next(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit, runs = Store.commit, 0
    for left in range(1, 40):
        commits = iter(range(left))

        def sometimes(store: Store, commits: object = commits) -> None:
            if next(commits, None) is None:  # type: ignore[call-overload]
                raise StorageError("the disk is full")
            commit(store)

        monkeypatch.setattr(Store, "commit", sometimes)
        runs += 1
        try:
            with open_archive(made) as archive:
                archive.set_note(archive.entries()[0].id, "the end")
        except StorageError:
            continue
        break
    monkeypatch.setattr(Store, "commit", commit)
    assert 3 < runs < 12
    with open_archive(made) as archive, open_archive(made.parent / "whole") as whole:
        whole.set_note(whole.entries()[0].id, "the end")
        assert said(archive) == said(whole)
        assert len(said(archive)) == PAGES
        assert list(archive.verify()) == []


def test_a_rebuild_is_what_was(made: Path) -> None:
    with open_archive(made) as archive, open_archive(made.parent / "whole") as whole:
        assert archive.rebuild() == 3 * PAGES
        assert said(archive) == said(whole)
        assert list(archive.verify()) == []
