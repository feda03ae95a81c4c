"""How fast and how safely imports go: a WARC beside bare trafilatura, and a long list of links, killed again and again.

    bench/importing.py warc [--pages N] [--names]     pages of ../shared/corpora/pages and of the sample
                                                      newsroom, repeated under other addresses
    bench/importing.py kills [--urls N] [--hosts N] [--kills N]
    bench/importing.py slow [--urls N] [--hosts N]      some hosts answer slowly: do the others wait for them?
    bench/importing.py rows [--urls N]                 links alone, a million by default: how fast, in how much memory
    bench/importing.py texts [--pages N] [--before DIR]  texts of 135 words with names, beside another checkout in DIR

`warc` imports (reading, WARC, catalog, all synced), without names or also with them, and sets that beside trafilatura's
extraction of the same pages, which lie in memory, in as many processes: half of them before the import and half after
it. Both are timed with the start of their processes. `kills` serves
pages on loopback, a tenth of them bad; it reports states, captures, repeated requests, pace and memory.
"""

from __future__ import annotations

import argparse
import gzip
import json
import logging
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path

logging.disable(logging.CRITICAL)
sys.path.insert(0, str(Path(__file__).parents[1] / "scripts"))

from sample_newsroom.pages import load  # noqa: E402

from archive import (  # noqa: E402
    Archive,
    ArchiveSettings,
    EntitySettings,
    FetchSettings,
    LinkSettings,
    create_archive,
    read_settings,
)

CORPUS = Path(__file__).parents[1].parent / "shared" / "corpora" / "pages"
TEXT = "The harbour board of Sillmouth voted on Tuesday to spend twelve million pounds on the northern pier. "
DELAY = 0.02
SLOW = 1.0
# The pace is noted where it is kept: a server that shares two busy cores sees what was sent in time later than that.
RUN = """
import os, sys, time
from pathlib import Path
from archive import open_archive
from archive.fetch import client
log, ask = os.open(sys.argv[3], os.O_WRONLY | os.O_CREAT | os.O_APPEND), client.exchange
def asked(connection, sent, *limits):
    began = time.monotonic()
    reply = ask(connection, sent, *limits)
    host = sent.partition(b"Host: ")[2].partition(b"\\r")[0].decode()
    os.write(log, f"{host} {began} {reply.asked}\\n".encode())
    return reply
client.exchange = asked
with open_archive(sys.argv[1]) as archive:
    for item in archive.import_files([Path(sys.argv[2])]):
        pass
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["warc", "kills", "slow", "rows", "texts"])
    parser.add_argument("--pages", type=int, default=10_000)
    parser.add_argument("--names", action="store_true", help="also import with names")
    parser.add_argument("--before", type=Path, help="with texts: a checkout of an earlier commit")
    parser.add_argument("--urls", type=int)
    parser.add_argument("--hosts", type=int, default=200)
    parser.add_argument("--kills", type=int, default=10)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        if given.what == "warc":
            of_warc(Path(folder), given.pages, names=given.names)
        elif given.what == "texts":
            of_texts(Path(folder), given.pages, given.before)
        elif given.what == "slow":
            of_slow(Path(folder), given.urls or 4000, given.hosts)
        elif given.what == "rows":
            of_rows(Path(folder), given.urls or 1_000_000)
        else:
            of_kills(Path(folder), given.urls or 20_000, given.hosts, given.kills)


# -- a WARC ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Timed:
    """`pages` in `wall` seconds, for `cpu` seconds of processor time of all processes."""

    pages: int
    wall: float
    cpu: float

    def __add__(self, other: Timed) -> Timed:
        return Timed(self.pages + other.pages, self.wall + other.wall, self.cpu + other.cpu)

    @property
    def rate(self) -> float:
        return self.pages / self.wall

    def line(self, name: str, bare: Timed) -> str:
        by_cpu = bare.cpu / bare.pages / (self.cpu / self.pages)
        return f"{name:28}{self.rate:7.1f} pages/s  {self.rate / bare.rate:5.2f}  by processor time {by_cpu:5.2f}"


def of_warc(folder: Path, count: int, *, names: bool) -> None:
    path = folder / "pages.warc.gz"
    write_warc(path, count)
    print(f"{count} pages, {path.stat().st_size / 1e6:.0f} MB of WARC, {os.cpu_count()} cores", flush=True)
    half = count // 2
    bare = timed(lambda: in_processes(_bare, range(half)), half)
    plain = timed(lambda: imported(folder / "plain", path, "none"), count)
    bare += timed(lambda: in_processes(_bare, range(half, count)), count - half)
    print(bare.line("bare trafilatura", bare))
    print(plain.line("import, without names", bare), flush=True)
    if names:
        print(timed(lambda: imported(folder / "named", path, "default"), count).line("import, with names", bare))
    print(f"memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB at most in the main process")


# -- texts -------------------------------------------------------------------------------------------------------------

TEXTS = """
import resource, sys, time
from pathlib import Path
from archive import Archive, ArchiveSettings, LinkSettings, create_archive
create_archive(sys.argv[1]).close()
begun = time.monotonic()
with Archive(Path(sys.argv[1]), ArchiveSettings(links=LinkSettings(depth=0))) as archive:
    done = sum(item.state.value == "done" for item in archive.import_files([Path(sys.argv[2])], fetch=False))
