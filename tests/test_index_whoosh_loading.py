"""Bulk loads with worker processes: the same index as without, whatever happens to them."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from index.engines import Batch, Loads
from index.engines.whoosh import WhooshEngine, contents, loading, open_engine, writer
from index.engines.whoosh.arrays import ArrayWriter
from index.engines.whoosh.merging import merge
from index.engines.whoosh.packing import Array
from index.engines.whoosh.segment import SegmentData
from index.fields import Card, Document
from index.plan import Count, Everything, Plan, Sort, Term

SIZE = 12
ALL = Plan(Everything(), counts=(Count("tag"),), sort=Sort.NEWEST, limit=1000)


def document(number: int, told: int) -> Document:
    day = date(2024, 1, 1 + number % 28)
    return Document(
        Card(f"d{number}", f"https://x.org/{number}", f"{told}", "x.org", day, datetime(2025, 1, 1, tzinfo=UTC)),
        {"text": (f"raid w{number} t{told}",), "title": (f"story {number % 7}",)},
        {"tag": (f"b{told}",)},
        {"date": ((day.toordinal(), day.toordinal()),)},
        {"tag": (f"b{told}",)},
    )


def batches(count: int) -> Iterator[Batch]:
    """Each tells its first document again that the batch before told last, and deletes one."""
    for number in range(count):
        first = max(number * SIZE - 1, 0)
        yield Batch([document(n, number) for n in range(first, first + SIZE)], [f"d{first - 4}"], number + 1)


@pytest.mark.parametrize("text", ["a raid", "half a \ud800 character"])
def test_documents_come_to_a_worker_as_they_are(text: str) -> None:
    plain = document(1, 2)
    card = Card("d2", "https://x.org/2", text, "", None, datetime(2025, 1, 1, 1, 2, 3, 4, tzinfo=UTC))
    documents = [plain, Document(card, {"text": (text, "")}, {}, {"date": ((1, 2), (3, 3))}, MappingProxyType({}))]
    assert loading.unpacked(loading.packed(documents)) == documents


@pytest.fixture(autouse=True)
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers from the first batch on, also on one core; and segments all of one size, to be merged in one way only."""
    monkeypatch.setattr(writer, "SMALL", 10_000)
    monkeypatch.setattr(writer, "WHOLE", 0)
    monkeypatch.setattr(writer, "LOADING", 1)
    monkeypatch.setattr(loading, "LARGE", 2)
    monkeypatch.setattr(loading, "BEGIN", 0)
    monkeypatch.setattr(os, "cpu_count", lambda: 3)


def shape(engine: WhooshEngine) -> list[tuple[Any, ...]]:
    """What is in each file: everything but the names."""
    read = contents.read(engine.folder, contents.latest(engine.folder))
    found = []
    for segment in read.segments:
        data = SegmentData(engine.folder / segment.filename, segment.size)
        arrays = [(name, data.file.get(name).tobytes()) for name in data.file.names()]
        found.append((segment.documents, segment.size, segment.dead, arrays))
    return found


def assert_same(one: WhooshEngine, other: WhooshEngine) -> None:
    assert one.run(ALL) == other.run(ALL)
    assert one.position() == other.position()
    assert list(one.faults()) == []
    assert shape(one) == shape(other)


def test_it_is_the_same_index_to_the_byte(tmp_path: Path) -> None:
    """In order, one commit for each batch, and nothing is left lying about."""
    plain, loaded = open_engine(tmp_path / "plain"), open_engine(tmp_path / "loaded")
    assert isinstance(loaded, Loads)
    done = []
    for batch in loaded.load(batches(15)):
        done.append(batch.position)
        assert loaded.position() == batch.position
    for batch in batches(15):
        plain.apply(batch)
    assert done == list(range(1, 16))
    assert_same(plain, loaded)
    assert len(list((tmp_path / "loaded").iterdir())) == len(list((tmp_path / "plain").iterdir()))


