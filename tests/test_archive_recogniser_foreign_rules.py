"""Rules for names in other languages than English: what stands beside a name tells what it is."""

from __future__ import annotations

import pytest

from archive.entities.decode import TokenSpan
from archive.entities.foreign import uncased, unelided, with_known
from archive.entities.foreign_rules import ForeignRules
from archive.entities.gazetteer import Gazetteer
from archive.entities.recogniser import load_recogniser
from archive.entities.signs import divide
from archive.entities.tokens import tokenize

LISTS = ("LAST", "MCITY", "MCOUNTRY")
RULES = ForeignRules(
    Gazetteer(
        LISTS,
        {"addis abeba": 2, "milano": 3, "lima": 2, "turku": 2, "francia": 4, "sevilla": 2, "perú": 4, "louis": 1},
        {},
    )
)


def mended(lang: str, text: str, *names: tuple[str, str, float]) -> list[tuple[str, str]]:
    """The names after the rules, with their types; each of `names` is a type, a phrase of the text and a score."""
    tokens = tokenize(unelided(text, lang))
    given = []
    for kind, phrase, score in names:
        run = tokenize(unelided(phrase, lang)).words
        size = len(run)
        starts = [at for at in range(len(tokens.words)) if tokens.words[at : at + size] == run]
        given += [TokenSpan(kind, at, at + size, score) for at in starts]
    found = RULES.mended(tokens, sorted(given, key=lambda name: name.start), lang)
    return [(name.type, " ".join(tokens.words[name.start : name.end])) for name in found]


@pytest.mark.parametrize(
    ("lang", "text", "kind", "name", "expected"),
    [
        ("es", "La ministra de Trabajo habla .", "LOC", "Trabajo", []),
        ("fr", "Le ministre de l'Économie parle .", "ORG", "Économie", []),
        ("it", "Il ministro della Francia .", "LOC", "Francia", [("LOC", "Francia")]),
        ("es", "El ministro de la ONU .", "ORG", "ONU", [("ORG", "ONU")]),
        ("es", "La ministra Trabajo .", "LOC", "Trabajo", [("PER", "Trabajo")]),
        ("es", "El ministro de Sánchez .", "PER", "Sánchez", [("PER", "Sánchez")]),
        ("de", "Der ministro de Sport .", "LOC", "Sport", []),
    ],
)
def test_what_a_minister_is_for_is_no_name(
    lang: str, text: str, kind: str, name: str, expected: list[tuple[str, str]]
) -> None:
    assert mended(lang, text, (kind, name, 0.6)) == expected


@pytest.mark.parametrize(
    ("lang", "text", "kind", "name", "expected"),
    [
        ("fr", "Le constructeur Renault embauche . Renault gagne .", "PER", "Renault", ["ORG", "ORG"]),
        ("it", "Il sindacato Fiom protesta .", "PER", "Fiom", ["ORG"]),
        ("nb", "Han leder selskapet Equinor .", "LOC", "Equinor", ["ORG"]),
        ("es", "La empresa Lima crece .", "LOC", "Lima", ["LOC"]),
        ("fr", "Le groupe Louis Renault .", "PER", "Louis Renault", ["PER"]),
        ("es", "El constructeur Renault .", "PER", "Renault", ["PER"]),
    ],
)
def test_an_organisation_is_what_one_mention_calls_it(
    lang: str, text: str, kind: str, name: str, expected: list[str]
) -> None:
    assert [found for found, _ in mended(lang, text, (kind, name, 0.6))] == expected


@pytest.mark.parametrize(
    ("lang", "text", "given", "expected"),
    [
        (
            "es",
            "La Universidad de Tandil hallaron un fósil .",
            "Universidad de Tandil hallaron",
            "Universidad de Tandil",
        ),
        ("pt", "O Banco de Olinda vendeu ontem tudo .", "Banco de Olinda vendeu ontem", "Banco de Olinda"),
        ("es", "La empresa adidas crece .", "adidas", "adidas"),
        ("it", "Il Ministero degli esteri tace .", "Ministero degli esteri", "Ministero degli esteri"),
    ],
)
def test_a_name_ends_with_a_capital_in_spanish_and_portuguese(lang: str, text: str, given: str, expected: str) -> None:
    assert mended(lang, text, ("ORG", given, 0.6)) == [("ORG", expected)]


