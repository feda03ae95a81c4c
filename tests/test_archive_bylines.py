"""Bylines that say the day before the name, those of languages of medium size, and names of sites in headlines."""

from __future__ import annotations

from datetime import UTC, datetime
from time import process_time

import pytest

from archive.extraction import Page, extract
from archive.extraction.people import names_in

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


@pytest.mark.parametrize(
    ("lang", "line", "names"),
    [
        ("en", "BY ANN REED", ("Ann Reed",)),
        ("en", "BY ANN O’NEIL-MCDONALD AND J.R.R. VAN DER BERG", ("Ann O’Neil-McDonald", "J.R.R. van der Berg")),
        ("en", "By JK ROWE, TJ HALE III and BASHAR AL-ASSAD", ("JK Rowe", "TJ Hale III", "Bashar al-Assad")),
        ("en", "BY ANN REED, JR. AND MAX HALE, PHD", ("Ann Reed, Jr", "Max Hale, PhD")),
        ("en", "By ANN REED Associated Press", ("Ann Reed",)),
        ("de", "VON ANNA BERG UND KARL-HEINZ GROSS", ("Anna Berg", "Karl-Heinz Gross")),
        ("fr", "PAR ÉLODIE DE LA TOUR", ("Élodie de la Tour",)),
        ("it", "DI ANNA DE ROSSI", ("Anna De Rossi",)),
        ("es", "POR ANA RUIZ Y LUIS PAZ", ("Ana Ruiz", "Luis Paz")),
        ("da", "AF ANNA BERG OG NIELS HOLM", ("Anna Berg", "Niels Holm")),
        ("tr", "AYŞE IŞIK", ("Ayşe Işık",)),
        ("ru", "ТЕКСТ: АННА ИВАНОВА", ("Анна Иванова",)),
    ],
)
def test_a_name_in_capitals_is_written_as_names_are(lang: str, line: str, names: tuple[str, ...]) -> None:
    assert authors(lang, line) == names


def test_a_name_in_capitals_is_written_as_the_page_writes_it_elsewhere() -> None:
    assert authors("en", "BY ANN DE VRIES", head="<meta name=x content=y>") == ("Ann de Vries",)
    assert authors("en", "BY ANN DE VRIES</div><div>Mail to Ann De Vries") == ("Ann De Vries",)
    assert authors("en", "", head='<meta name="author" content="REUTERS">') == ("REUTERS",)


