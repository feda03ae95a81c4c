"""What people call the columns of their tables, in many languages, and which column holds the addresses. Pure.

A heading that a known format has for a field is left alone: `fields.py` knows it. Others are looked up here, and where
none speaks of an address, a column of nothing but addresses is theirs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from archive.formats.fields import GENERIC, usual_name

_CALLED = {
    "url": "webpage;web page;web address;web link;website url;link url;article link;source link;hyperlink;urls;links"
    ";webadresse;internetadresse;quelle url;adresse web;adresse url;page web;dirección;dirección web;enlaces;vínculo"
    ";url del artículo;indirizzo;indirizzo web;collegamento;endereço;endereço web;ligação;hiperligação;koppeling"
    ";webadres;internetadres;adres;adres url;adres www;odnośnik;hiperłącze;webová adresa;adresa;adresă;legătură"
    ";hivatkozás;bağlantı;bağlantı adresi;länkadress;nettadresse;linkki;osoite;σύνδεσμος;διεύθυνση;адрес;адрес ссылки"
    ";гиперссылка;посилання;адреса;връзка;الرابط;رابط;عنوان الرابط;לינק;קישור;لینک;پیوند;ลิงก์;liên kết;tautan;लिंक"
    ";地址;鏈接;連結;網頁;アドレス;주소;url 주소",
    "title": "titolare;titular;titulaire;intitulé;titre de l'article;encabezado;manchete;intestazione;otsikko;kop"
    ";artikel;artikeltitel;überschrift des artikels;nadpis;název;názov;naslov;cím;τίτλος;титул;название;назва;заглавие"
    ";başlık;haber başlığı;العنوان;عنوان;כותרת;تیتر;ชื่อเรื่อง;tiêu đề;judul;शीर्षक;题目;題目;見出し;표제",
    "published": "date published;published on;date of publication;day;veröffentlicht;veröffentlicht am"
    ";veröffentlichungsdatum;erscheinungsdatum;erschienen;erschienen am;publié le;date de publication;date de parution"
    ";fecha de publicación;publicado;publicado el;data;data de publicação;data da publicação;publicado em"
    ";data di pubblicazione;pubblicato il;publicatiedatum;gepubliceerd;gepubliceerd op;data publikacji;opublikowano"
    ";datum vydání;publikováno;dátum;datum objave;data publicării;megjelenés;megjelenés dátuma;publicerad"
    ";publiceringsdatum;publisert;utgivet;udgivet;julkaistu;päivämäärä;päiväys;ημερομηνία;дата публикации"
    ";опубликовано;дата публікації;публикувано;tarih;yayın tarihi;yayınlanma tarihi;التاريخ;تاريخ;تاريخ النشر;תאריך"
    ";תאריך פרסום;تاریخ;تاریخ انتشار;วันที่;ngày;ngày đăng;tanggal;tanggal terbit;तारीख;दिनांक;日期时间;發布日期;发布日期"
    ";公開日;掲載日;날짜;일자;게재일;발행일",
    "authors": "author(s);writer;writers;reporter;by;verfasser;verfasserin;verfasst von;autor(en);auteurs;journaliste"
    ";autores;autora;autor/a;periodista;autori;giornalista;auteur(s);redacteur;autorzy;autoři;autori článku;szerző"
    ";szerzők;skribent;forfattere;kirjoittaja;kirjoittajat;tekijä;συγγραφέας;авторы;автори;yazar;yazarlar;muhabir"
    ";الكاتب;الكاتبة;المؤلف;כותב;מחבר;מאת;نویسنده;ผู้เขียน;tác giả;penulis;लेखक;记者;記者;執筆者;筆者;기자;작성자;저자",
    "tags": "keyword;mots-clés;mots clés;étiquettes;thèmes;schlagwörter;schlagworte;schlüsselwörter;stichwörter"
    ";stichworte;themen;etiquetas;palabras clave;temas;palavras-chave;etichette;parole chiave;trefwoorden;labels"
    ";etykiety;tagi;słowa kluczowe;štítky;klíčová slova;címkék;kulcsszavak;nyckelord;etiketter;emneord;nøkkelord"
    ";avainsanat;ετικέτες;теги;метки;ключевые слова;мітки;etiketler;anahtar kelimeler;وسوم;الكلمات المفتاحية;תגיות"
    ";标签;標籤;关键词;關鍵字;タグ;キーワード;태그;키워드",
    "note": "remark;remarks;comments;notiz;notizen;anmerkung;anmerkungen;bemerkung;bemerkungen;kommentar;commentaire"
    ";commentaires;remarque;nota;notas;comentario;comentarios;observações;appunti;commento;opmerking;opmerkingen"
    ";notatka;uwagi;poznámka;megjegyzés;anteckning;notat;huomautus;σημείωση;заметка;примечание;комментарий;примітка"
    ";açıklama;ملاحظات;הערה;הערות;备注;備註;メモ;備考;메모;비고",
    "site": "outlet;newspaper;medium;zeitung;quelle;journal;média;medio;periódico;fonte;testata;giornale;bron;krant"
    ";źródło;zdroj;forrás;källa;tidning;kilde;lähde;πηγή;источник;издание;джерело;kaynak;gazete;المصدر;מקור;来源;來源"
    ";媒体;媒體;出典;出所;출처;언론사;매체",
    "language": "sprache;langue;idioma;lingua;língua;taal;język;jazyk;nyelv;språk;kieli;γλώσσα;язык;мова;dil;اللغة;שפה"
    ";语言;語言;言語;언어",
    "text": "artikeltext;volltext;texte;texto;testo;tekst;текст;本文;正文;본문",
}  # fmt: skip
# Likewise in lists of people and organisations; of several such columns the one that stands first here is meant.
_OF_PEOPLE = {
    "name": "full name;fullname;complete name;vollständiger name;nom complet;nom et prénom;nombre completo"
    ";nombre y apellidos;nome completo;nome e cognome;volledige naam;imię i nazwisko;nazwisko i imię"
    ";jméno a příjmení;meno a priezvisko;ime i prezime;ime in priimek;teljes név;nume complet;ad soyad;adı soyadı"
    ";fulde navn;fullt navn;fullständigt namn;koko nimi;ονοματεπώνυμο;фио;ф.и.о.;имя и фамилия;піб;п.і.б.;الاسم الكامل"
    ";שם מלא;họ và tên;họ tên;name;names;name of person;naam;namn;navn;nimi;név;όνομα;الاسم;שם;نام;ชื่อ;tên;nama;नाम;姓名"
    ";名前;氏名;名字;이름;성명;person;people;persons;人物;人名;entity;company;company name;organisation;organization"
    ";unternehmen;firma;entreprise;société;empresa;azienda;organización;organizzazione;organização",
    "last": "last name;lastname;surname;family name;familyname;nachname;familienname;zuname;nom;nom de famille;apellido"
    ";apellidos;cognome;sobrenome;apelido;achternaam;nazwisko;příjmení;priezvisko;prezime;priimek;vezetéknév"
    ";nume de familie;soyadı;soyad;efternavn;etternavn;efternamn;sukunimi;επώνυμο;фамилия;прізвище;اسم العائلة"
    ";שם משפחה;姓;苗字;성",
    "first": "first name;firstname;given name;givenname;given names;forename;forenames;vorname;vornamen;rufname;prénom"
    ";prénoms;nombre;nombres;nome;voornaam;imię;jméno;meno;ime;keresztnév;utónév;prenume;adı;fornavn;förnamn;etunimi"
    ";имя;ім'я;الاسم الأول;שם פרטי;名",
    "aliases": "alias;aliases;aka;a.k.a.;also known as;other names;aliasse;auch bekannt als;autres noms;otros nombres"
    ";altri nomi;别名;別名",
    "id": "id;ids;no;no.;nr;nr.;number;ref;reference;key;code;nummer;kennung;numéro;número;numero;numer;номер;编号;編號"
    ";番号;번호",
}
_CANONICAL = {name: field for field, names in _CALLED.items() for name in names.split(";")}
# What says in which order the days of a table are: these headings stand in countries where the day comes first.
_ENGLISH = frozenset("published published_at publish_date date_publish date pubdate publication_date day".split())
_USUAL = ("url", "title", "text", "authors", "site", "lang", "published", "captured", "tags", "note")
_LONGEST = 60  # characters of a heading
_ENOUGH = 0.8
_ADDRESS = re.compile(r"""\s*["']?https?://[^\s"]+["']?\s*""")
_LONG = 200  # characters of a cell that is no title
_FULL_YEAR = 4
_SLASHED = re.compile(r"\s*(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})(?!\d)")


