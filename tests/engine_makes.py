"""Every engine that the contract is held against, and the settings that one is opened by in a test."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from index import SearchSettings

ENGINES = ["memory", "whoosh", pytest.param("opensearch", marks=pytest.mark.servers)]
_numbers = itertools.count()

SettingsMade: TypeAlias = Callable[..., SearchSettings]


def search_settings(request: pytest.FixtureRequest, engine: str, **facts: Any) -> SearchSettings:
    """Settings for an index of its own; skips where the engine's server cannot be started."""
    if engine == "opensearch":
        facts = {"url": request.getfixturevalue("opensearch"), "index": f"t{os.getpid()}n{next(_numbers)}", **facts}
    return SearchSettings(engine=engine, **facts)
