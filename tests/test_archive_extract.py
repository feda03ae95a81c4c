"""What `extract` promises for real and for hostile payloads (C01–C11): an outcome, the right text, in bounded time."""

from __future__ import annotations

import codecs
import json
import subprocess
import sys
import threading
import time
import unicodedata
from multiprocessing import get_context

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.extraction import Extracted, Page, extract
from archive.extraction.blocks import key, read_blocks
from archive.extraction.decode import clean_markup, clean_text, decode
from archive.extraction.guard import Late, read_in_child
from archive.extraction.labels import REPLACEMENT, codec_of
from archive.extraction.parse import Suspicious, flatten, parse
from archive.extraction.plain import plain_text
from archive.extraction.sniff import media_type
from archive.model import Outcome, Resources

URL = "https://www.example.org/news/story-of-the-day.html"
PARAGRAPHS = (
    "The council of the small town on the river voted on Tuesday evening to rebuild the old bridge.",
    "Work is to begin in the spring and should be finished before the snow comes, the mayor said after the vote.",
    "Residents had asked for years that something be done about the bridge, which has been closed to lorries.",
    "The state will pay for two thirds of the costs, according to the ministry; the rest comes from the town.",
)
STORY = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)


def page(body: str, *, head: str = "") -> bytes:
    return f"<!DOCTYPE html><html><head><title>The old bridge</title>{head}</head><body>{body}</body></html>".encode()


def read(payload: bytes, charset: str | None = "utf-8", label: str | None = "text/html") -> Extracted:
    return extract(Page(URL, payload, charset, label))


def text_of(found: Extracted) -> str:
    assert found.article is not None, found
    return found.article.text


# -- what the bytes are ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("payload", "kind"),
    [
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + bytes(40), "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "image/png"),
        (b"PK\x03\x04\x14\x00\x00\x00\x08\x00" + bytes(40), "application/zip"),
        (b"\x1f\x8b\x08\x00" + bytes(40), "application/gzip"),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 " + bytes(20), "image/webp"),
        (b"\x00\x00\x00\x20ftypisom" + bytes(40), "video/mp4"),
        (bytes(range(256)) * 8, "application/octet-stream"),
    ],
    ids=["jpeg", "png", "zip", "gzip", "webp", "mp4", "noise"],
)
def test_binary_data_labelled_html_is_not_text(payload: bytes, kind: str) -> None:
    """C09: stored as what it is, not indexed as text."""
    found = read(payload)
    assert (found.article, found.outcome, found.media_type) == (None, Outcome.NOT_TEXT, kind)


@pytest.mark.parametrize(
    ("payload", "label", "kind"),
    [
        (b"<html><p>x", "application/octet-stream", "text/html"),
        (b"plain words", "text/plain", "text/plain"),
        (b"plain words", None, "text/plain"),
        (b'{"a": 1}', "application/json; charset=utf-8", "application/json"),
        (b"<?xml version='1.0'?><rss></rss>", "application/rss+xml", "application/rss+xml"),
        ("<html><p>naïve".encode("utf-16"), "text/html", "text/html"),
        ("<html><p>plain".encode("utf-16-le"), None, "text/html"),
        ("<html><p>Паром через залив".encode("utf-16-le"), "text/html", "text/html"),
        ("<html><p>フェリーは月末で廃止".encode("utf-16-be"), "text/html", "text/html"),
        (b"BMW builds cars", "text/plain", "text/plain"),
        (b"", "text/html", "text/html"),
    ],
)
def test_media_type_is_what_the_bytes_are(payload: bytes, label: str | None, kind: str) -> None:
    assert media_type(payload, label) == kind


# -- encodings -------------------------------------------------------------------------------------------------------

