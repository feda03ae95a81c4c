"""Cells of our CSV: what is put in front of a formula, how a list becomes one cell, and both ways back (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterable

_FORMULA = tuple("=+-@\uff1d\uff0b\uff0d\uff20")  # and their full-width twins
_SKIPPED = " \t\n\r\u00a0\u3000\ufeff\u200b"  # what a spreadsheet may pass over before it looks
_MARK = "; "
_PART = re.compile(r'"((?:[^"]|"")*)"(?:; |\Z)|(.*?)(?:; |\Z)', re.DOTALL)


def guarded(text: str) -> str:
    """`text` with an apostrophe in front where a spreadsheet would take it for a formula.

    Apostrophes before a formula get one more, so that `bare` always gives back what was there.
    """
    return f"'{text}" if _is_formula(text.lstrip("'")) else text


def bare(cell: str) -> str:
    """What `guarded` was given."""
    return cell[1:] if cell.startswith("'") and _is_formula(cell.lstrip("'")) else cell


def joined(parts: Iterable[str]) -> str:
    """A list in one cell: its parts with "; " between them; one that has that itself stands in double quotes."""
    return _MARK.join(f'"{p.replace(chr(34), chr(34) * 2)}"' if _is_quoted(p) else p for p in parts)


def divided(cell: str) -> list[str]:
    """The parts of a list in one cell."""
    found = (quoted.replace('""', '"') if quoted else part for quoted, part in _PART.findall(cell))
    return [part for part in found if part]


def _is_formula(text: str) -> bool:
    return text.lstrip(_SKIPPED).startswith(_FORMULA) or text.startswith(("\t", "\n", "\r"))


def _is_quoted(part: str) -> bool:
    return _MARK in part or part.startswith('"') or part.endswith(";")
