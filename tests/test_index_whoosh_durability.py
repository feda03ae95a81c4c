"""The default engine under kill -9, power cuts, full disks, damage, and readers beside the writer."""

from __future__ import annotations

import errno
import gc
import os
import pickle
import random
import shutil
import signal
import threading
import time
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import pytest
import whoosh.fields
import whoosh.index
from whoosh.filedb.filestore import FileStorage, ReadOnlyError

from index import IndexBusyError, IndexDamagedError, IndexStorageError
from index.engines import Batch
from index.engines.whoosh import WhooshEngine, contents, open_engine, toc, writer
from index.engines.whoosh.recent import RECENT
from index.engines.whoosh.storage import DurableStorage
from index.fields import Card, Document
from index.plan import AllOf, Count, Everything, Plan, Term

COUNT = 7  # documents of a batch
NOW = datetime(2025, 1, 1, tzinfo=UTC)


def told(number: int, batch: int) -> Document:
    """Document `number` as batch `batch` tells it."""
    return Document(
        Card(f"d{number}", f"https://x.org/{number}", f"{batch}", "x.org", None, NOW),
        {"text": (f"raid b{batch} of many", "and more"), "title": (f"b{batch}",)},
        {"tag": (f"b{batch}",)},
        {"date": ((739_000 + batch, 739_000 + batch),)},
        {"tag": (f"b{batch}",)},
    )


def batch(number: int) -> Batch:
    """Tells every document anew, adds one and deletes another."""
    documents = [told(n, number) for n in range(COUNT)]
    return Batch([*documents, told(COUNT + number, number)], [f"d{COUNT + number - 1}"], number)


def assert_whole(engine: WhooshEngine, position: int) -> None:
    """The index holds what it held after this batch, and nothing else."""
    assert engine.position() == position
    answer = engine.run(Plan(Everything(), limit=1000))
    expected = {f"d{n}" for n in range(COUNT)} | {f"d{COUNT + position}"} if position else set()
    assert {row.card.id for row in answer.rows} == expected
    assert {row.card.title for row in answer.rows} <= {f"{position}"}
    assert engine.run(Plan(Term("text", f"b{position}"))).total == len(expected)
    assert list(engine.faults()) == []


def in_child(work: Callable[[], None]) -> int:
    """Runs `work` in a forked process; its pid."""
    pid = os.fork()
    if pid:
        return pid
    try:
        work()
        os._exit(0)
    except BaseException:  # noqa: BLE001 - whatever it is, the parent is to see a failed child
        os._exit(1)


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.mark.parametrize("kills", [10, pytest.param(60, marks=pytest.mark.kills)])
def test_kill_9_at_a_random_moment_leaves_a_whole_batch_or_none(tmp_path: Path, kills: int) -> None:
    """D01, D13: what was acknowledged is there, the next batch goes in, nothing is left lying about."""
    rng = random.Random(7)
    reached = 0
    longest = 0.12  # seconds before a kill; more where a busy machine gets nothing done in them
    for _ in range(kills):
        read, write = os.pipe()
        first = reached + 1

        def work(write: int = write, first: int = first) -> None:
            engine = open_engine(tmp_path)
            for number in range(first, first + 1000):
                engine.apply(batch(number))
                os.write(write, b"x")

        pid = in_child(work)
        os.close(write)
        time.sleep(rng.uniform(0.0, longest))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        acknowledged = 0
        while data := os.read(read, 4096):
            acknowledged += len(data)
        os.close(read)
        engine = open_engine(tmp_path)
        position = engine.position()
        assert reached + acknowledged <= position <= reached + acknowledged + 1
        assert_whole(engine, position)
        longest *= 1.0 if acknowledged else 1.5
        reached = position
    engine.apply(batch(reached + 1))
    assert_whole(engine, reached + 1)
    assert len(files(tmp_path)) <= 2 * writer.TIER + 3
    assert reached > 2, "too few batches went in to say anything"


