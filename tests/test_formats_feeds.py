"""Feeds as sites serve them: encodings, damage, relative links, titles in every markup, dates, people."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from archive import Item, Reject, detect_format, read_items
from archive.watching.polling import listing_of

SITE = "https://harbour.example"
KOREAN = "항만 위원회 방파제 공사 승인"
CHINESE = "港务局批准了防波堤工程"
TRADITIONAL = "港務局批准了防波堤工程"
JAPANESE = "港湾委員会は防波堤の工事を承認した"
RUSSIAN = "Портовый совет утвердил проект"
POLISH = "Rada portu zatwierdziła falochron w Łebie"


def found(folder: Path, data: str | bytes) -> list[Item | Reject]:
    path = folder / "feed.xml"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return list(read_items(path))


def items(folder: Path, data: str | bytes) -> list[Item]:
    return [one for one in found(folder, data) if isinstance(one, Item)]


def rejects(folder: Path, data: str | bytes) -> list[Reject]:
    return [one for one in found(folder, data) if isinstance(one, Reject)]


def rss(*entries: str, head: str = f"<link>{SITE}/news/</link>", declares: str = "") -> str:
    spaces = (
        'xmlns:media="http://search.yahoo.com/mrss/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:t="http://purl.org/dc/terms/" xmlns:atom="http://www.w3.org/2005/Atom" '
        'xmlns:fb="http://rssnamespace.org/feedburner/ext/1.0"'
    )
    declaration = f'<?xml version="1.0" encoding="{declares}"?>' if declares else ""
    inside = "".join(f"<item>{entry}</item>" for entry in entries)
    return f'{declaration}<rss version="2.0" {spaces}><channel><title>Harbour</title>{head}{inside}</channel></rss>'


def entry(title: str, link: str = f"{SITE}/1") -> str:
    return f"<title>{title}</title><link>{link}</link>"


ENCODINGS = [
    ("gb2312", "gb2312", CHINESE), ("GBK", "gbk", CHINESE), ("gb18030", "gb18030", CHINESE),
    ("Big5", "big5", TRADITIONAL),
    ("Shift_JIS", "shift_jis", JAPANESE), ("EUC-JP", "euc_jp", JAPANESE), ("iso-2022-jp", "iso2022_jp", JAPANESE),
    ("EUC-KR", "euc_kr", KOREAN), ("ks_c_5601-1987", "cp949", KOREAN), ("windows-1251", "cp1251", RUSSIAN),
    ("koi8-r", "koi8_r", RUSSIAN), ("ISO-8859-2", "iso8859_2", POLISH), ("windows-1250", "cp1250", POLISH),
    ("utf-16", "utf-16", CHINESE), ("utf-16le", "utf-16-le", POLISH), ("utf-8", "utf-8-sig", RUSSIAN),
]  # fmt: skip


@pytest.mark.parametrize(("label", "codec", "title"), ENCODINGS, ids=[label for label, _, _ in ENCODINGS])
def test_a_feed_in_the_encoding_that_it_declares(tmp_path: Path, label: str, codec: str, title: str) -> None:
    (item,) = found(tmp_path, rss(entry(title), declares=label).encode(codec))
    assert isinstance(item, Item)
    assert item.title == title


@pytest.mark.parametrize(("label", "codec", "title"), ENCODINGS, ids=[label for label, _, _ in ENCODINGS])
def test_a_feed_in_the_encoding_that_its_server_names(label: str, codec: str, title: str) -> None:
    listing = listing_of(f"{SITE}/feed", rss(entry(title)).encode(codec), label)
    assert [item.title for item in listing.items] == [title]
    assert (listing.detail, listing.left_out) == ("", "")


@pytest.mark.parametrize("label", ["us-ascii", "iso-8859-1", "windows-1251", "euc-kr", "no-such-encoding", "utf-16"])
def test_a_feed_in_utf_8_that_says_otherwise(tmp_path: Path, label: str) -> None:
    (item,) = items(tmp_path, rss(entry(f"{RUSSIAN} {KOREAN}"), declares=label).encode())
    assert item.title == f"{RUSSIAN} {KOREAN}"


def test_a_feed_that_is_not_in_the_utf_8_that_it_declares(tmp_path: Path) -> None:
    data = rss(*(entry(RUSSIAN, f"{SITE}/{n}") for n in range(5)), declares="utf-8").encode("cp1251")
    assert {item.title for item in items(tmp_path, data)} == {RUSSIAN}


def test_servers_that_know_no_better_say_latin_1() -> None:
    data = rss(entry(RUSSIAN), declares="windows-1251").encode("cp1251")
    assert listing_of(f"{SITE}/feed", data, "ISO-8859-1").items[0].title == RUSSIAN


# -- damage --------------------------------------------------------------------------------------------------------

TITLES = ["one", "two", "three"]


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param("caf\xe9", id="a byte that is no UTF-8"),
        pytest.param("a\x0bb\x00c", id="control characters"),
        pytest.param("&#11; &#x0;", id="references to control characters"),
        pytest.param("<description>a <br> b</description>", id="a tag that is not closed"),
        pytest.param("<description>a </p></b> b</description>", id="end tags of nothing"),
        pytest.param("<description><b><i>a</b></i></description>", id="tags that cross"),
        pytest.param("<description>a < b && c &bogus; d</description>", id="bare marks"),
        pytest.param('<description><a href="x title=y>z</a></description>', id="a quote that is not closed"),
        pytest.param("<img src=x width=1>", id="attributes without quotes"),
        pytest.param("<undeclared:thing>x</undeclared:thing>", id="a prefix that is not declared"),
        pytest.param("<description>unended", id="a part that is not closed"),
        pytest.param("</channel>", id="an end too soon"),
        pytest.param("<description><![CDATA[a ]]> b ]]></description>", id="the end of CDATA twice"),
    ],
)
def test_damage_in_an_entry_costs_nothing_else(tmp_path: Path, damage: str) -> None:
    entries = [entry(title, f"{SITE}/{title}") for title in TITLES]
    data = rss(entries[0], entries[1] + damage, entries[2]).encode("latin-1")
    assert [(item.title, item.url) for item in items(tmp_path, data)] == [
        (title, f"{SITE}/{title}") for title in TITLES
    ]
    assert rejects(tmp_path, data) == []


def test_an_entry_that_is_not_closed(tmp_path: Path) -> None:
    data = rss(*(entry(title, f"{SITE}/{title}") for title in TITLES)).replace("</item>", "", 1)
    assert [item.title for item in items(tmp_path, data)] == TITLES


def test_a_feed_that_is_cut_off_says_so(tmp_path: Path) -> None:
    data = rss(*(entry(title, f"{SITE}/{title}") for title in TITLES))
    (reject,) = rejects(tmp_path, data[: data.rindex("</link>")])
    assert "cut off within <item>" in reject.reason
    assert "three" in reject.raw
    (reject,) = rejects(tmp_path, data[: data.rindex("<item>")])
    assert "ends without </rss>" in reject.reason


def test_what_is_no_feed_after_all_says_so(tmp_path: Path) -> None:
    (reject,) = rejects(tmp_path, "<rss <rss <rss")
    assert "not well-formed" in reject.reason


# -- links ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("/a", f"{SITE}/a"), ("a.html", f"{SITE}/news/a.html"), ("../a", f"{SITE}/a"), ("//cdn.example/a", "https://cdn.example/a"),
        ("?p=1", f"{SITE}/news/?p=1"), ("\n  https://other.example/a\n  b ", "https://other.example/a  b"),
        ("www.other.example/a", "https://www.other.example/a"),
    ],
)  # fmt: skip
def test_a_relative_link_belongs_to_the_page_of_the_feed(tmp_path: Path, link: str, url: str) -> None:
    (item,) = items(tmp_path, rss(entry("a", link)))
    assert item.url == url


def test_where_a_relative_link_stands(tmp_path: Path) -> None:
    """xml:base first, then the page that the feed belongs to, then the feed's own address."""
    based = rss(entry("a", "a")).replace("<item>", f'<item xml:base="{SITE}/based/">')
    assert items(tmp_path, based)[0].url == f"{SITE}/based/a"
    nested = (
        rss(entry("a", "a")).replace("<channel>", '<channel xml:base="/x/">').replace("<item>", '<item xml:base="y/">')
    )
    assert items(tmp_path, nested)[0].url == f"{SITE}/x/y/a"
    behind = rss(entry("a", "a"), head="").replace("</channel>", f"<link>{SITE}/late/</link></channel>")
    assert items(tmp_path, behind)[0].url == f"{SITE}/late/a"
    nowhere = rss(entry("a", "a.html"), head="")
    (reject,) = rejects(tmp_path, nowhere)
    assert "nothing says of which site it is" in reject.reason
    assert listing_of(f"{SITE}/feeds/all.xml", nowhere.encode()).items[0].url == f"{SITE}/feeds/a.html"
    assert "1 left out" in listing_of("nonsense", nowhere.encode()).left_out


