"""Key phrases beside YAKE: which of the publishers' own keywords each finds in the text alone, and how fast.

    python bench/phrases.py [PAGES]      needs `pip install yake`; PAGES is a folder with truth.jsonl and html/

Wanted are the keywords that a page carries and its text holds, on English pages; the ten best of each side count. A
phrase is right when it is a keyword, but for case and plural; near when one holds the other as whole words. Most
keywords are names, which YAKE ranks with the rest and we keep as people, places and organisations, so the sides are
compared on keywords that are no names of people or places, and on all, ours with the names of the story then.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from yake import KeywordExtractor

from archive.entities import load_recogniser, understand
from archive.entities.phrases import phrases
from archive.entities.subjects import load
from archive.entities.topics import topics
from archive.extraction import Page, extract
from archive.model import Article, Kind, Mention

CORPUS = Path(__file__).parents[1].parent / "shared" / "corpora" / "pages"
BEST = 10
Finder = Callable[["Story"], list[str]]


@dataclass(frozen=True, slots=True)
class Story:
    article: Article
    mentions: tuple[Mention, ...]
    labels: frozenset[str]  # folded


def fold(phrase: str) -> str:
    words = " ".join(phrase.casefold().replace("’", "'").split())
    return words[:-1] if words.endswith("s") and len(words) > 4 else words


def stories(folder: Path) -> list[Story]:
    recogniser = load_recogniser()
    found = []
    for row in map(json.loads, (folder / "truth.jsonl").read_text(encoding="utf-8").rstrip("\n").split("\n")):
        payload = gzip.decompress((folder / "html" / row["file"]).read_bytes())
        article = extract(Page(row["url"] or "https://example.org/", payload, "utf-8", "text/html")).article
        if article is None or article.lang != "en":
            continue
        text = f" {fold(article.title + ' ' + article.text)}"
        labels = frozenset(fold(label) for label in (*article.keywords, *(row.get("topics") or ())))
        wanted = frozenset(label for label in labels if len(label) > 2 and f" {label}" in text)
        if wanted:
            bare = replace(article, keywords=(), sections=())
            found.append(Story(bare, understand(bare, recogniser).mentions, wanted))
    return found


def names(story: Story) -> set[str]:
    kinds = (Kind.PERSON, Kind.PLACE)
    return {fold(name) for m in story.mentions if m.kind in kinds for name in (m.canonical, m.text)}


def our_topics(story: Story) -> list[str]:
    """What `topic:` would find: organisations and phrases (subjects are a fixed list, and no words of the text)."""
    found = [topic for topic in topics(story.article, story.mentions) if topic.source != "subject"]
    return [topic.name for topic in sorted(found, key=lambda topic: -topic.weight)]


def our_names(story: Story) -> list[str]:
    """The same with the people and places named most, in turns."""
    counts = Counter(m.canonical for m in story.mentions if m.kind in (Kind.PERSON, Kind.PLACE))
    turns = zip(
        our_topics(story) + [""] * BEST, [name for name, _ in counts.most_common(BEST)] + [""] * BEST, strict=False
    )
    return [name for turn in turns for name in turn if name]


def yakes() -> Finder:
    extractor = KeywordExtractor(lan="en", n=3, top=3 * BEST)
    return lambda story: [
        phrase for phrase, _ in extractor.extract_keywords(f"{story.article.title}\n\n{story.article.text}")
    ]


def near(one: str, other: str) -> bool:
    return f" {one} " in f" {other} " or f" {other} " in f" {one} "


def score(found: list[list[str]], wanted: list[set[str]]) -> tuple[float, float, float, float]:
    """Precision, recall and F1 of exact matches, and recall of near ones, over all stories."""
    ours = sum(map(len, found))
    theirs = sum(map(len, wanted))
    right = sum(len(set(some) & labels) for some, labels in zip(found, wanted, strict=True))
    close = sum(any(near(p, label) for p in some) for some, ls in zip(found, wanted, strict=True) for label in ls)
    return right / ours, right / theirs, 2 * right / (ours + theirs), close / theirs


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="?", type=Path, default=CORPUS)
    read = stories(parser.parse_args().pages)
    words = sum(len(story.article.text.split()) for story in read)
    rarity = load().rarity
    sides: dict[str, Finder] = {
        "phrases alone": lambda s: [p for p, _ in phrases(s.article.title, s.article.text, names(s), rarity, BEST)],
        "topics": our_topics,
        "topics and names": our_names,
        "YAKE": yakes(),
    }
    print(f"{len(read)} stories, {words} words, {sum(len(story.labels) for story in read)} keywords")
    print(f"{'':18}{'not people or places':>30}{'all':>36}")
    print(f"{'':18}" + 2 * f"{'P':>8}{'R':>8}{'F1':>8}{'R near':>8}    " + "words/s")
    for name, find in sides.items():
        start = time.process_time()
        found = [list(dict.fromkeys(map(fold, find(story)))) for story in read]
        spent = time.process_time() - start
        common = [[p for p in some if p not in names(s)][:BEST] for some, s in zip(found, read, strict=True)]
        cells = [
            *score(common, [set(story.labels - names(story)) for story in read]),
            *score([some[:BEST] for some in found], [set(story.labels) for story in read]),
        ]
        rows = ["".join(f"{100 * cell:8.1f}" for cell in cells[at : at + 4]) for at in (0, 4)]
        print(f"{name:18}{'    '.join(rows)}    {words / spent:,.0f}")


if __name__ == "__main__":
    main()
