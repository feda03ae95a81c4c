"""Names across an archive, end to end: a story that says what an acronym means settles it for its whole site, in what
is shown, in the index, on the command line, and after a rebuild."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from commands import Command
from newsroom import Newsroom

from archive import open_archive
from index import open_index

LONG, SHORT = "Immigration and Customs Enforcement", "ICE"
SILENT = (
    "Protesters marched against ICE in Philadelphia on Sunday. ICE officers detained three workers at a market, and "
    "lawyers from the ACLU said that ICE had no warrant. The protesters came back on Monday with drums and banners."
)
SPELLED = (
    "Agents of U.S. Immigration and Customs Enforcement (ICE) arrested twelve people in Philadelphia on Tuesday. "
    "A spokesman for ICE said that the arrests would go on, and that nobody had been hurt in the raid on the docks."
)
ALSO_SILENT = (
    "Protesters marched against ICE in Camden on Friday. ICE officers detained two sailors at the ferry, and lawyers "
    "from the ACLU said that ICE had no warrant. The ferry left two hours late, with most of its passengers on board."
)
PAPER = "https://paper.example"


def page(title: str, text: str, site: str) -> str:
    return (
        f'<html lang=en><head><title>{title}</title><meta property="og:site_name" content="{site}"></head>'
        f"<body><article><h1>{title}</h1><p>{text}</p></article></body></html>"
    )


@pytest.fixture
def backfile(tmp_path: Path, newsroom: Newsroom) -> Command:
    newsroom.add(f"{PAPER}/1", page("A march", SILENT, "The Paper"))
    newsroom.add(f"{PAPER}/2", page("A raid", SPELLED, "The Paper"))
    newsroom.add(f"{PAPER}/3", page("A ferry", ALSO_SILENT, "The Paper"))
    newsroom.add("https://other.example/1", page("Another march", SILENT, "The Other"))
    return Command(tmp_path / "archive", newsroom)


def facets(folder: Path) -> dict[str, int]:
    """The organisations that the index counts, once it followed the change log."""
    with open_archive(folder) as archive, open_index(archive, folder) as index:
        index.update()
        (facet,) = index.facets("", ["org"])
        return {value.value: value.count for value in facet.values}


def found(folder: Path, query: str) -> set[str]:
    with open_archive(folder) as archive, open_index(archive, folder) as index:
        return {hit.title for hit in index.search(query).hits}


@pytest.mark.slow
def test_the_second_story_explains_what_the_first_and_the_third_mean(backfile: Command) -> None:
    folder = backfile.folder
    backfile("add", f"{PAPER}/1", "https://other.example/1")
    assert facets(folder)[SHORT] == 2
    backfile("add", f"{PAPER}/2")
    backfile("add", f"{PAPER}/3")
    counted = facets(folder)
    assert (counted[LONG], counted[SHORT]) == (3, 1), "the other site has not said what it means"
    assert found(folder, f'org:"{LONG}"') == {"A march", "A raid", "A ferry"}
    assert found(folder, "org:ICE") == {"A march", "A raid", "A ferry", "Another march"}
    shown = json.loads(backfile("show", f"{PAPER}/1", "--json").out)
    assert {m["canonical"] for m in shown["reading"]["mentions"] if m["text"] == SHORT} == {LONG}

    rows = backfile("entities", "names", "--kind", "org", "--json").rows
    row = next(row for row in rows if row["name"] == LONG)
    assert (row["stories"], row["aliases"]) == (3, [SHORT])
    assert row["evidence"] == [f"The Paper spells {SHORT} out as {LONG}"]
    said = backfile("entities", "names").out
    assert f"also {SHORT}" in said
    assert "The Paper spells ICE out" in said

    assert backfile("rebuild").code == 0
    assert backfile("entities", "names", "--kind", "org", "--json").rows == rows
    assert facets(folder) == counted
    assert backfile("reindex").code == 0
    assert facets(folder) == counted


def test_rules_come_after_the_table(backfile: Command) -> None:
    """A rule is written with any name of a thing; without it, the table is as it was."""
    folder = backfile.folder
    backfile("add", *(f"{PAPER}/{number}" for number in (1, 2, 3)))
    before = facets(folder)
    assert before[LONG] == 3
    (folder / "rules.toml").write_text(f'same = [["ICE (agency)", "{SHORT}"]]\n')
    assert facets(folder)["ICE (agency)"] == 3
    assert found(folder, 'org:"Customs Enforcement"') == {"A march", "A raid", "A ferry"}
    (folder / "rules.toml").unlink()
    assert facets(folder) == before


def test_suggestions_come_from_the_table_and_leave_out_what_is_decided(backfile: Command) -> None:
    backfile("add", f"{PAPER}/2", "https://other.example/1")
    (row,) = [row for row in backfile("entities", "suggest", "--json").rows if row["other"] == SHORT]
    assert (row["kind"], row["name"]) == ("org", LONG)
    (backfile.folder / "rules.toml").write_text(f'same = [["{LONG}", "{SHORT}"]]\n')
    assert SHORT not in {row["other"] for row in backfile("entities", "suggest", "--json").rows}