def test_a_relative_link_of_an_atom_feed(tmp_path: Path) -> None:
    atom = '<feed xmlns="http://www.w3.org/2005/Atom">{}<entry><title>a</title><link href="a"/></entry></feed>'
    own = atom.format(f'<link rel="alternate" href="{SITE}/"/><link rel="self" href="{SITE}/feeds/atom"/>')
    assert items(tmp_path, own)[0].url == f"{SITE}/feeds/a"
    assert listing_of(f"{SITE}/b/feed", atom.format("").encode()).items[0].url == f"{SITE}/b/a"


@pytest.mark.parametrize(
    ("parts", "url"),
    [
        (f'<enclosure url="{SITE}/a.pdf" type="application/pdf"/>', f"{SITE}/a.pdf"),
        (f'<media:content url="{SITE}/v.mp4"/>', f"{SITE}/v.mp4"),
        (f'<media:content url="{SITE}/v.mp4"/><media:player url="{SITE}/watch"/>', f"{SITE}/watch"),
        (f'<media:group><media:content url="{SITE}/v.mp4"/></media:group>', f"{SITE}/v.mp4"),
        (f'<enclosure url="{SITE}/a.mp3"/><link>{SITE}/a</link>', f"{SITE}/a"),
        (f'<atom:link rel="self" href="{SITE}/self"/><link>{SITE}/a</link>', f"{SITE}/a"),
        (f'<link>https://proxy.example/1</link><fb:origLink>{SITE}/a</fb:origLink>', f"{SITE}/a"),
        (f"<guid>{SITE}/a</guid>", f"{SITE}/a"),
        (f'<guid isPermaLink="false">{SITE}/no</guid><link>{SITE}/a</link>', f"{SITE}/a"),
        (f'<link>nonsense://x</link><guid>{SITE}/a</guid>', f"{SITE}/a"),
    ],
)  # fmt: skip
def test_which_link_is_the_article(tmp_path: Path, parts: str, url: str) -> None:
    assert [item.url for item in items(tmp_path, rss(parts))] == [url]


