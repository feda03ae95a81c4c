"""Feeds as readers need them: what RFC 4287 asks of Atom, and an entry for each article and version, once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree as ET

import pytest
from sites import as_served, shown

from archive import ArchiveSettings, EntitySettings, Item, LinkSettings, Origin, create_archive
from backfile.desk import Desk, open_desk
from backfile.web import feeds
from backfile.web.site import Site

NS = "{http://www.w3.org/2005/Atom}"
IRI = re.compile(r"[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x1f]+", re.IGNORECASE)  # RFC 3987: absolute, in one word
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")  # RFC 3339, in capitals
# RFC 4287: element → how often each of its children may stand in it, at least and at most.
FEED = {"title": (1, 1), "id": (1, 1), "updated": (1, 1), "author": (1, 99), "link": (1, 99), "entry": (0, 99)}
ENTRY = {
    "title": (1, 1), "id": (1, 1), "updated": (1, 1), "author": (0, 99), "link": (1, 99), "category": (0, 99),
    "summary": (0, 1),
}  # fmt: skip
STORIES = ("pier", "ferry", "a b<c>&d^e")


def text(name: str) -> str:
    return f"The board of Whitby spoke about the {name} on Tuesday, said Alice Marlow & her <friends>. " * 4


def page(name: str, said: str) -> str:
    title = escape(f"On {name} <b>&amp;")
    return (
        f"<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>{title}</title>"
        "<meta name=author content='A &amp; B'></head>"
        f"<body><article><h1>{title}</h1><p>{escape(said)}</p></article></body></html>"
    )


def brought(desk: Desk, day: int, *stories: tuple[str, str]) -> None:
    """Addresses by their last part, and texts, as they were saved on a day of March."""
    items = (
        Item(
            f"https://paper.example/{name}?a=1&b=“2”", Origin("list", "x"), payload=page(name, said).encode(),
            media_type="text/html", captured=datetime(2025, 3, day, tzinfo=UTC),
        )
        for name, said in stories
    )  # fmt: skip
    list(desk.archive.import_items(items, name=f"day {day}", fetch=False))
    desk.catch_up()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    folder = tmp_path / "archive"
    create_archive(folder).close()
    settings = ArchiveSettings(links=LinkSettings(depth=0), entities=EntitySettings(recogniser="none"))
    with open_desk(folder, settings) as desk:
        brought(desk, 1, *((name, text(name)) for name in STORIES))
        yield as_served(desk)


def atom(site: Site, address: str) -> ET.Element:
    """A feed that keeps the rules."""
    page = shown(site, address)
    assert page.startswith('<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">')
    feed = ET.fromstring(page.encode())
    keeps_the_rules(feed, FEED)
    entries = feed.findall(f"{NS}entry")
    for entry in entries:
        keeps_the_rules(entry, ENTRY)
        assert entry.findall(f"{NS}author") or feed.findall(f"{NS}author")
        assert entry.findall(f"{NS}summary") or links(entry, "alternate")
    assert len({told(entry, "id") for entry in entries}) == len(entries), "an id stands for one entry"
    (own,) = links(feed, "self")
    assert own.endswith(address)
    return feed


def keeps_the_rules(element: ET.Element, children: dict[str, tuple[int, int]]) -> None:
    names = [child.tag.removeprefix(NS) for child in element]
    assert set(names) <= set(children)
    for name, (least, most) in children.items():
        assert least <= names.count(name) <= most, (name, names)
    assert told(element, "title")
    assert IRI.fullmatch(told(element, "id"))
    assert MOMENT.fullmatch(told(element, "updated"))
    assert datetime.fromisoformat(told(element, "updated"))
    for link in element.findall(f"{NS}link"):
        assert IRI.fullmatch(link.attrib["href"]), link.attrib
        assert set(link.attrib) <= {"href", "rel", "type"}
    alternates = [link.get("type") for link in element.findall(f"{NS}link") if link.get("rel") == "alternate"]
    assert len(set(alternates)) == len(alternates)
    assert all(one.get("term") for one in element.findall(f"{NS}category"))
    assert all((one.findtext(f"{NS}name") or "").strip() for one in element.findall(f"{NS}author"))


def told(element: ET.Element, name: str) -> str:
    return (element.findtext(f"{NS}{name}") or "").strip()


def links(element: ET.Element, rel: str) -> list[str]:
    return [link.attrib["href"] for link in element.findall(f"{NS}link") if link.get("rel") == rel]


def ids(site: Site, address: str = "/search.atom") -> list[str]:
    return [told(entry, "id") for entry in atom(site, address).findall(f"{NS}entry")]


@pytest.mark.parametrize("query", ["", "Whitby", "nothing-of-the-kind", "Whitby OR “x” -ferry", 'title:"<b>&"'])
def test_a_feed_keeps_the_rules_of_atom(site: Site, query: str) -> None:
    feed = atom(site, f"/search.atom?q={quote(query)}" if query else "/search.atom")
    total = site.desk.search(query).total
    assert len(feed.findall(f"{NS}entry")) == total
    atom(site, "/changes.atom")


def test_an_article_is_an_entry_once_and_a_version_of_it_another(site: Site) -> None:
    former = ids(site)
    assert len(former) == len(STORIES)
    brought(site.desk, 2, ("lighthouse", text("lighthouse")))
    (new,) = set(ids(site)) - set(former)
    assert len(ids(site)) == len(former) + 1
    brought(site.desk, 3, ("lighthouse", text("lighthouse and the pier")))
    (changed,) = set(ids(site)) - set(former)
    assert changed != new
    assert len(ids(site)) == len(former) + 1
    assert ids(site, "/changes.atom") == [changed]


def test_ids_are_the_same_after_everything_was_built_again(site: Site) -> None:
    brought(site.desk, 3, ("pier", text("pier and the ferry")))
    former = ids(site), ids(site, "/changes.atom"), json.loads(shown(site, "/search.jsonfeed"))["items"]
    assert [item["id"] for item in former[2]] == former[0]
    site.desk.rebuild()
    assert (ids(site), ids(site, "/changes.atom")) == former[:2]
    assert json.loads(shown(site, "/search.jsonfeed"))["items"] == former[2]


def test_pages_of_a_feed_have_each_entry_once(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """By RFC 5005; the first page says where the next one is, and the last one has none."""
    monkeypatch.setattr(feeds, "_PAGE", 2)
    address, found = "/search.atom?q=Whitby", []
    while address:
        feed = atom(site, address)
        found += [told(entry, "id") for entry in feed.findall(f"{NS}entry")]
        (further,) = links(feed, "next") or [""]
        address = f"{urlsplit(further).path}?{urlsplit(further).query}" if further else ""
    assert sorted(found) == sorted({*found})
    assert len(found) == len(STORIES)
