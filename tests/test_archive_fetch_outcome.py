"""Walls: challenge, captcha and consent pages are known for what they are, and articles are never taken for one."""

from __future__ import annotations

import gzip
import json
import time
from pathlib import Path

import pytest
from newsroom import Newsroom

from archive.fetch import Fetcher
from archive.fetch.outcome import wall
from archive.fetch.redirect import by_page
from archive.fetch.skim import skim
from archive.model import Fetched, Outcome, Request

URL = "https://www.example.org/2025/01/31/story"
CORPUS = Path(__file__).parents[1].parent / "shared" / "corpora" / "pages"


def page(title: str, body: str, head: str = "") -> str:
    return f"<!DOCTYPE html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>"


CHALLENGES = {
    "Cloudflare": page(
        "Just a moment...",
        "<noscript>Enable JavaScript and cookies to continue</noscript><script>window._cf_chl_opt={cvId:'3'};</script>",
        '<meta http-equiv="refresh" content="390">',
    ),
    "Cloudflare ": page(
        "Attention Required! | Cloudflare",
        "<h1>Sorry, you have been blocked</h1><p>You are unable to access example.org. Why have I been blocked? This "
        "website is using a security service to protect itself from online attacks. Cloudflare Ray ID: 1",
    ),
    "DataDome": page(
        "example.org",
        "<p id=cmsg>Please enable JS and disable any ad blocker</p><script>var dd={'host':'geo.captcha-delivery.com'}"
        '</script><script src="https://ct.captcha-delivery.com/c.js"></script>',
    ),
    "PerimeterX": page("Access to this page has been denied.", "<h1>Press & Hold</h1><div id='px-captcha'></div>"),
    "Akamai": page("Access Denied", "<h1>Access Denied</h1>Reference #18.1 https://errors.edgesuite.net/18.1"),
    "Imperva": page("", '<iframe src="/_Incapsula_Resource?SWUDNSAI=31">Request unsuccessful.</iframe>'),
    "AWS WAF": page(
        "", "<script>AwsWafIntegration.checkForceRefresh().then(go)</script><div id=challenge-container></div>"
    ),
    "Anubis": page("Making sure you're not a bot!", "<p>Loading<script id='anubis_challenge' type=x>{}</script>"),
    "Google": page("", "Our systems have detected unusual traffic from your computer network."),
    "captcha": page("Are you human?", '<form>Please prove it.<div class="g-recaptcha" data-sitekey=x></div></form>'),
}


def fetch(newsroom: Newsroom, url: str = URL) -> Fetched:
    with Fetcher(newsroom.settings()) as fetcher:
        return fetcher.fetch(Request(url, by_hand=True))


@pytest.mark.parametrize("status", [200, 403, 429, 503])
@pytest.mark.parametrize("whose", CHALLENGES)
def test_challenge_pages_are_blocked_whatever_their_status(newsroom: Newsroom, whose: str, status: int) -> None:
    newsroom.add(URL, CHALLENGES[whose], status=status)
    fetched = fetch(newsroom)
    assert (fetched.outcome, len(fetched.exchanges)) == (Outcome.BLOCKED, 1)
    assert fetched.detail == f"returned {status} with a challenge page ({whose.strip()})"
    assert fetched.exchanges[0].payload == CHALLENGES[whose].encode()


@pytest.mark.parametrize(
    ("status", "header", "value"),
    [
        (403, "cf-mitigated", "challenge"),
        (202, "x-amzn-waf-action", "challenge"),
        (405, "X-Amzn-Waf-Action", "captcha"),
    ],
)
def test_challenges_that_say_so_in_a_header(newsroom: Newsroom, status: int, header: str, value: str) -> None:
    newsroom.add(URL, "", status=status, headers={header: value})
    assert fetch(newsroom).outcome is Outcome.BLOCKED


CONSENT = page(
    "Your privacy",
    "<h1>Before you continue</h1><p>We and our partners use cookies. <form action=/save><button>Accept</button></form>",
)