# -- titles, dates, people -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Pier &amp; port", "Pier & port"),
        ("Pier &amp;amp; port", "Pier & port"),
        ("The &lt;b&gt;new&lt;/b&gt; pier", "The new pier"),
        ("<![CDATA[The <em>new</em> pier &#8211; a plan]]>", "The new pier \u2013 a plan"),
        ("one&lt;br/&gt;two", "one two"),
        ("How to use &lt;script&gt; and &lt;div&gt;", "How to use <script> and <div>"),
        ("a &lt; b", "a < b"),
        ("Cafe&amp;#x301;", "Caf\u00e9"),
        ("\n  two\n  lines ", "two lines"),
        ("The <b>new</b> pier", "The new pier"),
    ],
)
def test_titles_of_rss(tmp_path: Path, title: str, expected: str) -> None:
    (item,) = items(tmp_path, rss(entry(title)))
    assert item.title == expected


@pytest.mark.parametrize(
    ("kind", "title", "expected"),
    [
        ("text", "a &lt;b&gt; c &amp;amp; d", "a <b> c &amp; d"),
        ("html", "a &lt;b&gt;b&lt;/b&gt; c &amp;amp; d", "a b c & d"),
        ("html", "one&lt;div&gt;two&lt;/div&gt;", "one two"),
        ("xhtml", '<div xmlns="http://www.w3.org/1999/xhtml">a <i>b</i> c &amp; d</div>', "a b c & d"),
    ],
)
def test_titles_of_atom(tmp_path: Path, kind: str, title: str, expected: str) -> None:
    feed = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title type="{}">{}</title><link href="{}"/></entry></feed>'
    )
    (item,) = items(tmp_path, feed.format(kind, title, f"{SITE}/1"))
    assert item.title == expected


