"""What the worst queries cost the default engine: python bench/search_deadly.py INDEX [--terms 2000000].

INDEX is an index of bench/search.py (--keep FOLDER makes FOLDER/200000/ours). Each query goes the whole way from its
text, in a process of its own; beside it: what came of it, CPU time, and by how much the process grew at its largest. A
second index is made for the run, with as many different words as --terms says.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from multiprocessing.connection import Connection
from pathlib import Path

import search

from index import SearchError, SearchSettings, asking
from index.engines import Batch, opener
from index.fields import Card, Document
from index.plan import Overrun

WORDS = "oil price said bank market trade wheat dollar stock year company rate share profit loss growth".split()


def queries() -> Iterator[tuple[str, str]]:
    """(what it is, its text)"""
    many = [f"{word}{number}" if number else word for number in range(625) for word in WORDS]
    yield "`*`", "*"
    yield "`*tion`", "*tion"
    yield "`a*`", "a*"
    yield "`a* b* c* d*`", "a* b* c* d*"
    yield "10,000 words joined by OR", " OR ".join(many)
    yield "10,000 words", " ".join(many)
    yield "a query of 1 MB", "word " * 200_000
    yield "a word of 1 MB", "a" * 1_000_000
    yield "1,000 × `NOT`", "NOT " * 1000 + "oil"
    yield "5,000 brackets in each other", "(" * 5000 + "oil" + ")" * 5000
    yield "100 times (… OR …) in each other", "(" * 100 + "oil" + " OR bank)" * 100
    yield "`a~`", "a~"
    yield "`a~2`", "a~2"
    yield "`company~2`", "company~2"
    yield "100 × `…~2`", " OR ".join(f"{word}~2" for word in many[:100])
    yield '`"the of the to"`', '"the of the to"'
    yield '`"the of"~100000`', '"the of"~100000'
    yield "`-oil`", "-oil"
    yield "`date:1500..2500`", "date:1500..2500"


def vast(folder: Path, terms: int) -> None:
    """An index of that many different words, a third of which begin with a."""
    engine = opener("whoosh")(folder, SearchSettings())
    now = datetime(2025, 1, 1, tzinfo=UTC)
    for position, start in enumerate(range(0, terms, 200_000), 1):
        texts = [
            " ".join(f"{'axy'[n % 3]}{n:x}" for n in range(first, first + 100))
            for first in range(start, start + 200_000, 100)
        ]
        documents = [
            Document(Card(f"{position}-{n}", "", "", "", None, now), {"text": (text,)}, {}, {}, {})
            for n, text in enumerate(texts)
        ]
        engine.apply(Batch(documents, [], position))
    engine.close()


def ask(folder: Path, text: str, pipe: Connection) -> None:
    """In a process of its own: (what came of it, seconds of CPU, megabytes)."""
    engine = opener("whoosh")(folder, SearchSettings())
    settings = SearchSettings()
    engine.run(asking.question("warm", settings, today=date(2025, 1, 1)).plan)
    before = most()
    start = time.process_time()
    try:
        asked = asking.question(text, settings, today=date(2025, 1, 1))
        try:
            outcome = f"{engine.run(asked.plan).total:,} hits"
        except Overrun as overrun:
            raise asking.too_broad(overrun, asked.text) from overrun
    except SearchError as error:
        outcome = "refused: " + str(error).splitlines()[0][:90]
    took = time.process_time() - start
    pipe.send((outcome, took, most() - before))


def most() -> float:
    """Megabytes of this process when it was largest (Linux)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1e3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", type=Path)
    parser.add_argument("--terms", type=int, default=2_000_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="backfile-deadly-") as scratch:
        vast(Path(scratch), given.terms)
        print("| query | | CPU, ms | memory, MB |\n|---|---|---|---|")
        asked = [(what, given.index, text) for what, text in queries()]
        more = ("`a*`", "`x* OR y*`", "`a1*`", "`a1234~2`")
        asked += [(f"{text} of {given.terms:,} words", Path(scratch), text.strip("`")) for text in more]
        for what, folder, text in asked:
            outcome, took, grown = search.run(ask, folder, text).recv()
            print(f"| {what} | {outcome} | {took * 1000:,.0f} | {grown:,.0f} |")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
