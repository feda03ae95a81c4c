"""Several processes at one archive: who stores and catalogues, who fetches and reads for it, and what dies."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from buckets import LocalBucket, serving
from newsroom import Newsroom
from sites import as_served, shown
from test_browser_capture import need_browser

from archive import JobKind, Kind, LockedError, Method, Outcome, Resources, StorageError, UsageError
from archive.fetch.pace import HostRestsError
from archive.storage.catalog.database import connect
from archive.storage.catalog.postgresql import plain
from archive.storage.opening import open_store
from archive.storage.places import Server, catalog_of, server_of
from archive.storage.turns import is_writing, token
from archive.team.pacing import ServerPace
from archive.team.packing import packed_take, unpacked_take
from archive.team.queue import LIFE, Queue, counts
from backfile.desk import create_desk, open_desk
from backfile.views.bringing import WorkedRow
from backfile.views.keeping import StatusRow
from backfile.views.row import meanings

pytestmark = pytest.mark.servers
DELAY = 0.25
HOSTS = 10
_COMMAND = "import sys; from backfile.cli.main import main; sys.exit(main())"
_HURRIED = f"import archive.wiring; archive.wiring.LOCK_WAIT = 0.2; {_COMMAND}"
_WRITING = """
import sys
from archive import open_archive
from archive.storage.opening import open_store
with open_archive(sys.argv[1]) as archive:
    store = open_store(archive.folder, archive.settings.store)
    print("writing", flush=True)
    sys.stdin.read()
    store.close()
