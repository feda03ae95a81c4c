"""`-v` and `--log FILE`: what is done, for whoever looks for a fault; silent and not even loaded unless asked for."""

from __future__ import annotations

import logging
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from commands import Command
from newsroom import Newsroom

from backfile.cli.logs import OURS, write_logs

RATE = re.compile(r"[\d.]+/s")  # how fast one page came
LINE = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00 (DEBUG|INFO|WARNING|ERROR) +(archive|index|backfile)\S*: "
)


@pytest.fixture
def loggers() -> Iterator[None]:
    """Ours, as they were before."""
    yield
    for name in OURS:
        logger = logging.getLogger(name)
        for handler in [*logger.handlers]:
            logger.removeHandler(handler)
            handler.close()
        logger.setLevel(logging.NOTSET)
        logger.propagate = True


@pytest.mark.usefixtures("loggers")
def test_a_line_has_time_level_and_name_and_nothing_secret(tmp_path: Path) -> None:
    file = tmp_path / "backfile.log"
    write_logs(0, file)
    log = logging.getLogger("archive.fetch")
    log.info("asked %s", "https://user:hunter2@paper.example/1")
    log.debug("a title with \x1b[31mred\nand two lines")
    try:
        int("broken")
    except ValueError:
        log.exception("a page could not be read")
    first, second, third, *trace = file.read_text(encoding="utf-8").splitlines()
    assert all(LINE.match(line) for line in (first, second, third))
    assert first.endswith("archive.fetch: asked https://paper.example/1")
    assert "\x1b" not in second
    assert trace[-1].startswith("ValueError: invalid literal")


@pytest.mark.usefixtures("loggers")
@pytest.mark.parametrize(("verbose", "said"), [(1, ["one"]), (2, ["one", "two"])])
def test_verbose_goes_to_standard_error(verbose: int, said: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    write_logs(verbose, None)
    logging.getLogger("index.core").info("one")
    logging.getLogger("index.core").debug("two")
    logging.getLogger("urllib3").warning("nothing of ours")
    assert [line.split()[-1] for line in capsys.readouterr().err.splitlines()] == said


@pytest.mark.slow
def test_a_log_is_appended_to_and_nothing_is_said_without_one(tmp_path: Path, newsroom: Newsroom) -> None:
    backfile = Command(tmp_path / "archive", newsroom)
    url = newsroom.add("https://paper.example/1", "<title>One</title><article><p>A story.</p></article>")
    plain = backfile("add", url)
    log = backfile.folder / "steps.log"
    log.write_text("what was there\n")
    ran = backfile("--log", "steps.log", "add", url, "--again")
    lines = log.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "what was there"
    assert all(LINE.match(line) for line in lines[1:])
    assert RATE.sub("", plain.err) == RATE.sub("", ran.err)
    refused = backfile("--log", "no/such/folder.log", "status")
    assert (refused.code, "Traceback" in refused.err) == (1, False)
    catalog = (backfile.folder / "catalog.sqlite").read_bytes()
    assert backfile("--log", "catalog.sqlite", "status").code == 2
    assert (backfile.folder / "catalog.sqlite").read_bytes() == catalog


@pytest.mark.parametrize("arguments", [["--help"], ["--version"]])
def test_logging_is_not_set_up_unless_asked_for(arguments: list[str]) -> None:
    run = f"from backfile.cli.main import cli; cli({arguments}, standalone_mode=False)"
    program = f"import sys; {run}; print('backfile.cli.logs' in sys.modules, 'archive' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "False False"
