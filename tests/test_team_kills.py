"""Kills just when an object of a worker is in the bucket: nothing is lost, and no capture is catalogued twice."""

from __future__ import annotations

import os
import re
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from buckets import LocalBucket
from commands import ENVIRONMENT
from newsroom import Newsroom
from prefork import Forked, prefork
from test_team import Started, Team, bucket, spread, stories

from archive.storage import Stored
from archive.storage.bucket.s3 import S3Objects
from archive.storage.bucket.shelf import BucketReader
from archive.storage.warc.journal import Journaled, entries
from backfile.desk import open_desk

__all__ = ["bucket", "spread"]  # fixtures
_WORKERS = 4
_MORE = 12  # pages that each run is asked for beside those of the ones before it
_LIMIT = 550  # seconds for all of it
# A run whose own hands are at one page all the time, until a file says that they may go on.
_BUSY = """
import sys, time
from pathlib import Path
from archive.pipeline import Run
from backfile.cli.main import main
take = Run.take
def late(*arguments):
    while not Path({go!r}).exists():
        time.sleep(0.05)
    return take(*arguments)
Run.take = late
sys.exit(main())
"""


class Killing:
    """Workers at one archive, each of which is killed once its object is there, or the run that waits for it."""

    def __init__(self, team: Team, urls: list[str], kills: int, go: Path) -> None:
        self.left = kills
        self.runs: list[Started] = []
        self._team = team
        self._urls = urls  # some more for each run
        self._go = go
        self._workers: dict[int, Forked] = {}

    def put(self, path: str) -> None:
        """Told by the bucket before it answers."""
        found = re.search(r"w(\d+)-[0-9a-f]+\.warc\.gz$", path)
        worker = int(found[1]) if found else 0
        if worker not in self._workers or self.left <= 0:
            return
        self.left -= 1
        if self.left % 10 == 2:
            self.runs[-1].end()  # what the workers have put until then is catalogued by the next one
            return
        os.kill(worker, signal.SIGKILL)
        time.sleep(0.02)  # until it is gone: it must not have the answer

    def start(self) -> None:
        """A run where none is, and workers in the place of the ones that are gone."""
        for pid in [pid for pid in self._workers if not Path(f"/proc/{pid}").exists()]:
            self._workers.pop(pid).wait()
        while len(self._workers) < _WORKERS:
            with Path(os.devnull).open("r+") as nowhere:
                streams = [nowhere.fileno()] * 3
                forked = prefork().start(["work"], self._team.folder, {**os.environ, **ENVIRONMENT}, streams)
            self._workers[forked.pid] = forked
        if not self.runs or self.runs[-1].code is not None:
            command = _BUSY.format(go=str(self._go))
            self.runs.append(self._team.start("add", "--json", "--depth", "0", *self._wanted(), command=command))

    def _wanted(self) -> list[str]:
        return self._urls[: _MORE * (len(self.runs) + 1)] if self.left else self._urls

    def end(self) -> None:
        for pid in self._workers:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for forked in self._workers.values():
            forked.wait()


@pytest.fixture
def killing(request: pytest.FixtureRequest, spread: Team, newsroom: Newsroom, tmp_path: Path) -> Iterator[Killing]:
    kills: int = request.param
    path = spread.folder / "backfile.toml"
    settings = path.read_text().replace("concurrency = 2", "concurrency = 1")
    path.write_text(f'{settings}\n[entities]\nrecogniser = "none"\n')
    killing = Killing(spread, stories(newsroom, (kills // 10 + 2) * _MORE), kills, tmp_path / "go")
    yield killing
    killing.end()


def stored(bucket: LocalBucket) -> Counter[str]:
    """Ids of all captures in the bucket."""
    reader = BucketReader(S3Objects(bucket.address("team"), env=bucket.env))
    found = (one for name in reader.listed() for one in entries(reader, name))
    return Counter(one.item.capture.id for one in found if isinstance(one, Journaled) and isinstance(one.item, Stored))


@pytest.mark.parametrize(
    "killing",
    [pytest.param(4, marks=pytest.mark.servers), pytest.param(100, marks=pytest.mark.kills)],
    indirect=True,
)
def test_killed_when_the_object_is_there_and_nobody_knows(
    killing: Killing, spread: Team, bucket: LocalBucket, tmp_path: Path
) -> None:
    kills = killing.left
    bucket.after_put = killing.put
    end = time.monotonic() + _LIMIT
    while killing.left > 0:
        assert time.monotonic() < end, killing.left
        killing.start()
        time.sleep(0.05)
    bucket.after_put = None
    (tmp_path / "go").touch()
    killing.runs[-1].process.wait(timeout=_LIMIT)
    killing.start()  # one that is asked for all of them
    killing.runs[-1].ended()
    with open_desk(spread.folder) as desk:
        held = {entry.id: entry.url for entry in desk.archive.entries()}
        assert set(held.values()) == set(killing._urls)
        assert {row["id"] for run in killing.runs for row in run.rows} <= held.keys()
        catalogued = Counter(one.id for entry in held for one in desk.archive.captures(entry))
        assert catalogued == stored(bucket)
        assert catalogued.total() > kills
        assert list(desk.verify()) == []
