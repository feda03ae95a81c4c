"""Standard streams that are closed, files that can be read but once, links that lead to each other."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from pathlib import Path

import pytest
from commands import ENVIRONMENT, EXECUTABLE, Command, run
from newsroom import Newsroom

TEXT = "The ferry across the bay stops running at the end of the month, the board decided in a long meeting."


@pytest.fixture
def backfile(tmp_path: Path, newsroom: Newsroom) -> Command:
    return Command(tmp_path / "archive", newsroom)


def rows(count: int) -> str:
    return "".join(
        json.dumps({"url": f"https://quay.example/{n}", "title": f"Ferry {n}", "text": f"{n}: {TEXT}"}) + "\n"
        for n in range(count)
    )


def shell(command: Command, line: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", line.replace("backfile", str(EXECUTABLE), 1)], cwd=command.folder, text=True, timeout=120,
        capture_output=True, check=False, env={**os.environ, **ENVIRONMENT},
    )  # fmt: skip


@pytest.mark.parametrize("command", ["show -", "tag - x", "import -", "check -", "extract --batch -", "add -"])
def test_a_closed_standard_input_is_told(backfile: Command, command: str) -> None:
    """It was a traceback."""
    ran = shell(backfile, f"backfile {command} <&-")
    assert (ran.returncode, "Traceback" in ran.stderr) == (2, False)
    assert "standard input" in ran.stderr


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_closed_stream_costs_nothing_but_what_it_would_have_shown(
    backfile: Command, tmp_path: Path, closed: str
) -> None:
    """A search ended in a traceback; and what was opened in the place of the stream would have been written to."""
    (tmp_path / "rows.jsonl").write_text(rows(3))
    assert shell(backfile, f"backfile import ../rows.jsonl {closed}").returncode == 0
    assert shell(backfile, f"backfile search ferry {closed}").returncode == 0
    assert len(backfile("search", "ferry", "--json").rows) == 3
    assert backfile("verify").code == 0


def test_what_can_be_read_but_once_is_imported(backfile: Command, tmp_path: Path) -> None:
    """A pipe was read twice: the second time it was empty, or waited for ever."""
    (tmp_path / "rows.jsonl").write_text(rows(3))
    ran = shell(backfile, "backfile import --json <(cat ../rows.jsonl)")
    assert (ran.returncode, len(ran.stdout.splitlines())) == (0, 3), ran.stderr
    ran = shell(backfile, "cat ../rows.jsonl | backfile import --again --json /dev/stdin")
    assert (ran.returncode, len(ran.stdout.splitlines())) == (0, 3), ran.stderr
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=(rows(4),), daemon=True)
    writer.start()
    ran = shell(backfile, "backfile import --json ../pipe")
    writer.join(10)
    assert (ran.returncode, len(ran.stdout.splitlines())) == (0, 4), ran.stderr


@pytest.mark.parametrize(
    "command", ["import ../loop", "import --format csv ../loop", "copy ../loop", "--log ../loop status"]
)
def test_links_that_lead_to_each_other_are_told(backfile: Command, tmp_path: Path, command: str) -> None:
    """They were a traceback."""
    (tmp_path / "loop").symlink_to(tmp_path / "other")
    (tmp_path / "other").symlink_to(tmp_path / "loop")
    ran = backfile(*command.split())
    assert ran.code not in (0, -1)
    assert "Traceback" not in ran.err
    assert "loop" in ran.err


def test_an_archive_that_is_moved_while_it_is_written_is_told_and_not_made_again(
    backfile: Command, tmp_path: Path
) -> None:
    """The catalog was said to be missing, and a folder of the old name came back with a lock in it."""
    (tmp_path / "rows.jsonl").write_text(rows(3_000))
    importing = backfile.start("import", "../rows.jsonl")
    assert importing.stdout is not None
    importing.stdout.readline()
    moved = backfile.folder.rename(tmp_path / "moved")
    _, told = importing.communicate(timeout=120)
    assert (importing.returncode, "Traceback" in told) == (7, False), told
    assert "rebuild" not in told
    assert not backfile.folder.exists()
    assert run("import", "../rows.jsonl", cwd=moved).code == 0
    assert run("verify", cwd=moved).code == 0


def test_a_sitemap_that_names_a_loop_of_links_is_read_on(backfile: Command, tmp_path: Path) -> None:
    (tmp_path / "b.xml").symlink_to(tmp_path / "c.xml")
    (tmp_path / "c.xml").symlink_to(tmp_path / "b.xml")
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    places = "".join(f"<sitemap><loc>https://quay.example/{name}.xml</loc></sitemap>" for name in "bd")
    (tmp_path / "a.xml").write_text(f'<sitemapindex xmlns="{space}">{places}</sitemapindex>')
    (tmp_path / "d.xml").write_text(f'<urlset xmlns="{space}"><url><loc>https://quay.example/1</loc></url></urlset>')
    ran = backfile("import", str(tmp_path / "a.xml"), "--dry-run", "--json")
    assert "https://quay.example/1" in ran.out, ran.err