cpu = sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
print(done, time.monotonic() - begun, cpu)
"""
WORDS = 135
ROUNDS = 3


def of_texts(folder: Path, count: int, before: Path | None) -> None:
    """An export of texts, imported with names by this checkout and by the other one in turn; the start is included."""
    export = folder / "texts.jsonl"
    with export.open("w", encoding="utf-8") as out:
        out.writelines(f"{json.dumps(record)}\n" for record in texts(count))
    checkouts = {"this checkout": Path(__file__).resolve().parents[1], **({"before": before} if before else {})}
    sums: dict[str, Timed] = {}
    for turn in range(ROUNDS):
        for name, checkout in checkouts.items():
            once = text_import(checkout.resolve(), folder / f"{turn} {name}", export, count)
            sums[name] = sums[name] + once if name in sums else once
    for name, timed_ in sums.items():
        print(timed_.line(name, sums.get("before", timed_)))


def texts(count: int) -> Iterator[dict[str, object]]:
    """Passages of the stories of the corpus, each under an address of its own."""
    rows = [json.loads(line) for line in (CORPUS / "truth.jsonl").open(encoding="utf-8")]
    stories = [words for row in rows if len(words := (row["body"] or "").split()) > WORDS]
    chance = random.Random(1)
    for number in range(count):
        words = stories[number % len(stories)]
        start = chance.randrange(len(words) - WORDS)
        lines = [" ".join(words[at : at + 27]) for at in range(start, start + WORDS, 27)]
        yield {
            "url": f"https://h{number % 97}.example/{number}", "title": " ".join(words[:8]), "text": "\n\n".join(lines),
            "authors": ["Ann Reed"], "published": "2025-01-31",
        }  # fmt: skip


def text_import(checkout: Path, archive: Path, export: Path, count: int) -> Timed:
    command = [sys.executable, "-c", TEXTS, str(archive), str(export)]
    env = {**os.environ, "PYTHONPATH": str(checkout)}
    ran = subprocess.run(command, cwd=checkout, env=env, capture_output=True, check=True)
    done, wall, cpu = ran.stdout.split()
    assert int(done) == count, f"{int(done)} of {count} done"
    return Timed(count, float(wall), float(cpu))


def timed(work: Callable[[], None], count: int) -> Timed:
    wall, cpu = time.monotonic(), processor_time()
    work()
    return Timed(count, time.monotonic() - wall, processor_time() - cpu)


def processor_time() -> float:
    """Of this process and of its children that have ended."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def imported(folder: Path, path: Path, recogniser: str) -> None:
    create_archive(folder).close()
    settings = ArchiveSettings(links=LinkSettings(depth=0), entities=EntitySettings(recogniser=recogniser))
    with Archive(folder, settings) as archive:
        outcomes = Counter(item.outcome for item in archive.import_files([path], fetch=False))
    assert all(outcome and outcome.has_content for outcome in outcomes), outcomes


