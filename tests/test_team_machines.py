"""Four machines that work for one archive on three services, where everything that can die does.

The stage `machines` sets BACKFILE_MACHINES=full: 2,000 pages and 40 kills, some ten minutes. BACKFILE_MACHINES=small
has 160 and 8, and takes two.
"""

from __future__ import annotations

import os
import random
import re
import signal
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
import server_ceph
import server_opensearch
from commands import ENVIRONMENT
from machines import Machine, Run, machines, no_machines
from newsroom import Newsroom
from test_index_opensearch import cluster
from test_servers_s3 import below
from test_team import said

from archive import JobKind
from archive.storage.bucket.s3 import S3Objects
from archive.storage.bucket.shelf import BucketReader
from backfile.desk import Desk, create_desk, open_desk
from index import IndexStorageError

__all__ = ["below", "cluster"]  # fixtures
pytestmark = [
    pytest.mark.servers,
    pytest.mark.skipif(not os.environ.get("BACKFILE_MACHINES"), reason="the stage `machines` runs it"),
]
_SIZE = os.environ.get("BACKFILE_MACHINES", "")
PAGES, KILLS, LIMIT = (2_000, 40, 6_000) if _SIZE == "full" else (160, 8, 1_500)
MACHINES = 4
HOSTS = 40
DELAY = 0.5  # seconds between two requests to a host
_LATE = 0.6  # seconds by which a busy machine may note a request late
_FIRST = ("Cherelle", "Larry", "Maria", "Anna", "Thomas", "Irene", "Walter", "Grace", "Hugo", "Nadia")
_LAST = ("Parker", "Krasner", "Lopez", "Whitfield", "Okafor", "Lindqvist", "Moreno", "Fraser", "Novak", "Abbott")
_WORDS = (
    "budget bridge ferry library harbour orchestra school market winter railway hospital garden museum council tax "
    "river station theatre strike water energy rent road forest airport police judge teacher nurse farmer baker summer "
    "storm factory prison church stadium kitchen archive ticket letter window street engine island valley campaign"
).split()
_PLACES = ("Philadelphia", "Whitby", "Chicago", "Lisbon", "Baltimore", "Dublin")


def written(newsroom: Newsroom) -> list[str]:
    """Pages of hosts of which the first have the most; they share names and cite each other."""
    chance = random.Random(16)
    hosts = chance.choices(range(HOSTS), [1 / (host + 3) for host in range(HOSTS)], k=PAGES - HOSTS)
    urls = [f"https://paper{host}.example/story-{n}" for n, host in enumerate([*range(HOSTS), *hosts])]
    for number, url in enumerate(urls):
        who = [f"{chance.choice(_FIRST)} {chance.choice(_LAST)}" for _ in range(3)]
        place = chance.choice(_PLACES)
        text = "".join(
            f"<p>Mayor {name} spoke of item {number} of the agenda in {place} on Tuesday, and the council of "
            f"Immigration and Customs Enforcement (ICE) did not answer. {name.split()[1]} will be heard again.</p>"
            for name in who
        )
        text += f"<p>{' '.join(chance.choices(_WORDS, k=120)).capitalize()}.</p>"  # no two are copies of each other
        cited = f'<p>See <a href="{chance.choice(urls)}">what was said before</a>.</p>'
        page = f"<title>Story {number}</title><article><h1>Story {number}</h1>{text}{cited}</article>"
        newsroom.add(url, page)
    return urls


class Services:
    """Where an archive of a team lies, and a folder for each machine that is at it."""

    def __init__(self, newsroom: Newsroom, catalog: str, search: str, scratch: Path) -> None:
        self.captures = f"s3://{server_ceph.BUCKET}/{uuid4().hex}"
        self._newsroom = newsroom
        self._catalog = f"{catalog}?schema=t{uuid4().hex}"
        self._search = search
        self._index = f"t{uuid4().hex}"
        self._scratch = scratch

    def ports(self) -> list[int]:
        """What a machine must reach."""
        addresses = (self._catalog, self._search, os.environ["AWS_ENDPOINT_URL"])
        found = [urlsplit(address).port or 0 for address in addresses]
        return [*found, *map(self._newsroom.port, ("http", "https"))]

    def folder(self, name: str) -> Path:
        """A new one, which joins the archive."""
        folder = self._scratch / name
        create_desk(folder, catalog=self._catalog, captures=self.captures).close()
        store = f'[store]\ncatalog = "{self._catalog}"\ncaptures = "{self.captures}"\n'
        search = f'[search]\nengine = "opensearch"\nurl = "{self._search}"\nindex = "{self._index}"\nshards = 3\n'
        (folder / "backfile.toml").write_text(f"{fetching(self._newsroom, DELAY)}{store}{search}")
        return folder


def fetching(newsroom: Newsroom, delay: float) -> str:
    toml = newsroom.toml().replace("delay = 0.0", f"delay = {delay}\nper_host = 1\nconcurrency = 2\nfresh_for = 0")
    return f"{toml}\n[links]\ndepth = 1\n"


