"""Pages per second through the whole pipeline, beside trafilatura's bare extraction of the same pages, in one run.

    python bench/pipeline.py [--pages N] [--rounds N]

Real pages are taken from ../shared/corpora/pages where they are present, else those of the sample newsroom. They are
served by a process of their own on loopback, so that its work is not counted. Figures are CPU seconds per page of one
process on one core (the pipeline is run without worker processes), as ratios to bare extraction; the median of rounds
that take turns.
"""

from __future__ import annotations

import argparse
import gzip
import json
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import wraps
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing import Process, Queue
from pathlib import Path
from typing import Any

from archive import Archive, ArchiveSettings, EntitySettings, FetchSettings, create_archive, open_archive

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT.parent / "shared" / "corpora" / "pages"
SAMPLE = ROOT / "scripts" / "sample_newsroom" / "pages"


def load_pages(limit: int) -> list[bytes]:
    """Pages as a server would send them."""
    if CORPUS.exists():
        rows = [json.loads(line) for line in (CORPUS / "truth.jsonl").open(encoding="utf-8")]
        return [gzip.decompress((CORPUS / "html" / row["file"]).read_bytes()) for row in rows[:limit]]
    return [path.read_bytes() for path in sorted(SAMPLE.rglob("*.html"))[:limit]]


def serve(pages: list[bytes], port: Queue[int]) -> None:
    """Page N at /N of every host."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            number = self.path.strip("/").split("/")[0]
            body = pages[int(number)] if number.isdigit() else b""
            self.send_response(200 if number.isdigit() else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    port.put(server.server_address[1])
    server.serve_forever()


class Stages:
    """CPU seconds spent in chosen functions, wherever they are called."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)

    @contextmanager
    def watching(self, *targets: tuple[str, Any, str]) -> Iterator[None]:
        """Time `owner.name` under `label` for each (label, owner, name)."""
        originals = [(owner, name, getattr(owner, name)) for _, owner, name in targets]
        for label, owner, name in targets:
            setattr(owner, name, self._timed(label, getattr(owner, name)))
        try:
            yield
        finally:
            for owner, name, original in originals:
                setattr(owner, name, original)

    def _timed(self, label: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def timed(*args: Any, **kwargs: Any) -> Any:
            start = time.thread_time()
            try:
                return function(*args, **kwargs)
            finally:
                self.seconds[label] += time.thread_time() - start

        return timed


def bare(pages: list[bytes]) -> float:
    """CPU seconds of trafilatura alone, with its own metadata."""
    from trafilatura import bare_extraction

    start = time.process_time()
    for number, page in enumerate(pages):
        bare_extraction(
            page.decode("utf-8", "replace"),
            url=f"https://site{number}.example/{number}",
            with_metadata=True,
            include_comments=False,
        )
    return time.process_time() - start


def settings(port: int, recogniser: str) -> ArchiveSettings:
    fetch = FetchSettings(delay=0.0, allow_addresses=("127.0.0.0/8",), connect_to={"*:80": f"127.0.0.1:{port}"})
    return replace(ArchiveSettings(), fetch=fetch, entities=EntitySettings(recogniser=recogniser))


@contextmanager
def one_process() -> Iterator[None]:
    """Reading stays in this process, so that its CPU time is counted."""
    from archive.reading import Reader

    original = Reader.use_workers
    Reader.use_workers = lambda self, count=None: None  # type: ignore[method-assign]  # noqa: ARG005
    try:
        yield
    finally:
        Reader.use_workers = original  # type: ignore[method-assign]


def whole(folder: Path, port: int, count: int, recogniser: str, stages: Stages) -> tuple[float, float]:
    """CPU seconds of archiving all pages from the server, and of rebuilding the catalog from warc/."""
    import archive.entities
    import archive.extraction
    from archive.cataloguing import Cataloguing
    from archive.fetch import Fetcher
    from archive.storage import Store

    create_archive(folder).close()
    with one_process(), open_archive(folder, settings(port, recogniser)) as opened:
        targets = (
            ("fetch", Fetcher, "fetch"),
            ("extract", archive.extraction, "extract"),
            ("understand", archive.entities, "understand"),
            ("write WARC", Store, "append"),
            ("catalogue", Cataloguing, "put"),
            ("commit", Store, "commit"),
        )
        with stages.watching(*targets):
            added = cpu(lambda: archive_all(opened, count))
        return added, cpu(opened.rebuild)


def archive_all(opened: Archive, count: int) -> None:
    urls = [f"http://site{number}.example/{number}" for number in range(count)]
    done = sum(page.depth == 0 for page in opened.add(urls, depth=0))
    assert done == count, f"{done} of {count} pages came back"


def cpu(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--pages", type=int, default=221)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    pages = load_pages(options.pages)
    port_queue: Queue[int] = Queue()
    server = Process(target=serve, args=(pages, port_queue), daemon=True)
    server.start()
    port = port_queue.get(timeout=30)
    ratios: dict[str, list[float]] = defaultdict(list)
    stages = Stages()
    bare(pages[:5])  # loads what everybody loads
    with tempfile.TemporaryDirectory() as scratch:
        for number in range(options.rounds + 1):
            base = bare(pages)
            for recogniser in ("none", "default"):
                watched = stages if recogniser == "default" and number else Stages()
                added, rebuilt = whole(Path(scratch) / f"{recogniser}{number}", port, len(pages), recogniser, watched)
                if number:  # the first round loads modules and data
                    ratios[f"add, recogniser {recogniser}"].append(added / base)
                    ratios[f"rebuild from WARC, recogniser {recogniser}"].append(rebuilt / base)
            ratios["bare extraction, ms a page"].append(base / len(pages) * 1000)
    server.terminate()
    report(ratios, stages, len(pages), options.rounds)


def report(ratios: dict[str, list[float]], stages: Stages, pages: int, rounds: int) -> None:
    out = sys.stdout.write
    out(f"{pages} pages, {rounds} rounds; CPU per page as a ratio to bare extraction (median, least, most)\n\n")
    for label, values in ratios.items():
        out(f"| {label} | {statistics.median(values):.2f} | {min(values):.2f} | {max(values):.2f} |\n")
    total = sum(stages.seconds.values())
    out("\nshare of each stage of `add` with the default recogniser\n\n")
    for label, seconds in sorted(stages.seconds.items(), key=lambda item: -item[1]):
        out(f"| {label} | {seconds / total:.0%} | {seconds / pages / rounds * 1000:.2f} ms a page |\n")


if __name__ == "__main__":
    main()
