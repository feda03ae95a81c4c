"""What belongs to the body and what does not, whatever layouts, boxes and tables are called or made of."""

from __future__ import annotations

import pytest

from archive.extraction import Page, extract
from archive.extraction.blocks import read_blocks
from archive.extraction.body import covers, is_menu
from archive.extraction.parse import parse
from archive.model import Article, Outcome

STORY = (
    "The council of the small town on the river voted on Tuesday evening to rebuild the old bridge, after four hours.",
    "Work is to begin in the spring and should be finished before the snow comes, the mayor said after the vote.",
    "Residents had asked for years that something be done about the bridge, which has been closed to lorries since.",
    "An engineer of the county told the council that the cracks were older than the flood, and had been reported.",
)
PARAGRAPHS = "".join(f"<p>{paragraph}</p>" for paragraph in STORY)
MENU = "".join(f'<li><a href="/s/{number}">Section of the town, number {number}</a></li>' for number in range(805))
HEADING = "<h1>Bridge to be rebuilt</h1>"


def read(body: str, lang: str = "en") -> Article:
    markup = f"<html lang={lang}><head><title>Bridge to be rebuilt</title></head><body>{body}</body></html>"
    article = extract(Page("https://example.org/news/bridge.html", markup.encode(), "utf-8", "text/html")).article
    assert article is not None
    return article


def lines(body: str) -> list[str]:
    return read(body).text.split("\n")


@pytest.mark.parametrize(
    "layout",
    [
        f'<div class="layout has-sidebar sidebar right">{HEADING}<div class="x">{PARAGRAPHS}</div></div>',
        f'<div class="content-sidebar"><div class="menu open"><div class="x">{HEADING}{PARAGRAPHS}</div></div></div>',
        f'<div class="main sidebar"><ul>{MENU}</ul>{HEADING}<div class="x">{PARAGRAPHS}</div></div>',
        f'<div class="comments-open">{HEADING}</div><div id="navigation" class="page">{PARAGRAPHS}</div>',
        f"<article><ul>{MENU}</ul>{HEADING}{PARAGRAPHS}</article>",
    ],
    ids=["sidebar", "a box in a box", "a menu of 805 lines", "the headline elsewhere", "the menu in the article"],
)
def test_what_a_layout_is_called_hides_nothing(layout: str) -> None:
    assert lines(layout) == list(STORY)


def test_a_layout_named_like_a_box_hides_no_paragraph_from_the_test_of_cover() -> None:
    tree = parse(f'<body><div class="sidebar">{HEADING}{PARAGRAPHS}</div><ul>{MENU}</ul></body>')
    assert tree is not None
    blocks = read_blocks(tree, "https://example.org/a")
    menu = "\n".join(run.text for run in blocks.runs if run.text.startswith("Section"))
    assert not covers("", blocks)
    assert not covers(menu, blocks)
    assert is_menu(menu, blocks)
    assert covers("\n".join(STORY), blocks)
    assert not is_menu("\n".join(STORY), blocks)


def test_a_box_of_comments_is_no_layout_however_long_it_is() -> None:
    comments = "".join(f"<p>Reader {number} says: {paragraph}</p>" for number in range(9) for paragraph in STORY)
    body = f'<article>{HEADING}{PARAGRAPHS}</article><div class="comments">{comments}</div>'
    assert lines(body) == list(STORY)


@pytest.mark.parametrize("part", ["<ul><li>{}</li></ul>", "<ol><li>{}</li></ol>", "<blockquote>{}</blockquote>"])
def test_tables_within_tables_hold_lists_and_quotes(part: str) -> None:
    """As newsletters are laid out: every cell around a list has it."""
    said = "The last boat leaves the southern pier at ten in the evening."
    inner = f"<table><tr><td>{PARAGRAPHS}{part.format(said)}</td></tr></table>"
    page = f"<html><title>Ferry</title><table><tr><td><table><tr><td>{inner}</td></tr></table></td></tr></table></html>"
    found = extract(Page("https://www.example.org/a/b", page.encode(), "utf-8", "text/html")).article
    assert found is not None
    assert said in found.text


