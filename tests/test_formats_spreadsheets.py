"""Spreadsheets: .xlsx, .ods, Excel's XML of 2003."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from archive import Item, Reject, detect_format, read_items

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LINKS = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
URL = "https://paper.example/"
MAY = date(2024, 5, 6)


def read(path: Path) -> list[Item]:
    found = list(read_items(path))
    assert [one for one in found if isinstance(one, Reject)] == []
    return [one for one in found if isinstance(one, Item)]


def excel(folder: Path, sheet: str, *, shared: tuple[str, ...] = (), links: str = "", other: str = "") -> Path:
    path = folder / "list.xlsx"
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", f"<workbook {MAIN}/>")
        strings = "".join(f"<si><r><t>{text[:2]}</t></r><r><t>{text[2:]}</t></r></si>" for text in shared)
        archive.writestr("xl/sharedStrings.xml", f"<sst {MAIN}>{strings}</sst>")
        archive.writestr("xl/worksheets/sheet1.xml", f"<worksheet {MAIN} {LINKS}>{sheet}</worksheet>")
        archive.writestr("xl/worksheets/_rels/sheet1.xml.rels", f"<Relationships>{links}</Relationships>")
        if other:
            archive.writestr("xl/worksheets/sheet2.xml", f"<worksheet {MAIN}>{other}</worksheet>")
    return path


def row(number: int, *cells: str) -> str:
    return f'<row r="{number}">{"".join(cells)}</row>'


def words(name: str, number: int) -> str:
    return f'<c r="{name}" t="s"><v>{number}</v></c>'


def test_a_sheet_is_read_as_a_table(tmp_path: Path) -> None:
    shared = ("Headline", "URL", "Date", "Ferry strike", f"{URL}1", "Second", "link")
    rows = [
        row(1, words("A1", 0), words("B1", 1), words("C1", 2)),
        row(2, words("A2", 3), words("B2", 4), '<c r="C2" s="1"><v>45418</v></c>'),
        row(9, words("A9", 5), words("B9", 6)),
    ]
    sheet = f'<sheetData>{"".join(rows)}</sheetData><hyperlinks><hyperlink ref="B9" r:id="rId1"/></hyperlinks>'
    path = excel(tmp_path, sheet, shared=shared, links=f'<Relationship Id="rId1" Target="{URL}2"/>')
    found = detect_format(path)
    assert found is not None
    assert found.name == "spreadsheet"
    first, second = read(path)
    assert (first.url, first.title, first.published, first.origin.line) == (f"{URL}1", "Ferry strike", MAY, 2)
    assert (second.url, second.title, second.origin.line) == (f"{URL}2", "Second", 9)


def test_links_stand_in_for_a_column_of_addresses(tmp_path: Path) -> None:
    shared = ("Title", "Date", "Ferry strike")
    linked = '<hyperlinks><hyperlink ref="A2" r:id="rId1"/></hyperlinks>'
    rows = row(1, words("A1", 0), words("B1", 1)) + row(2, words("A2", 2), '<c r="B2"><v>45418</v></c>')
    formula = f'<c r="A1" t="str"><f>HYPERLINK("{URL}3","Third")</f><v>Third</v></c>'
    path = excel(
        tmp_path, f"<sheetData>{rows}</sheetData>{linked}", shared=shared,
        links=f'<Relationship Id="rId1" Target="{URL}1"/>', other=f"<sheetData>{row(1, formula)}</sheetData>",
    )  # fmt: skip
    first, third = read(path)
    assert (first.url, first.title, first.published) == (f"{URL}1", "Ferry strike", MAY)
    assert (third.url, third.title) == (f"{URL}3", "Third")


def test_an_open_document(tmp_path: Path) -> None:
    cells = "".join(f"<table:table-cell><text:p>{name}</text:p></table:table-cell>" for name in ("Title", "Date"))
    head = f"<table:table-row>{cells}</table:table-row>"
    linked = f'<table:table-cell><text:p><text:a xlink:href="{URL}1">Ferry strike</text:a></text:p></table:table-cell>'
    day = '<table:table-cell office:date-value="2024-05-06"><text:p>06/05/24</text:p></table:table-cell>'
    rest = '<table:table-cell table:number-columns-repeated="16384"/>'
    names = 'xmlns:office="o" xmlns:table="t" xmlns:text="x" xmlns:xlink="http://www.w3.org/1999/xlink"'
    sheet = f"<table:table>{head}<table:table-row>{linked}{day}{rest}</table:table-row></table:table>"
    path = tmp_path / "list.ods"
    with ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", f"<office:document-content {names}>{sheet}</office:document-content>")
    (item,) = read(path)
    assert (item.url, item.title, item.published) == (f"{URL}1", "Ferry strike", MAY)


def test_a_workbook_in_xml(tmp_path: Path) -> None:
    def cells(*texts: str) -> str:
        return "".join(f'<Cell><Data ss:Type="String">{text}</Data></Cell>' for text in texts)

    day = '<Data ss:Type="DateTime">2024-05-06T00:00:00.000</Data>'
    rows = (
        f"<Row>{cells('Title', 'URL', 'Date')}</Row><Row>{cells('Ferry strike', f'{URL}1')}<Cell>{day}</Cell></Row>"
        f'<Row><Cell ss:HRef="{URL}2"><Data>Second</Data></Cell><Cell ss:Index="3">{day}</Cell></Row>'
    )
    names = (
        'xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"'
    )
    path = tmp_path / "list.xml"
    path.write_text(f"<?xml version='1.0'?><Workbook {names}><Worksheet><Table>{rows}</Table></Worksheet></Workbook>")
    assert [(one.url, one.title, one.published) for one in read(path)] == [
        (f"{URL}1", "Ferry strike", MAY), (f"{URL}2", "Second", MAY),
    ]  # fmt: skip


@pytest.mark.parametrize("damage", [b"PK\x03\x04 xl/workbook.xml", b"PK\x03\x04" + b"\0" * 40 + b"xl/worksheets/x.xml"])
def test_a_spreadsheet_that_is_damaged_is_told(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "bad.xlsx"
    path.write_bytes(damage)
    (told,) = read_items(path)
    assert isinstance(told, Reject)
    assert "not a spreadsheet that can be read" in told.reason