def field_called(heading: str) -> str:
    """The usual name of the field that a heading (in lower case) speaks of; the heading itself where it is unknown."""
    bare = _bare(heading)
    known = _CANONICAL.get(bare) or _CANONICAL.get(bare.removesuffix("(s)").removesuffix("(en)").strip())
    return known or usual_name(bare) or heading


def field_meant(name: str) -> str:
    """The field of an article that `name` (in lower case) is a word for, in English; "" for any other."""
    bare = _bare(name)
    return _CANONICAL.get(bare) or next((field for field in _USUAL if bare in getattr(GENERIC, field)), "")


def columns_of_people(header: Sequence[str]) -> list[str]:
    """What each column of a list of people or organisations has: "name", "last", "first", "aliases", "id" or "".

    No two have the same. Where no column has names of people, one that a table of articles has for authors does.
    """
    headings = [_bare(heading.lower()) for heading in header]
    said = [""] * len(headings)
    for what, names in _OF_PEOPLE.items():
        ranks = {name: rank for rank, name in enumerate(names.split(";"))}
        if known := [(ranks[heading], place) for place, heading in enumerate(headings) if heading in ranks]:
            said[min(known)[1]] = what
    if {"name", "last", "first"}.isdisjoint(said):
        authors = [place for place, heading in enumerate(headings) if field_called(heading) in ("author", "authors")]
        for place in authors[:1]:
            said[place] = "name"
    return said