@pytest.mark.parametrize(
    ("text", "kind", "given", "score", "expected"),
    [
        ("Salió de Francia ayer .", "ORG", "Salió de Francia", 0.3, ("LOC", "Francia")),
        ("Viajó con Marta Lis .", "PER", "Viajó con Marta Lis", 0.4, ("PER", "Marta Lis")),
        ("Miró de Barcelona pintó .", "PER", "Miró de Barcelona", 0.9, ("PER", "Miró de Barcelona")),
        ("Banco de Francia sube .", "ORG", "Banco de Francia", 0.3, ("ORG", "Banco de Francia")),
    ],
)
def test_a_verb_that_opens_a_spanish_sentence_is_no_part_of_a_name(
    text: str, kind: str, given: str, score: float, expected: tuple[str, str]
) -> None:
    assert mended("es", text, (kind, given, score)) == [expected]


@pytest.mark.parametrize(
    ("lang", "text", "given", "expected"),
    [
        ("fr", "L'association Lupin proteste .", "association Lupin", "Lupin"),
        ("it", "Il gruppo Zanotti vende .", "gruppo Zanotti", "Zanotti"),
        ("nn", "Han leier selskapet Fjordkraft .", "selskapet Fjordkraft", "Fjordkraft"),
        ("fr", "Le Groupe Lupin vend .", "Groupe Lupin", "Groupe Lupin"),
        ("de", "Die Bank Austria wächst .", "Bank Austria", "Bank Austria"),
        ("it", "La banca centrale tace .", "banca centrale", "banca centrale"),
    ],
)
def test_what_an_organisation_is_called_before_its_name_is_no_part_of_that(
    lang: str, text: str, given: str, expected: str
) -> None:
    assert mended(lang, text, ("ORG", given, 0.6)) == [("ORG", expected)]


@pytest.mark.parametrize(
    ("lang", "text", "kind", "given", "expected"),
    [
        ("ru", "Бумаги Ромашка подорожали .", "PER", "Бумаги Ромашка", ("ORG", "Ромашка")),
        ("pl", "Akcje Rumianek potaniały .", "PER", "Akcje Rumianek", ("ORG", "Rumianek")),
        ("ru", "Вчера Бумаги Ромашка молчал .", "PER", "Бумаги Ромашка", ("PER", "Бумаги Ромашка")),
        ("id", "Bank Melati tumbuh .", "ORG", "Bank Melati", ("ORG", "Bank Melati")),
    ],
)
def test_what_a_share_is_of_is_an_organisation_where_a_sentence_opens(
    lang: str, text: str, kind: str, given: str, expected: tuple[str, str]
) -> None:
    assert mended(lang, text, (kind, given, 0.6)) == [expected]


def test_a_word_of_a_person_of_the_story_is_not_called_an_organisation() -> None:
    text = "Louis Renault parle . Le groupe Renault suit ."
    tokens = tokenize(text)
    names = [TokenSpan("PER", 0, 2, 0.9), TokenSpan("PER", 6, 7, 0.6)]
    assert RULES.mended(tokens, names, "fr") == names


@pytest.mark.parametrize(
    ("name", "score", "kind"),
    [("Addis Abeba", 0.9, "LOC"), ("Turku", 0.7, "LOC"), ("Turku", 0.9, "PER"), ("Milano", 0.5, "PER")],
)
def test_a_place_of_the_lists_is_no_person(name: str, score: float, kind: str) -> None:
    assert mended("it", f"Ieri {name} taceva .", ("PER", name, score)) == [(kind, name)]