"""
_ENDED = 240  # seconds in which whatever is to end must have ended


def address(server: str) -> str:
    return f"{server}?schema=t{uuid4().hex}"


def new_archive(folder: Path, newsroom: Newsroom, catalog: str = "", captures: str = "") -> Path:
    create_desk(folder, catalog=catalog, captures=captures).close()
    fetch = newsroom.settings()
    routes = "\n".join(f"{json.dumps(name)} = {json.dumps(to)}" for name, to in fetch.connect_to.items())
    store = f'[store]\ncatalog = "{catalog}"\ncaptures = "{captures}"\n' if catalog else ""
    (folder / "backfile.toml").write_text(
        f'[fetch]\nallow_addresses = ["127.0.0.0/8"]\nca_bundle = "{newsroom.ca_file}"\ndelay = {DELAY}\nper_host = 1\n'
        f"concurrency = 2\nfresh_for = 0\n[fetch.connect_to]\n{routes}\n[links]\ndepth = 1\n{store}"
    )
    return folder


@dataclass
class Started:
    """The command in a process of its own."""

    process: subprocess.Popen[str]
    told: Path

    @property
    def code(self) -> int | None:
        """Its exit status; None while it runs."""
        return self.process.poll()

    @property
    def out(self) -> str:
        return self.told.read_text()

    @property
    def rows(self) -> list[dict[str, Any]]:
        """What it said as JSON; a last line that was cut off is none."""
        return [json.loads(line) for line in self.out.splitlines() if line.startswith("{") and line.endswith("}")]

    def ended(self) -> str:
        """What it said, once it has come to its end."""
        assert self.process.wait(timeout=_ENDED) == 0, self.out
        return self.out

    def end(self, how: int = signal.SIGKILL) -> int:
        self.process.send_signal(how)
        return self.process.wait(timeout=_ENDED)


class Team:
    """Processes at one archive; those that still run are killed in the end."""

    def __init__(self, folder: Path, told: Path) -> None:
        self.folder = folder
        self._told = told
        self._all: list[Started] = []

    def start(self, *arguments: str, command: str = _COMMAND) -> Started:
        told = self._told / f"told-{len(self._all)}"
        with told.open("w") as out:
            process = subprocess.Popen(
                [sys.executable, "-c", command, "--dir", str(self.folder), *arguments],
                text=True,
                stdout=out,
                stderr=out,
            )
        self._all.append(Started(process, told))
        return self._all[-1]

    def close(self) -> None:
        for one in self._all:
            one.end()


@pytest.fixture
def bucket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalBucket]:
    """One that the environment leads to."""
    with serving(tmp_path / "buckets") as bucket:
        for name, value in bucket.env.items():
            monkeypatch.setenv(name, value)
        yield bucket


@pytest.fixture
def spread(newsroom: Newsroom, postgresql: str, bucket: LocalBucket, tmp_path: Path) -> Iterator[Team]:
    """A team whose captures lie in a bucket: workers put them there themselves."""
    folder = new_archive(tmp_path / "team", newsroom, address(postgresql), bucket.address("team"))
    with closing(Team(folder, tmp_path)) as team:
        yield team


@pytest.fixture
def team(newsroom: Newsroom, postgresql: str, tmp_path: Path) -> Iterator[Team]:
    with closing(Team(new_archive(tmp_path / "team", newsroom, address(postgresql)), tmp_path)) as team:
        yield team


def stories(newsroom: Newsroom, count: int, wait: float = 0.0) -> list[str]:
    """Pages of several hosts, which share names and cite each other; each is served after `wait` seconds."""
    urls = [f"https://paper{number % HOSTS}.example/story-{number}" for number in range(count)]
    for number, url in enumerate(urls):
        text = (
            f"<p>Mayor Cherelle Parker met Larry Krasner and Officer Maria Lopez{number % 7} of Immigration and "
            f"Customs Enforcement (ICE) in Philadelphia. Item {number} of the agenda was put off until Tuesday.</p>" * 5
        )
        cited = f'<p>See <a href="{urls[(number + 1) % count]}">that</a>.</p>'
        page = f"<title>Story {number}</title><article><h1>Story {number}</h1>{text}{cited}</article>"
        newsroom.add(url, page, wait=wait)
    return urls


_SAID = """
SELECT id, key, url, final_url, title, version FROM entries;
SELECT id, number, v.title, text_digest FROM versions v JOIN entries e ON e.num = v.entry;
SELECT id, n, l.key FROM links l JOIN entries ON num = entry;
SELECT n.kind, canonical, n.country, site, stories, times, name, aliases FROM names n
LEFT JOIN things t ON t.num = n.thing;
SELECT e.id, kind, canonical, m.times FROM mentions m JOIN names n ON n.num = name JOIN entries e ON e.num = entry
"""


def said(folder: Path) -> list[list[tuple[Any, ...]]]:
    """All that a catalog says of pages, whatever its rows are numbered."""
    with closing(connect(catalog_of(folder), write=False)) as db:
        return [sorted(db.execute(sql), key=repr) for sql in _SAID.split(";")]


def test_what_dies_loses_nothing_and_no_host_is_asked_too_fast(
    newsroom: Newsroom, spread: Team, tmp_path: Path
) -> None:
    """Workers and the one that catalogues are killed again and again; in the end all is as one makes it alone."""
    team = spread
    urls = stories(newsroom, 90)
    chance = random.Random(7)
    workers = [team.start("work") for _ in range(3)]
    adding = [team.start("add", "--json", *urls)]
    kills = 0
    end = time.monotonic() + 2 * _ENDED
    while adding[-1].code is None:
        assert time.monotonic() < end
        time.sleep(chance.random())
        if kills < 12:
            number = chance.randrange(3)
            workers[number].end()
            workers[number] = team.start("work")
            kills += 1
            if kills % 4 == 0 and adding[-1].code is None:
                adding[-1].end()
                adding.append(team.start("add", "--json", *urls))
    assert kills == 12
    assert adding[-1].code == 0, adding[-1].out
    with open_desk(team.folder) as desk:
        held = {entry.id: entry.url for entry in desk.archive.entries()}
        assert set(held.values()) == set(urls)
        assert {row["id"] for one in adding for row in one.rows} <= held.keys()
        assert list(desk.verify()) == []
        assert all(job.ended for job in desk.archive.jobs(*JobKind))
    asked = [(seen.url, seen.at) for seen in newsroom.requests if not seen.url.endswith("/robots.txt")]
    alone = new_archive(tmp_path / "alone", newsroom)
    with open_desk(alone) as desk:
        list(desk.add(urls))
    assert said(team.folder) == said(alone)
    by_host = defaultdict(list)
    for url, at in asked:
        by_host[url.split("/")[2]].append(at.timestamp())
    assert len(by_host) == HOSTS
    for times in map(sorted, by_host.values()):
        # How soon the answering side notes a request is its own affair: five in a row even that out.
        assert all(last - first >= 4 * DELAY - 0.3 for first, last in zip(times, times[4:], strict=False))


def test_workers_take_what_a_run_has_no_hands_for(newsroom: Newsroom, team: Team) -> None:
    urls = stories(newsroom, 40, wait=0.5)  # for which the run's two hands alone would take ten seconds
    worker = team.start("work", "--json")
    wait_for(lambda: workers_of(team.folder) > 0)
    with open_desk(team.folder) as desk:
        added = list(desk.add(urls, depth=0))
        assert {one.outcome for one in added} == {Outcome.OK}
        assert desk.archive.counts().articles == 40
        assert list(desk.verify()) == []
    worker.end(signal.SIGINT)
    assert len(worker.rows) > 3
    assert {tuple(row) for row in worker.rows} == {tuple(meanings(WorkedRow))}
    assert {(row["detail"], row["came"]) for row in worker.rows} == {("ok", True)}


def place_of(folder: Path) -> Server:
    place = catalog_of(folder)
    assert isinstance(place, Server)
    return place


def workers_of(folder: Path) -> int:
    with Queue(place_of(folder)) as queue:
        return queue.workers()


def wait_for(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + _ENDED
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.1)


def test_what_waits_is_catalogued_and_all_end_when_nothing_is_left(newsroom: Newsroom, team: Team) -> None:
    """Two that catalogue: one does it, the other waits for its turn and finds nothing left."""
    urls = stories(newsroom, 20)
    with open_desk(team.folder) as desk:
        job = desk.plan_add(urls, depth=0, tags=["planned"])
    started = [team.start(name, "--until-idle") for name in ("catalogue", "catalogue", "work")]
    wait_for(lambda: all(one.code is not None for one in started))
    assert [one.code for one in started] == [0, 0, 0], [one.out for one in started]
    with open_desk(team.folder) as desk:
        done = desk.archive.job(job.number)
        assert done is not None
        assert done.ended
        assert desk.archive.counts().captures == 20
        assert desk.search("tag:planned").total == 20


def test_who_adds_while_another_one_writes_waits_for_its_turn(
    newsroom: Newsroom, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it was asked for is written down at once, and done when the other one has ended, by whoever comes first."""
    urls = stories(newsroom, 8)
    monkeypatch.setattr("archive.wiring.LOCK_WAIT", 0.3)
    with open_desk(team.folder) as desk, open_desk(team.folder) as other:
        first = desk.add(urls[:6], depth=0)
        next(first)
        came: list[str] = []
        thread = Thread(target=lambda: came.extend(one.url for one in other.add(urls[6:], depth=0, tags=["late"])))
        thread.start()
        rest = list(first)
        thread.join(_ENDED)
        assert not thread.is_alive()
        assert len(rest) == 5
        assert sorted(came) == sorted(urls[6:])
        assert desk.archive.counts().articles == 8
        assert desk.search("tag:late").total == 2


