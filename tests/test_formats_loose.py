"""Lists and exports that keep to no rules, or to those of another format: what is in them is read, or told."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime
from pathlib import Path
from zipfile import ZipFile

import pytest

from archive import Item, Reject, read_items

ONE, TWO, THREE = "https://a.example/1", "https://a.example/2", "https://a.example/3"


def read(folder: Path, text: str, name: str = "file") -> tuple[list[Item], list[Reject]]:
    path = folder / name
    path.write_text(text, "utf-8")
    found = list(read_items(path))
    return [each for each in found if isinstance(each, Item)], [each for each in found if isinstance(each, Reject)]


BOTH = {ONE: "One", TWO: "Two"}
AS_RULES = json.dumps([{"url": url, "title": title} for url, title in BOTH.items()], indent=1)
ROW = f'{{"url": "{ONE}", "title": "One"}}'
ROWS = f'{ROW}{{"url": "{TWO}", "title": "Two"}}'
JSONS = {
    "a comma behind the last value": AS_RULES.replace('"\n', '",\n').replace("}\n]", "},\n]"),
    "an object, too": '{"links": ' + AS_RULES.replace("}\n]", "},\n]") + ",}",
    "remarks": "// links\n/* of\nmine */ " + AS_RULES.replace("},", "}, // the first\n# more\n"),
    "remarks in an object": f'{{ // mine\n "links": {AS_RULES} /* all */ }}',
    "single quotes": AS_RULES.replace('"', "'"),
    "names without quotes": AS_RULES.replace('"url"', "url").replace('"title"', "title"),
    "as Python shows it": str([{"url": url, "title": title, "read": True, "at": None} for url, title in BOTH.items()]),
    "one behind the other": ROWS,
    "in lines of their own": ROWS.replace("{", "{\n").replace("}", "\n}\n").replace(", ", ",\n"),
    "several in a line": f"{ROW}\n" * 2 + ROWS + "\n",
    "lines with commas": ROWS.replace("}", "},\n"),
    "a sequence": "".join(f"\x1e{line}\n" for line in ROWS.replace("}{", "}\n{").split("\n")),
    "a sequence over lines": "".join(f"\x1e{{\n{row}\n" for row in ROWS.split("{")[1:]),
    "a mark of the byte order": f"\ufeff{AS_RULES}",
    "the same and an object": f'\ufeff{{"urls": {AS_RULES}}}',
    "two lists": f"[{ROW}]\n[{ROWS.partition('}')[2]}]\n",
    "line ends in texts": AS_RULES.replace("One", "One\t"),
    "rows with names": json.dumps([["title", "url"], *([title, url] for url, title in BOTH.items())]),
    "rows without": json.dumps([[url, title] for url, title in BOTH.items()]),
    "by their titles": json.dumps({title: url for url, title in BOTH.items()}),
    "JSONP": f"/**/ jQuery123_4({AS_RULES});",
    "JSONP of an object": f'api.done({{"links": {AS_RULES}}})\n',
    "a variable": f"var links = {AS_RULES};\n",
    "a constant": f'// mine\nexport const LINKS =\n {{"links": {AS_RULES}}}',
    "a part of the window": f'window.__DATA__["links"] = {AS_RULES}',
    "the module": f"module.exports = {AS_RULES.replace(chr(34), chr(39))};",
    "what keeps it from being run": f")]}}',\n{AS_RULES}",
    "a loop before it": f'for(;;);{{"links": {AS_RULES}}}',
    "lists of several names": json.dumps({"a": [json.loads(ROW)], "b": [{"url": TWO, "title": "Two"}]}),
    "lists in lists": json.dumps({"windows": [{"tabs": [row]} for row in json.loads(AS_RULES)]}),
    "wrapped": json.dumps({"hits": {"hits": [{"_source": row} for row in json.loads(AS_RULES)]}}),
}  # fmt: skip


@pytest.mark.parametrize("name", JSONS)
def test_json_that_does_not_keep_to_the_rules(tmp_path: Path, name: str) -> None:
    items, rejects = read(tmp_path, JSONS[name])
    assert {item.url: item.title.strip() for item in items} == BOTH
    assert rejects == []
    assert {item.origin.format for item in items} == {"json"}


@pytest.mark.parametrize(
    ("document", "folders"),
    [
        ({"urls": [ONE, TWO]}, ["", ""]),
        ({"name": "x", "data": {"urls": [ONE, TWO]}}, ["x", "x"]),
        ({"2025-01-01": [ONE], "2025-01-02": [TWO]}, ["2025-01-01", "2025-01-02"]),
        ({"harbour": {"links": [ONE]}, "money": {"links": [TWO]}}, ["harbour", "money"]),
        ({"harbour": [ONE, TWO]}, ["harbour", "harbour"]),
        (
            {"all": [{"name": "A", "links": [{"href": ONE}]}, {"name": "B", "all": [{"name": "C", "links": [TWO]}]}]},
            ["A", "B/C"],
        ),
        ({"pages": [{"url": ONE}], "seen": [TWO]}, ["", ""]),
        ([{"name": "A", "links": [ONE]}, {"name": "B", "links": [{"link": TWO}]}], ["A", "B"]),
    ],
)  # fmt: skip
def test_addresses_anywhere_in_json(tmp_path: Path, document: object, folders: list[str]) -> None:
    items, rejects = read(tmp_path, json.dumps(document))
    assert ([item.url for item in items], rejects) == ([ONE, TWO], [])
    assert [item.folder for item in items] == folders


def test_an_article_is_not_the_list_of_its_pictures(tmp_path: Path) -> None:
    article = {
        "url": ONE,
        "title": "One",
        "images": [{"url": f"{TWO}.png"}],
        "links": [{"url": THREE}],
        "text": "It is.",
    }
    assert [item.url for item in read(tmp_path, json.dumps(article))[0]] == [ONE]
    del article["text"], article["links"]
    assert [item.url for item in read(tmp_path, json.dumps(article))[0]] == [ONE]


def test_a_bad_record_in_an_array_costs_itself(tmp_path: Path) -> None:
    """What was behind it was lost, and the file said to be cut off."""
    items, (reject,) = read(tmp_path, f'[{ROW}, {{"url": "{TWO}" "title": "Two"}}, {{"url": "{THREE}"}}]')
    assert [item.url for item in items] == [ONE, THREE]
    assert reject.reason.startswith("not JSON")
    items, (reject,) = read(tmp_path, f'[{ROW}, {{"url": "{TWO}')
    assert ([item.url for item in items], "cut off" in reject.reason) == ([ONE], True)


@pytest.mark.parametrize("text", ["[]", "Nothing to see here.\n", "---\nlinks:\n"])
def test_a_file_without_anything_says_so(tmp_path: Path, text: str) -> None:
    items, (reject,) = read(tmp_path, text)
    assert (items, reject.remark) == ([], True)


FEED = """<?xml version="1.0"?>
<!DOCTYPE rss [{entities}]>
<rss version="2.0"><channel><title>T</title><link>https://a.example/</link>
<item><title>Caf&eacute; &pub;&nbsp;opens</title><link>https://a.example/1</link>{end}</item></channel></rss>"""
ENTITIES = '<!ENTITY eacute "&#233;"><!ENTITY paper "Paper"><!ENTITY pub "The Example &paper;">'


