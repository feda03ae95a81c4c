"""Headings, lists, quotes, tables, captions and links: kept with the text, exported and shown as what they are."""

from __future__ import annotations

import pytest

from archive import Article, Caption, Mark, MarkKind, Paragraph, Structure
from archive.exporting import html, markdown
from archive.extraction import Page, extract
from archive.storage.catalog import rows

P = "The council of the small town on the river voted on Tuesday evening to rebuild the old bridge, after four hours."
BODY = f"""<article><h1>Bridge</h1><p>{P}</p><h2>What the agency says</h2>
<p>It is safe, says the agency. See <a href="/r">the [report]</a> of
<a href="https://l.facebook.com/l.php?u=https://x.example/b">May</a>.</p>
<ul><li>First item of the list, which is longer</li>
<li>Second item<ol><li>Nested one of two</li><li>Nested two of two</li></ol></li>
<li><p>Third, in two paragraphs.</p><p>This is the other one.</p></li></ul>
<figure><img data-src="/p.jpg" src="data:image/gif;base64,R0">
<figcaption>The bridge at night. <small>Photo: A. Person</small></figcaption></figure>
<blockquote><p>We shall build it, said the mayor of the town, and it shall be built.</p>
<p>And soon, and well, and for less.</p></blockquote>
<h3>Numbers</h3>
<table><tr><th>Year</th><th>Cost</th></tr><tr><td>2020</td><td><a href="/c">10 million</a></td></tr></table>
<p>{P[::-1]}</p></article>"""


@pytest.fixture(scope="module")
def article() -> Article:
    page = Page("https://example.org/n/b.html", f"<html><body>{BODY}</body></html>".encode(), "utf-8", "text/html")
    found = extract(page).article
    assert found is not None
    return found


def marked(article: Article, kind: MarkKind) -> list[str]:
    return [article.text[mark.start : mark.end] for mark in article.structure.marks if mark.kind is kind]


def test_marks_are_stretches_of_the_text(article: Article) -> None:
    assert marked(article, MarkKind.HEADING) == ["What the agency says", "Numbers"]
    assert marked(article, MarkKind.ITEM) == [
        "First item of the list, which is longer",
        "Second item\nNested one of two\nNested two of two",
        "Nested one of two",
        "Nested two of two",
        "Third, in two paragraphs. This is the other one.",
    ]
    assert marked(article, MarkKind.QUOTE) == [
        "We shall build it, said the mayor of the town, and it shall be built.\nAnd soon, and well, and for less."
    ]
    assert marked(article, MarkKind.ROW) == ["Year | Cost", "2020 | 10 million"]
    assert marked(article, MarkKind.LINK) == ["the [report]", "May", "10 million"]


def test_marks_say_how_deep_and_where_to(article: Article) -> None:
    marks = article.structure.marks
    assert [mark.level for mark in marks if mark.kind is MarkKind.HEADING] == [2, 3]
    assert [(mark.level, mark.ordered) for mark in marks if mark.kind is MarkKind.ITEM] == [
        (1, False), (1, False), (2, True), (2, True), (1, False),
    ]  # fmt: skip
    assert [mark.url for mark in marks if mark.kind is MarkKind.LINK] == [
        "https://example.org/r", "https://x.example/b", "https://example.org/c",
    ]  # fmt: skip


def test_a_caption_that_is_not_in_the_text_is_kept_at_its_place_with_its_image(article: Article) -> None:
    at = article.text.index("We shall build it")
    assert article.structure.captions == (
        Caption("The bridge at night. Photo: A. Person", at, "https://example.org/p.jpg"),
    )


def test_a_caption_names_the_best_address_of_its_image() -> None:
    picture = "<picture><source srcset='/w.jpg 1200w, /h.jpg 3000w'><img src=/s.jpg srcset='/m.jpg 600w'></picture>"
    body = BODY.replace('<img data-src="/p.jpg" src="data:image/gif;base64,R0">', picture)
    page = Page("https://e.example/a/b", f"<html><body>{body}</body></html>".encode(), "utf-8", "text/html")
    found = extract(page).article
    assert found is not None
    images = [mark.url for mark in found.structure.marks if mark.kind is MarkKind.CAPTION]
    assert [*images, *(caption.image for caption in found.structure.captions)] == ["https://e.example/w.jpg"]


