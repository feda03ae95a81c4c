"""The main job, end to end: archive a story with the source behind its short link, then ask as its reader would.

Everything runs as a user runs it: the real command in a process of its own, real servers, real files.
"""

from __future__ import annotations

import html
import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from commands import Command
from newsroom import Newsroom

SEED = Path(__file__).parents[2] / "shared" / "seed"
STORY = "https://www.phillyvoice.example/krasner-ice"
SHORT = "https://t.co/XRawnqNPLg"
SOURCE = "https://www.nbcphiladelphia.com/news/local/krasner-trump-immigration/4092/"
SOURCE_TEXT = """District Attorney Larry Krasner said on Friday in Philadelphia that agents who break the law will pay.
“Nobody stands above the law in this city,” Krasner told a crowd outside City Hall, where council members stood.
The remarks followed a raid on a car wash by U.S. Immigration and Customs Enforcement (ICE) earlier this week.
The White House did not answer questions about the raid on Friday, and a spokesman for ICE declined to comment."""


def page(title: str, text: str, *, published: str, url: str) -> str:
    """A story as newspapers serve it: structured data, furniture, and the text in paragraphs."""
    facts = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": title, "datePublished": published,
             "mainEntityOfPage": url, "articleSection": "Politics", "keywords": ["immigration", "law"]}  # fmt: skip
    paragraphs = "\n".join(f"<p>{html.escape(line)}</p>" for line in text.splitlines())
    return (
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>{title}</title>"
        f'<script type="application/ld+json">{json.dumps(facts)}</script></head>'
        f'<body><nav><a href="/">Home</a> <a href="/sports">Sports</a></nav>'
        f"<article><h1>{title}</h1>{paragraphs}</article>"
        f'<footer><a href="https://ads.example/x">Advertise</a></footer></body></html>'
    )


@dataclass(frozen=True)
class Stored:
    """The story and its source, archived once for all questions."""

    ask: Command
    added: list[dict[str, object]]

    @property
    def story(self) -> str:
        return str(self.added[0]["id"])

    @property
    def source(self) -> str:
        return str(self.added[1]["id"])


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory, newsroom_server: Newsroom) -> Stored:
    """The story that cites, the short link, and the cited source, archived by `add`."""
    if not SEED.exists():
        pytest.skip("the seed story is not beside the checkout")
    newsroom_server.reset()
    text = next(SEED.glob("*.txt")).read_text()
    title = "Krasner: city will not help ICE raids"
    newsroom_server.add(STORY, page(title, text, published="2025-01-31T18:05:00-05:00", url=STORY))
    newsroom_server.script_redirect(SHORT, SOURCE)
    newsroom_server.add(
        SOURCE, page("Krasner warns ICE agents", SOURCE_TEXT, published="2025-01-31T16:00:00-05:00", url=SOURCE)
    )
    command = Command(tmp_path_factory.mktemp("story") / "archive", newsroom_server)
    added = command("add", STORY, "--json")
    assert added.code == 0, added.err
    return Stored(command, added.rows)


def test_a_story_is_archived_with_the_source_behind_its_short_link(stored: Stored) -> None:
    main, source = stored.added
    assert {"id", "url", "final_url", "outcome", "title", "depth", "cited_by"} <= main.keys()
    assert (main["outcome"], main["depth"], main["cited_by"]) == ("ok", 0, None)
    assert (source["url"], source["final_url"], source["depth"], source["cited_by"]) == (SHORT, SOURCE, 1, main["id"])
    (link,) = stored.ask("links", stored.story, "--json").rows
    assert {"url", "final_url", "chain", "role", "text", "context", "outcome", "id"} <= link.keys()
    assert (link["url"], link["final_url"], link["outcome"], link["id"]) == (SHORT, SOURCE, "ok", source["id"])
    assert link["chain"] == [SHORT, SOURCE]


def test_the_source_stands_under_the_story(stored: Stored) -> None:
    shown = stored.ask("show", stored.story).out
    assert "Krasner warns ICE agents" in shown
    assert SHORT in shown
    assert "Larry Krasner" in shown
    assert stored.story in stored.ask("show", stored.source).out


@pytest.mark.parametrize(
    ("query", "story_found", "source_found"),
    [
        ("person:Krasner topic:ICE", True, True),
        ("place:Philadelphia", True, True),
        ('person:"Larry Krasner" mentioned:2025', True, True),
        ("mentioned:2025-01-31", True, True),
        ("mentioned:2024", False, False),
        ("org:ICE", True, True),
        ('org:"Immigration and Customs Enforcement"', True, True),
        ("person:Dugan", True, False),
        ("person:Dugan -person:Bove", False, False),
        ("person:Bove org:justice", True, False),
        ("topic:immigration", True, True),
        ("person:Nazi OR person:Democrats OR person:Republicans", False, False),
        ("link:nbcphiladelphia.com", True, False),
        ("link:t.co", True, False),
        ("is:linked", False, True),
        ("citedby:phillyvoice.example", False, True),
        ("date:2025-01-31 jackboots", True, False),
        ('"hate crimes"', True, False),
    ],
)
def test_the_story_answers_as_its_reader_expects(
    stored: Stored, query: str, story_found: bool, source_found: bool
) -> None:
    ran = stored.ask("search", query, "--json")
    assert ran.code == 0, ran.err
    assert (stored.story in ran.ids, stored.source in ran.ids) == (story_found, source_found)


@pytest.mark.parametrize(
    ("facet", "expected"),
    [
        ("person", {"Larry Krasner", "Donald Trump", "Brian O'Neil", "Patrick Dugan", "Emil Bove"}),
        ("place", {"Philadelphia", "North Philadelphia", "United States", "City Hall", "Washington"}),
        ("org", {"Immigration and Customs Enforcement", "Justice Department", "City Council", "Proud Boys"}),
    ],
)
def test_facets_are_what_a_careful_reader_would_list(stored: Stored, facet: str, expected: set[str]) -> None:
    """Each thing once, under its full name ("Krasner", "ICE", "U.S.", "D.C.", "any Proud Boy"); nobody is a person who
    is none, and no first word of a sentence, no party and no "Nazi" is anything."""
    rows = stored.ask("facets", "jackboots", "--facet", facet, "--json").rows
    assert sorted(str(row["value"]) for row in rows) == sorted(expected)
    assert all(row.keys() == {"field", "value", "count"} for row in rows)


@pytest.mark.parametrize("facet", ["person", "place", "org"])
def test_facets_of_the_source_are_right_too(stored: Stored, facet: str) -> None:
    expected = {
        "person": ["Larry Krasner"],
        "place": ["City Hall", "Philadelphia", "United States"],
        "org": ["Immigration and Customs Enforcement", "White House"],
    }
    rows = stored.ask("facets", '"car wash" -jackboots', "--facet", facet, "--json").rows
    assert sorted(str(row["value"]) for row in rows) == expected[facet]