@pytest.mark.parametrize(("name", "kind"), [("Busto Arsizio", "LOC"), ("Benito Juárez", "PER"), ("Como", "PER")])
def test_a_town_of_several_words_is_no_person_but_for_one_named_after_somebody(name: str, kind: str) -> None:
    lists = ("CITY", "MFIRST", "LAST")
    towns = Gazetteer(lists, {"busto arsizio": 1, "benito juárez": 1, "benito": 2, "como": 5}, {})
    tokens = tokenize(f"Ieri {name} taceva .")
    given = TokenSpan("PER", 1, len(tokens.words) - 2, 0.9)
    assert [found.type for found in ForeignRules(towns).mended(tokens, [given], "it")] == [kind]


@pytest.mark.parametrize(("name", "kind"), [("Gunung Sugih", "LOC"), ("Gunung", "PER"), ("Sugih Gunung", "PER")])
def test_what_begins_as_places_do_is_no_person(name: str, kind: str) -> None:
    assert mended("id", f"Warga {name} resah .", ("PER", name, 0.5)) == [(kind, name)]


@pytest.mark.parametrize(
    ("lang", "text", "kind", "name", "score", "expected"),
    [
        ("it", "Ieri a Lima pioveva .", "ORG", "Lima", 0.9, "LOC"),
        ("it", "Ieri la Lima cresceva .", "ORG", "Lima", 0.9, "ORG"),
        ("it", "Ieri a Milano pioveva .", "PER", "Milano", 0.9, "PER"),
        ("it", "Ieri a Milano pioveva .", "PER", "Milano", 0.6, "LOC"),
        ("it", "Ieri a LIMA pioveva .", "ORG", "LIMA", 0.6, "ORG"),
        ("ru", "Вчера в Лима .", "ORG", "Лима", 0.6, "ORG"),
    ],
)
def test_what_something_is_in_is_a_place_where_lists_have_it(
    lang: str, text: str, kind: str, name: str, score: float, expected: str
) -> None:
    assert mended(lang, text, (kind, name, score)) == [(expected, name)]


@pytest.mark.parametrize(
    ("lang", "text", "name", "stays"),
    [
        ("nl", "De Ajax-trainer zweeg .", "Ajax", False),
        ("sv", "Det är Volvo-ideologi .", "Volvo", False),
        ("de", "Die Bosch-Tochter wuchs .", "Bosch", False),
        ("hu", "Az EU-ban élünk .", "EU", True),
        ("nl", "Van Ajax - trainers weten dat .", "Ajax", True),
        ("nl", "Op Sint-Maarten .", "Sint-Maarten", True),
        ("fr", "Le Paris-match .", "Paris", True),
        ("de", "Der FC-04 .", "FC", True),
    ],
)
def test_a_name_in_a_compound_is_none(lang: str, text: str, name: str, stays: bool) -> None:
    assert mended(lang, text, ("ORG", name, 0.9)) == ([("ORG", " ".join(tokenize(name).words))] if stays else [])


@pytest.mark.parametrize(
    ("lang", "given", "found"),
    [
        ("es", "señor Rajoy", "Rajoy"),
        ("it", "Onorevole Prodi", "Prodi"),
        ("tr", "Sultan II", "Sultan II"),
        ("fr", "Emmanuel Macron", "Emmanuel Macron"),
    ],
)
def test_a_person_stands_without_an_office(lang: str, given: str, found: str) -> None:
    assert mended(lang, f"— {given} .", ("PER", given, 0.9)) == [("PER", found)]


def test_a_day_before_a_name_is_no_part_of_it() -> None:
    assert mended("it", "Mercoledì Mattarella parte .", ("PER", "Mercoledì Mattarella", 0.4)) == [("PER", "Mattarella")]
    assert mended("es", "Ayer el Gobierno calló .", ("ORG", "Ayer el Gobierno", 0.4)) == []
    inside = mended("it", "Il Mercoledì Nero .", ("ORG", "Mercoledì Nero", 0.4))
    assert inside == [("ORG", "Mercoledì Nero")], "but where a sentence begins"
    tokens = tokenize("August Bebel sprach .")
    names = [TokenSpan("PER", 0, 2, 0.9)]
    assert ForeignRules(Gazetteer(("MFIRST",), {"august": 1}, {})).mended(tokens, names, "de") == names


