"""Names in other languages that run into each other, stand behind an office, or stand in quotes."""

from __future__ import annotations

import pytest

from archive.entities.decode import TokenSpan
from archive.entities.drafts import tidy
from archive.entities.foreign_joined import Joined
from archive.entities.foreign_quoted import quoted
from archive.entities.gazetteer import Gazetteer
from archive.entities.recogniser import load_recogniser
from archive.entities.tokens import tokenize
from archive.model import Kind, Part

GAZETTEER = Gazetteer(
    ("MFIRST", "MLAST", "MCITY"),
    {"vít": 1, "дмитрий": 1, "magyar": 2, "péter": 1, "lampung": 4, "luka": 1, "michał": 1, "джо": 1},
    {},
)


def apart(lang: str, text: str, kind: str, name: str) -> list[tuple[str, str]]:
    words, run = tokenize(text).words, tokenize(name).words
    start = next(at for at in range(len(words)) if words[at : at + len(run)] == run)
    found = Joined(GAZETTEER).apart(words, TokenSpan(kind, start, start + len(run), 0.5), lang)
    return [(part.type, " ".join(words[part.start : part.end])) for part in found]


@pytest.mark.parametrize(
    ("lang", "text", "name", "expected"),
    [
        ("el", "του ΠΑΣΟΚ Νίκος Ανδρέου", "ΠΑΣΟΚ Νίκος Ανδρέου", [("ORG", "ΠΑΣΟΚ"), ("PER", "Νίκος Ανδρέου")]),
        ("uk", "голови Київської ОВА Олега Чорного", "Київської ОВА Олега Чорного",
         [("ORG", "Київської ОВА"), ("PER", "Олега Чорного")]),
        ("ru", "канцлер ФРГ Ангела Меркель", "ФРГ Ангела Меркель", [("LOC", "ФРГ"), ("PER", "Ангела Меркель")]),
        ("id", "pasangan SBY-Boediono", "SBY-Boediono", [("PER", "SBY - Boediono")]),
        ("de", "König Karl XII Gustav", "Karl XII Gustav", [("PER", "Karl XII Gustav")]),
        ("el", "ο υπουργός Εθνικής Άμυνας Νίκος Δένδιας", "Εθνικής Άμυνας Νίκος Δένδιας", [("PER", "Νίκος Δένδιας")]),
        ("el", "ο Άρης Νίκος Δένδιας", "Άρης Νίκος Δένδιας", [("PER", "Άρης Νίκος Δένδιας")]),
        ("cs", "mluvčí Hradu Vít Kolář", "Hradu Vít Kolář", [("PER", "Vít Kolář")]),
        ("cs", "viděl Hradu Vít Kolář", "Hradu Vít Kolář", [("PER", "Hradu Vít Kolář")]),
        ("pl", "biskup Luka Michał Nowak", "Luka Michał Nowak", [("PER", "Luka Michał Nowak")]),
        ("ru", "пресс-секретарь Путина Дмитрий Песков", "Путина Дмитрий Песков", [("PER", "Дмитрий Песков")]),
        ("hu", "ma Magyar Péter Debrecenben járt", "Magyar Péter Debrecenben",
         [("PER", "Magyar Péter"), ("LOC", "Debrecenben")]),
        ("hu", "ma Magyar Péter Gyula járt", "Magyar Péter Gyula", [("PER", "Magyar Péter Gyula")]),
    ],
)  # fmt: skip
def test_people_are_without_what_stands_beside_them(
    lang: str, text: str, name: str, expected: list[tuple[str, str]]
) -> None:
    assert apart(lang, text, "PER", name) == expected