def in_processes(work: Callable[[int], None], numbers: range) -> None:
    """`work` on every number, in as many processes as there are cores; the pages are in each of them already."""
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool:
        for _ in pool.map(work, numbers, chunksize=8):
            pass


@cache
def bodies() -> list[bytes]:
    rows = [json.loads(line) for line in (CORPUS / "truth.jsonl").open(encoding="utf-8")]
    real = [gzip.decompress((CORPUS / "html" / row["file"]).read_bytes()) for row in rows]
    newsroom = load()
    return [*real, *(newsroom.answer(story.url).body for story in newsroom.stories)]


def body(number: int) -> bytes:
    """A page of the corpus or of the sample newsroom, with a word of its own."""
    return bodies()[number % len(bodies())].replace(b"</title>", b" %d</title>" % number, 1)


def write_warc(path: Path, count: int, first: int = 0) -> None:
    """Pages under addresses of their own, captured after the latest of them was published."""
    with path.open("wb") as out:
        for number in range(first, first + count):
            url = f"https://h{number % 997}.example/{number}"
            block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body(number)
            head = (
                f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2026-09-01T10:00:00Z\r\n"
                f"WARC-Record-ID: <{url}>\r\nContent-Length: {len(block)}\r\n\r\n"
            )
            out.write(gzip.compress(head.encode() + block + b"\r\n\r\n", 6))


def _bare(number: int) -> None:
    from trafilatura import bare_extraction

    bare_extraction(body(number).decode("utf-8", "replace"), with_metadata=True)


# -- kills -------------------------------------------------------------------------------------------------------------


