"""Texts that exports bring: they are the text, line for line, and what is stated about them is believed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive import Archive, ArchiveSettings, Article, EntitySettings, JobState, create_archive, open_archive
from archive.extraction import Page, extract
from archive.extraction.stated import MARK, as_given, written
from archive.model import News, Stated

URL = "https://pier.example/minutes"
MINUTES = (
    "Minutes of the harbour board, 3 June.\n\n"
    "Present: R. Lund, B. Ode.\nAbsent: nobody.\n\n"
    "1. The board voted on Tuesday to mend the pier.\n   It will cost twelve million.\n2. Any other business: none.\n\n"
    "See also the minutes.\nShare this\nhttps://pier.example/plan\n\n— end —"
)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    create_archive(tmp_path / "archive").close()
    with open_archive(tmp_path / "archive", ArchiveSettings(entities=EntitySettings("none"))) as opened:
        yield opened


def imported(archive: Archive, folder: Path, **record: object) -> Article:
    """The article of a record, which a rebuild does not change."""
    path = folder / "export.jsonl"
    path.write_text(json.dumps({"url": URL, **record}) + "\n")
    (item,) = archive.import_files([path], fetch=False, again=True)
    assert item.state is JobState.DONE, item.detail
    article = archive.find(URL).article
    archive.rebuild()
    assert article is not None
    assert archive.find(URL).article == article
    assert list(archive.verify()) == []
    return article


def test_paragraphs_and_lines_are_kept_as_given(archive: Archive, tmp_path: Path) -> None:
    article = imported(archive, tmp_path, title="Minutes", text=MINUTES)
    assert article.text == MINUTES
    assert [link.url for link in article.links] == ["https://pier.example/plan"]
    assert article.rules["text"] == "stated"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("The pier closes on Monday, said the board.", id="a sentence"),
        pytest.param("Nothing.", id="a word"),
        pytest.param("Menu\nHome\nContact\nCookies\n\nAll rights reserved.", id="what a page has around its text"),
        pytest.param("a </pre> <pre>\n b </script> &amp; &lt; <b>c</b> <!-- d -->", id="marks of HTML"),
        pytest.param("\n".join(["The same line."] * 30), id="a line again and again"),
    ],
)
def test_nothing_is_dropped(archive: Archive, tmp_path: Path, text: str) -> None:
    assert imported(archive, tmp_path, text=text).text == text


def test_what_cannot_be_seen_is_left_out() -> None:
    assert as_given("\r\n\r\na\u200bb\xadc \t\r\n\r\n\r\n\r\n\x00d\x0be\u2028 f\r") == "abc\n\nd\ne\n f"


def test_what_is_stated_is_believed(archive: Archive, tmp_path: Path) -> None:
    article = imported(
        archive, tmp_path, text=MINUTES, title="Minutes of | a Board ", authors=["Harbour Board", "R. Lund and B. Ode"],
        published="1969-07-21", site="The Ledger", language="sv-SE",
    )  # fmt: skip
    assert (article.title, article.site, article.lang) == ("Minutes of | a Board", "The Ledger", "sv")
    assert article.authors[0] == "Harbour Board"
    assert (article.published, article.published_on) == (None, date(1969, 7, 21))


def test_a_moment_keeps_its_day(archive: Archive, tmp_path: Path) -> None:
    article = imported(archive, tmp_path, text=MINUTES, published="2014-06-03T23:30:00-05:00")
    assert article.published == datetime(2014, 6, 4, 4, 30, tzinfo=UTC)
    assert article.published_on == date(2014, 6, 3)


def test_what_is_not_stated(archive: Archive, tmp_path: Path) -> None:
    """The first line stands for a title; a date in the text is none of the text."""
    article = imported(archive, tmp_path, text=MINUTES)
    assert (article.title, article.site) == ("Minutes of the harbour board, 3 June.", "pier.example")
    assert (article.authors, article.published, article.published_on) == ((), None, None)
    assert (article.lang, article.rules["lang"]) == ("en", "text")


def test_html_is_still_read_as_a_page(archive: Archive, tmp_path: Path) -> None:
    story = "<p>The harbour board voted on Tuesday to mend the northern pier, which storms have battered.</p>" * 3
    article = imported(archive, tmp_path, html=f"<p>{story}</p>", title="The pier")
    assert article.rules["text"] != "stated"
    assert "harbour board" in article.text


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(st.characters(codec=None), max_size=300), st.text(max_size=40), st.text(max_size=40))
def test_any_text_is_read_back(text: str, title: str, author: str) -> None:
    stated = Stated(title, (author,), datetime(2014, 6, 3, 9, tzinfo=timezone(timedelta(hours=2))), date(2014, 6, 3))
    found = extract(Page(URL, written(text, stated), "utf-8", "text/html"))
    kept = as_given(text.encode("utf-8", "replace").decode())
    assert (found.article.text if found.article else "") == kept
    if found.article:
        assert (found.article.published, found.article.published_on) == (stated.published, stated.published_on)


def test_a_page_that_only_begins_like_ours() -> None:
    """Somebody else may write what we write: it is read, whatever it says."""
    for rest in (
        b"",
        b"<pre>",
        b"</pre>\n<pre>\n",
        b'<script type="application/json" id="stated">{"title": 5}</script>',
    ):
        assert extract(Page(URL, MARK + rest)).article is None
    found = extract(Page(URL, MARK + b'<script type="application/json" id="stated">[1]</script><pre>\na\xff</pre>\n'))
    assert found.article is not None
    assert replace(found.article, links=()).text == "a\ufffd"


@pytest.mark.parametrize("again", [False, True])
def test_a_text_that_changed_is_a_new_version(archive: Archive, tmp_path: Path, *, again: bool) -> None:
    """It was told to be unchanged, and the new words were in no version. The same a third time changes nothing."""
    path = tmp_path / "export.jsonl"

    def run(text: str, title: str = "Minutes") -> list[News | None]:
        path.write_text(json.dumps({"url": URL, "title": title, "text": text}) + "\n")
        return [item.news for item in archive.import_files([path], fetch=False, again=again)]

    run(MINUTES)
    changed = MINUTES.replace(MINUTES.split()[3], "otherwise") + "\n\nThe board added a paragraph that was not there."
    assert run(changed) == [News.CHANGED]
    assert run(changed) == ([News.UNCHANGED] if again else [])
    article = archive.find(URL).article
    assert article is not None
    assert article.text == changed
    assert len(list(archive.versions(archive.find(URL).id))) == 2
    archive.rebuild()
    assert archive.find(URL).article == article
    run(changed, "Another title")  # what is stated otherwise is taken in again only with --again, and once
    stored = [file.stat().st_size for file in sorted((archive.folder / "warc").iterdir())]
    run(changed, "Another title")
    assert [file.stat().st_size for file in sorted((archive.folder / "warc").iterdir())] == stored
    article = archive.find(URL).article
    assert article is not None
    assert article.title == ("Another title" if again else "Minutes")


def test_a_text_does_not_take_the_place_of_a_page_that_was_served(archive: Archive, tmp_path: Path) -> None:
    """Read-later services have their own copies of texts: the page itself weighs more."""
    page = tmp_path / "page.html"
    body = "".join(f"<p>{line}</p>" for line in MINUTES.split("\n") if line)
    page.write_text(f"<html><head><title>Minutes</title></head><body><article>{body * 3}</article></body></html>")
    list(archive.add_page(page.read_bytes(), URL))
    text = archive.find(URL).article
    path = tmp_path / "export.jsonl"
    path.write_text(
        json.dumps({"url": URL, "text": "Other words of the same page, by somebody else, and quite many."}) + "\n"
    )
    (item,) = archive.import_files([path], fetch=False)
    assert item.news is News.UNCHANGED
    assert archive.find(URL).article == text
