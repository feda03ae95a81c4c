"""Lists of addresses: text, tables, JSON, feeds, outlines, sitemaps. The format is found by content, rows by line."""

from __future__ import annotations

import gzip
import json
import plistlib
from datetime import UTC, date, datetime
from pathlib import Path
from time import process_time

import pytest

from archive import FormatError, Item, Reject, UsageError, detect_format, read_items
from archive.formats.bare import scan_bare
from archive.formats.moments import moment, since_1601
from archive.formats.rows import Tables

ONE, TWO = "https://a.example/1", "https://b.example/2"


def write(folder: Path, data: str | bytes, name: str = "file") -> Path:
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def items(path: Path, format_name: str | None = None) -> list[Item]:
    return [found for found in read_items(path, format_name) if isinstance(found, Item)]


def rejects(path: Path) -> list[Reject]:
    return [found for found in read_items(path) if isinstance(found, Reject)]


SITEMAP_NEWS = f"""<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
        xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
 <url><loc>{ONE}</loc>
  <news:news><news:publication><news:name>The Ledger</news:name><news:language>en</news:language></news:publication>
  <news:publication_date>2025-01-31</news:publication_date><news:title>Pier &amp; port</news:title>
  <news:keywords>harbour, pier</news:keywords></news:news></url>
 <url><loc>{TWO}</loc><lastmod>2025-01-01</lastmod></url>
</urlset>"""
RSS = f"""<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<title>Feed</title><link>https://feed.example/</link>
<item><title>One &nbsp; pier</title><link>{ONE}</link><pubDate>Fri, 31 Jan 2025 10:00:00 +0100</pubDate>
<category>harbour</category><dc:creator>Ann Reed</dc:creator><guid isPermaLink="false">x1</guid></item>
<item><title>Two</title><guid>{TWO}</guid></item></channel></rss>"""
ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><link href="https://feed.example/" rel="self"/>
<entry><title>One</title><link rel="self" href="https://feed.example/e1"/><link href="{ONE}"/>
<updated>2025-01-31T10:00:00Z</updated><author><name>Ann Reed</name></author><category term="harbour"/></entry>
<entry><title>Two</title><link rel="alternate" href="{TWO}"/></entry></feed>"""
RDF = f"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
<item rdf:about="{ONE}"><title>One</title><link>{ONE}</link></item>
<item rdf:about="{TWO}"><title>Two</title></item></rdf:RDF>"""
OPML = f"""<opml version="2.0"><body><outline text="Papers"><outline text="One" type="rss" xmlUrl="https://f.example/rss"
htmlUrl="{ONE}"/><outline text="Two" type="link" url="{TWO}"/></outline></body></opml>"""
JSON_FEED = json.dumps({
    "version": "https://jsonfeed.org/version/1.1", "title": "Feed",
    "items": [{"id": "1", "url": ONE, "title": "One", "tags": ["harbour"], "date_published": "2025-01-31T10:00:00Z"},
              {"id": TWO, "external_url": TWO}],
})  # fmt: skip

SAFARI = {"Children": [
    {"Title": "BookmarksBar", "Children": [{"URLString": ONE, "URIDictionary": {"title": "One  pier"}}]},
    {"Title": "com.apple.ReadingList", "Children": [
        {"URLString": TWO, "ReadingList": {"DateAdded": datetime(2025, 1, 31, 10)}},  # noqa: DTZ001 - as plists have them
    ]},
]}  # fmt: skip


