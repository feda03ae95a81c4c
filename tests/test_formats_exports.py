"""Bookmarks, read-later exports, corpora and references: each format with the field names that its program writes."""

# ruff: noqa: E501 -- rows of exports are as long as they are

from __future__ import annotations

import base64
import csv
import io
import json
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive import FormatError, Item, Reject, detect_format, read_items
from archive.formats import mozlz4
from archive.formats.item import Broken

URL = "https://a.example/story"
AT = datetime(2025, 1, 31, 10, tzinfo=UTC)
TEXT = "The harbour board voted on Tuesday to spend twelve million pounds on the northern pier."


def write(folder: Path, data: str | bytes, name: str = "file") -> Path:
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def split(path: Path) -> tuple[list[Item], list[Reject]]:
    found = list(read_items(path))
    return [f for f in found if isinstance(f, Item)], [f for f in found if isinstance(f, Reject)]


def one(path: Path) -> Item:
    ((item,), rejects) = split(path)
    assert rejects == []
    return item


NETSCAPE = f"""<!DOCTYPE NETSCAPE-Bookmark-file-1>
<!-- This is an automatically generated file. -->
<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=UTF-8">
<TITLE>Bookmarks</TITLE>
<H1>Bookmarks</H1>
<DL><p>
    <DT><H3 ADD_DATE="1738317600" PERSONAL_TOOLBAR_FOLDER="true">Bar</H3>
    <DL><p>
        <DT><H3>News / local</H3>
        <DL><p>
            <DT><A HREF="{URL}?a=1&amp;b=2" ADD_DATE="1738317600" ICON="data:image/png;base64,AA>BB" TAGS="pier, port">The &lt;pier&gt;</A>
            <DD>A remark
            on two lines
        </DL><p>
    </DL><p>
    <DT><A HREF="javascript:void(0)">Bookmarklet</A>
    <DT><A HREF="{URL}/2" ADD_DATE="1738317600000">Two</A>
</DL><p>
"""
LINKDING = f"""<!DOCTYPE NETSCAPE-Bookmark-file-1>
<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=UTF-8">
<TITLE>Bookmarks</TITLE>
<H1>Bookmarks</H1>
<DL><p>

<DT><A HREF="{URL}" ADD_DATE="1738317600" PRIVATE="1" TOREAD="1" TAGS="pier,port">The pier</A>

<DD>A remark[linkding-notes]more[/linkding-notes]

<DT><A HREF="{URL}/2" ADD_DATE="1738317600" PRIVATE="0" TOREAD="0" TAGS="linkding:archived">Two</A>

</DL><p>"""
SHIORI = f"""<!DOCTYPE NETSCAPE-Bookmark-file-1><META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=UTF-8"><TITLE>Bookmarks</TITLE><H1>Bookmarks</H1><DL>
<DT><A HREF="{URL}" ADD_DATE="1738317600" LAST_MODIFIED="1738317600" TAGS="pier,port">The pier</A>
</DL>"""
POCKET_HTML = f"""<!DOCTYPE html>
<html><head><meta http-equiv="Content-Type" content="text/html; charset=UTF-8" /><title>Pocket Export</title></head>
<body><h1>Unread</h1>
<ul><li><a href="{URL}" time_added="1738317600" tags="pier,port">The pier</a></li></ul>
<h1>Read Archive</h1>
<ul><li><a href="{URL}/2" time_added="1738317600" tags="">Two</a></li></ul></body></html>"""


def test_netscape_bookmarks(tmp_path: Path) -> None:
    items, rejects = split(write(tmp_path, NETSCAPE))
    first, second = items
    assert (first.url, first.title) == (f"{URL}?a=1&b=2", "The <pier>")
    assert (first.tags, first.folder, first.added) == (("pier", "port"), "Bar/News - local", AT)
    assert first.note.split() == "A remark on two lines".split()
    assert (second.url, second.folder, second.added) == (f"{URL}/2", "", AT)
    assert [(r.origin.line, r.reason) for r in rejects] == [(16, "not the address of a page")]


@pytest.mark.parametrize("count", ["1738317600", "1738317600000", "1738317600000000"], ids=["s", "ms", "µs"])
def test_bookmarks_in_lower_case_with_a_mark_and_any_count(tmp_path: Path, count: str) -> None:
    data = f"\ufeff<!doctype netscape-bookmark-file-1>\n<dl><dt><a add_date={count} href='{URL}'>The pier</a></dl>"
    item = one(write(tmp_path, data))
    assert (item.url, item.title, item.added) == (URL, "The pier", AT)


def test_linkding_and_shiori_write_netscape(tmp_path: Path) -> None:
    (item, done), rejects = split(write(tmp_path, LINKDING))
    assert (item.tags, item.read, item.added, rejects) == (("pier", "port"), False, AT, [])
    assert item.note == "A remark\n\nmore"
    assert (done.read, done.tags, done.note) == (True, (), "")
    item = one(write(tmp_path, SHIORI))
    assert (item.url, item.title, item.tags, item.added) == (URL, "The pier", ("pier", "port"), AT)


