"""Workers that put objects themselves: what is handed in is catalogued once, and what is not is found all the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from buckets import LocalBucket, serving
from captures import failed, new_folder, page

from archive.config import StoreSettings
from archive.keeper import Keeper, OwnReading
from archive.model import Memento, News
from archive.pipeline import Take, Wanted, page_of
from archive.reading import Reader
from archive.storage import Act, ActKind, Brought, Catalog, Store
from archive.storage.bucket import shelf as bucket_shelf
from archive.storage.bucket.s3 import S3Objects
from archive.storage.bucket.vault import BucketVault
from archive.storage.limits import IN_A_BUCKET
from archive.storage.places import CATALOG
from archive.storage.turns import Turn
from archive.storage.verify import verify
from archive.team import putting as module
from archive.team.packing import packed_take, unpacked_take
from archive.team.putting import Putting
from archive.urls import entry_id, key

_PAGE = "https://paper.example/"


@pytest.fixture
def bucket(tmp_path: Path) -> Iterator[LocalBucket]:
    with serving(tmp_path / "buckets") as bucket:
        yield bucket


class Desk:
    """One who catalogues, and workers beside it, at one bucket."""

    def __init__(self, bucket: LocalBucket, folder: Path) -> None:
        self.folder = folder if folder.exists() else new_folder(folder)
        self.objects = S3Objects(bucket.address("a"), env=bucket.env)
        self.vault = BucketVault(self.folder, StoreSettings(captures=self.objects.address), self.objects)
        self.reader = Reader("none")

    def opened(self, *, fresh: bool = False, short: bool = False) -> Store:
        turn = Turn(self.folder / "warc", short=short)
        catalog = Catalog(self.folder / (f"{CATALOG}.new" if fresh else CATALOG), write=True)
        shelf = self.vault.shelf(catalog.committed())
        return Store(
            self.folder, turn, catalog, shelf, self.vault.shelf, shelf.repaired, self.vault.manifest, fresh=fresh
        )

    def take(self, number: int | str, **fields: Sequence[Brought]) -> Take:
        body = f"<h1>Page {number}</h1><p>{f'Some words of number {number}. ' * 40}</p>".encode()
        return self.read(Take(Wanted(f"{_PAGE}{number}"), page(f"{_PAGE}{number}", body), None, **fields))  # type: ignore[arg-type]

    def read(self, take: Take) -> Take:
        found = page_of(take.fetched)
        return replace(take, read=self.reader.read(found) if found else None)

    def put(self, *takes: Take) -> list[Take]:
        """What a worker hands in, as it comes through the queue."""
        with Catalog(self.folder / CATALOG) as catalog:
            done = dict(Putting(self.objects, StoreSettings(), catalog).put(enumerate_(takes)))
        packed = [packed_take(done[number]) for number in sorted(done)]
        found = [unpacked_take(one) for one in packed if one is not None]
        return [one for one in found if one is not None]

    def problems(self) -> list[str]:
        return [str(problem) for problem in verify(self.folder, None, self.vault)]


def enumerate_(takes: Sequence[Take]) -> Iterator[module.Page]:
    return ((number, take, "reporter") for number, take in enumerate(takes))


@pytest.fixture
def desk(bucket: LocalBucket, tmp_path: Path) -> Desk:
    made = Desk(bucket, tmp_path / "a")
    made.opened().close()
    return made


def recovered(desk: Desk, store: Store) -> dict[str, int]:
    """The pages of an archive, once what was left is catalogued: how many captures of each."""
    for _ in Keeper(store).recover(OwnReading(desk.reader, store.reader)):
        pass
    return {entry.url.removeprefix(_PAGE): len(store.catalog.captures(entry.id)) for entry in store.catalog.entries()}


def test_facts_alone_are_handed_in_and_catalogued_as_if_stored_here(bucket: LocalBucket, desk: Desk) -> None:
    """The one that catalogues asks for no byte of the object, and its manifest has the digest of it."""
    handed = desk.put(*(desk.take(number) for number in range(3)))
    sizes = [len(packed_take(one) or b"") for one in handed]
    assert all(not one.received and not one.sent and not one.payload for t in handed for one in t.fetched.exchanges)
    assert max(sizes) < 6000, sizes
    with desk.opened() as store:
        bucket.asked.clear()
        found = Keeper(store).keep(handed)
        assert [one.title for one in found] == ["Page 0", "Page 1", "Page 2"]
        assert {one.news for one in found} == {News.NEW}
        store.step()
        assert [asked for asked in bucket.asked if "/warc/" in asked[1]] == []
        assert store.catalog.captures(found[0].id)[0].added_by == "reporter"
    assert desk.problems() == []
    (name,) = desk.vault.lengths()
    assert (
        desk.vault.manifest.chain().files[name][0][1].sha256
        == f"sha256:{desk.vault.reader.sha256(name, 0, desk.vault.lengths()[name]).hex()}"
    )
    with desk.opened() as store:
        assert list(store.uncatalogued()) == []


def test_what_comes_twice_stands_once(desk: Desk) -> None:
    """The same payload in one object, in an earlier one, and of a resource that is held: pointed to, and found."""
    first = desk.take("first")
    same = desk.read(
        replace(
            first, wanted=Wanted(f"{_PAGE}second"), fetched=page(f"{_PAGE}second", first.fetched.exchanges[0].payload)
        )
    )
    with desk.opened() as store:
        one, other = Keeper(store).keep(desk.put(first, same))
        again = desk.read(
            replace(
                same, wanted=Wanted(f"{_PAGE}third"), fetched=page(f"{_PAGE}third", first.fetched.exchanges[0].payload)
            )
        )
        (third,) = Keeper(store).keep(desk.put(again))
        places = {store.catalog.content(store.catalog.captures(entry.id)[0].id) for entry in (one, other, third)}
    assert len(places) == 1
    assert desk.problems() == []


def test_what_is_gone_and_the_copy_of_it_are_two_captures(desk: Desk) -> None:
    copy = replace(
        desk.take("gone"),
        memento=Memento("an archive", f"https://archive.example/{_PAGE}gone", datetime(2020, 1, 1, tzinfo=UTC)),
    )
    gone = Take(Wanted(f"{_PAGE}gone"), failed(f"{_PAGE}gone"), None, rescue=copy)
    with desk.opened() as store:
        (found,) = Keeper(store).keep(desk.put(gone))
        assert found.title == "Page gone"
        assert len(store.catalog.captures(found.id)) == 2
    assert desk.problems() == []


def test_an_object_of_which_a_part_is_handed_in_is_swept_for_the_rest(desk: Desk) -> None:
    """Claims end meanwhile, or the run is killed between two groups: each capture is catalogued once all the same."""
    handed = desk.put(*(desk.take(number) for number in range(5)))
    with desk.opened() as store:
        Keeper(store).keep(handed[:2])
        Keeper(store).keep(handed[3:4])
    assert [said for said in desk.problems() if "not yet catalogued" in said]
    with desk.opened() as store:
        assert recovered(desk, store) == {str(number): 1 for number in range(5)}
    assert desk.problems() == []
    with desk.opened() as store:
        assert list(store.uncatalogued()) == []


def test_what_is_handed_in_after_it_was_swept_changes_nothing(desk: Desk) -> None:
    handed = desk.put(desk.take(1), desk.take(2))
    with desk.opened() as store:
        assert recovered(desk, store) == {"1": 1, "2": 1}
        before = replace(store.catalog.counts(), last_seq=0)
        assert [one.title for one in Keeper(store).keep(handed)] == ["Page 1", "Page 2"]
        assert replace(store.catalog.counts(), last_seq=0) == before
    assert desk.problems() == []


def test_a_group_in_several_parts_is_whole_in_the_end(desk: Desk) -> None:
    """No opening looks through an object again whose captures were all handed in, whatever the groups."""
    handed = desk.put(*(desk.take(number) for number in range(3)))
    with desk.opened() as store:
        Keeper(store).keep(handed[:1])
        assert not any(store.catalog.committed().values())
        Keeper(store).keep(handed[1:])
        assert store.catalog.committed() == desk.vault.lengths()
        assert not store.look_again()


def test_at_its_end_a_run_finds_what_a_killed_worker_has_put(desk: Desk) -> None:
    handed = desk.put(desk.take(1))
    with desk.opened() as store:
        desk.put(desk.take("left"))
        assert not store.look_again(), "nobody has put anything for this run, as far as it knows"
        Keeper(store).keep(handed)
        assert store.look_again()
        assert recovered(desk, store) == {"1": 1, "left": 1}
    assert desk.problems() == []


def test_a_guest_leaves_to_the_run_what_its_workers_have_put(desk: Desk) -> None:
    """Acts of a guest that was killed are done; captures in other objects wait for the run, or the next opening."""
    handed = desk.put(desk.take(1))
    with desk.opened() as store:
        Keeper(store).keep(handed)
        subject = entry_id(key(f"{_PAGE}1"))
        late = desk.put(desk.take("late"))
        store._turn.lend()
        store._turn._lock.close()  # type: ignore[attr-defined] # as if between two polls
        with desk.opened(short=True) as guest:
            assert list(guest.uncatalogued()) == []
            guest.act(Act(ActKind.TAG, subject, ("seen",), datetime.now(UTC)))
            guest._shelf.sync()
            guest.rollback()  # killed between its object and its rows
            guest._turn.close()
        store._turn._take_again(1.0)  # type: ignore[attr-defined]
        store._leaves = True
        store._look_again()
        with store.batch() as rows:
            for item in store.uncatalogued():
                assert isinstance(item, Act)
                rows.apply(item)
        assert Keeper(store).keep(late)[0].news is News.NEW
        assert store.catalog.get(subject).tags == ("seen",)  # type: ignore[union-attr]
    assert desk.problems() == []


def test_an_act_stands_behind_what_it_is_about_whatever_clocks_say(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker's clock is a day ahead: its page is tagged after that, also where all is made anew from the bucket."""

    class Ahead(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return datetime.now(UTC) + timedelta(days=1)

    with monkeypatch.context() as patch:
        patch.setattr(bucket_shelf, "datetime", Ahead)
        handed = desk.put(desk.take(1))
    subject = entry_id(key(f"{_PAGE}1"))
    with desk.opened() as store:
        store._shelf.place()  # the name of the next object is chosen before the worker's is known
        Keeper(store).keep(handed)
        with store.batch():
            assert store.act(Act(ActKind.TAG, subject, ("kept",), datetime.now(UTC)))
    with desk.opened(fresh=True) as store:
        recovered(desk, store)
        entry = store.catalog.get(subject)
        assert entry is not None
        assert entry.tags == ("kept",)


def test_much_is_put_in_several_objects(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "IN_A_BUCKET", replace(IN_A_BUCKET, size=2000))
    with desk.opened() as store:
        assert len(Keeper(store).keep(desk.put(*(desk.take(number) for number in range(8))))) == 8
        assert store.catalog.committed() == desk.vault.lengths()
    assert len(desk.vault.lengths()) > 2
    assert desk.problems() == []


def test_one_that_cannot_be_stored_is_left_to_the_run(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The others in the object are handed in; the object is whole without it."""
    large = desk.take("large")
    body = large.fetched.exchanges[0].received * 10
    large = replace(
        large, fetched=replace(large.fetched, exchanges=(replace(large.fetched.exchanges[0], received=body),))
    )
    monkeypatch.setattr("archive.storage.warc.packing.MAX_BLOCK", len(body) - 1)
    with desk.opened() as store:
        assert [one.title for one in Keeper(store).keep(desk.put(desk.take(1), large, desk.take(2)))] == [
            "Page 1",
            "Page 2",
        ]
        assert store.catalog.committed() == desk.vault.lengths()
    assert desk.problems() == []
