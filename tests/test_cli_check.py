"""A list of names held against the archive, as a user does it: what is found, what is like it, and what is new."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from commands import Command
from counted_stories import filled, write
from newsroom import Newsroom

from archive import StorageError
from backfile.desk import ListedName, UnreadName, read_names

LIST = """name;aliases;id
Ada Brandt;Mayor Brandt;A-1
"Ek, Jonas";;A-2
Marisol Ven;;A-3
;nobody;A-4
…;;A-5
Nobody Atall;;A-6
Dr. Marisol Venn;;A-7
"""


@pytest.fixture(scope="module")
def backfile(tmp_path_factory: pytest.TempPathFactory, newsroom_server: Newsroom) -> Command:
    return filled(tmp_path_factory.mktemp("check"), newsroom_server)


@pytest.fixture
def names(backfile: Command, tmp_path: Path) -> Path:
    file = tmp_path / "names.csv"
    file.write_text(LIST)
    return file


def test_each_name_of_a_list_is_told_and_bad_rows_stop_nothing(backfile: Command, names: Path) -> None:
    ran = backfile("check", str(names), "--json")
    assert ran.code == 0
    assert list(ran.rows[0])[:8] == [
        "name", "articles", "first", "last", "sites", "aliases", "passages", "fuzzy",
    ]  # fmt: skip
    ada, jonas, marisol, nobody, titled = ran.rows
    assert (ada["name"], ada["articles"], ada["id"]) == ("Ada Brandt", 4, "A-1")
    assert (ada["first"], ada["last"]) == ("2025-01-06", "2025-03-03")
    assert ada["sites"] == ["The Ledger", "Harbor News"]
    assert len(ada["passages"]) == 3  # type: ignore[arg-type]
    assert all("Ada Brandt" in passage["text"] for passage in ada["passages"])  # type: ignore[attr-defined]
    assert (jonas["name"], jonas["articles"], jonas["aliases"]) == ("Ek, Jonas", 3, ["Jonas Ek"])
    assert (marisol["articles"], marisol["fuzzy"]) == (0, [{"name": "Marisol Venn", "articles": 2}])
    assert (nobody["articles"], nobody["fuzzy"], nobody["first"], nobody["before"]) == (0, [], None, None)
    assert (titled["articles"], titled["fuzzy"]) == (0, [{"name": "Marisol Venn", "articles": 2}])
    told = ran.err.splitlines()
    assert any(":5: " in line and "there is no name in it" in line for line in told)
    assert any(":6: …: there is no letter in it" in line for line in told)


@pytest.mark.slow
def test_the_next_check_says_what_is_new_and_is_a_watch(tmp_path: Path, newsroom: Newsroom, names: Path) -> None:
    backfile = filled(tmp_path, newsroom)
    assert backfile("check", str(names), "--exit-code").code == 0, "nothing is new at the first time"
    assert backfile("check", str(names), "--exit-code").code == 0
    write(tmp_path / "more.jsonl", [("Harbor News", "2025-05-05", "Ada Brandt")], first=50)
    assert backfile("import", "../more.jsonl").code == 0
    ran = backfile("check", str(names), "--exit-code", "--new", "--json")
    assert ran.code == 17
    (ada,) = ran.rows
    assert (ada["name"], ada["articles"], ada["before"], len(ada["new"])) == ("Ada Brandt", 5, 4, 1)  # type: ignore[arg-type]
    assert backfile("show", ada["new"][0]).code == 0  # type: ignore[index]
    again = backfile("check", str(names), "--exit-code", "--new", "--json")
    assert (again.code, again.rows) == (0, []), "and told once"
    other = backfile("check", str(names), "--field", "text", "--exit-code")
    assert other.code == 0, "another field is another list"


def test_a_check_as_a_sheet_and_as_a_page(backfile: Command, names: Path, tmp_path: Path) -> None:
    sheet = list(csv.DictReader(backfile("check", str(names), "--csv").out.splitlines()))
    assert [(row["name"], row["articles"]) for row in sheet] == [
        ("Ada Brandt", "4"), ("Ek, Jonas", "3"), ("Marisol Ven", "0"), ("Nobody Atall", "0"),
        ("Dr. Marisol Venn", "0"),
    ]  # fmt: skip
    assert sheet[2]["fuzzy"] == "Marisol Venn (2)"
    assert backfile("check", str(names), "-o", str(tmp_path / "out.html")).code == 0
    page = (tmp_path / "out.html").read_text()
    assert "2 of 5 names are in the archive" in page
    assert "<script" not in page
    assert backfile("check", str(names), "-o", str(tmp_path / "out.csv")).code == 0
    assert (tmp_path / "out.csv").read_bytes().startswith("\ufeffname".encode())
    assert backfile("check", str(names), "-o", str(tmp_path / "out.doc")).code == 2


def test_a_check_on_a_terminal(backfile: Command, names: Path) -> None:
    shown = backfile("check", str(names)).out
    assert "     4  Ada Brandt (A-1), 2025-01-06 to 2025-03-03, 2 sites" in shown
    assert "not counted, but like it: Marisol Venn (2)" in shown


def test_a_list_comes_through_standard_input(tmp_path: Path, newsroom: Newsroom) -> None:
    """What comes through it is one list: the next one says what is new, of names that were not in the last one, too."""
    backfile = filled(tmp_path, newsroom)
    ran = backfile("check", "-", "--json", stdin=LIST)
    assert [(row["name"], row["articles"], row["before"]) for row in ran.rows][:2] == [
        ("Ada Brandt", 4, None), ("Ek, Jonas", 3, None),
    ]  # fmt: skip
    assert "standard input:5: " in ran.err
    assert backfile("check", "-", stdin="Marisol Venn\n").code == 0
    write(tmp_path / "more.jsonl", [("Harbor News", "2025-05-05", "Ada Brandt")], first=50)
    assert backfile("import", "../more.jsonl").code == 0
    again = backfile("check", "-", "--new", "--exit-code", "--json", stdin="name;id\nAda Brandt;A-1\n")
    assert (again.code, [(row["articles"], row["before"]) for row in again.rows]) == (17, [(5, 4)])
    page = backfile("check", "-", "-o", str(tmp_path / "out.html"), stdin="Ada Brandt\n")
    assert (page.code, "standard input" in (tmp_path / "out.html").read_text()) == (0, True)
    refused = backfile("check", "-", stdin="Who;Since;What\nAda;2020;Mayor\n")
    assert (refused.code, "standard input is a table" in refused.err) == (7, True)


def test_a_field_without_names_and_a_file_that_is_not_there(backfile: Command, names: Path) -> None:
    assert backfile("check", str(names), "--field", "date").code == 11
    assert backfile("check", "nowhere.csv").code == 2


def test_what_is_kept_of_a_check_holds_no_name(backfile: Command, names: Path) -> None:
    backfile("check", str(names))
    kept = [file.read_text() for file in (backfile.folder / "checks").iterdir()]
    assert kept
    assert not any("Brandt" in text for text in kept)
    for file in (backfile.folder / "checks").iterdir():
        file.write_text("no JSON")
    assert backfile("check", str(names), "--json").rows[0]["before"] is None, "a damaged one is as good as none"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b"Ada Brandt\n\n# a remark\nEk, Jonas\n", ["Ada Brandt", "Ek, Jonas"], id="one a line"),
        pytest.param(b'"Ada ""A"" Brandt"\n', ['Ada "A" Brandt'], id="in quotes"),
        pytest.param(b"\xef\xbb\xbfid,name\n1,Ada\n", ["Ada"], id="with a byte order mark, in any order"),
        pytest.param("name\nMüller\n".encode("cp1252"), ["Müller"], id="as Windows writes it"),
        pytest.param("name\nMüller\n".encode("utf-16"), ["Müller"], id="UTF-16"),
        pytest.param(b"Name\tAliases\nAda\tMayor Ada; A. Brandt\n", ["Ada"], id="tabs"),
        pytest.param(b'name,note\n"Ada\nBrandt",x\nEk\n', ["Ada\nBrandt", "Ek"], id="a line break in a cell"),
        pytest.param(b"", [], id="empty"),
    ],
)
def test_lists_are_read_as_people_keep_them(tmp_path: Path, data: bytes, expected: list[str]) -> None:
    file = tmp_path / "list"
    file.write_bytes(data)
    rows = list(read_names(file))
    assert [row.name for row in rows if isinstance(row, ListedName)] == expected
    assert not [row for row in rows if isinstance(row, UnreadName)]


def test_aliases_and_lines_are_those_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text('\nname,aliases,id\nAda Brandt,"Mayor Ada; A. Brandt",7\n,x,8\n')
    assert list(read_names(file)) == [
        ListedName("Ada Brandt", ("Mayor Ada", "A. Brandt"), "7", 3),
        UnreadName(4, ",x,8", "there is no name in it"),
    ]
    assert json.dumps([row.line for row in read_names(file)]) == "[3, 4]"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ('name,id\nAda Brandt,1\n"Jonas Ek,2\nMarisol Venn,3\n', ["Ada Brandt 1", "3", "Marisol Venn 3"]),
        ('name,id\n"Jonas Ek,2\n"Venn, Marisol",3\nAda Brandt,4\n', ["2", "Venn, Marisol 3", "Ada Brandt 4"]),
        ('name,aliases\nAda Brandt,"Mayor\nBrandt"\nJonas Ek,\n', ["Ada Brandt ", "Jonas Ek "]),
        ('name\nAda Brandt\n"Jonas Ek\nMarisol Venn\nBo Ek\n', ["Ada Brandt ", "3", "Marisol Venn ", "Bo Ek "]),
        ("Ref,Person\n7,Ada Brandt\n", ["Ada Brandt 7"]),
        ("First name;Last name;Nr.\nAda;Brandt;1\n;Venn;2\n;;3\n", ["Ada Brandt 1", "Venn 2", "4"]),
        ("Nom;Prénom\nVenn;Marisol\n", ["Marisol Venn "]),
        ("Nome,Cognome\nMarisol,Venn\n", ["Marisol Venn "]),
        ("Name;Vorname\nVenn;Marisol\nJo Ek;Jo\n", ["Marisol Venn ", "Jo Ek "]),
        ('Name,Surname,Given Name\n"Venn, Marisol",Venn,Marisol\nJoe Ek,Ek,\n', ["Venn, Marisol ", "Joe Ek "]),
        ("Nombre\nMarisol Venn\n", ["Marisol Venn "]),
        ("full_name,Name,company\nMarisol Venn,Ms Venn,FPSA\n", ["Marisol Venn "]),
        ("Company,Name\nFPSA,Marisol Venn\n", ["Marisol Venn "]),
        ("Company,Since\nFPSA,2020\n", ["FPSA "]),
        ("Datum,Journaliste\n2020,Marisol Venn\n", ["Marisol Venn "]),
        ("番号,氏名\n7,山田 太郎\n", ["山田 太郎 7"]),
        ("Venn, Marisol\nEk, Jonas\n", ["Venn, Marisol ", "Ek, Jonas "]),
        ("King, Martin, Jr.\nAda Brandt\n", ["King, Martin, Jr. ", "Ada Brandt "]),
        ('name\nVenn, Marisol\n"Ek, Jonas"\nAda Brandt,\n', ["Venn, Marisol ", "Ek, Jonas ", "Ada Brandt, "]),
        ("name,id\nVenn, Marisol,7\nAda Brandt,8,,\n", ["2", "Ada Brandt 8"]),
    ],
)
def test_a_list_is_read_row_by_row(tmp_path: Path, text: str, read: list[str]) -> None:
    """Each as its name and id; a row that is no name as its line."""
    file = tmp_path / "names.csv"
    file.write_text(text)
    rows = [str(row.line) if isinstance(row, UnreadName) else f"{row.name} {row.id}" for row in read_names(file)]
    assert rows == read


@pytest.mark.parametrize("text", ["Who,What,Since\nAda,Mayor,2020\n", "Ada Brandt;1\nJonas Ek;2\n"])
def test_a_table_without_a_column_of_names_is_an_error(tmp_path: Path, text: str) -> None:
    file = tmp_path / "names.csv"
    file.write_text(text)
    with pytest.raises(StorageError, match=r"none of its columns is called name: (Who|Ada Brandt) "):
        list(read_names(file))


def test_a_check_that_cannot_be_kept_says_so_in_a_sentence(tmp_path: Path, newsroom: Newsroom) -> None:
    backfile = filled(tmp_path, newsroom)
    (backfile.folder / "checks").write_text("in its place")
    (tmp_path / "names.txt").write_text("Ada Brandt\n")
    ran = backfile("check", str(tmp_path / "names.txt"), "--json")
    assert (ran.code, len(ran.rows)) == (0, 1)
    assert ran.err.startswith("what was found cannot be kept for the next check: ")