def test_pocket_html(tmp_path: Path) -> None:
    (unread, done), rejects = split(write(tmp_path, POCKET_HTML))
    assert detect_format(tmp_path / "file").name == "bookmarks"
    assert (unread.url, unread.tags, unread.added, unread.read) == (URL, ("pier", "port"), AT, False)
    assert (done.read, done.tags, rejects) == (True, (), [])


CHROME = json.dumps({
    "checksum": "0", "roots": {
        "bookmark_bar": {"children": [{"children": [
            {"date_added": "13382791200000000", "date_last_used": "0", "guid": "g1", "id": "5", "name": "The pier",
             "type": "url", "url": URL},
            {"date_added": "13382791200000000", "guid": "g2", "id": "6", "name": "Settings", "type": "url",
             "url": "chrome://settings/"}],
            "date_added": "13382791200000000", "guid": "g0", "id": "4", "name": "News", "type": "folder"}],
            "guid": "0bc5d13f", "id": "1", "name": "Bookmarks bar", "type": "folder"},
        "other": {"children": [], "name": "Other bookmarks", "type": "folder"},
        "synced": {"children": [], "name": "Mobile bookmarks", "type": "folder"}},
    "version": 1,
})  # fmt: skip
FIREFOX = json.dumps({
    "guid": "root________", "title": "", "index": 0, "dateAdded": 1738317600000000, "lastModified": 1738317600000000,
    "id": 1, "typeCode": 2, "type": "text/x-moz-place-container", "root": "placesRoot", "children": [
        {"guid": "menu________", "title": "menu", "typeCode": 2, "type": "text/x-moz-place-container",
         "children": [{"guid": "abc", "title": "The pier", "index": 0, "dateAdded": 1738317600000000, "id": 9,
                       "typeCode": 1, "tags": "pier,port", "type": "text/x-moz-place", "uri": URL},
                      {"guid": "sep", "type": "text/x-moz-place-separator", "typeCode": 3}]}]})  # fmt: skip


def test_chrome(tmp_path: Path) -> None:
    (item,), (reject,) = split(write(tmp_path, CHROME))
    assert (item.url, item.title, item.folder, item.added) == (URL, "The pier", "Bookmarks bar/News", AT)
    assert item.origin.id == "g1"
    assert "chrome" in reject.reason


def test_firefox(tmp_path: Path) -> None:
    item = one(write(tmp_path, FIREFOX))
    assert (item.url, item.title, item.folder, item.added) == (URL, "The pier", "menu", AT)
    assert item.tags == ("pier", "port")


# The same as FIREFOX, as Mozilla packs it: by the lz4 program, behind "mozLz40\\0".
JSONLZ4 = base64.b85decode(
    "ZEt!^dNeQqL;?T+^8kAyXLV_0B03-<a&K>RUjYE~BO)vyB6MkVY-J)kAR;0xAR=jQWMz0FIv_ACAR=U8bY($gWMyO`Iv_DOGdMFbH#RT<0N*SiB5"
    "YxEbWLw$X=Z6600jYX0P_JcEFdCud2nSzZ)9a6Iv_F+0P+zcIv^r+Wq5Qicr9&jdM$8lVPj=2V{dMBVQFq<aw06K06`);AR-$8_6BoOZ*O!WEFdCd"
    "XlZO@a%FBJIv`ur07GqMZgtZD3e*5WZDnqC5daT@03i=-00S{$Vq;PO1UCU<RA^-&aA~vv4?h7I0UZGoISv5>9RUF>0Wo1`bN2voX=QROaBp(<01q"
    "+&1@;#rEFdCva%mzuAR=gVbZ~PzFE3#(Wq4t2aBO8Sb98TVc_Mu*ASeMbb7gS601r<91d%OsWpH6~VRUbS0SC4LU^9JPeO-M"
)


def test_firefox_packed(tmp_path: Path) -> None:
    """bookmarkbackups/*.jsonlz4, found by content; a cut one is told, never read in part."""
    path = write(tmp_path, JSONLZ4, "bookmarks-2025-01-31_9_abc=.jsonlz4")
    assert detect_format(path).name == "firefox"
    item = one(path)
    assert (item.url, item.tags, item.added) == (URL, ("pier", "port"), AT)
    assert mozlz4.unpacked(JSONLZ4[8:]) == FIREFOX.encode()
    for cut in range(9, len(JSONLZ4), 7):
        with pytest.raises(FormatError):
            detect_format(write(tmp_path, JSONLZ4[:cut]))


@settings(deadline=None)
@given(st.binary(max_size=300), st.integers(0, 2**32 - 1))
def test_hostile_lz4(junk: bytes, size: int) -> None:
    """It ends with what the file says it holds, or with a reason."""
    with suppress(Broken):
        assert len(mozlz4.unpacked(size.to_bytes(4, "little") + junk)) == size


def csv_of(header: str, row: str) -> str:
    return f"{header}\n{row}\n"


