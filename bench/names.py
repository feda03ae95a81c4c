"""What the table of names costs in cataloguing: entries per second with it and without it, in one run.

    python bench/names.py [--pages N] [--times N] [--rounds N]

Real pages are read once (../shared/corpora/pages where present, else the sample newsroom), then catalogued in groups of
32 under new addresses, as `add` does, `times` over: the first time most names are new, later all are known. Figures are
CPU seconds of cataloguing alone (comparing, rows, commit; no fetching, reading or WARC), the median of rounds that
take turns. "Without" keeps names and mentions of each entry, but settles nothing across the archive.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from pipeline import load_pages

from archive.cataloguing import Cataloguing
from archive.config import StoreSettings
from archive.extraction.page import Page
from archive.model import Exchange, Fetched, HopKind, Outcome, Request
from archive.reading import Read, read
from archive.storage import Facts, open_store
from archive.storage.catalog import reading as catalog_reading
from archive.storage.catalog import rows
from archive.storage.catalog.names import NameTable
from archive.urls import key

GROUP = 32


class Uncounted(NameTable):
    """Names and mentions of each entry, and nothing else."""

    numbers: ClassVar[dict[tuple[str, str], int]] = {}

    def finish(self) -> None:
        found = []
        for num, (_, reading) in self._told.items():
            counts = Counter((str(mention.kind), mention.canonical) for mention in reading.mentions)
            counts.update({("topic", topic.name): 1 for topic in reading.topics})
            found += [(self._number(name), num, times) for name, times in counts.items()]
        readings = [(num, site, rows.squeeze(reading)) for num, (site, reading) in self._told.items()]
        self._db.executemany("INSERT INTO readings (entry, site, reading_z) VALUES (?, ?, ?)", readings)
        self._db.executemany("INSERT INTO mentions VALUES (?,?,?)", sorted(found))

    def _number(self, name: tuple[str, str]) -> int:
        if name not in self.numbers:
            sql = "INSERT INTO names (kind, canonical) VALUES (?, ?) RETURNING num"
            self.numbers[name] = self._db.execute(sql, name).fetchone()[0]
        return self.numbers[name]


def readings(pages: list[bytes]) -> list[Read]:
    """What each page says; those without an article are left out."""
    found = (
        read(Page(f"https://site{n}.example/", page, "utf-8", "text/html"), "default") for n, page in enumerate(pages)
    )
    return [one for one in found if one.article]


def fetched(url: str) -> Fetched:
    body = url.encode() * 20
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    exchange = Exchange(
        url, HopKind.START, datetime.now(UTC), b"GET / HTTP/1.1\r\n\r\n", head + body, "192.0.2.1:443", 200,
        (("Content-Type", "text/html"),), body,
    )  # fmt: skip
    return Fetched(Request(url), (exchange,), Outcome.OK, "returned 200", url)


class Side:
    """One way to catalogue: its store, its table, and the CPU seconds it took for each time over the pages."""

    def __init__(self, folder: Path, table: type[NameTable]) -> None:
        (folder / "warc").mkdir(parents=True)
        self.store = open_store(folder, StoreSettings())
        self.table = table
        self.spent: list[float] = []

    def catalogue(self, host: str, group: list[Read]) -> None:
        urls = [f"https://{host}.example/{n}" for n in range(len(group))]
        stored = [self.store.append(fetched(url), Facts(key(url))) for url in urls]
        original, catalog_reading.NameTable = catalog_reading.NameTable, self.table  # type: ignore[attr-defined]
        begun = time.process_time()
        with self.store.batch() as writer:
            cataloguing = Cataloguing(writer)
            for one, url, what in zip(stored, urls, group, strict=True):
                assert what.article
                cataloguing.put(one, replace(what, article=replace(what.article, url=url)))
        self.spent[-1] += time.process_time() - begun
        catalog_reading.NameTable = original  # type: ignore[attr-defined]


def compared(folder: Path, reads: list[Read], times: int) -> tuple[list[float], list[float]]:
    """CPU seconds without and with the table, for each time over the pages. They take turns at every group."""
    Uncounted.numbers.clear()
    sides = [Side(folder / "without", Uncounted), Side(folder / "with", NameTable)]
    for number in range(times):
        for side in sides:
            side.spent.append(0.0)
        for start in range(0, len(reads), GROUP):
            for side in sides if start // GROUP % 2 else reversed(sides):
                side.catalogue(f"paper{number}-{start}", reads[start : start + GROUP])
    for side in sides:
        side.store.close()
    return sides[0].spent, sides[1].spent


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pages", type=int, default=221)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    reads = readings(load_pages(options.pages))
    names = statistics.mean(len({(m.kind, m.canonical) for m in one.reading.mentions}) for one in reads)
    sys.stdout.write(f"{len(reads)} articles with {names:.0f} different names and dates each, on the average\n\n")
    with tempfile.TemporaryDirectory() as scratch:
        turns = [compared(Path(scratch) / str(turn), reads, options.times) for turn in range(options.rounds + 1)][1:]
    for part, chosen in (("new names", slice(0, 1)), ("known names", slice(1, None)), ("all", slice(None))):
        costs = [sum(table[chosen]) / sum(plain[chosen]) - 1 for plain, table in turns]
        rates = [
            len(reads) * len(seconds) / sum(seconds)
            for side in (0, 1)
            for seconds in [[second for turn in turns for second in turn[side][chosen]]]
        ]
        sys.stdout.write(
            f"{part}: entries/s without {rates[0]:.0f}, with {rates[1]:.0f}; "
            f"cost {statistics.median(costs):+.1%} ({min(costs):+.1%} to {max(costs):+.1%})\n"
        )


if __name__ == "__main__":
    main()
