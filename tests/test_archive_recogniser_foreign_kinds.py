"""Rules for names in other languages than English: datelines, courts, streets, chambers, laws, forms of address."""

from __future__ import annotations

import pytest

from archive.entities.decode import TokenSpan
from archive.entities.foreign import unelided
from archive.entities.foreign_rules import ForeignRules
from archive.entities.gazetteer import Gazetteer
from archive.entities.tokens import tokenize

RULES = ForeignRules(
    Gazetteer(("LAST", "MCITY"), {"verona": 2, "izmir": 2, "lahti": 2, "vila do conde": 2, "rey": 1, "bonn": 2}, {})
)


def mended(lang: str, text: str, *names: tuple[str, str]) -> list[tuple[str, str]]:
    """The names after the rules, with their types; each of `names` is a type and a phrase of the text."""
    tokens = tokenize(unelided(text, lang))
    given = []
    for kind, phrase in names:
        run = tokenize(unelided(phrase, lang)).words
        size = len(run)
        starts = [at for at in range(len(tokens.words)) if tokens.words[at : at + size] == run]
        given += [TokenSpan(kind, at, at + size, 0.6) for at in starts]
    found = RULES.mended(tokens, sorted(given, key=lambda name: name.start), lang)
    return [(name.type, " ".join(tokens.words[name.start : name.end])) for name in found]


@pytest.mark.parametrize(
    ("lang", "text", "given", "expected"),
    [
        ("fi", "LAHTI (STT). Mies kuoli.", [("ORG", "LAHTI")], [("LOC", "LAHTI"), ("ORG", "STT")]),
        ("de", "Kleinort (dpa/lno) - Ein Mann starb.", [], [("LOC", "Kleinort"), ("ORG", "dpa")]),
        ("it", "VERONA - La giunta decide.", [], [("LOC", "VERONA")]),
        ("pt", "VILA DO CONDE, 3 dez (Lusa) - O clube venceu.", [], [("LOC", "VILA DO CONDE")]),
        ("tr", "İZMİR (DHA) - Bir kişi öldü.", [], [("LOC", "İZMİR"), ("ORG", "DHA")]),
        ("it", "ESCLUSIVO - La giunta decide.", [], []),
        ("it", "Verona - La giunta decide.", [], []),
        ("it", "Ieri\nVERONA. La giunta decide.", [], [("LOC", "VERONA")]),
        ("es", "Ayer (EFE) no salió.", [], []),
    ],
)
def test_a_dateline_names_a_town_and_an_agency(
    lang: str, text: str, given: list[tuple[str, str]], expected: list[tuple[str, str]]
) -> None:
    assert mended(lang, text, *given) == expected


@pytest.mark.parametrize(
    ("lang", "text", "given", "expected"),
    [
        ("es", "Habló la Sra. de Palacio.", [("LOC", "Palacio")], [("PER", "de Palacio")]),
        ("el", "Χθες ο κ. Λαμπράκης μίλησε.", [], [("PER", "Λαμπράκης")]),
        ("ru", "Вчера г-жа Линд уехала.", [("LOC", "Линд")], [("PER", "Линд")]),
        ("ru", "Вчера Г-н Линд уехал.", [("PER", "Г-н Линд")], [("PER", "Линд")]),
        ("sv", "Igår kom herr Lindvall hem.", [("ORG", "Lindvall")], [("PER", "Lindvall")]),
        ("fr", "Il nage 100 m Brasse.", [], []),
        ("es", "Gracias, señora Comisaria.", [("PER", "Comisaria")], []),
        ("es", "Dijo el señor Rey.", [("PER", "Rey")], [("PER", "Rey")]),
        ("pl", "Powieść „Pani Nowak” wyszła.", [("ORG", "Pani Nowak")], [("PER", "Nowak")]),
    ],
)
def test_a_form_of_address_tells_a_person(
    lang: str, text: str, given: list[tuple[str, str]], expected: list[tuple[str, str]]
) -> None:
    assert mended(lang, text, *given) == expected


@pytest.mark.parametrize(
    ("lang", "text", "given", "expected"),
    [
        ("nn", "No kom Carl I. Berg heim.", [("PER", "Carl I."), ("PER", "Berg")], [("PER", "Carl I . Berg")]),
        ("nn", "No kom Carl I. Berg heim.", [("PER", "Carl"), ("PER", "Berg")], [("PER", "Carl I . Berg")]),
        ("uk", "Вчора Г. Мороз поїхав.", [("PER", "Мороз")], [("PER", "Г . Мороз")]),
        ("it", "La proposta Verdi - Bruni passa.", [("PER", "Verdi - Bruni")], [("PER", "Verdi"), ("PER", "Bruni")]),
        ("fr", "Voici Anne-Marie Blanc.", [("PER", "Anne-Marie Blanc")], [("PER", "Anne - Marie Blanc")]),
        (
            "pl",
            "Aresztowano Jana Zarembskiego. Według CBA Zarembski milczy.",
            [("PER", "Jana Zarembskiego"), ("PER", "CBA Zarembski")],
            [("PER", "Jana Zarembskiego"), ("ORG", "CBA"), ("PER", "Zarembski")],
        ),
        ("fr", "Le rappeur MHD Diallo chante.", [("PER", "MHD Diallo")], [("PER", "MHD Diallo")]),
    ],
)
def test_a_name_is_as_long_as_its_initials_and_as_short_as_its_dashes(
    lang: str, text: str, given: list[tuple[str, str]], expected: list[tuple[str, str]]
) -> None:
    assert mended(lang, text, *given) == expected


