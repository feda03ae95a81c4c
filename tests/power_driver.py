"""Writes to an archive and its index and says what is safe: run by test_power_cut.py, which cuts the power.

    power_driver.py FOLDER LIMIT

Commits small batches (at most LIMIT of them), brings the index up to date with each, and prints the URLs of a batch
once both are done. Then waits to be killed.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

from captures import opened, page, put

from archive import open_archive
from index import open_index


def main(folder: Path, limit: int) -> None:
    with open_archive(folder) as archive, open_index(archive, folder) as index:
        for batch in range(limit):
            urls = [f"https://paper.example/{batch}/{n}" for n in range(2)]
            with opened(folder) as store, store.batch():
                for url in urls:
                    put(store, page(url, os.urandom(400)))
            index.update()
            sys.stdout.write("\n".join(urls) + "\n")
            sys.stdout.flush()
            time.sleep(0.02)  # the archive stays small, and the system gets idle moments to write back in
    signal.pause()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
