"""`backfile watch`: add, list, remove, run; what a stored query matches for the first time is told."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import pytest
from commands import Command
from newsroom import Newsroom
from test_formats_captures import record, response
from test_watch import FEED, PAGE, TEXT, rss, story


@pytest.fixture
def backfile(tmp_path: Path, newsroom: Newsroom) -> Command:
    return Command(tmp_path / "archive", newsroom)


@pytest.mark.slow
def test_a_stored_query_tells_of_new_matches_only(backfile: Command, newsroom: Newsroom) -> None:
    """What matched when it was stored is no news; the exit code says whether there is any."""
    newsroom.add("https://paper.example/0", story("An old bridge"))
    newsroom.add(PAGE, story("A new bridge", TEXT * 2))
    backfile("add", "https://paper.example/0")
    assert backfile("watch", "add", "bridge -ferry").out == "Watching the query bridge -ferry\n"
    assert backfile("watch", "run").err == "No page was due.\n"
    nothing = backfile("watch", "run", "--json", "--exit-code")
    assert (nothing.code, nothing.rows) == (0, [])
    backfile("add", PAGE)
    found = backfile("watch", "run", "--json", "--exit-code")
    assert [(row["kind"], row["url"], row["watch"]) for row in found.rows] == [("match", PAGE, "bridge -ferry")]
    assert found.code == 17
    again = backfile("watch", "run", "--json", "--exit-code")
    assert (again.code, again.rows) == (0, [])


@pytest.mark.slow
def test_a_stored_query_tells_of_whatever_it_did_not_match_before(
    backfile: Command, newsroom: Newsroom, tmp_path: Path
) -> None:
    """Also of what was captured long ago and came now, and of what a tag made a match."""
    newsroom.add(PAGE, story("A new ferry"))
    backfile("add", PAGE)
    backfile("watch", "add", "quay OR tag:checked")
    assert backfile("watch", "run", "--json").rows == []
    page = story("An old quay", TEXT.replace("bridge", "quay")).encode()
    file = tmp_path / "old.warc"
    file.write_bytes(record("https://paper.example/old", response(body=page)))
    backfile("import", str(file), "--no-fetch")
    assert [row["title"] for row in backfile("watch", "run", "--json").rows] == ["An old quay"]
    backfile("tag", PAGE, "checked")
    assert [row["title"] for row in backfile("watch", "run", "--json").rows] == ["A new ferry"]
    assert backfile("watch", "run", "--json").rows == []


@pytest.mark.slow
def test_a_query_that_means_nothing_any_more_does_not_stop_the_others(backfile: Command, newsroom: Newsroom) -> None:
    for arguments in (
        ["saved", "add", "bridges", "bridge"],
        ["watch", "add", "saved:bridges"],
        ["watch", "add", "pier"],
    ):
        assert backfile(*arguments).code == 0
    backfile("saved", "remove", "bridges")
    newsroom.add(PAGE, story("A new pier"))
    backfile("add", PAGE)
    told = {(row["kind"], row["watch"]): str(row["detail"]) for row in backfile("watch", "run", "--json").rows}
    assert set(told) == {("failed", "saved:bridges"), ("match", "pier")}
    assert "bridges" in told["failed", "saved:bridges"]


@pytest.mark.slow
def test_a_feed_and_a_query_in_one_run(backfile: Command, newsroom: Newsroom) -> None:
    """The articles that the feed brings are matched in the same run, and the Atom file lists both."""
    settings = (backfile.folder / "backfile.toml").read_text()
    (backfile.folder / "backfile.toml").write_text(f'{settings}\n[watch]\natom = "news.xml"\n')
    newsroom.add(FEED, rss(PAGE), type="application/rss+xml")
    newsroom.add(PAGE, story("A new bridge"))
    backfile("watch", "add", FEED)
    backfile("watch", "add", "bridge")
    ran = backfile("watch", "run")
    assert ran.code == 0, ran.err
    assert [line.split()[0] for line in ran.out.splitlines()] == ["new", "match"]
    assert (backfile.folder / "news.xml").read_text().count("A new bridge") == 2
    listed = {row["target"]: row for row in backfile("watch", "list", "--json").rows}
    assert listed[FEED]["pages"] == 1
    assert listed[FEED]["detail"] == "lists 1 page"
    assert "bridge" in backfile("watch", "list").out
    assert backfile("watch", "remove", "bridge").code == 0
    assert len(backfile("watch", "list", "--json").rows) == 1


def test_several_are_watched_at_once_and_one_that_fails_does_not_stop_the_others(
    backfile: Command, newsroom: Newsroom
) -> None:
    newsroom.add(FEED, rss(PAGE), type="application/rss+xml")
    newsroom.add(PAGE, story("A new bridge"))
    ran = backfile("watch", "add", PAGE, "bridge", "https://paper.example/gone", FEED, "-ferry")
    assert ran.out.splitlines() == [
        f"Watching the page {PAGE}",
        f"Watching the feed {FEED}",
        "Watching the query bridge -ferry",
    ]
    assert "https://paper.example/gone" in ran.err
    assert ran.code != 0
    assert {row["target"] for row in backfile("watch", "list", "--json").rows} == {PAGE, FEED, "bridge -ferry"}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["add", "nofield:x"], 11), (["remove", "x"], 3), (["run", "--forever", "--exit-code"], 2)],
    ids=["a bad query", "not watched", "both"],
)
def test_what_makes_no_sense_is_said(backfile: Command, arguments: list[str], code: int) -> None:
    assert backfile("watch", *arguments).code == code


@pytest.mark.parametrize(
    ("under", "end"),
    [
        pytest.param((), signal.SIGTERM, id="alone"),
        pytest.param(("sh", "-c", 'trap "" INT; exec "$@"', "-"), signal.SIGTERM, id="in the background"),
        pytest.param((), signal.SIGHUP, id="its terminal goes"),
    ],
)
def test_forever_goes_on_until_stopped(
    backfile: Command, newsroom: Newsroom, under: tuple[str, ...], end: signal.Signals
) -> None:
    """Also where a shell has started it in the background, and so made it deaf to Ctrl-C."""
    if signal.getsignal(end) is signal.SIG_IGN:
        pytest.skip(f"{end.name} is ignored here, as under nohup, and so by what is started here")
    newsroom.add(PAGE, story("A new bridge"))
    backfile("watch", "add", PAGE)
    running = backfile.start("watch", "run", "--forever", "--json", under=under)
    assert running.stdout is not None
    assert '"new"' in running.stdout.readline()
    time.sleep(0.5)
    assert running.poll() is None
    running.send_signal(end)
    running.communicate(timeout=30)
    assert running.returncode == 130


@pytest.mark.slow
def test_a_run_says_how_many_pages_were_new_changed_and_unchanged(backfile: Command, newsroom: Newsroom) -> None:
    pages = [f"https://paper.example/{number}" for number in range(3)]
    for number, page in enumerate(pages):
        newsroom.add(page, story(f"Story {number}", TEXT * (number + 1)))
        backfile("watch", "add", page, "--as", "page")
    newsroom.add(gone := "https://paper.example/gone", status=404)
    backfile("watch", "add", gone, "--as", "page")
    assert backfile("watch", "run").err == "Looked at 4 pages: 3 new, 1 not to be had.\n"
    assert backfile("verify").out == "", "the index has them, though no query is watched"
    assert backfile("watch", "run").err == "No page was due.\n"