@pytest.mark.parametrize(
    ("data", "name"),
    [
        pytest.param(f"- {ONE}\n- see {TWO}.", "text", id="any text"),
        pytest.param(f"\ufeff{ONE}\r\n{TWO}\r\n", "text", id="byte order mark and CRLF"),
        pytest.param(f"{ONE}\n{TWO}\n".encode("utf-16"), "text", id="UTF-16 with a mark"),
        pytest.param(f"{ONE}\n{TWO}\n".encode("utf-16-le"), "text", id="UTF-16 without"),
        pytest.param(gzip.compress(f"{ONE}\n{TWO}\n".encode()), "text", id="gzip"),
        pytest.param(f"name,href\nx,{ONE}\ny,{TWO}\n", "csv", id="CSV"),
        pytest.param(f"datum;titel;link\n31.01.2025;y;{ONE}\n1.2.2025;y;{TWO}\n", "csv", id="semicolons"),
        pytest.param(f"a|permalink\nx|{ONE}\ny|{TWO}\n", "csv", id="bars"),
        pytest.param(f"Title one\t{ONE}\nTitle two\t{TWO}\n", "csv", id="TSV without a header"),
        pytest.param(f"URL\n{ONE}\n{TWO}\n", "csv", id="one column"),
        pytest.param(f'{{"url":"{ONE}"}}\n\n{{"link":"{TWO}"}}\n', "json", id="JSON Lines"),
        pytest.param(json.dumps([{"article_url": ONE}, {"source_url": TWO}], indent=2), "json", id="JSON array"),
        pytest.param(json.dumps([ONE, TWO]), "json", id="JSON array of strings"),
        pytest.param(json.dumps({"meta": {}, "articles": [{"web_url": ONE}, {"uri": TWO}]}), "json", id="JSON object"),
        pytest.param(RSS, "rss", id="RSS"),
        pytest.param(ATOM, "rss", id="Atom"),
        pytest.param(RDF, "rss", id="RDF"),
        pytest.param(OPML, "opml", id="OPML"),
        pytest.param(JSON_FEED, "json-feed", id="JSON Feed"),
        pytest.param(plistlib.dumps(SAFARI), "plist", id="bookmarks of Safari"),
        pytest.param(plistlib.dumps(SAFARI, fmt=plistlib.FMT_BINARY), "plist", id="binary property list"),
        pytest.param(SITEMAP_NEWS, "sitemap", id="news sitemap"),
        pytest.param(gzip.compress(SITEMAP_NEWS.encode()), "sitemap", id="sitemap, gzipped"),
    ],
)
def test_the_format_is_found_by_content(tmp_path: Path, data: str | bytes, name: str) -> None:
    path = write(tmp_path, data)
    assert detect_format(path).name == name
    assert [item.url for item in items(path)] == [ONE, TWO]
    assert rejects(path) == []


def test_what_safari_knows_of_a_bookmark(tmp_path: Path) -> None:
    one, two = items(write(tmp_path, plistlib.dumps(SAFARI)))
    assert (one.title, one.folder, one.added) == ("One pier", "BookmarksBar", None)
    assert (two.folder, two.added) == ("", datetime(2025, 1, 31, 10, tzinfo=UTC))


@pytest.mark.parametrize("fmt", list(plistlib.PlistFormat))
def test_folders_lie_in_each_other_as_deep_as_they_like(tmp_path: Path, fmt: plistlib.PlistFormat) -> None:
    inner: dict[str, object] = {"URLString": ONE}
    for number in range(70):
        inner = {"Title": f"f{number}", "Children": [inner]}
    [found] = items(write(tmp_path, plistlib.dumps(inner, fmt=fmt)))
    assert found.folder.split("/") == [f"f{number}" for number in reversed(range(70))]


def test_what_stands_in_many_places_of_a_binary_list_is_read_once(tmp_path: Path) -> None:
    """Written out it would be 2**60 pages."""
    inner: dict[str, object] = {"URLString": ONE}
    for _ in range(60):
        inner = {"Children": [inner, inner]}
    [found] = items(write(tmp_path, plistlib.dumps(inner, fmt=plistlib.FMT_BINARY)))
    assert found.url == ONE


@pytest.mark.parametrize("fmt", list(plistlib.PlistFormat))
def test_a_page_dragged_out_of_safari(tmp_path: Path, fmt: plistlib.PlistFormat) -> None:
    """Its address is taken, and not that of the type of document that stands above it."""
    path = write(tmp_path, plistlib.dumps({"URL": f"{ONE}?a=1&b=2"}, fmt=fmt))
    assert [item.url for item in items(path)] == [f"{ONE}?a=1&b=2"]
    assert "cannot be read" in rejects(write(tmp_path, plistlib.dumps({"URL": ONE}, fmt=fmt)[:-20]))[0].reason


@pytest.mark.parametrize(
    "value", ["<date>yesterday</date>", "<integer>x</integer>", "<date/>", "<data>?</data>", "<a/>"]
)
def test_a_damaged_property_list_is_told(tmp_path: Path, value: str) -> None:
    path = write(tmp_path, f"<plist><dict><key>URL</key><string>{ONE}</string><key>x</key>{value}</dict></plist>")
    assert all("cannot be read" in reject.reason for reject in rejects(path))
    assert bool(items(path)) != bool(rejects(path))


def test_an_address_is_read_without_the_marks_of_markdown_and_bibtex(tmp_path: Path) -> None:
    note = f"# Links\n[one]({ONE}/a\\_b\\_c)\n@online{{x, url = {{{TWO}?q=1\\&r=50\\%25}}}}\n"
    one, two = items(write(tmp_path, note))
    assert (one.url, two.url) == (f"{ONE}/a_b_c", f"{TWO}?q=1&r=50%25")
    assert (one.origin.line, two.origin.line) == (2, 3)


