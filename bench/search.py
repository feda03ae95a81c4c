"""How fast the default engine indexes and answers, beside stock Whoosh, SQLite FTS5 and tantivy, in one run.

    scripts/bench search [--documents 21578] [--without whoosh] [--rounds 5] [--keep FOLDER]

Each system works in a process of its own, one thread, on the same stories (bench/corpus.py); the questions go round
all systems in turn. Figures are CPU time, so that other work on the machine weighs little: the median over the
questions of a kind of each one's best round. "First time": of an index that was just opened and has answered questions
about other words, so that no list of the question was read before; "again": of one that has been asked it before.
Imports are no part of opening. Memory is what a process that only asks has grown by when it has asked everything
(mapped files included), and what the largest of those that index has at its most. Needs the shared corpora and
`pip install "backfile[bench]"`.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import corpus
import search_engines

OTHER = "growth"  # what is asked before anything is measured
YEAR = (date(1987, 3, 1), date(1987, 4, 15))
QUESTIONS: dict[str, tuple[str, list[tuple[object, ...]]]] = {
    "a common word": ("words", [([word],) for word in ("said", "company", "oil", "year", "bank", "market")]),
    "two words": (
        "words",
        [(pair.split(),) for pair in ("oil price", "interest rates", "japan trade", "stock split", "company said")],
    ),
    "a phrase": (
        "phrase",
        [(pair.split(),) for pair in ("prime minister", "interest rate", "crude oil", "federal reserve", "last year")],
    ),
    "a prefix": ("prefix", [(prefix,) for prefix in ("econom", "agricul", "invest", "manufact", "pro")]),
    "any of four words": (
        "any_word",
        [(four.split(),) for four in ("oil gas gold wheat", "dollar yen mark franc", "profit loss dividend split")],
    ),
    "three facets": ("facets", [(word,) for word in ("said", "company", "oil", "trade", "wheat")]),
    "a word in six weeks": ("dates", [(word, *YEAR) for word in ("said", "oil", "trade", "wheat", "bank")]),
}


def work(name: str, folder: Path, count: int, pipe: Connection) -> None:
    """The process of one system: builds, then answers until it is told None."""
    system = search_engines.SYSTEMS[name](folder)
    stories = Timed(corpus.kept(count, folder.parent / "stories"))
    start, clock = cpu(), time.perf_counter()
    system.build(stories)
    took, by_clock = cpu() - start - stories.took, time.perf_counter() - clock
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    most = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    built = {"documents/s": count / took, "size, MB": size / 1e6, "memory of what indexes, MB": most * 1024 / 1e6}
    print(f"  {name}: {count / by_clock:,.0f} documents a second by the clock", file=sys.stderr, flush=True)
    note(folder).write_text(json.dumps(built), encoding="ascii")
    pipe.send(built)


class Timed:
    """The stories, and how much CPU time it took to get them."""

    def __init__(self, stories: Iterator[corpus.Story]) -> None:
        self._stories = stories
        self.took = 0.0

    def __iter__(self) -> Iterator[corpus.Story]:
        while True:
            start = time.thread_time()
            story = next(self._stories, None)
            self.took += time.thread_time() - start
            if story is None:
                return
            yield story


def cpu() -> float:
    """Seconds of CPU of this process and of those it has waited for."""
    return time.process_time() + sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])


def note(folder: Path) -> Path:
    """Where the figures of an index stand that was built in `folder`."""
    return folder.with_suffix(".json")


def built(name: str, folder: Path, count: int) -> dict[str, float]:
    """Build, unless it was done before (see --keep); the figures of building."""
    if not note(folder).exists():
        folder.mkdir(parents=True)
        return dict(run(work, name, folder, count).recv())
    return dict(json.loads(note(folder).read_text(encoding="ascii")))


def answer(name: str, folder: Path, pipe: Connection, *, anew: bool = False) -> None:
    """A process that only asks, so that its memory is that of searching; `anew`: an index opened for each question."""
    before = memory()
    search_engines.load()
    start = time.process_time()
    system = search_engines.SYSTEMS[name](folder)
    system.facets(OTHER)
    pipe.send((time.process_time() - start) * 1000)
    while (kind := pipe.recv()) is not None:
        method, questions = QUESTIONS[kind]
        took = []
        for question in questions:
            if anew:
                system = search_engines.SYSTEMS[name](folder)
                begun(system)
                gc.collect()
            start = time.process_time()
            getattr(system, method)(*question)
            took.append((time.process_time() - start) * 1000)
        pipe.send(took)
    pipe.send(memory() - before)


def answer_anew(name: str, folder: Path, pipe: Connection) -> None:
    answer(name, folder, pipe, anew=True)


def begun(system: search_engines.System) -> None:
    """Other questions, by which what serves all questions is read."""
    system.facets(OTHER)
    system.words([OTHER])
    system.prefix(OTHER)
    system.dates(OTHER, *YEAR)


def memory() -> float:
    """Megabytes of this process in memory, mapped files included (Linux)."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def run(target: Callable[..., None], *args: object) -> Connection:
    """A process of its own that talks through this; what ends it ends the wait for it."""
    spawn = get_context("spawn")
    mine, theirs = spawn.Pipe()
    spawn.Process(target=target, args=(*args, theirs), daemon=True).start()
    theirs.close()
    return mine


