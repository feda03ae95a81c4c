"""Rows and records that have a text and no address: they stand for themselves, at an address that is never fetched."""

from __future__ import annotations

import json
from datetime import date
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from commands import run

from archive import Item, Reject, detect_format, read_items

STORY = "The harbour office of Marsk said on Monday that the pier would be closed until June."
OTHER = "Fishermen of Marsk went on strike on Tuesday.\n\nThey want the pier to be open in May."


def found(folder: Path, data: str | bytes, name: str = "file.csv") -> list[Item | Reject]:
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return list(read_items(path))


def items(folder: Path, data: str | bytes, name: str = "file.csv") -> list[Item]:
    return [one for one in found(folder, data, name) if isinstance(one, Item)]


TABLE = f'id,title,text,date,source\n7,Pier closed,"{STORY}",2025-05-06,Marsk Courier\n8,Strike,"{OTHER}",2025-05-07,\n'
LONG = " ".join([STORY] * 4)


def test_rows_of_a_table_with_texts_are_articles(tmp_path: Path) -> None:
    one, other = items(tmp_path, TABLE)
    assert (one.title, one.text, one.published, one.site) == ("Pier closed", STORY, date(2025, 5, 6), "Marsk Courier")
    assert other.text == OTHER
    assert one.url.startswith("https://texts.invalid/")
    assert one.url != other.url


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a table by its text", f'text,day\n"{STORY}",2025-05-06\n'),
        ("transcripts", f'speaker;transcript;date\nAnn Reed;"{STORY}";2025-05-06\n'),
        ("long cells below 'article'", f'author,article,date\nAnn Reed,"{LONG}",2025-05-06\n'),
        ("objects, one a line", json.dumps({"headline": "Pier", "body": STORY}) + "\n"),
        ("objects in an object", json.dumps({"data": {"articles": [{"title": "Pier", "content": STORY}]}})),
        ("a list of objects", json.dumps([{"title": "Pier", "fulltext": STORY}])),
        ("markup", json.dumps([{"title": "Pier", "content": f"<p>{STORY}</p><p>And <b>more</b>.</p>"}])),
    ],
)
def test_texts_are_found_by_the_usual_names(tmp_path: Path, name: str, data: str) -> None:
    (one,) = items(tmp_path, data)
    assert STORY in one.text, name
    assert not one.html
    assert one.url.startswith("https://texts.invalid/")


def test_a_sheet_of_texts_is_read(tmp_path: Path) -> None:
    sheet = "".join(
        f"<row r='{n}'>" + "".join(f"<c t='inlineStr'><is><t>{cell}</t></is></c>" for cell in cells) + "</row>"
        for n, cells in enumerate([("Title", "Text", "Date"), ("Pier closed", STORY, "2025-05-06")], 1)
    )
    packed = BytesIO()
    with ZipFile(packed, "w") as book:
        book.writestr("[Content_Types].xml", "<Types/>")
        book.writestr("xl/workbook.xml", "<workbook/>")
        book.writestr("xl/worksheets/sheet1.xml", f"<worksheet><sheetData>{sheet}</sheetData></worksheet>")
    (one,) = items(tmp_path, packed.getvalue(), "texts.xlsx")
    assert (one.title, one.text, one.published) == ("Pier closed", STORY, date(2025, 5, 6))


def test_what_has_an_id_and_a_title_stays_itself_when_its_text_is_corrected(tmp_path: Path) -> None:
    before, _ = items(tmp_path, TABLE)
    after, _ = items(tmp_path, TABLE.replace("until June", "until July"))
    assert after.url == before.url
    assert after.text != before.text
    without = TABLE.replace("7,Pier closed", ",Pier closed")
    assert items(tmp_path, without)[0].url != items(tmp_path, without.replace("until June", "until July"))[0].url


def test_a_text_that_is_too_short_is_told(tmp_path: Path) -> None:
    _, reject, _ = found(tmp_path, TABLE.replace("8,Strike", "9,Brief,See below.,2025-05-06,\n8,Strike"))
    assert isinstance(reject, Reject)
    assert reject.origin.line == 3
    assert reject.reason == "it has no address, and a text that is too short to stand for itself: 'See below.'"


def test_an_address_goes_before_the_text_and_a_teaser_is_none(tmp_path: Path) -> None:
    rows = [
        {"url": "https://a.example/1", "title": "Pier", "content": LONG},
        {"url": "https://a.example/2", "title": "Pier", "content": LONG[:190]},
        {"url": "https://a.example/3", "title": "Pier", "content": f"{LONG} …"},
        {"url": "ftp://a.example/4", "title": "Pier", "text": LONG},
    ]
    one, brief, teaser, bad = found(tmp_path, json.dumps(rows), "rows.json")
    assert isinstance(one, Item)
    assert isinstance(brief, Item)
    assert isinstance(teaser, Item)
    assert [(each.url, each.text) for each in (one, brief, teaser)] == [
        ("https://a.example/1", LONG), ("https://a.example/2", ""), ("https://a.example/3", ""),
    ]  # fmt: skip
    assert isinstance(bad, Reject)


def test_titles_that_are_links_stay_links(tmp_path: Path) -> None:
    path = tmp_path / "list.md"
    path.write_text("| Story | Date |\n|---|---|\n| [Pier](https://a.example/1) | 2025-05-06 |\n", encoding="utf-8")
    assert detect_format(path).name == "text"
    assert [one.url for one in read_items(path)] == ["https://a.example/1"]  # type: ignore[union-attr]


def test_they_are_kept_and_found_and_no_site_is_made_up(tmp_path: Path) -> None:
    (tmp_path / "texts.csv").write_text(TABLE, encoding="utf-8")
    assert run("init", ".", cwd=tmp_path).code == 0
    assert run("import", "texts.csv", cwd=tmp_path).code == 0
    assert "nothing was left to do" in run("import", "texts.csv", cwd=tmp_path).err
    assert "    2025-05-07 · " in run("search", "fishermen", cwd=tmp_path).out
    sites = run("facets", "--facet", "site", "--json", cwd=tmp_path).rows
    assert [(row["value"], row["count"]) for row in sites] == [("Marsk Courier", 1)]