@pytest.mark.parametrize(
    ("text", "kind", "given", "expected"),
    [
        ("Escamillo Jose'yi tanır .", "PER", "Escamillo Jose'yi", [("PER", "Escamillo Jose'yi")]),
        ("Escamillo'nun Jose'yi .", "PER", "Escamillo'nun Jose'yi", [("PER", "Escamillo'nun"), ("PER", "Jose'yi")]),
        ("İstanbul’un Ankara .", "LOC", "İstanbul’un Ankara", [("LOC", "İstanbul’un"), ("LOC", "Ankara")]),
        ("D'Angelo Russell .", "PER", "D'Angelo Russell", [("PER", "D'Angelo Russell")]),
    ],
)
def test_a_turkish_name_ends_with_its_case(text: str, kind: str, given: str, expected: list[tuple[str, str]]) -> None:
    assert mended("tr", text, (kind, given, 0.6)) == expected


@pytest.mark.parametrize(
    ("lang", "text", "kind", "given", "expected"),
    [
        ("it", "Per Antonio Conte va bene .", "PER", "Per Antonio Conte", "Antonio Conte"),
        ("it", "Il capo della Fitp .", "PER", "della Fitp", "Fitp"),
        ("es", "Además de García Ortiz no hay nadie .", "PER", "Además de García Ortiz", "García Ortiz"),
        ("es", "Según Hurtado no .", "PER", "Según Hurtado", "Hurtado"),
        ("it", "Ieri Per Antonio no .", "PER", "Per Antonio", "Per Antonio"),
        ("es", "Hoy gana Para Todos .", "PER", "Para Todos", "Para Todos"),
        ("es", "Dijo de la Rosa .", "PER", "de la Rosa", "de la Rosa"),
        ("sv", "Med Anna gick det bra .", "PER", "Med Anna", "Med Anna"),
        ("es", "El Tribunal Supremo calla .", "ORG", "El Tribunal Supremo", "Tribunal Supremo"),
        ("es", "El País calla .", "ORG", "El País", "El País"),
    ],
)
def test_a_small_word_before_a_name_is_no_part_of_it(
    lang: str, text: str, kind: str, given: str, expected: str
) -> None:
    assert mended(lang, text, (kind, given, 0.6)) == [(kind, expected)]


@pytest.mark.parametrize(
    ("lang", "text", "kind", "given", "expected"),
    [
        ("es", "Dijo Donald Trump Más esto .", "PER", "Donald Trump Más", "Donald Trump"),
        ("es", "Habla el INE del voto .", "ORG", "INE del", "INE"),
        ("it", "Ha detto Leopoldo II e tace .", "PER", "Leopoldo II e", "Leopoldo II"),
        ("es", "Perdió Jorge Maury del PAN .", "PER", "Jorge Maury del PAN", "Jorge Maury"),
        ("es", "Vota María del Mar .", "PER", "María del Mar", "María del Mar"),
        ("es", "Gana MARÍA DEL MAR .", "PER", "MARÍA DEL MAR", "MARÍA DEL MAR"),
        ("es", "Veraneo en Punta del Este .", "LOC", "Punta del Este", "Punta del Este"),
        ("pt", "Ganhou o Rio de Janeiro .", "LOC", "Rio de Janeiro", "Rio de Janeiro"),
        ("fr", "Des pays d' Asie du Sud-Est .", "LOC", "Asie du Sud-Est", "Asie du Sud - Est"),
        ("es", "Canta Los De .", "ORG", "Los De", "Los De"),
        ("sv", "Det var Anna Och .", "PER", "Anna Och", "Anna Och"),
    ],
)
def test_a_small_word_behind_a_name_is_no_part_of_it(
    lang: str, text: str, kind: str, given: str, expected: str
) -> None:
    assert mended(lang, text, (kind, given, 0.6)) == [(kind, expected)]