def measure(names: Sequence[str], count: int, rounds: int, folder: Path) -> dict[str, dict[str, float]]:
    """System → what was measured → figure."""
    pipes: dict[tuple[str, str], Connection] = {}
    figures: dict[str, dict[str, float]] = {}
    for name in names:
        figures[name] = built(name, folder / name, count)
        print(f"  {name}: {figures[name]}", file=sys.stderr, flush=True)
        for when, target in (("first time", answer_anew), ("again", answer)):
            pipes[name, when] = run(target, name, folder / name)
            figures[name]["opening, and the first three facets, ms"] = pipes[name, when].recv()
    for kind in QUESTIONS:
        best: dict[tuple[str, str], list[float]] = {}
        for _ in range(rounds):
            for asked, pipe in pipes.items():
                pipe.send(kind)
                times = pipe.recv()
                best[asked] = list(map(min, best.get(asked, times), times))
        for (name, when), times in best.items():
            figures[name][f"{kind}, {when}, ms"] = statistics.median(times)
    for (name, when), pipe in pipes.items():
        pipe.send(None)
        grown = pipe.recv()
        if when == "again":
            figures[name]["memory, MB"] = grown
    return figures


def table(figures: dict[str, dict[str, float]], first: str) -> str:
    """Markdown; beside each figure how many times better than `first` it is."""
    names = list(figures)
    lines = ["| | " + " | ".join(names) + " |", "|---|" + "---|" * len(names)]
    for what in figures[names[0]]:
        cells = []
        for name in names:
            mine, theirs = figures[name][what], figures[first][what]
            better = mine / theirs if what.endswith("/s") else theirs / mine if mine else float("inf")
            cells.append(f"{mine:,.{2 if mine < 10 else 0}f}" + ("" if name == first else f" ({better:,.1f}×)"))
        lines.append(f"| {what} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, nargs="+", default=[len(corpus.reuters())])
    parser.add_argument("--without", nargs="*", default=[], choices=list(search_engines.SYSTEMS))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--keep", type=Path, help="a folder for the indexes; those in it are not built again")
    given = parser.parse_args()
    names = [name for name in search_engines.SYSTEMS if name not in given.without]
    for count in given.documents:
        with tempfile.TemporaryDirectory(prefix="backfile-bench-") as scratch:
            print(f"{count:,} documents", file=sys.stderr, flush=True)
            folder = (given.keep or Path(scratch)) / str(count)
            print(f"\n### {count:,} documents\n\n{table(measure(names, count, given.rounds, folder), names[0])}\n")


if __name__ == "__main__":
    main()
