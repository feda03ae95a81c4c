"""What was committed stays, whatever happens; what was not is whole or absent; the next write works."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from captures import START, catalogue, moved, new_folder, opened, page, put
from faulty import Counting, Failing, PowerCut, Stop, Stopping

from archive.errors import StorageError
from archive.model import Fetched
from archive.storage import WARC, Act, ActKind, Catalog, Store, Stored
from archive.storage.ops import Ops
from archive.storage.verify import verify

# Six commits: a first file, a revisit, two captures at once, a redirect, and (by size) a second and a third file.
_SAME = b"the same body " * 50
SCRIPT: list[list[Fetched]] = [
    [page("https://paper.example/1", _SAME)],
    [page("https://paper.example/2", _SAME)],
    [page("https://paper.example/3"), page("https://paper.example/4", os.urandom(3000))],
    [moved("https://t.co/x", "https://paper.example/5")],
    [page("https://paper.example/6", os.urandom(6000))],
    [page("https://paper.example/7")],
]
SMALL = 9000  # bytes in a WARC file


def run(folder: Path, ops: Ops, acknowledged: list[str], stores: list[Store], *, retry: bool = False) -> None:
    """Stores SCRIPT; `acknowledged` gets the URLs whose commit returned. With `retry`, goes on after an error."""
    store = opened(folder, ops=ops, max_warc=SMALL)
    stores.append(store)
    for group in SCRIPT:
        for _ in range(2 if retry else 1):
            try:
                with store.batch():
                    for one in group:
                        put(store, one)
            except StorageError:
                continue
            acknowledged += [one.request.url for one in group]
            break


def recovered(folder: Path) -> list[str]:
    """Opens the archive as the next command would, catalogues what is left over, and says all URLs in it."""
    with opened(folder) as store:
        with store.batch() as rows:
            for item in store.uncatalogued():
                assert isinstance(item, Stored), item
                catalogue(rows, item)
        return urls_in(store.catalog)


def urls_in(catalog: Catalog) -> list[str]:
    return [capture.url for entry in catalog.entries() for capture in catalog.captures(entry.id)]


def check(folder: Path, acknowledged: list[str]) -> None:
    """The archive holds what was acknowledged, at most the commit after it, and takes the next capture."""
    found = recovered(folder)
    script = [one.request.url for group in SCRIPT for one in group]
    assert len(found) == len(set(found))
    assert set(acknowledged) <= set(found) <= set(script)
    groups = [{one.request.url for one in group} for group in SCRIPT]
    begun = next((group for group in groups if not group <= set(acknowledged)), set())
    assert set(found) - set(acknowledged) <= begun
    with opened(folder, max_warc=SMALL) as store:
        with store.batch():
            put(store, page("https://paper.example/next"))
        for entry in store.catalog.entries():
            for capture in store.catalog.captures(entry.id):
                place = store.catalog.content(capture.id)
                assert place is not None
                assert len(store.reader.payload(place)) == capture.size
    assert list(verify(folder)) == []


def operations() -> list[str]:
    """Every file operation of SCRIPT, in order."""
    with tempfile.TemporaryDirectory() as name:
        ops, stores = Counting(), list[Store]()
        run(new_folder(Path(name) / "archive"), ops, [], stores)
        stores[0].close()
        return ops.names


OPERATIONS = operations()
EVERY = [pytest.param(n, id=f"{n}-{name}") for n, name in enumerate(OPERATIONS, 1)]


def test_the_script_does_what_it_is_for() -> None:
    assert OPERATIONS.count("create") == 3
    assert {"write", "fsync", "fsync_folder"} <= set(OPERATIONS)


def stopped(folder: Path, ops: Ops) -> list[str]:
    """Runs SCRIPT until `ops` stops the machine, then frees what a dead process would have freed."""
    acknowledged: list[str] = []
    stores: list[Store] = []
    with pytest.raises(Stop):
        run(folder, ops, acknowledged, stores)
    for store in stores:
        store.close()
    return acknowledged


@pytest.mark.parametrize("torn", [False, True], ids=["whole", "torn"])
@pytest.mark.parametrize("at", EVERY)
def test_d02_d03_stop_at_every_operation(tmp_path: Path, at: int, torn: bool) -> None:
    """D02, D03: killed at any file operation, with a write half done or not at all, the state is R or R+1."""
    folder = new_folder(tmp_path / "archive")
    check(folder, stopped(folder, Stopping(at, torn=torn)))


@pytest.mark.parametrize("kept", ["nothing", "zeros", "half"])
@pytest.mark.parametrize("at", EVERY)
def test_d04_power_cut_at_every_operation(tmp_path: Path, at: int, kept: str) -> None:
    """D04: whatever of the unsynced bytes reached the medium, all that was acknowledged is there."""
    folder = new_folder(tmp_path / "archive")
    ops = PowerCut(folder / WARC, at)
    acknowledged = stopped(folder, ops)
    ops.after(tmp_path / "after", kept=kept)
    check(tmp_path / "after", acknowledged)


@pytest.mark.parametrize("max_warc", [2**30, 100], ids=["same file", "next file"])
def test_d04_what_a_recovery_catalogues_is_synced_first(tmp_path: Path, max_warc: int) -> None:
    """D04: a killed process left bytes in the system's memory; once the next one has entered them, they are safe."""
    folder = new_folder(tmp_path / "archive")
    with opened(folder) as store:
        put(store, page("https://paper.example/1"))
        store.rollback()
    ops = PowerCut(folder / WARC, 0, volatile=True)
    with opened(folder, ops=ops, max_warc=max_warc) as store:
        with store.batch() as rows:
            for item in store.uncatalogued():
                assert isinstance(item, Stored)
                catalogue(rows, item)
        ops.after(tmp_path / "after", kept="nothing")
    assert recovered(tmp_path / "after") == ["https://paper.example/1"]
    assert list(verify(tmp_path / "after")) == []


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO], ids=["ENOSPC", "EIO"])
@pytest.mark.parametrize("torn", [False, True], ids=["whole", "torn"])
@pytest.mark.parametrize("at", EVERY)
def test_d07_d08_an_error_once_at_every_operation(tmp_path: Path, at: int, torn: bool, code: int) -> None:
    """D07, D08: the error is told, nothing of it is reported as saved, and the same call works the next time."""
    folder = new_folder(tmp_path / "archive")
    acknowledged: list[str] = []
    stores: list[Store] = []
    run(folder, Failing(at, code, torn=torn), acknowledged, stores, retry=True)
    stores[0].close()
    assert acknowledged == [one.request.url for group in SCRIPT for one in group]
    found = recovered(folder)
    assert set(found) == set(acknowledged)
    assert list(verify(folder)) == []


