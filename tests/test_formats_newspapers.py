"""Exports of newspaper databases: each in the shapes that it has, whole and damaged, in whatever it is packed."""

# ruff: noqa: E501 -- lines of exports are as long as they are

from __future__ import annotations

from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest

from archive import Item, Reject, detect_format, read_items

TEXT = "The harbour board voted on Tuesday to spend twelve million pounds on the northern pier."
MORE = "Fishermen had asked for the money since 2019; the mayor, Ben Cole, called it \u201cten years late\u201d."


def write(folder: Path, data: str | bytes, name: str = "export.txt") -> Path:
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def split(path: Path) -> tuple[list[Item], list[Reject]]:
    found = list(read_items(path))
    return [f for f in found if isinstance(f, Item)], [f for f in found if isinstance(f, Reject)]


def docx(folder: Path, text: str, name: str = "export.docx") -> Path:
    """A document whose paragraphs are the lines of `text` that are not empty."""
    body = "".join(
        f"<w:p><w:r><w:t>{line.replace('&', '&amp;')}</w:t></w:r></w:p>" for line in text.split("\n") if line.strip()
    )
    path = folder / name
    with ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f'<w:document xmlns:w="w"><w:body>{body}</w:body></w:document>')
    return path


def rtf(folder: Path, text: str, name: str = "export.rtf") -> Path:
    """As word processors write it: fonts, a header, signs as bytes and as numbers, one paragraph a line."""

    def sign(char: str) -> str:
        if char in "\\{}":
            return f"\\{char}"
        if ord(char) < 128:
            return {"\t": "\\tab "}.get(char, char)
        return f"\\'{char.encode('cp1252').hex()}" if char in "éäöü©" else f"\\u{ord(char)}?"

    lines = "".join("".join(map(sign, line)) + "\\par\r\n" for line in text.split("\n") if line.strip())
    head = r"{\rtf1\ansi\ansicpg1252\uc1{\fonttbl{\f0 Arial;}}{\colortbl;\red0\green0\blue0;}{\*\generator Some;}{\header Page \chpgn  of 3\par}"
    return write(folder, head + r"{\pict\pngblip 89504e470d0a}\pard\plain " + lines + "}", name)


OLD = f"""

                               1 of 2 DOCUMENTS


                             The Ledger (Sillmouth)

                            January 31, 2025 Friday
                                 Final Edition

Harbour board votes for
the pier at last

BYLINE: Ann Reed, Staff Writer

SECTION: LOCAL; Pg. 3

LENGTH: 300 words

HIGHLIGHT: Fishermen waited six years

DATELINE: SILLMOUTH

{TEXT}

SUMMER: the work begins in June.

{MORE}

LOAD-DATE: February 1, 2025

LANGUAGE: ENGLISH

GRAPHIC: Photo, The pier in winter

PUBLICATION-TYPE: Newspaper

                   Copyright 2025 The Ledger Ltd.
                          All Rights Reserved

                               2 of 2 DOCUMENTS

                             Der Kurier

                        3. Februar 2025 Montag

Der Kai wird gebaut

AUTOR: Petra Kranz und Jan Ude

RUBRIK: Lokales; S. 5

LÄNGE: 40 Wörter

Der Hafenrat stimmte am Dienstag zu.

UPDATE: 4. Februar 2025

SPRACHE: GERMAN; DEUTSCH

                   Copyright 2025 Kurier Verlag
                       Alle Rechte vorbehalten
"""
NEW = f"""The pier
The Ledger (Sillmouth)
January 31, 2025 Friday
Final Edition
Copyright 2025 The Ledger Ltd. All Rights Reserved
Section: LOCAL; Pg. 3
Length: 300 words
Byline: By Ann Reed
Highlight: Fishermen waited six years
Body

{TEXT}
Notes
{MORE}
Section: A is the new part of the harbour.
Graphic
Photo, The pier in winter
Classification
Language: ENGLISH
Publication-Type: Newspaper
Subject: HARBORS (90%); FISHING (80%)
Load-Date: February 1, 2025
End of Document
Second story
The Daily Post
February 3, 2025 Monday
Length: 20 words
Body
Other words of another paper.
Load-Date: February 3, 2025
End of Document
"""


