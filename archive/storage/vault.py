"""Where the WARC files of an archive and their manifest lie: in its folder, or in a bucket (`[store] captures`).

Everybody who reads or writes them asks the vault for the part that does it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from archive.config import StoreSettings
from archive.storage.limits import IN_A_FOLDER, Limits
from archive.storage.manifest import Manifest
from archive.storage.ops import Ops
from archive.storage.places import WARC
from archive.storage.shelves import Shelf
from archive.storage.warc.reader import RecordReader, WarcReader
from archive.storage.warc.repair import Repaired
from archive.storage.warc.shelf import FolderShelf, lengths
from archive.storage.warc.tombstones import Epitaph, Region, rewrite, sweep

if TYPE_CHECKING:
    from archive.storage.bucket.rules import KeptRules


class OpenShelf(Shelf, Protocol):
    """A shelf, and what was repaired when it was opened."""

    @property
    def repaired(self) -> Repaired: ...


class Vault(Protocol):
    """What is asked of the place."""

    @property
    def where(self) -> str:
        """What people call it."""

    def check(self) -> None:
        """Whether what is put there is safe, before an archive is made of it. StorageError where not."""

    @property
    def limits(self) -> Limits:
        """How much is best committed together."""

    @property
    def manifest(self) -> Manifest: ...

    @property
    def reader(self) -> RecordReader: ...

    def lengths(self) -> dict[str, int]:
        """Bytes in each WARC file, in the order in which they were begun. StorageError."""

    def share_rules(self) -> KeptRules | None:
        """The rules for names of all folders of the archive, with what this one made of them; None: it has one folder.

        StorageError.
        """

    def shelf(self, committed: Mapping[str, int] | None) -> OpenShelf:
        """For writing. `committed`: how far each file is catalogued, None where nobody knows. StorageError."""

    def rewrite(self, name: str, regions: Sequence[Region], epitaph: Epitaph) -> None:
        """The file without these regions, as long as it was, takes its place. StorageError: it is as it was."""

    def settle(self) -> None:
        """What `rewrite` replaced goes for good: to be called once the manifest says so. StorageError."""

    def left(self) -> Iterator[str]:
        """What `rewrite` replaced and is still there, in words."""


def vault_of(folder: Path, settings: StoreSettings, ops: Ops | None = None) -> Vault:
    """That of the archive in `folder`. UsageError where it is a bucket that cannot be reached as things are set."""
    if settings.captures:
        from archive.storage.bucket.vault import BucketVault

        return BucketVault(folder, settings)
    return FolderVault(folder, settings, ops)


class FolderVault:
    """warc/ and manifest/ in the folder of the archive."""

    limits = IN_A_FOLDER

    def __init__(self, folder: Path, settings: StoreSettings | None = None, ops: Ops | None = None) -> None:
        self._folder = folder / WARC
        self._settings = settings or StoreSettings()
        self._ops = ops
        self.where = str(self._folder)
        self.manifest = Manifest(folder)
        self.reader: RecordReader = WarcReader(self._folder)

    def check(self) -> None:
        """A folder is taken as it is."""

    def share_rules(self) -> None:
        """They are what rules.toml says."""

    def lengths(self) -> dict[str, int]:
        return lengths(self._folder)

    def shelf(self, committed: Mapping[str, int] | None) -> FolderShelf:
        return FolderShelf(self._folder, self._settings, committed, self._ops)

    def rewrite(self, name: str, regions: Sequence[Region], epitaph: Epitaph) -> None:
        sweep(self._folder)
        rewrite(self._folder, name, regions, epitaph, self._ops or Ops())

    def settle(self) -> None:
        """Nothing: one rename replaced it."""

    def left(self) -> Iterator[str]:
        return iter(())
