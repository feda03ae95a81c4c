"""Dates in sentences as news in seventeen languages has them: days, ranges, periods, and numbers that are no dates."""

from __future__ import annotations

import time
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.entities.dates import find
from archive.entities.dates_calendar import interval
from archive.entities.dates_phrases import PHRASES

WEDNESDAY = date(2024, 10, 16)
ROWS = [
    tuple(part.strip() for part in line.split(" |", 2))
    for line in (Path(__file__).parent / "resources" / "dates_abroad.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize(("lang", "text", "values"), ROWS, ids=[f"{row[0]}{at}" for at, row in enumerate(ROWS)])
def test_a_sentence_names_these_days_and_no_others(lang: str, text: str, values: str) -> None:
    found = find(text, WEDNESDAY, lang)
    assert Counter(one.when for one in found if one.when) == Counter(map(interval, values.split()))
    assert all(text[one.start : one.end].strip() == text[one.start : one.end] for one in found)


@pytest.mark.parametrize(
    ("lang", "text", "words"),
    [
        ("de", "Das war im Mai vergangenen Jahres so.", ["Mai vergangenen Jahres"]),
        ("de", "Vom 3. bis zum 5. Mai 2024 tagte er.", ["3. bis zum 5. Mai 2024"]),
        ("fr", "Il y a trois ans, au troisième trimestre 2023.", ["Il y a trois ans", "troisième trimestre 2023"]),
        ("ru", "В 1990-х годах и три года назад.", ["1990-х годах", "три года назад"]),
        ("tr", "2023'ün üçüncü çeyreğinde", ["2023'ün üçüncü çeyreğinde"]),
        ("ar", "بين 12 و18 نوفمبر", ["بين 12 و18 نوفمبر"]),
        ("zh", "2023年第三季度", ["2023年第三季度"]),
    ],
)
def test_what_is_one_expression_is_found_whole(lang: str, text: str, words: list[str]) -> None:
    assert [text[one.start : one.end] for one in find(text, WEDNESDAY, lang)] == words


@pytest.mark.parametrize(
    ("lang", "text", "values"),
    [
        ("de", "Im März 2024 und vor drei Jahren, im Mai, im Sommer 2022, seit 2019.", ["2024-03", "2022-SU", "2019"]),
        ("es", "De 2014 a 2016 y la semana pasada", ["2014/2016"]),
        ("ja", "2014年から2016年まで、先週、9月", ["2014/2016"]),
    ],
)
def test_without_a_day_of_publication_only_what_needs_none_is_found(lang: str, text: str, values: list[str]) -> None:
    assert [one.value for one in find(text, None, lang)] == values


@pytest.mark.parametrize("lang", [*PHRASES, "ja", "ko", "zh"])
@settings(max_examples=25, deadline=None)
@given(data=st.data(), day=st.dates() | st.none())
def test_words_in_any_order_never_raise_and_offsets_hold(lang: str, data: st.DataObject, day: date | None) -> None:
    words = sorted(
        {word for row in ROWS if row[0] in (lang, "de", "zh") for word in row[1].split()} | {"31", "İ", "99"}
    )
    text = " ".join(data.draw(st.lists(st.sampled_from(words), max_size=25)))
    position = 0
    for found in find(text, day, lang):
        assert position <= found.start < found.end <= len(text)
        assert found.when is None or found.when.first <= found.when.last
        position = found.end


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("de", "vor " * 40_000),
        ("de", "3. bis " * 20_000),
        ("es", "entre el 3 y " * 12_000),
        ("ru", "2014 по " * 20_000),
        ("ar", "وو" * 60_000),
        ("tr", "yıl " * 30_000),
        ("zh", "三年" * 50_000),
        ("ja", "5月3日" * 30_000),
    ],
)
def test_hostile_text_costs_no_more_than_its_length(lang: str, text: str) -> None:
    start = time.process_time()
    find(text, WEDNESDAY, lang)
    assert time.process_time() - start < 5