@pytest.mark.parametrize(
    "header", ["titre,lien,auteur", "rubrik,länk,författare", "заголовок,ссылка,автор", "标题,链接,作者"]
)
def test_columns_are_known_by_their_names_in_other_languages(tmp_path: Path, header: str) -> None:
    (item,) = items(write(tmp_path, f"{header}\nL'été,{ONE},Anne Dupont\n"))
    assert (item.title, item.url, item.authors) == ("L'été", ONE, ("Anne Dupont",))


def test_what_a_feed_and_a_news_sitemap_know(tmp_path: Path) -> None:
    one, two = items(write(tmp_path, RSS))
    assert (one.title, one.tags, one.authors) == ("One pier", ("harbour",), ("Ann Reed",))
    assert one.published == datetime(2025, 1, 31, 9, tzinfo=UTC)
    assert two.published is None
    one, _ = items(write(tmp_path, SITEMAP_NEWS))
    assert (one.title, one.site, one.lang) == ("Pier & port", "The Ledger", "en")
    assert (one.published, one.tags) == (date(2025, 1, 31), ("harbour", "pier"))


def test_bare_ampersands_do_not_cost_parameters(tmp_path: Path) -> None:
    """A feed that is not well-formed is read to its end, and no address loses a part."""
    feed = f"<rss><channel><item><link>{ONE}?a=1&b=2&c=3</link></item><item><link>{TWO}</link></item></channel></rss>"
    assert [item.url for item in items(write(tmp_path, feed))] == [f"{ONE}?a=1&b=2&c=3", TWO]


def test_lines_and_remarks(tmp_path: Path) -> None:
    path = write(tmp_path, f"# not this: https://no.example/\n\n{ONE}\n  both: {TWO} and t.co/XRawnqNPLg\n")
    assert [(item.url, item.origin.line) for item in items(path)] == [
        (ONE, 3), (TWO, 4), ("https://t.co/XRawnqNPLg", 4)
    ]  # fmt: skip


def test_a_windows_table_is_decoded(tmp_path: Path) -> None:
    (item,) = items(write(tmp_path, f"title;url\nCafé – “pier”;{ONE}\n".encode("cp1252")))
    assert item.title == "Café – “pier”"


def test_known_columns_become_fields(tmp_path: Path) -> None:
    table = f'URL,Title,Tags,Note,Created,Folder\n{ONE},One,"a, b",remark,2025-01-31T10:00:00Z,News/Local\n'
    (item,) = items(write(tmp_path, table))
    assert (item.title, item.tags, item.note, item.folder) == ("One", ("a", "b"), "remark", "News/Local")
    assert item.added == datetime(2025, 1, 31, 10, tzinfo=UTC)


def test_quoted_cells_with_line_breaks_and_stray_quotes(tmp_path: Path) -> None:
    """A quote that is never closed swallows neither the rows behind it nor the cells of its own."""
    table = f'title,url\n"two\nlines, ""quoted""",{ONE}\n5" pipe,{TWO}\n"open,{ONE}/3\nlast,{ONE}/4\n'
    found = list(read_items(write(tmp_path, table)))
    assert [(f.url, f.origin.line) for f in found if isinstance(f, Item)] == [
        (ONE, 2), (TWO, 4), (f"{ONE}/3", 5), (f"{ONE}/4", 6)
    ]  # fmt: skip
    assert len(found) == 4


def test_a_bad_line_of_json_costs_that_line(tmp_path: Path) -> None:
    path = write(tmp_path, f'{{"url":"{ONE}"}}\n{{"url": \n["nested"]\n{{"url":"ftp://x/"}}\n{{"url":"{TWO}"}}\n')
    assert [item.url for item in items(path)] == [ONE, TWO]
    assert [reject.origin.line for reject in rejects(path)] == [2, 3, 4]


def test_a_cut_array_gives_what_is_whole(tmp_path: Path) -> None:
    path = write(tmp_path, f'[{{"url":"{ONE}"}},{{"url":"{TWO}"}},{{"url":"https://c.ex')
    assert [item.url for item in items(path)] == [ONE, TWO]
    (reject,) = rejects(path)
    assert "cut off, after record 2" in reject.reason


def test_a_long_array_is_read_as_it_comes(tmp_path: Path) -> None:
    """Blocks end inside of values; no value is lost or doubled there."""
    urls = [f"https://a.example/{n}?{'x' * (n % 97)}" for n in range(20_000)]
    path = write(tmp_path, json.dumps([{"url": url, "note": "pier " * 9} for url in urls]))
    assert [item.url for item in items(path)] == urls


