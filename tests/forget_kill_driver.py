"""Kills `forget` at random moments and looks at what is left: run by test_forget.py.

    forget_kill_driver.py FOLDER KILLS SEED

Each round stores two captures, forgets one of them in a forked child that is killed, then opens the archive as the next
command would. Prints one line of JSON: kills that met a running child, and the complaints.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

from captures import page, put

from archive import open_archive
from archive.storage.verify import verify
from archive.urls import entry_id, key

_AT_MOST = 20  # times the rounds, until so many kills have met a running child


def url(number: int, which: str) -> str:
    return f"https://paper.example/{which}/{number}"


def body(number: int, which: str) -> bytes:
    words = " ".join(f"{which}word{number}x{n}" for n in range(60))
    return f"<html><body><article><h1>{which} {number}</h1><p>{words}</p></article></body></html>".encode()


def kill_one(folder: Path, number: int, delay: float) -> bool:
    """Whether a child that forgets was still at work when it was killed."""
    child = os.fork()
    if child == 0:
        try:
            with open_archive(folder) as archive:
                archive.forget([entry_id(key(url(number, "gone")))], "asked to")
        finally:
            os._exit(0)
    time.sleep(delay)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def stored(folder: Path, number: int) -> None:
    with open_archive(folder) as archive, archive._wiring.storing() as (store, _, _), store.batch():
        for which in ("kept", "gone"):
            put(store, page(url(number, which), body(number, which)))


def complaints(folder: Path, number: int) -> list[str]:
    """What is wrong once the next writer has come."""
    with open_archive(folder) as archive:
        list(archive.add([]))  # opens for writing
        half = archive.get(entry_id(key(url(number, "gone")))) is not None
        if half:  # killed before it was decided: nothing is gone
            archive.forget([entry_id(key(url(number, "gone")))], "asked to")
        said = [f"round {number}: kept is gone"] if archive.get(entry_id(key(url(number, "kept")))) is None else []
        if archive.get(entry_id(key(url(number, "gone")))) is not None:
            said.append(f"round {number}: it is still there")
    said += [f"round {number}: {problem.where}: {problem.what}" for problem in verify(folder)]
    return said


def main(folder: Path, rounds: int, seed: int) -> None:
    chance = random.Random(seed)
    said: list[str] = []
    hits, longest = 0, 0.5
    for number in range(_AT_MOST * rounds):
        if hits == rounds:
            break
        stored(folder, number)
        started = time.monotonic()
        hit = kill_one(folder, number, chance.uniform(0, longest))
        longest = longest * 1.05 if hit else time.monotonic() - started
        hits += hit
        said += complaints(folder, number)
    sys.stdout.write(json.dumps({"hits": hits, "complaints": said}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
