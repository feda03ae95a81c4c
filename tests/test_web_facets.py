"""The page of a facet: every value once, in every order, with the count that choosing it gives."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from html import unescape
from urllib.parse import quote

import pytest
from sites import as_served, shown

from archive import ArchiveSettings, EntitySettings, Item, LinkSettings, Origin, create_archive
from backfile.desk import open_desk
from backfile.web.pages import facets
from backfile.web.site import Site

ARTICLES = 12
_NAMES = {n: f"by {name}" for n, name in enumerate("one two three four five six seven".split(), 1)}
TAGS = [tuple(tag for k, tag in _NAMES.items() if not n % k) for n in range(ARTICLES - 1)] + [()]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Articles 0 to 11, each tagged with what its number can be divided by; the last one has no tag at all."""
    folder = tmp_path_factory.mktemp("facets") / "archive"
    create_archive(folder).close()
    settings = ArchiveSettings(links=LinkSettings(depth=0), entities=EntitySettings(recogniser="none"))
    items = (
        Item(f"https://paper.example/{n}", Origin("list", "x"), title=f"Story {n}", text="Boats of Whitby.", tags=tags)
        for n, tags in enumerate(TAGS)
    )
    with open_desk(folder, settings) as desk:
        list(desk.archive.import_items(items, name="x", fetch=False))
        yield as_served(desk)


@pytest.fixture(autouse=True)
def _few_on_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facets, "PAGE", 3)


def rows(page: str) -> list[tuple[str, int, str]]:
    """Value, count and where choosing it leads."""
    found = re.findall(
        r'<tr><td dir="auto">(?:<b>)?<a href="([^"]+)">([^<]*)</a>(?:</b>)?</td><td class="n">(\d+)', page
    )
    return [(unescape(value), int(count), unescape(url)) for url, value, count in found]


def walked(site: Site, address: str) -> list[tuple[str, int, str]]:
    """The rows of all pages from this one on."""
    found = []
    while address:
        page = shown(site, address)
        found += rows(page)
        after = re.search(r'<a rel="next" href="([^"]*)"', page)
        address = unescape(after[1]) if after else ""
    return found


def total(site: Site, address: str) -> int:
    found = re.search(r'<h1 class="count">(\d+)', shown(site, address))
    assert found
    return int(found[1])


@pytest.mark.parametrize(
    ("query", "left_out", "chosen"),
    [
        ("", (), ()),
        ("boats", (), ()),
        ('tag:="by two"', (), ("by two",)),
        ('-tag:="by three"', ("by three",), ()),
        ('tag:=("by two" OR "by seven") -tag:="by three"', ("by three",), ("by two", "by seven")),
    ],
)
@pytest.mark.parametrize("order", ["count", "name"])
def test_every_value_stands_there_once_with_what_choosing_it_finds(
    site: Site, query: str, left_out: tuple[str, ...], chosen: tuple[str, ...], order: str
) -> None:
    """What is left out stands before the first, and what is chosen does where it would stand on a later page."""
    address = f"/facets/tag?q={quote(query)}&order={order}"
    counted = Counter(tag for tags in TAGS if not {*left_out} & {*tags} for tag in tags)
    by_name, by_count = (lambda tag: (0, tag)), (lambda tag: (-counted[tag], tag))
    wanted = sorted(counted, key=by_name if order == "name" else by_count)
    behind = [tag for tag in chosen if tag not in wanted[:3]]
    found = walked(site, address)
    assert {value for value, _, _ in found[: len(left_out) + len(behind)]} == {*left_out, *behind}
    assert [value for value, _, _ in found[len(left_out) + len(behind) :]] == wanted
    for value, count, url in found[len(left_out) + len(behind) :]:
        assert total(site, url) == count == counted[value]


def test_a_value_is_found_by_the_beginning_of_any_of_its_words(site: Site) -> None:
    assert [value for value, _, _ in walked(site, "/facets/tag?find=t")] == ["by two", "by three"]
    page = shown(site, "/facets/tag?find=BY+thr")
    assert [value for value, _, _ in rows(page)] == ["by three"]
    assert "1 value with “BY thr”" in page
    for nothing in ("%2D%2D", "whitby"):
        page = shown(site, f"/facets/tag?find={nothing}")
        assert not rows(page)
        assert "0 values with" in page


def test_the_articles_without_any_value_are_counted(site: Site) -> None:
    for query in ("", "tag:=%22by+two%22", "-tag:=%22by+three%22"):
        without = re.search(r'<a href="([^"]*)">1 article without any</a>', shown(site, f"/facets/tag?q={query}"))
        assert without
        assert total(site, unescape(without[1])) == 1


def test_what_stands_out_is_told_apart(site: Site) -> None:
    page = shown(site, "/facets/tag?q=tag:%22by+six%22&order=significant")
    assert "1 value that stands out" in page
    assert rows(page)[0][:2] == ("by six", 2)


def test_a_table_has_every_value(site: Site) -> None:
    lines = csv.reader(shown(site, "/facets/tag.csv?q=boats").removeprefix("\ufeff").splitlines())
    assert [tuple(line) for line in lines] == [
        ("tag", "count"),
        *((value, str(count)) for value, count, _ in walked(site, "/facets/tag?q=boats")),
    ]


def test_days_come_with_the_latest_first(site: Site) -> None:
    assert "latest first" in shown(site, "/facets/date.month")
    assert "earliest first" in shown(site, "/facets/captured.day")
