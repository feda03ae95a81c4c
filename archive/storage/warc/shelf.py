"""warc/ as a shelf (shelves.Shelf): records appended to the newest file of a folder, and read from all of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from archive.config import StoreSettings
from archive.storage.ops import Ops
from archive.storage.warc.reader import WarcReader
from archive.storage.warc.records import Place, PutObject
from archive.storage.warc.repair import repair
from archive.storage.warc.writer import WarcWriter, warc_files


class FolderShelf(WarcReader):
    """The WARC files of one folder, repaired when it is opened. One at a time (lock.py)."""

    def __init__(
        self, folder: Path, settings: StoreSettings, committed: Mapping[str, int] | None, ops: Ops | None = None
    ) -> None:
        """`committed`: how far each file is catalogued; None where nobody knows. StorageError as `repair`."""
        super().__init__(folder)
        ops = ops or Ops()
        self.repaired = repair(folder, committed, ops)
        self._writer = WarcWriter(folder, settings, ops=ops, resume=self.repaired.resume)

    @property
    def losses(self) -> int:
        """How often appended, not yet synced records were given up."""
        return self._writer.losses

    def lengths(self) -> dict[str, int]:
        """Bytes in each file, in the order in which they were begun."""
        return lengths(self.folder)

    def place(self) -> Place:
        """Where the next append will stand. StorageError as `append`."""
        return Place(*self._writer.place())

    def append(self, data: bytes) -> Place:
        """Whole records, behind the last ones. On StorageError nothing of them stays."""
        return Place(*self._writer.append(data))

    def sync(self) -> None:
        """Returns when everything appended is on the medium. On StorageError what was not, is gone."""
        self._writer.sync()

    def know(self, put: PutObject) -> None:
        """A file of another is in the folder: it is seen there."""

    def close(self) -> None:
        """What was not synced is not promised."""
        self._writer.close()


def lengths(folder: Path) -> dict[str, int]:
    """Bytes in each of our WARC files, in the order in which they were begun."""
    return {name: (folder / name).stat().st_size for name in warc_files(folder)}