@pytest.mark.parametrize(
    "cell",
    [
        "<ul><li>10:00 AM - 8:00 PM</li></ul>",
        "<ol><li>10:00 AM - 8:00 PM</li></ol>",
        "<dl><dt>Hours</dt><dd>10:00 AM - 8:00 PM</dd></dl>",
        "<blockquote><p>10:00 AM - 8:00 PM</p></blockquote>",
        "<div><ul><li>10:00 AM - <b>8:00 PM</b></li></ul></div>",
    ],
    ids=["list", "ordered list", "definitions", "quote", "list in a box"],
)
def test_lists_and_quotes_in_cells_are_text(cell: str) -> None:
    table = f"<table><tr><td>Mon</td><td>{cell}</td></tr><tr><td>Tue</td><td>closed</td></tr></table>"
    found = lines(f"<article>{HEADING}<p>{STORY[0]}</p>{table}{PARAGRAPHS}</article>")
    assert any(line.startswith("Mon | ") and line.endswith("10:00 AM - 8:00 PM") for line in found)


@pytest.mark.parametrize(
    "last",
    [
        'See also the <a href="/m">minutes</a>.',
        'See also <a href="/m">the minutes of the meeting</a>.',
        'Read the <a href="https://town.example/m">report</a>!',
        "More on this tomorrow.",
    ],
)
def test_a_short_last_paragraph_is_text(last: str) -> None:
    found = lines(f"<article>{HEADING}{PARAGRAPHS}<p>{last}</p></article>")
    assert len(found) == 5
    assert found[:4] == list(STORY)


@pytest.mark.parametrize(
    "beside",
    [
        '<p>Read more: <a href="/m">The mayor resigns after the vote</a></p>',
        '<p>See also: <a href="/m">The mayor resigns after the vote.</a></p>',
        "<p>Sign up for our newsletter.</p>",
        '<h3>Similar articles</h3><ul><li><a href="/a">Another story of the town</a></li></ul>',
        f'<div><h3>Similar articles</h3><div><h4><a href="/a">Another</a></h4><p>{STORY[0][::-1]}</p></div></div>',
        f"<div><h4>More from the Courier</h4><p>{STORY[0][::-1]}</p><p>{STORY[1][::-1]}</p></div>",
        f"<div><h4>関連記事</h4><p>{STORY[0][::-1]}</p></div>",
        f'<div class="similar-articles"><h3>Others</h3><p>{STORY[0][::-1]}</p></div>',
        f'<section class="comment-list"><h3>3 Responses</h3><p>{STORY[0][::-1]}</p></section>',
    ],
    ids=[
        "read more",
        "see also",
        "newsletter",
        "similar",
        "similar with a teaser",
        "more from",
        "Japanese",
        "box",
        "comments",
    ],
)
def test_other_stories_and_comments_are_not(beside: str) -> None:
    assert lines(f"<article>{HEADING}{PARAGRAPHS}{beside}</article>") == list(STORY)


@pytest.mark.parametrize("label", ["More from the council:", "More from this meeting will be told on Friday."])
def test_what_says_more_of_the_story_is_text(label: str) -> None:
    """A label of what follows, and a sentence: neither is the heading of a box."""
    assert lines(f"<article>{HEADING}{PARAGRAPHS}<p>{label}</p><p>{STORY[0][::-1]}</p></article>")[4] == label


SECOND = "".join(
    f"<p>{number}. The harvest festival of the village drew more guests than ever.</p>" for number in range(30)
)


@pytest.mark.parametrize(
    "page",
    [
        f"<main><article>{HEADING}{PARAGRAPHS}</article><div><article><h1>Harvest</h1>{SECOND}</article></div></main>",
        f"<article><header>{HEADING}</header>{PARAGRAPHS}</article>"
        + f"<article><h1>Harvest</h1>{SECOND}</article>" * 3,
    ],
    ids=["beside", "many"],
)
def test_a_story_that_follows_on_the_same_page_is_another_one(page: str) -> None:
    assert lines(page) == list(STORY)


@pytest.mark.parametrize(
    "page",
    [
        f"<article>{HEADING}{PARAGRAPHS}<article><h2>Background</h2>{SECOND}</article></article>",
        f"<article><h1>Fair</h1>{PARAGRAPHS}</article><article><h1>Harvest</h1>{SECOND}</article>",
    ],
    ids=["within the story", "none is the page's own"],
)
def test_articles_of_one_page_are_kept_together_where_none_is_another_story(page: str) -> None:
    assert "harvest festival" in "\n".join(lines(page))


