"""How text becomes terms: one analyser for texts and queries."""

from __future__ import annotations

import re
import time
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import analysis
from index.analysis import (
    MAX_TERM,
    Finder,
    cut,
    query_terms,
    spanning,
    tokens,
    url_prefix,
    url_term,
    url_terms,
)
from index.edits import distance
from index.folding import fold
from index.patterns import later
from index.stemming import stem

TERMS = [
    ("The ICE raid.", "the ice raid"),
    ("Krasner's Krasner’s KRASNER'S", "krasner krasner krasner"),
    ("O'Neil O’Neil O'Neil's", "oneil oneil oneil"),
    ("don't rock'n'roll", "dont rocknroll"),
    ("l'homme d’État qu'il", "homme etat il"),
    ("U.S. U.S.A. U.S U.S.'s U.S.-based", "us usa us us us based"),
    ("I.C.E. p.m. e.g.", "ice pm eg"),
    ("J.D. Vance", "jd vance"),
    ("end.Start a.b.", "end start ab"),
    ("1,200.50 10:30 2025-01-31 3.5% 1,200th", "1200.50 10 30 2025 01 31 3.5 1 200th"),
    ("well-known inquirer.com @handle #tag snake_case", "well known inquirer com handle tag snake case"),
    ("AT&T C++", "at t c"),
    ("Zürich Łódź Ørsted Straße Œuvre Þór İstanbul", "zurich lodz orsted strasse oeuvre thor istanbul"),
    ("ﬁancé ﬀ Ⅷ ½", "fiance ff viii 1⁄2"),
    ("naïve naïve", "naive naive"),
    ("immi\u00adgration", "immigration"),
    ("Ελλάδα ΛΌΓΟΣ λόγος", "ελλαδα λογοσ λογοσ"),
    ("Ёлка йод", "елка иод"),
    ("東京都", "東京 京都 都"),
    ("ガス会社 ok", "ガス ス会 会社 社 ok"),
    ("iPhone東京", "iphone 東京 京"),
    ("서울시", "서울 울시 시"),
    ("हिन्दी हिंदी समाचार सम्बन्ध संबंध चाँद चांद ज़मीन जमीन", "हिंदी हिंदी समाचार संबंध संबंध चांद चांद जमीन जमीन"),
    ("فارسی فارسي کتاب كتاب مدرسة مدرسه آب ہوا", "فارسي فارسي كتاب كتاب مدرسه مدرسه اب هوا"),
    ('צה"ל צה״ל ארה”ב רמטכ"לית', "צהל צהל ארהב רמטכ לית"),
    ('ב"הארץ" "שלום" אמר: "צה"ל"', "ב הארץ שלום אמר צהל"),
    ("ג'ורג' ג׳ורג׳", "גורג גורג"),
    ("col·lecció coŀlecció COL·LECCIÓ a·b", "colleccio colleccio colleccio a b"),
    ("مُحَمَّد", "محمد"),
    ("🙂 ok 🇺🇸", "🙂 ok 🇺 🇸"),
    ("Hawaiʻi Hawai‘i Hawai`i Hawai'i Hawaii", "hawaii hawaii hawaii hawaii hawaii"),
    ("dell'Ucraina un'inchiesta jusqu’Arles lorsqu'elle s'inquiète", "ucraina inchiesta arles elle inquiete"),
    ("c'è com'era dov’è all'alba quest'anno", "e era e alba anno"),
    ("N'Golo N'Djamena M'Baye c'mon", "ngolo ndjamena mbaye cmon"),
    ("n'hésitez s'habille m'ha t'ho n’hi N'Hampshire", "hesitez habille ha ho hi nhampshire"),
    ("15'inci 3'üncü 2'nci 3'üncüden", "15 3 2 3"),
    ("compra'l dona'm agafa’ns don't can't ain't", "compra dona agafa dont cant aint"),
    ("Ankara'da İstanbul’un Türkiye'nin Erdoğan'a AB'ye", "ankara istanbul turkiye erdogan ab"),
    ("1990'larda 2023'te TBMM'den Bakan'ı Van'lı", "1990 2023 tbmm bakan van"),
    ("Sana'a Baha'i Chang'e Qur'an Sa'da Isma'il Hallowe'en", "sanaa bahai change quran sada ismail halloween"),
    ("J. K. Rowling J.K. Rowling JK Rowling", "jk rowling jk rowling jk rowling"),
    ("George R. R. Martin’s J. K.'s z. B.", "george rr martin jk zb"),
    ("at 5 p.m. U.S. officials, vitamin C. A study", "at 5 pm us officials vitamin c a study"),
    ("1,5 15 1.5 1.200,50 1\u202f200,50 1\u00a0200 1\u2009200\u2009000", "1.5 15 1.5 1200.50 1200.50 1200 1200000"),
    ("1.200.000 1,00,000 0,125 12.345 1'200 1,5,7", "1200000 100000 0.125 12345 1200 1 5 7"),
    ("10.12.2024 192.0.2.1 1.2.3", "10.12.2024 192.0.2.1 1.2.3"),
    ("٢٥٠ ۲۵۰ २५० ๒๕๐บาท ２５０ 250", "250 250 250 250 บา าท ท 250 250"),
    ("١٬٢٠٠٫٥ ١٢٫٥٠٠ ١٬٢٠٠ ١,٥,٧ ۱۴۰۳/۵", "1200.5 12.500 1200 1 5 7 1403 5"),
    ("1'200.50 1’200’000 5'10", "1200.50 1200000 510"),
    ("1,200円 約1,200円 1\u202f200円 2021,5 1,200kg", "1200 円 約 1200 円 1200 円 2021.5 1 200kg"),
    ("المـــكتبة المكتبة", "المكتبه المكتبه"),
    ("ｶﾞｽ ガス か\u3099す がす", "ガス ス ガス ス がす す がす す"),
    ("⭐ ⏰ ⬛ ™ iPhone™ sales Brand® shoes", "⭐ ⏰ ⬛ tm iphone sales brand shoes"),
    ("…—!?€+", ""),
    ("_ ___ '' ’", ""),
    ("\u0301 ́́", ""),
]


