"""A bucket as a vault (vault.Vault): `warc/` and `manifest/` below its address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from archive.config import StoreSettings
from archive.errors import StorageError
from archive.storage.bucket.rules import KeptRules, share_rules
from archive.storage.bucket.s3 import S3Objects
from archive.storage.bucket.shelf import BucketReader, BucketShelf, named
from archive.storage.limits import IN_A_BUCKET
from archive.storage.manifest import Manifest
from archive.storage.places import WARC
from archive.storage.warc.tombstones import Epitaph, Region, anew


class BucketVault:
    """What lies at the address that `[store] captures` has."""

    limits = IN_A_BUCKET

    def __init__(self, folder: Path, settings: StoreSettings, objects: S3Objects | None = None) -> None:
        """`folder`: that of the settings. UsageError as `S3Objects`. Asks nothing."""
        self._folder = folder
        self._settings = settings
        self.objects = objects or S3Objects(settings.captures)
        self.where = self.objects.address
        self.manifest = Manifest(self.objects, grows=False)
        self.reader = BucketReader(self.objects)

    def share_rules(self) -> KeptRules:
        """Brings the rules for names in the folder and in the bucket together; what they are now. StorageError."""
        return share_rules(self._folder, self.objects)

    def check(self) -> None:
        self.objects.probe()

    def lengths(self) -> dict[str, int]:
        return {name: held[max(held)] for name, held in self.reader.listed().items()}

    def shelf(self, committed: Mapping[str, int] | None) -> BucketShelf:  # noqa: ARG002 -- an object is never torn
        """StorageError also where the store overwrites what is there."""
        self.objects.probe()
        shelf = BucketShelf(self.objects, self._settings)
        shelf.lengths()  # and so, which objects were written anew
        return shelf

    def rewrite(self, name: str, regions: Sequence[Region], epitaph: Epitaph) -> None:
        """A new object beside the old one, which stays until `settle`."""
        self.reader.listed()
        data = b"".join(anew(self.reader, name, regions, epitaph))
        number = max(self.reader.generations(name)) + 1
        if not self.objects.put(f"{WARC}/{named(name, number)}", data):
            raise StorageError(f"{self.objects.where(name)}: somebody else writes it anew just now: try again")
        self.reader.listed()

    def settle(self) -> None:
        for key in self._replaced():
            self.objects.delete(key)

    def left(self) -> Iterator[str]:
        return iter(self._replaced())

    def _replaced(self) -> list[str]:
        """Objects of which there is a newer one."""
        found = self.reader.listed()
        return [
            f"{WARC}/{named(name, number)}" for name, held in found.items() for number in sorted(held)[:-1]
        ]  # fmt: skip
