"""Fixtures that several test files share."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import captures
import pytest
import servers
from browsers import BROWSER, SANDBOX
from hypothesis import settings
from newsroom import Newsroom

import archive.core
import archive.folder

# A shell that starts the tests in the background lets them ignore Ctrl-C, and so would each command that they start.
signal.signal(signal.SIGINT, signal.default_int_handler)

# A law is tried with the same examples each time, so that a change is judged by what it changed;
# --hypothesis-profile=random goes looking for new ones, which then stand beside the law as @example.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("random", derandomize=False, deadline=None)
settings.load_profile("same")


@pytest.fixture(scope="session")
def newsroom_server() -> Iterator[Newsroom]:
    """The servers of this run; tests take `newsroom`."""
    server = Newsroom()
    yield server
    server.close()


@pytest.fixture
def newsroom(newsroom_server: Newsroom) -> Newsroom:
    """A local newsroom without pages: see tests/newsroom.py."""
    newsroom_server.reset()
    return newsroom_server


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A browser, for the tests of the stage of that name."""
    driver = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with driver.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=SANDBOX)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a PostgreSQL of this run, for tests that are marked `servers`."""
    with one_server("postgresql") as variables:
        yield variables["BACKFILE_POSTGRESQL"]


@pytest.fixture(scope="session")
def opensearch() -> Iterator[str]:
    """The address of an OpenSearch of one node: the one that scripts/servers has started, or one of this run."""
    if url := os.environ.get("BACKFILE_OPENSEARCH_URL"):
        yield url
        return
    with one_server("opensearch") as variables:
        yield variables["BACKFILE_OPENSEARCH_URL"]


@pytest.fixture(autouse=True)
def _catalogs_on_a_server(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """With BACKFILE_TEST_CATALOG=postgresql new archives have their catalogs there, whatever test makes them."""
    if os.environ.get("BACKFILE_TEST_CATALOG") != "postgresql":
        return
    address = request.getfixturevalue("postgresql")
    make = archive.folder.make_folder

    def settings() -> dict[str, dict[str, str]]:
        return {"store": {"catalog": f"{address}?schema=t{uuid4().hex}"}}

    def made(folder: Path, given: Mapping[str, Mapping[str, str]] | None = None) -> None:
        make(folder, given or settings())

    monkeypatch.setattr(archive.folder, "make_folder", made)
    monkeypatch.setattr(archive.core, "make_folder", made)
    monkeypatch.setattr(captures, "of_new_folders", settings)


@contextmanager
def one_server(name: str) -> Iterator[Mapping[str, str]]:
    """A server of scripts/server_NAME.py and the variables that lead to it; skips where it cannot be started."""
    with ExitStack() as held:
        try:
            variables = held.enter_context(servers.running(name))
        except servers.CannotStartError as problem:
            pytest.skip(f"no {name}: {problem}")
        yield variables
