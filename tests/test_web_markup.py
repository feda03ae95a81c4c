"""Whatever is typed, tagged, noted or archived stays text: it never becomes an element, an attribute or a script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sites import as_served, shown

from archive import ArchiveError, ArchiveSettings, EntitySettings, Item, LinkSettings, Origin, create_archive
from backfile.desk import open_desk
from backfile.web import problems
from backfile.web.pages import errors
from backfile.web.rendering import is_web
from backfile.web.site import Site
from index import SearchError

TEXT = "The harbour board of Whitby met on Tuesday, said Alice Marlow. " * 5
PIECES = (
    "<zz>", "</title><zz>", "</textarea><zz>", "</script><zz>", "\"><zz a='", "'><zz a=\"", '" zz="', "' zz='",
    " zz=1 ", "<zz/zz=1>", "<!-- zz", "-->", "]]>", "<![CDATA[", "&lt;zz&gt;", "&#60;zz&#62;", "{{7*7}}", "{%zz%}",
    "javascript:zz", "\u2028", "\u202e", "`zz`", "\\", "%3Czz%3E",
)  # fmt: skip
# A letter before and behind: so nothing is empty, and white space that is cut off matters to nobody.
hostile = st.lists(st.sampled_from(PIECES) | st.text(max_size=4), min_size=1, max_size=8).map(
    lambda some: f"x{''.join(some)}x"
)


class Seen(HTMLParser):
    """What elements there are, with their attributes; and what no page of ours has."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.scripts = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.scripts += tag == "script"
        if "zz" in tag:
            self.wrong.append(f"<{tag}>")
        for name, value in attrs:
            if "zz" in name or not re.fullmatch(r"[a-z][a-z0-9-]*", name, re.IGNORECASE):
                self.wrong.append(f"{tag} {name}")
            if name in ("href", "src", "action") and re.match(r"\s*javascript:", value or "", re.IGNORECASE):
                self.wrong.append(f"{tag} {name}={value}")

    def handle_comment(self, data: str) -> None:
        self.wrong.append(f"<!--{data}")

    def unknown_decl(self, data: str) -> None:
        self.wrong.append(f"<![{data}")


def wrong(page: str) -> list[str]:
    seen = Seen()
    seen.feed(page)
    seen.close()
    return [*seen.wrong, *(["a script more"] if seen.scripts > 1 else [])]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("markup") / "archive"
    create_archive(folder).close()
    held = ArchiveSettings(links=LinkSettings(depth=0), entities=EntitySettings(recogniser="default"))
    with open_desk(folder, held) as desk:
        item = Item("https://paper.example/pier", Origin("list", "x"), title="Pier", text=TEXT + " ".join(PIECES))
        list(desk.archive.import_items([item], name="x", fetch=False))
        desk.catch_up()
        yield as_served(desk)


def drawn(site: Site, address: str) -> str:
    """The page, that of its error where it has one."""
    try:
        return shown(site, address)
    except (ArchiveError, SearchError, problems.Refusal) as error:
        if (found := problems.of(error)) is None:
            raise
        return errors.page(site, found, error, "").body.decode()


def test_the_check_sees_what_it_looks_for() -> None:
    assert wrong("<p>&lt;zz&gt;</p><a href='/x' title='&quot; zz=&quot;'>zz</a>") == []
    for page in (
        "<p><zz></p>",
        "<p title='' zz=''>",
        '<a href=" javascript:x">',
        "<!-- x -->",
        "<script></script>" * 2,
    ):
        assert wrong(page), page


@settings(max_examples=12)
@given(hostile)
def test_what_is_said_of_an_article_stays_text(site: Site, text: str) -> None:
    """As its title, author, site, tag and note, and as the name of a saved search: on every page that shows one."""
    desk = site.desk
    (hit,) = desk.search("Whitby").hits
    entry = desk.find(hit.id)
    tags = desk.tag(hit.id, [text], entry.tags)
    desk.note(hit.id, text)
    desk.edit(hit.id, title=text, authors=[text], site=text)
    about = f"/article/{hit.id}"
    pages = {
        path: shown(site, path)
        for path in (
            "/", "/search", "/search?view=table", "/search?view=texts", about, f"{about}/sources", f"{about}/versions",
            f"{about}/evidence", f"{about}/similar", "/facets/tag", "/facets/author", "/facets/site", "/changes",
            f"/search?q={quote(f'tag:={quoted(tags[0])}')}", "/coverage?q=Whitby",
        )
    }  # fmt: skip
    assert {path: found for path, page in pages.items() if (found := wrong(page))} == {}
    assert "zz" not in text or "zz" in unescape(pages[about])
    root = ET.fromstring(shown(site, "/search.atom"))
    assert {one.tag for one in root.iter()} <= {f"{{http://www.w3.org/2005/Atom}}{name}" for name in ATOM}


ATOM = "feed title id updated author name link entry summary category".split()


def quoted(text: str) -> str:
    return '"' + re.sub(r'(["“”„\\])', r"\\\1", text) + '"'


@pytest.mark.parametrize("query", ["Whitby", "zz", '"javascript zz"'])
def test_what_an_article_says_stays_text(site: Site, query: str) -> None:
    """In its snippet, with what was asked for marked, and on its own page."""
    (hit,) = site.desk.search(query).hits
    pages = [shown(site, f"/search?q={quote(query)}"), shown(site, f"/article/{hit.id}?q={quote(query)}")]
    assert [wrong(page) for page in pages] == [[], []]
    assert "&lt;/textarea&gt;" in pages[1]
    assert all("<mark>" in page for page in pages)


@settings(max_examples=25)
@given(hostile)
def test_what_is_asked_for_stays_text(site: Site, text: str) -> None:
    """As a query, a value of a facet, a name, an address: on the page, or on that of its error."""
    asked = quote(text, safe="")
    addresses = (
        f"/search?q={asked}", f"/search?q={quote(f'tag:={quoted(text)}')}", f"/search?q=Whitby&sort={asked}",
        f"/search?q={quote(f'person:{text}')}", f"/facets/person?find={asked}", f"/facets/tag?q={asked}",
        f"/facets/{asked}", f"/coverage?q={asked}&q=Whitby", f"/together?q={asked}", f"/map?q={asked}",
        f"/name/person/{asked}", f"/site/{asked}", f"/article/{asked}", f"/out?u={asked}",
        f"/out?u={quote(f'https://a.example/{text}')}", f"/captures/{asked}", f"/add?url={asked}", f"/saved?q={asked}",
        f"/watch?q={asked}", f"/login?next={asked}", f"/jobs/{asked}",
    )  # fmt: skip
    found = {address: some for address in addresses if (some := wrong(drawn(site, address)))}
    assert found == {}


@pytest.mark.parametrize(
    ("url", "leads"),
    [
        ("https://pier.example/a", True),
        ("HTTP://pier.example", True),
        ("https://pier.example/a.invalid/b", True),
        ("https://texts.invalid/0f3a", False),
        ("javascript:alert(1)", False),
    ],
)
def test_an_address_that_was_made_for_a_text_is_no_link(url: str, leads: bool) -> None:
    assert is_web(url) is leads
