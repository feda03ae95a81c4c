"""What titles of pages append to a headline, and what stands beside it within a heading: no part of it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from archive.extraction import Page, extract
from archive.model import Article

HEADLINE = "Ferry across the bay stops in May"
STORY = (
    "<p>The ferry across the bay stops running at the end of the month, the board decided in a long meeting.</p>" * 3
)
SITE = '<meta property="og:site_name" content="Harbour Times">'
NOW = datetime(2025, 12, 1, tzinfo=UTC)


def read(head: str, body: str = "", *, lang: str = "en", folder: str = "town") -> Article:
    page = f"<html lang={lang}><head>{SITE}{head}</head><body>{body}<article>{STORY}</article></body></html>"
    address = f"https://www.example.org/{folder}/ferry.html"
    found = extract(Page(address, page.encode(), "utf-8", "text/html", NOW)).article
    assert found is not None
    return found


@pytest.mark.parametrize(
    "title",
    [
        f"{HEADLINE} | News",
        f"{HEADLINE} | News | Harbour Times",
        f"{HEADLINE} - Local News - Harbour Times",
        f"{HEADLINE} | Nachrichten",
        f"{HEADLINE} | The Harbour Times | News",
        f"{HEADLINE} :: Новости",
        f"{HEADLINE}_新闻",
        f"{HEADLINE} | أخبار",
        f"{HEADLINE} | Waterfront",  # as in the menu
        f"{HEADLINE} | Town | Harbour Times",  # as in the address
        f"{HEADLINE} - 6 May 2025",
        f"{HEADLINE} | 06.05.2025 | Harbour Times",
        f"{HEADLINE} (6 May 2025)",
        f"{HEADLINE} | by Ann Reed",
        f"{HEADLINE} - By Ann Reed | Harbour Times",
        f"{HEADLINE} by Ann Reed",
        f"{HEADLINE}, by Ann Reed",
        f"{HEADLINE} – Ann Reed",
        f"Town › {HEADLINE}",
    ],
)
@pytest.mark.parametrize("place", ["<title>{}</title>", '<meta property="og:title" content="{}">'])
def test_what_is_appended_to_a_headline(place: str, title: str) -> None:
    body = '<nav><a href="/w">Waterfront</a></nav><div class="byline">By Ann Reed</div>'
    assert read(place.format(title), body).title == HEADLINE


@pytest.mark.parametrize(
    "title",
    [
        "Daily update – May 6, 2025",
        "Review: a year with the ferry - part two",
        "The fire of May 6, 1925",
        "Stand by Ann Reed",
        "Good | News",
        "What next for the bay? - Politics today and tomorrow",
        "The ferry, the bay and the board | Tom Hill",
    ],
)
def test_what_belongs_to_a_headline(title: str) -> None:
    assert read(f"<title>{title}</title>", '<div class="byline">By Ann Reed</div>').title == title


def test_what_readers_see_is_the_headline() -> None:
    title = f"{HEADLINE} | News"
    assert read(f"<title>{title}</title>", f"<h1>{title}</h1>").title == title


@pytest.mark.parametrize(
    "heading",
    [
        f"<h1>{HEADLINE} <small>by Ann Reed</small></h1>",
        f'<h1>{HEADLINE} <span class="date">6 May 2025</span></h1>',
        f'<h1><span class="label">Exclusive</span> {HEADLINE}</h1>',
        f"<h1><em>Exclusive</em> <span>{HEADLINE}</span></h1>",
    ],
)
def test_what_stands_in_a_heading_beside_the_headline(heading: str) -> None:
    assert read(f"<title>{HEADLINE} | Harbour Times</title>", heading).title == HEADLINE


def test_a_part_of_a_heading_that_other_titles_have_is_of_the_headline() -> None:
    whole = f"Exclusive: {HEADLINE}"
    heading = f"<h1><span>Exclusive:</span> {HEADLINE}</h1>"
    assert read(f"<title>{whole} | Harbour Times</title>", heading).title == whole


@pytest.mark.parametrize(
    "heading",
    [
        f"<span>Opinion</span> {HEADLINE}",
        f'<span class="kicker">Exclusive</span>{HEADLINE}',
        f'<span class="article__overline">Harbour</span> - <span>{HEADLINE}</span>',
        f"<small>Analyse</small><br>{HEADLINE}",
        f"<strong>Eilmeldung</strong> {HEADLINE}",
        f'<a href="/town">Town</a> {HEADLINE}',
        f'{HEADLINE} <span class="badge">New</span>',
        f'<span class="visually-hidden">Article:</span> {HEADLINE}',
        f'{HEADLINE} <time datetime="2025-05-06">6 May 2025</time>',
    ],
)
def test_a_kicker_in_a_heading_is_no_part_of_the_headline_that_nothing_else_gives(heading: str) -> None:
    assert read("", f"<h1>{heading}</h1>").title == HEADLINE


@pytest.mark.parametrize(
    "heading",
    [
        "<span>Exclusive</span> interview with the mayor of the bay",
        "<em>Moby Dick</em> across the bay stops",
        "<span>Ferry across</span> the bay stops",
    ],
)
def test_what_begins_a_sentence_in_a_heading_is_no_kicker(heading: str) -> None:
    plain = heading.replace("<span>", "").replace("</span>", "").replace("<em>", "").replace("</em>", "")
    assert read("", f"<h1>{heading}</h1>").title == plain


@pytest.mark.parametrize(
    "nothing",
    [
        "A",
        "-",
        "|",
        " – ",
        "null",
        "undefined",
        "Untitled Document",
        "Home",
        "index.html",
        "{{ page.title }}",
        "%title%",
    ],
)
def test_a_title_that_says_nothing_does_not_beat_the_heading(nothing: str) -> None:
    head = f'<title>{nothing}</title><meta property="og:title" content="{nothing}">'
    data = f'<script type="application/ld+json">{{"@type":"NewsArticle","headline":"{nothing}"}}</script>'
    assert read(head + data, "<h1>Ferry stops</h1>").title == "Ferry stops"


def test_a_title_of_one_letter_is_the_title_where_there_is_no_other() -> None:
    assert read("<title>M</title>", "").title == "M"
