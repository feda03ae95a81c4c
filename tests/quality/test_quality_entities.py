"""Floors for people, places and organisations on marked text that no model was trained on: never lowered in silence.

Strict F1 counts exact spans of the right type, facet F1 the set of (type, name) of each document, as the shared scorer
counts them; `bench/recogniser.py` prints the whole table.
"""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from archive.entities.recogniser import Recogniser, load_recogniser

FOLDER = Path(__file__).parents[2].parent / "shared" / "corpora" / "entities"
FLOORS = {
    # set: (sha256 of the unpacked file, strict F1, facet F1)
    "wikigold": ("25ca6952d9229944040b01358fca1381ae61b5ca6b33a063a5fe13f09d3c0a06", 79.1, 78.6),
    "uner_pud": ("85b00ec1868b46862d2a26007b31dca90929183e5a64b9e31a93b0bbeb42cc19", 77.2, 78.5),
    "worldwide_dev": ("b1783df6ee48f0160311dc24e30dad883a00da32f14fa7e43cc8f2aa04b2a1a5", 75.5, 74.2),
    "meantime": ("a84b8045b17f8849e15162eee7d568771e1be631b7fd2261594ed5f652a00610", 63.7, 65.1),
    "conll03_testa": ("a0695f4235d93827572b714efde9bdc192b257dfc8c418e7bdee39478cac2fae", 80.4, 80.7),
}
ACCURATE = {
    # set: (strict F1, facet F1) of the recogniser of that name, on the same files
    "wikigold": (82.6, 82.5),
    "uner_pud": (80.3, 81.4),
    "worldwide_dev": (76.9, 75.8),
    "meantime": (66.4, 66.2),
    "conll03_testa": (83.5, 84.6),
}

pytestmark = [
    pytest.mark.quality,
    pytest.mark.skipif(not FOLDER.is_dir(), reason="the shared corpora are not beside the checkout"),
]


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bench_recogniser", Path(__file__).parents[2] / "bench/recogniser.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return load_recogniser()


@pytest.fixture(scope="module")
def accurate() -> Recogniser:
    return load_recogniser("accurate")


@pytest.mark.parametrize("name", FLOORS)
def test_finds_names_at_least_as_well_as_measured(bench: ModuleType, recogniser: Recogniser, name: str) -> None:
    digest, strict, facet = FLOORS[name]
    data = gzip.decompress((FOLDER / "eval" / f"{name}.jsonl.gz").read_bytes())
    assert hashlib.sha256(data).hexdigest() == digest, "another corpus: measure again, then pin"
    report = bench.score(FOLDER, name, lambda text: recogniser.spans(text, "en"))
    assert report["strict"]["micro"]["f1"] >= strict
    assert report["facet"]["micro"]["f1"] >= facet


@pytest.mark.parametrize("name", FLOORS)
def test_the_accurate_one_finds_more(bench: ModuleType, accurate: Recogniser, name: str) -> None:
    """Its own floors, and clearly above those of the default one."""
    strict, facet = ACCURATE[name]
    report = bench.score(FOLDER, name, lambda text: accurate.spans(text, "en"))
    assert report["strict"]["micro"]["f1"] >= strict > FLOORS[name][1]
    assert report["facet"]["micro"]["f1"] >= facet > FLOORS[name][2]
