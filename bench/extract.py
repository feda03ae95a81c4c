"""Pages per second of the whole reading beside trafilatura's own extraction, in one run, with the share of each stage.

    bench/extract.py [PAGES] [--limit N] [--rounds N] [--second-opinion]

PAGES is a folder with truth.jsonl and html/ (default: ../shared/corpora/pages). Times are CPU seconds of this process,
page by page in turn so that all sides see the same machine; the best round of each counts.
"""

from __future__ import annotations

import argparse
import gzip
import json
import logging
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

logging.disable(logging.CRITICAL)

from trafilatura import bare_extraction  # noqa: E402

from archive.extraction import Page, extract  # noqa: E402
from archive.extraction.blocks import read_blocks  # noqa: E402
from archive.extraction.body import body_text  # noqa: E402
from archive.extraction.decode import decode  # noqa: E402
from archive.extraction.facts import collect  # noqa: E402
from archive.extraction.links.found import find_links  # noqa: E402
from archive.extraction.metadata import read_metadata  # noqa: E402
from archive.extraction.parse import Suspicious, parse, without_code  # noqa: E402
from archive.extraction.recover import recovered  # noqa: E402
from archive.extraction.refine import refined  # noqa: E402

CORPUS = Path(__file__).parents[1].parent / "shared" / "corpora" / "pages"


def load(folder: Path, limit: int) -> list[Page]:
    """The pages of a corpus, which are UTF-8 whatever they say."""
    rows = [json.loads(line) for line in (folder / "truth.jsonl").open(encoding="utf-8")][:limit]
    return [
        Page(
            row["url"] or "https://example.org/", gzip.open(folder / "html" / row["file"]).read(), "utf-8", "text/html"
        )
        for row in rows
    ]


def best_of(sides: dict[str, Callable[[Page], object]], page: Page, rounds: int) -> dict[str, float]:
    """CPU seconds of each side for one page, the best of some rounds in turn."""
    best = dict.fromkeys(sides, float("inf"))
    for _ in range(rounds):
        for name, work in sides.items():
            start = time.process_time()
            work(page)
            best[name] = min(best[name], time.process_time() - start)
    return best


def bare(page: Page) -> object:
    """trafilatura alone: text without metadata."""
    return bare_extraction(page.payload.decode("utf-8"), url=page.url, with_metadata=False, include_comments=False)


def with_metadata(page: Page) -> object:
    """trafilatura with its own metadata."""
    return bare_extraction(page.payload.decode("utf-8"), url=page.url, with_metadata=True, include_comments=False)


def stages(pages: list[Page]) -> dict[str, float]:
    """CPU seconds of each step of our reading."""
    spent: defaultdict[str, float] = defaultdict(float)
    now = datetime.now(UTC)

    def step(name: str, start: float) -> float:
        end = time.process_time()
        spent[name] += end - start
        return end

    for page in pages:
        clock = time.process_time()
        markup = decode(page.payload, page.charset)
        clock = step("decode", clock)
        try:
            tree = parse(markup)
        except Suspicious:
            continue
        clock = step("parse", clock)
        if tree is None:
            continue
        metadata = read_metadata(collect(tree, page.url), now)
        clock = step("metadata", clock)
        blocks = read_blocks(tree, page.url)
        clock = step("blocks", clock)
        without_code(tree)
        text = body_text(tree, blocks)
        clock = step("body (trafilatura)", clock)
        text = recovered(text, blocks, metadata.title, (metadata.description,))
        text = refined(text, blocks, metadata.title)
        clock = step("recover and refine", clock)
        find_links(blocks, text, page.url)
        step("links", clock)
    return spent


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="?", type=Path, default=CORPUS)
    parser.add_argument("--limit", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--second-opinion", action="store_true")
    options = parser.parse_args()
    pages = load(options.pages, options.limit)
    sides: dict[str, Callable[[Page], object]] = {
        "trafilatura, text only": bare,
        "trafilatura, with its metadata": with_metadata,
        "archive.extraction": extract,
    }
    if options.second_opinion:
        sides["archive.extraction, second opinion"] = lambda page: extract(page, second_opinion=True)
    best = dict.fromkeys(sides, 0.0)
    for page in pages:
        for name, spent in best_of(sides, page, options.rounds).items():
            best[name] += spent
    reference = best["trafilatura, with its metadata"]
    print(f"{len(pages)} pages, {sum(len(page.payload) for page in pages) / 2**20:.1f} MiB, best of {options.rounds}")
    for name, spent in best.items():
        print(f"  {name:34} {len(pages) / spent:7.1f} pages/s   {spent / reference:5.2f} of trafilatura with metadata")
    shares = stages(pages)
    total = sum(shares.values())
    for name, spent in sorted(shares.items(), key=lambda item: -item[1]):
        print(f"    {name:32} {100 * spent / total:5.1f} %   {1000 * spent / len(pages):6.2f} ms/page")


if __name__ == "__main__":
    main()
