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
]


@pytest.mark.parametrize(("lang", "line", "author"), BYLINES, ids=[line for _, line, _ in BYLINES])
def test_who_a_byline_names(lang: str, line: str, author: str) -> None:
    body = f'<article><h1>Ferry stops</h1><div class="byline">{line}</div>{STORY}</article>'
    page = f"<!DOCTYPE html><html lang={lang}><head><title>Ferry stops</title></head><body>{body}</body></html>"
    now = datetime(2025, 12, 1, tzinfo=UTC)
    found = extract(Page("https://www.example.org/town/ferry.html", page.encode(), "utf-8", "text/html", now)).article
    assert found is not None
    assert found.authors == (author,)


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
