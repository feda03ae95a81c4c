"""Lists in XML, references in wiki markup and pieces of HTML: titles and dates come along, the rest is told."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from archive import Item, Reject, read_items

ONE, TWO, THREE = "https://a.example/1", "https://a.example/2?a=1&b=2", "https://a.example/3"


def read(folder: Path, text: str) -> tuple[list[Item], list[Reject]]:
    path = folder / "file"
    path.write_text(text, "utf-8")
    found = list(read_items(path))
    return [each for each in found if isinstance(each, Item)], [each for each in found if isinstance(each, Reject)]


XBEL = f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE xbel PUBLIC "+//IDN python.org//DTD XML Bookmark Exchange Language 1.0//EN//XML"
 "http://pyxml.example/topics/dtds/xbel.dtd">
<xbel version="1.0" xmlns:mime="http://www.freedesktop.example/standards/shared-mime-info">
<title>Mine</title>
<folder id="f1"><title>News</title><desc>Papers</desc>
 <bookmark href="{ONE}" added="2025-01-31T10:00:00Z"><title>One &amp; only</title><desc>Seen at sea</desc>
  <info><metadata owner="http://freedesktop.example"><mime:mime-type type="text/html"/></metadata></info></bookmark>
 <separator/>
 <folder><title>Sea/coast</title><bookmark href="{TWO.replace("&", "&amp;")}"><title>Two</title></bookmark></folder>
 <bookmark href="file:///etc/passwd"><title>Mine</title></bookmark>
</folder>
<folder><bookmark href="{THREE}" added="soon"/></folder>
</xbel>"""


def test_xbel(tmp_path: Path) -> None:
    """Addresses alone were read, those of namespaces and programs among them."""
    (one, two, three), rejects = read(tmp_path, XBEL)
    assert (one.url, one.title, one.note, one.folder) == (ONE, "One & only", "Seen at sea", "News")
    assert one.added == datetime(2025, 1, 31, 10, tzinfo=UTC)
    assert (two.url, two.title, two.folder) == (TWO, "Two", "News/Sea-coast")
    assert (three.url, three.title, three.folder, three.added) == (THREE, "", "", None)
    assert three.remarks == ("added: 'soon' is no date that can be: taken in without it",)
    assert [(one.origin.format, one.origin.line), len(rejects)] == [("xbel", 7), 1]


ROWS = {
    "children": "<links>{}</links>|<link><name>{t}</name><url>{u}</url><date>{d}</date></link>",
    "attributes": '<a-list>{}</a-list>|<entry url="{u}" title="{t}" published="{d}"/>',
    "a link within": '<marks>{}</marks>|<mark><link href="{u}"/><title>{t}</title><date>{d}</date></mark>',
    "words of the link": '<links at="2020-01-01">{}</links>|<link href="{u}" date="{d}">{t}</link>',
    "addresses of the link": '<urls>{}</urls>|<url title="{t}" date="{d}">{u}</url>',
    "named fields": '<response><result>{}</result></response>|<doc><str name="url">{u}</str><str name="title">{t}</str>'
    '<date name="published">{d}</date></doc>',
    "columns": '<db name="x"><table name="y">{}</table></db>|<row><field name="link">{u}</field>'
    '<field name="headline">{t}</field><field name="pubdate">{d}</field></row>',
    "a prefix": '<m:list xmlns:m="urn:x">{}</m:list>|<m:item><m:title>{t}</m:title><m:url>{u}</m:url>'
    "<m:date>{d}</m:date></m:item>",
    "characters": "<r>{}</r>|<i><title><![CDATA[{t}]]></title><url> <![CDATA[{raw}]]> </url><date>{d}</date></i>",
    "a picture, too": "<r>{}</r>|<i><image><url>https://img.example/{n}.png</url></image><title>{t}</title>"
    "<url>{u}</url><date>{d}</date></i>",
    "one for all": "<news><title>Mine</title><url>https://paper.example/</url><list>{}</list></news>|<story><url>{u}</url>"
    "<title>{t}</title><date>{d}</date></story>",
    "a publisher": "<r>{}</r>|<i><title>{t}</title><publisher><name>P</name><url>https://p.example/</url></publisher>"
    "<url>{u}</url><date>{d}</date></i>",
}  # fmt: skip


@pytest.mark.parametrize("head", ["", '<?xml version="1.0"?>\n<!-- mine -->\n'])
@pytest.mark.parametrize("kind", ROWS)
def test_records_in_xml(tmp_path: Path, kind: str, head: str) -> None:
    """They were read as text: without titles and dates."""
    around, _, row = ROWS[kind].partition("|")
    said = {ONE: ("One", "2025-01-31"), TWO: ("Two & more", "2025-02-01"), THREE: ("Three", "2025-02-02")}
    rows = "\n".join(
        row.format(
            u=url.replace("&", "&amp;"), raw=url, n=n, d=day, t=title if "CDATA" in row else title.replace("&", "&amp;")
        )
        for n, (url, (title, day)) in enumerate(said.items())
    )  # fmt: skip
    items, rejects = read(tmp_path, head + around.format(rows))
    found = {item.url: (item.title, item.published) for item in items if item.origin.format == "xml"}
    assert found.items() >= {url: (title, date.fromisoformat(day)) for url, (title, day) in said.items()}.items()
    assert rejects == []
    assert not [item.url for item in items if "img.example" in item.url and item.title]


