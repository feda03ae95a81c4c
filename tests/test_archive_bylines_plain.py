"""Authors whom nothing marks as such, days by the headline of something else, what headings are edited by."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from archive.extraction import Page, extract
from archive.model import Article

LINES = (
    "The ferries between the old harbour and the islands were tied up by the quay on Tuesday as crews began a strike.",
    "The company said that it would not talk before the boats sail again; the union said that it had waited for years.",
    "The mayor called on both sides to meet at the town hall, where the last strike on the line ended with a new rota.",
)
STORY = "".join(f"<p>{line} {line}</p>" for line in LINES)


def read(top: str, *, head: str = "", title: str = "Ferry stops", lang: str = "en", end: str = "") -> Article:
    body = f"<div class=page><h1>Ferry stops</h1>{top}{STORY}{end}</div>"
    page = f"<!DOCTYPE html><html lang={lang}><head><title>{title}</title>{head}</head><body>{body}</body></html>"
    now = datetime(2025, 12, 1, tzinfo=UTC)
    found = extract(Page("https://www.example.org/town/ferry.html", page.encode(), "utf-8", "text/html", now)).article
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("top", "names"),
    [
        ("<p>Ann Reed</p>", ("Ann Reed",)),
        ("<p>A strike over pay leaves thousands of people ashore for weeks</p><p>Ann Reed</p>", ("Ann Reed",)),
        ("<div><b>Ann Reed</b><br>The Quay</div>", ("Ann Reed",)),
        ("<p>Ann Reed<br>Monday 6 May 2024</p>", ("Ann Reed",)),
        ("<p>Ann Reed and José de la Cruz</p>", ("Ann Reed", "José de la Cruz")),
        ("<p>ANN REED</p>", ("Ann Reed",)),
        ("<p>Port Angeles</p>", ()),
        ("<p>Breaking News</p>", ()),
        ("<p>Summer Harbour Festival Preview Edition</p>", ()),
        ("<h2>Ann Reed</h2>", ()),
        ("<p class=caption>Ann Reed</p>", ()),
        ('<p><a href="/people-we-met/ann">Ann Reed</a></p>', ()),
    ],
)
def test_a_name_alone_below_the_headline_is_that_of_the_author(top: str, names: tuple[str, ...]) -> None:
    assert read(top).authors == names


def test_whom_the_story_tells_of_is_not_its_author() -> None:
    assert (
        read("<p>Harold Finch</p>", end="<p>“I have seen worse,” said Harold Finch, who ran the port.</p>").authors
        == ()
    )
    assert read("<p>Harold Finch</p>", title="Harold Finch: ferry stops").authors == ()


@pytest.mark.parametrize(
    ("top", "names"),
    [
        ('<div class="byline">by ann reed</div>', ("Ann Reed",)),
        ('<div class="byline">ann reed</div>', ("Ann Reed",)),
        ('<p class="top">by ann reed and bo de vries</p>', ("Ann Reed", "Bo de Vries")),
        ('<p class="top">by ann o’neil | may 6, 2024</p>', ("Ann O’Neil",)),
        ('<div lang="de" class="author">von anna berg-lüders</div>', ("Anna Berg-Lüders",)),
        ('<div class="byline">by staff writer</div>', ()),
        ('<div class="byline">by popular demand</div>', ()),
        ('<p class="top">by mark of the harbour office</p>', ()),
        ('<p class="top">by may next year</p>', ()),
        ('<p class="top">by land and sea</p>', ()),
    ],
)
def test_a_byline_in_small_letters_is_written_as_names_are(top: str, names: tuple[str, ...]) -> None:
    assert read(top).authors == names


BIO = "<p><em>{} {}</em></p>"


@pytest.mark.parametrize(
    ("end", "names"),
    [
        (BIO.format("Ann Reed", "is a staff writer at The Quay Times."), ("Ann Reed",)),
        (BIO.format("Ann Reed", "is the harbour correspondent of The Quay."), ("Ann Reed",)),
        (BIO.format("Anna Berg", "ist Redakteurin in Hamburg."), ("Anna Berg",)),
        ('<p style="text-align:right"><b>Ann Reed</b></p>', ("Ann Reed",)),
        (BIO.format("Harold Finch", "is a sailor from the northern islands."), ()),
        (BIO.format("Ann Reed", "is a reporter.") + "<p>“It is true,” said Ann Reed.</p>", ()),
        ('<p><a href="/more">Ann Reed</a></p>', ()),
        ("<p>Read more</p>", ()),
    ],
)
def test_the_end_of_a_story_says_who_wrote_it(end: str, names: tuple[str, ...]) -> None:
    assert read("", end=end).authors == names


def test_a_name_below_the_headline_may_have_its_owners_office_at_the_end() -> None:
    assert read("<p>Ann Reed</p>", end=BIO.format("Ann Reed", "is a writer.")).authors == ("Ann Reed",)


def test_a_byline_completes_what_the_pages_data_say() -> None:
    data = '{"@type":"NewsArticle","author":{"@type":"Person","name":"Ann Reed"}}'
    head = f'<script type="application/ld+json">{data}</script>'
    both = '<div class="byline"><a href="/author/ann">Ann Reed</a>, <a href="/author/bo">Bo Lind</a></div>'
    assert read(both, head=head).authors == ("Ann Reed", "Bo Lind")
    assert read('<div class="byline">Ann Reed</div>', head=head).authors == ("Ann Reed",)


def test_places_beside_names_in_a_byline_and_notices_are_no_authors() -> None:
    signed = (
        '<div class="signature"><b class="name">Ann Reed</b> <span class="signature__location">Porto Velho</span></div>'
    )
    assert read(signed).authors == ("Ann Reed",)
    assert read('<div class="contributor"><div>For Immediate Release</div></div>').authors == ()
    assert read("<b>From Correspondent Ann Reed</b>").authors == ("Ann Reed",)


def test_an_account_is_named_where_nobody_else_is() -> None:
    posted = '<div class="foot"><span class="post-author vcard">Posted by <span class="fn">annie_r</span></span></div>'
    assert read("", end=posted).authors == ("annie_r",)
    board = '<p class="author">by <strong><a class="username" href="/u/2">ann_r</a></strong> » 6 May 2024</p>'
    assert read(board).authors == ("ann_r",)
    assert read('<div class="byline">By Ann Reed</div>', end=posted).authors == ("Ann Reed",)
    assert read("", end='<p>Written by <span class="author">the harbour office of the town</span></p>').authors == ()


@pytest.mark.parametrize(
    ("top", "day"),
    [
        (
            "<table><tr><th>Argued</th><td>January 10, 2024</td><tr><th>Decided</th><td>May 6, 2024</td></table>",
            6,
        ),
        ("<p>Argued January 10, 2024. Decided May 6, 2024.</p>", 6),
        ("<p>Hearing date: January 10, 2024</p><p>Date of judgment: 6 May 2024</p>", 6),
        ("<dl><dt>Closing date</dt><dd>30 June 2024</dd><dt>Posted</dt><dd>6 May 2024</dd></dl>", 6),
        ("<p>Deadline: 30 June 2024</p>", 0),
        ("<p>Born 3 June 1943</p>", 0),
    ],
)
def test_days_of_hearings_terms_and_lives_are_not_that_of_publication(top: str, day: int) -> None:
    assert read(top).published_on == (date(2024, 5, day) if day else None)


def test_a_day_before_that_of_a_change_is_that_of_publication() -> None:
    line = '<p class="art-date">06.05.2024, 07:08 Aktualizacja: 07.05.2024, 09:10</p>'
    assert read(line, lang="pl").published_on == date(2024, 5, 6)


@pytest.mark.parametrize(
    "line",
    ["6 May 2024", "Posted 2024-05-06 07.08", "May 6, 2024 at 3:08 a.m. EDT", "2024年05月06日07:08 来源：港口日报"],
)
def test_a_line_of_days_above_the_story_is_no_text(line: str) -> None:
    assert line not in read(f"<p>{line}</p>").text


@pytest.mark.parametrize("line", ["Effective beginning 6/2/2025:", "On 6 May 2024 it stopped.", "Budget 2024"])
def test_a_line_that_says_more_than_a_day_is_text(line: str) -> None:
    assert line in read(f"<p>{line}</p>").text


def test_a_day_as_a_heading_within_the_story_is_text() -> None:
    assert "May 7, 2024" in read("", end=f"<h3>May 7, 2024</h3>{STORY.replace('ferries', 'boats')}").text


def test_headings_are_without_what_they_are_edited_and_linked_by() -> None:
    wiki = (
        '<div class="mw-heading"><h2>History</h2><span class="mw-editsection">[<a href="/w?edit">edit</a>]</span></div>'
    )
    sphinx = '<h2>Terms<a class="headerlink" href="#terms">¶</a></h2><h3><a href="#next">#</a>Next steps</h3>'
    kept = '<h2><a href="#pay">What the crews earn</a></h2>'
    more = [
        f"<p>{line.replace('the', number)}</p>" for number, line in zip(("one", "two", "three"), LINES, strict=True)
    ]
    lines = read("", end=f"{wiki}{more[0]}{sphinx}{more[1]}{kept}{more[2]}").text.split("\n")
    assert {"History", "Terms", "Next steps", "What the crews earn"} <= set(lines)


def test_the_foot_of_a_newsletter_is_no_text() -> None:
    foot = "<p>You can <a href='/p'>update your preferences</a> or unsubscribe from this list.</p>"
    assert "preferences" not in read("", end=foot).text


def test_a_title_has_no_site_that_only_a_blank_sets_apart() -> None:
    page = (
        '<html lang="ja"><head><title>みなと日記 フェリーのストライキ</title></head><body>'
        '<h1><a href="https://minato.example/">みなと日記</a></h1>'
        f'<div class="entry"><h2>フェリーのストライキ</h2>{STORY}</div></body></html>'
    )
    found = extract(Page("https://minato.example/entry-12.html", page.encode(), "utf-8", "text/html")).article
    assert found is not None
    assert found.title == "フェリーのストライキ"
