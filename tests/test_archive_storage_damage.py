"""Reading warc/ when it is not as it was written: the damage is named, and costs no more than the record it hit."""

from __future__ import annotations

import random
import re
import shutil
import sqlite3
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

import pytest
from captures import moved, new_folder, opened, page, put
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.errors import DamagedError
from archive.storage import WARC, Catalog, Damage, Place, Record, Stored, WarcReader
from archive.storage.verify import verify
from archive.storage.warc.reader import MAX_HEADER, check_digests
from archive.storage.warc.records import digest, member


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of four captures; not to be written to."""
    folder = new_folder(tmp_path_factory.mktemp("sample") / "archive")
    with opened(folder) as store:
        for what in (
            page("https://paper.example/1"),
            page("https://paper.example/2", b"twice " * 100),
            page("https://paper.example/3", b"twice " * 100),
            moved("https://t.co/x", "https://paper.example/4"),
        ):
            with store.batch():
                put(store, what)
    return folder


def warc_of(folder: Path) -> Path:
    (path,) = (folder / WARC).glob("*.gz")
    return path


def scan(path: Path) -> list[Record | Damage]:
    return list(WarcReader(path.parent).scan(path.name))


def whole(path: Path) -> list[str]:
    return [found.id for found in scan(path) if isinstance(found, Record)]


def test_w01_cut_at_every_byte_of_the_last_record(sample: Path, tmp_path: Path) -> None:
    """W01: whatever is cut off, the records before it are read, and the torn one is told with its place."""
    content = warc_of(sample).read_bytes()
    records = [found for found in scan(warc_of(sample)) if isinstance(found, Record)]
    last = records[-1].place.offset
    cut = tmp_path / "cut.warc.gz"
    for length in range(last + 1, len(content)):
        cut.write_bytes(content[:length])
        *good, torn = scan(cut)
        assert [found.id for found in good if isinstance(found, Record)] == [record.id for record in records[:-1]]
        assert isinstance(torn, Damage)
        assert (torn.place.offset, torn.end, torn.at_end) == (last, length, True)


def record(head: str, block: bytes = b"body") -> bytes:
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    return packer.compress(head.encode() + block + b"\r\n\r\n") + packer.flush()


def good(n: int) -> bytes:
    return member("metadata", f"good-{n}", "2025-01-31T00:00:00Z", [], b"fine")


HEAD = "WARC/1.1\r\nWARC-Type: resource\r\nWARC-Record-ID: <urn:uuid:bad>\r\n"
BROKEN = {
    "length too long": record(HEAD + "Content-Length: 100\r\n\r\n"),
    "length swallows the end": record(HEAD + "Content-Length: 8\r\n\r\n"),
    "length too short": record(HEAD + "Content-Length: 2\r\n\r\n"),
    "length huge": record(HEAD + "Content-Length: 99999999999999999999\r\n\r\n"),
    "length negative": record(HEAD + "Content-Length: -4\r\n\r\n"),
    "length no number": record(HEAD + "Content-Length: ²\r\n\r\n"),
    "no length": record(HEAD + "\r\n"),
    "no end of header": record(HEAD + "Content-Length: 4\r\n"),
    "no WARC": record("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n"),
    "two records in a member": record(HEAD + "Content-Length: 4\r\n\r\n", b"body\r\n\r\n" + HEAD.encode()),
    "empty member": record("", b"")[:10] + b"\x03\x00" + bytes(8),
    "plain text": b"this is no gzip at all, but it is here",
    "gzip of nothing known": zlib.compress(b"x" * 1000),
    "zeros": bytes(5000),
}


@pytest.mark.parametrize("what", BROKEN)
def test_w02_a_broken_record_is_rejected_and_the_next_one_found(tmp_path: Path, what: str) -> None:
    path = tmp_path / "x.warc.gz"
    before, after = good(1), good(2)
    path.write_bytes(before + BROKEN[what] + after)
    first, damage, second = scan(path)
    assert isinstance(first, Record)
    assert isinstance(second, Record)
    assert (first.id, second.id) == ("good-1", "good-2")
    assert isinstance(damage, Damage)
    assert (damage.place.offset, damage.end) == (len(before), len(before) + len(BROKEN[what]))
    assert not damage.at_end


@pytest.mark.parametrize("which", ["block", "payload"])
def test_w03_wrong_digests_are_told(tmp_path: Path, which: str) -> None:
    """W03: bytes that are whole, but not those that the record promises, are never handed out as its payload."""
    wrong = digest(b"something else")
    head = (
        "WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Target-URI: https://paper.example/\r\n"
        f"WARC-{which.title()}-Digest: {wrong}\r\nContent-Length: 23\r\n\r\n"
    )
    path = tmp_path / "x.warc.gz"
    path.write_bytes(record(head, b"HTTP/1.1 200 OK\r\n\r\nbody"))
    (found,) = scan(path)
    assert isinstance(found, Record)
    assert f"{which} digest" in (check_digests(found) or "")
    with pytest.raises(DamagedError, match=f"{which} digest"):
        WarcReader(tmp_path).payload(Place("x.warc.gz", 0))


def flips(size: int, count: int) -> Iterator[tuple[int, int]]:
    chance = random.Random(4)
    for _ in range(count):
        yield chance.randrange(size), 1 << chance.randrange(8)


def test_w04_a_flipped_bit_costs_one_record(sample: Path, tmp_path: Path) -> None:
    """W04: every other record is read, with the bytes it always had."""
    content = warc_of(sample).read_bytes()
    records = {found.id: found for found in scan(warc_of(sample)) if isinstance(found, Record)}
    path = tmp_path / warc_of(sample).name
    for offset, bit in flips(len(content), 400):
        path.write_bytes(content[:offset] + bytes([content[offset] ^ bit]) + content[offset + 1 :])
        found = [one for one in scan(path) if isinstance(one, Record)]
        # Some bits of a gzip header mean nothing: then nothing is lost.
        assert len(found) >= len(records) - 1
        for one in found:
            assert one.block == records[one.id].block
            assert one.fields == records[one.id].fields


def test_w05_a_huge_header_ends_at_the_cap(tmp_path: Path) -> None:
    """W05: 50 MB of header cost neither time nor memory."""
    path = tmp_path / "x.warc.gz"
    huge = HEAD + "X: " + "y" * 50_000_000 + "\r\nContent-Length: 4\r\n\r\n"
    path.write_bytes(record(huge) + good(2))
    started = time.process_time()
    damage, found = scan(path)
    assert time.process_time() - started < 5
    assert isinstance(damage, Damage)
    assert "header" in damage.what
    assert isinstance(found, Record)


def test_a_header_of_the_very_limit_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x.warc.gz"
    rest = len(HEAD + "X: \r\nContent-Length: 4")
    path.write_bytes(record(HEAD + f"X: {'y' * (MAX_HEADER - rest)}\r\nContent-Length: 4\r\n\r\n"))
    assert isinstance(scan(path)[0], Record)


def test_a_bomb_ends_at_the_cap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A member that expands without end is stepped over."""
    monkeypatch.setattr("archive.storage.warc.reader.MAX_BLOCK", 10_000_000)
    path = tmp_path / "x.warc.gz"
    path.write_bytes(record(HEAD + "Content-Length: 50000000\r\n\r\n", bytes(50_000_000)) + good(2))
    damage, found = scan(path)
    assert isinstance(damage, Damage)
    assert "more than" in damage.what
    assert isinstance(found, Record)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(st.binary(max_size=60), st.integers(0, 3)), max_size=8))