@pytest.mark.parametrize(
    ("lang", "text", "kind", "name"),
    [
        ("es", "El juez absuelve a la alcaldesa\nMercadona crece .", "ORG", "Mercadona"),
        ("fr", "Une nouvelle entreprise\nDupont rit .", "PER", "Dupont"),
        ("fr", "Ce qu' il y a à\nParis rit .", "ORG", "Paris"),
    ],
)
def test_a_sentence_says_nothing_of_the_first_name_of_the_next(lang: str, text: str, kind: str, name: str) -> None:
    assert mended(lang, text, (kind, name, 0.6)) == [(kind, name)]


@pytest.mark.parametrize(
    ("lang", "name", "expected"),
    [
        ("tr", "Diyarbakır'da", "Diyarbakır"), ("tr", "Türkiye Barolar Birliği’nin", "Türkiye Barolar Birliği"),
        ("tr", "D'Angelo", "D'Angelo"), ("fi", "EU:n", "EU"), ("fi", "YLE:lle", "YLE"), ("sv", "SVT:s", "SVT"),
        ("hu", "MÁV-nak", "MÁV"), ("pl", "MOL-owi", "MOL"), ("hr", "HDZ-a", "HDZ"), ("ro", "PSD-ul", "PSD"),
        ("hu", "Nagy-Britannia", "Nagy-Britannia"), ("hu", "Mol-os", "Mol-os"),
        ("sv", "LO:", "LO"), ("de", "Re:publica", "Re:publica"), ("sv", ":s", ":s"),
    ],
)  # fmt: skip
def test_a_name_is_shown_without_its_case(lang: str, name: str, expected: str) -> None:
    assert name[: uncased(name, lang)] == expected


def test_a_case_is_no_part_of_a_name_in_a_text() -> None:
    text = "Ekrem İmamoğlu dün Diyarbakır'da konuştu."
    found = {text[span.start : span.end] for span in load_recogniser().spans(text, "tr")}
    assert found == {"Ekrem İmamoğlu", "Diyarbakır"}


@pytest.mark.parametrize(
    ("lang", "given", "stays"),
    [("es", "Secretario de Organización", False), ("es", "Secretaría de Gobernación", True),
     ("it", "Ministro degli Esteri", False), ("pt", "Presidente da Câmara", True)],
)  # fmt: skip
def test_an_office_is_no_organisation(lang: str, given: str, stays: bool) -> None:
    assert mended(lang, f"Ieri {given} tace .", ("ORG", given, 0.6)) == ([("ORG", given)] if stays else [])


@pytest.mark.parametrize(
    ("lang", "text", "names", "expected"),
    [
        ("es", "El Instituto Nacional de Estadística calla .", [("LOC", "Nacional")],
         [("ORG", "Instituto Nacional de Estadística")]),
        ("ro", "Ministerul Educației tace .", [], [("ORG", "Ministerul Educației")]),
        ("ro", "Curtea Supremă a decis .", [("LOC", "Curtea Supremă")], [("ORG", "Curtea Supremă")]),
        ("es", "El Tribunal de la ciudad .", [], []),
        ("es", "El Tribunal Supremo Ángel Hurtado .", [("ORG", "Supremo"), ("PER", "Ángel Hurtado")],
         [("ORG", "Tribunal Supremo"), ("PER", "Ángel Hurtado")]),
        ("es", "El Consejo Andino , en Lima .", [("MISC", "Consejo Andino"), ("LOC", "Lima")],
         [("MISC", "Consejo Andino"), ("LOC", "Lima")]),
        ("es", "El Instituto Nacional Electoral ( INE ) multa . El INE calla .", [("PER", "INE")],
         [("ORG", "Instituto Nacional Electoral"), ("ORG", "INE"), ("ORG", "INE")]),
        ("de", "Das Instituto Nacional .", [], []),
        ("fr", "Le Tribunal administratif fédéral a tranché .", [], [("ORG", "Tribunal administratif fédéral")]),
        ("fr", "La Chambre régionale des comptes de Bretagne blâme Brest .", [("LOC", "Bretagne"), ("LOC", "Brest")],
         [("ORG", "Chambre régionale des comptes de Bretagne"), ("LOC", "Brest")]),
        ("fr", "Le Conseil a tranché .", [], []),
        ("fr", "La Commission de notre ville .", [], []),
        ("nl", "Het Agentschap Wegen en Verkeer zwijgt .", [("ORG", "Agentschap Wegen")],
         [("ORG", "Agentschap Wegen en Verkeer")]),
        ("nl", "De Raad van Europa in Straatsburg .", [("LOC", "Europa"), ("LOC", "Straatsburg")],
         [("ORG", "Raad van Europa"), ("LOC", "Straatsburg")]),
        ("pl", "Wyniki podała Główna Komisja Wyborcza .", [("ORG", "Komisja Wyborcza")],
         [("ORG", "Główna Komisja Wyborcza")]),
        ("pl", "Nagrodę Fundacji Kościelskich dano .", [], [("ORG", "Fundacji Kościelskich")]),
        ("pl", "Wyrok Sądu Rejonowego w Pile .", [("LOC", "Pile")], [("ORG", "Sądu Rejonowego w Pile")]),
        ("pl", "Sprawę bada Prokuratura w Pile .", [("LOC", "Pile")], [("LOC", "Pile")]),
        ("pl", "Zamknięto Szkołę Podstawową im. Jana Kasprowicza wczoraj .", [("PER", "Jana Kasprowicza")],
         [("ORG", "Szkołę Podstawową im . Jana Kasprowicza")]),
        ("pl", "Radzi Sejmik Adam Nowak .", [("PER", "Adam Nowak")], [("PER", "Adam Nowak")]),
    ],
)  # fmt: skip
def test_a_body_goes_as_far_as_capitals_follow(
    lang: str, text: str, names: list[tuple[str, str]], expected: list[tuple[str, str]]
) -> None:
    assert mended(lang, text, *((kind, name, 0.6) for kind, name in names)) == expected