@pytest.mark.parametrize(
    ("lang", "text", "given", "expected"),
    [
        ("es", "Ayer la Comisión abrió un caso.", [], [("ORG", "Comisión")]),
        ("it", "Poi il Parlamento ha votato.", [("LOC", "Parlamento")], [("ORG", "Parlamento")]),
        ("pt", "Ontem a Câmara votou.", [("LOC", "Câmara")], [("ORG", "Câmara")]),
        ("es", "Ayer la comisión abrió un caso.", [], []),
        ("es", "Comisión abierta.", [], []),
        ("es", "Habló la Corte.", [], []),
        (
            "es",
            "Habló la Corte Suprema. Luego la Corte calló.",
            [("ORG", "Corte Suprema")],
            [("ORG", "Corte Suprema"), ("ORG", "Corte")],
        ),
        (
            "es",
            "Aprobó el Tratado de Comercio (TDC). El TDC vale.",
            [("ORG", "Tratado de Comercio"), ("ORG", "TDC")],
            None,
        ),
        ("it", "Vinse la Coppa Azzurra.", [("ORG", "Coppa Azzurra")], None),
        ("it", "Ieri Tsmc ha comprato.", [("PER", "Tsmc")], [("ORG", "Tsmc")]),
        ("hr", "Jučer je Krk gorio.", [("LOC", "Krk")], [("LOC", "Krk")]),
        ("it", "Parla il Vescovo.", [("PER", "Vescovo")], []),
    ],
)
def test_what_a_capital_tells(
    lang: str, text: str, given: list[tuple[str, str]], expected: list[tuple[str, str]] | None
) -> None:
    found = mended(lang, text, *given)
    assert {kind for kind, _ in found} == {"MISC"} if expected is None else found == expected


@pytest.mark.parametrize(
    ("lang", "text", "given", "expected"),
    [
        ("tr", "Dün Gül Üniversitesi'nde konuştu.", [("LOC", "Gül")], [("ORG", "Gül Üniversitesi'nde")]),
        ("tr", "Dün Spor ve Gençlik Bakanlığı açıkladı.", [], [("ORG", "Spor ve Gençlik Bakanlığı")]),
        ("tr", "Avukatı Gül Üniversitesi'nde konuştu.", [], [("ORG", "Gül Üniversitesi'nde")]),
        ("tr", "Dün Akça Gölü dondu.", [("PER", "Akça Gölü")], [("LOC", "Akça Gölü")]),
        ("fi", "Asiasta päätti Lahden käräjäoikeus.", [("LOC", "Lahden")], [("ORG", "Lahden käräjäoikeus")]),
        ("sv", "Målet går till Luleå tingsrätt och Umeås tingsrätt.", [], [("ORG", "Umeås tingsrätt")]),
        (
            "nn",
            "Ho er ved Høgskulen i Volda.",
            [("ORG", "Høgskulen"), ("LOC", "Volda")],
            [("ORG", "Høgskulen i Volda")],
        ),
        ("de", "Das Landgericht Bonn urteilt.", [("LOC", "Bonn")], [("ORG", "Landgericht Bonn")]),
        ("cs", "Krajský soud v Lounech jedná.", [("LOC", "Lounech")], [("ORG", "Krajský soud v Lounech")]),
        ("cs", "Nová banka otevřela.", [], []),
        ("uk", "Вищий антикорупційний суд вирішив.", [], [("ORG", "Вищий антикорупційний суд")]),
        ("ru", "Его ведёт Следственный комитет.", [("ORG", "Следственный")], [("ORG", "Следственный комитет")]),
        ("it", "È successo in via Cina.", [("LOC", "Cina")], [("LOC", "via Cina")]),
        ("es", "Se cortó la autovía en la N-340 y la A66.", [("ORG", "N-340")], [("LOC", "N - 340"), ("LOC", "A66")]),
        ("es", "El avión es un A66.", [], []),
    ],
)
def test_a_noun_tells_the_whole_name(
    lang: str, text: str, given: list[tuple[str, str]], expected: list[tuple[str, str]]
) -> None:
    assert mended(lang, text, *given) == expected
