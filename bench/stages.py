"""Pages and words per second of each stage on one core, memory, and how long what is loaded takes to load.

    python bench/stages.py [--pages N] [--rounds N]

Real pages are taken from ../shared/corpora/pages where they are present, else those of the sample newsroom. A process
of its own serves them on loopback, and one process archives and indexes them: CPU seconds of its thread, the best of
the rounds for each stage. Every round begins with a recogniser that has met no word of them yet. Words are what blanks
divide in the texts of the articles.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import Process, Queue
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from pipeline import Stages, archive_all, load_pages, one_process, serve, settings

from archive import create_archive, open_archive
from index import open_index

UNDERSTAND = "understand: all of it"
SETTLE = "understand: names made canonical, countries, acronyms"
PARTS = ("understand: people, places, organisations", "understand: dates", "understand: topics")
LOADS = {
    "recogniser": "from archive.entities import load_recogniser; load_recogniser()",
    "places": "from archive.entities import places; places.load()",
    "subjects": "from archive.entities import subjects; subjects.load()",
}


def targets() -> Iterator[tuple[str, Any, str]]:
    """What is watched: label, owner, name."""
    import archive.entities
    import archive.extraction
    from archive.cataloguing import Cataloguing
    from archive.entities import dates, understanding
    from archive.entities.default import DefaultRecogniser
    from archive.fetch import Fetcher
    from archive.storage import Store

    yield "fetch, from loopback", Fetcher, "fetch"
    yield "extract: text, metadata, links", archive.extraction, "extract"
    yield UNDERSTAND, archive.entities, "understand"
    yield PARTS[0], DefaultRecogniser, "spans"
    yield PARTS[1], dates, "find"
    yield PARTS[2], understanding, "topics"
    yield "write WARC", Store, "append"
    yield "catalogue: versions, links, names", Cataloguing, "put"
    yield "commit, synced", Store, "commit"


@contextmanager
def fresh_recogniser() -> Iterator[None]:
    """One that has met no words yet."""
    from archive.reading import named

    named.cache_clear()
    named("default")
    yield


def measured(folder: Path, port: int, count: int) -> tuple[dict[str, float], int]:
    """CPU seconds of each stage, and the words of all articles."""
    stages = Stages()
    create_archive(folder).close()
    with fresh_recogniser(), one_process(), open_archive(folder, settings(port, "default")) as opened:
        with stages.watching(*targets()):
            archive_all(opened, count)
        index = open_index(opened, folder)
        with stages.watching(("index", index, "update")):
            index.update()
        words = sum(len(entry.article.text.split()) for entry in opened.entries() if entry.article)
        index.close()
    seconds = stages.seconds
    seconds[SETTLE] = seconds[UNDERSTAND] - sum(seconds[part] for part in PARTS)
    order = [label for label, _, _ in targets()]
    order.insert(order.index(PARTS[0]) + 1, SETTLE)
    return {stage: seconds[stage] for stage in (*order, "index")}, words


def load_time(code: str) -> float:
    """Seconds that `code` takes in a fresh process whose modules are imported already; the best of three."""
    program = (
        "import time, numpy, msgspec, archive.entities.understanding, archive.entities.default\n"
        f"start = time.perf_counter()\n{code}\nprint(time.perf_counter() - start)"
    )
    run = [sys.executable, "-c", program]
    return min(float(subprocess.run(run, capture_output=True, check=True, text=True).stdout) for _ in range(3))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pages", type=int, default=221)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    pages = load_pages(options.pages)
    port: Queue[int] = Queue()
    server = Process(target=serve, args=(pages, port), daemon=True)
    server.start()
    number = port.get(timeout=30)
    best: dict[str, float] = {}
    words = 0
    with tempfile.TemporaryDirectory() as scratch:
        for round_ in range(options.rounds + 1):  # the first loads modules and data
            seconds, words = measured(Path(scratch) / str(round_), number, len(pages))
            if round_:
                best = {stage: min(spent, best.get(stage, spent)) for stage, spent in seconds.items()}
    server.terminate()
    report(best, len(pages), words)


def report(best: dict[str, float], pages: int, words: int) -> None:
    out = sys.stdout.write
    out(f"{pages} pages, {words:,} words\n\n| stage | pages/s | words/s |\n|---|---|---|\n")
    for stage, seconds in best.items():
        out(f"| {stage} | {pages / seconds:,.0f} | {words / seconds:,.0f} |\n")
    whole = sum(seconds for stage, seconds in best.items() if stage not in (*PARTS, SETTLE))
    out(f"| all stages | {pages / whole:,.0f} | {words / whole:,.0f} |\n\n")
    out(f"most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB\n")
    for what, code in LOADS.items():
        out(f"loads in {load_time(code):.2f} s: {what}\n")


if __name__ == "__main__":
    main()