@pytest.mark.parametrize("end", ["", "<b>", "&"], ids=["well-formed", "an open tag", "a bare ampersand"])
@pytest.mark.parametrize("more", ["", '<!ENTITY % x PUBLIC "-//W3C//ENTITIES Latin 1" "http://127.0.0.1:1/x.ent"> %x;'])
def test_entities_that_stand_for_words_are_read(tmp_path: Path, end: str, more: str) -> None:
    (item,), _ = read(tmp_path, FEED.format(entities=ENTITIES + more, end=end))
    assert (item.url, item.title) == (ONE, "Café The Example Paper opens")


@pytest.mark.parametrize("end", ["", "<b>"], ids=["well-formed", "not"])
@pytest.mark.parametrize(
    "entities",
    [
        f'<!ENTITY pub "{"x" * 600}">',
        '<!ENTITY pub SYSTEM "file:///etc/passwd">',
        '<!ENTITY a "xxxxxxxxxxxxxxxxxxxx"><!ENTITY b "&a;&a;&a;&a;&a;&a;"><!ENTITY pub "&b;&b;&b;&b;&b;&b;">',
        '<!ENTITY pub "&later;"><!ENTITY later "x">',
    ],
)
def test_entities_that_stand_for_more_are_refused(tmp_path: Path, entities: str, end: str) -> None:
    items, (reject,) = read(tmp_path, FEED.format(entities=entities, end=end))
    assert (items, "entities" in reject.reason) == ([], True)