class Acceptance:
    """The machines at work, and what is killed when."""

    def __init__(self, services: Services, workers: list[Machine], here: Machine, scratch: Path) -> None:
        self.here = here
        self.workers = workers
        self._folders = {one.name: services.folder(one.name) for one in (*workers, here)}
        self._scratch = scratch
        self._chance = random.Random(7)
        self.killed = Counter[str]()

    @property
    def folder(self) -> Path:
        """Of the machine that catalogues."""
        return self._folders[self.here.name]

    @property
    def cataloguer(self) -> Run:
        """The one that was started last."""
        return self.here.runs[-1]

    def start(self, machine: Machine) -> None:
        what = ["catalogue", "--json", "--until-idle"] if machine is self.here else ["work", "--json"]
        told = self._scratch / f"{machine.name}-{len(machine.runs)}"
        machine.start(what, self._folders[machine.name], {**os.environ, **ENVIRONMENT}, told)

    def kill(self, number: int) -> None:
        """Whoever it is, after a moment; another one comes in its place."""
        time.sleep(0.3 * self._chance.random())
        victim = self.here if number % 5 == 4 else self._chance.choice(self.workers)
        if victim is self.here and self.cataloguer.is_over:
            return
        victim.runs[-1].end(signal.SIGKILL)
        self.killed["cataloguer" if victim is self.here else "worker"] += 1
        self.start(victim)

    def end(self) -> None:
        for machine in (*self.workers, self.here):
            for run in machine.runs:
                run.end(signal.SIGKILL)


@pytest.fixture
def acceptance(
    below: Path, cluster: tuple[str, Path], postgresql: str, newsroom: Newsroom, tmp_path: Path
) -> Iterator[tuple[Acceptance, Services]]:
    if lacks := no_machines():
        pytest.skip(lacks)
    services = Services(newsroom, postgresql, cluster[0], tmp_path)
    with machines(MACHINES + 1, services.ports()) as (here, *workers):
        run = Acceptance(services, workers, here, tmp_path)
        yield run, services
        run.end()


def test_whatever_dies_the_archive_is_as_one_machine_makes_it(
    acceptance: tuple[Acceptance, Services], below: Path, cluster: tuple[str, Path], newsroom: Newsroom, tmp_path: Path
) -> None:
    """Workers and the cataloguer, a storage daemon and a search node: each page is there, once, at its host's pace."""
    run, services = acceptance
    urls = written(newsroom)
    moments = sorted(random.Random(3).sample(range(PAGES // 20, PAGES * 9 // 10), KILLS))
    with open_desk(run.folder) as desk:
        desk.plan_add(urls, depth=1)
    for machine in (*run.workers, run.here):
        run.start(machine)
    end = time.monotonic() + LIMIT
    storage, search = True, True
    while not run.cataloguer.is_over:
        assert time.monotonic() < end, (len(asked(newsroom)), run.killed, run.cataloguer.told.read_text()[-2000:])
        time.sleep(0.1)
        came = len({url for url, _ in asked(newsroom)})
        if storage and came >= PAGES // 3:
            server_ceph.kill_storage(below, 1)
            storage = False
        if search and came >= PAGES // 2:
            server_opensearch.stop_node(cluster[1], signal.SIGKILL)
            search = False
        while moments and came >= moments[0]:
            moments.pop(0)
            run.kill(KILLS - len(moments) - 1)
    assert run.cataloguer.code == 0, run.cataloguer.told.read_text()
    assert (storage, search, run.killed.total()) == (False, False, KILLS)
    check_pace(asked(newsroom))
    alone = tmp_path / "alone"
    create_desk(alone).close()
    (alone / "backfile.toml").write_text(fetching(newsroom, 0))
    with open_desk(alone) as one, open_desk(run.folder) as desk:
        list(one.add(urls, depth=1))
        # A search first: a cataloguer that was killed between the two may have left the index behind the catalog. What
        # is left of the search nodes may still be settling who leads.
        until_it_answers(lambda: desk.search("Krasner", limit=1))
        assert desk.search("Krasner", limit=1).total == one.search("Krasner", limit=1).total > 0
        check(desk, run, urls)
    assert said(run.folder) == said(alone)
    check_machines(services, run)


def until_it_answers(ask: Callable[[], object]) -> None:
    """As a person does: again, for two minutes."""
    end = time.monotonic() + 120
    while time.monotonic() < end:
        with suppress(IndexStorageError):
            ask()
            return
        time.sleep(2)
    ask()


def asked(newsroom: Newsroom) -> list[tuple[str, float]]:
    """Each page that was asked for, and when, by the log of those who answered."""
    return [(seen.url, seen.at.timestamp()) for seen in newsroom.requests if not seen.url.endswith("/robots.txt")]


def check(desk: Desk, run: Acceptance, urls: list[str]) -> None:
    """All is there: what was asked for, and what was reported by anybody, dead or not."""
    held = {entry.id: entry.url for entry in desk.archive.entries(limit=PAGES + 1)}
    assert set(held.values()) == set(urls)
    told = "".join(one.told.read_text() for one in run.here.runs)
    assert set(re.findall(r'"id": ?"(\w+)"', told)) <= held.keys()
    assert all(job.ended for job in desk.archive.jobs(*JobKind))
    assert list(desk.verify()) == []


def check_pace(asked: list[tuple[str, float]]) -> None:
    """Five in a row even out how soon the answering side notes each."""
    by_host = defaultdict(list)
    for url, at in asked:
        by_host[urlsplit(url).hostname].append(at)
    assert len(by_host) == HOSTS
    for times in map(sorted, by_host.values()):
        gaps = [last - first for first, last in zip(times, times[4:], strict=False)]
        assert all(gap >= 4 * DELAY - _LATE for gap in gaps)
        assert times[-1] - times[0] >= (len(times) - 1) * DELAY - _LATE


def check_machines(services: Services, run: Acceptance) -> None:
    """They have put objects of their own: all of them where each lives long enough, else most."""
    names = BucketReader(S3Objects(services.captures)).listed()
    pids = {int(found[1]) for name in names if (found := re.search(r"w(\d+)-[0-9a-f]+\.warc\.gz$", name))}
    put = [machine.name for machine in run.workers if pids & {one.forked.pid for one in machine.runs}]
    assert len(put) >= (MACHINES if _SIZE == "full" else MACHINES // 2)