@pytest.mark.parametrize(
    ("lang", "text", "kind", "name", "expected"),
    [
        ("ru", "Мэр Екатеринбурга отказался", "PER", "Екатеринбурга", ("LOC", "Екатеринбурга")),
        ("ru", "Сын Екатеринбурга отказался", "PER", "Екатеринбурга", ("PER", "Екатеринбурга")),
        ("ru", "Мэр Орлов отказался", "PER", "Орлов", ("PER", "Орлов")),
        ("de", "Sagte Frau Clintons Mann", "PER", "Clintons", ("PER", "Clintons")),
        ("id", "Gubernur Lampung menolak", "PER", "Lampung", ("LOC", "Lampung")),
        ("id", "Bupati Lampung Tengah menolak", "LOC", "Bupati Lampung Tengah", ("LOC", "Lampung Tengah")),
        ("pt", "em Presidente Prudente chove", "LOC", "Presidente Prudente", ("LOC", "Presidente Prudente")),
        ("pt", "o líder do Chega falou", "PER", "Chega", ("ORG", "Chega")),
        ("pt", "o pai do Chega falou", "PER", "Chega", ("PER", "Chega")),
        ("tr", "dün Sabah gazetesine konuştu", "LOC", "Sabah", ("ORG", "Sabah")),
        ("tr", "dün Fransa kulübü kazandı", "LOC", "Fransa", ("LOC", "Fransa")),
    ],
)
def test_what_stands_beside_a_name_tells_its_kind(
    lang: str, text: str, kind: str, name: str, expected: tuple[str, str]
) -> None:
    assert apart(lang, text, kind, name) == [expected]


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("ru", "«Зенит» обыграл «Спартак» в суде", ["Зенит", "Спартак"]),
        ("ru", "Об этом сообщает «Интерфакс» . У «Интерфакса» иск", ["Интерфакс", "Интерфакса"]),
        ("ru", "это газета «Взгляд»", ["Взгляд"]),
        ("ru", "это ООО «Ромашка»", ["Ромашка"]),
        ("ru", "«Ромашка» подешевела , доля в сервисе «Лютик»", ["Ромашка", "Лютик"]),
        ("ru", "это фильм «Зеркало» , сообщает он", []),
        ("ru", "он читал «Анну Каренину»", []),
        ("ru", "он заявил «да»", []),
        ("uk", "приватній агрофірмі « Білий Стік »", ["Білий Стік"]),
        ("fr", "le journal «Monde»", []),
    ],
)
def test_bodies_in_quotes_are_told_by_what_stands_around_them(lang: str, text: str, expected: list[str]) -> None:
    words = tokenize(text).words
    assert [" ".join(words[name.start : name.end]) for name in quoted(words, [], lang)] == expected


def test_a_body_that_was_seen_with_what_stands_before_the_quotes_stays_whole() -> None:
    words = tokenize("передает РИА «Новости» и газета «Взгляд»").words
    agency, half = (
        TokenSpan("ORG", 1, 4, 0.9),
        TokenSpan("LOC", words.index("Взгляд") - 1, words.index("Взгляд") + 1, 0.5),
    )
    found = quoted(words, [agency, half], "ru")
    assert [(name.type, words[name.start : name.end]) for name in found] == [
        ("ORG", ["РИА", "«", "Новости"]),
        ("ORG", ["Взгляд"]),
    ]


@pytest.mark.parametrize(
    ("text", "shown"), [("«Интерфакс» сообщил", "Интерфакс"), ("РИА «Новости» сообщило", "РИА «Новости»")]
)
def test_quotes_around_a_name_are_no_part_of_it_and_those_in_it_are_closed(text: str, shown: str) -> None:
    name = tidy(Kind.ORG, text, 0, text.rindex("»"), Part.TEXT, 0.9, "ru")
    assert name is not None
    assert name.text == shown


def test_offices_and_places_are_no_person_in_the_recogniser() -> None:
    text = "Мэр Екатеринбурга отказался от комментариев."
    found = [(span.kind, text[span.start : span.end]) for span in load_recogniser("default").spans(text, "ru")]
    assert found == [(Kind.PLACE, "Екатеринбурга")]
