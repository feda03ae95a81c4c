"""How well the structure kept with a text is that of its page: recall and precision for headings, items and quotes.

    bench/structure.py [PAGES] [--worst N]

PAGES is a folder with truth.jsonl and html/ (default: ../shared/corpora/pages). The page's own markup is the truth,
read by another parser (Python's html.parser under Beautiful Soup) and by nothing that extraction uses. For each page:

1. The body is the smallest element whose text holds nine tenths of the article's lines (by letters and digits alone).
2. Every text between two block boundaries in it is a block; its kinds are those of the elements around it: h1 to h6 or
   role=heading; li, dt and dd; blockquote. A heading in an item or a quote counts as a heading alone.
3. A line of the article has the kinds of the blocks whose letters it has; where no block has exactly them, those of the
   blocks that it is part of, or that are part of it. A line found in blocks of different kinds says nothing and is left
   out, as is one that is found in no block.
4. Recall: of the lines that have a kind, the share that the marks cover with it. Precision: of the lines that the marks
   cover with a kind, the share that has it.
"""

from __future__ import annotations

import argparse
import gzip
import json
import logging
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PreformattedString, Tag

from archive import Article, MarkKind
from archive.extraction import Page, extract

logging.disable(logging.CRITICAL)

CORPUS = Path(__file__).parents[1].parent / "shared" / "corpora" / "pages"
KINDS = (MarkKind.HEADING, MarkKind.ITEM, MarkKind.QUOTE)
INLINE = frozenset(
    "a abbr b bdi bdo big cite code data dfn em font i ins kbd label mark q s samp small span strike".split()
)
INLINE |= frozenset("strong sub sup time tt u var wbr del acronym".split())
SILENT = frozenset("script style template svg noscript head".split())


@dataclass(slots=True)
class Score:
    """Lines that have a kind, that were said to, and both."""

    there: Counter[str] = field(default_factory=Counter)
    said: Counter[str] = field(default_factory=Counter)
    both: Counter[str] = field(default_factory=Counter)

    def recall(self, kind: str) -> float:
        return self.both[kind] / self.there[kind] if self.there[kind] else 1.0

    def precision(self, kind: str) -> float:
        return self.both[kind] / self.said[kind] if self.said[kind] else 1.0


def letters(text: str) -> str:
    """Letters and digits alone."""
    return "".join(char for char in text.casefold() if char.isalnum())


def blocks(body: Tag) -> list[tuple[str, frozenset[str]]]:
    """The texts between block boundaries, by their letters, with the kinds of what stands around them."""
    found: list[tuple[str, frozenset[str]]] = []
    parts: list[str] = []

    def close(element: Tag) -> None:
        text = letters("".join(parts))
        parts.clear()
        if text:
            found.append((text, kinds_of(element)))

    def walk(element: Tag) -> None:
        for child in list(element.children):
            if isinstance(child, PreformattedString):
                continue
            if isinstance(child, NavigableString):
                parts.append(str(child))
            elif isinstance(child, Tag) and child.name not in SILENT:
                if child.name in INLINE:
                    walk(child)
                else:
                    close(element)
                    walk(child)
                    close(child)

    walk(body)
    close(body)
    return found


def kinds_of(element: Tag) -> frozenset[str]:
    """The kinds of the elements around a text."""
    kinds: set[str] = set()
    for outer in (element, *element.parents):
        if (outer.name[0] == "h" and outer.name[1:] in set("123456")) or outer.get("role") == "heading":
            return frozenset({MarkKind.HEADING.value})
        if outer.name in ("li", "dt", "dd"):
            kinds.add(MarkKind.ITEM.value)
        elif outer.name == "blockquote":
            kinds.add(MarkKind.QUOTE.value)
    return frozenset(kinds)


def body_of(soup: BeautifulSoup, lines: list[str]) -> Tag:
    """The smallest element with nine tenths of the lines."""
    best: Tag = soup
    while True:
        for child in best.find_all(True, recursive=False):
            text = letters(child.get_text())
            if sum(len(line) for line in lines if line in text) >= 0.9 * sum(map(len, lines)):
                best = child
                break
        else:
            return best


def truth_of(lines: list[str], page: list[tuple[str, frozenset[str]]]) -> list[frozenset[str] | None]:
    """The kinds of each line; None where its place is not sure."""
    exact: defaultdict[str, set[frozenset[str]]] = defaultdict(set)
    for text, kinds in page:
        exact[text].add(kinds)
    found: list[frozenset[str] | None] = []
    for line in lines:
        places = exact.get(line) or {
            kinds for text, kinds in page if (len(line) > 20 and line in text) or (len(text) > 20 and text in line)
        }
        found.append(next(iter(places)) if len(places) == 1 else None)
    return found


def score_page(article: Article, markup: str, score: Score) -> list[str]:
    """Add one page to a score; the lines that are not what they were said to be."""
    written = article.text.split("\n")
    lines = [letters(line) for line in written]
    truth = truth_of(lines, blocks(body_of(BeautifulSoup(markup, "html.parser"), [line for line in lines if line])))
    wrong: list[str] = []
    start = 0
    for line, kinds in zip(written, truth, strict=True):
        marks = {
            mark.kind.value for mark in article.structure.marks if mark.start <= start and start + len(line) <= mark.end
        }
        start += len(line) + 1
        if kinds is None:
            continue
        for kind in KINDS:
            there, said = kind.value in kinds, kind.value in marks
            score.there[kind] += there
            score.said[kind] += said
            score.both[kind] += there and said
            if there != said:
                wrong.append(f"{kind.value:8} {'missed' if there else 'none'}: {line[:90]}")
    return wrong


def measure(folder: Path) -> tuple[Score, dict[str, list[str]]]:
    """The score of a corpus, and what is wrong in each of its pages."""
    score, wrong = Score(), {}
    for text in (folder / "truth.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(text)
        payload = gzip.decompress((folder / "html" / row["file"]).read_bytes())
        article = extract(Page(row["url"] or "https://example.org/", payload, "utf-8", "text/html")).article
        if article is not None:
            wrong[row["file"]] = score_page(article, payload.decode("utf-8", "replace"), score)
    return score, wrong


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="?", type=Path, default=CORPUS)
    parser.add_argument("--worst", type=int, default=0)
    options = parser.parse_args()
    score, wrong = measure(options.pages)
    for kind in KINDS:
        print(
            f"{kind.value:8} {score.there[kind]:5} lines   recall {score.recall(kind):.3f}"
            f"   precision {score.precision(kind):.3f}"
        )
    for name in sorted(wrong, key=lambda name: -len(wrong[name]))[: options.worst]:
        print(f"{name}: {len(wrong[name])}")
        for line in wrong[name][:8]:
            print(f"    {line}")


if __name__ == "__main__":
    main()
