"""How an index on OpenSearch indexes and answers, beside the default engine on the same stories, in one run.

    scripts/bench opensearch [--documents 20000] [--rounds 5] [--url http://HOST:9200] [--shards 1]

Without a URL a server of one node is started for it (512 MB of heap). Both are asked by one client, one question after
the other, in turn. Each question is put by the clock, as the median over the questions of a kind of each one's best
round, and by the CPU that client and server used for it, on average over the second half of the rounds.
The size is what lies on the disk; memory is that of the server's process, and of a new one that opens our index and
asks it all of the questions. Needs the shared corpora.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path

import corpus

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))
import servers

from index import SearchSettings
from index.engines import Batch, Engine, Loads, opener
from index.engines.opensearch.server import Server
from index.fields import DEFAULT
from index.plan import AllOf, AnyOf, Combined, Condition, Count, Days, Leaf, Phrase, Plan, Prefix, Stem
from index.stemming import stem

BATCH = 1_000
FIRST, LAST = date(1987, 3, 1).toordinal(), date(1987, 4, 15).toordinal()


def in_both(of: Callable[[str, float], Leaf]) -> Condition:
    """Asked of title and text, as a word without a field is."""
    return Combined(tuple(of(name, weight) for name, weight in DEFAULT.asks))


def word(text: str) -> Condition:
    return in_both(lambda name, weight: Stem(name, stem(text), weight))


def words(text: str) -> Condition:
    parts = tuple(map(word, text.split()))
    return parts[0] if len(parts) == 1 else AllOf(parts)


def phrase(text: str) -> Condition:
    return in_both(lambda name, weight: Phrase(name, tuple(text.split()), weight))


def facets(text: str) -> Plan:
    return Plan(word(text), counts=tuple(map(Count, ("person", "place", "topic"))), limit=0)


QUESTIONS: dict[str, list[Plan]] = {
    "a common word": [Plan(word(each)) for each in ("said", "company", "oil", "year", "bank", "market")],
    "two words": [Plan(words(each)) for each in ("oil price", "interest rates", "japan trade", "stock split")],
    "a phrase": [Plan(phrase(each)) for each in ("prime minister", "interest rate", "crude oil", "last year")],
    "a prefix": [
        Plan(in_both(lambda name, weight, each=each: Prefix(name, each, weight)))  # type: ignore[misc]
        for each in ("econom", "agricul", "invest", "pro")
    ],
    "any of four words": [
        Plan(AnyOf(tuple(map(word, each.split())))) for each in ("oil gas gold wheat", "dollar yen mark franc")
    ],
    "three facets": [facets(each) for each in ("said", "company", "oil", "trade", "wheat")],
    "a word in six weeks": [
        Plan(AllOf((word(each), Days("date", FIRST, LAST)))) for each in ("said", "oil", "trade", "wheat", "bank")
    ],
}


@dataclass
class Built:
    """An engine that is filled, and what that took."""

    engine: Engine
    server: int
    figures: dict[str, float]


def batches(count: int, folder: Path) -> Iterator[Batch]:
    stories = iter(corpus.kept(count, folder))
    place = 0
    while some := list(islice(stories, BATCH)):
        place += 1
        yield Batch([*map(corpus.document, some)], [], place)


def build(name: str, folder: Path, settings: SearchSettings, count: int, stories: Path, server: int) -> Built:
    """An engine filled with the stories; `server`: the number of the process that does the work of it, or 0."""
    engine = opener(name)(folder, settings)
    made = list(batches(count, stories))
    clock, mine, theirs = time.perf_counter(), cpu(), cpu_of(server)
    if isinstance(engine, Loads):
        for _ in engine.load(made):
            pass
    else:
        for batch in made:
            engine.apply(batch)
    took = time.perf_counter() - clock
    return Built(
        engine,
        server,
        {
            "documents/s by the clock": count / took,
            "CPU of the client, s": cpu() - mine,
            "CPU of the server, s": cpu_of(server) - theirs,
        },
    )


def cpu() -> float:
    """Seconds of CPU of this process and of those it has waited for."""
    return time.process_time() + sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])


def cpu_of(process: int) -> float:
    """Seconds of CPU that a process has used (Linux)."""
    if not process:
        return 0.0
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_of(process: int) -> float:
    """Megabytes of a process in memory (Linux)."""
    pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def ask(systems: dict[str, Built], rounds: int) -> None:
    for kind, plans in QUESTIONS.items():
        best: dict[str, list[float]] = {name: [float("inf")] * len(plans) for name in systems}
        totals: dict[str, list[int]] = {}
        used = dict.fromkeys(systems, 0.0)
        for round_ in range(rounds):
            for name, system in systems.items():
                totals[name] = []
                before = cpu() + cpu_of(system.server)
                for number, plan in enumerate(plans):
                    start = time.perf_counter()
                    totals[name].append(system.engine.run(plan).total)
                    best[name][number] = min(best[name][number], (time.perf_counter() - start) * 1000)
                used[name] += cpu() + cpu_of(system.server) - before if round_ >= rounds // 2 else 0.0
        if len({tuple(found) for found in totals.values()}) > 1:
            print(f"  {kind}: they disagree: {totals}", file=sys.stderr)
        for name, system in systems.items():
            system.figures[f"{kind}, ms"] = statistics.median(best[name])
            asked = len(plans) * (rounds - rounds // 2)
            system.figures[f"{kind}, ms of CPU"] = used[name] / asked * 1000


def answering(folder: Path) -> float:
    """Megabytes of a new process that has asked the index in `folder` everything, twice."""
    command = [sys.executable, str(Path(__file__).resolve()), "--answer", str(folder)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def answer(folder: Path) -> None:
    """As such a process does."""
    with closing(opener("whoosh")(folder, SearchSettings())) as engine:
        for plan in [plan for plans in QUESTIONS.values() for plan in plans] * 2:
            engine.run(plan)
        print(memory_of(os.getpid()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--url")
    parser.add_argument("--shards", type=int, default=1)
    parser.add_argument("--answer", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.answer:
        answer(given.answer)
        return
    with ExitStack() as held:
        below = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="backfile-bench-")))
        process, url = 0, given.url
        if not url:
            below.chmod(0o755)
            url = servers.start("opensearch", below)["BACKFILE_OPENSEARCH_URL"]
            held.callback(servers.stop, "opensearch", below)
            process = int((below / "opensearch" / "n1" / "pid").read_text())
        settings = SearchSettings(engine="opensearch", url=url, index="bench", shards=given.shards, seconds=60)
        remote = build("opensearch", below / "index" / "g1", settings, given.documents, below / "stories", process)
        ours = build("whoosh", below / "ours", SearchSettings(), given.documents, below / "stories", 0)
        ask({"ours": ours, "opensearch": remote}, given.rounds)
        server = held.enter_context(closing(Server(url)))
        stats = server.ask("GET", "/bench-*/_stats/store")["_all"]["total"]["store"]["size_in_bytes"]
        ours.figures["size, MB"] = sum(path.stat().st_size for path in (below / "ours").rglob("*")) / 1e6
        remote.figures["size, MB"] = stats / 1e6
        ours.figures["memory, MB"] = answering(below / "ours")
        remote.figures["memory, MB"] = memory_of(process) if process else float("nan")
        print(f"\n### {given.documents:,} documents\n\n| | ours | opensearch |\n|---|---|---|")
        for what, figure in ours.figures.items():
            print(f"| {what} | {figure:,.{2 if figure < 10 else 0}f} | {remote.figures[what]:,.2f} |")
        ours.engine.close()
        remote.engine.close()


if __name__ == "__main__":
    main()