@pytest.mark.parametrize("browser", [False, pytest.param(True, marks=pytest.mark.browser)])
def test_how_it_is_to_be_added_is_written_down_too(
    newsroom: Newsroom, team: Team, monkeypatch: pytest.MonkeyPatch, *, browser: bool
) -> None:
    """Again, with what it is shown with, by a browser: no such call waits for hours."""
    if browser:
        need_browser()
    urls = stories(newsroom, 6)
    text = "The harbour board of Whitby voted on Tuesday to spend twelve million pounds on the pier. " * 6
    newsroom.add(urls[0], f'<title>A pier</title><article><h1>A pier</h1><img src="/pier.png"><p>{text}</p></article>')
    monkeypatch.setattr("archive.wiring.LOCK_WAIT", 0.3)
    told: list[str] = []
    with open_desk(team.folder) as desk, open_desk(team.folder, told=told.append) as other:
        assert [one.outcome.has_content for one in desk.add(urls[:1], depth=0, resources=Resources.NONE)] == [True]
        first = desk.add(urls[1:], depth=0)
        next(first)
        came: list[str] = []
        asked = other.add(urls[:1], depth=0, again=True, resources=Resources.PAGE, browser=browser)
        thread = Thread(target=lambda: came.extend(one.url for one in asked))
        thread.start()
        wait_for(lambda: bool(told))
        assert len(list(first)) == 4
        thread.join(_ENDED)
        assert not thread.is_alive()
        ((job, how),) = desk.archive.planned(only_open=False)
        assert (how.again, how.resources, how.browser, bool(job.ended)) == (True, Resources.PAGE, browser, True)
        assert came == urls[:1]
        latest = desk.archive.captures(desk.find(urls[0]).id)[-1]
        assert latest.method is (Method.BROWSER if browser else Method.FETCH)
        assert any("/pier.png" in one.url for one in desk.archive.resources(latest.id))


