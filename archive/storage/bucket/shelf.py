"""Objects as a shelf (shelves.Shelf): what is appended between two syncs becomes one object for good.

    warc/2026/11/28/20261128231723123456-desk1-9f2c4e1a.warc.gz      time, worker and chance: no two have one name
    warc/2026/11/28/20261128231723123456-desk1-9f2c4e1a.1.warc.gz    the same, written anew once (`forget`)

Records are named by the first of these names, whichever is there: offsets are the same in all of them, and what other
objects say of them stays true.
"""

from __future__ import annotations

import re
import socket
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import BufferedIOBase
from secrets import token_hex
from typing import BinaryIO, cast

from archive.config import StoreSettings
from archive.errors import StorageError
from archive.storage.limits import IN_A_BUCKET
from archive.storage.objects import Objects
from archive.storage.places import WARC
from archive.storage.warc.reader import BytesReader, Damage, Record, RecordReader
from archive.storage.warc.records import Place, PutObject
from archive.storage.warc.repair import Repaired
from archive.storage.warc.writer import begun, by_age, warcinfo

_FIRST = 2**18  # bytes asked for at once where reading begins,
_MOST = 8 * 2**20  # and, as it goes on, at most
_WHOLE = IN_A_BUCKET.size + 2**24  # bytes of an object that is read whole where all of its records are asked for
_REMEMBERED = 10_000  # objects whose digests are: more than are read before the first of them is catalogued
_SUFFIX = ".warc.gz"
_NAME = re.compile(r"([^.]+)(?:\.(\d{1,6}))?\.warc\.gz")


def worker_name() -> str:
    """What this machine is called in the names of objects."""
    return re.sub(r"[^a-z0-9]+", "", socket.gethostname().lower())[:20] or "worker"


def generation(name: str) -> tuple[str, int]:
    """The name by which the records of an object are known, and how often it was written anew."""
    found = _NAME.fullmatch(name)
    return (found[1] + _SUFFIX, int(found[2] or 0)) if found else (name, 0)


def named(name: str, number: int) -> str:
    """What an object is called once it was written anew `number` times."""
    return f"{name.removesuffix(_SUFFIX)}.{number}{_SUFFIX}" if number else name