ENGLISH = "It’s the mayor’s “last” word – naïve, she said…"
FRENCH = "L’été dernier, le maire a déjà été élu : « c’est naïf », dit-il. Où ça ? À Noël, bien sûr."
GERMAN = "Die Straße über die Brücke bleibt gesperrt, hieß es am Dienstag in Köln; für Fußgänger ist sie geöffnet."
JAPANESE = (
    "市議会は火曜日の夜、古い橋を建て直すことを決めた。工事は春に始まり、雪が降る前に終わる予定だと市長は述べた。"
)
KOREAN = "시의회는 화요일 저녁 낡은 다리를 다시 짓기로 결정했다. 공사는 봄에 시작될 예정이라고 시장은 말했다."
TRADITIONAL = "市議會在星期二晚上決定重建這座老橋。市長表示，工程將於春天開始，並會在下雪之前完成，這是他說的。"
SIMPLIFIED = "市议会在星期二晚上决定重建这座老桥。市长表示，工程将于春天开始，并会在下雪之前完成，这是他说的。"
RUSSIAN = (
    "Городской совет во вторник вечером решил восстановить старый мост. Работы начнутся весной, сказал мэр города."
)


@pytest.mark.parametrize("label", ["utf-8", "iso-8859-1", "us-ascii", None, "none", "no-such-charset"])
@pytest.mark.parametrize("text", [ENGLISH, FRENCH, GERMAN], ids=["English", "French", "German"])
def test_windows_1252_is_read_whatever_it_is_called(text: str, label: str | None) -> None:
    """C06: apostrophes and accents survive a wrong label."""
    assert decode(f"<p>{text}</p>".encode("cp1252"), label) == f"<p>{text}</p>"


@pytest.mark.parametrize("label", ["iso-8859-1", "windows-1252", "utf-8", None])
@pytest.mark.parametrize("text", [ENGLISH, FRENCH, JAPANESE], ids=["English", "French", "Japanese"])
def test_utf8_is_read_whatever_it_is_called(text: str, label: str | None) -> None:
    assert decode(f"<p>{text}</p>".encode(), label) == f"<p>{text}</p>"


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        (JAPANESE, "iso2022_jp"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc_jp"),
        (KOREAN, "euc_kr"),
        (TRADITIONAL, "big5"),
        (SIMPLIFIED, "gb18030"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (ENGLISH, "utf-16"),
        (ENGLISH, "utf-16-le"),
        (ENGLISH, "utf-16-be"),
    ],
    ids=lambda value: value if len(value) < 12 else "",
)
def test_unlabelled_encodings_are_detected(text: str, codec: str) -> None:
    """C07, C08: without any label."""
    markup = f"<html><body><div class='story'><p>{text}</p></div></body></html>"
    assert text in decode(markup.encode(codec), None)


@pytest.mark.parametrize(
    ("payload", "label"),
    [
        (b"\xef\xbb\xbf" + f"<meta charset=iso-8859-1><p>{FRENCH}".encode(), "windows-1252"),
        (f"<meta charset=utf-16><p>{FRENCH}".encode(), None),
        (b"<p>" + b" " * 5000 + f'<meta charset="shift_jis"><p>{JAPANESE}'.encode("shift_jis"), None),
        (f'<meta http-equiv=content-type content="text/html; charset=big5"><p>{TRADITIONAL}'.encode("big5"), None),
        (f'<?xml version="1.0" encoding="euc-kr"?><p>{KOREAN}'.encode("euc_kr"), None),
        (f"<meta charset=utf-8><p>{JAPANESE}".encode("euc_jp"), "EUC-JP"),
    ],
    ids=["mark beats labels", "utf-16 in a meta", "meta after 5 kB", "http-equiv", "xml", "header beats meta"],
)
def test_labels_are_weighed_as_browsers_do(payload: bytes, label: str | None) -> None:
    """C08."""
    decoded = decode(payload, label)
    assert any(text in decoded for text in (FRENCH, JAPANESE, TRADITIONAL, KOREAN))


def test_a_few_broken_bytes_do_not_make_utf8_something_else() -> None:
    assert FRENCH in decode(FRENCH.encode() + b" \xff\xfe " + FRENCH.encode(), "utf-8")