WALLABAG = [{
    "is_archived": 1, "is_starred": 0, "tags": ["pier", "port"], "is_public": False, "id": 7, "uid": None, "title": "The pier",
    "url": URL, "given_url": "https://t.co/abc", "origin_url": "https://social.example/post/1", "archived_at": "2025-01-31T11:00:00+0000",
    "content": f"<p>{TEXT}</p>", "created_at": "2025-01-31T10:00:00+0000", "updated_at": "2025-01-31T10:00:00+0000",
    "published_at": "2025-01-30T09:00:00+0000", "published_by": ["Ann Reed"], "starred_at": None,
    "annotations": [{"id": 1, "annotator_schema_version": "v1.0", "text": "A remark", "quote": "twelve million",
                     "created_at": "2025-01-31T10:00:00+0000", "ranges": [{"start": "/p[1]", "startOffset": "4", "end": "/p[1]", "endOffset": "9"}]}],
    "mimetype": "text/html", "language": "en", "reading_time": 1, "domain_name": "a.example", "preview_picture": None, "http_status": "200",
}]  # fmt: skip
LINKWARDEN = {
    "name": "User", "username": "user", "email": None, "emailVerified": None, "collectionOrder": [1, 2], "theme": "dark",
    "createdAt": "2024-01-01T00:00:00.000Z", "updatedAt": "2025-01-31T10:00:00.000Z", "collections": [
        {"id": 1, "name": "News", "description": "", "icon": None, "color": "#0ea5e9", "parentId": None, "isPublic": False,
         "ownerId": 1, "createdById": 1, "rssSubscriptions": [], "links": []},
        {"id": 2, "name": "Local", "description": "", "icon": None, "color": "#0ea5e9", "parentId": 1, "isPublic": False,
         "ownerId": 1, "createdById": 1, "rssSubscriptions": [], "links": [{
            "id": 3, "name": "The pier", "type": "url", "description": "A remark", "createdById": 1, "collectionId": 2, "icon": None,
            "url": URL, "textContent": TEXT, "preview": None, "image": None, "pdf": None, "readable": None, "monolith": None,
            "lastPreserved": None, "importDate": "2025-01-31T10:00:00.000Z", "createdAt": "2025-02-03T10:00:00.000Z",
            "updatedAt": "2025-02-03T10:00:00.000Z",
            "tags": [{"id": 1, "name": "pier", "ownerId": 1}, {"id": 2, "name": "port", "ownerId": 1}],
        }]},
    ], "pinnedLinks": [{"id": 3, "name": "The pier", "url": URL}], "whitelistedUsers": [],
}  # fmt: skip
KARAKEEP: dict[str, list[dict[str, object]]] = {"bookmarks": [
    {"createdAt": 1738317600, "title": "The pier", "tags": ["pier", "port"], "lists": ["l2"], "content": {"type": "link", "url": URL},
     "note": "A remark", "customMetadata": None, "archived": True},
], "lists": [
    {"id": "l1", "name": "News", "description": None, "icon": "📰", "type": "manual", "query": None, "parentId": None},
    {"id": "l2", "name": "Local", "description": None, "icon": "📰", "type": "manual", "query": None, "parentId": "l1"},
]}  # fmt: skip
OMNIVORE = [{
    "id": "x", "slug": "the-pier-1", "title": "The pier", "description": "d", "author": "Ann Reed", "url": URL,
    "state": "ARCHIVED", "readingProgress": 100, "thumbnail": None, "labels": ["pier", "port"],
    "savedAt": "2025-01-31T10:00:00.000Z", "updatedAt": "2025-01-31T10:00:00.000Z", "publishedAt": "2025-01-30T00:00:00.000Z",
}]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        pytest.param(
            "pocket", csv_of("title,url,time_added,tags,status", f"The pier,{URL},1738317600,pier|port,archive"),
            {"read": True}, id="Pocket CSV",
        ),
        pytest.param(
            "instapaper",
            csv_of("URL,Title,Selection,Folder,Timestamp,Tags", f'{URL},The pier,A remark,News,1738317600,"[""pier"",""port""]"'),
            {"note": "A remark", "folder": "News"}, id="Instapaper CSV",
        ),
        pytest.param(
            "raindrop",
            csv_of("id,title,note,excerpt,url,folder,tags,created,cover,highlights,favorite",
                   f'9,The pier,A remark,Ex,{URL},News / Local,"pier, port",2025-01-31T10:00:00.000Z,,"Highlight: twelve million",true'),
            {"note": "A remark\n\nHighlight: twelve million", "folder": "News / Local", "starred": True}, id="Raindrop CSV",
        ),
        pytest.param(
            "instapaper", csv_of("URL,Title,Selection,Folder,Timestamp,Tags", f'{URL},The pier,,Archive,1738317600,"[""pier"",""port""]"'),
            {"folder": "", "read": True}, id="Instapaper CSV, a state as folder",
        ),
        pytest.param(
            "readwise",
            csv_of("Title,URL,ID,Document tags,Saved date,Reading progress,Location,Seen",
                   f"The pier,{URL},01h,\"['pier', 'port']\",2025-01-31 10:00:00+00:00,0.5,archive,True"),
            {"read": True}, id="Readwise Reader CSV",
        ),
        pytest.param(
            "pinboard",
            json.dumps([{"href": URL, "description": "The pier", "extended": "A remark", "meta": "m", "hash": "h",
                         "time": "2025-01-31T10:00:00Z", "shared": "no", "toread": "yes", "tags": "pier port"}]),
            {"note": "A remark", "read": False}, id="Pinboard JSON",
        ),
        pytest.param(
            "wallabag", json.dumps(WALLABAG),
            {"html": f"<p>{TEXT}</p>", "authors": ("Ann Reed",), "read": True, "lang": "en", "note": "“twelve million” A remark"},
            id="wallabag JSON",
        ),
        pytest.param(
            "linkwarden", json.dumps(LINKWARDEN), {"text": TEXT, "folder": "News/Local", "note": "A remark", "starred": True}, id="Linkwarden"
        ),
        pytest.param(
            "karakeep", json.dumps(KARAKEEP), {"note": "A remark", "read": True, "tags": ("pier", "port", "News/Local")}, id="Karakeep"
        ),
        pytest.param("omnivore", json.dumps(OMNIVORE), {"authors": ("Ann Reed",), "read": True}, id="Omnivore"),
    ],
)  # fmt: skip
def test_read_later_exports(tmp_path: Path, name: str, data: str, expected: dict[str, object]) -> None:
    path = write(tmp_path, data)
    assert detect_format(path).name == name
    item = one(path)
    assert (item.url, item.title, item.tags[:2], item.added) == (URL, "The pier", ("pier", "port"), AT)
    assert {field: getattr(item, field) for field in expected} == expected