ZOTERO = f"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:z="http://www.zotero.org/namespaces/export#" xmlns:dcterms="http://purl.org/dc/terms/"
 xmlns:bib="http://purl.org/net/biblio#" xmlns:foaf="http://xmlns.com/foaf/0.1/"
 xmlns:link="http://purl.org/rss/1.0/modules/link/">
 <bib:Article rdf:about="#item_1"><z:itemType>newspaperArticle</z:itemType>
  <dcterms:isPartOf><bib:Newspaper><dc:title>The Example Paper</dc:title></bib:Newspaper></dcterms:isPartOf>
  <bib:authors><rdf:Seq>
   <rdf:li><foaf:Person><foaf:surname>Reed</foaf:surname><foaf:givenName>Ann</foaf:givenName></foaf:Person></rdf:li>
   <rdf:li><foaf:Person><foaf:surname>Example Agency</foaf:surname></foaf:Person></rdf:li></rdf:Seq></bib:authors>
  <link:link rdf:resource="#item_3"/><dcterms:isReferencedBy rdf:resource="#item_7"/>
  <dc:subject>harbour</dc:subject><dc:subject><z:AutomaticTag><rdf:value>money</rdf:value></z:AutomaticTag></dc:subject>
  <dc:title>The pier</dc:title><dc:date>2025-01-31</dc:date><z:language>en</z:language>
  <dc:identifier><dcterms:URI><rdf:value>{ONE}</rdf:value></dcterms:URI></dc:identifier>
  <dcterms:dateSubmitted>2025-02-03 10:11:12</dcterms:dateSubmitted></bib:Article>
 <z:Attachment rdf:about="#item_3"><z:itemType>attachment</z:itemType>
  <dc:identifier><dcterms:URI><rdf:value>{TWO}</rdf:value></dcterms:URI></dc:identifier><dc:title>Snapshot</dc:title>
 </z:Attachment>
 <bib:Memo rdf:about="#item_7"><rdf:value>&lt;p&gt;Ask the mayor.&lt;/p&gt;</rdf:value></bib:Memo>
 <rdf:Description rdf:about="urn:isbn:978-3"><z:itemType>webpage</z:itemType>
  <dc:identifier>DOI 10.1000/xyz123</dc:identifier><dc:title>A study</dc:title></rdf:Description>
 <bib:Document rdf:about="#item_9"><z:itemType>webpage</z:itemType><dc:title>Nowhere</dc:title></bib:Document>
 <z:Collection rdf:about="#c1"><dc:title>Harbour</dc:title><dcterms:hasPart rdf:resource="#c2"/></z:Collection>
 <z:Collection rdf:about="#c2"><dc:title>Files</dc:title><dcterms:hasPart rdf:resource="#item_1"/></z:Collection>
