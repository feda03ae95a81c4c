"""Kills the index with SIGKILL more often than the test suite does, and reads beside a thousand commits.

    scripts/bench search_kills [--kills 200] [--commits 1000] [--seed 1]

Three kinds of work are killed at random moments, in turn: commits of single batches with many merges, a bulk load with
worker processes, and `reindex`. After every kill, what was reported as committed must be there, whole, and the index
must answer and take in more. Then processes that search all the while must see whole commits only, and no error.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from index_stories import STORIES, FakeArchive
from test_index_whoosh_durability import COUNT, assert_whole, batch, in_child

from index import SearchSettings, open_index
from index.engines.whoosh import loading, open_engine, writer
from index.plan import Everything, Plan

Tell = Callable[[], None]


def killed(work: Callable[[Tell], None], after: float) -> int:
    """Runs `work` in a process that is killed after so many seconds; how often it told that something was done."""
    read, write = os.pipe()

    def tell() -> None:
        os.write(write, b"x")

    pid = in_child(lambda: work(tell))
    os.close(write)
    time.sleep(after)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    told = 0
    while data := os.read(read, 4096):
        told += len(data)
    os.close(read)
    return told


class Batches:
    """Commits one after the other; `load` makes it a bulk load, built by worker processes."""

    def __init__(self, folder: Path, *, load: bool) -> None:
        self._folder = folder
        self._load = load
        self._reached = 0

    def strike(self, rng: random.Random) -> None:
        def work(tell: Tell) -> None:
            engine = open_engine(self._folder)
            batches = map(batch, range(self._reached + 1, self._reached + 1000))
            for _ in engine.load(batches) if self._load else map(engine.apply, batches):
                tell()

        told = killed(work, rng.uniform(0.0, 1.5 if self._load else 0.15))
        engine = open_engine(self._folder)
        position = engine.position()
        assert self._reached + told <= position <= self._reached + told + 1, (self._reached, told, position)
        assert_whole(engine, position)
        engine.apply(batch(position + 1))
        assert_whole(engine, position + 1)
        self._reached = position + 1


class Reindex:
    """`reindex` of a small archive, killed; before and after, the index is that of the whole archive."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._archive = FakeArchive(STORIES)
        with open_index(self._archive, folder, SearchSettings(batch=7)) as opened:
            opened.update()
            self._found = opened.search("", limit=1000).hits

    def strike(self, rng: random.Random) -> None:
        def work(tell: Tell) -> None:
            with open_index(self._archive, self._folder, SearchSettings(batch=7)) as opened:
                while True:
                    opened.rebuild()
                    tell()

        killed(work, rng.uniform(0.0, 0.6))
        with open_index(self._archive, self._folder, SearchSettings(batch=7)) as opened:
            assert opened.search("", limit=1000).hits == self._found
            assert list(opened.check()) == []


def readers(folder: Path, commits: int) -> None:
    """Three processes ask while so many commits go in."""
    engine = open_engine(folder)
    engine.apply(batch(1))

    def look() -> None:
        asked = 0
        mine = open_engine(folder)
        while mine.position() < commits:
            asked += 1
            reader = mine if asked % 3 else open_engine(folder)
            answer = reader.run(Plan(Everything(), limit=100))
            assert answer.total == COUNT + 1
            assert len({row.card.title for row in answer.rows}) == 1
        assert asked > 20

    children = [in_child(look) for _ in range(3)]
    for number in range(2, commits + 1):
        engine.apply(batch(number))
    ends = [os.waitpid(pid, 0)[1] for pid in children]
    assert ends == [0, 0, 0], ends
    print(f"three processes read beside {commits:,} commits: no error, no half commit")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--commits", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    writer.TIER, loading.LARGE, loading.BEGIN = 3, 2, 0  # merges all the time, and workers for the smallest batch
    rng = random.Random(given.seed)
    with tempfile.TemporaryDirectory(prefix="backfile-kills-") as scratch:
        folder = Path(scratch)
        kinds: dict[str, Batches | Reindex] = {
            "commits and merges": Batches(folder / "commits", load=False),
            "a bulk load with workers": Batches(folder / "load", load=True),
            "reindex": Reindex(folder / "reindex"),
        }
        for number in range(given.kills):
            list(kinds.values())[number % len(kinds)].strike(rng)
        print(f"{given.kills} kills during {', '.join(kinds)}: nothing lost, everything answers")
        readers(folder / "read", given.commits)


if __name__ == "__main__":
    main()
