"""Pages read by worker processes: one that dies costs nothing but the page it died of, and scripts need no guard."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from test_import import TEXT, Opened, opened, page, warc_of  # noqa: F401 - `opened` is a fixture

from archive import JobState, Outcome, UsageError
from archive.extraction import Page, stated
from archive.model import Stated
from archive.reading import Reader
from archive.reading.nursery import FORKS, Nursery, Process
from archive.reading.packing import packed, unpacked

DEADLY = "This page is the end of whoever reads it."
# What stands in for a page that takes all memory: the system kills the process that reads it, every time.
KILLED = f"""
import os, pickle, signal
load = pickle.load
def deadly(file):
    found = load(file)
    for one in found if isinstance(found, tuple) else (found,):
        if {DEADLY.encode()!r} in getattr(one, "payload", b""):
            os.kill(os.getpid(), signal.SIGKILL)
    return found
pickle.load = deadly
"""


@pytest.fixture
def deadly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes that are started from now on die of a page with DEADLY in it."""
    (tmp_path / "killed").mkdir()
    (tmp_path / "killed" / "sitecustomize.py").write_text(KILLED)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "killed"))


def a_page(number: int, more: str = "") -> Page:
    return Page(f"https://a.example/{number}", page(f"Story {number}", more), "utf-8", "text/html")


def a_text(number: int, more: str = "") -> Page:
    said = Stated(f"Note {number}", (), None, None, "", "en")
    text = f"The council of Bergen met, and note {number} was read to all who had come. {more}"
    return Page(f"https://a.example/{number}", stated.written(text, said), "utf-8", "text/html")


def workers() -> list[int]:
    """The processes that read for this one: they come of one that it has started, or are that where none forks."""
    readers = _readers()
    ours = [number for number, parent in readers.items() if parent == os.getpid()]
    return [number for number, parent in readers.items() if parent in ours] if FORKS else ours


def _readers() -> dict[int, int]:
    """Whatever process reads, with its parent."""
    parents = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            _, _, rest = status.read_text().rpartition(")")
            if b"archive.reading.worker" in status.with_name("cmdline").read_bytes():
                parents[int(status.parent.name)] = int(rest.split()[1])
        except OSError:
            continue
    return parents


def test_a_page_that_kills_its_reader_twice_is_told_and_the_others_are_read(deadly: None) -> None:
    with Reader("none") as reader:
        reader.use_workers(2)
        futures = [reader.submit(a_page(n, DEADLY if n == 3 else "")) for n in range(12)]
        reads = [future.result() for future in futures]
    assert [n for n, read in enumerate(reads) if read.article is None] == [3]
    assert reads[3].outcome is Outcome.NO_TEXT
    assert reads[3].detail == "the page could not be read: each of 2 processes that read it ended (signal 9)"


def test_texts_are_given_to_a_reader_some_at_a_time_and_one_that_kills_it_is_told_alone(deadly: None) -> None:
    with Reader("none") as reader:
        reader.use_workers(2)
        reader.submit(a_text(0)).result()
        futures = [reader.submit(a_text(n, DEADLY if n == 13 else "")) for n in range(40)]
        reads = [future.result() for future in futures]
    assert [n for n, read in enumerate(reads) if read.article is None] == [13]
    assert reads[13].detail == "the page could not be read: each of 2 processes that read it ended (signal 9)"
    assert [read.article.title for read in reads if read.article] == [f"Note {n}" for n in range(40) if n != 13]


def test_closing_leaves_nobody_waiting_for_a_text() -> None:
    reader = Reader("none")
    reader.use_workers(1)
    futures = [reader.submit(a_text(n)) for n in range(500)]
    futures[0].result()
    reader.close()
    assert all(future.done() for future in futures)
    assert any(future.cancelled() for future in futures)


@pytest.mark.slow
def test_workers_killed_from_outside_lose_no_page() -> None:
    """Killed once and again while a batch is read: every page is read all the same."""
    with Reader("none") as reader:
        reader.use_workers(2)
        reader.submit(a_page(0)).result()
        futures = [reader.submit(a_page(n)) for n in range(300)]
        for done in (50, 150, 250):  # each time all before is read, also what was hit last: no page meets it twice
            for future in futures[: done + 1]:
                future.result()
            os.kill(workers()[0], signal.SIGKILL)
        reads = [future.result() for future in futures]
    assert all(read.article for read in reads)
    assert workers() == []


@pytest.mark.skipif(not FORKS, reason="here each worker is started anew")
def test_what_workers_need_is_loaded_once_and_again_when_that_process_was_killed() -> None:
    with Reader("none") as reader:
        reader.use_workers(2)
        for _ in range(2):
            futures = [reader.submit(a_page(n)) for n in range(6)]
            assert all(future.result().article for future in futures)
            found = workers()
            assert len(found) == 2
            (parent,) = {parent for number, parent in _readers().items() if number in found}
            for number in (parent, *found):
                os.kill(number, signal.SIGKILL)
    assert workers() == []


@pytest.mark.skipif(not FORKS, reason="here each worker is started anew")
@pytest.mark.parametrize(("kind", "loaded"), [(a_text, False), (a_page, True)])
def test_what_reads_pages_is_loaded_for_pages_not_for_texts(kind: Callable[[int], Page], loaded: bool) -> None:
    with Reader("none") as reader:
        reader.use_workers(1)
        assert all(future.result().article for future in [reader.submit(kind(n)) for n in range(3)])
        (worker,) = workers()
        assert ("lxml" in Path(f"/proc/{worker}/maps").read_text()) is loaded


