"""The progress bar on a terminal: above it the rows, whole, and when the work is done nothing of it is left."""

from __future__ import annotations

import os
import pty
import re
import struct
import subprocess
import termios
from contextlib import ExitStack
from fcntl import ioctl
from pathlib import Path
from time import sleep

import pytest
from commands import EXECUTABLE, Command
from newsroom import Newsroom

from backfile.cli.columns import columns
from backfile.cli.render import Screen, row

ROWS = 40
STORY = "The council of Lindholm met on Tuesday to talk about the old bridge, number {}. Nobody spoke against it. "


def on_a_terminal(folder: Path, width: int, *arguments: str) -> str:
    """All that the command writes to a terminal of `width` columns, which is its standard output and error."""
    ours, theirs = pty.openpty()
    ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
    told = {key: value for key, value in os.environ.items() if key not in ("COLUMNS", "LINES")} | {"TERM": "xterm"}
    written = bytearray()
    with subprocess.Popen(
        [EXECUTABLE, *arguments], cwd=folder, env=told, stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs
    ) as running:
        os.close(theirs)
        try:
            while part := os.read(ours, 65536):
                written += part
        except OSError:  # what Linux says when nobody holds the other end any more
            pass
        assert running.wait(60) == 0
    os.close(ours)
    return written.decode()


def seen(written: str, width: int) -> tuple[list[str], int]:
    """The lines that stay, as a terminal leaves them, and how wide the widest was that a bar stood in."""
    lines, widest = [""], 0
    for part in re.findall(r"\x1b\[2K|\x1b\[[\d;]*m|[\r\n]|[^\x1b\r\n]+", written):
        if part == "\n":
            lines.append("")
        elif part == "\x1b[2K":
            lines[-1] = ""
        elif part == "\r" or part[0] == "\x1b":
            continue
        else:
            lines[-1] += part
            widest = max(widest, len(part) if "━" in part or "─" in part else 0)
    return [line for line in lines if line], widest


@pytest.mark.parametrize("width", [80, 120])
def test_rows_are_whole_and_nothing_of_the_bar_is_left(tmp_path: Path, newsroom: Newsroom, width: int) -> None:
    backfile = Command(tmp_path / "archive", newsroom)
    urls = []
    for number in range(ROWS):
        text = STORY.format(number) * 3
        page = f"<html><head><title>Story {number}</title></head><body><article><p>{text}</p></article></body></html>"
        urls.append(newsroom.add(f"https://paper.example/{'a-long-path/' * 8}{number}", page))
    (tmp_path / "links.txt").write_text("\n".join(urls))
    written = on_a_terminal(backfile.folder, width, "import", "../links.txt")
    assert "━" in written, "a bar was shown"
    lines, widest = seen(written, width)
    assert 0 < widest < width
    assert len([line for line in lines if re.fullmatch(r"✓ \w{12}  Story \d+", line)]) == ROWS
    rest = [line for line in lines if not line.startswith("✓")]
    assert [line.partition(" ")[0] for line in rest] == ["This", "Job"], "the summary alone"


def test_a_command_that_says_nothing_leaves_nothing(tmp_path: Path, newsroom: Newsroom) -> None:
    backfile = Command(tmp_path / "archive", newsroom)
    written = on_a_terminal(backfile.folder, 80, "verify")
    assert "verifying" in written
    assert seen(written, 80)[0] == ["Everything is as it was written."]


def test_behind_a_row_in_a_pipe_no_bar_is_drawn_until_the_work_tells_of_itself(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A program that reads the pipe may write to the same terminal, behind the bar."""
    reading, writing = os.pipe()
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    with os.fdopen(reading) as received, os.fdopen(writing, "w") as piped, ExitStack() as shown:
        monkeypatch.setattr("sys.stdout", piped)
        bar = shown.enter_context(Screen().progress("adding", 3))
        bar.advance()
        assert capsys.readouterr().err == "", "what is done within a second needs none"
        row("a row")
        bar.advance()
        assert capsys.readouterr().err == "\r\x1b[2K", "the bar gives way, and is not back at once"
        sleep(0.11)
        bar.advance()
        assert "3/3" in capsys.readouterr().err
        row("a remark", err=True)
        assert capsys.readouterr().err.endswith("3/3"), "what stands on its own stream does not drive it away"
        assert received.readline() == "a row\n"


@pytest.mark.parametrize("width", [60, 120])
def test_long_rows_are_broken_between_words_and_addresses_are_not(
    tmp_path: Path, newsroom: Newsroom, width: int
) -> None:
    """Left to the terminal, they would be broken in the middle of words; where nobody reads, a row is one line."""
    backfile = Command(tmp_path / "archive", newsroom)
    gone = f"https://paper.example/{'a-long-path/' * 12}gone"
    titles = ["The sub-editor had gone home and nobody at the desk of the paper dared to cut one word of it all. " * 2]
    titles.append("東京の港で九人の労働者が拘束された、市議会が調査を求める。" * 4)
    urls = []
    for number, title in enumerate(titles):
        page = f"<title>{title}</title><article><h1>{title}</h1><p>{STORY.format(number) * 3}</p></article>"
        urls.append(newsroom.add(f"https://paper.example/{number}", page))
    written = on_a_terminal(backfile.folder, width, "add", *urls, gone)
    lines, _ = seen(written, width)
    assert all(columns(line) <= width for line in lines if gone not in line), lines
    assert [line.split()[-1] for line in lines if "paper.example" in line] == [gone]
    behind = [line for line in lines if line.startswith(" " * 16)]
    assert len(behind) > 3
    assert not any(line.strip()[0] in "、。" for line in behind)
    whole = "".join("".join(lines).split())
    assert all("".join(title.split()).rstrip(".。") in whole for title in titles)
    assert len(backfile("links", urls[0]).out.splitlines()) == 0
    assert titles[0].strip() in backfile("show", urls[0]).out.splitlines()[0]
