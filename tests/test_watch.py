"""Keeping watch: what is due is looked at once, what is new is told, and a rebuild or a crash forgets no watch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from newsroom import Newsroom

from archive import (
    Archive,
    ArchiveSettings,
    LinkSettings,
    NotFoundError,
    Notice,
    NoticeKind,
    UsageError,
    WatchKind,
    WatchSettings,
    create_archive,
    open_archive,
)
from archive.watching import polling
from archive.watching.schedule import SELDOM, next_look, pause

TEXT = (
    "The council of Lindholm met on Tuesday to talk about the old bridge. Mayor Ada Brandt said that it would be built "
    "again before the winter, and that the work would cost twelve million crowns. Nobody spoke against the plan. "
)
FEED, FRONT, PAGE = "https://paper.example/feed.xml", "https://paper.example/", "https://paper.example/1"
SITEMAP = "https://paper.example/sitemap.xml"
Opened = Callable[..., Archive]


def story(title: str, text: str = TEXT) -> str:
    body = f"<article><h1>{title}</h1><p>{text}</p></article>"
    return f"<html><head><title>{title}</title></head><body>{body}</body></html>"


def rss(*urls: str) -> str:
    items = "".join(f"<item><title>T</title><link>{url}</link></item>" for url in urls)
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Paper</title>{items}</channel></rss>'


def sitemap(*pages: tuple[str, datetime | None]) -> str:
    news = "http://www.google.com/schemas/sitemap-news/0.9"
    dated = "<n:news><n:publication_date>{}</n:publication_date></n:news>"
    rows = "".join(f"<url><loc>{url}</loc>{dated.format(at.isoformat()) if at else ''}</url>" for url, at in pages)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="{news}">{rows}</urlset>'


@pytest.fixture
def opened(tmp_path: Path, newsroom: Newsroom) -> Iterator[Opened]:
    """An archive that reaches the newsroom; keywords change its [watch]."""
    create_archive(tmp_path / "archive").close()
    archives: list[Archive] = []

    def make(**watch: object) -> Archive:
        settings = ArchiveSettings(
            fetch=newsroom.settings(),
            links=LinkSettings(depth=0),
            watch=WatchSettings(**watch),  # type: ignore[arg-type]
        )
        archives.append(open_archive(tmp_path / "archive", settings))
        return archives[-1]

    yield make
    for archive in archives:
        archive.close()


def later(**time: float) -> datetime:
    return datetime.now(UTC) + timedelta(**time)


def told(notices: Iterator[Notice]) -> list[tuple[NoticeKind, str]]:
    return [(notice.kind, notice.url) for notice in notices]


# -- feeds ----------------------------------------------------------------------------------------------------------


def test_a_feed_brings_each_article_once(newsroom: Newsroom, opened: Opened) -> None:
    newsroom.add(FEED, rss(PAGE), type="application/rss+xml")
    newsroom.add(PAGE, story("One"))
    archive = opened()
    assert archive.watches.add(FEED).kind is WatchKind.FEED
    assert told(archive.watches.run()) == [(NoticeKind.NEW, PAGE)]
    assert archive.find(PAGE).article is not None
    newsroom.add("https://paper.example/2", story("Two"))
    newsroom.add(FEED, rss("https://paper.example/2", PAGE), type="application/rss+xml")
    assert told(archive.watches.run(later(minutes=20))) == [(NoticeKind.NEW, "https://paper.example/2")]


def test_what_is_not_due_is_left_alone(newsroom: Newsroom, opened: Opened) -> None:
    newsroom.add(FEED, rss(PAGE), type="application/rss+xml")
    newsroom.add(PAGE, story("One"))
    archive = opened()
    archive.watches.add(FEED)
    list(archive.watches.run())
    asked = len(newsroom.requests)
    assert list(archive.watches.run()) == []
    assert len(newsroom.requests) == asked


def test_a_feed_is_asked_conditionally(newsroom: Newsroom, opened: Opened) -> None:
    """Its validators come back with the next question, and a 304 shows nothing."""
    newsroom.add(FEED, rss(), type="application/rss+xml", headers={"ETag": '"v1"'})
    archive = opened()
    archive.watches.add(FEED)
    list(archive.watches.run())
    newsroom.add(FEED, "", status=304, type=None)
    assert list(archive.watches.run(later(hours=1))) == []
    assert newsroom.requests[-1].headers["if-none-match"] == '"v1"'
    assert [(one.state.detail, one.state.etag) for one in archive.watches.all()] == [("not modified", '"v1"')]


def test_a_front_page_leads_to_its_feed(newsroom: Newsroom, opened: Opened) -> None:
    newsroom.add(FRONT, '<link rel="alternate" type="application/atom+xml" href="/feed.xml"><p>News</p>')
    newsroom.add(FEED, rss(), type="application/rss+xml")
    watch = opened().watches.add(FRONT)
    assert (watch.kind, watch.target) == (WatchKind.FEED, FEED)


def test_a_story_that_names_a_feed_is_a_page(newsroom: Newsroom, opened: Opened) -> None:
    newsroom.add(PAGE, '<link rel=alternate type="application/rss+xml" href=/feed.xml>' + story("One"))
    assert opened().watches.add(PAGE).kind is WatchKind.PAGE
    assert opened().watches.add(PAGE, WatchKind.FEED).target == FEED


def test_robots_are_asked_for_what_a_feed_lists(newsroom: Newsroom, opened: Opened) -> None:
    """Nobody named those pages by hand."""
    newsroom.robots("https://paper.example", "User-agent: *\nDisallow: /1")
    newsroom.add(FEED, rss(PAGE), type="application/rss+xml")
    newsroom.add(PAGE, story("One"))
    archive = opened()
    archive.watches.add(FEED)
    assert list(archive.watches.run()) == []
    assert newsroom.hits(PAGE) == 0
    archive.watches.add(PAGE, WatchKind.PAGE)
    assert told(archive.watches.run(later(days=40))) == [(NoticeKind.NEW, PAGE)]


def test_a_feed_leads_to_no_private_address(newsroom: Newsroom, opened: Opened) -> None:
    """What a feed lists goes through the same gate as everything else, and is not tried for ever."""
    inside = "http://169.254.169.254/latest/meta-data/"
    newsroom.add(FEED, rss(inside, "file:///etc/passwd"), type="application/rss+xml")
    archive = opened()
    archive.watches.add(FEED)
    list(archive.watches.run())
    assert [entry.outcome.value for entry in archive.entries()] == ["refused address"]
    tries = len(archive.captures(archive.find(inside).id))
    list(archive.watches.run(later(days=40)))
    assert len(archive.captures(archive.find(inside).id)) == tries
    with pytest.raises(UsageError, match="--as page"):
        archive.watches.add(inside)


@pytest.mark.parametrize(
    "served",
    [
        pytest.param("not a feed at all", id="text"),
        pytest.param("<rss><channel><item><link>https://paper.example/1</link>", id="cut off"),
        pytest.param(
            '<!DOCTYPE x [<!ENTITY a "&b;&b;"><!ENTITY b "&a;">]><rss><channel>&a;</channel></rss>', id="bomb"
        ),
    ],
)
def test_a_bad_feed_is_told_and_asked_ever_less_often(served: str, newsroom: Newsroom, opened: Opened) -> None:
    newsroom.add(FEED, served, type="application/rss+xml")
    archive = opened()
    archive.watches.add(FEED, WatchKind.SITEMAP)
    now = later()
    failed = [notice for notice in archive.watches.run(now) if notice.kind is NoticeKind.FAILED]
    assert [notice.url for notice in failed] == [FEED]
    first = archive.watches.all()[0].due - now
    list(archive.watches.run(now + first))
    assert archive.watches.all()[0].due - (now + first) > first


def test_what_of_a_feed_cannot_be_read_is_told_once(newsroom: Newsroom, opened: Opened) -> None:
    """The rest of it is read, and it is no failure of the feed."""
    newsroom.add(FEED, rss(PAGE, "mailto:a@b.example"), type="application/rss+xml")
    newsroom.add(PAGE, story("One"))
    archive = opened()
    archive.watches.add(FEED)
    notices = list(archive.watches.run())
    assert [notice.kind for notice in notices] == [NoticeKind.FAILED, NoticeKind.NEW]
    assert "1 left out: 'mailto:a@b.example' cannot be fetched" in notices[0].detail
    assert told(archive.watches.run(later(minutes=20))) == []
    newsroom.add(FEED, rss(PAGE, "ftp://b.example/"), type="application/rss+xml")
    assert told(archive.watches.run(later(minutes=50))) == [(NoticeKind.FAILED, FEED)]


def test_the_charset_of_the_header_and_the_address_that_answered(newsroom: Newsroom, opened: Opened) -> None:
    newsroom.add("https://paper.example/\u043c/1", story("One"))
    served = "<rss><channel><item><link>\u043c/1</link></item></channel></rss>".encode("cp1251")
    newsroom.add(FEED, served, type="application/rss+xml; charset=windows-1251")
    archive = opened()
    archive.watches.add(FEED)
    assert [notice.kind for notice in archive.watches.run()] == [NoticeKind.NEW]


@pytest.mark.slow
def test_a_feeds_own_date_and_title_count_where_the_page_has_none(newsroom: Newsroom, opened: Opened) -> None:
    """A rebuild knows them too; what the page says itself weighs more."""
    entry = "<item><title>{}</title><link>{}</link><pubDate>Tue, 03 Jun 2014 09:15:00 CEST</pubDate></item>"
    entries = entry.format("From the feed", PAGE) + entry.format("Not this", "https://paper.example/2")
    newsroom.add(FEED, f"<rss><channel>{entries}</channel></rss>", type="application/rss+xml")
    newsroom.add(PAGE, f"<article><p>{TEXT * 3}</p></article>")
    dated = '<meta property="article:published_time" content="2015-01-02T10:00:00Z">'
    newsroom.add("https://paper.example/2", f"<title>Own title</title>{dated}<h1>Own title</h1><p>{TEXT * 3}</p>")
    archive = opened()
    archive.watches.add(FEED)
    list(archive.watches.run())
    for _ in range(2):
        bare, full = archive.find(PAGE).article, archive.find("https://paper.example/2").article
        assert bare is not None
        assert (bare.title, str(bare.published_on), bare.rules["published"]) == (
            "From the feed",
            "2014-06-03",
            "stated",
        )
        assert full is not None
        assert (full.title, str(full.published_on)) == ("Own title", "2015-01-02")
        archive.rebuild()


def test_what_is_archived_already_is_no_news(newsroom: Newsroom, opened: Opened) -> None:
    newsroom.add(FEED, rss(PAGE), type="application/rss+xml")
    newsroom.add(PAGE, story("One"))
    archive = opened()
    list(archive.add([PAGE]))
    archive.watches.add(FEED)
    assert list(archive.watches.run()) == []


# -- sitemaps -------------------------------------------------------------------------------------------------------


def test_a_sitemap_brings_only_what_is_news(newsroom: Newsroom, opened: Opened) -> None:
    """The first look takes what is at most two days old; later ones all that was not there before."""
    old, new = ("https://paper.example/old", later(days=-9)), (PAGE, later(hours=-2))
    for url, _ in (old, new):
        newsroom.add(url, story(url))
    newsroom.add(SITEMAP, sitemap(old, new), type="application/xml")
    archive = opened()
    assert archive.watches.add(SITEMAP).kind is WatchKind.SITEMAP
    assert told(archive.watches.run()) == [(NoticeKind.NEW, PAGE)]
    newsroom.add("https://paper.example/undated", story("Undated"))
    newsroom.add(SITEMAP, sitemap(old, new, ("https://paper.example/undated", None)), type="application/xml")
    assert told(archive.watches.run(later(hours=2))) == [(NoticeKind.NEW, "https://paper.example/undated")]


def test_the_sitemaps_of_an_index_are_read(newsroom: Newsroom, opened: Opened) -> None:
    """Those that changed lately, and those that do not say."""
    part, stale = "https://paper.example/s1.xml", "https://paper.example/s2.xml"
    newsroom.add(part, sitemap((PAGE, later(hours=-1))), type="application/xml")
    newsroom.add(PAGE, story("One"))
    newsroom.add(
        SITEMAP,
        f"<sitemapindex><sitemap><loc>{part}</loc></sitemap>"
        f"<sitemap><loc>{stale}</loc><lastmod>2020-01-01</lastmod></sitemap></sitemapindex>",
        type="application/xml",
    )
    archive = opened()
    archive.watches.add(SITEMAP)
    assert told(archive.watches.run()) == [(NoticeKind.NEW, PAGE)]
    assert newsroom.hits(stale) == 0


def test_an_unchanged_index_may_name_a_sitemap_that_changed(newsroom: Newsroom, opened: Opened) -> None:
    part = "https://paper.example/s1.xml"
    newsroom.add(
        SITEMAP,
        f"<sitemapindex><sitemap><loc>{part}</loc></sitemap></sitemapindex>",
        type="application/xml",
        headers={"ETag": '"i"'},
    )
    newsroom.add(part, sitemap(), type="application/xml", headers={"ETag": '"p"'})
    archive = opened()
    archive.watches.add(SITEMAP)
    list(archive.watches.run())
    newsroom.add(SITEMAP, "", status=304, type=None)
    newsroom.add(part, sitemap((PAGE, None)), type="application/xml")
    newsroom.add(PAGE, story("One"))
    assert told(archive.watches.run(later(hours=1))) == [(NoticeKind.NEW, PAGE)]
    asked = [seen.headers.get("if-none-match") for seen in newsroom.requests if seen.url == part]
    assert asked == [None, '"p"']


def changed(*pages: tuple[str, str]) -> str:
    rows = "".join(f"<url><loc>{url}</loc><lastmod>{at}</lastmod></url>" for url, at in pages)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'


def test_what_changed_lately_is_news_at_the_first_look(newsroom: Newsroom, opened: Opened) -> None:
    days = {"old": later(days=-9).date().isoformat(), "today": later().date().isoformat(),
            "now": later(hours=-1).isoformat(), "never": "soon"}  # fmt: skip
    pages = [(newsroom.add(f"https://paper.example/{name}", story(name)), at) for name, at in days.items()]
    newsroom.add(SITEMAP, changed(*pages), type="application/xml")
    archive = opened()
    archive.watches.add(SITEMAP)
    assert {url for _, url in told(archive.watches.run())} == {pages[1][0], pages[2][0]}


def test_what_of_a_sitemap_is_left_out_is_told_once(
    newsroom: Newsroom, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list longer than the protocol allows; an index of more sitemaps, and of more pages, than one look takes."""
    monkeypatch.setattr(polling, "MAX_ITEMS", 3)
    monkeypatch.setattr(polling, "MAX_PAGES", 5)
    monkeypatch.setattr(polling, "MAX_PARTS", 4)
    old = later(days=-9).date().isoformat()
    parts = []
    for number in range(9):
        part = f"https://paper.example/s{number}.xml"
        rows = changed(*((f"https://paper.example/{number}/{n}", old) for n in range(4 if number == 1 else 2)))
        parts.append(newsroom.add(part, rows, type="application/xml"))
    named = "".join(f"<sitemap><loc>{part}</loc></sitemap>" for part in parts)
    newsroom.add(SITEMAP, f"<sitemapindex>{named}</sitemapindex>", type="application/xml")
    archive = opened()
    archive.watches.add(SITEMAP)
    (notice,) = archive.watches.run()
    assert notice.kind is NoticeKind.FAILED
    for what in (
        "5 of its 9 sitemaps left out: at most 4", "/s1.xml: 1 left out: there are more than 3",
        "/s7.xml: 2 left out: there are more than 5 pages", "/s8.xml: 2 left out: there are more than 5 pages",
    ):  # fmt: skip
        assert what in notice.detail
    assert [newsroom.hits(part) for part in parts] == [1, 1, 0, 0, 0, 0, 0, 1, 1]
    assert list(archive.watches.run(later(days=2))) == [], "said once, until it is something else"


