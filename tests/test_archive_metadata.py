"""Metadata: which of a page's many claims is taken, and the rule that gave it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from archive.extraction import Page, extract
from archive.extraction.jsonld import read_jsonld
from archive.extraction.language import language_of
from archive.extraction.moments import read_moment, url_day
from archive.extraction.people import is_person, names_in
from archive.extraction.titles import choose_title
from archive.model import Article

URL = "https://www.daily-example.org/politics/2025/01/31/bridge-to-be-rebuilt.html"
NOW = datetime(2025, 2, 1, 12, tzinfo=UTC)
STORY = "".join(
    f"<p>{sentence} {sentence}</p>"
    for sentence in (
        "The council voted on Tuesday evening to rebuild the old bridge over the river.",
        "Work is to begin in the spring and should be finished before the snow comes.",
        "Residents had asked for years that something be done about the bridge.",
    )
)


def read(
    head: str = "", body: str = "<h1>Bridge to be rebuilt</h1>", *, url: str = URL, html: str = "<html lang=en>"
) -> Article:
    payload = f"<!DOCTYPE html>{html}<head>{head}</head><body><article>{body}{STORY}</article></body></html>"
    found = extract(Page(url, payload.encode(), "utf-8", "text/html", NOW)).article
    assert found is not None
    return found


def ld(**fields: Any) -> str:
    node = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": "Bridge to be rebuilt", **fields}
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


# -- titles ----------------------------------------------------------------------------------------------------------

H, OG, H1, T = "json-ld headline", "og:title", "h1", "title"


@pytest.mark.parametrize(
    ("candidates", "expected"),
    [
        (
            [("Bridge to be rebuilt", H), ("You won't believe this bridge", OG), ("Bridge to be rebuilt", H1)],
            "Bridge to be rebuilt",
        ),
        (
            [
                ("Bridge to be rebuilt", H1),
                ("Bridge news: what we know", OG),
                ("Bridge to be rebuilt | Daily Example", T),
            ],
            "Bridge to be rebuilt",
        ),
        (
            [("Bridge to be rebuilt - Daily Example", OG), ("Bridge to be rebuilt | Politics | Daily Example", T)],
            "Bridge to be rebuilt",
        ),
        ([("Daily Example", H1), ("Bridge to be rebuilt", T)], "Bridge to be rebuilt"),
        ([("Original text", H1), ("Bridge to be rebuilt", T)], "Bridge to be rebuilt"),
        (
            [("Bridge to be rebuilt in spri…", H), ("Bridge to be rebuilt in spring", H1)],
            "Bridge to be rebuilt in spring",
        ),
        ([("Daily Example: Bridge to be rebuilt", T)], "Bridge to be rebuilt"),
        ([("Bridge — and then? – Daily Example", T)], "Bridge — and then?"),
        ([("“Bridge” to be rebuilt", H1), ('"Bridge" to be rebuilt', OG)], "“Bridge” to be rebuilt"),
        ([("", H), ("  ", OG)], ""),
        ([("Daily Example!", H1), ("Daily Example! | Daily Example", T)], "Daily Example!"),
    ],
    ids=[
        *("social og", "h1 and title", "suffixes", "logo", "label", "cut", "prefix", "dashes in it", "quotes", "none"),
        "all are the site's name",
    ],
)
def test_the_headline_wins_over_its_variants(candidates: list[tuple[str, str]], expected: str) -> None:
    assert choose_title(candidates, ["Daily Example", "daily-example.org"]).title == expected


# -- names -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Jane Doe", ["Jane Doe"]),
        ("Von Anna Muster und Bernd Beispiel", ["Anna Muster", "Bernd Beispiel"]),
        ("Jane Doe, John Smith and Ann Lee", ["Jane Doe", "John Smith", "Ann Lee"]),
        ("Jane Doe, Senior Political Reporter", ["Jane Doe"]),
        ("Jane Doe jane.doe@example.org", ["Jane Doe"]),
        ("Jane Doe (AP)", ["Jane Doe"]),
        ("Martin Luther King, Jr.", ["Martin Luther King, Jr"]),
        ("Av Maria Holm", ["Maria Holm"]),
        ("Af Maria Holm og Bo Lind", ["Maria Holm", "Bo Lind"]),
        ("Von Ursula von der Leyen", ["Ursula von der Leyen"]),
        ("De Niro Robert", ["De Niro Robert"]),
        ("dpa", ["dpa"]),
        ("AFP", ["AFP"]),
        ("구현모 기자", ["구현모"]),
        ("取材・文＝山田太郎", ["山田太郎"]),
        ("文／高橋花子", ["高橋花子"]),
        ("本报记者 王小明", ["王小明"]),
        ("記者：李大同", ["李大同"]),
        ("By Jane Doe, Special to the Daily Example", ["Jane Doe"]),
        ("Jane Doe Exclusive for the Daily Example", ["Jane Doe"]),
        ("Zo&amp;euml; O&amp;#39;Hara", ["Zoë O'Hara"]),
        ("Por María José Pérez y Juan Gómez", ["María José Pérez", "Juan Gómez"]),
        ("admin", []),
        ("https://www.facebook.com/example", []),
        ("31.01.2025", []),
        ("", []),
    ],
)
def test_names_are_split_and_stripped(byline: str, names: list[str]) -> None:
    assert names_in(byline) == names


@pytest.mark.parametrize(
    ("name", "person"),
    [
        ("Jane Doe", True),
        ("Ursula von der Leyen", True),
        ("Leonardo da Vinci", True),
        ("구현모", True),
        ("dpa", False),
        ("unserer Redaktion", False),
        ("Posted on", False),
        ("Staff Writer", False),
        ("Jane", False),
    ],
)
def test_persons_are_told_from_the_rest(name: str, person: bool) -> None:
    assert is_person(name) is person


@pytest.mark.parametrize(
    ("head", "body", "authors", "rule"),
    [
        (
            ld(author=[{"@type": "Person", "name": "Jane Doe"}, {"@type": "Organization", "name": "dpa"}]),
            "",
            ("Jane Doe", "dpa"),
            "json-ld author",
        ),
        (
            ld(author={"@type": "Organization", "name": "Daily Example"}, publisher={"name": "Daily Example"}),
            '<p class="byline">By <a href="/authors/jane-doe">Jane Doe</a></p>',
            ("Jane Doe",),
            "byline",
        ),
        (
            ld(author={"@type": "Organization", "name": "Daily Example"}, publisher={"name": "Daily Example"}),
            "",
            ("Daily Example",),
            "json-ld author",
        ),
        (
            ld(author={"@type": "Organization", "name": "Harbour Post"}),
            '<h1>Bridge to be rebuilt</h1><p class="byline">By Jane Doe</p>',
            ("Jane Doe",),
            "byline",
        ),
        (ld(author={"@type": "Organization", "name": "Harbour Post"}), "", ("Harbour Post",), "json-ld author"),
        (
            ld(author={"@type": "Person", "name": "Otto Blogger"}),
            '<h1>Bridge to be rebuilt</h1><p class="byline">By Jane Doe</p>',
            ("Jane Doe",),
            "byline",
        ),
        (
            ld(author={"@type": "Person", "name": "Rosa Lindt"}),
            '<h1>Bridge to be rebuilt</h1><p class="byline">By Rosa Lindt and Ann Lee</p>',
            ("Rosa Lindt", "Ann Lee"),
            "byline",
        ),
        (ld(author="Jane Doe, John Smith"), "", ("Jane Doe", "John Smith"), "json-ld author"),
        (
            '<meta name="author" content="admin"><meta name="parsely-author" content="Jane Doe">',
            "",
            ("Jane Doe",),
            "meta parsely-author",
        ),
        ("", '<div itemscope><span itemprop="author">Jane Doe</span></div>', ("Jane Doe",), "microdata author"),
        ("", '<p><a rel="author" href="/jane">Jane Doe</a></p>', ("Jane Doe",), "rel=author"),
        ("", '<div class="article-author"><span>By</span>Jane Doe<div>Washington</div></div>', ("Jane Doe",), "byline"),
        (
            "",
            '<h1>Bridge</h1><div><a href="/autor/jane-doe-12">Jane Doe</a></div>',
            ("Jane Doe",),
            "header of the article",
        ),
        ("", "<h1>Bridge</h1><p>Von Anna Muster</p>", ("Anna Muster",), "header of the article"),
        ("", "", (), None),
    ],
)
def test_authors_come_from_the_best_source_that_names_persons(
    head: str, body: str, authors: tuple[str, ...], rule: str | None
) -> None:
    article = read(head, body)
    assert (article.authors, article.rules.get("authors")) == (authors, rule)


# -- dates -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-01-31T22:30:00+01:00", datetime(2025, 1, 31, 22, 30, tzinfo=timezone(timedelta(hours=1)))),
        ("2025-01-31T22:30:00.123Z", datetime(2025, 1, 31, 22, 30, tzinfo=UTC)),
        ("2025-01-31T22:30+0530", datetime(2025, 1, 31, 22, 30, tzinfo=timezone(timedelta(hours=5, minutes=30)))),
        ("2025-01-31 22:30:00", datetime(2025, 1, 31, 22, 30, tzinfo=UTC)),
        ("Fri, 31 Jan 2025 22:30:00 -0500", datetime(2025, 1, 31, 22, 30, tzinfo=timezone(timedelta(hours=-5)))),
        ("20250131T223000Z", datetime(2025, 1, 31, 22, 30, tzinfo=UTC)),
        ("1738362600", datetime(2025, 1, 31, 22, 30, tzinfo=UTC)),
        ("1738362600000", datetime(2025, 1, 31, 22, 30, tzinfo=UTC)),
        ("2025/01/31 22:30", datetime(2025, 1, 31, 22, 30, tzinfo=UTC)),
        *(
            (text, datetime(2025, 1, 31, 22, 30, tzinfo=UTC))
            for text in (
                "1738362600.25",
                "1738362600000000",
                "/Date(1738362600000)/",
                "/Date(1738362600000+0100)/",
                "January 31, 2025 10:30 PM",
                "1/31/2025 10:30:00 PM",
                "2025-01-31 10:30 PM",
                "2025-01-31T10:30:00 p.m.",
                "2025/01/31 10:30:00 PM",
                "31/01/2025 22:30",
                "31 Jan 2025 at 22h30",
                "2568-01-31T22:30:00",
                "1403-11-12 22:30",
            )
        ),
        ("2025-01-31T12:15:00 AM", datetime(2025, 1, 31, 0, 15, tzinfo=UTC)),
        ("946720800", datetime(2000, 1, 1, 10, tzinfo=UTC)),
        ("946720800000", datetime(2000, 1, 1, 10, tzinfo=UTC)),
        ("2025-01-31T10:30:00\u221203:00", datetime(2025, 1, 31, 10, 30, tzinfo=timezone(timedelta(hours=-3)))),
        *(
            (text, datetime(2025, 1, 31, 22, 30, tzinfo=timezone(timedelta(hours=1))))
            for text in (
                "Fri Jan 31 2025 22:30:00 GMT+0100 (CET)",
                "Fri Jan 31 2025 22:30:00 GMT+0100 (Central European Standard Time)",
                "Jan 31, 2025 10:30 PM CET",
            )
        ),
    ],
)
def test_machine_dates_are_read_with_their_offset(text: str, expected: datetime) -> None:
    moment = read_moment(text, NOW)
    assert moment is not None
    assert (moment.at, moment.at and moment.at.utcoffset()) == (expected, expected.utcoffset())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "today",
        "2025-13-45",
        "0000-00-00",
        "0001-01-01",
        "9999-12-31",
        "2025-03-01",
        "1969-12-31T23:59:59Z",
        "x" * 5000,
    ],
)
def test_no_date_is_made_up_or_taken_from_the_future(text: str) -> None:
    assert read_moment(text, NOW) is None


@pytest.mark.parametrize(
    ("head", "day", "at", "rule"),
    [
        (
            ld(datePublished="2025-01-31T08:00:00+01:00"),
            "2025-01-31",
            "2025-01-31T08:00:00+01:00",
            "json-ld datePublished",
        ),
        (
            ld(datePublished="2025-02-01T02:00:00Z"),
            "2025-01-31",
            "2025-02-01T02:00:00+00:00",
            "json-ld datePublished, day of the address",
        ),
        (
            ld(datePublished="2025-02-01T02:00:00+01:00"),
            "2025-02-01",
            "2025-02-01T02:00:00+01:00",
            "json-ld datePublished",
        ),
        (
            ld(datePublished="2025-01-31T07:00:00Z")
            + '<meta property="article:published_time" content="2025-01-31T08:00:00+01:00">',
            "2025-01-31",
            "2025-01-31T08:00:00+01:00",
            "json-ld datePublished",
        ),
        (
            ld(datePublished="2031-01-01T00:00:00Z") + '<meta name="date" content="2025-01-30">',
            "2025-01-31",
            None,
            "meta date, day of the address",
        ),
        (
            '<meta itemprop="datePublished" content="2025-01-31T08:00:00Z">',
            "2025-01-31",
            "2025-01-31T08:00:00+00:00",
            "meta datepublished",
        ),
        (ld(datePublished=1738310400000), "2025-01-31", "2025-01-31T08:00:00+00:00", "json-ld datePublished"),
        (ld(datePublished=1738310400), "2025-01-31", "2025-01-31T08:00:00+00:00", "json-ld datePublished"),
        ("", "2025-01-31", None, "day of the address"),
    ],
    ids=[
        "offset",
        "UTC against the address",
        "local day stays",
        "publisher's offset",
        "future",
        "microdata",
        "milliseconds",
        "seconds",
        "address",
    ],
)
def test_publication_has_the_publishers_day_and_offset(head: str, day: str, at: str | None, rule: str) -> None:
    article = read(head)
    assert str(article.published_on) == day
    assert (article.published and article.published.isoformat()) == at
    assert article.rules["published"] == rule


def test_a_page_without_any_date_has_none() -> None:
    article = read(url="https://www.daily-example.org/about-the-bridge")
    assert (article.published, article.published_on, article.modified) == (None, None, None)


def test_modified_is_kept_unless_it_precedes_publication() -> None:
    late = read(ld(datePublished="2025-01-31T08:00:00Z", dateModified="2025-01-31T09:00:00Z"))
    early = read(ld(datePublished="2025-01-31T08:00:00Z", dateModified="2024-01-31T09:00:00Z"))
    assert late.modified == datetime(2025, 1, 31, 9, tzinfo=UTC)
    assert early.modified is None


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://a.org/2025/01/31/x.html", "2025-01-31"),
        ("https://a.org/news/2025-01-31-x", "2025-01-31"),
        ("https://a.org/news/20250131/x", "2025-01-31"),
        ("https://a.org/2025/jan/31/x", "2025-01-31"),
        ("https://a.org/2025/01/x", "None"),
        ("https://a.org/article/20259999", "None"),
    ],
)
def test_days_in_addresses(url: str, day: str) -> None:
    assert str(url_day(url)) == day


# -- site, language and the rest ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "site", "rule"),
    [
        ('<meta property="og:site_name" content="Daily Example">', "Daily Example", "og:site_name"),
        (
            '<meta property="og:site_name" content="Security">' + ld(publisher={"name": "Daily Example"}),
            "Daily Example",
            "json-ld publisher.name",
        ),
        (
            ld(publisher={"@type": "Organization", "name": "Daily Example Verlags GmbH"})
            + "<title>Bridge | Daily Example</title>",
            "Daily Example",
            "title",
        ),
        ("", "daily-example.org", "host"),
    ],
    ids=["og", "section as site name", "legal name", "host"],
)
def test_the_site_is_called_as_its_host_says(head: str, site: str, rule: str) -> None:
    article = read(head)
    assert (article.site, article.rules["site"]) == (site, rule)


SPANISH = (
    "<p>El ayuntamiento votó el martes por la noche a favor de reconstruir el viejo puente sobre el río, después de"
    " que los ingenieros encontraran grietas en tres de sus cinco pilares.</p>"
    "<p>La alcaldesa dijo a los periodistas que los autobuses serán desviados por el barrio norte desde el lunes y que"
    " los comercios recibirán una compensación.</p>"
)


@pytest.mark.parametrize(
    ("html", "head", "body", "lang", "rule"),
    [
        ("<html lang=en-GB>", "", STORY, "en", "html lang"),
        ("<html lang=es>", "", SPANISH, "es", "html lang"),
        ("<html>", '<meta property="og:locale" content="en_US">', STORY, "en", "og:locale"),
        ("<html>", ld(inLanguage="en"), STORY, "en", "json-ld inLanguage"),
        ("<html>", "", STORY, "en", "text"),
        ("<html>", "", SPANISH, "es", "text"),
        ("<html lang=en-US>", "", SPANISH, "es", "text"),
        ("<html lang=en-US>", '<meta property="og:locale" content="es_MX">', SPANISH, "es", "og:locale"),
        ("<html lang=gl>", "", "<p>Muy breve.</p>" + "<p>Uno.</p>" * 30, "gl", "html lang"),
        ("<html lang=de>", "", STORY.replace("council", "Rat"), "en", "text"),
    ],
)
def test_language_is_what_the_page_says_unless_its_text_is_in_another(
    html: str, head: str, body: str, lang: str, rule: str
) -> None:
    payload = f"<!DOCTYPE html>{html}<head>{head}</head><body><article><h1>Bridge</h1>{body}</article></body></html>"
    found = extract(Page(URL, payload.encode(), "utf-8", "text/html", NOW)).article
    assert found is not None
    assert (found.lang, found.rules["lang"]) == (lang, rule)


def test_a_quotation_in_another_language_does_not_make_the_article_foreign() -> None:
    quoted = STORY.split("</p>")[0] + "</p>" + SPANISH + SPANISH
    payload = f"<html lang=es><body><article><h1>Puente</h1>{quoted}</article></body></html>"
    found = extract(Page(URL, payload.encode(), "utf-8", "text/html", NOW)).article
    assert found is not None
    assert found.lang == "es"


BRIDGE = (
    "The town council voted on Tuesday night to close the old bridge over the river for at least two years, after "
    "engineers had found cracks in three of its five pillars. Buses will be sent through the northern quarter from "
    "Monday, and shops that lose trade are to be paid by the county, the mayor told reporters."
)
PUENTE = re.sub("<[^>]+>", " ", SPANISH)
DUTCH = (
    "de gemeenteraad besloot dinsdagavond om de oude brug over de rivier ten minste twee jaar te sluiten, nadat "
    "ingenieurs scheuren hadden gevonden in drie van de vijf pijlers. In het weekend was het water zo hoog dat we er "
    "met de bus niet meer over konden, zei een man die in het dorp is geboren."
)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Die Stadt hat am Dienstag beschlossen, die alte Brücke über den Fluss zu sperren.", "de"),
        ("Городской совет закрыл старый мост через реку после того, как инженеры нашли трещины.", "ru"),
        ("市议会星期二晚上投票决定关闭河上的旧桥至少两年。", "zh"),
        ("市議会は火曜日の夜、川に架かる古い橋を少なくとも二年間閉鎖することを決めた。", "ja"),
        (BRIDGE, "en"),
        (f"«The Lord of the Rings» y «The Return of the King» se leen en la escuela. {PUENTE}", "es"),
        (f"The Best of the Blues, The Voice of the People: {DUTCH}", "nl"),
        ("12:30", ""),
        ("", ""),
    ],
)
def test_the_language_of_a_text_alone(text: str, lang: str) -> None:
    assert language_of(text) == lang


GERMAN = (
    "Der Stadtrat hat am Dienstagabend beschlossen, die alte Brücke über den Fluss für mindestens zwei Jahre zu "
    "sperren, nachdem Ingenieure in drei der fünf Pfeiler Risse gefunden hatten. Die Busse werden von Montag an durch "
    "das nördliche Viertel geleitet, und die Läden sollen eine Entschädigung erhalten, sagte die Bürgermeisterin."
)
FRENCH = (
    "Le conseil municipal a voté mardi soir la fermeture du vieux pont pour une durée de deux ans, car les ingénieurs "
    "ont trouvé des fissures dans trois des cinq piliers. Les bus passeront dans le quartier nord, et les commerces "
    "qui perdent des clients seront aidés, a dit la maire, qui est dans son bureau avec les élus pour en parler."
)
LUXEMBOURGISH = (
    "D'Gemeng huet en Dënschdeg decidéiert, déi al Bréck iwwer d'Musel op d'mannst zwee Joer laang zouzemaachen, "
    "nodeems d'Ingenieuren Rëss an dräi vun de fënnef Peiler fonnt hunn. De Buergermeeschter sot, datt d'Busser vu "
    "Méindeg un duerch den Norde vum Duerf gefouert ginn an datt d'Geschäfter Geld kréien, wa si manner verkafen."
)


@pytest.mark.parametrize(("text", "lang"), [(BRIDGE, "en"), (GERMAN, "de"), (FRENCH, "fr")])
def test_what_small_words_tell_needs_no_detector(text: str, lang: str) -> None:
    """Nor does it cost what loading one does: most of the time that a short import takes."""
    assert without_detector(text) == lang


@pytest.mark.parametrize(
    "text", [PUENTE, DUTCH, LUXEMBOURGISH, f"{GERMAN[:140]} {FRENCH[:40]} 市議会は火曜日の夜" + "、" * 90]
)
def test_what_they_leave_open_is_for_the_detector(text: str) -> None:
    assert without_detector(text) == "asked"


def without_detector(text: str) -> str:
    """The language of a text where there is none, or "asked"."""
    script = (
        "import sys; sys.modules['py3langid'] = None\n"
        "from archive.extraction.language import language_of\n"
        f"try: print(language_of({text!r}))\n"
        "except ModuleNotFoundError: print('asked')\n"
    )
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.strip()


def test_keywords_sections_description_and_canonical_address() -> None:
    article = read(
        ld(keywords="Bridge, Council,bridge", articleSection=["Politics", "Local"])
        + '<link rel="canonical" href="/politics/bridge.html"><meta name="description" content="What was decided.">'
    )
    assert article.keywords == ("Bridge", "Council")
    assert article.sections == ("Politics", "Local")
    assert article.description == "What was decided."
    assert article.canonical_url == "https://www.daily-example.org/politics/bridge.html"
    assert set(article.rules) >= {"title", "keywords", "sections", "description", "canonical_url", "text"}


# -- JSON-LD as it is -------------------------------------------------------------------------------------------------

NODE = '{"@type": "NewsArticle", "headline": "Bridge to be rebuilt", "datePublished": "2025-01-31"}'


@pytest.mark.parametrize(
    "script",
    [
        NODE,
        f"[{NODE}]",
        f'{{"@context": "https://schema.org", "@graph": [{{"@type": "WebSite"}}, {NODE}]}}',
        f"<!-- {NODE} -->",
        f"//<![CDATA[\n{NODE}\n//]]>",
        f"{NODE};",
        NODE.replace("}", ",}"),
        NODE.replace("rebuilt", "re\tbuilt\n"),
        NODE.replace('"', "&quot;"),
        NODE.replace("Bridge", "Bri\\dge"),
        f"{NODE}{NODE}",
        f"/* data */ {NODE}",
        NODE[:-1],
        NODE.replace("to be", 'to "be"'),
        f'{{"@type": "WebPage", "mainEntity": {NODE}}}',
    ],
    ids=[
        *(
            "plain",
            "list",
            "graph",
            "comment",
            "CDATA",
            "semicolon",
            "trailing comma",
            "control characters",
            "entities",
        ),
        *("bad escape", "two in a row", "JavaScript comment", "cut", "bare quotes", "nested"),
    ],
)
def test_broken_json_ld_still_says_what_it_can(script: str) -> None:
    found = read_jsonld([script], lambda _: False)
    assert found.article.get("datePublished") == "2025-01-31"


def test_the_node_of_this_page_is_taken_not_that_of_another() -> None:
    other = {"@type": "NewsArticle", "headline": "Another", "url": "https://a.org/other", "datePublished": "2020-01-01"}
    mine = {"@type": "Article", "headline": "This one", "mainEntityOfPage": {"@id": "https://a.org/this"}}
    listed = {"@type": "ItemList", "itemListElement": [{"item": {**other, "author": "X"}}]}
    found = read_jsonld([json.dumps([listed, other, mine])], lambda url: url == "https://a.org/this")
    assert found.article["headline"] == "This one"


@pytest.mark.parametrize(
    "script",
    ["[" * 100_000, '{"a":' * 100_000, "", "null", "{" * 10 + '"x"', json.dumps([{"@type": "Article"}] * 20_000)],
)
def test_json_ld_bombs_are_bounded(script: str) -> None:
    assert read_jsonld([script], lambda _: False).article in ({}, {"@type": "Article"})