@pytest.mark.parametrize(
    "to",
    [
        "https://consent.example.org/m?continue=x",
        "https://guce.yahoo.example/copyConsent",
        "https://myprivacy.dpg.example/consent?callback=x",
        "https://www.example.org/zustimmung?url=x",
        "https://www.example.org/consent/tcf/",
    ],
)
def test_a_redirect_to_a_consent_page_is_a_consent_wall(newsroom: Newsroom, to: str) -> None:
    newsroom.redirect(URL, to)
    newsroom.add(to, CONSENT)
    fetched = fetch(newsroom)
    assert (fetched.outcome, fetched.final_url) == (Outcome.CONSENT, to)
    assert fetched.detail == "returned 200 with a page that asks for consent"


def test_a_page_with_nothing_but_a_consent_dialogue_is_a_consent_wall(newsroom: Newsroom) -> None:
    newsroom.add(URL, page("x", "<p>Accept cookies to continue</p><script>window._sp_queue=[];_sp_.config={}</script>"))
    assert fetch(newsroom).outcome is Outcome.CONSENT


TEXT = "<p>" + "The court heard how the captcha industry earns its money, and what consent to cookies means. " * 20
SIGNS = "<script>window._cf_chl_opt={}; _sp_.config={}</script><div class=g-recaptcha></div><div id=px-captcha></div>"
ORDINARY = {
    "an article about captchas": page("Just a moment: how captchas work", TEXT),
    "an article with every sign in its source": page("Story", TEXT + SIGNS),
    "a short note with a captcha under its form": page("Note", "<article>Closed today.</article>" + SIGNS),
    "a page whose text is in its data": page("Story", SIGNS, '<script type="application/ld+json">{}</script>'),
    "a page for sharing": page("Story", SIGNS, '<meta property="og:type" content="article">'),
    "a large page": page("Story", SIGNS + "<p>" + " " * 300_000),
    "an empty page": "",
    "a short page": page("Story", "<p>Short."),
    "a contact page": page("Contact", "<p>" + "Write to us. " * 60 + "<div class='h-captcha'></div>"),
}


@pytest.mark.parametrize("name", ORDINARY)
def test_ordinary_pages_are_no_walls(newsroom: Newsroom, name: str) -> None:
    newsroom.add(URL, ORDINARY[name])
    assert fetch(newsroom).outcome is Outcome.OK


def test_a_document_that_quotes_a_challenge_page_is_no_wall(newsroom: Newsroom) -> None:
    newsroom.add(URL, CHALLENGES["Cloudflare"], type="text/plain")
    assert fetch(newsroom).outcome is Outcome.OK


def test_stories_whose_address_speaks_of_consent_are_no_walls(newsroom: Newsroom) -> None:
    for to in (
        "https://www.example.org/consent-decree-chicago",
        "https://www.example.org/a/cookies",
        URL + "/consenting",
    ):
        newsroom.redirect(URL, to)
        newsroom.add(to, page("Story", "<p>Short."))
        assert fetch(newsroom).outcome is Outcome.OK


PIECES = [
    "<script>",
    "<",
    "<!--",
    "</script><script>",
    "<svg><p>a",
    "<a ",
    "<a/",
    "<a b='",
    "<meta ",
    "<meta http-equiv='",
]
PIECES += ["a", "a=", "a ", " ", "location='", 'location="\\', "location ", "location.href ="]


@pytest.mark.parametrize(
    "start", ["g-recaptcha", "<meta ", "<script>", "<meta http-equiv=refresh content='", "<noscript>"]
)
@pytest.mark.parametrize("piece", PIECES)
def test_hostile_pages_take_no_more_time_than_their_size(start: str, piece: str) -> None:
    hostile = (start + piece * (250_000 // len(piece))).encode()
    before = time.process_time()
    wall(URL, URL, (), b"g-recaptcha" + hostile, status=200)
    skim(hostile + b">")
    by_page(URL, (b"location" + hostile)[:32_000])
    assert time.process_time() - before < 2


@pytest.mark.quality
@pytest.mark.skipif(not CORPUS.exists(), reason="needs the shared corpora")
def test_no_real_article_is_taken_for_a_wall_or_a_redirect() -> None:
    pages = [json.loads(line) for line in (CORPUS / "truth.jsonl").read_text(encoding="utf-8").splitlines()]
    taken = []
    for row in pages:
        payload = gzip.decompress((CORPUS / "html" / Path(row["file"]).name).read_bytes())
        if wall(URL, URL, (), payload, status=200) or by_page(URL, payload):
            taken.append(row["file"])
    assert (len(pages) > 200, taken) == (True, [])
