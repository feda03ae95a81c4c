"""Any text that a page has carried is shown, listed, exported and compared: by number, by a day, by a capture."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from commands import Command
from newsroom import Newsroom

from archive import UsageError, moment
from archive.history.which import is_capture_id

PAGE = "https://paper.example/bridge"
TEXT = (
    "The council of Lindholm met on Tuesday to talk about the old bridge. Mayor Ada Brandt said that it would be built "
    "again before the winter, and that the work would cost {} crowns. Nobody spoke against the plan of the Office."
)


def story(title: str, cost: str, link: str, more: str = "") -> str:
    body = f'<h1>{title}</h1><p>{TEXT.format(cost)} The <a href="{link}">minutes</a> say so.</p><p>{more}</p>'
    return f"<html><head><title>{title}</title></head><body><article>{body}</article></body></html>"


FIRST = story("A bridge for Lindholm", "twelve million", "https://council.example/old")
SECOND = story("A bridge for Lindholm", "fifteen million", "https://council.example/new")
THIRD = story(
    "No bridge", "fifteen million", "https://council.example/new", "Correction: an earlier text had the sum wrong."
)


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory, newsroom_server: Newsroom) -> Command:
    """A page that has carried three texts: a silent edit, then a correction under another headline."""
    newsroom_server.reset()
    backfile = Command(tmp_path_factory.mktemp("versions") / "archive", newsroom_server)
    newsroom_server.add("https://council.example/old", story("Old minutes", "no", "https://council.example/old"))
    for page in (FIRST, FIRST + "<!-- again -->", SECOND, THIRD):
        newsroom_server.add(PAGE, page)
        assert backfile("add", PAGE, "--again").code == 0
    return backfile


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("2025", datetime(2025, 12, 31, 23, 59, 59, 999999, UTC)),
        ("2024-02", datetime(2024, 2, 29, 23, 59, 59, 999999, UTC)),
        ("2025-01-31", datetime(2025, 1, 31, 23, 59, 59, 999999, UTC)),
        ("2025-01-31 10:00", datetime(2025, 1, 31, 10, 0, 59, 999999, UTC)),
        ("2025-01-31T10:00:05Z", datetime(2025, 1, 31, 10, 0, 5, 999999, UTC)),
        ("2025-01-31T10:00:05.5Z", datetime(2025, 1, 31, 10, 0, 5, 500000, UTC)),
    ],
)
def test_a_day_or_time_means_its_end(text: str, end: datetime) -> None:
    assert moment(text) == end


@pytest.mark.parametrize("text", ["", "2025-13", "2025-02-30", "yesterday", "31.1.2025", "0000", "9999999"])
def test_what_is_no_day_is_said_so(text: str) -> None:
    with pytest.raises(UsageError, match="is no day or time"):
        moment(text)


def test_an_entry_id_is_no_capture_id() -> None:
    assert not is_capture_id("c63wlttwbot5")
    assert is_capture_id("0195a3b2-1")


@pytest.mark.slow
def test_a_version_by_number_day_and_capture(changed: Command) -> None:
    """The text, the links and the page itself are those of that version; what is wrong is said."""
    first, second, third = changed("versions", PAGE, "--json").rows
    assert "twelve" in changed("show", PAGE, "--version", "1", "--text").out
    assert "fifteen" in changed("show", PAGE, "--text").out
    for named in (["--at", str(first["last_seen"])], ["--capture", str(first["capture_id"])]):
        assert "twelve" in changed("show", PAGE, *named, "--text").out
    assert "twelve" in changed("show", str(first["capture_id"]), "--text").out, "a capture's id stands for its text"
    assert "Correction" in changed("show", str(third["capture_id"]), "--text").out
    shown = json.loads(changed("show", PAGE, "--version", "2", "--json").out)
    assert (shown["version"], shown["versions"], shown["capture_id"]) == (2, 3, second["capture_id"])
    assert "Ada Brandt" in {mention["canonical"] for mention in shown["reading"]["mentions"]}, "understood anew"
    assert [link["url"] for link in changed("links", PAGE, "--version", "1", "--json").rows] == [
        "https://council.example/old"
    ]
    assert changed("show", PAGE, "--html", "--version", "1").out == FIRST
    assert "version 1 of 3" in changed("show", PAGE, "--version", "1").out
    for wrong, code, said in (
        (["--version", "4"], 3, "versions 1 to 3"),
        (["--at", "1999-01-01"], 3, "had not been seen by then"),
        (["--capture", "0195a3b2-1"], 3, "there is no capture"),
        (["--at", "soon"], 2, "is no day or time"),
        (["--at", "2025", "--version", "1"], 2, "not several"),
    ):
        ran = changed("show", PAGE, *wrong)
        assert (ran.code, said in ran.err) == (code, True), ran.err


def test_every_capture_can_be_named(changed: Command) -> None:
    """One that showed a text again stands for that text, and its own page."""
    captures = changed("versions", PAGE, "--captures", "--json").rows
    assert [one["outcome"] for one in captures] == ["ok", "unchanged", "ok", "ok"]
    again = str(captures[1]["id"])
    assert "twelve" in changed("show", again, "--text").out
    assert changed("show", PAGE, "--capture", again, "--html").out == FIRST + "<!-- again -->"
    assert changed("tag", again, "seen").out.strip() == "seen", "its id means the entry where an entry is asked for"
    raw = changed("diff", PAGE, str(captures[0]["id"]), again, "--raw").out
    assert "{+<!-- again -->+}" in raw
    assert "characters are the same" in raw


def test_the_hops_of_a_capture_say_who_answered(changed: Command) -> None:
    hop = json.loads(changed("versions", PAGE, "--captures", "--json").out.splitlines()[0])["hops"][0]
    assert hop["address"].startswith("127.0.0.1:")
    assert hop["certificate"]["subject"]
    assert hop["certificate"]["fingerprint"] == hop["certificate"]["chain"][0]
    assert datetime.fromisoformat(hop["certificate"]["valid_until"]) > datetime.now(UTC)
    assert hop["payload_digest"].startswith("sha256:")


def test_versions_mark_what_happened(changed: Command) -> None:
    said = changed("versions", PAGE).out
    assert "silent edit: the text differs" in said
    assert "headline before: A bridge for Lindholm" in said
    assert "correction: the text names one" in said
    assert changed("search", "changed:correction", "--json").ids == changed("search", "url:paper.example", "--json").ids


@pytest.mark.parametrize("named", [("1", "3"), ("FIRST", "2100-01-01")])
def test_a_diff_between_any_two(changed: Command, named: tuple[str, str]) -> None:
    rows = changed("versions", PAGE, "--json").rows
    pair = [str(rows[0]["capture_id"]) if name == "FIRST" else name for name in named]
    said = changed("diff", PAGE, *pair).out
    assert "[-twelve-]" in said
    assert "{+No+}" in said
    links = changed("diff", PAGE, *pair, "--links", "--json").rows
    assert {(one["op"], one["url"]) for one in links} == {
        ("removed", "https://council.example/old"), ("added", "https://council.example/new"),
    }  # fmt: skip
    assert "- https://council.example/old" in changed("diff", PAGE, *pair, "--links").out


@pytest.mark.slow
def test_every_version_is_exported(changed: Command, tmp_path: Path) -> None:
    """Each text is a row of its own, with a name of its own in references; a package has its pages."""
    rows = changed("export", "url:paper.example", "--all-versions", "--format", "jsonl").rows
    assert [(row["version"], row["article"]["title"]) for row in rows] == [  # type: ignore[index]
        (1, "A bridge for Lindholm"), (2, "A bridge for Lindholm"), (3, "No bridge"),
    ]  # fmt: skip
    table = csv.DictReader(io.StringIO(changed("export", "url:paper.example", "--all-versions", "--format", "csv").out))
    assert [row["version"] for row in table] == ["1", "2", "3"]
    ids = [
        line
        for line in changed("export", "url:paper.example", "--all-versions", "--format", "ris").out.splitlines()
        if line.startswith("ID")
    ]
    assert len(set(ids)) == 3
    folder = tmp_path / "notes"
    assert changed("export", "url:paper.example", "--all-versions", "--format", "markdown", "-o", str(folder)).code == 0
    assert len(list(folder.glob("*bridge*.md"))) == 3
    (then,) = changed("export", "url:paper.example", "--at", str(rows[0]["last_captured"]), "--format", "jsonl").rows
    assert then["version"] == 1
    assert changed("export", "--at", "2001-01-01", "--format", "jsonl").rows == []
    named = changed("export", "-", "--format", "jsonl", stdin=f"{rows[1]['capture_id']}\n").rows
    assert [row["version"] for row in named] == [2]
    for package in ("warc", "wacz"):
        ran = changed(
            "export", "url:paper.example", "--all-versions", "-o", str(tmp_path / f"out.{package}"), "--format", package
        )
        assert ran.code == 0, ran.err