</rdf:RDF>"""


def test_zotero_rdf(tmp_path: Path) -> None:
    """Nothing came of it, and nothing was said."""
    (first, second), (reject,) = read(tmp_path, ZOTERO)
    assert (first.url, first.title, first.site, first.lang) == (ONE, "The pier", "The Example Paper", "en")
    assert first.authors == ("Ann Reed", "Example Agency")
    assert (first.tags, first.folder, first.note) == (("harbour", "money"), "Harbour/Files", "Ask the mayor.")
    assert (first.published, first.added) == (date(2025, 1, 31), datetime(2025, 2, 3, 10, 11, 12, tzinfo=UTC))
    assert (second.url, second.title) == ("https://doi.org/10.1000/xyz123", "A study")
    assert reject.reason == "it has no address"


READWISE = (
    "Highlight,Book Title,Book Author,Amazon Book ID,Note,Color,Tags,Location Type,Location,Highlighted at,"
    "Document tags\n"
    '"The pier was sold twice, which nobody knew.",The Harbour,Ann Reed,B00ABC,check,yellow,money,location,120,'
    "2025-01-31 10:00:00+00:00,\n"
)


def test_highlights_without_addresses(tmp_path: Path) -> None:
    """They are texts at addresses that are never fetched, always the same."""
    (item,), rejects = read(tmp_path, READWISE)
    assert item.url.startswith("https://readwise-highlights.invalid/")
    assert (item.title, item.text) == ("The Harbour", "The pier was sold twice, which nobody knew.")
    assert (item.authors, item.note, item.tags, rejects) == (("Ann Reed",), "check", ("money",), [])
    assert item.added == datetime(2025, 1, 31, 10, tzinfo=UTC)
    assert read(tmp_path, READWISE)[0][0].url == item.url
    book = {"user_book_id": 1, "title": "The Harbour", "author": "Ann Reed", "source_url": None}
    book["highlights"] = [{"text": "The pier was sold twice.", "note": "check"}]
    article = {**book, "user_book_id": 2, "source_url": ONE}
    (one, two), _ = read(tmp_path, json.dumps({"count": 2, "results": [book, article]}))
    assert (one.url.partition(".")[2][:8], one.text) == ("invalid/", "“The pier was sold twice.” check")
    assert (two.url, two.text, two.note) == (ONE, "", "“The pier was sold twice.” check")


ENEX = f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE en-export SYSTEM "http://xml.evernote.com/pub/evernote-export4.dtd">
<en-export export-date="20250201T101112Z"><note><title>The pier</title><created>20250131T100000Z</created>
<tag>harbour</tag><tag>money</tag>
<note-attributes><author>Ann Reed</author><source-url>{ONE}</source-url></note-attributes>
<content><![CDATA[<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE en-note SYSTEM "http://xml.evernote.com/pub/enml2.dtd">
<en-note><div>Twelve million pounds.</div></en-note>]]></content></note>
<note><title>My own</title><content><![CDATA[<en-note><div>Ask the mayor.</div>
<div>See <a href="{TWO}?a=1&amp;b=2">the minutes</a>.</div></en-note>]]></content>
<resource><data encoding="base64">aGVsbG8=</data><mime>image/png</mime></resource></note></en-export>"""


def test_notes_of_evernote(tmp_path: Path) -> None:
    """They were read as a text with addresses in it: those of its own rules among them."""
    (clipped, own), rejects = read(tmp_path, ENEX)
    assert (clipped.url, clipped.title, clipped.authors) == (ONE, "The pier", ("Ann Reed",))
    assert (clipped.tags, clipped.added) == (("harbour", "money"), datetime(2025, 1, 31, 10, tzinfo=UTC))
    assert (clipped.text, clipped.html) == ("Twelve million pounds.", "")
    (long, _), _ = read(tmp_path, ENEX.replace("Twelve million pounds.", "Twelve million pounds. " * 40))
    assert (long.text, long.html[:14]) == ("", "<en-note><div>")
    assert own.url.startswith("https://evernote.invalid/")
    assert own.text == f"Ask the mayor.\nSee the minutes ({TWO}?a=1&b=2)."
    assert own.remarks == ("1 attached file was left out",)
    assert rejects == []


