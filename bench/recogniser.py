"""F1 and words per second of a recogniser of names on marked news text.

    bench/recogniser.py [FOLDER] [--name default] [--rounds 2] [--sets de_uner_pud …] [--languages]
    bench/recogniser.py [FOLDER] [--name default] --imports de fr …

FOLDER has eval/SET.jsonl.gz (default: ../shared/corpora/entities) and the scorer stands in ../../tools beside it. The
sentences of a document, joined by newlines, are read as one article; its spans are widened to the set's own tokens.
English is read as tokens joined by blanks, other languages as they are printed, where the set has that. Strict F1
counts exact spans of the right type; facet F1 counts the set of (type, name) of each document, or each sentence where a
set has none. Words are what blanks divide (signs, in Chinese, Japanese and Thai); seconds are CPU seconds of this
process, with arithmetic on one core; the first round pays for new words. --languages: all sets that are not English.

--imports: words per second in up to 1,000 articles of one language, each read once, of 20 sentences of FOLDER/train
(none is read twice, none of old newspapers), and in the first of them, once the network is loaded.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import json
import os
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from archive.entities.recogniser import load_recogniser
from archive.model import Kind, Span

CORPORA = Path(__file__).parents[1].parent / "shared" / "corpora" / "entities"
SETS = ("wikigold", "uner_pud", "worldwide_dev", "meantime", "conll03_testa")
TYPES = {Kind.PERSON: "PER", Kind.PLACE: "LOC", Kind.ORG: "ORG"}
SENTENCES = 20  # of an article that is made of loose ones
UNSPACED = frozenset({"zh", "ja", "th"})
Row = dict[str, Any]
Find = Callable[[str], list[Span]]


class FindIn(Protocol):
    """What finds names in a text in a language."""

    def __call__(self, text: str, lang: str) -> list[Span]: ...


def documents(file: Path) -> Iterator[list[Row]]:
    """The rows of each document of a set; where a set has none, a sentence is one."""
    rows: list[Row] = []
    with gzip.open(file, "rt", encoding="utf-8") as stream:
        for row in map(json.loads, stream):
            row["doc_id"] = row["doc_id"] or row["id"]
            if rows and row["doc_id"] != rows[-1]["doc_id"]:
                yield rows
                rows = []
            rows.append(row)
    yield rows


def language(rows: list[Row]) -> str:
    """The language of rows of a set, as an article's is told: the primary tag."""
    return str(rows[0].get("lang") or "en").partition("-")[0]


def text_of(rows: list[Row]) -> str:
    """The document as an article's text."""
    return "\n".join(shown(row)[0] for row in rows)


def shown(row: Row) -> tuple[str, list[tuple[int, int]]]:
    """The text of a row, and where each of its tokens is."""
    text = row["text"] if row.get("lang", "en") != "en" else ""
    edges = _found(text, row["tokens"])
    if edges is None:
        text = " ".join(row["tokens"])
        edges = _found(text, row["tokens"])
    assert edges is not None
    return text, edges


def _found(text: str, tokens: list[str]) -> list[tuple[int, int]] | None:
    edges, place = [], 0
    for token in tokens:
        place = text.find(token, place)
        if place < 0:
            return None
        edges.append((place, place + len(token)))
        place += len(token)
    return edges


def predict(rows: list[Row], find: Find) -> list[Row]:
    """The rows with what `find` marks instead of what people marked."""
    spans = find(text_of(rows))
    found, place = [], 0
    for row in rows:
        text, edges = shown(row)
        marked = []
        for span in spans:
            first, last = span.start - place, span.end - place
            inside = [index for index, (start, end) in enumerate(edges) if end > first and start < last]
            if inside:
                marked.append({"type": TYPES[span.kind], "start": inside[0], "end": inside[-1] + 1})
        found.append({**row, "spans": marked})
        place += len(text) + 1
    return found