@pytest.mark.parametrize("at", EVERY)
def test_d07_an_error_for_ever_from_every_operation(tmp_path: Path, at: int) -> None:
    """D07: a disk that stays full loses nothing that was reported, and once there is room, writing goes on."""
    folder = new_folder(tmp_path / "archive")
    acknowledged: list[str] = []
    ops = Failing(at, torn=True, for_ever=True)
    stores: list[Store] = []
    run(folder, ops, acknowledged, stores)
    store = stores[0]
    assert len(acknowledged) < sum(map(len, SCRIPT))
    ops.mended = True
    with store.batch():
        put(store, page("https://paper.example/room"))
    store.close()
    found = recovered(folder)
    assert {*acknowledged, "https://paper.example/room"} <= set(found)
    assert list(verify(folder)) == []


def torn_in_the_middle(folder: Path) -> None:
    """Two commits, and behind them a tail as a power cut leaves it: a broken capture, a whole one, a torn one."""
    with opened(folder) as store:
        for n in range(2):
            with store.batch():
                put(store, page(f"https://paper.example/{n}"))
        for n in range(2, 5):
            put(store, page(f"https://paper.example/{n}"))
        store.rollback()
    (file,) = (folder / WARC).glob("*.gz")
    content = bytearray(file.read_bytes())
    with Catalog(folder / "catalog.sqlite") as catalog:
        start = catalog.committed()[file.name]
    content[start + 20 : start + 40] = bytes(20)
    file.write_bytes(content[:-10])


def test_d02_stop_at_every_operation_of_a_repair(tmp_path: Path) -> None:
    """A repair that is itself interrupted, anywhere, is done by the next opening, and loses no whole capture."""
    for at in range(1, 100):
        folder = new_folder(tmp_path / str(at))
        torn_in_the_middle(folder)
        ops = Stopping(at, torn=True)
        try:
            opened(folder, ops=ops).close()
        except Stop:
            pass
        else:
            assert {"create", "rename"} <= set(ops.names)
            break
        assert recovered(folder) == [f"https://paper.example/{n}" for n in (0, 1, 3)]
        assert list(verify(folder)) == []
    assert at > 5