WRITTEN = {
    "YAML": f"""# mine
- url: {ONE}
  title: 'One: first'
  tags: [a, b c]
  date: 2025-01-31
- title: Two
  url: {TWO}
  tags:
    - d
""",
    "YAML in a list with a name": f"""---
links:
  - url: {ONE}
    title: 'One: first'
    tags: a, b c
    date: 2025-01-31
  - link: {TWO}
    title: Two
    tags: [d]
""",
    "YAML divided by blank lines": f"""url: {ONE}
title: 'One: first'
tags: a, b c
date: 2025-01-31

url: {TWO}
title: Two
tags: d
""",
    "TOML": f"""[[links]]
url = "{ONE}"
title = "One: first"
tags = ["a", "b c"]
date = 2025-01-31

[[links]]
url = "{TWO}"
title = "Two"
tags = ["d"]
""",
}


@pytest.mark.parametrize("name", WRITTEN)
def test_lists_in_yaml_and_toml(tmp_path: Path, name: str) -> None:
    (first, second), rejects = read(tmp_path, WRITTEN[name])
    assert (first.url, first.title, first.tags, first.published) == (ONE, "One: first", ("a", "b c"), date(2025, 1, 31))
    assert (second.url, second.title, second.tags, rejects) == (TWO, "Two", ("d",), [])


def test_topics_of_a_yaml_file_are_folders(tmp_path: Path) -> None:
    items, _ = read(tmp_path, f"harbour:\n  - url: {ONE}\n  - {TWO}\nmoney:\n  - title: Three\n    link: {THREE}\n")
    assert [(item.url, item.folder) for item in items] == [(ONE, "harbour"), (TWO, "harbour"), (THREE, "money")]


@pytest.mark.parametrize(
    "text",
    [
        f"- {ONE}\n- {TWO}\n",
        f"Read this: {ONE}\n\nand that, as she said: {TWO}.\n",
        f"url: {ONE}\ntitle: One\n\nurl: {TWO}\ntitle: Two\n",
        f"- url: {ONE}\n  title: *one\n- url: {TWO}\n  title: &x [\n",
    ],
    ids=["a list", "a text", "one name twice", "broken"],
)
def test_addresses_of_what_is_no_yaml_are_read(tmp_path: Path, text: str) -> None:
    assert [item.url for item in read(tmp_path, text)[0]] == [ONE, TWO]


def test_yaml_that_refers_to_itself_is_a_text(tmp_path: Path) -> None:
    text = "a: &a [x, x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(9)
    )
    items, (reject,) = read(tmp_path, f"{text}links:\n  - url: {ONE}\n")
    assert ([item.url for item in items], "refers to parts of itself" in reject.reason) == ([ONE], True)


SQL = {
    "MySQL": f"""-- MySQL dump 10.13
CREATE TABLE `links` (
  `id` int NOT NULL,
  `url` varchar(255),
  `title` varchar(255) DEFAULT 'x, y',
  `created_at` datetime,
  PRIMARY KEY (`id`)
);
INSERT INTO `links` VALUES (1,'{ONE}','It\\'s one;\\nreally','2025-01-31 10:00:00'),(2,'{TWO}','(Two)',NULL);
INSERT INTO `users` VALUES (1,'bob');
""",
    "SQLite": f"""BEGIN TRANSACTION;
INSERT INTO "links" ("id", "url", "title", "created_at") VALUES
(1, '{ONE}', 'It''s one;
really', '2025-01-31 10:00:00'),
(2, '{TWO}', '(Two)', NULL);
COMMIT;
""",
    "PostgreSQL": f"""--
-- PostgreSQL database dump
--
COPY public.users (id, name) FROM stdin;
1\tbob
\\.
COPY public.links (id, url, title, created_at) FROM stdin;
1\t{ONE}\tIt's one;\\nreally\t2025-01-31 10:00:00
2\t{TWO}\t(Two)\t\\N
\\.
""",
}


