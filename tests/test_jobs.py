"""Whatever brings pages in is one kind of job: it has items, is claimed by who works on it, goes on where it was."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from newsroom import Newsroom
from test_import import Opened, opened, story, write  # noqa: F401 - `opened` is a fixture
from test_import_kill import IMPORT

from archive import (
    Archive,
    ArchiveSettings,
    Fetched,
    Job,
    JobKind,
    JobState,
    LinkSettings,
    Outcome,
    Request,
    WatchKind,
    create_archive,
    open_archive,
)
from archive.storage.catalog.database import SCHEMA

ADD = """
import sys
from archive import open_archive
with open_archive(sys.argv[1]) as archive:
    for page in archive.add(sys.argv[2:]):
        print(page.url, flush=True)
"""
HOURS_AGO = (datetime.now(UTC) - timedelta(hours=5)).isoformat(timespec="microseconds")


def counts(job: Job) -> dict[str, int]:
    return {state.value: count for state, count in job.counts.items() if count}


def slow(newsroom: Newsroom, delay: float) -> str:
    """Settings with which a host is asked every `delay` seconds."""
    return newsroom.toml().replace("delay = 0.0", f"delay = {delay}") + "\n[links]\ndepth = 0"


def adds(archive: Archive) -> list[Job]:
    return archive.jobs(JobKind.ADD)


def test_add_is_a_job_with_its_urls_as_items(newsroom: Newsroom, opened: Opened) -> None:  # noqa: F811
    good = newsroom.add("https://a.example/1", story("One"))
    archive = opened()
    list(archive.add([good, "https://a.example/gone", "no url", f"{good}?utm_source=x"]))
    (job,) = adds(archive)
    assert counts(job) == {"done": 1, "failed": 1, "rejected": 1}
    assert job.ended is not None
    assert not job.running
    (done,) = archive.job_items(job.number, JobState.DONE)
    assert (done.url, done.id) == (good, archive.find(good).id)
    (failed,) = archive.job_items(job.number, JobState.FAILED)
    assert failed.detail.startswith("not found")
    assert archive.job(job.number) == job
    assert archive.jobs() == []  # imports, unless asked otherwise


def test_each_add_is_a_job_of_its_own_once_it_has_ended(newsroom: Newsroom, opened: Opened) -> None:  # noqa: F811
    good = newsroom.add("https://a.example/1", story("One"))
    archive = opened()
    for _ in range(2):
        list(archive.add([good]))
    assert next(archive.add([good], again=True)).outcome is Outcome.UNCHANGED
    assert [counts(job) for job in adds(archive)] == [{"done": 1}] * 3
    assert newsroom.hits(good) == 2


@pytest.mark.slow
def test_a_stopped_add_goes_on_where_it_was_however_long_ago(newsroom: Newsroom, tmp_path: Path) -> None:
    """Killed, and called again hours later: what it had archived is left alone, the rest is asked for, in one job."""
    folder = tmp_path / "archive"
    create_archive(folder).close()
    (folder / "backfile.toml").write_text(
        newsroom.toml().replace("delay = 0.0", "delay = 0.3") + "\n[links]\ndepth = 0"
    )
    urls = [newsroom.add(f"https://a.example/{n}", story(f"Story {n}")) for n in range(12)]
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    with subprocess.Popen(
        [sys.executable, "-c", ADD, str(folder), *urls], stdout=subprocess.PIPE, text=True, env=env
    ) as running:
        assert running.stdout is not None
        reported = [running.stdout.readline().strip() for _ in range(6)]
        with open_archive(folder) as archive:
            (job,) = adds(archive)
            assert job.running
        running.send_signal(signal.SIGKILL)
    with closing(sqlite3.connect(folder / "catalog.sqlite")) as db, db:  # as if that had been hours ago
        db.execute("UPDATE captures SET at = ?1, placed = ?1", (HOURS_AGO,))
        db.execute("UPDATE entries SET first_captured = ?1, last_captured = ?1", (HOURS_AGO,))
        db.execute("UPDATE jobs SET begun = ?", (HOURS_AGO,))
    with open_archive(folder) as archive:
        (job,) = adds(archive)
        assert (job.ended, job.running) == (None, False)
        added = {page.url: page.outcome for page in archive.add(urls)}
        assert set(added) == set(urls)
        assert all(added[url] is Outcome.UNCHANGED for url in reported)
        assert all(newsroom.hits(url) == 1 for url in reported)
        (job,) = adds(archive)
        assert counts(job) == {"done": 12}
        assert job.ended is not None
        list(archive.add(urls))  # now it is another job, and hours are hours
        assert all(newsroom.hits(url) == 2 for url in reported)


@pytest.mark.slow
def test_an_add_that_nobody_listens_to_any_more_stays_open(newsroom: Newsroom, opened: Opened) -> None:  # noqa: F811
    urls = [newsroom.add(f"https://h{n}.example/", story(f"Story {n}")) for n in range(40)]
    archive = opened()
    running = archive.add(urls)
    reported = next(running).url
    running.close()
    (job,) = adds(archive)
    assert job.ended is None
    list(archive.add(urls))
    (job,) = adds(archive)
    assert counts(job) == {"done": 40}
    assert newsroom.hits(reported) == 1  # only what was under way is asked for again


class Shelf:
    """Answers every address at once."""

    def fetch(self, request: Request) -> Fetched:
        return Fetched(request, (), Outcome.NOT_FOUND, "returned 404", request.url)


@pytest.mark.slow
def test_memory_does_not_grow_with_the_urls(tmp_path: Path) -> None:
    """Ten times as many URLs need next to no more memory, but for eight bytes a URL and what holds them."""

    def peak(count: int) -> int:
        folder = tmp_path / str(count)
        create_archive(folder).close()
        settings = ArchiveSettings(links=LinkSettings(depth=0))
        with Archive(folder, settings, fetcher=Shelf()) as archive:
            tracemalloc.start()
            for _ in archive.add(f"https://h{n % 97}.example/{n}" for n in range(count)):
                pass
            found = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            assert counts(adds(archive)[0]) == {"failed": count}
        return found

    peak(50)  # what is loaded only once
    few, many = peak(500), peak(5000)
    assert many - few < 4500 * 600 + 2**21, (few, many)


def test_a_run_of_the_watches_is_a_job(newsroom: Newsroom, opened: Opened) -> None:  # noqa: F811
    page = newsroom.add("https://a.example/1", story("One"))
    archive = opened()
    archive.watches.add(page, WatchKind.PAGE)
    list(archive.watches.run())
    list(archive.watches.run())  # nothing is due: no job
    (job,) = archive.jobs(JobKind.WATCH)
    assert (counts(job), job.ended is not None) == ({"done": 1}, True)


def before(path: Path) -> None:
    """Makes a catalog as releases before this format left it."""
    with closing(sqlite3.connect(path)) as db, db:
        for column in ("claim", "waiting", "done", "failed", "rejected"):
            db.execute(f"ALTER TABLE jobs DROP COLUMN {column}")
        db.execute("DROP INDEX readings_uncounted")
        for table, column in (("entries", "added_by"), ("entries", "edits"), ("captures", "added_by"),
            ("captures", "login"), ("captures", "memento"), ("readings", "counted"),
        ):  # fmt: skip
            db.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
        db.execute("DROP TABLE resources")
        db.execute("DROP TABLE forgotten")
        db.execute("DROP TABLE tags")
        db.execute("CREATE TABLE tags (entry INTEGER NOT NULL, tag TEXT NOT NULL, PRIMARY KEY (entry, tag)) STRICT")
        db.execute("DELETE FROM migrations WHERE number > 1")
        db.execute("PRAGMA user_version = 1")


@pytest.mark.parametrize("first", ["read", "write", "rebuild"])
def test_a_catalog_of_an_older_format_goes_on(first: str, newsroom: Newsroom, opened: Opened, tmp_path: Path) -> None:  # noqa: F811
    """Its jobs keep their items and are counted, whatever is done first: looking, adding, or a rebuild."""
    good = newsroom.add("https://a.example/1", story("One"))
    listed = write(tmp_path, "links.csv", f"url\n{good}\nhttps://a.example/gone\nnothing here\n")
    archive = opened()
    list(archive.import_files([listed]))
    archive.close()
    before(archive.folder / "catalog.sqlite")
    archive = opened()
    if first == "write":
        list(archive.add([good]))
    elif first == "rebuild":
        archive.rebuild()
    (job,) = archive.jobs()
    assert counts(job) == {"done": 1, "failed": 1, "rejected": 1}
    assert [item.url for item in archive.job_items(1, JobState.FAILED)] == ["https://a.example/gone"]
    archive.close()
    with closing(sqlite3.connect(archive.folder / "catalog.sqlite")) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (SCHEMA,)


# -- acts beside long work ---------------------------------------------------------------------------------------------

TAG = """
import sys, time
from archive import open_archive
began = time.monotonic()
with open_archive(sys.argv[1]) as archive:
    archive.add_tags(archive.find(sys.argv[2]).id, sys.argv[3:])