# The names of the standard with a label of each that is not its name, and a text that it can hold.
LABELS = [
    ("unicode20utf8", "utf-8", JAPANESE),
    ("CSIBM866", "cp866", RUSSIAN),
    ("latin2", "iso8859-2", "Zażółć gęślą jaźń. Prezydent Łodzi powiedział, że święto się odbędzie."),
    ("l3", "iso8859-3", "Ħafna nies marru l-festa, għax ġiet iċċelebrata fil-ħinijiet ġodda tal-belt."),
    ("latin4", "iso8859-4", "Valsts prezidents teica, ka svētki notiks, un ļoti daudzi viesi būs klāt."),
    ("iso-ir-144", "iso8859-5", RUSSIAN),
    ("asmo-708", "iso8859-6", "قال الرئيس إن الاحتفال سيقام في المدينة القديمة يوم الجمعة"),
    ("elot_928", "iso8859-7", "Ο πρόεδρος είπε ότι η γιορτή θα γίνει στην παλιά πόλη"),
    ("visual", "iso8859-8", "ראש העיר אמר כי החגיגה תתקיים בעיר העתיקה"),
    ("logical", "iso8859-8", "ראש העיר אמר כי החגיגה תתקיים בעיר העתיקה"),
    ("latin6", "iso8859-10", "Á Íslandi sagði forsetinn að hátíðin yrði haldin í Þórshöfn"),
    ("iso885913", "iso8859-13", "Prezidentas sakė, kad šventė įvyks sename mieste, ir žmonės džiaugėsi"),
    ("iso885914", "iso8859-14", "Dywedodd y llywydd y bydd yr ŵyl yn y dref, a'r tŷ ar ei newydd wedd"),
    ("l9", "iso8859-15", "Le maire a dépensé 3 000 € pour l’œuvre".replace("’", "'")),
    ("iso-8859-16", "iso8859-16", "Președintele a spus că sărbătoarea va avea loc în orașul vechi și că ține"),
    ("koi", "koi8-r", RUSSIAN),
    ("koi8-ru", "koi8-u", "Президент сказав, що свято відбудеться в місті, і їх буде багато"),
    ("mac", "mac-roman", GERMAN),
    ("dos-874", "cp874", "ประธานาธิบดีกล่าวว่างานจะจัดขึ้นในเมืองเก่า"),
    ("x-cp1250", "cp1250", "Zażółć gęślą jaźń. Prezydent Łodzi powiedział, że święto się odbędzie."),
    ("x-cp1251", "cp1251", RUSSIAN),
    ("iso_8859-1:1987", "cp1252", ENGLISH),
    ("x-cp1253", "cp1253", "Ο πρόεδρος είπε ότι η γιορτή θα γίνει στην παλιά πόλη"),
    ("iso-ir-148", "cp1254", "Başkan şenliğin eski şehirde yapılacağını söyledi, görüşmeler sürüyor"),
    ("x-cp1255", "cp1255", "ראש העיר אמר כי החגיגה תתקיים בעיר העתיקה"),
    ("x-cp1256", "cp1256", "قال الرئيس إن الاحتفال سيقام في المدينة القديمة يوم الجمعة"),
    ("x-cp1257", "cp1257", "Prezidentas sakė, kad šventė įvyks sename mieste, ir žmonės džiaugėsi"),
    ("x-cp1258", "cp1258", "Hôm qua, ông âm đên"),
    ("x-mac-ukrainian", "mac-cyrillic", RUSSIAN),
    ("csiso58gb231280", "gb18030", SIMPLIFIED),
    ("cn-big5", "big5hkscs", TRADITIONAL),
    ("cseucpkdfmtjapanese", "euc_jp", JAPANESE),
    ("csiso2022jp", "iso2022_jp", JAPANESE),
    ("csshiftjis", "cp932", JAPANESE),
    ("ks_c_5601-1989", "cp949", KOREAN),
    ("x-user-defined", "cp1252", ENGLISH),
]