@pytest.mark.parametrize(("dated", "undated", "asked"), [(3, 9, 3 + 4), (9, 9, 7), (2, 1, 3), (0, 0, 0)])
def test_of_many_sitemaps_those_that_changed_lately_come_first(
    dated: int, undated: int, asked: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "MAX_PARTS", 7)
    now = later()
    parts = [
        *(polling.Part(f"undated {n}", None) for n in range(undated)),
        *(polling.Part(f"dated {n}", now) for n in range(dated)),
        polling.Part("old", later(days=-30)),
    ]
    found, missed = polling.worth_asking(tuple(parts), now)
    assert len(found) == len(set(found)) == asked
    assert sum(url.startswith("dated") for url in found) == min(dated, 7)
    assert (missed == "") == (dated + undated <= 7)


# -- pages ----------------------------------------------------------------------------------------------------------


def test_a_change_is_told_with_its_kinds(newsroom: Newsroom, opened: Opened) -> None:
    newsroom.add(PAGE, story("A bridge for Lindholm"))
    archive = opened()
    archive.watches.add(PAGE)
    assert told(archive.watches.run()) == [(NoticeKind.NEW, PAGE)]
    assert list(archive.watches.run(later(minutes=20))) == []
    newsroom.add(PAGE, story("No bridge for Lindholm"))
    (notice,) = archive.watches.run(later(hours=2))
    assert (notice.kind, notice.changes, notice.title) == (
        NoticeKind.CHANGED,
        ("headline",),
        "No bridge for Lindholm",
    )
    assert [capture.url for capture in archive.captures(notice.id)] == [PAGE] * 3