def test_lexisnexis_with_labels_in_capitals(tmp_path: Path) -> None:
    """It was read as a text without addresses."""
    path = write(tmp_path, OLD)
    assert detect_format(path).name == "nexis"
    (first, second), rejects = split(path)
    assert rejects == []
    assert (first.title, first.site) == ("Harbour board votes for the pier at last", "The Ledger (Sillmouth)")
    assert (first.authors, first.published, first.lang) == (("Ann Reed",), date(2025, 1, 31), "en")
    assert (
        first.text
        == f"Fishermen waited six years\n\n{TEXT}\n\nSUMMER: the work begins in June.\n\n{MORE}\n\nGRAPHIC: Photo, The pier in winter"
    )
    assert "Section: LOCAL; Pg. 3" in first.note
    assert "Edition: Final Edition" in first.note
    assert "Dateline: SILLMOUTH" in first.note
    assert (second.title, second.site, second.lang) == ("Der Kai wird gebaut", "Der Kurier", "de")
    assert (second.authors, second.published) == (("Petra Kranz", "Jan Ude"), date(2025, 2, 3))
    assert second.text == "Der Hafenrat stimmte am Dienstag zu."
    assert first.remarks == second.remarks == ()


@pytest.mark.parametrize("packed", ["txt", "docx", "rtf"])
def test_nexis_uni(tmp_path: Path, packed: str) -> None:
    """The same whatever it is packed in; words that labels have are no labels within the text."""
    path = {"docx": docx, "rtf": rtf}[packed](tmp_path, NEW) if packed != "txt" else write(tmp_path, NEW)
    assert detect_format(path).name == "nexis"
    (first, second), rejects = split(path)
    assert rejects == []
    assert (first.title, first.site, first.authors) == ("The pier", "The Ledger (Sillmouth)", ("Ann Reed",))
    assert (first.published, first.lang) == (date(2025, 1, 31), "en")
    words = [
        "Fishermen waited six years",
        TEXT,
        "Notes",
        MORE,
        "Section: A is the new part of the harbour.",
        "Graphic",
        "Photo, The pier in winter",
    ]
    assert [line for line in first.text.split("\n") if line] == words
    assert "Section: LOCAL; Pg. 3" in first.note
    assert "Subject: HARBORS (90%); FISHING (80%)" in first.note
    assert (second.title, second.site, second.text) == (
        "Second story",
        "The Daily Post",
        "Other words of another paper.",
    )
    assert first.url.startswith("https://nexis.invalid/")
    assert first.url != second.url


def test_one_paper_has_one_address_however_it_is_packed(tmp_path: Path) -> None:
    addresses = [
        [one.url for one in split(path)[0]] for path in (write(tmp_path, NEW), docx(tmp_path, NEW), rtf(tmp_path, NEW))
    ]
    assert addresses[0] == addresses[1] == addresses[2]


def test_headers_of_pages_are_no_text(tmp_path: Path) -> None:
    """What goes on over a page is one paragraph again."""
    start, end = TEXT.split(" to spend ")
    paged = NEW.replace(TEXT, f"{start}\n\nPage 2 of 3\nThe pier\n\nto spend {end}")
    (first, _), rejects = split(write(tmp_path, f"Page 1 of 3\nThe pier\n{paged}"))
    assert rejects == []
    assert f"{start}\nto spend {end}" in first.text
    assert "Page 2" not in first.text
    assert first.title == "The pier"