@pytest.mark.parametrize(("label", "codec", "text"), LABELS, ids=[label for label, *_ in LABELS])
def test_every_name_of_the_encoding_standard_is_read(label: str, codec: str, text: str) -> None:
    """By the label of the header and by that of the page alike."""
    assert text in decode(f"<p>{text}</p>".encode(codec), label)
    assert text in decode(f"<meta charset='{label}'><p>{text}</p>".encode(codec), None)


def test_all_labels_of_the_encoding_standard_are_known() -> None:
    """228 labels, six of which stand for the replacement; Python can decode what each of the others means."""
    from archive.extraction import labels

    beyond = set("latin-1 ansi latin9 cp874 cp932 cp936 cp949 euc-cn".split())
    assert len(labels.KNOWN - beyond) + len(REPLACEMENT) == 228
    assert not labels.KNOWN & REPLACEMENT
    assert all(codecs.lookup(codec_of(label) or "") for label in labels.KNOWN)


@pytest.mark.parametrize("label", sorted(REPLACEMENT))
def test_encodings_that_browsers_do_not_read_are_told(label: str) -> None:
    """What is in one is not taken for text; what only is called so is read, and both are said."""
    page = f"<html><meta charset='{label}'><h1>A bridge</h1><p>" + "</p><p>".join(PARAGRAPHS)
    for payload, charset in ((page.encode(), None), (page.replace(label, "utf-8").encode(), label)):
        found = extract(Page(URL, payload, charset, "text/html"))
        assert (found.outcome, label in found.detail) == (Outcome.OK, True)
    for codec in ("iso2022_kr", "hz"):
        shifted = (page + (KOREAN if codec == "iso2022_kr" else SIMPLIFIED) * 3).encode(codec)
        found = extract(Page(URL, shifted, None, "text/html"))
        assert (found.article, found.outcome, label in found.detail) == (None, Outcome.NO_TEXT, True)


@pytest.mark.parametrize("label", ["rot13", "zip", "utf-7", "idna", "unicode_escape", "hex"])
def test_only_encodings_of_the_web_are_labels(label: str) -> None:
    assert codec_of(label) is None


# -- characters ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "mark", ["&#1;", "&#xFFFF;", "&#0;", "\x00", "\x01", "&#xD800;", "&#99999999999;", "\ufffe", "\x1b[31m"]
)
def test_characters_that_may_not_be_do_not_cost_the_article(mark: str) -> None:
    """C04, C05: trafilatura alone returns nothing for some of these."""
    body = STORY.replace("mayor", f"ma{mark}yor")
    text = text_of(read(page(f"<article>{body}</article>")))
    assert "the rest comes from the town." in text
    assert not [char for char in text if ord(char) < 32 and char != "\n"]


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("cafe\u0301", "café"),
        ("Heli\u00adkop\u00adter", "Helikopter"),
        ("a\u202eb\u2066c", "abc"),
        ("two\xa0words", "two words"),
        ("क्\u200dष", "क्\u200dष"),
    ],
    ids=["NFD", "soft hyphen", "bidi", "no-break space", "joiner kept"],
)
def test_text_is_stored_clean(raw: str, clean: str) -> None:
    assert clean_text(raw) == clean


odd = st.sampled_from(
    [*"a é\u0085\u0080\x00\x0b\x0c\x1b\x7f\t\n\ufdd0\ufdf0\uffff\ufffd日𝒜\ud800\ud7ff\ue000_-’1²", "&#0;", "&#x80;"]
)


@given(st.lists(odd | st.characters(), max_size=40).map("".join))
def test_whatever_may_not_be_is_gone_and_all_else_is_there(text: str) -> None:
    clean = clean_markup(text.replace("&", ""))
    may_be = [char for char in text if char != "&" and not _may_not_be(char)]
    assert clean == "".join(" " if char in "\x0b\x0c" else char for char in may_be)


def _may_not_be(char: str) -> bool:
    code = ord(char)
    nothing = code & 0xFFFE == 0xFFFE and code < 0x10000
    return (
        nothing
        or 0xFDD0 <= code <= 0xFDEF
        or (unicodedata.category(char) in ("Cc", "Cs") and char not in "\t\n\v\f\r\x85")
    )