def test_karakeep_notes_are_texts_and_files_have_no_address(tmp_path: Path) -> None:
    note, file = {"type": "text", "text": "The ferries were tied up."}, {"type": "asset", "assetId": "x"}
    said = {"createdAt": 1, "title": "n", "tags": list[str](), "note": None}
    data = {"bookmarks": [{**said, "content": content} for content in (note, file)]}
    (item,), (reject,) = split(write(tmp_path, json.dumps(data)))
    assert (item.url.startswith("https://karakeep.invalid/"), item.text) == (True, note["text"])
    assert reject.reason == "it has no address"


def test_omnivore_brings_its_texts(tmp_path: Path) -> None:
    """The articles lie beside the list, in a folder or in the zip file as it was downloaded, and so do the highlights.

    What a highlight links to is no bookmark.
    """
    for folder in ("content", "highlights"):
        (tmp_path / folder).mkdir()
    write(tmp_path / "content", f"<p>{TEXT}</p>", "the-pier-1.html")
    write(tmp_path / "highlights", "> Twelve million, see https://other.example/\n", "the-pier-1.md")
    write(tmp_path, json.dumps(OMNIVORE), "metadata_0_to_20.json")
    with ZipFile(tmp_path / "omnivore.zip", "w") as archive:
        for name in ("metadata_0_to_20.json", "content/the-pier-1.html", "highlights/the-pier-1.md"):
            archive.write(tmp_path / name, name)
    for name in ("metadata_0_to_20.json", "omnivore.zip"):
        item = one(tmp_path / name)
        assert (item.html, item.note) == (f"<p>{TEXT}</p>", "> Twelve million, see https://other.example/")


def test_a_damaged_text_in_a_zip_file_is_told(tmp_path: Path) -> None:
    """The article stays a link, to be fetched; what could not be read is named."""
    path = tmp_path / "omnivore.zip"
    with ZipFile(path, "w") as archive:
        archive.writestr("metadata_0_to_20.json", json.dumps(OMNIVORE))
        archive.writestr("content/the-pier-1.html", f"<p>{TEXT}</p>")
    path.write_bytes(path.read_bytes().replace(TEXT.encode(), TEXT.upper().encode()))
    (item,), (reject,) = split(path)
    assert (item.url, item.html) == (URL, "")
    assert reject.origin.file.endswith("omnivore.zip!content/the-pier-1.html")


def test_a_slug_leads_nowhere_else(tmp_path: Path) -> None:
    """W10: a path inside of imported metadata is not followed out of its folder."""
    inner = tmp_path / "inner"
    (inner / "content").mkdir(parents=True)
    write(tmp_path, "<p>secret</p>", "secret.html")
    for slug in ("../../secret", "/etc/passwd", "..", "x/../../../secret"):
        item = one(write(inner, json.dumps([{**OMNIVORE[0], "slug": slug}]), "metadata_0_to_20.json"))
        assert item.html == ""