@pytest.mark.parametrize("piece", ["x & ", "a and ", "(", "and (", "Ann Reed, ", "王小明、"])
def test_an_author_string_without_end_takes_no_time(piece: str) -> None:
    """A string of 20,000 signs took a minute."""
    began = process_time()
    names_in(piece * (200_000 // len(piece)))
    assert process_time() - began < 3


def test_a_name_in_capitals_that_its_owner_has_formatted_stays() -> None:
    assert authors("en", 'By <span class="fn">ANN DE VRIES</span>', label="vcard") == ("ANN DE VRIES",)


@pytest.mark.parametrize(
    ("lang", "line", "name"),
    [
        ("en", "Ann Reed, May 6, 2025", "Ann Reed"),
        ("en", "Ann Reed | May 6, 2025", "Ann Reed"),
        ("en", "6 May 2025 • Ann Reed", "Ann Reed"),
        ("en", "Ann Reed<br>May 6, 2025 10:30 a.m.", "Ann Reed"),
        ("en", "<span>Ann Reed</span><span>May 6, 2025</span>", "Ann Reed"),
        ("en", '<a href="/authors/ann-reed">Ann Reed</a> <time datetime="2025-05-06">May 6, 2025</time>', "Ann Reed"),
        ("de", "Anna Berg, 6. Mai 2025", "Anna Berg"),
        ("fr", "Anne Roux — 6 mai 2025", "Anne Roux"),
        ("ru", "Анна Иванова, 6 мая 2025", "Анна Иванова"),
        ("en", "<ul><li>6 May 2025</li><li>Ann Reed</li><li>3 min read</li></ul>", "Ann Reed"),
        ("es", "Ana Ruiz<br>Madrid - 6 may 2025 - 10:30 CEST", "Ana Ruiz"),
        ("en", '<a href="/@annreed?source=post">Ann Reed</a><button>Follow</button><p>May 6, 2025</p>', "Ann Reed"),
        ("en", "<strong>Ann Reed</strong><br>Staff Writer", "Ann Reed"),
        ("en", "Ann Reed, opinion contributor", "Ann Reed"),
        ("fr", "Anne Roux, envoyée spéciale à Lyon", "Anne Roux"),
        ("nl", "Anna de Vries, verslaggever", "Anna de Vries"),
    ],
)
def test_a_line_of_a_name_and_a_day_by_the_headline_names_the_author(lang: str, line: str, name: str) -> None:
    assert authors(lang, line, label="top") == (name,)


@pytest.mark.parametrize(
    "line",
    [
        "New York, May 6, 2025",
        "Port Townsend, May 6, 2025",
        "VIRGINIA BEACH, May 6, 2025",
        "Long Beach | May 6, 2025",
        "Grand Rapids, May 6, 2025",
        "Rio de Janeiro, May 6, 2025",
        "White House, May 6, 2025",
        "United Nations, May 6, 2025",
        "Spring Issue, May 6, 2025",
        "Ann Reed, president of the board",
        "Ann Reed told a reporter",
        "Last Update May 6, 2025",
        "Release Date May 6, 2025",
        "Ausgabe vom 06.05.2025",
        "Son Güncelleme : 06.05.2025 - 16:49",
        '<a href="/2025/harbour-opens">Harbour Opens Again</a> May 6, 2025',
        "In May Ann Reed told the board on May 6, 2025",
    ],
)
def test_a_line_of_a_place_or_a_label_and_a_day_names_nobody(line: str) -> None:
    assert authors("en", line, label="top") == ()


def test_a_name_stated_in_capitals_with_the_last_first_is_turned() -> None:
    assert authors("en", "", head='<meta name="author" content="REED, ANN">') == ("Ann Reed",)
    assert authors("en", "", head='<meta name="author" content="Reed, CNN">') == ("Reed", "CNN")


def test_a_day_behind_the_story_is_that_of_another() -> None:
    assert authors("en", f"</div>{STORY}<div>Harbour Opens Again May 6, 2025", label="top") == ()


@pytest.mark.parametrize(
    ("lang", "credit", "names"),
    [
        ("en", "(Reporting by Ann Reed; Editing by Max Hale)", ("Ann Reed",)),
        (
            "en",
            "(Reporting by Ann Reed in Berlin and Eva Stone in Paris; Writing by Bill Hall; Editing by Max Hale)",
            ("Ann Reed", "Eva Stone", "Bill Hall"),
        ),
        (
            "en",
            "A bus costs two. (Additional reporting by Eva Stone; Writing by Ann Reed; Editing by Max Hale)",
            ("Ann Reed",),
        ),
        (
            "de",
            "(Bericht von Anna Berg, geschrieben von Karl Otto, redigiert von Max Hahn.)",
            ("Anna Berg", "Karl Otto"),
        ),
        ("es", "(Reporte de Ana Ruiz. Editado en español por Luis Paz)", ("Ana Ruiz",)),
        ("en", "(Editing by Max Hale)", ()),
        ("en", "The union sees reporting by Ann Reed as unfair.", ()),
    ],
)
def test_the_credit_of_an_agency_names_who_reported(lang: str, credit: str, names: tuple[str, ...]) -> None:
    assert authors(lang, f"</div>{STORY}<p>{credit}</p><div>", label="top") == names


def test_the_credit_of_an_agency_is_no_byline_beside_one() -> None:
    credit = "(Reporting by Eva Stone; Editing by Max Hale)"
    assert authors("en", f"By Ann Reed</div>{STORY}<p>{credit}</p><div>") == ("Ann Reed",)


@pytest.mark.parametrize(
    ("lang", "line", "names"),
    [
        ("en", "By Ann Reed/The Quay", ("Ann Reed",)),
        ("en", "By Ann Reed For The Quay", ("Ann Reed",)),
        ("en", "By Ann Reed With Photographs by Max Hale", ("Ann Reed",)),
        ("de", "Anna Berg (Text) und Karl Otto (Fotos)", ("Anna Berg",)),
        ("fr", "Par Anne Roux Publié le 6 mai 2025", ("Anne Roux",)),
        ("pt", "Por Ana Sousa — São Paulo", ("Ana Sousa",)),
        ("pt", "Reportagem: Ana Sousa", ("Ana Sousa",)),
        ("no", "Journalist: Kari Nordmo", ("Kari Nordmo",)),
        ("nl", "Tekst Anna de Vries Foto's Piet Smit", ("Anna de Vries",)),
        ("zh", "本报记者 王小明 李大同", ("王小明", "李大同")),
        ("zh", "文、圖／王小明", ("王小明",)),
        ("ja", "文／山田太郎　写真／佐藤花子", ("山田太郎",)),
        ("ja", "（山田太郎）", ("山田太郎",)),
        ("ja", "【山田太郎】", ("山田太郎",)),
    ],
)
def test_who_else_stands_in_a_byline_is_no_author(lang: str, line: str, names: tuple[str, ...]) -> None:
    assert authors(lang, line) == names


@pytest.mark.parametrize(
    ("lang", "line", "names"),
    [
        ("zh", "文｜王小明", ("王小明",)),
        ("zh", "文：王小明 图：李大同", ("王小明",)),
        ("zh", "记者 王小明", ("王小明",)),
        ("zh", "记者王小明、李大同", ("王小明", "李大同")),
        ("zh", "新华社记者王小明", ("王小明",)),
        ("zh", "记者从会上获悉，渡船下周一停航", ()),
        ("ja", "記者 山田太郎", ("山田太郎",)),
        ("ko", "[서울=뉴시스] 홍길동 기자", ("홍길동",)),
        ("ko", "홍길동·김철수 기자", ("홍길동", "김철수")),
        ("el", "Του Γιώργου Παππά", ("Γιώργου Παππά",)),
    ],
)
def test_a_line_by_the_headline_in_signs_names_its_authors(lang: str, line: str, names: tuple[str, ...]) -> None:
    assert authors(lang, line, label="top") == names