def test_embedded_posts_belong_to_the_body() -> None:
    posts = (
        '<blockquote class="twitter-tweet"><p lang="en">We voted tonight, and the bridge will be built.</p>'
        '&mdash; Mayor (@mayor) <a href="https://twitter.com/mayor/status/123">May 5, 2022</a></blockquote>'
        '<blockquote class="instagram-media" data-instgrm-permalink="https://www.instagram.com/p/X/"><div><p>'
        '<a href="https://www.instagram.com/p/X/">The bridge at night, by the mayor himself</a></p></div></blockquote>'
    )
    found = lines(f"<article>{HEADING}{PARAGRAPHS}{posts}<p>{STORY[0][::-1]}</p></article>")
    assert found[4:-1] == [
        "We voted tonight, and the bridge will be built.",
        "— Mayor (@mayor) May 5, 2022",
        "The bridge at night, by the mayor himself",
    ]


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        (
            "می\u200cخواهم کتاب\u200cها را بخوانم و آن\u200cها را به کتابخانه\u200cی شهر برگردانم تا دیگران بخوانند.",
            "fa",
        ),
        ("ശ്രീലങ്കയിലെ വാര്\u200dത്തകള്\u200d എല്ലാവരും വായിക്കുന്നു എന്ന് പറയുന്നു", "ml"),
        ("The mayor wrote that she was glad, and added a \U0001f469\u200d\U0001f692 of the town.", "en"),
        (
            "A flag of \U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f hung from the bridge.",
            "en",
        ),
    ],
    ids=["Persian", "Malayalam", "emoji", "flag"],
)
def test_joiners_stay_in_the_text(text: str, lang: str) -> None:
    paragraphs = "".join(f"<p>{text} {number}</p>" for number in range(5))
    article = read(f"<article><h1>{text[:20]}</h1>{paragraphs}</article>", lang)
    assert article.text.split("\n") == [f"{text} {number}" for number in range(5)]


def test_a_short_story_of_boxes_keeps_the_order_of_the_page() -> None:
    part = "<div class=part><h2>{}</h2><div class=text><p>{}</p></div></div>"
    parts = part.format(
        "町長の話", "町長は会見で「お金がなく、ほかに道はない」と述べ、<br>理解を求めました。"
    ) + part.format(
        "住民の声", "橋を残すよう求める署名はおよそ四千人分集まっていました。使っていた男性は「残念だ」と話しました。"
    )
    lead = "昭和六年に架けられた町の橋について、町議会は亀裂が見つかったとして閉鎖することを決めました。"
    story = read(f"<main><h1>橋を閉鎖へ</h1><div class=detail><p class=summary>{lead}</p>{parts}</div></main>", "ja")
    assert story.text.split("\n") == [
        lead,
        "町長の話",
        "町長は会見で「お金がなく、ほかに道はない」と述べ、",
        "理解を求めました。",
        "住民の声",
        "橋を残すよう求める署名はおよそ四千人分集まっていました。使っていた男性は「残念だ」と話しました。",
    ]


HEBREW = (
    "מועצת העיר החליטה ביום שני לסגור את הגשר הישן לתמיד לאחר שמפקחים מצאו סדקים בשלושה מעמודיו.",
    "עצומה עם אלפי חתימות ביקשה מהמועצה להשאיר את הגשר, שנבנה לפני תשעים שנה.",
)


def test_a_short_page_keeps_its_paragraphs() -> None:
    paragraphs = "".join(f"<p>{one}</p>" for one in HEBREW)
    byline = '<div class="author">מאת: דוד לוי</div><div class="date">6 במאי 2025, 09:30</div>'
    story = read(f"<article><h1>הגשר ייסגר</h1>{byline}{paragraphs}</article>", "he")
    assert story.text.split("\n")[-2:] == list(HEBREW)
    assert "דוד לוי" not in story.text
    assert "הגשר ייסגר" not in story.text