def test_a_text_of_a_dump_may_have_many_lines_that_end_as_statements_do(tmp_path: Path) -> None:
    text = "It''s; -- so;\n\n" * 20_000
    dump = f"INSERT INTO a (url, title, text) VALUES\n-- it's one\n('{ONE}', 'One', '{text}'),\n('{TWO}', 'Two', '');\n"
    (first, second), rejects = read(tmp_path, dump)
    assert (first.url, second.url, rejects) == (ONE, TWO, [])


def test_what_cannot_be_read_of_a_dump_is_told(tmp_path: Path) -> None:
    dump = f"INSERT INTO a (url) VALUES ('{ONE}'), ('x;\nINSERT INTO a (url) VALUES ('{TWO}');\n"
    (item,), (told,) = read(tmp_path, dump)
    assert item.url == ONE
    assert (told.lost, told.reason) == (True, "a statement that cannot be read to its end")


@pytest.mark.parametrize("name", SQL)
def test_rows_of_a_dump(tmp_path: Path, name: str) -> None:
    """They were read as a text: "https://a.example/1','It" was an address."""
    (first, second), rejects = read(tmp_path, SQL[name])
    assert (first.url, first.title, first.added) == (ONE, "It's one; really", datetime(2025, 1, 31, 10, tzinfo=UTC))
    assert (second.url, second.title, second.added, rejects) == (TWO, "(Two)", None, [])


def test_a_dump_without_addresses_says_what_to_do(tmp_path: Path) -> None:
    items, (reject,) = read(tmp_path, "-- dump\nINSERT INTO users VALUES (1,'bob');\n")
    assert (items, "as CSV" in reject.reason) == ([], True)


HARMLESS = {
    "hxxps://bad[.]example/login": "https://bad.example/login",
    "hxxp://bad[.]example[.]org:8080/x?y=1": "http://bad.example.org:8080/x?y=1",
    "https[:]//bad[.]example/a": "https://bad.example/a",
    "https[://]bad.example/a": "https://bad.example/a",
    "https://bad[dot]example/a": "https://bad.example/a",
    "hxxps://bad.example": "https://bad.example",
    "bad(.)example/z": "https://bad.example/z",
    "worse-bad[.]example": "https://worse-bad.example",
}


@pytest.mark.parametrize("written", HARMLESS)
@pytest.mark.parametrize("shape", ["{}\n", "- {}\n" + ONE, "url,title\n{},Bad\n", '[{{"url": "{}"}}]', '["{}"]'])
def test_addresses_that_nobody_should_follow_are_told(tmp_path: Path, written: str, shape: str) -> None:
    """Some were passed over in silence, and of some another address was made."""
    items, (reject,) = read(tmp_path, shape.format(written))
    assert [item.url for item in items] == ([ONE] if ONE in shape else [])
    assert (
        reject.reason
        == f"{written!r} is written so that nobody follows it: write {HARMLESS[written]} to have it archived"
    )


def test_texts_with_brackets_are_no_such_addresses(tmp_path: Path) -> None:
    items, rejects = read(tmp_path, f"Use re[.]compile in code, [1] {ONE} (see [here]({TWO})), mail me[at]x[dot]org.\n")
    assert ([item.url for item in items], rejects) == ([ONE, TWO], [])


@pytest.mark.parametrize(
    ("written", "tags"),
    [("#a #b", ("a", "b")), ("#a#b", ("a", "b")), ("#sea wall, #c", ("sea wall", "c")), ("C#, a", ("C", "a"))],
)
def test_tags_behind_hashes(tmp_path: Path, written: str, tags: tuple[str, ...]) -> None:
    assert read(tmp_path, f'url,title,tags\n{ONE},One,"{written}"\n')[0][0].tags == tags


