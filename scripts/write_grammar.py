"""Writes index/query/grammar.tables, the parser of the query language, after index/query/grammar.lark has changed.

python scripts/write_grammar.py
"""

from __future__ import annotations

from pathlib import Path

from index.query.tables import TABLES, saved

if __name__ == "__main__":
    (Path(__file__).resolve().parents[1] / "index/query" / TABLES).write_bytes(saved())
