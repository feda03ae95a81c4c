"""What a threshold decides: the scores on the shared corpora with a constant of ours at several values.

    bench/thresholds.py archive.entities.default.LEAST_UNTOLD 0.3 0.5 0.7 --sets el_elner_test it_kind_wikinews_test
    bench/thresholds.py archive.extraction.recover._SHORTEST 15 25 40

A constant of archive.entities is measured on marked news text: strict F1, precision and recall of each set, as
bench/recogniser.py has them. One of archive.extraction is measured on whole pages: F1 of the body, and how many of the
tweets and short links that people saw are among the article's links.
"""

from __future__ import annotations

import argparse
import ast
import gzip
import importlib.util
import json
from importlib import import_module
from types import ModuleType

import recogniser as names

from archive.entities.recogniser import load_recogniser
from archive.extraction import Page, extract

SHARED = names.CORPORA.parents[1]


def on_names(sets: list[str]) -> dict[str, float]:
    """Strict F1, precision and recall of the shipped recogniser, set by set."""
    found = load_recogniser()
    scores: dict[str, float] = {}
    for name in sets:
        report = names.score(names.CORPORA, name, found.spans)
        scores |= {f"{name} {kind}": report["strict"]["micro"][kind] for kind in ("f1", "p", "r")}
    return scores


def on_pages() -> dict[str, float]:
    """F1 of the body in percent, and how many in a hundred tweets and short links were found."""
    folder = SHARED / "corpora" / "pages"
    truth = {row["file"]: row for row in map(json.loads, (folder / "truth.jsonl").open(encoding="utf-8"))}
    predicted, wanted, found = {}, 0, 0
    for name, row in truth.items():
        page = Page(
            row["url"] or "https://example.org/",
            gzip.decompress((folder / "html" / name).read_bytes()),
            "utf-8",
            "text/html",
        )
        article = extract(page).article
        if article:
            predicted[name] = {"file": name, "body": article.text}
        addresses = " ".join(link.url for link in article.links) if article else ""
        expected = [tweet["id"] for tweet in row["tweets"]] + row["short_links"]
        wanted, found = wanted + len(expected), found + sum(part in addresses for part in expected)
    judge = scorer()
    return {
        "body F1": 100 * judge.summarise(judge.score(truth, predicted))["body"]["F1"],
        "links": 100 * found / wanted,
    }


def scorer() -> ModuleType:
    """The shared scorer of pages as a module."""
    spec = importlib.util.spec_from_file_location("score_pages", SHARED / "tools" / "score_pages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main() -> None:
    """Puts each value in the constant's place, and prints a row for each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("constant", help="module.NAME")
    parser.add_argument("values", nargs="+", help="each put in its place in turn; what it is now comes first")
    parser.add_argument("--sets", nargs="+", default=list(names.SETS))
    given = parser.parse_args()
    path, _, name = given.constant.rpartition(".")
    module = import_module(path)
    for value in [getattr(module, name), *map(ast.literal_eval, given.values)]:
        setattr(module, name, value)
        scores = on_names(given.sets) if path.startswith("archive.entities") else on_pages()
        print(f"{value!s:>8}", *(f"{kind} {score:.2f}" for kind, score in scores.items()), sep="  ", flush=True)


if __name__ == "__main__":
    main()