@pytest.mark.parametrize(("text", "terms"), TERMS, ids=[row[0] for row in TERMS])
def test_terms(text: str, terms: str) -> None:
    assert [term for term, _ in cut(text)] == terms.split()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("raid raids raided raiding", {"raid"}),
        ("policy policies", {"polici"}),
        ("1200.50", {"1200.50"}),
        ("straße", {"strass"}),
        ("東京", {"東京", "京"}),
    ],
)
def test_stems(words: str, expected: set[str]) -> None:
    assert {found for _, found in cut(words)} == expected


def pieces(text: str) -> list[str]:
    """What stands between white space that no token has in it."""
    inside = {place for start, end in spanning(text) for place in range(start, end)}
    blanks = [place for place, char in enumerate(text) if char.isspace() and place not in inside]
    edges = [-1, *blanks, len(text)]
    return [text[start + 1 : end] for start, end in pairwise(edges)]


@given(
    text=st.text()
    | st.text("aé'’ʻ. ,_-12٢๒٫٬東京カﾞﾟ\u3099ـ\u202fadn⭐™́\u200dßİ\"״אבl·ŀनत्", max_size=40)
    | st.text("Ja12. ,'s\n", max_size=40)
)
def test_the_two_ways_of_cutting_agree_and_places_are_right(text: str) -> None:
    found = list(tokens(text))
    assert [(token.term, token.stem) for token in found] == cut(text)
    assert [token.position for token in found] == list(range(len(found)))
    for token in found:
        assert 0 <= token.start < token.end <= len(text)
        assert 0 < len(token.term) <= MAX_TERM
        assert not any(char.isspace() for char in token.term)
    assert [token.start for token in found] == sorted(token.start for token in found)
    assert Finder(lambda *_: True).find(text) == found
    assert [pair for piece in pieces(text) for pair in cut(piece)] == cut(text)
    assert Finder(lambda term, _: "a" in term).find(text) == [token for token in found if "a" in token.term]


@given(text=st.text() | st.text("l·ŀनत्मपंँयیىةऩ", max_size=12))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(text=st.text())
def test_folding_forgets_case_and_the_form_of_accents(text: str) -> None:
    assert fold(unicodedata.normalize("NFC", text)) == fold(unicodedata.normalize("NFD", text))
    if text.isascii():
        assert fold(text.upper()) == fold(text)