print(time.monotonic() - began)
"""


@pytest.fixture
def busy(newsroom: Newsroom, tmp_path: Path) -> Iterator[tuple[Path, subprocess.Popen[bytes]]]:
    """An archive with one entry, and an import into it that takes long: a slow host, asked at its pace."""
    folder = tmp_path / "archive"
    create_archive(folder).close()
    (folder / "backfile.toml").write_text(
        newsroom.toml().replace("delay = 0.0", "delay = 0.5") + "\n[links]\ndepth = 0"
    )
    with open_archive(folder) as archive:
        list(archive.add([newsroom.add("https://first.example/", story("First"))]))
    urls = [newsroom.add(f"https://a.example/{n}", story(f"Story {n}")) for n in range(200)]
    listed = write(tmp_path, "links.txt", "\n".join(urls))
    code = (
        "import sys; from pathlib import Path; from archive import open_archive\nwith open_archive(sys.argv[1]) as a:\n"
    )
    code += "    for _ in a.import_files([Path(sys.argv[2])]): pass"
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    with subprocess.Popen([sys.executable, "-c", IMPORT, str(folder), str(listed)], env=env) as running:
        while newsroom.hits(urls[0]) == 0:
            assert running.poll() is None
            time.sleep(0.02)
        yield folder, running
        running.kill()


def tagged(folder: Path, *tags: str) -> subprocess.Popen[str]:
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    return subprocess.Popen(
        [sys.executable, "-c", TAG, str(folder), "https://first.example/", *tags], stdout=subprocess.PIPE, text=True,
        env=env,
    )  # fmt: skip


@pytest.mark.slow
def test_tags_during_an_import_do_not_wait_for_its_end(busy: tuple[Path, subprocess.Popen[bytes]]) -> None:
    """Five at once: none is lost, none waits long, the import goes on, and a rebuild repeats them."""
    folder, importing = busy
    tags = [tagged(folder, f"t{n}a", f"t{n}b") for n in range(5)]
    waited = [float(one.communicate(timeout=60)[0]) for one in tags]
    assert [one.returncode for one in tags] == [0] * 5
    assert importing.poll() is None, "the import was over before"
    assert max(waited) < 20
    wanted = tuple(sorted(f"t{n}{ab}" for n in range(5) for ab in "ab"))
    with open_archive(folder) as archive:
        entry = archive.find("https://first.example/")
        assert entry.tags == wanted
        before = archive.counts().captures
        until = time.monotonic() + 30
        while archive.counts().captures == before and time.monotonic() < until:
            time.sleep(0.1)
        assert archive.counts().captures > before, "the import does not go on"
        importing.kill()
        importing.wait()
        archive.remove_tags(entry.id, ["t0a", "t9z"])
        assert list(archive.verify()) == []
        archive.rebuild()
        assert archive.find("https://first.example/").tags == tuple(tag for tag in wanted if tag != "t0a")


@pytest.mark.slow
def test_an_act_killed_in_its_turn_does_not_stop_the_import(busy: tuple[Path, subprocess.Popen[bytes]]) -> None:
    """Killed at any moment, before, in and behind its turn: the import goes on, and nothing is damaged."""
    folder, importing = busy
    for n in range(8):
        act = tagged(folder, f"t{n}")
        time.sleep(0.2 + n * 0.06)
        act.kill()
        act.communicate()
    assert importing.poll() is None
    last = tagged(folder, "last")
    last.communicate(timeout=60)
    assert last.returncode == 0
    importing.kill()
    importing.wait()
    with open_archive(folder) as archive:
        assert "last" in archive.find("https://first.example/").tags
        list(archive.add(["https://first.example/"]))
        assert list(archive.verify()) == []
        tags = archive.find("https://first.example/").tags
        archive.rebuild()
        assert archive.find("https://first.example/").tags == tags


def test_a_second_long_writer_waits_as_ever(busy: tuple[Path, subprocess.Popen[bytes]]) -> None:
    from archive import LockedError
    from archive.config import StoreSettings
    from archive.storage import open_store

    folder, importing = busy
    with pytest.raises(LockedError, match=str(importing.pid)):
        open_store(folder, StoreSettings(), wait=1.0)
