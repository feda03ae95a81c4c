"""Floors for the structure that is kept with a text, against the pages' own markup (bench/structure.py)."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = ROOT.parent / "shared" / "corpora" / "pages"
FLOORS = {"heading": (0.98, 0.97), "item": (0.97, 0.98), "quote": (0.98, 0.98)}

pytestmark = [
    pytest.mark.quality,
    pytest.mark.skipif(not PAGES.is_dir(), reason="the shared corpora are not beside the checkout"),
]


def test_headings_lists_and_quotes_are_those_of_the_page() -> None:
    spec = importlib.util.spec_from_file_location("bench_structure", ROOT / "bench" / "structure.py")
    assert spec is not None
    assert spec.loader is not None
    bench = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = bench
    spec.loader.exec_module(bench)
    score, _ = bench.measure(PAGES)
    reached = {kind: (score.recall(kind), score.precision(kind)) for kind in FLOORS}
    assert all(score.there[kind] >= 150 for kind in FLOORS)
    for kind, floors in FLOORS.items():
        assert all(value >= floor for value, floor in zip(reached[kind], floors, strict=True)), reached
