"""Articles with one text, as a user meets them: copies, search --group, is:copy."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from commands import Command
from newsroom import Newsroom
from test_index_copies import CUT, MORE, OTHER, WIRE

STORIES = [
    ("wire", "Agency", "2025-03-04T06:00:00Z", WIRE),
    ("ledger", "The Ledger", "2025-03-04T09:00:00Z", WIRE + MORE),
    ("news", "Harbor News", "2025-03-05T08:00:00Z", CUT),
    ("late", "Harbor News", "2025-03-06T08:00:00Z", WIRE),
    ("rye", "The Ledger", "2025-03-01T08:00:00Z", OTHER),
]


@pytest.fixture(scope="module")
def backfile(tmp_path_factory: pytest.TempPathFactory, newsroom_server: Newsroom) -> Command:
    newsroom_server.reset()
    folder = tmp_path_factory.mktemp("copies")
    write(folder / "stories.jsonl")
    command = Command(folder / "archive", newsroom_server)
    ran = command("import", "../stories.jsonl")
    assert ran.code == 0, ran.err
    return command


def write(file: Path) -> None:
    with file.open("w") as out:
        for name, site, moment, text in STORIES:
            story = {
                "url": f"https://{name}.example/pier", "title": f"What {name} says", "text": text, "site": site,
                "date": moment, "lang": "en",
            }  # fmt: skip
            out.write(json.dumps(story) + "\n")


def named(url: object) -> str:
    return str(url).partition("//")[2].partition(".")[0]


def test_copies_are_listed_with_who_was_first_and_what_each_changed(backfile: Command) -> None:
    rows = backfile("copies", "https://news.example/pier", "--json").rows
    assert [(named(row["url"]), row["first"], row["site"]) for row in rows] == [
        ("wire", True, "Agency"),
        ("ledger", False, "The Ledger"),
        ("news", False, "Harbor News"),
        ("late", False, "Harbor News"),
    ]
    _, ledger, news, late = rows
    assert (ledger["added"], ledger["removed"]) == (len(MORE.split()) + 1, 1), "a word of the headline, too"
    assert news["removed"] == len(WIRE.split()) - len(CUT.split()) + 1
    assert "removed" in news["changes"]  # type: ignore[operator]
    assert (late["added"], late["removed"]) == (1, 1)
    shown = backfile("copies", "https://news.example/pier", "--diff")
    assert "4 articles on 3 sites have this text:" in shown.out
    assert "[-Fishermen said" in shown.out or "[- Fishermen said" in shown.out
    alone = backfile("copies", "https://rye.example/pier")
    assert (alone.code, alone.out) == (0, "")
    assert "No other article" in alone.err


@pytest.mark.slow
def test_results_in_groups_show_each_text_once_on_whatever_page(backfile: Command) -> None:
    """Totals and facets are those of articles."""
    for sort in ("relevance", "newest", "oldest"):
        whole = backfile("search", "--sort", sort, "--group", "--json").rows
        assert sorted((row["articles"], row["sites"]) for row in whole) == [(1, 1), (4, 3)]
        paged: list[dict[str, object]] = []
        cursor: tuple[str, ...] = ()
        for _ in range(5):
            ran = backfile("search", "--sort", sort, "--group", "--json", "--limit", "1", "--meta", *cursor)
            meta, *rows = ran.rows
            assert meta["total"] == 5
            paged += rows
            if not meta["cursor"]:
                break
            cursor = ("--cursor", str(meta["cursor"]))
        assert [row["id"] for row in paged] == [row["id"] for row in whole]
    (newest, _) = backfile("search", "--sort", "newest", "--group", "--json").rows
    assert (named(newest["url"]), newest["first"] != newest["id"]) == ("late", True)
    (ledger,) = backfile("search", "site:Ledger -rye -bakery", "--group", "--json").rows
    assert (ledger["articles"], ledger["sites"]) == (1, 1)
    shown = backfile("search", "pier", "--group").out
    assert "4 articles on 3 sites have this text" in shown
    assert "4 found" in shown
    assert len(backfile("search", "pier", "--json").rows) == 4, "grouped only when asked"


def test_copies_can_be_asked_for(backfile: Command) -> None:
    assert {named(row["url"]) for row in backfile("search", "is:copy", "--json").rows} == {"ledger", "news", "late"}
    (wire,) = backfile("search", "-is:copy pier", "--json").rows
    others = backfile("search", f"copyof:{wire['id']}", "--json").rows
    assert {named(row["url"]) for row in others} == {"ledger", "news", "late"}
    (text,) = backfile("facets", "--facet", "copyof", "--json").rows
    assert text["count"] == 4
