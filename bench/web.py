"""What the pages of `backfile serve` cost: CPU and time of the server, bytes on the wire, memory, many clients at once.

    scripts/bench web [--documents 5000] [--rounds 200] [--keep FOLDER] [--datasette PATH]

An archive is filled with the stories of bench/corpus.py by an import, served by a process of its own, and asked over
HTTP as browsers ask. CPU is what the server's threads have run for each request, as Linux's scheduler counts it; times
by the clock are worth something only where nothing else runs. With the path of a `datasette` command the same stories
are asked of it in the same run: words, three facets, twenty rows. Needs the shared corpora and Linux.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import re
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit

import corpus

from archive import Item, Origin
from backfile.desk import create_desk

BACKFILE = Path(sys.executable).with_name("backfile")
PAGE = os.sysconf("SC_PAGE_SIZE")
WORDS = (
    "said company oil year bank market trade wheat price dollar stock share loss profit tax coffee gold rate".split()
)
SEARCHES = 1000  # after which memory is looked at
BUDGET = {  # milliseconds of CPU a request, half of them and 95 of 100, and bytes as packed
    "search: words": (20, 60, 12_000), "search: a name": (20, 60, 12_000), "search, unchanged": (5, 15, 1_000),
    "article": (10, 30, 12_000), "facet page": (10, 30, 12_000), "suggest": (5, 15, 2_000),
}  # fmt: skip
FEW = 20  # rounds of the pages that have no budget, which are asked seldom


def main() -> None:
    """Builds, asks, prints a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=200, help="requests of each kind")
    parser.add_argument("--keep", type=Path, help="the archive's folder, kept and used again")
    parser.add_argument("--datasette", type=Path, help="the command of another program to ask beside")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as aside:
        folder = (given.keep or Path(aside)) / f"archive-{given.documents}"
        if not folder.exists():
            fill(folder, given.documents)
        with served(folder) as (process, origin):
            report(process, origin, given.rounds)
        if given.datasette:
            beside(given.datasette, Path(aside), given.documents, given.rounds)


def fill(folder: Path, count: int) -> None:
    """An archive of so many stories."""
    begun = time.perf_counter()
    with create_desk(folder) as desk:
        found = desk.archive.import_items(items(count), name="bench", fetch=False)
        for number, _ in enumerate(found, 1):
            if number % 1000 == 0:
                print(f"  {number} stories", file=sys.stderr, flush=True)
        desk.catch_up()
    print(f"  filled in {time.perf_counter() - begun:.0f} s", file=sys.stderr, flush=True)


def items(count: int) -> Iterator[Item]:
    """The stories as an import takes them."""
    for number, story in enumerate(corpus.stories(count), 1):
        yield Item(
            f"https://wire{number % 40}.example/{story.id}", Origin("bench", "bench", number), title=story.title,
            text=story.body, published=story.day,
        )  # fmt: skip


@contextmanager
def served(folder: Path) -> Iterator[tuple[int, str]]:
    """The server's process and origin."""
    command = [str(BACKFILE), "--dir", str(folder), "serve", "--port", "0"]
    begun = time.perf_counter()
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        said = iter(server.stderr.readline, "")
        origin = next(filter(None, (re.search(r"http://[^\s;]+", line) for line in said)))[0]
        print(f"ready after {time.perf_counter() - begun:.2f} s, {memory(server.pid) / 1e6:.0f} MB")
        try:
            yield server.pid, origin
        finally:
            server.terminate()


def report(process: int, origin: str, rounds: int) -> None:
    """A row for each kind of request."""
    chance = random.Random(15)
    ask = Client(origin)
    ids = re.findall(r'href="/article/([a-z0-9]{12})\?', ask.get("/search?q=said", packed=False)[2].decode())
    names = re.findall(r'"value":"([^"]+)"', ask.get("/api/v1/facets/person?limit=50", packed=False)[2].decode())
    queries = queries_of(chance, rounds)
    kinds: dict[str, list[str]] = {
        "search: words": [f"/search?q={quote(query)}" for query in queries],
        "search: a name": [f"/search?q={quote(person(chance.choice(names or ['said'])))}" for _ in range(rounds)],
        "search, unchanged": ["/search?q=oil"] * rounds,
        "article": [f"/article/{chance.choice(ids)}?q=said" for _ in range(rounds)],
        "facet page": [f"/facets/person?q={quote(query)}" for query in queries],
        "suggest": [f"/api/v1/suggest?q={word[:2]}" for word in (chance.choice(WORDS) for _ in range(rounds))],
    }
    seldom = {
        "map": [f"/map?q={quote(query)}" for query in queries[:FEW]],
        "together": [f"/together?q={quote(query)}" for query in queries[:FEW]],
        "coverage": [f"/coverage?q={quote(query)}&q=said" for query in queries[:FEW]],
        "a name": [f"/name/person/{quote(chance.choice(names))}" for _ in range(FEW) if names],
        "home": ["/"] * FEW,
    }
    print(f"{'':20} {'CPU p50':>8} {'p95':>8} {'ms p50':>8} {'p95':>8} {'bytes':>8}   budget: CPU p50, p95, bytes")
    etag = ask.get("/search?q=oil")[1].get("etag", "")
    for kind, paths in kinds.items():
        headers = {"If-None-Match": etag} if kind == "search, unchanged" else {}
        print(f"{kind:20} {measured(ask, process, paths, headers)}   {', '.join(map(str, BUDGET[kind]))}")
    for query in queries_of(chance, SEARCHES):
        ask.get(f"/search?q={quote(query)}")
    print(f"memory after {SEARCHES:,} searches more: {memory(process) / 1e6:.0f} MB (budget 300)")
    for kind, paths in seldom.items():
        print(f"{kind:20} {measured(ask, process, paths, {})}")
    exported(origin, process)
    together(origin, queries, process)


