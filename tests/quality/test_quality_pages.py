"""Floors for body text, metadata and links on real pages with ground truth: never lowered in silence.

Body: F1 of the page means of precision and recall over multisets of four-token shingles (the method of
scrapinghub/article-extraction-benchmark); truth is what the annotators call the body. Title, day and set
of authors must be equal after normalisation; the site equal, or one name within the other. Tweets and the short links
in them must be among the article's links. Scored by the scorer that stands beside the corpus.
"""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from archive.extraction import Page, extract
from archive.model import Article
from archive.urls import key, site_of

SHARED = Path(__file__).parents[2].parent / "shared"
PAGES = SHARED / "corpora" / "pages"
SCORER = SHARED / "tools" / "score_pages.py"
PAGES_DIGEST = "98a304772cdbf0f9fae51b6bca8a4760e12fd19e66e1800c6bd5085045aff432"
TRUTH_DIGEST = "9a30b0e1bebae17c4b15d164bef675e35cd2eeecd994e8416a9cbc0e2cdd0084"
FLOORS = {"body": 0.969, "title": 0.865, "author": 0.875, "date": 0.965, "site": 0.865}

pytestmark = [
    pytest.mark.quality,
    pytest.mark.skipif(not SCORER.is_file(), reason="the shared corpora are not beside the checkout"),
]


@pytest.fixture(scope="module")
def scorer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("score_pages", SCORER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def truth() -> dict[str, dict[str, Any]]:
    digest = hashlib.sha256()
    for file in sorted((PAGES / "html").iterdir()):
        digest.update(file.name.encode() + file.read_bytes())
    text = (PAGES / "truth.jsonl").read_bytes()
    assert (digest.hexdigest(), hashlib.sha256(text).hexdigest()) == (PAGES_DIGEST, TRUTH_DIGEST), (
        "measure again, then pin"
    )
    return {row["file"]: row for row in map(json.loads, text.decode().splitlines())}


def read(row: dict[str, Any], *, second_opinion: bool = False) -> Article | None:
    payload = gzip.decompress((PAGES / "html" / row["file"]).read_bytes())
    page = Page(row["url"] or "https://example.org/page", payload, "utf-8", "text/html")
    return extract(page, second_opinion=second_opinion).article


@pytest.fixture(scope="module")
def articles(truth: dict[str, dict[str, Any]]) -> dict[str, Article]:
    found = {name: read(row) for name, row in truth.items()}
    return {name: article for name, article in found.items() if article is not None}


def summary(scorer: ModuleType, truth: dict[str, dict[str, Any]], articles: dict[str, Article]) -> Any:
    rows = {
        name: {
            "file": name,
            "title": article.title,
            "authors": list(article.authors),
            "date": str(article.published_on or ""),
            "site": article.site,
            "body": article.text,
        }
        for name, article in articles.items()
    }
    return scorer.summarise(scorer.score(truth, rows))


def test_body_and_metadata_keep_their_floors(
    scorer: ModuleType, truth: dict[str, dict[str, Any]], articles: dict[str, Article]
) -> None:
    found = summary(scorer, truth, articles)
    reached = {
        "body": found["body"]["F1"],
        "title": found["title"]["exact_rate"],
        "author": found["author"]["exact_rate"],
        "date": found["date"]["exact_rate"],
        "site": (found["site"]["exact"] + found["site"].get("near", 0)) / found["site"]["n"],
    }
    assert {name for name, floor in FLOORS.items() if reached[name] < floor} == set(), reached


def test_tweets_and_their_short_links_are_found(truth: dict[str, dict[str, Any]], articles: dict[str, Article]) -> None:
    """At least 98 % of the tweets embedded in articles, and of the t.co links in them."""
    tweets, links = [], []
    for name, row in truth.items():
        addresses = [link.url for link in articles[name].links] if name in articles else []
        keys = {key(address) for address in addresses}
        for tweet in row["tweets"]:
            tweets.append(any(tweet["id"] in address for address in addresses))
            links += [key(short) in keys for short in tweet["tco"]]
    assert len(tweets) == 52
    assert sum(tweets) >= 0.98 * len(tweets)
    assert sum(links) >= 0.98 * len(links)


def test_short_links_of_the_story_are_found(truth: dict[str, dict[str, Any]], articles: dict[str, Article]) -> None:
    """The truth lists every short link of a page; 19 of 49 stand in menus, footers, comments and counters of visits."""
    found = [
        key(short) in {key(link.url) for link in articles[name].links}
        for name, row in truth.items()
        for short in row["short_links"]
    ]
    assert (sum(found), len(found)) == (30, 49)


def test_texts_are_plain(articles: dict[str, Article]) -> None:
    for article in articles.values():
        assert not [char for char in article.text if (ord(char) < 32 and char != "\n") or char in "\x7f\ufeff\u00ad"]
        assert all(line == " ".join(line.split()) and line for line in article.text.split("\n"))


def test_links_point_into_the_text(articles: dict[str, Article]) -> None:
    for article in articles.values():
        for link in article.links:
            if link.start is not None and link.text:
                assert article.text.startswith(link.text, link.start), (article.url, link)


@pytest.mark.parametrize(("second", "precision", "recall"), [(False, 0.3, 0.5), (True, 0.25, 0.6)])
def test_a_doubt_is_worth_having(
    scorer: ModuleType, truth: dict[str, dict[str, Any]], *, second: bool, precision: float, recall: float
) -> None:
    """Of the texts flagged, how many are bad (F1 of a page below .90: 10 of 170), and of the bad ones how many are."""
    rows = {name: row for name, row in truth.items() if row.get("body")}
    found = {name: read(row, second_opinion=second) for name, row in rows.items()}
    flagged = {name for name, article in found.items() if article is not None and "doubtful" in article.flags}
    bad = {name for name, article in found.items() if article is not None and f1(scorer, rows[name], article) < 0.9}
    assert len(flagged & bad) >= precision * len(flagged), (len(flagged), len(bad), len(flagged & bad))
    assert len(flagged & bad) >= recall * len(bad), (len(flagged), len(bad), len(flagged & bad))


def f1(scorer: ModuleType, row: dict[str, Any], article: Article) -> float:
    """The F1 of one page, over shingles."""
    there, said = scorer.tokens(row["body"]), scorer.tokens(article.text)
    right, surplus, missing = scorer.shingle_tpfpfn(there, said)
    return float(2 * right / (2 * right + surplus + missing))


def test_authors_hold_on_either_half_of_the_publishers(
    scorer: ModuleType, truth: dict[str, dict[str, Any]], articles: dict[str, Article]
) -> None:
    """Exact sets of authors of each half of the publishers (.856 and .904): none is read well at the other's cost."""
    for half in (0, 1):
        rows = {name: row for name, row in truth.items() if half_of(row) == half}
        read_here = {name: article for name, article in articles.items() if name in rows}
        assert summary(scorer, rows, read_here)["author"]["exact_rate"] >= 0.85, half


def half_of(row: dict[str, Any]) -> int:
    """Which half the publisher of a page belongs to, by the digest of its host."""
    return hashlib.sha256(site_of(row["url"] or row["file"]).encode()).digest()[0] % 2