NEWS_PLEASE = {
    "authors": ["Ann Reed"], "date_download": "2025-02-01 08:00:00", "date_modify": "None", "date_publish": "2025-01-31 10:00:00",
    "description": "d", "filename": "f.json", "image_url": None, "language": "en", "localpath": None, "maintext": TEXT,
    "source_domain": "a.example", "text": None, "title": "The pier", "title_page": None, "title_rss": None, "url": URL,
}  # fmt: skip
NEWSPAPER: dict[str, object] = {
    "url": URL, "read_more_link": "", "language": "en", "title": "The pier", "top_image": "https://a.example/i.jpg",
    "meta_img": "", "images": [], "movies": [], "keywords": ["pier"], "meta_keywords": [""],
    "tags": None, "authors": ["Ann Reed"], "publish_date": "2025-01-31T10:00:00+00:00", "summary": "", "meta_description": "",
    "meta_lang": "en", "meta_favicon": "", "meta_site_name": "The Ledger", "canonical_link": "", "text": TEXT,
}  # fmt: skip
FUNDUS: dict[str, object] = {
    "title": "The pier", "body": {"summary": ["In short."], "sections": [{"headline": ["Storms"], "paragraphs": [TEXT, "More."]}]},
    "authors": ["Ann Reed"], "publishing_date": "2025-01-31 10:00:00+00:00", "topics": ["Port"], "free_access": True, "images": [],
}  # fmt: skip
TRAFILATURA = {
    "title": "The pier", "author": "Ann Reed; Bo Lund", "hostname": "a.example", "date": "2025-01-31", "fingerprint": "f",
    "id": None, "license": None, "comments": "", "raw_text": TEXT, "text": TEXT, "language": "en", "image": None,
    "pagetype": "article", "filedate": "2025-02-01", "source": URL, "source-hostname": "The Ledger", "excerpt": "d",
    "categories": "Local;News", "tags": "pier;port",
}  # fmt: skip
CSL = {
    "id": "reed2025", "type": "article-newspaper", "title": "The pier", "URL": URL, "container-title": "The Ledger",
    "issued": {"date-parts": [[2025, 1, 31]]}, "author": [{"family": "Reed", "given": "Ann"}, {"literal": "AP"}],
    "accessed": {"date-parts": [["2025", 2, 1]]}, "note": "A remark", "language": "en",
}  # fmt: skip


@pytest.mark.parametrize("as_lines", [True, False], ids=["lines", "array"])
@pytest.mark.parametrize(
    ("name", "record", "expected"),
    [
        pytest.param("news-please", NEWS_PLEASE, {"text": TEXT, "authors": ("Ann Reed",), "published": AT}, id="news-please"),
        pytest.param("newspaper", NEWSPAPER, {"text": TEXT, "site": "The Ledger", "published": AT}, id="newspaper4k"),
        pytest.param(
            "trafilatura", TRAFILATURA,
            {"text": TEXT, "authors": ("Ann Reed", "Bo Lund"), "published": date(2025, 1, 31), "tags": ("pier", "port", "Local", "News")},
            id="trafilatura",
        ),
        pytest.param(
            "csl", CSL, {"authors": ("Ann Reed", "AP"), "published": date(2025, 1, 31), "note": "A remark"}, id="CSL-JSON"
        ),
    ],
)  # fmt: skip
def test_corpora(
    tmp_path: Path, name: str, record: dict[str, object], expected: dict[str, object], as_lines: bool
) -> None:
    data = f"{json.dumps(record)}\n{json.dumps(record)}\n" if as_lines else json.dumps([record, record], indent=1)
    path = write(tmp_path, data)
    assert detect_format(path).name == name
    items, rejects = split(path)
    assert rejects == []
    for item in items:
        assert (item.url, item.title) == (URL, "The pier")
        assert {field: getattr(item, field) for field in expected} == expected
    assert len(items) == 2


FUNDUS_TEXT = f"In short.\n\nStorms\n\n{TEXT}\n\nMore."


@pytest.mark.parametrize("form", ["by publisher", "list", "lines", "one"])
def test_fundus_does_not_say_where_articles_are_from(tmp_path: Path, form: str) -> None:
    """What `Article.to_json` and `save_to_file` write: no address, so each text gets one that is never fetched."""
    two = {**FUNDUS, "title": "Two", "body": {"summary": [], "sections": [{"headline": [], "paragraphs": ["Other."]}]}}
    data = {
        "by publisher": json.dumps({"The Ledger": [FUNDUS], "Der Spiegel": [two]}, indent=4),
        "list": json.dumps([FUNDUS, two]), "lines": f"{json.dumps(FUNDUS)}\n{json.dumps(two)}\n", "one": json.dumps(FUNDUS),
    }  # fmt: skip
    path = write(tmp_path, data[form])
    assert detect_format(path).name == "fundus"
    items, rejects = split(path)
    assert ([item.title for item in items], rejects) == (["The pier", "Two"][: 1 if form == "one" else 2], [])
    assert items[0].url.startswith("https://fundus.invalid/")
    assert (items[0].text, items[0].tags, items[0].authors, items[0].published) == (
        FUNDUS_TEXT,
        ("Port",),
        ("Ann Reed",),
        AT,
    )
    assert [item.site for item in items] == (
        ["The Ledger", "Der Spiegel"] if form == "by publisher" else [""] * len(items)
    )
    assert len({item.url for item in items}) == len(items)


def test_fundus_with_an_address_that_somebody_added(tmp_path: Path) -> None:
    record = {
        **FUNDUS,
        "html": {"requested_url": URL, "responded_url": URL, "crawl_date": "2025-02-01 08:00:00"},
        "lang": "en",
    }
    item = one(write(tmp_path, json.dumps(record)))
    assert (item.url, item.text, item.lang) == (URL, FUNDUS_TEXT, "en")


def test_trafilatura_writes_these_names() -> None:
    """The fixture has the fields of the program itself."""
    import trafilatura

    html = f"<html><body><article><h1>The pier</h1>{f'<p>{TEXT}</p>' * 5}</article></body></html>"
    written = trafilatura.extract(html, output_format="json", with_metadata=True, url=URL)
    assert written is not None
    assert set(json.loads(written)) == set(TRAFILATURA)