def column_of_addresses(header: Sequence[str], rows: Sequence[Sequence[str]]) -> int | None:
    """The first column that is addresses in all of the rows, below a row of headings; None where there is none."""
    if len(header) < 2 or not rows or not all(map(_is_heading, header)):
        return None
    if sum(len(row) == len(header) for row in rows) < _ENOUGH * len(rows):
        return None
    return next(
        (at for at in range(len(header)) if all(len(row) > at and _ADDRESS.fullmatch(row[at]) for row in rows)), None
    )


def column_of_texts(header: Sequence[str], rows: Sequence[Sequence[str]]) -> int | None:
    """The column whose heading (in lower case) may be one of texts as well as of titles, and whose cells are long."""
    at = next((header.index(name) for name in ("article", "story") if name in header), None)
    cells = [row[at] for row in rows if at is not None and len(row) > at]
    return at if cells and sum(map(len, cells)) >= _LONG * len(cells) else None


def _bare(heading: str) -> str:
    return " ".join(heading.strip("\ufeff *:#").replace("_", " ").split())


def _is_heading(cell: str) -> bool:
    return 0 < len(cell.strip()) <= _LONGEST and "://" not in cell and not cell.strip().endswith((".", "!", "?", ":"))


def day_comes_first(heading: str, cells: Sequence[str], delimiter: str) -> bool:
    """Whether "06/05/2025" below a heading is the sixth of May: where one of the cells can be nothing else, else
    where the heading or the delimiter is of a country that writes so."""
    found = [(int(match[1]), int(match[2])) for match in map(_SLASHED.match, cells) if match]
    if any(first > 12 for first, _ in found) or any(second > 12 for _, second in found):
        return any(first > 12 for first, _ in found)
    return delimiter == ";" or heading not in _ENGLISH


def with_full_year(cell: str) -> str:
    """A day that is written with slashes and a year of two numbers, with all four: none of it is to come."""
    found = _SLASHED.match(cell)
    if found is None or len(found[3]) == _FULL_YEAR:
        return cell
    century = 2000 if int(found[3]) <= (datetime.now(UTC).year + 1) % 100 else 1900
    return f"{found[1]}/{found[2]}/{century + int(found[3])}{cell[found.end() :]}"


def with_points(cell: str) -> str:
    """A day that is written with slashes and comes first, as those are written whose day always comes first."""
    return _SLASHED.sub(r"\1.\2.\3", cell)