class Ledger(DurableStorage):
    """Keeps a list of what is done to the disk, and may refuse."""

    events: list[tuple[Any, ...]] = []  # noqa: RUF012 - one list for all that are made in a test
    refuse_at = -1
    error = errno.ENOSPC

    def _note(self, *event: Any) -> None:
        if len(self.events) == self.refuse_at:
            Ledger.refuse_at = -1
            raise OSError(self.error, os.strerror(self.error))
        self.events.append(event)

    def create_raw(self, name: str) -> BinaryIO:
        self._note("create", name)
        return super().create_raw(name)

    def _sync_file(self, name: str) -> None:
        self._note("sync", name, (self.path / name).read_bytes())

    def _sync_folder(self) -> None:
        self._note("sync folder")

    def _rename(self, oldname: str, newname: str, *, safe: bool) -> None:
        self._note("rename", oldname, newname)
        super()._rename(oldname, newname, safe=safe)

    def delete_file(self, name: str) -> None:
        self._note("delete", name)
        super().delete_file(name)


@pytest.fixture
def ledger(monkeypatch: pytest.MonkeyPatch) -> type[Ledger]:
    monkeypatch.setattr(writer, "DurableStorage", Ledger)
    monkeypatch.setattr(writer, "TIER", 3)
    monkeypatch.setattr(Ledger, "events", [])
    monkeypatch.setattr(Ledger, "refuse_at", -1)
    monkeypatch.setattr(Ledger, "error", errno.ENOSPC)
    return Ledger


class Disk:
    """What a power cut leaves: synced contents under synced names; for the rest, the worst of two ways."""

    def __init__(self, *, names_persist: bool) -> None:
        self._names_persist = names_persist  # whether changes of the folder get to the disk before they are synced
        self._content: dict[str, bytes] = {}
        self._names: dict[str, str] = {}  # name → the name under which its content was synced
        self._pending: list[tuple[Any, ...]] = []

    def take(self, event: tuple[Any, ...]) -> None:
        match event:
            case ("sync", name, content):
                self._content[name] = content
            case ("sync folder",):
                self._settle()
            case _:
                self._pending.append(event)
                if self._names_persist:
                    self._settle()

    def _settle(self) -> None:
        for event in self._pending:
            match event:
                case ("create", name):
                    self._names[name] = name
                case ("rename", old, new):
                    self._names[new] = self._names.pop(old)
                case ("delete", name):
                    self._names.pop(name, None)
        self._pending.clear()

    def write(self, folder: Path) -> None:
        for name, synced_as in self._names.items():
            (folder / name).write_bytes(self._content.get(synced_as, b""))


@pytest.mark.parametrize("names_persist", [False, True], ids=["names-lost", "contents-lost"])
def test_a_power_cut_at_any_operation_leaves_a_whole_batch_or_none(
    tmp_path: Path, ledger: type[Ledger], names_persist: bool
) -> None:
    """D04: only what was synced survives, and an acknowledged batch always does."""
    engine = open_engine(tmp_path / "live")
    acknowledged: list[int] = []  # per batch, how many operations there were when it was reported
    for number in range(1, 9):
        engine.apply(batch(number))
        acknowledged.append(len(ledger.events))
    events = list(ledger.events)
    for cut in range(len(events) + 1):
        disk = Disk(names_persist=names_persist)
        for event in events[:cut]:
            disk.take(event)
        folder = tmp_path / f"cut{cut}"
        folder.mkdir()
        disk.write(folder)
        reported = sum(done <= cut for done in acknowledged)
        after = open_engine(folder)
        position = after.position()
        assert reported <= position <= reported + 1
        assert_whole(after, position)
        ledger.events.clear()
        after.apply(batch(position + 1))
        assert_whole(after, position + 1)
        shutil.rmtree(folder)


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO], ids=["ENOSPC", "EIO"])
def test_a_refusal_at_any_operation_is_told_and_the_next_batch_works(
    tmp_path: Path, ledger: type[Ledger], error: int
) -> None:
    """D07, D08, D11: an error that names the cause, nothing lost, no lock held, no file left."""
    ledger.error = error
    engine = open_engine(tmp_path)
    position, operation, refused = 0, 0, 0
    while position < 9:
        ledger.refuse_at = len(ledger.events) + operation
        refusal = None
        try:
            engine.apply(batch(position + 1))
        except IndexStorageError as caught:
            refusal = str(caught)
        if refusal is not None:
            assert os.strerror(error) in refusal
            refused += 1
            operation += 1
        else:
            ledger.refuse_at = -1
            position += 1
            operation = 0
        assert_whole(engine, position)
    assert refused > 30
    engine.apply(batch(10))
    names = files(tmp_path)
    assert sum(name.endswith(".toc") for name in names) == 1
    assert len(names) <= 2 * writer.TIER + 2