def test_a_sitemap_index_beside_its_sitemaps(tmp_path: Path) -> None:
    """X04: an index is followed into the files beside it, each once, also when it names itself."""
    write(tmp_path, gzip.compress(SITEMAP_NEWS.encode()), "news.xml.gz")
    names = ["index.xml", "news.xml.gz", "news.xml.gz", "elsewhere.xml"]
    locs = "".join(f"<sitemap><loc>https://a.example/maps/{name}</loc></sitemap>" for name in names)
    path = write(tmp_path, f"<sitemapindex>{locs}</sitemapindex>", "index.xml")
    assert [item.url for item in items(path)] == [ONE, TWO]
    assert [reject.raw.rpartition("/")[2] for reject in rejects(path)] == ["index.xml", "news.xml.gz", "elsewhere.xml"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("1738317600", datetime(2025, 1, 31, 10, tzinfo=UTC), id="seconds"),
        pytest.param(1738317600000, datetime(2025, 1, 31, 10, tzinfo=UTC), id="milliseconds"),
        pytest.param("1738317600000000", datetime(2025, 1, 31, 10, tzinfo=UTC), id="microseconds"),
        pytest.param("2025-01-31", date(2025, 1, 31), id="day"),
        pytest.param("20250131", date(2025, 1, 31), id="day without marks"),
        pytest.param("2025-01-31T10:00:00.000Z", datetime(2025, 1, 31, 10, tzinfo=UTC), id="ISO"),
        pytest.param("Fri Jan 31 10:00:00 +0000 2025", datetime(2025, 1, 31, 10, tzinfo=UTC), id="X"),
        pytest.param("January 31, 2025", date(2025, 1, 31), id="in words"),
        pytest.param("1923-04-05", date(1923, 4, 5), id="an old paper"),
        pytest.param("0000-01-01", None, id="year 0"),
        pytest.param("9999-12-31T00:00:00Z", None, id="year 9999"),
        pytest.param("2999-01-01", None, id="the future"),
        pytest.param("yesterday", None, id="no date"),
        pytest.param("-1", None, id="negative"),
        pytest.param(10**30, None, id="far too large"),
        pytest.param(float("nan"), None, id="not a number"),
    ],
)
def test_dates(value: object, expected: object) -> None:
    """X05: what cannot be is unknown, never today."""
    assert moment(value) == expected


def test_chrome_counts_from_1601() -> None:
    assert since_1601("13382791200000000") == datetime(2025, 1, 31, 10, tzinfo=UTC)
    assert since_1601("0") is None
    assert since_1601("9" * 40) is None