@given(
    st.binary(max_size=60)
    | st.lists(odd, max_size=30).map(lambda parts: "".join(parts).encode("utf-8", "surrogatepass"))
)
def test_what_was_read_from_utf8_is_as_clean_as_any_text(payload: bytes) -> None:
    text = decode(payload, "utf-8")
    assert clean_markup(text) == text


@given(st.lists(odd | st.characters(), max_size=40).map("".join))
def test_the_key_of_a_line_is_its_letters_and_digits(text: str) -> None:
    whole = unicodedata.normalize("NFC", text)
    assert key(text) == "".join(char for char in whole if char.isalnum()).casefold()


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("&#146;", "’"),
        ("&#x80;", "€"),
        ("&#39;", "&#39;"),
        ("&#x1F600;", "&#x1F600;"),
        ("&#8217;", "&#8217;"),
        ("&#;", "&#;"),
    ],
)
def test_references_mean_what_browsers_take_them_for(raw: str, clean: str) -> None:
    assert clean_markup(raw) == clean


# -- nesting and attribute bombs ---------------------------------------------------------------------------------------

BOMBS = {
    "1,000 divs": "<div>" * 1_000 + STORY + "</div>" * 1_000,
    "10,000 divs": "<div>" * 10_000 + STORY + "</div>" * 10_000,
    "100,000 divs": "<div>" * 100_000 + STORY,
    "20,000 attributes": "<div " + " ".join(f'a{number}="x"' for number in range(20_000)) + f">{STORY}</div>",
    "200,000 attributes": "<div " + " ".join(f'a{number}="<>"' for number in range(200_000)) + f">{STORY}</div>",
    "misnested": "<b><font>" * 10_000 + STORY + "</b></font>" * 10_000,
    "5,000 tables": "<table><tr><td>" * 5_000 + STORY,
    "a million <": "<" * 1_000_000 + STORY,
    "unclosed quotes": "<p title='" * 20_000 + "'>" + STORY,
    "lists in lists": "<ul><li>" * 3_000 + STORY,
    "depth hidden by comments": "<div><!-- </div> -->" * 3_000 + STORY,
    "unclosed scripts": STORY + "<script>" * 50_000,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", BOMBS)
def test_bombs_give_their_text_in_time_and_memory(name: str) -> None:
    """C01, C02, C03, C10: under 30 s and 500 MB, measured from outside, and the story is found."""
    script = (
        "import re, resource, sys, time\n"
        "from archive.extraction import Page, extract\n"
        "start = time.monotonic()\n"
        f"found = extract(Page({URL!r}, sys.stdin.buffer.read(), 'utf-8', 'text/html'))\n"
        # Not RUSAGE_SELF: that begins with the memory of the process that forked this one.
        "own = int(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1])\n"
        "usage = [own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss]\n"
        "text = found.article.text if found.article else ''\n"
        "print(int('snow comes' in text), max(usage) // 1024, time.monotonic() - start, found.outcome.name)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], input=page(BOMBS[name]), capture_output=True, check=True, timeout=60
    )
    has_text, megabytes, seconds, outcome = done.stdout.decode().split()
    assert float(seconds) < 30
    assert int(megabytes) < 500
    assert (has_text, outcome) == ("1", "OK")


@pytest.mark.slow
def test_one_line_of_thirty_megabytes_is_capped() -> None:
    """C10: as large as the fetcher lets through."""
    before = time.monotonic()
    found = read(page("<p>" + "word " * 6_000_000))
    assert time.monotonic() - before < 30
    assert found.outcome in (Outcome.OK, Outcome.NO_TEXT)


def test_a_deep_page_keeps_its_headline_and_paragraphs() -> None:
    """Flattening saves the structure, so that the fallback without a tree is not needed."""
    found = read(page("<article><h1>The old bridge</h1>" + "<div>" * 2_000 + STORY + "</div>" * 2_000 + "</article>"))
    assert found.article is not None
    assert found.article.title == "The old bridge"
    assert found.article.text == "\n".join(PARAGRAPHS)
    assert "too deep" not in found.article.flags


@pytest.mark.parametrize("section", ["article", "main", "header"])
def test_a_page_whose_tag_of_the_body_is_left_out_has_its_links_and_images(section: str) -> None:
    """As HTML allows; the tag of the head may be left out, too."""
    story = (
        f"<{section}><h1>The old bridge</h1><img src=/bridge.png>{STORY}<p>As <a href=//a.example/x>they say</a>.</p>"
    )
    markup = f"<!doctype html><title>The old bridge</title><meta name=author content='Ada Brandt'>{story}</{section}>"
    found = extract(Page(URL, markup.encode(), "utf-8", "text/html", resources=Resources.IMAGES))
    assert found.article is not None
    assert (found.article.title, found.article.authors) == ("The old bridge", ("Ada Brandt",))
    assert [link.url for link in found.article.links] == ["https://a.example/x"]
    assert [one.url for one in found.resources] == ["https://www.example.org/bridge.png"]


def test_harmless_pages_are_read_here_and_suspicious_ones_are_not() -> None:
    assert parse(page(STORY).decode()) is not None
    with pytest.raises(Suspicious, match="deep"):
        parse(page("<div>" * 1_000 + STORY).decode())


@pytest.mark.parametrize(
    "markup", [STORY, "<ul>" + "<li>x" * 900 + "</ul>", "<p>a" * 900, "<br><img src=a>" * 500, "<tr><td>x" * 800]
)
def test_flattening_leaves_ordinary_markup_alone(markup: str) -> None:
    assert flatten(markup) == markup


def test_the_last_resort_takes_text_without_a_tree() -> None:
    assert plain_text(
        "<script>var a = '<p>no</p>'</script><p>One <b>bold</b> word</p><!-- no --><div>Two &amp; three</div>"
    ) == ("One bold word\nTwo & three")


def test_the_child_is_stopped_at_its_deadline() -> None:
    with pytest.raises(Late, match="within 0 s"):
        read_in_child(Page(URL, page(STORY)), deadline=0.01)


def test_what_counts_is_the_processor_time_of_the_child_and_not_how_busy_the_machine_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("archive.extraction.guard.PATIENCE", 60)
    with pytest.raises(Late, match="within 1 s of processor time"):
        read_in_child(Page(URL, page("<div>" * 300 + STORY * 3_000)), deadline=1.0)


def _in_worker(payload: bytes) -> str:
    return text_of(read(payload))


def test_guarded_pages_can_be_read_by_daemonic_workers_and_threads() -> None:
    """A pool's workers are daemonic and may have no children by multiprocessing."""
    deep = page("<div>" * 1_000 + STORY)
    with get_context("spawn").Pool(1) as pool:
        assert "snow comes" in pool.apply(_in_worker, (deep,))
    texts: list[str] = []
    thread = threading.Thread(target=lambda: texts.append(_in_worker(deep)))
    thread.start()
    thread.join()
    assert "snow comes" in texts[0]


# -- outcomes --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ("", Outcome.NO_TEXT),
        ("<div><img src=a.jpg></div>", Outcome.NO_TEXT),
        ("<p>Just a moment please.</p>", Outcome.TOO_SHORT),
        (f"<article><h1>Bridge</h1><p>{PARAGRAPHS[1]}</p></article>", Outcome.OK),
        ("<article><p>" + JAPANESE + "</p></article>", Outcome.OK),
    ],
    ids=["empty", "picture", "one line", "a brief of one sentence", "a brief in Japanese"],
)
def test_outcomes_say_what_was_found(body: str, outcome: Outcome) -> None:
    """C11: a page without text says so; a real brief, however short, is an article."""
    found = read(page(body))
    assert found.outcome is outcome
    assert (found.article is None) == (outcome is not Outcome.OK)