def test_without_follow_the_articles_of_a_feed_are_looked_at_once(newsroom: Newsroom, opened: Opened) -> None:
    newsroom.add(FEED, rss(PAGE), type="application/rss+xml")
    newsroom.add(PAGE, story("One"))
    archive = opened(follow=False)
    archive.watches.add(FEED)
    list(archive.watches.run())
    list(archive.watches.run(later(days=1)))
    assert newsroom.hits(PAGE) == 1


@pytest.mark.parametrize(
    ("age", "wait"),
    [
        (timedelta(0), timedelta(minutes=15)),
        (timedelta(hours=7), timedelta(hours=1)),
        (timedelta(days=4), timedelta(days=1)),
        (timedelta(days=400), timedelta(days=30)),
    ],
    ids=["new", "of today", "of this week", "old"],
)
def test_a_story_is_looked_at_ever_more_seldom(age: timedelta, wait: timedelta) -> None:
    assert pause(age) == wait


@settings(deadline=None)  # what a busy machine takes is no promise
@given(
    st.integers(10**9, 4 * 10**9), st.timedeltas(timedelta(0), timedelta(days=4000)), st.integers(0, 2000),
    st.floats(0, 1e6),
)  # fmt: skip
def test_the_next_look_is_ahead_and_no_later_than_allowed(
    seconds: int, age: timedelta, failures: int, asked: float
) -> None:
    """However old, however often it failed; and never sooner than the server asked."""
    now = datetime.fromtimestamp(seconds, UTC)
    due = next_look(now, now - age, failures=failures, at_least=asked)
    assert timedelta(minutes=15) <= due - now <= max(SELDOM, timedelta(seconds=asked))
    assert due - now >= timedelta(seconds=asked)


