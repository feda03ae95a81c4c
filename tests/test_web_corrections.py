"""Names that are taken for one, or for none, on a page: lines of rules.toml that can be taken back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from sites import as_served, posted, shown

from archive import (
    ArchiveSettings,
    EntitySettings,
    Item,
    LinkSettings,
    NotFoundError,
    Origin,
    UsageError,
    create_archive,
)
from backfile.desk import open_desk
from backfile.web.problems import Refusal
from backfile.web.site import Site

TEXTS = (
    "Alice Marlow of the Harbour Trust spoke in Whitby on Tuesday. Marlow said that the pier would be mended. ",
    "Alicia Marlowe told reporters in Whitby on Friday that the ferry would sail. Alicia Marlowe smiled. ",
    "Peter Quill of the Harbour Trust was in Bergen on Monday, where Peter Quill bought a ticket. ",
)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    folder = tmp_path / "archive"
    create_archive(folder).close()
    settings = ArchiveSettings(links=LinkSettings(depth=0), entities=EntitySettings(recogniser="default"))
    items = (
        Item(f"https://paper.example/{n}", Origin("list", "x"), title=f"Story {n}", text=text * 3)
        for n, text in enumerate(TEXTS)
    )
    with open_desk(folder, settings) as desk:
        list(desk.archive.import_items(items, name="x", fetch=False))
        yield as_served(desk)


def people(site: Site) -> dict[str, int]:
    (facet,) = site.desk.facets("", ["person"])
    return {value.value: value.count for value in facet.values}


def completed(site: Site, typed: str) -> list[tuple[str, int]]:
    items = json.loads(shown(site, f"/api/v1/suggest?q={typed}"))["items"]
    return [(row["value"], row["count"]) for row in items if row["field"]]


def lines_on(page: str) -> list[str]:
    return [unescape(found) for found in re.findall(r'name="lines" value="([^"]*)"', page)]


def test_two_names_are_one_and_two_again(site: Site) -> None:
    before = people(site)
    assert {"Alice Marlow", "Alicia Marlowe"} <= before.keys()
    fields = {"kind": "person", "name": "Alicia Marlowe", "other": "Alice  Marlow", "shown": "other"}
    assert posted(site, "/rules/same", fields) == "/name/person/Alice%20Marlow"
    others = {name: count for name, count in before.items() if "Marlow" not in name}
    assert people(site) == {**others, "Alice Marlow": 2}
    assert site.desk.suggest("person", "alicia", others=False) == []
    assert ("Alice Marlow", 2) in completed(site, "alicia"), "nobody is called so, but articles write her so"
    page = shown(site, "/name/person/Alice Marlow")
    (lines,) = lines_on(page)
    assert lines == '[[same]]\nkind = "person"\nnames = ["Alice Marlow", "Alicia Marlowe"]\n'
    assert lines in (site.desk.folder / "rules.toml").read_text()
    assert posted(site, "/rules/back", {"lines": lines.replace("\n", "\r\n")}) == "/rules"
    assert people(site) == before
    with pytest.raises(NotFoundError):
        posted(site, "/rules/back", {"lines": lines})


def test_a_name_is_none_and_one_again(site: Site) -> None:
    before = people(site)
    assert posted(site, "/rules/hide", {"kind": "person", "name": "Peter Quill"}) == "/rules"
    assert people(site) == {name: count for name, count in before.items() if name != "Peter Quill"}
    (lines,) = lines_on(shown(site, "/rules"))
    posted(site, "/rules/back", {"lines": lines})
    assert people(site) == before
    assert lines_on(shown(site, "/rules")) == []


def test_what_makes_no_sense_is_told(site: Site) -> None:
    with pytest.raises(UsageError):
        posted(site, "/rules/same", {"kind": "person", "name": "Peter Quill", "other": " "})
    with pytest.raises(UsageError, match="no article names 'Peter Quilt'"):
        posted(site, "/rules/same", {"kind": "person", "name": "Peter Quill", "other": " Peter Quilt"})
    with pytest.raises(NotFoundError):
        posted(site, "/rules/hide", {"kind": "date", "name": "Peter Quill"})
    with pytest.raises(Refusal):
        shown(site, "/name/person/Nobody At All")
    assert not (site.desk.folder / "rules.toml").exists()
