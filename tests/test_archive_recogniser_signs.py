"""Names in Chinese, Japanese and Korean: where names of people end, and which place a place in a place is."""

from __future__ import annotations

from pathlib import Path

import pytest

import archive.entities
from archive.entities import load_recogniser, understand
from archive.entities.decode import TokenSpan
from archive.entities.places import meaning
from archive.entities.places_signs import within
from archive.entities.signs import SignNetwork, without_days
from archive.entities.signs_people import before_offices, before_verbs
from archive.model import Article, Kind

DATA = Path(archive.entities.__file__).parent / "data"


@pytest.fixture(scope="module")
def network() -> SignNetwork:
    return SignNetwork(DATA)


def marked(text: str) -> tuple[str, list[TokenSpan]]:
    """Text without its one pair of brackets, and the name between them; none without brackets."""
    at, end = text.find("["), text.find("]")
    plain = text.replace("[", "").replace("]", "")
    return plain, [TokenSpan("PER", at, end - 1, 0.6)] if at >= 0 else []


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("日銀の[植田]和男総裁は", ["植田和男"]),
        ("自民党の[森山裕幹]事長が", ["森山裕"]),
        ("[岸田]元首相は", ["岸田"]),
        ("外務省の田中健外相も", ["田中健"]),
        ("同社の取締役会長は", []),
        ("作家の[村上春樹]さん", ["村上春樹"]),
        ("[佐藤]は市長に会った", ["佐藤"]),
    ],
)
def test_a_japanese_name_reaches_to_the_office_behind_it(text: str, people: list[str], network: SignNetwork) -> None:
    signs, names = marked(text)
    found = before_offices(signs, names, network.is_surname)
    assert [signs[name.start : name.end] for name in found] == people


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("行长[潘功]胜说", "潘功胜"),
        ("总理[李强]还说", "李强"),
        ("作家[帕克]所说", "帕克"),
        ("[王毅]在北京说", "王毅"),
    ],
)
def test_a_chinese_name_has_its_last_sign_where_a_verb_follows(text: str, person: str, network: SignNetwork) -> None:
    signs, names = marked(text)
    assert [signs[name.start : name.end] for name in before_verbs(signs, names, network.is_surname)] == [person]


def test_a_day_of_the_week_alone_is_nobody() -> None:
    assert without_days("总理周二访问", [TokenSpan("PER", 2, 4, 0.6)]) == []


@pytest.mark.parametrize(
    ("lang", "name", "part"),
    [
        ("zh", "四川省成都市", "成都市"),
        ("zh", "浙江宁波", "宁波"),
        ("zh", "科罗拉多州丹佛市", "丹佛"),
        ("ja", "北海道札幌市", "札幌市"),
        ("ko", "부산시 해운대구", "부산시"),
        ("ko", "서울 용산", "서울"),
        ("zh", "某某山", "某某山"),
        ("de", "Bad Hersfeld", "Bad Hersfeld"),
    ],
)
def test_a_place_in_a_place_is_the_smallest_that_a_list_knows(lang: str, name: str, part: str) -> None:
    assert within(name, lambda one: meaning(one, lang) is not None) == part


def test_a_reader_finds_cities_and_provinces_under_one_name() -> None:
    recogniser = load_recogniser()
    stories = {
        "zh": "四川省成都市发生火灾。",
        "ja": "北海道札幌市と愛知県で地震があった。",
        "ko": "경기도 수원시에서 불이 났다.",
    }
    found = {
        lang: [
            m.canonical
            for m in understand(Article("u", "", text, lang=lang), recogniser).mentions
            if m.kind is Kind.PLACE
        ]
        for lang, text in stories.items()
    }
    assert found == {"zh": ["Chengdu"], "ja": ["Sapporo", "Aichi"], "ko": ["Suwon"]}
