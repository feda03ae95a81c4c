"""What it costs to archive pages with their resources: bytes and seconds a page, beside `wget -p`, in one run.

    python bench/resources.py [--pages N] [--latency SECONDS] [--wget] [--sample]

Real pages are taken from ../shared/corpora/pages where they are present, else (and with `--sample`) those of the sample
newsroom. Which resources they name is real. What these weigh is not in the corpus: each is stood in for by bytes of its
own, of a size for its kind (WEIGHTS), and every answer takes `--latency`. All of it is served by another process on
loopback, as http. Pages are archived one after the other, by one archive for each choice, so that what they share is
asked for once; `wget -p -H` gets each page into a folder of its own. Choices take turns page by page.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import os
import re
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing import Process, Queue
from pathlib import Path
from urllib.parse import urlsplit

from archive import (
    Archive,
    ArchiveSettings,
    EntitySettings,
    FetchSettings,
    LinkSettings,
    Resources,
    create_archive,
    open_archive,
)

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT.parent / "shared" / "corpora" / "pages"
SAMPLE = ROOT / "scripts" / "sample_newsroom" / "pages"
# Bytes of one file as received, near the middle of what news sites serve.
WEIGHTS = {"text/css": 15_000, "font/woff2": 25_000, "text/javascript": 30_000, "image/jpeg": 60_000}
_KINDS = ((r"css", "text/css"), (r"woff2?|ttf|otf|eot", "font/woff2"), (r"m?js", "text/javascript"))


def load_pages(limit: int, *, sample: bool) -> dict[str, bytes]:
    """Pages by their address, as http so that any client can be led to the server."""
    if CORPUS.exists() and not sample:
        rows = [json.loads(line) for line in (CORPUS / "truth.jsonl").open(encoding="utf-8")]
        found = {row["url"]: gzip.decompress((CORPUS / "html" / row["file"]).read_bytes()) for row in rows}
    else:
        found = {f"https://paper.example/{path.stem}": path.read_bytes() for path in sorted(SAMPLE.rglob("*.html"))}
    pages = {re.sub("^https", "http", url): body.replace(b"https:", b"http:") for url, body in found.items()}
    return dict(list(pages.items())[:limit])


def answer(path: str) -> tuple[str, bytes]:
    """What stands in for the resource at an address."""
    kind = next((kind for ends, kind in _KINDS if re.search(rf"\.(?:{ends})(?:$|[?&])", path)), "image/jpeg")
    seed = hashlib.shake_256(path.encode()).digest(WEIGHTS[kind])
    return kind, seed if not kind.startswith("text/") else seed.hex().encode()[: WEIGHTS[kind]]


def serve(pages: dict[str, bytes], latency: float, port: Queue[int]) -> None:
    """The pages and stand-ins for everything else, for every host; also as a proxy."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            url = self.path if self.path.startswith("http:") else f"http://{self.headers['Host']}{self.path}"
            time.sleep(latency)
            page = pages.get(url)
            kind, body = ("text/html", page) if page is not None else answer(url)
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    class Server(ThreadingHTTPServer):
        request_queue_size = 128

        def handle_error(self, *_: object) -> None: ...  # a client that has had enough

    with Server(("127.0.0.1", 0), Handler) as server:
        port.put(server.server_port)
        server.serve_forever()


@contextmanager
def served(pages: dict[str, bytes], latency: float) -> Iterator[int]:
    port: Queue[int] = Queue()
    process = Process(target=serve, args=(pages, latency, port), daemon=True)
    process.start()
    try:
        yield port.get(timeout=30)
    finally:
        process.terminate()
        process.join()


def opened(folder: Path, port: int, resources: Resources) -> Archive:
    create_archive(folder).close()
    fetch = FetchSettings(
        resources=resources, allow_addresses=("127.0.0.0/8",), connect_to={"*:80": f"127.0.0.1:{port}"}
    )
    settings = ArchiveSettings(fetch=fetch, links=LinkSettings(depth=0), entities=EntitySettings("none"))
    return open_archive(folder, settings)


def with_wget(url: str, folder: Path, port: int) -> None:
    command = ["wget", "-p", "-H", "-q", "-e", "robots=off", "-t", "1", "-T", "20", "-P", str(folder), url]
    subprocess.run(command, env={**os.environ, "http_proxy": f"http://127.0.0.1:{port}"}, check=False, timeout=300)


def size_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=221)
    parser.add_argument("--latency", type=float, default=0.03)
    parser.add_argument("--wget", action="store_true")
    parser.add_argument("--sample", action="store_true")
    arguments = parser.parse_args()
    pages = load_pages(arguments.pages, sample=arguments.sample)
    seconds: dict[str, list[float]] = {each.value: [] for each in Resources}
    counts: dict[str, list[int]] = {each.value: [] for each in Resources}
    if arguments.wget and shutil.which("wget"):
        seconds["wget -p"] = []
        counts["wget -p"] = []
    with ExitStack() as held:
        port = held.enter_context(served(pages, arguments.latency))
        root = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="resources-")))
        archives = {each.value: held.enter_context(opened(root / each, port, each)) for each in Resources}
        for number, url in enumerate(pages):
            for name in seconds:
                started = time.perf_counter()
                if name in archives:
                    (added,) = archives[name].add([url])
                    seconds[name].append(time.perf_counter() - started)
                    captures = archives[name].captures(added.id) if added.id else []
                    counts[name].append(
                        sum(bool(one.hops) for each in captures for one in archives[name].resources(each.id))
                    )
                else:
                    with_wget(url, root / name / str(number), port)
                    seconds[name].append(time.perf_counter() - started)
                    counts[name].append(sum(path.is_file() for path in (root / name / str(number)).rglob("*")) - 1)
        for name, times in seconds.items():
            folder = root / name / ("warc" if name in archives else "")
            print(json.dumps({
                "resources": name, "pages": len(times), "asked for a page": round(statistics.mean(counts[name]), 1),
                "kB a page": round(size_of(folder) / len(times) / 1000),
                "seconds a page": round(statistics.mean(times), 2), "median": round(statistics.median(times), 2),
            }))  # fmt: skip
        print(
            json.dumps({"hosts of pages": len({urlsplit(url).hostname for url in pages}), "latency": arguments.latency})
        )


if __name__ == "__main__":
    main()