def test_newspaper_closes_its_list_behind_each_record(tmp_path: Path) -> None:
    """What its command writes for several addresses is no JSON: every record comes in all the same."""
    record = json.dumps(NEWSPAPER, indent=4)
    items, rejects = split(write(tmp_path, f"[{record},]{record},]{record}]"))
    assert ([item.title for item in items], rejects) == (["The pier"] * 3, [])
    for size in range(2**18 - 40, 2**18 + 40, 7):  # wherever a block of the file ends
        gap = " " * (size - len(record))
        items, rejects = split(write(tmp_path, f"[{record},]{gap}{record},]\n{record}]"))
        assert (len(items), rejects) == (3, [])


def test_newspaper_as_csv(tmp_path: Path) -> None:
    out = io.StringIO()
    rows = csv.DictWriter(out, NEWSPAPER)
    rows.writeheader()
    rows.writerow({**NEWSPAPER, "publish_date": "2025-01-31 10:00:00+00:00"})
    item = one(write(tmp_path, out.getvalue()))
    assert (item.url, item.text, item.authors, item.published) == (URL, TEXT, ("Ann Reed",), AT)


def test_pocket_writes_the_address_where_there_is_no_title(tmp_path: Path) -> None:
    """The zip file of several tables that Pocket gave last."""
    with ZipFile(tmp_path / "pocket.zip", "w") as archive:
        for number in range(2):
            table = csv_of("title,url,time_added,tags,status", f"{URL}/{number},{URL}/{number},1738317600,,unread")
            archive.writestr(f"part_{number:06}.csv", table)
    items, rejects = split(tmp_path / "pocket.zip")
    assert ([(item.url, item.title) for item in items], rejects) == ([(f"{URL}/0", ""), (f"{URL}/1", "")], [])


def test_pinboard_writes_false_where_there_is_no_title(tmp_path: Path) -> None:
    record = {"href": URL, "description": False, "extended": "", "meta": "", "hash": "", "time": "2025-01-31T10:00:00Z",
              "shared": "no", "toread": "no", "tags": ""}  # fmt: skip
    assert one(write(tmp_path, json.dumps([record]))).title == ""


def test_a_single_object_is_one_record(tmp_path: Path) -> None:
    assert one(write(tmp_path, json.dumps(NEWS_PLEASE, indent=2))).text == TEXT


def test_media_cloud(tmp_path: Path) -> None:
    old = csv_of("stories_id,publish_date,title,url,language,ap_syndicated,themes,media_id,media_name,media_url",
                 f"7,2025-01-31 10:00:00,The pier,{URL},en,f,,3,The Ledger,https://a.example/")  # fmt: skip
    new = csv_of("id,indexed_date,language,media_name,media_url,publish_date,title,url",
                 f"7,2025-02-01 08:00:00+00:00,en,The Ledger,a.example,2025-01-31,The pier,{URL}")  # fmt: skip
    for data in (old, new):
        path = write(tmp_path, data)
        assert detect_format(path).name == "mediacloud"
        item = one(path)
        assert (item.url, item.site, item.origin.id, str(item.published)[:10]) == (URL, "The Ledger", "7", "2025-01-31")


def test_zotero(tmp_path: Path) -> None:
    data = csv_of(
        '"Key","Item Type","Publication Year","Author","Title","Publication Title","Url","Abstract Note","Date","Date Added",'
        '"Date Modified","Access Date","Notes","Manual Tags","Automatic Tags"',
        f'"ABCD","newspaperArticle","2025","Reed, Ann; Lund, Bo","The pier","The Ledger","{URL}","","2025-01-31",'
        '"2025-02-01 08:00:00","","","<p>A remark</p>","pier; port","auto"',
    )  # fmt: skip
    path = write(tmp_path, "\ufeff" + data)
    assert detect_format(path).name == "zotero"
    item = one(path)
    assert (item.url, item.authors, item.tags) == (URL, ("Ann Reed", "Bo Lund"), ("pier", "port", "auto"))
    assert (item.published, item.site, item.origin.id) == (date(2025, 1, 31), "The Ledger", "ABCD")
    assert item.note == "A remark"


TWEETS = "window.YTD.tweets.part0 = " + json.dumps([
    {"tweet": {"id": "1", "id_str": "1", "created_at": "Fri Jan 31 10:00:00 +0000 2025", "full_text": "See https://t.co/abc",
               "entities": {"urls": [{"url": "https://t.co/abc", "expanded_url": URL, "display_url": "a.example/story",
                                      "indices": ["4", "20"]}], "hashtags": [], "user_mentions": []}}},
    {"tweet": {"id_str": "2", "created_at": "Fri Jan 31 10:00:00 +0000 2025", "full_text": "Quoting https://t.co/def",
               "entities": {"urls": [{"url": "https://t.co/def", "expanded_url": "https://twitter.com/x/status/1"}]}}},
], indent=2)  # fmt: skip


def test_an_x_archive(tmp_path: Path) -> None:
    """Its map of short links comes along; links to X itself are no pages."""
    path = write(tmp_path, TWEETS, "tweets.js")
    assert detect_format(path).name == "twitter"
    item = one(path)
    assert (item.url, item.note, item.added, item.origin.id) == (URL, f"See {URL}", AT, "1")
    assert item.short_links == (("https://t.co/abc", URL),)


