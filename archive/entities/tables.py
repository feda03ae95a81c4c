"""The tables of words that ship with the package: tab-separated, a row a line; a line that begins with # is none."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def rows(file: Path) -> list[list[str]]:
    """The cells of each row."""
    return [line.split("\t") for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
