"""Rules for Arabic names: small words that are glued to them, fathers, adjectives of countries, bodies, towns."""

from __future__ import annotations

import pytest

from archive.entities.decode import TokenSpan
from archive.entities.foreign_arabic import Arabic, unglued
from archive.entities.gazetteer import Gazetteer
from archive.entities.recogniser import load_recogniser
from archive.entities.tokens import tokenize
from archive.model import Kind

LISTS = Gazetteer(
    ("MFIRST", "MCITY", "MCOUNTRY", "MLAST"),
    {"سمير": 1, "سلمى": 1, "علي": 1, "وليد": 1, "باريس": 2, "صفاقس": 2, "شرم الشيخ": 2, "فرنسا": 4, "فولهام": 2},
    {},
)


def mended(text: str, *names: tuple[str, str]) -> list[tuple[str, str]]:
    """The names after the rules; each of `names` is a type and a phrase of the text."""
    tokens = unglued(tokenize(text), LISTS)
    words, given = tokens.words, []
    for kind, phrase in names:
        run = phrase.split()
        at = next(at for at in range(len(words)) if words[at : at + len(run)] == run)
        given.append(TokenSpan(kind, at, at + len(run), 0.7))
    found = Arabic(LISTS).mended(words, sorted(given, key=lambda name: name.start))
    return [(name.type, " ".join(words[name.start : name.end])) for name in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("لندن وباريس", ["لندن", "و", "باريس"]),
        ("سافر لباريس", ["سافر", "ل", "باريس"]),
        ("بيان لحزب الله", ["بيان", "ل", "حزب", "الله"]),
        ("جاء وليد", ["جاء", "وليد"]),
        ("في فولهام", ["في", "فولهام"]),
        ("كلام", ["كلام"]),
    ],
)
def test_small_words_are_divided_from_names_that_the_lists_have(text: str, expected: list[str]) -> None:
    tokens = unglued(tokenize(text), LISTS)
    assert tokens.words == expected
    assert [
        text[start : start + len(word)] for start, word in zip(tokens.starts, tokens.words, strict=True)
    ] == expected


def test_sentences_begin_where_they_did() -> None:
    tokens = unglued(tokenize("زار لندن وباريس.\nوعاد وليد."), LISTS)
    assert [tokens.words[at] for at in tokens.sentences] == ["زار", "وعاد"]


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        ("اللاعب البرتغالي هناك", [("LOC", "البرتغالي")], []),
        ("جزيرة ماديرا البرتغالية", [("LOC", "جزيرة ماديرا البرتغالية")], [("LOC", "جزيرة ماديرا")]),
        ("بعض التونسيين", [("PER", "التونسيين")], []),
        ("سمير المصري", [("PER", "سمير المصري")], [("PER", "سمير المصري")]),
        ("بيعة معاوية بن أبي سفيان", [("PER", "بن أبي سفيان")], [("PER", "معاوية بن أبي سفيان")]),
        ("بعد عكرمة بن أبي جهل", [("PER", "عكرمة بن أبي")], [("PER", "عكرمة بن أبي جهل")]),
        ("كان سمير جعجع هناك", [("PER", "جعجع")], [("PER", "سمير جعجع")]),
        ("عثر علي جعجع", [("PER", "جعجع")], [("PER", "جعجع")]),
        ("يد أبو لؤلؤة", [("PER", "لؤلؤة")], [("PER", "أبو لؤلؤة")]),
        ("سمير كرم الله وجهه", [("PER", "سمير كرم الله")], [("PER", "سمير")]),
        ("بيان نقابة الصحفيين التونسيين أمس", [("LOC", "التونسيين")], [("ORG", "نقابة الصحفيين التونسيين")]),
        ("عقدت نقابة اجتماعا", [], []),
        ("ذكرت صحيفة الغروب ذلك", [], [("ORG", "الغروب")]),
        ("ذكرت صحيفة أجنبية ذلك", [], []),
        ("محكمة في صفاقس", [], [("LOC", "صفاقس")]),
        ("فندق بمدينة شرم الشيخ", [], [("LOC", "شرم الشيخ")]),
        ("كلام عن صفاقس", [], []),
        ("وقال سمير جعجع أمس", [], [("PER", "سمير جعجع")]),
        ("وقال جعجع أمس", [], []),
    ],
)
def test_names_by_what_stands_beside_them(
    text: str, names: list[tuple[str, str]], expected: list[tuple[str, str]]
) -> None:
    assert mended(text, *names) == expected


def test_what_is_glued_to_a_name_is_not_shown() -> None:
    text = "زار الوفد القاهرة وبيروت أمس."
    found = {(span.kind, text[span.start : span.end]) for span in load_recogniser().spans(text, "ar")}
    assert (Kind.PLACE, "بيروت") in found
