"""Services far away: what a page costs where each statement takes longer, and a machine that is cut off."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Timer
from urllib.parse import urlsplit

import pytest
from buckets import LocalBucket
from commands import ENVIRONMENT
from machines import Machine, Relay, machines, no_machines
from newsroom import Newsroom
from test_team import address, bucket, new_archive, stories, wait_for, workers_of

from archive.storage.lease import ServerTurn
from archive.storage.places import server_of
from archive.team.queue import counts
from backfile.desk import open_desk

__all__ = ["bucket"]  # a fixture
pytestmark = pytest.mark.servers
PAGES = 60
_MOST = 15  # statements for each page, and so milliseconds where each takes one more


@pytest.fixture
def relay() -> Iterator[Relay]:
    """Each statement takes a millisecond more."""
    with closing(Relay(delay=0.001)) as relay:
        yield relay


def test_a_page_asks_little_of_a_catalog_far_away(
    newsroom: Newsroom, postgresql: str, bucket: LocalBucket, relay: Relay, tmp_path: Path
) -> None:
    catalog = address(postgresql)
    port = urlsplit(catalog).port or 0
    catalog = catalog.replace(str(port), str(relay.open(port)), 1)
    folder = new_archive(tmp_path / "far", newsroom, catalog, bucket.address("team"))
    toml = (folder / "backfile.toml").read_text()
    (folder / "backfile.toml").write_text(toml.replace("delay = 0.25", "delay = 0.0"))
    urls = stories(newsroom, PAGES)
    with open_desk(folder) as desk:
        list(desk.add(urls[:1], depth=0))
        before = relay.pieces
        assert len(list(desk.add(urls[1:], depth=0))) == PAGES - 1
        assert 0 < (relay.pieces - before) / (PAGES - 1) <= _MOST


def test_a_further_folder_waits_for_whoever_writes(
    newsroom: Newsroom, postgresql: str, bucket: LocalBucket, tmp_path: Path
) -> None:
    catalog = address(postgresql)
    new_archive(tmp_path / "one", newsroom, catalog, bucket.address("team"))
    turn = ServerTurn(server_of(catalog), wait=30)
    ended = Timer(0.5, turn.close)
    ended.start()
    new_archive(tmp_path / "two", newsroom, catalog, bucket.address("team"))
    ended.join()
    with open_desk(tmp_path / "two") as desk:
        assert desk.status().team is not None


@pytest.fixture
def apart(newsroom: Newsroom, postgresql: str, bucket: LocalBucket) -> Iterator[Machine]:
    """A machine that reaches the services and the pages."""
    if lacks := no_machines():
        pytest.skip(lacks)
    ports = [urlsplit(postgresql).port or 0, bucket.port, *map(newsroom.port, ("http", "https"))]
    with machines(1, ports) as (machine,):
        yield machine
        for run in machine.runs:
            run.end(9)


def test_a_machine_that_is_cut_off_costs_nothing(
    newsroom: Newsroom, postgresql: str, bucket: LocalBucket, apart: Machine, tmp_path: Path
) -> None:
    """No connection of it is closed: others do what it had claimed, and it ends with a sentence."""
    catalog = address(postgresql)
    here, there = (new_archive(tmp_path / name, newsroom, catalog, bucket.address("team")) for name in ("one", "two"))
    urls = stories(newsroom, 120, wait=1.0)  # so many that a slow machine there claims some before those here end
    worker = apart.start(["work"], there, {**os.environ, **ENVIRONMENT}, tmp_path / "told")
    wait_for(lambda: workers_of(here) > 0)
    with open_desk(here) as desk, closing(desk.add(urls, depth=0)) as added:
        came = [next(added).url]
        wait_for(lambda: counts(server_of(catalog))[2] > 0)
        apart.cut_off()
        came += [one.url for one in added]
        assert sorted(came) == sorted(urls)
        assert desk.archive.counts().articles == len(urls)
        assert list(desk.verify()) == []
    wait_for(lambda: worker.is_over)  # pages, bucket and catalog are each waited for in their turn
    assert worker.code == 7, worker.told.read_text()
