"""The desk: what every door asks of the archive and its index together, without a screen.

    from backfile.desk import open_desk

    with open_desk("my-backfile") as desk:
        for page in desk.add(["https://www.example.org/story"]):
            print(page.outcome, page.title)
        for hit in desk.search("person:Krasner topic:ICE").hits:
            print(hit.date, hit.title)

Only here do the halves meet: what is brought in is indexed, and what is asked is asked of an index that knows it.
Answers are frozen dataclasses, or generators of them; errors are ArchiveError and SearchError.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from archive import check_output
from backfile.desk.core import Desk, create_desk, open_desk
from backfile.desk.progress import Progress
from index import facet_names

if TYPE_CHECKING:
    from archive import day_begins, moment
    from backfile.desk.bringing import Found, as_address, find_urls, preview, saved_from, spool
    from backfile.desk.check_html import check_page
    from backfile.desk.checking import CHECKS, STREAM, Checked, ListedName, UnreadName, read_names
    from backfile.desk.copies import Carrier, Grouped, Run
    from backfile.desk.coverage import Coverage, CoverageLine, CoveragePoint, Step
    from backfile.desk.files import (
        PageFile,
        ReadPage,
        ReadText,
        TextFile,
        Unread,
        audit_file,
        check_package,
        pages_in,
        read_pages,
        read_texts,
        texts_in,
        texts_of,
        unread_language,
    )
    from backfile.desk.mapping import Spot, Spots
    from backfile.desk.marking import Marked
    from backfile.desk.narrowing import Narrowed, exactly
    from backfile.desk.networks import Citations, Network, edge_sheet, graphml
    from backfile.desk.painting import coverage_png
    from backfile.desk.pairs import Pairs, Together
    from backfile.desk.pictures import coverage_svg
    from backfile.desk.results import Comparison, Saved, Status
    from backfile.desk.sheets import SHEET_MARK, Cell, sheet, write_bytes, write_lines
    from backfile.desk.watching import Watched, Watching

__all__ = [
    "CHECKS",
    "SHEET_MARK",
    "STREAM",
    "Carrier",
    "Cell",
    "Checked",
    "Citations",
    "Comparison",
    "Coverage",
    "CoverageLine",
    "CoveragePoint",
    "Desk",
    "Found",
    "Grouped",
    "ListedName",
    "Marked",
    "Narrowed",
    "Network",
    "PageFile",
    "Pairs",
    "Progress",
    "ReadPage",
    "ReadText",
    "Run",
    "Saved",
    "Spot",
    "Spots",
    "Status",
    "Step",
    "TextFile",
    "Together",
    "Unread",
    "UnreadName",
    "Watched",
    "Watching",
    "as_address",
    "audit_file",
    "check_output",
    "check_package",
    "check_page",
    "coverage_png",
    "coverage_svg",
    "create_desk",
    "day_begins",
    "edge_sheet",
    "exactly",
    "facet_names",
    "find_urls",
    "graphml",
    "moment",
    "open_desk",
    "pages_in",
    "preview",
    "read_names",
    "read_pages",
    "read_texts",
    "saved_from",
    "sheet",
    "spool",
    "texts_in",
    "texts_of",
    "unread_language",
    "write_bytes",
    "write_lines",
]

# What a search does not need is loaded when it is asked for: each of these by the module that it is in.
_LATER = {
    ".bringing": ("Found", "as_address", "find_urls", "preview", "saved_from", "spool"),
    ".files": (
        "PageFile", "ReadPage", "ReadText", "TextFile", "Unread", "pages_in", "read_pages", "read_texts", "texts_in",
        "texts_of", "audit_file", "check_package", "unread_language",
    ),
    ".check_html": ("check_page",),
    ".checking": ("CHECKS", "STREAM", "Checked", "ListedName", "UnreadName", "read_names"),
    ".copies": ("Carrier", "Grouped", "Run"),
    ".coverage": ("Coverage", "CoverageLine", "CoveragePoint", "Step"),
    ".narrowing": ("Narrowed", "exactly"),
    ".networks": ("Citations", "Network", "edge_sheet", "graphml"),
    ".pairs": ("Pairs", "Together"),
    ".painting": ("coverage_png",),
    ".pictures": ("coverage_svg",),
    ".results": ("Comparison", "Saved", "Status"),
    ".mapping": ("Spot", "Spots"),
    ".marking": ("Marked",),
    ".sheets": ("SHEET_MARK", "Cell", "sheet", "write_bytes", "write_lines"),
    ".watching": ("Watched", "Watching"),
    "archive": ("day_begins", "moment"),
}  # fmt: skip


def __getattr__(name: str) -> object:
    for module, names in _LATER.items():
        if name in names:
            return getattr(import_module(module, __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