def test_d07_a_full_file_system(tmp_path: Path) -> None:
    """D09: a file that may not grow any further (RLIMIT_FSIZE) is told, survived, and written on with room."""
    code = """
import os, resource, signal, sys
from pathlib import Path
sys.path.insert(0, "tests")
from captures import opened, page, put
from archive.errors import StorageError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
folder = Path(sys.argv[1])
done = 0
with opened(folder) as store:
    with store.batch(): put(store, page("https://paper.example/0"))
    limit = sum(f.stat().st_size for f in (folder / "warc").glob("*.gz")) + 500_000
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    for n in range(1, 30):
        try:
            with store.batch(): put(store, page(f"https://paper.example/{n}", os.urandom(40_000)))
        except StorageError:
            print("error", n)
            break
        done = n
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    with store.batch(): put(store, page("https://paper.example/after"))
print("done", done)
"""
    folder = new_folder(tmp_path / "archive")
    result = subprocess.run([sys.executable, "-c", code, str(folder)], capture_output=True, text=True, check=True)
    assert "error" in result.stdout
    done = int(result.stdout.split()[-1])
    found = recovered(folder)
    assert {f"https://paper.example/{n}" for n in range(done + 1)} | {"https://paper.example/after"} <= set(found)
    assert list(verify(folder)) == []


@pytest.mark.parametrize("kills", [25, pytest.param(150, marks=pytest.mark.kills)])
def test_d01_d13_kill_9_at_random_moments(tmp_path: Path, kills: int) -> None:
    """D01, D13: kills lose nothing that was reported, leave verify clean, and leave little behind."""
    folder = new_folder(tmp_path / "archive")
    driver = Path(__file__).with_name("store_kill_driver.py")
    done = subprocess.run(
        [sys.executable, str(driver), str(folder), str(kills), "1"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["complaints"] == []
    assert result["hits"] == kills
    assert result["reported"] > kills / 10
    assert result["torn"] <= 16


def test_d11_a_failed_commit_frees_everything(tmp_path: Path) -> None:
    """D11: after an error inside a batch, the next batch of the same process works, and so does the next writer."""
    folder = new_folder(tmp_path / "archive")
    with opened(folder) as store:
        with pytest.raises(KeyError), store.batch():
            raise KeyError(put(store, page("https://paper.example/1")))
        with store.batch():
            put(store, page("https://paper.example/2"))
        assert urls_in(store.catalog) == ["https://paper.example/2"]
    assert sorted(recovered(folder)) == ["https://paper.example/1", "https://paper.example/2"]
    assert list(verify(folder)) == []


def test_d15_what_was_stored_but_not_catalogued_is_found(tmp_path: Path) -> None:
    """D15: a capture that reached warc/ alone is handed out when writing begins again, until it is catalogued."""
    folder = new_folder(tmp_path / "archive")
    with opened(folder) as store:
        put(store, page("https://paper.example/1"))
        store.rollback()
    for _ in range(2):
        with opened(folder) as store:
            assert [item.capture.url for item in store.uncatalogued() if isinstance(item, Stored)] == [
                "https://paper.example/1"
            ]
    assert [problem.remedy for problem in verify(folder)] == ["the next command that writes takes care of it"]
    assert recovered(folder) == ["https://paper.example/1"]
    with opened(folder) as store:
        assert list(store.uncatalogued()) == []


def test_d15_an_act_whose_commit_failed_is_done_later(tmp_path: Path) -> None:
    """An act that was journaled, but not catalogued, is handed out again, and later commits do not hide it."""
    folder = new_folder(tmp_path / "archive")
    with opened(folder) as store:
        with store.batch():
            _, entry_id = put(store, page("https://paper.example/1"))
        store.act(Act(ActKind.TAGS, entry_id, ("kept",), START))
        store.rollback()
        with store.batch():
            put(store, page("https://paper.example/2"))
    with opened(folder) as store:
        with store.batch() as rows:
            for item in store.uncatalogued():
                if isinstance(item, Act):
                    rows.apply(item)
        entry = store.catalog.get(entry_id)
        assert entry is not None
        assert entry.tags == ("kept",)
        assert len(urls_in(store.catalog)) == 2


def test_d13_torn_ends_do_not_pile_up(tmp_path: Path) -> None:
    """D13: bytes of no use are kept aside, but only the newest few."""
    folder = new_folder(tmp_path / "archive")
    with opened(folder) as store, store.batch():
        put(store, page("https://paper.example/1"))
    (file,) = (folder / WARC).glob("*.gz")
    for n in range(30):
        with file.open("ab") as tail:
            tail.write(b"\x1f\x8b\x08 torn %d" % n)
        with opened(folder) as store:
            assert [torn.file for torn in store.repaired.torn] == [file.name]
            assert list(store.uncatalogued()) == []
            with store.batch():
                put(store, page(f"https://paper.example/again/{n}"))
    assert len(list((folder / WARC / "torn").iterdir())) == 16
    assert list(verify(folder)) == []