def test_references_with_several_addresses(tmp_path: Path) -> None:
    """ "a;b" was one address, and of two lines one was lost in silence."""
    for lines in (f"UR  - {ONE};{TWO}", f"UR  - {ONE} ; {TWO}", f"UR  - {ONE}\nUR  - {TWO}"):
        (item,), _ = read(tmp_path, f"TY  - NEWS\nTI  - One\n{lines}\nER  - \n")
        assert item.url == ONE
        assert item.remarks == (f"the reference has one more address, which was left out: {TWO}",)
    (item,), _ = read(tmp_path, f"TY  - NEWS\nTI  - One\nUR  - {ONE}?a=1;b=2\nER  - \n")
    assert (item.url, item.remarks) == (f"{ONE}?a=1;b=2", ())


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("05/06/25 10:00 PM", datetime(2025, 5, 6, 22, tzinfo=UTC)),
        ("5/6/25, 12:05 am", datetime(2025, 5, 6, 0, 5, tzinfo=UTC)),
        ("31/01/25 9:30 p.m.", datetime(2025, 1, 31, 21, 30, tzinfo=UTC)),
        ("12/31/99 10:00 AM", datetime(1999, 12, 31, 10, tzinfo=UTC)),
    ],
)
def test_short_years_with_a_clock_of_twelve_hours(tmp_path: Path, written: str, at: datetime) -> None:
    (item,), _ = read(tmp_path, json.dumps([{"url": ONE, "date": written}]))
    assert (item.published, item.remarks) == (at, ())


def test_titles_that_stand_with_the_media(tmp_path: Path) -> None:
    def entry(inner: str) -> str:
        return f"<item><link>{ONE}</link>{inner}</item>"

    inner = "<media:title>The pier</media:title>"
    entries = [
        entry(inner), entry(f"<media:group>{inner}</media:group>"),
        entry(f'<media:content url="x">{inner}</media:content>'),
        entry(f'<media:group><media:content url="x">{inner}</media:content></media:group>'),
        entry(f"<title>The pier</title><media:group>{inner.replace('pier', 'sea')}</media:group>"),
    ]  # fmt: skip
    feed = f'<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel>{"".join(entries)}</channel></rss>'
    items, _ = read(tmp_path, feed)
    assert [item.title for item in items] == ["The pier"] * 5


def test_such_lists_in_a_zip_file(tmp_path: Path) -> None:
    out = io.BytesIO()
    with ZipFile(out, "w") as package:
        package.writestr("notes.enex", ENEX)
        package.writestr("links.yaml", WRITTEN["YAML"])
        package.writestr("dump.sql", SQL["MySQL"])
    (tmp_path / "x.zip").write_bytes(out.getvalue())
    assert len([each for each in read_items(tmp_path / "x.zip") if isinstance(each, Item)]) == 6


def test_a_feed_that_a_service_hands_to_a_page(tmp_path: Path) -> None:
    row = {"u": ONE, "d": "One", "n": "seen", "t": ["a", "b"], "dt": "2025-01-31T10:00:00Z"}
    (item,), rejects = read(tmp_path, f"cb([{json.dumps(row)}])")
    assert (item.url, item.title, item.note, item.tags) == (ONE, "One", "seen", ("a", "b"))
    assert (item.added, rejects) == (datetime(2025, 1, 31, 10, tzinfo=UTC), [])


