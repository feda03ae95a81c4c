"""Links of an article: which are its sources, in which role, and where they stand."""

from __future__ import annotations

import pytest
from lxml import html

from archive.extraction import Page, extract
from archive.extraction.blocks import read_blocks
from archive.extraction.links.found import find_links, sentence_at, text_links
from archive.extraction.links.targets import absolute, is_index_of, is_share_button, tweet_id
from archive.model import Link, Role

URL = "https://www.example.org/news/2025/01/31/council-votes-on-transit-plan.html"
FIRST = (
    "The city council voted on Thursday to widen the transit plan, which officials say will cost less than expected."
)
SECOND = "Opponents said they would take the matter to court, as reported by the Daily Example in its Friday edition."
THIRD = (
    "A spokeswoman for the mayor declined to comment on the figures that were published earlier this week by the paper."
)


def links_of(body: str, *, text: str | None = None) -> tuple[Link, ...]:
    tree = html.document_fromstring(f"<html><head><title>t</title></head><body>{body}</body></html>")
    blocks = read_blocks(tree, URL)
    return find_links(blocks, text if text is not None else f"{FIRST}\n{SECOND}\n{THIRD}", URL)


def article(extra: str = "", *, after: str = "") -> str:
    linked = SECOND.replace(
        "the Daily Example", '<a href="https://daily.example.com/a?id=1&utm_source=x">the Daily Example</a>'
    )
    return (
        '<nav><a href="/politics/some-other-story-of-today-1234.html">Some other story of today that is long</a></nav>'
        f"<article><h1>Council votes</h1><p>{FIRST}</p><p>{linked}</p>{extra}<p>{THIRD}</p>{after}</article>"
        '<footer><a href="https://elsewhere.example.net/imprint">Imprint of the company behind all this</a></footer>'
    )


def test_an_anchor_is_cited_with_its_text_sentence_and_offset() -> None:
    (link,) = links_of(article())
    assert link.url == "https://daily.example.com/a?id=1&utm_source=x"
    assert (link.role, link.text, link.context) == (Role.CITED, "the Daily Example", SECOND)
    assert link.start == f"{FIRST}\n{SECOND}".index("the Daily Example")


def test_menus_footers_and_boxes_of_other_stories_hold_no_sources() -> None:
    other = '<li><a href="https://other.example.com/x-y-z-1">Another long headline here</a></li>'
    box = f'<div class="related-stories"><ul>{other}</ul></div>'
    assert [link.url for link in links_of(article(box))] == ["https://daily.example.com/a?id=1&utm_source=x"]


@pytest.mark.parametrize(
    "markup",
    [
        (
            '<blockquote class="twitter-tweet"><p>Look <a href="https://t.co/AbCdEf1234">pic.twitter.com/AbCdEf1234</a></p>'
            '&mdash; A (@a) <a href="https://twitter.com/a/status/1234567890?ref_src=tw">31 January</a></blockquote>'
        ),
        (
            '<blockquote><p>Look at this <a href="https://t.co/AbCdEf1234">https://t.co/AbCdEf1234</a></p>'
            '<a href="https://x.com/a/status/1234567890">31 January</a></blockquote>'
        ),
        (
            '<aside><blockquote class="twitter-video"><p>Look https://t.co/AbCdEf1234</p>'
            '<a href="https://twitter.com/a/statuses/1234567890">31 Jan</a></blockquote></aside>'
        ),
    ],
    ids=["official embed", "bare blockquote on x.com", "inside an aside, link as text"],
)
def test_a_tweet_gives_its_permalink_and_its_short_links(markup: str) -> None:
    embedded = {link.url: link.role for link in links_of(article(markup))}
    assert embedded["https://t.co/AbCdEf1234"] is Role.EMBEDDED
    assert [role for url, role in embedded.items() if tweet_id(url) == "1234567890"] == [Role.EMBEDDED]


@pytest.mark.parametrize(
    ("markup", "url"),
    [
        ('<iframe src="https://www.youtube.com/embed/abc123"></iframe>', "https://www.youtube.com/embed/abc123"),
        ('<iframe data-src="//player.vimeo.com/video/1"></iframe>', "https://player.vimeo.com/video/1"),
        ('<div data-tweet-id="1234567890"></div>', "https://twitter.com/i/status/1234567890"),
        (
            '<iframe src="https://platform.twitter.com/embed/Tweet.html?id=1234567890"></iframe>',
            "https://twitter.com/i/status/1234567890",
        ),
        (
            '<blockquote class="instagram-media" data-instgrm-permalink="https://www.instagram.com/p/abc/"></blockquote>',
            "https://www.instagram.com/p/abc/",
        ),
        (
            '<div class="fb-post" data-href="https://www.facebook.com/a/posts/1"></div>',
            "https://www.facebook.com/a/posts/1",
        ),
        (
            '<noscript><iframe src="https://datawrapper.dwcdn.net/x1/2/"></iframe></noscript>',
            "https://datawrapper.dwcdn.net/x1/2/",
        ),
        ('<amp-youtube data-videoid="dQw4w9WgXcQ"></amp-youtube>', "https://www.youtube.com/watch?v=dQw4w9WgXcQ"),
        ('<amp-instagram data-shortcode="abc"></amp-instagram>', "https://www.instagram.com/p/abc/"),
    ],
    ids=[
        "youtube",
        "lazy, without scheme",
        "tweet by id",
        "tweet frame",
        "instagram",
        "facebook",
        "noscript",
        "amp youtube",
        "amp instagram",
    ],
)
def test_frames_and_players_are_embedded(markup: str, url: str) -> None:
    found = [link for link in links_of(article(markup)) if link.role is Role.EMBEDDED]
    assert [link.url for link in found] == [url]