# -- the list -------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_rebuild_keeps_watches_and_what_they_have_seen(newsroom: Newsroom, opened: Opened) -> None:
    newsroom.add(FEED, rss(PAGE), type="application/rss+xml")
    newsroom.add(PAGE, story("One"))
    archive = opened()
    archive.watches.add(FEED)
    archive.watches.add("bridge", WatchKind.QUERY)
    list(archive.watches.run())
    before = archive.watches.all(), archive.watches.counts()
    archive.rebuild()
    assert (archive.watches.all(), archive.watches.counts()) == before
    assert list(archive.watches.run()) == []


@pytest.mark.slow
def test_watches_are_made_anew_from_the_captures_alone(newsroom: Newsroom, opened: Opened) -> None:
    """With the catalog gone the list is still there, and nothing that is archived is told as new."""
    newsroom.add(FEED, rss(PAGE), type="application/rss+xml")
    newsroom.add(PAGE, story("One"))
    archive = opened()
    archive.watches.add(FEED)
    archive.watches.add("bridge", WatchKind.QUERY)
    archive.watches.remove("bridge")
    list(archive.watches.run())
    archive.close()
    for path in archive.folder.glob("catalog.sqlite*"):
        path.unlink()
    archive.rebuild()
    assert [watch.target for watch in archive.watches.all()] == [FEED]
    assert list(archive.watches.run()) == []