@pytest.mark.parametrize(
    ("lang", "text", "kind", "name", "expected"),
    [
        ("es", "Von der Leyen calla .", "PER", "Leyen", "Von der Leyen"),
        ("it", "Ieri van Basten taceva .", "PER", "Basten", "van Basten"),
        ("de", "Von der Lippe schwieg .", "PER", "Lippe", "Lippe"),
        ("es", "Habla de Leyen .", "PER", "Leyen", "Leyen"),
        ("es", "Va a Von der Leyen .", "LOC", "Leyen", "Leyen"),
    ],
)
def test_a_name_with_a_foreign_particle_is_whole(lang: str, text: str, kind: str, name: str, expected: str) -> None:
    assert mended(lang, text, (kind, name, 0.6)) == [(kind, expected)]


@pytest.mark.parametrize(
    ("kind", "score", "stays"), [("LOC", 0.6, False), ("PER", 0.6, False), ("ORG", 0.6, True), ("ORG", 0.3, False)]
)
def test_a_government_is_no_place(kind: str, score: float, stays: bool) -> None:
    found = mended("es", "Hoy el Gobierno calla .", (kind, "Gobierno", score))
    assert found == ([(kind, "Gobierno")] if stays else [])


@pytest.mark.parametrize(
    ("lang", "text", "kind", "name", "expected"),
    [
        ("es", "La jueza Mercedes Alaya calla .", "ORG", "Mercedes Alaya", "PER"),
        ("it", "Il sindaco Milano torna .", "LOC", "Milano", "PER"),
        ("es", "El fiscal ONU .", "ORG", "ONU", "ORG"),
        ("it", "Il presidente Francia .", "LOC", "Francia", "LOC"),
        ("ru", "Президент Перу прибыл .", "LOC", "Перу", "LOC"),
        ("es", "El Sevilla ganó .", "LOC", "Sevilla", "ORG"),
        ("es", "El Sevilla ganó .", "PER", "Sevilla", "ORG"),
        ("es", "El Lugano ganó .", "PER", "Lugano", "PER"),
        ("es", "Ganó en Sevilla .", "LOC", "Sevilla", "LOC"),
        ("es", "Vive al Perú .", "LOC", "Perú", "LOC"),
        ("pt", "Venceu o Lima .", "LOC", "Lima", "LOC"),
    ],
)
def test_the_word_before_a_name_tells_what_it_is(lang: str, text: str, kind: str, name: str, expected: str) -> None:
    assert mended(lang, text, (kind, name, 0.6)) == [(expected, name)]


