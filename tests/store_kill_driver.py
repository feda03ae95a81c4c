"""Kills a process that stores captures, again and again: run by test_archive_durability.py.

    store_kill_driver.py FOLDER ROUNDS SEED

Each round forks a child that commits small batches and reports each through a pipe, and kills it at a random moment.
Prints one line of JSON: how many kills met a running child, how many captures were reported, and the complaints.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

from captures import catalogue, opened, page, put

from archive.storage import Catalog, Damage, Stored
from archive.storage.verify import verify

BATCH = 3


def store_until_killed(folder: Path, number: int, pipe: int) -> None:
    """The child: catalogues what the one before left, then commits batches for as long as it lives."""
    with opened(folder, max_warc=60_000) as store:
        with store.batch() as rows:
            for item in store.uncatalogued():
                assert isinstance(item, Stored)
                catalogue(rows, item)
        for batch in range(10_000):
            urls = [f"https://paper.example/{number}/{batch}/{n}" for n in range(BATCH)]
            with store.batch():
                for url in urls:
                    put(store, page(url, os.urandom(800)))
            os.write(pipe, ("\n".join(urls) + "\n").encode())


def kill_one(folder: Path, number: int, delay: float) -> tuple[list[str], bool]:
    """The URLs that a child reported before it was killed after `delay` seconds, and whether it was still at work."""
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read_end)
        try:
            store_until_killed(folder, number, write_end)
        finally:
            os._exit(1)
    os.close(write_end)
    time.sleep(delay)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    with os.fdopen(read_end) as pipe:
        return [line.strip() for line in pipe if line.endswith("\n")], os.WIFSIGNALED(status)


def begun(folder: Path) -> tuple[list[str], float]:
    """The URLs of a first commit, and the seconds it took: on a busy machine a child needs as long to get anywhere."""
    began = time.monotonic()
    url = "https://paper.example/begun"
    with opened(folder) as store, store.batch():
        put(store, page(url))
    return [url], time.monotonic() - began


def main(folder: Path, rounds: int, seed: int) -> None:
    chance = random.Random(seed)
    reported, took = begun(folder)
    hits = 0
    for number in range(rounds):
        urls, hit = kill_one(folder, number, chance.uniform(0, max(0.08, 2 * took)))
        reported += urls
        hits += hit
    with opened(folder) as store, store.batch() as rows:
        for item in store.uncatalogued():
            assert not isinstance(item, Damage)
            if isinstance(item, Stored):
                catalogue(rows, item)
    with Catalog(folder / "catalog.sqlite") as catalog:
        held = [capture.url for entry in catalog.entries() for capture in catalog.captures(entry.id)]
    complaints = [f"{url} was reported and is gone" for url in set(reported) - set(held)]
    if len(held) != len(set(held)):
        complaints.append("a capture is there twice")
    if len(held) > len(reported) + rounds * BATCH:
        complaints.append("more is there than was begun")
    complaints += [f"{problem.where}: {problem.what}" for problem in verify(folder)]
    torn = len(list((folder / "warc" / "torn").glob("*"))) if (folder / "warc" / "torn").exists() else 0
    sys.stdout.write(json.dumps({"hits": hits, "reported": len(reported), "torn": torn, "complaints": complaints}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
