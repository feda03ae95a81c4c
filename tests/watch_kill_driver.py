"""Kills `watch run` at random moments: run by test_watch_notify.py, which serves the pages and takes the notices.

    watch_kill_driver.py FOLDER ROUNDS SEED

Each round watches one more page and lets one more match the stored query, begins a run in a forked child, and kills it.
At last a run goes to its end. Prints one line of JSON: how many kills hit a running child, and the notices it printed.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time

from archive import WatchKind, open_archive
from backfile.cli.main import cli

RUN = ["watch", "run", "--json"]


def page(number: int) -> str:
    return f"https://paper.example/{number}"


def run(folder: str, delay: float | None) -> tuple[list[object], bool]:
    """What a run printed until it was killed `delay` seconds after its start, and whether it was."""
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read_end)
        os.dup2(write_end, 1)
        cli.main(["--dir", folder, *RUN], standalone_mode=False)
        sys.stdout.flush()
        os._exit(0)
    os.close(write_end)
    if delay is not None:
        time.sleep(delay)
        os.kill(child, signal.SIGKILL)
    with os.fdopen(read_end) as pipe:
        whole = [json.loads(line) for line in pipe if line.endswith("\n")]
    _, status = os.waitpid(child, 0)
    return whole, os.WIFSIGNALED(status)


def main(folder: str, rounds: int, seed: int) -> None:
    chance = random.Random(seed)
    printed: list[object] = []
    kills = 0
    with open_archive(folder) as archive:
        archive.watches.add("bridge", WatchKind.QUERY)
    printed += run(folder, None)[0]  # what matches now is no news
    took = 1.0
    for number in range(rounds):
        with open_archive(folder) as archive:
            archive.watches.add(page(number), WatchKind.PAGE)
        if number % 4 == 3:  # a whole one, for its time
            begun = time.monotonic()
            printed += run(folder, None)[0]
            took = time.monotonic() - begun
            continue
        said, killed = run(folder, chance.uniform(0, took))
        printed += said
        kills += killed
    printed += run(folder, None)[0]
    sys.stdout.write(json.dumps({"kills": kills, "printed": printed}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
