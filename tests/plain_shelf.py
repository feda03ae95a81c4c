"""A shelf in plain Python, as a bucket would be one: what is appended between two syncs becomes one object for good."""

from __future__ import annotations

from io import BytesIO
from typing import BinaryIO

from captures import START

from archive.errors import StorageError
from archive.storage.warc.reader import RecordReader
from archive.storage.warc.records import Place, PutObject, member, new_id, warc_date


class PlainShelf(RecordReader):
    """See `archive.storage.shelves.Shelf`. `objects` is what is safe, by name; they outlive the shelf."""

    def __init__(self, objects: dict[str, bytes]) -> None:
        self.objects = objects
        self.losses = 0
        self.broken = False  # the next object cannot be put
        self._batch = b""  # what is to be the next object
        self._begun = max((int(name[9:14]) for name in objects), default=0)

    def open(self, name: str) -> BinaryIO:
        found = self._batch if name == self._name() and self._batch else self.objects.get(name)
        if found is None:
            raise FileNotFoundError(name)
        return BytesIO(found)

    def lengths(self) -> dict[str, int]:
        return {name: len(content) for name, content in sorted(self.objects.items())}

    def place(self) -> Place:
        if not self._batch:
            self._begun += 1
            fields = [("WARC-Filename", self._name()), ("Content-Type", "application/warc-fields")]
            self._batch = member("warcinfo", new_id(), warc_date(START), fields, b"software: plain\r\n")
        return Place(self._name(), len(self._batch))

    def append(self, data: bytes) -> Place:
        place = self.place()
        self._batch += data
        return place

    def sync(self) -> None:
        if not self._batch:
            return
        name, batch, self._batch = self._name(), self._batch, b""
        if self.broken:
            self.broken = False
            self.losses += 1
            raise StorageError(f"{name}: cannot be put")
        self.objects[name] = batch

    def know(self, put: PutObject) -> None:
        """It is among the objects already."""

    def close(self) -> None:
        self._batch = b""

    def _name(self) -> str:
        return f"backfile-{self._begun:05d}.warc.gz"