def test_who_imports_or_watches_waits_for_its_turn_however_long(newsroom: Newsroom, team: Team, tmp_path: Path) -> None:
    """Far longer than others wait; each says once for whom, and one that is stopped meanwhile has done nothing."""
    urls = stories(newsroom, 4)
    lists = []
    for name, some in (("done", urls[:2]), ("stopped", urls[2:])):
        lists.append(tmp_path / f"{name}.txt")
        lists[-1].write_text("".join(f"{url}\n" for url in some))
    wanted = (
        ["import", "--depth", "0", str(lists[0])],
        ["import", str(lists[1])],
        ["watch", "run"],
        ["add", "--retry"],
    )
    with subprocess.Popen(
        [sys.executable, "-c", _WRITING, str(team.folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as writing:
        assert writing.stdin is not None
        assert writing.stdout is not None
        try:
            assert writing.stdout.readline() == "writing\n"
            started = [team.start(*arguments, command=_HURRIED) for arguments in wanted]
            wait_for(lambda: all("Ctrl-C" in one.out for one in started))
            time.sleep(1.0)  # five times as long as others would wait
            assert [one.code for one in started] == [None] * 4, [one.out for one in started]
            for one in started:
                assert one.out.count(f"is being written by process {writing.pid} on ") == 1
            assert started[1].end(signal.SIGINT) == 130
            with open_desk(team.folder) as desk:
                assert desk.jobs() == []
                assert desk.archive.counts().captures == 0
        finally:
            writing.stdin.close()
    wait_for(lambda: all(one.code is not None for one in started))
    assert [one.code for one in started] == [0, 130, 0, 0], [one.out for one in started]
    with open_desk(team.folder) as desk:
        assert {entry.url for entry in desk.archive.entries()} == set(urls[:2])


def test_one_writes_and_says_who_it_is(team: Team) -> None:
    with open_desk(team.folder) as desk, closing(open_store(team.folder, desk.archive.settings.store)) as store:
        assert is_writing(team.folder)
        assert token(team.folder) == store.token != ""
        with pytest.raises(LockedError, match=f"is being written by process {os.getpid()} on ") as raised:
            open_store(team.folder, desk.archive.settings.store)
        assert "\n" not in str(raised.value)
        with Queue(place_of(team.folder)) as queue:
            queue.live()
            row = StatusRow.of(desk.status())
            page = shown(as_served(desk), "/status")
        assert "<dt>Workers</dt><dd>1 at work; 0 pages wait for them, 0 are taken</dd>" in page
        assert f"<dt>Writing</dt><dd>process {os.getpid()} on " in page
        assert (row.workers, row.waiting, row.claimed) == (1, 0, 0)
        assert row.writer is not None
        assert row.writer.startswith(f"process {os.getpid()} on ")
        told = team.start("status").ended()
        assert re.search(r"^Workers +0 at work; 0 pages wait for them, 0 are taken$", told, re.MULTILINE)
        assert re.search(rf"^Writing +process {os.getpid()} on ", told, re.MULTILINE)
    assert not is_writing(team.folder)
    with open_desk(team.folder) as desk:
        assert StatusRow.of(desk.status()).writer == ""
    assert token(team.folder) == ""


def test_a_short_act_is_let_in_between_two_commits(newsroom: Newsroom, team: Team) -> None:
    urls = stories(newsroom, 6)
    with open_desk(team.folder) as desk, open_desk(team.folder) as other:
        with closing(desk.add(urls, depth=0)) as added:
            first = next(added)
            tagging = team.start("tag", first.id, "seen")
            rest = list(added)
            assert tagging.process.wait(timeout=_ENDED) == 0, tagging.out
        assert len(rest) == 5
        assert other.archive.find(first.id).tags == ("seen",)


def test_whoever_lost_the_lease_writes_nothing_any_more(team: Team, postgresql: str) -> None:
    """A connection was cut, another one may write: the first finds out before it does harm."""
    with open_desk(team.folder) as desk:
        store = open_store(team.folder, desk.archive.settings.store)
        with psycopg.connect(postgresql, autocommit=True) as db:
            db.execute("SELECT pg_terminate_backend(%s)", (int(token(team.folder).partition("-")[0]),))
        wait_for(lambda: not is_writing(team.folder))
        with pytest.raises(StorageError, match="the right to write hung on was cut"), store.batch() as rows:
            rows.set_note("x", "y")
        store.close()


def test_folders_on_several_machines_are_doors_to_one_archive(
    newsroom: Newsroom, team: Team, bucket: LocalBucket, postgresql: str, tmp_path: Path
) -> None:
    """Captures in a bucket, catalog on a server: what one folder brings the other has, and a worker works for both."""
    urls = stories(newsroom, 24)
    catalog = address(postgresql)
    one, two = (new_archive(tmp_path / name, newsroom, catalog, bucket.address("team")) for name in ("one", "two"))
    team.folder = two
    worker = team.start("work", "--json")
    wait_for(lambda: workers_of(one) > 0)
    with open_desk(one) as first, open_desk(two) as second:
        list(first.add(urls[:20], depth=0))
        assert second.archive.counts().articles == 20
        list(second.add(urls[20:], depth=0))
        first.tag(first.search("Krasner").hits[0].id, ["shared"])
        assert second.search("tag:shared").total == 1
        assert first.archive.counts().articles == 24
        (one / "rules.toml").write_text('hide = ["Larry Krasner"]\n')
        first.tag(first.search("Krasner").hits[0].id, ["ruled"])  # whoever writes next shares what was edited
        assert second.corrections() == first.corrections()
        second.take_for_one(["Cherelle Parker", "Mayor Parker"], Kind.PERSON)
        assert first.corrections() == second.corrections()
        assert len(first.corrections()) == 2
        (two / "rules.toml").unlink()
        (two / "rules.version").unlink()
        assert list(first.verify()) == []
        before = said(one)
        second.rebuild()
        assert said(one) == before
        assert list(second.verify()) == []
        assert (two / "rules.toml").read_text() == (one / "rules.toml").read_text()
    worker.end(signal.SIGINT)
    assert len(worker.rows) > 0
    assert not list(one.glob("warc/*.gz"))
    with pytest.raises(UsageError, match="holds the catalog of an archive already"):
        new_archive(tmp_path / "three", newsroom, catalog, bucket.address("another"))


def test_workers_read_for_a_rebuild_and_may_die(newsroom: Newsroom, spread: Team) -> None:
    """Stored pages are read by whoever works, as the one that rebuilds would; what a dead one had comes back."""
    urls = stories(newsroom, 60)
    with open_desk(spread.folder) as desk:
        list(desk.add(urls, depth=0))
        before = said(spread.folder)
        workers = [spread.start("work", "--json") for _ in range(2)]
        wait_for(lambda: workers_of(spread.folder) == 2)
        came = iter(range(1, 10_000))

        def progress(done: int, total: int | None) -> None:
            if next(came) == 20:
                workers[0].end()

        assert desk.archive.rebuild(progress) == 60
        assert said(spread.folder) == before
        assert list(desk.archive.verify()) == []
    workers[1].end(signal.SIGINT)
    rows = [row for one in workers for row in one.rows]
    assert rows, "how many of them workers have is a matter of time"
    assert {row["detail"] for row in rows} == {"read again"}
    assert {row["url"] for row in rows} <= set(urls)


# -- the parts -----------------------------------------------------------------------------------------------------


def test_a_claim_ends_with_its_holder(postgresql: str) -> None:
    place = server_of(address(postgresql))
    assert counts(place) == (0, 0, 0)
    with Queue(place) as run, Queue(place) as second:
        first = Queue(place)
        for one in (first, second):
            one.live()
        assert run.workers() == 2
        numbers = [run.put(b"a"), run.put(b"b")]
        assert [piece.num for piece in first.claim(2)] == numbers
        assert second.claim(2) == []
        assert run.taken_back() is None
        assert second.hand_in({numbers[0]: b"not mine"}) == set()
        assert counts(place) == (2, 0, 2)
        first.asked(numbers)
        assert [(piece.num, piece.ended) for piece in run.news()] == [(number, False) for number in numbers]
        assert run.news() == []
        with first.putting([*numbers, 99]) as claimed:
            assert claimed == set(numbers)
        with second.putting(numbers) as claimed:
            assert claimed == set()
        assert first.hand_in({numbers[0]: b"mine", 99: b"no such page"}) == {numbers[0]}
        assert counts(place) == (2, 0, 1)
        assert not run.is_idle()
        first.close()
        wait_for(lambda: counts(place) == (1, 1, 0))
        assert [piece.num for piece in second.claim(2)] == numbers[1:]
        assert second.hand_in({numbers[1]: None}) == {numbers[1]}
        assert sorted((piece.num, piece.done) for piece in run.news()) == [(numbers[0], b"mine"), (numbers[1], None)]
        assert run.is_idle()


def test_a_claim_ends_when_its_holder_gives_no_sign(postgresql: str) -> None:
    place = server_of(address(postgresql))
    with Queue(place) as run, Queue(place) as worker, closing(plain(place.team)) as db:
        worker.live()
        run.put(b"a")
        assert len(worker.claim(1)) == 1
        db.execute(f"UPDATE workers SET seen = clock_timestamp() - interval '{LIFE + 1} seconds'")
        assert run.workers() == 0
        assert run.taken_back() is not None


def test_what_a_run_that_is_gone_wanted_is_taken_out(postgresql: str) -> None:
    place = server_of(address(postgresql))
    run = Queue(place)
    run.put(b"a")
    run.close()
    with Queue(place) as worker:
        wait_for(worker.is_idle)
        assert worker.claim(1) == []


def test_the_pace_of_a_host_is_one_for_all(postgresql: str) -> None:
    place = server_of(address(postgresql))
    with closing(ServerPace(place)) as one, closing(ServerPace(place)) as other:
        assert one.turn("a.example", 5.0, 100.0) == 0.0
        assert 4.0 < other.turn("a.example", 5.0, 100.0) <= 5.0
        assert 9.0 < one.turn("a.example", 5.0, 100.0) <= 10.0
        assert other.turn("b.example", 5.0, 100.0) == 0.0
        with pytest.raises(HostRestsError):
            other.turn("a.example", 5.0, 2.0)
        one.not_before("b.example", 60.0)
        assert 50.0 < other.turn("b.example", 1.0, 100.0) <= 60.0


def test_an_archive_in_a_folder_has_no_workers(tmp_path: Path) -> None:
    with (
        create_desk(tmp_path / "archive") as desk,
        pytest.raises(UsageError, match="workers meet at a catalog"),
    ):
        list(desk.work())


def test_a_page_comes_through_as_it_was(newsroom: Newsroom, tmp_path: Path) -> None:
    """What a worker hands in is what a run would have had from its own threads."""
    from archive.fetch import Fetcher
    from archive.model import Request
    from archive.pipeline import Take, Wanted, page_of
    from archive.reading import Reader

    (url,) = stories(newsroom, 1)
    with Fetcher(newsroom.settings()) as fetcher, Reader("default") as reader:
        fetched = fetcher.fetch(Request(url))
        page = page_of(fetched)
        assert page is not None
        plain = Take(Wanted(url, since=fetched.exchanges[0].started), fetched, reader.read(page))
    take = Take(Wanted(url), fetched, None, rescue=plain)
    packed = packed_take(take)
    assert packed is not None
    assert unpacked_take(packed) == take
    assert unpacked_take(b"\xc0") is None
    assert packed_take(Take(Wanted("https://a.example/\ud800"), fetched, None)) is None
