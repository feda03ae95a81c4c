"""Kills `add` at random moments and holds what it had reported against what the archive has: run by test_kill.py.

    kill_driver.py FOLDER ROUNDS SEED   (the pages are served by whoever starts this; see backfile.toml in FOLDER)

Each round archives a few new pages in a forked child, whose reports come through a pipe, and kills it; then the same
call is made again without a kill. Prints one line of JSON: rounds, kills that hit a running child, and the complaints.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time

from archive import Archive, open_archive

PAGES = 3  # stories in one round; each cites one source


def urls_of(number: int) -> list[str]:
    return [f"https://paper.example/{number}/{page}" for page in range(PAGES)]


def kill_one(folder: str, number: int, delay: float) -> tuple[list[str], bool]:
    """Ids that a child reported before it was killed `delay` seconds after its start, and whether it still ran."""
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read_end)
        with open_archive(folder) as archive:
            for added in archive.add(urls_of(number)):
                os.write(write_end, f"{added.id}\n".encode())
        os._exit(0)
    os.close(write_end)
    time.sleep(delay)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    with os.fdopen(read_end) as pipe:
        whole = [line.strip() for line in pipe if line.endswith("\n")]
    return whole, os.WIFSIGNALED(status)


def complaints_about(archive: Archive, number: int, reported: list[str]) -> list[str]:
    lost = [f"round {number}: {id_} was reported and is gone" for id_ in reported if archive.get(id_) is None]
    kept = list(archive.add(urls_of(number)))
    if {added.url for added in kept if added.depth == 0} != set(urls_of(number)):
        lost.append(f"round {number}: the same call did not complete")
    for url in urls_of(number):
        entry = archive.find(url)
        if entry.article is None or [source.outcome for source in entry.sources] not in (["ok"], ["unchanged"]):
            lost.append(f"round {number}: {url} or its source is missing")
        if entry.versions != 1:
            lost.append(f"round {number}: {url} has {entry.versions} versions")
    return lost


def main(folder: str, rounds: int, seed: int) -> None:
    chance = random.Random(seed)
    with open_archive(folder) as archive:  # loads what a child would otherwise load before it can be hit
        list(archive.add(urls_of(0)))
        complaints: list[str] = []
        hits = 0
        longest = 0.3  # seconds; follows how long a child takes, so that about every moment of it is hit
        for number in range(1, rounds + 1):
            archive.close()  # a forked child must not share a database handle
            started = time.monotonic()
            reported, hit = kill_one(folder, number, chance.uniform(0, longest))
            longest = longest * 1.05 if hit else time.monotonic() - started
            hits += hit
            complaints += complaints_about(archive, number, reported)
        complaints += [f"verify: {problem.where}: {problem.what}" for problem in archive.verify()]
        result = {"rounds": rounds, "hits": hits, "complaints": complaints, "entries": archive.counts().entries}
        sys.stdout.write(json.dumps(result))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
