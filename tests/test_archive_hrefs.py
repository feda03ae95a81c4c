"""Links as browsers read them: followed, or refused with the reason; out of their wrappers; sources told apart."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archive.errors import UsageError
from archive.extraction import Page, extract
from archive.extraction.links.hrefs import Target, read_href, unwrapped
from archive.extraction.links.worth import Unfollowed, unfollowed
from archive.model import Link
from archive.urls import join, parse

BASE = "https://news.example.com/a/b"
OF_KINDS = Path(__file__).parent / "resources" / "marked_links_of_kinds.jsonl"
MARKED = Path(__file__).parent / "resources" / "marked_links.jsonl"
STORY = "<p>The council of the small town on the river voted on Tuesday evening to rebuild the old bridge.</p>" * 3


@pytest.mark.parametrize(
    ("href", "url"),
    [
        (r"https://papers.example.org/files\report.pdf", "https://papers.example.org/files/report.pdf"),
        (r"files\report.pdf", "https://news.example.com/a/files/report.pdf"),
        (r"https://papers.example.org/a\b?c\d#e\f", "https://papers.example.org/a/b?c\\d#e\\f"),
        ("https://user@papers.example.org/x", "https://papers.example.org/x"),
        ("https://@papers.example.org/x", "https://papers.example.org/x"),
        ("https://a@b@papers.example.org/x@y", "https://papers.example.org/x@y"),
        ("http:/papers.example.org/x", "http://papers.example.org/x"),
        ("http:papers.example.org/x", "http://papers.example.org/x"),
        ("https:/local/x", "https://news.example.com/local/x"),
        ("https:x", "https://news.example.com/a/x"),
        ("///papers.example.org/x", "https://papers.example.org/x"),
        ("https:////papers.example.org/x", "https://papers.example.org/x"),
        ("\n https://papers.exa\tmple.org/\nx ", "https://papers.example.org/x"),
        ("//papers.example.org", "https://papers.example.org"),
        ("https://💩.la/", "https://💩.la/"),
        ("https://i❤️.ws/a b", "https://i❤️.ws/a%20b"),
        ("https://münchen.example/", "https://münchen.example/"),
        ("?page=2", "https://news.example.com/a/b?page=2"),
    ],
)
def test_what_every_browser_follows_is_followed(href: str, url: str) -> None:
    assert read_href(href, BASE) == Target(url)
    parse(url)


def test_hosts_of_symbols_are_asked_for_in_punycode() -> None:
    assert parse("https://💩.la/").host == "xn--ls8h.la"
    assert parse("https://i❤️.ws/").host == "xn--i-7iq.ws"
    for host in ("a\u2044b.example", "👩\u200d💻.example", "❤\u0378.example"):
        with pytest.raises(UsageError, match="not a host name"):
            parse(f"https://{host}/")


@pytest.mark.parametrize(
    ("href", "reason"),
    [
        ("https://user:secret@papers.example.org/x", "password"),
        ("//user:secret@papers.example.org/x", "password"),
        ("https://user:secret@pa pers.example.org/x", "not a host name"),
        ("https://user:secret@[::1", "not a host name"),
        (r"https://papers.example.org\@127.0.0.1/", "backslash is in its host"),
        (r"http://169.254.169.254:8888\@httpbin.org/", "backslash is in its host"),
        (r"\\papers.example.org\x", "backslashes stand before its host"),
        (r"/\papers.example.org", "backslashes stand before its host"),
        ("http://intranet/x", "local network"),
        ("https://papers.example.org:99999/", "no port"),
        ("https://" + "a" * 9000, "longer than 8192"),
    ],
)
def test_what_is_not_followed_is_listed_with_the_reason(href: str, reason: str) -> None:
    found = read_href(href, BASE)
    assert found is not None
    assert reason in found.refused
    assert "secret" not in found.url + found.refused


@pytest.mark.parametrize(
    "href", ["#top", "", "mailto:a@example.org", "javascript:void(0)", "tel:+1", "data:,x", "ftp://x/"]
)
def test_what_leads_to_no_page_is_no_link(href: str) -> None:
    assert read_href(href, BASE) is None


def test_redirects_read_backslashes_of_a_path_and_slashes_before_a_host_as_browsers_do() -> None:
    assert join(BASE, r"files\report.pdf") == "https://news.example.com/a/files/report.pdf"
    assert join(BASE, "///papers.example.org/x") == "https://papers.example.org/x"


WRAPPED = [
    "https://l.facebook.com/l.php?u=https%3A%2F%2Fe.example%2Fa%3Fb%3D1&h=AT0",
    "https://lm.facebook.com/l.php?u=https%3A%2F%2Fe.example%2Fa%3Fb%3D1",
    "https://www.google.com/url?sa=t&url=https%3A%2F%2Fe.example%2Fa%3Fb%3D1&usg=x",
    "https://www.google.co.uk/url?q=https%3A%2F%2Fe.example%2Fa%3Fb%3D1",
    "https://www.google.com/amp/s/e.example/a?b=1",
    "https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fe.example%2Fa%3Fb%3D1&data=05",
    "https://urldefense.com/v3/__https://e.example/a*b=1__;Pw!!x",
    "https://urldefense.proofpoint.com/v2/url?u=https-3A__e.example_a-3Fb-3D1&d=D",
    "https://protect.checkpoint.com/v2/r01/___https://e.example/a%3Fb=1___.YXA",
    "https://href.li/?https://e.example/a?b=1",
    "https://t.umblr.com/redirect?z=https%3A%2F%2Fe.example%2Fa%3Fb%3D1&t=x",
    "https://out.reddit.com/t3_x?url=https%3A%2F%2Fe.example%2Fa%3Fb%3D1",
    "https://www.youtube.com/redirect?event=x&q=https%3A%2F%2Fe.example%2Fa%3Fb%3D1",
    "https://duckduckgo.com/l/?uddg=https%3A%2F%2Fe.example%2Fa%3Fb%3D1",
    "https://deref-gmx.net/mail/client/x/dereferrer/?redirectUrl=https%3A%2F%2Fe.example%2Fa%3Fb%3D1",
    "https://slack-redir.net/link?url=https%3A%2F%2Fe.example%2Fa%3Fb%3D1",
    "https://disq.us/url?url=https%3A%2F%2Fe.example%2Fa%3Fb%3D1%3AfJ9x6Yd7q3k8s0aQ2Zb1&cuid=1",
    "https://www.bing.com/ck/a?!&&p=x&u=a1aHR0cHM6Ly9lLmV4YW1wbGUvYT9iPTE&ntb=1",
    "https://l.facebook.com/l.php?u=https%3A%2F%2Fwww.google.com%2Furl%3Fq%3Dhttps%253A%252F%252Fe.example%252Fa%253Fb%253D1",
]


@pytest.mark.parametrize("url", WRAPPED, ids=[url.split("/")[2] for url in WRAPPED])
def test_wrappers_are_taken_off(url: str) -> None:
    assert unwrapped(url).replace("%3F", "?") == "https://e.example/a?b=1"


@pytest.mark.parametrize(
    "url",
    [
        "https://l.facebook.com/l.php?u=javascript:alert(1)",
        "https://www.facebook.com/story.php?u=https://e.example/",
        "https://www.google.com/search?q=https://e.example/",
        "https://www.youtube.com/watch?v=1&q=https://e.example/",
        "https://google.evil.example/url?q=https://e.example/",
        "https://urldefense.com/v3/__https://e.example/a**A__;Pw!!x",
        "https://e.example/a?url=https://f.example/",
        "https://[::1",
    ],
)
def test_what_is_no_wrapper_stays(url: str) -> None:
    assert unwrapped(url) == url


def links(body: str) -> list[Link]:
    markup = f"<html><body><article><h1>A bridge</h1>{STORY}{body}</article></body></html>"
    article = extract(Page(BASE, markup.encode(), "utf-8", "text/html")).article
    assert article is not None
    return list(article.links)


def test_links_of_a_page_carry_the_reason_why_they_are_not_followed() -> None:
    found = links(
        "<p>The vote, as <a href='https://user:secret@e.example/x'>the minutes</a> show, was reported by "
        "<a href='https://www.facebook.com/l.php?u=https%3A%2F%2Fpaper.example%2Fstory'>a paper</a>, on "
        "<a href='/tags/bridges'>bridges</a>; there is <a href='https://amzn.to/x' rel='sponsored'>a book</a> on it, "
        "and <a href='https://www.facebook.com/sharer/sharer.php?u=x'>you may share this</a>.</p>"
    )
    assert [(link.url, link.unfollowed) for link in found] == [
        ("https://e.example/x", "it carries a password"),
        ("https://paper.example/story", ""),
        ("https://news.example.com/tags/bridges", "tag, author or section page"),
        ("https://amzn.to/x", "affiliate link"),
        ("https://www.facebook.com/sharer/sharer.php?u=x", "share button"),
    ]


def test_what_is_a_source_at_one_of_its_places_is_one() -> None:
    (link,) = links(
        "<p>One may <a href='https://paper.example/terms'>Terms of Use</a> or, as the mayor said later on that day, "
        "<a href='https://paper.example/terms'>what the paper demands of its readers</a>.</p>"
    )
    assert link.unfollowed == ""


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://news.example.com/tag/x", Unfollowed.INDEX),
        ("https://www.google.com/search?q=x", Unfollowed.INDEX),
        ("https://twitter.com/hashtag/x", Unfollowed.INDEX),
        ("https://other.example/topics/war", Unfollowed.INDEX),
        ("https://news.example.com/politics/", Unfollowed.INDEX),
        ("https://ad.doubleclick.net/ddm/clk/1", Unfollowed.ADVERT),
        ("https://shoes.example/?gclid=abc", Unfollowed.ADVERT),
        ("https://www.amazon.co.uk/dp/B000?tag=paper-21", Unfollowed.AFFILIATE),
        ("https://go.skimresources.com/?id=1&url=https%3A%2F%2Fshop.example", Unfollowed.AFFILIATE),
        ("https://www.amazon.de/dp/B000", Unfollowed.SHOP),
        ("https://shop.paper.example/mug", Unfollowed.SHOP),
        ("https://apps.apple.com/app/id1", Unfollowed.SHOP),
        ("https://news.example.com/newsletter-preferences/newsletters", Unfollowed.SERVICE),
        ("https://news.example.com/subscribe?x=1", Unfollowed.SERVICE),
        ("https://x.us1.list-manage.com/subscribe?u=1", Unfollowed.SERVICE),
        ("https://wa.me/?text=x", Unfollowed.SHARE),
        ("https://social.example/share?text=x", Unfollowed.SHARE),
        ("https://donorbox.org/paper", Unfollowed.SHOP),
        ("https://www.walmart.com/ip/help-desk-lamp/1", Unfollowed.SHOP),
        ("https://news.example.com/about/ethics/corrections-policy", Unfollowed.SERVICE),
        ("https://news.example.com/submit-a-tip/", Unfollowed.SERVICE),
        ("https://paper.example/journaliste/anne-dupont", Unfollowed.INDEX),
        ("https://www.printfriendly.com/print?url=x", Unfollowed.SHARE),
        ("https://www.etsy.com/legal/policy/fees/", ""),
        ("https://investor.target.com/news-releases/q4", ""),
        ("https://www.ebay.com/help/policies/weapons-policy", ""),
        ("https://other.example/about", ""),
        ("https://n.naver.example/article?oid=1&aid=0001234567", ""),
        ("https://www.facebook.com/share/p/1AbCdEf/", ""),
        ("https://news.example.com/2024/05/thousands-lose-their-jobs", ""),
        ("https://news.example.com/2024/05/mayor-on-loan-terms", ""),
        ("https://press.amazon.com/dp/statement", ""),
        ("https://www.fda.example.gov/products/recall-of-a-drug", ""),
        ("https://other.example/subscribe", ""),
        ("https://other.example/", ""),
    ],
)
def test_what_is_no_source(url: str, reason: str) -> None:
    assert unfollowed(url, BASE) == reason


@pytest.mark.parametrize(
    "words",
    [
        "Follow us on Bluesky", "Listen on Spotify", "Join our WhatsApp channel", "Take our survey", "Suivez-nous",
        "Folgen Sie uns auf Instagram", "Síguenos en X", "Support our newsroom",
    ],
)  # fmt: skip
def test_what_a_publisher_asks_of_readers_is_no_source_wherever_it_leads(words: str) -> None:
    assert unfollowed("https://social.example/paper", BASE, words=words) == Unfollowed.SERVICE


@pytest.mark.parametrize(
    "words",
    ["follow the money", "a listener on Spotify", "our reporting", "joined the union", "support for the bridge"],
)
def test_words_of_a_story_are_no_call(words: str) -> None:
    assert unfollowed("https://social.example/paper", BASE, words=words) == ""


@pytest.mark.parametrize(("unseen", "precision", "recall"), [(False, 0.97, 0.99), (True, 0.95, 0.99)])
def test_made_links_of_every_kind_keep_their_floor(*, unseen: bool, precision: float, recall: float) -> None:
    """Links of kinds that are seldom among those of the 221 pages, made for this and judged, with the words of each.

    On those that are `unseen` the rules were first measured as they stood for the others (.86, 1.0), then mended.
    """
    rows = [json.loads(line) for line in OF_KINDS.read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if row["unseen"] is unseen]
    kept = [
        row["source"] for row in rows if not unfollowed(unwrapped(row["url"]), row["page"], row["rel"], row["words"])
    ]
    assert len(rows) >= 90
    assert sum(kept) / len(kept) >= precision
    assert sum(kept) / sum(row["source"] for row in rows) >= recall


@pytest.mark.parametrize(("unseen", "precision", "recall"), [(False, 0.94, 0.99), (True, 0.9, 0.97)])
def test_the_marked_set_keeps_its_floor(*, unseen: bool, precision: float, recall: float) -> None:
    """Links of the bodies of 221 pages, drawn by lot and judged by hand: a source or not. Measured by addresses alone.

    The rules were written with those in sight that are not `unseen`.
    """
    rows = [json.loads(line) for line in MARKED.read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if row["unseen"] is unseen]
    kept = [row["source"] for row in rows if not unfollowed(unwrapped(row["url"]), row["page"])]
    sources = sum(row["source"] for row in rows)
    assert len(rows) >= 100
    assert sum(kept) / len(kept) >= precision
    assert sum(kept) / sources >= recall