def test_what_else_a_record_in_xml_says(tmp_path: Path) -> None:
    row = f"""<r><i id="7"><url>{ONE}</url><title>One</title><authors><author>Ann Reed</author>
    <author>Nils Berg</author></authors><tags><tag>pier</tag><tag>sea</tag></tags><tag>coast</tag><lang>en</lang>
    <note>Seen</note><date>soon</date></i><i><url>ftp://x.example/</url><title>Two</title></i><i><url>{THREE}</url></i></r>"""
    (one, three), (told,) = read(tmp_path, row)
    assert (one.authors, one.tags, one.lang, one.note) == (
        ("Ann Reed", "Nils Berg"),
        ("pier", "sea", "coast"),
        "en",
        "Seen",
    )
    assert (one.origin.id, one.remarks) == ("7", ("date: 'soon' is no date that can be: taken in without it",))
    assert (three.url, "ftp://x.example/" in told.raw) == (THREE, True)


@pytest.mark.parametrize(
    "text",
    [
        f"<article><para>See {ONE} and <ulink url='{THREE}'>three</ulink>, as told.</para></article>",
        f"<page><title>Piers</title><text>* {ONE}\n* [{THREE} three]</text></page>",
        f"<doc><p>{ONE}</p><p>{THREE}</p></doc>",
    ],
)
def test_addresses_in_other_xml_are_all_read(tmp_path: Path, text: str) -> None:
    items, rejects = read(tmp_path, text)
    assert ({item.url for item in items}, rejects) == ({ONE, THREE}, [])


WIKI = f"""== References ==
* {{{{cite web|url={ONE}|title=One [[Pier|piers]] ''of'' {{{{lang|fr|x}}}}|date=6 May 2024<!-- printed -->|last=Reed
 |first=Ann|last2=Berg|first2=Nils|website=[[Harbour News]]|access-date=2024-06-01}}}}
* {{{{Internetquelle |autor=Rosa Lindt |url={TWO} |titel=Zwei |datum=2024-05-07 |abruf=2024-05-10}}}}
<ref name="x">{{{{Literatur|Autor=Ann Reed|Titel=Drei|Online={THREE}|Datum=8. Mai 2024|Sprache=de}}}}</ref>
* {{{{Lien web|titre=Quatre|url=https://a.example/4|date=9 mai 2024|auteur1=Luc Dupont|auteur2=Ève Roy}}}}
* {{{{Cite news
 | url = https://a.example/5
 | title = Five
 | date = next week
 | archive-url = https://copies.example/5
}}}}
* [https://a.example/6 Six] {{{{small|see https://a.example/7}}}}
"""


def test_references_of_a_wiki(tmp_path: Path) -> None:
    """Their addresses alone were read."""
    items, rejects = read(tmp_path, WIKI)
    assert rejects == []
    found = {item.url: (item.title, item.published, item.authors) for item in items}
    assert found == {
        ONE: ("One piers of", date(2024, 5, 6), ("Ann Reed", "Nils Berg")),
        TWO: ("Zwei", date(2024, 5, 7), ("Rosa Lindt",)),
        THREE: ("Drei", date(2024, 5, 8), ("Ann Reed",)),
        "https://a.example/4": ("Quatre", date(2024, 5, 9), ("Luc Dupont", "Ève Roy")),
        "https://a.example/5": ("Five", None, ()),
        "https://copies.example/5": ("", None, ()),
        "https://a.example/6": ("Six", None, ()),
        "https://a.example/7": ("", None, ()),
    }
    assert [(item.site, item.lang) for item in items[:3]] == [("Harbour News", ""), ("", ""), ("", "de")]
    assert [item.remarks for item in items if item.remarks] == [
        ("date: 'next week' is no date that can be: taken in without it",)
    ]


@pytest.mark.parametrize("brackets", ["{{" * 3_000, "}}" * 3_000, "{{cite|" * 3_000, "[[" * 3_000])
def test_brackets_that_never_end(tmp_path: Path, brackets: str) -> None:
    text = "".join(f"{{{{cite web|url=https://a.example/{n}|title=N{brackets}\n" for n in range(20))
    items, _ = read(tmp_path, text)
    assert [item.url for item in items] == [f"https://a.example/{n}" for n in range(20)]


def test_relative_links_of_a_piece_of_html_are_told(tmp_path: Path) -> None:
    """They were passed over in silence."""
    text = f"""<ul><li><a href="/story/1">One</a><li><A class=x HREF='{ONE}'>Two</A>
    <li><a href=story/3.html>Three</a> <a href="//a.example/4">Four</a> <a href="#top">top</a> <a href="">none</a>
    <a href="mailto:ann@a.example">Ann</a> <a name="x">x</a></ul>"""
    items, rejects = read(tmp_path, text)
    assert [(item.url, item.title) for item in items] == [(ONE, "Two")]
    assert [(one.raw, one.origin.line) for one in rejects] == [
        ("/story/1", 1),
        ("story/3.html", 2),
        ("//a.example/4", 2),
    ]
    assert {one.reason for one in rejects} == {"a relative link, and nothing says of which page"}