def test_a_batch_that_cannot_be_read_leaves_no_trace(tmp_path: Path) -> None:
    """D11: an exception from the batch itself passes through; the same engine goes on."""
    engine = open_engine(tmp_path)
    engine.apply(batch(1))
    before = files(tmp_path)

    class Broken(Sequence[Document]):
        def __len__(self) -> int:
            return 2

        def __getitem__(self, place: Any) -> Any:
            if place:
                raise RuntimeError("the archive went away")
            return told(0, 2)

    with pytest.raises(RuntimeError):
        engine.apply(Batch(Broken(), [], 2))
    assert files(tmp_path) == before
    assert_whole(engine, 1)
    engine.apply(batch(2))
    assert_whole(engine, 2)


def test_what_a_crash_has_left_is_swept_by_the_next_writer(tmp_path: Path) -> None:
    """D13: temporary tables of contents, segments that no commit names, old tables of contents."""
    engine = open_engine(tmp_path)
    engine.apply(batch(1))
    left = ["_MAIN_7.toc.1732", "MAIN_abc123.bfs", "_MAIN_0.toc"]
    for name in left:
        (tmp_path / name).write_bytes(b"half")
    (tmp_path / "notes.txt").write_text("not ours")
    engine.apply(batch(2))
    assert files(tmp_path).isdisjoint(left)
    assert "notes.txt" in files(tmp_path)
    assert_whole(engine, 2)


def test_the_first_commit_that_never_came_leaves_an_empty_index(tmp_path: Path) -> None:
    (tmp_path / "_MAIN_0.toc.1732").write_bytes(b"")
    engine = open_engine(tmp_path)
    assert engine.position() == 0
    engine.apply(batch(1))
    assert_whole(engine, 1)


@pytest.mark.slow
def test_readers_see_whole_commits_only_and_no_error(tmp_path: Path) -> None:
    """D12: three processes read while three hundred commits go in."""
    engine = open_engine(tmp_path)
    engine.apply(batch(1))

    def look() -> None:
        fresh = 0
        mine = open_engine(tmp_path)
        while mine.position() < 300:
            fresh += 1
            reader = mine if fresh % 3 else open_engine(tmp_path)
            answer = reader.run(Plan(Everything(), limit=100))
            assert answer.total == COUNT + 1
            assert len({row.card.title for row in answer.rows}) == 1
        assert fresh > 20

    children = [in_child(look) for _ in range(3)]
    for number in range(2, 301):
        engine.apply(batch(number))
    assert [os.waitpid(pid, 0)[1] for pid in children] == [0, 0, 0]


def test_a_second_writer_waits_and_is_told_who_holds_the_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """D12: two writers of one process exclude each other like those of two."""
    monkeypatch.setattr(writer, "PATIENCE", 0.1)
    engine = open_engine(tmp_path)
    engine.apply(batch(1))
    held = writer.lock(DurableStorage(tmp_path))
    with pytest.raises(IndexBusyError) as caught:
        engine.apply(batch(2))
    assert str(os.getpid()) in caught.value.holder
    held.release()
    engine.apply(batch(2))
    assert_whole(engine, 2)


