"""Fetching, end to end over real sockets: pages, redirect chains, robots.txt, pace, outcomes."""

from __future__ import annotations

import gzip

from newsroom import Newsroom

from archive.fetch import Fetcher
from archive.model import Fetched, HopKind, Outcome, Request

STORY = "https://www.example.org/2025/01/31/story"


def fetch(newsroom: Newsroom, url: str, **settings: object) -> Fetched:
    with Fetcher(newsroom.settings(**settings)) as fetcher:
        return fetcher.fetch(Request(url, by_hand=True))


def test_a_page_arrives_as_it_was_served(newsroom: Newsroom) -> None:
    newsroom.add(STORY, gzip.compress(b"<p>Hello"), headers={"Content-Encoding": "gzip"})
    fetched = fetch(newsroom, STORY)
    assert (fetched.outcome, fetched.final_url) == (Outcome.OK, STORY), fetched.detail
    [exchange] = fetched.exchanges
    assert exchange.payload == b"<p>Hello"
    assert exchange.received.startswith(b"HTTP/1.1 200 Whatever\r\nContent-Type: text/html")
    assert exchange.received.endswith(gzip.compress(b"<p>Hello"))
    assert exchange.sent == newsroom.requests[0].head
    assert exchange.tls_verified is True
    assert exchange.address == f"127.0.0.1:{newsroom.port('https')}"


def test_the_three_kinds_of_short_links_are_followed(newsroom: Newsroom) -> None:
    newsroom.add(STORY, "<p>Hello")
    newsroom.redirect("https://t.co/1", STORY)
    newsroom.meta_redirect("https://t.co/2", STORY)
    newsroom.script_redirect("https://t.co/3", STORY)
    for number, kind in enumerate((HopKind.HTTP, HopKind.META, HopKind.SCRIPT), 1):
        fetched = fetch(newsroom, f"https://t.co/{number}")
        assert (fetched.outcome, fetched.final_url) == (Outcome.OK, STORY), fetched.detail
        assert [exchange.kind for exchange in fetched.exchanges] == [HopKind.START, kind]
        assert fetched.exchanges[0].location == STORY
