"""Which encoding bytes without a label are in: by the letters of whole languages, also where there are few of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive import Item, read_items
from archive.extraction.detect import detect
from archive.extraction.letters import LANGUAGES

# What a table of links has in its columns: few words, capitals first, no sentences.
TITLES = [
    ("cp1252", "Spanish", ["El año próximo habrá una reunión en Cádiz", "¿Quién pagó la cuenta del señor Ibáñez?"]),
    ("cp1252", "Spanish capitals", ["MÁLAGA Y CÓRDOBA", "LA CIGÜEÑA VUELVE", "ÁNGEL NÚÑEZ"]),
    ("cp1252", "Portuguese", ["A reunião do conselho não terá votação", "Eleições: três câmaras sem presidente"]),
    ("cp1252", "Italian", ["La città è più lontana", "Perché il porto non riaprirà lunedì"]),
    ("cp1252", "French", ["Où va la forêt ?", "Les élèves fêtent Noël à l’école"]),
    ("cp1252", "German", ["Straßen über den Fluß gesperrt", "Mädchen größer als früher"]),
    ("cp1252", "Danish", ["Færgen på øen sejler ikke", "Børn og unge på havnen"]),
    ("cp1250", "Polish", ["Most w Łodzi będzie zamknięty", "Święto odbędzie się później"]),
    ("cp1250", "Czech", ["Příští týden začne oprava mostu", "Město zvýší poplatky za vodu"]),
    ("cp1250", "Hungarian", ["A hídfelújítás jövőre kezdődik", "Új vízmű épül a folyó fölött, később"]),
    ("cp1250", "Romanian", ["Primăria a aprobat şi bugetul", "Preţurile cresc în fiecare lună"]),
    ("cp1251", "Russian", ["Мост закрыт", "Совет решил вопрос о порте"]),
    ("cp1251", "Ukrainian", ["Міст через річку закрито", "Їхні діти підуть до школи"]),
    ("koi8-r", "Russian", ["Мост закрыт", "Совет решил вопрос о порте"]),
    ("cp1253", "Greek", ["Το λιμάνι κλείνει", "Νέα μέτρα για τις πόλεις"]),
    ("cp1253", "Greek, one line", ["Άγκυρα"]),
    ("cp1254", "Turkish", ["İstanbul’da köprü açılışı ertelendi", "Şehirde ulaşım güçleşti"]),
    ("cp1255", "Hebrew", ["הנמל נסגר", "ראש העיר אמר כי הגשר ישן"]),
    ("cp1256", "Arabic", ["أغلق الميناء", "قال رئيس البلدية إن الجسر قديم"]),
    ("cp874", "Thai", ["ท่าเรือปิดแล้ว", "นายกเทศมนตรีกล่าวว่าสะพานเก่า"]),
]  # fmt: skip


@pytest.mark.parametrize(("codec", "titles"), [pytest.param(c, t, id=f"{n} in {c}") for c, n, t in TITLES])
def test_a_short_table_is_read_in_the_encoding_of_its_language(codec: str, titles: list[str], tmp_path: Path) -> None:
    rows = "".join(f"https://paper.example/{number},{title},news\n" for number, title in enumerate(titles))
    path = tmp_path / "links.csv"
    path.write_bytes(f"url,title,tags\n{rows}".encode(codec))
    found = [item.title for item in read_items(path) if isinstance(item, Item)]
    assert found == titles


@pytest.mark.parametrize("codec", sorted(LANGUAGES))
def test_every_letter_of_a_language_is_in_its_encoding(codec: str) -> None:
    for language, letters in LANGUAGES[codec].items():
        assert letters.encode(codec).decode(codec) == letters, language
        assert len(set(letters)) == len(letters), language
        assert letters == letters.lower(), language


def test_one_sign_is_no_language() -> None:
    """Typographical quotes, a copyright: windows-1252, as browsers have it."""
    for text in ("“It’s late” – he said", "© 2025", "5 °C", "naïve", "Zoë’s café"):
        assert detect(text.encode("cp1252")) == "cp1252", text


def test_a_bad_byte_is_no_language() -> None:
    """One byte that is wrong among ASCII makes no text Russian, Greek or Thai of it."""
    for byte in range(0x80, 0x100):
        feed = b"<rss><channel><item><title>A " + bytes([byte]) + b" b</title></item></channel></rss>"
        assert detect(feed) in ("cp1252", "cp1250", "cp1254"), hex(byte)


def test_words_of_two_scripts_are_told_by_the_longer_part() -> None:
    text = "url,title\nhttps://x.example/,BBC News: совет решил, мост будет закрыт на ремонт\n"
    assert detect(text.encode("cp1251")) == "cp1251"
    assert detect(b"\x98" * 40) in LANGUAGES, "any bytes are some encoding's"
