"""Commands that count over all articles of a query, as a user runs them: facets in every way, and coverage."""

from __future__ import annotations

import csv
import io
import re
import struct
import zlib
from collections import Counter
from datetime import date
from xml.etree import ElementTree as ET

import pytest
from commands import Command
from counted_stories import filled
from newsroom import Newsroom

from backfile.desk import Coverage, CoverageLine, CoveragePoint, Step, coverage_png, coverage_svg


def rows(ran_out: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(ran_out)))


@pytest.fixture(scope="module")
def backfile(tmp_path_factory: pytest.TempPathFactory, newsroom_server: Newsroom) -> Command:
    return filled(tmp_path_factory.mktemp("counting"), newsroom_server)


def test_values_are_found_paged_ordered_and_counted_with_those_that_have_none(backfile: Command) -> None:
    asked = ("facets", "bridge", "--facet", "person", "--json")
    everyone = [(row["value"], row["count"]) for row in backfile(*asked).rows]
    assert everyone == [("Ada Brandt", 4), ("Jonas Ek", 3), ("Marisol Venn", 2)]
    by_name = backfile(*asked, "--order", "name", "--limit", "1", "--offset", "2").rows
    assert [row["value"] for row in by_name] == ["Marisol Venn"]
    assert [row["value"] for row in backfile(*asked, "--find", "ek").rows] == ["Jonas Ek"]
    assert backfile(*asked, "--limit", "all", "--none").rows[-1] == {"field": "person", "value": None, "count": 1}
    assert "1 article has no person" in backfile("facets", "--facet", "person", "--none").out


def test_values_as_a_sheet(backfile: Command) -> None:
    ran = backfile("facets", "--facet", "person", "--limit", "1", "--none", "--csv")
    assert rows(ran.out) == [["field", "value", "count"], ["person", "Ada Brandt", "4"], ["person", "", "1"]]


def test_two_facets_make_a_table(backfile: Command) -> None:
    asked = ("facets", "bridge", "--facet", "person", "--by", "site")
    cells = backfile(*asked, "--json").rows
    assert list(cells[0]) == ["field", "value", "by", "by_value", "count"]
    assert {(cell["value"], cell["by_value"]): cell["count"] for cell in cells} == {
        ("Ada Brandt", "The Ledger"): 3,
        ("Ada Brandt", "Harbor News"): 1,
        ("Jonas Ek", "The Ledger"): 1,
        ("Jonas Ek", "Harbor News"): 2,
        ("Marisol Venn", "The Ledger"): 1,
        ("Marisol Venn", "Harbor News"): 1,
    }
    shown = backfile(*asked).out.splitlines()
    assert shown[0].split() == ["person", "articles", "Harbor", "News", "The", "Ledger"]
    assert shown[1].split() == ["Ada", "Brandt", "4", "1", "3"]


def test_dates_stand_across_from_the_earliest_and_gaps_are_zeros(backfile: Command) -> None:
    ran = backfile("facets", "--facet", "person", "--by", "date", "--csv")
    assert rows(ran.out) == [
        ["person", "articles", "2025-01", "2025-03"],
        ["Ada Brandt", "4", "3", "1"],
        ["Jonas Ek", "3", "2", "1"],
        ["Marisol Venn", "2", "0", "1"],
    ]


def test_a_table_has_one_way_to_be_made(backfile: Command) -> None:
    ran = backfile("facets", "--facet", "person", "--by", "site", "--find", "ek")
    assert ran.code == 2
    assert "--by takes neither" in ran.err


def test_coverage_has_a_row_for_every_stretch_of_every_query(backfile: Command) -> None:
    ran = backfile("coverage", "person:Brandt", "person:Venn", "--by", "month", "--json")
    assert list(ran.rows[0]) == ["query", "from", "count", "share"]
    assert [tuple(row.values()) for row in ran.rows] == [
        ("person:Brandt", "2025-01-01", 3, 0.75),
        ("person:Brandt", "2025-02-01", 0, None),
        ("person:Brandt", "2025-03-01", 1, 0.5),
        ("person:Venn", "2025-01-01", 0, 0.0),
        ("person:Venn", "2025-02-01", 0, None),
        ("person:Venn", "2025-03-01", 1, 0.5),
    ]


def test_coverage_by_week_and_site(backfile: Command) -> None:
    ran = backfile("coverage", "person:Ek", "--by", "week", "--site", "--json")
    counts = {(row["site"], row["from"]): row["count"] for row in ran.rows if row["count"]}
    assert counts == {
        ("Harbor News", "2025-01-06"): 1,
        ("Harbor News", "2025-03-03"): 1,
        ("The Ledger", "2025-01-06"): 1,
    }
    assert len(ran.rows) == 2 * 9