def test_readers_of_the_same_process_do_not_wait_for_its_writer(tmp_path: Path) -> None:
    """A writer that waits for the lock, or writes, holds nobody up."""
    engine = open_engine(tmp_path)
    engine.apply(batch(1))
    held = writer.lock(DurableStorage(tmp_path))
    waiting = threading.Thread(target=engine.apply, args=(batch(2),))
    waiting.start()
    fresh = open_engine(tmp_path)
    for _ in range(20):
        assert_whole(engine, 1)
        assert_whole(fresh, 1)
    held.release()
    waiting.join()
    assert_whole(engine, 2)


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="looks at /proc")
def test_what_is_merged_away_is_let_go_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A long-lived reader keeps no deleted file open: their space would stay taken."""
    monkeypatch.setattr(writer, "TIER", 2)
    engine = open_engine(tmp_path)
    for number in range(1, 20):
        engine.apply(batch(number))
        engine.run(Plan(Everything(), counts=(Count("tag"),)))
    mapped = Path("/proc/self/maps").read_text(encoding="utf-8").splitlines()
    assert [line for line in mapped if str(tmp_path) in line and line.endswith("(deleted)")] == []


def maps(folder: Path) -> int:
    """How many files below `folder` this process has mapped."""
    return sum(str(folder) in line for line in Path("/proc/self/maps").read_text(encoding="utf-8").splitlines())


class CollectingLock:
    """A lock whose holder is interrupted by the garbage collector, as any thread may be at any time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.release = self._lock.release

    def acquire(self, blocking: bool = True) -> bool:
        got = self._lock.acquire(blocking)
        if got:
            gc.collect()
        return got

    def __enter__(self) -> None:
        self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="looks at /proc")