def of_kills(folder: Path, urls: int, hosts: int, kills: int) -> None:
    server = Server()
    archive = folder / "archive"
    create_archive(archive).close()
    (archive / "backfile.toml").write_text(
        f'[fetch]\ndelay = {DELAY}\nper_host = 1\nconcurrency = 32\nallow_addresses = ["127.0.0.0/8"]\n'
        f'timeout = 10.0\n[fetch.connect_to]\n"*:80" = "127.0.0.1:{server.port}"\n[links]\ndepth = 0\n'
    )
    table = folder / "links.csv"
    rows = [f"http://h{number % hosts}.example/{number},t{number % 7}" for number in range(urls)]
    table.write_text("\n".join(["url,tags", *rows, *rows[: urls // 100], "no address,x"]))
    chance, done, peak, begun = random.Random(1), 0, 0.0, time.monotonic()
    while True:
        finished, memory = run(archive, table, folder / "sent", chance.uniform(3, 9) if done < kills else None)
        peak = max(peak, memory)
        if finished:
            break
        done += 1
        print(f"  killed {done} times, {len(server.seen)} requests so far", flush=True)
    took = time.monotonic() - begun
    with Archive(archive, read_settings(archive)) as opened:
        job = opened.jobs()[0]
        counts = opened.counts()
        print(f"{urls} addresses of {hosts} hosts, killed {done} times, {took:.0f} s, {urls / took:.0f} a second")
        print(f"states { ({state.value: count for state, count in job.counts.items() if count}) }")
        print(f"captures {counts.captures} for {counts.entries} entries; problems {list(opened.verify())}")
    asked = Counter(url for url, _ in server.seen)
    print(f"asked more than once: {sum(count - 1 for count in asked.values())} requests")
    print(
        f"asked too soon: {too_soon(folder / 'sent')} requests; memory {peak:.0f} MiB at most in the importing process"
    )


def of_slow(folder: Path, urls: int, hosts: int) -> None:
    """When which part of the pages was there, three of the hosts needing seconds for each of theirs."""
    server = Server(slow={f"h{number}.example": SLOW for number in range(3)})
    archive, table = folder / "archive", folder / "links.txt"
    create_archive(archive).close()
    table.write_text("\n".join(f"http://h{number % hosts}.example/{number}" for number in range(urls)))
    routes = {"*:80": f"127.0.0.1:{server.port}"}
    fetch = FetchSettings(delay=DELAY, concurrency=16, allow_addresses=("127.0.0.0/8",), connect_to=routes)
    settings = ArchiveSettings(fetch, LinkSettings(depth=0), EntitySettings(recogniser="none"))
    with Archive(archive, settings) as opened:
        begun = time.monotonic()
        at = [time.monotonic() - begun for _ in opened.import_files([table])]
    print(f"{urls} pages of {hosts} hosts, three of them need {SLOW} s for a page")
    print(", ".join(f"{part:.0%} after {at[int(part * urls) - 1]:.1f} s" for part in (0.5, 0.9, 0.98, 1.0)))


def of_rows(folder: Path, urls: int) -> None:
    """A table of links that are only noted, then the same table with one row more."""
    archive, table = folder / "archive", folder / "links.csv"
    create_archive(archive).close()
    with table.open("w") as out:
        out.write("url,title,tags,time_added\n")
        for number in range(urls):
            out.write(
                f"https://h{number % 50_021}.example/{number}?id={number},Story {number},t{number % 50};news,{number}\n"
            )
    for told in ("links", "links, all but one of them known"):
        begun = time.monotonic()
        with Archive(archive, read_settings(archive)) as opened:
            rejected = sum(1 for _ in opened.import_files([table], fetch=False))
            count = sum(opened.jobs()[0].counts.values())
        took = time.monotonic() - begun
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{count} {told}: {count / took:,.0f} a second, {rejected} rejected, {memory:.0f} MiB at most", flush=True
        )
        with table.open("a") as out:
            out.write("https://h.example/one-more,,,\n")


def run(archive: Path, table: Path, log: Path, kill_after: float | None) -> tuple[bool, float]:
    """Whether the run came to its end, and the most memory (MiB) its main process was seen to use."""
    peak = 0.0
    deadline = time.monotonic() + (kill_after or 1e9)
    command = [sys.executable, "-c", RUN, str(archive), str(table), str(log)]
    with subprocess.Popen(command, start_new_session=True) as running:
        while running.poll() is None:
            peak = max(peak, resident(running.pid))
            if time.monotonic() > deadline:
                os.killpg(running.pid, signal.SIGKILL)
                running.wait()
                return False, peak
            time.sleep(0.25)
    if running.returncode:
        raise SystemExit("the import failed")
    return True, peak


def resident(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:")), 0.0)


def too_soon(log: Path) -> int:
    """How many requests may have been sent sooner than the pause allows after the one before was out."""
    times = defaultdict(list)
    for line in log.read_text().splitlines():
        host, began, out = line.split()
        times[host].append((float(began), float(out)))
    return sum(later[0] - earlier[1] < DELAY for at in times.values() for earlier, later in pairwise(sorted(at)))


class Server:
    """Pages for every host on one port; every tenth is missing, cut off or refused."""

    def __init__(self, slow: Mapping[str, float] | None = None) -> None:
        """`slow`: seconds that hosts need for each answer."""
        self.seen: list[tuple[str, float]] = []
        seen, pauses = self.seen, slow or {}

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                seen.append((f"http://{self.headers['Host']}{self.path}", time.monotonic()))
                time.sleep(pauses.get(self.headers["Host"], 0.0))
                number = int(self.path.strip("/")) if self.path.strip("/").isdigit() else -1
                status = {3: 404, 13: 403, 23: 410}.get(number % 30, 200) if number >= 0 else 404
                title = f"Story {number}"
                body = f"<title>{title}</title><article><h1>{title}</h1><p>{TEXT * 4}{title}.</p></article>".encode()
                self.send_response(status)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:  # quiet
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]  # clients are killed, as announced
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()


if __name__ == "__main__":
    main()