def test_a_page_for_printing_keeps_its_lines() -> None:
    cell = "<br><br>".join(STORY)
    page = f"<table><tr><td><b>Bridge to be rebuilt</b><br><br>{cell}<br><br><hr>Copyright The Pier</td></tr></table>"
    assert lines(page) == list(STORY)


@pytest.mark.parametrize(
    "control",
    [
        '<a href="#after-top">SKIP ADVERTISEMENT</a>',
        "<p>Supported by</p>",
        "<p>Article continues below this advertisement</p>",
        "<p>Listen to this article · 8:12 min</p>",
        "<p>Share full article</p>",
        "<p>Continua a leggere dopo la pubblicità</p>",
        "<p>PUBLICIDADE</p>",
        "<p>Реклама</p>",
        "<p>広告</p>",
        "<p>Lesezeit: 4 Min.</p>",
        "<p>【纠错】 【责任编辑:王小明】</p>",
        "<p>View comments</p>",
    ],
)
def test_controls_and_labels_of_the_page_are_no_lines_of_the_story(control: str) -> None:
    paragraphs = [f"<p>{paragraph}</p>" for paragraph in STORY]
    assert lines(
        f"<article>{HEADING}{control}{''.join(paragraphs[:2])}{control}{''.join(paragraphs[2:])}</article>"
    ) == list(STORY)


def test_a_sentence_that_begins_like_a_control_is_text() -> None:
    sentence = "Supported by four of the seven members, the motion was carried."
    assert sentence in lines(f"<article>{HEADING}{PARAGRAPHS}<p>{sentence}</p></article>")


def test_names_written_with_capitals_within_are_names_of_boxes_too() -> None:
    box = '<div data-component="NewsletterTeaser"><p>Get the letter of the town</p></div>'
    assert lines(f"<article>{HEADING}{box}{PARAGRAPHS}</article>") == list(STORY)


@pytest.mark.parametrize(
    "notice",
    [
        "This post is for paying subscribers only",
        "The rest of this story is available to our subscribers",
        "Subscribe to continue reading",
        "Create a free account to continue reading",
        "You’ve reached your limit of free articles",
        "Il vous reste 72.4% de cet article à lire. La suite est réservée aux abonnés.",
        "Suscríbete para seguir leyendo",
        "Contenuto riservato agli abbonati",
        "Conteúdo exclusivo para assinantes",
        "Jetzt weiterlesen mit Plus?",
        "Dieser Artikel ist nur für Abonnenten",
        "Dit artikel is alleen voor abonnees",
        "Den här artikeln är för prenumeranter",
        "Artykuł dostępny tylko dla prenumeratorów",
        "Материал доступен только подписчикам",
        "この記事は有料記事です。残り1,234文字",
        "구독자 전용 기사입니다",
        "הכתבה זמינה למנויים",
    ],
)
def test_a_teaser_that_says_where_the_rest_is_is_a_paywall(notice: str) -> None:
    page = f"<article>{HEADING}<p>{STORY[0]}</p><p>{STORY[1]}</p><div class=x2><h3>{notice}</h3></div></article>"
    found = extract(Page("https://example.org/news/bridge.html", page.encode(), "utf-8", "text/html"))
    assert (found.outcome, found.article is not None) == (Outcome.PAYWALL, True)


@pytest.mark.parametrize(
    "line",
    [
        "Subscribe to our newsletter",
        "This post was sent to subscribers on Monday",
        "The bill would make this text binding for members of the union",
        "Already a subscriber? Log in",
    ],
)
def test_what_every_page_offers_is_no_paywall(line: str) -> None:
    page = f"<article>{HEADING}<p>{STORY[0]}</p><p>{STORY[1]}</p></article><div class=x2><h3>{line}</h3></div>"
    found = extract(Page("https://example.org/news/bridge.html", page.encode(), "utf-8", "text/html"))
    assert found.outcome is Outcome.OK


def test_a_long_story_is_not_a_teaser_whatever_stands_below() -> None:
    page = f"<article>{HEADING}{PARAGRAPHS * 6}</article><p>Subscribe to continue reading other stories</p>"
    found = extract(Page("https://example.org/news/bridge.html", page.encode(), "utf-8", "text/html"))
    assert found.outcome is Outcome.OK
