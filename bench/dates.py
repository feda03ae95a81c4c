"""How fast an article is understood, without its recogniser: dates, names, topics; words per second on one core.

    python bench/dates.py [FILE.jsonl.gz …]      rows with `text` or `body` (default: the shared Reuters stories)

Names are recognised beforehand and played back, so that only what archive.entities adds is timed. CPU time, best of 3.
"""

from __future__ import annotations

import gzip
import itertools
import json
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from archive.entities import load_recogniser, understand
from archive.entities.countries import countries
from archive.entities.dates import find
from archive.entities.topics import topics
from archive.model import Article, Span

DEFAULT = Path(__file__).parents[1].parent / "shared" / "corpora" / "reuters" / "reuters21578.jsonl.gz"
STORIES = 600


class Playback:
    """A recogniser that repeats what another one found."""

    def __init__(self, articles: list[Article]) -> None:
        real = load_recogniser()
        self.name = real.name
        self.known: dict[str, list[Span]] = {}
        for article in articles:
            whole = f"{article.title}\n\n{article.text}" if article.title else article.text
            self.known[whole] = real.spans(whole, "en")

    def spans(self, text: str, lang: str) -> list[Span]:  # noqa: ARG002
        return self.known[text]


def articles(files: list[Path]) -> list[Article]:
    found = []
    for file in files:
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            for row in map(json.loads, itertools.islice(lines, 0, None, 20)):
                text = row.get("body") or row.get("text") or ""
                day = date.fromisoformat((row.get("date") or row.get("dct") or "2025-01-31")[:10])
                found.append(Article("u", row.get("title") or "", text, published_on=day, lang="en"))
    return found[:STORIES]


def best(work: Callable[[], object]) -> float:
    def seconds() -> float:
        start = time.process_time()
        work()
        return time.process_time() - start

    return min(seconds() for _ in range(3))


def main() -> None:
    read = articles([Path(arg) for arg in sys.argv[1:]] or [DEFAULT])
    words = sum(len(article.text.split()) for article in read)
    recogniser = Playback(read)
    understood = [understand(article, recogniser) for article in read]
    parts = {
        "dates": lambda: [find(a.text, a.published_on) for a in read],
        "topics": lambda: [topics(a, r.mentions) for a, r in zip(read, understood, strict=True)],
        "countries": lambda: [countries(a.title, a.text) for a in read],
        "understand without recogniser": lambda: [understand(a, recogniser) for a in read],
    }
    print(f"{len(read)} stories, {words} words")
    for name, work in parts.items():
        print(f"{name:32} {words / best(work):>10,.0f} words/s")


if __name__ == "__main__":
    main()
