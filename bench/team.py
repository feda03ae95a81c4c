"""What a team costs beside one worker: CPU an article, and what workers wait for.

    scripts/bench team [--pages 400] [--workers 1 4] [--rounds 2]

Real pages (../shared/corpora/pages, else the sample newsroom's) of forty hosts, served on loopback by a process of its
own, are archived by `backfile catalogue` and so many `backfile work`, with the catalog on a PostgreSQL of its own and
the captures in a bucket of localbucket. Everybody is warm: other pages have been archived before. CPU is that of all
these processes and their readers, by /proc (Linux); that of PostgreSQL's stands beside it. A worker waits for a lock
while another one of its threads has the connection, while somebody opens the archive (`Queue.putting`), and where
PostgreSQL says that it does, twenty times a second; each is put as a share of its time.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from multiprocessing import Process, Queue
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve()
for folder in ("bench", "scripts", "tests"):
    sys.path.insert(0, str(HERE.parents[1] / folder))

import psycopg  # noqa: E402
import servers  # noqa: E402
from buckets import serving  # noqa: E402
from pipeline import load_pages, serve  # noqa: E402

from archive.storage.catalog import postgresql  # noqa: E402
from archive.team import queue  # noqa: E402
from backfile.cli.main import main as command  # noqa: E402
from backfile.desk import Desk, create_desk, open_desk  # noqa: E402

HOSTS = 40
WARM = 120  # pages
_LOOK = 0.05  # seconds between two looks at locks
_POLL = 0.25  # seconds between two looks whether a job is done
_TICKS = os.sysconf("SC_CLK_TCK")


# -- a worker that says what it waited for -----------------------------------------------------------------------------


class Waits:
    """Seconds that the threads of this process spent waiting, since it was told to count."""

    def __init__(self) -> None:
        self.begun = time.monotonic()
        self.seconds = {"connection": 0.0, "putting": 0.0}

    @contextmanager
    def counted(self, what: str) -> Iterator[None]:
        begun = time.monotonic()
        try:
            yield
        finally:
            self.seconds[what] += time.monotonic() - begun


class CountedLock:
    """The lock of a connection, which one thread at a time has."""

    def __init__(self, lock: threading.Lock, waits: Waits) -> None:
        self._lock, self._waits = lock, waits

    def __enter__(self) -> None:
        with self._waits.counted("connection"):
            self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()


def work(folder: str, out: str) -> None:
    """`backfile work`, counted from the signal USR1 on."""
    waits = Waits()
    signal.signal(signal.SIGUSR1, lambda *_: waits.__init__())  # type: ignore[misc]
    plain, locked = postgresql.plain, postgresql.locked

    def connected(*arguments: Any, **more: Any) -> postgresql.Connection:
        connection = plain(*arguments, **more)
        connection.raw.lock = CountedLock(connection.raw.lock, waits)  # type: ignore[assignment]
        return connection

    def waited(*arguments: Any, **more: Any) -> bool:
        with waits.counted("putting"):
            return locked(*arguments, **more)

    postgresql.plain = connected
    vars(queue)["locked"] = waited
    sys.argv = ["backfile", "--dir", folder, "work"]
    try:
        command()
    finally:
        took = time.monotonic() - waits.begun
        Path(out).write_text(json.dumps({name: seconds / took for name, seconds in waits.seconds.items()}))


# -- the team ----------------------------------------------------------------------------------------------------------


def cpu_of(root: int) -> float:
    """Seconds of CPU of a process, of all below it, and of those that they have waited for."""
    children: dict[int, list[int]] = {}
    used: dict[int, int] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        pid = int(path.parent.name)
        children.setdefault(int(fields[1]), []).append(pid)
        used[pid] = sum(map(int, fields[11:15]))
    below, found = [root], 0
    while below:
        pid = below.pop()
        found += used.get(pid, 0)
        below += children.get(pid, [])
    return found / _TICKS


class Watching:
    """Asks PostgreSQL twenty times a second how many workers wait for a lock of it."""

    def __init__(self, address: str) -> None:
        self.looked = self.waiting = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, args=(address,))
        self._thread.start()

    def _look(self, address: str) -> None:
        sql = (
            "SELECT count(*), count(*) FILTER (WHERE wait_event_type = 'Lock') FROM pg_stat_activity "
            "WHERE application_name = 'backfile work'"
        )
        with psycopg.connect(address, autocommit=True) as db:
            while not self._over.wait(_LOOK):
                found = db.execute(sql).fetchone() or (0, 0)
                self.looked += found[0]
                self.waiting += found[1]

    def close(self) -> None:
        self._over.set()
        self._thread.join()


def archive_pages(desk: Desk, urls: list[str]) -> None:
    """A job, and until it is done."""
    number = desk.plan_add(urls, depth=0).number
    while (job := desk.archive.job(number)) is None or job.ended is None:
        time.sleep(_POLL)


def one_round(
    number: int, pages: int, kinds: int, port: int, catalog: str, captures: str, database: int
) -> dict[str, float]:
    """With so many workers."""
    with ExitStack() as held:
        scratch = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="backfile-bench-")))
        folder = scratch / "desk"
        create_desk(folder, catalog=catalog, captures=captures).close()
        (folder / "backfile.toml").write_text(
            f'[fetch]\ndelay = 0.0\nconcurrency = 2\nresources = "none"\nallow_addresses = ["127.0.0.0/8"]\n'
            f'[fetch.connect_to]\n"*:80" = "127.0.0.1:{port}"\n'
            f'[store]\ncatalog = "{catalog}"\ncaptures = "{captures}"\n'
        )
        outs = [scratch / f"worker-{one}.json" for one in range(number)]
        commands = [[str(HERE), "--work", str(folder), str(out)] for out in outs]
        commands.append(["-m", "backfile", "--dir", str(folder), "catalogue"])
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
        team = [subprocess.Popen([sys.executable, *one], **quiet) for one in commands]  # type: ignore[call-overload]
        held.callback(lambda: [one.kill() for one in team])
        urls = [f"http://paper{one % HOSTS}.example/{one % kinds}/{one}" for one in range(WARM + pages)]
        with open_desk(folder) as desk:
            archive_pages(desk, urls[:WARM])
            for one in team[:-1]:
                one.send_signal(signal.SIGUSR1)
            before, theirs, clock = sum(cpu_of(one.pid) for one in team), cpu_of(database), time.monotonic()
            with closing(Watching(catalog.partition("?")[0])) as watching:
                archive_pages(desk, urls[WARM:])
            took = time.monotonic() - clock
            used, server = sum(cpu_of(one.pid) for one in team) - before, cpu_of(database) - theirs
            assert desk.archive.counts().captures == len(urls)
        for one in team:
            one.send_signal(signal.SIGTERM)
        for one in team:
            one.wait()
        waits = [json.loads(out.read_text()) for out in outs]
    return {
        "CPU of the team, ms a page": used / pages * 1000,
        "CPU of PostgreSQL, ms a page": server / pages * 1000,
        "pages/s by the clock": pages / took,
        "waiting for the connection, most of a worker's time, %": 100 * max(one["connection"] for one in waits),
        "waiting to put, most of a worker's time, %": 100 * max(one["putting"] for one in waits),
        "waiting for a lock of PostgreSQL, % of looks": 100 * watching.waiting / max(1, watching.looked),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=400)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 4])
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--work", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.work:
        work(*given.work)
        return
    found: dict[int, list[dict[str, float]]] = {number: [] for number in given.workers}
    with ExitStack() as held:
        port: Queue[int] = Queue()
        served = load_pages(200)
        server = Process(target=serve, args=(served, port), daemon=True)
        server.start()
        held.callback(server.terminate)
        below = Path(tempfile.mkdtemp(prefix="backfile-servers-"))
        address = servers.start("postgresql", below)["BACKFILE_POSTGRESQL"]
        held.callback(servers.stop, "postgresql", below)
        database = int((below / "postgresql" / "data" / "postmaster.pid").read_text().split()[0])
        bucket = held.enter_context(serving(below / "buckets"))
        os.environ.update(bucket.env)
        listening = port.get()
        for round_ in range(given.rounds):
            for number in given.workers:
                name = f"r{round_}w{number}"
                one = one_round(
                    number,
                    given.pages,
                    len(served),
                    listening,
                    f"{address}?schema={name}",
                    bucket.address(name),
                    database,
                )
                found[number].append(one)
                print(name, {what: round(figure, 2) for what, figure in one.items()}, file=sys.stderr, flush=True)
    _tell(found)


def _tell(found: dict[int, list[dict[str, float]]]) -> None:
    middle: Callable[[int, str], float] = lambda number, what: statistics.median(one[what] for one in found[number])  # noqa: E731
    print(f"| | {' | '.join(f'{number} workers' for number in found)} |\n|---|{'---|' * len(found)}")
    for what in next(iter(found.values()))[0]:
        print(f"| {what} | {' | '.join(f'{middle(number, what):.2f}' for number in found)} |")


if __name__ == "__main__":
    main()
