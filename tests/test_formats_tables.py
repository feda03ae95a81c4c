"""Lists and tables as people write them: addresses with delimiters in them, markup around them, charsets, dates."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from archive import Item, Reject, detect_format, read_items

ONE, TWO = "https://pier.example/1", "https://pier.example/2"
COMMAS = "https://pier.example/harbour/0,1518,4711,00.html"
SESSION = "https://pier.example/list;jsessionid=A1/b~c"
AT = "https://blog.example/@rosa/the-pier-9f"
MAP = "https://maps.example/@59.33,18.07,15z"


def found(folder: Path, data: str | bytes, name: str = "file") -> list[Item | Reject]:
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return list(read_items(path))


def items(folder: Path, data: str | bytes) -> list[Item]:
    return [one for one in found(folder, data) if isinstance(one, Item)]


# -- addresses in text ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        pytest.param(f"[[{ONE}]] and [[{TWO}][The pier]]", [ONE, TWO], id="Org"),
        pytest.param(f"[url]{ONE}[/url] [url={TWO}]The pier[/url]", [ONE, TWO], id="BBCode"),
        pytest.param(f"See {ONE}[The pier], link:{TWO}[].", [ONE, TWO], id="AsciiDoc"),
        pytest.param(f"[a]({ONE})/[b]({TWO})...", [ONE, TWO], id="Markdown links"),
        pytest.param(f"[{ONE}]({TWO}) ![x]({ONE}.png 'Title')", [ONE, TWO, f"{ONE}.png"], id="named by address"),
        pytest.param(f"<{ONE}>, <{TWO}>", [ONE, TWO], id="Markdown autolinks"),
        pytest.param(f"[1]: {ONE} 'x'\n[2]: <{TWO}>", [ONE, TWO], id="Markdown references"),
        pytest.param(f"[{ONE} The pier] and [{TWO}]", [ONE, TWO], id="MediaWiki"),
        pytest.param(f"[The pier|{ONE}] [{TWO}|smart-link]", [ONE, TWO], id="Jira"),
        pytest.param(f'"The pier":{ONE}, `The pier <{TWO}>`_', [ONE, TWO], id="Textile and reST"),
        pytest.param(f"{ONE},{TWO}", [ONE, TWO], id="a comma between two"),
        pytest.param(f"{ONE};{TWO};", [ONE, TWO], id="a semicolon between two"),
        pytest.param(f"({ONE}) (see {TWO}).", [ONE, TWO], id="in brackets"),
        pytest.param("(https://e.example/Pier_(port))", ["https://e.example/Pier_(port)"], id="brackets within"),
        pytest.param(f"{ONE}?a[]=1&b[x]=2&c=3", [f"{ONE}?a[]=1&b[x]=2&c=3"], id="brackets of a parameter"),
        pytest.param("http://[2001:db8::1]:8080/a", ["http://[2001:db8::1]:8080/a"], id="an address in numbers"),
        pytest.param(f"{COMMAS} {AT} {SESSION} {MAP}", [COMMAS, AT, SESSION, MAP], id="delimiters within"),
        pytest.param(f"{COMMAS} The title of a story", [COMMAS], id="commas, and a title"),
        pytest.param(f"{COMMAS} One\n{COMMAS}?2 Two\n", [COMMAS, f"{COMMAS}?2"], id="commas, and titles, twice"),
        pytest.param(f"https://web.example/2020/{ONE}", [f"https://web.example/2020/{ONE}"], id="one within another"),
    ],
)  # fmt: skip
def test_addresses_in_the_markup_of_texts(tmp_path: Path, text: str, urls: list[str]) -> None:
    assert detect_format(_written(tmp_path, text)).name == "text"
    assert [item.url for item in items(tmp_path, text)] == urls


def _written(folder: Path, text: str) -> Path:
    path = folder / "list.txt"
    path.write_text(text)
    return path


# -- tables --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", list(",;\t|"))
@pytest.mark.parametrize("first", ["", "sep={}\r\n", '"sep={}"\n', "\ufeffSEP={}\n"])
def test_the_delimiter_may_be_said(tmp_path: Path, mark: str, first: str) -> None:
    rows = ["title,url,note", f"One,{ONE},a", f"Two,{TWO},b"]
    text = first.format(mark) + "\n".join(row.replace(",", mark) for row in rows)
    assert [(item.title, item.url, item.note) for item in items(tmp_path, text)] == [
        ("One", ONE, "a"),
        ("Two", TWO, "b"),
    ]


@pytest.mark.parametrize("mark", list(",;\t|"))
@pytest.mark.parametrize("url", [COMMAS, SESSION, AT, MAP, f"{COMMAS}?a=1"])
def test_addresses_keep_the_delimiters_in_them(tmp_path: Path, mark: str, url: str) -> None:
    """With a header, without one, quoted or not."""
    header, row = ["title", "url", "tags"], ["The new pier", url, "harbour"]
    with_header = "\n".join(mark.join(cells) for cells in (header, row, row))
    assert [(item.title, item.url, item.tags) for item in items(tmp_path, with_header)] == [
        ("The new pier", url, ("harbour",))
    ] * 2
    quoted = "\n".join(mark.join(f'"{cell}"' for cell in cells) for cells in (header, row))
    assert [(item.title, item.url) for item in items(tmp_path, quoted)] == [("The new pier", url)]
    bare = "\n".join(mark.join(cells) for cells in (row, row))
    assert [(item.title, item.url) for item in items(tmp_path, bare)] == [("The new pier", url)] * 2


def test_a_table_in_markdown(tmp_path: Path) -> None:
    table = f"| Title | Link |\n|:---|---|\n| One | {ONE} |\n|Two|{TWO}|\n"
    assert [(item.title, item.url) for item in items(tmp_path, table)] == [("One", ONE), ("Two", TWO)]


def test_a_column_of_addresses_alone(tmp_path: Path) -> None:
    assert [item.url for item in items(tmp_path, f"url\n{COMMAS}\n{SESSION}\n")] == [COMMAS, SESSION]


def test_a_comma_of_prose_does_not_divide(tmp_path: Path) -> None:
    table = f"url,title,tags\n{ONE},Pier, port and sea,a\n{TWO},Two,b\n"
    assert [(item.title, item.tags) for item in items(tmp_path, table)] == [
        ("Pier, port and sea", ("a",)), ("Two", ("b",))
    ]  # fmt: skip


def test_a_sentence_with_a_quoted_address_is_no_table(tmp_path: Path) -> None:
    """Its one line was a row without an address: all addresses in it were lost."""
    line = f'See {ONE}. And ({TWO}) or <https://c.example/3>, "https://d.example/4"; https://e.example/5_(x)!\n'
    found = items(tmp_path, line)
    assert [item.url for item in found] == [
        ONE, TWO, "https://c.example/3", "https://d.example/4", "https://e.example/5_(x)"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("header", "day"), [("URL;Titel;Datum;Autor", "2025-01-31"), ("url;título;fecha;autor", "2025-01-31")]
)
def test_columns_in_other_languages(tmp_path: Path, header: str, day: str) -> None:
    (item,) = items(tmp_path, f"{header}\n{ONE};Der Hafen;31.01.2025;Ada Brandt\n")
    assert (item.title, str(item.published), item.authors) == ("Der Hafen", day, ("Ada Brandt",))


@pytest.mark.parametrize(
    ("codec", "table", "title"),
    [
        ("cp1252", "Titre;Adresse web;Date de publication;Auteur(s);Mots-clés\r\n{};{};06/05/2025;{};{}\r\n", "L'été"),
        ("utf-8", "Titular;Enlaces;Fecha de publicación;Autores;Etiquetas\r\n{};{};06/05/2025;{};{}\r\n", "El puerto"),
        (
            "utf-8",
            "Titolo;Collegamento;Data di pubblicazione;Autori;Etichette\n{};{};6 maggio 2025;{};{}\n",
            "Il porto",
        ),
        ("cp1252", "Título;Endereço;Data;Autora;Palavras-chave\r\n{};{};06/05/2025;{};{}\r\n", "O porto é"),
        ("utf-8", "Tytuł;Adres;Data publikacji;Autorzy;Tagi\n{};{};6 maja 2025;{};{}\n", "Port"),
        ("utf-8", "Başlık;Bağlantı;Tarih;Yazar;Etiketler\n{};{};6 Mayıs 2025;{};{}\n", "Liman"),
        (
            "cp1251",
            "Заголовок;Адрес;Дата публикации;Авторы;Метки\r\n{};{};06.05.2025;{};{}\r\n",
            "Порт закрыт на ремонт",
        ),
        ("utf-8", "العنوان,الرابط,تاريخ النشر,الكاتب,وسوم\n{},{},٦ مايو ٢٠٢٥,{},{}\n", "الميناء"),
        ("utf-8", "제목,주소,게재일,기자,태그\n{},{},2025. 5. 6.,{},{}\n", "항구"),
        ("utf-8", "Otsikko;Osoite;Julkaistu;Kirjoittajat;Avainsanat\n{};{};6.5.2025;{};{}\n", "Satama"),
    ],
)
def test_headings_of_many_languages(tmp_path: Path, codec: str, table: str, title: str) -> None:
    (item,) = items(tmp_path, table.format(title, ONE, "Ann Reed", "port").encode(codec))
    assert (item.url, item.title, item.published, item.authors, item.tags) == (
        ONE, title, date(2025, 5, 6), ("Ann Reed",), ("port",)
    )  # fmt: skip


def test_a_column_of_addresses_is_known_by_its_cells(tmp_path: Path) -> None:
    """Whatever it is called: else "https://…/1,2025-05-06" would be an address."""
    (item, other) = items(tmp_path, f"Name,Wo es steht,Date\nOne,{ONE},2025-05-06\nTwo,{TWO},2025-05-07\n")
    assert (item.url, item.title, item.published) == (ONE, "One", date(2025, 5, 6))
    assert other.url == TWO


def test_prose_with_an_address_has_no_headings(tmp_path: Path) -> None:
    found = items(tmp_path, f"We met, as every week, at the pier.\nAnn said, that {ONE} has it, and more.\n")
    assert [item.url for item in found] == [ONE]


@pytest.mark.parametrize(
    ("table", "days"),
    [
        ("url,title,date\n{0}?1,A,05/06/2025\n{0}?2,B,25/12/2024\n", ["2025-06-05", "2024-12-25"]),
        ("url,title,date\n{0}?1,A,05/06/2025\n{0}?2,B,12/25/2024\n", ["2025-05-06", "2024-12-25"]),
        ("url;title;date\n{0}?1;A;05/06/2025\n{0}?2;B;07/06/2025\n", ["2025-06-05", "2025-06-07"]),
        ("url,title,fecha\n{0}?1,A,05/06/2025\n{0}?2,B,07/06/2025\n", ["2025-06-05", "2025-06-07"]),
        ("url,title,date\n{0}?1,A,05/06/2025\n{0}?2,B,07/06/2025\n", ["2025-05-06", "2025-07-06"]),
    ],
    ids=["one that can be no month", "one that can be no day", "semicolons", "a heading in Spanish", "nothing says so"],
)
def test_days_of_a_column_are_read_in_one_order(tmp_path: Path, table: str, days: list[str]) -> None:
    read = [str(item.published) for item in items(tmp_path, table.format(ONE).replace("2025", "2024"))]
    assert read == [day.replace("2025", "2024") for day in days]


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("45783", date(2025, 5, 6)),
        ("45783.5", datetime(2025, 5, 6, 12, tzinfo=UTC)),
        ("1.7465238E+9", datetime(2025, 5, 6, 9, 30, tzinfo=UTC)),
        ("06.05.25", date(2025, 5, 6)),
        ("12345", None),
    ],
)
def test_days_as_spreadsheets_write_them(tmp_path: Path, cell: str, day: object) -> None:
    (item,) = items(tmp_path, f"url,title,date\n{ONE},One,{cell}\n")
    assert item.published == day


def test_a_row_of_delimiters_alone_is_none(tmp_path: Path) -> None:
    assert [getattr(one, "url", one) for one in found(tmp_path, f"Title,Note,URL,Tags\nOne,,{ONE},\n,,,\n")] == [ONE]


@pytest.mark.parametrize(
    ("cell", "authors"),
    [
        ("Ann Reed, Nils Berg and Rosa Lindt", ("Ann Reed", "Nils Berg", "Rosa Lindt")),
        ("Ann Reed et Nils Berg", ("Ann Reed", "Nils Berg")),
        ("Reed, Ann", ("Ann Reed",)),
        ("Roux, Anna; van der Berg, Nils; Reuters", ("Anna Roux", "Nils van der Berg", "Reuters")),
        ("Bureau of Ports and Piers", ("Bureau of Ports and Piers",)),
    ],
)
def test_persons_side_by_side_are_several(tmp_path: Path, cell: str, authors: tuple[str, ...]) -> None:
    (item,) = items(tmp_path, f'url,title,author\n{ONE},One,"{cell}"\n')
    assert item.authors == authors


def test_cells_behind_the_last_column_are_told(tmp_path: Path) -> None:
    table = f"url,title\n{ONE},One,,\n{TWO},Two,three,four\n"
    one, two = found(tmp_path, table)
    assert isinstance(one, Item)
    assert isinstance(two, Item)
    assert (two.origin.line, two.url, one.remarks) == (3, TWO, ())
    (told,) = two.remarks
    assert "4 cells, the header 2" in told
    assert "'three four'" in told


CHARSETS = [
    ("cp1252", "Café „Zur Möwe“ – ein Hafenbüro"),
    ("cp1251", "Портовый совет утвердил проект новой пристани"),
    ("koi8-r", "Портовый совет утвердил проект новой пристани"),
    ("cp932", "港湾委員会は防波堤の工事を承認した。費用は市が負担する。"),
    ("gb18030", "港务局批准了防波堤工程，费用由市政府承担。"),
    ("big5", "港務局批准了防波堤工程，費用由市政府承擔。"),
    ("cp949", "항만 위원회는 방파제 공사를 승인했다고 밝혔다."),
    ("utf-8-sig", "Łódź, žluťoučký kůň"),
    ("utf-16", "Łódź, žluťoučký kůň"),
]  # fmt: skip


@pytest.mark.parametrize(("codec", "title"), CHARSETS, ids=[codec for codec, _ in CHARSETS])
def test_charsets_of_tables(tmp_path: Path, codec: str, title: str) -> None:
    """Nobody says which they are in; they are told by how ordinary the text is."""
    rows = "".join(f'"{title}";{ONE}?{n}\r\n' for n in range(4))
    assert {item.title for item in items(tmp_path, f"title;url\r\n{rows}".encode(codec))} == {title}


def test_a_space_behind_each_comma_is_no_part_of_the_cells(tmp_path: Path) -> None:
    (item,) = items(tmp_path, f'url, title, tags\n{ONE}, "One, two", "a, b"\n'.encode())
    assert (item.url, item.title, item.tags) == (ONE, "One, two", ("a", "b"))


def test_an_address_has_no_space(tmp_path: Path) -> None:
    """What a cell too many begins with is left out, and told; it does not become part of the address."""
    (item,) = items(tmp_path, f"title,url\nOne,{ONE}, and more\n".encode())
    assert item.url == ONE
    assert "'and more'" in item.remarks[0]


def test_remarks_before_a_table(tmp_path: Path) -> None:
    (item,) = items(tmp_path, f"# exported 2025-01-31, by hand\n#\nurl,title\n{ONE},One\n".encode())
    assert (item.url, item.title) == (ONE, "One")


@pytest.mark.parametrize("codec", ["utf-8", "utf-16", "mac-roman"])
def test_lines_that_end_in_carriage_returns(tmp_path: Path, codec: str) -> None:
    found_items = items(tmp_path, f"url;title\r{ONE};Café\r{TWO};Two\r".encode(codec))
    assert [(item.url, item.origin.line) for item in found_items] == [(ONE, 2), (TWO, 3)]
    assert found_items[1].title == "Two"


def test_a_record_whose_address_is_a_link(tmp_path: Path) -> None:
    """As readers of feeds export what was starred."""
    record = {"title": "One", "canonical": [{"href": ONE}], "alternate": [{"href": TWO, "type": "text/html"}]}
    (item,) = items(tmp_path, json.dumps({"items": [record]}).encode())
    assert (item.url, item.title) == (ONE, "One")


def test_a_column_of_numbers_is_no_remark(tmp_path: Path) -> None:
    (item,) = items(tmp_path, f"#,url,title\n1,{ONE},One\n".encode())
    assert (item.url, item.title) == (ONE, "One")


@pytest.mark.parametrize(
    ("cell", "url", "title"),
    [
        (f"[One]({ONE})", ONE, "One"),
        (f"[On (two)]({ONE}_(two))", f"{ONE}_(two)", "On (two)"),
        (f"<{ONE}>", ONE, ""),
        (f'"<a class=x href=""{ONE}?a=1&amp;b=2"">One &amp; two</a>"', f"{ONE}?a=1&b=2", "One & two"),
        (f'"=HYPERLINK(""{ONE}"",""One"")"', ONE, "One"),
        (f'"=HYPERLINK(""{ONE}"")"', ONE, ""),
    ],
    ids=["markdown", "parentheses", "autolink", "html", "sheet", "sheet without words"],
)
def test_cells_that_are_links(tmp_path: Path, cell: str, url: str, title: str) -> None:
    (item,) = items(tmp_path, f"tags,url\na,{cell}\n".encode())
    assert (item.url, item.title) == (url, title)


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("1404/02/16", date(2025, 5, 6)), ("1403-12-30", date(2025, 3, 20)), ("2568-05-06", date(2025, 5, 6)),
        ("1403-11-15T10:00:00+03:30", datetime.fromisoformat("2025-02-03T10:00:00+03:30")),
        ("۱۵ بهمن ۱۴۰۳", date(2025, 2, 3)),
        ("1402/12/30", None), ("1700-01-01", date(1700, 1, 1)),
    ],
)  # fmt: skip
def test_years_of_other_calendars(tmp_path: Path, said: str, day: date | None) -> None:
    (item,) = items(tmp_path, f"url,published\n{ONE},{said}\n".encode())
    assert (item.published, len(item.remarks)) == (day, day is None)


@pytest.mark.parametrize(
    ("document", "urls"),
    [
        ({"data": {"count": 2, "items": [{"link": ONE, "name": "One"}, {"link": TWO}]}}, [ONE, TWO]),
        ({"a": {"b": {"c": {"links": [{"url": ONE, "title": "One"}]}}}}, [ONE]),
        ({ONE: "One", TWO: "Two"}, [ONE, TWO]),
        ({ONE: {"title": "One", "tags": ["a"]}}, [ONE]),
    ],
    ids=["within", "deep", "by address", "records by address"],
)
def test_where_records_are_in_an_object(tmp_path: Path, document: object, urls: list[str]) -> None:
    found_items = items(tmp_path, json.dumps(document).encode())
    assert [item.url for item in found_items] == urls
    assert found_items[0].title == "One"


# -- wrong dates ---------------------------------------------------------------------------------------------------


def test_wrong_dates_are_told_and_cost_nothing_else(tmp_path: Path) -> None:
    table = f"url,published,added\n{ONE},2014-02-31,\n{TWO},0000-00-00,2014-02-01T10:00:00 CET\n"
    one, two = found(tmp_path, table)
    assert isinstance(one, Item)
    assert (one.url, one.origin.line, one.published) == (ONE, 2, None)
    assert one.remarks == ("published: '2014-02-31' is no date that can be: taken in without it",)
    assert isinstance(two, Item)
    assert (two.published, two.added, two.remarks) == (None, datetime(2014, 2, 1, 9, tzinfo=UTC), ())


@pytest.mark.parametrize(
    "value", [{"$date": "2025-05-06T10:00:00Z"}, {"$date": {"$numberLong": "1746525600000"}}, {"_seconds": 1746525600}]
)
def test_dates_that_databases_keep_in_objects(tmp_path: Path, value: object) -> None:
    (item,) = items(tmp_path, json.dumps([{"url": ONE, "published": value}]).encode())
    assert item.published == datetime(2025, 5, 6, 10, tzinfo=UTC)


def test_names_of_fields_with_anything_between_their_words(tmp_path: Path) -> None:
    (row,) = items(
        tmp_path,
        f'Article URL,Page Title,Publication Date,Full-Text\n{ONE},One,"May 6, 2025",The pier is open again.\n',
    )
    assert (row.url, row.title, row.published, row.text) == (ONE, "One", date(2025, 5, 6), "The pier is open again.")
    (row,) = items(tmp_path, json.dumps([{"articleUrl": ONE, "pageTitle": "One", "publicationDate": "2025-05-06"}]))
    assert (row.url, row.title, row.published) == (ONE, "One", date(2025, 5, 6))


def test_a_quote_that_is_never_closed_ends_no_later_than_its_row(tmp_path: Path) -> None:
    one, two = items(tmp_path, f'url,title\n"{ONE},One\n{TWO},Two\n')
    assert [(row.url, row.title) for row in (one, two)] == [(ONE, "One"), (TWO, "Two")]


def test_the_title_of_a_text_is_no_heading_of_a_table(tmp_path: Path) -> None:
    text = f"Links\n=====\n\n- `One <{ONE}>`_\n\n.. _Two: {TWO}\n"
    assert [item.url for item in items(tmp_path, text)] == [ONE, TWO]
    assert [item.url for item in items(tmp_path, f"Links\n{ONE}\n{TWO}\n")] == [ONE, TWO]
    (linked,) = items(tmp_path, f"Links\n[The pier]({ONE})\n")
    assert (linked.url, linked.title) == (ONE, "The pier")
    assert [type(one) for one in found(tmp_path, "url\nnone\nnone\n")] == [Reject, Reject]


def test_bookmarks_as_xml(tmp_path: Path) -> None:
    post = f'<post href="{ONE}" time="2025-05-06T10:00:00Z" description="The pier" extended="Mine" tag="a b" hash="1"/>'
    (item,) = items(tmp_path, f'<?xml version="1.0" encoding="UTF-8"?><posts user="rosa">{post}</posts>')
    assert (item.url, item.title, item.note, item.tags) == (ONE, "The pier", "Mine", ("a", "b"))
    assert item.added == datetime(2025, 5, 6, 10, tzinfo=UTC)


def test_a_wrong_date_is_told_as_the_file_has_it(tmp_path: Path) -> None:
    """Where the day comes first, too."""
    wrong, right = found(tmp_path, f"url,date\n{ONE},31/31/2025\n{TWO},30/01/2025\n")
    assert isinstance(wrong, Item)
    assert wrong.remarks == ("date: '31/31/2025' is no date that can be: taken in without it",)
    assert isinstance(right, Item)
    assert right.published == date(2025, 1, 30)


def test_a_date_beside_a_wrong_one(tmp_path: Path) -> None:
    record = {"url": ONE, "published": "soon", "date": "3 June 2014"}
    (item,) = found(tmp_path, json.dumps([record]))
    assert isinstance(item, Item)
    assert item.published == date(2014, 6, 3)


# -- bookmarks -----------------------------------------------------------------------------------------------------

BOOKMARKS = (
    '<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset={}">\n'
    "<TITLE>Bookmarks</TITLE><H1>Bookmarks</H1>\n<DL><p>\n<DT><H3>{}</H3>\n<DL><p>\n{}\n</DL><p>\n</DL><p>\n"
)


@pytest.mark.parametrize(("codec", "title"), CHARSETS, ids=[codec for codec, _ in CHARSETS])
def test_bookmarks_in_the_charset_that_they_declare(tmp_path: Path, codec: str, title: str) -> None:
    label = {"cp932": "Shift_JIS", "cp949": "euc-kr", "utf-8-sig": "UTF-8"}.get(
        codec, codec.replace("cp12", "windows-12")
    )
    data = BOOKMARKS.format(label, title, f'<DT><A HREF="{ONE}" TAGS="{title.split()[0].strip(",")}">{title}</A>')
    (item,) = items(tmp_path, data.encode(codec))
    assert (item.title, item.folder, item.tags) == (title, title, (title.split()[0].strip(","),))


@pytest.mark.parametrize(
    ("written", "title", "note"),
    [
        ("<A HREF='{}'>The <script> tag</A>\n<DD>A <div>, <Span class=x>b</Span>", "The <script> tag", "A <div>, b"),
        ("<A HREF='{}'>The <b>new</b> pier</A>", "The new pier", ""),
        ("<A HREF='{}'>The pier</A><HR><DD>behind a rule", "The pier", "behind a rule"),
        ("<A HREF='{}'>The pier</A>\n<DD>two<BR>lines", "The pier", "two\nlines"),
        ("<A HREF='{}'>The pier\n<DD>not closed", "The pier", "not closed"),
        ("<A HREF='{}'>a < b &lt;c&gt; &amp;amp;</A>", "a < b <c> &amp;", ""),
    ],
)  # fmt: skip
def test_markup_in_titles_and_notes(tmp_path: Path, written: str, title: str, note: str) -> None:
    links = f"<DT>{written.format(ONE)}\n<DT><A HREF='{TWO}'>Two</A>\n<DD>next"
    one, two = items(tmp_path, BOOKMARKS.format("UTF-8", "News", links))
    assert (one.url, one.title, one.note, one.folder) == (ONE, title, note, "News")
    assert (two.url, two.title, two.note) == (TWO, "Two", "next")


def test_a_wrong_date_of_a_bookmark_is_told(tmp_path: Path) -> None:
    link = f'<DT><A HREF="{ONE}" ADD_DATE="then">One</A>\n<DT><A HREF="{TWO}" ADD_DATE="0">Two</A>'
    one, two = found(tmp_path, BOOKMARKS.format("UTF-8", "News", link))
    assert isinstance(one, Item)
    assert isinstance(two, Item)
    assert one.remarks == ("add_date: 'then' is no date that can be: taken in without it",)
    assert two.remarks == ()


def test_instapapers_html(tmp_path: Path) -> None:
    page = (
        '<!DOCTYPE html><html><head><meta charset="utf-8" /><title>Instapaper: Export</title></head><body>'
        f'<h1>Unread</h1><ol><li><a href="{ONE}">One</a></li></ol><h1>Archive</h1><ol><li><a href="{TWO}">Two</a></ol>'
        f'<h1>Harbour</h1><ol><li><a href="{ONE}?3">Three</a></ol></body></html>'
    )
    assert [(item.title, item.read, item.folder) for item in items(tmp_path, page)] == [
        ("One", False, ""), ("Two", True, ""), ("Three", None, "Harbour")
    ]  # fmt: skip


# -- known exports in older dress ----------------------------------------------------------------------------------


def test_instapapers_old_table(tmp_path: Path) -> None:
    (item,) = items(tmp_path, f"URL,Title,Selection,Folder\n{ONE},One,a passage,Starred\n")
    assert (item.origin.format, item.note, item.starred, item.folder) == ("instapaper", "a passage", True, "")


def test_wallabag_of_version_1(tmp_path: Path) -> None:
    record = {
        "0": "7",
        "id": "7",
        "title": "One",
        "url": ONE,
        "is_read": "0",
        "is_fav": "1",
        "content": "<p>x</p>",
        "tags": "a,b",
    }
    (item,) = items(tmp_path, json.dumps([record]))
    assert (item.origin.format, item.starred, item.read, item.tags, item.html) == (
        "wallabag-v1", True, False, ("a", "b"), "<p>x</p>"
    )  # fmt: skip


def test_singlefiles_old_heading(tmp_path: Path) -> None:
    page = (
        f"<!DOCTYPE html> <html lang=sv><!--\n Archive processed by SingleFile \n url: {ONE}?a=1&amp;b=2 \n"
        " saved date: Thu Sep 13 2018 11:30:54 GMT+0200 (CEST)\n--><title>One</title>"
    )
    (item,) = items(tmp_path, page)
    assert (item.url, item.captured) == (f"{ONE}?a=1&b=2", datetime(2018, 9, 13, 9, 30, 54, tzinfo=UTC))


def test_names_of_references_stand_upright(tmp_path: Path) -> None:
    names = ["Lund, Rosa", "Ode, Ben, Jr.", "van der Meer, Jan", "Port Authority", "Reed,"]
    ris = "TY  - NEWS\n" + "".join(f"AU  - {name}\n" for name in names) + f"UR  - {ONE}\nER  -\n"
    (item,) = items(tmp_path, ris)
    assert item.authors == ("Rosa Lund", "Ben Ode Jr.", "Jan van der Meer", "Port Authority", "Reed")
