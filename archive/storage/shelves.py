"""The seam below `store.Store`: where the bytes go, and what is asked of them by whoever reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from archive.storage.warc.reader import Damage, Record
from archive.storage.warc.records import Place, PutObject


class Records(Protocol):
    """What is asked of stored records by whoever reads them."""

    def read(self, place: Place) -> Record:
        """The record at `place`. DamagedError when there is none, StorageError when the system refuses."""

    def payload(self, place: Place) -> bytes:
        """The decoded body of what is stored at `place`, its digests checked. Errors as `read`."""

    def scan(self, name: str, start: int = 0, stop: int | None = None) -> Iterator[Record | Damage]:
        """Every record of a file from byte `start` on, where one begins; Damage for what between them is none."""

    def in_order(self, names: Iterable[str]) -> Iterator[str]:
        """The same names, each to be read before the next one is asked for; what comes is fetched meanwhile.

        StorageError when the system refuses.
        """

    def sha256(self, name: str, start: int, stop: int) -> bytes:
        """SHA-256 of bytes [start, stop) of a file as they stand there."""


class Shelf(Records, Protocol):
    """Where the bytes go. What is appended between two `sync` is one unit of work: safe as a whole, or gone.

    A folder appends it to a file (warc.shelf.FolderShelf); where nothing can be appended to, it is one object, made by
    `sync`. Either way its records follow one another in one file from `place` on, which begins with a warcinfo.
    """

    @property
    def losses(self) -> int:
        """How often appended, not yet synced records were given up."""

    def lengths(self) -> Mapping[str, int]:
        """Bytes in each file, in the order in which they were begun."""

    def place(self) -> Place:
        """Where the next append will stand. StorageError as `append`."""

    def append(self, data: bytes) -> Place:
        """Whole records, behind the last ones. On StorageError nothing of them stays."""

    def sync(self) -> None:
        """Returns when everything appended is safe.

        On StorageError everything since the last sync is gone, and `losses` counts it; the next append goes elsewhere.
        """

    def know(self, put: PutObject) -> None:
        """Somebody else has put an object; what is appended from now on is named, and stands, behind it."""

    def close(self) -> None:
        """What was not synced is not promised."""