def test_a_teaser_marked_as_paid_is_a_paywall_and_keeps_its_article() -> None:
    node = '{"@type":"NewsArticle","headline":"The old bridge","isAccessibleForFree":"False"}'
    head = f'<script type="application/ld+json">{node}</script>'
    found = read(page(f"<article><p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p></article>", head=head))
    assert found.outcome is Outcome.PAYWALL
    assert PARAGRAPHS[0] in text_of(found)


def test_plain_text_is_an_article_with_its_first_line_as_title() -> None:
    found = read(b"The old bridge\n\nIt is to be rebuilt, see https://example.com/plan.\n", None, "text/plain")
    assert found.article is not None
    assert (found.article.title, [link.url for link in found.article.links]) == (
        "The old bridge",
        ["https://example.com/plan"],
    )


def test_the_headline_captions_and_other_stories_are_not_the_text() -> None:
    lead = "After years of talk the town has decided what to do."
    body = (
        f"<article><h1>The old bridge is to be rebuilt</h1><p class='standfirst'>{lead}</p>"
        f"<figure><img src=a><figcaption>The bridge on a day in May. Photo: A. Smith</figcaption></figure>{STORY}"
        "<p><a href='/news/another-story-1.html'>Another story of the week from the same town</a></p></article>"
    )
    assert text_of(read(page(body))) == "\n".join([lead, *PARAGRAPHS])