@pytest.mark.parametrize(
    "data", [b"", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"  \n\t\n"], ids=["empty", "picture", "blank"]
)
def test_no_format(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(FormatError):
        list(read_items(write(tmp_path, data)))


def test_no_file_and_no_such_format(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="no such file"):
        list(read_items(tmp_path / "missing"))
    with pytest.raises(UsageError, match="list-formats"):
        list(read_items(write(tmp_path, ONE), "doc"))


TABLES = {
    "Markdown": "# Reading\n\n| Date | Story | By |\n|------|:-----:|----|\n"
    "| 2025-05-06 | [Ferry](https://a.example/1) | Ann Reed |\n"
    "| 7 May 2025 | [Bus](https://b.example/2) | Max Hale |\n",
    "Markdown without bars around": "Some text.\n\nDay | Title | Link | By\n--- | --- | --- | ---\n"
    "2025-05-06 | Ferry | https://a.example/1 | Ann Reed\n"
    "**7 May 2025** | Bus | <https://b.example/2> | Max Hale\n\nAnd more.",
    "MediaWiki": '== News ==\n{| class="wikitable"\n! Date !! Story !! Author\n|-\n'
    "| 2025-05-06 || [https://a.example/1 Ferry] || Ann Reed\n|-\n"
    '| style="x" | 7 May 2025\n| [https://b.example/2 Bus]\n| Max Hale\n|}\n',
    "HTML": "<table><tr><th>Datum</th><th>Artikel</th><th>Autor</th></tr><tr><td>2025-05-06</td><td>"
    '<a href="https://a.example/1">Ferry</a></td><td>Ann Reed</td></tr><tr><td>7 May 2025</td>'
    '<td><a href="https://b.example/2">Bus</a></td><td>Max Hale</td></tr></table>',
}


@pytest.mark.parametrize("kind", TABLES)
def test_what_stands_beside_a_link_in_a_table_within_text_is_said_of_it(tmp_path: Path, kind: str) -> None:
    found = items(write(tmp_path, TABLES[kind]))
    assert [(one.url, one.title, one.published, one.authors) for one in found] == [
        ("https://a.example/1", "Ferry", date(2025, 5, 6), ("Ann Reed",)),
        ("https://b.example/2", "Bus", date(2025, 5, 7), ("Max Hale",)),
    ]


def test_a_day_in_a_table_without_headings_is_that_of_its_row(tmp_path: Path) -> None:
    rows = "<table><tr><td>2025-05-06</td><td><a href='https://a.example/1'>Ferry</a></td></tr></table>"
    assert [one.published for one in items(write(tmp_path, rows))] == [date(2025, 5, 6)]
    two = "<table><tr><td>2025-05-06</td><td><a href='https://a.example/1'>F</a></td><td>2025-06-01</td></tr></table>"
    assert [one.published for one in items(write(tmp_path, two))] == [None]


def test_of_a_table_within_text_only_what_its_headings_say_is_believed(tmp_path: Path) -> None:
    links = "[F](https://a.example/1) [G](https://b.example/2)"
    table = f"x\n\n| Accessed | Story | Day |\n|---|---|---|\n| 2025-05-06 | {links} | 31/02/2025 |\n"
    found = items(write(tmp_path, f"{table}\nRead on 2025-06-01: https://c.example/3"))
    assert [(one.title, one.published) for one in found] == [("F", None), ("G", None), ("", None)]
    assert ["31/02/2025" in "".join(one.remarks) for one in found] == [True, True, False]


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("example.com/story", ["https://example.com/story"]),
        ("* bbc.co.uk/news\n1. quay.com\nExample.org\n",
         ["https://bbc.co.uk/news", "https://quay.com", "https://Example.org"]),
        ("Read it on theguardian.com/world/ferry today.", ["https://theguardian.com/world/ferry"]),
        ("(see quay.example:8443/a?b=c), too", ["https://quay.example:8443/a?b=c"]),
        ("- [Ferry](example.com/story)\n* [[example.com/2][Bus]]", ["https://example.com/story", "https://example.com/2"]),
        (f"{ONE} and nytimes.com/2025/x", [ONE, "https://nytimes.com/2025/x"]),
    ],
)  # fmt: skip
def test_an_address_without_its_scheme_is_one_with_a_path_or_alone_in_a_line(
    tmp_path: Path, text: str, urls: list[str]
) -> None:
    """They were skipped in silence."""
    assert [one.url for one in items(write(tmp_path, text))] == urls


@pytest.mark.parametrize(
    "text",
    [
        "notes.md", "readme.txt", "archive/notes.md", "src/main.rs/x", "and/or", "ann@example.org",
        "ann.reed@example.org/x", "v1.2/readme", "1.2.3/4", "//cdn.example.com/x", "node.js/react",
        "Read theguardian.com today.", "i.e./e.g.",
        "The end.It goes on", "../a.com/x", "$HOME/a.com/b", "e.g. in St.Petersburg/Moscow",
    ],
)  # fmt: skip
def test_what_is_no_address_is_none_without_a_scheme(tmp_path: Path, text: str) -> None:
    assert [one.url for one in items(write(tmp_path, f"{text}\n{ONE}\n"))] == [ONE]


def test_references_and_feeds_have_addresses_without_their_scheme(tmp_path: Path) -> None:
    ris = "TY  - NEWS\nTI  - Ferry\nUR  - example.com/story\nER  - \n"
    assert [one.url for one in items(write(tmp_path, ris))] == ["https://example.com/story"]
    entry = "@misc{a, title={Ferry}, url={example.com/story}}"
    assert [one.url for one in items(write(tmp_path, entry))] == ["https://example.com/story"]
    feed = (
        "<rss><channel><link>https://www.a.example/</link><item><title>F</title><link>{}</link></item></channel></rss>"
    )
    assert [one.url for one in items(write(tmp_path, feed.format("a.example/1")))] == ["https://a.example/1"]
    assert [one.url for one in items(write(tmp_path, feed.format("story/1")))] == ["https://www.a.example/story/1"]


@pytest.mark.parametrize("piece", ["a.", "a.com/", "| ", "|-\n", "{|\n|-\n| a || b\n", "<tr><td>x</td>", "[[a|", "**"])
def test_tables_and_bare_addresses_take_time_as_the_text_is_long(piece: str) -> None:
    """Four times the text, at most eight times the time."""

    def seconds(size: int) -> float:
        text = "a | b\n--|--\n" + piece * (size // len(piece))
        best = []
        for _ in range(3):
            began = process_time()
            list(scan_bare(text))
            Tables().rows(text)
            best.append(process_time() - began)
        return min(best)

    assert seconds(200_000) < max(8 * seconds(50_000), 0.5)