def test_whatever_the_bytes_are_the_scan_ends_and_tells_of_all(tmp_path: Path, parts: list[bytes | int]) -> None:
    """Records and damage follow one another without gap to the end of the file, and whole records are found."""
    path = tmp_path / "x.warc.gz"
    content = b"".join(good(part) if isinstance(part, int) else part for part in parts)
    path.write_bytes(content)
    found = scan(path)
    ends = [0, *(one.end for one in found)]
    assert [one.place.offset for one in found] == ends[:-1]
    assert ends[-1] == len(content)
    assert whole(path) == [f"good-{part}" for part in parts if isinstance(part, int)]


def copy(sample: Path, target: Path) -> Path:
    shutil.copytree(sample, target)
    return target


def test_verify_of_a_sound_archive_finds_nothing(sample: Path) -> None:
    steps: list[tuple[int, int | None]] = []
    assert list(verify(sample, lambda done, of: steps.append((done, of)))) == []
    size = warc_of(sample).stat().st_size
    assert steps[-1] == (size, size)
    assert [done for done, _ in steps] == sorted(done for done, _ in steps)


def test_d16_every_flipped_byte_is_named(sample: Path, tmp_path: Path) -> None:
    """D16: verify tells of any bit that is not as it was written, and where: also of those that gzip ignores."""
    folder = copy(sample, tmp_path / "archive")
    path = warc_of(folder)
    content = path.read_bytes()
    starts = sorted(found.place.offset for found in scan(path))
    ignored = [(starts[2] + n, 1) for n in range(4, 10)]  # time, flags and system of a gzip header
    padding = [(start - 9, 128) for start in starts[1:]]  # the last bits of the compressed data
    for offset, bit in (*flips(len(content), 60), *ignored, *padding):
        path.write_bytes(content[:offset] + bytes([content[offset] ^ bit]) + content[offset + 1 :])
        problems = list(verify(folder))
        start = max(start for start in starts if start <= offset)
        assert problems, offset
        if "though each record" not in problems[0].what:
            assert any(problem.where.startswith(f"{WARC}/{path.name} at byte {start}") for problem in problems), offset
        assert "warc" in {problem.layer for problem in problems} <= {"warc", "manifest"}


