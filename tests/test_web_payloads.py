"""What was archived, as it is handed out: whatever its type, nothing of it is active, and no cell is a formula."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote, urlsplit

import pytest
from sites import as_served, asked

from archive import ArchiveSettings, EntitySettings, Item, LinkSettings, Origin, create_archive
from backfile.desk import open_desk
from backfile.web.app import content_app, own_app
from backfile.web.site import Origins, Site

OWN, CONTENT = "http://127.0.0.1:1", "http://localhost:2"
ACTIVE = "<script>alert(1)</script>"
SVG = f'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">{ACTIVE}</svg>'
PAYLOADS = {
    "image/svg+xml": SVG, "application/xml": f'<?xml version="1.0"?><x xmlns="http://www.w3.org/1999/xhtml">{ACTIVE}</x>',
    "text/xml": f"<x>{ACTIVE}</x>", "application/pdf": f"%PDF-1.7 {ACTIVE}", "text/javascript": "alert(1)",
    "text/css": "* { display: none }", "application/json": '{"a": "<script>"}', "text/html": f"<p>x</p>{ACTIVE}",
    "application/xhtml+xml": f'<html xmlns="http://www.w3.org/1999/xhtml"><body>{ACTIVE}</body></html>',
    "text/plain": ACTIVE, "multipart/x-mixed-replace": ACTIVE, "text/x-unknown": ACTIVE, "": ACTIVE,
    "image/png": f"\x89PNG {ACTIVE}",
}  # fmt: skip
FORMULAS = ("=cmd|' /C calc'!A0", "@SUM(A1)", "+1+1", "-1+1", '=HYPERLINK("https://evil.example")')


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("payloads") / "archive"
    create_archive(folder).close()
    settings = ArchiveSettings(links=LinkSettings(depth=0), entities=EntitySettings(recogniser="none"))
    items = [
        *(
            Item(f"https://paper.example/{n}", Origin("list", "x"), payload=body.encode("latin-1"), media_type=type_)
            for n, (type_, body) in enumerate(PAYLOADS.items())
        ),
        Item("https://odd.example/a>b, <c> “d”", Origin("list", "x"), title="Odd", text="Boats. " * 40),
        *(
            Item(
                f"https://sheet.example/{n}", Origin("list", "x"), title=formula, text=f"{formula} Whitby. " * 9,
                authors=(formula,), tags=(formula,), note=formula,
            )
            for n, formula in enumerate(FORMULAS)
        ),
    ]  # fmt: skip
    with open_desk(folder, settings) as desk:
        list(desk.archive.import_items(items, name="x", fetch=False))
        desk.catch_up()
        hosts = frozenset({urlsplit(OWN).netloc}), frozenset({urlsplit(CONTENT).netloc})
        yield replace(as_served(desk), origins=Origins(OWN, CONTENT, *hosts))


def captures(site: Site) -> dict[str, str]:
    """Capture by type."""
    found = {}
    for n, type_ in enumerate(PAYLOADS):
        (one,) = site.desk.captures(site.desk.find(f"https://paper.example/{n}").id)
        found[type_] = one.id
    return found


def test_nothing_archived_is_active_on_the_site_of_archived_pages(site: Site) -> None:
    """Pages are sealed, plain pictures are pictures, all else is a file to be kept; each with the same headers."""
    app = content_app(site)
    for type_, capture in captures(site).items():
        status, headers, body = asked(app, CONTENT, f"/{capture}/")
        assert status == 200, type_
        policy = headers["content-security-policy"]
        assert policy.startswith("sandbox allow-popups")
        assert "allow-scripts" not in policy
        assert "allow-same-origin" not in policy
        assert "default-src 'none'" in policy
        assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "no-referrer")
        if headers["content-type"].startswith("text/html"):
            assert b"<script" not in body
        elif headers["content-type"] != "image/png":
            assert headers["content-type"] == "application/octet-stream", type_
            assert headers["content-disposition"].startswith("attachment;"), type_
    status, headers, _ = asked(app, CONTENT, "/nowhere/")
    assert (status, headers["x-content-type-options"], headers["referrer-policy"]) == (404, "nosniff", "no-referrer")
    assert headers["content-security-policy"].startswith("sandbox")


def test_nothing_archived_is_active_on_our_own_site(site: Site) -> None:
    """Bytes are files to be kept there, and texts are plain."""
    app = own_app(site)
    for type_, capture in captures(site).items():
        status, headers, body = asked(app, OWN, f"/api/v1/captures/{capture}/payload")
        assert (status, body) == (200, PAYLOADS[type_].encode("latin-1")), type_
        assert headers["content-type"] == "application/octet-stream"
        assert headers["content-disposition"].startswith("attachment;")
        assert headers["x-content-type-options"] == "nosniff"
        assert asked(app, OWN, f"/{capture}/")[0] == 404
    id_ = site.desk.find("https://sheet.example/0").id
    status, headers, _ = asked(app, OWN, f"/api/v1/articles/{id_}/text")
    assert (status, headers["content-type"]) == (200, "text/plain; charset=utf-8")
    assert headers["x-content-type-options"] == "nosniff"


def test_an_odd_address_breaks_no_list_of_captures(site: Site) -> None:
    """Each line of a TimeMap has one address between its brackets."""
    entry = site.desk.find("https://odd.example/a>b, <c> “d”")
    status, headers, body = asked(own_app(site), OWN, f"/timemap/link/{entry.id}")
    assert (status, headers["content-type"]) == (200, "application/link-format")
    assert re.findall(r'^<([^<>\s]+)>; rel="([a-z ]+)"[^<>]*$', body.decode(), re.MULTILINE) == [
        ("https://odd.example/a%3Eb,%20%3Cc%3E%20“d”", "original"),
        (f"{OWN}/timemap/link/{entry.id}", "self"),
        (f"{OWN}/page/{entry.capture_id}", "first last memento"),
    ]


@pytest.mark.parametrize(
    "address",
    [
        "/export?q=Whitby&format=csv", "/api/v1/export?q=Whitby&format=csv", "/facets/tag.csv", "/facets/author.csv",
        f"/coverage.csv?q=Whitby&q={quote('-ferry')}&by=month",
    ],
)  # fmt: skip
def test_no_cell_of_a_table_is_a_formula(site: Site, address: str) -> None:
    """Cells that a spreadsheet would take for one have an apostrophe before them."""
    status, headers, body = asked(own_app(site), OWN, address)
    assert status == 200
    assert headers["content-type"].startswith("text/csv")
    rows = list(csv.reader(body.decode("utf-8-sig").splitlines()))
    cells = [cell for row in rows for cell in row]
    assert any(cell.startswith(("'=", "'@", "'+", "'-")) for cell in cells)
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