def test_long_posts_and_likes(tmp_path: Path) -> None:
    note = {"noteTweetId": "9", "createdAt": "2025-01-31T10:00:00.000Z", "updatedAt": "2025-01-31T10:00:00.000Z", "lifecycle": {},
            "core": {"text": "Long, see https://t.co/abc", "mentions": [], "hashtags": [], "cashtags": [], "styletags": [],
                     "urls": [{"shortUrl": "https://t.co/abc", "expandedUrl": URL, "fromIndex": "10", "toIndex": "26"}]}}  # fmt: skip
    item = one(write(tmp_path, f"window.YTD.note_tweet.part0 = {json.dumps([{'noteTweet': note}])}"))
    assert (item.url, item.note, item.added, item.origin.id) == (URL, f"Long, see {URL}", AT, "9")
    like = {"tweetId": "5", "fullText": "Read https://t.co/def", "expandedUrl": "https://twitter.com/i/web/status/5"}
    for name in ("like", "bookmark"):
        item = one(write(tmp_path, f"window.YTD.{name}.part0 = {json.dumps([{name: like}])}"))
        assert (item.url, item.note, item.origin.id) == ("https://t.co/def", "Read https://t.co/def", "5")


FACTIVA = f"""<html><body><div class="article enArticle"><table>
<tr><td><b>SE</b></td><td>Local News</td></tr><tr><td><b>HD</b></td><td><span class="enHeadline">The pier</span></td></tr>
<tr><td><b>BY</b></td><td>By Ann Reed</td></tr><tr><td><b>WC</b></td><td>300 words</td></tr>
<tr><td><b>PD</b></td><td>31 January 2025</td></tr><tr><td><b>SN</b></td><td>The Ledger</td></tr>
<tr><td><b>LA</b></td><td>English</td></tr>
<tr><td><b>LP</b></td><td><p class="articleParagraph enarticleParagraph">{TEXT}</p></td></tr>
<tr><td><b>TD</b></td><td><p>Second paragraph.</p><p>Third paragraph.</p></td></tr>
<tr><td><b>AN</b></td><td>Document LEDGER0020250131el1v0000a</td></tr></table></div>
<div class="article enArticle"><table><tr><td><b>HD</b></td><td>Another</td></tr>
<tr><td><b>LP</b></td><td><p>Other text.</p></td></tr><tr><td><b>AN</b></td><td>Document LEDGER2</td></tr></table></div></body></html>"""


def test_factiva(tmp_path: Path) -> None:
    path = write(tmp_path, FACTIVA)
    assert detect_format(path).name == "factiva"
    (first, second), rejects = split(path)
    assert rejects == []
    assert (first.title, first.authors, first.site, first.lang) == ("The pier", ("Ann Reed",), "The Ledger", "en")
    assert (first.published, first.url) == (date(2025, 1, 31), "https://factiva.invalid/LEDGER0020250131el1v0000a")
    assert first.text == f"{TEXT}\n\nSecond paragraph.\n\nThird paragraph."
    assert (second.title, second.text) == ("Another", "Other text.")


FACTIVA_SHOWN = f"""<html><body><div class="article enArticle"><p></p><div id="hd"><span class="enHeadline">The pier</span></div>
<div class="author">By Ann Reed</div><div>300 words</div><div>31 January 2025</div><div>10:15 GMT</div><div>The Ledger</div>
<div>LEDGER</div><div>English</div><div>(c) 2025 The Ledger</div>
<p class="articleParagraph enarticleParagraph">{TEXT}</p><p class="articleParagraph enarticleParagraph">Second <b>bold</b> paragraph.</p>
<p>Document LEDGER0020250131el1v0000a</p></div>
<div class="article deArticle"><div id="hd"><span class="deHeadline">Der Kai</span></div><div>20 words</div>
<div>1 February 2025</div><div>Die Zeitung</div><div>ZEIT</div><div>German</div>
<p class="articleParagraph dearticleParagraph">Anderer Text.</p><p>Document ZEIT002</p></div></body></html>"""


def test_factiva_as_it_is_displayed(tmp_path: Path) -> None:
    """The other layout: no codes, but class names."""
    path = write(tmp_path, FACTIVA_SHOWN)
    assert detect_format(path).name == "factiva"
    (first, second), rejects = split(path)
    assert rejects == []
    assert (first.title, first.authors, first.site, first.lang) == ("The pier", ("Ann Reed",), "The Ledger", "en")
    assert (first.published, first.url) == (date(2025, 1, 31), "https://factiva.invalid/LEDGER0020250131el1v0000a")
    assert first.text == f"{TEXT}\n\nSecond bold paragraph."
    assert (second.title, second.lang, second.text, second.published) == (
        "Der Kai",
        "de",
        "Anderer Text.",
        date(2025, 2, 1),
    )