def test_an_answer_that_was_left_half_read_holds_nobody_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The collector ends it wherever it finds it: also in a thread that is about to open or close something."""
    monkeypatch.setattr(writer, "TIER", 2)
    engine = open_engine(tmp_path)
    monkeypatch.setattr(engine._opening, "_lock", CollectingLock())
    monkeypatch.setattr(RECENT._guard, "_lock", CollectingLock())
    left = 0

    def ask() -> None:
        nonlocal left
        for number in range(1, 12):
            engine.apply(batch(number))
            assert_whole(engine, number)
            for begun in (True, False):
                answer = engine.hits(Plan(Term("text", "raid"), limit=10))
                if begun:
                    next(answer)
                circle: list[object] = [answer]
                circle.append(circle)
                left += 1
            list(engine.hits(Plan(AllOf((Term("text", "raid"), Term("text", "many"))), limit=10)))
        engine.close()

    gc.disable()
    gc.freeze()  # what this process has else, which takes a second each time to look through
    try:
        asking = threading.Thread(target=ask, daemon=True)
        asking.start()
        asking.join(60)
    finally:
        gc.unfreeze()
        gc.enable()
    assert (asking.is_alive(), left) == (False, 22)
    gc.collect()
    engine.close()
    assert maps(tmp_path) == 0


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="looks at /proc")
def test_closing_lets_go_of_every_file_at_once(tmp_path: Path) -> None:
    """Without waiting for the garbage collector, which is off; a question under way is answered first."""
    gc.disable()
    try:
        engine = open_engine(tmp_path)
        engine.apply(batch(1))
        engine.apply(batch(2))
        asked = Plan(Term("text", "raid"), counts=(Count("tag"),))
        engine.run(asked)
        assert maps(tmp_path) == 1
        under_way = engine.hits(asked)
        first = next(under_way)
        engine.close()
        assert maps(tmp_path) == 1
        assert {first, *under_way} == {row.card.id for row in engine.run(asked).rows}
        engine.close()
        engine.close()
        assert maps(tmp_path) == 0
        assert engine.run(asked).total
        engine.apply(batch(3))
        unread = engine.hits(asked)
        del unread
        engine.run(asked)
        engine.close()
        assert maps(tmp_path) == 0
    finally:
        gc.enable()


def test_threads_that_ask_while_it_is_closed_and_written_are_answered(tmp_path: Path) -> None:
    engine = open_engine(tmp_path)
    engine.apply(batch(1))
    done = threading.Event()
    errors: list[BaseException] = []

    def ask() -> None:
        try:
            while not done.is_set():
                assert engine.run(Plan(Everything(), counts=(Count("tag"),), limit=100)).total == COUNT + 1
                assert len(list(engine.hits(Plan(Term("text", "raid"))))) == COUNT + 1
        except BaseException as error:  # noqa: BLE001 - reported by the test
            errors.append(error)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(2, 25):
        engine.apply(batch(number))
        engine.close()
    done.set()
    for thread in threads:
        thread.join()
    assert errors == []


def test_the_lock_of_a_killed_writer_is_free(tmp_path: Path) -> None:
    """D10: the system frees it, and what the dead one noted about itself misleads nobody."""
    open_engine(tmp_path).apply(batch(1))
    ready, tell = os.pipe()

    def hold() -> None:
        lock = writer.lock(DurableStorage(tmp_path))
        os.write(tell, b"x")
        time.sleep(60)
        lock.release()

    pid = in_child(hold)
    os.read(ready, 1)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    os.close(ready)
    os.close(tell)
    engine = open_engine(tmp_path)
    engine.apply(batch(2))
    assert_whole(engine, 2)


def test_any_flipped_byte_is_noticed(tmp_path: Path) -> None:
    """D14: at once or by `faults`; never another exception than IndexDamagedError."""
    open_engine(tmp_path / "good").apply(batch(1))
    rng = random.Random(1)
    for path in sorted((tmp_path / "good").glob("*MAIN_*.*")):
        content = path.read_bytes()
        for place in {0, len(content) - 1, *(rng.randrange(len(content)) for _ in range(150))}:
            damaged = bytearray(content)
            damaged[place] ^= 1 << rng.randrange(8)
            path.write_bytes(damaged)
            engine = open_engine(tmp_path / "good")
            noticed = bool(list(engine.faults()))
            with suppress(IndexDamagedError):
                engine.run(Plan(Term("text", "raid")))
            assert noticed, f"{path.name} at {place}"
        path.write_bytes(content)
    assert_whole(open_engine(tmp_path / "good"), 1)


@pytest.mark.parametrize("pattern", ["_MAIN_*.toc", "MAIN_*.bfs"])
@pytest.mark.parametrize("how", ["delete", "truncate", "empty"])
def test_a_missing_or_cut_file_is_named(tmp_path: Path, pattern: str, how: str) -> None:
    """D14: reading and writing both refuse, and nothing is made anew over it."""
    open_engine(tmp_path).apply(batch(1))
    path = next(tmp_path.glob(pattern))
    if how == "delete":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[: -10 if how == "truncate" else 0])
    engine = open_engine(tmp_path)
    before = files(tmp_path) - {"MAIN_WRITELOCK"}
    for act in (engine.position, lambda: engine.run(Plan(Everything())), lambda: engine.apply(batch(2))):
        with pytest.raises(IndexDamagedError):
            act()
    assert len(list(engine.faults())) == 1
    assert files(tmp_path) - {"MAIN_WRITELOCK"} == before


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("FORMAT", contents.FORMAT - 1, id="older"),
        pytest.param("FORMAT", contents.FORMAT + 1, id="newer"),
        pytest.param("_MAGIC", b"BFTOC\x00\x00\x01", id="sealed otherwise"),
    ],
)
def test_another_format_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: object) -> None:
    """D18: it says so and says what to do."""
    monkeypatch.setattr(contents, name, value)
    open_engine(tmp_path).apply(batch(1))
    monkeypatch.undo()
    with pytest.raises(IndexDamagedError, match=r"of another format.*reindex"):
        open_engine(tmp_path).position()


def test_an_index_of_stock_whoosh_is_neither_opened_nor_overwritten(tmp_path: Path) -> None:
    """D19, W11."""
    whoosh.index.create_in(str(tmp_path), whoosh.fields.Schema(text=whoosh.fields.TEXT)).close()
    before = files(tmp_path)
    engine = open_engine(tmp_path)
    with pytest.raises(IndexDamagedError):
        engine.apply(batch(1))
    with pytest.raises(IndexDamagedError):
        engine.position()
    assert before <= files(tmp_path)


def _added(ix: Any) -> None:
    writer = ix.writer()
    writer.add_document(id="new", title="A title")
    writer.commit()


def _deleted(ix: Any) -> None:
    writer = ix.writer()
    writer.delete_by_term("id", "d1")
    writer.commit()


@pytest.mark.parametrize(
    "act",
    [
        pytest.param(lambda ix: ix.writer().commit(), id="commit"),
        pytest.param(_added, id="add"),
        pytest.param(_deleted, id="delete"),
        pytest.param(lambda ix: ix.add_field("more", whoosh.fields.TEXT()), id="field"),
    ],
)
def test_whoosh_itself_is_refused_as_a_writer(tmp_path: Path, act: Callable[[Any], None]) -> None:
    """Its commits replaced ours, and every later search ended with an error."""
    open_engine(tmp_path).apply(batch(1))
    before = {name: (tmp_path / name).read_bytes() for name in files(tmp_path) if "MAIN_" in name}
    opened = whoosh.index.open_dir(str(tmp_path))
    with pytest.raises(ReadOnlyError, match="Backfile's, which alone writes it"):
        act(opened)
    assert {name: (tmp_path / name).read_bytes() for name in before} == before
    engine = open_engine(tmp_path)
    assert_whole(engine, 1)
    engine.apply(batch(2))
    assert_whole(engine, 2)


def test_an_index_that_whoosh_wrote_over_says_what_happened(tmp_path: Path) -> None:
    """As its writers could while the schema let them: no commit of ours is left then."""
    open_engine(tmp_path).apply(batch(1))
    storage = FileStorage(str(tmp_path))
    held = whoosh.index.TOC.read(storage, "MAIN")
    plain = whoosh.fields.Schema(**dict(held.schema.items()))
    whoosh.index.TOC(plain, [], held.generation + 1).write(storage, "MAIN")
    with pytest.raises(IndexDamagedError, match=r"written by Whoosh, not by Backfile.*backfile reindex"):
        open_engine(tmp_path).position()


def test_nothing_in_the_folder_is_ever_unpickled(tmp_path: Path) -> None:
    """W11: a table of contents that would run code when unpickled, with all checksums right, does not."""

    class Trap:
        def __reduce__(self) -> tuple[Any, ...]:
            return (Path.touch, (tmp_path / "sprung",))

    folder = tmp_path / "index"
    open_engine(folder).apply(batch(1))
    path = next(folder.glob("*.toc"))
    content = path.read_bytes()
    size, _, magic = contents._FOOTER.unpack(content[-contents._FOOTER.size :])
    ours = content[-contents._FOOTER.size - size : -contents._FOOTER.size]
    covered = pickle.dumps(Trap()) + ours
    path.write_bytes(covered + contents._FOOTER.pack(size, zlib.crc32(covered), magic))
    engine = open_engine(folder)
    assert_whole(engine, 1)
    engine.apply(batch(2))
    assert_whole(engine, 2)
    assert not (tmp_path / "sprung").exists()


def test_a_table_of_contents_cannot_name_a_file_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = open_engine(tmp_path)
    engine.apply(batch(1))
    held = contents.read(tmp_path, contents.latest(tmp_path))
    astray = replace(held.segments[0], id="../../etc/passwd")
    monkeypatch.setattr(whoosh.index.TOC, "write", lambda self, ram, name: ram.files.update({"_MAIN_9.toc": b""}))
    toc.write(DurableStorage(tmp_path), contents.Contents(9, 1, (astray,)))
    with pytest.raises(IndexDamagedError):
        open_engine(tmp_path).position()
