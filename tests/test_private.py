"""What is archived is the archivist's alone, until they let others into the folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive import Item, Origin, create_archive
from backfile.desk import Desk, create_desk, open_desk


@pytest.fixture
def usual() -> Iterator[None]:
    """The usual umask: files may be read by everybody."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def fill(desk: Desk, number: int) -> None:
    item = Item(
        f"https://paper.example/{number}", Origin("csv", "list.csv", number), title="A bridge",
        text="The bridge over the Sill opens on Monday, the mayor said. " * 5,
    )  # fmt: skip
    for _ in desk.archive.import_items([item], name=f"list {number}", fetch=False):
        pass
    desk.index.update()


def modes(folder: Path) -> dict[str, str]:
    """Of each file and folder, without those that only SQLite's readers leave."""
    return {str(path.relative_to(folder)): f"{path.stat().st_mode & 0o777:o}" for path in folder.rglob("*")}


@pytest.mark.usefixtures("usual")
def test_nobody_else_may_read_an_archive(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    with create_desk(folder) as desk:
        fill(desk, 1)
        found = modes(folder)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {name: mode for name, mode in found.items() if mode not in ("600", "700")} == {}
    assert any(name.endswith(".warc.gz") for name in found)


@pytest.mark.usefixtures("usual")
def test_who_may_read_the_folder_may_read_what_comes_into_it(tmp_path: Path) -> None:
    """A newsroom that shares its archive goes on sharing it: new files follow the folder."""
    folder = tmp_path / "archive"
    create_archive(folder).close()
    for path in (folder, folder / "warc"):
        path.chmod(0o750)
    before = set(folder.rglob("*"))
    with open_desk(folder) as desk:
        fill(desk, 1)
    found = set(folder.rglob("*")) - before
    assert found
    assert {str(path) for path in found if not path.stat().st_mode & 0o040} == set()
    assert {str(path) for path in found if path.stat().st_mode & 0o007} == set()