def test_nexis(tmp_path: Path) -> None:
    """Behind the page in front that every delivery begins with."""
    paragraphs = [
        "User Name: Ann Reed", "Date and Time: Saturday, February 1, 2025 8:00:00 AM CET", "Job Number: 1", "Documents (2)",
        "1. The pier", "Client/Matter: -None-", "Search Terms: pier", "2. No article", "Client/Matter: -None-",
        "The pier", "The Ledger (Sillmouth)", "January 31, 2025 Friday", "Copyright 2025", "Section: LOCAL; Pg. 3",
        "Length: 300 words", "Byline: By Ann Reed", "Body", TEXT, "Second paragraph.", "Load-Date: February 1, 2025",
        "End of Document", "No article", "End of Document",
    ]  # fmt: skip
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    document = f'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{body}</w:body></w:document>'
    path = tmp_path / "nexis.docx"
    with ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", document)
    assert detect_format(path).name == "nexis"
    (item,), (reject,) = split(path)
    assert (item.title, item.site, item.authors) == ("The pier", "The Ledger (Sillmouth)", ("Ann Reed",))
    assert (item.published, item.text) == (date(2025, 1, 31), f"{TEXT}\n\nSecond paragraph.")
    assert item.url.startswith("https://nexis.invalid/")
    assert "Body" in reject.reason


NOTE = f"""---
title: "The pier: twelve million"
source: "{URL}?a=1"
author:
  - "[[Ann Reed]]"
  - Ben Cole
published: 2025-01-31
created: 2025-02-01
description: "About the pier"
tags: [clippings, port]
empty:
---
## At the pier

{TEXT} It was *not* a [secret](https://b.example/minutes).

<script>alert(1)</script>
"""


def test_a_clipped_note(tmp_path: Path) -> None:
    """As Obsidian's Web Clipper saves it: names may be links to notes of their own."""
    path = write(tmp_path, NOTE, "The pier.md")
    assert detect_format(path).name == "markdown"
    item = one(path)
    assert (item.url, item.title, item.authors) == (f"{URL}?a=1", "The pier: twelve million", ("Ann Reed", "Ben Cole"))
    assert (item.published, item.added) == (date(2025, 1, 31), datetime(2025, 2, 1, tzinfo=UTC))
    assert item.tags == ("clippings", "port")
    assert '<a href="https://b.example/minutes">secret</a>' in item.html
    assert f"<p>{TEXT}" in item.html
    assert "<script" not in item.html


def test_a_note_without_a_text_is_a_link(tmp_path: Path) -> None:
    item = one(write(tmp_path, f"---\r\nurl: {URL}\r\ntags:\r\n- a\r\n- b\r\n...\r\n\r\n"))
    assert (item.url, item.tags, item.has_content) == (URL, ("a", "b"), False)


@pytest.mark.parametrize("front", ["title: One", "about: see https://a.example", "url: /2025/01/the-pier/", "no names"])
def test_notes_of_ones_own_are_text(tmp_path: Path, front: str) -> None:
    """What was not clipped from anywhere gives the addresses in it, as any text does."""
    path = write(tmp_path, f"---\n{front}\n---\nI read {URL} today.\n")
    assert detect_format(path).name == "text"
    assert URL in [item.url for item in split(path)[0]]


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ("a: [1, 2", "no YAML"),
        ("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]", "refers to parts of itself"),
        ("a: " + "[" * 900, "nested too deep"),
        ("a: " + "[" * 60_000, "more brackets"),
        ("a: " + "- " * 30_000, "YAML"),
    ],
    ids=["broken", "aliases", "nested", "brackets", "dashes"],
)
def test_front_matter_that_is_none_or_a_trap(tmp_path: Path, more: str, reason: str) -> None:
    items, (reject,) = split(write(tmp_path, f"---\nurl: {URL}\n{more}\n---\n{TEXT}\n"))
    assert items == []
    assert reason in reject.reason
    assert URL in reject.raw


def test_our_own_list_of_sources_is_no_text(tmp_path: Path) -> None:
    front = f"---\nurl: {URL}\nexport_log: x\n---\n"
    sources = "\n## Sources\n\n" + "- - " * 2_000 + "\n- [One](https://b.example/1)\n"
    assert one(write(tmp_path, f"{front}{TEXT}\n{sources}")).html == f"<p>{TEXT}</p>\n"
    assert "Sources" in one(write(tmp_path, f"{front}{TEXT}\n{sources}And more.\n")).html


def test_annotations_of_hypothesis_are_notes_on_pages(tmp_path: Path) -> None:
    """What somebody wrote beside a page was taken for the text of it."""
    one = {
        "id": "x1", "uri": "https://a.example/1", "created": "2025-05-06T10:30:00.123456+00:00", "text": "ask the board",
        "user": "acct:ann@hypothes.is", "tags": ["ferry"], "document": {"title": ["Ferry stops"]}, "target": [],
    }  # fmt: skip
    path = tmp_path / "annotations.json"
    path.write_text(json.dumps({"total": 1, "rows": [one]}))
    (item,) = read_items(path)
    assert isinstance(item, Item)
    assert (item.title, item.note, item.text, item.tags) == ("Ferry stops", "ask the board", "", ("ferry",))


def test_a_list_of_bookmarks_is_karakeeps_only_with_its_fields(tmp_path: Path) -> None:
    path = tmp_path / "bookmarks.json"
    path.write_text(json.dumps({"bookmarks": [{"url": "https://a.example/1", "title": "Ferry"}]}))
    (item,) = read_items(path)
    assert isinstance(item, Item)
    assert (item.title, item.origin.format) == ("Ferry", "json")