def test_verify_names_what_is_missing(sample: Path, tmp_path: Path) -> None:
    """A file that is shorter than it was, or gone, is told with what was in it."""
    folder = copy(sample, tmp_path / "archive")
    path = warc_of(folder)
    content = path.read_bytes()
    path.write_bytes(content[:-500])
    told = [f"{problem.where}: {problem.what}" for problem in verify(folder)]
    assert any("500 bytes are missing" in one for one in told)
    assert any(re.search("capture .* is catalogued, but there is no journal record", one) for one in told)
    path.unlink()
    assert any("the file is missing" in problem.what for problem in verify(folder))


def test_writing_goes_on_behind_a_short_file(sample: Path, tmp_path: Path) -> None:
    """A WARC file that lost its end is left alone; what comes next goes into a new one."""
    folder = copy(sample, tmp_path / "archive")
    path = warc_of(folder)
    path.write_bytes(path.read_bytes()[:-500])
    with opened(folder) as store:
        assert store.repaired.short == (path.name,)
        with store.batch():
            stored, _ = put(store, page("https://paper.example/new"))
    assert stored.file != path.name


def test_verify_holds_the_catalog_against_warc(sample: Path, tmp_path: Path) -> None:
    """A row that is missing, or says something else than warc/, is told."""
    folder = copy(sample, tmp_path / "archive")
    with Catalog(folder / "catalog.sqlite", write=True) as catalog:
        first, second, *_ = (catalog.captures(entry.id)[0] for entry in catalog.entries())
    with sqlite3.connect(folder / "catalog.sqlite") as db:
        db.execute("DELETE FROM captures WHERE id = ?", (first.id,))
        db.execute("UPDATE captures SET digest = 'sha256:00' WHERE id = ?", (second.id,))
    db.close()
    told = [(problem.layer, problem.what) for problem in verify(folder)]
    assert told == [
        ("catalog", f"capture {first.id} of {first.url} is stored, but not catalogued"),
        ("catalog", f"capture {second.id} is catalogued with digest sha256:00, stored with {second.digest}"),
    ]


def test_verify_names_a_damaged_page_of_the_catalog(sample: Path, tmp_path: Path) -> None:
    folder = copy(sample, tmp_path / "archive")
    path = folder / "catalog.sqlite"
    content = bytearray(path.read_bytes())
    content[4096 * 3 : 4096 * 5] = b"\xff" * 8192
    path.write_bytes(content)
    problems = list(verify(folder))
    assert problems
    assert {problem.layer for problem in problems} == {"catalog"}
    assert all("rebuild" in problem.remedy for problem in problems)


