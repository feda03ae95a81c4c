"""What every make of the bytes does (`shelves.Shelf`): the same checks over a folder and over objects that stay.

test_storage_faults.py puts faults into each make, one at a time: these checks catch every one.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from buckets import serving
from captures import START, catalogue, facts, new_folder, page, put
from faulty import Failing
from plain_shelf import PlainShelf

from archive.config import StoreSettings
from archive.errors import DamagedError, StorageError
from archive.storage import Catalog, Damage, Place, Record, Store, Stored
from archive.storage.bucket.s3 import Patience, S3Objects
from archive.storage.bucket.shelf import BucketShelf
from archive.storage.manifest import Manifest
from archive.storage.ops import Ops
from archive.storage.shelves import Shelf
from archive.storage.turns import Turn
from archive.storage.warc.journal import entries
from archive.storage.warc.packing import pack_fetched
from archive.storage.warc.repair import Repaired
from archive.storage.warc.shelf import FolderShelf

SMALL = 5000  # bytes in a file of the folder


class _Breakable(Failing):
    """A disk that fails at the next write or sync, once it is told to."""

    def __init__(self) -> None:
        super().__init__(0, errno.EIO, torn=True)

    def strike(self, name: str) -> None:
        self.at = 0
        super().strike(name)

    def break_at(self, name: str) -> None:
        self.wanted = name

    wanted = ""

    def strikes(self, number: int) -> bool:
        if self.names[-1] != self.wanted:
            return False
        self.wanted = ""
        return True


@dataclass(slots=True)
class Make:
    """One make. `again` opens the shelf anew, `spoil` changes bytes that are safe, `fail` breaks the next sync."""

    shelf: Any  # shelves.Shelf
    again: Callable[[], Any]
    spoil: Callable[[str, int], None]
    fail: Callable[[], None]

    def reopened(self) -> Shelf:
        self.shelf.close()
        self.shelf = self.again()
        found: Shelf = self.shelf
        return found


@contextmanager
def in_folder(path: Path, kind: type[FolderShelf] = FolderShelf) -> Iterator[Make]:
    path.mkdir(parents=True)
    ops = _Breakable()

    def opened() -> FolderShelf:
        known = {file.name: file.stat().st_size for file in path.glob("*.gz")}
        return kind(path, StoreSettings(max_warc=SMALL), known, ops)

    def spoil(name: str, offset: int) -> None:
        content = bytearray((path / name).read_bytes())
        content[offset : offset + 8] = b"spoiled!"
        (path / name).write_bytes(content)

    make = Make(opened(), opened, spoil, lambda: ops.break_at("fsync"))
    yield make
    make.shelf.close()


@contextmanager
def plain(_: Path, kind: type[PlainShelf] = PlainShelf) -> Iterator[Make]:
    objects: dict[str, bytes] = {}

    def spoil(name: str, offset: int) -> None:
        objects[name] = objects[name][:offset] + b"spoiled!" + objects[name][offset + 8 :]

    def fail() -> None:
        make.shelf.broken = True

    make = Make(kind(objects), lambda: kind(objects), spoil, fail)
    yield make
    make.shelf.close()


@contextmanager
def in_bucket(path: Path, kind: type[BucketShelf] = BucketShelf) -> Iterator[Make]:
    with serving(path) as bucket:
        objects = S3Objects(bucket.address("a"), Patience(tries=1), bucket.env)

        def spoil(name: str, offset: int) -> None:
            content = bytearray((bucket.folder / "a/warc" / name).read_bytes())
            content[offset : offset + 8] = b"spoiled!"
            (bucket.folder / "a/warc" / name).write_bytes(content)
            make.reopened()  # a shelf remembers what it put last

        def opened() -> BucketShelf:
            shelf = kind(objects, StoreSettings(), "desk1")
            shelf.lengths()
            return shelf

        make = Make(opened(), opened, spoil, lambda: bucket.refuse("PUT", 503))
        yield make
        make.shelf.close()


MAKES: dict[str, Callable[[Path], AbstractContextManager[Make]]] = {
    "folder": in_folder, "plain": plain, "bucket": in_bucket,
}  # fmt: skip


def append(shelf: Shelf, number: int) -> Stored:
    """A capture that says its number, packed for where the shelf says it will stand, and appended."""
    what = page(f"https://paper.example/{number}", f"page {number} ".encode() * 60)
    data, stored = pack_fetched(what, facts(what), START, lambda _: None, shelf.place())
    shelf.append(data)
    return stored


def numbers(shelf: Shelf) -> list[int]:
    """Of the captures that are there, in the order of files and records; each is read from its place."""
    found = []
    for name in shelf.lengths():
        for entry in entries(shelf, name):
            assert not isinstance(entry, Damage), entry
            assert isinstance(entry.item, Stored)
            assert entry.item.content is not None
            found.append(int(entry.item.capture.url.rpartition("/")[2]))
            assert shelf.payload(entry.item.content) == f"page {found[-1]} ".encode() * 60
    return found


# -- the contract ------------------------------------------------------------------------------------------------------


def what_is_appended_stands_where_it_was_said(make: Make) -> None:
    """One behind the other, in a file that begins with a warcinfo; nothing moves it."""
    first, second = append(make.shelf, 1), append(make.shelf, 2)
    assert (first.file, first.end) == (second.file, second.start)
    what = page("https://paper.example/3")
    data, third = pack_fetched(what, facts(what), START, lambda _: None, make.shelf.place())
    assert make.shelf.append(data) == Place(third.file, third.start) == Place(second.file, second.end)
    make.shelf.sync()
    records = list(make.shelf.scan(first.file))
    assert [record.kind for record in records] == ["warcinfo", *["request", "response", "metadata"] * 3]
    assert records[1].place == Place(first.file, first.start)
    assert first.content is not None
    assert make.shelf.read(first.content).field("warc-target-uri") == "https://paper.example/1"


def what_is_appended_can_be_read_at_once(make: Make) -> None:
    """Before it is safe, as a later capture may refer to it."""
    stored = append(make.shelf, 7)
    assert stored.content is not None
    assert make.shelf.payload(stored.content) == b"page 7 " * 60


def what_was_synced_is_there_when_opened_again(make: Make) -> None:
    for number in range(4):
        append(make.shelf, number)
        make.shelf.sync()
    before = dict(make.shelf.lengths())
    shelf = make.reopened()
    assert numbers(shelf) == [0, 1, 2, 3]
    assert dict(shelf.lengths()) == before
    append(shelf, 4)
    shelf.sync()
    assert numbers(make.reopened()) == [0, 1, 2, 3, 4]


def files_come_in_the_order_they_were_begun(make: Make) -> None:
    """Many of them, each named once, with its length."""
    stored = []
    for number in range(50):
        stored.append(append(make.shelf, number))
        make.shelf.sync()
    lengths = make.shelf.lengths()
    assert list(lengths) == list(dict.fromkeys(one.file for one in stored))
    assert len(lengths) > 10
    assert all(lengths[one.file] >= one.end for one in stored)
    assert lengths[stored[-1].file] == stored[-1].end


def what_is_there_never_changes(make: Make) -> None:
    """Whatever is appended later, the digest of bytes stays, and is that of just these bytes."""
    stored = append(make.shelf, 1)
    make.shelf.sync()
    whole = make.shelf.sha256(stored.file, 0, stored.end)
    part = make.shelf.sha256(stored.file, stored.start, stored.end)
    for number in range(5):
        append(make.shelf, number)
        make.shelf.sync()
    shelf = make.reopened()
    assert (shelf.sha256(stored.file, 0, stored.end), shelf.sha256(stored.file, stored.start, stored.end)) == (
        whole,
        part,
    )
    with shelf_bytes(shelf, stored.file) as content:
        assert whole == sha256(content[: stored.end]).digest()
        assert part == sha256(content[stored.start : stored.end]).digest()


@contextmanager
def shelf_bytes(shelf: Any, name: str) -> Iterator[bytes]:
    with shelf.open(name) as file:
        yield file.read()


def a_failed_sync_loses_what_it_was_for_and_no_more(make: Make) -> None:
    """The error is told, and counted as a loss; the next append goes elsewhere: nothing goes on in that file."""
    safe = append(make.shelf, 1)
    make.shelf.sync()
    losses = make.shelf.losses
    lost = [append(make.shelf, 2), append(make.shelf, 3)]
    make.fail()
    with pytest.raises(StorageError):
        make.shelf.sync()
    assert make.shelf.losses == losses + 1
    assert numbers(make.shelf) == [1]
    after = append(make.shelf, 4)
    assert after.file not in {one.file for one in lost}
    make.shelf.sync()
    assert make.shelf.losses == losses + 1
    assert numbers(make.shelf) == [1, 4]
    shelf = make.reopened()
    append(shelf, 5)
    shelf.sync()
    assert numbers(make.reopened()) == [1, 4, 5]
    assert make.shelf.lengths()[safe.file] >= safe.end


def a_failed_sync_of_a_new_file_leaves_nothing_to_read(make: Make) -> None:
    append(make.shelf, 1)
    make.fail()
    with pytest.raises(StorageError):
        make.shelf.sync()
    assert numbers(make.shelf) == []
    append(make.shelf, 2)
    make.shelf.sync()
    assert numbers(make.reopened()) == [2]


def a_sync_without_anything_does_nothing(make: Make) -> None:
    make.shelf.sync()
    append(make.shelf, 1)
    make.shelf.sync()
    before = dict(make.shelf.lengths())
    make.shelf.sync()
    make.shelf.sync()
    assert (dict(make.shelf.lengths()), make.shelf.losses) == (before, 0)


def where_nothing_is_there_is_an_error(make: Make) -> None:
    stored = append(make.shelf, 1)
    make.shelf.sync()
    for place in (Place("missing.warc.gz", 0), Place(stored.file, stored.start + 3), Place(stored.file, stored.end)):
        with pytest.raises(DamagedError) as caught:
            make.shelf.read(place)
        assert caught.value.file == place.file
    with pytest.raises(DamagedError):
        list(make.shelf.scan("missing.warc.gz"))


def a_scan_begins_and_ends_where_it_is_told(make: Make) -> None:
    first, second = append(make.shelf, 1), append(make.shelf, 2)
    make.shelf.sync()
    records = [x for x in make.shelf.scan(first.file, first.start, first.end) if isinstance(x, Record)]
    assert records[0].place == Place(first.file, first.start)
    assert records[-1].end == first.end
    assert [x.place.offset for x in make.shelf.scan(first.file, second.journal)] == [second.journal]


def damage_is_told_and_stepped_over(make: Make) -> None:
    """It costs no more than the record it hit, and wrong bytes are never handed out."""
    first, second = append(make.shelf, 1), append(make.shelf, 2)
    make.shelf.sync()
    assert first.content is not None
    make.spoil(first.file, first.content.offset + 20)
    found = list(make.shelf.scan(first.file))
    (damage,) = [each for each in found if isinstance(each, Damage)]
    assert damage.place == first.content
    assert found[-1].end == second.end
    with pytest.raises(DamagedError):
        make.shelf.payload(first.content)
    assert second.content is not None
    assert make.shelf.payload(second.content) == b"page 2 " * 60


def a_store_stands_on_it(make: Make, folder: Path) -> None:
    """What was committed is there; what was not catalogued is handed out when it is opened again."""
    new_folder(folder)
    with _store(folder, make.shelf) as store:
        with store.batch():
            put(store, page("https://paper.example/1"))
            put(store, page("https://paper.example/2"))
        store.append(page("https://paper.example/3"), facts(page("https://paper.example/3")))
        store.commit()  # stored, but not catalogued
        make.fail()
        with pytest.raises(StorageError), store.batch():
            put(store, page("https://paper.example/lost"))
        with store.batch():
            put(store, page("https://paper.example/4"))
    with _store(folder, make.reopened()) as store:
        left = [item for item in store.uncatalogued() if isinstance(item, Stored)]
        assert [item.capture.url for item in left] == ["https://paper.example/3"]
        with store.batch() as rows:
            for item in left:
                catalogue(rows, item)
        urls = [one.url for entry in store.catalog.entries() for one in store.catalog.captures(entry.id)]
        assert sorted(urls) == [f"https://paper.example/{n}" for n in (1, 2, 3, 4)]
        for entry in store.catalog.entries():
            content = store.catalog.content(entry.capture_id or store.catalog.captures(entry.id)[0].id)
            assert content is not None
            assert store.reader.payload(content) == f"{entry.url}\n".encode() * 40
        lengths = make.shelf.lengths()
        assert all(lengths[name] >= length > 0 for name, length in store.catalog.committed().items())


def _store(folder: Path, shelf: Shelf) -> Store:
    turn, catalog = Turn(folder / "warc"), Catalog(folder / "catalog.sqlite", write=True)
    return Store(folder, turn, catalog, shelf, lambda _: shelf, Repaired(), Manifest(folder), fresh=False)


CONTRACT = [
    what_is_appended_stands_where_it_was_said, what_is_appended_can_be_read_at_once,
    what_was_synced_is_there_when_opened_again, files_come_in_the_order_they_were_begun, what_is_there_never_changes,
    a_failed_sync_loses_what_it_was_for_and_no_more, a_failed_sync_of_a_new_file_leaves_nothing_to_read,
    a_sync_without_anything_does_nothing, where_nothing_is_there_is_an_error, a_scan_begins_and_ends_where_it_is_told,
    damage_is_told_and_stepped_over,
]  # fmt: skip


@pytest.mark.parametrize("check", CONTRACT, ids=lambda check: check.__name__)
@pytest.mark.parametrize("make", MAKES)
def test_contract(make: str, check: Callable[[Make], None], tmp_path: Path) -> None:
    with MAKES[make](tmp_path / "warc") as made:
        check(made)


@pytest.mark.parametrize("make", MAKES)
def test_a_store_stands_on_each_make(make: str, tmp_path: Path) -> None:
    with MAKES[make](tmp_path / "shelf") as made:
        a_store_stands_on_it(made, tmp_path / "archive")


def test_a_disk_that_fails_at_any_write_leaves_whole_captures(tmp_path: Path) -> None:
    """What a folder does beside the contract: an append that is cut off leaves nothing of itself."""
    with in_folder(tmp_path / "warc") as make:
        ops: Any = make.shelf._writer._ops
        append(make.shelf, 1)
        stored_at = make.shelf.place()
        ops.break_at("write")
        with pytest.raises(StorageError):
            append(make.shelf, 2)
        assert make.shelf.place() == stored_at
        assert make.shelf.losses == 0
        append(make.shelf, 3)
        make.shelf.sync()
        assert numbers(make.reopened()) == [1, 3]
    assert isinstance(ops, Ops)
