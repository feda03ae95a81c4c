"""Stores and forgets, and says what is safe: run by test_power_cut.py, which cuts the power.

    forget_power_driver.py FOLDER LIMIT

Each round (at most LIMIT of them) stores two captures, prints "stored N", lets one of them go, and prints "forgot N".
Then waits to be killed.
"""

from __future__ import annotations

import signal
import sys
from pathlib import Path

from forget_kill_driver import stored, url

from archive import open_archive
from archive.urls import entry_id, key


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main(folder: Path, limit: int) -> None:
    for number in range(limit):
        stored(folder, number)
        say(f"stored {number}")
        with open_archive(folder) as archive:
            archive.forget([entry_id(key(url(number, "gone")))], "asked to")
        say(f"forgot {number}")
    signal.pause()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