def test_adding_twice_is_adding_once(opened: Opened) -> None:
    archive = opened()
    first = archive.watches.add("bridge", WatchKind.QUERY)
    archive.watches.seen(first, ["someentry"])
    assert archive.watches.add("bridge", WatchKind.QUERY).id == first.id
    assert archive.watches.counts() == {first.id: 1}


def test_what_cannot_be_watched_is_said(newsroom: Newsroom, opened: Opened) -> None:
    archive = opened()
    with pytest.raises(UsageError, match="returned 404"):
        archive.watches.add("https://paper.example/none")
    with pytest.raises(UsageError):
        archive.watches.add("ftp://paper.example/x")
    with pytest.raises(NotFoundError):
        archive.watches.remove("nothing")
    assert archive.watches.all() == []


def test_the_atom_feed_is_xml_whatever_a_story_says(newsroom: Newsroom, opened: Opened, tmp_path: Path) -> None:
    """U02: titles are text."""
    from xml.etree import ElementTree as ET

    newsroom.add(PAGE, story("A &lt;b&gt; &amp; ]]&gt; &quot;bridge&quot; &#x202e;"))
    archive = opened()
    archive.watches.add(PAGE)
    list(archive.watches.run())
    archive.watches.write_atom(tmp_path / "news.xml", "log-1")
    root = ET.parse(tmp_path / "news.xml").getroot()
    titles = [node.text for node in root.iter("{http://www.w3.org/2005/Atom}title")]
    assert titles == ["Backfile: what was noticed", 'A <b> & ]]> "bridge"']


@pytest.mark.slow
def test_a_feed_of_many_hosts(newsroom: Newsroom, opened: Opened) -> None:
    """Stories of more hosts than are handed out at once: each is captured and told."""
    urls = [newsroom.add(f"https://h{n}.example/1", story(f"Story {n}")) for n in range(40)]
    feed = newsroom.add("https://a.example/feed.xml", rss(*urls))
    archive = opened()
    archive.watches.add(feed)
    assert sorted(notice.url for notice in archive.watches.run()) == sorted(urls)