def test_a_load_ends_with_few_segments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What later commits would merge is merged by the last: one large segment, and one of all the rest."""
    monkeypatch.setattr(writer, "SMALL", 20)
    monkeypatch.setattr(writer, "TIER", 4)
    plain, loaded = open_engine(tmp_path / "plain"), open_engine(tmp_path / "loaded")
    for batch in batches(15):
        plain.apply(batch)
    assert len(list(loaded.load(batches(15)))) == 15
    assert len(shape(plain)) > 2
    assert len(shape(loaded)) <= 2
    assert loaded.run(ALL) == plain.run(ALL)
    assert list(loaded.faults()) == []


def test_while_a_load_goes_on_less_is_merged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "SMALL", 20)
    monkeypatch.setattr(writer, "TIER", 3)
    written: dict[int, int] = {}

    def counted(parts: Sequence[tuple[SegmentData, Array]], scratch: Path, arrays: ArrayWriter) -> int:
        documents = merge(parts, scratch, arrays)
        written[writer.LOADING] = written.get(writer.LOADING, 0) + documents
        return documents

    monkeypatch.setattr(writer, "merge", counted)
    loaded = {}
    for times in (1, 3):
        monkeypatch.setattr(writer, "LOADING", times)
        loaded[times] = open_engine(tmp_path / str(times))
        assert len(list(loaded[times].load(batches(20)))) == 20
    assert written[3] * 1.5 < written[1]
    assert loaded[1].run(ALL) == loaded[3].run(ALL)


def test_a_load_leaves_one_segment_of_all_that_is_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "WHOLE", 100_000)
    plain, loaded = open_engine(tmp_path / "plain"), open_engine(tmp_path / "loaded")
    for batch in batches(4):
        plain.apply(batch)
    assert len(list(loaded.load(batches(4)))) == 4
    assert len(shape(plain)) == 4
    assert len(shape(loaded)) == 1
    assert loaded.run(ALL) == plain.run(ALL)


def test_small_batches_need_no_worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Never for single additions: a worker takes longer to start than they take."""
    monkeypatch.undo()
    monkeypatch.setattr(loading, "_Worker", None)
    engine = open_engine(tmp_path)
    assert len(list(engine.load(batches(5)))) == 5


def test_one_core_needs_no_worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    monkeypatch.setattr(loading, "_Worker", None)
    engine = open_engine(tmp_path)
    assert len(list(engine.load(batches(5)))) == 5
    assert engine.position() == 5


def test_killed_workers_are_done_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What they had not finished is built by the process that loads."""
    started: list[loading._Worker] = []

    class Watched(loading._Worker):
        def __init__(self, folder: Path) -> None:
            super().__init__(folder)
            started.append(self)

    monkeypatch.setattr(loading, "_Worker", Watched)
    plain, loaded = open_engine(tmp_path / "plain"), open_engine(tmp_path / "loaded")
    for batch in loaded.load(batches(12)):
        if batch.position == 3:
            for worker in started:
                os.kill(worker._process.pid, signal.SIGKILL)
    for batch in batches(12):
        plain.apply(batch)
    assert len(started) == 2
    assert_same(plain, loaded)


def test_an_error_of_the_source_passes_through(tmp_path: Path) -> None:
    """As it is, and not in the engine's words; what was given back is kept, nothing else is left."""

    def broken() -> Iterator[Batch]:
        yield from batches(4)
        raise LookupError("the archive went away")

    engine = open_engine(tmp_path)
    positions = (batch.position for batch in engine.load(broken()))
    with pytest.raises(LookupError, match="went away"):
        list(positions)
    assert engine.position() <= 4
    read = contents.read(tmp_path, contents.latest(tmp_path))
    assert {path.name for path in tmp_path.glob("*.bfs")} == {segment.filename for segment in read.segments}
    engine.apply(next(batches(1)))
    assert engine.run(Plan(Term("text", "raid"))).total


def test_whoever_stops_asking_lets_go_of_everything(tmp_path: Path) -> None:
    """The lock is free and no worker is left."""
    engine = open_engine(tmp_path)
    loads = engine.load(batches(20))
    next(loads)
    loads.close()  # type: ignore[attr-defined]  # it is a generator
    engine.apply(Batch([document(500, 9)], [], 99))
    assert engine.position() == 99
    assert list(engine.faults()) == []
