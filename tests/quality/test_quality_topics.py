"""Floors for topics on real English pages: never lowered in silence.

Suggested subjects, by the words alone, are held against the subjects that the publishers' own labels and sections name
(LABELS); a story may have several. `top 1`: share of stories whose first suggestion is one of them; `top 3`: any.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from archive.entities import load_recogniser, understand
from archive.entities.topics import topics
from archive.extraction import Page, extract
from archive.model import Article

PAGES = Path(__file__).parents[2].parent / "shared" / "corpora" / "pages"
MARKS = Path(__file__).with_name("topics.tsv")
TOP_1, TOP_3, STORIES = 0.54, 0.78, 37
USEFUL, ENOUGH = 0.79, 150  # share of all topics of the marked stories that a reader has use for, and how many they are
LABELS = {
    "arts, culture, entertainment and media": ("box office",),
    "conflict, war and peace": ("war", "war in ukraine", "israel-hamas war", "war and unrest"),
    "crime, law and justice": (
        *("courts", "crime", "court case", "crown court", "murder trial", "crime-safety", "police", "organised crime"),
        "justice",
    ),
    "economy, business and finance": (
        *("recession", "gdp", "uk economy", "investing", "personal finance", "oil industry", "energy", "business news"),
    ),
    "education": ("elementary to high school",),
    "environment": ("climate change", "energy"),
    "health": ("weight loss", "health"),
    "human interest": ("royal",),
    "labour": ("unions",),
    "lifestyle and leisure": ("travel", "travel news", "air travel", "gardening", "outdoors", "camping", "holidays"),
    "politics": ("politics", "us politics", "federal politics", "elections"),
    "science and technology": ("tech", "innovation", "space", "rockets"),
    "sport": ("football", "sports", "sport"),
}

pytestmark = [
    pytest.mark.quality,
    pytest.mark.skipif(not PAGES.is_dir(), reason="the shared corpora are not beside the checkout"),
]


def stories() -> Iterator[tuple[Article, set[str]]]:
    for row in map(json.loads, (PAGES / "truth.jsonl").read_text(encoding="utf-8").rstrip("\n").split("\n")):
        if not (row["lang"] or "en").startswith("en"):
            continue
        payload = gzip.decompress((PAGES / "html" / row["file"]).read_bytes())
        article = extract(Page(row["url"] or "https://example.org/", payload, "utf-8", "text/html")).article
        if article is None or article.lang != "en":
            continue
        labels = {label.casefold() for label in (*article.sections, *article.keywords, *(row.get("topics") or ()))}
        wanted = {subject for subject, names in LABELS.items() if labels & set(names)}
        if wanted:
            yield replace(article, keywords=(), sections=()), wanted


def test_words_suggest_what_the_publisher_says() -> None:
    found = [
        ([topic.name for topic in topics(article, ()) if topic.source == "subject"], wanted)
        for article, wanted in stories()
    ]
    assert len(found) >= STORIES
    first = sum(bool(set(names[:1]) & wanted) for names, wanted in found) / len(found)
    any_of_three = sum(bool(set(names[:3]) & wanted) for names, wanted in found) / len(found)
    assert first >= TOP_1, (first, any_of_three, len(found))
    assert any_of_three >= TOP_3, (first, any_of_three, len(found))


def test_topics_are_what_a_reader_would_look_for() -> None:
    """The share of topics that topics.tsv calls useful; the rest is vague, wrong, or said twice."""
    lines = [line.split("\t") for line in MARKS.read_text(encoding="utf-8").splitlines() if line[0] != "#"]
    marks = {page: set(names.split("|")) for page, names in lines}
    recogniser = load_recogniser()
    shown = useful = 0
    for row in map(json.loads, (PAGES / "truth.jsonl").read_text(encoding="utf-8").rstrip("\n").split("\n")):
        wanted = marks.get(row["file"].removesuffix(".html.gz"))
        if wanted is None:
            continue
        payload = gzip.decompress((PAGES / "html" / row["file"]).read_bytes())
        article = extract(Page(row["url"] or "https://example.org/", payload, "utf-8", "text/html")).article
        assert article is not None
        names = [topic.name.casefold() for topic in understand(article, recogniser).topics]
        shown, useful = shown + len(names), useful + len(wanted & set(names))
    assert shown >= ENOUGH, shown
    assert useful / shown >= USEFUL, (useful, shown)