def test_coverage_on_a_terminal_as_a_sheet_and_as_a_picture(backfile: Command) -> None:
    shown = backfile("coverage", "bridge", "person:Venn")
    assert [line.split() for line in shown.out.splitlines()] == [
        ["from", "bridge", "person:Venn"],
        ["2025-01-01", "4", "0"],
        ["2025-02-01", "0", "0"],
        ["2025-03-01", "2", "1"],
    ]
    assert "person:Venn: 1 without a date" in shown.err
    sheet = rows(backfile("coverage", "bridge", "person:Venn", "--csv").out)
    assert sheet == [
        ["from", "bridge", "person:Venn"],
        ["2025-01-01", "4", "0"],
        ["2025-02-01", "0", "0"],
        ["2025-03-01", "2", "1"],
    ]
    drawn = backfile("coverage", "bridge", "-o", "../out.svg")
    assert drawn.code == 0, drawn.err
    ET.parse(backfile.folder.parent / "out.svg")
    assert backfile("coverage", "bridge", "-o", "../out.csv").code == 0
    assert (backfile.folder.parent / "out.csv").read_text().startswith("\ufefffrom,bridge")
    assert backfile("coverage", "bridge", "-o", "../out.jpg").code == 2
    refused = backfile("coverage", "bridge", "-o", "warc/out.svg")
    assert (refused.code, "is part of the archive" in refused.err) == (2, True)


def test_what_matches_no_query_covers_nothing(backfile: Command) -> None:
    assert backfile("coverage", "xylophone", "--json").rows == []
    assert "(none)" in backfile("coverage", "xylophone").out
    assert backfile("coverage", "xylophone", "-o", "../none.svg").code == 0


def test_a_chosen_month_is_the_only_one(backfile: Command) -> None:
    ran = backfile("coverage", 'bridge date:="2025-01"', "--json")
    assert [(row["from"], row["count"]) for row in ran.rows] == [("2025-01-01", 4)]


def test_a_picture_holds_nothing_that_xml_cannot() -> None:
    """Whatever a query holds: controls, halves of characters, markup."""
    query = "a <b> & \x00\x1b\ud800 \ufffe ]]>"
    points = tuple(CoveragePoint(date(2025, month, 1), month, None) for month in range(1, 13))
    for lines in ([CoverageLine(query, points)], [CoverageLine(query, points), CoverageLine("b", points)], []):
        for share in (False, True):
            root = ET.fromstring(coverage_svg(Coverage(Step.MONTH, tuple(lines)), share=share))
            assert root.tag == "{http://www.w3.org/2000/svg}svg"


def read_png(held: bytes) -> list[bytes]:
    """Its rows of red, green and blue, each chunk checked."""
    assert held.startswith(b"\x89PNG\r\n\x1a\n")
    at, chunks = 8, {}
    while at < len(held):
        size, kind = struct.unpack(">I4s", held[at : at + 8])
        chunks[kind] = held[at + 8 : at + 8 + size]
        assert zlib.crc32(kind + chunks[kind]) == int.from_bytes(held[at + 8 + size : at + 12 + size])
        at += 12 + size
    width, height, depth, colours = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
    assert (depth, colours) == (8, 2)
    rows, wide = zlib.decompress(chunks[b"IDAT"]), 3 * width + 1
    assert len(rows) == height * wide
    return [rows[start + 1 : start + wide] for start in range(0, len(rows), wide)]


def shares(held: bytes) -> Counter[bytes]:
    """How many points have each colour."""
    return Counter(row[at : at + 3] for row in read_png(held) for at in range(0, len(row), 3))


def line(query: str, *counts: int) -> CoverageLine:
    points = (CoveragePoint(date(2025, month, 1), count, None) for month, count in enumerate(counts, 1))
    return CoverageLine(query, tuple(points))


def test_a_coverage_is_painted(backfile: Command) -> None:
    """A bar twice as high takes twice as many points; every line has its colour; letters are there."""
    drawn = backfile("coverage", "bridge", "-o", "../out.PNG")
    assert drawn.code == 0, drawn.err
    assert len(read_png((backfile.folder.parent / "out.PNG").read_bytes())) == 2 * (360 + 22)
    blue, orange = bytes.fromhex("0072b2"), bytes.fromhex("d55e00")
    one, two = (shares(coverage_png(Coverage(Step.MONTH, (line("a", 10, count),)))) for count in (0, 10))
    legend = 32 * 8 * 4
    assert two[blue] - legend == pytest.approx(2 * (one[blue] - legend), rel=0.01)
    lines = coverage_png(Coverage(Step.MONTH, (line("a", 1, 2), line("b", 2, 1))))
    assert min(shares(lines)[blue], shares(lines)[orange]) > 1000
    longer = coverage_png(Coverage(Step.MONTH, (line("a" * 40, 1, 2), line("b", 2, 1))))
    assert shares(longer)[bytes(3)] > shares(lines)[bytes(3)] > 0
    assert read_png(coverage_png(Coverage(Step.MONTH, ())))


def test_letters_that_a_painted_picture_cannot_have_are_told(backfile: Command) -> None:
    ran = backfile("coverage", "Müller OR Łódź", "-o", "../out.png")
    assert ran.code == 2
    assert "no letters for 'Łź'" in ran.err
    assert ".svg" in ran.err
    assert not (backfile.folder.parent / "out.png").exists()


def test_no_two_lines_of_a_picture_look_the_same() -> None:
    lines = tuple(line(f"query {number}", 1, 2) for number in range(36))
    looks = re.findall(r"<polyline [^>]*fill=\"none\" ([^>]*)/>", coverage_svg(Coverage(Step.MONTH, lines)))
    assert len(looks) == len(set(looks)) == 36


def test_shares_beside_each_other_stand_in_columns(backfile: Command) -> None:
    """A name may be narrower than what stands below it."""
    lines = backfile("coverage", "a", "person:*", "--by", "year", "--share").out.splitlines()
    assert len(lines) > 1
    assert len({len(line) for line in lines}) == 1