class BucketReader(RecordReader):
    """Reads the WARC files among objects."""

    def __init__(self, objects: Objects) -> None:
        self.objects = objects
        self._there: dict[str, dict[int, int]] = {}  # by name: generations, and the bytes of each
        self._whole: dict[str, bytes] = {}  # the objects, by their keys, that were read whole last, as far as they fit
        self._digests: dict[str, tuple[int, bytes]] = {}  # of those that were fetched ahead last, with their sizes

    def where(self, name: str) -> str:
        return self.objects.where(f"{WARC}/{name}")

    def open(self, name: str) -> BinaryIO:
        return cast("BinaryIO", _Object(self, name))

    def listed(self) -> dict[str, dict[int, int]]:
        """The generations of each file as they are now, with the bytes of each, in the order of age."""
        self._there = _grouped(self.objects.sizes(f"{WARC}/"))
        return self._there

    def in_order(self, names: Iterable[str]) -> Iterator[str]:
        """As for any files. Objects are fetched ahead by several threads, as many as there is room for in memory."""
        coming, waiting, room = iter(names), deque[_Coming](), _WHOLE
        with ThreadPoolExecutor(self.objects.at_once, "backfile-ahead") as pool:
            try:
                while True:
                    while room > 0 and (name := next(coming, None)) is not None:
                        waiting.append(self._coming(name, pool))
                        room -= waiting[-1].size
                    if not waiting:
                        return
                    one = waiting.popleft()
                    room += one.size
                    self._take(one)
                    yield one.name
            finally:
                pool.shutdown(cancel_futures=True)

    def _coming(self, name: str, pool: ThreadPoolExecutor) -> _Coming:
        with suppress(FileNotFoundError):  # told by whoever reads it
            if (size := self.size(name)) <= _WHOLE:
                return _Coming(name, size, pool.submit(self._fetched, name))
        return _Coming(name, 0, None)

    def _fetched(self, name: str) -> tuple[bytes, bytes] | None:
        """All of an object, and its digest, which is made beside other work; None where there is none."""
        try:
            data = self.read_bytes(name)
        except FileNotFoundError:
            return None
        return data, sha256(data).digest()

    def _take(self, one: _Coming) -> None:
        if one.fetched and (found := one.fetched.result()):
            data, digest = found
            self._hold(self.key(one.name), data)  # which may be a newer one than was known of
            while len(self._digests) >= _REMEMBERED:
                del self._digests[next(iter(self._digests))]
            self._digests[self.key(one.name)] = len(data), digest

    def scan(self, name: str, start: int = 0, stop: int | None = None) -> Iterator[Record | Damage]:
        """As for any file. An object that is not large is asked for once, whatever of it is read meanwhile."""
        with suppress(FileNotFoundError):  # told by the scan itself
            if self.key(name) not in self._whole and self.size(name) <= _WHOLE:
                data = self.read_bytes(name)
                self._hold(self.key(name), data)  # which may be a newer one than was known of
        yield from super().scan(name, start, stop)

    def apart(self, name: str) -> BytesReader | None:
        """An object that was fetched ahead."""
        data = self._whole.get(self.key(name))
        return None if data is None else BytesReader(data)

    def sha256(self, name: str, start: int, stop: int) -> bytes:
        """As for any file, asked for at once where it is not large."""
        if stop - start > _WHOLE:
            return super().sha256(name, start, stop)
        size, known = self._digests.get(self.key(name), (0, b""))
        if (start, stop) == (0, size):
            return known
        try:
            return sha256(self.read_bytes(name, start, stop)).digest()
        except FileNotFoundError as error:
            raise StorageError(f"{self.where(name)}: cannot read: it is missing") from error

    def generations(self, name: str) -> tuple[int, ...]:
        """Those that are known of: the first one where nothing was looked for."""
        return tuple(self._there.get(name, (0,)))

    def read_bytes(self, name: str, start: int = 0, stop: int | None = None) -> bytes:
        """Of the newest generation. FileNotFoundError, StorageError."""
        if (held := self._whole.get(self.key(name))) is not None:
            return held[start:stop]
        try:
            return self.objects.read(self.key(name), start, stop)
        except FileNotFoundError:
            # Written anew since it was looked for last: its folder says what there is now.
            folder = name.rpartition("/")[0]
            found = _grouped(self.objects.sizes(f"{WARC}/{folder}/" if folder else f"{WARC}/"))
            if name not in found:
                raise
            self._there = {**self._there, name: found[name]}
            return self.objects.read(self.key(name), start, stop)

    def _hold(self, key: str, data: bytes) -> None:
        """Keeps an object in memory, and of those before it the last ones that there is room for."""
        kept, room = {key: data}, _WHOLE - len(data)
        for other, held in reversed(self._whole.items()):
            room -= len(held)
            if room < 0:
                break
            kept = {other: held, **kept}
        self._whole = kept  # in one step: others may be reading

    def size(self, name: str) -> int:
        """Bytes of the newest generation. FileNotFoundError, StorageError."""
        known = self._there.get(name)
        return known[max(known)] if known else self.objects.size(self.key(name))

    def key(self, name: str) -> str:
        """Of the newest generation that is known of."""
        return f"{WARC}/{named(name, max(self.generations(name)))}"


@dataclass(frozen=True, slots=True)
class _Coming:
    """An object that is being fetched ahead; not one that is too large, or not there."""

    name: str
    size: int
    fetched: Future[tuple[bytes, bytes] | None] | None


def _grouped(sizes: Mapping[str, int]) -> dict[str, dict[int, int]]:
    found: dict[str, dict[int, int]] = {}
    for key, size in sizes.items():
        name, number = generation(key.removeprefix(f"{WARC}/"))
        found.setdefault(name, {})[number] = size
    return {name: found[name] for name in by_age(found)}


class _Object(BufferedIOBase):
    """An object, read from any place; what follows is asked for in ever larger pieces while it is read in order."""

    def __init__(self, reader: BucketReader, name: str) -> None:
        self._reader = reader
        self._name = name
        self._at = 0
        self._begin = 0  # of what is held
        self._held = b""
        self._piece = _FIRST

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = 0, /) -> int:
        if whence == 2:
            offset += self._reader.size(self._name)
        self._at = offset + (self._at if whence == 1 else 0)
        return self._at

    def read(self, size: int | None = -1, /) -> bytes:
        if size is None or size < 0:
            size = max(0, self._reader.size(self._name) - self._at)
        end = self._begin + len(self._held)
        if not self._begin <= self._at <= end or self._at + size > end:
            self._fill(size, end)
        begin = self._at - self._begin
        found = self._held[begin : begin + size]
        self._at += len(found)
        return found

    def _fill(self, size: int, end: int) -> None:
        """Holds what is asked for, and what probably comes next; nothing is asked for twice."""
        goes_on = self._begin <= self._at <= end and self._held
        self._piece = min(_MOST, 2 * self._piece) if goes_on else _FIRST
        kept = self._held[self._at - self._begin :] if goes_on else b""
        begin = self._at + len(kept)
        more = self._reader.read_bytes(self._name, begin, begin + max(self._piece, size - len(kept)))
        self._begin, self._held = self._at, kept + more


