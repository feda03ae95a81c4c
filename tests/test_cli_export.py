"""`backfile export`: any query's result, to a file or down a pipe, whole or not at all."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import pytest
from commands import Command
from newsroom import Newsroom

from archive import open_archive

TEXT = (
    "The council of Lindholm met on Tuesday to talk about the old bridge. Mayor Ada Brandt said that it would be built "
    "again before the winter, and that the work would cost twelve million crowns. Nobody spoke against the plan. "
)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, newsroom_server: Newsroom) -> Command:
    """An archive of 520 stories: more than one page of any search."""
    newsroom_server.reset()
    command = Command(tmp_path_factory.mktemp("export") / "archive", newsroom_server)
    rows = [
        {"url": f"https://paper.example/{n}", "title": f"Story {n}", "text": f"{TEXT} Number {n}."} for n in range(520)
    ]
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    (command.folder / "stories.jsonl").write_text(lines)
    assert command("import", "stories.jsonl", "--no-fetch").code == 0
    return command


@pytest.mark.slow
def test_a_result_has_no_ceiling(filled: Command) -> None:
    """Every hit once, although a search gives them page by page."""
    done = filled("export", "bridge", "--format", "csv")
    assert done.code == 0, done.err
    ids = [row["id"] for row in csv.DictReader(io.StringIO(done.out.removeprefix("\ufeff")))]
    assert (len(ids), len(set(ids))) == (520, 520)


@pytest.mark.slow
def test_the_name_says_the_format(filled: Command, tmp_path: Path) -> None:
    done = filled("export", '"number 7"', "-o", str(tmp_path / "seven.wacz"), "--json")
    said = {"count": 1, "output": str(tmp_path / "seven.wacz"), "problems": [], "hidden": 0, "remarks": []}
    assert (done.code, done.rows) == (0, [said])
    with zipfile.ZipFile(tmp_path / "seven.wacz") as package:
        described = json.loads(package.read("datapackage.json"))
    with open_archive(filled.folder) as archive:
        assert (described["query"], described["archiveLog"]) == ('"number 7"', archive.log_id())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["-o", "x.docx"], 2, "--format"),
        (["--format", "markdown"], 2, "-o"),
        (["--json"], 2, "--output"),
        (["nofield:x"], 11, "nofield"),
    ],
    ids=["unknown ending", "a folder", "json without a file", "a bad query"],
)
def test_what_makes_no_sense_is_said(filled: Command, arguments: list[str], code: int, said: str) -> None:
    done = filled("export", *arguments)
    assert done.code == code
    assert said in done.err
    assert not (filled.folder / "x.docx").exists()


@pytest.mark.slow
def test_a_bad_query_leaves_the_old_file(filled: Command, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("yesterday")
    assert filled("export", "nofield:x", "-o", str(tmp_path / "x.csv")).code == 11
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("x.csv", "yesterday")]


@pytest.mark.slow
def test_what_a_killed_export_left_is_gone_after_the_next(filled: Command, tmp_path: Path) -> None:
    """Killed at any moment: nothing appears under the name, and the next export to it removes what was left beside."""
    target = tmp_path / "all.csv"
    for _ in range(3):
        running = filled.start("export", "--format", "csv", "-o", str(target))
        while not list(tmp_path.glob(".all.csv.*.part")):
            assert running.poll() is None
        running.kill()
        running.communicate()
    (tmp_path / ".other.csv.01234567.part").write_text("somebody else's")
    (tmp_path / ".all.csv.part").write_text("not ours")
    assert not target.exists()
    assert filled("export", "--format", "csv", "-o", str(target)).code == 0
    assert {path.name for path in tmp_path.iterdir()} == {"all.csv", ".other.csv.01234567.part", ".all.csv.part"}


@pytest.mark.slow
def test_short_links_are_handed_out(tmp_path: Path, newsroom: Newsroom) -> None:
    """What each stood for, in both formats, to a file or down a pipe; never beside a query."""
    backfile = Command(tmp_path / "archive", newsroom)
    story = newsroom.add("https://paper.example/1", f"<title>One</title><article><p>{TEXT}</p></article>")
    shorts = [newsroom.redirect(f"https://t.co/{name}", story) for name in "ba"]
    assert backfile("add", *shorts).code == 0
    done = backfile("export", "--short-links", "-o", "links.csv", "--json")
    assert done.rows == [{"count": 2, "output": "links.csv", "problems": [], "hidden": 0, "remarks": []}]
    with (backfile.folder / "links.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["short"], row["long"]) for row in rows] == [(short, story) for short in sorted(shorts)]
    assert all(row["when"].endswith("+00:00") for row in rows)
    assert backfile("export", "--short-links").rows == rows
    refused = backfile("export", "--short-links", "--format", "warc", "-o", "links.warc.gz")
    assert (refused.code, "csv or jsonl" in refused.err) == (2, True)
    assert backfile("export", "bridge", "--short-links").code == 2
    assert backfile("export", "--short-links", "--format", "csv", "-o", "warc/links.csv").code == 2