@pytest.mark.parametrize("label", ["kg-card kg-bookmark-card", "wp-block-embed", "graf mixtapeEmbed", "link-preview"])
def test_a_card_of_another_page_within_the_story_is_a_source(label: str) -> None:
    inner = "<div>The decision of the board</div><div>Minutes of May</div>"
    card = f'<figure class="{label}"><a href="https://board.example/d"><div>{inner}</div></a></figure>'
    assert "https://board.example/d" in [link.url for link in links_of(article(card))]
    assert "https://board.example/d" not in [link.url for link in links_of(article(card.replace(label, "x")))]


def test_advertising_and_consent_frames_are_no_sources() -> None:
    frames = '<iframe src="https://tpc.googlesyndication.com/x"></iframe><iframe src="https://consent.example.org/y"></iframe>'
    assert len(links_of(article(frames))) == 1


def test_an_address_in_the_text_is_found_with_its_credit() -> None:
    """The short link in running text, credited to its source: "https://t.co/… via @handle"."""
    last = "ICE agents made arrests in the city, the station said https://t.co/XRawnqNPLg via @nbcphiladelphia"
    found = links_of(article(f"<p>{last}</p>"), text=f"{FIRST}\n{SECOND}\n{last}\n{THIRD}")
    (short,) = [link for link in found if "t.co" in link.url]
    assert (short.url, short.role, short.text) == ("https://t.co/XRawnqNPLg", Role.CREDITED, "")
    assert short.start == f"{FIRST}\n{SECOND}\n{last}".index("https://t.co")
    assert short.context == last


@pytest.mark.parametrize(
    "href",
    [
        "https://twitter.com/intent/tweet?url=x",
        "https://www.facebook.com/sharer/sharer.php?u=x",
        "https://api.whatsapp.com/send?text=x",
        "https://www.linkedin.com/shareArticle?url=x",
        "https://t.me/share/url?url=x",
    ],
)
def test_share_buttons_are_known(href: str) -> None:
    assert is_share_button(href)


@pytest.mark.parametrize(
    "href", ["mailto:a@example.org", "javascript:void(0)", "#top", "tel:+1", "ftp://a.example/", "http://[bad", ""]
)
def test_what_is_no_web_address_is_no_link(href: str) -> None:
    assert absolute(href, URL) is None


@pytest.mark.parametrize(
    ("path", "index"),
    [
        ("/", True),
        ("/politics/", True),
        ("/tag/transit", True),
        ("/autor/jane-doe", True),
        ("/us-politics", True),
        ("/news/europe", True),
        ("/p/harbor-memo", False),
        ("/news/2025/01/30/mayor-speaks-on-the-budget.html", False),
        ("/politics/mayor-speaks-on-the-budget", False),
    ],
)
def test_index_pages_of_the_same_site_are_told_from_its_articles(path: str, index: bool) -> None:
    assert is_index_of(f"https://www.example.org{path}", URL) is index
    assert not is_index_of(f"https://other.example.com{path}", URL)


def test_the_page_itself_is_not_its_own_source_and_each_address_comes_once() -> None:
    extra = (
        f'<p>{FIRST} <a href="{URL}#more">here</a> <a href="https://daily.example.com/a?id=1">again the same</a></p>'
    )
    assert len(links_of(article(extra))) == 1


def test_an_anchor_around_a_block_has_the_words_of_the_block() -> None:
    headline = "A longer report on the figures was published by the other paper"
    card = f'<a href="https://other.example.com/report-on-figures"><h3>{headline}</h3></a>'
    found = links_of(article(card), text=f"{FIRST}\n{SECOND}\n{headline}\n{THIRD}")
    assert found[-1].text == headline


def test_base_href_is_respected() -> None:
    markup = (
        '<html><head><base href="https://cdn.example.net/x/"></head><body><article>'
        f'<p>{FIRST} <a href="report.html">the report</a></p><p>{SECOND}</p><p>{THIRD}</p></article></body></html>'
    )
    tree = html.document_fromstring(markup)
    assert find_links(read_blocks(tree, URL), FIRST, URL)[0].url == "https://cdn.example.net/x/report.html"


def test_links_of_a_plain_text() -> None:
    (link,) = text_links("See the report. It is at https://example.com/report.pdf (in full).", URL)
    assert (link.url, link.context, link.start) == (
        "https://example.com/report.pdf",
        "It is at https://example.com/report.pdf (in full).",
        25,
    )


def test_the_sentence_around_a_place() -> None:
    text = "First one here. The second has a link in it! A third follows."
    start = text.index("link")
    assert sentence_at(text, start, start + 4) == "The second has a link in it!"


def test_offsets_point_at_what_they_say() -> None:
    """Whatever the page: text[start:] begins with the anchor's words, or with the address itself."""
    page = f"<html><head><title>Council votes - Example</title></head><body>{article()}</body></html>"
    found = extract(Page(URL, page.encode(), "utf-8", "text/html")).article
    assert found is not None
    for link in found.links:
        if link.start is not None:
            assert found.text[link.start :].startswith(link.text or link.url)