class BucketShelf(BucketReader):
    """Puts objects. Any number of them may, on any machines: no two use one name."""

    repaired = Repaired()  # an object is whole, or not there

    def __init__(self, objects: Objects, settings: StoreSettings, worker: str = "") -> None:
        super().__init__(objects)
        self.losses = 0
        self._settings = settings
        self._worker = worker or worker_name()
        self._name = ""  # of the object that is to be
        self._batch: list[bytes] = []
        self._size = 0
        self._put: tuple[str, bytes] = "", b""  # the one that was put last
        self._known: dict[str, PutObject] = {}  # objects that others have put since it was opened
        self._lengths: dict[str, int] | None = None
        self._latest = ""  # time in the name of the last file

    def lengths(self) -> Mapping[str, int]:
        """Bytes in each file, in the order in which they were begun: as when it was opened, and what was put since."""
        if self._lengths is None:
            self._lengths = {name: held[max(held)] for name, held in self.listed().items()}
            self._latest = max(map(begun, self._lengths), default="")
        return dict(self._lengths)

    def read_bytes(self, name: str, start: int = 0, stop: int | None = None) -> bytes:
        if name and name == self._name:
            return b"".join(self._batch)[start:stop]
        if name == self._put[0]:
            return self._put[1][start:stop]
        return super().read_bytes(name, start, stop)

    def size(self, name: str) -> int:
        if name and name == self._name:
            return self._size
        return len(self._put[1]) if name == self._put[0] else super().size(name)

    def sha256(self, name: str, start: int, stop: int) -> bytes:
        if name == self._put[0]:
            return sha256(memoryview(self._put[1])[start:stop]).digest()
        known = self._known.get(name)
        if known and (start, stop) == (0, known.size):
            return known.sha256
        return super().sha256(name, start, stop)

    def place(self) -> Place:
        """Where the next append will stand; puts the object that has become large. StorageError as `sync`."""
        if self._size >= IN_A_BUCKET.size:
            self.sync()
        if not self._name:
            now = self._now()
            self._name = f"{now:%Y/%m/%d}/{now:%Y%m%d%H%M%S%f}-{self._worker}-{token_hex(4)}{_SUFFIX}"
            self._batch = [warcinfo(self._name.rpartition("/")[2], now, self._settings)]
            self._size = len(self._batch[0])
        return Place(self._name, self._size)

    def append(self, data: bytes) -> Place:
        """Whole records, behind the last ones."""
        place = self.place()
        self._batch.append(data)
        self._size += len(data)
        return place

    def sync(self) -> None:
        """Puts what was appended as one object. On StorageError everything since the last sync is gone."""
        if len(self._batch) < 2:
            return
        name, data = self._name, b"".join(self._batch)
        self._drop()
        put = False
        try:
            put = self.objects.put(f"{WARC}/{name}", data)
        finally:
            self.losses += not put
        if not put:
            raise StorageError(f"{self.where(name)}: something else has that name")
        self._put = name, data
        if self._lengths is not None:
            self._lengths[name] = len(data)

    def know(self, put: PutObject) -> None:
        """Somebody else has put an object. What comes is named after it: acts stand behind what they are about."""
        if put.file in self._known:
            return
        self.sync()
        self._drop()
        self._known[put.file] = put
        if self._lengths is not None:
            self._lengths[put.file] = put.size
        self._latest = max(self._latest, begun(put.file))

    def close(self) -> None:
        """What was not synced is not promised."""
        self._drop()

    def _drop(self) -> None:
        self._name, self._batch, self._size = "", [], 0

    def _now(self) -> datetime:
        """The time, or just after that of the last object: names are in the order of what was stored."""
        now = datetime.now(UTC)
        if self._latest and f"{now:%Y%m%d%H%M%S%f}" <= self._latest:
            now = datetime.strptime(self._latest, "%Y%m%d%H%M%S%f").replace(tzinfo=UTC) + timedelta(microseconds=1)
        self._latest = f"{now:%Y%m%d%H%M%S%f}"
        return now