CODED = f"""HD \tThe pier
BY \tBy Ann Reed
WC \t300 words
PD \t31 January 2025
SN \tThe Ledger
SC \tLEDGER
PG \t3
LA \tEnglish
CY \t(c) 2025 The Ledger.
LP \t
{TEXT}

TD \t
IN the end nobody objected.

{MORE}

CO \tledger : The Ledger Ltd.
NS \tgcat : Political/General News
RE \tuk : United Kingdom
PUB \tLedger Ltd.
AN \tDocument LEDGER0020250131el1v0000a

SE \tSport
HD \tThe match
WC \t20 words
PD \t1 février 2025
SN \tLe Courrier
LA \tFrench
LP \tUne phrase.
AN \tDocument COURR00020250201el210000b
"""
SHOWN = f"""Local News
The pier
By Ann Reed
300 words
31 January 2025
10:15
The Ledger
LEDGER
3
English
(c) 2025 The Ledger

{TEXT}

{MORE}

Document LEDGER0020250131el1v0000a

Der Kai
Petra Kranz
40 Wörter
1 Februar 2025
Der Kurier
KURIER
Deutsch
Copyright 2025 Kurier Verlag

Der Hafenrat stimmte am Dienstag zu.

Dokument KURIER0020250201el210000c

Search Summary
Text\tpier
Date\tAll Dates
"""


@pytest.mark.parametrize("packed", ["txt", "docx", "rtf"])
def test_factiva_with_codes(tmp_path: Path, packed: str) -> None:
    path = {"docx": docx, "rtf": rtf}[packed](tmp_path, CODED) if packed != "txt" else write(tmp_path, CODED)
    assert detect_format(path).name == "factiva"
    (first, second), rejects = split(path)
    assert rejects == []
    assert (first.title, first.authors, first.site, first.lang) == ("The pier", ("Ann Reed",), "The Ledger", "en")
    assert (first.published, first.url) == (date(2025, 1, 31), "https://factiva.invalid/LEDGER0020250131el1v0000a")
    assert [line for line in first.text.split("\n") if line] == [TEXT, "IN the end nobody objected.", MORE]
    assert "Page: 3" in first.note
    assert "Subject: gcat : Political/General News" in first.note
    assert (second.title, second.site, second.lang, second.text) == ("The match", "Le Courrier", "fr", "Une phrase.")
    assert "Section: Sport" in second.note


@pytest.mark.parametrize("packed", ["txt", "docx", "rtf"])
def test_factiva_as_displayed(tmp_path: Path, packed: str) -> None:
    path = {"docx": docx, "rtf": rtf}[packed](tmp_path, SHOWN) if packed != "txt" else write(tmp_path, SHOWN)
    assert detect_format(path).name == "factiva"
    (first, second), rejects = split(path)
    assert rejects == []
    assert (first.title, first.authors, first.site, first.lang) == ("The pier", ("Ann Reed",), "The Ledger", "en")
    assert (first.published, first.url) == (date(2025, 1, 31), "https://factiva.invalid/LEDGER0020250131el1v0000a")
    assert first.text == f"{TEXT}\n\n{MORE}"
    assert "Section: Local News" in first.note
    assert (second.title, second.authors, second.site, second.lang) == ("Der Kai", ("Petra Kranz",), "Der Kurier", "de")
    assert (second.published, second.text) == (date(2025, 2, 1), "Der Hafenrat stimmte am Dienstag zu.")


PROQUEST = f"""____________________________________________________________

Report Information from ProQuest
01 February 2025 08:00
____________________________________________________________

Table of contents

1. The pier
____________________________________________________________

Document 1 of 2

The pier

Author: Reed, Ann; Cole, Ben.

Publication info: The Ledger ; Sillmouth [Sillmouth]. 31 Jan 2025: A.3.

Abstract: The harbour board voted on Tuesday to spend twelve million pounds.

Links: https://lib.example/openurl?x=1

Full text: {TEXT}

Subject: pier, said the letter.

{MORE}

CREDIT: By Ann Reed, staff

Subject: Harbors; Fishing

Location: Sillmouth

Title: The pier

Publication title: The Ledger; Sillmouth

First page: A.3

Publication year: 2025

Publication date: Jan 31, 2025

Section: Local

Publisher: Ledger Ltd.

Source type: Newspaper

Language of publication: English

Document type: News

ProQuest document ID: 3161234567

Document URL: https://www.proquest.com/newspapers/the-pier/docview/3161234567/se-2?accountid=12345

Copyright: Copyright Ledger Ltd. Jan 31, 2025

Last updated: 2025-02-01

Database: Global Newsstream
____________________________________________________________

Document 2 of 2

A citation alone

Publication title: The Ledger

Publication date: Feb 1, 2025

ProQuest document ID: 3161234568
____________________________________________________________

Contact us at: http://www.proquest.com/go/contactsupport
"""