def test_what_the_page_calls_its_headline_is_not_the_text_whatever_the_title_is() -> None:
    head = '<meta property="og:title" content="The old bridge">'
    found = read(page(f"<article><div><h1>Council decides</h1>{STORY}</div></article>", head=head))
    assert text_of(found) == "\n".join(PARAGRAPHS)


def test_classes_of_the_whole_page_do_not_make_it_a_menu() -> None:
    body = f"<article><h1>The old bridge</h1>{STORY}</article><div class=menu><p>{PARAGRAPHS[0]} Subscribe!</p></div>"
    markup = page(body).replace(b"<body>", b'<body class="single two-columns mobile-menu-one">')
    blocks = read_blocks(parse(markup.decode()), URL)
    assert [run.zone is not None for run in blocks.runs if "council" in run.text] == [False, True]


def test_a_labelled_link_to_another_story_is_not_the_text_and_a_paragraph_with_one_is() -> None:
    other = '<a href="/news/other.html">The other bridge fell down last night</a>'
    paragraph = f"<p>The mayor said that it had been known for years, and that nobody had looked: {other}</p>"
    text = text_of(read(page(f"<article>{STORY}<p><b>Related: </b>{other}</p>{paragraph}{STORY[:200]}</article>")))
    assert "Related" not in text
    assert "nobody had looked: The other bridge" in text


def test_a_text_that_lost_its_paragraphs_gets_them_back_from_the_page() -> None:
    """Where markup is too odd for the extractor, it takes the page's data, which often is one line."""
    long = [f"{paragraph} That was point {number} of the evening." for number, paragraph in enumerate(PARAGRAPHS * 3)]
    data = json.dumps({"@type": "NewsArticle", "headline": "The old bridge", "articleBody": " ".join(long)})
    spans = "<br><br>".join(f"<span>{paragraph}</span>" for paragraph in long)
    head = f'<script type="application/ld+json">{data}</script>'
    text = text_of(read(page(f"<div><div>{spans}</div></div>", head=head)))
    assert text.split("\n") == long


def test_a_body_in_data_is_read_without_its_markup() -> None:
    body = 'The [council](https://example.org/c_(town)){: target="_blank"} voted for *bridges*{: .small} 2*3*4. ' * 9
    data = json.dumps({"@type": "NewsArticle", "headline": "The old bridge", "articleBody": body})
    text = text_of(read(page("<div>Please wait.</div>", head=f'<script type="application/ld+json">{data}</script>')))
    assert text == " ".join(["The council voted for bridges 2*3*4."] * 9)


