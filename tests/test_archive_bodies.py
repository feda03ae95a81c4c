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


# -- pages that tables lay out, boxes that are part of a story ---------------------------------------------------------

MENU_CELL = '<a href="/">Home</a><br><a href="/w">Weather</a><br><a href="/s">Sport and leisure</a>'
BESIDE_CELL = '<b>Related stories</b><br><a href="/a">A history of the bridge</a><br><a href="/b">The flood of 1954</a>'


@pytest.mark.parametrize(
    "column",
    [
        PARAGRAPHS,
        "<font size=2>" + "<P>".join(STORY) + "</font>",
        "<br><br>".join(STORY),
        f"<table><tr><td>{PARAGRAPHS}</td></tr></table>",
    ],
    ids=["paragraphs", "never closed", "breaks", "table within"],
)
def test_a_table_that_lays_out_a_page_is_none(column: str) -> None:
    top = "<tr><td colspan=3><img src=logo.gif></td></tr>"
    row = f"<tr><td>{MENU_CELL}</td><td>{HEADING}{column}</td><td>{BESIDE_CELL}</td></tr>"
    assert lines(f"<table>{top}{row}</table>") == list(STORY)


def test_a_newsletter_keeps_its_headings_and_lists() -> None:
    part = "<h3>What comes next</h3><ul><li>Lorries stay away.</li><li>Work begins in spring.</li></ul>"
    cell = f"<td class=mcnTextContent>{HEADING}{PARAGRAPHS}{part}{PARAGRAPHS.replace('bridge', 'ferry')}</td>"
    foot = '<td id=templateFooter><p>You can <a href="/u">unsubscribe from this list of ours</a> at any time.</p></td>'
    found = lines(f"<table><tr><td><table><tr>{cell}</tr></table></td></tr><tr>{foot}</tr></table>")
    assert found[4:7] == ["What comes next", "Lorries stay away.", "Work begins in spring."]
    assert "unsubscribe" not in " ".join(found)


def test_a_table_of_data_stays_one() -> None:
    table = "<table><tr><th>Year</th><th>Lorries</th></tr><tr><td>2023</td><td>211,000 in all</td></tr></table>"
    assert "2023 | 211,000 in all" in lines(f"<article>{HEADING}{PARAGRAPHS}{table}<p>{STORY[0][:90]}.</p></article>")


def test_a_callout_within_a_story_is_part_of_it() -> None:
    said = "Tickets bought in advance are paid back at the pier."
    box = f'<div class="kg-card kg-callout-card"><div class="kg-callout-text">{said}</div></div>'
    first, *others = (f"<p>{paragraph}</p>" for paragraph in STORY)
    assert said in lines(f"<article>{HEADING}{first}{box}{''.join(others)}</article>")


def test_a_lead_is_one_though_its_class_is_that_of_boxes() -> None:
    lead = "After four hours of talk the town will have its old bridge over the river back."
    box = f'<div class="teaser-text"><p>{lead}</p></div>'
    assert lines(f'<div class="article">{HEADING}{box}<div class="text">{PARAGRAPHS}</div></div>')[0] == lead


@pytest.mark.parametrize(
    "line",
    [
        "- Advertisement -",
        "Sponsored content",
        "View this email in your browser",
        "Alle Rechte vorbehalten.",
        "Tous droits réservés",
        "Все права защищены.",
        "저작권자 © 항구일보 무단전재 및 재배포 금지",
        "版权所有 未经许可 禁止转载",
        'Διαβάστε επίσης: <a href="/x">Μελέτη για τη γέφυρα</a>',
        'Čtěte také: <a href="/x">Studie mostu</a>',
        'اقرأ أيضا: <a href="/x">دراسة الجسر</a>',
        'यह भी पढ़ें: <a href="/x">पुल का अध्ययन</a>',
        'Læs også: <a href="/x">Broen</a>',
    ],
)
def test_controls_and_pointers_in_many_languages_are_no_text(line: str) -> None:
    assert lines(f"<article>{HEADING}{PARAGRAPHS}<p>{line}</p></article>") == list(STORY)


@pytest.mark.parametrize(
    ("notice", "outcome"),
    [
        ("有料会員になると会員限定の有料記事もお読みいただけます。", Outcome.OK),
        ("有料会員になると続きをお読みいただけます。", Outcome.PAYWALL),
        ("この記事は会員限定記事です。", Outcome.PAYWALL),
    ],
)
def test_an_offer_of_other_stories_reserves_none(notice: str, outcome: Outcome) -> None:
    story = "".join(
        f"<p>港湾局は火曜日、湾を渡るフェリーを今月末で廃止することを決めた。{number}</p>" for number in range(9)
    )
    page = f"<html lang=ja><title>湾</title><main><h1>湾のフェリー</h1>{story}<div><p>{notice}</p></div></main></html>"
    assert extract(Page("https://www.example.org/a", page.encode(), "utf-8", "text/html")).outcome is outcome
