"""Which words of a query must be there, and which are the way people ask."""

from __future__ import annotations

import pytest

from index import parse_query
from index.folding import fold
from index.query.sentence import is_closed, is_question, read, without_brackets
from index.query.stopwords import ASKED_FOR, FUNCTION_WORDS, language
from index.query.unspaced import apart

SENTENCES = [
    ("two words are taken at their word", "the raid", "the raid", ""),
    ("three are a sentence", "about the raid", "raid", "about the"),
    ("question words", "who raided the car wash?", "raided car wash", "who the"),
    ("a question mark at the end of a word", "raid wash? agents", "raid wash agents", ""),
    ("nothing but function words", "to be or not to be", "to be or not to be", ""),
    ("a name in capitals", "what does the US export", "US export", "what does the"),
    ("a name in capitals beside names", "Krasner Raid U.S.", "Krasner Raid U.S.", ""),
    ("letters with dots among capitals", "ICE RAID U.S.", "ICE RAID U.S.", ""),
    ("a name with a capital", "inflation in May and the crop", "inflation May crop", "in and the"),
    ("all in capitals there are no names", "WHO RAIDED THE CAR WASH", "RAIDED CAR WASH", "WHO THE"),
    ("the first word has a capital anyway", "Who raided the car", "raided car", "Who the"),
    ("a frame", "what is known about mud in ports", "mud ports", "what is known about in"),
    ("a frame with a thing", "I am interested in articles about mud", "mud", "I am interested in articles about"),
    ("a frame with a verb", "articles dealing with mud and ports", "mud ports", "articles dealing with and"),
    ("a frame that asks", "give me everything on harbour mud", "harbour mud", "give me everything on"),
    ("a frame in the second sentence", "mud in the port. I am looking for reports on dredging", "mud port. dredging",
     "in the I am looking for reports on"),
    ("no frame within", "harbour articles dealing with mud", "harbour articles dealing mud", "with"),
    ("what else is asked is apart", 'who is at the "car wash" person:Krasner -mud date:2025', "",
     'who is at the'),
    ("German", "Wer hat den Hafen gebaut", "Hafen gebaut", "Wer hat den"),
    ("French", "qui est le maire de Lyon", "maire Lyon", "qui est le de"),
    ("Spanish", "¿Dónde está el puerto de Cádiz?", "puerto Cádiz", "¿Dónde está el de"),
    ("Polish", "kto jest burmistrzem miasta", "burmistrzem miasta", "kto jest"),
    ("Arabic", "أين عثر الغواصون على السفينة", "عثر الغواصون السفينة", "أين على"),
    ("Hebrew", "מה גרם לשריפה של הכרם", "גרם לשריפה הכרם", "מה של"),
    ("Greek", "Ποιος ζήτησε μέσα για τη φωτιά", "ζήτησε μέσα τη φωτιά", "Ποιος για"),
    ("Hindi", "गंगा का जलस्तर कितना है", "गंगा जलस्तर", "का कितना है"),
    ("Korean", "화재의 원인은 무엇입니까", "화재의 원인은", "무엇입니까"),
    ("Russian", "кто такой мэр города", "мэр города", "кто такой"),
    ("a verb that asks", "what happened to the pier", "pier", "what happened to the"),
    ("a verb that asks in German", "Wo liegt der Hafen von Emden", "Hafen Emden", "Wo liegt der von"),
    ("a verb that asks in French", "où se trouve le port de Vigo", "port Vigo", "où se trouve le de"),
    ("a verb that asks in Spanish", "qué pasó con la merluza", "merluza", "qué pasó con la"),
    ("a verb that asks in Russian", "где находится порт города", "порт города", "где находится"),
    ("a name that is such a verb", "who governs El Paso and Vigo", "governs El Paso Vigo", "who and"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words", "idle"), [row[1:] for row in SENTENCES], ids=[row[0] for row in SENTENCES])
def test_what_a_sentence_asks(text: str, words: str, idle: str) -> None:
    found = read(parse_query(text))
    if not words:  # where nothing else is left, all of it is asked
        words, idle = idle, words
    assert (" ".join(map(str, found.words)), " ".join(map(str, found.idle))) == (words, idle)


def test_phrases_fields_dates_and_negations_always_hold() -> None:
    found = read(parse_query('who raided the "car wash" person:Krasner -mud date:2025 (port OR title:mud)'))
    assert list(map(str, found.fixed)) == ['"car wash"', "person:Krasner", "-mud", "date:2025", "port OR title:mud"]
    assert list(map(str, found.words)) == ["raided"]


@pytest.mark.parametrize(
    ("text", "facet"),
    [
        ("who sued the port authority?", "person"),
        ("Whose idea was the pier", "person"),
        ("where is the ferry repaired", "place"),
        ("The pier burned. Where was the mayor?", "place"),
        ("Wer hat den Hafen gebaut", "person"),
        ("où est le maire de Lyon", "place"),
        ("¿Dónde está el puerto de Cádiz?", "place"),
        ("кто такой мэр города", "person"),
        ("what did the port authority say", ""),
        ("the man who sued the port", ""),
        ("who sued", ""),  # both words are asked
        ("what does the WHO say of malaria", ""),
        ("WHO says that malaria is back", ""),
        ('"who sued the port" of the town', ""),
        ("text:who sued the port", ""),
    ],
)
def test_who_and_where_ask_for_a_facet(text: str, facet: str) -> None:
    assert read(parse_query(text)).asks == facet


@pytest.mark.parametrize(
    ("text", "words", "idle", "asks"),
    [
        ("京都の寺で何が盗まれましたか？", "京都 寺 盗", "何 ましたか", ""),
        ("仏像を盗んだのは誰", "仏像 盗", "誰", "person"),
        ("なぜラーメン三十万個は回収されたのですか", "ラーメン三十万個 回収", "なぜ のですか", ""),
        ("高铁为什么晚点？", "高铁 晚点", "为什么", ""),
        ("谁盗伐了古茶树", "盗伐 古茶树", "谁", "person"),
        ("调度系统故障的原因是什么", "调度 度系 系统 统故 故障 原因", "什么", ""),
        ("高铁晚点了。铁路局致歉", "高铁晚点 铁路 路局 局致 致歉", "", ""),
        ("移民政策", "移民政策", "", ""),
        ("京都の寺", "京都の寺", "", ""),
        ("幾何学 何氏", "幾何学 何氏", "", ""),
    ],
)
def test_a_question_without_blanks_is_cut_into_what_it_asks(text: str, words: str, idle: str, asks: str) -> None:
    node = parse_query(text)
    found = read(apart(node), asking=apart(node) != node)
    assert (" ".join(map(str, found.words)), " ".join(map(str, found.idle)), found.asks) == (words, idle, asks)


@pytest.mark.parametrize(
    ("text", "words", "idle"),
    [
        ("who resigned?", "resigned", "who"),
        ("resigned why？", "resigned", "why"),
        ('who is "car wash"?', "", "who is"),
        ("who?", "who", ""),
    ],
)
def test_a_question_mark_makes_a_question_of_few_words(text: str, words: str, idle: str) -> None:
    found = read(parse_query(text), asking=is_question(text))
    assert (" ".join(map(str, found.words)), " ".join(map(str, found.idle))) == (words, idle)


def test_every_word_that_asks_for_a_facet_excludes_nothing() -> None:
    assert ASKED_FOR.keys() == FUNCTION_WORDS.keys()
    assert {code: words.keys() - FUNCTION_WORDS[code] for code, words in ASKED_FOR.items()} == {
        code: set() for code in ASKED_FOR
    }


def test_function_words_are_written_as_texts_are_folded() -> None:
    assert [word for words in FUNCTION_WORDS.values() for word in words if fold(word) != word] == []


def test_the_language_of_a_question_is_that_of_its_function_words() -> None:
    assert language("was ist mit dem hafen".split()) == "de"
    assert language("harbour mud".split()) == "en"
    assert language("charles de gaulle".split()) != "en"


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        ("neoplasm immunology.", True),
        ("neoplasm immunology .", True),
        ("raided?", True),
        ("لماذا تعطلت المضخات؟", True),
        ("गंगा का जलस्तर।", True),
        ("raid in the U.S.", False),
        ("the main St.", False),
        ("raid at St?", True),
        ("raid agents", False),
        ("", False),
    ],
)
def test_a_mark_closes_a_sentence_and_no_abbreviation(text: str, closed: bool) -> None:
    assert is_closed(text) is closed


def test_what_stands_in_parentheses_among_words_is_asked_as_these_are() -> None:
    node = parse_query('flow (at high speed) past (wings OR "thin plates") -(hot gas)')
    found = read(without_brackets(node))
    assert list(map(str, found.words)) == ["flow", "high", "speed", "past"]
    assert list(map(str, found.idle)) == ["at"]
    assert list(map(str, found.fixed)) == ['wings OR "thin plates"', "-(hot gas)"]
    assert str(parse_query(str(node))) == str(node)