def test_the_title_is_the_entrys_own(tmp_path: Path) -> None:
    inner = "<media:content><media:title>x</media:title></media:content>"
    media = f"<media:title>Photo by R. Lund</media:title>{entry('The pier')}{inner}"
    assert items(tmp_path, rss(media))[0].title == "The pier"
    assert items(tmp_path, rss(f"<media:title>The pier</media:title><link>{SITE}/1</link>"))[0].title == "The pier"
    prefixed = (
        '<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><a:title>The pier</a:title>'
        f'<a:link href="{SITE}/1"/></a:entry></a:feed>'
    )
    assert items(tmp_path, prefixed)[0].title == "The pier"


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ("<pubDate>Tue, 03 Jun 2014 09:15:00 CEST</pubDate>", datetime(2014, 6, 3, 7, 15, tzinfo=UTC)),
        ("<dc:date>2014-06-03</dc:date>", date(2014, 6, 3)),
        ("<t:modified>2014-06-03T09:15Z</t:modified>", datetime(2014, 6, 3, 9, 15, tzinfo=UTC)),
        ("<t:modified>2014-06-04</t:modified><t:issued>2014-06-03</t:issued>", date(2014, 6, 3)),
        ("<atom:updated>2014-06-03T09:15:00Z</atom:updated>", datetime(2014, 6, 3, 9, 15, tzinfo=UTC)),
        ("<pubDate>soon</pubDate><dc:date>2014-06-03</dc:date>", date(2014, 6, 3)),
        ("<pubDate>soon</pubDate>", None),
    ],
)  # fmt: skip
def test_dates_of_entries(tmp_path: Path, parts: str, expected: object) -> None:
    (item,) = items(tmp_path, rss(entry("a") + parts))
    assert item.published == expected


def test_people_of_entries(tmp_path: Path) -> None:
    one = "<author>desk@harbour.example (Rosa Lund)</author>" + 2 * "<dc:creator>Ben Ode</dc:creator>"
    assert items(tmp_path, rss(entry("a") + one))[0].authors == ("Rosa Lund", "Ben Ode")


def test_a_json_feed(tmp_path: Path) -> None:
    path = tmp_path / "feed.json"
    path.write_text(
        '{"version": "https://jsonfeed.org/version/1.1", "home_page_url": "https://harbour.example/news/",'
        '"language": "sv", "authors": [{"name": "The Desk"}], "items": ['
        '{"id": "1", "url": "a", "title": " The  pier", "authors": [{"name": "Rosa Lund"}, {"name": "Ben Ode"}]},'
        '{"id": "2", "url": "/b", "author": {"name": "Rosa Lund"}, "date_modified": "2014-06-03", "language": "da"},'
        '{"id": "3", "attachments": [{"url": "https://harbour.example/c.pdf"}]}, {"id": "4"}, 5]}'
    )
    one, two, three, bad, none = read_items(path)
    assert isinstance(one, Item)
    assert (one.url, one.title, one.authors, one.lang) == (
        f"{SITE}/news/a", "The pier", ("Rosa Lund", "Ben Ode"), "sv"
    )  # fmt: skip
    assert isinstance(two, Item)
    assert (two.url, two.authors, two.published, two.lang) == (f"{SITE}/b", ("Rosa Lund",), date(2014, 6, 3), "da")
    assert isinstance(three, Item)
    assert (three.url, three.authors) == (f"{SITE}/c.pdf", ("The Desk",))
    assert isinstance(bad, Reject)
    assert isinstance(none, Reject)