@pytest.mark.parametrize("packed", ["txt", "docx", "rtf"])
def test_proquest(tmp_path: Path, packed: str) -> None:
    path = {"docx": docx, "rtf": rtf}[packed](tmp_path, PROQUEST) if packed != "txt" else write(tmp_path, PROQUEST)
    assert detect_format(path).name == "proquest"
    (item,), (reject,) = split(path)
    assert (item.title, item.authors, item.site, item.lang) == (
        "The pier",
        ("Ann Reed", "Ben Cole"),
        "The Ledger",
        "en",
    )
    assert (item.published, item.url) == (date(2025, 1, 31), "https://www.proquest.com/docview/3161234567")
    words = [TEXT, "Subject: pier, said the letter.", MORE, "Credit: By Ann Reed, staff"]
    assert [line for line in item.text.split("\n") if line] == words
    assert "Section: Local" in item.note
    assert "First page: A.3" in item.note
    assert reject.reason == "the export has no full text of it, only its citation: A citation alone"


EUROPRESSE = """<!DOCTYPE html><html><head><title>Europresse</title></head><body>
<article><header><div class="rdp__DocPublicationName"><span class="DocPublicationName">La Gazette, no. 43018</span></div>
<div><span class="DocTitreSousSection">France</span></div><span class="DocHeader">vendredi 31 janvier 2025, p. 5</span>
<div class="titreArticle"><p class="sm-margin-TopNews titreArticleVisu rdp__articletitle">Le quai &amp; la mer</p>
<p class="sm-margin-TopNews rdp__subtitle">Un vote attendu</p></div>
<p class="sm-margin-bottomNews">Luc Martin; Anne Duval</p></header>
<section><div class="DocText clearfix"><div class="docOcurrContainer"><p>Le conseil du port a <mark>voté</mark> mardi.</p>
<p>Les pêcheurs<br/>attendaient.</p></div></div></section>
<footer><div>© 2025 La Gazette. Tous droits réservés.</div><span class="publiC-lblNodoc">news·20250131·GAZ·43018x5</span></footer></article>
<article><header><span class="DocPublicationName">Le Phare (site web)</span><span class="DocHeader">3 février 2025</span>
<p class="titreArticleVisu">Une autre page</p></header><div class="docOcurrContainer"><p>Rien de plus.</p></div></article>
</body></html>"""


def test_europresse(tmp_path: Path) -> None:
    """It was read as one saved page."""
    path = write(tmp_path, EUROPRESSE, "biblio.HTML")
    assert detect_format(path).name == "europresse"
    (first, second), rejects = split(path)
    assert rejects == []
    assert (first.title, first.authors, first.site) == ("Le quai & la mer", ("Luc Martin", "Anne Duval"), "La Gazette")
    assert (first.published, first.url) == (date(2025, 1, 31), "https://europresse.invalid/news-20250131-GAZ-43018x5")
    assert first.text == "Un vote attendu\n\nLe conseil du port a voté mardi.\n\nLes pêcheurs\nattendaient."
    assert first.note == "Section: France\nPage: 5\nIssue: no. 43018"
    assert (second.title, second.site, second.text) == ("Une autre page", "Le Phare (site web)", "Rien de plus.")
    assert (second.published, first.remarks, second.remarks) == (date(2025, 2, 3), (), ())


RULE = "=" * 78
RETRIEVER = f"""Sillmouth universitet
Datum 2025-02-03

Nyheter:

> Kajen byggs, Kuriren, 2025-01-31 09:31

> Piren, Posten, 2025-01-30

Kajen byggs
Kuriren, 2025-01-31 09:31
Publicerat på webb.

Hamnrådet röstade på tisdagen.

© Kuriren. Alla artiklar är skyddade enligt upphovsrättslagen.

Se webartikeln på http://ret.nu/abc123
{RULE}

Piren
Posten, 2025-01-30
Sida 15
Publicerat i print.

Ingressen står här.

Fiskarna, 2019-01-01 väntade de ännu.

© Posten
Läs hela artikeln på http://ret.nu/def456
{RULE}
"""
ATEKST = f"""Kaien bygges
{"-" * 78}
Avisa, 31.01.2025 06:00
Publisert på trykk.
Side 7

Havnerådet stemte tirsdag.

© Avisa
{RULE}
"""