CUT_OFF = {
    "lists": {
        "name": "my links",
        "items": [
            {"url": ONE, "title": "One, {or} [so]", "images": [{"url": "https://img.example/1.jpg"}], "tags": ["a"]},
            {"url": TWO, "title": 'Two \\ "', "n": 12},
            {"url": THREE, "title": "Three", "read": True},
        ],
    },
    "chrome": {
        "checksum": "1",
        "roots": {
            "bookmark_bar": {
                "children": [
                    {"name": "One, {or} [so]", "type": "url", "url": ONE},
                    {"children": [{"name": 'Two \\ "', "type": "url", "url": TWO}], "name": "F", "type": "folder"},
                    {"name": "Three", "type": "url", "url": THREE},
                ],
                "name": "Bar", "type": "folder",
            },
        },
    },
    "feed": {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Harbour",
        "items": [
            {"id": url, "url": url, "title": title}
            for url, title in ((ONE, "One, {or} [so]"), (TWO, 'Two \\ "'), (THREE, "Three"))
        ],
    },
}  # fmt: skip


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("kind", CUT_OFF)
def test_an_object_that_is_cut_off_is_read_as_far_as_it_goes(tmp_path: Path, kind: str, indent: int | None) -> None:
    """It was told, and nothing of it was read."""
    text = json.dumps(CUT_OFF[kind], indent=indent)
    called = {ONE: "One, {or} [so]", TWO: 'Two \\ "', THREE: "Three"}
    whole, rejects = read(tmp_path, text)
    assert ({item.url: item.title for item in whole}, rejects) == (called, [])
    before = 0
    for end in range(text.index(TWO), len(text)):
        items, rejects = read(tmp_path, text[:end])
        assert [item.url for item in items] == list(called)[: len(items)]
        assert all(item.title in ("", called[item.url]) for item in items)
        assert before <= len(items) + 1
        before = len(items)
        assert any("cut off" in reject.reason for reject in rejects), text[:end]
        # Each that is whole is there.
        assert len(items) >= sum(text[:end].count(f'{json.dumps(title)[1:-1]}"') for title in called.values()) - 1


def test_an_object_that_is_damaged_within_is_no_object_that_is_cut_off(tmp_path: Path) -> None:
    text = f'{{"links": [{{"url": "{ONE}" "title" "One"}}, {{"url": "{TWO}"}}], "of": {{"a": 1'
    items, rejects = read(tmp_path, text)
    assert items == []
    assert ["not JSON from here on" in reject.reason for reject in rejects] == [True]


@pytest.mark.parametrize(
    "text",
    [
        f'var a = "x";\nload([{{"url": "{ONE}" + more}}]);\nfunction more() {{ return 1 }}',
        f'const a = [{{"url": "{ONE}"}}];\nfor (const b of a) open(b);',
        f"see (i.e. ([{ONE}](One))",
    ],
)
def test_a_program_is_read_as_text(tmp_path: Path, text: str) -> None:
    items, rejects = read(tmp_path, text)
    assert ([item.url for item in items], rejects) == ([ONE], [])


def test_lists_of_addresses_beside_lists_of_records_are_read(tmp_path: Path) -> None:
    """Those below the first level were lost, and nobody was told."""
    text = json.dumps({"marks": {"sea": [{"url": ONE, "title": "One"}], "land": [TWO], "more": {"hills": [THREE]}}})
    items, rejects = read(tmp_path, text)
    assert ({item.url for item in items}, rejects) == ({ONE, TWO, THREE}, [])


def test_a_dump_of_one_statement_is_no_table(tmp_path: Path) -> None:
    row = f"INSERT INTO `links` (`id`,`url`,`title`) VALUES (1,'{ONE}','It\\'s one'),(2,'{TWO}','Two');\n"
    items, rejects = read(tmp_path, row)
    assert ([(item.url, item.title) for item in items], rejects) == ([(ONE, "It's one"), (TWO, "Two")], [])


def test_a_byline_in_an_object_names_its_authors(tmp_path: Path) -> None:
    row = json.dumps({"url": ONE, "headline": {"main": "One"}, "byline": {"original": "By Ann Reed"}})
    (item,), _ = read(tmp_path, row)
    assert (item.title, item.authors) == ("One", ("Ann Reed",))


@pytest.mark.parametrize(
    "written",
    ["https//a.example/3", "http:/a.example/3", "htps://a.example/3", "htttp://a.example/3", "ttps://a.example"],
)
def test_a_line_whose_scheme_is_misspelled_is_told(tmp_path: Path, written: str) -> None:
    (item,), (told,) = read(tmp_path, f"{ONE}\n- {written}\nsee http//x for it\n")
    assert (item.url, told.raw, told.origin.line) == (ONE, written, 2)
    assert told.reason == "no address as it is written: it begins with https://"
