"""What real pages do to authors, headlines and dates: a small page for every kind of fault that was seen."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from archive.extraction import Page, extract
from archive.extraction.people import is_person, name_parts, names_in
from archive.extraction.spelled import days_in, habits
from archive.model import Article

URL = "https://www.daily-example.org/town/ferry-stops.html"
NOW = datetime(2025, 6, 1, 12, tzinfo=UTC)
STORY = "".join(
    f"<p>{sentence}</p>"
    for sentence in (
        "The ferry across the bay stops running at the end of the month, the harbour board decided in a long meeting.",
        "Its two boats need new engines, and nobody has found the money to buy them in the last four years of asking.",
        "Fishermen said that they would carry people across for a small fee until a better answer has been found.",
    )
)


def read(head: str = "", body: str = "", *, after: str = "", before: str = "", html: str = "<html lang=en>") -> Article:
    heading = "" if "<h1" in body + before else "<h1>Ferry stops</h1>"
    story = f"{before}<article>{heading}{body}{STORY}</article>{after}"
    payload = f"<!DOCTYPE html>{html}<head>{head}</head><body>{story}</body></html>"
    found = extract(Page(URL, payload.encode(), "utf-8", "text/html", NOW)).article
    assert found is not None
    return found


def ld(**fields: Any) -> str:
    node = {"@context": "https://schema.org/", "@type": "NewsArticle", "headline": "Ferry stops", **fields}
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


def person(name: str) -> dict[str, str]:
    return {"@type": "Person", "name": name}


# -- authors ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "body", "authors"),
    [
        pytest.param(
            "",
            '<form>By clicking Join you accept our <a href="/p">Privacy Notice</a> and <a href="/t">Rules</a>.</form>',
            (),
            id="a form's notice",
        ),
        pytest.param(
            "",
            '<div class="box">By joining you accept <a href="/t">Daily Example Rules</a>.</div>',
            (),
            id="a sentence that begins with By",
        ),
        pytest.param(
            "",
            '<p class="byline">By Ines Okoro <a href="/author/ines-okoro">View All Posts</a></p>',
            ("Ines Okoro",),
            id="a link to all posts",
        ),
        pytest.param(
            "",
            '<p class="byline">By Ines Okoro</p><span class="author">Reading Time: 4 minutes</span>',
            ("Ines Okoro",),
            id="time to read",
        ),
        pytest.param(
            "",
            '<div class="author"><a href="/author/io">Ines Okoro</a><span>Marketing Manager</span></div>',
            ("Ines Okoro",),
            id="an office beside the name",
        ),
        pytest.param(
            '<meta name="author" content="Jane Doe">',
            '<p class="byline">By Ines Okoro</p>',
            ("Ines Okoro",),
            id="the name of a template",
        ),
        pytest.param(
            "",
            "<p>The mayor, <a href='/people/rosa-lindt'>Rosa Lindt</a>, spoke of a sad day for the bay.</p>",
            (),
            id="somebody in the story",
        ),
        pytest.param('<meta name="author" content="Lindt, Rosa">', "", ("Rosa Lindt",), id="last name first"),
        pytest.param(
            '<meta name="DC.creator" content="Vries, Pieter de"><meta name="DC.creator" content="Moreau, C.">',
            "",
            ("Pieter de Vries", "C. Moreau"),
            id="last names first, particles and initials",
        ),
        pytest.param(
            '<meta name="citation_author" content="Lopez Garcia, Maria Jose">'
            '<meta name="citation_author" content="Berg, Nils">',
            "",
            ("Maria Jose Lopez Garcia", "Nils Berg"),
            id="as libraries write names",
        ),
        pytest.param("", '<p class="byline">By Rosa Lindt, MD, PhD</p>', ("Rosa Lindt, MD, PhD",), id="degrees"),
        pytest.param("", '<p class="byline">By R. K. Lindt</p>', ("R. K. Lindt",), id="initials"),
        pytest.param(
            "",
            '<p class="byline">Tuesday May 6, 2025 09:30 am EST by Rosa Lindt</p>',
            ("Rosa Lindt",),
            id="a date before the name",
        ),
        pytest.param(
            "",
            '<cite class="byline vcard"><span>By</span> <span class="fn">ROSA LINDT</span>'
            " <abbr>May 6, 2025 9:30 AM</abbr></cite>",
            ("ROSA LINDT",),
            id="a date behind the name, in a vcard",
        ),
        pytest.param(
            ld(author={"@type": "Organization", "name": "Daily Example"}),
            '<p class="byline">By Rosa Lindt</p>',
            ("Rosa Lindt",),
            id="an organisation in JSON-LD",
        ),
        pytest.param(
            '<meta name="author" content="Bay Area Broadcasting Company">',
            '<p class="byline">By Rosa Lindt</p>',
            ("Rosa Lindt",),
            id="an organisation that looks like a name",
        ),
        pytest.param(
            ld(author=person("Daily Example")),
            '<p class="byline">By Rosa Lindt</p>',
            ("Rosa Lindt",),
            id="the site's own account",
        ),
        pytest.param(
            '<meta name="author" content="Otto Webman">',
            '<p class="byline">By Rosa Lindt</p>',
            ("Rosa Lindt",),
            id="whoever made the site",
        ),
        pytest.param(
            ld(author=person("Otto Blogger")),
            "<p><em>This is a guest post by Rosa Lindt, who sails.</em></p>",
            ("Rosa Lindt",),
            id="a guest",
        ),
        pytest.param(
            ld(author=person("Otto Blogger")),
            "<p>Gastbeitrag von Rosa Lindt</p>",
            ("Rosa Lindt",),
            id="a guest, in German",
        ),
        pytest.param(
            ld(author=[[person("Rosa Lindt")], [person("Nils Berg")]]),
            "",
            ("Rosa Lindt", "Nils Berg"),
            id="lists in a list",
        ),
        pytest.param(
            ld(author=person("Rosa Lindt, translated by Nils Berg")), "", ("Rosa Lindt",), id="the translator"
        ),
        pytest.param(
            "", '<p class="byline">Von Rosa Lindt; Fotos: Nils Berg</p>', ("Rosa Lindt",), id="the photographer"
        ),
        pytest.param(
            ld(author={"@type": "Person", "givenName": "Rosa", "familyName": "Lindt"}),
            "",
            ("Rosa Lindt",),
            id="the name in two parts",
        ),
        pytest.param(
            "",
            '<div class="h-card p-author"><span class="p-name">Rosa Lindt</span></div>',
            ("Rosa Lindt",),
            id="a card of a person",
        ),
        pytest.param("", "<p>Author: Rosa Lindt</p>", ("Rosa Lindt",), id="a word and a colon"),
        pytest.param(
            "",
            '<div class="byline"><a href="/author/rl"><span>Rosa</span> <span>Lindt</span></a></div>',
            ("Rosa Lindt",),
            id="first and last name in elements",
        ),
        pytest.param('<meta name="author" content="{{author}}">', "", (), id="a template that was not filled"),
        pytest.param(
            "", "<p class=byline>Words: Rosa Lindt. Photos: Nils Berg</p>", ("Rosa Lindt",), id="whose words they are"
        ),
        pytest.param(
            "", "<p class=byline>Follow Rosa Lindt on Bluesky</p>", ("Rosa Lindt",), id="a reader is asked to follow"
        ),
        pytest.param(
            "",
            "<p class=byline>By Rosa Lindt &amp; Nils Berg Follow on X</p>",
            ("Rosa Lindt", "Nils Berg"),
            id="a reader is asked to follow two",
        ),
        pytest.param(
            "",
            "<p class=byline>Von Rosa Lindt, Follow The Example on X</p>",
            ("Rosa Lindt",),
            id="a reader is asked to follow the paper",
        ),
        pytest.param("", "<p class=byline>Par Rosa Lindt Suivre</p>", ("Rosa Lindt",), id="to follow, in French"),
        pytest.param(
            "", "<p class=byline>Door onze verslaggever Rosa Lindt</p>", ("Rosa Lindt",), id="our reporter, in Dutch"
        ),
        pytest.param(
            "", "<p class=byline>Von unserer Redakteurin Rosa Lindt</p>", ("Rosa Lindt",), id="our editor, in German"
        ),
        pytest.param(
            "", "<p class=byline>De notre correspondante Rosa Lindt</p>", ("Rosa Lindt",), id="our reporter, in French"
        ),
    ],
)
def test_authors_are_those_who_wrote_it(head: str, body: str, authors: tuple[str, ...]) -> None:
    assert read(head, body).authors == authors


def test_a_name_in_small_letters_is_an_author_where_the_address_of_their_page_says_so() -> None:
    byline = '<div class="byline">By <a href="/author/{}/">rosa lindt</a></div>'
    assert read(body=byline.format("rosa-lindt")).authors == ("rosa lindt",)
    assert read(body=byline.format("newsroom")).authors == ()


def test_the_author_of_a_post_is_not_that_of_the_live_blog() -> None:
    post = '<section><h2>Boats tied up</h2><div class="author">Nils Berg</div><p>All of them.</p></section>'
    assert read(ld(**{"@type": "LiveBlogPosting", "author": [person("Rosa Lindt")]}), post).authors == ("Rosa Lindt",)


def test_a_page_without_an_h1_is_looked_at_from_the_heading_that_is_most_like_its_title() -> None:
    page = (
        "<html lang=de><head><title>Hafen: Die Fähre stellt im Juni den Betrieb ein - DER BOGEN</title>"
        '<meta property="og:title" content="Hafen: Die Fähre stellt im Juni den Betrieb ein">'
        '<meta property="og:site_name" content="DER BOGEN">'
        '<meta name="author" content="DER BOGEN, Hamburg"></head><body><article><header>'
        "<h2><span>Alte Boote</span>: <span>Hafen stellt Fähre im Juni ein</span></h2><div>Kein Geld mehr.</div>"
        f'<div>Von <a href="/impressum/autor-12">Rosa Lindt</a>, Kiel</div></header>{STORY}</article></body></html>'
    )
    found = extract(Page(URL, page.encode(), "utf-8", "text/html", NOW)).article
    assert found is not None
    assert found.authors == ("Rosa Lindt",)
    assert found.other_title == "Alte Boote: Hafen stellt Fähre im Juni ein"
    assert "Rosa Lindt" not in found.text
    assert "Alte Boote" not in found.text


@pytest.mark.parametrize("name", ["data-testid", "data-component", "data-qa", "id"])
def test_a_byline_is_known_by_the_names_that_scripts_have_for_it(name: str) -> None:
    spans = "<span>Rosa Lindt</span><span>Harbour reporter</span><span>Nils Berg</span><span>EXA News, Oslo</span>"
    story = read(
        ld(author={"@type": "Organization", "name": "EXA News"}),
        f'<div {name}="byline-names" class="x1y2">{spans}</div>',
    )
    assert story.authors == ("Rosa Lindt", "Nils Berg")
    assert "Rosa" not in story.text


@pytest.mark.parametrize(
    ("line", "lang", "authors"),
    [
        ("华新社某市5月6日电（记者王小明、李大同）渡轮月底停运，市政府6日宣布。", "zh", ("王小明", "李大同")),
        ("（中央社記者陳大文台北6日電）渡輪月底停駛，市政府今天宣布。", "zh-TW", ("陳大文",)),
        ("(부산=연합소식) 홍길동 김철수 기자 = 나룻배가 이달 말에 멈춘다고 시가 밝혔다.", "ko", ("홍길동", "김철수")),
        ("【オスロ=山田太郎】渡し船が月末で終わると町が六日に発表した。", "ja", ("山田太郎",)),
        ("町長は記者会見（記者会見場）で、渡し船が月末で終わると発表した。", "ja", ()),
    ],
)
def test_who_signs_within_the_first_line(line: str, lang: str, authors: tuple[str, ...]) -> None:
    page = f"<html lang={lang}><body><article><h1>渡船</h1><p>{line}</p><p>{line[20:] * 3}</p></article></body></html>"
    found = extract(Page(URL, page.encode(), "utf-8", "text/html", NOW)).article
    assert found is not None
    assert found.authors == authors


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<ul class="menu"><li><a href="/user/list">Member Directory</a></li></ul>', ""),
        ('<nav><a href="/author/all">Opinion Writers</a></nav>', ""),
        ("", '<div class="related"><p class="byline">By Nils Berg</p></div>'),
        ("", '<div class="comments"><span class="author">Nils Berg</span> wrote: nonsense</div>'),
        ("", '<div id="comments"><a rel="author" href="/u/nb">Nils Berg</a></div>'),
        ("", '<div class="comments"><div itemscope><span itemprop="author">Nils Berg</span></div></div>'),
        ("<p>By Monday Evening</p>", ""),
        ("", '<footer><a href="/staff/imprint" class="author">Cookie Settings</a></footer>'),
        ('<div style="display: none" class="byline">By Nils Berg</div>', ""),
        ('<template><p class="byline">By Nils Berg</p></template>', ""),
    ],
)
def test_what_stands_around_the_story_names_no_author(before: str, after: str) -> None:
    assert read(before=before, after=after).authors == ()


def test_names_in_menus_are_no_authors_wherever_they_stand_again() -> None:
    menu = '<nav><a href="/harbour-watch">Harbour Watch</a></nav>'
    assert read(body='<span class="author">Harbour Watch</span>', before=menu).authors == ()


@pytest.mark.parametrize(
    ("name", "person"),
    [
        ("Dr. med. Rosa Lindt", True),
        ("R. K. Lindt", True),
        ("Bashar al-Assad", True),
        ("Conan O’Brien", True),
        ("Terms of Service", False),
        ("Cookie Policy", False),
        ("Associated Press Agency", False),
        ("MDR Thüringen", False),
        ("Mehr Lesen", False),
        ("Ver todos", False),
        ("יוסי כהן", True),
        ("علی رضایی", True),
        ("山田 太郎", True),
        ("会員登録", False),
    ],
)
def test_the_shape_of_names(name: str, person: bool) -> None:
    assert is_person(name) is person


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Lindt, Rosa; Berg, Nils", ["Rosa Lindt", "Nils Berg"]),
        ("Lindt, Rosa and Berg, Nils", ["Rosa Lindt", "Nils Berg"]),
        ("Lindt, Berg and Moreau", ["Lindt", "Berg", "Moreau"]),
        ("Rosa Lindt, Nils Berg", ["Rosa Lindt", "Nils Berg"]),
        ("Rosa Lindt, Reuters", ["Rosa Lindt", "Reuters"]),
        ("Rosa Lindt, Oslo", ["Rosa Lindt"]),
        ("Rosa Lindt, Vice President of Sales", ["Rosa Lindt"]),
        ("Rosa Lindt 5 min read", ["Rosa Lindt"]),
        ("Words by Rosa Lindt, photos by Nils Berg", ["Rosa Lindt"]),
        ("Rosa Lindt Rosa Lindt", ["Rosa Lindt"]),
        ("Nicolas Berg C.", ["Nicolas Berg C."]),
        ("Rosa Lindt in Berlin", ["Rosa Lindt"]),
        ("Rosa Lindt Updated May 6, 2025", ["Rosa Lindt"]),
        ("Medically reviewed by Dr. Nils Berg, MD — Written by Rosa Lindt on May 6, 2025", ["Rosa Lindt"]),
        ("ROSA LINDT Example Press", ["ROSA LINDT"]),
        ("Rosa Lindt Senior Reporter", ["Rosa Lindt"]),
        ("Contributor Rosa Lindt", ["Rosa Lindt"]),
        ("Guest Author: Rosa Lindt", ["Rosa Lindt"]),
        ("Rosa Lindt is a reporter in the north.", ["Rosa Lindt"]),
        ("Rosa Lindt and agencies", ["Rosa Lindt"]),
        ("Rosa Lindt and the Data Team", ["Rosa Lindt"]),
        ("Rosa Lindt and dpa", ["Rosa Lindt", "dpa"]),
        ("by Rosa Lindt on 6 May 2025 at 9:30", ["Rosa Lindt"]),
        ("Rosa Lindt - ExampleNews", ["Rosa Lindt"]),
        ("Interview: Rosa Lindt", ["Rosa Lindt"]),
        ("Ein Interview von Rosa Lindt", ["Rosa Lindt"]),
        ("Aus Oslo berichtet Rosa Lindt", ["Rosa Lindt"]),
        ("Stand: 06.05.2025 09:30 Uhr Von Rosa Lindt, ARD Brüssel", ["Rosa Lindt"]),
        ("Rosa Lindt et Nils Berg, à Lyon", ["Rosa Lindt", "Nils Berg"]),
        ("Por Rosa Lindt | Madrid", ["Rosa Lindt"]),
        ("Una entrevista de Rosa Lindt", ["Rosa Lindt"]),
        ("dal nostro inviato Nils Berg", ["Nils Berg"]),
        ("Intervista di Rosa Lindt", ["Rosa Lindt"]),
        ("Беседовала Роза Линд", ["Роза Линд"]),
        ("Rozmawiała Rosa Lindt", ["Rosa Lindt"]),
        ("Skrevet av Rosa Lindt", ["Rosa Lindt"]),
        ("Teksti: Rosa Lindt, kuvat: Nils Berg", ["Rosa Lindt"]),
        ("Geschreven door Rosa Lindt", ["Rosa Lindt"]),
        ("Haber: Rosa Lindt", ["Rosa Lindt"]),
        ("Írta: Lindt Rosa", ["Lindt Rosa"]),
        ("Γράφει η Ρόζα Λιντ", ["Ρόζα Λιντ"]),
        ("بقلم أحمد علي", ["أحمد علي"]),
        ("מאת: דוד לוי", ["דוד לוי"]),
        ("דוד לוי, כתבנו בצפון", ["דוד לוי"]),
        ("华新社记者王小明、李大同", ["王小明", "李大同"]),
        ("记者 王小明 通讯员 李大同", ["王小明", "李大同"]),
        ("文/王小明 图/李大同", ["王小明"]),
        ("記者陳大文／台北報導", ["陳大文"]),
        ("編集委員 山田太郎", ["山田太郎"]),
        ("ワシントン=山田太郎", ["山田太郎"]),
        ("글 홍길동 · 사진 김철수", ["홍길동"]),
        ("โดย สมชาย ใจดี", ["สมชาย ใจดี"]),
        ("द्वारा राम कुमार", ["राम कुमार"]),
        ("Napsala Rosa Lindt", ["Rosa Lindt"]),
        ("Scris de Rosa Lindt", ["Rosa Lindt"]),
        ("Daily Example Lifestyle Desk", ["Daily Example Lifestyle Desk"]),
        ("By", []),
        ("wp-admin", []),
    ],
)
def test_names_out_of_one_string(text: str, names: list[str]) -> None:
    assert names_in(text) == names


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Rosa Lindt", ("Lindt", "Rosa", "")),
        ("Ursula von der Leyen", ("von der Leyen", "Ursula", "")),
        ("Pieter de Vries", ("de Vries", "Pieter", "")),
        ("Martin Luther King, Jr", ("King", "Martin Luther", "Jr")),
        ("山田 太郎", ("山田", "太郎", "")),
        ("Reuters", ("Reuters", "", "")),
        ("Daily Example News", ("Daily Example News", "", "")),
    ],
)
def test_family_and_given_names(name: str, parts: tuple[str, str, str]) -> None:
    assert name_parts(name) == parts


# -- headlines -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        pytest.param(
            ld(headline="a boat service in the north", name="Bay ferry") + "<title>Bay ferry - Lexicon</title>",
            "<h1>Bay ferry</h1>",
            "Bay ferry",
            id="JSON-LD's headline is a description",
        ),
        pytest.param(
            "<title>Ferry stops. | Daily Example</title>",
            "<h1>Ferry stops.</h1>",
            "Ferry stops.",
            id="a full stop at the end",
        ),
        pytest.param(
            '<title>Ferry stops｜Daily Example</title><meta property="og:site_name" content="Daily Example">',
            "<h2>Other</h2>",
            "Ferry stops",
            id="a wide bar",
        ),
        pytest.param(
            '<title>Ferry stops_Daily Example</title><meta property="og:site_name" content="Daily Example">',
            "<h2>Other</h2>",
            "Ferry stops",
            id="an underscore",
        ),
        pytest.param(
            '<title>Daily Example：Ferry stops</title><meta property="og:site_name" content="Daily Example">',
            "<h2>Other</h2>",
            "Ferry stops",
            id="a wide colon",
        ),
        pytest.param(
            ld(headline="Ferry &amp;quot;Nora&amp;quot; stops"),
            "<p></p>",
            'Ferry "Nora" stops',
            id="entities escaped twice",
        ),
        pytest.param(
            "<title>Ferry stops: what now - ottoberg</title>",
            '<h1><a href="/">ottoberg</a></h1><h2>Ferry stops: what now</h2>',
            "Ferry stops: what now",
            id="the h1 is a logo",
        ),
        pytest.param(
            "<title>Ferry stops: what now - ottoberg</title>",
            "<h1>ottoberg</h1><h2>Ferry stops: what now</h2>",
            "Ferry stops: what now",
            id="the h1 is the site",
        ),
        pytest.param(
            "<title>The Ferry and What Became of It</title>",
            "<h1>Tips and Links</h1><h2>The Ferry and What Became of It</h2>",
            "The Ferry and What Became of It",
            id="the h1 of a box",
        ),
        pytest.param(
            "<title>Bay traffic: the last ferry has left the harbour</title>"
            '<meta property="og:title" content="Bay traffic: the last ferry has left the harbour">',
            "<h1>Islands alone - the last ferry has left the harbour</h1>",
            "the last ferry has left the harbour",
            id="two kickers before one headline",
        ),
        pytest.param(
            "",
            '<h1 class="sr-only">Main navigation</h1><h1>The last ferry has left</h1>',
            "The last ferry has left",
            id="a heading for screen readers",
        ),
    ],
)
def test_the_headline_is_the_storys(head: str, body: str, title: str) -> None:
    assert read(head, body.replace("<p></p>", "<h2>Something else entirely</h2>") or "<h2>x</h2>").title == title


@pytest.mark.parametrize(
    ("head", "other"),
    [
        ('<meta property="og:title" content="Islanders lose their last boat">', "Islanders lose their last boat"),
        ('<meta property="og:title" content="Ferry stops at the end of the month">', ""),
        ('<meta property="og:title" content="Ferry stops | Daily Example">', ""),
        ("", ""),
    ],
)
def test_the_other_headline_is_kept(head: str, other: str) -> None:
    assert read(head + "<title>Ferry stops</title>", "<h1>Ferry stops</h1>").other_title == other


def test_a_heading_that_shares_no_word_with_what_is_shared_is_still_the_headline() -> None:
    story = read(
        '<meta property="og:title" content="Islanders lose their last boat">', "<h1>The bay ferry stops in June</h1>"
    )
    assert (story.title, story.other_title) == ("The bay ferry stops in June", "Islanders lose their last boat")


def test_a_description_in_the_place_of_the_headline_is_no_other_headline() -> None:
    story = read(ld(headline="a boat service in the north", name="Bay ferry"), "<h1>Bay ferry</h1>")
    assert (story.title, story.other_title) == ("Bay ferry", "")


def test_an_article_that_was_stored_before_there_was_another_headline_is_still_read() -> None:
    stored = b'{"url": "https://www.daily-example.org/", "title": "Ferry stops", "text": "It stops."}'
    assert msgspec.json.decode(stored, type=Article).other_title == ""


# -- dates -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        "<p>On 2010-11-12 the pier was opened by the minister, as the plaque on its wall says.</p>",
        "<p>Call 030/2010-1112 or +49 30 20101112 for seats.</p>",
        "<p>As of March 3, 2021, the board has sold 1,200 tickets, and hopes for many more of them by autumn.</p>",
        "<p>The court ruled on 4 May 2019 that the board may stop the ferry whenever it sees no other way out.</p>",
        "<aside>Apply until 31.12.2019</aside>",
        "<p>The study was published on 4 May 2019.</p>",
        "<p>Her first book, published on May 4, 2019, sold well.</p>",
        "<p>Tickets on sale on 4 May 2019</p>",
        "<p>From 4 May 2019</p>",
        '<p class="caption">The ferry on 4 May 2019</p>',
        "<p>Apply until 31.12.2019</p>",
        '<script>var offer = {"expire": "2021-01-31"};</script>',
        '<div class="related"><span class="date">3 March 2021</span> Another story</div>',
        '<div class="comments"><time datetime="2021-03-03">3 March 2021</time></div>',
    ],
)
def test_no_day_of_the_story_or_around_it_is_the_day_of_publication(body: str) -> None:
    assert read(body=body).published_on is None


@pytest.mark.parametrize(
    ("html", "line", "day"),
    [
        ("<html lang=en-US>", "<p>Published 11/05/2007</p>", "2007-11-05"),
        ("<html lang=en-GB>", "<p>Published 11/05/2007</p>", "2007-05-11"),
        ("<html lang=fr>", "<p>Publié le 11/05/2007 à 10h30</p>", "2007-05-11"),
        ("<html lang=de>", '<p class="meta">Von Rosa Lindt | 6. Mai 2025, 9:30 Uhr</p>', "2025-05-06"),
        ("<html lang=es>", "<span class=fecha>6 de mayo de 2025</span>", "2025-05-06"),
        ("<html lang=ru>", "<span>6 мая 2025, 09:30</span>", "2025-05-06"),
        ("<html lang=pl>", "<p>Opublikowano: 6 maja 2025</p>", "2025-05-06"),
        ("<html lang=pl>", "<p>Data publikacji: 6.05.2025</p>", "2025-05-06"),
        ("<html lang=pt>", "<p>Data de publicação: 6.05.2025</p>", "2025-05-06"),
        ("<html lang=el>", "<p>Δημοσίευση: 6 Μαΐου 2025</p>", "2025-05-06"),
        ("<html lang=tr>", "<p>Giriş: 06.05.2025 - Güncelleme: 07.05.2025</p>", "2025-05-06"),
        ("<html lang=ar>", "<p>الثلاثاء 06 أيار 2025</p>", "2025-05-06"),
        ("<html lang=tr>", "<p>Yayınlanma: 6 Mayıs 2025</p>", "2025-05-06"),
        ("<html lang=hu>", "<div>2025. május 6. kedd</div>", "2025-05-06"),
        ("<html lang=ja>", "<div>2025年5月6日 9時30分</div>", "2025-05-06"),
        ("<html lang=ko>", "<div>입력 2025.05.06 09:30</div>", "2025-05-06"),
        ("<html lang=en>", "<div>Tuesday, May 6, 2025</div>", "2025-05-06"),
        (
            "<html lang=en>",
            (
                '<div>Updated <time datetime="2025-05-09">May 9</time></div>'
                '<div>Published <time datetime="2025-05-06">May 6</time></div>'
            ),
            "2025-05-06",
        ),
        ("<html lang=en>", '<span class="date" title="2025-05-06T09:30:00Z">4 weeks ago</span>', "2025-05-06"),
        ("<html lang=en>", "<p>This story was originally published on May 6, 2025.</p>", "2025-05-06"),
        ("<html lang=en>", "<p>By Rosa Lindt, published on May 6, 2025</p>", "2025-05-06"),
        ("<html lang=fr>", "<p>Publié mardi 6 mai 2025</p>", "2025-05-06"),
        ("<html lang=en>", "<p class=date>May 6, 2025 (Updated May 9, 2025)</p>", "2025-05-06"),
        ("<html lang=de>", "<p>6. Mai 2025, aktualisiert am 9. Mai 2025</p>", "2025-05-06"),
        ("<html lang=es>", "<p>martes, 6 de mayo de 2025</p>", "2025-05-06"),
        ("<html lang=en>", "<p>First published May 6, 1969</p>", "1969-05-06"),
    ],
)
def test_the_day_is_read_where_it_is_printed(html: str, line: str, day: str) -> None:
    story = read(body=line, html=html)
    assert (str(story.published_on), story.rules["published"]) == (day, "date by the headline")


def test_a_day_that_may_be_two_is_not_guessed() -> None:
    assert read(body="<p>Published 11/05/2007</p>").published_on is None


def test_a_day_printed_below_the_story_counts_if_a_word_says_so() -> None:
    story = read(after="<div>" + "<span>x</span>" * 300 + "<p>Published: 6 May 2025</p></div>")
    assert (str(story.published_on), story.rules["published"]) == ("2025-05-06", "date printed on the page")


def test_a_word_before_the_day_makes_no_sentence_of_a_dateline() -> None:
    for line, lang in (("Публикувана на 12 март 2024", "bg"), ("Publisert 12. mars 2024 kl. 10.30", "nb")):
        assert str(read(body=f"<p>{line}</p>", html=f"<html lang={lang}>").published_on) == "2024-03-12", line


@pytest.mark.parametrize(
    ("head", "day"),
    [
        ('<meta property="article:published_time" content="1969-07-21T10:00:00Z">', "1969-07-21"),
        (ld(datePublished="1923-02-03"), "1923-02-03"),
        ('<meta name="date" content="1970-01-01T00:00:00Z">', "None"),
        ('<meta name="date" content="0001-01-01T00:00:00Z">', "None"),
        ('<meta name="date" content="6 May 2025">', "2025-05-06"),
    ],
)
def test_old_dates_that_a_page_states_are_kept_and_the_zeros_of_programs_are_not(head: str, day: str) -> None:
    assert str(read(head).published_on) == day


@pytest.mark.parametrize(
    ("text", "lang", "day"),
    [
        ("1er février 2025", "fr", "2025-02-01"),
        ("2nd December 2024", "en", "2024-12-02"),
        ("July 24 , 2003", "en", "2003-07-24"),
        ("31 stycznia 2025", "pl", "2025-01-31"),
        ("2025 m. sausio 31 d.", "lt", "2025-01-31"),
        ("2025. gada 31. janvāris", "lv", "2025-01-31"),
        ("31 มกราคม 2568", "th", "2025-01-31"),
        ("31 ม.ค. 2568", "th", "2025-01-31"),
        ("٣١ يناير ٢٠٢٥", "ar", "2025-01-31"),
        ("3 בפברואר 2025", "he", "2025-02-03"),
        ("31 tháng 1, 2025", "vi", "2025-01-31"),
        ("12 มีนาคม 2567", "th", "2024-03-12"),
        ("12 मार्च 2024", "hi", "2024-03-12"),
        ("12 जून 2024", "hi", "2024-06-12"),
        ("12 मई 2024", "hi", "2024-05-12"),
        ("১২ মার্চ ২০২৪", "bn", "2024-03-12"),
        ("12 மார்ச் 2024", "ta", "2024-03-12"),
        ("ב-12 במרץ 2024", "he", "2024-03-12"),
        ("令和6年3月12日", "ja", "2024-03-12"),
        ("平成元年3月12日", "ja", "1989-03-12"),
        ("民國113年3月12日", "zh", "2024-03-12"),
        ("12. марта 2024.", "sr", "2024-03-12"),
        ("5. маја 2024.", "sr", "2024-05-05"),
        ("2024. gada 12. martā", "lv", "2024-03-12"),
        ("12-Mar-24", "en", "2024-03-12"),
        ("31-Dec-99", "en", "1999-12-31"),
        ("06 أيار 2025", "ar", "2025-05-06"),
        ("6 تشرين الأول 2024", "ar", "2024-10-06"),
        ("12 كانون الثاني 2025", "ar", "2025-01-12"),
        ("06 ماي 2025", "ar", "2025-05-06"),
        ("০৬ মে ২০২৫", "bn", "2025-05-06"),
        ("6 மே 2025", "ta", "2025-05-06"),
        ("6 మే 2025", "te", "2025-05-06"),
        ("6 मे 2025", "mr", "2025-05-06"),
        ("۱۵ بهمن ۱۴۰۳ - ۱۰:۳۰", "fa", "2025-02-03"),
        ("دوشنبه ۱۵ بهمن\u200cماه ۱۴۰۳", "fa", "2025-02-03"),
        ("۹ دی ۱۴۰۳", "fa", "2024-12-29"),
        ("۱۴۰۳/۱۱/۱۵", "fa", "2025-02-03"),
        ("1403/11/15", "fa", "2025-02-03"),
        ("۳ فوریه ۲۰۲۵", "fa", "2025-02-03"),
        ("۳۰ اسفند ۱۴۰۲", "fa", None),
        ("1403/11/15", "en", None),
        ("12 Marken 2024", "de", None),
        ("12-100-24", "en", None),
        ("12.30.2025", "de", None),
        ("10.31.24.7", "en", None),
        ("version 2.5.2025.1", "en", None),
    ],
)
def test_days_in_many_languages(text: str, lang: str, day: str | None) -> None:
    assert [str(found.day) for found in days_in(text, habits(lang, "", ""))] == ([day] if day else [])