@pytest.mark.parametrize("damage", ["none", "bit", "padding", "end", "row", "digest"])
def test_processes_of_their_own_tell_the_same(
    sample: Path, tmp_path: Path, damage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the same order, of stretches as short as there are."""
    monkeypatch.setattr("archive.storage.verify._STRETCH", 1)
    folder = copy(sample, tmp_path / "archive")
    path = warc_of(folder)
    content = bytearray(path.read_bytes())
    starts = sorted(found.place.offset for found in scan(path))
    content[starts[2] + 40] ^= damage == "bit"
    content[starts[2] - 9] ^= 128 * (damage == "padding")
    path.write_bytes(content[: -500 if damage == "end" else None])
    with closing(sqlite3.connect(folder / "catalog.sqlite")) as db, db:
        if damage == "row":
            db.execute("DELETE FROM captures WHERE rowid = (SELECT min(rowid) FROM captures)")
        if damage == "digest":
            db.execute("UPDATE captures SET digest = 'sha256:00' WHERE rowid = (SELECT max(rowid) FROM captures)")
    steps: list[tuple[int, int | None]] = []
    told = list(verify(folder, processes=1))
    assert list(verify(folder, lambda *step: steps.append(step), processes=2)) == told
    assert bool(told) == (damage != "none")
    assert damage == "end" or steps[-1] == (len(content), len(content))


def test_a_process_that_does_not_answer_costs_no_more_than_time(sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.storage.verify_apart.sys.executable", "/bin/false")
    assert list(verify(sample, processes=2)) == []
    monkeypatch.setattr("archive.storage.verify_apart.sys.executable", "/nowhere")
    assert list(verify(sample, processes=2)) == []


def test_a_rebuild_steps_over_damage(sample: Path, tmp_path: Path) -> None:
    """What is whole is catalogued again; nothing stored later refers to a body that is no longer there."""
    folder = copy(sample, tmp_path / "archive")
    path = warc_of(folder)
    original = next(one for one in scan(path) if isinstance(one, Record) and b"twice" in one.block)
    content = bytearray(path.read_bytes())
    content[original.place.offset + 30] ^= 0xFF
    path.write_bytes(content)
    with opened(folder, fresh=True) as store:
        with store.batch() as rows:
            items = list(store.uncatalogued())
            for item in items:
                if isinstance(item, Stored):
                    rows.put_capture(item, item.capture.key)
        store.adopt()
    assert [type(item) for item in items].count(Stored) == 4
    assert [item.place.offset for item in items if isinstance(item, Damage)] == [original.place.offset]
    with opened(folder) as store, store.batch():
        stored, _ = put(store, page("https://paper.example/thrice", b"twice " * 100))
        assert store.reader.read(stored.content or Place("", 0)).kind == "response"


def test_verify_beside_a_writer_raises_no_false_alarm(tmp_path: Path) -> None:
    """A writer that opens the archive, commits and leaves it while verify reads: at each of its steps."""
    folder = new_folder(tmp_path / "archive")
    numbers = iter(range(12))

    def write(*_: object) -> None:
        with opened(folder, max_warc=3000) as store:
            for number in islice(numbers, 2):
                with store.batch():
                    put(store, page(f"https://paper.example/{number}"))

    write()
    assert list(verify(folder, write)) == []
    assert not list(numbers)


def test_verify_beside_a_busy_writer_raises_no_false_alarm(tmp_path: Path) -> None:
    """Whatever moment verify begins at: writers come and go all the time."""
    folder = new_folder(tmp_path / "archive")
    over = threading.Event()

    def write() -> None:
        number = 0
        while not over.is_set():
            with opened(folder, max_warc=20_000) as store:
                for _ in range(3):
                    with store.batch():
                        put(store, page(f"https://paper.example/{number}"))
                    number += 1

    writer = threading.Thread(target=write)
    with opened(folder) as store, store.batch():
        put(store, page("https://paper.example/first"))
    writer.start()
    try:
        found = [problem for _ in range(15) for problem in verify(folder)]
    finally:
        over.set()
        writer.join()
    assert found == []