def measured(ask: Client, process: int, paths: list[str], headers: dict[str, str]) -> str:
    """CPU, time by the clock, and bytes of these requests; the first five are asked once before."""
    for path in paths[:5]:
        ask.get(path, packed=True, **headers)
    spent, walls, sizes = [], [], []
    for path in paths:
        cpu, start = cpu_of(process), time.perf_counter()
        status, _, body = ask.get(path, packed=True, **headers)
        walls.append((time.perf_counter() - start) * 1000)
        spent.append((cpu_of(process) - cpu) * 1000)
        sizes.append(len(body))
        assert status in (200, 304, 308), (path, status)
    return (
        f"{statistics.median(spent):8.1f} {p95(spent):8.1f} {statistics.median(walls):8.1f} {p95(walls):8.1f} "
        f"{statistics.median(sizes):8.0f}"
    )


def p95(figures: list[float]) -> float:
    """What 95 of 100 do not exceed."""
    return sorted(figures)[max(0, int(len(figures) * 0.95) - 1)]


def exported(origin: str, process: int) -> None:
    """All articles as CSV: when the first byte comes, and what the server holds more meanwhile."""
    place = urlsplit(origin)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=600)
    before, most, size = memory(process), 0, 0
    start = time.perf_counter()
    connection.request("GET", "/api/v1/export?q=&format=csv")
    answer = connection.getresponse()
    first = answer.read(1)
    begun = (time.perf_counter() - start) * 1000
    while part := answer.read(2**20):
        size += len(part)
        most = max(most, memory(process))
    connection.close()
    print(
        f"export of {(size + len(first)) / 1e6:.1f} MB: first byte after {begun:.0f} ms, "
        f"{(most - before) / 1e6:.0f} MB more memory (budget 300, 20)"
    )


def queries_of(chance: random.Random, count: int) -> list[str]:
    """Words that people look for in such news, one or two of them."""
    return [" ".join(chance.sample(WORDS, chance.choice((1, 1, 2)))) for _ in range(count)]


def beside(command: Path, folder: Path, count: int, rounds: int) -> None:
    """The same stories in a table with a full-text index, as datasette serves it."""
    path = folder / "stories.db"
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("CREATE TABLE stories (id TEXT PRIMARY KEY, title TEXT, body TEXT, day TEXT, site TEXT, place TEXT)")
        db.executemany("INSERT INTO stories VALUES (?, ?, ?, ?, ?, ?)", rows(count))
        db.execute("CREATE VIRTUAL TABLE stories_fts USING fts5 (title, body, content='stories', tokenize='porter')")
        db.execute("INSERT INTO stories_fts (stories_fts) VALUES ('rebuild')")
        for column in ("day", "site", "place"):
            db.execute(f"CREATE INDEX stories_by_{column} ON stories ({column})")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with subprocess.Popen(
        [command, "serve", path, "--port", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            ask = reached(f"http://127.0.0.1:{port}")
            asked = queries_of(random.Random(15), rounds)
            facets = "&_facet=site&_facet=place&_facet=day&_size=20"
            paths = [f"/stories/stories?_search={quote(query)}{facets}" for query in asked]
            statuses = {ask.get(path)[0] for path in paths[:5]}
            assert statuses == {200}, statuses
            print(f"{'datasette: words':20} {measured(ask, server.pid, paths, {})}   {memory(server.pid) / 1e6:.0f} MB")
        finally:
            server.terminate()


def rows(count: int) -> Iterator[tuple[str, ...]]:
    """The stories as rows of a table."""
    for number, story in enumerate(corpus.stories(count), 1):
        place = story.places[0] if story.places else ""
        yield story.id, story.title, story.body, str(story.day), f"wire{number % 40}.example", place


def reached(origin: str) -> Client:
    """A client, once somebody answers."""
    while True:
        try:
            client = Client(origin)
            client.get("/")
        except OSError:
            time.sleep(0.2)
        else:
            return client


def together(origin: str, queries: list[str], process: int) -> None:
    """Sixteen clients at once: no error, and how long they wait."""
    walls: list[float] = []
    wrong: list[int] = []

    def ask_all(some: list[str]) -> None:
        client = Client(origin)
        for query in some:
            start = time.perf_counter()
            status, _, _ = client.get(f"/search?q={quote(query)}")
            walls.append((time.perf_counter() - start) * 1000)
            if status >= 500:
                wrong.append(status)

    threads = [threading.Thread(target=ask_all, args=(queries[n::16] * 5,)) for n in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    p50, count = statistics.median(walls), len(walls)
    print(f"16 clients, {count} searches: p50 {p50:.0f} ms, p95 {p95(walls):.0f} ms, {len(wrong)} errors")
    print(f"memory afterwards: {memory(process) / 1e6:.0f} MB")


class Client:
    """One connection, kept open as a browser keeps it."""

    def __init__(self, origin: str) -> None:
        place = urlsplit(origin)
        self._connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=120)

    def get(self, path: str, *, packed: bool = True, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body as sent."""
        given = {"Accept-Encoding": "gzip"} if packed else {}
        self._connection.request("GET", path, headers={**given, **headers})
        answer = self._connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()


def person(name: str) -> str:
    """The query for a name."""
    return 'person:"' + name + '"'


def cpu_of(process: int) -> float:
    """Seconds of CPU that the threads of a process have used, to the nanosecond."""
    tasks = Path(f"/proc/{process}/task").iterdir()
    return sum(int((task / "schedstat").read_text(encoding="ascii").split()[0]) for task in tasks) / 1e9


def memory(process: int) -> int:
    """Bytes that a process holds in memory."""
    return int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1]) * PAGE


if __name__ == "__main__":
    main()