def test_a_line_of_a_menu_with_the_same_words_says_nothing() -> None:
    menu = "<div class=menu><ul><li><h4>What the agency says</h4></li></ul></div>"
    paragraphs = f"<p>{P}</p><p>What the agency says</p><p>{P[::-1]}</p>"
    page = Page(
        "https://e.example/a/b", f"<body>{menu}<article><h1>B</h1>{paragraphs}</article></body>".encode(), "utf-8"
    )
    found = extract(page).article
    assert found is not None
    if "What the agency says" in found.text:
        assert marked(found, MarkKind.HEADING) == marked(found, MarkKind.ITEM) == []


def test_texts_stored_before_there_was_structure_have_none(article: Article) -> None:
    old = rows.to_json({"url": "https://e.example/", "title": "T", "text": "Text"})
    assert (
        rows.article(rows.squeeze({"url": "https://e.example/", "title": "T", "text": "Text"})).structure == Structure()
    )
    assert b"structure" not in old
    assert rows.article(rows.squeeze(article)) == article


def test_html_sets_a_heading_as_a_heading(article: Article) -> None:
    page = "".join(html._body(article))
    assert '<h3 dir="auto">What the agency says</h3>' in page
    assert '<a href="https://example.org/r" rel="noreferrer">the [report]</a>' in page
    assert (
        '<li dir="auto">Second item<ol dir="auto"><li dir="auto">Nested one of two</li>\n<li dir="auto">Nested' in page
    )
    assert page.count("<blockquote") == page.count("</blockquote>") == 1
    assert '<tr><td dir="auto">2020</td><td dir="auto"><a href="https://example.org/c"' in page
    assert "<figcaption" in page
    assert "<img" not in page
    for tag in ("ul", "ol", "li", "table", "blockquote", "figure"):
        assert page.count(f"<{tag}") == page.count(f"</{tag}>")


def test_an_item_of_several_paragraphs_is_one_item() -> None:
    text = "One\nand more of it\nTwo\nOther"
    marks = (Mark(MarkKind.ITEM, 0, 18, 1), Mark(MarkKind.ITEM, 19, 22, 1))
    article = Article("https://e.example/", "T", text, structure=Structure(marks))
    assert "".join(html._body(article)) == (
        '<ul dir="auto"><li dir="auto">One<p dir="auto">and more of it</p>\n</li>\n<li dir="auto">Two</li>\n</ul>\n'
        '<p dir="auto">Other</p>\n'
    )
    assert "".join(markdown._body(article)) == "\n-  One\n\n   and more of it\n-  Two\n\nOther\n"


def test_markdown_sets_a_heading_as_a_heading(article: Article) -> None:
    lines = "".join(markdown._body(article)).split("\n")
    for line in (
        "## What the agency says",
        "### Numbers",
        "-  First item of the list, which is longer",
        "   1. Nested one of two",
        "> We shall build it, said the mayor of the town, and it shall be built.",
        "| Year | Cost |",
        "| --- | --- |",
        "| 2020 | [10 million](https://example.org/c) |",
        "*The bridge at night. Photo: A. Person* ([image](https://example.org/p.jpg))",
    ):
        assert line in lines
    assert r"See [the \[report\]](https://example.org/r) of [May](https://x.example/b)." in "\n".join(lines)


@pytest.mark.parametrize("text", ["", "One", "One\n\nTwo", "a\x07b\u202e\nc | d"])
def test_marks_that_fit_no_text_do_no_harm(text: str) -> None:
    """Whatever is stored: each line once, in order, without what a terminal would obey."""
    marks = tuple(
        Mark(kind, start, end, 9, url="javascript:x")
        for kind in MarkKind
        for start in (-1, 0, 1, 99)
        for end in (-2, 0, 3, 999)
    )
    article = Article("https://e.example/", "T", text, structure=Structure(marks, (Caption("c\x1b", 999, "data:x"),)))
    shown = [paragraph.words for paragraph in Paragraph.of(article)]
    assert [line.replace(" ", "") for line in shown[:-1]] == [
        "".join(char for char in line if char not in "\x07\u202e ") for line in text.split("\n") if line
    ]
    assert shown[-1] == "c"
    assert "javascript" not in "".join(html._body(article)) + "".join(markdown._body(article))