def test_a_body_drawn_by_script_is_found_in_its_data() -> None:
    data = '{"props":{"page":{"content":"' + STORY.replace('"', '\\"') + '","id":"x"}}}'
    found = read(page(f'<div id="__next"></div><script id="__NEXT_DATA__" type="application/json">{data}</script>'))
    assert text_of(found) == "\n".join(PARAGRAPHS)
    assert found.article is not None
    assert found.article.rules["text"] == "json script"


def test_the_second_opinion_agrees_with_the_first_where_all_is_clear() -> None:
    payload = page(
        f"<nav><a href=/a>Home</a></nav><article><h1>The old bridge</h1>{STORY}{STORY.replace('the', 'a')}</article>"
    )
    first, second = read(payload), extract(Page(URL, payload, "utf-8", "text/html"), second_opinion=True)
    assert text_of(first) == text_of(second)


@pytest.mark.parametrize("second_opinion", [False, True])
def test_a_text_that_leaves_out_most_of_the_page_is_doubtful(second_opinion: bool) -> None:
    """And one that covers it is not."""
    chatter = "".join(f"<div class=c{n}><div><p>{p} {n}.</p></div></div>" for n, p in enumerate(PARAGRAPHS * 6))
    found = [
        extract(Page(URL, page(body), "utf-8", "text/html"), second_opinion=second_opinion).article
        for body in (
            f"<article><h1>The old bridge</h1>{STORY}{STORY}</article>",
            f"<article>{STORY}</article>{chatter}",
        )
    ]
    assert [one is not None and "doubtful" in one.flags for one in found] == [False, True]


@pytest.mark.parametrize("url", ["", "http://[::1", "not an address", "file:///a.html", "https://a.example:99999/"])
def test_a_page_is_read_whatever_its_address(url: str) -> None:
    found = extract(Page(url, page(f"<article><h1>The old bridge</h1>{STORY}<p><a href=/b>b</a></p></article>")))
    assert found.article is not None
    assert (found.article.url, found.article.title) == (url, "The old bridge")


# -- PDF -------------------------------------------------------------------------------------------------------------


def pdf(lines: list[str], info: str = "") -> bytes:
    """A PDF of one page, by hand."""
    content = "BT /F1 12 Tf 50 780 Td 14 TL " + " ".join(f"({line}) Tj T*" for line in lines) + " ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",  # noqa: E501
        f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        f"<< {info} >>",
    ]
    out, places = "%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info 6 0 R >>\nstartxref\n{start}\n%%EOF\n"
    return out.encode("latin-1")


def test_a_pdf_gives_its_text_title_author_and_day_whatever_its_label() -> None:
    """C09: sent as text/html, it is read as what it is."""
    info = "/Title (Report on the bridge) /Author (Jane Doe) /CreationDate (D:20250131120000+01'00')"
    found = read(
        pdf(["The bridge was found to be unsafe for lorries.", "See https://example.com/annex for the figures."], info)
    )
    assert (found.outcome, found.media_type) == (Outcome.OK, "application/pdf")
    article = found.article
    assert article is not None
    assert (article.title, article.authors, str(article.published_on)) == (
        "Report on the bridge",
        ("Jane Doe",),
        "2025-01-31",
    )
    assert article.text.startswith("The bridge was found to be unsafe for lorries.")
    assert [link.url for link in article.links] == ["https://example.com/annex"]


@pytest.mark.parametrize(
    "payload", [b"%PDF-1.7\n" + bytes(range(256)) * 20, pdf([])[:300], pdf([])], ids=["noise", "cut", "empty"]
)
def test_a_pdf_without_text_says_so(payload: bytes) -> None:
    found = read(payload)
    assert (found.article, found.outcome, found.media_type) == (None, Outcome.NO_TEXT, "application/pdf")


def test_importing_the_package_is_cheap() -> None:
    """lxml, trafilatura and pdfium come with the first page, not with the import."""
    heavy = "('lxml', 'trafilatura', 'pypdfium2')"
    script = f"import sys, archive.extraction; print([name for name in {heavy} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, check=True).stdout.strip() == b"[]"