def test_a_school_is_more_than_its_place() -> None:
    assert mended("it", "Il Politecnico di Milano apre .", ("LOC", "Milano", 0.8)) == [("ORG", "Politecnico di Milano")]
    assert mended("it", "Il sindaco di Milano parla .", ("LOC", "Milano", 0.8)) == [("LOC", "Milano")]
    tokens = tokenize("La Banca di Milano .")
    names = [TokenSpan("ORG", 1, 2, 0.9), TokenSpan("LOC", 3, 4, 0.8)]
    assert RULES.mended(tokens, names, "it") == [TokenSpan("ORG", 1, 4, 0.8)], "its first word is a name already"


@pytest.mark.parametrize(
    ("lang", "text", "names", "expected"),
    [
        ("ja", "昨日、立憲民主党は反対した。", [], [("ORG", "立憲民主党")]),
        ("ja", "日本銀行が動いた。", [("LOC", "日本")], [("ORG", "日本銀行")]),
        ("zh", "他在清华大学读书", [("LOC", "清华")], [("ORG", "清华大学")]),
        ("yue", "佢喺香港中文大學讀書", [("LOC", "香港")], [("ORG", "香港中文大學")]),
        ("ko", "국민의힘은 반대했다", [], [("ORG", "국민의힘")]),
        ("zh", "立憲民主党", [], []),
        ("ja", "新立憲民主党員", [("ORG", "新立憲民主党員")], [("ORG", "新立憲民主党員")]),
    ],
)
def test_what_the_news_calls_by_one_name_is_found_in_signs(
    lang: str, text: str, names: list[tuple[str, str]], expected: list[tuple[str, str]]
) -> None:
    signs = divide(text).words
    read = "".join(signs)
    given = [TokenSpan(kind, read.index(name), read.index(name) + len(name), 0.6) for kind, name in names]
    found = with_known(signs, given, lang)
    assert [(name.type, "".join(signs[name.start : name.end])) for name in found] == expected


@pytest.mark.parametrize(
    ("lang", "text", "names", "expected"),
    [
        ("de", "Die Weltbank warnt .", [], [("ORG", "Weltbank")]),
        ("es", "La Comisión Europea calla .", [("LOC", "Europea")], [("ORG", "Comisión Europea")]),
        ("fr", "Le photographe de Reuters .", [("PER", "Reuters")], [("ORG", "Reuters")]),
        ("de", "Ein Beitrag auf Twitter .", [("MISC", "Twitter")], [("ORG", "Twitter")]),
        ("ru", "Генсек НАТО прибыл .", [], [("ORG", "НАТО")]),
        ("nb", "Debatten i Stortinget .", [], [("ORG", "Stortinget")]),
        ("sv", "De är på väg till Nordkorea .", [], [("LOC", "Nordkorea")]),
        ("ar", "تقرير عن البنك الدولي .", [], [("ORG", "البنك الدولي")]),
        ("ar", "رسالة إلى مصر .", [], [("LOC", "مصر")]),
        ("fr", "Louis Renault travaille .", [("PER", "Louis Renault")], [("PER", "Louis Renault")]),
        ("de", "Die OTAN tagt .", [], []),
        ("sv", "Det är FN-ideologi .", [], []),
        ("id", "Gedung MPR/DPR .", [], []),
    ],
)
def test_what_the_world_calls_by_one_name_is_found(
    lang: str, text: str, names: list[tuple[str, str]], expected: list[tuple[str, str]]
) -> None:
    """Countries and well-known organisations in the language of the text; part of a longer name they are not."""
    words = tokenize(text).words
    given = [
        TokenSpan(kind, words.index(run[0]), words.index(run[0]) + len(run), 0.6)
        for kind, run in ((kind, phrase.split()) for kind, phrase in names)
    ]
    found = with_known(words, given, lang)
    assert [(name.type, " ".join(words[name.start : name.end])) for name in found] == expected