def test_retriever(tmp_path: Path) -> None:
    """Its links to articles were all that was read of it."""
    path = write(tmp_path, RETRIEVER)
    assert detect_format(path).name == "retriever"
    (first, second), rejects = split(path)
    assert rejects == []
    assert (first.title, first.site, first.published) == ("Kajen byggs", "Kuriren", date(2025, 1, 31))
    assert (first.url, first.text) == ("http://ret.nu/abc123", "Hamnrådet röstade på tisdagen.")
    assert (second.title, second.site, second.note) == ("Piren", "Posten", "Page: 15")
    assert second.text == "Ingressen står här.\n\nFiskarna, 2019-01-01 väntade de ännu."
    (third,), rejects = split(write(tmp_path, ATEKST))
    assert (third.title, third.site, third.published) == ("Kaien bygges", "Avisa", date(2025, 1, 31))
    assert (third.text, third.note, rejects) == ("Havnerådet stemte tirsdag.", "Page: 7", [])


GENIOS = """Dokumente

Inhaltsverzeichnis

1. Der Kai wird gebaut ................ 2

Der Kai wird gebaut

Der Hafenrat stimmte am Dienstag zu.

Die Fischer hatten lange gewartet.

Quelle: Der Kurier vom 31.01.2025, Seite 5
Ressort: Lokales
Autor: Petra Kranz
Dokumentnummer: 20250131005
Dauerhafte Adresse des Dokuments: https://www.wiso-net.de/document/KUR__20250131005
Alle Rechte vorbehalten: (c) Kurier Verlag
© GBI-Genios Deutsche Wirtschaftsdatenbank GmbH

Seite 2 von 3

Zweite Meldung

Noch ein Satz.

Quelle: "Das Blatt" vom 01.02.2025 Seite: 40
Dokumentnummer: BLA-2025-02-01-7
© GBI-Genios Deutsche Wirtschaftsdatenbank GmbH
"""


@pytest.mark.parametrize("packed", ["txt", "docx", "rtf"])
def test_genios(tmp_path: Path, packed: str) -> None:
    path = {"docx": docx, "rtf": rtf}[packed](tmp_path, GENIOS) if packed != "txt" else write(tmp_path, GENIOS)
    assert detect_format(path).name == "genios"
    (first, second), rejects = split(path)
    assert rejects == []
    assert (first.title, first.site, first.published) == ("Der Kai wird gebaut", "Der Kurier", date(2025, 1, 31))
    assert (first.authors, first.lang) == (("Petra Kranz",), "de")
    assert first.url == "https://www.wiso-net.de/document/KUR__20250131005"
    assert first.text == "Der Hafenrat stimmte am Dienstag zu.\n\nDie Fischer hatten lange gewartet."
    assert first.note == "Seite: 5\nRessort: Lokales"
    assert (second.title, second.site, second.text) == ("Zweite Meldung", "Das Blatt", "Noch ein Satz.")
    assert (second.url, second.published) == ("https://genios.invalid/BLA-2025-02-01-7", date(2025, 2, 1))


EXPORTS = {
    "old": OLD,
    "new": NEW,
    "coded": CODED,
    "shown": SHOWN,
    "proquest": PROQUEST,
    "retriever": RETRIEVER,
    "genios": GENIOS,
}


@pytest.mark.parametrize("name", EXPORTS)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252", "utf-8"])
def test_encodings_and_ends_of_lines(tmp_path: Path, name: str, encoding: str) -> None:
    expected, _ = split(write(tmp_path, EXPORTS[name]))
    data = EXPORTS[name].replace("\n", "\r\n").encode(encoding)
    found, _ = split(write(tmp_path, data))
    assert [(one.url, one.title, one.text, one.note) for one in found] == [
        (one.url, one.title, one.text, one.note) for one in expected
    ]