def test_who_submits_does_not_wait_for_workers_to_start(monkeypatch: pytest.MonkeyPatch) -> None:
    start, new = threading.Event(), Nursery.new

    def held(nursery: Nursery, *, texts: bool) -> Process:
        assert start.wait(30)
        return new(nursery, texts=texts)

    monkeypatch.setattr(Nursery, "new", held)
    with Reader("none") as reader:
        reader.use_workers(2)
        futures = [reader.submit(a_text(n)) for n in range(20)]
        start.set()
        assert all(future.result().article for future in futures)


@pytest.mark.slow
def test_an_import_goes_on_behind_a_page_that_kills_its_readers(deadly: None, opened: Opened, tmp_path: Path) -> None:  # noqa: F811
    """And so do a rebuild, and what catalogues after a crash: the page is in the archive with its reason."""
    pages = [(f"https://a.example/{n}", page(f"Story {n}", DEADLY if n == 30 else "")) for n in range(40)]
    given = tmp_path / "x.warc.gz"
    given.write_bytes(warc_of(*pages))
    archive = opened()
    imported = list(archive.import_files([given]))
    bad = [item for item in imported if item.state is not JobState.DONE]
    assert [(item.url, item.outcome) for item in bad] == [("https://a.example/30", Outcome.NO_TEXT)]
    assert "ended (signal 9)" in bad[0].detail
    assert archive.counts().articles == 39
    assert archive.rebuild() == 40
    assert archive.counts().articles == 39
    assert "ended (signal 9)" in archive.find("https://a.example/30").detail


def test_where_no_worker_can_be_started_pages_are_read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nonexistent/python")
    with Reader("none") as reader:
        reader.use_workers(1)
        assert reader.read(a_page(1)).article


def test_a_worker_that_does_not_come_up_is_no_pages_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sitecustomize.py").write_text("import os; os._exit(3)")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with Reader("none") as reader:
        reader.use_workers(1)
        assert reader.read(a_page(1)).article


def test_closing_waits_for_nothing_that_is_being_read() -> None:
    big = Page("https://a.example/", b"<p>" + TEXT.encode() * 40_000, "utf-8", "text/html")
    reader = Reader("default")
    reader.use_workers(1)
    reader.read(a_page(1))
    reader.submit(big)
    time.sleep(0.3)
    began = time.monotonic()
    reader.close()
    assert time.monotonic() - began < 3
    assert workers() == []
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("backfile-read")]


@pytest.mark.slow
def test_a_script_without_a_main_guard_runs_once(tmp_path: Path) -> None:
    """Workers do not run the script that started them: it prints its line once, and needs no `if __name__ …`."""
    pages = [(f"https://a.example/{n}", page(f"Story {n}")) for n in range(30)]
    (tmp_path / "x.warc.gz").write_bytes(warc_of(*pages))
    (tmp_path / "script.py").write_text(
        "from pathlib import Path\n"
        "from archive import create_archive, open_archive\n"
        "print('begun')\n"
        "create_archive('a').close()\n"
        "with open_archive('a') as archive:\n"
        "    print(len(list(archive.import_files([Path('x.warc.gz')]))))\n"
    )
    done = subprocess.run(
        [sys.executable, "script.py"], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "begun\n30\n", "")


def test_a_worker_that_is_left_alone_before_it_was_asked_ends_without_a_word(tmp_path: Path) -> None:
    """Whoever made it was killed: what it would say comes between the lines of somebody's shell."""
    ran = subprocess.run(
        [sys.executable, "-m", "archive.reading.worker"], stdin=subprocess.DEVNULL, capture_output=True, timeout=60,
        check=False, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
    )  # fmt: skip
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, b"", b"")


def test_a_recogniser_that_is_not_there_is_said_as_ever() -> None:
    with Reader("no such one") as reader:
        with pytest.raises(UsageError) as here:
            reader.read(a_page(1))
        reader.use_workers(1)
        with pytest.raises(UsageError) as there:
            reader.read(a_page(1))
    assert str(there.value) == str(here.value)


def test_of_texts_that_are_read_together_each_says_what_hinders_it() -> None:
    with Reader("no such one") as reader:
        reader.use_workers(1)
        for future in [reader.submit(a_text(n)) for n in range(20)]:
            with pytest.raises(UsageError, match="no such one"):
                future.result(timeout=60)


def test_what_was_read_comes_back_as_it_was() -> None:
    """Through a worker, too: structure, links, names, dates with their zones, half characters, values of others."""
    more = (
        '<meta property="article:published_time" content="2025-01-31T10:00:00.5+05:30"><ul><li>Mayor Ada Brandt of '
        'Oslo</li><li>On Tuesday, <a href="https://b.example/x">the board</a> met.</li></ul><blockquote>No</blockquote>'
    )
    with Reader("default") as reader:
        here = reader.read(a_page(1, more))
        reader.use_workers(1)
        assert reader.read(a_page(1, more)) == here
    assert here.article is not None
    assert here.reading.mentions
    assert isinstance(packed(here), bytes)
    assert unpacked(packed(here)) == here
    halved = replace(here, article=replace(here.article, title="half \ud83d"))
    assert unpacked(packed(halved)) == halved
    others = replace(here, detail=7)  # type: ignore[arg-type]  # what a recogniser of others might put somewhere
    assert unpacked(packed(others)) is None


def test_what_is_missing_in_the_installation_is_no_page_s_fault() -> None:
    """Without a package that reading needs, the command says so, rather than keep every page as one without text."""
    script = (
        "import sys; sys.modules['trafilatura'] = None\n"
        "from archive.extraction import Page\n"
        "from archive.reading import Reader\n"
        f"Reader('none').read(Page('https://a.example/1', {page('Story', '')!r}, 'utf-8', 'text/html'))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "ModuleNotFoundError" in done.stderr
