"""Whole pages and all that is read from them; scripts/regenerate_fixtures.py writes the expectations for review."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "scripts"))
from regenerate_fixtures import FOLDER, expected

FILES = sorted(FOLDER.glob("*.html"))


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_a_page_is_read_as_expected(file: Path) -> None:
    assert expected(file) == json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))


def test_every_page_has_an_expectation() -> None:
    assert {file.stem for file in FOLDER.glob("*.json")} == {file.stem for file in FILES}