@given(
    text=st.text("abé東京都カ '.", max_size=12),
    before=st.text("ab ,東", max_size=4),
    after=st.text("ab ,京", max_size=4),
)
def test_a_text_holds_what_is_asked_with_its_own_words(text: str, before: str, after: str) -> None:
    """The terms of a query stand side by side in every text that quotes it between blanks."""
    asked = [term for term, _ in query_terms(text)]
    held = [term for term, _ in cut(f"{before} {text} {after}")]
    assert any(held[at : at + len(asked)] == asked for at in range(len(held) - len(asked) + 1))


def test_a_run_without_spaces_may_go_on() -> None:
    assert [term for term, _ in query_terms("東京")] == ["東京"]
    assert [term for term, _ in query_terms("東")] == ["東"]
    assert [term for term, _ in query_terms("東京 駅")] == ["東京", "京", "駅"]


@pytest.mark.parametrize(
    "text",
    ["a" * 1_000_000, "a." * 500_000, "1," * 500_000, "a'" * 500_000, "東" * 300_000, "_" * 1_000_000, "'" * 1_000_000],
    ids=["letters", "dots", "commas", "apostrophes", "unspaced", "underscores", "quotes"],
)
def test_hostile_text_is_cut_in_linear_time(text: str) -> None:
    began = time.process_time()
    cut(text)
    sum(1 for _ in tokens(text))
    assert time.process_time() - began < 10


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("", "", 0), ("abc", "abc", 0), ("abc", "abd", 1), ("abc", "acb", 1), ("abc", "ab", 1), ("ca", "abc", 3)],
)
def test_distance(one: str, other: str, expected: int) -> None:
    assert distance(one, other) == distance(other, one) == expected


ADDRESSES = [
    ("https://www.inquirer.com/news/X/?utm_source=a", "inquirer.com/news/X"),
    ("http://Inquirer.com", "inquirer.com"),
    ("t.co/XRawnqNPLg", "t.co/XRawnqNPLg"),
    (".gov", "gov"),
    ("*.gov", "gov"),
    ("https://x.y/a?b=1&fbclid=2", "x.y/a?b=1"),
    ("abcdefghijkl", "abcdefghijkl"),
    ("not an Address", "not an address"),
    ("", ""),
]


@pytest.mark.parametrize(("address", "term"), ADDRESSES)
def test_addresses_as_terms(address: str, term: str) -> None:
    assert url_term(address) == term


def test_an_address_is_found_by_itself_its_host_and_the_domains_above() -> None:
    assert list(url_terms("https://news.bbc.co.uk/1")) == [
        "news.bbc.co.uk/1",
        "news.bbc.co.uk",
        "bbc.co.uk",
        "co.uk",
        "uk",
    ]
    assert list(url_terms("")) == []


def test_the_beginning_of_an_address() -> None:
    assert url_prefix("https://www.X.y/News/") == "x.y/News/"


@given(st.text())
def test_no_address_breaks_the_terms(address: str) -> None:
    list(url_terms(address))
    url_prefix(address)
    assert stem(fold(address)) is not None


def test_a_pattern_is_compiled_when_it_is_first_used() -> None:
    """And does what re.compile's does."""
    pattern = later("(?P<first>b+)c", re.IGNORECASE)
    assert vars(pattern).keys() == {"_made"}
    found = pattern.search("aBBc")
    assert found is not None
    assert found["first"] == "BB"
    assert (pattern.findall("bc Bc"), pattern.pattern, pattern.groups) == (["b", "B"], "(?P<first>b+)c", 1)
    with pytest.raises(AttributeError):
        _ = pattern.found  # type: ignore[attr-defined]


@given(st.text("aSJhK019.,'`’‘“”\"–—…_- \n", max_size=30) | st.text(max_size=30))
def test_what_is_plain_has_the_tokens_of_the_pattern_for_all_scripts(text: str) -> None:
    ours = list(tokens(text)), cut(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(analysis, "_raw", lambda text: (analysis._RAW, text))
        assert (list(tokens(text)), cut(text)) == ours


@pytest.mark.parametrize("text", ["Nazer's 1'200", "“oil” – the state’s", "J. K. U.S. …"])
def test_plain_text_needs_no_pattern_for_all_scripts(text: str) -> None:
    """That one takes milliseconds to compile."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(analysis, "_RAW", None)
        assert cut(text)
