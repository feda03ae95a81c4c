"""F1 and words per second of a recogniser of names on marked news text.

    bench/recogniser.py [FOLDER] [--name default] [--rounds 2]

FOLDER has eval/SET.jsonl.gz (default: ../shared/corpora/entities) and the scorer stands in ../../tools beside it. The
sentences of a document, joined by newlines, are read as one article; its spans are widened to the set's own tokens.
Strict F1 counts exact spans of the right type; facet F1 counts the set of (type, name) of each document. Words are what
blanks divide; seconds are CPU seconds of this process, with arithmetic on one core; the first round pays for new words.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import json
import os
import resource
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from archive.entities.recogniser import load_recogniser
from archive.model import Kind, Span

CORPORA = Path(__file__).parents[1].parent / "shared" / "corpora" / "entities"
SETS = ("wikigold", "uner_pud", "worldwide_dev", "meantime", "conll03_testa")
TYPES = {Kind.PERSON: "PER", Kind.PLACE: "LOC", Kind.ORG: "ORG"}
Row = dict[str, Any]
Find = Callable[[str], list[Span]]


def documents(file: Path) -> Iterator[list[Row]]:
    """The rows of each document of a set."""
    rows: list[Row] = []
    with gzip.open(file, "rt", encoding="utf-8") as stream:
        for row in map(json.loads, stream):
            if rows and row["doc_id"] != rows[-1]["doc_id"]:
                yield rows
                rows = []
            rows.append(row)
    yield rows


def text_of(rows: list[Row]) -> str:
    """The document as an article's text."""
    return "\n".join(" ".join(row["tokens"]) for row in rows)


def predict(rows: list[Row], find: Find) -> list[Row]:
    """The rows with what `find` marks instead of what people marked."""
    spans = find(text_of(rows))
    found, place = [], 0
    for row in rows:
        edges = []
        for token in row["tokens"]:
            edges.append((place, place + len(token)))
            place += len(token) + 1
        marked = []
        for span in spans:
            inside = [index for index, (start, end) in enumerate(edges) if end > span.start and start < span.end]
            if inside:
                marked.append({"type": TYPES[span.kind], "start": inside[0], "end": inside[-1] + 1})
        found.append({**row, "spans": marked})
    return found


def score(folder: Path, name: str, find: Find) -> dict[str, dict[str, dict[str, float]]]:
    """The scorer's report on one set."""
    gold: dict[str, Row] = {}
    predicted: dict[str, Row] = {}
    for rows in documents(folder / "eval" / f"{name}.jsonl.gz"):
        gold |= {row["id"]: row for row in rows}
        predicted |= {row["id"]: row for row in predict(rows, find)}
    report: dict[str, dict[str, dict[str, float]]] = scorer(folder).score(gold, predicted)
    return report


def scorer(folder: Path) -> ModuleType:
    """The shared scorer as a module."""
    spec = importlib.util.spec_from_file_location("scorer", folder.parents[1] / "tools" / "score_entities.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def words_per_second(folder: Path, find: Find, rounds: int) -> list[float]:
    """One rate for each round over all sets."""
    texts = [text_of(rows) for name in SETS for rows in documents(folder / "eval" / f"{name}.jsonl.gz")]
    count = sum(len(text.split()) for text in texts)
    rates = []
    for _ in range(rounds):
        began = time.process_time()
        for text in texts:
            find(text)
        rates.append(count / (time.process_time() - began))
    return rates


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=CORPORA)
    parser.add_argument("--name", default="default")
    parser.add_argument("--rounds", type=int, default=2)
    given = parser.parse_args()
    began = time.perf_counter()
    recogniser = load_recogniser(given.name)
    print(f"loaded in {time.perf_counter() - began:.2f} s")
    rates = words_per_second(given.folder, lambda text: recogniser.spans(text, "en"), given.rounds)
    print("words/s by round:", ", ".join(f"{rate:,.0f}" for rate in rates))
    print(f"most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    print("set             strict  facet | strict PER  ORG   LOC  | facet PER  ORG   LOC")
    for name in SETS:
        report = score(given.folder, name, lambda text: recogniser.spans(text, "en"))
        strict, facet = (
            [report[kind][t]["f1"] for t in ("micro", "PER", "ORG", "LOC")] for kind in ("strict", "facet")
        )
        columns = "  ".join(f"{value:5.1f}" for value in [*strict[1:], *facet[1:]])
        print(f"{name:15} {strict[0]:6.2f} {facet[0]:6.2f} | {columns}")


if __name__ == "__main__":
    main()
