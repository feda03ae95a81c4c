"""Kills whoever writes the manifest at random moments and looks at the chain: run by test_proof.py.

    manifest_kill_driver.py FOLDER KILLS SEED

Each time a forked child lets a file grow and makes a step for it, again and again, and is killed meanwhile. Prints one
line of JSON: kills, steps, and the complaints.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

from archive.storage.manifest import Manifest, check
from archive.storage.warc.reader import WarcReader

NAME = "backfile-00001-20250131120000.warc.gz"


def lengths(folder: Path) -> dict[str, int]:
    return {NAME: (folder / "warc" / NAME).stat().st_size}


def extend(folder: Path) -> None:
    """One more step, as whoever has written makes it."""
    with (folder / "warc" / NAME).open("ab") as file:
        file.write(os.urandom(100))
    Manifest(folder).extend(lengths(folder), WarcReader(folder / "warc").sha256)


def killed(folder: Path, delay: float) -> None:
    """A child that was killed while it made steps."""
    child = os.fork()
    if child == 0:
        try:
            while True:
                extend(folder)
        finally:
            os._exit(1)
    time.sleep(delay)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "it ended by itself"


def complaints(folder: Path, before: int) -> list[str]:
    """What is wrong with the chain, and with the next step of the next writer."""
    steps = Manifest(folder).chain()
    said = [f"{where}: {what}" for where, what in steps.wrong]
    if steps.number < before:
        said.append(f"step {before} is gone")
    extend(folder)
    steps = Manifest(folder).chain()
    said += [f"{where}: {what}" for where, what in steps.wrong]
    sizes, sha256 = lengths(folder), WarcReader(folder / "warc").sha256
    said += [f"{name}: {what}" for name in steps.files for what in check(steps, name, sizes.get(name), sha256)]
    if steps.files[NAME][-1][1].length != lengths(folder)[NAME]:
        said.append(f"the last step does not cover all of {NAME}")
    return said


def main(folder: Path, kills: int, seed: int) -> None:
    chance, said = random.Random(seed), list[str]()
    (folder / "warc").mkdir(parents=True)
    extend(folder)
    for _ in range(kills):
        before = Manifest(folder).chain().number
        killed(folder, chance.uniform(0, 0.05))
        said += complaints(folder, before)
    steps = Manifest(folder).chain().number
    sys.stdout.write(json.dumps({"kills": kills, "steps": steps, "complaints": said}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
