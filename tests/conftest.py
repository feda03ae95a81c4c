"""Fixtures that several test files share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from newsroom import Newsroom


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
