"""References: RIS, EndNote's tagged lines and its XML."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from archive import Item, Reject, detect_format, read_items

URL = "https://a.example/story"
ENW = f"""%0 Newspaper Article
%T The pier of Sillmouth
%A Reed, Ann
%A Lund, Bo, Jr.
%J The Ledger
%D 2025
%8 January 31
%K pier
port
%X The board voted.

It did so twice.
%Z A remark
%G en
%U {URL}
%[ 2 February 2025

%0 Web Page
%T Without an address
%D 2025
%0 Journal Article
%T By its number
%A Harbour Board
%D 2024
%R doi:10.5555/12345678
"""
BIB = r"""% Encoding: UTF-8
@string{ledger = "The Ledger"}
@Online{reed25,
  title   = {The {Pier} of {S}illm{\"u}th --- \emph{a} plan \& more},
  author  = "Reed, Ann and Lund, Jr., Bo and {Harbour Board} and Fran{\c c}ois M{\'e}rou",
  date    = {2025-01-31}, journaltitle = {The Ledger},
  url     = {https://a.example/story}, urldate = {2 February 2025},
  keywords = {pier, port}, note = {A remark},
}

@misc{none, title = {Without an address}, year = 2025}
@comment{ @misc{x, url={https://b.example/}} }
@article{two,title={By its number},author={{Harbour Board}},year={2024},doi={10.5555/12345678}}
@misc{three, title = {Printed}, howpublished = {\url{https://a.example/a\_b\%20c}}, year = 2024, month = mar, day = 5}
"""
STYLED = '<style face="normal" font="default" size="100%">{}</style>'
XML = f"""<?xml version="1.0" encoding="UTF-8" ?><xml><records><record>
<database name="My.enl" path="C:/My.enl">My.enl</database>
<rec-number>17</rec-number><ref-type name="Newspaper Article">23</ref-type>
<contributors><authors>
<author>{STYLED.format("Reed, Ann")}</author>
<author>Lund, Bo</author></authors>
<secondary-authors><author>Vane, Edith</author></secondary-authors></contributors><titles><title>
{STYLED.format("The pier of ")}{STYLED.format("Sillmouth &amp; Holm")}</title>
<secondary-title>The Ledger</secondary-title></titles>
<keywords><keyword>pier</keyword><keyword>port</keyword></keywords><dates><year>{STYLED.format("2025")}</year>
<pub-dates><date>31 January</date>
</pub-dates></dates><urls><related-urls><url>{STYLED.format(URL)}</url></related-urls>
<pdf-urls><url>internal-pdf://1/a.pdf</url></pdf-urls></urls>
<notes>A remark</notes><access-date>2 February 2025</access-date><language>en</language></record>
<record><rec-number>18</rec-number><titles><title>Without an address</title></titles></record>
<record><rec-number>19</rec-number><titles><title>By its number</title></titles><dates><year>2024</year></dates>
<electronic-resource-num>10.5555/12345678</electronic-resource-num></record></records></xml>
"""


def split(path: Path) -> tuple[list[Item], list[Reject]]:
    found = list(read_items(path))
    return [f for f in found if isinstance(f, Item)], [f for f in found if isinstance(f, Reject)]


def write(folder: Path, text: str) -> Path:
    path = folder / "file"
    path.write_text(text)
    return path


def test_ris(tmp_path: Path) -> None:
    data = f"""TY  - NEWS
TI  - The pier
AU  - Reed, Ann
AU  - Lund, Bo
T2  - The Ledger
DA  - 2025/01/31/
KW  - pier
KW  - port
N1  - A remark
UR  - {URL}
ER  -

TY  - NEWS
TI  - Without an address
ER  -
TY  - NEWS
TI  - Not closed
UR  - {URL}/2
"""
    (first, second), (reject,) = split(write(tmp_path, data.replace("\n", "\r\n")))
    assert detect_format(tmp_path / "file").name == "ris"
    assert (first.url, first.title, first.authors) == (URL, "The pier", ("Ann Reed", "Bo Lund"))
    assert (first.tags, first.note, first.published, first.site) == (
        ("pier", "port"),
        "A remark",
        date(2025, 1, 31),
        "The Ledger",
    )
    assert (second.url, second.origin.line) == (f"{URL}/2", 16)
    assert (reject.origin.line, reject.reason) == (13, "it has no address")


@pytest.mark.parametrize(
    ("text", "name", "title", "authors", "lines"),
    [
        (ENW.replace("\n", "\r\n"), "endnote", "The pier of Sillmouth", ("Ann Reed", "Bo Lund Jr."), [1, 18, 21]),
        (XML, "endnote-xml", "The pier of Sillmouth & Holm", ("Ann Reed", "Bo Lund"), [1, 15, 16]),
    ],
    ids=["lines", "xml"],
)
def test_endnote(tmp_path: Path, text: str, name: str, title: str, authors: tuple[str, ...], lines: list[int]) -> None:
    path = write(tmp_path, text)
    assert detect_format(path).name == name
    (first, second), (reject,) = split(path)
    assert (first.url, first.title, first.authors, first.lang) == (URL, title, authors, "en")
    assert (first.published, first.site, first.note) == (date(2025, 1, 31), "The Ledger", "A remark")
    assert first.added == datetime(2025, 2, 2, tzinfo=UTC)
    assert first.tags == ("pier", "port")
    assert (second.url, second.title) == ("https://doi.org/10.5555/12345678", "By its number")
    assert (second.published, second.remarks) == (None, ())  # a year is no day, and nothing is wrong with it
    assert (reject.reason, "Without an address" in reject.raw) == ("it has no address", True)
    assert [first.origin.line, reject.origin.line, second.origin.line] == lines


def test_an_xml_of_endnote_that_is_cut_off(tmp_path: Path) -> None:
    (first,), (reject,) = split(write(tmp_path, XML[: XML.index("<rec-number>18")]))
    assert first.url == URL
    assert "cut off" in reject.reason


def test_the_number_of_a_reference_is_an_address(tmp_path: Path) -> None:
    (item,), _ = split(
        write(tmp_path, "TY  - JOUR\nTI  - One\nDO  - 10.5555/12345678\nN1  - see https://b.example\nER  -\n")
    )
    assert item.url == "https://doi.org/10.5555/12345678"


@pytest.mark.parametrize("said", ["2014", "2014///", "2014/05//", "2014-05", "May 2014", "mayo 2014", "Spring 2014"])
def test_a_year_or_a_month_alone_is_no_wrong_date(tmp_path: Path, said: str) -> None:
    """It names no day, so there is none: none is made up, and nothing is told."""
    (item,), _ = split(write(tmp_path, f"TY  - NEWS\nTI  - One\nDA  - {said}\nUR  - {URL}\nER  -\n"))
    assert (item.published, item.remarks) == (None, ())


@pytest.mark.parametrize("said", ["2014-13", "2014/00", "3014", "soon"])
def test_what_can_be_no_date_is_told(tmp_path: Path, said: str) -> None:
    (item,), _ = split(write(tmp_path, f"TY  - NEWS\nTI  - One\nDA  - {said}\nUR  - {URL}\nER  -\n"))
    assert (item.published, len(item.remarks)) == (None, 1)


def test_a_year_of_csl_is_no_day(tmp_path: Path) -> None:
    record = {"type": "article", "id": "x", "URL": URL, "title": "One", "issued": {"date-parts": [[2014]]}}
    (item,), _ = split(write(tmp_path, json.dumps([record])))
    assert (item.published, item.remarks) == (None, ())


def test_references_of_pubmed(tmp_path: Path) -> None:
    """At the address of the DOI, else of the number; a title goes on in further lines."""
    text = (
        "PMID- 41\nDP  - 2025 May 6\nTI  - Health by the\n      pier\nFAU - Reed, Ann\nFAU - Lund, Bo\n"
        "AID - S1 [pii]\nAID - 10.5555/9 [doi]\nJT  - The Ledger\nOT  - pier\n\nPMID- 42\nTI  - Another\n"
    )
    path = tmp_path / "refs.nbib"
    path.write_text(text)
    one, two = (item for item in read_items(path) if isinstance(item, Item))
    assert (one.url, one.title, one.authors) == (
        "https://doi.org/10.5555/9",
        "Health by the pier",
        ("Ann Reed", "Bo Lund"),
    )
    assert (str(one.published), one.site, one.tags) == ("2025-05-06", "The Ledger", ("pier",))
    assert two.url == "https://pubmed.ncbi.nlm.nih.gov/42/"


def test_particles_and_suffixes_belong_to_the_names_of_csl(tmp_path: Path) -> None:
    path = tmp_path / "refs.json"
    names = [
        {"family": "Gogh", "given": "Vincent", "non-dropping-particle": "van"},
        {"family": "Humboldt", "given": "Ada", "dropping-particle": "von", "suffix": "III"},
    ]
    path.write_text(json.dumps([{"id": "1", "type": "webpage", "issued": {}, "URL": URL, "author": names}]))
    (item,) = read_items(path)
    assert isinstance(item, Item)
    assert item.authors == ("Vincent van Gogh", "Ada von Humboldt III")


def test_bibtex(tmp_path: Path) -> None:
    path = write(tmp_path, BIB)
    assert detect_format(path).name == "bibtex"
    (first, second, third), (reject,) = split(path)
    assert (first.url, first.title) == (URL, "The Pier of Sillmüth — a plan & more")
    assert first.authors == ("Ann Reed", "Bo Lund Jr.", "Harbour Board", "François Mérou")
    assert (first.published, first.site, first.tags) == (date(2025, 1, 31), "The Ledger", ("pier", "port"))
    assert (first.note, first.added) == ("A remark", datetime(2025, 2, 2, tzinfo=UTC))
    assert (second.url, second.authors) == ("https://doi.org/10.5555/12345678", ("Harbour Board",))
    assert (second.published, second.remarks) == (None, ())
    assert (third.url, third.published) == ("https://a.example/a_b%20c", date(2024, 3, 5))
    assert (reject.reason, reject.origin.line) == ("it has no address", 11)


@pytest.mark.parametrize(
    "broken", ["@misc{a, title = {One, url = {https://b.example/1}\n", "@misc{a, title = \n", "@misc{a, =}\n"]
)
def test_an_entry_of_bibtex_that_is_broken_costs_itself(tmp_path: Path, broken: str) -> None:
    items, rejects = split(write(tmp_path, f"@misc{{b, url = {{{URL}}}}}\n{broken}\n@misc{{c, url = {{{URL}/2}}}}\n"))
    assert [one.url for one in items] == [URL, f"{URL}/2"]
    assert [one.origin.line for one in rejects] == [2]