@pytest.mark.parametrize("name", ["old", "new", "coded", "shown"])
def test_what_is_cut_off_is_taken_in_and_told(tmp_path: Path, name: str) -> None:
    """The first paper is cut off in its text."""
    cut = EXPORTS[name][: EXPORTS[name].index("Fishermen had asked") + 30]
    (item,), rejects = split(write(tmp_path, cut))
    assert rejects == []
    assert item.text.endswith("Fishermen had asked for the mo")
    assert "its end is missing" in item.remarks[0]


@pytest.mark.parametrize("name", ["old", "new", "coded", "shown"])
def test_what_is_missing_costs_nothing_else(tmp_path: Path, name: str) -> None:
    """Without byline, section, language, and the day."""
    dropped = (
        "BYLINE",
        "SECTION",
        "LANGUAGE",
        "Byline",
        "Section: LOCAL",
        "Language",
        "BY ",
        "LA ",
        "By Ann",
        "English",
        "January 31, 2025",
        "PD \t31",
    )
    lines = [line for line in EXPORTS[name].split("\n") if not line.strip().startswith(dropped)]
    found, rejects = split(write(tmp_path, "\n".join(lines)))
    assert len(found) == 2
    assert rejects == []
    assert found[0].authors == ()
    assert TEXT in found[0].text
    assert MORE in found[0].text


def test_other_documents_give_their_addresses(tmp_path: Path) -> None:
    """They were rejected as exports of Nexis without a part called Body; RTF gave the words of its fonts."""
    notes = "Notes on the pier\nSee https://a.example/pier and https://b.example/2 too."
    for path in (docx(tmp_path, notes), rtf(tmp_path, notes)):
        assert detect_format(path).name == "document"
        assert [one.url for one in split(path)[0]] == ["https://a.example/pier", "https://b.example/2"]


def test_an_export_in_a_shape_that_is_not_known_is_told(tmp_path: Path) -> None:
    unknown = f"Title: The pier\nSource: The Ledger\nDate: 31 January 2025\nDatabase: NewsBank\n\n{TEXT} See https://a.example/1\n"
    items, rejects = split(write(tmp_path, unknown))
    assert [one.url for one in items] == ["https://a.example/1"]
    assert rejects[0].remark
    assert "an export of NewsBank" in rejects[0].reason
    assert "no article of it was taken in" in rejects[0].reason


@pytest.mark.parametrize(
    "text",
    [
        "My notes\n\nSection: one\nhttps://a.example/1 at the end of document 3\n",
        "BODY\n\nsee https://a.example/1\n\nPD James, SN: 1\n",
        "Quelle: https://a.example/1\n",
        f"Piren, 2025-01-30\nhttps://a.example/1\n{RULE}\n",
        'url,title,text\nhttps://a.example/1,One,"HD\tx\n1 of 25 DOCUMENTS\nLOAD-DATE: 1"\n',
    ],
)
def test_what_is_no_export(tmp_path: Path, text: str) -> None:
    path = write(tmp_path, text)
    assert detect_format(path).name in ("text", "csv")
    assert [one.url for one in split(path)[0]] == ["https://a.example/1"]


@pytest.mark.parametrize("wrong", ["13/45/99", "Smarch 41, 2025", "31 January 9999", ""])
@pytest.mark.parametrize("name", ["old", "new", "coded", "shown", "proquest", "genios"])
def test_days_that_cannot_be(tmp_path: Path, name: str, wrong: str) -> None:
    """None is made up, not even of the day on which the database got the paper; the text stays."""
    spoilt = EXPORTS[name]
    for day in ("January 31, 2025 Friday", "31 January 2025", "Jan 31, 2025", "31 Jan 2025", "31.01.2025"):
        spoilt = spoilt.replace(day, wrong)
    (first, *_), _rejects = split(write(tmp_path, spoilt))
    assert first.published is None
    text = "Die Fischer hatten lange gewartet." if name == "genios" else TEXT
    assert text in first.text


def test_labels_over_several_lines(tmp_path: Path) -> None:
    (first, _), _rejects = split(
        write(tmp_path, OLD.replace("Ann Reed, Staff Writer", "Ann Reed and\nPetra Kranz, Staff Writers"))
    )
    assert first.authors == ("Ann Reed", "Petra Kranz")


