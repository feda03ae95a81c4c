"""What is told as safe was synced before it was told: with nothing but the system's own calls, wherever tests run.

Power cuts on a real file system (test_power_cut.py) show more, where one may mount. Here every call is seen on its way.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from captures import new_folder, opened, page, put
from test_index_whoosh_durability import batch

from archive.storage import ops
from index.engines.whoosh import open_engine


class Synced:
    """Which files and folders were synced, as they were then: inode → length (of a folder: the names in it)."""

    def __init__(self) -> None:
        self.at: dict[int, int | frozenset[str]] = {}

    def note(self, fd: int) -> None:
        facts = os.fstat(fd)
        is_folder = stat.S_ISDIR(facts.st_mode)
        self.at[facts.st_ino] = frozenset(os.listdir(fd)) if is_folder else facts.st_size

    def has(self, path: Path) -> bool:
        """Whether the file, as long as it is now, and its name are safe."""
        facts = path.stat()
        names = self.at.get(path.parent.stat().st_ino, frozenset())
        assert isinstance(names, frozenset)
        return self.at.get(facts.st_ino) == facts.st_size and path.name in names


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> Synced:
    found, real = Synced(), os.fsync

    def seen(fd: int) -> None:
        real(fd)
        found.note(fd)

    monkeypatch.setattr(os, "fsync", seen)
    monkeypatch.setattr(ops, "_FULL_SYNC", None)
    return found


def test_a_commit_is_synced_before_it_is_told(tmp_path: Path, synced: Synced) -> None:
    """Each WARC file with its length and its name, in whatever file the commit ended."""
    folder = new_folder(tmp_path / "archive")
    with opened(folder, max_warc=2000) as store:
        for number in range(5):
            with store.batch():
                put(store, page(f"https://paper.example/{number}"))
            files = sorted((folder / "warc").glob("*.gz"))
            assert [synced.has(path) for path in files] == [True] * len(files)
        assert len(files) > 1


def test_the_catalog_syncs_each_commit(tmp_path: Path) -> None:
    """SQLite is told to: in the mode where each commit waits for the medium, also past a drive's own cache."""
    folder = new_folder(tmp_path / "archive")
    with opened(folder) as store:
        db = store.catalog._writer
        assert db is not None
        asked = ("synchronous", "fullfsync", "journal_mode")
        said = {name: db.execute(f"PRAGMA {name}").fetchone()[0] for name in asked}
    assert said == {"synchronous": 2, "fullfsync": 1, "journal_mode": "wal"}, "synchronous 2 is FULL"


def test_a_batch_of_the_index_is_synced_before_it_is_told(tmp_path: Path, synced: Synced) -> None:
    """Every file that the newest table of contents leads to, and that table."""
    engine = open_engine(tmp_path)
    for number in range(1, 4):
        engine.apply(batch(number))
        kept = [path for path in tmp_path.iterdir() if "lock" not in path.name.lower()]
        assert any(path.suffix == ".toc" for path in kept)
        assert [path.name for path in kept if not synced.has(path)] == []