def score(folder: Path, name: str, find: FindIn) -> dict[str, dict[str, dict[str, float]]]:
    """The scorer's report on one set. `find` is told the language."""
    gold: dict[str, Row] = {}
    predicted: dict[str, Row] = {}
    for rows in documents(folder / "eval" / f"{name}.jsonl.gz"):
        lang = language(rows)
        gold |= {row["id"]: row for row in rows}
        predicted |= {row["id"]: row for row in predict(rows, partial(find, lang=lang))}
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


def words_per_second(folder: Path, find: FindIn, names: Sequence[str], rounds: int) -> list[float]:
    """One rate for each round over all of these sets."""
    texts = [
        (text_of(rows), language(rows)) for name in names for rows in documents(folder / "eval" / f"{name}.jsonl.gz")
    ]
    count = sum(len(text.replace(" ", "")) if lang in UNSPACED else len(text.split()) for text, lang in texts)
    rates = []
    for _ in range(rounds):
        began = time.process_time()
        for text, lang in texts:
            find(text, lang)
        rates.append(count / (time.process_time() - began))
    return rates


def articles(folder: Path, lang: str, most: int = 1000) -> list[str]:
    """Sentences in a language that stand in training files, as articles."""
    sentences: dict[str, None] = {}
    for file in sorted((folder / "train").glob(f"{lang}_*.jsonl.gz")):
        if "europeana" not in file.name:
            with gzip.open(file, "rt", encoding="utf-8") as stream:
                sentences |= dict.fromkeys(row["text"] or " ".join(row["tokens"]) for row in map(json.loads, stream))
    texts = list(sentences)
    return ["\n".join(texts[at : at + SENTENCES]) for at in range(0, len(texts), SENTENCES)][:most]


def print_import(folder: Path, name: str, lang: str) -> None:
    """Reads the articles in one go, with a recogniser of its own."""
    texts = articles(folder, lang)
    if not texts:
        raise SystemExit(f"{folder / 'train'} has no text in {lang!r}")
    recogniser = load_recogniser(name)
    recogniser.spans("1", lang)
    counts = [len(text.replace(" ", "")) if lang in UNSPACED else len(text.split()) for text in texts]
    began = time.process_time()
    recogniser.spans(texts[0], lang)
    first = time.process_time()
    for text in texts[1:]:
        recogniser.spans(text, lang)
    ended = time.process_time()
    whole, only = sum(counts) / (ended - began), counts[0] / (first - began)
    print(f"{lang}: {len(texts)} articles, {sum(counts):,} words, {whole:,.0f} words/s; the first: {only:,.0f}")


def foreign(folder: Path) -> list[str]:
    """The sets that are not English."""
    names = [file.name.partition(".")[0] for file in sorted((folder / "eval").glob("*.jsonl.gz"))]
    return [name for name in names if len(name.partition("_")[0].partition("-")[0]) == 2]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=CORPORA)
    parser.add_argument("--name", default="default")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--sets", nargs="+")
    parser.add_argument("--languages", action="store_true")
    parser.add_argument("--imports", nargs="+", metavar="LANGUAGE", default=[])
    given = parser.parse_args()
    for lang in given.imports:
        print_import(given.folder, given.name, lang)
    if given.imports:
        return
    names = given.sets or (foreign(given.folder) if given.languages else SETS)
    began = time.perf_counter()
    recogniser = load_recogniser(given.name)
    print(f"loaded in {time.perf_counter() - began:.2f} s")
    rates = words_per_second(given.folder, recogniser.spans, names, given.rounds)
    print("words/s by round:", ", ".join(f"{rate:,.0f}" for rate in rates))
    print(f"most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    print("set                    strict  facet | strict PER  ORG   LOC  | facet PER  ORG   LOC")
    for name in names:
        report = score(given.folder, name, recogniser.spans)
        strict, facet = (
            [report[kind][t]["f1"] for t in ("micro", "PER", "ORG", "LOC")] for kind in ("strict", "facet")
        )
        columns = "  ".join(f"{value:5.1f}" for value in [*strict[1:], *facet[1:]])
        print(f"{name:22} {strict[0]:6.2f} {facet[0]:6.2f} | {columns}", flush=True)


if __name__ == "__main__":
    main()