def test_labels_within_a_text_are_text(tmp_path: Path) -> None:
    """An address of an event, a heading in capitals; a subtitle below the headline is text, too."""
    event = GENIOS.replace("Die Fischer hatten", "Ort: Rathaus\n\nDie Fischer hatten")
    (first, _), _rejects = split(write(tmp_path, event))
    assert first.text == "Der Hafenrat stimmte am Dienstag zu.\n\nOrt: Rathaus\n\nDie Fischer hatten lange gewartet."
    old = OLD.replace("SUMMER:", "CITY: the board").replace(
        "the pier at last\n", "the pier at last\n\nA vote of 9 to 2\n"
    )
    (paper, _), _rejects = split(write(tmp_path, old))
    assert paper.text.startswith(f"A vote of 9 to 2\n\nFishermen waited six years\n\n{TEXT}\n\nCITY: the board")
    assert (paper.authors, paper.title) == (("Ann Reed",), "Harbour board votes for the pier at last")


FRENCH = """Le quai sera construit
Le Courrier
vendredi 31 janvier 2025 08:15 AM GMT
Copyright 2025 Le Courrier Tous droits réservés
Section: RÉGION; Pg. 12
Longueur: 210 mots
Auteur: Luc Martin
Corps

Le conseil a voté.

Date de chargement: 1 février 2025
Fin du document
"""
OF_2003 = """                               1 of 1 DOCUMENT

                    Copyright 2003 The Ledger Company
                         All Rights Reserved
                             The Ledger

                  March 5, 2003, Wednesday, Late Edition

SECTION: Section A; Pg. 1

HEADLINE: WAR TALKS: Diplomats Meet

BYLINE:  By ANN REED

BODY:
   The diplomats met on Tuesday. They
said nothing.

   The talks go on.

URL: http://www.ledger.example

LOAD-DATE: March 5, 2003
"""
LABELS_FIRST = """Quelle: Handelspost vom 05.03.2003, Nr. 45, S. 7
Ressort: Politik
Dokumentnummer: 0303050045

Gespräche in Genf

Die Diplomaten trafen sich.

Alle Rechte vorbehalten: (c) Handelspost
© GBI-Genios Deutsche Wirtschaftsdatenbank GmbH
"""


@pytest.mark.parametrize(
    ("export", "title", "site", "authors", "day", "text"),
    [
        (FRENCH, "Le quai sera construit", "Le Courrier", ("Luc Martin",), date(2025, 1, 31), "Le conseil a voté."),
        (
            OF_2003, "WAR TALKS: Diplomats Meet", "The Ledger", ("Ann Reed",), date(2003, 3, 5),
            "   The diplomats met on Tuesday. They\nsaid nothing.\n\n   The talks go on.",
        ),
        (LABELS_FIRST, "Gespräche in Genf", "Handelspost", (), date(2003, 3, 5), "Die Diplomaten trafen sich."),
    ],
    ids=["French", "2003", "labels first"],
)  # fmt: skip
def test_other_ways_that_they_come_in(
    tmp_path: Path, export: str, title: str, site: str, authors: tuple[str, ...], day: date, text: str
) -> None:
    """The newspaper's own address, which all its articles have, is that of none of them."""
    (item,), rejects = split(write(tmp_path, export))
    assert (item.title, item.site, item.authors, item.published) == (title, site, authors, day)
    assert (item.text, rejects) == (text, [])
    assert ".invalid/" in item.url


def test_documents_in_a_zip_file(tmp_path: Path) -> None:
    """As Nexis delivers them, one an article."""
    first, second = NEW.split("End of Document\n")[:2]
    with ZipFile(tmp_path / "export.zip", "w") as archive:
        for name, text in (("one.docx", first), ("two.docx", second)):
            archive.writestr(name, docx(tmp_path, f"{text}End of Document\n", name).read_bytes())
    items, rejects = split(tmp_path / "export.zip")
    assert [one.title for one in items] == ["The pier", "Second story"]
    assert rejects == []