def test_an_outline_in_folders(tmp_path: Path) -> None:
    opml = (
        '<opml><body><outline text="Local"><outline title="Port/Sea"><outline text="a" xmlUrl="https://a.example/rss"/>'
        '</outline><outline text="b" htmlUrl="https://b.example/"/></outline><outline text="c" url="https://c.example/"/>'
        "</body></opml>"
    )
    assert [(item.title, item.folder) for item in items(tmp_path, opml)] == [
        ("a", "Local/Port-Sea"),
        ("b", "Local"),
        ("c", ""),
    ]


# -- under watch ---------------------------------------------------------------------------------------------------


def test_what_a_watch_could_not_read_is_told() -> None:
    entries = [entry("a", "mailto:x@y.example"), entry("b", f"{SITE}/b"), entry("c", "ftp://x.example/")]
    listing = listing_of(f"{SITE}/feed", rss(*entries).encode())
    assert [item.url for item in listing.items] == [f"{SITE}/b"]
    assert listing.left_out.startswith("2 left out: 'mailto:x@y.example' cannot be fetched")


def test_a_feed_that_says_only_its_own_address(tmp_path: Path) -> None:
    """Its links that are not whole are at that, where it names no page that it belongs to."""
    own = '<atom:link rel="self" href="https://paper.example/feeds/all"/>'
    feed = (
        f'<rss xmlns:atom="http://www.w3.org/2005/Atom"><channel>{own}<item><link>/1</link></item>{{}}</channel></rss>'
    )
    (item,) = found(tmp_path, feed.format(""))
    assert isinstance(item, Item)
    assert item.url == "https://paper.example/1"
    (item,) = found(tmp_path, feed.format("<link>https://other.example/</link>"))
    assert isinstance(item, Item)
    assert item.url == "https://other.example/1"


def test_an_ampersand_of_a_parameter_is_no_character(tmp_path: Path) -> None:
    feed = rss(f"<title>R&D at Pier&nbsp;4</title><link>{SITE}/1?a=1&b=2&copy=3&reg=4</link>")
    (item,) = items(tmp_path, feed)
    assert (item.url, item.title) == (f"{SITE}/1?a=1&b=2&copy=3&reg=4", "R&D at Pier 4")


@pytest.mark.parametrize("declares", ["", "utf-8"])
def test_a_warning_printed_before_a_feed(tmp_path: Path, declares: str) -> None:
    noise = "<br />\n<b>Warning</b>:  Undefined variable $x in <b>/srv/feed.php</b> on line <b>3</b><br />\n"
    assert [item.title for item in items(tmp_path, noise + rss(entry("One"), declares=declares))] == ["One"]


def test_a_page_that_speaks_of_a_feed_is_a_page(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("<html><body><p>A feed begins with</p><code><rss version='2.0'></code></body></html>")
    assert detect_format(path).name != "rss"


def test_an_identifier_that_is_the_only_address(tmp_path: Path) -> None:
    guid = f'<title>One</title><guid isPermaLink="false">{SITE}/?p=1</guid>'
    assert [item.url for item in items(tmp_path, rss(guid, guid + f"<link>{SITE}/2</link>"))] == [
        f"{SITE}/?p=1", f"{SITE}/2"
    ]  # fmt: skip


@pytest.mark.parametrize(
    "said",
    [
        "Вт, 06 май 2025 09:30:00 +0300", "Сал, 06 травня 2025 09:30 +0300", "Sal, 06 May 2025 09:30:00 +0300",
        "Cum, 06 Mayıs 2025 09:30:00 +0300", "Út, 6 května 2025 09:30 +0300", "Wt, 06 maj 2025 09:30:00 +0300",
        "Τρι, 06 Μαΐου 2025 09:30:00 +0300",
    ],
)  # fmt: skip
def test_moments_with_months_of_other_languages(tmp_path: Path, said: str) -> None:
    (item,) = items(tmp_path, rss(entry("One") + f"<pubDate>{said}</pubDate>"))
    assert item.published == datetime(2025, 5, 6, 6, 30, tzinfo=UTC)


def test_authors_side_by_side_are_several(tmp_path: Path) -> None:
    (item,) = items(tmp_path, rss(entry("One") + "<dc:creator>Ann Reed, Nils Berg and Rosa Lindt</dc:creator>"))
    assert item.authors == ("Ann Reed", "Nils Berg", "Rosa Lindt")
