"""Bylines that say the day before the name, those of languages of medium size, and names of sites in headlines."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from archive.extraction import Page, extract

STORY = (
    "<p>The ferry across the bay stops running at the end of the month, the board decided in a long meeting.</p>" * 3
)
BYLINES = [
    ("en", "Published May 6, 2025 by Ann Reed", "Ann Reed"),
    ("de", "Veröffentlicht am 6. Mai 2025 von Anna Reed", "Anna Reed"),
    ("fr", "Publié le 6 mai 2025 par Anne Roux", "Anne Roux"),
    ("fr", "Publié le 6 mai 2025 à 10h30 par Anne Roux", "Anne Roux"),
    ("es", "Publicado el 6 de mayo de 2025 por Ana Ruiz", "Ana Ruiz"),
    ("it", "Pubblicato il 6 maggio 2025 da Anna Rossi", "Anna Rossi"),
    ("nl", "Geplaatst op 6 mei 2025 door Anna de Vries", "Anna de Vries"),
    ("pt", "Publicado em 6 de maio de 2025 por Ana Sousa", "Ana Sousa"),
    ("pl", "Opublikowano 6 maja 2025 przez Anna Kowalska", "Anna Kowalska"),
    ("sv", "Publicerad 6 maj 2025 av Anna Berg", "Anna Berg"),
    ("id", "Diterbitkan 6 Mei 2025 oleh Siti Rahma", "Siti Rahma"),
    ("eu", "Egilea: Ane Etxeberria", "Ane Etxeberria"),
    ("az", "Müəllif: Aygün Əliyeva", "Aygün Əliyeva"),
    ("uz", "Muallif: Aziza Karimova", "Aziza Karimova"),
    ("cy", "Awdur: Ann Rees", "Ann Rees"),
    ("sw", "Mwandishi: Juma Ali", "Juma Ali"),
    ("is", "Höfundur: Anna Jónsdóttir", "Anna Jónsdóttir"),
    ("ka", "ავტორი: ანა ბერიძე", "ანა ბერიძე"),
    ("hy", "Հեղինակ՝ Աննա Սարգսյան", "Աննա Սարգսյան"),
    ("fil", "Ni Maria Santos", "Maria Santos"),
    ("fil", "Isinulat ni Maria Santos", "Maria Santos"),
    ("ga", "le Máire Ní Bhriain", "Máire Ní Bhriain"),
    ("ga", "Scríofa ag Seán Ó Murchú", "Seán Ó Murchú"),
    ("ga", "Ní Bhriain Máire", "Ní Bhriain Máire"),
    ("cy", "Gan Rhys Evans", "Rhys Evans"),
    ("ro", "De Ana Popescu", "Ana Popescu"),
    ("ca", "Per Anna Puig", "Anna Puig"),
    ("vi", "Theo Nguyễn Văn An", "Nguyễn Văn An"),
    ("sw", "Na Juma Ali", "Juma Ali"),
    ("it", "Di Marco De Rossi", "Marco De Rossi"),
    ("pt", "De João da Silva", "João da Silva"),
    ("it", "Di Stefano Paola", "Di Stefano Paola"),
    ("nl", "Van onze redacteur Anna de Vries", "Anna de Vries"),
    ("en", "Ni Wei", "Ni Wei"),
    ("en", "Gan Wei Ling", "Gan Wei Ling"),
    ("en", "Le Thi Hoa", "Le Thi Hoa"),
    ("en", "De Niro Robert", "De Niro Robert"),
    ("en", "Von Miller", "Von Miller"),
    ("en", "By Av Singh", "Av Singh"),
    ("sv", "Per Olsson", "Per Olsson"),
    ("fr", "Le Goff Yann", "Le Goff Yann"),
    ("de", "Von Anna Berg", "Anna Berg"),
    ("hu", "Kovács Anna írása", "Kovács Anna"),
    ("ms", "Oleh Siti binti Ahmad", "Siti binti Ahmad"),
    ("ja", "山田太郎（編集委員）", "山田太郎"),
    ("en", "Ann Reed reports", "Ann Reed"),
    ("en", "Submitted by <span>Ann Reed</span> on Tue, 05/06/2025 - 10:30", "Ann Reed"),
]
SEVERAL = [
    ("fil", "Ni Maria Santos at Jose Cruz", ("Maria Santos", "Jose Cruz")),
    ("cy", "Gan Rhys Evans a Mari Jones", ("Rhys Evans", "Mari Jones")),
    ("ga", "le Seán Ó Murchú agus Máire Ní Bhriain", ("Seán Ó Murchú", "Máire Ní Bhriain")),
    ("hu", "Kovács Anna és Nagy Péter", ("Kovács Anna", "Nagy Péter")),
    ("ro", "De Ana Popescu și Ion Ionescu", ("Ana Popescu", "Ion Ionescu")),
    ("zh", "记者 王小明 李大同", ("王小明", "李大同")),
    ("pt", "Da Redação", ()),
    ("es", "Por José de la Cruz y Pérez", ("José de la Cruz y Pérez",)),
    ("en", "By Ann O’Neill and José María de la Cruz y Pérez", ("Ann O’Neill", "José María de la Cruz y Pérez")),
    ("es", "Por Ana Ruiz y Juan Paz", ("Ana Ruiz", "Juan Paz")),
    ("es", "Por Ana Ruiz y Redacción", ("Ana Ruiz",)),
    ("es", "Por Ana y Luis", ()),
]


def authors(lang: str, line: str, *, head: str = "", label: str = "byline") -> tuple[str, ...]:
    body = f'<article><h1>Ferry stops</h1><div class="{label}">{line}</div>{STORY}</article>'
    page = f"<!DOCTYPE html><html lang={lang}><head><title>Ferry stops</title>{head}</head><body>{body}</body></html>"
    now = datetime(2025, 12, 1, tzinfo=UTC)
    found = extract(Page("https://www.example.org/town/ferry.html", page.encode(), "utf-8", "text/html", now)).article
    assert found is not None
    return found.authors


@pytest.mark.parametrize(("lang", "line", "author"), BYLINES, ids=[f"{lang} {line}" for lang, line, _ in BYLINES])
def test_who_a_byline_names(lang: str, line: str, author: str) -> None:
    assert authors(lang, line) == (author,)


@pytest.mark.parametrize(("lang", "line", "names"), SEVERAL, ids=[line for _, line, _ in SEVERAL])
def test_the_words_for_and_of_a_language(lang: str, line: str, names: tuple[str, ...]) -> None:
    assert authors(lang, line) == names


def test_a_line_by_the_headline_begins_as_its_language_says_by() -> None:
    assert authors("fil", "Ni Maria Santos", label="top") == ("Maria Santos",)
    assert authors("en", "Ni Maria Santos", label="top") == ()


@pytest.mark.parametrize(
    ("lang", "line", "name"),
    [
        ("de", "Von unserer Redakteurin Heike Sommer", "Heike Sommer"),
        ("nl", "Door onze verslaggever Sanne Vos", "Sanne Vos"),
        ("ar", "كتبت: ليلى حداد", "ليلى حداد"),
        ("hi", "लेखक: नेहा वर्मा", "नेहा वर्मा"),
        ("he", "מאת: נועה כהן", "נועה כהן"),
        ("ja", "記者・佐藤花子", "佐藤花子"),
        ("zh", "作者：王小明", "王小明"),
        ("ko", "김민지 기자", "김민지"),
        ("ko", "김민지 선임기자 kim@a.example", "김민지"),
    ],
)
def test_a_line_by_the_headline_names_its_author_in_any_script(lang: str, line: str, name: str) -> None:
    """Only a capital behind the label made a line one that names somebody."""
    assert authors(lang, line, label="top") == (name,)


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("ar", "كتبت: قالت الوزارة اليوم إن الميناء سوف يفتح من جديد في الأسبوع المقبل"),
        ("ja", "記者・会見で市長は港の再開を来週の月曜日と発表した"),
        ("ko", "기자 회견은 오늘 열린다"),
        ("de", "Von unserer Seite gibt es nichts"),
        ("nl", "Door onze schuld is de haven dicht"),
    ],
)
def test_a_sentence_by_the_headline_names_nobody(lang: str, line: str) -> None:
    assert authors(lang, line, label="top") == ()


def test_an_author_as_feeds_have_it_is_the_name() -> None:
    head = '<meta name="author" content="ann.reed@example.org (Ann Reed)">'
    assert authors("en", "", head=head) == ("Ann Reed",)


@pytest.mark.parametrize(
    ("lang", "line", "name"),
    [
        ("zh", '2025年05月06日 10:30　来源：<a href="/">港口网</a>　记者 王小明', "王小明"),
        ("zh", "2025-05-06 来源：港口网 作者：王小明 责编：李大同", "王小明"),
        ("ko", "<i></i> 기자명 홍길동 기자", "홍길동"),
        ("en", "6 May 2025 Source: The Quay Author: Ann Reed Views: 12", "Ann Reed"),
        ("es", "6 de mayo de 2025 Sección: Puerto Autor: Ana Ruiz", "Ana Ruiz"),
    ],
)
def test_a_label_within_a_line_by_the_headline_names_the_author(lang: str, line: str, name: str) -> None:
    assert authors(lang, line, label="top") == (name,)


def test_a_label_in_a_cell_of_its_own_names_the_author() -> None:
    rows = "<tr><th>Author:</th><td>Ann Reed</td></tr><tr><th>Published:</th><td>6 May 2025</td></tr>"
    assert authors("en", f"<table>{rows}</table>", label="top") == ("Ann Reed",)


@pytest.mark.parametrize("label", ["Written by", "Verfasst von", "Escrito por", "Skriven av"])
def test_a_card_for_social_networks_names_the_author(label: str) -> None:
    head = f'<meta name="twitter:label1" content="{label}"><meta name="twitter:data1" content="Ann Reed">'
    other = '<meta name="twitter:label2" content="Est. reading time"><meta name="twitter:data2" content="3 minutes">'
    assert authors("en", "", head=f"{other}{head}") == ("Ann Reed",)
    assert authors("en", "", head=other) == ()


def test_a_class_in_another_language_names_the_byline() -> None:
    assert authors("hu", '<a href="/szerzo/kovacs-anna">Kovács Anna</a>', label="cikk-szerzo") == ("Kovács Anna",)


@pytest.mark.parametrize(("lang", "name", "kept"), [("en", "Von Miller", "Von Miller"), ("de", "Von Miller", "Miller")])
def test_a_name_that_the_page_states_is_read_by_its_language(lang: str, name: str, kept: str) -> None:
    assert authors(lang, "", head=f'<meta name="author" content="{name}">') == (kept,)


@pytest.mark.parametrize(
    ("title", "headline"),
    [
        ("Ferry stops in May (Harbour Times)", "Ferry stops in May"),
        ("[Harbour Times] Ferry stops in May", "Ferry stops in May"),
        ("【Harbour Times】Ferry stops in May", "Ferry stops in May"),
        ("Ferry stops in May. Harbour Times", "Ferry stops in May"),
        ("Will the ferry stop? Harbour Times", "Will the ferry stop?"),
        ("Ferry stops in May—Harbour Times", "Ferry stops in May"),
        ("Ferry stops in May (Updated)", "Ferry stops in May (Updated)"),
        ("Ferry stops. The harbour waits", "Ferry stops. The harbour waits"),
    ],
)
def test_a_headline_has_no_name_of_its_site(title: str, headline: str) -> None:
    head = f'<title>{title}</title><meta property="og:site_name" content="Harbour Times">'
    page = f"<!DOCTYPE html><html lang=en><head>{head}</head><body><article>{STORY}</article></body></html>"
    found = extract(Page("https://www.example.org/town/ferry.html", page.encode(), "utf-8", "text/html")).article
    assert found is not None
    assert found.title == headline


@pytest.mark.parametrize(
    ("title", "links"),
    [
        ("Ferry stops in May_港口网", '<a href="/">港口网</a>'),
        ("Bay Notes: Ferry stops in May", '<h1><a href="https://www.example.org/">Bay Notes</a></h1>'),
        ("Ferry stops in May | The Quay", '<a href="https://www.example.org">The Quay</a>'),
    ],
)
def test_what_the_link_to_the_front_page_says_is_a_name_of_the_site(title: str, links: str) -> None:
    body = f"{links}<article>{STORY}</article>"
    page = f"<!DOCTYPE html><html lang=en><head><title>{title}</title></head><body>{body}</body></html>"
    found = extract(Page("https://www.example.org/town/ferry.html", page.encode(), "utf-8", "text/html")).article
    assert found is not None
    assert found.title == "Ferry stops in May"
