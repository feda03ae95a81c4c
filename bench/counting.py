"""What counting over a whole archive costs: lists of facet values, tables, pairs, a list of names, and copies.

    scripts/bench counting [--documents 20000] [--keep FOLDER]

One process, on the default engine and stories made of Reuters-21578 (bench/corpus.py), each with up to nine of 60,000
people and one of 800 sites. Figures are CPU time and the memory of the process. Needs the shared corpora.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import corpus

from archive import Change, Entry
from index import FacetPage, SearchSettings, ValueOrder
from index.copies.marking import marked
from index.copies.table import CopyTable
from index.engines import Batch, Engine, Loads, opener
from index.fields import Document
from index.overview import Overview

T = TypeVar("T")
BATCH = 1000
PEOPLE, SITES = 60_000, 800


class Nobody:
    """An archive that holds nothing: reading passages is not what is measured here."""

    def changes(self, since: int, limit: int) -> Sequence[Change]:  # noqa: ARG002 - as follow.Followed asks
        return ()

    def last_change(self) -> int:
        return 0

    def get(self, id: str) -> Entry | None:  # noqa: A002, ARG002
        return None

    def get_many(self, ids: Iterable[str]) -> Mapping[str, Entry]:  # noqa: ARG002
        return {}

    def entries(self, after: str = "", limit: int = 0) -> Sequence[Entry]:  # noqa: ARG002
        return ()


def documents(count: int) -> Iterator[Document]:
    """The stories, with people and sites by a law that gives a few of them most."""
    rng = random.Random(7)
    syllables = "ba de ki lo mu na pe ri so tu va we xi yo za cha dre fli gor hun mar ter lin son berg wald".split()
    names = [
        f"{''.join(rng.choices(syllables, k=2)).title()} {''.join(rng.choices(syllables, k=3)).title()}"
        for _ in range(PEOPLE)
    ]
    for story in corpus.stories(count):
        made = corpus.document(story)
        people = tuple(dict.fromkeys(names[int(PEOPLE * rng.random() ** 3)] for _ in range(rng.randrange(10))))
        site = (f"Paper {int(SITES * rng.random() ** 2)}",)
        more = {"person": people, "site": site} if people else {"site": site}
        kept = {name: values for name, values in made.facets.items() if name != "person"}
        texts = {name: values for name, values in made.texts.items() if name != "person"}
        yield replace(made, texts=texts | more, facets=kept | more)


def batches(count: int) -> Iterator[Batch]:
    waiting: list[Document] = []
    for number, one in enumerate(documents(count), 1):
        waiting.append(one)
        if len(waiting) == BATCH or number == count:
            yield Batch(waiting, (), number)
            waiting = []


def filled(folder: Path, count: int) -> Engine:
    engine = opener("whoosh")(folder, SearchSettings())
    if not engine.size():
        assert isinstance(engine, Loads)
        for _ in engine.load(batches(count)):
            pass
    return engine


def memory() -> float:
    """Megabytes of this process in memory, mapped files included (Linux)."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


class Read:
    """Asks the engine, whatever the question's text is."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __call__(self, text: str, ask: Callable[[Engine], T], /) -> T:  # noqa: ARG002
        return ask(self._engine)


def took(what: str, work: Callable[[], object]) -> object:
    """Do it, and say what it took."""
    start = time.process_time()
    result = work()
    print(f"{what:48} {time.process_time() - start:7.2f} s CPU   {memory():5.0f} MB", flush=True)
    return result


def main() -> None:
    """Fill (unless kept from before), then ask everything once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--keep", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.keep or Path(temporary)
        engine = filled(folder / "engine", asked.documents)
        ask(
            Overview(
                lambda: None, lambda _, of: of(engine), lambda _: {}, lambda plan: plan, Nobody(), SearchSettings()
            )
        )
        copies(folder, asked.documents)


def ask(overview: Overview) -> None:
    """Each kind of question."""
    took("50 people, most articles first", lambda: overview.values("", "person"))
    took("50 people by name, the first time", lambda: overview.values("", "person", order=ValueOrder.NAME))
    took("page 200 of them", lambda: overview.values("", "person", order=ValueOrder.NAME, offset=10_000))
    took("people and sites, 20 × 20", lambda: overview.table("", "person", "site"))
    took(
        "topics of oil by month, all of both", lambda: overview.table("oil", "topic", "date", limit=None, by_limit=None)
    )
    took("every pair of people", lambda: overview.pairs("", "person"))
    took("… by significance", lambda: overview.pairs("", "person", order=ValueOrder.SIGNIFICANCE))
    everyone = overview.values("", "person", limit=None)
    roster = overview.roster("person")
    took("200 names of a list", lambda: [roster.look_up(name) for name in names_of(everyone)])


def names_of(page: FacetPage) -> list[str]:
    """Half of them people of the archive, a third misspelled, the others nobody."""
    rng = random.Random(3)
    values = [value.value for value in page.values]
    known = [rng.choice(values) for _ in range(100)]
    wrong = [f"{name[:-2]}{name[-1]}{name[-2]}" for name in rng.sample(values, 60)]
    return [*known, *wrong, *(f"Zyq{number} Nobody{number}" for number in range(40))]


def copies(folder: Path, count: int) -> None:
    """What it costs to find out which texts are copies, while they go by."""
    path = folder / "copies"
    path.unlink(missing_ok=True)
    table = CopyTable(path, write=True, fresh=True)
    stories = list(batches(count))
    took("copies among them", lambda: [None for _ in marked(iter(stories), table, Nobody(), 0)])
    print(f"{'':48} {path.stat().st_size / count:7.0f} bytes a story")
    table.close()


if __name__ == "__main__":
    main()
